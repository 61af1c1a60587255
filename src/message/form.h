/*
 * form.h - other forms of a message, turned back
 * SPDX-License-Identifier: BSD-3-Clause
 */
#ifndef MESSAGE_FORM_H
#define MESSAGE_FORM_H

#include "base/arena.h"
#include "base/str.h"

/** What the octets of a file are. */
enum form {
	FORM_PLAIN,
	FORM_UTF16,
	FORM_CR, /* lines end with CR alone, or with one CR too many */
	FORM_BASE64, /* the whole message */
	FORM_FRAMED, /* text in front of the message, or a fence around it */
	FORM_HTML, /* a page that may show a message */
	FORM_EMLX, /* Apple Mail: the length, the message, a property list */
	FORM_INDENTED, /* each line has the same text in front */
	FORM_DOUBLED, /* an empty line follows each line */
	FORM_QUOTED, /* quoted-printable, the header too */
	FORM_FOREIGN, /* no text at all: see form_foreign() */
};

/** The form that the start of a file shows. */
enum form form_of(struct mailauth_str head);
/** What a file of FORM_FOREIGN is, and what to save instead. */
const char *form_foreign(struct mailauth_str head);
/** The form in a few words; NULL for FORM_PLAIN. */
const char *form_name(enum form form);
/** What is turned back has the body as it was sent. Pages and pastes lose blanks
 * and ends of lines, or have more text behind it. */
bool form_keeps_body(enum form form);
/** Turn the whole file back into a message, in the arena. STR_NONE when that is
 * not possible, or memory ran out. */
struct mailauth_str
form_undo(struct arena *a, enum form form, struct mailauth_str whole);
/** The text without a byte order mark, and without blank lines at its start. */
struct mailauth_str form_start(struct mailauth_str text);
/** The text begins with a header field. */
bool form_is_header(struct mailauth_str text);
/** Decode quoted-printable. */
struct mailauth_str form_unquote(struct arena *a, struct mailauth_str text);

#endif /* MESSAGE_FORM_H */
