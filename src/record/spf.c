/*
 * spf.c - SPF records (RFC 7208): selection, syntax, structure
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * This file judges one record by itself. The evaluation for a sender, with the
 * records it includes, is check_host() in another room.
 */
#include "record/spf.h"

#include "record/spf_repair.h"
#include "record/txt.h"

/* Networks to compare for duplicates, at most: the search is quadratic. */
#define NETWORKS_MAX 64
/* Include targets to compare for duplicates, at most. */
#define INCLUDES_MAX 16

/* Selection (RFC 7208 4.5): "v=spf1" followed by a space or the end, nothing in
 * front. Everything else receivers discard, near misses too. */
static enum pick
pick(struct mailauth_str t)
{
	static const struct mailauth_str near[] = {
		STR_INIT("v=spf"),
		STR_INIT("spf1 "),
		STR_INIT("v = spf"),
		STR_INIT("v= spf"),
		STR_INIT("v =spf"),
		STR_INIT("v:spf"),
		STR_INIT("v: spf"),
		STR_INIT("v-spf1"),
		STR_INIT("v spf1"),
		STR_INIT("v=sfp1"),
		STR_INIT("v==spf1"),
		STR_INIT("=spf1"),
		STR_INIT("vspf1"),
	};

	if (spf_is_record(t))
		return PICK_YES;
	t = txt_bare(t);
	for (size_t i = 0; i < sizeof(near) / sizeof(near[0]); i++)
		if (str_istarts(t, near[i]))
			return PICK_NEAR;
	return spf_version_at(t) > 0 ? PICK_NEAR : PICK_NO;
}

/* Report the first blank in a term that is no space, which people take for a
 * separator, and the first octet outside ASCII. False without an octet that is
 * not printable: what else is wrong with the term follows from it. */
static bool
lint_octets(struct mailauth_str text, const struct spf_term *t,
    struct mailauth_findings *log)
{
	struct mailauth_str s = t->text;
	size_t blank = s.n, foreign = s.n, n = 0;
	bool odd = false;

	for (size_t i = s.n; i-- > 0;) {
		odd = odd || !is_print(s.s[i]);
		if (is_fws(s.s[i]))
			blank = i;
		else if ((unsigned char)s.s[i] > 0x7f)
			foreign = i;
	}
	if (blank < s.n)
		findings_at(log, MAILAUTH_F_SPF_CONTROL_CHAR_SEPARATOR, text,
		    str_sub(s, blank, 1));
	while (foreign + n < s.n && (unsigned char)s.s[foreign + n] > 0x7f)
		n++;
	if (n > 0)
		findings_at(log, MAILAUTH_F_SPF_NON_ASCII, text,
		    str_sub(s, foreign, n));
	return odd;
}

/* Findings on the address of ip4 and ip6. */
static void
lint_network(struct mailauth_str text, const struct spf_term *t,
    const struct mailauth_scope *scope, struct mailauth_findings *log)
{
	unsigned bits = t->what == SPF_IP4 ? t->cidr4 : t->cidr6;
	enum addr_scope where = addr_scope_of_net(&t->addr, bits);

	if (where == ADDR_DOCUMENTATION && !scope->allow_documentation)
		findings_at(log, MAILAUTH_F_DNS_SPECIAL_USE_ADDRESS, text,
		    t->text);
	if (where == ADDR_NONPUBLIC)
		findings_at(log, MAILAUTH_F_SPF_IP_NONPUBLIC, text, t->text);
	if (addr_has_host_bits(&t->addr, bits))
		findings_at(log, MAILAUTH_F_SPF_IP_HOST_BITS, text, t->text);
}

/* The network of ip4 or ip6 is private or local: no sender has it. */
static bool
is_nonpublic(const struct spf_term *t)
{
	return (t->what == SPF_IP4 || t->what == SPF_IP6) &&
	    addr_scope_of_net(&t->addr,
	        t->what == SPF_IP4 ? t->cidr4 : t->cidr6) == ADDR_NONPUBLIC;
}

/* Findings on a short prefix length, of any mechanism that passes. One that
 * receivers never see lets nobody pass. */
