/*
 * sent.c - how a message went out, beside what the settings say
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * A value of the panel overrides the same value of a template or of a virtual
 * sender, and mail goes out with another one all the same when the platform
 * decides otherwise. So the message is compared with the route that it fits
 * best, value by value. A value that the message does not show is not compared.
 */
#include "message/sent.h"

#include "base/dname.h"
#include "base/str.h"
#include "dkim/selectors.h"
#include "record/dkim.h"

/* Values that are shown of a list. */
#define SHOWN_MAX 3
/* Octets of a value of the message that are shown. */
#define VALUE_SHOWN 100

/* A route and a message, side by side. */
struct pair {
	struct check *c;
	const struct explain *x;
	const struct route *r;
};

/* The owner of the key of a signature that is set; STR_NONE without one. The
 * selector may be set as a whole name. */
static struct mailauth_str
owner_of(const struct pair *p, const struct signing *s)
{
	size_t n = str_ifind(s->selector, STR("._domainkey"));

	if (s->selector.n == 0 || s->domain.n == 0)
		return STR_NONE;
	return dkim_owner(p->c, str_sub(s->selector, 0, n), s->domain);
}

static const struct entry *
node_at(const struct entry *const *nodes, size_t n, const struct addr *ip)
{
	for (size_t i = 0; i < n; i++) {
		struct addr addr = nodes[i]->addr;

		addr_unmap(&addr);
		if (addr_eq(&addr, ip))
			return nodes[i];
	}
	return NULL;
}

/* The values, each of which the message has as set, otherwise, or not at all:
 * it does not show it, or nothing is set. */
enum same { SAME_UNKNOWN, SAME_YES, SAME_NO };

static enum same
same_if(bool known, bool same)
{
	return !known ? SAME_UNKNOWN : same ? SAME_YES : SAME_NO;
}

static enum same
compare_from(const struct pair *p)
{
	return same_if(p->x->one_author, str_eq(p->c->domain, p->r->from));
}

static enum same
compare_mail_from(const struct pair *p)
{
	struct mailauth_str found = p->x->mail_from_domain;
	bool same = str_eq(found, p->r->mail_from), by_ptr;

	by_ptr = p->r->type == FROM_PTR && p->r->mail_from.n == 0;
	for (size_t i = 0; by_ptr && i < p->r->nnodes; i++)
		same = same || str_eq(found, p->r->nodes[i]->value[FIELD_HOST]);
	return same_if(found.n > 0 && (by_ptr || p->r->mail_from.n > 0), same);
}

/* Without a signature, a message whose header is complete was not signed; the
 * results of a receiver may name the key. */
static enum same
compare_signing(const struct pair *p, const struct signing *s)
{
	struct mailauth_str owner = owner_of(p, s);
	const struct explain *x = p->x;
	bool same = str_eq(x->named_key, owner);

	for (size_t i = 0; i < x->nsigs; i++)
		same = same || str_eq(x->sigs[i].owner, owner);
	return same_if(owner.n > 0 && x->m->more_sigs == 0 && !x->m->cut &&
	        (x->nsigs > 0 || x->named_key.n > 0 ||
	            (x->border.whole && !x->any_dkim)),
	    same);
}

static enum same
compare_dkim(const struct pair *p)
{
	return compare_signing(p, &p->r->dkim);
}

static enum same
compare_secondary(const struct pair *p)
{
	return compare_signing(p, &p->r->secondary);
}

static enum same
compare_node(const struct pair *p)
{
	const struct addr *ip = &p->x->ip;

	return same_if(ip->family != 0 && p->r->nnodes > 0 &&
	        !explain_submitted(p->x),
	    node_at(p->r->nodes, p->r->nnodes, ip) != NULL);
}

/* What is set, and what the message has, in words. */

static void
put_name(struct writer *w, struct mailauth_str name)
{
	put_untrusted(w, str_sub(name, 0, name.n > 1 ? name.n - 1 : name.n));
}

static void
set_from(const struct pair *p, struct writer *w)
{
	put_name(w, p->r->from);
}

static void
has_from(const struct pair *p, struct writer *w)
{
	put_name(w, p->c->domain);
}

static void
set_mail_from(const struct pair *p, struct writer *w)
{
	if (p->r->mail_from.n > 0)
		put_name(w, p->r->mail_from);
	else
		put_text(w, "the name of its node");
}

static void
has_mail_from(const struct pair *p, struct writer *w)
{
	put_name(w, p->x->mail_from_domain);
}

static void
put_owner(struct writer *w, struct mailauth_str owner)
{
	put_untrusted(w, dkim_selector(owner));
	put_text(w, " of ");
	put_name(w, dkim_key_domain(owner));
}

static void
set_dkim(const struct pair *p, struct writer *w)
{
	put_owner(w, owner_of(p, &p->r->dkim));
}

