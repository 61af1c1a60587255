/*
 * resolver.h - the interface of a resolver
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * dns: asks questions and turns answers into struct lookup. The engine sees
 * only this interface: it hands over many lookups and calls wait(), which calls
 * `done` of each lookup that has its answer. The resolver also owns the clock,
 * so that answers and deadlines use the same one. resolver_unbound.c asks real
 * servers; test/script/ answers from a text with a clock of its own. May
 * include base, sys, record, judge and zone. In: owner names and types; zone
 * files, anchors and a configuration from the user. Out: answers, copied into
 * the arena of each lookup.
 */
#ifndef DNS_RESOLVER_H
#define DNS_RESOLVER_H

#include "base/arena.h"
#include "mailauth/mailauth.h"

/** The dates and signer of one signature (RRSIG) over the records of an
 * answer. */
struct sig {
	uint8_t algorithm; /* IANA number */
	uint32_t inception, expiration; /* seconds since 1970, modulo 2^32 */
	struct mailauth_str signer;
};

/** Signatures kept for one answer. */
#define SIGS_MAX 4

enum lookup_state {
	LOOKUP_NEW,
	LOOKUP_ASKED,
	LOOKUP_DONE,
};

struct view;

/** One question and its answer. */
struct lookup {
	struct lookup *next; /* for the owner's list */
	struct lookup *bucket; /* for the owner's table */
	struct lookup *other; /* for the owner: probe and what it examines */
	bool unasked; /* for the owner: it failed without a question */
	struct view *views; /* for the owner: what it was judged as */
	bool listed; /* for the owner: some of these is in the report */
	struct arena *arena; /* holds the answer; outlives the lookup's use */
	enum lookup_state state;
	/** Name and rrtype are the question, set by the asker. */
	struct mailauth_answer answer;
	struct sig sigs[SIGS_MAX];
	size_t nsigs;
	bool has_cname; /* the queried name is an alias */
	bool is_own; /* known: its names have these records, no wildcard */
	/** Why a wildcard does not answer for a name that does not exist, a
	 * clause; empty: no wildcard is above it, or that is not known. */
	struct mailauth_str unreached;
	int server; /* number of a server; -1: the resolver chooses */
	/** Do not look for records: find out only whether the UDP answer is
	 * truncated. The lookup always fails, with cause TRUNCATED or TIMEOUT;
	 * forget() sets the cause at the latest. */
	bool probe;
	void (*done)(struct lookup *l); /* called once, within wait() */
	void *owner; /* for `done` */
	void *ticket; /* for the resolver; NULL once `done` was called */
};

/** Something that is wrong with the text of a zone file. */
struct resolver_fault {
	enum mailauth_finding_id id;
	struct mailauth_place place;
	struct mailauth_str text; /* that is wrong, as written; may be empty */
	struct mailauth_str detail; /* a clause; may be empty */
	struct mailauth_str remedy; /* what to write in place; may be empty */
};

/** A source of answers: its methods, and its properties. */
struct resolver {
	/** Ask a question. Returns at once; `l->done` is called later, from
	 * wait(). The caller keeps `l` until then, or until forget(). ENOMEM:
	 * not asked. */
	enum mailauth_status (*ask)(struct resolver *r, struct lookup *l);
	/** Wait until some lookups have their answers and their `done` was
	 * called, or until `seconds` have passed. */
	void (*wait)(struct resolver *r, double seconds);
	/** Seconds of a clock that never goes back; the start is arbitrary. */
	double (*now)(struct resolver *r);
	/** Drop a lookup in state ASKED: `done` will not be called. */
	void (*forget)(struct resolver *r, struct lookup *l);
	/** Why no answer is validated, static; NULL when validation is on. */
	const char *validation_off;
	enum {
		OFF_BY_FAULT,
		OFF_BY_WISH, /* the user wants no proof */
		OFF_FOR_DRAFT, /* zones of files, and no trust anchor */
	} off;
	/** No question leaves the given zones. */
	bool offline;
	/** All answers come from servers that the user gave. */
	bool forwards;
	/** Where answers come from, when that is not what the user asked for:
	 * "through ADDRESS of resolv.conf, since ..."; else NULL. */
	const char *through;
	/** The servers that were asked do not answer for the root. */
	bool denies_root;
	/** They even say that there is no root: a denial of theirs says nothing
	 * unless it is proved. */
	bool no_root;
	/** The resolver can answer for this name: it is online, or the name is
	 * in a given zone. */
	bool (*serves)(struct resolver *r, struct mailauth_str name);
	/** Set `out` to where record `i` of an answer is written; false: not
	 * known. NULL: no answer comes from a file. */
	bool (*place)(struct resolver *r, const struct mailauth_answer *a,
	    size_t i, struct mailauth_place *out);
	/** Fault `i` of the text of the answer's records, counted from 0; of
	 * an SOA answer that of its zone as a whole. NULL behind the last one.
	 * NULL as `place`. */
	const struct resolver_fault *(*fault)(struct resolver *r,
	    const struct mailauth_answer *a, size_t i);
	/** The servers that answers come from, as the user named them. */
	const char *const *listed;
	size_t nlisted;
	/** Servers with a number, for `server` of a lookup. */
	size_t nservers;
	/** Return the number of server "ADDR" or "ADDR@PORT", adding it when it
	 * is new; -1 when the server cannot be added. */
	int (*add_server)(struct resolver *r, const char *addr);
	/** End the resolver and drop the lookups that are still ASKED. */
	void (*free)(struct resolver *r);
};

#endif /* DNS_RESOLVER_H */
