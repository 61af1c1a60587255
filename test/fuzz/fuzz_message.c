/*
 * fuzz_message.c - a whole message, in pieces of any size
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * The first octet selects the size of the pieces in which the rest arrives.
 * The result must not depend on it.
 */
#include "fuzz.h"
#include "message/message.h"

struct source {
	struct mailauth_str rest;
	size_t piece;
};

static long
read_piece(void *arg, void *buf, size_t n)
{
	struct source *s = arg;

	if (n > s->piece)
		n = s->piece;
	if (n > s->rest.n)
		n = s->rest.n;
	if (n > 0)
		memcpy(buf, s->rest.s, n);
	s->rest = str_from(s->rest, n);
	return (long)n;
}

static struct mailauth_message *
read_message(struct mailauth_str text, size_t piece)
{
	struct source source = { text, piece };
	struct mailauth_message *m;
	char why[MAILAUTH_WHY_MAX];
	enum mailauth_status status =
	    mailauth_message_new(read_piece, &source, &m, why);

	MUST((status == MAILAUTH_OK) == (m != NULL));
	MUST(status == MAILAUTH_OK || status == MAILAUTH_EINPUT);
	MUST(m != NULL || why[0] != '\0');
	return m;
}

static void
compare_sigs(const struct message_sig *a, const struct mailauth_message *m,
    const struct message_sig *b, const struct mailauth_message *n)
{
	const struct body_hash *x, *y;

	MUST(a->field == b->field && a->fault.id == b->fault.id);
	MUST((a->fault.id == MAILAUTH_F_NONE) == (a->body >= 0));
	MUST(a->body == b->body);
	if (a->body < 0)
		return;
	MUST(memcmp(a->header, b->header, DKIM_HASH) == 0);
	x = body_hash_get(m->bodies, a->body);
	y = body_hash_get(n->bodies, b->body);
	MUST(x != NULL && y != NULL && x->too_short == y->too_short);
	MUST(x->beyond == y->beyond);
	MUST(x->too_short || memcmp(x->hash, y->hash, DKIM_HASH) == 0);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct mailauth_str text;
	struct mailauth_message *m, *n;

	if (size < 1 || size > 65536)
		return 0;
	text = (struct mailauth_str){ (const char *)data + 1, size - 1 };
	m = read_message(text, SIZE_MAX);
	n = read_message(text, data[0] + (size_t)1);
	MUST((m == NULL) == (n == NULL));
	if (m != NULL) {
		size_t octets = 0;

		MUST(m->nfields == n->nfields && m->nfields > 0);
		MUST(m->junk == n->junk && !m->cut && !n->cut);
		MUST(m->nsigs == n->nsigs && m->more_sigs == n->more_sigs);
		MUST(m->body_octets == n->body_octets);
		for (size_t i = 0; i < m->nfields; i++) {
			MUST(str_eq(m->fields[i].raw, n->fields[i].raw));
			octets += m->fields[i].raw.n;
		}
		MUST(octets + m->body_octets <= text.n);
		for (size_t i = 0; i < m->nsigs; i++)
			compare_sigs(&m->sigs[i], m, &n->sigs[i], n);
	}
	mailauth_message_free(m);
	mailauth_message_free(n);
	return 0;
}
