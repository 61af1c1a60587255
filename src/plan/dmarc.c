/*
 * dmarc.c - the DMARC record in DNS, made stronger and no other way
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * A record in DNS keeps its tags, their order and all addresses. Only these
 * change: a policy that is weaker than the wished one, sp= and np= that would
 * fall behind it, and rua= that lacks the wished address or any. A p= that
 * cannot be read may have been meant to protect: p=none does not replace it.
 * Several
 * records become one, with the strictest of each. Where DNS has none, the new
 * record is no weaker than the one above that applies so far.
 */
#include "plan/diff.h"

#include "base/dname.h"
#include "base/str.h"
#include "record/dmarc.h"
#include "record/taglist.h"

/* Tags of one record. */
#define TAGS_MAX 32

/* A record as a list of tags, in order. */
struct tags {
	struct {
		struct mailauth_str name, value;
	} at[TAGS_MAX];
	size_t n;
	bool whole; /* no tag is there twice */
	bool changed;
};

static struct mailauth_str
get(const struct tags *t, const char *name)
{
	for (size_t i = 0; i < t->n; i++)
		if (str_ieq(t->at[i].name, str_of(name)))
			return t->at[i].value;
	return STR_NONE;
}

static bool
has(const struct tags *t, struct mailauth_str name)
{
	for (size_t i = 0; i < t->n; i++)
		if (name.n > 0 && str_ieq(t->at[i].name, name))
			return true;
	return false;
}

static void
take(struct tags *t, struct mailauth_str text)
{
	struct tag_item it;

	*t = (struct tags){ .whole = true };
	while (tag_next(&text, &it)) {
		if (it.whole.n == 0)
			continue;
		if (t->n == TAGS_MAX || (it.equals && has(t, it.name))) {
			t->whole = false;
			continue;
		}
		t->at[t->n].name = it.equals ? it.name : STR_NONE;
		t->at[t->n++].value = it.equals ? it.value : it.whole;
	}
}

/* Set a tag; a new p= follows the version, other new tags follow the last. */
static void
put(struct tags *t, const char *name, struct mailauth_str value)
{
	size_t i = 0;

	while (i < t->n && !str_ieq(t->at[i].name, str_of(name)))
		i++;
	if (i < t->n && str_eq(t->at[i].value, value))
		return;
	if (i == t->n && t->n == TAGS_MAX) {
		t->whole = false;
		return;
	}
	t->changed = true;
	if (i == t->n) {
		t->n++;
		for (; strcmp(name, "p") == 0 && i > 1; i--)
			t->at[i] = t->at[i - 1];
		t->at[i].name = str_of(name);
	}
	t->at[i].value = value;
}

static struct mailauth_str
written(struct check *c, const struct tags *t)
{
	struct writer w = arena_writer(&c->report->arena);

	for (size_t i = 0; i < t->n; i++) {
		put_text(&w, i > 0 ? "; " : "");
		put_str(&w, t->at[i].name);
		put_text(&w, t->at[i].name.n > 0 ? "=" : "");
		put_str(&w, t->at[i].value);
	}
	return writer_str(&w);
}

/* Addresses. */

static bool
lists(struct mailauth_str list, struct mailauth_str uri)
{
	struct mailauth_str one, domain;

	while (dmarc_uri_next(&list, &one, &domain)) {
		/* "!10m" behind it is a limit of RFC 7489. */
		size_t end =
		    str_find(uri, '!') < uri.n ? one.n : str_find(one, '!');

		if (str_ieq(str_sub(one, 0, end), uri))
			return true;
	}
	return false;
}

/* The list, with the addresses of another that it lacks. */
static struct mailauth_str
united(struct check *c, struct mailauth_str list, struct mailauth_str more)
{
	struct writer w = arena_writer(&c->report->arena);
	struct mailauth_str one, domain;

	put_str(&w, list);
	while (dmarc_uri_next(&more, &one, &domain)) {
		if (lists(writer_str(&w), one))
			continue;
		put_text(&w, w.used > 0 ? "," : "");
		put_str(&w, one);
	}
	return writer_str(&w);
}

/* Policies, as numbers in the order of strength; ABSENT is a policy that is
 * missing or cannot be read. */
#define ABSENT (-1)

static int
strength(enum mailauth_dmarc_policy p)
{
	return p == MAILAUTH_DMARC_ABSENT ? ABSENT : (int)p;
}

