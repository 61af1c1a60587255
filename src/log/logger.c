/*
 * logger.c - the thread that judges and writes
 * SPDX-License-Identifier: BSD-3-Clause
 */
#include "log/logger.h"

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "log/line.h"

/* Kinds that can stand in one record set. */
#define KINDS_MAX 4u
/* Contents are remembered for this many of those in one thread's table. */
#define CONTENTS_PER_CACHE 4u
#define CONTENT_WAYS       4u
/* Sightings between two looks at the clock and the log. */
#define BATCH 256u
/* With nothing to do the thread looks again after so many milliseconds. */
#define IDLE_MS 20
/* What is left over at the end is tried this long. */
#define LAST_MS 1000
/* After so many words to the resolver's own log, one a minute will do. */
#define SAY_FREELY 20u
#define SAY_MS     60000
/* An event like "lines were dropped" is told of this often at most. */
#define DROPPED_MS 1000

/* The series of a content's judgements. */
struct series {
	uint16_t at[KINDS_MAX];
	uint8_t n;
};

/* What one slot of a thread's table holds, as the logger knows it. */
struct shadow {
	uint64_t key;
	uint32_t counted; /* of the slot's count */
	struct series series;
};

/* A content that was judged. */
struct content {
	uint64_t key; /* 0: none */
	uint64_t repeats; /* since its last line */
	int64_t logged; /* when that was, in seconds */
	struct series series;
};

struct logger {
	struct logger_setup setup;
	struct counters counters;
	struct sink sink;
	struct content *contents;
	uint32_t ncontents; /* a power of two */
	struct shadow *shadows; /* for each watch, its cache_size */
	struct appraisal *appraisal;
	struct mailauth_scope scope;
	int64_t next_metrics, next_dropped; /* ms */
	uint64_t told_replies, told_lines; /* drops already told of */
	int sink_error, metrics_error; /* already told of */
	unsigned nsaid; /* words to the resolver's own log */
	int64_t next_say; /* ms */
	char line[LINE_MAX_OCTETS];
	char metrics[COUNTERS_TEXT_MAX];

	pthread_t thread;
	pthread_mutex_t lock;
	pthread_cond_t wake; /* to stop, or stopped */
	bool stop, stopped; /* under the lock */
	bool alone; /* nobody waited for the end: under the lock */
};

static int64_t
clock_ms(clockid_t clock)
{
	struct timespec t;

	clock_gettime(clock, &t);
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

size_t
logger_memory(const struct conf *conf, size_t nwatches)
{
	return sizeof(struct logger) + sizeof(struct appraisal) + SINK_BUFFER +
	    CONTENTS_PER_CACHE * conf->cache_size * sizeof(struct content) +
	    nwatches *
	    (conf->cache_size * sizeof(struct shadow) +
	        watch_memory(conf->cache_size, conf->buffer_size));
}

/* Contents. */

static struct content *
find_content(struct logger *l, uint64_t key)
{
	struct content *set = &l->contents[key & (l->ncontents - CONTENT_WAYS)];

	for (uint32_t i = 0; i < CONTENT_WAYS; i++)
		if (set[i].key == key)
			return &set[i];
	return NULL;
}

/* A place for a content not known yet: the one told of longest ago goes. */
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

static void
count(struct logger *l, const struct series *s, uint64_t n)
{
	for (uint8_t i = 0; i < s->n; i++)
		l->counters.replies[s->at[i]] += n;
	if (s->n == 0)
		l->counters.unrelated += n;
}

/* The repeats in a slot, up to `now`, belong to what was in it. */
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

/* Lines. */

static void
finish_line(struct logger *l, const struct writer *w)
{
	/* Many come at once, perhaps. */
	if (l->sink.used > SINK_BUFFER / 2)
		sink_flush(&l->sink, clock_ms(CLOCK_MONOTONIC));
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
	int64_t now = clock_ms(CLOCK_REALTIME);

	put_event(&w, &l->setup.conf, now / 1000, (uint32_t)(now % 1000) * 1000,
	    event, note, numbers);
	finish_line(l, &w);
}

/* Judge what was seen, and write its lines. */
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
		    a->judgement.verdict, a->answer.dnssec);
		if (l->setup.conf.verdicts & 1u << a->judgement.verdict) {
			put_line(&w, &l->setup.conf, a, repeats);
			finish_line(l, &w);
		}
	}
	return series;
}

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
	/* Another thread may have told of it a moment ago; and clocks are set
	 * back. */
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

/* Take what one thread has handed over, up to a batch of it. */
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

/* The repeats in all tables up to now. A slot whose next content is still in
 * the ring is left for later. */
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

/* Those who started the thread went on without it. */
static bool
is_alone(struct logger *l)
{
	bool alone;

	pthread_mutex_lock(&l->lock);
	alone = l->alone;
	pthread_mutex_unlock(&l->lock);
	return alone;
}

/* Trouble with a file, once when it begins and once when it ends. */
static void
tell_trouble(struct logger *l, int *told, int error, const char *path)
{
	char why[128], text[CONF_PATH_MAX + 256];
	int64_t now = clock_ms(CLOCK_MONOTONIC);

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

/* Say what was lost, when lines can be written again. */
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

static void
look_around(struct logger *l)
{
	int64_t now = clock_ms(CLOCK_MONOTONIC);

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

/* Wait a moment, or until the end comes. */
static void
rest(struct logger *l)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	t.tv_nsec += IDLE_MS * 1000000L;
	t.tv_sec += t.tv_nsec / 1000000000L;
	t.tv_nsec %= 1000000000L;
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

static void
say_goodbye(struct logger *l)
{
	int64_t end = clock_ms(CLOCK_MONOTONIC) + LAST_MS;
	struct line_number numbers[] = { { "replies", 0 }, { "unrelated", 0 },
		{ "dropped_replies", 0 }, { "lines", 0 },
		{ "dropped_lines", 0 }, { NULL, 0 } };

	tell_dropped(l);
	sink_flush(&l->sink, clock_ms(CLOCK_MONOTONIC));
	refresh_counters(l);
	numbers[0].value = counters_replies(&l->counters);
	numbers[1].value = l->counters.unrelated;
	numbers[2].value = l->counters.dropped_replies;
	numbers[3].value = l->counters.lines;
	numbers[4].value = l->counters.dropped_lines;
	tell_event(l, "stop", "", numbers);
	while (!sink_is_empty(&l->sink) && clock_ms(CLOCK_MONOTONIC) < end) {
		sink_flush(&l->sink, clock_ms(CLOCK_MONOTONIC));
		if (!sink_is_empty(&l->sink))
			nanosleep(&(struct timespec){ 0, 10000000 }, NULL);
	}
	sink_give_up(&l->sink);
	tell_trouble(l, &l->sink_error, l->sink.error, l->setup.conf.log);
	/* By now another thread may write that file. */
	if (!is_alone(l))
		write_metrics(l);
}

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

	/* Signals are for the threads of the resolver. */
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
	int64_t now = clock_ms(CLOCK_MONOTONIC);

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
	l->counters.started = clock_ms(CLOCK_REALTIME) / 1000;
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
	int64_t end = clock_ms(CLOCK_MONOTONIC) + ms;
	struct timespec t = { end / 1000, end % 1000 * 1000000L };
	bool stopped;

	pthread_mutex_lock(&l->lock);
	l->stop = true;
	pthread_cond_broadcast(&l->wake);
	while (!l->stopped && clock_ms(CLOCK_MONOTONIC) < end)
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
