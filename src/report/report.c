/*
 * report.c - record sets, findings, verdicts and the result of a report
 * SPDX-License-Identifier: BSD-3-Clause
 */
#include "report/report.h"

#include <stdlib.h>

#include "record/repair.h"
#include "record/txt.h"
#include "report/measure.h"
#include "report/remedy.h"

/* Octets of the record's text that a message quotes. */
#define EXCERPT_MAX 60

struct mailauth_report *
report_new(void)
{
	struct mailauth_report *r = calloc(1, sizeof(*r));

	if (r == NULL)
		return NULL;
	r->sets_end = &r->sets;
	r->findings_end = &r->findings;
	r->loose.end = &r->loose.first;
	r->keys_end = &r->keys;
	r->incomplete_end = &r->incomplete;
	r->parts_end = &r->parts;
	return r;
}

void
mailauth_report_free(struct mailauth_report *r)
{
	if (r == NULL)
		return;
	arena_free(&r->arena);
	free(r);
}

/* A part in no report yet; NULL when memory ran out. */
static struct report_part *
new_part(struct mailauth_report *r, const struct part_type *type,
    const void *data)
{
	struct report_part *p = arena_alloc(&r->arena, sizeof(*p));

	if (p == NULL)
		return NULL;
	p->type = type;
	p->data = data;
	return p;
}

void
report_add_part(struct mailauth_report *r, const struct part_type *type,
    const void *data)
{
	struct report_part *p = new_part(r, type, data);

	if (p == NULL)
		return;
	*r->parts_end = p;
	r->parts_end = &p->next;
}

void
report_add_frame(struct mailauth_report *r, const struct part_type *type,
    const void *data)
{
	struct report_part *p = new_part(r, type, data);

	if (p == NULL)
		return;
	p->next = r->parts;
	r->parts = p;
	if (p->next == NULL)
		r->parts_end = &p->next;
}

const void *
report_data(const struct mailauth_report *r, const struct part_type *type)
{
	for (const struct report_part *p = r != NULL ? r->parts : NULL;
	     p != NULL; p = p->next)
		if (p->type == type)
			return p->data;
	return NULL;
}

struct record_set *
report_judge(struct mailauth_report *r, const struct mailauth_kind *kind,
    const struct mailauth_answer *answer, const struct mailauth_scope *scope)
{
	struct record_set *set = arena_alloc(&r->arena, sizeof(*set));
	struct finding_list *list = arena_alloc(&r->arena, sizeof(*list));
	struct mailauth_scratch *scratch = malloc(sizeof(*scratch));

	if (set == NULL || list == NULL || scratch == NULL) {
		free(scratch);
		r->arena.failed = true;
		return NULL;
	}
	list->end = &list->first;
	set->findings = list;
	set->answer = answer;
	judge(kind, answer, scope, scratch, &set->j);
	/* judge() joins several character-strings in the scratch; a single one
	 * lies in the answer, which outlives the set. */
	if (set->j.record.text.s >= scratch->text &&
	    set->j.record.text.s < scratch->text + sizeof(scratch->text))
		set->j.record.text = arena_copy(&r->arena, set->j.record.text);
	free(scratch);
	set->values = value_of_set(&r->arena, answer, &set->j);
	return set;
}

static struct finding *
add_finding(struct mailauth_report *r, const struct record_set *set,
    const struct mailauth_finding *f)
{
	struct finding_list *list = set != NULL ? set->findings : &r->loose;
	struct finding *n = arena_alloc(&r->arena, sizeof(*n));

	if (n == NULL)
		return NULL;
	n->set = set;
	n->finding = *f;
	*list->end = n;
	list->end = &n->beside;
	*r->findings_end = n;
	r->findings_end = &n->next;
	r->nfindings++;
	return n;
}

/* The text that offset and length of a finding refer to: that of its record.
 * The judgement keeps only one text, so join that of another record again. */
static struct mailauth_str
finding_text(struct mailauth_report *r, const struct record_set *set,
    const struct mailauth_finding *f)
{
	char *room;
	struct txt txt;

	if (f->length == 0 || f->rr == set->j.rr)
		return set->j.record.text;
	if (f->rr >= set->answer->nrr || set->j.kind->pick == NULL)
		return STR_NONE;
	room = arena_alloc(&r->arena, set->answer->rr[f->rr].len);
	if (room == NULL ||
	    !txt_join(&set->answer->rr[f->rr], room, set->answer->rr[f->rr].len,
	        &txt))
		return STR_NONE;
	return txt.text;
}

