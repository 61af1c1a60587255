/*
 * dkim.c - DKIM keys of a domain, DomainKeys policy, ADSP
 * SPDX-License-Identifier: BSD-3-Clause
 */
#include <stdlib.h>

#include "base/dname.h"
#include "base/str.h"
#include "dkim/selectors.h"
#include "domain/domain.h"
#include "domain/providers.h"
#include "record/adsp.h"
#include "record/dkim.h"
#include "record/txt.h"
#include "sys/clock.h"

/* Selectors of which the key is looked for at a wrong name, at most. */
#define MISPLACED_MAX 4

/* Seconds of a day, and the age after which a key should be rotated. */
#define DAY         ((int64_t)24 * 3600)
#define KEY_AGE_MAX (183 * DAY)

/* Owner of the key at selector `i` of those that nobody named; STR_NONE behind
 * the last. */
static struct mailauth_str
guess_owner(const struct domain_check *dc, size_t i)
{
	return i < dc->nguesses ? dc->guesses[i].owner : STR_NONE;
}

static struct mailauth_str
node(struct check *c)
{
	return name_below(c, STR("_domainkey"), c->domain);
}

static struct mailauth_str
adsp_name(struct check *c)
{
	return name_below(c, STR("_adsp"), node(c));
}

static void
add_guess(struct check *c, struct domain_check *dc, struct mailauth_str text)
{
	struct guess *g = &dc->guesses[dc->nguesses];

	for (size_t i = 0; i < dc->nguesses; i++)
		if (str_eq(dc->guesses[i].text, text))
			return;
	if (text.n == 0 || dc->nguesses == GUESSES_MAX)
		return;
	g->text = text;
	g->owner = name_below(c, text, node(c));
	dc->nguesses += g->owner.n > 0;
}

/* Guess selectors: common ones, and those of the providers that answers
 * show. */
static void
guess(struct check *c, struct domain_check *dc)
{
	uint64_t shown = providers_shown(c);
	const struct provider *p;

	for (size_t i = dc->nguesses; i < DKIM_COMMON; i++)
		add_guess(c, dc, dkim_common(i));
	while ((p = provider_next(&shown)) != NULL) {
		struct mailauth_str rest = str_of(p->selectors), word;

		while ((word = str_word(&rest)).n > 0)
			add_guess(c, dc, word);
	}
}

/* Policies of DomainKeys and ADSP are historic: the guide looks at them, and a
 * check that names them among its kinds. */
static bool
looks_at_policies(const struct check *c, const struct domain_check *dc)
{
	const uint32_t policies =
	    1u << MAILAUTH_KIND_DOMAINKEYS | 1u << MAILAUTH_KIND_ADSP;

	return c->report->scope.profile == MAILAUTH_PROFILE_GUIDE ||
	    (dc->request->only & policies) != 0;
}

/* Ask for keys at the given selectors, and at guessed ones when no selector is
 * given or one has no key: the key may be at another selector. */
static void
ask(struct check *c, void *self)
{
	struct domain_check *dc = self;
	bool probe = dc->nselectors == 0;

	want(c, node(c), RRTYPE_TXT);
	if (looks_at_policies(c, dc))
		want(c, adsp_name(c), RRTYPE_TXT);
	want(c, name_below(c, STR("_dmarc"), c->domain), RRTYPE_TXT);
	for (size_t i = 0; i < dc->nselectors; i++) {
		struct lookup *l = want(c, dc->selectors[i].owner, RRTYPE_TXT);
		const struct record_set *set =
		    dkim_key_at(c, dc->selectors[i].owner);

		probe = probe || is_none(set);
		if (is_none(set) && i < MISPLACED_MAX)
			want(c, name_below(c, dc->selectors[i].text, c->domain),
			    RRTYPE_TXT);
		/* The name exists: the key may be there as another type. */
		if (is_done(l) && l->answer.outcome == MAILAUTH_NODATA) {
			want(c, dc->selectors[i].owner, RRTYPE_CERT);
			want(c, dc->selectors[i].owner, RRTYPE_DNSKEY);
		}
	}
	if (probe) {
		guess(c, dc);
		want(c, c->domain, RRTYPE_TXT);
	}
	for (size_t i = 0; i < dc->nguesses; i++)
		want(c, guess_owner(dc, i), RRTYPE_TXT);
}

