/*
 * test_check.c - messages, reasons, configurations
 * SPDX-License-Identifier: BSD-3-Clause
 */
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/dname.h"
#include "base/str.h"
#include "dns/config.h"
#include "dns/orgdomain.h"
#include "dns/packet.h"
#include "dns/special.h"
#include "judge/reason.h"
#include "record/kind.h"
#include "unit.h"

#define COUNT(table) ((int)(sizeof(table) / sizeof((table)[0])))

/* A message under construction. */
struct message {
	uint8_t data[4096];
	struct writer w;
};

static void
put16(struct message *m, unsigned v)
{
	put_char(&m->w, (char)(v >> 8));
	put_char(&m->w, (char)v);
}

static void
put32(struct message *m, uint32_t v)
{
	put16(m, v >> 16);
	put16(m, v & 0xffff);
}

static void
begin(struct message *m, const char *name, uint16_t type, unsigned flags,
    unsigned answers, unsigned authorities)
{
	m->w = writer_of((char *)m->data, sizeof(m->data));
	put16(m, 0);
	put16(m, flags);
	put16(m, 1);
	put16(m, answers);
	put16(m, authorities);
	put16(m, 0);
	ck_assert(put_dname_wire(&m->w, str_of(name)));
	put16(m, type);
	put16(m, 1);
}

static void
rr(struct message *m, const char *name, uint16_t type, uint32_t ttl,
    const void *data, size_t len)
{
	ck_assert(put_dname_wire(&m->w, str_of(name)));
	put16(m, type);
	put16(m, 1);
	put32(m, ttl);
	put16(m, (unsigned)len);
	put_bytes(&m->w, data, len);
}

static void
alias(struct message *m, const char *from, const char *to)
{
	struct dname name;

	ck_assert_int_eq(dname_parse(str_of(to), &name), DNAME_OK);
	rr(m, from, RRTYPE_CNAME, 60, name.wire, name.len);
}

static struct lookup
lookup(struct arena *a, const char *name, uint16_t type)
{
	struct lookup l = { .arena = a, .server = -1 };

	l.answer.name = str_of(name);
	l.answer.rrtype = type;
	return l;
}

START_TEST(found)
{
	struct arena a = { NULL, false };
	struct lookup l = lookup(&a, "x.org.", RRTYPE_TXT);
	struct packet_head head;
	struct message m;
	size_t class;

	begin(&m, "X.org", RRTYPE_TXT, 0x8180, 4, 0);
	rr(&m, "x.ORG", RRTYPE_TXT, 300, "\1a", 2);
	/* A record of class CH. */
	class = m.w.used + 7 + 2;
	rr(&m, "x.org", RRTYPE_TXT, 100, "\1c", 2);
	m.data[class + 1] = 3;
	rr(&m, "y.org", RRTYPE_TXT, 1, "\1z", 2);
	rr(&m, "x.org", RRTYPE_TXT, 200, "\1b", 2);
	ck_assert(packet_read(&l, m.data, m.w.used, &head));
	ck_assert_int_eq(l.answer.outcome, MAILAUTH_FOUND);
	ck_assert_uint_eq(l.answer.nrr, 2);
	ck_assert_uint_eq(l.answer.ttl, 200);
	ck_assert_mem_eq(l.answer.rr[1].data, "\1b", 2);
	ck_assert_uint_eq(l.answer.nchain, 0);
	arena_free(&a);
}
END_TEST

