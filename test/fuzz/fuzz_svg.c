/*
 * fuzz_svg.c - a logo, compressed or not
 * SPDX-License-Identifier: BSD-3-Clause
 */
#include "bimi/svg.h"
#include "fuzz.h"

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena arena = { NULL, false };
	struct bimi_file file = { "logo.svg", { (const char *)data, size },
		false };
	struct bimi_svg svg;

	if (size > BIMI_SVG_MAX)
		return 0;
	MUST(bimi_svg_read(&arena, &file, &svg));
	MUST(svg.faults.n <= BIMI_FAULTS_MAX);
	MUST(svg.text.n <= BIMI_SVG_MAX);
	MUST(svg.ntitle <= BIMI_TITLE_MAX);
	MUST(bimi_svg_same(svg.text, svg.text));
	MUST(svg.zipped == bimi_is_zipped(file.octets));
	/* A logo that cannot be read is never valid. */
	if (svg.text.n == 0)
		MUST(svg.faults.n > 0);
	for (size_t i = 0; i < svg.faults.n; i++) {
		const struct bimi_fault *f = &svg.faults.at[i];

		MUST(f->id != MAILAUTH_F_NONE && f->used <= sizeof(f->what));
		for (size_t k = 0; k < f->used; k++)
			MUST(is_print(f->what[k]));
		for (size_t k = 0; k < i; k++)
			MUST(svg.faults.at[k].id != f->id);
	}
	arena_free(&arena);
	return 0;
}
