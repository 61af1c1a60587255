/*
 * reader.c - the records of a master file, with their places
 * SPDX-License-Identifier: BSD-3-Clause
 */
#include "zone/reader.h"

#include "record/repair.h"
#include "record/rrtype.h"
#include "record/txt.h"
#include "zone/generate.h"
#include "zone/index.h"

/* Octets of a text that are looked at for what its author meant. */
#define DOUBT_MAX REPAIR_MAX

/* The reading of a zone. */
struct reading {
	struct zone_sink *sink;
	struct arena *arena;
	const struct dname *top; /* name of the zone; NULL: not known */
	uint8_t *room; /* for the data of one record */
	unsigned files;
	uint32_t generated;
	bool ended; /* by the sink, or memory ran out */
};

/* The reading of one file. */
struct reader {
	struct reading *all;
	const struct zone_file *file;
	struct zone_scan scan;
	struct dname origin, owner;
	bool has_origin, has_owner, has_default;
	uint32_t default_ttl, last_ttl;
	bool has_last_ttl;
	/** A parenthesis is never closed: what is behind it, up to the next
	 * record, may be the rest of its own. */
	bool is_rest;
	unsigned depth;
	const struct zone_place *fixed; /* of all records; NULL: their own */
	struct zone_field *spare; /* fields of records that are generated */
	size_t spare_room;
};

static struct zone_place
place_of(const struct reader *r, const struct zone_field *f)
{
	if (r->fixed != NULL)
		return *r->fixed;
	return (struct zone_place){
		.file = r->file,
		.line = f->line,
		.column = zone_field_column(&r->scan, f),
		.length = (uint32_t)(f->text.n + (f->quoted ? 2 : 0)),
	};
}

struct zone_place
zone_rr_place(const struct zone_rr *rr, const struct zone_field *f)
{
	return place_of(rr->reader, f);
}

static void
tell(const struct reader *r, const struct zone_fault *fault)
{
	if (!r->is_rest || fault->id != MAILAUTH_F_ZONE_SYNTAX)
		r->all->sink->fault(r->all->sink, fault);
}

/* A field of a record is wrong. `owner`: of the record; NULL: not known. */
static void
tell_owned(const struct reader *r, enum mailauth_finding_id id,
    const struct zone_field *f, const char *detail, const struct dname *owner)
{
	tell(r,
	    &(struct zone_fault){ .id = id,
	        .place = place_of(r, f),
	        .text = f->text,
	        .detail = detail,
	        .owner = owner });
}

/* A field is wrong. */
static void
tell_field(const struct reader *r, enum mailauth_finding_id id,
    const struct zone_field *f, const char *detail)
{
	tell_owned(r, id, f, detail, NULL);
}

/* The place of a piece of the text. */
static struct zone_place
place_at(const struct reader *r, struct mailauth_str text, uint32_t line)
{
	if (r->fixed != NULL)
		return *r->fixed;
	return (struct zone_place){
		.file = r->file,
		.line = line,
		.column = zone_column(&r->scan, text.s),
		.length = (uint32_t)text.n,
	};
}

/* An octet of the text is wrong. */
static void
tell_octet(const struct reader *r, enum mailauth_finding_id id,
    const struct zone_entry *e, const char *detail)
{
	struct mailauth_str text = { e->at, 1 };

	tell(r,
	    &(struct zone_fault){ .id = id,
	        .place = place_at(r, text, e->line),
	        .text = text,
	        .detail = detail });
}

/* What the text of the entry itself has wrong. False: it is no record. */
static bool
is_whole(struct reader *r, const struct zone_entry *e)
{
	switch (e->fault) {
	case ZONE_TEXT_OPEN:
		tell_octet(r, MAILAUTH_F_ZONE_PARENTHESIS, e,
		    "it is never closed");
		r->is_rest = true;
		return false;
	case ZONE_TEXT_CLOSE:
		tell_octet(r, MAILAUTH_F_ZONE_PARENTHESIS, e,
		    "nothing is open here");
		return false;
	case ZONE_TEXT_QUOTE:
		tell_octet(r, MAILAUTH_F_ZONE_QUOTE_OPEN, e, NULL);
		return false;
	default: return e->n > 0;
	}
}

