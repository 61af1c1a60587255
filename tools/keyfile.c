/*
 * keyfile.c - key files of the user
 * SPDX-License-Identifier: BSD-3-Clause
 */
#include "tools/keyfile.h"

#include <errno.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "sys/clock.h"
#include "sys/tempfile.h"
#include "tools/tool.h"

int
key_load(const char *file, uint8_t **der, size_t *len)
{
	char why[MAILAUTH_WHY_MAX];
	enum mailauth_status status = mailauth_key_read(file, der, len, why);

	if (status == MAILAUTH_OK)
		return -1;
	complain(NULL, why);
	return exit_of_status(status);
}

static bool
append(struct mailauth_key_history **list, size_t *n, const char *name,
    const char *sha256, int64_t first_seen)
{
	struct mailauth_key_history *bigger =
	    realloc(*list, (*n + 1) * sizeof(**list));
	char *a, *b;

	if (bigger == NULL)
		return false;
	*list = bigger;
	a = strdup(name);
	b = strdup(sha256);
	if (a == NULL || b == NULL) {
		free(a);
		free(b);
		return false;
	}
	bigger[(*n)++] = (struct mailauth_key_history){ a, b, first_seen };
	return true;
}

/* The entries of a history that was read; NULL: the text is no history. */
static json_t *
entries(const json_t *root)
{
	json_t *keys = json_object_get(root, "keys"), *one;
	const char *name, *sha256;
	json_int_t first;
	size_t i;

	if (!json_is_array(keys))
		return NULL;
	json_array_foreach(keys, i, one)
	{
		if (json_unpack(one, "{s:s, s:s, s:I}", "name", &name, "sha256",
		        &sha256, "first_seen", &first) != 0 ||
		    first < 0)
			return NULL;
	}
	return keys;
}

/* Read a history file; `*root` is NULL when there is no such file. -1, or an
 * exit code after a complaint. */
static int
read_history(const char *file, json_t **root)
{
	json_error_t error;
	int code = EXIT_INPUT;

	*root = NULL;
	if (access(file, F_OK) != 0 && errno == ENOENT)
		return -1;
	*root = json_load_file(file, 0, &error);
	if (*root != NULL && entries(*root) != NULL)
		return -1;
	if (*root == NULL &&
	    json_error_code(&error) == json_error_out_of_memory)
		code = EXIT_SYSTEM;
	complain(file, *root == NULL ? error.text : "it is not a key history");
	json_decref(*root);
	*root = NULL;
	return code;
}

int
key_history_load(struct key_history *h, const char *file)
{
	json_t *root, *one;
	int code = read_history(file, &root);
	size_t i;

	json_array_foreach(json_object_get(root, "keys"), i, one)
	{
		const char *name, *sha256;
		json_int_t first;

		if (json_unpack(one, "{s:s, s:s, s:I}", "name", &name, "sha256",
		        &sha256, "first_seen", &first) == 0 &&
		    append(&h->keys, &h->nkeys, name, sha256, first))
			continue;
		complain(file, "memory ran out");
		code = EXIT_SYSTEM;
		break;
	}
	json_decref(root);
	return code;
}

bool
key_history_take(struct key_history *h, const struct mailauth_report *report)
{
	struct mailauth_key_history k;

	for (size_t i = 0; mailauth_report_key(report, i, &k); i++) {
		if (k.first_seen == 0)
			k.first_seen = clock_utc();
		if (!append(&h->seen, &h->nseen, k.name, k.sha256,
		        k.first_seen)) {
			complain("key history", "memory ran out");
			return false;
		}
	}
	return true;
}

/* The run has seen this name, with this key or another. */
static bool
was_seen(const struct key_history *h, const char *name)
{
	for (size_t i = 0; i < h->nseen; i++)
		if (strcmp(h->seen[i].name, name) == 0)
			return true;
	return false;
}

