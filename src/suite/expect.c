/*
 * expect.c - comparison of expectations of a case with a report
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * A case with `codes` lists all findings. A case with a base (the check of what
 * is before the first case) lists the change: `+` findings that the base lacks,
 * `-` findings that the case lacks. Both are complete lists: an unlisted
 * finding is a difference. `has` and `hasnot` are about the named findings
 * alone, and so are + and - without a base. Each difference comes with the edit
 * that removes it.
 */
#include "suite/expect.h"

#include "judge/names.h"

/* Octets of a new line of codes. */
#define WIDTH 76

/* Findings that are shown as reasons of a verdict. */
#define REASONS_MAX 3

/* The state of a comparison. */
struct work {
	struct comparison *out;
	const struct suite_case *c;
	const struct case_found *found;
	struct code_set codes; /* of the report */
};

void
comparison_start(struct comparison *out, struct arena *a)
{
	*out = (struct comparison){ .arena = a };
	out->differences_end = &out->differences;
}

static const char *
finished(struct writer *w)
{
	put_char(w, '\0');
	return w->full ? "memory ran out" : w->buf;
}

static void
differ(struct comparison *out, unsigned line, const char *text)
{
	struct case_difference *d = arena_alloc(out->arena, sizeof(*d));

	if (d == NULL)
		return;
	d->line = line;
	d->text = text;
	*out->differences_end = d;
	out->differences_end = &d->next;
}

/* Add an edit, sorted by line, after earlier edits of the same line. */
static void
edit(struct comparison *out, unsigned line, bool insert,
    struct mailauth_str text)
{
	struct case_edit *e = arena_alloc(out->arena, sizeof(*e)), **at;

	if (e == NULL)
		return;
	*e = (struct case_edit){ NULL, line, insert, text };
	at = &out->edits;
	while (*at != NULL && (*at)->line <= line)
		at = &(*at)->next;
	e->next = *at;
	*at = e;
}

struct code_set
codes_of(struct mailauth_report *report)
{
	struct code_set s = { { 0 } };
	size_t n = mailauth_report_findings(report);

	for (size_t i = 0; i < n; i++) {
		const struct mailauth_finding_view *v =
		    mailauth_report_finding(report, i);

		if (v != NULL)
			codes_add(&s, code_find(str_of(v->code)));
	}
	codes_drop(&s, MAILAUTH_F_NONE);
	return s;
}

/* All codes of the lines with this word. `*line` is the first of these lines,
 * or the title without any. */
static struct code_set
codes_said(const struct suite_case *c, enum case_word word, unsigned *line)
{
	struct code_set s = { { 0 } };

	*line = 0;
	for (const struct case_line *l = c->lines; l != NULL; l = l->next) {
		struct mailauth_str rest = l->rest;

		if (l->word != word)
			continue;
		if (*line == 0)
			*line = l->line;
		while ((rest = str_trim_start(rest)).n > 0)
			codes_add(&s, code_find(str_word(&rest)));
	}
	if (*line == 0)
		*line = c->line;
	return s;
}

/* The line after which a new line with this word goes: the last line of this
 * word, or the verdict, or the end of the case. */
static unsigned
place_of(const struct suite_case *c, enum case_word word)
{
	unsigned place = 0, verdict = 0;

	for (const struct case_line *l = c->lines; l != NULL; l = l->next) {
		if (l->word == word)
			place = l->line;
		if (l->word == CASE_VERDICT)
			verdict = l->line;
	}
	return place > 0 ? place : verdict > 0 ? verdict : c->last;
}

/* Insert lines with these codes. */
static void
insert_codes(struct work *k, enum case_word word, const struct code_set *set)
{
	unsigned place = place_of(k->c, word);
	struct writer w = arena_writer(k->out->arena);
	struct code_set left = *set;

	for (unsigned i = 1; i < MAILAUTH_FINDING_COUNT; i++) {
		const char *name = code_name((enum mailauth_finding_id)i);

		if (!codes_have(&left, i))
			continue;
		if (w.used > 0 && w.used + 1 + strlen(name) > WIDTH) {
			edit(k->out, place, true, writer_str(&w));
			w = arena_writer(k->out->arena);
		}
		if (w.used == 0)
			put_text(&w, case_word_name(word));
		put_char(&w, ' ');
		put_text(&w, name);
	}
	if (w.used > 0)
		edit(k->out, place, true, writer_str(&w));
}

/* Edit the lines with this word so that they list exactly these codes: other
 * codes are deleted, and missing codes get new lines. */
