/*
 * spf.c - measures evaluations of SPF a second, without a network
 * SPDX-License-Identifier: BSD-3-Clause
 *
 *   spf ZONE        ours, and libspf2's where it is installed, in turn
 *
 * No record lists the sender's address, so that an evaluation makes all ten
 * lookups. The rates are medians of rounds; compare the ratio.
 */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "base/addr.h"
#include "base/str.h"
#include "record/kind.h"
#include "spf/walk.h"

#ifdef HAVE_SPF2
#include "test/bench/spf_peer.h"
#endif

#define ROUNDS        51
#define ROUND_SECONDS 0.05
#define CLIENT        "192.0.2.9"

/* The zone. */

struct set {
	struct mailauth_answer answer;
	struct mailauth_rdata rr[4];
};

static struct set sets[64];
static size_t nsets;

static double
now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

static void *
copy(const void *data, size_t n)
{
	void *room = malloc(n + 1);

	if (room == NULL)
		exit(71);
	memcpy(room, data, n);
	return room;
}

static struct set *
set_of(struct mailauth_str name, uint16_t type)
{
	for (size_t i = 0; i < nsets; i++)
		if (sets[i].answer.rrtype == type &&
		    str_eq(sets[i].answer.name, name))
			return &sets[i];
	if (nsets == sizeof(sets) / sizeof(sets[0]))
		exit(70);
	sets[nsets].answer = (struct mailauth_answer){
		.name = { copy(name.s, name.n), name.n },
		.rrtype = type,
		.outcome = MAILAUTH_NXDOMAIN,
		.dnssec = MAILAUTH_DNSSEC_SECURE,
		.rr = sets[nsets].rr,
	};
	return &sets[nsets++];
}

/* Read a line of the zone, name, type and data, into wire format. */
static void
add(const char *owner, const char *type, const char *data)
{
	char name[300];
	uint8_t wire[1024];
	size_t n = 0;
	struct dname host;
	struct addr addr;
	struct set *s;
	uint16_t number = strcmp(type, "TXT") == 0 ? RRTYPE_TXT :
	    strcmp(type, "MX") == 0                ? RRTYPE_MX :
	                                             RRTYPE_A;

	snprintf(name, sizeof(name), "%s.", owner);
	s = set_of(str_of(name), number);
	if (number == RRTYPE_TXT) {
		for (const char *p = data; *p != '\0'; n += 1u + wire[n]) {
			size_t part = strlen(p) < 255 ? strlen(p) : 255;

			wire[n] = (uint8_t)part;
			memcpy(wire + n + 1, p, part);
			p += part;
		}
	} else if (number == RRTYPE_MX) {
		char *end;

		wire[0] = 0;
		wire[1] = (uint8_t)strtol(data, &end, 10);
		if (dname_parse(str_of(end + 1), &host) != DNAME_OK)
			exit(66);
		memcpy(wire + 2, host.wire, host.len);
		n = 2u + host.len;
	} else {
		if (!addr_parse4(str_of(data), &addr))
			exit(66);
		memcpy(wire, addr.octet, 4);
		n = 4;
	}
	s->answer.outcome = MAILAUTH_FOUND;
	s->rr[s->answer.nrr++] =
	    (struct mailauth_rdata){ copy(wire, n), (uint16_t)n };
}

static const struct mailauth_answer *
ask(struct spf_source *s, struct mailauth_str name, uint16_t type)
{
	(void)s;
	return &set_of(name, type)->answer;
}

/* Our evaluation. */

static struct arena programs, scratch;
static struct spf_source source = { .ask = ask,
	.arena = &programs,
	.scratch = &scratch };
static struct spf_query query = { .values = { .local = STR_INIT("joe"),
	                              .helo = STR_INIT("mail.example.com"),
	                              .receiver = STR_INIT("unknown") } };
static bool traced, anew;

static void
evaluate(void)
{
	struct spf_outcome out;

	if (anew) {
		arena_free(&programs);
		source.programs = NULL;
	}
	spf_evaluate(&source, &query, traced, &out);
	arena_free(&scratch);
	if (out.result != MAILAUTH_SPF_FAIL || out.terms != 10) {
		fprintf(stderr, "spf: %s with %u lookups\n",
		    spf_result_name(out.result), out.terms);
		exit(70);
	}
}

static double
rate(void (*one)(void))
{
	double begun = now(), t;
	unsigned long n = 0;

	do {
		for (int i = 0; i < 64; i++)
			one();
		n += 64;
		t = now();
	} while (t - begun < ROUND_SECONDS);
	return (double)n / (t - begun);
}

static int
compare(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return x < y ? -1 : x > y;
}

static double
median(double *v)
{
	qsort(v, ROUNDS, sizeof(*v), compare);
	return v[ROUNDS / 2];
}

int
main(int argc, char **argv)
{
	static double own[ROUNDS], kept[ROUNDS], tree[ROUNDS];
	FILE *f = argc == 2 ? fopen(argv[1], "r") : NULL;
	char line[2048];
#ifdef HAVE_SPF2
	static double peer[ROUNDS], ratio[ROUNDS];
#endif

	if (f == NULL) {
		fprintf(stderr, "usage: spf ZONE\n");
		return 64;
	}
	while (fgets(line, sizeof(line), f) != NULL) {
		char owner[256], type[16];
		int at = 0;

		line[strcspn(line, "\n")] = '\0';
		if (line[0] == '#' ||
		    sscanf(line, "%255s %15s %n", owner, type, &at) < 2)
			continue;
		add(owner, type, line + at);
#ifdef HAVE_SPF2
		peer_add(owner, type, line + at);
#endif
	}
	fclose(f);
	query.domain = STR("example.com.");
	query.values.sender_domain = STR("example.com");
	addr_parse(str_of(CLIENT), &query.values.ip);
	for (int i = 0; i < ROUNDS; i++) {
		anew = true;
		own[i] = rate(evaluate);
		anew = false;
		kept[i] = rate(evaluate);
		traced = true;
		tree[i] = rate(evaluate);
		traced = false;
#ifdef HAVE_SPF2
		peer[i] = rate(peer_evaluate);
		ratio[i] = own[i] / peer[i];
#endif
	}
	printf("SPF, ten lookups at hand         %8.0f/s\n", median(own));
	printf("  the records read before        %8.0f/s\n", median(kept));
	printf("  and with the tree of terms     %8.0f/s\n", median(tree));
#ifdef HAVE_SPF2
	printf("  libspf2                        %8.0f/s  ratio %.1f\n",
	    median(peer), median(ratio));
#else
	printf("  libspf2 is not here\n");
#endif
	return 0;
}
