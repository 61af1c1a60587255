/*
 * line.h - the format of the module's log lines
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * A line describes one record set that the resolver served, or one event of the
 * module. The contract of the JSON form is schema/log.schema.json, which only
 * grows. All octets from DNS go through put_untrusted(), so that a line is
 * printable ASCII and no octet of DNS can end it early.
 *
 * The reports use a JSON library and this file does not: the module runs inside
 * a resolver, perhaps in a chroot, and links no library of its own; and lines
 * are written without allocation.
 */
#ifndef LOG_LINE_H
#define LOG_LINE_H

#include "log/appraise.h"
#include "log/conf.h"

/** Octets of the longest line: the names, escaped twice, and the rest. */
#define LINE_MAX_OCTETS (SIGHTING_CHAIN_MAX * 2 * DNAME_TEXT_MAX + 16384)

/** The name of a source, static. */
const char *name_source(enum source v);
/** The name of a response code, static, or "RCODE11" written to `room`. */
const char *name_rcode(unsigned rcode, char room[16]);

/**
 * Append the line of a record set as appraise_kind() judged it last, without
 * its '\n'.
 * @param repeats replies with this content since its last line
 */
void put_line(struct writer *w, const struct conf *conf,
    const struct appraisal *a, uint64_t repeats);

/** A named number of an event. */
struct line_number {
	const char *name;
	uint64_t value;
};

/**
 * Append the line of an event of the module, without its '\n'.
 * @param sec, usec the time since 1970
 * @param note our own text for people; "" for none
 * @param numbers ends with an entry whose name is NULL
 */
void put_event(struct writer *w, const struct conf *conf, int64_t sec,
    uint32_t usec, const char *event, const char *note,
    const struct line_number *numbers);

#endif /* LOG_LINE_H */
