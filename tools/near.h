/*
 * near.h - the word that was probably meant
 * SPDX-License-Identifier: BSD-3-Clause
 */
#ifndef TOOLS_NEAR_H
#define TOOLS_NEAR_H

#include <stdbool.h>
#include <stddef.h>

/** A search for the known word that is nearest to one that was given. */
struct near {
	const char *word; /* as it was given */
	const char *best; /* NULL: none is near */
	size_t at; /* how far away `best` is */
};

/** Try one known word; a small mistake or a beginning of it is near. */
void near_try(struct near *n, const char *known);

/** The words are the same, whatever the case of their ASCII letters. */
bool same_word(const char *a, const char *b);

#endif /* TOOLS_NEAR_H */
