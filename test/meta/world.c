/*
 * world.c - a made-up DNS, the same for everybody who asks
 * SPDX-License-Identifier: BSD-3-Clause
 */
#include "test/meta/world.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/base64.h"
#include "base/dname.h"
#include "base/str.h"
#include "mailauth/mailauth.h"
#include "record/rrtype.h"

/* Records of one answer. */
#define RECORDS_MAX 8
/* Octets of the text of a record. */
#define TEXT_MAX 2000
/* Letters of the label that nobody has, which is another for each request. */
#define STRANGER 16

#define COUNT(table) (unsigned)(sizeof(table) / sizeof((table)[0]))

static const char *const names[] = { "example.com", "a.example.com",
	"b.example.com", "example.org", "e.example.org", "mx1.example.com",
	"mta.example.com", "x.example.net" };

static const char *const policies[] = {
	"v=DMARC1; p=reject; rua=mailto:r@example.com",
	"v=DMARC1; p=none; rua=mailto:r@example.org",
	"v=DMARC1; p=quarantine; sp=none",
	"v=DMARC1; p=reject; psd=y",
	"v=DMARC1; p=reject; psd=n; np=none",
	"v=DMARC1; p=foo",
	("v=DMARC1; p=reject; adkim=s; aspf=s; "
	 "rua=mailto:r@e.example.org!10m,mailto:q@x.example.net"),
	"v=DMARC1; p=quarantine; t=y",
};

/* Key records: those of the signers come first. */
static char keys[2][1024];
static const char *const key_records[] = { keys[0], keys[1],
	"v=DKIM1; p=", "v=DKIM1; k=rsa; p=AAAA", "hello" };

/* An answer under way. */
struct making {
	struct lookup *l;
	struct mailauth_rdata *rr;
	size_t n;
	uint64_t state; /* of the numbers */
};

uint64_t
world_mix(uint64_t x)
{
	x ^= x >> 33;
	x *= 0xff51afd7ed558ccdU;
	x ^= x >> 33;
	x *= 0xc4ceb9fe1a85ec53U;
	x ^= x >> 33;
	return x;
}

/* A number that hangs on the seed, a name and a type. */
static uint64_t
hash(uint64_t seed, const char *name, unsigned type)
{
	uint64_t h = seed * 0x9e3779b97f4a7c15U + (uint64_t)type * 1315423911U;

	for (; *name != '\0'; name++)
		h = world_mix(h ^ (unsigned char)*name);
	return world_mix(h);
}

/* The next number below `n`. */
static unsigned
roll(struct making *m, unsigned n)
{
	m->state = world_mix(m->state + 0x9e3779b97f4a7c15U);
	return (unsigned)(m->state >> 20) % n;
}

static void
add(struct making *m, const void *data, size_t len)
{
	struct writer w = arena_writer(m->l->arena);

	put_bytes(&w, data, len);
	if (m->n < RECORDS_MAX)
		m->rr[m->n++] = (struct mailauth_rdata){ (const uint8_t *)w.buf,
			(uint16_t)len };
}

static void
add_text(struct making *m, const char *text)
{
	char room[TEXT_MAX + 16];
	struct writer w = writer_of(room, sizeof(room));
	size_t n = strlen(text);

	for (size_t at = 0; at < n; at += 255) {
		struct mailauth_str s = str_sub(str_of(text), at, 255);

		put_char(&w, (char)s.n);
		put_str(&w, s);
	}
	add(m, room, w.used);
}

/* A record with one of the names in it, behind `prefix`. */
static void
add_name(struct making *m, const char *prefix, size_t n)
{
	char room[300];
	struct writer w = writer_of(room, sizeof(room));

	put_bytes(&w, prefix, n);
	put_dname_wire(&w, str_of(names[roll(m, COUNT(names))]));
	add(m, room, w.used);
}