static void
set_secondary(const struct pair *p, struct writer *w)
{
	put_owner(w, owner_of(p, &p->r->secondary));
}

static void
has_dkim(const struct pair *p, struct writer *w)
{
	const struct explain *x = p->x;
	size_t n = 0;

	if (x->nsigs == 0 && x->named_key.n > 0)
		put_owner(w, x->named_key);
	else if (x->nsigs == 0)
		put_text(w, "no signature");
	for (size_t i = 0; i < x->nsigs && n < SHOWN_MAX; i++) {
		const struct dkim_sig *sig = &x->sigs[i].from->sig;

		put_text(w, n++ > 0 ? ", " : "");
		put_untrusted(w, str_sub(sig->s, 0, VALUE_SHOWN));
		put_text(w, " of ");
		put_untrusted(w, str_sub(sig->d, 0, VALUE_SHOWN));
	}
}

static void
set_node(const struct pair *p, struct writer *w)
{
	for (size_t i = 0; i < p->r->nnodes && i < SHOWN_MAX; i++) {
		put_text(w, i > 0 ? ", " : "");
		put_addr(w, &p->r->nodes[i]->addr);
	}
	put_text(w, p->r->nnodes > SHOWN_MAX ? " and more" : "");
}

static void
has_node(const struct pair *p, struct writer *w)
{
	put_addr(w, &p->x->ip);
}

/* One value: the rows are in the order of what they weigh when a route is
 * sought. */
static const struct aspect {
	const char *name, *label;
	enum mailauth_finding_id id;
	enum same (*compare)(const struct pair *p);
	void (*set)(const struct pair *p, struct writer *w);
	void (*has)(const struct pair *p, struct writer *w);
} aspects[] = {
	{ "from", "From domain", MAILAUTH_F_CFG_SENT_FROM, compare_from,
	    set_from, has_from },
	{ "dkim", "DKIM selector", MAILAUTH_F_CFG_SENT_SELECTOR, compare_dkim,
	    set_dkim, has_dkim },
	{ "mail_from", "Domain of MAIL FROM, the reverse address",
	    MAILAUTH_F_CFG_SENT_MAIL_FROM, compare_mail_from, set_mail_from,
	    has_mail_from },
	{ "secondary_dkim", "Second DKIM selector",
	    MAILAUTH_F_CFG_SENT_SELECTOR, compare_secondary, set_secondary,
	    has_dkim },
	{ "node", "Sending address", MAILAUTH_F_CFG_SENT_NODE, compare_node,
	    set_node, has_node },
};

#define ASPECTS (sizeof(aspects) / sizeof(aspects[0]))

/* Where the value of the message comes from. */

/* The message has this value of the settings, of whatever field. */
static bool
has_value(const struct pair *p, const struct aspect *a,
    struct mailauth_str value)
{
	const struct explain *x = p->x;
	bool dkim = a->id == MAILAUTH_F_CFG_SENT_SELECTOR;

	for (size_t i = 0; dkim && i < x->nsigs; i++)
		if (str_ieq(dkim_selector(x->sigs[i].owner), value))
			return true;
	if (dkim)
		return str_ieq(dkim_selector(x->named_key), value);
	return a->id == MAILAUTH_F_CFG_SENT_FROM ?
	    str_eq(p->c->domain, value) :
	    a->id == MAILAUTH_F_CFG_SENT_MAIL_FROM &&
	        str_eq(x->mail_from_domain, value);
}

/* The override that the message got the lost value of; NULL without one. */
static const struct override *
override_of(const struct pair *p, const struct aspect *a)
{
	const struct override *o = p->r->overrides;

	while (o != NULL && !has_value(p, a, o->lost))
		o = o->next;
	return o;
}

/* How far a message is from a route: a bit for each value that differs, the
 * weightiest on top. Of two as far, the one is nearer whose overrides explain
 * what differs. */
static unsigned
distance(const struct pair *p)
{
	bool explained = false;
	unsigned sum = 0;

	for (size_t i = 0; i < ASPECTS; i++) {
		bool differs = aspects[i].compare(p) == SAME_NO;

		sum = 2 * sum + differs;
		explained = explained ||
		    (differs && override_of(p, &aspects[i]) != NULL);
	}
	return 2 * sum + !explained;
}

const struct route *
sent_route(struct check *c, const struct explain *x)
{
	const struct mailauth_settings *s = x->request->settings;
	const struct route *best = NULL;
	unsigned least = 0, d;

	for (const struct route *r = s != NULL ? s->routes : NULL; r != NULL;
	     r = r->next) {
		const struct pair p = { c, x, r };

		if (r->alternative)
			continue;
		d = distance(&p);
		if (best == NULL || d < least) {
			best = r;
			least = d;
		}
	}
	return best;
}

