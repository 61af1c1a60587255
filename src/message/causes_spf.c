/*
 * causes_spf.c - why SPF does not pass, in sentences
 * SPDX-License-Identifier: BSD-3-Clause
 */
#include "base/str.h"
#include "message/causes.h"
#include "spf/remedy.h"

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
	put_text(w, "If ");
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
	struct writer r = arena_writer(&c->report->arena);

	put_text(&w,
	    explain_spf(x) != NULL ? "SPF gives " :
	                             "The receiver says that SPF gives ");
	put_text(&w, result);
	put_text(&w, ": the record of ");
	cause_put_name(&w, domain);
	put_text(&w, spf_place(x));
	put_text(&w, " does not cover ");
	put_sender(x, &w);
	put_text(&w, ". SPF looks at that domain, not at the one in From.");
	put_doubt(x, &w);
	put_if_yours(x, &r);
	cause_add(c, x, "return-path-not-covered", &w, &r);
}

static void
tell_other_spf(struct check *c, const struct explain *x,
    struct mailauth_str domain, const char *name, const char *before,
    const char *behind, const char *remedy)
{
	struct writer w = arena_writer(&c->report->arena);

	put_text(&w, before);
	cause_put_name(&w, domain);
	put_text(&w, spf_place(x));
	put_text(&w, behind);
	cause_add_with(c, x, name, &w, remedy);
}

/* Write why the record is broken: what the finding on the record that cannot be
 * used says, or else the evaluation. */
static void
put_why_broken(struct writer *w, const struct finding *fault,
    const struct spf_step *back, const char *why)
{
	if (back != NULL) {
		put_text(w, " leads back to ");
		cause_put_name(w, back->target);
	} else if (fault != NULL) {
		put_text(w, ": ");
		cause_put_fault(w, fault);
	} else if (why != NULL) {
		put_text(w, ": ");
		put_text(w, why);
	}
}

/* Name the record and the term that make a permerror. */
static void
tell_broken(struct check *c, const struct explain *x, const struct spf_trial *t)
{
	const struct spf_step *back = spf_back(t->outcome.steps);
	const struct spf_step *step =
	    back != NULL ? back : spf_faulty(t->outcome.steps);
	const struct finding *fault = step != NULL ?
	    NULL :
	    cause_fault(c,
	        view_as(c, MAILAUTH_KIND_SPF,
	            got(c, t->query.domain, RRTYPE_TXT)));
	struct writer w = arena_writer(&c->report->arena);
	struct writer r = arena_writer(&c->report->arena);
	bool within = step != NULL && !str_eq(step->domain, t->query.domain);

	put_text(&w, "The SPF record of ");
	cause_put_name(&w, t->query.domain);
	put_text(&w, spf_place(x));
	put_text(&w, " is broken");
	if (step != NULL) {
		put_text(&w, ": ");
		put_untrusted(&w, step->op->term.text);
		if (within) {
			put_text(&w, " in the record of ");
			cause_put_name(&w, step->domain);
			put_text(&w,
			    back != NULL ? ", which it includes," :
			                   ", which it includes");
		}
	}
	put_why_broken(&w, fault, back, t->outcome.why);
	put_char(&w, '.');
	if (step != NULL) {
		put_spf_mend(&r, t->outcome.steps, step);
	} else if (fault != NULL) {
		put_text(&r, cause_fault_remedy(c, fault));
	} else {
		put_text(&r, "correct what the reason names in the record of ");
		cause_put_name(&r, t->query.domain);
	}
	put_char(&r, '\0');
	cause_add_with(c, x, "spf-broken", &w, r.full ? NULL : r.buf);
}

/* Forwarding. */

/* Something that the sender cannot have written says that the message passed
 * through a forwarder: a signature of the author's organization whose header
 * verifies, or the receiver. */
