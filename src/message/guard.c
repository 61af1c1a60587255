/*
 * guard.c - whether a Received shows that the receiver wrote the next one
 * SPDX-License-Identifier: BSD-3-Clause
 */
#include "message/guard.h"

#include "base/dname.h"
#include "base/str.h"

static struct mailauth_str
without_dot(struct mailauth_str s)
{
	return s.n > 0 && s.s[s.n - 1] == '.' ? str_sub(s, 0, s.n - 1) : s;
}

bool
guard_same_org(struct check *c, struct mailauth_str a, struct mailauth_str b)
{
	struct mailauth_str x, y;

	if (!take_spf_domain(c, without_dot(a), &x) ||
	    !take_spf_domain(c, without_dot(b), &y))
		return false;
	if (str_eq(x, y))
		return true;
	x = org_domain(c->orgs, x);
	y = org_domain(c->orgs, y);
	return x.n > 0 && str_eq(x, y);
}

static bool
is_same_host(struct mailauth_str a, struct mailauth_str b)
{
	a = without_dot(a);
	b = without_dot(b);
	return a.n > 0 && str_ieq(a, b);
}

/* The names are equal, or have the same first label, and either both are of one
 * organization or one is that label: "mx1.dmz.example.com", "mx1.example.com" and
 * "mx1". */
static bool
is_like_host(struct check *c, struct mailauth_str a, struct mailauth_str b)
{
	size_t n = str_find(a, '.'), k = str_find(b, '.');

	return is_same_host(a, b) ||
	    (n > 0 && str_ieq(str_sub(a, 0, n), str_sub(b, 0, k)) &&
	        (n == a.n || k == b.n || guard_same_org(c, a, b)));
}

static bool
is_within(struct mailauth_str name, struct mailauth_str domain)
{
	return name.n > domain.n &&
	    str_ieq(str_from(name, name.n - domain.n), domain);
}

static bool
is_within_microsoft(struct mailauth_str name)
{
	static const struct mailauth_str domains[] = { STR_INIT(".outlook.com"),
		STR_INIT(".office365.com"), STR_INIT(".exchangelabs.com") };

	for (size_t i = 0; i < sizeof(domains) / sizeof(domains[0]); i++)
		if (is_within(name, domains[i]))
			return true;
	return false;
}

static bool
is_of_microsoft(const struct received *r)
{
	static const struct addr block = { 6, { 0x26, 0x03, 0x10, 0x80 } };

	return is_within_microsoft(r->by) && addr_in(&r->ip, &block, 25);
}

/* An address of the server's own host. */
static bool
is_loopback(const struct addr *ip)
{
	static const struct addr host4 = { 4, { 127 } },
	                         host6 = { 6, { [15] = 1 } };

	return addr_in(ip, &host4, 8) || addr_in(ip, &host6, 128);
}

bool
guard_is_hidden(struct check *c, const struct received *r)
{
	return r->ip.family != 0 && !is_public(c, &r->ip) &&
	    !is_loopback(&r->ip) && !received_with(r, "LMTP* POP* IMAP*");
}

/* The word behind this one in what follows "with"; empty without it. */
static struct mailauth_str
word_behind(const struct received *r, const char *name)
{
	struct mailauth_str rest = r->with, word;

	while ((word = str_word(&rest)).n > 0)
		if (str_ieq(word, str_of(name)))
			return str_word(&rest);
	return STR_NONE;
}

/* Exchange 2013 or later wrote it. */
static bool
is_exchange(const struct received *r)
{
	return received_with(r, "Microsoft") &&
	    str_starts(word_behind(r, "id"), STR("15."));
}

/* Exchange takes mail from others in its frontend, which says so. What a store
 * got, and what came without, is from another Exchange server, which has to
 * prove that it is one. */
static bool
is_between_exchange(struct check *c, const struct guard *above,
    const struct received *r)
{
	struct mailauth_str via = word_behind(r, "via");

	return is_exchange(r) && r->from && r->ip.family != 0 &&
	    !is_public(c, &r->ip) &&
	    (above->any ? above->exchange && via.n == 0 :
	                  str_ieq(via, STR("Mailbox")));
}

