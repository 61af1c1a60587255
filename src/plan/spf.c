/*
 * spf.c - the SPF record in DNS, changed to let the planned addresses send
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * The record in DNS is kept, several are joined, and the addresses that do not
 * pass yet are added: in front of its 'all', or, where a term would end the
 * evaluation before, in front of all terms. An address that a term excludes is
 * not added: the author of that term decides. Each candidate is evaluated and
 * counted as if it were published, with the real records of all others. A
 * candidate that does not let all addresses pass, or that needs more than ten
 * lookups, is refused.
 */
#include "plan/diff.h"

#include "base/dname.h"
#include "base/str.h"
#include "record/spf_merge.h"
#include "spf/check.h"

/* Mechanisms to add to one record. */
#define ADDITIONS_MAX 256

/* What is wrong with records that are there. */
#define FAULTY  "correct the record that is there first: "
#define ONE_EXP "a record may have one exp= only: this one does not stay: "
#define WEAKER \
	"one of the records that are there leaves other senders to " \
	"redirect=, which may refuse more than the joined record: put an " \
	"'all' in place of redirect=, with an include: in front"

/* Stages of a change: which candidate is tried. */
enum stage {
	AS_IS, /* what DNS has, joined; nothing is added */
	IN_ORDER, /* added in front of 'all' */
	IN_FRONT, /* added in front of all terms */
	CHOSEN,
	FAILED, /* the state is `state`, for `reason` */
};

/* A source of answers in which the candidate is published. */
struct trial_source {
	struct spf_source base; /* first member */
	struct check *check;
	const struct spf_change *change;
};

/** The change of one SPF record. */
struct spf_change {
	struct plan_check *pc;
	struct planned_record *p;
	struct mailauth_str there[PLAN_TEXTS_MAX]; /* records in DNS */
	size_t nthere;
	enum stage stage;
	enum plan_state state; /* with FAILED */
	struct mailauth_str reason, left;
	bool over; /* what DNS has needs too many lookups: they are told */
	struct mailauth_str add[ADDITIONS_MAX];
	size_t nadd;
	struct mailauth_str text; /* the candidate */
	struct mailauth_answer *answer; /* the candidate, published */
	struct trial_source *source; /* of this candidate */
	bool *passed; /* with this candidate, for each planned address */
};

struct mailauth_str
plan_fault(struct check *c, enum mailauth_kind_id kind,
    struct mailauth_str owner, struct mailauth_str text)
{
	struct mailauth_answer *answer =
	    text_answer(&c->report->arena, owner, text);
	struct writer w = arena_writer(&c->report->arena);
	const struct record_set *set;

	if (answer == NULL)
		return STR("it is longer than a DNS record");
	set = report_judge(c->report, kind_at(kind), answer, &c->report->scope);
	if (set == NULL || set->j.verdict == MAILAUTH_VALID)
		return STR_NONE;
	for (size_t i = 0; i < set->j.findings.count; i++) {
		const struct mailauth_finding *f = &set->j.findings.at[i];
		uint8_t effect = finding_row(f->id)->effect;

		if (effect != EFFECT_BREAKS && effect != EFFECT_SPOILS)
			continue;
		put_text(&w, w.used > 0 ? "; " : "");
		put_text(&w, finding_row(f->id)->sentence);
		if (f->length > 0) {
			put_text(&w, ": \"");
			put_untrusted(&w, str_sub(text, f->offset, f->length));
			put_text(&w, "\"");
		}
	}
	return w.used > 0 ? writer_str(&w) : STR("receivers cannot use it");
}

/* Where record `j` contradicts record `i`; STR_NONE when it does not. Nobody
 * can tell which of the two is meant. */
static struct mailauth_str
contradiction(struct check *c, const struct mailauth_str *there, size_t i,
    size_t j)
{
	struct writer w = arena_writer(&c->report->arena);
	struct mailauth_str one, other;

	if (!spf_contradict(there[i], there[j], &one, &other))
		return STR_NONE;
	put_text(&w, "the records that are there disagree: ");
	put_untrusted(&w, one);
	put_text(&w, " is in one of them and ");
	put_untrusted(&w, other);
	put_text(&w,
	    " in another: decide who may send, and take the other term out");
	return writer_str(&w);
}

