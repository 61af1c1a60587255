/*
 * plan.c - the records that settings ask for
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * Planned records pass a check of this program. SPF ends in ~all, since DMARC
 * decides once a policy exists (RFC 9989 7.1); historic records are not
 * planned.
 *
 * Several settings may ask for the same record. add() merges equal records.
 * Where one record must serve several settings, the first one decides: MX, apex
 * address, DMARC, and the key of a selector, which gets a note. SPF addresses
 * are collected for each name first, so that a name gets one SPF record.
 */
#include "plan/plan.h"

#include "base/dname.h"
#include "base/str.h"
#include "record/dkim.h"
#include "record/dmarc.h"
#include "settings/settings.h"

/* Octets at which an SPF record gets no more addresses: with its owner and the
 * rest of the answer it stays below 450 octets (RFC 7208 3.4). */
#define SPF_PART_MAX 300
/* Records that one SPF record includes; SPF allows ten lookups. */
#define SPF_PARTS_MAX 10
/* Buckets of the index of records. */
#define INDEX_SIZE 1024

/* A plan in the making. */
struct builder {
	struct arena *arena;
	const struct orgdomains *orgs;
	const struct mailauth_settings *s;
	const struct plan_wishes *wishes;
	struct plan_report *plan;
};

static struct writer
text(const struct builder *b)
{
	return arena_writer(b->arena);
}

/* Add a note, unless the plan has it. */
static void
note(struct builder *b, struct mailauth_str what, const char *why)
{
	struct plan_note *n;
	struct writer w = text(b);

	put_str(&w, what);
	put_text(&w, why);
	for (n = b->plan->notes; n != NULL; n = n->next)
		if (str_eq(n->text, writer_str(&w)))
			return;
	n = arena_alloc(b->arena, sizeof(*n));
	if (n == NULL)
		return;
	n->text = writer_str(&w);
	*b->plan->notes_end = n;
	b->plan->notes_end = &n->next;
}

/* Put labels in front of a name; STR_NONE when the result is no DNS name, or
 * there is no name to put them in front of. */
static struct mailauth_str
below(const struct builder *b, struct mailauth_str front,
    struct mailauth_str name)
{
	struct writer w = text(b);
	struct dname wire;

	if (name.n == 0)
		return STR_NONE;
	put_str(&w, front);
	put_char(&w, '.');
	put_str(&w, name);
	if (w.full || dname_parse(writer_str(&w), &wire) != DNAME_OK)
		return STR_NONE;
	return dname_text(b->arena, &wire);
}

/* Zones. */

static bool
is_reverse(struct mailauth_str name)
{
	return dname_under(name, STR("in-addr.arpa.")) ||
	    dname_under(name, STR("ip6.arpa."));
}

/* A public suffix that mail is sent from and that `name` is in, unless the
 * organization of the name sends mail of its own; else STR_NONE. */
static struct mailauth_str
suffix_of(const struct builder *b, struct mailauth_str name,
    struct mailauth_str org)
{
	struct mailauth_str suffix = STR_NONE;

	for (const struct route *r = b->s->routes; r != NULL; r = r->next) {
		if (org.n > 0 && dname_under(r->from, org))
			return STR_NONE;
		if (dname_under(name, r->from) &&
		    is_public_suffix(b->orgs, r->from))
			suffix = r->from;
	}
	return suffix;
}

/* Guess the zone of a name: its organizational domain, or else its last two
 * labels. Of a reverse name: a /24 network of IPv4, a /64 network of IPv6. */
static struct mailauth_str
zone_of(const struct builder *b, struct mailauth_str owner)
{
	struct mailauth_str zone = owner, org, suffix;
	unsigned drop = dname_under(owner, STR("ip6.arpa.")) ? 16 : 1;

	if (is_reverse(owner)) {
		while (drop-- > 0)
			zone = dname_parent(zone);
		return zone;
	}
	/* "_dmarc.co.uk" is no organization, although its parent is a public
	 * suffix. */
	while (zone.n > 1 && zone.s[0] == '_')
		zone = dname_parent(zone);
	org = org_domain(b->orgs, zone);
	suffix = suffix_of(b, zone, org);
	if (suffix.n > 0 || org.n > 0)
		return suffix.n > 0 ? suffix : org;
	while (dname_labels(zone) > 2)
		zone = dname_parent(zone);
	return zone;
}