START_TEST(chain)
{
	struct arena a = { NULL, false };
	struct lookup l = lookup(&a, "x.org.", RRTYPE_TXT);
	struct packet_head head;
	struct message m;

	begin(&m, "x.org", RRTYPE_TXT, 0x8180, 3, 0);
	alias(&m, "y.org", "z.org");
	alias(&m, "x.org", "y.org");
	rr(&m, "z.org", RRTYPE_TXT, 300, "\1a", 2);
	ck_assert(packet_read(&l, m.data, m.w.used, &head));
	ck_assert_uint_eq(l.answer.nchain, 2);
	ck_assert(str_eq(l.answer.chain[0], STR("y.org.")));
	ck_assert(str_eq(l.answer.chain[1], STR("z.org.")));
	ck_assert_uint_eq(l.answer.nrr, 1);
	ck_assert(l.has_cname);
	/* A question for CNAME gets the alias itself. */
	l = lookup(&a, "x.org.", RRTYPE_CNAME);
	ck_assert(packet_read(&l, m.data, m.w.used, &head));
	ck_assert_uint_eq(l.answer.nrr, 1);
	ck_assert_uint_eq(l.answer.nchain, 0);
	/* A loop of aliases ends. */
	l = lookup(&a, "x.org.", RRTYPE_TXT);
	begin(&m, "x.org", RRTYPE_TXT, 0x8180, 2, 0);
	alias(&m, "x.org", "y.org");
	alias(&m, "y.org", "x.org");
	ck_assert(packet_read(&l, m.data, m.w.used, &head));
	ck_assert_uint_le(l.answer.nchain, 16);
	ck_assert_int_ne(l.answer.outcome, MAILAUTH_FOUND);
	arena_free(&a);
}
END_TEST

START_TEST(denied)
{
	static const uint8_t soa[] = { 0, 0, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 1,
		0, 0, 0, 1, 0, 0, 0, 1 };
	struct arena a = { NULL, false };
	struct lookup l = lookup(&a, "x.org.", RRTYPE_TXT);
	struct packet_head head;
	struct message m;

	begin(&m, "x.org", RRTYPE_TXT, 0x8183, 0, 1);
	rr(&m, "org", RRTYPE_SOA, 77, soa, sizeof(soa));
	ck_assert(packet_read(&l, m.data, m.w.used, &head));
	ck_assert_int_eq(l.answer.outcome, MAILAUTH_NXDOMAIN);
	ck_assert(str_eq(l.answer.zone, STR("org.")));
	ck_assert_uint_eq(l.answer.ttl, 77);
	ck_assert_uint_eq(l.answer.flags & MAILAUTH_ANSWER_NO_SOA, 0);
	ck_assert_int_eq(head.denial, DENIAL_SOA);
	l = lookup(&a, "x.org.", RRTYPE_TXT);
	begin(&m, "x.org", RRTYPE_TXT, 0x8580, 0, 0);
	ck_assert(packet_read(&l, m.data, m.w.used, &head));
	ck_assert_int_eq(l.answer.outcome, MAILAUTH_NODATA);
	ck_assert(l.answer.flags & MAILAUTH_ANSWER_NO_SOA);
	ck_assert(head.aa && !head.tc);
	arena_free(&a);
}
END_TEST

/* What the authority section of an answer without records says (RFC 2308 2). */
static const struct {
	const char *soa, *ns; /* owners; NULL: no such record */
	bool alias; /* the answer is an alias to y.net */
	enum denial denial;
} denials[] = {
	{ "org", "org", false, DENIAL_SOA },
	{ "org", NULL, false, DENIAL_SOA },
	{ ".", NULL, false, DENIAL_SOA },
	{ "x.org", NULL, false, DENIAL_SOA },
	{ NULL, NULL, false, DENIAL_BARE },
	{ NULL, "x.org", false, DENIAL_REFERRAL },
	{ NULL, "org", false, DENIAL_REFERRAL },
	{ NULL, ".", false, DENIAL_REFERRAL },
	/* Zones that do not hold the name. */
	{ "net", NULL, false, DENIAL_BARE },
	{ "a.x.org", NULL, false, DENIAL_BARE },
	{ "rg", NULL, false, DENIAL_BARE },
	{ "net", "net", false, DENIAL_REFERRAL },
	/* The last name of a chain is denied. */
	{ "net", NULL, true, DENIAL_SOA },
	{ "org", NULL, true, DENIAL_BARE },
	{ NULL, NULL, true, DENIAL_BARE },
};

