/*
 * config.h - from our options to a libunbound configuration
 * SPDX-License-Identifier: BSD-3-Clause
 */
#ifndef DNS_CONFIG_H
#define DNS_CONFIG_H

#include "base/arena.h"
#include "dns/inputfile.h"
#include "mailauth/mailauth.h"

/** A configuration and what it means for the states of answers. */
struct config {
	struct arena arena;
	struct mailauth_str text; /* for ub_ctx_config(), NUL behind it */
	struct mailauth_str
	    *zones; /* canonical names, each with a NUL behind */
	const char **files; /* their files, copies made of pipes */
	size_t nzones;
	struct mailauth_str *anchors; /* names that trust anchors stand at */
	size_t nanchors;
	struct inputs inputs;
	bool offline; /* nothing but the given zones is asked */
	bool forwards; /* everything goes to given servers */
};

/** The name that libunbound answers by itself, to see whether it started. */
#define CONFIG_READY_NAME "ready.unbound-mailauth.invalid"

/**
 * Turn options into a configuration. Reads the files of anchors for the names
 * in them, and copies zone files that can be read only once.
 * @param out to be given to config_free() in any case
 * @return MAILAUTH_OK; EUSE, EINPUT, ENOMEM or ESYSTEM with one line in `why`.
 */
enum mailauth_status config_make(const struct mailauth_options *options,
    struct config *out, char why[MAILAUTH_WHY_MAX]);

/** A configuration that asks one server and validates nothing. */
enum mailauth_status config_make_server(const char *server, struct config *out,
    char why[MAILAUTH_WHY_MAX]);

/** Add a trust anchor name found elsewhere. */
void config_add_anchor(struct config *c, struct mailauth_str name);

/** Add the owner names of a file of DS or DNSKEY records. */
void config_add_anchor_file(struct config *c, const char *file);

/** A trust anchor covers the name. */
bool config_anchored(const struct config *c, struct mailauth_str name);

/** The name is in one of the given zones. */
bool config_in_zones(const struct config *c, struct mailauth_str name);

void config_free(struct config *c);

#endif /* DNS_CONFIG_H */
