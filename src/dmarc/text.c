/*
 * text.c - DMARC of an author domain as text
 * SPDX-License-Identifier: BSD-3-Clause
 */
#include "dmarc/names.h"
#include "dmarc/report.h"
#include "report/page.h"

static const char *const rfcs[] = { "RFC 9989", "RFC 7489" };

static void
put_policy(struct page *p, const struct dmarc_side *s)
{
	struct writer *w = &p->w;
	const char *name = dmarc_policy_name(s->policy);

	if (s->state != MAILAUTH_DMARC_APPLIES) {
		put_text(w,
		    s->state == MAILAUTH_DMARC_NOWHERE ? "no policy" :
		                                         "policy not known");
	} else if (s->uncertain) {
		put_text(w, "no certain policy: a tag appears twice in ");
		page_name(p, s->record_name);
	} else {
		put_text(w, name != NULL ? name : "not known");
		put_text(w, " (");
		put_text(w, s->tag != NULL ? s->tag : "sp or np");
		put_text(w, "= of ");
		page_name(p, s->record_name);
		put_text(w, ")");
	}
	if (s->applied != MAILAUTH_DMARC_ABSENT && s->applied != s->policy) {
		put_text(w, ", applied as ");
		put_text(w, dmarc_policy_name(s->applied));
	}
	put_text(w, ", organization ");
	if (s->org.n > 0)
		put_untrusted(w, s->org);
	else
		put_text(w, "not known");
}

static void
put_side(struct page *p, const struct dmarc_report *d, int rfc)
{
	put_text(&p->w, "  ");
	put_text(&p->w, rfcs[rfc]);
	put_text(&p->w, "  ");
	put_policy(p, &d->side[rfc]);
	put_char(&p->w, '\n');
}

/* What the walk found at a name, in words. */
static const char *
step_words(enum dmarc_sort sort)
{
	return sort == DMARC_SORT_NONE ? "no record" :
	    sort == DMARC_SORT_MANY    ? "several records" :
	    sort == DMARC_SORT_UNKNOWN ? "not known" :
	    sort == DMARC_SORT_UNASKED ? "not looked up" :
	                                 dmarc_sort_name(sort);
}

static const char *
psd_words(enum dmarc_psd psd)
{
	return psd == DMARC_PSD_Y ? "a public suffix (psd=y)" :
	    psd == DMARC_PSD_N    ? "no public suffix (psd=n)" :
	                            "PSD not stated";
}

/* The walk says something when it has more than its own start. */
static void
put_walk(struct page *p, const struct dmarc_report *d)
{
	for (unsigned i = 0; i < d->nsteps; i++) {
		const struct dmarc_step_report *s = &d->step[i];

		put_text(&p->w, i == 0 ? "  walk      " : "            ");
		page_name(p, s->name);
		put_text(&p->w, ": ");
		put_text(&p->w, step_words(s->sort));
		if (s->sort == DMARC_SORT_ONE) {
			put_text(&p->w, ", ");
			put_text(&p->w, psd_words(s->psd));
		}
		if (s->set != NULL &&
		    s->set->answer->outcome != MAILAUTH_FAILED) {
			put_text(&p->w, ", ");
			put_text(&p->w, page_dnssec(s->set->answer->dnssec));
		}
		put_char(&p->w, '\n');
	}
}

static void
put_identifier(struct page *p, const struct dmarc_id_report *id)
{
	put_text(&p->w, "  ");
	put_text(&p->w, id->spf ? "spf       " : "dkim      ");
	put_untrusted(&p->w, id->domain);
	put_text(&p->w, ": aligned ");
	put_text(&p->w, dmarc_aligned_name(id->aligned[0]));
	if (id->aligned[0] != id->aligned[1]) {
		put_text(&p->w, ", by RFC 7489 ");
		put_text(&p->w, dmarc_aligned_name(id->aligned[1]));
	}
	put_char(&p->w, '\n');
}

const char *
dmarc_shown_result(const struct dmarc_report *d)
{
	enum mailauth_dmarc_result result = d->side[0].result;

	if (result == MAILAUTH_DMARC_RESULT_TEMPERROR && d->lacking)
		return "unknown";
	return dmarc_result_name(result);
}

static void
put_result(struct page *p, const struct dmarc_report *d)
{
	const struct dmarc_side *new = &d->side[0], *old = &d->side[1];

	if (new->result == MAILAUTH_DMARC_RESULT_UNDECIDED)
		return;
	put_text(&p->w, "  result    dmarc ");
	page_word(p,
	    new->result == MAILAUTH_DMARC_RESULT_PASS ? MAILAUTH_PASS :
	        new->result == MAILAUTH_DMARC_RESULT_FAIL ||
	            new->result == MAILAUTH_DMARC_RESULT_PERMERROR ?
	                                                MAILAUTH_FAIL :
	                                                MAILAUTH_WARN,
	    dmarc_shown_result(d));
	if (new->result == MAILAUTH_DMARC_RESULT_TEMPERROR && d->lacking)
		put_text(&p->w, " (no lookup failed)");
	if (dmarc_disposition(new) != MAILAUTH_DMARC_ABSENT) {
		put_text(&p->w, ", policy ");
		put_text(&p->w, dmarc_policy_name(dmarc_disposition(new)));
	}
	if (new->result != old->result) {
		put_text(&p->w, "; by RFC 7489 ");
		put_text(&p->w, dmarc_result_name(old->result));
	}
	put_char(&p->w, '\n');
}

static void
put_dmarc(struct page *p, const void *data)
{
	const struct dmarc_report *d = data;

	put_side(p, d, 0);
	put_side(p, d, 1);
	put_walk(p, d);
	for (const struct dmarc_id_report *i = d->ids; i != NULL; i = i->next)
		put_identifier(p, i);
	put_result(p, d);
}

const struct part_type dmarc_part = {
	.name = "dmarc",
	.text = put_dmarc,
	.json = dmarc_json,
};

bool
mailauth_report_dmarc(struct mailauth_report *r, int rfc,
    struct mailauth_dmarc_view *out)
{
	const struct dmarc_report *d = report_data(r, &dmarc_part);
	const struct dmarc_side *s;

	if (d == NULL || out == NULL || (rfc != 9989 && rfc != 7489))
		return false;
	s = &d->side[rfc == 7489];
	*out = (struct mailauth_dmarc_view){ .state = s->state,
		.record_name = report_untrusted(r, s->record_name),
		.tag = s->tag,
		.policy = s->policy,
		.applied = s->applied,
		.org_domain = report_untrusted(r, s->org),
		.result = s->result };
	return !r->arena.failed;
}

const char *
mailauth_dmarc_state_name(enum mailauth_dmarc_state v)
{
	return dmarc_state_name(v);
}

const char *
mailauth_dmarc_policy_name(enum mailauth_dmarc_policy v)
{
	return dmarc_policy_name(v);
}

const char *
mailauth_dmarc_result_name(enum mailauth_dmarc_result v)
{
	return dmarc_result_name(v);
}
