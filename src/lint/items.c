/*
 * items.c - the findings of a lint: kept, shown with their line, put in order
 * SPDX-License-Identifier: BSD-3-Clause
 */
#include <stdlib.h>

#include "judge/names.h"
#include "lint/lint.h"
#include "record/findings.h"

const char *
lint_copy(struct mailauth_lint *l, struct mailauth_str s)
{
	return s.n > 0 ? arena_copy(&l->arena, s).s : NULL;
}

/* Find where the lines of a file begin; false when memory ran out. */
static bool
find_lines(struct mailauth_lint *l, struct lint_file *file)
{
	struct mailauth_str text = file->file.text;
	size_t n = 1, k = 0;

	if (file->lines != NULL)
		return true;
	for (size_t at = 0; at < text.n; n++)
		at += str_find(str_from(text, at), '\n') + 1;
	file->lines = arena_alloc(&l->arena, n * sizeof(*file->lines));
	if (file->lines == NULL)
		return false;
	for (size_t at = 0; k < n; k++) {
		file->lines[k] = (uint32_t)at;
		at += str_find(str_from(text, at), '\n') + 1;
		if (at >= text.n)
			break;
	}
	file->nlines = text.n > 0 ? k + 1 : 0;
	return true;
}

struct mailauth_str
lint_line(struct mailauth_lint *l, struct lint_file *file, uint32_t line)
{
	struct mailauth_str text = file->file.text, s;

	if (!find_lines(l, file) || line == 0 || line > file->nlines)
		return STR_NONE;
	s = str_from(text, file->lines[line - 1]);
	s = str_sub(s, 0, str_find(s, '\n'));
	if (s.n > 0 && s.s[s.n - 1] == '\r')
		s.n--;
	return s;
}

/* Octets of the well-formed character of UTF-8 at the head of `s` that can be
 * shown; 0: the first octet cannot. */
static size_t
shown_octets(struct mailauth_str s)
{
	unsigned char c = (unsigned char)s.s[0];
	size_t n = c < 0x80 ? 1 : c >= 0xf0 ? 4 : c >= 0xe0 ? 3 : 2;
	uint32_t v = n == 1 ? c : c & (0x7fu >> n);
	static const uint32_t least[] = { 0, 0, 0xa0, 0x800, 0x10000 };

	if (n == 1)
		return c == '\t' || is_print((char)c);
	if (c < 0xc2 || c > 0xf4 || n > s.n)
		return 0;
	for (size_t i = 1; i < n; i++) {
		if (((unsigned char)s.s[i] & 0xc0) != 0x80)
			return 0;
		v = v << 6 | ((unsigned char)s.s[i] & 0x3f);
	}
	return v < least[n] || v > 0x10ffff || (v >= 0xd800 && v < 0xe000) ? 0 :
	                                                                     n;
}

/* A line as it may be shown: an octet that cannot be shown becomes '?', so that
 * columns stay. */
static const char *
copy_line(struct mailauth_lint *l, struct lint_file *file, uint32_t line)
{
	struct mailauth_str s = lint_line(l, file, line);
	char *copy;

	if (file->copied == line)
		return file->copy;
	s = str_sub(s, 0, LINT_LINE_MAX);
	copy = arena_alloc(&l->arena, s.n + 1);
	for (size_t i = 0, n; copy != NULL && i<s.n; i += n> 0 ? n : 1) {
		n = shown_octets(str_from(s, i));
		if (n == 0)
			copy[i] = '?';
		else
			memcpy(copy + i, s.s + i, n);
	}
	file->copied = line;
	file->copy = copy;
	return copy;
}

/* Put a finding behind the others; false when memory ran out. */
static bool
keep(struct mailauth_lint *l, struct item *it)
{
	if (l->nitems == l->items_room) {
		size_t room = l->items_room == 0 ? 64 : l->items_room * 2;
		struct item **more =
		    realloc(l->items, room * sizeof(struct item *));

		if (more == NULL) {
			l->arena.failed = true;
			return false;
		}
		l->items = more;
		l->items_room = room;
	}
	it->number = l->nitems;
	l->items[l->nitems++] = it;
	return true;
}

/* The file that a place is in; files are those that this lint has read. */
static struct lint_file *
file_of(struct mailauth_lint *l, const struct zone_file *file)
{
	struct lint_file *f = l->files;

	while (f != NULL && &f->file != file)
		f = f->next;
	return f;
}

static bool
is_made(struct mailauth_lint *l, struct lint_file *file, uint32_t line)
{
	return find_lines(l, file) && line > 0 && line <= file->nlines &&
	    file->lines[line - 1] > file->octets;
}

/* The line and column of a finding, unless its record is not in the file: such
 * a one was put in place of another. */
static void
set_place(struct mailauth_lint *l, struct item *it,
    const struct zone_place *place)
{
	struct lint_file *file = file_of(l, place->file);

	if (file == NULL)
		return;
	it->file = file;
	it->view.file = file->file.path;
	if (is_made(l, file, place->line))
		return;
	it->view.line = place->line;
	it->view.column = place->column;
	it->view.length = place->length;
}

