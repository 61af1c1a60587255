/*
 * near.c - the word that was probably meant
 * SPDX-License-Identifier: BSD-3-Clause
 */
#include "tools/near.h"

#include <string.h>
#include <strings.h>

/* Longer words are not compared: nobody mistypes one of ours so. */
#define WORD_MAX 48

static size_t
least(size_t a, size_t b)
{
	return a < b ? a : b;
}

static bool
same_letter(char a, char b)
{
	return strncasecmp(&a, &b, 1) == 0;
}

/* How many letters are wrong, missing, too many, or swapped with the next one.
 * `row[i % 3][j]` is the distance of the first i letters of a and j of b. */
static size_t
distance(const char *a, size_t na, const char *b, size_t nb)
{
	size_t row[3][WORD_MAX + 1];

	for (size_t j = 0; j <= nb; j++)
		row[0][j] = j;
	for (size_t i = 1; i <= na; i++) {
		size_t *is = row[i % 3], *was = row[(i + 2) % 3];

		is[0] = i;
		for (size_t j = 1; j <= nb; j++) {
			bool same = same_letter(a[i - 1], b[j - 1]);

			is[j] = least(was[j - 1] + !same,
			    least(was[j], is[j - 1]) + 1);
			if (i > 1 && j > 1 && same_letter(a[i - 1], b[j - 2]) &&
			    same_letter(a[i - 2], b[j - 1]))
				is[j] =
				    least(is[j], row[(i + 1) % 3][j - 2] + 1);
		}
	}
	return row[na % 3][nb];
}

void
near_try(struct near *n, const char *known)
{
	size_t given = strlen(n->word), length = strlen(known);
	size_t limit = given < 6 ? 1 : given / 3, at;

	if (given == 0 || given > WORD_MAX || length > WORD_MAX)
		return;
	at = distance(n->word, given, known, length);
	/* A beginning is as good as one slip. */
	if (at > 1 && length > given && strncasecmp(n->word, known, given) == 0)
		at = limit = 1;
	if (at > limit || at >= length || (n->best != NULL && at >= n->at))
		return;
	n->best = known;
	n->at = at;
}

bool
same_word(const char *a, const char *b)
{
	return strcasecmp(a, b) == 0;
}
