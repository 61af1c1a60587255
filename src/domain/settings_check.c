/*
 * settings_check.c - what settings add to the check of a domain
 * SPDX-License-Identifier: BSD-3-Clause
 */
#include "domain/settings_check.h"

#include "base/dname.h"
#include "base/str.h"
#include "domain/settings.h"

bool
settings_check_new(struct check *c, struct domain_check *dc,
    const struct mailauth_settings *settings)
{
	struct arena *a = &c->report->arena;
	struct settings_check *x = arena_alloc(a, sizeof(*x));

	if (x == NULL)
		return false;
	x->s = settings;
	x->routes =
	    arena_alloc(a, (settings->nroutes + 1) * sizeof(*x->routes));
	x->planned = arena_alloc(a, PLANNED_MAX * sizeof(*x->planned));
	x->mail_froms = arena_alloc(a,
	    (2 * settings->nroutes + 1) * sizeof(*x->mail_froms));
	if (x->routes == NULL || x->planned == NULL || x->mail_froms == NULL)
		return false;
	for (const struct route *r = settings->routes; r != NULL; r = r->next)
		if (str_eq(r->from, c->domain))
			x->routes[x->nroutes++] = r;
	dc->settings = x;
	return true;
}

size_t
settings_nodes(const struct domain_check *dc)
{
	return dc->settings != NULL ? dc->settings->s->count[LIST_NODES] : 0;
}

size_t
settings_selectors(const struct domain_check *dc)
{
	return dc->settings != NULL ? 2 * dc->settings->nroutes : 0;
}

struct mailauth_str
settings_mail_from(const struct domain_check *dc, size_t i)
{
	return dc->settings != NULL && i < dc->settings->nmail_froms ?
	    dc->settings->mail_froms[i] :
	    STR_NONE;
}

size_t
settings_planned(const struct domain_check *dc)
{
	return dc->settings != NULL ? dc->settings->nplanned : 0;
}

/* Signatures. */

/* Add the selector of a signature, unless an earlier selector has the same key
 * record. Several keys may be set for one selector: each stays, marked `again`,
 * so that each is compared with the published key; the record is reported
 * once. */
static void
add_selector(struct check *c, struct domain_check *dc, const struct signing *s)
{
	struct mailauth_str spki = s->entry != NULL ? s->entry->spki : STR_NONE;
	struct selector *out = &dc->selectors[dc->nselectors];

	if (s->selector.n == 0)
		return;
	*out = (struct selector){ .planned = true, .spki = spki };
	take_selector(c, s->selector, s->domain, out);
	for (size_t i = 0; i < dc->nselectors; i++) {
		struct selector *other = &dc->selectors[i];

		if (!str_eq(other->owner, out->owner) ||
		    (out->owner.n == 0 && !str_eq(other->text, out->text)))
			continue;
		other->full_name = other->full_name || out->full_name;
		if (str_eq(other->spki, spki) || spki.n == 0)
			return;
		if (other->spki.n == 0 && !other->again) {
			other->spki = spki;
			other->planned = true;
			return;
		}
		out->again = true;
	}
	dc->nselectors++;
}

/* Nodes. */

static struct sender *
sender_of(const struct domain_check *dc, const struct entry *node)
{
	for (size_t i = 0; i < dc->nsenders; i++)
		if (addr_eq(&dc->senders[i].addr, &node->addr) &&
		    (node->value[FIELD_HOST].n == 0 ||
		        str_eq(dc->senders[i].host, node->value[FIELD_HOST])))
			return &dc->senders[i];
	return NULL;
}

/* The node sends from an address that the outside cannot see: it is no sender,
 * and the finding is on its setting. */
static bool
is_hidden(struct domain_check *dc, const struct entry *node)
{
	struct settings_check *x = dc->settings;
	struct addr addr = node->addr;

	addr_unmap(&addr);
	if (!addr_is_nat64(&addr) && addr_scope_of(&addr) != ADDR_NONPUBLIC)
		return false;
	for (size_t i = 0; i < x->nhidden; i++)
		if (x->hidden[i] == node)
			return true;
	if (x->nhidden == NODES_MAX)
		x->limit = "nodes";
	else
		x->hidden[x->nhidden++] = node;
	return true;
}

