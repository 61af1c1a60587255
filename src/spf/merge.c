/*
 * merge.c - add senders to an SPF record
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * mailauth_spf_merge(): parse the record, merge the additions into its text,
 * judge the result. With a resolver, a check evaluates the merged record as if
 * it were published: prepare() gives the check an answer with that record for
 * its owner, so the budget counts the real lookups. Without one, only the terms
 * in the text are counted.
 */
#include <stdio.h>
#include <stdlib.h>

#include "base/str.h"
#include "base/use.h"
#include "engine/run.h"
#include "record/mx.h"
#include "record/spf_merge.h"
#include "record/txt.h"
#include "spf/check.h"
#include "spf/merge_report.h"

/* Owner of a record without a known owner; the name cannot exist (RFC 2606). */
#define NOBODY "spf-merge.invalid."

/* Added addresses that are tried, and records below an included one that are
 * read for them. */
#define TRIED_MAX 256u
#define DEPTH_MAX 3u

/* One merge. Texts live in the report of the unmerged record, or in that of the
 * merged one. */
struct merge {
	struct spf_check *spf; /* NULL: count the terms of the text only */
	const struct mailauth_merge_request *request;
	struct merge_report *report;
	struct mailauth_str record; /* before the merge */
	struct mailauth_str merged; /* STR_NONE: nothing was merged */
	struct mailauth_str owner; /* canonical; may be STR_NONE */
	struct spf_addition add[SPF_ADDITIONS_MAX];
	size_t nadd;
	bool blocked; /* DNS shows that a term excludes an address */
	/** A lookup that failed, or was not made, leaves open whether this
	 * addition passes. */
	const struct spf_addition *untold;
	const struct mailauth_answer *failed; /* that lookup; may be NULL */
	bool hidden; /* for that reason there is no record to publish */
	unsigned tried; /* addresses */
	struct spf_merge out;
};

/* From request to records. */

/* Parse the record as mailauth_parse() does, into `out`. That report becomes
 * the result when nothing is merged. */
static enum mailauth_status
take_record(struct merge *m, struct mailauth_report **out, char *why)
{
	const struct mailauth_merge_request *q = m->request;
	const struct mailauth_parse_options how = { "spf", q->owner, q->profile,
		q->allow_documentation, NULL, 0 };
	const struct record_set *set;
	enum mailauth_status status;

	if (q->record == NULL)
		return refuse(why, "", "name the record");
	status = mailauth_parse(&how, q->record, strlen(q->record), out, why);
	if (status != MAILAUTH_OK)
		return status;
	set = (*out)->sets;
	if (set->answer->name.n > 1)
		m->owner = set->answer->name;
	m->record = set->j.matches > 0 ? set->j.record.text : STR_NONE;
	(*out)->scope.plain = false;
	return MAILAUTH_OK;
}

static enum mailauth_status
take_additions(struct merge *m, char *why)
{
	const struct mailauth_merge_request *q = m->request;

	if (q->all != 0 && strchr("+-~?", q->all) == NULL) {
		snprintf(why, MAILAUTH_WHY_MAX,
		    "a qualifier is one of + - ~ ?");
		return MAILAUTH_EUSE;
	}
	if (q->nadd > SPF_ADDITIONS_MAX) {
		snprintf(why, MAILAUTH_WHY_MAX,
		    "no more than %u mechanisms at a time", SPF_ADDITIONS_MAX);
		return MAILAUTH_EUSE;
	}
	for (m->nadd = 0; m->nadd < q->nadd; m->nadd++)
		m->add[m->nadd].text = str_of(q->add[m->nadd]);
	return MAILAUTH_OK;
}

/* An addition that is no mechanism is a fault of the command: EUSE. */
static enum mailauth_status
refuse_addition(const struct merge *m, char *why)
{
	for (size_t i = 0; i < m->nadd; i++)
		if (m->add[i].fate == SPF_NOT_ONE)
			return refuse(why, m->request->add[i],
			    m->add[i].fault != 0 ?
			        finding_row(m->add[i].fault)->sentence :
			        "it is not a mechanism that can be added to the record");
	return MAILAUTH_OK;
}

/* The report. */

