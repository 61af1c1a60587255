/*
 * judge.c - each name with a part in mail judged, as a check judges it
 * SPDX-License-Identifier: BSD-3-Clause
 */
#include <stdlib.h>

#include "domain/domain.h"
#include "lint/lint.h"
#include "record/mx.h"
#include "record/rrtype.h"
#include "record/txt.h"

/* Domains that are checked by one call: it compares their keys. */
#define BATCH 256

#define BIT_OF(id) (UINT32_C(1) << MAILAUTH_KIND_##id)

/* Domains that are being checked. */
struct batch {
	struct mailauth_lint *lint;
	struct owner *of[BATCH];
	struct mailauth_request requests[BATCH];
	size_t n;
	enum mailauth_status status; /* the first that is not MAILAUTH_OK */
};

/* How the looking up was done: who lints a zone knows. What is outside of the
 * zones is listed. */
static bool
is_of_asking(const struct finding *n)
{
	switch (n->finding.id) {
	case MAILAUTH_F_DNS_OFFLINE:
	case MAILAUTH_F_NOTHING_CHECKED:
	case MAILAUTH_F_NOTHING_PUBLISHED:
	/* A file is no view: what it has is what will be published. */
	case MAILAUTH_F_DNS_INTERNAL_VIEW:
	case MAILAUTH_F_DKIM_SELECTOR_MISMATCH:
	/* The walk through the names has found it, wherever it is. */
	case MAILAUTH_F_DMARC_WRONG_LOCATION:
	case MAILAUTH_F_DKIM_KEY_UNUSED:
	case MAILAUTH_F_DKIM_SELECTOR_NOT_GIVEN:
	case MAILAUTH_F_DNSSEC_VALIDATION_OFF:
	case MAILAUTH_F_DNSSEC_CHECKING_DISABLED: return true;
	default: return false;
	}
}

/* Which record of its set a finding is about: MAILAUTH_RR_ALL: not known. */
static uint16_t
index_of(const struct record_set *set, const struct finding *n)
{
	const struct mailauth_answer *a = set->answer;
	char room[UINT16_MAX];
	struct txt txt;

	if (n->set == set && n->finding.rr != MAILAUTH_RR_ALL)
		return n->finding.rr;
	if (set->j.rr != MAILAUTH_RR_ALL || set->j.kind->pick == NULL)
		return set->j.rr;
	for (uint16_t i = 0; i < a->nrr; i++)
		if (txt_join(&a->rr[i], room, sizeof(room), &txt) &&
		    set->j.kind->pick(txt.text) == PICK_YES)
			return i;
	return MAILAUTH_RR_ALL;
}

/* The MX record that names a host. */
static const struct zone_record *
mx_of(const struct mailauth_lint *l, const struct owner *o,
    struct mailauth_str host)
{
	const struct zone_record *rec =
	    lint_record(l, o->name, RRTYPE_MX, NULL);
	char room[DNAME_TEXT_MAX];
	struct mx mx;

	for (; rec != NULL; rec = rec->next) {
		const struct mailauth_rdata rr = { rec->rdata, rec->n };
		struct writer w = writer_of(room, sizeof(room));

		if (!mx_parse(&rr, &mx))
			continue;
		put_dname(&w, &mx.host);
		if (str_eq(writer_str(&w), host))
			break;
	}
	return rec;
}

/* The set that a finding of the domain as a whole is about, by its code; NULL:
 * it is about none. */
static const struct record_set *
set_of(const struct mailauth_report *r, const struct finding *n)
{
	const char *code = finding_row(n->finding.id)->code;
	struct mailauth_str kind =
	    str_sub(str_of(code), 0, str_find(str_of(code), '-'));
	const struct record_set *set = r->sets;

	while (set != NULL &&
	    (!str_eq(str_of(set->j.kind->name), kind) ||
	        set->answer->outcome != MAILAUTH_FOUND))
		set = set->next;
	return set;
}

/* The TXT record of the domain that begins with a text. */
static const struct zone_record *
text_of(struct mailauth_lint *l, const struct owner *o,
    struct mailauth_str text)
{
	const struct zone_record *rec =
	    text.n > 0 ? lint_record(l, o->name, RRTYPE_TXT, NULL) : NULL;
	struct txt txt;

