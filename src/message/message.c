/*
 * message.c - a received message, read once
 * SPDX-License-Identifier: BSD-3-Clause
 */
#include "message/message.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/str.h"
#include "base/use.h"

/* Octets read at a time. */
#define CHUNK ((size_t)64 << 10)

/* The state of reading one message. */
struct reading {
	struct mailauth_message *m;
	struct input *input;
	char *buf; /* the header, and the body octets read with it */
	size_t used, cap;
	size_t header; /* octets of the header; the body follows */
	bool ended;
};

/* The buffer has the empty line that ends the header. The search starts at
 * `from`. */
static bool
find_end(const struct reading *r, size_t from)
{
	struct mailauth_str s = { r->buf, r->used };

	/* An empty first line: the message has no header. */
	if (r->used > 0 && (s.s[0] == '\n' || str_starts(s, STR("\r\n"))))
		return true;
	for (size_t at = from; at < s.n; at++) {
		at += str_find(str_from(s, at), '\n');
		if (str_starts(str_from(s, at), STR("\n\n")) ||
		    str_starts(str_from(s, at), STR("\n\r\n")))
			return true;
	}
	return false;
}

/* Make room for one more chunk. */
static bool
make_room(struct reading *r)
{
	size_t cap = r->cap * 2 + CHUNK;
	char *bigger;

	if (r->cap - r->used >= CHUNK)
		return true;
	bigger = realloc(r->buf, cap);
	if (bigger == NULL)
		return false;
	r->buf = bigger;
	r->cap = cap;
	return true;
}

/* Read until the buffer has the whole header, or MESSAGE_HEADER_MAX. */
static enum mailauth_status
read_header(struct reading *r)
{
	while (!r->ended && r->used < MESSAGE_HEADER_MAX) {
		size_t from = r->used > 2 ? r->used - 2 : 0;
		long n;

		if (!make_room(r))
			return MAILAUTH_ENOMEM;
		n = input_read(r->input, r->buf + r->used, CHUNK);
		if (n < 0 || (size_t)n > CHUNK)
			return MAILAUTH_EINPUT;
		r->ended = n == 0;
		r->used += (size_t)n;
		if (find_end(r, from))
			break;
	}
	return MAILAUTH_OK;
}

static bool
add_field(struct mailauth_message *m, const struct header_field *f, size_t *cap)
{
	if (m->nfields == *cap) {
		size_t more = *cap * 2 + 64;
		struct header_field *fields =
		    arena_alloc(&m->arena, more * sizeof(*fields));

		if (fields == NULL)
			return false;
		if (m->nfields > 0)
			memcpy(fields, m->fields, m->nfields * sizeof(*fields));
		m->fields = fields;
		*cap = more;
	}
	m->fields[m->nfields++] = *f;
	return true;
}

/* The number of lines before `rest`, which is the end of `whole`. */
static size_t
lines_before(struct mailauth_str whole, struct mailauth_str rest)
{
	size_t n = 0;

	for (size_t i = 0; i < whole.n - rest.n; i++)
		n += whole.s[i] == '\n';
	return n;
}

/* Split the header into fields. The last field is dropped when a limit may have
 * cut it. */
static bool
split(struct reading *r)
{
	struct mailauth_message *m = r->m;
	struct mailauth_str whole, rest;
	struct header_field f;
	enum header_step step;
	size_t cap = 0;

	whole = arena_copy(&m->arena,
	    (struct mailauth_str){ r->buf,
	        r->used < MESSAGE_HEADER_MAX ? r->used : MESSAGE_HEADER_MAX });
	rest = header_skip_envelope(whole);
	while ((step = header_next(&rest, &f)) == HEADER_FIELD) {
		if (m->nfields == MESSAGE_FIELDS_MAX ||
		    (rest.n == 0 && !r->ended)) {
			m->cut = true;
			break;
		}
		if (!add_field(m, &f, &cap))
			return false;
	}
	if (step == HEADER_JUNK)
		m->junk = lines_before(whole, rest) + 1;
	/* The rest of the buffer belongs to the body. */
	r->header = r->used < MESSAGE_HEADER_MAX ? r->used : MESSAGE_HEADER_MAX;
	r->header -= rest.n;
	return !m->arena.failed;
}

/* Find a field that no receiver reads as it is read here: some line of it is
 * not indented, and ends the header. Fields with results are not meant: those
 * were added by receivers. */
static void
find_unfolded(struct mailauth_message *m)
{
	static const struct mailauth_str names[] = { STR_INIT("DKIM-Signature"),
		STR_INIT("ARC-Message-Signature"), STR_INIT("ARC-Seal") };

	for (size_t i = 0; i < m->nfields && m->unfolded == NULL; i++)
		for (size_t k = 0; k < sizeof(names) / sizeof(names[0]); k++)
			if (m->fields[i].unfolded &&
			    str_ieq(m->fields[i].name, names[k]))
				m->unfolded = &m->fields[i];
}

/* Parse a signature, and order its body hash before the body is read. A header
 * that ends early fails every signature: the fields behind are missing. */
