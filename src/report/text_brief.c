/*
 * text_brief.c - what a record set says, in a few words
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * The words come from the values of the set (judge/value.h): no record is read
 * again. Texts among them are printable.
 */
#include "report/page.h"

#include "base/str.h"

/* Columns of a record, though its line has to be wrapped. */
#define ROOM_LEAST 20

/* A set on its way to words. */
struct brief {
	const struct page *p;
	struct writer *w;
	const struct record_set *set;
	const struct value *v; /* its values */
	size_t room; /* columns for a text that may be cut */
};

static void
put_name(struct writer *w, struct mailauth_str name)
{
	if (name.n > 1 && name.s[name.n - 1] == '.')
		name.n--;
	put_str(w, name);
}

/* Write a text, cut when it is longer than `room`: behind a word, when one ends
 * in its second half. */
static void
put_cut(struct writer *w, struct mailauth_str s, size_t room)
{
	size_t n;

	if (s.n <= room) {
		put_str(w, s);
		return;
	}
	n = room > 4 ? room - 4 : 0;
	while (n > room / 2 && s.s[n] != ' ')
		n--;
	if (n > 0 && n > room / 2) {
		put_str(w, str_trim_end(str_sub(s, 0, n)));
		put_text(w, " ...");
		return;
	}
	put_str(w, str_sub(s, 0, room > 4 ? room - 4 : 0));
	put_text(w, " ...");
}

static struct mailauth_str
record_of(struct brief *b)
{
	struct writer w = arena_writer(b->p->scratch);

	put_set_text(&w, b->set);
	return writer_str(&w);
}

static void
put_record(struct brief *b, size_t room)
{
	put_cut(b->w, record_of(b), room);
}

/* The term of an SPF record that decides of all other hosts; empty: there is
 * none. */
static struct mailauth_str
all_of(const struct value *v)
{
	const struct value *list = value_get(v, "terms");
	const struct value *t = list != NULL ? list->first : NULL;

	while (t != NULL && !str_ieq(value_text(t, "mechanism"), STR("all")))
		t = t->next;
	return t != NULL ? value_text(t, "text") : STR_NONE;
}

static void
brief_text(struct brief *b)
{
	put_record(b, b->room);
}

static void
brief_spf(struct brief *b)
{
	struct writer w = arena_writer(b->p->scratch);
	bool whole = value_flag(b->v, "complete");
	struct mailauth_str all = all_of(b->v);
	size_t room;

	if (value_get(b->v, "lookups") == NULL) {
		put_record(b, b->room);
		return;
	}
	put_text(&w, whole ? " (" : " (at least ");
	put_number(&w, value_number(b->v, "lookups"));
	put_text(&w, " of 10 lookups)");
	room = b->room > w.used + ROOM_LEAST ? b->room - w.used : ROOM_LEAST;
	if (record_of(b).n > room && all.n > 0 && all.n < room / 2) {
		put_record(b, room - all.n - 1);
		put_char(b->w, ' ');
		put_str(b->w, all);
	} else {
		put_record(b, room);
	}
	put_str(b->w, writer_str(&w));
}

static void
brief_dkim(struct brief *b)
{
	struct mailauth_str type = value_text(b->v, "type");
	bool rsa = str_eq(type, STR("rsa"));

	if (value_text(b->v, "selector").n > 0) {
		put_str(b->w, value_text(b->v, "selector"));
		put_text(b->w, ": ");
	}
	if (value_flag(b->v, "revoked")) {
		put_text(b->w, "revoked");
		return;
	}
	put_str(b->w,
	    rsa                              ? STR("RSA") :
	        str_eq(type, STR("ed25519")) ? STR("Ed25519") :
	                                       type);
	if (rsa && value_number(b->v, "bits") > 0) {
		put_char(b->w, ' ');
		put_number(b->w, value_number(b->v, "bits"));
		put_text(b->w, " bits");
	}
	put_text(b->w, value_flag(b->v, "testing") ? ", testing" : "");
}

