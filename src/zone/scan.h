/*
 * scan.h - the text of a master file, cut into entries and fields
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * zone: master files (RFC 1035 5) with the place of everything in them, an
 * index of the records, and the answers that an authority gives from it. Every
 * fault of the text is reported with its place, and reading goes on behind it.
 * May include base, sys, record and judge. In: the text of files. Out: records,
 * faults, answers.
 *
 * An entry is a record or a directive: one line, or several in parentheses.
 * A field is a word or a quoted string of it. The scanner copies nothing: a
 * field is a piece of the text, and its escapes are still in it.
 */
#ifndef ZONE_SCAN_H
#define ZONE_SCAN_H

#include "base/arena.h"
#include "base/str.h"

/** Octets of one entry at most, so that a parenthesis that is never closed
 * does not make an entry of the whole file. Data of 65,535 octets, each written
 * as \DDD with strings of one octet, take less. */
#define ZONE_ENTRY_MAX ((size_t)1 << 19)

/** A field of an entry. */
struct zone_field {
	struct mailauth_str text; /* as written, without the quotes around it */
	uint32_t line; /* from 1 */
	bool quoted;
	bool glued; /* nothing is between it and the field in front, one of the
	             * two is quoted */
};

/** What is wrong with the text of an entry. */
enum zone_text_fault {
	ZONE_TEXT_OK,
	ZONE_TEXT_QUOTE, /* a quoted string has no end in its line */
	ZONE_TEXT_OPEN, /* a parenthesis is never closed */
	ZONE_TEXT_CLOSE, /* a parenthesis is closed that was not opened */
};

/** One entry. Its fields are valid until the next one is read. */
struct zone_entry {
	const struct zone_field *fields;
	size_t n; /* 0 only with a fault */
	bool indented; /* it begins with a blank: the owner is the last one */
	bool commented; /* there is a comment in it or behind it */
	/** A ';' directly behind a word without quotes, and the rest of that
	 * line: perhaps it was meant as data. Empty: no such text. */
	struct mailauth_str cut_off;
	uint32_t cut_line; /* of cut_off */
	/** The first comment behind a field in its line; empty: no comment. */
	struct mailauth_str remark;
	uint32_t remark_line; /* of it */
	struct mailauth_str whole; /* its lines, comments included */
	enum zone_text_fault fault;
	/** Where the fault is: an octet of the text. */
	const char *at;
	uint32_t line; /* of `at` with a fault, else of the first field */
};

/** A text that is being read. */
struct zone_scan {
	struct mailauth_str text;
	size_t at;
	uint32_t line; /* of `at`, from 1 */
	struct arena *arena; /* of the fields; fails when memory runs out */
	struct zone_field *fields;
	size_t room; /* fields that there is memory for */
	unsigned rewinds; /* parentheses that were never closed */
};

/** Begin to read a text; a byte order mark is skipped. */
struct zone_scan zone_scan_of(struct mailauth_str text, struct arena *a);
/** Read the next entry that has a field; false at the end of the text and when
 * memory ran out. */
bool zone_scan_next(struct zone_scan *s, struct zone_entry *e);
/** The column of a field, from 1: octets of its line up to it, its quote
 * included. */
uint32_t
zone_field_column(const struct zone_scan *s, const struct zone_field *f);
/** The column of an octet of the text, from 1. */
uint32_t zone_column(const struct zone_scan *s, const char *at);
/** The line that an octet of the text is in, without its end. */
struct mailauth_str zone_line_of(const struct zone_scan *s, const char *at);

#endif /* ZONE_SCAN_H */
