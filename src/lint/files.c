/*
 * files.c - the files of a lint, read and put into the index
 * SPDX-License-Identifier: BSD-3-Clause
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "dns/zonefiles.h"
#include "lint/lint.h"
#include "record/rrtype.h"
#include "sys/file.h"
#include "zone/index.h"
#include "zone/text.h"

/* Reading of one zone. */
struct intake {
	struct mailauth_lint *lint;
	size_t zone; /* its number */
	const char *file; /* as it was given */
	char *folder; /* of it; NULL: not known */
	struct dname soa; /* owner of the first SOA record */
	uint32_t soa_line;
	bool has_soa;
	bool has_root; /* there are NS records of the root */
	/* The first line whose name needs that of the zone; 0: no line.
	 * It matters where the name of the zone is not known. */
	uint32_t relative_line;
	size_t n; /* records up to it */
};

static enum mailauth_status
refuse(char *why, const char *path, const char *reason)
{
	snprintf(why, MAILAUTH_WHY_MAX, "%.400s: %s", path, reason);
	return MAILAUTH_EINPUT;
}

/* Read a file that was not read before. */
static enum file_end
read_text(struct mailauth_lint *l, const char *path, struct mailauth_str *out)
{
	size_t room = LINT_ALL_MAX - l->octets;
	size_t max = room < LINT_FILE_MAX ? room : LINT_FILE_MAX;
	enum file_end end;
	struct stat st;

	*out = STR_NONE;
	if (strcmp(path, "-") == 0)
		end = file_read_open(STDIN_FILENO, max, &l->arena, out);
	else if (stat(path, &st) == 0 && S_ISREG(st.st_mode) &&
	    (uintmax_t)st.st_size > max)
		return FILE_LONGER;
	else
		end = file_read(path, max, &l->arena, out);
	/* What was read in vain is in memory all the same. */
	l->octets += out->n;
	return end;
}

/* Put a file among those of the lint. */
static void
append(struct mailauth_lint *l, struct lint_file *f)
{
	f->octets = f->file.text.n;
	f->number = l->nfiles++;
	*l->files_end = f;
	l->files_end = &f->next;
}

/* Read a file into the lint; NULL with a reason, static or of errno. Text that
 * was read before is shared. */
static struct lint_file *
read_file(struct mailauth_lint *l, const char *path, const char **why)
{
	struct lint_file *f = arena_alloc(&l->arena, sizeof(*f));
	struct lint_file *again = l->files;
	enum file_end end = FILE_WHOLE;

	*why = "memory ran out";
	if (f == NULL)
		return NULL;
	while (again != NULL &&
	    (again->is_unread || strcmp(again->file.path, path) != 0))
		again = again->next;
	f->file.path = lint_copy(l, str_of(path));
	if (again != NULL)
		f->file.text = again->file.text;
	else
		end = read_text(l, path, &f->file.text);
	if (end == FILE_LONGER)
		*why = "it is larger than the 512 MiB that are read of a "
		       "file, or the 1 GiB of all files";
	else if (end != FILE_WHOLE && end != FILE_NO_MEMORY)
		*why = errno == EISDIR ? "it is a directory, not a zone file" :
		                         strerror(errno);
	if (end != FILE_WHOLE || f->file.path == NULL)
		return NULL;
	append(l, f);
	return f;
}

static struct zone_file *
include(void *user, struct mailauth_str path, const struct zone_file *from,
    const char **why)
{
	struct intake *in = user;
	const char *name = zonefile_included(&in->lint->arena, in->file,
	    in->folder, path, why);
	struct lint_file *f;
	struct stat st;

	(void)from;
	if (name == NULL)
		return NULL;
	if (stat(name, &st) == 0 && !S_ISREG(st.st_mode)) {
		*why = "it is not a regular file";
		return NULL;
	}
	f = read_file(in->lint, name, why);
	return f != NULL ? &f->file : NULL;
}

