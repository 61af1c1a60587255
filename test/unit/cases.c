/*
 * cases.c - runs the cases of testdata/records: judgements of record sets
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * testdata/records/README describes the format. Every case is a test of its
 * own. A text that fits into one character-string is judged again split in two,
 * with the same result: at every place, in a key at one in seven.
 */
#include <ctype.h>
#include <dirent.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/arena.h"
#include "base/base64.h"
#include "judge/names.h"
#include "judge/verdict.h"
#include "spf/walk.h"
#include "unit.h"

#define RRS_MAX   64
#define CODES_MAX 64

struct codes {
	char *code[CODES_MAX];
	size_t n;
};

struct record_case {
	char where[300]; /* file:line */
	char title[128];
	const struct mailauth_kind *kind;
	struct mailauth_answer answer;
	struct mailauth_rdata rr[RRS_MAX];
	struct mailauth_str chain[8];
	struct mailauth_scope scope;
	bool one_text; /* the case has a single txt directive */
	struct codes said; /* conditions, as they are written */
	enum mailauth_verdict verdict;
	struct codes codes;
	struct codes lookup;
	bool has_lookup;
};

static struct arena arena;
static struct record_case *cases;
static size_t ncases;

/* All files are read before the tests begin: a fault in one ends the run. */
static void
need(bool good, const char *where, const char *what)
{
	if (good)
		return;
	fprintf(stderr, "%s: %s\n", where, what);
	exit(EXIT_FAILURE);
}

static void
die(const struct record_case *c, const char *what)
{
	need(false, c->where, what);
}

static struct record_case *
new_case(void)
{
	struct record_case *bigger =
	    realloc(cases, (ncases + 1) * sizeof(*cases));

	need(bigger != NULL, "cases", "memory ran out");
	cases = bigger;
	memset(&cases[ncases], 0, sizeof(*cases));
	return &cases[ncases++];
}

/* The text with the escapes \DDD and \X resolved. */
static struct mailauth_str
unescape(struct mailauth_str s)
{
	struct mailauth_str out = arena_copy(&arena, s);
	char *p = (char *)(uintptr_t)out.s;
	size_t n = 0;

	for (size_t i = 0; i < s.n; i++) {
		uint32_t v;

		if (s.s[i] != '\\') {
			p[n++] = s.s[i];
		} else if (str_number(str_sub(s, i + 1, 3), 255, &v) &&
		    i + 3 < s.n) {
			p[n++] = (char)v;
			i += 3;
		} else {
			p[n++] = s.s[++i];
		}
	}
	out.n = n;
	return out;
}

static void
add_rr(struct record_case *c, const struct writer *w)
{
	struct mailauth_answer *a = &c->answer;

	if (a->nrr == RRS_MAX || w->full || w->used > UINT16_MAX)
		die(c, "the records are too many or too long");
	c->rr[a->nrr++] = (struct mailauth_rdata){ (const uint8_t *)w->buf,
		(uint16_t)w->used };
}

/* Add a text as RDATA of a TXT record, in strings of 255 octets. */
static void
put_txt(struct writer *w, struct mailauth_str text)
{
	do {
		struct mailauth_str part = str_sub(text, 0, 255);

		put_char(w, (char)part.n);
		put_str(w, part);
		text = str_from(text, part.n);
	} while (text.n > 0);
}

static void
take_txt(struct record_case *c, struct mailauth_str rest)
{
	struct writer w = arena_writer(&arena);

	put_txt(&w, unescape(rest));
	c->one_text = c->answer.nrr == 0;
	add_rr(c, &w);
}

static void
take_strings(struct record_case *c, struct mailauth_str rest)
{
	struct writer w = arena_writer(&arena);

	c->one_text = false;
	while ((rest = str_trim(rest)).n > 0) {
		struct mailauth_str s;

		if (rest.s[0] != '"')
			die(c, "strings have quotes around them");
		rest = str_from(rest, 1);
		s = unescape(str_cut(&rest, '"'));
		put_char(&w, (char)s.n);
		put_str(&w, s);
	}
	add_rr(c, &w);
}