/* Write the first address of a list of URIs, and how many more there are. */
static void
put_reports(struct brief *b, const char *before)
{
	const struct value *list = value_get(b->v, "rua");
	struct mailauth_str uri;

	if (list == NULL || list->first == NULL)
		return;
	uri = list->first->text;
	put_text(b->w, before);
	put_str(b->w,
	    str_istarts(uri, STR("mailto:")) ? str_from(uri, 7) : uri);
	if (value_count(list) > 1) {
		put_text(b->w, " and ");
		put_number(b->w, value_count(list) - 1);
		put_text(b->w, " more");
	}
}

static void
put_tag(struct brief *b, const char *name)
{
	struct mailauth_str v = value_text(b->v, name);

	if (v.n == 0)
		return;
	put_text(b->w, ", ");
	put_text(b->w, name);
	put_char(b->w, '=');
	put_str(b->w, v);
}

static void
brief_dmarc(struct brief *b)
{
	struct mailauth_str name = b->set->answer->name, d = b->p->r->domain;

	put_text(b->w, "p=");
	put_str(b->w, value_text(b->v, "policy"));
	put_tag(b, "sp");
	put_tag(b, "np");
	put_text(b->w, value_flag(b->v, "testing") ? ", testing" : "");
	put_reports(b, ", reports to ");
	/* The record of an organization applies to names below it. */
	if (d.n > 0 && name.n != d.n + sizeof("_dmarc.")) {
		put_text(b->w, " (of ");
		put_name(b->w, name);
		put_char(b->w, ')');
	}
}

/* The part of an owner behind labels of a service. */
static struct mailauth_str
behind(struct mailauth_str name, struct mailauth_str labels)
{
	size_t at = str_ifind(name, labels);

	return at < name.n ? str_from(name, at + labels.n) : name;
}

static void
brief_consent(struct brief *b)
{
	put_name(b->w, behind(b->set->answer->name, STR("._report._dmarc.")));
}

static void
brief_bimi(struct brief *b)
{
	struct mailauth_str logo = value_text(b->v, "l");

	put_str(b->w, logo.n > 0 ? logo : STR("declined"));
	if (value_text(b->v, "a").n > 0)
		put_text(b->w, ", with a certificate");
}

static void
brief_mtasts(struct brief *b)
{
	put_text(b->w, "id ");
	put_str(b->w, value_text(b->v, "id"));
}

static void
brief_tlsrpt(struct brief *b)
{
	put_reports(b, "reports to ");
}

/* The host has an address of this family. */
static bool
has_family(const struct value *host, char mark)
{
	const struct value *list = value_get(host, "addresses");
	const struct value *v = list != NULL ? list->first : NULL;

	while (v != NULL && str_find(v->text, mark) == v->text.n)
		v = v->next;
	return v != NULL;
}

/* Write the addresses of the only host. */
static void
put_addresses(struct brief *b, const struct value *host)
{
	const struct value *list = value_get(host, "addresses");
	const char *before = " (";

	for (const struct value *v = list != NULL ? list->first : NULL;
	     v != NULL; v = v->next) {
		put_text(b->w, before);
		put_str(b->w, v->text);
		before = ", ";
	}
	if (list == NULL)
		return;
	if (value_flag(host, "complete") && !has_family(host, ':')) {
		put_text(b->w, before);
		put_text(b->w, "no IPv6");
		before = ", ";
	}
	put_text(b->w, before[0] == ',' ? ")" : "");
}

/* Say which of several hosts can be reached over IPv6, when it is all or
 * none. */
static void
put_families(struct brief *b, const struct value *hosts)
{
	size_t with = 0, known = 0, n = value_count(hosts);

	for (const struct value *h = hosts->first; h != NULL; h = h->next) {
		known += value_flag(h, "complete");
		with += has_family(h, ':');
	}
	if (known == n && (with == n || with == 0))
		put_text(b->w, with == n ? ", all with IPv6" : ", no IPv6");
}

