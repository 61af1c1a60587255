/*
 * causes_dkim.c - why signatures do not pass, in sentences
 * SPDX-License-Identifier: BSD-3-Clause
 */
#include "base/str.h"
#include "dkim/selectors.h"
#include "message/causes.h"
#include "message/undo.h"
#include "record/dkim.h"

/* Signatures that may have a cause. */
#define SIGS_TOLD 5

/* Keys. */

static void
put_owner(struct writer *w, struct mailauth_str owner)
{
	put_text(w, "selector ");
	put_untrusted(w, dkim_selector(owner));
	put_text(w, " of ");
	cause_put_name(w, dkim_key_domain(owner));
}

/* Write which common selectors of the domain have a key. */
static bool
put_others(struct check *c, struct writer *w, struct mailauth_str domain)
{
	struct writer list = arena_writer(&c->report->arena);
	size_t n = put_dkim_placed(c, &list, domain);

	if (n > 0)
		put_text(w,
		    n > 1 ? "; there are keys at selectors " :
		            "; there is one at selector ");
	put_str(w, writer_str(&list));
	return n > 0;
}

/* The key is at a name where it was put by mistake. */
static bool
tell_elsewhere(struct check *c, const struct explain *x,
    struct mailauth_str owner, const char *who)
{
	static const char *const says[KEY_MISTAKES] = {
		[KEY_DOMAIN_TWICE] = "the domain is in the name twice",
		[KEY_ABOVE_TWICE] = "the domain is in the name twice",
		[KEY_NO_SELECTOR] = "the selector is missing in the name",
		[KEY_NO_DOMAINKEY] =
		    "the label _domainkey is missing in the name",
		[KEY_NO_UNDERSCORE] =
		    "_domainkey begins with an underscore, which is missing in "
		    "the name",
		[KEY_ORDER] = "the selector comes first, then _domainkey",
		[KEY_AT_DOMAIN] = "that is the domain itself",
		[KEY_ABOVE] = "that is a key of the domain above, which "
		              "receivers do not look at",
	};

	for (size_t i = 0; i < KEY_MISTAKES; i++) {
		struct mailauth_str at = explain_key_mistake(c, owner, i);
		struct writer w = arena_writer(&c->report->arena);
		struct writer r = arena_writer(&c->report->arena);

		if (at.n == 0 || !is_placed(dkim_key_at(c, at)))
			continue;
		put_text(&w, who);
		put_owner(&w, owner);
		put_text(&w, ". DNS has no key there, but one at ");
		cause_put_name(&w, at);
		put_text(&w, ": ");
		put_text(&w, says[i]);
		put_char(&w, '.');
		put_text(&r,
		    i == KEY_ABOVE ? "Publish the record at " :
		                     "Move the record to ");
		cause_put_name(&r, owner);
		put_text(&r,
		    i == KEY_DOMAIN_TWICE || i == KEY_ABOVE_TWICE ?
		        ": panels add the domain themselves." :
		        i == KEY_ABOVE ? ", or sign with d=" :
		                         ".");
		if (i == KEY_ABOVE) {
			cause_put_name(&r, dkim_key_domain(at));
			put_char(&r, '.');
		}
		cause_add(c, x, "key-elsewhere", &w, &r);
		return true;
	}
	return false;
}

/* The selector is an alias of a name that has no key. */
static bool
tell_alias(struct check *c, const struct explain *x, struct mailauth_str owner,
    const char *who)
{
	const struct record_set *key = dkim_key_at(c, owner);
	struct writer w = arena_writer(&c->report->arena);
	struct writer r = arena_writer(&c->report->arena);
	struct mailauth_str target;

	if (key == NULL || key->answer->nchain == 0)
		return false;
	target = key->answer->chain[key->answer->nchain - 1];
	put_text(&w, who);
	put_owner(&w, owner);
	put_text(&w, ". The alias (CNAME) there leads to ");
	cause_put_name(&w, target);
	put_text(&w, ", and DNS has no key there.");
	put_text(&r, "Correct the alias, or have the owner of ");
	cause_put_name(&r, target);
	put_text(&r, " publish the key there.");
	cause_add(c, x, "wrong-selector", &w, &r);
	return true;
}

