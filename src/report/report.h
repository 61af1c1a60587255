/*
 * report.h - everything one request has to say
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
#include "judge/verdict.h"

/** The DNSSEC state of one link of a chain of aliases. */
struct hop {
	struct mailauth_str name;
	uint16_t rrtype;
	enum mailauth_dnssec dnssec;
};

/** One record set that was looked at. */
struct record_set {
	struct record_set *next;
	const struct mailauth_answer *answer;
	struct mailauth_judgement j;
	const struct hop *hops; /* of a chain with mixed states */
	size_t nhops;
	bool speaks; /* findings on the lookup itself belong to this set */
};

/** One finding, ready to be shown. */
struct finding {
	struct finding *next;
	const struct record_set *set; /* NULL: of the domain as a whole */
	struct mailauth_finding finding;
	struct mailauth_str text; /* what offset and length refer to */
	struct mailauth_str detail; /* of this very case; may be empty */
	struct mailauth_str remedy; /* better than the table's; may be empty */
};

/** A DKIM key that was seen. */
struct key_seen {
	struct key_seen *next;
	const struct record_set *set;
	char *name;
	char sha256[65];
	int64_t first_seen;
};

struct page;
struct json_t;

/** What a part of a report is in each format; a constant of its room. The
 * first part of a report gives it its frame. */
struct part_type {
	const char *name; /* "spf"; of a later part the name of its member */
	/** Of a first part, the head in place of the common one; may be
	 * NULL. */
	void (*head)(struct page *p, const void *data);
	/** Lines between the head and the findings; may be NULL. */
	void (*text)(struct page *p, const void *data);
	/** Of a first part the whole document, of a later one the value of
	 * its member; NULL when memory ran out. The first part says where the
	 * members go. May be NULL for a later part. */
	struct json_t *(*json)(const struct mailauth_report *r,
	    const void *data, struct arena *a);
	/** The result of a report with this part; NULL: its findings decide. */
	enum mailauth_result (*result)(const void *data);
	bool no_records; /* a text lists findings on record sets without the
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
	struct key_seen *keys, **keys_end;
	size_t nsets, nfindings;
	struct mailauth_record_view *record_views; /* made when asked for */
	struct mailauth_finding_view *finding_views;
	struct report_part *parts,
	    **parts_end; /* the first frames the report */
	size_t queries;
	double seconds;
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

/** Octets from anywhere as a C string that can be shown, in the report's arena;
 * NULL when there are none or memory ran out. */
const char *report_untrusted(struct mailauth_report *r, struct mailauth_str s);

/** Make a record set of an answer, judged as `kind` says with `scope` in place of
 * the report's; NULL when memory ran out. The text it was judged from is
 * copied into the arena. */
struct record_set *report_judge(struct mailauth_report *r,
    const struct mailauth_kind *kind, const struct mailauth_answer *answer,
    const struct mailauth_scope *scope);

/** List a record set in the report, with the findings of its judgement. */
void report_show(struct mailauth_report *r, struct record_set *set);

/** Add a finding about a record set (or about the domain, with NULL) that its
 * records alone do not show. `detail` and `remedy` are printable and may be
 * empty; they are copied. */
struct finding *report_add(struct mailauth_report *r,
    const struct record_set *set, enum mailauth_finding_id id,
    struct mailauth_str detail);

/** The same with a place in the text of the record set. */
struct finding *report_add_at(struct mailauth_report *r,
    const struct record_set *set, enum mailauth_finding_id id,
    struct mailauth_str where, struct mailauth_str detail);

/** Severity of a finding under the report's profile. */
enum mailauth_severity
severity_of(const struct mailauth_report *r, const struct finding *n);
/** What is so, in one sentence with the case's detail or the text in
 * question. */
void put_message(struct writer *w, const struct finding *n);
/** What to do; false (nothing written) when there is nothing. */
bool put_remedy(struct writer *w, const struct finding *n);
/** The records of a record set in presentation form. */
void put_set_text(struct writer *w, const struct record_set *set);
/** The record set has records to show. */
bool set_has_text(const struct record_set *set);
/** The verdict of a record set with all its findings, later ones included. */
enum mailauth_verdict
set_verdict(const struct mailauth_report *r, const struct record_set *set);
/** The worst severity of all findings of a record set. */
enum mailauth_severity
set_severity(const struct mailauth_report *r, const struct record_set *set);

#endif /* REPORT_REPORT_H */
