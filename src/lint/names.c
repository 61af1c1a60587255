/*
 * names.c - which names of the zones have a part in mail
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * A record shows by its owner name, its type or its text what it is for. A
 * domain is checked as a whole when it takes mail, or both lists its senders
 * and signs; any other name has the records judged that it has.
 */
#include "base/cursor.h"
#include "lint/lint.h"
#include "record/mx.h"
#include "record/rrtype.h"
#include "record/spf.h"
#include "record/txt.h"

/* Selectors of one domain that are looked up in its check; further keys are
 * judged by themselves. */
#define SELECTORS_MAX 100

#define BIT(kind)  (UINT32_C(1) << (kind)->id)
#define BIT_OF(id) (UINT32_C(1) << MAILAUTH_KIND_##id)

/* The walk through the names of one zone. */
struct walk {
	struct mailauth_lint *lint;
	size_t zone; /* its number */
	const struct zone *at;
	/* The name that is looked at. */
	const struct zone_node *node;
	struct mailauth_str name;
	bool has_text, has_address, is_alias, is_reverse, is_wild;
	char *room; /* for the text of one record */
};

/* Note that the name has a part in mail; NULL when memory ran out. */
static struct owner *
show(struct walk *w, struct mailauth_str name)
{
	struct owner *o = owner_at(w->lint, name);

	if (o == NULL)
		return NULL;
	o->shown = true;
	if (o->zone != SIZE_MAX)
		return o;
	o->zone = w->zone;
	o->node = w->node;
	if (!str_eq(name, w->name))
		o->node = lint_node(w->lint, name, &o->zone);
	o->place = lint_first(
	    o->node != NULL && o->node->rrsets != NULL ? o->node : w->node);
	return o;
}

/* The domain that a record of this kind is for, at this name. */
static struct mailauth_str
domain_of(const struct mailauth_kind *kind, struct mailauth_str name)
{
	struct mailauth_str star = kind_star(kind, name);
	struct mailauth_str pattern = str_of(kind->owner);

	if (star.n > 0) {
		name = str_from(name, star.n + 1);
		pattern = str_from(pattern, 2);
	}
	return str_from(name, pattern.n + 1);
}

static bool
is_served(const struct mailauth_lint *l, struct mailauth_str name)
{
	struct dname wire;

	return dname_parse(name, &wire) == DNAME_OK &&
	    zones_of(l->index, &wire) != NULL;
}

static void
add_selector(struct walk *w, struct owner *domain, struct mailauth_str star)
{
	struct lint_word *word = arena_alloc(&w->lint->arena, sizeof(*word));

	if (word == NULL)
		return;
	word->text = lint_copy(w->lint, star);
	*domain->selectors_end = word;
	domain->selectors_end = &word->next;
	domain->nselectors++;
}

/* The name is that of a record of this kind. */
static void
look_at_service(struct walk *w, const struct mailauth_kind *kind)
{
	struct mailauth_str name = domain_of(kind, w->name);
	struct mailauth_str star = kind_star(kind, w->name);
	struct owner *o = show(w, w->name), *domain;

	if (o == NULL)
		return;
	o->kind = kind;
	/* A check looks at one logo, and at the names of no wildcard. */
	if (w->is_wild || kind->id == MAILAUTH_KIND_DMARC_REPORT ||
	    (kind->id == MAILAUTH_KIND_BIMI && !str_eq(star, STR("default"))) ||
	    str_starts(name, STR("*.")) || !is_served(w->lint, name) ||
	    name.n <= 1)
		return;
	domain = show(w, name);
	if (domain == NULL ||
	    (kind->id == MAILAUTH_KIND_DKIM &&
	        domain->nselectors >= SELECTORS_MAX))
		return;
	o->kind = NULL;
	domain->kinds |= BIT(kind);
	if (kind->id == MAILAUTH_KIND_DKIM)
		add_selector(w, domain, star);
}

/* Note a name that a record leads to. */
static struct owner *
mention(struct walk *w, struct mailauth_str text)
{
	char room[DNAME_TEXT_MAX];
	struct writer out = writer_of(room, sizeof(room));
	struct dname wire;

	if (str_find(text, '%') < text.n ||
	    dname_parse(text, &wire) != DNAME_OK)
		return NULL;
	put_dname(&out, &wire);
	return owner_at(w->lint, writer_str(&out));
}

static void
add_net(struct walk *w, const struct spf_term *t)
{
	struct lint_net *net = arena_alloc(&w->lint->arena, sizeof(*net));

	if (net == NULL)
		return;
	net->addr = t->addr;
	net->bits = t->what == SPF_IP4 ? t->cidr4 : t->cidr6;
	net->next = w->lint->nets;
	w->lint->nets = net;
}