static void
tell_history(struct check *c, const struct domain_check *dc,
    const struct record_set *set, struct key_seen *seen)
{
	const struct mailauth_request *q = dc->request;
	int64_t now = clock_utc();

	for (size_t i = 0; i < q->nhistory; i++) {
		const struct mailauth_key_history *h = &q->history[i];
		struct writer w = arena_writer(&c->report->arena);
		int64_t age = now - h->first_seen;

		if (strcmp(h->name, seen->name) != 0 ||
		    strcmp(h->sha256, seen->sha256) != 0)
			continue;
		seen->first_seen = h->first_seen;
		if (age <= KEY_AGE_MAX)
			continue;
		put_text(&w, "first seen ");
		put_number(&w, (uint64_t)age / DAY);
		put_text(&w, " days ago");
		tell(c, set, MAILAUTH_F_DKIM_KEY_OLD, writer_str(&w));
	}
}

/* List the key in the report, and compare it with earlier keys of this report
 * and with the history of the request. */
static void
remember_key(struct check *c, const struct domain_check *dc,
    const struct record_set *set, const struct key *key)
{
	struct mailauth_report *r = c->report;
	struct key_seen *seen = arena_alloc(&r->arena, sizeof(*seen));
	struct mailauth_str name = arena_copy(&r->arena, set->answer->name);
	struct writer w;
	uint8_t digest[32];

	if (seen == NULL || name.s == NULL)
		return;
	seen->set = set;
	key_fingerprint(key, digest);
	w = writer_of(seen->sha256, sizeof(seen->sha256));
	for (size_t i = 0; i < sizeof(digest); i++)
		put_hex(&w, digest[i]);
	seen->name = (char *)(uintptr_t)name.s;
	for (const struct key_seen *k = r->keys; k != NULL; k = k->next)
		if (strcmp(k->sha256, seen->sha256) == 0) {
			/* The first one will do: not each pair of many. */
			tell(c, set, MAILAUTH_F_DKIM_KEY_SHARED,
			    str_of(k->name));
			break;
		}
	*r->keys_end = seen;
	r->keys_end = &seen->next;
	tell_history(c, dc, set, seen);
}

/* The key that a published one is compared with: that of the settings for a
 * selector of theirs, else that of the request. */
static struct mailauth_str
expected_key(const struct domain_check *dc, const struct selector *s)
{
	const struct mailauth_request *q = dc->request;

	if (s != NULL && s->planned)
		return s->spki;
	return (
	    struct mailauth_str){ (const char *)q->dkim_key, q->dkim_key_len };
}

enum same { SAME_UNKNOWN, SAME_YES, SAME_NO };

/* The published key is the expected one. */
static enum same
compare_key(const struct record_set *set, struct mailauth_str expected)
{
	enum same same = SAME_UNKNOWN;
	struct key key, ours;
	uint8_t *room;

	if (expected.n == 0 || !has_record(set) ||
	    (room = malloc(DKIM_KEY_MAX)) == NULL)
		return same;
	if (dkim_key(&set->j.record, room, &key) &&
	    (key.modulus_len > 0 || key.point != NULL)) {
		key_decode((const uint8_t *)expected.s, expected.n, &ours);
		same = key_same(&key, &ours) ? SAME_YES : SAME_NO;
	}
	free(room);
	return same;
}

