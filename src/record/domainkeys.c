/*
 * domainkeys.c - DomainKeys policies at _domainkey (RFC 4870, historic)
 * SPDX-License-Identifier: BSD-3-Clause
 */
#include "record/dkim.h"
#include "record/kind.h"
#include "record/txt.h"

enum { T_O, T_T, T_R, T_N, TAGS };

static const struct mailauth_str policies[] = { STR_INIT("-"), STR_INIT("~"),
	{ NULL, 0 } };
static const struct mailauth_str flags[] = { STR_INIT("y"), { NULL, 0 } };

static const struct tag tags[TAGS] = {
	[T_O] = { STR_INIT("o"), TAG_WORD, false, policies, 0,
	    MAILAUTH_F_DOMAINKEYS_POLICY_INVALID },
	[T_T] = { STR_INIT("t"), TAG_WORD, false, flags, 0, 0 },
	[T_R] = { STR_INIT("r"), TAG_TEXT, false, NULL, 0, 0 },
	[T_N] = { STR_INIT("n"), TAG_NOTE, false, NULL, 0, 0 },
};

static const struct taglist list = {
	.tag = tags,
	.n = TAGS,
	.syntax = MAILAUTH_F_DOMAINKEYS_POLICY_INVALID,
	.duplicate = MAILAUTH_F_DOMAINKEYS_POLICY_INVALID,
	.unknown = MAILAUTH_F_TAG_UNKNOWN,
};

/* A policy has an o= tag, or only the tags t=, r= and n=. */
static enum pick
pick(struct mailauth_str t)
{
	struct tag_item it;
	bool others = false, some = false;

	if (dkim_is_key(t))
		return PICK_NO;
	while (tag_next(&t, &it)) {
		if (it.whole.n == 0)
			continue;
		if (it.equals && str_eq(it.name, STR("o")))
			return PICK_YES;
		some = true;
		others = others || !it.equals || it.name.n != 1 ||
		    strchr("trn", it.name.s[0]) == NULL;
	}
	return some && !others ? PICK_YES : PICK_NO;
}

static void
lint(struct exam *e, struct mailauth_str text)
{
	struct mailauth_findings *log = &e->out->findings;
	const struct mailauth_value *v = e->out->record.value;

	(void)text;
	findings_add(log, MAILAUTH_F_DOMAINKEYS_POLICY_PRESENT);
	if (v[T_O].seen > 0 && v[T_O].good && v[T_O].number == 0)
		findings_add(log, MAILAUTH_F_DOMAINKEYS_POLICY_ALL_SIGNED);
	else if (v[T_O].seen == 0 || v[T_O].good)
		findings_add(log, MAILAUTH_F_DOMAINKEYS_POLICY_SOME_SIGNED);
	if (v[T_T].seen > 0 && v[T_T].good)
		findings_add(log, MAILAUTH_F_DOMAINKEYS_POLICY_TESTING);
}

/* Report a DKIM key at _domainkey itself, where verifiers never look. */
static void
lint_set(struct exam *e)
{
	for (size_t i = 0; i < e->answer->nrr; i++) {
		struct txt txt;

		if (txt_join(&e->answer->rr[i], e->scratch->text + e->used,
		        sizeof(e->scratch->text) - e->used, &txt) &&
		    dkim_is_key(txt.text)) {
			findings_add(&e->out->findings,
			    MAILAUTH_F_DKIM_KEY_AT_DOMAINKEY_NODE);
			return;
		}
	}
}

bool
domainkeys_all_signed(const struct mailauth_record *rec)
{
	return rec->value[T_O].seen > 0 && rec->value[T_O].good &&
	    rec->value[T_O].number == 0;
}

static void
values(const struct mailauth_answer *a, const struct mailauth_judgement *j,
    struct value_sink *s)
{
	(void)a;
	taglist_values(&list, &j->record, s);
}

const struct mailauth_kind kind_domainkeys = {
	.id = MAILAUTH_KIND_DOMAINKEYS,
	.name = "domainkeys",
	.title = "DomainKeys policy",
	.reference = "RFC 4870",
	.rrtype = RRTYPE_TXT,
	.owner = "_domainkey",
	.pick = pick,
	.blanks = "\t\r\n",
	.tags = &list,
	.lint = lint,
	.lint_set = lint_set,
	.values = values,
	.multiple = MAILAUTH_F_DOMAINKEYS_POLICY_MULTIPLE,
	.loose = true,
	.optional = true,
	.service = true,
};
