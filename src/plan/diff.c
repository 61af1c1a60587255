/*
 * diff.c - a plan, alone or compared with DNS
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * The comparison is by effect, not by text: a record is present when DNS has an
 * MX of any name, a policy that protects, the same key in other words, or an
 * SPF record that passes for the addresses in any way. Only what falls short of
 * that is missing or different. A failed or bogus lookup makes a record
 * unknown, never missing. One missing or different record decides the result
 * before all unknown ones.
 */
#include <stdio.h>

#include "base/dname.h"
#include "base/str.h"
#include "base/use.h"
#include "engine/run.h"
#include "plan/diff.h"
#include "record/dkim.h"
#include "record/dmarc.h"
#include "record/mx.h"
#include "record/ptr.h"
#include "record/txt.h"

/* Seconds; the usual TTL of zones. */
#define TTL_DEFAULT 3600
/* The largest TTL of DNS (RFC 2181 8). */
#define TTL_MAX INT32_MAX
/* Octets shown of the reason of a resolver. */
#define WHY_MAX 400

/* Questions. */

/* A name without an MX takes mail at its address (RFC 5321 5.1). */
static void
ask_implicit(struct check *c, const struct plan_report *plan)
{
	for (struct plan_zone *z = plan->zones; z != NULL; z = z->next)
		for (struct plan_record *r = z->records; r != NULL;
		     r = r->next) {
			const struct lookup *l = got(c, r->owner, r->rrtype);

			if (r->rrtype != RRTYPE_MX || !is_done(l) ||
			    is_failed(l) || is_found(l))
				continue;
			want(c, r->owner, RRTYPE_A);
			want(c, r->owner, RRTYPE_AAAA);
		}
}

static void
ask(struct check *c, void *self)
{
	struct plan_check *pc = self;
	struct plan_report *plan = pc->plan;

	for (struct plan_zone *z = plan->zones; z != NULL; z = z->next)
		for (struct plan_record *r = z->records; r != NULL; r = r->next)
			want(c, r->owner, r->rrtype);
	ask_implicit(c, plan);
	plan_wild_ask(c, plan);
	plan_spf_ask(c, pc);
	plan_dmarc_ask(c, pc);
}

/* Comparison. */

struct mailauth_str
plan_why_failed(struct check *c, const struct lookup *l)
{
	struct writer w = arena_writer(&c->report->arena);
	struct mailauth_findings log;

	findings_clear(&log);
	judge_lookup(&l->answer, &log);
	if (log.count > 0)
		put_text(&w, finding_row(log.at[0].id)->sentence);
	if (l->answer.why.n > 0) {
		put_text(&w, ": ");
		put_untrusted(&w, str_sub(l->answer.why, 0, WHY_MAX));
	}
	return writer_str(&w);
}

struct mailauth_str
plan_say(struct check *c, const char *one, struct mailauth_str two,
    const char *three)
{
	struct writer w = arena_writer(&c->report->arena);

	put_text(&w, one);
	put_untrusted(&w, two);
	put_text(&w, three);
	return writer_str(&w);
}

/* Insert a text in order: servers rotate the records of an answer, and a plan
 * is to be the same each time. */
static void
insert(struct mailauth_str *list, size_t n, struct mailauth_str text)
{
	while (n > 0) {
		const struct mailauth_str *last = &list[n - 1];
		size_t len = last->n < text.n ? last->n : text.n;
		int order = memcmp(last->s, text.s, len);

		if (order < 0 || (order == 0 && last->n <= text.n))
			break;
		list[n] = *last;
		n--;
	}
	list[n] = text;
}

size_t
plan_texts(struct check *c, const struct mailauth_answer *answer,
    bool (*is_one)(struct mailauth_str text), struct mailauth_str *out,
    size_t max)
{
	size_t n = 0;

	for (size_t i = 0; i < answer->nrr && n < max; i++) {
		const struct mailauth_rdata *rr = &answer->rr[i];
		char *room = arena_alloc(&c->report->arena, rr->len + 1u);
		struct txt txt;

		if (room != NULL && txt_join(rr, room, rr->len, &txt) &&
		    is_one(txt.text))
			insert(out, n++, txt.text);
	}
	return n;
}

