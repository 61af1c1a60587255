/*
 * spf_term.c - reads one term of an SPF record (RFC 7208 12)
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * A term runs to the next space. Its name ends at the first of ':', '/', '=':
 * with '=' the term is a modifier, else a mechanism with an optional qualifier
 * in front. RFC 7208 4.6 makes any syntax error a permerror, so that the reader
 * reports each fault with a finding of its own and goes on.
 */
#include "record/spf.h"
#include "record/spf_macro.h"

/* Characters of a label. */
#define CLASS_ORDINARY (CLASS_LETTER | CLASS_DIGIT | CLASS_HYPHEN)
/* Octets of a DNS label (RFC 1035 2.3.4). */
#define LABEL_MAX 63

struct spf_reader
spf_reader_of(struct mailauth_str terms)
{
	return (struct spf_reader){ terms, STR_NONE };
}

bool
spf_is_record(struct mailauth_str text)
{
	return text.n >= 6 && (text.n == 6 || text.s[6] == ' ') &&
	    str_istarts(text, STR("v=spf1"));
}

/* Read the macro-expand at the start of `s` and note its facts. Return its
 * octets, or 0 on a fault. */
static size_t
macro(struct mailauth_str s, bool exp, unsigned *facts)
{
	struct spf_macro m;

	*facts |= SPF_MACRO;
	if (!spf_macro_read(s, exp, &m))
		return 0;
	switch (to_lower(m.letter)) {
	case 'p': *facts |= SPF_MACRO_P; break;
	case 's':
	case 'l':
	case 'o':
	case 'h': *facts |= SPF_MACRO_USER; break;
	default: break;
	}
	return m.n;
}

/* The text is a toplabel, the last label of a domain-spec: letters, digits and
 * inner hyphens, not digits alone (RFC 7208 7.1). */
static bool
toplabel(struct mailauth_str s)
{
	if (s.n == 0 || !is_alnum(s.s[0]) || !is_alnum(s.s[s.n - 1]))
		return false;
	return str_skip(s, 1, CLASS_ORDINARY) == s.n &&
	    str_skip(s, 0, CLASS_DIGIT) < s.n;
}

static bool
is_macro_literal(char c)
{
	return c >= 0x21 && c <= 0x7e && c != '%';
}

/*
 * Check a macro-string, of a domain-spec or an unknown modifier (RFC 7208 7.1).
 * `tail` is set to the offset behind the last macro: the rest is literal text.
 * `label` is the offset at which the current label starts. Behind a macro the
 * length of the label is not known, and `label` is set so that the next dot
 * does not end an empty label.
 * Return a finding, with its place in `where`, or F_NONE.
 */
static uint16_t
macro_string(struct mailauth_str s, bool exp, unsigned *facts, size_t *tail,
    struct mailauth_str *where)
{
	size_t label = 0;

	*tail = 0;
	for (size_t i = 0; i < s.n;) {
		char c = s.s[i];

		if (is_class(c, CLASS_ORDINARY)) {
			i = str_skip(s, i, CLASS_ORDINARY);
			if (i > label + LABEL_MAX)
				*facts |= SPF_EMPTY_LABEL;
			continue;
		}
		if (c == '.') {
			if (i == label && i + 1 < s.n)
				*facts |= SPF_EMPTY_LABEL;
			label = ++i;
			continue;
		}
		if (c == '%') {
			size_t n = macro(str_from(s, i), exp, facts);

			if (n == 0) {
				*where = str_sub(s, i, 4);
				return MAILAUTH_F_SPF_MACRO_INVALID;
			}
			i += n;
			*tail = i;
			label = i + 1; /* the expansion has unknown length */
			continue;
		}
		if (!is_macro_literal(c)) {
			*where = str_sub(s, i, 1);
			return MAILAUTH_F_SPF_NON_ASCII;
		}
		if (c == '_')
			*facts |= SPF_UNDERSCORE;
		if (c == ':' || c == '@')
			*facts |= SPF_NO_NAME;
		if (c == ',')
			*facts |= SPF_GLUED;
		if (i >= label + LABEL_MAX)
			*facts |= SPF_EMPTY_LABEL;
		i++;
	}
	return MAILAUTH_F_NONE;
}

/* The last label ends in "-all": the space in front of "-all" is missing, since
 * no top-level domain has a hyphen, except in "xn--". */
static bool
ends_in_all(struct mailauth_str label)
{
	return label.n > 4 && label.s[label.n - 4] == '-' &&
	    str_ieq(str_from(label, label.n - 3), STR("all")) &&
	    !str_istarts(label, STR("xn--"));
}

