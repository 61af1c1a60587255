/*
 * bimi_files.c - files with a BIMI logo and its certificate, in a check
 * SPDX-License-Identifier: BSD-3-Clause
 */
#include "domain/bimi_files.h"

#include <stdio.h>

#include "base/str.h"
#include "bimi/cert.h"
#include "bimi/report.h"
#include "bimi/svg.h"

static enum mailauth_status
refuse_files(char *why, const char *what)
{
	snprintf(why, MAILAUTH_WHY_MAX, "%s", what);
	return MAILAUTH_EUSE;
}

enum mailauth_status
bimi_files_take(struct check *c, struct domain_check *dc, char *why)
{
	const struct mailauth_request *q = dc->request;
	struct arena *arena = &c->report->arena;
	enum mailauth_status status = MAILAUTH_OK;
	struct bimi_files *f;

	if (q->bimi_root != NULL && q->bimi_cert == NULL)
		return refuse_files(why,
		    "roots of BIMI are for a certificate of it");
	if (q->bimi_svg == NULL && q->bimi_cert == NULL)
		return MAILAUTH_OK;
	/* The report would not show that the check skips the files. */
	if (q->only != 0 && (q->only >> MAILAUTH_KIND_BIMI & 1) == 0)
		return refuse_files(why,
		    "files of BIMI, and BIMI is not checked");
	f = dc->bimi = arena_alloc(arena, sizeof(*f));
	if (f == NULL)
		return MAILAUTH_ENOMEM;
	if (q->bimi_svg != NULL)
		status = bimi_file_read(arena, q->bimi_svg, BIMI_SVG_MAX,
		    &f->svg, why);
	if (status == MAILAUTH_OK && q->bimi_cert != NULL)
		status = bimi_file_read(arena, q->bimi_cert, BIMI_CERT_MAX,
		    &f->cert, why);
	if (status == MAILAUTH_OK && q->bimi_root != NULL)
		status = bimi_file_read(arena, q->bimi_root, BIMI_CERT_MAX,
		    &f->roots, why);
	if (status == MAILAUTH_OK && q->bimi_root != NULL &&
	    !bimi_has_cert(&f->roots)) {
		snprintf(why, MAILAUTH_WHY_MAX,
		    "%.400s: there is no PEM certificate in it", q->bimi_root);
		status = MAILAUTH_EINPUT;
	}
	return status;
}

static void
tell_faults(struct check *c, const struct record_set *set,
    const struct bimi_faults *faults, const char *of)
{
	for (size_t i = 0; i < faults->n; i++) {
		const struct bimi_fault *f = &faults->at[i];
		struct writer w = arena_writer(&c->report->arena);

		put_text(&w, of);
		put_bytes(&w, f->what, f->used);
		if (f->more > 0) {
			put_text(&w, ", and ");
			put_number(&w, f->more);
			put_text(&w, " more");
		}
		tell(c, set, (enum mailauth_finding_id)f->id, writer_str(&w));
	}
}

static const struct bimi_svg_report *
report_svg(struct check *c, const char *file, const struct bimi_svg *svg)
{
	struct arena *arena = &c->report->arena;
	struct bimi_svg_report *r = arena_alloc(arena, sizeof(*r));

	if (r == NULL)
		return NULL;
	r->file = arena_copy(arena, str_of(file)).s;
	r->octets = svg->text.n;
	r->zipped = svg->zipped;
	r->title = arena_copy(arena,
	    str_trim((struct mailauth_str){ svg->title, svg->ntitle }));
	r->width = svg->width;
	r->height = svg->height;
	return r->file != NULL ? r : NULL;
}

static const char *
or_null(const char *s)
{
	return s[0] != '\0' ? s : NULL;
}

/* `cert` lives as long as the report. */
static struct bimi_cert_report *
report_cert(struct check *c, const char *file, const struct bimi_cert *cert)
{
	static const char *const chains[] = {
		[BIMI_CHAIN_BROKEN] = "broken",
		[BIMI_CHAIN_OPEN] = "open",
		[BIMI_CHAIN_ROOTED] = "rooted",
	};
	struct arena *arena = &c->report->arena;
	struct bimi_cert_report *r = arena_alloc(arena, sizeof(*r));

	if (r == NULL)
		return NULL;
	r->file = arena_copy(arena, str_of(file)).s;
	if (cert->there) {
		r->subject = cert->subject;
		r->issuer = cert->issuer;
		r->not_before = cert->not_before;
		r->not_after = cert->not_after;
		r->mark_type = or_null(cert->mark_type);
	}
	r->chain = chains[cert->chain];
	r->ncerts = cert->ncerts;
	r->logo_octets = cert->logo.n;
	return r->file != NULL ? r : NULL;
}

/* The names that a certificate may have. */
static struct bimi_subject
subject_of(struct check *c, const struct domain_check *dc)
{
	struct bimi_subject s = { c->domain, c->org, dc->bimi_owner, STR_NONE };
	size_t n =
	    dc->bimi_owner.n > c->domain.n ? dc->bimi_owner.n - c->domain.n : 0;

	if (n > 0 && c->org.n > 0)
		s.org_owner =
		    name_below(c, str_sub(dc->bimi_owner, 0, n), c->org);
	return s;
}

void
bimi_files_tell(struct check *c, const struct domain_check *dc,
    const struct record_set *set)
{
	const struct bimi_files *f = dc->bimi;
	struct arena *arena = &c->report->arena;
	struct bimi_report *out = arena_alloc(arena, sizeof(*out));
	struct bimi_cert *cert = arena_alloc(arena, sizeof(*cert));
	struct bimi_svg *svg = arena_alloc(arena, sizeof(*svg));
	const struct bimi_subject subject = subject_of(c, dc);
	struct bimi_cert_report *evidence = NULL;
	struct bimi_file embedded;

	if (out == NULL || cert == NULL || svg == NULL)
		return;
	if (f->svg.name != NULL) {
		if (!bimi_svg_read(arena, &f->svg, svg))
			arena->failed = true;
		tell_faults(c, set, &svg->faults, "");
		out->svg = report_svg(c, f->svg.name, svg);
	}
	if (f->cert.name != NULL &&
	    bimi_cert_read(arena, &f->cert, &f->roots, &subject, cert)) {
		tell_faults(c, set, &cert->faults, "");
		out->cert = evidence = report_cert(c, f->cert.name, cert);
	}
	report_add_part(c->report, &bimi_part, out);
	if (evidence == NULL || cert->logo.n == 0)
		return;
	if (svg->text.n > 0) {
		bool same = bimi_svg_same(svg->text, cert->logo);

		evidence->logo = same ? "same" : "different";
		if (!same)
			tell(c, set, MAILAUTH_F_BIMI_SVG_EVIDENCE_MISMATCH,
			    STR_NONE);
	} else if (f->svg.name == NULL) {
		/* Without a logo file, judge the logo in the certificate. */
		embedded = (struct bimi_file){ .name = f->cert.name,
			.octets = cert->logo };
		if (!bimi_svg_read(arena, &embedded, svg))
			arena->failed = true;
		tell_faults(c, set, &svg->faults, "in the certificate: ");
	}
}
