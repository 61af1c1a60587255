/*
 * border.c - the hop where a message came into the receiver's system
 * SPDX-License-Identifier: BSD-3-Clause
 */
#include "message/border.h"

#include "base/dname.h"
#include "base/str.h"

/* What the Received fields have shown so far. */
struct trace {
	struct mailauth_str above; /* the host that wrote the next one */
	struct guard guard;
	size_t last; /* the field of it */
	unsigned number;
};

/* What a Received field says of the client. */
enum hop_kind {
	HOP_INSIDE, /* a host of the receiver's network */
	HOP_OWN, /* likewise, with a public address */
	HOP_BORDER, /* from outside, or nobody knows */
};

static bool
is_received(const struct header_field *f)
{
	return str_ieq(f->name, STR("Received"));
}

/* Words in names that a provider gives to the hosts of its customers. */
static bool
is_customer_word(struct mailauth_str s)
{
	static const char words[] =
	    "adsl broadband cable client clients cloud compute cust customer "
	    "customers dedicated dhcp dial dialin dialup dip dsl dyn dynamic "
	    "fiber fibre ftth home hosting instance ip mobile pool pools ppp "
	    "pppoe res residential static user users vdsl vm vpn vps vserver "
	    "wireless wlan xdsl";
	struct mailauth_str rest = str_of(words), word;

	while ((word = str_word(&rest)).n > 0)
		if (str_ieq(word, s))
			return true;
	return false;
}

/* What a name has of an address. */
struct likeness {
	bool third, last; /* numbers of IPv4 */
	unsigned groups; /* of IPv6 */
};

static void
compare_number(struct likeness *l, struct mailauth_str run,
    const struct addr *ip)
{
	uint32_t n;

	if (ip->family != 4 || !str_number(run, 255, &n))
		return;
	l->last = l->last || n == ip->octet[3];
	l->third = l->third || n == ip->octet[2];
}

static void
compare_group(struct likeness *l, struct mailauth_str run,
    const struct addr *ip)
{
	uint32_t n = 0;

	if (ip->family != 6 || run.n > 4)
		return;
	for (size_t i = 0; i < run.n; i++)
		n = n << 4 | (uint32_t)hex_value(run.s[i]);
	for (size_t i = 0; i < 16 && n != 0; i += 2)
		if (n == ((uint32_t)ip->octet[i] << 8 | ip->octet[i + 1])) {
			l->groups++;
			return;
		}
}

/* The part of a name in front of what it has in common with another. */
static struct mailauth_str
own_part(struct mailauth_str name, struct mailauth_str by)
{
	while (name.n > 0 && by.n > 0 &&
	    to_lower(name.s[name.n - 1]) == to_lower(by.s[by.n - 1])) {
		name.n--;
		by.n--;
	}
	return name;
}

static size_t
skip_hex(struct mailauth_str s, size_t at)
{
	while (at < s.n && hex_value(s.s[at]) >= 0)
		at++;
	return at;
}

/* Digits of a number that a program made: of an address as one, or a serial
 * number. */
#define MADE_DIGITS 6

/* The name is one that a provider gives to its customers: it holds the address,
 * a number that a program made, or a word for such hosts. Then the host is no
 * server of the provider. */
static bool
is_of_customer(const struct received *r)
{
	struct mailauth_str name = own_part(r->rdns, r->by), run;
	struct likeness l = { .groups = 0 };

	for (size_t at = 0, end; at < name.n; at = end + (end == at)) {
		end = str_skip(name, at, CLASS_LETTER);
		if (is_customer_word(str_sub(name, at, end - at)))
			return true;
		if (end > at)
			continue;
		end = str_skip(name, at, CLASS_DIGIT);
		compare_number(&l, str_sub(name, at, end - at), &r->ip);
	}
	for (size_t at = 0, end; at < name.n; at = end + (end == at)) {
		end = skip_hex(name, at);
		run = str_sub(name, at, end - at);
		if (str_skip(run, 0, CLASS_LETTER) == run.n)
			continue;
		if (run.n >= MADE_DIGITS)
			return true;
		compare_group(&l, run, &r->ip);
	}
	return (l.third && l.last) || l.groups > 1;
}

/* The server wrote below the Received at `field` that it evaluated SPF for the
 * client: then the client came from outside. */
