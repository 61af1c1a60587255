/*
 * parse.c - judge one record given as text, without any DNS
 * SPDX-License-Identifier: BSD-3-Clause
 */
#include <stdio.h>
#include <stdlib.h>

#include "base/dname.h"
#include "base/use.h"
#include "parse/parse.h"
#include "record/mx.h"
#include "record/txt.h"
#include "report/remedy.h"

/* The pieces of a text: owner, type and data. */
struct source {
	const struct mailauth_kind *kind;
	struct mailauth_str owner; /* as written; may be empty */
	struct mailauth_str text; /* the data, without owner and type */
	uint16_t rrtype; /* 0: not known */
	struct dname name;
	size_t longest; /* octets of its longest quoted string */
	bool quoted;
};

/* Records of this type can be of this kind. */
static bool
has_type(const struct mailauth_kind *k, uint16_t type)
{
	return k->rrtype == type ||
	    (k->rrtype == RRTYPE_A && type == RRTYPE_AAAA);
}

/* The type with this mnemonic; 0 when no kind has records of it. The obsolete
 * type SPF counts as TXT, since their data have the same form. */
static uint16_t
type_named(struct mailauth_str s)
{
	uint16_t type = rrtype_named(s);

	if (type == RRTYPE_SPF)
		type = RRTYPE_TXT;
	for (unsigned i = 0; i < MAILAUTH_KIND_COUNT; i++)
		if (has_type(kind_at(i), type))
			return type;
	return 0;
}

/* The data of a record are written as in a zone file: quoted strings, perhaps
 * in parentheses. */
static bool
is_quoted(struct mailauth_str s)
{
	s = str_trim(s);
	while (s.n > 0 && (s.s[0] == '(' || is_fws(s.s[0])))
		s = str_from(s, 1);
	return s.n > 0 && s.s[0] == '"';
}

/* Copy a line of a zone file without its parentheses and comments (RFC 1035
 * 5.1). */
static struct mailauth_str
without_marks(struct mailauth_str s, char *room)
{
	bool quoted = false;
	size_t n = 0;

	for (size_t i = 0; i < s.n; i++) {
		char c = s.s[i];

		if (c == '\\' && i + 1 < s.n) {
			room[n++] = c;
			room[n++] = s.s[++i];
			continue;
		}
		quoted = quoted != (c == '"');
		if (!quoted && c == ';') {
			while (i + 1 < s.n && s.s[i + 1] != '\n')
				i++;
			c = ' ';
		} else if (!quoted && (c == '(' || c == ')')) {
			c = ' ';
		}
		room[n++] = c;
	}
	return str_trim((struct mailauth_str){ room, n });
}

/* Leave out whole lines of comment in front of a record. */
static struct mailauth_str
skip_comments(struct mailauth_str s)
{
	struct mailauth_str rest = s, line = str_trim_start(s);

	while (line.n > 0 && line.s[0] == ';') {
		rest = str_from(line, str_find(line, '\n'));
		line = rest = str_trim_start(rest);
	}
	return rest.n > 0 ? rest : s;
}

/* A line begins with "TXT" or "IN TXT", and quoted data follow. */
static bool
lacks_owner(struct mailauth_str first, struct mailauth_str rest)
{
	if (str_ieq(first, STR("IN")))
		first = str_word(&rest);
	return rrtype_named(first) == RRTYPE_TXT && is_quoted(rest);
}

/* Split "OWNER [TTL] [IN] TYPE DATA", a line of a zone file or of dig; the
 * owner may be left out. Any other text stays as it is. With `named` the caller
 * has given the owner, and the text is a line only when its data are quoted. */
static void
take_zone_line(struct source *src, bool named)
{
	struct mailauth_str rest = src->text, owner = str_word(&rest), w;
	uint32_t ttl;

	/* "v=spf1 mx -all", "spf1 mx -all" and "spf2.0/pra mx -all" are no MX
	 * records. */
	if (str_find(owner, '=') < owner.n || str_ieq(owner, STR("spf1")) ||
	    str_istarts(owner, STR("spf2")))
		return;
	w = owner;
	/* Without an owner the line begins with a class or a type. */
	if (lacks_owner(owner, rest))
		owner = STR_NONE;
	else
		w = str_word(&rest);
	for (int i = 0; i < 2; i++)
		if (str_number(w, INT32_MAX, &ttl) || str_ieq(w, STR("IN")))
			w = str_word(&rest);
	if (type_named(w) == 0 || rest.n == 0 || (named && !is_quoted(rest)))
		return;
	/* A quoted string or a piece of a tag list is no owner. */
	for (size_t i = 0; i < owner.n; i++)
		if (owner.s[i] == ';' || owner.s[i] == '"')
			return;
	src->owner = str_eq(owner, STR("@")) ? STR_NONE : owner;
	src->rrtype = type_named(w);
	src->text = str_trim(rest);
}

