/*
 * tlsrpt.c - TLS reporting records at _smtp._tls (RFC 8460 3)
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * The grammar is as strict as that of MTA-STS. Reporters use each address they
 * can, so that a wrong one does not spoil the others; a record without a usable
 * address is useless.
 */
#include "base/addr.h"
#include "base/dname.h"
#include "record/kind.h"
#include "record/txt.h"

#define VERSION "v=TLSRPTv1"

enum { T_V, T_RUA, TAGS };

static const struct tag tags[TAGS] = {
	[T_V] = { STR_INIT("v"), TAG_TEXT, false, NULL, 0, 0 },
	[T_RUA] = { STR_INIT("rua"), TAG_TEXT, false, NULL, 0,
	    MAILAUTH_F_TAG_SYNTAX },
};

/* No finding for duplicates: a record may have several rua=. */
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
	return tag_means(txt_bare(t), STR("TLSRPT")) ? PICK_NEAR : PICK_NO;
}

/* The text has only characters of a URI (RFC 3986 2), and no '!', which must be
 * encoded (RFC 8460 3). Commas and semicolons end the text before. */
static bool
is_uri_text(struct mailauth_str s)
{
	for (size_t i = 0; i < s.n; i++) {
		if (!is_print(s.s[i]) ||
		    strchr(" !\"<>\\^`{|}", s.s[i]) != NULL)
			return false;
		if (s.s[i] == '%' &&
		    (i + 2 >= s.n || hex_value(s.s[i + 1]) < 0 ||
		        hex_value(s.s[i + 2]) < 0))
			return false;
	}
	return true;
}

static bool
is_host(struct mailauth_str s)
{
	struct dname name;
	char room[DNAME_TEXT_MAX];
	struct writer w = writer_of(room, sizeof(room));

	if (dname_parse(s, &name) != DNAME_OK)
		return false;
	put_dname(&w, &name);
	return dname_is_host(writer_str(&w));
}

/* The URI is a mailto: URI with one address, or an https: URI with a host. */
static bool
is_destination(struct mailauth_str uri)
{
	bool mail = str_istarts(uri, STR("mailto:"));
	struct addr ignored;
	size_t at, end = 0;

	if (!is_uri_text(uri))
		return false;
	if (mail) {
		uri = str_from(uri, 7);
		uri = str_sub(uri, 0, str_find(uri, '?'));
		at = str_find(uri, '@');
		return at > 0 && at < uri.n && is_host(str_from(uri, at + 1));
	}
	if (!str_istarts(uri, STR("https://")))
		return false;
	uri = str_from(uri, 8);
	while (end < uri.n && strchr("/?#", uri.s[end]) == NULL)
		end++;
	uri = str_sub(uri, 0, end);
	at = str_find(uri, ']');
	if (str_starts(uri, STR("[")) && at < uri.n)
		return addr_parse6(str_sub(uri, 1, at - 1), &ignored);
	uri = str_sub(uri, 0, str_find(uri, ':'));
	return addr_parse4(uri, &ignored) || is_host(uri);
}

/* Number of addresses. */
struct tally {
	size_t all, usable;
};

/* Judge one rua=: URIs separated by commas, with optional blanks. */
static void
lint_rua(struct mailauth_str text, const struct tag_item *it, struct tally *t,
    struct mailauth_findings *log)
{
	struct mailauth_str rest = it->value;

	for (;;) {
		size_t comma = str_find(rest, ',');
		struct mailauth_str uri = str_trim(str_sub(rest, 0, comma));
		bool good = is_destination(uri);

		t->all++;
		t->usable += good;
		if (!good)
			findings_at(log, MAILAUTH_F_TLSRPT_RUA_INVALID, text,
			    uri);
		else if (str_istarts(uri, STR("mailto:")) &&
		    uri.s[uri.n - 1] == '.')
			findings_at(log, MAILAUTH_F_REPORT_ADDRESS_DOT, text,
			    uri);
		if (comma == rest.n)
			return;
		rest = str_from(rest, comma + 1);
	}
}

static void
lint(struct exam *e, struct mailauth_str text)
{
	struct mailauth_findings *log = &e->out->findings;
	struct mailauth_str rest = text;
	struct tally t = { 0, 0 };
	struct tag_item it;

	tag_lint_version(text, VERSION, log);
	while (tag_next(&rest, &it))
		if (it.equals && str_eq(it.name, tags[T_RUA].name))
			lint_rua(text, &it, &t, log);
	if (t.all > 1)
		findings_add(log, MAILAUTH_F_TLSRPT_RUA_MULTIPLE);
	if (t.usable == 0)
		findings_add(log, MAILAUTH_F_TLSRPT_RUA_MISSING);
	if (!findings_sum(log, e->scope->profile).breaks)
		findings_add(log, MAILAUTH_F_TLSRPT_OK);
}

static void
values(const struct mailauth_answer *a, const struct mailauth_judgement *j,
    struct value_sink *s)
{
	struct mailauth_str rest = j->record.text, uri;
	struct tag_item it;

	(void)a;
	taglist_value(&list, &j->record, T_V, s);
	s->begin_list(s, "rua");
	while (tag_next(&rest, &it)) {
		if (!it.equals || !str_eq(it.name, tags[T_RUA].name))
			continue;
		while (it.value.n > 0) {
			uri = str_trim(str_cut(&it.value, ','));
			s->text(s, NULL, uri);
		}
	}
	s->end(s);
}

const struct mailauth_kind kind_tlsrpt = {
	.id = MAILAUTH_KIND_TLSRPT,
	.name = "tlsrpt",
	.title = "TLS reporting",
	.reference = "RFC 8460",
	.rrtype = RRTYPE_TXT,
	.owner = "_smtp._tls",
	.version = "TLSRPTv1",
	.pick = pick,
	.blanks = "\t",
	.tags = &list,
	.lint = lint,
	.values = values,
	.missing = MAILAUTH_F_TLSRPT_MISSING,
	.multiple = MAILAUTH_F_TLSRPT_MULTIPLE,
	.near = MAILAUTH_F_TLSRPT_VERSION,
	.extra = true,
	.hosted = true,
};
