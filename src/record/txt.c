/*
 * txt.c - joins the strings of a TXT record, and lints any text
 * SPDX-License-Identifier: BSD-3-Clause
 */
#include "record/txt.h"

#include "base/cursor.h"

/* RDATA of a TXT record is one or more strings, each a length octet and its
 * octets (RFC 1035 3.3.14). Most records have one, which needs no copy: its
 * length octet covers the rest of RDATA. */
bool
txt_join(const struct mailauth_rdata *rr, char *room, size_t cap,
    struct txt *out)
{
	struct cursor c = cursor_of(rr->data, rr->len);
	size_t used = 0, strings = 0;

	if (rr->len > 0 && (size_t)rr->data[0] + 1 == rr->len) {
		out->text = (struct mailauth_str){ (const char *)rr->data + 1,
			rr->data[0] };
		out->strings = 1;
		return true;
	}
	while (cursor_left(&c) > 0) {
		size_t n = cursor_u8(&c);
		const uint8_t *p = cursor_take(&c, n);

		if (p == NULL || n > cap - used)
			return false;
		if (n > 0)
			memcpy(room + used, p, n);
		used += n;
		strings++;
	}
	out->text = (struct mailauth_str){ room, used };
	out->strings = strings;
	return strings > 0;
}

void
put_txt_strings(struct writer *w, struct mailauth_str text)
{
	do {
		struct mailauth_str part = str_sub(text, 0, TXT_STRING_MAX);

		put_char(w, (char)part.n);
		put_str(w, part);
		text = str_from(text, part.n);
	} while (text.n > 0);
}

bool
txt_overruns(const struct mailauth_rdata *rr)
{
	size_t at = 0;

	while (at < rr->len)
		at += 1u + rr->data[at];
	return at > rr->len;
}

bool
txt_some_overruns(const struct mailauth_answer *answer)
{
	for (size_t i = 0; i < answer->nrr; i++)
		if (txt_overruns(&answer->rr[i]))
			return true;
	return false;
}

size_t
txt_name_octets(const struct mailauth_answer *answer)
{
	size_t octets = answer->name.n;

	for (size_t i = 0; i < answer->nrr; i++) {
		const struct mailauth_rdata *rr = &answer->rr[i];
		size_t at = txt_overruns(rr) ? rr->len : 0;

		for (; at < rr->len; at += 1 + (size_t)rr->data[at])
			octets += rr->data[at];
	}
	return octets;
}

void
txt_seams(const struct mailauth_rdata *rr,
    void (*seam)(void *arg, size_t offset), void *arg)
{
	struct cursor c = cursor_of(rr->data, rr->len);
	size_t used = 0;

	while (cursor_left(&c) > 0) {
		size_t n = cursor_u8(&c);

		if (cursor_take(&c, n) == NULL)
			return;
		used += n;
		if (cursor_left(&c) > 0)
			seam(arg, used);
	}
}

/* Typographic characters that editors and web pages substitute for ASCII, in
 * UTF-8 and as single octets of Windows code page 1252. */
static const struct mailauth_str smart[] = {
	STR_INIT("\xe2\x80\x93"), /* en dash */
	STR_INIT("\xe2\x80\x94"), /* em dash */
	STR_INIT("\xe2\x80\x90"), /* hyphen */
	STR_INIT("\xe2\x80\x91"), /* no-break hyphen */
	STR_INIT("\xe2\x88\x92"), /* minus sign */
	STR_INIT("\xe2\x80\x98"), /* single quotes */
	STR_INIT("\xe2\x80\x99"),
	STR_INIT("\xe2\x80\x9c"), /* double quotes */
	STR_INIT("\xe2\x80\x9d"),
	STR_INIT("\xe2\x80\x9e"), /* low quotes */
	STR_INIT("\xe2\x80\x9a"),
	STR_INIT("\xc2\xab"), /* angle quotes */
	STR_INIT("\xc2\xbb"),
	STR_INIT("\xc2\xa0"), /* no-break space */
	STR_INIT("\xe2\x80\x8b"), /* zero width space, joiners */
	STR_INIT("\xe2\x80\x8c"),
	STR_INIT("\xe2\x80\x8d"),
	STR_INIT("\xe2\x81\xa0"), /* word joiner */
	STR_INIT("\xef\xbb\xbf"), /* byte order mark */
	STR_INIT("\x91"),
	STR_INIT("\x92"),
	STR_INIT("\x93"),
	STR_INIT("\x94"),
	STR_INIT("\x96"),
	STR_INIT("\x97"),
	STR_INIT("\xa0"),
};

#define COUNT(table) (sizeof(table) / sizeof((table)[0]))

/* Octets of the typographic character at the start of `s`; 0 for any other. */
static size_t
smart_length(struct mailauth_str s)
{
	for (size_t i = 0; i < COUNT(smart); i++)
		if (str_starts(s, smart[i]))
			return smart[i].n;
	return 0;
}