static struct mailauth_str
merged_text(struct mailauth_report *r, struct mailauth_str text)
{
	struct writer w = arena_writer(&r->arena);

	put_untrusted(&w, text);
	put_char(&w, '\0');
	return w.full ? STR_NONE : writer_str(&w);
}

/* The record as a line of a zone file, in strings of at most 255 octets. NULL
 * without an owner. */
static const char *
zone_line(struct mailauth_report *r, const struct merge *m)
{
	struct writer w = arena_writer(&r->arena);
	struct mailauth_str rest = m->merged;

	if (m->owner.n == 0)
		return NULL;
	put_str(&w, m->owner);
	put_text(&w, " IN TXT");
	while (rest.n > 0) {
		struct mailauth_str part = str_sub(rest, 0, TXT_STRING_MAX);

		put_text(&w, " \"");
		for (size_t i = 0; i < part.n; i++) {
			if (part.s[i] == '"' || part.s[i] == '\\')
				put_char(&w, '\\');
			put_char(&w, part.s[i]);
		}
		put_char(&w, '"');
		rest = str_from(rest, part.n);
	}
	put_char(&w, '\0');
	return w.full ? NULL : w.buf;
}

static void
report_parts(struct mailauth_report *r, const struct merge *m)
{
	static const char *const fates[] = {
		[SPF_ADDED] = "added",
		[SPF_COVERED] = "covered",
		[SPF_BLOCKED] = "blocked",
		[SPF_NOT_ONE] = "none",
		[SPF_SECOND_RECORD] = "second-record",
	};
	struct merge_part **end = &m->report->parts;

	for (size_t i = 0; i < m->nadd; i++) {
		struct merge_part *p = arena_alloc(&r->arena, sizeof(*p));

		if (p == NULL)
			return;
		p->text = arena_copy(&r->arena, m->add[i].text);
		p->fate = fates[m->add[i].fate];
		p->by = arena_copy(&r->arena, m->add[i].by);
		*end = p;
		end = &p->next;
	}
}

static bool
begin_report(struct mailauth_report *r, struct merge *m)
{
	struct merge_report *out = arena_alloc(&r->arena, sizeof(*out));

	if (out == NULL)
		return false;
	m->report = out;
	out->record = arena_copy(&r->arena, m->record);
	if (m->owner.n > 1)
		out->owner =
		    arena_copy(&r->arena, str_sub(m->owner, 0, m->owner.n - 1));
	out->was = m->out.was;
	r->domain = out->owner;
	r->scope.profile = m->request->profile;
	r->scope.allow_documentation = m->request->allow_documentation;
	report_add_frame(r, &merge_part_type, out);
	report_parts(r, m);
	return true;
}

/* Some lookup has failed. Names outside of the given zones do not count: the
 * user does not want to ask for them. */
static bool
has_failed(const struct spf_step *step)
{
	for (; step != NULL; step = step->next)
		if ((step->failed != NULL &&
		        step->failed->cause != MAILAUTH_CAUSE_OFFLINE) ||
		    has_failed(step->child))
			return true;
	return false;
}

/* Failed lookups leave open whether the record is any good. */
static bool
is_open(const struct mailauth_report *r, const struct merge *m,
    const struct record_set *set)
{
	return set_verdict(r, set) == MAILAUTH_TEMPERROR && m->spf != NULL &&
	    has_failed(m->spf->budget.steps);
}

/* Give the merged record to the user, unless a finding breaks it or may break
 * it, which a failed lookup leaves open, or the merge lost a term. */
static void
end_report(struct mailauth_report *r, struct merge *m,
    const struct record_set *set)
{
	struct merge_report *out = m->report;
	struct mailauth_str text;

	out->all = m->out.all;
	if (set_verdict(r, set) == MAILAUTH_INVALID || is_open(r, m, set) ||
	    !m->out.kept || m->blocked || m->hidden)
		return;
	report_add(r, set, MAILAUTH_F_SPF_MERGE_OK, STR_NONE);
	text = merged_text(r, m->merged);
	out->merged = text.s;
	out->zone_line = zone_line(r, m);
}

