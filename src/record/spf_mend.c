/*
 * spf_mend.c - makes terms of the pieces of a broken SPF record
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * A term that is well-formed stays as it is, octet by octet. Of any other the
 * argument stays: only what is around it is put right.
 */
#include "record/spf_repair.h"

/* The terms so far, and what is to be known of them. */
struct mend {
	struct spf_repair *out;
	bool ended; /* an 'all' was there */
	bool mended; /* it was written as "all=-all" */
	char all; /* its qualifier */
	bool redirects; /* the last term is a redirect */
	bool repaired; /* there is a redirect that was not written like that */
	bool foreign; /* another kind of record has begun */
	struct mailauth_str qualifier, name; /* of the last term, to repeat */
};

static const char NO_TERM[] = "a word is not a term";
static const char BAD_ARGUMENT[] = "an argument is neither address nor name";
static const char TWO_NAMES[] = "a host name alone has more than one reading";
static const char IGNORED[] = "a redirect beside 'all' is ignored";
static const char EVERY_HOST[] = "it would let every host pass";
static const char TWO_QUALIFIERS[] = "which qualifier a term has is not clear";

static void
refuse(struct mend *m, const char *why)
{
	if (m->out->why == NULL)
		m->out->why = why;
}

static void
add(struct mend *m, struct mailauth_str name, struct mailauth_str argument)
{
	spf_piece_add(m->out,
	    spf_glue(&m->out->made, m->qualifier, name, argument), false,
	    false);
	m->name = name;
	m->repaired = m->repaired || str_eq(name, STR("redirect="));
}

/* The address is contiguous ones and then zeros, or the inverse, or begins with
 * 0 or 255 as masks do: it says how long the prefix of another one is. */
static bool
is_mask(const struct addr *a)
{
	uint32_t v = 0;

	if (a->family != 4)
		return false;
	for (int i = 0; i < 4; i++)
		v = v << 8 | a->octet[i];
	return v >> 24 == 0 || v >> 24 == 255 || (v & (v + 1)) == 0 ||
	    (~v & (~v + 1)) == 0;
}

/* The network to publish for the text of one, which it is or a part of it.
 * A mask gives no network, nor does an IPv4 address in the form of IPv6, except
 * ::ffff:192.0.2.1, which is the IPv4 address. */
static struct mailauth_str
network_of(struct mailauth_str s)
{
	size_t slash = str_find(s, '/'), at = slash;
	struct addr a, four;

	if (spf_network(s) == 0 || !addr_parse(str_sub(s, 0, slash), &a) ||
	    (is_mask(&a) && !str_starts(s, STR("0.0.0.0/"))))
		return STR_NONE;
	while (at > 0 && s.s[at - 1] != ':')
		at--;
	if (a.family == 4 ||
	    (!addr_unmap(&a) &&
	        !addr_parse4(str_sub(s, at, slash - at), &four)))
		return s;
	s = str_from(s, at);
	return slash == at + s.n && addr_parse4(s, &four) && !is_mask(&four) &&
	        addr_eq(&a, &four) ?
	    s :
	    STR_NONE;
}

/* The text without punctuation around it. */
static struct mailauth_str
bare_of(struct mailauth_str s)
{
	while (s.n > 0 && memchr("<([{>)]},;.", s.s[0], 11) != NULL)
		s = str_from(s, 1);
	while (s.n > 0 && memchr(">)]},;.", s.s[s.n - 1], 7) != NULL)
		s.n--;
	return s;
}

/* Cut a port off an address or name: 25, or a number that is no prefix
 * length. */
static struct mailauth_str
without_port(struct mailauth_str s)
{
	size_t at = s.n;
	uint32_t port;

	while (at > 0 && is_digit(s.s[at - 1]))
		at--;
	if (at < 2 || at == s.n || s.s[at - 1] != ':' ||
	    str_find(s, ':') != at - 1 ||
	    !str_number(str_from(s, at), 65535, &port) ||
	    (port <= 128 && port != 25))
		return s;
	return str_sub(s, 0, at - 1);
}

