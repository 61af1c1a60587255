/*
 * examine.c - picks the record of a set, parses it, collects findings
 * SPDX-License-Identifier: BSD-3-Clause
 */
#include "record/kind.h"
#include "record/repair.h"
#include "record/spf_repair.h"
#include "record/txt.h"

/* Findings on the size of a TXT answer (RFC 7208 3.4). A message of 512 octets
 * needs no EDNS (RFC 1035 4.2.1), one of 1232 octets no IP fragments. */
static void
lint_sizes(const struct exam *e)
{
	struct mailauth_findings *log = &e->out->findings;
	size_t size = txt_message_octets(e->answer);

	/* The message has the name and the texts, and more. */
	if (size > 450 && txt_name_octets(e->answer) > 450)
		findings_add(log, MAILAUTH_F_TXT_RRSET_OVER_450);
	if (size > 512)
		findings_add(log, MAILAUTH_F_TXT_RRSET_OVER_512);
	if (size > 1232)
		findings_add(log, MAILAUTH_F_TXT_RRSET_OVER_1232);
}

/* The result of one pass over the texts of a set. */
struct tally {
	struct txt first; /* the first text with PICK_YES */
	uint16_t rr; /* its index */
	struct txt near; /* the first text with PICK_NEAR */
	uint16_t near_rr; /* its index */
	size_t strays; /* number of other texts */
	bool identical; /* a later record has the same text as the first */
};

/* Sort the texts of a set. A joined text stays in the scratch only when the
 * tally may borrow it; the next text overwrites any other. */
static void
tally_texts(struct exam *e, struct tally *t)
{
	struct mailauth_findings *log = &e->out->findings;

	t->rr = t->near_rr = MAILAUTH_RR_ALL;
	t->strays = 0;
	t->identical = false;
	for (size_t i = 0; i < e->answer->nrr; i++) {
		struct txt txt;
		enum pick pick;

		if (!txt_join(&e->answer->rr[i], e->scratch->text + e->used,
		        sizeof(e->scratch->text) - e->used, &txt)) {
			uint16_t id = txt_overruns(&e->answer->rr[i]) ?
			    MAILAUTH_F_TXT_STRING_OVERRUN :
			    MAILAUTH_F_TXT_EMPTY_RDATA;

			if (!findings_has(log, id))
				findings_add(log, id);
			continue;
		}
		if (e->answer->flags & MAILAUTH_ANSWER_UNSPLIT)
			txt.strings = 1;
		pick = e->kind->pick(txt.text);
		if (pick == PICK_YES) {
			if (e->out->matches++ == 0) {
				t->first = txt;
				t->rr = (uint16_t)i;
			} else if (str_eq(txt.text, t->first.text)) {
				t->identical = true;
				continue;
			}
		} else if (pick == PICK_NEAR && t->near_rr == MAILAUTH_RR_ALL) {
			t->near = txt;
			t->near_rr = (uint16_t)i;
		} else {
			t->strays++;
			continue;
		}
		if (txt.text.s == e->scratch->text + e->used)
			e->used += txt.text.n;
	}
}

/* The text has the name of the record in front of the record. What begins with a
 * tag, as nearly all records do, begins with no name. */
static bool
is_named(const struct exam *e, struct mailauth_str text)
{
	struct mailauth_str owner, record;

	return e->kind->version != NULL && text.n > 1 && text.s[1] != '=' &&
	    str_find(text, '_') < text.n &&
	    repair_named(text, &owner, &record) == e->kind;
}

/* Parse the one record of the set; its findings get its index. */
static void
parse(struct exam *e, const struct txt *txt)
{
	struct mailauth_judgement *out = e->out;
	size_t from = out->findings.count;

	if (is_named(e, txt->text))
		findings_at(&out->findings, MAILAUTH_F_TXT_NAME_IN_TEXT,
		    txt->text, txt->text);
	e->plain = txt_lint(txt, e->kind->blanks, false, &out->findings);
	if (e->kind->tags != NULL)
		taglist_parse(e->kind->tags, txt->text, &out->record,
		    &out->findings);
	if (e->kind->lint != NULL)
		e->kind->lint(e, txt->text);
	findings_mark(&out->findings, from, out->rr);
}

static void
add(struct exam *e, uint16_t id)
{
	if (id != MAILAUTH_F_NONE)
		findings_add(&e->out->findings, id);
}

/* Add the findings on a text that its author meant as a record of the kind: the
 * causes first. */
static void
examine_near(struct exam *e, const struct tally *t)
{
	struct mailauth_findings *log = &e->out->findings;
	struct mailauth_str text = t->near.text;
	size_t from = log->count, at = str_ifind(text, STR("\\;"));

	if (is_named(e, text))
		findings_at(log, MAILAUTH_F_TXT_NAME_IN_TEXT, text, text);
	if (at < text.n && e->kind->version != NULL)
		findings_at(log, MAILAUTH_F_TAG_BACKSLASH_SEMICOLON, text,
		    str_sub(text, at, 1));
	findings_at(log, e->kind->near, text, str_sub(text, 0, 16));
	txt_lint(&t->near, e->kind->blanks, true, log);
	findings_mark(log, from, t->near_rr);
}

