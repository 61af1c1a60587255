/*
 * zones.h - the zones of a job: an index of their records, and their answers
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * zone: reads zone files with the place of each record (scan.h, reader.h,
 * rdata.h), keeps them in an index (index.h), finds what is wrong with a zone
 * as a whole (whole.h), and answers questions from it as the authority would,
 * with proofs of denial (packet.h, denial.h). No network, and no files beside
 * those that a caller reads. May include base, sys, record and judge. In: texts
 * of zone files. Out: faults at their places, records, DNS messages.
 */
#ifndef ZONE_ZONES_H
#define ZONE_ZONES_H

#include "zone/reader.h"

/** A record of the index. It lives as long as the index. */
struct zone_record {
	struct zone_record *next; /* of the same set, in the order of the
	                           * files */
	const struct zone_file *file;
	uint32_t ttl, line;
	uint16_t column;
	uint16_t n; /* octets of `rdata` */
	uint8_t rdata[]; /* wire format, names not compressed */
};

/** The records of one name and one type. No two of them have the same data. */
struct zone_rrset {
	struct zone_rrset *next; /* of the same name */
	struct zone_record *records; /* one at least */
	struct zone_record *last; /* of them */
	uint32_t n; /* records */
	uint16_t type;
	bool uneven; /* their TTLs differ */
};

/** A name of a zone: of a record, or an empty non-terminal (RFC 4592 2.2.2). */
struct zone_node {
	struct zone_rrset *rrsets; /* NULL: an empty non-terminal */
	/* The rest is for this room alone. */
	struct zone_node *parent; /* NULL: the apex */
	uint32_t rank; /* in canonical order */
	uint8_t depth; /* labels below the apex; 0: the apex */
	uint8_t marks; /* ZONE_MARK_* */
	uint8_t label[]; /* the first one of the name, behind its length */
};

/** One zone. */
struct zone {
	const struct zone *next;
	const struct dname *origin;
	const struct zone_node *apex;
	size_t nrecords;
	/** Octets that the index takes for this zone, those of labels and data
	 * included, the text not. */
	size_t noctets;
};

/** Seconds of a TTL that is hardly meant. */
#define ZONE_TTL_SHORT 1

/** The zones of a job. */
struct zones;

/** An index without zones; NULL when memory ran out. */
struct zones *zones_new(void);
void zones_free(struct zones *z);

/** What is read, and who gets what is wrong with it. */
struct zone_reading {
	struct zone_file
	    *file; /* kept: text and path live as long as the index */
	const struct dname *origin; /* NULL: of the first SOA record */
	/** Take a fault; NULL: they are dropped. */
	void (*fault)(void *user, const struct zone_fault *fault);
	/** As in struct zone_sink; NULL: nothing is included. */
	struct zone_file *(*include)(void *user, struct mailauth_str path,
	    const struct zone_file *from, const char **why);
	bool mends; /* as in struct zone_sink */
	void *user;
};

/**
 * Read a zone into the index. Faults of the text and of the zone as a whole
 * (two SOA records, CNAME beside other data, ...) are handed to `fault`.
 * @return the zone; NULL, with `why` set, when it is no zone: no SOA record,
 *     a zone of that name is there already, memory ran out.
 */
const struct zone *
zones_read(struct zones *z, const struct zone_reading *r, const char **why);

/** The zones, in the order in which they were read. */
const struct zone *zones_first(const struct zones *z);
/** The zone that has authority for a name: the lowest one that is at or above
 * it; NULL: none. For type DS at an apex use the parent of the name. */
const struct zone *zones_of(const struct zones *z, const struct dname *name);

/** The node of a name; NULL: the name does not exist (wildcards are not looked
 * at). */
const struct zone_node *
zone_node(const struct zone *zone, const struct dname *name);
/** The next node behind `after` in canonical order (RFC 4034 6.1), NULL: the
 * apex; NULL at the end. `name` is set to its name. */
const struct zone_node *zone_next(const struct zone *zone,
    const struct zone_node *after, struct dname *name);
/** The name of a node. */
void zone_node_name(const struct zone *zone, const struct zone_node *node,
    struct dname *name);
/** The records of a type at a node; NULL: there are no such records. */
const struct zone_rrset *
zone_rrset(const struct zone_node *node, uint16_t type);
/** The node is below a delegation (RFC 1034 4.2.1) or below a DNAME record: an
 * authority does not answer with its records. */
bool zone_hidden(const struct zone *zone, const struct zone_node *node);

/** Octets of the largest answer. */
#define ZONE_ANSWER_MAX 65535
/**
 * Answer as an authority for all zones does (RFC 1034 4.3.2, RFC 4592, RFC
 * 6672; with `dnssec` RFC 4035 3.1 and RFC 5155 7.2): a whole DNS message with
 * an id of 0, AA where it is due, chains of CNAME and DNAME followed through
 * the zones, REFUSED outside them.
 * @param udp octets of a message; a longer one is cut and has TC set; 0: no
 *     bound but ZONE_ANSWER_MAX
 * @param out room for ZONE_ANSWER_MAX octets
 * @return octets written; 0 when the answer is larger than ZONE_ANSWER_MAX.
 */
size_t zones_answer(const struct zones *z, const struct dname *name,
    uint16_t type, bool dnssec, size_t udp, uint8_t *out);

#endif /* ZONE_ZONES_H */
