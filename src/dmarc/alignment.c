/*
 * alignment.c - the DMARC result of an author domain
 * SPDX-License-Identifier: BSD-3-Clause
 */
#include "dmarc/alignment.h"

#include "base/str.h"
#include "dmarc/report.h"
#include "dmarc/tell.h"

struct dmarc_check *
dmarc_check_new(struct check *c, size_t nids)
{
	struct arena *a = &c->report->arena;
	struct dmarc_check *d = arena_alloc(a, sizeof(*d));

	if (d == NULL)
		return NULL;
	d->ids = arena_alloc(a, (nids + 1) * sizeof(*d->ids));
	d->alignments = arena_alloc(a, (nids + 1) * sizeof(*d->alignments));
	return d->ids != NULL && d->alignments != NULL ? d : NULL;
}

void
dmarc_check_add(struct dmarc_check *d, struct dmarc_identifier id)
{
	for (size_t i = 0; i < d->nids; i++)
		if (d->ids[i].spf == id.spf && id.domain.n > 0 &&
		    str_eq(d->ids[i].domain, id.domain))
			return;
	d->ids[d->nids++] = id;
}

void
dmarc_check_ask(struct check *c, struct dmarc_check *d)
{
	dmarc_want(c, c->domain);
	/* The walk may skip the organizational domain of the list. */
	if (c->org.n > 0)
		want(c, dmarc_owner(c, c->org), RRTYPE_TXT);
	for (size_t i = 0; i < d->nids; i++)
		if (d->ids[i].domain.n > 0 &&
		    !str_eq(d->ids[i].domain, c->domain))
			dmarc_want_walk(c, d->ids[i].domain);
}

static bool
is_aligned(enum dmarc_aligned a)
{
	return a == DMARC_ALIGNED_STRICT || a == DMARC_ALIGNED_RELAXED;
}

/* The result by one rule: pass needs one aligned identifier, and a record that
 * receivers agree on; fail needs certainty that no other identifier can
 * align. */
static enum mailauth_dmarc_result
decide(const struct dmarc_check *d, enum dmarc_rfc rfc)
{
	bool unknown =
	    rfc == DMARC_7489 ? d->open_7489 : d->open_dkim || d->open_spf;

	if (d->found[rfc].state == MAILAUTH_DMARC_NOWHERE)
		return MAILAUTH_DMARC_RESULT_NONE;
	if (d->found[rfc].state == MAILAUTH_DMARC_UNKNOWN)
		return MAILAUTH_DMARC_RESULT_TEMPERROR;
	for (size_t i = 0; i < d->nids; i++) {
		if (is_aligned(d->alignments[i].aligned[rfc]))
			return d->found[rfc].record.uncertain ?
			    MAILAUTH_DMARC_RESULT_PERMERROR :
			    MAILAUTH_DMARC_RESULT_PASS;
		if (d->alignments[i].aligned[rfc] == DMARC_ALIGNED_UNKNOWN)
			unknown = true;
	}
	return unknown ? MAILAUTH_DMARC_RESULT_TEMPERROR :
	                 MAILAUTH_DMARC_RESULT_FAIL;
}

void
dmarc_check_decide(struct check *c, struct dmarc_check *d)
{
	dmarc_walk(c, c->domain, &d->walk);
	dmarc_find(c, c->domain, &d->walk, d->found);
	for (size_t i = 0; i < d->nids; i++)
		dmarc_align(c, c->domain, d->found, &d->ids[i],
		    &d->alignments[i]);
	for (int rfc = 0; rfc < DMARC_RFCS; rfc++)
		d->result[rfc] = decide(d, (enum dmarc_rfc)rfc);
}

bool
dmarc_check_aligned(const struct dmarc_check *d, bool spf)
{
	for (size_t i = 0; i < d->nids; i++)
		if (d->ids[i].spf == spf &&
		    is_aligned(d->alignments[i].aligned[DMARC_9989]))
			return true;
	return false;
}

const char *
dmarc_aligned_name(enum dmarc_aligned a)
{
	static const char *const names[] = {
		[DMARC_ALIGNED_NOT] = "no",
		[DMARC_ALIGNED_RELAXED] = "relaxed",
		[DMARC_ALIGNED_STRICT] = "strict",
		[DMARC_ALIGNED_UNKNOWN] = "unknown",
	};

	return names[a];
}

