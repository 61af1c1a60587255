/*
 * test_authority.c - zone files behind a resolver, and the server that has them
 * SPDX-License-Identifier: BSD-3-Clause
 */
#include <arpa/inet.h>
#include <errno.h>
#include <event2/event.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "ask.h"
#include "base/str.h"
#include "dns/authority.h"
#include "dns/reply.h"
#include "dns/resolver_unbound.h"
#include "dns/zonefiles.h"
#include "judge/names.h"
#include "record/rrtype.h"
#include "text.h"

#define COUNT(table) ((int)(sizeof(table) / sizeof((table)[0])))

/* Twenty strings of 255 octets are too many for 512 or 1232 octets. */
static const char zone_text[] = "$ORIGIN example.com.\n"
                                "$TTL 300\n"
                                "@ SOA ns hostmaster 1 3600 900 1209600 60\n"
                                "@ NS ns\n"
                                "ns A 192.0.2.53\n"
                                "@ TXT \"v=spf1 -all\"\n"
                                "alias CNAME @\n"
                                "away CNAME www.example.org.\n"
                                "a CNAME b\n"
                                "b CNAME a\n"
                                "sub NS ns.example.org.\n"
                                "child NS ns.child\n"
                                "ns.child A 192.0.2.54\n"
                                "*.wild TXT wild\n"
                                "*.alias CNAME @\n"
                                "to-wild CNAME q.wild\n"
                                "www.alias CNAME @\n"
                                "host.ent.wild A 192.0.2.1\n";
static const char child_text[] =
    "@ 300 SOA ns hostmaster 1 3600 900 1209600 60\n"
    "@ 300 NS ns\n"
    "ns 300 A 192.0.2.54\n"
    "@ 300 TXT \"of the child\"\n";

/* The zones of the tests, and what is needed to have them. */
static struct {
	struct config config;
	struct zonefiles *files;
	struct mailauth_options options;
	struct mailauth_zone zones[2];
	char path[2][512];
	char big[16384];
} world;

static void
open_world(void)
{
	char why[MAILAUTH_WHY_MAX];
	size_t n;

	folder_open();
	n = (size_t)snprintf(world.big, sizeof(world.big), "%slarge TXT",
	    zone_text);
	for (int i = 0; i < 20; i++) {
		n += (size_t)snprintf(world.big + n, sizeof(world.big) - n,
		    " \"");
		memset(world.big + n, 'a' + i, 255);
		n += 255;
		world.big[n++] = '"';
	}
	world.big[n++] = '\n';
	strcpy(world.path[0], folder_put("a.zone", world.big, n));
	strcpy(world.path[1],
	    folder_put("b.zone", child_text, sizeof(child_text) - 1));
	world.zones[0] = (struct mailauth_zone){ "example.com", world.path[0] };
	world.zones[1] =
	    (struct mailauth_zone){ "child.example.com", world.path[1] };
	world.options =
	    (struct mailauth_options){ .zones = world.zones, .nzones = 2 };
	ck_assert_int_eq(config_make(&world.options, &world.config, why),
	    MAILAUTH_OK);
	if (zonefiles_read(&world.config, &world.options, &world.files, why) !=
	    MAILAUTH_OK)
		ck_abort_msg("%s", why);
}

static void
close_world(void)
{
	zonefiles_free(world.files);
	config_free(&world.config);
	folder_close();
}

/* A question, with EDNS when `size` is not 0. Returns octets. */
static size_t
make_question(uint8_t *out, const char *name, uint16_t type, unsigned size,
    bool dnssec)
{
	static const uint8_t head[12] = { 0x12, 0x34, 1, 0, 0, 1 };
	uint8_t *p = out + 12;

	memcpy(out, head, 12);
	for (const char *label = name; *label != '\0';) {
		size_t n = strcspn(label, ".");

		*p++ = (uint8_t)n;
		memcpy(p, label, n);
		p += n;
		label += n + (label[n] == '.');
	}
	*p++ = 0;
	*p++ = (uint8_t)(type >> 8);
	*p++ = (uint8_t)type;
	*p++ = 0;
	*p++ = 1;
	if (size > 0) {
		const uint8_t opt[11] = { 0, 0, 41, (uint8_t)(size >> 8),
			(uint8_t)size, 0, 0, dnssec ? 0x80 : 0 };

		out[11] = 1;
		memcpy(p, opt, sizeof(opt));
		p += sizeof(opt);
	}
	return (size_t)(p - out);
}

