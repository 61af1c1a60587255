/*
 * dmarc_report.c - consent to DMARC reports for other domains (RFC 9990 4)
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * The owner is <policy domain>._report._dmarc.<host>; the reports go to <host>.
 * One record that begins with v=DMARC1 is consent, also beside other records.
 * A rua= in it replaces the addresses of the policy domain by others at the
 * same host.
 */
#include "base/dname.h"
#include "record/dmarc.h"
#include "record/kind.h"
#include "record/txt.h"

enum { T_V, T_RUA, TAGS };

static const struct tag tags[TAGS] = {
	[T_V] = { STR_INIT("v"), TAG_TEXT, true, NULL, 0, 0 },
	[T_RUA] = { STR_INIT("rua"), TAG_TEXT, true, NULL, 0, 0 },
};

/* Other tags of DMARC have no meaning here and no finding. */
static const struct taglist list = {
	.tag = tags,
	.n = TAGS,
	.fold_names = true,
	.syntax = MAILAUTH_F_DMARC_SYNTAX_IGNORED,
	.duplicate = MAILAUTH_F_DMARC_DUPLICATE_TAG,
};

/* The host of an owner name, without a final dot; empty when the name has no
 * "_report._dmarc". `whose` is set when a policy domain is in front of it. */
static struct mailauth_str
host_of(struct mailauth_str owner, bool *whose)
{
	const struct mailauth_str node = STR("_report._dmarc.");
	struct mailauth_str rest = owner;

	while (rest.n > 1 && !str_starts(rest, node))
		rest = dname_parent(rest);
	*whose = rest.n != owner.n;
	rest = str_from(rest, node.n);
	return str_sub(rest, 0, rest.n > 0 ? rest.n - 1 : 0);
}

/* The host of a URI with an authority, or the domain of a mailto: address,
 * without a final dot. */
static struct mailauth_str
uri_host(struct mailauth_str uri, struct mailauth_str domain)
{
	size_t at = str_ifind(uri, STR("://")), end = 0;

	if (domain.n == 0 && at < uri.n) {
		domain = str_from(uri, at + 3);
		while (end < domain.n && strchr(":/?#", domain.s[end]) == NULL)
			end++;
		domain = str_sub(domain, 0, end);
	}
	if (domain.n > 0 && domain.s[domain.n - 1] == '.')
		domain.n--;
	return domain;
}

/* Find the first rua= of a record; false without one. */
static bool
find_rua(struct mailauth_str text, struct mailauth_str *rua)
{
	struct tag_item it;

	while (tag_next(&text, &it)) {
		*rua = it.value;
		if (it.equals && str_ieq(it.name, tags[T_RUA].name))
			return true;
	}
	return false;
}

/* The list has an address, and each address is at the host. */
static bool
stays(struct mailauth_str rua, struct mailauth_str host)
{
	struct mailauth_str uri, domain;
	size_t n = 0;

	for (; dmarc_uri_next(&rua, &uri, &domain); n++)
		if (!str_ieq(uri_host(uri, domain), host))
			return false;
	return n > 0;
}

/* Report a rua= in record `i`. With an address at another host reporters send
 * no reports to anybody, in spite of the consent (RFC 9990 4). */
static void
lint_override(struct exam *e, size_t i, struct mailauth_str host)
{
	struct mailauth_findings *log = &e->out->findings;
	struct mailauth_str rua;
	size_t from = log->count;
	struct txt txt;

	if (!txt_join(&e->answer->rr[i], e->scratch->text + e->used,
	        sizeof(e->scratch->text) - e->used, &txt) ||
	    !dmarc_is_record(txt.text) || !find_rua(txt.text, &rua))
		return;
	findings_at(log,
	    stays(rua, host) ? MAILAUTH_F_DMARC_EXT_OVERRIDE :
	                       MAILAUTH_F_DMARC_EXT_OVERRIDE_BAD,
	    txt.text, rua);
	findings_mark(log, from, i);
}

static void
lint_set(struct exam *e)
{
	const struct mailauth_answer *a = e->answer;
	struct mailauth_findings *log = &e->out->findings;
	bool whose;
	struct mailauth_str host = host_of(a->name, &whose);

	if (e->out->matches == 0)
		return;
	if (host.n > 0 && !whose) {
		findings_add(log, MAILAUTH_F_DMARC_EXT_AT_WRONG_NAME);
		return;
	}
	/* A record given as a line of a zone file can have the wildcard as its
	 * owner; an answer has the flag. */
	if (str_starts(a->name, STR("*.")) &&
	    (a->flags & MAILAUTH_ANSWER_WILDCARD) == 0)
		findings_add(log, MAILAUTH_F_DMARC_EXT_WILDCARD);
	for (size_t i = 0; host.n > 0 && i < a->nrr; i++)
		lint_override(e, i, host);
	if (!findings_sum(log, e->scope->profile).voids)
		findings_add(log, MAILAUTH_F_DMARC_EXT_AUTHORISED);
}

static void
values(const struct mailauth_answer *a, const struct mailauth_judgement *j,
    struct value_sink *s)
{
	(void)a;
	taglist_value(&list, &j->record, T_V, s);
	if (tag_counts(&list, &j->record, T_RUA))
		values_split(s, "rua", tag_value(&j->record, T_RUA), ',');
}

const struct mailauth_kind kind_dmarc_report = {
	.id = MAILAUTH_KIND_DMARC_REPORT,
	.name = "dmarc-report",
	.title = "DMARC report authorisation",
	.reference = "RFC 9990",
	.rrtype = RRTYPE_TXT,
	.owner = "*._report._dmarc",
	.star = "policy_domain",
	.misplaced = "_report._dmarc",
	.pick = dmarc_pick,
	.blanks = "\t",
	.tags = &list,
	.lint_set = lint_set,
	.values = values,
	.missing = MAILAUTH_F_DMARC_EXT_UNAUTHORISED,
	.wildcard = MAILAUTH_F_DMARC_EXT_WILDCARD,
	.lookup = MAILAUTH_F_DMARC_EXT_TEMPERROR,
	.forgiving = true,
	.service = true,
};
