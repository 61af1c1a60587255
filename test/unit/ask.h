/*
 * ask.h - requests over a script, and what their reports say
 * SPDX-License-Identifier: BSD-3-Clause
 */
#ifndef UNIT_ASK_H
#define UNIT_ASK_H

#include <jansson.h>

#include "dns/source.h"
#include "mailauth/mailauth.h"
#include "test/script/script.h"
#include "unit.h"

/** As ck_assert_msg(), which writes to a file each time. */
#define EXPECT(so, ...) \
	do { \
		if (!(so)) \
			ck_abort_msg(__VA_ARGS__); \
	} while (0)

/** A resolver for a script (test/script/script.h), and the report of a request
 * to it. */
struct asked {
	struct mailauth_resolver *source;
	const struct mailauth_settings *settings; /* or NULL */
	const uint8_t *key; /* public half, DER, for `explain`; or NULL */
	size_t key_len;
	struct mailauth_report *report;
	json_t *json; /* the report's */
	bool bare; /* no test looks at that: it is made for one in four */
};

/** Read a script; `more` is read as well, and may be NULL. */
void ask_open(struct asked *a, const char *script, const char *more);
/** Take the report of a request, which has to have one. */
void ask_take(struct asked *a, enum mailauth_status status, const char *why);
/** Free all of it. */
void ask_close(struct asked *a);
/**
 * Make a request as the command line does: "check --selector s example.com",
 * "spf --ip 192.0.2.1 example.com", "dmarc example.com --dkim example.com". The
 * options are those of ask.c.
 */
void ask(struct asked *a, const char *words);
/** Explain a message, with the options of ask.c. */
void ask_explain(struct asked *a, const struct mailauth_message *message,
    const char *words);

/** A member of a member of ... : "discovery.rfc9989.state", or with a number
 * for a place in an array; NULL when it is missing. */
const json_t *at(const json_t *json, const char *path);
/** Its text; "" for null, and for what is not there. */
const char *text_at(const json_t *json, const char *path);

/** The test fails unless the report has what it says: "PATH=VALUE", several
 * separated by " | "; VALUE is a text, a number, true, false or null. */
void expect_json(const struct asked *a, const char *members);

/** The report has this finding. */
bool has_code(const struct asked *a, const char *code);
/** The test fails unless the report has all of these findings, or none. */
void expect_codes(const struct asked *a, const char *codes);
void expect_no_codes(const struct asked *a, const char *codes);
/** The test fails when the report has a code that ends like this. */
void expect_no_end(const struct asked *a, const char *end);

#endif /* UNIT_ASK_H */
