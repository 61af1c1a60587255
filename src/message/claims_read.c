/*
 * claims_read.c - reader of what the headers of a message claim
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * Fields are read from the top: the last receiver has written the topmost ones.
 * All below may be forged: Authentication-Results, for one, is a field that any
 * sender can write.
 */
#include "base/str.h"
#include "header/arc.h"
#include "message/explain.h"

void *
claims_room(struct check *c, struct explain *x, size_t size)
{
	if (x->pieces == CLAIMS_MAX) {
		x->more_claims = true;
		return NULL;
	}
	x->pieces++;
	return arena_alloc(&c->report->arena, size);
}

static struct claim_property *
properties_of(struct check *c, struct explain *x, struct mailauth_str props)
{
	struct claim_property *first = NULL, **end = &first;
	struct authres_property from;

	while (authres_property(&props, &from)) {
		struct claim_property *p = claims_room(c, x, sizeof(*p));

		if (p == NULL)
			return first;
		p->ptype = explain_keep(c, from.ptype);
		p->name = explain_keep(c, from.name);
		p->value = explain_keep(c, from.value);
		*end = p;
		end = &p->next;
	}
	return first;
}

static struct claim *
claim_of(struct check *c, struct explain *x, const struct authres_result *from)
{
	struct claim *claim = claims_room(c, x, sizeof(*claim));
	struct mailauth_str domain = STR_NONE;

	if (claim == NULL)
		return NULL;
	authres_domain(from, &domain);
	claim->method = explain_keep(c, from->method);
	claim->result = explain_keep(c, from->raw);
	claim->reason = explain_keep(c, from->reason);
	claim->comment = explain_keep(c, from->comment);
	claim->comments = from->comments;
	claim->domain = explain_keep(c, domain);
	claim->properties = properties_of(c, x, from->props);
	return claim;
}

/* Read a field of results; NULL when it cannot be read or kept. */
static struct claims *
claims_of(struct check *c, struct explain *x, const struct header_field *f)
{
	struct claims *claims;
	struct authres_result result;
	struct claim **end;
	struct authres a;

	if (!authres_open(f, &a) ||
	    (claims = claims_room(c, x, sizeof(*claims))) == NULL)
		return NULL;
	end = &claims->results;
	while (authres_next(&a, &result)) {
		*end = claim_of(c, x, &result);
		if (*end == NULL)
			break;
		(*end)->of = claims;
		end = &(*end)->next;
	}
	claims->id = explain_keep(c, a.id);
	claims->instance = a.instance;
	claims->none = a.none;
	claims->sloppy = a.sloppy;
	return claims;
}

/* The id is of those that the request names. */
static bool
is_named(const struct explain *x, struct mailauth_str id)
{
	const struct mailauth_explain_request *q = x->request;

	for (size_t i = 0; i < q->nauthserv_ids; i++)
		if (str_ieq(id, str_of(q->authserv_ids[i])))
			return true;
	return false;
}

static bool
ends_with(struct mailauth_str s, struct mailauth_str end)
{
	return s.n >= end.n && str_ieq(str_from(s, s.n - end.n), end);
}

/* Google and Microsoft 365 write their results right below the Received of the
 * border, Microsoft without an authserv-id. All hosts above are of theirs, so that
 * nobody else has handled the message since. It explains a copy that the mailbox
 * changed; the sender may have written such a field all the same. */
static bool
is_usual(const struct explain *x, const struct claims *claims, size_t field)
{
	static const struct {
		struct mailauth_str by, id, hosts;
	} providers[] = {
		{ STR_INIT("mx.google.com"), STR_INIT("mx.google.com"),
		    STR_INIT("google.com") },
		{ STR_INIT(".protection.outlook.com"), STR_INIT(""),
		    STR_INIT("outlook.com") },
		{ STR_INIT(".prod.outlook.com"), STR_INIT(""),
		    STR_INIT("outlook.com") },
	};
	struct mailauth_str by = x->border.line.by;

	if (!border_beside(&x->border, x->m, field) ||
	    x->report->claims != NULL)
		return false;
	for (size_t i = 0; i < sizeof(providers) / sizeof(providers[0]); i++)
		if (ends_with(by, providers[i].by) &&
		    str_ieq(claims->id, providers[i].id) &&
		    ends_with(x->border.by, providers[i].hosts))
			return true;
	return false;
}

/* Microsoft 365 received the message, whose results have no authserv-id. All hosts
 * above are of theirs, so that what they write above the border is, too. */
static bool
is_at_microsoft(const struct explain *x)
{
	return x->border.found &&
	    (ends_with(x->border.line.by, STR(".protection.outlook.com")) ||
	        ends_with(x->border.line.by, STR(".prod.outlook.com"))) &&
	    (ends_with(x->border.by, STR(".outlook.com")) ||
	        ends_with(x->border.by, STR(".office365.com")));
}

