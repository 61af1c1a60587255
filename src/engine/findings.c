/*
 * findings.c - record sets and findings of a check
 * SPDX-License-Identifier: BSD-3-Clause
 */
#include "engine/rounds.h"

struct item *
view(struct check *c, const struct mailauth_kind *kind, struct lookup *l)
{
	struct mailauth_scope scope = c->report->scope;
	struct view *v;

	if (!is_done(l))
		return NULL;
	for (v = c->rounds->views; v != NULL; v = v->next)
		if (v->lookup == l && v->kind == kind)
			return v->item;
	v = arena_alloc(&c->report->arena, sizeof(*v));
	if (v == NULL)
		return NULL;
	scope.absence_is_fine = true;
	v->kind = kind;
	v->lookup = l;
	v->item = report_judge(c->report, kind, &l->answer, &scope);
	v->next = c->rounds->views;
	c->rounds->views = v;
	return v->item;
}

struct item *
view_as(struct check *c, enum mailauth_kind_id kind, struct lookup *l)
{
	return view(c, kind_at(kind), l);
}

void
list_item(struct check *c, struct item *item)
{
	struct view *v = c->rounds->views;
	bool speaks = true;

	/* What could not be told is never left out. */
	if (item == NULL ||
	    (item->answer->outcome != MAILAUTH_FAILED && c->rounds->only != 0 &&
	        (c->rounds->only >> item->j.kind->id & 1) == 0))
		return;
	for (struct view *o = c->rounds->views; o != NULL; o = o->next) {
		if (o->item == item)
			v = o;
		else if (o->listed && o->item->answer == item->answer)
			speaks = false;
	}
	if (v == NULL || v->listed)
		return;
	v->listed = true;
	item->speaks = speaks;
	report_show(c->report, item);
}

void
list_own(struct check *c, struct item *item)
{
	for (struct view *v = c->rounds->views; v != NULL; v = v->next)
		v->listed = v->listed || v->item == item;
	report_show(c->report, item);
}

struct view *
check_views(const struct check *c)
{
	return c->rounds->views;
}

bool
has_record(const struct item *item)
{
	return item != NULL && item->j.matches == 1 &&
	    item->j.rr != MAILAUTH_RR_ALL;
}

bool
is_placed(const struct item *item)
{
	return has_record(item) &&
	    (item->answer->flags & MAILAUTH_ANSWER_WILDCARD) == 0;
}

bool
is_none(const struct item *item)
{
	return item != NULL && item->j.verdict == MAILAUTH_NONE;
}

bool
is_usable(const struct check *c, const struct item *item)
{
	return item != NULL && item_verdict(c->report, item) == MAILAUTH_VALID;
}

bool
is_listed(const struct check *c, const struct item *item)
{
	for (const struct view *v = c->rounds->views; v != NULL; v = v->next)
		if (v->item == item)
			return v->listed;
	return false;
}

void
tell(struct check *c, const struct item *item, enum mailauth_finding_id id,
    struct mailauth_str detail)
{
	if (id != MAILAUTH_F_NONE && (item == NULL || is_listed(c, item)))
		report_add(c->report, item, id, detail);
}

void
tell_at(struct check *c, const struct item *item, enum mailauth_finding_id id,
    struct mailauth_str where, struct mailauth_str detail)
{
	if (id != MAILAUTH_F_NONE && (item == NULL || is_listed(c, item)))
		report_add_at(c->report, item, id, where, detail);
}

void
tell_validation(struct check *c)
{
	if (c->resolver->validation_off != NULL)
		tell(c, NULL, MAILAUTH_F_DNSSEC_VALIDATION_OFF,
		    str_of(c->resolver->validation_off));
}

void
tell_missing(struct check *c, const struct item *item)
{
	if (!is_none(item))
		return;
	tell(c, item, item->j.kind->missing, STR_NONE);
}