/* Fast path for nearly every domain-spec: two or more labels of letters, digits
 * and hyphens, none of them empty or too long, and a toplabel at the end. */
static bool
plain_domain(struct mailauth_str s, unsigned *facts)
{
	for (size_t at = 0;;) {
		size_t end = str_skip(s, at, CLASS_ORDINARY);

		/* An empty label wraps to SIZE_MAX. */
		if (end - at - 1 >= LABEL_MAX)
			return false;
		if (end == s.n) {
			struct mailauth_str last = { s.s + at, s.n - at };

			if (ends_in_all(last))
				*facts |= SPF_GLUED;
			return at > 0 && toplabel(last);
		}
		if (s.s[end] != '.')
			return false;
		at = end + 1;
	}
}

/* domain-spec = macro-string domain-end; domain-end is a macro-expand, or a dot
 * and a toplabel with an optional final dot (RFC 7208 7.1). Return a finding,
 * with its place in `where`, or F_NONE. */
static uint16_t
domain_spec(struct mailauth_str s, unsigned *facts, struct mailauth_str *where)
{
	struct mailauth_str end;
	uint16_t fault;
	size_t tail, dot;

	if (plain_domain(s, facts))
		return MAILAUTH_F_NONE;
	fault = macro_string(s, false, facts, &tail, where);
	if (fault != MAILAUTH_F_NONE)
		return fault;
	if (s.n == 0)
		goto bad;
	end = str_from(s, tail);
	if (tail > 0 && end.n == 0)
		return MAILAUTH_F_NONE;
	if (end.n > 0 && end.s[end.n - 1] == '.') {
		*facts |= SPF_TRAILING_DOT;
		end.n--;
	}
	for (dot = end.n; dot > 0 && end.s[dot - 1] != '.';)
		dot--;
	if (dot == 0 || !toplabel(str_from(end, dot)))
		goto bad;
	if (ends_in_all(str_from(end, dot)))
		*facts |= SPF_GLUED;
	return MAILAUTH_F_NONE;
bad:
	*where = s;
	return MAILAUTH_F_SPF_DOMAIN_SPEC_INVALID;
}

/* Read a prefix length: decimal without a leading zero, at most `max`. */
static bool
prefix_length(struct mailauth_str s, uint8_t max, uint8_t *out)
{
	uint32_t v;

	if ((s.n > 1 && s.s[0] == '0') || s.n > 3 || !str_number(s, max, &v))
		return false;
	*out = (uint8_t)v;
	return true;
}

/* Cut a dual-cidr-length off the end of `s`: "/n", "//m" or "/n//m" (RFC 7208
 * 12). The domain-spec in front may itself hold '/', as a macro delimiter, so
 * the search runs from the end. False when a number is out of range. */
static bool
take_cidr(struct mailauth_str *s, struct spf_term *t)
{
	size_t at = s->n;

	while (at > 0 && is_digit(s->s[at - 1]))
		at--;
	if (at == 0 || s->s[at - 1] != '/')
		return true;
	t->cidr = true;
	t->where = str_from(*s, at - 1);
	if (at >= 2 && s->s[at - 2] == '/') {
		if (!prefix_length(str_from(*s, at), 128, &t->cidr6))
			return false;
		s->n = at = at - 2;
		while (at > 0 && is_digit(s->s[at - 1]))
			at--;
		if (at == 0 || s->s[at - 1] != '/')
			return true;
		t->where = str_from(*s, at - 1);
	}
	if (!prefix_length(str_from(*s, at), 32, &t->cidr4))
		return false;
	s->n = at - 1;
	return true;
}

static void
fault(struct spf_term *t, uint16_t id, struct mailauth_str where)
{
	t->fault = id;
	t->where = where;
}

/* Read the argument of ip4 or ip6, with its ':' in front. */
static void
network(struct spf_term *t, struct mailauth_str arg)
{
	bool four = t->what == SPF_IP4;
	struct mailauth_str address;
	size_t slash;

	arg = str_sub(arg, 1, arg.n > 0 && arg.s[0] == ':' ? arg.n - 1 : 0);
	slash = str_find(arg, '/');
	address = (struct mailauth_str){ arg.s, slash };
	t->cidr = slash < arg.n;
	if (!(four ? addr_parse4(address, &t->addr) :
	             addr_parse6(address, &t->addr)))
		fault(t,
		    four ? MAILAUTH_F_SPF_IP4_BAD_ADDRESS :
		           MAILAUTH_F_SPF_IP6_BAD_ADDRESS,
		    arg.n > 0 ? address : t->text);
	else if (t->cidr &&
	    !prefix_length(str_from(arg, slash + 1), four ? 32 : 128,
	        four ? &t->cidr4 : &t->cidr6))
		fault(t, MAILAUTH_F_SPF_CIDR_INVALID, str_from(arg, slash));
}

