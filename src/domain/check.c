/*
 * check.c - mailauth_check(): from the request to the subjects
 * SPDX-License-Identifier: BSD-3-Clause
 */
#include <stdio.h>

#include "base/str.h"
#include "base/use.h"
#include "domain/bimi_files.h"
#include "domain/domain.h"
#include "domain/settings_check.h"
#include "domain/transport_files.h"
#include "engine/run.h"
#include "record/dkim.h"

/* The subjects, in the order of their findings in the report. */
static const struct subject *const subjects[] = { &subject_role, &subject_spf,
	&subject_dkim, &subject_dmarc, &subject_bimi, &subject_mx,
	&subject_address, &subject_ptr, &subject_mtasts, &subject_tlsrpt,
	&subject_dane, &subject_settings, &subject_dns };

void
take_selector(struct check *c, struct mailauth_str s,
    struct mailauth_str domain, struct selector *out)
{
	struct mailauth_str node = name_below(c, STR("_domainkey"), domain);
	struct mailauth_str full = name_of(c, s);
	bool underscore, too_long = false;

	out->text = s;
	out->domain = domain;
	if (node.n > 0 && full.n > node.n + 1 && dname_under(full, node)) {
		out->full_name = true;
		s = str_sub(full, 0, full.n - node.n - 1);
		out->text = s;
	}
	for (size_t i = 0, label = 0; i <= s.n; i++) {
		if (i < s.n && s.s[i] != '.')
			continue;
		too_long = too_long || i - label > DNAME_LABEL_MAX;
		label = i + 1;
	}
	if (dkim_selector_ok(s, &underscore) &&
	    str_ifind(s, STR("_domainkey")) == s.n) {
		out->owner = name_below(c, s, node);
		too_long = out->owner.n == 0;
	}
	out->too_long = too_long;
}

/* Take the selectors of the request. One that is given again, or once as a whole
 * name, is one key. */
static void
take_selectors(struct check *c, struct domain_check *dc)
{
	const struct mailauth_request *q = dc->request;

	dc->nselectors = 0;
	for (size_t i = 0; i < q->nselectors; i++) {
		struct selector *out = &dc->selectors[dc->nselectors];
		size_t k = 0;

		*out = (struct selector){ 0 };
		take_selector(c, str_of(q->selectors[i]), c->domain, out);
		while (k < dc->nselectors &&
		    (!str_eq(dc->selectors[k].owner, out->owner) ||
		        (out->owner.n == 0 &&
		            !str_eq(dc->selectors[k].text, out->text))))
			k++;
		if (k == dc->nselectors)
			dc->nselectors++;
		else if (out->full_name)
			dc->selectors[k].full_name = true;
	}
}

enum mailauth_status
take_sender(struct check *c, const struct mailauth_sender *from,
    struct sender *out, char *why)
{
	struct writer w = arena_writer(&c->report->arena);

	if (from->ip == NULL || !addr_parse(str_of(from->ip), &out->addr))
		return refuse(why, from->ip != NULL ? from->ip : "",
		    "it is not an IP address");
	out->mapped = addr_unmap(&out->addr);
	put_addr_reverse(&w, &out->addr);
	out->reverse = writer_str(&w);
	if (from->host == NULL)
		return MAILAUTH_OK;
	return take_name(c, from->host, &out->host, why);
}

/* Read an identity that SPF can check: a name of two labels at least. */
static bool
take_identity(struct check *c, const char *text, struct mailauth_str *out)
{
	char why[MAILAUTH_WHY_MAX];

	return take_name(c, text, out, why) == MAILAUTH_OK &&
	    dname_labels(*out) >= 2;
}

static void
take_identities(struct check *c, struct domain_check *dc)
{
	const struct mailauth_request *q = dc->request;
	struct mailauth_str from = str_trim(str_of(q->mail_from)), domain;

	if (q->helo != NULL && !take_identity(c, q->helo, &dc->helo)) {
		dc->helo_bad = true;
		dc->helo = STR_NONE;
	}
	if (q->mail_from == NULL)
		return;
	if (from.n > 1 && from.s[0] == '<' && from.s[from.n - 1] == '>')
		from = str_sub(from, 1, from.n - 2);
	if (from.n == 0) {
		dc->mail_from_null = true;
		return;
	}
	/* The local part may hold an '@' in quotes: the last one counts. */
	for (size_t i = from.n; i > 0; i--) {
		if (from.s[i - 1] != '@')
			continue;
		dc->mail_from_local = str_sub(from, 0, i - 1);
		from = str_from(from, i);
		break;
	}
	domain = arena_copy(&c->report->arena, from);
	if (!take_identity(c, domain.s, &dc->mail_from)) {
		dc->mail_from_bad = true;
		dc->mail_from = STR_NONE;
	}
}

