/*
 * senderid.c - Sender ID records (RFC 4406, historic)
 * SPDX-License-Identifier: BSD-3-Clause
 */
#include "record/senderid.h"
#include "record/spf.h"
#include "record/txt.h"

bool
senderid_parse(struct mailauth_str text, struct senderid *out)
{
	struct mailauth_str version, scopes, id;
	size_t end = str_find(text, ' ');

	*out = (struct senderid){ 0 };
	version = str_sub(text, 0, end);
	out->terms = str_from(text, end);
	if (!str_istarts(version, STR("spf2.0/")))
		return false;
	scopes = str_from(version, 7);
	do {
		id = str_cut(&scopes, ',');
		if (id.n == 0)
			return false;
		if (str_ieq(id, STR("pra")))
			out->scopes |= SENDERID_PRA;
		else if (str_ieq(id, STR("mfrom")))
			out->scopes |= SENDERID_MFROM;
	} while (scopes.n > 0);
	return out->scopes != 0 && version.s[version.n - 1] != ',';
}

static enum pick
pick(struct mailauth_str t)
{
	return str_istarts(t, STR("spf2.")) || str_istarts(t, STR("spf2 ")) ||
	        str_istarts(t, STR("spf2/")) || str_ieq(t, STR("spf2")) ?
	    PICK_YES :
	    PICK_NO;
}

/* Judge one record. Return its scopes; 0 when it is invalid. */
static unsigned
lint_one(struct exam *e, struct mailauth_str text)
{
	struct mailauth_findings *log = &e->out->findings;
	struct mailauth_findings ignored;
	struct senderid id;

	findings_clear(&ignored);
	/* Only the number of syntax errors matters: findings on the terms of a
	 * historic record help nobody. */
	if (!senderid_parse(text, &id) ||
	    spf_lint_terms(text, id.terms, STR_NONE, e->scope, &ignored) > 0) {
		findings_at(log, MAILAUTH_F_SENDERID_INVALID, text, text);
		return 0;
	}
	findings_at(log, MAILAUTH_F_SENDERID_PRESENT, text, STR_NONE);
	if (id.scopes & SENDERID_PRA)
		findings_add(log, MAILAUTH_F_SENDERID_SCOPE_PRA);
	if (id.scopes & SENDERID_MFROM)
		findings_add(log, MAILAUTH_F_SENDERID_SCOPE_MFROM);
	return id.scopes;
}

/* Several records are valid as long as their scopes differ. */
static void
lint_set(struct exam *e)
{
	struct mailauth_findings *log = &e->out->findings;
	unsigned seen = 0;
	bool twice = false;

	for (size_t i = 0; e->out->matches > 0 && i < e->answer->nrr; i++) {
		size_t from = log->count;
		struct txt txt;
		unsigned scopes;

		if (!txt_join(&e->answer->rr[i], e->scratch->text + e->used,
		        sizeof(e->scratch->text) - e->used, &txt) ||
		    pick(txt.text) != PICK_YES)
			continue;
		txt_lint(&txt, "", false, log);
		scopes = lint_one(e, txt.text);
		twice = twice || (seen & scopes) != 0;
		seen |= scopes;
		findings_mark(log, from, i);
	}
	if (twice)
		findings_add(log, MAILAUTH_F_SENDERID_MULTIPLE);
}

static void
parts(struct mailauth_str text, part_fn each, void *arg)
{
	spf_parts(str_from(text, str_find(text, ' ')), each, arg);
}

static void
values(const struct mailauth_answer *a, const struct mailauth_judgement *j,
    struct value_sink *s)
{
	struct senderid id;

	(void)a;
	s->word(s, "version", STR("spf2.0"));
	if (!senderid_parse(j->record.text, &id))
		return;
	s->begin_list(s, "scopes");
	if (id.scopes & SENDERID_PRA)
		s->word(s, NULL, STR("pra"));
	if (id.scopes & SENDERID_MFROM)
		s->word(s, NULL, STR("mfrom"));
	s->end(s);
	spf_values(id.terms, s);
}

const struct mailauth_kind kind_senderid = {
	.id = MAILAUTH_KIND_SENDERID,
	.name = "senderid",
	.title = "Sender ID policy",
	.reference = "RFC 4406",
	.rrtype = RRTYPE_TXT,
	.owner = "@",
	.pick = pick,
	.blanks = "",
	.lint_set = lint_set,
	.parts = parts,
	.values = values,
	.optional = true,
};
