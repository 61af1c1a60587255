/*
 * read.c - read settings from files
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * What a list may hold is a table (`lists`); manual, schema and tests follow
 * it.
 */
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/dname.h"
#include "base/str.h"
#include "base/use.h"
#include "settings/settings.h"
#include "sys/idn.h"

/* Nesting depth of a JSON value; a deeper one is hostile. */
#define DEPTH_MAX 16

enum form {
	FORM_TEXT,
	FORM_HOST, /* a domain name */
	FORM_ADDRESS, /* a domain, or a mail address whose domain counts */
	FORM_IP,
	FORM_ID, /* text or a whole number */
	FORM_LABELS, /* labels to put in front of a domain */
	FORM_PREFIX, /* labels, perhaps with a final dot */
	FORM_PUBLIC, /* a key */
};

static const struct {
	const char *name;
	enum form form;
} main_keys[MAIN_KEYS] = {
	[MAIN_WEBCONTROL_HOSTNAME] = { "WEBCONTROL_HOSTNAME", FORM_HOST },
	[MAIN_WEBCONTROL_PUBLIC_IP] = { "WEBCONTROL_PUBLIC_IP", FORM_IP },
	[MAIN_TRACKING_HOSTNAME] = { "TRACKING_HOSTNAME", FORM_HOST },
	[MAIN_TRACKING_PREFIX] = { "TRACKING_PREFIX", FORM_PREFIX },
	[MAIN_TRACKING_PUBLIC_IP] = { "TRACKING_PUBLIC_IP", FORM_IP },
	[MAIN_COOKIESAVER_PUBLIC_HOSTNAME] = { "COOKIESAVER_PUBLIC_HOSTNAME",
	    FORM_HOST },
	[MAIN_COOKIESAVER_PUBLIC_IP] = { "COOKIESAVER_PUBLIC_IP", FORM_IP },
};

static const struct {
	const char *name;
	enum form form;
} fields[FIELDS] = {
	[FIELD_NAME] = { "name", FORM_TEXT },
	[FIELD_ID] = { "id", FORM_ID },
	[FIELD_IP] = { "ip", FORM_IP },
	[FIELD_HOST] = { "host", FORM_HOST },
	[FIELD_TYPE] = { "type", FORM_TEXT },
	[FIELD_FILE] = { "file", FORM_TEXT },
	[FIELD_PUBLIC] = { "public", FORM_PUBLIC },
	[FIELD_FROM] = { "from", FORM_ADDRESS },
	[FIELD_MAIL_FROM_TYPE] = { "mail_from_type", FORM_TEXT },
	[FIELD_SENDER_DOMAIN] = { "sender_domain", FORM_ADDRESS },
	[FIELD_MAIL_FROM_SUBDOMAIN] = { "mail_from_subdomain", FORM_LABELS },
	[FIELD_MAIL_FROM] = { "mail_from", FORM_ADDRESS },
	[FIELD_POOL_ID] = { "pool_id", FORM_ID },
	[FIELD_SPF_DOMAIN] = { "spf_domain", FORM_ADDRESS },
	[FIELD_SENDER_SUBDOMAIN] = { "sender_subdomain", FORM_LABELS },
	[FIELD_DKIM_KEY] = { "dkim_key", FORM_TEXT },
	[FIELD_DKIM_SELECTOR] = { "dkim_selector", FORM_TEXT },
	[FIELD_SECONDARY_KEY] = { "secondary_dkim_key", FORM_TEXT },
	[FIELD_SECONDARY_SELECTOR] = { "secondary_dkim_selector", FORM_TEXT },
	[FIELD_SECONDARY_DOMAIN] = { "secondary_dkim_domain", FORM_ADDRESS },
	[FIELD_SENDER] = { "sender", FORM_TEXT },
	[FIELD_TRACKING_DOMAIN] = { "tracking_domain", FORM_HOST },
};

#define BIT(id) (1u << FIELD_##id)
#define SENDS \
	(BIT(NAME) | BIT(FROM) | BIT(MAIL_FROM_TYPE) | BIT(SENDER_DOMAIN) | \
	    BIT(MAIL_FROM_SUBDOMAIN) | BIT(MAIL_FROM) | BIT(POOL_ID) | \
	    BIT(DKIM_KEY) | BIT(DKIM_SELECTOR) | BIT(SECONDARY_KEY) | \
	    BIT(SECONDARY_SELECTOR) | BIT(SECONDARY_DOMAIN))

