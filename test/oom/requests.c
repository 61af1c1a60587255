/*
 * requests.c - what is asked while memory is short
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * All answers come from a script, so a request asks the same each time.
 */
#include "test/oom/requests.h"

#include <openssl/evp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/str.h"
#include "dns/source.h"
#include "report/report.h"
#include "suite/expect.h"
#include "suite/zones.h"
#include "test/oom/fail.h"
#include "test/script/script.h"

static const char world[] =
    "zone example.com.\n"
    "@ MX 10 mta\n"
    "@ TXT 'v=spf1 mx include:a.example.com -all'\n"
    "@ A 192.0.2.1\n"
    "a TXT 'v=spf1 ip4:192.0.2.3 a:mta.example.com ~all'\n"
    "mta A 192.0.2.4\n"
    "mta TXT 'v=spf1 a -all'\n"
    "www CNAME mta\n"
    "_dmarc TXT 'v=DMARC1; p=reject; rua=mailto:d@example.org'\n"
    "default._bimi TXT 'v=BIMI1; l=https://example.com/a.svg'\n"
    "_smtp._tls TXT 'v=TLSRPTv1; rua=mailto:t@example.com'\n"
    "s1._domainkey TXT 'v=DKIM1; p="
    "MIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQKBgQDkHlOQoBTzWRiGs5V6NpP3idY6"
    "Wk08a5qhdR6wy5bdOKb2jLQiY/J16JYi0Qvx/byYzCNb3W91y3FutACDfzwQ/BC/e/"
    "8uBsCR+yz1Lxj+PL6lHvqM' 'KrM3rG4hstT5QjvHO9PzoxZyVYLzBfO2EeC3Ip3G+"
    "2kryOTIKT+l/K4w3QIDAQAB'\n"
    "zone example.org.\n"
    "@ TXT 'v=spf1 ip4:192.0.2.7 -all'\n"
    "_dmarc TXT 'v=DMARC1; p=quarantine'\n"
    "example.com._report._dmarc TXT 'v=DMARC1'\n"
    "rsa._domainkey.example.org. TXT "
    "'v=DKIM1; k=rsa; p=MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQ"
    "EAtnLLDDIQ1CurW/9Hx94N+g4YeRZ7Rr3z+Agtl8MZ+Vaq9pa3KxVGJ29Kmk"
    "m9GqhNmAZzeJNxFtWJbdL6U1mue2rBxatnFH+x2/fl5iCSRWVUpQyaGj+IWL"
    "N1UHDyFyW9Yf+pdjAfRA' "
    "'H3sxEC6vHdLl2Af1S+OirQBDKcti8GS6xoh4EV3gD1w3eouli+XhpUcdZHvR"
    "oMWLqvByXHLSrthMee8qX3Lsnk9yRFh6lRrPw1X870R1+2m8RcOT9ZC1uSuN"
    "jrckI3GBzdMMHrL04qcYvJPwM8x18Ztna9ruBl6OkZUIo+r9PxwLAre3atyt"
    "UqRG7rkKNOoVO9e6qaz7' "
    "'CpHQIDAQAB'\n"
    "ed._domainkey.example.org. TXT "
    "'v=DKIM1; k=ed25519; p=5mJJVeZC3Jxz8qDpLp9T4Gm9c4sGlLi7w8zaLU"
    "LFrew='\n"
    "zone 2.0.192.in-addr.arpa.\n"
    "4 PTR mta.example.com.\n"
    "zone .\n";

static const char case_text[] = "  zone example.com zone\n"
                                "  args --allow-documentation\n"
                                "\n"
                                "a case\n"
                                "  add @ TXT \"v=spf1 mx -all\"\n"
                                "  = pass\n"
                                "  has spf-missing\n";
static const char zone_text[] =
    "$TTL 300\n@ SOA a b 1 2 3 4 5\n@ NS a\n@ MX 10 a\na A 192.0.2.4\n";

static const char logo[] =
    "<svg xmlns='http://www.w3.org/2000/svg' version='1.2' "
    "baseProfile='tiny-ps' viewBox='0 0 10 10'><title>Example</title>"
    "<path style='fill:u\\72l(http://a.example/x)' d='M0 0h10v10z'/></svg>";

/* Files, read before memory is short. */
static struct {
	const char *name;
	char text[32768];
	size_t len;
} files[] = { { .name = "messages/sig-relaxed-relaxed.eml" },
	{ .name = "messages/sig-ed25519.eml" },
	{ .name = "messages/sig-header-changed.eml" },
	{ .name = "messages/g94.eml" }, { .name = "messages/list.eml" },
	{ .name = "keys/rsa-2048.pem" } };

