/*
 * whole.c - faults of a zone that no single line has
 * SPDX-License-Identifier: BSD-3-Clause
 */
#include "zone/whole.h"

#include "record/kind.h"
#include "record/rrtype.h"
#include "record/txt.h"
#include "zone/packet.h"

/* Types whose data have the name of a host: where it is. */
static const struct target {
	uint16_t type;
	uint8_t field; /* of the line, behind the type */
	uint8_t at; /* octets of the data in front of it */
} targets[] = {
	{ RRTYPE_NS, 0, 0 },
	{ RRTYPE_CNAME, 0, 0 },
	{ RRTYPE_SOA, 0, 0 },
	{ RRTYPE_PTR, 0, 0 },
	{ RRTYPE_MX, 1, 2 },
	{ ZONE_TYPE_SRV, 3, 6 },
	{ RRTYPE_DNAME, 0, 0 },
};

/* Labels that end names everywhere. */
static const struct mailauth_str tops[] = {
	STR_INIT("com"),
	STR_INIT("net"),
	STR_INIT("org"),
	STR_INIT("info"),
	STR_INIT("edu"),
	STR_INIT("gov"),
	STR_INIT("cloud"),
	STR_INIT("email"),
};

static const struct target *
target_of(uint16_t type)
{
	for (size_t i = 0; i < sizeof(targets) / sizeof(targets[0]); i++)
		if (targets[i].type == type)
			return &targets[i];
	return NULL;
}

static void
tell(const struct zone_whole *w, const struct zone_fault *fault)
{
	if (w->reading->fault != NULL)
		w->reading->fault(w->reading->user, fault);
}

/* A record is at fault that is in the index. */
static void
tell_record(const struct zone_whole *w, enum mailauth_finding_id id,
    const struct zone_node *node, uint16_t type, const struct zone_record *r,
    const char *detail)
{
	struct dname owner;

	zone_node_name(&w->ix->zone, node, &owner);
	tell(w,
	    &(struct zone_fault){ .id = id,
	        .place = { r->file, r->line, r->column, 0 },
	        .detail = detail,
	        .owner = &owner,
	        .type = type });
}

/* A clause that ends in the line of a record. */
struct clause {
	char text[128];
};

static struct clause
with_line(const char *words, const struct zone_record *r)
{
	struct clause c;
	struct writer w = writer_of(c.text, sizeof(c.text) - 1);

	put_text(&w, words);
	put_text(&w, " in line ");
	put_number(&w, r->line);
	c.text[w.used] = '\0';
	return c;
}

/* The labels of a name in front of the zone, as a name. */
static struct dname
front_of(const struct zone_whole *w, const struct dname *name)
{
	struct dname front = *name;

	front.len = (uint8_t)(name->len - w->ix->origin.len + 1);
	front.wire[front.len - 1] = 0;
	return front;
}

/* The zone's name is in a name twice at its end. */
static bool
has_twice(const struct zone_whole *w, const struct dname *name)
{
	const struct dname *origin = &w->ix->origin;
	struct dname front;

	if (origin->len == 1 || name->len < origin->len * 2 - 1 ||
	    !zone_name_under(name, origin))
		return false;
	front = front_of(w, name);
	return zone_name_under(&front, origin);
}

/* So it is by mistake: zones of one label have names like org.org. */
static bool
is_doubled(const struct zone_whole *w, const struct dname *name)
{
	return w->ix->origin.wire[0] + 2 != w->ix->origin.len &&
	    has_twice(w, name);
}

/* A name that has the zone's name appended: say what it became, and what it was
 * to be. */
static void
tell_appended(const struct zone_whole *w, struct zone_fault *fault,
    const struct dname *name, const char *behind)
{
	char detail[DNAME_TEXT_MAX + 64], remedy[DNAME_TEXT_MAX];
	struct writer d = writer_of(detail, sizeof(detail) - 1);
	struct writer r = writer_of(remedy, sizeof(remedy));
	struct dname front = front_of(w, name);

	put_text(&d, "it became ");
	put_dname(&d, name);
	put_text(&d, behind);
	detail[d.used] = '\0';
	put_dname(&r, &front);
	fault->detail = detail;
	fault->remedy = writer_str(&r);
	tell(w, fault);
}