static void
tell_key(struct check *c, const struct domain_check *dc,
    const struct record_set *set, const struct selector *s)
{
	enum same same =
	    s != NULL ? compare_key(set, expected_key(dc, s)) : SAME_UNKNOWN;
	struct key key;
	uint8_t *room;

	if (same != SAME_UNKNOWN)
		tell(c, set,
		    same == SAME_YES ? MAILAUTH_F_DKIM_KEY_MATCH_PRIVATE :
		                       MAILAUTH_F_DKIM_KEY_MISMATCH_PRIVATE,
		    STR_NONE);
	if (!has_record(set) || (s != NULL && s->again) ||
	    (room = malloc(DKIM_KEY_MAX)) == NULL)
		return;
	if (dkim_key(&set->j.record, room, &key) &&
	    (key.modulus_len > 0 || key.point != NULL))
		remember_key(c, dc, set, &key);
	free(room);
}

/* Put findings on a given selector without a key. */
static void
tell_no_key(struct check *c, const struct domain_check *dc,
    const struct record_set *set, const struct selector *s)
{
	const struct lookup *cert = got(c, s->owner, RRTYPE_CERT);
	const struct lookup *dnskey = got(c, s->owner, RRTYPE_DNSKEY);

	tell_missing(c, set);
	tell_named(c, set, MAILAUTH_KIND_DKIM, s->owner);
	if (is_found(cert) || is_found(dnskey))
		tell(c, set, MAILAUTH_F_DKIM_RR_NOT_TXT,
		    is_found(cert) ? STR("CERT") : STR("DNSKEY"));
	for (size_t i = 0; str_eq(s->domain, c->domain) && i < dc->nguesses;
	     i++) {
		const struct guess *g = &dc->guesses[i];
		const struct record_set *other = dkim_key_at(c, g->owner);

		if (!is_placed(other) || str_eq(s->text, g->text))
			continue;
		tell(c, set, MAILAUTH_F_DKIM_SELECTOR_MISMATCH, g->text);
		return;
	}
}

/* The provider that publishes the key behind the alias later; NULL: the set is
 * no such one. */
static const struct provider *
awaited(const struct record_set *set)
{
	const struct mailauth_answer *a = set->answer;

	return is_none(set) && a->nchain > 0 ?
	    provider_rotates(a->chain[a->nchain - 1]) :
	    NULL;
}

/* The key comes later, and another selector works meanwhile. */
static bool
is_waiting(struct check *c, const struct domain_check *dc,
    const struct record_set *set)
{
	return awaited(set) != NULL && count_keys(c, dc).usable > 0;
}

static void
tell_selector(struct check *c, const struct domain_check *dc,
    const struct selector *s)
{
	struct record_set *set = dkim_key_at(c, s->owner);
	struct mailauth_str detail = s->text;
	bool underscore;

	if (s->again) {
		tell_key(c, dc, set, s);
		return;
	}
	if (s->owner.n == 0) {
		struct writer w = arena_writer(&c->report->arena);

		put_untrusted(&w, detail);
		tell(c, NULL, MAILAUTH_F_DKIM_SELECTOR_INVALID, writer_str(&w));
		return;
	}
	if (s->full_name)
		tell(c, NULL, MAILAUTH_F_CFG_SELECTOR_FULL_NAME, detail);
	if (set == NULL)
		return;
	list_set(c, set);
	/* Revoked keys are right where nobody sends mail. */
	if (findings_has(&set->j.findings, MAILAUTH_F_DKIM_REVOKED)) {
		if (role_sends_not(dc) != MAYBE_NO)
			set->most = MAILAUTH_NOTICE;
		if (role_sends_not(dc) == MAYBE)
			doubt(c, set, dc->role.open, MAILAUTH_F_DKIM_REVOKED);
	}
	if (is_waiting(c, dc, set)) {
		set->most = MAILAUTH_NOTICE;
		tell(c, set, MAILAUTH_F_DKIM_KEY_WAITING, STR_NONE);
		return;
	}
	if (awaited(set) != NULL && !count_keys(c, dc).unknown)
		tell(c, set, MAILAUTH_F_DKIM_NOT_ENABLED,
		    str_of(awaited(set)->name));
	if (is_none(set)) {
		dkim_selector_ok(dkim_selector(s->owner), &underscore);
		if (underscore)
			tell(c, set, MAILAUTH_F_DKIM_SELECTOR_UNDERSCORE,
			    STR_NONE);
		tell_no_key(c, dc, set, s);
	}
	tell_key(c, dc, set, s);
}

