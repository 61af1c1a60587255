/*
 * resolver.h - questions and answers, whoever answers
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * The engine sees only this: it hands over lookups, many at once, waits, and
 * `done` of each lookup is called when its answer is there. The resolver also
 * tells the time, so that answers and deadlines go by the same clock.
 * resolver_unbound.c asks real servers; test/script/ answers from a text, on
 * a clock of its own.
 */
#ifndef DNS_RESOLVER_H
#define DNS_RESOLVER_H

#include "base/arena.h"
#include "mailauth/mailauth.h"

/** What a signature over the records of an answer says of itself. */
struct sig {
	uint8_t algorithm; /* IANA number */
	uint32_t inception, expiration; /* seconds since 1970, as on the wire */
	struct mailauth_str signer;
};

/** Signatures kept of one answer. */
#define SIGS_MAX 4

enum lookup_state {
	LOOKUP_NEW,
	LOOKUP_ASKED,
	LOOKUP_HELD, /* answered, but the checker does not trust it yet */
	LOOKUP_DONE,
};

/** One question, and what became of it. */
struct lookup {
	struct lookup *next; /* for the owner */
	struct arena *arena; /* the answer goes there */
	enum lookup_state state;
	struct mailauth_answer answer; /* name and rrtype: the question */
	struct sig sigs[SIGS_MAX];
	size_t nsigs;
	bool has_cname; /* the name itself is an alias */
	int server; /* -1: as the resolver likes; else by number */
	bool probe; /* only find out whether the UDP answer is truncated: cause
	             * becomes TRUNCATED or TIMEOUT, at the latest in forget() */
	void (*done)(struct lookup *l); /* called once, from wait() */
	void *owner; /* for `done` */
	void *ticket; /* for the resolver */
};

/** A source of answers: its methods, and what has to be known about it. */
struct resolver {
	/** Ask; `l->done` is called later, from wait(). */
	enum mailauth_status (*ask)(struct resolver *r, struct lookup *l);
	/** Return when some lookups are done, their `done` called, or else when
	 * `seconds` have passed. */
	void (*wait)(struct resolver *r, double seconds);
	/** Seconds of a clock that never goes back. */
	double (*now)(struct resolver *r);
	/** Forget a lookup that is ASKED: `done` will not be called any more. */
	void (*forget)(struct resolver *r, struct lookup *l);
	/** Nothing was validated, and why; NULL when validation is on. */
	const char *validation_off;
	/** No question leaves the given zones. */
	bool offline;
	/** The name lies in a zone that was given, or everything does. */
	bool (*serves)(struct resolver *r, struct mailauth_str name);
	/** Servers that answers come from, as the user gave them. */
	const char *const *listed;
	size_t nlisted;
	/** Servers that can be asked by number. */
	size_t nservers;
	/** The number of the server "ADDR" or "ADDR@PORT", which is added when
	 * it is new; -1 when that cannot be. */
	int (*add_server)(struct resolver *r, const char *addr);
	/** End the resolver. Lookups still ASKED are forgotten. */
	void (*free)(struct resolver *r);
};

#endif /* DNS_RESOLVER_H */
