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
/** Hosts examined of one MX set, or names of one address. */
#define HOSTS_MAX 32
/** Subjects of one job. */
#define SUBJECTS_MAX 16

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
	struct mailauth_str stranger; /* a random label that no zone has */
	/** A subject has put all there is to say into the report: those behind
	 * it tell nothing. */
	bool settled;
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
/** Examine only these kinds (bits; 0: all). */
void check_only(struct check *c, uint32_t kinds);
/** Call `ask` whenever an answer arrives, and not only after whole rounds. */
void check_each_answer(struct check *c);
/** Allow `n` lookups more than LOOKUPS_MAX. */
void check_allow(struct check *c, size_t n);
/** Add an answer in place of a question. The caller owns the answer and must
 * keep it as long as the report. False when memory ran out. */
bool check_give(struct check *c, const struct mailauth_answer *answer);

/* Subjects call these. */

/** End the check `seconds` from the last step at the latest: the check needs no
 * answer that arrives later. An earlier end stays. */
void check_enough_in(struct check *c, double seconds);
/** Seconds from the start of the check to its last step. */
double check_seconds(const struct check *c);
/** The check has reached a limit of lookups, so some were not made. */
bool check_is_limited(const struct check *c);
/** Names that were asked for are outside of the given zones. */
bool check_lacks_zones(const struct check *c);
/** No lookup has an answer, and that is the fault of where they were asked: no
 * server can be reached, or the one asked passes no proof on. */
bool source_gave_nothing(const struct check *c);
/** Report that a subject has reached a limit of its own; check_is_limited() is
 * true from then on. */
void check_limit(struct check *c);
/** Some lookup has no answer yet. */
bool check_is_pending(const struct check *c);
/** All lookups so far, linked by `next`. */
struct lookup *check_lookups(const struct check *c);

/** A subject for alias chains: asks for each link of a chain that DNSSEC does
 * not prove as a whole, and puts the states of the links into the report. Its
 * `self` is NULL. */
extern const struct subject subject_chains;
/** The same as functions, for a subject that does more: ask for the links of
 * all lookups; put the links of one view into the report. */
void ask_chains(struct check *c);
void tell_chain(struct check *c, struct view *v);

/* Lookups. */

/** The lookup of this question; the first call asks it. NULL for no name and
 * when memory ran out. Behind a limit and after the end of the check the lookup
 * has failed at once. */
struct lookup *want(struct check *c, struct mailauth_str name, uint16_t type);
/** The lookup of this question; NULL when no subject has asked it. */
struct lookup *
got(const struct check *c, struct mailauth_str name, uint16_t type);
/** The same at one server, by its number in the resolver. */
struct lookup *
want_from(struct check *c, int server, struct mailauth_str name, uint16_t type);
struct lookup *got_from(const struct check *c, int server,
    struct mailauth_str name, uint16_t type);
/** The lookup has finished, with any outcome; false for NULL. */
bool is_done(const struct lookup *l);
/** The lookup found records, and they are not bogus; false for NULL. */
bool is_found(const struct lookup *l);
/** The lookup found that there are no records, NODATA or NXDOMAIN; false for
 * NULL. */
bool is_absent(const struct lookup *l);
/** The lookup has finished without an answer; false for NULL. */
bool is_failed(const struct lookup *l);
/** The name, or what it leads to, is outside of the given zones, and no network
 * is used; false for NULL. The report lists these names once, and no finding
 * says that their zones should be repaired. */
bool is_outside(const struct mailauth_answer *a);
/** Both answers hold the same records, in any order. */
bool
same_records(const struct mailauth_answer *a, const struct mailauth_answer *b);

/* Record sets. */

/** A lookup judged as some kind of record. Subjects judge more lookups than the
 * report shows: `listed` ones are in the report. */
struct view {
	struct view *next;
	const struct mailauth_kind *kind;
	struct lookup *lookup;
	struct record_set *set;
	struct view *beside; /* another one of the lookup */
};

/** All views so far, the newest first. */
struct view *check_views(const struct check *c);
/** The lookup judged as a kind, once; NULL for NULL, for a lookup that has not
 * finished, and when memory ran out. Absence is no finding yet: a subject adds
 * that with tell_missing(). */
struct record_set *
view(struct check *c, const struct mailauth_kind *kind, struct lookup *l);
/** The same by number of the kind. */
struct record_set *
view_as(struct check *c, enum mailauth_kind_id kind, struct lookup *l);
/** The record set is in the report. */
bool is_listed(const struct check *c, const struct record_set *set);
/** Put a record set into the report, once. A set of a kind outside of
 * check_only() stays out, unless its lookup has failed. */
void list_set(struct check *c, struct record_set *set);
/** The same for a record that the library made, without findings on its
 * lookup. */
void list_own(struct check *c, struct record_set *set);
/** The set has exactly one record of its kind, sound or not; false for
 * NULL. */
bool has_record(const struct record_set *set);
/** The set has exactly one record of its kind, published at this very name: no
 * wildcard made it. */