/* s= holds more than the selector: the name of the key as a whole. */
static bool
tell_full_selector(struct check *c, const struct explain *x,
    const struct sig_trial *t)
{
	struct mailauth_str s = t->from->sig.s, meant = explain_meant_key(c, t);
	struct writer others = arena_writer(&c->report->arena);
	struct writer w = arena_writer(&c->report->arena);
	struct writer r = arena_writer(&c->report->arena);
	size_t at = explain_full_selector(t);
	bool lost = is_none(dkim_key_at(c, meant));

	if (at == 0)
		return false;
	put_text(&w, "The signature has s=");
	put_untrusted(&w, str_sub(s, 0, 255));
	put_text(&w,
	    ", the whole name of the key; receivers append ._domainkey and the "
	    "domain to it, and find nothing. The selector is ");
	put_untrusted(&w, str_sub(s, 0, at));
	put_text(&w, lost ? ", which has no key in DNS either" : "");
	if (lost)
		put_others(c, &w, t->domain);
	put_char(&w, '.');
	put_text(&r, "Set the selector of the signer to ");
	put_untrusted(&r, str_sub(s, 0, at));
	if (lost) {
		put_text(&r, ", and publish its key at ");
		cause_put_name(&r, meant);
		put_text(&r,
		    put_dkim_placed(c, &others, t->domain) > 0 ?
		        "; or sign with one that has a key: " :
		        "");
		put_str(&r, writer_str(&others));
	}
	put_char(&r, '.');
	cause_add(c, x, "selector-full-name", &w, &r);
	return true;
}

/* DNS has no key at the selector of a signature or claim; name other selectors
 * that have one. */
static void
tell_no_key(struct check *c, const struct explain *x, struct mailauth_str owner,
    const char *who)
{
	struct writer w = arena_writer(&c->report->arena);
	struct writer r = arena_writer(&c->report->arena);

	if (tell_alias(c, x, owner, who) || tell_elsewhere(c, x, owner, who))
		return;
	put_text(&w, who);
	put_owner(&w, owner);
	put_text(&w, ", and DNS has no key there");
	if (put_others(c, &w, dkim_key_domain(owner)))
		put_text(&r,
		    "Set the selector of the signer to one that is "
		    "published, or publish its public key at ");
	else
		put_text(&r, "Publish the public key of the signer at ");
	put_text(&w, ".");
	cause_put_name(&r, owner);
	put_text(&r,
	    "; an old message may be signed with a key that was removed "
	    "since.");
	cause_add(c, x, "wrong-selector", &w, &r);
}

static void
tell_bad_key(struct check *c, const struct explain *x,
    const struct record_set *key)
{
	struct writer w = arena_writer(&c->report->arena);
	bool unknown = key->j.verdict == MAILAUTH_TEMPERROR;
	const struct finding *fault = unknown ? NULL : cause_fault(c, key);
	const char *remedy = "Try again; if it stays, repair the zone.";

	put_text(&w, "The key at ");
	put_owner(&w, key->answer->name);
	put_text(&w,
	    unknown ? " could not be looked up: nothing can be said of its "
	              "signatures" :
	              " cannot be used, so that its signatures do not verify");
	if (fault != NULL) {
		put_text(&w, ": ");
		cause_put_fault(&w, fault);
	}
	put_char(&w, '.');
	if (!unknown)
		remedy = fault != NULL ?
		    cause_fault_remedy(c, fault) :
		    "Publish the whole public key of the signer.";
	cause_add_with(c, x, unknown ? "key-not-told" : "key-unusable", &w,
	    remedy[0] != '\0' ? remedy : NULL);
}

/* Changes on the way. */

/* A mailing list sent the message on: it has fields that lists add, and the
 * signature does not cover them. */
