/*
 * written.c - where records are written in zone files, and what is wrong there
 * SPDX-License-Identifier: BSD-3-Clause
 */
#include "base/str.h"
#include "engine/rounds.h"
#include "record/repair.h"
#include "record/txt.h"
#include "report/remedy.h"

/* Octets of a text that a finding shows. */
#define SHOWN_MAX 60
/* Faults of the zone as a whole that a report has. */
#define ZONE_FAULTS_MAX 8

/* The name of a file as long as the report lives. */
static const char *
file_of(struct mailauth_report *r, const char *file)
{
	if (r->file == NULL || strcmp(r->file, file) != 0)
		r->file = arena_copy(&r->arena, str_of(file)).s;
	return r->file;
}

void
find_places(struct check *c, struct record_set *set)
{
	const struct mailauth_answer *a = set->answer;
	struct resolver *r = c->resolver;
	struct mailauth_place *places;
	bool any = false;

	if (r->place == NULL || a->nrr == 0 || set->places != NULL)
		return;
	places = arena_alloc(&c->report->arena, a->nrr * sizeof(*places));
	if (places == NULL)
		return;
	for (size_t i = 0; i < a->nrr; i++) {
		if (!r->place(r, a, i, &places[i]))
			continue;
		places[i].file = file_of(c->report, places[i].file);
		any = places[i].file != NULL;
	}
	if (any)
		set->places = places;
}

/* The record that a fault is in: of those of its file the last one that begins
 * in front of it; MAILAUTH_RR_ALL: not known. */
static uint16_t
record_at(const struct record_set *set, const struct mailauth_place *place)
{
	const struct mailauth_answer *a = set->answer;
	uint16_t best = MAILAUTH_RR_ALL;

	for (size_t i = 0; set->places != NULL && i < a->nrr; i++) {
		const struct mailauth_place *p = &set->places[i];

		if (p->file != NULL && strcmp(p->file, place->file) == 0 &&
		    p->line <= place->line &&
		    (best == MAILAUTH_RR_ALL ||
		        p->line > set->places[best].line))
			best = (uint16_t)i;
	}
	return best;
}

/* The fault is in the record that the set is judged by. At a name without such
 * a record, the fault may be why the record is missing. */
static bool
concerns(const struct record_set *set, const struct resolver_fault *f)
{
	uint16_t rr = record_at(set, &f->place);

	return rr == MAILAUTH_RR_ALL || set->j.rr == MAILAUTH_RR_ALL ||
	    set->j.matches != 1 || set->j.rr == rr;
}

/* Words on the fault: what is wrong, and the text that has it. */
static struct mailauth_str
detail_of(struct check *c, const struct resolver_fault *f)
{
	struct writer w = arena_writer(&c->report->arena);

	put_untrusted(&w, f->detail);
	if (f->id == MAILAUTH_F_TXT_STRING_OVER_255) {
		put_number(&w, f->text.n);
		put_text(&w, " octets");
	} else if (f->text.n > 0) {
		put_text(&w, f->detail.n > 0 ? ": \"" : "\"");
		put_untrusted(&w, str_sub(f->text, 0, SHOWN_MAX));
		put_text(&w, f->text.n > SHOWN_MAX ? "...\"" : "\"");
	}
	return writer_str(&w);
}

/* Write the line of a zone file that has the record with this text, and `more`
 * behind it, in quotes; that of a wildcard without its name. */
static void
put_line(struct check *c, struct writer *w, const struct mailauth_answer *a,
    struct mailauth_str text, struct mailauth_str more)
{
	struct writer escaped = arena_writer(&c->report->arena);

	put_untrusted(&escaped, text);
	put_untrusted(&escaped, more);
	if ((a->flags & MAILAUTH_ANSWER_WILDCARD) == 0)
		put_untrusted(w,
		    a->nchain > 0 ? a->chain[a->nchain - 1] : a->name);
	put_text(w, " TXT ");
	put_zone_text(w, writer_str(&escaped));
}

/* The text that a fault is in: that of the record that the set is judged by, or
 * without one that at the place of the fault. */
