/*
 * names.c - what DMARC's states are called in text and JSON
 * SPDX-License-Identifier: BSD-3-Clause
 */
#include "dmarc/names.h"

#include "dmarc/report.h"

const char *
dmarc_state_name(enum mailauth_dmarc_state v)
{
	static const char *const names[] = {
		[MAILAUTH_DMARC_APPLIES] = "policy",
		[MAILAUTH_DMARC_NOWHERE] = "none",
		[MAILAUTH_DMARC_UNKNOWN] = "unknown",
	};

	return (size_t)v < sizeof(names) / sizeof(names[0]) ? names[v] : "?";
}

const char *
dmarc_result_name(enum mailauth_dmarc_result v)
{
	static const char *const names[] = {
		[MAILAUTH_DMARC_RESULT_NONE] = "none",
		[MAILAUTH_DMARC_RESULT_PASS] = "pass",
		[MAILAUTH_DMARC_RESULT_FAIL] = "fail",
		[MAILAUTH_DMARC_RESULT_TEMPERROR] = "temperror",
		[MAILAUTH_DMARC_RESULT_UNDECIDED] = NULL,
		[MAILAUTH_DMARC_RESULT_PERMERROR] = "permerror",
	};

	return (size_t)v < sizeof(names) / sizeof(names[0]) ? names[v] : NULL;
}

const char *
dmarc_sort_name(enum dmarc_sort v)
{
	static const char *const names[] = {
		[DMARC_SORT_NONE] = "none",
		[DMARC_SORT_ONE] = "record",
		[DMARC_SORT_MANY] = "multiple",
		[DMARC_SORT_UNKNOWN] = "unknown",
		[DMARC_SORT_UNASKED] = "not-asked",
	};

	return names[v];
}

const char *
dmarc_psd_name(enum dmarc_psd v)
{
	static const char *const names[] = {
		[DMARC_PSD_Y] = "y",
		[DMARC_PSD_N] = "n",
		[DMARC_PSD_U] = "u",
	};

	return names[v];
}

const char *
dmarc_existence_name(enum dmarc_existence v)
{
	static const char *const names[] = {
		[DMARC_EXISTS] = "yes",
		[DMARC_EXISTS_NOT] = "no",
		[DMARC_EXISTS_UNKNOWN] = "unknown",
	};

	return names[v];
}

enum mailauth_dmarc_policy
dmarc_disposition(const struct dmarc_side *s)
{
	return s->result == MAILAUTH_DMARC_RESULT_FAIL ? s->applied :
	                                                 MAILAUTH_DMARC_ABSENT;
}
