/*
 * check.h - one domain under examination
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * A check is a fixpoint. Every subject (SPF, DKIM, ...) has two functions:
 * `ask` says which lookups it wants given what is known, and is called again
 * after each round until nobody wants anything new; `tell` then puts records
 * and findings into the report. Neither waits, and neither calls the other.
 */
#ifndef ENGINE_CHECK_H
#define ENGINE_CHECK_H

#include "base/addr.h"
#include "base/dname.h"
#include "dns/orgdomain.h"
#include "dns/resolver.h"
#include "report/report.h"

/** Lookups for one domain: ten times what the largest real ones need. */
#define LOOKUPS_MAX 600
/** And for each node, MAIL FROM domain, host and selector of its settings. */
#define LOOKUPS_NODE 12
/** Nodes, and pairs of a node and a MAIL FROM domain, that are looked at for
 * one domain. */
#define NODES_MAX   100
#define PLANNED_MAX 200
/** Servers compared with each other. */
#define COMPARED_MAX 8
/** Hosts looked at of one MX set, or names of one address. */
#define HOSTS_MAX 32

/** A DKIM selector the user named. */
struct selector {
	struct mailauth_str text; /* as given, lower case */
	struct mailauth_str owner; /* its key's owner; STR_NONE: no selector */
	bool too_long; /* its key's owner would exceed the limits of DNS */
	bool full_name; /* it was given with ._domainkey and the domain */
	struct mailauth_str domain; /* whose it is */
	bool planned; /* by the settings */
	bool again; /* an earlier one has the same key record */
	struct mailauth_str spki; /* what must be published; empty: not known */
};

/** A sending host. */
struct sender {
	struct mailauth_str host; /* STR_NONE when it was not named */
	struct addr addr;
	struct mailauth_str reverse; /* owner of the PTR record */
	bool mapped; /* the address was given as ::ffff:a.b.c.d */
	bool planned; /* a node that the settings send from */
};

/** A lookup that has been examined as some kind, listed in the report or
 * not. */
struct view {
	struct view *next;
	const struct mailauth_kind *kind;
	struct lookup *lookup;
	struct item *item;
	bool listed;
};

struct spf_check;
struct dmarc_check;
struct explain;
struct settings_check;
struct plan_report;
struct merge;
struct bimi_files;
struct subject;

struct check {
	struct resolver *resolver;
	const struct orgdomains *orgs;
	const struct mailauth_request *request;
	struct mailauth_report *report; /* its arena is ours as well */
	const struct subject *const *subjects;
	size_t nsubjects;
	struct lookup *lookups, **lookups_end;
	size_t nlookups, pending, lookups_max;
	struct view *views;
	struct lookup *probes; /* see resolver.h; `next` links them */
	size_t probing;
	double probed; /* when the first probe was sent */
	unsigned rounds;
	bool hurried; /* an answer is slow: the others are not kept waiting */
	bool over; /* nothing more is asked: late, or out of memory */
	bool limited; /* LOOKUPS_MAX was reached */
	bool uncompared; /* a server could not be compared with the others */
	double started, deadline, slow; /* seconds of the monotonic clock */
	double now; /* when the last step began */
	double
	    enough_at; /* what has not come by then is not needed; 0: all is */
	struct spf_check *spf; /* NULL: not evaluated */
	struct dmarc_check *dmarc; /* NULL: no result is wanted */
	struct explain *explain; /* NULL: there is no message */
	struct settings_check *settings; /* NULL: there are none */
	struct plan_report *plan; /* NULL: nothing is planned */
	const struct mailauth_plan_request *plan_request;
	struct merge *merge; /* NULL: nothing is merged */
	struct bimi_files *bimi; /* NULL: none were given */
	struct mailauth_str domain; /* "example.com." */
	struct mailauth_str org; /* organizational domain; may be STR_NONE */
	struct mailauth_str stranger; /* a random label nobody has */
	struct selector *selectors;
	size_t nselectors;
	struct sender *senders;
	size_t nsenders;
	struct mailauth_str mail_from; /* domain; STR_NONE: not given */
	struct mailauth_str mail_from_local; /* in front of '@'; may be empty */
	bool mail_from_null; /* "<>" */
	bool mail_from_bad; /* no domain SPF can check */
	struct mailauth_str helo; /* STR_NONE: not given, or no name */
	bool helo_bad; /* given, and no domain SPF can check */
	struct mailauth_str bimi_owner; /* STR_NONE: no selector */
	const char *const *listed; /* servers the user gave */
	size_t nlisted;
	int servers[COMPARED_MAX]; /* by number of the resolver */
	size_t nservers;
};

/** One subject of a check. */
struct subject {
	uint32_t kinds; /* bits of MAILAUTH_KIND_...; 0: always */
	void (*ask)(struct check *c);
	void (*tell)(struct check *c);
};