/* What an SPF record includes, and who may send by it. */
static void
look_at_terms(struct walk *w, struct mailauth_str text)
{
	struct spf_reader r = spf_terms(text);
	struct spf_term t;
	struct owner *o;

	while (spf_next(&r, &t)) {
		if (t.fault != 0 || t.what == SPF_FAULT)
			continue;
		if (t.what == SPF_INCLUDE || t.what == SPF_REDIRECT) {
			o = mention(w, t.domain);
			if (o != NULL)
				o->is_part = true;
		} else if (t.what == SPF_A) {
			o = mention(w, t.domain.n > 0 ? t.domain : w->name);
			if (o != NULL)
				o->is_host = o->sends = true;
		} else if (t.what == SPF_MX) {
			o = mention(w, t.domain.n > 0 ? t.domain : w->name);
			if (o != NULL)
				o->lists_mx = true;
		} else if (t.what == SPF_IP4 || t.what == SPF_IP6) {
			add_net(w, &t);
		}
	}
}

/* Two labels are one but for underscores, hyphens and a plural: "_dmarc" and
 * "dmarc", "_domainkey" and "_domain-keys". */
static bool
is_like(struct mailauth_str a, struct mailauth_str b)
{
	while (a.n > 0 || b.n > 0) {
		if (a.n > 0 && (a.s[0] == '_' || a.s[0] == '-'))
			a = str_from(a, 1);
		else if (b.n > 0 && (b.s[0] == '_' || b.s[0] == '-'))
			b = str_from(b, 1);
		else if (a.n > 0 && b.n > 0 &&
		    str_ieq(str_sub(a, 0, 1), str_sub(b, 0, 1))) {
			a = str_from(a, 1);
			b = str_from(b, 1);
		} else {
			return b.n == 0 && str_ieq(a, STR("s"));
		}
	}
	return true;
}

static struct mailauth_str
label_of(struct mailauth_str name)
{
	return str_sub(name, 0, str_find(name, '.'));
}

/* The label is meant as one of those of the service. */
static bool
is_label_of(struct mailauth_str service, struct mailauth_str label)
{
	while (service.n > 0)
		if (is_like(label, str_cut(&service, '.')))
			return true;
	return false;
}

/* The name at which receivers look for a record that is here: the labels in
 * front that were meant as those of the service give way to them, and one that
 * may be a selector stays. Returns the domain. */
static struct mailauth_str
put_right_name(struct writer *out, struct mailauth_str apex,
    struct mailauth_str name, const struct mailauth_kind *kind)
{
	struct mailauth_str service = str_of(kind->owner);
	struct mailauth_str star = STR_NONE;

	if (service.s[0] == '*') {
		service = str_from(service, 2);
		if (name.n > apex.n && !is_label_of(service, label_of(name))) {
			star = label_of(name);
			name = dname_parent(name);
		}
		put_str(out,
		    star.n > 0                         ? star :
		        kind->id == MAILAUTH_KIND_BIMI ? STR("default") :
		                                         STR("SELECTOR"));
		put_char(out, '.');
	}
	while (name.n > apex.n &&
	    (name.s[0] == '_' || is_label_of(service, label_of(name))))
		name = dname_parent(name);
	put_str(out, service);
	put_char(out, '.');
	put_str(out, name);
	return name;
}

struct mailauth_str
lint_put_move(struct writer *out, const struct lint_zone *zone,
    struct mailauth_str name, const struct mailauth_kind *kind,
    struct mailauth_str text)
{
	put_text(out, "publish '");
	name = put_right_name(out, str_of(zone->name), name, kind);
	put_text(out, " TXT ");
	lint_put_strings(out, text);
	put_text(out, "' and delete it here");
	return name;
}

/* A record that receivers look for at other names. */
static void
tell_wrong_name(struct walk *w, const struct mailauth_kind *kind,
    const struct zone_record *rec, struct mailauth_str text)
{
	struct mailauth_lint *l = w->lint;
	struct writer remedy = lint_writer(l);
	struct owner *domain = owner_at(l,
	    lint_put_move(&remedy, &l->zones[w->zone], w->name, kind, text));
	const struct item *it;

	it = lint_add(l,
	    &(struct lint_new){ .id = kind->id == MAILAUTH_KIND_DMARC ?
	            MAILAUTH_F_DMARC_WRONG_LOCATION :
	            MAILAUTH_F_TXT_WRONG_NAME,
	        .zone = w->zone,
	        .owner = show(w, w->name),
	        .name = w->name,
	        .kind = kind->name,
	        .type = RRTYPE_TXT,
	        .place = lint_place(l, rec, RRTYPE_TXT, 0, 0),
	        .remedy = writer_str(&remedy) });
	if (domain == NULL || it == NULL)
		return;
	if (kind->id == MAILAUTH_KIND_DKIM)
		domain->misplaced_key = it;
	else if (kind->id == MAILAUTH_KIND_DMARC)
		domain->misplaced_policy = it;
}

/* Look at a text record. `service`: its name is one of a service, whose kind
 * has a say. */
