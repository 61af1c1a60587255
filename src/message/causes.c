/*
 * causes.c - why a message passes or fails, in sentences
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * A finding states one fact. A cause combines facts into a reason and an
 * advice, in the words of an administrator: the result of DMARC first, then
 * DKIM, SPF and content. A cause that rests on a claim says so.
 */
#include "base/str.h"
#include "dkim/selectors.h"
#include "message/explain.h"
#include "record/dkim.h"

/* Signatures that may have a cause. */
#define SIGS_TOLD 5

/* Add a cause at the end; `w` has its text. */
static void
add(struct check *c, const struct explain *x, const char *name,
    struct writer *w)
{
	struct cause *cause = arena_alloc(&c->report->arena, sizeof(*cause));
	struct cause **end = &x->report->causes;

	put_char(w, '\0');
	if (cause == NULL || w->full)
		return;
	cause->name = name;
	cause->text = w->buf;
	while (*end != NULL)
		end = &(*end)->next;
	*end = cause;
}

static void
add_text(struct check *c, const struct explain *x, const char *name,
    const char *text)
{
	struct writer w = arena_writer(&c->report->arena);

	put_text(&w, text);
	add(c, x, name, &w);
}

/* Write a domain without its final dot. */
static void
put_name(struct writer *w, struct mailauth_str name)
{
	put_untrusted(w, str_sub(name, 0, name.n > 1 ? name.n - 1 : name.n));
}

static bool
has_finding(const struct check *c, enum mailauth_finding_id id)
{
	for (const struct finding *n = c->report->findings; n != NULL;
	     n = n->next)
		if (n->finding.id == id)
			return true;
	return false;
}

/* Write the domains for which a mechanism passes; false without any. */
static bool
put_passing(const struct explain *x, struct writer *w, bool spf)
{
	const struct dmarc_check *d = x->dmarc_check;
	bool any = false;

	for (size_t i = 0; i < d->nids; i++) {
		if (d->ids[i].spf != spf)
			continue;
		put_text(w, any ? ", " : spf ? "SPF for " : "DKIM for ");
		put_untrusted(w, d->ids[i].shown);
		any = true;
	}
	return any;
}

/* Say which results are claims of the receiver, not recomputed ones. */
static void
put_hearsay(const struct explain *x, struct writer *w, bool dkim, bool spf)
{
	const struct explain_report *r = x->report;

	dkim = dkim && r->dkim_source == SOURCE_REPORTED;
	spf = spf && r->spf_source == SOURCE_REPORTED;
	if (!dkim && !spf)
		return;
	put_text(w,
	    dkim && spf ? " That DKIM and SPF pass" :
	        dkim    ? " That DKIM passes" :
	                  " That SPF passes");
	put_text(w,
	    " is what the receiver says: here it could not be recomputed.");
}

/* Say which mechanisms the policy wants in strict alignment. */
static void
put_strictness(const struct explain *x, struct writer *w)
{
	const struct dmarc_found *f = &x->dmarc_check->found[DMARC_9989];
	bool dkim = f->record.strict_dkim, spf = f->record.strict_spf;

	if (f->state != MAILAUTH_DMARC_APPLIES || (!dkim && !spf))
		return;
	put_text(w, " The policy is strict (");
	put_text(w,
	    dkim && spf ? "adkim=s, aspf=s" :
	        dkim    ? "adkim=s" :
	                  "aspf=s");
	put_text(w, "): such domains align only when they are the same.");
}

/* DKIM or SPF passes, but for no domain that aligns with From. */
static void
tell_unaligned(struct check *c, const struct explain *x)
{
	struct writer w = arena_writer(&c->report->arena);
	struct writer who = arena_writer(&c->report->arena);
	bool dkim, spf;

	dkim = put_passing(x, &who, false);
	put_text(&who, dkim ? "; " : "");
	spf = put_passing(x, &who, true);
	if (dkim && !spf)
		who.used -= 2;
	put_text(&w,
	    dkim && spf ? "DKIM and SPF pass" :
	        dkim    ? "DKIM passes" :
	                  "SPF passes");
	put_text(&w, ", but not for ");
	put_name(&w, c->domain);
	put_text(&w, ", the domain in From (");
	put_str(&w, writer_str(&who));
	put_text(&w,
	    "). For DMARC to pass, one of these has to be so: DKIM passes and "
	    "its domain aligns with the domain in From; or SPF passes and the "
	    "domain of smtp.mailfrom aligns with the domain in From.");
	put_strictness(x, &w);
	put_hearsay(x, &w, dkim, spf);
	add(c, x, "domains-not-aligned", &w);
}

