/*
 * identities.c - author, sender and keys of a message, from its header
 * SPDX-License-Identifier: BSD-3-Clause
 */

#include "base/dname.h"
#include "base/str.h"
#include "dkim/selectors.h"
#include "header/date.h"
#include "header/mailbox.h"
#include "message/explain.h"
#include "message/sent.h"
#include "record/dkim.h"
#include "sys/clock.h"
#include "sys/idn.h"

struct mailauth_str
explain_keep(struct check *c, struct mailauth_str s)
{
	return s.n > 0 ? arena_copy(&c->report->arena, s) : STR_NONE;
}

/* A part of the list is a name without an address, as a comma in a display name
 * without quotes leaves one. */
static bool
has_bare_name(struct mailauth_str list)
{
	struct mailbox box;
	bool bare = false, good = false;

	while (mailbox_next(&list, NULL, &box)) {
		good = good || box.good;
		bare = bare ||
		    (!box.good && str_find(box.whole, '@') == box.whole.n &&
		        str_find(box.whole, '<') == box.whole.n);
	}
	return bare && good;
}

/* What makes one From field name no author: its text shows it. */
static void
tell_from_fault(struct check *c, struct explain *x, struct mailauth_str value)
{
	size_t open = str_find(value, '<'), at = str_find(value, '@');
	struct mailauth_str name = str_sub(value, 0, open);
	struct mailauth_str rest = str_from(value, open);
	size_t end = str_find(rest, '>');

	x->from_text = explain_keep(c, str_trim(value));
	if (at == value.n && str_ifind(value, STR("=?")) < value.n) {
		x->from_fault =
		    "the address itself is encoded (=?...?=), where "
		    "only a display name may be";
		x->from_remedy = "Encode the display name alone, and write the "
		                 "address in plain letters: Name "
		                 "<user@domain>.";
	} else if (at == value.n) {
		x->from_fault = "it has no address";
		x->from_remedy = "Write an address with a domain into From.";
	} else if (open < value.n && end == rest.n) {
		x->from_fault = "the '>' behind the address is missing";
		x->from_remedy = "Write From: Name <user@domain>.";
	} else if (has_bare_name(value)) {
		x->from_fault =
		    "the display name has a comma or the like and no quotes, "
		    "so it is read as several addresses";
		x->from_remedy = "Quote the display name: From: \"Name, Inc.\" "
		                 "<user@domain>.";
	} else if (open < value.n && at < open &&
	    str_find(name, '"') == name.n) {
		x->from_fault = "the display name has an '@' and no quotes";
		x->from_remedy =
		    "Quote the display name: From: \"user@domain\" "
		    "<user@domain>.";
	} else if (at + 1 >= value.n || is_fws(value.s[at + 1]) ||
	    value.s[at + 1] == '>') {
		x->from_fault = "the address has no domain";
		x->from_remedy = "Write an address with a domain into From.";
	} else if (str_find(str_from(value, at + 1), '@') < value.n - at - 1) {
		x->from_fault = "it has several domains, or an address that is "
		                "not valid";
	} else {
		x->from_fault = value.s[at + 1] == '[' ?
		    "its domain is an IP address, which has no DMARC policy" :
		    "its address is not valid, or has no domain of DNS";
		x->from_remedy =
		    "Write From: Name <user@domain>, with a domain "
		    "of yours.";
	}
}

/* Find the author domain. DMARC needs one From field with one domain; several
 * addresses of that domain are allowed (RFC 9989 5.3.2). */
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
				x->report->from = explain_keep(c, box.addr);
			c->domain = domain;
		}
	}
	x->one_author = fields == 1 && !bad && c->domain.n > 0;
	x->headless = fields == 0 && x->m->body_octets == 0 && x->m->junk == 0;
	if (fields == 0 && x->m->junk > 0)
		x->from_fault = "it has no From header in front of a line that "
		                "is no header field, which ends the header";
	else if (x->headless)
		x->from_fault = "the file ends within the header, in front of "
		                "From";
	else if (fields == 0)
		x->from_fault = "it has no From header";
	else if (fields > 1)
		x->from_fault = "it has several From headers";
	if (fields == 0)
		x->from_remedy = x->m->junk > 0 ?
		    "Explain the message as it was received: in this copy "
		    "lines are not indented that continue a header." :
		    x->headless ?
		    "Save the message as a whole ('show original', 'download "
		    "original'), and explain that file." :
		    "Write a From header.";
	for (size_t i = 0; fields == 1 && !x->one_author && i < x->m->nfields;
	     i++)
		if (str_ieq(x->m->fields[i].name, STR("From")))
			tell_from_fault(c, x, x->m->fields[i].value);
}