static bool
is_any(struct mailauth_str text)
{
	(void)text;
	return true;
}

/* The records of a kind in DNS, in full, each on a line of its own; the whole
 * set when none is of the kind. */
static struct mailauth_str
now_text(struct check *c, const struct record_set *set)
{
	struct mailauth_str text[PLAN_TEXTS_MAX];
	struct writer w = arena_writer(&c->report->arena);
	size_t n = plan_texts(c, set->answer, is_any, text, PLAN_TEXTS_MAX);

	for (int least = PICK_YES; least >= PICK_NEAR && w.used == 0; least--)
		for (size_t i = 0; i < n; i++) {
			if ((int)set->j.kind->pick(text[i]) < least)
				continue;
			put_text(&w, w.used > 0 ? "\n" : "");
			put_untrusted(&w, text[i]);
		}
	return w.used > 0 ? writer_str(&w) : STR("records of another kind");
}

/* Where the owner is an alias, its target; else STR_NONE. */
static struct mailauth_str
alias_of(const struct lookup *l)
{
	return is_done(l) && l->answer.nchain > 0 ? l->answer.chain[0] :
	                                            STR_NONE;
}

/* The plan has this address at this owner. */
static bool
is_planned(const struct plan_report *plan, struct mailauth_str owner,
    const struct addr *addr)
{
	const struct planned_record *p =
	    plan_first(plan, owner, addr->family == 4 ? RRTYPE_A : RRTYPE_AAAA);

	while (p != NULL && !addr_eq(&p->addr, addr))
		p = plan_next(p);
	return p != NULL;
}

/* Compare an address record; with PLAN_ANY each address in DNS will do. Other
 * addresses stay beside it: SPF terms such as "a" and "mx" may let them
 * send. */
static enum plan_state
compare_address(struct check *c, const struct plan_check *pc,
    struct planned_record *p, const struct lookup *l)
{
	const struct mailauth_answer *a = &l->answer;
	struct writer w = arena_writer(&c->report->arena);
	enum plan_state state = PLAN_MISSING;

	for (size_t i = 0; i < a->nrr; i++) {
		struct addr addr;

		if (!addr_of_rdata(a->rr[i].data, a->rr[i].len, &addr))
			continue;
		if (p->sort == PLAN_ANY || addr_eq(&addr, &p->addr))
			state = PLAN_PRESENT;
		if (is_planned(pc->plan, p->record.owner, &addr))
			continue;
		put_text(&w, w.used > 0 ? ", " : "");
		put_addr(&w, &addr);
	}
	if (state == PLAN_MISSING && w.used > 0) {
		p->record.now = writer_str(&w);
		p->record.reason = plan_say(c,
		    "the name has other addresses, and they stay, as SPF may "
		    "let them send: ",
		    p->record.now,
		    ". Clients use any of them: take out what no longer sends "
		    "or serves");
	}
	return state;
}

enum plan_state
plan_name_compare(struct check *c, struct planned_record *p,
    const struct lookup *l)
{
	const struct mailauth_answer *a = &l->answer;
	struct writer w = arena_writer(&c->report->arena);
	enum plan_state state = PLAN_DIFFERENT;

	for (size_t i = 0; i < a->nrr; i++) {
		struct dname wire;
		struct mailauth_str name = STR_NONE;
		struct mx m;

		if (p->record.rrtype == RRTYPE_PTR &&
		    ptr_parse(&a->rr[i], &wire))
			name = name_of_wire(c, &wire);
		else if (p->record.rrtype == RRTYPE_MX &&
		    mx_parse(&a->rr[i], &m) && !mx_is_null(&m))
			name = name_of_wire(c, &m.host);
		put_text(&w, w.used > 0 ? ", " : "");
		put_str(&w, name.n > 0 ? name : STR("."));
		if (name.n > 0 &&
		    (p->sort == PLAN_ANY || str_eq(name, p->host)))
			state = PLAN_PRESENT;
	}
	p->record.now = writer_str(&w);
	return state;
}

