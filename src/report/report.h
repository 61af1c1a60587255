/*
 * report.h - the report on one request
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * report: keeps record sets, findings and parts in the order in which they are
 * shown, and frames text and JSON. It knows no part: each part brings its own
 * printers (struct part_type). A report owns an arena in which answers, texts
 * and findings live; one call frees it. May include base, record and judge. In:
 * report_show(), report_add(), report_add_part(). Out: mailauth_report_text(),
 * mailauth_report_json() and the views of the installed header.
 */
#ifndef REPORT_REPORT_H
#define REPORT_REPORT_H

#include "base/arena.h"
#include "judge/names.h"
#include "judge/value.h"
#include "judge/verdict.h"

/** The DNSSEC state of one link of a chain of aliases. */
struct hop {
	struct mailauth_str name;
	uint16_t rrtype;
	enum mailauth_dnssec dnssec;
};

/** One record set: the records of one kind at one name, judged. */
struct record_set {
	struct record_set *next;
	const struct mailauth_answer *answer;
	struct mailauth_judgement j;
	/** What the records say: value_of_set(), and what a subject knows
	 * beyond that. NULL: nothing. */
	struct value *values;
	const struct hop *hops; /* of a chain with mixed states */
	size_t nhops;
	/** Findings on the lookup itself go to this set: it is the first one
	 * listed of the answer. */
	bool speaks;
	/** Nobody is known to use the record: its findings have this severity
	 * at most. MAILAUTH_PASS: no limit. */
	enum mailauth_severity most;
	/** Where each record of the answer is written; NULL: not known. */
	const struct mailauth_place *places;
	struct finding_list *findings; /* its own, in their order */
	size_t place; /* for report_order() */
	bool listed; /* for the engine: is_listed() */
	bool *beside; /* for the engine: some set of the answer is listed; NULL:
	               * the set belongs to no answer of the check */
};

/** Findings of one set, linked by `beside`. */
struct finding_list {
	struct finding *first, **end;
};

/** One finding, ready to be shown. */
struct finding {
	struct finding *next;
	struct finding *beside; /* the next one of the same set */
	struct finding *like; /* of the domain: see report_has() */
	const struct record_set *set; /* NULL: of the domain as a whole */
	struct mailauth_finding finding;
	struct mailauth_str text; /* what offset and length refer to */
	struct mailauth_str detail; /* of this case; may be empty */
	struct mailauth_str remedy; /* of this case; empty: the table's */
	const struct finding *mended_by; /* one with the same remedy; NULL */
	/** Where it is in a file; without one where its record is. */
	struct mailauth_place written;
	size_t place; /* for report_order() */
	struct finding *same; /* the next one of its id: report_follow() */
	const struct finding *follows; /* the cause that it follows from, or
	                                * NULL: report_follow() */
	enum mailauth_severity worst; /* of what follows from it */
	unsigned times; /* found more than once about equal texts; else 0 */
};

/** Something that the report does not tell of, since it was not looked at. */
struct incomplete {
	struct incomplete *next;
	struct mailauth_str what; /* printable: a name, or words */
	const char *why; /* a constant */
};

/** Why: the name is outside of the given zones. The report lists these names in
 * a line of their own. */
#define INCOMPLETE_OUTSIDE "outside"

#define FINDING_BUCKETS 64

/** A DKIM key of a record set. */
struct key_seen {
	struct key_seen *next;
	const struct record_set *set;
	char *name;
	char sha256[65];
	int64_t first_seen;
};

struct page;
struct json_t;

/** The printers of one type of part, a constant of the part's room. The first
 * part of a report frames it. */
struct part_type {
	const char *name; /* "spf"; of a later part the name of its member */
	/** Write the head of a report with this first part; NULL: the head that
	 * page_head() writes. */
	void (*head)(struct page *p, const void *data);
	/** Write words for the first line, with ", " behind them; may be
	 * NULL. */
	void (*brief)(struct page *p, const void *data);
	/** Write the lines behind the findings, when all is fine, in place of a
	 * line for each kind; false, and nothing is written, where these say
	 * more. May be NULL. */
	bool (*sum)(struct page *p, const void *data);
	/** Write lines between the head and the findings; may be NULL. */
	void (*text)(struct page *p, const void *data);
	/** Make the whole document for a first part, or the value of one member
	 * for a later part; NULL when memory ran out. The function of the first
	 * part decides where the members go. */
	struct json_t *(*json)(const struct mailauth_report *r,
	    const void *data, struct arena *a);
	/** The result of a report with this part; NULL: its findings decide. */
	enum mailauth_result (*result)(const void *data);
	bool no_incomplete; /* text does not end with what was not looked at */
	bool no_records; /* text has the findings on record sets, but not the
	                  * sets */
};

/** A part of a report. */
struct report_part {
	struct report_part *next;
	const struct part_type *type;
	const void *data;
};

struct mailauth_report {
	struct arena arena;
	struct mailauth_str domain; /* without a final dot; of parse: empty */
	struct mailauth_scope scope;
	struct record_set *sets, **sets_end;
	struct finding *findings, **findings_end;
	struct finding_list loose; /* of the domain as a whole */
	struct finding *told[FINDING_BUCKETS]; /* these, by id and detail */
	const char *file; /* of the last place; NULL: there was none */
	struct key_seen *keys, **keys_end;
	struct incomplete *incomplete, **incomplete_end;
	size_t nsets, nfindings;
	struct mailauth_record_view *record_views; /* made on first use */
	struct mailauth_finding_view *finding_views;
	struct report_part *parts,
	    **parts_end; /* the first frames the report */
	size_t queries;
	double seconds;
	int64_t time; /* of the start, seconds since 1970; 0: nothing was
	               * looked up */
	struct mailauth_str origin; /* where answers were to come from */
	const char *source; /* where answers came from, when that is not what
	                     * was asked for; else NULL */
	bool unproved; /* the source gave no proof of anything */
};