/* Cut the second of two equal prefix lengths off: "192.0.2.0/24/24". */
static struct mailauth_str
without_twice(struct mailauth_str s)
{
	size_t first = str_find(s, '/'), n = s.n - first;
	struct mailauth_str tail = str_from(s, first);

	return n > 0 && n % 2 == 0 &&
	        str_eq(str_sub(tail, 0, n / 2), str_from(tail, n / 2)) ?
	    str_sub(s, 0, first + n / 2) :
	    s;
}

/* Ways to cut "192.0.2.45198.51.100.7" in two addresses: the octets of four
 * numbers, and then those of a complete text. */
static unsigned
ways(struct mailauth_str s, struct mailauth_str cut[4], size_t n)
{
	unsigned found = 0;

	if (n == 4)
		return 0;
	for (size_t i = 7; i <= 15 && i <= s.n; i++) {
		struct mailauth_str first = str_sub(s, 0, i);
		struct mailauth_str rest[4] = { { NULL, 0 } };
		unsigned more;

		if (spf_network(first) != 4)
			continue;
		if (i == s.n) {
			cut[n] = first;
			found++;
			continue;
		}
		more = is_digit(s.s[i]) ? ways(str_from(s, i), rest, n + 1) : 0;
		if (more == 0)
			continue;
		found += more;
		cut[n] = first;
		for (size_t j = n + 1; j < 4; j++)
			cut[j] = rest[j];
	}
	return found;
}

/* Add networks: one address, with a port perhaps, or several that a ':' or
 * nothing separates. */
static bool
add_networks(struct mend *m, struct mailauth_str s)
{
	struct mailauth_str cut[4] = { { NULL, 0 } };
	size_t colon = str_find(s, ':');

	s = without_twice(without_port(s));
	/* Is "a:2001:db8::1" an address, or one with a name in front? */
	if (str_istarts(s, STR("a:")))
		return false;
	if (spf_network(s) > 0) {
		s = network_of(s);
		if (s.n > 0)
			add(m, spf_network(s) == 4 ? STR("ip4:") : STR("ip6:"),
			    s);
		return s.n > 0;
	}
	if (colon < s.n && spf_network(str_sub(s, 0, colon)) == 4 &&
	    spf_network(str_from(s, colon + 1)) == 4) {
		if (network_of(str_sub(s, 0, colon)).n == 0 ||
		    network_of(str_from(s, colon + 1)).n == 0)
			return false;
		add(m, STR("ip4:"), str_sub(s, 0, colon));
		add(m, STR("ip4:"), str_from(s, colon + 1));
		return true;
	}
	if (str_find(s, '/') < s.n || ways(s, cut, 0) != 1)
		return false;
	for (size_t i = 0; i < 4 && cut[i].n > 0; i++)
		if (network_of(cut[i]).n == 0)
			return false;
	for (size_t i = 0; i < 4 && cut[i].n > 0; i++)
		add(m, STR("ip4:"), cut[i]);
	return true;
}

/* Add a name that is written as a link, with a port, with a slash behind it, or
 * with a prefix length that says nothing. */
static bool
add_domain(struct mend *m, struct mailauth_str name, struct mailauth_str s)
{
	struct spf_term t;
	bool link = true;

	if (str_istarts(s, STR("http://")))
		s = str_from(s, 7);
	else if (str_istarts(s, STR("https://")))
		s = str_from(s, 8);
	else
		link = false;
	if (s.n > 0 && s.s[s.n - 1] == '/')
		s.n--;
	if (str_eq(name, STR("include:")) && !link && s.n > 3 &&
	    str_eq(str_from(s, s.n - 3), STR("/32")))
		s.n -= 3;
	s = without_port(s);
	if (str_find(s, '/') < s.n || str_find(s, '%') < s.n) {
		struct mailauth_str whole =
		    spf_glue(&m->out->made, m->qualifier, name, s);

		if (link || !spf_reads(whole, &t))
			return false;
	} else if (!spf_is_domain(s)) {
		return false;
	}
	add(m, name, s);
	return true;
}