static const struct {
	const char *name;
	uint32_t fields;
	bool nodes; /* the entries may have "nodes" */
	uint32_t needed;
	enum field_id plain; /* the member that a plain string sets */
} lists[LISTS] = {
	[LIST_DOMAINS] = { "domains",
	    (SENDS & ~BIT(FROM)) | BIT(TRACKING_DOMAIN), false, BIT(NAME),
	    FIELD_NAME },
	[LIST_NODES] = { "nodes", BIT(NAME) | BIT(IP) | BIT(HOST), false,
	    BIT(IP), FIELDS },
	[LIST_KEYS] = { "keys", BIT(NAME) | BIT(TYPE) | BIT(FILE) | BIT(PUBLIC),
	    false, BIT(NAME), FIELDS },
	[LIST_SENDERS] = { "senders", SENDS, true, 0, FIELDS },
	[LIST_POOLS] = { "pools",
	    BIT(NAME) | BIT(ID) | BIT(SENDER_DOMAIN) | BIT(SPF_DOMAIN) |
	        BIT(SENDER_SUBDOMAIN) | BIT(DKIM_KEY) | BIT(DKIM_SELECTOR),
	    true, BIT(ID), FIELDS },
	[LIST_VIRTUAL] = { "virtual_senders", SENDS | BIT(SENDER), true,
	    BIT(SENDER), FIELDS },
	[LIST_TEMPLATES] = { "templates",
	    SENDS | BIT(SENDER) | BIT(TRACKING_DOMAIN), false, 0, FIELDS },
	[LIST_TRACKING] = { "tracking_domains", BIT(NAME), false, BIT(NAME),
	    FIELD_NAME },
	[LIST_WEBSITE] = { "website_tracking_domains", BIT(NAME), false,
	    BIT(NAME), FIELD_NAME },
};

const char *
field_name(enum field_id id)
{
	return fields[id].name;
}

const char *
list_name(enum list_id id)
{
	return lists[id].name;
}

const char *
main_name(enum main_key id)
{
	return main_keys[id].name;
}

/* State while a file is read. */
struct reading {
	struct mailauth_settings *s;
	const char *name, *dir;
	char *why;
	enum mailauth_status status; /* of the first fault */
};

struct mailauth_settings *
settings_new(void)
{
	struct mailauth_settings *s = calloc(1, sizeof(*s));

	if (s == NULL)
		return NULL;
	for (size_t i = 0; i < LISTS; i++)
		s->list_end[i] = &s->list[i];
	s->warnings_end = &s->warnings;
	s->routes_end = &s->routes;
	return s;
}

void
mailauth_settings_free(struct mailauth_settings *s)
{
	if (s == NULL)
		return;
	arena_free(&s->arena);
	free(s);
}

const char *
mailauth_settings_warning(const struct mailauth_settings *s, size_t i)
{
	const struct warning *w = s != NULL ? s->warnings : NULL;

	while (w != NULL && i-- > 0)
		w = w->next;
	return w != NULL ? w->text : NULL;
}

const char *
mailauth_settings_domain(const struct mailauth_settings *s, size_t i)
{
	return s != NULL && i < s->ndomains ? s->domains[i].s : NULL;
}

void
settings_warn(struct mailauth_settings *s, const char *text)
{
	struct warning *w;

	if (s->nwarnings == SETTINGS_WARNINGS_MAX)
		return;
	w = arena_alloc(&s->arena, sizeof(*w));
	if (w == NULL)
		return;
	s->nwarnings++;
	w->text = s->nwarnings == SETTINGS_WARNINGS_MAX ?
	    "there are more warnings" :
	    text;
	*s->warnings_end = w;
	s->warnings_end = &w->next;
}

/* Faults. */

static bool
no_memory(struct reading *r)
{
	if (r->status == MAILAUTH_OK) {
		r->status = MAILAUTH_ENOMEM;
		snprintf(r->why, MAILAUTH_WHY_MAX, "memory ran out");
	}
	return false;
}

/* Store the fault "FILE: PATH: reason". Always false. */
static bool
refuse(struct reading *r, const char *path, const char *reason)
{
	char room[160];
	struct writer w = writer_of(room, sizeof(room) - 1);

	if (r->status != MAILAUTH_OK)
		return false;
	/* What is refused may be what there was no memory for. */
	if (r->s->arena.failed)
		return no_memory(r);
	/* Names of members come from the file: untrusted. */
	put_untrusted(&w, str_sub(str_of(path), 0, 35));
	room[w.used] = '\0';
	r->status = MAILAUTH_EINPUT;
	snprintf(r->why, MAILAUTH_WHY_MAX, "%.200s: %s%s%.120s", r->name, room,
	    room[0] != '\0' ? ": " : "", reason);
	return false;
}