/* Compare one text of a selector with the planned key. A key of others that
 * receivers can use stays: mail that it signs would fail without it. */
static enum plan_state
compare_one_key(struct check *c, struct planned_record *p,
    struct mailauth_str text)
{
	const struct mailauth_answer *answer =
	    text_answer(&c->report->arena, p->record.owner, text);
	uint8_t *room = arena_alloc(&c->report->arena, DKIM_KEY_MAX);
	const struct record_set *set;
	struct key there, ours;

	if (answer == NULL || room == NULL)
		return PLAN_UNKNOWN;
	set = report_judge(c->report, kind_at(MAILAUTH_KIND_DKIM), answer,
	    &c->report->scope);
	if (set == NULL || !is_usable(c, set) ||
	    !dkim_key(&set->j.record, room, &there))
		return PLAN_DIFFERENT;
	key_decode((const uint8_t *)p->spki.s, p->spki.n, &ours);
	return key_same(&there, &ours) ? PLAN_PRESENT : PLAN_REFUSED;
}

static bool
is_key(struct mailauth_str text)
{
	return kind_at(MAILAUTH_KIND_DKIM)->pick(text) == PICK_YES;
}

/* Compare the DKIM records of a selector by their keys alone: other tags may
 * differ. */
static enum plan_state
compare_key(struct check *c, struct planned_record *p,
    const struct record_set *set)
{
	struct mailauth_str text[PLAN_TEXTS_MAX];
	size_t n = set->answer->outcome == MAILAUTH_FOUND ?
	    plan_texts(c, set->answer, is_key, text, PLAN_TEXTS_MAX) :
	    0;
	bool ours = false, others = false;

	for (size_t i = 0; i < n; i++) {
		enum plan_state state = compare_one_key(c, p, text[i]);

		ours = ours || state == PLAN_PRESENT;
		others = others || state == PLAN_REFUSED;
	}
	if (others)
		p->record.reason =
		    STR("another key is there, and mail that it signs would "
		        "fail without it: sign with another selector, or "
		        "replace it when nothing is signed with it any more");
	return others      ? PLAN_REFUSED :
	    n == 0         ? PLAN_MISSING :
	    ours && n == 1 ? PLAN_PRESENT :
	                     PLAN_DIFFERENT;
}

/* Compare a TXT record, judged as the kind of record that is planned there. */
static enum plan_state
compare_text(struct check *c, const struct plan_check *pc,
    struct planned_record *p, struct lookup *l)
{
	static const enum mailauth_kind_id kinds[] = {
		[PLAN_EXACT] = MAILAUTH_KIND_SPF,
		[PLAN_ANY] = MAILAUTH_KIND_SPF,
		[PLAN_SPF] = MAILAUTH_KIND_SPF,
		[PLAN_SPF_PART] = MAILAUTH_KIND_SPF,
		[PLAN_DKIM] = MAILAUTH_KIND_DKIM,
		[PLAN_DMARC] = MAILAUTH_KIND_DMARC,
		[PLAN_CONSENT] = MAILAUTH_KIND_DMARC_REPORT,
	};
	const struct record_set *set = view_as(c, kinds[p->sort], l);
	enum plan_state state = PLAN_DIFFERENT;

	if (set == NULL)
		return PLAN_UNKNOWN;
	if (set->j.verdict == MAILAUTH_TEMPERROR) {
		p->record.now = plan_why_failed(c, l);
		return PLAN_UNKNOWN;
	}
	switch (p->sort) {
	case PLAN_DKIM: state = compare_key(c, p, set); break;
	case PLAN_DMARC: state = plan_dmarc_compare(c, pc, p, set); break;
	case PLAN_SPF: state = plan_spf_compare(c, pc, p, set); break;
	case PLAN_SPF_PART: state = plan_spf_part(c, p, set); break;
	case PLAN_CONSENT:
		state = is_usable(c, set) ? PLAN_PRESENT :
		    set->j.matches > 0    ? PLAN_DIFFERENT :
		                            PLAN_MISSING;
		break;
	case PLAN_EXACT:
	case PLAN_ANY: break;
	}
	if (state == PLAN_DIFFERENT || state == PLAN_REFUSED)
		p->record.now = now_text(c, set);
	return state;
}

