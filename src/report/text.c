/*
 * text.c - a report for people
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * A record set that is fine takes one line. A finding adds the place, the
 * reason and what to do. put_untrusted() writes all octets from DNS: no control
 * character reaches a terminal.
 */
#include <stdlib.h>

#include "report/page.h"

/* Columns for the name of a kind. */
#define KIND_WIDTH 11
/* Octets of a record's text; put_records() cuts off the rest. */
#define TEXT_WIDTH 64

static const char *const colours[] = {
	[MAILAUTH_PASS] = "\033[32m",
	[MAILAUTH_INFO] = "\033[2m",
	[MAILAUTH_NOTICE] = "\033[36m",
	[MAILAUTH_WARN] = "\033[33m",
	[MAILAUTH_FAIL] = "\033[31m",
};

static const char *const marks[] = {
	[MAILAUTH_PASS] = "ok",
	[MAILAUTH_INFO] = "info",
	[MAILAUTH_NOTICE] = "note",
	[MAILAUTH_WARN] = "warn",
	[MAILAUTH_FAIL] = "FAIL",
};

static void
pad(struct writer *w, size_t used, size_t width)
{
	for (; used < width; used++)
		put_char(w, ' ');
}

static void
put_coloured(struct page *p, const char *colour, const char *text, size_t width)
{
	if (p->colour)
		put_text(&p->w, colour);
	put_text(&p->w, text);
	if (p->colour)
		put_text(&p->w, "\033[0m");
	pad(&p->w, strlen(text), width);
}

void
page_pad(struct page *p, size_t used, size_t width)
{
	pad(&p->w, used, width);
}

void
page_word(struct page *p, enum mailauth_severity like, const char *text)
{
	put_coloured(p, colours[like], text, 0);
}

static void
put_mark(struct page *p, enum mailauth_severity s)
{
	put_coloured(p, colours[s], marks[s], 5);
}

/* The worst severity of the findings of a set that text shows: a consequence of
 * another set's fault is shown there. */
static enum mailauth_severity
shown_of(struct page *p, const struct record_set *set)
{
	enum mailauth_severity worst = MAILAUTH_PASS, s;

	if (p->verbose)
		return set_severity(p->r, set);
	for (const struct finding *n = set->findings->first; n != NULL;
	     n = n->beside) {
		if (finding_follows(p->r, n) != NULL)
			continue;
		s = severity_shown(p->r, n);
		if (s > worst)
			worst = s;
	}
	return worst;
}

/* A failed lookup shows in no severity, so it has a mark of its own. A set with
 * mere facts (info) is marked as fine. */
static void
put_set_mark(struct page *p, const struct record_set *set)
{
	enum mailauth_severity s = shown_of(p, set);

	if (set_verdict(p->r, set) == MAILAUTH_TEMPERROR)
		put_coloured(p, "\033[35m", "????", 5);
	else
		put_mark(p, s == MAILAUTH_INFO ? MAILAUTH_PASS : s);
}

/* Write the records of a set with findings, cut to TEXT_WIDTH; with `verbose`
 * those of all sets, whole. */
static void
put_records(struct page *p, const struct record_set *set)
{
	size_t start;

	if (!set_has_text(set) ||
	    (!p->verbose && shown_of(p, set) < MAILAUTH_NOTICE))
		return;
	put_text(&p->w, "            ");
	start = p->w.used;
	put_set_text(&p->w, set);
	if (!p->verbose && !p->w.full && p->w.used - start > TEXT_WIDTH) {
		p->w.used = start + TEXT_WIDTH;
		put_text(&p->w, "...");
	}
	put_char(&p->w, '\n');
}

static void
put_finding(struct page *p, const struct finding *n)
{
	const struct finding *cause = finding_follows(p->r, n);
	enum mailauth_severity s =
	    p->verbose ? severity_of(p->r, n) : severity_shown(p->r, n);
	size_t before;

	if (!p->verbose && (s < MAILAUTH_NOTICE || cause != NULL))
		return;
	put_text(&p->w, "      ");
	put_mark(p, s);
	put_text(&p->w, finding_row(n->finding.id)->code);
	put_text(&p->w, "\n            ");
	put_message(&p->w, n);
	if (n->finding.length > 0) {
		put_text(&p->w, " at ");
		put_number(&p->w, n->finding.offset);
	}
	put_char(&p->w, '\n');
	if (cause != NULL) {
		put_text(&p->w, "            follows from ");
		put_text(&p->w, finding_row(cause->finding.id)->code);
		put_char(&p->w, '\n');
	}
	before = p->w.used;
	put_text(&p->w, "            -> ");
	if (put_remedy(&p->w, n))
		put_char(&p->w, '\n');
	else
		p->w.used = before;
}

/* The failures of a record set come first: notices about it can be many. What is
 * said of the domain as a whole has an order of its own. */
static void
put_findings(struct page *p, const struct record_set *set)
{
	const struct finding_list *list =
	    set != NULL ? set->findings : &p->r->loose;

	for (int round = 0; round < 2; round++)
		for (const struct finding *n = list->first; n != NULL;
		     n = n->beside) {
			bool first = set == NULL ||
			    severity_of(p->r, n) == MAILAUTH_FAIL;

			if (first == (round == 0))
				put_finding(p, n);
		}
}

static void
put_chain(struct page *p, const struct record_set *set)
{
	const struct mailauth_answer *a = set->answer;

	for (size_t i = 0; i < a->nchain; i++) {
		put_text(&p->w, " -> ");
		put_str(&p->w, a->chain[i]);
	}
	for (size_t i = 0; i < set->nhops; i++) {
		put_text(&p->w, "\n            ");
		put_str(&p->w, set->hops[i].name);
		put_char(&p->w, ' ');
		put_text(&p->w, name_dnssec(set->hops[i].dnssec));
	}
}