static int
strength_of(const struct tags *t, const char *name)
{
	return strength(dmarc_policy_of(get(t, name)));
}

static int
stronger(int a, int b)
{
	return a > b ? a : b;
}

static void
set_policy(struct tags *t, const char *name, int p)
{
	if (p != ABSENT && strength_of(t, name) != p)
		put(t, name,
		    str_of(dmarc_policy_name((enum mailauth_dmarc_policy)p)));
}

/* Give sp= or np= the policy `now`, which it would fall behind, if it did not
 * fall behind `was`. `raise` makes it so in any case. */
static void
follow(struct tags *t, const char *name, int was, int now, bool raise)
{
	int p = strength_of(t, name);

	if (p != ABSENT && p < now && (p >= was || raise))
		set_policy(t, name, now);
}

/* The policy of names below, by sp= or else p=. */
static int
below(const struct tags *t)
{
	int sp = strength_of(t, "sp");

	return sp != ABSENT ? sp : strength_of(t, "p");
}

/* The names that a policy is for, each with its own or that of the one
 * before. */
enum { OWN, EXISTING, MISSING, LEVELS };

static int
policy_at(const struct tags *t, int level)
{
	int np = strength_of(t, "np");

	return level == OWN                  ? strength_of(t, "p") :
	    level == MISSING && np != ABSENT ? np :
	                                       below(t);
}

static bool
is_testing(const struct tags *t)
{
	return str_ieq(get(t, "t"), STR("y"));
}

/* What t=y leaves of a policy (RFC 9989 4.7). */
static int
applied_at(const struct tags *t, int level)
{
	int p = policy_at(t, level);

	return is_testing(t) && p > MAILAUTH_DMARC_NONE ? p - 1 : p;
}

/* The percentage of a policy (RFC 7489 6.3). */
static uint32_t
percent(const struct tags *t)
{
	uint32_t n;

	return str_number(get(t, "pct"), 100, &n) ? n : 100;
}

/* Policy, t= and pct= count together: the joint record has the strictest policy
 * of each sort of names, for tests or for a part of the mail only where no
 * record applies it without. The rest of the mail gets the next weaker policy,
 * so that weaker ones of other records are not lost. */
static void
unite_limits(struct check *c, struct tags *t, const struct tags *more)
{
	bool testing = is_testing(t) || is_testing(more), limited = false;
	struct writer w = arena_writer(&c->report->arena);
	uint32_t pct = 0;

	for (int level = OWN; level < LEVELS; level++) {
		int a = policy_at(t, level), b = policy_at(more, level);
		int most = stronger(a, b);

		if (most <= MAILAUTH_DMARC_NONE)
			continue;
		limited = true;
		testing = testing &&
		    stronger(applied_at(t, level), applied_at(more, level)) <
		        most;
		if (a == most && percent(t) > pct)
			pct = percent(t);
		if (b == most && percent(more) > pct)
			pct = percent(more);
	}
	if (testing != is_testing(t))
		put(t, "t", testing ? STR("y") : STR("n"));
	/* Where no record has a policy there is nothing to limit. */
	if (!limited)
		pct = percent(t) > percent(more) ? percent(t) : percent(more);
	if (pct != percent(t)) {
		put_number(&w, pct);
		put(t, "pct", writer_str(&w));
	}
}

/* Take the tags of another record over, the stricter of each. */
static void
unite(struct check *c, struct tags *t, const struct tags *more)
{
	int sp = stronger(below(t), below(more));

	if (!more->whole)
		t->whole = false;
	unite_limits(c, t, more);
	set_policy(t, "p",
	    stronger(strength_of(t, "p"), strength_of(more, "p")));
	for (size_t i = 0; i < more->n; i++) {
		struct mailauth_str name = more->at[i].name;
		struct mailauth_str value = more->at[i].value;

		if (str_ieq(name, STR("p")) || str_ieq(name, STR("sp")) ||
		    str_ieq(name, STR("v")) || str_ieq(name, STR("t")) ||
		    str_ieq(name, STR("pct")))
			continue;
		if (str_ieq(name, STR("rua")))
			put(t, "rua", united(c, get(t, "rua"), value));
		else if (str_ieq(name, STR("ruf")))
			put(t, "ruf", united(c, get(t, "ruf"), value));
		else if (str_ieq(name, STR("np")))
			set_policy(t, "np",
			    stronger(strength_of(t, "np"),
			        strength_of(more, "np")));
		else if ((str_ieq(name, STR("adkim")) ||
		             str_ieq(name, STR("aspf"))) &&
		    str_ieq(value, STR("s")))
			put(t, name.n == 4 ? "aspf" : "adkim", STR("s"));
		else if (!has(t, name) && t->n < TAGS_MAX) {
			t->at[t->n].name = name;
			t->at[t->n++].value = value;
		}
	}
	if (strength_of(t, "p") != sp || has(t, STR("sp")))
		set_policy(t, "sp", sp);
	if (has(t, STR("np")))
		set_policy(t, "np", stronger(strength_of(t, "np"), sp));
}