/* The text of a field ends as the zone does, with or without a final dot. */
static bool
says_zone(const struct zone_whole *w, struct mailauth_str text)
{
	struct dname name;

	return dname_parse(text, &name) == DNAME_OK &&
	    zone_name_under(&name, &w->ix->origin);
}

static void
look_at_owner(const struct zone_whole *w, const struct zone_rr *rr)
{
	const struct zone_field *f = &rr->entry->fields[0];
	struct zone_fault fault = {
		.id = MAILAUTH_F_ZONE_NAME_DOUBLED,
		.place = rr->place,
		.text = f->text,
		.owner = rr->owner,
		.type = rr->type,
	};

	/* An $ORIGIN that does it has a fault of its own. */
	if (rr->written && is_doubled(w, rr->owner) && says_zone(w, f->text))
		tell_appended(w, &fault, rr->owner, "");
}

static bool
read_target(const struct target *t, const uint8_t *rdata, size_t n,
    struct dname *out)
{
	struct cursor c = cursor_of(rdata, n);

	cursor_take(&c, t->at);
	return dname_read(&c, false, out);
}

static void
look_at_target(const struct zone_whole *w, const struct zone_rr *rr)
{
	const struct target *t = target_of(rr->type);
	struct zone_fault fault = {
		.id = MAILAUTH_F_ZONE_NAME_DOUBLED,
		.owner = rr->owner,
		.type = rr->type,
	};
	const struct zone_field *f;
	struct dname name;

	if (t == NULL || rr->data + t->field >= rr->entry->n ||
	    !read_target(t, rr->rdata, rr->n, &name) || !is_doubled(w, &name))
		return;
	f = &rr->entry->fields[rr->data + t->field];
	if (!says_zone(w, f->text))
		return;
	fault.place = zone_rr_place(rr, f);
	fault.text = f->text;
	tell_appended(w, &fault, &name, "");
}

/* The SOA record of a name that lacks its final dot: the zone has it all the
 * same, so that the rest can be looked at. */
static bool
is_soa_of_doubled(const struct zone_whole *w, const struct zone_rr *rr)
{
	const struct dname *origin = &w->ix->origin;

	return rr->type == RRTYPE_SOA && has_twice(w, rr->owner) &&
	    rr->owner->len == 2 * origin->len - 1 &&
	    zone_rrset(w->ix->zone.apex, RRTYPE_SOA) == NULL;
}

/* Labels of a name that are below the zone of all reverse names (`arpa`), if
 * each is a number up to 255, or for IPv6 one hexadecimal digit. False: some
 * label is something else. */
static bool
is_numeric(const struct dname *name, bool four, unsigned *labels, bool *fits)
{
	size_t at = 0;

	*labels = 0;
	*fits = true;
	for (; name->wire[at + name->wire[at] + 1] != 0; ++*labels) {
		struct mailauth_str s = { (const char *)name->wire + at + 1,
			name->wire[at] };
		uint32_t v;

		if (name->wire[at] == 7 && str_ieq(s, STR("in-addr")))
			return true;
		if (name->wire[at] == 3 && str_ieq(s, STR("ip6")))
			return true;
		if (four && !str_number(s, UINT32_MAX, &v))
			return false;
		if (!four && hex_value(s.s[0]) < 0)
			return false;
		if (four ? v > 255 || s.n > 3 : s.n > 1)
			*fits = false;
		at += s.n + 1;
	}
	return false;
}

/* The zone has reverse names: of IPv4 or of IPv6. */
static bool
is_reverse(const struct dname *origin, bool *four)
{
	static const struct dname arpa4 = { .wire = "\7in-addr\4arpa",
		.len = 14 };
	static const struct dname arpa6 = { .wire = "\3ip6\4arpa", .len = 10 };

	*four = zone_name_under(origin, &arpa4);
	return *four || zone_name_under(origin, &arpa6);
}