/* The zone of an owner, added to the plan if it is new. */
static struct plan_zone *
open_zone(struct builder *b, struct mailauth_str owner)
{
	struct mailauth_str name = zone_of(b, owner);
	struct plan_zone *z;

	name = str_sub(name, 0, name.n - 1);
	for (z = b->plan->zones; z != NULL; z = z->next)
		if (str_eq(z->name, name))
			return z;
	z = arena_alloc(b->arena, sizeof(*z));
	if (z == NULL)
		return NULL;
	z->name = name;
	z->reverse = is_reverse(owner);
	z->end = &z->records;
	*b->plan->zones_end = z;
	b->plan->zones_end = &z->next;
	return z;
}

/* The first of a bucket that has this owner and type. */
static struct planned_record *
alike(struct planned_record *p, struct mailauth_str owner, uint16_t rrtype)
{
	while (p != NULL &&
	    (p->record.rrtype != rrtype || !str_eq(p->record.owner, owner)))
		p = p->bucket;
	return p;
}

static struct planned_record **
bucket_of(const struct plan_report *plan, struct mailauth_str owner,
    uint16_t rrtype)
{
	return &plan->index[str_hash(owner, rrtype) % INDEX_SIZE];
}

struct planned_record *
plan_first(const struct plan_report *plan, struct mailauth_str owner,
    uint16_t rrtype)
{
	return alike(*bucket_of(plan, owner, rrtype), owner, rrtype);
}

struct planned_record *
plan_next(const struct planned_record *p)
{
	return alike(p->bucket, p->record.owner, p->record.rrtype);
}

/* Add a record, unless the plan has one with equal owner, type and data: then
 * return that one. */
static struct planned_record *
add(struct builder *b, struct planned_record like)
{
	struct planned_record **end, *p;
	struct plan_zone *z;

	if (like.record.owner.n == 0 ||
	    (z = open_zone(b, like.record.owner)) == NULL)
		return NULL;
	end = bucket_of(b->plan, like.record.owner, like.record.rrtype);
	for (; *end != NULL; end = &(*end)->bucket)
		if ((*end)->record.rrtype == like.record.rrtype &&
		    str_eq((*end)->record.owner, like.record.owner) &&
		    str_eq((*end)->record.data, like.record.data))
			return *end;
	p = arena_alloc(b->arena, sizeof(*p));
	if (p == NULL)
		return NULL;
	*p = like;
	*end = p;
	*z->end = &p->record;
	z->end = &p->record.next;
	return p;
}

/* Where a record comes from: one setting, or two. */
static struct mailauth_str
from_both(const struct builder *b, struct mailauth_str one,
    struct mailauth_str other)
{
	struct writer w = text(b);

	put_str(&w, one);
	put_text(&w, one.n > 0 && other.n > 0 ? " and " : "");
	put_str(&w, other);
	return writer_str(&w);
}

static struct mailauth_str
main_key(enum main_key key)
{
	return str_of(main_name(key));
}

/* Hosts. */

/* The address can be published: everybody can reach it. */
static bool
is_fit(const struct builder *b, const struct addr *addr)
{
	enum addr_scope scope = addr_scope_of(addr);

	return addr->family != 0 && !addr_is_nat64(addr) &&
	    (scope == ADDR_GLOBAL ||
	        (scope == ADDR_DOCUMENTATION &&
	            b->wishes->allow_documentation));
}

