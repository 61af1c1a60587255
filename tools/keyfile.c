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

int
key_history_load(struct key_history *h, const char *file)
{
	json_error_t error;
	json_t *root, *one;
	size_t i;

	if (access(file, F_OK) != 0 && errno == ENOENT)
		return -1;
	root = json_load_file(file, 0, &error);
	if (root == NULL) {
		complain(file, error.text);
		return EXIT_INPUT;
	}
	json_array_foreach(json_object_get(root, "keys"), i, one)
	{
		const char *name, *sha256;
		json_int_t first;

		if (json_unpack(one, "{s:s, s:s, s:I}", "name", &name, "sha256",
		        &sha256, "first_seen", &first) != 0 ||
		    first < 0 ||
		    !append(&h->keys, &h->nkeys, name, sha256, first)) {
			complain(file, "it is no key history");
			json_decref(root);
			return EXIT_INPUT;
		}
	}
	if (!json_is_array(json_object_get(root, "keys"))) {
		complain(file, "it is no key history");
		json_decref(root);
		return EXIT_INPUT;
	}
	json_decref(root);
	return -1;
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

static json_t *
to_json(const struct mailauth_key_history *k)
{
	return json_pack("{s:s, s:s, s:I}", "name", k->name, "sha256",
	    k->sha256, "first_seen", (json_int_t)k->first_seen);
}

int
key_history_save(const struct key_history *h, const char *file)
{
	json_t *keys = json_array(), *root;
	struct replacement r;
	bool good;

	for (size_t i = 0; i < h->nkeys; i++)
		if (!was_seen(h, h->keys[i].name))
			json_array_append_new(keys, to_json(&h->keys[i]));
	for (size_t i = 0; i < h->nseen; i++)
		json_array_append_new(keys, to_json(&h->seen[i]));
	root = json_pack("{s:s, s:o}", "schema", "unbound-mailauth-keys/1",
	    "keys", keys);
	good = replacement_begin(&r, file);
	if (good) {
		good =
		    root != NULL && json_dumpf(root, r.f, JSON_INDENT(2)) == 0;
		good = fputc('\n', r.f) != EOF && good;
		good = replacement_end(&r, file, good);
	}
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