/* How data of a type are written. */
static const struct {
	uint16_t type;
	const char *how;
} forms[] = {
	{ RRTYPE_A, "write four numbers from 0 to 255 with dots between them" },
	{ RRTYPE_AAAA,
	    "write an IPv6 address such as 2001:db8::1: groups of "
	    "hexadecimal digits, with '::' once at most" },
	{ RRTYPE_MX, "write a number and a host: 10 mail.example.com." },
	{ RRTYPE_TXT, "write strings in quotes, each of 255 octets at most" },
	{ RRTYPE_CNAME, "write one name, with its final dot" },
	{ RRTYPE_NS, "write one name, with its final dot" },
	{ RRTYPE_PTR, "write one name, with its final dot" },
	{ RRTYPE_SOA,
	    "write two names and five numbers: ns1.example.com. "
	    "hostmaster.example.com. 1 7200 3600 1209600 3600" },
	{ RRTYPE_TLSA,
	    "write three numbers and a digest in hexadecimal: "
	    "3 1 1 and 64 digits" },
};

static const char *
form_of(const struct zone_fault *fault)
{
	for (size_t i = 0; i < sizeof(forms) / sizeof(forms[0]); i++)
		if (fault->id == MAILAUTH_F_ZONE_RDATA &&
		    forms[i].type == fault->type)
			return forms[i].how;
	return NULL;
}

/* What is wrong with the text of a record or line, as a finding. */
static void
take_fault(void *user, const struct zone_fault *fault)
{
	struct intake *in = user;
	struct mailauth_lint *l = in->lint;
	struct writer w = lint_writer(l), remedy = lint_writer(l);

	if (fault->detail != NULL)
		put_text(&w, fault->detail);
	/* A quote in quotes says nothing. */
	if (fault->text.n > 0 && fault->place.column > 0 &&
	    fault->id != MAILAUTH_F_ZONE_QUOTE_OPEN) {
		put_text(&w, w.used > 0 ? ": \"" : "\"");
		put_untrusted(&w, str_sub(fault->text, 0, 60));
		put_text(&w, fault->text.n > 60 ? "...\"" : "\"");
	}
	if (fault->remedy.n > 0) {
		put_text(&remedy, "write '");
		put_untrusted(&remedy, fault->remedy);
		put_char(&remedy, '\'');
	} else if (form_of(fault) != NULL) {
		put_text(&remedy, form_of(fault));
	}
	lint_add(l,
	    &(struct lint_new){ .id = fault->id,
	        .zone = in->zone,
	        .name = fault->owner != NULL ?
	            dname_text(&l->scratch, fault->owner) :
	            STR_NONE,
	        .about = fault->target != NULL ?
	            dname_text(&l->scratch, fault->target) :
	            STR_NONE,
	        .type = fault->type,
	        .place = fault->place,
	        .detail = writer_str(&w),
	        .remedy = writer_str(&remedy) });
}

/* The sinks of two readings: for the owner of the SOA record, and for the
 * faults. */
struct sink {
	struct zone_sink sink; /* the first member */
	struct intake *in;
};

static bool
until_soa(struct zone_sink *sink, const struct zone_rr *rr)
{
	struct intake *in = ((struct sink *)sink)->in;

	in->n++;
	if (rr->written && !rr->absolute && in->relative_line == 0)
		in->relative_line = rr->place.line;
	if (rr->type == RRTYPE_NS && rr->owner->len == 1)
		in->has_root = true;
	if (rr->type != RRTYPE_SOA)
		return true;
	in->soa = *rr->owner;
	in->soa_line = rr->place.line;
	in->has_soa = true;
	return false;
}

static void
no_fault(struct zone_sink *sink, const struct zone_fault *fault)
{
	(void)sink;
	(void)fault;
}

/* A network as people name files: "192.0.2" is 2.0.192.in-addr.arpa. */
static bool
name_of_network(struct mailauth_str s, struct dname *out)
{
	char room[32];
	struct writer w = writer_of(room, sizeof(room));
	struct mailauth_str octets[3];
	size_t n = 0;
	uint32_t v;

	while (s.n > 0 && n < 3) {
		octets[n] = str_cut(&s, '.');
		if (!str_number(octets[n++], 255, &v))
			return false;
	}
	if (s.n > 0 || n == 0)
		return false;
	while (n > 0) {
		put_str(&w, octets[--n]);
		put_char(&w, '.');
	}
	put_text(&w, "in-addr.arpa");
	return dname_of_labels(writer_str(&w), out);
}

