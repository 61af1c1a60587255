/*
 * examine.c - picks the record of a set, parses it, collects findings
 * SPDX-License-Identifier: BSD-3-Clause
 */
#include "record/kind.h"
#include "record/txt.h"

/* Octets of a name in wire format, from its presentation form: exact for a name
 * without escapes, an upper bound for others. */
static size_t
wire_length(struct mailauth_str name)
{
	return name.n + 1;
}

/* Findings on the size of a TXT answer (RFC 7208 3.4). The message has a header
 * of 12 octets, the question (name, type, class), and for each record 12 octets
 * (compressed owner, type, class, TTL, length) and RDATA. A message of 512
 * octets needs no EDNS (RFC 1035 4.2.1), one of 1232 octets no IP fragments. */
static void
lint_sizes(const struct exam *e, size_t text_octets)
{
	const struct mailauth_answer *a = e->answer;
	struct mailauth_findings *log = &e->out->findings;
	size_t size = 12 + wire_length(a->name) + 4;

	for (size_t i = 0; i < a->nrr; i++)
		size += 12 + (size_t)a->rr[i].len;
	if (a->name.n + text_octets > 450)
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
	size_t octets; /* of all texts */
	bool identical; /* a later record has the same text as the first */
};

/* Sort the texts of a set. A joined text stays in the scratch only when the
 * tally may borrow it; the next text overwrites any other. */
static void
tally_texts(struct exam *e, struct tally *t)
{
	struct mailauth_findings *log = &e->out->findings;

	t->rr = t->near_rr = MAILAUTH_RR_ALL;
	t->strays = t->octets = 0;
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
		t->octets += txt.text.n;
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

/* Parse the one record of the set; its findings get its index. */
static void
parse(struct exam *e, const struct txt *txt)
{
	struct mailauth_judgement *out = e->out;
	size_t from = out->findings.count;

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

static void
examine_texts(struct exam *e)
{
	struct mailauth_judgement *out = e->out;
	struct tally t;

	tally_texts(e, &t);
	if (out->matches == 0) {
		if (t.near_rr != MAILAUTH_RR_ALL) {
			size_t from = out->findings.count;

			findings_at(&out->findings, e->kind->near, t.near.text,
			    str_sub(t.near.text, 0, 16));
			txt_lint(&t.near, e->kind->blanks, true,
			    &out->findings);
			findings_mark(&out->findings, from, t.near_rr);
		} else if (t.strays > 0) {
			add(e, e->kind->not_one);
		}
		if (!e->scope->absence_is_fine)
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
			add(e, e->kind->stray);
	}
	if (e->kind->sizes && !e->scope->plain)
		lint_sizes(e, t.octets);
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