START_TEST(denial)
{
	static const uint8_t soa[22] = { 0 };
	bool alias_first = denials[_i].alias;
	struct arena a = { NULL, false };
	struct lookup l = lookup(&a, "x.org.", RRTYPE_TXT);
	struct packet_head head;
	struct message m;

	begin(&m, "x.org", RRTYPE_TXT, 0x8180, alias_first,
	    0u + (denials[_i].soa != NULL) + (denials[_i].ns != NULL));
	if (alias_first)
		alias(&m, "x.org", "y.net");
	if (denials[_i].ns != NULL)
		rr(&m, denials[_i].ns, RRTYPE_NS, 60, "\1a", 3);
	if (denials[_i].soa != NULL)
		rr(&m, denials[_i].soa, RRTYPE_SOA, 60, soa, sizeof(soa));
	ck_assert(packet_read(&l, m.data, m.w.used, &head));
	ck_assert_int_eq(head.denial, denials[_i].denial);
	ck_assert_int_eq(l.answer.outcome, MAILAUTH_NODATA);
	ck_assert_int_eq((l.answer.flags & MAILAUTH_ANSWER_NO_SOA) == 0,
	    denials[_i].denial == DENIAL_SOA);
	arena_free(&a);
}
END_TEST

/* A response code whose upper bits are in the OPT record is no NXDOMAIN, whatever
 * its lower bits are. */
START_TEST(extended)
{
	struct arena a = { NULL, false };
	struct lookup l = lookup(&a, "x.org.", RRTYPE_TXT);
	struct packet_head head;
	struct message m;

	for (unsigned upper = 0; upper < 2; upper++) {
		begin(&m, "x.org", RRTYPE_TXT, 0x8183, 0, 0);
		m.data[11] = 1; /* additional records */
		rr(&m, ".", 41, (uint32_t)upper << 24, "", 0);
		ck_assert(packet_read(&l, m.data, m.w.used, &head));
		ck_assert_uint_eq(head.rcode, upper << 4 | 3);
		ck_assert_int_eq(l.answer.outcome == MAILAUTH_NXDOMAIN,
		    upper == 0);
	}
	arena_free(&a);
}
END_TEST

/* What a message of a server says: the whole response code, with its bits in
 * the TTL of the OPT record, and whether it may deny. */
static const struct {
	unsigned flags;
	uint32_t opt; /* its TTL */
	const char *soa;
	bool ns, aa, proved, misled;
	uint16_t rcode;
	bool beside, refers; /* the records are in the additional section */
} sights[] = {
	{ 0x8500, 0, NULL, false, true, false, false, 0, false, false },
	{ 0x8100, 0, NULL, false, false, false, false, 0, false, false },
	{ 0x8500, 0x01000000, NULL, false, true, false, false, 16, false,
	    false },
	{ 0x8503, 0x01000000, NULL, false, true, false, false, 19, false,
	    false },
	{ 0x850f, 0xff008000, NULL, false, true, false, false, 4095, false,
	    false },
	{ 0x8500, 0x00018000, NULL, false, true, false, false, 0, false,
	    false },
	{ 0x8100, 0, "org", false, false, true, false, 0, false, false },
	{ 0x8500, 0, "net", false, true, false, true, 0, false, false },
	{ 0x8500, 0, NULL, true, true, false, false, 0, false, true },
	{ 0x8500, 0, "org", true, true, true, false, 0, false, true },
	{ 0x8503, 0, "net", true, true, false, true, 3, false, true },
	{ 0x8100, 0, "org", false, false, false, false, 0, true, false },
	{ 0x8500, 0, "net", true, true, false, false, 0, true, false },
	{ 0x8503, 0x01000000, "org", false, true, false, false, 19, true,
	    false },
};