/* The part of its text that a finding is about. */
struct mailauth_str
finding_excerpt(const struct finding *n)
{
	return str_sub(n->text, n->finding.offset, n->finding.length);
}

struct mailauth_place
set_written(const struct record_set *set)
{
	const struct mailauth_place none = { NULL, 0, 0 };

	if (set->places == NULL || set->answer->nrr == 0)
		return none;
	return set->places[set->j.rr < set->answer->nrr ? set->j.rr : 0];
}

/* Octets of a record as it is shown. */
#define SHOWN_MAX 1100

/* The record of a set that a detail names, as a whole or by the host at its
 * end; the number of records when there is no such record. */
static size_t
record_named(const struct record_set *set, struct mailauth_str detail)
{
	const struct mailauth_answer *a = set->answer;
	size_t i = a->nrr;
	char room[SHOWN_MAX];

	if (set->j.kind->show == NULL || detail.n == 0)
		return i;
	for (i = 0; i < a->nrr; i++) {
		struct writer w = writer_of(room, sizeof(room));

		set->j.kind->show(&a->rr[i], &w);
		if (w.used >= detail.n &&
		    str_eq(str_from(writer_str(&w), w.used - detail.n), detail))
			break;
	}
	return i;
}

struct mailauth_place
finding_written(const struct finding *n)
{
	const struct mailauth_place none = { NULL, 0, 0 };
	const struct record_set *set = n->set;
	size_t nrr, i;

	if (n->written.file != NULL || set == NULL || set->places == NULL)
		return n->written;
	nrr = set->answer->nrr;
	if (n->finding.rr < nrr)
		return set->places[n->finding.rr];
	if (nrr == 1 || set->j.rr < nrr)
		return set_written(set);
	/* Of several records perhaps one is meant: no place is better than a
	 * wrong one. */
	i = record_named(set, n->detail);
	return i < nrr ? set->places[i] : none;
}

/* An earlier finding of the set says the same about an equal part of the same
 * record: count it there. */
static bool
is_counted(struct finding *first, const struct record_set *set,
    const struct mailauth_finding *f, struct mailauth_str text)
{
	struct mailauth_str part = str_sub(text, f->offset, f->length);

	for (struct finding *n = first; part.n > 0 && n != NULL; n = n->next)
		if (n->set == set && n->finding.id == f->id &&
		    n->finding.rr == f->rr &&
		    str_eq(finding_excerpt(n), part)) {
			n->times += n->times > 0 ? 1 : f->repeats ? 3 : 2;
			return true;
		}
	return false;
}

/* Give a finding the remedy that its kind makes for this text. `said` is the
 * last finding of the set with one: a second finding does not repeat it, and
 * takes it over when the last one follows from it. */
static void
take_remedy(struct mailauth_report *r, const struct record_set *set,
    struct finding *n, struct finding **said)
{
	const struct mailauth_kind *kind = set->j.kind;
	enum mailauth_finding_id id = (enum mailauth_finding_id)n->finding.id;
	char room[REPAIR_MAX];
	struct writer w = arena_writer(&r->arena);
	struct writer record = writer_of(room, sizeof(room));
	bool made = kind->remedy != NULL && kind->remedy(id, n->text, &w);

	if (!made && kind->repair != NULL &&
	    kind->repair(id, n->text, &record) && !record.full) {
		put_publish_of(&w, writer_str(&record), set->answer);
		made = true;
	}
	if ((!made && !put_repair(&w, set, &n->finding, n->text)) || w.full)
		return;
	if (*said != NULL && str_eq(writer_str(&w), (*said)->remedy)) {
		if (finding_cause_here(r, *said) != n) {
			n->mended_by = *said;
			return;
		}
		(*said)->mended_by = n;
		(*said)->remedy = STR_NONE;
	}
	n->remedy = writer_str(&w);
	*said = n;
}

