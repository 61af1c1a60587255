/*
 * ask.c - requests over a script, and what their reports say
 * SPDX-License-Identifier: BSD-3-Clause
 */
#include "ask.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "report/json.h"
#include "text.h"

/* Words of one request. */
#define WORDS_MAX 128

void
ask_open(struct asked *a, const char *script, const char *more)
{
	static const struct mailauth_options options = { .timeout = 0 };
	struct resolver *r = script_new(script);

	if (more != NULL)
		script_add(r, more);
	*a = (struct asked){ .source = source_new(r, &options) };
	EXPECT(a->source != NULL, "memory ran out");
}

/* The report's document, by way of its text. */
static json_t *
read_report(const struct mailauth_report *r)
{
	char *text = mailauth_report_json(r, false);
	json_error_t error;
	json_t *json;

	EXPECT(text != NULL, "there is no JSON");
	json = json_loads(text, 0, &error);
	EXPECT(json != NULL, "%s", error.text);
	free(text);
	return json;
}

/* One report in this many is written as text, and read; of the others the
 * values are looked at from which the text would be made. */
#define TEXT_EVERY 8

/* JSON of one report in this many is made where no test looks at it. */
#define BARE_EVERY 4

void
ask_take(struct asked *a, enum mailauth_status status, const char *why)
{
	static unsigned taken, bare;

	EXPECT(status == MAILAUTH_OK, "status %d: %s", status, why);
	expect_remedies(a->report);
	if (a->bare && ++bare % BARE_EVERY != 0)
		return;
	a->json = taken++ % TEXT_EVERY == 0 ? read_report(a->report) :
	                                      json_report(a->report);
	EXPECT(a->json != NULL, "there is no JSON");
}

void
ask_close(struct asked *a)
{
	json_decref(a->json);
	mailauth_report_free(a->report);
	mailauth_resolver_free(a->source);
	*a = (struct asked){ .source = NULL };
}

/* What the words of a request come to. */
struct wishes {
	const char *operand, *ip, *mail_from, *helo, *scope, *receiver, *spf;
	const char *bimi, *bimi_svg, *bimi_cert, *bimi_root;
	uint8_t *key; /* DER, of --dkim-key; or NULL */
	size_t key_len;
	const char *selectors[WORDS_MAX], *dkim[WORDS_MAX], *ids[WORDS_MAX];
	struct mailauth_sender senders[WORDS_MAX];
	struct mailauth_tls_cert certs[WORDS_MAX];
	const char *policy;
	size_t ncerts, nselectors, ndkim, nids, nsenders;
	enum mailauth_profile profile;
	enum mailauth_role role;
	uint32_t only;
	bool is_check, compare_servers, documentation;
	unsigned hop;
};

/* Bits of "spf,dkim". */
static uint32_t
kinds_of(char *list)
{
	struct mailauth_kind_info kind;
	uint32_t bits = 0;
	char *save = NULL;

	for (const char *name = strtok_r(list, ",", &save); name != NULL;
	     name = strtok_r(NULL, ",", &save)) {
		size_t i = 0;

		while (
		    mailauth_kind_at(i, &kind) && strcmp(kind.name, name) != 0)
			i++;
		EXPECT(mailauth_kind_at(i, &kind), "%s", name);
		bits |= UINT32_C(1) << i;
	}
	return bits;
}

/* "HOST=ADDRESS" or "ADDRESS" */
static void
take_sender(struct wishes *w, char *text)
{
	struct mailauth_sender *s = &w->senders[w->nsenders++];
	char *sign = strchr(text, '=');

	s->ip = sign != NULL ? sign + 1 : text;
	s->host = sign != NULL ? text : NULL;
	if (sign != NULL)
		*sign = '\0';
}

/* "HOST=FILE" or "FILE" */
static void
take_cert(struct wishes *w, char *text)
{
	struct mailauth_tls_cert *cert = &w->certs[w->ncerts++];
	char *sign = strchr(text, '=');

	cert->host = sign != NULL ? text : NULL;
	cert->file = sign != NULL ? sign + 1 : text;
	if (sign != NULL)
		*sign = '\0';
}

/* The name of a file is that of a case: seen from the folder of its cases. */
static void
take_key(struct wishes *w, const char *name)
{
	char file[512], why[MAILAUTH_WHY_MAX] = "";

	snprintf(file, sizeof(file), "%s/testdata/checks/%s", source_dir(),
	    name);
	EXPECT(mailauth_key_read(file, &w->key, &w->key_len, why) ==
	        MAILAUTH_OK,
	    "%s", why);
}

static enum mailauth_role
role_named(const char *name)
{
	unsigned r = 0;

	while (r <= MAILAUTH_ROLE_UNKNOWN &&
	    strcmp(mailauth_role_name((enum mailauth_role)r), name) != 0)
		r++;
	EXPECT(r <= MAILAUTH_ROLE_UNKNOWN, "%s", name);
	return (enum mailauth_role)r;
}