	for (; rec != NULL; rec = rec->next) {
		const struct mailauth_rdata rr = { rec->rdata, rec->n };

		if (txt_join(&rr, l->room, UINT16_MAX, &txt) &&
		    str_starts(txt.text, text))
			break;
	}
	return rec;
}

/* The selector of the domain that is shown so. */
static const char *
selector_of(const struct owner *o, struct mailauth_str shown)
{
	char room[4 * DNAME_TEXT_MAX];
	const struct lint_word *word = o->selectors;

	for (; word != NULL; word = word->next) {
		struct writer w = writer_of(room, sizeof(room));

		put_untrusted(&w, str_of(word->text));
		if (str_eq(writer_str(&w), shown))
			return word->text;
	}
	return "";
}

/* The first record of the key with this selector. */
static struct zone_place
place_of_key(struct mailauth_lint *l, const struct owner *o,
    struct mailauth_str selector)
{
	char room[DNAME_TEXT_MAX + 16];
	struct writer w = writer_of(room, sizeof(room));
	const struct zone_node *node;

	put_text(&w, selector_of(o, selector));
	put_text(&w, "._domainkey.");
	put_str(&w, o->name);
	node = w.full ? NULL : lint_node(l, writer_str(&w), NULL);
	return node != NULL && node->rrsets != NULL ? lint_first(node) :
	                                              o->place;
}

/* Where a finding is: at its record, the alias that leads to it, or the MX
 * record that names the host; else in the line of the domain itself. */
static struct zone_place
place_of(struct mailauth_lint *l, const struct owner *o,
    const struct record_set *set, const struct finding *n, uint32_t *first)
{
	const struct mailauth_answer *a = set != NULL ? set->answer : NULL;
	const struct zone_record *rec = NULL;
	uint16_t type;

	if (n->finding.id == MAILAUTH_F_DKIM_SELECTOR_INVALID)
		return place_of_key(l, o, n->detail);
	if (a == NULL)
		return o->place;
	type = a->rrtype;
	/* A record of another name that was written here. */
	if (n->finding.id == MAILAUTH_F_TXT_NAME_IN_TEXT)
		rec = text_of(l, o, n->detail);
	/* The record that has the zone's name twice. */
	if (n->finding.id == MAILAUTH_F_TXT_OWNER_DOUBLED)
		rec = lint_record(l, n->detail, type, NULL);
	if (n->finding.id == MAILAUTH_F_SPF_RRTYPE99) {
		type = RRTYPE_SPF;
		rec = lint_record(l, o->name, type, NULL);
	}
	/* Of several MX hosts, the one that is named. */
	if (type == RRTYPE_MX && n->finding.rr == MAILAUTH_RR_ALL &&
	    n->detail.n > 0)
		rec = mx_of(l, o, n->detail);
	if (rec == NULL && a->outcome == MAILAUTH_FOUND && a->nrr > 0) {
		uint16_t i = index_of(set, n);

		rec = lint_record(l,
		    a->nchain > 0 ? a->chain[a->nchain - 1] : a->name, type,
		    i < a->nrr ? &a->rr[i] : NULL);
	}
	if (rec == NULL) {
		type = RRTYPE_CNAME;
		rec = lint_record(l, a->name, type, NULL);
	}
	if (rec == NULL) {
		type = RRTYPE_MX;
		rec = mx_of(l, o, a->name);
	}
	if (rec == NULL)
		return o->place;
	*first = rec->line;
	return lint_place(l, rec, type, n->finding.offset,
	    n->set == set ? n->finding.length : 0);
}

/* A key that was revoked: an old one, or all there could be. Nobody says that
 * it is in use, so that it fails nothing. */
static enum mailauth_severity
severity_at(const struct mailauth_report *r, const struct finding *n,
    const struct owner *o)
{
	enum mailauth_severity severity = severity_of(r, n);
	enum mailauth_severity most =
	    str_starts(o->name, STR("*.")) ? MAILAUTH_INFO : MAILAUTH_NOTICE;

	return n->finding.id == MAILAUTH_F_DKIM_REVOKED && severity > most ?
	    most :
	    severity;
}

