/*
 * explain.c - a received message: what its authentication comes to now
 * SPDX-License-Identifier: BSD-3-Clause
 */
#include "check/explain.h"

#include <stdlib.h>
#include <time.h>

#include "base/dname.h"
#include "base/str.h"
#include "check/dmarc_tell.h"
#include "check/prepare.h"
#include "record/date.h"
#include "record/dkim.h"
#include "record/mailbox.h"

/* A clock that is this far ahead is no fault of the signer (seconds). */
#define CLOCK_SKEW 300

const struct spf_trial *
explain_spf(const struct check *c)
{
	return c->spf != NULL && c->spf->ntrials > 0 ? &c->spf->trials[0] :
	                                               NULL;
}

bool
explain_dkim_by_claim(const struct explain *x)
{
	return x->m->nsigs == 0 && x->any_dkim &&
	    (!x->dkim_passes || !x->whole || x->request->nauthserv_ids > 0);
}

bool
explain_spf_known(const struct check *c)
{
	const struct spf_trial *t = explain_spf(c);

	return t != NULL && t->outcome.result != SPF_RESULT_PENDING &&
	    t->outcome.result != SPF_RESULT_TEMPERROR;
}

/* From message to names. */

static struct mailauth_str
keep(struct check *c, struct mailauth_str s)
{
	return s.n > 0 ? arena_copy(&c->report->arena, s) : STR_NONE;
}

/* The domain in From. One author domain is needed, however many addresses it
 * has (RFC 9989 5.3.2). */
static void
take_author(struct check *c, struct explain *x)
{
	size_t fields = 0;
	bool bad = false;

	for (size_t i = 0; i < x->m->nfields; i++) {
		struct mailauth_str list = x->m->fields[i].value, domain;
		struct writer w = arena_writer(&c->report->arena);
		struct mailbox box;

		if (!str_ieq(x->m->fields[i].name, STR("From")))
			continue;
		fields++;
		while (mailbox_next(&list, &w, &box)) {
			w = arena_writer(&c->report->arena);
			if (!box.good || box.literal ||
			    !take_spf_domain(c, box.domain, &domain) ||
			    (c->domain.n > 0 && !str_eq(c->domain, domain))) {
				bad = true;
				break;
			}
			if (c->domain.n == 0)
				x->report->from = keep(c, box.addr);
			c->domain = domain;
		}
	}
	x->one_author = fields == 1 && !bad && c->domain.n > 0;
}

/* A reverse address, from wherever it is known. */
static bool
take_reverse(struct check *c, struct explain *x, struct mailauth_str text,
    const char *source)
{
	struct explain_report *r = x->report;
	struct writer w = arena_writer(&c->report->arena);
	struct mailbox box;

	if (r->mail_from_source != NULL || text.n == 0)
		return false;
	if (str_find(text, '@') == text.n && text.s[0] != '<') {
		/* A domain alone. */
		r->mail_from = keep(c, text);
		if (!take_spf_domain(c, text, &x->mail_from_domain))
			x->mail_from_domain = STR_NONE;
	} else if (mailbox_next(&text, &w, &box) && (box.good || box.null)) {
		r->mail_from = keep(c, box.addr);
		r->null_mail_from = box.null;
		if (!box.good ||
		    !take_spf_domain(c, box.domain, &x->mail_from_domain))
			x->mail_from_domain = STR_NONE;
	} else {
		return false;
	}
	r->has_mail_from = true;
	r->mail_from_source = source;
	return true;
}

static void
take_envelope(struct check *c, struct explain *x)
{
	struct explain_report *r = x->report;

	take_reverse(c, x, str_of(x->request->mail_from), "--mail-from");
	for (size_t i = 0; i < x->m->nfields; i++)
		if (str_ieq(x->m->fields[i].name, STR("Return-Path")) &&
		    take_reverse(c, x, str_trim(x->m->fields[i].value),
		        "Return-Path"))
			break;
	if (x->spf != NULL)
		take_reverse(c, x,
		    claim_property(x->spf, STR("smtp"), STR("mailfrom")),
		    "smtp.mailfrom");
	take_reverse(c, x, r->received_spf_domain, "Received-SPF");
}