static bool
is_from_list(const struct explain *x, const struct sig_trial *t)
{
	static const struct mailauth_str names[] = { STR_INIT("List-Post"),
		STR_INIT("Mailing-List"), STR_INIT("X-Mailman-Version"),
		STR_INIT("X-BeenThere"), STR_INIT("X-Google-Group-Id"),
		STR_INIT("List-Id"), STR_INIT("X-Loop"), STR_INIT("X-Sympa-To"),
		STR_INIT("X-ML-Name") };

	for (size_t i = 0; i < x->m->nfields; i++)
		for (size_t k = 0; k < sizeof(names) / sizeof(names[0]); k++) {
			struct mailauth_str rest = t->from->sig.h, word;
			bool covered = i > t->from->field;

			if (!str_ieq(x->m->fields[i].name, names[k]))
				continue;
			while (dkim_sig_name(&rest, &word))
				covered = covered || str_ieq(word, names[k]);
			if (!covered || k < 5)
				return true;
		}
	return false;
}

#define NOT_IN_DNS \
	"nothing in your DNS. Whoever changes mail after signing has to stop, " \
	"or to sign it anew and write a From of its own; receivers may trust " \
	"its ARC seal"

static void
tell_changed_body(struct check *c, const struct explain *x,
    const struct sig_trial *t)
{
	struct writer w = arena_writer(&c->report->arena);

	put_text(&w, "The signature of ");
	cause_put_name(&w, t->domain);
	put_text(&w,
	    " belongs to the key and the headers, but the body was changed "
	    "after signing: ");
	put_text(&w,
	    is_from_list(x, t) ?
	        "by the mailing list, most often with a footer." :
	        "by a mailing list, a footer or a scanner.");
	cause_add_with(c, x, "body-changed", &w, NOT_IN_DNS);
}

/* The body cannot be compared here. */
static void
tell_copy(struct check *c, const struct explain *x, const struct sig_trial *t)
{
	struct writer w = arena_writer(&c->report->arena);

	put_text(&w, "The signature of ");
	cause_put_name(&w, t->domain);
	put_text(&w, " cannot be verified here: ");
	put_text(&w, t->copy_fault);
	put_char(&w, '.');
	if (t->claimed)
		put_text(&w, " What the receiver says counts: it passed.");
	else if (t->hearsay != HEARSAY_NONE)
		put_text(&w,
		    " A header says that it passed; the sender may have "
		    "written that header.");
	cause_add_with(c, x, "copy-not-as-received", &w,
	    t->claimed ? NULL :
	                 "Save the message as it was received, with its body "
	                 "('download original'), and explain that file.");
}

/* With c=simple a blank or a line break more is a change. */
static const char *
remedy_of_change(const struct sig_trial *t)
{
	return t->from->sig.header_relaxed ?
	    NOT_IN_DNS :
	    "sign with c=relaxed/relaxed: with c=simple another blank or line "
	    "break in a header is enough to break the signature";
}

/* Say which change to the header breaks the signature. */
static void
tell_undone(struct check *c, const struct explain *x, const struct sig_trial *t,
    const struct undo *u)
{
	struct writer w = arena_writer(&c->report->arena);
	bool list = is_from_list(x, t);

	put_text(&w, "The signature of ");
	cause_put_name(&w, t->domain);
	put_text(&w, " was right until ");
	put_text(&w, list ? "the mailing list changed " : "somebody changed ");
	if (u->tag.n > 0) {
		put_text(&w, "the subject: it put '");
		put_untrusted(&w, str_sub(u->tag, 0, 80));
		put_text(&w, u->inside ? "' into it" : "' in front");
		put_text(&w, u->replaced.n > 0 ? ", and " : "");
	}
	if (u->replaced.n > 0) {
		put_text(&w,
		    u->folds ? "where the lines are broken in " :
		               "the value of ");
		put_untrusted(&w, u->replaced);
	}
	if (u->added.n > 0) {
		put_text(&w,
		    u->tag.n > 0 || u->replaced.n > 0 ?
		        ", and added a header, " :
		        "the header: it added ");
		put_untrusted(&w, u->added);
		put_text(&w, ", which the signature covers");
	}
	put_text(&w, u->body ? "; the body was changed too." : ".");
	cause_add_with(c, x, "header-changed", &w,
	    u->folds ? remedy_of_change(t) : NOT_IN_DNS);
}

