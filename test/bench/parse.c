/*
 * parse.c - measures records a second, from the wire to findings
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * The program alternates with peers where they are installed: libspf2 compiles
 * the same SPF texts, libopendmarc parses the same DMARC texts. The rates are
 * medians of rounds. Compare ratios: each is the median of the ratios of
 * adjacent rounds.
 *
 *   parse [SPF-FILE DMARC-FILE]     use these texts, one a line
 */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "base/base64.h"
#include "base/str.h"
#include "judge/verdict.h"
#include "record/kind.h"
#include "record/pubkey.h"
#include "record/taglist.h"

#ifdef HAVE_SPF2
#include <netinet/in.h>
/* Keep this order: these headers do not include what they need. */
#include <spf2/spf.h>
#include <spf2/spf_dns_null.h>
#endif
#ifdef HAVE_OPENDMARC
#include <opendmarc/dmarc.h>
#endif

#ifndef ROUNDS
#define ROUNDS        101
#define ROUND_SECONDS 0.02
#endif

static const char *const spf_texts[] = {
	"v=spf1 -all",
	"v=spf1 mx -all",
	"v=spf1 a mx ~all",
	"v=spf1 ip4:198.51.100.7 -all",
	"v=spf1 include:_spf.example.net ~all",
	"v=spf1 redirect=_spf.example.net",
	"v=spf1 include:spf.protection.example.com include:mail.example.org "
	"-all",
	"v=spf1 a mx ip4:203.0.113.0/24 ip6:2001:db8:45::/48 "
	"include:_spf.example.net include:servers.example.org ?all",
	"v=spf1 ip4:198.51.100.0/26 ip4:198.51.100.128/27 ip4:203.0.113.9 "
	"ip4:203.0.113.17 ip4:203.0.113.64/28 ip6:2001:db8:1::/64 "
	"ip6:2001:db8:2::25 include:spf.example.net -all",
	"v=spf1 exists:%{i}._spf.%{d2}.example.net a:mail.example.com/28 "
	"mx:example.org exp=explain._spf.%{d} -all",
};

static const char *const dmarc_texts[] = {
	"v=DMARC1; p=none",
	"v=DMARC1; p=reject; rua=mailto:dmarc@example.com",
	"v=DMARC1; p=reject; sp=reject; rua=mailto:report@example.com",
	"v=DMARC1; p=quarantine; rua=mailto:a@example.com; adkim=r; aspf=r",
	"v=DMARC1; p=reject; sp=none; adkim=s; aspf=s; fo=1; "
	"rua=mailto:rua@example.com; ruf=mailto:ruf@example.com",
	"v=DMARC1;p=none;rua=mailto:x@agg.example.net,mailto:y@example.org;"
	"ruf=mailto:f@example.net;fo=1:d:s",
	"v=DMARC1; p=quarantine; sp=quarantine; pct=100; ri=86400; "
	"rua=mailto:dmarc-reports@example.com",
};

static const char dkim_p[] =
    "MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEAy1rwFa+ZPuJ53jESoVHm/8ho"
    "0QZaRrvQi18eCySW9XVGXjVgQm46YzdD+YZVw97cppfGgSXR1rbnXgb2rlJsaMSH65EF"
    "ulzcIqZQFwf9m7BAndZOZT0Z1sxgLfFjlSP87TiE5spGRi8/QRxSEPIvmbXujkZcHzYh"
    "ckyxPVROLm88CGjlq/eTE18Lagvs1yFcD6o2dBWLOyI9D51AMfNOQCtCPiP+BW+fByfY"
    "XTHjIjLFW90s/gFm8ttPEELm5AFX5uGX+P0Y1urgZXNaUsGCstH6td3x2+lZbVVxPkPg"
    "m4/LWCyR0rU0/GwnqTnIBrLwZMPvFormGQRzl+oJ9y//uQIDAQAB";

#define COUNT(table) (sizeof(table) / sizeof((table)[0]))
#define TEXTS_MAX    4096
#define TEXT_MAX     1024

