/*
 * test_lint_fix.c - the lines that repair a record
 * SPDX-License-Identifier: BSD-3-Clause
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "text.h"

#define HEAD \
	"$ORIGIN example.com.\n" \
	"@ 3600 SOA ns.example.com. h.example.com. 1 2 3 4 5\n" \
	"@ 3600 NS ns.example.com.\n" \
	"ns A 198.51.100.53\n"
/* Lines of it. */
#define HEAD_LINES 4

#define A50  "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
#define A250 A50 A50 A50 A50 A50

/* Lines behind the head, and what they become. */
struct row {
	const char *text;
	const char *code; /* of the finding that is repaired */
	unsigned first, last; /* lines behind the head, from 1 */
	const char *fix; /* NULL: no fix */
};

static const struct row rows[] = {
	/* A ';' without quotes: what is behind it was data, up to what no
	 * record has. */
	{ "_dmarc TXT v=DMARC1; p=none\n", "zone-semicolon", 1, 1,
	    "_dmarc TXT \"v=DMARC1; p=none\"" },
	{ "\n_dmarc 300 IN TXT v=DMARC1; p=none ; set by joe\nx A 192.0.2.1\n",
	    "zone-semicolon", 2, 2,
	    "_dmarc 300 IN TXT \"v=DMARC1; p=none\" ; set by joe" },
	{ "_dmarc TXT ( v=DMARC1;p=none;rua=mailto:a@example.com\n ) ; z\n",
	    "zone-semicolon", 1, 2,
	    "_dmarc TXT ( \"v=DMARC1;p=none;rua=mailto:a@example.com\"\n ) ; "
	    "z" },
	{ "x TXT v=DMARC1; p=none\n", "zone-semicolon", 0, 0, NULL },
	{ "_dmarc TXT ( v=DMARC1; p=none;\n rua=mailto:a@example.com )\n",
	    "zone-semicolon", 0, 0, NULL },
	{ "s2._domainkey TXT ( v=DKIM1; h=sha256; t=y:s;\n p=AAAA )\n",
	    "zone-semicolon", 0, 0, NULL },
	{ "s2._domainkey TXT ( v=DKIM1; h=sha256;\n t=y:s; n=old;\n p=AAAA "
	  ")\n",
	    "zone-semicolon", 0, 0, NULL },
	/* Names without a final dot, in the lines of their own records. */
	{ "@ MX 5 ns\n_dmarc.example.com 60 TXT \"v=DMARC1; p=none\" ; z\n",
	    "txt-owner-doubled", 2, 2,
	    "_dmarc.example.com. 60 TXT \"v=DMARC1; p=none\" ; z" },
	{ "x MX 5 mail.example.com ; z\n", "zone-name-doubled", 1, 1,
	    "x MX 5 mail.example.com. ; z" },
	{ "mail.example.com A 192.0.2.1\n", "zone-name-doubled", 1, 1,
	    "mail.example.com. A 192.0.2.1" },
	/* Words without quotes. */
	{ "@ TXT v=spf1 mx -all;by=joe\n", "zone-unquoted", 1, 1,
	    "@ TXT \"v=spf1 mx -all\";by=joe" },
	{ "@ TXT v=spf1 mx -all\n", "zone-unquoted", 1, 1,
	    "@ TXT \"v=spf1 mx -all\"" },
	{ "@ TXT v=spf1 mx nclude:x -all ; z\n", "zone-unquoted", 1, 1,
	    "@ TXT \"v=spf1 mx nclude:x -all\" ; z" },
	{ "_dmarc TXT \xe2\x80\x9cv=DMARC1; p=none\xe2\x80\x9d\n",
	    "zone-unquoted", 1, 1, "_dmarc TXT \"v=DMARC1; p=none\"" },
	{ "_dmarc TXT \"v=DMARC1\" ; p=none ; by joe\n", "zone-semicolon", 1, 1,
	    "_dmarc TXT \"v=DMARC1; p=none\" ; by joe" },
	{ "$ORIGIN x.example.com ; z\n", "zone-name-doubled", 1, 1,
	    "$ORIGIN x.example.com. ; z" },
	/* Quotes within quotes. */
	{ "_dmarc TXT \"v=DMARC1; p=none; rua=\"mailto:a@example.com\"\"\n",
	    "zone-quotes-inside", 1, 1,
	    "_dmarc TXT \"v=DMARC1; p=none; rua=mailto:a@example.com\"" },
	{ "x TXT \"says \"hello\" to you\"\n", "zone-quotes-inside", 0, 0,
	    NULL },
	/* A string that is too long, of any text; comments and parentheses
	 * stay. */
	{ "x TXT \"" A250 "123456\" ; z\n", "txt-string-over-255", 1, 1,
	    "x TXT \"" A250 "12345\" \"6\" ; z" },
	{ "x TXT ( \"" A250 "123456\" ; one\n\t\"7\\\"\" ; two\n\t)\n",
	    "txt-string-over-255", 1, 3,
	    "x TXT ( \"" A250 "12345\" \"67\\\"\" ; one\n\t ; two\n\t)" },
	{ "x TXT ( \"" A250 "123456\"\r\n\t\"7\"\r\n\t\"\\200\" )\r\n",
	    "txt-string-over-255", 1, 3,
	    "x TXT ( \"" A250 "12345\" \"67\\200\"\n\t )" },
	{ "\t TXT " A250 "123456\n", "txt-string-over-255", 1, 1,
	    "\t TXT \"" A250 "12345\" \"6\"" },
};