START_TEST(seen)
{
	static const uint8_t soa[22] = { 0 };
	struct packet_seen s;
	struct message m;

	begin(&m, "X.org", RRTYPE_TXT, sights[_i].flags, 0,
	    1u + (sights[_i].soa != NULL) + sights[_i].ns);
	if (sights[_i].soa != NULL)
		rr(&m, sights[_i].soa, RRTYPE_SOA, 60, soa, sizeof(soa));
	if (sights[_i].ns)
		rr(&m, ".", RRTYPE_NS, 60, "\1a", 3);
	rr(&m, ".", 41, sights[_i].opt, NULL, 0);
	if (sights[_i].beside) {
		m.data[11] = m.data[9]; /* the counts of the two sections */
		m.data[9] = 0;
	}
	ck_assert(packet_see(m.data, m.w.used, STR("x.org."), RRTYPE_TXT, &s));
	ck_assert_uint_eq(s.rcode, sights[_i].rcode);
	ck_assert_int_eq(s.aa, sights[_i].aa);
	ck_assert_int_eq(s.proved, sights[_i].proved);
	ck_assert_int_eq(s.misled, sights[_i].misled);
	ck_assert_int_eq(s.refers, sights[_i].refers);
	/* Other questions, queries, and messages cut at any octet. */
	ck_assert(!packet_see(m.data, m.w.used, STR("y.org."), RRTYPE_TXT, &s));
	ck_assert(!packet_see(m.data, m.w.used, STR("x.org."), RRTYPE_MX, &s));
	for (size_t n = 0; n < m.w.used; n++)
		ck_assert(
		    !packet_see(m.data, n, STR("x.org."), RRTYPE_TXT, &s));
	/* A record that the counts leave out. */
	rr(&m, ".", 41, 0, NULL, 0);
	ck_assert(!packet_see(m.data, m.w.used, STR("x.org."), RRTYPE_TXT, &s));
	m.data[11]++;
	ck_assert(packet_see(m.data, m.w.used, STR("x.org."), RRTYPE_TXT, &s));
	m.data[2] &= 0x7f;
	ck_assert(!packet_see(m.data, m.w.used, STR("x.org."), RRTYPE_TXT, &s));
}
END_TEST

/* Add an RRSIG over records of `type`. */
static void
signature(struct message *m, const char *owner, uint16_t type, uint8_t labels,
    const char *signer)
{
	uint8_t data[256] = { (uint8_t)(type >> 8), (uint8_t)type, 13, labels,
		0, 0, 1, 0x2c, 0, 0, 0, 9, 0, 0, 0, 5, 0, 1 };
	struct dname name;

	ck_assert_int_eq(dname_parse(str_of(signer), &name), DNAME_OK);
	memcpy(data + 18, name.wire, name.len);
	rr(m, owner, RRTYPE_RRSIG, 300, data, 18u + name.len + 64);
}

START_TEST(signatures)
{
	struct arena a = { NULL, false };
	struct lookup l = lookup(&a, "w.x.org.", RRTYPE_TXT);
	struct packet_head head;
	struct message m;

	begin(&m, "w.x.org", RRTYPE_TXT, 0x8180, 3, 0);
	rr(&m, "w.x.org", RRTYPE_TXT, 300, "\1a", 2);
	signature(&m, "w.x.org", RRTYPE_TXT, 2, "x.org");
	signature(&m, "w.x.org", RRTYPE_MX, 3, "x.org");
	ck_assert(packet_read(&l, m.data, m.w.used, &head));
	ck_assert_uint_eq(l.nsigs, 1);
	ck_assert_uint_eq(l.sigs[0].algorithm, 13);
	ck_assert_uint_eq(l.sigs[0].expiration, 9);
	ck_assert_uint_eq(l.sigs[0].inception, 5);
	ck_assert(str_eq(l.sigs[0].signer, STR("x.org.")));
	/* Fewer signed labels than the owner has show a wildcard. */
	ck_assert(l.answer.flags & MAILAUTH_ANSWER_WILDCARD);
	l = lookup(&a, "w.x.org.", RRTYPE_TXT);
	begin(&m, "w.x.org", RRTYPE_TXT, 0x8180, 2, 0);
	rr(&m, "w.x.org", RRTYPE_TXT, 300, "\1a", 2);
	signature(&m, "w.x.org", RRTYPE_TXT, 3, "x.org");
	ck_assert(packet_read(&l, m.data, m.w.used, &head));
	ck_assert_uint_eq(l.answer.flags & MAILAUTH_ANSWER_WILDCARD, 0);
	arena_free(&a);
}
END_TEST

