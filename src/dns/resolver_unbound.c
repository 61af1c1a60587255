/*
 * resolver_unbound.c - a resolver over libunbound
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * All questions run at once in one thread, on libunbound's event API. A ticket
 * carries each: ask() puts it into `waiting`, pump() hands it to libunbound and
 * lists it in `asked`, callback() moves it to `finished`, and tell() calls
 * `done` and frees it. Only wait() runs the event loop, so `done` is never
 * called from within ask().
 *
 * The callback's arguments mean something only in this order. `rcode` not 0: no
 * answer was found (FAILED), and the packet is a leftover. `sec` 1: bogus, and
 * the packet has the records that failed validation, which may be forged. Else
 * the packet is the answer; NXDOMAIN is in its header, and not in `rcode`.
 *
 * libunbound says only in its log why a question failed, in the line before the
 * callback. The log goes to memory, and reason.c reads that line.
 */
#include "dns/resolver_unbound.h"

#include <event2/event.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unbound-event.h>
#include <unbound.h>
#include <unistd.h>

#include "base/dname.h"
#include "base/str.h"
#include "dns/config.h"
#include "dns/packet.h"
#include "dns/special.h"
#include "judge/reason.h"
#include "record/kind.h"
#include "sys/clock.h"
#include "sys/tempfile.h"

/* Questions in flight: enough for all that the domains checked side by side ask
 * in one round, so that dead servers do not delay the others. */
#define WINDOW 256
/* Servers that have a number. */
#define SERVERS_MAX 16
/* From this verbosity on, the log says when TCP is tried. */
#define LEVEL_TCP 4
/* Values of `sec` in the event API. */
enum { SEC_INSECURE = 0, SEC_BOGUS = 1, SEC_SECURE = 2 };

/* One libunbound context. */
struct context {
	struct ub_ctx *ctx;
	struct config config;
	char addr[64]; /* only of a numbered server */
};

/* A question handed to ask(). libunbound keeps a pointer to it until the
 * callback, so the ticket of a forgotten lookup lives until then. */
struct ticket {
	struct ticket *next, **link; /* place in one of the lists below */
	struct unbound *u;
	struct lookup *lookup; /* NULL when forgotten */
	char *name;
	size_t log_from; /* with a probe: offset of its log */
	bool flying; /* counts in `inflight` */
	bool watching; /* counts in `probes` */
};

struct unbound {
	struct resolver base;
	struct event_base *events;
	struct event *timer;
	struct context main;
	struct context probe; /* started for the first probe */
	struct context server[SERVERS_MAX];
	/* Paths, copied when needed; NULL: none. */
	const char *user_config, *resolv_conf;
	const char *user_config_name; /* path as the user gave it */
	/* Probes in flight; while there are some, the log is kept. */
	size_t probes;
	struct ticket *waiting, **waiting_end; /* not handed over yet */
	struct ticket *asked; /* in flight, forgotten ones too */
	struct ticket *finished, **finished_end; /* `done` not called yet */
	size_t inflight;
	FILE *log;
	char *log_text;
	size_t log_size;
	bool explaining; /* fault_line() is running */
	bool uncheckable; /* no answer is validated */
	struct mailauth_str *insecure; /* names of domain-insecure */
	size_t ninsecure;
};

static void
list_add(struct ticket **head, struct ticket *t)
{
	t->next = *head;
	t->link = head;
	if (t->next != NULL)
		t->next->link = &t->next;
	*head = t;
}

static void
list_remove(struct ticket *t)
{
	*t->link = t->next;
	if (t->next != NULL)
		t->next->link = t->link;
}

static void
queue_add(struct ticket **head, struct ticket ***end, struct ticket *t)
{
	if (*head == NULL)
		*end = head;
	t->next = NULL;
	t->link = *end;
	**end = t;
	*end = &t->next;
}

static struct ticket *
queue_take(struct ticket **head)
{
	struct ticket *t = *head;

	if (t != NULL && (*head = t->next) != NULL)
		t->next->link = head;
	return t;
}

/* The log since the last clear_log(); valid until more is logged. */
static struct mailauth_str
read_log(struct unbound *u)
{
	fflush(u->log);
	return (struct mailauth_str){ u->log_text, u->log_size };
}

/* Start the log anew: later lines overwrite the earlier. */
static void
clear_log(struct unbound *u)
{
	fflush(u->log);
	rewind(u->log);
}

