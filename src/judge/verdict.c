/*
 * verdict.c - the verdict on one record set
 * SPDX-License-Identifier: BSD-3-Clause
 */
#include "judge/verdict.h"

#include "record/final_dot.h"
#include "record/rrtype.h"
#include "record/txt.h"

static void
add(struct mailauth_findings *log, uint16_t id)
{
	findings_add(log, id);
}

/* Findings on the path to the records: aliases, wildcards, TTL. */
static void
lint_way(const struct mailauth_kind *kind, const struct mailauth_answer *answer,
    struct mailauth_judgement *out)
{
	struct mailauth_findings *log = &out->findings;
	bool wildcard = (answer->flags & MAILAUTH_ANSWER_WILDCARD) != 0;

	if (answer->nchain > 0)
		add(log, kind->cname);
	/* That the names below take or send no mail needs no word. */
	if (wildcard && out->matches > 0 &&
	    !findings_has(log, MAILAUTH_F_MX_NULL) &&
	    !findings_has(log, MAILAUTH_F_DKIM_REVOKED) &&
	    !findings_has(log, MAILAUTH_F_SPF_DENY_ALL))
		add(log, kind->wildcard);
	if (wildcard && out->matches == 0 && kind->service)
		add(log, MAILAUTH_F_DNS_WILDCARD_POLLUTION);
	if (out->matches > 0 && kind->low_ttl && answer->ttl < JUDGE_TTL_LOW)
		add(log, MAILAUTH_F_DNS_TTL_VERY_LOW);
	if (out->matches > 0 && kind->high_ttl && answer->ttl > JUDGE_TTL_HIGH)
		add(log, MAILAUTH_F_DNS_TTL_VERY_HIGH);
}

/* Some TXT record cannot be read: it may be any record. */
static bool
is_unreadable(const struct mailauth_answer *answer)
{
	return (answer->rrtype == RRTYPE_TXT || answer->rrtype == RRTYPE_SPF) &&
	    txt_some_overruns(answer);
}

static void
judge_found(const struct mailauth_kind *kind,
    const struct mailauth_answer *answer, const struct mailauth_scope *scope,
    struct mailauth_scratch *scratch, struct mailauth_judgement *out)
{
	struct exam e = { kind, answer, scope, scratch, 0, out, false };

	examine(&e);
	if (!scope->plain)
		lint_way(kind, answer, out);
}

void
judge(const struct mailauth_kind *kind, const struct mailauth_answer *answer,
    const struct mailauth_scope *scope, struct mailauth_scratch *scratch,
    struct mailauth_judgement *out)
{
	bool found = false;
	struct findings_sum sum;

	out->kind = kind;
	out->rr = MAILAUTH_RR_ALL;
	out->matches = 0;
	out->record.kind = NULL;
	out->record.text = STR_NONE;
	findings_clear(&out->findings);
	/* A bogus answer carries the records that failed validation, which may
	 * be forged: do not examine them. */
	if (answer->outcome == MAILAUTH_FAILED ||
	    answer->dnssec == MAILAUTH_DNSSEC_BOGUS) {
		out->verdict = MAILAUTH_TEMPERROR;
		add(&out->findings,
		    answer->dnssec == MAILAUTH_DNSSEC_BOGUS && kind->bogus ?
		        kind->bogus :
		        kind->lookup);
	} else if (answer->outcome == MAILAUTH_FOUND) {
		bool unreadable;

		judge_found(kind, answer, scope, scratch, out);
		found = out->matches > 0;
		unreadable = !found && is_unreadable(answer);
		out->verdict = unreadable ? MAILAUTH_TEMPERROR : MAILAUTH_NONE;
		if (unreadable &&
		    !findings_has(&out->findings,
		        MAILAUTH_F_TXT_STRING_OVERRUN))
			add(&out->findings, MAILAUTH_F_TXT_STRING_OVERRUN);
	} else {
		out->verdict = MAILAUTH_NONE;
		if (!scope->absence_is_fine)
			add(&out->findings, kind->missing);
		if (answer->outcome == MAILAUTH_NXDOMAIN && answer->nchain > 0)
			add(&out->findings, kind->dangling);
	}
	findings_close(&out->findings);
	sum = findings_sum(&out->findings, scope->profile);
	out->severity = sum.worst;
	if (found)
		out->verdict = is_invalid(kind, sum.voids, sum.breaks) ?
		    MAILAUTH_INVALID :
		    sum.defers ? MAILAUTH_TEMPERROR :
		                 MAILAUTH_VALID;
}