/* Where SPF cannot be tried, it is about what the receiver's result is. */
static void
take_claimed_spf(struct check *c, struct explain *x)
{
	struct mailauth_str domain;

	if (x->spf != NULL && take_spf_domain(c, x->spf->domain, &domain))
		x->spf_domain = domain;
}

/* SPF can be tried with an address and a domain: of the reverse address, or,
 * when that is empty, of HELO (RFC 7208 2.4). */
static bool
take_spf(struct check *c, struct explain *x)
{
	struct explain_report *r = x->report;
	struct spf_macro_values *v;
	struct spf_trial *t;
	size_t at;

	c->spf = spf_check_new(c, 1);
	if (c->spf == NULL)
		return false;
	c->spf->traced = false;
	x->spf_domain = x->mail_from_domain;
	if (r->null_mail_from && r->helo.n > 0 &&
	    !take_spf_domain(c, r->helo, &x->spf_domain))
		x->spf_domain = STR_NONE;
	if (x->ip.family == 0 || x->spf_domain.n == 0) {
		take_claimed_spf(c, x);
		return true;
	}
	t = spf_check_add(c->spf, &x->ip);
	t->query.domain = x->spf_domain;
	v = &t->query.values;
	if (r->helo.n > 0)
		v->helo = r->helo;
	v->sender_domain = dname_plain(&c->report->arena, t->query.domain);
	for (at = r->mail_from.n; at > 0 && r->mail_from.s[at - 1] != '@';)
		at--;
	if (at > 1 && !r->null_mail_from)
		v->local = str_sub(r->mail_from, 0, at - 1);
	return true;
}

static void
take_signatures(struct check *c, struct explain *x)
{
	for (size_t i = 0; i < x->nsigs; i++) {
		struct sig_trial *t = &x->sigs[i];
		const struct dkim_sig *sig;
		bool underscore;

		t->from = &x->m->sigs[i];
		sig = &t->from->sig;
		t->state = SIG_NEUTRAL;
		if (!take_spf_domain(c, sig->d, &t->domain))
			t->domain = STR_NONE;
		if (t->domain.n > 0 && sig->s.n > 0 &&
		    dkim_selector_ok(sig->s, &underscore))
			t->owner = name_below(c, sig->s,
			    name_below(c, STR("_domainkey"), t->domain));
	}
}

/* Domains that believed results are about. */
static void
take_claimed(struct check *c, struct explain *x)
{
	struct mailauth_str domain;

	if (x->spf != NULL && take_spf_domain(c, x->spf->domain, &domain))
		x->claimed_spf = domain;
	for (const struct claims *h = x->report->claims; h != NULL; h = h->next)
		for (const struct claim *r = h->results;
		     h->trusted && r != NULL; r = r->next)
			if (claim_is(r, STR("dkim")) &&
			    (authres_word_of(r->result) == AUTHRES_PASS ||
			        authres_word_of(r->result) ==
			            AUTHRES_TEMPERROR) &&
			    x->nclaimed < MESSAGE_SIGS_MAX &&
			    take_spf_domain(c, r->domain, &domain))
				x->claimed[x->nclaimed++] =
				    (struct claimed){ domain,
					    authres_word_of(r->result) ==
					        AUTHRES_PASS };
}

/* Without a signature there may be a result that names the key. */
static void
take_named_key(struct check *c, struct explain *x)
{
	for (const struct claims *h = x->report->claims; h != NULL; h = h->next)
		for (const struct claim *r = h->results;
		     h->trusted && r != NULL; r = r->next) {
			struct mailauth_str s, d, domain;
			bool underscore;

			s = claim_property(r, STR("header"), STR("s"));
			d = claim_property(r, STR("header"), STR("d"));
			if (!claim_is(r, STR("dkim")) || x->nsigs > 0 ||
			    x->named_key.n > 0 || s.n == 0 ||
			    !dkim_selector_ok(s, &underscore) ||
			    !take_spf_domain(c, d.n > 0 ? d : r->domain,
			        &domain))
				continue;
			x->named_key = name_below(c, s,
			    name_below(c, STR("_domainkey"), domain));
		}
}