/* Nothing may be beside an alias: a record at its name would take the alias
 * away. Reverse names are aliases where a network is delegated in parts
 * (RFC 2317). */
static void
refuse_alias(struct check *c, struct plan_record *r, const struct lookup *l)
{
	struct mailauth_str alias = alias_of(l);

	if (alias.n == 0 || r->rrtype == RRTYPE_PTR ||
	    (r->state != PLAN_MISSING && r->state != PLAN_DIFFERENT))
		return;
	r->state = PLAN_REFUSED;
	r->reason = plan_say(c, "the name is an alias of ", alias,
	    ", and no other record may be beside an alias: change the records "
	    "there, or take the alias out first");
	if (r->now.n == 0)
		r->now = plan_say(c, "CNAME ", alias, "");
}

/* Note the addresses of one family that take the mail of a name without an MX,
 * but for those of the plan. */
static void
put_implicit(const struct plan_check *pc, const struct planned_record *p,
    const struct lookup *l, struct writer *w)
{
	for (size_t i = 0; is_found(l) && i < l->answer.nrr; i++) {
		const struct mailauth_rdata *rr = &l->answer.rr[i];
		struct addr addr;

		if (!addr_of_rdata(rr->data, rr->len, &addr) ||
		    is_planned(pc->plan, p->record.owner, &addr) ||
		    is_planned(pc->plan, p->host, &addr))
			continue;
		put_text(w, w->used > 0 ? ", " : "");
		put_addr(w, &addr);
	}
}

/* A name without an MX takes its mail at its address (RFC 5321 5.1): the first
 * MX record would take all of it to another host. One of the name itself leaves
 * it where it is. */
static void
keep_implicit(struct check *c, const struct plan_check *pc,
    struct plan_record *r)
{
	static const uint16_t types[] = { RRTYPE_A, RRTYPE_AAAA };
	struct writer w = arena_writer(&c->report->arena);
	struct writer why = arena_writer(&c->report->arena);

	if (r->rrtype != RRTYPE_MX || r->state != PLAN_MISSING)
		return;
	for (size_t i = 0; i < 2; i++) {
		const struct lookup *l = got(c, r->owner, types[i]);

		put_implicit(pc, planned_of(r), l, &w);
		if (is_done(l) && !is_failed(l) &&
		    l->answer.dnssec != MAILAUTH_DNSSEC_BOGUS)
			continue;
		r->state = PLAN_UNKNOWN;
		r->now = l != NULL ? plan_why_failed(c, l) : STR("not asked");
	}
	if (w.used == 0 || r->state == PLAN_UNKNOWN)
		return;
	put_text(&why, "mail for ");
	put_str(&why, r->owner);
	put_text(&why, " goes to its address now, ");
	put_str(&why, writer_str(&w));
	put_text(&why, ", since it has no MX: this MX keeps it there. With ");
	put_str(&why, planned_of(r)->host);
	put_text(&why, " in its place all mail would go to that host");
	r->now = plan_say(c, "no MX, and the address ", writer_str(&w), "");
	r->reason = writer_str(&why);
	r->data = plan_say(c, "10 ", r->owner, "");
}

/* Compare one record with the answer at its owner. */
static void
compare(struct check *c, const struct plan_check *pc, struct plan_record *r)
{
	struct planned_record *p = planned_of(r);
	struct lookup *l = got(c, r->owner, r->rrtype);

	if (r->state != PLAN_WANTED)
		return;
	if (!is_done(l) || is_failed(l) ||
	    l->answer.dnssec == MAILAUTH_DNSSEC_BOGUS) {
		r->state = PLAN_UNKNOWN;
		r->now = l != NULL ? plan_why_failed(c, l) : STR("not asked");
	} else if (!is_found(l) && p->sort != PLAN_DMARC) {
		r->state = PLAN_MISSING;
	} else if (r->rrtype == RRTYPE_TXT) {
		r->state = compare_text(c, pc, p, l);
	} else if (r->rrtype == RRTYPE_A || r->rrtype == RRTYPE_AAAA) {
		r->state = compare_address(c, pc, p, l);
	} else {
		r->state = plan_name_compare(c, p, l);
	}
	refuse_alias(c, r, l);
	keep_implicit(c, pc, r);
}

