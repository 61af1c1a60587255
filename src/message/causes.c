/*
 * causes.c - why a message passes or fails, in sentences
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * A finding states one fact. A cause combines facts into a reason and an
 * advice, in the words of an administrator: the result of DMARC first, then
 * DKIM, SPF and content. A cause that rests on a claim says so.
 */
#include "message/causes.h"

#include "base/str.h"
#include "message/sent.h"

/* Octets of a part of a record that a sentence shows. */
#define PART_SHOWN 60

void
cause_add(struct check *c, const struct explain *x, const char *name,
    struct writer *w, struct writer *remedy)
{
	struct cause *cause = arena_alloc(&c->report->arena, sizeof(*cause));
	struct cause **end = &x->report->causes;

	put_char(w, '\0');
	if (remedy != NULL)
		put_char(remedy, '\0');
	if (cause == NULL || w->full || (remedy != NULL && remedy->full))
		return;
	cause->name = name;
	cause->text = w->buf;
	cause->remedy = remedy != NULL ? remedy->buf : NULL;
	while (*end != NULL)
		end = &(*end)->next;
	*end = cause;
}

/* Write a text as a sentence: the table of findings has remedies in lower case,
 * without a full stop. */
static void
put_whole(struct writer *w, const char *text)
{
	size_t n = strlen(text);
	bool lower = text[0] >= 'a' && text[0] <= 'z';

	put_char(w, lower ? (char)(text[0] - 'a' + 'A') : text[0]);
	put_text(w, text + 1);
	put_text(w, text[n - 1] == '.' ? "" : ".");
}

void
cause_add_with(struct check *c, const struct explain *x, const char *name,
    struct writer *w, const char *remedy)
{
	struct writer r = arena_writer(&c->report->arena);

	if (remedy != NULL)
		put_whole(&r, remedy);
	cause_add(c, x, name, w, remedy != NULL ? &r : NULL);
}

void
cause_add_text(struct check *c, const struct explain *x, const char *name,
    const char *text, const char *remedy)
{
	struct writer w = arena_writer(&c->report->arena);

	put_text(&w, text);
	cause_add_with(c, x, name, &w, remedy);
}

void
cause_put_name(struct writer *w, struct mailauth_str name)
{
	put_untrusted(w, str_sub(name, 0, name.n > 1 ? name.n - 1 : name.n));
}

const struct finding *
cause_fault(const struct check *c, const struct record_set *set)
{
	for (const struct finding *n = c->report->findings; n != NULL;
	     n = n->next)
		if (n->set == set && severity_of(c->report, n) == MAILAUTH_FAIL)
			return n;
	return NULL;
}

void
cause_put_fault(struct writer *w, const struct finding *fault)
{
	struct mailauth_str part = finding_excerpt(fault);

	if (part.n > 0 && part.n <= PART_SHOWN) {
		put_char(w, '\'');
		put_untrusted(w, part);
		put_text(w, "': ");
	}
	put_text(w, finding_row(fault->finding.id)->sentence);
}

const char *
cause_fault_remedy(struct check *c, const struct finding *fault)
{
	struct writer w = arena_writer(&c->report->arena);

	if (fault->remedy.n == 0)
		return finding_row(fault->finding.id)->remedy;
	put_str(&w, fault->remedy);
	put_char(&w, '\0');
	return w.full ? "" : w.buf;
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
	    x->border.whole ? " is what the receiver says: here it could not "
	                      "be recomputed." :
	                      " is what a header says that anybody can write.");
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

/* What makes DMARC pass for the domain in From. */
static struct writer *
put_own(struct check *c, struct writer *r)
{
	put_text(r, "Sign with DKIM as ");
	cause_put_name(r, c->domain);
	put_text(r,
	    ", or send with a MAIL FROM address of that domain from a host "
	    "that its SPF record lists.");
	return r;
}

/* The reverse address is one that forwarders make of that of the sender: "+caf_="
 * is Gmail's. */