static void
lint_width(struct mailauth_str text, const struct spf_term *t,
    struct mailauth_findings *log)
{
	bool wide = t->cidr4 < 16 || t->cidr6 < 32;

	if (t->qualifier != '+' || !wide || is_nonpublic(t))
		return;
	if ((t->what == SPF_IP4 && t->cidr4 == 0) ||
	    (t->what == SPF_IP6 && t->cidr6 == 0))
		findings_at(log, MAILAUTH_F_SPF_IP_ANY, text, t->text);
	else
		findings_at(log, MAILAUTH_F_SPF_IP_WIDE, text, t->text);
}

/* The finding on a domain that can be no name: a mechanism that finds nothing
 * does not match, and what leads to no record is an error (RFC 7208 5.2,
 * 6.1). */
static enum mailauth_finding_id
no_name(const struct spf_term *t)
{
	return t->what == SPF_INCLUDE || t->what == SPF_REDIRECT ?
	    MAILAUTH_F_SPF_TARGET_NO_NAME :
	    MAILAUTH_F_SPF_DOMAIN_NO_NAME;
}

static void
lint_domain(struct mailauth_str text, const struct spf_term *t,
    struct mailauth_findings *log)
{
	if (t->facts & SPF_EMPTY_LABEL)
		findings_at(log, MAILAUTH_F_SPF_DOMAIN_SPEC_EMPTY_LABEL, text,
		    t->domain);
	if (t->facts & SPF_TRAILING_DOT)
		findings_at(log, MAILAUTH_F_SPF_DOMAIN_TRAILING_DOT, text,
		    t->domain);
	if (t->facts & SPF_UNDERSCORE)
		findings_at(log, MAILAUTH_F_SPF_DOMAIN_UNDERSCORE, text,
		    t->domain);
	if (t->facts & SPF_NO_NAME)
		findings_at(log, no_name(t), text, t->domain);
	if (t->facts & SPF_GLUED)
		findings_at(log, MAILAUTH_F_SPF_DOMAIN_GLUED, text, t->domain);
	if (t->facts & SPF_MACRO_P)
		findings_at(log, MAILAUTH_F_SPF_MACRO_P, text, t->domain);
	if ((t->facts & SPF_MACRO_USER) && spf_is_mechanism(t))
		findings_at(log, MAILAUTH_F_SPF_MACRO_PER_USER, text,
		    t->domain);
}

/* One finding on an unknown modifier: receivers ignore it (RFC 7208 6), and the
 * author probably meant something else. */
static void
lint_modifier(struct mailauth_str text, const struct spf_term *t,
    struct mailauth_findings *log)
{
	static const struct mailauth_str confused[] = {
		STR_INIT("include"),
		STR_INIT("ip4"),
		STR_INIT("ip6"),
		STR_INIT("a"),
		STR_INIT("mx"),
		STR_INIT("all"),
		STR_INIT("exists"),
		STR_INIT("ptr"),
	};
	enum mailauth_finding_id id = MAILAUTH_F_SPF_UNKNOWN_MODIFIER;

	if (str_ieq(t->text, STR("v=spf1")))
		id = MAILAUTH_F_SPF_EMBEDDED_VERSION;
	else if (str_ieq(t->name, STR("ra")) || str_ieq(t->name, STR("rp")) ||
	    str_ieq(t->name, STR("rr")))
		id = MAILAUTH_F_SPF_RFC6652_MODIFIER;
	for (size_t i = 0; i < sizeof(confused) / sizeof(confused[0]); i++)
		if (str_ieq(t->name, confused[i]))
			id = MAILAUTH_F_SPF_MODIFIER_LOOKS_LIKE_MECHANISM;
	findings_at(log, id, text, t->text);
}

/* The domain is the owner of the record, as a name or as %{d}. */
static bool
is_owner(struct mailauth_str domain, struct mailauth_str owner)
{
	if (domain.n > 0 && domain.s[domain.n - 1] == '.')
		domain.n--;
	if (str_ieq(domain, STR("%{d}")))
		return true;
	return owner.n > 1 && str_ieq(domain, str_sub(owner, 0, owner.n - 1));
}