/* A message cut at any octet is refused without a read past its end. */
START_TEST(cut_off)
{
	struct arena a = { NULL, false };
	struct packet_head head;
	struct message m;

	begin(&m, "w.x.org", RRTYPE_TXT, 0x8180, 3, 0);
	alias(&m, "w.x.org", "v.x.org");
	rr(&m, "v.x.org", RRTYPE_TXT, 300, "\1a", 2);
	signature(&m, "v.x.org", RRTYPE_TXT, 3, "x.org");
	for (size_t n = 0; n < m.w.used; n++) {
		struct lookup l = lookup(&a, "w.x.org.", RRTYPE_TXT);
		uint8_t *copy = malloc(n > 0 ? n : 1);

		memcpy(copy, m.data, n);
		ck_assert(!packet_read(&l, copy, n, &head));
		free(copy);
	}
	arena_free(&a);
}
END_TEST

static const struct {
	const char *text;
	enum mailauth_cause cause;
} failures[] = {
	{ "SERVFAIL <x. TXT IN>: all the configured stub or forward servers "
	  "failed, at zone . from 127.0.0.1 got SERVFAIL",
	    MAILAUTH_CAUSE_SERVFAIL },
	{ "SERVFAIL <x. TXT IN>: all servers for this domain failed, at zone "
	  "x. from 127.0.0.1 got REFUSED",
	    MAILAUTH_CAUSE_REFUSED },
	{ "SERVFAIL <x. TXT IN>: all servers for this domain failed, at zone "
	  "x. from 127.0.0.1 got NOTAUTH",
	    MAILAUTH_CAUSE_REFUSED },
	{ "SERVFAIL <x. TXT IN>: all servers for this domain failed, at zone "
	  "x. upstream server timeout",
	    MAILAUTH_CAUSE_TIMEOUT },
	{ "SERVFAIL <x. TXT IN>: all servers for this domain failed, at zone "
	  "x. from 127.0.0.1 nodata answer",
	    MAILAUTH_CAUSE_LAME },
	{ "SERVFAIL <x. TXT IN>: all servers for this domain failed, at zone "
	  "x. no server to query no addresses for nameservers",
	    MAILAUTH_CAUSE_LAME },
	{ "SERVFAIL <x. TXT IN>: request has exceeded the maximum number "
	  "restarts (eg. indirections) stop at x.",
	    MAILAUTH_CAUSE_LOOP },
	{ "SERVFAIL <x. TXT IN>: something new", MAILAUTH_CAUSE_SERVFAIL },
	{ "", MAILAUTH_CAUSE_SERVFAIL },
};

START_TEST(failure)
{
	ck_assert_int_eq(reason_of_failure(str_of(failures[_i].text)),
	    failures[_i].cause);
}
END_TEST

START_TEST(reasons)
{
	struct mailauth_str log = STR("[1] libunbound[2:0] debug: x\n"
	                              "[1] libunbound[2:0] error: first\n"
	                              "[1] libunbound[2:0] error: last\n"
	                              "[1] libunbound[2:0] info: y\n");

	ck_assert(str_eq(reason_last_error(log), STR("last")));
	ck_assert_uint_eq(reason_last_error(STR_NONE).n, 0);
	ck_assert(
	    str_eq(reason_alone(STR("SERVFAIL <x. TXT IN>: why")), STR("why")));
	ck_assert(str_eq(reason_alone(STR("why")), STR("why")));
	ck_assert_int_eq(reason_of_bogus(STR("no keys have a DS with algorithm "
	                                     "RSASHA256")),
	    MAILAUTH_CAUSE_NO_DNSKEY);
	ck_assert_int_eq(reason_of_bogus(STR("signature expired")),
	    MAILAUTH_CAUSE_BOGUS);
	ck_assert(reason_is_root(STR("no DNSKEY rrset for trust anchor . while "
	                             "building chain of trust")));
	ck_assert(!reason_is_root(STR("no DNSKEY rrset for trust anchor x.org. "
	                              "while building")));
}
END_TEST