static unsigned
u16(const uint8_t *p)
{
	return (unsigned)p[0] << 8 | p[1];
}

/* What is said to which question. */
static const struct {
	const char *name;
	uint16_t type;
	unsigned size; /* of EDNS; 0: without */
	bool tcp, alone;
	unsigned rcode, answers;
	bool tc, aa;
} replies[] = {
	{ "example.com", RRTYPE_TXT, 0, false, true, 0, 1, false, true },
	{ "eXaMPle.COM", RRTYPE_TXT, 1232, false, true, 0, 1, false, true },
	{ "no.example.com", RRTYPE_TXT, 1232, false, true, 3, 0, false, true },
	{ "ns.example.com", RRTYPE_TXT, 0, false, true, 0, 0, false, true },
	{ "alias.example.com", RRTYPE_TXT, 0, false, true, 0, 2, false, true },
	{ "away.example.com", RRTYPE_TXT, 0, false, true, 0, 1, false, true },
	/* Size. */
	{ "large.example.com", RRTYPE_TXT, 0, false, true, 0, 0, true, true },
	{ "large.example.com", RRTYPE_TXT, 1232, false, true, 0, 0, true,
	    true },
	{ "large.example.com", RRTYPE_TXT, 65000, false, true, 0, 1, false,
	    true },
	{ "large.example.com", RRTYPE_TXT, 0, true, true, 0, 1, false, true },
	/* Outside; a referral only where others may be asked. */
	{ "www.example.org", RRTYPE_TXT, 0, false, true, 5, 0, false, false },
	{ "example.com", RRTYPE_DS, 0, false, true, 0, 0, false, true },
	{ "a.sub.example.com", RRTYPE_TXT, 0, false, true, 5, 0, false, false },
	{ "a.sub.example.com", RRTYPE_TXT, 0, false, false, 0, 0, false,
	    false },
	/* A zone below another one. */
	{ "child.example.com", RRTYPE_TXT, 0, false, true, 0, 1, false, true },
	{ "child.example.com", RRTYPE_DS, 0, false, true, 0, 0, false, true },
};

START_TEST(reply)
{
	static uint8_t out[REPLY_MAX];
	uint8_t question[512];
	size_t n = make_question(question, replies[_i].name, replies[_i].type,
	    replies[_i].size, false);
	const struct reply r = { zonefiles_index(world.files),
		replies[_i].alone, replies[_i].tcp, question, n };
	size_t got = reply_make(&r, out);
	size_t name = strlen(replies[_i].name) + 2;

	ck_assert_uint_ge(got, 12 + name + 4);
	ck_assert_uint_eq(u16(out), 0x1234);
	ck_assert_uint_eq(u16(out + 2) & 0xf900, 0x8100);
	ck_assert_uint_eq(u16(out + 2) & 15, replies[_i].rcode);
	ck_assert_uint_eq((u16(out + 2) & 0x200) != 0, replies[_i].tc);
	ck_assert_uint_eq((u16(out + 2) & 0x400) != 0, replies[_i].aa);
	ck_assert_uint_eq(u16(out + 4), 1);
	if (!replies[_i].tc)
		ck_assert_uint_eq(u16(out + 6), replies[_i].answers);
	/* The question as it was asked, and EDNS when it was. */
	ck_assert_int_eq(memcmp(out + 12, question + 12, name + 4), 0);
	if (!replies[_i].tcp)
		ck_assert_uint_le(got,
		    replies[_i].size > 0 ? replies[_i].size : 512);
	if (replies[_i].size > 0) {
		ck_assert_uint_ge(u16(out + 10), 1);
		ck_assert_uint_eq(u16(out + got - 10), 41);
	}
}
END_TEST

/* Where names have the records of an answer themselves, no wildcard made it,
 * even if one is there that has the same; and where a name does not exist, the
 * source says which name keeps a wildcard from it. */