/* A part of an SPF record is needed only when the whole record is not present:
 * an SPF record that passes in another way needs no parts of ours. */
static void
settle_parts(const struct plan_check *pc)
{
	for (struct plan_zone *z = pc->plan->zones; z != NULL; z = z->next)
		for (struct plan_record *r = z->records; r != NULL;
		     r = r->next) {
			const struct planned_record *p = planned_of(r);

			if (p->sort == PLAN_SPF_PART && p->whole != NULL &&
			    p->whole->passes)
				r->state = PLAN_PRESENT;
		}
}

/* Take records out of the plan that matter only where DNS has to change. What
 * is unknown may have to. */
static void
drop_idle(struct plan_report *plan)
{
	for (struct plan_zone *z = plan->zones; z != NULL; z = z->next) {
		struct plan_record **at = &z->records;

		while (*at != NULL) {
			const struct plan_record *r = *at;

			if (r->idle &&
			    (r->state == PLAN_PRESENT ||
			        r->state == PLAN_MISSING))
				*at = r->next;
			else
				at = &(*at)->next;
		}
		z->end = at;
	}
}

static void
tell_plan(struct check *c, void *self)
{
	const struct plan_check *pc = self;
	struct plan_report *plan = pc->plan;
	bool lacks = plan->lacks, open = false;

	plan->compared = true;
	report_add_part(c->report, &plan_part, plan);
	/* The source is at fault: its finding says so, and nothing is known of
	 * any record. */
	if (source_gave_nothing(c)) {
		plan->zones = NULL;
		plan->result = MAILAUTH_RESULT_TEMPERROR;
		return;
	}
	for (struct plan_zone *z = plan->zones; z != NULL; z = z->next)
		for (struct plan_record *r = z->records; r != NULL; r = r->next)
			compare(c, pc, r);
	settle_parts(pc);
	plan_wild_settle(c, plan);
	drop_idle(plan);
	for (struct plan_zone *z = plan->zones; z != NULL; z = z->next)
		for (struct plan_record *r = z->records; r != NULL;
		     r = r->next) {
			lacks = lacks || r->state == PLAN_MISSING ||
			    r->state == PLAN_DIFFERENT ||
			    r->state == PLAN_REFUSED;
			open = open || r->state == PLAN_UNKNOWN;
		}
	plan->result = lacks ? MAILAUTH_RESULT_FAIL :
	    open             ? MAILAUTH_RESULT_TEMPERROR :
	                       MAILAUTH_RESULT_PASS;
}

static const struct subject subject_plan = { 0, ask, tell_plan };

/* Requests. */

/* Take the report address. Only characters that a mailto: URI has without
 * escapes are accepted. */
static enum mailauth_status
take_rua(struct arena *a, const char *rua, struct plan_wishes *out, char *why)
{
	struct mailauth_str s = str_of(rua);
	size_t at = s.n;
	struct dname wire;

	if (rua == NULL)
		return MAILAUTH_OK;
	if (str_istarts(s, STR("mailto:")))
		s = str_from(s, 7);
	for (at = s.n; at > 0 && s.s[at - 1] != '@';)
		at--;
	for (size_t i = 0; i < s.n; i++)
		if (!is_alnum(s.s[i]) && strchr("-_.+@", s.s[i]) == NULL)
			return refuse(why, rua, "it is not a mail address");
	if (at < 2 || s.n > 320 ||
	    dname_parse(str_from(s, at), &wire) != DNAME_OK ||
	    str_find(s, '@') != at - 1)
		return refuse(why, rua, "it is not a mail address");
	out->rua = arena_copy(a, s);
	out->rua_host = dname_text(a, &wire);
	return dname_is_host(out->rua_host) && dname_labels(out->rua_host) > 1 ?
	    MAILAUTH_OK :
	    refuse(why, rua, "it is not a mail address");
}

