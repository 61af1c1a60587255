/*
 * spf_pieces.c - one SPF record that was published as several TXT records
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * One text begins with the version, others hold terms only. Panels with a field
 * for each string cut a record anywhere, people cut it between terms. Texts of
 * other services are at the same name and do not count.
 */
#include "record/repair.h"
#include "record/spf_repair.h"
#include "record/txt.h"

/* Octets of a text that a panel may have cut within a term: one string holds
 * 255. A shorter one was cut between terms, when that can be. */
#define CUT_MIN 200

/* The texts: at[0] begins the record. */
struct set {
	struct mailauth_str at[PIECES_MAX];
	size_t n;
};

/* The joined record, in one order of the pieces. */
struct join {
	char room[REPAIR_MAX];
	struct writer w;
	bool doubtful; /* a cut may be within a term or between two */
	bool within; /* some cut is within a term */
};

/* Cut the last word off. */
static struct mailauth_str
last_word(struct mailauth_str s)
{
	size_t at = s.n;

	while (at > 0 && s.s[at - 1] != ' ')
		at--;
	return str_from(s, at);
}

static struct mailauth_str
first_word(struct mailauth_str s)
{
	return str_sub(s, 0, str_find(s, ' '));
}

/* The word is one term, whose domain is a name or has macros. */
static bool
is_term(struct mailauth_str word, struct spf_term *t)
{
	return spf_reads(word, t) &&
	    (t->domain.n == 0 || t->facts & SPF_MACRO ||
	        spf_is_domain(t->domain));
}

/* The word is the end of one text and the start of the next. */
static bool
is_term_of(struct mailauth_str end, struct mailauth_str start)
{
	char room[REPAIR_MAX];
	struct writer w = writer_of(room, sizeof(room));
	struct spf_term t;

	put_str(&w, end);
	put_str(&w, start);
	return !w.full && is_term(writer_str(&w), &t);
}

/* The term says more than a short word that may be there by chance. */
static bool
is_telling(struct mailauth_str word, const struct spf_term *t)
{
	return t->domain.n > 0 || t->what == SPF_IP4 || t->what == SPF_IP6 ||
	    t->cidr || spf_qualified(word);
}

/* The text is the rest of a record behind `start`, or a part of it: terms, in
 * front of them perhaps the end of one, and behind them the start of one. */
static bool
is_rest(struct mailauth_str start, struct mailauth_str text)
{
	struct mailauth_str rest = text, head = first_word(str_trim(text));
	bool cut, telling = false;
	struct spf_term t;

	if (spf_is_foreign(str_trim(text)))
		return false;
	cut = !is_term(head, &t);
	/* "-al" and "l" */
	telling = cut && !is_term(last_word(start), &t) &&
	    is_term_of(last_word(start), head);
	while ((rest = str_trim(rest)).n > 0) {
		struct mailauth_str word = first_word(rest);

		if (is_term(word, &t))
			telling = telling || is_telling(word, &t) || !cut;
		else if (word.s != head.s && word.n < rest.n)
			return false;
		rest = str_from(rest, word.n);
	}
	return telling;
}

/* Nothing can follow the text. */
static bool
is_complete(struct mailauth_str record)
{
	struct spf_reader r = spf_terms(record);
	struct spf_term t;

	while (spf_next(&r, &t))
		if (t.what == SPF_ALL || t.what == SPF_REDIRECT)
			return true;
	return false;
}

/* Read the texts; false unless one begins a record that others go on with. */
static bool
read_texts(struct set *s, const struct mailauth_answer *a, char *room,
    uint16_t *first)
{
	struct mailauth_str texts[PIECES_MAX * 8];
	size_t used = 0, n = 0, starts = 0;

	for (size_t i = 0; i < a->nrr; i++) {
		struct txt txt;

		if (n == sizeof(texts) / sizeof(texts[0]))
			return false;
		if (!txt_join(&a->rr[i], room + used, REPAIR_MAX - used, &txt))
			continue;
		if (txt.text.s == room + used)
			used += txt.text.n;
		if (spf_is_record(txt.text)) {
			s->at[0] = txt.text;
			*first = (uint16_t)i;
			starts++;
		} else if (str_trim(txt.text).n > 0) {
			texts[n++] = txt.text;
		}
	}
	if (starts != 1 || is_complete(s->at[0]))
		return false;
	s->n = 1;
	for (size_t i = 0; i < n; i++) {
		if (!is_rest(s->at[0], texts[i]))
			continue;
		if (s->n == PIECES_MAX)
			return false;
		s->at[s->n++] = texts[i];
	}
	return s->n > 1;
}

