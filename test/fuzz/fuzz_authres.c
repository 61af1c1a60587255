/*
 * fuzz_authres.c - Authentication-Results, also of ARC
 * SPDX-License-Identifier: BSD-3-Clause
 */
#include "base/arena.h"
#include "fuzz.h"
#include "header/authres.h"

static void
put_quoted(struct writer *w, struct mailauth_str inside)
{
	put_char(w, '"');
	put_str(w, inside);
	put_char(w, '"');
}

/* The text has no octet that is special in a quoted string. */
static bool
is_simple(struct mailauth_str s)
{
	return str_find(s, '"') == s.n && str_find(s, '\\') == s.n;
}

static void
props(struct mailauth_str text, const struct authres_result *r,
    struct writer *w)
{
	struct mailauth_str rest = r->props;
	struct authres_property p, first;

	while (rest.n > 0) {
		size_t left = rest.n;

		if (!authres_property(&rest, &p)) {
			MUST(rest.n == 0);
			break;
		}
		MUST(rest.n < left && p.name.n > 0);
		MUST(is_inside(r->props, p.ptype));
		MUST(is_inside(r->props, p.name));
		MUST(is_inside(r->props, p.value));
		MUST(is_inside(text, p.value));
		MUST(authres_find(r, p.ptype, p.name, &first));
		put_char(w, ' ');
		put_str(w, p.ptype);
		put_char(w, '.');
		put_str(w, p.name);
		put_char(w, '=');
		if (p.quoted)
			put_quoted(w, p.value);
		else
			put_str(w, p.value);
	}
}

static void
result(struct mailauth_str text, const struct authres_result *r,
    struct writer *w)
{
	struct mailauth_str domain;

	MUST(r->method.n > 0 && is_inside(text, r->method));
	MUST(r->raw.n > 0 && is_inside(text, r->raw));
	MUST(is_inside(text, r->version) && is_inside(text, r->comment));
	MUST(is_inside(text, r->reason) && is_inside(text, r->props));
	MUST(r->word == authres_word_of(r->raw));
	MUST(
	    (authres_domain(r, &domain) == AUTHRES_NOWHERE) == (domain.n == 0));
	MUST(is_inside(r->props, domain));
	put_text(w, "; ");
	put_str(w, r->method);
	if (r->version.n > 0) {
		put_char(w, '/');
		put_str(w, r->version);
	}
	put_char(w, '=');
	put_str(w, r->raw);
	if (r->reason.n > 0) {
		put_text(w, " reason=");
		put_quoted(w, r->reason);
	}
	props(text, r, w);
}

/* Parse a field and write it in plain form.
 * @return true when nothing was odd: the plain form must parse equally. */
static bool
rewrite(struct mailauth_str text, bool arc, struct writer *w)
{
	struct header_field f = { .value = text };
	struct authres_result r;
	struct authres a;
	bool simple = true;
	size_t n = 0;

	f.name = arc ? STR("ARC-Authentication-Results") :
	               STR("Authentication-Results");
	MUST(authres_open(&f, &a) && a.arc == arc);
	MUST(is_inside(text, a.id) && is_inside(text, a.version));
	MUST(a.instance <= 50 && (arc || a.instance == 0));
	if (arc) {
		put_text(w, "i=");
		put_number(w, a.instance);
		put_text(w, "; ");
	}
	put_quoted(w, a.id);
	put_char(w, ' ');
	put_str(w, a.version);
	for (; authres_next(&a, &r); n++) {
		result(text, &r, w);
		simple = simple && is_simple(r.reason);
	}
	put_text(w, a.none ? "; none" : "");
	MUST(n == a.results && a.lexer.at == text.n);
	MUST(n <= text.n && !(a.none && n > 0 && !a.sloppy));
	MUST(a.sloppy || n > 0 || a.none);
	MUST(!authres_next(&a, &r));
	return simple && !a.sloppy;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena arena = { NULL, false };
	struct writer first = arena_writer(&arena);
	struct writer again = arena_writer(&arena);
	struct mailauth_str text;
	bool arc;

	if (size < 1 || size > 65536)
		return 0;
	arc = data[0] == 'A';
	text = (struct mailauth_str){ (const char *)data + 1, size - 1 };
	if (rewrite(text, arc, &first)) {
		MUST(rewrite(writer_str(&first), arc, &again));
		MUST(str_eq(writer_str(&first), writer_str(&again)));
	}
	arena_free(&arena);
	return 0;
}
