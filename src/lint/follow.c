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

/* A fault of the zone as a whole, and what a check of the record calls it: the
 * check knows what it means for mail. */
static const struct {
	enum mailauth_finding_id zone, record;
} same[] = {
	{ MAILAUTH_F_ZONE_NAME_DOUBLED, MAILAUTH_F_MX_TRAILING_DOT_MISSING },
	{ MAILAUTH_F_ZONE_NAME_DOUBLED, MAILAUTH_F_DNS_FINAL_DOT_MISSING },
	{ MAILAUTH_F_ZONE_NAME_DOUBLED, MAILAUTH_F_ZONE_SOA_NAME },
	{ MAILAUTH_F_ZONE_TTL_SHORT, MAILAUTH_F_DNS_TTL_VERY_LOW },
	{ MAILAUTH_F_ZONE_CNAME_BESIDE, MAILAUTH_F_DNS_CNAME_AND_DATA },
};

static bool
is_twin(const struct item *zone, const struct item *record)
{
	for (size_t i = 0; i < sizeof(same) / sizeof(*same); i++)
		if (same[i].zone == zone->id && same[i].record == record->id)
			return record->file == zone->file &&
			    record->first_line == zone->first_line;
	return false;
}

static bool
has_twin(const struct item *it)
{
	for (size_t i = 0; i < sizeof(same) / sizeof(*same); i++)
		if (same[i].zone == it->id)
			return true;
	return false;
}

/* The faults of the zone that one name has. */
static void
follow_records(struct mailauth_lint *l, const struct mailauth_lint_name *name)
{
	for (size_t i = name->first; i < name->first + name->n; i++) {
		struct item *it = l->items[i];

		if (!has_twin(it) || it->view.follows != NULL)
			continue;
		for (size_t k = name->first; k < name->first + name->n; k++)
			if (is_twin(it, l->items[k]))
				it->view.follows = l->items[k]->view.code;
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

		follow_records(l, name);
		for (size_t i = name->first; i < name->first + name->n; i++)
			if (l->items[i]->view.follows != NULL &&
			    l->items[i]->view.ignored == NULL)
				excuse(l, name, l->items[i]);
	}
}