static const char *
type_name(const json_t *v)
{
	switch (json_typeof(v)) {
	case JSON_OBJECT: return "an object";
	case JSON_ARRAY: return "a list";
	case JSON_STRING: return "a text";
	case JSON_INTEGER:
	case JSON_REAL: return "a number";
	case JSON_TRUE:
	case JSON_FALSE: return "true or false";
	case JSON_NULL: break;
	}
	return "null";
}

static bool
wrong_type(struct reading *r, const char *path, const char *wanted,
    const json_t *v)
{
	char reason[120];

	snprintf(reason, sizeof(reason), "%s is wanted here, and it is %s",
	    wanted, type_name(v));
	return refuse(r, path, reason);
}

/* Misspelled names. */

struct nearest {
	struct mailauth_str name;
	const char *best;
	size_t at;
};

static void
compare(struct nearest *n, const char *known)
{
	size_t at = str_distance(n->name, str_of(known));

	if (n->best == NULL || at < n->at) {
		n->best = known;
		n->at = at;
	}
}

/* The nearest name is probably meant: at most a third of it differs. */
static bool
is_near(const struct nearest *n)
{
	return n->best != NULL && n->at <= n->name.n / 3 + 1;
}

/* The stricter test for main.json, whose other keys resemble ours: only a small
 * slip or an abbreviation is a misspelling. */
static bool
is_slip(const struct nearest *n)
{
	struct mailauth_str best = str_of(n->best);

	return n->at <= n->name.n / 8 + 1 ||
	    (str_istarts(best, n->name) && best.n - n->name.n <= 4);
}

static void
warn_unknown(struct reading *r, const char *path, const struct nearest *n)
{
	struct writer w = arena_writer(&r->s->arena);

	put_untrusted(&w, str_of(r->name));
	put_text(&w, ": ");
	put_untrusted(&w, str_sub(str_of(path), 0, 200));
	put_text(&w, ": there is no such setting");
	if (n->best != NULL) {
		put_text(&w,
		    is_near(n) ? "; did you mean " : "; the nearest is ");
		put_text(&w, n->best);
	}
	if (is_near(n))
		put_char(&w, '?');
	put_char(&w, '\0');
	if (!w.full)
		settings_warn(r->s, w.buf);
}

/* Values. */

/* Parse a domain name to its canonical form; false when it is no name, with a
 * fault when its labels in UTF-8 are wrong. */
static bool
take_name(struct reading *r, const char *path, struct mailauth_str text,
    struct mailauth_str *out)
{
	struct arena *a = &r->s->arena;
	struct mailauth_str copy;
	const char *wrong = idn_to_ascii(a, text, &copy);
	struct dname wire;
	bool good;

	if (copy.s == NULL)
		return no_memory(r);
	if (wrong != NULL)
		return refuse(r, path, wrong);
	good = dname_parse(copy, &wire) == DNAME_OK && wire.len > 1;
	for (size_t i = 0; good && i < copy.n; i++)
		good = is_alnum(copy.s[i]) || strchr("-_.", copy.s[i]) != NULL;
	if (good)
		*out = dname_text(a, &wire);
	return good;
}

/* The part behind the last '@'. */
static struct mailauth_str
domain_of(struct mailauth_str text)
{
	size_t at = text.n;

	if (text.n > 1 && text.s[0] == '<' && text.s[text.n - 1] == '>')
		text = str_sub(text, 1, text.n - 2);
	for (at = text.n; at > 0 && text.s[at - 1] != '@';)
		at--;
	return str_from(text, at);
}

/* The value as text; empty for null and "". False, with a fault, for values of
 * another form. */
static bool
plain_text(struct reading *r, const char *path, const json_t *v, enum form form,
    struct mailauth_str *out)
{
	size_t max =
	    form == FORM_PUBLIC ? SETTINGS_PUBLIC_MAX : SETTINGS_TEXT_MAX;
	char number[32];

