/*
 * source.c - trouble with the source of answers, said before the domain
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * When no DNS server can be reached, or the one that was asked passes no proof
 * on, nothing is known of any name. The report then says that, once, and
 * nothing of the domain: no record failed for a fault of its own.
 */
#include "base/str.h"
#include "engine/rounds.h"

bool
is_of_source(const struct mailauth_answer *a)
{
	return a->outcome == MAILAUTH_FAILED &&
	    (a->cause == MAILAUTH_CAUSE_UNREACHABLE ||
	        a->cause == MAILAUTH_CAUSE_NO_PROOF);
}

/* The first lookup that failed by a fault of the source; NULL without one. */
static const struct lookup *
first_of_source(const struct check *c)
{
	const struct lookup *l = c->rounds->lookups;

	while (l != NULL && !(is_done(l) && is_of_source(&l->answer)))
		l = l->next;
	return l;
}

/* Some lookup has an answer, so that the report can say something. What the
 * resolver answers by itself does not count. */
static bool
some_answer(const struct check *c)
{
	for (const struct lookup *l = c->rounds->lookups; l != NULL;
	     l = l->next)
		if ((is_found(l) || is_absent(l)) &&
		    (l->answer.flags & MAILAUTH_ANSWER_LOCAL) == 0)
			return true;
	return false;
}

bool
source_gave_nothing(const struct check *c)
{
	return first_of_source(c) != NULL && !some_answer(c);
}

/* The finding is about what was given, and not about what was looked up. */
static bool
is_of_request(const struct finding *n)
{
	const struct finding_row *row = finding_row(n->finding.id);

	return n->set == NULL && !finding_defers(&n->finding) &&
	    (row->scope == SCOPE_MESSAGE || row->scope == SCOPE_SETTINGS ||
	        row->scope == SCOPE_FILE);
}

/* Take all that is about the domain out of the report. */
static void
clear_report(struct mailauth_report *r)
{
	struct finding **at = &r->findings;

	r->sets = NULL;
	r->sets_end = &r->sets;
	r->keys = NULL;
	r->keys_end = &r->keys;
	r->incomplete = NULL;
	r->incomplete_end = &r->incomplete;
	r->nsets = r->nfindings = 0;
	while (*at != NULL) {
		if (is_of_request(*at)) {
			r->nfindings++;
			at = &(*at)->next;
		} else {
			*at = (*at)->next;
		}
	}
	r->findings_end = at;
}

/* Where answers were to come from, in words. */
static struct mailauth_str
origin_of(struct check *c)
{
	const struct resolver *r = c->resolver;
	struct writer w = arena_writer(&c->report->arena);

	if (r->offline)
		return STR("the given zones");
	if (!r->forwards || r->through != NULL)
		return STR("recursion from the root");
	if (r->nlisted == 0)
		return STR("the servers of a file");
	for (size_t i = 0; i < r->nlisted; i++) {
		put_text(&w, i == 0 ? "through " : ", ");
		put_untrusted(&w, str_of(r->listed[i]));
	}
	return writer_str(&w);
}

void
tell_source_trouble(struct check *c)
{
	const struct lookup *l = first_of_source(c);
	bool strips;

	c->report->source = c->resolver->through;
	c->report->origin = origin_of(c);
	if (l == NULL)
		return;
	strips = l->answer.cause == MAILAUTH_CAUSE_NO_PROOF;
	if (source_gave_nothing(c)) {
		clear_report(c->report);
		c->report->unproved = strips;
	}
	tell(c, NULL,
	    !strips                      ? MAILAUTH_F_SOURCE_UNREACHABLE :
	        c->resolver->denies_root ? MAILAUTH_F_SOURCE_DENIES_ROOT :
	                                   MAILAUTH_F_SOURCE_STRIPS_DNSSEC,
	    shown(c, l->answer.why));
}
