/*
 * undo.c - which change of a signed header breaks a signature
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * A signature does not say what it was made over. So the changes that mailing
 * lists and gateways make are undone one by one, and the signature verified
 * again: a tag in the subject, a field that was added, a field whose old value
 * is kept in another one, lines that were broken.
 */
#include "message/undo.h"

#include "base/str.h"
#include "record/dkim.h"

/* Words in front of a subject that may be a tag, and fields that may have been
 * added. The product bounds the work for one signature. */
#define TAG_WORDS 6
#define ADDED_MAX 48

/* What a field costs beside its octets, and a trial beside its fields and its
 * key, as if that were octets. */
#define FIELD_COST  200
#define VERIFY_COST 2000
/* A key of RSA costs one octet for so many octets of modulus times modulus, and
 * that for each bit of its exponent: 4400 for a usual one of 2048 bits, and
 * hundreds of times that where the owner chose a long exponent. */
#define KEY_PART 256

/* Octets of headers that are hashed for one report: some milliseconds, and
 * hundreds of trials for each signature of a usual message. */
#define OCTETS_MAX ((uint64_t)8 << 20)

struct work {
	struct check *c;
	const struct explain *x;
	const struct sig_trial *t;
	struct dkim_field *field; /* of the message, changed */
	size_t n, self;
	uint64_t octets; /* of the header: one trial may hash them */
	bool body, stopped;
};

/* The header verifies without field `drop`; n: with all. */
static bool
verifies(struct work *w, size_t drop)
{
	struct arena arena = { NULL, false };
	struct dkim_field *field;
	struct dkim_fields *fields;
	uint8_t hash[DKIM_HASH];
	struct dkim_verdict v = { .result = DKIM_MISMATCH };
	size_t n = 0;

	if (w->x->report->undone_octets + w->octets > OCTETS_MAX)
		w->stopped = true;
	if (w->stopped)
		return false;
	w->x->report->undone_octets += w->octets;
	field = arena_alloc(&arena, (w->n + 1) * sizeof(*field));
	if (field == NULL)
		return false;
	for (size_t i = 0; i < w->n; i++)
		if (i != drop)
			field[n++] = w->field[i];
	fields = dkim_fields_new(&arena, field, n);
	if (fields != NULL &&
	    dkim_hash_header(fields, w->self - (drop < w->self),
	        &w->t->from->sig, hash))
		v = dkim_verify(&w->t->from->sig, hash,
		    body_hash_get(w->x->m->bodies, w->t->from->body),
		    &w->t->key->j.record);
	arena_free(&arena);
	w->body = v.body_differs;
	return v.result == DKIM_VERIFIED || v.result == DKIM_BODY ||
	    v.result == DKIM_TOO_SHORT;
}

/* The signature covers fields of this name. */
static bool
is_signed(const struct sig_trial *t, struct mailauth_str name)
{
	struct mailauth_str rest = t->from->sig.h, word;

	while (dkim_sig_name(&rest, &word))
		if (str_ieq(word, name))
			return true;
	return false;
}

/* Find a field without which the header verifies. */
static bool
find_added(struct work *w, struct undo *out)
{
	unsigned tried = 0;

	for (size_t i = 0; i < w->n && tried < ADDED_MAX; i++) {
		if (i == w->self || !is_signed(w->t, w->field[i].name))
			continue;
		tried++;
		if (verifies(w, i)) {
			out->added = w->field[i].name;
			return true;
		}
	}
	return false;
}

static bool
find(struct work *w, struct undo *out)
{
	return verifies(w, w->n) || find_added(w, out);
}

/* "Name: value", with the line end of the field. */
static struct mailauth_str
raw_of(struct check *c, struct mailauth_str name, struct mailauth_str value)
{
	struct writer w = arena_writer(&c->report->arena);

	put_str(&w, name);
	put_text(&w, ": ");
	put_str(&w, value);
	put_text(&w, "\r\n");
	return writer_str(&w);
}

static size_t
field_named(const struct mailauth_message *m, struct mailauth_str name)
{
	size_t i = 0;

	while (i < m->nfields && !str_ieq(m->fields[i].name, name))
		i++;
	return i;
}

/* The header verifies with this value of a field. */
static bool
find_with(struct work *w, size_t at, struct mailauth_str value,
    struct undo *out)
{
	struct dkim_field was = w->field[at];

	w->field[at].raw = raw_of(w->c, was.name, value);
	if (find(w, out))
		return true;
	w->field[at] = was;
	return false;
}

/* Take words off the start of the subject. */
static bool
find_first_words(struct work *w, size_t at, struct mailauth_str whole,
    struct undo *out)
{
	struct mailauth_str rest = whole;

	for (int i = 0; i < TAG_WORDS && str_word(&rest).n > 0; i++) {
		rest = str_trim_start(rest);
		if (rest.n > 0 && find_with(w, at, rest, out)) {
			out->tag =
			    str_trim(str_sub(whole, 0, whole.n - rest.n));
			return true;
		}
	}
	return false;
}

/* Take a tag in brackets out of the subject: "Re: [talk] News", "News [SEC]". */
static bool
find_brackets(struct work *w, size_t at, struct mailauth_str whole,
    struct undo *out)
{
	size_t open = 0;