/* When the message was received: signatures may have expired since. */
static void
take_time(struct explain *x)
{
	x->now = (int64_t)time(NULL);
	for (size_t i = 0; i < x->m->nfields; i++) {
		struct mailauth_str value = x->m->fields[i].value;
		struct lexer at = lexer_of(value);

		if (!str_ieq(x->m->fields[i].name, STR("Received")))
			continue;
		lex_seek(&at, ';');
		if (date_parse(str_from(value, at.at + 1), &x->now))
			return;
	}
}

static enum mailauth_status
take_given(struct check *c, struct explain *x, char *why)
{
	const struct mailauth_explain_request *q = x->request;

	if (q->helo != NULL)
		x->report->helo =
		    arena_copy(&c->report->arena, str_of(q->helo));
	if (q->ip == NULL)
		return MAILAUTH_OK;
	if (!addr_parse(str_of(q->ip), &x->ip))
		return refuse(why, q->ip, "it is no IP address");
	x->report->ip_source = "--ip";
	return MAILAUTH_OK;
}

static enum mailauth_status
prepare(struct check *c, const void *request, char *why)
{
	const struct mailauth_explain_request *q = request;
	struct mailauth_report *r = c->report;
	struct explain *x = arena_alloc(&r->arena, sizeof(*x));
	enum mailauth_status status;

	r->scope.profile = q->profile;
	r->scope.allow_documentation = q->allow_documentation;
	c->stranger = make_stranger(c);
	if (x == NULL ||
	    (x->report = arena_alloc(&r->arena, sizeof(*x->report))) == NULL)
		return MAILAUTH_ENOMEM;
	c->explain = x;
	r->explain = x->report;
	x->request = q;
	x->m = q->message;
	take_time(x);
	x->nsigs = x->m->nsigs;
	x->sigs = arena_alloc(&r->arena, (x->nsigs + 1) * sizeof(*x->sigs));
	c->dmarc = dmarc_check_new(c, MESSAGE_SIGS_MAX + 1);
	if (x->sigs == NULL || c->dmarc == NULL)
		return MAILAUTH_ENOMEM;
	status = take_given(c, x, why);
	if (status != MAILAUTH_OK)
		return status;
	claims_read(c, x);
	take_author(c, x);
	take_envelope(c, x);
	if (str_of(q->mail_from).n > 0 &&
	    (x->report->mail_from_source == NULL ||
	        strcmp(x->report->mail_from_source, "--mail-from") != 0))
		return refuse(why, q->mail_from, "it is no address");
	take_signatures(c, x);
	take_claimed(c, x);
	take_named_key(c, x);
	if (!take_spf(c, x))
		return MAILAUTH_ENOMEM;
	r->domain =
	    str_sub(c->domain, 0, c->domain.n > 0 ? c->domain.n - 1 : 0);
	c->org = c->domain.n > 0 ? org_domain(c->orgs, c->domain) : STR_NONE;
	return r->arena.failed ? MAILAUTH_ENOMEM : MAILAUTH_OK;
}

/* Asking. */

static struct item *
key_at(struct check *c, struct mailauth_str owner)
{
	return view_as(c, MAILAUTH_KIND_DKIM, got(c, owner, RRTYPE_TXT));
}

static bool
lacks_key(const struct item *item)
{
	return item != NULL && item->j.verdict == MAILAUTH_NONE;
}

/* Keys at other selectors, where that of a signature is not there. */
static void
ask_other_keys(struct check *c, struct mailauth_str domain)
{
	struct mailauth_str owner;

	for (size_t i = 0; (owner = dkim_common_owner(c, domain, i)).n > 0; i++)
		want(c, owner, RRTYPE_TXT);
}

