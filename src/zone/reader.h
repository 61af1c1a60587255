/*
 * reader.h - the records of a master file, with their places
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * RFC 1035 5, RFC 2308 4 ($TTL), RFC 3597 5, and of BIND $GENERATE and units of
 * TTLs. A line that is wrong is reported, and reading goes on behind it.
 */
#ifndef ZONE_READER_H
#define ZONE_READER_H

#include "mailauth/types.h"
#include "zone/rdata.h"

/** Files that one may lead to by $INCLUDE, one in the other. */
#define ZONE_DEPTH_MAX 10
/** Files in all, so that files that include each other twice come to an end. */
#define ZONE_FILES_MAX 1000
/** Records that all $GENERATE of a zone may make. */
#define ZONE_GENERATED_MAX (UINT32_C(1) << 20)

/** A file that is being read, or was. */
struct zone_file {
	struct zone_file *next;
	const char *path; /* as it was given, "-" for the standard input */
	struct mailauth_str text;
	const struct zone_file *from; /* the file that includes it; or NULL */
	uint32_t line; /* of the $INCLUDE */
};

/** A place in a file. */
struct zone_place {
	const struct zone_file *file;
	uint32_t line, column; /* from 1; column 0: the whole line */
	uint32_t length; /* octets; 0: not known */
};

/** A record, valid during the call. */
struct zone_rr {
	const struct dname *owner;
	uint16_t type;
	uint32_t ttl;
	const uint8_t *rdata;
	size_t n; /* octets of it */
	struct zone_place place; /* of the owner, or of the first field */
	const struct zone_entry *entry;
	/** The first field of the data; entry->n: no field ($GENERATE). */
	size_t data;
	bool written; /* the line has an owner, and it is not the last one */
	bool absolute; /* it has a final dot there */
	const struct reader *reader; /* for zone_rr_place() */
};

/** The place of a field of the record's entry. */
struct zone_place
zone_rr_place(const struct zone_rr *rr, const struct zone_field *f);

/** Something wrong with the text, valid during the call. */
struct zone_fault {
	enum mailauth_finding_id id;
	struct zone_place place;
	struct mailauth_str text; /* that is wrong, as written; may be empty */
	const char *detail; /* a clause; or NULL */
	/** The owner of the record that is lost or doubtful; NULL: not known. */
	const struct dname *owner;
	uint16_t type; /* of it; 0: not known */
	/** The name that its data lead to, when that lacks something; or NULL. */
	const struct dname *target;
	struct mailauth_str remedy; /* what to write in place; may be empty */
};

/** Who takes what is read. */
struct zone_sink {
	/** Take a record. False ends the reading. */
	bool (*record)(struct zone_sink *sink, const struct zone_rr *rr);
	void (*fault)(struct zone_sink *sink, const struct zone_fault *fault);
	/** Open a file that $INCLUDE names; NULL, with `why` set, when it
	 * cannot be read. NULL: nothing is included. */
	struct zone_file *(*include)(struct zone_sink *sink,
	    struct mailauth_str path, const struct zone_file *from,
	    const char **why);
	/** An $ORIGIN that lacks its final dot is read as if it had it. */
	bool mends;
};

/**
 * Read a zone.
 * @param origin of names without a final dot, until $ORIGIN; NULL: there is
 *     none, and the zone must begin with $ORIGIN or a name with a final dot
 * @param a memory for the reader's own work; fails when memory ran out
 * @return false when memory ran out or the sink ended the reading.
 */
bool zone_read(struct zone_file *file, const struct dname *origin,
    struct zone_sink *sink, struct arena *a);

#endif /* ZONE_READER_H */