/* The name belongs to the receiver: to the organization of the server that its
 * topmost Received names, or it was given. */
static bool
is_of_receiver(struct check *c, const struct explain *x,
    struct mailauth_str name)
{
	if (x->request->nauthserv_ids > 0)
		return is_named(x, name);
	if (name.n == 0)
		return is_at_microsoft(x);
	return guard_same_org(c, name, x->border.by);
}

/* The field has results of one method alone, and is named after it, as iCloud's:
 * dmarc.icloud.com, dkim-verifier.icloud.com. */
static bool
is_of_method(const struct claims *h)
{
	const struct claim *r = h->results;

	if (r == NULL || !str_istarts(h->id, r->method))
		return false;
	for (; r != NULL; r = r->next)
		if (!str_istarts(r->method, h->results->method))
			return false;
	return true;
}

/* Without Received, nothing shows where the sender's fields begin, and no field
 * counts. The topmost believed one names the client, which explains. A second one
 * does not; except where the receiver writes a field for each method, and this is
 * the first of its method. */
static bool
explains_alone(const struct explain *x, const struct claims *claims)
{
	for (const struct claims *h = x->report->claims; h != NULL; h = h->next)
		if (h->trusted &&
		    (!is_of_method(h) || !is_of_method(claims) ||
		        str_ieq(h->results->method, claims->results->method)))
			return false;
	return true;
}

/* The receiver has written the field, not the sender: it is above the
 * Received of the border, and its authserv-id is of the receiver (RFC 8601 5). */
static bool
is_proved(struct check *c, const struct explain *x, const struct claims *claims,
    size_t field)
{
	return x->border.whole && !claims->below && field <= x->border.doubt &&
	    !x->attached && is_of_receiver(c, x, claims->id);
}

/* In a header without Received, a further field may be of the receiver that
 * wrote the topmost: the authserv-ids are equal or of one organization. The
 * topmost may have the name of a program, as OpenDMARC writes its own: then the
 * field that follows shows the receiver. */
static bool
is_one_receiver(struct check *c, const struct claims *first,
    struct mailauth_str id)
{
	struct mailauth_str top = first->id;

	if (!first->trusted || top.n == 0 || id.n == 0)
		return false;
	if (str_ieq(top, id) || guard_same_org(c, top, id))
		return true;
	return str_find(top, '.') == top.n && first->next == NULL &&
	    str_find(id, '.') < id.n;
}

/* No Received is above the field. */
static bool
is_on_top(const struct mailauth_message *m, size_t field)
{
	for (size_t i = 0; i < field; i++)
		if (str_ieq(m->fields[i].name, STR("Received")))
			return false;
	return true;
}

/* Which Authentication-Results are believed, so that they explain the result.
 * With receivers named in the request: those with one of these authserv-ids.
 * Otherwise those of the receiver above the border, and all above its topmost
 * Received, as some programs have an id of their own. In a header without
 * Received the topmost, and those of the same receiver.
 *
 * Many servers add theirs right below their own Received. When no field above
 * the border is believed, the field there is, if it has the name of that server's
 * organization, or a name that was given. Not all that is believed counts: see
 * is_proved(). */
static bool
is_trusted(struct check *c, struct explain *x, const struct claims *claims,
    size_t field)
{
	const struct claims *first = x->report->claims;
	bool same = first != NULL && first->trusted && claims->id.n > 0 &&
	    str_ieq(claims->id, first->id);

	if (claims->below &&
	    (x->above || !border_beside(&x->border, x->m, field)))
		return false;
	if (x->request->nauthserv_ids > 0)
		return is_named(x, claims->id);
	if (claims->below && first == NULL && claims->id.n > 0)
		return guard_same_org(c, claims->id, x->border.line.by);
	if (claims->below)
		return first == NULL || same;
	if (x->border.whole)
		return is_on_top(x->m, field) ||
		    is_of_receiver(c, x, claims->id);
	return first == NULL || is_one_receiver(c, first, claims->id);
}

/* Who the sending host is: the client of the border, or the one that the receiver
 * names in a result or Received-SPF above it, whichever is further up. An address
 * in the request has precedence. The host's HELO comes from the same field, unless
 * the request has one. */
static void
take_client(struct check *c, struct explain *x, const struct addr *ip,
    struct mailauth_str helo, const char *source)
{
	struct explain_report *r = x->report;