static void
tell_identifier(struct check *c, const struct dmarc_check *d, size_t i)
{
	const struct dmarc_identifier *id = &d->ids[i];
	const struct dmarc_alignment *a = &d->alignments[i];
	enum dmarc_aligned new = a->aligned[DMARC_9989];
	enum dmarc_aligned old = a->aligned[DMARC_7489];
	struct writer w = arena_writer(&c->report->arena);

	put_untrusted(&w, id->shown);
	if (is_aligned(new)) {
		put_text(&w, ", ");
		put_text(&w, dmarc_aligned_name(new));
		tell(c, NULL,
		    id->spf ? MAILAUTH_F_ALIGN_SPF_OK :
		              MAILAUTH_F_ALIGN_DKIM_OK,
		    writer_str(&w));
	} else if (new == DMARC_ALIGNED_NOT) {
		put_text(&w, " for ");
		put_str(&w, c->domain);
		tell(c, NULL,
		    id->spf ? MAILAUTH_F_ALIGN_SPF_MISMATCH :
		              MAILAUTH_F_ALIGN_DKIM_MISMATCH,
		    writer_str(&w));
	}
	if (new != DMARC_ALIGNED_UNKNOWN &&
	    old != DMARC_ALIGNED_UNKNOWN &&is_aligned(new) != is_aligned(old)) {
		w = arena_writer(&c->report->arena);
		put_untrusted(&w, id->shown);
		put_text(&w,
		    is_aligned(new) ? " aligns by RFC 9989 only" :
		                      " aligns by the Public Suffix List only");
		tell(c, NULL, MAILAUTH_F_ALIGN_DIFFERS, writer_str(&w));
	}
}

static void
put_disposition(struct writer *w, const struct dmarc_found *f)
{
	const char *name = dmarc_policy_name(f->applied);

	put_text(w, "policy ");
	put_text(w, name != NULL ? name : "unknown");
	put_text(w, " of ");
	put_str(w, f->name);
}

/* Some identifier of the mechanism aligns or may align. */
static bool
may_align(const struct dmarc_check *d, bool spf)
{
	for (size_t i = 0; i < d->nids; i++)
		if (d->ids[i].spf == spf &&
		    d->alignments[i].aligned[DMARC_9989] != DMARC_ALIGNED_NOT)
			return true;
	return spf ? d->open_spf : d->open_dkim;
}

/* Failed lookups may leave the alignment of an identifier unknown: it may be
 * none, and then DMARC may fail. */
static void
doubt_identifier(struct check *c, const struct dmarc_check *d, size_t i)
{
	enum dmarc_aligned new = d->alignments[i].aligned[DMARC_9989];
	enum dmarc_aligned old = d->alignments[i].aligned[DMARC_7489];
	const struct record_set *policy = d->found[DMARC_7489].set;
	bool open = d->result[DMARC_9989] == MAILAUTH_DMARC_RESULT_TEMPERROR;
	enum mailauth_finding_id id = open ? MAILAUTH_F_DMARC_RESULT_FAIL :
	                                     MAILAUTH_F_ALIGN_DKIM_MISMATCH;
	struct dmarc_walk walk;

	if (new == DMARC_ALIGNED_UNKNOWN) {
		dmarc_walk(c, d->ids[i].domain, &walk);
		dmarc_doubt_walk(c, NULL, &d->walk, id);
		dmarc_doubt_walk(c, NULL, &walk, id);
	} else if (old == DMARC_ALIGNED_UNKNOWN && policy != NULL) {
		doubt_answer(c, NULL, policy->answer, MAILAUTH_F_ALIGN_DIFFERS);
	}
}

const struct dmarc_lack *
dmarc_check_lack(const struct dmarc_check *d)
{
	if (d->failed || d->found[DMARC_9989].state == MAILAUTH_DMARC_UNKNOWN)
		return NULL;
	for (size_t i = 0; i < d->nids; i++)
		if (d->alignments[i].aligned[DMARC_9989] ==
		    DMARC_ALIGNED_UNKNOWN)
			return NULL;
	return d->lacks;
}

/* Put a finding on each reason why the result is not known: a lookup failed, or
 * the message does not show what DKIM or SPF needs. */
static void
tell_unknown(struct check *c, const struct dmarc_check *d)
{
	bool policy = d->found[DMARC_9989].state != MAILAUTH_DMARC_UNKNOWN;

	if (dmarc_check_lack(d) == NULL)
		tell_open(c, NULL, MAILAUTH_F_DMARC_TEMPERROR,
		    policy ? STR("whether DKIM or SPF passes is not known") :
		             STR_NONE);
	if (d->lacks != NULL && policy)
		dmarc_tell_lack(c, d->lacks);
}

void
dmarc_tell_lack(struct check *c, const struct dmarc_lack *lack)
{
	tell_remedy(c, NULL, MAILAUTH_F_DMARC_UNDECIDED, str_of(lack->what),
	    str_of(lack->remedy));
}