static bool
is_forwarded(struct check *c, const struct explain *x)
{
	for (size_t i = 0; i < x->nsigs; i++) {
		const struct sig_trial *t = &x->sigs[i];

		if (t->verified && t->domain.n > 0 &&
		    explain_is_own(c, t->domain) &&
		    (t->verdict.result == DKIM_VERIFIED ||
		        t->verdict.result == DKIM_BODY ||
		        t->verdict.result == DKIM_TOO_SHORT))
			return true;
	}
	for (const struct claims *h = x->report->claims; h != NULL; h = h->next)
		for (const struct claim *r = h->results; h->counts && r != NULL;
		     r = r->next)
			if (claim_is(r, STR("arc")) &&
			    authres_word_of(r->result) == AUTHRES_PASS)
				return true;
	return false;
}

/* "mx.forwarder.example (198.51.100.20)": by a name that the receiver verified,
 * never by one that the host gave. */
static void
put_host(const struct explain *x, struct writer *w)
{
	const struct received *line = &x->border.line;
	bool same = x->border.found && addr_eq(&line->ip, &x->ip);

	if (!same || !line->verified || line->rdns.n == 0) {
		put_sender(x, w);
		return;
	}
	put_untrusted(w, line->rdns);
	put_text(w, " (");
	put_sender(x, w);
	put_char(w, ')');
}

/* SPF would pass one hop earlier. That hop is below the border, where the
 * sender may have written it: so it explains, and changes no result. */
static bool
tell_forwarded(struct check *c, const struct explain *x,
    const struct spf_trial *t)
{
	const struct spf_trial *before = explain_spf_before(x);
	struct writer w = arena_writer(&c->report->arena);
	struct writer r = arena_writer(&c->report->arena);
	bool fact = is_forwarded(c, x);

	if (before == NULL || before->outcome.result != MAILAUTH_SPF_PASS)
		return false;
	put_text(&w, "SPF gives ");
	put_text(&w, spf_result_name(t->outcome.result));
	put_text(&w, ": ");
	if (fact) {
		put_text(&w, "the message was forwarded by ");
		put_host(x, &w);
		put_text(&w, ", which the record of ");
	} else {
		put_host(x, &w);
		put_text(&w, " handed it over, and the record of ");
	}
	cause_put_name(&w, t->query.domain);
	put_text(&w, spf_place(x));
	put_text(&w,
	    fact ? " does not list. One hop earlier SPF was right: " :
	           " does not list it. One hop earlier SPF would pass, as a "
	           "Received header says that anybody can write: ");
	put_addr(&w, &before->query.values.ip);
	put_text(&w, " may send for it.");
	if (fact) {
		put_text(&r,
		    "Nothing in your DNS: forwarding breaks SPF, and a DKIM "
		    "signature that is not changed survives it.");
	} else {
		put_text(&r, "If ");
		put_host(x, &r);
		put_text(&r,
		    " is yours, add it to the record; otherwise it was "
		    "forwarded: do nothing.");
	}
	cause_add(c, x, "forwarded", &w, &r);
	return true;
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
		if (tell_forwarded(c, x, t))
			break;
		tell_not_covered(c, x, domain,
		    spf_result_name(t->outcome.result));
		break;
	case MAILAUTH_SPF_NONE:
		tell_other_spf(c, x, domain, "return-path-without-spf", "",
		    " has no SPF record.",
		    "Publish an SPF record there that lists the hosts that "
		    "send for it.");
		break;
	case MAILAUTH_SPF_PERMERROR: tell_broken(c, x, t); break;
	case MAILAUTH_SPF_TEMPERROR:
	case MAILAUTH_SPF_UNDECIDED:
		tell_other_spf(c, x, domain, "spf-not-told",
		    "The SPF result for ",
		    " is not known: a lookup failed. That is not the same as "
		    "having no record.",
		    "Try again; if it stays, repair the zone of that name.");
		break;
	}
}

void
causes_of_spf(struct check *c, const struct explain *x)
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
		    "The receiver says that the SPF record of ", " is broken.",
		    "Check that domain with unbound-mailauth spf.");
}

bool
causes_spf_first(const struct explain *x)
{
	const struct spf_trial *t = explain_spf(x);
	const struct spf_trial *before = explain_spf_before(x);

	if (t == NULL || t->outcome.result == MAILAUTH_SPF_PASS)
		return false;
	return (x->m->nsigs == 0 && x->dkim_failed == NULL) ||
	    (before != NULL && before->outcome.result == MAILAUTH_SPF_PASS);
}
