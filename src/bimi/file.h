/*
 * file.h - what the readers of a logo and of its certificate share
 * SPDX-License-Identifier: BSD-3-Clause
 */
#ifndef BIMI_FILE_H
#define BIMI_FILE_H

#include "base/arena.h"
#include "base/str.h"
#include "mailauth/mailauth.h"

/** Octets of a file with certificates that are read: a chain has ten thousand
 * and a logo. */
#define BIMI_CERT_MAX 1048576u
/**
 * Octets of a logo that are read, and of what a compressed one becomes: eight
 * times what receivers take. libxml2 compares the attributes of an element with
 * each other: what is longer takes seconds.
 */
#define BIMI_SVG_MAX 262144u

/** Faults told of one file: one of each code. */
#define BIMI_FAULTS_MAX 24
/** Octets of what is said of one. */
#define BIMI_FAULT_TEXT 160

/** What is wrong with a file. */
struct bimi_faults {
	size_t n;
	struct bimi_fault {
		uint16_t id; /* finding */
		unsigned more; /* times beyond the first */
		uint16_t used; /* octets of `what`, printable */
		char what[BIMI_FAULT_TEXT];
	} at[BIMI_FAULTS_MAX];
};

/** Add a fault, or count it where its code is there already. `what` is ours;
 * `octets`, which come from the file, stand behind it and may be empty. */
void bimi_fault(struct bimi_faults *f, enum mailauth_finding_id id,
    const char *what, struct mailauth_str octets);
/** The same with a number behind it, "line 3". */
void bimi_fault_at(struct bimi_faults *f, enum mailauth_finding_id id,
    const char *what, struct mailauth_str octets, unsigned line);

/** A file, or as much of it as may be read. */
struct bimi_file {
	const char *name; /* NULL: none */
	struct mailauth_str octets;
	bool longer; /* there is more */
};

/**
 * Read a file, no more than `max` octets of it.
 * @return MAILAUTH_OK; EINPUT with "file: reason"; ENOMEM
 */
enum mailauth_status bimi_file_read(struct arena *arena, const char *file,
    size_t max, struct bimi_file *out, char why[MAILAUTH_WHY_MAX]);

enum bimi_unzip {
	BIMI_UNZIPPED,
	BIMI_ZIP_BROKEN, /* or with something behind its end */
	BIMI_ZIP_LONG, /* it becomes more than BIMI_SVG_MAX octets */
	BIMI_ZIP_NO_MEMORY,
};

/** It begins as a gzip file does. */
bool bimi_is_zipped(struct mailauth_str octets);
/** Decompress a gzip file; takes no more than BIMI_SVG_MAX octets, whatever it
 * says of itself. */
enum bimi_unzip bimi_unzip(struct arena *arena, struct mailauth_str zipped,
    struct mailauth_str *out);

#endif /* BIMI_FILE_H */
