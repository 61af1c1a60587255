/*
 * report.h - everything one check or one parse has to say
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * A report owns an arena in which answers, texts and findings live; one call
 * frees it. Items are record sets, notes are findings; both are kept in the
 * order in which they are shown.
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
struct item {
	struct item *next;
	const struct mailauth_answer *answer;
	struct mailauth_judgement j;
	const struct hop *hops; /* of a chain with mixed states */
	size_t nhops;
	bool speaks; /* the lookup itself is told of with this item */
};

/** One finding, ready to be shown. */
struct note {
	struct note *next;
	const struct item *item; /* NULL: of the domain as a whole */
	struct mailauth_finding finding;
	struct mailauth_str text; /* what offset and length refer to */
	struct mailauth_str detail; /* of this very case; may be empty */
	struct mailauth_str remedy; /* better than the table's; may be empty */
};

/** A DKIM key that was seen. */
struct key_seen {
	struct key_seen *next;
	const struct item *item;
	char *name;
	char sha256[65];
	int64_t first_seen;
};

/** A term of SPF that asks, in the tree of all that do. */
struct spf_node {
	struct spf_node *next; /* of the same record */
	struct spf_node *child; /* first of the record it leads to */
	struct mailauth_str term, domain; /* of the record it stands in */
	struct mailauth_str target; /* name it asks for; empty: not known */
	struct mailauth_str record; /* it leads to; empty: none */
	const char *fate; /* "match", "no-match", "error", "not-reached"; NULL
	                   * when no address was given */
	const char *result; /* of include and redirect; else NULL */
	const char *why; /* of an error; else NULL */
	bool asks; /* it is one of the ten */
	bool has_dnssec; /* it has asked */
	enum mailauth_dnssec dnssec;
	unsigned below; /* terms that ask, below it */
	unsigned total; /* counted so far, with those below it */
	unsigned voids, void_queries; /* here and below */
	bool varies; /* what it asks depends on the sender */
	bool unknown; /* what it found could not be told */
	bool loop; /* it leads back */
};

/** What one organization's records cost. */
struct spf_spender {
	struct spf_spender *next;
	struct mailauth_str name;
	unsigned lookups;
};

/** An evaluation of SPF. */
struct spf_report {
	struct mailauth_spf_view view;
	struct mailauth_str domain, ip, mail_from, helo; /* as given; may be
	                                                  * empty */
	const char *scope;
	unsigned void_queries;

	bool has_ranges; /* likewise */
	bool ranges_are_least;
	uint64_t ipv4;
	const char *ipv6; /* decimal */
	struct mailauth_str record;
	struct spf_node *tree;
	struct spf_spender *spenders;
};

struct dmarc_report;
struct explain_report;
struct plan_report;
struct merge_report;
struct bimi_report;

struct mailauth_report {
	struct arena arena;
	struct mailauth_str domain; /* without a final dot; of parse: empty */
	struct mailauth_scope scope;
	struct item *items, **items_end;
	struct note *notes, **notes_end;
	struct key_seen *keys, **keys_end;
	size_t nitems, nnotes;
	struct mailauth_record_view *record_views; /* made when asked for */
	struct mailauth_finding_view *finding_views;
	const struct spf_report *spf; /* of an evaluation of SPF; else NULL */
	const struct dmarc_report *dmarc; /* of DMARC alone, or of a message;
	                                   * else NULL */
	const struct explain_report *explain; /* of a message; else NULL */
	const struct plan_report *plan; /* records to publish; else NULL */
	const struct merge_report *merge; /* of a merge of SPF; else NULL */
	const struct bimi_report *bimi; /* files of a check; else NULL */
	size_t queries;
	double seconds;
};

/** An empty report; NULL when memory ran out. */
struct mailauth_report *report_new(void);

/** Add an item for an answer, judged as `kind` says with `scope` in place of
 * the report's; NULL when memory ran out. The text it was judged from is
 * copied into the arena. */
struct item *report_judge(struct mailauth_report *r,
    const struct mailauth_kind *kind, const struct mailauth_answer *answer,
    const struct mailauth_scope *scope);

/** Put the item, with the findings its judgement made, into what is shown. */
void report_show(struct mailauth_report *r, struct item *item);

/** Add a finding about an item (or about the domain, with NULL) that its
 * records alone do not show. `detail` and `remedy` are printable and may be
 * empty; they are copied. */
struct note *report_add(struct mailauth_report *r, const struct item *item,
    enum mailauth_finding_id id, struct mailauth_str detail);

/** The same with a place in the text of the item. */
struct note *report_add_at(struct mailauth_report *r, const struct item *item,
    enum mailauth_finding_id id, struct mailauth_str where,
    struct mailauth_str detail);

/** Severity of a note under the report's profile. */
enum mailauth_severity
note_severity(const struct mailauth_report *r, const struct note *n);
/** What is so, in one sentence with the case's detail or the text in
 * question. */
void put_message(struct writer *w, const struct note *n);
/** What to do; false (nothing written) when there is nothing. */
bool put_remedy(struct writer *w, const struct note *n);
/** The records of an item in presentation form. */
void put_item_text(struct writer *w, const struct item *item);
/** The item has records to show. */
bool item_has_text(const struct item *item);
/** The verdict of an item with all its notes, those made later included. */
enum mailauth_verdict
item_verdict(const struct mailauth_report *r, const struct item *item);
/** The worst severity of all notes of an item. */
enum mailauth_severity
item_severity(const struct mailauth_report *r, const struct item *item);

#endif /* REPORT_REPORT_H */
