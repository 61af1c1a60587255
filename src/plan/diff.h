/*
 * diff.h - what becomes of records that DNS has
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * A record in DNS may serve others than the settings know. So a plan changes
 * it and does not replace it: senders, addresses and tags stay, and no policy
 * gets weaker. Where that cannot be, the record is refused, with the reason.
 */
#ifndef PLAN_DIFF_H
#define PLAN_DIFF_H

#include "engine/check.h"
#include "plan/plan.h"
#include "spf/budget.h"

/** A plan under comparison with DNS. */
struct plan_check {
	const struct mailauth_plan_request *request;
	struct plan_report *plan;
	struct plan_wishes wishes;
};

/** A text of the report's arena, printable, from up to three pieces. */
struct mailauth_str plan_say(struct check *c, const char *one,
    struct mailauth_str two, const char *three);
/** The reason of a failed lookup. */
struct mailauth_str plan_why_failed(struct check *c, const struct lookup *l);
/** The texts of a TXT answer that `is_one` takes, at most `max`. */
size_t plan_texts(struct check *c, const struct mailauth_answer *answer,
    bool (*is_one)(struct mailauth_str text), struct mailauth_str *out,
    size_t max);
/** Judge a text as if DNS had it at this owner; STR_NONE when receivers can use
 * it, else what is wrong, printable. */
struct mailauth_str plan_fault(struct check *c, enum mailauth_kind_id kind,
    struct mailauth_str owner, struct mailauth_str text);
/** Texts that are considered at one name. */
#define PLAN_TEXTS_MAX 16

/** Compare an MX or PTR record by its name; with PLAN_ANY each name will do. A
 * null MX (RFC 7505) has no name. */
enum plan_state plan_name_compare(struct check *c, struct planned_record *p,
    const struct lookup *l);

/** Work out how the SPF record in DNS is to be changed, as far as answers have
 * arrived, and ask for missing ones. */
void plan_spf_ask(struct check *c, struct plan_check *pc);
/** Compare an SPF record by its results. */
enum plan_state plan_spf_compare(struct check *c, const struct plan_check *pc,
    struct planned_record *p, const struct record_set *set);
/** Compare one of the records that a planned SPF record includes. */
enum plan_state plan_spf_part(struct check *c, struct planned_record *p,
    const struct record_set *set);

/** Ask for the policies above the planned DMARC records. */
void plan_dmarc_ask(struct check *c, const struct plan_check *pc);
/** Compare a DMARC record by policy and report address. */
enum plan_state plan_dmarc_compare(struct check *c, const struct plan_check *pc,
    struct planned_record *p, const struct record_set *set);

/** Ask for what a wildcard may give to the names of hosts. */
void plan_wild_ask(struct check *c, const struct plan_report *plan);
/** Records of its own end what a wildcard gives to a name: plan a copy of that
 * beside them. */
void plan_wild_settle(struct check *c, struct plan_report *plan);

#endif /* PLAN_DIFF_H */