/* Findings on one well-formed term. */
static void
lint_term(struct mailauth_str text, const struct spf_term *t,
    struct mailauth_str owner, const struct mailauth_scope *scope,
    struct mailauth_findings *log)
{
	if (t->facts != 0)
		lint_domain(text, t, log);
	if (t->cidr)
		lint_width(text, t, log);
	if (t->what == SPF_IP4 || t->what == SPF_IP6) {
		lint_network(text, t, scope, log);
		return;
	}
	if (t->what == SPF_INCLUDE && is_owner(t->domain, owner))
		findings_at(log, MAILAUTH_F_SPF_INCLUDE_SELF, text, t->text);
	switch (t->what) {
	case SPF_PTR:
		findings_at(log, MAILAUTH_F_SPF_PTR, text, t->text);
		break;
	case SPF_EXISTS:
		if ((t->facts & SPF_MACRO) == 0)
			findings_at(log, MAILAUTH_F_SPF_EXISTS_NO_MACRO, text,
			    t->text);
		break;
	case SPF_INCLUDE:
		if (t->qualifier != '+')
			findings_at(log, MAILAUTH_F_SPF_INCLUDE_QUALIFIER_ODD,
			    text, t->text);
		break;
	case SPF_MODIFIER: lint_modifier(text, t, log); break;
	default: break;
	}
}

/* Findings on one faulty term: the fault, and its likely cause. */
static void
lint_fault(struct mailauth_str text, const struct spf_term *t,
    struct mailauth_findings *log)
{
	char last = t->text.s[t->text.n - 1];

	/* A U-label (RFC 5890 2.3.2.1) has a finding of its own. */
	if (t->domain.n > 0) {
		for (size_t i = 0; i < t->domain.n; i++) {
			if ((unsigned char)t->domain.s[i] < 0x80)
				continue;
			findings_at(log, MAILAUTH_F_DNS_IDN_ULABEL, text,
			    t->domain);
			break;
		}
	}
	if (lint_octets(text, t, log))
		return;
	/* What is wrong with a link is not the slash at its end. */
	if (str_ifind(t->domain, STR("://")) < t->domain.n) {
		findings_at(log, no_name(t), text, t->domain);
		findings_at(log, MAILAUTH_F_SPF_DOMAIN_SPEC_INVALID, text,
		    t->domain);
		return;
	}
	findings_at(log, t->fault, text, t->where);
	if (t->text.n > 1 && strchr(";,.\"'", last) != NULL)
		findings_at(log, MAILAUTH_F_SPF_TRAILING_PUNCTUATION, text,
		    str_from(t->text, t->text.n - 1));
}

unsigned
spf_lint_terms(struct mailauth_str text, struct mailauth_str terms,
    struct mailauth_str owner, const struct mailauth_scope *scope,
    struct mailauth_findings *log)
{
	struct spf_reader r = spf_reader_of(terms);
	struct spf_term t;
	unsigned faults = 0;

	while (spf_next(&r, &t)) {
		if (t.fault != MAILAUTH_F_NONE) {
			lint_fault(text, &t, log);
			faults++;
		} else {
			lint_term(text, &t, owner, scope, log);
		}
	}
	return faults;
}

/* The structure of a record, from its well-formed terms. */
struct shape {
	unsigned terms, alls, redirects, exps; /* how many of each */
	unsigned asking; /* terms that ask, in front of 'all'; no redirect */
	char policy; /* qualifier of the first 'all'; 0 without one */
	uint64_t addresses; /* IPv4 addresses of '+' networks before 'all' */
	/* Texts of terms: the first and the second 'all', the last redirect,
	 * the first mechanism behind an 'all', the first modifier in front of
	 * a mechanism, the last modifier, the first term that asks too much. */
	struct mailauth_str all, second_all, redirect, dead, early,
	    last_modifier, eleventh;
};

/* Initialize a shape. all, second_all and redirect stay as they are: their
 * counts say whether they are set. The length of the other texts says it. */
