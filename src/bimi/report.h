/*
 * report.h - what a report says of a logo and its certificate
 * SPDX-License-Identifier: BSD-3-Clause
 */
#ifndef BIMI_REPORT_H
#define BIMI_REPORT_H

#include "report/report.h"

/** A logo, given as a file. */
struct bimi_svg_report {
	const char *file;
	size_t octets; /* decompressed; 0: it could not be read */
	bool zipped;
	struct mailauth_str title; /* octets of the file; may be empty */
	double width, height; /* of its view box; 0: it has none */
};

/** A mark certificate, given as a file. Texts are printable. */
struct bimi_cert_report {
	const char *file;
	const char *subject, *issuer; /* NULL: there is no certificate */
	const char *not_before, *not_after;
	const char *mark_type; /* NULL: it says none */
	const char *chain; /* "broken", "open", "rooted" */
	size_t ncerts;
	size_t logo_octets; /* decompressed; 0: it has none */
	const char *logo; /* "same", "different"; NULL: not compared */
};

struct bimi_report {
	const struct bimi_svg_report *svg; /* NULL: not given */
	const struct bimi_cert_report *cert; /* likewise */
};

/** Its part of a report; the data is a struct bimi_report. */
extern const struct part_type bimi_part;

/** The logo and its certificate as JSON: the member "bimi". */
struct json_t *
bimi_json(const struct mailauth_report *r, const void *data, struct arena *a);

#endif /* BIMI_REPORT_H */
