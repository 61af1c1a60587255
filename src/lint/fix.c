/*
 * fix.c - the lines to write in place of a record that has findings
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * A repair is of the whole record, so that all findings it ends have the same
 * one. It exchanges the data, or adds a final dot, and leaves everything else of
 * the lines as it is, comments included. Which findings a repair ends is asked
 * of the judge: those of the old text that the new one does not have.
 */
#include <stdlib.h>

#include "lint/lint.h"
#include "record/findings.h"
#include "record/repair.h"
#include "record/spf_repair.h"
#include "record/txt.h"
#include "zone/rdata.h"

/* Octets of one string of a TXT record. */
#define STRING_MAX 255

/* The record that is looked at. */
struct mended {
	struct mailauth_lint *lint;
	const struct lint_file *file;
	const struct zone_entry *e;
	size_t data; /* its first field of data */
	uint16_t type;
	struct mailauth_str owner; /* with a final dot; empty: not known */
	struct item **items; /* on it */
	size_t nitems;
	uint32_t first, last; /* lines */
	struct arena arena; /* for the work on this record */
	uint8_t *room; /* for its data */

	const struct mailauth_kind *kind; /* of the text; NULL: of none */
	struct mailauth_str text; /* as receivers see it */
	struct mailauth_str meant; /* the repair; empty: none yet */
	struct mailauth_str cut; /* text of it that the zone file takes for a
	                          * comment; empty: none */
	struct mailauth_str comment; /* the comment that is left of it */
};

/* Fields from `i` on are the data; 0: this is no record. */
static size_t
find_data(const struct zone_entry *e, uint16_t *type)
{
	size_t i = e->indented ? 0 : 1;
	uint32_t ttl;

	while (i < e->n &&
	    (zone_class(e->fields[i].text) != 0 ||
	        zone_period(e->fields[i].text, &ttl)))
		i++;
	if (i + 1 >= e->n)
		return 0;
	*type = zone_type(e->fields[i].text);
	return *type != 0 ? i + 1 : 0;
}

/* Write what fields of a TXT record say, with `between` between two of them. */
static bool
put_fields(struct mended *m, struct writer *w, const struct zone_field *f,
    size_t n, const char *between)
{
	for (size_t i = 0; i < n; i++) {
		struct zone_rdata data = { .wire = m->room };

		if (!zone_rdata(RRTYPE_TXT, &f[i], 1, NULL, &data))
			return false;
		if (i > 0)
			put_text(w, between);
		for (size_t at = 0; at < data.n; at += 1u + m->room[at])
			put_bytes(w, (const char *)m->room + at + 1,
			    m->room[at]);
	}
	return !w->full;
}

/* The text of all data; empty when it has none. */
static struct mailauth_str
text_of(struct mended *m, const char *between)
{
	struct writer w = arena_writer(&m->arena);

	if (!put_fields(m, &w, m->e->fields + m->data, m->e->n - m->data,
	        between))
		return STR_NONE;
	return writer_str(&w);
}

/* The kind of record that a text is meant as at this owner. */
static const struct mailauth_kind *
kind_of(struct mailauth_str owner, struct mailauth_str text)
{
	const struct mailauth_kind *kinds[MAILAUTH_KIND_COUNT];
	size_t n = kinds_of_owner(owner, RRTYPE_TXT, kinds);

	for (size_t i = 0; i < n; i++)
		if (kinds[i]->pick != NULL && kinds[i]->pick(text) != PICK_NO)
			return kinds[i];
	return NULL;
}

static bool
is_sound(const struct mailauth_kind *kind, struct mailauth_str text)
{
	if (kind->version == NULL)
		return spf_is_sound(text) && spf_faults(text) == NULL;
	return repair_is_sound(kind, text);
}

/* Take a text that may have been meant, when it is sound or, with `repair`, can
 * be made so. */
static bool
take(struct mended *m, struct mailauth_str text, bool repair)
{
	struct writer w = arena_writer(&m->arena);
	const struct mailauth_kind *kind = kind_of(m->owner, text);

	if (kind == NULL || text.n == 0)
		return false;
	m->kind = kind;
	if (is_sound(kind, text)) {
		m->meant = text;
		return true;
	}
	if (!repair ||
	    !(kind->version == NULL ? put_spf_repair(text, &w) == NULL :
	                              repair_text(kind, text, &w)) ||
	    w.full)
		return false;
	m->meant = writer_str(&w);
	return true;
}

