/*
 * taglist.c - the parser of tag lists, "name=value; name=value"
 * SPDX-License-Identifier: BSD-3-Clause
 */
#include "record/taglist.h"

/* Characters of a tag name, which starts with a letter (RFC 6376 3.2). */
#define CLASS_NAME (CLASS_LETTER | CLASS_DIGIT | CLASS_UNDER)

/* Octets of the longest extension name (RFC 8461 3.1). */
#define EXTENSION_MAX 32

/* Unknown tags of a list to compare for duplicates, at most: the search is
 * quadratic. */
#define STRANGERS_MAX 32

bool
tag_next(struct mailauth_str *rest, struct tag_item *out)
{
	size_t end, word, equals;

	if (rest->n == 0)
		return false;
	end = str_find(*rest, ';');
	out->last = end == rest->n;
	out->whole = str_trim((struct mailauth_str){ rest->s, end });
	end += !out->last;
	*rest = (struct mailauth_str){ rest->s + end, rest->n - end };
	/* The name ends at the first '='. Mostly no other octet is between, so
	 * one scan over name characters finds both ends. `named` needs a name
	 * of name characters only, so that its length equals `word`. */
	word = equals = str_skip(out->whole, 0, CLASS_NAME);
	if (equals < out->whole.n && out->whole.s[equals] != '=')
		equals = str_find(out->whole, '=');
	out->equals = equals < out->whole.n;
	out->name = str_trim_end((struct mailauth_str){ out->whole.s, equals });
	equals += out->equals;
	out->value = str_trim_start((struct mailauth_str){
	    out->whole.s + equals, out->whole.n - equals });
	out->named = out->equals && out->name.n > 0 && out->name.n == word &&
	    is_alpha(out->name.s[0]);
	return true;
}

/* No blanks beside the '='. */
static bool
is_tight(const struct tag_item *it)
{
	return it->whole.n == it->name.n + 1 + it->value.n;
}

bool
tag_begins(struct mailauth_str text, const char *version)
{
	struct mailauth_str v = str_of(version);

	return str_starts(text, v) &&
	    str_starts(str_trim_start(str_from(text, v.n)), STR(";"));
}

bool
tag_means(struct mailauth_str text, struct mailauth_str word)
{
	struct tag_item it;

	while (tag_next(&text, &it))
		if (str_istarts(it.value, word) || str_istarts(it.whole, word))
			return true;
	return false;
}

struct mailauth_str
tag_value(const struct mailauth_record *rec, size_t slot)
{
	const struct mailauth_value *v = &rec->value[slot];

	return v->seen > 0 ? str_sub(rec->text, v->offset, v->length) :
	                     STR_NONE;
}

/* Find the row of a tag, case ignored; `folded` is set when its case differs.
 * Tags mostly follow the order of the table, so the search starts at row `from`
 * and wraps around. No two names of a table differ only in case. */
static const struct tag *
find_tag(const struct taglist *list, struct mailauth_str name, size_t from,
    bool *folded)
{
	for (size_t n = list->n, i = from; n > 0; n--, i++) {
		const struct tag *t;

		if (i >= list->n)
			i = 0;
		t = &list->tag[i];
		if (!str_ieq(t->name, name))
			continue;
		*folded = false;
		for (size_t k = 0; k < name.n; k++)
			*folded |= t->name.s[k] != name.s[k];
		return t;
	}
	*folded = false;
	return NULL;
}

/* One insertion, deletion, substitution, or swap of neighbours turns `a` into
 * `b`, case ignored. `i` counts the equal octets at the start, `j` those at the
 * end; the difference lies between them. */
static bool
is_near(struct mailauth_str a, struct mailauth_str b)
{
	size_t i = 0, j = 0;

	if (a.n < b.n)
		return is_near(b, a);
	while (i < b.n && to_lower(a.s[i]) == to_lower(b.s[i]))
		i++;
	while (j < b.n - i &&
	    to_lower(a.s[a.n - 1 - j]) == to_lower(b.s[b.n - 1 - j]))
		j++;
	if (a.n == b.n + 1)
		return i + j >= b.n;
	if (a.n != b.n)
		return false;
	if (i + j + 1 >= a.n)
		return true;
	return i + j + 2 == a.n && to_lower(a.s[i]) == to_lower(b.s[i + 1]) &&
	    to_lower(a.s[i + 1]) == to_lower(b.s[i]);
}

bool
taglist_is_typo(const struct taglist *list, struct mailauth_str name,
    struct mailauth_str *meant)
{
	unsigned found = 0;

	*meant = STR_NONE;
	if (list->typo == 0)
		return false;
	if (str_ieq(name, STR("policy")) || str_ieq(name, STR("pol"))) {
		*meant = STR("p");
		return true;
	}
	for (size_t i = 0; i < list->n; i++)
		if (list->tag[i].name.n >= 2 && name.n >= 2 &&
		    is_near(name, list->tag[i].name)) {
			*meant = list->tag[i].name;
			found++;
		}
	if (found != 1)
		*meant = STR_NONE;
	return found > 0;
}