/* The key is there, and the signature does not verify with it. */
static void
tell_mismatch(struct check *c, const struct explain *x,
    const struct sig_trial *t)
{
	struct writer w = arena_writer(&c->report->arena);
	struct undo undo = { .stopped = false };

	if (t->verdict.signer != DKIM_SIGNER_OTHER &&
	    undo_find(c, x, t, &undo)) {
		tell_undone(c, x, t, &undo);
		return;
	}
	put_text(&w, "The signature of ");
	cause_put_name(&w, t->domain);
	if (t->verdict.signer == DKIM_SIGNER_SAME) {
		put_text(&w,
		    " was made with the key in DNS, over other headers: "
		    "something has changed a signed header since");
		if (undo.stopped)
			put_text(&w,
			    " (which one is not known: the header is too long "
			    "to try all)");
		put_text(&w,
		    t->verdict.body_differs ? ", and the body too." : ".");
		cause_add_with(c, x, "header-changed", &w, remedy_of_change(t));
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
	cause_add_with(c, x, "key-replaced", &w,
	    "Publish the public half of the key that signs now, or sign with "
	    "the key that is published.");
}

static void
tell_unusable(struct check *c, const struct explain *x,
    const struct sig_trial *t)
{
	enum mailauth_finding_id fault =
	    t->verified ? t->verdict.id : t->from->fault.id;
	struct writer w = arena_writer(&c->report->arena);

	put_text(&w, "The signature of ");
	put_untrusted(&w, str_sub(t->from->sig.d, 0, 255));
	put_text(&w, " cannot be used: ");
	put_text(&w, t->why != NULL ? t->why : "see the findings");
	put_char(&w, '.');
	cause_add_with(c, x, "signature-unusable", &w,
	    fault != MAILAUTH_F_NONE && finding_row(fault)->remedy[0] != '\0' ?
	        finding_row(fault)->remedy :
	        "Correct or update what signs.");
}

/* The cause of one signature that does not pass. After verification its verdict
 * decides; before it the fault of the signature, and then the state of the
 * key. */
static void
tell_sig(struct check *c, const struct explain *x, const struct sig_trial *t)
{
	bool broken = t->verified || t->from->fault.id != MAILAUTH_F_NONE;

	if (t->copy_fault != NULL)
		tell_copy(c, x, t);
	if (t->state == SIG_PASS || t->state == SIG_NEUTRAL)
		return;
	if (t->verified && t->verdict.result == DKIM_MISMATCH)
		tell_mismatch(c, x, t);
	else if (t->verified &&
	    (t->verdict.result == DKIM_BODY ||
	        t->verdict.result == DKIM_TOO_SHORT))
		tell_changed_body(c, x, t);
	else if ((broken ? t->owner.n == 0 && t->domain.n > 0 :
	                   t->key == NULL || is_none(t->key)) &&
	    tell_full_selector(c, x, t))
		return;
	else if (broken || t->key == NULL)
		tell_unusable(c, x, t);
	else if (t->key->j.verdict == MAILAUTH_NONE)
		tell_no_key(c, x, t->owner, "The message is signed with ");
	else
		tell_bad_key(c, x, t->key);
}

/* What the receiver says. */

/* The sentence and the remedy for what a receiver gives as its reason, written
 * as the table of findings has them. */
static const struct told {
	const char *name, *text, *remedy;
} told[] = {
	[DKIM_REASON_NONE] = { "dkim-failed-there", NULL, NULL },
	[DKIM_REASON_NO_KEY] = { "wrong-selector",
	    "it found no key in DNS for the signature",
	    "compare s= of the DKIM-Signature with the selectors that are "
	    "published" },
	[DKIM_REASON_KEY_BAD] = { "key-unusable",
	    "the key in DNS could not be used",
	    "publish the whole public key of the signer" },
	[DKIM_REASON_KEY_WEAK] = { "key-unusable",
	    "the key or its algorithm is too weak for it",
	    "sign with rsa-sha256 and a key of 2048 bits" },
	[DKIM_REASON_EXPIRED] = { "signature-unusable",
	    "the signature had expired",
	    "let signatures live for some days (x=), or leave x= out" },
	[DKIM_REASON_BODY] = { "body-changed",
	    "the body was changed after signing, by a mailing list, a footer "
	    "or a scanner; key and selector are right",
	    NOT_IN_DNS },
	[DKIM_REASON_SIGNATURE] = { "key-replaced",
	    "the signature does not verify: a signed header was changed, or "
	    "the key in DNS is not the one that signs",
	    "check that the key in DNS is that of the private key in use; if "
	    "it is, look for what changes headers after signing" },
	[DKIM_REASON_LOOKUP] = { "key-not-told",
	    "the key could not be looked up there",
	    "send the message again; check that all name servers of the zone "
	    "answer" },
};

const char *
causes_reason_remedy(enum dkim_reason reason)
{
	return told[reason].remedy;
}

static void
put_receiver(struct writer *w, const struct claim *r)
{
	struct mailauth_str why = r->reason.n > 0 ? r->reason : r->comment;

	put_text(w, "The receiver says that DKIM does not pass");
	if (r->domain.n > 0) {
		put_text(w, " for ");
		put_untrusted(w, r->domain);
	}
	if (why.n > 0) {
		put_text(w, " (");
		put_untrusted(w, str_sub(why, 0, 80));
		put_char(w, ')');
	}
}

/* The cause by the receiver's reason. */
static void
tell_reason(struct check *c, const struct explain *x)
{
	const struct claim *r = x->dkim_failed;
	const struct told *t = &told[x->reason];
	struct writer w = arena_writer(&c->report->arena);
	struct mailauth_str domain;

	put_receiver(&w, r);
	put_text(&w, ": ");
	put_text(&w, t->text);
	if (x->reason == DKIM_REASON_NO_KEY && x->named_key.n > 0) {
		put_text(&w, ", ");
		put_owner(&w, x->named_key);
		put_text(&w, "; there is one now");
	} else if (x->reason == DKIM_REASON_NO_KEY &&
	    take_spf_domain(c, r->domain, &domain)) {
		put_others(c, &w, domain);
	}
	put_char(&w, '.');
	cause_add_with(c, x, t->name, &w, t->remedy);
}

/* The cause by what a spam filter says: the message was signed, and has lost its
 * signature. */
static void
tell_filter(struct check *c, const struct explain *x)
{
	static const struct {
		enum authres_word word;
		const char *says, *remedy;
	} rows[] = {
		{ AUTHRES_PASS, "the signature passed there", NULL },
		{ AUTHRES_FAIL,
		    "the signature does not verify: body or header were "
		    "changed after signing, or the key in DNS is not the one "
		    "that signs",
		    "Check that the key in DNS is that of the private key in "
		    "use; if it is, look for what changes mail after signing." },
		{ AUTHRES_PERMERROR,
		    "there is no usable key at the selector, or the signature "
		    "has a mistake",
		    "Compare s= of the DKIM-Signature with the selectors that "
		    "are published." },
		{ AUTHRES_TEMPERROR, "the key could not be looked up",
		    "Try again; if it stays so, look at the name servers of "
		    "the domain." },
	};
	const struct claim *r = x->filter_dkim;
	struct mailauth_str s = claim_property(r, STR("header"), STR("s"));
	bool rspamd = str_eq(str_of(r->of->filter), STR("X-Spamd-Result"));
	struct writer w = arena_writer(&c->report->arena);

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		if (authres_word_of(r->result) != rows[i].word)
			continue;
		put_text(&w, "The message has no signature any more. ");
		put_text(&w, rspamd ? "rspamd" : "SpamAssassin");
		put_text(&w, " of the receiver says");
		if (r->domain.n > 0) {
			put_text(&w, " of the one for ");
			put_untrusted(&w, str_sub(r->domain, 0, 100));
		}
		if (s.n > 0) {
			put_text(&w, ", selector ");
			put_untrusted(&w, str_sub(s, 0, 100));
			put_char(&w, ',');
		}
		put_text(&w, " (");
		put_text(&w, r->of->filter);
		put_text(&w, "): ");
		put_text(&w, rows[i].says);
		put_char(&w, '.');
		cause_add_with(c, x,
		    rows[i].remedy != NULL ? "dkim-failed-there" :
		                             "signature-lost",
		    &w, rows[i].remedy);
		return;
	}
}