/** An empty report; NULL when memory ran out. */
struct mailauth_report *report_new(void);

/** Add a part; `data` lives as long as the report. */
void report_add_part(struct mailauth_report *r, const struct part_type *type,
    const void *data);
/** Add a part in front of the others: it frames the report. */
void report_add_frame(struct mailauth_report *r, const struct part_type *type,
    const void *data);
/** The data of the part of this type; NULL when the report has no such part. */
const void *
report_data(const struct mailauth_report *r, const struct part_type *type);

/** Octets from any source as a printable C string in the report's arena; NULL
 * for an empty string and when memory ran out. */
const char *report_untrusted(struct mailauth_report *r, struct mailauth_str s);

/** Judge an answer as `kind`, under `scope` in place of the report's scope;
 * NULL when memory ran out. The record set borrows the answer and is not listed
 * yet. */
struct record_set *report_judge(struct mailauth_report *r,
    const struct mailauth_kind *kind, const struct mailauth_answer *answer,
    const struct mailauth_scope *scope);

/** List a record set in the report, with the findings of its judgement. */
void report_show(struct mailauth_report *r, struct record_set *set);

/** Write what is wrong with the records of a set that is not listed, and what to
 * publish instead, where that is known; false when nothing fails. */
bool report_fault(struct mailauth_report *r, const struct record_set *set,
    struct writer *what, struct writer *remedy);

/** The domain as a whole has this finding already, with this detail. */
bool report_has(struct mailauth_report *r, enum mailauth_finding_id id,
    struct mailauth_str detail);

/** The domain as a whole has this finding. */
bool
report_has_id(const struct mailauth_report *r, enum mailauth_finding_id id);

/** Add a finding that the records alone do not show, on a record set or with
 * NULL on the domain as a whole. `detail` must be printable and may be empty;
 * the report keeps a copy. NULL for MAILAUTH_F_NONE and when memory ran out. */
struct finding *report_add(struct mailauth_report *r,
    const struct record_set *set, enum mailauth_finding_id id,
    struct mailauth_str detail);

/** The same with a place: `where` is part of the text of the set's record. */
struct finding *report_add_at(struct mailauth_report *r,
    const struct record_set *set, enum mailauth_finding_id id,
    struct mailauth_str where, struct mailauth_str detail);

/** The answer of DNS to who asks for the TXT records of `owner`, where `text`
 * is the only one; NULL when memory ran out, or when it is too long for a
 * record. `a` owns the answer; the owner name is borrowed. */
struct mailauth_answer *text_answer(struct arena *a, struct mailauth_str owner,
    struct mailauth_str text);

/** Say what was not looked at, and why: "DKIM", "name a selector". It never
 * changes the verdict. The report keeps a copy of `what`, which must be
 * printable; `why` is a constant. The same again adds nothing. */
void report_incomplete(struct mailauth_report *r, struct mailauth_str what,
    const char *why);

/** Put record sets, findings and what was not looked at into their canonical
 * order, which does not depend on the order in which answers arrived; then
 * report_follow(). */
void report_order(struct mailauth_report *r);

/** Severity of a finding under the report's profile. */
enum mailauth_severity
severity_of(const struct mailauth_report *r, const struct finding *n);
/** A finding of this id follows from one of the id `cause` about the same
 * records or the same name. */
bool
finding_may_follow(enum mailauth_finding_id id, enum mailauth_finding_id cause);
/** Find the cause of each finding, when all are in the report. */
void report_follow(struct mailauth_report *r);
/** The same for one finding, by those of its set, while more may come. */
const struct finding *
finding_cause_here(const struct mailauth_report *r, const struct finding *n);
/** The severity that a cause is shown with: the worst of its own and those of
 * its consequences. */
enum mailauth_severity
severity_shown(const struct mailauth_report *r, const struct finding *n);
/** Where the finding is written, or the record that it is about; `file` is NULL
 * when that is not known. */
struct mailauth_place finding_written(const struct finding *n);
/** Where the record of a set is written, or the first of several; `file` is
 * NULL when that is not known. */
struct mailauth_place set_written(const struct record_set *set);
/** The text at the finding's place; empty without a place. */
struct mailauth_str finding_excerpt(const struct finding *n);
/** Write what is wrong: the sentence of the table, then the detail of the case,
 * then the text at the finding's place. */
void put_message(struct writer *w, const struct finding *n);
/** The same without the text at its place. */
void put_sentence(struct writer *w, const struct finding *n);
/** Write what to do; false when there is nothing to do. */
bool put_remedy(struct writer *w, const struct finding *n);
/** Write the next record of a set in presentation form; `at` is 0 at first.
 * False at the end. Of several texts each is a record, though receivers can use
 * none. */
bool put_set_record(struct writer *w, const struct record_set *set, size_t *at);
/** Write the records of a record set in presentation form, with ", " between
 * them. */
void put_set_text(struct writer *w, const struct record_set *set);
/** The record set has records to show. */
bool set_has_text(const struct record_set *set);
/** The verdict of a record set by all its findings, later ones included. */
enum mailauth_verdict
set_verdict(const struct mailauth_report *r, const struct record_set *set);
/** The worst severity of all findings of a record set. */
enum mailauth_severity
set_severity(const struct mailauth_report *r, const struct record_set *set);

#endif /* REPORT_REPORT_H */