static void
brief_mx(struct brief *b)
{
	const struct value *hosts = value_get(b->v, "hosts");
	const struct value *h = hosts != NULL ? hosts->first : NULL;
	size_t left = value_count(hosts);

	if (value_flag(b->v, "null") || h == NULL) {
		put_text(b->w, "null MX: takes no mail");
		return;
	}
	put_name(b->w, value_text(h, "host"));
	if (left == 1) {
		put_addresses(b, h);
		return;
	}
	while (--left > 0) {
		h = h->next;
		if (b->w->used + value_text(h, "host").n + 24 > b->room)
			break;
		put_text(b->w, ", ");
		put_name(b->w, value_text(h, "host"));
	}
	if (left > 0) {
		put_text(b->w, " and ");
		put_number(b->w, left);
		put_text(b->w, " more");
	}
	put_families(b, hosts);
}

static void
put_list(struct brief *b, const struct value *list)
{
	const struct value *v = list != NULL ? list->first : NULL;

	for (const char *before = ""; v != NULL; v = v->next, before = " ") {
		put_text(b->w, before);
		put_name(b->w, v->text);
	}
}

static void
brief_address(struct brief *b)
{
	put_name(b->w, b->set->answer->name);
	put_text(b->w, b->set->answer->name.n > 0 ? " " : "");
	put_list(b, value_get(b->v, "addresses"));
}

static void
brief_ptr(struct brief *b)
{
	put_list(b, value_get(b->v, "names"));
	if (b->set->answer->name.n > 0) {
		put_text(b->w, " at ");
		put_name(b->w, b->set->answer->name);
	}
}

static void
brief_tlsa(struct brief *b)
{
	const struct value *list = value_get(b->v, "records");
	const struct value *v = list != NULL ? list->first : NULL;

	put_name(b->w, behind(b->set->answer->name, STR("._tcp.")));
	for (const char *before = " "; v != NULL; v = v->next, before = ", ") {
		put_text(b->w, before);
		put_number(b->w, value_number(v, "usage"));
		put_char(b->w, ' ');
		put_number(b->w, value_number(v, "selector"));
		put_char(b->w, ' ');
		put_number(b->w, value_number(v, "matching"));
	}
}

void
page_brief(const struct page *p, struct writer *w, const struct record_set *set,
    size_t room)
{
	static void (*const briefs[MAILAUTH_KIND_COUNT])(struct brief * b) = {
		[MAILAUTH_KIND_SPF] = brief_spf,
		[MAILAUTH_KIND_DKIM] = brief_dkim,
		[MAILAUTH_KIND_DMARC] = brief_dmarc,
		[MAILAUTH_KIND_DMARC_REPORT] = brief_consent,
		[MAILAUTH_KIND_BIMI] = brief_bimi,
		[MAILAUTH_KIND_MTASTS] = brief_mtasts,
		[MAILAUTH_KIND_TLSRPT] = brief_tlsrpt,
		[MAILAUTH_KIND_MX] = brief_mx,
		[MAILAUTH_KIND_TLSA] = brief_tlsa,
		[MAILAUTH_KIND_ADDRESS] = brief_address,
		[MAILAUTH_KIND_PTR] = brief_ptr,
	};
	struct brief b = { p, w, set, set->values, room };

	if (b.v != NULL && briefs[set->j.kind->id] != NULL)
		briefs[set->j.kind->id](&b);
	else
		brief_text(&b);
}

bool
page_is_in_mx(const struct page *p, const struct record_set *set)
{
	struct mailauth_str name = set->answer->name;

	if (set->j.kind->id != MAILAUTH_KIND_ADDRESS)
		return false;
	for (const struct record_set *s = p->r->sets; s != NULL; s = s->next) {
		const struct value *hosts = value_get(s->values, "hosts");

		for (const struct value *h = hosts != NULL ? hosts->first :
		                                             NULL;
		     h != NULL; h = h->next)
			if (value_get(h, "addresses") != NULL &&
			    str_ieq(value_text(h, "host"), name))
				return true;
	}
	return false;
}
