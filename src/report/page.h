/*
 * page.h - what the writers of text share
 * SPDX-License-Identifier: BSD-3-Clause
 */
#ifndef REPORT_PAGE_H
#define REPORT_PAGE_H

#include "report/report.h"

/** A report being written. */
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

/** The common head line, with another subject than the report's domain (NULL:
 * that) and another DNSSEC state than its weakest. */
void
page_head(struct page *p, const char *subject, enum mailauth_dnssec dnssec);

#endif /* REPORT_PAGE_H */
