/*
 * prepare.c - requests: from what users give to names and addresses
 * SPDX-License-Identifier: BSD-3-Clause
 */
#include "domain/prepare.h"

#include <idn2.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/random.h>
#include <time.h>

#include "base/dname.h"
#include "base/str.h"
#include "domain/bimi_files.h"
#include "dmarc/alignment.h"
#include "domain/settings_check.h"
#include "spf/check.h"
#include "record/dkim.h"

/* Of a check, and of questions about one thing alone. */
static const struct subject *const subjects[] = { &subject_spf, &subject_dkim,
	&subject_dmarc, &subject_bimi, &subject_mx, &subject_address,
	&subject_ptr, &subject_settings, &subject_dns };

#define SUBJECTS (sizeof(subjects) / sizeof(subjects[0]))

static const struct subject *const spf_alone[] = { &subject_spf_alone };
static const struct subject *const dmarc_alone[] = { &subject_dmarc_alone,
	&subject_dns };

/* From request to names. */

enum mailauth_status
refuse(char *why, const char *what, const char *reason)
{
	char room[128];
	struct writer w = writer_of(room, sizeof(room) - 1);

	put_untrusted(&w, str_sub(str_of(what), 0, 30));
	room[w.used] = '\0';
	snprintf(why, MAILAUTH_WHY_MAX, "'%s': %s", room, reason);
	return MAILAUTH_EUSE;
}

/* Characters of names that are used in mail; others are typing errors. */
static bool
is_plain(struct mailauth_str s)
{
	for (size_t i = 0; i < s.n; i++)
		if (!is_alnum(s.s[i]) && strchr("-_.", s.s[i]) == NULL)
			return false;
	return true;
}

/* A domain name as people type it. */
enum mailauth_status
take_name(struct check *c, const char *text, struct mailauth_str *out,
    char *why)
{
	char *alabels = NULL;
	struct dname wire;
	enum dname_fault fault;
	struct addr addr;

	if (text == NULL || text[0] == '\0')
		return refuse(why, "", "a domain name cannot be empty");
	if (addr_parse(str_of(text), &addr))
		return refuse(why, text, "it is an address, not a domain");
	if (!str_is_ascii(str_of(text))) {
		int rc = idn2_to_ascii_8z(text, &alabels,
		    IDN2_NFC_INPUT | IDN2_NONTRANSITIONAL);

		if (rc != IDN2_OK)
			return refuse(why, text, idn2_strerror(rc));
		text = alabels;
	}
	fault = dname_parse(str_of(text), &wire);
	if (fault == DNAME_OK && !is_plain(str_of(text))) {
		refuse(why, text, "it has a character that no mail domain has");
		idn2_free(alabels);
		return MAILAUTH_EUSE;
	}
	if (fault != DNAME_OK) {
		refuse(why, text, dname_fault_text(fault));
		idn2_free(alabels);
		return MAILAUTH_EUSE;
	}
	idn2_free(alabels);
	*out = name_of_wire(c, &wire);
	return out->n > 0 ? MAILAUTH_OK : MAILAUTH_ENOMEM;
}

void
take_selector(struct check *c, struct mailauth_str s,
    struct mailauth_str domain, struct selector *out)
{
	struct mailauth_str node = name_below(c, STR("_domainkey"), domain);
	struct mailauth_str full = name_of(c, s);
	bool underscore, too_long = false;

	out->text = s;
	out->domain = domain;
	if (node.n > 0 && full.n > node.n + 1 && dname_under(full, node)) {
		out->full_name = true;
		s = str_sub(full, 0, full.n - node.n - 1);
		out->text = s;
	}
	for (size_t i = 0, label = 0; i <= s.n; i++) {
		if (i < s.n && s.s[i] != '.')
			continue;
		too_long = too_long || i - label > DNAME_LABEL_MAX;
		label = i + 1;
	}
	if (dkim_selector_ok(s, &underscore) &&
	    str_ifind(s, STR("_domainkey")) == s.n) {
		out->owner = name_below(c, s, node);
		too_long = out->owner.n == 0;
	}
	out->too_long = too_long;
}

enum mailauth_status
take_sender(struct check *c, const struct mailauth_sender *from,
    struct sender *out, char *why)
{
	struct writer w = arena_writer(&c->report->arena);

	if (from->ip == NULL || !addr_parse(str_of(from->ip), &out->addr))
		return refuse(why, from->ip != NULL ? from->ip : "",
		    "it is no IP address");
	out->mapped = addr_unmap(&out->addr);
	put_addr_reverse(&w, &out->addr);
	out->reverse = writer_str(&w);
	if (from->host == NULL)
		return MAILAUTH_OK;
	return take_name(c, from->host, &out->host, why);
}

