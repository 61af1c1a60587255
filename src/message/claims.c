/*
 * claims.c - findings on what the headers of a message claim
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * Anybody can write such headers. Only results of believed receivers (see
 * is_trusted() of claims_read.c) get findings. The report shows the others,
 * with a finding that they are not believed.
 */
#include "base/dname.h"
#include "base/str.h"
#include "message/causes.h"

/* Levels of Microsoft: SCL 5 or more is spam; bulk mail of BCL 4 or more gets
 * complaints, of 8 or more many. */
#define SCL_SPAM  5
#define BCL_MIXED 4
#define BCL_HIGH  8

bool
claim_is(const struct claim *claim, struct mailauth_str method)
{
	return str_ieq(claim->method, method);
}

struct mailauth_str
claim_property(const struct claim *claim, struct mailauth_str ptype,
    struct mailauth_str name)
{
	const struct claim_property *p = claim->properties;

	for (; p != NULL; p = p->next)
		if (str_ieq(p->ptype, ptype) && str_ieq(p->name, name))
			return p->value;
	return STR_NONE;
}

enum dkim_reason
claim_reason(const struct claim *claim)
{
	enum dkim_reason reason = dkim_reason_of(claim->reason);

	return reason != DKIM_REASON_NONE ? reason :
	                                    dkim_reason_of(claim->comment);
}

/* "dkim=fail (reason) for example.com" */
static struct mailauth_str
claim_text(struct check *c, const struct claim *r)
{
	struct writer w = arena_writer(&c->report->arena);

	put_untrusted(&w, r->method);
	put_char(&w, '=');
	put_untrusted(&w, r->result);
	if (r->comment.n > 0) {
		put_text(&w, " (");
		put_untrusted(&w, str_sub(r->comment, 0, 80));
		put_char(&w, ')');
	}
	if (r->reason.n > 0) {
		put_text(&w, " reason=");
		put_untrusted(&w, str_sub(r->reason, 0, 80));
	}
	if (r->domain.n > 0) {
		put_text(&w, " for ");
		put_untrusted(&w, r->domain);
	}
	return writer_str(&w);
}

/* The findings on a passing and on a failing result of a method. */
struct words {
	struct mailauth_str method;
	enum mailauth_finding_id pass, fail;
};

/* The finding on a result; MAILAUTH_F_NONE without one. softfail is a failure
 * of SPF alone; neutral and policy are failures of DKIM alone, since they mean
 * a signature that the receiver did not accept (RFC 8601 2.7.1). */
static enum mailauth_finding_id
finding_of(const struct words *m, enum authres_word word, bool dkim, bool spf,
    bool fails)
{
	switch (word) {
	case AUTHRES_PASS: return m->pass;
	case AUTHRES_FAIL:
	case AUTHRES_HARDFAIL:
	case AUTHRES_PERMERROR: return m->fail;
	case AUTHRES_SOFTFAIL: return spf ? m->fail : MAILAUTH_F_NONE;
	case AUTHRES_NEUTRAL:
	case AUTHRES_POLICY: return dkim ? m->fail : MAILAUTH_F_NONE;
	case AUTHRES_TEMPERROR:
		return fails ? m->fail : MAILAUTH_F_AR_TEMPERROR;
	case AUTHRES_NONE:
	case AUTHRES_SOFTPASS:
	case AUTHRES_BESTGUESSPASS:
	case AUTHRES_OTHER: break;
	}
	return MAILAUTH_F_NONE;
}