static bool
put_override(const struct pair *p, const struct aspect *a, struct writer *w)
{
	const struct override *o = override_of(p, a);

	if (o == NULL)
		return false;
	put_text(w, "it is set by ");
	put_str(w, o->lost_path);
	put_text(w, ", which ");
	put_str(w, o->path);
	put_text(w, " overrides");
	return true;
}

/* Another route has the value. */
static bool
put_other(const struct pair *p, const struct aspect *a, struct writer *w)
{
	for (const struct route *r = p->x->request->settings->routes; r != NULL;
	     r = r->next) {
		const struct pair other = { p->c, p->x, r };

		if (a->compare(&other) != SAME_YES)
			continue;
		put_text(w, "it is that of ");
		put_str(w, r->path);
		return true;
	}
	return false;
}

static void
put_origin(const struct pair *p, const struct aspect *a, struct writer *w)
{
	const struct mailauth_settings *s = p->x->request->settings;

	if (a->has == has_dkim && p->x->nsigs == 0 && p->x->named_key.n == 0) {
		put_text(w, "nothing signed it, or the signature was removed");
		return;
	}
	if (put_override(p, a, w) || put_other(p, a, w))
		return;
	for (const struct entry *e = s->list[LIST_NODES];
	     a->compare == compare_node && e != NULL; e = e->next)
		if (node_at(&e, 1, &p->x->ip) != NULL) {
			put_text(w, "it is ");
			put_str(w, e->path);
			put_text(w, ", which this sender does not use");
			return;
		}
	put_text(w,
	    a->compare == compare_node ?
	        "it is no node of the settings: another system sent or "
	        "forwarded the message" :
	        "no setting has it");
}

/* The report. */

static struct sent_value *
add_value(const struct pair *p, const struct aspect *a, enum same same)
{
	struct arena *arena = &p->c->report->arena;
	struct writer set = arena_writer(arena), has, why;
	struct sent_value *v = arena_alloc(arena, sizeof(*v));

	if (v == NULL)
		return NULL;
	v->name = a->name;
	v->label = a->label;
	v->differs = same == SAME_NO;
	a->set(p, &set);
	v->set = writer_str(&set);
	has = arena_writer(arena);
	a->has(p, &has);
	v->has = writer_str(&has);
	why = arena_writer(arena);
	if (v->differs)
		put_origin(p, a, &why);
	v->why = writer_str(&why);
	return v;
}

/* "DKIM selector: s9 of example.com in the message, s1 of example.com by
 * senders[0] (news); no setting has it" */
static void
put_value(struct writer *w, const struct sent_value *v,
    const struct sent_report *s)
{
	put_text(w, v->label);
	put_text(w, ": ");
	put_str(w, v->has);
	put_text(w, " in the message, ");
	put_str(w, v->set);
	put_text(w, " by ");
	put_str(w, s->path);
	if (v->why.n > 0) {
		put_text(w, "; ");
		put_str(w, v->why);
	}
}

void
sent_tell(struct check *c, struct explain *x)
{
	struct arena *arena = &c->report->arena;
	struct sent_report *s;
	const struct pair p = { c, x, x->route };
	struct sent_value **end;
	bool differs = false;

	if (x->route == NULL || (s = arena_alloc(arena, sizeof(*s))) == NULL)
		return;
	s->path = arena_copy(arena, x->route->path);
	if (x->route->pool != NULL)
		s->pool = arena_copy(arena, x->route->pool->path);
	end = &s->values;
	for (size_t i = 0; i < ASPECTS; i++) {
		enum same same = aspects[i].compare(&p);
		struct writer w = arena_writer(arena);

		if (same == SAME_UNKNOWN ||
		    (*end = add_value(&p, &aspects[i], same)) == NULL)
			continue;
		if (same == SAME_NO) {
			put_value(&w, *end, s);
			tell(c, NULL, aspects[i].id, writer_str(&w));
			differs = true;
		}
		end = &(*end)->next;
	}
	if (!differs && s->values != NULL)
		tell(c, NULL, MAILAUTH_F_CFG_SENT_OK, s->path);
	x->report->sent = s;
}

void
sent_cause(struct check *c, const struct explain *x)
{
	const struct sent_report *s = x->report->sent;
	struct writer w = arena_writer(&c->report->arena);
	bool any = false;

	for (const struct sent_value *v = s != NULL ? s->values : NULL;
	     v != NULL; v = v->next) {
		if (!v->differs)
			continue;
		if (!any)
			put_text(&w,
			    "The message did not go out as the settings say.");
		put_char(&w, ' ');
		put_value(&w, v, s);
		put_char(&w, '.');
		any = true;
	}
	if (!any)
		return;
	cause_add_with(c, x, "sent-otherwise", &w,
	    "Set it in one place: values of the panel override those of "
	    "senders, templates and campaigns.");
}
