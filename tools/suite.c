/*
 * suite.c - case files: found, read and looked through before any is run
 * SPDX-License-Identifier: BSD-3-Clause
 */
#include "tools/suite.h"

#include <dirent.h>
#include <errno.h>
#include <fnmatch.h>
#include <search.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "sys/file.h"
#include "tools/keyfile.h"

/* A file of cases that is larger is a mistake. */
#define FILE_MAX ((size_t)64 * 1024 * 1024)
/* Folders in folders. */
#define DEPTH_MAX 64

/* A file or folder, whatever it is called. */
struct place {
	dev_t dev;
	ino_t ino;
};

/* A walk through folders. */
struct walk {
	struct suite *suite;
	void *seen; /* files, a tree of places */
	struct place above[DEPTH_MAX]; /* folders that lead here */
	size_t found; /* files, those found again among them */
	int code; /* of what was complained of */
};

static int
compare_places(const void *a, const void *b)
{
	return memcmp(a, b, sizeof(struct place));
}

static struct place
place_of(const struct stat *st)
{
	struct place p;

	/* It is compared octet by octet. */
	memset(&p, 0, sizeof(p));
	p.dev = st->st_dev;
	p.ino = st->st_ino;
	return p;
}

static void
refuse(struct walk *w, const char *path, const char *why, int code)
{
	complain(path, why);
	w->code = worse_exit(w->code, code);
}

/* The file was not found before. */
static bool
is_new(struct walk *w, const struct stat *st)
{
	struct place *p = malloc(sizeof(*p)), **found;

	if (p == NULL)
		return true;
	*p = place_of(st);
	found = tsearch(p, &w->seen, compare_places);
	if (found != NULL && *found == p)
		return true;
	free(p);
	return found == NULL;
}

static void
forget_places(void **seen)
{
	while (*seen != NULL) {
		struct place *p = *(struct place **)*seen;

		tdelete(p, seen, compare_places);
		free(p);
	}
}

/* The place of a complaint. */
static void
at_line(const struct suite_file *f, unsigned line, char *room, size_t size)
{
	snprintf(room, size, "%s:%u", f->name, line);
	complain_at = room;
}

struct teller {
	const struct suite_file *file;
};

static void
tell(void *arg, unsigned line, const char *why)
{
	const struct teller *t = arg;
	char at[4200];

	at_line(t->file, line, at, sizeof(at));
	complain(NULL, why);
	complain_at = NULL;
}

char *
suite_path(const struct suite_file *f, struct mailauth_str name,
    struct arena *a)
{
	const char *slash = strrchr(f->path, '/');
	struct writer w = arena_writer(a);

	if (slash != NULL && (name.n == 0 || name.s[0] != '/'))
		put_bytes(&w, f->path, (size_t)(slash - f->path) + 1);
	put_bytes(&w, name.s, name.n);
	put_char(&w, '\0');
	return w.full ? NULL : w.buf;
}

/* Files are looked for where the case file is. */
static int
resolve_files(struct options *o, const struct suite_file *f, struct arena *a)
{
	struct mailauth_options *s = &o->source;

	for (size_t i = 0; i < s->nanchor_files; i++) {
		const char **list = (const char **)(uintptr_t)s->anchor_files;

		list[i] = suite_path(f, str_of(list[i]), a);
		if (list[i] == NULL)
			return EXIT_SYSTEM;
	}
	if (o->dkim_key != NULL)
		o->dkim_key = suite_path(f, str_of(o->dkim_key), a);
	return -1;
}

static int
not_here(const char *option, const char *why)
{
	complain(option, why);
	return EXIT_INPUT;
}

int
suite_options(struct options *o, const struct suite_file *f,
    const struct mailauth_str *words, size_t n, unsigned takes, struct arena *a)
{
	char **argv = arena_alloc(a, (n + 2) * sizeof(*argv));
	static char name[] = "test";
	int code;

	*o = (struct options){ .verdict_on = MAILAUTH_RESULT_WARN };
	if (argv == NULL)
		return EXIT_SYSTEM;
	argv[0] = name;
	for (size_t i = 0; i < n; i++)
		argv[i + 1] = (char *)(uintptr_t)arena_copy(a, words[i]).s;
	if (a->failed)
		return EXIT_SYSTEM;
	optind = 0; /* begin anew, in the middle of nothing */
	code = options_read(o, &command_test, takes, (int)n + 1, argv);
	if (code >= 0)
		return EXIT_INPUT;
	if (o->key_history != NULL)
		return not_here("--key-history", "it is not for a test");
	if (o->what.compare_servers)
		return not_here("--compare-servers",
		    "it needs a network, and a test has none");
	if (o->verdict_on != MAILAUTH_RESULT_WARN)
		return not_here("--verdict-on", "it is not for a test");
	if ((size_t)optind < n + 1 && (takes & TAKES_WHAT))
		return not_here(argv[optind], "it is no option");
	if ((size_t)optind < n)
		return not_here(argv[optind + 1], "one domain at a time");
	o->name = (size_t)optind < n + 1 ? argv[optind] : NULL;
	return resolve_files(o, f, a);
}