/* Only a line about the question is its reason. */
static const struct {
	const char *log, *name, *type, *reason;
} questions[] = {
	{ "error: SERVFAIL <x. TXT IN>: 1\n", "x.", "TXT",
	    "SERVFAIL <x. TXT IN>: 1" },
	{ "error: SERVFAIL <x. TXT IN>: 1\nerror: SERVFAIL <y. TXT IN>: 2\n",
	    "x.", "TXT", "SERVFAIL <x. TXT IN>: 1" },
	{ "error: SERVFAIL <x. TXT IN>: 1\nerror: SERVFAIL <x. TXT IN>: 2\n",
	    "x.", "TXT", "SERVFAIL <x. TXT IN>: 2" },
	{ "error: SERVFAIL <X.Y. AAAA IN>: 1\n", "x.y.", "AAAA",
	    "SERVFAIL <X.Y. AAAA IN>: 1" },
	{ "error: SERVFAIL <x. A IN>: 1\n", "x.", "AAAA", "" },
	{ "error: SERVFAIL <x. AAAA IN>: 1\n", "x.", "A", "" },
	{ "error: SERVFAIL <ax. TXT IN>: 1\n", "x.", "TXT", "" },
	{ "error: SERVFAIL <x.a. TXT IN>: 1\n", "x.", "TXT", "" },
	{ "error: SERVFAIL <. TXT IN>: 1\n", ".", "TXT",
	    "SERVFAIL <. TXT IN>: 1" },
	/* What Unbound writes in place of other octets. */
	{ "error: SERVFAIL <a?b?c. TXT IN>: 1\n", "a\\.b\\255c.", "TXT",
	    "SERVFAIL <a?b?c. TXT IN>: 1" },
	{ "error: SERVFAIL <a?b. TXT IN>: 1\n", "a+b.", "TXT",
	    "SERVFAIL <a?b. TXT IN>: 1" },
	{ "error: something else\n", "x.", "TXT", "" },
	{ "error: SERVFAIL <x. TXT", "x.", "TXT", "" },
	{ "", "x.", "TXT", "" },
};

START_TEST(question)
{
	struct mailauth_str have = reason_of_question(str_of(questions[_i].log),
	    str_of(questions[_i].name), str_of(questions[_i].type));

	ck_assert_msg(str_eq(have, str_of(questions[_i].reason)), "%.*s",
	    (int)have.n, have.s);
}
END_TEST

START_TEST(messages)
{
	struct mailauth_str log =
	    STR("debug: udp message[3:0] 0A0BFF\n"
	        "debug: dropped message[3:0] 010203\n"
	        "debug: udp message[9:0] 010203\n"
	        "debug: udp message[4:0] 0102\ndebug: x\n"
	        "debug: udp message[4:2] 0304\n"
	        "debug: udp message[2:0] 01\ndebug: udp message[1:0] 0G\n"
	        "debug: udp message[x:0] 01\ndebug: udp message[2:7] 0102\n"
	        "debug: udp message[1:0] 07");
	uint8_t out[8];

	ck_assert_uint_eq(reason_message(&log, out, sizeof(out)), 3);
	ck_assert_mem_eq(out, "\x0a\x0b\xff", 3);
	ck_assert_uint_eq(reason_message(&log, out, sizeof(out)), 4);
	ck_assert_mem_eq(out, "\1\2\3\4", 4);
	ck_assert_uint_eq(reason_message(&log, out, sizeof(out)), 1);
	ck_assert_uint_eq(out[0], 7);
	ck_assert_uint_eq(reason_message(&log, out, sizeof(out)), 0);
}
END_TEST

START_TEST(tcp_shown)
{
	struct mailauth_str log = STR("info: sending query: a. TXT IN\n"
	                              "info: sending query: b. TXT IN\n"
	                              "debug: initiate TCP query EDNS\n");

	ck_assert(reason_shows_tcp(log, STR("b. ")));
	ck_assert(!reason_shows_tcp(log, STR("a. ")));
	ck_assert(!reason_shows_tcp(STR_NONE, STR("a. ")));
}
END_TEST

