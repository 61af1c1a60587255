/*
 * lint.c - mailauth_lint(): zones from the first octet to the last finding
 * SPDX-License-Identifier: BSD-3-Clause
 */
#include "lint/lint.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/use.h"
#include "record/kind.h"

static void
look_at_zone(struct mailauth_lint *l, size_t zone)
{
	lint_names(l, zone);
	lint_expiry(l, zone);
}

/* The name has a part in what is judged. */
static bool
is_wanted(const struct mailauth_lint *l, const struct owner *o)
{
	if (o->kind != NULL)
		return lint_wants(l, o->kind->id);
	return lint_is_whole(o) || (o->kinds & l->only) != 0 || o->kinds == 0;
}

/* All that comes behind the reading. */
static enum mailauth_status
judge(struct mailauth_lint *l, const struct mailauth_options *options,
    const struct mailauth_lint_request *request, char *why)
{
	enum mailauth_status status = MAILAUTH_OK;

	for (size_t i = 0; i < l->nzones; i++)
		if (l->zones[i].zone != NULL)
			look_at_zone(l, i);
	if (lint_wants(l, MAILAUTH_KIND_PTR))
		lint_reverse(l);
	for (struct owner *o = l->owners; l->only != 0 && o != NULL;
	     o = o->next)
		o->shown = o->shown && is_wanted(l, o);
	if (zones_first(l->index) != NULL)
		status = lint_judge(l, options, why);
	lint_ignores(l);
	if (status == MAILAUTH_OK && request->nold > 0)
		status = lint_diff(l, options, request, why);
	lint_fixes(l);
	lint_order(l);
	lint_follow(l);
	return status;
}

/* What can be seen to be wrong without a look into any file. */
static enum mailauth_status
check_use(const struct mailauth_options *o,
    const struct mailauth_lint_request *q, char *why)
{
	if (!use_profile_ok(q->profile))
		return use_refused(why, USE_PROFILE);
	if (o->nzones == 0)
		return use_refused(why, "there is no zone to judge");
	if (o->zones == NULL || (q->old == NULL && q->nold > 0))
		return use_refused(why, USE_LIST);
	for (size_t i = 0; i < o->nzones; i++)
		if (o->zones[i].file == NULL)
			return use_refused(why, USE_LIST);
	for (size_t i = 0; i < q->nold; i++)
		if (q->old[i].file == NULL)
			return use_refused(why, USE_LIST);
	return MAILAUTH_OK;
}

enum mailauth_status
mailauth_lint(const struct mailauth_options *options,
    const struct mailauth_lint_request *request, struct mailauth_lint **out,
    char why[MAILAUTH_WHY_MAX])
{
	static const struct mailauth_lint_request usual;
	enum mailauth_status status;
	struct mailauth_lint *l;

	if (options == NULL || out == NULL || why == NULL)
		return use_refused(why, USE_NULL);
	*out = NULL;
	if (request == NULL)
		request = &usual;
	status = check_use(options, request, why);
	if (status != MAILAUTH_OK)
		return status;
	l = calloc(1, sizeof(*l));
	status = MAILAUTH_ENOMEM;
	if (l != NULL) {
		l->profile = request->profile;
		l->is_change = request->nold > 0;
		l->allow_documentation = request->allow_documentation;
		l->only = request->only;
		l->files_end = &l->files;
		l->owners_end = &l->owners;
		l->room = arena_alloc(&l->arena, UINT16_MAX);
		if (l->room != NULL)
			status = lint_read(l, options, why);
	}
	if (status == MAILAUTH_OK)
		status = judge(l, options, request, why);
	if (l != NULL && l->arena.failed)
		status = MAILAUTH_ENOMEM;
	if (status == MAILAUTH_ENOMEM)
		snprintf(why, MAILAUTH_WHY_MAX, "memory ran out");
	if (status == MAILAUTH_OK)
		*out = l;
	else
		mailauth_lint_free(l);
	return status;
}

void
mailauth_lint_free(struct mailauth_lint *lint)
{
	if (lint == NULL)
		return;
	free(lint->items);
	zones_free(lint->index);
	arena_free(&lint->scratch);
	arena_free(&lint->arena);
	free(lint);
}