/* A mechanism of some record does more than let hosts pass. */
static bool
excludes(const struct mailauth_str *there, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		struct spf_reader r = spf_terms(there[i]);
		struct spf_term t;

		while (spf_next(&r, &t) && t.what != SPF_ALL)
			if (spf_is_mechanism(&t) && t.qualifier != '+')
				return true;
	}
	return false;
}

/* Why nothing can be added to the records at the name of a part; or STR_NONE. */
static struct mailauth_str
refuse_part(struct check *c, const struct planned_record *p,
    const struct mailauth_str *there, size_t n)
{
	struct mailauth_str fault = STR_NONE;

	for (size_t i = 0; i < n && fault.n == 0; i++) {
		fault =
		    plan_fault(c, MAILAUTH_KIND_SPF, p->record.owner, there[i]);
		if (fault.n > 0)
			return plan_say(c, FAULTY, fault, "");
		for (size_t j = 0; j < i && fault.n == 0; j++)
			fault = contradiction(c, there, j, i);
	}
	if (fault.n == 0 && excludes(there, n))
		fault = STR("a term of the record that is there may exclude "
		            "addresses that are added: take it out first");
	return fault;
}

/* Join a part of the planned record with the records at its name. Sets state,
 * reason and data of the part. */
static void
join_part(struct check *c, struct planned_record *p,
    const struct mailauth_answer *answer)
{
	struct mailauth_str there[PLAN_TEXTS_MAX], add[ADDITIONS_MAX], left;
	struct spf_reader r = spf_terms(p->record.data);
	struct spf_joint how = { add, 0, false };
	struct writer w = arena_writer(&c->report->arena);
	struct plan_record *out = &p->record;
	struct spf_term t;
	size_t n = plan_texts(c, answer, spf_is_record, there, PLAN_TEXTS_MAX);

	while (spf_next(&r, &t) && how.nadd < ADDITIONS_MAX)
		if (t.what != SPF_ALL &&
		    !(n == 1 && spf_lists(there[0], &t.addr)))
			add[how.nadd++] = t.text;
	p->joined = PLAN_PRESENT;
	if (n == 1 && how.nadd == 0)
		return;
	p->joined = PLAN_REFUSED;
	out->reason = refuse_part(c, p, there, n);
	if (out->reason.n > 0)
		return;
	put_spf_join(&w, there, n, &how, &left);
	if (spf_join_weakens(there, n, writer_str(&w))) {
		out->reason = STR(WEAKER);
		return;
	}
	if (left.n > 0)
		out->reason = plan_say(c, ONE_EXP, left, "");
	out->data = writer_str(&w);
	p->joined = PLAN_DIFFERENT;
}

/* The only text that is there looks like a record, and receivers discard it. */
static bool
is_near(struct mailauth_str text)
{
	return kind_at(MAILAUTH_KIND_SPF)->pick(text) == PICK_NEAR;
}

/* What receivers get for a part when the plan is published; NULL while that is
 * not known. */
static const struct mailauth_answer *
published_part(struct check *c, struct planned_record *p)
{
	struct mailauth_str text[PLAN_TEXTS_MAX];
	struct lookup *l = want(c, p->record.owner, RRTYPE_TXT);

	if (p->published != NULL || !is_done(l))
		return p->published;
	p->joined = PLAN_MISSING;
	if (plan_texts(c, &l->answer, spf_is_record, text, PLAN_TEXTS_MAX) > 0)
		join_part(c, p, &l->answer);
	else if (plan_texts(c, &l->answer, is_near, text, PLAN_TEXTS_MAX) > 0)
		p->joined = PLAN_REFUSED;
	if (p->joined == PLAN_PRESENT || p->joined == PLAN_REFUSED ||
	    spf_has_failed(&l->answer))
		p->published = &l->answer;
	else
		p->published = text_answer(&c->report->arena, p->record.owner,
		    p->record.data);
	return p->published;
}

/* The planned record of a name that the candidate includes, as if it were
 * published. What DNS has as it is goes without them. */
