/*
 * parse.c - records a second, from the wire to findings
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * Peers are measured in turn with us, where they are installed: libspf2
 * compiles the same SPF texts, libopendmarc parses the same DMARC texts. The
 * rates are medians of rounds; what counts is the ratio.
 */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "base/base64.h"
#include "base/str.h"
#include "record/kind.h"
#include "record/pubkey.h"
#include "record/taglist.h"
#include "report/verdict.h"

#ifdef HAVE_SPF2
#include <netinet/in.h>
/* In this order: they do not include each other. */
#include <spf2/spf.h>
#include <spf2/spf_dns_null.h>
#endif
#ifdef HAVE_OPENDMARC
#include <opendmarc/dmarc.h>
#endif

#define ROUNDS        15
#define ROUND_SECONDS 0.1

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
#define TEXTS_MAX    16

/* Something that is repeated. */
struct job {
	const char *name;
	void (*once)(size_t i);
	double rate[ROUNDS];
};

static uint8_t wire[2][TEXTS_MAX][1024];
static struct mailauth_rdata rdata[2][TEXTS_MAX];
static struct mailauth_scratch scratch;
static unsigned long sum; /* of results, so that they are made */

static double
now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

static void
to_wire(unsigned set, const char *const *texts, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		struct mailauth_str rest = str_of(texts[i]);
		size_t used = 0;

		while (rest.n > 0) {
			struct mailauth_str piece = str_sub(rest, 0, 255);

			wire[set][i][used++] = (uint8_t)piece.n;
			memcpy(&wire[set][i][used], piece.s, piece.n);
			used += piece.n;
			rest = str_from(rest, piece.n);
		}
		rdata[set][i].data = wire[set][i];
		rdata[set][i].len = (uint16_t)used;
	}
}

static void
judge_one(enum mailauth_kind_id id, struct mailauth_str name,
    const struct mailauth_rdata *rr)
{
	static const struct mailauth_scope scope = {
		.profile = MAILAUTH_PROFILE_GUIDE
	};
	struct mailauth_answer a = { .name = name,
		.rrtype = RRTYPE_TXT,
		.outcome = MAILAUTH_FOUND,
		.dnssec = MAILAUTH_DNSSEC_SECURE,
		.ttl = 3600,
		.rr = rr,
		.nrr = 1 };
	struct mailauth_judgement j;

	judge(kind_at(id), &a, &scope, &scratch, &j);
	sum += j.findings.count;
}

static void
our_spf(size_t i)
{
	judge_one(MAILAUTH_KIND_SPF, STR("example.com."),
	    &rdata[0][i % COUNT(spf_texts)]);
}

static void
our_dmarc(size_t i)
{
	judge_one(MAILAUTH_KIND_DMARC, STR("_dmarc.example.com."),
	    &rdata[1][i % COUNT(dmarc_texts)]);
}

/* The text of p= to the numbers of the key. */
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

/* The whole record, with the search for a small factor. */
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
	    spf_texts[i % COUNT(spf_texts)]);
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
	static char room[TEXTS_MAX][512];
	size_t k = i % COUNT(dmarc_texts);
	DMARC_POLICY_T *p = opendmarc_policy_connect_init(ip, 0);

	if (room[k][0] == '\0')
		strcpy(room[k], dmarc_texts[k]);
	sum += (unsigned)opendmarc_policy_parse_dmarc(p, domain,
	    (u_char *)room[k]);
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
median(struct job *job)
{
	qsort(job->rate, ROUNDS, sizeof(double), compare);
	return job->rate[ROUNDS / 2];
}

/* Ours, and the peer's when there is one, round by round in turn. */
static void
measure(struct job *ours, struct job *peer)
{
	double rate;

	for (unsigned r = 0; r < ROUNDS; r++) {
		round_of(ours, r);
		if (peer != NULL)
			round_of(peer, r);
	}
	rate = median(ours);
	printf("%-28s %11.0f/s\n", ours->name, rate);
	if (peer != NULL) {
		printf("%-28s %11.0f/s\n", peer->name, median(peer));
		printf("%-28s %11.2f\n", "  ratio", rate / median(peer));
	}
}

int
main(void)
{
	struct job spf = { .name = "SPF, wire to findings", .once = our_spf };
	struct job dmarc = { .name = "DMARC, wire to findings",
		.once = our_dmarc };
	struct job key = { .name = "DKIM, p= to RSA-2048 key",
		.once = our_key };
	struct job dkim = { .name = "DKIM, wire to findings",
		.once = our_dkim };

	to_wire(0, spf_texts, COUNT(spf_texts));
	to_wire(1, dmarc_texts, COUNT(dmarc_texts));
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