static void
tell_result(struct check *c, const struct claim *r)
{
	static const struct words methods[] = {
		{ STR_INIT("dkim"), MAILAUTH_F_AR_DKIM_PASS,
		    MAILAUTH_F_AR_DKIM_FAIL },
		{ STR_INIT("spf"), MAILAUTH_F_AR_SPF_PASS,
		    MAILAUTH_F_AR_SPF_FAIL },
		{ STR_INIT("dmarc"), MAILAUTH_F_AR_DMARC_PASS,
		    MAILAUTH_F_AR_DMARC_FAIL },
	};
	bool spf = claim_is(r, STR("spf")), dkim = claim_is(r, STR("dkim"));

	for (size_t i = 0; i < sizeof(methods) / sizeof(methods[0]); i++) {
		enum mailauth_finding_id id =
		    finding_of(&methods[i], authres_word_of(r->result), dkim,
		        spf, dkim && claim_is_failure(r));
		const char *remedy = id == MAILAUTH_F_AR_DKIM_FAIL ?
		    causes_reason_remedy(claim_reason(r)) :
		    NULL;

		if (claim_is(r, methods[i].method))
			tell_remedy(c, NULL, id, claim_text(c, r),
			    remedy != NULL ? str_of(remedy) : STR_NONE);
	}
	if (dkim && claim_property(r, STR("header"), STR("d")).n == 0 &&
	    claim_property(r, STR("header"), STR("i")).n > 0)
		tell(c, NULL, MAILAUTH_F_AR_HEADER_I_DOMAIN,
		    shown(c, r->domain));
	if (spf && claim_property(r, STR("smtp"), STR("mailfrom")).n > 0)
		tell(c, NULL, MAILAUTH_F_AR_MAILFROM_DOMAIN,
		    shown(c, r->domain));
}

/* Microsoft omits the authserv-id, and the ptype of its own properties: such a
 * field violates the grammar, but nobody has damaged it on the way. */
static bool
is_of_microsoft(const struct claims *claims)
{
	for (const struct claim *r = claims->results; r != NULL; r = r->next)
		if (claim_is(r, STR("compauth")))
			return claims->id.n == 0;
	return false;
}

/* The detail on a field that is not believed: its authserv-id, and its place
 * where that is why. */
static struct mailauth_str
untrusted_text(struct check *c, const struct claims *claims,
    struct mailauth_str id)
{
	struct writer w = arena_writer(&c->report->arena);

	put_str(&w, id);
	if (claims->below)
		put_text(&w,
		    ", below the Received header where the mail came in");
	return writer_str(&w);
}

static void
tell_contradiction(struct check *c, const struct claim *r)
{
	struct writer w = arena_writer(&c->report->arena);

	put_str(&w, claim_text(c, r));
	put_text(&w, ", and ");
	put_str(&w, claim_text(c, r->against));
	tell(c, NULL, MAILAUTH_F_AR_CONTRADICTION, writer_str(&w));
}

static void
tell_claims(struct check *c, const struct claims *claims)
{
	struct mailauth_str id = claims->id.n > 0 ?
	    shown(c, claims->id) :
	    STR("it names no authserv-id");

	if (!claims->trusted) {
		if (claims->filter == NULL)
			tell(c, NULL, MAILAUTH_F_AR_UNTRUSTED,
			    untrusted_text(c, claims, id));
		return;
	}
	if (claims->filter == NULL)
		tell(c, NULL,
		    claims->sloppy && !is_of_microsoft(claims) ?
		        MAILAUTH_F_AR_SYNTAX :
		        MAILAUTH_F_AR_PARSE_OK,
		    id);
	if (claims->none)
		tell(c, NULL, MAILAUTH_F_AR_NONE, id);
	for (const struct claim *r = claims->results; r != NULL; r = r->next) {
		tell_result(c, r);
		if (r->against != NULL)
			tell_contradiction(c, r);
	}
}

/* Write a score behind its name: an integer, or thousandths as a decimal
 * fraction. */
static struct mailauth_str
score_text(struct check *c, const char *name, const struct score *s,
    bool thousandths)
{
	struct writer w = arena_writer(&c->report->arena);
	uint32_t value =
	    (uint32_t)(s->value < 0 ? -(int64_t)s->value : s->value);

	put_text(&w, name);
	if (s->value < 0)
		put_char(&w, '-');
	put_number(&w, thousandths ? value / 1000 : value);
	if (thousandths && value % 1000 != 0) {
		put_char(&w, '.');
		put_char(&w, (char)('0' + value / 100 % 10));
		if (value % 100 != 0)
			put_char(&w, (char)('0' + value / 10 % 10));
	}
	return writer_str(&w);
}

bool
claims_spam(const struct scores *s, bool *spam)
{
	if (s->spam.known)
		*spam = s->spam.value != 0;
	else if (s->flag.known)
		*spam = s->flag.value != 0;
	else if (s->score.known && s->required.known)
		*spam = s->score.value >= s->required.value;
	else
		return false;
	return true;
}