static void
start(struct shape *s)
{
	s->terms = s->alls = s->redirects = s->exps = s->asking = 0;
	s->policy = 0;
	s->addresses = 0;
	s->dead = STR_NONE;
	s->early = STR_NONE;
	s->last_modifier = STR_NONE;
	s->eleventh = STR_NONE;
}

/* Enter one term. redirect and exp are the modifiers that count here: unknown
 * modifiers may be anywhere. */
static void
add_term(struct shape *s, const struct spf_term *t)
{
	s->terms++;
	if (spf_is_mechanism(t)) {
		if (s->alls > 0 && s->dead.n == 0)
			s->dead = t->text;
		if (s->last_modifier.n > 0 && s->early.n == 0)
			s->early = s->last_modifier;
		if (s->alls == 0 && spf_asks(t->what) &&
		    ++s->asking == SPF_TERMS_MAX + 1)
			s->eleventh = t->text;
	}
	if (t->what == SPF_IP4) {
		if (t->qualifier == '+' && s->alls == 0)
			s->addresses += (uint64_t)1 << (32 - t->cidr4);
	} else if (t->what == SPF_ALL) {
		if (s->alls++ == 0) {
			s->all = t->text;
			s->policy = t->qualifier;
		} else if (s->alls == 2) {
			s->second_all = t->text;
		}
	} else if (t->what == SPF_REDIRECT) {
		s->redirects++;
		s->redirect = s->last_modifier = t->text;
	} else if (t->what == SPF_EXP) {
		s->exps++;
		s->last_modifier = t->text;
	}
}

/* Findings on the policy for senders that no mechanism matches: the qualifier
 * of 'all', a redirect, or neutral without both (RFC 7208 4.7). */
static void
lint_policy(const struct shape *s, struct mailauth_str text,
    struct mailauth_findings *log)
{
	static const struct {
		char qualifier;
		uint16_t id;
	} policies[] = {
		{ '-', MAILAUTH_F_SPF_ALL_FAIL },
		{ '~', MAILAUTH_F_SPF_ALL_SOFTFAIL },
		{ '?', MAILAUTH_F_SPF_ALL_NEUTRAL },
		{ '+', MAILAUTH_F_SPF_ALL_PASS },
	};

	if (s->terms == 0) {
		findings_add(log, MAILAUTH_F_SPF_EMPTY);
		return;
	}
	for (size_t i = 0; s->alls > 0 && i < 4; i++)
		if (policies[i].qualifier == s->policy)
			findings_at(log, policies[i].id, text, s->all);
	if (s->alls == 0 && s->redirects == 0)
		findings_add(log, MAILAUTH_F_SPF_NO_ALL);
	if (s->policy == '-' || s->policy == '~' ||
	    (s->alls == 0 && s->redirects > 0))
		findings_add(log, MAILAUTH_F_SPF_OK);
	if (s->terms == 1 && s->policy == '-')
		findings_add(log, MAILAUTH_F_SPF_DENY_ALL);
}

/* Report the first term beyond the ten that may ask: a client that no term in
 * front of it matches gets permerror, whatever DNS has. A redirect is the last
 * of the terms, and ignored beside 'all'. */
static void
lint_asking(const struct shape *s, struct mailauth_str text,
    struct mailauth_findings *log)
{
	struct mailauth_str where = s->eleventh;

	if (s->asking == SPF_TERMS_MAX && s->redirects > 0 && s->alls == 0)
		where = s->redirect;
	if (where.n > 0)
		findings_at(log, MAILAUTH_F_SPF_TOO_MANY_LOOKUPS, text, where);
}

/* The number of public IPv4 addresses that the record lets pass. */
static uint64_t
public_addresses(struct mailauth_str text)
{
	struct spf_reader r = spf_terms(text);
	struct spf_term t;
	uint64_t n = 0;

	while (spf_next(&r, &t)) {
		if (t.fault != MAILAUTH_F_NONE)
			continue;
		if (t.what == SPF_ALL)
			break;
		if (t.what == SPF_IP4 && t.qualifier == '+' &&
		    !is_nonpublic(&t))
			n += (uint64_t)1 << (32 - t.cidr4);
	}
	return n;
}