/* Read the text as a line of a zone file, or as the data of one. */
static void
take_text(struct source *src, bool named, char *room)
{
	struct mailauth_str text;

	src->text = skip_comments(src->text);
	take_zone_line(src, named);
	/* In a text without quotes a semicolon separates tags. */
	if (!is_quoted(src->text) &&
	    (src->rrtype == 0 || src->rrtype == RRTYPE_TXT))
		return;
	text = without_marks(src->text, room);
	if (text.n > 0)
		src->text = text;
}

/* Read one octet of a quoted string, \X and \DDD decoded (RFC 1035 5.1).
 * Returns the number of characters read. */
static size_t
unquote(struct mailauth_str s, uint8_t *out)
{
	uint32_t v;

	if (s.s[0] != '\\' || s.n < 2) {
		*out = (uint8_t)s.s[0];
		return 1;
	}
	if (s.n >= 4 && str_number(str_sub(s, 1, 3), 255, &v)) {
		*out = (uint8_t)v;
		return 4;
	}
	*out = (uint8_t)s.s[1];
	return 2;
}

/* Read quoted strings; false when the text is anything else. */
static bool
put_quoted(struct source *src, uint8_t *room, struct writer *w)
{
	struct mailauth_str s = str_trim(src->text);

	if (s.n < 2 || s.s[0] != '"')
		return false;
	while (s.n > 0) {
		size_t n = 0;

		if (s.s[0] != '"')
			return false;
		s = str_from(s, 1);
		while (s.n > 0 && s.s[0] != '"')
			s = str_from(s, unquote(s, &room[n++]));
		if (s.n == 0)
			return false;
		s = str_trim(str_from(s, 1));
		if (n > src->longest)
			src->longest = n;
		put_txt_strings(w,
		    (struct mailauth_str){ (const char *)room, n });
	}
	src->quoted = true;
	return true;
}

/* Make the data of a TXT record: of quoted strings, or of the text as it is. */
static bool
put_txt(struct source *src, uint8_t *room, struct writer *w)
{
	if (!put_quoted(src, room, w)) {
		w->used = 0;
		put_txt_strings(w, src->text);
	}
	return true;
}

static enum mailauth_status
refuse(char *why, const char *text)
{
	snprintf(why, MAILAUTH_WHY_MAX, "%s", text);
	return MAILAUTH_EUSE;
}

/* The record can be of this kind, by its type and its owner. A kind with owner
 * names of its own is at no other name; zone files may write such an owner
 * without the domain. */
static bool
can_be(const struct source *src, const struct mailauth_kind *k)
{
	struct mailauth_str owner = src->owner;

	if (!has_type(k, src->rrtype))
		return false;
	if (owner.n > 0 && owner.s[owner.n - 1] == '.')
		owner.n--;
	return owner.n == 0 || k->owner == NULL || strcmp(k->owner, "@") == 0 ||
	    str_ieq(owner, str_of(k->owner));
}

/* Find the kind of the record: the caller's option decides, else the owner,
 * else the text. */
static enum mailauth_status
find_kind(struct source *src, const struct mailauth_parse_options *how,
    char *why)
{
	struct mailauth_str owner = STR_NONE, bare = src->text;

	if (how != NULL && how->owner != NULL) {
		owner = str_of(how->owner);
		src->owner = owner;
	}
	if (src->owner.n > 0 && dname_parse(src->owner, &src->name) != DNAME_OK)
		return refuse(why, "the owner is not a domain name");
	if (how != NULL && how->kind != NULL) {
		src->kind = kind_named(str_of(how->kind));
		if (src->kind == NULL)
			return refuse(why, "there is no kind of this name");
		if (src->rrtype == 0)
			src->rrtype = src->kind->rrtype;
		return MAILAUTH_OK;
	}
	if (src->rrtype == 0)
		src->rrtype = RRTYPE_TXT;
	if (bare.n > 0 && bare.s[0] == '"')
		bare = str_from(bare, 1);
	if (src->owner.n > 0) {
		char room[DNAME_TEXT_MAX];
		struct writer w = writer_of(room, sizeof(room));

		put_dname(&w, &src->name);
		src->kind = kind_of_owner(writer_str(&w), src->rrtype);
	}
	/* A TXT record at the domain itself may be of many kinds: the text
	 * decides. */
	if (src->rrtype == RRTYPE_TXT &&
	    (src->kind == NULL || strcmp(src->kind->owner, "@") == 0))
		src->kind = kind_of_text(bare);
	else if (src->kind == NULL)
		for (unsigned i = 0; i < MAILAUTH_KIND_COUNT; i++)
			if (can_be(src, kind_at(i)))
				src->kind = kind_at(i);
	if (src->kind == NULL)
		return refuse(why,
		    "its text does not show what record it is; name its "
		    "kind");
	return MAILAUTH_OK;
}

