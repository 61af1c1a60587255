/*
 * remedy.c - what to do about the tree of an SPF record
 * SPDX-License-Identifier: BSD-3-Clause
 */
#include "spf/remedy.h"

#include "base/dname.h"
#include "base/str.h"
#include "record/kind.h"
#include "report/remedy.h"

/* Write the owners from the record that the circle begins with down to the one
 * whose term leads back; false when the term is not below `step`. */
static bool
put_way(struct writer *w, const struct spf_step *step,
    const struct spf_step *loop, bool inside)
{
	for (; step != NULL; step = step->next) {
		size_t used = w->used;
		bool here = inside || str_eq(step->domain, loop->target);

		if (here) {
			put_str(w, step->domain);
			put_text(w, " -> ");
		}
		if (step == loop || put_way(w, step->child, loop, here))
			return true;
		w->used = used;
	}
	return false;
}

void
put_spf_circle(struct writer *w, const struct spf_budget *b)
{
	const struct spf_step *loop = b->loop;

	if (loop->wildcard.n > 0) {
		put_text(w, "the record of the wildcard ");
		put_str(w, loop->wildcard);
		put_text(w, " leads to a name that the wildcard answers for");
		return;
	}
	put_way(w, b->steps, loop, false);
	put_str(w, loop->target);
}

/* Find the term that leads to the names below `parent`, on the way to `loop`;
 * false when `loop` is not below `step`. */
static bool
find_entry(const struct spf_step *step, const struct spf_step *loop,
    struct mailauth_str parent, const struct spf_step **entry)
{
	for (; step != NULL; step = step->next) {
		if (step != loop &&
		    !find_entry(step->child, loop, parent, entry))
			continue;
		if (*entry == NULL && !dname_under(step->domain, parent))
			*entry = step;
		return true;
	}
	return false;
}

/* A record at the name of one sender would take away the wildcard from the names
 * of others (RFC 4592 2.2.2): so the wildcard goes. */
static void
put_without_wildcard(struct writer *w, const struct spf_budget *b)
{
	struct mailauth_str wildcard = b->loop->wildcard;
	const struct spf_step *entry = NULL;

	find_entry(b->steps, b->loop, dname_parent(wildcard), &entry);
	put_text(w, "delete the record of ");
	put_str(w, wildcard);
	if (entry == NULL)
		return;
	put_text(w, "; in the record of ");
	put_str(w, entry->domain);
	put_text(w,
	    " write ip4: or ip6: with the address of each sender in "
	    "place of '");
	put_untrusted(w, entry->op->term.text);
	put_char(w, '\'');
}

void
put_spf_circle_opened(struct check *c, struct writer *w,
    const struct spf_budget *b)
{
	const struct spf_step *loop = b->loop;
	struct mailauth_str owner =
	    loop->wildcard.n > 0 ? loop->wildcard : loop->domain;

	if (loop->wildcard.n > 0) {
		put_without_wildcard(w, b);
	} else {
		put_text(w, "delete '");
		put_untrusted(w, loop->op->term.text);
		put_text(w, "' from the record of ");
		put_str(w, owner);
	}
	if (c->org.n > 0 && !str_eq(owner, c->org) &&
	    !dname_under(owner, c->org))
		put_text(w,
		    "; only its operator can: until then delete the term of "
		    "yours that leads there");
}

const struct spf_step *
spf_faulty(const struct spf_step *step)
{
	const struct spf_step *found = NULL;

	for (; step != NULL && found == NULL; step = step->next) {
		if (step->fate != SPF_ERROR)
			continue;
		found = spf_faulty(step->child);
		if (found == NULL)
			found = step;
	}
	return found;
}

/* The records above a term, from the bottom. */
struct above {
	const struct above *next;
	struct mailauth_str domain;
};

static bool
is_above(const struct above *a, struct mailauth_str domain)
{
	while (a != NULL && !str_eq(a->domain, domain))
		a = a->next;
	return a != NULL;
}

static const struct spf_step *
find_back(const struct spf_step *step, const struct above *above)
{
	while (step != NULL && step->fate != SPF_ERROR)
		step = step->next;
	if (step == NULL)
		return NULL;
	if (spf_leads(step->op) &&
	    (is_above(above, step->target) ||
	        str_eq(step->domain, step->target)))
		return step;
	return find_back(step->child, &(struct above){ above, step->domain });
}

const struct spf_step *
spf_back(const struct spf_step *step)
{
	return find_back(step, NULL);
}

void
put_spf_mend(struct writer *w, const struct spf_step *steps,
    const struct spf_step *step)
{
	const struct spf_step *back = spf_back(steps);
	bool leads = spf_leads(step->op);

	if (back == NULL && step->total > SPF_TERMS_MAX) {
		put_text(w,
		    "remove includes, a, mx and ptr terms that are not needed, "
		    "or list addresses with ip4: and ip6: in their place");
		return;
	}
	step = back != NULL ? back : step;
	put_text(w, leads ? "remove " : "correct ");
	put_untrusted(w, step->op->term.text);
	put_text(w, leads ? " from the record of " : " in the record of ");
	put_untrusted(w, str_sub(step->domain, 0, step->domain.n - 1));
	put_text(w, leads ? ", or have that record repaired" : "");
}