static void
ask_keys(struct check *c, struct explain *x)
{
	bool others = false;

	for (size_t i = 0; i < x->nsigs; i++) {
		struct sig_trial *t = &x->sigs[i];

		if (t->owner.n == 0)
			continue;
		want(c, t->owner, RRTYPE_TXT);
		if (lacks_key(key_at(c, t->owner)) && !others) {
			ask_other_keys(c, t->domain);
			others = true;
		}
	}
	want(c, x->named_key, RRTYPE_TXT);
	if (lacks_key(key_at(c, x->named_key)))
		ask_other_keys(c, dkim_key_domain(x->named_key));
}

/* The walks of the identifiers that can be aligned. */
static void
ask_identifiers(struct check *c, struct explain *x)
{
	const struct spf_trial *t = explain_spf(c);
	struct dmarc_walk walk;

	dmarc_walk(c, c->domain, &walk);
	for (size_t i = 0; i < x->nsigs; i++)
		dmarc_want_aligned(c, &walk, x->sigs[i].domain);
	for (size_t i = 0; i < x->nclaimed && x->nsigs == 0; i++)
		dmarc_want_aligned(c, &walk, x->claimed[i].domain);
	dmarc_want_aligned(c, &walk,
	    t != NULL ? t->query.domain : x->claimed_spf);
}

static void
ask(struct check *c)
{
	struct explain *x = c->explain;

	ask_keys(c, x);
	if (c->spf->ntrials > 0) {
		want(c, c->spf->trials[0].query.domain, RRTYPE_TXT);
		spf_check_ask(c, c->spf);
	} else if (x->spf != NULL && x->spf_word != AUTHRES_PASS) {
		want(c, x->spf_domain, RRTYPE_TXT);
	}
	if (!x->one_author)
		return;
	want(c, c->domain, RRTYPE_TXT);
	dmarc_check_ask(c, c->dmarc);
	ask_identifiers(c, x);
}

/* Signatures. */

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

static void
tell_sig(struct check *c, const struct sig_trial *t,
    enum mailauth_finding_id id, const char *why)
{
	tell(c, NULL, id, sig_text(c, t, why));
}

/* The key is not there, or cannot be told, or used. */
static bool
take_key(struct sig_trial *t)
{
	if (t->owner.n == 0) {
		t->state = SIG_PERMERROR;
		t->why = t->domain.n == 0 ? "its domain is no name" :
		                            "its selector is no name";
	} else if (t->key == NULL || t->key->j.verdict == MAILAUTH_TEMPERROR) {
		t->state = SIG_TEMPERROR;
		t->why = "the key could not be looked up";
	} else if (lacks_key(t->key)) {
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
	    t->verdict.result != DKIM_MISMATCH ?
	                                     NULL :
	    t->verdict.signer == DKIM_SIGNER_OTHER ?
	                                     "it was made with another key" :
	    t->verdict.signer == DKIM_SIGNER_SAME ?
	                                     "a signed header was changed" :
	                                     "another key, or a changed header";
}

/* Its time: when the message was received, as far as it says. */
static void
look_at_time(struct check *c, struct explain *x, struct sig_trial *t)
{
	const struct dkim_sig *sig = &t->from->sig;
	uint64_t now = x->now > 0 ? (uint64_t)x->now : 0;

	if (sig->has_x && sig->x < now) {
		tell_sig(c, t, MAILAUTH_F_SIG_EXPIRED, NULL);
		if (t->state == SIG_PASS) {
			t->state = SIG_FAIL;
			t->why = "it has expired";
		}
	}
	if (sig->has_t && sig->t > now + CLOCK_SKEW)
		tell_sig(c, t, MAILAUTH_F_SIG_FUTURE, NULL);
}

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
	tell_sig(c, t, MAILAUTH_F_SIG_LENGTH, w.used > 0 ? w.buf : NULL);
}