/* The record has this finding. */
static bool
has_item(const struct mended *m, enum mailauth_finding_id id)
{
	for (size_t i = 0; i < m->nitems; i++)
		if (m->items[i]->id == id)
			return true;
	return false;
}

/* A ';' without quotes: the text and what is behind it, up to a comment. */
static bool
take_cut(struct mended *m)
{
	const struct zone_field *last = &m->e->fields[m->e->n - 1];
	struct mailauth_str words = text_of(m, " ");
	struct mailauth_str cut = m->e->cut_off;

	if (cut.n == 0 && has_item(m, MAILAUTH_F_ZONE_SEMICOLON))
		cut = m->e->remark;
	/* What is behind it in other lines was read as data. */
	if (cut.n == 0 || cut.n > REPAIR_MAX || words.n == 0 ||
	    last->text.s > cut.s)
		return false;
	for (size_t n = cut.n; n > 1; n--) {
		struct writer w = arena_writer(&m->arena);
		const struct zone_field rest = { .text = { cut.s, n },
			.quoted = true };

		if (n < cut.n && cut.s[n] != ';')
			continue;
		put_str(&w, words);
		if (!put_fields(m, &w, &rest, 1, "") ||
		    !take(m, txt_bare(writer_str(&w)), false))
			continue;
		m->cut = str_sub(cut, 0, n);
		m->comment = str_from(cut, n);
		return true;
	}
	return false;
}

/* Quotes are within the text, and lost. */
static bool
has_inner_quotes(const struct mended *m)
{
	for (size_t i = m->data + 1; i < m->e->n; i++)
		if (m->e->fields[i].glued)
			return true;
	return false;
}

/* Words without quotes are strings, which receivers join. In quotes they are
 * better in any case, be they sound or not. */
static bool
take_words(struct mended *m)
{
	struct mailauth_str words;

	for (size_t i = m->data; i < m->e->n; i++)
		if (m->e->fields[i].quoted)
			return false;
	if (m->kind != NULL && is_sound(m->kind, m->text))
		return false;
	words = txt_bare(text_of(m, " "));
	if (take(m, words, true))
		return true;
	if (!has_item(m, MAILAUTH_F_ZONE_UNQUOTED))
		return false;
	m->meant = words;
	return true;
}

/* The text that the zone file takes for a comment is no part of the record: it
 * ends the data, and the record is of a kind that has no ';'. */
static bool
may_lose_cut(const struct mended *m)
{
	const struct mailauth_kind *kind = kind_of(m->owner, m->text);
	const struct zone_field *last = &m->e->fields[m->e->n - 1];

	return m->e->cut_off.s == last->text.s + last->text.n &&
	    (kind == NULL || kind->version == NULL);
}

/* The record is a key, and nothing was found in its text: that it is sound needs
 * no second look, which takes the time of the first. */
static bool
is_sound_key(const struct mended *m)
{
	if (m->kind == NULL || m->kind->id != MAILAUTH_KIND_DKIM)
		return false;
	for (size_t i = 0; i < m->nitems; i++) {
		unsigned scope = finding_row(m->items[i]->id)->scope;

		if (scope != SCOPE_LOOKUP && scope != SCOPE_DOMAIN)
			return false;
	}
	return true;
}

/* Find the text that was meant. False: it is the one that is there. */
static bool
find_meant(struct mended *m)
{
	m->text = text_of(m, "");
	if (m->text.n == 0)
		return false;
	if (take_cut(m))
		return true;
	/* More lines have lost text, or nobody knows what was meant: what is
	 * left is not the record. */
	if (m->e->cut_off.n > 0 && !may_lose_cut(m))
		return false;
	m->kind = kind_of(m->owner, m->text);
	if (is_sound_key(m) ||
	    (!take_words(m) && (m->kind == NULL || !take(m, m->text, true))))
		m->meant = m->text;
	return has_item(m, MAILAUTH_F_TXT_STRING_OVER_255) ||
	    !str_eq(m->meant, m->text) ||
	    (has_inner_quotes(m) && m->kind != NULL &&
	        is_sound(m->kind, m->text));
}

void
lint_put_strings(struct writer *w, struct mailauth_str text)
{
	for (size_t at = 0; at < text.n || at == 0; at += STRING_MAX) {
		struct mailauth_str s = str_sub(text, at, STRING_MAX);

		put_text(w, at > 0 ? " \"" : "\"");
		for (size_t i = 0; i < s.n; i++) {
			unsigned char c = (unsigned char)s.s[i];

			if (c == '"' || c == '\\') {
				put_char(w, '\\');
				put_char(w, s.s[i]);
			} else if (is_print(s.s[i])) {
				put_char(w, s.s[i]);
			} else {
				put_untrusted(w, str_sub(s, i, 1));
			}
		}
		put_char(w, '"');
	}
}

