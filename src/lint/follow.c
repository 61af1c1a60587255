/*
 * follow.c - findings that are consequences of others
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * Within one report the causes are known. Here a fault of the text of a record
 * becomes the cause of what the check of its name found, and the consequences
 * of a finding that does not count do not count either.
 */
#include <stdlib.h>

#include "lint/lint.h"
#include "record/findings.h"
#include "report/report.h"

/* The fault changes what records say, or takes them away. */
static bool
spoils(const struct item *it)
{
	switch (it->id) {
	case MAILAUTH_F_ZONE_SYNTAX:
	case MAILAUTH_F_ZONE_RDATA:
	case MAILAUTH_F_ZONE_QUOTE_OPEN:
	case MAILAUTH_F_ZONE_QUOTES_INSIDE:
	case MAILAUTH_F_ZONE_UNQUOTED:
	case MAILAUTH_F_ZONE_SEMICOLON:
	case MAILAUTH_F_ZONE_PARENTHESIS:
	case MAILAUTH_F_ZONE_DIRECTIVE:
	case MAILAUTH_F_ZONE_INCLUDE:
	case MAILAUTH_F_ZONE_GENERATE:
	case MAILAUTH_F_ZONE_TRANSFER_CUT:
	case MAILAUTH_F_ZONE_CLASS: return true;
	default: return false;
	}
}

/* What a finding misses. */
enum absence {
	ABSENT_NOTHING, /* it says nothing of the kind */
	ABSENT_RECORD, /* a record at its name */
	ABSENT_BELOW, /* any record at its name or below */
	ABSENT_HOST, /* a record of the name that it is about */
	ABSENT_HOSTS, /* records of names that it does not all tell */
};

/* The findings that say that something is not there, all of them. */
static enum absence
absence_of(const struct item *it)
{
	switch (it->id) {
	case MAILAUTH_F_DNS_NODATA:
	case MAILAUTH_F_PARKED_SPF_WEAK:
	case MAILAUTH_F_PARKED_MX_WEAK:
	case MAILAUTH_F_PARKED_DMARC_WEAK:
	case MAILAUTH_F_SPF_MISSING:
	case MAILAUTH_F_SPF_EVAL_NONE:
	case MAILAUTH_F_SENDERID_ONLY:
	case MAILAUTH_F_DKIM_KEY_MISSING:
	case MAILAUTH_F_DMARC_MISSING:
	case MAILAUTH_F_DMARC_INHERITED_WEAK:
	case MAILAUTH_F_DMARC_SUB_RECORD_NO_ORG:
	case MAILAUTH_F_BIMI_MISSING:
	case MAILAUTH_F_BIMI_DMARC_MISSING:
	case MAILAUTH_F_MX_MISSING:
	case MAILAUTH_F_MX_IMPLICIT:
	case MAILAUTH_F_MX_AT_SUBDOMAIN_MISSING:
	case MAILAUTH_F_PTR_MISSING:
	case MAILAUTH_F_PTR_V6_MISSING:
	case MAILAUTH_F_MTASTS_MISSING:
	case MAILAUTH_F_TLSRPT_MISSING:
	case MAILAUTH_F_ZONE_SOA_MISSING:
	case MAILAUTH_F_ZONE_NS_MISSING: return ABSENT_RECORD;
	case MAILAUTH_F_DOMAIN_ABSENT:
	case MAILAUTH_F_DNS_NXDOMAIN:
	case MAILAUTH_F_SENDERID_PRA_NXDOMAIN:
	case MAILAUTH_F_DKIM_ABSENT: return ABSENT_BELOW;
	case MAILAUTH_F_DNS_CNAME_DANGLING:
	case MAILAUTH_F_DKIM_CNAME_DANGLING:
	case MAILAUTH_F_DKIM_KEY_WAITING:
	case MAILAUTH_F_DMARC_EXT_UNAUTHORISED:
	case MAILAUTH_F_SPF_HELO_MISSING:
	case MAILAUTH_F_ADDR_MISSING:
	case MAILAUTH_F_MX_UNRESOLVABLE:
	case MAILAUTH_F_ZONE_NS_ADDRESS:
	case MAILAUTH_F_ZONE_CNAME_DANGLING:
	case MAILAUTH_F_MTASTS_HOST_MISSING: return ABSENT_HOST;
	case MAILAUTH_F_MX_ALL_UNRESOLVABLE:
	case MAILAUTH_F_SPF_REDIRECT_TARGET_NONE:
	case MAILAUTH_F_SPF_INCLUDE_TARGET_NONE:
	case MAILAUTH_F_SPF_A_BARE_HOST_MISSING:
	case MAILAUTH_F_SPF_MX_BARE_MISSING:
	case MAILAUTH_F_SPF_VOID_LOOKUPS:
	case MAILAUTH_F_SPF_VOID_LOOKUPS_EXCEEDED:
	case MAILAUTH_F_SPF_VOID_FAMILY:
	case MAILAUTH_F_SPF_VOID_FAMILY_LOST:
	case MAILAUTH_F_SPF_VOID_QUESTIONS: return ABSENT_HOSTS;
	default: return ABSENT_NOTHING;
	}
}