static void
take_rr(struct record_case *c, struct mailauth_str rest)
{
	struct writer w = arena_writer(&arena);

	if (c->kind->read == NULL || !c->kind->read(rest, &w))
		die(c, "this is no data of the kind");
	add_rr(c, &w);
}

static int
hex(char c)
{
	return is_digit(c) ? c - '0' : to_lower(c) - 'a' + 10;
}

static void
take_rdata(struct record_case *c, struct mailauth_str rest)
{
	struct writer w = arena_writer(&arena);

	for (size_t i = 0; i + 1 < rest.n; i += 2)
		put_char(&w, (char)(hex(rest.s[i]) << 4 | hex(rest.s[i + 1])));
	add_rr(c, &w);
}

/* Add texts, each with its number in the place of "#". */
static void
take_many(struct record_case *c, struct mailauth_str rest)
{
	struct mailauth_str count = str_word(&rest);
	uint32_t n = 0;

	if (!str_number(count, RRS_MAX, &n))
		die(c, "so many are too many");
	rest = str_trim(rest);
	for (uint32_t i = 0; i < n; i++) {
		struct writer text = arena_writer(&arena);
		struct mailauth_str s = rest;

		put_str(&text, str_cut(&s, '#'));
		put_number(&text, i);
		put_str(&text, s);
		if (c->kind->read != NULL)
			take_rr(c, writer_str(&text));
		else
			take_txt(c, writer_str(&text));
	}
	c->one_text = false;
}

/* Repeat a piece: "10 xyz" puts ten times xyz into the place of "{}". */
static void
take_repeat(struct record_case *c, struct mailauth_str rest)
{
	struct mailauth_str count = str_word(&rest), piece;
	struct writer w = arena_writer(&arena), data = arena_writer(&arena);
	uint32_t n = 0;
	size_t at;

	if (!str_number(count, 10000, &n))
		die(c, "so many are too many");
	piece = str_word(&rest);
	rest = str_trim(rest);
	at = str_ifind(rest, STR("{}"));
	put_str(&w, str_sub(rest, 0, at));
	for (uint32_t i = 0; i < n; i++)
		put_str(&w, piece);
	put_str(&w, str_from(rest, at + 2));
	put_txt(&data, unescape(writer_str(&w)));
	c->answer.flags |= MAILAUTH_ANSWER_UNSPLIT;
	add_rr(c, &data);
}

static int
find_name(const struct record_case *c, struct mailauth_str s,
    const char *(*name)(int))
{
	for (int i = 0; i < 8; i++)
		if (str_eq(s, str_of(name(i))))
			return i;
	die(c, "there is no such value");
	return 0;
}

static const char *
outcome_at(int i)
{
	return name_outcome((enum mailauth_outcome)i);
}

static const char *
dnssec_at(int i)
{
	return name_dnssec((enum mailauth_dnssec)i);
}

static const char *
verdict_at(int i)
{
	return name_verdict((enum mailauth_verdict)i);
}

static const char *
profile_at(int i)
{
	return name_profile((enum mailauth_profile)i);
}

static enum mailauth_cause
cause_named(const struct record_case *c, struct mailauth_str s)
{
	static const struct {
		const char *name;
		enum mailauth_cause cause;
	} causes[] = {
		{ "timeout", MAILAUTH_CAUSE_TIMEOUT },
		{ "servfail", MAILAUTH_CAUSE_SERVFAIL },
		{ "refused", MAILAUTH_CAUSE_REFUSED },
		{ "lame", MAILAUTH_CAUSE_LAME },
		{ "loop", MAILAUTH_CAUSE_LOOP },
		{ "truncated", MAILAUTH_CAUSE_TRUNCATED },
		{ "offline", MAILAUTH_CAUSE_OFFLINE },
		{ "builtin", MAILAUTH_CAUSE_BUILTIN },
		{ "bogus", MAILAUTH_CAUSE_BOGUS },
		{ "no-dnskey", MAILAUTH_CAUSE_NO_DNSKEY },
		{ "no-soa", MAILAUTH_CAUSE_NO_SOA },
		{ "unreachable", MAILAUTH_CAUSE_UNREACHABLE },
		{ "no-proof", MAILAUTH_CAUSE_NO_PROOF },
	};

	for (size_t i = 0; i < sizeof(causes) / sizeof(causes[0]); i++)
		if (str_eq(s, str_of(causes[i].name)))
			return causes[i].cause;
	die(c, "there is no such cause");
	return MAILAUTH_CAUSE_NONE;
}

