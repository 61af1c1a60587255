/*
 * svg.h - a logo: SVG Tiny Portable/Secure
 * (draft-svg-tiny-ps-abrotman)
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * The file comes from anybody. It is read event by event and no tree is made;
 * a document type ends the reading, so there are no entities and nothing is
 * fetched; elements are no more than 256 levels deep; BIMI_SVG_MAX
 * bounds its octets, also once decompressed. No input takes more than a second
 * or 8 MiB.
 */
#ifndef BIMI_SVG_H
#define BIMI_SVG_H

#include "bimi/file.h"

/** Octets of a logo above which receivers may refuse it. */
#define BIMI_SVG_BIG 32768u
/** Octets kept of a title. */
#define BIMI_TITLE_MAX 64

struct bimi_svg {
	struct bimi_faults faults;
	struct mailauth_str text; /* decompressed; STR_NONE: it cannot be */
	bool zipped;
	size_t ntitle;
	char title[BIMI_TITLE_MAX]; /* the beginning; octets of the file */
	double width, height; /* of the view box; 0: there is none */
};

/** Read a logo. False when memory ran out. */
bool bimi_svg_read(struct arena *arena, const struct bimi_file *file,
    struct bimi_svg *out);

/** Both are the same but for the ends of their lines. */
bool bimi_svg_same(struct mailauth_str a, struct mailauth_str b);

#endif /* BIMI_SVG_H */