/* Set the answer to FAILED. */
static void
fail(struct lookup *l, enum mailauth_cause cause, struct mailauth_str why)
{
	l->answer.outcome = MAILAUTH_FAILED;
	l->answer.dnssec = MAILAUTH_DNSSEC_UNCHECKED;
	l->answer.cause = cause;
	l->answer.why = arena_copy(l->arena, why);
}

/* Set the answer to FAILED, with the cause from the log. Offline, every failure
 * means that the answer needs a server outside the given zones. */
static void
fail_by_log(struct unbound *u, struct lookup *l)
{
	struct mailauth_str why = reason_last_error(read_log(u));

	if (u->base.offline)
		fail(l, MAILAUTH_CAUSE_OFFLINE,
		    STR("an alias or delegation leads out of the zones"));
	else
		fail(l, reason_of_failure(why), reason_alone(why));
}

static bool
is_insecure_domain(const struct unbound *u, struct mailauth_str name)
{
	for (size_t i = 0; i < u->ninsecure; i++)
		if (dname_under(name, u->insecure[i]))
			return true;
	return false;
}

/* The DNSSEC state of an answer. libunbound says secure, bogus or neither;
 * "neither" is insecure below a trust anchor, and indeterminate elsewhere. */
static enum mailauth_dnssec
state_of(const struct unbound *u, const struct lookup *l, int sec)
{
	if (u->uncheckable || l->server >= 0)
		return MAILAUTH_DNSSEC_UNCHECKED;
	if (sec == SEC_SECURE)
		return MAILAUTH_DNSSEC_SECURE;
	if (sec == SEC_BOGUS)
		return MAILAUTH_DNSSEC_BOGUS;
	if ((l->answer.flags & MAILAUTH_ANSWER_LOCAL) ||
	    is_insecure_domain(u, l->answer.name))
		return MAILAUTH_DNSSEC_UNCHECKED;
	/* A chain of aliases is no better than its last name. */
	if (l->answer.nchain > 0 &&
	    !config_anchored(&u->main.config,
	        l->answer.chain[l->answer.nchain - 1]))
		return MAILAUTH_DNSSEC_INDETERMINATE;
	return config_anchored(&u->main.config, l->answer.name) ?
	    MAILAUTH_DNSSEC_INSECURE :
	    MAILAUTH_DNSSEC_INDETERMINATE;
}

/* Set a bogus answer: its reason and nothing of its packet. */
static void
take_bogus(struct unbound *u, struct lookup *l, const char *why)
{
	struct mailauth_str reason = str_of(why != NULL ? why : "");
	struct writer w = arena_writer(l->arena);

	fail(l, reason_of_bogus(reason), STR_NONE);
	l->answer.dnssec = MAILAUTH_DNSSEC_BOGUS;
	put_str(&w, reason_alone(reason));
	if (u->main.config.forwards && reason_is_root(reason))
		put_text(&w, " (does the given server pass DNSSEC records?)");
	l->answer.why = writer_str(&w);
}

/* Read the packet into the lookup and set outcome and state. Three kinds of
 * packets are failures and never absence: an error code other than NXDOMAIN, a
 * truncated message, and a denial from a zone that Unbound has built in. */
static void
take_answer(struct unbound *u, struct lookup *l, const void *packet, int len,
    int sec)
{
	struct packet_head head;
	struct mailauth_str special = special_zone_of(l->answer.name);

	if (len < 0 || !packet_read(l, packet, (size_t)len, &head)) {
		fail(l, MAILAUTH_CAUSE_SERVFAIL,
		    STR("the answer cannot be read"));
		return;
	}
	/* Absence is known only from a whole answer of real zones. */
	if (head.rcode == 2 && u->base.offline) {
		/* As the first failure of this name, now from the cache. */
		fail_by_log(u, l);
	} else if (head.rcode != 0 && head.rcode != 3) {
		fail(l, MAILAUTH_CAUSE_REFUSED,
		    STR("libunbound refuses the name"));
	} else if (head.tc) {
		fail(l, MAILAUTH_CAUSE_SERVFAIL,
		    STR("the records do not fit a DNS message"));
	} else if (head.aa && special.n > 0 &&
	    l->answer.outcome != MAILAUTH_FOUND) {
		fail(l, MAILAUTH_CAUSE_BUILTIN, special);
	} else {
		if (head.aa && l->server < 0)
			l->answer.flags |= MAILAUTH_ANSWER_LOCAL;
		l->answer.dnssec = state_of(u, l, sec);
	}
}