/* Add a note on an address that is not published, at its setting. */
static void
note_address(struct builder *b, struct mailauth_str setting,
    const struct addr *addr)
{
	struct writer w = text(b);

	if (addr->family == 0 || is_fit(b, addr))
		return;
	put_str(&w, setting);
	put_text(&w, ": ");
	put_addr(&w, addr);
	note(b, writer_str(&w),
	    addr_is_nat64(addr) ?
	        " is an IPv4 address as a translator (NAT64) shows it inside "
	        "your network: no record gets it; set the public address that "
	        "mail goes out from" :
	        addr_scope_of(addr) == ADDR_DOCUMENTATION ?
	        " is an address for examples (RFC 5737, RFC 3849), which "
	        "nobody can reach: no record gets it; set the real one" :
	        " is a private, loopback or other special address, which "
	        "nobody outside can reach: no record gets it; set the public "
	        "address that mail goes out from");
	b->plan->lacks = b->plan->lacks || addr_is_nat64(addr) ||
	    addr_scope_of(addr) == ADDR_NONPUBLIC;
}

static void
add_address(struct builder *b, const struct plan_record *like,
    const struct addr *addr, enum plan_sort sort)
{
	struct writer w = text(b);

	if (!is_fit(b, addr))
		return;
	put_addr(&w, addr);
	add(b,
	    (struct planned_record){
	        .record = { .owner = like->owner,
	            .rrtype = addr->family == 6 ? RRTYPE_AAAA : RRTYPE_A,
	            .data = writer_str(&w),
	            .why = like->why,
	            .from = like->from },
	        .sort = sort,
	        .addr = *addr });
}

/* Add a name whose address is a key of main.json; `from` is where the name is
 * set. */
static void
add_host(struct builder *b, struct mailauth_str name, enum main_key ip,
    const char *what, struct mailauth_str from)
{
	const struct addr *addr = &b->s->main_addr[ip];
	const struct plan_record like = { .owner = name,
		.why = str_of(what),
		.from = from_both(b, from, main_key(ip)) };

	if (name.n == 0)
		return;
	if (addr->family == 0)
		note(b, name, " has no address in the settings");
	add_address(b, &like, addr, PLAN_EXACT);
}

/* The main name of links, and where it is set. */
static struct mailauth_str
tracking_name(struct builder *b, struct mailauth_str *from)
{
	struct mailauth_str name = b->s->main[MAIN_TRACKING_HOSTNAME], other;

	*from = main_key(MAIN_TRACKING_HOSTNAME);
	if (name.n > 0)
		return name;
	*from = from_both(b, main_key(MAIN_TRACKING_PREFIX),
	    main_key(MAIN_WEBCONTROL_HOSTNAME));
	tracking_names(b->arena, b->s, &name, &other);
	if (other.n > 0)
		note(b, STR("TRACKING_PREFIX"),
		    " has no final dot: a dot is put behind it");
	return name;
}

/* The names that serve links and web sites. */
static void
add_main(struct builder *b)
{
	static const char links[] = "links in messages";
	static const char sites[] = "tracking on web sites";
	const struct mailauth_settings *s = b->s;
	struct mailauth_str name, from;

	for (int i = 0; i < MAIN_KEYS; i++)
		note_address(b, main_key((enum main_key)i), &s->main_addr[i]);
	add_host(b, s->main[MAIN_WEBCONTROL_HOSTNAME],
	    MAIN_WEBCONTROL_PUBLIC_IP, "admin panel",
	    main_key(MAIN_WEBCONTROL_HOSTNAME));
	name = tracking_name(b, &from);
	add_host(b, name, MAIN_TRACKING_PUBLIC_IP, links, from);
	add_host(b, s->main[MAIN_COOKIESAVER_PUBLIC_HOSTNAME],
	    MAIN_COOKIESAVER_PUBLIC_IP, sites,
	    main_key(MAIN_COOKIESAVER_PUBLIC_HOSTNAME));
	for (const struct entry *e = s->list[LIST_TRACKING]; e != NULL;
	     e = e->next)
		add_host(b, e->value[FIELD_NAME], MAIN_TRACKING_PUBLIC_IP,
		    links, e->path);
	for (const struct route *r = s->routes; r != NULL; r = r->next)
		add_host(b, r->tracking, MAIN_TRACKING_PUBLIC_IP, links,
		    r->path);
	for (const struct entry *e = s->list[LIST_WEBSITE]; e != NULL;
	     e = e->next)
		add_host(b, e->value[FIELD_NAME], MAIN_COOKIESAVER_PUBLIC_IP,
		    sites, e->path);
}

