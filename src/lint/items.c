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
 * shown; 0: there is none. */
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

static struct item *
add_item(struct mailauth_lint *l)
{
	struct item *it = arena_alloc(&l->arena, sizeof(*it));

	if (l->nitems == l->items_room) {
		size_t room = l->items_room == 0 ? 64 : l->items_room * 2;
		struct item **more =
		    realloc(l->items, room * sizeof(struct item *));

		if (more == NULL) {
			l->arena.failed = true;
			return NULL;
		}
		l->items = more;
		l->items_room = room;
	}
	if (it == NULL)
		return NULL;
	it->number = l->nitems;
	l->items[l->nitems++] = it;
	return it;
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

static void
set_place(struct mailauth_lint *l, struct item *it,
    const struct zone_place *place)
{
	struct lint_file *file = file_of(l, place->file);

	if (file == NULL)
		return;
	it->file = file;
	it->view.file = file->file.path;
	it->view.line = place->line;
	it->view.column = place->column;
	it->view.length = place->length;
	if (place->line > 0)
		it->view.text = copy_line(l, file, place->line);
}

/* The sentence of the table, and what it is in this case. */
static const char *
message_of(struct mailauth_lint *l, const struct lint_new *n)
{
	struct writer w = arena_writer(&l->arena);

	put_text(&w, finding_row(n->id)->sentence);
	if (n->detail.n > 0) {
		put_text(&w, ": ");
		put_str(&w, n->detail);
	}
	put_char(&w, '\0');
	return w.full ? NULL : w.buf;
}

struct item *
lint_add(struct mailauth_lint *l, const struct lint_new *n)
{
	static const struct lint_new limit = { .id = MAILAUTH_F_LIMIT_REACHED };
	const struct finding_row *row = finding_row(n->id);
	const char *zone = l->zones[n->zone].name;
	char *type = n->type != 0 ? arena_alloc(&l->arena, 16) : NULL;
	struct item *it;

	if (l->limited)
		return NULL;
	if (l->nitems >= LINT_ITEMS_MAX && n != &limit) {
		it = lint_add(l, &limit);
		/* Those that are dropped may be failures. */
		if (it != NULL)
			it->open = true;
		l->limited = true;
		return NULL;
	}
	it = add_item(l);
	if (it == NULL)
		return NULL;
	it->id = n->id;
	it->open = row->effect == EFFECT_DEFERS;
	it->zone = n->zone;
	it->group = SIZE_MAX;
	it->view = (struct mailauth_lint_finding){ .code = row->code,
		.severity = n->severity != NULL ?
		    *n->severity :
		    (enum mailauth_severity)row->severity[l->profile],
		.zone = zone,
		.name = lint_copy(l, n->name),
		.kind = n->kind,
		.type = type != NULL ? name_rrtype(n->type, type) : NULL,
		.message = n->message.n > 0 ? lint_copy(l, n->message) :
		                              message_of(l, n),
		.remedy = n->remedy.n > 0  ? lint_copy(l, n->remedy) :
		    row->remedy[0] != '\0' ? row->remedy :
		                             NULL,
		.reference = row->reference,
		.follows = n->follows,
		.fix = lint_copy(l, n->fix) };
	set_place(l, it, &n->place);
	return it;
}

/* Findings of files first, then those of the names, each by its place. */
static int
compare(const void *a, const void *b)
{
	const struct item *p = *(struct item *const *)a;
	const struct item *q = *(struct item *const *)b;
	size_t p_file = p->file != NULL ? p->file->number : SIZE_MAX;
	size_t q_file = q->file != NULL ? q->file->number : SIZE_MAX;

	/* The number of a file is one more than the last group. */
	if (p->group + 1 != q->group + 1)
		return p->group + 1 < q->group + 1 ? -1 : 1;
	if (p_file != q_file)
		return p_file < q_file ? -1 : 1;
	if (p->view.line != q->view.line)
		return p->view.line < q->view.line ? -1 : 1;
	if (p->view.column != q->view.column)
		return p->view.column < q->view.column ? -1 : 1;
	return p->number < q->number ? -1 : 1;
}

void
lint_order(struct mailauth_lint *l)
{
	if (l->nitems > 0)
		qsort(l->items, l->nitems, sizeof(struct item *), compare);
}