static void
tell_added(const struct zone_whole *w, const struct zone_rr *rr,
    enum mailauth_finding_id id, const char *detail)
{
	tell(w,
	    &(struct zone_fault){ .id = id,
	        .place = rr->place,
	        .detail = detail,
	        .owner = rr->owner,
	        .type = rr->type });
}

/* The records of a set have the same TTL (RFC 2181 5.2); those of RRSIG have
 * that of what they cover. */
static void
look_at_ttl(const struct zone_whole *w, const struct zone_rr *rr,
    struct zone_rrset *set)
{
	struct clause c;

	if (rr->type == RRTYPE_RRSIG || set->uneven ||
	    rr->ttl == set->records->ttl)
		return;
	set->uneven = true;
	c = with_line("another TTL is", set->records);
	tell_added(w, rr, MAILAUTH_F_ZONE_TTL_DIFFERS, c.text);
}

static bool
add(struct zone_whole *w, const struct zone_rr *rr)
{
	struct zone_rrset *set;
	struct clause c;

	switch (zone_index_add(w->ix, rr, &set)) {
	case ZONE_ADDED: look_at_ttl(w, rr, set); break;
	case ZONE_ADDED_TWICE:
		/* A zone that was transferred ends in its SOA record. */
		if (rr->type == RRTYPE_SOA)
			break;
		c = with_line("the other one is", w->ix->twin);
		tell_added(w, rr, MAILAUTH_F_ZONE_DUPLICATE, c.text);
		break;
	case ZONE_ADDED_OUTSIDE:
		tell_added(w, rr, MAILAUTH_F_ZONE_OUTSIDE, NULL);
		break;
	case ZONE_ADDED_LIMIT:
		tell_added(w, rr, MAILAUTH_F_LIMIT_REACHED,
		    "the names have over a million others above them");
		break;
	case ZONE_ADDED_NOT: return false;
	}
	return true;
}

/* A PTR record at a name that no address has, or whose host got the zone's name
 * appended. Names of services (RFC 6763) may have any target. */
static void
look_at_ptr(const struct zone_whole *w, const struct zone_rr *rr)
{
	struct zone_fault fault = {
		.id = MAILAUTH_F_ZONE_NAME_DOUBLED,
		.owner = rr->owner,
		.type = rr->type,
	};
	struct dname target;
	unsigned labels;
	bool four, fits;

	if (rr->type != RRTYPE_PTR || !is_reverse(&w->ix->origin, &four) ||
	    rr->data >= rr->entry->n ||
	    !zone_name_under(rr->owner, &w->ix->origin) ||
	    rr->owner->wire[1] == '_' ||
	    (rr->owner->len > w->ix->origin.len &&
	        rr->owner->wire[rr->owner->wire[0] + 2] == '_'))
		return;
	if (is_numeric(rr->owner, four, &labels, &fits) &&
	    (!fits || labels > (four ? 4 : 32) || (!four && labels < 32)))
		tell_added(w, rr, MAILAUTH_F_ZONE_REVERSE_NAME, NULL);
	if (!read_target(target_of(rr->type), rr->rdata, rr->n, &target) ||
	    target.len == w->ix->origin.len ||
	    !zone_name_under(&target, &w->ix->origin) ||
	    says_zone(w, rr->entry->fields[rr->data].text))
		return;
	fault.text = rr->entry->fields[rr->data].text;
	fault.place = zone_rr_place(rr, &rr->entry->fields[rr->data]);
	tell_appended(w, &fault, &target, "");
}

bool
zone_whole_add(struct zone_whole *w, const struct zone_rr *rr)
{
	struct zone_rr mended = *rr;

	if (is_soa_of_doubled(w, rr)) {
		struct zone_fault fault = {
			.id = MAILAUTH_F_ZONE_SOA_NAME,
			.place = rr->place,
			.text = rr->entry->fields[0].text,
			.owner = &w->ix->origin,
			.type = RRTYPE_SOA,
		};

		tell_appended(w, &fault, rr->owner, "");
		mended.owner = &w->ix->origin;
		return add(w, &mended);
	}
	look_at_owner(w, rr);
	look_at_target(w, rr);
	look_at_ptr(w, rr);
	return add(w, rr);
}

