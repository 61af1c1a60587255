/*
 * spf_split.c - where the terms of a broken SPF record begin and end
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * A space may be missing between two terms, and one may be too many within a
 * term. Terms are split only where the next one can be nothing but a new term,
 * and joined only when the left one is nothing without the right one.
 */
#include "record/spf_repair.h"

/* The text is an 'all' that is no pass, and what follows it. */
static bool
is_all(struct mailauth_str s, struct mailauth_str *rest)
{
	if (s.n < 4 || !spf_qualified(s) || s.s[0] == '+' ||
	    !str_istarts(str_from(s, 1), STR("all")))
		return false;
	*rest = str_from(s, 4);
	return true;
}

/* All octets of `s` are among those of `set`. */
static bool
is_only(struct mailauth_str s, const char *set)
{
	for (size_t i = 0; i < s.n; i++)
		if (s.s[i] == '\0' || strchr(set, s.s[i]) == NULL)
			return false;
	return true;
}

/* What follows an 'all' shows that a space is missing behind it. */
static bool
is_behind_all(struct mailauth_str rest)
{
	struct mailauth_str bare = rest;

	if (rest.n == 0)
		return false;
	while (bare.n > 0 && memchr("_.-", bare.s[0], 3) != NULL)
		bare = str_from(bare, 1);
	return spf_is_foreign(bare) || spf_starts_term(rest) ||
	    str_istarts(rest, STR("v=spf1")) ||
	    memchr(",;", rest.s[0], 2) != NULL || str_find(rest, '=') < rest.n;
}

/* The label that ends at `at` begins with "xn--": it may have any hyphens. */
static bool
in_ascii_label(struct mailauth_str s, size_t at)
{
	while (at > 0 &&
	    is_class(s.s[at - 1], CLASS_LETTER | CLASS_DIGIT | CLASS_HYPHEN))
		at--;
	return str_istarts(str_from(s, at), STR("xn--"));
}

/* A new term begins at `at`, behind the name of the first one. */
static bool
begins(struct mailauth_str s, size_t at, size_t head)
{
	struct mailauth_str rest = str_from(s, at), behind;
	char c = s.s[at], prev = s.s[at - 1];

	if (memchr(",;", c, 2) != NULL || spf_is_foreign(rest) ||
	    str_istarts(rest, STR("v=spf1")))
		return true;
	if (memchr("+~?", c, 3) != NULL)
		return !spf_qualified(str_sub(s, at - 1, 1));
	/* No top-level domain has a hyphen, except in "xn--". */
	if (c == '-')
		return is_all(rest, &behind) && !in_ascii_label(s, at) &&
		    !spf_qualified(str_sub(s, at - 1, 1)) &&
		    (is_only(behind, ",;.\"") || spf_qualified(behind) ||
		        is_behind_all(behind));
	if (at <= head || !(is_alnum(prev) || prev == '.'))
		return false;
	if (spf_starts_term(rest))
		return true;
	/* "a:" and "mx:" end many words: not behind a name. */
	if (!is_digit(prev) ||
	    (!str_istarts(rest, STR("a:")) && !str_istarts(rest, STR("mx:"))))
		return false;
	return head < at &&
	    is_only(str_sub(s, head + 1, at - head - 1), "0123456789./");
}

/* Octets of "a", "mx" or "ptr" at the start of names that were written without
 * a space: "amxinclude:". `lost`: spaces are missing elsewhere, so that one
 * name in front of another is no misspelling of it. */
static size_t
chain(struct mailauth_str s, bool lost)
{
	static const struct mailauth_str names[] = {
		STR_INIT("ptr"),
		STR_INIT("mx"),
		STR_INIT("a"),
	};
	size_t at = 0, first = 0, found = 1;

	while (found > 0 && at < s.n && !spf_starts_term(str_from(s, at))) {
		found = 0;
		for (size_t i = 0; i < 3 && found == 0; i++)
			if (str_istarts(str_from(s, at), names[i]))
				found = names[i].n;
		if (first == 0)
			first = found;
		at += found;
	}
	if (at < s.n && spf_starts_term(str_from(s, at)))
		return lost || at > first || first > 1 ? first : 0;
	/* "mxa:host" and "amx-all", with spaces missing all over. */
	return lost && at > first &&
	        (at == s.n || s.s[at] == ':' ||
	            spf_qualified(str_from(s, at))) ?
	    first :
	    0;
}

/* A ',' or ';' at `at` is there for the ':' behind a name that needs an
 * argument. */
