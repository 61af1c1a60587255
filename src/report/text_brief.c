/*
 * text_brief.c - what a record set says, in a few words
 * SPDX-License-Identifier: BSD-3-Clause
 */
#include "report/page.h"

void
page_brief(struct page *p, struct writer *w, const struct record_set *set)
{
	(void)p;
	put_set_text(w, set);
}