/* Address and PTR record of each sending host. */
static void
add_nodes(struct builder *b)
{
	for (const struct entry *e = b->s->list[LIST_NODES]; e != NULL;
	     e = e->next) {
		struct mailauth_str host = e->value[FIELD_HOST];
		struct writer w = text(b);

		note_address(b, e->path, &e->addr);
		if (host.n == 0) {
			note(b, e->path,
			    " has no host: its A and PTR records, and MX, "
			    "cannot be told");
			continue;
		}
		if (!is_fit(b, &e->addr))
			continue;
		add_address(b,
		    &(const struct plan_record){ .owner = host,
		        .why = e->path,
		        .from = STR("its host and ip") },
		    &e->addr, PLAN_EXACT);
		put_addr_reverse(&w, &e->addr);
		add(b,
		    (struct planned_record){
		        .record = { .owner = writer_str(&w),
		            .rrtype = RRTYPE_PTR,
		            .data = host,
		            .why = e->path,
		            .from = STR("its ip and host") },
		        .sort = PLAN_EXACT,
		        .host = host });
	}
}

/* The first node of a route that has a host name and can be reached. */
static const struct entry *
first_host(const struct builder *b, const struct route *r)
{
	for (size_t i = 0; i < r->nnodes; i++)
		if (r->nodes[i]->value[FIELD_HOST].n > 0 &&
		    is_fit(b, &r->nodes[i]->addr))
			return r->nodes[i];
	return NULL;
}

/* Add an MX: bounces and reports arrive at the first sending host. In DNS any
 * MX of the domain will do. */
static void
add_mx(struct builder *b, struct mailauth_str owner, const struct route *r,
    const char *what)
{
	const struct entry *node = first_host(b, r);
	struct writer w = text(b);

	if (node == NULL || owner.n == 0 ||
	    plan_first(b->plan, owner, RRTYPE_MX) != NULL)
		return;
	put_text(&w, "10 ");
	put_str(&w, node->value[FIELD_HOST]);
	add(b,
	    (struct planned_record){
	        .record = { .owner = owner,
	            .rrtype = RRTYPE_MX,
	            .data = writer_str(&w),
	            .why = str_of(what),
	            .from = from_both(b, r->path, node->path) },
	        .sort = PLAN_ANY,
	        .host = node->value[FIELD_HOST] });
}

/* Add an address of the From domain, since receivers expect one; in DNS any
 * address will do. IPv4 is preferred. */
static void
add_apex(struct builder *b, const struct route *r)
{
	const struct entry *node = NULL;

	for (size_t i = 0; i < r->nnodes; i++)
		if (is_fit(b, &r->nodes[i]->addr) &&
		    (node == NULL ||
		        (node->addr.family != 4 &&
		            r->nodes[i]->addr.family == 4)))
			node = r->nodes[i];
	if (node == NULL || plan_first(b->plan, r->from, RRTYPE_A) != NULL ||
	    plan_first(b->plan, r->from, RRTYPE_AAAA) != NULL)
		return;
	add_address(b,
	    &(const struct plan_record){ .owner = r->from,
	        .why = STR("From domain; that of its web site does as well"),
	        .from = from_both(b, r->path, node->path) },
	    &node->addr, PLAN_ANY);
}

/* SPF. */

/* Settings that the record of a name says it comes from. */
#define SPF_SOURCES_MAX 5

