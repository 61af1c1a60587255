/*
 * file.h - what the readers of a logo and of its certificate share
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * bimi: says whether a logo (svg.h) and its mark certificate (cert.h,
 * logotype.h) keep to their profiles. It reads local files only, no DNS and no
 * network. May include base, sys, record and report; libxml2 in svg.c,
 * libcrypto in cert.c, zlib in file.c. In: files that anybody can have made;
 * octets, nesting, certificates and time are bounded. Out: facts and a list of
 * faults; domain/bimi.c turns them into findings.
 */
#ifndef BIMI_FILE_H
#define BIMI_FILE_H

#include "base/arena.h"
#include "base/str.h"
#include "mailauth/mailauth.h"

/** Octets read of a certificate file. A chain takes ten thousand, and the logo
 * in it somewhat more. */
#define BIMI_CERT_MAX 1048576u
/** Octets read of a logo, and octets that a compressed logo may expand to:
 * eight times what receivers accept. libxml2 compares each attribute of an
 * element with all others, so a longer file could take seconds. */
#define BIMI_SVG_MAX 262144u

/** Faults kept of one file, one for each finding. */
#define BIMI_FAULTS_MAX 24
/** Octets of the text of one fault. */
#define BIMI_FAULT_TEXT 160

/** The faults of a file. */
struct bimi_faults {
	size_t n;
	struct bimi_fault {
		uint16_t id; /* finding */
		unsigned more; /* occurrences after the first */
		uint16_t used; /* octets in `what`, all printable */
		char what[BIMI_FAULT_TEXT];
	} at[BIMI_FAULTS_MAX];
};

/** Add a fault, or count it when its finding has a fault already. The text is
 * `what`, which is ours, and then an excerpt of `octets`, which come from the
 * file and may be empty. */
void bimi_fault(struct bimi_faults *f, enum mailauth_finding_id id,
    const char *what, struct mailauth_str octets);
/** The same with ", line N" behind it; 0 for none. */
void bimi_fault_at(struct bimi_faults *f, enum mailauth_finding_id id,
    const char *what, struct mailauth_str octets, unsigned line);

/** A file, or its first octets. `name` borrows from the caller. */
struct bimi_file {
	const char *name; /* NULL: no file was given */
	struct mailauth_str octets;
	bool longer; /* the file has more octets */
};

/**
 * Read at most `max` octets of a file into the arena.
 * @return MAILAUTH_OK; EINPUT with "FILE: reason" in `why`; ENOMEM
 */
enum mailauth_status bimi_file_read(struct arena *arena, const char *file,
    size_t max, struct bimi_file *out, char why[MAILAUTH_WHY_MAX]);

/** Result of decompression. */
enum bimi_unzip {
	BIMI_UNZIPPED,
	BIMI_ZIP_BROKEN, /* not gzip, cut off, or octets behind its end */
	BIMI_ZIP_LONG, /* expands to more than BIMI_SVG_MAX octets */
	BIMI_ZIP_NO_MEMORY,
};

/** The text begins with the two octets of gzip (RFC 1952 2.3.1). */
bool bimi_is_zipped(struct mailauth_str octets);
/** Decompress a gzip file into the arena. It allocates room for BIMI_SVG_MAX
 * octets, whatever size the file claims, and stops there. */
enum bimi_unzip bimi_unzip(struct arena *arena, struct mailauth_str zipped,
    struct mailauth_str *out);

#endif /* BIMI_FILE_H */