	if (x->ip.family != 0)
		return;
	if (ip->family != 0 && is_public(c, ip)) {
		x->ip = *ip;
		r->ip_source = source;
		x->ip_claimed = !x->border.whole;
	}
	if (r->helo.n > 0 || helo.n == 0)
		return;
	x->helo_literal = helo.s[0] == '[';
	if (!x->helo_literal)
		r->helo = explain_keep(c, helo);
}

/* The address behind one of these words: "sender IP is 192.0.2.1",
 * "example.com designates 192.0.2.1 as permitted sender". The comment has MAIL
 * FROM too, and the sender may have written such words there: of two addresses
 * none counts, nor any beside quotes. */
static bool
addr_in_words(struct mailauth_str s, struct addr *out)
{
	static const struct mailauth_str words[] = { STR_INIT("sender IP is "),
		STR_INIT("designates "), STR_INIT("designate "),
		STR_INIT("client-ip="), STR_INIT("client ip is ") };
	bool unclear = str_find(s, '"') < s.n;

	out->family = 0;
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		struct mailauth_str rest = s, word;
		struct addr a;
		size_t at;

		while ((at = str_ifind(rest, words[i])) < rest.n) {
			word = rest = str_from(rest, at + words[i].n);
			word = str_word(&word);
			word = str_sub(word, 0, str_find(word, ';'));
			if (!received_addr(word, &a))
				continue;
			if (out->family == 0)
				*out = a;
			unclear = unclear || !addr_eq(out, &a);
		}
	}
	if (unclear)
		out->family = 0;
	return out->family != 0;
}

/* The address of the client that a result names, in a property or in words. With
 * a second comment, MAIL FROM may have ended the first: then none. */
static bool
client_of(const struct claim *r, struct addr *out)
{
	static const struct {
		struct mailauth_str type, name;
	} places[] = {
		{ STR_INIT("smtp"), STR_INIT("remote-ip") },
		{ STR_INIT("smtp"), STR_INIT("client-ip") },
		{ STR_INIT("smtp"), STR_INIT("remote_ip") },
		{ STR_INIT("policy"), STR_INIT("iprev") },
	};

	if (r->comments > 1)
		return false;
	for (size_t i = 0; i < sizeof(places) / sizeof(places[0]); i++) {
		struct mailauth_str s =
		    claim_property(r, places[i].type, places[i].name);

		if (s.n > 0 && received_addr(s, out))
			return true;
	}
	return claim_is(r, STR("spf")) && addr_in_words(r->comment, out);
}

/* The Received of the border shows the client, and no claim replaces that: what
 * a claim names may be of MAIL FROM or HELO, which the sender chose. */
static bool
is_client_shown(const struct explain *x)
{
	return x->border.found && x->border.line.ip.family != 0;
}

/* Take the address of the client from results that count, where the Received of
 * the border has none. Where it has the same, it is confirmed. */
static void
take_claimed_client(struct check *c, struct explain *x,
    const struct claims *claims)
{
	struct addr ip;

	for (const struct claim *r = claims->results; r != NULL; r = r->next) {
		if (!client_of(r, &ip) || !is_public(c, &ip))
			continue;
		if (is_client_shown(x))
			x->confirmed =
			    x->confirmed || addr_eq(&ip, &x->border.line.ip);
		else
			take_client(c, x, &ip,
			    claim_property(r, STR("smtp"), STR("helo")),
			    "Authentication-Results");
		return;
	}
}

/* Keep what believed DKIM results say, and who wrote them. */
static void
take_claims(struct check *c, struct explain *x, const struct claims *claims)
{
	bool explains = claims->counts ||
	    (!x->border.whole && !x->attached && explains_alone(x, claims));

	x->above = x->above || !claims->below;
	/* Microsoft alone writes fields without an id, in its own grammar. */
	if (explains && (!claims->sloppy || claims->id.n == 0))
		take_claimed_client(c, x, claims);
	for (const struct claim *r = claims->results; r != NULL; r = r->next)
		x->logged_in = x->logged_in ||
		    (claim_is(r, STR("auth")) &&
		        authres_word_of(r->result) == AUTHRES_PASS);
	if (str_ieq(claims->id, STR("mx.google.com")))
		x->gmail = true;
}

/* Add a field of results to the report. Results of ARC are never believed:
 * their seals are not verified here. */
static void
take_results(struct check *c, struct explain *x, size_t field)
{
	const struct header_field *f = &x->m->fields[field];
	struct claims *claims = claims_of(c, x, f), **end;

	if (claims == NULL)
		return;
	end = claims->instance > 0 || str_istarts(f->name, STR("ARC-")) ?
	    &x->report->arc :
	    &x->report->claims;
	claims->below = field > x->border.limit;
	claims->trusted =
	    end == &x->report->claims && is_trusted(c, x, claims, field);
	claims->usual =
	    claims->trusted && claims->below && is_usual(x, claims, field);
	claims->counts = claims->trusted && is_proved(c, x, claims, field);
	if (claims->trusted)
		take_claims(c, x, claims);
	x->claimant = true;
	while (*end != NULL)
		end = &(*end)->next;
	*end = claims;
}