/* List the names that were not looked up. */
static void
take_outside(struct mailauth_lint *l, const struct owner *o,
    const struct mailauth_report *r)
{
	static const enum mailauth_severity severity = MAILAUTH_INFO;
	struct writer w = lint_writer(l);

	for (const struct incomplete *n = r->incomplete; n != NULL;
	     n = n->next) {
		if (strcmp(n->why, INCOMPLETE_OUTSIDE) != 0)
			continue;
		put_text(&w, w.used > 0 ? ", " : "");
		put_str(&w, n->what);
	}
	if (w.used == 0)
		return;
	lint_add(l,
	    &(struct lint_new){ .id = MAILAUTH_F_DNS_OFFLINE,
	        .severity = &severity,
	        .settled = true,
	        .zone = o->zone,
	        .owner = o,
	        .name = o->name,
	        .place = o->place,
	        .detail = writer_str(&w) });
}

/* The name that a finding is about, beside that of its record: the one that it
 * tells, or the end of the aliases. */
static struct mailauth_str
about_of(const struct record_set *set, const struct finding *n)
{
	const struct mailauth_answer *a = set != NULL ? set->answer : NULL;

	return a != NULL && a->nchain > 0 ? a->chain[a->nchain - 1] : n->detail;
}

/* The finding is no fault of the zone that its reader could mend. */
static bool
is_left_out(const struct owner *o, const struct mailauth_report *r,
    const struct finding *n)
{
	const struct finding_row *row = finding_row(n->finding.id);
	enum mailauth_severity severity = severity_at(r, n, o);

	if (severity == MAILAUTH_PASS || is_of_asking(n) ||
	    (severity <= MAILAUTH_INFO && row->scope == SCOPE_LOOKUP))
		return true;
	/* One finding of the zone counts them all. */
	if (n->finding.id == MAILAUTH_F_DNS_TTL_VERY_LOW && n->set != NULL &&
	    n->set->answer->ttl <= ZONE_TTL_SHORT)
		return true;
	/* Receivers read it as a part of another record. */
	return o->is_part && (o->kinds & ~BIT_OF(SPF)) == 0 &&
	    (severity < MAILAUTH_FAIL || row->effect == EFFECT_KEEPS);
}

/* The address for which an MX host cannot be reached: a check may call it what
 * one sees from inside, and a file is no view. */
static const struct finding *
address_of(const struct mailauth_report *r, const struct finding *n)
{
	const struct finding *c =
	    n->finding.id == MAILAUTH_F_MX_NONPUBLIC ? r->findings : NULL;

	while (c != NULL &&
	    (c->finding.id != MAILAUTH_F_DNS_NONPUBLIC_ADDRESS ||
	        c->set == NULL || !str_eq(c->set->answer->name, n->detail)))
		c = c->next;
	return c;
}

/* The code of the nearest cause that is shown and weighs as much, so that the
 * finding may be left out; NULL: there is no such one. */
static const char *
cause_of(const struct owner *o, const struct mailauth_report *r,
    const struct finding *n)
{
	const struct finding *c = n->follows;

	while (c != NULL &&
	    (is_left_out(o, r, c) ||
	        severity_at(r, c, o) < severity_at(r, n, o)))
		c = c->follows;
	if (c == NULL)
		c = address_of(r, n);
	return c != NULL ? finding_row(c->finding.id)->code : NULL;
}

/* Where a record is to be that is at a name where nobody looks, and which one;
 * false: the finding says no such thing. */
static bool
put_move(struct mailauth_lint *l, const struct owner *o,
    const struct finding *n, const struct zone_record *rec, struct writer *w)
{
	const struct mailauth_kind *kind = kind_at(MAILAUTH_KIND_DKIM);
	const struct mailauth_rdata rr = { rec != NULL ? rec->rdata : NULL,
		rec != NULL ? rec->n : 0 };
	struct txt txt;

	if (n->finding.id != MAILAUTH_F_DKIM_KEY_AT_DOMAINKEY_NODE ||
	    n->set == NULL || !txt_join(&rr, l->room, UINT16_MAX, &txt))
		return false;
	lint_put_move(w, &l->zones[o->zone], n->set->answer->name, kind,
	    txt.text);
	return true;
}

