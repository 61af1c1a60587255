/*
 * argument.h - what was meant by an argument or value that is no good
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * The library says that a text is no domain, address or selector. What people
 * give in place of one is seen here, and answered with what to write instead.
 */
#ifndef TOOLS_ARGUMENT_H
#define TOOLS_ARGUMENT_H

#include "tools/advice.h"

/**
 * Complain of each operand that is no domain, and leave it out: it is kept in
 * o->refused. Of a word in place of an option, and leave all out, with nothing
 * kept.
 * @return EXIT_USE, or 0 when none was; EXIT_SYSTEM.
 */
int operands_sift(struct options *o);
/** A text is something else than a domain: `why` says what to give in place of
 * it. */
bool operand_is_other(const struct options *o, const char *text, char *why);
/** Free o->refused. */
void refused_free(struct options *o);
/** The text is the name of a domain, as far as its letters show; `n` octets. */
bool is_domain(const char *text, size_t n);

/** The text is an IP address. */
bool is_ip(const char *text, size_t n);
/** The length of the address in "ADDRESS/24", "[ADDRESS]" or "ADDRESS:25", and
 * where it begins; 0: no address. */
size_t ip_within(const char *text, const char **at);

/** Complain of the value of an option that is not one IP address; EXIT_USE, or
 * -1. */
int ip_judge(const struct option *row, const char *value);
/** Complain of --selector or --bimi-selector that is no name; EXIT_USE, or -1. */
int selectors_judge(const struct options *o);
/** Complain of an address with '<' and without '>'; EXIT_USE, or -1. */
int address_judge(const char *text);
/** The address in "Joe <joe@example.com>"; the text is cut. */
char *address_within(char *text);

/** Ways to take a value, as rows name them. */
int take_server(const struct option *row, void *to, char *value);
int take_selectors(const struct option *row, void *to, char *value);

#endif /* TOOLS_ARGUMENT_H */
