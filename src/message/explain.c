/*
 * explain.c - a received message: the results of its authentication now
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * DKIM is recomputed when the message has a signature, SPF when sending host
 * and domain are known. Only otherwise do believed claims supply what DMARC
 * needs: each mechanism has one source, which the report names.
 */
#include "message/explain.h"

#include "base/dname.h"
#include "base/str.h"
#include "base/use.h"
#include "dkim/selectors.h"
#include "dmarc/tell.h"
#include "engine/run.h"
#include "message/sent.h"
#include "record/dkim.h"

const struct spf_trial *
explain_spf(const struct explain *x)
{
	return x->spf_check != NULL && x->spf_check->ntrials > 0 ?
	    &x->spf_check->trials[0] :
	    NULL;
}

const struct spf_trial *
explain_spf_before(const struct explain *x)
{
	return x->spf_before != NULL && x->spf_before->ntrials > 0 ?
	    &x->spf_before->trials[0] :
	    NULL;
}

/* The domain of a key is below this one, which people publish keys for. */
static struct mailauth_str
domain_above(struct check *c, struct mailauth_str domain)
{
	struct mailauth_str org = org_domain(c->orgs, domain);

	return str_eq(org, domain) ? STR_NONE : org;
}

struct mailauth_str
explain_key_mistake(struct check *c, struct mailauth_str owner, size_t i)
{
	struct mailauth_str domain = dkim_key_domain(owner), above, selector;
	struct mailauth_str bare = str_sub(owner, 0, owner.n - (owner.n > 0));

	if (owner.n == 0 || domain.n == 0)
		return STR_NONE;
	selector = dkim_selector(owner);
	above = domain_above(c, domain);
	switch ((enum key_mistake)i) {
	case KEY_DOMAIN_TWICE: return name_below(c, bare, domain);
	case KEY_ABOVE_TWICE:
		return above.n > 0 ? name_below(c, bare, above) : STR_NONE;
	case KEY_NO_SELECTOR: return name_below(c, STR("_domainkey"), domain);
	case KEY_NO_DOMAINKEY: return name_below(c, selector, domain);
	case KEY_NO_UNDERSCORE:
		return name_below(c, selector,
		    name_below(c, STR("domainkey"), domain));
	case KEY_ORDER:
		return name_below(c, STR("_domainkey"),
		    name_below(c, selector, domain));
	case KEY_AT_DOMAIN: return domain;
	case KEY_ABOVE:
		return above.n > 0 ? dkim_owner(c, selector, above) : STR_NONE;
	case KEY_MISTAKES: break;
	}
	return STR_NONE;
}

size_t
explain_full_selector(const struct sig_trial *t)
{
	struct mailauth_str s = t->from->sig.s, d = t->from->sig.d;
	size_t at = str_ifind(s, STR("._domainkey"));

	if (at < s.n)
		return at;
	/* "s1.example.com" */
	if (s.n > d.n + 1 && s.s[s.n - d.n - 1] == '.' &&
	    str_ieq(str_from(s, s.n - d.n), d))
		return s.n - d.n - 1;
	return 0;
}

struct mailauth_str
explain_meant_key(struct check *c, const struct sig_trial *t)
{
	size_t n = explain_full_selector(t);

	if (n == 0 || t->domain.n == 0)
		return STR_NONE;
	return dkim_owner(c, str_sub(t->from->sig.s, 0, n), t->domain);
}

bool
explain_dkim_by_claim(const struct explain *x)
{
	return x->m->nsigs == 0 && x->any_dkim &&
	    (!x->dkim_passes || !x->border.whole ||
	        (x->dkim_counts && x->request->nauthserv_ids > 0));
}

bool
explain_spf_known(const struct explain *x)
{
	const struct spf_trial *t = explain_spf(x);

	return t != NULL && !spf_is_open(&t->outcome);
}

bool
explain_spf_veiled(const struct explain *x)
{
	const struct spf_trial *t = explain_spf(x);

	if (t == NULL || t->outcome.result != MAILAUTH_SPF_PASS ||
	    x->request->ip != NULL)
		return false;
	return x->ip_claimed ||
	    (!x->confirmed && x->border.found &&
	        x->border.doubt < x->border.limit &&
	        addr_eq(&x->ip, &x->border.line.ip));
}

/* Asking. */