/* The text can only be the name of a host: what an include leads to has the
 * label "spf" or one with an underscore, or is the domain of a provider. */
static bool
is_host_name(struct mailauth_str s)
{
	size_t label = 0, labels = 1;

	if (!spf_is_domain(s) || str_find(s, '_') < s.n ||
	    str_find(s, '%') < s.n || str_find(s, '/') < s.n)
		return false;
	for (size_t i = 0; i <= s.n; i++) {
		if (i < s.n && s.s[i] != '.')
			continue;
		if (i == label || !is_alpha(s.s[label]) ||
		    str_istarts(str_sub(s, label, i - label), STR("spf")))
			return false;
		label = i + 1;
		labels += i < s.n;
	}
	return labels >= 3;
}

/* Mend a term of which name and argument are known. */
static void
mend_known(struct mend *m, struct mailauth_str name, struct mailauth_str s)
{
	bool modifier = name.s[name.n - 1] == '=';

	/* "ip4:ip4:192.0.2.1", "include::x", "ip4: =192.0.2.1" */
	for (;;) {
		size_t n = 0;

		while (s.n > 0 && memchr(":=;,<([{", s.s[0], 8) != NULL &&
		    (s.n < 2 || s.s[1] != ':' || s.s[0] != ':' ||
		        spf_network(s) == 0))
			s = str_from(s, 1);
		while (n < s.n && is_alnum(s.s[n]))
			n++;
		if (n == 0 || n == s.n || s.s[n] != ':' ||
		    !str_eq(spf_name_of(str_sub(s, 0, n)), name))
			break;
		s = str_from(s, n + 1);
	}
	if (modifier && m->qualifier.n > 0) {
		if (m->qualifier.s[0] != '+') {
			refuse(m, "a modifier has a qualifier");
			return;
		}
		m->qualifier = STR_NONE;
	}
	if (str_eq(name, STR("ip"))) {
		if (add_networks(m, s))
			return;
		if (is_host_name(s))
			add(m, STR("a:"), s);
		else
			refuse(m, BAD_ARGUMENT);
		return;
	}
	if (add_domain(m, name, s))
		return;
	if ((str_eq(name, STR("include:")) || str_eq(name, STR("a:")) ||
	        str_eq(name, STR("mx:"))) &&
	    (add_networks(m, s) ||
	        (str_istarts(s, STR("ip4:")) &&
	            add_networks(m, str_from(s, 4))) ||
	        (str_istarts(s, STR("ip6:")) &&
	            add_networks(m, str_from(s, 4)))))
		return;
	refuse(m, BAD_ARGUMENT);
}

/* "ip4192.0.2.1", "ip4.192.0.2.1", "ip192.0.2.1": there is one way to read an
 * address behind the name. On many keyboards the dot is the colon without
 * Shift: "include.example.com". */
static bool
mend_glued(struct mend *m, struct mailauth_str s)
{
	static const struct mailauth_str names[] = {
		STR_INIT("ipv4"),
		STR_INIT("ip4"),
		STR_INIT("ip"),
	};
	struct mailauth_str found = STR_NONE;

	if (str_istarts(s, STR("include.")) && spf_is_domain(str_from(s, 8)))
		return add_domain(m, STR("include:"), str_from(s, 8));
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		struct mailauth_str rest = str_from(s, names[i].n);

		if (!str_istarts(s, names[i]))
			continue;
		if (rest.n > 0 && memchr(".,;-_", rest.s[0], 5) != NULL)
			rest = str_from(rest, 1);
		if (spf_network(rest) != 4)
			continue;
		if (found.n > 0)
			return false;
		found = rest;
	}
	return found.n > 0 && add_networks(m, found);
}

