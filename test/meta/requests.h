/*
 * requests.h - what is asked of a made-up world
 * SPDX-License-Identifier: BSD-3-Clause
 */
#ifndef META_REQUESTS_H
#define META_REQUESTS_H

#include "mailauth/mailauth.h"

enum request {
	REQUEST_CHECK,
	REQUEST_SPF,
	REQUEST_DMARC,
	REQUEST_SETTINGS, /* a check with settings */
	REQUEST_PLAN,
	REQUEST_EXPLAIN,
	REQUEST_MERGE,
	REQUESTS
};

/** Its name. */
extern const char *const request_names[REQUESTS];

/** Read the settings and messages of `testdata`; ends the program when that
 * cannot be. */
void requests_start(const char *testdata);
/** Give them back. */
void requests_end(void);
/** Make a request, with options that hang on `seed`. Ends the program when
 * there is no report. */
struct mailauth_report *
request_make(enum request r, uint64_t seed, struct mailauth_resolver *resolver);

#endif /* META_REQUESTS_H */