/* The name of the source of a value in the request, for the report. */
static const char *
given(const char *source)
{
	return source != NULL ? source : "given";
}

/* Take the reverse address from a text, unless it is known already: an address,
 * a domain alone, or "<>". False when it is not taken. */
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
		r->mail_from = explain_keep(c, text);
		if (!take_spf_domain(c, text, &x->mail_from_domain))
			x->mail_from_domain = STR_NONE;
	} else if (mailbox_next(&text, &w, &box) && (box.good || box.null)) {
		r->mail_from = explain_keep(c, box.addr);
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

/* Find the reverse address. The order of sources: the request; Return-Path; the
 * believed SPF result; Received-SPF. */
static void
take_envelope(struct check *c, struct explain *x)
{
	struct explain_report *r = x->report;

	x->given_mail_from = take_reverse(c, x, str_of(x->request->mail_from),
	    given(x->request->mail_from_source));
	/* Below the border, the sender wrote it. */
	for (size_t i = 0; !x->by_return_path && i < x->m->nfields &&
	     (!x->border.found || i < x->border.limit);
	     i++)
		x->by_return_path =
		    str_ieq(x->m->fields[i].name, STR("Return-Path")) &&
		    take_reverse(c, x, str_trim(x->m->fields[i].value),
		        "Return-Path");
	if (x->spf != NULL)
		take_reverse(c, x,
		    claim_property(x->spf, STR("smtp"), STR("mailfrom")),
		    "smtp.mailfrom");
	take_reverse(c, x, r->received_spf_domain, "Received-SPF");
}

bool
explain_submitted(const struct explain *x)
{
	return x->request->ip == NULL &&
	    (x->border.found ? x->border.line.submitted :
	                       x->logged_in && !x->border.whole);
}

/* Use the domain of the believed SPF result when SPF cannot be evaluated. */
static void
take_claimed_spf(struct check *c, struct explain *x)
{
	struct mailauth_str domain;

	if (x->spf != NULL && take_spf_domain(c, x->spf->domain, &domain))
		x->spf_domain = domain;
}

/* Add an evaluation for an address, with the sender's domain. */
static void
add_trial(struct check *c, struct explain *x, struct spf_check *s,
    const struct addr *ip)
{
	const struct explain_report *r = x->report;
	struct spf_trial *t = spf_check_add(s, ip);
	struct spf_macro_values *v = &t->query.values;
	size_t at = r->mail_from.n;

	t->query.domain = x->spf_domain;
	if (r->helo.n > 0)
		v->helo = r->helo;
	v->sender_domain = dname_plain(&c->report->arena, t->query.domain);
	while (at > 0 && r->mail_from.s[at - 1] != '@')
		at--;
	if (at > 1 && !r->null_mail_from)
		v->local = str_sub(r->mail_from, 0, at - 1);
}

/* Prepare the evaluation for the hop before the border, as the next Received
 * with a public address names it: the sender may have written that. */
static void
take_hop_before(struct check *c, struct explain *x)
{
	struct received r;

	for (size_t i = x->border.limit + 1;
	     x->border.found && i < x->m->nfields; i++)
		if (str_ieq(x->m->fields[i].name, STR("Received")) &&
		    received_parse(x->m->fields[i].value, &r) &&
		    r.ip.family != 0 && is_public(c, &r.ip) &&
		    !addr_eq(&r.ip, &x->ip)) {
			add_trial(c, x, x->spf_before, &r.ip);
			return;
		}
}

/* Prepare the evaluation of SPF. It needs the address of the sending host, and
 * a domain: of MAIL FROM, or of HELO when that is empty (RFC 7208 2.4). A HELO
 * that is an address has no domain, like one that is not a name. Of a client
 * that had logged in there is nothing to evaluate: SPF is for the way from
 * server to server. */
static bool
take_spf(struct check *c, struct explain *x)
{
	struct explain_report *r = x->report;

	x->spf_check = spf_check_new(c, 1);
	x->spf_before = spf_check_new(c, 1);
	if (x->spf_check == NULL || x->spf_before == NULL)
		return false;
	x->spf_check->traced = true;
	x->spf_domain = x->mail_from_domain;
	if (r->null_mail_from && r->helo.n > 0 &&
	    !take_spf_domain(c, r->helo, &x->spf_domain))
		x->spf_domain = STR_NONE;
	if (x->ip.family == 0 || x->spf_domain.n == 0 || explain_submitted(x)) {
		take_claimed_spf(c, x);
		return true;
	}
	add_trial(c, x, x->spf_check, &x->ip);
	take_hop_before(c, x);
	return true;
}

/* The owner of the key that a signature or a result names; STR_NONE when the
 * selector is no name. U-labels are looked up as A-labels (RFC 8616 5). */
static struct mailauth_str
key_owner(struct check *c, struct mailauth_str selector,
    struct mailauth_str domain)
{
	bool underscore;

	for (size_t i = 0; i < selector.n; i++)
		if ((unsigned char)selector.s[i] > 127) {
			if (idn_to_ascii(&c->report->arena, selector,
			        &selector) != NULL)
				return STR_NONE;
			break;
		}
	if (selector.n == 0 || !dkim_selector_ok(selector, &underscore))
		return STR_NONE;
	return dkim_owner(c, selector, domain);
}

/* Find domain and key of each signature. */
static void
take_signatures(struct check *c, struct explain *x)
{
	for (size_t i = 0; i < x->nsigs; i++) {
		struct sig_trial *t = &x->sigs[i];
		const struct dkim_sig *sig;

		t->from = &x->m->sigs[i];
		sig = &t->from->sig;
		t->state = SIG_NEUTRAL;
		/* A name that is not valid UTF-8 keeps its octets, escaped. */
		if (!sig->d_good || !take_spf_domain(c, sig->d, &t->domain) ||
		    str_find(t->domain, '\\') < t->domain.n)
			t->domain = STR_NONE;
		if (t->domain.n > 0)
			t->owner = key_owner(c, sig->s, t->domain);
	}
}

/* Collect the domain of a believed DKIM result that passes or is a temporary
 * error; of a pass also that it has none. */
static void
take_claimed_dkim(struct check *c, struct explain *x, const struct claim *r)
{
	enum authres_word word = authres_word_of(r->result);
	struct claimed claimed = { .passes = word == AUTHRES_PASS,
		.counts = claim_counts(r),
		.no_key = claim_reason(r) == DKIM_REASON_NO_KEY };

	if (r->against != NULL || x->nclaimed == MESSAGE_SIGS_MAX ||
	    (word != AUTHRES_PASS && word != AUTHRES_TEMPERROR))
		return;
	if (take_spf_domain(c, r->domain, &claimed.domain) ||
	    (claimed.passes && r->domain.n == 0))
		x->claimed[x->nclaimed++] = claimed;
}

/* Collect the domains of believed results: of SPF, and of DKIM results that
 * pass or are temporary errors. Of the failures of DKIM the first one of the
 * author's organization matters most, or else the first. */
static void
take_claimed(struct check *c, struct explain *x)
{
	struct mailauth_str domain;
	bool own = false;

	if (x->spf != NULL && take_spf_domain(c, x->spf->domain, &domain))
		x->claimed_spf = domain;
	for (const struct claims *h = x->report->claims; h != NULL; h = h->next)
		for (const struct claim *r = h->results;
		     h->trusted && r != NULL; r = r->next) {
			bool of_author;

			if (!claim_is(r, STR("dkim")))
				continue;
			take_claimed_dkim(c, x, r);
			of_author = guard_same_org(c, r->domain, c->domain);
			if (!claim_is_failure(r) ||
			    (x->dkim_failed != NULL && (own || !of_author)))
				continue;
			x->dkim_failed = r;
			x->reason = claim_reason(r);
			own = of_author;
		}
}

/* The key that a DKIM result names: header.s is the selector, header.d the
 * domain. */
static struct mailauth_str
key_of_claim(struct check *c, const struct claim *r)
{
	struct mailauth_str s, d, domain;

	if (r == NULL || !claim_is(r, STR("dkim")))
		return STR_NONE;
	s = claim_property(r, STR("header"), STR("s"));
	d = claim_property(r, STR("header"), STR("d"));
	if (s.n == 0 || !take_spf_domain(c, d.n > 0 ? d : r->domain, &domain))
		return STR_NONE;
	return key_owner(c, s, domain);
}

/* Find the key that a believed DKIM result names, when the message has no
 * signature: of the failure that matters, or else of the first result. */
static void
take_named_key(struct check *c, struct explain *x)
{
	if (x->nsigs > 0)
		return;
	x->named_key = key_of_claim(c, x->dkim_failed);
	if (x->named_key.n == 0)
		x->named_key = key_of_claim(c, x->filter_dkim);
	for (const struct claims *h = x->report->claims; h != NULL; h = h->next)
		for (const struct claim *r = h->results;
		     h->trusted && r != NULL; r = r->next)
			if (x->named_key.n == 0)
				x->named_key = key_of_claim(c, r);
}

/* Find when the message was received, by the Received of the border: signatures
 * may have expired since. When its date cannot be read, those of the Received
 * above it count, the nearest first; never one below, which the sender wrote.
 * Without any Received, the message is as new as now. */
static void
take_time(struct explain *x)
{
	const struct mailauth_message *m = x->m;
	int64_t today = clock_utc();
	bool zoned = true;

	x->now = today;
	x->timed = !x->border.whole && !x->attached;
	for (size_t i = x->border.limit + 1;
	     !x->timed && !x->attached && i-- > 0;)
		if (str_ieq(m->fields[i].name, STR("Received")))
			x->timed =
			    date_find(m->fields[i].value, &x->now, &zoned);
	x->earliest = x->latest = x->now;
	if (!zoned) {
		x->earliest -= DATE_ZONES;
		x->latest += DATE_ZONES;
		/* It was not received after today. */
		if (x->latest > today)
			x->latest = today > x->now ? today : x->now;
	}
}

/* Take HELO and address of the sending host from the request. */
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
		return refuse(why, q->ip, "it is not an IP address");
	x->report->ip_source = given(q->ip_source);
	return MAILAUTH_OK;
}