bool is_placed(const struct record_set *set);
/** The set has no record of its kind, for certain; false for NULL. */
bool is_none(const struct record_set *set);
/** The set has one usable record, by all findings so far. */
bool is_usable(const struct check *c, const struct record_set *set);

/* Findings. */

/** Add the finding that the record is missing, when absence is certain. */
void tell_missing(struct check *c, const struct record_set *set);
/** Add a finding with `detail`: on a record set, or on the domain as a whole
 * with NULL. A set that is not listed gets none, since it is not part of the
 * report. */
void tell(struct check *c, const struct record_set *set,
    enum mailauth_finding_id id, struct mailauth_str detail);
/** The same with a remedy for this case, which must be printable. */
void tell_remedy(struct check *c, const struct record_set *set,
    enum mailauth_finding_id id, struct mailauth_str detail,
    struct mailauth_str remedy);
/** The same with a place: `where` is part of the text of the set's record. */
void tell_at(struct check *c, const struct record_set *set,
    enum mailauth_finding_id id, struct mailauth_str where,
    struct mailauth_str detail);
/** The findings `id` on a record set, of those told so far, matter less than
 * the table says: limit their severity. */
void soften(struct check *c, const struct record_set *set,
    enum mailauth_finding_id id, enum mailauth_severity most);
/** Some lookup has failed since its name is outside of the given zones, and none
 * for another reason. */
bool is_only_outside(const struct check *c);
/** What to do then. */
#define OUTSIDE_REMEDY \
	"give the zones of the names that were not looked up, or let them be " \
	"looked up"
/** Add a finding which says that something could not be told. When all that is
 * missing are names outside of the given zones, its remedy is to give these;
 * and it is put on the domain when its set is outside as well. */
void tell_open(struct check *c, const struct record_set *set,
    enum mailauth_finding_id id, struct mailauth_str detail);
/** Add a finding when the resolver does not validate. */
void tell_validation(struct check *c);

/* Doubts: failed lookups whose answers could have made a verdict worse. */

/** The lookup has failed, and its answer could have given the finding `id` on
 * `set`, or with NULL on the domain as a whole. Once all subjects have put
 * their findings into the report, the doubts that could have changed a verdict
 * or the result become findings of their own, which defer; the others vanish.
 * So give the worst finding that is possible. No effect for a lookup that has
 * an answer, for one outside of the given zones, for NULL, and for a set that
 * is not listed. */
void doubt(struct check *c, const struct record_set *set,
    const struct lookup *l, enum mailauth_finding_id id);
/** The same for an answer in the report's arena. */
void doubt_answer(struct check *c, const struct record_set *set,
    const struct mailauth_answer *a, enum mailauth_finding_id id);
/** The same for the lookups of a host's addresses. */
void doubt_host(struct check *c, const struct record_set *set,
    struct mailauth_str name, enum mailauth_finding_id id);
/** Put the findings of all doubts so far into the report. The engine does so
 * behind the last subject; a subject that needs the verdict itself does so
 * before. */
void tell_doubts(struct check *c);

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
/** The addresses of a host, as far as the lookups have answers. */
void host_of(const struct check *c, struct mailauth_str name, struct host *out);
/** The host has this address. */
bool host_has(const struct host *h, const struct addr *addr);
/** Mail can use the address: it is global, or of a documentation range that the
 * request allows. */
bool is_public(const struct check *c, const struct addr *addr);
/** List the A and AAAA record sets of a host. */
void list_host(struct check *c, struct mailauth_str name);

/* Names and texts; all live in the report's arena. */

/** `prefix` and `name` as one name; STR_NONE when that is no name. */
struct mailauth_str name_below(struct check *c, struct mailauth_str prefix,
    struct mailauth_str name);
/** The name beside `name` with the random label: only a wildcard answers it. */
struct mailauth_str name_beside(struct check *c, struct mailauth_str name);
/** Canonical form of any text; STR_NONE when it is no name. */
struct mailauth_str name_of(struct check *c, struct mailauth_str text);
/** Canonical form of a name on the wire. */
struct mailauth_str name_of_wire(struct check *c, const struct dname *wire);
/** Octets from any source as printable text. */
struct mailauth_str shown(struct check *c, struct mailauth_str text);
/** An address as text. */
struct mailauth_str addr_text(struct check *c, const struct addr *addr);
/** Make the random label for c->stranger, which finds wildcards. */
struct mailauth_str make_stranger(struct check *c);

/* What users give. */

/** Refuse an argument of the user: EUSE, with one line in `why`. */
enum mailauth_status refuse(char *why, const char *what, const char *reason);
/** Read a domain name as people type it, in A-labels or UTF-8; EUSE when mail
 * cannot use the name. */
enum mailauth_status take_name(struct check *c, const char *text,
    struct mailauth_str *out, char *why);
/** Read a domain from an SMTP session or a message; false unless it has two
 * labels at least. */
bool take_spf_domain(struct check *c, struct mailauth_str text,
    struct mailauth_str *out);

#endif /* ENGINE_CHECK_H */