static enum mailauth_profile
profile_named(const char *name)
{
	unsigned p = 0;

	while (p < MAILAUTH_PROFILE_COUNT &&
	    strcmp(mailauth_profile_name((enum mailauth_profile)p), name) != 0)
		p++;
	EXPECT(p < MAILAUTH_PROFILE_COUNT, "%s", name);
	return (enum mailauth_profile)p;
}

static void
take_option(struct wishes *w, const char *name, char *value)
{
	struct {
		const char *name, **where;
	} const texts[] = {
		{ "--ip", &w->ip },
		{ "--mail-from", &w->mail_from },
		{ "--helo", &w->helo },
		{ "--scope", &w->scope },
		{ "--receiver", &w->receiver },
		{ "--spf", &w->spf },
		{ "--bimi-selector", &w->bimi },
		{ "--bimi-svg", &w->bimi_svg },
		{ "--bimi-cert", &w->bimi_cert },
		{ "--bimi-root", &w->bimi_root },
		{ "--mta-sts-policy", &w->policy },
		{ "--selector", &w->selectors[w->nselectors] },
		{ "--dkim", &w->dkim[w->ndkim] },
		{ "--authserv-id", &w->ids[w->nids] },
	};

	w->nselectors += strcmp(name, "--selector") == 0;
	w->ndkim += strcmp(name, "--dkim") == 0;
	w->nids += strcmp(name, "--authserv-id") == 0;
	if (strcmp(name, "--sender") == 0 ||
	    (w->is_check && strcmp(name, "--ip") == 0))
		take_sender(w, value);
	else if (strcmp(name, "--tls-cert") == 0)
		take_cert(w, value);
	else if (strcmp(name, "--dkim-key") == 0)
		take_key(w, value);
	else if (strcmp(name, "--hop") == 0)
		w->hop = (unsigned)strtoul(value, NULL, 10);
	else if (strcmp(name, "--only") == 0)
		w->only = kinds_of(value);
	else if (strcmp(name, "--role") == 0)
		w->role = role_named(value);
	else if (strcmp(name, "--profile") == 0)
		w->profile = profile_named(value);
	else {
		size_t i = 0, n = sizeof(texts) / sizeof(texts[0]);

		while (i < n && strcmp(texts[i].name, name) != 0)
			i++;
		EXPECT(i < n, "%s", name);
		*texts[i].where = value;
	}
}

/* `copy` is cut into words. */
static void
take_words(struct wishes *w, char *copy, bool is_check)
{
	char *save = NULL;

	/* Most rows are about the guide's expectations, the strictest. */
	*w = (struct wishes){ .is_check = is_check,
		.profile = MAILAUTH_PROFILE_GUIDE };
	for (char *word = strtok_r(copy, " ", &save); word != NULL;
	     word = strtok_r(NULL, " ", &save)) {
		if (strncmp(word, "--", 2) != 0)
			w->operand = word;
		else if (strcmp(word, "--compare-servers") == 0)
			w->compare_servers = true;
		else if (strcmp(word, "--allow-documentation") == 0)
			w->documentation = true;
		else
			take_option(w, word, strtok_r(NULL, " ", &save));
	}
}

static enum mailauth_status
check(struct asked *a, const struct wishes *w, char *why)
{
	const struct mailauth_request q = { .domain = w->operand,
		.selectors = w->selectors,
		.nselectors = w->nselectors,
		.senders = w->senders,
		.nsenders = w->nsenders,
		.mail_from = w->mail_from,
		.helo = w->helo,
		.bimi_selector = w->bimi,
		.bimi_svg = w->bimi_svg,
		.bimi_cert = w->bimi_cert,
		.bimi_root = w->bimi_root,
		.mta_sts_policy = w->policy,
		.tls_certs = w->certs,
		.ntls_certs = w->ncerts,
		.settings = a->settings,
		.dkim_key = w->key,
		.dkim_key_len = w->key_len,
		.compare_servers = w->compare_servers,
		.only = w->only,
		.profile = w->profile,
		.role = w->role,
		.allow_documentation = w->documentation };

	return mailauth_check(a->source, &q, &a->report, why);
}

static enum mailauth_status
spf(struct asked *a, const struct wishes *w, char *why)
{
	const struct mailauth_spf_request q = { .ip = w->ip,
		.domain = w->operand,
		.mail_from = w->mail_from,
		.helo = w->helo,
		.receiver = w->receiver,
		.scope = w->scope,
		.profile = w->profile,
		.allow_documentation = w->documentation };

	return mailauth_spf(a->source, &q, &a->report, why);
}

static enum mailauth_status
dmarc(struct asked *a, const struct wishes *w, char *why)
{
	const struct mailauth_dmarc_request q = { .from = w->operand,
		.dkim = w->dkim,
		.ndkim = w->ndkim,
		.spf = w->spf,
		.profile = w->profile,
		.allow_documentation = w->documentation };

	return mailauth_dmarc(a->source, &q, &a->report, why);
}