/* A fault of the text of a record, in a piece of it. */
static void
tell_text(const struct reader *r, const struct zone_rr *rr,
    enum mailauth_finding_id id, struct mailauth_str text, uint32_t line,
    const char *detail)
{
	tell(r,
	    &(struct zone_fault){ .id = id,
	        .place = place_at(r, text, line),
	        .text = id == MAILAUTH_F_ZONE_UNQUOTED ? STR_NONE : text,
	        .detail = detail,
	        .owner = rr->owner,
	        .type = rr->type });
}

/* The strings of a TXT record with `between` between two of them, as far as
 * there is room. */
static struct mailauth_str
joined(const struct zone_rr *rr, const char *between, char *room)
{
	struct writer w = writer_of(room, DOUBT_MAX);

	for (size_t at = 0; at < rr->n; at += 1u + rr->rdata[at]) {
		put_text(&w, at > 0 ? between : "");
		put_bytes(&w, (const char *)rr->rdata + at + 1, rr->rdata[at]);
	}
	return writer_str(&w);
}

/* The text begins with a quote of a word processor, where a straight one was
 * meant. */
static bool
is_quoted_wrongly(const struct zone_rr *rr)
{
	const struct zone_field *f = &rr->entry->fields[rr->data];
	char ascii = '\0';

	return !f->quoted && txt_smart(f->text, &ascii) > 0 &&
	    (ascii == '"' || ascii == '\'');
}

/* Words without quotes, which would be a record of mail if their blanks were
 * not lost. */
static bool
loses_blanks(const struct zone_rr *rr)
{
	char spaced_room[DOUBT_MAX], room[DOUBT_MAX];
	const struct zone_entry *e = rr->entry;
	const struct mailauth_kind *kind;
	struct mailauth_str spaced, text;

	if (e->n < rr->data + 2 ||
	    !str_istarts(e->fields[rr->data].text, STR("v=")))
		return false;
	for (size_t i = rr->data; i < e->n; i++)
		if (e->fields[i].quoted)
			return false;
	spaced = joined(rr, " ", spaced_room);
	text = joined(rr, "", room);
	kind = kind_of_text(spaced);
	if (kind == NULL || kind->pick(spaced) != PICK_YES)
		return false;
	if (kind->version == NULL)
		return kind->pick(text) != PICK_YES;
	return !repair_is_sound(kind, text) && repair_is_sound(kind, spaced);
}

/* The comment behind the text is the rest of the record, which is not whole
 * without it. */
static bool
is_rest(const struct zone_rr *rr, struct mailauth_str comment)
{
	char room[DOUBT_MAX];
	struct mailauth_str text = joined(rr, "", room);
	const struct mailauth_kind *kind = kind_of_text(text);

	if (kind == NULL || kind->version == NULL ||
	    text.n + comment.n > sizeof(room) || repair_is_sound(kind, text))
		return false;
	memcpy(room + text.n, comment.s, comment.n);
	/* A comment proper may be behind it. */
	for (size_t n = comment.n; n > 1; n--)
		if ((n == comment.n || comment.s[n] == ';') &&
		    repair_is_sound(kind,
		        str_trim_end(
		            (struct mailauth_str){ room, text.n + n })))
			return true;
	return false;
}

static void
doubt_comment(const struct reader *r, const struct zone_rr *rr)
{
	const struct zone_entry *e = rr->entry;

	if (e->cut_off.n > 1 && str_find(e->cut_off, '=') < e->cut_off.n)
		tell_text(r, rr, MAILAUTH_F_ZONE_SEMICOLON, e->cut_off,
		    e->cut_line, NULL);
	else if (e->remark.n > 1 && is_rest(rr, e->remark))
		tell_text(r, rr, MAILAUTH_F_ZONE_SEMICOLON, e->remark,
		    e->remark_line, NULL);
}

/* Faults of a text that can be read all the same, and then says something else
 * than its author means. */