/* The policy that the plan is to have at least; without a wish any that
 * protects will do. */
static int
wished(const struct plan_check *pc, int now)
{
	return pc->request->dmarc == NULL && now >= MAILAUTH_DMARC_QUARANTINE ?
	    now :
	    strength(pc->wishes.dmarc);
}

/* Make the record as strong as wished, and have it ask for reports. */
static void
strengthen(struct check *c, const struct plan_check *pc,
    const struct planned_record *p, struct tags *t)
{
	int was = strength_of(t, "p"), sp = below(t);
	int now = stronger(was, wished(pc, was));
	struct tags ours;

	set_policy(t, "p", now);
	follow(t, "sp", was, now, p->below);
	follow(t, "np", sp, below(t), false);
	take(&ours, p->record.data);
	if (pc->request->rua != NULL || get(t, "rua").n == 0)
		put(t, "rua", united(c, get(t, "rua"), get(&ours, "rua")));
}

/* Records above. */

/* The name can be asked: see is_asked() of dmarc/tree_walk.c. */
static bool
is_asked(struct check *c, struct mailauth_str owner, struct mailauth_str name)
{
	return c->resolver->serves(c->resolver, owner) ||
	    !is_public_suffix(c->orgs, name);
}

static struct mailauth_str
above(struct check *c, struct mailauth_str *name)
{
	for (*name = dname_parent(*name); name->n > 1;
	     *name = dname_parent(*name)) {
		struct mailauth_str owner = name_below(c, STR("_dmarc"), *name);

		if (owner.n > 0 && is_asked(c, owner, *name))
			return owner;
	}
	return STR_NONE;
}

void
plan_dmarc_ask(struct check *c, const struct plan_check *pc)
{
	for (struct plan_zone *z = pc->plan->zones; z != NULL; z = z->next)
		for (struct plan_record *r = z->records; r != NULL;
		     r = r->next) {
			const struct record_set *set;
			struct mailauth_str owner, name = planned_of(r)->domain;

			if (planned_of(r)->sort != PLAN_DMARC || r->idle)
				continue;
			set = view_as(c, MAILAUTH_KIND_DMARC,
			    got(c, r->owner, RRTYPE_TXT));
			if (set == NULL || set->j.verdict != MAILAUTH_NONE)
				continue;
			while ((owner = above(c, &name)).n > 0)
				want(c, owner, RRTYPE_TXT);
		}
}

/* Keep what a record above gives the domain so far. Returns the name above whose
 * lookup failed, so that it is not known; STR_NONE when none did. */
static struct mailauth_str
inherit(struct check *c, struct planned_record *p, struct tags *t)
{
	struct mailauth_str owner, name = p->domain;

	while ((owner = above(c, &name)).n > 0) {
		const struct record_set *set =
		    view_as(c, MAILAUTH_KIND_DMARC, got(c, owner, RRTYPE_TXT));
		struct dmarc d;

		if (set == NULL || set->j.verdict == MAILAUTH_TEMPERROR)
			return owner;
		if (!has_record(set) || !is_usable(c, set))
			continue;
		d = dmarc_of(&set->j.record);
		set_policy(t, "p",
		    stronger(strength_of(t, "p"),
		        strength(d.sp != MAILAUTH_DMARC_ABSENT ? d.sp : d.p)));
		if (strength(d.np) > below(t))
			set_policy(t, "np",
			    stronger(strength_of(t, "np"), strength(d.np)));
		if (d.strict_dkim)
			put(t, "adkim", STR("s"));
		if (d.strict_spf)
			put(t, "aspf", STR("s"));
	}
	return STR_NONE;
}

