/*
 * fuzz_merge.c - mechanisms merged into an SPF record
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * What comes out is refused, or a record that is sound and stays as it is when
 * the same is merged once more. The octet 1 ends the record and each mechanism.
 */
#include <string.h>

#include "report.h"

#define ADDED_MAX 4

/* The record of a merge, to be given to free(); NULL when it was refused. */
static char *
merge(const struct mailauth_merge_request *q, bool *refused)
{
	char why[MAILAUTH_WHY_MAX] = "";
	struct mailauth_report *r;
	enum mailauth_status status = mailauth_spf_merge(NULL, q, &r, why);
	const char *merged = NULL;
	char *copy = NULL;

	*refused = status != MAILAUTH_OK;
	if (*refused) {
		MUST(r == NULL && why[0] != '\0');
		return NULL;
	}
	check_formats(r);
	merged = mailauth_report_merged(r);
	if (merged != NULL)
		MUST((copy = strdup(merged)) != NULL);
	mailauth_report_free(r);
	return copy;
}

static void
check_sound(const char *record)
{
	const struct mailauth_parse_options how = { .kind = "spf",
		.allow_documentation = true };
	char why[MAILAUTH_WHY_MAX];
	struct mailauth_report *r;

	MUST(mailauth_parse(&how, record, strlen(record), &r, why) ==
	    MAILAUTH_OK);
	MUST(mailauth_report_records(r) == 1);
	MUST(mailauth_report_record(r, 0)->verdict == MAILAUTH_VALID);
	mailauth_report_free(r);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char qualifiers[] = { '\0', '+', '-', '~', '?', 'x' };
	struct mailauth_merge_request q = { .record = NULL };
	const char *add[ADDED_MAX];
	char *text, *merged, *again;
	bool refused;

	if (size < 3 || memchr(data + 2, 0, size - 2) != NULL)
		return 0;
	MUST((text = malloc(size - 1)) != NULL);
	memcpy(text, data + 2, size - 2);
	text[size - 2] = '\0';
	q.record = text;
	q.add = add;
	for (char *at = text;
	     q.nadd < ADDED_MAX && (at = strchr(at, '\1')) != NULL;
	     add[q.nadd++] = at)
		*at++ = '\0';
	q.all = qualifiers[data[0] % sizeof(qualifiers)];
	q.owner = data[1] & 1 ? "d.example" : NULL;
	q.allow_documentation = data[1] >> 1 & 1;
	q.profile =
	    data[1] >> 2 & 1 ? MAILAUTH_PROFILE_RFC : MAILAUTH_PROFILE_GUIDE;
	merged = merge(&q, &refused);
	/* Octets that are shown with an escape are not those of the record. */
	if (merged != NULL && strchr(merged, '\\') == NULL) {
		check_sound(merged);
		q.record = merged;
		again = merge(&q, &refused);
		MUST(again != NULL && strcmp(merged, again) == 0);
		free(again);
	}
	free(merged);
	free(text);
	return 0;
}
