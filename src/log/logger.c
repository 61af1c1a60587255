/*
 * logger.c - the writer thread: judges, counts and logs sightings
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * Who owns what: each resolver thread writes its own watch (its table of
 * contents and its ring), and the writer thread only reads the table's counts
 * and takes pieces from the ring. Everything in struct logger belongs to the
 * writer thread, except the flags under `lock`.
 *
 * How a reply is counted: a new content travels through the ring as a sighting
 * and counts 1 in take(). A repeat only increments the count of its slot in the
 * watch; settle() later adds the growth of that count to the series of the
 * content that was in the slot. A sighting carries the slot's count at its
 * arrival (`before`), so that the repeats before it go to the previous content
 * of the slot and those after it to its own.
 */
#include "log/logger.h"

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "log/line.h"
#include "sys/clock.h"

/* Kinds of records in one record set, at most. */
#define KINDS_MAX 4u
/* The writer remembers this many times the contents of one thread's table. */
#define CONTENTS_PER_CACHE 4u
#define CONTENT_WAYS       4u
/* Sightings to take from one ring before the thread looks at the clock, the
 * log and the next ring. */
#define BATCH 256u
/* Milliseconds that an idle thread sleeps: resolver threads never wake it. */
#define IDLE_MS 20
/* Milliseconds to try to write the remaining lines at the end. */
#define LAST_MS 1000
/* After this many messages to the resolver's own log, one per SAY_MS. */
#define SAY_FREELY 20u
#define SAY_MS     60000
/* Milliseconds between two events "dropped", at least. */
#define DROPPED_MS 1000

/* The counters of a content: one for each kind of record judged in it. */
struct series {
	uint16_t at[KINDS_MAX];
	uint8_t n;
};

/* The writer's copy of one slot of a thread's table, as of the last sighting
 * taken from that slot. */
struct shadow {
	uint64_t key;
	uint32_t counted; /* the slot's count up to which repeats are counted */
	struct series series;
};

/* A judged content, of any thread. */
struct content {
	uint64_t key; /* 0: the place is free */
	uint64_t repeats; /* since its last line */
	int64_t logged; /* time of its last line, seconds since 1970 */
	struct series series;
};

struct logger {
	struct logger_setup setup;
	struct counters counters;
	struct sink sink;
	struct content *contents;
	uint32_t ncontents; /* a power of two */
	struct shadow *shadows; /* cache_size of them for each watch */
	struct appraisal *appraisal;
	struct mailauth_scope scope;
	int64_t next_metrics, next_dropped; /* ms */
	uint64_t told_replies, told_lines; /* drops already logged */
	int sink_error, metrics_error; /* errno already reported */
	unsigned nsaid; /* messages to the resolver's own log */
	int64_t next_say; /* ms */
	char line[LINE_MAX_OCTETS];
	char metrics[COUNTERS_TEXT_MAX];

	pthread_t thread;
	pthread_mutex_t lock;
	pthread_cond_t wake; /* signals a change of `stop` or `stopped` */
	/* Under the lock. */
	bool stop, stopped; /* asked to end; has ended */
	bool alone; /* logger_stop() gave up waiting */
};

size_t
logger_memory(const struct conf *conf, size_t nwatches)
{
	return sizeof(struct logger) + sizeof(struct appraisal) + SINK_BUFFER +
	    CONTENTS_PER_CACHE * conf->cache_size * sizeof(struct content) +
	    nwatches *
	    (conf->cache_size * sizeof(struct shadow) +
	        watch_memory(conf->cache_size, conf->buffer_size));
}

/* The table of contents: sets of CONTENT_WAYS places, chosen by the key. */

static struct content *
find_content(struct logger *l, uint64_t key)
{
	struct content *set = &l->contents[key & (l->ncontents - CONTENT_WAYS)];

	for (uint32_t i = 0; i < CONTENT_WAYS; i++)
		if (set[i].key == key)
			return &set[i];
	return NULL;
}

/* Make a place for a new content: a free one of its set, else the one logged
 * longest ago. */
static struct content *
new_content(struct logger *l, uint64_t key)
{
	struct content *set = &l->contents[key & (l->ncontents - CONTENT_WAYS)];
	struct content *c = &set[0];

	for (uint32_t i = 1; i < CONTENT_WAYS; i++)
		if (set[i].key == 0 ||
		    (c->key != 0 && set[i].logged < c->logged))
			c = &set[i];
	l->counters.contents += c->key == 0;
	*c = (struct content){ .key = key };
	return c;
}

/* Count `n` replies with a content of these series. */
static void
count(struct logger *l, const struct series *s, uint64_t n)
{
	for (uint8_t i = 0; i < s->n; i++)
		l->counters.replies[s->at[i]] += n;
	if (s->n == 0)
		l->counters.unrelated += n;
}