/* The owner of a BIMI record is a full name without a final dot: a zone file
 * would append the zone to it. */
static bool
lacks_dot(const struct source *src)
{
	struct mailauth_str rest = src->owner;
	size_t at = str_ifind(rest, STR("._bimi."));

	if (rest.n == 0 || rest.s[rest.n - 1] == '.' || at == rest.n)
		return false;
	rest = str_from(rest, at + 7);
	return str_find(rest, '.') < rest.n;
}

/* The owner is a service name, with a '_' in front, but not one of the kind. */
static bool
is_at_wrong_name(const struct source *src)
{
	char room[DNAME_TEXT_MAX];
	struct writer w = writer_of(room, sizeof(room));

	if (src->owner.n == 0 || src->kind->owner == NULL ||
	    src->kind->version == NULL)
		return false;
	put_dname(&w, &src->name);
	return room[0] == '_' &&
	    kind_of_owner(writer_str(&w), src->rrtype) != src->kind &&
	    !can_be(src, src->kind);
}

/* Say where the record belongs. */
static void
add_wrong_name(const struct source *src, struct mailauth_report *r,
    const struct record_set *set)
{
	struct mailauth_str domain = set->answer->name;
	struct finding *n = report_add(r, set, MAILAUTH_F_TXT_WRONG_NAME,
	    str_of(report_untrusted(r, set->answer->name)));
	struct writer w = arena_writer(&r->arena);

	while (domain.n > 1 && domain.s[0] == '_')
		domain = dname_parent(domain);
	if (n == NULL)
		return;
	put_text(&w, "publish it at ");
	put_text(&w, src->kind->owner[0] == '*' ? "SELECTOR" : "");
	put_text(&w, src->kind->owner + (src->kind->owner[0] == '*'));
	put_char(&w, '.');
	put_untrusted(&w, domain.n > 1 ? domain : STR("the-domain."));
	n->remedy = writer_str(&w);
}

/* Say that a string is longer than a string can be. */
static void
add_long_string(const struct source *src, struct mailauth_report *r,
    const struct record_set *set)
{
	struct writer w = arena_writer(&r->arena);

	put_number(&w, src->longest);
	put_text(&w, " octets");
	report_add(r, set, MAILAUTH_F_TXT_STRING_OVER_255, writer_str(&w));
	if (src->kind->long_string != MAILAUTH_F_NONE)
		report_add(r, set, src->kind->long_string, writer_str(&w));
}

static enum mailauth_status
judge_source(struct source *src, struct mailauth_report *r, uint8_t *room,
    char *why)
{
	struct mailauth_answer *a = arena_alloc(&r->arena, sizeof(*a));
	struct mailauth_rdata *rr = arena_alloc(&r->arena, sizeof(*rr));
	struct writer w = arena_writer(&r->arena);
	struct writer owner = arena_writer(&r->arena);
	struct record_set *set;
	struct mx mx;

	if (a == NULL || rr == NULL)
		return MAILAUTH_ENOMEM;
	if (!(src->rrtype == RRTYPE_TXT ?
	            put_txt(src, room, &w) :
	            src->kind->read != NULL && src->kind->read(src->text, &w)))
		return refuse(why, "the text is not data of its type");
	if (w.full)
		return MAILAUTH_ENOMEM;
	if (w.used > UINT16_MAX)
		return refuse(why, "the text is longer than a DNS record");
	if (src->owner.n > 0)
		put_dname(&owner, &src->name);
	*rr =
	    (struct mailauth_rdata){ (const uint8_t *)w.buf, (uint16_t)w.used };
	*a = (struct mailauth_answer){ .name = writer_str(&owner),
		.rrtype = src->rrtype,
		.outcome = MAILAUTH_FOUND,
		.dnssec = MAILAUTH_DNSSEC_UNCHECKED,
		.flags = src->quoted ? 0 : MAILAUTH_ANSWER_UNSPLIT,
		.rr = rr,
		.nrr = 1 };
	/* What a name lacks in DNS is not known here. */
	r->scope.absence_is_fine = true;
	set = report_judge(r, src->kind, a, &r->scope);
	if (set == NULL)
		return MAILAUTH_ENOMEM;
	report_show(r, set);
	if (set->j.verdict == MAILAUTH_NONE &&
	    set_severity(r, set) < MAILAUTH_WARN)
		report_add(r, set, MAILAUTH_F_NOT_OF_KIND,
		    str_of(src->kind->title));
	if (src->longest > TXT_STRING_MAX)
		add_long_string(src, r, set);
	/* Without a final dot the zone's name is added to a label. */
	if (src->rrtype == RRTYPE_MX && mx_parse(rr, &mx) && mx_is_label(&mx) &&
	    str_find(src->text, '.') < src->text.n &&
	    str_eq(str_from(str_trim(src->text), str_trim(src->text).n - 1),
	        STR(".")) &&
	    !findings_has(&set->j.findings, MAILAUTH_F_MX_NULL_MISWRITTEN))
		report_add(r, set, MAILAUTH_F_MX_SINGLE_LABEL,
		    str_of(report_untrusted(r, str_trim(src->text))));
	if (is_at_wrong_name(src))
		add_wrong_name(src, r, set);
	if (lacks_dot(src))
		report_add(r, set, MAILAUTH_F_BIMI_OWNER_NOT_ABSOLUTE,
		    STR_NONE);
	return r->arena.failed ? MAILAUTH_ENOMEM : MAILAUTH_OK;
}

