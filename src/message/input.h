/*
 * input.h - the octets of a message, in the forms in which people have them
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * A message that begins with a header field goes through as it is; but its start
 * is not kept. Other forms are read as a whole, up to INPUT_MAX octets, and turned
 * back: UTF-16, an indented paste, quoted-printable, an HTML page that shows a
 * message, .emlx. A file may have several messages: those of a mailbox file
 * (RFC 4155), and those attached to one. They have numbers from 1, from the top
 * down.
 */
#ifndef MESSAGE_INPUT_H
#define MESSAGE_INPUT_H

#include "base/arena.h"
#include "mailauth/mailauth.h"

/** Octets of a file that is not read in pieces. */
#define INPUT_MAX ((size_t)32 << 20)
/** Messages that are counted and can be named. */
#define INPUT_PARTS_MAX 200

/** A message in a file, beside the one that is read. */
struct input_part {
	struct mailauth_str from, subject; /* may be empty */
	bool attached; /* else another one of a mailbox file */
};

struct input;

/** Open an input. `part` is the number of the message to read, 0 like 1.
 * @param why MAILAUTH_WHY_MAX octets: what was found, and what to save instead
 */
enum mailauth_status input_open(struct arena *a, mailauth_read read, void *arg,
    unsigned part, struct input **out, char *why);
/** Read octets of the message; a mailauth_read, with the input as `arg`. */
long input_read(void *arg, void *buf, size_t n);
/** What was turned back before the message could be read, in a few words; NULL:
 * nothing. */
const char *input_form(const struct input *in);
/** The body may not be as it was sent: see form_keeps_body(). */
bool input_reshaped(const struct input *in);
/** Messages of the file, as far as it was read. */
unsigned input_parts(const struct input *in);
/** Those messages; they live in the arena of input_open(). */
const struct input_part *input_part_list(const struct input *in);
void input_close(struct input *in);

#endif /* MESSAGE_INPUT_H */