/* A measurement. */
struct job {
	const char *name;
	void (*once)(size_t i);
	double rate[ROUNDS];
};

/* Texts, each also as RDATA. */
struct texts {
	size_t n;
	char text[TEXTS_MAX][TEXT_MAX];
	uint8_t wire[TEXTS_MAX][TEXT_MAX + TEXT_MAX / 255 + 1];
	struct mailauth_rdata rdata[TEXTS_MAX];
};

static struct texts spf_set, dmarc_set;
static struct mailauth_scratch scratch;
static unsigned long sum; /* uses the results, so that none is left out */

static double
now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

static void
add_text(struct texts *set, const char *text)
{
	struct mailauth_str rest = str_of(text);
	uint8_t *wire = set->wire[set->n];
	size_t used = 0;

	if (set->n == TEXTS_MAX || rest.n >= TEXT_MAX)
		return;
	memcpy(set->text[set->n], text, rest.n);
	while (rest.n > 0) {
		struct mailauth_str piece = str_sub(rest, 0, 255);

		wire[used++] = (uint8_t)piece.n;
		memcpy(wire + used, piece.s, piece.n);
		used += piece.n;
		rest = str_from(rest, piece.n);
	}
	set->rdata[set->n++] = (struct mailauth_rdata){ wire, (uint16_t)used };
}

static bool
add_file(struct texts *set, const char *name)
{
	char line[TEXT_MAX + 1];
	FILE *f = fopen(name, "r");

	if (f == NULL)
		return false;
	while (fgets(line, sizeof(line), f) != NULL) {
		line[strcspn(line, "\n")] = '\0';
		if (line[0] != '\0')
			add_text(set, line);
	}
	fclose(f);
	return set->n > 0;
}

static void
judge_one(enum mailauth_kind_id id, struct mailauth_str name,
    const struct mailauth_rdata *rr)
{
	/* The texts use documentation addresses in place of public ones. */
	static const struct mailauth_scope scope = { .profile =
		                                         MAILAUTH_PROFILE_GUIDE,
		.allow_documentation = true };
	/* An answer as a resolver gives it; each call sets what differs. */
	static struct mailauth_answer a = { .rrtype = RRTYPE_TXT,
		.outcome = MAILAUTH_FOUND,
		.dnssec = MAILAUTH_DNSSEC_SECURE,
		.ttl = 3600,
		.nrr = 1 };
	struct mailauth_judgement j;

	a.name = name;
	a.rr = rr;
	judge(kind_at(id), &a, &scope, &scratch, &j);
	sum += j.findings.count;
}

static void
our_spf(size_t i)
{
	judge_one(MAILAUTH_KIND_SPF, STR("example.com."),
	    &spf_set.rdata[i % spf_set.n]);
}

static void
our_dmarc(size_t i)
{
	judge_one(MAILAUTH_KIND_DMARC, STR("_dmarc.example.com."),
	    &dmarc_set.rdata[i % dmarc_set.n]);
}

/* Decode the text of p= to the numbers of the key. */
static void
our_key(size_t i)
{
	uint8_t octets[sizeof(dkim_p)];
	struct key key;
	size_t n;

	(void)i;
	base64_decode(STR(dkim_p), octets, &n, NULL);
	key_decode(octets, n, &key);
	sum += key_bits(&key);
}

/* Judge the whole record, with the search for a small factor. */
static void
our_dkim(size_t i)
{
	static uint8_t data[1024];
	static struct mailauth_rdata rr;

	(void)i;
	if (rr.len == 0) {
		static const char head[] = "v=DKIM1; k=rsa; p=";
		size_t n = sizeof(head) - 1;

		data[0] = 255;
		memcpy(data + 1, head, n);
		memcpy(data + 1 + n, dkim_p, 255 - n);
		data[256] = (uint8_t)(sizeof(dkim_p) - 1 - (255 - n));
		memcpy(data + 257, dkim_p + (255 - n), data[256]);
		rr.data = data;
		rr.len = (uint16_t)(257 + data[256]);
	}
	judge_one(MAILAUTH_KIND_DKIM, STR("s._domainkey.example.com."), &rr);
}