static void
take_codes(struct record_case *c, struct codes *out, struct mailauth_str rest)
{
	struct mailauth_str s;

	while ((s = str_word(&rest)).n > 0) {
		if (out->n == CODES_MAX)
			die(c, "too many codes");
		out->code[out->n++] =
		    (char *)(uintptr_t)arena_copy(&arena, s).s;
	}
}

static void
take_flag(struct record_case *c, struct mailauth_str s)
{
	if (str_eq(s, STR("wildcard")))
		c->answer.flags |= MAILAUTH_ANSWER_WILDCARD;
	else if (str_eq(s, STR("dname")))
		c->answer.flags |= MAILAUTH_ANSWER_DNAME;
	else if (str_eq(s, STR("local")))
		c->answer.flags |= MAILAUTH_ANSWER_LOCAL;
	else
		die(c, "there is no such flag");
}

/* Directives that are neither data nor expectations, for whoever puts the case
 * to something that cannot make every condition. */
static void
say_condition(struct record_case *c, struct mailauth_str word,
    struct mailauth_str line)
{
	static const char *const conditions[] = { "flag", "cause", "dnssec",
		"profile", "documentation" };
	struct codes *said = &c->said;
	bool found = false;

	for (size_t i = 0; i < sizeof(conditions) / sizeof(conditions[0]); i++)
		found = found || str_eq(word, str_of(conditions[i]));
	if (str_eq(word, STR("rdata")))
		line = word;
	else if (!found)
		return;
	if (said->n == CODES_MAX)
		die(c, "too many conditions");
	said->code[said->n++] = (char *)(uintptr_t)arena_copy(&arena, line).s;
}

static void
take_directive(struct record_case *c, struct mailauth_str line)
{
	struct mailauth_str rest = line, word = str_word(&rest);
	struct mailauth_answer *a = &c->answer;
	uint32_t ttl;

	if (str_starts(rest, STR(" ")))
		rest = str_from(rest, 1);
	say_condition(c, word, line);
	if (str_eq(word, STR("txt"))) {
		take_txt(c, rest);
	} else if (str_eq(word, STR("strings"))) {
		take_strings(c, rest);
	} else if (str_eq(word, STR("rr"))) {
		take_rr(c, str_trim(rest));
	} else if (str_eq(word, STR("rdata"))) {
		take_rdata(c, str_trim(rest));
	} else if (str_eq(word, STR("many"))) {
		take_many(c, rest);
	} else if (str_eq(word, STR("repeat"))) {
		take_repeat(c, rest);
	} else if (str_eq(word, STR("owner"))) {
		a->name = arena_copy(&arena, str_trim(rest));
	} else if (str_eq(word, STR("ttl")) &&
	    str_number(str_trim(rest), INT32_MAX, &ttl)) {
		a->ttl = ttl;
	} else if (str_eq(word, STR("flag"))) {
		take_flag(c, str_trim(rest));
	} else if (str_eq(word, STR("alias")) && a->nchain < 8) {
		c->chain[a->nchain++] = arena_copy(&arena, str_trim(rest));
	} else if (str_eq(word, STR("outcome"))) {
		a->outcome = (enum mailauth_outcome)find_name(c, str_trim(rest),
		    outcome_at);
	} else if (str_eq(word, STR("cause"))) {
		a->cause = cause_named(c, str_trim(rest));
	} else if (str_eq(word, STR("dnssec"))) {
		a->dnssec = (enum mailauth_dnssec)find_name(c, str_trim(rest),
		    dnssec_at);
	} else if (str_eq(word, STR("profile"))) {
		c->scope.profile = (enum mailauth_profile)find_name(c,
		    str_trim(rest), profile_at);
	} else if (str_eq(word, STR("documentation"))) {
		c->scope.allow_documentation = true;
	} else if (str_eq(word, STR("lookup"))) {
		c->has_lookup = true;
		take_codes(c, &c->lookup, rest);
	} else if (str_eq(word, STR("="))) {
		c->verdict = (enum mailauth_verdict)find_name(c,
		    str_word(&rest), verdict_at);
		take_codes(c, &c->codes, rest);
	} else {
		die(c, "there is no such directive");
	}
}