static void
take_bimi(struct check *c, struct domain_check *dc)
{
	const char *text = dc->request->bimi_selector;
	struct mailauth_str s = str_of(text != NULL ? text : "default");
	bool underscore;

	if (dkim_selector_ok(s, &underscore) && !underscore)
		dc->bimi_owner =
		    name_below(c, s, name_below(c, STR("_bimi"), c->domain));
}

static void
ask_nothing(struct check *c, void *self)
{
	(void)c;
	(void)self;
}

/* The report has a record set of the kind, or one without records. */
static bool
has_kind(const struct mailauth_report *r, unsigned kind)
{
	for (const struct record_set *set = r->sets; set != NULL;
	     set = set->next)
		if (set->j.kind->id == kind)
			return true;
	return false;
}

/* The report has no record of the kinds that were asked for. */
static bool
has_no_record(const struct mailauth_report *r, uint32_t only)
{
	for (const struct record_set *set = r->sets; set != NULL;
	     set = set->next)
		if ((only >> set->j.kind->id & 1) != 0 &&
		    set->j.verdict != MAILAUTH_NONE)
			return false;
	return true;
}

/* Put a finding with the kinds that the report has. */
static void
tell_kinds(struct check *c, enum mailauth_finding_id id, uint32_t only)
{
	struct writer w = arena_writer(&c->report->arena);

	for (unsigned i = 0; i < MAILAUTH_KIND_COUNT; i++) {
		if ((only >> i & 1) == 0 || !has_kind(c->report, i))
			continue;
		put_text(&w, w.used > 0 ? ", " : "");
		put_text(&w, kind_at(i)->name);
	}
	tell(c, NULL, id, writer_str(&w));
}

/* The check is limited to some kinds: say of which of them the report has
 * nothing. A report without any record would say "pass" of nothing, so it gets
 * a finding: that records are not there can be known, unless kinds, or names
 * outside of the given zones, were not looked at. What lookups leave open has
 * findings of its own. */
static void
tell_only(struct check *c, void *self)
{
	const struct domain_check *dc = self;
	uint32_t only = dc->request->only, missing = 0;

	tell_doubts(c);
	if (mailauth_report_result(c->report) == MAILAUTH_RESULT_TEMPERROR)
		return;
	for (unsigned i = 0; i < MAILAUTH_KIND_COUNT; i++)
		if ((only >> i & 1) != 0 && !has_kind(c->report, i))
			missing |= 1u << i;
	for (unsigned i = 0; i < MAILAUTH_KIND_COUNT; i++) {
		if ((missing >> i & 1) == 0)
			continue;
		if (missing == only)
			tell(c, NULL, MAILAUTH_F_NOTHING_CHECKED,
			    str_of(kind_at(i)->name));
		else
			report_incomplete(c->report, str_of(kind_at(i)->name),
			    "there is nothing to look at");
	}
	if (has_no_record(c->report, only) &&
	    mailauth_report_result(c->report) == MAILAUTH_RESULT_PASS)
		tell_kinds(c,
		    missing != 0 || check_lacks_zones(c) ?
		        MAILAUTH_F_NOTHING_CHECKED :
		        MAILAUTH_F_NOTHING_PUBLISHED,
		    only);
}

static const struct subject subject_only = { 0, ask_nothing, tell_only };

/* A wildcard answers at many names that no receiver minds: one note on it is
 * enough. */
static void
tell_wildcards(struct check *c, void *self)
{
	bool said = false;

	(void)self;
	for (struct finding *n = c->report->findings; n != NULL; n = n->next) {
		if (n->finding.id != MAILAUTH_F_DNS_WILDCARD_POLLUTION ||
		    severity_of(c->report, n) > MAILAUTH_NOTICE)
			continue;
		if (said)
			n->finding.severity = 1 + MAILAUTH_INFO;
		said = true;
	}
}

static const struct subject subject_wildcards = { 0, ask_nothing,
	tell_wildcards };

