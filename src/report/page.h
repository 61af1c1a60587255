/*
 * page.h - functions that all printers of text share
 * SPDX-License-Identifier: BSD-3-Clause
 */
#ifndef REPORT_PAGE_H
#define REPORT_PAGE_H

#include "report/report.h"

/** Columns in front of what a finding says. */
#define PAGE_INDENT 8

/** What a finding is to a reader, the most urgent first. That nothing could be
 * told is no warning: it may hide a failure. */
enum rank {
	RANK_FAIL,
	RANK_OPEN, /* could not tell */
	RANK_WARN,
	RANK_NOTICE,
	RANK_INFO,
	RANK_PASS,
	RANKS,
};

/** A finding that the page shows, or one that an earlier finding speaks for. */
struct item {
	const struct finding *finding;
	enum rank rank;
	struct item *more; /* next finding that says the same */
	bool follows; /* an earlier finding speaks for it */
};

/** A report on its way to text. */
struct page {
	struct writer w;
	const struct mailauth_report *r;
	bool colour;
	bool verbose;
	size_t width; /* columns of a line */
	enum rank level; /* the last rank that is shown */
	struct arena *scratch;
	struct item *items;
	size_t nitems;
	struct mailauth_str last; /* the record shown last */
	bool gap; /* a blank line belongs in front of what comes next */
	bool headed; /* the page has a head line */
	bool late; /* the seconds had no room in it */
	bool unchecked; /* it leaves out that DNSSEC was not checked */
};

/** Blanks from column `used` to column `width`. */
void page_pad(struct page *p, size_t used, size_t width);
/** A word in the colour of a severity. */
void page_word(struct page *p, enum mailauth_severity like, const char *text);
/** The mark of a rank in its colour, and blanks up to column PAGE_INDENT. */
void page_mark(struct page *p, enum rank rank);
/** A word in the colour of a rank. */
void page_like(struct page *p, enum rank rank, const char *text);

/** Write printable text in lines that begin at column `indent`, and end the
 * last one; the first begins at `column`. A line breaks at blanks, but not
 * inside of 'what is to be pasted' or ( "what is" "to be pasted" ). */
void page_wrap(struct page *p, size_t column, size_t indent,
    struct mailauth_str text);
/** How much of a record is shown. */
enum record_form {
	RECORD_SHORT, /* of a long one the start, and what is around the place */
	RECORD_WHOLE,
	RECORD_LINE, /* the line of the place */
};

/** Write octets of a record at column PAGE_INDENT, with a caret under the start
 * of `where`, which may be empty. With a label, which may be NULL, the caret is
 * under its end. */
void page_record(struct page *p, struct mailauth_str text,
    struct mailauth_str where, enum record_form form, const char *label);

/** Write the head line that reports have in common: `subject` (NULL: the
 * report's domain), the result, and a DNSSEC state. */
void
page_head(struct page *p, const char *subject, enum mailauth_dnssec dnssec);
/** The same with the DNSSEC states of the domain's own names. */
void page_head_domain(struct page *p);

/** Write what the head line had no room for: profile, source, seconds. */
void page_circumstances(struct page *p);

/** Columns of a text that has colours. */
size_t page_columns(struct mailauth_str text);
/** A text without the final dots of the names in it: "g.test.: -all" becomes
 * "g.test: -all". What is quoted to be pasted stays as it is. */
struct mailauth_str page_without_dots(struct page *p, struct mailauth_str text);

/** A DNSSEC state in words. */
const char *page_dnssec(enum mailauth_dnssec v);

/** Collect what the page shows of the findings. */
void page_collect(struct page *p);
/** Write a remedy as people paste it: a record between quotes, and one that is
 * too long for one string as quoted strings for a zone file. */
void page_remedy(struct writer *w, struct mailauth_str text);
/** How many findings of this rank there are, equal ones counted once. */
size_t page_count(const struct page *p, enum rank rank);
/** Write the findings, the most urgent first. */
void page_findings(struct page *p);
/** Write the records of a set in lines of their own. */
void page_set_text(struct page *p, const struct record_set *set, bool whole);
/** Write a line for each kind of record that is fine, then what is not
 * published. */
void page_kinds(struct page *p);
/** Record sets that are not known and have no finding that says so. */
size_t page_open_kinds(const struct page *p);

/** Write what a set says in a few words: the policy, the keys, the hosts. A
 * text that is longer than `room` is cut. */
void page_brief(const struct page *p, struct writer *w,
    const struct record_set *set, size_t room);
/** The words on the MX records have the addresses of this set. */
bool page_is_in_mx(const struct page *p, const struct record_set *set);

/** The signatures of the domain itself do not verify. */
bool page_is_bogus(const struct page *p);
/** The set is of the domain itself or of a name below it. */
bool page_is_own(const struct page *p, const struct record_set *set);
/** A blank line, unless the page begins here. */
void page_gap(struct page *p);
/** A line at the foot of the page; nothing for an empty text. */
void page_foot(struct page *p, struct mailauth_str text);
/** The rank of a severity. */
enum rank page_rank(enum mailauth_severity s);
/** A name without its final dot. */
void page_name(struct page *p, struct mailauth_str name);

#endif /* REPORT_PAGE_H */