static bool
is_of_net10(struct mailauth_str name)
{
	static const struct addr block = { 4, { 10 } };
	struct addr ip;

	return received_addr(name, &ip) && addr_in(&ip, &block, 8);
}

/* Google's servers inside have addresses for names, which no one else has: of
 * 10.0.0.0/8, mostly within 2002::/16. */
static bool
is_of_google(struct mailauth_str by)
{
	size_t at = 0;

	while (at < by.n && (by.s[at] == ':' || hex_value(by.s[at]) >= 0))
		at++;
	return (str_istarts(by, STR("2002:a")) && at == by.n) ||
	    is_of_net10(by);
}

/* A mailbox of Yahoo, which fetches from a server that has an address for a
 * name. */
static bool
is_at_yahoo(const struct received *r)
{
	return is_within(r->by, STR(".yahoo.com")) &&
	    received_with(r, "HTTP HTTPS") &&
	    (is_of_net10(r->helo) || str_eq(r->helo, STR("127.0.0.1")));
}

/* A mailbox of iCloud, which names its client alone. */
static bool
is_at_icloud(const struct received *r)
{
	return str_istarts(r->program, STR("mailgateway ")) &&
	    str_ifind(r->by, STR("mailgateway")) < r->by.n;
}

bool
guard_is_provider(const struct received *r)
{
	return is_at_yahoo(r) || is_at_icloud(r) || is_of_microsoft(r);
}

static bool
holds_at_provider(const struct received *r, const struct received *next)
{
	return is_at_yahoo(r) ? is_of_net10(next->by) :
	    is_at_icloud(r)   ? is_same_host(r->helo, next->by) :
	                        is_within_microsoft(next->by);
}

/* A line without a client. Postfix writes one where it forwards for a user, below
 * which is what it got, but not where a user's program gave it the message. */
static bool
holds_without_client(struct check *c, const struct received *r,
    const struct received *next)
{
	if (received_with(r, "SMTP") && is_of_google(r->by))
		return is_of_google(next->by) ||
		    guard_same_org(c, next->by, STR("google.com"));
	return (str_ieq(r->program, STR("Postfix")) ||
	           str_ieq(r->program, STR("Postcow"))) &&
	    r->with.n == 0 && is_same_host(r->by, next->by);
}

/* A line that says with which mailbox or transfer agent the server spoke, which
 * has written the next one. */
static bool
holds_behind_agent(struct check *c, const struct received *r,
    const struct received *next)
{
	if (received_with(r, "LMTP*"))
		return !is_same_host(next->by, STR("localhost")) &&
		    (is_same_host(r->helo, next->by) ||
		        is_same_host(r->rdns, next->by));
	return guard_same_org(c, r->helo, next->by) ||
	    (is_of_google(next->by) &&
	        guard_same_org(c, r->helo, STR("gmail.com")));
}

bool
guard_holds(struct check *c, const struct guard *g, const struct received *next)
{
	const struct received *r = &g->line;

	if (!g->read || r->local)
		return false;
	if (g->exchange)
		return is_exchange(next) && is_same_host(r->helo, next->by);
	if (!r->from)
		return holds_without_client(c, r, next);
	if (received_with(r, "LMTP* POP* IMAP*"))
		return holds_behind_agent(c, r, next);
	if (guard_is_provider(r))
		return holds_at_provider(r, next);
	if (is_loopback(&r->ip) || (g->own && is_of_google(next->by)))
		return true;
	/* The name may be that of a gateway, which every client has then: it
	 * writes no line. A host of the receiver has written one of its own. */
	return r->verified && guard_same_org(c, r->rdns, r->by) &&
	    is_like_host(c, r->rdns, next->by);
}

void
guard_take(struct check *c, struct guard *g, const struct received *r, bool own)
{
	g->exchange = is_between_exchange(c, g, r);
	g->line = *r;
	g->own = own;
	g->read = g->any = true;
}

bool
guard_take_unread(struct guard *g, struct mailauth_str value)
{
	value = str_trim(value);
	if (str_istarts(value, STR("(qmail ")) &&
	    str_ifind(str_sub(value, 0, str_find(value, ')')),
	        STR(" invoked from network")) < str_find(value, ')'))
		return false;
	*g = (struct guard){ .any = true };
	return true;
}
