/*
 * file.c - what the readers of a logo and of its certificate share
 * SPDX-License-Identifier: BSD-3-Clause
 */
#include "bimi/file.h"

#include <errno.h>
#include <stdio.h>
#include <zlib.h>

#include "base/writer.h"
#include "sys/file.h"

/* Octets of a file that the text of a fault quotes. */
#define EXCERPT 60

void
bimi_fault_at(struct bimi_faults *f, enum mailauth_finding_id id,
    const char *what, struct mailauth_str octets, unsigned line)
{
	struct bimi_fault *new = &f->at[f->n];
	struct writer w;

	for (size_t i = 0; i < f->n; i++) {
		if (f->at[i].id != id)
			continue;
		f->at[i].more++;
		return;
	}
	if (f->n == BIMI_FAULTS_MAX)
		return;
	f->n++;
	new->id = (uint16_t)id;
	new->more = 0;
	w = writer_of(new->what, sizeof(new->what));
	put_text(&w, what);
	put_untrusted(&w, str_sub(octets, 0, EXCERPT));
	/* Drop an excerpt that does not fit, but keep the line number: it is
	 * worth more. */
	w.full = false;
	if (line > 0) {
		put_text(&w, w.used > 0 ? ", line " : "line ");
		put_number(&w, line);
	}
	new->used = (uint16_t)w.used;
}

void
bimi_fault(struct bimi_faults *f, enum mailauth_finding_id id, const char *what,
    struct mailauth_str octets)
{
	bimi_fault_at(f, id, what, octets, 0);
}

static enum mailauth_status
refuse(char *why, const char *file, const char *reason)
{
	snprintf(why, MAILAUTH_WHY_MAX, "%.400s: %s", file, reason);
	return MAILAUTH_EINPUT;
}

enum mailauth_status
bimi_file_read(struct arena *arena, const char *file, size_t max,
    struct bimi_file *out, char why[MAILAUTH_WHY_MAX])
{
	enum file_end end;

	*out = (struct bimi_file){ .name = file };
	end = file_read(file, max, arena, &out->octets);
	if (end == FILE_NO_MEMORY)
		return MAILAUTH_ENOMEM;
	if (end == FILE_NOT_OPENED || end == FILE_NOT_READ)
		return refuse(why, file, strerror(errno));
	out->longer = end == FILE_LONGER;
	return MAILAUTH_OK;
}

bool
bimi_is_zipped(struct mailauth_str octets)
{
	return str_starts(octets, STR("\x1f\x8b"));
}

/* The buffer has one octet more than a logo may have: a full buffer shows that
 * the file is too long. */
enum bimi_unzip
bimi_unzip(struct arena *arena, struct mailauth_str zipped,
    struct mailauth_str *out)
{
	uint8_t *room = arena_alloc(arena, BIMI_SVG_MAX + 1);
	z_stream z = { .next_in = (z_const Bytef *)(uintptr_t)zipped.s,
		.avail_in = (uInt)zipped.n,
		.next_out = room,
		.avail_out = BIMI_SVG_MAX + 1 };
	enum bimi_unzip result = BIMI_ZIP_BROKEN;
	int rc;

	*out = STR_NONE;
	/* 16 + window bits: zlib accepts only the gzip format. */
	if (room == NULL || inflateInit2(&z, 16 + MAX_WBITS) != Z_OK)
		return BIMI_ZIP_NO_MEMORY;
	rc = inflate(&z, Z_FINISH);
	if (z.avail_out == 0)
		result = BIMI_ZIP_LONG;
	else if (rc == Z_MEM_ERROR)
		result = BIMI_ZIP_NO_MEMORY;
	else if (rc == Z_STREAM_END && z.avail_in == 0)
		result = BIMI_UNZIPPED;
	if (result == BIMI_UNZIPPED)
		*out = (struct mailauth_str){ (const char *)room,
			BIMI_SVG_MAX + 1 - z.avail_out };
	inflateEnd(&z);
	return result;
}