static void
tell_passes(struct check *c, const struct explain *x)
{
	struct writer w = arena_writer(&c->report->arena);
	bool dkim = dmarc_check_aligned(x->dmarc_check, false);
	bool spf = dmarc_check_aligned(x->dmarc_check, true);

	put_text(&w, "DMARC passes for ");
	put_name(&w, c->domain);
	put_text(&w,
	    dkim && spf ?
	        ": DKIM and SPF pass, and both domains align with From." :
	        dkim ? ": DKIM passes, and its domain aligns with From." :
	               ": SPF passes, and its domain aligns with From.");
	put_hearsay(x, &w, dkim, spf);
	add(c, x, "passes", &w);
}

static void
tell_not_configured(struct check *c, const struct explain *x)
{
	struct writer w = arena_writer(&c->report->arena);

	put_name(&w, c->domain);
	put_text(&w,
	    ", the domain in From, is not configured: it has no DMARC policy, "
	    "and no signature of this message is its own. A domain in "
	    "From needs DKIM, SPF and DMARC records.");
	add(c, x, "from-not-configured", &w);
}

/* Say which fact is missing for a result of DMARC. */
static void
put_unknown(struct check *c, const struct explain *x, struct writer *w)
{
	const struct dmarc_check *d = x->dmarc_check;

	put_text(w, "The DMARC result for ");
	put_name(w, c->domain);
	put_text(w, " is not known: ");
	if (d->found[DMARC_9989].state == MAILAUTH_DMARC_UNKNOWN)
		put_text(w,
		    "its policy could not be looked up, which is not the "
		    "same as having none.");
	else if (d->open_dkim && d->open_spf)
		put_text(w, "neither DKIM nor SPF gave a result.");
	else if (d->open_dkim)
		put_text(w, "SPF does not help it, and DKIM gave no result.");
	else if (d->open_spf)
		put_text(w, "DKIM does not help it, and SPF gave no result.");
	else
		put_text(w, "a lookup failed that decides on alignment.");
	if (d->open_spf && explain_spf(x) == NULL) {
		put_text(w, " SPF was not tried: ");
		put_text(w, x->report->spf_why);
		put_char(w, '.');
	}
}

/* Lookups leave open whether DKIM or SPF passes for some domain. */
static bool
is_open(const struct explain *x)
{
	bool open = explain_spf(x) != NULL && !explain_spf_known(x);

	for (size_t i = 0; i < x->nsigs; i++)
		open = open || x->sigs[i].state == SIG_TEMPERROR;
	return open;
}

/* Nothing is known to pass, and what may pass is not aligned. */
static void
tell_nothing(struct check *c, const struct explain *x)
{
	struct writer w = arena_writer(&c->report->arena);
	bool open = is_open(x);

	put_text(&w,
	    open ? "No domain that may pass DKIM or SPF aligns with the domain "
	           "in From, so DMARC fails for " :
	           "Neither DKIM nor SPF passes, so DMARC fails for ");
	put_name(&w, c->domain);
	put_text(&w,
	    open ? "; whether they pass for other domains is not known." : ".");
	add(c, x, open ? "pass-not-told" : "nothing-passes", &w);
}

/* The cause by the result of RFC 9989: "fail" is a matter of alignment when
 * some identifier passes, and of the mechanisms when none does. */
static void
tell_dmarc(struct check *c, const struct explain *x)
{
	const struct dmarc_check *d = x->dmarc_check;
	struct writer w = arena_writer(&c->report->arena);

	if (has_finding(c, MAILAUTH_F_ALIGN_FROM_NOT_CONFIGURED))
		tell_not_configured(c, x);
	switch (d->result[DMARC_9989]) {
	case MAILAUTH_DMARC_RESULT_PASS: tell_passes(c, x); break;
	case MAILAUTH_DMARC_RESULT_FAIL:
		if (d->nids > 0) {
			tell_unaligned(c, x);
			break;
		}
		tell_nothing(c, x);
		break;
	case MAILAUTH_DMARC_RESULT_NONE:
		if (has_finding(c, MAILAUTH_F_ALIGN_FROM_NOT_CONFIGURED))
			break;
		put_name(&w, c->domain);
		put_text(&w,
		    ", the domain in From, has no DMARC policy: "
		    "DMARC says nothing about this message.");
		add(c, x, "no-policy", &w);
		break;
	case MAILAUTH_DMARC_RESULT_TEMPERROR:
		put_unknown(c, x, &w);
		add(c, x, "dmarc-not-told", &w);
		break;
	case MAILAUTH_DMARC_RESULT_PERMERROR:
		put_text(&w, "The DMARC record of ");
		put_name(&w, d->found[DMARC_9989].name);
		put_text(&w,
		    " has a tag twice: some receivers take one of the two, "
		    "others ignore the record, so DMARC is not certain to "
		    "pass. Keep one of the two tags.");
		add(c, x, "policy-not-certain", &w);
		break;
	case MAILAUTH_DMARC_RESULT_UNDECIDED: break;
	}
}