extern const struct subject subject_spf, subject_spf_alone, subject_dkim,
    subject_dmarc, subject_dmarc_alone, subject_bimi, subject_mx,
    subject_address, subject_ptr, subject_settings, subject_dns;
/** Of the other jobs: aliases whose links are not all proved. */
extern const struct subject subject_chains;

/* Names. */

/** `prefix` and `name` as one name; STR_NONE when that is none. */
struct mailauth_str name_below(struct check *c, struct mailauth_str prefix,
    struct mailauth_str name);
/** Canonical form of any text; STR_NONE when it is no name. */
struct mailauth_str name_of(struct check *c, struct mailauth_str text);
/** Canonical form of a name on the wire. */
struct mailauth_str name_of_wire(struct check *c, const struct dname *wire);

/* Lookups. */

/** The lookup of this question, asked now if it never was; NULL for no name.
 * When nothing more can be asked it has failed. */
struct lookup *want(struct check *c, struct mailauth_str name, uint16_t type);
/** Say of a lookup that nobody waits for that it failed, and why. */
void leave(struct lookup *l, const char *why);
/** The lookup of this question if it was asked; else NULL. */
struct lookup *got(struct check *c, struct mailauth_str name, uint16_t type);
/** The same by a server of its own, by number. */
struct lookup *
want_from(struct check *c, int server, struct mailauth_str name, uint16_t type);
struct lookup *
got_from(struct check *c, int server, struct mailauth_str name, uint16_t type);
/** It is done, whatever came of it; false for NULL. */
bool is_done(const struct lookup *l);
/** Records were found, and they are not bogus; false for NULL. */
bool is_found(const struct lookup *l);
/** It is certain that there are none; false for NULL. */
bool is_absent(const struct lookup *l);
/** It was asked and could not be told; false for NULL. */
bool is_failed(const struct lookup *l);

/* Records. */

/** The lookup examined as a kind; NULL for NULL, for one not done, and when
 * memory ran out. Absence is no finding yet. */
struct item *
view(struct check *c, const struct mailauth_kind *kind, struct lookup *l);
/** The same by number of the kind. */
struct item *
view_as(struct check *c, enum mailauth_kind_id kind, struct lookup *l);
/** It is in the report. */
bool is_listed(const struct check *c, const struct item *item);
/** Put an item into the report, once. */
void list_item(struct check *c, struct item *item);
/** It has exactly one record of its kind, sound or not; false for NULL. */
bool has_record(const struct item *item);
/** It has exactly one record of its kind, and somebody put it at this very
 * name: no wildcard did. */
bool is_placed(const struct item *item);
/** It has one usable record, all findings so far considered. */
bool is_usable(const struct check *c, const struct item *item);
/** Put in that there is none, when that is certain. */
void tell_missing(struct check *c, const struct item *item);
/** Add a finding with text as detail, to an item that is listed (others are
 * not part of the report) or to the domain as a whole with NULL. */
void tell(struct check *c, const struct item *item, enum mailauth_finding_id id,
    struct mailauth_str detail);

/** The same with a place in the text of its record. */
void tell_at(struct check *c, const struct item *item,
    enum mailauth_finding_id id, struct mailauth_str where,
    struct mailauth_str detail);

/** Say that nothing was validated, when that is so. */
void tell_validation(struct check *c);

/** The DKIM keys at the selectors that were given, or else at common ones. */
struct keys {
	size_t usable; /* all types */
	size_t ed25519; /* of these */
	bool unknown; /* some lookup failed */
};

struct keys count_keys(struct check *c);
/** Owner of the key at common selector `i` of a domain; STR_NONE behind the
 * last one. */
struct mailauth_str
dkim_common_owner(struct check *c, struct mailauth_str domain, size_t i);

/* Hosts. */

/** The name of a sender: as given, or else as its PTR record says; STR_NONE
 * while that is not known. */
struct mailauth_str sender_name(struct check *c, const struct sender *s);

struct host {
	struct addr addr[HOSTS_MAX];
	size_t n;
	bool known; /* A and AAAA were both answered */
	bool alias; /* the name is an alias */
};

/** Settle what one round has brought before anybody looks at it: answers made
 * from wildcards are marked, denials without proof are confirmed or failed. */
void settle(struct check *c);

/** Ask for the addresses of a host. */
void want_host(struct check *c, struct mailauth_str name);
/** What is known of them. */
void host_of(struct check *c, struct mailauth_str name, struct host *out);
/** The host has this address. */
bool host_has(const struct host *h, const struct addr *addr);
/** The address is one that mail can use. */
bool is_public(const struct check *c, const struct addr *addr);
/** List the address records of a host. */
void list_host(struct check *c, struct mailauth_str name);
/** Octets from anywhere as text that can be shown. */
struct mailauth_str shown(struct check *c, struct mailauth_str text);
/** An address as text. */
struct mailauth_str addr_text(struct check *c, const struct addr *addr);

#endif /* ENGINE_CHECK_H */
