/*
 * reverse.c - names of addresses, compared with the zones that have these names
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * An address counts when a host of it sends or takes mail, or an SPF record
 * lists it. Aliases of classless delegation (RFC 2317) are followed.
 */
#include "base/cursor.h"
#include "lint/lint.h"
#include "record/kind.h"
#include "record/mx.h"
#include "record/ptr.h"
#include "record/rrtype.h"

/* Aliases that are followed. */
#define CHAIN_MAX 8

enum has { HAS_NOT, HAS, HAS_OUTSIDE };

static bool
is_served(const struct mailauth_lint *l, struct mailauth_str name)
{
	struct dname wire;

	return dname_parse(name, &wire) == DNAME_OK &&
	    zones_of(l->index, &wire) != NULL;
}

/* The name that an alias leads to, or a PTR record. */
static bool
read_target(struct mailauth_lint *l, const struct zone_record *rec,
    struct mailauth_str *out)
{
	struct cursor c = cursor_of(rec->rdata, rec->n);
	struct dname wire;

	if (!dname_read(&c, false, &wire))
		return false;
	*out = dname_text(&l->arena, &wire);
	return true;
}

/* Find the records of a type, or the one record with these data, and move the
 * name to the end of its aliases. */
static enum has
seek(struct mailauth_lint *l, struct mailauth_str *name, uint16_t type,
    const struct mailauth_rdata *rr, const struct zone_record **out)
{
	for (int i = 0; i < CHAIN_MAX; i++) {
		const struct zone_record *alias;

		if (!is_served(l, *name))
			return HAS_OUTSIDE;
		*out = lint_record(l, *name, type, rr);
		if (*out != NULL)
			return HAS;
		alias = lint_record(l, *name, RRTYPE_CNAME, NULL);
		if (alias == NULL)
			return lint_is_delegated(l, *name) ? HAS_OUTSIDE :
			                                     HAS_NOT;
		if (!read_target(l, alias, name))
			return HAS_NOT;
	}
	return HAS_NOT;
}

/* The name has this address, in the zones that were given. */
static enum has
has_address(struct mailauth_lint *l, struct mailauth_str name,
    const struct addr *addr)
{
	uint16_t type = addr->family == 4 ? RRTYPE_A : RRTYPE_AAAA;
	const struct mailauth_rdata rr = { addr->octet,
		(uint16_t)(addr_bits(addr) / 8) };
	const struct zone_record *found;

	return seek(l, &name, type, &rr, &found);
}

static bool
is_listed(const struct mailauth_lint *l, const struct addr *addr)
{
	for (const struct lint_net *n = l->nets; n != NULL; n = n->next)
		if (addr_in(addr, &n->addr, n->bits))
			return true;
	return false;
}

/* A finding at the reverse name of an address. */
static void
tell(struct mailauth_lint *l, const struct owner *o,
    enum mailauth_finding_id id, struct zone_place place,
    struct mailauth_str detail)
{
	lint_add(l,
	    &(struct lint_new){ .id = id,
	        .zone = o->zone,
	        .owner = o,
	        .name = o->name,
	        .kind = kind_at(MAILAUTH_KIND_PTR)->name,
	        .type = RRTYPE_PTR,
	        .place = place,
	        .detail = detail });
}

/* Compare the names of an address with the zones; none of them needs to be in
 * the zones that were given. */
static void
compare(struct mailauth_lint *l, const struct owner *o,
    const struct zone_record *rec, const struct addr *addr)
{
	struct mailauth_str target, wrong = STR_NONE;
	struct zone_place place = lint_place(l, rec, RRTYPE_PTR, 0, 0);
	bool some = false;

	for (; rec != NULL; rec = rec->next)
		if (read_target(l, rec, &target)) {
			bool is_wrong = has_address(l, target, addr) == HAS_NOT;

			some = some || !is_wrong;
			if (is_wrong && wrong.n == 0) {
				wrong = target;
				place = lint_place(l, rec, RRTYPE_PTR, 0, 0);
			}
		}
	if (wrong.n > 0)
		tell(l, o,
		    some ? MAILAUTH_F_PTR_MULTIPLE_PARTIAL :
		           MAILAUTH_F_PTR_FCRDNS_FAIL,
		    place, wrong);
}

/* Have the records judged by themselves, at the end of the aliases. */
static void
show(struct mailauth_lint *l, const struct owner *o, struct mailauth_str name,
    const struct zone_record *rec)
{
	struct owner *end = owner_at(l, name);

	if (end == NULL)
		return;
	if (end->zone == SIZE_MAX) {
		end->node = lint_node(l, name, &end->zone);
		end->place = lint_place(l, rec, RRTYPE_PTR, 0, 0);
	}
	if (end->zone == SIZE_MAX)
		end->zone = o->zone;
	end->shown = true;
	end->kind = kind_at(MAILAUTH_KIND_PTR);
}