/* Keys. */

static void
put_owner(struct writer *w, struct mailauth_str owner)
{
	put_text(w, "selector ");
	put_untrusted(w, dkim_selector(owner));
	put_text(w, " of ");
	put_name(w, dkim_key_domain(owner));
}

/* DNS has no key at the selector of a signature or claim; name another selector
 * that has one. */
static void
tell_no_key(struct check *c, const struct explain *x, struct mailauth_str owner,
    const char *who)
{
	struct writer w = arena_writer(&c->report->arena);
	struct mailauth_str domain = dkim_key_domain(owner), other;

	put_text(&w, who);
	put_owner(&w, owner);
	put_text(&w, ", and DNS has no key there");
	for (size_t i = 0; (other = dkim_common_owner(c, domain, i)).n > 0; i++)
		if (is_placed(view_as(c, MAILAUTH_KIND_DKIM,
		        got(c, other, RRTYPE_TXT)))) {
			put_text(&w, "; there is one at selector ");
			put_untrusted(&w, dkim_selector(other));
			break;
		}
	put_text(&w,
	    ". The selector of the sender has to be the one that is "
	    "published; or the key was removed after the message was signed.");
	add(c, x, "wrong-selector", &w);
}

/* Write the first failure found in a record set. */
static void
put_fault(const struct check *c, struct writer *w, const struct record_set *set)
{
	for (const struct finding *n = c->report->findings; n != NULL;
	     n = n->next)
		if (n->set == set &&
		    severity_of(c->report, n) == MAILAUTH_FAIL) {
			put_text(w, ": ");
			put_text(w, finding_row(n->finding.id)->sentence);
			break;
		}
	put_char(w, '.');
}

static void
tell_bad_key(struct check *c, const struct explain *x,
    const struct record_set *key)
{
	struct writer w = arena_writer(&c->report->arena);
	bool unknown = key->j.verdict == MAILAUTH_TEMPERROR;

	put_text(&w, "The key at ");
	put_owner(&w, key->answer->name);
	put_text(&w,
	    unknown ? " could not be looked up: nothing can be said of its "
	              "signatures." :
	              " cannot be used, so that its signatures do not verify");
	if (!unknown)
		put_fault(c, &w, key);
	add(c, x, unknown ? "key-not-told" : "key-unusable", &w);
}

/* The key is there, and the signature does not verify with it. */
static void
tell_mismatch(struct check *c, const struct explain *x,
    const struct sig_trial *t)
{
	struct writer w = arena_writer(&c->report->arena);

	put_text(&w, "The signature of ");
	put_name(&w, t->domain);
	if (t->verdict.signer == DKIM_SIGNER_SAME) {
		put_text(&w,
		    " was made with the key in DNS, over other headers: "
		    "something has changed a signed header since");
		put_text(&w,
		    t->verdict.body_differs ? ", and the body too." : ".");
		add(c, x, "header-changed", &w);
		return;
	}
	put_text(&w,
	    t->verdict.signer == DKIM_SIGNER_OTHER ?
	        " was made with another key than the one at " :
	        " does not verify with the key at ");
	put_owner(&w, t->owner);
	put_text(&w,
	    t->verdict.signer == DKIM_SIGNER_OTHER ?
	        ": the key was replaced in DNS and not where messages are "
	        "signed, or the reverse." :
	        ": the key was replaced in DNS and not where messages are "
	        "signed, or a signed header was changed on the way.");
	add(c, x, "key-replaced", &w);
}

static void
tell_changed_body(struct check *c, const struct explain *x,
    const struct sig_trial *t)
{
	struct writer w = arena_writer(&c->report->arena);

	put_text(&w, "The signature of ");
	put_name(&w, t->domain);
	put_text(&w,
	    " belongs to the key and the headers, but the body was changed "
	    "after signing: by a mailing list, a footer or a scanner.");
	add(c, x, "body-changed", &w);
}