static void
tell_signature(struct check *c, struct explain *x, struct sig_trial *t)
{
	const struct dkim_sig_fault *fault = &t->from->fault;

	tell_sig(c, t, MAILAUTH_F_HDR_DKIM_SELECTOR, NULL);
	t->key = t->owner.n > 0 ? key_at(c, t->owner) : NULL;
	if (t->key != NULL) {
		list_item(c, t->key);
		tell_missing(c, t->key);
	}
	if (fault->id != MAILAUTH_F_NONE) {
		t->state = SIG_PERMERROR;
		t->why = fault->what;
		tell_sig(c, t, fault->id, fault->what);
		return;
	}
	if (x->m->cut) {
		t->why = "the header is too long to look at";
		return;
	}
	tell_body(c, x, t);
	if (!take_key(t)) {
		if (t->owner.n == 0)
			tell_sig(c, t, MAILAUTH_F_SIG_SYNTAX, t->why);
		return;
	}
	verify(x, t);
	look_at_time(c, x, t);
	/* One that has expired is not called good. */
	if (t->verdict.id != MAILAUTH_F_SIG_OK || t->state == SIG_PASS)
		tell_sig(c, t, t->verdict.id,
		    t->verdict.id == MAILAUTH_F_SIG_OK ? NULL : t->why);
	if (t->verdict.testing)
		tell_sig(c, t, MAILAUTH_F_SIG_TESTING, NULL);
}

static void
tell_other_selector(struct check *c, const struct item *key,
    struct mailauth_str domain)
{
	struct mailauth_str owner;

	for (size_t i = 0; (owner = dkim_common_owner(c, domain, i)).n > 0; i++)
		if (is_placed(key_at(c, owner))) {
			tell(c, key, MAILAUTH_F_DKIM_SELECTOR_MISMATCH,
			    dkim_selector(owner));
			return;
		}
}

static void
tell_signatures(struct check *c, struct explain *x)
{
	bool others = false;

	for (size_t i = 0; i < x->nsigs; i++) {
		struct sig_trial *t = &x->sigs[i];

		tell_signature(c, x, t);
		if (!others && lacks_key(t->key)) {
			tell_other_selector(c, t->key, t->domain);
			others = true;
		}
	}
	if (x->named_key.n > 0) {
		struct item *key = key_at(c, x->named_key);

		list_item(c, key);
		tell_missing(c, key);
		if (lacks_key(key))
			tell_other_selector(c, key,
			    dkim_key_domain(x->named_key));
	}
}

/* SPF. */

static void
tell_spf(struct check *c, struct explain *x)
{
	struct item *item =
	    view_as(c, MAILAUTH_KIND_SPF, got(c, x->spf_domain, RRTYPE_TXT));

	list_item(c, item);
	tell_missing(c, item);
	spf_check_tell(c, c->spf);
}

/* DMARC. */