/* Findings on the order and number of terms. */
static void
lint_shape(const struct shape *s, struct mailauth_str text,
    struct mailauth_findings *log)
{
	if (s->dead.n > 0)
		findings_at(log, MAILAUTH_F_SPF_ALL_NOT_LAST, text, s->dead);
	if (s->alls > 1)
		findings_at(log, MAILAUTH_F_SPF_ALL_MULTIPLE, text,
		    s->second_all);
	if (s->alls > 0 && s->redirects > 0)
		findings_at(log, MAILAUTH_F_SPF_REDIRECT_WITH_ALL, text,
		    s->redirect);
	if (s->early.n > 0)
		findings_at(log, MAILAUTH_F_SPF_REDIRECT_NOT_LAST, text,
		    s->early);
	if (s->addresses > SPF_IPV4_WIDE &&
	    public_addresses(text) > SPF_IPV4_WIDE)
		findings_add(log, MAILAUTH_F_SPF_IP_TOTAL_WIDE);
}

/* The networks and include targets so far, to find duplicates. */
struct said {
	size_t nets, includes;
	struct {
		struct addr addr;
		uint8_t bits;
		char qualifier;
	} net[NETWORKS_MAX];
	struct mailauth_str included[INCLUDES_MAX];
};

/* Report an include with the target of an earlier one, or a network that
 * overlaps an earlier one. Two prefixes overlap exactly when they agree in the
 * bits of the shorter one. */
static void
lint_again(struct said *said, struct mailauth_str text,
    const struct spf_term *t, struct mailauth_findings *log)
{
	uint8_t bits = t->what == SPF_IP4 ? t->cidr4 : t->cidr6;

	if (t->what == SPF_INCLUDE) {
		for (size_t i = 0; i < said->includes; i++) {
			if (!str_ieq(said->included[i], t->domain))
				continue;
			findings_at(log, MAILAUTH_F_SPF_INCLUDE_DUPLICATE, text,
			    t->text);
			findings_repeat(log);
			break;
		}
		if (said->includes < INCLUDES_MAX)
			said->included[said->includes++] = t->domain;
		return;
	}
	for (size_t i = 0; i < said->nets; i++) {
		uint8_t earlier = said->net[i].bits;

		/* A narrower network with another qualifier in front of a
		 * wider one is an exception, and no duplicate. */
		if (!addr_in(&t->addr, &said->net[i].addr,
		        earlier < bits ? earlier : bits) ||
		    (earlier > bits && said->net[i].qualifier != t->qualifier))
			continue;
		findings_at(log, MAILAUTH_F_SPF_IP_DUPLICATE, text, t->text);
		break;
	}
	if (said->nets < NETWORKS_MAX) {
		said->net[said->nets].addr = t->addr;
		said->net[said->nets].qualifier = t->qualifier;
		said->net[said->nets++].bits = bits;
	}
}

/* The state of lint_seam(). */
struct seams {
	struct mailauth_str text;
	struct mailauth_findings *log;
	bool said; /* one finding for a record is enough */
};

/* `s` begins with the name of a mechanism or modifier and its delimiter. */
static bool
starts_term(struct mailauth_str s)
{
	static const struct mailauth_str names[] = {
		STR_INIT("include:"),
		STR_INIT("ip4:"),
		STR_INIT("ip6:"),
		STR_INIT("exists:"),
		STR_INIT("redirect="),
		STR_INIT("exp="),
		STR_INIT("mx"),
		STR_INIT("ptr"),
		STR_INIT("a"),
		STR_INIT("all"),
	};
	struct mailauth_str term = s;

	if (term.n > 0 && strchr("+-~?", term.s[0]) != NULL)
		term = str_from(term, 1);
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		char last = names[i].s[names[i].n - 1], next;

		if (!str_istarts(term, names[i]))
			continue;
		if (last == ':' || last == '=' || term.n == names[i].n)
			return true;
		next = term.s[names[i].n];
		if (next == ' ' || next == ':' || next == '/')
			return true;
	}
	return false;
}