/* The name of a zone from that of its file: "example.com.zone",
 * "db.example.com", "db.192.0.2". */
static bool
name_of_file(const char *path, struct dname *out)
{
	static const struct mailauth_str ends[] = { STR_INIT(".signed"),
		STR_INIT(".zone"), STR_INIT(".rev"), STR_INIT(".db"),
		STR_INIT(".txt"), STR_INIT(".axfr"), STR_INIT(".bind"),
		STR_INIT(".dns") };
	struct mailauth_str s = str_of(path);

	for (size_t slash = str_find(s, '/'); slash < s.n;
	     slash = str_find(s, '/'))
		s = str_from(s, slash + 1);
	if (str_istarts(s, STR("db.")))
		s = str_from(s, 3);
	for (size_t i = 0; i < sizeof(ends) / sizeof(ends[0]); i++)
		if (s.n > ends[i].n &&
		    str_ieq(str_from(s, s.n - ends[i].n), ends[i])) {
			s.n -= ends[i].n;
			/* "example.com.zone.signed" has two. */
			if (i > 0)
				break;
		}
	if (name_of_network(s, out))
		return true;
	return str_find(s, '.') < s.n && dname_of_labels(s, out);
}

/* The SOA record lacks the final dot of its name, as in exports of some
 * providers: example.com.example.com. Cut the name in half. */
static void
halve(struct dname *name)
{
	size_t half = (size_t)(name->len - 1) / 2;

	if (half == 0 || name->len % 2 == 0 ||
	    memcmp(name->wire, name->wire + half, half) != 0)
		return;
	name->wire[half] = 0;
	name->len = (uint8_t)(half + 1);
}

static void
add_remedied(struct intake *in, const struct lint_zone *z,
    enum mailauth_finding_id id, uint32_t line, const char *detail,
    const char *remedy)
{
	lint_add(in->lint,
	    &(struct lint_new){ .id = id,
	        .zone = in->zone,
	        .place = { .file = &z->file->file, .line = line },
	        .detail = str_of(detail),
	        .remedy = str_of(remedy) });
}

static void
add_of_file(struct intake *in, const struct lint_zone *z,
    enum mailauth_finding_id id, uint32_t line, const char *detail)
{
	add_remedied(in, z, id, line, detail, NULL);
}

/* The name of a file has this text, whatever is between its labels. */
static bool
has_text(struct mailauth_str file, struct mailauth_str text)
{
	for (size_t at = 0; at + text.n <= file.n; at++) {
		size_t i = 0;

		while (i < text.n &&
		    (to_lower(file.s[at + i]) == text.s[i] ||
		        (text.s[i] == '.' && !is_alnum(file.s[at + i]))))
			i++;
		if (i == text.n)
			return true;
	}
	return false;
}

/* Octets of the last label of a name. */
static size_t
last_label(const struct dname *name)
{
	const uint8_t *label = name->wire;

	while (label[0] != 0 && label[label[0] + 1] != 0)
		label += label[0] + 1;
	return label[0];
}

/* The file is named after another zone than that of its SOA record. People name
 * files of reverse zones as they like. */
static bool
is_misnamed(struct intake *in, const struct lint_zone *z)
{
	struct mailauth_str file = str_of(z->file->file.path), name, first;
	struct dname guess;

	if (!in->has_soa || z->has_name ||
	    !name_of_file(z->file->file.path, &guess))
		return false;
	name = dname_text(&in->lint->arena, &in->soa);
	if (name.n < 2 || lint_is_reverse(name) || dname_labels(name) < 2)
		return false;
	for (size_t at; (at = str_find(file, '/')) < file.n;)
		file = str_from(file, at + 1);
	first = dname_first(name);
	/* "example.internal-view", of example.com; not "example.net". */
	return !has_text(file, str_sub(name, 0, name.n - 1)) &&
	    !(first.n > 3 && last_label(&guess) > 4 && has_text(file, first));
}

/* The zone that was named is not the one in the file. */
static bool
is_other(const struct intake *in, const struct lint_zone *z)
{
	return z->has_name && in->has_soa &&
	    (in->soa.len != z->given.len ||
	        memcmp(in->soa.wire, z->given.wire, in->soa.len) != 0);
}

