/*
 * text.c - a logo and its certificate for people
 * SPDX-License-Identifier: BSD-3-Clause
 */
#include "bimi/report.h"
#include "report/page.h"

static void
put_file(struct page *p, const char *file)
{
	put_untrusted(&p->w, (struct mailauth_str){ file, strlen(file) });
}

static void
put_bimi(struct page *p, const void *data)
{
	const struct bimi_report *b = data;
	const struct bimi_svg_report *s = b->svg;
	const struct bimi_cert_report *c = b->cert;

	if (s != NULL) {
		put_text(&p->w, "  logo    ");
		put_file(p, s->file);
		put_text(&p->w, ": ");
		if (s->octets > 0)
			put_number(&p->w, s->octets);
		put_text(&p->w,
		    s->octets == 0 ? "could not be read" :
		        s->zipped  ? " octets, decompressed" :
		                     " octets");
		if (s->title.n > 0) {
			put_text(&p->w, ", \"");
			put_untrusted(&p->w, s->title);
			put_char(&p->w, '"');
		}
		put_char(&p->w, '\n');
	}
	if (c == NULL)
		return;
	put_text(&p->w, "  mark    ");
	put_file(p, c->file);
	if (c->subject != NULL) {
		put_text(&p->w, ": ");
		put_text(&p->w, c->subject);
		put_text(&p->w, "\n          until ");
		put_text(&p->w, c->not_after);
		put_text(&p->w, ", chain ");
		put_text(&p->w, c->chain);
		if (c->mark_type != NULL) {
			put_text(&p->w, ", ");
			put_text(&p->w, c->mark_type);
		}
		if (c->logo != NULL) {
			put_text(&p->w, ", logo ");
			put_text(&p->w, c->logo);
		}
	}
	put_char(&p->w, '\n');
}

const struct part_type bimi_part = {
	.name = "bimi",
	.text = put_bimi,
	.json = bimi_json,
};
