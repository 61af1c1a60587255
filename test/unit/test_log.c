/*
 * test_log.c - hashes, rings, watches and counters of the module
 * SPDX-License-Identifier: BSD-3-Clause
 */
#include <stdio.h>

#include "feed.h"
#include "judge/names.h"
#include "log/counters.h"
#include "unit.h"

#define COUNT(table) ((int)(sizeof(table) / sizeof((table)[0])))

/* libcheck reports each of its own assertions to a file, which is too slow for
 * inner loops. */
#define FAST_ASSERT(what) \
	do { \
		if (!(what)) \
			ck_abort_msg("not so: %s", #what); \
	} while (0)

static const struct hash_key secret = { 0x9ae16a3b2f90404fu,
	0xc949c7defeb24d8au, 0x3cbe1b7a5d2f0e69u };

/* Hashes. */

/* Lengths up to this one cover every branch of the hashes. */
#define LENGTHS 140u

typedef uint64_t (*hash_fn)(const struct hash_key *key, uint64_t h,
    const uint8_t *p, size_t n);

static const struct {
	hash_fn hash;
	bool folds;
} hashes[] = {
	{ hash_bytes, false },
	{ hash_name, true },
};

/* Copy octets into a block of exactly their size: a sanitizer reports a read
 * past the end. */
static uint8_t *
block(size_t n, uint64_t seed)
{
	uint8_t *p = malloc(n > 0 ? n : 1);

	ck_assert_ptr_nonnull(p);
	for (size_t i = 0; i < n; i++)
		p[i] = (uint8_t)feed_random(&seed);
	return p;
}

START_TEST(hash_octets)
{
	hash_fn hash = hashes[_i].hash;

	for (size_t n = 1; n <= LENGTHS; n++) {
		uint8_t *p = block(n, n);

		for (size_t at = 0; at < n; at++) {
			uint8_t was = p[at];
			uint64_t as = hash(&secret, secret.start, p, n);

			for (unsigned c = 0; c < 256; c++) {
				uint64_t is;
				bool same = hashes[_i].folds ?
				    to_lower((char)c) == to_lower((char)was) :
				    c == was;

				p[at] = (uint8_t)c;
				is = hash(&secret, secret.start, p, n);
				if ((as == is) != same)
					ck_abort_msg("%zu octets: %02x and "
					             "%02x at %zu",
					    n, was, c, at);
			}
			p[at] = was;
		}
		free(p);
	}
}
END_TEST

/* Zeros at the end change the hash. */
START_TEST(hash_lengths)
{
	uint64_t seen[LENGTHS + 1];

	for (size_t n = 0; n <= LENGTHS; n++) {
		uint8_t *p = block(n, 0);

		memset(p, 0, n);
		seen[n] = hashes[_i].hash(&secret, secret.start, p, n);
		for (size_t m = 0; m < n; m++)
			FAST_ASSERT(seen[n] != seen[m]);
		free(p);
	}
}
END_TEST

/* The state before and the key change the hash. */
START_TEST(hash_state)
{
	struct hash_key other = secret;
	hash_fn hash = hashes[_i].hash;
	uint8_t *p = block(23, 1);
	uint64_t is = hash(&secret, secret.start, p, 23);

	ck_assert_uint_eq(hash(&secret, secret.start, p, 23), is);
	ck_assert_uint_ne(hash(&secret, secret.start + 1, p, 23), is);
	other.a++;
	ck_assert_uint_ne(hash(&other, secret.start, p, 23), is);
	other = secret;
	other.b++;
	ck_assert_uint_ne(hash(&other, secret.start, p, 23), is);
	free(p);
}
END_TEST

/* Contents that would make a factor 0 if the initial state were one of the
 * other secrets: the length as a loaded word, and zeros. */
START_TEST(hash_chosen)
{
	for (size_t n = 9; n <= LENGTHS; n++)
		for (size_t at = 8; at < n; at++) {
			uint8_t *p = block(n, n);
			uint64_t before = 0;

			memset(p + 8, 0, n - 8);
			p[at] = (uint8_t)n;
			for (unsigned c = 0; c < 256; c++) {
				uint64_t is;

				p[2] = (uint8_t)c;
				is = hashes[_i].hash(&secret, secret.start, p,
				    n);
				FAST_ASSERT(is != before);
				before = is;
			}
			free(p);
		}
}
END_TEST

/* The hashes of records are added, since a set has no order. An octet that
 * moves from one record to another must still change the sum. */
START_TEST(hash_sums)
{
	for (size_t n = 1; n <= LENGTHS; n++) {
		uint8_t *p = block(n, 3), *q = block(n, 3);
		uint64_t sum, moved;

		for (size_t at = 0; at < n; at++) {
			p[at] = 20;
			q[at] = 10;
			sum = hash_bytes(&secret, secret.start, p, n) +
			    hash_bytes(&secret, secret.start, q, n);
			p[at] = 30;
			q[at] = 0;
			moved = hash_bytes(&secret, secret.start, p, n) +
			    hash_bytes(&secret, secret.start, q, n);
			FAST_ASSERT(sum != moved);
			p[at] = q[at] = 1;
		}
		free(p);
		free(q);
	}
}
END_TEST

/* Rings. */

/* Write a piece: its size, then octets derived from the size and a number. */
static bool
put_piece(struct ring *r, uint32_t size, uint32_t number)
{
	uint8_t *p = ring_reserve(r, size);

	if (p == NULL)
		return false;
	FAST_ASSERT((uintptr_t)p % 8 == 0);
	memcpy(p, &size, sizeof(size));
	for (uint32_t i = sizeof(size); i < size; i++)
		p[i] = (uint8_t)(number * 31 + i);
	ring_commit(r, size);
	return true;
}

static void
take_piece(struct ring *r, uint32_t size, uint32_t number)
{
	const uint8_t *p = ring_peek(r);
	bool torn = false;
	uint32_t is;

	FAST_ASSERT(p != NULL);
	FAST_ASSERT(!ring_is_empty(r));
	memcpy(&is, p, sizeof(is));
	FAST_ASSERT(is == size);
	for (uint32_t i = sizeof(size); i < size; i++)
		torn = torn || p[i] != (uint8_t)(number * 31 + i);
	FAST_ASSERT(!torn);
	FAST_ASSERT(ring_peek(r) == p);
	ring_release(r, size);
}

/* The ring has room for a piece, at the end of its memory or at its start. */
static bool
has_room(struct ring *r, uint32_t size)
{
	size_t head = atomic_load(&r->head), tail = atomic_load(&r->tail);
	size_t need = (size + 7u) & ~7u, left = r->size - head % r->size;

	return need <= r->size &&
	    (need <= left ? need : left + need) <= r->size - (head - tail);
}

static const struct {
	uint32_t size; /* octets of the ring */
	uint32_t most; /* octets of the largest piece */
} rings[] = {
	{ 16, 8 },
	{ 64, 32 },
	{ 64, 64 },
	{ 256, 128 },
	{ 1024, 40 },
	{ 4096, 2048 },
};

START_TEST(ring_soak)
{
	struct {
		uint32_t size, number;
	} model[4096];
	uint32_t first = 0, next = 0, refused = 0;
	uint64_t state = (uint64_t)_i;
	uint8_t *data = malloc(rings[_i].size);
	struct ring r;

	ring_init(&r, data, rings[_i].size);
	ck_assert(ring_is_empty(&r));
	ck_assert_ptr_null(ring_peek(&r));
	for (uint32_t n = 0; n < 100000; n++) {
		uint32_t size = 4 + feed_random(&state) % (rings[_i].most - 3);
		bool room = has_room(&r, size);

		/* Alternate between a rather full and a rather empty ring. */
		if (feed_random(&state) % 100 < (n % 2000 < 1000 ? 70 : 30)) {
			FAST_ASSERT(put_piece(&r, size, n) == room);
			refused += !room;
			if (!room)
				continue;
			model[next % 4096].size = size;
			model[next++ % 4096].number = n;
			FAST_ASSERT(next - first <= 4096);
		} else if (first == next) {
			FAST_ASSERT(ring_peek(&r) == NULL);
			FAST_ASSERT(ring_is_empty(&r));
		} else {
			take_piece(&r, model[first % 4096].size,
			    model[first % 4096].number);
			first++;
		}
	}
	ck_assert_uint_gt(refused, 100);
	ck_assert_uint_gt(first, 1000);
	free(data);
}
END_TEST

/* A piece of half the ring fits into an empty ring, at any head. */
START_TEST(ring_largest)
{
	uint8_t *data = malloc(256);
	struct ring r;

	for (uint32_t at = 0; at < 256; at += 8)
		for (uint32_t size = 4; size <= 128; size++) {
			ring_init(&r, data, 256);
			for (uint32_t i = 0; i < at; i += 8) {
				ck_assert(put_piece(&r, 8, i));
				take_piece(&r, 8, i);
			}
			ck_assert_uint_eq(atomic_load(&r.head), at);
			ck_assert(put_piece(&r, size, 7));
			take_piece(&r, size, 7);
			ck_assert_ptr_null(ring_peek(&r));
		}
	ring_init(&r, data, 256);
	ck_assert(!put_piece(&r, 257, 0));
	ck_assert(put_piece(&r, 256, 1));
	ck_assert(!put_piece(&r, 4, 2));
	take_piece(&r, 256, 1);
	ck_assert(put_piece(&r, 255, 3));
	take_piece(&r, 255, 3);
	free(data);
}
END_TEST

/* `head` and `tail` wrap around at SIZE_MAX. */
START_TEST(ring_overflow)
{
	uint8_t *data = malloc(64);
	struct ring r;

	ring_init(&r, data, 64);
	atomic_store(&r.head, SIZE_MAX - 63);
	atomic_store(&r.tail, SIZE_MAX - 63);
	r.tail_seen = SIZE_MAX - 63;
	for (uint32_t i = 0; i < 100; i++) {
		ck_assert(put_piece(&r, 24, i));
		ck_assert(i % 2 == 0 || !put_piece(&r, 64, i));
		take_piece(&r, 24, i);
	}
	ck_assert_uint_lt(atomic_load(&r.head), 10000);
	free(data);
}
END_TEST

/* Watches. */

#define INTERVAL 300u
#define SEEN     64u
/* Keys of one set, and of another. */
#define KEY(n)   (UINT64_C(4) << 32 | (n))
#define OTHER(n) (UINT64_C(8) << 32 | (n))

/* A sequence of sightings and their results. Each row starts from the state
 * that the row before left. */
static const struct {
	uint64_t key;
	uint32_t now;
	enum fed fed;
	uint32_t slot; /* of a content to hand over */
	const char *why;
} steps[] = {
	{ KEY(1), 1000, FED_TAKEN, 7, "new" },
	{ KEY(1), 1000, FED_REPEAT, 0, "at once" },
	{ KEY(1), 1299, FED_REPEAT, 0, "just within the interval" },
	{ KEY(1), 1300, FED_TAKEN, 7, "the interval is over" },
	{ KEY(1), 1599, FED_REPEAT, 0, "it begins anew" },
	{ KEY(1), 1240, FED_REPEAT, 0, "overtaken by a minute" },
	{ KEY(1), 1239, FED_TAKEN, 7, "the clock was set back" },
	{ KEY(1), 1240, FED_REPEAT, 0, "by that clock" },
	{ OTHER(1), 1240, FED_TAKEN, 11, "another set" },
	{ KEY(2), 1250, FED_TAKEN, 6, "second" },
	{ KEY(3), 1245, FED_TAKEN, 5, "third, seen before the second" },
	{ KEY(4), 1260, FED_TAKEN, 4, "fourth" },
	{ KEY(1), 1261, FED_REPEAT, 0, "all four are there" },
	{ KEY(2), 1261, FED_REPEAT, 0, "all four are there" },
	{ KEY(3), 1261, FED_REPEAT, 0, "all four are there" },
	{ KEY(4), 1261, FED_REPEAT, 0, "all four are there" },
	{ KEY(5), 1262, FED_TAKEN, 7, "the oldest goes" },
	{ KEY(1), 1263, FED_TAKEN, 5, "it is gone; next is the third" },
	{ KEY(3), 1264, FED_TAKEN, 6, "then the second" },
	{ KEY(4), 1265, FED_REPEAT, 0, "still there" },
	{ OTHER(1), 1265, FED_REPEAT, 0, "untouched" },
	{ KEY(4), UINT32_MAX - 5, FED_TAKEN, 4, "32 bits of seconds" },
	{ KEY(4), 20, FED_REPEAT, 0, "end, and go on" },
	{ KEY(4), INTERVAL - 6, FED_TAKEN, 4, "the interval is over" },
};

static struct sighting *
some_sighting(void)
{
	struct feed f = { .name = "example.com.", .text = "v=spf1 -all" };
	struct sighting *s = feed_make(&f);

	ck_assert_ptr_nonnull(s);
	return s;
}

START_TEST(watch_steps)
{
	struct sighting *made = some_sighting();
	uint32_t counts[SEEN] = { 0 };
	struct watch w;

	ck_assert(watch_init(&w, SEEN, 65536, INTERVAL));
	ck_assert_uint_eq((uintptr_t)w.seen % 64, 0);
	for (int i = 0; i < COUNT(steps); i++) {
		uint64_t sum = 0, before = 0;
		uint32_t slot;

		for (uint32_t k = 0; k < SEEN; k++)
			before += counts[k];
		if (steps[i].fed == FED_TAKEN) {
			ck_assert_msg(!watch_repeat(&w, steps[i].key,
			                  steps[i].now, &slot),
			    "row %d: %s", i, steps[i].why);
			ck_assert_uint_eq(slot, steps[i].slot);
		}
		ck_assert_msg(feed_watch(&w, made, steps[i].key,
		                  steps[i].now) == steps[i].fed,
		    "row %d: %s", i, steps[i].why);
		/* A repeat adds one to one count; no count decreases. */
		for (uint32_t k = 0; k < SEEN; k++) {
			uint32_t is = atomic_load(&w.seen[k].count);

			ck_assert_uint_ge(is, counts[k]);
			counts[k] = is;
			sum += is;
		}
		ck_assert_uint_eq(sum, before + (steps[i].fed == FED_REPEAT));
	}
	ck_assert_uint_eq(atomic_load(&w.dropped), 0);
	watch_free(&w);
	free(made);
}
END_TEST

/* A sighting carries the count of its slot at the hand-over. */
START_TEST(watch_pieces)
{
	struct sighting *made = some_sighting();
	const struct sighting *s;
	struct watch w;

	ck_assert(watch_init(&w, WATCH_WAYS, 4096, INTERVAL));
	for (uint32_t i = 0; i < 20; i++) {
		uint64_t key = 100 + i / 10;

		ck_assert_int_eq(feed_watch(&w, made, key, 1000 + i / 5 * 300),
		    i % 5 == 0 ? FED_TAKEN : FED_REPEAT);
	}
	for (uint32_t i = 0; i < 4; i++) {
		s = ring_peek(&w.ring);
		ck_assert_ptr_nonnull(s);
		ck_assert_uint_eq(s->size, made->size);
		ck_assert_uint_eq(s->key, 100 + i / 2);
		ck_assert_int_eq(s->sec, 1000 + (int64_t)i * 300);
		ck_assert_uint_eq(s->before, i % 2 * 4);
		ck_assert_int_eq(memcmp(sighting_octets(s),
		                     sighting_octets(made),
		                     s->size - sizeof(*s)),
		    0);
		ring_release(&w.ring, s->size);
	}
	ck_assert_ptr_null(ring_peek(&w.ring));
	watch_free(&w);
	free(made);
}
END_TEST

/* A sighting that does not fit is counted as dropped, and its content is new
 * the next time. */
START_TEST(watch_drops)
{
	struct sighting *made = some_sighting();
	const struct sighting *s;
	struct watch w;
	uint32_t slot;
	unsigned taken = 0;

	ck_assert(watch_init(&w, WATCH_WAYS, 1024, INTERVAL));
	while (feed_watch(&w, made, 1 + taken % 4, 1000 + taken * 300) ==
	    FED_TAKEN)
		taken++;
	ck_assert_uint_eq(taken, 1024 / ((made->size + 7) & ~7u));
	ck_assert_uint_eq(atomic_load(&w.dropped), 1);
	for (unsigned i = 2; i < 10; i++) {
		ck_assert_int_eq(feed_watch(&w, made, 77, 999999), FED_DROPPED);
		ck_assert_uint_eq(atomic_load(&w.dropped), i);
	}
	s = ring_peek(&w.ring);
	ring_release(&w.ring, s->size);
	ck_assert_int_eq(feed_watch(&w, made, 77, 999999), FED_TAKEN);
	ck_assert_int_eq(feed_watch(&w, made, 77, 999999), FED_REPEAT);
	ck_assert_uint_eq(atomic_load(&w.dropped), 9);
	watch_drop(&w);
	ck_assert_uint_eq(atomic_load(&w.dropped), 10);
	watch_free(&w);

	/* A sighting above SIGHTING_MAX. */
	ck_assert(watch_init(&w, WATCH_WAYS, 512 * 1024, INTERVAL));
	ck_assert(!watch_repeat(&w, 1, 1, &slot));
	ck_assert_ptr_null(watch_begin(&w, SIGHTING_MAX + 1));
	ck_assert_ptr_null(watch_begin(&w, SIZE_MAX));
	ck_assert_ptr_nonnull(watch_begin(&w, SIGHTING_MAX));
	ck_assert_uint_eq(atomic_load(&w.dropped), 2);
	watch_free(&w);
	free(made);
}
END_TEST

/* Counters. */

/* The line of a series. */
static void
expect_series(const char *text, unsigned i, uint64_t value)
{
	unsigned verdict = i / COUNTERS_STATES % COUNTERS_VERDICTS;
	unsigned kind = i / COUNTERS_STATES / COUNTERS_VERDICTS;
	char line[256];
	const char *at;

	ck_assert_uint_eq(counters_series(kind, verdict,
	                      (enum mailauth_dnssec)(i % COUNTERS_STATES)),
	    i);
	snprintf(line, sizeof(line),
	    "\nmailauth_replies_total{kind=\"%s\",verdict=\"%s\",dnssec=\"%s\"}"
	    " %llu\n",
	    kind_at(kind)->name, verdict_word(verdict),
	    name_dnssec((enum mailauth_dnssec)(i % COUNTERS_STATES)),
	    (unsigned long long)value);
	at = strstr(text, line);
	ck_assert_msg(at != NULL, "no %s", line + 1);
	ck_assert_ptr_null(strstr(at + 1, line));
}

static const struct {
	const char *name;
	size_t at;
	bool gauge;
} singles[] = {
#define SINGLE(field) offsetof(struct counters, field)
	{ "mailauth_unrelated_replies_total", SINGLE(unrelated), false },
	{ "mailauth_dropped_replies_total", SINGLE(dropped_replies), false },
	{ "mailauth_log_lines_total", SINGLE(lines), false },
	{ "mailauth_dropped_log_lines_total", SINGLE(dropped_lines), false },
	{ "mailauth_cache_contents", SINGLE(contents), true },
	{ "mailauth_threads", SINGLE(threads), true },
	{ "mailauth_memory_bytes", SINGLE(memory), true },
	{ "mailauth_start_time_seconds", SINGLE(started), true },
};

static void
expect_singles(const char *text, const struct counters *c)
{
	for (int i = 0; i < COUNT(singles); i++) {
		char line[256];
		uint64_t value;

		memcpy(&value, (const char *)c + singles[i].at, sizeof(value));
		snprintf(line, sizeof(line), "\n# TYPE %s %s\n%s %llu\n",
		    singles[i].name, singles[i].gauge ? "gauge" : "counter",
		    singles[i].name, (unsigned long long)value);
		ck_assert_msg(strstr(text, line) != NULL, "no %s", line + 1);
		snprintf(line, sizeof(line), "\n# HELP %s ", singles[i].name);
		ck_assert_msg(strstr(text, line) != NULL, "no %s", line + 1);
	}
}

static size_t
count_of(const char *text, const char *what)
{
	size_t n = 0;

	for (; (text = strstr(text, what)) != NULL; text++)
		n++;
	return n;
}

/* The text, with a '\n' in front of each line. */
static char *
text_of(const struct counters *c)
{
	char *text = malloc(COUNTERS_TEXT_MAX + 2);
	struct writer w = writer_of(text + 1, COUNTERS_TEXT_MAX);

	put_counters(&w, c);
	ck_assert(!w.full);
	text[0] = '\n';
	text[w.used + 1] = '\0';
	ck_assert_int_eq(text[w.used], '\n');
	ck_assert_uint_eq(strlen(text), w.used + 1);
	return text;
}

START_TEST(counters_none)
{
	static const struct counters none;
	char *text = text_of(&none);

	ck_assert_uint_eq(counters_replies(&none), 0);
	ck_assert_uint_eq(count_of(text, "mailauth_replies_total{"), 0);
	ck_assert_uint_eq(count_of(text,
	                      "\n# TYPE mailauth_replies_total "
	                      "counter\n"),
	    1);
	expect_singles(text, &none);
	free(text);
}
END_TEST

/* Each series has its own label and its own number. */
START_TEST(counters_each)
{
	static struct counters c;
	uint64_t sum = 0;
	char *text;

	for (unsigned i = 0; i < COUNTERS_SERIES; i++)
		sum += c.replies[i] = 1000 + i;
	c.unrelated = 1;
	c.dropped_replies = 2;
	c.lines = 3;
	c.dropped_lines = 4;
	c.contents = 5;
	c.threads = 6;
	c.memory = 7;
	c.started = 8;
	ck_assert_uint_eq(counters_replies(&c), sum);
	text = text_of(&c);
	for (unsigned i = 0; i < COUNTERS_SERIES; i++)
		expect_series(text, i, 1000 + i);
	ck_assert_uint_eq(count_of(text, "\nmailauth_replies_total{"),
	    COUNTERS_SERIES);
	expect_singles(text, &c);
	ck_assert_uint_eq(count_of(text, "\n"),
	    1 + COUNTERS_SERIES + 2 + 3 * COUNT(singles));
	free(text);
}
END_TEST

START_TEST(counters_largest)
{
	static struct counters c;
	char *text;

	memset(&c, 0xff, sizeof(c));
	text = text_of(&c);
	for (unsigned i = 0; i < COUNTERS_SERIES; i++)
		expect_series(text, i, UINT64_MAX);
	expect_singles(text, &c);
	free(text);
}
END_TEST

Suite *
suite_log(void)
{
	Suite *s = suite_create("log");
	TCase *tc = tcase_create("log");

	tcase_set_timeout(tc, 60);
	tcase_add_loop_test(tc, hash_octets, 0, COUNT(hashes));
	tcase_add_loop_test(tc, hash_lengths, 0, COUNT(hashes));
	tcase_add_loop_test(tc, hash_state, 0, COUNT(hashes));
	tcase_add_loop_test(tc, hash_chosen, 0, COUNT(hashes));
	tcase_add_test(tc, hash_sums);
	tcase_add_loop_test(tc, ring_soak, 0, COUNT(rings));
	tcase_add_test(tc, ring_largest);
	tcase_add_test(tc, ring_overflow);
	tcase_add_test(tc, watch_steps);
	tcase_add_test(tc, watch_pieces);
	tcase_add_test(tc, watch_drops);
	tcase_add_test(tc, counters_none);
	tcase_add_test(tc, counters_each);
	tcase_add_test(tc, counters_largest);
	suite_add_tcase(s, tc);
	return s;
}
