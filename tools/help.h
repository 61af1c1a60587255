/*
 * help.h - what findings mean, in sentences and examples
 * SPDX-License-Identifier: BSD-3-Clause
 */
#ifndef TOOLS_HELP_H
#define TOOLS_HELP_H

/** A row of help.def. */
struct help {
	const char *code, *why, *wrong, *right;
};

/** The row of a code; its members are NULL when the code has no row. */
const struct help *help_on(const char *code);

#endif /* TOOLS_HELP_H */