/* Comparing. */

static enum plan_state
compare_none(struct check *c, struct planned_record *p,
    const struct record_set *set)
{
	struct mailauth_str near[PLAN_TEXTS_MAX], failed;
	struct tags t;

	if (set->answer->outcome == MAILAUTH_FOUND &&
	    plan_texts(c, set->answer, dmarc_is_near, near, PLAN_TEXTS_MAX) > 0)
		p->record.reason = plan_say(c,
		    "this text looks like a DMARC record, but is not a valid "
		    "one: take over from it what is right, then delete it: ",
		    near[0], "");
	if (p->record.idle)
		return PLAN_MISSING;
	take(&t, p->record.data);
	failed = inherit(c, p, &t);
	if (failed.n > 0 && strength_of(&t, "p") != MAILAUTH_DMARC_REJECT) {
		p->record.now = plan_say(c,
		    "a record above may have a stronger policy: the lookup of ",
		    failed, " TXT failed");
		return PLAN_UNKNOWN;
	}
	if (t.changed)
		p->record.data = written(c, &t);
	return PLAN_MISSING;
}

/* Say which tags of the only record change. */
static struct mailauth_str
changes(struct check *c, struct mailauth_str there, const struct tags *now)
{
	struct writer w = arena_writer(&c->report->arena);
	struct tags was;

	take(&was, there);
	for (size_t i = 0; i < now->n; i++) {
		struct mailauth_str name = now->at[i].name, before = STR_NONE;

		for (size_t k = 0; k < was.n; k++)
			if (name.n > 0 && str_ieq(was.at[k].name, name))
				before = was.at[k].value;
		if (name.n == 0 || str_eq(before, now->at[i].value))
			continue;
		put_text(&w, w.used > 0 ? ", " : "");
		put_untrusted(&w, name);
		put_text(&w, before.n > 0 ? "=" : "= is new");
		put_untrusted(&w, before);
		if (before.n > 0) {
			put_text(&w, " becomes ");
			put_untrusted(&w, name);
			put_char(&w, '=');
			put_untrusted(&w, now->at[i].value);
		}
	}
	put_text(&w, w.used > 0 ? "; all other tags stay" : "");
	return writer_str(&w);
}

enum plan_state
plan_dmarc_compare(struct check *c, const struct plan_check *pc,
    struct planned_record *p, const struct record_set *set)
{
	struct mailauth_str there[PLAN_TEXTS_MAX], fault;
	size_t n = set->answer->outcome == MAILAUTH_FOUND ?
	    plan_texts(c, set->answer, dmarc_is_record, there, PLAN_TEXTS_MAX) :
	    0;
	struct tags t, more;
	bool broken;

	if (n == 0)
		return compare_none(c, p, set);
	take(&t, there[0]);
	for (size_t i = 1; i < n; i++) {
		take(&more, there[i]);
		unite(c, &t, &more);
		t.changed = true;
	}
	broken = has(&t, STR("p")) && strength_of(&t, "p") == ABSENT;
	more = t;
	strengthen(c, pc, p, &t);
	if (broken && strength_of(&t, "p") <= MAILAUTH_DMARC_NONE) {
		p->record.data = there[0];
		p->record.reason = plan_say(c,
		    "correct the record that is there first: there is no "
		    "policy p=",
		    get(&more, "p"), "");
		return PLAN_REFUSED;
	}
	if (!t.changed && t.whole && is_usable(c, set))
		return PLAN_PRESENT;
	if (t.changed)
		p->record.data = written(c, &t);
	else
		p->record.data = there[0];
	fault = plan_fault(c, MAILAUTH_KIND_DMARC, p->record.owner,
	    t.whole ? p->record.data : there[0]);
	if (t.whole && fault.n == 0) {
		p->record.reason = n == 1 ?
		    changes(c, there[0], &t) :
		    STR("DNS has several DMARC records, so receivers use none "
		        "of them: delete all of them, and publish this one");
		return PLAN_DIFFERENT;
	}
	if (fault.n == 0 && !t.changed)
		return PLAN_PRESENT;
	p->record.data = there[0];
	p->record.reason =
	    plan_say(c, "correct the record that is there first: ",
	        fault.n > 0 ? fault : STR("a tag is there twice"), "");
	return PLAN_REFUSED;
}
