/*
 * reverse.c - names of addresses, compared with the zones that have these names
 * SPDX-License-Identifier: BSD-3-Clause
 */
#include "base/cursor.h"
#include "lint/lint.h"
#include "record/kind.h"
#include "record/rrtype.h"

/* Aliases that are followed. */
#define CHAIN_MAX 8

static bool
is_octet(struct mailauth_str label, uint8_t *out)
{
	uint32_t v;

	if (!str_number(label, 255, &v))
		return false;
	*out = (uint8_t)v;
	return true;
}

/* The address that has this reverse name, of 4 or of 32 labels. */
static bool
address_of(struct mailauth_str name, struct addr *out)
{
	bool four = dname_under(name, STR("in-addr.arpa."));
	unsigned n = dname_labels(name) - 2;

	*out = (struct addr){ .family = four ? 4 : 6 };
	if (n != (four ? 4 : 32))
		return false;
	for (unsigned i = n; i > 0; i--, name = dname_parent(name)) {
		struct mailauth_str label = dname_first(name);
		int v;

		if (four) {
			if (!is_octet(label, &out->octet[i - 1]))
				return false;
			continue;
		}
		v = label.n == 1 ? hex_value(label.s[0]) : -1;
		if (v < 0)
			return false;
		out->octet[(i - 1) / 2] |=
		    (uint8_t)((i - 1) % 2 == 0 ? v << 4 : v);
	}
	return true;
}

enum has { HAS_NOT, HAS, HAS_OUTSIDE };

/* The name has this address, in the zones that were given. */
static enum has
has_address(struct mailauth_lint *l, struct mailauth_str name,
    const struct addr *addr)
{
	uint16_t type = addr->family == 4 ? RRTYPE_A : RRTYPE_AAAA;
	const struct mailauth_rdata rr = { addr->octet,
		(uint16_t)(addr_bits(addr) / 8) };
	struct dname wire;

	for (int i = 0; i < CHAIN_MAX; i++) {
		const struct zone_record *alias;
		struct cursor c;

		if (dname_parse(name, &wire) != DNAME_OK ||
		    zones_of(l->index, &wire) == NULL)
			return HAS_OUTSIDE;
		if (lint_record(l, name, type, &rr) != NULL)
			return HAS;
		alias = lint_record(l, name, RRTYPE_CNAME, NULL);
		if (alias == NULL)
			return HAS_NOT;
		c = cursor_of(alias->rdata, alias->n);
		if (!dname_read(&c, false, &wire))
			return HAS_NOT;
		name = dname_text(&l->arena, &wire);
	}
	return HAS_NOT;
}

/* Mail comes from the host or goes to it. */
static bool
is_of_mail(const struct mailauth_lint *l, const struct owner *o,
    const struct addr *addr)
{
	const struct owner *host = owner_of(l, o->target);

	if (host != NULL && host->is_host)
		return true;
	for (const struct lint_net *n = l->nets; n != NULL; n = n->next)
		if (addr_in(addr, &n->addr, n->bits))
			return true;
	return false;
}

void
lint_reverse(struct mailauth_lint *l)
{
	struct addr addr;

	for (struct owner *o = l->owners; o != NULL; o = o->next) {
		const struct zone_record *rec;

		if (o->target.n == 0 || !address_of(o->name, &addr) ||
		    !is_of_mail(l, o, &addr))
			continue;
		o->shown = true;
		if (has_address(l, o->target, &addr) != HAS_NOT)
			continue;
		rec = lint_record(l, o->name, RRTYPE_PTR, NULL);
		lint_add(l,
		    &(struct lint_new){ .id = MAILAUTH_F_PTR_FCRDNS_FAIL,
		        .zone = o->zone,
		        .owner = o,
		        .name = o->name,
		        .kind = kind_at(MAILAUTH_KIND_PTR)->name,
		        .type = RRTYPE_PTR,
		        .place = lint_place(l, rec, RRTYPE_PTR, 0, 0),
		        .detail = o->target });
	}
}