static void
put_term(struct making *m, struct writer *w)
{
	static const char *const qualifiers[] = { "", "", "", "-", "~", "?" };
	const char *name = names[roll(m, COUNT(names))];
	unsigned which = roll(m, 10);

	put_char(w, ' ');
	if (which != 8)
		put_text(w, qualifiers[roll(m, COUNT(qualifiers))]);
	switch (which) {
	case 0:
		put_text(w, "ip4:192.0.2.");
		put_number(w, roll(m, 3) + 3);
		return;
	case 1:
	case 2: put_text(w, "include:"); break;
	case 3: put_text(w, "a"); return;
	case 4: put_text(w, "a:"); break;
	case 5: put_text(w, "mx"); return;
	case 6: put_text(w, "mx:"); break;
	case 7: put_text(w, "exists:%{i}."); break;
	case 9: put_text(w, roll(m, 2) == 0 ? "ptr:" : "exists:%{p}."); break;
	default: put_text(w, "ip6:2001:db8::/32"); return;
	}
	put_text(w, name);
}

static void
add_spf(struct making *m)
{
	static const char *const ends[] = { " -all", " ~all", " ~all", " ?all",
		" redirect=", " -all" };
	char text[TEXT_MAX];
	struct writer w = writer_of(text, sizeof(text));
	unsigned n = roll(m, 5), end;

	put_text(&w, "v=spf1");
	while (n-- > 0)
		put_term(m, &w);
	end = roll(m, COUNT(ends));
	put_text(&w, ends[end]);
	if (ends[end][1] == 'r')
		put_text(&w, names[roll(m, COUNT(names))]);
	if (roll(m, 12) == 0)
		put_text(&w, " exp=e.example.org");
	if (roll(m, 25) == 0)
		put_text(&w, " foo:bar");
	put_char(&w, '\0');
	add_text(m, text);
}

static void
add_texts_of_a_domain(struct making *m)
{
	add_spf(m);
	if (roll(m, 14) == 0)
		add_spf(m);
	if (roll(m, 6) == 0)
		add_text(m, "google-site-verification=x");
	if (roll(m, 9) == 0)
		add_text(m, "spf2.0/pra ip4:192.0.2.4 ~all");
}

static void
add_texts(struct making *m, const char *name)
{
	if (strstr(name, "._report._dmarc.") != NULL) {
		add_text(m,
		    roll(m, 3) > 0 ? "v=DMARC1" :
		                     "v=DMARC1; rua=mailto:x@example.org");
	} else if (strncmp(name, "_dmarc.", 7) == 0) {
		unsigned n = 1 + (roll(m, 12) == 0);

		while (n-- > 0)
			add_text(m, policies[roll(m, COUNT(policies))]);
	} else if (strncmp(name, "_domainkey", 10) == 0) {
		add_text(m, "o=-");
	} else if (strstr(name, "_domainkey") != NULL) {
		/* Those of the signers more often than others. */
		unsigned which = roll(m, 2) == 0 ?
		    strstr(name, "list.") == NULL ? 0 : 1 :
		    roll(m, COUNT(key_records));

		add_text(m, key_records[which]);
	} else if (strstr(name, "_bimi") != NULL) {
		add_text(m,
		    roll(m, 3) > 0 ? "v=BIMI1; l=https://example.com/x.svg" :
		                     "v=BIMI1; l=; a=");
	} else if (strstr(name, "_adsp") != NULL) {
		add_text(m, "dkim=all");
	} else {
		add_texts_of_a_domain(m);
	}
}

static void
add_records(struct making *m, const char *name)
{
	uint8_t data[16] = { 192, 0, 2 };
	unsigned n = 1 + roll(m, 2);

	switch (m->l->answer.rrtype) {
	case RRTYPE_TXT: add_texts(m, name); break;
	case RRTYPE_A:
		while (n-- > 0) {
			data[3] = (uint8_t)(3 + roll(m, 3));
			add(m, data, 4);
		}
		break;
	case RRTYPE_AAAA:
		memcpy(data, "\x20\x01\x0d\xb8", 4);
		data[15] = (uint8_t)roll(m, 3);
		if (roll(m, 2) == 0)
			add(m, data, 16);
		break;
	case RRTYPE_MX:
		for (unsigned i = 0; i < n; i++)
			add_name(m, i == 0 ? "\0\0" : "\0\12", 2);
		break;
	case RRTYPE_PTR:
	case RRTYPE_NS: add_name(m, "", 0); break;
	case RRTYPE_SOA:
		if (roll(m, 4) == 0)
			add(m, "\0\0\1\1\1\1\1\1\1\1\1\1\1\1\1\1\1\1\1\1\1\1",
			    22);
		break;
	default: break;
	}
}