static void
add_id(struct check *c, bool spf, struct mailauth_str domain,
    struct mailauth_str text)
{
	dmarc_check_add(c->dmarc,
	    (struct dmarc_identifier){ spf, domain, keep(c, text) });
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

/* Could an identifier that is not known to pass be aligned? */
static bool
may_align(struct check *c, bool spf, struct mailauth_str domain)
{
	struct dmarc_alignment a;

	align(c, spf, domain, &a);
	return a.aligned[DMARC_9989] != DMARC_ALIGNED_NOT;
}

/* Is it of the author's organization? Without a policy RFC 9989 knows none. */
static bool
is_own(struct check *c, struct mailauth_str domain)
{
	struct dmarc_alignment a;

	align(c, false, domain, &a);
	return a.aligned[DMARC_9989] != DMARC_ALIGNED_NOT ||
	    a.aligned[DMARC_7489] != DMARC_ALIGNED_NOT;
}

/* The key that signs is given. */
enum same { SAME_UNKNOWN, SAME_YES, SAME_NO };

/* Is it the one in DNS? */
static enum same
is_signer(const struct explain *x, const struct item *key)
{
	const struct mailauth_explain_request *q = x->request;
	enum same same = SAME_UNKNOWN;
	struct key ours, theirs;
	uint8_t *room;

	if (q->dkim_key_len == 0 || !has_record(key) ||
	    (room = malloc(DKIM_KEY_MAX)) == NULL)
		return same;
	key_decode(q->dkim_key, q->dkim_key_len, &ours);
	if (dkim_key(&key->j.record, room, &theirs))
		same = key_same(&ours, &theirs) ? SAME_YES : SAME_NO;
	free(room);
	return same;
}

/* One key makes one of several signatures: it need not be that of the others,
 * nor of those of other domains. */
static void
tell_signer(struct check *c, const struct explain *x)
{
	size_t yes = 0, own = 0;

	for (size_t i = 0; i < x->nsigs; i++) {
		yes += is_signer(x, x->sigs[i].key) == SAME_YES;
		own += x->one_author && x->sigs[i].key != NULL &&
		    is_own(c, x->sigs[i].domain);
	}
	for (size_t i = 0; i < x->nsigs; i++) {
		const struct item *key = x->sigs[i].key;
		enum same same = is_signer(x, key);

		if (same == SAME_YES)
			tell(c, key, MAILAUTH_F_DKIM_KEY_MATCH_PRIVATE,
			    STR_NONE);
		else if (same == SAME_NO && yes == 0 &&
		    (own == 0 || is_own(c, x->sigs[i].domain)))
			tell(c, key, MAILAUTH_F_DKIM_KEY_MISMATCH_PRIVATE,
			    STR_NONE);
	}
	if (x->named_key.n > 0) {
		const struct item *key = key_at(c, x->named_key);
		enum same same = is_signer(x, key);

		if (same != SAME_UNKNOWN)
			tell(c, key,
			    same == SAME_YES ?
			        MAILAUTH_F_DKIM_KEY_MATCH_PRIVATE :
			        MAILAUTH_F_DKIM_KEY_MISMATCH_PRIVATE,
			    STR_NONE);
	}
}

/* What passes: signatures that were recomputed, or else what is claimed. */
static void
collect_dkim(struct check *c, struct explain *x)
{
	x->report->dkim_source = x->m->nsigs > 0 ? "recomputed" :
	    explain_dkim_by_claim(x)             ? "reported" :
	                                           "none";
	for (size_t i = 0; i < x->nsigs; i++) {
		const struct sig_trial *t = &x->sigs[i];

		if (t->state == SIG_PASS)
			add_id(c, false, t->domain, t->from->sig.d);
		else if ((t->state == SIG_TEMPERROR ||
		             t->state == SIG_NEUTRAL) &&
		    may_align(c, false, t->domain))
			c->dmarc->open_dkim = true;
	}
	if (x->m->more_sigs > 0 || x->m->cut)
		c->dmarc->open_dkim = true;
	for (size_t i = 0; i < x->nclaimed && explain_dkim_by_claim(x); i++) {
		const struct claimed *claimed = &x->claimed[i];

		if (claimed->passes)
			add_id(c, false, claimed->domain,
			    str_sub(claimed->domain, 0, claimed->domain.n - 1));
		else if (may_align(c, false, claimed->domain))
			c->dmarc->open_dkim = true;
	}
}

static void
collect_spf(struct check *c, struct explain *x)
{
	const struct spf_trial *t = explain_spf(c);
	struct explain_report *r = x->report;

	r->spf_source = "none";
	if (explain_spf_known(c)) {
		r->spf_source = "recomputed";
		if (t->outcome.result == SPF_RESULT_PASS)
			add_id(c, true, t->query.domain,
			    str_sub(t->query.domain, 0, t->query.domain.n - 1));
	} else if (t == NULL && x->spf != NULL &&
	    x->spf_word != AUTHRES_TEMPERROR && x->spf_word != AUTHRES_OTHER) {
		r->spf_source = "reported";
		if (x->spf_word == AUTHRES_PASS)
			add_id(c, true, x->claimed_spf, x->spf->domain);
	} else if (x->spf_domain.n == 0 ?
	        !r->has_mail_from || (r->null_mail_from && r->helo.n == 0) :
	        may_align(c, true, x->spf_domain)) {
		c->dmarc->open_spf = true;
	}
}

/* The author's domain has nothing of its own: no policy, and no signature that
 * is aligned. */
static void
tell_author(struct check *c, struct explain *x)
{
	struct item *spf =
	    view_as(c, MAILAUTH_KIND_SPF, got(c, c->domain, RRTYPE_TXT));
	const struct dmarc_found *f = &c->dmarc->found[DMARC_9989];

	for (size_t i = 0; i < x->nsigs; i++)
		if (x->sigs[i].key != NULL &&
		    x->sigs[i].key->j.verdict != MAILAUTH_NONE &&
		    is_own(c, x->sigs[i].domain))
			return;
	for (size_t i = 0; i < c->dmarc->nids; i++)
		if (!c->dmarc->ids[i].spf && is_own(c, c->dmarc->ids[i].domain))
			return;
	if (f->state != DMARC_NOWHERE || f->item != NULL || x->m->cut)
		return;
	tell(c, NULL, MAILAUTH_F_ALIGN_FROM_NOT_CONFIGURED,
	    shown(c, c->report->domain));
	list_item(c, spf);
	tell_missing(c, spf);
}

/* The policy is reject, and this message has no signature of the author's. */
static void
tell_reject(struct check *c, const struct explain *x)
{
	const struct dmarc_found *f = &c->dmarc->found[DMARC_9989];

	if (f->state != DMARC_APPLIES || f->policy != DMARC_REJECT ||
	    dmarc_check_aligned(c->dmarc, false) || c->dmarc->open_dkim ||
	    explain_dkim_by_claim(x))
		return;
	for (size_t i = 0; i < x->nsigs; i++)
		if (may_align(c, false, x->sigs[i].domain) &&
		    is_usable(c, x->sigs[i].key))
			return;
	tell(c, f->item, MAILAUTH_F_DMARC_REJECT_NEEDS_DKIM,
	    STR("of the author's in this message"));
}

static void
tell_dmarc(struct check *c, struct explain *x)
{
	collect_dkim(c, x);
	collect_spf(c, x);
	c->dmarc->judged = true;
	dmarc_check_decide(c, c->dmarc);
	dmarc_tell_policy(c, &c->dmarc->walk, c->dmarc->found);
	tell_author(c, x);
	tell_reject(c, x);
	dmarc_check_tell(c, c->dmarc);
	dmarc_check_report(c, c->dmarc);
}

/* BIMI: what the sender signs. A signature that could not be verified may
 * pass elsewhere. */
static bool
may_pass_aligned(struct check *c, const struct explain *x,
    const struct sig_trial *t)
{
	return x->one_author && may_align(c, false, t->domain) &&
	    (t->state == SIG_PASS || t->state == SIG_TEMPERROR ||
	        t->state == SIG_NEUTRAL);
}

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
				tell_sig(c, t, MAILAUTH_F_BIMI_SENDER_HEADERS,
				    receivers[k].s);
			}
		}
	}
	if (selector && !covered)
		tell(c, NULL, MAILAUTH_F_BIMI_HEADER_UNSIGNED, STR_NONE);
}

