/*
 * test_lint_diff.c - what a change of zones does
 * SPDX-License-Identifier: BSD-3-Clause
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "text.h"

#define HEAD \
	"$ORIGIN example.com.\n$TTL 3600\n" \
	"@ SOA ns.example.net. h.example.com. 1 2 3 4 5\n" \
	"@ NS ns.example.net.\n"
#define KEY_A "AAAAC3NzaC1lZDI1NTE5AAAAIGZvbyBiYXIgYmF6IHF1dXg="
#define KEY_B "BBBBC3NzaC1lZDI1NTE5AAAAIGZvbyBiYXIgYmF6IHF1dXg="

/* Lines behind the head before and after the change. */
struct row {
	const char *then, *now;
	const char *code; /* that begins with "diff-"; NULL: no such finding */
	const char *name;
	const char *detail; /* the message ends in it */
};

static const struct row rows[] = {
	{ "@ MX 10 a.example.net.\n", "@ MX 0 .\n", "diff-mail-lost",
	    "example.com.", "" },
	{ "x MX 10 a.example.net.\n", "x A 198.18.0.1\n", "diff-mail-lost",
	    "x.example.com.", "" },
	{ "x MX 10 a.example.net.\n", "", "diff-mail-lost", "x.example.com.",
	    "" },
	{ "@ MX 10 a.example.net.\n", "@ MX 10 b.example.net.\n",
	    "diff-mx-changed", "example.com.",
	    ": now b.example.net., no longer a.example.net." },
	{ "@ MX 10 a.example.net.\n@ MX 20 b.example.net.\n",
	    "@ MX 20 A.example.net.\n@ MX 10 b.example.net.\n", NULL, NULL,
	    NULL },
	{ "@ MX 10 a.example.net.\n@ MX 20 b.example.net.\n",
	    "@ MX 10 b.example.net.\n", "diff-mx-changed", "example.com.",
	    ": no longer a.example.net." },
	{ "@ MX 0 .\n", "", NULL, NULL, NULL },
	/* Addresses, wherever they are in the tree. */
	{ "@ TXT \"v=spf1 ip4:11.0.0.0/24 -all\"\n",
	    "@ TXT \"v=spf1 ip4:11.0.0.0/20 -all\"\n", "diff-spf-opens",
	    "example.com.", ": 3,840 of IPv4" },
	{ "@ TXT \"v=spf1 ip4:11.0.0.0/20 -all\"\n",
	    "@ TXT \"v=spf1 ip4:11.0.0.0/24 -all\"\n", "diff-spf-closes",
	    "example.com.", ": 3,840 of IPv4" },
	{ "@ TXT \"v=spf1 ip4:11.0.0.0/24 -all\"\n",
	    "@ TXT \"v=spf1 ip4:11.0.0.0/25 ip4:11.0.0.128/25 ~all\"\n", NULL,
	    NULL, NULL },
	{ "@ TXT \"v=spf1 include:_s.example.com -all\"\n"
	  "_s TXT \"v=spf1 ip4:11.0.0.1 -all\"\n",
	    "@ TXT \"v=spf1 include:_s.example.com -all\"\n"
	    "_s TXT \"v=spf1 ip4:11.0.0.0/30 ip6:2a00::/126 -all\"\n",
	    "diff-spf-opens", "example.com.", ": 3 of IPv4 and 4 of IPv6" },
	{ "@ TXT \"v=spf1 a:m.example.com -all\"\nm A 11.0.0.1\n",
	    "@ TXT \"v=spf1 a:m.example.com -all\"\nm A 11.0.0.1\n"
	    "m AAAA 2a00::1\n",
	    "diff-spf-opens", "example.com.", ": 1 of IPv6" },
	{ "@ TXT \"v=spf1 -all\"\n", "@ TXT \"v=spf1 +all\"\n",
	    "diff-spf-opens", "example.com.",
	    ": 4,294,967,296 of IPv4 and "
	    "340,282,366,920,938,463,463,374,607,431,768,211,456 of IPv6" },
	/* Names outside of the zone, which are not looked up. */
	{ "@ TXT \"v=spf1 include:a.example.net -all\"\n",
	    "@ TXT \"v=spf1 include:a.example.net include:b.example.net "
	    "-all\"\n",
	    "diff-spf-opens", "example.com.",
	    ": what b.example.net. lists, which was not looked up" },
	{ "@ TXT \"v=spf1 include:a.example.net -all\"\n",
	    "@ TXT \"v=spf1 include:b.example.net -all\"\n", "diff-spf-closes",
	    "example.com.",
	    ": what a.example.net. lists, which was not looked up" },
	{ "@ TXT \"v=spf1 redirect=a.example.net\"\n",
	    "@ TXT \"v=spf1 redirect=b.example.net\"\n", "diff-spf-opens",
	    "example.com.",
	    ": what b.example.net. lists, which was not looked up" },
	{ "@ TXT \"v=spf1 ip4:11.0.0.0/32 -all\"\n",
	    "@ TXT \"v=spf1 ip4:11.0.0.0/31 a:b.example.net -all\"\n",
	    "diff-spf-opens", "example.com.",
	    ": at least 1 of IPv4, and what b.example.net. lists, which was not looked up" },
	{ "@ TXT \"v=spf1 include:a.example.net -all\"\n",
	    "@ TXT \"v=spf1 include:A.example.net ~all\"\n", NULL, NULL, NULL },
	/* Reports and aliases. */
	{ "_dmarc TXT \"v=DMARC1; p=reject; rua=mailto:a@example.com\"\n",
	    "_dmarc TXT \"v=DMARC1; p=reject; "
	    "rua=mailto:b@example.net,mailto:A@example.com\"\n",
	    "diff-reports-changed", "_dmarc.example.com.",
	    ": now mailto:b@example.net" },
	{ "_smtp._tls TXT \"v=TLSRPTv1; rua=mailto:a@example.com\"\n",
	    "_smtp._tls TXT \"v=TLSRPTv1; rua=mailto:a@example.net\"\n",
	    "diff-reports-changed", "_smtp._tls.example.com.",
	    ": now mailto:a@example.net, no longer mailto:a@example.com" },
	{ "_dmarc TXT \"v=DMARC1; p=reject; rua=mailto:a@example.com\"\n",
	    "_dmarc TXT \"v=DMARC1;p=reject;rua=mailto:a@example.com;\"\n",
	    NULL, NULL, NULL },
	{ "s1._domainkey CNAME a.example.net.\n",
	    "s1._domainkey CNAME b.example.net.\n", "diff-alias-changed",
	    "s1._domainkey.example.com.",
	    ": now b.example.net., no longer a.example.net." },
	{ "_dmarc TXT \"v=DMARC1; p=reject\"\n",
	    "_dmarc CNAME b.example.net.\n", "diff-alias-changed",
	    "_dmarc.example.com.",
	    ": now b.example.net., no longer its own record" },
	{ "_dmarc CNAME b.example.net.\n",
	    "_dmarc TXT \"v=DMARC1; p=reject\"\n", "diff-alias-changed",
	    "_dmarc.example.com.",
	    ": now its own record, no longer b.example.net." },
	{ "_dmarc CNAME b.example.net.\n", "", "diff-alias-changed",
	    "_dmarc.example.com.", ": no longer b.example.net." },
	{ "_mta-sts TXT \"v=STSv1; id=1\"\nmta-sts CNAME a.example.net.\n",
	    "_mta-sts TXT \"v=STSv1; id=1\"\nmta-sts CNAME b.example.net.\n",
	    "diff-alias-changed", "mta-sts.example.com.",
	    ": now b.example.net., no longer a.example.net." },
	{ "_dmarc CNAME a.example.net.\n", "_dmarc CNAME A.example.net.\n",
	    NULL, NULL, NULL },
	/* Keys. */
	{ "s1._domainkey TXT \"v=DKIM1; k=ed25519; p=" KEY_A "\"\n", "",
	    "diff-dkim-key-gone", "s1._domainkey.example.com.", ": s1" },
	{ "s1._domainkey TXT \"v=DKIM1; k=ed25519; p=" KEY_A "\"\n",
	    "s1._domainkey TXT \"v=DKIM1; p=\"\n", "diff-dkim-key-gone",
	    "s1._domainkey.example.com.", ": s1" },
	{ "s1._domainkey TXT \"v=DKIM1; k=ed25519; p=" KEY_A "\"\n",
	    "s1._domainkey TXT \"v=DKIM1; k=ed25519; p=" KEY_B "\"\n",
	    "diff-dkim-key-changed", "s1._domainkey.example.com.", ": s1" },
	{ "s1._domainkey TXT \"v=DKIM1; k=ed25519; p=" KEY_A "\"\n",
	    "s1._domainkey TXT \"k=ed25519; p=" KEY_A "; v=DKIM1\"\n"
	    "s2._domainkey TXT \"v=DKIM1; k=ed25519; p=" KEY_B "\"\n",
	    NULL, NULL, NULL },
	{ "s1._domainkey TXT \"v=DKIM1; p=\"\n", "", NULL, NULL, NULL },
	/* Policies. */
	{ "_dmarc TXT \"v=DMARC1; p=reject\"\n",
	    "_dmarc TXT \"v=DMARC1; p=none\"\n", "diff-dmarc-weaker",
	    "_dmarc.example.com.", ": p=reject became p=none" },
	{ "_dmarc TXT \"v=DMARC1; p=reject\"\na MX 0 m.example.net.\n",
	    "_dmarc TXT \"v=DMARC1; p=Quarantine\"\na MX 0 m.example.net.\n"
	    "b MX 0 m.example.net.\n_dmarc.b TXT \"v=DMARC1; p=reject\"\n",
	    "diff-dmarc-weaker", "_dmarc.example.com.",
	    ": p=reject became p=Quarantine, for 2 names" },
	{ "_dmarc TXT \"v=DMARC1; p=reject\"\n",
	    "_dmarc TXT \"v=DMARC1; p=reject; sp=none\"\n", "diff-dmarc-weaker",
	    "_dmarc.example.com.", ": sp=reject became sp=none" },
	{ "_dmarc TXT \"v=DMARC1; p=none\"\n", "", "diff-dmarc-weaker",
	    "_dmarc.example.com.", ": p=none became nothing" },
	{ "_dmarc TXT \"v=DMARC1; p=none\"\n",
	    "_dmarc TXT \"v=DMARC1; p=reject\"\n", NULL, NULL, NULL },
	/* Roles. */
	{ "@ MX 0 m.example.net.\n@ TXT \"v=spf1 ip4:11.0.0.1 -all\"\n",
	    "@ MX 0 m.example.net.\n@ TXT \"v=spf1 -all\"\n", "diff-role",
	    "example.com.", ": mail became receive-only" },
};