/* Findings on the merge itself. */
static void
tell_merge(struct mailauth_report *r, const struct merge *m,
    const struct record_set *set)
{
	struct writer w = arena_writer(&r->arena);

	if (!m->out.kept)
		report_add(r, set, MAILAUTH_F_SPF_MERGE_LOST_TERM, STR_NONE);
	if (m->out.redirect.n > 0 && m->request->all == 0) {
		put_text(&w,
		    "the policy for other hosts was that of redirect=");
		put_untrusted(&w, m->out.redirect);
		put_text(&w, " and is now ?all: say what it is to be");
		report_add(r, set, MAILAUTH_F_SPF_ALL_NEUTRAL, writer_str(&w));
	}
	w = arena_writer(&r->arena);
	if (m->out.revived.n > 0) {
		put_untrusted(&w, m->out.revived);
		put_text(&w, " stood behind 'all' and counts now");
		report_add(r, set, MAILAUTH_F_SPF_ALL_NOT_LAST, writer_str(&w));
	}
	w = arena_writer(&r->arena);
	if (m->out.tightened) {
		if (m->out.was != 0) {
			put_text(&w, "from ");
			put_char(&w, m->out.was);
			put_text(&w, "all to ");
		} else if (m->out.redirect.n > 0) {
			put_text(&w, "from what redirect= leads to, to ");
		} else {
			put_text(&w, "from no 'all' to ");
		}
		put_char(&w, m->out.all);
		put_text(&w, "all");
		report_add(r, set, MAILAUTH_F_SPF_MERGE_TIGHTENED,
		    writer_str(&w));
	}
}

/* Findings on additions that cannot be merged. */
static void
tell_blocked(struct mailauth_report *r, const struct merge *m,
    const struct record_set *set)
{
	for (size_t i = 0; i < m->nadd; i++) {
		const struct spf_addition *a = &m->add[i];
		struct writer w = arena_writer(&r->arena);

		put_untrusted(&w, a->text);
		if (a->fate == SPF_SECOND_RECORD) {
			report_add(r, set, MAILAUTH_F_SPF_MERGE_SECOND_RECORD,
			    writer_str(&w));
		} else if (a->fate == SPF_BLOCKED) {
			put_text(&w, ", since ");
			put_untrusted(&w, a->by);
			put_text(&w, " matches first");
			report_add(r, set, MAILAUTH_F_SPF_SENDER_IP_MISSING,
			    writer_str(&w));
		}
	}
}

/* Findings on why nothing was merged. */
static void
tell_refusal(struct mailauth_report *r, const struct merge *m)
{
	if (m->out.second_record)
		report_add(r, r->sets, MAILAUTH_F_SPF_MERGE_SECOND_RECORD,
		    STR("the record is two, one behind the other"));
	tell_blocked(r, m, r->sets);
}

/* Count the terms of the text alone, without the records they lead to: a lower
 * bound when a term leads to one. */
static void
tell_text_lookups(struct mailauth_report *r, const struct merge *m,
    const struct record_set *set)
{
	enum mailauth_finding_id id = m->out.lookups > SPF_TERMS_MAX ?
	    MAILAUTH_F_SPF_TOO_MANY_LOOKUPS :
	    m->out.lookups > 8 ? MAILAUTH_F_SPF_LOOKUPS_NEAR_LIMIT :
	                         MAILAUTH_F_SPF_LOOKUPS_OK;
	struct writer w = arena_writer(&r->arena);

	m->report->counted = true;
	m->report->lookups = m->out.lookups;
	m->report->at_least = m->out.leads;
	if (id == MAILAUTH_F_SPF_LOOKUPS_OK && m->out.leads)
		return;
	if (id == MAILAUTH_F_SPF_TOO_MANY_LOOKUPS)
		put_text(&w, "this record needs ");
	put_text(&w, m->out.leads ? "at least " : "");
	put_number(&w, m->out.lookups);
	if (id != MAILAUTH_F_SPF_TOO_MANY_LOOKUPS)
		put_text(&w, " of 10");
	report_add(r, set, id, writer_str(&w));
}

