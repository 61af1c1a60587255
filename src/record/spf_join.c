/*
 * spf_join.c - joins the terms of an SPF record that spaces have torn apart
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * A space within a term is one only when the left part is nothing without the
 * right one. Two parts that both say something stay apart.
 */
#include "record/spf_repair.h"

static bool
is_only(struct mailauth_str s, const char *set)
{
	for (size_t i = 0; i < s.n; i++)
		if (s.s[i] == '\0' || strchr(set, s.s[i]) == NULL)
			return false;
	return s.n > 0;
}

/* The text without its qualifier. */
static struct mailauth_str
body_of(struct mailauth_str s)
{
	return str_from(s, spf_qualified(s) ? 1 : 0);
}

/* The name in front of the first ':' or '='; all of a text without one. */
static struct mailauth_str
name_of(struct mailauth_str s)
{
	size_t n = 0;

	s = body_of(s);
	while (n < s.n && s.s[n] != ':' && s.s[n] != '=')
		n++;
	return str_sub(s, 0, n);
}

static bool
ends_in(struct mailauth_str s, char c)
{
	return s.n > 0 && s.s[s.n - 1] == c;
}

static bool
starts_with(struct mailauth_str s, char c)
{
	return s.n > 0 && s.s[0] == c;
}

/* The text begins a term of its own, whether that is well-formed or not. */
static bool
is_own(struct mailauth_str s)
{
	struct mailauth_str name = name_of(s);
	struct spf_term t;

	return spf_qualified(s) || spf_reads(s, &t) ||
	    str_istarts(s, STR("v=spf1")) || spf_is_foreign(s) ||
	    (name.n < s.n && spf_name_of(name).n > 0);
}

/* Two parts of a text, and the text that they make. */
struct parts {
	struct mailauth_str left, right, both;
	struct spf_term l, r, b; /* set where the flag of the same part is */
	bool reads_left, reads_right, reads_both;
};

/* The text is what follows the mechanism or modifier `name`: a domain name, in
 * which there may be macros. */
static bool
is_domain_of(struct mailauth_str name, struct mailauth_str s)
{
	char room[300];
	struct writer w = writer_of(room, sizeof(room));
	struct spf_term t;

	if (str_find(s, '%') == s.n)
		return spf_is_domain(s);
	put_str(&w, name);
	put_str(&w, s);
	return !w.full && spf_reads(writer_str(&w), &t);
}

/* The left part lacks the rest of its name, or the delimiter between name and
 * argument. Set `put` to what has to be put between. */
static bool
lacks_argument(const struct parts *p, struct mailauth_str *put)
{
	struct mailauth_str name = name_of(p->left);
	struct mailauth_str known = spf_name_of(name);
	bool delimited = name.n < body_of(p->left).n;

	if (delimited)
		return is_only(str_from(body_of(p->left), name.n), ":=") ||
		    (!p->reads_left && p->reads_both && p->b.what == SPF_IP6);
	if (memchr(":=", p->right.s[0], 2) != NULL)
		return known.n > 0;
	if (p->reads_left || known.n == 0)
		return false;
	if (str_ieq(name, STR("ip")) &&
	    (str_istarts(p->right, STR("4:")) ||
	        str_istarts(p->right, STR("6:")) ||
	        str_istarts(p->right, STR("v4:")) ||
	        str_istarts(p->right, STR("v6:"))))
		return true;
	*put = str_eq(known, STR("redirect=")) ? STR("=") : STR(":");
	return str_eq(known, STR("ip")) ? spf_network(p->right) > 0 :
	                                  is_domain_of(known, p->right);
}

/* A blank parts a prefix length, or a digit of one, from its address. */
static bool
lacks_prefix(const struct parts *p)
{
	bool digits = is_only(p->right, "0123456789");

	if (ends_in(p->left, '/'))
		return digits && p->reads_both;
	if (!p->reads_left ||
	    (p->l.what != SPF_IP4 && p->l.what != SPF_IP6 &&
	        p->l.what != SPF_A && p->l.what != SPF_MX))
		return false;
	if (str_eq(p->right, STR("/")))
		return !p->l.cidr;
	if (starts_with(p->right, '/'))
		return !p->l.cidr && p->reads_both;
	return p->l.cidr && digits && p->right.n <= 2 && p->reads_both;
}

