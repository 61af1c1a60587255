/*
 * claims_read.c - reader of what the headers of a message claim
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * Fields are read from the top: the last receiver has written the topmost ones,
 * and the sender may have forged all below.
 */
#include "base/str.h"
#include "header/arc.h"
#include "message/explain.h"

/* Allocate one more piece of claims; NULL when CLAIMS_MAX is reached or memory
 * ran out. */
static void *
take_room(struct check *c, struct explain *x, size_t size)
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
		struct claim_property *p = take_room(c, x, sizeof(*p));

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
	struct claim *claim = take_room(c, x, sizeof(*claim));
	struct mailauth_str domain = STR_NONE;

	if (claim == NULL)
		return NULL;
	authres_domain(from, &domain);
	claim->method = explain_keep(c, from->method);
	claim->result = explain_keep(c, from->raw);
	claim->reason = explain_keep(c, from->reason);
	claim->comment = explain_keep(c, from->comment);
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
	    (claims = take_room(c, x, sizeof(*claims))) == NULL)
		return NULL;
	end = &claims->results;
	while (authres_next(&a, &result)) {
		*end = claim_of(c, x, &result);
		if (*end == NULL)
			break;
		end = &(*end)->next;
	}
	claims->id = explain_keep(c, a.id);
	claims->instance = a.instance;
	claims->none = a.none;
	claims->sloppy = a.sloppy;
	return claims;
}

/* Which Authentication-Results are believed. With receivers named in the
 * request: those with one of these authserv-ids, wherever they are. Otherwise:
 * the topmost field, since the last receiver has written it or nobody has, and
 * further fields with the same authserv-id, as receivers write several. Fields
 * below the next Received came with the message, so they are not believed. */
static bool
is_trusted(struct explain *x, const struct claims *claims)
{
	const struct mailauth_explain_request *q = x->request;
	const struct claims *first = x->report->claims;

	for (size_t i = 0; i < q->nauthserv_ids; i++)
		if (str_ieq(claims->id, str_of(q->authserv_ids[i])))
			return true;
	if (q->nauthserv_ids > 0)
		return false;
	return first == NULL ||
	    (!x->handed_over && claims->id.n > 0 &&
	        str_ieq(claims->id, first->id));
}

/* The receiver examined a DKIM signature, and it does not pass. */
static bool
is_failure(enum authres_word word)
{
	return word == AUTHRES_FAIL || word == AUTHRES_HARDFAIL ||
	    word == AUTHRES_PERMERROR || word == AUTHRES_NEUTRAL ||
	    word == AUTHRES_POLICY;
}

/* Keep the believed results by method: of SPF, DMARC and compauth the topmost,
 * of DKIM whether any passes or fails. */
static void
take_claims(struct explain *x, const struct claims *claims)
{
	for (const struct claim *r = claims->results; r != NULL; r = r->next) {
		enum authres_word word = authres_word_of(r->result);

		if (claim_is(r, STR("spf")) && x->spf == NULL) {
			x->spf = r;
			x->spf_word = word;
		} else if (claim_is(r, STR("dmarc")) && x->dmarc == NULL) {
			x->dmarc = r;
			x->dmarc_word = word;
		} else if (claim_is(r, STR("compauth")) &&
		    x->compauth == NULL) {
			x->compauth = r;
			x->compauth_word = word;
		} else if (claim_is(r, STR("dkim"))) {
			x->any_dkim |= word != AUTHRES_NONE;
			x->dkim_passes |= word == AUTHRES_PASS;
			x->dkim_fails |= is_failure(word);
		}
	}
	if (str_ieq(claims->id, STR("mx.google.com")))
		x->gmail = true;
}

/* Add a field of results to the report. Results of ARC are never believed:
 * their seals are not verified here. */
static void
take_results(struct check *c, struct explain *x, const struct header_field *f)
{
	struct claims *claims = claims_of(c, x, f), **end;

	if (claims == NULL)
		return;
	end = claims->instance > 0 || str_istarts(f->name, STR("ARC-")) ?
	    &x->report->arc :
	    &x->report->claims;
	claims->trusted = end == &x->report->claims && is_trusted(x, claims);
	if (claims->trusted)
		take_claims(x, claims);
	while (*end != NULL)
		end = &(*end)->next;
	*end = claims;
}

static void
take_seal(struct check *c, struct explain *x, const struct header_field *f)
{
	static const char *const cvs[] = {
		[ARC_CV_OTHER] = "unknown",
		[ARC_CV_NONE] = "none",
		[ARC_CV_PASS] = "pass",
		[ARC_CV_FAIL] = "fail",
	};
	struct seal_report *s = take_room(c, x, sizeof(*s));
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

/* Who the sending host is: the topmost host with a public address, of Received
 * and Received-SPF. Hosts with other addresses are inside the receiver's
 * network. An address in the request has precedence. The host's HELO comes from
 * the same field, unless the request has one. */
static void
take_client(struct check *c, struct explain *x, const struct addr *ip,
    struct mailauth_str helo, const char *source)
{
	struct explain_report *r = x->report;

	if (x->ip.family != 0 || ip->family == 0 || !is_public(c, ip))
		return;
	x->ip = *ip;
	r->ip_source = source;
	if (r->helo.n == 0 && helo.n > 0 && helo.s[0] != '[')
		r->helo = explain_keep(c, helo);
}

static void
take_received_spf(struct check *c, struct explain *x,
    const struct header_field *f)
{
	struct explain_report *r = x->report;
	struct received_spf s;

	if (r->received_spf.n > 0 || !received_spf_parse(f->value, &s))
		return;
	r->received_spf = explain_keep(c, s.word);
	r->received_spf_domain = explain_keep(c, s.envelope_from);
	r->received_spf_ip = explain_keep(c, s.client_ip);
	take_client(c, x, &s.ip, s.helo, "Received-SPF");
}

/* The host belongs to Microsoft's own network. Such hosts pass mail to each
 * other with public addresses, and none of them is the sending host. */
static bool
is_inside(struct mailauth_str name)
{
	static const struct mailauth_str domains[] = {
		STR_INIT(".prod.outlook.com"),
		STR_INIT(".prod.protection.outlook.com"),
		STR_INIT(".prod.exchangelabs.com"),
	};

	for (size_t i = 0; i < sizeof(domains) / sizeof(domains[0]); i++)
		if (name.n > domains[i].n &&
		    str_ieq(str_from(name, name.n - domains[i].n), domains[i]))
			return true;
	return false;
}

static void
take_received(struct check *c, struct explain *x, const struct header_field *f)
{
	struct received r;

	x->whole = true;
	x->handed_over = x->report->claims != NULL;
	if (!received_parse(f->value, &r))
		return;
	/* Once the sending host is known, the fields below belong to earlier
	 * receivers. */
	if (x->report->ip_source == NULL && str_ieq(r.by, STR("mx.google.com")))
		x->gmail = true;
	if (!is_inside(r.helo))
		take_client(c, x, &r.ip, r.helo, "Received");
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
		void (*take)(struct check *c, struct explain *x,
		    const struct header_field *f);
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
				readers[k].take(c, x, f);
		scores_take(&x->scores, f->name, f->value);
	}
	take_scores(x);
}
