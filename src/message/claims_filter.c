/*
 * claims_filter.c - reader of what spam filters say of SPF, DKIM and DMARC
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * Their fields name no receiver. They are believed only where no
 * Authentication-Results is: then what is above the border explains a failure.
 * A pass never counts.
 */
#include "base/str.h"
#include "header/filter.h"
#include "message/explain.h"

static void
add_property(struct check *c, struct explain *x, struct claim *claim,
    const char *name, struct mailauth_str value)
{
	struct claim_property *p, **end = &claim->properties;

	if (value.n == 0 || (p = claims_room(c, x, sizeof(*p))) == NULL)
		return;
	while (*end != NULL)
		end = &(*end)->next;
	p->ptype = STR("header");
	p->name = str_of(name);
	p->value = value;
	*end = p;
}

static struct claim *
claim_of(struct check *c, struct explain *x, const struct filter_result *from)
{
	struct claim *claim = claims_room(c, x, sizeof(*claim));
	bool dkim = str_eq(from->method, STR("dkim"));

	if (claim == NULL)
		return NULL;
	claim->method = from->method;
	claim->result = from->result;
	claim->reason = explain_keep(c, from->why);
	claim->domain = explain_keep(c, from->domain);
	if (from->of_author && from->domain.n == 0 && c->domain.n > 0)
		claim->domain = str_sub(c->domain, 0, c->domain.n - 1);
	if (dkim) {
		add_property(c, x, claim, "d", claim->domain);
		add_property(c, x, claim, "s", explain_keep(c, from->selector));
	}
	return claim;
}

/* Whether a field of a filter is believed: above the border, where nothing else
 * is. */
static void
believe(const struct explain *x, struct claims *filter, size_t field)
{
	filter->below = field > x->border.limit;
	filter->trusted = !filter->below && !x->attached &&
	    field <= x->border.doubt && x->request->nauthserv_ids == 0;
	for (const struct claims *h = x->report->claims; h != NULL; h = h->next)
		filter->trusted = filter->trusted && !h->trusted;
}

/* Read the field with this name, the topmost, behind the other claims. */
static void
take_filter(struct check *c, struct explain *x, const char *name, size_t field)
{
	struct claims **list = &x->report->claims, *claims;
	struct claim **end;
	struct filter_result result;
	struct filter f;

	if (!filter_open(str_of(name), x->m->fields[field].value, &f) ||
	    (claims = claims_room(c, x, sizeof(*claims))) == NULL)
		return;
	claims->filter = name;
	end = &claims->results;
	while (filter_next(&f, &result) &&
	    (*end = claim_of(c, x, &result)) != NULL) {
		(*end)->of = claims;
		end = &(*end)->next;
	}
	if (claims->results == NULL)
		return;
	believe(x, claims, field);
	x->above = x->above || claims->trusted;
	while (*list != NULL)
		list = &(*list)->next;
	*list = claims;
}

/* The result of a filter about a signature: of several the first failure of the
 * author's organization, or else the first. Only where no believed receiver says
 * anything of DKIM. */
static void
keep_dkim(struct check *c, struct explain *x)
{
	bool own = false;

	for (const struct claims *h = x->report->claims; h != NULL; h = h->next)
		for (const struct claim *r = h->results; r != NULL;
		     r = r->next) {
			enum authres_word word = authres_word_of(r->result);
			bool fails = word != AUTHRES_PASS &&
			    guard_same_org(c, r->domain, c->domain);

			if (!claim_is(r, STR("dkim")) || word == AUTHRES_NONE)
				continue;
			if (h->filter == NULL && h->trusted)
				return;
			if (h->filter == NULL || own ||
			    (x->filter_dkim != NULL && !fails))
				continue;
			x->filter_dkim = r;
			own = fails;
		}
}

void
claims_filters(struct check *c, struct explain *x)
{
	static const char *const names[] = { "X-Spamd-Result",
		"X-Spam-Status" };

	for (size_t k = 0; k < sizeof(names) / sizeof(names[0]); k++) {
		size_t i = 0;

		while (i < x->m->nfields &&
		    !str_ieq(x->m->fields[i].name, str_of(names[k])))
			i++;
		if (i < x->m->nfields)
			take_filter(c, x, names[k], i);
	}
	keep_dkim(c, x);
}