/* Say of which zone the SOA record is. */
static void
tell_zone(struct intake *in, const struct lint_zone *z,
    enum mailauth_finding_id id)
{
	struct dname name = in->soa;
	size_t front = (size_t)name.len - z->given.len;

	/* Without its final dot it became a name in the zone. */
	if (z->has_name && zone_name_under(&name, &z->given)) {
		name.len = (uint8_t)(front + 1);
		name.wire[front] = 0;
	}
	add_of_file(in, z, id, in->soa_line,
	    dname_text(&in->lint->arena, &name).s);
}

/* Nothing names the zone, and its SOA record lacks the final dot of its name:
 * that is the name that was meant. */
static void
seek_unended(struct intake *in, const struct lint_zone *z)
{
	static const struct dname root = { .len = 1 };
	struct sink sink = { .sink = { until_soa, no_fault, NULL, true },
		.in = in };
	struct arena scratch = { 0 };

	zone_read(&z->file->file, &root, &sink.sink, &scratch);
	arena_free(&scratch);
	/* "@" and a single label name no zone of mail. */
	in->has_soa = in->has_soa && in->soa.len > 2 + in->soa.wire[0];
}

/* Find the name of a zone: as given, of its first SOA record, of its file, or of
 * a comment at its head. */
static const struct dname *
origin_of(struct intake *in, struct lint_zone *z, struct dname *room)
{
	struct sink sink = { .sink = { until_soa, no_fault, NULL, true },
		.in = in };
	const struct dname *guess = NULL;
	struct arena scratch = { 0 };

	if (z->has_name)
		guess = &z->given;
	else if (name_of_file(z->file->file.path, room) ||
	    zone_text_name(z->file->file.text, room))
		guess = room;
	zone_read(&z->file->file, guess, &sink.sink, &scratch);
	arena_free(&scratch);
	if (!in->has_soa && guess == NULL)
		seek_unended(in, z);
	if (!in->has_soa)
		return guess;
	halve(&in->soa);
	if (z->has_name)
		return guess;
	*room = in->soa;
	return room;
}

/* A zone without a sound SOA record is judged as if it had one: a record behind
 * the last line takes its place. False when memory ran out. */
static bool
mend_soa(struct intake *in, struct lint_zone *z)
{
	struct mailauth_lint *l = in->lint;
	struct writer w = arena_writer(&l->arena);

	put_str(&w, z->file->file.text);
	put_char(&w, '\n');
	put_text(&w, z->name);
	put_text(&w, " 3600 IN SOA . . 0 0 0 0 300\n");
	z->file->file.text = writer_str(&w);
	return !w.full;
}

static const struct zone *
index_file(struct intake *in, struct lint_zone *z, const struct dname *origin,
    const char **why)
{
	const struct zone_reading r = { .file = &z->file->file,
		.origin = origin,
		.fault = take_fault,
		.include = include,
		.mends = true,
		.user = in };

	return zones_read(in->lint->index, &r, why);
}

static bool
is_memory(const char *why)
{
	return strstr(why, "memory") != NULL;
}

/* Read the records into the index; false when memory ran out. */
static bool
index_zone(struct intake *in, struct lint_zone *z, const struct dname *origin)
{
	const struct zone *there =
	    origin != NULL ? zones_of(in->lint->index, origin) : NULL;
	const char *why;

	z->zone = index_file(in, z, origin, &why);
	if (z->zone != NULL)
		return true;
	if (there != NULL && there->origin->len == origin->len) {
		add_of_file(in, z, MAILAUTH_F_ZONE_FILE_TWICE, 0, NULL);
		return true;
	}
	if (is_memory(why))
		return false;
	/* That there is no SOA record was told while the file was read. */
	if (origin == NULL)
		return true;
	/* Faults that were told are dropped as equal ones. */
	if (!mend_soa(in, z))
		return false;
	z->zone = index_file(in, z, origin, &why);
	return z->zone != NULL || !is_memory(why);
}