/* A wildcard answers for all selectors: one of them is enough. */
static bool
is_repeated(const struct record_set *set, bool *wildcard)
{
	bool is_wildcard = (set->answer->flags & MAILAUTH_ANSWER_WILDCARD) != 0;
	bool again = is_wildcard && *wildcard;

	*wildcard = *wildcard || is_wildcard;
	return again;
}

/* Put findings on the key at a guessed selector. Nobody is known to use it: a
 * key that is no good fails no domain. `alone`: no key is usable. */
static void
tell_guess(struct check *c, const struct domain_check *dc,
    struct record_set *set, bool alone)
{
	bool revoked = findings_has(&set->j.findings, MAILAUTH_F_DKIM_REVOKED);
	bool wildcard = (set->answer->flags & MAILAUTH_ANSWER_WILDCARD) != 0;

	/* A wildcard that revokes all other keys is right beside one that is
	 * good. */
	if (revoked && wildcard && !alone && role_sends(dc))
		return;
	/* Revoked keys are right where nobody sends mail. */
	if (revoked && !role_sends(dc)) {
		if (wildcard)
			tell(c, NULL, MAILAUTH_F_PARKED_DKIM_WILDCARD,
			    STR_NONE);
		return;
	}
	set->most = alone && (!revoked || role_sends_not(dc) == MAYBE_NO) ?
	    MAILAUTH_WARN :
	    MAILAUTH_NOTICE;
	if (alone && set->most == MAILAUTH_NOTICE)
		doubt(c, NULL, dc->role.open, MAILAUTH_F_DKIM_ABSENT);
	if (is_usable(c, set))
		set->most = MAILAUTH_PASS;
	list_set(c, set);
	if (set->most != MAILAUTH_PASS)
		tell(c, set, MAILAUTH_F_DKIM_KEY_UNUSED,
		    revoked ? STR("p= is empty, so it is revoked") : STR_NONE);
	tell_key(c, dc, set, NULL);
}

/* Selector `i` of those guessed is an alias of a name that does not exist. One
 * line for each such name: a wildcard may lead there from all selectors. */
static void
tell_dangling(struct check *c, const struct domain_check *dc, size_t i,
    bool some)
{
	struct record_set *set = dkim_key_at(c, guess_owner(dc, i));
	const struct mailauth_answer *a = set != NULL ? set->answer : NULL;
	const struct provider *p;

	if (a == NULL || a->outcome != MAILAUTH_NXDOMAIN || a->nchain == 0)
		return;
	p = provider_rotates(a->chain[a->nchain - 1]);
	for (size_t k = 0; k < i; k++) {
		const struct record_set *other =
		    dkim_key_at(c, guess_owner(dc, k));
		const struct mailauth_answer *b =
		    other != NULL ? other->answer : NULL;

		if (b != NULL && b->nchain > 0 &&
		    (str_eq(b->chain[b->nchain - 1], a->chain[a->nchain - 1]) ||
		        (p != NULL && !some &&
		            provider_rotates(b->chain[b->nchain - 1]) == p)))
			return;
	}
	set->most = some ? MAILAUTH_NOTICE : MAILAUTH_WARN;
	list_set(c, set);
	if (p != NULL)
		tell(c, set,
		    some ? MAILAUTH_F_DKIM_KEY_WAITING :
		           MAILAUTH_F_DKIM_NOT_ENABLED,
		    some ? STR_NONE : str_of(p->name));
}

/* A guessed selector has the name of a host as a text, which was meant to lead
 * to a key. `alone`: no key is usable. */
static void
tell_host_name(struct check *c, const struct domain_check *dc,
    struct record_set *set, bool alone)
{
	if (!findings_has(&set->j.findings, MAILAUTH_F_TXT_HOST_NAME) ||
	    !role_sends(dc))
		return;
	set->most = alone ? MAILAUTH_WARN : MAILAUTH_NOTICE;
	list_set(c, set);
}

