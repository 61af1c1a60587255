/*
 * ub_view.h - turns a reply of Unbound into a sighting
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * module: the part that knows Unbound's structures. It runs on the resolver's
 * threads, with the locks of the reply held: no function of ub_view.c allocates,
 * waits, or calls the system. May include base, sys, record, judge, log and
 * Unbound's headers, after config.h of that Unbound; never libunbound. In:
 * replies, through the inplace callbacks in mailauthmod.c. Out: sightings into
 * the watch of the thread.
 */
#ifndef MODULE_UB_VIEW_H
#define MODULE_UB_VIEW_H

#include "log/watch.h"

struct query_info;
struct module_qstate;
struct reply_info;
struct comm_reply;
struct timeval;

/** The list of inplace callbacks through which a reply came. */
enum door { DOOR_REPLY, DOOR_CACHE, DOOR_LOCAL, DOOR_SERVFAIL };

/** The arguments of a callback, all borrowed. */
struct reply_view {
	enum door door;
	struct query_info *qinfo; /* not NULL, with a name */
	struct module_qstate *qstate; /* NULL for cache and local data */
	struct reply_info *rep; /* NULL for some failures and denials */
	int rcode; /* of the reply, when `rep` is NULL */
	struct comm_reply *repinfo; /* not NULL */
	struct timeval *now; /* time of the question; may be NULL */
};

/** The options of view_look(). */
struct view_how {
	struct hash_key key;
	bool clients; /* put the client's address into sightings */
	uint8_t prefix4, prefix6; /* bits of it to keep */
};

/** Process a reply to a client: count it as a repeat in the watch of this
 * thread, or hand it to the writer thread as a sighting. */
void view_look(const struct reply_view *v, const struct view_how *how,
    struct watch *watch);

#endif /* MODULE_UB_VIEW_H */
