/*
 * zonefiles.c - the zones that a resolver is given, read from their files
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * A file includes others only of its own folder and below: whoever writes a
 * zone need not be allowed to read all that the user can read.
 */
#include "dns/zonefiles.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/str.h"
#include "dns/packet.h"
#include "record/findings.h"
#include "record/rrtype.h"
#include "sys/file.h"
#include "zone/text.h"

/* Octets of a file; more is a mistake. */
#define FILE_MAX ((size_t)256 * 1024 * 1024)
/* Faults that are kept: a check shows those of its own names. */
#define FAULTS_MAX 10000
/* Links of a chain of aliases, as many as Unbound follows. */
#define CHAIN_MAX 11

/* A fault that is kept. */
struct kept {
	struct kept *next;
	struct mailauth_str zone;
	struct mailauth_str owner; /* STR_NONE: not known */
	uint16_t type; /* 0: not known */
	struct resolver_fault fault;
};

struct zonefiles {
	struct arena arena; /* texts of files, and faults */
	const struct zones *zones;
	struct zones *own; /* the same; NULL: they are borrowed */
	struct kept *faults, **faults_end;
	size_t nfaults;
	uint8_t *room; /* for an answer */
};

/* The reading of one zone. */
struct reading {
	struct zonefiles *f;
	struct mailauth_str zone;
	const char *file; /* as the user gave it */
	char *folder; /* of the file, without links; NULL: not known */
	char *why;
	bool refused; /* `why` has the first fault of that kind */
};

/* Name servers refuse a zone with such a fault, so that it answers nothing. */
static bool
is_refused(enum mailauth_finding_id id)
{
	switch (id) {
	case MAILAUTH_F_ZONE_SYNTAX:
	case MAILAUTH_F_ZONE_RDATA:
	case MAILAUTH_F_ZONE_QUOTE_OPEN:
	case MAILAUTH_F_ZONE_PARENTHESIS:
	case MAILAUTH_F_ZONE_DIRECTIVE:
	case MAILAUTH_F_ZONE_INCLUDE:
	case MAILAUTH_F_ZONE_GENERATE:
	case MAILAUTH_F_ZONE_NOT_TEXT: return true;
	default: return false;
	}
}

/* Put the first fault that name servers refuse into `why`. */
static void
refuse_fault(struct reading *r, const struct zone_fault *fault)
{
	struct writer w = writer_of(r->why, MAILAUTH_WHY_MAX - 1);

	if (r->refused)
		return;
	r->refused = true;
	put_text(&w, fault->place.file->path);
	put_char(&w, ':');
	put_number(&w, fault->place.line);
	if (fault->place.column > 0) {
		put_char(&w, ':');
		put_number(&w, fault->place.column);
	}
	put_text(&w, ": ");
	put_text(&w, finding_row(fault->id)->sentence);
	if (fault->detail != NULL) {
		put_text(&w, ": ");
		put_text(&w, fault->detail);
	}
	if (fault->text.n > 0) {
		put_text(&w, ": ");
		put_untrusted(&w, str_sub(fault->text, 0, 60));
	}
	r->why[w.used] = '\0';
}

static void
take_fault(void *user, const struct zone_fault *fault)
{
	struct reading *r = user;
	struct zonefiles *f = r->f;
	struct kept *k;

	if (is_refused(fault->id)) {
		refuse_fault(r, fault);
		return;
	}
	if (f->nfaults == FAULTS_MAX ||
	    (k = arena_alloc(&f->arena, sizeof(*k))) == NULL)
		return;
	if (fault->owner != NULL)
		k->owner = dname_text(&f->arena, fault->owner);
	k->zone = r->zone;
	k->type = fault->type;
	k->fault = (struct resolver_fault){
		.id = fault->id,
		.place = { fault->place.file->path, fault->place.line,
		    fault->place.column },
		.text = fault->text,
		.detail = fault->detail != NULL ?
		    arena_copy(&f->arena, str_of(fault->detail)) :
		    STR_NONE,
		.remedy = arena_copy(&f->arena, fault->remedy),
	};
	*f->faults_end = k;
	f->faults_end = &k->next;
	f->nfaults++;
}

/* Why a file was not read, static or of the system. */
static const char *
why_not(enum file_end end)
{
	switch (end) {
	case FILE_WHOLE: return NULL;
	case FILE_LONGER: return strerror(EFBIG);
	case FILE_NO_MEMORY: return "memory ran out";
	default:
		return errno == EISDIR ? "it is a directory, not a zone file" :
		                         strerror(errno);
	}
}