static void
load_file(const char *dir, const char *name)
{
	const struct mailauth_kind *kind = NULL;
	struct mailauth_str owner = STR_NONE;
	struct record_case *c = NULL;
	char path[700], *line = NULL;
	size_t room = 0, number = 0;
	ssize_t n;
	FILE *f;

	snprintf(path, sizeof(path), "%s/%s", dir, name);
	f = fopen(path, "r");
	need(f != NULL, path, "cannot be read");
	while ((n = getline(&line, &room, f)) >= 0) {
		struct mailauth_str s = { line, (size_t)n };

		number++;
		while (s.n > 0 && s.s[s.n - 1] == '\n')
			s.n--;
		if (s.n == 0 || s.s[0] == '#')
			continue;
		if (s.s[0] == ' ') {
			need(c != NULL, path, "a case begins with a title");
			take_directive(c, str_from(s, 2));
			continue;
		}
		if (str_starts(s, STR("kind "))) {
			kind = kind_named(str_from(s, 5));
			need(kind != NULL, path, "there is no such kind");
			continue;
		}
		if (str_starts(s, STR("owner "))) {
			owner = arena_copy(&arena, str_from(s, 6));
			continue;
		}
		c = new_case();
		snprintf(c->where, sizeof(c->where), "%s:%zu", name, number);
		snprintf(c->title, sizeof(c->title), "%.*s", (int)s.n, s.s);
		need(kind != NULL, c->where, "the kind comes first");
		c->kind = kind;
		c->answer.name = owner;
		c->answer.rrtype = kind->rrtype;
		c->answer.dnssec = MAILAUTH_DNSSEC_SECURE;
		c->answer.ttl = 300;
		c->scope.profile = MAILAUTH_PROFILE_GUIDE;
	}
	free(line);
	fclose(f);
}

static void
load(void)
{
	char dir[400];
	struct dirent **names;
	int n;

	snprintf(dir, sizeof(dir), "%s/testdata/records", source_dir());
	n = scandir(dir, &names, NULL, alphasort);
	need(n > 0, dir, "there are no cases");
	for (int i = 0; i < n; i++) {
		size_t len = strlen(names[i]->d_name);

		if (len > 5 && strcmp(names[i]->d_name + len - 5, ".case") == 0)
			load_file(dir, names[i]->d_name);
		free(names[i]);
	}
	free(names);
}

static bool
wants(const struct codes *codes, const char *code)
{
	for (size_t i = 0; i < codes->n; i++)
		if (strcmp(codes->code[i], code) == 0)
			return true;
	return false;
}

/* The code concerns the strings and not the joined text. */
static bool
is_of_strings(const char *code)
{
	return strcmp(code, "txt-multi-string") == 0 ||
	    strcmp(code, "txt-join-space-lost") == 0 ||
	    strncmp(code, "txt-rrset-", 10) == 0;
}

static void
compare(const struct record_case *c, const struct codes *want,
    const struct mailauth_findings *have, bool split)
{
	for (size_t i = 0; i < have->count; i++) {
		const char *code = finding_row(have->at[i].id)->code;

		ck_assert_msg((split && is_of_strings(code)) ||
		        wants(want, code),
		    "%s (%s): unexpected %s", c->where, c->title, code);
	}
	for (size_t i = 0; i < want->n; i++) {
		bool found = split && is_of_strings(want->code[i]);

		for (size_t k = 0; k < have->count; k++)
			found = found ||
			    strcmp(finding_row(have->at[k].id)->code,
			        want->code[i]) == 0;
		ck_assert_msg(found, "%s (%s): %s is missing", c->where,
		    c->title, want->code[i]);
	}
}