struct writer
lint_writer(struct mailauth_lint *l)
{
	return arena_writer(&l->scratch);
}

/* The sentence of the table, and what it is in this case. */
static struct mailauth_str
message_of(struct mailauth_lint *l, const struct lint_new *n)
{
	struct writer w = lint_writer(l);

	put_text(&w, finding_row(n->id)->sentence);
	if (n->detail.n > 0) {
		put_text(&w, ": ");
		put_str(&w, n->detail);
	}
	return writer_str(&w);
}

/* The severity that a finding will have. */
static enum mailauth_severity
severity_for(const struct mailauth_lint *l, const struct lint_new *n)
{
	return n->severity != NULL ?
	    *n->severity :
	    (enum mailauth_severity)finding_row(n->id)->severity[l->profile];
}

/* A hash of what makes two findings one: what is wrong, and where. */
static size_t
hash(const struct item *it)
{
	uint64_t h = UINT64_C(0xcbf29ce484222325);
	const uint64_t part[] = { it->id, it->view.line, it->view.column,
		it->file != NULL ? it->file->number : SIZE_MAX };

	for (size_t i = 0; i < sizeof(part) / sizeof(part[0]); i++)
		h = (h ^ part[i]) * UINT64_C(0x100000001b3);
	return (size_t)(h ^ h >> 29);
}

/* Both say the same: several names have it, and one of them is enough. */
static bool
is_same(const struct item *a, const struct item *b, struct mailauth_str message)
{
	return a->id == b->id && a->file == b->file &&
	    a->view.line == b->view.line && a->view.column == b->view.column &&
	    a->view.length == b->view.length && a->view.message != NULL &&
	    str_eq(str_of(a->view.message), message);
}

/* A finding that says the same is there. */
static bool
is_there(const struct mailauth_lint *l, const struct item *it,
    struct mailauth_str message)
{
	const struct item *i =
	    l->nsame > 0 ? l->same[hash(it) & (l->nsame - 1)] : NULL;

	while (i != NULL && !is_same(i, it, message))
		i = i->bucket;
	return i != NULL;
}

static void
put_bucket(struct mailauth_lint *l, struct item *it)
{
	struct item **at = &l->same[hash(it) & (l->nsame - 1)];

	it->bucket = *at;
	*at = it;
}

/* Put a finding into the table; false when memory ran out. */
static bool
put_same(struct mailauth_lint *l, struct item *it)
{
	if (l->nitems >= l->nsame) {
		size_t n = l->nsame > 0 ? l->nsame * 2 : 256;

		l->same = arena_alloc(&l->arena, n * sizeof(struct item *));
		l->nsame = l->same != NULL ? n : 0;
		if (l->same == NULL)
			return false;
		for (size_t i = 0; i < l->nitems; i++)
			put_bucket(l, l->items[i]);
	}
	put_bucket(l, it);
	return true;
}

/* Make a finding, unless there is one that says the same. */
static struct item *
lint_make(struct mailauth_lint *l, const struct lint_new *n)
{
	const struct finding_row *row = finding_row(n->id);
	struct mailauth_str message =
	    n->message.n > 0 ? n->message : message_of(l, n);
	struct item key = { .id = n->id }, *it;
	char *type;

	set_place(l, &key, &n->place);
	if (is_there(l, &key, message))
		return NULL;
	it = arena_alloc(&l->arena, sizeof(*it));
	type = n->type != 0 ? arena_alloc(&l->arena, 16) : NULL;
	if (it == NULL)
		return NULL;
	it->id = n->id;
	it->open = row->effect == EFFECT_DEFERS && !n->settled &&
	    severity_for(l, n) > MAILAUTH_NOTICE;
	it->zone = n->zone;
	it->owner = n->owner;
	it->about = arena_copy(&l->arena, n->about);
	it->view = (struct mailauth_lint_finding){ .code = row->code,
		.severity = severity_for(l, n),
		.zone = l->zones[n->zone].name,
		.name = lint_copy(l, n->name),
		.kind = n->kind,
		.type = type != NULL ? name_rrtype(n->type, type) : NULL,
		.message = lint_copy(l, message),
		.remedy = n->remedy.n > 0  ? lint_copy(l, n->remedy) :
		    row->remedy[0] != '\0' ? row->remedy :
		                             NULL,
		.reference = row->reference,
		.follows = n->follows,
		.fix = lint_copy(l, n->fix) };
	set_place(l, it, &n->place);
	if (it->view.line > 0)
		it->view.text =
		    copy_line(l, file_of(l, n->place.file), it->view.line);
	it->first_line = n->first_line > 0 ? n->first_line : n->place.line;
	return it;
}

/* Findings that are kept of each weight: the weightier ones have room when the
 * others have filled theirs. What is dropped leaves the result open, unless it
 * is a mere fact. */