/* Missing keys for which other selectors are asked for: a message may have 50
 * signatures of 50 domains. */
#define HINTS_MAX 5

/* Ask for keys at common selectors, to name one that exists when the key of a
 * signature is missing. */
static void
ask_other_keys(struct check *c, struct mailauth_str domain,
    struct mailauth_str missing)
{
	struct mailauth_str owner;

	for (size_t i = 0; i < KEY_MISTAKES; i++)
		want(c, explain_key_mistake(c, missing, i), RRTYPE_TXT);

	for (size_t i = 0; (owner = dkim_common_owner(c, domain, i)).n > 0; i++)
		want(c, owner, RRTYPE_TXT);
}

/* Ask for the keys of all signatures, and for the key that a claim names. */
static void
ask_keys(struct check *c, struct explain *x)
{
	struct mailauth_str domain;
	size_t missing = 0;

	for (size_t i = 0; i < x->nsigs; i++) {
		struct sig_trial *t = &x->sigs[i];

		if (t->owner.n == 0)
			continue;
		want(c, t->owner, RRTYPE_TXT);
		if (is_none(dkim_key_at(c, t->owner)) && missing < HINTS_MAX) {
			ask_other_keys(c, t->domain, t->owner);
			want(c, explain_meant_key(c, t), RRTYPE_TXT);
			missing++;
		}
	}
	want(c, x->named_key, RRTYPE_TXT);
	if (is_none(dkim_key_at(c, x->named_key)))
		ask_other_keys(c, dkim_key_domain(x->named_key), x->named_key);
	if (x->named_key.n == 0 && x->nsigs == 0 && x->dkim_failed != NULL &&
	    x->reason == DKIM_REASON_NO_KEY &&
	    take_spf_domain(c, x->dkim_failed->domain, &domain))
		ask_other_keys(c, domain, STR_NONE);
}

/* Ask for the walks of all identifiers that may align with the author. */
static void
ask_identifiers(struct check *c, struct explain *x)
{
	const struct spf_trial *t = explain_spf(x);
	struct dmarc_walk walk;

	dmarc_walk(c, c->domain, &walk);
	for (size_t i = 0; i < x->nsigs; i++)
		dmarc_want_aligned(c, &walk, x->sigs[i].domain);
	for (size_t i = 0; i < x->nclaimed && x->nsigs == 0; i++)
		dmarc_want_aligned(c, &walk, x->claimed[i].domain);
	dmarc_want_aligned(c, &walk,
	    t != NULL ? t->query.domain : x->claimed_spf);
}

/* Evaluate SPF for the hop before, when it does not pass at the border. */
static void
ask_before(struct check *c, struct explain *x)
{
	enum mailauth_spf_result now = x->spf_check->trials[0].outcome.result;

	if (now == MAILAUTH_SPF_FAIL || now == MAILAUTH_SPF_SOFTFAIL ||
	    now == MAILAUTH_SPF_NEUTRAL)
		spf_check_ask(c, x->spf_before);
}

static void
ask(struct check *c, void *self)
{
	struct explain *x = self;

	ask_keys(c, x);
	if (x->spf_check->ntrials > 0) {
		want(c, x->spf_check->trials[0].query.domain, RRTYPE_TXT);
		spf_check_ask(c, x->spf_check);
		ask_before(c, x);
	} else if (x->spf != NULL && x->spf_word != AUTHRES_PASS) {
		want(c, x->spf_domain, RRTYPE_TXT);
	}
	if (!x->one_author)
		return;
	want(c, c->domain, RRTYPE_TXT);
	dmarc_check_ask(c, x->dmarc_check);
	ask_identifiers(c, x);
}

/* SPF. */

static void
tell_spf(struct check *c, struct explain *x)
{
	struct record_set *set =
	    view_as(c, MAILAUTH_KIND_SPF, got(c, x->spf_domain, RRTYPE_TXT));

	list_set(c, set);
	tell_missing(c, set);
	if (!explain_spf_veiled(x))
		spf_check_tell(c, x->spf_check);
}

/* DMARC. */

static void
add_id(struct check *c, const struct explain *x, bool spf,
    struct mailauth_str domain, struct mailauth_str text)
{
	dmarc_check_add(x->dmarc_check,
	    (struct dmarc_identifier){ spf, domain, explain_keep(c, text) });
}

