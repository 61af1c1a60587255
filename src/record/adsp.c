/*
 * adsp.c - author domain signing practices (RFC 5617, historic)
 * SPDX-License-Identifier: BSD-3-Clause
 */
#include "record/adsp.h"

#include "record/kind.h"

enum { T_DKIM, TAGS };

static const struct mailauth_str practices[] = { STR_INIT("unknown"),
	STR_INIT("all"), STR_INIT("discardable"), { NULL, 0 } };

static const struct tag tags[TAGS] = {
	[T_DKIM] = { STR_INIT("dkim"), TAG_WORD, false, practices, 0,
	    MAILAUTH_F_ADSP_INVALID },
};

static const struct taglist list = {
	.tag = tags,
	.n = TAGS,
	.syntax = MAILAUTH_F_ADSP_INVALID,
	.duplicate = MAILAUTH_F_ADSP_INVALID,
	.unknown = MAILAUTH_F_TAG_UNKNOWN,
};

/* The record begins with dkim=, with no blank in front (RFC 5617 4.2.1). */
static enum pick
pick(struct mailauth_str t)
{
	struct mailauth_str rest = t;
	struct tag_item it;

	return tag_next(&rest, &it) && it.equals && it.whole.s == t.s &&
	        str_eq(it.name, STR("dkim")) ?
	    PICK_YES :
	    PICK_NEAR;
}

static void
lint(struct exam *e, struct mailauth_str text)
{
	(void)text;
	if (e->out->record.value[T_DKIM].good)
		findings_add(&e->out->findings, MAILAUTH_F_ADSP_PRESENT);
}

bool
adsp_discardable(const struct mailauth_record *rec)
{
	return rec->value[T_DKIM].good && rec->value[T_DKIM].number == 2;
}

static void
values(const struct mailauth_answer *a, const struct mailauth_judgement *j,
    struct value_sink *s)
{
	(void)a;
	taglist_values(&list, &j->record, s);
}

const struct mailauth_kind kind_adsp = {
	.id = MAILAUTH_KIND_ADSP,
	.name = "adsp",
	.title = "ADSP",
	.reference = "RFC 5617",
	.rrtype = RRTYPE_TXT,
	.owner = "_adsp._domainkey",
	.pick = pick,
	.blanks = "\t",
	.tags = &list,
	.lint = lint,
	.values = values,
	.multiple = MAILAUTH_F_ADSP_MULTIPLE,
	.near = MAILAUTH_F_ADSP_INVALID,
	.optional = true,
	.service = true,
};
