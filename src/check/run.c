/*
 * run.c - checks from request to report
 * SPDX-License-Identifier: BSD-3-Clause
 */
#include <idn2.h>
#include <search.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/random.h>
#include <time.h>

#include "base/dname.h"
#include "base/str.h"
#include "check/check.h"
#include "check/resolver_unbound.h"
#include "check/spf_check.h"
#include "record/dkim.h"

/* Seconds for one domain, unless the user says otherwise. */
#define TIMEOUT 15.0
/* An answer that takes longer than this is looked into (seconds). */
#define SLOW 1.0
/* A probe that has nothing to tell by then has nothing to tell (seconds). */
#define PROBE_TIME 1.5
/* Probes for one domain. */
#define PROBES_MAX 4
/* Domains at a time: their questions together fill the window. */
#define AT_ONCE 8
/* Rounds of questions: each has one at least that is new. */
#define ROUNDS_MAX LOOKUPS_MAX

struct mailauth_resolver {
	struct resolver *resolver;
	struct orgdomains *orgs;
	double timeout;
	char **servers;
	size_t nservers;
};

/* Of a check, and of an evaluation of SPF by itself. */
static const struct subject *const subjects[] = { &subject_spf, &subject_dkim,
	&subject_dmarc, &subject_bimi, &subject_mx, &subject_address,
	&subject_ptr, &subject_dns };

#define SUBJECTS (sizeof(subjects) / sizeof(subjects[0]))

static const struct subject *const spf_alone[] = { &subject_spf_alone };

static double
now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

/* From request to names. */

static enum mailauth_status
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
static enum mailauth_status
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

/* The selector alone, or as "selector._domainkey.domain", which is a mistake
 * one can help with. */