static const char *
zone_file(const char *name, const char *lines)
{
	size_t room = sizeof(HEAD) + strlen(lines);
	char *text = malloc(room);
	const char *path;

	ck_assert_ptr_nonnull(text);
	snprintf(text, room, HEAD "%s", lines);
	path = folder_put(name, text, room - 1);
	free(text);
	return path;
}

/* Judge a change. */
static struct mailauth_lint *
lint(const char *then, const char *now)
{
	struct mailauth_zone old = { NULL, zone_file("old.zone", then) };
	struct mailauth_zone new = { NULL, zone_file("new.zone", now) };
	const struct mailauth_options o = { .zones = &new, .nzones = 1 };
	const struct mailauth_lint_request q = { .old = &old, .nold = 1 };
	struct mailauth_lint *l;
	char why[MAILAUTH_WHY_MAX];

	EXPECT(mailauth_lint(&o, &q, &l, why) == MAILAUTH_OK, "%s", why);
	return l;
}

static bool
ends_in(const char *s, const char *end)
{
	size_t n = strlen(s), m = strlen(end);

	return n >= m && strcmp(s + n - m, end) == 0;
}

/* The finding is shown with this name, and not with a domain above it. */
static bool
is_with(const struct mailauth_lint *l, size_t finding, const char *name)
{
	struct mailauth_lint_name n;

	for (size_t i = 0; mailauth_lint_name(l, i, &n); i++)
		if (n.n > 0 && finding >= n.first && finding < n.first + n.n)
			return strcmp(n.name, name) == 0;
	return false;
}