/* False when memory ran out. */
static bool
read_zone(struct intake *in, struct lint_zone *z)
{
	struct mailauth_lint *l = in->lint;
	bool piped = strcmp(z->file->file.path, "-") == 0;
	const struct dname *origin;
	struct zone_text text;
	struct dname room;

	if (!zone_text_is_zone(z->file->file.text, piped, &text)) {
		z->file->is_no_text = true;
		add_remedied(in, z, text.id, text.line, text.what, text.remedy);
		return true;
	}
	origin = origin_of(in, z, &room);
	if (!in->has_soa && in->has_root) {
		add_of_file(in, z, MAILAUTH_F_ZONE_HINTS, 0, NULL);
		return true;
	}
	if (piped && in->n == 0) {
		add_of_file(in, z, MAILAUTH_F_ZONE_TRANSFER, 1,
		    "no line of it is a record");
		return true;
	}
	if (origin == NULL && in->relative_line > 0) {
		add_of_file(in, z, MAILAUTH_F_ZONE_NAME_UNKNOWN,
		    in->relative_line, NULL);
		return true;
	}
	if (origin != NULL)
		z->name = dname_text(&l->arena, origin).s;
	if (is_other(in, z)) {
		tell_zone(in, z, MAILAUTH_F_ZONE_FILE_OTHER);
		return true;
	}
	if (is_misnamed(in, z))
		tell_zone(in, z, MAILAUTH_F_ZONE_FILE_NAME);
	if ((piped || text.is_transfer) &&
	    zone_text_is_cut(&z->file->file, &text))
		add_of_file(in, z, MAILAUTH_F_ZONE_TRANSFER_CUT, 0, NULL);
	return index_zone(in, z, origin);
}

/* A file that cannot be read says nothing about its zone; the others are judged.
 * NULL when memory ran out. */
static struct lint_file *
take_unread(struct mailauth_lint *l, const char *path, const char *why)
{
	struct lint_file *f = arena_alloc(&l->arena, sizeof(*f));

	if (f == NULL || l->arena.failed)
		return NULL;
	f->file.path = lint_copy(l, str_of(path));
	f->why = lint_copy(l, str_of(why));
	f->is_no_text = f->is_unread = true;
	append(l, f);
	lint_add(l,
	    &(struct lint_new){ .id = MAILAUTH_F_ZONE_UNREAD,
	        .zone = l->nzones - 1,
	        .place = { .file = &f->file },
	        .detail = str_of(f->why) });
	return f;
}

/* Refuse for the first file that was not read: a change is not judged without
 * it, and where none was read there is nothing to judge. */
enum mailauth_status
lint_refuse_unread(const struct mailauth_lint *l, bool all, char *why)
{
	const struct lint_file *first = NULL;
	size_t n = 0;

	for (const struct lint_file *f = l->files; f != NULL; f = f->next) {
		if (f->is_unread && first == NULL)
			first = f;
		n += f->is_unread;
	}
	return first != NULL && (!all || n == l->nzones) ?
	    refuse(why, first->file.path, first->why) :
	    MAILAUTH_OK;
}

enum mailauth_status
lint_read(struct mailauth_lint *l, const struct mailauth_options *o, char *why)
{
	const char *reason;
	bool good;

	l->zones = arena_alloc(&l->arena, o->nzones * sizeof(*l->zones));
	l->index = zones_new();
	if (l->zones == NULL || l->index == NULL)
		return MAILAUTH_ENOMEM;
	for (size_t i = 0; i < o->nzones; i++) {
		struct lint_zone *z = &l->zones[l->nzones++];
		struct intake in = { .lint = l, .zone = i };

		if (o->zones[i].name != NULL) {
			z->has_name = dname_parse(str_of(o->zones[i].name),
			                  &z->given) == DNAME_OK;
			if (!z->has_name) {
				refuse(why, o->zones[i].name,
				    "it is not the name of a zone");
				return MAILAUTH_EUSE;
			}
		}
		z->file = read_file(l, o->zones[i].file, &reason);
		if (z->file == NULL) {
			z->file = take_unread(l, o->zones[i].file, reason);
			if (z->file == NULL)
				return MAILAUTH_ENOMEM;
			continue;
		}
		in.file = z->file->file.path;
		in.folder = zonefile_folder(in.file);
		good = read_zone(&in, z) && !l->arena.failed;
		free(in.folder);
		if (!good)
			return MAILAUTH_ENOMEM;
	}
	return lint_refuse_unread(l, !l->is_change, why);
}
