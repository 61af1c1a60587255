/*
 * dmarc_job.c - DMARC alone, mailauth_dmarc(): the policy for an author domain
 * and the identifiers that align with it
 * SPDX-License-Identifier: BSD-3-Clause
 */
#include "base/str.h"
#include "base/use.h"
#include "dmarc/alignment.h"
#include "domain/domain.h"
#include "engine/run.h"

/* The subject of a domain's DMARC, without options, and an evaluation. */
struct dmarc_job {
	struct domain_check domain;
	struct dmarc_check *result;
};

static void
ask(struct check *c, void *self)
{
	struct dmarc_job *job = self;

	subject_dmarc.ask(c, &job->domain);
	dmarc_check_ask(c, job->result);
}

static void
tell_result(struct check *c, void *self)
{
	struct dmarc_job *job = self;

	subject_dmarc.tell(c, &job->domain);
	dmarc_check_decide(c, job->result);
	if (job->result->nids > 0)
		dmarc_check_tell(c, job->result);
	else if (job->result->found[DMARC_9989].state ==
	        MAILAUTH_DMARC_UNKNOWN &&
	    mailauth_report_result(c->report) != MAILAUTH_RESULT_TEMPERROR)
		tell_open(c, NULL, MAILAUTH_F_DMARC_TEMPERROR, STR_NONE);
	dmarc_check_report(c, job->result);
}

static const struct subject subject = { 0, ask, tell_result };

/* The domain of an address; a text without '@' as it is. */
static struct mailauth_str
domain_of(struct mailauth_str text)
{
	size_t at;

	text = str_trim(text);
	if (text.n > 1 && text.s[0] == '<' && text.s[text.n - 1] == '>')
		text = str_sub(text, 1, text.n - 2);
	for (at = text.n; at > 0 && text.s[at - 1] != '@';)
		at--;
	return str_from(text, at);
}

static struct dmarc_identifier
take_identifier(struct check *c, const char *text, bool spf)
{
	struct dmarc_identifier id = { .spf = spf };

	id.shown = arena_copy(&c->report->arena, domain_of(str_of(text)));
	if (!take_spf_domain(c, id.shown, &id.domain))
		id.domain = STR_NONE;
	return id;
}

static enum mailauth_status
prepare(struct check *c, const void *request, char *why)
{
	static const struct mailauth_request nothing = { .domain = NULL };
	const struct mailauth_dmarc_request *q = request;
	struct mailauth_report *r = c->report;
	struct mailauth_str from;
	struct dmarc_job *job;
	enum mailauth_status status;

	if (!use_profile_ok(q->profile))
		return use_refused(why, USE_PROFILE);
	if (!use_texts_ok(q->dkim, q->ndkim))
		return use_refused(why, USE_LIST);
	from = arena_copy(&r->arena, domain_of(str_of(q->from)));
	job = arena_alloc(&r->arena, sizeof(*job));
	if (job == NULL)
		return MAILAUTH_ENOMEM;
	job->domain.request = &nothing;
	r->scope.profile = q->profile;
	r->scope.allow_documentation = q->allow_documentation;
	status = take_name(c, from.s, &c->domain, why);
	if (status == MAILAUTH_OK)
		status = refuse_record_name(c->domain, why);
	if (status != MAILAUTH_OK)
		return status;
	if (c->domain.n <= 1)
		return refuse(why, q->from, "the root is not a mail domain");
	r->domain = str_sub(c->domain, 0, c->domain.n - 1);
	c->org = org_domain(c->orgs, c->domain);
	c->stranger = make_stranger(c);
	job->result = dmarc_check_new(c, q->ndkim + 1);
	if (job->result == NULL)
		return MAILAUTH_ENOMEM;
	for (size_t i = 0; i < q->ndkim; i++)
		dmarc_check_add(job->result,
		    take_identifier(c, q->dkim[i], false));
	if (q->spf != NULL)
		dmarc_check_add(job->result, take_identifier(c, q->spf, true));
	check_add(c, &subject, job);
	check_add(c, &subject_dns, &job->domain);
	return MAILAUTH_OK;
}

static const struct job job_dmarc = { prepare, NULL, NULL };

enum mailauth_status
mailauth_dmarc(struct mailauth_resolver *resolver,
    const struct mailauth_dmarc_request *request, struct mailauth_report **out,
    char why[MAILAUTH_WHY_MAX])
{
	if (resolver == NULL || request == NULL || out == NULL || why == NULL)
		return use_refused(why, USE_NULL);
	return run_one(resolver, &job_dmarc, request, out, why);
}

enum mailauth_status
mailauth_dmarc_stream(struct mailauth_resolver *resolver,
    const struct mailauth_stream *stream)
{
	return run_stream(resolver, &job_dmarc, stream);
}