/* The addresses of one name that sends. */
struct spf_set {
	struct spf_set *next;
	struct mailauth_str owner, why;
	/** The settings that ask for it, each once; the last one may be
	 * "others". */
	struct mailauth_str from[SPF_SOURCES_MAX];
	size_t nfrom;
	struct spf_address *addresses, **end;
};

struct spf_sets {
	struct spf_set *first, **end;
};

static void
add_source(struct spf_set *s, struct mailauth_str path)
{
	for (size_t i = 0; i < s->nfrom; i++)
		if (str_eq(s->from[i], path))
			return;
	if (s->nfrom < SPF_SOURCES_MAX)
		s->from[s->nfrom++] = path;
	else
		s->from[SPF_SOURCES_MAX - 1] = STR("others");
}

/* Add an address to the set of a name, once. A name of one label gets no SPF
 * record. The set of a name may stay empty: its record in DNS may have to
 * change all the same. */
static void
spf_let(struct builder *b, struct spf_sets *sets, const struct spf_set *like,
    const struct entry *node)
{
	struct mailauth_str owner = like->owner;
	const struct addr *addr = &node->addr;
	struct spf_address *one;
	struct spf_set *s;

	if (owner.n == 0 || dname_labels(owner) < 2)
		return;
	for (s = sets->first; s != NULL && !str_eq(s->owner, owner);)
		s = s->next;
	if (s == NULL) {
		s = arena_alloc(b->arena, sizeof(*s));
		if (s == NULL)
			return;
		*s = *like;
		s->nfrom = 0;
		s->end = &s->addresses;
		*sets->end = s;
		sets->end = &s->next;
	}
	for (size_t i = 0; i < like->nfrom; i++)
		add_source(s, like->from[i]);
	if (!is_fit(b, addr))
		return;
	add_source(s, node->path);
	for (one = s->addresses; one != NULL; one = one->next)
		if (addr_eq(&one->addr, addr))
			return;
	one = arena_alloc(b->arena, sizeof(*one));
	if (one == NULL)
		return;
	one->addr = *addr;
	*s->end = one;
	s->end = &one->next;
}

static void
put_ip(struct writer *w, const struct addr *addr)
{
	put_text(w, addr->family == 6 ? " ip6:" : " ip4:");
	put_addr(w, addr);
}

static struct planned_record *
add_spf(struct builder *b, const struct spf_set *s, struct mailauth_str owner,
    struct mailauth_str data, enum plan_sort sort)
{
	struct writer w = text(b);

	for (size_t i = 0; i < s->nfrom; i++) {
		put_text(&w, i > 0 ? ", " : "");
		put_str(&w, s->from[i]);
	}
	return add(b,
	    (struct planned_record){ .record = { .owner = owner,
	                                 .rrtype = RRTYPE_TXT,
	                                 .data = data,
	                                 .why = s->why,
	                                 .from = writer_str(&w) },
	        .sort = sort,
	        .addresses = s->addresses });
}

/* Spread many addresses over records _spf1, _spf2 and so on, which the record
 * of the name includes. */
static void
add_parts(struct builder *b, const struct spf_set *s)
{
	struct planned_record *parts[SPF_PARTS_MAX], *whole;
	const struct spf_address *one = s->addresses;
	struct writer w = text(b);
	size_t n = 0;

	put_text(&w, "v=spf1");
	while (one != NULL && n < SPF_PARTS_MAX) {
		struct writer part = text(b), name = text(b);
		struct mailauth_str owner;

		put_text(&part, "v=spf1");
		for (; one != NULL && part.used < SPF_PART_MAX; one = one->next)
			put_ip(&part, &one->addr);
		put_text(&part, " ~all");
		put_text(&name, "_spf");
		put_number(&name, n + 1);
		owner = below(b, writer_str(&name), s->owner);
		if (owner.n == 0)
			break;
		put_text(&w, " include:");
		put_str(&w, str_sub(owner, 0, owner.n - 1));
		parts[n] =
		    add_spf(b, s, owner, writer_str(&part), PLAN_SPF_PART);
		if (parts[n++] == NULL)
			return;
	}
	put_text(&w, " ~all");
	if (one != NULL)
		note(b, s->owner,
		    " has more addresses than SPF has lookups for: give them "
		    "as networks");
	whole = add_spf(b, s, s->owner, writer_str(&w), PLAN_SPF);
	for (size_t i = n; i > 0 && whole != NULL; i--) {
		parts[i - 1]->whole = whole;
		parts[i - 1]->next_part = whole->parts;
		whole->parts = parts[i - 1];
	}
}

