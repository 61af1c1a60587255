/*
 * merge_text.c - a merge of SPF for people
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * The first line is the merged record alone, so that scripts can take it; a
 * refused merge has no such line.
 */
#include "report/page.h"
#include "spf/merge_report.h"

static void
put_merge(struct page *p, const void *data)
{
	const struct merge_report *m = data;

	if (m->merged != NULL) {
		put_text(&p->w, m->merged);
		put_char(&p->w, '\n');
	}
	if (m->zone_line != NULL) {
		put_text(&p->w, m->zone_line);
		put_char(&p->w, '\n');
	}
	if (m->merged == NULL) {
		page_word(p, MAILAUTH_FAIL, "refused");
		put_text(&p->w, ": there is no merged record\n");
	}
	for (const struct merge_part *x = m->parts; x != NULL; x = x->next) {
		if (x->by.n == 0)
			continue;
		put_text(&p->w, "  ");
		put_untrusted(&p->w, x->text);
		put_text(&p->w, " is ");
		put_text(&p->w, x->fate);
		put_text(&p->w, " by ");
		put_untrusted(&p->w, x->by);
		put_char(&p->w, '\n');
	}
	if (m->counted && (m->looked_up || p->verbose)) {
		put_text(&p->w, "  lookups ");
		put_text(&p->w, m->at_least ? "at least " : "");
		put_number(&p->w, m->lookups);
		put_text(&p->w, " of 10");
		put_text(&p->w, m->looked_up ? "\n" : " in the text alone\n");
	}
}

const struct part_type merge_part_type = {
	.name = "merge",
	.head = put_merge,
	.json = merge_json,
	.no_records = true,
};