/* Note what the fault takes away: a record of its name, or any record of the
 * zone. */
static void
take_fault(struct mailauth_lint *l, const struct item *it)
{
	struct lint_zone *z = &l->zones[it->zone];
	struct mailauth_str name = str_of(it->view.name);
	bool by_name = name.n > 1 && !str_starts(name, STR("*."));
	struct owner *o;

	if (!by_name) {
		/* One that is excused may have been there long before. */
		if (z->lost == NULL &&
		    !(l->is_change && it->view.ignored != NULL))
			z->lost = it;
		return;
	}
	o = owner_at(l, name);
	if (o != NULL && o->fault == NULL)
		o->fault = it;
	if (z->lost_host == NULL)
		z->lost_host = it;
	/* The domain of "_dmarc" and "s1._domainkey" has it below. */
	for (bool service = true; service && name.n > 1;) {
		name = dname_parent(name);
		service = name.s[0] == '_';
		o = owner_at(l, name);
		if (o != NULL && o->below == NULL)
			o->below = it;
	}
}

/* A record of a private type mostly gives addresses. */
static void
take_private(struct mailauth_lint *l, const struct item *it)
{
	struct owner *o = owner_at(l, str_of(it->view.name));

	if (o != NULL && o->unknown_address == NULL)
		o->unknown_address = it;
}

/* The record of a private type that may give a host its address. */
static const struct item *
private_at(const struct mailauth_lint *l, struct mailauth_str name)
{
	const struct owner *o = name.n > 0 ? owner_of(l, name) : NULL;

	return o != NULL ? o->unknown_address : NULL;
}

/* The number of the zone that has a name; SIZE_MAX: no zone has it. */
static size_t
zone_of(const struct mailauth_lint *l, struct mailauth_str name)
{
	struct dname wire;
	const struct zone *zone = dname_parse(name, &wire) == DNAME_OK ?
	    zones_of(l->index, &wire) :
	    NULL;
	size_t i = 0;

	if (zone == NULL)
		return SIZE_MAX;
	while (i < l->nzones && l->zones[i].zone != zone)
		i++;
	return i < l->nzones ? i : SIZE_MAX;
}

/* The fault that may have taken a name's records. */
static const struct item *
fault_at(const struct mailauth_lint *l, struct mailauth_str name, bool below)
{
	const struct owner *o = name.n > 0 ? owner_of(l, name) : NULL;
	size_t zone;

	if (o != NULL && o->fault != NULL)
		return o->fault;
	if (o != NULL && below && o->below != NULL)
		return o->below;
	zone = name.n > 0 ? zone_of(l, name) : SIZE_MAX;
	return zone != SIZE_MAX ? l->zones[zone].lost : NULL;
}

/* The fault that may have taken what the finding misses; NULL: there is no such
 * one. */