/* Report a boundary between strings that joins two terms: no space in front of
 * it, and a term behind it. The record was then split where a space was lost.
 * A string that ends in one of " .-_:=/+~?" was split inside a term, and its
 * next string only looks like one. */
static void
lint_seam(void *arg, size_t at)
{
	struct seams *s = arg;
	struct mailauth_str right = str_from(s->text, at);
	char left = at > 0 ? s->text.s[at - 1] : ' ';

	if (s->said || right.n == 0 || memchr(" .-_:=/+~?", left, 10) != NULL)
		return;
	s->said = starts_term(right);
	if (s->said)
		findings_at(s->log, MAILAUTH_F_TXT_JOIN_SPACE_LOST, s->text,
		    str_sub(s->text, at, 1));
}

/* Judge one record in one pass over its terms. */
static void
lint(struct exam *e, struct mailauth_str text)
{
	struct mailauth_findings *log = &e->out->findings;
	struct spf_reader r = spf_terms(text);
	struct shape s;
	struct said said;
	struct spf_term t;
	unsigned faults = 0;

	if (!str_starts(text, STR("v=spf1")))
		findings_at(log, MAILAUTH_F_SPF_VERSION_CASE, text,
		    str_sub(text, 0, 6));
	start(&s);
	said.nets = said.includes = 0;
	while (spf_next(&r, &t)) {
		if (t.fault != MAILAUTH_F_NONE) {
			/* A typographic dash is the only fault to tell; the
			 * guide has a row for its octets too. */
			if (e->scope->profile == MAILAUTH_PROFILE_GUIDE ||
			    !txt_is_smart(t.text))
				lint_fault(text, &t, log);
			faults++;
			continue;
		}
		/* Receivers ignore mechanisms behind 'all' (RFC 7208 5.1). */
		if (s.alls == 0 || !spf_is_mechanism(&t))
			lint_term(text, &t, e->answer->name, e->scope, log);
		add_term(&s, &t);
		if (s.alls == 0 &&
		    (t.what == SPF_INCLUDE || t.what == SPF_IP4 ||
		        t.what == SPF_IP6))
			lint_again(&said, text, &t, log);
	}
	/* They ignore a redirect in a record with 'all', in front of it or
	 * behind it (RFC 7208 6.1). */
	if (s.redirects > 0 && s.alls == 0 &&
	    is_owner(str_from(s.redirect, sizeof("redirect=") - 1),
	        e->answer->name))
		findings_at(log, MAILAUTH_F_SPF_INCLUDE_SELF, text, s.redirect);
	if (s.redirects > 1) {
		findings_at(log, MAILAUTH_F_SPF_REDIRECT_MULTIPLE, text,
		    s.redirect);
		faults++;
	}
	if (s.exps > 1) {
		findings_at(log, MAILAUTH_F_SPF_EXP_MULTIPLE, text,
		    s.last_modifier);
		faults++;
	}
	if (r.extra.n > 0)
		findings_at(log, MAILAUTH_F_SPF_EXTRA_SPACES, text,
		    str_sub(r.extra, 0, 2));
	/* A record with a syntax error has no policy: the result is permerror
	 * (RFC 7208 4.6). */
	if (faults == 0)
		lint_asking(&s, text, log);
	if (faults == 0)
		lint_policy(&s, text, log);
	lint_shape(&s, text, log);
	if (text.n > 450)
		findings_add(log, MAILAUTH_F_SPF_RECORD_OVER_450);
	if (text.n > 512)
		findings_add(log, MAILAUTH_F_SPF_RECORD_OVER_512);
	exam_seams(e, lint_seam, &(struct seams){ text, log, false });
}

bool
spf_lists(struct mailauth_str record, const struct addr *ip)
{
	struct spf_reader r = spf_terms(record);
	struct spf_term t;

	while (spf_next(&r, &t)) {
		if (t.what == SPF_ALL)
			return false;
		if ((t.what == SPF_IP4 && t.fault == 0 &&
		        addr_in(ip, &t.addr, t.cidr4)) ||
		    (t.what == SPF_IP6 && t.fault == 0 &&
		        addr_in(ip, &t.addr, t.cidr6)))
			return t.qualifier == '+';
	}
	return false;
}