/* What the log of a probe shows so far. */
static enum mailauth_cause
probe_cause(struct unbound *u, const struct ticket *t)
{
	return reason_shows_tcp(str_from(read_log(u), t->log_from),
	           str_of(t->name)) ?
	    MAILAUTH_CAUSE_TRUNCATED :
	    MAILAUTH_CAUSE_TIMEOUT;
}

/* Free the place in flight. libunbound has one verbosity for the process: the
 * last probe sets it back, through any context. */
static void
land(struct unbound *u, struct ticket *t)
{
	u->inflight -= t->flying;
	t->flying = false;
	if (t->watching && --u->probes == 0)
		ub_ctx_debuglevel(u->main.ctx, 0);
	t->watching = false;
}

/* libunbound's answer to a ticket. It may come from within ub_resolve_event(),
 * when the answer is cached or local. */
static void
callback(void *arg, int rcode, void *packet, int len, int sec, char *why,
    int was_ratelimited)
{
	struct ticket *t = arg;
	struct unbound *u = t->u;
	struct lookup *l = t->lookup;

	(void)was_ratelimited;
	list_remove(t);
	if (l != NULL) {
		if (l->probe)
			fail(l, probe_cause(u, t), STR_NONE);
		else if (rcode != 0)
			fail_by_log(u, l);
		else if (sec == SEC_BOGUS && !u->uncheckable)
			take_bogus(u, l, why);
		else
			take_answer(u, l, packet, len, sec);
	}
	land(u, t);
	if (u->probes == 0)
		clear_log(u);
	queue_add(&u->finished, &u->finished_end, t);
}

static enum mailauth_status
start(struct unbound *u, struct context *c, char *why);

/* Copy the lines before line `n`; false on an I/O error. */
static bool
copy_head(const char *file, uint32_t n, FILE *to)
{
	FILE *from = fopen(file, "r");
	uint32_t line = 1;
	int c;

	if (from == NULL)
		return false;
	while (line < n && (c = getc(from)) != EOF) {
		line += c == '\n';
		putc(c, to);
	}
	fclose(from);
	return fflush(to) == 0;
}

/* Find the line of a fault in a zone file. libunbound increments its line
 * number after a complete record, so the number in its message is that of the
 * fault or of the line behind it. Load the lines before that number as a zone:
 * when they fail too, the fault is in their last line. `explaining` stops the
 * recursion through start() and explain(). */
static uint32_t
fault_line(struct unbound *u, const struct zone_fault *fault)
{
	struct context c = { .ctx = NULL };
	struct mailauth_zone zone = { .name = "." };
	struct mailauth_options options = { .zones = &zone, .nzones = 1 };
	char path[TEMPFILE_MAX], file[TEMPFILE_MAX], why[MAILAUTH_WHY_MAX];
	uint32_t line = fault->line;
	FILE *head;

	if (u->explaining || line < 2 || fault->file.n >= sizeof(file) ||
	    (head = tempfile_new(path)) == NULL)
		return line;
	memcpy(file, fault->file.s, fault->file.n);
	file[fault->file.n] = '\0';
	zone.file = path;
	u->explaining = true;
	if (copy_head(file, line, head) &&
	    config_make(&options, &c.config, why) == MAILAUTH_OK &&
	    start(u, &c, why) != MAILAUTH_OK)
		line--;
	u->explaining = false;
	ub_ctx_delete(c.ctx);
	config_free(&c.config);
	fclose(head);
	unlink(path);
	return line;
}

/* Put into `why` why a context did not start. EINPUT when a zone file is at
 * fault. */
static enum mailauth_status
explain(struct unbound *u, int error, char *why)
{
	/* Copy: fault_line() overwrites the log. */
	struct mailauth_str log =
	                        arena_copy(&u->main.config.arena, read_log(u)),
	                    last = reason_last_error(log);
	struct zone_fault fault;

	if (reason_zone_fault(log, &fault)) {
		snprintf(why, MAILAUTH_WHY_MAX, "%.*s:%u: %.*s",
		    (int)fault.file.n, fault.file.s,
		    (unsigned)fault_line(u, &fault), (int)fault.reason.n,
		    fault.reason.s);
		return MAILAUTH_EINPUT;
	}
	if (last.n > 0)
		snprintf(why, MAILAUTH_WHY_MAX, "libunbound: %.*s", (int)last.n,
		    last.s);
	else
		snprintf(why, MAILAUTH_WHY_MAX, "libunbound: %s",
		    ub_strerror(error));
	return error == UB_NOMEM ? MAILAUTH_ENOMEM : MAILAUTH_ESYSTEM;
}

