/*
 * dmarc_report.c - consent to DMARC reports for other domains (RFC 9990 4)
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * The owner is <policy domain>._report._dmarc.<host>, and <host> is where the
 * reports go. One record that begins with v=DMARC1 is consent, however many
 * stand beside it; a rua= in it puts other addresses at the same host in the
 * place of those that were asked for.
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

/* The other tags of DMARC may be there, and mean nothing. */
static const struct taglist list = {
	.tag = tags,
	.n = TAGS,
	.fold_names = true,
	.syntax = MAILAUTH_F_DMARC_SYNTAX_IGNORED,
	.duplicate = MAILAUTH_F_DMARC_DUPLICATE_TAG,
};

/* The host that gives its consent, without a final dot; empty when the owner
 * does not tell. `whose`: a policy domain stands in front. */
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

/* The host of the authority of a URI, or of a mailto: address. */
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

/* The first rua= of a record; false when it has none. */
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

/* Every address is at the host; and there is one. */
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

/* Other addresses than those asked for: at another host nobody gets the
 * reports, for all that there is consent. */
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
	/* A line of a zone file shows the wildcard itself. */
	if (str_starts(a->name, STR("*.")) &&
	    (a->flags & MAILAUTH_ANSWER_WILDCARD) == 0)
		findings_add(log, MAILAUTH_F_DMARC_EXT_WILDCARD);
	for (size_t i = 0; host.n > 0 && i < a->nrr; i++)
		lint_override(e, i, host);
	if (!findings_sum(log, e->scope->profile).voids)
		findings_add(log, MAILAUTH_F_DMARC_EXT_AUTHORISED);
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
	.missing = MAILAUTH_F_DMARC_EXT_UNAUTHORISED,
	.wildcard = MAILAUTH_F_DMARC_EXT_WILDCARD,
	.lookup = MAILAUTH_F_DMARC_EXT_TEMPERROR,
	.forgiving = true,
	.service = true,
};