static void
doubt_text(const struct reader *r, const struct zone_rr *rr)
{
	const struct zone_entry *e = rr->entry;

	if (rr->type != RRTYPE_TXT || rr->data >= e->n)
		return;
	if (is_quoted_wrongly(rr) || loses_blanks(rr)) {
		const struct zone_field *f = &e->fields[rr->data];

		tell_text(r, rr, MAILAUTH_F_ZONE_UNQUOTED, f->text, f->line,
		    is_quoted_wrongly(rr) ?
		        "the quotes of a word processor are letters here" :
		        NULL);
		return;
	}
	for (size_t i = rr->data; i < e->n; i++)
		if (e->fields[i].glued && i > rr->data) {
			struct zone_fault fault = {
				.id = MAILAUTH_F_ZONE_QUOTES_INSIDE,
				.place = place_of(r, &e->fields[i]),
				.owner = rr->owner,
				.type = rr->type,
			};

			tell(r, &fault);
			break;
		}
	doubt_comment(r, rr);
}

/* Without any TTL in front of it the SOA record gives one, its last field, as
 * BIND has it. */
static void
take_minimum(struct reader *r, struct zone_rr *rr)
{
	struct cursor c = cursor_of(rr->rdata, rr->n);

	if (r->has_default || r->has_last_ttl)
		return;
	cursor_take(&c, rr->n - 4);
	r->last_ttl = cursor_u32(&c);
	r->has_last_ttl = true;
	rr->ttl = r->last_ttl;
}

/* Tell a number, a name or a word in quotes: they are for text, and BIND refuses
 * the zone for any other. NULL: there is no such one. */
static void
doubt_quotes(const struct reader *r, const struct zone_rr *rr,
    enum mailauth_finding_id id, const struct zone_field *f)
{
	struct zone_fault fault = { .id = id,
		.detail = "quotes are for text alone, and BIND refuses these",
		.owner = rr->owner,
		.type = rr->type };

	if (f == NULL)
		return;
	fault.place = place_of(r, f);
	fault.text = fault.remedy = f->text;
	tell(r, &fault);
}

/* The first word in front of the data that is in quotes, behind the owner. */
static const struct zone_field *
quoted_word(const struct zone_rr *rr)
{
	const struct zone_entry *e = rr->entry;
	size_t i = e->indented ? 0 : 1;

	while (i < rr->data && !e->fields[i].quoted)
		i++;
	return i < rr->data ? &e->fields[i] : NULL;
}

/* Read the data of a record and hand it over. */
static void
read_data(struct reader *r, struct zone_rr *rr)
{
	struct zone_rdata data = { .wire = r->all->room };
	const struct zone_entry *e = rr->entry;
	struct zone_fault fault = { .owner = rr->owner, .type = rr->type };

	r->is_rest = false;
	/* The name of an SOA record is that of the zone. */
	if (!r->has_origin && rr->type == RRTYPE_SOA) {
		r->origin = r->owner;
		r->has_origin = true;
	}
	if (!zone_rdata(rr->type, e->fields + rr->data, e->n - rr->data,
	        r->has_origin ? &r->origin : NULL, &data)) {
		fault.id = MAILAUTH_F_ZONE_RDATA;
		fault.place = place_of(r, data.at);
		fault.text = data.at->text;
		fault.detail = data.why;
		tell(r, &fault);
		return;
	}
	if (data.too_long != NULL) {
		fault.id = MAILAUTH_F_TXT_STRING_OVER_255;
		fault.place = place_of(r, data.too_long);
		fault.text = data.too_long->text;
		tell(r, &fault);
	}
	doubt_quotes(r, rr, MAILAUTH_F_ZONE_SYNTAX, quoted_word(rr));
	doubt_quotes(r, rr, MAILAUTH_F_ZONE_RDATA, data.quoted);
	rr->rdata = data.wire;
	rr->n = data.n;
	doubt_text(r, rr);
	if (rr->type == RRTYPE_SOA)
		take_minimum(r, rr);
	if (!r->all->sink->record(r->all->sink, rr))
		r->all->ended = true;
}

/* The TTL of a record without one. */
static uint32_t
default_ttl(const struct reader *r)
{
	return r->has_default ? r->default_ttl :
	    r->has_last_ttl   ? r->last_ttl :
	                        0;
}

/* Types that only some servers know: Amazon ("AWS ALIAS A"), PowerDNS, Windows,
 * and panels of providers. */