static void
take_seal(struct check *c, struct explain *x, size_t field)
{
	const struct header_field *f = &x->m->fields[field];
	static const char *const cvs[] = {
		[ARC_CV_OTHER] = "unknown",
		[ARC_CV_NONE] = "none",
		[ARC_CV_PASS] = "pass",
		[ARC_CV_FAIL] = "fail",
	};
	struct seal_report *s = claims_room(c, x, sizeof(*s));
	struct seal_report **end = &x->report->seals;
	struct arc_seal seal;

	if (s == NULL)
		return;
	arc_seal_parse(f->value, &seal);
	s->instance = seal.instance;
	s->cv = cvs[seal.cv];
	s->domain = explain_keep(c, seal.d);
	s->selector = explain_keep(c, seal.s);
	while (*end != NULL)
		end = &(*end)->next;
	*end = s;
}

/* The receiver has written this Received-SPF: above the border, with its name; in
 * a header without Received, above all that somebody claims. */
static bool
is_proved_spf(struct check *c, const struct explain *x, size_t field,
    const struct received_spf *s)
{
	struct mailauth_str who = s->comment;

	who = str_trim(str_sub(who, 0, str_find(who, ':')));
	if (field >= x->border.limit || field > x->border.doubt || x->attached)
		return false;
	if (!x->border.whole)
		return !x->claimant;
	return is_of_receiver(c, x, s->receiver) || is_of_receiver(c, x, who);
}

static void
take_received_spf(struct check *c, struct explain *x, size_t field)
{
	struct explain_report *r = x->report;
	struct received_spf s;
	bool proved;

	if (r->received_spf.n > 0 ||
	    !received_spf_parse(x->m->fields[field].value, &s))
		return;
	x->received_spf = s.result;
	r->received_spf = explain_keep(c, s.word);
	r->received_spf_domain = explain_keep(c, s.envelope_from);
	r->received_spf_ip = explain_keep(c, s.client_ip);
	proved = is_proved_spf(c, x, field, &s) && s.ip.family != 0;
	x->claimant = true;
	if (proved && is_client_shown(x))
		x->confirmed =
		    x->confirmed || addr_eq(&s.ip, &x->border.line.ip);
	else if (proved && is_public(c, &s.ip))
		take_client(c, x, &s.ip, s.helo, "Received-SPF");
}

static void
take_received(struct check *c, struct explain *x, size_t field)
{
	struct received r;

	/* The fields below the border belong to earlier receivers. */
	if (field <= x->border.limit &&
	    received_parse(x->m->fields[field].value, &r) &&
	    str_ieq(r.by, STR("mx.google.com")))
		x->gmail = true;
	if (field == x->border.limit && x->border.found)
		take_client(c, x, &x->border.line.ip, x->border.line.helo,
		    "Received");
}

static void
take_scores(struct explain *x)
{
	const struct scores *s = &x->scores;
	const struct score_report scores[SCORES_REPORTED] = {
		{ "spam_status", s->spam.known, false, s->spam.value },
		{ "spam_flag", s->flag.known, false, s->flag.value },
		{ "spam_score", s->score.known, true, s->score.value },
		{ "spam_required", s->required.known, true, s->required.value },
		{ "scl", s->scl.known, false, s->scl.value },
		{ "bcl", s->bcl.known, false, s->bcl.value },
	};

	memcpy(x->report->scores, scores, sizeof(scores));
}

void
claims_read(struct check *c, struct explain *x)
{
	static const struct {
		struct mailauth_str name;
		void (*take)(struct check *c, struct explain *x, size_t field);
	} readers[] = {
		{ STR_INIT("Authentication-Results"), take_results },
		{ STR_INIT("ARC-Authentication-Results"), take_results },
		{ STR_INIT("ARC-Seal"), take_seal },
		{ STR_INIT("Received-SPF"), take_received_spf },
		{ STR_INIT("Received"), take_received },
	};

	for (size_t i = 0; i < x->m->nfields; i++) {
		const struct header_field *f = &x->m->fields[i];

		for (size_t k = 0; k < sizeof(readers) / sizeof(readers[0]);
		     k++)
			if (str_ieq(f->name, readers[k].name))
				readers[k].take(c, x, i);
		scores_take(&x->scores, f->name, f->value);
	}
	take_scores(x);
	claims_filters(c, x);
	claims_settle(x);
}
