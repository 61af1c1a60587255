/*
 * route.c - the routes that mail takes, from settings at several levels
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * The domain in the panel, the sender, the virtual sender and the template may
 * all set the same value. The first level in this order that sets it wins:
 * settings of the panel are closest to what the platform uses. A different
 * value at a later level becomes an override, since mail may go out with it
 * where the platform decides otherwise. Nodes and tracking domain are the
 * exception: there the last level decides, since the special setting narrows
 * the general one.
 *
 * Each sender, virtual sender and template gives a route, and a second one for
 * another From domain that is set. SETTINGS_ROUTES_MAX bounds their number,
 * which is a product of the lists.
 */
#include <stdio.h>
#include <stdlib.h>

#include "base/dname.h"
#include "base/str.h"
#include "settings/settings.h"
#include "sys/idn.h"

/* Domain, sender, virtual sender, template. */
#define LEVELS 4

/* The levels of one combination, from which a route is made. */
struct chain {
	struct mailauth_settings *s;
	const struct entry *level[LEVELS]; /* NULL: this level is missing */
	const struct entry *pool;
	struct route *route;
};

static void
add_override(struct chain *c, struct override o)
{
	struct override *one, **end = &c->route->overrides;

	while (*end != NULL)
		end = &(*end)->next;
	one = arena_alloc(&c->s->arena, sizeof(*one));
	if (one == NULL)
		return;
	*one = o;
	*end = one;
}

static struct mailauth_str
path_of(const struct entry *e)
{
	return e != NULL ? e->path : STR_NONE;
}

/*
 * The value of a field that wins; other values become overrides.
 * @param level set to the entry that has it, or NULL; may be NULL itself
 */
static struct mailauth_str
pick(struct chain *c, enum field_id field, const struct entry **level)
{
	struct mailauth_str value = STR_NONE;
	const struct entry *from = NULL;

	for (size_t i = 0; i < LEVELS; i++) {
		const struct entry *e = c->level[i];

		if (e == NULL || e->value[field].n == 0)
			continue;
		if (from == NULL) {
			from = e;
			value = e->value[field];
		} else if (!str_eq(value, e->value[field])) {
			add_override(c,
			    (struct override){ NULL, field_name(field), value,
			        from->path, e->value[field], e->path });
		}
	}
	if (level != NULL)
		*level = from;
	return value;
}

/* The entry of a list whose field `by` has this value; NULL without one. */
static const struct entry *
named(const struct mailauth_settings *s, enum list_id list, enum field_id by,
    struct mailauth_str value)
{
	for (const struct entry *e = s->list[list]; value.n > 0 && e != NULL;
	     e = e->next)
		if (str_eq(e->value[by], value))
			return e;
	return NULL;
}

/* The panel's domain nearest above a From domain, or equal to it. */
static const struct entry *
panel_domain(const struct mailauth_settings *s, struct mailauth_str from)
{
	const struct entry *best = NULL;

	for (const struct entry *e = s->list[LIST_DOMAINS]; e != NULL;
	     e = e->next)
		if (dname_under(from, e->value[FIELD_NAME]) &&
		    (best == NULL ||
		        e->value[FIELD_NAME].n > best->value[FIELD_NAME].n))
			best = e;
	return best;
}

/* `labels` in front of `base`; STR_NONE when the result is no name. */
static struct mailauth_str
below(struct arena *a, struct mailauth_str labels, struct mailauth_str base)
{
	struct writer w = arena_writer(a);
	struct dname wire;

	if (base.n == 0)
		return STR_NONE;
	put_str(&w, labels);
	if (labels.n > 0)
		put_char(&w, '.');
	put_str(&w, base);
	return !w.full && dname_parse(writer_str(&w), &wire) == DNAME_OK ?
	    writer_str(&w) :
	    STR_NONE;
}