START_TEST(changes)
{
	const struct row *row = &rows[_i];
	struct mailauth_lint_finding f;
	struct mailauth_lint *l;
	bool found = false;

	folder_open();
	l = lint(row->then, row->now);
	for (size_t i = 0; mailauth_lint_finding(l, i, &f); i++) {
		if (strncmp(f.code, "diff-", 5) != 0)
			continue;
		if (row->code == NULL)
			ck_abort_msg("row %d: %s", _i, f.code);
		if (strcmp(f.code, row->code) != 0)
			continue;
		found = true;
		EXPECT(strcmp(f.name, row->name) == 0 &&
		        ends_in(f.message, row->detail) && f.ignored == NULL &&
		        is_with(l, i, row->name) && f.line > 0,
		    "row %d: %s: %s", _i, f.name, f.message);
	}
	EXPECT(found || row->code == NULL, "row %d: no %s", _i, row->code);
	mailauth_lint_free(l);
	folder_close();
}
END_TEST

/* What both have does not count, wherever it is; what is new does. */
START_TEST(old_findings)
{
	struct mailauth_lint_finding f;
	struct mailauth_lint *l;
	size_t old = 0, new = 0;

	folder_open();
	l = lint("@ TXT \"v=spf1 mx -al\"\n",
	    "; a line more\n@ 60 TXT \"v=spf1 mx -al\"\n"
	    "x TXT \"v=spf1 mx -al\"\n");
	for (size_t i = 0; mailauth_lint_finding(l, i, &f); i++) {
		if (strcmp(f.code, "spf-unknown-mechanism") != 0)
			continue;
		old += strcmp(f.name, "example.com.") == 0 && f.ignored != NULL;
		new +=
		    strcmp(f.name, "x.example.com.") == 0 && f.ignored == NULL;
	}
	ck_assert_uint_eq(old, 1);
	ck_assert_uint_eq(new, 1);
	ck_assert_int_eq(mailauth_lint_result(l), MAILAUTH_RESULT_FAIL);
	mailauth_lint_free(l);
	l = lint("@ TXT \"v=spf1 mx -al\"\n", "@ TXT \"v=spf1 mx -al\"\n");
	ck_assert_int_eq(mailauth_lint_result(l), MAILAUTH_RESULT_PASS);
	mailauth_lint_free(l);
	folder_close();
}
END_TEST

