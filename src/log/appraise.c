/*
 * appraise.c - from a sighting to judgements
 * SPDX-License-Identifier: BSD-3-Clause
 */
#include "log/appraise.h"

#include "judge/reason.h"

#define RCODE_SERVFAIL 2

/* The name at the cursor, in presentation form. */
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

/* The records, as far as they are whole. */
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

/* Why it failed, as Unbound's own words and codes have it. */
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

/* What cannot be told is a failure, whatever the resolver made of it. */
static void
take_outcome(struct mailauth_answer *answer, const struct sighting *s,
    struct mailauth_str why)
{
	answer->outcome = (enum mailauth_outcome)s->outcome;
	answer->dnssec = (enum mailauth_dnssec)s->dnssec;
	if (answer->dnssec == MAILAUTH_DNSSEC_BOGUS ||
	    answer->outcome == MAILAUTH_FAILED)
		fail(answer, cause_of(s, why), reason_alone(why));
	else if (answer->outcome == MAILAUTH_NODATA &&
	    (s->flags & SIGHTING_NO_SOA))
		fail(answer, MAILAUTH_CAUSE_LAME,
		    STR("a denial without an SOA record proves nothing"));
	else if (s->flags & SIGHTING_CUT)
		fail(answer, MAILAUTH_CAUSE_SERVFAIL,
		    STR("the answer is larger than is looked at"));
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

/* At least `n` labels of one sort stand in front. */
static bool
begins_with(struct mailauth_str name, bool (*is)(struct mailauth_str label),
    unsigned n)
{
	for (; n > 0 && name.n > 1 && is(dname_first(name)); n--)
		name = dname_parent(name);
	return n == 0;
}

/* A name without its labels in front that begin with '_'. */
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
	*answer = (struct mailauth_answer){ .rrtype = s->rrtype };
	answer->name = take_name(&c, a->name);
	answer->chain = a->chain;
	for (size_t i = 0; i < s->nchain && i < SIGHTING_CHAIN_MAX; i++)
		a->chain[answer->nchain++] = take_name(&c, a->aliases[i]);
	take_records(a, &c);
	why.s = (const char *)cursor_take(&c, s->why_len);
	why.n = why.s != NULL ? s->why_len : 0;
	/* How long a record stays is a matter of its TTL at first. */
	answer->ttl = s->first_ttl;
	answer->flags =
	    (s->flags & SIGHTING_WILDCARD ? MAILAUTH_ANSWER_WILDCARD : 0) |
	    (s->flags & SIGHTING_DNAME ? MAILAUTH_ANSWER_DNAME : 0) |
	    (s->source == SOURCE_LOCAL ? MAILAUTH_ANSWER_LOCAL : 0);
	take_outcome(answer, s, why);
	if (c.bad)
		return;
	n = kinds_of_owner(answer->name, s->rrtype, a->kinds);
	a->by_text = n == 0 && s->rrtype == RRTYPE_TXT;
	if (a->by_text)
		n = kinds_of_owner(host_of(answer->name), s->rrtype, a->kinds);
	for (size_t i = 0; i < n; i++)
		if (kinds & 1u << a->kinds[i]->id)
			a->kinds[a->nkinds++] = a->kinds[i];
	/* Other names with a PTR record are of services, not of addresses. */
	if (s->rrtype == RRTYPE_PTR &&
	    !dname_under(answer->name, STR("in-addr.arpa.")) &&
	    !dname_under(answer->name, STR("ip6.arpa.")))
		a->nkinds = 0;
	/* Block lists and others are asked by address: that no record of
	 * ours is there means nothing. */
	if (s->rrtype == RRTYPE_TXT)
		a->by_text = a->by_text ||
		    begins_with(answer->name, is_octet, 4) ||
		    begins_with(answer->name, is_nibble, 32);
}

bool
appraise_kind(struct appraisal *a, size_t i, const struct mailauth_scope *scope)
{
	const struct mailauth_kind *kind = a->kinds[i];
	struct mailauth_judgement *j = &a->judgement;

	judge(kind, &a->answer, scope, &a->scratch, j);
	findings_clear(&a->lookup);
	judge_lookup(&a->answer, &a->lookup);
	if (a->sighting->flags & SIGHTING_CUT)
		findings_add(&a->lookup, MAILAUTH_F_LIMIT_REACHED);
	if (j->matches > 0)
		return true;
	if (a->by_text)
		return false;
	/* One kind speaks for a set that could not be had. */
	return j->verdict == MAILAUTH_TEMPERROR ?
	    i == 0 :
	    !kind->optional || j->findings.count > 0;
}