static void
align(struct check *c, bool spf, struct mailauth_str domain,
    struct dmarc_alignment *out)
{
	struct dmarc_identifier id = { .spf = spf, .domain = domain };
	struct dmarc_walk walk;
	struct dmarc_found found[DMARC_RFCS];

	dmarc_walk(c, c->domain, &walk);
	dmarc_find(c, c->domain, &walk, found);
	dmarc_align(c, c->domain, found, &id, out);
}

/* The domain is aligned or may be. */
static bool
may_align(struct check *c, bool spf, struct mailauth_str domain)
{
	struct dmarc_alignment a;

	align(c, spf, domain, &a);
	return a.aligned[DMARC_9989] != DMARC_ALIGNED_NOT;
}

/* Either rule counts: without a DMARC record RFC 9989 knows no organization,
 * but RFC 7489 does by the Public Suffix List. */
bool
explain_is_own(struct check *c, struct mailauth_str domain)
{
	struct dmarc_alignment a;

	align(c, false, domain, &a);
	return a.aligned[DMARC_9989] != DMARC_ALIGNED_NOT ||
	    a.aligned[DMARC_7489] != DMARC_ALIGNED_NOT;
}

static const struct dmarc_lack lacks_ip = {
	"no header shows the IP address of the server that sent the message, "
	"which SPF needs",
	"save the message with its whole header ('show original') and explain "
	"that, or name the IP address, which the receiver's log has"
};
static const struct dmarc_lack lacks_mail_from = {
	"the MAIL FROM address is not known",
	"give the MAIL FROM address, which Return-Path shows after delivery"
};
static const struct dmarc_lack lacks_helo = {
	"MAIL FROM is empty, and the name that the server greeted with (HELO) "
	"is not known",
	"give the HELO name of the server that sent the message"
};
static const struct dmarc_lack lacks_hop = {
	"SPF passes for a host that only a Received header names which the "
	"sender may have written: the headers above do not show that the "
	"receiver wrote it",
	"give the number of the Received header where the message came in"
};
static const struct dmarc_lack lacks_origin = {
	"the message is attached to another, whose sender may have written its "
	"Received headers",
	"give the address of the server that sent it, or the number of the "
	"Received header where it came in"
};
static const struct dmarc_lack lacks_delivery = {
	"the client had logged in to send, so that SPF does not apply yet",
	"look at the message as the server of a recipient got it"
};
static const struct dmarc_lack lacks_signature = {
	"the receiver could not tell whether DKIM passes, and the message has "
	"no signature any more",
	"give the message as it was received, with its DKIM-Signature"
};
static const struct dmarc_lack lacks_body = {
	"the body that was signed is not in this copy",
	"give the message as it was received, with its whole body"
};
static const struct dmarc_lack lacks_copy = {
	"the body was changed; a header says that the signature passed before, "
	"and the sender may have written that header",
	"give the message as it was received, not a copy that the mailbox "
	"changed"
};
static const struct dmarc_lack lacks_domain = {
	"the receiver's result names no domain",
	"give the message as it was received, with its whole header and body"
};
static const struct dmarc_lack lacks_proof = {
	"what would make it pass is said in a header that the sender may have "
	"written too",
	"give the message as it was received, with its Received headers and its "
	"body"
};
static const struct dmarc_lack lacks_from = {
	"the header is too long, and From was not found in its first part",
	"remove what relays have added to the header, and look again"
};
static const struct dmarc_lack lacks_end = {
	"the header is too long or has too many signatures to examine all",
	"remove what relays have added to the header, and look again"
};

static const struct dmarc_lack lacks_server = {
	"no Received header shows the public IP address of the server that "
	"sent the message, which SPF needs",
	"look at a copy that the server of another provider received, or name "
	"the IP address, which the receiver's log has"
};

/* What the message lacks, so that SPF was not evaluated; NULL: SPF was
 * evaluated, and a lookup failed. */
static const struct dmarc_lack *
spf_lack(const struct explain *x)
{
	if (explain_spf(x) != NULL)
		return NULL;
	if (explain_submitted(x))
		return &lacks_delivery;
	if (x->ip.family == 0)
		return x->attached  ? &lacks_origin :
		    x->border.whole ? &lacks_server :
		                      &lacks_ip;
	return x->report->has_mail_from ? &lacks_helo : &lacks_mail_from;
}