/* Write the detail of a finding on all records of a set. */
static void
put_set_detail(struct writer *w, const struct record_set *set,
    const struct mailauth_finding *f)
{
	const struct mailauth_answer *a = set->answer;

	if (f->id == MAILAUTH_F_TXT_PIECES ||
	    f->id == MAILAUTH_F_TXT_PIECE_BESIDE) {
		put_pieces(w, set);
	} else if (f->id == set->j.kind->multiple) {
		put_number(w, set->j.matches);
		put_text(w, " records");
	} else if (f->id == set->j.kind->dangling && a->nchain > 0) {
		put_str(w, a->chain[a->nchain - 1]);
	} else if (f->id == MAILAUTH_F_DNSSEC_BOGUS_DETAIL ||
	    finding_defers(f)) {
		/* The lookup gives the reason. */
		put_untrusted(w, a->why);
	} else {
		put_measure(w, set, f->id);
	}
}

/* Give a finding what was measured in this case. */
static void
take_detail(struct mailauth_report *r, const struct record_set *set,
    struct finding *n)
{
	const struct mailauth_kind *kind = set->j.kind;
	struct writer w = arena_writer(&r->arena);

	/* A set may have several records: the detail names the one. */
	if (n->finding.rr < set->answer->nrr && kind->show != NULL)
		kind->show(&set->answer->rr[n->finding.rr], &w);
	else if (kind->detail == NULL || n->text.n == 0 ||
	    !kind->detail(n->finding.id, n->text, &w))
		put_set_detail(&w, set, &n->finding);
	if (w.used > 0 && !w.full)
		n->detail = writer_str(&w);
}

/* Copy findings of a judgement into the report, with texts of this case. */
static void
take_findings(struct mailauth_report *r, const struct record_set *set,
    const struct mailauth_findings *log)
{
	struct finding *said = NULL;

	for (size_t i = 0; i < log->count; i++) {
		const struct mailauth_finding *f = &log->at[i];
		struct mailauth_str text = finding_text(r, set, f);
		struct finding *n;

		if (is_counted(r->findings, set, f, text))
			continue;
		n = add_finding(r, set, f);
		if (n == NULL)
			return;
		n->text = text;
		take_remedy(r, set, n, &said);
		take_detail(r, set, n);
	}
}

bool
report_fault(struct mailauth_report *r, const struct record_set *set,
    struct writer *what, struct writer *remedy)
{
	const struct mailauth_findings *log = &set->j.findings;
	struct finding best = { .set = NULL }, *said = NULL;

	for (size_t i = 0; i < log->count && best.remedy.n == 0; i++) {
		struct finding n = { .set = set, .finding = log->at[i] };

		if (severity_of(r, &n) != MAILAUTH_FAIL ||
		    log->at[i].id == set->j.kind->missing)
			continue;
		n.text = finding_text(r, set, &log->at[i]);
		take_remedy(r, set, &n, &said);
		said = NULL;
		take_detail(r, set, &n);
		if (best.set == NULL || n.remedy.n > 0)
			best = n;
	}
	if (best.set == NULL)
		return false;
	put_message(what, &best);
	put_str(remedy, best.remedy);
	return true;
}

struct mailauth_answer *
text_answer(struct arena *a, struct mailauth_str owner,
    struct mailauth_str text)
{
	struct mailauth_answer *answer = arena_alloc(a, sizeof(*answer));
	struct mailauth_rdata *rr = arena_alloc(a, sizeof(*rr));
	struct writer w = arena_writer(a);

	put_txt_strings(&w, text);
	if (answer == NULL || rr == NULL || w.full || w.used > UINT16_MAX)
		return NULL;
	*rr =
	    (struct mailauth_rdata){ (const uint8_t *)w.buf, (uint16_t)w.used };
	*answer = (struct mailauth_answer){ .name = owner,
		.rrtype = RRTYPE_TXT,
		.outcome = MAILAUTH_FOUND,
		.dnssec = MAILAUTH_DNSSEC_UNCHECKED,
		.flags = MAILAUTH_ANSWER_UNSPLIT,
		.ttl = 300,
		.rr = rr,
		.nrr = 1 };
	return answer;
}

void
report_show(struct mailauth_report *r, struct record_set *set)
{
	struct mailauth_findings lookup;

	*r->sets_end = set;
	r->sets_end = &set->next;
	r->nsets++;
	findings_clear(&lookup);
	if (set->speaks)
		judge_lookup(set->answer, &lookup);
	take_findings(r, set, &lookup);
	take_findings(r, set, &set->j.findings);
}

/* The bucket of a finding of the domain. */
static struct finding **
bucket(struct mailauth_report *r, enum mailauth_finding_id id,
    struct mailauth_str detail)
{
	return &r->told[str_hash(detail, (uint32_t)id) % FINDING_BUCKETS];
}