static void
add_spf_set(struct builder *b, const struct spf_set *s)
{
	struct writer w = text(b);
	struct planned_record *p;

	if (s->addresses == NULL && !b->wishes->compare)
		return;
	put_text(&w, "v=spf1");
	for (const struct spf_address *one = s->addresses; one != NULL;
	     one = one->next)
		put_ip(&w, &one->addr);
	put_text(&w, " ~all");
	if (w.used > SPF_PART_MAX + 60)
		add_parts(b, s);
	else if ((p = add_spf(b, s, s->owner, writer_str(&w), PLAN_SPF)) !=
	    NULL)
		p->record.idle = s->addresses == NULL;
}

/* The route may send from the node: it is in the route, or is another address
 * of a host in the route. A host may send from any of its addresses. */
static bool
may_send(const struct route *r, const struct entry *node)
{
	for (size_t i = 0; i < r->nnodes; i++)
		if (r->nodes[i] == node ||
		    (node->value[FIELD_HOST].n > 0 &&
		        str_eq(r->nodes[i]->value[FIELD_HOST],
		            node->value[FIELD_HOST])))
			return true;
	return false;
}

/* Add the addresses of a route at all names whose SPF a receiver checks: From
 * domain, MAIL FROM, and the SPF domain of the pool. */
static void
let_route(struct builder *b, struct spf_sets *sets, const struct route *r)
{
	bool by_ptr = r->type == FROM_PTR && r->mail_from.n == 0;
	struct spf_set like = { .from = { r->path }, .nfrom = 1 };

	for (const struct entry *e = b->s->list[LIST_NODES]; e != NULL;
	     e = e->next) {
		if (!may_send(r, e))
			continue;
		like.owner = r->from;
		like.why = STR("SPF of the From domain");
		spf_let(b, sets, &like, e);
		like.owner = by_ptr ? e->value[FIELD_HOST] : r->mail_from;
		like.why = STR("SPF of MAIL FROM");
		spf_let(b, sets, &like, e);
		like.owner = r->spf_domain;
		like.why = STR("SPF domain of a pool");
		spf_let(b, sets, &like, e);
	}
}

static void
add_spfs(struct builder *b)
{
	struct spf_sets sets = { NULL, &sets.first };

	for (const struct route *r = b->s->routes; r != NULL; r = r->next)
		let_route(b, &sets, r);
	for (const struct entry *e = b->s->list[LIST_NODES]; e != NULL;
	     e = e->next) {
		const struct spf_set like = { .owner = e->value[FIELD_HOST],
			.why = STR("SPF of the name that a node greets with"),
			.from = { e->path },
			.nfrom = 1 };

		spf_let(b, &sets, &like, e);
	}
	for (const struct spf_set *s = sets.first; s != NULL; s = s->next)
		add_spf_set(b, s);
}

/* DKIM. */

/* The selector without "._domainkey" and what follows, in case the settings
 * have a whole owner. */
static struct mailauth_str
selector_of(const struct signing *s)
{
	size_t at = str_ifind(s->selector, STR("._domainkey"));

	return str_sub(s->selector, 0, at);
}

static struct mailauth_str
key_text(const struct builder *b, struct mailauth_str spki)
{
	struct writer w = text(b);
	struct key key;

	key_decode((const uint8_t *)spki.s, spki.n, &key);
	put_text(&w, "v=DKIM1; k=");
	put_text(&w, key.point != NULL ? "ed25519" : "rsa");
	put_text(&w, "; p=");
	return put_key_p(&w, &key) && !w.full ? writer_str(&w) : STR_NONE;
}

