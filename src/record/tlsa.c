/*
 * tlsa.c - TLSA records of mail hosts, at _25._tcp (RFC 6698, RFC 7672)
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * This file judges the set alone, and neither the DNSSEC state of the MX and
 * address records nor the certificate of the host.
 */
#include "record/tlsa.h"
#include "record/kind.h"

#include <string.h>

/* Octets of data that are named as a value: the longest digest has 64. */
#define DATA_SHOWN 64

static bool
parse(const struct mailauth_rdata *rr, struct tlsa *out)
{
	struct cursor c = cursor_of(rr->data, rr->len);

	out->usage = cursor_u8(&c);
	out->selector = cursor_u8(&c);
	out->matching = cursor_u8(&c);
	out->data = c;
	return !c.bad;
}

/* The data is exactly one DER SEQUENCE, as certificates and keys are. */
static bool
is_sequence(struct cursor c)
{
	uint8_t tag = cursor_u8(&c);
	size_t len = cursor_u8(&c);

	if (len > 0x80 && len <= 0x83) {
		size_t octets = len & 0x0f;

		for (len = 0; octets > 0; octets--)
			len = len << 8 | cursor_u8(&c);
	} else if (len >= 0x80) {
		return false;
	}
	return tag == 0x30 && !c.bad && cursor_left(&c) == len;
}

/* The parameters are defined, and the data has the form they call for. */
static bool
is_sound(const struct tlsa *t)
{
	if (t->usage > TLSA_DANE_EE || t->selector > TLSA_SPKI)
		return false;
	switch (t->matching) {
	case TLSA_FULL: return is_sequence(t->data);
	case TLSA_SHA256: return cursor_left(&t->data) == 32;
	case TLSA_SHA512: return cursor_left(&t->data) == 64;
	default: return false;
	}
}

/* Digests of no octets and of one line end: what a shell pipe gives when the
 * command before it prints no key. No key and no certificate has them. */
static const uint8_t nothing_sha256[][32] = {
	{ 0xe3, 0xb0, 0xc4, 0x42, 0x98, 0xfc, 0x1c, 0x14, 0x9a, 0xfb, 0xf4,
	    0xc8, 0x99, 0x6f, 0xb9, 0x24, 0x27, 0xae, 0x41, 0xe4, 0x64, 0x9b,
	    0x93, 0x4c, 0xa4, 0x95, 0x99, 0x1b, 0x78, 0x52, 0xb8, 0x55 },
	{ 0x01, 0xba, 0x47, 0x19, 0xc8, 0x0b, 0x6f, 0xe9, 0x11, 0xb0, 0x91,
	    0xa7, 0xc0, 0x51, 0x24, 0xb6, 0x4e, 0xee, 0xce, 0x96, 0x4e, 0x09,
	    0xc0, 0x58, 0xef, 0x8f, 0x98, 0x05, 0xda, 0xca, 0x54, 0x6b },
};
static const uint8_t nothing_sha512[][64] = {
	{ 0xcf, 0x83, 0xe1, 0x35, 0x7e, 0xef, 0xb8, 0xbd, 0xf1, 0x54, 0x28,
	    0x50, 0xd6, 0x6d, 0x80, 0x07, 0xd6, 0x20, 0xe4, 0x05, 0x0b, 0x57,
	    0x15, 0xdc, 0x83, 0xf4, 0xa9, 0x21, 0xd3, 0x6c, 0xe9, 0xce, 0x47,
	    0xd0, 0xd1, 0x3c, 0x5d, 0x85, 0xf2, 0xb0, 0xff, 0x83, 0x18, 0xd2,
	    0x87, 0x7e, 0xec, 0x2f, 0x63, 0xb9, 0x31, 0xbd, 0x47, 0x41, 0x7a,
	    0x81, 0xa5, 0x38, 0x32, 0x7a, 0xf9, 0x27, 0xda, 0x3e },
	{ 0xbe, 0x68, 0x88, 0x38, 0xca, 0x86, 0x86, 0xe5, 0xc9, 0x06, 0x89,
	    0xbf, 0x2a, 0xb5, 0x85, 0xce, 0xf1, 0x13, 0x7c, 0x99, 0x9b, 0x48,
	    0xc7, 0x0b, 0x92, 0xf6, 0x7a, 0x5c, 0x34, 0xdc, 0x15, 0x69, 0x7b,
	    0x5d, 0x11, 0xc9, 0x82, 0xed, 0x6d, 0x71, 0xbe, 0x1e, 0x1e, 0x7f,
	    0x7b, 0x4e, 0x07, 0x33, 0x88, 0x4a, 0xa9, 0x7c, 0x3f, 0x7a, 0x33,
	    0x9a, 0x8e, 0xd0, 0x35, 0x77, 0xcf, 0x74, 0xbe, 0x09 },
};

