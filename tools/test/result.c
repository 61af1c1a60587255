/*
 * result.c - the result of a case, from one process to another
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * Both ends are this program, so numbers go as they are in memory.
 */
#include <string.h>

#include "tools/test/test.h"

/* Octets of a text; more is no result of ours. */
#define TEXT_MAX ((size_t)64 * 1024 * 1024)

/* What goes first. */
struct head {
	unsigned line;
	enum outcome outcome;
	int code;
	double seconds;
	size_t ndifferences, nedits;
};

/* A length and the text; one that is NULL has a length of its own. */
static bool
send_text(FILE *to, const char *s, size_t n)
{
	if (s == NULL)
		n = SIZE_MAX;
	return fwrite(&n, sizeof(n), 1, to) == 1 &&
	    (s == NULL || n == 0 || fwrite(s, n, 1, to) == 1);
}

static bool
send_string(FILE *to, const char *s)
{
	return send_text(to, s, s != NULL ? strlen(s) : 0);
}

static bool
send_head(const struct case_result *r, FILE *to)
{
	struct head head;

	/* No octet between members goes out as it happens to be. */
	memset(&head, 0, sizeof(head));
	head.line = r->line;
	head.outcome = r->outcome;
	head.code = r->code;
	head.seconds = r->seconds;
	for (struct case_difference *d = r->differences; d != NULL; d = d->next)
		head.ndifferences++;
	for (struct case_edit *e = r->edits; e != NULL; e = e->next)
		head.nedits++;
	return fwrite(&head, sizeof(head), 1, to) == 1;
}

bool
case_result_send(const struct case_result *r, FILE *to)
{
	bool good = send_head(r, to) && send_string(to, r->verdict) &&
	    send_string(to, r->reason);

	for (struct case_difference *d = r->differences; good && d != NULL;
	     d = d->next)
		good = fwrite(&d->line, sizeof(d->line), 1, to) == 1 &&
		    send_string(to, d->text);
	for (struct case_edit *e = r->edits; good && e != NULL; e = e->next)
		good = fwrite(&e->line, sizeof(e->line), 1, to) == 1 &&
		    fwrite(&e->insert, sizeof(e->insert), 1, to) == 1 &&
		    send_text(to, e->text.s != NULL ? e->text.s : "",
		        e->text.n);
	return good && fflush(to) == 0;
}

static bool
receive_text(struct arena *a, FILE *from, struct mailauth_str *out)
{
	char *room;
	size_t n;

	*out = (struct mailauth_str){ NULL, 0 };
	if (fread(&n, sizeof(n), 1, from) != 1)
		return false;
	if (n == SIZE_MAX)
		return true;
	room = n <= TEXT_MAX ? arena_alloc(a, n + 1) : NULL;
	if (room == NULL || (n > 0 && fread(room, n, 1, from) != 1))
		return false;
	room[n] = '\0';
	*out = (struct mailauth_str){ room, n };
	return true;
}

static bool
receive_string(struct arena *a, FILE *from, const char **out)
{
	struct mailauth_str text;
	bool good = receive_text(a, from, &text);

	*out = text.s;
	return good;
}

static bool
receive_difference(struct case_result *out, FILE *from,
    struct case_difference *d)
{
	return d != NULL && fread(&d->line, sizeof(d->line), 1, from) == 1 &&
	    receive_string(&out->arena, from, &d->text) && d->text != NULL;
}

static bool
receive_edit(struct case_result *out, FILE *from, struct case_edit *e)
{
	return e != NULL && fread(&e->line, sizeof(e->line), 1, from) == 1 &&
	    fread(&e->insert, sizeof(e->insert), 1, from) == 1 &&
	    receive_text(&out->arena, from, &e->text);
}

bool
case_result_receive(struct case_result *out, FILE *from)
{
	struct case_difference **difference = &out->differences;
	struct case_edit **edit = &out->edits;
	struct head head;

	*out = (struct case_result){ .line = 0 };
	if (fread(&head, sizeof(head), 1, from) != 1 ||
	    !receive_string(&out->arena, from, &out->verdict) ||
	    !receive_string(&out->arena, from, &out->reason))
		return false;
	out->line = head.line;
	out->outcome = head.outcome;
	out->code = head.code;
	out->seconds = head.seconds;
	for (; head.ndifferences > 0; head.ndifferences--) {
		*difference = arena_alloc(&out->arena, sizeof(**difference));
		if (!receive_difference(out, from, *difference))
			return false;
		difference = &(*difference)->next;
		*difference = NULL;
	}
	for (; head.nedits > 0; head.nedits--) {
		*edit = arena_alloc(&out->arena, sizeof(**edit));
		if (!receive_edit(out, from, *edit))
			return false;
		edit = &(*edit)->next;
		*edit = NULL;
	}
	return true;
}

void
case_result_free(struct case_result *r)
{
	arena_free(&r->arena);
}