static const struct {
	const char *name;
	const char *zone; /* NULL: none */
	const char *note; /* is part of it */
} specials[] = {
	{ "4.2.0.192.in-addr.arpa.", "2.0.192.in-addr.arpa.",
	    "examples in manuals" },
	{ "1.0.0.10.in-addr.arpa.", "10.in-addr.arpa.", "private" },
	{ "1.0.16.172.in-addr.arpa.", "16.172.in-addr.arpa.", "private" },
	{ "1.0.64.100.in-addr.arpa.", "64.100.in-addr.arpa.", "private" },
	{ "1.0.128.100.in-addr.arpa.", NULL, NULL },
	{ "1.0.63.100.in-addr.arpa.", NULL, NULL },
	{ "example.test.", "test.", "reserved for tests" },
	{ "a.invalid.", "invalid.", "names that are wrong" },
	{ "example.com.", NULL, NULL },
	{ "4.0.41.198.in-addr.arpa.", NULL, NULL },
};

START_TEST(special)
{
	struct mailauth_str zone = special_zone_of(str_of(specials[_i].name));

	struct mailauth_str note = special_note(str_of(specials[_i].name));

	ck_assert(str_eq(zone, str_of(specials[_i].zone)));
	if (zone.n > 0)
		ck_assert(str_ifind(note, str_of(specials[_i].note)) < note.n);
}
END_TEST

/* The configuration that results from a set of options. */
static struct config
config(const struct mailauth_options *o, enum mailauth_status want)
{
	char why[MAILAUTH_WHY_MAX];
	struct config c;

	ck_assert_int_eq(config_make(o, &c, why), want);
	return c;
}

static bool
has(const struct config *c, const char *text)
{
	return str_ifind(c->text, str_of(text)) < c->text.n;
}

START_TEST(configs)
{
	static const char *const servers[] = { "127.0.0.1@5353", "::1" };
	static const char *const ds[] = { "Example.COM. 300 IN DS 1 13 9 00" };
	struct mailauth_zone zone = { "Example.com", "/dev/null" };
	struct mailauth_options o = { 0 };
	struct config c = config(&o, MAILAUTH_OK);

	/* Defaults: the root with its keys; default local zones stay on. */
	ck_assert(!c.offline && !c.forwards);
	ck_assert(has(&c, "20326 8 2") && has(&c, "38696 8 2"));
	ck_assert(!has(&c, "nodefault") && !has(&c, "forward-zone"));
	ck_assert(config_anchored(&c, STR("anything.org.")));
	config_free(&c);

	o.servers = servers;
	o.nservers = 2;
	c = config(&o, MAILAUTH_OK);
	ck_assert(has(&c, "forward-addr: \"127.0.0.1@5353\""));
	ck_assert(has(&c, "forward-addr: \"::1\""));
	ck_assert(has(&c, "\"2.0.192.in-addr.arpa.\" nodefault"));
	ck_assert(has(&c, "20326 8 2"));
	config_free(&c);

	o = (struct mailauth_options){ .zones = &zone,
		.nzones = 1,
		.anchors = ds,
		.nanchors = 1 };
	c = config(&o, MAILAUTH_OK);
	ck_assert(c.offline && !has(&c, "20326 8 2"));
	/* Nothing but 127.0.0.1 can be asked: the authority in the process. */
	ck_assert(has(&c, "do-not-query-address: 128.0.0.0/1\n"));
	ck_assert(has(&c, "do-not-query-address: 126.0.0.0/8\n"));
	ck_assert(has(&c, "do-not-query-address: 127.0.0.0/32\n"));
	ck_assert(has(&c, "do-not-query-address: ::/0\n"));
	ck_assert(!has(&c, "forward-zone"));
	ck_assert(config_serve(&c, 4242));
	ck_assert(has(&c, "name: \".\"\n  forward-addr: \"127.0.0.1@4242\""));
	ck_assert(config_in_zones(&c, STR("a.example.com.")));
	ck_assert(!config_in_zones(&c, STR("example.org.")));
	ck_assert(config_anchored(&c, STR("a.example.com.")));
	ck_assert(!config_anchored(&c, STR("example.org.")));
	config_free(&c);

	o.online = true;
	c = config(&o, MAILAUTH_OK);
	ck_assert(!c.offline && has(&c, "20326 8 2"));
	ck_assert(config_serve(&c, 4242));
	ck_assert(has(&c,
	    "name: \"example.com.\"\n"
	    "  stub-addr: \"127.0.0.1@4242\""));
	ck_assert(!has(&c, "forward-zone"));
	config_free(&c);
}
END_TEST