static bool
is_digest_of_nothing(const struct tlsa *t)
{
	const uint8_t *p = t->data.base + t->data.at;

	if (t->matching == TLSA_SHA256)
		return memcmp(p, nothing_sha256[0], 32) == 0 ||
		    memcmp(p, nothing_sha256[1], 32) == 0;
	return t->matching == TLSA_SHA512 &&
	    (memcmp(p, nothing_sha512[0], 64) == 0 ||
	        memcmp(p, nothing_sha512[1], 64) == 0);
}

enum tlsa_use
tlsa_read(const struct mailauth_rdata *rr, struct tlsa *t)
{
	if (!parse(rr, t) || !is_sound(t))
		return TLSA_BROKEN;
	if (t->usage <= TLSA_PKIX_EE)
		return TLSA_PKIX;
	return is_digest_of_nothing(t) ? TLSA_NOTHING : TLSA_GOOD;
}

/* Findings on one record, of a set with or without a good one: one match is
 * enough, so what matches nothing harms no good record (RFC 7671 8). */
static void
lint_record(const struct mailauth_rdata *rr, bool some_good,
    struct mailauth_findings *log)
{
	struct tlsa record, *t = &record;

	switch (tlsa_read(rr, t)) {
	case TLSA_BROKEN:
		findings_add(log, MAILAUTH_F_DANE_PARAMS_INVALID);
		return;
	case TLSA_PKIX: findings_add(log, MAILAUTH_F_DANE_USAGE_PKIX); return;
	case TLSA_NOTHING:
		findings_add(log,
		    some_good ? MAILAUTH_F_DANE_RECORD_OF_NOTHING :
		                MAILAUTH_F_DANE_DIGEST_OF_NOTHING);
		return;
	case TLSA_GOOD: break;
	}
	if (t->matching == TLSA_FULL)
		findings_add(log, MAILAUTH_F_DANE_MATCHING_FULL);
	if (t->usage == TLSA_DANE_EE && t->selector == TLSA_SPKI &&
	    t->matching == TLSA_SHA256)
		findings_add(log, MAILAUTH_F_DANE_USAGE_3_1_1);
	if (t->usage == TLSA_DANE_TA && t->matching == TLSA_SHA256)
		findings_add(log, MAILAUTH_F_DANE_USAGE_2_X_1);
}

/*
 * A set without a usable record is invalid. It has an effect all the same:
 * senders with DANE then insist on TLS but authenticate nobody (RFC 7672 2.2).
 * A TLSA record is published for authentication, and "valid" would promise it.
 * Mail arrives, encrypted, so the finding is only a warning.
 *
 * Senders use TLSA records only when they are secure (RFC 7672 2.2). An
 * INSECURE answer is proved to be unsigned, and for an INDETERMINATE one no
 * trust anchor is known: the set gets the finding that senders ignore it. For
 * an UNCHECKED answer nobody knows, so it gets neither that finding nor "ok":
 * the verdict is that of the records, with the state of the answer beside it.
 * Without DNS (scope->plain) the state is always UNCHECKED.
 */
