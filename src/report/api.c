/*
 * api.c - reports and tables for users of the library
 * SPDX-License-Identifier: BSD-3-Clause
 */
#include "report/report.h"

/* The text of a writer in the report's arena as a C string; NULL when it is
 * empty or memory ran out. */
static const char *
c_string(struct writer *w)
{
	if (w->used == 0)
		return NULL;
	put_char(w, '\0');
	return w->full ? NULL : w->buf;
}

const char *
report_untrusted(struct mailauth_report *r, struct mailauth_str s)
{
	struct writer w = arena_writer(&r->arena);

	put_untrusted(&w, s);
	return c_string(&w);
}

static const char *
or_empty(const char *s)
{
	return s != NULL ? s : "";
}

static void
fill_record(struct mailauth_report *r, const struct record_set *set,
    struct mailauth_record_view *out)
{
	const struct mailauth_answer *a = set->answer;
	struct writer w = arena_writer(&r->arena);
	char *room = arena_alloc(&r->arena, 16);

	if (set_has_text(set))
		put_set_text(&w, set);
	*out = (struct mailauth_record_view){ .kind = set->j.kind->name,
		.name = or_empty(report_untrusted(r, a->name)),
		.type = room != NULL ? name_rrtype(a->rrtype, room) : "",
		.outcome = a->outcome,
		.verdict = set_verdict(r, set),
		.severity = set_severity(r, set),
		.dnssec = a->dnssec,
		.why = report_untrusted(r, a->why),
		.ttl = a->ttl,
		.text = c_string(&w),
		.place = set_written(set) };
}

static void
fill_finding(struct mailauth_report *r, const struct finding *n,
    struct mailauth_finding_view *out)
{
	const struct finding_row *row = finding_row(n->finding.id);
	struct writer message = arena_writer(&r->arena);
	struct writer remedy = arena_writer(&r->arena);
	const struct record_set *set = n->set;
	const struct finding *cause = n->follows;
	bool placed = n->finding.length > 0;

	put_message(&message, n);
	put_remedy(&remedy, n);
	*out = (struct mailauth_finding_view){ .code = row->code,
		.severity = severity_of(r, n),
		.kind = set != NULL ? set->j.kind->name : NULL,
		.name = or_empty(set != NULL ?
		        report_untrusted(r, set->answer->name) :
		        NULL),
		.offset = placed ? n->finding.offset : -1,
		.length = n->finding.length,
		.message = or_empty(c_string(&message)),
		.remedy = c_string(&remedy),
		.reference = row->reference,
		.follows =
		    cause != NULL ? finding_row(cause->finding.id)->code : NULL,
		.place = finding_written(n) };
}

size_t
mailauth_report_records(const struct mailauth_report *r)
{
	return r != NULL ? r->nsets : 0;
}

const struct mailauth_record_view *
mailauth_report_record(struct mailauth_report *r, size_t i)
{
	size_t n = 0;

	if (r == NULL)
		return NULL;
	if (r->record_views == NULL && r->nsets > 0) {
		r->record_views =
		    arena_alloc(&r->arena, r->nsets * sizeof(*r->record_views));
		if (r->record_views == NULL)
			return NULL;
		for (const struct record_set *it = r->sets; it != NULL;
		     it = it->next)
			fill_record(r, it, &r->record_views[n++]);
	}
	return i < r->nsets ? &r->record_views[i] : NULL;
}

size_t
mailauth_report_findings(const struct mailauth_report *r)
{
	return r != NULL ? r->nfindings : 0;
}

const struct mailauth_finding_view *
mailauth_report_finding(struct mailauth_report *r, size_t i)
{
	size_t k = 0;

	if (r == NULL)
		return NULL;
	if (r->finding_views == NULL && r->nfindings > 0) {
		r->finding_views = arena_alloc(&r->arena,
		    r->nfindings * sizeof(*r->finding_views));
		if (r->finding_views == NULL)
			return NULL;
		for (const struct finding *n = r->findings; n != NULL;
		     n = n->next)
			fill_finding(r, n, &r->finding_views[k++]);
	}
	return i < r->nfindings ? &r->finding_views[i] : NULL;
}

bool
mailauth_report_key(const struct mailauth_report *r, size_t i,
    struct mailauth_key_history *out)
{
	const struct key_seen *k = r != NULL ? r->keys : NULL;

	for (; k != NULL && i > 0; i--)
		k = k->next;
	if (k == NULL || out == NULL)
		return false;
	*out =
	    (struct mailauth_key_history){ k->name, k->sha256, k->first_seen };
	return true;
}

bool
mailauth_report_incomplete(const struct mailauth_report *r, size_t i,
    struct mailauth_incomplete_view *out)
{
	const struct incomplete *n = r != NULL ? r->incomplete : NULL;

	for (; n != NULL && i > 0; i--)
		n = n->next;
	if (n == NULL || out == NULL)
		return false;
	*out = (struct mailauth_incomplete_view){ n->what.s, n->why };
	return true;
}

const char *
mailauth_report_source(const struct mailauth_report *r)
{
	return r != NULL ? r->source : NULL;
}

bool
mailauth_finding_at(size_t i, struct mailauth_finding_info *out)
{
	static const char *const effects[] = {
		[EFFECT_KEEPS] = "keeps",
		[EFFECT_BREAKS] = "breaks",
		[EFFECT_SPOILS] = "breaks",
		[EFFECT_DEFERS] = "defers",
	};
	const struct finding_row *row;

	if (i >= MAILAUTH_FINDING_COUNT - 1 || out == NULL)
		return false;
	row = finding_row((unsigned)i + 1);
	*out = (struct mailauth_finding_info){ .code = row->code,
		.effect = effects[row->effect],
		.reference = row->reference,
		.sentence = row->sentence,
		.remedy = row->remedy };
	for (size_t p = 0; p < MAILAUTH_PROFILE_COUNT; p++)
		out->severity[p] = (enum mailauth_severity)row->severity[p];
	return true;
}

bool
mailauth_kind_at(size_t i, struct mailauth_kind_info *out)
{
	const struct mailauth_kind *kind =
	    i < MAILAUTH_KIND_COUNT ? kind_at((unsigned)i) : NULL;

	if (kind == NULL || out == NULL)
		return false;
	*out = (struct mailauth_kind_info){ .name = kind->name,
		.title = kind->title,
		.reference = kind->reference,
		.type = kind->rrtype == RRTYPE_A ?
		    "A, AAAA" :
		    name_rrtype(kind->rrtype, NULL),
		.owner = kind->owner };
	for (size_t k = 0; kind->tags != NULL && k < kind->tags->n; k++)
		out->tags[k] = kind->tags->tag[k].name.s;
	return true;
}

const char *
mailauth_outcome_name(enum mailauth_outcome v)
{
	return name_outcome(v);
}

const char *
mailauth_dnssec_name(enum mailauth_dnssec v)
{
	return name_dnssec(v);
}

const char *
mailauth_verdict_name(enum mailauth_verdict v)
{
	return name_verdict(v);
}

const char *
mailauth_role_name(enum mailauth_role v)
{
	return name_role(v);
}

const char *
mailauth_profile_name(enum mailauth_profile v)
{
	return name_profile(v);
}

const char *
mailauth_severity_name(enum mailauth_severity v)
{
	return name_severity(v);
}

const char *
mailauth_result_name(enum mailauth_result v)
{
	return name_result(v);
}

const char *
mailauth_version(void)
{
	return MAILAUTH_VERSION;
}