/* Read a file into memory that lives as long as the zones. */
static struct zone_file *
read_file(struct zonefiles *f, const char *path, const char **why)
{
	struct zone_file *file = arena_alloc(&f->arena, sizeof(*file));

	*why = "memory ran out";
	if (file == NULL ||
	    (file->path = arena_copy(&f->arena, str_of(path)).s) == NULL)
		return NULL;
	*why = why_not(file_read(path, FILE_MAX, &f->arena, &file->text));
	return *why == NULL ? file : NULL;
}

char *
zonefile_folder(const char *file)
{
	char *path = realpath(file, NULL), *slash;
	struct stat st;

	if (path == NULL || stat(path, &st) != 0 || !S_ISREG(st.st_mode) ||
	    (slash = strrchr(path, '/')) == NULL) {
		free(path);
		return NULL;
	}
	slash[slash == path] = '\0';
	return path;
}

/* The path is in the folder or below it. */
static bool
is_within(const char *path, const char *folder)
{
	size_t n = strlen(folder);

	return strncmp(path, folder, n) == 0 &&
	    (n == 1 || path[n] == '/' || path[n] == '\0');
}

const char *
zonefile_included(struct arena *a, const char *file, const char *folder,
    struct mailauth_str name, const char **why)
{
	const char *slash = strrchr(file, '/');
	struct writer w = arena_writer(a);
	char *path;
	bool good;

	*why = "only files of the zone file's folder, or below it, are "
	       "included";
	if (folder == NULL || name.n == 0 ||
	    memchr(name.s, '\0', name.n) != NULL)
		return NULL;
	if (name.s[0] != '/' && slash != NULL)
		put_bytes(&w, file, (size_t)(slash - file) + 1);
	put_str(&w, name);
	put_char(&w, '\0');
	if (w.full) {
		*why = "memory ran out";
		return NULL;
	}
	path = realpath(w.buf, NULL);
	if (path == NULL) {
		*why = strerror(errno);
		return NULL;
	}
	good = is_within(path, folder);
	free(path);
	return good ? w.buf : NULL;
}

static struct zone_file *
include(void *user, struct mailauth_str name, const struct zone_file *from,
    const char **why)
{
	struct reading *r = user;
	const char *path =
	    zonefile_included(&r->f->arena, r->file, r->folder, name, why);

	(void)from;
	return path != NULL ? read_file(r->f, path, why) : NULL;
}

/* Say what is in the file in place of a zone. */
static void
refuse_text(const struct zone_text *t, const char *path, char *why)
{
	const struct finding_row *row = finding_row(t->id);
	struct writer w = writer_of(why, MAILAUTH_WHY_MAX - 1);

	put_text(&w, path);
	if (t->line > 0) {
		put_char(&w, ':');
		put_number(&w, t->line);
	}
	put_text(&w, ": ");
	put_text(&w, row->sentence);
	put_text(&w, t->what[0] != '\0' ? ": " : "");
	put_text(&w, t->what);
	put_text(&w, "; ");
	put_text(&w, t->remedy != NULL ? t->remedy : row->remedy);
	why[w.used] = '\0';
}

static enum mailauth_status
read_zone(struct zonefiles *f, struct mailauth_str name, const char *path,
    char *why)
{
	struct reading r = { .f = f, .file = path, .why = why };
	struct dname origin;
	struct zone_reading reading = { .origin = &origin,
		.fault = take_fault,
		.include = include,
		.user = &r };
	const struct zone *zone;
	struct zone_text text;
	const char *reason;

	if (dname_parse(name, &origin) != DNAME_OK)
		return MAILAUTH_EUSE;
	reading.file = read_file(f, path, &reason);
	r.zone = dname_text(&f->arena, &origin);
	if (reading.file == NULL) {
		snprintf(why, MAILAUTH_WHY_MAX, "%.400s: %s", path, reason);
		return f->arena.failed ? MAILAUTH_ENOMEM : MAILAUTH_EINPUT;
	}
	if (!zone_text_is_zone(reading.file->text, false, &text)) {
		refuse_text(&text, path, why);
		return MAILAUTH_EINPUT;
	}
	r.folder = zonefile_folder(path);
	zone = zones_read(f->own, &reading, &reason);
	free(r.folder);
	if (r.refused)
		return MAILAUTH_EINPUT;
	if (zone != NULL)
		return MAILAUTH_OK;
	if (f->arena.failed || strstr(reason, "SOA") == NULL) {
		snprintf(why, MAILAUTH_WHY_MAX, "memory ran out");
		return MAILAUTH_ENOMEM;
	}
	/* Files have A-labels, and UTF-8 in one is octets. */
	snprintf(why, MAILAUTH_WHY_MAX,
	    "%.200s: there is no SOA record of %.200s in it%s", path, name.s,
	    strstr(name.s, "xn--") != NULL ?
	        ": in the file, too, write the name in this form" :
	        "");
	return MAILAUTH_EINPUT;
}