enum mailauth_status
explain_prepare(struct check *c, const void *request, char *why)
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
	report_add_part(r, &explain_part, x->report);
	x->request = q;
	x->m = q->message;
	x->nsigs = x->m->nsigs;
	x->sigs = arena_alloc(&r->arena, (x->nsigs + 1) * sizeof(*x->sigs));
	x->dmarc_check = dmarc_check_new(c, MESSAGE_SIGS_MAX + 1);
	if (x->sigs == NULL || x->dmarc_check == NULL)
		return MAILAUTH_ENOMEM;
	status = take_given(c, x, why);
	if (status != MAILAUTH_OK)
		return status;
	x->attached = q->hop == 0 && x->m->part > 1 &&
	    x->m->parts[x->m->part - 1].attached;
	if (x->attached)
		border_none(x->m, &x->border);
	else if (q->hop == 0)
		border_find(c, x->m, &x->border);
	else if (!border_take(c, x->m, q->hop, &x->border))
		return refuse(why, "hop", "there is no such Received header");
	take_time(x);
	take_author(c, x);
	claims_read(c, x);
	take_envelope(c, x);
	if (str_of(q->mail_from).n > 0 && !x->given_mail_from)
		return refuse(why, q->mail_from, "it is not a mail address");
	take_signatures(c, x);
	take_claimed(c, x);
	take_named_key(c, x);
	if (!take_spf(c, x))
		return MAILAUTH_ENOMEM;
	x->route = sent_route(c, x);
	x->signer =
	    (struct mailauth_str){ (const char *)q->dkim_key, q->dkim_key_len };
	if (x->signer.n == 0 && x->route != NULL &&
	    x->route->dkim.entry != NULL)
		x->signer = x->route->dkim.entry->spki;
	r->domain =
	    str_sub(c->domain, 0, c->domain.n > 0 ? c->domain.n - 1 : 0);
	c->org = c->domain.n > 0 ? org_domain(c->orgs, c->domain) : STR_NONE;
	check_add(c, &subject_explain, x);
	check_add(c, &subject_chains, NULL);
	return MAILAUTH_OK;
}
