/*
 * test_logger.c - the writer thread from end to end
 * SPDX-License-Identifier: BSD-3-Clause
 */
#include <fcntl.h>
#include <jansson.h>
#include <pthread.h>
#include <stdio.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

#include "feed.h"
#include "judge/names.h"
#include "log/logger.h"
#include "unit.h"

#define COUNT(table) ((int)(sizeof(table) / sizeof((table)[0])))

#define WATCHES 4
/* More contents than a logger with the smallest table remembers. */
#define CONTENTS 600
#define INTERVAL 300

static char folder[64];
static char metrics[65536];
static struct logger_setup plan;
static struct watch watches[WATCHES];
static struct logger *logger;
static char why[CONF_WHY_MAX];

/* The messages to the resolver's log. */
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static unsigned troubles, comforts;
static char said[2048];

static void
say(bool trouble, const char *text)
{
	pthread_mutex_lock(&lock);
	*(trouble ? &troubles : &comforts) += 1;
	snprintf(said, sizeof(said), "%s", text);
	pthread_mutex_unlock(&lock);
}

static unsigned
heard(const unsigned *count)
{
	unsigned n;

	pthread_mutex_lock(&lock);
	n = *count;
	pthread_mutex_unlock(&lock);
	return n;
}

static int64_t
clock_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

