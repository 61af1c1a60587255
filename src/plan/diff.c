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
#include "plan/plan.h"
#include "record/dkim.h"
#include "record/dmarc.h"
#include "record/mx.h"
#include "record/ptr.h"
#include "record/spf_merge.h"
#include "spf/check.h"

/* Seconds; the usual TTL of zones. */
#define TTL_DEFAULT 3600
/* The largest TTL of DNS (RFC 2181 8). */
#define TTL_MAX INT32_MAX
/* Limit of SPF evaluations for one plan. */
#define TRIALS_MAX 1000
/* Octets shown of data in DNS. */
#define NOW_MAX 400

/* A plan under comparison with DNS. */
struct plan_check {
	const struct mailauth_plan_request *request;
	struct plan_report *plan;
	struct spf_check *spf; /* an evaluation for each address of SPF */
};

/* Questions. */

static void
ask(struct check *c, void *self)
{
	const struct plan_check *pc = self;
	struct plan_report *plan = pc->plan;

	for (struct plan_zone *z = plan->zones; z != NULL; z = z->next)
		for (struct plan_record *r = z->records; r != NULL; r = r->next)
			want(c, r->owner, r->rrtype);
	spf_check_ask(c, pc->spf);
}

/* Comparison. */

/* The reason of a failed lookup. */
static struct mailauth_str
why_failed(struct check *c, const struct lookup *l)
{
	struct writer w = arena_writer(&c->report->arena);
	struct mailauth_findings log;

	findings_clear(&log);
	judge_lookup(&l->answer, &log);
	if (log.count > 0)
		put_text(&w, finding_row(log.at[0].id)->sentence);
	if (l->answer.why.n > 0) {
		put_text(&w, ": ");
		put_untrusted(&w, str_sub(l->answer.why, 0, NOW_MAX));
	}
	return writer_str(&w);
}

/* The text of a record set in DNS. */
static struct mailauth_str
now_text(struct check *c, const struct record_set *set)
{
	struct writer w = arena_writer(&c->report->arena);

	if (set == NULL || !set_has_text(set))
		return STR("records of another kind");
	if (set->j.matches > 1) {
		put_number(&w, set->j.matches);
		put_text(&w, " records where one may be");
	} else {
		put_set_text(&w, set);
	}
	return str_sub(writer_str(&w), 0, NOW_MAX);
}

/* Compare an address record; with PLAN_ANY each address in DNS will do. */
static enum plan_state
compare_address(struct check *c, struct planned_record *p,
    const struct lookup *l)
{
	const struct mailauth_answer *a = &l->answer;
	struct writer w = arena_writer(&c->report->arena);
	enum plan_state state = PLAN_DIFFERENT;

	for (size_t i = 0; i < a->nrr; i++) {
		struct addr addr;

		if (!addr_of_rdata(a->rr[i].data, a->rr[i].len, &addr))
			continue;
		put_text(&w, w.used > 0 ? ", " : "");
		put_addr(&w, &addr);
		if (p->sort == PLAN_ANY || addr_eq(&addr, &p->addr))
			state = PLAN_PRESENT;
	}
	p->record.now = writer_str(&w);
	return state;
}

/* Compare an MX or PTR record by its name; with PLAN_ANY each name will do. A
 * null MX (RFC 7505) has no name. */
static enum plan_state
compare_name(struct check *c, struct planned_record *p, const struct lookup *l)
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

/* Compare a DKIM record by the key alone: other tags may differ. */
static enum plan_state
compare_key(struct check *c, struct planned_record *p,
    const struct record_set *set)
{
	struct key there, ours;
	uint8_t *room;

	if (!has_record(set))
		return set->j.matches > 0 ? PLAN_DIFFERENT : PLAN_MISSING;
	room = arena_alloc(&c->report->arena, DKIM_KEY_MAX);
	if (room == NULL || !is_usable(c, set) ||
	    !dkim_key(&set->j.record, room, &there))
		return PLAN_DIFFERENT;
	key_decode((const uint8_t *)p->spki.s, p->spki.n, &ours);
	return key_same(&there, &ours) ? PLAN_PRESENT : PLAN_DIFFERENT;
}

/* Compare a DMARC record by policy and report address. A wished policy has to
 * be the one in DNS; without a wish, quarantine and reject will do. A wished
 * report address has to be among those in DNS; without a wish, any will do. */