/* What can be seen to be wrong without a look at any name. */
static enum mailauth_status
check_use(const struct mailauth_request *q, char *why)
{
	if (!use_profile_ok(q->profile))
		return use_refused(why, USE_PROFILE);
	if ((unsigned)q->role > MAILAUTH_ROLE_NO_MAIL)
		return use_refused(why, "that is not a role to declare");
	if ((uint64_t)q->only >> MAILAUTH_KIND_COUNT != 0)
		return use_refused(why, "there is no such kind of record");
	if (!use_texts_ok(q->selectors, q->nselectors) ||
	    (q->senders == NULL && q->nsenders > 0) ||
	    (q->history == NULL && q->nhistory > 0))
		return use_refused(why, USE_LIST);
	for (size_t i = 0; i < q->nhistory; i++)
		if (q->history[i].name == NULL || q->history[i].sha256 == NULL)
			return use_refused(why, USE_LIST);
	if (q->dkim_key == NULL && q->dkim_key_len > 0)
		return use_refused(why, USE_NULL);
	if (q->tls_certs == NULL && q->ntls_certs > 0)
		return use_refused(why, USE_LIST);
	return MAILAUTH_OK;
}

static enum mailauth_status
prepare(struct check *c, const void *request, char *why)
{
	const struct mailauth_request *q = request;
	struct mailauth_report *r = c->report;
	struct domain_check *dc = arena_alloc(&r->arena, sizeof(*dc));
	enum mailauth_status status;

	if (dc == NULL)
		return MAILAUTH_ENOMEM;
	dc->request = q;
	check_only(c, q->only);
	r->scope.profile = q->profile;
	r->scope.allow_documentation = q->allow_documentation;
	status = check_use(q, why);
	if (status == MAILAUTH_OK)
		status = take_name(c, q->domain, &c->domain, why);
	if (status == MAILAUTH_OK)
		status = refuse_record_name(c->domain, why);
	if (status != MAILAUTH_OK)
		return status;
	if (c->domain.n <= 1)
		return refuse(why, q->domain, "the root is not a mail domain");
	if (q->compare_servers && c->resolver->offline) {
		snprintf(why, MAILAUTH_WHY_MAX,
		    "servers cannot be compared without a network");
		return MAILAUTH_EUSE;
	}
	r->domain = str_sub(c->domain, 0, c->domain.n - 1);
	c->org = org_domain(c->orgs, c->domain);
	c->stranger = make_stranger(c);
	dc->nsenders = q->nsenders;
	if (q->settings != NULL && !settings_check_new(c, dc, q->settings))
		return MAILAUTH_ENOMEM;
	dc->selectors = arena_alloc(&r->arena,
	    (q->nselectors + settings_selectors(dc) + 1) *
	        sizeof(*dc->selectors));
	dc->senders = arena_alloc(&r->arena,
	    (q->nsenders + settings_nodes(dc) + 1) * sizeof(*dc->senders));
	if (r->arena.failed)
		return MAILAUTH_ENOMEM;
	take_selectors(c, dc);
	for (size_t i = 0; i < q->nsenders; i++) {
		status = take_sender(c, &q->senders[i], &dc->senders[i], why);
		if (status != MAILAUTH_OK)
			return status;
	}
	settings_take(c, dc);
	take_identities(c, dc);
	take_bimi(c, dc);
	status = bimi_files_take(c, dc, why);
	if (status == MAILAUTH_OK)
		status = transport_files_take(c, dc, why);
	if (status != MAILAUTH_OK)
		return status;
	report_add_part(r, &check_part, NULL);
	if (!domain_spf_new(c, dc))
		return MAILAUTH_ENOMEM;
	for (size_t i = 0; i < sizeof(subjects) / sizeof(subjects[0]); i++)
		check_add(c, subjects[i], dc);
	check_add(c, &subject_wildcards, dc);
	if (q->only != 0)
		check_add(c, &subject_only, dc);
	return MAILAUTH_OK;
}

static const struct job job_check = { prepare, keys_compare, keys_forget };

enum mailauth_status
mailauth_check_all(struct mailauth_resolver *resolver,
    const struct mailauth_request *requests, size_t n, mailauth_done done,
    void *arg)
{
	if (resolver == NULL || (requests == NULL && n > 0) || done == NULL)
		return MAILAUTH_EUSE;
	return run_all(resolver, &job_check, requests, sizeof(*requests), n,
	    done, arg);
}

enum mailauth_status
mailauth_check_stream(struct mailauth_resolver *resolver,
    const struct mailauth_stream *stream)
{
	return run_stream(resolver, &job_check, stream);
}

enum mailauth_status
mailauth_check(struct mailauth_resolver *resolver,
    const struct mailauth_request *request, struct mailauth_report **out,
    char why[MAILAUTH_WHY_MAX])
{
	if (resolver == NULL || request == NULL || out == NULL || why == NULL)
		return use_refused(why, USE_NULL);
	return run_one(resolver, &job_check, request, out, why);
}
