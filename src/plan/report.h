/*
 * report.h - records to publish, and whether DNS has them
 * SPDX-License-Identifier: BSD-3-Clause
 */
#ifndef PLAN_REPORT_H
#define PLAN_REPORT_H

#include "report/report.h"

/** The result of comparing a record with DNS. */
enum plan_state {
	PLAN_WANTED, /* DNS was not asked */
	PLAN_PRESENT, /* DNS has it, or records with the same effect */
	PLAN_MISSING, /* other addresses of the name stay */
	PLAN_DIFFERENT, /* DNS has other records there */
	PLAN_UNKNOWN, /* the lookup failed, or SPF had a temporary error */
	PLAN_REFUSED, /* publishing it would take something away */
	PLAN_STATES
};

/** One record. */
struct plan_record {
	struct plan_record *next;
	struct mailauth_str owner; /* with a final dot */
	uint16_t rrtype;
	struct mailauth_str data; /* TXT: the text; else as in zone files */
	struct mailauth_str why; /* the purpose; printable */
	struct mailauth_str from; /* the settings it comes from; printable */
	enum plan_state state;
	/** Data in DNS, or the reason of UNKNOWN; printable, a line for each
	 * record. */
	struct mailauth_str now;
	/** Printable: why the record is REFUSED, or a word of warning. */
	struct mailauth_str reason;
	/** The record matters only if DNS has one that has to change; else it
	 * is not part of the plan. */
	bool idle;
};

struct planned_record;

/** Records of one zone. */
struct plan_zone {
	struct plan_zone *next;
	struct mailauth_str name; /* without a final dot */
	bool reverse; /* the provider of the addresses has the zone */
	struct plan_record *records, **end;
};

/** A sentence about a gap or a mistake in the settings. */
struct plan_note {
	struct plan_note *next;
	struct mailauth_str text; /* printable */
};

/** A plan, by zones in the order of their first record. */
struct plan_report {
	struct plan_zone *zones, **zones_end;
	struct plan_note *notes, **notes_end;
	struct planned_record **index; /* by owner and type, for plan_first() */
	uint32_t ttl; /* seconds */
	bool compared; /* with DNS */
	bool lacks; /* some address of the settings is not public */
	enum mailauth_result result;
};

/** "missing", ...; "wanted" where DNS was not asked. */
const char *plan_state_name(enum plan_state s);
/** Write the data as in a zone file; a text in strings of at most 255
 * octets. */
void put_plan_data(struct writer *w, const struct plan_record *p);

/** The part of a plan in a report; its data is a struct plan_report. */
extern const struct part_type plan_part;

/** The whole JSON document of a plan; the caller owns the reference. */
struct json_t *
plan_json(const struct mailauth_report *r, const void *data, struct arena *a);

#endif /* PLAN_REPORT_H */