static void
rewrite_codes(struct work *k, enum case_word word, const struct code_set *set)
{
	struct code_set left = *set;

	for (const struct case_line *l = k->c->lines; l != NULL; l = l->next) {
		struct mailauth_str rest = l->rest;
		struct writer w = arena_writer(k->out->arena);
		bool changed = false;
		unsigned kept = 0;

		if (l->word != word)
			continue;
		put_text(&w, case_word_name(word));
		while ((rest = str_trim_start(rest)).n > 0) {
			struct mailauth_str code = str_word(&rest);
			unsigned id = code_find(code);

			if (!codes_have(set, id)) {
				changed = true;
				continue;
			}
			put_char(&w, ' ');
			put_str(&w, code);
			codes_drop(&left, id);
			kept++;
		}
		if (changed)
			edit(k->out, l->line, false,
			    kept > 0 ? writer_str(&w) : STR_NONE);
	}
	insert_codes(k, word, &left);
}

static void
tell_codes(struct work *k, unsigned line, const char *what,
    const struct code_set *set)
{
	struct writer w = arena_writer(k->out->arena);

	if (codes_none(set))
		return;
	put_text(&w, what);
	put_codes(&w, set);
	differ(k->out, line, finished(&w));
}

/* Compare expected and actual codes in both directions; true: equal. */
static bool
tell_both(struct work *k, unsigned line, const struct code_set *said,
    const struct code_set *is, const char *missing, const char *added)
{
	struct code_set lost = codes_less(said, is),
	                more = codes_less(is, said);

	tell_codes(k, line, missing, &lost);
	tell_codes(k, line, added, &more);
	return codes_none(&lost) && codes_none(&more);
}

/* Compare the complete list. Codes about proof are left out on both sides. A
 * rewrite keeps those that the case names and the report has. */
static void
compare_all(struct work *k)
{
	unsigned line;
	struct code_set said = codes_said(k->c, CASE_CODES, &line),
	                is = codes_compared(&k->codes),
	                proof = codes_both(&said, &k->codes);

	proof = codes_either(&proof, &is);
	said = codes_compared(&said);
	if (!tell_both(k, line, &said, &is,
	        "not there:", "there, and not expected:"))
		rewrite_codes(k, CASE_CODES, &proof);
}

/* Compare the change against the base: added codes first, then removed ones. */
static void
compare_change(struct work *k)
{
	const struct code_set *base = k->found->base;
	unsigned line;
	struct code_set said = codes_said(k->c, CASE_COME, &line),
	                is = codes_less(&k->codes, base), new, wanted, there;
	bool good;

	is = codes_compared(&is);
	/* A listed code that the base has too, or that is about proof, is no
	 * change: the report must have it all the same. */
	new = codes_less(&said, base);
	new = codes_compared(&new);
	there = codes_less(&said, &new);
	wanted = codes_both(&there, &k->codes);
	there = codes_less(&there, &k->codes);
	wanted = codes_either(&wanted, &is);
	good = tell_both(k, line, &new, &is,
	    "does not come:", "comes, and is not expected:");
	tell_codes(k, line, "not there:", &there);
	if (!good || !codes_none(&there))
		rewrite_codes(k, CASE_COME, &wanted);

	said = codes_said(k->c, CASE_GO, &line);
	wanted = codes_compared(&said);
	there = codes_less(&said, &wanted);
	said = wanted;
	is = codes_less(base, &k->codes);
	is = codes_compared(&is);
	if (!tell_both(k, line, &said, &is,
	        "does not go:", "goes, and is not expected:")) {
		wanted = codes_either(&is, &there);
		rewrite_codes(k, CASE_GO, &wanted);
	}
}

/* Codes under `yes` must be in the report, codes under `no` must not be. A
 * rewrite moves the wrong codes from one word to the other. */
static void
compare_some(struct work *k, enum case_word yes, enum case_word no)
{
	unsigned there, gone;
	struct code_set want = codes_said(k->c, yes, &there),
	                avoid = codes_said(k->c, no, &gone),
	                missing = codes_less(&want, &k->codes),
	                unwanted = codes_both(&avoid, &k->codes);

	tell_codes(k, there, "not there:", &missing);
	tell_codes(k, gone, "there:", &unwanted);
	if (codes_none(&missing) && codes_none(&unwanted))
		return;
	want = codes_less(&want, &missing);
	want = codes_either(&want, &unwanted);
	avoid = codes_less(&avoid, &unwanted);
	avoid = codes_either(&avoid, &missing);
	rewrite_codes(k, yes, &want);
	rewrite_codes(k, no, &avoid);
}

/* Add the difference that the actual value of a line is `is`, and the edit that
 * makes the line `now`. */
static void
tell_line(struct comparison *out, const struct case_line *l, const char *is,
    struct mailauth_str now)
{
	struct writer w = arena_writer(out->arena);