static const struct item *
fault_of(const struct mailauth_lint *l, const struct item *it)
{
	enum absence absence = absence_of(it);
	struct mailauth_str name = str_of(it->view.name);
	const struct item *fault;

	if (absence == ABSENT_NOTHING)
		return NULL;
	fault = fault_at(l, name, absence == ABSENT_BELOW);
	if (fault == NULL && absence >= ABSENT_HOST)
		fault = fault_at(l, it->about, false);
	if (fault == NULL && absence >= ABSENT_HOST)
		fault = private_at(l, it->about);
	if (fault == NULL && absence >= ABSENT_HOST)
		fault = private_at(l, name);
	if (fault == NULL && absence == ABSENT_HOSTS)
		fault = l->zones[it->zone].lost_host;
	/* A policy may come from any domain above. */
	if (it->id != MAILAUTH_F_DMARC_MISSING &&
	    it->id != MAILAUTH_F_DMARC_SUB_RECORD_NO_ORG &&
	    it->id != MAILAUTH_F_DMARC_INHERITED_WEAK &&
	    it->id != MAILAUTH_F_PARKED_DMARC_WEAK &&
	    it->id != MAILAUTH_F_BIMI_DMARC_MISSING)
		return fault != NULL ? fault : l->zones[it->zone].lost;
	while (fault == NULL && name.n > 1) {
		char room[DNAME_TEXT_MAX + 8];
		struct writer w = writer_of(room, sizeof(room));

		put_text(&w, "_dmarc.");
		put_str(&w, name);
		fault = fault_at(l, writer_str(&w), false);
		name = dname_parent(name);
	}
	return fault != NULL ? fault : l->zones[it->zone].lost;
}

/* The fault of the text of the record itself. */
static const struct item *
fault_in(const struct mailauth_lint *l, const struct item *it)
{
	const struct owner *o =
	    it->view.name != NULL ? owner_of(l, str_of(it->view.name)) : NULL;

	return o != NULL && o->fault != NULL && it->view.kind != NULL &&
	        it->file == o->fault->file &&
	        it->first_line == o->fault->first_line ?
	    o->fault :
	    NULL;
}

/* The record that is missing is at a wrong name: the finding on that; NULL: it
 * is nowhere. */
static const struct item *
misplaced(const struct mailauth_lint *l, const struct item *it)
{
	struct mailauth_str name = str_of(it->view.name);
	bool key = it->id == MAILAUTH_F_DKIM_ABSENT;
	const struct owner *o;
	const struct item *cause;

	if (!key && it->id != MAILAUTH_F_DMARC_MISSING)
		return NULL;
	if (str_istarts(name, STR("_")))
		name = dname_parent(name);
	o = owner_of(l, name);
	if (o == NULL)
		return NULL;
	cause = key ? o->misplaced_key : o->misplaced_policy;
	return cause != NULL && cause->view.ignored == NULL ? cause : NULL;
}

static void
follow_misplaced(struct mailauth_lint *l)
{
	for (size_t i = 0; i < l->nitems; i++) {
		struct item *it = l->items[i];
		const struct item *cause = misplaced(l, it);

		if (it->view.follows == NULL && cause != NULL)
			it->view.follows = cause->view.code;
	}
}

/* What to do first where a fault may hide what is missing. */
static const char *
remedy_of(const struct item *fault)
{
	switch (fault->id) {
	case MAILAUTH_F_ZONE_TYPE_PRIVATE:
		return "ask the name server for the addresses that it makes of "
		       "the record";
	case MAILAUTH_F_ZONE_TRANSFER_CUT:
		return "transfer the whole zone first: this may be in the rest";
	default:
		return "repair the fault of the text first: it may hide what "
		       "is missing here";
	}
}

static void
follow_faults(struct mailauth_lint *l)
{
	for (size_t i = 0; i < l->nitems; i++)
		if (l->items[i]->id == MAILAUTH_F_ZONE_TYPE_PRIVATE)
			take_private(l, l->items[i]);
	for (size_t i = 0; i < l->nitems; i++)
		if (spoils(l->items[i]))
			take_fault(l, l->items[i]);
	for (size_t i = 0; i < l->nitems; i++) {
		struct item *it = l->items[i];
		const struct item *fault = fault_of(l, it);

		/* What is lost may be there once the text is whole. Who excuses
		 * the fault does not know either: that is no pass. */
		if (fault != NULL && fault != it) {
			it->view.remedy = remedy_of(fault);
			it->open = true;
			if (fault->view.ignored != NULL)
				continue;
		} else {
			fault = fault_in(l, it);
		}
		if (fault == NULL || fault == it || it->view.follows != NULL)
			continue;
		it->view.follows = fault->view.code;
		if (it->view.ignored == NULL)
			it->view.ignored = fault->view.ignored;
	}
}

/* The finding with this code, a constant of the table. */
static unsigned
id_of(const char *code)
{
	unsigned id = 1;

	while (id < MAILAUTH_FINDING_COUNT && finding_row(id)->code != code)
		id++;
	return id;
}