/* The cause when the message has no signature: claims decide, if believed. */
static void
tell_claimed_dkim(struct check *c, const struct explain *x)
{
	const struct record_set *key =
	    view_as(c, MAILAUTH_KIND_DKIM, got(c, x->named_key, RRTYPE_TXT));
	const struct claim *r = x->dkim_failed;

	if (x->filter_dkim != NULL &&
	    (!explain_dkim_by_claim(x) || !x->dkim_passes || x->dkim_fails)) {
		bool gone = key != NULL && key->j.verdict == MAILAUTH_NONE &&
		    authres_word_of(x->filter_dkim->result) != AUTHRES_PASS;

		if (gone)
			tell_no_key(c, x, x->named_key,
			    "The spam filter of the receiver says that the "
			    "message was signed with ");
		else
			tell_filter(c, x);
		return;
	}
	if (!explain_dkim_by_claim(x)) {
		bool doubted = x->any_dkim && !x->above;

		cause_add_text(c, x, "unsigned",
		    doubted ?
		        "The message has no DKIM signature, and a header that "
		        "says dkim=pass: that header is not believed. It may "
		        "be forged: it is below the Received header where the "
		        "mail came in." :
		        x->any_dkim ?
		        "The message has no DKIM signature, and a header that "
		        "says dkim=pass: that header is not believed. It may "
		        "be forged; name its receiver if it is not." :
		        "The message has no DKIM signature.",
		    x->any_dkim ? "Save the message with its signature ('show "
		                  "original')." :
		                  "Sign with DKIM where the mail is sent.");
		return;
	}
	if (!x->dkim_fails || r == NULL)
		return;
	if (key != NULL && key->j.verdict == MAILAUTH_NONE &&
	    (x->reason == DKIM_REASON_NO_KEY || x->reason == DKIM_REASON_NONE))
		tell_no_key(c, x, x->named_key,
		    "The receiver says that the message was signed with ");
	else if (key != NULL && !is_usable(c, key))
		tell_bad_key(c, x, key);
	else if (x->reason != DKIM_REASON_NONE)
		tell_reason(c, x);
	else
		cause_add_text(c, x, "dkim-failed-there",
		    "The receiver says that DKIM does not pass, and the "
		    "message has no signature that could be looked at.",
		    "Check that the selector of the sender is the one in DNS, "
		    "and that the key there is that of the private key in "
		    "use.");
}