/* Merge the additions into the text of the record. */
static enum mailauth_status
merge(struct merge *m, struct arena *arena, char *why)
{
	struct writer w = arena_writer(arena);

	put_spf_merge(&w, m->record, m->owner, m->add, m->nadd, m->request->all,
	    &m->out);
	if (w.full)
		return MAILAUTH_ENOMEM;
	/* Each string of 255 octets has a length octet. */
	if (w.used + w.used / TXT_STRING_MAX + 1 > UINT16_MAX) {
		snprintf(why, MAILAUTH_WHY_MAX,
		    "the merged record is longer than a DNS record");
		return MAILAUTH_EUSE;
	}
	m->merged = writer_str(&w);
	return refuse_addition(m, why);
}

static enum mailauth_status
judge_merged(struct mailauth_report *r, struct merge *m)
{
	struct mailauth_answer *answer;
	struct mailauth_scope scope = r->scope;
	struct record_set *set;

	scope.plain = true;
	/* `m->owner` borrows from the report of the unmerged record, which ends
	 * first. */
	m->owner = m->owner.n > 0 ? arena_copy(&r->arena, m->owner) : STR_NONE;
	answer = text_answer(&r->arena, m->owner, m->merged);
	if (answer == NULL || !begin_report(r, m))
		return MAILAUTH_ENOMEM;
	set = report_judge(r, kind_at(MAILAUTH_KIND_SPF), answer, &scope);
	if (set == NULL)
		return MAILAUTH_ENOMEM;
	report_show(r, set);
	tell_merge(r, m, set);
	tell_text_lookups(r, m, set);
	end_report(r, m, set);
	return MAILAUTH_OK;
}

/* With a resolver: a check of the merged record. */

/* The result of the merged record for an address. */
static enum mailauth_spf_result
evaluate(struct check *c, const struct merge *m, const struct addr *ip,
    struct spf_outcome *out)
{
	struct spf_query q = spf_any_query(c, m->spf->domain, ip);

	spf_evaluate(m->spf->source, &q, false, out);
	return out->result;
}

/* A mechanism of the record does more than let hosts pass. */
static bool
excludes(struct mailauth_str record)
{
	struct spf_reader r = spf_terms(record);
	struct spf_term t;

	while (spf_next(&r, &t) && t.what != SPF_ALL)
		if (spf_is_mechanism(&t) && t.qualifier != '+')
			return true;
	return false;
}

/* A failed lookup leaves open whether an addition passes. The user does not
 * want to ask for names outside of the given zones: they hide no record, and
 * matter only where they may exclude. */
static void
note_failed(struct merge *m, const struct spf_addition *a,
    const struct mailauth_answer *failed)
{
	bool offline =
	    failed != NULL && failed->cause == MAILAUTH_CAUSE_OFFLINE;

	if (offline && !excludes(m->merged))
		return;
	m->untold = a;
	m->failed = failed;
	m->hidden = m->hidden || !offline;
}

/* The same for an evaluation. */
static void
note_untold(struct merge *m, const struct spf_addition *a,
    const struct spf_outcome *o)
{
	bool offline =
	    o->cause != NULL && o->cause->cause == MAILAUTH_CAUSE_OFFLINE;

	if (offline && !excludes(m->merged))
		return;
	m->untold = a;
	m->failed = offline || o->cause == NULL ? o->nameless : o->cause;
	m->hidden = m->hidden || !offline;
}

/* The addresses of one addition, tried as far as answers are there. */
struct trying {
	struct check *c;
	struct merge *m;
	struct spf_addition *a;
	struct mailauth_str via; /* the domain that it includes; or STR_NONE */
	bool whole; /* no answer is missing */
};

/* The record that is included lets this address pass. */
static bool
is_included(struct trying *t, const struct addr *ip)
{
	struct spf_query q = spf_any_query(t->c, t->via, ip);
	struct spf_outcome o = { .why = NULL };

	spf_evaluate(t->m->spf->source, &q, false, &o);
	t->whole = t->whole && o.result != MAILAUTH_SPF_UNDECIDED;
	return o.result == MAILAUTH_SPF_PASS;
}

/* Whether the merged record lets an address pass that the addition adds. One
 * that a term in front excludes blocks the addition. */