/* Judge the head with lines behind it; the finding of the code. */
static bool
lint(const char *lines, const char *code, struct mailauth_lint **out,
    struct mailauth_lint_finding *f)
{
	size_t room = sizeof(HEAD) + strlen(lines);
	struct mailauth_zone zone = { "example.com", NULL };
	const struct mailauth_options o = { .zones = &zone, .nzones = 1 };
	char *text = malloc(room), why[MAILAUTH_WHY_MAX];
	bool found = false;

	ck_assert_ptr_nonnull(text);
	snprintf(text, room, HEAD "%s", lines);
	zone.file = folder_put("a.zone", text, room - 1);
	EXPECT(mailauth_lint(&o, NULL, out, why) == MAILAUTH_OK, "%s", why);
	free(text);
	for (size_t i = 0; !found && mailauth_lint_finding(*out, i, f); i++)
		found = strcmp(f->code, code) == 0;
	return found;
}

/* Put the lines of a repair in place of those it is for. */
static char *
repaired(const struct row *row)
{
	char *text = calloc(1, strlen(row->text) + strlen(row->fix) + 2);
	const char *at = row->text;
	size_t n = 0;

	ck_assert_ptr_nonnull(text);
	for (unsigned line = 1; line < row->first; line++)
		at = strchr(at, '\n') + 1;
	n = (size_t)(at - row->text);
	memcpy(text, row->text, n);
	for (unsigned line = row->first; line <= row->last; line++)
		at = strchr(at, '\n') + 1;
	n += (size_t)sprintf(text + n, "%s\n", row->fix);
	memcpy(text + n, at, strlen(at));
	return text;
}

START_TEST(fixes)
{
	const struct row *row = &rows[_i];
	struct mailauth_lint_finding f;
	struct mailauth_lint *l;
	char *after;

	folder_open();
	EXPECT(lint(row->text, row->code, &l, &f), "row %d: no %s", _i,
	    row->code);
	if (row->fix == NULL) {
		EXPECT(f.fix == NULL, "row %d: %s", _i, f.fix);
		mailauth_lint_free(l);
		folder_close();
		return;
	}
	EXPECT(f.fix != NULL, "row %d: no repair", _i);
	EXPECT(strcmp(f.fix, row->fix) == 0, "row %d: is\n%s\nwant\n%s", _i,
	    f.fix, row->fix);
	EXPECT(f.fix_first == HEAD_LINES + row->first &&
	        f.fix_last == HEAD_LINES + row->last,
	    "row %d: lines %u to %u", _i, f.fix_first, f.fix_last);
	mailauth_lint_free(l);
	after = repaired(row);
	EXPECT(!lint(after, row->code, &l, &f), "row %d: again %s", _i, after);
	free(after);
	mailauth_lint_free(l);
	folder_close();
}
END_TEST

Suite *
suite_lint_fix(void)
{
	Suite *s = suite_create("lint_fix");
	TCase *tc = tcase_create("lint_fix");

	tcase_add_loop_test(tc, fixes, 0, sizeof(rows) / sizeof(rows[0]));
	suite_add_tcase(s, tc);
	return s;
}