/* The addresses of name servers are glue (RFC 1034 4.2.1). */
static void
mark_glue(struct zone_whole *w, const struct zone_node *cut)
{
	const struct zone_record *r = zone_rrset(cut, RRTYPE_NS)->records;

	for (; r != NULL; r = r->next) {
		struct cursor c = cursor_of(r->rdata, r->n);
		struct dname host;

		if (dname_read(&c, false, &host))
			zone_index_mark(w->ix, &host, ZONE_MARK_GLUE);
	}
}

/* A set that may be at a delegation, or below it. */
static bool
may_be_at_cut(const struct zone_node *node, uint16_t type)
{
	bool at = (node->marks & ZONE_MARK_HIDDEN) == 0;

	switch (type) {
	case RRTYPE_A:
	case RRTYPE_AAAA: return (node->marks & ZONE_MARK_GLUE) != 0;
	case RRTYPE_NS:
	case RRTYPE_DS:
	case ZONE_TYPE_NSEC: return at;
	case RRTYPE_RRSIG: return true;
	default: return false;
	}
}

/* The set has to do with mail: addresses and names of hosts below a delegation
 * are often kept, and do no harm. */
static bool
is_of_mail(const struct zone_whole *w, const struct zone_node *node,
    const struct zone_rrset *set)
{
	char room[DNAME_TEXT_MAX], text[UINT16_MAX];
	struct writer out = writer_of(room, sizeof(room));
	const struct mailauth_kind *kind;
	struct dname owner;

	if (set->type == RRTYPE_MX || set->type == RRTYPE_TLSA)
		return true;
	if (set->type != RRTYPE_TXT && set->type != RRTYPE_CNAME)
		return false;
	zone_node_name(&w->ix->zone, node, &owner);
	put_dname(&out, &owner);
	kind = kind_of_owner(writer_str(&out), RRTYPE_TXT);
	if (kind != NULL && strcmp(kind->owner, "@") != 0)
		return true;
	for (const struct zone_record *r = set->records;
	     r != NULL && set->type == RRTYPE_TXT; r = r->next) {
		const struct mailauth_rdata rr = { r->rdata, r->n };
		struct txt txt;

		if (txt_join(&rr, text, sizeof(text), &txt) &&
		    kind_of_text(txt.text) != NULL)
			return true;
	}
	return false;
}

/* Records that an authority does not answer with. */
static void
look_at_hidden(const struct zone_whole *w, const struct zone_node *node)
{
	const struct zone_node *top = node;
	bool dname;

	while ((top->marks & ZONE_MARK_HIDDEN) != 0)
		top = top->parent;
	dname = (top->marks & ZONE_MARK_CUT) == 0;
	for (const struct zone_rrset *s = node->rrsets; s != NULL; s = s->next)
		if (dname)
			tell_record(w, MAILAUTH_F_ZONE_BELOW_DNAME, node,
			    s->type, s->records, NULL);
		else if (!may_be_at_cut(node, s->type) &&
		    is_of_mail(w, node, s))
			tell_record(w, MAILAUTH_F_ZONE_BELOW_DELEGATION, node,
			    s->type, s->records, NULL);
}

/* Types that may be beside a CNAME record (RFC 4034 2.5, RFC 2535 2.3.5). */
static bool
may_be_beside(uint16_t type)
{
	return type == RRTYPE_CNAME || type == RRTYPE_RRSIG ||
	    type == ZONE_TYPE_NSEC || type == ZONE_TYPE_NSEC3 ||
	    type == ZONE_TYPE_SIG || type == ZONE_TYPE_KEY ||
	    type == ZONE_TYPE_NXT;
}

