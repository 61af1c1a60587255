/*
 * fuzz_ldns.c - master files, read by src/zone and by ldns
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * Up to the first line that one of them refuses, both read the same records, in
 * canonical wire form (RFC 4034 6.2). lines.c changes the inputs.
 *
 * Differences that are meant, and left out of the comparison:
 *
 * - A record without a TTL: ldns gives it that of $TTL or an hour, ours the
 *   last one before it (RFC 1035 5.1).
 * - $ORIGIN with a name without a final dot: ldns adds no origin to it.
 * - Other words that begin with "$" are names for ldns.
 * - Quotes around a name or a number, and what is behind a quoted string without
 *   a blank, are part of it for ldns.
 * - A name that ends in an escaped dot gets no origin from ldns.
 * - "@" in front of other characters of a name: ldns takes it for the origin.
 * - A carriage return in a quoted string is a blank for ldns.
 * - A byte order mark is part of the first name for ldns.
 * - A parenthesis does not end a word for ldns.
 * - A form feed or a vertical tab ends a line for ldns, and a NUL the text.
 */
#include <ldns/ldns.h>

#include "fuzz.h"
#include "zone/reader.h"

/* Octets in front of the data: type, class, TTL, length. */
#define HEAD     10
#define TEXT_MAX ((size_t)1 << 16)

/* A record that ours has read. */
struct one {
	struct one *next;
	ldns_rr *rr; /* NULL: ldns cannot read it from the wire */
	bool has_ttl;
};

/* All of them, up to the first fault. */
struct ours {
	struct zone_sink sink; /* the first member */
	struct arena arena;
	struct one *first, **end;
	bool faulty;
};

static void
take_fault(struct zone_sink *sink, const struct zone_fault *fault)
{
	(void)fault;
	((struct ours *)(void *)sink)->faulty = true;
}

static bool
has_ttl(const struct zone_rr *rr)
{
	uint32_t ttl;

	for (size_t i = rr->written ? 1 : 0; i + 1 < rr->data; i++)
		if (zone_period(rr->entry->fields[i].text, &ttl))
			return true;
	return false;
}

static ldns_rr *
from_wire(const struct zone_rr *rr)
{
	static uint8_t wire[DNAME_WIRE_MAX + HEAD + ZONE_RDATA_MAX];
	uint8_t *at = wire + rr->owner->len;
	size_t pos = 0;
	ldns_rr *out;

	memcpy(wire, rr->owner->wire, rr->owner->len);
	ldns_write_uint16(at, rr->type);
	ldns_write_uint16(at + 2, LDNS_RR_CLASS_IN);
	ldns_write_uint32(at + 4, rr->ttl);
	ldns_write_uint16(at + 8, (uint16_t)rr->n);
	memcpy(at + HEAD, rr->rdata, rr->n);
	return ldns_wire2rr(&out, wire, rr->owner->len + HEAD + rr->n, &pos,
	           LDNS_SECTION_ANSWER) == LDNS_STATUS_OK ?
	    out :
	    NULL;
}

static bool
take(struct zone_sink *sink, const struct zone_rr *rr)
{
	struct ours *o = (struct ours *)(void *)sink;
	struct one *one;

	if (o->faulty)
		return false;
	one = arena_alloc(&o->arena, sizeof(*one));
	MUST(one != NULL);
	*one = (struct one){ NULL, from_wire(rr), has_ttl(rr) };
	*o->end = one;
	o->end = &one->next;
	return true;
}

/* A field is behind a type whose data have strings. */
static bool
is_string(const struct zone_entry *e, size_t at)
{
	static const uint16_t types[] = { LDNS_RR_TYPE_TXT, LDNS_RR_TYPE_SPF,
		LDNS_RR_TYPE_HINFO, LDNS_RR_TYPE_CAA, LDNS_RR_TYPE_URI,
		LDNS_RR_TYPE_NAPTR };
	uint16_t type = 0;

	for (size_t i = e->indented ? 0 : 1; i < at && type == 0; i++)
		type = zone_type(e->fields[i].text);
	for (size_t k = 0; k < sizeof(types) / sizeof(types[0]); k++)
		if (type == types[k])
			return true;
	return false;
}

static bool
has_final_dot(struct mailauth_str s)
{
	return s.n > 0 && s.s[s.n - 1] == '.';
}

/* A field of an entry has a meaning of its own for ldns. */
static bool
is_special(const struct zone_entry *e, size_t i)
{
	struct mailauth_str s = e->fields[i].text;

	if (i == 0 && s.n > 0 && s.s[0] == '$')
		return !str_eq(s, STR("$TTL")) &&
		    (!str_eq(s, STR("$ORIGIN")) || e->n != 2 ||
		        !has_final_dot(e->fields[1].text));
	if (e->fields[i].quoted)
		return !is_string(e, i) || e->fields[i].glued ||
		    str_find(s, '\r') < s.n;
	return (s.n > 1 && s.s[0] == '@') ||
	    (has_final_dot(s) && s.n > 1 && s.s[s.n - 2] == '\\');
}