/* Judge the record as a check does, and add its warnings and failures as
 * notes. */
static void
judge_key(struct builder *b, struct mailauth_str owner,
    struct mailauth_str data)
{
	static const struct mailauth_parse_options how = { .kind = "dkim" };
	char why[MAILAUTH_WHY_MAX];
	enum mailauth_status status;
	struct mailauth_report *r;

	status = mailauth_parse(&how, data.s, data.n, &r, why);
	if (status == MAILAUTH_ENOMEM)
		b->arena->failed = true;
	if (status != MAILAUTH_OK)
		return;
	for (size_t i = 0; i < mailauth_report_findings(r); i++) {
		const struct mailauth_finding_view *f =
		    mailauth_report_finding(r, i);
		struct writer w = text(b);

		if (f == NULL)
			b->arena->failed = true;
		if (f == NULL || f->severity < MAILAUTH_WARN)
			continue;
		put_text(&w, " TXT: ");
		put_text(&w, f->code);
		put_text(&w, ": ");
		put_text(&w, f->message);
		put_char(&w, '\0');
		if (!w.full)
			note(b, owner, w.buf);
	}
	mailauth_report_free(r);
}

/* Add the DKIM record of a signing key. A selector has one key: a second one
 * gets a note. */
static void
add_key(struct builder *b, const struct route *r, const struct signing *s)
{
	struct mailauth_str selector = selector_of(s), owner, data;
	const struct planned_record *there;
	bool underscore;

	if (s->selector.n == 0)
		return;
	owner = dkim_selector_ok(selector, &underscore) ?
	    below(b, selector, below(b, STR("_domainkey"), s->domain)) :
	    STR_NONE;
	if (owner.n == 0) {
		note(b, r->path, " has a selector that is not usable");
		return;
	}
	if (s->entry == NULL || s->entry->spki.n == 0) {
		note(b, owner, " TXT: its key is not in the settings");
		return;
	}
	data = key_text(b, s->entry->spki);
	there = plan_first(b->plan, owner, RRTYPE_TXT);
	if (there != NULL && !str_eq(there->record.data, data)) {
		note(b, owner,
		    " TXT: two keys are set for one selector: the first one is "
		    "planned");
		return;
	}
	judge_key(b, owner, data);
	add(b,
	    (struct planned_record){
	        .record = { .owner = owner,
	            .rrtype = RRTYPE_TXT,
	            .data = data,
	            .why = s->entry->path,
	            .from = from_both(b, STR("its selector"), r->path) },
	        .sort = PLAN_DKIM,
	        .spki = s->entry->spki });
}

static bool
is_rsa(const struct signing *s)
{
	struct key key;

	if (s->selector.n == 0 || s->entry == NULL || s->entry->spki.n == 0)
		return false;
	key_decode((const uint8_t *)s->entry->spki.s, s->entry->spki.n, &key);
	return key.point == NULL;
}

/* Add a note when a domain signs with Ed25519 keys only. */
static void
note_ed25519(struct builder *b, const struct route *r)
{
	bool any = false, rsa = false;

	for (const struct route *o = b->s->routes; o != NULL; o = o->next) {
		if (!str_eq(o->from, r->from))
			continue;
		any = any || (o->dkim.entry != NULL && o->dkim.entry->spki.n);
		rsa = rsa || is_rsa(&o->dkim) || is_rsa(&o->secondary);
	}
	if (any && !rsa)
		note(b, r->from,
		    " signs with Ed25519 alone: many receivers cannot verify "
		    "that; sign with RSA as well");
}

/* DMARC. */

/* Add the DMARC record at the organizational domain, from which all its names
 * inherit. With a record at a name below only, receivers of RFC 9989 and of RFC
 * 7489 see different organizations. Reports to another organization need its
 * consent, which is planned too. */
