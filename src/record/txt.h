/*
 * txt.h - from the data of a TXT record to one text
 * SPDX-License-Identifier: BSD-3-Clause
 */
#ifndef RECORD_TXT_H
#define RECORD_TXT_H

#include "record/findings.h"

/** A joined text and where its character-strings met. */
struct txt {
	struct mailauth_str text;
	size_t strings;
};

/**
 * Join the character-strings of one TXT record with nothing between them
 * (RFC 7208 3.3, RFC 6376 3.6.2.2). One string is borrowed from `rr`;
 * several are copied to `room`, of `cap` octets.
 * @return false when the record has no string, or one that runs past its end,
 *     or does not fit: it is then to be left out.
 */
bool txt_join(const struct mailauth_rdata *rr, char *room, size_t cap,
    struct txt *out);

/** A text without what people paste around it: blanks, quotes, typographic
 * characters, a byte order mark. */
struct mailauth_str txt_bare(struct mailauth_str text);

/**
 * Findings that hold for the text of any kind of record: octets that do not
 * belong in one (but for the control characters in `blanks`, a C string),
 * HTML, several strings; and quotes, where they are why it is `near` a record
 * only, or stand before everything else.
 * @return the text is str_is_plain() from the space on
 */
bool txt_lint(const struct txt *txt, const char *blanks, bool near,
    struct mailauth_findings *log);

/** Calls `seam` with the offset of each place where two strings met. */
void txt_seams(const struct mailauth_rdata *rr,
    void (*seam)(void *arg, size_t offset), void *arg);

#endif /* RECORD_TXT_H */
