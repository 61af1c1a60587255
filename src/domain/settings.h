/*
 * settings.h - the parts of settings that concern one domain
 * SPDX-License-Identifier: BSD-3-Clause
 */
#ifndef DOMAIN_SETTINGS_H
#define DOMAIN_SETTINGS_H

#include "dmarc/tree_walk.h"
#include "domain/settings_check.h"

/** A node and a MAIL FROM domain it sends with. */
struct planned {
	const struct sender *sender;
	struct mailauth_str domain;
	bool by_ptr; /* the domain is the name of the address */
};

/** A host that is to have an address. */
struct wish {
	struct mailauth_str name;
	struct mailauth_str other; /* another reading of the prefix; or none */
	struct addr addr; /* family 0: not known */
	const char *setting; /* where it is set */
	enum mailauth_finding_id ok;
	bool further; /* one more beside the main one */
	bool links; /* it is for links in messages */
};

/** Lookups allowed for each node, MAIL FROM domain, host and selector. */
#define LOOKUPS_NODE 12
/** Nodes, and pairs of a node and a MAIL FROM domain, that are looked at for
 * one domain. */
#define NODES_MAX   100
#define PLANNED_MAX 200
/** Hosts that are looked at: of main.json, and further domains. */
#define WISHES_MAX 60

struct settings_check {
	const struct mailauth_settings *s;
	const struct route **routes; /* those from c->domain */
	size_t nroutes;
	struct planned *planned;
	size_t nplanned;
	struct mailauth_str *mail_froms; /* but for those of PTR records */
	size_t nmail_froms;
	size_t nnodes;
	struct wish wish[WISHES_MAX];
	size_t nwishes;
	const char *limit; /* what there was too much of; NULL: nothing */
};

/** Find the hosts. */
void settings_find_hosts(struct check *c, const struct domain_check *dc);
/** Ask for their addresses, and say what they come to. */
void settings_ask_hosts(struct check *c, const struct domain_check *dc);
void settings_tell_hosts(struct check *c, const struct domain_check *dc);

#endif /* DOMAIN_SETTINGS_H */
