/*
 * txt.h - joins the strings of a TXT record, and lints any text
 * SPDX-License-Identifier: BSD-3-Clause
 */
#ifndef RECORD_TXT_H
#define RECORD_TXT_H

#include "base/writer.h"
#include "record/findings.h"

/** Octets of the longest character-string (RFC 1035 3.3). */
#define TXT_STRING_MAX 255

/** A joined text and the number of its character-strings. */
struct txt {
	struct mailauth_str text;
	size_t strings;
};

/**
 * Join the character-strings of one TXT record with nothing between them
 * (RFC 7208 3.3, RFC 6376 3.6.2.2). The text borrows from `rr` when there is
 * one string, and from `room`, of `cap` octets, when there are several.
 * @return false when RDATA is empty, a string runs past its end, or the text
 *     does not fit into `room`: the caller must skip the record.
 */
bool txt_join(const struct mailauth_rdata *rr, char *room, size_t cap,
    struct txt *out);

/** Write a text as character-strings of at most TXT_STRING_MAX octets, one at
 * least: the data of a TXT record. */
void put_txt_strings(struct writer *w, struct mailauth_str text);

/** A string runs past the end of RDATA: what the record says is not known. An
 * empty RDATA says nothing, and that is known. */
bool txt_overruns(const struct mailauth_rdata *rr);
/** Some record of a TXT answer does so: it may be any record. */
bool txt_some_overruns(const struct mailauth_answer *answer);

/** Octets of the owner name and of all texts of a TXT answer (RFC 7208 3.4). */
size_t txt_name_octets(const struct mailauth_answer *answer);
/** Octets of the message with a TXT answer: a header of 12 octets, the question
 * (name, type, class), and for each record 12 octets (compressed owner, type,
 * class, TTL, length) and RDATA. The wire format of a name is one octet longer
 * than its presentation form; of a name with escapes it is shorter. */
static inline size_t
txt_message_octets(const struct mailauth_answer *answer)
{
	size_t octets = 12 + answer->name.n + 1 + 4;

	for (size_t i = 0; i < answer->nrr; i++)
		octets += 12 + (size_t)answer->rr[i].len;
	return octets;
}

/** The text without the blanks, quotes, typographic characters and byte order
 * mark that people paste around it. The result borrows from `text`. */
struct mailauth_str txt_bare(struct mailauth_str text);

/** The only octets of the text outside printable ASCII are typographic
 * characters, of which there is one or more: txt_lint() reports these. */
bool txt_is_smart(struct mailauth_str text);
/** Octets of the typographic character at the start of `s`; 0 for any other.
 * `ascii` is set to what it was typed for, '\0' for nothing. */
size_t txt_smart(struct mailauth_str s, char *ascii);

/**
 * Add the findings that concern the text of any kind: octets outside printable
 * ASCII, HTML, several strings, quotes.
 * @param blanks control characters to accept, as a C string
 * @param near the text is only PICK_NEAR: report quotes anywhere in it, and not
 *     only at its start
 * @return true when str_is_plain(text, ' ').
 */
bool txt_lint(const struct txt *txt, const char *blanks, bool near,
    struct mailauth_findings *log);

/** Call `seam` with the offset in the joined text of each boundary between two
 * strings of `rr`. */
void txt_seams(const struct mailauth_rdata *rr,
    void (*seam)(void *arg, size_t offset), void *arg);

#endif /* RECORD_TXT_H */
