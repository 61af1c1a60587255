/*
 * inputfile.h - check the files that libunbound will read
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * libunbound reads a directory forever, reads some files twice, and ends the
 * process when it cannot include a file. So files are checked before libunbound
 * gets them.
 */
#ifndef DNS_INPUTFILE_H
#define DNS_INPUTFILE_H

#include "base/arena.h"
#include "mailauth/mailauth.h"

/** Copies of files that can be read only once; inputs_free() deletes them. */
struct inputs {
	struct input_copy *copies;
	enum mailauth_status status; /* of the last file that was refused */
};

/**
 * Make a file readable more than once: `file` itself, or a copy of a pipe or
 * device.
 * @param what names the file in the message: "a configuration"
 * @return the path, in `arena`; NULL with one line in `why`, and why not in
 *     `in->status`: EINPUT, ESYSTEM without room for a copy, or ENOMEM
 */
const char *input_file(struct inputs *in, struct arena *arena, const char *file,
    const char *what, char why[MAILAUTH_WHY_MAX]);

/** Check the includes and zone files of an Unbound configuration, also nested
 * ones: no directory, and no file that includes itself. False with one line in
 * `why`. */
bool input_config_ok(const char *path, char why[MAILAUTH_WHY_MAX]);

/** Delete the copies. */
void inputs_free(struct inputs *in);

#endif /* DNS_INPUTFILE_H */
