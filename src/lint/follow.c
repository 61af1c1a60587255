/*
 * follow.c - findings that are consequences of others
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * Within one report the causes are known. Here a fault of the text of a record
 * becomes the cause of what the check of its name found, and the consequences
 * of a finding that does not count do not count either.
 */
#include "lint/lint.h"
#include "record/findings.h"

/* The fault changes what the record says, or takes it away. */
static bool
spoils(const struct item *it)
{
	switch (it->id) {
	case MAILAUTH_F_ZONE_SYNTAX:
	case MAILAUTH_F_ZONE_RDATA:
	case MAILAUTH_F_ZONE_QUOTE_OPEN:
	case MAILAUTH_F_ZONE_QUOTES_INSIDE:
	case MAILAUTH_F_ZONE_SEMICOLON:
	case MAILAUTH_F_ZONE_PARENTHESIS:
	case MAILAUTH_F_ZONE_CLASS: return true;
	default: return false;
	}
}

/* The finding says that something is not there. */
static bool
is_absence(const struct item *it)
{
	struct mailauth_str code = str_of(it->view.code);

	return str_ifind(code, STR("-missing")) + 8 == code.n;
}

static void
follow_faults(struct mailauth_lint *l)
{
	for (size_t i = 0; i < l->nitems; i++) {
		const struct item *it = l->items[i];
		struct owner *o = it->view.name != NULL && spoils(it) ?
		    owner_at(l, str_of(it->view.name)) :
		    NULL;

		if (o != NULL && o->fault == NULL)
			o->fault = it;
	}
	for (size_t i = 0; i < l->nitems; i++) {
		struct item *it = l->items[i];
		const struct owner *o = it->view.name != NULL ?
		    owner_of(l, str_of(it->view.name)) :
		    NULL;

		if (o == NULL || o->fault == NULL || it->view.kind == NULL ||
		    it->view.follows != NULL)
			continue;
		if (!is_absence(it) &&
		    (it->file != o->fault->file ||
		        it->first_line != o->fault->first_line))
			continue;
		it->view.follows = o->fault->view.code;
		if (it->view.ignored == NULL)
			it->view.ignored = o->fault->view.ignored;
	}
}

/* Of the findings of one name, the cause of one does not count. */
static void
excuse(const struct mailauth_lint *l, const struct mailauth_lint_name *name,
    struct item *it)
{
	for (size_t i = name->first; i < name->first + name->n; i++) {
		const struct mailauth_lint_finding *cause = &l->items[i]->view;

		if (cause->ignored != NULL &&
		    strcmp(cause->code, it->view.follows) == 0)
			it->view.ignored = cause->ignored;
	}
}

void
lint_follow(struct mailauth_lint *l)
{
	follow_faults(l);
	for (size_t n = 0; n < l->nnames; n++) {
		const struct mailauth_lint_name *name = &l->names[n];

		for (size_t i = name->first; i < name->first + name->n; i++)
			if (l->items[i]->view.follows != NULL &&
			    l->items[i]->view.ignored == NULL)
				excuse(l, name, l->items[i]);
	}
}
