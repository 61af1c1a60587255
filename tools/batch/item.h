/*
 * item.h - a line of a list as a request
 * SPDX-License-Identifier: BSD-3-Clause
 */
#ifndef TOOLS_BATCH_ITEM_H
#define TOOLS_BATCH_ITEM_H

#include "tools/batch/batch.h"
#include "tools/batch/roster.h"

/** One domain of a list, while it is under way. */
struct item {
	struct item *next; /* for the owner */
	size_t index; /* of the request */
	struct row row;
	struct row args; /* its options as arguments, which `own` borrows */
	struct options own; /* what the line says */
	struct options whole; /* that, and what the command line says */
	char *operands[2]; /* the domain */
	char why[REFUSAL_MAX]; /* it is refused; empty: it is not */
	int code; /* exit code of that */
	void *request; /* owned */
};

/** Make a request of a row, which the item owns from then on. With `why` it
 * is refused, and the library refuses the request as well. NULL: memory ran
 * out. */
struct item *item_new(const struct options *o, const struct batch_kind *kind,
    const void *arg, const struct row *row);
void item_free(struct item *item);

/** The option of a list's line, or column, with this name; else NULL, and
 * `near` is the name that was probably meant, or NULL. */
const struct option *
item_option(const struct batch_kind *kind, const char *name, const char **near);

#endif /* TOOLS_BATCH_ITEM_H */
