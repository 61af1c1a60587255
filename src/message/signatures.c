/*
 * signatures.c - verification of the signatures of a message
 * SPDX-License-Identifier: BSD-3-Clause
 */
#include "dkim/selectors.h"
#include "message/explain.h"

#include <stdlib.h>

#include "base/str.h"
#include "record/dkim.h"

/* Seconds that the clock of a signer may be ahead. */
#define CLOCK_SKEW 300

/* "altcraft._domainkey.example.com: why" */
static struct mailauth_str
sig_text(struct check *c, const struct sig_trial *t, const char *why)
{
	struct writer w = arena_writer(&c->report->arena);

	put_text(&w, "d=");
	put_untrusted(&w, str_sub(t->from->sig.d, 0, 255));
	put_text(&w, " s=");
	put_untrusted(&w, str_sub(t->from->sig.s, 0, 255));
	if (why != NULL && why[0] != '\0') {
		put_text(&w, ": ");
		put_text(&w, why);
	}
	return writer_str(&w);
}

void
sig_tell(struct check *c, const struct sig_trial *t,
    enum mailauth_finding_id id, const char *why)
{
	tell(c, NULL, id, sig_text(c, t, why));
}

/* The key of a signature is usable; otherwise set the state that follows. A
 * failed lookup is temporary; an absent or broken key is permanent. */
static bool
take_key(struct sig_trial *t)
{
	if (t->owner.n == 0) {
		t->state = SIG_PERMERROR;
		t->why = t->domain.n == 0 ? "its domain is not a valid name" :
		                            "its selector is not a valid name";
	} else if (t->key == NULL || t->key->j.verdict == MAILAUTH_TEMPERROR) {
		t->state = SIG_TEMPERROR;
		t->why = "the key could not be looked up";
	} else if (is_none(t->key)) {
		t->state = SIG_PERMERROR;
		t->why = "there is no key at its selector";
	} else if (t->key->j.verdict != MAILAUTH_VALID) {
		t->state = SIG_PERMERROR;
		t->why = "the key in DNS cannot be used";
	} else {
		return true;
	}
	return false;
}

/* Verify a signature with its key. After a mismatch dkim_verify() also says
 * whether another key made the signature. */
static void
verify(struct explain *x, struct sig_trial *t)
{
	static const enum sig_state states[] = {
		[DKIM_VERIFIED] = SIG_PASS,
		[DKIM_MISMATCH] = SIG_FAIL,
		[DKIM_BODY] = SIG_FAIL,
		[DKIM_TOO_SHORT] = SIG_FAIL,
		[DKIM_IDENTITY] = SIG_PERMERROR,
		[DKIM_KEY_UNFIT] = SIG_PERMERROR,
		[DKIM_NO_MEMORY] = SIG_TEMPERROR,
	};
	const struct message_sig *s = t->from;

	t->verdict = dkim_verify(&s->sig, s->header,
	    body_hash_get(x->m->bodies, s->body), &t->key->j.record);
	t->verified = true;
	t->state = states[t->verdict.result];
	t->why = t->verdict.what[0] != '\0' ? t->verdict.what :
	    t->verdict.result == DKIM_BODY  ? "the body was changed" :
	    t->verdict.result == DKIM_NO_MEMORY ?
	                                     "it could not be verified here" :
	    t->verdict.result != DKIM_MISMATCH ?
	                                     NULL :
	    t->verdict.signer == DKIM_SIGNER_OTHER ?
	                                     "it was made with another key" :
	    t->verdict.signer == DKIM_SIGNER_SAME ?
	                                     "a signed header was changed" :
	                                     "another key, or a changed header";
}

/* Header and key of a signature are right, and the body is not the one that was
 * signed. Say why that shows nothing of the message as it was received, if so:
 * the copy here is not all of it, or not the same. Never for a message that has
 * a body with an end, unless its receiver says that the signature passed, or a
 * provider that changes bodies seems to say so. */