/* Wait for a condition; fail after 30 seconds. */
#define WAIT_FOR(what) \
	do { \
		for (int64_t end = clock_ms() + 30000; !(what);) { \
			if (clock_ms() > end) \
				ck_abort_msg("never: %s", #what); \
			nanosleep(&(struct timespec){ 0, 1000000 }, NULL); \
		} \
	} while (0)

/* The contents to feed, and the series in which each is counted. */
static struct sighting *made[CONTENTS];

static const struct {
	struct feed feed;
	const char *series; /* NULL: unrelated */
} sorts[] = {
	{ { .name = "",
	      .text = "v=spf1 -all",
	      .head = { .dnssec = MAILAUTH_DNSSEC_SECURE } },
	    "kind=\"spf\",verdict=\"valid\",dnssec=\"secure\"" },
	{ { .name = "",
	      .text = "v=spf1 foo -all",
	      .head = { .dnssec = MAILAUTH_DNSSEC_INSECURE } },
	    "kind=\"spf\",verdict=\"invalid\",dnssec=\"insecure\"" },
	{ { .name = "_dmarc.",
	      .head = { .outcome = MAILAUTH_NODATA,
	          .dnssec = MAILAUTH_DNSSEC_INDETERMINATE } },
	    "kind=\"dmarc\",verdict=\"none\",dnssec=\"indeterminate\"" },
	{ { .name = "",
	      .head = { .rrtype = RRTYPE_MX,
	          .outcome = MAILAUTH_FAILED,
	          .dnssec = MAILAUTH_DNSSEC_BOGUS,
	          .rcode = 2 } },
	    "kind=\"mx\",verdict=\"temperror\",dnssec=\"bogus\"" },
	{ { .name = "_x.",
	      .head = { .outcome = MAILAUTH_NODATA,
	          .dnssec = MAILAUTH_DNSSEC_SECURE } },
	    NULL },
};

static void
make_contents(void)
{
	for (int i = 0; i < CONTENTS; i++) {
		struct feed f = sorts[i % COUNT(sorts)].feed;
		char name[64];

		snprintf(name, sizeof(name), "%sc%d.example.", f.name, i);
		f.name = name;
		f.head.first_ttl = 300;
		made[i] = feed_make(&f);
		ck_assert_ptr_nonnull(made[i]);
	}
}

/* Keys that spread over all sets. */
static uint64_t
key_of(uint64_t content)
{
	return (content + 1) * 0x9e3779b97f4a7c15u;
}

static const char *
path_of(const char *name)
{
	static char path[4][128];
	static unsigned which;
	char *p = path[which++ % 4];

	snprintf(p, sizeof(path[0]), "%s/%s", folder, name);
	return p;
}

static void
setup(void)
{
	snprintf(folder, sizeof(folder), "/tmp/mailauth-unit.XXXXXX");
	ck_assert_ptr_nonnull(mkdtemp(folder));
	conf_default(&plan.conf);
	snprintf(plan.conf.log, sizeof(plan.conf.log), "%s", path_of("log"));
	snprintf(plan.conf.metrics, sizeof(plan.conf.metrics), "%s",
	    path_of("metrics"));
	plan.conf.repeat_interval = INTERVAL;
	plan.conf.metrics_interval = 3600;
	plan.watches = watches;
	plan.say = say;
	plan.note = "a \"test\"";
	troubles = comforts = 0;
	said[0] = '\0';
	make_contents();
}

static void
teardown(void)
{
	static const char *const names[] = { "log", "sub/log", "socket",
		"metrics" };

	for (size_t i = 0; i < plan.nwatches; i++)
		watch_free(&watches[i]);
	for (int i = 0; i < CONTENTS; i++)
		free(made[i]);
	for (int i = 0; i < COUNT(names); i++)
		unlink(path_of(names[i]));
	rmdir(path_of("sub"));
	ck_assert_int_eq(rmdir(folder), 0);
}

static void
make_watches(size_t n, uint32_t cache, size_t ring)
{
	plan.nwatches = n;
	plan.conf.cache_size = cache;
	for (size_t i = 0; i < n; i++)
		ck_assert(watch_init(&watches[i], cache, ring, INTERVAL));
}

static void
start(void)
{
	logger = logger_start(&plan, why);
	ck_assert_msg(logger != NULL, "%s", why);
}

static void
stop(void)
{
	FILE *f;
	size_t n;

	ck_assert(logger_stop(logger, 20000));
	f = fopen(plan.conf.metrics, "r");
	ck_assert_ptr_nonnull(f);
	n = fread(metrics, 1, sizeof(metrics) - 1, f);
	fclose(f);
	metrics[n] = '\0';
}

/* The writer thread has taken every sighting. */
static bool
all_taken(void)
{
	for (size_t i = 0; i < plan.nwatches; i++)
		if (!ring_is_empty(&watches[i].ring))
			return false;
	return true;
}

/* The number behind a name in the metrics; 0 without such a line. */
static uint64_t
metric(const char *name)
{
	char head[300];
	const char *at;

	snprintf(head, sizeof(head), "\n%s ", name);
	at = strstr(metrics, head);
	return at != NULL ? strtoull(at + strlen(head), NULL, 10) : 0;
}

static uint64_t
replies_of(const char *series)
{
	char name[256];

	snprintf(name, sizeof(name), "mailauth_replies_total{%s}", series);
	return metric(name);
}

static uint64_t
all_replies(void)
{
	static const char name[] = "\nmailauth_replies_total{";
	const char *p = metrics;
	uint64_t sum = 0;

	while ((p = strstr(p, name)) != NULL) {
		p = strstr(p, "} ") + 2;
		sum += strtoull(p, NULL, 10);
	}
	return sum;
}

static uint64_t
dropped_replies(void)
{
	return metric("mailauth_dropped_replies_total");
}

/* The lines of the log. */
static json_t *
read_log(void)
{
	FILE *f = fopen(plan.conf.log, "r");
	json_t *all = json_array(), *one;
	json_error_t error;
	static char line[65536];

	ck_assert_ptr_nonnull(f);
	while (fgets(line, sizeof(line), f) != NULL) {
		ck_assert_ptr_nonnull(strchr(line, '\n'));
		one = json_loads(line, JSON_REJECT_DUPLICATES, &error);
		ck_assert_msg(one != NULL, "%s: %s", error.text, line);
		json_array_append_new(all, one);
	}
	fclose(f);
	return all;
}

static const char *
word_of(const json_t *line, const char *name)
{
	const char *s = json_string_value(json_object_get(line, name));

	return s != NULL ? s : "";
}

static uint64_t
number_of(const json_t *line, const char *name)
{
	const json_t *n = json_object_get(line, name);

	ck_assert_msg(json_is_integer(n), "no %s", name);
	return (uint64_t)json_integer_value(n);
}

/* The first line of an event; NULL without one. */
static const json_t *
event_of(const json_t *log, const char *event)
{
	for (size_t i = 0; i < json_array_size(log); i++)
		if (strcmp(word_of(json_array_get(log, i), "event"), event) ==
		    0)
			return json_array_get(log, i);
	return NULL;
}

/* The number of lines about records. */
static size_t
records_of(const json_t *log)
{
	size_t n = 0;

	for (size_t i = 0; i < json_array_size(log); i++)
		n += json_object_get(json_array_get(log, i), "event") == NULL;
	return n;
}

START_TEST(nothing_fed)
{
	const json_t *line;
	json_t *log;

	make_watches(2, 64, 4096);
	start();
	ck_assert_str_eq(why, "");
	stop();
	log = read_log();
	ck_assert_uint_eq(json_array_size(log), 2);
	line = json_array_get(log, 0);
	ck_assert_str_eq(word_of(line, "event"), "start");
	ck_assert_str_eq(word_of(line, "note"), "a \"test\"");
	line = json_array_get(log, 1);
	ck_assert_str_eq(word_of(line, "event"), "stop");
	ck_assert_uint_eq(number_of(line, "replies"), 0);
	ck_assert_uint_eq(number_of(line, "unrelated"), 0);
	ck_assert_uint_eq(number_of(line, "dropped_replies"), 0);
	ck_assert_uint_eq(number_of(line, "lines"), 1);
	ck_assert_uint_eq(number_of(line, "dropped_lines"), 0);
	ck_assert_uint_eq(all_replies(), 0);
	ck_assert_uint_eq(metric("mailauth_log_lines_total"), 2);
	ck_assert_uint_eq(metric("mailauth_threads"), 2);
	ck_assert_uint_eq(metric("mailauth_memory_bytes"),
	    logger_memory(&plan.conf, 2));
	ck_assert_uint_gt(metric("mailauth_start_time_seconds"), 1700000000);
	ck_assert_uint_eq(troubles + comforts, 0);
	json_decref(log);
}
END_TEST

/* The times at which a content is seen, and the repeats in each line that
 * results. */
static const struct {
	struct {
		int64_t sec;
		unsigned times;
	} seen[6];
	int64_t lines[6]; /* ends with -1 */
} repeats[] = {
	{ { { 1000, 1 } }, { 0, -1 } },
	{ { { 1000, 10 } }, { 0, -1 } },
	{ { { 1000, 10 }, { 1299, 5 } }, { 0, -1 } },
	{ { { 1000, 10 }, { 1300, 5 }, { 1600, 1 } }, { 0, 9, 4, -1 } },
	{ { { 1000, 1 }, { 1300, 1 }, { 1600, 1 } }, { 0, 0, 0, -1 } },
	{ { { 1000, 3 }, { 1001, 3 }, { 5000, 1 } }, { 0, 5, -1 } },
	/* Somebody sets the clock back. */
	{ { { 9000, 3 }, { 8940, 3 }, { 8900, 2 } }, { 0, 5, -1 } },
};

START_TEST(repeats_counted)
{
	uint64_t fed = 0;
	json_t *log;
	size_t n = 0;

	make_watches(1, 64, 65536);
	start();
	for (int i = 0; i < COUNT(repeats[_i].seen); i++)
		for (unsigned k = 0; k < repeats[_i].seen[i].times; k++, fed++)
			feed_watch(&watches[0], made[0], key_of(0),
			    repeats[_i].seen[i].sec);
	stop();
	log = read_log();
	for (size_t i = 0; i < json_array_size(log); i++) {
		const json_t *line = json_array_get(log, i);

		if (json_object_get(line, "event") != NULL)
			continue;
		ck_assert_str_eq(word_of(line, "name"), "c0.example.");
		ck_assert_int_eq((int64_t)number_of(line, "repeats"),
		    repeats[_i].lines[n++]);
	}
	ck_assert_int_eq(repeats[_i].lines[n], -1);
	ck_assert_uint_eq(replies_of(sorts[0].series), fed);
	ck_assert_uint_eq(all_replies(), fed);
	ck_assert_uint_eq(number_of(event_of(log, "stop"), "replies"), fed);
	json_decref(log);
}
END_TEST

/* Several threads see the same content: there is one line an interval, and each
 * reply is a line or in a number of repeats. */
START_TEST(repeats_shared)
{
	static const struct {
		size_t watch;
		int64_t sec;
		unsigned times;
	} seen[] = { { 0, 1000, 1 }, { 1, 1010, 3 }, { 0, 1020, 5 },
		{ 1, 1310, 7 }, { 0, 1320, 9 }, { 1, 1609, 2 }, { 0, 1620, 1 },
		{ 1, 1700, 4 }, { 0, 2000, 1 }, { 1, 2010, 1 },
		{ 0, 2310, 1 } };
	uint64_t fed = 0, told = 0;
	json_t *log;

	make_watches(2, 64, 65536);
	start();
	for (int i = 0; i < COUNT(seen); i++) {
		for (unsigned k = 0; k < seen[i].times; k++, fed++)
			feed_watch(&watches[seen[i].watch], made[1], key_of(1),
			    seen[i].sec);
		WAIT_FOR(all_taken());
	}
	stop();
	log = read_log();
	for (size_t i = 0; i < json_array_size(log); i++) {
		const json_t *line = json_array_get(log, i);

		if (json_object_get(line, "event") == NULL)
			told += 1 + number_of(line, "repeats");
	}
	/* At 1000, 1310, 1620, 2000 and 2310. */
	ck_assert_uint_eq(records_of(log), 5);
	ck_assert_uint_eq(told, fed);
	ck_assert_uint_eq(replies_of(sorts[1].series), fed);
	json_decref(log);
}
END_TEST

/* A thread that feeds contents, and counts how often it fed each. */
struct feeder {
	pthread_t thread;
	size_t watch;
	unsigned count;
	uint64_t fed[COUNT(sorts)];
};

static void *
feed_many(void *arg)
{
	struct feeder *f = arg;
	uint64_t state = f->watch;

	for (unsigned i = 0; i < f->count; i++) {
		/* Feed some contents more often than others. */
		uint32_t r = feed_random(&state);
		uint32_t content = r % 4 == 0 ? r / 4 % CONTENTS : r / 4 % 20;

		feed_watch(&watches[f->watch], made[content], key_of(content),
		    1000 + i / 50);
		f->fed[content % COUNT(sorts)]++;
	}
	return NULL;
}

static const struct {
	uint32_t cache;
	size_t ring;
	unsigned count;
	bool roomy; /* the ring is so large that it drops nothing */
} loads[] = {
	{ 64, 4u << 20, 20000, true }, { 4096, 4u << 20, 20000, true },
	{ 64, 4096, 50000, false }, { 4096, 512, 50000, false },
	{ 64, 64, 1000, false }, /* nothing fits */
};

START_TEST(all_accounted)
{
	struct feeder feeders[WATCHES];
	uint64_t fed = 0, sum = 0, by_sort[COUNT(sorts)] = { 0 };
	json_t *log;

	memset(feeders, 0, sizeof(feeders));
	make_watches(WATCHES, loads[_i].cache, loads[_i].ring);
	start();
	for (size_t i = 0; i < WATCHES; i++) {
		feeders[i].watch = i;
		feeders[i].count = loads[_i].count;
		ck_assert_int_eq(pthread_create(&feeders[i].thread, NULL,
		                     feed_many, &feeders[i]),
		    0);
	}
	for (size_t i = 0; i < WATCHES; i++) {
		pthread_join(feeders[i].thread, NULL);
		fed += feeders[i].count;
		for (int k = 0; k < COUNT(sorts); k++)
			by_sort[k] += feeders[i].fed[k];
	}
	stop();
	sum = metric("mailauth_unrelated_replies_total") + dropped_replies() +
	    all_replies();
	ck_assert_uint_eq(sum, fed);
	if (loads[_i].roomy)
		ck_assert_uint_eq(dropped_replies(), 0);
	for (int k = 0; k < COUNT(sorts); k++) {
		uint64_t is = sorts[k].series != NULL ?
		    replies_of(sorts[k].series) :
		    metric("mailauth_unrelated_replies_total");

		ck_assert_uint_le(is, by_sort[k]);
		if (loads[_i].roomy)
			ck_assert_uint_eq(is, by_sort[k]);
	}
	ck_assert_uint_le(metric("mailauth_cache_contents"),
	    4 * loads[_i].cache);
	/* A file takes every line. */
	log = read_log();
	ck_assert_uint_eq(metric("mailauth_dropped_log_lines_total"), 0);
	ck_assert_uint_eq(metric("mailauth_log_lines_total"),
	    json_array_size(log));
	if (dropped_replies() > 0) {
		sum = 0;
		for (size_t i = 0; i < json_array_size(log); i++) {
			const json_t *line = json_array_get(log, i);

			if (strcmp(word_of(line, "event"), "dropped") == 0)
				sum += number_of(line, "replies");
		}
		ck_assert_uint_eq(sum, dropped_replies());
	}
	json_decref(log);
}
END_TEST

/* More lines at once than the buffer holds: all are written. */
START_TEST(burst)
{
	json_t *log;

	make_watches(WATCHES, 1024, 1u << 20);
	for (uint64_t i = 0; i < WATCHES * 1024; i++)
		ck_assert_int_eq(feed_watch(&watches[i % WATCHES], made[0],
		                     UINT64_C(0x100000001) * (i + 1), 1000),
		    FED_TAKEN);
	start();
	stop();
	log = read_log();
	ck_assert_uint_eq(metric("mailauth_dropped_log_lines_total"), 0);
	ck_assert_uint_eq(records_of(log), WATCHES * 1024);
	json_decref(log);
}
END_TEST

/* A content is judged anew after the interval, since the result may depend on
 * values outside its key. */
START_TEST(judged_anew)
{
	struct sighting *other;
	struct feed f = { .name = "c2.example.",
		.head = { .outcome = MAILAUTH_FAILED,
		    .dnssec = MAILAUTH_DNSSEC_INDETERMINATE,
		    .rcode = 2 } };
	json_t *log;

	f.name = "_dmarc.c2.example.";
	other = feed_make(&f);
	make_watches(1, 64, 65536);
	start();
	for (int i = 0; i < 3; i++)
		feed_watch(&watches[0], made[2], key_of(2), 1000);
	for (int i = 0; i < 5; i++)
		feed_watch(&watches[0], other, key_of(2), 1300);
	stop();
	log = read_log();
	ck_assert_uint_eq(records_of(log), 2);
	ck_assert_uint_eq(replies_of(sorts[2].series), 3);
	ck_assert_uint_eq(replies_of("kind=\"dmarc\",verdict=\"temperror\","
	                             "dnssec=\"indeterminate\""),
	    5);
	json_decref(log);
	free(other);
}
END_TEST

/* Unwanted verdicts and kinds get no lines. */
START_TEST(filters)
{
	json_t *log;

	plan.conf.verdicts = 1u << MAILAUTH_INVALID;
	plan.conf.kinds = 1u << MAILAUTH_KIND_SPF;
	make_watches(1, 64, 65536);
	start();
	for (uint64_t i = 0; i < 50; i++)
		feed_watch(&watches[0], made[i], key_of(i), 1000);
	stop();
	log = read_log();
	ck_assert_uint_eq(records_of(log), 10);
	for (size_t i = 1; i + 1 < json_array_size(log); i++)
		ck_assert_str_eq(word_of(json_array_get(log, i), "verdict"),
		    "invalid");
	ck_assert_uint_eq(replies_of(sorts[0].series), 10);
	ck_assert_uint_eq(all_replies(), 20);
	ck_assert_uint_eq(metric("mailauth_unrelated_replies_total"), 30);
	json_decref(log);
}
END_TEST

/* The log reports replies that did not fit into the ring. */
START_TEST(dropped_told)
{
	const json_t *line;
	uint64_t dropped = 0;
	json_t *log;

	make_watches(2, 64, 512);
	for (uint64_t i = 0; i < 100; i++)
		dropped += feed_watch(&watches[i % 2], made[i], key_of(i),
		               1000) == FED_DROPPED;
	ck_assert_uint_gt(dropped, 50);
	start();
	stop();
	log = read_log();
	line = event_of(log, "dropped");
	ck_assert_ptr_nonnull(line);
	ck_assert_uint_eq(number_of(line, "replies"), dropped);
	ck_assert_uint_eq(number_of(line, "lines"), 0);
	line = event_of(log, "stop");
	ck_assert_uint_eq(number_of(line, "dropped_replies"), dropped);
	ck_assert_uint_eq(number_of(line, "replies") +
	        number_of(line, "unrelated"),
	    100 - dropped);
	ck_assert_uint_eq(dropped_replies(), dropped);
	/* The events: start, dropped once, stop. */
	ck_assert_uint_eq(json_array_size(log), records_of(log) + 3);
	json_decref(log);
}
END_TEST

/* A log that cannot be opened is reported once, and once when it can be. */
START_TEST(trouble_told)
{
	json_t *log;

	snprintf(plan.conf.log, sizeof(plan.conf.log), "%s",
	    path_of("sub/log"));
	make_watches(1, 64, 65536);
	start();
	ck_assert_ptr_nonnull(strstr(why, "sub/log cannot be opened"));
	ck_assert_uint_eq(heard(&troubles), 1);
	ck_assert_ptr_nonnull(strstr(said, "sub/log: No such file"));
	feed_watch(&watches[0], made[0], key_of(0), 1000);
	WAIT_FOR(all_taken());
	ck_assert_uint_eq(heard(&troubles), 1);
	ck_assert_int_eq(mkdir(path_of("sub"), 0700), 0);
	WAIT_FOR(heard(&comforts) == 1);
	ck_assert_ptr_nonnull(strstr(said, "sub/log can be written again"));
	stop();
	log = read_log();
	ck_assert_uint_eq(json_array_size(log), 3);
	ck_assert_uint_eq(heard(&troubles), 1);
	ck_assert_uint_eq(heard(&comforts), 1);
	json_decref(log);
}
END_TEST

START_TEST(metrics_trouble_told)
{
	snprintf(plan.conf.metrics, sizeof(plan.conf.metrics), "%s",
	    path_of("sub/log"));
	plan.conf.metrics_interval = 1;
	make_watches(1, 64, 65536);
	start();
	WAIT_FOR(heard(&troubles) == 1);
	ck_assert_int_eq(mkdir(path_of("sub"), 0700), 0);
	WAIT_FOR(heard(&comforts) == 1);
	/* The metrics are current while the logger runs. */
	feed_watch(&watches[0], made[0], key_of(0), 1000);
	feed_watch(&watches[0], made[0], key_of(0), 1000);
	for (metrics[0] = '\0'; replies_of(sorts[0].series) != 2;) {
		FILE *f = fopen(plan.conf.metrics, "r");

		if (f != NULL) {
			metrics[fread(metrics, 1, sizeof(metrics) - 1, f)] =
			    '\0';
			fclose(f);
		}
		nanosleep(&(struct timespec){ 0, 1000000 }, NULL);
	}
	stop();
	ck_assert_uint_eq(heard(&troubles), 1);
}
END_TEST

/* With a reader that takes nothing the logger stops soon all the same, and
 * counts the lines left behind as dropped. */
START_TEST(stop_unread)
{
	struct sockaddr_un at = { .sun_family = AF_UNIX };
	int listener = socket(AF_UNIX, SOCK_STREAM, 0), fd;
	int64_t began;
	uint64_t lines = 0;
	char octets[4096];
	ssize_t n;

	snprintf(at.sun_path, sizeof(at.sun_path), "%s", path_of("socket"));
	ck_assert_int_eq(bind(listener, (struct sockaddr *)&at, sizeof(at)), 0);
	ck_assert_int_eq(listen(listener, 1), 0);
	plan.conf.target = CONF_TO_STREAM;
	snprintf(plan.conf.log, sizeof(plan.conf.log), "%s", at.sun_path);
	make_watches(1, 4096, 4u << 20);
	for (uint64_t i = 0; i < 4096; i++)
		feed_watch(&watches[0], made[0], UINT64_C(0x100000001) * i + 1,
		    1000);
	start();
	fd = accept(listener, NULL, NULL);
	ck_assert_int_ge(fd, 0);
	WAIT_FOR(all_taken());
	began = clock_ms();
	stop();
	ck_assert_int_lt(clock_ms() - began, 10000);
	while ((n = read(fd, octets, sizeof(octets))) > 0)
		for (ssize_t i = 0; i < n; i++)
			lines += octets[i] == '\n';
	ck_assert_uint_eq(metric("mailauth_log_lines_total"), lines);
	/* One line for each content, a start and a stop. */
	ck_assert_uint_ge(lines + metric("mailauth_dropped_log_lines_total"),
	    4096 + 2);
	ck_assert_uint_le(lines + metric("mailauth_dropped_log_lines_total"),
	    4096 + 3);
	close(fd);
	close(listener);
}
END_TEST

static void
say_forever(bool trouble, const char *text)
{
	say(trouble, text);
	/* The first message comes before the thread starts. */
	while (heard(&troubles) > 1)
		nanosleep(&(struct timespec){ 1000, 0 }, NULL);
}

/* logger_stop() leaves a thread that hangs behind. */
START_TEST(stop_hanging)
{
	static struct watch left;
	int64_t began;

	plan.say = say_forever;
	snprintf(plan.conf.log, sizeof(plan.conf.log), "%s",
	    path_of("sub/log"));
	snprintf(plan.conf.metrics, sizeof(plan.conf.metrics), "%s",
	    path_of("sub/log"));
	plan.conf.cache_size = 64;
	ck_assert(watch_init(&left, 64, 65536, INTERVAL));
	plan.watches = &left;
	plan.nwatches = 1;
	start();
	WAIT_FOR(heard(&troubles) == 2);
	began = clock_ms();
	ck_assert(!logger_stop(logger, 50));
	ck_assert_int_lt(clock_ms() - began, 5000);
	/* The thread still uses its watch: it is not freed, nor one of those
	 * that the next test makes. */
	plan.nwatches = 0;
}
END_TEST

/* Starts and stops in quick succession. */
START_TEST(again_and_again)
{
	make_watches(2, 64, 65536);
	for (int i = 0; i < 100; i++) {
		start();
		feed_watch(&watches[i % 2], made[i], key_of((uint64_t)i),
		    1000 + i * INTERVAL);
		stop();
		ck_assert_uint_eq(all_replies() +
		        metric("mailauth_unrelated_replies_total"),
		    1);
	}
}
END_TEST

Suite *
suite_logger(void)
{
	Suite *s = suite_create("logger");
	TCase *tc = tcase_create("logger");

	tcase_set_timeout(tc, 120);
	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_test(tc, nothing_fed);
	tcase_add_loop_test(tc, repeats_counted, 0, COUNT(repeats));
	tcase_add_test(tc, repeats_shared);
	tcase_add_loop_test(tc, all_accounted, 0, COUNT(loads));
	tcase_add_test(tc, burst);
	tcase_add_test(tc, judged_anew);
	tcase_add_test(tc, filters);
	tcase_add_test(tc, dropped_told);
	tcase_add_test(tc, trouble_told);
	tcase_add_test(tc, metrics_trouble_told);
	tcase_add_test(tc, stop_unread);
	tcase_add_test(tc, stop_hanging);
	tcase_add_test(tc, again_and_again);
	suite_add_tcase(s, tc);
	return s;
}
