/*
 * hash.c - the hashes that DKIM signatures cover
 * SPDX-License-Identifier: BSD-3-Clause
 */
#include "dkim/hash.h"

#include <limits.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <stdlib.h>

#include "header/dkim_canon.h"

/* Octets collected before a call of libcrypto, which costs as much as hashing
 * some tens of octets; the canonical form comes in short pieces. */
#define STAGE 8192

/* A running hash with a buffer before it. */
struct hasher {
	EVP_MD_CTX *md;
	size_t used;
	bool failed;
	uint8_t stage[STAGE];
};

static void
hash_flush(struct hasher *h)
{
	h->failed =
	    h->failed || EVP_DigestUpdate(h->md, h->stage, h->used) != 1;
	h->used = 0;
}

static void
hash_put(void *arg, const void *data, size_t n)
{
	struct hasher *h = arg;

	if (n > STAGE - h->used)
		hash_flush(h);
	if (n > STAGE) {
		h->failed = h->failed || EVP_DigestUpdate(h->md, data, n) != 1;
		return;
	}
	memcpy(h->stage + h->used, data, n);
	h->used += n;
}

static void
hash_start(struct hasher *h)
{
	h->used = 0;
	h->md = EVP_MD_CTX_new();
	h->failed =
	    h->md == NULL || EVP_DigestInit_ex(h->md, EVP_sha256(), NULL) != 1;
}

/* The hash of the octets so far, from a copy of the running hash. */
static void
hash_peek(struct hasher *h, EVP_MD_CTX *room, uint8_t out[DKIM_HASH])
{
	hash_flush(h);
	h->failed = h->failed || EVP_MD_CTX_copy_ex(room, h->md) != 1 ||
	    EVP_DigestFinal_ex(room, out, NULL) != 1;
}

/* A field in the sorted array, where fields of the same name are adjacent. The
 * first slot of each group has its state. */
struct slot {
	const struct dkim_field *field;
	size_t end; /* index behind the group */
	/* Fields that the signature `turn` has used, counted from the bottom of
	 * the group. A group with an older `turn` starts anew, so no signature
	 * has to reset all groups. */
	size_t taken;
	uint64_t turn;
};

struct dkim_fields {
	const struct dkim_field *field;
	size_t n;
	struct slot *slot; /* sorted by name, then from top to bottom */
	uint64_t turn;
	struct hasher hasher;
};

static int
compare_names(struct mailauth_str a, struct mailauth_str b)
{
	size_t n = a.n < b.n ? a.n : b.n;

	for (size_t i = 0; i < n; i++) {
		int x = (unsigned char)to_lower(a.s[i]);
		int y = (unsigned char)to_lower(b.s[i]);

		if (x != y)
			return x - y;
	}
	return a.n < b.n ? -1 : a.n > b.n;
}

static int
compare_slots(const void *a, const void *b)
{
	const struct dkim_field *x = ((const struct slot *)a)->field;
	const struct dkim_field *y = ((const struct slot *)b)->field;
	int names = compare_names(x->name, y->name);

	return names != 0 ? names : x < y ? -1 : x > y;
}

struct dkim_fields *
dkim_fields_new(struct arena *a, const struct dkim_field *field, size_t n)
{
	struct dkim_fields *f = arena_alloc(a, sizeof(*f));
	size_t first = 0;

	if (f == NULL || n >= SIZE_MAX / sizeof(*f->slot))
		return NULL;
	f->slot = arena_alloc(a, (n + 1) * sizeof(*f->slot));
	if (f->slot == NULL)
		return NULL;
	f->field = field;
	f->n = n;
	for (size_t i = 0; i < n; i++)
		f->slot[i].field = &field[i];
	qsort(f->slot, n, sizeof(*f->slot), compare_slots);
	for (size_t i = 0; i < n; i++) {
		if (i > 0 &&
		    compare_names(f->slot[i - 1].field->name,
		        f->slot[i].field->name) != 0)
			first = i;
		f->slot[first].end = i + 1;
	}
	return f;
}