/* Credit the growth of a slot's count up to `now` to the content that was in
 * the slot. The count is 32 bits and may wrap: only differences matter. */
static void
settle(struct logger *l, struct shadow *slot, uint32_t now)
{
	uint32_t n = now - slot->counted;
	struct content *c;

	slot->counted = now;
	if (n == 0)
		return;
	count(l, &slot->series, n);
	c = find_content(l, slot->key);
	if (c != NULL)
		c->repeats += n;
}

static void
finish_line(struct logger *l, const struct writer *w)
{
	/* One batch can write many lines: make room before it is scarce. */
	if (l->sink.used > SINK_BUFFER / 2)
		sink_flush(&l->sink, clock_monotonic_ms());
	if (w->full)
		l->sink.dropped++;
	else
		sink_line(&l->sink, writer_str(w));
}

static void
tell_event(struct logger *l, const char *event, const char *note,
    const struct line_number *numbers)
{
	struct writer w = writer_of(l->line, sizeof(l->line));
	int64_t now = clock_utc_ms();

	put_event(&w, &l->setup.conf, now / 1000, (uint32_t)(now % 1000) * 1000,
	    event, note, numbers);
	finish_line(l, &w);
}

/* Judge each kind of record in a sighting and write the lines that the
 * configuration wants. Return the series to count. */
static struct series
judge_sighting(struct logger *l, const struct sighting *s, uint64_t repeats)
{
	struct appraisal *a = l->appraisal;
	struct series series = { .n = 0 };

	appraise(a, s, l->setup.conf.kinds);
	for (size_t i = 0; i < a->nkinds && series.n < KINDS_MAX; i++) {
		struct writer w = writer_of(l->line, sizeof(l->line));

		if (!appraise_kind(a, i, &l->scope))
			continue;
		series.at[series.n++] = counters_series(a->kinds[i]->id,
		    a->verdict, a->answer.dnssec);
		if (l->setup.conf.verdicts & 1u << a->verdict) {
			put_line(&w, &l->setup.conf, a, repeats);
			finish_line(l, &w);
		}
	}
	return series;
}

/* Process one sighting: settle the slot for its previous content, then judge
 * the content unless it was judged within the repeat interval. */
static void
take(struct logger *l, size_t watch, const struct sighting *s)
{
	struct shadow *slot =
	    &l->shadows[watch * l->setup.conf.cache_size + s->slot];
	int64_t interval = l->setup.conf.repeat_interval;
	struct content *c;
	int64_t age;

	settle(l, slot, s->before);
	c = find_content(l, s->key);
	/* Another thread may have handed over the same content a moment later:
	 * a slightly negative age is a repeat. A clock set back by more than a
	 * minute is not, else the content would not be logged for that long. */
	age = c != NULL ? s->sec - c->logged : 0;
	if (c == NULL) {
		c = new_content(l, s->key);
		c->series = judge_sighting(l, s, 0);
		c->logged = s->sec;
	} else if (age >= interval || age < -60) {
		c->series = judge_sighting(l, s, c->repeats);
		c->logged = s->sec;
		c->repeats = 0;
	} else {
		c->repeats++;
	}
	count(l, &c->series, 1);
	slot->key = s->key;
	slot->series = c->series;
}

/* Process up to BATCH sightings of one ring. Return false when it was empty. */
static bool
drain(struct logger *l, size_t i)
{
	struct ring *r = &l->setup.watches[i].ring;

	for (unsigned n = 0; n < BATCH; n++) {
		const struct sighting *s = ring_peek(r);

		if (s == NULL)
			return n > 0;
		take(l, i, s);
		ring_release(r, s->size);
	}
	return true;
}

/* Count the repeats in all tables up to now. The order of the two loads is what
 * makes it right: a resolver thread commits a new content to the ring before it
 * counts repeats of it (release), so an empty ring after the count was read
 * (acquire) means that the count holds only repeats of contents already taken.
 * A slot behind a ring that is not empty waits for the next time. */
static void
settle_all(struct logger *l)
{
	uint32_t n = l->setup.conf.cache_size;

	for (size_t i = 0; i < l->setup.nwatches; i++) {
		struct watch *w = &l->setup.watches[i];

		for (uint32_t slot = 0; slot < n; slot++) {
			uint32_t now =
			    atomic_load_explicit(&w->seen[slot].count,
			        memory_order_acquire);

			if (ring_is_empty(&w->ring))
				settle(l, &l->shadows[i * n + slot], now);
		}
	}
}

static uint64_t
dropped_replies(const struct logger *l)
{
	uint64_t n = 0;

	for (size_t i = 0; i < l->setup.nwatches; i++)
		n += atomic_load_explicit(&l->setup.watches[i].dropped,
		    memory_order_relaxed);
	return n;
}