/* Put findings on keys at guessed selectors, when no selector is given. */
static void
tell_guesses(struct check *c, const struct domain_check *dc)
{
	struct keys keys = count_keys(c, dc);
	bool wildcard = false;

	tell(c, NULL, MAILAUTH_F_DKIM_SELECTOR_NOT_GIVEN, STR_NONE);
	for (size_t i = 0; i < dc->nguesses; i++) {
		struct record_set *set = dkim_key_at(c, guess_owner(dc, i));

		/* A key there might be one that is no good. */
		if (keys.usable == 0)
			doubt(c, NULL, got(c, guess_owner(dc, i), RRTYPE_TXT),
			    MAILAUTH_F_DKIM_ABSENT);
		tell_dangling(c, dc, i, keys.usable > 0);
		if (set != NULL && set->j.matches == 0)
			tell_host_name(c, dc, set,
			    keys.usable == 0 && !keys.unknown);
		if (set != NULL && set->j.matches > 0 &&
		    !is_repeated(set, &wildcard))
			tell_guess(c, dc, set,
			    keys.usable == 0 && !keys.unknown);
	}
}

/* Compare the key of the request with all keys at guessed selectors. It signs
 * with one of them: a mismatch counts only when none is the one. A selector
 * whose lookup failed may have it. */
static void
tell_guessed_keys(struct check *c, const struct domain_check *dc)
{
	struct mailauth_str expected = expected_key(dc, NULL);
	bool found = expected.n == 0, open = false;

	for (size_t i = 0; i < dc->nguesses; i++) {
		const struct record_set *set =
		    dkim_key_at(c, guess_owner(dc, i));

		open = open ||
		    (set != NULL && set->j.verdict == MAILAUTH_TEMPERROR);
		if (!is_listed(c, set) ||
		    compare_key(set, expected) != SAME_YES)
			continue;
		found = true;
		tell(c, set, MAILAUTH_F_DKIM_KEY_MATCH_PRIVATE, STR_NONE);
	}
	for (size_t i = 0; !found && i < dc->nguesses; i++) {
		struct record_set *set = dkim_key_at(c, guess_owner(dc, i));

		if (open) {
			doubt(c, NULL, got(c, guess_owner(dc, i), RRTYPE_TXT),
			    MAILAUTH_F_DKIM_KEY_MISMATCH_PRIVATE);
		} else if (is_listed(c, set) &&
		    compare_key(set, expected) == SAME_NO) {
			set->most = MAILAUTH_PASS;
			tell(c, set, MAILAUTH_F_DKIM_KEY_MISMATCH_PRIVATE,
			    STR_NONE);
		}
	}
}

/* No selector is given and none that was guessed has a key. A name that does
 * not exist has no names below it; a few servers deny empty names falsely,
 * which is why selectors were tried first. */
static void
tell_no_selector(struct check *c, const struct domain_check *dc)
{
	const struct lookup *l = got(c, node(c), RRTYPE_TXT);
	bool any = false;

	for (size_t i = 0; i < dc->nguesses; i++) {
		const struct record_set *set =
		    dkim_key_at(c, guess_owner(dc, i));

		any = any ||
		    (set != NULL &&
		        (set->j.verdict != MAILAUTH_NONE || is_listed(c, set)));
	}
	/* The signing domain of a return path is another one. */
	if (any || !role_sends(dc) || dc->role.is == MAILAUTH_ROLE_SEND_ONLY)
		return;
	if (role_sends_not(dc) == MAYBE && expects_practice(c))
		doubt(c, NULL, dc->role.open, MAILAUTH_F_DKIM_ABSENT);
	else if (is_absent(l) && l->answer.outcome == MAILAUTH_NXDOMAIN &&
	    expects_practice(c))
		tell(c, NULL, MAILAUTH_F_DKIM_ABSENT,
		    l->answer.dnssec == MAILAUTH_DNSSEC_SECURE ?
		        STR("proved by DNSSEC") :
		        STR_NONE);
	else
		report_incomplete(c->report, STR("DKIM"), "name a selector");
	doubt(c, NULL, l, MAILAUTH_F_DKIM_ABSENT);
}