/* A spam filter says that a signature of the author's organization does not
 * pass. */
static bool
is_own_by_filter(struct check *c, const struct explain *x)
{
	const struct claim *r = x->filter_dkim;

	return r != NULL && authres_word_of(r->result) != AUTHRES_PASS &&
	    guard_same_org(c, r->domain, c->domain);
}

bool
causes_own_dkim(struct check *c, const struct explain *x)
{
	for (size_t i = 0; i < x->nsigs && i < SIGS_TOLD; i++)
		if (x->sigs[i].state != SIG_PASS && x->sigs[i].domain.n > 0 &&
		    explain_is_own(c, x->sigs[i].domain))
			return true;
	if (x->m->nsigs == 0 && is_own_by_filter(c, x))
		return true;
	return x->m->nsigs == 0 && explain_dkim_by_claim(x) && x->dkim_fails &&
	    x->dkim_failed != NULL &&
	    guard_same_org(c, x->dkim_failed->domain, c->domain);
}

void
causes_of_dkim(struct check *c, const struct explain *x)
{
	for (size_t i = 0; i < x->nsigs && i < SIGS_TOLD; i++)
		tell_sig(c, x, &x->sigs[i]);
	if (x->m->nsigs == 0 && !x->m->cut)
		tell_claimed_dkim(c, x);
}