/* What to do, where a check that was asked for the name says something else. */
static void
put_remedy_here(struct mailauth_lint *l, const struct owner *o,
    const struct finding *n, const struct record_set *set, struct writer *w)
{
	const struct zone_record *rec = set != NULL ?
	    lint_record(l, set->answer->name, RRTYPE_TXT, NULL) :
	    NULL;

	if (n->finding.id == MAILAUTH_F_DKIM_SELECTOR_INVALID)
		put_text(w,
		    "publish the key at a selector of letters, digits and "
		    "hyphens, such as s1, and sign with that");
	else if (!put_move(l, o, n, rec, w))
		put_remedy(w, n);
}

static void
take_finding(struct mailauth_lint *l, const struct owner *o,
    const struct mailauth_report *r, const struct finding *n)
{
	const struct record_set *set = n->set != NULL ? n->set : set_of(r, n);
	enum mailauth_severity severity = severity_at(r, n, o);
	struct writer message = lint_writer(l), remedy = lint_writer(l);
	struct zone_place place;
	uint32_t first = 0;

	if (!lint_takes(l, severity) || is_left_out(o, r, n))
		return;
	place = place_of(l, o, set, n, &first);
	if (place.length > 0)
		put_sentence(&message, n);
	else
		put_message(&message, n);
	put_remedy_here(l, o, n, set, &remedy);
	lint_add(l,
	    &(struct lint_new){ .id = n->finding.id,
	        .severity = &severity,
	        .zone = o->zone,
	        .owner = o,
	        .name = n->set != NULL ? n->set->answer->name : o->name,
	        .kind = n->set != NULL ? n->set->j.kind->name : NULL,
	        .type = n->set != NULL ? n->set->answer->rrtype : 0,
	        .place = place,
	        .first_line = first,
	        .message = writer_str(&message),
	        .remedy = writer_str(&remedy),
	        .about = about_of(set, n),
	        .follows = cause_of(o, r, n) });
}

static void
take_report(struct mailauth_lint *l, struct owner *o,
    const struct mailauth_report *r)
{
	for (const struct report_part *p = r->parts; p != NULL; p = p->next)
		if (strcmp(p->type->name, "role") == 0)
			o->role = name_role(((const struct role *)p->data)->is);
	for (const struct finding *n = r->findings; n != NULL; n = n->next)
		take_finding(l, o, r, n);
	take_outside(l, o, r);
}

/* Judge the records of one kind at a name by themselves. */
static void
judge_alone(struct mailauth_lint *l, struct owner *o,
    const struct mailauth_kind *kind)
{
	const struct zone_record *rec =
	    lint_record(l, o->name, kind->rrtype, NULL);
	struct mailauth_report *r;
	struct mailauth_answer *a;
	struct mailauth_rdata *rr;
	struct record_set *set;
	uint32_t ttl = rec != NULL ? rec->ttl : 0;
	size_t n = 0;

	for (const struct zone_record *i = rec; i != NULL; i = i->next)
		n++;
	r = n > 0 ? report_new() : NULL;
	if (r == NULL) {
		l->arena.failed = l->arena.failed || n > 0;
		return;
	}
	a = arena_alloc(&r->arena, sizeof(*a));
	rr = arena_alloc(&r->arena, n * sizeof(*rr));
	if (a != NULL && rr != NULL) {
		for (n = 0; rec != NULL; rec = rec->next)
			rr[n++] = (struct mailauth_rdata){ rec->rdata, rec->n };
		*a = (struct mailauth_answer){ .name = o->name,
			.rrtype = kind->rrtype,
			.outcome = MAILAUTH_FOUND,
			.dnssec = MAILAUTH_DNSSEC_UNCHECKED,
			.ttl = ttl,
			.rr = rr,
			.nrr = n };
		r->scope.profile = l->profile;
		r->scope.allow_documentation = l->allow_documentation;
		r->scope.absence_is_fine = true;
		set = report_judge(r, kind, a, &r->scope);
		if (set != NULL)
			report_show(r, set);
		report_follow(r);
		if (!r->arena.failed)
			take_report(l, o, r);
	}
	l->arena.failed = l->arena.failed || r->arena.failed;
	mailauth_report_free(r);
}

