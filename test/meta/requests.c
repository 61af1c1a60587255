/*
 * requests.c - what is asked of a made-up world
 * SPDX-License-Identifier: BSD-3-Clause
 */
#include "test/meta/requests.h"

#include <stdio.h>
#include <stdlib.h>

const char *const request_names[REQUESTS] = { "check", "spf", "dmarc",
	"settings", "plan", "explain", "merge" };

static const char *const message_names[] = { "g94", "list", "g97", "g112",
	"both" };

#define MESSAGES (sizeof(message_names) / sizeof(message_names[0]))

static struct mailauth_settings *settings;
static struct mailauth_message *messages[MESSAGES];

static void
need(enum mailauth_status status, const char *what, const char *why)
{
	if (status == MAILAUTH_OK)
		return;
	fprintf(stderr, "meta: %s: %s\n", what, why);
	exit(EXIT_FAILURE);
}

static long
read_file(void *arg, void *buf, size_t n)
{
	return (long)fread(buf, 1, n, arg);
}

void
requests_start(const char *testdata)
{
	char path[1024], why[MAILAUTH_WHY_MAX];
	const char *file = path;

	snprintf(path, sizeof(path), "%s/settings/meta.json", testdata);
	need(mailauth_settings_read(&file, 1, &settings, why), path, why);
	for (size_t i = 0; i < MESSAGES; i++) {
		FILE *f;

		snprintf(path, sizeof(path), "%s/messages/%s.eml", testdata,
		    message_names[i]);
		f = fopen(path, "rb");
		if (f == NULL) {
			perror(path);
			exit(EXIT_FAILURE);
		}
		need(mailauth_message_new(read_file, f, &messages[i], why),
		    path, why);
		fclose(f);
	}
}

void
requests_end(void)
{
	mailauth_settings_free(settings);
	for (size_t i = 0; i < MESSAGES; i++)
		mailauth_message_free(messages[i]);
}

static enum mailauth_status
make_check(struct mailauth_resolver *resolver, uint64_t seed,
    const struct mailauth_settings *with, struct mailauth_report **out,
    char *why)
{
	static const char *const selectors[] = { "s1", "s2" };
	static const struct mailauth_sender senders[] = {
		{ "mta.example.com", "192.0.2.4" }, { NULL, "192.0.2.3" }
	};
	/* Some checks are of few kinds: nobody else tells of a failure. */
	static const uint32_t only[16] = { [8] = 1u << MAILAUTH_KIND_BIMI,
		[9] = 1u << MAILAUTH_KIND_MX,
		[10] = 1u << MAILAUTH_KIND_DMARC,
		[11] = 1u << MAILAUTH_KIND_SPF,
		[12] = 1u << MAILAUTH_KIND_DKIM,
		[13] = 1u << MAILAUTH_KIND_ADDRESS | 1u << MAILAUTH_KIND_PTR,
		[14] = 1u << MAILAUTH_KIND_DMARC_REPORT,
		[15] = 1u << MAILAUTH_KIND_ADSP };
	const struct mailauth_request q = { .domain = (seed >> 10) % 3 == 0 ?
		    "a.example.com" :
		    "example.com",
		.only = with == NULL ? only[(seed >> 12) % 16] : 0,
		.selectors = selectors,
		.nselectors = (seed >> 3) % 3,
		.senders = senders,
		.nsenders = (seed >> 5) % 3,
		.mail_from = (seed >> 7) & 1 ? "bounce@a.example.com" : NULL,
		.helo = (seed >> 8) & 1 ? "mta.example.com" : NULL,
		.settings = with,
		.profile = (enum mailauth_profile)(
		    (seed >> 20) % MAILAUTH_PROFILE_COUNT),
		.role = (seed >> 24) % 4 == 0 ?
		    (enum mailauth_role)(
		        (seed >> 26) % (MAILAUTH_ROLE_NO_MAIL + 1)) :
		    MAILAUTH_ROLE_AUTO,
		.allow_documentation = true };

	return mailauth_check(resolver, &q, out, why);
}

static enum mailauth_status
make_dmarc(struct mailauth_resolver *resolver, uint64_t seed,
    struct mailauth_report **out, char *why)
{
	static const char *const dkim[] = { "b.example.com" };
	const struct mailauth_dmarc_request q = { .from = (seed >> 3) & 1 ?
		    "news@a.example.com" :
		    "example.com",
		.dkim = dkim,
		.ndkim = (seed >> 4) & 1,
		.spf = (seed >> 5) & 1 ? "x@e.example.org" : NULL,
		.allow_documentation = true };

	return mailauth_dmarc(resolver, &q, out, why);
}

static enum mailauth_status
make_explain(struct mailauth_resolver *resolver, uint64_t seed,
    struct mailauth_report **out, char *why)
{
	static const char *const ids[] = { "mx.receiver.example" };
	const struct mailauth_explain_request q = {
		.message = messages[(seed >> 6) % MESSAGES],
		.authserv_ids = ids,
		.nauthserv_ids = (seed >> 9) & 1,
		.allow_documentation = true
	};

	return mailauth_explain(resolver, &q, out, why);
}

static enum mailauth_status
make_merge(struct mailauth_resolver *resolver, uint64_t seed,
    struct mailauth_report **out, char *why)
{
	static const char *const add[] = { "ip4:192.0.2.9",
		"include:e.example.org" };
	const struct mailauth_merge_request q = {
		.record = "v=spf1 include:a.example.com mx:example.org "
		          "redirect=b.example.com",
		.add = add,
		.nadd = 1 + ((seed >> 4) & 1),
		.owner = "example.com",
		.allow_documentation = true
	};

	return mailauth_spf_merge(resolver, &q, out, why);
}

struct mailauth_report *
request_make(enum request r, uint64_t seed, struct mailauth_resolver *resolver)
{
	static const char *const ips[] = { "192.0.2.4", "2001:db8::1", NULL };
	const struct mailauth_spf_request spf = { .ip = ips[(seed >> 3) % 3],
		.mail_from = "joe@example.com",
		.helo = "mta.example.com",
		.allow_documentation = true };
	const struct mailauth_plan_request plan = { .settings = settings };
	struct mailauth_report *out = NULL;
	char why[MAILAUTH_WHY_MAX] = "";
	enum mailauth_status status = MAILAUTH_EUSE;

	switch (r) {
	case REQUEST_CHECK:
		status = make_check(resolver, seed, NULL, &out, why);
		break;
	case REQUEST_SPF:
		status = mailauth_spf(resolver, &spf, &out, why);
		break;
	case REQUEST_DMARC:
		status = make_dmarc(resolver, seed, &out, why);
		break;
	case REQUEST_SETTINGS:
		status = make_check(resolver, seed, settings, &out, why);
		break;
	case REQUEST_PLAN:
		status = mailauth_plan(resolver, &plan, &out, why);
		break;
	case REQUEST_EXPLAIN:
		status = make_explain(resolver, seed, &out, why);
		break;
	case REQUEST_MERGE:
		status = make_merge(resolver, seed, &out, why);
		break;
	case REQUESTS: return NULL;
	}
	need(status, r < REQUESTS ? request_names[r] : "a request", why);
	return out;
}
