/*
 * inputfile.c - check the files that libunbound will read
 * SPDX-License-Identifier: BSD-3-Clause
 */
#include "dns/inputfile.h"

#include <errno.h>
#include <glob.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/str.h"
#include "sys/tempfile.h"

/* Octets copied from a pipe; more is a mistake. */
#define COPY_MAX ((size_t)256 * 1024 * 1024)
/* Nesting depth of included files; Unbound follows no more. */
#define DEPTH_MAX 10
/* Octets of a path, and of a word of a configuration. */
#define PATH_SIZE 4096

struct input_copy {
	struct input_copy *next;
	const char *path;
	FILE *f; /* kept open: the path may be that of an open file */
};

static bool
refuse(char *why, const char *file, const char *reason)
{
	snprintf(why, MAILAUTH_WHY_MAX, "%.400s: %s", file, reason);
	return false;
}

static bool
is_directory(const char *path)
{
	struct stat st;

	return stat(path, &st) == 0 && S_ISDIR(st.st_mode);
}

/* Copy what can be read once; NULL with one line in `why`. */
static const char *
copy_of(struct inputs *in, struct arena *arena, FILE *from, const char *file,
    char *why)
{
	struct input_copy *copy = arena_alloc(arena, sizeof(*copy));
	char path[TEMPFILE_MAX], buf[16384];
	FILE *to = copy != NULL ? tempfile_hidden(path) : NULL;
	size_t n, total = 0;
	bool good;

	in->status = MAILAUTH_ESYSTEM;
	if (to == NULL) {
		tempfile_why(why, MAILAUTH_WHY_MAX);
		return NULL;
	}
	errno = 0;
	while ((n = fread(buf, 1, sizeof(buf), from)) > 0 && total < COPY_MAX) {
		fwrite(buf, 1, n, to);
		total += n;
	}
	good =
	    fflush(to) == 0 && !ferror(from) && !ferror(to) && total < COPY_MAX;
	if (!good && ferror(to)) {
		tempfile_why(why, MAILAUTH_WHY_MAX);
	} else if (!good) {
		in->status = MAILAUTH_EINPUT;
		refuse(why, file,
		    strerror(total >= COPY_MAX ? EFBIG :
		            errno != 0         ? errno :
		                                 EIO));
	}
	copy->f = to;
	copy->path = arena_copy(arena, str_of(path)).s;
	if (good && copy->path != NULL) {
		copy->next = in->copies;
		in->copies = copy;
		return copy->path;
	}
	if (good) {
		in->status = MAILAUTH_ENOMEM;
		refuse(why, file, "memory ran out");
	}
	fclose(to);
	tempfile_forget(path);
	return NULL;
}

const char *
input_file(struct inputs *in, struct arena *arena, const char *file,
    const char *what, char why[MAILAUTH_WHY_MAX])
{
	FILE *f = fopen(file, "r");
	const char *path = NULL;
	struct stat st;

	in->status = MAILAUTH_EINPUT;
	if (f == NULL || fstat(fileno(f), &st) != 0) {
		refuse(why, file, strerror(errno));
	} else if (S_ISDIR(st.st_mode)) {
		snprintf(why, MAILAUTH_WHY_MAX,
		    "%.400s: it is a directory, not %s", file, what);
	} else if (!S_ISREG(st.st_mode)) {
		path = copy_of(in, arena, f, file, why);
	} else {
		path = arena_copy(arena, str_of(file)).s;
		if (path == NULL)
			refuse(why, file, "memory ran out");
	}
	if (f != NULL)
		fclose(f);
	return path;
}

/* Copy a word without its quotes; false when it is too long. */
static bool
unquoted(struct mailauth_str word, char out[PATH_SIZE])
{
	if (word.n >= 2 && (word.s[0] == '"' || word.s[0] == '\'') &&
	    word.s[word.n - 1] == word.s[0])
		word = str_sub(word, 1, word.n - 2);
	if (word.n >= PATH_SIZE)
		return false;
	if (word.n > 0)
		memcpy(out, word.s, word.n);
	out[word.n] = '\0';
	return true;
}

/* Read the next word of a configuration, without comments. */
static bool
config_word(FILE *f, char out[PATH_SIZE])
{
	size_t n = 0;
	int c, quote = 0;

	while ((c = getc(f)) != EOF) {
		if (quote == 0 && c == '#' && n == 0) {
			while (c != '\n' && c != EOF)
				c = getc(f);
			continue;
		}
		if (quote == 0 && is_fws((char)c)) {
			if (n > 0)
				break;
			continue;
		}
		if (quote != 0 ? c == quote : (c == '"' || c == '\''))
			quote = quote != 0 ? 0 : c;
		if (n + 1 < PATH_SIZE)
			out[n++] = (char)c;
		/* "name:value" needs no blank. */
		if (quote == 0 && c == ':' && n > 1 && is_alpha(out[0]) &&
		    strchr(out, '.') == NULL)
			break;
	}
	out[n] = '\0';
	return n > 0;
}

static bool config_ok(const char *path, unsigned depth, char *why);

/* Check an include, which may match several files. */
static bool
included_ok(const char *pattern, unsigned depth, char *why)
{
	bool good = true;
	glob_t found;

	if (depth == DEPTH_MAX)
		return refuse(why, pattern,
		    "files include each other too deeply");
	if (glob(pattern, GLOB_NOCHECK, NULL, &found) != 0)
		return true;
	for (size_t i = 0; good && i < found.gl_pathc; i++)
		good = config_ok(found.gl_pathv[i], depth + 1, why);
	globfree(&found);
	return good;
}

static bool
config_ok(const char *path, unsigned depth, char *why)
{
	static const char *const files[] = { "trust-anchor-file:",
		"auto-trust-anchor-file:", "trusted-keys-file:", "root-hints:",
		"zonefile:", "tls-cert-bundle:" };
	char word[PATH_SIZE], name[PATH_SIZE];
	bool good = true;
	FILE *f;

	if (is_directory(path))
		return refuse(why, path,
		    "it is a directory, not a configuration");
	f = fopen(path, "r");
	if (f == NULL)
		return refuse(why, path, strerror(errno));
	while (good && config_word(f, word)) {
		bool include = strcmp(word, "include:") == 0 ||
		    strcmp(word, "include-toplevel:") == 0;
		bool file = false;

		for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++)
			file = file || strcmp(word, files[i]) == 0;
		if ((!include && !file) || !config_word(f, word) ||
		    !unquoted(str_of(word), name))
			continue;
		if (include)
			good = included_ok(name, depth, why);
		else if (is_directory(name))
			good =
			    refuse(why, name, "it is a directory, not a file");
	}
	fclose(f);
	return good;
}

bool
input_config_ok(const char *path, char why[MAILAUTH_WHY_MAX])
{
	return config_ok(path, 0, why);
}

void
inputs_free(struct inputs *in)
{
	for (struct input_copy *c = in->copies; c != NULL; c = c->next) {
		fclose(c->f);
		tempfile_forget(c->path);
	}
	in->copies = NULL;
}
