/*
 * remedy.c - what to do about the tree of an SPF record
 * SPDX-License-Identifier: BSD-3-Clause
 */
#include "spf/remedy.h"

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

void
put_spf_circle_opened(struct check *c, struct writer *w,
    const struct spf_budget *b)
{
	const struct spf_step *loop = b->loop;
	struct mailauth_str owner =
	    loop->wildcard.n > 0 ? loop->wildcard : loop->domain;

	if (loop->wildcard.n > 0) {
		put_text(w, "in place of that record ");
		put_publish(w, STR("v=spf1 -all"), owner);
		put_text(w,
		    ", and a record with ip4: or ip6: at the name of each "
		    "sender; or delete the wildcard and this term");
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