#ifdef HAVE_SPF2
static SPF_server_t *spf2;

static void
peer_spf(size_t i)
{
	SPF_response_t *response = SPF_response_new(NULL);
	SPF_record_t *record = NULL;

	SPF_record_compile(spf2, response, &record,
	    spf_set.text[i % spf_set.n]);
	if (record != NULL) {
		sum += record->mech_len;
		SPF_record_free(record);
	}
	SPF_response_free(response);
}
#endif

#ifdef HAVE_OPENDMARC
static void
peer_dmarc(size_t i)
{
	static u_char ip[] = "198.51.100.7";
	static u_char domain[] = "example.com";
	DMARC_POLICY_T *p = opendmarc_policy_connect_init(ip, 0);

	sum += (unsigned)opendmarc_policy_parse_dmarc(p, domain,
	    (u_char *)dmarc_set.text[i % dmarc_set.n]);
	opendmarc_policy_connect_shutdown(p);
}
#endif

static void
round_of(struct job *job, unsigned r)
{
	double start = now(), end;
	size_t n = 0;

	do {
		for (unsigned k = 0; k < 64; k++)
			job->once(n++);
		end = now();
	} while (end - start < ROUND_SECONDS);
	job->rate[r] = (double)n / (end - start);
}

static int
compare(const void *a, const void *b)
{
	const double *x = a, *y = b;

	return (*x > *y) - (*x < *y);
}

static double
median(double *of)
{
	qsort(of, ROUNDS, sizeof(double), compare);
	return of[ROUNDS / 2];
}

/* Measure ours, and the peer's where installed, in alternate rounds. */
static void
measure(struct job *ours, struct job *peer)
{
	double ratio[ROUNDS];

	for (unsigned r = 0; r < ROUNDS; r++) {
		round_of(ours, r);
		if (peer == NULL)
			continue;
		round_of(peer, r);
		ratio[r] = ours->rate[r] / peer->rate[r];
	}
	printf("%-28s %11.0f/s\n", ours->name, median(ours->rate));
	if (peer != NULL) {
		printf("%-28s %11.0f/s\n", peer->name, median(peer->rate));
		printf("%-28s %11.2f\n", "  ratio", median(ratio));
	}
}

int
main(int argc, char **argv)
{
	struct job spf = { .name = "SPF, wire to findings", .once = our_spf };
	struct job dmarc = { .name = "DMARC, wire to findings",
		.once = our_dmarc };
	struct job key = { .name = "DKIM, p= to RSA-2048 key",
		.once = our_key };
	struct job dkim = { .name = "DKIM, wire to findings",
		.once = our_dkim };

	if (argc == 3) {
		if (!add_file(&spf_set, argv[1]) ||
		    !add_file(&dmarc_set, argv[2])) {
			fputs("parse: a file of texts cannot be read\n",
			    stderr);
			return 1;
		}
	} else {
		for (size_t i = 0; i < COUNT(spf_texts); i++)
			add_text(&spf_set, spf_texts[i]);
		for (size_t i = 0; i < COUNT(dmarc_texts); i++)
			add_text(&dmarc_set, dmarc_texts[i]);
	}
#ifdef HAVE_SPF2
	struct job spf_peer = { .name = "  libspf2 compile", .once = peer_spf };

	spf2 = SPF_server_new_dns(SPF_dns_null_new(NULL, NULL, 0), 0);
	measure(&spf, &spf_peer);
	SPF_server_free(spf2);
#else
	measure(&spf, NULL);
	puts("  libspf2 is not here");
#endif
#ifdef HAVE_OPENDMARC
	struct job dmarc_peer = { .name = "  libopendmarc parse",
		.once = peer_dmarc };

	measure(&dmarc, &dmarc_peer);
#else
	measure(&dmarc, NULL);
	puts("  libopendmarc is not here");
#endif
	measure(&key, NULL);
	measure(&dkim, NULL);
	return sum == 0;
}