static void
try_address(struct trying *t, const struct addr *ip)
{
	struct spf_outcome o = { .why = NULL };
	enum mailauth_spf_result result;

	if (t->a->fate == SPF_BLOCKED)
		return;
	if (t->m->tried == TRIED_MAX) {
		check_limit(t->c);
		return;
	}
	t->m->tried++;
	if (t->via.n > 0 && !is_included(t, ip))
		return;
	result = evaluate(t->c, t->m, ip, &o);
	t->whole = t->whole && result != MAILAUTH_SPF_UNDECIDED;
	if (result == MAILAUTH_SPF_PASS)
		return;
	/* What an evaluation matches behind a failed lookup is not what
	 * receivers match. */
	if (spf_is_open(&o))
		note_untold(t->m, t->a, &o);
	if (o.why != NULL || spf_is_open(&o) || o.matched == NULL)
		return;
	t->a->fate = SPF_BLOCKED;
	t->a->by = o.matched->term.text;
	t->m->blocked = true;
}

/* An answer that is missing or failed leaves open which addresses are added. */
static void
try_answer(struct trying *t, const struct lookup *l)
{
	t->whole = t->whole && is_done(l);
	if (is_failed(l))
		note_failed(t->m, t->a, &l->answer);
}

static void
try_host(struct trying *t, struct mailauth_str name)
{
	struct host h;

	want_host(t->c, name);
	try_answer(t, got(t->c, name, RRTYPE_A));
	try_answer(t, got(t->c, name, RRTYPE_AAAA));
	host_of(t->c, name, &h);
	for (size_t i = 0; i < h.n; i++)
		try_address(t, &h.addr[i]);
}

static void
try_mx(struct trying *t, struct mailauth_str name)
{
	const struct lookup *l = want(t->c, name, RRTYPE_MX);
	struct mx mx;

	try_answer(t, l);
	for (size_t i = 0; is_found(l) && i < l->answer.nrr && i < SPF_MX_MAX;
	     i++)
		if (mx_parse(&l->answer.rr[i], &mx) && !mx_is_null(&mx))
			try_host(t, name_of_wire(t->c, &mx.host));
}

/* Try the addresses of a mechanism that lets hosts pass, without those of the
 * records that it leads to. */
static void
try_term(struct trying *t, const struct spf_term *term,
    struct mailauth_str target)
{
	if (term->qualifier != '+')
		return;
	if (term->what == SPF_IP4 || term->what == SPF_IP6)
		try_address(t, &term->addr);
	else if (target.n > 1 && term->what == SPF_A)
		try_host(t, target);
	else if (target.n > 1 && term->what == SPF_MX)
		try_mx(t, target);
}

/* Try those of a record that is included, and of the records that it includes. */
static void
try_record(struct trying *t, struct mailauth_str name, unsigned depth)
{
	const struct lookup *l = want(t->c, name, RRTYPE_TXT);
	const struct spf_program *p;

	try_answer(t, l);
	if (!is_found(l) ||
	    (p = spf_program_of(t->m->spf->source, &l->answer,
	         SPF_SCOPE_SPF)) == NULL)
		return;
	for (size_t i = 0; i < p->nops; i++) {
		const struct spf_op *op = &p->ops[i];
		bool leads = op->term.what == SPF_INCLUDE &&
		    op->term.qualifier == '+' && op->target.n > 1;

		if (leads && depth < DEPTH_MAX)
			try_record(t, op->target, depth + 1);
		else if (!leads)
			try_term(t, &op->term,
			    op->target.n == 0 && op->term.domain.n == 0 ?
			        name :
			        op->target);
	}
}

/* Try the addresses that one addition adds, as DNS shows them: all of these, if
 * a term in front may exclude some; else those that it names. */
static void
try_addition(struct trying *t)
{
	struct spf_reader r = spf_reader_of(t->a->text);
	struct mailauth_str target = t->m->owner;
	struct spf_term term;

	if (t->a->fate == SPF_BLOCKED || !spf_next(&r, &term))
		return;
	if (term.what != SPF_IP4 && term.what != SPF_IP6 &&
	    (!excludes(t->m->merged) || (term.facts & SPF_MACRO) != 0))
		return;
	if (term.domain.n > 0)
		target = name_of(t->c, term.domain);
	if (term.what == SPF_INCLUDE && term.qualifier == '+' && target.n > 1) {
		t->via = target;
		try_record(t, target, 0);
	} else {
		try_term(t, &term, target);
	}
}

