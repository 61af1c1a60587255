/*
 * progress.h - how far a list is, on a terminal
 * SPDX-License-Identifier: BSD-3-Clause
 */
#ifndef TOOLS_BATCH_PROGRESS_H
#define TOOLS_BATCH_PROGRESS_H

#include "tools/tally.h"

/** A line on standard error; zeros: none is shown. */
struct progress {
	bool shown;
	bool beside; /* standard output is a terminal too */
	size_t total; /* domains of the list; 0: not known */
	double started, drawn; /* seconds */
	bool visible; /* it is on the screen now */
};

/** Standard error is a terminal that can take back a line. */
bool progress_wanted(void);
/** Begin to show it; `total` is 0 when it is not known. */
void progress_begin(struct progress *p, size_t total);
/** Take it off the screen, where something is to be printed. */
void progress_hide(struct progress *p);
/** Draw it anew, when some time has passed since. */
void progress_draw(struct progress *p, const struct tally *t);

#endif /* TOOLS_BATCH_PROGRESS_H */