START_TEST(bad_configs)
{
	static const char *const bad_ds[] = { "nonsense" };
	static const char *const quote[] = {
		"x. DS 1 13 9 00\"\ninclude: \"/x"
	};
	static const char *const server[] = { "localhost" };
	struct mailauth_zone quoted = { "x\"\n.org", "/dev/null" };
	struct mailauth_zone name = { "a..b", "/dev/null" };
	struct config c;

	c = config(&(struct mailauth_options){ .anchors = bad_ds,
	               .nanchors = 1 },
	    MAILAUTH_EUSE);
	config_free(&c);
	/* A value cannot add lines to the configuration. */
	c = config(&(struct mailauth_options){ .anchors = quote,
	               .nanchors = 1 },
	    MAILAUTH_EUSE);
	config_free(&c);
	c = config(&(struct mailauth_options){ .zones = &quoted, .nzones = 1 },
	    MAILAUTH_EUSE);
	config_free(&c);
	c = config(&(struct mailauth_options){ .zones = &name, .nzones = 1 },
	    MAILAUTH_EUSE);
	config_free(&c);
	c = config(&(struct mailauth_options){ .servers = server,
	               .nservers = 1 },
	    MAILAUTH_EUSE);
	config_free(&c);
}
END_TEST

START_TEST(org_domains)
{
	struct orgdomains *o = orgdomains_new();

	ck_assert_ptr_nonnull(o);
	ck_assert(str_eq(org_domain(o, STR("a.b.example.com.")),
	    STR("example.com.")));
	ck_assert(str_eq(org_domain(o, STR("example.co.uk.")),
	    STR("example.co.uk.")));
	ck_assert_uint_eq(org_domain(o, STR("co.uk.")).n, 0);
	ck_assert_uint_eq(org_domain(o, STR(".")).n, 0);
	ck_assert_uint_eq(org_domain(NULL, STR("example.com.")).n, 0);
	ck_assert(is_public_suffix(o, STR("com.")));
	ck_assert(!is_public_suffix(o, STR("example.com.")));
	ck_assert(!is_public_suffix(NULL, STR("com.")));
	orgdomains_free(o);
}
END_TEST

Suite *
suite_check(void)
{
	Suite *s = suite_create("check");
	TCase *tc = tcase_create("check");

	tcase_set_timeout(tc, 60);
	tcase_add_test(tc, found);
	tcase_add_test(tc, chain);
	tcase_add_test(tc, denied);
	tcase_add_loop_test(tc, denial, 0, COUNT(denials));
	tcase_add_test(tc, extended);
	tcase_add_loop_test(tc, seen, 0, COUNT(sights));
	tcase_add_test(tc, signatures);
	tcase_add_test(tc, cut_off);
	tcase_add_loop_test(tc, failure, 0, COUNT(failures));
	tcase_add_test(tc, reasons);
	tcase_add_loop_test(tc, question, 0, COUNT(questions));
	tcase_add_test(tc, messages);
	tcase_add_test(tc, tcp_shown);
	tcase_add_loop_test(tc, special, 0, COUNT(specials));
	tcase_add_test(tc, configs);
	tcase_add_test(tc, bad_configs);
	tcase_add_test(tc, org_domains);
	suite_add_tcase(s, tc);
	return s;
}