/* Read the data of another record; false when there is no room for it. */
static bool
take_other(struct mailauth_report *r, const char *text, bool named,
    struct mailauth_rdata *out)
{
	struct source src = { .text = str_of(text) };
	struct writer w = arena_writer(&r->arena);
	uint8_t *room = arena_alloc(&r->arena, src.text.n + 1);
	char *line = arena_alloc(&r->arena, src.text.n + 1);

	if (room == NULL || line == NULL)
		return false;
	take_text(&src, named, line);
	put_txt(&src, room, &w);
	if (w.full || w.used > UINT16_MAX)
		return false;
	*out =
	    (struct mailauth_rdata){ (const uint8_t *)w.buf, (uint16_t)w.used };
	return true;
}

/* Say that a name has too many records, and which one to publish for all. */
static void
add_several(const struct mailauth_parse_options *how, struct mailauth_report *r,
    enum mailauth_finding_id id)
{
	struct finding *n = report_add(r, NULL, id, STR_NONE);
	const struct mailauth_finding f = { .id = (uint16_t)id };
	struct record_set all = *r->sets;
	struct mailauth_answer a = *all.answer;
	struct mailauth_rdata *rr =
	    arena_alloc(&r->arena, (how->nothers + 1) * sizeof(*rr));
	struct writer w = arena_writer(&r->arena);

	if (rr == NULL || n == NULL)
		return;
	rr[0] = a.rr[0];
	for (size_t i = 0; i < how->nothers; i++)
		if (take_other(r, how->others[i], how->owner != NULL,
		        &rr[a.nrr]))
			a.nrr++;
	a.rr = rr;
	all.answer = &a;
	all.j.matches = (uint16_t)a.nrr;
	if (put_repair(&w, &all, &f, all.j.record.text))
		n->remedy = writer_str(&w);
}

enum mailauth_status
mailauth_parse(const struct mailauth_parse_options *how, const char *text,
    size_t len, struct mailauth_report **out, char why[MAILAUTH_WHY_MAX])
{
	struct source src = { .text = { text, len } };
	enum mailauth_status status;
	struct mailauth_report *r;
	uint8_t *room;
	char *line;

	if ((text == NULL && len > 0) || out == NULL || why == NULL)
		return use_refused(why, USE_NULL);
	*out = NULL;
	why[0] = '\0';
	if (how != NULL && !use_profile_ok(how->profile))
		return use_refused(why, USE_PROFILE);
	if (len > UINT16_MAX)
		return refuse(why, "the text is longer than a DNS record");
	r = report_new();
	room = malloc(len + 1);
	line = malloc(len + 1);
	status = MAILAUTH_ENOMEM;
	if (r != NULL && room != NULL && line != NULL) {
		take_text(&src, how != NULL && how->owner != NULL, line);
		status = find_kind(&src, how, why);
	}
	if (status == MAILAUTH_OK) {
		r->scope.plain = true;
		report_add_part(r, &parse_part, NULL);
		if (how != NULL) {
			r->scope.profile = how->profile;
			r->scope.allow_documentation = how->allow_documentation;
		}
		status = judge_source(&src, r, room, why);
	}
	if (status == MAILAUTH_OK && how != NULL && how->nothers > 0 &&
	    src.kind->multiple != MAILAUTH_F_NONE)
		add_several(how, r, src.kind->multiple);
	free(room);
	free(line);
	if (status == MAILAUTH_OK)
		report_follow(r);
	if (r != NULL && r->arena.failed)
		status = MAILAUTH_ENOMEM;
	if (status == MAILAUTH_OK)
		*out = r;
	else
		mailauth_report_free(r);
	if (status == MAILAUTH_ENOMEM)
		snprintf(why, MAILAUTH_WHY_MAX, "memory ran out");
	return status;
}