static bool
is_private(struct mailauth_str type)
{
	static const struct mailauth_str names[] = { STR_INIT("ALIAS"),
		STR_INIT("ANAME"), STR_INIT("AWS"), STR_INIT("LUA"),
		STR_INIT("WINS"), STR_INIT("WINSR"), STR_INIT("WINS-R"),
		STR_INIT("URL"), STR_INIT("URL301"), STR_INIT("URLFWD"),
		STR_INIT("FRAME"), STR_INIT("REDIRECT"), STR_INIT("R53_ALIAS"),
		STR_INIT("AZURE_ALIAS"), STR_INIT("CF_REDIRECT"),
		STR_INIT("PORKBUN_URLFWD"), STR_INIT("FLATTEN") };

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (str_ieq(type, names[i]))
			return true;
	return false;
}

/* "[AGE:3600000]", with which Windows notes when a record was made. */
static bool
is_age(const struct zone_field *f)
{
	return !f->quoted &&
	    (str_istarts(f->text, STR("[AGE:")) ||
	        str_istarts(f->text, STR("[Aging:"))) &&
	    f->text.s[f->text.n - 1] == ']';
}

/* The line begins as comments of other files do. */
static bool
is_foreign(const struct zone_entry *e)
{
	struct mailauth_str s = e->fields[0].text;

	return !e->fields[0].quoted && !e->indented &&
	    (str_starts(s, STR("#")) || str_starts(s, STR("//")) ||
	        str_starts(s, STR("/*")) || str_starts(s, STR("--")));
}

/* Read TTL and class in any order, then the type. False: this is no record. */
static bool
read_head(struct reader *r, struct zone_rr *rr, size_t i)
{
	const struct zone_entry *e = rr->entry;
	bool has_ttl = false, has_class = false;
	const struct zone_field *last = &e->fields[i < e->n ? i : e->n - 1];

	rr->type = 0;
	for (; i < e->n && rr->type == 0; i++) {
		const struct zone_field *f = last = &e->fields[i];
		uint16_t class;

		if (is_age(f))
			continue;
		if (!has_ttl && zone_period(f->text, &rr->ttl)) {
			has_ttl = true;
			continue;
		}
		class = has_class ? 0 : zone_class(f->text);
		if (class > 1) {
			tell_owned(r, MAILAUTH_F_ZONE_CLASS, f, NULL,
			    rr->owner);
			return false;
		}
		has_class = has_class || class == 1;
		rr->type = class == 1 ? 0 : zone_type(f->text);
		if (class == 0 && rr->type == 0)
			break;
	}
	if (rr->type == 0 && is_private(last->text)) {
		tell_owned(r, MAILAUTH_F_ZONE_TYPE_PRIVATE, last, NULL,
		    rr->owner);
		return false;
	}
	if (rr->type == 0) {
		tell_owned(r, MAILAUTH_F_ZONE_SYNTAX,
		    is_foreign(e) ? &e->fields[0] : last,
		    is_foreign(e)        ? "comments begin with ';'" :
		        last->text.n > 0 ? "not a type of records" :
		                           "the type of the record is missing",
		    rr->owner);
		return false;
	}
	if (i == e->n) {
		tell_owned(r, MAILAUTH_F_ZONE_SYNTAX, last,
		    "nothing is behind the type", rr->owner);
		return false;
	}
	if (has_ttl) {
		r->last_ttl = rr->ttl;
		r->has_last_ttl = true;
	} else {
		rr->ttl = default_ttl(r);
	}
	rr->data = i;
	return true;
}

/* The owner of a record: the first field, or the last owner. */
static bool
read_owner(struct reader *r, const struct zone_entry *e,
    const struct zone_field *f)
{
	const char *why;

	if (e->indented) {
		if (!r->has_owner)
			tell_field(r, MAILAUTH_F_ZONE_SYNTAX, &e->fields[0],
			    "the line begins with a blank, and no record is in "
			    "front of it whose name it could have");
		return r->has_owner;
	}
	why = zone_name(f->text, r->has_origin ? &r->origin : NULL, false,
	    &r->owner);
	r->has_owner = why == NULL;
	if (why != NULL)
		tell_field(r, MAILAUTH_F_ZONE_SYNTAX, f, why);
	return r->has_owner;
}