static bool
is_evaluated(const struct mailauth_message *m, size_t field,
    const struct addr *ip)
{
	for (size_t i = field + 1;
	     i < m->nfields && !is_received(&m->fields[i]); i++) {
		struct received_spf s;

		if (str_ieq(m->fields[i].name, STR("Received-SPF")) &&
		    received_spf_parse(m->fields[i].value, &s) &&
		    addr_eq(&s.ip, ip))
			return true;
	}
	return false;
}

static enum hop_kind
hop_of(struct check *c, const struct mailauth_message *m, size_t field,
    const struct received *r)
{
	/* Written when a user wrote the message in a browser. */
	if (!r->from)
		return received_with(r, "HTTP*") ? HOP_BORDER : HOP_INSIDE;
	/* Fetched from a mailbox: the client is the reader. */
	if (received_with(r, "POP* IMAP*"))
		return HOP_INSIDE;
	/* LMTP is spoken to a store of the receiver's own (RFC 2033). */
	if (received_with(r, "LMTP*"))
		return HOP_INSIDE;
	if (guard_is_provider(r))
		return HOP_INSIDE;
	if (r->ip.family == 0 || r->lone || r->local)
		return HOP_BORDER;
	if (!is_public(c, &r->ip))
		return HOP_INSIDE;
	if (r->verified && guard_same_org(c, r->rdns, r->by) &&
	    !is_of_customer(r) && !is_evaluated(m, field, &r->ip))
		return HOP_OWN;
	return HOP_BORDER;
}

/* The first field that authors write; the number of fields without any. */
static size_t
first_of_author(const struct mailauth_message *m)
{
	static const struct mailauth_str names[] = { STR_INIT("From"),
		STR_INIT("Sender"), STR_INIT("To"), STR_INIT("Cc"),
		STR_INIT("Subject"), STR_INIT("Date"), STR_INIT("Message-ID") };
	size_t i = 0;

	for (; i < m->nfields; i++)
		for (size_t k = 0; k < sizeof(names) / sizeof(names[0]); k++)
			if (str_ieq(m->fields[i].name, names[k]))
				return i;
	return i;
}

static unsigned
count_received(const struct mailauth_message *m)
{
	unsigned n = 0;

	for (size_t i = 0; i < m->nfields; i++)
		n += is_received(&m->fields[i]);
	return n;
}

/* Find the name of the receiver: of the topmost Received whose server has a name
 * of an organization. */
static void
name_receiver(struct check *c, const struct mailauth_message *m,
    struct border *b)
{
	struct mailauth_str name;
	struct received r;

	for (size_t i = 0; i <= b->limit && i < m->nfields; i++) {
		if (!is_received(&m->fields[i]) ||
		    !received_parse(m->fields[i].value, &r))
			continue;
		if (b->by.n == 0)
			b->by = r.by;
		if (take_spf_domain(c, r.by, &name) &&
		    org_domain(c->orgs, name).n > 0) {
			b->by = r.by;
			return;
		}
	}
}

void
border_none(const struct mailauth_message *m, struct border *out)
{
	*out = (struct border){ .total = count_received(m) };
	out->whole = out->total > 0;
}

bool
border_take(struct check *c, const struct mailauth_message *m, unsigned hop,
    struct border *out)
{
	unsigned n = 0;

	*out = (struct border){ .total = count_received(m) };
	for (size_t i = 0; i < m->nfields; i++) {
		if (!is_received(&m->fields[i]) || ++n != hop)
			continue;
		out->whole = true;
		out->limit = out->doubt = i;
		out->number = n;
		out->why = "it was given";
		out->sure = "certain";
		out->found = received_parse(m->fields[i].value, &out->line);
		name_receiver(c, m, out);
		return out->found;
	}
	return false;
}

/* Say why this Received is the border. */
static void
give_reason(struct border *b, enum hop_kind hop, unsigned inside)
{
	const struct received *r = &b->line;

	if (hop == HOP_OWN) {
		b->why = "its client is a host of the receiver by name, and no "
		         "hop below is from outside";
		b->sure = "not certain";
	} else if (r->unclear) {
		b->why = "its client may have written a part of it: it has "
		         "several addresses or several \"by\"";
		b->sure = "not certain";
	} else if (r->submitted) {
		b->why = "its client had logged in";
		b->sure = "certain";
	} else if (r->local) {
		b->why = "a program on the receiver's host handed it over";
		b->sure = "certain";
	} else if (r->ip.family == 0) {
		b->why = "it does not show the address of its client";
		b->sure = "not certain";
	} else {
		b->why = inside > 0 ?
		    "the hops above it are of the receiver" :
		    "it is the topmost, and its client is not "
		    "a host of the receiver";
		b->sure = "likely";
	}
}

