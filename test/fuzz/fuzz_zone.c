/*
 * fuzz_zone.c - zone files, their index, and the answers from it
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * lines.c changes the inputs. A file that $INCLUDE names is the text once more.
 */
#include "base/dname.h"
#include "fuzz.h"
#include "record/rrtype.h"
#include "zone/index.h"

#define INCLUDED_MAX 12

/* What is read, and what may be said of it. */
struct told {
	struct arena arena; /* for files that are included */
	struct mailauth_str text;
	uint32_t lines; /* of it */
	unsigned included;
};

static void
take_fault(void *user, const struct zone_fault *fault)
{
	struct told *t = user;

	MUST(fault->id > 0 && fault->id < MAILAUTH_FINDING_COUNT);
	MUST(fault->place.file->text.s == t->text.s);
	MUST(fault->place.line >= 1 && fault->place.line <= t->lines);
}

static struct zone_file *
include(void *user, struct mailauth_str path, const struct zone_file *from,
    const char **why)
{
	struct told *t = user;
	struct zone_file *file = NULL;

	MUST(from->text.s == t->text.s && is_inside(t->text, path));
	if (t->included++ < INCLUDED_MAX)
		file = arena_alloc(&t->arena, sizeof(*file));
	if (file == NULL)
		*why = "there are enough";
	else
		*file = (struct zone_file){ .path = "x", .text = t->text };
	return file;
}

/* An answer is a message: each record of it is. Say whether a record is in its
 * answer section. */
static bool
has_record(const uint8_t *out, size_t n, uint16_t type,
    const struct zone_record *r)
{
	struct cursor c = cursor_of(out, n);
	struct dname name;
	unsigned answers, all;
	bool found = false;

	cursor_take(&c, 6);
	answers = cursor_u16(&c);
	all = answers + cursor_u16(&c);
	all += cursor_u16(&c);
	MUST(dname_read(&c, true, &name));
	cursor_take(&c, 4);
	for (unsigned i = 0; i < all; i++) {
		struct cursor data;
		uint16_t is;
		size_t length;

		MUST(dname_read(&c, true, &name));
		is = cursor_u16(&c);
		cursor_take(&c, 6);
		length = cursor_u16(&c);
		data = c;
		MUST(cursor_take(&c, length) != NULL || length == 0);
		if (i >= answers || is != type || r == NULL)
			continue;
		if (is == RRTYPE_CNAME || is == RRTYPE_NS) {
			MUST(dname_read(&data, true, &name));
			MUST(data.at == c.at);
			found |= name.len == r->n &&
			    memcmp(name.wire, r->rdata, r->n) == 0;
		} else if (is == RRTYPE_MX || is == RRTYPE_SOA ||
		    is == RRTYPE_PTR || is < 16) {
			found |= is != RRTYPE_A ||
			    (length == r->n &&
			        memcmp(out + data.at, r->rdata, r->n) == 0);
		} else {
			found |= length == r->n &&
			    (r->n == 0 ||
			        memcmp(out + data.at, r->rdata, r->n) == 0);
		}
	}
	MUST(cursor_left(&c) == 0 && !c.bad);
	return found;
}

/* Each record answers for itself, unless an authority hides it. */
static void
ask(const struct zones *z, const struct zone *zone,
    const struct zone_node *node, const struct dname *name)
{
	static uint8_t out[ZONE_ANSWER_MAX];
	const uint8_t hidden =
	    ZONE_MARK_HIDDEN | ZONE_MARK_CUT | ZONE_MARK_HASH;
	size_t n = zones_answer(z, name, ZONE_TYPE_ANY, true, 512, out);

	MUST(n >= 12 && n <= 512);
	has_record(out, n, 0, NULL);
	(void)zone;
	for (const struct zone_rrset *s = node->rrsets; s != NULL;
	     s = s->next) {
		n = zones_answer(z, name, s->type, true, 0, out);
		MUST(n >= 12);
		if ((node->marks & hidden) != 0 || s->type == ZONE_TYPE_NSEC3 ||
		    s->type == ZONE_TYPE_ANY) {
			has_record(out, n, 0, NULL);
			continue;
		}
		for (const struct zone_record *r = s->records; r != NULL;
		     r = r->next)
			MUST(has_record(out, n, s->type, r));
	}
}

/* A name that is one label below another. */
static void
ask_below(const struct zones *z, const struct dname *name)
{
	static uint8_t out[ZONE_ANSWER_MAX];
	struct dname below = { .wire = { 1, 'b' } };
	size_t n;

	if (name->len > DNAME_WIRE_MAX - 2)
		return;
	memcpy(below.wire + 2, name->wire, name->len);
	below.len = (uint8_t)(name->len + 2);
	n = zones_answer(z, &below, RRTYPE_A, true, 0, out);
	MUST(n >= 12);
	has_record(out, n, 0, NULL);
}

static void
walk(const struct zones *z, const struct zone *zone)
{
	const struct zone_node *node = NULL;
	struct dname name;
	size_t records = 0, nodes = 0;

	while ((node = zone_next(zone, node, &name)) != NULL) {
		MUST(node->rank == nodes);
		MUST(zone_node(zone, &name) == node);
		for (const struct zone_rrset *s = node->rrsets; s != NULL;
		     s = s->next) {
			records += s->n;
			MUST(zone_rrset(node, s->type) == s);
		}
		if (nodes++ < 200) {
			ask(z, zone, node, &name);
			ask_below(z, &name);
		}
	}
	MUST(records == zone->nrecords);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct told t = { .arena = { NULL, false },
		.text = { (const char *)data, size },
		.lines = 1 };
	struct zone_file file = { .path = "db", .text = t.text };
	struct zones *z = zones_new();
	struct zone_reading r = { .file = &file,
		.fault = take_fault,
		.include = include,
		.user = &t };
	struct dname origin;
	const struct zone *zone;
	const char *why = "";

	MUST(z != NULL);
	for (size_t i = 0; i < size; i++)
		t.lines += data[i] == '\n';
	dname_parse(STR("example.com"), &origin);
	if (size == 0 || data[0] != 'o')
		r.origin = &origin;
	zone = zones_read(z, &r, &why);
	MUST((zone == NULL) == (why != NULL));
	if (zone != NULL)
		walk(z, zone);
	else
		MUST(why[0] != '\0');
	zones_free(z);
	arena_free(&t.arena);
	return 0;
}