static void
tell_spamassassin(struct check *c, const struct scores *s)
{
	struct writer w = arena_writer(&c->report->arena);
	bool spam;

	if (!claims_spam(s, &spam))
		return;
	if (s->score.known) {
		put_str(&w, score_text(c, "score ", &s->score, true));
	}
	if (s->score.known && s->required.known) {
		put_str(&w, score_text(c, ", spam from ", &s->required, true));
	}
	tell(c, NULL,
	    spam ? MAILAUTH_F_HDR_SPAMASSASSIN_SPAM :
	           MAILAUTH_F_HDR_SPAMASSASSIN_HAM,
	    writer_str(&w));
}

static void
tell_microsoft(struct check *c, const struct scores *s)
{
	if (s->scl.known)
		tell(c, NULL,
		    s->scl.value >= SCL_SPAM ? MAILAUTH_F_HDR_SCL_SPAM :
		                               MAILAUTH_F_HDR_SCL_OK,
		    score_text(c, "SCL ", &s->scl, false));
	if (s->bcl.known)
		tell(c, NULL,
		    s->bcl.value >= BCL_HIGH      ? MAILAUTH_F_HDR_BCL_HIGH :
		        s->bcl.value >= BCL_MIXED ? MAILAUTH_F_HDR_BCL_MIXED :
		                                    MAILAUTH_F_HDR_BCL_OK,
		    score_text(c, "BCL ", &s->bcl, false));
}

static void
tell_compauth(struct check *c, const struct explain *x)
{
	enum mailauth_finding_id id = MAILAUTH_F_NONE;

	if (x->compauth == NULL)
		return;
	if (x->compauth_word == AUTHRES_PASS)
		id = MAILAUTH_F_HDR_COMPAUTH_PASS;
	else if (x->compauth_word == AUTHRES_SOFTPASS)
		id = MAILAUTH_F_HDR_COMPAUTH_SOFTPASS;
	else if (x->compauth_word == AUTHRES_NONE)
		id = MAILAUTH_F_HDR_COMPAUTH_NONE;
	else if (x->compauth_word == AUTHRES_FAIL)
		id = MAILAUTH_F_HDR_COMPAUTH_FAIL;
	tell(c, NULL, id, claim_text(c, x->compauth));
}

/* Compare Return-Path with the domain whose SPF the receiver checked. */
static void
tell_return_path(struct check *c, struct explain *x)
{
	struct mailauth_str domain;

	if (x->spf == NULL || !x->by_return_path ||
	    claim_property(x->spf, STR("smtp"), STR("mailfrom")).n == 0)
		return;
	if (take_spf_domain(c, x->spf->domain, &domain) &&
	    !str_eq(domain, x->mail_from_domain))
		tell(c, NULL, MAILAUTH_F_HDR_RETURN_PATH_MISMATCH,
		    shown(c, x->spf->domain));
}

void
claims_tell(struct check *c, struct explain *x)
{
	for (const struct claims *h = x->report->claims; h != NULL; h = h->next)
		tell_claims(c, h);
	tell_return_path(c, x);
}

void
claims_tell_scores(struct check *c, struct explain *x)
{
	const struct scores *s = &x->scores;

	tell_spamassassin(c, s);
	tell_microsoft(c, s);
	tell_compauth(c, x);
	if (x->gmail && !s->spam.known && !s->score.known && !s->scl.known &&
	    !s->bcl.known)
		tell(c, NULL, MAILAUTH_F_HDR_GMAIL_NO_SCORE, STR_NONE);
}

/* Claims against results of now. */

static void
differ(struct check *c, const struct claim *claim, const char *now)
{
	struct writer w = arena_writer(&c->report->arena);

	put_str(&w, claim_text(c, claim));
	put_text(&w, ", now ");
	put_text(&w, now);
	tell(c, NULL, MAILAUTH_F_AR_DIFFERS, writer_str(&w));
}

/* A DKIM result may be about this signature: it may name the domain of d= or of
 * i=, and the selector. A result without a domain may be about
 * any signature. */
static bool
is_about(struct check *c, const struct claim *r, const struct sig_trial *t)
{
	struct mailauth_str s = claim_property(r, STR("header"), STR("s"));
	struct mailauth_str domain, id;

	if (s.n > 0 && !str_ieq(s, t->from->sig.s))
		return false;
	if (r->domain.n == 0)
		return true;
	if (!take_spf_domain(c, r->domain, &domain))
		return false;
	if (!take_spf_domain(c, t->from->sig.i_domain, &id))
		id = STR_NONE;
	return str_eq(t->domain, domain) || str_eq(id, domain);
}