enum mailauth_status
zonefiles_read(const struct config *c, const struct mailauth_options *o,
    struct zonefiles **out, char why[MAILAUTH_WHY_MAX])
{
	struct zonefiles *f = calloc(1, sizeof(*f));
	enum mailauth_status status = MAILAUTH_OK;

	*out = f;
	snprintf(why, MAILAUTH_WHY_MAX, "memory ran out");
	if (f == NULL)
		return MAILAUTH_ENOMEM;
	f->faults_end = &f->faults;
	f->zones = f->own = zones_new();
	f->room = arena_alloc(&f->arena, ZONE_ANSWER_MAX);
	if (f->zones == NULL || f->room == NULL)
		status = MAILAUTH_ENOMEM;
	for (size_t i = 0; i < c->nzones && status == MAILAUTH_OK; i++)
		status = read_zone(f, c->zones[i], o->zones[i].file, why);
	if (status == MAILAUTH_OK && f->arena.failed)
		status = MAILAUTH_ENOMEM;
	if (status == MAILAUTH_OK)
		return MAILAUTH_OK;
	zonefiles_free(f);
	*out = NULL;
	return status;
}

enum mailauth_status
zonefiles_borrow(const struct zones *zones, struct zonefiles **out)
{
	struct zonefiles *f = *out = calloc(1, sizeof(*f));

	if (f == NULL)
		return MAILAUTH_ENOMEM;
	f->faults_end = &f->faults;
	f->zones = zones;
	f->room = arena_alloc(&f->arena, ZONE_ANSWER_MAX);
	if (f->room != NULL)
		return MAILAUTH_OK;
	zonefiles_free(f);
	*out = NULL;
	return MAILAUTH_ENOMEM;
}

void
zonefiles_free(struct zonefiles *f)
{
	if (f == NULL)
		return;
	zones_free(f->own);
	arena_free(&f->arena);
	free(f);
}

const struct zones *
zonefiles_index(const struct zonefiles *f)
{
	return f->zones;
}

/* The name without its first label. */
static struct dname
parent_of(const struct dname *name)
{
	struct dname up = *name;
	size_t first = name->wire[0];

	if (first == 0)
		return up;
	up.len = (uint8_t)(name->len - first - 1);
	memcpy(up.wire, name->wire + first + 1, up.len);
	return up;
}

/* The zone that answers a question. */
static const struct zone *
zone_for(const struct zonefiles *f, const struct dname *name, uint16_t type)
{
	struct dname up = *name;

	if (type == RRTYPE_DS)
		up = parent_of(name);
	return zones_of(f->zones, &up);
}

bool
zonefiles_serve(const struct zonefiles *f, const struct dname *name,
    uint16_t type)
{
	return zone_for(f, name, type) != NULL;
}

static void
fail(struct lookup *l, enum mailauth_cause cause, const char *why)
{
	l->answer.outcome = MAILAUTH_FAILED;
	l->answer.cause = cause;
	l->answer.why = arena_copy(l->arena, str_of(why));
}

/* The name is an alias in its zone, so that a chain of aliases does not end
 * with it. */
static bool
is_alias(const struct zonefiles *f, const struct dname *name)
{
	const struct zone *zone = zones_of(f->zones, name);
	const struct zone_node *node =
	    zone != NULL ? zone_node(zone, name) : NULL;

	return node != NULL && zone_rrset(node, RRTYPE_CNAME) != NULL;
}