/* libunbound reads a configuration only from a file. */
static int
load_config(struct ub_ctx *ctx, struct mailauth_str text)
{
	char path[TEMPFILE_MAX];
	FILE *f = tempfile_new(path);
	int error = UB_READFILE;

	if (f == NULL)
		return error;
	if (fwrite(text.s, 1, text.n, f) == text.n && fflush(f) == 0)
		error = ub_ctx_config(ctx, path);
	fclose(f);
	unlink(path);
	return error;
}

/* Refuse modules other than these: libunbound crashes when a module is missing
 * or fails to start. */
static enum mailauth_status
check_modules(const struct unbound *u, struct ub_ctx *ctx, char *why)
{
	static const struct mailauth_str known[] = { STR_INIT("validator"),
		STR_INIT("iterator"), STR_INIT("respip") };
	struct mailauth_str rest, word = STR_NONE;
	char *modules = NULL;
	bool good = true;

	if (ub_ctx_get_option(ctx, "module-config", &modules) != UB_NOERROR ||
	    modules == NULL)
		return MAILAUTH_OK;
	for (rest = str_of(modules); good && str_trim(rest).n > 0;) {
		word = str_word(&rest);
		good = false;
		for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++)
			good = good || str_eq(word, known[i]);
	}
	/* The last module must be the one that asks servers. */
	good = good && str_eq(word, STR("iterator"));
	if (!good)
		snprintf(why, MAILAUTH_WHY_MAX,
		    "%s: module-config \"%s\" is not for a program: use "
		    "\"validator iterator\"",
		    u->user_config_name, modules);
	free(modules);
	return good ? MAILAUTH_OK : MAILAUTH_EINPUT;
}

/* Load the user's configuration. libunbound prints faults on standard error,
 * the most useful line first, so standard error is redirected to a file for the
 * call. */
static enum mailauth_status
load_user_config(struct unbound *u, struct ub_ctx *ctx, char *why)
{
	char path[TEMPFILE_MAX], line[MAILAUTH_WHY_MAX - 16] = "";
	FILE *caught = tempfile_new(path);
	int saved = -1, error;

	if (caught == NULL) {
		snprintf(why, MAILAUTH_WHY_MAX, "no temporary file");
		return MAILAUTH_ESYSTEM;
	}
	unlink(path);
	fflush(stderr);
	saved = dup(STDERR_FILENO);
	if (saved >= 0)
		dup2(fileno(caught), STDERR_FILENO);
	error = ub_ctx_config(ctx, u->user_config);
	fflush(stderr);
	if (saved >= 0) {
		dup2(saved, STDERR_FILENO);
		close(saved);
	}
	rewind(caught);
	if (fgets(line, sizeof(line), caught) != NULL)
		line[strcspn(line, "\n")] = '\0';
	fclose(caught);
	if (error == UB_NOERROR)
		return check_modules(u, ctx, why);
	if (strncmp(line, u->user_config, strlen(u->user_config)) == 0)
		snprintf(why, MAILAUTH_WHY_MAX, "%s%s", u->user_config_name,
		    line + strlen(u->user_config));
	else
		snprintf(why, MAILAUTH_WHY_MAX, "%s: %s", u->user_config_name,
		    line[0] != '\0' ? line : "libunbound cannot read it");
	return MAILAUTH_EINPUT;
}

/* Callback of the question for CONFIG_READY_NAME. */
static void
ready(void *arg, int rcode, void *packet, int len, int sec, char *why,
    int was_ratelimited)
{
	(void)rcode;
	(void)packet;
	(void)len;
	(void)sec;
	(void)why;
	(void)was_ratelimited;
	*(bool *)arg = true;
}

/* Create a context and load its configuration. libunbound reads zones and
 * anchors at the first question, so one question is asked that it answers by
 * itself. On failure the caller deletes `c->ctx`. */
