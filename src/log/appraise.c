/*
 * appraise.c - decodes a sighting and judges its records
 * SPDX-License-Identifier: BSD-3-Clause
 */
#include "log/appraise.h"

#include "judge/reason.h"
#include "log/verdicts.h"

#define RCODE_SERVFAIL 2

/* Read a name at the cursor into presentation form in `room`. */
static struct mailauth_str
take_name(struct cursor *c, char room[DNAME_TEXT_MAX])
{
	struct writer w = writer_of(room, DNAME_TEXT_MAX);
	struct dname name;

	if (!dname_read(c, false, &name))
		return STR_NONE;
	put_dname(&w, &name);
	return writer_str(&w);
}

/* Read the records up to the first that is not whole. */
static void
take_records(struct appraisal *a, struct cursor *c)
{
	struct mailauth_answer *answer = &a->answer;

	answer->rr = a->rr;
	for (size_t i = 0; i < a->sighting->nrr; i++) {
		uint16_t len = cursor_u16(c);
		const uint8_t *data = cursor_take(c, len);

		if (c->bad || answer->nrr == SIGHTING_RECORDS_MAX)
			return;
		a->rr[answer->nrr++] = (struct mailauth_rdata){ data, len };
	}
}

/* The cause of a failure, from the EDE code and Unbound's reason text. */
static enum mailauth_cause
cause_of(const struct sighting *s, struct mailauth_str why)
{
	if (s->dnssec == MAILAUTH_DNSSEC_BOGUS)
		return s->ede == EDE_DNSKEY_MISSING ? MAILAUTH_CAUSE_NO_DNSKEY :
		                                      reason_of_bogus(why);
	if (s->rcode != RCODE_SERVFAIL)
		return MAILAUTH_CAUSE_REFUSED;
	return reason_of_failure(why);
}

static void
fail(struct mailauth_answer *answer, enum mailauth_cause cause,
    struct mailauth_str why)
{
	answer->outcome = MAILAUTH_FAILED;
	answer->cause = cause;
	answer->why = why;
}

/* Set outcome, DNSSEC state and cause. An answer that proves nothing becomes
 * FAILED, also when the resolver served it: a bogus answer (module in
 * permissive mode), a referral, a denial without an SOA record (RFC 2308 2) or a
 * proof by DNSSEC, one with records, a set of which SIGHTING_MAX cut off a
 * part. */
static void
take_outcome(struct appraisal *a, struct mailauth_str why)
{
	const struct sighting *s = a->sighting;
	struct mailauth_answer *answer = &a->answer;
	bool bare, empty;

	answer->outcome = (enum mailauth_outcome)s->outcome;
	answer->dnssec = (enum mailauth_dnssec)s->dnssec;
	bare = (s->flags & SIGHTING_NO_SOA) != 0;
	empty = answer->outcome == MAILAUTH_NODATA;
	if (answer->dnssec == MAILAUTH_DNSSEC_BOGUS ||
	    answer->outcome == MAILAUTH_FAILED) {
		fail(answer, cause_of(s, why), reason_alone(why));
	} else if (s->flags & SIGHTING_CLASH) {
		fail(answer, MAILAUTH_CAUSE_SERVFAIL, STR(REASON_NX_WITH_DATA));
	} else if (bare && empty && (s->flags & SIGHTING_REFERRAL)) {
		fail(answer, MAILAUTH_CAUSE_LAME,
		    STR("a referral in place of an answer"));
	} else if (bare && empty && s->source == SOURCE_LOCAL) {
		a->local_alias = true;
		fail(answer, MAILAUTH_CAUSE_NO_SOA,
		    STR("local data with an alias and not its target"));
	} else if (bare && s->source != SOURCE_LOCAL &&
	    answer->dnssec != MAILAUTH_DNSSEC_SECURE) {
		fail(answer, MAILAUTH_CAUSE_NO_SOA,
		    STR("a denial without an SOA record proves nothing"));
	} else if (s->flags & SIGHTING_CUT) {
		fail(answer, MAILAUTH_CAUSE_SERVFAIL,
		    STR("the answer is larger than is looked at"));
	}
}

static bool
is_octet(struct mailauth_str label)
{
	uint32_t v;

	return str_number(label, 255, &v);
}

static bool
is_nibble(struct mailauth_str label)
{
	static const struct mailauth_str digits = STR_INIT("0123456789abcdef");

	return label.n == 1 && str_find(digits, label.s[0]) < digits.n;
}

