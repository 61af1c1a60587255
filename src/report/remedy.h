/*
 * remedy.h - remedies made for one finding: records to publish
 * SPDX-License-Identifier: BSD-3-Clause
 */
#ifndef REPORT_REMEDY_H
#define REPORT_REMEDY_H

#include "report/report.h"

/** Write what to do about a finding of a judgement, with the record to publish
 * in full; false when no such record is known. `text` is the text of the
 * finding's record. */
bool put_repair(struct writer *w, const struct record_set *set,
    const struct mailauth_finding *f, struct mailauth_str text);

/** Write how many of the records are pieces of one: "2 of 5 records". */
void put_pieces(struct writer *w, const struct record_set *set);

/** The octets of a text that put_untrusted() wrote: \\ and \ddd are one. */
size_t escaped_octets(struct mailauth_str s);

/** Write a text that put_untrusted() wrote as the data of a TXT record of a zone
 * file: in quotes, a long one as several strings. */
void put_zone_text(struct writer *w, struct mailauth_str s);

/** Write "publish 'TEXT' at NAME"; without a name just the text. */
void put_publish(struct writer *w, struct mailauth_str text,
    struct mailauth_str name);

/** The same for a record that takes the place of one in the answer: at the name
 * where that is written, which an alias may lead to. */
void put_publish_of(struct writer *w, struct mailauth_str text,
    const struct mailauth_answer *a);

/** Write the one record to publish in place of several SPF records, or why they
 * cannot be joined; false when nothing can be said. */
bool put_spf_joined(struct writer *w, const struct record_set *set);

/** Write the record with its 'all' behind the terms that follow it, when these
 * let hosts pass and there is one 'all'; false for any other. */
bool put_spf_ordered(struct writer *w, const struct record_set *set,
    struct mailauth_str text);

#endif /* REPORT_REMEDY_H */