/* The receiver had what is missing here, so that its own result may replace
 * this one. Not when a lookup failed, there or here, nor when the header was not
 * examined to its end. */
static bool
is_shown_elsewhere(const struct dmarc_lack *lack)
{
	return lack != NULL && lack != &lacks_signature && lack != &lacks_end;
}

/* The lack says more than the one that was found before: a domain is the least,
 * and in a header without Received a proof the most. */
static bool
is_better_lack(const struct explain *x, const struct dmarc_lack *before,
    const struct dmarc_lack *lack)
{
	return before == NULL ||
	    (lack != &lacks_domain &&
	        (x->border.whole || before != &lacks_proof));
}

/* The result of SPF or DKIM for this domain is unknown. Under each of the two
 * rules by which the domain may align, the result of DMARC is then open. The
 * domain may be unknown too (STR_NONE). `lack` says what is missing; NULL: a
 * lookup failed. */
static void
leave_open(struct check *c, struct explain *x, bool spf,
    struct mailauth_str domain, const struct dmarc_lack *lack)
{
	struct dmarc_check *d = x->dmarc_check;
	struct dmarc_alignment a = { .aligned = { DMARC_ALIGNED_NOT } };

	if (domain.n > 0)
		align(c, spf, domain, &a);
	/* A lookup failed, whatever the message lacks beside. */
	if (a.aligned[DMARC_9989] == DMARC_ALIGNED_UNKNOWN)
		lack = NULL;
	if (domain.n == 0 || a.aligned[DMARC_9989] != DMARC_ALIGNED_NOT) {
		*(spf ? &d->open_spf : &d->open_dkim) = true;
		d->failed = d->failed || lack == NULL;
		if (lack != NULL && is_better_lack(x, d->lacks, lack))
			d->lacks = lack;
		x->unsure = x->unsure || !is_shown_elsewhere(lack);
	}
	if (domain.n == 0 || a.aligned[DMARC_7489] != DMARC_ALIGNED_NOT) {
		d->open_7489 = true;
		x->unsure = x->unsure || !is_shown_elsewhere(lack);
	}
}

/* Collect the domain of one believed DKIM result. That there was no key is no
 * temporary error while none is there now. */
static void
collect_claimed(struct check *c, struct explain *x,
    const struct claimed *claimed)
{
	/* A domain that cannot align makes nothing pass: it explains. */
	if (claimed->passes && !claimed->counts &&
	    (claimed->domain.n == 0 || may_align(c, false, claimed->domain)))
		leave_open(c, x, false, claimed->domain, &lacks_proof);
	else if (claimed->domain.n == 0)
		leave_open(c, x, false, STR_NONE, &lacks_domain);
	else if (claimed->passes)
		add_id(c, x, false, claimed->domain,
		    str_sub(claimed->domain, 0, claimed->domain.n - 1));
	else if (!claimed->no_key || !is_none(dkim_key_at(c, x->named_key)))
		leave_open(c, x, false, claimed->domain, &lacks_signature);
}

/* Collect the domains for which DKIM passes: of verified signatures, or, when
 * the message has no signature, of believed claims. A signature without a
 * certain result leaves DKIM open, but only when its domain may align. */
static void
collect_dkim(struct check *c, struct explain *x)
{
	bool by_claim = false, verified = false;

	x->report->dkim_source = x->m->nsigs > 0 ? SOURCE_RECOMPUTED :
	    explain_dkim_by_claim(x)             ? SOURCE_REPORTED :
	                                           SOURCE_NONE;
	for (size_t i = 0; i < x->nsigs; i++) {
		const struct sig_trial *t = &x->sigs[i];

		if (t->state == SIG_PASS || t->claimed) {
			add_id(c, x, false, t->domain, t->from->sig.d);
			by_claim = by_claim || t->claimed;
			verified = verified || !t->claimed;
		} else if (t->domain.n > 0 &&
		    (t->state == SIG_TEMPERROR || t->state == SIG_NEUTRAL)) {
			leave_open(c, x, false, t->domain,
			    t->state != SIG_NEUTRAL ? NULL :
			        t->hearsay == HEARSAY_USUAL && x->m->body_text ?
			                              &lacks_copy :
			        t->copy_fault != NULL ? &lacks_body :
			                                &lacks_end);
		}
	}
	if (by_claim && !verified)
		x->report->dkim_source = SOURCE_REPORTED;
	if (x->m->more_sigs > 0 || x->m->cut)
		leave_open(c, x, false, STR_NONE, &lacks_end);
	for (size_t i = 0; i < x->nclaimed && explain_dkim_by_claim(x); i++)
		collect_claimed(c, x, &x->claimed[i]);
}

