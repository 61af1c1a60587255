/*
 * place.c - where a record is written, and where octets of its text are
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * The index keeps the line of a record, and not its fields: the line is read
 * again when a finding is about it.
 */
#include "lint/lint.h"
#include "record/rrtype.h"
#include "zone/scan.h"

/* Aliases that are followed to a record. */
#define CHAIN_MAX 16

size_t
lint_zone_number(const struct mailauth_lint *l, const struct zone *zone)
{
	size_t i = 0;

	while (i < l->nzones && l->zones[i].zone != zone)
		i++;
	return i;
}

const struct zone_node *
lint_node(const struct mailauth_lint *l, struct mailauth_str name, size_t *zone)
{
	const struct zone_node *node;
	const struct zone *z;
	struct dname wire;

	if (l->index == NULL || dname_parse(name, &wire) != DNAME_OK)
		return NULL;
	z = zones_of(l->index, &wire);
	node = z != NULL ? zone_node(z, &wire) : NULL;
	if (node == NULL || zone_hidden(z, node))
		return NULL;
	if (zone != NULL)
		*zone = lint_zone_number(l, z);
	return node;
}

bool
lint_is_delegated(const struct mailauth_lint *l, struct mailauth_str name)
{
	const struct zone_node *node;
	const struct zone *z;
	struct dname wire;

	for (; name.n > 1; name = dname_parent(name)) {
		if (dname_parse(name, &wire) != DNAME_OK ||
		    (z = zones_of(l->index, &wire)) == NULL)
			return false;
		node = zone_node(z, &wire);
		if (node == z->apex)
			return false;
		if (node != NULL && zone_rrset(node, RRTYPE_NS) != NULL)
			return true;
	}
	return false;
}

bool
lint_is_reverse(struct mailauth_str name)
{
	return dname_under(name, STR("in-addr.arpa.")) ||
	    dname_under(name, STR("ip6.arpa."));
}

/* The node of a name, or of the wildcard that makes it (RFC 4592 3.3.1). */
static const struct zone_node *
source_of(const struct mailauth_lint *l, struct mailauth_str name)
{
	const struct zone_node *node = lint_node(l, name, NULL);
	char room[DNAME_TEXT_MAX];

	while (node == NULL && name.n > 1) {
		struct writer w = writer_of(room, sizeof(room));

		name = dname_parent(name);
		if (lint_node(l, name, NULL) == NULL)
			continue;
		put_text(&w, "*.");
		put_str(&w, name);
		return lint_node(l, writer_str(&w), NULL);
	}
	return node;
}

const struct zone_record *
lint_record(const struct mailauth_lint *l, struct mailauth_str name,
    uint16_t type, const struct mailauth_rdata *rr)
{
	const struct zone_node *node = source_of(l, name);
	const struct zone_rrset *set =
	    node != NULL ? zone_rrset(node, type) : NULL;
	const struct zone_record *rec = set != NULL ? set->records : NULL;

	while (rec != NULL && rr != NULL &&
	    (rec->n != rr->len || memcmp(rec->rdata, rr->data, rr->len) != 0))
		rec = rec->next;
	return rec;
}

struct zone_place
lint_first(const struct zone_node *node)
{
	const struct zone_record *first = NULL;

	for (const struct zone_rrset *set = node->rrsets; set != NULL;
	     set = set->next) {
		const struct zone_record *r = set->records;

		if (first == NULL ||
		    (r->file == first->file && r->line < first->line))
			first = r;
	}
	if (first == NULL)
		return (struct zone_place){ 0 };
	return (struct zone_place){ .file = first->file,
		.line = first->line,
		.column = first->column };
}

/* The entry of a record, read again. `scan` keeps its fields. */
static bool
read_again(struct mailauth_lint *l, const struct zone_place *place,
    struct zone_scan *scan, struct zone_entry *e, struct arena *a)
{
	struct mailauth_str line = STR_NONE, text = place->file->text;

	for (struct lint_file *f = l->files; f != NULL; f = f->next)
		if (&f->file == place->file)
			line = lint_line(l, f, place->line);
	if (line.s == NULL)
		return false;
	*scan = zone_scan_of(str_from(text, (size_t)(line.s - text.s)), a);
	scan->line = place->line;
	return zone_scan_next(scan, e) && e->n > 0 &&
	    e->fields[0].line == place->line;
}

/* The first field of the data, behind the type; e->n: not found. */
static size_t
data_of(const struct zone_entry *e, uint16_t type)
{
	size_t i = e->indented ? 0 : 1;

	while (i < e->n && zone_type(e->fields[i].text) != type)
		i++;
	return i < e->n ? i + 1 : i;
}

/* Octets as written that give one octet of the data: \DDD, \X or itself. */
static size_t
written(struct mailauth_str s)
{
	if (s.s[0] != '\\' || s.n < 2)
		return 1;
	return s.n >= 4 && is_digit(s.s[1]) && is_digit(s.s[2]) &&
	        is_digit(s.s[3]) ?
	    4 :
	    2;
}

/* Find octets of the joined text in the fields of the data. */
static bool
find_text(const struct zone_scan *scan, const struct zone_entry *e,
    size_t offset, size_t length, struct zone_place *out)
{
	size_t at = 0, first = data_of(e, RRTYPE_TXT);

	/* RFC 3597 5. */
	if (first < e->n && str_eq(e->fields[first].text, STR("\\#")))
		return false;
	for (size_t i = first; i < e->n; i++) {
		struct mailauth_str s = e->fields[i].text, from;

		for (; s.n > 0 && at < offset; at++)
			s = str_from(s, written(s));
		if (s.n == 0)
			continue;
		from = s;
		for (; s.n > 0 && at < offset + length; at++)
			s = str_from(s, written(s));
		out->line = e->fields[i].line;
		out->column = zone_column(scan, from.s);
		out->length = (uint32_t)(s.s - from.s);
		return true;
	}
	return false;
}

struct zone_place
lint_place(struct mailauth_lint *l, const struct zone_record *rec,
    uint16_t type, size_t offset, size_t length)
{
	struct zone_place place = { .file = rec->file,
		.line = rec->line,
		.column = rec->column };
	struct arena a = { 0 };
	struct zone_scan scan;
	struct zone_entry e;

	if (read_again(l, &place, &scan, &e, &a) && type == RRTYPE_TXT &&
	    length > 0)
		find_text(&scan, &e, offset, length, &place);
	arena_free(&a);
	return place;
}

uint32_t
lint_last_line(struct mailauth_lint *l, const struct zone_place *place)
{
	uint32_t line = place->line;
	struct arena a = { 0 };
	struct zone_scan scan;
	struct zone_entry e;

	if (place->line > 0 && read_again(l, place, &scan, &e, &a))
		for (size_t i = 0; i < e.whole.n; i++)
			line += e.whole.s[i] == '\n' && i + 1 < e.whole.n;
	arena_free(&a);
	return line;
}