static uint16_t
cause_finding(enum mailauth_cause cause)
{
	switch (cause) {
	case MAILAUTH_CAUSE_TIMEOUT: return MAILAUTH_F_DNS_TIMEOUT;
	case MAILAUTH_CAUSE_REFUSED: return MAILAUTH_F_DNS_REFUSED;
	case MAILAUTH_CAUSE_LAME: return MAILAUTH_F_DNS_LAME_DELEGATION;
	case MAILAUTH_CAUSE_LOOP: return MAILAUTH_F_DNS_CNAME_LOOP;
	case MAILAUTH_CAUSE_TRUNCATED:
		return MAILAUTH_F_TXT_TCP_FALLBACK_BROKEN;
	case MAILAUTH_CAUSE_OFFLINE: return MAILAUTH_F_DNS_OFFLINE;
	case MAILAUTH_CAUSE_BUILTIN: return MAILAUTH_F_DNS_BUILTIN_EMPTY_ZONE;
	case MAILAUTH_CAUSE_BOGUS:
	case MAILAUTH_CAUSE_NO_DNSKEY: return MAILAUTH_F_DNSSEC_BOGUS;
	case MAILAUTH_CAUSE_NO_SOA: return MAILAUTH_F_DNS_DENIAL_UNPROVEN;
	/* Of the source, and said of it: tell_source_trouble(). */
	case MAILAUTH_CAUSE_UNREACHABLE:
	case MAILAUTH_CAUSE_NO_PROOF:
	case MAILAUTH_CAUSE_NONE:
	case MAILAUTH_CAUSE_SERVFAIL: break;
	}
	return MAILAUTH_F_DNS_SERVFAIL;
}

static void
judge_state(const struct mailauth_answer *a, struct mailauth_findings *log)
{
	switch (a->dnssec) {
	case MAILAUTH_DNSSEC_SECURE:
		add(log,
		    a->outcome == MAILAUTH_FOUND ?
		        MAILAUTH_F_DNSSEC_SECURE :
		        MAILAUTH_F_DNSSEC_DENIAL_SECURE);
		break;
	case MAILAUTH_DNSSEC_INSECURE:
		add(log, MAILAUTH_F_DNSSEC_INSECURE);
		break;
	case MAILAUTH_DNSSEC_INDETERMINATE:
		add(log, MAILAUTH_F_DNSSEC_INDETERMINATE);
		break;
	case MAILAUTH_DNSSEC_UNCHECKED:
		add(log, MAILAUTH_F_DNSSEC_CHECKING_DISABLED);
		break;
	case MAILAUTH_DNSSEC_BOGUS: break;
	}
}

bool
judge_lost_dot(const struct mailauth_answer *a, struct mailauth_str *owner,
    struct mailauth_str *meant)
{
	if (a->outcome != MAILAUTH_NXDOMAIN || a->nchain == 0)
		return false;
	*owner = a->nchain > 1 ? a->chain[a->nchain - 2] : a->name;
	return final_dot_lost(a->chain[a->nchain - 1], *owner, meant);
}

void
judge_lookup(const struct mailauth_answer *a, struct mailauth_findings *log)
{
	struct mailauth_str owner, meant;

	if (a->outcome == MAILAUTH_FAILED ||
	    a->dnssec == MAILAUTH_DNSSEC_BOGUS) {
		bool bogus = a->dnssec == MAILAUTH_DNSSEC_BOGUS;

		add(log,
		    bogus ? MAILAUTH_F_DNSSEC_BOGUS : cause_finding(a->cause));
		if (bogus)
			add(log, MAILAUTH_F_DNSSEC_BOGUS_DETAIL);
		if (a->cause == MAILAUTH_CAUSE_NO_DNSKEY)
			add(log, MAILAUTH_F_DNSSEC_DS_WITHOUT_DNSKEY);
		return;
	}
	if (judge_lost_dot(a, &owner, &meant))
		add(log, MAILAUTH_F_DNS_FINAL_DOT_MISSING);
	if (a->outcome == MAILAUTH_NXDOMAIN)
		add(log,
		    a->nchain > 0 ? MAILAUTH_F_DNS_CNAME_DANGLING :
		                    MAILAUTH_F_DNS_NXDOMAIN);
	else if (a->outcome == MAILAUTH_NODATA)
		add(log, MAILAUTH_F_DNS_NODATA);
	if (a->nchain > 0)
		add(log, MAILAUTH_F_DNS_CNAME_FOLLOWED);
	if (a->flags & MAILAUTH_ANSWER_DNAME)
		add(log, MAILAUTH_F_DNS_DNAME_FOLLOWED);
	if ((a->flags & MAILAUTH_ANSWER_WILDCARD) &&
	    a->outcome == MAILAUTH_FOUND)
		add(log, MAILAUTH_F_DNS_WILDCARD_SYNTHESISED);
	if (a->flags & MAILAUTH_ANSWER_LOCAL)
		add(log, MAILAUTH_F_DNS_SPLIT_VIEW);
	judge_state(a, log);
}

void
result_add(struct result_sum *sum, enum mailauth_severity severity, bool defers)
{
	if (defers)
		sum->deferred = true;
	else if (severity == MAILAUTH_FAIL)
		sum->fail = true;
	else if (severity == MAILAUTH_WARN)
		sum->warn = true;
}

enum mailauth_result
result_sum(const struct result_sum *sum)
{
	return sum->fail  ? MAILAUTH_RESULT_FAIL :
	    sum->deferred ? MAILAUTH_RESULT_TEMPERROR :
	    sum->warn     ? MAILAUTH_RESULT_WARN :
	                    MAILAUTH_RESULT_PASS;
}