static void
look_at_aliases(const struct zone_whole *w, const struct zone_node *node)
{
	const struct zone_rrset *cname = zone_rrset(node, RRTYPE_CNAME);
	struct clause c;

	for (const struct zone_rrset *s = node->rrsets; s != NULL;
	     s = s->next) {
		const struct zone_record *second = s->records->next;

		if ((s->type != RRTYPE_CNAME && s->type != RRTYPE_DNAME) ||
		    second == NULL)
			continue;
		c = with_line("the first one is", s->records);
		tell_record(w, MAILAUTH_F_ZONE_CNAME_TWICE, node, s->type,
		    second, c.text);
	}
	for (const struct zone_rrset *s = cname != NULL ? node->rrsets : NULL;
	     s != NULL; s = s->next) {
		if (may_be_beside(s->type))
			continue;
		c = with_line("the other record is", s->records);
		tell_record(w, MAILAUTH_F_ZONE_CNAME_BESIDE, node, RRTYPE_CNAME,
		    cname->records, c.text);
		break;
	}
}

/* The records of a set fit into a message. */
static void
look_at_size(const struct zone_whole *w, const struct zone_node *node,
    const struct zone_rrset *set, struct arena *a)
{
	size_t octets = 0;
	struct zone_packet *p;
	struct dname owner;
	uint8_t *out;

	for (const struct zone_record *r = set->records; r != NULL; r = r->next)
		octets += (size_t)r->n + 12;
	if (octets <= ZONE_ANSWER_MAX - DNAME_WIRE_MAX - 16)
		return;
	p = arena_alloc(a, sizeof(*p));
	out = arena_alloc(a, ZONE_ANSWER_MAX);
	if (p == NULL || out == NULL)
		return;
	zone_node_name(&w->ix->zone, node, &owner);
	zone_packet_start(p, out, ZONE_ANSWER_MAX, &owner, set->type);
	zone_packet_put(p, ZONE_SECTION_ANSWER,
	    &(struct zone_put){ .owner = &owner, .set = set });
	if (p->cut)
		tell_record(w, MAILAUTH_F_ZONE_RRSET_TOO_LARGE, node, set->type,
		    set->records, NULL);
	arena_free(a);
}

/* A label that ends names of other zones: of a country, or a well-known one, or
 * that of this zone. */
static bool
is_top(const struct zone_whole *w, const uint8_t *label)
{
	const struct dname *origin = &w->ix->origin;
	struct mailauth_str s = { (const char *)label + 1, label[0] };
	const uint8_t *last = origin->wire;

	while (last[0] != 0 && last[last[0] + 1] != 0)
		last += last[0] + 1;
	if (s.n == last[0] && memcmp(label, last, s.n + 1) == 0)
		return true;
	for (size_t i = 0; i < sizeof(tops) / sizeof(tops[0]); i++)
		if (str_eq(s, tops[i]))
			return true;
	return s.n == 2 && is_alpha(s.s[0]) && is_alpha(s.s[1]);
}

/* A name in the zone that is not there, and looks like one of another zone
 * whose final dot is missing: mail.example.net.example.com. */
static bool
is_foreign(const struct zone_whole *w, const struct dname *name)
{
	static const uint8_t star[] = { 1, '*' };
	const struct zone_index *ix = w->ix;
	const uint8_t *label = name->wire;
	unsigned left = 0;

	if (ix->origin.len == 1 || is_doubled(w, name) ||
	    zone_index_find(ix, name, &left) != ix->zone.apex || left < 2 ||
	    (ix->zone.apex->marks & ZONE_MARK_DNAME) != 0 ||
	    zone_index_below(ix, ix->zone.apex, star) != NULL)
		return false;
	for (; left > 1; left--)
		label += label[0] + 1;
	return is_top(w, label);
}

/* The delegation or DNAME record that a node is at or below; NULL: the zone
 * answers for the node. */
static const struct zone_node *
end_of_zone(const struct zone_node *node)
{
	while ((node->marks & ZONE_MARK_HIDDEN) != 0)
		node = node->parent;
	return (node->marks & (ZONE_MARK_CUT | ZONE_MARK_DNAME)) != 0 ? node :
	                                                                NULL;
}