static void
read_record(struct reader *r, const struct zone_entry *e)
{
	struct zone_rr rr = {
		.owner = &r->owner,
		.entry = e,
		.reader = r,
		.written = !e->indented,
	};
	size_t i = e->n > 1 && is_age(&e->fields[0]) ? 1 : 0;
	const struct zone_field *first = &e->fields[i];

	if (!read_owner(r, e, first))
		return;
	rr.absolute = rr.written && first->text.n > 0 &&
	    first->text.s[first->text.n - 1] == '.';
	rr.place = place_of(r, first);
	if (read_head(r, &rr, e->indented ? 0 : i + 1))
		read_data(r, &rr);
}

static void read_file(struct reader *r);

/* The file is one that led to the file which is read, or this one. */
static bool
is_above(const struct zone_file *from, const struct zone_file *file)
{
	while (from != NULL && strcmp(from->path, file->path) != 0)
		from = from->from;
	return from != NULL;
}

/* $INCLUDE FILE [ORIGIN] (RFC 1035 5.1). The origin of this file stays. */
static void
include(struct reader *r, const struct zone_entry *e)
{
	struct reading *all = r->all;
	struct reader in = *r;
	const char *why = NULL;
	struct zone_file *file = NULL;

	if (e->n < 2 || e->n > 3)
		why = "give it as $INCLUDE FILE, or $INCLUDE FILE ORIGIN";
	else if (all->sink->include == NULL)
		why = "no file is read from here";
	else if (r->depth + 1 >= ZONE_DEPTH_MAX)
		why = "files include each other more than 10 deep";
	else if (all->files >= ZONE_FILES_MAX)
		why = "over 1,000 files are included";
	else if (e->n == 3)
		why = zone_name(e->fields[2].text,
		    r->has_origin ? &r->origin : NULL, false, &in.origin);
	if (why == NULL)
		file = all->sink->include(all->sink, e->fields[1].text, r->file,
		    &why);
	if (file != NULL && is_above(r->file, file)) {
		file = NULL;
		why = "the file includes itself, or one that leads back to it";
	}
	if (file == NULL) {
		tell_field(r, MAILAUTH_F_ZONE_INCLUDE,
		    &e->fields[e->n < 2 ? 0 : 1], why);
		return;
	}
	in.has_origin = r->has_origin || e->n == 3;
	file->from = r->file;
	file->line = e->fields[0].line;
	all->files++;
	in.file = file;
	in.depth++;
	in.scan = zone_scan_of(file->text, all->arena);
	read_file(&in);
}

/* One record that $GENERATE makes: its text is read as a line of its own, whose
 * place is that of the directive. False ends the making. */
static bool
generated(void *self, struct mailauth_str line)
{
	struct reader *r = self;
	struct reader one = *r;
	struct zone_entry e;

	if (r->all->generated++ >= ZONE_GENERATED_MAX)
		return false;
	one.scan = zone_scan_of(line, r->all->arena);
	one.scan.fields = r->spare;
	one.scan.room = r->spare_room;
	if (zone_scan_next(&one.scan, &e) && is_whole(&one, &e)) {
		read_record(&one, &e);
		r->owner = one.owner;
		r->has_owner = one.has_owner;
	}
	r->spare = one.scan.fields;
	r->spare_room = one.scan.room;
	return !r->all->ended;
}

static void
generate(struct reader *r, const struct zone_entry *e)
{
	struct zone_place place = place_of(r, &e->fields[0]);
	const char *why;

	r->fixed = &place;
	why = zone_generate(e, generated, r);
	r->fixed = NULL;
	if (why == NULL && r->all->generated > ZONE_GENERATED_MAX)
		why = "more than 1,048,576 records are made in this zone";
	if (why != NULL)
		tell_field(r, MAILAUTH_F_ZONE_GENERATE, &e->fields[0], why);
}

/* A name without final dot that ends as the zone does: the dot was forgotten.
 * Zones of one label have names like org.org. */