static bool
is_rewritten(struct mailauth_str mail_from)
{
	return str_istarts(mail_from, STR("SRS0")) ||
	    str_istarts(mail_from, STR("SRS1")) ||
	    str_ifind(mail_from, STR("+caf_=")) < mail_from.n;
}

/* DKIM or SPF passes, but for no domain that aligns with From. */
static void
tell_unaligned(struct check *c, const struct explain *x)
{
	struct writer w = arena_writer(&c->report->arena);
	struct writer who = arena_writer(&c->report->arena);
	struct writer r = arena_writer(&c->report->arena);
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
	cause_put_name(&w, c->domain);
	put_text(&w, ", the domain in From (");
	put_str(&w, writer_str(&who));
	put_text(&w, ").");
	put_strictness(x, &w);
	put_hearsay(x, &w, dkim, spf);
	if (spf && is_rewritten(x->report->mail_from)) {
		put_text(&w,
		    " A forwarder wrote the MAIL FROM address (SRS): the "
		    "message was forwarded.");
		put_text(&r, "Sign with DKIM as ");
		cause_put_name(&r, c->domain);
		put_text(&r, ", which survives forwarding.");
	} else {
		put_own(c, &r);
	}
	cause_add(c, x, "domains-not-aligned", &w,
	    x->report->causes == NULL ? &r : NULL);
}

static void
tell_passes(struct check *c, const struct explain *x)
{
	struct writer w = arena_writer(&c->report->arena);
	bool dkim = dmarc_check_aligned(x->dmarc_check, false);
	bool spf = dmarc_check_aligned(x->dmarc_check, true);

	put_text(&w, "DMARC passes for ");
	cause_put_name(&w, c->domain);
	if (x->report->dmarc_source == SOURCE_REPORTED) {
		put_text(&w,
		    ", as the receiver says: here it could not be "
		    "recomputed, since ");
		put_text(&w, dmarc_check_lack(x->dmarc_check)->what);
		put_char(&w, '.');
		cause_add(c, x, "passes", &w, NULL);
		return;
	}
	put_text(&w,
	    dkim && spf ?
	        ": DKIM and SPF pass, and both domains align with From." :
	        dkim ? ": DKIM passes, and its domain aligns with From." :
	               ": SPF passes, and its domain aligns with From.");
	put_hearsay(x, &w, dkim, spf);
	cause_add(c, x, "passes", &w, NULL);
}

static void
tell_not_configured(struct check *c, const struct explain *x)
{
	struct writer w = arena_writer(&c->report->arena);

	cause_put_name(&w, c->domain);
	put_text(&w,
	    ", the domain in From, is not configured: it has no DMARC policy, "
	    "and no signature of this message is its own. A domain in "
	    "From needs DKIM, SPF and DMARC records.");
	cause_add_with(c, x, "from-not-configured", &w,
	    "Publish these records for the domain in From, or send with a "
	    "domain that has them.");
}