static void
lint_set(struct exam *e)
{
	const struct mailauth_answer *a = e->answer;
	struct mailauth_findings *log = &e->out->findings;
	size_t usable = 0, sha512 = 0;
	struct tlsa t;

	for (size_t i = 0; i < a->nrr; i++) {
		if (tlsa_read(&a->rr[i], &t) == TLSA_GOOD) {
			usable++;
			sha512 += t.matching == TLSA_SHA512;
		}
	}
	for (size_t i = 0; i < a->nrr; i++) {
		size_t from = log->count;

		e->out->matches++;
		lint_record(&a->rr[i], usable > 0, log);
		findings_mark(log, from, i);
	}
	/* Senders can use a digest of nothing: it fails, and mail waits. */
	if (usable == 0 &&
	    !findings_has(log, MAILAUTH_F_DANE_DIGEST_OF_NOTHING))
		findings_add(log, MAILAUTH_F_DANE_NO_USABLE);
	else if (usable > 0 && sha512 == usable)
		findings_add(log, MAILAUTH_F_DANE_SHA512_ONLY);
	if (a->nrr == 1 && !e->scope->plain)
		findings_add(log, MAILAUTH_F_DANE_SINGLE);
	/* UNCHECKED gives neither finding. */
	if (a->dnssec == MAILAUTH_DNSSEC_INSECURE ||
	    a->dnssec == MAILAUTH_DNSSEC_INDETERMINATE)
		findings_add(log, MAILAUTH_F_DANE_TLSA_INSECURE);
	else if (a->dnssec == MAILAUTH_DNSSEC_SECURE && usable > 0)
		findings_add(log, MAILAUTH_F_DANE_OK);
}

static void
show(const struct mailauth_rdata *rr, struct writer *w)
{
	struct tlsa t;

	if (!parse(rr, &t))
		return;
	put_number(w, t.usage);
	put_char(w, ' ');
	put_number(w, t.selector);
	put_char(w, ' ');
	put_number(w, t.matching);
	put_char(w, ' ');
	while (cursor_left(&t.data) > 0)
		put_hex(w, cursor_u8(&t.data));
}

/* Presentation form (RFC 6698 2.2): three numbers, then hexadecimal digits with
 * optional blanks. `high` is the first digit of an octet, or -1. */
static bool
read(struct mailauth_str text, struct writer *w)
{
	int high = -1;
	size_t n = 0;

	for (int i = 0; i < 3; i++) {
		uint32_t v;

		if (!str_number(str_word(&text), UINT8_MAX, &v))
			return false;
		put_char(w, (char)v);
	}
	for (size_t i = 0; i < text.n; i++) {
		int v = hex_value(text.s[i]);

		if (is_fws(text.s[i]))
			continue;
		if (v < 0)
			return false;
		if (high >= 0) {
			put_char(w, (char)(high << 4 | v));
			n++;
		}
		high = high >= 0 ? -1 : v;
	}
	return n > 0 && high < 0;
}

static void
values(const struct mailauth_answer *a, const struct mailauth_judgement *j,
    struct value_sink *s)
{
	struct tlsa t;

	(void)j;
	s->begin_list(s, "records");
	for (size_t i = 0; i < a->nrr; i++) {
		char room[2 * DATA_SHOWN];
		struct writer w = writer_of(room, sizeof(room));
		enum tlsa_use use = tlsa_read(&a->rr[i], &t);

		s->begin_object(s, NULL);
		s->number(s, "usage", t.usage);
		s->number(s, "selector", t.selector);
		s->number(s, "matching", t.matching);
		s->flag(s, "usable", use == TLSA_GOOD);
		s->number(s, "octets", cursor_left(&t.data));
		/* A digest is shown, a whole certificate is not. */
		while (cursor_left(&t.data) > 0 && !w.full)
			put_hex(&w, cursor_u8(&t.data));
		if (!w.full)
			s->word(s, "data", writer_str(&w));
		s->end(s);
	}
	s->end(s);
}

const struct mailauth_kind kind_tlsa = {
	.id = MAILAUTH_KIND_TLSA,
	.name = "tlsa",
	.title = "DANE TLSA of SMTP",
	.reference = "RFC 7672",
	.rrtype = RRTYPE_TLSA,
	.owner = "_25._tcp",
	.lint_set = lint_set,
	.show = show,
	.read = read,
	.values = values,
	.extra = true,
	.missing = MAILAUTH_F_DANE_NONE,
	.lookup = MAILAUTH_F_DANE_TEMPERROR,
	.bogus = MAILAUTH_F_DANE_TLSA_BOGUS,
};
