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
 *
 * Reach: can any server be reached? We send a pulse, a question for the keys of
 * the root, beside the first questions. Three stages follow each other while no
 * answer arrives within some seconds: the root servers or those that the user
 * gave; the servers of the system in place of the root servers; the same
 * without validation, which shows whether they are there at all. Until that is
 * clear, failed lookups are held: either their own names are at fault, or no
 * server can be reached and one finding says so for all.
 *
 * Second looks: an empty answer without an SOA record is a denial only when the
 * server has set AA and the response code is NOERROR or NXDOMAIN (RFC 2308 2),
 * and when it has no records of anything else. libunbound
 * shows neither AA nor the upper bits of the code, which are in the OPT record.
 * So we ask such a question again, in a context with an empty cache, and read
 * the server's message from libunbound's log. A second look confirms or fails
 * the first answer and changes nothing else. The log has messages over UDP
 * only: a message over TCP, after a truncated one, confirms nothing. Answers
 * with records or with an SOA record have no second look; libunbound judges
 * these by the lower bits of the code.
 */
#include "dns/resolver_unbound.h"

#include <errno.h>
#include <event2/event.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unbound-event.h>
#include <unbound.h>
#include <unistd.h>

#include "base/dname.h"
#include "base/str.h"
#include "dns/authority.h"
#include "dns/config.h"
#include "dns/packet.h"
#include "dns/resolver_zones.h"
#include "dns/special.h"
#include "dns/unbound_log.h"
#include "judge/names.h"
#include "judge/reason.h"
#include "record/kind.h"
#include "sys/clock.h"
#include "sys/tempfile.h"

/* Questions in flight: enough for all that the domains checked side by side ask
 * in one round, so that dead servers do not delay the others. */
#define WINDOW 256
/* Servers that have a number: those of many zones that are compared. */
#define SERVERS_MAX 256
/* File descriptors that a resolver has to have to start: of libevent four, and
 * one of a file that is read. */
#define HANDLES 5
/* Octets that have to be there before a context starts, which takes 4.3 million
 * of them: libunbound breaks the heap when it runs out while it starts. And
 * before each look for answers. */
#define ROOM          ((size_t)8 * 1024 * 1024)
#define QUESTION_ROOM ((size_t)512 * 1024)
/* Values of `sec` in the event API. */
enum { SEC_INSECURE = 0, SEC_BOGUS = 1, SEC_SECURE = 2 };

/* Seconds for the root servers, for other servers, and for a question without
 * validation; and of the whole time for a domain, no more than this share. */
static const struct {
	double seconds, share;
} patience[] = { { 2.0, 0.25 }, { 5.0, 0.34 }, { 2.0, 0.15 } };

/* What is known of the servers. */
enum reach {
	REACH_UNASKED,
	REACH_ROOTS, /* the pulse went to the root servers */
	REACH_SERVERS, /* it went to given servers or those of the system */
	REACH_PLAIN, /* it went to these without validation */
	REACH_YES,
	REACH_NO, /* no server can be reached */
	REACH_NO_PROOF, /* servers can, but not the keys of the root */
};

/* A pulse: a question that shows whether servers can be reached. */
struct pulse {
	struct unbound *u;
	struct mailauth_str name;
	uint16_t rrtype;
	enum { PULSE_PENDING, PULSE_FAILED, PULSE_ANSWERED } result;
};

/* One libunbound context. */
struct context {
	struct ub_ctx *ctx;
	struct config config;
};

/* A numbered server. */
struct server {
	struct context usual;
	struct context again; /* for second looks */
	char addr[64];
};

/* A question handed to ask(). libunbound keeps a pointer to it until the
 * callback, so the ticket of a forgotten lookup lives until then. */
struct ticket {
	struct ticket *next, **link; /* place in one of the lists below */
	struct unbound *u;
	struct lookup *lookup; /* NULL when forgotten */
	char *name;
	size_t log_from; /* while watching: offset of its log */
	bool flying; /* counts in `inflight` */
	bool watching; /* the log is kept for it */
	bool again; /* the second look of a lookup that has an answer */
};

struct unbound {
	struct resolver base;
	struct event_base *events;
	struct event *timer;
	struct context main;
	struct context fallback; /* in place of `main`, through the system */
	struct context plain; /* for REACH_PLAIN */
	enum reach reach;
	struct pulse pulse[REACH_PLAIN + 1]; /* by enum reach */
	double pulse_at, timeout;
	bool watched; /* reach is to be found out */
	bool heard; /* some server has answered */
	bool fallen; /* `fallback` is in use */
	struct unbound_places places;
	struct mailauth_str system; /* its servers, "ADDR, ADDR" */
	struct mailauth_str given; /* the servers of the user, likewise */
	struct ticket *held, **held_end; /* failures that wait for `reach` */
	struct context probe; /* started for the first probe */
	/* For second looks; as those of servers, it is deleted when no second
	 * look is in flight. */
	struct context again;
	struct server *server[SERVERS_MAX];
	size_t looks; /* second looks waiting or in flight */
	/* Paths, copied when needed; NULL: none. */
	const char *user_config, *resolv_conf;
	const char *user_config_name; /* path as the user gave it */
	struct ticket *waiting, **waiting_end; /* not handed over yet */
	struct ticket *asked; /* in flight, forgotten ones too */
	struct ticket *finished, **finished_end; /* `done` not called yet */
	size_t inflight;
	struct log_copy log;
	bool logging; /* joined the users of the log */
	bool ending; /* unbound_free() is running */
	/** A context ran out of memory while it started, and left freed events
	 * with libevent: nothing of both is used or freed any more. */
	bool spoiled;
	/** The given zones, and who has them for libunbound; NULL: no zone. */
	struct zonefiles *files;
	struct authority *authority;
	bool uncheckable; /* no answer is validated */
	/** Trust anchors whose keys no server gave with signatures. */
	struct mailauth_str *keyless;
	size_t nkeyless;
	struct mailauth_str *insecure; /* names of domain-insecure */
	size_t ninsecure;
};