/* The key in a list of keys; NULL: it is not there. */
static const struct mailauth_key_history *
find_key(const struct mailauth_key_history *list, size_t n, const char *name,
    const char *sha256)
{
	for (size_t i = 0; i < n; i++)
		if (strcmp(list[i].name, name) == 0 &&
		    strcmp(list[i].sha256, sha256) == 0)
			return &list[i];
	return NULL;
}

/* Say of a key that is in the file and was seen that it was seen first by
 * whoever saw it first. True when the entry stays: it is of a name that this
 * run has not seen, of a key that it has, or of one that another program has
 * written meanwhile. */
static bool
keep_entry(const struct key_history *h, json_t *one)
{
	const char *name = json_string_value(json_object_get(one, "name"));
	const char *sha256 = json_string_value(json_object_get(one, "sha256"));
	json_t *first = json_object_get(one, "first_seen");
	const struct mailauth_key_history *seen =
	    find_key(h->seen, h->nseen, name, sha256);

	if (seen != NULL && seen->first_seen < json_integer_value(first))
		json_integer_set(first, seen->first_seen);
	return seen != NULL || !was_seen(h, name) ||
	    find_key(h->keys, h->nkeys, name, sha256) == NULL;
}

static bool
has_entry(json_t *keys, const struct mailauth_key_history *k)
{
	json_t *one;
	size_t i;

	json_array_foreach(keys, i, one)
	{
		if (strcmp(json_string_value(json_object_get(one, "name")),
		        k->name) == 0 &&
		    strcmp(json_string_value(json_object_get(one, "sha256")),
		        k->sha256) == 0)
			return true;
	}
	return false;
}

/* Bring the entries of the file up to date. */
static bool
merge(const struct key_history *h, json_t *keys)
{
	for (size_t i = 0; i < json_array_size(keys);)
		if (keep_entry(h, json_array_get(keys, i)))
			i++;
		else
			json_array_remove(keys, i);
	for (size_t i = 0; i < h->nseen; i++) {
		const struct mailauth_key_history *k = &h->seen[i];

		if (!has_entry(keys, k) &&
		    json_array_append_new(keys,
		        json_pack("{s:s, s:s, s:I}", "name", k->name, "sha256",
		            k->sha256, "first_seen",
		            (json_int_t)k->first_seen)) != 0)
			return false;
	}
	return true;
}

/* Write the file with what it holds now and what the run has seen. */
static bool
write_history(const struct key_history *h, json_t *root, FILE *to)
{
	if (root == NULL || !merge(h, json_object_get(root, "keys"))) {
		errno = ENOMEM;
		return false;
	}
	return json_dumpf(root, to, JSON_INDENT(2)) == 0 &&
	    fputc('\n', to) != EOF;
}

int
key_history_save(const struct key_history *h, const char *file)
{
	struct replacement r;
	json_t *root;
	bool good;
	int code;

	if (!replacement_begin(&r, file)) {
		complain(file, strerror(errno));
		return EXIT_SYSTEM;
	}
	/* Another program may have written it since it was loaded. */
	code = read_history(r.file, &root);
	if (code >= 0) {
		replacement_end(&r, false);
		return code;
	}
	if (root == NULL)
		root = json_pack("{s:s, s:[]}", "schema",
		    "unbound-mailauth-keys/1", "keys");
	errno = 0;
	good = write_history(h, root, r.f);
	good = replacement_end(&r, good);
	if (!good)
		complain(file, errno != 0 ? strerror(errno) : "write error");
	json_decref(root);
	return good ? -1 : EXIT_SYSTEM;
}

static void
free_list(struct mailauth_key_history *list, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		free((void *)(uintptr_t)list[i].name);
		free((void *)(uintptr_t)list[i].sha256);
	}
	free(list);
}

void
key_history_free(struct key_history *h)
{
	free_list(h->keys, h->nkeys);
	free_list(h->seen, h->nseen);
}