START_TEST(own)
{
	static const struct {
		const char *name;
		bool is_own;
		const char *unreached;
	} rows[] = {
		{ "example.com", true, "" },
		{ "alias.example.com", true, "" },
		{ "www.alias.example.com", true, "" },
		{ "other.alias.example.com", false, "" },
		{ "q.wild.example.com", false, "" },
		{ "to-wild.example.com", false, "" },
		{ "ns.example.com", false, "" },
		{ "no.example.com", false, "" },
		{ "x.ent.wild.example.com", false,
		    "the wildcard *.wild.example.com. covers no name below "
		    "ent.wild.example.com., since that name exists" },
		{ "a.b.host.ent.wild.example.com", false,
		    "the wildcard *.wild.example.com. covers no name below "
		    "host.ent.wild.example.com., since that name exists" },
	};

	for (int i = 0; i < COUNT(rows); i++) {
		struct arena a = { NULL, false };
		struct lookup l = {
			.arena = &a,
			.answer = { .name = str_of(rows[i].name),
			    .rrtype = RRTYPE_TXT },
		};

		zonefiles_answer(world.files, &l);
		EXPECT(l.is_own == rows[i].is_own &&
		        str_eq(l.unreached, str_of(rows[i].unreached)),
		    "%s: %.*s", rows[i].name, (int)l.unreached.n,
		    l.unreached.s);
		arena_free(&a);
	}
}
END_TEST

/* Messages that are no questions for it: the octet that is changed. */
static const struct {
	size_t at;
	uint8_t octet;
	int rcode; /* -1: no reply */
} odd[] = {
	{ 2, 0x80, -1 }, /* a response */
	{ 2, 0x28, 4 }, /* an update */
	{ 5, 0, 1 }, /* no question */
	{ 5, 2, 1 }, /* two */
	{ 12, 0xc0, 1 }, /* a pointer */
	{ 12, 200, 1 }, /* a label that is too long */
	{ 11, 2, 1 }, /* a record that is not there */
	{ 11 + 17, 3, 5 }, /* class CH */
	{ 11 + 17 + 7, 1, 0 }, /* EDNS version 1: BADVERS is 16 */
};

START_TEST(odd_question)
{
	static uint8_t out[REPLY_MAX];
	uint8_t q[512];
	size_t n = make_question(q, "example.com", RRTYPE_TXT, 1232, false);
	struct reply r = { zonefiles_index(world.files), true, false, q, n };
	size_t got;

	q[odd[_i].at] = odd[_i].octet;
	got = reply_make(&r, out);
	if (odd[_i].rcode < 0) {
		ck_assert_uint_eq(got, 0);
		return;
	}
	ck_assert_uint_ge(got, 12);
	ck_assert_int_eq((int)(u16(out + 2) & 15), odd[_i].rcode);
	ck_assert_uint_eq(u16(out), 0x1234);
	ck_assert_uint_eq(u16(out + 6), 0);
	if (odd[_i].rcode == 0)
		ck_assert_uint_eq(out[got - 6], 1); /* 16 >> 4 */
	/* Each shorter message: no octet behind it is read. */
	for (size_t i = 0; i < n; i++) {
		uint8_t *cut = malloc(i + 1);

		memcpy(cut, q, i);
		r.question = cut;
		r.n = i;
		got = reply_make(&r, out);
		ck_assert(i >= 12 || got == 0);
		free(cut);
	}
}
END_TEST

/* The server, and a client in the same loop. */
static struct event_base *events;
static struct authority *authority;

static void
open_authority(void)
{
	char why[MAILAUTH_WHY_MAX];

	open_world();
	events = event_base_new();
	authority =
	    authority_new(events, zonefiles_index(world.files), true, why);
	if (authority == NULL)
		ck_abort_msg("%s", why);
}

static void
close_authority(void)
{
	authority_free(authority);
	event_base_free(events);
	close_world();
}

static int
connected(int type)
{
	const struct sockaddr_in at = {
		.sin_family = AF_INET,
		.sin_port = htons((uint16_t)authority_port(authority)),
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK),
	};
	int s = socket(AF_INET, type, 0);

	ck_assert_int_ge(s, 0);
	ck_assert_int_eq(connect(s, (const struct sockaddr *)&at, sizeof(at)),
	    0);
	ck_assert_int_eq(fcntl(s, F_SETFL, O_NONBLOCK), 0);
	return s;
}

/* Read `n` octets at least, or to the end, while the server works. */
static size_t
take(int s, uint8_t *out, size_t n)
{
	size_t have = 0;
	ssize_t got;

	for (int i = 0; i < 100000 && have < n; i++) {
		event_base_loop(events, EVLOOP_NONBLOCK);
		got = recv(s, out + have, 65536, 0);
		if (got == 0)
			break;
		if (got > 0)
			have += (size_t)got;
	}
	return have;
}