/* The records that are at the name itself. */
static void
judge_kinds(struct mailauth_lint *l, struct owner *o)
{
	static const enum mailauth_kind_id kinds[] = { MAILAUTH_KIND_SPF,
		MAILAUTH_KIND_SENDERID, MAILAUTH_KIND_MX };

	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		if ((o->kinds >> kinds[i] & 1) != 0 && lint_wants(l, kinds[i]))
			judge_alone(l, o, kind_at(kinds[i]));
}

static void
checked(void *arg, size_t index, enum mailauth_status status,
    struct mailauth_report *report, const char *why)
{
	struct batch *b = arg;

	(void)why;
	if (status == MAILAUTH_OK)
		take_report(b->lint, b->of[index], report);
	else if (status == MAILAUTH_EUSE)
		judge_kinds(b->lint, b->of[index]);
	else if (b->status == MAILAUTH_OK)
		b->status = status;
	mailauth_report_free(report);
}

bool
lint_is_whole(const struct owner *o)
{
	return o->is_apex || (o->kinds & BIT_OF(MX)) != 0 ||
	    ((o->kinds & BIT_OF(SPF)) != 0 &&
	        (o->kinds & (BIT_OF(DMARC) | BIT_OF(DKIM))) != 0);
}

static void
add_request(struct batch *b, struct owner *o)
{
	struct mailauth_lint *l = b->lint;
	const char **selectors =
	    arena_alloc(&l->arena, (o->nselectors + 1) * sizeof(char *));
	size_t n = 0;

	if (selectors == NULL)
		return;
	for (const struct lint_word *w = o->selectors; w != NULL; w = w->next)
		selectors[n++] = w->text;
	b->of[b->n] = o;
	b->requests[b->n++] = (struct mailauth_request){
		.domain = o->name.s,
		.selectors = selectors,
		.nselectors = n,
		.only = lint_is_whole(o) ? l->only :
		    l->only != 0         ? o->kinds & l->only :
		                           o->kinds,
		.profile = l->profile,
		.allow_documentation = l->allow_documentation,
	};
}

static void
run_batch(struct batch *b, struct mailauth_resolver *resolver)
{
	enum mailauth_status status = b->n > 0 ?
	    mailauth_check_all(resolver, b->requests, b->n, checked, b) :
	    MAILAUTH_OK;

	if (b->status == MAILAUTH_OK)
		b->status = status;
	b->n = 0;
}

/* The name is a domain that a check can be asked for. */
static bool
is_domain(const struct owner *o)
{
	return o->shown && o->kind == NULL &&
	    (o->kinds != 0 || (o->is_apex && o->has_address)) &&
	    o->name.s[0] != '_' && !str_starts(o->name, STR("*.")) &&
	    !(o->is_part && o->kinds == BIT_OF(SPF));
}

static enum mailauth_status
judge_all(struct mailauth_lint *l, struct mailauth_resolver *resolver)
{
	struct batch *b = calloc(1, sizeof(*b));
	enum mailauth_status status = MAILAUTH_ENOMEM;

	if (b == NULL)
		return status;
	b->lint = l;
	for (struct owner *o = l->owners; o != NULL; o = o->next) {
		/* Nothing could be said of it. */
		o->is_left = !lint_takes(l, MAILAUTH_FAIL);
		if (o->is_left)
			continue;
		if (o->shown && o->kind != NULL)
			judge_alone(l, o, o->kind);
		else if (is_domain(o))
			add_request(b, o);
		else if (o->shown)
			judge_kinds(l, o);
		if (b->n == BATCH)
			run_batch(b, resolver);
	}
	run_batch(b, resolver);
	status = l->arena.failed ? MAILAUTH_ENOMEM : b->status;
	free(b);
	return status;
}

enum mailauth_status
lint_judge(struct mailauth_lint *l, const struct mailauth_options *options,
    char *why)
{
	struct mailauth_resolver *resolver;
	enum mailauth_status status = lint_source(l, options, &resolver, why);

	if (status != MAILAUTH_OK)
		return status;
	status = judge_all(l, resolver);
	mailauth_resolver_free(resolver);
	return status;
}
