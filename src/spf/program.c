/*
 * program.c - parse an SPF record into a program
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * A program holds the whole record: a syntax error anywhere is a permerror,
 * also behind a term that matches (RFC 7208 4.6). Terms that no evaluation
 * reaches are only parsed and not kept: mechanisms behind 'all', and behind the
 * eleventh counted term, which is always an error.
 */
#include "base/str.h"
#include "record/kind.h"
#include "record/senderid.h"
#include "record/txt.h"
#include "spf/walk.h"

/* The text is a record of this scope; `terms` is set to what follows the
 * version. */
static bool
is_record(struct mailauth_str text, enum spf_scope scope,
    struct mailauth_str *terms)
{
	struct senderid id;

	if (scope == SPF_SCOPE_SPF) {
		*terms = str_from(text, 6);
		return spf_is_record(text);
	}
	if (!senderid_parse(text, &id))
		return false;
	*terms = id.terms;
	return (id.scopes &
	           (scope == SPF_SCOPE_PRA ? SENDERID_PRA : SENDERID_MFROM)) !=
	    0;
}

/* Find the records of one scope among the answer's texts. Returns their number;
 * the program keeps the first. */
static unsigned
pick(struct spf_source *s, struct spf_program *p, enum spf_scope scope,
    struct mailauth_str *terms)
{
	unsigned n = 0;

	for (size_t i = 0; i < p->answer->nrr; i++) {
		const struct mailauth_rdata *rr = &p->answer->rr[i];
		/* A text of a single string borrows from the answer. */
		bool one = rr->len > 0 && rr->data[0] + 1u == rr->len;
		char *room = one ? NULL : arena_alloc(s->arena, rr->len);
		struct mailauth_str found;
		struct txt txt;

		if (!one && room == NULL)
			return 0;
		if (txt_join(rr, room, rr->len, &txt) &&
		    is_record(txt.text, scope, &found) && n++ == 0) {
			p->text = txt.text;
			*terms = found;
		}
	}
	return n;
}

static void
set_target(struct spf_source *s, struct spf_op *op)
{
	static const struct spf_macro_values none;
	struct mailauth_str text = op->term.domain;
	char room[SPF_DOMAIN_ROOM];
	struct dname name;

	if (text.n == 0 || (op->term.facts & SPF_MACRO) != 0)
		return;
	/* RFC 7208 7.3: a name that is too long loses labels from the left. */
	if ((text.n <= SPF_DOMAIN_MAX ||
	        spf_expand_domain(text, &none, room, &text) == SPF_EXPANDED) &&
	    dname_of_labels(text, &name))
		op->target = dname_text(s->arena, &name);
	else
		op->no_target = true;
}

/* Store the first fault; a later one changes nothing. */
static void
fault(struct spf_program *p, uint16_t id, struct mailauth_str where)
{
	if (p->sort == SPF_SORT_FAULTY)
		return;
	p->sort = SPF_SORT_FAULTY;
	p->fault = id;
	p->where = where;
}

/* Store a modifier; RFC 7208 6 forbids a second redirect= or exp=. */
static void
take_modifier(struct spf_source *s, struct spf_program *p,
    const struct spf_term *t)
{
	struct spf_op **slot = t->what == SPF_REDIRECT ? &p->redirect : &p->exp;

	if (*slot != NULL) {
		fault(p,
		    t->what == SPF_REDIRECT ? MAILAUTH_F_SPF_REDIRECT_MULTIPLE :
		                              MAILAUTH_F_SPF_EXP_MULTIPLE,
		    t->text);
		return;
	}
	*slot = arena_alloc(s->arena, sizeof(**slot));
	if (*slot == NULL)
		return;
	(*slot)->term = *t;
	(*slot)->counts = spf_asks(t->what);
	set_target(s, *slot);
}

/* Records with at most this many blanks are not counted first. */
#define FEW 64

/* Upper bound on the mechanisms to keep. Blanks bound the terms of a short
 * record; a long one is read once more, so that a record of 64 KiB takes no
 * array for terms that are dropped. */
static size_t
reachable(struct mailauth_str terms)
{
	struct spf_reader r = spf_reader_of(terms);
	unsigned counted = 0;
	struct spf_term t;
	size_t n = 1;

	for (size_t i = 0; i < terms.n; i++)
		n += terms.s[i] == ' ';
	if (n <= FEW)
		return n;
	n = 0;
	while (spf_next(&r, &t)) {
		if (t.fault != 0 || !spf_is_mechanism(&t))
			continue;
		n++;
		counted += spf_asks(t.what);
		if (t.what == SPF_ALL || counted > SPF_TERMS_MAX)
			break;
	}
	return n;
}

static void
read_terms(struct spf_source *s, struct spf_program *p,
    struct mailauth_str terms)
{
	struct spf_reader r = spf_reader_of(terms);
	size_t room = reachable(terms);
	unsigned counted = 0;
	struct spf_term t;

	p->sort = SPF_SORT_GOOD;
	p->ops = arena_alloc(s->arena, (room + 1) * sizeof(*p->ops));
	while (p->ops != NULL && spf_next(&r, &t)) {
		if (t.fault != 0) {
			fault(p, t.fault, t.where.s != NULL ? t.where : t.text);
		} else if (t.what == SPF_REDIRECT || t.what == SPF_EXP) {
			take_modifier(s, p, &t);
		} else if (!spf_is_mechanism(&t) || p->has_all) {
			continue;
		} else if (counted <= SPF_TERMS_MAX && p->nops < room) {
			struct spf_op *op = &p->ops[p->nops++];

			op->term = t;
			op->counts = spf_asks(t.what);
			set_target(s, op);
			counted += op->counts;
		} else {
			p->unreached += spf_asks(t.what);
		}
		p->has_all = p->has_all || t.what == SPF_ALL;
	}
}

static void
read_record(struct spf_source *s, struct spf_program *p)
{
	struct mailauth_str terms = STR_NONE;
	unsigned n = 0;

	if (p->scope != SPF_SCOPE_SPF)
		n = pick(s, p, p->scope, &terms);
	/* RFC 4406 4.4: without Sender ID records, SPF records count. */
	if (n == 0)
		n = pick(s, p, SPF_SCOPE_SPF, &terms);
	if (n == 0)
		/* Text that cannot be read may be the record. */
		p->sort = txt_some_overruns(p->answer) ? SPF_SORT_UNREADABLE :
		                                         SPF_SORT_NONE;
	else if (n > 1)
		p->sort = SPF_SORT_MANY;
	else
		read_terms(s, p, terms);
}

struct spf_program *
spf_program_of(struct spf_source *s, const struct mailauth_answer *answer,
    enum spf_scope scope)
{
	struct spf_program *p;

	for (p = s->programs; p != NULL; p = p->next)
		if (p->answer == answer && p->scope == scope)
			return p;
	p = arena_alloc(s->arena, sizeof(*p));
	if (p == NULL)
		return NULL;
	p->answer = answer;
	p->scope = scope;
	if (answer->outcome == MAILAUTH_FOUND)
		read_record(s, p);
	if (s->arena->failed)
		return NULL;
	p->next = s->programs;
	s->programs = p;
	return p;
}