static char settings_path[1024], logo_path[] = "/tmp/oom-XXXXXX";

static void
need(bool good, const char *what)
{
	if (good)
		return;
	perror(what);
	exit(EXIT_FAILURE);
}

void
requests_start(const char *testdata)
{
	int fd = mkstemp(logo_path);
	unsigned char hash[EVP_MAX_MD_SIZE];

	/* mailauth_resolver_new() does likewise: libcrypto 3.0 does not survive
	 * its own start without memory. */
	need(EVP_Digest("", 0, hash, NULL, EVP_sha256(), NULL) == 1,
	    "libcrypto");

	for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++) {
		char path[1024];
		FILE *f;

		snprintf(path, sizeof(path), "%s/%s", testdata, files[i].name);
		f = fopen(path, "rb");
		need(f != NULL, path);
		files[i].len =
		    fread(files[i].text, 1, sizeof(files[i].text), f);
		fclose(f);
	}
	snprintf(settings_path, sizeof(settings_path), "%s/settings/meta.json",
	    testdata);
	need(fd >= 0 &&
	        write(fd, logo, sizeof(logo) - 1) == (ssize_t)sizeof(logo) - 1,
	    logo_path);
	close(fd);
}

void
requests_end(void)
{
	unlink(logo_path);
}

/* Outcomes. The text of an outcome is made when memory is plenty again. */

static char *
copy_str(struct mailauth_str text)
{
	char *p;

	fail_stop();
	p = text.n > 0 ? strndup(text.s, text.n) : strdup("");
	need(p != NULL, "strdup");
	return p;
}

static char *
copy(const char *text)
{
	return copy_str(str_of(text));
}

/* What a call came to that gave no report. */
static void
take_status(struct outcome *out, enum mailauth_status status, const char *why)
{
	*out = (struct outcome){ END_NO_MEMORY, NULL };
	if (status == MAILAUTH_ENOMEM)
		return;
	out->end = END_OTHER;
	out->text = copy(status == MAILAUTH_OK ? " " : why);
}

/* JSON, text and views of a report, which is given back. */
static void
take_report(struct outcome *out, struct mailauth_report *r)
{
	char *json, *text;
	const struct mailauth_record_view *record =
	    mailauth_report_record(r, 0);
	const struct mailauth_finding_view *finding =
	    mailauth_report_finding(r, 0);
	size_t n;

	/* All runs are of one time. */
	r->time = r->time != 0;
	json = mailauth_report_json(r, true);
	text = mailauth_report_text(r, MAILAUTH_TEXT_VERBOSE);
	*out = (struct outcome){ END_NO_MEMORY, NULL };
	fail_stop();
	if (json != NULL && text != NULL &&
	    (record != NULL || mailauth_report_records(r) == 0) &&
	    (finding != NULL || mailauth_report_findings(r) == 0)) {
		n = strlen(json) + strlen(text) + 2;
		out->end = END_WHOLE;
		out->text = malloc(n);
		need(out->text != NULL, "malloc");
		snprintf(out->text, n, "%s\n%s", json, text);
	}
	free(json);
	free(text);
	mailauth_report_free(r);
}

static void
take(struct outcome *out, enum mailauth_status status,
    struct mailauth_report *report, const char *why)
{
	if (status == MAILAUTH_OK)
		take_report(out, report);
	else
		take_status(out, status, why);
}

/* The resolver is made when memory is plenty: it is the test's. */
static struct mailauth_resolver *
open_world(void)
{
	static const struct mailauth_options options = { .timeout = 0 };

	return source_new(script_new(world), &options);
}

static void
make_check(struct outcome *out)
{
	static const char *const selectors[] = { "s1", "s2" };
	static const struct mailauth_sender senders[] = { { "mta.example.com",
	    "192.0.2.4" } };
	const struct mailauth_request q = { .domain = "example.com",
		.selectors = selectors,
		.nselectors = 2,
		.senders = senders,
		.nsenders = 1,
		.mail_from = "b@a.example.com",
		.helo = "www.example.com",
		.bimi_svg = logo_path,
		.allow_documentation = true };
	struct mailauth_resolver *r = open_world();
	struct mailauth_report *report;
	char why[MAILAUTH_WHY_MAX];
	enum mailauth_status status;

	fail_begin();
	status = mailauth_check(r, &q, &report, why);
	take(out, status, report, why);
	mailauth_resolver_free(r);
}

static void
make_spf(struct outcome *out)
{
	static const struct mailauth_spf_request q = { .ip = "192.0.2.3",
		.mail_from = "joe@example.com",
		.helo = "mta.example.com",
		.allow_documentation = true };
	struct mailauth_resolver *r = open_world();
	struct mailauth_report *report;
	char why[MAILAUTH_WHY_MAX];
	enum mailauth_status status;

	fail_begin();
	status = mailauth_spf(r, &q, &report, why);
	take(out, status, report, why);
	mailauth_resolver_free(r);
}