/* The first slot of this name; NULL without one. */
static struct slot *
find_group(struct dkim_fields *f, struct mailauth_str name)
{
	size_t from = 0, to = f->n;

	while (from < to) {
		size_t middle = from + (to - from) / 2;

		if (compare_names(f->slot[middle].field->name, name) < 0)
			from = middle + 1;
		else
			to = middle;
	}
	return from < f->n &&
	        compare_names(f->slot[from].field->name, name) == 0 ?
	    &f->slot[from] :
	    NULL;
}

/* Use the next field of this name, from the bottom up (RFC 6376 5.4.2). NULL
 * when all are used: such a name in h= adds nothing to the hash. The
 * signature's own field is skipped. */
static const struct dkim_field *
take_field(struct dkim_fields *f, struct mailauth_str name, size_t self)
{
	struct slot *g = find_group(f, name);
	size_t n;

	if (g == NULL)
		return NULL;
	n = g->end - (size_t)(g - f->slot);
	if (g->turn != f->turn) {
		g->turn = f->turn;
		g->taken = 0;
	}
	if (g->taken < n && g[n - 1 - g->taken].field == f->field + self)
		g->taken++;
	return g->taken < n ? g[n - ++g->taken].field : NULL;
}

bool
dkim_hash_header(struct dkim_fields *f, size_t self, const struct dkim_sig *sig,
    uint8_t out[DKIM_HASH])
{
	struct mailauth_str rest = sig->h, name;
	struct hasher *h = &f->hasher;

	ERR_set_mark();
	hash_start(h);
	f->turn++;
	while (!h->failed && dkim_sig_name(&rest, &name)) {
		const struct dkim_field *field = take_field(f, name, self);

		if (field != NULL)
			dkim_canon_field(field->raw, sig->header_relaxed,
			    hash_put, h);
	}
	if (!h->failed) {
		dkim_canon_signature(f->field[self].raw, sig->hole,
		    sig->header_relaxed, hash_put, h);
		hash_flush(h);
	}
	h->failed = h->failed || EVP_DigestFinal_ex(h->md, out, NULL) != 1;
	EVP_MD_CTX_free(h->md);
	h->md = NULL;
	ERR_pop_to_mark();
	return !h->failed;
}

/* One requested body hash. */
struct want {
	bool relaxed, has_l;
	uint64_t l;
	struct body_hash result;
};

/* One canonical form of the body, with its running hash. */
struct stream {
	struct dkim_body body;
	struct hasher hasher;
	EVP_MD_CTX *room;
	struct want **limit; /* requests with l=, sorted by l */
	size_t limits;
	struct want *whole;
	uint64_t octets;
	size_t next; /* index of the next limit to reach */
};

struct body_hashes {
	struct want *want;
	size_t n, max;
	bool started, failed;
	struct stream stream[2]; /* [0] simple, [1] relaxed */
};

struct body_hashes *
body_hash_new(struct arena *a, size_t max)
{
	struct body_hashes *h = arena_alloc(a, sizeof(*h));

	if (h == NULL || max >= INT_MAX / sizeof(*h->want))
		return NULL;
	h->max = max;
	h->want = arena_alloc(a, (max + 1) * sizeof(*h->want));
	h->stream[0].limit = arena_alloc(a, (max + 1) * sizeof(struct want *));
	h->stream[1].limit = arena_alloc(a, (max + 1) * sizeof(struct want *));
	return a->failed ? NULL : h;
}

int
body_hash_want(struct body_hashes *h, bool relaxed, bool has_l, uint64_t l)
{
	struct stream *s = &h->stream[relaxed];
	struct want *w;

	if (!has_l)
		l = 0;
	for (size_t i = 0; i < h->n; i++) {
		w = &h->want[i];
		if (w->relaxed == relaxed && w->has_l == has_l && w->l == l)
			return (int)i;
	}
	if (h->n == h->max || h->started)
		return -1;
	w = &h->want[h->n];
	w->relaxed = relaxed;
	w->has_l = has_l;
	w->l = l;
	if (has_l)
		s->limit[s->limits++] = w;
	else
		s->whole = w;
	return (int)h->n++;
}