static enum mailauth_status
start(struct unbound *u, struct context *c, char *why)
{
	bool ours = c != &u->main && c != &u->probe;
	bool answered = false;
	int error;

	c->ctx = ub_ctx_create_event(u->events);
	if (c->ctx == NULL) {
		snprintf(why, MAILAUTH_WHY_MAX, "libunbound: memory ran out");
		return MAILAUTH_ENOMEM;
	}
	ub_ctx_debugout(c->ctx, u->log);
	clear_log(u);
	if (!ours && u->user_config != NULL) {
		enum mailauth_status status = load_user_config(u, c->ctx, why);

		if (status != MAILAUTH_OK)
			return status;
	}
	if ((error = load_config(c->ctx, c->config.text)) != UB_NOERROR)
		return explain(u, error, why);
	if (!ours && u->resolv_conf != NULL &&
	    ub_ctx_resolvconf(c->ctx, u->resolv_conf) != UB_NOERROR) {
		snprintf(why, MAILAUTH_WHY_MAX, "%s: cannot be read",
		    u->resolv_conf);
		return MAILAUTH_EINPUT;
	}
	/* The grammar of configuration files lacks this option. */
	ub_ctx_set_option(c->ctx, "val-log-squelch:", "no");
	error = ub_resolve_event(c->ctx, CONFIG_READY_NAME, RRTYPE_A, 1,
	    &answered, ready, NULL);
	if (error != UB_NOERROR)
		return explain(u, error, why);
	if (!answered) {
		snprintf(why, MAILAUTH_WHY_MAX, "libunbound does not answer");
		return MAILAUTH_ESYSTEM;
	}
	return MAILAUTH_OK;
}

/* The value of an option of the main context; the caller frees it. */
static char *
option(struct unbound *u, const char *name)
{
	char *value = NULL;

	if (ub_ctx_get_option(u->main.ctx, name, &value) != UB_NOERROR)
		return NULL;
	return value;
}

/* Call `each` with every line of an option's value. */
static void
each_value(struct unbound *u, const char *name,
    void (*each)(struct unbound *u, const char *value))
{
	char *value = option(u, name), *line, *save = NULL;

	if (value == NULL)
		return;
	for (line = strtok_r(value, "\n", &save); line != NULL;
	     line = strtok_r(NULL, "\n", &save))
		each(u, line);
	free(value);
}

static void
take_anchor(struct unbound *u, const char *value)
{
	struct mailauth_str rest = str_of(value);

	config_add_anchor(&u->main.config, str_word(&rest));
}

static void
take_anchor_file(struct unbound *u, const char *value)
{
	config_add_anchor_file(&u->main.config, value);
}

static void
take_insecure(struct unbound *u, const char *value)
{
	struct arena *a = &u->main.config.arena;
	struct mailauth_str *list =
	    arena_alloc(a, (u->ninsecure + 1) * sizeof(*list));
	struct writer w = arena_writer(a);
	struct dname name;

	if (list == NULL || dname_parse(str_of(value), &name) != DNAME_OK)
		return;
	if (u->ninsecure > 0)
		memcpy(list, u->insecure, u->ninsecure * sizeof(*list));
	put_dname(&w, &name);
	list[u->ninsecure++] = writer_str(&w);
	u->insecure = list;
}

/* The validator checks the answers of the modules behind it in the list. */
static bool
validates(const char *modules)
{
	const char *validator = strstr(modules, "validator");
	const char *iterator = strstr(modules, "iterator");

	return validator != NULL && iterator != NULL && validator < iterator;
}

/* Find out from the running context whether answers are validated: the user's
 * configuration can switch validation off. */
static void
look_at_validation(struct unbound *u)
{
	char *modules = option(u, "module-config");
	char *permissive = option(u, "val-permissive-mode");

	if (u->user_config != NULL) {
		each_value(u, "trust-anchor", take_anchor);
		each_value(u, "trust-anchor-file", take_anchor_file);
		each_value(u, "auto-trust-anchor-file", take_anchor_file);
		each_value(u, "domain-insecure", take_insecure);
	}
	if (modules != NULL && !validates(modules))
		u->base.validation_off =
		    "module-config has no validator before the iterator";
	else if (permissive != NULL && strcmp(permissive, "yes") == 0)
		u->base.validation_off = "val-permissive-mode is on";
	else if (u->main.config.nanchors == 0)
		u->base.validation_off = "no trust anchor is loaded";
	u->uncheckable = u->base.validation_off != NULL;
	free(modules);
	free(permissive);
}

