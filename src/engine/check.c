/*
 * check.c - one domain under examination: lookups, records, hosts
 * SPDX-License-Identifier: BSD-3-Clause
 */
#include "engine/check.h"

#include "base/dname.h"
#include "base/str.h"
#include "record/ptr.h"

struct mailauth_str
name_of_wire(struct check *c, const struct dname *wire)
{
	return dname_text(&c->report->arena, wire);
}

struct mailauth_str
name_of(struct check *c, struct mailauth_str text)
{
	struct dname wire;

	if (dname_parse(text, &wire) != DNAME_OK)
		return STR_NONE;
	return name_of_wire(c, &wire);
}

struct mailauth_str
name_below(struct check *c, struct mailauth_str prefix,
    struct mailauth_str name)
{
	struct writer w = arena_writer(&c->report->arena);

	if (prefix.n == 0 || name.n == 0)
		return STR_NONE;
	put_str(&w, prefix);
	if (name.n > 1 && prefix.s[prefix.n - 1] != '.')
		put_char(&w, '.');
	put_str(&w, name);
	return w.full ? STR_NONE : name_of(c, writer_str(&w));
}

struct lookup *
got_from(struct check *c, int server, struct mailauth_str name, uint16_t type)
{
	for (struct lookup *l = c->lookups; l != NULL; l = l->next)
		if (l->answer.rrtype == type && l->server == server &&
		    !l->probe && str_eq(l->answer.name, name))
			return l;
	return NULL;
}

struct lookup *
got(struct check *c, struct mailauth_str name, uint16_t type)
{
	return got_from(c, -1, name, type);
}

static void
done(struct lookup *l)
{
	struct check *c = l->owner;

	c->pending--;
	if (l->answer.outcome == MAILAUTH_NODATA && l->server < 0 &&
	    l->answer.rrtype != RRTYPE_SOA &&
	    (l->answer.flags & MAILAUTH_ANSWER_NO_SOA) != 0)
		l->state = LOOKUP_HELD;
}

void
leave(struct lookup *l, const char *why)
{
	l->state = LOOKUP_DONE;
	l->answer.outcome = MAILAUTH_FAILED;
	l->answer.cause = MAILAUTH_CAUSE_TIMEOUT;
	l->answer.dnssec = MAILAUTH_DNSSEC_UNCHECKED;
	l->answer.why = str_of(why);
}

struct lookup *
want_from(struct check *c, int server, struct mailauth_str name, uint16_t type)
{
	struct lookup *l = got_from(c, server, name, type);

	if (l != NULL || name.n == 0)
		return l;
	l = arena_alloc(&c->report->arena, sizeof(*l));
	if (l == NULL)
		return NULL;
	l->arena = &c->report->arena;
	l->answer.name = name;
	l->answer.rrtype = type;
	l->server = server;
	l->done = done;
	l->owner = c;
	*c->lookups_end = l;
	c->lookups_end = &l->next;
	/* What is not asked is not known, which is not the same as absent. */
	if (c->over || c->nlookups == c->lookups_max) {
		c->limited = c->limited || !c->over;
		leave(l,
		    c->over ? "the time for this domain is over" :
		              "too many lookups for one domain");
		return l;
	}
	c->nlookups++;
	if (c->resolver->ask(c->resolver, l) != MAILAUTH_OK) {
		c->report->arena.failed = true;
		return NULL;
	}
	c->pending++;
	return l;
}

struct lookup *
want(struct check *c, struct mailauth_str name, uint16_t type)
{
	return want_from(c, -1, name, type);
}

bool
is_done(const struct lookup *l)
{
	return l != NULL && l->state == LOOKUP_DONE;
}

bool
is_failed(const struct lookup *l)
{
	return is_done(l) && l->answer.outcome == MAILAUTH_FAILED;
}

bool
is_found(const struct lookup *l)
{
	return is_done(l) && l->answer.outcome == MAILAUTH_FOUND;
}

bool
is_absent(const struct lookup *l)
{
	return is_done(l) &&
	    (l->answer.outcome == MAILAUTH_NODATA ||
	        l->answer.outcome == MAILAUTH_NXDOMAIN);
}

struct item *
view(struct check *c, const struct mailauth_kind *kind, struct lookup *l)
{
	struct mailauth_scope scope = c->report->scope;
	struct view *v;

	if (!is_done(l))
		return NULL;
	for (v = c->views; v != NULL; v = v->next)
		if (v->lookup == l && v->kind == kind)
			return v->item;
	v = arena_alloc(&c->report->arena, sizeof(*v));
	if (v == NULL)
		return NULL;
	scope.absence_is_fine = true;
	v->kind = kind;
	v->lookup = l;
	v->item = report_judge(c->report, kind, &l->answer, &scope);
	v->next = c->views;
	c->views = v;
	return v->item;
}

struct item *
view_as(struct check *c, enum mailauth_kind_id kind, struct lookup *l)
{
	return view(c, kind_at(kind), l);
}