static bool
is_for_colon(struct mailauth_str s, size_t at)
{
	struct mailauth_str known = spf_name_of(str_sub(s, 0, at));
	struct mailauth_str rest = str_from(s, at + 1);

	return memchr(",;", s.s[at], 2) != NULL &&
	    (str_eq(known, STR("ip")) ?
	            spf_network(rest) > 0 :
	            known.n > STR("ptr:").n && spf_is_domain(rest));
}

/* The offset behind the last macro of `s`, from which on plain labels follow; 0
 * without a macro, s.n when a '%' is something else. */
static size_t
behind_macros(struct mailauth_str s)
{
	size_t at = 0, end;

	for (size_t n; (n = str_find(str_from(s, at), '%')) < s.n - at;) {
		end = str_find(str_from(s, at + n), '}');
		if (at + n + 1 >= s.n || s.s[at + n + 1] != '{' ||
		    at + n + end + 1 >= s.n)
			return s.n;
		at += n + end + 1;
	}
	/* Not within the label of which the macro is a part. */
	return at == 0 || s.s[at] == '.' ? at : s.n;
}

/* The offset of the second term in `s`, or s.n. */
static size_t
boundary(struct mailauth_str s, bool lost)
{
	size_t head = 0, n, plain = behind_macros(s);
	struct mailauth_str rest;

	if (plain > 0) {
		for (size_t i = plain + 1; i < s.n; i++)
			if (begins(s, i, plain))
				return i;
		return s.n;
	}
	if (s.n > 6 && str_istarts(s, STR("v=spf1")))
		return 6;
	if (is_all(s, &rest) && is_behind_all(rest))
		return 4;
	if (spf_is_turned_all(s))
		return s.n;
	while (head < s.n && s.s[head] != ':' && s.s[head] != '=')
		head++;
	if (spf_name_of(str_sub(s, 0, head)).n == 0 && (n = chain(s, lost)) > 0)
		return n;
	for (size_t i = 1; i < s.n; i++)
		if (begins(s, i, head) && !is_for_colon(s, i))
			return i;
	return s.n;
}

/* The word is an unknown modifier, which is fine as it is. */
static bool
is_modifier(struct mailauth_str word)
{
	struct spf_reader r = spf_reader_of(word);
	struct spf_term t;

	return spf_next(&r, &t) && t.fault == MAILAUTH_F_NONE &&
	    t.what == SPF_MODIFIER && spf_name_of(t.name).n == 0 &&
	    !str_istarts(word, STR("v=spf1"));
}

/* Add the terms of one word. What another service has put there is left out up
 * to the end of the word. */
static void
add_word(struct spf_repair *r, struct mailauth_str word, bool seam, bool lost)
{
	bool whole = true;

	if (is_modifier(word)) {
		spf_piece_add(r, word, seam, lost);
		return;
	}
	while (word.n > 0 && r->why == NULL) {
		size_t n = boundary(word, lost);
		struct mailauth_str piece = str_sub(word, 0, n), bare = word;

		while (bare.n > 0 && memchr(",;_.-", bare.s[0], 5) != NULL)
			bare = str_from(bare, 1);
		if (!whole && spf_is_foreign(bare))
			return;
		/* A separator in front of nothing separates nothing. */
		if (whole || !is_only(piece, ",;"))
			spf_piece_add(r, piece, seam, lost);
		word = str_from(word, n);
		whole = seam = false;
		lost = true;
	}
}

/* Of "a.example- all" the '-' belongs to the next word. `word` begins the
 * text. */
static bool
has_next_qualifier(struct mailauth_str text, size_t word)
{
	struct mailauth_str next = str_trim(str_from(text, word));

	if (word < 2 || text.s[word - 1] != '-' ||
	    !is_alnum(text.s[word - 2]) || !str_istarts(next, STR("all")))
		return false;
	return next.n == 3 || memchr(" ,;.", next.s[3], 4) != NULL;
}

void
spf_split(struct spf_repair *r, struct mailauth_str text, bool glued)
{
	bool seam = false, lost = glued;

	while (text.n > 0 && r->why == NULL) {
		size_t n = 0;

		if (text.s[0] == ' ' || text.s[0] == SPF_SEAM) {
			seam = seam || text.s[0] == SPF_SEAM;
			text = str_from(text, 1);
			lost = false;
			continue;
		}
		while (n < text.n && text.s[n] != ' ' && text.s[n] != SPF_SEAM)
			n++;
		n -= has_next_qualifier(text, n);
		add_word(r, str_sub(text, 0, n), seam, lost);
		text = str_from(text, n);
		seam = false;
		lost = text.n > 0 && text.s[0] == '-';
	}
}