/* Read the argument of another mechanism, with its delimiter in front. */
static void
arguments(struct spf_term *t, struct mailauth_str arg)
{
	struct mailauth_str where = STR_NONE;
	uint16_t id;

	switch (t->what) {
	case SPF_ALL:
		if (arg.n > 0)
			fault(t, MAILAUTH_F_SPF_ALL_ARGUMENT, arg);
		return;
	case SPF_INCLUDE:
	case SPF_EXISTS:
		if (arg.n < 2 || arg.s[0] != ':') {
			fault(t,
			    t->what == SPF_INCLUDE ?
			        MAILAUTH_F_SPF_INCLUDE_NO_DOMAIN :
			        MAILAUTH_F_SPF_EXISTS_NO_DOMAIN,
			    t->text);
			return;
		}
		t->domain = str_from(arg, 1);
		break;
	case SPF_A:
	case SPF_MX:
		if (!take_cidr(&arg, t)) {
			fault(t, MAILAUTH_F_SPF_CIDR_INVALID, t->where);
			return;
		}
		/* fall through */
	case SPF_PTR:
		if (arg.n == 0)
			return;
		if (arg.s[0] != ':' || arg.n == 1) {
			fault(t,
			    arg.s[0] == '/' && t->what != SPF_PTR ?
			        MAILAUTH_F_SPF_CIDR_INVALID :
			        MAILAUTH_F_SPF_A_MX_EMPTY_DOMAIN,
			    t->text);
			return;
		}
		t->domain = str_from(arg, 1);
		break;
	default: return;
	}
	id = domain_spec(t->domain, &t->facts, &where);
	/* include and exists take no prefix length. One that is there makes
	 * the domain-spec invalid; report it with the finding of a bad
	 * argument. */
	if (id == MAILAUTH_F_SPF_DOMAIN_SPEC_INVALID &&
	    (t->what == SPF_INCLUDE || t->what == SPF_EXISTS)) {
		struct spf_term probe = *t;
		struct mailauth_str bare = t->domain;

		probe.cidr = false;
		if ((!take_cidr(&bare, &probe) || probe.cidr))
			id = t->what == SPF_INCLUDE ?
			    MAILAUTH_F_SPF_INCLUDE_NO_DOMAIN :
			    MAILAUTH_F_SPF_EXISTS_NO_DOMAIN;
	}
	if (id != MAILAUTH_F_NONE)
		fault(t, id, where);
}

/* A name of up to 7 octets as a number, so that a switch can compare it. The 1
 * in front makes names of different lengths different. */
#define NAME1(a)       (UINT64_C(0x100) | (a))
#define NAME2(a, b)    (NAME1(a) << 8 | (b))
#define NAME3(a, b, c) (NAME2(a, b) << 8 | (c))
#define NAME6(a, b, c, d, e, f) \
	(((NAME3(a, b, c) << 8 | (d)) << 8 | (e)) << 8 | (f))
#define NAME7(a, b, c, d, e, f, g) (NAME6(a, b, c, d, e, f) << 8 | (g))

/* Find a mechanism by its name, case ignored (RFC 7208 12). */
static bool
find_mechanism(struct mailauth_str name, enum spf_what *what)
{
	uint64_t number = 1;

	if (name.n > 7)
		return false;
	for (size_t i = 0; i < name.n; i++)
		number = number << 8 | (unsigned char)to_lower(name.s[i]);
	switch (number) {
	case NAME1('a'): *what = SPF_A; return true;
	case NAME2('m', 'x'): *what = SPF_MX; return true;
	case NAME3('a', 'l', 'l'): *what = SPF_ALL; return true;
	case NAME3('p', 't', 'r'): *what = SPF_PTR; return true;
	case NAME3('i', 'p', '4'): *what = SPF_IP4; return true;
	case NAME3('i', 'p', '6'): *what = SPF_IP6; return true;
	case NAME6('e', 'x', 'i', 's', 't', 's'):
		*what = SPF_EXISTS;
		return true;
	case NAME7('i', 'n', 'c', 'l', 'u', 'd', 'e'):
		*what = SPF_INCLUDE;
		return true;
	default: return false;
	}
}

/* name = ALPHA *( ALPHA / DIGIT / "-" / "_" / "." ) (RFC 7208 12). */
static bool
is_name(struct mailauth_str s)
{
	if (s.n == 0 || !is_alpha(s.s[0]))
		return false;
	for (size_t i = 1; i < s.n; i++)
		if (!is_class(s.s[i], CLASS_ORDINARY | CLASS_UNDER) &&
		    s.s[i] != '.')
			return false;
	return true;
}

