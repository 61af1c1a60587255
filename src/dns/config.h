/*
 * config.h - make a libunbound configuration from options
 * SPDX-License-Identifier: BSD-3-Clause
 */
#ifndef DNS_CONFIG_H
#define DNS_CONFIG_H

#include "base/arena.h"
#include "dns/inputfile.h"
#include "mailauth/mailauth.h"

/** A configuration, and the facts that decide the states of answers. */
struct config {
	struct arena arena;
	struct mailauth_str text; /* for ub_ctx_config(); a NUL follows */
	struct mailauth_str
	    *zones; /* canonical names, each with a NUL behind it */
	size_t nzones;
	struct mailauth_str *anchors; /* owner names of trust anchors */
	size_t nanchors;
	struct inputs inputs;
	bool offline; /* no question leaves the given zones */
	bool forwards; /* all questions go to given servers */
};

/** libunbound answers this name from its own data: an answer shows that it has
 * started. */
#define CONFIG_READY_NAME "ready.unbound-mailauth.invalid"

/**
 * Make a configuration. The function reads anchor files for the names in
 * them. The zones are only named: config_serve() says who has them.
 * @param out in all cases the caller must call config_free()
 * @return MAILAUTH_OK; EUSE, EINPUT, ENOMEM or ESYSTEM with one line in `why`
 */
enum mailauth_status config_make(const struct mailauth_options *options,
    struct config *out, char why[MAILAUTH_WHY_MAX]);

/** Make a configuration that asks one server ("ADDR" or "ADDR@PORT") and
 * validates nothing. Ownership and errors as config_make(). */
enum mailauth_status config_make_server(const char *server, struct config *out,
    char why[MAILAUTH_WHY_MAX]);

/** Let the zones be asked of the authority at this port of 127.0.0.1, and
 * offline all else as well. False when memory ran out. */
bool config_serve(struct config *c, unsigned port);

/** The same configuration with the servers of a file like resolv.conf(5) to
 * forward to, which are written to `servers` as "ADDR, ADDR"; STR_NONE when the
 * file names none. */
struct mailauth_str config_system(struct config *c, const char *resolv_conf,
    struct mailauth_str *servers);

/** A configuration without validation. */
struct mailauth_str config_plain(struct config *c, struct mailauth_str text);

/** The same configuration with the root servers of this file of hints. */
struct mailauth_str config_hints(struct config *c, const char *hints);

/** Add the owner name of a trust anchor; a text that is no name is ignored. */
void config_add_anchor(struct config *c, struct mailauth_str name);

/** Add the owner names of a file of DS or DNSKEY records. */
void config_add_anchor_file(struct config *c, const char *file);

/** The name is the owner of a trust anchor. */
bool config_is_anchor(const struct config *c, struct mailauth_str name);

/** The name is at or below the owner of a trust anchor. */
bool config_anchored(const struct config *c, struct mailauth_str name);

/** The name is at or below the apex of a given zone. */
bool config_in_zones(const struct config *c, struct mailauth_str name);

void config_free(struct config *c);

#endif /* DNS_CONFIG_H */
