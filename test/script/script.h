/*
 * script.h - a resolver that answers from a text, for tests
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * The text has lines of master files (RFC 1035 5.1): owner, TTL, class, type,
 * data; $ORIGIN and $TTL; an owner that is left out is that of the line
 * before; data of any type as RFC 3597 has it. The types of rrtypes.def whose
 * data are names, addresses or strings can be written as usual. Wildcards are
 * those of RFC 4592, empty non-terminals exist, DNAME is RFC 6672. Other
 * lines begin with one of these words (an owner of that name needs its final
 * dot):
 *
 *   zone NAME [STATE]      a zone: the origin of what follows. SOA, NS and
 *                          the address of ns are made where no SOA is given.
 *                          STATE of its answers: secure, insecure or
 *                          indeterminate (the default where some zone has a
 *                          state). Without any state nothing is validated
 *   fail NAME [TYPE] [CAUSE]   the question fails: timeout servfail refused
 *                          lame loop truncated offline builtin no-soa
 *                          unreachable no-proof
 *                          (servfail)
 *   bogus NAME [TYPE] [CAUSE]  it is bogus: bogus no-dnskey (bogus)
 *   late NAME [TYPE] [MS]  it is answered after MS milliseconds, or never
 *   empty NAME [TYPE]      "no such record" of an authority, without the SOA
 *                          record of any zone
 *   drop NAME [TYPE]       the records so far are gone
 *   local NAME [TYPE]      the answer is one of the resolver's own data
 *   at ADDRESS             what follows is what this server alone has; it has
 *                          nothing else. "at" alone: back to the common data
 *   signed ZONE ALGORITHM FROM TO   its signatures: days from now (13 -1 20)
 *   online                 questions may leave the zones; see below
 *   turn N                 each answer begins with its N-th record, counted
 *                          from 0, as servers turn their answers around
 *   forwards               answers come from servers that the user gave
 *   denies-root            they do not answer for the root
 *   no-root                they say that there is no root
 *   validation-off WHY
 *   through WORDS          where answers come from, against what was asked
 *   no-dnssec              nothing is validated, as the user wants it
 *   all STATE              the state of zones that have none of their own
 *
 * NAME is a name below the origin, "@", or one with a final dot; "*." in front
 * of it means every name below it, "*" alone every name. TYPE left out: every
 * type. An alias that leads to such a name meets the same. Strings may be
 * between ' as well, which C need not escape.
 * Questions in no zone fail as OFFLINE, or with `online` as LAME; a zone "."
 * leaves none. Answers look as those of resolver_unbound.c.
 */
#ifndef SCRIPT_SCRIPT_H
#define SCRIPT_SCRIPT_H

#include "dns/resolver.h"

struct script;

/** A resolver for this text. A fault in it ends the program, with its line on
 * standard error. To be ended by its own free(). */
struct resolver *script_new(const char *text);
/** Read more of it. */
void script_add(struct resolver *r, const char *text);

/** A question that was asked; each once, in order. */
struct question {
	struct mailauth_str name;
	uint16_t rrtype;
};
/** Question `i` so far, or NULL behind the last. */
const struct question *script_question(const struct resolver *r, size_t i);

#endif /* SCRIPT_SCRIPT_H */