	for (int i = 0; i < TAG_WORDS && open < whole.n; i++) {
		struct writer text = arena_writer(&w->c->report->arena);
		struct mailauth_str tag, rest;

		open += str_find(str_from(whole, open), '[');
		tag = str_from(whole, open);
		rest = str_from(tag, str_find(tag, ']') + 1);
		tag = str_sub(tag, 0, tag.n - rest.n);
		put_str(&text, str_sub(whole, 0, open));
		put_str(&text, str_trim_start(rest));
		if (tag.n > 0 &&
		    find_with(w, at, str_trim(writer_str(&text)), out)) {
			out->tag = tag;
			out->inside = open > 0;
			return true;
		}
		open++;
	}
	return false;
}

/* Take a tag out of the subject. */
static bool
find_tag(struct work *w, struct undo *out)
{
	size_t at = field_named(w->x->m, STR("Subject"));
	struct mailauth_str whole;

	if (at == w->n || !is_signed(w->t, STR("Subject")))
		return false;
	whole = str_trim(w->x->m->fields[at].value);
	return find_first_words(w, at, whole, out) ||
	    find_brackets(w, at, whole, out);
}

/* A list wrote a From of its own, and keeps the author in Reply-To. */
static bool
find_author(struct work *w, struct undo *out)
{
	size_t from = field_named(w->x->m, STR("From"));
	size_t reply = field_named(w->x->m, STR("Reply-To"));
	struct dkim_field was;

	if (from == w->n || reply == w->n)
		return false;
	was = w->field[from];
	w->field[from].raw =
	    raw_of(w->c, was.name, str_trim(w->x->m->fields[reply].value));
	if (find(w, out) || find_tag(w, out)) {
		out->replaced = was.name;
		return true;
	}
	w->field[from] = was;
	return false;
}

/* Lines that were broken later, which c=simple does not bear. */
static bool
find_folds(struct work *w, struct undo *out)
{
	struct dkim_field was;

	for (size_t i = 0; !w->t->from->sig.header_relaxed && i < w->n; i++) {
		struct writer text = arena_writer(&w->c->report->arena);

		was = w->field[i];
		if (i == w->self || !is_signed(w->t, was.name) ||
		    str_find(str_trim(was.raw), '\n') == str_trim(was.raw).n)
			continue;
		for (size_t k = 0; k < was.raw.n; k++)
			if ((was.raw.s[k] != '\r' && was.raw.s[k] != '\n') ||
			    k + 2 >= was.raw.n)
				put_char(&text, was.raw.s[k]);
		w->field[i].raw = writer_str(&text);
		if (find(w, out)) {
			out->replaced = was.name;
			out->folds = true;
			return true;
		}
		w->field[i] = was;
	}
	return false;
}

/* Take the value of a field from one that keeps what it was. */
static bool
find_kept(struct work *w, struct undo *out)
{
	static const struct mailauth_str starts[] = { STR_INIT("X-Original-"),
		STR_INIT("Original-"), STR_INIT("X-Old-"), STR_INIT("Old-") };

	for (size_t i = 0; i < w->x->m->nfields; i++)
		for (size_t k = 0; k < sizeof(starts) / sizeof(starts[0]);
		     k++) {
			const struct header_field *f = &w->x->m->fields[i];
			struct mailauth_str name;
			size_t at;

			if (!str_istarts(f->name, starts[k]))
				continue;
			name = str_from(f->name, starts[k].n);
			at = field_named(w->x->m, name);
			if (at == w->n || !is_signed(w->t, name))
				continue;
			if (find_with(w, at, str_trim(f->value), out)) {
				out->replaced = w->field[at].name;
				return true;
			}
		}
	return false;
}

/* What it costs to verify with the key. */
static uint64_t
key_cost(struct check *c, const struct sig_trial *t)
{
	uint8_t *room = arena_alloc(&c->report->arena, DKIM_KEY_MAX);
	struct key k;

	if (room == NULL || !dkim_key(&t->key->j.record, room, &k))
		return 0;
	return (uint64_t)k.exponent_len * 8 * k.modulus_len * k.modulus_len /
	    KEY_PART;
}

bool
undo_find(struct check *c, const struct explain *x, const struct sig_trial *t,
    struct undo *out)
{
	struct work w = { .c = c,
		.x = x,
		.t = t,
		.n = x->m->nfields,
		.self = t->from->field };
	bool found;

	w.octets = VERIFY_COST + key_cost(c, t);
	*out = (struct undo){ .body = false };
	w.field = arena_alloc(&c->report->arena, (w.n + 1) * sizeof(*w.field));
	if (w.field == NULL)
		return false;
	for (size_t i = 0; i < w.n; i++) {
		w.field[i].raw = x->m->fields[i].raw;
		w.field[i].name = x->m->fields[i].name;
		w.octets += x->m->fields[i].raw.n + FIELD_COST;
	}
	found = find_added(&w, out) || find_tag(&w, out) ||
	    find_kept(&w, out) || find_author(&w, out) || find_folds(&w, out);
	out->body = w.body;
	out->stopped = w.stopped && !found;
	return found;
}