static const char *
field_start(const struct zone_field *f)
{
	return f->text.s - (f->quoted ? 1 : 0);
}

static const char *
field_end(const struct zone_field *f)
{
	return f->text.s + f->text.n + (f->quoted ? 1 : 0);
}

static bool
is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r';
}

/* Write lines of the file; their ends are those of the reader of a repair. */
static void
put_lines(struct writer *w, const char *from, const char *to)
{
	for (; from < to; from++)
		if (*from != '\r' || from + 1 == to || from[1] != '\n')
			put_char(w, *from);
}

/* Write what is between two fields, the second of which is left out: a line
 * that had nothing but it is left out too. Returns where to go on. */
static const char *
put_gap(struct writer *w, const char *from, const struct zone_field *f,
    const char *end)
{
	const char *to = field_start(f), *behind = field_end(f);

	while (to > from && is_blank(to[-1]))
		to--;
	if (to > from && to[-1] == '\n') {
		const char *rest = behind;

		while (rest < end && is_blank(*rest))
			rest++;
		if (rest < end && *rest == '\n')
			behind = rest;
		if (behind != rest)
			to = field_start(f);
		else if (--to > from && to[-1] == '\r')
			to--;
	}
	put_lines(w, from, to);
	return behind;
}

/* What was written, as a C string as well; empty when memory ran out. */
static struct mailauth_str
finished(struct writer *w)
{
	size_t n = w->used;

	put_char(w, '\0');
	return w->full ? STR_NONE : (struct mailauth_str){ w->buf, n };
}

/* The lines of the record with other data. */
static struct mailauth_str
with_text(struct mended *m)
{
	const struct zone_entry *e = m->e;
	struct writer w = arena_writer(&m->lint->arena);
	const char *at = e->whole.s, *end = at + e->whole.n;

	put_lines(&w, at, field_start(&e->fields[m->data]));
	lint_put_strings(&w, m->meant);
	at = field_end(&e->fields[m->data]);
	for (size_t i = m->data + 1; i < e->n; i++)
		at = put_gap(&w, at, &e->fields[i], end);
	if (m->cut.n > 0) {
		at = m->comment.s + m->comment.n;
		if (m->comment.n > 0)
			put_char(&w, ' ');
		put_str(&w, m->comment);
	}
	put_lines(&w, at, end);
	return finished(&w);
}

/* The lines of the record with a dot behind a field. */
static struct mailauth_str
with_dot(struct mended *m, const struct zone_field *f)
{
	struct writer w = arena_writer(&m->lint->arena);
	const char *at = m->e->whole.s;

	if (f->quoted || f->text.n == 0 || f->text.s[f->text.n - 1] == '.')
		return STR_NONE;
	put_lines(&w, at, field_end(f));
	put_char(&w, '.');
	put_lines(&w, field_end(f), at + m->e->whole.n);
	return finished(&w);
}

static void
set_fix(const struct mended *m, struct item *it, struct mailauth_str lines)
{
	it->view.fix = lines.s;
	it->view.fix_first = m->first;
	it->view.fix_last = m->last;
}

/* A judgement of one text. */
static struct mailauth_report *
judge(const struct mended *m, struct mailauth_str text)
{
	const struct mailauth_parse_options how = { .kind = m->kind->name,
		.owner = m->owner.n > 0 ? m->owner.s : NULL,
		.profile = m->lint->profile,
		.allow_documentation = true };
	struct mailauth_report *report = NULL;
	char why[MAILAUTH_WHY_MAX];

	if (mailauth_parse(&how, text.s, text.n, &report, why) != MAILAUTH_OK)
		return NULL;
	return report;
}

static bool
report_has(struct mailauth_report *report, const char *code)
{
	const struct mailauth_finding_view *v;

	for (size_t i = 0;
	     report != NULL && (v = mailauth_report_finding(report, i)) != NULL;
	     i++)
		if (strcmp(v->code, code) == 0)
			return true;
	return false;
}

/* Findings on the text of a zone file that each repair of the data ends. */
static bool
is_of_spelling(enum mailauth_finding_id id)
{
	return id == MAILAUTH_F_ZONE_SEMICOLON ||
	    id == MAILAUTH_F_ZONE_UNQUOTED ||
	    id == MAILAUTH_F_ZONE_QUOTES_INSIDE ||
	    id == MAILAUTH_F_TXT_STRING_OVER_255;
}

