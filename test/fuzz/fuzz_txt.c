/*
 * fuzz_txt.c - joins TXT records and compares with a simple implementation
 * SPDX-License-Identifier: BSD-3-Clause
 */
#include "fuzz.h"
#include "record/findings.h"
#include "record/txt.h"

/* The simple implementation of RFC 1035 3.3.14. */
static bool
join_slowly(const uint8_t *data, size_t size, char *out, size_t *n,
    size_t *strings)
{
	size_t i = 0;

	*n = *strings = 0;
	while (i < size) {
		size_t len = data[i++];

		for (; len > 0; len--) {
			if (i == size)
				return false;
			out[(*n)++] = (char)data[i++];
		}
		(*strings)++;
	}
	return *strings > 0;
}

struct seams {
	size_t n;
	size_t last;
};

static void
take_seam(void *arg, size_t offset)
{
	struct seams *s = arg;

	MUST(offset >= s->last);
	s->last = offset;
	s->n++;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static char room[65536], slow[65536];
	struct mailauth_rdata rr = { data, (uint16_t)size };
	struct mailauth_findings log;
	struct seams seams = { 0, 0 };
	size_t n, strings;
	struct txt txt;
	bool good;

	if (size > 65535)
		return 0;
	good = join_slowly(data, size, slow, &n, &strings);
	MUST(txt_join(&rr, room, sizeof(room), &txt) == good);
	if (!good)
		return 0;
	MUST(txt.text.n == n && txt.strings == strings);
	MUST(n == 0 || memcmp(txt.text.s, slow, n) == 0);
	MUST(!txt_join(&rr, room, n > 0 ? n - 1 : 0, &txt) || strings == 1 ||
	    n == 0);
	MUST(txt_join(&rr, room, n, &txt));

	txt_seams(&rr, take_seam, &seams);
	MUST(seams.n == strings - 1 && seams.last <= n);

	findings_clear(&log);
	txt_lint(&txt, data[0] & 1 ? "\t\r\n" : "", (data[0] & 2) != 0, &log);
	MUST(are_placed(&log, n));
	MUST(findings_has(&log, MAILAUTH_F_TXT_MULTI_STRING) == (strings > 1));
	return 0;
}