	put_text(&w, case_word_name(l->word));
	put_char(&w, ' ');
	put_untrusted(&w, str_trim(l->rest));
	put_text(&w, ": it is ");
	put_text(&w, is);
	differ(out, l->line, finished(&w));
	edit(out, l->line, false, now);
}

/* Compare the last word of a line with the actual value; `head` is before
 * it. */
static void
tell_word(struct work *k, const struct case_line *l, struct mailauth_str head,
    struct mailauth_str said, const char *is)
{
	struct writer w = arena_writer(k->out->arena);

	if (str_eq(said, str_of(is)))
		return;
	put_text(&w, case_word_name(l->word));
	put_char(&w, ' ');
	put_str(&w, head);
	if (head.n > 0)
		put_char(&w, ' ');
	put_text(&w, is);
	tell_line(k->out, l, is, writer_str(&w));
}

static const struct mailauth_finding_view *
finding_at(const struct work *k, size_t i)
{
	return mailauth_report_finding(k->found->report, i);
}

/* Say what was found, and where its record is written. */
static void
tell_finding(struct work *k, unsigned line,
    const struct mailauth_finding_view *v)
{
	struct writer w = arena_writer(k->out->arena);
	const struct case_found *f = k->found;

	if (v->place.file != NULL &&
	    (f->is_written == NULL || f->is_written(f->arg, v->place.file))) {
		put_place(&w, &v->place);
		put_text(&w, ": ");
	}
	put_text(&w, mailauth_severity_name(v->severity));
	put_text(&w, ": ");
	put_untrusted(&w, str_of(v->message));
	put_text(&w, " [");
	put_text(&w, v->code);
	put_char(&w, ']');
	differ(k->out, line, finished(&w));
}

/* Compare the verdict of the domain. One that is worse than expected has its
 * reasons: the first findings that weigh as much as the worst. */
static void
compare_verdict(struct work *k, const struct case_line *l)
{
	const char *is =
	    mailauth_result_name(mailauth_report_result(k->found->report));
	size_t n = mailauth_report_findings(k->found->report), told = 0;
	enum mailauth_severity worst = MAILAUTH_WARN;

	tell_word(k, l, STR_NONE, str_trim(l->rest), is);
	if (str_eq(str_trim(l->rest), str_of(is)))
		return;
	for (size_t i = 0; i < n; i++) {
		const struct mailauth_finding_view *v = finding_at(k, i);

		if (v != NULL && v->severity > worst)
			worst = v->severity;
	}
	for (size_t i = 0; i < n && told < REASONS_MAX; i++) {
		const struct mailauth_finding_view *v = finding_at(k, i);

		if (v == NULL || v->severity < worst || v->follows != NULL)
			continue;
		tell_finding(k, l->line, v);
		told++;
	}
}

/* Compare the verdict on one record set; "absent" when the report lacks it. */
static void
compare_record(struct work *k, const struct case_line *l)
{
	struct mailauth_str rest = l->rest, kind = str_word(&rest),
	                    name = str_word(&rest), type = str_word(&rest),
	                    said = str_word(&rest), whole = str_trim(l->rest);
	size_t n = mailauth_report_records(k->found->report), hits = 0;
	const char *is = "absent";

	for (size_t i = 0; i < n; i++) {
		const struct mailauth_record_view *v =
		    mailauth_report_record(k->found->report, i);

		if (v == NULL || !str_eq(kind, str_of(v->kind)) ||
		    !str_eq(name, str_of(v->name)) ||
		    !str_eq(type, str_of(v->type)))
			continue;
		hits++;
		is = mailauth_verdict_name(v->verdict);
	}
	if (hits > 1)
		differ(k->out, l->line, "there is more than one such record");
	else
		tell_word(k, l,
		    str_trim_end(str_sub(whole, 0, whole.n - said.n)), said,
		    is);
}

static const struct mailauth_finding_view *
finding_of(struct work *k, struct mailauth_str code)
{
	size_t n = mailauth_report_findings(k->found->report);

	for (size_t i = 0; i < n; i++) {
		const struct mailauth_finding_view *v =
		    mailauth_report_finding(k->found->report, i);

		if (v != NULL && str_eq(code, str_of(v->code)))
			return v;
	}
	return NULL;
}

/* Compare severity or remedy of a finding. When the report lacks the finding or
 * its remedy, the edit says so by `hasnot` or `has`. */
