/*
 * settings.h - the part of the settings for one domain
 * SPDX-License-Identifier: BSD-3-Clause
 */
#ifndef DOMAIN_SETTINGS_H
#define DOMAIN_SETTINGS_H

#include "dmarc/tree_walk.h"
#include "domain/settings_check.h"

/** A node with a MAIL FROM domain that it uses. */
struct planned {
	const struct sender *sender;
	struct mailauth_str domain;
	bool by_ptr; /* the domain is the name of the PTR record */
};

/** A host that should have an address by the settings. */
struct wish {
	struct mailauth_str name;
	struct mailauth_str other; /* second reading of a prefix; STR_NONE */
	struct addr addr; /* family 0: not known */
	const char *setting; /* name of the setting */
	enum mailauth_finding_id ok; /* finding when the address is right */
	bool further; /* beside the main host of this purpose */
	bool links; /* messages link to it */
};

/** Lookups allowed for each node, MAIL FROM domain, host and selector. */
#define LOOKUPS_NODE 12
/** Nodes, and pairs of a node and a MAIL FROM domain, examined for one
 * domain. */
#define NODES_MAX   100
#define PLANNED_MAX 200
/** Hosts examined: of main.json, and further domains. */
#define WISHES_MAX 60

/** The settings within a check. */
struct settings_check {
	const struct mailauth_settings *s;
	const struct route **routes; /* those with c->domain in From */
	size_t nroutes;
	struct planned *planned;
	size_t nplanned;
	struct mailauth_str *mail_froms; /* without those of PTR records */
	size_t nmail_froms;
	size_t nnodes;
	const struct entry *hidden[NODES_MAX]; /* nodes without a public
	                                        * address */
	size_t nhidden;
	struct wish wish[WISHES_MAX];
	size_t nwishes;
	const char *limit; /* name of what exceeds its limit; NULL: nothing */
};

/** Collect the hosts that the settings name. */
void settings_find_hosts(struct check *c, const struct domain_check *dc);
/** Ask for the addresses of these hosts; put findings on them into the
 * report. */
void settings_ask_hosts(struct check *c, const struct domain_check *dc);
void settings_tell_hosts(struct check *c, const struct domain_check *dc);

#endif /* DOMAIN_SETTINGS_H */
