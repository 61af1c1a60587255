/*
 * json.c - a logo and its certificate as JSON
 * SPDX-License-Identifier: BSD-3-Clause
 */
#include "report/json.h"
#include "bimi/report.h"

static json_t *
svg(struct arena *a, const struct bimi_svg_report *s)
{
	if (s == NULL)
		return json_null();
	return json_make(a, "{s:o, s:I, s:b, s:o, s:f, s:f}", "file",
	    json_untrusted(a,
	        (struct mailauth_str){ s->file, strlen(s->file) }),
	    "octets", (json_int_t)s->octets, "compressed", s->zipped, "title",
	    json_untrusted_or_null(a, s->title), "width", s->width, "height",
	    s->height);
}

static json_t *
cert(struct arena *a, const struct bimi_cert_report *c)
{
	json_t *o;

	if (c == NULL)
		return json_null();
	o = json_make(a, "{s:o, s:I, s:o, s:o, s:o, s:o}", "file",
	    json_untrusted(a,
	        (struct mailauth_str){ c->file, strlen(c->file) }),
	    "certificates", (json_int_t)c->ncerts, "subject",
	    json_string_or_null(c->subject), "issuer",
	    json_string_or_null(c->issuer), "not_before",
	    json_string_or_null(c->not_before), "not_after",
	    json_string_or_null(c->not_after));
	json_join(a, o,
	    json_make(a, "{s:o, s:s, s:I, s:o}", "mark_type",
	        json_string_or_null(c->mark_type), "chain", c->chain,
	        "logo_octets", (json_int_t)c->logo_octets, "logo",
	        json_string_or_null(c->logo)));
	return o;
}

json_t *
bimi_json(const struct mailauth_report *r, const void *data, struct arena *a)
{
	const struct bimi_report *b = data;

	(void)r;
	return json_make(a, "{s:o, s:o}", "svg", svg(a, b->svg), "certificate",
	    cert(a, b->cert));
}