static const struct mailauth_answer *
part_of(struct check *c, const struct spf_change *s, struct mailauth_str name)
{
	struct planned_record *p = s->p->parts;

	while (p != NULL && !str_eq(p->record.owner, name))
		p = p->next_part;
	return p != NULL && s->stage != AS_IS ? published_part(c, p) : NULL;
}

/* The name of this address is to be replaced: nobody may pass by it. */
static bool
is_replaced(struct check *c, const struct spf_change *s,
    struct mailauth_str name, const struct lookup *l)
{
	struct planned_record *p = plan_first(s->pc->plan, name, RRTYPE_PTR);

	while (p != NULL && plan_name_compare(c, p, l) != PLAN_DIFFERENT)
		p = plan_next(p);
	return p != NULL;
}

static const struct mailauth_answer *
ask(struct spf_source *base, struct mailauth_str name, uint16_t rrtype)
{
	static const struct mailauth_answer not_asked = {
		.outcome = MAILAUTH_FAILED,
		.cause = MAILAUTH_CAUSE_TIMEOUT,
		.dnssec = MAILAUTH_DNSSEC_UNCHECKED,
		.why = STR_INIT("too many lookups for one plan"),
	};
	static const struct mailauth_answer replaced = {
		.outcome = MAILAUTH_NODATA,
		.dnssec = MAILAUTH_DNSSEC_UNCHECKED,
	};
	const struct trial_source *s = (struct trial_source *)base;
	const struct mailauth_answer *part = NULL;
	struct lookup *l;

	if (rrtype == RRTYPE_TXT && str_eq(name, s->change->answer->name))
		return s->change->answer;
	if (rrtype == RRTYPE_TXT)
		part = part_of(s->check, s->change, name);
	if (part != NULL)
		return part;
	l = got(s->check, name, rrtype);
	if (l == NULL && check_is_limited(s->check))
		return &not_asked;
	if (l == NULL) {
		base->questions++;
		l = want(s->check, name, rrtype);
	}
	if (rrtype == RRTYPE_PTR && is_found(l) &&
	    is_replaced(s->check, s->change, name, l))
		return &replaced;
	return l == NULL ? &not_asked : is_done(l) ? &l->answer : NULL;
}

/* Write the candidate of a stage and a source that has it. */
static void
begin_stage(struct check *c, struct spf_change *s, enum stage stage)
{
	const struct spf_joint how = { s->add, s->nadd, stage == IN_FRONT };
	struct writer w = arena_writer(&c->report->arena);
	struct trial_source *source =
	    arena_alloc(&c->report->arena, sizeof(*source));
	size_t naddresses = 0;

	s->stage = stage;
	for (const struct spf_address *x = s->p->addresses; x != NULL;
	     x = x->next)
		naddresses++;
	s->passed = arena_alloc(&c->report->arena, naddresses + 1);
	put_spf_join(&w, s->there, s->nthere, &how, &s->left);
	s->text = writer_str(&w);
	s->answer = w.full ?
	    NULL :
	    text_answer(&c->report->arena, s->p->record.owner, s->text);
	if (source == NULL || s->passed == NULL || s->answer == NULL) {
		s->stage = FAILED;
		s->state = PLAN_REFUSED;
		s->reason =
		    STR("the joined record is longer than a DNS record");
		return;
	}
	source->base.ask = ask;
	source->base.arena = source->base.scratch = &c->report->arena;
	source->check = c;
	source->change = s;
	s->source = source;
}

/* Trying. */

static void
evaluate(struct check *c, const struct spf_change *s, const struct addr *ip,
    struct spf_outcome *out)
{
	struct spf_query q = spf_any_query(c, s->p->record.owner, ip);

	spf_evaluate(&s->source->base, &q, false, out);
}

/* A term that names the address itself decides against it, or a term on whose
 * account it is to be refused: "-a:old.example.com". */
static bool
is_excluded(const struct spf_outcome *o)
{
	const struct spf_term *t;

	if (o->matched == NULL || o->result == MAILAUTH_SPF_PASS)
		return false;
	t = &o->matched->term;
	return t->what == SPF_IP4 || t->what == SPF_IP6 ||
	    (t->what != SPF_ALL &&
	        (t->qualifier == '-' || t->qualifier == '~'));
}