/* The first `n` labels of the name all satisfy `is`. */
static bool
begins_with(struct mailauth_str name, bool (*is)(struct mailauth_str label),
    unsigned n)
{
	for (; n > 0 && name.n > 1 && is(dname_first(name)); n--)
		name = dname_parent(name);
	return n == 0;
}

/* The name without its leading labels that begin with '_'. */
static struct mailauth_str
host_of(struct mailauth_str name)
{
	while (name.n > 1 && name.s[0] == '_')
		name = dname_parent(name);
	return name;
}

void
appraise(struct appraisal *a, const struct sighting *s, uint32_t kinds)
{
	struct mailauth_answer *answer = &a->answer;
	struct cursor c =
	    cursor_of(sighting_octets(s), s->size - sizeof(struct sighting));
	struct mailauth_str why;
	size_t n;

	a->sighting = s;
	a->nkinds = 0;
	a->local_alias = false;
	*answer = (struct mailauth_answer){ .rrtype = s->rrtype };
	answer->name = take_name(&c, a->name);
	answer->chain = a->chain;
	for (size_t i = 0; i < s->nchain && i < SIGHTING_CHAIN_MAX; i++)
		a->chain[answer->nchain++] = take_name(&c, a->aliases[i]);
	take_records(a, &c);
	why.s = (const char *)cursor_take(&c, s->why_len);
	why.n = why.s != NULL ? s->why_len : 0;
	/* Findings on the TTL concern the TTL of the zone, not what is left of
	 * it in the cache. */
	answer->ttl = s->first_ttl;
	answer->flags =
	    (s->flags & SIGHTING_WILDCARD ? MAILAUTH_ANSWER_WILDCARD : 0) |
	    (s->flags & SIGHTING_DNAME ? MAILAUTH_ANSWER_DNAME : 0) |
	    (s->source == SOURCE_LOCAL ? MAILAUTH_ANSWER_LOCAL : 0);
	take_outcome(a, why);
	if (c.bad)
		return;
	/* A TXT record at a name that no kind owns, such as one below "_x", may
	 * still be a mail record by its text: try the kinds of its host. */
	n = kinds_of_owner(answer->name, s->rrtype, a->kinds);
	a->by_text = n == 0 && s->rrtype == RRTYPE_TXT;
	if (a->by_text)
		n = kinds_of_owner(host_of(answer->name), s->rrtype, a->kinds);
	for (size_t i = 0; i < n; i++)
		if (kinds & 1u << a->kinds[i]->id)
			a->kinds[a->nkinds++] = a->kinds[i];
	/* PTR records outside the reverse zones belong to service discovery
	 * (RFC 6763), not to addresses. */
	if (s->rrtype == RRTYPE_PTR &&
	    !dname_under(answer->name, STR("in-addr.arpa.")) &&
	    !dname_under(answer->name, STR("ip6.arpa.")))
		a->nkinds = 0;
	/* Names that begin with an address are queries of block lists
	 * (RFC 5782): the absence of an SPF record there means nothing. */
	if (s->rrtype == RRTYPE_TXT)
		a->by_text = a->by_text ||
		    begins_with(answer->name, is_octet, 4) ||
		    begins_with(answer->name, is_nibble, 32);
}

/* The findings of a failure would have somebody look after data that is as it
 * should be: say where the answer came from instead. */
static void
take_local_alias(struct appraisal *a)
{
	a->verdict = VERDICT_LOCAL_ALIAS;
	a->judgement.severity = MAILAUTH_PASS;
	findings_clear(&a->judgement.findings);
	findings_clear(&a->lookup);
	findings_add(&a->lookup, MAILAUTH_F_DNS_CNAME_FOLLOWED);
	findings_add(&a->lookup, MAILAUTH_F_DNS_SPLIT_VIEW);
}

bool
appraise_kind(struct appraisal *a, size_t i, const struct mailauth_scope *scope)
{
	const struct mailauth_kind *kind = a->kinds[i];
	struct mailauth_judgement *j = &a->judgement;

	judge(kind, &a->answer, scope, &a->scratch, j);
	findings_clear(&a->lookup);
	judge_lookup(&a->answer, &a->lookup);
	a->verdict = j->verdict;
	if (a->local_alias)
		take_local_alias(a);
	if (a->sighting->flags & SIGHTING_CUT)
		findings_add(&a->lookup, MAILAUTH_F_LIMIT_REACHED);
	if (j->matches > 0)
		return true;
	if (a->by_text)
		return false;
	/* A failed lookup concerns each kind of the name alike: log it once,
	 * for the first kind. */
	return j->verdict == MAILAUTH_TEMPERROR ?
	    i == 0 :
	    !kind->optional || j->findings.count > 0;
}