static bool
serves(struct resolver *r, struct mailauth_str name)
{
	struct unbound *u = (struct unbound *)r;

	return !u->base.offline || config_in_zones(&u->main.config, name);
}

/* Each numbered server has a context of its own, which forwards to it. */
static int
add_server(struct resolver *r, const char *addr)
{
	struct unbound *u = (struct unbound *)r;
	char why[MAILAUTH_WHY_MAX];
	struct context *c;

	for (size_t i = 0; i < r->nservers; i++)
		if (strcmp(u->server[i].addr, addr) == 0)
			return (int)i;
	if (r->nservers == SERVERS_MAX || strlen(addr) >= sizeof(c->addr))
		return -1;
	c = &u->server[r->nservers];
	memcpy(c->addr, addr, strlen(addr) + 1);
	if (config_make_server(addr, &c->config, why) != MAILAUTH_OK ||
	    start(u, c, why) != MAILAUTH_OK) {
		config_free(&c->config);
		ub_ctx_delete(c->ctx);
		c->ctx = NULL;
		return -1;
	}
	return (int)r->nservers++;
}

/* The context for a lookup. Probes have their own, whose cache is empty: a
 * cached answer would not be sent again. */
static struct context *
context_of(struct unbound *u, const struct lookup *l)
{
	char why[MAILAUTH_WHY_MAX];

	if (l->server >= 0)
		return &u->server[l->server];
	if (!l->probe)
		return &u->main;
	if (u->probe.ctx == NULL) {
		clear_log(u);
		u->probe.config.text = u->main.config.text;
		if (start(u, &u->probe, why) != MAILAUTH_OK) {
			ub_ctx_delete(u->probe.ctx);
			u->probe.ctx = NULL;
			return &u->main;
		}
	}
	return &u->probe;
}

/* Hand a ticket to libunbound. The ticket is listed before the call, since
 * callback() can run within it. */
static void
submit(struct unbound *u, struct ticket *t)
{
	struct lookup *l = t->lookup;
	struct context *c = context_of(u, l);
	int error;

	list_add(&u->asked, t);
	t->flying = true;
	u->inflight++;
	t->watching = l->probe;
	if (t->watching && u->probes++ == 0)
		ub_ctx_debuglevel(c->ctx, LEVEL_TCP);
	t->log_from = read_log(u).n;
	error = ub_resolve_event(c->ctx, t->name, l->answer.rrtype, 1, t,
	    callback, NULL);
	if (error == UB_NOERROR)
		return;
	list_remove(t);
	land(u, t);
	fail(l, MAILAUTH_CAUSE_SERVFAIL, str_of(ub_strerror(error)));
	queue_add(&u->finished, &u->finished_end, t);
}

/* Hand over waiting tickets while there are places in flight. A forgotten one
 * goes to `finished`, where tell() frees it. */
static void
pump(struct unbound *u)
{
	while (u->waiting != NULL && u->inflight < WINDOW) {
		struct ticket *t = queue_take(&u->waiting);

		if (t->lookup != NULL)
			submit(u, t);
		else
			queue_add(&u->finished, &u->finished_end, t);
	}
}

static enum mailauth_status
ask(struct resolver *r, struct lookup *l)
{
	struct unbound *u = (struct unbound *)r;
	struct ticket *t = calloc(1, sizeof(*t));
	struct mailauth_str name = l->answer.name;

	if (t == NULL || (t->name = malloc(name.n + 1)) == NULL) {
		free(t);
		return MAILAUTH_ENOMEM;
	}
	memcpy(t->name, name.s, name.n);
	t->name[name.n] = '\0';
	t->u = u;
	t->lookup = l;
	l->ticket = t;
	l->state = LOOKUP_ASKED;
	/* The DS records of a zone are those of the zone above it. */
	if (l->server < 0 &&
	    !serves(r,
	        l->answer.rrtype == RRTYPE_DS ? dname_parent(name) : name)) {
		fail(l, MAILAUTH_CAUSE_OFFLINE, STR_NONE);
		queue_add(&u->finished, &u->finished_end, t);
	} else {
		queue_add(&u->waiting, &u->waiting_end, t);
	}
	return MAILAUTH_OK;
}