/* "al", "alll" with a qualifier, or "all-", at the end of the record. */
static bool
mend_all(struct mend *m, struct mailauth_str s, bool last)
{
	static const struct mailauth_str words[] = {
		STR_INIT("al"),
		STR_INIT("ll"),
		STR_INIT("alll"),
		STR_INIT("aall"),
		STR_INIT("lal"),
		STR_INIT("lla"),
		STR_INIT("ala"),
		STR_INIT("akl"),
		STR_INIT("alk"),
		STR_INIT("sll"),
		STR_INIT("a11"),
		STR_INIT("al1"),
		STR_INIT("a1l"),
		STR_INIT("ail"),
		STR_INIT("ali"),
	};

	if (last && !m->ended && m->qualifier.n == 0 && spf_is_turned_all(s)) {
		m->qualifier = str_from(s, 3);
		add(m, str_sub(s, 0, 3), STR_NONE);
		m->ended = true;
		return true;
	}
	if (!last || m->ended || m->qualifier.n == 0 ||
	    m->qualifier.s[0] == '+')
		return false;
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (str_ieq(s, words[i])) {
			add(m, STR("all"), STR_NONE);
			m->ended = true;
			return true;
		}
	return false;
}

/* Some term so far is `name` and passes. */
static bool
has(const struct spf_repair *r, struct mailauth_str name)
{
	for (size_t i = 0; i < r->n; i++) {
		struct mailauth_str s = r->at[i].text;

		if (str_ieq(s, name) ||
		    (s.n > 0 && s.s[0] == '+' && str_ieq(str_from(s, 1), name)))
			return true;
	}
	return false;
}

/* The word may be a comment: it is no number that a prefix length may lack. */
static bool
is_comment(struct mailauth_str s)
{
	bool digit = false;
	uint32_t number;

	if (str_number(s, UINT32_MAX, &number))
		return number > 128;
	for (size_t i = 0; i < s.n; i++) {
		if (is_alpha(s.s[i]))
			return true;
		digit = digit || is_digit(s.s[i]);
	}
	return !digit;
}

/* The last term has an argument behind its name. */
static bool
is_named(const struct mend *m)
{
	return m->name.n > 1 && m->name.s[m->name.n - 1] == ':';
}

/* Mend a piece that has no name, or none that is known. */
static void
mend_unknown(struct mend *m, struct mailauth_str s, bool again, bool last)
{
	if (add_networks(m, s) || mend_glued(m, s) || mend_all(m, s, last))
		return;
	if (again && is_named(m) && spf_is_domain(s)) {
		add(m, m->name, s);
		return;
	}
	if (m->qualifier.n == 0 && spf_is_domain(s)) {
		struct mailauth_str include =
		    spf_glue(&m->out->made, STR("include:"), s, STR_NONE);

		/* No host has a name with an underscore. */
		if (str_istarts(s, STR("_spf")))
			add(m, STR("include:"), s);
		else if (!has(m->out, include))
			refuse(m, TWO_NAMES);
		return;
	}
	if (m->qualifier.n == 0 && str_ieq(s, STR("aaaa")) &&
	    has(m->out, STR("a")))
		return;
	if (str_ieq(s, STR("prt"))) {
		add(m, STR("ptr"), STR_NONE);
		return;
	}
	/* Behind an 'all' words are a comment; numbers may be missing in a
	 * term. */
	if (!m->ended || m->qualifier.n > 0 || !is_comment(s))
		refuse(m, NO_TERM);
}

/* Cut the qualifier off; the same one twice counts once. */
static bool
take_qualifier(struct mend *m, struct mailauth_str *s)
{
	m->qualifier = STR_NONE;
	while (spf_qualified(*s)) {
		if (m->qualifier.n > 0 && m->qualifier.s[0] != s->s[0]) {
			refuse(m, TWO_QUALIFIERS);
			return false;
		}
		m->qualifier = str_sub(*s, 0, 1);
		*s = str_from(*s, 1);
	}
	return true;
}