static void
tell_unusable(struct check *c, const struct explain *x,
    const struct sig_trial *t)
{
	struct writer w = arena_writer(&c->report->arena);

	put_text(&w, "The signature of ");
	put_untrusted(&w, str_sub(t->from->sig.d, 0, 255));
	put_text(&w, " cannot be used: ");
	put_text(&w, t->why != NULL ? t->why : "see the findings");
	put_char(&w, '.');
	add(c, x, "signature-unusable", &w);
}

/* The cause of one signature that does not pass. After verification its verdict
 * decides; before it the fault of the signature, and then the state of the
 * key. */
static void
tell_sig(struct check *c, const struct explain *x, const struct sig_trial *t)
{
	if (t->state == SIG_PASS || t->state == SIG_NEUTRAL)
		return;
	if (t->verified && t->verdict.result == DKIM_MISMATCH)
		tell_mismatch(c, x, t);
	else if (t->verified &&
	    (t->verdict.result == DKIM_BODY ||
	        t->verdict.result == DKIM_TOO_SHORT))
		tell_changed_body(c, x, t);
	else if (t->verified || t->from->fault.id != MAILAUTH_F_NONE ||
	    t->key == NULL)
		tell_unusable(c, x, t);
	else if (t->key->j.verdict == MAILAUTH_NONE)
		tell_no_key(c, x, t->owner, "The message is signed with ");
	else
		tell_bad_key(c, x, t->key);
}

/* The cause when the message has no signature: claims decide, if believed. */
static void
tell_claimed_dkim(struct check *c, const struct explain *x)
{
	const struct record_set *key =
	    view_as(c, MAILAUTH_KIND_DKIM, got(c, x->named_key, RRTYPE_TXT));

	if (!explain_dkim_by_claim(x)) {
		add_text(c, x, "unsigned",
		    x->any_dkim && !x->counts ?
		        "The message has no DKIM signature, and a header that "
		        "says dkim=pass: that header is not believed. It may "
		        "be forged: it is below the Received header where the "
		        "mail came in." :
		        x->any_dkim ?
		        "The message has no DKIM signature, and a header that "
		        "says dkim=pass: that header is not believed. It may "
		        "be forged; name its receiver if it is not." :
		        "The message has no DKIM signature.");
		return;
	}
	if (!x->dkim_fails)
		return;
	if (key != NULL && key->j.verdict == MAILAUTH_NONE)
		tell_no_key(c, x, x->named_key,
		    "The receiver says that the message was signed with ");
	else if (key != NULL && !is_usable(c, key))
		tell_bad_key(c, x, key);
	else
		add_text(c, x, "dkim-failed-there",
		    "The receiver says that DKIM does not pass, and the "
		    "message has no signature that could be looked at. Check "
		    "that the selector of the sender is the one in DNS, and "
		    "that the key there is that of the private key in use.");
}

/* SPF. */

static void
put_sender(const struct explain *x, struct writer *w)
{
	if (x->ip.family != 0)
		put_addr(w, &x->ip);
	else
		put_text(w, "the sending host");
}

/* Where the domain of SPF comes from. */
static const char *
spf_place(const struct explain *x)
{
	return x->report->null_mail_from ?
	    ", the name that the host gave (Return-Path is empty)," :
	    ", the MAIL FROM domain,";
}

/* Write what to do. Whose host it is cannot be told from here: a forwarder, a
 * list and the receiver's own relay look like a sender that is missing in the
 * record, and must not be added. */
static void
put_if_yours(const struct explain *x, struct writer *w)
{
	put_text(w, " If ");
	put_sender(x, w);
	put_text(w, " sends for you, add it; otherwise do nothing");
	put_text(w,
	    x->m->nsigs > 0 && dmarc_check_aligned(x->dmarc_check, false) ?
	        ": a forwarder or a list breaks SPF, and DKIM passes." :
	        ": a forwarder, a list or a relay of the receiver is not to be "
	        "added.");
}

/* Doubt the sending host when the receiver claims that SPF passes: the host
 * found in the header may belong to the receiver. */
static void
put_doubt(const struct explain *x, struct writer *w)
{
	if (x->spf == NULL || x->spf_word != AUTHRES_PASS ||
	    x->report->ip_source == NULL || x->request->ip != NULL)
		return;
	put_text(w, " The receiver says that SPF passes: if ");
	put_addr(w, &x->ip);
	put_text(w, " is a host of its own, give the sender's address.");
}

