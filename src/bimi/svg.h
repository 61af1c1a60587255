/*
 * svg.h - check a logo against SVG Tiny Portable/Secure
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * draft-svg-tiny-ps-abrotman. The file is untrusted. The parser delivers events
 * and builds no tree. A document type ends the reading, so no entity exists and
 * nothing is fetched. Elements nest at most 256 deep. BIMI_SVG_MAX bounds the
 * octets, also after decompression. No input takes more than a second or 8 MiB.
 */
#ifndef BIMI_SVG_H
#define BIMI_SVG_H

#include "bimi/file.h"

/** Receivers may refuse a logo of more octets. */
#define BIMI_SVG_BIG 32768u
/** Octets kept of a title. */
#define BIMI_TITLE_MAX 64

/** The facts of a logo. */
struct bimi_svg {
	struct bimi_faults faults;
	struct mailauth_str text; /* decompressed; STR_NONE when that failed */
	bool zipped;
	size_t ntitle;
	/** The first octets of the title, untrusted. */
	char title[BIMI_TITLE_MAX];
	double width, height; /* of the viewBox; 0 without one */
};

/** Read a logo; `file` must outlive `out`. False when memory ran out. */
bool bimi_svg_read(struct arena *arena, const struct bimi_file *file,
    struct bimi_svg *out);

/** Both texts are equal but for their line ends. */
bool bimi_svg_same(struct mailauth_str a, struct mailauth_str b);

#endif /* BIMI_SVG_H */