/* The word of the receiver replaces the evaluation of SPF, which cannot be made
 * here: a pass only if the sender cannot have written it, or if it makes nothing
 * pass, since its domain cannot align. */
static bool
is_spf_by_claim(struct check *c, const struct explain *x)
{
	if (explain_spf(x) != NULL || x->spf == NULL ||
	    x->spf_word == AUTHRES_TEMPERROR || x->spf_word == AUTHRES_OTHER)
		return false;
	return claim_counts(x->spf) ||
	    (!x->spf->of->below &&
	        (x->spf_word != AUTHRES_PASS ||
	            (x->spf->domain.n > 0 &&
	                (x->claimed_spf.n == 0 ||
	                    !may_align(c, true, x->claimed_spf)))));
}

/* Collect the domain for which SPF passes: of the evaluation, or, without one,
 * of the believed claim. Otherwise SPF is open when reverse address or HELO are
 * unknown, and when the domain may align. An evaluation that ended in temperror
 * is never replaced by a claim. */
static void
collect_spf(struct check *c, struct explain *x)
{
	const struct spf_trial *t = explain_spf(x);
	struct explain_report *r = x->report;

	r->spf_source = SOURCE_NONE;
	if (explain_spf_veiled(x)) {
		leave_open(c, x, true, x->spf_domain,
		    x->ip_claimed ? &lacks_proof : &lacks_hop);
	} else if (explain_spf_known(x)) {
		r->spf_source =
		    x->ip_claimed ? SOURCE_REPORTED : SOURCE_RECOMPUTED;
		if (t->outcome.result == MAILAUTH_SPF_PASS)
			add_id(c, x, true, t->query.domain,
			    str_sub(t->query.domain, 0, t->query.domain.n - 1));
	} else if (is_spf_by_claim(c, x)) {
		r->spf_source = SOURCE_REPORTED;
		if (x->spf_word == AUTHRES_PASS && x->spf->domain.n > 0)
			add_id(c, x, true, x->claimed_spf, x->spf->domain);
		else if (x->spf_word == AUTHRES_PASS)
			leave_open(c, x, true, STR_NONE, &lacks_domain);
	} else if (x->spf_domain.n > 0 || !r->has_mail_from ||
	    (r->null_mail_from && r->helo.n == 0 && !x->helo_literal)) {
		x->unsure = x->unsure || x->spf_word == AUTHRES_TEMPERROR;
		leave_open(c, x, true, x->spf_domain,
		    t == NULL && x->spf != NULL && !x->border.whole &&
		            x->spf_word == AUTHRES_PASS ?
		        &lacks_proof :
		        spf_lack(x));
	}
}

/* Put a finding when the author's domain is not configured at all: no policy
 * applies, and no signature of its organization has a key in DNS or passes. */
static void
tell_author(struct check *c, struct explain *x)
{
	struct record_set *spf =
	    view_as(c, MAILAUTH_KIND_SPF, got(c, c->domain, RRTYPE_TXT));
	const struct dmarc_found *f = &x->dmarc_check->found[DMARC_9989];

	for (size_t i = 0; i < x->nsigs; i++)
		if (x->sigs[i].key != NULL &&
		    x->sigs[i].key->j.verdict != MAILAUTH_NONE &&
		    explain_is_own(c, x->sigs[i].domain))
			return;
	for (size_t i = 0; i < x->dmarc_check->nids; i++)
		if (!x->dmarc_check->ids[i].spf &&
		    explain_is_own(c, x->dmarc_check->ids[i].domain))
			return;
	if (f->state != MAILAUTH_DMARC_NOWHERE || f->set != NULL || x->m->cut)
		return;
	tell(c, NULL, MAILAUTH_F_ALIGN_FROM_NOT_CONFIGURED,
	    shown(c, c->report->domain));
	list_set(c, spf);
	tell_missing(c, spf);
}

/* Put a finding when the policy is reject and no signature of this message can
 * align: forwarding, which breaks SPF, then loses the message. */