static enum mail_from_type
type_of(struct mailauth_str text)
{
	static const char *const names[] = {
		[FROM_EMAIL] = "from_email",
		[FROM_PTR] = "ptr",
		[FROM_CUSTOM] = "custom",
		[FROM_ALIGNED] = "aligned",
	};

	if (text.n == 0)
		return FROM_EMAIL;
	for (unsigned i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (str_ieq(text, str_of(names[i])))
			return (enum mail_from_type)i;
	return FROM_UNKNOWN;
}

/* MAIL FROM of type "aligned": the subdomain setting in front of the pool's
 * domain, or of the From domain without one. */
static struct mailauth_str
aligned_domain(struct chain *c)
{
	const struct entry *sender, *pool = c->pool;
	struct mailauth_str sub = pick(c, FIELD_MAIL_FROM_SUBDOMAIN, &sender);
	struct mailauth_str base = c->route->from;

	if (pool != NULL && pool->value[FIELD_SENDER_DOMAIN].n > 0)
		base = pool->value[FIELD_SENDER_DOMAIN];
	if (pool != NULL && pool->value[FIELD_SENDER_SUBDOMAIN].n > 0) {
		struct mailauth_str other = pool->value[FIELD_SENDER_SUBDOMAIN];

		if (sub.n == 0)
			sub = other;
		else if (!str_eq(sub, other))
			add_override(c,
			    (struct override){ NULL,
			        field_name(FIELD_MAIL_FROM_SUBDOMAIN), sub,
			        sender->path, other, pool->path });
	}
	return below(&c->s->arena, sub, base);
}

/* Set the MAIL FROM domain: by its type, but a mail_from that is set wins. An
 * SPF domain of the pool that differs from the result is kept in `spf_domain`
 * and as an override. */
static void
make_mail_from(struct chain *c)
{
	struct route *r = c->route;
	const struct entry *where;
	struct mailauth_str set;

	r->type_text = pick(c, FIELD_MAIL_FROM_TYPE, NULL);
	r->type = type_of(r->type_text);
	set = pick(c, FIELD_SENDER_DOMAIN, NULL);
	if (r->type == FROM_EMAIL)
		r->mail_from = r->from;
	else if (r->type == FROM_CUSTOM)
		r->mail_from = set.n > 0 || c->pool == NULL ?
		    set :
		    c->pool->value[FIELD_SENDER_DOMAIN];
	else if (r->type == FROM_ALIGNED)
		r->mail_from = aligned_domain(c);
	set = pick(c, FIELD_MAIL_FROM, &where);
	if (set.n > 0 && r->mail_from.n > 0 && !str_eq(set, r->mail_from))
		add_override(c,
		    (struct override){ NULL, field_name(FIELD_MAIL_FROM), set,
		        where->path, r->mail_from,
		        r->type_text.n > 0 ? r->type_text :
		                             STR("from_email") });
	if (set.n > 0)
		r->mail_from = set;
	if (c->pool == NULL || c->pool->value[FIELD_SPF_DOMAIN].n == 0)
		return;
	set = c->pool->value[FIELD_SPF_DOMAIN];
	if (r->mail_from.n == 0 || str_eq(set, r->mail_from))
		return;
	r->spf_domain = set;
	add_override(c,
	    (struct override){ NULL, field_name(FIELD_SPF_DOMAIN), r->mail_from,
	        r->path, set, c->pool->path });
}

static struct signing
signing_of(struct chain *c, struct mailauth_str key,
    struct mailauth_str selector, struct mailauth_str domain)
{
	return (struct signing){ key, selector, domain,
		named(c->s, LIST_KEYS, FIELD_NAME, key) };
}

/* Set the two signatures. The type "aligned" takes the second one from the
 * pool. */
static void
make_signings(struct chain *c)
{
	struct route *r = c->route;
	const struct entry *at_key, *at_selector, *pool = c->pool;
	struct mailauth_str key, selector, domain = r->from;

	key = pick(c, FIELD_DKIM_KEY, &at_key);
	selector = pick(c, FIELD_DKIM_SELECTOR, &at_selector);
	/* A key or selector from the panel's domain signs for that domain. */
	if (c->level[0] != NULL &&
	    (at_selector == c->level[0] ||
	        (at_selector == NULL && at_key == c->level[0])))
		domain = c->level[0]->value[FIELD_NAME];
	r->dkim = signing_of(c, key, selector, domain);
	r->secondary_of_pool = r->type == FROM_ALIGNED;
	if (r->secondary_of_pool) {
		if (pool == NULL)
			return;
		domain = pool->value[FIELD_SENDER_DOMAIN];
		r->secondary = signing_of(c, pool->value[FIELD_DKIM_KEY],
		    pool->value[FIELD_DKIM_SELECTOR],
		    domain.n > 0 ? domain : r->from);
		return;
	}
	key = pick(c, FIELD_SECONDARY_KEY, NULL);
	selector = pick(c, FIELD_SECONDARY_SELECTOR, NULL);
	domain = pick(c, FIELD_SECONDARY_DOMAIN, NULL);
	for (size_t i = 0; domain.n == 0 && i < LEVELS; i++)
		if (c->level[i] != NULL)
			domain = c->level[i]->value[FIELD_SENDER_DOMAIN];
	r->secondary =
	    signing_of(c, key, selector, domain.n > 0 ? domain : r->from);
}

/* Nodes. */

/* The name, which may be in UTF-8, is that of the host. */
static bool
is_host(struct mailauth_str host, struct mailauth_str name)
{
	struct arena scratch = { NULL, false };
	struct mailauth_str ascii;
	bool same;

	same = host.n > 0 && idn_to_ascii(&scratch, name, &ascii) == NULL &&
	    (str_ieq(host, ascii) ||
	        str_ieq(str_sub(host, 0, host.n - 1), ascii));
	arena_free(&scratch);
	return same;
}

bool
node_is_named(const struct entry *node, struct mailauth_str name)
{
	struct mailauth_str host = node->value[FIELD_HOST];
	struct addr addr;

	if (addr_parse(name, &addr)) {
		addr_unmap(&addr);
		if (addr_eq(&addr, &node->addr))
			return true;
	}
	return str_eq(name, node->value[FIELD_NAME]) || is_host(host, name);
}

static bool
is_among(const struct entry *node, const struct mailauth_str *names, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (node_is_named(node, names[i]))
			return true;
	return false;
}

/* Select the nodes of the route: those that the last level with a list of nodes
 * names, else the pool's, else all. */
static bool
make_nodes(struct chain *c)
{
	const struct mailauth_settings *s = c->s;
	const struct entry *by = NULL;
	struct route *r = c->route;

	for (size_t i = 0; i < LEVELS; i++)
		if (c->level[i] != NULL && c->level[i]->nnodes > 0)
			by = c->level[i];
	if (by == NULL && c->pool != NULL && c->pool->nnodes > 0)
		by = c->pool;
	r->nodes = arena_alloc(&c->s->arena,
	    (s->count[LIST_NODES] + 1) * sizeof(*r->nodes));
	if (r->nodes == NULL)
		return false;
	for (const struct entry *e = s->list[LIST_NODES]; e != NULL;
	     e = e->next)
		if (by == NULL || is_among(e, by->nodes, by->nnodes))
			r->nodes[r->nnodes++] = e;
	return true;
}

/* Routes. */

/* Make one route. `lost` is the override of the From domain, or empty; a route
 * for the overridden domain is an alternative. */
static bool
add_route(struct chain c, struct mailauth_str path, struct mailauth_str from,
    struct override lost)
{
	struct mailauth_settings *s = c.s;
	struct route *r = arena_alloc(&s->arena, sizeof(*r));

	if (r == NULL)
		return false;
	c.route = r;
	c.level[0] = panel_domain(s, from);
	r->path = path;
	r->from = from;
	r->plain = c.level[1] == NULL && c.level[3] == NULL;
	r->alternative = lost.what != NULL && str_eq(from, lost.lost);
	if (lost.what != NULL)
		add_override(&c, lost);
	c.pool = named(s, LIST_POOLS, FIELD_ID, pick(&c, FIELD_POOL_ID, NULL));
	r->pool = c.pool;
	make_mail_from(&c);
	make_signings(&c);
	for (size_t i = LEVELS; r->tracking.n == 0 && i-- > 0;)
		if (c.level[i] != NULL)
			r->tracking = c.level[i]->value[FIELD_TRACKING_DOMAIN];
	if (!make_nodes(&c))
		return false;
	*s->routes_end = r;
	s->routes_end = &r->next;
	s->nroutes++;
	return true;
}

static void
warn_no_from(struct mailauth_settings *s, const struct entry *e)
{
	struct writer w = arena_writer(&s->arena);

	put_str(&w, path_of(e));
	put_text(&w, ": no From domain is known: it is not looked at");
	put_char(&w, '\0');
	if (!w.full)
		settings_warn(s, w.buf);
}

/* Make the routes of one combination: for the From domain that wins, and for
 * one that it overrides. Without a From domain the only domain of the panel
 * takes its place. */
static bool
add_routes(struct chain c, const struct entry *about)
{
	struct mailauth_settings *s = c.s;
	const struct entry *first = NULL;
	struct override none = { .what = NULL }, lost = none;

	for (size_t i = 1; i < LEVELS; i++) {
		const struct entry *e = c.level[i];

		if (e == NULL || e->value[FIELD_FROM].n == 0)
			continue;
		if (first == NULL)
			first = e;
		else if (!str_eq(first->value[FIELD_FROM],
		             e->value[FIELD_FROM]))
			lost = (struct override){ NULL, field_name(FIELD_FROM),
				first->value[FIELD_FROM], first->path,
				e->value[FIELD_FROM], e->path };
	}
	if (first == NULL && s->count[LIST_DOMAINS] == 1)
		return add_route(c, about->path,
		    s->list[LIST_DOMAINS]->value[FIELD_NAME], none);
	if (first == NULL) {
		warn_no_from(s, about);
		return true;
	}
	return add_route(c, about->path, first->value[FIELD_FROM], lost) &&
	    (lost.what == NULL || add_route(c, about->path, lost.lost, lost));
}

static bool
has_sender(const struct entry *e, const struct entry *sender)
{
	return sender->value[FIELD_NAME].n > 0 &&
	    str_eq(e->value[FIELD_SENDER], sender->value[FIELD_NAME]);
}

/* Make the routes of the templates of a sender or virtual sender. */
static bool
add_templates(struct mailauth_settings *s, const struct entry *sender,
    const struct entry *virtual)
{
	const struct entry *of = virtual != NULL ? virtual : sender;
	bool good = true;

	for (const struct entry *t = s->list[LIST_TEMPLATES]; good && t != NULL;
	     t = t->next)
		if (has_sender(t, of))
			good = add_routes((struct chain){ s,
			                      { NULL, sender, virtual, t },
			                      NULL, NULL },
			    t);
	return good && s->nroutes <= SETTINGS_ROUTES_MAX;
}

static bool
add_sender(struct mailauth_settings *s, const struct entry *sender)
{
	bool used = false, good;

	for (const struct entry *e = s->list[LIST_VIRTUAL]; e != NULL;
	     e = e->next)
		used = used || has_sender(e, sender);
	for (const struct entry *e = s->list[LIST_TEMPLATES]; e != NULL;
	     e = e->next)
		used = used || has_sender(e, sender);
	/* A sender without a From domain that others refer to is a base for
	 * those: it gets no route of its own. */
	good = (used && sender->value[FIELD_FROM].n == 0) ||
	    add_routes((struct chain){ s, { NULL, sender, NULL, NULL }, NULL,
	                   NULL },
	        sender);
	good = good && add_templates(s, sender, NULL);
	for (const struct entry *v = s->list[LIST_VIRTUAL]; good && v != NULL;
	     v = v->next)
		if (has_sender(v, sender))
			good = add_routes((struct chain){ s,
			                      { NULL, sender, v, NULL }, NULL,
			                      NULL },
			           v) &&
			    add_templates(s, sender, v);
	return good && s->nroutes <= SETTINGS_ROUTES_MAX;
}

/* Make the routes of templates without a sender that set From: the platform may
 * use them with any sender. */
static bool
add_lone_templates(struct mailauth_settings *s)
{
	bool good = true;

	for (const struct entry *t = s->list[LIST_TEMPLATES]; good && t != NULL;
	     t = t->next)
		if (t->value[FIELD_SENDER].n == 0 && t->value[FIELD_FROM].n > 0)
			good = add_routes((struct chain){ s,
			                      { NULL, s->list[LIST_SENDERS],
			                          NULL, t },
			                      NULL, NULL },
			    t);
	return good;
}

/* Collect the From domains, each once, without the final dot. */
static bool
make_domains(struct mailauth_settings *s)
{
	struct mailauth_str *list =
	    arena_alloc(&s->arena, (s->nroutes + 1) * sizeof(*list));

	if (list == NULL)
		return false;
	s->domains = list;
	for (const struct route *r = s->routes; r != NULL; r = r->next) {
		struct mailauth_str name = str_sub(r->from, 0, r->from.n - 1);
		bool known = false;

		for (size_t i = 0; !known && i < s->ndomains; i++)
			known = str_eq(list[i], name);
		if (known)
			continue;
		list[s->ndomains] = arena_copy(&s->arena, name);
		if (list[s->ndomains++].s == NULL)
			return false;
	}
	return true;
}

enum mailauth_status
routes_make(struct mailauth_settings *s, char why[MAILAUTH_WHY_MAX])
{
	bool good = true;

	for (const struct entry *e = s->list[LIST_SENDERS]; good && e != NULL;
	     e = e->next)
		good = add_sender(s, e);
	if (good)
		good = add_lone_templates(s);
	/* Without senders each domain of the panel sends for itself. */
	if (s->count[LIST_SENDERS] == 0 && s->nroutes == 0)
		for (const struct entry *e = s->list[LIST_DOMAINS];
		     good && e != NULL; e = e->next)
			good = add_route((struct chain){ s,
			                     { NULL, NULL, NULL, NULL }, NULL,
			                     NULL },
			    e->path, e->value[FIELD_NAME],
			    (struct override){ .what = NULL });
	good = good && make_domains(s);
	if (s->arena.failed) {
		snprintf(why, MAILAUTH_WHY_MAX, "memory ran out");
		return MAILAUTH_ENOMEM;
	}
	if (!good) {
		snprintf(why, MAILAUTH_WHY_MAX,
		    "settings: there are too many senders with virtual senders "
		    "and templates");
		return MAILAUTH_EINPUT;
	}
	return MAILAUTH_OK;
}

void
tracking_names(struct arena *a, const struct mailauth_settings *s,
    struct mailauth_str *with, struct mailauth_str *without)
{
	struct mailauth_str prefix = s->main[MAIN_TRACKING_PREFIX];
	struct mailauth_str host = s->main[MAIN_WEBCONTROL_HOSTNAME];
	bool dot = prefix.n > 0 && prefix.s[prefix.n - 1] == '.';
	struct mailauth_str *out[] = { with, without };

	*with = *without = STR_NONE;
	if (prefix.n == 0 || host.n == 0)
		return;
	for (int i = 0; i < (dot ? 1 : 2); i++) {
		struct writer w = arena_writer(a);
		struct mailauth_str name;
		struct dname wire;

		put_str(&w, prefix);
		if (i == 0 && !dot)
			put_char(&w, '.');
		put_str(&w, host);
		/* The prefix may end within a label: it is in UTF-8 until
		 * here. */
		if (!w.full && idn_to_ascii(a, writer_str(&w), &name) == NULL &&
		    dname_parse(name, &wire) == DNAME_OK)
			*out[i] = dname_text(a, &wire);
	}
}