/* Append a piece; false when nothing that is a record comes of it. */
static bool
append(struct join *j, struct mailauth_str piece)
{
	struct mailauth_str so_far = writer_str(&j->w);
	struct mailauth_str end = last_word(so_far);
	struct mailauth_str start = first_word(str_trim(piece));
	bool blank = end.n == 0 || piece.s[0] == ' ', within, between;
	struct spf_term t;

	between = is_term(start, &t) &&
	    (blank || str_ieq(end, STR("v=spf1")) || is_term(end, &t));
	within = !blank && is_term_of(end, start);
	if (within && between && so_far.n < CUT_MIN)
		within = false;
	j->doubtful = j->doubtful || (within && between);
	j->within = j->within || within;
	if (!within && end.n > 0)
		put_char(&j->w, ' ');
	put_str(&j->w, str_trim(piece));
	/* A blank at the end shows where the cut was. */
	if (piece.s[piece.n - 1] == ' ')
		put_char(&j->w, ' ');
	return within || between;
}

/* Join the pieces in this order; false unless that is a sound record. */
static bool
join(const struct set *s, const size_t *order, struct join *j)
{
	struct mailauth_str record;
	struct spf_reader r;
	bool ended = false;
	struct spf_term t;

	j->w = writer_of(j->room, sizeof(j->room));
	j->doubtful = j->within = false;
	put_str(&j->w, s->at[0]);
	for (size_t i = 1; i < s->n; i++)
		if (!append(j, s->at[order[i]]))
			return false;
	record = str_trim(writer_str(&j->w));
	j->w.used = record.n;
	if (j->w.full || spf_faults(record) != NULL)
		return false;
	r = spf_terms(record);
	while (spf_next(&r, &t)) {
		if (ended)
			return false;
		ended = t.what == SPF_ALL;
	}
	return true;
}

/* The terms can be in any order: each of them lets hosts pass. */
static bool
in_any_order(struct mailauth_str record)
{
	struct spf_reader r = spf_terms(record);
	struct spf_term t;

	while (spf_next(&r, &t))
		if (spf_is_mechanism(&t) && t.what != SPF_ALL &&
		    t.qualifier != '+')
			return false;
	return true;
}

/* What the orders of the pieces have shown so far. */
struct orders {
	const struct set *set;
	size_t order[PIECES_MAX];
	enum pieces found;
	struct join first, other; /* the first sound one, and one at work */
};

static void
try_order(void *self)
{
	struct orders *o = self;
	bool none = o->found == PIECES_NONE;
	struct join *j = none ? &o->first : &o->other;

	if (!join(o->set, o->order, j))
		return;
	if (none)
		o->found = j->doubtful ? PIECES_MANY : PIECES_ONE;
	else if (j->doubtful || j->within || o->first.within ||
	    !in_any_order(writer_str(&j->w)))
		o->found = PIECES_MANY;
}

enum pieces
spf_pieces(const struct mailauth_answer *answer, char room[REPAIR_MAX],
    struct pieces_found *found, struct writer *w)
{
	struct set s = { .n = 0 };
	struct orders o = { .set = &s, .found = PIECES_NONE };

	if (!read_texts(&s, answer, room, &found->first))
		return PIECES_NONE;
	found->n = s.n;
	for (size_t i = 0; i < s.n; i++)
		o.order[i] = i;
	each_order(o.order, s.n, 1, try_order, &o);
	if (o.found == PIECES_ONE)
		put_str(w, writer_str(&o.first.w));
	return o.found;
}