void
dmarc_check_tell(struct check *c, const struct dmarc_check *d)
{
	struct writer w = arena_writer(&c->report->arena);

	for (size_t i = 0; i < d->nids; i++) {
		tell_identifier(c, d, i);
		doubt_identifier(c, d, i);
	}
	if (d->found[DMARC_9989].state == MAILAUTH_DMARC_UNKNOWN)
		dmarc_doubt_walk(c, NULL, &d->walk,
		    MAILAUTH_F_DMARC_RESULT_FAIL);
	switch (d->result[DMARC_9989]) {
	case MAILAUTH_DMARC_RESULT_NONE:
	case MAILAUTH_DMARC_RESULT_PERMERROR: /* the record's finding */
	case MAILAUTH_DMARC_RESULT_UNDECIDED: break;
	case MAILAUTH_DMARC_RESULT_PASS:
		tell(c, NULL, MAILAUTH_F_DMARC_RESULT_PASS, STR_NONE);
		if (!may_align(d, false))
			tell(c, NULL, MAILAUTH_F_DMARC_PASS_SPF_ONLY, STR_NONE);
		if (!may_align(d, true))
			tell(c, NULL, MAILAUTH_F_DMARC_PASS_DKIM_ONLY,
			    STR_NONE);
		break;
	case MAILAUTH_DMARC_RESULT_FAIL:
		put_disposition(&w, &d->found[DMARC_9989]);
		tell(c, NULL, MAILAUTH_F_DMARC_RESULT_FAIL, writer_str(&w));
		break;
	case MAILAUTH_DMARC_RESULT_TEMPERROR: tell_unknown(c, d); break;
	}
}

/* The part of the report. */

/* The name without its final dot. */
static struct mailauth_str
bare(struct mailauth_str name)
{
	return str_sub(name, 0, name.n > 1 ? name.n - 1 : name.n);
}

static void
report_step(struct check *c, const struct dmarc_step *s,
    struct dmarc_step_report *out)
{
	out->name = dmarc_owner(c, s->name);
	out->sort = s->sort;
	out->set = s->set;
	if (s->sort == DMARC_SORT_ONE)
		out->psd = s->record.psd;
}

static const char *const tag_names[] = {
	[DMARC_TAG_UNKNOWN] = NULL,
	[DMARC_TAG_P] = "p",
	[DMARC_TAG_SP] = "sp",
	[DMARC_TAG_NP] = "np",
};

static void
report_side(struct check *c, const struct dmarc_check *d, enum dmarc_rfc rfc,
    struct dmarc_side *out)
{
	const struct dmarc_found *f = &d->found[rfc];

	out->state = f->state;
	out->policy = out->applied = MAILAUTH_DMARC_ABSENT;
	out->result = MAILAUTH_DMARC_RESULT_UNDECIDED;
	if (f->state != MAILAUTH_DMARC_UNKNOWN && f->name.n > 0)
		out->record_name = dmarc_owner(c, f->name);
	if (f->state == MAILAUTH_DMARC_APPLIES) {
		out->tag = tag_names[f->tag];
		out->policy = f->policy;
		out->applied = f->applied;
		out->uncertain = f->record.uncertain;
	}
	if (f->org_known)
		out->org = bare(f->org);
	if (d->nids > 0 || d->judged)
		out->result = d->result[rfc];
}

static void
report_ids(struct check *c, const struct dmarc_check *d,
    struct dmarc_report *out)
{
	struct dmarc_id_report **end = &out->ids;

	for (size_t i = 0; i < d->nids; i++) {
		const struct dmarc_alignment *a = &d->alignments[i];
		struct dmarc_id_report *id =
		    arena_alloc(&c->report->arena, sizeof(*id));

		if (id == NULL)
			return;
		id->spf = d->ids[i].spf;
		id->domain = d->ids[i].shown;
		for (int rfc = 0; rfc < DMARC_RFCS; rfc++) {
			id->aligned[rfc] = a->aligned[rfc];
			if (a->org_known[rfc])
				id->org[rfc] = bare(a->org[rfc]);
		}
		*end = id;
		end = &id->next;
	}
}

void
dmarc_check_report(struct check *c, const struct dmarc_check *d)
{
	struct dmarc_report *out = arena_alloc(&c->report->arena, sizeof(*out));
	const struct dmarc_found *f = &d->found[DMARC_9989];

	if (out == NULL)
		return;
	out->from = bare(c->domain);
	out->exists = dmarc_exists(c, c->domain);
	out->strict_dkim =
	    f->state == MAILAUTH_DMARC_APPLIES && f->record.strict_dkim;
	out->strict_spf =
	    f->state == MAILAUTH_DMARC_APPLIES && f->record.strict_spf;
	for (unsigned i = 0; i < d->walk.nsteps; i++)
		report_step(c, &d->walk.step[i], &out->step[i]);
	out->nsteps = d->walk.nsteps;
	for (int rfc = 0; rfc < DMARC_RFCS; rfc++)
		report_side(c, d, (enum dmarc_rfc)rfc, &out->side[rfc]);
	report_ids(c, d, out);
	out->lacking = dmarc_check_lack(d) != NULL;
	report_add_part(c->report, &dmarc_part, out);
}