/* Whether the merged record lets each added host pass: only DNS can tell that of
 * a term such as "-a:old.example.com" in front. False while answers are
 * missing. */
static bool
try_added(struct check *c, struct merge *m)
{
	bool whole = true;

	m->untold = NULL;
	m->hidden = false;
	m->tried = 0;
	for (size_t i = 0; i < m->nadd; i++) {
		struct trying t = { c, m, &m->add[i], STR_NONE, true };

		try_addition(&t);
		whole = whole && t.whole;
	}
	return whole;
}

static void
ask(struct check *c, void *self)
{
	struct merge *m = self;

	/* spf_check_ask() ends the check when the budget is whole. */
	if (try_added(c, m))
		spf_check_ask(c, m->spf);
	else
		spf_budget(m->spf->source, m->spf->domain, SPF_SCOPE_SPF,
		    m->spf->wide, &m->spf->budget);
}

static void
tell_check(struct check *c, void *self)
{
	struct merge *m = self;
	struct record_set *set =
	    view_as(c, MAILAUTH_KIND_SPF, got(c, m->spf->domain, RRTYPE_TXT));
	const struct spf_budget *b = &m->spf->budget;

	try_added(c, m);
	if (set == NULL || !begin_report(c->report, m)) {
		c->report->arena.failed = true;
		return;
	}
	tell_validation(c);
	/* We made this answer: a finding on its lookup would be wrong. */
	list_own(c, set);
	tell_merge(c->report, m, set);
	tell_blocked(c->report, m, set);
	if (m->untold != NULL && m->failed != NULL)
		doubt_answer(c, set, m->failed,
		    MAILAUTH_F_SPF_SENDER_IP_MISSING);
	else if (m->untold != NULL)
		tell(c, set, MAILAUTH_F_LOOKUP_UNDECIDED,
		    shown(c, m->untold->text));
	spf_check_tell(c, m->spf);
	m->report->counted = m->report->looked_up = true;
	m->report->lookups = b->lookups;
	m->report->at_least = b->more || b->unknown;
	if (check_is_limited(c))
		tell(c, NULL, MAILAUTH_F_LIMIT_REACHED, STR("lookups"));
	tell_doubts(c);
	end_report(c->report, m, set);
}

static const struct subject subject_merge = { 0, ask, tell_check };

/* Prepare the check. The merge is copied to the arena of the report, which
 * outlives the caller's copy. */
static enum mailauth_status
prepare(struct check *c, const void *request, char *why)
{
	const struct merge *m = request;
	struct mailauth_report *r = c->report;
	struct mailauth_answer *answer;
	struct mailauth_str text = arena_copy(&r->arena, m->merged);
	struct merge *copy = arena_alloc(&r->arena, sizeof(*copy));

	(void)why;
	if (copy == NULL)
		return MAILAUTH_ENOMEM;
	*copy = *m;
	copy->spf = spf_check_new(c, 0);
	if (copy->spf == NULL)
		return MAILAUTH_ENOMEM;
	copy->merged = text;
	copy->owner =
	    m->owner.n > 0 ? arena_copy(&r->arena, m->owner) : STR_NONE;
	copy->spf->merged = true;
	check_each_answer(c);
	c->stranger = make_stranger(c);
	r->scope.profile = m->request->profile;
	r->scope.allow_documentation = m->request->allow_documentation;
	answer = text_answer(&r->arena,
	    copy->owner.n > 0 ? copy->owner : STR(NOBODY), copy->merged);
	if (answer == NULL || !check_give(c, answer))
		return MAILAUTH_ENOMEM;
	c->domain = copy->spf->domain = answer->name;
	c->org = org_domain(c->orgs, c->domain);
	copy->spf->alone = true;
	copy->spf->wide = m->owner.n > 0;
	check_add(c, &subject_merge, copy);
	return MAILAUTH_OK;
}

static const struct job job_merge = { prepare, NULL, NULL };

/* Terms in front of an address of the record find nothing for its family, and
 * end the evaluation. */