	*out = STR_NONE;
	if (json_is_null(v))
		return true;
	if (form == FORM_ID && json_is_integer(v)) {
		snprintf(number, sizeof(number), "%lld",
		    (long long)json_integer_value(v));
		*out = arena_copy(&r->s->arena, str_of(number));
		return out->s != NULL || no_memory(r);
	}
	if (!json_is_string(v))
		return wrong_type(r, path,
		    form == FORM_ID ? "a text or whole number" :
		        json_is_array(v) && form == FORM_TEXT ?
		                      "one text and no more" :
		                      "a text",
		    v);
	*out = str_trim((struct mailauth_str){ json_string_value(v),
	    json_string_length(v) });
	if (out->n > max)
		return refuse(r, path, "it is too long");
	return true;
}

static bool
take_value(struct reading *r, const char *path, const json_t *v, enum form form,
    struct mailauth_str *out)
{
	struct mailauth_str text;
	struct writer w = arena_writer(&r->s->arena);
	struct addr addr;

	if (!plain_text(r, path, v, form, &text))
		return false;
	if (text.n == 0)
		return true;
	switch (form) {
	case FORM_HOST:
	case FORM_ADDRESS:
		if (form == FORM_ADDRESS)
			text = domain_of(text);
		if (!take_name(r, path, text, out))
			return refuse(r, path, "it is not a domain name");
		return form == FORM_HOST || dname_labels(*out) >= 2 ||
		    refuse(r, path, "it is not a mail domain");
	case FORM_PREFIX:
		if (!take_name(r, path, text, out))
			return refuse(r, path,
			    "it cannot be put in front of a domain");
		*out = arena_copy(&r->s->arena, text);
		break;
	case FORM_LABELS:
		if (!take_name(r, path, text, out))
			return refuse(r, path,
			    "it cannot be put in front of a domain");
		/* Drop the final dot. */
		out->n--;
		return true;
	case FORM_IP:
		if (!addr_parse(text, &addr))
			return refuse(r, path, "it is not an IP address");
		addr_unmap(&addr);
		put_addr(&w, &addr);
		*out = writer_str(&w);
		break;
	case FORM_TEXT:
	case FORM_ID:
	case FORM_PUBLIC: *out = arena_copy(&r->s->arena, text); break;
	}
	return out->s != NULL || no_memory(r);
}

/* Lists. */

static bool
take_nodes(struct reading *r, const char *path, const json_t *v,
    struct entry *e)
{
	size_t n = json_array_size(v), i;
	struct mailauth_str *list;
	const json_t *one;

	if (!json_is_array(v))
		return wrong_type(r, path, "a list of texts", v);
	if (n > SETTINGS_NODES_MAX)
		return refuse(r, path, "there are too many");
	list = arena_alloc(&r->s->arena, (n + 1) * sizeof(*list));
	if (list == NULL)
		return no_memory(r);
	e->nodes = list;
	json_array_foreach(v, i, one)
	{
		if (!plain_text(r, path, one, FORM_TEXT, &list[e->nnodes]))
			return false;
		if (list[e->nnodes].n == 0)
			continue;
		list[e->nnodes] = arena_copy(&r->s->arena, list[e->nnodes]);
		if (list[e->nnodes++].s == NULL)
			return no_memory(r);
	}
	return true;
}

/* Write "senders[0]" or "senders[0].pool_id". */
static void
put_path(char *room, size_t size, enum list_id list, size_t index,
    const char *member)
{
	snprintf(room, size, "%s[%zu]%s%.60s", lists[list].name, index,
	    member != NULL ? "." : "", member != NULL ? member : "");
}

static bool
take_member(struct reading *r, struct entry *e, const char *name,
    const json_t *v)
{
	struct nearest near = { .name = str_of(name) };
	char path[128];

	put_path(path, sizeof(path), e->list, e->index, name);
	for (unsigned i = 0; i < FIELDS; i++) {
		if ((lists[e->list].fields & 1u << i) == 0)
			continue;
		if (strcmp(fields[i].name, name) == 0)
			return take_value(r, path, v, fields[i].form,
			    &e->value[i]);
		compare(&near, fields[i].name);
	}
	if (lists[e->list].nodes) {
		if (strcmp(name, "nodes") == 0)
			return take_nodes(r, path, v, e);
		compare(&near, "nodes");
	}
	warn_unknown(r, path, &near);
	return true;
}

