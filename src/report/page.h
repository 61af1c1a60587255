/*
 * page.h - functions that all printers of text share
 * SPDX-License-Identifier: BSD-3-Clause
 */
#ifndef REPORT_PAGE_H
#define REPORT_PAGE_H

#include "report/report.h"

/** A report on its way to text. */
struct page {
	struct writer w;
	const struct mailauth_report *r;
	bool colour;
	bool verbose;
};

/** Blanks from column `used` to column `width`. */
void page_pad(struct page *p, size_t used, size_t width);
/** A word in the colour of a severity. */
void page_word(struct page *p, enum mailauth_severity like, const char *text);

/** Write the head line that reports have in common: `subject` (NULL: the
 * report's domain), the result, and a DNSSEC state. */
void
page_head(struct page *p, const char *subject, enum mailauth_dnssec dnssec);

#endif /* REPORT_PAGE_H */