/* The whole record, to be pasted in place of the one there is. */
static const char *
record_to_paste(struct mended *m)
{
	struct writer w = arena_writer(&m->lint->arena);

	put_text(&w, "publish '");
	put_str(&w, m->owner);
	put_text(&w, " TXT ");
	lint_put_strings(&w, m->meant);
	put_text(&w, "'");
	return finished(&w).s;
}

static void
fix_text(struct mended *m)
{
	struct mailauth_report *before, *after;
	struct mailauth_str lines;

	if (!find_meant(m))
		return;
	lines = with_text(m);
	if (lines.n == 0)
		return;
	before = m->kind != NULL ? judge(m, m->text) : NULL;
	after = m->kind != NULL ? judge(m, m->meant) : NULL;
	for (size_t i = 0; i < m->nitems; i++) {
		struct item *it = m->items[i];

		if (is_of_spelling(it->id) && m->owner.n > 0)
			it->view.remedy = record_to_paste(m);
		if (is_of_spelling(it->id) ||
		    (report_has(before, it->view.code) &&
		        !report_has(after, it->view.code)))
			set_fix(m, it, lines);
	}
	mailauth_report_free(before);
	mailauth_report_free(after);
}

/* The field lacks its final dot: with it, it is this name. */
static bool
is_without_dot(const struct zone_field *f, const char *name)
{
	struct mailauth_str s = str_of(name);

	return f->text.n + 1 == s.n && str_istarts(s, f->text);
}

/* The field ends as the zone does, so that it was meant as a whole name. */
static bool
says_zone(const struct zone_field *f, const char *zone)
{
	struct mailauth_str z = str_of(zone), s = f->text;

	if (z.n < 2 || s.n + 1 < z.n)
		return false;
	z.n--;
	return str_ieq(str_from(s, s.n - z.n), z) &&
	    (s.n == z.n || s.s[s.n - z.n - 1] == '.');
}

/* The field of the entry that lacks a final dot; NULL: it is not known. */
static const struct zone_field *
find_dotless(const struct mended *m, const struct item *it)
{
	const struct zone_entry *e = m->e;
	const struct zone_field *owner = e->indented ? NULL : &e->fields[0];
	const struct zone_field *last = &e->fields[e->n - 1];
	const char *zone = it->view.zone;

	switch (it->id) {
	case MAILAUTH_F_TXT_OWNER_DOUBLED:
		return owner != NULL && m->type == RRTYPE_TXT &&
		        is_without_dot(owner, it->view.name) ?
		    owner :
		    NULL;
	case MAILAUTH_F_ZONE_SOA_NAME:
		return owner != NULL && m->type == RRTYPE_SOA && zone != NULL &&
		        is_without_dot(owner, zone) ?
		    owner :
		    NULL;
	case MAILAUTH_F_ZONE_NAME_DOUBLED:
		if (zone == NULL || m->type == RRTYPE_SOA)
			return NULL;
		if (owner != NULL && it->view.column == 1)
			return says_zone(owner, zone) ? owner : NULL;
		return m->type != RRTYPE_TXT && says_zone(last, zone) ? last :
		                                                        NULL;
	case MAILAUTH_F_DNS_FINAL_DOT_MISSING:
	case MAILAUTH_F_MX_TRAILING_DOT_MISSING:
		return m->type != RRTYPE_TXT && m->type != RRTYPE_SOA ? last :
		                                                        NULL;
	default: return NULL;
	}
}

/* Findings on names without a final dot. */
static void
fix_names(struct mended *m)
{
	for (size_t i = 0; i < m->nitems; i++) {
		const struct zone_field *f = find_dotless(m, m->items[i]);
		struct mailauth_str lines =
		    f != NULL ? with_dot(m, f) : STR_NONE;

		if (lines.n > 0)
			set_fix(m, m->items[i], lines);
	}
}

/* $ORIGIN without a final dot. */
static void
fix_origin(struct mended *m)
{
	for (size_t i = 0; i < m->nitems; i++)
		if (m->items[i]->id == MAILAUTH_F_ZONE_NAME_DOUBLED)
			set_fix(m, m->items[i], with_dot(m, &m->e->fields[1]));
}

/* The reader put the finding on the entry that it is about. */
static bool
is_of_reader(enum mailauth_finding_id id)
{
	return is_of_spelling(id) || id == MAILAUTH_F_ZONE_SOA_NAME ||
	    id == MAILAUTH_F_ZONE_NAME_DOUBLED;
}

/* The entry is a record that the finding is about, not one in whose line it is
 * shown for want of a better place. */