/* Looking through a file before it is run. */

/* The words of a line from `rest` on. */
static size_t
words_of(struct mailauth_str rest, struct mailauth_str out[SUITE_ARGS_MAX])
{
	size_t n = 0;

	while ((rest = str_trim_start(rest)).n > 0 && n < SUITE_ARGS_MAX)
		out[n++] = case_next(&rest);
	return n;
}

/* A line of arguments makes sense by itself. */
static int
look_at_args(const struct suite_file *f, const struct case_line *l,
    struct arena *a)
{
	struct mailauth_str words[SUITE_ARGS_MAX];
	size_t n = words_of(l->rest, words), len;
	struct options o;
	uint8_t *key = NULL;
	int code = suite_options(&o, f, words, n, TAKES_ARGS, a);

	if (code < 0 && o.dkim_key != NULL)
		code = key_load(o.dkim_key, &key, &len);
	for (size_t i = 0; code < 0 && i < o.source.nanchor_files; i++)
		if (access(o.source.anchor_files[i], R_OK) != 0)
			code =
			    not_here(o.source.anchor_files[i], strerror(errno));
	free(key);
	options_free(&o);
	return code;
}

static int
look_at_words(const struct suite_file *f, const struct case_line *l,
    struct arena *a)
{
	struct mailauth_str words[SUITE_ARGS_MAX], rest = l->rest;
	struct options o;
	size_t n;
	int code;

	case_next(&rest);
	n = words_of(rest, words);
	code = suite_options(&o, f, words, n,
	    TAKES_CASE | (l->word == CASE_SPF ? TAKES_SPF : TAKES_PASSED), a);
	if (code < 0 && l->word == CASE_SPF && o.what.nsenders != 1)
		code = not_here("--ip", "give one address");
	options_free(&o);
	return code;
}

static int
look_at_line(const struct suite_file *f, const struct case_line *l,
    struct arena *a)
{
	struct mailauth_str rest = l->rest;
	char *path;

	switch (l->word) {
	case CASE_ZONE:
		str_word(&rest);
		rest = str_trim(rest);
		path = rest.n > 0 ? suite_path(f, rest, a) : NULL;
		if (path != NULL && access(path, R_OK) != 0)
			return not_here(path, strerror(errno));
		return -1;
	case CASE_ARGS:
	case CASE_NOARGS: return look_at_args(f, l, a);
	case CASE_SPF:
	case CASE_DMARC: return look_at_words(f, l, a);
	default: return -1;
	}
}

static void
look_at_lines(struct walk *w, const struct suite_file *f,
    const struct case_line *l)
{
	struct arena a = { NULL, false };
	char at[4200];

	for (; l != NULL; l = l->next) {
		int code;

		at_line(f, l->line, at, sizeof(at));
		code = look_at_line(f, l, &a);
		complain_at = NULL;
		if (code >= 0)
			w->code = worse_exit(w->code, code);
	}
	arena_free(&a);
}

static void
take_file(struct walk *w, const char *path)
{
	struct suite *s = w->suite;
	struct suite_file *file = calloc(1, sizeof(*file)), **bigger;
	struct teller teller = { file };
	struct mailauth_str text;
	enum file_end end;
	size_t faults;

	bigger = realloc(s->files, (s->nfiles + 1) * sizeof(*bigger));
	if (bigger != NULL)
		s->files = bigger;
	if (file == NULL || bigger == NULL) {
		free(file);
		refuse(w, path, "memory ran out", EXIT_SYSTEM);
		return;
	}
	s->files[s->nfiles++] = file;
	file->path = strdup(path);
	file->name = suite_plain(&file->arena, str_of(path));
	if (file->path == NULL || file->name == NULL) {
		refuse(w, path, "memory ran out", EXIT_SYSTEM);
		return;
	}
	end = file_read(path, FILE_MAX, &file->arena, &text);
	if (end != FILE_WHOLE) {
		refuse(w, path,
		    strerror(end == FILE_LONGER   ? EFBIG :
		            end == FILE_NO_MEMORY ? ENOMEM :
		                                    errno),
		    EXIT_INPUT);
		return;
	}
	faults = casefile_read(&file->cases, &file->arena, text, tell, &teller);
	if (file->arena.failed)
		refuse(w, path, "memory ran out", EXIT_SYSTEM);
	if (faults > 0)
		w->code = worse_exit(w->code, EXIT_INPUT);
	look_at_lines(w, file, file->cases.common);
	for (const struct suite_case *c = file->cases.cases; c != NULL;
	     c = c->next)
		look_at_lines(w, file, c->lines);
}

