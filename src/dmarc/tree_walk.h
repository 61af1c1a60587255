/*
 * tree_walk.h - find the DMARC policy and the organization of a name
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * dmarc: finds the policy record that applies to a name (tree_walk.h), decides
 * alignment and result (alignment.h), checks that reports can arrive
 * (report_consent.h), and puts findings on these into the report (tell.h).
 * Decides by RFC 9989 and beside it by RFC 7489, since receivers of both kinds
 * exist. May include base, record, judge, dns, report and engine. In: an author
 * domain, identifiers that passed, lookups of the check. Out: findings, and the
 * part "dmarc" of the report.
 *
 * A receiver of RFC 9989 walks up the tree of names (DNS tree walk, 4.10); one
 * of RFC 7489 uses the Public Suffix List. Functions dmarc_want...() ask, all
 * names of a walk in one round; the others say what the lookups made so far
 * show. A failed lookup leaves open what depends on it: it never counts as an
 * absent record.
 */
#ifndef DMARC_TREE_WALK_H
#define DMARC_TREE_WALK_H

#include "engine/check.h"
#include "record/dmarc.h"

/** Queries of one walk (RFC 9989 4.10). */
#define DMARC_WALK_MAX 8
/** A name with this many labels or more loses labels after the first query,
 * until one label less than this remains (RFC 9989 4.10). So a walk makes at
 * most DMARC_WALK_MAX queries for a name of any length. */
#define DMARC_WALK_LABELS 8

/** What is at one name of a walk. */
enum dmarc_sort {
	DMARC_SORT_NONE, /* no record */
	DMARC_SORT_ONE,
	DMARC_SORT_MANY, /* several records: receivers discard all */
	DMARC_SORT_UNKNOWN, /* the lookup failed or is pending */
	DMARC_SORT_UNASKED, /* a public suffix outside of the given zones */
};

/** One name of a walk. */
struct dmarc_step {
	struct mailauth_str name; /* without _dmarc */
	enum dmarc_sort sort;
	struct record_set *set; /* record set; NULL without one */
	struct dmarc record; /* with DMARC_SORT_ONE */
};

/** The walk from one name, up to a record with psd=y or psd=n, or to the
 * top. */
struct dmarc_walk {
	struct mailauth_str start;
	struct dmarc_step step[DMARC_WALK_MAX];
	unsigned nsteps; /* names up to the last one visited */
	bool known; /* no step is DMARC_SORT_UNKNOWN */
	struct mailauth_str org; /* organizational domain, with `known` */
};

/** The two rules. */
enum dmarc_rfc { DMARC_9989, DMARC_7489, DMARC_RFCS };

/** The tag of a record that has the policy for a name. */
enum dmarc_tag {
	DMARC_TAG_UNKNOWN, /* sp= or np=: it is not known whether the name exists */
	DMARC_TAG_P,
	DMARC_TAG_SP,
	DMARC_TAG_NP,
};

/** The policy for mail from a name, by one rule. */
struct dmarc_found {
	enum mailauth_dmarc_state state;
	/** Domain of the record; STR_NONE without one. */
	struct mailauth_str name;
	struct record_set
	    *set; /* its record set, or that of the failed lookup */
	struct dmarc record;
	bool inherited; /* the record is of a domain above */
	enum dmarc_tag tag; /* that decides */
	/** MAILAUTH_DMARC_ABSENT: the policy depends on whether the name exists, and
	 * that is unknown. */
	enum mailauth_dmarc_policy policy;
	enum mailauth_dmarc_policy applied; /* `policy` after t=y lowered it */
	bool org_known;
	struct mailauth_str org; /* organizational domain, with `org_known` */
};

/** The owner of the DMARC record of a name, _dmarc.NAME; STR_NONE when that is
 * too long for a name. */
struct mailauth_str dmarc_owner(struct check *c, struct mailauth_str name);
/** The record set at that owner, judged; NULL while it is pending or was not
 * asked for. */
struct record_set *dmarc_at(struct check *c, struct mailauth_str name);

/** Ask for all names of a walk in one round. The walk may stop early; more
 * rounds would cost more time than these few questions. */
void dmarc_want_walk(struct check *c, struct mailauth_str start);
/** The same, and ask whether the name exists. */
void dmarc_want(struct check *c, struct mailauth_str author);
/** Ask for the walk from an identifier's domain, unless alignment with the
 * author is decided without it: the domains are equal, or the domain is outside
 * of the author's organization. */
void dmarc_want_aligned(struct check *c, const struct dmarc_walk *author,
    struct mailauth_str domain);
/** The walk from a name, as far as its lookups have answers. */
void
dmarc_walk(struct check *c, struct mailauth_str start, struct dmarc_walk *out);
/** Find the policy for an author domain by both rules. `walk` starts at the
 * author. May ask for the record of the organizational domain by the list. */
void dmarc_find(struct check *c, struct mailauth_str author,
    const struct dmarc_walk *walk, struct dmarc_found out[DMARC_RFCS]);

/** Doubt `id` on `set` for each name of a walk whose lookup has failed: its
 * record could have been any. */
void dmarc_doubt_walk(struct check *c, const struct record_set *set,
    const struct dmarc_walk *walk, enum mailauth_finding_id id);

enum dmarc_existence { DMARC_EXISTS, DMARC_EXISTS_NOT, DMARC_EXISTS_UNKNOWN };

/** Whether a name exists (RFC 9989 3.2.13): any response to an A query but
 * NXDOMAIN shows that it does, and so does an alias at the name. */
enum dmarc_existence dmarc_exists(struct check *c, struct mailauth_str name);

/** A domain that passed DKIM or SPF. */
struct dmarc_identifier {
	bool spf;
	/** STR_NONE: no domain, aligns with no author. */
	struct mailauth_str domain;
	struct mailauth_str shown; /* as the user or the message has it */
};

/** Alignment of an identifier with the author domain. */
enum dmarc_aligned {
	DMARC_ALIGNED_NOT,
	DMARC_ALIGNED_RELAXED, /* the organizational domains are equal */
	DMARC_ALIGNED_STRICT, /* the domains are equal */
	DMARC_ALIGNED_UNKNOWN,
};

/** Alignment by each rule, and the organizational domains it depends on. */
struct dmarc_alignment {
	enum dmarc_aligned aligned[DMARC_RFCS];
	bool org_known[DMARC_RFCS];
	struct mailauth_str org[DMARC_RFCS];
};

/** Decide the alignment of an identifier with the author domain by both rules,
 * as far as lookups have answers. */
void dmarc_align(struct check *c, struct mailauth_str author,
    const struct dmarc_found found[DMARC_RFCS],
    const struct dmarc_identifier *id, struct dmarc_alignment *out);

#endif /* DMARC_TREE_WALK_H */
