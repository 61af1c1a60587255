/*
 * fuzz_signature.c - DKIM signatures, canonical forms, hashes of a message
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * The first octet selects the size of the pieces in which the body arrives; the
 * rest is a message.
 */
#include <openssl/err.h>
#include <openssl/evp.h>

#include "base/arena.h"
#include "dkim/verify.h"
#include "fuzz.h"
#include "header/dkim_canon.h"

#define FIELDS_MAX 256

static struct arena arena;

static void
keep(void *arg, const void *data, size_t n)
{
	put_bytes(arg, data, n);
}

static bool
is_same(const struct writer *a, const struct writer *b)
{
	return str_eq(writer_str(a), writer_str(b));
}

/* The canonical form has no line end but CRLF; the relaxed form does not change
 * when relaxed again. */
static void
check_lines(struct mailauth_str s, bool relaxed, size_t from)
{
	for (size_t i = 0; i < s.n; i++) {
		if (s.s[i] == '\n')
			MUST(i > 0 && s.s[i - 1] == '\r');
		if (!relaxed || i < from || !is_wsp(s.s[i]))
			continue;
		MUST(s.s[i] == ' ' && i + 1 < s.n && !is_wsp(s.s[i + 1]));
	}
}

static struct writer
body(struct mailauth_str s, bool relaxed, size_t step)
{
	struct writer w = arena_writer(&arena);
	struct dkim_body b;

	dkim_body_start(&b, relaxed, keep, &w);
	for (size_t i = 0; i < s.n; i += step) {
		struct mailauth_str part = str_sub(s, i, step);

		dkim_body_put(&b, part.s, part.n);
	}
	dkim_body_end(&b);
	return w;
}

static void
try_body(struct mailauth_str s, size_t step)
{
	for (int relaxed = 0; relaxed < 2; relaxed++) {
		struct writer w = body(s, relaxed, s.n + 1), again;

		again = body(s, relaxed, step);
		MUST(is_same(&w, &again));
		again = body(writer_str(&w), relaxed, s.n + 3);
		MUST(is_same(&w, &again));
		check_lines(writer_str(&w), relaxed, 0);
		if (relaxed) {
			struct writer simple = body(s, false, s.n + 1);

			again = body(writer_str(&simple), true, s.n + 3);
			MUST(is_same(&w, &again));
		}
	}
}

static void
try_field(struct mailauth_str raw)
{
	for (int relaxed = 0; relaxed < 2; relaxed++) {
		struct writer w = arena_writer(&arena), again = w, own = w;

		dkim_canon_field(raw, relaxed, keep, &w);
		dkim_canon_field(writer_str(&w), relaxed, keep, &again);
		MUST(is_same(&w, &again));
		check_lines(writer_str(&w), relaxed, str_find(raw, ':') + 1);
		/* With no b= value to remove, only the line end differs. */
		dkim_canon_signature(raw, STR_NONE, relaxed, keep, &own);
		put_text(&own, "\r\n");
		MUST(is_same(&w, &own));
	}
}

/* The value of b= does not change the canonical signature, in which b= is
 * empty. */
static void
try_hole(struct mailauth_str raw, size_t colon, const struct dkim_sig *sig)
{
	size_t at = (size_t)(sig->hole.s - raw.s);

	MUST(sig->hole.s >= raw.s + colon && at + sig->hole.n <= raw.n);
	MUST(raw.s[at - 1] == '=');
	MUST(at + sig->hole.n == raw.n || sig->hole.s[sig->hole.n] == ';');
	for (int relaxed = 0; relaxed < 2; relaxed++) {
		struct writer w = arena_writer(&arena), without = w, again = w;
		struct mailauth_str all, empty;
		struct dkim_sig_fault f;
		struct dkim_sig other;

		dkim_canon_signature(raw, sig->hole, relaxed, keep, &w);
		put_str(&without, str_sub(raw, 0, at));
		put_str(&without, str_from(raw, at + sig->hole.n));
		all = writer_str(&without);
		empty = str_sub(all, at, 0);
		dkim_canon_signature(all, empty, relaxed, keep, &again);
		MUST(is_same(&w, &again));
		all = writer_str(&w);
		dkim_sig_parse(str_from(all, str_find(all, ':') + 1), &other,
		    &f);
		MUST(other.b.n == 0);
	}
}

static void
check_sig(struct mailauth_str value, const struct dkim_sig *sig,
    const struct dkim_sig_fault *f, bool good)
{
	const struct mailauth_str parts[] = { sig->a, sig->b, sig->bh, sig->d,
		sig->h, sig->i, sig->q, sig->s, sig->z, sig->hole, f->where };
	struct mailauth_str rest = sig->h, name;
	bool from = false;

	for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++)
		MUST(is_inside(value, parts[i]));
	MUST(is_inside(value, sig->i_domain) ||
	    (sig->i_domain.s == sig->i_room &&
	        sig->i_domain.n <= sizeof(sig->i_room)));
	MUST(good == (f->id == MAILAUTH_F_NONE));
	if (!good)
		return;
	while (dkim_sig_name(&rest, &name)) {
		MUST(name.n > 0 && is_inside(sig->h, name));
		from = from || str_ieq(name, STR("from"));
	}
	MUST(from && sig->d.n > 0 && sig->s.n > 0 && sig->hole.n > 0);
	MUST(!sig->has_t || !sig->has_x || sig->t <= sig->x);
}