static void
fail(struct spf_change *s, enum plan_state state, struct mailauth_str reason)
{
	s->stage = FAILED;
	s->state = state;
	s->reason = reason;
}

/* Try the candidate with all addresses that are not known to pass. Returns
 * whether all answers are there; if not, what each address needs has been
 * asked. `open` is set to the first address that does not pass, with its
 * outcome. */
static bool
try_all(struct check *c, struct spf_change *s, const struct addr **open,
    struct spf_outcome *out)
{
	bool *passed = s->passed, whole = true;

	*open = NULL;
	for (const struct spf_address *x = s->p->addresses; x != NULL;
	     x = x->next, passed++) {
		struct spf_outcome o;

		if (*passed)
			continue;
		evaluate(c, s, &x->addr, &o);
		*passed = o.result == MAILAUTH_SPF_PASS;
		if (o.result == MAILAUTH_SPF_UNDECIDED)
			whole = false;
		if (!whole || *passed)
			continue;
		if (s->stage == AS_IS && is_excluded(&o)) {
			fail(s, PLAN_REFUSED,
			    plan_say(c,
			        "a term of the record excludes an "
			        "address of the plan: ",
			        o.matched->term.text, ""));
			return true;
		}
		if (*open == NULL) {
			*open = &x->addr;
			*out = o;
		}
	}
	return whole;
}

/* Some record in DNS has this term, in effect. */
static bool
has_term(const struct spf_change *s, struct mailauth_str text)
{
	for (size_t i = 0; i < s->nthere; i++) {
		struct spf_reader r = spf_terms(s->there[i]);
		struct spf_term t;

		while (spf_next(&r, &t) && t.what != SPF_ALL)
			if (str_ieq(t.text, text))
				return true;
	}
	return false;
}

/* Collect what is to be added: the planned mechanisms whose address does not
 * pass yet, or all of a record that only includes others. */
static void
collect(struct check *c, struct spf_change *s)
{
	struct spf_reader r = spf_terms(s->p->record.data);
	struct spf_term t;

	s->nadd = 0;
	while (spf_next(&r, &t) && s->nadd < ADDITIONS_MAX) {
		struct spf_outcome o = { .result = MAILAUTH_SPF_FAIL };

		if (t.what == SPF_ALL)
			continue;
		if (t.what == SPF_IP4 || t.what == SPF_IP6)
			evaluate(c, s, &t.addr, &o);
		if (o.result != MAILAUTH_SPF_PASS && !has_term(s, t.text))
			s->add[s->nadd++] = t.text;
	}
}

/* Add all, where nothing can be evaluated: to be shown only. */
static void
collect_all(struct spf_change *s)
{
	struct spf_reader r = spf_terms(s->p->record.data);
	struct spf_term t;

	while (spf_next(&r, &t) && s->nadd < ADDITIONS_MAX)
		if (t.what != SPF_ALL)
			s->add[s->nadd++] = t.text;
}

/* The first failed answer of a tree of terms; NULL when there is no such. */
static const struct mailauth_answer *
first_failed(const struct spf_step *step)
{
	const struct mailauth_answer *found = NULL;

	for (; step != NULL && found == NULL; step = step->next)
		found = step->failed != NULL ? step->failed :
		                               first_failed(step->child);
	return found;
}

/* Why a record is unknown: an answer failed, which may be NULL. */
static struct mailauth_str
why_unknown(struct check *c, const struct mailauth_answer *a)
{
	if (a == NULL)
		return STR("what it includes could not be told");
	return plan_say(c, "what it includes could not be told: the lookup of ",
	    a->name, " failed");
}

static void
refuse_lost(struct check *c, struct spf_change *s, struct mailauth_str who,
    const struct spf_outcome *o)
{
	struct writer w = arena_writer(&c->report->arena);

	put_text(&w,
	    "joined into one record, those that are there would not let ");
	put_untrusted(&w, who);
	put_text(&w, " send any more");
	put_text(&w, o->why != NULL ? ": " : "");
	put_text(&w, o->why != NULL ? o->why : "");
	put_text(&w, "; join them by hand, with its term in front");
	fail(s, PLAN_REFUSED, writer_str(&w));
}