static uint32_t
look_at_text(struct walk *w, const struct zone_record *rec, bool service)
{
	const struct mailauth_rdata rr = { rec->rdata, rec->n };
	const struct mailauth_kind *kind;
	struct txt txt;

	if (!txt_join(&rr, w->room, UINT16_MAX, &txt))
		return 0;
	kind = kind_of_text(txt.text);
	if (kind == NULL || kind->owner == NULL)
		return 0;
	if (kind->id == MAILAUTH_KIND_SPF && kind->pick(txt.text) == PICK_YES)
		look_at_terms(w, txt.text);
	if (service)
		return 0;
	if (strcmp(kind->owner, "@") == 0)
		return BIT(kind);
	if (kind->pick(txt.text) == PICK_YES &&
	    str_istarts(txt.text, STR("v=")))
		tell_wrong_name(w, kind, rec, txt.text);
	return 0;
}

static uint32_t
look_at_texts(struct walk *w, const struct zone_rrset *set, bool service)
{
	uint32_t kinds = 0;

	w->has_text = true;
	for (const struct zone_record *r = set->records; r != NULL; r = r->next)
		kinds |= look_at_text(w, r, service);
	return kinds;
}

/* Hosts that take mail. */
static void
look_at_mx(struct walk *w, const struct zone_rrset *set)
{
	char room[DNAME_TEXT_MAX];
	struct mx mx;

	for (const struct zone_record *r = set->records; r != NULL;
	     r = r->next) {
		const struct mailauth_rdata rr = { r->rdata, r->n };
		struct writer out = writer_of(room, sizeof(room));
		struct owner *o;

		if (!mx_parse(&rr, &mx) || mx_is_null(&mx))
			continue;
		put_dname(&out, &mx.host);
		o = owner_at(w->lint, writer_str(&out));
		if (o != NULL)
			o->is_host = true;
	}
}

/* A name that points from an address to a host, or by an alias to one that
 * does. */
static void
look_at_reverse(struct walk *w, const struct zone_rrset *set)
{
	struct cursor c = cursor_of(set->records->rdata, set->records->n);
	struct owner *o = owner_at(w->lint, w->name);
	struct dname target;

	if (o == NULL || !dname_read(&c, false, &target))
		return;
	o->zone = w->zone;
	o->node = w->node;
	o->place = lint_first(w->node);
	o->target = dname_text(&w->lint->arena, &target);
}

/* What the types and texts of the records at a name show. */
static uint32_t
look_at_records(struct walk *w, bool service)
{
	uint32_t kinds = 0;

	for (const struct zone_rrset *set = w->node->rrsets; set != NULL;
	     set = set->next) {
		if (set->type == RRTYPE_TXT)
			kinds |= look_at_texts(w, set, service);
		else if (set->type == RRTYPE_CNAME)
			w->is_alias = true;
		else if (set->type == RRTYPE_A || set->type == RRTYPE_AAAA)
			w->has_address = true;
		if (w->is_reverse &&
		    (set->type == RRTYPE_PTR || set->type == RRTYPE_CNAME))
			look_at_reverse(w, set);
		if (set->type != RRTYPE_MX)
			continue;
		kinds |= BIT_OF(MX);
		look_at_mx(w, set);
	}
	return kinds;
}

static void
look(struct walk *w)
{
	const struct mailauth_kind *kind = kind_of_owner(w->name, RRTYPE_TXT);
	bool service = kind != NULL && strcmp(kind->owner, "@") != 0 &&
	    domain_of(kind, w->name).s[0] != '_';
	const struct mailauth_kind *tlsa =
	    zone_rrset(w->node, RRTYPE_TLSA) != NULL ?
	    kind_of_owner(w->name, RRTYPE_TLSA) :
	    NULL;
	struct owner *o;
	uint32_t kinds;

	w->has_text = w->has_address = w->is_alias = false;
	w->is_wild = str_starts(w->name, STR("*."));
	kinds = look_at_records(w, service);
	if (tlsa != NULL && (o = show(w, w->name)) != NULL)
		o->kind = tlsa;
	if (service && (w->has_text || w->is_alias)) {
		look_at_service(w, kind);
		return;
	}
	if (kinds == 0 &&
	    (w->node != w->at->apex || !w->has_address || w->is_reverse))
		return;
	o = show(w, w->name);
	if (o == NULL)
		return;
	o->kinds |= kinds;
	o->is_apex = w->node == w->at->apex && !w->is_reverse;
	o->has_address = w->has_address;
}

void
lint_names(struct mailauth_lint *l, size_t zone)
{
	char name[DNAME_TEXT_MAX];
	struct dname wire;
	struct walk w = {
		.lint = l,
		.zone = zone,
		.at = l->zones[zone].zone,
		.room = l->room,
	};
	const struct zone_node *node = NULL;
	struct mailauth_str apex = str_of(l->zones[zone].name);

	w.is_reverse = lint_is_reverse(apex);
	while ((node = zone_next(w.at, node, &wire)) != NULL) {
		struct writer out = writer_of(name, sizeof(name));

		if (node->rrsets == NULL || zone_hidden(w.at, node))
			continue;
		put_dname(&out, &wire);
		w.name = writer_str(&out);
		w.node = node;
		look(&w);
	}
}