/* Compare the header hash with one computed here. */
static void
try_hash(const struct dkim_field *field, size_t n, size_t self,
    const struct dkim_sig *sig)
{
	struct dkim_fields *fields = dkim_fields_new(&arena, field, n);
	struct mailauth_str rest = sig->h, name;
	struct writer w = arena_writer(&arena);
	bool taken[FIELDS_MAX] = { false };
	uint8_t one[DKIM_HASH], two[DKIM_HASH];

	MUST(fields != NULL && dkim_hash_header(fields, self, sig, one));
	MUST(dkim_hash_header(fields, self, sig, two));
	MUST(memcmp(one, two, DKIM_HASH) == 0);
	for (taken[self] = true; dkim_sig_name(&rest, &name);) {
		for (size_t i = n; i-- > 0;) {
			if (taken[i] || !str_ieq(field[i].name, name))
				continue;
			taken[i] = true;
			dkim_canon_field(field[i].raw, sig->header_relaxed,
			    keep, &w);
			break;
		}
	}
	dkim_canon_signature(field[self].raw, sig->hole, sig->header_relaxed,
	    keep, &w);
	MUST(EVP_Digest(w.buf, w.used, two, NULL, EVP_sha256(), NULL) == 1);
	MUST(memcmp(one, two, DKIM_HASH) == 0);
}

/* Compare the hash of the first octets of a body (l=) with the hash of a body
 * cut there. */
static void
try_length(struct mailauth_str s, const struct dkim_sig *sig, size_t step)
{
	struct body_hashes *h = body_hash_new(&arena, 2);
	struct writer w = body(s, sig->body_relaxed, s.n + 1);
	int number = body_hash_want(h, sig->body_relaxed, sig->has_l, sig->l);
	size_t l = sig->has_l && sig->l < w.used ? (size_t)sig->l : w.used;
	const struct body_hash *r;
	uint8_t want[DKIM_HASH];

	MUST(body_hash_want(h, !sig->body_relaxed, true, step) == 1);
	for (size_t i = 0; i < s.n; i += step) {
		struct mailauth_str part = str_sub(s, i, step);

		body_hash_put(h, part.s, part.n);
	}
	MUST(body_hash_end(h));
	r = body_hash_get(h, number);
	MUST(r->too_short == (sig->has_l && sig->l > w.used));
	MUST(r->beyond == (r->too_short ? 0 : w.used - l));
	MUST(EVP_Digest(w.buf, l, want, NULL, EVP_sha256(), NULL) == 1);
	MUST(r->too_short || memcmp(r->hash, want, DKIM_HASH) == 0);
}

static size_t
split(struct mailauth_str *text, struct dkim_field field[FIELDS_MAX])
{
	size_t n = 0;

	while (text->n > 0 && n < FIELDS_MAX) {
		size_t end = str_find(*text, '\n') + 1;

		if (end == 1 || str_starts(*text, STR("\r\n"))) {
			*text = str_from(*text, end);
			break;
		}
		while (end < text->n && is_wsp(text->s[end]))
			end += str_find(str_from(*text, end), '\n') + 1;
		field[n].raw = str_sub(*text, 0, end);
		field[n].name = str_trim_end(
		    str_sub(field[n].raw, 0, str_find(field[n].raw, ':')));
		*text = str_from(*text, end);
		n++;
	}
	return n;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct dkim_field field[FIELDS_MAX];
	struct mailauth_str text;
	size_t n, step;

	if (size < 1 || size > 65536)
		return 0;
	text = (struct mailauth_str){ (const char *)data + 1, size - 1 };
	step = data[0] + 1u;
	n = split(&text, field);
	try_body(text, step);
	for (size_t i = 0; i < n; i++) {
		struct mailauth_str raw = field[i].raw;
		size_t colon = str_find(raw, ':') + 1;
		struct mailauth_str value = str_from(raw, colon);
		struct dkim_sig_fault f;
		struct dkim_sig sig;
		bool good;

		try_field(raw);
		if (colon > raw.n)
			continue;
		good = dkim_sig_parse(value, &sig, &f);
		check_sig(value, &sig, &f, good);
		if (sig.hole.s != NULL)
			try_hole(raw, colon, &sig);
		if (str_ieq(field[i].name, STR("dkim-signature"))) {
			try_hash(field, n, i, &sig);
			try_length(text, &sig, step);
		}
	}
	MUST(ERR_peek_error() == 0);
	arena_free(&arena);
	return 0;
}