/* Read the key of an entry of "keys", from its file or from "public". */
static bool
take_key(struct reading *r, struct entry *e)
{
	struct arena *a = &r->s->arena;
	struct mailauth_str file = e->value[FIELD_FILE];
	struct mailauth_str text = e->value[FIELD_PUBLIC];
	bool is_file = file.n > 0;
	struct writer w = arena_writer(a);
	const char *fault;
	char path[128];

	put_path(path, sizeof(path), e->list, e->index,
	    is_file ? "file" : "public");
	/* Only keys of type DKIM are read. */
	if ((e->value[FIELD_TYPE].n > 0 &&
	        !str_ieq(e->value[FIELD_TYPE], STR("dkim"))) ||
	    (!is_file && text.n == 0))
		return true;
	if (is_file && text.n > 0)
		return refuse(r, path, "a key is either a file or public");
	if (is_file) {
		if (r->dir == NULL || str_find(file, '\0') < file.n)
			return refuse(r, path, "files are not read here");
		if (file.s[0] != '/')
			put_text(&w, r->dir);
		put_str(&w, file);
		put_char(&w, '\0');
		if (w.full)
			return no_memory(r);
		fault = read_whole(a, w.buf, SETTINGS_PUBLIC_MAX, &text);
		if (fault != NULL)
			return refuse(r, path, fault);
	}
	fault = key_public(a, text, &e->spki);
	/* Wipe the text: it may be a private key. */
	if (is_file)
		memset((char *)(uintptr_t)text.s, 0, text.n);
	return fault == NULL || refuse(r, path, fault);
}

static bool
name_entry(struct reading *r, struct entry *e)
{
	struct writer w = arena_writer(&r->s->arena);
	struct mailauth_str name = e->value[FIELD_NAME];
	char path[128];

	if (name.n == 0)
		name = e->value[FIELD_ID];
	put_path(path, sizeof(path), e->list, e->index, NULL);
	put_text(&w, path);
	if (name.n > 0) {
		put_text(&w, " (");
		put_untrusted(&w, str_sub(name, 0, 40));
		put_char(&w, ')');
	}
	e->path = writer_str(&w);
	return !w.full || no_memory(r);
}

static bool
finish_entry(struct reading *r, struct entry *e)
{
	char path[128];

	for (unsigned i = 0; i < FIELDS; i++) {
		if ((lists[e->list].needed & 1u << i) == 0 || e->value[i].n > 0)
			continue;
		put_path(path, sizeof(path), e->list, e->index, fields[i].name);
		return refuse(r, path, "it is missing");
	}
	/* The name of a domain becomes canonical. */
	put_path(path, sizeof(path), e->list, e->index, "name");
	if (lists[e->list].plain == FIELD_NAME &&
	    !take_name(r, path, e->value[FIELD_NAME], &e->value[FIELD_NAME]))
		return refuse(r, path, "it is not a domain name");
	if (e->list == LIST_DOMAINS && dname_labels(e->value[FIELD_NAME]) < 2)
		return refuse(r, path, "it is not a mail domain");
	if (e->list == LIST_NODES && !addr_parse(e->value[FIELD_IP], &e->addr))
		return false;
	return name_entry(r, e) && (e->list != LIST_KEYS || take_key(r, e));
}

static bool
take_entry(struct reading *r, enum list_id list, const json_t *v)
{
	struct mailauth_settings *s = r->s;
	struct entry *e = arena_alloc(&s->arena, sizeof(*e));
	enum field_id plain = lists[list].plain;
	const char *name;
	char path[128];
	json_t *member;

	if (e == NULL)
		return no_memory(r);
	e->list = list;
	e->index = s->count[list];
	put_path(path, sizeof(path), list, e->index, NULL);
	if (plain != FIELDS && json_is_string(v)) {
		if (!take_value(r, path, v, FORM_TEXT, &e->value[plain]))
			return false;
	} else if (!json_is_object(v)) {
		return wrong_type(r, path, "an object", v);
	}
	json_object_foreach((json_t *)(uintptr_t)v, name, member)
	{
		if (!take_member(r, e, name, member))
			return false;
	}
	if (!finish_entry(r, e))
		return false;
	*s->list_end[list] = e;
	s->list_end[list] = &e->next;
	s->count[list]++;
	return true;
}

static bool
take_list(struct reading *r, enum list_id list, const json_t *v)
{
	const json_t *one;
	size_t i;

	if (json_is_null(v))
		return true;
	if (!json_is_array(v))
		return wrong_type(r, lists[list].name, "a list", v);
	if (json_array_size(v) > SETTINGS_ENTRIES_MAX - r->s->count[list])
		return refuse(r, lists[list].name, "there are too many");
	json_array_foreach(v, i, one)
	{
		if (!take_entry(r, list, one))
			return false;
	}
	return true;
}