/* Say which fact is missing for a result of DMARC. */
static void
put_unknown(struct check *c, const struct explain *x, struct writer *w)
{
	const struct dmarc_check *d = x->dmarc_check;
	const struct dmarc_lack *lack = dmarc_check_lack(d);

	put_text(w, "The DMARC result for ");
	cause_put_name(w, c->domain);
	put_text(w, " is not known: ");
	if (d->found[DMARC_9989].state == MAILAUTH_DMARC_UNKNOWN)
		put_text(w,
		    is_only_outside(c) ?
		        "its policy was not looked up, since it is outside of "
		        "the given zones." :
		        "its policy could not be looked up, which is not the "
		        "same as having none.");
	else if (lack != NULL)
		put_text(w, lack->what);
	else if (d->open_dkim && d->open_spf)
		put_text(w, "neither DKIM nor SPF gave a result.");
	else if (d->open_dkim)
		put_text(w, "SPF does not help it, and DKIM gave no result.");
	else if (d->open_spf)
		put_text(w, "DKIM does not help it, and SPF gave no result.");
	else
		put_text(w, "a lookup failed that decides on alignment.");
	if (lack != NULL) {
		put_char(w, '.');
	} else if (d->open_spf && explain_spf(x) == NULL) {
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
	struct writer r = arena_writer(&c->report->arena);
	bool open = is_open(x);

	put_text(&w,
	    open ? "No domain that may pass DKIM or SPF aligns with the domain "
	           "in From, so DMARC fails for " :
	           "Neither DKIM nor SPF passes, so DMARC fails for ");
	cause_put_name(&w, c->domain);
	put_text(&w,
	    open ? "; whether they pass for other domains is not known." : ".");
	if (x->report->dmarc_source == SOURCE_REPORTED) {
		w = arena_writer(&c->report->arena);
		put_text(&w, "The receiver says that DMARC fails for ");
		cause_put_name(&w, c->domain);
		put_text(&w, ": here it could not be recomputed, since ");
		put_text(&w, dmarc_check_lack(x->dmarc_check)->what);
		put_char(&w, '.');
	}
	cause_add(c, x, open ? "pass-not-told" : "nothing-passes", &w,
	    x->report->causes == NULL ? put_own(c, &r) : NULL);
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
		cause_put_name(&w, c->domain);
		put_text(&w,
		    ", the domain in From, has no DMARC policy: "
		    "DMARC says nothing about this message.");
		cause_add_with(c, x, "no-policy", &w,
		    "Publish a DMARC record for it; one with p=none changes "
		    "nothing and brings reports.");
		break;
	case MAILAUTH_DMARC_RESULT_TEMPERROR:
		put_unknown(c, x, &w);
		cause_add_with(c, x, "dmarc-not-told", &w,
		    dmarc_check_lack(d) == NULL ?
		        is_only_outside(c) ? OUTSIDE_REMEDY : "Try again." :
		        explain_submitted(x) ?
		        "Nothing in DNS: look at a copy that another server "
		        "received." :
		        explain_spf_veiled(x) && !x->ip_claimed ?
		        "If your own server wrote that Received header, give "
		        "its number; otherwise the sender wrote it." :
		        dmarc_check_lack(d)->remedy);
		break;
	case MAILAUTH_DMARC_RESULT_PERMERROR:
		put_text(&w, "The DMARC record of ");
		cause_put_name(&w, d->found[DMARC_9989].name);
		put_text(&w,
		    " has a tag twice: some receivers take one of the two, "
		    "others ignore the record, so DMARC is not certain to "
		    "pass.");
		cause_add_with(c, x, "policy-not-certain", &w,
		    "Keep one of the two tags.");
		break;
	case MAILAUTH_DMARC_RESULT_UNDECIDED: break;
	}
}

/* Why there is no single author, and what to do about it. */
static void
tell_author(struct check *c, const struct explain *x)
{
	struct writer w = arena_writer(&c->report->arena);
	struct writer r = arena_writer(&c->report->arena);

	put_text(&w,
	    "DMARC needs one From header with one author domain, and this "
	    "message has not exactly one");
	if (x->from_fault != NULL) {
		put_text(&w, ": ");
		put_text(&w, x->from_fault);
	}
	put_char(&w, '.');
	if (x->from_text.n > 0) {
		put_text(&w, " It is: From: ");
		put_untrusted(&w, str_sub(x->from_text, 0, 120));
	}
	put_text(&r,
	    x->from_remedy != NULL ? x->from_remedy :
	                             "Write one From header, with addresses "
	                             "of one domain.");
	cause_add(c, x, "no-single-author", &w, &r);
}

/* The result of DMARC is a failure because nothing passes, or because what
 * passes is not aligned although a signature of the author should be: then what
 * is wrong with DKIM and SPF explains it, and comes first. So does a reason that
 * the receiver gives why DKIM fails, when DMARC is open for what the message does
 * not show. */
static bool
is_explained_first(struct check *c, const struct explain *x)
{
	const struct dmarc_check *d = x->dmarc_check;

	if (d->result[DMARC_9989] == MAILAUTH_DMARC_RESULT_TEMPERROR)
		return dmarc_check_lack(d) != NULL && x->m->nsigs == 0 &&
		    (x->reason != DKIM_REASON_NONE || x->filter_dkim != NULL) &&
		    (x->dkim_fails || causes_own_dkim(c, x));
	return d->result[DMARC_9989] == MAILAUTH_DMARC_RESULT_FAIL &&
	    (d->nids == 0 || causes_own_dkim(c, x));
}

