/*
 * race.c - exercises the threads of the module's log under ThreadSanitizer
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * usage: race ROUNDS
 * Each round uses another number of threads and other sizes, and ends with the
 * check that the counters account for every reply.
 */
#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdio.h>
#include <time.h>
#include <unistd.h>

#include "log/logger.h"
#include "test/unit/feed.h"

#define MUST(what) \
	do { \
		if (!(what)) { \
			fprintf(stderr, "race.c:%d: not so: %s\n", __LINE__, \
			    #what); \
			exit(EXIT_FAILURE); \
		} \
	} while (0)

#define CONTENTS 100
#define FEEDERS  4

static char folder[64];
static struct sighting *made[CONTENTS];
static struct watch watches[FEEDERS];

/* A ring alone: pieces of all sizes come out unchanged and in order. */

#define PIECES 30000u

static void *
put_pieces(void *arg)
{
	struct ring *r = arg;
	uint64_t state = 1;

	for (uint32_t i = 0; i < PIECES;) {
		uint32_t size = 8 + feed_random(&state) % 500;
		uint8_t *p;

		while ((p = ring_reserve(r, size)) == NULL)
			sched_yield();
		memcpy(p, &size, sizeof(size));
		memset(p + sizeof(size), (int)(i++ & 255), size - sizeof(size));
		ring_commit(r, size);
	}
	return NULL;
}

static void
race_ring(size_t size)
{
	uint8_t *data = malloc(size);
	uint64_t state = 1;
	pthread_t thread;
	struct ring r;

	ring_init(&r, data, size);
	MUST(pthread_create(&thread, NULL, put_pieces, &r) == 0);
	for (uint32_t i = 0; i < PIECES; i++) {
		uint32_t n = 8 + feed_random(&state) % 500, is;
		const uint8_t *p;

		while ((p = ring_peek(&r)) == NULL)
			sched_yield();
		memcpy(&is, p, sizeof(is));
		MUST(is == n);
		for (uint32_t k = sizeof(is); k < n; k++)
			MUST(p[k] == (i & 255));
		ring_release(&r, n);
	}
	MUST(ring_peek(&r) == NULL && ring_is_empty(&r));
	pthread_join(thread, NULL);
	free(data);
}

/* Watches and the logger. */

static void
make_contents(void)
{
	static const struct feed sorts[] = {
		{ .name = "", .text = "v=spf1 -all" },
		{ .name = "_dmarc.", .text = "v=DMARC1; p=none" },
		{ .name = "",
		    .head = { .rrtype = RRTYPE_MX,
		        .outcome = MAILAUTH_NODATA } },
		{ .name = "_dmarc.",
		    .head = { .outcome = MAILAUTH_FAILED, .rcode = 2 } },
		{ .name = "_x.", .head = { .outcome = MAILAUTH_NODATA } },
	};

	for (size_t i = 0; i < CONTENTS; i++) {
		struct feed f = sorts[i % (sizeof(sorts) / sizeof(sorts[0]))];
		char name[64];

		snprintf(name, sizeof(name), "%sc%zu.example.", f.name, i);
		f.name = name;
		f.head.dnssec = MAILAUTH_DNSSEC_SECURE;
		made[i] = feed_make(&f);
		MUST(made[i] != NULL);
	}
}

struct feeder {
	pthread_t thread;
	size_t watch;
	unsigned count;
};

static void *
feed_many(void *arg)
{
	struct feeder *f = arg;
	uint64_t state = f->watch;

	for (unsigned i = 0; i < f->count; i++) {
		uint32_t content = feed_random(&state) % CONTENTS;

		feed_watch(&watches[f->watch], made[content],
		    (content + 1) * UINT64_C(0x9e3779b97f4a7c15),
		    1000 + i / 100);
	}
	return NULL;
}

static void
say(bool trouble, const char *text)
{
	(void)trouble;
	(void)text;
}

/* The sum of all numbers of replies. */
static uint64_t
accounted(const char *path)
{
	static const char *const names[] = { "mailauth_replies_total{",
		"mailauth_unrelated_replies_total ",
		"mailauth_dropped_replies_total " };
	FILE *f = fopen(path, "r");
	uint64_t sum = 0;
	char line[256];

	MUST(f != NULL);
	while (fgets(line, sizeof(line), f) != NULL)
		for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
			if (strncmp(line, names[i], strlen(names[i])) == 0)
				sum += strtoull(strrchr(line, ' '), NULL, 10);
	fclose(f);
	return sum;
}

/* Rename the log from time to time, until asked to stop. */
static void *
rotate(void *arg)
{
	struct {
		char from[128], to[128];
	} path;

	snprintf(path.from, sizeof(path.from), "%s/log", folder);
	snprintf(path.to, sizeof(path.to), "%s/log.1", folder);
	while (!atomic_load((atomic_bool *)arg)) {
		rename(path.from, path.to);
		nanosleep(&(struct timespec){ 0, 5000000 }, NULL);
	}
	unlink(path.to);
	return NULL;
}

static void
race_logger(size_t nfeeders, uint32_t cache, size_t ring, unsigned count)
{
	struct feeder feeders[FEEDERS];
	struct logger_setup setup = { .watches = watches,
		.nwatches = nfeeders,
		.say = say,
		.note = "race" };
	atomic_bool over = false;
	char why[CONF_WHY_MAX];
	struct logger *logger;
	pthread_t rotator;

	conf_default(&setup.conf);
	snprintf(setup.conf.log, sizeof(setup.conf.log), "%s/log", folder);
	snprintf(setup.conf.metrics, sizeof(setup.conf.metrics), "%s/metrics",
	    folder);
	setup.conf.repeat_interval = 10;
	setup.conf.metrics_interval = 1;
	setup.conf.cache_size = cache;
	for (size_t i = 0; i < nfeeders; i++)
		MUST(watch_init(&watches[i], cache, ring, 10));
	logger = logger_start(&setup, why);
	MUST(logger != NULL);
	MUST(pthread_create(&rotator, NULL, rotate, &over) == 0);
	for (size_t i = 0; i < nfeeders; i++) {
		feeders[i] = (struct feeder){ .watch = i, .count = count };
		MUST(pthread_create(&feeders[i].thread, NULL, feed_many,
		         &feeders[i]) == 0);
	}
	for (size_t i = 0; i < nfeeders; i++)
		pthread_join(feeders[i].thread, NULL);
	MUST(logger_stop(logger, 60000));
	atomic_store(&over, true);
	pthread_join(rotator, NULL);
	MUST(accounted(setup.conf.metrics) == (uint64_t)count * nfeeders);
	for (size_t i = 0; i < nfeeders; i++)
		watch_free(&watches[i]);
	unlink(setup.conf.log);
	unlink(setup.conf.metrics);
}

int
main(int argc, char **argv)
{
	static const struct {
		uint32_t cache;
		size_t ring;
	} sizes[] = { { 64, 65536 }, { 4096, 1u << 20 }, { 64, 1024 },
		{ 1024, 4096 } };
	unsigned rounds = argc > 1 ? (unsigned)atoi(argv[1]) : 1;

	snprintf(folder, sizeof(folder), "/tmp/mailauth-race.XXXXXX");
	MUST(mkdtemp(folder) != NULL);
	make_contents();
	for (unsigned i = 0; i < rounds; i++) {
		race_ring(1024u << i % 4);
		race_logger(2 + i % (FEEDERS - 1), sizes[i % 4].cache,
		    sizes[i % 4].ring, 100000);
		/* A start with a stop immediately behind it. */
		race_logger(1, 64, 65536, 10);
	}
	for (size_t i = 0; i < CONTENTS; i++)
		free(made[i]);
	MUST(rmdir(folder) == 0);
	printf("race: %u rounds without a race\n", rounds);
	return EXIT_SUCCESS;
}