/* The answer has no records: fail it where that proves nothing. */
static void
weigh(const struct zonefiles *f, struct lookup *l, struct dname *end,
    const struct packet_head *head)
{
	if (head->rcode != 0 && head->rcode != 3)
		fail(l, MAILAUTH_CAUSE_REFUSED, "the zones have no answer");
	else if (!zonefiles_serve(f, end, l->answer.rrtype) ||
	    head->denial == DENIAL_REFERRAL)
		fail(l, MAILAUTH_CAUSE_OFFLINE,
		    "an alias or delegation leads out of the zones");
	else if (l->answer.nchain > CHAIN_MAX ||
	    (l->answer.rrtype != RRTYPE_CNAME && is_alias(f, end)))
		fail(l, MAILAUTH_CAUSE_LOOP,
		    "request has exceeded the maximum number restarts");
	else if (head->tc)
		fail(l, MAILAUTH_CAUSE_SERVFAIL,
		    "the records do not fit a DNS message");
	else if (head->denial != DENIAL_SOA)
		fail(l, MAILAUTH_CAUSE_NO_SOA,
		    "the zone has no SOA record that proves the absence");
}

/* The wildcard that is right below a name; NULL: there is no such one. */
static const struct zone_node *
star_below(const struct zone *zone, const struct dname *name)
{
	struct dname star;

	if (name->len + 2 > DNAME_WIRE_MAX)
		return NULL;
	star.len = (uint8_t)(name->len + 2);
	star.wire[0] = 1;
	star.wire[1] = '*';
	memcpy(star.wire + 2, name->wire, name->len);
	return zone_node(zone, &star);
}

/* The lowest name above `name` that is there. `name` is in the zone. */
static struct dname
encloser_of(const struct zone *zone, struct dname name)
{
	do
		name = parent_of(&name);
	while (name.len > zone->origin->len && zone_node(zone, &name) == NULL);
	return name;
}

/* Say why a name does not exist although a wildcard is above it: that one does
 * not go beyond another name which exists (RFC 4592 2.2.2). */
static void
note_unreached(const struct zonefiles *f, struct lookup *l,
    const struct dname *name)
{
	const struct zone *zone = zone_for(f, name, l->answer.rrtype);
	struct writer w = arena_writer(l->arena);
	struct dname above, star;

	if (l->answer.outcome != MAILAUTH_NXDOMAIN || l->answer.nchain > 0)
		return;
	star = above = encloser_of(zone, *name);
	while (star.len > zone->origin->len) {
		star = parent_of(&star);
		if (star_below(zone, &star) == NULL)
			continue;
		put_text(&w, "the wildcard *.");
		put_dname(&w, &star);
		put_text(&w, " covers no name below ");
		put_dname(&w, &above);
		put_text(&w, ", since that name exists");
		l->unreached = writer_str(&w);
		return;
	}
}

/* The name is there, so that no wildcard answers for it. */
static bool
is_there(const struct zonefiles *f, struct mailauth_str name)
{
	struct dname wire;
	const struct zone *zone = dname_parse(name, &wire) == DNAME_OK ?
	    zones_of(f->zones, &wire) :
	    NULL;

	return zone != NULL && zone_node(zone, &wire) != NULL;
}

/* All names of the answer are there. */
static bool
is_own(const struct zonefiles *f, const struct mailauth_answer *a)
{
	for (size_t i = 0; i < a->nchain; i++)
		if (!is_there(f, a->chain[i]))
			return false;
	return is_there(f, a->name);
}

void
zonefiles_answer(struct zonefiles *f, struct lookup *l)
{
	struct packet_head head;
	struct dname name, end;
	size_t n;

	l->answer.dnssec = MAILAUTH_DNSSEC_UNCHECKED;
	if (dname_parse(l->answer.name, &name) != DNAME_OK) {
		fail(l, MAILAUTH_CAUSE_SERVFAIL, "the name cannot be asked");
		return;
	}
	if (!zonefiles_serve(f, &name, l->answer.rrtype)) {
		l->answer.outcome = MAILAUTH_FAILED;
		l->answer.cause = MAILAUTH_CAUSE_OFFLINE;
		return;
	}
	n = zones_answer(f->zones, &name, l->answer.rrtype, false, 0, f->room);
	if (n == 0) {
		fail(l, MAILAUTH_CAUSE_SERVFAIL,
		    "the records do not fit a DNS message");
		return;
	}
	if (!packet_read(l, f->room, n, &head)) {
		fail(l, MAILAUTH_CAUSE_SERVFAIL, "the answer cannot be read");
		return;
	}
	note_unreached(f, l, &name);
	l->is_own =
	    l->answer.outcome == MAILAUTH_FOUND && is_own(f, &l->answer);
	end = name;
	if (l->answer.nchain > 0)
		dname_parse(l->answer.chain[l->answer.nchain - 1], &end);
	if (l->answer.outcome != MAILAUTH_FOUND || l->answer.nchain > CHAIN_MAX)
		weigh(f, l, &end, &head);
}