/* Mail that authenticates and is taken for spam all the same. */
static void
tell_advice(struct check *c, const struct explain *x)
{
	const struct scores *s = &x->scores;
	bool passes = x->dmarc_word == AUTHRES_PASS ||
	    (x->one_author &&
	        c->dmarc->result[DMARC_9989] == DMARC_RESULT_PASS);
	bool spam,
	    bad = (claims_spam(s, &spam) && spam) ||
	    (s->scl.known && s->scl.value >= 5) ||
	    (s->bcl.known && s->bcl.value >= 8);

	if (passes && bad)
		tell(c, NULL, MAILAUTH_F_ADVICE_CONTENT, STR_NONE);
}

/* The report. */

static struct sig_report *
report_sig(struct check *c, const struct explain *x, const struct sig_trial *t)
{
	static const char *const names[] = {
		[SIG_PASS] = "pass",
		[SIG_FAIL] = "fail",
		[SIG_PERMERROR] = "permerror",
		[SIG_TEMPERROR] = "temperror",
		[SIG_NEUTRAL] = "neutral",
	};
	const struct dkim_sig *sig = &t->from->sig;
	const struct body_hash *body =
	    body_hash_get(x->m->bodies, t->from->body);
	struct sig_report *r = arena_alloc(&c->report->arena, sizeof(*r));

	if (r == NULL)
		return NULL;
	r->domain = keep(c, sig->d);
	r->selector = keep(c, sig->s);
	r->identity = keep(c, sig->i);
	r->algorithm = keep(c, sig->a);
	r->result = names[t->state];
	r->why = t->why;
	r->has_l = sig->has_l;
	if (t->key != NULL) {
		r->key = name_verdict(item_verdict(c->report, t->key));
		r->dnssec = name_dnssec(t->key->answer->dnssec);
	}
	if (body != NULL && !x->m->cut) {
		r->body = body->too_short ||
		        memcmp(body->hash, sig->body_hash, DKIM_HASH) != 0 ?
		    "changed" :
		    "same";
		r->unsigned_octets = body->beyond;
	}
	return r;
}

