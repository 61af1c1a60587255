/*
 * lint.h - zones judged as a whole, each finding at its place in a file
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * lint: reads zones, finds the names that have a part in mail, has each one
 * judged as a check would, and maps what is found to file, line and column.
 * files.c reads, names.c and owners.c find names, judge.c judges them, expiry.c
 * looks at signatures, items.c keeps findings, place.c finds places, fix.c
 * repairs, diff.c compares two versions, api.c shows. May include base, sys,
 * record, judge, zone, dns, report and spf, and may call functions of mailauth.h.
 * In: files and a request. Out: struct mailauth_lint.
 */
#ifndef LINT_LINT_H
#define LINT_LINT_H

#include "base/addr.h"
#include "base/arena.h"
#include "mailauth/mailauth.h"
#include "zone/zones.h"

/** Octets of one file at most: ten million records are in less. */
#define LINT_FILE_MAX ((size_t)1 << 29)
/** Octets of all files at most, so that memory has a bound. */
#define LINT_ALL_MAX ((size_t)1 << 30)
/** Findings kept; a zone of a million broken lines ends in one that says so. */
#define LINT_ITEMS_MAX 100000
/** Findings behind which all but failures are left out, and mere facts. */
#define LINT_WARNINGS_MAX 80000
#define LINT_FACTS_MAX    20000
/** Weights of findings, each with a bound: facts, warnings, failures. */
#define LINT_WEIGHTS 3
/** Octets of a line that are shown at most: a TXT record of 65,535 octets. */
#define LINT_LINE_MAX 70000

/** A file that is read, and where its lines begin. */
struct lint_file {
	struct zone_file file; /* the first member: a file is one of these */
	struct lint_file *next;
	size_t number; /* in the order of reading, from 0 */
	size_t octets; /* of the text, as far as the file has it */
	bool is_no_text; /* nothing in it is read */
	bool is_unread; /* it could not be read */
	const char *why; /* not; or NULL */
	uint32_t *lines; /* offsets; NULL: not looked for yet */
	size_t nlines;
	/** The line shown last, and its copy. */
	uint32_t copied;
	const char *copy;
};

/** A zone that is judged. */
struct lint_zone {
	struct lint_file *file;
	struct dname given; /* its name, by the caller */
	bool has_name;
	const struct zone *zone; /* in the index; NULL: no zone */
	const char *name; /* with a final dot; NULL: not known */
	/** A fault of its text that lost a record of an unknown name, and one
	 * that lost a record of a host. NULL: no such fault. */
	const struct item *lost, *lost_host;
};

/** A text of a list. */
struct lint_word {
	struct lint_word *next;
	const char *text;
};

struct item;

/** A name that has a part in mail, or that records of mail name. */
struct owner {
	struct owner *bucket; /* of the table */
	struct owner *next; /* in the order in which they were found */
	struct mailauth_str name; /* canonical */
	size_t zone; /* number of its zone */
	struct zone_place place; /* of its first record */
	const struct zone_node *node; /* NULL: it has no records */
	bool shown; /* it has a part in mail */
	bool is_left; /* not judged: findings are too many */

	/* A domain. */
	uint32_t kinds; /* that it has records of, bits */
	struct lint_word *selectors, **selectors_end;
	size_t nselectors;
	bool is_apex;
	bool has_address;
	/* A record by itself. */
	const struct mailauth_kind *kind; /* NULL: it is of a domain */

	bool is_part; /* SPF records of others include it */
	bool is_host; /* mail comes from it or goes to it */
	bool sends; /* it is a host that an SPF record lists */
	bool lists_mx; /* its SPF record lists its MX hosts */
	struct mailauth_str target; /* of PTR, CNAME: the name that it has */
	bool is_compared; /* a reverse name: with the zones */
	const char *role; /* of a domain that was checked */
	const struct item *fault; /* of the text of its records; or NULL */
	const struct item *below; /* that of a service of it; or NULL */
	/** Records that are for it, where nobody looks for them; or NULL. */
	const struct item *misplaced_key, *misplaced_policy;
	/* A record of it that may give it addresses, which are not known; or
	 * NULL. */
	const struct item *unknown_address;
	size_t rank; /* in the order of the names */
	enum mailauth_result result;
};

