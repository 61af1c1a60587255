/*
 * domain.h - the check of a domain: one subject a file
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * domain: says what the records of one domain mean together. check.c takes
 * the request; spf.c, dkim.c, dmarc.c, bimi.c, mx.c, address.c, ptr.c,
 * transport.c, dane.c and settings.c each ask for and judge one subject; role.c
 * says what the domain is for, and dns.c judges the DNS below them. May include
 * base, sys, record, judge, dns, report, engine, spf, dkim, dmarc, bimi,
 * transport and settings. In: struct mailauth_request. Out: findings in the
 * report.
 */
#ifndef DOMAIN_DOMAIN_H
#define DOMAIN_DOMAIN_H

#include "engine/check.h"

/** Name servers compared with each other: more than zones have. */
#define COMPARED_MAX 32

/** A DKIM selector that the user or the settings named. */
struct selector {
	struct mailauth_str text; /* as given, lower case */
	struct mailauth_str owner; /* of its key; STR_NONE: not valid */
	bool too_long; /* the owner would exceed the limits of DNS */
	bool full_name; /* given with ._domainkey and the domain */
	struct mailauth_str domain; /* that signs with it */
	bool planned; /* the settings named it */
	bool again; /* an earlier selector has the same key record */
	struct mailauth_str spki; /* key to publish; empty: not known */
};

/** A sending host. */
struct sender {
	struct mailauth_str host; /* STR_NONE: not named */
	struct addr addr;
	struct mailauth_str reverse; /* owner of the PTR record */
	bool mapped; /* the address was given as ::ffff:a.b.c.d */
	bool planned; /* a node that the settings send from */
};

/** A server to compare. */
struct compared {
	struct mailauth_str name; /* of the NS record; STR_NONE: listed */
	struct mailauth_str addr;
	int number; /* in the resolver; -1: it cannot be asked */
};

/** The comparison of the zone's name servers. */
struct comparison {
	struct compared at[COMPARED_MAX];
	size_t n;
	bool chosen; /* the list is complete */
	struct mailauth_str zone; /* then: names at or below it are compared */
	size_t questions; /* to all servers together */
	bool cut; /* there would have been more */
	bool left_out; /* some server is not compared */
	struct mailauth_str first_left; /* beyond COMPARED_MAX */
};

/** Selectors that nobody named: common ones, and those of providers. */
#define GUESSES_MAX 64

struct guess {
	struct mailauth_str text, owner;
};

/** Hosts that the SPF record names one by one, looked at without being
 * asked for. */
#define KNOWN_MAX 8

/** Providers named in a report. */
#define ROLE_PROVIDERS_MAX 8

/** Some host passes an SPF record, and those that it builds on. */
enum passes { PASSES_SOME, PASSES_NOBODY, PASSES_UNKNOWN };

/** What the domain is for; subject_role decides before all others tell. */
struct role {
	enum mailauth_role is;
	bool declared; /* by the request */
	enum passes passes; /* the SPF record */
	/** The role is unknown since this lookup failed; else NULL. */
	const struct lookup *open;
	bool
	    bare; /* it is unknown since no record shows one; all rules apply */
	bool takes_mail; /* there are MX hosts */
	bool own_hosts; /* all of them are in the domain */
	char policy; /* qualifier of its 'all', or of that it redirects to */
	struct mailauth_str why;
	const char *providers[ROLE_PROVIDERS_MAX];
	size_t nproviders;
};

/** The state of a check of a domain, beside that of the engine; all subjects
 * share it. */
struct domain_check {
	const struct mailauth_request *request;
	struct spf_check *spf; /* evaluations of SPF */
	struct settings_check *settings; /* NULL: not given */
	struct bimi_files *bimi; /* NULL: not given */
	struct transport_files *files; /* NULL: not given */
	struct comparison comparison;
	struct selector *selectors;
	size_t nselectors;
	struct sender *senders;
	size_t nsenders;
	struct mailauth_str mail_from; /* domain; STR_NONE: not given */
	struct mailauth_str mail_from_local; /* before '@'; may be empty */
	bool mail_from_null; /* "<>" */
	bool mail_from_bad; /* given, and no domain SPF can check */
	struct mailauth_str helo; /* STR_NONE: not given, or no name */
	bool helo_bad; /* given, and no domain SPF can check */
	struct mailauth_str bimi_owner; /* STR_NONE: no valid selector */
	struct role role;
	struct sender known[KNOWN_MAX];
	size_t nknown;
	struct guess guesses[GUESSES_MAX];
	size_t nguesses;
};