/* main.json. */

static bool
take_main(struct reading *r, enum main_key key, const json_t *v)
{
	struct mailauth_settings *s = r->s;
	struct mailauth_str value = STR_NONE;

	if (!take_value(r, main_keys[key].name, v, main_keys[key].form, &value))
		return false;
	if (value.n == 0)
		return true;
	if (s->main[key].n > 0 && !str_eq(s->main[key], value)) {
		struct writer w = arena_writer(&s->arena);

		put_untrusted(&w, str_of(r->name));
		put_text(&w, ": ");
		put_text(&w, main_keys[key].name);
		put_text(&w, ": it replaces the value of an earlier file");
		put_char(&w, '\0');
		if (w.full)
			return no_memory(r);
		settings_warn(s, w.buf);
	}
	s->main[key] = value;
	if (main_keys[key].form == FORM_IP)
		addr_parse(value, &s->main_addr[key]);
	return true;
}

/* The key looks like a key of the platform that says nothing about DNS. */
static bool
is_platforms(struct mailauth_str name)
{
	for (size_t i = 0; i < name.n; i++)
		if (!is_digit(name.s[i]) && name.s[i] != '_' &&
		    !(is_alpha(name.s[i]) && to_lower(name.s[i]) != name.s[i]))
			return false;
	return name.n > 0;
}

static bool
take_top(struct reading *r, const char *name, const json_t *v)
{
	struct nearest near = { .name = str_of(name) };

	for (unsigned i = 0; i < MAIN_KEYS; i++) {
		if (strcmp(main_keys[i].name, name) == 0)
			return take_main(r, (enum main_key)i, v);
		compare(&near, main_keys[i].name);
	}
	for (unsigned i = 0; i < LISTS; i++) {
		if (strcmp(lists[i].name, name) == 0)
			return take_list(r, (enum list_id)i, v);
		compare(&near, lists[i].name);
	}
	if (strcmp(name, "$schema") != 0 &&
	    (!is_platforms(near.name) || is_slip(&near)))
		warn_unknown(r, name, &near);
	return true;
}

/* Bound the recursion over the value; jansson allows 2048 levels. */
static bool
is_shallow(const json_t *v, unsigned depth)
{
	const char *name;
	json_t *one;
	size_t i;

	if (depth == 0)
		return false;
	json_array_foreach(v, i, one)
	{
		if (!is_shallow(one, depth - 1))
			return false;
	}
	json_object_foreach((json_t *)(uintptr_t)v, name, one)
	{
		if (!is_shallow(one, depth - 1))
			return false;
	}
	return true;
}

/* jansson calls a text broken when memory runs out in some places: what cannot
 * be read twice is broken, unless a sound text cannot be read either. */
static json_t *
load(const char *text, size_t len, json_error_t *error)
{
	json_t *root = json_loadb(text, len, JSON_REJECT_DUPLICATES, error);

	return root != NULL ?
	    root :
	    json_loadb(text, len, JSON_REJECT_DUPLICATES, error);
}

static bool
jansson_works(void)
{
	static const char sound[] = "{\"a\": [\"b\", 1, 1.5]}";
	json_t *root = json_loadb(sound, sizeof(sound) - 1, 0, NULL);

	json_decref(root);
	return root != NULL;
}

enum mailauth_status
settings_add(struct mailauth_settings *s, const char *name, const char *dir,
    const char *text, size_t len, char why[MAILAUTH_WHY_MAX])
{
	struct reading r = { s, name, dir, why, MAILAUTH_OK };
	char reason[120];
	json_error_t error;
	json_t *root, *v;
	const char *key;

	if (len > SETTINGS_FILE_MAX) {
		refuse(&r, "", "it is too large");
		return r.status;
	}
	root = load(text, len, &error);
	if (root == NULL && !jansson_works()) {
		no_memory(&r);
		return r.status;
	}
	if (root == NULL) {
		snprintf(reason, sizeof(reason), "line %d, column %d: %.90s",
		    error.line, error.column, error.text);
		for (char *p = reason; *p != '\0'; p++)
			if (!is_print(*p))
				*p = '?';
		refuse(&r, "", reason);
		return r.status;
	}
	if (!json_is_object(root))
		wrong_type(&r, "", "an object", root);
	else if (!is_shallow(root, DEPTH_MAX))
		refuse(&r, "", "it is nested too deeply");
	else
		json_object_foreach(root, key, v)
		{
			if (!take_top(&r, key, v))
				break;
		}
	json_decref(root);
	if (s->arena.failed)
		no_memory(&r);
	return r.status;
}