static bool
is_all(struct mailauth_str s, struct spf_term *t)
{
	return spf_reads(s, t) && t->what == SPF_ALL;
}

/* Add "all=-all" or "all:-all" as the 'all' that it has. When another 'all' has
 * another qualifier, or none, it is not clear what was meant. */
static bool
add_all(struct mend *m, struct mailauth_str s, const struct spf_piece *next)
{
	struct mailauth_str front = str_sub(s, 0, spf_qualified(s) ? 1 : 0);
	struct mailauth_str all = str_from(s, front.n);
	struct spf_term t;

	if (!str_istarts(all, STR("all=")) && !str_istarts(all, STR("all:")))
		return false;
	all = str_from(all, 4);
	/* "all: -all" */
	if (all.n == 0 &&
	    (next == NULL || !spf_qualified(next->text) ||
	        !is_all(next->text, &t)))
		return false;
	if (all.n == 0) {
		if ((front.n > 0 && front.s[0] != t.qualifier) ||
		    (m->ended && m->all != t.qualifier))
			refuse(m, TWO_QUALIFIERS);
		m->mended = true;
		m->all = t.qualifier;
		return true;
	}
	while (all.n > 0 && memchr(",;.", all.s[all.n - 1], 3) != NULL)
		all.n--;
	if (!is_all(all, &t))
		return false;
	if (t.qualifier == '+' && front.n == 0) {
		refuse(m, EVERY_HOST);
		return true;
	}
	if (front.n > 0 && !spf_qualified(all))
		t.qualifier = front.s[0];
	if ((front.n > 0 && front.s[0] != t.qualifier) ||
	    (m->ended && m->all != t.qualifier)) {
		refuse(m, TWO_QUALIFIERS);
		return true;
	}
	if (m->ended)
		return true;
	m->qualifier = spf_qualified(all) ? STR_NONE : front;
	add(m, all, STR_NONE);
	m->ended = m->mended = true;
	m->all = t.qualifier;
	return true;
}

/* Take over a term that is well-formed, or leave out a modifier that nobody
 * reads. */
static bool
take_over(struct mend *m, const struct spf_piece *p)
{
	struct spf_reader r = spf_reader_of(p->text);
	struct spf_term t;

	if (str_istarts(p->text, STR("v=spf1")) || !spf_next(&r, &t))
		return false;
	if (t.what == SPF_MODIFIER && t.fault == MAILAUTH_F_NONE &&
	    spf_name_of(t.name).n == 0) {
		if (!m->ended && !m->foreign)
			spf_piece_add(m->out, p->text, false, false);
		return true;
	}
	if (!spf_reads(p->text, &t))
		return false;
	if (t.what == SPF_ALL && m->ended && m->out->n > 0 &&
	    str_ieq(m->out->at[m->out->n - 1].text, p->text))
		return true;
	if (t.what == SPF_ALL && m->mended && m->all != t.qualifier)
		refuse(m, TWO_QUALIFIERS);
	if (t.what == SPF_ALL && m->mended && m->ended)
		return true;
	if (t.what == SPF_ALL && !m->ended)
		m->all = t.qualifier;
	m->ended = m->ended || t.what == SPF_ALL;
	/* "redirect=a.example-all" */
	m->repaired =
	    m->repaired || (t.what == SPF_ALL && p->lost && m->redirects);
	m->redirects = t.what == SPF_REDIRECT;
	m->repaired = m->repaired || (m->redirects && p->put);
	m->qualifier = str_sub(p->text, 0, spf_qualified(p->text) ? 1 : 0);
	/* With its ':', when an argument follows. */
	m->name = t.name;
	m->name.n += t.name.s + t.name.n < p->text.s + p->text.n;
	spf_piece_add(m->out, p->text, false, false);
	return true;
}