static const char *
copy_fault(const struct explain *x, const struct sig_trial *t)
{
	if (x->headless && t->verdict.result == DKIM_MISMATCH)
		return "the header is cut off, so what was signed is not all "
		       "here";
	if (t->verdict.result != DKIM_BODY &&
	    t->verdict.result != DKIM_TOO_SHORT)
		return NULL;
	if (!x->m->body_text)
		return "there is no body here, so its hash cannot be compared; "
		       "the key and the signed headers are right";
	if (t->hearsay == HEARSAY_COUNTS)
		return "this copy was changed after it was received: its "
		       "receiver says that the signature passed; the key and "
		       "the signed headers are right";
	if (t->hearsay == HEARSAY_USUAL)
		return "the body was changed, and a header says that the "
		       "signature passed: it probably was changed after "
		       "receipt; the key and the signed headers are right";
	if (x->m->reshaped)
		return "this is a paste or a web page, which does not keep the "
		       "body as it was sent, so its hash cannot be compared; "
		       "the key and the signed headers are right";
	if (x->m->cut_line)
		return "the body ends inside of a line, so this copy is cut "
		       "off, and its hash cannot be compared; the key and the "
		       "signed headers are right";
	return NULL;
}

static const char *
seconds_text(struct check *c, uint64_t n, const char *what)
{
	struct writer w = arena_writer(&c->report->arena);

	put_number(&w, n);
	put_text(&w, what);
	put_char(&w, '\0');
	return w.full ? NULL : w.buf;
}

/* Compare the times of a signature with the time when the message was received,
 * so that an old message does not fail today. */
static void
look_at_time(struct check *c, struct explain *x, struct sig_trial *t)
{
	const struct dkim_sig *sig = &t->from->sig;
	uint64_t now = x->now > 0 ? (uint64_t)x->now : 0;
	uint64_t earliest = x->earliest > 0 ? (uint64_t)x->earliest : 0;
	uint64_t latest = x->latest > 0 ? (uint64_t)x->latest : 0;

	if (sig->has_x && sig->x < latest &&
	    (!x->timed || sig->x >= earliest)) {
		sig_tell(c, t, MAILAUTH_F_SIG_EXPIRY_UNKNOWN, NULL);
		if (t->state == SIG_PASS) {
			t->state = SIG_TEMPERROR;
			t->why = "it is not known whether it had expired";
		}
	} else if (sig->has_x && sig->x < now) {
		sig_tell(c, t, MAILAUTH_F_SIG_EXPIRED,
		    seconds_text(c, now - sig->x, " seconds before"));
		if (t->state == SIG_PASS) {
			t->state = SIG_FAIL;
			t->why = "it has expired";
		}
	}
	/* Later than now is later than when it was received. */
	if (sig->has_t && sig->t > latest + CLOCK_SKEW)
		sig_tell(c, t, MAILAUTH_F_SIG_FUTURE,
		    seconds_text(c, sig->t - now, " seconds later"));
}

/* Put a finding on a signature with l=, with the octets it leaves unsigned. */
static void
tell_body(struct check *c, const struct explain *x, const struct sig_trial *t)
{
	const struct body_hash *body =
	    body_hash_get(x->m->bodies, t->from->body);
	struct writer w = arena_writer(&c->report->arena);

	if (!t->from->sig.has_l)
		return;
	if (body != NULL && !body->too_short && body->beyond > 0) {
		put_number(&w, body->beyond);
		put_text(&w, " octets are not covered");
		put_char(&w, '\0');
	}
	sig_tell(c, t, MAILAUTH_F_SIG_LENGTH, w.used > 0 ? w.buf : NULL);
}

/* Judge one signature, and put findings on it. A fault in the signature itself
 * decides before its key, and the key before verification. */
static void
tell_signature(struct check *c, struct explain *x, struct sig_trial *t)
{
	const struct dkim_sig_fault *fault = &t->from->fault;

	sig_tell(c, t, MAILAUTH_F_HDR_DKIM_SELECTOR, NULL);
	t->key = t->owner.n > 0 ? dkim_key_at(c, t->owner) : NULL;
	if (t->key != NULL) {
		list_set(c, t->key);
		tell_missing(c, t->key);
	}
	if (fault->id != MAILAUTH_F_NONE) {
		t->state = SIG_PERMERROR;
		t->why = fault->what;
		sig_tell(c, t, fault->id, fault->what);
		return;
	}
	if (x->m->cut) {
		t->why = "the header is too long to look at";
		return;
	}
	tell_body(c, x, t);
	if (!take_key(t)) {
		if (t->owner.n == 0)
			sig_tell(c, t, MAILAUTH_F_SIG_SYNTAX, t->why);
		return;
	}
	verify(x, t);
	t->hearsay = claims_pass(c, x, t);
	t->copy_fault = copy_fault(x, t);
	if (t->copy_fault != NULL) {
		t->state = SIG_NEUTRAL;
		t->why = t->copy_fault;
		t->claimed = t->hearsay == HEARSAY_COUNTS;
		t->verdict.id = MAILAUTH_F_SIG_COPY;
	}
	look_at_time(c, x, t);
	/* An expired signature gets no finding that it is good. */
	if (t->verdict.id != MAILAUTH_F_SIG_OK || t->state == SIG_PASS)
		sig_tell(c, t, t->verdict.id,
		    t->verdict.id == MAILAUTH_F_SIG_OK ? NULL : t->why);
	if (t->verdict.testing)
		sig_tell(c, t, MAILAUTH_F_SIG_TESTING, NULL);
}

