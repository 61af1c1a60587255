/*
 * expiry.c - DNSSEC signatures of the zones that are not valid now
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * A signer that has stopped leaves a zone whose signatures all end at about the
 * same time, so that a zone has one finding: at the first line, with the number
 * of the others.
 */
#include "base/cursor.h"
#include "lint/lint.h"
#include "record/rrtype.h"
#include "sys/clock.h"

/* What an RRSIG record says of itself (RFC 4034 3.1). */
struct signature {
	uint16_t covers;
	uint32_t from, until; /* seconds since 1970, modulo 2^32 */
};

static bool
read_signature(const struct zone_record *r, struct signature *out)
{
	struct cursor c = cursor_of(r->rdata, r->n);

	out->covers = cursor_u16(&c);
	cursor_take(&c, 6);
	out->until = cursor_u32(&c);
	out->from = cursor_u32(&c);
	return !c.bad;
}

/* Times are compared as serial numbers (RFC 1982). */
static bool
is_before(uint32_t a, uint32_t b)
{
	return (int32_t)(a - b) < 0;
}

static bool
is_valid(const struct signature *s, uint32_t now)
{
	return !is_before(s->until, now) && !is_before(now, s->from);
}

/* The first signature of a zone that is not valid, and how many there are. */
struct stale {
	const struct zone_record *first;
	struct signature signature;
	struct dname owner;
	size_t n;
	uint32_t now;
	/** Types at the name that is looked at that a valid signature covers,
	 * bits. */
	uint8_t valid[(UINT16_MAX + 1) / 8];
};

/* Note which types a valid signature covers, or forget it. */
static void
mark_valid(struct stale *x, const struct zone_rrset *set, bool forget)
{
	struct signature s;

	for (const struct zone_record *r = set->records; r != NULL; r = r->next)
		if (read_signature(r, &s) && is_valid(&s, x->now))
			x->valid[s.covers / 8] = (uint8_t)(forget ?
			        0 :
			        x->valid[s.covers / 8] | 1u << s.covers % 8);
}

static void
look(struct stale *x, const struct zone_rrset *set, const struct dname *owner)
{
	struct signature s;

	mark_valid(x, set, false);
	for (const struct zone_record *r = set->records; r != NULL;
	     r = r->next) {
		if (!read_signature(r, &s) || is_valid(&s, x->now) ||
		    (x->valid[s.covers / 8] >> s.covers % 8 & 1) != 0)
			continue;
		if (x->n++ > 0 && x->first->line <= r->line)
			continue;
		x->first = r;
		x->signature = s;
		x->owner = *owner;
	}
	mark_valid(x, set, true);
}

static void
tell(struct mailauth_lint *l, size_t zone, const struct stale *x, int64_t now)
{
	struct writer w = arena_writer(&l->arena);
	bool ended = is_before(x->signature.until, (uint32_t)now);
	uint32_t at = ended ? x->signature.until : x->signature.from;

	put_text(&w, ended ? "it ended at " : "it begins at ");
	put_utc(&w, now + (int32_t)(at - (uint32_t)now));
	put_text(&w, " UTC");
	if (x->n > 1) {
		put_text(&w, ", and ");
		put_number(&w, x->n - 1);
		put_text(&w, " more are not valid");
	}
	lint_add(l,
	    &(struct lint_new){ .id = MAILAUTH_F_ZONE_SIGNATURE_EXPIRED,
	        .zone = zone,
	        .name = dname_text(&l->arena, &x->owner),
	        .type = RRTYPE_RRSIG,
	        .place = lint_place(l, x->first, RRTYPE_RRSIG, 0, 0),
	        .first_line = x->first->line,
	        .detail = writer_str(&w) });
}

void
lint_expiry(struct mailauth_lint *l, size_t zone)
{
	const struct zone *z = l->zones[zone].zone;
	int64_t now = clock_utc();
	const struct zone_node *node = NULL;
	struct stale x = { .now = (uint32_t)now };
	struct dname owner;

	while ((node = zone_next(z, node, &owner)) != NULL) {
		const struct zone_rrset *set = zone_rrset(node, RRTYPE_RRSIG);

		if (set != NULL)
			look(&x, set, &owner);
	}
	if (x.n > 0)
		tell(l, zone, &x, now);
}
