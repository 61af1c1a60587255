/*
 * keys.c - DKIM keys that several domains of one call share
 * SPDX-License-Identifier: BSD-3-Clause
 */
#include <search.h>
#include <stdlib.h>

#include "base/str.h"
#include "domain/domain.h"

/* A DKIM key of an earlier domain; a tree holds these by fingerprint. */
struct known_key {
	char sha256[65];
	char name[];
};

static int
compare_keys(const void *a, const void *b)
{
	const struct known_key *x = a, *y = b;

	return strcmp(x->sha256, y->sha256);
}

void
keys_compare(struct check *c, void **known)
{
	for (const struct key_seen *k = c->report->keys; k != NULL;
	     k = k->next) {
		size_t n = strlen(k->name) + 1;
		struct known_key *key = malloc(sizeof(*key) + n), **found;

		if (key == NULL)
			return;
		memcpy(key->sha256, k->sha256, sizeof(key->sha256));
		memcpy(key->name, k->name, n);
		/* tsearch() returns the new key, or an earlier equal one. The
		 * check of each domain compares the keys within the domain. */
		found = tsearch(key, known, compare_keys);
		if (found != NULL && *found == key)
			continue;
		if (found != NULL && strcmp((*found)->name, k->name) != 0 &&
		    dname_under(str_of(k->name), c->domain) &&
		    !dname_under(str_of((*found)->name), c->domain))
			tell(c, k->set, MAILAUTH_F_DKIM_KEY_SHARED,
			    str_of((*found)->name));
		free(key);
	}
}

void
keys_forget(void **known)
{
	while (*known != NULL) {
		struct known_key *key = *(struct known_key **)*known;

		tdelete(key, known, compare_keys);
		free(key);
	}
}