bool
spf_may_cover(struct mailauth_str record, const struct addr *ip)
{
	struct spf_reader r = spf_terms(record);
	struct spf_term t;

	while (spf_next(&r, &t)) {
		switch (t.what) {
		case SPF_INCLUDE:
		case SPF_A:
		case SPF_MX:
		case SPF_PTR:
		case SPF_EXISTS:
		case SPF_REDIRECT: return true;
		default: break;
		}
	}
	return spf_lists(record, ip);
}

/* Every term of `a` except 'all' is in `b`, qualifiers ignored. Terms without a
 * name are ignored too. */
static bool
has_terms(struct mailauth_str a, struct mailauth_str b)
{
	struct spf_reader ra = spf_reader_of(a);
	struct spf_term ta, tb;

	while (spf_next(&ra, &ta)) {
		struct spf_reader rb = spf_reader_of(b);
		struct mailauth_str body =
		    str_from(ta.text, (size_t)(ta.name.s - ta.text.s));
		bool found = ta.what == SPF_ALL || ta.name.s == NULL;

		while (!found && spf_next(&rb, &tb))
			found = tb.name.s != NULL &&
			    str_ieq(body,
			        str_from(tb.text,
			            (size_t)(tb.name.s - tb.text.s)));
		if (!found)
			return false;
	}
	return true;
}

bool
spf_same_terms(struct mailauth_str a, struct mailauth_str b)
{
	return has_terms(a, b) && has_terms(b, a);
}

void
spf_parts(struct mailauth_str terms, part_fn each, void *arg)
{
	struct spf_reader r = spf_reader_of(terms);
	struct spf_term t;

	while (spf_next(&r, &t)) {
		struct part part = { .text = t.text, .name = t.name };

		if (t.name.s == NULL)
			part.name = t.text;
		else
			part.value = str_from(t.text,
			    (size_t)(t.name.s - t.text.s) + t.name.n);
		if (part.value.n > 0 && part.value.s[0] != '/')
			part.value = str_from(part.value, 1);
		part.qualifier = t.qualifier;
		each(arg, &part);
	}
}

/* Name one term. Its value is what is behind the ':', '=' or '/'. */
static void
term_values(const struct spf_term *t, struct value_sink *s)
{
	static const char *const words[] = { "all", "include", "a", "mx", "ptr",
		"ip4", "ip6", "exists", "redirect", "exp" };
	size_t used = (size_t)(t->name.s - t->text.s) + t->name.n;
	struct mailauth_str value =
	    t->name.s != NULL ? str_from(t->text, used) : STR_NONE;

	s->begin_object(s, NULL);
	s->text(s, "text", t->text);
	if (spf_is_mechanism(t))
		s->word(s, "qualifier",
		    (struct mailauth_str){ &t->qualifier, 1 });
	if (spf_is_mechanism(t))
		s->word(s, "mechanism", str_of(words[t->what]));
	else if (t->what == SPF_MODIFIER)
		s->text(s, "modifier", t->name);
	else if (t->what != SPF_FAULT)
		s->word(s, "modifier", str_of(words[t->what]));
	if (value.n > 0 && value.s[0] != '/')
		value = str_from(value, 1);
	if (value.n > 0)
		s->text(s, "value", value);
	s->flag(s, "counts", spf_asks(t->what));
	s->end(s);
}

void
spf_values(struct mailauth_str terms, struct value_sink *s)
{
	struct spf_reader r = spf_reader_of(terms);
	struct spf_term t;
	char all = 0;

	s->begin_list(s, "terms");
	while (spf_next(&r, &t)) {
		term_values(&t, s);
		if (t.what == SPF_ALL && t.fault == 0 && all == 0)
			all = t.qualifier;
	}
	s->end(s);
	if (all != 0)
		s->word(s, "all", (struct mailauth_str){ &all, 1 });
}

/* The parts of a record: 6 octets of version, then terms. */
static void
parts(struct mailauth_str text, part_fn each, void *arg)
{
	spf_parts(str_from(text, 6), each, arg);
}