/* Put a finding when the key of the request was compared with no key. */
static void
tell_uncompared(struct check *c, const struct domain_check *dc)
{
	if (dc->request->dkim_key_len == 0)
		return;
	for (const struct finding *n = c->report->findings; n != NULL;
	     n = n->next)
		if (n->finding.id == MAILAUTH_F_DKIM_KEY_MATCH_PRIVATE ||
		    n->finding.id == MAILAUTH_F_DKIM_KEY_MISMATCH_PRIVATE)
			return;
	tell(c, NULL, MAILAUTH_F_DKIM_KEY_UNCOMPARED, STR_NONE);
}

static void
count_key(struct check *c, struct keys *k, const struct record_set *set)
{
	if (set == NULL || set->j.verdict == MAILAUTH_TEMPERROR)
		k->unknown = k->unknown || set != NULL;
	else if (is_usable(c, set)) {
		k->usable++;
		k->ed25519 += dkim_is_ed25519(&set->j.record);
	}
}

struct keys
count_keys(struct check *c, const struct domain_check *dc)
{
	struct keys k = { 0, 0, false };

	for (size_t i = 0; i < dc->nselectors; i++)
		count_key(c, &k, dkim_key_at(c, dc->selectors[i].owner));
	for (size_t i = 0; dc->nselectors == 0 && i < dc->nguesses; i++)
		count_key(c, &k, dkim_key_at(c, guess_owner(dc, i)));
	return k;
}

static void
tell_policies(struct check *c, const struct domain_check *dc,
    const struct keys *k)
{
	const struct record_set *dmarc = view_as(c, MAILAUTH_KIND_DMARC,
	    got(c, name_below(c, STR("_dmarc"), c->domain), RRTYPE_TXT));
	struct record_set *policy, *adsp;

	policy =
	    view_as(c, MAILAUTH_KIND_DOMAINKEYS, got(c, node(c), RRTYPE_TXT));
	adsp = view_as(c, MAILAUTH_KIND_ADSP, got(c, adsp_name(c), RRTYPE_TXT));
	list_set(c, policy);
	list_set(c, adsp);
	if (has_record(policy) && domainkeys_all_signed(&policy->j.record) &&
	    dc->nselectors > 0 && k->usable == 0 && !k->unknown)
		tell(c, policy, MAILAUTH_F_DOMAINKEYS_POLICY_CONFLICT,
		    STR_NONE);
	if (has_record(adsp) && adsp_discardable(&adsp->j.record) &&
	    dmarc != NULL) {
		doubt_answer(c, adsp, dmarc->answer,
		    MAILAUTH_F_ADSP_DISCARDABLE);
		if (dmarc->j.verdict == MAILAUTH_NONE)
			tell(c, adsp, MAILAUTH_F_ADSP_DISCARDABLE, STR_NONE);
	}
}

/* A selector in use is an alias of the name. */
static bool
is_target(struct check *c, const struct domain_check *dc,
    struct mailauth_str name)
{
	for (size_t i = 0; i < dc->nselectors + dc->nguesses; i++) {
		const struct lookup *l = got(c, key_owner(dc, i), RRTYPE_TXT);

		for (size_t k = 0; is_done(l) && k < l->answer.nchain; k++)
			if (str_eq(l->answer.chain[k], name))
				return true;
	}
	return false;
}

/* A key at _domainkey itself is a common mistake, unless a selector leads
 * there. */
static void
tell_node(struct check *c, const struct domain_check *dc)
{
	struct record_set *set =
	    view_as(c, MAILAUTH_KIND_DOMAINKEYS, got(c, node(c), RRTYPE_TXT));

	if (set == NULL || is_target(c, dc, node(c)))
		return;
	if (count_keys(c, dc).usable > 0)
		set->most = MAILAUTH_NOTICE;
	else
		doubt(c, NULL, got(c, node(c), RRTYPE_TXT),
		    MAILAUTH_F_DKIM_KEY_AT_DOMAINKEY_NODE);
	if (findings_has(&set->j.findings,
	        MAILAUTH_F_DKIM_KEY_AT_DOMAINKEY_NODE))
		list_set(c, set);
}

