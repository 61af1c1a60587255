/*
 * job.c - SPF alone: mailauth_spf()
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * Any text may be an identity, as in an SMTP session. An identity that is no
 * domain gives the result "none" and is no error of the caller.
 */
#include "base/dname.h"
#include "base/str.h"
#include "base/use.h"
#include "engine/run.h"
#include "spf/check.h"

static void
ask(struct check *c, void *self)
{
	spf_check_ask(c, self);
}

/* SPF has no result for an identity that is no domain: that is worth as much as
 * the result of a domain without a record. */
static void
tell_identity(struct check *c)
{
	tell(c, NULL, MAILAUTH_F_SPF_IDENTITY_INVALID,
	    shown(c, c->report->domain));
	for (struct finding *n = c->report->findings; n != NULL; n = n->next)
		if (n->finding.id == MAILAUTH_F_SPF_IDENTITY_INVALID)
			n->finding.severity = 1 + MAILAUTH_WARN;
}

static void
tell_spf(struct check *c, void *self)
{
	struct spf_check *s = self;
	struct lookup *l = got(c, c->domain, RRTYPE_TXT);

	tell_validation(c);
	list_set(c, view_as(c, MAILAUTH_KIND_SPF, l));
	if (s->scope != SPF_SCOPE_SPF)
		list_set(c, view_as(c, MAILAUTH_KIND_SENDERID, l));
	if (c->domain.n == 0)
		tell_identity(c);
	spf_check_tell(c, s);
	if (check_is_limited(c))
		tell(c, NULL, MAILAUTH_F_LIMIT_REACHED, STR("lookups"));
	spf_check_report(c, s);
}

static const struct subject subject = {
	1u << MAILAUTH_KIND_SPF,
	ask,
	tell_spf,
};

static enum mailauth_status
take_scope(const char *name, enum spf_scope *out, char *why)
{
	static const char *const names[SPF_SCOPES] = { "spf", "pra", "mfrom" };

	*out = SPF_SCOPE_SPF;
	if (name == NULL)
		return MAILAUTH_OK;
	for (unsigned i = 0; i < SPF_SCOPES; i++) {
		if (strcmp(names[i], name) != 0)
			continue;
		*out = (enum spf_scope)i;
		return MAILAUTH_OK;
	}
	return refuse(why, name, "a scope is spf, pra or mfrom");
}

/* Find the identity to check (RFC 7208 2.4): MAIL FROM, or postmaster at HELO
 * when MAIL FROM is missing or empty. A given domain takes the place of the
 * domain of either. */
static void
take_spf_identity(struct check *c, const struct mailauth_spf_request *q,
    struct spf_query *query, struct mailauth_str *domain)
{
	struct spf_macro_values *v = &query->values;
	struct mailauth_str from = str_trim(str_of(q->mail_from));
	size_t at;

	if (from.n > 1 && from.s[0] == '<' && from.s[from.n - 1] == '>')
		from = str_sub(from, 1, from.n - 2);
	for (at = from.n; at > 0 && from.s[at - 1] != '@';)
		at--;
	v->local = at > 1 ? str_sub(from, 0, at - 1) : STR("postmaster");
	v->sender_domain = from.n > 0 ? str_from(from, at) :
	    q->helo != NULL           ? str_of(q->helo) :
	                                str_of(q->domain);
	if (q->helo != NULL)
		v->helo = str_of(q->helo);
	if (q->receiver != NULL)
		v->receiver = str_of(q->receiver);
	*domain = q->domain != NULL ? str_of(q->domain) : v->sender_domain;
	/* "joe@" is an identity without a domain. */
	if (domain->n == 0 && q->domain == NULL)
		*domain = from;
	else if (!take_spf_domain(c, *domain, &query->domain))
		query->domain = STR_NONE;
	/* Macros expand to the form on the wire: A-labels. */
	if (v->sender_domain.n > 0) {
		struct mailauth_str plain;

		if (take_spf_domain(c, v->sender_domain, &plain))
			v->sender_domain =
			    dname_plain(&c->report->arena, plain);
	}
}

static enum mailauth_status
prepare(struct check *c, const void *request, char *why)
{
	const struct mailauth_spf_request *q = request;
	struct mailauth_report *r = c->report;
	struct spf_check *s;
	struct spf_trial *trial;
	struct spf_query query = { .scope = SPF_SCOPE_SPF };
	struct mailauth_str domain;
	enum spf_scope scope;
	struct addr ip;
	enum mailauth_status status;

	if (!use_profile_ok(q->profile))
		return use_refused(why, USE_PROFILE);
	status = take_scope(q->scope, &scope, why);
	if (status != MAILAUTH_OK)
		return status;
	if (q->ip != NULL && !addr_parse(str_of(q->ip), &ip))
		return refuse(why, q->ip, "it is not an IP address");
	check_each_answer(c);
	r->scope.profile = q->profile;
	r->scope.allow_documentation = q->allow_documentation;
	c->stranger = make_stranger(c);
	s = spf_check_new(c, 1);
	if (s == NULL)
		return MAILAUTH_ENOMEM;
	s->scope = scope;
	s->alone = s->traced = true;
	s->mail_from = arena_copy(&r->arena, str_of(q->mail_from));
	s->helo = arena_copy(&r->arena, str_of(q->helo));
	query.values.helo = query.values.receiver = STR("unknown");
	take_spf_identity(c, q, &query, &domain);
	if (domain.n == 0)
		return refuse(why, "",
		    "name a domain, a MAIL FROM address or a HELO name");
	s->domain = c->domain = query.domain;
	c->org = c->domain.n > 0 ? org_domain(c->orgs, c->domain) : STR_NONE;
	r->domain = c->domain.n > 0 ? str_sub(c->domain, 0, c->domain.n - 1) :
	                              arena_copy(&r->arena, domain);
	s->wide = q->ip == NULL;
	if (q->ip != NULL) {
		trial = spf_check_add(s, &ip);
		query.values.ip = trial->query.values.ip;
		query.values.now = trial->query.values.now;
		query.scope = scope;
		trial->query = query;
		if (query.domain.n == 0)
			trial->outcome.result = MAILAUTH_SPF_NONE;
	} else if (c->domain.n == 0) {
		return refuse(why, q->domain != NULL ? q->domain : "",
		    "it is not a domain of two labels or more");
	}
	check_add(c, &subject, s);
	return MAILAUTH_OK;
}

static const struct job job_spf = { prepare, NULL, NULL };

enum mailauth_status
mailauth_spf(struct mailauth_resolver *resolver,
    const struct mailauth_spf_request *request, struct mailauth_report **out,
    char why[MAILAUTH_WHY_MAX])
{
	if (resolver == NULL || request == NULL || out == NULL || why == NULL)
		return use_refused(why, USE_NULL);
	return run_one(resolver, &job_spf, request, out, why);
}

enum mailauth_status
mailauth_spf_stream(struct mailauth_resolver *resolver,
    const struct mailauth_stream *stream)
{
	return run_stream(resolver, &job_spf, stream);
}