void
ask(struct asked *a, const char *words)
{
	char why[MAILAUTH_WHY_MAX] = "", *copy = strdup(words);
	char *rest = strchr(copy, ' ');
	enum mailauth_status status = MAILAUTH_EUSE;
	struct wishes w;

	*rest++ = '\0';
	take_words(&w, rest, strcmp(copy, "check") == 0);
	if (strcmp(copy, "check") == 0)
		status = check(a, &w, why);
	else if (strcmp(copy, "spf") == 0)
		status = spf(a, &w, why);
	else if (strcmp(copy, "dmarc") == 0)
		status = dmarc(a, &w, why);
	ask_take(a, status, why);
	free(w.key);
	free(copy);
}

void
ask_explain(struct asked *a, const struct mailauth_message *message,
    const char *words)
{
	char why[MAILAUTH_WHY_MAX] = "", *copy = strdup(words);
	enum mailauth_status status;
	struct wishes w;

	take_words(&w, copy, false);
	status = mailauth_explain(a->source,
	    &(const struct mailauth_explain_request){ .message = message,
	        .authserv_ids = w.ids,
	        .nauthserv_ids = w.nids,
	        .ip = w.ip,
	        .mail_from = w.mail_from,
	        .ip_source = "--ip",
	        .mail_from_source = "--mail-from",
	        .helo = w.helo,
	        .dkim_key = a->key,
	        .dkim_key_len = a->key_len,
	        .profile = w.profile,
	        .allow_documentation = w.documentation,
	        .hop = w.hop,
	        .settings = a->settings },
	    &a->report, why);
	ask_take(a, status, why);
	free(copy);
}

const json_t *
at(const json_t *json, const char *path)
{
	char key[64];

	while (json != NULL && *path != '\0') {
		size_t n = strcspn(path, ".");

		EXPECT(n < sizeof(key), "%s", path);
		memcpy(key, path, n);
		key[n] = '\0';
		json = json_is_array(json) ?
		    json_array_get(json, strtoul(key, NULL, 10)) :
		    json_object_get(json, key);
		path += n + (path[n] == '.');
	}
	return json;
}

const char *
text_at(const json_t *json, const char *path)
{
	const char *s = json_string_value(at(json, path));

	return s != NULL ? s : "";
}

/* A value as text; "nothing" when it is not there. */
static void
put_value(char *room, size_t size, const json_t *v)
{
	if (json_is_string(v))
		snprintf(room, size, "%s", json_string_value(v));
	else if (json_is_integer(v))
		snprintf(room, size, "%lld", (long long)json_integer_value(v));
	else if (json_is_array(v) || json_is_object(v))
		snprintf(room, size, "a list");
	else
		snprintf(room, size, "%s",
		    json_is_true(v)      ? "true" :
		        json_is_false(v) ? "false" :
		        json_is_null(v)  ? "null" :
		                           "nothing");
}

void
expect_json(const struct asked *a, const char *members)
{
	static const char between[] = " | ";

	while (*members != '\0') {
		const char *end = strstr(members, between);
		size_t n =
		    end != NULL ? (size_t)(end - members) : strlen(members);
		char path[256], is[1024];
		const char *wanted;
		size_t key = strcspn(members, "=");

		EXPECT(key < n && key < sizeof(path), "%s", members);
		memcpy(path, members, key);
		path[key] = '\0';
		wanted = members + key + 1;
		put_value(is, sizeof(is), at(a->json, path));
		EXPECT(strlen(is) == n - key - 1 &&
		        strncmp(is, wanted, n - key - 1) == 0,
		    "%s is '%s', not '%.*s'", path, is, (int)(n - key - 1),
		    wanted);
		members += n + (end != NULL ? sizeof(between) - 1 : 0);
	}
}

bool
has_code(const struct asked *a, const char *code)
{
	for (size_t i = 0; i < mailauth_report_findings(a->report); i++)
		if (strcmp(mailauth_report_finding(a->report, i)->code, code) ==
		    0)
			return true;
	return false;
}

static void
expect_each(const struct asked *a, const char *codes, bool there)
{
	char *copy = strdup(codes), *save = NULL;

	for (const char *code = strtok_r(copy, " ", &save); code != NULL;
	     code = strtok_r(NULL, " ", &save))
		EXPECT(has_code(a, code) == there, "%s is %s", code,
		    there ? "not there" : "there");
	free(copy);
}

void
expect_codes(const struct asked *a, const char *codes)
{
	expect_each(a, codes, true);
}

void
expect_no_codes(const struct asked *a, const char *codes)
{
	expect_each(a, codes, false);
}

void
expect_no_end(const struct asked *a, const char *end)
{
	for (size_t i = 0; i < mailauth_report_findings(a->report); i++) {
		const char *code = mailauth_report_finding(a->report, i)->code;
		size_t n = strlen(code), m = strlen(end);

		EXPECT(n < m || strcmp(code + n - m, end) != 0, "%s is there",
		    code);
	}
}