void
list_item(struct check *c, struct item *item)
{
	struct view *v = c->views;
	bool speaks = true;

	/* What could not be told is never left out. */
	if (item == NULL ||
	    (item->answer->outcome != MAILAUTH_FAILED &&
	        c->request->only != 0 &&
	        (c->request->only >> item->j.kind->id & 1) == 0))
		return;
	for (struct view *o = c->views; o != NULL; o = o->next) {
		if (o->item == item)
			v = o;
		else if (o->listed && o->item->answer == item->answer)
			speaks = false;
	}
	if (v == NULL || v->listed)
		return;
	v->listed = true;
	item->speaks = speaks;
	report_show(c->report, item);
}

bool
has_record(const struct item *item)
{
	return item != NULL && item->j.matches == 1 &&
	    item->j.rr != MAILAUTH_RR_ALL;
}

bool
is_placed(const struct item *item)
{
	return has_record(item) &&
	    (item->answer->flags & MAILAUTH_ANSWER_WILDCARD) == 0;
}

bool
is_usable(const struct check *c, const struct item *item)
{
	return item != NULL && item_verdict(c->report, item) == MAILAUTH_VALID;
}

bool
is_listed(const struct check *c, const struct item *item)
{
	for (const struct view *v = c->views; v != NULL; v = v->next)
		if (v->item == item)
			return v->listed;
	return false;
}

void
tell(struct check *c, const struct item *item, enum mailauth_finding_id id,
    struct mailauth_str detail)
{
	if (id != MAILAUTH_F_NONE && (item == NULL || is_listed(c, item)))
		report_add(c->report, item, id, detail);
}

void
tell_at(struct check *c, const struct item *item, enum mailauth_finding_id id,
    struct mailauth_str where, struct mailauth_str detail)
{
	if (id != MAILAUTH_F_NONE && (item == NULL || is_listed(c, item)))
		report_add_at(c->report, item, id, where, detail);
}

void
tell_validation(struct check *c)
{
	if (c->resolver->validation_off != NULL)
		tell(c, NULL, MAILAUTH_F_DNSSEC_VALIDATION_OFF,
		    str_of(c->resolver->validation_off));
}

struct mailauth_str
sender_name(struct check *c, const struct sender *s)
{
	const struct lookup *ptr = got(c, s->reverse, RRTYPE_PTR);
	struct dname name;

	if (s->host.n > 0)
		return s->host;
	return is_found(ptr) && ptr_parse(&ptr->answer.rr[0], &name) ?
	    name_of_wire(c, &name) :
	    STR_NONE;
}

void
tell_missing(struct check *c, const struct item *item)
{
	if (item == NULL || item->j.verdict != MAILAUTH_NONE)
		return;
	tell(c, item, item->j.kind->missing, STR_NONE);
}

void
want_host(struct check *c, struct mailauth_str name)
{
	want(c, name, RRTYPE_A);
	want(c, name, RRTYPE_AAAA);
}

static void
add_addresses(const struct lookup *l, struct host *out)
{
	if (is_done(l) && l->answer.nchain > 0)
		out->alias = true;
	for (size_t i = 0; is_found(l) && i < l->answer.nrr; i++)
		if (out->n < HOSTS_MAX &&
		    addr_of_rdata(l->answer.rr[i].data, l->answer.rr[i].len,
		        &out->addr[out->n]))
			out->n++;
}

void
host_of(struct check *c, struct mailauth_str name, struct host *out)
{
	const struct lookup *a = got(c, name, RRTYPE_A);
	const struct lookup *aaaa = got(c, name, RRTYPE_AAAA);

	*out = (struct host){ .n = 0 };
	add_addresses(a, out);
	add_addresses(aaaa, out);
	out->known =
	    is_done(a) && is_done(aaaa) && !is_failed(a) && !is_failed(aaaa);
}

bool
host_has(const struct host *h, const struct addr *addr)
{
	for (size_t i = 0; i < h->n; i++)
		if (addr_eq(&h->addr[i], addr))
			return true;
	return false;
}

bool
is_public(const struct check *c, const struct addr *addr)
{
	enum addr_scope scope = addr_scope_of(addr);

	return scope == ADDR_GLOBAL ||
	    (scope == ADDR_DOCUMENTATION &&
	        c->report->scope.allow_documentation);
}

void
list_host(struct check *c, struct mailauth_str name)
{
	list_item(c, view_as(c, MAILAUTH_KIND_ADDRESS, got(c, name, RRTYPE_A)));
	list_item(c,
	    view_as(c, MAILAUTH_KIND_ADDRESS, got(c, name, RRTYPE_AAAA)));
}

struct mailauth_str
shown(struct check *c, struct mailauth_str text)
{
	struct writer w = arena_writer(&c->report->arena);

	put_untrusted(&w, text);
	return writer_str(&w);
}

struct mailauth_str
addr_text(struct check *c, const struct addr *addr)
{
	struct writer w = arena_writer(&c->report->arena);

	put_addr(&w, addr);
	return writer_str(&w);
}