/* A source in which the name has one of the records that are there, alone. */
struct alone {
	struct spf_change change;
	struct trial_source source;
};

/* False when memory ran out. */
static bool
make_alone(struct check *c, const struct spf_change *s,
    struct mailauth_str text, struct alone *out)
{
	out->change = *s;
	out->change.stage = AS_IS;
	out->change.answer =
	    text_answer(&c->report->arena, s->p->record.owner, text);
	out->change.source = &out->source;
	out->source = *s->source;
	out->source.change = &out->change;
	return out->change.answer != NULL;
}

/* The address passes by the joined record if it does by this one alone; true
 * too while answers are missing, and `whole` is cleared. */
static bool
keeps(struct check *c, struct spf_change *s, const struct alone *one,
    const struct addr *ip, struct mailauth_str who, bool *whole)
{
	struct spf_outcome before = { .why = NULL }, after = before;

	evaluate(c, &one->change, ip, &before);
	if (before.result == MAILAUTH_SPF_UNDECIDED)
		*whole = false;
	if (before.result != MAILAUTH_SPF_PASS)
		return true;
	evaluate(c, s, ip, &after);
	if (after.result == MAILAUTH_SPF_UNDECIDED)
		*whole = false;
	else if (after.result != MAILAUTH_SPF_PASS)
		refuse_lost(c, s, who, &after);
	return s->stage != FAILED;
}

/* Whoever this record lists by address. */
static bool
keeps_listed(struct check *c, struct spf_change *s, const struct alone *one,
    struct mailauth_str text, bool *whole)
{
	struct spf_reader r = spf_terms(text);
	struct spf_term t;

	while (spf_next(&r, &t) && t.what != SPF_ALL)
		if ((t.what == SPF_IP4 || t.what == SPF_IP6) &&
		    t.qualifier == '+' &&
		    !keeps(c, s, one, &t.addr, t.text, whole))
			return false;
	return true;
}

/* Some of those whom it lets send by names. */
static bool
keeps_named(struct check *c, struct spf_change *s, struct alone *one,
    bool *whole)
{
	struct spf_budget b = { .pending = false };

	spf_budget(&one->source.base, s->p->record.owner, SPF_SCOPE_SPF, true,
	    &b);
	if (b.pending) {
		*whole = false;
		return true;
	}
	for (int family = 0; family < 2; family++)
		for (unsigned k = 0; k < b.nsamples[family]; k++) {
			const struct addr *ip = &b.sample[family][k];
			struct writer w = arena_writer(&c->report->arena);

			put_addr(&w, ip);
			if (!keeps(c, s, one, ip, writer_str(&w), whole))
				return false;
		}
	return true;
}

/* Whoever passes by one of several records passes by the joined one as well.
 * That can fail: three terms of another record that find nothing for a client
 * stop the evaluation. False while answers are missing, and when the change
 * fails. */
static bool
keeps_senders(struct check *c, struct spf_change *s)
{
	bool whole = true;

	for (size_t i = 0; s->nthere > 1 && i < s->nthere; i++) {
		struct alone one;

		if (!make_alone(c, s, s->there[i], &one))
			return false;
		if (!keeps_listed(c, s, &one, s->there[i], &whole) ||
		    !keeps_named(c, s, &one, &whole))
			return false;
		s->source->base.questions = one.source.base.questions;
	}
	return whole;
}

/* Count the lookups of the candidate. */
static void
count(struct check *c, struct spf_change *s)
{
	struct spf_budget b = { .pending = false };
	struct writer w = arena_writer(&c->report->arena);

	spf_budget(&s->source->base, s->p->record.owner, SPF_SCOPE_SPF, false,
	    &b);
	if (b.pending)
		return;
	s->stage = CHOSEN;
	if (b.lookups <= SPF_TERMS_MAX && !b.more) {
		if (b.unknown)
			fail(s, PLAN_UNKNOWN,
			    why_unknown(c, first_failed(b.steps)));
		return;
	}
	put_text(&w,
	    "it needs more lookups than the ten that SPF allows (receivers "
	    "give permerror): ");
	put_number(&w, b.lookups);
	for (const struct spf_step *p = b.steps; p != NULL; p = p->next) {
		put_text(&w, p == b.steps ? ", spent by " : ", ");
		put_untrusted(&w, p->op->term.text);
		put_char(&w, ' ');
		put_number(&w, p->below + 1);
	}
	put_text(&w,
	    ". Take out what no longer sends, or list the addresses of a and "
	    "mx terms with ip4: and ip6:, and plan again");
	fail(s, PLAN_REFUSED, writer_str(&w));
}