/* Copy the hash for all limits that equal the octets so far. */
static void
snapshot(struct stream *s)
{
	for (; s->next < s->limits && s->limit[s->next]->l == s->octets;
	     s->next++)
		hash_peek(&s->hasher, s->room, s->limit[s->next]->result.hash);
}

/* Hash canonical octets in pieces that end at the limits. Behind the last
 * limit, without a request for the whole body, octets are only counted. */
static void
stream_put(void *arg, const void *data, size_t n)
{
	struct stream *s = arg;
	const char *p = data;

	while (n > 0) {
		size_t now = n;

		if (s->next == s->limits && s->whole == NULL) {
			s->octets += n;
			return;
		}
		if (s->next < s->limits &&
		    s->limit[s->next]->l - s->octets < now)
			now = (size_t)(s->limit[s->next]->l - s->octets);
		hash_put(&s->hasher, p, now);
		s->octets += now;
		p += now;
		n -= now;
		snapshot(s);
	}
}

static int
compare_limits(const void *a, const void *b)
{
	const struct want *x = *(struct want *const *)a;
	const struct want *y = *(struct want *const *)b;

	return x->l < y->l ? -1 : x->l > y->l;
}

static bool
is_wanted(const struct stream *s)
{
	return s->limits > 0 || s->whole != NULL;
}

static void
start(struct body_hashes *h)
{
	h->started = true;
	for (int i = 0; i < 2; i++) {
		struct stream *s = &h->stream[i];

		if (!is_wanted(s))
			continue;
		qsort(s->limit, s->limits, sizeof(s->limit[0]), compare_limits);
		dkim_body_start(&s->body, i == 1, stream_put, s);
		hash_start(&s->hasher);
		s->room = EVP_MD_CTX_new();
		h->failed = h->failed || s->hasher.failed || s->room == NULL;
		if (!h->failed)
			snapshot(s);
	}
}

void
body_hash_put(struct body_hashes *h, const void *data, size_t n)
{
	ERR_set_mark();
	if (!h->started)
		start(h);
	for (int i = 0; i < 2; i++) {
		struct stream *s = &h->stream[i];

		if (is_wanted(s) && !h->failed)
			dkim_body_put(&s->body, data, n);
	}
	ERR_pop_to_mark();
}

/* End a form: hash the whole, and mark the limits that the body did not
 * reach. */
static void
finish(struct stream *s)
{
	dkim_body_end(&s->body);
	if (s->whole != NULL)
		hash_peek(&s->hasher, s->room, s->whole->result.hash);
	for (size_t i = 0; i < s->limits; i++) {
		struct want *w = s->limit[i];

		w->result.too_short = i >= s->next;
		w->result.beyond = i < s->next ? s->octets - w->l : 0;
	}
}

bool
body_hash_end(struct body_hashes *h)
{
	ERR_set_mark();
	if (!h->started)
		start(h);
	for (int i = 0; i < 2; i++) {
		struct stream *s = &h->stream[i];

		if (!is_wanted(s) || h->failed)
			continue;
		finish(s);
		h->failed = h->failed || s->hasher.failed;
	}
	body_hash_free(h);
	ERR_pop_to_mark();
	return !h->failed;
}

const struct body_hash *
body_hash_get(const struct body_hashes *h, int number)
{
	return number >= 0 && (size_t)number < h->n && !h->failed ?
	    &h->want[number].result :
	    NULL;
}

void
body_hash_free(struct body_hashes *h)
{
	for (int i = 0; h != NULL && i < 2; i++) {
		EVP_MD_CTX_free(h->stream[i].hasher.md);
		EVP_MD_CTX_free(h->stream[i].room);
		h->stream[i].hasher.md = h->stream[i].room = NULL;
	}
}