/* An address is torn apart. */
static bool
lacks_octets(const struct parts *p)
{
	struct mailauth_str name = name_of(p->left);
	struct mailauth_str tail = body_of(p->left);

	if (name.n < tail.n)
		tail = str_from(tail, name.n + 1);
	if (p->reads_left || !is_only(tail, "0123456789.") ||
	    !is_only(p->right, "0123456789./") || spf_network(tail) > 0 ||
	    spf_network(p->right) > 0)
		return false;
	return p->reads_both || ends_in(p->left, '.') ||
	    starts_with(p->right, '.') ||
	    spf_network(str_from(p->both, p->left.n - tail.n)) > 0;
}

/* A name is torn apart at a dot. */
static bool
lacks_labels(const struct parts *p)
{
	if (name_of(p->left).n == body_of(p->left).n || !p->reads_both ||
	    p->b.domain.n == 0 || p->reads_right)
		return false;
	if (starts_with(p->right, '.'))
		return p->right.n > 1;
	if (!ends_in(p->left, '.'))
		return false;
	/* A final dot is allowed: a whole name behind it is another one. */
	return !p->reads_left || str_find(p->right, '.') == p->right.n;
}

/* The parts of a word without which neither is anything: "inc lude:". */
static bool
lacks_letters(const struct parts *p)
{
	struct mailauth_str body = body_of(p->left);

	for (size_t i = 0; i < body.n; i++)
		if (!is_alpha(body.s[i]))
			return false;
	return !p->reads_left && !p->reads_right && p->reads_both &&
	    (p->b.what != SPF_ALL || p->b.qualifier != '+');
}

/* An empty term, "include:" and then another term: take it away. Where it
 * meant something without an argument, it is not known whether it meant
 * that. */
static void
drop_empty(struct spf_repair *r, size_t i)
{
	struct mailauth_str text = r->at[i].text;
	struct mailauth_str known = spf_name_of(name_of(text));
	bool plain = false;

	if (known.n == 0 || (spf_qualified(text) && text.s[0] != '+')) {
		r->why = "a term has no argument";
		return;
	}
	if (str_eq(known, STR("a:")) || str_eq(known, STR("mx:")) ||
	    str_eq(known, STR("ptr:"))) {
		known = str_sub(known, 0, known.n - 1);
		for (size_t j = 0; j < r->n; j++) {
			struct mailauth_str s = r->at[j].text;

			plain = plain || str_ieq(s, known) ||
			    (starts_with(s, '+') &&
			        str_ieq(str_from(s, 1), known));
		}
		if (!plain) {
			r->why = "a name was left out, or the colon is one "
			         "too many";
			return;
		}
	}
	spf_piece_drop(r, i);
}

/* Some piece is an 'all'. */
static bool
has_all(const struct spf_repair *r)
{
	struct spf_term t;

	for (size_t i = 0; i < r->n; i++)
		if (spf_reads(r->at[i].text, &t) && t.what == SPF_ALL)
			return true;
	return false;
}

/* The piece at `i` is a qualifier alone. */
static void
join_qualifier(struct spf_repair *r, size_t i)
{
	struct mailauth_str own = r->at[i].text, next = STR_NONE;
	bool is_all;
	struct spf_term t;

	if (i + 1 < r->n)
		next = r->at[i + 1].text;
	is_all = str_istarts(next, STR("all")) &&
	    (next.n == 3 || is_only(str_from(next, 3), ",;."));
	if (starts_with(own, '+')) {
		if (spf_qualified(next)) {
			spf_piece_drop(r, i);
			return;
		}
		if (!is_all && spf_reads(next, &t)) {
			r->at[i + 1].text =
			    spf_glue(&r->made, own, next, STR_NONE);
			spf_piece_drop(r, i);
			return;
		}
	} else if (is_all) {
		r->at[i + 1].text =
		    spf_glue(&r->made, own, str_sub(next, 0, 3), STR_NONE);
		spf_piece_drop(r, i);
		return;
	} else if (next.n == 0 && !has_all(r)) {
		r->at[i].text = spf_glue(&r->made, own, STR("all"), STR_NONE);
		return;
	} else if (starts_with(next, own.s[0])) {
		spf_piece_drop(r, i);
		return;
	}
	r->why = "a qualifier has no mechanism";
}