/* Find the signature that a DKIM result is about. Of several matches the best
 * state counts, so that an ambiguous result is not called different. */
static const struct sig_trial *
sig_of(struct check *c, const struct explain *x, const struct claim *r)
{
	const struct sig_trial *best = NULL;

	for (size_t i = 0; i < x->nsigs; i++) {
		const struct sig_trial *t = &x->sigs[i];

		if (is_about(c, r, t) &&
		    (best == NULL || t->state < best->state))
			best = t;
	}
	return best;
}

bool
claim_counts(const struct claim *claim)
{
	return claim->of != NULL && claim->of->counts;
}

/* How much it shows that a field says pass. In a header without Received it
 * proves nothing against a signature that is there. */
static enum hearsay
hearsay_of(const struct explain *x, const struct claims *h)
{
	return h->counts && x->border.whole ? HEARSAY_COUNTS :
	    h->usual                        ? HEARSAY_USUAL :
	    h->trusted                      ? HEARSAY_LOOSE :
	                                      HEARSAY_NONE;
}

enum hearsay
claims_pass(struct check *c, const struct explain *x, const struct sig_trial *t)
{
	enum hearsay most = HEARSAY_NONE;

	for (const struct claims *h = x->report->claims; h != NULL; h = h->next)
		for (const struct claim *r = h->results; r != NULL; r = r->next)
			if (hearsay_of(x, h) > most &&
			    claim_is(r, STR("dkim")) && r->against == NULL &&
			    authres_word_of(r->result) == AUTHRES_PASS &&
			    (r->domain.n > 0 || x->nsigs == 1) &&
			    is_about(c, r, t))
				most = hearsay_of(x, h);
	return most;
}

/* Compare a DKIM result with the signature. Nothing is compared when a result
 * is missing on either side, when some signatures were not examined, or when
 * the result names no domain and the message has several signatures. */
static void
compare_dkim(struct check *c, const struct explain *x, const struct claim *r)
{
	static const char *const names[] = {
		[SIG_PASS] = "pass",
		[SIG_FAIL] = "fail",
		[SIG_PERMERROR] = "permerror",
	};
	enum authres_word word = authres_word_of(r->result);
	const struct sig_trial *t = sig_of(c, x, r);

	if (word == AUTHRES_TEMPERROR || word == AUTHRES_NONE ||
	    word == AUTHRES_OTHER || x->m->more_sigs > 0 || x->m->cut ||
	    explain_dkim_by_claim(x) || (r->domain.n == 0 && x->nsigs > 1))
		return;
	if (t == NULL) {
		if (word == AUTHRES_PASS)
			differ(c, r, "there is no such signature");
		return;
	}
	if (t->state != SIG_TEMPERROR && t->state != SIG_NEUTRAL &&
	    (word == AUTHRES_PASS) != (t->state == SIG_PASS))
		differ(c, r, names[t->state]);
}

/* Compare the believed SPF result with the evaluation of the same domain. */
static void
compare_spf(struct check *c, const struct explain *x)
{
	const struct spf_trial *t = explain_spf(x);
	bool passes;

	if (x->spf == NULL || x->claimed_spf.n == 0 || !explain_spf_known(x) ||
	    x->spf_word == AUTHRES_TEMPERROR || x->spf_word == AUTHRES_OTHER ||
	    !str_eq(x->claimed_spf, t->query.domain))
		return;
	passes = t->outcome.result == MAILAUTH_SPF_PASS;
	if (passes != (x->spf_word == AUTHRES_PASS))
		differ(c, x->spf, spf_result_name(t->outcome.result));
}

/* Compare the topmost Received-SPF with the evaluation, when both are about the
 * same host and domain. */