/* A fault of the zone as a whole. A check of the record may call it something
 * else, which says what it means for mail. */
static bool
is_of_zone(enum mailauth_finding_id id)
{
	return finding_row(id)->scope == SCOPE_FILE;
}

/* Findings of one record, and the ids that they have. */
struct record_items {
	struct item **at;
	size_t n;
	enum mailauth_finding_id ids[MAILAUTH_FINDING_COUNT];
	size_t nids;
};

/* Between what the zone has and what a check found of the same record, one may
 * be the cause of the other. */
static void
follow_record(struct record_items *r)
{
	bool seen[MAILAUTH_FINDING_COUNT + 1] = { false };

	r->nids = 0;
	for (size_t i = 0; i < r->n; i++) {
		if (!seen[r->at[i]->id])
			r->ids[r->nids++] = r->at[i]->id;
		seen[r->at[i]->id] = true;
	}
	for (size_t i = 0; i < r->n; i++) {
		struct item *it = r->at[i];

		for (size_t k = 0; k < r->nids && it->view.follows == NULL; k++)
			if ((is_of_zone(it->id) || is_of_zone(r->ids[k])) &&
			    finding_may_follow(it->id, r->ids[k]))
				it->view.follows = finding_row(r->ids[k])->code;
	}
}

static int
by_record(const void *a, const void *b)
{
	const struct item *p = *(struct item *const *)a;
	const struct item *q = *(struct item *const *)b;
	size_t p_file = p->file != NULL ? p->file->number : SIZE_MAX;
	size_t q_file = q->file != NULL ? q->file->number : SIZE_MAX;

	if (p_file != q_file)
		return p_file < q_file ? -1 : 1;
	if (p->first_line != q->first_line)
		return p->first_line < q->first_line ? -1 : 1;
	return p->number < q->number ? -1 : 1;
}

/* The same of all records. `room` is for all findings. */
static void
follow_records(struct mailauth_lint *l, struct item **room)
{
	struct record_items r = { .at = room };
	const struct item *last = NULL;

	memcpy(room, l->items, l->nitems * sizeof(*room));
	qsort(room, l->nitems, sizeof(*room), by_record);
	for (size_t i = 0; i < l->nitems; i++) {
		if (last != NULL &&
		    (last->file != room[i]->file ||
		        last->first_line != room[i]->first_line)) {
			follow_record(&r);
			r.at = &room[i];
			r.n = 0;
		}
		r.n++;
		last = room[i];
	}
	follow_record(&r);
}

/* Of the findings of one name, the cause of one does not count. */
static void
excuse(const struct mailauth_lint *l, const struct mailauth_lint_name *name)
{
	const char *ignored[MAILAUTH_FINDING_COUNT + 1] = { NULL };
	bool any = false;

	for (size_t i = name->first; i < name->first + name->n; i++) {
		const struct item *it = l->items[i];

		if (it->view.ignored != NULL)
			ignored[it->id] = it->view.ignored;
		any = any || it->view.ignored != NULL;
	}
	for (size_t i = name->first; any && i < name->first + name->n; i++) {
		struct mailauth_lint_finding *f = &l->items[i]->view;

		if (f->follows != NULL && f->ignored == NULL)
			f->ignored = ignored[id_of(f->follows)];
	}
}

/* What counts is not left out for a cause that does not: then nothing would
 * tell why the zone fails. */
static void
free_orphans(struct mailauth_lint *l)
{
	bool counts[MAILAUTH_FINDING_COUNT + 1] = { false };

	for (size_t i = 0; i < l->nitems; i++)
		if (l->items[i]->view.ignored == NULL)
			counts[l->items[i]->id] = true;
	for (size_t i = 0; i < l->nitems; i++) {
		struct mailauth_lint_finding *f = &l->items[i]->view;

		if (f->follows != NULL && f->ignored == NULL &&
		    !counts[id_of(f->follows)])
			f->follows = NULL;
	}
}

void
lint_follow(struct mailauth_lint *l)
{
	struct item **room = calloc(l->nitems + 1, sizeof(*room));

	if (room == NULL) {
		l->arena.failed = true;
		return;
	}
	follow_faults(l);
	follow_misplaced(l);
	if (l->nitems > 0)
		follow_records(l, room);
	free(room);
	for (size_t n = 0; n < l->nnames; n++)
		excuse(l, &l->names[n]);
	free_orphans(l);
}
