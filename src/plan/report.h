/*
 * report.h - records to publish, and how they stand to DNS
 * SPDX-License-Identifier: BSD-3-Clause
 */
#ifndef PLAN_REPORT_H
#define PLAN_REPORT_H

#include "report/report.h"

enum plan_state {
	PLAN_WANTED, /* DNS was not asked */
	PLAN_PRESENT, /* it, or something as good, is there */
	PLAN_MISSING,
	PLAN_DIFFERENT, /* something else is there */
	PLAN_UNKNOWN, /* could not be told */
	PLAN_STATES
};

/** One record. */
struct plan_record {
	struct plan_record *next;
	struct mailauth_str owner; /* with a final dot */
	uint16_t rrtype;
	struct mailauth_str data; /* of TXT the text, else as in zone files */
	struct mailauth_str why; /* what it is for */
	enum plan_state state;
	struct mailauth_str now; /* what is there instead, or why not known */
};

/** Records of one zone. */
struct plan_zone {
	struct plan_zone *next;
	struct mailauth_str name; /* without a final dot */
	bool reverse; /* the provider of the addresses keeps it */
	struct plan_record *records, **end;
};

/** Something that settings cannot tell. */
struct plan_note {
	struct plan_note *next;
	struct mailauth_str text;
};

struct plan_report {
	struct plan_zone *zones, **zones_end;
	struct plan_note *notes, **findings_end;
	uint32_t ttl; /* seconds */
	bool compared; /* with DNS */
	enum mailauth_result result;
};

/** "missing", ...; "wanted" where DNS was not asked. */
const char *plan_state_name(enum plan_state s);
/** The data as in a zone file: texts in strings of 255 octets at most. */
void put_plan_data(struct writer *w, const struct plan_record *p);

/** Its part of a report; the data is a struct plan_report. */
extern const struct part_type plan_part;

/** The plan as JSON: the whole document. */
struct json_t *
plan_json(const struct mailauth_report *r, const void *data, struct arena *a);

#endif /* PLAN_REPORT_H */