static void
take_signature(struct mailauth_message *m, size_t field)
{
	struct message_sig *s = &m->sigs[m->nsigs];

	if (m->nsigs == MESSAGE_SIGS_MAX) {
		m->more_sigs++;
		return;
	}
	m->nsigs++;
	s->field = field;
	s->body = -1;
	dkim_sig_parse(m->fields[field].value, &s->sig, &s->fault);
	if (m->unfolded != NULL)
		s->fault = (struct dkim_sig_fault){ MAILAUTH_F_SIG_SYNTAX,
			STR_NONE,
			m->unfolded == &m->fields[field] ?
			    "a line of it is not indented, so that no receiver "
			    "can verify it" :
			    "a line of another signature is not indented, so "
			    "that no receiver can verify this one" };
	if (s->fault.id == MAILAUTH_F_NONE)
		s->body = body_hash_want(m->bodies, s->sig.body_relaxed,
		    s->sig.has_l, s->sig.l);
}

/* Parse all signatures, and hash the header that each one signs. */
static bool
take_signatures(struct mailauth_message *m)
{
	struct dkim_field *plain =
	    arena_alloc(&m->arena, (m->nfields + 1) * sizeof(*plain));
	struct dkim_fields *fields;

	m->sigs = arena_alloc(&m->arena, MESSAGE_SIGS_MAX * sizeof(*m->sigs));
	m->bodies = body_hash_new(&m->arena, MESSAGE_SIGS_MAX);
	if (plain == NULL || m->sigs == NULL || m->bodies == NULL)
		return false;
	find_unfolded(m);
	for (size_t i = 0; i < m->nfields; i++) {
		plain[i].raw = m->fields[i].raw;
		plain[i].name = m->fields[i].name;
		if (str_ieq(m->fields[i].name, STR("DKIM-Signature")))
			take_signature(m, i);
	}
	if (m->nsigs == 0)
		return true;
	fields = dkim_fields_new(&m->arena, plain, m->nfields);
	if (fields == NULL)
		return false;
	for (size_t i = 0; i < m->nsigs; i++) {
		struct message_sig *s = &m->sigs[i];

		if (s->body >= 0 &&
		    !dkim_hash_header(fields, s->field, &s->sig, s->header))
			return false;
	}
	return true;
}

static void
take_body(struct mailauth_message *m, const void *data, size_t n)
{
	const char *s = data;

	body_hash_put(m->bodies, data, n);
	m->body_octets += n;
	for (size_t i = 0; i < n && !m->body_text; i++)
		m->body_text = !is_fws(s[i]);
	if (n > 0)
		m->cut_line = s[n - 1] != '\n';
}

static enum mailauth_status
read_body(struct reading *r)
{
	if (r->used > r->header)
		take_body(r->m, r->buf + r->header, r->used - r->header);
	while (!r->ended) {
		long n = input_read(r->input, r->buf, r->cap);

		if (n < 0 || (size_t)n > r->cap)
			return MAILAUTH_EINPUT;
		r->ended = n == 0;
		take_body(r->m, r->buf, (size_t)n);
	}
	return body_hash_end(r->m->bodies) ? MAILAUTH_OK : MAILAUTH_ENOMEM;
}

static enum mailauth_status
read_all(struct reading *r, mailauth_read read, void *arg, unsigned part,
    char *why)
{
	enum mailauth_status status =
	    input_open(&r->m->arena, read, arg, part, &r->input, why);

	if (status == MAILAUTH_OK)
		status = read_header(r);
	if (status != MAILAUTH_OK)
		return status;
	r->m->form = input_form(r->input);
	r->m->reshaped = input_reshaped(r->input);
	r->m->parts = input_part_list(r->input);
	r->m->nparts = input_parts(r->input);
	r->m->part = part > 1 ? part : 1;
	if (!split(r))
		return MAILAUTH_ENOMEM;
	if (r->m->nfields == 0) {
		snprintf(why, MAILAUTH_WHY_MAX,
		    r->used == 0 ?
		        "it is empty" :
		        r->m->cut ?
		        "its header is longer than 8 MiB" :
		        "it is not a message: it does not begin with a header "
		        "field. Save the whole message ('show original', 'save "
		        "as .eml')");
		return MAILAUTH_EINPUT;
	}
	if (!take_signatures(r->m))
		return MAILAUTH_ENOMEM;
	return read_body(r);
}

enum mailauth_status
mailauth_message_new(mailauth_read read, void *arg,
    struct mailauth_message **out, char why[MAILAUTH_WHY_MAX])
{
	return mailauth_message_new_part(read, arg, 1, out, why);
}

enum mailauth_status
mailauth_message_new_part(mailauth_read read, void *arg, unsigned part,
    struct mailauth_message **out, char why[MAILAUTH_WHY_MAX])
{
	struct reading r = { .ended = false };
	enum mailauth_status status = MAILAUTH_ENOMEM;

	if (read == NULL || out == NULL || why == NULL)
		return use_refused(why, USE_NULL);
	*out = NULL;
	snprintf(why, MAILAUTH_WHY_MAX, "it cannot be read");
	r.m = calloc(1, sizeof(*r.m));
	if (r.m != NULL)
		status = read_all(&r, read, arg, part, why);
	input_close(r.input);
	free(r.buf);
	if (status == MAILAUTH_ENOMEM)
		snprintf(why, MAILAUTH_WHY_MAX, "memory ran out");
	if (status != MAILAUTH_OK)
		mailauth_message_free(r.m);
	else
		*out = r.m;
	return status;
}

void
mailauth_message_free(struct mailauth_message *m)
{
	if (m == NULL)
		return;
	body_hash_free(m->bodies);
	arena_free(&m->arena);
	free(m);
}
