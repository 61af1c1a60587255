/*
 * check.h - one request under examination
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * engine: asks questions in rounds until no subject wants another answer.
 * A job turns a request into subjects. A subject has two functions: `ask`
 * names the lookups it wants, given what is known; the engine calls it again
 * after each round until it wants nothing new. `tell` then puts record sets
 * and findings into the report. Neither waits, and neither calls the other.
 * May include base, sys, record, judge, dns and report. In: a request and a
 * resolver (run.h). Out: a report.
 */
#ifndef ENGINE_CHECK_H
#define ENGINE_CHECK_H

#include "base/addr.h"
#include "base/dname.h"
#include "dns/orgdomain.h"
#include "dns/resolver.h"
#include "report/report.h"

/** Lookups for one request: ten times what the largest real ones need. */
#define LOOKUPS_MAX 600
/** Hosts looked at of one MX set, or names of one address. */
#define HOSTS_MAX 32
/** Subjects of one job. */
#define SUBJECTS_MAX 12

struct rounds;
struct view;

/** What all subjects of a request share. */
struct check {
	struct rounds *rounds; /* lookups and time: rounds.h, engine only */
	struct mailauth_report *report; /* its arena holds all that is kept */
	struct resolver *resolver;
	const struct orgdomains *orgs; /* NULL: no Public Suffix List */
	struct mailauth_str domain; /* "example.com."; STR_NONE: none */
	struct mailauth_str org; /* organizational domain; may be STR_NONE */
	struct mailauth_str stranger; /* a random label nobody has */
};

/** One subject. `self` is the state that check_add() was given. */
struct subject {
	uint32_t kinds; /* bits of MAILAUTH_KIND_...; 0: always wanted */
	void (*ask)(struct check *c, void *self);
	void (*tell)(struct check *c, void *self);
};

/* A job's preparation calls these. */

/** Add a subject; subjects ask and tell in this order. At most SUBJECTS_MAX. */
void check_add(struct check *c, const struct subject *subject, void *self);
/** Look only at these kinds (bits; 0: all). */
void check_only(struct check *c, uint32_t kinds);
/** Call `ask` whenever an answer arrives, and not only after whole rounds. */
void check_each_answer(struct check *c);
/** Allow `n` lookups more than LOOKUPS_MAX. */
void check_allow(struct check *c, size_t n);
/** Add an answer that nobody has to ask for; it stays the caller's, who must
 * keep it as long as the report. False when memory ran out. */
bool check_give(struct check *c, const struct mailauth_answer *answer);

/* Subjects call these. */

/** End the check `seconds` from the last step at the latest: what has not
 * arrived by then is not needed. An earlier end stays as it is. */
void check_enough_in(struct check *c, double seconds);
/** Seconds from the start of the check to its last step. */
double check_seconds(const struct check *c);
/** Some lookup was not made because there were too many. */
bool check_is_limited(const struct check *c);
/** A subject kept to a limit of its own, which has the same meaning. */
void check_limit(struct check *c);
/** Answers are missing that were asked for. */
bool check_is_pending(const struct check *c);
/** All lookups so far, linked by `next`. */
struct lookup *check_lookups(const struct check *c);

/** A subject that needs no other of its kind: it asks for each link of an
 * alias chain that is not proved as a whole, and tells the states. Its state
 * is NULL. */
extern const struct subject subject_chains;
/** The same for subjects that cover more: of all lookups, and of one view. */
void ask_chains(struct check *c);
void tell_chain(struct check *c, struct view *v);

/* Lookups. */

/** The lookup of this question, asked now if it never was; NULL for no name.
 * When nothing more can be asked, the lookup has failed. */
struct lookup *want(struct check *c, struct mailauth_str name, uint16_t type);
/** The lookup of this question if it was asked; else NULL. */
struct lookup *
got(const struct check *c, struct mailauth_str name, uint16_t type);
/** The same by one server, by number. */
struct lookup *
want_from(struct check *c, int server, struct mailauth_str name, uint16_t type);
struct lookup *got_from(const struct check *c, int server,
    struct mailauth_str name, uint16_t type);
/** The lookup has finished, with any outcome; false for NULL. */
bool is_done(const struct lookup *l);
/** The lookup found records, and they are not bogus; false for NULL. */
bool is_found(const struct lookup *l);
/** The lookup proved or was told that there are no records; false for NULL. */
bool is_absent(const struct lookup *l);
/** The lookup has finished without an answer; false for NULL. */
bool is_failed(const struct lookup *l);
/** Both answers hold the same records, in any order. */
bool
same_records(const struct mailauth_answer *a, const struct mailauth_answer *b);