static void
compare_received_spf(struct check *c, const struct explain *x)
{
	const struct spf_trial *t = explain_spf(x);
	const struct explain_report *r = x->report;
	struct writer w = arena_writer(&c->report->arena);
	struct mailauth_str from = r->received_spf_domain, domain;
	struct addr ip;
	bool claimed = x->received_spf == RECEIVED_SPF_PASS;

	if (r->received_spf.n == 0 || !explain_spf_known(x) ||
	    !received_addr(r->received_spf_ip, &ip) || !addr_eq(&ip, &x->ip))
		return;
	from = str_from(from, str_find(from, '@') + 1);
	if (!take_spf_domain(c, from.n > 0 ? from : r->received_spf_domain,
	        &domain) ||
	    !str_eq(domain, t->query.domain) ||
	    claimed == (t->outcome.result == MAILAUTH_SPF_PASS))
		return;
	put_text(&w, "Received-SPF: ");
	put_untrusted(&w, r->received_spf);
	put_text(&w, ", now ");
	put_text(&w, spf_result_name(t->outcome.result));
	tell(c, NULL, MAILAUTH_F_AR_DIFFERS, writer_str(&w));
}

/* Compare the believed DMARC result with the one of now, by RFC 9989. */
static void
compare_dmarc(struct check *c, const struct explain *x)
{
	enum mailauth_dmarc_result now;
	bool claimed = x->dmarc_word == AUTHRES_PASS;

	if (x->dmarc == NULL || !x->one_author ||
	    (x->dmarc_word != AUTHRES_PASS && x->dmarc_word != AUTHRES_FAIL))
		return;
	if (x->dmarc->domain.n > 0 &&
	    !str_ieq(x->dmarc->domain, c->report->domain))
		return;
	now = x->dmarc_check->result[DMARC_9989];
	if (now == MAILAUTH_DMARC_RESULT_PASS && !claimed)
		differ(c, x->dmarc, "pass");
	else if (now == MAILAUTH_DMARC_RESULT_FAIL && claimed)
		differ(c, x->dmarc, "fail");
	else if (now == MAILAUTH_DMARC_RESULT_NONE && claimed)
		differ(c, x->dmarc, "there is no policy");
}

/* A believed receiver claims that DKIM or SPF passes. */
static bool
is_pass(const struct claims *h, const struct claim *r)
{
	return h->trusted &&
	    (claim_is(r, STR("dkim")) || claim_is(r, STR("spf"))) &&
	    authres_word_of(r->result) == AUTHRES_PASS;
}

/* The domain of a claimed pass aligns with From now, or might: then missing
 * alignment is not, as far as is known, why the receiver's DMARC failed. */
static bool
may_align_now(struct check *c, const struct explain *x, const struct claim *r)
{
	struct dmarc_identifier id = { .spf = claim_is(r, STR("spf")) };
	struct dmarc_alignment a;

	if (!take_spf_domain(c, r->domain, &id.domain) ||
	    (x->dmarc->domain.n > 0 &&
	        !str_ieq(x->dmarc->domain, c->report->domain)))
		return false;
	dmarc_align(c, c->domain, x->dmarc_check->found, &id, &a);
	return a.aligned[DMARC_9989] != DMARC_ALIGNED_NOT;
}

/* The receiver's DMARC fails though its DKIM or SPF pass: name the domains that
 * pass, when none of them aligns. */
static void
tell_unaligned(struct check *c, struct explain *x)
{
	struct writer w = arena_writer(&c->report->arena);
	size_t start;

	if (x->dmarc == NULL || x->dmarc_word != AUTHRES_FAIL || !x->one_author)
		return;
	put_text(&w, "From ");
	put_untrusted(&w,
	    x->dmarc->domain.n > 0 ? x->dmarc->domain : c->report->domain);
	start = w.used;
	for (const struct claims *h = x->report->claims; h != NULL; h = h->next)
		for (const struct claim *r = h->results; r != NULL;
		     r = r->next) {
			if (!is_pass(h, r))
				continue;
			if (may_align_now(c, x, r))
				return;
			put_text(&w, ", ");
			put_untrusted(&w, r->method);
			put_text(&w, " for ");
			put_untrusted(&w, r->domain);
		}
	if (w.used > start)
		tell(c, NULL, MAILAUTH_F_AR_DMARC_FAIL_UNALIGNED,
		    writer_str(&w));
}

void
claims_compare(struct check *c, struct explain *x)
{
	for (const struct claims *h = x->report->claims; h != NULL; h = h->next)
		for (const struct claim *r = h->results;
		     h->trusted && r != NULL; r = r->next)
			if (claim_is(r, STR("dkim")))
				compare_dkim(c, x, r);
	compare_spf(c, x);
	compare_received_spf(c, x);
	compare_dmarc(c, x);
	tell_unaligned(c, x);
}