/* Add the finding on texts that are no record of the kind: a cause that one of
 * them shows, or just that. */
static void
examine_strays(struct exam *e)
{
	const struct mailauth_answer *a = e->answer;
	struct mailauth_findings *log = &e->out->findings;
	bool wildcard = (a->flags & MAILAUTH_ANSWER_WILDCARD) != 0;
	struct mailauth_str host;
	struct txt txt;

	for (size_t i = 0; i < a->nrr; i++) {
		size_t from = log->count;

		if (!txt_join(&a->rr[i], e->scratch->text + e->used,
		        sizeof(e->scratch->text) - e->used, &txt))
			continue;
		if (is_named(e, txt.text))
			findings_at(log, MAILAUTH_F_TXT_NAME_IN_TEXT, txt.text,
			    txt.text);
		else if (e->kind->hosted && a->nrr == 1 && !wildcard &&
		    repair_is_host(txt.text, &host))
			findings_at(log, MAILAUTH_F_TXT_HOST_NAME, txt.text,
			    host);
		findings_mark(log, from, i);
		if (log->count > from)
			break;
	}
	if (!e->scope->plain)
		add(e, e->kind->not_one);
}

static bool
can_be_pieces(const struct exam *e)
{
	return e->answer->nrr >= 2 &&
	    (e->kind->version != NULL || e->kind->id == MAILAUTH_KIND_SPF);
}

static bool
is_sound(const struct mailauth_kind *kind, struct mailauth_str text)
{
	return kind->id == MAILAUTH_KIND_SPF ? spf_is_sound(text) :
	                                       repair_is_sound(kind, text);
}

/* One record was published in pieces, which it can be, and none of them is a
 * record that receivers can use. */
static bool
examine_pieces(struct exam *e)
{
	struct mailauth_judgement *out = e->out;
	struct mailauth_findings none;
	char room[REPAIR_MAX], joined[REPAIR_MAX];
	struct writer w = writer_of(joined, sizeof(joined));
	struct pieces_found found = { 0, 0 };
	struct txt txt;

	if (repair_pieces(e->kind, e->answer, room, &found, &w) ==
	        PIECES_NONE ||
	    !txt_join(&e->answer->rr[found.first], e->scratch->text,
	        sizeof(e->scratch->text), &txt) ||
	    is_sound(e->kind, txt.text))
		return false;
	out->matches = 1;
	out->rr = found.first;
	out->record.kind = e->kind;
	out->record.text = txt.text;
	findings_clear(&none);
	if (e->kind->tags != NULL)
		taglist_parse(e->kind->tags, txt.text, &out->record, &none);
	add(e, MAILAUTH_F_TXT_PIECES);
	return true;
}

/* Some text beside the one record is a piece of it. */
static bool
has_piece(const struct exam *e)
{
	char room[REPAIR_MAX], joined[REPAIR_MAX];
	struct writer w = writer_of(joined, sizeof(joined));
	struct pieces_found found;

	return can_be_pieces(e) && e->out->matches == 1 &&
	    repair_pieces(e->kind, e->answer, room, &found, &w) != PIECES_NONE;
}

static void
examine_texts(struct exam *e)
{
	struct mailauth_judgement *out = e->out;
	struct tally t;

	if (can_be_pieces(e) && examine_pieces(e))
		return;
	tally_texts(e, &t);
	if (out->matches == 0) {
		if (t.near_rr != MAILAUTH_RR_ALL)
			examine_near(e, &t);
		else if (t.strays > 0)
			examine_strays(e);
		/* A text that cannot be read may be the record. */
		if (!e->scope->absence_is_fine && !txt_some_overruns(e->answer))
			add(e, e->kind->missing);
	} else {
		out->rr = t.rr;
		out->record.kind = e->kind;
		out->record.text = t.first.text;
		if (out->matches == 1)
			parse(e, &t.first);
		else
			add(e, e->kind->multiple);
		if (t.identical)
			add(e, e->kind->identical);
		if (t.strays + (t.near_rr != MAILAUTH_RR_ALL) > 0)
			add(e,
			    has_piece(e) ? MAILAUTH_F_TXT_PIECE_BESIDE :
			                   e->kind->stray);
	}
	if (e->kind->sizes && !e->scope->plain)
		lint_sizes(e);
}

void
exam_seams(const struct exam *e, void (*seam)(void *arg, size_t offset),
    void *arg)
{
	const struct mailauth_rdata *rr = &e->answer->rr[e->out->rr];

	/* RDATA of one string is one octet longer than its text. */
	if (rr->len > e->out->record.text.n + 1 &&
	    (e->answer->flags & MAILAUTH_ANSWER_UNSPLIT) == 0)
		txt_seams(rr, seam, arg);
}

void
examine(struct exam *e)
{
	if (e->kind->pick != NULL)
		examine_texts(e);
	if (e->kind->lint_set != NULL)
		e->kind->lint_set(e);
}