static bool
is_lost(const struct mailauth_report *r)
{
	for (const struct finding *f = r->findings; f != NULL; f = f->next)
		if (f->finding.id == MAILAUTH_F_SPF_VOID_FAMILY_LOST)
			return true;
	return false;
}

/* With a resolver: check the merged record, and when addresses are lost there,
 * once more with those that are added in front of the terms that ask. */
static enum mailauth_status
merge_checked(struct mailauth_resolver *resolver, struct merge *m,
    struct arena *arena, struct mailauth_report **out, char *why)
{
	struct mailauth_str late = m->merged;
	enum mailauth_status status =
	    run_one(resolver, &job_merge, m, out, why);

	if (status != MAILAUTH_OK || !is_lost(*out))
		return status;
	for (size_t i = 0; i < m->nadd; i++)
		m->add[i].early = true;
	status = merge(m, arena, why);
	if (status != MAILAUTH_OK || str_eq(m->merged, late))
		return status;
	mailauth_report_free(*out);
	*out = NULL;
	return run_one(resolver, &job_merge, m, out, why);
}

/* Without a resolver: judge the text alone. */
static enum mailauth_status
merge_text(struct merge *m, struct mailauth_report **out)
{
	struct mailauth_report *r = report_new();

	if (r == NULL)
		return MAILAUTH_ENOMEM;
	r->scope.profile = m->request->profile;
	r->scope.allow_documentation = m->request->allow_documentation;
	*out = r;
	return judge_merged(r, m);
}

/* Merge into a valid record and report the result. In all other cases the
 * report of the unmerged record says why nothing was merged. */
static enum mailauth_status
merge_into(struct mailauth_resolver *resolver, struct merge *m,
    struct mailauth_report **was, struct mailauth_report **out, char *why)
{
	enum mailauth_status status = take_record(m, was, why);

	if (status == MAILAUTH_OK)
		status = take_additions(m, why);
	if (status != MAILAUTH_OK)
		return status;
	/* Do not merge into a record that is missing or not valid. */
	if (set_verdict(*was, (*was)->sets) == MAILAUTH_VALID) {
		status = merge(m, &(*was)->arena, why);
		if (status != MAILAUTH_OK)
			return status;
		if (m->out.done && resolver == NULL)
			return merge_text(m, out);
		if (m->out.done)
			return merge_checked(resolver, m, &(*was)->arena, out,
			    why);
	}
	if (!begin_report(*was, m))
		return MAILAUTH_ENOMEM;
	tell_refusal(*was, m);
	*out = *was;
	*was = NULL;
	return MAILAUTH_OK;
}

enum mailauth_status
mailauth_spf_merge(struct mailauth_resolver *resolver,
    const struct mailauth_merge_request *request, struct mailauth_report **out,
    char why[MAILAUTH_WHY_MAX])
{
	struct merge *m;
	struct mailauth_report *was = NULL;
	enum mailauth_status status = MAILAUTH_ENOMEM;

	if (request == NULL || out == NULL || why == NULL)
		return use_refused(why, USE_NULL);
	*out = NULL;
	why[0] = '\0';
	if (!use_profile_ok(request->profile))
		return use_refused(why, USE_PROFILE);
	if (!use_texts_ok(request->add, request->nadd))
		return use_refused(why, USE_LIST);
	m = calloc(1, sizeof(*m));
	if (m != NULL) {
		m->request = request;
		status = merge_into(resolver, m, &was, out, why);
	}
	if (status == MAILAUTH_OK)
		report_follow(*out);
	if (status == MAILAUTH_OK && (*out)->arena.failed)
		status = MAILAUTH_ENOMEM;
	if (status != MAILAUTH_OK) {
		mailauth_report_free(*out);
		*out = NULL;
	}
	if (status == MAILAUTH_ENOMEM)
		snprintf(why, MAILAUTH_WHY_MAX, "memory ran out");
	mailauth_report_free(was);
	free(m);
	return status;
}

const char *
mailauth_report_merged(const struct mailauth_report *r)
{
	const struct merge_report *m = report_data(r, &merge_part_type);

	return m != NULL ? m->merged : NULL;
}