/* The finding is about a text that a repair can put right. */
static bool
is_about_text(enum mailauth_finding_id id)
{
	switch (id) {
	case MAILAUTH_F_TXT_NONPRINTABLE:
	case MAILAUTH_F_TXT_SMART_PUNCTUATION:
	case MAILAUTH_F_TXT_QUOTED_LITERAL:
	case MAILAUTH_F_TXT_JOIN_SPACE_LOST:
	case MAILAUTH_F_TXT_VERBATIM_HTML:
	case MAILAUTH_F_DNS_IDN_ULABEL:
	case MAILAUTH_F_SPF_VERSION_NEAR_MISS:
	case MAILAUTH_F_SPF_SYNTAX_ERROR:
	case MAILAUTH_F_SPF_UNKNOWN_MECHANISM:
	case MAILAUTH_F_SPF_MODIFIER_LOOKS_LIKE_MECHANISM:
	case MAILAUTH_F_SPF_EMBEDDED_VERSION:
	case MAILAUTH_F_SPF_MODIFIER_BAD_MACRO:
	case MAILAUTH_F_SPF_MODIFIER_NAME_INVALID:
	case MAILAUTH_F_SPF_QUALIFIER_SPACE:
	case MAILAUTH_F_SPF_CONTROL_CHAR_SEPARATOR:
	case MAILAUTH_F_SPF_ALL_ARGUMENT:
	case MAILAUTH_F_SPF_INCLUDE_NO_DOMAIN:
	case MAILAUTH_F_SPF_EXISTS_NO_DOMAIN:
	case MAILAUTH_F_SPF_A_MX_EMPTY_DOMAIN:
	case MAILAUTH_F_SPF_REDIRECT_EMPTY:
	case MAILAUTH_F_SPF_REDIRECT_MULTIPLE:
	case MAILAUTH_F_SPF_IP4_BAD_ADDRESS:
	case MAILAUTH_F_SPF_IP6_BAD_ADDRESS:
	case MAILAUTH_F_SPF_CIDR_INVALID:
	case MAILAUTH_F_SPF_DOMAIN_SPEC_INVALID:
	case MAILAUTH_F_SPF_DOMAIN_NO_NAME:
	case MAILAUTH_F_SPF_TARGET_NO_NAME:
	case MAILAUTH_F_SPF_DOMAIN_GLUED:
	case MAILAUTH_F_SPF_NON_ASCII:
	case MAILAUTH_F_SPF_MACRO_INVALID:
	case MAILAUTH_F_SPF_TRAILING_PUNCTUATION: return true;
	default: return false;
	}
}

/* For a broken record, write the one that its author must have meant. */
static bool
repair(enum mailauth_finding_id id, struct mailauth_str text, struct writer *w)
{
	return is_about_text(id) && put_spf_repair(text, w) == NULL;
}

static void
values(const struct mailauth_answer *a, const struct mailauth_judgement *j,
    struct value_sink *s)
{
	(void)a;
	s->word(s, "version", STR("spf1"));
	spf_values(str_from(j->record.text, 6), s);
}

const struct mailauth_kind kind_spf = {
	.id = MAILAUTH_KIND_SPF,
	.name = "spf",
	.title = "SPF policy",
	.reference = "RFC 7208",
	.rrtype = RRTYPE_TXT,
	.owner = "@",
	.pick = pick,
	.blanks = "",
	.lint = lint,
	.parts = parts,
	.values = values,
	.repair = repair,
	.missing = MAILAUTH_F_SPF_MISSING,
	.multiple = MAILAUTH_F_SPF_MULTIPLE_RECORDS,
	.identical = MAILAUTH_F_SPF_DUPLICATE_IDENTICAL,
	.near = MAILAUTH_F_SPF_VERSION_NEAR_MISS,
	.long_string = MAILAUTH_F_SPF_STRING_OVER_255,
	.cname = MAILAUTH_F_SPF_CNAME,
	.wildcard = MAILAUTH_F_SPF_WILDCARD,
	.sizes = true,
	.low_ttl = true,
	.high_ttl = true,
};
