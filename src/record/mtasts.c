/*
 * mtasts.c - MTA-STS records at _mta-sts (RFC 8461 3.1)
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * The grammar is strict: names and version compare with case, no blanks are
 * allowed around '=', and senders discard a record that does not follow it. A
 * blank between the version and its semicolon is allowed by the ABNF, but some
 * senders discard records that do not begin with "v=STSv1;" (erratum 6285).
 * Senders fetch the policy itself over HTTPS; this file does not see it.
 */
#include "record/kind.h"
#include "record/txt.h"

#define VERSION "v=STSv1"
/* Octets of the longest id (RFC 8461 3.1). */
#define ID_MAX 32

enum { T_V, T_ID, TAGS };

static const struct tag tags[TAGS] = {
	[T_V] = { STR_INIT("v"), TAG_TEXT, false, NULL, 0, 0 },
	[T_ID] = { STR_INIT("id"), TAG_TEXT, false, NULL, 0,
	    MAILAUTH_F_MTASTS_ID_INVALID },
};

/* No finding for duplicates: the first of equal names counts (RFC 8461 3.2). */
static const struct taglist list = {
	.tag = tags,
	.n = TAGS,
	.exact = true,
	.syntax = MAILAUTH_F_TAG_SYNTAX,
	.unknown = MAILAUTH_F_TAG_UNKNOWN,
};

static enum pick
pick(struct mailauth_str t)
{
	if (tag_begins(t, VERSION))
		return PICK_YES;
	return tag_means(txt_bare(t), STR("STSv")) ||
	        tag_means(txt_bare(t), STR("STS1")) ?
	    PICK_NEAR :
	    PICK_NO;
}

/* sts-id = %s"id=" 1*32(ALPHA / DIGIT) */
static bool
is_id(struct mailauth_str s)
{
	return s.n >= 1 && s.n <= ID_MAX &&
	    str_skip(s, 0, CLASS_LETTER | CLASS_DIGIT) == s.n;
}

static void
lint(struct exam *e, struct mailauth_str text)
{
	struct mailauth_findings *log = &e->out->findings;
	const struct mailauth_value *id = &e->out->record.value[T_ID];
	struct mailauth_str value = tag_value(&e->out->record, T_ID);

	tag_lint_version(text, VERSION, log);
	if (id->seen == 0)
		findings_add(log, MAILAUTH_F_MTASTS_ID_MISSING);
	else if (id->good && !is_id(value))
		findings_at(log, MAILAUTH_F_MTASTS_ID_INVALID, text, value);
	if (id->seen > 1)
		findings_add(log, MAILAUTH_F_MTASTS_DUPLICATE_ID);
	if (!findings_sum(log, e->scope->profile).breaks)
		findings_add(log, MAILAUTH_F_MTASTS_OK);
}

static void
values(const struct mailauth_answer *a, const struct mailauth_judgement *j,
    struct value_sink *s)
{
	(void)a;
	taglist_values(&list, &j->record, s);
}

const struct mailauth_kind kind_mtasts = {
	.id = MAILAUTH_KIND_MTASTS,
	.name = "mtasts",
	.title = "MTA-STS record",
	.reference = "RFC 8461",
	.rrtype = RRTYPE_TXT,
	.owner = "_mta-sts",
	.version = "STSv1",
	.pick = pick,
	.blanks = "\t",
	.tags = &list,
	.lint = lint,
	.values = values,
	.missing = MAILAUTH_F_MTASTS_MISSING,
	.multiple = MAILAUTH_F_MTASTS_MULTIPLE,
	.near = MAILAUTH_F_MTASTS_VERSION,
	.cname = MAILAUTH_F_MTASTS_CNAME,
	.extra = true,
	.hosted = true,
};