/* So much memory can be had. */
static bool
has_room(size_t n)
{
	void *room = malloc(n);

	free(room);
	return room != NULL;
}

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
 * but a loop of aliases means that the answer needs a server outside the given
 * zones. */
static void
fail_by_log(struct unbound *u, struct lookup *l)
{
	char type[16];
	struct mailauth_str why = reason_of_question(unbound_log_read(&u->log),
	    l->answer.name, str_of(name_rrtype(l->answer.rrtype, type)));
	enum mailauth_cause cause = reason_of_failure(why);

	if (u->files != NULL && l->server < 0 &&
	    zonefiles_too_large(u->files, l->answer.name, l->answer.rrtype))
		fail(l, MAILAUTH_CAUSE_SERVFAIL,
		    STR("the records do not fit a DNS message"));
	else if (u->base.offline && cause != MAILAUTH_CAUSE_LOOP)
		fail(l, MAILAUTH_CAUSE_OFFLINE,
		    STR("an alias or delegation leads out of the zones"));
	else
		fail(l, cause, reason_alone(why));
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

static bool
is_keyless(const struct unbound *u, struct mailauth_str anchor)
{
	for (size_t i = 0; i < u->nkeyless; i++)
		if (str_ieq(u->keyless[i], anchor))
			return true;
	return false;
}

static void
add_keyless(struct unbound *u, struct mailauth_str anchor)
{
	struct arena *a = &u->main.config.arena;
	struct mailauth_str *list =
	    arena_alloc(a, (u->nkeyless + 1) * sizeof(*list));

	if (list == NULL)
		return;
	if (u->nkeyless > 0)
		memcpy(list, u->keyless, u->nkeyless * sizeof(*list));
	list[u->nkeyless++] = arena_copy(a, anchor);
	u->keyless = list;
}

/* Fail a lookup since the keys of the anchor cannot be had with signatures. */
static void
fail_unproved(struct lookup *l, struct mailauth_str anchor)
{
	struct writer w = arena_writer(l->arena);

	put_text(&w, "the DNSKEY records of ");
	put_str(&w, str_eq(anchor, STR(".")) ? STR("the root") : anchor);
	put_text(&w, " cannot be had with their signatures");
	fail(l, MAILAUTH_CAUSE_NO_PROOF, writer_str(&w));
	l->answer.dnssec = MAILAUTH_DNSSEC_INDETERMINATE;
}

/* Validation failed because the server that was asked strips DNSSEC: it does
 * not even give the keys of a trust anchor with signatures. False where
 * something else is wrong: the anchor is of a given zone, which then lacks
 * signatures, or the keys did arrive and a name below them is bogus. */
static bool
is_stripped(struct unbound *u, struct mailauth_str reason)
{
	struct mailauth_str anchor = reason_anchor(reason);

	if (u->base.offline || !config_is_anchor(&u->main.config, anchor) ||
	    config_in_zones(&u->main.config, anchor))
		return false;
	if (!is_keyless(u, anchor) && reason_lacks_keys(reason))
		add_keyless(u, anchor);
	return is_keyless(u, anchor);
}

/* Set a bogus answer: its reason and nothing of its packet. */
static void
take_bogus(struct unbound *u, struct lookup *l, const char *why)
{
	struct mailauth_str reason = str_of(why != NULL ? why : "");
	struct writer w = arena_writer(l->arena);

	if (is_stripped(u, reason)) {
		fail_unproved(l, reason_anchor(reason));
		return;
	}
	fail(l, reason_of_bogus(reason), STR_NONE);
	l->answer.dnssec = MAILAUTH_DNSSEC_BOGUS;
	put_str(&w, reason_alone(reason));
	if (u->main.config.forwards && reason_is_root(reason))
		put_text(&w, " (does the given server pass DNSSEC records?)");
	l->answer.why = writer_str(&w);
}

/* An answer without records: fail it where the packet shows that it is no
 * denial. `local`: the answer is data of the resolver itself, which has no SOA
 * record to show. */
static void
weigh_denial(struct lookup *l, enum denial denial, bool local)
{
	if (l->answer.outcome != MAILAUTH_NODATA)
		return;
	if (denial == DENIAL_REFERRAL)
		fail(l, MAILAUTH_CAUSE_LAME,
		    STR("a referral in place of an answer"));
	else if (denial == DENIAL_BARE && local && l->answer.nchain > 0)
		fail(l, MAILAUTH_CAUSE_NO_SOA,
		    STR("local data with an alias and not its target"));
}

/* Read the packet into the lookup and set outcome and state. These packets are
 * failures and never absence: an error code other than NXDOMAIN, a truncated
 * message, a denial from a zone that Unbound has built in, a referral. Returns
 * true when a second look has to confirm the answer. */
static bool
take_answer(struct unbound *u, struct lookup *l, const void *packet, int len,
    int sec)
{
	struct packet_head head;
	struct mailauth_str special = special_zone_of(l->answer.name);

	if (len < 0 || !packet_read(l, packet, (size_t)len, &head)) {
		fail(l, MAILAUTH_CAUSE_SERVFAIL,
		    STR("the answer cannot be read"));
		return false;
	}
	/* Absence is known only from a whole answer of real zones. */
	if (head.rcode == 2) {
		/* As the first failure of this name, now from the cache. */
		fail_by_log(u, l);
	} else if (head.rcode != 0 && head.rcode != 3) {
		fail(l, MAILAUTH_CAUSE_REFUSED,
		    STR("libunbound refuses the name"));
	} else if (head.tc) {
		fail(l, MAILAUTH_CAUSE_SERVFAIL,
		    STR("the records do not fit a DNS message"));
	} else if (head.rcode == 3 && l->answer.outcome == MAILAUTH_FOUND) {
		fail(l, MAILAUTH_CAUSE_SERVFAIL, STR(REASON_NX_WITH_DATA));
	} else if (head.aa && special.n > 0 &&
	    l->answer.outcome != MAILAUTH_FOUND) {
		fail(l, MAILAUTH_CAUSE_BUILTIN, special_note(l->answer.name));
	} else {
		if (head.aa && l->server < 0)
			l->answer.flags |= MAILAUTH_ANSWER_LOCAL;
		l->answer.dnssec = state_of(u, l, sec);
		weigh_denial(l, head.denial, head.aa);
		return !head.aa && l->answer.outcome != MAILAUTH_FAILED &&
		    (head.denial == DENIAL_BARE ||
		        head.denial == DENIAL_REFERRAL) &&
		    l->answer.dnssec != MAILAUTH_DNSSEC_SECURE;
	}
	return false;
}

/* The last message about the end of the alias chain that libunbound can have
 * used, by the log of a second look; false: no message. */
static bool
last_message(struct unbound *u, const struct ticket *t, struct packet_seen *out)
{
	const struct mailauth_answer *a = &t->lookup->answer;
	struct mailauth_str name = a->nchain > 0 ? a->chain[a->nchain - 1] :
	                                           a->name,
	                    log = str_from(unbound_log_read(&u->log),
	                        t->log_from);
	uint8_t message[1024];
	struct packet_seen one;
	bool any = false;
	size_t n;

	while ((n = reason_message(&log, message, sizeof(message))) > 0)
		if (packet_see(message, n, name, a->rrtype, &one) &&
		    ((one.rcode & 15) == 0 || (one.rcode & 15) == 3)) {
			*out = one;
			any = true;
		}
	return any;
}

/* The message says that the record does not exist. */
static bool
is_denial(bool any, const struct packet_seen *seen)
{
	return any && !seen->tc && seen->answers == 0 &&
	    (seen->proved ||
	        (seen->aa && !seen->misled &&
	            (seen->rcode == 3 || !seen->refers)));
}

/* Confirm or fail a denial by what the server sent at the second look. */
static void
take_second(struct unbound *u, const struct ticket *t)
{
	struct lookup *l = t->lookup;
	struct packet_seen seen;
	bool any = last_message(u, t, &seen);

	if (any && seen.rcode > 15)
		fail(l, MAILAUTH_CAUSE_REFUSED,
		    STR("an extended error code in an empty answer"));
	else if (any && seen.tc)
		fail(l, MAILAUTH_CAUSE_NO_SOA,
		    STR("an answer over TCP without the SOA record of its "
		        "zone, whose header cannot be seen as a whole"));
	else if (any &&
	    (seen.rcode == 3) != (l->answer.outcome == MAILAUTH_NXDOMAIN))
		fail(l, MAILAUTH_CAUSE_NO_SOA,
		    STR("the name exists in one answer and not in another"));
	else if (any && !seen.proved && (seen.misled || seen.answers > 0))
		fail(l, MAILAUTH_CAUSE_NO_SOA,
		    STR("the answer has records of other names or types, and "
		        "no SOA record of its zone"));
	else if (!is_denial(any, &seen))
		fail(l, MAILAUTH_CAUSE_NO_SOA,
		    STR("an empty answer without the SOA record of its zone, "
		        "and not from an authority"));
}

/* What the log of a probe shows so far. */
static enum mailauth_cause
probe_cause(struct unbound *u, const struct ticket *t)
{
	return reason_shows_tcp(str_from(unbound_log_read(&u->log),
	                            t->log_from),
	           str_of(t->name)) ?
	    MAILAUTH_CAUSE_TRUNCATED :
	    MAILAUTH_CAUSE_TIMEOUT;
}

/* Free the place in flight. */
static void
land(struct unbound *u, struct ticket *t)
{
	u->inflight -= t->flying;
	t->flying = false;
	if (t->watching)
		unbound_log_unwatch(u->main.ctx);
	t->watching = false;
	u->looks -= t->again;
	t->again = false;
}

/* The answer to the lookup comes from the servers that answer everything. */
static bool
is_general(const struct unbound *u, const struct lookup *l)
{
	return l->server < 0 && !l->probe &&
	    !config_in_zones(&u->main.config, l->answer.name);
}

/* The lookup has an answer of a server. */
static bool
is_heard(const struct unbound *u, const struct lookup *l)
{
	return is_general(u, l) && l->answer.outcome != MAILAUTH_FAILED &&
	    (l->answer.flags & MAILAUTH_ANSWER_LOCAL) == 0;
}

static bool
is_asking(const struct unbound *u)
{
	return u->reach >= REACH_ROOTS && u->reach <= REACH_PLAIN;
}

/* Hold the failure: it may be of this name, or of all servers. A bogus answer
 * is of its name, unless the keys of the root were bogus. */
static bool
is_held(const struct unbound *u, const struct lookup *l)
{
	return is_asking(u) && is_general(u, l) &&
	    l->answer.outcome == MAILAUTH_FAILED &&
	    l->answer.cause != MAILAUTH_CAUSE_BUILTIN &&
	    (l->answer.dnssec != MAILAUTH_DNSSEC_BOGUS ||
	        reason_anchor(l->answer.why).n > 0);
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
	bool again = false;

	(void)was_ratelimited;
	list_remove(t);
	/* The end of a context calls back for what is in flight. */
	if (u->ending)
		l = NULL;
	if (l != NULL) {
		if (l->probe)
			fail(l, probe_cause(u, t), STR_NONE);
		else if (t->again)
			take_second(u, t);
		else if (rcode != 0)
			fail_by_log(u, l);
		else if (sec == SEC_BOGUS && !u->uncheckable)
			take_bogus(u, l, why);
		else
			again = take_answer(u, l, packet, len, sec);
		u->heard = u->heard || is_heard(u, l);
	}
	if (!u->ending) {
		land(u, t);
		unbound_log_clear();
	}
	if (l != NULL && is_held(u, l)) {
		queue_add(&u->held, &u->held_end, t);
	} else if (again) {
		t->again = true;
		u->looks++;
		queue_add(&u->waiting, &u->waiting_end, t);
	} else {
		queue_add(&u->finished, &u->finished_end, t);
	}
}

/* Put into `why` why a context did not start. */
static enum mailauth_status
explain(struct unbound *u, int error, char *why)
{
	struct mailauth_str last = reason_last_error(unbound_log_read(&u->log));

	if (last.n > 0)
		snprintf(why, MAILAUTH_WHY_MAX, "libunbound: %.*s", (int)last.n,
		    last.s);
	else
		snprintf(why, MAILAUTH_WHY_MAX, "libunbound: %s",
		    ub_strerror(error));
	return error == UB_NOMEM ? MAILAUTH_ENOMEM : MAILAUTH_ESYSTEM;
}

/* libunbound reads a configuration only from a file. */
static enum mailauth_status
load_config(struct unbound *u, struct ub_ctx *ctx, struct mailauth_str text,
    char *why)
{
	char path[TEMPFILE_MAX];
	FILE *f = tempfile_hidden(path);
	int error = UB_NOERROR;
	bool written;

	if (f == NULL) {
		tempfile_why(why, MAILAUTH_WHY_MAX);
		return MAILAUTH_ESYSTEM;
	}
	written = fwrite(text.s, 1, text.n, f) == text.n && fflush(f) == 0;
	if (written)
		error = ub_ctx_config(ctx, path);
	else
		tempfile_why(why, MAILAUTH_WHY_MAX);
	fclose(f);
	tempfile_forget(path);
	if (!written)
		return MAILAUTH_ESYSTEM;
	return error == UB_NOERROR ? MAILAUTH_OK : explain(u, error, why);
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
	FILE *caught = tempfile_hidden(path);
	int saved = -1, error;

	if (caught == NULL) {
		tempfile_why(why, MAILAUTH_WHY_MAX);
		return MAILAUTH_ESYSTEM;
	}
	tempfile_forget(path);
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

/* Delete a context. */
static void
context_end(struct unbound *u, struct context *c)
{
	if (!u->spoiled)
		ub_ctx_delete(c->ctx);
	c->ctx = NULL;
}

/* Create a context and load its configuration. libunbound reads zones and
 * anchors at the first question, so one question is asked that it answers by
 * itself. On failure the caller deletes `c->ctx`. */
static enum mailauth_status
start(struct unbound *u, struct context *c, char *why)
{
	bool ours = c != &u->main && c != &u->probe && c != &u->again;
	bool answered = false;
	enum mailauth_status status;
	int error;

	if (u->spoiled)
		return MAILAUTH_ENOMEM;
	if (has_room(ROOM))
		c->ctx = ub_ctx_create_event(u->events);
	if (c->ctx == NULL) {
		snprintf(why, MAILAUTH_WHY_MAX, "libunbound: memory ran out");
		return MAILAUTH_ENOMEM;
	}
	unbound_log_attach(c->ctx);
	unbound_log_clear();
	if (!ours && u->user_config != NULL) {
		status = load_user_config(u, c->ctx, why);
		if (status != MAILAUTH_OK)
			return status;
	}
	status = load_config(u, c->ctx, c->config.text, why);
	if (status != MAILAUTH_OK)
		return status;
	if (!ours && u->resolv_conf != NULL &&
	    ub_ctx_resolvconf(c->ctx, u->resolv_conf) != UB_NOERROR) {
		snprintf(why, MAILAUTH_WHY_MAX, "%s: cannot be read",
		    u->resolv_conf);
		return MAILAUTH_EINPUT;
	}
	/* The grammar of configuration files lacks this option. */
	ub_ctx_set_option(c->ctx, "val-log-squelch:", "no");
	errno = 0;
	error = ub_resolve_event(c->ctx, CONFIG_READY_NAME, RRTYPE_A, 1,
	    &answered, ready, NULL);
	u->spoiled =
	    error == UB_NOMEM || (error != UB_NOERROR && errno == ENOMEM);
	unbound_log_started(c->ctx);
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
	if (u->base.off == OFF_BY_WISH)
		u->base.validation_off = "no proof was asked for";
	else if (modules != NULL && !validates(modules))
		u->base.validation_off =
		    "module-config has no validator before the iterator";
	else if (permissive != NULL && strcmp(permissive, "yes") == 0)
		u->base.validation_off = "val-permissive-mode is on";
	else if (u->main.config.nanchors == 0) {
		u->base.validation_off = "no trust anchor is loaded";
		u->base.off = u->base.offline ? OFF_FOR_DRAFT : OFF_BY_FAULT;
	}
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

static void
server_free(struct unbound *u, struct server *s)
{
	if (s == NULL)
		return;
	context_end(u, &s->again);
	context_end(u, &s->usual);
	config_free(&s->usual.config);
	free(s);
}

/* Each numbered server has a context of its own, which forwards to it. */
static int
add_server(struct resolver *r, const char *addr)
{
	struct unbound *u = (struct unbound *)r;
	char why[MAILAUTH_WHY_MAX];
	struct server *s;

	for (size_t i = 0; i < r->nservers; i++)
		if (strcmp(u->server[i]->addr, addr) == 0)
			return (int)i;
	if (r->nservers == SERVERS_MAX || strlen(addr) >= sizeof(s->addr) ||
	    (s = calloc(1, sizeof(*s))) == NULL)
		return -1;
	memcpy(s->addr, addr, strlen(addr) + 1);
	if (config_make_server(addr, &s->usual.config, why) != MAILAUTH_OK ||
	    start(u, &s->usual, why) != MAILAUTH_OK) {
		server_free(u, s);
		return -1;
	}
	u->server[r->nservers] = s;
	return (int)r->nservers++;
}

/* Start a context with an empty cache, configured as `like`; false when it
 * cannot be. */
static bool
start_fresh(struct unbound *u, struct context *c, const struct context *like)
{
	char why[MAILAUTH_WHY_MAX];

	if (c->ctx != NULL)
		return true;
	c->config.text = like->config.text;
	if (start(u, c, why) == MAILAUTH_OK)
		return true;
	context_end(u, c);
	return false;
}

/* The context of most questions. */
static struct context *
general(struct unbound *u)
{
	return u->fallen ? &u->fallback : &u->main;
}

/* The context for a ticket. Probes and second looks have their own, whose cache
 * is empty: a cached answer would not be sent again. */
static struct context *
context_of(struct unbound *u, const struct ticket *t)
{
	const struct lookup *l = t->lookup;
	struct server *server = l->server >= 0 ? u->server[l->server] : NULL;
	struct context *usual = server != NULL ? &server->usual : general(u);
	struct context *fresh = !t->again ? &u->probe :
	    server != NULL                ? &server->again :
	                                    &u->again;

	if (!t->again && !l->probe)
		return usual;
	return start_fresh(u, fresh, usual) ? fresh : usual;
}

/* Delete the contexts of second looks: what they hold is soon outdated. */
static void
end_looks(struct unbound *u)
{
	struct context *c = &u->again;

	for (size_t i = 0; u->looks == 0; i++) {
		context_end(u, c);
		if (i == u->base.nservers)
			return;
		c = &u->server[i]->again;
	}
}

/* Hand a ticket to libunbound. The ticket is listed before the call, since
 * callback() can run within it. */
static void
submit(struct unbound *u, struct ticket *t)
{
	struct lookup *l = t->lookup;
	struct context *c = context_of(u, t);
	int error;

	list_add(&u->asked, t);
	t->flying = true;
	u->inflight++;
	t->watching = l->probe || t->again;
	if (t->watching) {
		unbound_log_watch(c->ctx);
		/* A second look may join one for the same question. */
		t->log_from = t->again ? 0 : unbound_log_read(&u->log).n;
	}
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

/* Fail a lookup since no server can be reached, or none gives proof. */
static void
fail_by_source(struct unbound *u, struct lookup *l)
{
	struct writer w = arena_writer(l->arena);

	if (u->reach == REACH_NO_PROOF) {
		fail_unproved(l, STR("."));
		return;
	}
	if (u->given.n > 0) {
		put_str(&w, u->given);
	} else {
		put_text(&w, "root servers, then ");
		put_text(&w, u->system.n > 0 ? "" : "no server of resolv.conf");
		put_str(&w, u->system);
	}
	fail(l, MAILAUTH_CAUSE_UNREACHABLE, writer_str(&w));
}

static enum mailauth_status
ask(struct resolver *r, struct lookup *l)
{
	struct unbound *u = (struct unbound *)r;
	struct ticket *t = calloc(1, sizeof(*t));
	struct mailauth_str name = l->answer.name;

	if (u->spoiled || t == NULL || (t->name = malloc(name.n + 1)) == NULL) {
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
	} else if (u->reach > REACH_YES && is_general(u, l)) {
		fail_by_source(u, l);
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
	if (t->watching && l->probe)
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

static void
fail_for_memory(struct lookup *l)
{
	fail(l, MAILAUTH_CAUSE_SERVFAIL, STR("memory ran out"));
	l->arena->failed = true;
}

/* Fail the lookups of a queue. */
static void
fail_queue(struct unbound *u, struct ticket **head)
{
	struct ticket *t;

	while ((t = queue_take(head)) != NULL) {
		if (t->lookup != NULL)
			fail_for_memory(t->lookup);
		queue_add(&u->finished, &u->finished_end, t);
	}
}

/* Memory ran out: fail all lookups. Their tickets stay with libunbound. */
static void
run_short(struct unbound *u)
{
	struct ticket *t;

	fail_queue(u, &u->waiting);
	fail_queue(u, &u->held);
	for (t = u->asked; t != NULL; t = t->next) {
		struct lookup *l = t->lookup;

		if (l == NULL)
			continue;
		forget(&u->base, l);
		fail_for_memory(l);
		l->state = LOOKUP_DONE;
		l->done(l);
	}
}

/* The answer to a pulse. */
static void
pulse_back(void *arg, int rcode, void *packet, int len, int sec, char *why,
    int was_ratelimited)
{
	struct pulse *p = arg;
	struct unbound *u = p->u;
	struct lookup l = { .arena = &u->main.config.arena,
		.answer = { .name = p->name, .rrtype = p->rrtype },
		.server = -1 };
	struct packet_head head;
	char type[16];

	(void)why;
	(void)was_ratelimited;
	if (u->ending)
		return;
	p->result = PULSE_ANSWERED;
	if (rcode != 0) {
		struct mailauth_str log = unbound_log_read(&u->log),
		                    reason = reason_of_question(log, p->name,
		                        str_of(name_rrtype(p->rrtype, type)));

		/* A server of one's own need not know the root. */
		if (u->given.n == 0 ||
		    reason_of_failure(reason) == MAILAUTH_CAUSE_TIMEOUT)
			p->result = PULSE_FAILED;
		else
			u->base.denies_root = p->rrtype == RRTYPE_DNSKEY;
	} else if (len > 0 && packet_read(&l, packet, (size_t)len, &head)) {
		/* It says that there is no root. */
		if (l.answer.outcome == MAILAUTH_NXDOMAIN)
			u->base.denies_root = u->base.no_root = true;
		if (sec == SEC_BOGUS && !u->uncheckable && l.nsigs == 0)
			add_keyless(u, p->name);
	}
	unbound_log_clear();
}

static void
begin_pulse(struct unbound *u, struct context *c, enum reach reach)
{
	struct pulse *p = &u->pulse[reach];

	u->reach = reach;
	u->pulse_at = clock_monotonic();
	*p = (struct pulse){ u, STR("."),
		reach == REACH_PLAIN ? RRTYPE_NS : RRTYPE_DNSKEY,
		PULSE_PENDING };
	if (ub_resolve_event(c->ctx, ".", p->rrtype, 1, p, pulse_back, NULL) !=
	    UB_NOERROR)
		p->result = PULSE_FAILED;
}

/* Seconds that the pulse in flight may still take. */
static double
pulse_left(const struct unbound *u)
{
	size_t i = u->reach - REACH_ROOTS;
	double most = patience[i].share * u->timeout;

	if (most > patience[i].seconds)
		most = patience[i].seconds;
	return u->pulse_at + most - clock_monotonic();
}

/* Ask the questions in flight again, through the context that is in use now.
 * The old ticket stays with libunbound; the lookup gets a new one. */
static void
ask_again(struct unbound *u)
{
	struct ticket *t, *next;

	while ((t = queue_take(&u->held)) != NULL) {
		if (t->lookup != NULL) {
			t->lookup->answer.cause = MAILAUTH_CAUSE_NONE;
			t->lookup->answer.why = STR_NONE;
		}
		queue_add(&u->waiting, &u->waiting_end, t);
	}
	for (t = u->asked; t != NULL; t = next) {
		struct lookup *l = t->lookup;

		next = t->next;
		if (l == NULL || t->again || !is_general(u, l))
			continue;
		forget(&u->base, l);
		if (ask(&u->base, l) != MAILAUTH_OK)
			l->arena->failed = true;
	}
}

/* Put the servers of the system in the place of the root servers; false when it
 * has none. */
static bool
fall_back(struct unbound *u)
{
	struct config *c = &u->main.config;
	char why[MAILAUTH_WHY_MAX];
	const char *file = u->places.resolv_conf;

	u->fallback.config.text = config_system(c,
	    file != NULL ? file : "/etc/resolv.conf", &u->system);
	if (u->fallback.config.text.n == 0)
		return false;
	if (start(u, &u->fallback, why) != MAILAUTH_OK) {
		context_end(u, &u->fallback);
		return false;
	}
	u->fallen = u->base.forwards = c->forwards = true;
	begin_pulse(u, &u->fallback, REACH_SERVERS);
	ask_again(u);
	return true;
}

/* Ask the servers without validation; false when it cannot be set up. */
static bool
ask_plainly(struct unbound *u)
{
	char why[MAILAUTH_WHY_MAX];

	if (u->uncheckable)
		return false;
	u->plain.config.text =
	    config_plain(&u->main.config, general(u)->config.text);
	if (start(u, &u->plain, why) != MAILAUTH_OK) {
		context_end(u, &u->plain);
		return false;
	}
	begin_pulse(u, &u->plain, REACH_PLAIN);
	return true;
}

/* Say where answers come from. */
static void
say_through(struct unbound *u)
{
	struct writer w = arena_writer(&u->main.config.arena);

	put_text(&w, "through ");
	put_str(&w, u->system);
	put_text(&w, " of resolv.conf, since no root server could be reached");
	put_char(&w, '\0');
	u->base.through = w.full ? NULL : w.buf;
}

/* A held lookup failed at the keys of the root, before it was known that these
 * came without signatures: say that now. */
static void
correct(struct unbound *u, struct lookup *l)
{
	struct mailauth_str anchor = reason_anchor(l->answer.why);

	if (l->answer.dnssec == MAILAUTH_DNSSEC_BOGUS && is_keyless(u, anchor))
		fail_unproved(l, anchor);
}

/* It is known now whether servers can be reached: finish the held lookups. */
static void
settle_reach(struct unbound *u, enum reach reach)
{
	struct ticket *t, *next;

	u->reach = reach;
	if (u->fallen && reach != REACH_NO)
		say_through(u);
	while ((t = queue_take(&u->held)) != NULL) {
		if (t->lookup != NULL && reach == REACH_YES)
			correct(u, t->lookup);
		else if (t->lookup != NULL)
			fail_by_source(u, t->lookup);
		queue_add(&u->finished, &u->finished_end, t);
	}
	for (t = u->asked; t != NULL && reach != REACH_YES; t = next) {
		next = t->next;
		if (t->lookup != NULL && !t->again &&
		    is_general(u, t->lookup)) {
			struct lookup *l = t->lookup;

			forget(&u->base, l);
			if (ask(&u->base, l) != MAILAUTH_OK)
				l->arena->failed = true;
		}
	}
}

/* A step of finding out what can be reached. */
static void
reach_step(struct unbound *u)
{
	struct pulse *p;

	if (!is_asking(u))
		return;
	p = &u->pulse[u->reach];
	if (u->heard ||
	    (p->result == PULSE_ANSWERED && u->reach != REACH_PLAIN)) {
		settle_reach(u, REACH_YES);
		return;
	}
	if (p->result == PULSE_ANSWERED) {
		settle_reach(u, REACH_NO_PROOF);
		return;
	}
	if (p->result == PULSE_PENDING && pulse_left(u) > 0)
		return;
	if (u->reach == REACH_ROOTS ?
	        !fall_back(u) :
	        u->reach == REACH_PLAIN || !ask_plainly(u))
		settle_reach(u, REACH_NO);
}

/* Begin to find out, with the first question that needs a server. */
static void
watch_reach(struct unbound *u)
{
	struct ticket *t = u->waiting;

	if (u->reach != REACH_UNASKED || !u->watched)
		return;
	while (t != NULL && (t->lookup == NULL || !is_general(u, t->lookup)))
		t = t->next;
	if (t != NULL)
		begin_pulse(u, &u->main,
		    u->given.n > 0 ? REACH_SERVERS : REACH_ROOTS);
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
	struct timeval tv;

	/* libunbound takes no notice of some allocations that fail. */
	if (u->spoiled || !has_room(QUESTION_ROOM)) {
		run_short(u);
		tell(u);
		return;
	}
	end_looks(u);
	/* The end of any context, also of another resolver, detaches libunbound
	 * from the log. */
	unbound_log_attach(u->main.ctx);
	watch_reach(u);
	reach_step(u);
	pump(u);
	if (tell(u))
		return;
	if (is_asking(u) && pulse_left(u) < seconds)
		seconds = pulse_left(u) > 0 ? pulse_left(u) : 0;
	tv.tv_sec = (time_t)seconds;
	tv.tv_usec = (suseconds_t)((seconds - (double)tv.tv_sec) * 1e6);
	evtimer_add(u->timer, &tv);
	event_base_loop(u->events, EVLOOP_ONCE);
	evtimer_del(u->timer);
	reach_step(u);
	tell(u);
}

static double
now(struct resolver *r)
{
	(void)r;
	return clock_monotonic();
}

/* Delete the contexts before the tickets: no callback can use a ticket after
 * that. Deleting one calls back for some of its questions. */
static void
unbound_free(struct resolver *r)
{
	struct unbound *u = (struct unbound *)r;
	struct ticket *t;

	if (u == NULL)
		return;
	u->ending = true;
	for (t = u->asked; t != NULL; t = t->next)
		land(u, t);
	for (size_t i = 0; i < r->nservers; i++)
		server_free(u, u->server[i]);
	context_end(u, &u->again);
	context_end(u, &u->probe);
	context_end(u, &u->plain);
	context_end(u, &u->fallback);
	if (u->logging)
		unbound_log_close(u->main.ctx);
	context_end(u, &u->main);
	while ((t = queue_take(&u->waiting)) != NULL)
		ticket_free(t);
	while ((t = queue_take(&u->finished)) != NULL)
		ticket_free(t);
	while ((t = queue_take(&u->held)) != NULL)
		ticket_free(t);
	while ((t = u->asked) != NULL) {
		list_remove(t);
		ticket_free(t);
	}
	authority_free(u->authority);
	zonefiles_free(u->files);
	config_free(&u->main.config);
	if (u->timer != NULL && !u->spoiled)
		event_free(u->timer);
	if (u->events != NULL && !u->spoiled)
		event_base_free(u->events);
	free(u->log.s);
	free(u);
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
		if (u->user_config == NULL)
			return c->inputs.status;
		if (!input_config_ok(u->user_config, why))
			return MAILAUTH_EINPUT;
	}
	if (o->resolv_conf != NULL) {
		u->resolv_conf = input_file(&c->inputs, &c->arena,
		    o->resolv_conf, "a list of servers", why);
		if (u->resolv_conf == NULL)
			return c->inputs.status;
	}
	return c->arena.failed ? MAILAUTH_ENOMEM : MAILAUTH_OK;
}

static bool
place(struct resolver *r, const struct mailauth_answer *a, size_t i,
    struct mailauth_place *out)
{
	struct unbound *u = (struct unbound *)r;

	return u->files != NULL && zonefiles_place(u->files, a, i, out);
}

static const struct resolver_fault *
fault(struct resolver *r, const struct mailauth_answer *a, size_t i)
{
	struct unbound *u = (struct unbound *)r;

	return u->files != NULL ? zonefiles_fault(u->files, a, i) : NULL;
}

/* Have the zones in a server that libunbound asks. */
static enum mailauth_status
serve_zones(struct unbound *u, char *why)
{
	struct config *c = &u->main.config;

	if (u->files == NULL)
		return MAILAUTH_OK;
	u->authority = authority_new(u->events, zonefiles_index(u->files),
	    c->offline, why);
	if (u->authority == NULL)
		return MAILAUTH_ESYSTEM;
	return config_serve(c, authority_port(u->authority)) ? MAILAUTH_OK :
	                                                       MAILAUTH_ENOMEM;
}

/* libevent ends the process when it gets no descriptors for its socket pair,
 * and libcrypto and libunbound are unsafe to use once they could not start:
 * look first whether there is what all three need at least. */
static enum mailauth_status
can_start(char *why)
{
	unsigned char hash[EVP_MAX_MD_SIZE];
	int fd[HANDLES], n = 0;

	if (!has_room(ROOM))
		return MAILAUTH_ENOMEM;
	while (n < HANDLES && (fd[n] = open("/", O_RDONLY | O_CLOEXEC)) >= 0)
		n++;
	for (int i = 0; i < n; i++)
		close(fd[i]);
	if (n < HANDLES) {
		snprintf(why, MAILAUTH_WHY_MAX,
		    "a resolver needs %d file descriptors: %s", HANDLES,
		    strerror(errno));
		return MAILAUTH_ESYSTEM;
	}
	if (OPENSSL_init_crypto(OPENSSL_INIT_LOAD_CRYPTO_STRINGS |
	            OPENSSL_INIT_ADD_ALL_CIPHERS | OPENSSL_INIT_ADD_ALL_DIGESTS,
	        NULL) != 1 ||
	    OSSL_LIB_CTX_get0_global_default() == NULL ||
	    EVP_Digest("", 0, hash, NULL, EVP_sha256(), NULL) != 1) {
		snprintf(why, MAILAUTH_WHY_MAX,
		    "libcrypto does not start: it has no memory, or a "
		    "configuration that does not work");
		return MAILAUTH_ESYSTEM;
	}
	return MAILAUTH_OK;
}

/* Find out what can be reached. There is no need to when no server is asked, or
 * when the user's configuration names the servers. */
static void
keep_reach(struct unbound *u, const struct mailauth_options *o)
{
	struct writer w = arena_writer(&u->main.config.arena);

	for (size_t i = 0; i < o->nservers; i++) {
		put_text(&w, i > 0 ? ", " : "");
		put_text(&w, o->servers[i]);
	}
	if (o->resolv_conf != NULL) {
		put_text(&w, o->nservers > 0 ? ", " : "");
		put_text(&w, "the servers of ");
		put_text(&w, o->resolv_conf);
	}
	u->given = writer_str(&w);
	u->timeout = o->timeout > 0 ? o->timeout : 15;
	u->watched = !u->base.offline && o->config == NULL;
	if (u->places.root_hints != NULL)
		u->main.config.text =
		    config_hints(&u->main.config, u->places.root_hints);
}

/* Start libunbound for a configuration and zones, which it owns from here on,
 * also on failure. */
static enum mailauth_status
begin(struct unbound *u, const struct mailauth_options *options, char *why)
{
	enum mailauth_status status;

	u->base.ask = ask;
	u->base.wait = wait;
	u->base.now = now;
	u->base.forget = forget;
	u->base.serves = serves;
	u->base.place = place;
	u->base.fault = fault;
	u->base.add_server = add_server;
	u->base.free = unbound_free;
	u->base.offline = u->main.config.offline;
	u->base.forwards = u->main.config.forwards;
	u->base.off = options->no_dnssec ? OFF_BY_WISH : OFF_BY_FAULT;
	u->logging = unbound_log_open();
	u->events = event_base_new();
	if (u->events != NULL)
		u->timer = evtimer_new(u->events, on_timer, NULL);
	if (!u->logging || u->timer == NULL)
		return MAILAUTH_ENOMEM;
	status = keep_options(u, options, why);
	if (status == MAILAUTH_OK)
		keep_reach(u, options);
	if (status == MAILAUTH_OK)
		status = serve_zones(u, why);
	if (status == MAILAUTH_OK)
		status = start(u, &u->main, why);
	return status;
}

/* No server is asked, and nothing can be validated. A configuration of the user
 * may have trust anchors. */
static bool
is_zones_alone(const struct config *c, const struct mailauth_options *o)
{
	return c->offline && c->nanchors == 0 && o->config == NULL;
}

/* A resolver for a configuration and zones; both are used up. */
static enum mailauth_status
resolver_of(const struct mailauth_options *options,
    const struct unbound_places *places, struct config *config,
    struct zonefiles *files, struct resolver **out, char *why)
{
	enum mailauth_status status;
	struct unbound *u;

	if (is_zones_alone(config, options)) {
		config_free(config);
		*out = zones_resolver_new(files, options->no_dnssec);
		return *out != NULL ? MAILAUTH_OK : MAILAUTH_ENOMEM;
	}
	u = calloc(1, sizeof(*u));
	if (u == NULL) {
		config_free(config);
		zonefiles_free(files);
		return MAILAUTH_ENOMEM;
	}
	u->main.config = *config;
	u->files = files;
	u->places = *places;
	status = begin(u, options, why);
	if (status != MAILAUTH_OK) {
		unbound_free(&u->base);
		return status;
	}
	look_at_validation(u);
	*out = &u->base;
	return MAILAUTH_OK;
}

enum mailauth_status
unbound_new(const struct mailauth_options *options,
    const struct unbound_places *places, struct resolver **out,
    char why[MAILAUTH_WHY_MAX])
{
	enum mailauth_status status;
	struct zonefiles *files = NULL;
	struct config config;

	*out = NULL;
	snprintf(why, MAILAUTH_WHY_MAX, "memory ran out");
	status = can_start(why);
	if (status != MAILAUTH_OK)
		return status;
	status = config_make(options, &config, why);
	if (status == MAILAUTH_OK && config.nzones > 0)
		status = places->zones != NULL ?
		    zonefiles_borrow(places->zones, &files) :
		    zonefiles_read(&config, options, &files, why);
	if (status != MAILAUTH_OK) {
		config_free(&config);
		return status;
	}
	snprintf(why, MAILAUTH_WHY_MAX, "memory ran out");
	return resolver_of(options, places, &config, files, out, why);
}

bool
mailauth_library_at(size_t i, struct mailauth_library *out)
{
	if (out == NULL || i > 1)
		return false;
	out->name = i == 0 ? "libunbound" : "OpenSSL";
	out->version =
	    i == 0 ? ub_version() : OpenSSL_version(OPENSSL_VERSION_STRING);
	return true;
}