static void
take_selector(struct check *c, const char *text, struct selector *out)
{
	struct mailauth_str node = name_below(c, STR("_domainkey"), c->domain);
	struct mailauth_str s = str_of(text), full = name_of(c, s);
	bool underscore, too_long = false;

	out->text = s;
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

static enum mailauth_status
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
static struct mailauth_str
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
prepare(struct check *c, char *why)
{
	const struct mailauth_request *q = c->request;
	struct mailauth_report *r = c->report;
	enum mailauth_status status;

	c->lookups_end = &c->lookups;
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
	c->selectors =
	    arena_alloc(&r->arena, (q->nselectors + 1) * sizeof(*c->selectors));
	c->senders =
	    arena_alloc(&r->arena, (q->nsenders + 1) * sizeof(*c->senders));
	if (r->arena.failed)
		return MAILAUTH_ENOMEM;
	for (size_t i = 0; i < q->nselectors; i++)
		take_selector(c, q->selectors[i], &c->selectors[i]);
	for (size_t i = 0; i < q->nsenders; i++) {
		status = take_sender(c, &q->senders[i], &c->senders[i], why);
		if (status != MAILAUTH_OK)
			return status;
	}
	take_identities(c);
	take_bimi(c);
	c->spf = spf_check_of_domain(c);
	return r->arena.failed ? MAILAUTH_ENOMEM : MAILAUTH_OK;
}

/* SPF by itself: an identity may be anything, and what it is not, is a result
 * and no mistake of the user's. */

/* A domain of two labels at least, as it comes in a session of SMTP. */
static bool
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
prepare_spf(struct check *c, const struct mailauth_spf_request *q, char *why)
{
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
	c->lookups_end = &c->lookups;
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

/* Truncation. */

static void
probe_done(struct lookup *l)
{
	struct check *c = l->owner;

	c->probing--;
}

/* The lookup a probe was made for. */
static struct lookup *
probed_of(struct check *c, const struct lookup *probe)
{
	return got(c, probe->answer.name, probe->answer.rrtype);
}

static bool
is_probed(struct check *c, const struct lookup *l)
{
	for (const struct lookup *p = c->probes; p != NULL; p = p->next)
		if (probed_of(c, p) == l)
			return true;
	return false;
}

static void
probe(struct check *c, const struct lookup *l)
{
	struct lookup *p = arena_alloc(&c->report->arena, sizeof(*p));

	if (p == NULL)
		return;
	p->arena = &c->report->arena;
	p->answer.name = l->answer.name;
	p->answer.rrtype = l->answer.rrtype;
	p->server = -1;
	p->probe = true;
	p->done = probe_done;
	p->owner = c;
	if (c->resolver->ask(c->resolver, p) != MAILAUTH_OK)
		return;
	p->next = c->probes;
	c->probes = p;
	c->probing++;
	c->probed = now();
}

/* Ask again, watching for truncation, where a TXT answer does not come:
 * `slow` ones that are still on their way, or else those that failed. */
static void
probe_texts(struct check *c, bool slow)
{
	size_t n = c->probing;

	for (struct lookup *l = c->lookups; l != NULL; l = l->next) {
		bool due = slow ?
		    l->state == LOOKUP_ASKED :
		    is_failed(l) && l->answer.cause == MAILAUTH_CAUSE_TIMEOUT;

		if (!due || l->answer.rrtype != RRTYPE_TXT || l->server >= 0 ||
		    n == PROBES_MAX || is_probed(c, l))
			continue;
		probe(c, l);
		n++;
	}
}

/* What the probes have seen goes to the lookups they were made for. */
static void
end_probes(struct check *c)
{
	for (struct lookup *p = c->probes; p != NULL; p = p->next) {
		struct lookup *l = probed_of(c, p);

		if (p->state == LOOKUP_ASKED) {
			c->resolver->forget(c->resolver, p);
			p->state = LOOKUP_DONE;
		}
		if (p->answer.cause == MAILAUTH_CAUSE_TRUNCATED &&
		    is_failed(l) && l->answer.cause == MAILAUTH_CAUSE_TIMEOUT)
			l->answer.cause = MAILAUTH_CAUSE_TRUNCATED;
	}
	c->probing = 0;
}

/* Rounds. */

static bool
is_wanted(const struct check *c, const struct subject *s)
{
	return c->request->only == 0 || s->kinds == 0 ||
	    (c->request->only & s->kinds) != 0;
}

static void
ask_all(struct check *c)
{
	for (size_t i = 0; i < c->nsubjects; i++)
		if (is_wanted(c, c->subjects[i]))
			c->subjects[i]->ask(c);
}

/* What has not come yet is not waited for any longer. */
static void
drop_pending(struct check *c, const char *why)
{
	for (struct lookup *l = c->lookups; l != NULL; l = l->next) {
		if (l->state == LOOKUP_DONE)
			continue;
		if (l->state == LOOKUP_ASKED)
			c->resolver->forget(c->resolver, l);
		leave(l, why);
	}
	c->pending = 0;
	c->over = true;
	end_probes(c);
}

/* Time is up: what has not come is not known, nor is what would have been
 * asked next. */
static void
give_up(struct check *c)
{
	struct lookup **end;

	drop_pending(c, "the time for this domain is over");
	do {
		end = c->lookups_end;
		ask_all(c);
	} while (c->lookups_end != end && c->rounds++ < ROUNDS_MAX);
}

/* One step; true when the check is complete. */
static bool
step(struct check *c)
{
	double t = now();

	c->now = t;
	if (t >= c->deadline) {
		give_up(c);
		return true;
	}
	if (c->pending > 0 && !c->hurried) {
		if (t < c->slow)
			return false;
		c->hurried = true;
		probe_texts(c, true);
	}
	settle(c);
	if (c->pending == 0)
		probe_texts(c, false);
	if ((c->pending == 0 || c->hurried) && c->rounds < ROUNDS_MAX &&
	    !c->report->arena.failed) {
		bool whole = c->pending == 0;

		ask_all(c);
		if (whole && c->pending > 0) {
			c->rounds++;
			c->slow = t + SLOW;
		}
	}
	if (c->enough_at > 0 && c->enough_at <= t) {
		drop_pending(c, "nothing hangs on it");
		return true;
	}
	if (c->enough_at > 0)
		return false;
	if (c->pending > 0 || (c->probing > 0 && t < c->probed + PROBE_TIME))
		return false;
	end_probes(c);
	return true;
}

static void
finish(struct check *c)
{
	/* Nothing is asked any more: nobody would wait for the answer. */
	c->over = true;
	/* What was looked at before everything was there is looked at again. */
	if (c->hurried) {
		settle(c);
		c->views = NULL;
	}
	for (size_t i = 0; i < c->nsubjects; i++)
		if (is_wanted(c, c->subjects[i]))
			c->subjects[i]->tell(c);
	c->report->queries = c->nlookups;
	c->report->seconds = now() - c->started;
}

/* When something has to happen even if no answer comes. */
static double
next_event(const struct check *c)
{
	double at = c->deadline;

	if (c->enough_at > 0 && c->enough_at < at)
		at = c->enough_at;
	if (c->pending > 0 && !c->hurried && c->slow < at)
		at = c->slow;
	if (c->pending == 0 && c->probing > 0 && c->probed + PROBE_TIME < at)
		at = c->probed + PROBE_TIME;
	return at;
}

/* Several checks at a time. */

struct slot {
	struct check check;
	size_t index;
	enum mailauth_status status;
	bool used, complete;
	char why[MAILAUTH_WHY_MAX];
};

static void
start(struct mailauth_resolver *resolver, struct slot *s,
    const struct mailauth_request *request,
    const struct mailauth_spf_request *spf, size_t index)
{
	struct check *c = &s->check;

	*s = (struct slot){ .index = index, .used = true };
	c->resolver = resolver->resolver;
	c->orgs = resolver->orgs;
	c->listed = (const char *const *)resolver->servers;
	c->nlisted = resolver->nservers;
	c->request = request;
	c->started = now();
	c->deadline = c->started + resolver->timeout;
	c->subjects = spf != NULL ? spf_alone : subjects;
	c->nsubjects = spf != NULL ? 1 : SUBJECTS;
	c->report = report_new();
	s->status = c->report == NULL ? MAILAUTH_ENOMEM :
	    spf != NULL               ? prepare_spf(c, spf, s->why) :
	                                prepare(c, s->why);
	s->complete = s->status != MAILAUTH_OK;
}

static void
drive(struct slot *s)
{
	struct check *c = &s->check;

	while (!s->complete && (s->complete = step(c))) {
		finish(c);
		if (c->report->arena.failed)
			s->status = MAILAUTH_ENOMEM;
	}
}

/* A DKIM key of some domain, kept in a tree by its fingerprint. */
struct known_key {
	char sha256[65];
	char name[];
};

static int
compare_keys(const void *a, const void *b)
{
	const struct known_key *x = a, *y = b;

	return strcmp(x->sha256, y->sha256);
}

/* Tell of keys that an earlier domain has as well, and remember the others. */
static void
tell_shared(struct check *c, void **known)
{
	for (const struct key_seen *k = c->report->keys; k != NULL;
	     k = k->next) {
		size_t n = strlen(k->name) + 1;
		struct known_key *key = malloc(sizeof(*key) + n), **found;

		if (key == NULL)
			return;
		memcpy(key->sha256, k->sha256, sizeof(key->sha256));
		memcpy(key->name, k->name, n);
		found = tsearch(key, known, compare_keys);
		if (found != NULL && *found == key)
			continue;
		if (found != NULL && strcmp((*found)->name, k->name) != 0 &&
		    dname_under(str_of(k->name), c->domain) &&
		    !dname_under(str_of((*found)->name), c->domain))
			tell(c, k->item, MAILAUTH_F_DKIM_KEY_SHARED,
			    str_of((*found)->name));
		free(key);
	}
}

static void
forget_keys(void **known)
{
	while (*known != NULL) {
		struct known_key *key = *(struct known_key **)*known;

		tdelete(key, known, compare_keys);
		free(key);
	}
}

static void
deliver(struct slot *s, void **known, mailauth_done done, void *arg)
{
	struct mailauth_report *report = s->check.report;

	if (s->status == MAILAUTH_OK)
		tell_shared(&s->check, known);
	if (s->status != MAILAUTH_OK) {
		mailauth_report_free(report);
		report = NULL;
	}
	if (s->status == MAILAUTH_ENOMEM)
		snprintf(s->why, sizeof(s->why), "memory ran out");
	s->used = false;
	done(arg, s->index, s->status, report, s->why);
}

/* With `spf` it is an evaluation of SPF, and there is one request. */
static enum mailauth_status
run_all(struct mailauth_resolver *resolver,
    const struct mailauth_request *requests,
    const struct mailauth_spf_request *spf, size_t n, mailauth_done done,
    void *arg)
{
	struct slot *slots = calloc(AT_ONCE, sizeof(*slots));
	size_t started = 0, delivered = 0;
	void *known = NULL;

	if (slots == NULL)
		return MAILAUTH_ENOMEM;
	while (delivered < n) {
		double wake = 0, t;
		bool progress = false;

		for (size_t i = 0; i < AT_ONCE; i++) {
			struct slot *s = &slots[i];

			/* A slot belongs to every AT_ONCE-th request, so the
			 * order of delivery is that of the requests. */
			if (!s->used && started < n && started % AT_ONCE == i) {
				start(resolver, s, &requests[started], spf,
				    started);
				started++;
				progress = true;
			}
			if (s->used)
				drive(s);
			if (s->used && s->complete && s->index == delivered) {
				deliver(s, &known, done, arg);
				delivered++;
				progress = true;
			}
			if (s->used && !s->complete &&
			    (wake == 0 || next_event(&s->check) < wake))
				wake = next_event(&s->check);
		}
		t = now();
		if (!progress)
			unbound_wait(resolver->resolver,
			    wake > t ? wake - t : 0);
	}
	forget_keys(&known);
	free(slots);
	return MAILAUTH_OK;
}

enum mailauth_status
mailauth_check_all(struct mailauth_resolver *resolver,
    const struct mailauth_request *requests, size_t n, mailauth_done done,
    void *arg)
{
	return run_all(resolver, requests, NULL, n, done, arg);
}

struct single {
	enum mailauth_status status;
	struct mailauth_report *report;
	char *why;
};

static void
take_single(void *arg, size_t index, enum mailauth_status status,
    struct mailauth_report *report, const char *why)
{
	struct single *s = arg;

	(void)index;
	s->status = status;
	s->report = report;
	snprintf(s->why, MAILAUTH_WHY_MAX, "%s", why);
}

static enum mailauth_status
run_one(struct mailauth_resolver *resolver,
    const struct mailauth_request *request,
    const struct mailauth_spf_request *spf, struct mailauth_report **out,
    char *why)
{
	struct single s = { MAILAUTH_OK, NULL, why };
	enum mailauth_status status;

	*out = NULL;
	status = run_all(resolver, request, spf, 1, take_single, &s);
	if (status != MAILAUTH_OK) {
		snprintf(why, MAILAUTH_WHY_MAX, "memory ran out");
		return status;
	}
	*out = s.report;
	return s.status;
}

enum mailauth_status
mailauth_check(struct mailauth_resolver *resolver,
    const struct mailauth_request *request, struct mailauth_report **out,
    char why[MAILAUTH_WHY_MAX])
{
	return run_one(resolver, request, NULL, out, why);
}

enum mailauth_status
mailauth_spf(struct mailauth_resolver *resolver,
    const struct mailauth_spf_request *request, struct mailauth_report **out,
    char why[MAILAUTH_WHY_MAX])
{
	struct mailauth_request none = { .profile = request->profile,
		.allow_documentation = request->allow_documentation };

	return run_one(resolver, &none, request, out, why);
}

/* Resolvers. */

void
mailauth_resolver_free(struct mailauth_resolver *r)
{
	if (r == NULL)
		return;
	unbound_free(r->resolver);
	orgdomains_free(r->orgs);
	for (size_t i = 0; r->servers != NULL && i < r->nservers; i++)
		free(r->servers[i]);
	free(r->servers);
	free(r);
}

static bool
copy_servers(struct mailauth_resolver *r, const struct mailauth_options *o)
{
	r->servers = calloc(o->nservers + 1, sizeof(*r->servers));
	if (r->servers == NULL)
		return false;
	r->nservers = o->nservers;
	for (size_t i = 0; i < o->nservers; i++)
		if ((r->servers[i] = strdup(o->servers[i])) == NULL)
			return false;
	return true;
}

enum mailauth_status
mailauth_resolver_new(const struct mailauth_options *options,
    struct mailauth_resolver **out, char why[MAILAUTH_WHY_MAX])
{
	struct mailauth_resolver *r = calloc(1, sizeof(*r));
	enum mailauth_status status = MAILAUTH_ENOMEM;

	*out = NULL;
	why[0] = '\0';
	if (r != NULL && copy_servers(r, options))
		status = unbound_new(options, &r->resolver, why);
	else
		snprintf(why, MAILAUTH_WHY_MAX, "memory ran out");
	if (status != MAILAUTH_OK) {
		mailauth_resolver_free(r);
		return status;
	}
	r->timeout = options->timeout > 0 ? options->timeout : TIMEOUT;
	r->orgs = orgdomains_new();
	*out = r;
	return MAILAUTH_OK;
}
