/*
 * api.c - what a lint has found, for users of the library
 * SPDX-License-Identifier: BSD-3-Clause
 */
#include "judge/verdict.h"
#include "lint/lint.h"

enum mailauth_result
lint_result_of(const struct mailauth_lint *l, size_t first, size_t n)
{
	struct result_sum sum = { false, false, false };

	for (size_t i = first; i < first + n && i < l->nitems; i++) {
		const struct item *it = l->items[i];

		if (it->view.ignored == NULL)
			result_add(&sum, it->view.severity, it->open);
	}
	return result_sum(&sum);
}

enum mailauth_result
mailauth_lint_result(const struct mailauth_lint *lint)
{
	if (lint == NULL)
		return MAILAUTH_RESULT_TEMPERROR;
	return lint_result_of(lint, 0, lint->nitems);
}

size_t
mailauth_lint_findings(const struct mailauth_lint *lint)
{
	return lint != NULL ? lint->nitems : 0;
}

bool
mailauth_lint_finding(const struct mailauth_lint *lint, size_t i,
    struct mailauth_lint_finding *out)
{
	if (lint == NULL || i >= lint->nitems || out == NULL)
		return false;
	*out = lint->items[i]->view;
	return true;
}

size_t
mailauth_lint_names(const struct mailauth_lint *lint)
{
	return lint != NULL ? lint->nnames : 0;
}

bool
mailauth_lint_name(const struct mailauth_lint *lint, size_t i,
    struct mailauth_lint_name *out)
{
	enum mailauth_result result;

	if (lint == NULL || i >= lint->nnames || out == NULL)
		return false;
	*out = lint->names[i];
	result = lint_result_of(lint, out->first, out->n);
	/* A name that was not judged has not passed. */
	if (out->result == MAILAUTH_RESULT_PASS ||
	    result == MAILAUTH_RESULT_FAIL)
		out->result = result;
	return true;
}

bool
mailauth_lint_zone(const struct mailauth_lint *lint, size_t i,
    struct mailauth_zone *out)
{
	if (lint == NULL || i >= lint->nzones || out == NULL)
		return false;
	*out = (struct mailauth_zone){ lint->zones[i].name,
		lint->zones[i].file->file.path };
	return true;
}

void
mailauth_lint_ignore(struct mailauth_lint *lint, size_t i, const char *why)
{
	if (lint != NULL && i < lint->nitems)
		lint->items[i]->view.ignored = why;
}