/* Judge the reverse name of an address of mail. `host`: a record with the
 * address, of a host that sends; or NULL. */
static void
judge(struct mailauth_lint *l, struct owner *o, const struct addr *addr,
    const struct zone_record *host)
{
	struct mailauth_str name = o->name;
	const struct zone_record *rec;

	if (o->is_compared)
		return;
	switch (seek(l, &name, RRTYPE_PTR, NULL, &rec)) {
	case HAS:
		o->is_compared = true;
		show(l, o, name, rec);
		o->shown = true;
		compare(l, o, rec, addr);
		break;
	case HAS_NOT:
		if (host == NULL)
			break;
		o->is_compared = o->shown = true;
		tell(l, o,
		    addr->family == 4 ? MAILAUTH_F_PTR_MISSING :
		                        MAILAUTH_F_PTR_V6_MISSING,
		    lint_place(l, host, 0, 0, 0), STR_NONE);
		break;
	case HAS_OUTSIDE: break;
	}
}

/* The reverse name of an address, if it is in a zone that was given. */
static struct owner *
reverse_of(struct mailauth_lint *l, const struct addr *addr)
{
	char room[DNAME_TEXT_MAX];
	struct writer w = writer_of(room, sizeof(room));
	struct owner *o;
	struct dname wire;
	const struct zone *zone;

	put_addr_reverse(&w, addr);
	if (dname_parse(writer_str(&w), &wire) != DNAME_OK ||
	    (zone = zones_of(l->index, &wire)) == NULL)
		return NULL;
	o = owner_at(l, writer_str(&w));
	if (o != NULL && o->zone == SIZE_MAX) {
		o->node = lint_node(l, o->name, NULL);
		o->zone = lint_zone_number(l, zone);
		o->place =
		    (struct zone_place){ .file =
			                     &l->zones[o->zone].file->file };
	}
	return o;
}

/* Judge the reverse names of the addresses that a host has. */
static void
judge_host(struct mailauth_lint *l, const struct owner *host)
{
	static const uint16_t types[] = { RRTYPE_A, RRTYPE_AAAA };

	for (size_t i = 0; i < 2; i++) {
		struct addr addr = { .family = i == 0 ? 4 : 6 };
		const struct zone_record *rec =
		    lint_record(l, host->name, types[i], NULL);

		for (; rec != NULL; rec = rec->next) {
			struct owner *o;

			if (rec->n != addr_bits(&addr) / 8)
				continue;
			memcpy(addr.octet, rec->rdata, rec->n);
			o = reverse_of(l, &addr);
			if (o != NULL)
				judge(l, o, &addr,
				    host->sends || is_listed(l, &addr) ? rec :
				                                         NULL);
		}
	}
}

/* The hosts that a domain's MX records name send, when its SPF record says
 * so. */
static void
mark_senders(struct mailauth_lint *l, const struct owner *domain)
{
	const struct zone_record *rec =
	    lint_record(l, domain->name, RRTYPE_MX, NULL);
	char room[DNAME_TEXT_MAX];
	struct owner *host;
	struct mx mx;

	for (; rec != NULL; rec = rec->next) {
		const struct mailauth_rdata rr = { rec->rdata, rec->n };
		struct writer w = writer_of(room, sizeof(room));

		if (!mx_parse(&rr, &mx))
			continue;
		put_dname(&w, &mx.host);
		host = owner_of(l, writer_str(&w));
		if (host != NULL)
			host->sends = true;
	}
}

/* The reverse name has a target that mail goes to or comes from, or an address
 * of SPF. */
static void
judge_name(struct mailauth_lint *l, struct owner *o)
{
	const struct owner *host = owner_of(l, o->target);
	struct addr addr;

	if (ptr_address(o->name, &addr) &&
	    ((host != NULL && host->is_host) || is_listed(l, &addr)))
		judge(l, o, &addr, NULL);
}

void
lint_reverse(struct mailauth_lint *l)
{
	bool any = false;

	for (size_t i = 0; i < l->nzones; i++)
		any = any ||
		    (l->zones[i].zone != NULL &&
		        lint_is_reverse(str_of(l->zones[i].name)));
	if (!any)
		return;
	for (struct owner *o = l->owners; o != NULL; o = o->next)
		if (o->lists_mx)
			mark_senders(l, o);
	for (struct owner *o = l->owners; o != NULL; o = o->next) {
		if (o->is_host)
			judge_host(l, o);
		if (o->target.n > 0)
			judge_name(l, o);
	}
}
