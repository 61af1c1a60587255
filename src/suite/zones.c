/*
 * zones.c - the zones of a case, after its edits
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * Edits work on lines of text, not on records: `delete` must match owner, type
 * and data as the file writes them, and `add` appends a line at the end of the
 * zone. Lines before the first case apply to every case, and before its own.
 */
#include "suite/zones.h"

struct zone_text {
	struct zone_text *next;
	struct mailauth_str line;
};

static bool
refuse(struct zone_source *from, unsigned line, struct mailauth_str word,
    const char *reason)
{
	struct writer w = writer_of(from->why, CASE_WHY_MAX - 1);

	put_untrusted(&w, str_sub(word, 0, 60));
	put_text(&w, word.n > 0 ? ": " : "");
	put_text(&w, reason);
	from->why[w.used] = '\0';
	from->line = line;
	return false;
}

static bool
put_line(struct zone_source *from, struct case_zone *z,
    struct mailauth_str line)
{
	struct zone_text *t = arena_alloc(from->arena, sizeof(*t));

	if (t == NULL)
		return false;
	t->line = line;
	*z->end = t;
	z->end = &t->next;
	return true;
}

static bool
put_lines(struct zone_source *from, struct case_zone *z,
    struct mailauth_str text)
{
	while (text.n > 0)
		if (!put_line(from, z, str_cut(&text, '\n')))
			return false;
	return true;
}

/* Read the file of a zone, once. */
static bool
load(struct zone_source *from, struct case_zone *z)
{
	struct mailauth_str text;

	if (z->loaded)
		return true;
	z->loaded = true;
	if (from->load(from->arg, z->file, &text, from->why))
		return put_lines(from, z, text);
	from->line = z->line;
	return false;
}

static struct case_zone *
find(struct case_zone *z, struct mailauth_str name)
{
	if (name.n > 1 && name.s[name.n - 1] == '.')
		name.n--;
	while (z != NULL && !str_ieq(z->name, name))
		z = z->next;
	return z;
}

/* Begin a zone of this name: a new one, or the known one without its lines. */
static struct case_zone *
begin(struct zone_source *from, struct case_zone **zones,
    const struct case_line *l, struct mailauth_str name)
{
	struct case_zone *z = find(*zones, name), **end = zones;

	if (z == NULL) {
		if ((z = arena_alloc(from->arena, sizeof(*z))) == NULL)
			return NULL;
		while (*end != NULL)
			end = &(*end)->next;
		*end = z;
		if (name.n > 1 && name.s[name.n - 1] == '.')
			name.n--;
		z->name = name;
	}
	z->file = STR_NONE;
	z->lines = NULL;
	z->end = &z->lines;
	z->line = l->line;
	z->edited = z->loaded = true;
	return z;
}

/* Write the records that a zone needs at least: SOA, NS and an address. */
static bool
put_apex(struct zone_source *from, struct case_zone *z)
{
	struct writer w = arena_writer(from->arena);

	put_text(&w, "$ORIGIN ");
	put_str(&w, z->name);
	put_text(&w, str_eq(z->name, STR(".")) ? "" : ".");
	put_text(&w,
	    "\n$TTL 300\n"
	    "@ SOA ns hostmaster 1 3600 900 1209600 300\n"
	    "@ NS ns\n"
	    "ns A 192.0.2.53\n");
	return put_lines(from, z, writer_str(&w));
}

/* The line matches OWNER TYPE DATA: owner and type are equal, and its data
 * begins with the given data. Type and data may be empty. */
static bool
is_deleted(struct mailauth_str line, struct mailauth_str owner,
    struct mailauth_str type, struct mailauth_str data)
{
	struct mailauth_str first, second;

	/* A line without an owner of its own never matches. */
	if (line.n == 0 || is_fws(line.s[0]))
		return false;
	first = str_word(&line);
	second = str_word(&line);
	line = str_trim(line);
	return line.n > 0 && str_eq(first, owner) &&
	    (type.n == 0 || str_eq(second, type)) && str_starts(line, data);
}

static bool delete (struct zone_source *from, struct case_zone *z,
    const struct case_line *l)
{
	struct mailauth_str data = l->rest, owner = str_word(&data),
	                    type = str_word(&data);
	struct zone_text **t = &z->lines;
	bool any = false;

	data = str_trim(data);
	while (*t != NULL) {
		if (!is_deleted((*t)->line, owner, type, data)) {
			t = &(*t)->next;
			continue;
		}
		*t = (*t)->next;
		any = true;
	}
	z->end = t;
	return any ||
	    refuse(from, l->line, str_trim(l->rest),
	        "there is no such line in the zone");
}

/* Apply one line; `*here` is the zone that it edits. */
static bool
take(struct zone_source *from, struct case_zone **zones,
    struct case_zone **here, const struct case_line *l)
{
	struct mailauth_str rest = l->rest, name;
	struct case_zone *z = *here;

	switch (l->word) {
	case CASE_ZONE:
	case CASE_NEWZONE:
		name = str_word(&rest);
		*here = z = begin(from, zones, l, name);
		if (z == NULL)
			return false;
		z->file = str_trim(rest);
		if (l->word == CASE_NEWZONE)
			return put_apex(from, z);
		z->edited = z->loaded = z->file.n == 0;
		return true;
	case CASE_IN:
		*here = find(*zones, str_trim(rest));
		return *here != NULL ||
		    refuse(from, l->line, str_trim(rest),
		        "there is no such zone");
	case CASE_ZONE_LINE:
	case CASE_ADD:
	case CASE_DELETE:
		if (z == NULL)
			return refuse(from, l->line, STR_NONE,
			    "there is no zone so far");
		if (!load(from, z))
			return false;
		z->edited = true;
		return l->word == CASE_DELETE ? delete (from, z, l) :
		                                put_line(from, z, l->rest);
	default: return true;
	}
}

bool
case_zones(const struct case_file *f, const struct suite_case *c,
    struct zone_source *from, struct case_zone **out)
{
	const struct case_line *lists[] = { f->common,
		c != NULL ? c->lines : NULL };
	struct case_zone *here = NULL;

	*out = NULL;
	for (size_t i = 0; i < 2; i++)
		for (const struct case_line *l = lists[i]; l != NULL;
		     l = l->next)
			if (!take(from, out, &here, l))
				return from->arena->failed ?
				    refuse(from, l->line, STR_NONE,
				        "memory ran out") :
				    false;
	return !from->arena->failed ||
	    refuse(from, 0, STR_NONE, "memory ran out");
}

struct mailauth_str
case_zone_text(struct arena *a, const struct case_zone *zone)
{
	struct writer w = arena_writer(a);

	for (const struct zone_text *t = zone->lines; t != NULL; t = t->next) {
		put_str(&w, t->line);
		put_char(&w, '\n');
	}
	return w.full ? STR_NONE : writer_str(&w);
}

/* The line is an RRSIG record: the type follows owner, TTL and class. */
static bool
is_signature(struct mailauth_str line)
{
	struct mailauth_str text = str_sub(line, 0, 4096);

	for (unsigned i = 0; i < 4 && text.n > 0; i++)
		if (str_ieq(str_word(&text), STR("RRSIG")))
			return true;
	return false;
}

int
case_zones_signed(struct case_zone *zones, struct zone_source *from)
{
	for (struct case_zone *z = zones; z != NULL; z = z->next) {
		if (!load(from, z))
			return -1;
		for (const struct zone_text *t = z->lines; t != NULL;
		     t = t->next)
			if (is_signature(t->line))
				return 1;
	}
	return 0;
}