/* A name that the zone answers for and that does not exist in it. */
static bool
is_absent(const struct zone_whole *w, const struct dname *name)
{
	static const uint8_t star[] = { 1, '*' };
	const struct zone_node *at;
	unsigned left = 0;

	at = zone_index_find(w->ix, name, &left);
	return at != NULL && left > 0 && end_of_zone(at) == NULL &&
	    zone_index_below(w->ix, at, star) == NULL;
}

/* The name is one label. Zones of one label have such names. */
static bool
is_single(const struct zone_whole *w, const struct dname *name)
{
	const struct dname *origin = &w->ix->origin;

	return name->len > 1 && name->wire[0] + 2 == name->len &&
	    origin->len > 1 && origin->wire[0] + 2 != origin->len;
}

/* An alias that leads nowhere. */
static void
look_at_alias(const struct zone_whole *w, const struct zone_node *node,
    const struct zone_record *r, const struct dname *name)
{
	char detail[DNAME_TEXT_MAX];
	struct writer d = writer_of(detail, sizeof(detail) - 1);
	struct dname owner;
	struct zone_fault fault = {
		.id = is_single(w, name) ? MAILAUTH_F_ZONE_CNAME_LABEL :
		                           MAILAUTH_F_ZONE_CNAME_DANGLING,
		.place = { r->file, r->line, r->column, 0 },
		.detail = detail,
		.owner = &owner,
		.type = RRTYPE_CNAME,
		.target = name,
	};

	if ((node->marks & ZONE_MARK_HIDDEN) != 0 ||
	    (fault.id == MAILAUTH_F_ZONE_CNAME_DANGLING && !is_absent(w, name)))
		return;
	zone_node_name(&w->ix->zone, node, &owner);
	put_dname(&d, name);
	detail[d.used] = '\0';
	tell(w, &fault);
}

static void
look_at_targets(const struct zone_whole *w, const struct zone_node *node,
    const struct zone_rrset *set)
{
	const struct target *t = target_of(set->type);
	struct dname owner, name;

	for (const struct zone_record *r = t != NULL ? set->records : NULL;
	     r != NULL; r = r->next) {
		struct zone_fault fault = {
			.id = MAILAUTH_F_ZONE_NAME_DOUBLED,
			.place = { r->file, r->line, r->column, 0 },
			.owner = &owner,
			.type = set->type,
		};

		if (!read_target(t, r->rdata, r->n, &name) ||
		    is_doubled(w, &name))
			continue;
		if (is_foreign(w, &name)) {
			zone_node_name(&w->ix->zone, node, &owner);
			tell_appended(w, &fault, &name,
			    ", which does not exist");
		} else if (set->type == RRTYPE_CNAME) {
			look_at_alias(w, node, r, &name);
		}
	}
}

/* The node has addresses, or leads elsewhere. */
static bool
may_have_address(const struct zone_node *node)
{
	return zone_rrset(node, RRTYPE_A) != NULL ||
	    zone_rrset(node, RRTYPE_AAAA) != NULL ||
	    zone_rrset(node, RRTYPE_CNAME) != NULL;
}

/* A host in the zone that is to have an address in it, and has none: one that
 * the zone answers for, or one that only the delegation at `node` leads to. */
static bool
lacks_address(const struct zone_whole *w, const struct zone_node *node,
    const struct dname *host)
{
	static const uint8_t star[] = { 1, '*' };
	const struct zone_node *at, *end;
	unsigned left = 0;

	if (!zone_name_under(host, &w->ix->origin))
		return false;
	at = zone_index_find(w->ix, host, &left);
	end = end_of_zone(at);
	if (left == 0 && end == at && (at->marks & ZONE_MARK_CUT) == 0)
		end = NULL; /* a DNAME record leaves its own name alone */
	if (end != NULL && (end != node || (end->marks & ZONE_MARK_CUT) == 0))
		return false;
	if (left == 0)
		return !may_have_address(at);
	at = end == NULL ? zone_index_below(w->ix, at, star) : NULL;
	return at == NULL || !may_have_address(at);
}

