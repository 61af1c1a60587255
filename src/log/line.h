/*
 * line.h - what a line of the module's log looks like
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * One line is one record set that was met, or one event of the module itself.
 * The contract of the JSON form is schema/log.schema.json: it only grows. All
 * octets from DNS are written as put_untrusted() does, so a line is printable
 * ASCII and nothing in it ends it early.
 *
 * Written without a JSON library, unlike the reports: the module runs inside a
 * resolver, perhaps in a chroot, and links nothing that is not there already;
 * and lines are made without allocation.
 */
#ifndef LOG_LINE_H
#define LOG_LINE_H

#include "log/appraise.h"
#include "log/conf.h"

/** Octets of the longest line: names, escaped twice, and a reason. */
#define LINE_MAX_OCTETS (SIGHTING_CHAIN_MAX * 2 * DNAME_TEXT_MAX + 16384)

/** Names for source and response code; "RCODE11" goes to `room`. */
const char *name_source(enum source v);
const char *name_rcode(unsigned rcode, char room[16]);

/** One record set: what appraise_kind() said last. The line has no '\n'.
 * @param repeats replies with this content since it was last told of */
void put_line(struct writer *w, const struct conf *conf,
    const struct appraisal *a, uint64_t repeats);

/** A number of an event, with its name. */
struct line_number {
	const char *name;
	uint64_t value;
};

/** An event of the module: its name, and numbers up to one without a name.
 * @param note in words, ours; "" for none */
void put_event(struct writer *w, const struct conf *conf, int64_t sec,
    uint32_t usec, const char *event, const char *note,
    const struct line_number *numbers);

#endif /* LOG_LINE_H */