bool
txt_is_smart(struct mailauth_str t)
{
	bool found = false;

	for (size_t i = 0; i < t.n;) {
		size_t n = is_print(t.s[i]) ? 1 : smart_length(str_from(t, i));

		if (n == 0)
			return false;
		found = found || !is_print(t.s[i]);
		i += n;
	}
	return found;
}

/* The rows of `smart` are in this order: dashes, quotes, spaces, what has no
 * width. */
size_t
txt_smart(struct mailauth_str s, char *ascii)
{
	static const char typed[COUNT(smart)] = "-----''\"\"\"'\"\" ";
	static const char typed_1252[] = "''\"\"-- ";
	size_t plain = COUNT(smart) - (sizeof(typed_1252) - 1);

	for (size_t i = 0; i < COUNT(smart); i++) {
		if (!str_starts(s, smart[i]))
			continue;
		*ascii = i < plain ? typed[i] : typed_1252[i - plain];
		return smart[i].n;
	}
	return 0;
}

struct mailauth_str
txt_bare(struct mailauth_str t)
{
	bool found = true;

	while (found && t.n > 0) {
		size_t n = is_fws(t.s[0]) || t.s[0] == '"' || t.s[0] == '\'' ?
		    1 :
		    smart_length(t);

		t = str_from(t, n);
		found = n > 0;
	}
	for (found = true; found && t.n > 0;) {
		char last = t.s[t.n - 1];

		found = is_fws(last) || last == '"' || last == '\'';
		if (found)
			t.n--;
		for (size_t i = 0; !found && i < COUNT(smart); i++) {
			size_t n = smart[i].n;

			if (t.n < n || !str_eq(str_from(t, t.n - n), smart[i]))
				continue;
			t.n -= n;
			found = true;
		}
	}
	return t;
}

/* The octet may be in a text. */
static bool
is_fine(char c, const char *blanks)
{
	return is_print(c) || (c != '\0' && strchr(blanks, c) != NULL);
}

/* Report typographic characters once and other bad octets once, each at the
 * first place. */
static void
lint_octets(struct mailauth_str t, const char *blanks,
    struct mailauth_findings *log)
{
	bool said_smart = false, said_other = false;

	for (size_t i = 0; i < t.n;) {
		size_t n;

		if (is_fine(t.s[i], blanks)) {
			i++;
			continue;
		}
		n = smart_length(str_from(t, i));
		if (n > 0) {
			if (!said_smart)
				findings_at(log,
				    MAILAUTH_F_TXT_SMART_PUNCTUATION, t,
				    str_sub(t, i, n));
			said_smart = true;
			i += n;
			continue;
		}
		do
			n++;
		while (i + n < t.n && !is_fine(t.s[i + n], blanks) &&
		    smart_length(str_from(t, i + n)) == 0);
		if (!said_other)
			findings_at(log, MAILAUTH_F_TXT_NONPRINTABLE, t,
			    str_sub(t, i, n));
		said_other = true;
		i += n;
	}
}

/* Report the first sort of HTML in the text, once. */
static void
lint_html(struct mailauth_str t, struct mailauth_findings *log)
{
	static const struct mailauth_str markup[] = {
		STR_INIT("&quot;"),
		STR_INIT("&amp;"),
		STR_INIT("&lt;"),
		STR_INIT("&gt;"),
		STR_INIT("&nbsp;"),
		STR_INIT("&#"),
		STR_INIT("<"),
		STR_INIT(">"),
	};

	for (size_t i = 0; i < sizeof(markup) / sizeof(markup[0]); i++) {
		size_t at = str_ifind(t, markup[i]);

		if (at < t.n) {
			findings_at(log, MAILAUTH_F_TXT_VERBATIM_HTML, t,
			    str_sub(t, at, markup[i].n));
			return;
		}
	}
}

/* Report quotes that a control panel has published: one at the start, one at
 * the end, or an escaped one anywhere. The text is not empty. */
static void
lint_quotes(struct mailauth_str t, struct mailauth_findings *log)
{
	size_t at = str_ifind(t, STR("\\\""));

	if (t.s[0] == '"')
		at = 0;
	else if (t.s[t.n - 1] == '"')
		at = t.n - 1;
	if (at < t.n)
		findings_at(log, MAILAUTH_F_TXT_QUOTED_LITERAL, t,
		    str_sub(t, at, t.s[at] == '\\' ? 2 : 1));
}

bool
txt_lint(const struct txt *txt, const char *blanks, bool near,
    struct mailauth_findings *log)
{
	struct mailauth_str t = txt->text;

	bool plain = str_is_plain(t, ' ');

	if (!plain) {
		lint_octets(t, blanks, log);
		if (near || t.s[0] == '"' || str_starts(t, STR("\\\"")))
			lint_quotes(t, log);
		lint_html(t, log);
	}
	if (txt->strings > 1)
		findings_add(log, MAILAUTH_F_TXT_MULTI_STRING);
	return plain;
}