static bool
find_word(const struct tag *t, struct mailauth_str s, uint32_t *out)
{
	for (uint32_t i = 0; t->words[i].n > 0; i++) {
		if (t->fold ? str_ieq(s, t->words[i]) :
		              str_eq(s, t->words[i])) {
			*out = i;
			return true;
		}
	}
	return false;
}

/* Decode a value by the form of its tag into `out`, which is 0. Return false
 * when the value is not of that form; the good words of a list stay set. */
static bool
decode(const struct tag *t, struct mailauth_str s, uint32_t *out)
{
	uint32_t word;
	bool good = true;

	switch (t->form) {
	case TAG_WORD: return find_word(t, s, out);
	case TAG_NUMBER: return str_number(s, t->max, out);
	case TAG_WORDS:
		do {
			struct mailauth_str w = str_trim(str_cut(&s, ':'));

			if (find_word(t, w, &word))
				*out |= 1u << word;
			else
				good = false;
		} while (s.n > 0);
		return good;
	case TAG_TEXT:
	case TAG_NOTE: break;
	}
	return true;
}

/* Report another tag inside a value, after a wrong separator: a known name
 * behind a comma or a blank, with a '=' behind it. A '=' at the end of the
 * value, or in front of another '=', is the padding of base64. */
static void
lint_separator(const struct taglist *list, struct mailauth_str text,
    struct mailauth_str value, struct mailauth_findings *log)
{
	size_t from = 0;

	for (;;) {
		size_t at = from + str_find(str_from(value, from), '=');
		size_t end, start;
		bool folded;

		if (at >= value.n)
			return;
		from = at + 1;
		if (from == value.n || value.s[from] == '=')
			continue;
		for (end = at; end > 0 && is_wsp(value.s[end - 1]);)
			end--;
		for (start = end;
		     start > 0 && is_class(value.s[start - 1], CLASS_NAME);)
			start--;
		if (start == 0 || start == end ||
		    (value.s[start - 1] != ',' && !is_fws(value.s[start - 1])))
			continue;
		if (find_tag(list, str_sub(value, start, end - start), 0,
		        &folded) == NULL)
			continue;
		findings_at(log, MAILAUTH_F_TAG_SEPARATOR_WRONG, text,
		    str_sub(value, start - 1, at + 1 - (start - 1)));
		return;
	}
}

/* The piece is an extension: sts-ext-name "=" sts-ext-value (RFC 8461 3.1),
 * the same as tlsrpt-ext-name "=" tlsrpt-ext-value (RFC 8460 3). */
static bool
is_extension(const struct tag_item *it)
{
	if (!is_tight(it) || it->name.n == 0 || it->name.n > EXTENSION_MAX ||
	    !is_alnum(it->name.s[0]) || it->value.n == 0)
		return false;
	for (size_t i = 0; i < it->name.n; i++)
		if (!is_class(it->name.s[i], CLASS_NAME | CLASS_HYPHEN) &&
		    it->name.s[i] != '.')
			return false;
	for (size_t i = 0; i < it->value.n; i++)
		if (!is_print(it->value.s[i]) || it->value.s[i] == ' ' ||
		    it->value.s[i] == '=')
			return false;
	return true;
}

/* The name is one by the grammar, or one that `loose_names` allows. */
static bool
is_named(const struct taglist *list, const struct tag_item *it)
{
	if (it->named || !list->loose_names || !it->equals || it->name.n == 0 ||
	    !is_alpha(it->name.s[0]))
		return it->named;
	for (size_t i = 1; i < it->name.n; i++)
		if (!is_print(it->name.s[i]) || it->name.s[i] == ' ')
			return false;
	return true;
}

/* Report each unknown tag whose name an earlier one has. */
static void
lint_strangers(const struct taglist *list, struct mailauth_str text,
    struct mailauth_findings *log)
{
	struct mailauth_str seen[STRANGERS_MAX];
	struct tag_item it;
	bool folded;
	size_t n = 0, i;

	for (struct mailauth_str rest = text; tag_next(&rest, &it);) {
		if (!is_named(list, &it) ||
		    (find_tag(list, it.name, 0, &folded) != NULL && !folded))
			continue;
		for (i = 0; i < n && !str_eq(seen[i], it.name);)
			i++;
		if (i < n)
			findings_at(log, list->duplicate, text, it.name);
		else if (n < STRANGERS_MAX)
			seen[n++] = it.name;
	}
}

/* Enter one piece into the slot of its tag, or report it: an unknown tag, a
 * duplicate, a bad value. `order` counts the pieces from 1. Return false for an
 * unknown tag. */