/* A zone that is gone fails; not one that another file holds now. */
START_TEST(zones_gone)
{
	static const char other[] =
	    "$ORIGIN example.org.\n$TTL 3600\n"
	    "@ SOA ns.example.net. h.example.org. 1 2 3 4 5\n"
	    "@ NS ns.example.net.\n@ MX 10 m.example.net.\n";
	struct mailauth_zone old[2], new[2];
	struct mailauth_options o = { .zones = new };
	const struct mailauth_lint_request q = { .old = old, .nold = 2 };
	struct mailauth_lint_finding f;
	struct mailauth_lint *l;
	char why[MAILAUTH_WHY_MAX];

	folder_open();
	old[0] = (struct mailauth_zone){ NULL, zone_file("a.zone", "") };
	old[1] = (struct mailauth_zone){ NULL,
		folder_put("b.zone", other, sizeof(other) - 1) };
	new[0] = old[0];
	new[1] = (struct mailauth_zone){ NULL,
		folder_put("c.zone", other, sizeof(other) - 1) };
	for (o.nzones = 1; o.nzones <= 2; o.nzones++) {
		size_t n = 0;

		EXPECT(mailauth_lint(&o, &q, &l, why) == MAILAUTH_OK, "%s",
		    why);
		for (size_t i = 0; mailauth_lint_finding(l, i, &f); i++)
			if (strcmp(f.code, "diff-zone-gone") == 0 && ++n > 0)
				EXPECT(strcmp(f.name, "example.org.") == 0 &&
				        ends_in(f.message,
				            ": example.org.: 1 mail name loses its records"),
				    "%s", f.message);
		ck_assert_uint_eq(n, o.nzones == 1);
		ck_assert_int_eq(mailauth_lint_result(l),
		    o.nzones == 1 ? MAILAUTH_RESULT_FAIL :
		                    MAILAUTH_RESULT_PASS);
		mailauth_lint_free(l);
	}
	folder_close();
}
END_TEST

Suite *
suite_lint_diff(void)
{
	Suite *s = suite_create("lint_diff");
	TCase *tc = tcase_create("lint_diff");

	tcase_add_loop_test(tc, changes, 0, sizeof(rows) / sizeof(rows[0]));
	tcase_add_test(tc, old_findings);
	tcase_add_test(tc, zones_gone);
	suite_add_tcase(s, tc);
	return s;
}