/* A name may have a bracket by the grammar, but none was meant. */
static bool
has_bracket(struct mailauth_str s)
{
	for (size_t i = 0; i < s.n; i++)
		if (memchr("<([", s.s[i], 3) != NULL ||
		    (s.s[i] == '{' && (i == 0 || s.s[i - 1] != '%')))
			return true;
	return false;
}

/* A letter that was left in front of an 'all', or, behind one, the question
 * marks that were letters of another script. */
static bool
is_stray(const struct mend *m, struct mailauth_str s,
    const struct spf_piece *next)
{
	struct spf_term t;
	size_t n = 0;

	while (n < s.n && s.s[n] == '?')
		n++;
	if (m->ended && n == s.n && n > 1)
		return true;
	return s.n == 1 && is_alpha(s.s[0]) && next != NULL && next->lost &&
	    spf_reads(next->text, &t) && t.what == SPF_ALL;
}

/* The text is the argument of some term, without a name. */
static bool
is_bare(struct mailauth_str s)
{
	return spf_network(without_twice(without_port(s))) > 0 ||
	    str_istarts(s, STR("_spf"));
}

static void
mend_piece(struct mend *m, const struct spf_piece *p,
    const struct spf_piece *next)
{
	struct mailauth_str s, known, whole, before = m->qualifier;
	bool again = p->lost && memchr(",;", p->text.s[0], 2) != NULL;
	/* The term in front has a qualifier that may be meant for more. */
	bool excludes = spf_qualified(before) && before.s[0] != '+' &&
	    !str_ieq(m->name, STR("all"));
	size_t n = 0;

	/* Is the second part of "-a,mx" excluded as well? */
	if (again && excludes && p->text.n > 1 && is_alpha(p->text.s[1]) &&
	    !(is_named(m) && spf_is_domain(str_from(p->text, 1)))) {
		refuse(m, TWO_QUALIFIERS);
		return;
	}
	if (add_all(m, p->text, next) || take_over(m, p))
		return;
	if (spf_is_foreign(p->text)) {
		m->foreign = true;
		return;
	}
	s = bare_of(p->text);
	if (s.n == 0 || (m->ended && str_eq(s, STR("/"))))
		return;
	if (s.n < p->text.n && !has_bracket(s)) {
		struct spf_piece bare = { .text = s, .lost = p->lost };

		if (take_over(m, &bare))
			return;
	}
	if (str_ieq(s, STR("v=spf1"))) {
		spf_piece_add(m->out, s, false, false);
		return;
	}
	if (is_stray(m, s, next) || !take_qualifier(m, &s))
		return;
	if (again && m->qualifier.n == 0)
		m->qualifier = before;
	whole = spf_glue(&m->out->made, m->qualifier, s, STR_NONE);
	if (whole.n < p->text.n && !has_bracket(s)) {
		struct spf_piece once = { .text = whole, .lost = p->lost };

		if (take_over(m, &once))
			return;
	}
	while (n < s.n && memchr(":=;,", s.s[n], 4) == NULL)
		n++;
	/* The name "a" could be the first group of an address too, but no
	 * address in use begins like that. */
	known = spf_name_of(str_sub(s, 0, n));
	if (known.n > 0 && n < s.n)
		mend_known(m, known, str_from(s, n + 1));
	else if (excludes && m->qualifier.n == 0 && is_bare(s))
		refuse(m, TWO_QUALIFIERS);
	else
		mend_unknown(m, s, again, next == NULL);
}

void
spf_mend(const struct spf_repair *pieces, struct spf_repair *terms)
{
	struct mend m = { .out = terms };

	for (size_t i = 0; i < pieces->n && terms->why == NULL; i++)
		mend_piece(&m, &pieces->at[i],
		    i + 1 < pieces->n ? &pieces->at[i + 1] : NULL);
	/* Was the redirect meant, or the 'all'? */
	if (m.repaired && m.ended)
		refuse(&m, IGNORED);
}