static void
make_dmarc(struct outcome *out)
{
	static const char *const dkim[] = { "b.example.com" };
	static const struct mailauth_dmarc_request q = {
		.from = "news@a.example.com",
		.dkim = dkim,
		.ndkim = 1,
		.spf = "x@example.org",
		.allow_documentation = true
	};
	struct mailauth_resolver *r = open_world();
	struct mailauth_report *report;
	char why[MAILAUTH_WHY_MAX];
	enum mailauth_status status;

	fail_begin();
	status = mailauth_dmarc(r, &q, &report, why);
	take(out, status, report, why);
	mailauth_resolver_free(r);
}

static void
parse(struct outcome *out, const char *kind, const char *text)
{
	struct mailauth_parse_options how = { .kind = kind };
	struct mailauth_report *report;
	char why[MAILAUTH_WHY_MAX];
	enum mailauth_status status;

	fail_begin();
	status = mailauth_parse(&how, text, strlen(text), &report, why);
	take(out, status, report, why);
}

static void
parse_spf(struct outcome *out)
{
	parse(out, NULL, "v=spf1 include:a.example a:b.example/33 mx%{x} ?all");
}

static void
parse_dkim(struct outcome *out)
{
	parse(out, "dkim",
	    "\"v=DKIM1; t=y; n=a\\044b; k=ed25519; \" "
	    "\"p=kyHceRFnJpC+C8rF3VNfjhDyF+f2Zh7GeejKXcQJkRg=\"");
}

static void
parse_line(struct outcome *out)
{
	parse(out, NULL,
	    "_dmarc.example.com. 300 IN TXT "
	    "\"v=DMARC1; p=none; p=reject; rua=mailto:a@b.example, x\"");
}

static void
parse_mx(struct outcome *out)
{
	parse(out, "mx", "10 mta.example.com.");
}

static void
make_merge(struct outcome *out)
{
	static const char *const add[] = { "ip4:192.0.2.9",
		"include:example.org" };
	static const struct mailauth_merge_request q = {
		.record = "v=spf1 include:a.example.com redirect=example.org",
		.add = add,
		.nadd = 2,
		.owner = "example.com",
		.allow_documentation = true
	};
	struct mailauth_resolver *r = open_world();
	struct mailauth_report *report;
	char why[MAILAUTH_WHY_MAX];
	enum mailauth_status status;

	fail_begin();
	status = mailauth_spf_merge(r, &q, &report, why);
	take(out, status, report, why);
	mailauth_resolver_free(r);
}

/* Settings are read, and planned for, or a domain is checked with them. */
static void
with_settings(struct outcome *out, bool check)
{
	const char *file = settings_path;
	struct mailauth_settings *settings = NULL;
	struct mailauth_resolver *r = open_world();
	struct mailauth_plan_request plan = { .dmarc = "reject" };
	struct mailauth_request q = { .domain = "example.com",
		.allow_documentation = true };
	struct mailauth_report *report = NULL;
	char why[MAILAUTH_WHY_MAX];
	enum mailauth_status status;

	fail_begin();
	status = mailauth_settings_read(&file, 1, &settings, why);
	plan.settings = q.settings = settings;
	if (status == MAILAUTH_OK)
		status = check ? mailauth_check(r, &q, &report, why) :
		                 mailauth_plan(r, &plan, &report, why);
	take(out, status, report, why);
	mailauth_settings_free(settings);
	mailauth_resolver_free(r);
}

static void
make_plan(struct outcome *out)
{
	with_settings(out, false);
}

static void
make_settings(struct outcome *out)
{
	with_settings(out, true);
}

/* A message in memory that is read, and how far. */
struct reading {
	struct mailauth_str rest;
};

static long
read_text(void *arg, void *buf, size_t n)
{
	struct reading *r = arg;

	if (n > r->rest.n)
		n = r->rest.n;
	memcpy(buf, r->rest.s, n);
	r->rest = str_from(r->rest, n);
	return (long)n;
}

static void
explain(struct outcome *out, size_t i)
{
	static const char *const ids[] = { "mx.receiver.example" };
	struct reading reading = { { files[i].text, files[i].len } };
	struct mailauth_explain_request q = { .authserv_ids = ids,
		.nauthserv_ids = 1,
		.ip = "192.0.2.7",
		.mail_from = "a@example.org",
		.allow_documentation = true };
	struct mailauth_resolver *r = open_world();
	struct mailauth_message *m = NULL;
	struct mailauth_report *report = NULL;
	char why[MAILAUTH_WHY_MAX];
	enum mailauth_status status;

	fail_begin();
	status = mailauth_message_new(read_text, &reading, &m, why);
	q.message = m;
	if (status == MAILAUTH_OK)
		status = mailauth_explain(r, &q, &report, why);
	take(out, status, report, why);
	mailauth_message_free(m);
	mailauth_resolver_free(r);
}