static void
tell_not_covered(struct check *c, const struct explain *x,
    struct mailauth_str domain, const char *result)
{
	struct writer w = arena_writer(&c->report->arena);

	put_text(&w,
	    explain_spf(x) != NULL ? "SPF gives " :
	                             "The receiver says that SPF gives ");
	put_text(&w, result);
	put_text(&w, ": the record of ");
	put_name(&w, domain);
	put_text(&w, spf_place(x));
	put_text(&w, " does not cover ");
	put_sender(x, &w);
	put_text(&w, ". SPF looks at that domain, not at the one in From.");
	put_if_yours(x, &w);
	put_doubt(x, &w);
	add(c, x, "return-path-not-covered", &w);
}

static void
tell_other_spf(struct check *c, const struct explain *x,
    struct mailauth_str domain, const char *name, const char *before,
    const char *behind)
{
	struct writer w = arena_writer(&c->report->arena);

	put_text(&w, before);
	put_name(&w, domain);
	put_text(&w, spf_place(x));
	put_text(&w, behind);
	add(c, x, name, &w);
}

/* The cause by the result of SPF evaluated here. */
static void
tell_trial(struct check *c, const struct explain *x, const struct spf_trial *t)
{
	struct mailauth_str domain = t->query.domain;

	switch (t->outcome.result) {
	case MAILAUTH_SPF_PASS: break;
	case MAILAUTH_SPF_NEUTRAL:
	case MAILAUTH_SPF_FAIL:
	case MAILAUTH_SPF_SOFTFAIL:
		tell_not_covered(c, x, domain,
		    spf_result_name(t->outcome.result));
		break;
	case MAILAUTH_SPF_NONE:
		tell_other_spf(c, x, domain, "return-path-without-spf", "",
		    " has no SPF record.");
		break;
	case MAILAUTH_SPF_PERMERROR:
		tell_other_spf(c, x, domain, "spf-broken", "The SPF record of ",
		    " is broken.");
		break;
	case MAILAUTH_SPF_TEMPERROR:
	case MAILAUTH_SPF_UNDECIDED:
		tell_other_spf(c, x, domain, "spf-not-told",
		    "The SPF result for ",
		    " is not known: a lookup failed. That is not the same as "
		    "having no record.");
		break;
	}
}

/* The cause of SPF: by the evaluation, or without one by the believed claim. */
static void
tell_spf(struct check *c, const struct explain *x)
{
	const struct spf_trial *t = explain_spf(x);
	struct mailauth_str domain = x->spf_domain;

	if (t != NULL) {
		tell_trial(c, x, t);
		return;
	}
	if (x->spf == NULL || domain.n == 0)
		return;
	if (x->spf_word == AUTHRES_FAIL || x->spf_word == AUTHRES_HARDFAIL ||
	    x->spf_word == AUTHRES_SOFTFAIL)
		tell_not_covered(c, x, domain,
		    x->spf_word == AUTHRES_SOFTFAIL ? "softfail" : "fail");
	else if (x->spf_word == AUTHRES_PERMERROR)
		tell_other_spf(c, x, domain, "spf-broken",
		    "The receiver says that the SPF record of ", " is broken.");
}

void
causes_tell(struct check *c, struct explain *x)
{
	if (x->m->cut)
		add_text(c, x, "header-too-long",
		    "The header is too long to be looked at as a whole: there "
		    "may be more signatures, and none can be verified.");
	if (x->one_author)
		tell_dmarc(c, x);
	else if (has_finding(c, MAILAUTH_F_DMARC_MULTIPLE_FROM))
		add_text(c, x, "no-single-author",
		    "DMARC needs one From header with one author domain, and "
		    "this message has not exactly one.");
	for (size_t i = 0; i < x->nsigs && i < SIGS_TOLD; i++)
		tell_sig(c, x, &x->sigs[i]);
	if (x->m->nsigs == 0 && !x->m->cut)
		tell_claimed_dkim(c, x);
	tell_spf(c, x);
	if (has_finding(c, MAILAUTH_F_ADVICE_CONTENT))
		add_text(c, x, "content-or-reputation",
		    "Authentication passes and the score is bad all the same: "
		    "DNS records do not decide that. Look at subject, text, "
		    "links, attachments, sending frequency and complaints.");
}