static enum mailauth_status
take_wishes(struct arena *a, const struct mailauth_plan_request *q,
    struct plan_wishes *out, char *why)
{
	*out = (struct plan_wishes){ .dmarc = MAILAUTH_DMARC_QUARANTINE,
		.ttl = q->ttl != 0 ? q->ttl : TTL_DEFAULT,
		.allow_documentation = q->allow_documentation };
	if (q->dmarc != NULL)
		out->dmarc = dmarc_policy_of(str_of(q->dmarc));
	if (out->dmarc == MAILAUTH_DMARC_ABSENT)
		return refuse(why, q->dmarc,
		    "a policy is quarantine or reject, or none");
	if (out->ttl > TTL_MAX)
		return refuse(why, "ttl", "it is too large");
	return take_rua(a, q->rua, out, why);
}

/* Allow the lookups that evaluations of SPF need, and those of all records. */
static void
allow(struct check *c, const struct plan_check *pc)
{
	for (struct plan_zone *z = pc->plan->zones; z != NULL; z = z->next)
		for (struct plan_record *r = z->records; r != NULL; r = r->next)
			check_allow(c,
			    planned_of(r)->sort == PLAN_SPF ? 8 :
			        r->rrtype == RRTYPE_A ||
			            r->rrtype == RRTYPE_AAAA ?
			                                      10 :
			        r->rrtype == RRTYPE_MX ? 4 :
			                                 2);
}

static enum mailauth_status
prepare(struct check *c, const void *request, char *why)
{
	const struct mailauth_plan_request *q = request;
	struct plan_check *pc = arena_alloc(&c->report->arena, sizeof(*pc));
	struct plan_wishes wishes;
	enum mailauth_status status =
	    take_wishes(&c->report->arena, q, &wishes, why);

	if (pc == NULL)
		return MAILAUTH_ENOMEM;
	if (status != MAILAUTH_OK)
		return status;
	wishes.compare = true;
	pc->request = q;
	pc->wishes = wishes;
	/* The addresses are those of the plan: what DNS has is no claim. */
	c->report->scope.allow_documentation = true;
	c->stranger = make_stranger(c);
	pc->plan = plan_make(&c->report->arena, c->orgs, q->settings, &wishes);
	if (pc->plan == NULL)
		return MAILAUTH_ENOMEM;
	allow(c, pc);
	check_add(c, &subject_plan, pc);
	return MAILAUTH_OK;
}

static const struct job job_plan = { prepare, NULL, NULL };

/* Make a plan without comparing it with DNS. */
static enum mailauth_status
plan_alone(const struct mailauth_plan_request *q, struct mailauth_report **out,
    char *why)
{
	struct mailauth_report *r = report_new();
	struct orgdomains *orgs = orgdomains_new();
	enum mailauth_status status = MAILAUTH_ENOMEM;
	struct plan_report *plan;
	struct plan_wishes wishes;

	*out = NULL;
	snprintf(why, MAILAUTH_WHY_MAX, "memory ran out");
	if (r != NULL)
		status = take_wishes(&r->arena, q, &wishes, why);
	if (status == MAILAUTH_OK) {
		plan = plan_make(&r->arena, orgs, q->settings, &wishes);
		if (plan == NULL)
			status = MAILAUTH_ENOMEM;
		else
			report_add_part(r, &plan_part, plan);
	}
	orgdomains_free(orgs);
	if (status != MAILAUTH_OK) {
		mailauth_report_free(r);
		return status;
	}
	*out = r;
	return MAILAUTH_OK;
}

enum mailauth_status
mailauth_plan(struct mailauth_resolver *resolver,
    const struct mailauth_plan_request *request, struct mailauth_report **out,
    char why[MAILAUTH_WHY_MAX])
{
	if (request == NULL || out == NULL || why == NULL)
		return use_refused(why, USE_NULL);
	*out = NULL;
	if (request->settings == NULL)
		return use_refused(why, USE_NULL);
	if (resolver == NULL)
		return plan_alone(request, out, why);
	return run_one(resolver, &job_plan, request, out, why);
}