static bool
take(const struct taglist *list, struct mailauth_record *rec,
    const struct tag_item *it, uint16_t order, struct mailauth_findings *log)
{
	struct mailauth_str text = rec->text;
	struct mailauth_str meant;
	struct mailauth_value *slot;
	const struct tag *t;
	bool folded;

	t = find_tag(list, it->name, order - 1u, &folded);
	if (folded)
		findings_at(log, MAILAUTH_F_TAG_CASE, text, it->name);
	if (t == NULL || (folded && !list->fold_names)) {
		if (list->exact && !is_extension(it))
			findings_at(log, list->syntax, text, it->whole);
		else if (t == NULL && taglist_is_typo(list, it->name, &meant))
			findings_at(log, list->typo, text, it->name);
		else if (t == NULL)
			findings_at(log, list->unknown, text, it->name);
		return false;
	}
	slot = &rec->value[t - list->tag];
	if (slot->seen++ > 0) {
		findings_at(log, list->duplicate, text, it->name);
		if (list->exact && !is_tight(it))
			findings_at(log, list->syntax, text, it->whole);
		return true;
	}
	slot->offset = (uint16_t)(it->value.s - text.s);
	slot->length = (uint16_t)it->value.n;
	slot->order = order;
	slot->good = decode(t, it->value, &slot->number) &&
	    (!list->exact || is_tight(it));
	if (!slot->good && t->bad != 0)
		findings_at(log, t->bad, text, it->whole);
	if (it->value.n == 0)
		findings_at(log, MAILAUTH_F_TAG_EMPTY_VALUE, text, it->whole);
	else if (it->value.s[it->value.n - 1] == '\\' && !it->last)
		findings_at(log, MAILAUTH_F_TAG_BACKSLASH_SEMICOLON, text,
		    str_from(it->value, it->value.n - 1));
	if (t->form != TAG_NOTE && it->value.n > 2 &&
	    (t->form == TAG_TEXT || !slot->good))
		lint_separator(list, text, it->value, log);
	return true;
}

/* Report what the list ends in: a semicolon, or blanks without one before
 * them, which the stricter grammar does not have. */
static void
lint_end(const struct taglist *list, struct mailauth_str text,
    struct mailauth_findings *log)
{
	struct mailauth_str rest = str_trim_end(text);

	if (rest.n > 0 && rest.s[rest.n - 1] == ';')
		findings_at(log, MAILAUTH_F_TAG_TRAILING_SEMICOLON, text,
		    str_from(rest, rest.n - 1));
	else if (list->exact && rest.n < text.n)
		findings_at(log, MAILAUTH_F_TAG_BLANK_AT_END, text,
		    str_from(text, rest.n));
}

void
tag_lint_version(struct mailauth_str text, const char *version,
    struct mailauth_findings *log)
{
	size_t end = str_of(version).n;
	size_t semicolon = str_find(text, ';');

	if (semicolon > end && semicolon < text.n)
		findings_at(log, MAILAUTH_F_TAG_BLANK_BEHIND_VERSION, text,
		    str_sub(text, end, semicolon - end));
}

void
taglist_parse(const struct taglist *list, struct mailauth_str text,
    struct mailauth_record *rec, struct mailauth_findings *log)
{
	struct mailauth_str rest = text;
	struct tag_item it;
	uint16_t order = 0;
	size_t strangers = 0;

	memset(rec->value, 0, list->n * sizeof(rec->value[0]));
	while (tag_next(&rest, &it)) {
		if (it.whole.n == 0 && !it.last) {
			findings_at(log,
			    list->empty != 0 ? list->empty :
			                       MAILAUTH_F_TAG_DOUBLE_SEMICOLON,
			    text, str_sub(it.whole, 0, 0));
			if (list->exact)
				findings_at(log, list->syntax, text,
				    str_sub(it.whole, 0, 0));
		} else if (it.whole.n == 0) {
			; /* nothing behind the last semicolon */
		} else if (list->exact ? !it.equals : !is_named(list, &it)) {
			order++;
			findings_at(log, list->syntax, text, it.whole);
		} else {
			strangers += !take(list, rec, &it, ++order, log);
		}
	}
	if (list->unique && strangers > 1)
		lint_strangers(list, text, log);
	lint_end(list, text, log);
}

bool
tag_counts(const struct taglist *list, const struct mailauth_record *rec,
    size_t slot)
{
	unsigned seen = rec->value[slot].seen;

	return seen == 1 || (seen > 1 && list->duplicate == 0);
}

void
values_split(struct value_sink *s, const char *name, struct mailauth_str list,
    char sep)
{
	s->begin_list(s, name);
	while (list.n > 0)
		s->text(s, NULL, str_trim(str_cut(&list, sep)));
	s->end(s);
}

void
taglist_value(const struct taglist *list, const struct mailauth_record *rec,
    size_t slot, struct value_sink *s)
{
	const struct tag *tag = &list->tag[slot];
	const struct mailauth_value *v = &rec->value[slot];
	struct mailauth_str text = tag_value(rec, slot);

	if (!tag_counts(list, rec, slot))
		return;
	if (tag->form == TAG_WORDS)
		values_split(s, tag->name.s, text, ':');
	else if (tag->form == TAG_WORD && v->good)
		s->word(s, tag->name.s, tag->words[v->number]);
	else if (tag->form == TAG_NUMBER && v->good)
		s->number(s, tag->name.s, v->number);
	else
		s->text(s, tag->name.s, text);
}

void
taglist_values(const struct taglist *list, const struct mailauth_record *rec,
    struct value_sink *s)
{
	for (size_t i = 0; i < list->n; i++)
		taglist_value(list, rec, i, s);
}
