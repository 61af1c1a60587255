/*
 * requests.h - what is asked while memory is short
 * SPDX-License-Identifier: BSD-3-Clause
 */
#ifndef OOM_REQUESTS_H
#define OOM_REQUESTS_H

#include <stdbool.h>

/** Requests at most. */
#define REQUESTS_MAX 32

/** How a request ended. */
enum end {
	END_WHOLE, /* with a report, as JSON and as text */
	END_NO_MEMORY, /* some function said so, and nothing else */
	END_OTHER, /* some function said something else: `text` */
};

struct outcome {
	enum end end;
	char *text; /* of the report, or what was said; for free() */
};

struct request {
	const char *name;
	/** Make it, between fail_begin() and fail_stop(). */
	void (*make)(struct outcome *out);
	/** One allocation of so many fails in the short form. */
	unsigned long step;
};

/** All requests; the last has no name. */
extern const struct request requests[];

/** Read the files that the requests need. */
void requests_start(const char *testdata);
/** Remove those that were made. */
void requests_end(void);

#endif /* OOM_REQUESTS_H */
