/*
 * report.h - what holds of every report
 * SPDX-License-Identifier: BSD-3-Clause
 */
#ifndef FUZZ_REPORT_H
#define FUZZ_REPORT_H

#include "fuzz.h"
#include "mailauth/mailauth.h"

/** A report in all its formats: printable ASCII, in lines or in one. */
static inline void
check_formats(struct mailauth_report *r)
{
	for (unsigned i = 0; i < 4; i++) {
		char *text = i < 2 ?
		    mailauth_report_json(r, i == 1) :
		    mailauth_report_text(r, i == 2 ? 0 : MAILAUTH_TEXT_VERBOSE);

		MUST(text != NULL);
		for (const char *c = text; *c != '\0'; c++)
			MUST(is_print(*c) || (*c == '\n' && i > 0));
		free(text);
	}
}

/** A record set has the verdict that its outcome allows. */
static inline bool
check_records(struct mailauth_report *r)
{
	bool failed = false;

	for (size_t i = 0; i < mailauth_report_records(r); i++) {
		const struct mailauth_record_view *v =
		    mailauth_report_record(r, i);

		MUST(v != NULL);
		if (v->outcome == MAILAUTH_FAILED)
			MUST(v->verdict == MAILAUTH_TEMPERROR);
		else if (v->outcome != MAILAUTH_FOUND)
			MUST(v->verdict == MAILAUTH_NONE);
		failed = failed || v->outcome == MAILAUTH_FAILED;
	}
	return failed;
}

/** All that holds of a report. */
static inline void
check_report(struct mailauth_report *r)
{
	/* What could not be told is not passed over. */
	if (check_records(r))
		MUST(mailauth_report_result(r) >= MAILAUTH_RESULT_FAIL);
	for (size_t i = 0; i < mailauth_report_findings(r); i++) {
		const struct mailauth_finding_view *v =
		    mailauth_report_finding(r, i);

		MUST(v != NULL && v->offset >= -1 && v->offset <= UINT16_MAX);
	}
	check_formats(r);
}

#endif /* FUZZ_REPORT_H */
