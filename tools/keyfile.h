/*
 * keyfile.h - key files of the user
 * SPDX-License-Identifier: BSD-3-Clause
 */
#ifndef TOOLS_KEYFILE_H
#define TOOLS_KEYFILE_H

#include "mailauth/mailauth.h"

/**
 * The public half of a private or public key in PEM, as
 * SubjectPublicKeyInfo; `*der` is to be given to free().
 * @return -1, or an exit code after a complaint.
 */
int key_load(const char *file, uint8_t **der, size_t *len);

/** When keys were first seen: the file, and what a run adds to it. */
struct key_history {
	struct mailauth_key_history *keys;
	size_t nkeys;
	struct mailauth_key_history *seen;
	size_t nseen;
};

/** Read a history file; one that does not exist is an empty history. -1, or
 * an exit code after a complaint. */
int key_history_load(struct key_history *h, const char *file);
/** Take over the keys of a report; false after a complaint. */
bool
key_history_take(struct key_history *h, const struct mailauth_report *report);
/** Write the file anew, whole or not at all. -1, or an exit code after a
 * complaint. */
int key_history_save(const struct key_history *h, const char *file);
void key_history_free(struct key_history *h);

#endif /* TOOLS_KEYFILE_H */