static void
explain_rsa(struct outcome *out)
{
	explain(out, 0);
}

static void
explain_ed25519(struct outcome *out)
{
	explain(out, 1);
}

static void
explain_changed(struct outcome *out)
{
	explain(out, 2);
}

static void
explain_g94(struct outcome *out)
{
	explain(out, 3);
}

static void
explain_list(struct outcome *out)
{
	explain(out, 4);
}

static void
no_complaint(void *arg, unsigned line, const char *why)
{
	(void)line;
	snprintf(arg, MAILAUTH_WHY_MAX, "%s", why);
}

static bool
load_zone(void *arg, struct mailauth_str name, struct mailauth_str *text,
    char why[CASE_WHY_MAX])
{
	(void)arg;
	(void)name;
	(void)why;
	*text = str_of(zone_text);
	return true;
}

/* A case file is read, its zones are edited, and its expectations compared
 * with a check: what "test" does with each case. */
static void
make_test(struct outcome *out)
{
	struct arena a = { NULL, false };
	struct case_file *file = calloc(1, sizeof(*file));
	struct zone_source from = { .arena = &a, .load = load_zone };
	struct mailauth_request q = { .domain = "example.com",
		.allow_documentation = true };
	struct mailauth_resolver *r = open_world();
	struct case_zone *zones = NULL;
	struct comparison found;
	struct mailauth_report *report;
	struct mailauth_str text = STR_NONE, rewritten = STR_NONE;
	char why[MAILAUTH_WHY_MAX] = "";
	enum mailauth_status status;

	need(file != NULL, "malloc");
	fail_begin();
	casefile_read(file, &a, str_of(case_text), no_complaint, why);
	if (!a.failed && file->cases != NULL &&
	    case_zones(file, file->cases, &from, &zones))
		text = case_zone_text(&a, zones);
	status = a.failed ? MAILAUTH_ENOMEM :
	    text.n == 0   ? MAILAUTH_EINPUT :
	                    mailauth_check(r, &q, &report, why);
	if (status == MAILAUTH_OK) {
		struct case_found with = { .report = report };

		comparison_start(&found, &a);
		compare_case(&found, file->cases, &with);
		rewritten = case_rewrite(&a, str_of(case_text), found.edits);
		mailauth_report_free(report);
	}
	if (status == MAILAUTH_OK && a.failed)
		status = MAILAUTH_ENOMEM;
	take_status(out, status, why[0] != '\0' ? why : from.why);
	if (status == MAILAUTH_OK) {
		out->end = END_WHOLE;
		free(out->text);
		out->text = copy_str(rewritten);
	}
	fail_stop();
	mailauth_resolver_free(r);
	arena_free(&a);
	free(file);
}

static void
make_key_read(struct outcome *out)
{
	enum mailauth_status status;
	char path[1100], why[MAILAUTH_WHY_MAX];
	uint8_t *der = NULL;
	size_t len = 0;

	snprintf(path, sizeof(path), "%.*s/../%s",
	    (int)(strlen(settings_path) - strlen("/meta.json")), settings_path,
	    files[5].name);
	fail_begin();
	status = mailauth_key_read(path, &der, &len, why);
	take_status(out, status, why);
	if (status == MAILAUTH_OK) {
		out->end = END_WHOLE;
		snprintf(out->text, 2, "%c", "NY"[len > 200]);
	}
	fail_stop();
	free(der);
}

const struct request requests[] = {
	{ "parse-spf", parse_spf, 34 },
	{ "parse-dkim", parse_dkim, 34 },
	{ "parse-line", parse_line, 34 },
	{ "parse-mx", parse_mx, 34 },
	{ "spf", make_spf, 58 },
	{ "dmarc", make_dmarc, 58 },
	{ "merge", make_merge, 58 },
	{ "check", make_check, 386 },
	{ "settings", make_settings, 1194 },
	{ "plan", make_plan, 1194 },
	{ "explain-rsa", explain_rsa, 794 },
	{ "explain-ed25519", explain_ed25519, 794 },
	{ "explain-changed", explain_changed, 2988 },
	{ "explain-g94", explain_g94, 1194 },
	{ "explain-list", explain_list, 1194 },
	{ "test", make_test, 58 },
	{ "key", make_key_read, 794 },
	{ NULL, NULL, 0 },
};