/* Read a modifier; `equals` is the offset of its '='. */
static void
modifier(struct spf_term *t, size_t equals)
{
	struct mailauth_str where = STR_NONE;
	uint16_t id;
	size_t tail;

	t->qualifier = 0;
	t->name = str_sub(t->text, 0, equals);
	t->domain = str_from(t->text, equals + 1);
	t->what = SPF_MODIFIER;
	if (!is_name(t->name)) {
		fault(t, MAILAUTH_F_SPF_MODIFIER_NAME_INVALID, t->text);
		return;
	}
	if (str_ieq(t->name, STR("redirect")))
		t->what = SPF_REDIRECT;
	else if (str_ieq(t->name, STR("exp")))
		t->what = SPF_EXP;
	if (t->what == SPF_MODIFIER) {
		id = macro_string(t->domain, true, &t->facts, &tail, &where);
		/* The value of an unknown modifier need not be a domain, so
		 * that facts about one mean nothing. */
		t->facts = 0;
		if (id == MAILAUTH_F_SPF_MACRO_INVALID)
			id = MAILAUTH_F_SPF_MODIFIER_BAD_MACRO;
	} else if (t->what == SPF_REDIRECT && t->domain.n == 0) {
		id = MAILAUTH_F_SPF_REDIRECT_EMPTY;
		where = t->text;
	} else {
		id = domain_spec(t->domain, &t->facts, &where);
	}
	if (id != MAILAUTH_F_NONE)
		fault(t, id, where.s != NULL ? where : t->text);
}

static bool
is_qualifier(char c)
{
	return c == '+' || c == '-' || c == '~' || c == '?';
}

/* Read a mechanism; `name_end` is the offset of its delimiter or its end. The
 * text of the term is not empty. */
static void
mechanism(struct spf_term *t, size_t name_end)
{
	size_t from = 0;

	if (is_qualifier(t->text.s[0])) {
		t->qualifier = t->text.s[0];
		from = 1;
		if (t->text.n == 1 || is_qualifier(t->text.s[1])) {
			t->what = SPF_FAULT;
			fault(t, MAILAUTH_F_SPF_QUALIFIER_SPACE, t->text);
			return;
		}
	}
	t->name = str_sub(t->text, from, name_end - from);
	if (find_mechanism(t->name, &t->what)) {
		struct mailauth_str arg = { t->text.s + name_end,
			t->text.n - name_end };

		if (t->what == SPF_IP4 || t->what == SPF_IP6)
			network(t, arg);
		else
			arguments(t, arg);
		return;
	}
	t->what = SPF_FAULT;
	/* "all." is 'all' with an argument, and no unknown mechanism. */
	if (t->name.n > 3 && !is_alnum(t->name.s[3]) && t->name.s[3] == '.' &&
	    str_istarts(t->name, STR("all")))
		fault(t, MAILAUTH_F_SPF_ALL_ARGUMENT, t->text);
	else if (t->name.n > 0 && is_alpha(t->name.s[0]))
		fault(t, MAILAUTH_F_SPF_UNKNOWN_MECHANISM, t->text);
	else
		fault(t, MAILAUTH_F_SPF_SYNTAX_ERROR, t->text);
}

/* Terms are separated by one or more spaces (RFC 7208 12: 1*SP). More than one,
 * or one at the end of the record, is valid and noted in `extra`. */
bool
spf_next(struct spf_reader *r, struct spf_term *out)
{
	struct mailauth_str s = r->rest;
	size_t start = 0, delim, end;

	while (start < s.n && s.s[start] == ' ')
		start++;
	if (r->extra.s == NULL && (start > 1 || (start == 1 && s.n == 1)))
		r->extra = s;
	if (start == s.n)
		return false;
	for (delim = start; delim < s.n && !is_class(s.s[delim], CLASS_STOP);)
		delim++;
	end = delim;
	if (delim < s.n && s.s[delim] != ' ')
		end += str_find(str_from(s, delim), ' ');
	r->rest = (struct mailauth_str){ s.s + end, s.n - end };
	out->what = SPF_FAULT;
	out->qualifier = '+';
	out->cidr = false;
	out->cidr4 = 32;
	out->cidr6 = 128;
	out->facts = 0;
	out->addr.family = 0;
	out->fault = MAILAUTH_F_NONE;
	out->text = (struct mailauth_str){ s.s + start, end - start };
	out->name = STR_NONE;
	out->domain = STR_NONE;
	out->where = STR_NONE;
	if (delim < end && s.s[delim] == '=')
		modifier(out, delim - start);
	else
		mechanism(out, delim - start);
	return true;
}