/* The places of findings must lie inside their text. */
static void
check_places(const struct record_case *c, const struct mailauth_judgement *j)
{
	for (size_t i = 0; i < j->findings.count; i++) {
		const struct mailauth_finding *f = &j->findings.at[i];

		if (f->rr == j->rr)
			ck_assert_msg((size_t)f->offset + f->length <=
			        j->record.text.n,
			    "%s (%s): a place is outside of the text", c->where,
			    c->title);
	}
}

static void
judge_case(const struct record_case *c, const struct mailauth_answer *answer,
    bool split)
{
	static struct mailauth_scratch scratch;
	static struct mailauth_judgement j;

	judge(c->kind, answer, &c->scope, &scratch, &j);
	compare(c, &c->codes, &j.findings, split);
	check_places(c, &j);
	ck_assert_msg(j.verdict == c->verdict, "%s (%s): verdict %s, not %s",
	    c->where, c->title, name_verdict(j.verdict),
	    name_verdict(c->verdict));
}

/* A place within a run of letters and digits, which are those of a key when
 * there are so many: of these places one in seven is enough, which has all
 * distances from the groups of four of base64. */
static bool
is_alike(const uint8_t *text, size_t n, size_t at)
{
	size_t from = at, to = at;

	while (from > 0 &&
	    (isalnum(text[from - 1]) || text[from - 1] == '+' ||
	        text[from - 1] == '/'))
		from--;
	while (
	    to < n && (isalnum(text[to]) || text[to] == '+' || text[to] == '/'))
		to++;
	return at >= from + 16 && at + 16 <= to && at % 7 != 0;
}

static void
judge_split(const struct record_case *c)
{
	struct mailauth_answer answer = c->answer;
	uint8_t room[258];
	size_t n = c->rr[0].len - 1u;
	struct mailauth_rdata rr = { room, (uint16_t)(n + 2) };

	answer.rr = &rr;
	for (size_t at = 1; at < n; at++) {
		if (is_alike(c->rr[0].data + 1, n, at))
			continue;
		room[0] = (uint8_t)at;
		memcpy(room + 1, c->rr[0].data + 1, at);
		room[at + 1] = (uint8_t)(n - at);
		memcpy(room + at + 2, c->rr[0].data + 1 + at, n - at);
		judge_case(c, &answer, true);
	}
}

/* Evaluation and judgement agree: a record is a permanent error for the
 * evaluation exactly when the judge calls it invalid. */
static void
agree_on_spf(const struct record_case *c)
{
	static const char *const not_syntax[] = { "txt-string-over-255",
		"spf-string-over-255", "spf-include-self",
		"spf-too-many-lookups" };
	struct arena memory = { .failed = false };
	struct spf_source source = { .arena = &memory, .scratch = &memory };
	const struct spf_program *p =
	    spf_program_of(&source, &c->answer, SPF_SCOPE_SPF);
	enum spf_sort sort = p->sort;
	bool invalid = c->verdict == MAILAUTH_INVALID;

	for (size_t i = 0; i < sizeof(not_syntax) / sizeof(not_syntax[0]); i++)
		if (wants(&c->codes, not_syntax[i]))
			invalid = sort != SPF_SORT_GOOD;
	arena_free(&memory);
	ck_assert_msg((sort == SPF_SORT_NONE) == (c->verdict == MAILAUTH_NONE),
	    "%s (%s): there is a record to one of two", c->where, c->title);
	ck_assert_msg(sort == SPF_SORT_NONE ||
	        (sort != SPF_SORT_GOOD) == invalid,
	    "%s (%s): evaluated as sort %d", c->where, c->title, (int)sort);
}