/* Put a finding on a selector without a key when others have one. */
static void
tell_other_selector(struct check *c, const struct record_set *key,
    struct mailauth_str domain, bool full_name)
{
	struct writer w = arena_writer(&c->report->arena);

	if (put_dkim_placed(c, &w, domain) > 0)
		tell_remedy(c, key, MAILAUTH_F_DKIM_SELECTOR_MISMATCH,
		    writer_str(&w),
		    full_name ?
		        STR("set the signer to a selector alone: s= has the "
		            "whole name of a key") :
		        STR_NONE);
}

/* No signature above this one has the same key. */
static bool
is_first(const struct explain *x, size_t i)
{
	for (size_t k = 0; k < i; k++)
		if (x->sigs[k].key == x->sigs[i].key)
			return false;
	return true;
}

void
sigs_tell(struct check *c, struct explain *x)
{
	for (size_t i = 0; i < x->nsigs; i++) {
		struct sig_trial *t = &x->sigs[i];

		tell_signature(c, x, t);
		if (is_none(t->key) && is_first(x, i))
			tell_other_selector(c, t->key, t->domain,
			    explain_full_selector(t) > 0);
	}
	if (x->named_key.n > 0) {
		struct record_set *key = dkim_key_at(c, x->named_key);

		list_set(c, key);
		tell_missing(c, key);
		if (is_none(key))
			tell_other_selector(c, key,
			    dkim_key_domain(x->named_key), false);
	}
}

/* The key that should sign. */
enum same { SAME_UNKNOWN, SAME_YES, SAME_NO };

/* The key in DNS is the one that should sign. */
static enum same
is_signer(const struct explain *x, const struct record_set *key)
{
	enum same same = SAME_UNKNOWN;
	struct key ours, theirs;
	uint8_t *room;

	if (x->signer.n == 0 || !has_record(key) ||
	    (room = malloc(DKIM_KEY_MAX)) == NULL)
		return same;
	key_decode((const uint8_t *)x->signer.s, x->signer.n, &ours);
	if (dkim_key(&key->j.record, room, &theirs))
		same = key_same(&ours, &theirs) ? SAME_YES : SAME_NO;
	free(room);
	return same;
}

/* The private key makes one of several signatures. So a mismatch counts only
 * when no signature matches, and only for signatures of the author's
 * organization if there are any. */
void
sigs_tell_signer(struct check *c, const struct explain *x)
{
	size_t yes = 0, own = 0;
	bool open = false; /* some key is unknown: it may be the one */

	for (size_t i = 0; i < x->nsigs; i++) {
		const struct record_set *key = x->sigs[i].key;

		open = open ||
		    (key != NULL && key->j.verdict == MAILAUTH_TEMPERROR);
		yes += is_signer(x, x->sigs[i].key) == SAME_YES;
		own += x->one_author && x->sigs[i].key != NULL &&
		    explain_is_own(c, x->sigs[i].domain);
	}
	for (size_t i = 0; i < x->nsigs; i++) {
		const struct record_set *key = x->sigs[i].key;
		enum same same = is_signer(x, key);

		if (same == SAME_YES)
			tell(c, key, MAILAUTH_F_DKIM_KEY_MATCH_PRIVATE,
			    STR_NONE);
		else if (same == SAME_NO && yes == 0 && !open &&
		    (own == 0 || explain_is_own(c, x->sigs[i].domain)))
			tell(c, key, MAILAUTH_F_DKIM_KEY_MISMATCH_PRIVATE,
			    STR_NONE);
	}
	if (x->named_key.n > 0) {
		const struct record_set *key = dkim_key_at(c, x->named_key);
		enum same same = is_signer(x, key);

		if (same != SAME_UNKNOWN)
			tell(c, key,
			    same == SAME_YES ?
			        MAILAUTH_F_DKIM_KEY_MATCH_PRIVATE :
			        MAILAUTH_F_DKIM_KEY_MISMATCH_PRIVATE,
			    STR_NONE);
	}
}