/* An optional record is missing, and nothing is wrong about that: the set needs no line. */
static bool
is_quiet(struct page *p, const struct record_set *set)
{
	return !p->verbose &&
	    (set->j.kind->optional ||
	        (set->j.kind->extra && !p->r->scope.plain)) &&
	    set_verdict(p->r, set) == MAILAUTH_NONE &&
	    set_severity(p->r, set) < MAILAUTH_NOTICE;
}

static void
put_set(struct page *p, const struct record_set *set)
{
	const struct mailauth_answer *a = set->answer;
	const char *kind = set->j.kind->name;
	char room[16];

	if (is_quiet(p, set))
		return;
	put_text(&p->w, "  ");
	put_set_mark(p, set);
	put_text(&p->w, kind);
	pad(&p->w, strlen(kind), KIND_WIDTH);
	if (strlen(kind) >= KIND_WIDTH)
		put_char(&p->w, ' ');
	if (a->name.n > 0) {
		put_str(&p->w, a->name);
		put_char(&p->w, ' ');
		put_text(&p->w, name_rrtype(a->rrtype, room));
		put_char(&p->w, ' ');
	}
	put_text(&p->w, name_verdict(set_verdict(p->r, set)));
	if (!p->r->scope.plain && a->outcome != MAILAUTH_FAILED) {
		put_char(&p->w, ' ');
		put_text(&p->w, name_dnssec(a->dnssec));
	}
	put_chain(p, set);
	put_char(&p->w, '\n');
	put_records(p, set);
	put_findings(p, set);
}

static void
put_seconds(struct writer *w, double seconds)
{
	uint64_t ms = (uint64_t)(seconds * 1000 + 0.5);

	put_number(w, ms / 1000);
	put_char(w, '.');
	put_char(w, (char)('0' + ms / 100 % 10));
	put_char(w, (char)('0' + ms / 10 % 10));
	put_char(w, (char)('0' + ms % 10));
	put_text(w, " s");
}

void
page_head(struct page *p, const char *subject, enum mailauth_dnssec dnssec)
{
	static const enum mailauth_severity like[] = {
		[MAILAUTH_RESULT_PASS] = MAILAUTH_PASS,
		[MAILAUTH_RESULT_WARN] = MAILAUTH_WARN,
		[MAILAUTH_RESULT_FAIL] = MAILAUTH_FAIL,
		[MAILAUTH_RESULT_TEMPERROR] = MAILAUTH_WARN,
	};
	enum mailauth_result result = mailauth_report_result(p->r);

	if (subject != NULL)
		put_text(&p->w, subject);
	else
		put_untrusted(&p->w, p->r->domain);
	put_text(&p->w, ": ");
	put_coloured(p, colours[like[result]], name_result(result), 0);
	put_text(&p->w, ", dnssec ");
	put_text(&p->w, name_dnssec(dnssec));
	put_text(&p->w, " (");
	put_number(&p->w, p->r->queries);
	put_text(&p->w, " questions, ");
	put_seconds(&p->w, p->r->seconds);
	put_text(&p->w, ", profile ");
	put_text(&p->w, name_profile(p->r->scope.profile));
	put_char(&p->w, ')');
	if (p->r->source != NULL) {
		put_text(&p->w, ", ");
		put_text(&p->w, p->r->source);
	}
	put_char(&p->w, '\n');
}

/* Write one line for all that was not looked at, or with `outside` for the names
 * outside of the given zones. */
static void
put_incomplete(struct page *p, bool outside)
{
	const char *before = outside ?
	    "not looked up, outside the given zones: " :
	    "not checked: ";
	bool any = false;

	for (const struct incomplete *n = p->r->incomplete; n != NULL;
	     n = n->next) {
		if ((strcmp(n->why, INCOMPLETE_OUTSIDE) == 0) != outside)
			continue;
		put_text(&p->w, any ? ", " : before);
		put_str(&p->w, n->what);
		if (!outside) {
			put_text(&p->w, " (");
			put_text(&p->w, n->why);
			put_char(&p->w, ')');
		}
		any = true;
	}
	if (any)
		put_char(&p->w, '\n');
}

char *
mailauth_report_text(const struct mailauth_report *r, unsigned flags)
{
	struct arena scratch = { NULL, false };
	struct page p = { .w = arena_writer(&scratch),
		.r = r,
		.colour = (flags & MAILAUTH_TEXT_COLOUR) != 0,
		.verbose = (flags & MAILAUTH_TEXT_VERBOSE) != 0 };
	const struct report_part *first = r != NULL ? r->parts : NULL;
	char *text = NULL;

	if (r == NULL)
		return NULL;

	if (first != NULL && first->type->head != NULL)
		first->type->head(&p, first->data);
	else
		page_head(&p, NULL, mailauth_report_dnssec(r));
	for (const struct report_part *x = first; x != NULL; x = x->next)
		if (x->type->text != NULL)
			x->type->text(&p, x->data);
	put_findings(&p, NULL);
	for (const struct record_set *i = r->sets; i != NULL; i = i->next)
		if (first != NULL && first->type->no_records)
			put_findings(&p, i);
		else
			put_set(&p, i);
	if (first == NULL || !first->type->no_incomplete) {
		put_incomplete(&p, false);
		put_incomplete(&p, true);
	}
	put_char(&p.w, '\0');
	if (!p.w.full && (text = malloc(p.w.used)) != NULL)
		memcpy(text, p.w.buf, p.w.used);
	arena_free(&scratch);
	return text;
}