static void
add_dmarc(struct builder *b, const struct route *r)
{
	const struct plan_wishes *wishes = b->wishes;
	struct mailauth_str ours = org_domain(b->orgs, r->from);
	struct mailauth_str domain = ours.n > 0 ? ours : r->from;
	struct mailauth_str owner = below(b, STR("_dmarc"), domain);
	struct mailauth_str host = wishes->rua_host, theirs;
	struct writer w = text(b);
	struct planned_record *there =
	    owner.n > 0 ? plan_first(b->plan, owner, RRTYPE_TXT) : NULL;

	if (there != NULL && !str_eq(r->from, domain))
		there->below = true;
	if (owner.n == 0 || there != NULL)
		return;
	put_text(&w, "v=DMARC1; p=");
	put_text(&w, dmarc_policy_name(wishes->dmarc));
	put_text(&w, "; rua=mailto:");
	if (wishes->rua.n > 0) {
		put_str(&w, wishes->rua);
	} else {
		put_text(&w, "report@");
		put_str(&w, str_sub(r->from, 0, r->from.n - 1));
	}
	add(b,
	    (struct planned_record){
	        .record = { .owner = owner,
	            .rrtype = RRTYPE_TXT,
	            .data = writer_str(&w),
	            .why = STR("DMARC; the mailbox for reports has to be "
	                       "there"),
	            .from = r->path },
	        .sort = PLAN_DMARC,
	        .domain = domain,
	        .below = !str_eq(r->from, domain) });
	theirs = org_domain(b->orgs, host);
	if (host.n == 0 || dname_under(host, domain) ||
	    (ours.n > 0 && str_eq(ours, theirs)))
		return;
	add(b,
	    (struct planned_record){
	        .record = { .owner = below(b, str_sub(domain, 0, domain.n - 1),
	                        below(b, STR("_report._dmarc"), host)),
	            .rrtype = RRTYPE_TXT,
	            .data = STR("v=DMARC1"),
	            .why = STR("consent to reports for another domain"),
	            .from = STR("the address for reports") },
	        .sort = PLAN_CONSENT });
}

struct plan_report *
plan_make(struct arena *a, const struct orgdomains *orgs,
    const struct mailauth_settings *s, const struct plan_wishes *wishes)
{
	struct plan_report *plan = arena_alloc(a, sizeof(*plan));
	struct builder b = { a, orgs, s, wishes, plan };

	if (plan == NULL)
		return NULL;
	plan->index =
	    arena_alloc(a, INDEX_SIZE * sizeof(struct planned_record *));
	if (plan->index == NULL)
		return NULL;
	plan->zones_end = &plan->zones;
	plan->notes_end = &plan->notes;
	plan->ttl = wishes->ttl;
	for (const struct warning *w = s->warnings; w != NULL; w = w->next)
		note(&b, str_of(w->text), "");
	if (s->count[LIST_NODES] == 0)
		note(&b, STR("nodes"),
		    ": there are none: SPF, MX, A and PTR records of senders "
		    "cannot be told");
	if (s->nroutes == 0)
		note(&b, STR("senders"),
		    ": there are none: SPF, DKIM and DMARC records cannot be "
		    "told");
	add_main(&b);
	add_nodes(&b);
	for (const struct route *r = s->routes; r != NULL; r = r->next) {
		add_apex(&b, r);
		add_mx(&b, r->from, r,
		    "From domain; any other MX does as well");
		add_mx(&b, r->mail_from, r, "bounces");
		add_mx(&b, r->spf_domain, r, "bounces");
	}
	add_spfs(&b);
	for (const struct route *r = s->routes; r != NULL; r = r->next) {
		add_key(&b, r, &r->dkim);
		add_key(&b, r, &r->secondary);
		note_ed25519(&b, r);
		add_dmarc(&b, r);
	}
	if (plan->lacks)
		plan->result = MAILAUTH_RESULT_FAIL;
	return a->failed ? NULL : plan;
}