/** Addresses that an SPF record names. */
struct lint_net {
	struct lint_net *next;
	struct addr addr;
	unsigned bits;
};

/** A finding. */
struct item {
	struct mailauth_lint_finding view;
	enum mailauth_finding_id id;
	bool open; /* it says that something could not be told */
	const struct lint_file *file; /* of its place; NULL: none */
	uint32_t first_line; /* of the record that it is about */
	size_t zone; /* number of its zone */
	const struct owner *owner; /* the name that it is shown with; NULL: the
	                            * file */
	struct mailauth_str about; /* the name that it is about, beside its own;
	                            * empty: none */
	size_t number; /* in the order of finding */
	struct item *bucket; /* of the table */
};

struct mailauth_lint {
	struct arena arena;
	struct arena scratch; /* of lint_writer() */
	enum mailauth_profile profile;
	bool is_change; /* what was there before does not count */
	bool allow_documentation;
	uint32_t only; /* kinds that are judged, bits; 0: all */
	struct lint_zone *zones;
	size_t nzones;
	struct lint_file *files, **files_end;
	size_t nfiles, octets;
	struct zones *index;
	struct item **items; /* in their order, once all is read */
	size_t nitems, items_room;
	/** Further findings of the weight are dropped, and that was said. */
	bool limited[LINT_WEIGHTS];
	struct item **same; /* a table of the findings */
	size_t nsame;
	struct owner *owners, **owners_end;
	struct owner **table; /* of the owners, by name */
	size_t ntable, nowners;
	struct lint_net *nets;
	char *room; /* for the text of one record, UINT16_MAX octets */
	struct mailauth_lint_name *names;
	size_t nnames;
};

/** A finding to be added; texts need not outlive the call. */
struct lint_new {
	enum mailauth_finding_id id;
	const enum mailauth_severity *severity; /* NULL: the table's */
	bool settled; /* whatever the table says, nothing is left open */
	size_t zone;
	const struct owner *owner; /* NULL: that of this name */
	struct mailauth_str name; /* of the record; may be empty */
	const char *kind; /* a constant; or NULL */
	uint16_t type; /* of the record; 0: of no record */
	struct zone_place place; /* file NULL: none */
	uint32_t first_line; /* of its record; 0: that of the place */
	struct mailauth_str message; /* empty: the table's sentence */
	struct mailauth_str detail; /* behind it; printable */
	struct mailauth_str remedy; /* empty: the table's */
	struct mailauth_str about; /* see struct item; need not be a name */
	const char *follows; /* a constant; or NULL */
	struct mailauth_str fix; /* may be empty */
};

/** Add a finding. NULL when memory ran out, behind the limit, and when one that
 * says the same is there. */
struct item *lint_add(struct mailauth_lint *l, const struct lint_new *n);
/** A writer of a text for lint_add(), which forgets it when it is done. */
struct writer lint_writer(struct mailauth_lint *l);
/** Findings of this severity are kept still. */
bool lint_takes(const struct mailauth_lint *l, enum mailauth_severity severity);
/** Octets as a C string in the lint's arena; NULL for no octets. */
const char *lint_copy(struct mailauth_lint *l, struct mailauth_str s);
/** Put the findings into their order. */
void lint_order(struct mailauth_lint *l);

/** Write a text as the quoted strings of a TXT record. */
void lint_put_strings(struct writer *w, struct mailauth_str text);
/** Find the lines that repair what the findings are about. */
void lint_fixes(struct mailauth_lint *l);

/** The result of findings [first, first + n) that count. */
enum mailauth_result
lint_result_of(const struct mailauth_lint *l, size_t first, size_t n);