/* A name inside of a network has no organization. */
static bool
has_org(struct check *c, struct mailauth_str by)
{
	struct mailauth_str name;

	return take_spf_domain(c, by, &name) && org_domain(c->orgs, name).n > 0;
}

/* The server is of another organization than the one above it. */
static bool
is_of_others(struct check *c, struct mailauth_str by, struct mailauth_str above)
{
	return has_org(c, by) && !guard_same_org(c, by, above);
}

/* The name of the receiver's host that wrote the next field, if the receiver has
 * written it: the one of the line above, if this one has no organization. A
 * mailbox that is fetched from may be anybody's, a store may have its mail from
 * another server, and the hosts of a provider have several organizations. */
static struct mailauth_str
next_above(struct check *c, const struct received *r, enum hop_kind hop,
    struct mailauth_str above)
{
	if (hop == HOP_BORDER || received_with(r, "LMTP* POP* IMAP*") ||
	    guard_is_provider(r))
		return STR_NONE;
	return hop == HOP_OWN || guard_is_hidden(c, r) || has_org(c, r->by) ?
	    r->by :
	    above;
}

/* Take the Received at a field, which the hosts above have passed on, unless it
 * is of others; true for the last one to look at. */
static bool
take_hop(struct check *c, const struct mailauth_message *m, size_t field,
    struct trace *t, struct border *out)
{
	struct received r;
	enum hop_kind hop;
	bool guarded;

	if (!received_parse(m->fields[field].value, &r)) {
		if (out->doubt == m->nfields &&
		    guard_take_unread(&t->guard, m->fields[field].value))
			out->doubt = field;
		return false;
	}
	/* A host that the line above takes for one of the receiver has written
	 * this one, if the receiver has. */
	if (t->above.n > 0 && is_of_others(c, r.by, t->above))
		return true;
	guarded = !t->guard.any || guard_holds(c, &t->guard, &r);
	if (out->doubt == m->nfields && !guarded)
		out->doubt = t->last;
	hop = hop_of(c, m, field, &r);
	t->above = next_above(c, &r, hop, t->above);
	t->last = field;
	guard_take(c, &t->guard, &r, hop == HOP_OWN);
	/* Without a border, the lowest host with a public address is where the
	 * message came from. */
	if (hop == HOP_INSIDE && out->found)
		return false;
	out->limit = field;
	if (hop != HOP_INSIDE) {
		out->found = true;
		out->line = r;
		if (r.lone || r.local)
			out->line.ip.family = 0;
		out->number = t->number;
		give_reason(out, hop, t->number - 1);
	}
	return hop == HOP_BORDER;
}

void
border_find(struct check *c, const struct mailauth_message *m,
    struct border *out)
{
	struct trace t = { .number = 0 };

	*out = (struct border){ .limit = first_of_author(m),
		.total = count_received(m),
		.doubt = m->nfields };
	for (size_t i = 0; i < m->nfields; i++) {
		if (!is_received(&m->fields[i]))
			continue;
		t.number++;
		if (!out->whole)
			out->limit = i;
		out->whole = true;
		if (take_hop(c, m, i, &t, out))
			break;
	}
	if (out->doubt > out->limit)
		out->doubt = out->limit;
	if (out->found && out->doubt < out->limit) {
		out->why = "the hops above it do not show that the receiver "
		           "wrote this one";
		out->sure = "not certain";
	}
	name_receiver(c, m, out);
}

bool
border_beside(const struct border *b, const struct mailauth_message *m,
    size_t field)
{
	static const struct mailauth_str names[] = {
		STR_INIT("Authentication-Results"), STR_INIT("Received-SPF"),
		STR_INIT("ARC-Authentication-Results"),
		STR_INIT("ARC-Message-Signature"), STR_INIT("ARC-Seal"),
		STR_INIT("DKIM-Filter"), STR_INIT("DMARC-Filter")
	};

	for (size_t i = b->limit + 1; b->found && i <= field; i++) {
		struct mailauth_str name = m->fields[i].name;
		bool known = str_istarts(name, STR("X-"));

		for (size_t k = 0; k < sizeof(names) / sizeof(names[0]); k++)
			known = known || str_ieq(name, names[k]);
		if (!known)
			return false;
	}
	return b->found && field > b->limit;
}
