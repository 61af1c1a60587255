/*
 * purpose.c - a domain whose records do not show what it is for
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * It has an address at most. What it misses depends on one thing that only its
 * owner knows: whether it sends mail. So that is asked first.
 */
#include "base/str.h"
#include "domain/domain.h"

/* A DMARC policy applies to the domain, its own or that of the organization; or
 * it may, since a lookup failed. */
static bool
may_have_policy(struct check *c)
{
	const struct mailauth_str names[] = { c->domain, c->org };

	for (size_t i = 0; i < 2; i++) {
		const struct record_set *set = names[i].n == 0 ?
		    NULL :
		    view_as(c, MAILAUTH_KIND_DMARC,
		        got(c, name_below(c, STR("_dmarc"), names[i]),
		            RRTYPE_TXT));

		if (set != NULL && set->j.verdict != MAILAUTH_NONE)
			return true;
	}
	return false;
}

static struct mailauth_str
both_answers(struct check *c)
{
	struct writer w = arena_writer(&c->report->arena);

	put_text(&w, "if it sends none, publish '");
	put_str(&w, c->domain);
	put_text(&w, " MX 0 .' and 'v=spf1 -all' at ");
	put_str(&w, c->domain);
	if (!may_have_policy(c)) {
		put_text(&w, ", and 'v=DMARC1; p=reject' at _dmarc.");
		put_str(&w, c->domain);
	}
	put_text(&w,
	    "; if it sends mail, an MX record, an SPF record that lists its "
	    "hosts, a DKIM key and a DMARC record");
	return writer_str(&w);
}

void
tell_purpose(struct check *c, const struct domain_check *dc)
{
	if (!dc->role.bare || dc->role.declared || dc->nselectors > 0 ||
	    dc->request->only != 0 || !expects_practice(c))
		return;
	tell_remedy(c, NULL, MAILAUTH_F_MAIL_USE_UNKNOWN, STR_NONE,
	    both_answers(c));
}
