/*
 * inputfile.h - files that libunbound is going to read
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * libunbound reads a directory for ever, reads some files twice, and ends the
 * process over a configuration it cannot include: so files are looked at
 * before it gets them.
 */
#ifndef DNS_INPUTFILE_H
#define DNS_INPUTFILE_H

#include "base/arena.h"
#include "mailauth/mailauth.h"

/** Copies of files that can be read only once, until inputs_free(). */
struct inputs {
	struct input_copy *copies;
};

/**
 * A file that can be read as often as one likes: `file` itself, or a copy of a
 * pipe or device.
 * @param what for the message, "a zone file"
 * @return its path, which is in `arena`; NULL with one line in `why`.
 */
const char *input_file(struct inputs *in, struct arena *arena, const char *file,
    const char *what, char why[MAILAUTH_WHY_MAX]);

/** The $INCLUDEs of a zone file can be read: no directory among them, and no
 * file that includes itself. */
bool input_zone_ok(const char *path, char why[MAILAUTH_WHY_MAX]);

/** The same for the files a configuration of Unbound names. */
bool input_config_ok(const char *path, char why[MAILAUTH_WHY_MAX]);

/** Delete the copies. */
void inputs_free(struct inputs *in);

#endif /* DNS_INPUTFILE_H */