bool
report_has(struct mailauth_report *r, enum mailauth_finding_id id,
    struct mailauth_str detail)
{
	const struct finding *n = *bucket(r, id, detail);

	while (n != NULL && (n->finding.id != id || !str_eq(n->detail, detail)))
		n = n->like;
	return n != NULL;
}

bool
report_has_id(const struct mailauth_report *r, enum mailauth_finding_id id)
{
	const struct finding *n = r->loose.first;

	while (n != NULL && n->finding.id != id)
		n = n->beside;
	return n != NULL;
}

struct finding *
report_add(struct mailauth_report *r, const struct record_set *set,
    enum mailauth_finding_id id, struct mailauth_str detail)
{
	return report_add_at(r, set, id, STR_NONE, detail);
}

struct finding *
report_add_at(struct mailauth_report *r, const struct record_set *set,
    enum mailauth_finding_id id, struct mailauth_str where,
    struct mailauth_str detail)
{
	struct mailauth_finding f = { .id = (uint16_t)id,
		.rr = MAILAUTH_RR_ALL };
	struct finding *n;
	struct writer w;

	if (id == MAILAUTH_F_NONE)
		return NULL;
	if (where.n > 0) {
		f.rr = set->j.rr;
		f.offset = (uint16_t)(where.s - set->j.record.text.s);
		f.length = (uint16_t)where.n;
	}
	n = add_finding(r, set, &f);
	if (n == NULL)
		return NULL;
	if (where.n > 0)
		n->text = set->j.record.text;
	n->detail = arena_copy(&r->arena, detail);
	w = arena_writer(&r->arena);
	if (set != NULL && put_repair(&w, set, &f, detail) && !w.full)
		n->remedy = writer_str(&w);
	if (set == NULL) {
		struct finding **at = bucket(r, id, n->detail);

		n->like = *at;
		*at = n;
	}
	return n;
}

void
report_incomplete(struct mailauth_report *r, struct mailauth_str what,
    const char *why)
{
	struct incomplete *n;

	for (n = r->incomplete; n != NULL; n = n->next)
		if (str_eq(n->what, what) && strcmp(n->why, why) == 0)
			return;
	n = arena_alloc(&r->arena, sizeof(*n));
	if (n == NULL)
		return;
	n->what = arena_copy(&r->arena, what);
	n->why = why;
	*r->incomplete_end = n;
	r->incomplete_end = &n->next;
}

enum mailauth_severity
severity_of(const struct mailauth_report *r, const struct finding *n)
{
	enum mailauth_severity s =
	    finding_severity(&n->finding, r->scope.profile);
	enum mailauth_severity of_set =
	    n->set != NULL ? n->set->most : MAILAUTH_PASS;

	return of_set != MAILAUTH_PASS && s > of_set ? of_set : s;
}

void
put_sentence(struct writer *w, const struct finding *n)
{
	put_text(w, finding_row(n->finding.id)->sentence);
	if (n->times > 0) {
		put_text(w, " (");
		put_number(w, n->times);
		put_text(w, " times)");
	}
	if (n->detail.n > 0) {
		put_text(w, ": ");
		put_str(w, n->detail);
	}
}

void
put_message(struct writer *w, const struct finding *n)
{
	struct mailauth_str where = finding_excerpt(n);

	put_sentence(w, n);
	if (where.n > 0) {
		put_text(w, ": \"");
		put_untrusted(w, str_sub(where, 0, EXCERPT_MAX));
		put_text(w, where.n > EXCERPT_MAX ? "...\"" : "\"");
	}
}

bool
put_remedy(struct writer *w, const struct finding *n)
{
	const char *general = finding_row(n->finding.id)->remedy;

	if (n->remedy.n > 0)
		put_str(w, n->remedy);
	else
		put_text(w, general);
	return n->remedy.n > 0 || general[0] != '\0';
}

bool
set_has_text(const struct record_set *set)
{
	return set->answer->outcome == MAILAUTH_FOUND &&
	    set->answer->dnssec != MAILAUTH_DNSSEC_BOGUS && set->j.matches > 0;
}