/* logger_stop() gave up: the resolver may be gone, so that the thread must not
 * call `say`, nor write the metrics file of a successor. */
static bool
is_alone(struct logger *l)
{
	bool alone;

	pthread_mutex_lock(&l->lock);
	alone = l->alone;
	pthread_mutex_unlock(&l->lock);
	return alone;
}

/* Report trouble with a file to the resolver's own log, once when it begins and
 * once when it ends, at a bounded rate. */
static void
tell_trouble(struct logger *l, int *told, int error, const char *path)
{
	char why[128], text[CONF_PATH_MAX + 256];
	int64_t now = clock_monotonic_ms();

	if (error == *told || is_alone(l) ||
	    (l->nsaid >= SAY_FREELY && now < l->next_say))
		return;
	*told = error;
	l->nsaid++;
	l->next_say = now + SAY_MS;
	if (error == 0) {
		snprintf(text, sizeof(text), "%s can be written again", path);
	} else {
		if (strerror_r(error, why, sizeof(why)) != 0)
			snprintf(why, sizeof(why), "error %d", error);
		snprintf(text, sizeof(text), "%s: %s", path, why);
	}
	l->setup.say(error != 0, text);
}

static void
refresh_counters(struct logger *l)
{
	settle_all(l);
	l->counters.lines = l->sink.lines;
	l->counters.dropped_lines = l->sink.dropped;
	l->counters.dropped_replies = dropped_replies(l);
}

static void
write_metrics(struct logger *l)
{
	struct writer w = writer_of(l->metrics, sizeof(l->metrics));
	const char *path = l->setup.conf.metrics;

	refresh_counters(l);
	if (path[0] == '\0')
		return;
	put_counters(&w, &l->counters);
	tell_trouble(l, &l->metrics_error,
	    w.full ? EOVERFLOW : file_replace(path, writer_str(&w)), path);
}

/* Log how many replies and lines were dropped, once lines can be written
 * again. */
static void
tell_dropped(struct logger *l)
{
	uint64_t replies = dropped_replies(l), lines = l->sink.dropped;
	const struct line_number numbers[] = { { "replies",
		                                   replies - l->told_replies },
		{ "lines", lines - l->told_lines }, { NULL, 0 } };

	if (!sink_is_empty(&l->sink) || l->sink.fd < 0 || l->sink.error != 0 ||
	    (replies == l->told_replies && lines == l->told_lines))
		return;
	l->told_replies = replies;
	l->told_lines = lines;
	tell_event(l, "dropped", "", numbers);
}

/* The housekeeping after each round over the rings: lines, events, metrics. */
static void
look_around(struct logger *l)
{
	int64_t now = clock_monotonic_ms();

	sink_flush(&l->sink, now);
	if (now >= l->next_dropped) {
		l->next_dropped = now + DROPPED_MS;
		tell_dropped(l);
	}
	tell_trouble(l, &l->sink_error, l->sink.error, l->setup.conf.log);
	if (now >= l->next_metrics) {
		l->next_metrics =
		    now + (int64_t)l->setup.conf.metrics_interval * 1000;
		write_metrics(l);
	}
}

/* Sleep for IDLE_MS, or until logger_stop() wakes the thread. */
static void
rest(struct logger *l)
{
	int64_t end = clock_monotonic_ms() + IDLE_MS;
	struct timespec t = { .tv_sec = end / 1000,
		.tv_nsec = end % 1000 * 1000000 };

	pthread_mutex_lock(&l->lock);
	if (!l->stop)
		pthread_cond_timedwait(&l->wake, &l->lock, &t);
	pthread_mutex_unlock(&l->lock);
}

static bool
is_over(struct logger *l)
{
	bool stop;

	pthread_mutex_lock(&l->lock);
	stop = l->stop;
	pthread_mutex_unlock(&l->lock);
	return stop;
}

/* Write the event "stop" and the remaining lines, for LAST_MS at most; drop and
 * count the others. */
static void
say_goodbye(struct logger *l)
{
	int64_t end = clock_monotonic_ms() + LAST_MS;
	struct line_number numbers[] = { { "replies", 0 }, { "unrelated", 0 },
		{ "dropped_replies", 0 }, { "lines", 0 },
		{ "dropped_lines", 0 }, { NULL, 0 } };

	tell_dropped(l);
	sink_flush(&l->sink, clock_monotonic_ms());
	refresh_counters(l);
	numbers[0].value = counters_replies(&l->counters);
	numbers[1].value = l->counters.unrelated;
	numbers[2].value = l->counters.dropped_replies;
	numbers[3].value = l->counters.lines;
	numbers[4].value = l->counters.dropped_lines;
	tell_event(l, "stop", "", numbers);
	while (!sink_is_empty(&l->sink) && clock_monotonic_ms() < end) {
		sink_flush(&l->sink, clock_monotonic_ms());
		if (!sink_is_empty(&l->sink))
			nanosleep(&(struct timespec){ 0, 10000000 }, NULL);
	}
	sink_give_up(&l->sink);
	tell_trouble(l, &l->sink_error, l->sink.error, l->setup.conf.log);
	/* After a reload the next logger may own the metrics file. */
	if (!is_alone(l))
		write_metrics(l);
}