static bool
is_own(const struct mended *m, const struct item *it)
{
	const struct zone_record *rec;

	if (it->view.name == NULL)
		return false;
	if (is_of_reader(it->id))
		return true;
	/* It is named as it was meant, which find_dotless() compares. */
	if (it->id == MAILAUTH_F_TXT_OWNER_DOUBLED)
		return true;
	rec = lint_record(m->lint, str_of(it->view.name), m->type, NULL);
	for (; rec != NULL; rec = rec->next)
		if (rec->file == &m->file->file &&
		    rec->line == m->e->fields[0].line)
			return true;
	return false;
}

/* Leave out the findings that are not on the record itself. */
static void
keep_own(struct mended *m)
{
	size_t n = 0;

	for (size_t i = 0; i < m->nitems; i++) {
		struct item *it = m->items[i];

		if (!is_own(m, it))
			continue;
		if (it->id != MAILAUTH_F_TXT_OWNER_DOUBLED)
			m->owner = str_of(it->view.name);
		m->items[n++] = it;
	}
	m->nitems = n;
}

static uint32_t
count_ends(const char *from, const char *to)
{
	uint32_t n = 0;

	for (; from < to; from++)
		n += *from == '\n';
	return n;
}

/* The record of the entry, with the items that are on it. */
static void
fix_record(struct mended *m)
{
	const struct zone_entry *e = m->e;

	m->data = e->fault == ZONE_TEXT_OK ? find_data(e, &m->type) : 0;
	/* Records that a directive makes have no lines of their own. */
	if (e->n == 2 && str_ieq(e->fields[0].text, STR("$ORIGIN")))
		fix_origin(m);
	if (m->data == 0 || str_starts(e->fields[0].text, STR("$")))
		return;
	keep_own(m);
	if (m->type == RRTYPE_TXT)
		fix_text(m);
	fix_names(m);
}

/* The lines of an entry. */
static void
find_lines(struct mended *m)
{
	const struct zone_entry *e = m->e;
	const char *begin = e->whole.s, *end = begin + e->whole.n;
	const char *known =
	    e->fault != ZONE_TEXT_OK ? e->at : e->fields[0].text.s;

	m->first = e->line - count_ends(begin, known);
	m->last = m->first + count_ends(begin, end);
}

/* The repairs in one file; the items are in the order of their lines. */
static void
fix_file(struct mailauth_lint *l, const struct lint_file *file,
    struct item **all, size_t n, uint8_t *room)
{
	struct arena scratch = { 0 };
	struct zone_scan scan = zone_scan_of(file->file.text, &scratch);
	struct zone_entry e;

	while (n > 0 && zone_scan_next(&scan, &e)) {
		struct mended m = { .lint = l,
			.file = file,
			.e = &e,
			.room = room };

		find_lines(&m);
		for (; n > 0 && all[0]->view.line < m.first; n--)
			all++;
		m.items = all;
		for (; n > 0 && all[0]->view.line <= m.last; n--) {
			all++;
			m.nitems++;
		}
		if (m.nitems > 0)
			fix_record(&m);
		l->arena.failed = l->arena.failed || m.arena.failed;
		arena_free(&m.arena);
	}
	l->arena.failed = l->arena.failed || scratch.failed;
	arena_free(&scratch);
}

static int
by_line(const void *a, const void *b)
{
	const struct item *p = *(struct item *const *)a;
	const struct item *q = *(struct item *const *)b;

	if (p->file != q->file)
		return p->file->number < q->file->number ? -1 : 1;
	if (p->view.line != q->view.line)
		return p->view.line < q->view.line ? -1 : 1;
	return p->number < q->number ? -1 : 1;
}

void
lint_fixes(struct mailauth_lint *l)
{
	struct item **all = calloc(l->nitems + 1, sizeof(struct item *));
	uint8_t *room = arena_alloc(&l->arena, ZONE_RDATA_MAX);
	size_t n = 0, end;

	if (all == NULL || room == NULL) {
		l->arena.failed = true;
		free(all);
		return;
	}
	for (size_t i = 0; i < l->nitems; i++)
		if (l->items[i]->file != NULL && l->items[i]->view.line > 0)
			all[n++] = l->items[i];
	qsort(all, n, sizeof(struct item *), by_line);
	for (size_t i = 0; i < n; i = end) {
		for (end = i + 1; end < n; end++)
			if (all[end]->file != all[i]->file)
				break;
		fix_file(l, all[i]->file, all + i, end - i, room);
	}
	free(all);
}