/* An identity SPF can check is a name of two labels at least. */
static bool
take_identity(struct check *c, const char *text, struct mailauth_str *out)
{
	char why[MAILAUTH_WHY_MAX];

	return take_name(c, text, out, why) == MAILAUTH_OK &&
	    dname_labels(*out) >= 2;
}

static void
take_identities(struct check *c)
{
	const struct mailauth_request *q = c->request;
	struct mailauth_str from = str_trim(str_of(q->mail_from)), domain;

	if (q->helo != NULL && !take_identity(c, q->helo, &c->helo)) {
		c->helo_bad = true;
		c->helo = STR_NONE;
	}
	if (q->mail_from == NULL)
		return;
	if (from.n > 1 && from.s[0] == '<' && from.s[from.n - 1] == '>')
		from = str_sub(from, 1, from.n - 2);
	if (from.n == 0) {
		c->mail_from_null = true;
		return;
	}
	/* The local part may hold an '@' in quotes: the last one counts. */
	for (size_t i = from.n; i > 0; i--) {
		if (from.s[i - 1] != '@')
			continue;
		c->mail_from_local = str_sub(from, 0, i - 1);
		from = str_from(from, i);
		break;
	}
	domain = arena_copy(&c->report->arena, from);
	if (!take_identity(c, domain.s, &c->mail_from)) {
		c->mail_from_bad = true;
		c->mail_from = STR_NONE;
	}
}

static void
take_bimi(struct check *c)
{
	const char *text = c->request->bimi_selector;
	struct mailauth_str s = str_of(text != NULL ? text : "default");
	bool underscore;

	if (dkim_selector_ok(s, &underscore) && !underscore)
		c->bimi_owner =
		    name_below(c, s, name_below(c, STR("_bimi"), c->domain));
}

/* A label that nobody has, to see who answers for everybody. */
struct mailauth_str
make_stranger(struct check *c)
{
	static const char letters[] = "abcdefghijklmnopqrstuvwxyz234567";
	char *label = arena_alloc(&c->report->arena, 16);
	uint8_t random[16] = { 0 };

	if (label == NULL)
		return STR_NONE;
	if (getrandom(random, sizeof(random), 0) != (ssize_t)sizeof(random))
		random[0] = (uint8_t)c->nlookups;
	for (size_t i = 0; i < sizeof(random); i++)
		label[i] = letters[random[i] & 31];
	return (struct mailauth_str){ label, sizeof(random) };
}

/* A check that is asked for what it does not look up would say "pass". */
static enum mailauth_status
take_only(const struct mailauth_request *q, char *why)
{
	uint32_t known = 0;

	for (size_t i = 0; i < SUBJECTS; i++)
		known |= subjects[i]->kinds;
	for (unsigned i = 0; i < MAILAUTH_KIND_COUNT; i++)
		if (q->only & ~known & 1u << i)
			return refuse(why, kind_at(i)->name,
			    "a check does not look up this kind of record");
	return MAILAUTH_OK;
}

static enum mailauth_status
prepare(struct check *c, const void *request, char *why)
{
	const struct mailauth_request *q = request;
	struct mailauth_report *r = c->report;
	enum mailauth_status status;

	c->request = q;
	r->scope.profile = q->profile;
	r->scope.allow_documentation = q->allow_documentation;
	status = take_name(c, q->domain, &c->domain, why);
	if (status == MAILAUTH_OK)
		status = take_only(q, why);
	if (status != MAILAUTH_OK)
		return status;
	if (c->domain.n <= 1)
		return refuse(why, q->domain, "the root is no mail domain");
	if (q->compare_servers && c->resolver->offline) {
		snprintf(why, MAILAUTH_WHY_MAX,
		    "servers cannot be compared without a network");
		return MAILAUTH_EUSE;
	}
	r->domain = str_sub(c->domain, 0, c->domain.n - 1);
	c->org = org_domain(c->orgs, c->domain);
	c->stranger = make_stranger(c);
	c->nselectors = q->nselectors;
	c->nsenders = q->nsenders;
	if (q->settings != NULL && !settings_check_new(c, q->settings))
		return MAILAUTH_ENOMEM;
	c->selectors = arena_alloc(&r->arena,
	    (q->nselectors + settings_selectors(c) + 1) *
	        sizeof(*c->selectors));
	c->senders = arena_alloc(&r->arena,
	    (q->nsenders + settings_nodes(c) + 1) * sizeof(*c->senders));
	if (r->arena.failed)
		return MAILAUTH_ENOMEM;
	for (size_t i = 0; i < q->nselectors; i++)
		take_selector(c, str_of(q->selectors[i]), c->domain,
		    &c->selectors[i]);
	for (size_t i = 0; i < q->nsenders; i++) {
		status = take_sender(c, &q->senders[i], &c->senders[i], why);
		if (status != MAILAUTH_OK)
			return status;
	}
	settings_take(c);
	take_identities(c);
	take_bimi(c);
	status = bimi_files_take(c, why);
	if (status != MAILAUTH_OK)
		return status;
	c->spf = spf_check_of_domain(c);
	return r->arena.failed ? MAILAUTH_ENOMEM : MAILAUTH_OK;
}