/* The writer thread. After `stop` it goes on until one whole round has found
 * every ring empty. */
static void *
run(void *arg)
{
	struct logger *l = arg;

	for (;;) {
		bool over = is_over(l), busy = false;

		for (size_t i = 0; i < l->setup.nwatches; i++)
			busy = drain(l, i) || busy;
		look_around(l);
		if (over && !busy)
			break;
		if (!busy)
			rest(l);
	}
	say_goodbye(l);
	pthread_mutex_lock(&l->lock);
	l->stopped = true;
	pthread_cond_broadcast(&l->wake);
	pthread_mutex_unlock(&l->lock);
	return NULL;
}

static void
logger_free(struct logger *l)
{
	sink_free(&l->sink);
	free(l->contents);
	free(l->shadows);
	free(l->appraisal);
	free(l);
}

static void
make_locks(struct logger *l)
{
	pthread_condattr_t attr;

	pthread_mutex_init(&l->lock, NULL);
	pthread_condattr_init(&attr);
	pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
	pthread_cond_init(&l->wake, &attr);
	pthread_condattr_destroy(&attr);
}

static bool
start_thread(struct logger *l)
{
	sigset_t all, old;
	int failed;

	/* The new thread inherits a full mask: signals belong to the threads of
	 * the resolver. */
	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &old);
	failed = pthread_create(&l->thread, NULL, run, l);
	pthread_sigmask(SIG_SETMASK, &old, NULL);
	return failed == 0;
}

struct logger *
logger_start(const struct logger_setup *setup, char *why)
{
	static const struct line_number none[] = { { NULL, 0 } };
	const struct conf *conf = &setup->conf;
	struct logger *l = calloc(1, sizeof(*l));
	int64_t now = clock_monotonic_ms();

	snprintf(why, CONF_WHY_MAX, "memory ran out");
	if (l == NULL)
		return NULL;
	make_locks(l);
	l->setup = *setup;
	l->ncontents = CONTENTS_PER_CACHE * conf->cache_size;
	l->contents = calloc(l->ncontents, sizeof(*l->contents));
	l->shadows =
	    calloc(setup->nwatches * conf->cache_size, sizeof(*l->shadows));
	l->appraisal = calloc(1, sizeof(*l->appraisal));
	l->scope = (struct mailauth_scope){ .profile = conf->profile,
		.allow_documentation = conf->allow_documentation };
	l->counters.started = clock_utc_ms() / 1000;
	l->counters.threads = setup->nwatches;
	l->counters.memory = logger_memory(conf, setup->nwatches);
	l->next_metrics = l->next_dropped = now;
	if (!sink_init(&l->sink, &l->setup.conf, now) || l->contents == NULL ||
	    l->shadows == NULL || l->appraisal == NULL) {
		logger_free(l);
		return NULL;
	}
	why[0] = '\0';
	if (l->sink.error != 0)
		snprintf(why, CONF_WHY_MAX, "%s cannot be opened: error %d",
		    l->setup.conf.log, l->sink.error);
	tell_trouble(l, &l->sink_error, l->sink.error, l->setup.conf.log);
	tell_event(l, "start", setup->note, none);
	if (!start_thread(l)) {
		snprintf(why, CONF_WHY_MAX, "no thread can be started");
		logger_free(l);
		return NULL;
	}
	return l;
}

bool
logger_stop(struct logger *l, unsigned ms)
{
	int64_t end = clock_monotonic_ms() + ms;
	struct timespec t = { end / 1000, end % 1000 * 1000000L };
	bool stopped;

	pthread_mutex_lock(&l->lock);
	l->stop = true;
	pthread_cond_broadcast(&l->wake);
	/* `stopped` and `alone` change under one lock, so the thread either
	 * has ended, or sees `alone` before it does anything more for us. */
	while (!l->stopped && clock_monotonic_ms() < end)
		pthread_cond_timedwait(&l->wake, &l->lock, &t);
	stopped = l->stopped;
	l->alone = !stopped;
	pthread_mutex_unlock(&l->lock);
	if (!stopped) {
		pthread_detach(l->thread);
		return false;
	}
	pthread_join(l->thread, NULL);
	pthread_cond_destroy(&l->wake);
	pthread_mutex_destroy(&l->lock);
	logger_free(l);
	return true;
}