/** The profile is `practice` or one built on it: what large receivers expect
 * counts. */
bool expects_practice(const struct check *c);
/** Owner of DKIM key `i`: at the selectors that were named, then at those that
 * were guessed; STR_NONE behind the last. */
struct mailauth_str key_owner(const struct domain_check *dc, size_t i);
/** By its role the domain sends mail, or may. */
bool role_sends(const struct domain_check *dc);

enum maybe { MAYBE_NO, MAYBE, MAYBE_YES };

/** The domain sends no mail; MAYBE: a lookup failed that would show it. */
enum maybe role_sends_not(const struct domain_check *dc);
/** The domain neither sends nor takes mail; MAYBE likewise. */
enum maybe role_no_mail(const struct domain_check *dc);
/** Ask what the domain is for when no record shows it, with what to publish for
 * either answer. */
void tell_purpose(struct check *c, const struct domain_check *dc);
/** Put a finding on what a domain without mail does not publish: a failure
 * where its owner has declared that it sends none. */
void tell_parked_weak(struct check *c, const struct domain_check *dc,
    const struct record_set *set, enum mailauth_finding_id id);
/** The findings `id` on a set do not count where this holds: limit them to INFO;
 * and where it may hold, doubt them as well. */
void lighten(struct check *c, const struct domain_check *dc,
    const struct record_set *set, enum mailauth_finding_id id,
    enum maybe holds);

/** The subjects; `self` is the struct domain_check. */
extern const struct subject subject_role, subject_spf, subject_dkim,
    subject_dmarc, subject_bimi, subject_mx, subject_address, subject_ptr,
    subject_mtasts, subject_tlsrpt, subject_dane, subject_settings, subject_dns;

/** With --compare-servers: ask each name server what the subjects have asked of
 * the zone, and put findings on what they say, and on each that does not answer:
 * it may say anything. Parts of subject_dns. */
void servers_want(struct check *c, struct domain_check *dc);
void servers_tell(struct check *c, const struct domain_check *dc);

/** The first part of the report of a check; it has no data. Parts behind it
 * become members of its JSON. */
extern const struct part_type check_part;

/** Counts of the DKIM keys at the given selectors, or else at common ones. */
struct keys {
	size_t usable; /* all types */
	size_t ed25519; /* usable ones of type Ed25519 */
	bool unknown; /* some lookup failed */
};

struct keys count_keys(struct check *c, const struct domain_check *dc);

/** The name of a sender: the given one, or else that of its PTR record;
 * STR_NONE while that is not known. */
struct mailauth_str sender_name(struct check *c, const struct sender *s);
/** Make dc->spf, with two evaluations for each sender (MAIL FROM and HELO) and
 * those of the settings; false when memory ran out. */
bool domain_spf_new(struct check *c, struct domain_check *dc);

/** What precedes the selector in the words of refuse_record_name(). */
#define NAME_WITH_SELECTOR " with selector "
/** Refuse a name that has a record and is no domain, such as
 * "_dmarc.example.com.": EUSE, and which domain is meant in `why`. */
enum mailauth_status refuse_record_name(struct mailauth_str name, char *why);
/** Put findings on texts at the domain itself that are records of this kind with
 * their name in front, written there in place of at `owner`; STR_NONE: at any
 * name of the kind. */
void tell_named(struct check *c, const struct record_set *set,
    enum mailauth_kind_id id, struct mailauth_str owner);
/** Put the finding `id` on a set without a record: the one of `there` was meant
 * to be in it. */
void tell_misplaced(struct check *c, const struct record_set *set,
    const struct record_set *there, enum mailauth_finding_id id);

/** Read a DKIM selector of a domain. "selector._domainkey.domain" is a common
 * mistake: its selector is used, and `full_name` is set. */
void take_selector(struct check *c, struct mailauth_str text,
    struct mailauth_str domain, struct selector *out);
/** Read a sending host; EUSE when its address or name is not valid. */
enum mailauth_status take_sender(struct check *c,
    const struct mailauth_sender *from, struct sender *out, char *why);

/** Put a finding on each DKIM key that an earlier domain of the same call has
 * too, and add the other keys to `*known`. */
void keys_compare(struct check *c, void **known);
void keys_forget(void **known);

#endif /* DOMAIN_DOMAIN_H */