/* References. */

/* The entry of a list with this name or id; NULL without one. */
static const struct entry *
find(const struct mailauth_settings *s, enum list_id list, enum field_id by,
    struct mailauth_str value)
{
	for (const struct entry *e = s->list[list]; e != NULL; e = e->next)
		if (str_eq(e->value[by], value))
			return e;
	return NULL;
}

static bool
is_node(const struct mailauth_settings *s, struct mailauth_str name)
{
	for (const struct entry *e = s->list[LIST_NODES]; e != NULL;
	     e = e->next)
		if (node_is_named(e, name))
			return true;
	return false;
}

/* Names and ids must be unique in a list. Sort the list to find duplicates:
 * lists may be long. */
static int
compare_values(const void *a, const void *b)
{
	const struct mailauth_str *x = a, *y = b;
	size_t n = x->n < y->n ? x->n : y->n;
	int order = n > 0 ? memcmp(x->s, y->s, n) : 0;

	return order != 0 ? order : (x->n > y->n) - (x->n < y->n);
}

static bool
are_unique(struct reading *r, enum list_id list, enum field_id by)
{
	const struct mailauth_settings *s = r->s;
	struct mailauth_str *names;
	size_t n = 0;

	names =
	    arena_alloc(&r->s->arena, (s->count[list] + 1) * sizeof(*names));
	if (names == NULL)
		return no_memory(r);
	for (const struct entry *e = s->list[list]; e != NULL; e = e->next)
		if (e->value[by].n > 0)
			names[n++] = e->value[by];
	qsort(names, n, sizeof(*names), compare_values);
	for (size_t i = 1; i < n; i++) {
		char reason[120], room[64];
		struct writer w = writer_of(room, sizeof(room) - 1);

		if (!str_eq(names[i - 1], names[i]))
			continue;
		put_untrusted(&w, str_sub(names[i], 0, 15));
		room[w.used] = '\0';
		snprintf(reason, sizeof(reason), "two have the %s '%s'",
		    fields[by].name, room);
		return refuse(r, lists[list].name, reason);
	}
	return true;
}

static bool
leads(struct reading *r, const struct entry *e, enum field_id field,
    const struct entry *to, const char *reason)
{
	char path[128];

	if (e->value[field].n == 0 || to != NULL)
		return true;
	put_path(path, sizeof(path), e->list, e->index, fields[field].name);
	return refuse(r, path, reason);
}

static bool
link_entry(struct reading *r, const struct entry *e)
{
	const struct mailauth_settings *s = r->s;
	struct mailauth_str sender = e->value[FIELD_SENDER];
	const struct entry *to = find(s, LIST_SENDERS, FIELD_NAME, sender);
	char path[128];

	if (to == NULL && e->list == LIST_TEMPLATES)
		to = find(s, LIST_VIRTUAL, FIELD_NAME, sender);
	for (size_t i = 0; i < e->nnodes; i++) {
		if (is_node(s, e->nodes[i]))
			continue;
		put_path(path, sizeof(path), e->list, e->index, "nodes");
		return refuse(r, path, "it names no node");
	}
	return leads(r, e, FIELD_SENDER, to, "there is no such sender") &&
	    leads(r, e, FIELD_POOL_ID,
	        find(s, LIST_POOLS, FIELD_ID, e->value[FIELD_POOL_ID]),
	        "there is no pool with this id") &&
	    leads(r, e, FIELD_DKIM_KEY,
	        find(s, LIST_KEYS, FIELD_NAME, e->value[FIELD_DKIM_KEY]),
	        "there is no key with this name") &&
	    leads(r, e, FIELD_SECONDARY_KEY,
	        find(s, LIST_KEYS, FIELD_NAME, e->value[FIELD_SECONDARY_KEY]),
	        "there is no key with this name");
}