static bool
is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\n';
}

/* An octet of a text has a meaning of its own for ldns. */
static bool
is_odd(struct mailauth_str text, size_t i)
{
	switch (text.s[i]) {
	case '\0':
	case '\f':
	case '\v': return true;
	case '(':
	case ')':
		return (i > 0 && !is_blank(text.s[i - 1])) ||
		    (i + 1 < text.n && !is_blank(text.s[i + 1]));
	default: return false;
	}
}

/* Nothing in a text has a meaning of its own for ldns. */
static bool
is_comparable(struct mailauth_str text, struct arena *a)
{
	struct zone_scan s = zone_scan_of(text, a);
	struct zone_entry e;

	for (size_t i = 0; i < text.n; i++)
		if (is_odd(text, i))
			return false;
	while (zone_scan_next(&s, &e))
		for (size_t i = 0; i < e.n; i++)
			if (is_special(&e, i))
				return false;
	return !str_starts(text, STR("\xef\xbb\xbf"));
}

/* The next record that ldns reads; NULL: no more, or ldns refuses it. */
static ldns_rr *
next_of_ldns(FILE *f, uint32_t *ttl, ldns_rdf **origin, ldns_rdf **owner,
    bool *refused)
{
	ldns_status status = LDNS_STATUS_SYNTAX_EMPTY;
	ldns_rr *rr = NULL;
	int line;

	while (!feof(f) &&
	    (status == LDNS_STATUS_SYNTAX_EMPTY ||
	        status == LDNS_STATUS_SYNTAX_TTL ||
	        status == LDNS_STATUS_SYNTAX_ORIGIN))
		status =
		    ldns_rr_new_frm_fp_l(&rr, f, ttl, origin, owner, &line);
	*refused = status != LDNS_STATUS_OK &&
	    (status != LDNS_STATUS_SYNTAX_EMPTY || !feof(f));
	return status == LDNS_STATUS_OK ? rr : NULL;
}

static void
compare(const struct one *one, ldns_rr *theirs)
{
	uint8_t *a, *b;
	size_t na, nb;

	if (one->rr == NULL)
		return;
	if (!one->has_ttl)
		ldns_rr_set_ttl(theirs, ldns_rr_ttl(one->rr));
	ldns_rr2canonical(one->rr);
	ldns_rr2canonical(theirs);
	MUST(ldns_rr2wire(&a, one->rr, LDNS_SECTION_ANSWER, &na) ==
	    LDNS_STATUS_OK);
	MUST(ldns_rr2wire(&b, theirs, LDNS_SECTION_ANSWER, &nb) ==
	    LDNS_STATUS_OK);
	bool same = na == nb && memcmp(a, b, na) == 0;

	if (!same) {
		ldns_rr_print(stderr, one->rr);
		ldns_rr_print(stderr, theirs);
	}
	MUST(same);
	free(a);
	free(b);
}

static void
compare_all(struct mailauth_str text, const struct ours *o)
{
	FILE *f = fmemopen((void *)(uintptr_t)text.s, text.n, "r");
	ldns_rdf *origin = ldns_dname_new_frm_str("example.com.");
	ldns_rdf *owner = ldns_rdf_clone(origin);
	const struct one *one = o->first;
	uint32_t ttl = 0;
	bool refused = false;
	ldns_rr *rr;

	MUST(f != NULL);
	while (
	    (rr = next_of_ldns(f, &ttl, &origin, &owner, &refused)) != NULL) {
		if (one == NULL)
			MUST(o->faulty);
		else
			compare(one, rr);
		ldns_rr_free(rr);
		if (one == NULL)
			break;
		one = one->next;
	}
	MUST(one == NULL || refused);
	fclose(f);
	ldns_rdf_deep_free(origin);
	ldns_rdf_deep_free(owner);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct ours o = { .sink = { .record = take, .fault = take_fault } };
	struct zone_file file = { .path = "db",
		.text = { (const char *)data, size } };
	struct dname origin;

	if (size == 0 || size > TEXT_MAX)
		return 0;
	dname_parse(STR("example.com"), &origin);
	o.end = &o.first;
	if (is_comparable(file.text, &o.arena)) {
		zone_read(&file, &origin, &o.sink, &o.arena);
		compare_all(file.text, &o);
	}
	for (struct one *one = o.first; one != NULL; one = one->next)
		ldns_rr_free(one->rr);
	arena_free(&o.arena);
	return 0;
}