/* Write a text of the answer if it is a record of the set's kind. */
static bool
put_text_at(struct writer *w, const struct record_set *set, size_t i)
{
	char room[UINT16_MAX];
	struct txt txt;

	if (!txt_join(&set->answer->rr[i], room, sizeof(room), &txt) ||
	    set->j.kind->pick(txt.text) != PICK_YES)
		return false;
	put_untrusted(w, txt.text);
	return true;
}

bool
put_set_record(struct writer *w, const struct record_set *set, size_t *at)
{
	const struct mailauth_answer *a = set->answer;
	bool several = set->j.kind->pick != NULL && set->j.matches > 1;

	if (set->j.kind->pick != NULL && !several && (*at)++ == 0) {
		put_untrusted(w, set->j.record.text);
		return true;
	}
	for (; (several || set->j.kind->show != NULL) && *at < a->nrr;) {
		size_t before = w->used, i = (*at)++;

		if (!several)
			set->j.kind->show(&a->rr[i], w);
		if (several ? put_text_at(w, set, i) : w->used > before)
			return true;
	}
	return false;
}

void
put_set_text(struct writer *w, const struct record_set *set)
{
	size_t at = 0, before;

	put_set_record(w, set, &at);
	do {
		before = w->used;
		put_text(w, ", ");
	} while (put_set_record(w, set, &at));
	w->used = before;
}

/* Findings added after the judgement can change the verdict: a finding that
 * breaks or spoils the record makes it invalid, and one that defers makes a
 * valid record temperror, unless it is about what the record leads to and was
 * not looked at. A verdict of none or temperror stays, since there is no record
 * to break. */
enum mailauth_verdict
set_verdict(const struct mailauth_report *r, const struct record_set *set)
{
	enum mailauth_verdict v = set->j.verdict;

	(void)r;
	if (v != MAILAUTH_VALID && v != MAILAUTH_INVALID)
		return v;
	for (const struct finding *n = set->findings->first; n != NULL;
	     n = n->beside) {
		uint8_t effect = finding_row(n->finding.id)->effect;

		if (is_invalid(set->j.kind, effect == EFFECT_BREAKS,
		        effect == EFFECT_SPOILS))
			v = MAILAUTH_INVALID;
		else if (finding_defers(&n->finding) &&
		    n->finding.id != MAILAUTH_F_LIMIT_REACHED &&
		    v == MAILAUTH_VALID)
			v = MAILAUTH_TEMPERROR;
	}
	return v;
}

enum mailauth_severity
set_severity(const struct mailauth_report *r, const struct record_set *set)
{
	enum mailauth_severity worst = MAILAUTH_PASS;

	for (const struct finding *n = set->findings->first; n != NULL;
	     n = n->beside)
		if (severity_of(r, n) > worst)
			worst = severity_of(r, n);
	return worst;
}

/* A part of the report decides the result, as that of a plan does, or else the
 * findings and the verdicts of record sets do. */
enum mailauth_result
mailauth_report_result(const struct mailauth_report *r)
{
	struct result_sum sum = { false, false, false };

	if (r == NULL)
		return MAILAUTH_RESULT_TEMPERROR;
	for (const struct report_part *p = r->parts; p != NULL; p = p->next)
		if (p->type->result != NULL)
			return p->type->result(p->data);
	for (const struct finding *n = r->findings; n != NULL; n = n->next)
		result_add(&sum, severity_of(r, n),
		    finding_defers(&n->finding));
	for (const struct record_set *i = r->sets; i != NULL; i = i->next)
		sum.deferred =
		    sum.deferred || i->j.verdict == MAILAUTH_TEMPERROR;
	return result_sum(&sum);
}

/* The least of the states. A failed lookup has none, unless it failed since the
 * answer is bogus. */
enum mailauth_dnssec
mailauth_report_dnssec(const struct mailauth_report *r)
{
	enum mailauth_dnssec least = MAILAUTH_DNSSEC_SECURE;
	bool any = false;

	for (const struct record_set *i = r != NULL ? r->sets : NULL; i != NULL;
	     i = i->next) {
		const struct mailauth_answer *a = i->answer;

		if (a->outcome == MAILAUTH_FAILED &&
		    a->dnssec != MAILAUTH_DNSSEC_BOGUS)
			continue;
		any = true;
		if (a->dnssec < least)
			least = a->dnssec;
	}
	return any                   ? least :
	    r != NULL && r->unproved ? MAILAUTH_DNSSEC_INDETERMINATE :
	                               MAILAUTH_DNSSEC_UNCHECKED;
}