/* Go on as far as answers allow. */
static void
step(struct check *c, struct spf_change *s)
{
	struct spf_outcome o = { .why = NULL };
	const struct addr *open;

	if (s->over && s->stage < CHOSEN) {
		count(c, s);
		if (s->stage == CHOSEN)
			fail(s, PLAN_REFUSED,
			    STR("it needs more lookups than the ten that SPF "
			        "allows"));
		return;
	}
	while (s->stage < CHOSEN) {
		enum stage before = s->stage;

		if (!try_all(c, s, &open, &o) || s->stage == FAILED)
			return;
		if (open == NULL) {
			s->p->passes = before == AS_IS &&
			    s->p->addresses != NULL && s->nthere == 1;
			if (s->p->passes)
				s->stage = CHOSEN;
			else if (keeps_senders(c, s))
				count(c, s);
			return;
		}
		if (o.result == MAILAUTH_SPF_TEMPERROR) {
			fail(s, PLAN_UNKNOWN, why_unknown(c, o.cause));
			return;
		}
		if (before == AS_IS) {
			collect(c, s);
			begin_stage(c, s, IN_ORDER);
		} else if (before == IN_ORDER) {
			begin_stage(c, s, IN_FRONT);
		} else {
			struct writer w = arena_writer(&c->report->arena);

			count(c, s);
			if (s->stage == FAILED)
				return;
			put_text(&w, "SPF would still not pass for ");
			put_addr(&w, open);
			put_text(&w, o.why != NULL ? ": " : "");
			put_text(&w, o.why != NULL ? o.why : "");
			fail(s, PLAN_REFUSED, writer_str(&w));
		}
	}
}

/* Nothing else breaks the record than the number of its lookups. */
static bool
is_over(struct check *c, const struct planned_record *p,
    struct mailauth_str text)
{
	struct mailauth_answer *answer =
	    text_answer(&c->report->arena, p->record.owner, text);
	const struct record_set *set = answer == NULL ?
	    NULL :
	    report_judge(c->report, kind_at(MAILAUTH_KIND_SPF), answer,
	        &c->report->scope);
	bool over = false;

	for (size_t i = 0; set != NULL && i < set->j.findings.count; i++) {
		const struct mailauth_finding *f = &set->j.findings.at[i];
		uint8_t effect = finding_row(f->id)->effect;

		if (f->id == MAILAUTH_F_SPF_TOO_MANY_LOOKUPS)
			over = true;
		else if (effect == EFFECT_BREAKS || effect == EFFECT_SPOILS)
			return false;
	}
	return over;
}

/* The joined record cannot be made for this reason; show it with all that is
 * planned. */
static void
refuse_joint(struct check *c, struct spf_change *s, struct mailauth_str reason)
{
	collect_all(s);
	begin_stage(c, s, IN_ORDER);
	fail(s, PLAN_REFUSED, reason);
}

/* Take what DNS has. A record with a fault is not touched: nobody can tell what
 * its author meant. */