START_TEST(record)
{
	struct record_case *c = &cases[_i];

	if (c->answer.nrr == 0 && c->answer.outcome == MAILAUTH_FOUND)
		c->answer.outcome = MAILAUTH_NODATA;
	c->answer.rr = c->rr;
	c->answer.chain = c->chain;
	judge_case(c, &c->answer, false);
	if (c->kind->id == MAILAUTH_KIND_SPF &&
	    c->verdict != MAILAUTH_TEMPERROR)
		agree_on_spf(c);
	if (c->has_lookup) {
		struct mailauth_findings log = { .count = 0 };

		judge_lookup(&c->answer, &log);
		compare(c, &c->lookup, &log, false);
	}
	if (c->one_text && c->answer.nrr == 1 && c->rr[0].len <= 256 &&
	    c->answer.outcome == MAILAUTH_FOUND)
		judge_split(c);
}
END_TEST

static bool
is_code(const struct codes *codes, const char *code)
{
	for (size_t i = 0; i < codes->n; i++)
		if (strcmp(codes->code[i], code) == 0)
			return true;
	return false;
}

/* The cases expect each finding of records, and each of lookups, and nothing
 * else: what the scopes of findings.def say. */
START_TEST(scopes)
{
	for (unsigned i = 1; i < MAILAUTH_FINDING_COUNT; i++) {
		const struct finding_row *row = finding_row(i);
		bool of_record = false, of_lookup = false;

		for (size_t k = 0; k < ncases; k++) {
			of_record |= is_code(&cases[k].codes, row->code);
			of_lookup |= is_code(&cases[k].lookup, row->code);
		}
		ck_assert_msg(of_record == (row->scope == SCOPE_RECORD),
		    "%s is of records, or is not", row->code);
		ck_assert_msg(of_lookup == (row->scope == SCOPE_LOOKUP),
		    "%s is of lookups, or is not", row->code);
	}
}
END_TEST

static json_t *
json_str(struct mailauth_str s)
{
	return json_stringn(s.n > 0 ? s.s : "", s.n);
}

static json_t *
json_codes(const struct codes *codes)
{
	json_t *list = json_array();

	for (size_t i = 0; i < codes->n; i++)
		json_array_append_new(list, json_string(codes->code[i]));
	return list;
}

static json_t *
json_rdata(const struct record_case *c)
{
	json_t *list = json_array();

	for (size_t i = 0; i < c->answer.nrr; i++) {
		struct writer w = arena_writer(&arena);

		for (size_t k = 0; k < c->rr[i].len; k++)
			put_hex(&w, c->rr[i].data[k]);
		json_array_append_new(list, json_str(writer_str(&w)));
	}
	return list;
}

static json_t *
json_case(const struct record_case *c)
{
	const struct mailauth_answer *a = &c->answer;
	json_t *chain = json_array();

	for (size_t i = 0; i < a->nchain; i++)
		json_array_append_new(chain, json_str(c->chain[i]));
	return json_pack("{ss ss ss so so so si sb ss so ss so so}", "where",
	    c->where, "title", c->title, "kind", c->kind->name, "owner",
	    json_str(a->name), "records", json_rdata(c), "chain", chain, "ttl",
	    (int)a->ttl, "unsplit", (a->flags & MAILAUTH_ANSWER_UNSPLIT) != 0,
	    "outcome", name_outcome(a->outcome), "conditions",
	    json_codes(&c->said), "verdict", name_verdict(c->verdict), "codes",
	    json_codes(&c->codes), "lookup", json_codes(&c->lookup));
}

int
print_cases(void)
{
	load();
	for (size_t i = 0; i < ncases; i++) {
		json_t *object = json_case(&cases[i]);

		need(object != NULL, cases[i].where, "cannot be told in JSON");
		json_dumpf(object, stdout, JSON_COMPACT);
		putchar('\n');
		json_decref(object);
	}
	return EXIT_SUCCESS;
}

Suite *
suite_cases(void)
{
	Suite *s = suite_create("cases");
	TCase *tc = tcase_create("records");

	load();
	tcase_set_timeout(tc, 60);
	if (unit_wants("record"))
		_tcase_add_test(tc, record, 0, 0, 0, (int)ncases);
	else
		for (int i = 0; i < (int)ncases; i++)
			if (unit_wants(cases[i].where))
				_tcase_add_test(tc, record, 0, 0, i, i + 1);
	tcase_add_test(tc, scopes);
	suite_add_tcase(s, tc);
	return s;
}