START_TEST(over_udp)
{
	static uint8_t out[65536];
	uint8_t q[512];
	size_t n = make_question(q, "example.com", RRTYPE_TXT, 0, false);
	int s = connected(SOCK_DGRAM);

	for (int i = 0; i < 200; i++) {
		q[1] = (uint8_t)i;
		ck_assert_int_eq((int)send(s, q, n, 0), (int)n);
		ck_assert_uint_gt(take(s, out, 12), 12);
		ck_assert_uint_eq(u16(out), 0x1200u + (unsigned)i);
		ck_assert_uint_eq(u16(out + 6), 1);
	}
	close(s);
}
END_TEST

/* Two questions over one connection, the first in pieces of one octet. */
START_TEST(over_tcp)
{
	static uint8_t out[2 * 65536];
	uint8_t q[512];
	size_t n =
	    make_question(q + 2, "large.example.com", RRTYPE_TXT, 0, false);
	int s = connected(SOCK_STREAM);

	q[0] = 0;
	q[1] = (uint8_t)n;
	for (size_t i = 0; i < n + 2; i++) {
		ck_assert_int_eq((int)send(s, q + i, 1, 0), 1);
		event_base_loop(events, EVLOOP_NONBLOCK);
	}
	for (int i = 0; i < 2; i++) {
		size_t size, got = take(s, out, 2);

		ck_assert_uint_ge(got, 2);
		size = u16(out) + 2u;
		ck_assert_uint_gt(size, 5000);
		if (got < size)
			got += take(s, out + got, size - got);
		ck_assert_uint_eq(got, size);
		ck_assert_uint_eq(u16(out + 8), 1);
		if (i == 0)
			ck_assert_int_eq((int)send(s, q, n + 2, 0), (int)n + 2);
	}
	close(s);
}
END_TEST

/* Who holds connections does not keep others out. */
START_TEST(many_connections)
{
	static uint8_t out[65536];
	uint8_t q[512];
	size_t n = make_question(q + 2, "example.com", RRTYPE_TXT, 0, false);
	int s[40];

	q[0] = 0;
	q[1] = (uint8_t)n;
	for (int i = 0; i < 40; i++) {
		s[i] = connected(SOCK_STREAM);
		event_base_loop(events, EVLOOP_NONBLOCK);
	}
	ck_assert_int_eq((int)send(s[39], q, n + 2, 0), (int)n + 2);
	ck_assert_uint_gt(take(s[39], out, 2), 12);
	/* The first one was closed. */
	ck_assert_uint_eq(take(s[0], out, 1), 0);
	for (int i = 0; i < 40; i++)
		close(s[i]);
}
END_TEST

/* A message that claims more than a question can have, or is no DNS message. */
START_TEST(bad_connection)
{
	static uint8_t out[65536];
	static const uint8_t huge[] = { 0xff, 0xff, 1, 2, 3 };
	static const uint8_t small[] = { 0, 3, 1, 2, 3 };

	for (int i = 0; i < 2; i++) {
		int s = connected(SOCK_STREAM);

		ck_assert_int_eq((int)send(s, i == 0 ? huge : small, 5, 0), 5);
		ck_assert_uint_eq(take(s, out, 1), 0);
		close(s);
	}
}
END_TEST

/* Answers to lookups. */
static const struct {
	const char *name;
	uint16_t type;
	const char *says; /* outcome, and the cause of a failure */
	const char *why;
} lookups[] = {
	{ "example.com.", RRTYPE_TXT, "found", "" },
	{ "alias.example.com.", RRTYPE_TXT, "found", "" },
	{ "large.example.com.", RRTYPE_TXT, "found", "" },
	{ "ns.example.com.", RRTYPE_TXT, "nodata", "" },
	{ "no.example.com.", RRTYPE_TXT, "nxdomain", "" },
	{ "child.example.com.", RRTYPE_TXT, "found", "" },
	{ "no.child.example.com.", RRTYPE_TXT, "nxdomain", "" },
	{ "any.wild.example.com.", RRTYPE_TXT, "found", "" },
	{ "any.wild.example.com.", RRTYPE_A, "nodata", "" },
	/* RFC 4592 2.2.2 */
	{ "ent.wild.example.com.", RRTYPE_TXT, "nodata", "" },
	{ "no.ent.wild.example.com.", RRTYPE_TXT, "nxdomain", "" },
	{ "www.example.org.", RRTYPE_TXT, "failed offline", "" },
	{ ".", RRTYPE_NS, "failed offline", "" },
	{ "com.", RRTYPE_TXT, "failed offline", "" },
	{ "away.example.com.", RRTYPE_TXT, "failed offline",
	    "an alias or delegation leads out of the zones" },
	{ "sub.example.com.", RRTYPE_TXT, "failed offline",
	    "an alias or delegation leads out of the zones" },
	{ "www.sub.example.com.", RRTYPE_TXT, "failed offline",
	    "an alias or delegation leads out of the zones" },
	{ "a.example.com.", RRTYPE_TXT, "failed loop",
	    "request has exceeded the maximum number restarts" },
	{ "a.example.com.", RRTYPE_CNAME, "found", "" },
	{ "example.com.", RRTYPE_DS, "failed offline", "" },
	{ "child.example.com.", RRTYPE_DS, "nodata", "" },
};