enum mailauth_status
settings_close(struct mailauth_settings *s, char why[MAILAUTH_WHY_MAX])
{
	struct reading r = { s, "settings", NULL, why, MAILAUTH_OK };

	if (!are_unique(&r, LIST_KEYS, FIELD_NAME) ||
	    !are_unique(&r, LIST_POOLS, FIELD_ID) ||
	    !are_unique(&r, LIST_SENDERS, FIELD_NAME) ||
	    !are_unique(&r, LIST_VIRTUAL, FIELD_NAME) ||
	    !are_unique(&r, LIST_DOMAINS, FIELD_NAME) ||
	    !are_unique(&r, LIST_NODES, FIELD_IP))
		return r.status;
	for (unsigned i = 0; i < LISTS; i++)
		for (const struct entry *e = s->list[i]; e != NULL; e = e->next)
			if (!link_entry(&r, e))
				return r.status;
	return routes_make(s, why);
}

static enum mailauth_status
add_file(struct mailauth_settings *s, const char *file, char *why)
{
	struct arena scratch = { NULL, false };
	struct mailauth_str text;
	const char *slash = strrchr(file, '/');
	struct mailauth_str dir = arena_copy(&s->arena,
	    (struct mailauth_str){ file,
	        slash != NULL ? (size_t)(slash - file) + 1 : 0 });
	const char *fault =
	    read_whole(&scratch, file, SETTINGS_FILE_MAX, &text);
	enum mailauth_status status = MAILAUTH_EINPUT;

	if (scratch.failed || s->arena.failed) {
		snprintf(why, MAILAUTH_WHY_MAX, "memory ran out");
		status = MAILAUTH_ENOMEM;
	} else if (fault != NULL)
		snprintf(why, MAILAUTH_WHY_MAX, "%.400s: %s", file, fault);
	else
		status = settings_add(s, file, dir.s, text.s, text.n, why);
	arena_free(&scratch);
	return status;
}

/* Make settings for `n` files or texts. NULL when memory ran out; `status` and
 * `why` say whether reading can go on. */
static struct mailauth_settings *
begin(size_t n, enum mailauth_status *status, char why[MAILAUTH_WHY_MAX])
{
	struct mailauth_settings *s = settings_new();

	*status = MAILAUTH_OK;
	why[0] = '\0';
	if (s == NULL) {
		snprintf(why, MAILAUTH_WHY_MAX, "memory ran out");
		*status = MAILAUTH_ENOMEM;
	} else if (n > SETTINGS_FILES_MAX) {
		snprintf(why, MAILAUTH_WHY_MAX, "too many settings files");
		*status = MAILAUTH_EUSE;
	}
	return s;
}

/* Close the settings and give them out; on a fault, now or before, free
 * them. */
static enum mailauth_status
finish(struct mailauth_settings *s, enum mailauth_status status,
    struct mailauth_settings **out, char why[MAILAUTH_WHY_MAX])
{
	if (status == MAILAUTH_OK)
		status = settings_close(s, why);
	if (status != MAILAUTH_OK) {
		mailauth_settings_free(s);
		s = NULL;
	}
	*out = s;
	return status;
}

enum mailauth_status
mailauth_settings_read(const char *const *files, size_t n,
    struct mailauth_settings **out, char why[MAILAUTH_WHY_MAX])
{
	enum mailauth_status status;
	struct mailauth_settings *s;

	if (out != NULL)
		*out = NULL;
	if (out == NULL || why == NULL)
		return use_refused(why, USE_NULL);
	if (!use_texts_ok(files, n))
		return use_refused(why, USE_LIST);
	s = begin(n, &status, why);
	for (size_t i = 0; status == MAILAUTH_OK && i < n; i++)
		status = add_file(s, files[i], why);
	return finish(s, status, out, why);
}

enum mailauth_status
mailauth_settings_parse(const struct mailauth_settings_text *texts, size_t n,
    struct mailauth_settings **out, char why[MAILAUTH_WHY_MAX])
{
	enum mailauth_status status;
	struct mailauth_settings *s;

	if (out != NULL)
		*out = NULL;
	if (out == NULL || why == NULL)
		return use_refused(why, USE_NULL);
	for (size_t i = 0; i < n; i++)
		if (texts == NULL || texts[i].name == NULL ||
		    texts[i].text == NULL)
			return use_refused(why, USE_LIST);
	s = begin(n, &status, why);
	for (size_t i = 0; status == MAILAUTH_OK && i < n; i++)
		status = settings_add(s, texts[i].name, texts[i].folder,
		    texts[i].text, texts[i].len, why);
	return finish(s, status, out, why);
}