static const struct {
	size_t most;
	const char *told;
} limits[LINT_WEIGHTS] = {
	{ LINT_FACTS_MAX, "mere facts are not shown any more" },
	{ LINT_WARNINGS_MAX, "only failures are shown any more" },
	{ LINT_ITEMS_MAX, "100,000 findings are shown" },
};

static size_t
weight_of(enum mailauth_severity severity)
{
	return severity <= MAILAUTH_INFO ? 0 : severity < MAILAUTH_FAIL ? 1 : 2;
}

/* The findings of a weight are too many: say so once. */
static void
tell_limit(struct mailauth_lint *l, const struct lint_new *n, size_t weight)
{
	static const enum mailauth_severity notice = MAILAUTH_NOTICE;
	const struct lint_new limit = { .id = MAILAUTH_F_LIMIT_REACHED,
		.zone = n->zone,
		.place = { .file = &l->zones[n->zone].file->file },
		.detail = str_of(limits[weight].told),
		.severity = weight > 0 ? NULL : &notice,
		.settled = true };
	struct item *it = l->limited[weight] ? NULL : lint_make(l, &limit);

	l->limited[weight] = true;
	if (it == NULL)
		return;
	it->open = weight > 0;
	keep(l, it);
}

bool
lint_takes(const struct mailauth_lint *l, enum mailauth_severity severity)
{
	return !l->limited[weight_of(severity)];
}

struct item *
lint_add(struct mailauth_lint *l, const struct lint_new *n)
{
	size_t weight = weight_of(severity_for(l, n));
	struct item *it = NULL;

	if (l->nitems >= limits[weight].most)
		tell_limit(l, n, weight);
	else
		it = lint_make(l, n);
	if (it != NULL && (!put_same(l, it) || !keep(l, it)))
		it = NULL;
	l->arena.failed = l->arena.failed || l->scratch.failed;
	arena_free(&l->scratch);
	return it;
}

/* Names in the order of the files. */
static int
compare_owners(const void *a, const void *b)
{
	const struct owner *p = *(struct owner *const *)a;
	const struct owner *q = *(struct owner *const *)b;

	if (p->zone != q->zone)
		return p->zone < q->zone ? -1 : 1;
	if (p->place.file == q->place.file && p->place.line != q->place.line)
		return p->place.line < q->place.line ? -1 : 1;
	return strcmp(p->name.s, q->name.s);
}

/* Findings of files first, then those of the names, each by its place. */
static int
compare(const void *a, const void *b)
{
	const struct item *p = *(struct item *const *)a;
	const struct item *q = *(struct item *const *)b;
	size_t p_file = p->file != NULL ? p->file->number : SIZE_MAX;
	size_t q_file = q->file != NULL ? q->file->number : SIZE_MAX;

	if (p->owner != q->owner)
		return p->owner == NULL             ? -1 :
		    q->owner == NULL                ? 1 :
		    p->owner->rank < q->owner->rank ? -1 :
		                                      1;
	if (p_file != q_file)
		return p_file < q_file ? -1 : 1;
	if (p->view.line != q->view.line)
		return p->view.line < q->view.line ? -1 : 1;
	if (p->view.column != q->view.column)
		return p->view.column < q->view.column ? -1 : 1;
	return p->number < q->number ? -1 : 1;
}

/* List the names that have a part in mail, and number them. */
static bool
list_names(struct mailauth_lint *l)
{
	struct owner **list = malloc((l->nowners + 1) * sizeof(struct owner *));
	size_t n = 0;

	if (list != NULL)
		for (struct owner *o = l->owners; o != NULL; o = o->next)
			if (o->shown)
				list[n++] = o;
	l->names = arena_alloc(&l->arena, (n + 1) * sizeof(*l->names));
	if (list == NULL || l->names == NULL) {
		free(list);
		l->arena.failed = true;
		return false;
	}
	if (n > 0)
		qsort(list, n, sizeof(struct owner *), compare_owners);
	for (; l->nnames < n; l->nnames++) {
		struct owner *o = list[l->nnames];

		o->rank = l->nnames;
		l->names[l->nnames] =
		    (struct mailauth_lint_name){ .name = o->name.s,
			    .zone = l->zones[o->zone].name,
			    .role = o->role,
			    .result = o->is_left ? MAILAUTH_RESULT_TEMPERROR :
			                           MAILAUTH_RESULT_PASS };
	}
	free(list);
	return true;
}

void
lint_order(struct mailauth_lint *l)
{
	if (!list_names(l))
		return;
	for (size_t i = 0; i < l->nitems; i++) {
		struct item *it = l->items[i];
		const struct owner *o = owner_of(l, str_of(it->view.name));

		if (o != NULL && o->shown)
			it->owner = o;
	}
	if (l->nitems > 0)
		qsort(l->items, l->nitems, sizeof(struct item *), compare);
	for (size_t i = l->nitems; i > 0; i--) {
		const struct owner *o = l->items[i - 1]->owner;

		if (o == NULL)
			continue;
		l->names[o->rank].first = i - 1;
		l->names[o->rank].n++;
	}
}