/* The message is a notice about another one, which is attached: a bounce, or a
 * message that only forwards one. */
static bool
is_about_another(const struct explain *x)
{
	bool forwards = false;

	for (size_t i = 0; i < x->m->nfields; i++) {
		const struct header_field *f = &x->m->fields[i];
		struct mailauth_str v = str_trim(f->value);

		if (str_ieq(f->name, STR("Content-Type")) &&
		    str_istarts(v, STR("multipart/report")))
			forwards = true;
		if (str_ieq(f->name, STR("Subject")) &&
		    (str_istarts(v, STR("Fwd:")) ||
		        str_istarts(v, STR("FW:")) ||
		        str_istarts(v, STR("WG:")) ||
		        str_istarts(v, STR("TR:"))))
			forwards = true;
	}
	return forwards || x->report->null_mail_from;
}

/* Name the messages that the file has beside the one explained: first when this
 * one is a notice about it. */
static void
tell_parts(struct check *c, const struct explain *x)
{
	const struct mailauth_message *m = x->m;
	struct writer w = arena_writer(&c->report->arena);
	struct writer r = arena_writer(&c->report->arena);
	unsigned i = m->part;
	const struct input_part *p;

	/* Parts behind this one: the next is attached to it, or of its file. */
	if (i >= m->nparts)
		return;
	p = &m->parts[i];
	if (p->attached && !is_about_another(x))
		return;
	put_text(&w,
	    p->attached ?
	        "This message has another one attached, which is the "
	        "one in question as it seems: " :
	        "The file has several messages, and this is about one "
	        "of them; the next is from ");
	put_untrusted(&w, p->from);
	if (p->subject.n > 0) {
		put_text(&w, ", '");
		put_untrusted(&w, str_sub(p->subject, 0, 80));
		put_char(&w, '\'');
	}
	put_char(&w, '.');
	put_text(&r, "To learn about that one, explain message ");
	put_number(&r, i + 1);
	put_text(&r, " of the file.");
	cause_add(c, x, p->attached ? "message-attached" : "several-messages",
	    &w, &r);
}

void
causes_tell(struct check *c, struct explain *x)
{
	bool last = x->one_author && is_explained_first(c, x), spf_first;

	if (x->m->part < x->m->nparts && x->m->parts[x->m->part].attached)
		tell_parts(c, x);
	/* Of the notice itself nothing is known, and nobody asks. */
	if (x->report->causes != NULL && x->one_author &&
	    x->dmarc_check->result[DMARC_9989] ==
	        MAILAUTH_DMARC_RESULT_TEMPERROR &&
	    dmarc_check_lack(x->dmarc_check) != NULL)
		return;
	if (x->m->cut)
		cause_add_text(c, x, "header-too-long",
		    "The header is too long to be looked at as a whole: there "
		    "may be more signatures, and none can be verified.",
		    NULL);
	if (x->one_author && !last)
		tell_dmarc(c, x);
	else if (has_finding(c, MAILAUTH_F_DMARC_MULTIPLE_FROM))
		tell_author(c, x);
	spf_first = causes_spf_first(x);
	if (spf_first)
		causes_of_spf(c, x);
	causes_of_dkim(c, x);
	if (!spf_first)
		causes_of_spf(c, x);
	if (last)
		tell_dmarc(c, x);
	sent_cause(c, x);
	if (x->m->part < x->m->nparts && !x->m->parts[x->m->part].attached)
		tell_parts(c, x);
	if (has_finding(c, MAILAUTH_F_ADVICE_CONTENT))
		cause_add_text(c, x, "content-or-reputation",
		    "Authentication passes and the score is bad all the same: "
		    "DNS records do not decide that.",
		    "Look at subject, text, links, attachments, sending "
		    "frequency and complaints.");
}