/** Read the zones of the options, and add the faults of their text. */
enum mailauth_status lint_read(struct mailauth_lint *l,
    const struct mailauth_options *options, char *why);
/** MAILAUTH_EINPUT with a reason when a file could not be read: any, or all of
 * those that were given. */
enum mailauth_status
lint_refuse_unread(const struct mailauth_lint *l, bool all, char *why);

/** Line `line` of a file, without its end; empty behind the last line. */
struct mailauth_str
lint_line(struct mailauth_lint *l, struct lint_file *file, uint32_t line);

/** The name in the table; NULL: it is not there. */
struct owner *owner_of(const struct mailauth_lint *l, struct mailauth_str name);
/** The same, put there when it is not; NULL when memory ran out. */
struct owner *owner_at(struct mailauth_lint *l, struct mailauth_str name);

/** Write what to do with a text that is at a name where nobody looks for it:
 * the whole record at its right name. Returns the domain that it is for. */
struct mailauth_str lint_put_move(struct writer *out,
    const struct lint_zone *zone, struct mailauth_str name,
    const struct mailauth_kind *kind, struct mailauth_str text);
/** Find the names of a zone that have a part in mail. */
void lint_names(struct mailauth_lint *l, size_t zone);

/** Find the signatures of a zone that are not valid now. */
void lint_expiry(struct mailauth_lint *l, size_t zone);

/** The node of a name in the zone that has authority for it, and the number of
 * that zone; NULL: no such node, or the zone is not served. */
const struct zone_node *lint_node(const struct mailauth_lint *l,
    struct mailauth_str name, size_t *zone);
/** The record of these data; NULL `rr`: the first one of the type. A wildcard
 * counts as all names that it makes. NULL: there is no such record. */
const struct zone_record *lint_record(const struct mailauth_lint *l,
    struct mailauth_str name, uint16_t type, const struct mailauth_rdata *rr);
/** The name is below a delegation, or one: others answer for it. */
bool lint_is_delegated(const struct mailauth_lint *l, struct mailauth_str name);
/** The number of a zone of the index. */
size_t lint_zone_number(const struct mailauth_lint *l, const struct zone *zone);
/** The name is that of a zone of reverse names. */
bool lint_is_reverse(struct mailauth_str name);
/** The place of the first record of a node. */
struct zone_place lint_first(const struct zone_node *node);
/** The place of a record: its owner, or its first field. With a length the
 * octets of its joined text from `offset` on, if they are found. */
struct zone_place lint_place(struct mailauth_lint *l,
    const struct zone_record *rec, uint16_t type, size_t offset, size_t length);
/** The last line of a record. */
uint32_t
lint_last_line(struct mailauth_lint *l, const struct zone_place *place);

/** The kind is one that is judged. */
static inline bool
lint_wants(const struct mailauth_lint *l, enum mailauth_kind_id kind)
{
	return l->only == 0 || (l->only >> kind & 1) != 0;
}
/** A domain that is checked as a whole. */
bool lint_is_whole(const struct owner *o);
/** Make the resolver that the checks ask. */
enum mailauth_status lint_source(struct mailauth_lint *l,
    const struct mailauth_options *options, struct mailauth_resolver **out,
    char *why);
/** Have the names judged. */
enum mailauth_status lint_judge(struct mailauth_lint *l,
    const struct mailauth_options *options, char *why);
/** Compare the names that addresses have with the zones. */
void lint_reverse(struct mailauth_lint *l);

/** Find the causes that reports do not know, when all is in order. */
void lint_follow(struct mailauth_lint *l);
/** Let findings not count that a comment excuses. */
void lint_ignores(struct mailauth_lint *l);

/** Judge the zones before a change, and add what the change does; findings that
 * both have do not count. */
enum mailauth_status lint_diff(struct mailauth_lint *l,
    const struct mailauth_options *options,
    const struct mailauth_lint_request *request, char *why);

#endif /* LINT_LINT_H */