static struct mailauth_str
text_of(struct check *c, const struct record_set *set,
    const struct resolver_fault *f)
{
	uint16_t at = record_at(set, &f->place);
	const struct mailauth_rdata *rr;
	struct txt txt;
	char *room;

	if (set->j.record.text.n > 0 || at == MAILAUTH_RR_ALL ||
	    set->answer->rrtype != RRTYPE_TXT)
		return set->j.record.text;
	rr = &set->answer->rr[at];
	room = arena_alloc(&c->report->arena, rr->len + 1u);
	return room != NULL && txt_join(rr, room, rr->len, &txt) ? txt.text :
	                                                           STR_NONE;
}

/* Write the record with what was cut off behind it. Some write single quotes
 * around it, which do not belong to the text. */
static void
put_rejoined(struct check *c, struct writer *w, const struct record_set *set,
    struct mailauth_str text, const struct resolver_fault *f)
{
	struct mailauth_str more = str_trim_end(f->text);

	if (text.s[0] == '\'') {
		put_text(w,
		    "single quotes do not quote in a zone file, so write "
		    "double ones: ");
		text = str_from(text, 1);
		if (more.n > 0 && more.s[more.n - 1] == '\'')
			more.n--;
	} else {
		put_text(w, "write the text in quotes: ");
	}
	put_line(c, w, set->answer, text, more);
}

/* The record that is meant by a text: the text itself when it is sound or no
 * repair is known. */
static struct mailauth_str
meant_by(struct check *c, const struct record_set *set,
    struct mailauth_str text)
{
	struct writer w = arena_writer(&c->report->arena);

	return repair_text(set->j.kind, text, &w) && !w.full ? writer_str(&w) :
	                                                       text;
}

/* What to do: a string that is too long is shown split, and one that a comment
 * cut off is shown whole. */
static struct mailauth_str
remedy_of(struct check *c, const struct record_set *set,
    const struct resolver_fault *f)
{
	struct writer w = arena_writer(&c->report->arena);
	struct mailauth_str text = set != NULL ? text_of(c, set, f) : STR_NONE;

	if (f->remedy.n > 0) {
		put_text(&w, "write '");
		put_untrusted(&w, f->remedy);
		put_char(&w, '\'');
	} else if (f->id == MAILAUTH_F_TXT_STRING_OVER_255 && text.n > 0) {
		put_text(&w, "write strings of at most 255 octets each: ");
		put_line(c, &w, set->answer, meant_by(c, set, text), STR_NONE);
	} else if (f->id == MAILAUTH_F_ZONE_SEMICOLON && text.n > 0) {
		put_rejoined(c, &w, set, text, f);
	}
	return writer_str(&w);
}

static void
tell_fault(struct check *c, const struct record_set *set,
    const struct resolver_fault *f)
{
	struct mailauth_str remedy = remedy_of(c, set, f);
	struct finding *n = report_add(c->report, set, f->id, detail_of(c, f));

	if (n == NULL)
		return;
	n->written = f->place;
	n->written.file = file_of(c->report, f->place.file);
	if (remedy.n > 0)
		n->remedy = remedy;
}

void
tell_written(struct check *c, const struct record_set *set)
{
	struct resolver *r = c->resolver;
	const struct resolver_fault *f;

	if (r->fault == NULL)
		return;
	for (size_t i = 0; (f = r->fault(r, set->answer, i)) != NULL; i++) {
		if (concerns(set, f))
			tell_fault(c, set, f);
		else if (f->id == MAILAUTH_F_TXT_STRING_OVER_255)
			tell_fault(c, NULL, f);
	}
}

/* The report has the fault already, with the record that it is in. */
static bool
is_known(const struct mailauth_report *r, const struct resolver_fault *f)
{
	for (const struct finding *n = r->findings; n != NULL; n = n->next)
		if (n->finding.id == f->id && n->written.file != NULL &&
		    n->written.line == f->place.line &&
		    strcmp(n->written.file, f->place.file) == 0)
			return true;
	return false;
}

void
tell_zone(struct check *c)
{
	const struct mailauth_answer apex = { .name = c->domain,
		.rrtype = RRTYPE_SOA };
	struct resolver *r = c->resolver;
	const struct resolver_fault *f;

	if (r->fault == NULL || c->domain.n == 0)
		return;
	for (size_t i = 0;
	     i < ZONE_FAULTS_MAX && (f = r->fault(r, &apex, i)) != NULL; i++)
		if (!is_known(c->report, f))
			tell_fault(c, NULL, f);
}