static struct sender *
add_node(struct check *c, struct domain_check *dc, const struct entry *node,
    bool planned)
{
	struct mailauth_str host = node->value[FIELD_HOST];
	struct settings_check *x = dc->settings;
	struct sender *s = sender_of(dc, node);
	char why[MAILAUTH_WHY_MAX];
	char room[DNAME_TEXT_MAX + 1], ip[64];
	struct mailauth_sender copy = { .host = NULL };

	if (node->addr.family != 0 && is_hidden(dc, node))
		return NULL;
	if (s != NULL) {
		s->planned = s->planned || planned;
		return s;
	}
	if (x->nnodes == NODES_MAX) {
		x->limit = "nodes";
		return NULL;
	}
	/* The texts of the settings have no NUL behind them. */
	if (host.n >= sizeof(room) || node->value[FIELD_IP].n >= sizeof(ip))
		return NULL;
	if (host.n > 0) {
		memcpy(room, host.s, host.n);
		room[host.n] = '\0';
		copy.host = room;
	}
	memcpy(ip, node->value[FIELD_IP].s, node->value[FIELD_IP].n);
	ip[node->value[FIELD_IP].n] = '\0';
	copy.ip = ip;
	s = &dc->senders[dc->nsenders];
	*s = (struct sender){ .planned = planned };
	if (take_sender(c, &copy, s, why) != MAILAUTH_OK)
		return NULL;
	dc->nsenders++;
	x->nnodes++;
	check_allow(c, LOOKUPS_NODE);
	return s;
}

static void
add_planned(const struct domain_check *dc, const struct sender *s,
    struct mailauth_str domain, bool by_ptr)
{
	struct settings_check *x = dc->settings;

	if (s == NULL || (domain.n == 0 && !by_ptr))
		return;
	for (size_t i = 0; i < x->nplanned; i++)
		if (x->planned[i].sender == s &&
		    x->planned[i].by_ptr == by_ptr &&
		    str_eq(x->planned[i].domain, domain))
			return;
	if (x->nplanned == PLANNED_MAX) {
		x->limit = "nodes with their MAIL FROM domains";
		return;
	}
	x->planned[x->nplanned++] = (struct planned){ s, domain, by_ptr };
}

static void
add_mail_from(struct settings_check *x, struct mailauth_str name)
{
	for (size_t i = 0; i < x->nmail_froms; i++)
		if (str_eq(x->mail_froms[i], name))
			return;
	if (name.n > 0)
		x->mail_froms[x->nmail_froms++] = name;
}

void
settings_take(struct check *c, struct domain_check *dc)
{
	struct settings_check *x = dc->settings;
	size_t more;

	if (x == NULL)
		return;
	for (size_t i = 0; i < x->nroutes; i++) {
		const struct route *r = x->routes[i];

		add_selector(c, dc, &r->dkim);
		add_selector(c, dc, &r->secondary);
		add_mail_from(x, r->mail_from);
		add_mail_from(x, r->spf_domain);
		for (size_t k = 0; k < r->nnodes; k++) {
			const struct sender *s =
			    add_node(c, dc, r->nodes[k], true);

			add_planned(dc, s, r->mail_from,
			    r->type == FROM_PTR && r->mail_from.n == 0);
			add_planned(dc, s, r->spf_domain, false);
		}
	}
	/* No route has the domain in From: it is a domain of the nodes, so
	 * check all nodes as its senders. */
	for (const struct entry *e = x->s->list[LIST_NODES];
	     x->nroutes == 0 && e != NULL; e = e->next)
		add_node(c, dc, e, false);
	settings_find_hosts(c, dc);
	more = x->nmail_froms + x->nwishes + dc->nselectors;
	check_allow(c,
	    LOOKUPS_NODE * (more < PLANNED_MAX ? more : PLANNED_MAX));
}

/* SPF. */

void
settings_add_trials(const struct domain_check *dc, struct spf_check *s)
{
	struct settings_check *x = dc->settings;

	for (size_t i = 0; x != NULL && i < x->nplanned; i++) {
		const struct planned *p = &x->planned[i];
		struct spf_trial *t = spf_check_add(s, &p->sender->addr);

		t->sender = p->sender;
		t->mapped = p->sender->mapped;
		t->planned = true;
		t->by_ptr = p->by_ptr;
		t->wanted = p->domain;
	}
}

/* The name when SPF can check it, with two labels at least; else STR_NONE. */
static struct mailauth_str
identity(struct mailauth_str name)
{
	return dname_labels(name) >= 2 ? name : STR_NONE;
}

struct mailauth_str
settings_identity(struct check *c, const struct spf_trial *t)
{
	struct sender unnamed = *t->sender;

	if (!t->by_ptr)
		return identity(t->wanted);
	unnamed.host = STR_NONE;
	return identity(sender_name(c, &unnamed));
}