static enum plan_state
compare_dmarc(struct check *c, const struct plan_check *pc,
    const struct record_set *set)
{
	const struct mailauth_plan_request *q = pc->request;
	struct dmarc d;

	if (!has_record(set))
		return set->j.matches > 0 ? PLAN_DIFFERENT : PLAN_MISSING;
	if (!is_usable(c, set))
		return PLAN_DIFFERENT;
	d = dmarc_of(&set->j.record);
	if (q->dmarc != NULL ? dmarc_policy_name(d.p) == NULL ||
	            strcmp(dmarc_policy_name(d.p), q->dmarc) != 0 :
	                       d.p != MAILAUTH_DMARC_QUARANTINE &&
	            d.p != MAILAUTH_DMARC_REJECT)
		return PLAN_DIFFERENT;
	if (q->rua != NULL ? str_ifind(d.rua, str_of(q->rua)) == d.rua.n :
	                     d.rua.n == 0)
		return PLAN_DIFFERENT;
	return PLAN_PRESENT;
}

/* SPF. */

/* Merge the planned SPF record into the one in DNS: a second SPF record at a
 * name would break both. All planned mechanisms but "all" are additions. The
 * record in DNS keeps its own "all"; without one it gets ~all. If they cannot
 * be merged, the planned record replaces the one in DNS. */
static struct mailauth_str
merged(struct check *c, const struct planned_record *p,
    struct mailauth_str there)
{
	struct spf_addition add[SPF_ADDITIONS_MAX];
	struct writer w = arena_writer(&c->report->arena);
	struct spf_reader r = spf_terms(there);
	struct spf_merge out;
	struct spf_term t;
	char all = '~';
	size_t n = 0;

	while (spf_next(&r, &t))
		if (t.what == SPF_ALL)
			all = 0;
	r = spf_terms(p->record.data);
	while (spf_next(&r, &t) && n < SPF_ADDITIONS_MAX)
		if (t.what != SPF_ALL)
			add[n++] = (struct spf_addition){ .text = t.text };
	put_spf_merge(&w, there, p->record.owner, add, n, all, &out);
	return out.done && !w.full ? writer_str(&w) : p->record.data;
}

/* SPF passes for all addresses of a record: PRESENT; not for some: DIFFERENT;
 * otherwise, after a temporary error or without any evaluation: UNKNOWN. */
static enum plan_state
spf_state(const struct plan_check *pc, const struct planned_record *p)
{
	enum plan_state state = PLAN_PRESENT;
	size_t n = 0;

	for (size_t i = 0; i < pc->spf->ntrials; i++) {
		const struct spf_trial *t = &pc->spf->trials[i];
		enum mailauth_spf_result result = t->outcome.result;

		if (!str_eq(t->query.domain, p->record.owner))
			continue;
		n++;
		if (result == MAILAUTH_SPF_TEMPERROR ||
		    result == MAILAUTH_SPF_UNDECIDED)
			state = PLAN_UNKNOWN;
		else if (result != MAILAUTH_SPF_PASS)
			return PLAN_DIFFERENT;
	}
	return n > 0 ? state : PLAN_UNKNOWN;
}

/* Compare an SPF record by its results. When DNS has a usable record that does
 * not pass, the plan becomes that record with the additions. */
static enum plan_state
compare_spf(struct check *c, const struct plan_check *pc,
    struct planned_record *p, const struct record_set *set)
{
	enum plan_state state = spf_state(pc, p);

	if (set->j.verdict == MAILAUTH_NONE)
		return PLAN_MISSING;
	if (state == PLAN_UNKNOWN) {
		p->record.now = STR("what it includes could not be told");
		return PLAN_UNKNOWN;
	}
	if (state == PLAN_PRESENT)
		return PLAN_PRESENT;
	if (has_record(set) && is_usable(c, set))
		p->record.data = merged(c, p, set->j.record.text);
	return PLAN_DIFFERENT;
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
		p->record.now = why_failed(c, l);
		return PLAN_UNKNOWN;
	}
	switch (p->sort) {
	case PLAN_DKIM: state = compare_key(c, p, set); break;
	case PLAN_DMARC: state = compare_dmarc(c, pc, set); break;
	case PLAN_SPF: state = compare_spf(c, pc, p, set); break;
	case PLAN_CONSENT:
		state = is_usable(c, set) ? PLAN_PRESENT : PLAN_MISSING;
		break;
	case PLAN_SPF_PART:
		state = set->j.verdict == MAILAUTH_NONE        ? PLAN_MISSING :
		    str_eq(set->j.record.text, p->record.data) ? PLAN_PRESENT :
		                                                 PLAN_DIFFERENT;
		break;
	case PLAN_EXACT:
	case PLAN_ANY: break;
	}
	if (state == PLAN_DIFFERENT)
		p->record.now = now_text(c, set);
	return state;
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
		r->now = l != NULL ? why_failed(c, l) : STR("not asked");
	} else if (!is_found(l)) {
		r->state = PLAN_MISSING;
	} else if (r->rrtype == RRTYPE_TXT) {
		r->state = compare_text(c, pc, p, l);
	} else if (r->rrtype == RRTYPE_A || r->rrtype == RRTYPE_AAAA) {
		r->state = compare_address(c, p, l);
	} else {
		r->state = compare_name(c, p, l);
	}
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
			    p->whole->record.state == PLAN_PRESENT)
				r->state = PLAN_PRESENT;
		}
}