/* Some TXT record of the name says that it is a DKIM key. */
static bool
has_key_text(struct check *c, struct mailauth_str name)
{
	const struct lookup *l = got(c, name, RRTYPE_TXT);
	const struct mailauth_kind *kind;

	for (size_t i = 0; is_found(l) && i < l->answer.nrr; i++) {
		const struct mailauth_rdata *rr = &l->answer.rr[i];
		char *room = arena_alloc(&c->report->arena, rr->len + 1u);
		struct txt txt;

		if (room == NULL || !txt_join(rr, room, rr->len, &txt))
			continue;
		kind = kind_of_text(txt.text);
		if (kind != NULL && kind->id == MAILAUTH_KIND_DKIM &&
		    kind->pick(txt.text) == PICK_YES &&
		    str_istarts(txt.text, STR("v=")))
			return true;
	}
	return false;
}

static void
tell_key_misplaced(struct check *c, struct mailauth_str name,
    struct mailauth_str selector)
{
	struct writer w = arena_writer(&c->report->arena);

	put_text(&w, "publish the same text at ");
	put_str(&w, selector.n > 0 ? selector : STR("SELECTOR"));
	put_text(&w, "._domainkey.");
	put_str(&w, c->domain);
	put_text(&w,
	    selector.n > 0 ? "" : " (the selector is s= of your signatures)");
	put_text(&w, " and delete it at ");
	put_str(&w, name);
	tell_remedy(c, NULL, MAILAUTH_F_DKIM_WRONG_LOCATION, name,
	    writer_str(&w));
}

/* No key is usable: look where people put one by mistake. */
static void
tell_elsewhere(struct check *c, const struct domain_check *dc)
{
	struct mailauth_str first =
	    dc->nselectors > 0 ? dc->selectors[0].text : STR_NONE;

	if (has_key_text(c, c->domain))
		tell_key_misplaced(c, c->domain, first);
	for (size_t i = 0; i < dc->nselectors && i < MISPLACED_MAX; i++) {
		const struct selector *s = &dc->selectors[i];
		struct mailauth_str name = name_below(c, s->text, c->domain);

		if (s->owner.n > 0 && has_key_text(c, name))
			tell_key_misplaced(c, name, s->text);
	}
}

static void
tell_dkim(struct check *c, void *self)
{
	const struct domain_check *dc = self;
	struct keys k;

	for (size_t i = 0; i < dc->nselectors; i++)
		tell_selector(c, dc, &dc->selectors[i]);
	if (dc->nselectors == 0) {
		tell_named(c, NULL, MAILAUTH_KIND_DKIM, STR_NONE);
		tell_guesses(c, dc);
		tell_guessed_keys(c, dc);
		tell_no_selector(c, dc);
	}
	tell_uncompared(c, dc);
	k = count_keys(c, dc);
	if (k.usable == 0 && !k.unknown)
		tell_elsewhere(c, dc);
	/* A key that is unknown is in the report, and may be of RSA. */
	if (k.usable > 0 && k.ed25519 == k.usable && !k.unknown) {
		for (size_t i = 0; i < dc->nselectors; i++) {
			const struct record_set *set =
			    dkim_key_at(c, dc->selectors[i].owner);

			if (!is_usable(c, set))
				continue;
			tell(c, set, MAILAUTH_F_DKIM_ED25519_ONLY, STR_NONE);
			break;
		}
	}
	if (looks_at_policies(c, dc))
		tell_policies(c, dc, &k);
	else
		tell_node(c, dc);
}

const struct subject subject_dkim = {
	1u << MAILAUTH_KIND_DKIM | 1u << MAILAUTH_KIND_DOMAINKEYS |
	    1u << MAILAUTH_KIND_ADSP,
	ask,
	tell_dkim,
};