static void
tell_reject(struct check *c, const struct explain *x)
{
	const struct dmarc_found *f = &x->dmarc_check->found[DMARC_9989];

	if (f->state != MAILAUTH_DMARC_APPLIES ||
	    f->policy != MAILAUTH_DMARC_REJECT ||
	    dmarc_check_aligned(x->dmarc_check, false) ||
	    x->dmarc_check->open_dkim || explain_dkim_by_claim(x))
		return;
	for (size_t i = 0; i < x->nsigs; i++)
		if (may_align(c, false, x->sigs[i].domain) &&
		    is_usable(c, x->sigs[i].key))
			return;
	tell(c, f->set, MAILAUTH_F_DMARC_REJECT_NEEDS_DKIM,
	    x->m->nsigs == 0 ?
	        STR("this message is not signed") :
	        STR("no signature of this message is by the author's domain"));
}

/* Without failed lookups, the result is open for what the message does not
 * show. Then what the receiver says of DMARC counts, if the sender cannot have
 * written that. */
static void
take_claimed_result(struct check *c, struct explain *x)
{
	struct dmarc_check *d = x->dmarc_check;
	enum mailauth_dmarc_result result;

	if (d->result[DMARC_9989] != MAILAUTH_DMARC_RESULT_TEMPERROR ||
	    d->found[DMARC_9989].state != MAILAUTH_DMARC_APPLIES ||
	    dmarc_check_lack(d) == NULL || x->unsure)
		return;
	if (x->dmarc == NULL || x->dmarc->of->below ||
	    x->dmarc->against != NULL ||
	    (x->dmarc->domain.n > 0 &&
	        !str_ieq(x->dmarc->domain, c->report->domain)))
		return;
	if (x->dmarc_word == AUTHRES_PASS && claim_counts(x->dmarc) &&
	    (x->border.whole || x->m->nsigs == 0))
		result = MAILAUTH_DMARC_RESULT_PASS;
	else if (x->dmarc_word == AUTHRES_FAIL)
		result = MAILAUTH_DMARC_RESULT_FAIL;
	else
		return;
	for (int rfc = 0; rfc < DMARC_RFCS; rfc++)
		if (d->result[rfc] == MAILAUTH_DMARC_RESULT_TEMPERROR)
			d->result[rfc] = result;
	x->report->dmarc_source = SOURCE_REPORTED;
}

static void
tell_dmarc(struct check *c, struct explain *x)
{
	collect_dkim(c, x);
	collect_spf(c, x);
	x->dmarc_check->judged = true;
	dmarc_check_decide(c, x->dmarc_check);
	x->report->dmarc_source = SOURCE_RECOMPUTED;
	take_claimed_result(c, x);
	dmarc_tell_policy(c, &x->dmarc_check->walk, x->dmarc_check->found);
	tell_author(c, x);
	tell_reject(c, x);
	dmarc_check_tell(c, x->dmarc_check);
	dmarc_check_report(c, x->dmarc_check);
}

/* BIMI: the signature is aligned and passes, or may pass at a receiver when it
 * could not be verified here. */
static bool
may_pass_aligned(struct check *c, const struct explain *x,
    const struct sig_trial *t)
{
	return x->one_author && may_align(c, false, t->domain) &&
	    (t->state == SIG_PASS || t->state == SIG_TEMPERROR ||
	        t->state == SIG_NEUTRAL);
}

/* Put findings when BIMI-Selector is not covered by an aligned signature, and
 * when the sender signs fields that only receivers may add. */
static void
tell_bimi(struct check *c, const struct explain *x)
{
	static const struct mailauth_str receivers[] = { STR_INIT(
		                                             "BIMI-Location"),
		STR_INIT("BIMI-Indicator"), STR_INIT("BIMI-Logo-Preference") };
	bool selector = false, covered = x->m->more_sigs > 0;
	bool told[sizeof(receivers) / sizeof(receivers[0])] = { false };

	for (size_t i = 0; i < x->m->nfields; i++)
		selector = selector ||
		    str_ieq(x->m->fields[i].name, STR("BIMI-Selector"));
	for (size_t i = 0; i < x->nsigs; i++) {
		const struct sig_trial *t = &x->sigs[i];
		struct mailauth_str rest = t->from->sig.h, name;

		while (dkim_sig_name(&rest, &name)) {
			if (str_ieq(name, STR("BIMI-Selector")))
				covered = covered || may_pass_aligned(c, x, t);
			for (size_t k = 0; k < sizeof(told); k++) {
				if (told[k] || !str_ieq(name, receivers[k]))
					continue;
				told[k] = true;
				sig_tell(c, t, MAILAUTH_F_BIMI_SENDER_HEADERS,
				    receivers[k].s);
			}
		}
	}
	if (selector && !covered)
		tell(c, NULL, MAILAUTH_F_BIMI_HEADER_UNSIGNED, STR_NONE);
}

