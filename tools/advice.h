/*
 * advice.h - what was meant by a command or option that there is not
 * SPDX-License-Identifier: BSD-3-Clause
 */
#ifndef TOOLS_ADVICE_H
#define TOOLS_ADVICE_H

#include "tools/option.h"

/** Octets of advice. */
#define ADVICE_MAX 256

/** Complain of a word that is no command; EXIT_USE. */
int refuse_command(const char *word);

/**
 * Complain of an option that the command, or case, does not take; EXIT_USE.
 * @param shown the option as it was given
 * @param name its name without hyphens, or its letter
 */
int refuse_option(const struct options *o, const char *shown, const char *name);

/** Which kind of record has this name, in capitals or not.
 * @param kind its row; its name is NULL when none has. */
size_t kind_of_word(const char *word, struct mailauth_kind_info *kind);
/** Complain of a word that is no kind of record; EXIT_USE. */
int refuse_kind(const char *word);

/** Complain of a record that the shell has taken apart: of the operands so far,
 * and of `more`, up to NULL; EXIT_USE. */
int refuse_pieces(const struct options *o, char *const *more);

#endif /* TOOLS_ADVICE_H */