/* The name is one that nobody has, made up for this request. */
static bool
is_strange(const char *name)
{
	size_t n = strspn(name, "abcdefghijklmnopqrstuvwxyz234567");

	return n == STRANGER && name[n] == '.';
}

static void
remember(struct world *w, const struct world_question *q)
{
	for (size_t i = 0; i < w->nasked; i++)
		if (w->asked[i].rrtype == q->rrtype &&
		    strcmp(w->asked[i].name, q->name) == 0)
			return;
	if (w->nasked < WORLD_ASKED && !is_strange(q->name))
		w->asked[w->nasked++] = *q;
}

/* Whether a name exists hangs on the name; whether it has records of a type on
 * both. */
static enum mailauth_outcome
outcome_of(const struct world *w, const struct world_question *q,
    struct making *m)
{
	bool apex = q->rrtype == RRTYPE_SOA || q->rrtype == RRTYPE_NS;

	m->state = hash(w->seed, q->name, 0);
	if (is_strange(q->name) ||
	    (roll(m, 8) == 0 && strcmp(q->name, "example.com") != 0))
		return MAILAUTH_NXDOMAIN;
	m->state = hash(w->seed, q->name, q->rrtype);
	return roll(m, 10) < 2 && !apex ? MAILAUTH_NODATA : MAILAUTH_FOUND;
}

static void
answer(struct fake *f, struct lookup *l)
{
	struct world *w = (struct world *)f;
	struct world_question q = { .rrtype = l->answer.rrtype };
	struct making m = { .l = l };

	if (l->probe) {
		fake_fail(l, MAILAUTH_CAUSE_TIMEOUT, STR_NONE);
		return;
	}
	snprintf(q.name, sizeof(q.name), "%.*s", (int)l->answer.name.n - 1,
	    l->answer.name.s);
	remember(w, &q);
	if (w->failing.rrtype == q.rrtype &&
	    strcmp(w->failing.name, q.name) == 0) {
		fake_fail(l, w->cause, STR("made to fail"));
		return;
	}
	l->answer.dnssec =
	    w->seed & 1 ? MAILAUTH_DNSSEC_SECURE : MAILAUTH_DNSSEC_INSECURE;
	l->answer.ttl = 300;
	l->answer.zone = STR("example.com.");
	m.rr = arena_alloc(l->arena, RECORDS_MAX * sizeof(*m.rr));
	l->answer.outcome = outcome_of(w, &q, &m);
	if (l->answer.outcome != MAILAUTH_FOUND || m.rr == NULL)
		return;
	add_records(&m, q.name);
	l->answer.rr = m.rr;
	l->answer.nrr = m.n;
	if (m.n == 0)
		l->answer.outcome = MAILAUTH_NODATA;
}

static void
make_key(char room[1024], const char *folder, const char *name)
{
	char path[1024], why[MAILAUTH_WHY_MAX];
	struct writer w = writer_of(room, 1024);
	uint8_t *der;
	size_t len;

	snprintf(path, sizeof(path), "%s/%s.pem", folder, name);
	if (mailauth_key_read(path, &der, &len, why) != MAILAUTH_OK) {
		fprintf(stderr, "meta: %s\n", why);
		exit(EXIT_FAILURE);
	}
	put_text(&w, "v=DKIM1; k=rsa; p=");
	put_base64(&w, der, len);
	put_char(&w, '\0');
	free(der);
}

void
world_start(struct world *w, const char *folder)
{
	make_key(keys[0], folder, "rsa-2048");
	make_key(keys[1], folder, "rsa-2048-other");
	fake_start(&w->fake, answer);
	world_turn(w, 0);
}

void
world_turn(struct world *w, uint64_t seed)
{
	w->seed = seed;
	w->nasked = 0;
	w->failing.rrtype = 0;
	w->fake.asked = 0;
}