static bool
lacks_dot(const struct reader *r, struct mailauth_str text, struct dname *meant)
{
	const struct dname *top = r->all->top;

	return text.n > 0 && text.s[text.n - 1] != '.' && top != NULL &&
	    top->len > 1 && top->wire[0] + 2 != top->len &&
	    dname_parse(text, meant) == DNAME_OK && zone_name_under(meant, top);
}

/* The $ORIGIN that was meant has a final dot. */
static void
tell_dotless(const struct reader *r, const struct zone_field *f,
    const struct dname *became, const struct dname *meant)
{
	char detail[DNAME_TEXT_MAX + 64], remedy[DNAME_TEXT_MAX + 16];
	struct writer d = writer_of(detail, sizeof(detail) - 1);
	struct writer w = writer_of(remedy, sizeof(remedy));

	put_text(&d, "all names below it end in ");
	put_dname(&d, became);
	detail[d.used] = '\0';
	put_text(&w, "$ORIGIN ");
	put_dname(&w, meant);
	tell(r,
	    &(struct zone_fault){ .id = MAILAUTH_F_ZONE_NAME_DOUBLED,
	        .place = place_of(r, f),
	        .text = f->text,
	        .detail = detail,
	        .remedy = writer_str(&w) });
}

static void
set_origin(struct reader *r, const struct zone_entry *e)
{
	struct dname name, meant;
	const char *why = e->n != 2 ?
	    "give it as $ORIGIN NAME" :
	    zone_name(e->fields[1].text, r->has_origin ? &r->origin : NULL,
	        false, &name);

	if (why != NULL) {
		tell_field(r, MAILAUTH_F_ZONE_DIRECTIVE, &e->fields[e->n - 1],
		    why);
		return;
	}
	if (lacks_dot(r, e->fields[1].text, &meant)) {
		tell_dotless(r, &e->fields[1], &name, &meant);
		if (r->all->sink->mends)
			name = meant;
	}
	r->origin = name;
	r->has_origin = true;
}

static void
set_ttl(struct reader *r, const struct zone_entry *e)
{
	if (e->n == 2 && zone_period(e->fields[1].text, &r->default_ttl))
		r->has_default = true;
	else
		tell_field(r, MAILAUTH_F_ZONE_DIRECTIVE, &e->fields[e->n - 1],
		    "give it as $TTL SECONDS");
}

/* Directives begin with '$'. */
static void
read_directive(struct reader *r, const struct zone_entry *e)
{
	struct mailauth_str word = e->fields[0].text;

	if (str_ieq(word, STR("$ORIGIN")))
		set_origin(r, e);
	else if (str_ieq(word, STR("$TTL")))
		set_ttl(r, e);
	else if (str_ieq(word, STR("$INCLUDE")))
		include(r, e);
	else if (str_ieq(word, STR("$GENERATE")))
		generate(r, e);
	else
		tell_field(r, MAILAUTH_F_ZONE_DIRECTIVE, &e->fields[0],
		    "not a directive: $ORIGIN, $TTL, $INCLUDE, $GENERATE are");
}

static void
read_file(struct reader *r)
{
	struct zone_entry e;

	while (!r->all->ended && zone_scan_next(&r->scan, &e)) {
		if (!is_whole(r, &e))
			continue;
		/* A name, a type, data. */
		if (!e.indented && !e.fields[0].quoted && e.n >= 3)
			r->is_rest = false;
		if (!e.indented && !e.fields[0].quoted &&
		    e.fields[0].text.n > 0 && e.fields[0].text.s[0] == '$')
			read_directive(r, &e);
		else
			read_record(r, &e);
	}
	r->all->ended = r->all->ended || r->all->arena->failed;
}

bool
zone_read(struct zone_file *file, const struct dname *origin,
    struct zone_sink *sink, struct arena *a)
{
	struct reading all = {
		.sink = sink,
		.arena = a,
		.top = origin,
		.room = arena_alloc(a, ZONE_RDATA_MAX),
		.files = 1,
	};
	struct reader r = {
		.all = &all,
		.file = file,
		.scan = zone_scan_of(file->text, a),
		.has_origin = origin != NULL,
	};

	if (origin != NULL)
		r.origin = *origin;
	if (all.room == NULL)
		return false;
	read_file(&r);
	return !all.ended;
}