/* Record sets. */

/** A lookup examined as some kind; in the report or not. */
struct view {
	struct view *next;
	const struct mailauth_kind *kind;
	struct lookup *lookup;
	struct record_set *set;
	bool listed;
};

/** All views so far, the newest first. */
struct view *check_views(const struct check *c);
/** The lookup examined as a kind; NULL for NULL, for one that has not
 * finished, and when memory ran out. Absence is no finding yet. */
struct record_set *
view(struct check *c, const struct mailauth_kind *kind, struct lookup *l);
/** The same by number of the kind. */
struct record_set *
view_as(struct check *c, enum mailauth_kind_id kind, struct lookup *l);
/** The record set is in the report. */
bool is_listed(const struct check *c, const struct record_set *set);
/** Put a record set into the report, once. */
void list_set(struct check *c, struct record_set *set);
/** The same for one of our own making, without findings on its lookup. */
void list_own(struct check *c, struct record_set *set);
/** The set has exactly one record of its kind, sound or not; false for
 * NULL. */
bool has_record(const struct record_set *set);
/** The set has exactly one record of its kind, and it was published at this
 * very name: no wildcard made it. */
bool is_placed(const struct record_set *set);
/** The set has no record of its kind, for certain; false for NULL. */
bool is_none(const struct record_set *set);
/** The set has one usable record, all findings so far considered. */
bool is_usable(const struct check *c, const struct record_set *set);

/* Findings. */

/** Add the finding that there is no such record, when that is certain. */
void tell_missing(struct check *c, const struct record_set *set);
/** Add a finding with text as detail: on a record set that is listed (others
 * are not part of the report), or on the domain as a whole with NULL. */
void tell(struct check *c, const struct record_set *set,
    enum mailauth_finding_id id, struct mailauth_str detail);
/** The same with a place in the text of its record. */
void tell_at(struct check *c, const struct record_set *set,
    enum mailauth_finding_id id, struct mailauth_str where,
    struct mailauth_str detail);
/** Say that nothing was validated, when that is so. */
void tell_validation(struct check *c);

/* Hosts. */

/** The addresses of a host. */
struct host {
	struct addr addr[HOSTS_MAX];
	size_t n;
	bool known; /* A and AAAA were both answered */
	bool alias; /* the name is an alias */
};

/** Ask for the addresses of a host. */
void want_host(struct check *c, struct mailauth_str name);
/** What is known of them. */
void host_of(const struct check *c, struct mailauth_str name, struct host *out);
/** The host has this address. */
bool host_has(const struct host *h, const struct addr *addr);
/** Mail can use the address. */
bool is_public(const struct check *c, const struct addr *addr);
/** List the address records of a host. */
void list_host(struct check *c, struct mailauth_str name);

/* Names and texts; all live in the report's arena. */

/** `prefix` and `name` as one name; STR_NONE when that is no name. */
struct mailauth_str name_below(struct check *c, struct mailauth_str prefix,
    struct mailauth_str name);
/** The name beside `name` that nobody has. */
struct mailauth_str name_beside(struct check *c, struct mailauth_str name);
/** Canonical form of any text; STR_NONE when it is no name. */
struct mailauth_str name_of(struct check *c, struct mailauth_str text);
/** Canonical form of a name on the wire. */
struct mailauth_str name_of_wire(struct check *c, const struct dname *wire);
/** Octets from anywhere as text that can be shown. */
struct mailauth_str shown(struct check *c, struct mailauth_str text);
/** An address as text. */
struct mailauth_str addr_text(struct check *c, const struct addr *addr);
/** A label that nobody has, to see who answers for everybody. */
struct mailauth_str make_stranger(struct check *c);

/* What users give. */

/** Refuse something the user gave: EUSE, with one line in `why`. */
enum mailauth_status refuse(char *why, const char *what, const char *reason);
/** A domain name as people type it, in A-labels or UTF-8; EUSE when it is no
 * name that mail uses. */
enum mailauth_status take_name(struct check *c, const char *text,
    struct mailauth_str *out, char *why);
/** A domain of two labels at least, as it comes in a session of SMTP or in a
 * message; false when it is not that. */
bool take_spf_domain(struct check *c, struct mailauth_str text,
    struct mailauth_str *out);

#endif /* ENGINE_CHECK_H */