/* The ticket stays with libunbound, which goes on until its own timeout, but
 * frees its place in flight. */
static void
forget(struct resolver *r, struct lookup *l)
{
	struct unbound *u = (struct unbound *)r;
	struct ticket *t = l->ticket;

	if (t == NULL)
		return;
	t->lookup = NULL;
	if (t->watching)
		l->answer.cause = probe_cause(u, t);
	/* Free the place now; the callback comes later. */
	land(u, t);
	l->ticket = NULL;
}

static void
ticket_free(struct ticket *t)
{
	free(t->name);
	free(t);
}

/* Call `done` of all finished lookups and free their tickets. False when no
 * lookup was finished. `done` may call ask() and forget(). */
static bool
tell(struct unbound *u)
{
	struct ticket *t;
	bool any = false;

	while ((t = queue_take(&u->finished)) != NULL) {
		struct lookup *l = t->lookup;

		ticket_free(t);
		if (l == NULL)
			continue;
		any = true;
		l->ticket = NULL;
		l->state = LOOKUP_DONE;
		l->done(l);
	}
	return any;
}

/* The event alone ends the wait. */
static void
on_timer(evutil_socket_t fd, short what, void *arg)
{
	(void)fd;
	(void)what;
	(void)arg;
}

/* Return when `done` was called for some lookup, or after `seconds` or one
 * round of events: the engine calls again. */
static void
wait(struct resolver *r, double seconds)
{
	struct unbound *u = (struct unbound *)r;
	struct timeval tv = { (time_t)seconds,
		(suseconds_t)((seconds - (double)(time_t)seconds) * 1e6) };

	pump(u);
	if (tell(u))
		return;
	evtimer_add(u->timer, &tv);
	event_base_loop(u->events, EVLOOP_ONCE);
	evtimer_del(u->timer);
	tell(u);
}

static double
now(struct resolver *r)
{
	(void)r;
	return clock_monotonic();
}

/* Delete the contexts before the tickets: no callback can use a ticket after
 * that. */
static void
unbound_free(struct resolver *r)
{
	struct unbound *u = (struct unbound *)r;
	struct ticket *t;

	if (u == NULL)
		return;
	for (size_t i = 0; i < r->nservers; i++) {
		ub_ctx_delete(u->server[i].ctx);
		config_free(&u->server[i].config);
	}
	ub_ctx_delete(u->probe.ctx);
	ub_ctx_delete(u->main.ctx);
	while ((t = queue_take(&u->waiting)) != NULL)
		ticket_free(t);
	while ((t = queue_take(&u->finished)) != NULL)
		ticket_free(t);
	while ((t = u->asked) != NULL) {
		list_remove(t);
		ticket_free(t);
	}
	config_free(&u->main.config);
	if (u->timer != NULL)
		event_free(u->timer);
	if (u->events != NULL)
		event_base_free(u->events);
	if (u->log != NULL)
		fclose(u->log);
	free(u->log_text);
	free(u);
}

/* A zone that failed to load answers with SERVFAIL. */
static void
zone_answered(void *arg, int rcode, void *packet, int len, int sec, char *why,
    int was_ratelimited)
{
	(void)packet;
	(void)len;
	(void)sec;
	(void)why;
	(void)was_ratelimited;
	*(int *)arg = rcode;
}

static enum mailauth_status
check_zone(struct unbound *u, struct ub_ctx *ctx, const char *zone,
    const char *file, char *why)
{
	int rcode = -1, error;

	error = ub_resolve_event(ctx, zone, RRTYPE_SOA, 1, &rcode,
	    zone_answered, NULL);
	if (error != UB_NOERROR)
		return explain(u, error, why);
	while (rcode < 0)
		event_base_loop(u->events, EVLOOP_ONCE);
	if (rcode == 0)
		return MAILAUTH_OK;
	snprintf(why, MAILAUTH_WHY_MAX,
	    "%s: there is no SOA record of %s in it", file, zone);
	return MAILAUTH_EINPUT;
}

/* Check that every zone has loaded: ask for its SOA record. The question must
 * not reach the network: an online resolver asks in a context that has only the
 * zones. */