/* SPF by itself: an identity may be anything, and what it is not, is a result
 * and no mistake of the user's. */

/* A domain of two labels at least, as it comes in a session of SMTP. */
bool
take_spf_domain(struct check *c, struct mailauth_str text,
    struct mailauth_str *out)
{
	struct writer w = arena_writer(&c->report->arena);
	struct mailauth_str copy = arena_copy(&c->report->arena, text);
	char *alabels = NULL;
	struct dname wire;
	bool good;

	if (text.n > 0 && text.s[0] == '[') /* an address literal */
		return false;
	if (copy.s != NULL && !str_is_ascii(copy) &&
	    idn2_to_ascii_8z(copy.s, &alabels,
	        IDN2_NFC_INPUT | IDN2_NONTRANSITIONAL) == IDN2_OK)
		text = str_of(alabels);
	good = dname_of_labels(text, &wire);
	idn2_free(alabels);
	if (!good)
		return false;
	put_dname(&w, &wire);
	*out = writer_str(&w);
	return !w.full && dname_labels(*out) >= 2;
}

static enum mailauth_status
take_scope(const char *name, enum spf_scope *out, char *why)
{
	static const char *const names[SPF_SCOPES] = { "spf", "pra", "mfrom" };

	*out = SPF_SCOPE_SPF;
	if (name == NULL)
		return MAILAUTH_OK;
	for (unsigned i = 0; i < SPF_SCOPES; i++) {
		if (strcmp(names[i], name) != 0)
			continue;
		*out = (enum spf_scope)i;
		return MAILAUTH_OK;
	}
	return refuse(why, name, "a scope is spf, pra or mfrom");
}

/* Who is checked (RFC 7208 2.4): MAIL FROM; without one, or with an empty one,
 * postmaster at HELO; and whatever domain is given for either. */
static void
take_spf_identity(struct check *c, const struct mailauth_spf_request *q,
    struct spf_query *query, struct mailauth_str *domain)
{
	struct spf_macro_values *v = &query->values;
	struct mailauth_str from = str_trim(str_of(q->mail_from));
	size_t at;

	if (from.n > 1 && from.s[0] == '<' && from.s[from.n - 1] == '>')
		from = str_sub(from, 1, from.n - 2);
	for (at = from.n; at > 0 && from.s[at - 1] != '@';)
		at--;
	v->local = at > 1 ? str_sub(from, 0, at - 1) : STR("postmaster");
	v->sender_domain = from.n > 0 ? str_from(from, at) :
	    q->helo != NULL           ? str_of(q->helo) :
	                                str_of(q->domain);
	if (q->helo != NULL)
		v->helo = str_of(q->helo);
	if (q->receiver != NULL)
		v->receiver = str_of(q->receiver);
	*domain = q->domain != NULL ? str_of(q->domain) : v->sender_domain;
	/* "joe@" is an identity, and no domain. */
	if (domain->n == 0 && q->domain == NULL)
		*domain = from;
	else if (!take_spf_domain(c, *domain, &query->domain))
		query->domain = STR_NONE;
	/* Macros want it as it is on the wire. */
	if (v->sender_domain.n > 0) {
		struct mailauth_str plain;

		if (take_spf_domain(c, v->sender_domain, &plain))
			v->sender_domain =
			    dname_plain(&c->report->arena, plain);
	}
}