static void
begin(struct check *c, struct plan_check *pc, struct planned_record *p,
    const struct lookup *l)
{
	struct spf_change *s = arena_alloc(&c->report->arena, sizeof(*s));

	if (s == NULL)
		return;
	s->pc = pc;
	s->p = p;
	p->change = s;
	s->nthere =
	    plan_texts(c, &l->answer, spf_is_record, s->there, PLAN_TEXTS_MAX);
	if (s->nthere == PLAN_TEXTS_MAX) {
		fail(s, PLAN_REFUSED, STR("there are too many SPF records"));
		return;
	}
	for (size_t i = 0; i < s->nthere; i++) {
		struct mailauth_str fault = plan_fault(c, MAILAUTH_KIND_SPF,
		    p->record.owner, s->there[i]);

		if (fault.n > 0 && is_over(c, p, s->there[i])) {
			s->over = true;
		} else if (fault.n > 0) {
			refuse_joint(c, s, plan_say(c, FAULTY, fault, ""));
			return;
		}
		for (size_t j = 0; j < i; j++) {
			fault = contradiction(c, s->there, j, i);
			if (fault.n == 0)
				continue;
			refuse_joint(c, s, fault);
			return;
		}
	}
	if (s->over) {
		collect_all(s);
		begin_stage(c, s, IN_ORDER);
	} else if (s->nthere > 0)
		begin_stage(c, s, AS_IS);
	else
		s->stage = CHOSEN;
	if (s->stage == AS_IS && spf_join_weakens(s->there, s->nthere, s->text))
		refuse_joint(c, s, STR(WEAKER));
}

void
plan_spf_ask(struct check *c, struct plan_check *pc)
{
	for (struct plan_zone *z = pc->plan->zones; z != NULL; z = z->next)
		for (struct plan_record *r = z->records; r != NULL;
		     r = r->next) {
			struct planned_record *p = planned_of(r);
			struct lookup *l = got(c, r->owner, RRTYPE_TXT);

			if (p->sort != PLAN_SPF || !is_found(l))
				continue;
			if (p->change == NULL)
				begin(c, pc, p, l);
			if (p->change != NULL && p->change->stage < CHOSEN)
				step(c, p->change);
		}
}

/* Comparing. */

/* Say what is wrong with several records, which the planned one replaces. */
static struct mailauth_str
several(struct check *c, size_t n)
{
	struct writer w = arena_writer(&c->report->arena);

	put_text(&w, "DNS has ");
	put_number(&w, n);
	put_text(&w,
	    " SPF records, so receivers use none of them (permerror): delete "
	    "all of them, and publish this one");
	return writer_str(&w);
}

static enum plan_state
compare_none(struct check *c, struct planned_record *p,
    const struct record_set *set)
{
	struct mailauth_str near[PLAN_TEXTS_MAX];

	if (plan_texts(c, set->answer, is_near, near, PLAN_TEXTS_MAX) == 0)
		return PLAN_MISSING;
	p->record.reason = plan_say(c,
	    "this text looks like an SPF record, but is not a valid one: "
	    "correct it first: ",
	    near[0], "");
	return PLAN_REFUSED;
}

enum plan_state
plan_spf_compare(struct check *c, const struct plan_check *pc,
    struct planned_record *p, const struct record_set *set)
{
	const struct spf_change *s = p->change;

	(void)pc;
	if (set->j.verdict == MAILAUTH_NONE && set->j.matches == 0)
		return compare_none(c, p, set);
	if (s == NULL || s->stage < CHOSEN) {
		p->record.now = STR("what it includes could not be told");
		return PLAN_UNKNOWN;
	}
	if (s->text.n > 0)
		p->record.data = s->text;
	if (s->left.n > 0)
		p->record.reason = plan_say(c, ONE_EXP, s->left, "");
	if (s->stage == FAILED && s->state == PLAN_UNKNOWN) {
		p->record.now = s->reason;
		return PLAN_UNKNOWN;
	}
	if (s->stage == FAILED) {
		p->record.reason = s->reason;
		return s->state;
	}
	if (s->nthere > 1 && p->record.reason.n == 0)
		p->record.reason = several(c, s->nthere);
	return s->nthere == 1 && s->nadd == 0 ? PLAN_PRESENT : PLAN_DIFFERENT;
}

enum plan_state
plan_spf_part(struct check *c, struct planned_record *p,
    const struct record_set *set)
{
	struct mailauth_str there[PLAN_TEXTS_MAX];

	if (plan_texts(c, set->answer, spf_is_record, there, PLAN_TEXTS_MAX) ==
	    0)
		return compare_none(c, p, set);
	/* It may be joined already, as the whole record was tried with it. */
	if (p->published == NULL)
		join_part(c, p, set->answer);
	return p->joined;
}