static enum mailauth_status
check_zones(struct unbound *u, char *why)
{
	const struct config *have = &u->main.config;
	struct context apart = { .ctx = NULL };
	struct mailauth_options only = { .nzones = have->nzones };
	struct ub_ctx *ctx = u->main.ctx;
	enum mailauth_status status = MAILAUTH_OK;
	struct mailauth_zone *zones = NULL;

	if (!have->offline) {
		only.zones = zones = calloc(have->nzones, sizeof(*zones));
		if (zones == NULL)
			return MAILAUTH_ENOMEM;
		for (size_t i = 0; i < have->nzones; i++)
			zones[i] = (struct mailauth_zone){ have->zones[i].s,
				have->files[i] };
		status = config_make(&only, &apart.config, why);
		if (status == MAILAUTH_OK)
			status = start(u, &apart, why);
		ctx = apart.ctx;
	}
	for (size_t i = 0; i < have->nzones && status == MAILAUTH_OK; i++)
		status =
		    check_zone(u, ctx, have->zones[i].s, have->files[i], why);
	ub_ctx_delete(apart.ctx);
	config_free(&apart.config);
	free(zones);
	return status;
}

/* `why` names our copy of a zone file: put the user's name in its place. */
static void
restore_name(const struct unbound *u, const struct mailauth_options *options,
    char *why)
{
	char told[MAILAUTH_WHY_MAX];

	for (size_t i = 0; i < u->main.config.nzones; i++) {
		const char *copy = u->main.config.files[i];

		if (strncmp(why, copy, strlen(copy)) != 0)
			continue;
		memcpy(told, why, sizeof(told));
		if (snprintf(why, MAILAUTH_WHY_MAX, "%s%s",
		        options->zones[i].file, told + strlen(copy)) < 0)
			return;
		return;
	}
}

/* Take the files that main and probe context read, or copies of pipes. */
static enum mailauth_status
keep_options(struct unbound *u, const struct mailauth_options *o, char *why)
{
	struct config *c = &u->main.config;

	if (o->config != NULL) {
		u->user_config_name =
		    arena_copy(&c->arena, str_of(o->config)).s;
		u->user_config = input_file(&c->inputs, &c->arena, o->config,
		    "a configuration", why);
		if (u->user_config == NULL ||
		    !input_config_ok(u->user_config, why))
			return MAILAUTH_EINPUT;
	}
	if (o->resolv_conf != NULL) {
		u->resolv_conf = input_file(&c->inputs, &c->arena,
		    o->resolv_conf, "a list of servers", why);
		if (u->resolv_conf == NULL)
			return MAILAUTH_EINPUT;
	}
	return c->arena.failed ? MAILAUTH_ENOMEM : MAILAUTH_OK;
}

enum mailauth_status
unbound_new(const struct mailauth_options *options, struct resolver **out,
    char why[MAILAUTH_WHY_MAX])
{
	struct unbound *u = calloc(1, sizeof(*u));
	enum mailauth_status status;

	*out = NULL;
	snprintf(why, MAILAUTH_WHY_MAX, "memory ran out");
	if (u == NULL)
		return MAILAUTH_ENOMEM;
	u->base.ask = ask;
	u->base.wait = wait;
	u->base.now = now;
	u->base.forget = forget;
	u->base.serves = serves;
	u->base.add_server = add_server;
	u->base.free = unbound_free;
	u->log = open_memstream(&u->log_text, &u->log_size);
	u->events = event_base_new();
	if (u->events != NULL)
		u->timer = evtimer_new(u->events, on_timer, NULL);
	status =
	    u->log == NULL || u->timer == NULL ? MAILAUTH_ENOMEM : MAILAUTH_OK;
	if (status == MAILAUTH_OK)
		status = config_make(options, &u->main.config, why);
	u->base.offline = u->main.config.offline;
	if (status == MAILAUTH_OK)
		status = keep_options(u, options, why);
	if (status == MAILAUTH_OK && !u->base.offline &&
	    u->main.config.nzones > 0)
		status = check_zones(u, why);
	if (status == MAILAUTH_OK)
		status = start(u, &u->main, why);
	if (status == MAILAUTH_OK && u->base.offline)
		status = check_zones(u, why);
	if (status == MAILAUTH_EINPUT)
		restore_name(u, options, why);
	if (status != MAILAUTH_OK) {
		unbound_free(&u->base);
		return status;
	}
	look_at_validation(u);
	*out = &u->base;
	return MAILAUTH_OK;
}
