/*
 * ub_view.h - one reply of Unbound as a sighting
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * config.h of that Unbound must be included in front. This runs on the
 * resolver's threads, with the locks of the reply held: nothing here
 * allocates, waits or calls the system.
 */
#ifndef MODULE_UB_VIEW_H
#define MODULE_UB_VIEW_H

#include "log/watch.h"

struct query_info;
struct module_qstate;
struct reply_info;
struct comm_reply;
struct timeval;

/** Which of Unbound's callbacks it was. */
enum door { DOOR_REPLY, DOOR_CACHE, DOOR_LOCAL, DOOR_SERVFAIL };

/** What a callback was given. */
struct reply_view {
	enum door door;
	struct query_info *qinfo;
	struct module_qstate *qstate;
	struct reply_info *rep;
	int rcode;
	struct comm_reply *repinfo;
	struct timeval *now;
};

/** How to look. */
struct view_how {
	struct hash_key key;
	bool clients; /* addresses are wanted */
	uint8_t prefix4, prefix6; /* as many bits of them */
};

/** Look at a reply to a client, of a type that mail records have: count it, or
 * hand it over. */
void view_look(const struct reply_view *v, const struct view_how *how,
    struct watch *watch);

#endif /* MODULE_UB_VIEW_H */