static void
is_done_now(struct lookup *l)
{
	*(bool *)l->owner = true;
}

START_TEST(lookup)
{
	struct arena a = { NULL, false };
	char why[MAILAUTH_WHY_MAX];
	bool done = false;
	struct lookup l = { .arena = &a,
		.answer = { .name = str_of(lookups[_i].name),
		    .rrtype = lookups[_i].type },
		.server = -1,
		.done = is_done_now,
		.owner = &done };
	struct writer w = arena_writer(&a);
	struct unbound_places places = { .zones = NULL };
	struct resolver *r;

	if (unbound_new(&world.options, &places, &r, why) != MAILAUTH_OK)
		ck_abort_msg("%s", why);
	ck_assert(r->offline && !r->forwards && r->off == OFF_FOR_DRAFT);
	ck_assert_str_eq(r->validation_off, "no trust anchor is loaded");
	ck_assert_int_eq(r->ask(r, &l), MAILAUTH_OK);
	ck_assert(!done);
	while (!done)
		r->wait(r, 1);
	ck_assert_int_eq(l.answer.dnssec, MAILAUTH_DNSSEC_UNCHECKED);
	ck_assert_uint_eq(l.answer.flags & MAILAUTH_ANSWER_LOCAL, 0);
	put_text(&w, name_outcome(l.answer.outcome));
	if (l.answer.cause == MAILAUTH_CAUSE_OFFLINE)
		put_text(&w, " offline");
	if (l.answer.cause == MAILAUTH_CAUSE_LOOP)
		put_text(&w, " loop");
	put_char(&w, '\0');
	ck_assert_str_eq(w.buf, lookups[_i].says);
	ck_assert(str_eq(l.answer.why, str_of(lookups[_i].why)));
	r->free(r);
	arena_free(&a);
}
END_TEST

/* What is forgotten is not told, and the others are. */
START_TEST(forgotten)
{
	struct arena a = { NULL, false };
	char why[MAILAUTH_WHY_MAX];
	bool done[3] = { false, false, false };
	struct lookup l[3];
	struct unbound_places places = { .zones = NULL };
	struct resolver *r;

	if (unbound_new(&world.options, &places, &r, why) != MAILAUTH_OK)
		ck_abort_msg("%s", why);
	for (int forget = 0; forget < 3; forget++) {
		for (int i = 0; i < 3; i++) {
			l[i] = (struct lookup){ .arena = &a,
				.answer = { .name = STR("example.com."),
				    .rrtype = RRTYPE_TXT },
				.server = -1,
				.done = is_done_now,
				.owner = &done[i] };
			done[i] = false;
			ck_assert_int_eq(r->ask(r, &l[i]), MAILAUTH_OK);
		}
		r->forget(r, &l[forget]);
		r->forget(r, &l[forget]);
		r->wait(r, 0);
		for (int i = 0; i < 3; i++)
			ck_assert_int_eq(done[i], i != forget);
	}
	r->free(r);
	arena_free(&a);
}
END_TEST

Suite *
suite_authority(void)
{
	Suite *s = suite_create("authority");
	TCase *t = tcase_create("reply");

	tcase_add_checked_fixture(t, open_world, close_world);
	tcase_add_loop_test(t, reply, 0, COUNT(replies));
	tcase_add_test(t, own);
	tcase_add_loop_test(t, odd_question, 0, COUNT(odd));
	tcase_add_loop_test(t, lookup, 0, COUNT(lookups));
	tcase_add_test(t, forgotten);
	suite_add_tcase(s, t);
	t = tcase_create("server");
	tcase_add_checked_fixture(t, open_authority, close_authority);
	tcase_add_test(t, over_udp);
	tcase_add_test(t, over_tcp);
	tcase_add_test(t, many_connections);
	tcase_add_test(t, bad_connection);
	suite_add_tcase(s, t);
	return s;
}
