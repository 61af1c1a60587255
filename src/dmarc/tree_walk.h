/*
 * tree_walk.h - where the DMARC policy and the organization of a name are
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * What a receiver of RFC 9989 finds by walking up the tree, and what one of
 * RFC 7489 finds with the Public Suffix List, over lookups that were asked for
 * before: `want` asks, all names of a walk in one round, and the others say
 * what is known. A lookup that failed leaves open what hangs on it; it never
 * counts as a record that is absent.
 */
#ifndef DMARC_TREE_WALK_H
#define DMARC_TREE_WALK_H

#include "engine/check.h"
#include "record/dmarc.h"

/** Queries of one walk (RFC 9989 4.10). */
#define DMARC_WALK_MAX 8
/** Names with this many labels or more are cut to one less after the first
 * query. */
#define DMARC_WALK_LABELS 8

/** What stands at one name of a walk. */
enum dmarc_sort {
	DMARC_SORT_NONE, /* no record */
	DMARC_SORT_ONE,
	DMARC_SORT_MANY, /* which are all discarded */
	DMARC_SORT_UNKNOWN, /* could not be told */
	DMARC_SORT_UNASKED, /* a public suffix outside of the given zones */
};

struct dmarc_step {
	struct mailauth_str name; /* without _dmarc */
	enum dmarc_sort sort;
	struct item *item; /* NULL when there is none */
	struct dmarc record; /* of DMARC_SORT_ONE */
};

/** The walk from one name. */
struct dmarc_walk {
	struct mailauth_str start;
	struct dmarc_step step[DMARC_WALK_MAX];
	unsigned nsteps; /* up to the one where it stops */
	bool known; /* every step could be told */
	struct mailauth_str org; /* organizational domain; when `known` */
};

/** Whose rules. */
enum dmarc_rfc { DMARC_9989, DMARC_7489, DMARC_RFCS };

/** The policy for mail from a name. */
struct dmarc_found {
	enum mailauth_dmarc_state state;
	struct mailauth_str name; /* where the record stands; none: nowhere */
	struct item *item; /* that record, or the lookup that failed */
	struct dmarc record;
	bool inherited;
	const char *tag; /* that holds: "p", "sp" or "np" */
	enum mailauth_dmarc_policy
	    policy; /* ABSENT: it hangs on whether the name
	                           * exists, which could not be told */
	enum mailauth_dmarc_policy applied; /* after t=y */
	bool org_known;
	struct mailauth_str org; /* organizational domain of the name */
};

/** The owner of a name's DMARC record. */
struct mailauth_str dmarc_owner(struct check *c, struct mailauth_str name);
/** That record, looked at; NULL while it is not known. */
struct item *dmarc_at(struct check *c, struct mailauth_str name);

/** Ask for all names of a walk at once. */
void dmarc_want_walk(struct check *c, struct mailauth_str start);
/** The same, and whether the name exists. */
void dmarc_want(struct check *c, struct mailauth_str author);
/** Ask for the walk of an identifier, as far as it can be aligned with the
 * author, whose walk is given, and is not equal to it. */
void dmarc_want_aligned(struct check *c, const struct dmarc_walk *author,
    struct mailauth_str domain);
/** The walk, as far as it is known. */
void
dmarc_walk(struct check *c, struct mailauth_str start, struct dmarc_walk *out);
/** The policies for an author domain, by the rules of either. */
void dmarc_find(struct check *c, struct mailauth_str author,
    const struct dmarc_walk *walk, struct dmarc_found out[DMARC_RFCS]);

enum dmarc_existence { DMARC_EXISTS, DMARC_EXISTS_NOT, DMARC_EXISTS_UNKNOWN };

/** Whether a name exists (RFC 9989 3.2.13): every response code but NXDOMAIN
 * says that it does, and so does an alias at it. */
enum dmarc_existence dmarc_exists(struct check *c, struct mailauth_str name);

/** A domain that passes: of a DKIM signature, or of SPF. */
struct dmarc_identifier {
	bool spf;
	struct mailauth_str domain; /* STR_NONE: no domain, aligned with none */
	struct mailauth_str shown; /* as given */
};

enum dmarc_aligned {
	DMARC_ALIGNED_NOT,
	DMARC_ALIGNED_RELAXED, /* the organizational domains are equal */
	DMARC_ALIGNED_STRICT, /* the domains are equal */
	DMARC_ALIGNED_UNKNOWN,
};

/** How an identifier stands to the author. */
struct dmarc_alignment {
	enum dmarc_aligned aligned[DMARC_RFCS];
	bool org_known[DMARC_RFCS];
	struct mailauth_str org[DMARC_RFCS];
};

void dmarc_align(struct check *c, struct mailauth_str author,
    const struct dmarc_found found[DMARC_RFCS],
    const struct dmarc_identifier *id, struct dmarc_alignment *out);

#endif /* DMARC_TREE_WALK_H */