static bool
is_case_name(const char *name)
{
	size_t n = strlen(name);

	return n > 5 && strcmp(name + n - 5, ".case") == 0;
}

static int
skip_hidden(const struct dirent *e)
{
	return e->d_name[0] != '.';
}

/* By octets, whatever the language. */
static int
by_name(const struct dirent **a, const struct dirent **b)
{
	return strcmp((*a)->d_name, (*b)->d_name);
}

static void walk(struct walk *w, const char *path, unsigned depth);

static void
walk_folder(struct walk *w, const char *path, const struct stat *st,
    unsigned depth)
{
	struct place here = place_of(st);
	struct dirent **names = NULL;
	int n;

	for (unsigned i = 0; i < depth; i++)
		if (compare_places(&here, &w->above[i]) == 0) {
			refuse(w, path, "it leads back to a folder above it",
			    EXIT_INPUT);
			return;
		}
	if (depth == DEPTH_MAX) {
		refuse(w, path, "folders in folders, too deeply", EXIT_INPUT);
		return;
	}
	w->above[depth] = here;
	n = scandir(path, &names, skip_hidden, by_name);
	if (n < 0)
		refuse(w, path, strerror(errno), EXIT_INPUT);
	for (int i = 0; i < n; i++) {
		size_t a = strlen(path), b = strlen(names[i]->d_name);
		char *inner = malloc(a + b + 2);

		if (inner == NULL) {
			refuse(w, path, "memory ran out", EXIT_SYSTEM);
		} else {
			memcpy(inner, path, a);
			inner[a] = '/';
			if (a > 0 && path[a - 1] == '/')
				a--;
			memcpy(inner + a + 1, names[i]->d_name, b + 1);
			walk(w, inner, depth + 1);
		}
		free(inner);
		free(names[i]);
	}
	free(names);
}

/* A path: one that was given when `depth` is 0. */
static void
walk(struct walk *w, const char *path, unsigned depth)
{
	struct stat st;

	if (stat(path, &st) != 0) {
		/* What is no case file is none of ours. */
		if (depth == 0 || is_case_name(path))
			refuse(w, path, strerror(errno), EXIT_INPUT);
		return;
	}
	if (S_ISDIR(st.st_mode)) {
		walk_folder(w, path, &st, depth);
		return;
	}
	if (depth > 0 && !is_case_name(path))
		return;
	if (depth > 0 && !S_ISREG(st.st_mode)) {
		refuse(w, path, "it is no regular file", EXIT_INPUT);
		return;
	}
	w->found++;
	if (S_ISREG(st.st_mode) && !is_new(w, &st))
		return;
	take_file(w, path);
}

static bool
is_wanted(const struct suite_case *c, const char *match)
{
	struct arena a = { NULL, false };
	struct mailauth_str title;
	bool wanted;

	if (match == NULL)
		return true;
	title = arena_copy(&a, c->title);
	wanted = title.s != NULL &&
	    (strstr(title.s, match) != NULL || fnmatch(match, title.s, 0) == 0);
	arena_free(&a);
	return wanted;
}

static int
select_cases(struct suite *s, const char *match)
{
	size_t n = 0;

	for (size_t i = 0; i < s->nfiles; i++)
		n += s->files[i]->cases.ncases;
	s->entries = calloc(n + 1, sizeof(*s->entries));
	if (s->entries == NULL) {
		complain("test", "memory ran out");
		return EXIT_SYSTEM;
	}
	for (size_t i = 0; i < s->nfiles; i++)
		for (const struct suite_case *c = s->files[i]->cases.cases;
		     c != NULL; c = c->next)
			if (is_wanted(c, match))
				s->entries[s->nentries++] =
				    (struct suite_entry){ s->files[i], c };
	if (s->nentries > 0)
		return -1;
	complain(match, "there is no such case");
	return EXIT_USE;
}

int
suite_read(struct suite *s, char **paths, size_t n, const char *match)
{
	struct walk *w = calloc(1, sizeof(*w));
	int code = 0;

	*s = (struct suite){ 0 };
	if (w == NULL) {
		complain("test", "memory ran out");
		return EXIT_SYSTEM;
	}
	w->suite = s;
	for (size_t i = 0; i < n; i++) {
		size_t before = w->found;
		int told = w->code;

		walk(w, paths[i], 0);
		/* A test that cannot fail is none. */
		if (w->found == before && w->code == told)
			refuse(w, paths[i], "there is no case file in it",
			    EXIT_INPUT);
	}
	forget_places(&w->seen);
	code = w->code;
	free(w);
	return code > 0 ? code : select_cases(s, match);
}

void
suite_free(struct suite *s)
{
	for (size_t i = 0; i < s->nfiles; i++) {
		free(s->files[i]->path);
		arena_free(&s->files[i]->arena);
		free(s->files[i]);
	}
	free(s->files);
	free(s->entries);
}