static void
compare_finding(struct work *k, const struct case_line *l)
{
	struct mailauth_str rest = l->rest, code = str_word(&rest),
	                    said = str_trim(rest);
	const struct mailauth_finding_view *v = finding_of(k, code);
	struct writer w = arena_writer(k->out->arena);
	struct writer text = arena_writer(k->out->arena);

	if (v != NULL && l->word == CASE_SEVERITY) {
		tell_word(k, l, code, said,
		    mailauth_severity_name(v->severity));
		return;
	}
	if (v != NULL && v->remedy != NULL) {
		tell_word(k, l, code, said, v->remedy);
		return;
	}
	put_text(&text, case_word_name(l->word));
	put_char(&text, ' ');
	put_str(&text, code);
	put_text(&text, v == NULL ? ": not there" : ": there is no remedy");
	differ(k->out, l->line, finished(&text));
	put_text(&w, case_word_name(v == NULL ? CASE_HASNOT : CASE_HAS));
	put_char(&w, ' ');
	put_str(&w, code);
	edit(k->out, l->line, false, writer_str(&w));
}

/* Add the verdict when the edits delete every expectation: a case without any
 * is a fault. */
static void
keep_expecting(struct work *k)
{
	struct writer w = arena_writer(k->out->arena);
	size_t left = 0;

	for (const struct case_line *l = k->c->lines; l != NULL; l = l->next)
		left += l->word >= CASE_VERDICT;
	for (const struct case_edit *e = k->out->edits; e != NULL; e = e->next)
		if (e->line >= k->c->line && e->line <= k->c->last)
			left += e->insert ? 1 : e->text.n > 0 ? 0 : (size_t)-1;
	if (left > 0)
		return;
	put_text(&w, case_word_name(CASE_VERDICT));
	put_char(&w, ' ');
	put_text(&w,
	    mailauth_result_name(mailauth_report_result(k->found->report)));
	edit(k->out, k->c->last, true, writer_str(&w));
}

void
compare_case(struct comparison *out, const struct suite_case *c,
    const struct case_found *found)
{
	struct work k = { out, c, found, codes_of(found->report) };
	bool lists = false;

	for (const struct case_line *l = c->lines; l != NULL; l = l->next) {
		lists = lists || l->word == CASE_CODES;
		if (l->word == CASE_VERDICT)
			compare_verdict(&k, l);
		else if (l->word == CASE_DNSSEC)
			tell_word(&k, l, STR_NONE, str_trim(l->rest),
			    mailauth_dnssec_name(
			        mailauth_report_dnssec(found->report)));
		else if (l->word == CASE_RECORD)
			compare_record(&k, l);
		else if (l->word == CASE_SEVERITY || l->word == CASE_REMEDY)
			compare_finding(&k, l);
	}
	if (lists)
		compare_all(&k);
	else if (found->base != NULL)
		compare_change(&k);
	else
		compare_some(&k, CASE_COME, CASE_GO);
	compare_some(&k, CASE_HAS, CASE_HASNOT);
	keep_expecting(&k);
}

void
compare_word(struct comparison *out, const struct case_line *l,
    const char *found)
{
	struct mailauth_str rest = l->rest, said = str_word(&rest);
	struct writer w = arena_writer(out->arena);

	if (str_eq(said, str_of(found)))
		return;
	put_text(&w, case_word_name(l->word));
	put_char(&w, ' ');
	put_text(&w, found);
	rest = str_trim(rest);
	if (rest.n > 0)
		put_char(&w, ' ');
	put_str(&w, rest);
	tell_line(out, l, found, writer_str(&w));
}

/* The line end: LF, CRLF or nothing. */
static struct mailauth_str
line_end(struct mailauth_str line)
{
	size_t n = line.n;

	if (n > 0 && line.s[n - 1] == '\n')
		n--;
	if (n < line.n && n > 0 && line.s[n - 1] == '\r')
		n--;
	return str_from(line, n);
}

static void
put_edited(struct writer *w, struct mailauth_str text, struct mailauth_str end)
{
	put_text(w, "  ");
	put_str(w, text);
	put_str(w, end.n > 0 ? end : STR("\n"));
}

struct mailauth_str
case_rewrite(struct arena *a, struct mailauth_str text,
    const struct case_edit *edits)
{
	struct writer w = arena_writer(a);

	for (unsigned number = 1; text.n > 0; number++) {
		size_t n = str_find(text, '\n');
		struct mailauth_str line =
		    str_sub(text, 0, n < text.n ? n + 1 : n);
		struct mailauth_str end = line_end(line);
		bool goes = false;

		text = str_from(text, line.n);
		for (const struct case_edit *e = edits;
		     e != NULL && e->line <= number; e = e->next)
			goes = goes || (e->line == number && !e->insert);
		if (!goes)
			put_str(&w, line);
		for (; edits != NULL && edits->line <= number;
		     edits = edits->next) {
			if (edits->insert && !goes && end.n == 0) {
				put_char(&w, '\n');
				end = STR("\n");
			}
			if (edits->text.n > 0)
				put_edited(&w, edits->text, end);
		}
	}
	return w.full ? STR_NONE : writer_str(&w);
}