static void
tell_plan(struct check *c, void *self)
{
	const struct plan_check *pc = self;
	struct plan_report *plan = pc->plan;
	bool lacks = false, open = false;

	plan->compared = true;
	for (struct plan_zone *z = plan->zones; z != NULL; z = z->next)
		for (struct plan_record *r = z->records; r != NULL; r = r->next)
			compare(c, pc, r);
	settle_parts(pc);
	for (struct plan_zone *z = plan->zones; z != NULL; z = z->next)
		for (struct plan_record *r = z->records; r != NULL;
		     r = r->next) {
			lacks = lacks || r->state == PLAN_MISSING ||
			    r->state == PLAN_DIFFERENT;
			open = open || r->state == PLAN_UNKNOWN;
		}
	plan->result = lacks ? MAILAUTH_RESULT_FAIL :
	    open             ? MAILAUTH_RESULT_TEMPERROR :
	                       MAILAUTH_RESULT_PASS;
	report_add_part(c->report, &plan_part, plan);
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
			return refuse(why, rua, "it is no mail address");
	if (at < 2 || s.n > 320 ||
	    dname_parse(str_from(s, at), &wire) != DNAME_OK ||
	    str_find(s, '@') != at - 1)
		return refuse(why, rua, "it is no mail address");
	out->rua = arena_copy(a, s);
	out->rua_host = dname_text(a, &wire);
	return dname_is_host(out->rua_host) && dname_labels(out->rua_host) > 1 ?
	    MAILAUTH_OK :
	    refuse(why, rua, "it is no mail address");
}

static enum mailauth_status
take_wishes(struct arena *a, const struct mailauth_plan_request *q,
    struct plan_wishes *out, char *why)
{
	static const char *const policies[] = { "none", "quarantine",
		"reject" };
	bool known = q->dmarc == NULL;

	*out = (struct plan_wishes){ .dmarc = "quarantine",
		.ttl = q->ttl != 0 ? q->ttl : TTL_DEFAULT };
	for (size_t i = 0; !known && i < 3; i++) {
		known = strcmp(policies[i], q->dmarc) == 0;
		out->dmarc = policies[i];
	}
	if (!known)
		return refuse(why, q->dmarc,
		    "a policy is quarantine or reject, or none");
	if (out->ttl > TTL_MAX)
		return refuse(why, "ttl", "it is too large");
	return take_rua(a, q->rua, out, why);
}

/* Add an evaluation of SPF for each address at each name. */
static bool
add_trials(struct check *c, struct plan_check *pc)
{
	size_t n = 0;

	pc->spf = spf_check_new(c, TRIALS_MAX);
	for (struct plan_zone *z = pc->plan->zones;
	     pc->spf != NULL && z != NULL; z = z->next)
		for (struct plan_record *r = z->records; r != NULL;
		     r = r->next) {
			const struct planned_record *p = planned_of(r);

			for (const struct spf_address *x = p->addresses;
			     p->sort == PLAN_SPF && x != NULL && n < TRIALS_MAX;
			     x = x->next, n++) {
				struct spf_trial *t =
				    spf_check_add(pc->spf, &x->addr);

				t->query.domain = r->owner;
				t->query.values.sender_domain =
				    dname_plain(&c->report->arena, r->owner);
			}
		}
	check_allow(c, 4 * n);
	return pc->spf != NULL;
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
	pc->request = q;
	/* Settings may have documentation addresses: a plan is no claim that
	 * anybody can reach them. */
	c->report->scope.allow_documentation = true;
	c->stranger = make_stranger(c);
	pc->plan = plan_make(&c->report->arena, c->orgs, q->settings, &wishes);
	if (pc->plan == NULL || !add_trials(c, pc))
		return MAILAUTH_ENOMEM;
	for (struct plan_zone *z = pc->plan->zones; z != NULL; z = z->next)
		for (struct plan_record *r = z->records; r != NULL; r = r->next)
			check_allow(c, 1);
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
