/*
 * bimi.c - BIMI assertion records (draft-brand-indicators-for-message-
 * identification)
 * SPDX-License-Identifier: BSD-3-Clause
 */
#include "base/addr.h"
#include "base/dname.h"
#include "record/kind.h"

/* Octets of the longest local-part selector prefix. */
#define PREFIX_MAX 63

enum { T_V, T_L, T_A, T_AVP, T_LPS, TAGS };

static const struct mailauth_str preferences[] = { STR_INIT("personal"),
	STR_INIT("brand"), { NULL, 0 } };

static const struct tag tags[TAGS] = {
	[T_V] = { STR_INIT("v"), TAG_TEXT, false, NULL, 0, 0 },
	[T_L] = { STR_INIT("l"), TAG_TEXT, false, NULL, 0, 0 },
	[T_A] = { STR_INIT("a"), TAG_TEXT, false, NULL, 0, 0 },
	[T_AVP] = { STR_INIT("avp"), TAG_WORD, false, preferences, 0,
	    MAILAUTH_F_BIMI_AVP_INVALID },
	[T_LPS] = { STR_INIT("lps"), TAG_TEXT, false, NULL, 0, 0 },
};

static const struct taglist list = {
	.tag = tags,
	.n = TAGS,
	.syntax = MAILAUTH_F_TAG_SYNTAX,
	.duplicate = MAILAUTH_F_TAG_DUPLICATE,
	.unknown = MAILAUTH_F_TAG_UNKNOWN,
};

/* The version must be the first tag and exact, case included. A record that
 * names BIMI in another place, or has an l= with a URI, is near. */
static enum pick
pick(struct mailauth_str t)
{
	struct mailauth_str rest = t;
	struct tag_item it;
	bool first = true, location = false;

	while (tag_next(&rest, &it)) {
		if (first && it.equals && str_eq(it.name, STR("v")) &&
		    str_eq(it.value, STR("BIMI1")))
			return PICK_YES;
		if (first && it.equals && str_ieq(it.name, STR("v")) &&
		    !str_istarts(it.value, STR("BIMI")))
			return PICK_NO;
		if (str_istarts(it.value, STR("BIMI")) ||
		    str_istarts(it.whole, STR("BIMI1")))
			return PICK_NEAR;
		location = location ||
		    (it.equals && str_ieq(it.name, STR("l")) &&
		        str_istarts(it.value, STR("http")));
		first = false;
	}
	return location ? PICK_NEAR : PICK_NO;
}

/* The text is an https URI whose host is a domain name of two or more labels.
 * `path` is set to its path, without query and fragment. */
static bool
https(struct mailauth_str uri, struct mailauth_str *path)
{
	struct mailauth_str host;
	struct addr ignored;
	struct dname name;
	char text[DNAME_TEXT_MAX];
	struct writer w = writer_of(text, sizeof(text));
	size_t end = 0, colon;

	if (!str_istarts(uri, STR("https://")))
		return false;
	uri = str_from(uri, 8);
	for (size_t i = 0; i < uri.n; i++)
		if (!is_print(uri.s[i]) || uri.s[i] == ' ' || uri.s[i] == ',')
			return false;
	while (end < uri.n && strchr("/?#", uri.s[end]) == NULL)
		end++;
	host = str_sub(uri, 0, end);
	colon = str_find(host, ':');
	host = str_sub(host, 0, colon);
	if (addr_parse4(host, &ignored) || dname_parse(host, &name) != DNAME_OK)
		return false;
	put_dname(&w, &name);
	host = writer_str(&w);
	*path = str_from(uri, end);
	*path = str_sub(*path, 0, str_find(*path, '?'));
	*path = str_sub(*path, 0, str_find(*path, '#'));
	return dname_is_host(host) && dname_labels(host) >= 2;
}

static bool
ends(struct mailauth_str path, struct mailauth_str suffix)
{
	return path.n > suffix.n &&
	    str_ieq(str_from(path, path.n - suffix.n), suffix);
}

/* Findings on l= and a=. Both empty decline to publish a logo. */
static void
lint_location(const struct exam *e, struct mailauth_str text)
{
	struct mailauth_findings *log = &e->out->findings;
	const struct mailauth_record *rec = &e->out->record;
	struct mailauth_str l = tag_value(rec, T_L), a = tag_value(rec, T_A);
	struct mailauth_str path = STR_NONE;

	if (rec->value[T_L].seen == 0) {
		findings_add(log, MAILAUTH_F_BIMI_L_MISSING);
	} else if (l.n == 0) {
		findings_at(log,
		    a.n == 0 ? MAILAUTH_F_BIMI_DECLINED :
		               MAILAUTH_F_BIMI_L_EMPTY_A_SET,
		    text, l);
	} else if (!https(l, &path)) {
		findings_at(log, MAILAUTH_F_BIMI_L_NOT_HTTPS, text, l);
	} else if (!ends(path, STR(".svg")) && !ends(path, STR(".svgz"))) {
		findings_at(log, MAILAUTH_F_BIMI_L_FORMAT, text, l);
	}
	if (a.n == 0) {
		if (l.n > 0)
			findings_add(log, MAILAUTH_F_BIMI_A_MISSING);
	} else if (!https(a, &path)) {
		findings_at(log, MAILAUTH_F_BIMI_A_NOT_HTTPS, text, a);
	} else if (!ends(path, STR(".pem"))) {
		findings_at(log, MAILAUTH_F_BIMI_A_FORMAT, text, a);
	}
}

/* Findings on lps=: local-part selector prefixes, separated by commas. */
static void
lint_prefixes(struct mailauth_str text, struct mailauth_str value,
    struct mailauth_findings *log)
{
	struct mailauth_str rest = value;

	findings_at(log, MAILAUTH_F_BIMI_LPS_PRESENT, text, value);
	while (rest.n > 0) {
		struct mailauth_str p = str_trim(str_cut(&rest, ','));
		bool good = p.n >= 1 && p.n <= PREFIX_MAX;

		for (size_t i = 0; i < p.n; i++)
			good = good && (is_alnum(p.s[i]) || p.s[i] == '-');
		if (!good) {
			findings_at(log, MAILAUTH_F_BIMI_LPS_INVALID, text, p);
			return;
		}
	}
}

static void
lint(struct exam *e, struct mailauth_str text)
{
	const struct mailauth_record *rec = &e->out->record;

	lint_location(e, text);
	if (rec->value[T_LPS].seen > 0)
		lint_prefixes(text, tag_value(rec, T_LPS), &e->out->findings);
}

static void
values(const struct mailauth_answer *a, const struct mailauth_judgement *j,
    struct value_sink *s)
{
	(void)a;
	taglist_values(&list, &j->record, s);
}

const struct mailauth_kind kind_bimi = {
	.id = MAILAUTH_KIND_BIMI,
	.name = "bimi",
	.title = "BIMI assertion",
	.reference = "BIMI",
	.rrtype = RRTYPE_TXT,
	.owner = "*._bimi",
	.star = "selector",
	.version = "BIMI1",
	.pick = pick,
	.blanks = "\t\r\n",
	.tags = &list,
	.lint = lint,
	.values = values,
	.missing = MAILAUTH_F_BIMI_MISSING,
	.multiple = MAILAUTH_F_BIMI_MULTIPLE_RECORDS,
	.near = MAILAUTH_F_BIMI_VERSION_INVALID,
	.cname = MAILAUTH_F_BIMI_CNAME,
	.doubled = MAILAUTH_F_BIMI_OWNER_NOT_ABSOLUTE,
	.service = true,
};