static void
report_spf(struct check *c, const struct explain *x)
{
	const struct spf_trial *t = explain_spf(c);
	struct explain_report *r = x->report;

	if (t == NULL) {
		r->spf_why = x->ip.family == 0 ?
		    "no sending address is known: give it with --ip" :
		    r->has_mail_from ?
		    "the reverse address has no domain that SPF can check" :
		    "no reverse address is known: give it with --mail-from";
		return;
	}
	r->spf_result = spf_result_name(
	    t->outcome.result == SPF_RESULT_PENDING ? SPF_RESULT_TEMPERROR :
	                                              t->outcome.result);
	r->spf_domain = str_sub(t->query.domain, 0, t->query.domain.n - 1);
	r->spf_why = t->outcome.why;
	r->spf_dnssec = name_dnssec(t->outcome.dnssec);
}

static void
report(struct check *c, struct explain *x)
{
	struct explain_report *r = x->report;
	struct sig_report **end = &r->sigs;

	if (x->ip.family != 0)
		r->ip = addr_text(c, &x->ip);
	r->nsigs = x->m->nsigs + x->m->more_sigs;
	r->fields = x->m->nfields;
	r->body_octets = x->m->body_octets;
	for (size_t i = 0; i < x->nsigs; i++) {
		*end = report_sig(c, x, &x->sigs[i]);
		if (*end == NULL)
			return;
		end = &(*end)->next;
	}
	report_spf(c, x);
}

/* What was left out. */
static void
tell_limits(struct check *c, const struct explain *x)
{
	struct writer w = arena_writer(&c->report->arena);

	if (x->m->junk)
		tell(c, NULL, MAILAUTH_F_HDR_SYNTAX, STR_NONE);
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
	if (c->limited)
		tell(c, NULL, MAILAUTH_F_LIMIT_REACHED, STR("lookups"));
}

static void
tell_explain(struct check *c)
{
	struct explain *x = c->explain;

	tell_validation(c);
	tell_limits(c, x);
	claims_tell(c, x);
	tell_signatures(c, x);
	tell_signer(c, x);
	tell_spf(c, x);
	if (x->one_author)
		tell_dmarc(c, x);
	else
		tell(c, NULL,
		    x->m->cut && c->domain.n == 0 ?
		        MAILAUTH_F_DMARC_TEMPERROR :
		        MAILAUTH_F_DMARC_MULTIPLE_FROM,
		    x->m->cut && c->domain.n == 0 ? STR_NONE :
		        x->report->from.n > 0     ? STR("it has several") :
		                                    STR("it has none"));
	tell_bimi(c, x);
	claims_compare(c, x);
	tell_advice(c, x);
	report(c, x);
	causes_tell(c, x);
}

static const struct subject subject_explain = { 0, ask, tell_explain };
static const struct subject *const subjects[] = { &subject_explain,
	&subject_chains };

const struct job job_explain = { subjects, 2, prepare };