bool
zonefiles_too_large(struct zonefiles *f, struct mailauth_str name,
    uint16_t type)
{
	struct dname wire;

	return dname_parse(name, &wire) == DNAME_OK &&
	    zonefiles_serve(f, &wire, type) &&
	    zones_answer(f->zones, &wire, type, true, 0, f->room) == 0;
}

/* The node whose records answer for a name: its own, or a wildcard (RFC 4592
 * 3.3.1). */
static const struct zone_node *
node_for(const struct zone *zone, struct dname name)
{
	const struct zone_node *node = zone_node(zone, &name);

	if (node != NULL || name.len <= zone->origin->len)
		return node;
	name = encloser_of(zone, name);
	return star_below(zone, &name);
}

/* The data are the same, names in them in any case. */
static bool
same_data(const struct zone_record *r, const struct mailauth_rdata *data)
{
	if (r->n != data->len)
		return false;
	for (size_t i = 0; i < r->n; i++)
		if (to_lower((char)r->rdata[i]) !=
		    to_lower((char)data->data[i]))
			return false;
	return true;
}

/* The record with these data: the very same, or one that differs in the case of
 * letters. */
static const struct zone_record *
record_of(const struct zone_rrset *set, const struct mailauth_rdata *data)
{
	const struct zone_record *like = NULL;

	for (const struct zone_record *r = set->records; r != NULL;
	     r = r->next) {
		if (!same_data(r, data))
			continue;
		if (r->n == 0 || memcmp(r->rdata, data->data, r->n) == 0)
			return r;
		if (like == NULL)
			like = r;
	}
	return like;
}

bool
zonefiles_place(const struct zonefiles *f, const struct mailauth_answer *a,
    size_t i, struct mailauth_place *out)
{
	const struct zone_node *node;
	const struct zone_record *r;
	const struct zone_rrset *set;
	const struct zone *zone;
	struct dname name;

	if (i >= a->nrr ||
	    dname_parse(a->nchain > 0 ? a->chain[a->nchain - 1] : a->name,
	        &name) != DNAME_OK ||
	    (zone = zone_for(f, &name, a->rrtype)) == NULL ||
	    (node = node_for(zone, name)) == NULL ||
	    (set = zone_rrset(node, a->rrtype)) == NULL ||
	    (r = record_of(set, &a->rr[i])) == NULL)
		return false;
	*out = (struct mailauth_place){ r->file->path, r->line, 0 };
	return true;
}

/* The fault is about the records of this name and type, or about an alias. */
static bool
is_at(const struct kept *k, struct mailauth_str name, uint16_t type)
{
	return str_eq(k->owner, name) &&
	    (k->type == type || k->type == 0 || k->type == RRTYPE_CNAME);
}

/* Some name servers refuse the whole zone for such a record, whatever its name
 * is. */
static bool
spoils_zone(enum mailauth_finding_id id)
{
	switch (id) {
	case MAILAUTH_F_ZONE_NS_MISSING:
	case MAILAUTH_F_ZONE_OUTSIDE:
	case MAILAUTH_F_ZONE_CNAME_BESIDE:
	case MAILAUTH_F_ZONE_CNAME_TWICE:
	case MAILAUTH_F_ZONE_BELOW_DNAME: return true;
	default: return false;
	}
}

/* The fault is about the records of the answer, or of an alias on the way; for
 * SOA records about the zone as a whole, or about nobody knows which name. */
static bool
is_about(const struct kept *k, const struct mailauth_answer *a)
{
	if (a->rrtype == RRTYPE_SOA)
		return dname_under(a->name, k->zone) &&
		    (k->owner.n == 0 || k->type == RRTYPE_SOA ||
		        spoils_zone(k->fault.id));
	if (k->owner.n == 0)
		return false;
	for (size_t i = 0; i < a->nchain; i++)
		if (is_at(k, a->chain[i], a->rrtype))
			return true;
	return is_at(k, a->name, a->rrtype);
}

const struct resolver_fault *
zonefiles_fault(const struct zonefiles *f, const struct mailauth_answer *a,
    size_t i)
{
	for (const struct kept *k = f->faults; k != NULL; k = k->next)
		if (is_about(k, a) && i-- == 0)
			return &k->fault;
	return NULL;
}
