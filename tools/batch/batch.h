/*
 * batch.h - a command for each domain of a list
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * tools/batch: what check, spf and dmarc do with --list. roster.c reads lines,
 * item.c makes requests of them, batch.c runs these and prints reports, and
 * progress.c shows how far it is.
 */
#ifndef TOOLS_BATCH_BATCH_H
#define TOOLS_BATCH_BATCH_H

#include "tools/tool.h"

/** Octets of why a domain is refused, with advice. */
#define REFUSAL_MAX (MAILAUTH_WHY_MAX + 32)

/** What a command does with a line. */
struct batch_kind {
	const struct group *takes; /* options that a line may have */
	size_t size; /* of a request */
	enum mailauth_status (*stream)(struct mailauth_resolver *resolver,
	    const struct mailauth_stream *stream);
	/** Complain of options of a line that do not fit; -1, or an exit code.
	 * The domain is the only operand. NULL: the library does so. */
	int (*judge)(struct options *o);
	/** Fill in a request by the options of a line. */
	void (*fill)(const void *arg, const struct options *o, void *request);
	/** Write why the library refuses a domain, in the words of this
	 * command; NULL: as it is. */
	void (*advise)(const char *why, char text[REFUSAL_MAX]);
	/** Look at a report; false after a complaint. May be NULL. */
	bool (*look)(void *arg, const struct mailauth_report *report);
};

/** The heading of the options of a list, and these. */
#define HEAD_LIST "Many domains:"
extern const struct option options_list[];

/** Run the list of the options; an exit code. */
int batch_run(struct options *o, const struct batch_kind *kind, void *arg);

/** The command has a list, and domains as well: complain of it; EXIT_USE, or
 * -1. Likewise when it has options of a list and none. */
int batch_judge(const struct options *o);

#endif /* TOOLS_BATCH_BATCH_H */