static enum mailauth_status
prepare_spf(struct check *c, const void *request, char *why)
{
	const struct mailauth_spf_request *q = request;
	struct mailauth_report *r = c->report;
	struct spf_trial *trial;
	struct spf_query query = { .scope = SPF_SCOPE_SPF };
	struct mailauth_str domain;
	enum spf_scope scope;
	struct addr ip;
	enum mailauth_status status = take_scope(q->scope, &scope, why);

	if (status != MAILAUTH_OK)
		return status;
	if (q->ip != NULL && !addr_parse(str_of(q->ip), &ip))
		return refuse(why, q->ip, "it is no IP address");
	c->hurried = true; /* each answer is looked at when it comes */
	r->scope.profile = q->profile;
	r->scope.allow_documentation = q->allow_documentation;
	c->stranger = make_stranger(c);
	c->spf = spf_check_new(c, 1);
	if (c->spf == NULL)
		return MAILAUTH_ENOMEM;
	c->spf->scope = scope;
	c->spf->alone = c->spf->traced = true;
	c->spf->mail_from = arena_copy(&r->arena, str_of(q->mail_from));
	c->spf->helo = arena_copy(&r->arena, str_of(q->helo));
	query.values.helo = query.values.receiver = STR("unknown");
	take_spf_identity(c, q, &query, &domain);
	if (domain.n == 0)
		return refuse(why, "", "name a domain, --mail-from or --helo");
	c->spf->domain = c->domain = query.domain;
	c->org = c->domain.n > 0 ? org_domain(c->orgs, c->domain) : STR_NONE;
	r->domain = c->domain.n > 0 ? str_sub(c->domain, 0, c->domain.n - 1) :
	                              arena_copy(&r->arena, domain);
	c->spf->wide = q->ip == NULL;
	if (q->ip != NULL) {
		trial = spf_check_add(c->spf, &ip);
		query.values.ip = trial->query.values.ip;
		query.values.now = trial->query.values.now;
		query.scope = scope;
		trial->query = query;
		if (query.domain.n == 0)
			trial->outcome.result = SPF_RESULT_NONE;
	} else if (c->domain.n == 0) {
		return refuse(why, q->domain != NULL ? q->domain : "",
		    "it is no domain of two labels or more");
	}
	return r->arena.failed ? MAILAUTH_ENOMEM : MAILAUTH_OK;
}

/* DMARC by itself. */

/* The domain of an address, or what is no address as it is. */
static struct mailauth_str
domain_of(struct mailauth_str text)
{
	size_t at;

	text = str_trim(text);
	if (text.n > 1 && text.s[0] == '<' && text.s[text.n - 1] == '>')
		text = str_sub(text, 1, text.n - 2);
	for (at = text.n; at > 0 && text.s[at - 1] != '@';)
		at--;
	return str_from(text, at);
}

static struct dmarc_identifier
take_identifier(struct check *c, const char *text, bool spf)
{
	struct dmarc_identifier id = { .spf = spf };

	id.shown = arena_copy(&c->report->arena, domain_of(str_of(text)));
	if (!take_spf_domain(c, id.shown, &id.domain))
		id.domain = STR_NONE;
	return id;
}

static enum mailauth_status
prepare_dmarc(struct check *c, const void *request, char *why)
{
	const struct mailauth_dmarc_request *q = request;
	struct mailauth_report *r = c->report;
	struct mailauth_str from =
	    arena_copy(&r->arena, domain_of(str_of(q->from)));
	enum mailauth_status status;

	r->scope.profile = q->profile;
	r->scope.allow_documentation = q->allow_documentation;
	status = take_name(c, from.s, &c->domain, why);
	if (status != MAILAUTH_OK)
		return status;
	if (c->domain.n <= 1)
		return refuse(why, q->from, "the root is no mail domain");
	r->domain = str_sub(c->domain, 0, c->domain.n - 1);
	c->org = org_domain(c->orgs, c->domain);
	c->stranger = make_stranger(c);
	c->dmarc = dmarc_check_new(c, q->ndkim + 1);
	if (c->dmarc == NULL)
		return MAILAUTH_ENOMEM;
	for (size_t i = 0; i < q->ndkim; i++)
		dmarc_check_add(c->dmarc,
		    take_identifier(c, q->dkim[i], false));
	if (q->spf != NULL)
		dmarc_check_add(c->dmarc, take_identifier(c, q->spf, true));
	return r->arena.failed ? MAILAUTH_ENOMEM : MAILAUTH_OK;
}

#define COUNT(list) (sizeof(list) / sizeof((list)[0]))

const struct job job_check = { subjects, COUNT(subjects), prepare };
const struct job job_spf = { spf_alone, COUNT(spf_alone), prepare_spf };
const struct job job_dmarc = { dmarc_alone, COUNT(dmarc_alone), prepare_dmarc };