/* Put a finding when DMARC passes and a filter rates the message as spam or
 * bulk all the same. */
static void
tell_advice(struct check *c, const struct explain *x)
{
	const struct scores *s = &x->scores;
	bool passes = x->dmarc_word == AUTHRES_PASS ||
	    (x->one_author &&
	        x->dmarc_check->result[DMARC_9989] ==
	            MAILAUTH_DMARC_RESULT_PASS);
	bool spam,
	    bad = (claims_spam(s, &spam) && spam) ||
	    (s->scl.known && s->scl.value >= 5) ||
	    (s->bcl.known && s->bcl.value >= 8);

	if (passes && bad)
		tell(c, NULL, MAILAUTH_F_ADVICE_CONTENT, STR_NONE);
}

/* Put findings on all that the report leaves out. */
static void
tell_limits(struct check *c, const struct explain *x)
{
	struct writer w = arena_writer(&c->report->arena);

	if (x->m->junk > 0) {
		put_text(&w, "line ");
		put_number(&w, x->m->junk);
		tell(c, NULL, MAILAUTH_F_HDR_SYNTAX, writer_str(&w));
		w = arena_writer(&c->report->arena);
	}
	if (x->m->unfolded != NULL)
		tell(c, NULL, MAILAUTH_F_HDR_UNFOLDED,
		    shown(c, x->m->unfolded->name));
	if (x->m->cut)
		tell(c, NULL, MAILAUTH_F_LIMIT_REACHED,
		    STR("the header is longer than 8 MiB or 20000 fields"));
	if (x->m->more_sigs > 0) {
		put_number(&w, x->m->more_sigs);
		put_text(&w, " of the signatures");
		tell(c, NULL, MAILAUTH_F_LIMIT_REACHED, writer_str(&w));
	}
	if (x->more_claims)
		tell(c, NULL, MAILAUTH_F_LIMIT_REACHED,
		    STR("results that headers claim"));
	if (check_is_limited(c))
		tell(c, NULL, MAILAUTH_F_LIMIT_REACHED, STR("lookups"));
}

static void
tell_explain(struct check *c, void *self)
{
	struct explain *x = self;

	tell_validation(c);
	tell_limits(c, x);
	claims_tell(c, x);
	sigs_tell(c, x);
	sigs_tell_signer(c, x);
	tell_spf(c, x);
	if (x->one_author)
		tell_dmarc(c, x);
	else if (x->m->cut && c->domain.n == 0)
		dmarc_tell_lack(c, &lacks_from);
	else
		tell(c, NULL, MAILAUTH_F_DMARC_MULTIPLE_FROM,
		    str_of(x->from_fault));
	tell_bimi(c, x);
	claims_compare(c, x);
	claims_tell_scores(c, x);
	tell_advice(c, x);
	sent_tell(c, x);
	explain_report(c, x);
	causes_tell(c, x);
}

const struct subject subject_explain = { 0, ask, tell_explain };

static const struct job job_explain = { explain_prepare, NULL, NULL };

enum mailauth_status
mailauth_explain(struct mailauth_resolver *resolver,
    const struct mailauth_explain_request *request,
    struct mailauth_report **out, char why[MAILAUTH_WHY_MAX])
{
	if (resolver == NULL || request == NULL || out == NULL || why == NULL)
		return use_refused(why, USE_NULL);
	*out = NULL;
	if (request->message == NULL ||
	    (request->dkim_key == NULL && request->dkim_key_len > 0))
		return use_refused(why, USE_NULL);
	if (!use_profile_ok(request->profile))
		return use_refused(why, USE_PROFILE);
	if (!use_texts_ok(request->authserv_ids, request->nauthserv_ids))
		return use_refused(why, USE_LIST);
	return run_one(resolver, &job_explain, request, out, why);
}