static void
look_at_servers(const struct zone_whole *w, const struct zone_node *node,
    const struct zone_rrset *set)
{
	for (const struct zone_record *r = set->records; r != NULL;
	     r = r->next) {
		struct cursor c = cursor_of(r->rdata, r->n);
		char detail[DNAME_TEXT_MAX];
		struct writer d = writer_of(detail, sizeof(detail) - 1);
		struct dname host, owner;

		/* A name that lacks its final dot has a fault of its own. */
		if (!dname_read(&c, false, &host) || is_doubled(w, &host) ||
		    is_foreign(w, &host) || !lacks_address(w, node, &host))
			continue;
		zone_node_name(&w->ix->zone, node, &owner);
		put_dname(&d, &host);
		detail[d.used] = '\0';
		tell(w,
		    &(struct zone_fault){ .id = MAILAUTH_F_ZONE_NS_ADDRESS,
		        .place = { r->file, r->line, r->column, 0 },
		        .detail = detail,
		        .owner = &owner,
		        .type = RRTYPE_NS,
		        .target = &host });
	}
}

/* TTLs that are hardly meant: the first place, and how many there are. */
struct short_ttl {
	const struct zone_node *node;
	const struct zone_rrset *set; /* NULL: there are none */
	size_t n;
};

static void
tell_short(const struct zone_whole *w, const struct short_ttl *s)
{
	char detail[64];
	struct writer d = writer_of(detail, sizeof(detail) - 1);

	if (s->set == NULL)
		return;
	put_text(&d, "and so has ");
	put_number(&d, s->n - 1);
	put_text(&d,
	    s->n == 2 ? " set of records more" : " sets of records more");
	detail[d.used] = '\0';
	tell_record(w, MAILAUTH_F_ZONE_TTL_SHORT, s->node, s->set->type,
	    s->set->records, s->n > 1 ? detail : NULL);
}

static void
look_at_apex(const struct zone_whole *w)
{
	const struct zone_node *apex = w->ix->zone.apex;
	const struct zone_rrset *soa = zone_rrset(apex, RRTYPE_SOA);
	struct clause c;

	if (soa->records->next != NULL) {
		c = with_line("the first one is", soa->records);
		tell_record(w, MAILAUTH_F_ZONE_SOA_TWICE, apex, RRTYPE_SOA,
		    soa->records->next, c.text);
	}
	if (zone_rrset(apex, RRTYPE_NS) == NULL)
		tell_record(w, MAILAUTH_F_ZONE_NS_MISSING, apex, RRTYPE_NS,
		    soa->records, NULL);
}

void
zone_whole_end(struct zone_whole *w)
{
	const uint8_t lost = ZONE_MARK_HIDDEN | ZONE_MARK_CUT;
	struct short_ttl brief = { NULL, NULL, 0 };
	const struct zone_node *node;
	struct arena a = { NULL, false };

	look_at_apex(w);
	for (size_t i = 0; (node = zone_index_at(w->ix, i)) != NULL; i++)
		if ((node->marks & ZONE_MARK_CUT) != 0)
			mark_glue(w, node);
	for (size_t i = 0; (node = zone_index_at(w->ix, i)) != NULL; i++) {
		if ((node->marks & lost) != 0)
			look_at_hidden(w, node);
		look_at_aliases(w, node);
		for (const struct zone_rrset *s = node->rrsets; s != NULL;
		     s = s->next) {
			look_at_targets(w, node, s);
			if (s->type == RRTYPE_NS &&
			    (node->marks & ZONE_MARK_HIDDEN) == 0)
				look_at_servers(w, node, s);
			look_at_size(w, node, s, &a);
			if (s->records->ttl > ZONE_TTL_SHORT)
				continue;
			if (brief.n++ == 0) {
				brief.node = node;
				brief.set = s;
			}
		}
	}
	tell_short(w, &brief);
}