/* Join the pieces `i` and `i` + 1, when they are one term. */
static bool
join_two(struct spf_repair *r, size_t i)
{
	struct parts p = { .left = r->at[i].text, .right = r->at[i + 1].text };
	struct mailauth_str put = STR_NONE;
	size_t used = r->made.used;
	bool lacks;

	p.both = spf_glue(&r->made, p.left, p.right, STR_NONE);
	p.reads_left = spf_reads(p.left, &p.l);
	p.reads_right = spf_reads(p.right, &p.r);
	p.reads_both = spf_reads(p.both, &p.b);
	lacks = (lacks_argument(&p, &put) && !is_own(p.right)) ||
	    lacks_prefix(&p) || lacks_octets(&p) || lacks_labels(&p) ||
	    lacks_letters(&p) ||
	    (r->at[i + 1].seam && p.reads_both && !is_own(p.right));
	/* The right part of "ip 4:192.0.2.1" begins as a name does. */
	r->made.used = used;
	if (!lacks)
		return false;
	r->at[i].text = spf_glue(&r->made, p.left, put, p.right);
	r->at[i].put = r->at[i].put || str_eq(put, STR("="));
	spf_piece_drop(r, i + 1);
	return true;
}

void
spf_join(struct spf_repair *r)
{
	for (size_t i = 0; i < r->n && r->why == NULL;) {
		struct mailauth_str own = r->at[i].text;
		struct mailauth_str name = name_of(own);
		size_t n = r->n;
		bool open = name.n + 1 == body_of(own).n &&
		    (ends_in(own, ':') || ends_in(own, '='));

		if (own.n == 1 && spf_qualified(own)) {
			join_qualifier(r, i);
			i += r->n == n;
		} else if (i + 1 < n && join_two(r, i)) {
			continue;
		} else if (open && spf_name_of(name).n > 0) {
			drop_empty(r, i);
		} else {
			i++;
		}
	}
}

/* The mechanism without its qualifier. */
static struct mailauth_str
bare(const struct spf_term *t)
{
	bool qualified = strchr("+-~?", t->text.s[0]) != NULL;

	return str_from(t->text, qualified);
}

/* One mechanism lets a client pass, and the other one does not. */
static bool
contradict(const struct spf_term *a, const struct spf_term *b)
{
	unsigned bits, more;

	if (!spf_is_mechanism(a) || a->what != b->what ||
	    (a->qualifier == '+') == (b->qualifier == '+'))
		return false;
	if (a->what != SPF_IP4 && a->what != SPF_IP6)
		return str_ieq(bare(a), bare(b));
	bits = a->what == SPF_IP4 ? a->cidr4 : a->cidr6;
	more = b->what == SPF_IP4 ? b->cidr4 : b->cidr6;
	return addr_in(&a->addr, &b->addr, bits < more ? bits : more);
}

bool
spf_contradict(struct mailauth_str record, struct mailauth_str another,
    struct mailauth_str *one, struct mailauth_str *other)
{
	struct spf_reader first = spf_terms(record);
	struct spf_term a, b;

	while (spf_next(&first, &a) && a.what != SPF_ALL) {
		struct spf_reader second = spf_terms(another);

		while (spf_next(&second, &b) && b.what != SPF_ALL) {
			if (!contradict(&a, &b))
				continue;
			*one = a.text;
			*other = b.text;
			return true;
		}
	}
	return false;
}
