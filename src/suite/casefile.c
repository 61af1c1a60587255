/*
 * casefile.c - reader of case files
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * The grammar, by lines. A line without indent begins a case and is its title.
 * A line with two blanks is WORD REST: the row of the word in `rows` checks it.
 * A line with four blanks or more is a line of the inline zone above it. Empty
 * lines and lines that begin with # are skipped. Lines before the first title
 * hold for all cases. A fault is reported and reading goes on, so that one run
 * shows all faults; a faulty line is not kept.
 */
#include "suite/casefile.h"

#include "base/dname.h"
#include "judge/names.h"
#include "record/kind.h"
#include "suite/codes.h"

/* Octets of a faulty word that a reason shows. */
#define SHOWN 60
/* Blanks in front of a line of a case, and of an inline zone. */
#define INDENT      2
#define INDENT_ZONE 4

/* Nesting of names of `let`. */
#define LET_DEPTH_MAX 8

/* The state of reading one file. */
struct reader {
	struct case_file *file;
	struct arena *arena;
	case_tell tell;
	void *arg;
	unsigned line;
	size_t faults;
	struct suite_case *now; /* NULL: before the first case */
	struct case_line **end; /* of the lines of `now` */
	struct suite_case **last; /* end of the list of cases */
	bool zone, open; /* a zone exists; inline lines may follow */
	bool common_zone; /* a zone exists before the first case */
	bool expects, lists, comes; /* `now` has =..., codes, + or - */
};

/* Report a fault. */
static void
fault(struct reader *r, unsigned line, struct mailauth_str word,
    const char *reason)
{
	char why[CASE_WHY_MAX];
	struct writer w = writer_of(why, sizeof(why) - 1);
	struct mailauth_str head = str_sub(word, 0, SHOWN);

	put_untrusted(&w, head);
	if (word.n > 0)
		put_text(&w, head.n < word.n ? "...: " : ": ");
	put_text(&w, reason);
	why[w.used] = '\0';
	r->faults++;
	r->tell(r->arg, line, why);
}

/* Report a fault in the current line; returns false. */
static bool
refuse(struct reader *r, struct mailauth_str word, const char *reason)
{
	fault(r, r->line, word, reason);
	return false;
}

struct mailauth_str
case_next(struct mailauth_str *rest)
{
	struct mailauth_str word;
	size_t end;

	*rest = str_trim_start(*rest);
	if (rest->n == 0 || rest->s[0] != '"')
		return str_word(rest);
	end = str_find(str_from(*rest, 1), '"');
	word = str_sub(*rest, 1, end);
	*rest = str_from(*rest, end + 2);
	return word;
}

/* Checks of the rest of a line; false after a fault was reported. */

static bool
is_name(struct reader *r, struct mailauth_str name)
{
	struct dname wire;
	enum dname_fault wrong = dname_parse(name, &wire);

	return wrong == DNAME_OK || refuse(r, name, dname_fault_text(wrong));
}

static bool
no_more(struct reader *r, struct mailauth_str rest)
{
	rest = str_trim(rest);
	return rest.n == 0 || refuse(r, rest, "there is nothing to follow");
}

static bool
take_nothing(struct reader *r, struct mailauth_str rest)
{
	return no_more(r, rest);
}

static bool
take_zone(struct reader *r, struct mailauth_str rest)
{
	struct mailauth_str name = str_word(&rest);

	if (!is_name(r, name))
		return false;
	r->zone = true;
	r->open = str_trim(rest).n == 0;
	return true;
}

static bool
take_newzone(struct reader *r, struct mailauth_str rest)
{
	if (!take_zone(r, rest))
		return false;
	str_word(&rest);
	return no_more(r, rest);
}

static bool
take_zone_line(struct reader *r, struct mailauth_str rest)
{
	(void)rest;
	return r->open || refuse(r, STR_NONE, "no zone goes on here");
}

/* Both are the same zone name; the final dot is optional. */
static bool
is_same_zone(struct mailauth_str a, struct mailauth_str b)
{
	if (a.n > 1 && a.s[a.n - 1] == '.')
		a.n--;
	if (b.n > 1 && b.s[b.n - 1] == '.')
		b.n--;
	return str_ieq(a, b);
}

/* A zone line before the first case, or above in this case, has this name. */
static bool
knows_zone(const struct reader *r, struct mailauth_str name)
{
	const struct case_line *lists[] = { r->file->common,
		r->now != NULL ? r->now->lines : NULL };

	for (size_t i = 0; i < 2; i++)
		for (const struct case_line *l = lists[i]; l != NULL;
		     l = l->next) {
			struct mailauth_str rest = l->rest;

			if ((l->word == CASE_ZONE || l->word == CASE_NEWZONE) &&
			    is_same_zone(str_word(&rest), name))
				return true;
		}
	return false;
}

static bool
take_in(struct reader *r, struct mailauth_str rest)
{
	struct mailauth_str name = str_word(&rest);

	if (!no_more(r, rest))
		return false;
	return knows_zone(r, name) ||
	    refuse(r, name, "there is no such zone so far");
}

static bool
take_edit(struct reader *r, struct mailauth_str rest)
{
	if (str_trim(rest).n == 0)
		return refuse(r, STR_NONE, "it says nothing");
	return r->zone || refuse(r, STR_NONE, "there is no zone so far");
}

static bool
take_args(struct reader *r, struct mailauth_str rest)
{
	size_t quotes = 0;

	for (size_t i = 0; i < rest.n; i++)
		quotes += rest.s[i] == '"';
	return quotes % 2 == 0 || refuse(r, STR_NONE, "a quote has no end");
}

/* A character of a name of `let`. */
static bool
is_let_char(char c)
{
	return is_alnum(c) || c == '-' || c == '_';
}

static bool
take_let(struct reader *r, struct mailauth_str rest)
{
	struct mailauth_str name = str_word(&rest);

	for (size_t i = 0; i < name.n; i++)
		if (!is_let_char(name.s[i]))
			return refuse(r, name, "a name has letters and digits");
	return str_trim(rest).n > 0 ||
	    refuse(r, STR_NONE, "give it as NAME TEXT");
}

static bool
take_settings(struct reader *r, struct mailauth_str rest)
{
	return str_starts(str_trim(rest), STR("{")) ||
	    refuse(r, STR_NONE, "give settings as a JSON object");
}

static bool
take_domain(struct reader *r, struct mailauth_str rest)
{
	struct mailauth_str name = str_word(&rest);

	if (name.n == 0)
		return refuse(r, STR_NONE, "name a domain");
	return no_more(r, rest);
}

static bool
is_one_of(struct reader *r, struct mailauth_str word, const char *const *words)
{
	char why[CASE_WHY_MAX];
	struct writer w = writer_of(why, sizeof(why) - 1);

	put_text(&w, "it is one of");
	for (size_t i = 0; words[i] != NULL; i++) {
		if (str_eq(word, str_of(words[i])))
			return true;
		put_text(&w, i == 0 ? " " : ", ");
		put_text(&w, words[i]);
	}
	why[w.used] = '\0';
	return refuse(r, word, why);
}

static bool
take_verdict(struct reader *r, struct mailauth_str rest)
{
	static const char *const words[] = { "pass", "warn", "fail",
		"temperror", NULL };
	struct mailauth_str word = str_word(&rest);

	return is_one_of(r, word, words) && no_more(r, rest);
}

static bool
take_dnssec(struct reader *r, struct mailauth_str rest)
{
	static const char *const words[] = { "secure", "insecure", "bogus",
		"indeterminate", "unchecked", NULL };
	struct mailauth_str word = str_word(&rest);

	return is_one_of(r, word, words) && no_more(r, rest);
}

static bool
is_code(struct reader *r, struct mailauth_str code)
{
	return code_find(code) != MAILAUTH_F_NONE ||
	    refuse(r, code, "there is no such finding");
}

static bool
take_codes(struct reader *r, struct mailauth_str rest)
{
	bool good = true;

	if (str_trim(rest).n == 0)
		return refuse(r, STR_NONE, "name one finding or more");
	while ((rest = str_trim_start(rest)).n > 0)
		good = is_code(r, str_word(&rest)) && good;
	return good;
}

static bool
take_record(struct reader *r, struct mailauth_str rest)
{
	static const char *const words[] = { "valid", "invalid", "none",
		"temperror", "absent", NULL };
	struct mailauth_str kind = str_word(&rest), name = str_word(&rest),
	                    type = str_word(&rest), word = str_word(&rest);

	if (word.n == 0)
		return refuse(r, STR_NONE, "give it as KIND NAME TYPE VERDICT");
	if (kind_named(kind) == NULL)
		return refuse(r, kind, "there is no such kind");
	if (name.s[name.n - 1] != '.')
		return refuse(r, name, "write it with a final dot");
	(void)type;
	return is_one_of(r, word, words) && no_more(r, rest);
}

static bool
take_severity(struct reader *r, struct mailauth_str rest)
{
	static const char *const words[] = { "pass", "info", "notice", "warn",
		"fail", NULL };
	struct mailauth_str code = str_word(&rest), word = str_word(&rest);

	return is_code(r, code) && is_one_of(r, word, words) &&
	    no_more(r, rest);
}

static bool
take_remedy(struct reader *r, struct mailauth_str rest)
{
	struct mailauth_str code = str_word(&rest);

	if (!is_code(r, code))
		return false;
	return str_trim(rest).n > 0 ||
	    refuse(r, STR_NONE, "give it as CODE TEXT");
}

static bool
take_spf(struct reader *r, struct mailauth_str rest)
{
	static const char *const words[] = { "none", "neutral", "pass", "fail",
		"softfail", "temperror", "permerror", NULL };
	struct mailauth_str word = str_word(&rest);

	return is_one_of(r, word, words) && take_args(r, rest);
}

static bool
take_dmarc(struct reader *r, struct mailauth_str rest)
{
	static const char *const words[] = { "pass", "fail", "none",
		"temperror", "quarantine", "reject", "absent", NULL };
	struct mailauth_str word = str_word(&rest);

	return is_one_of(r, word, words) && take_args(r, rest);
}

/* Properties of words. */
#define COMMON  1u /* allowed before the first case */
#define ONCE    2u /* at most once in a case */
#define EXPECTS 4u /* an expectation */
#define GOES_ON 8u /* inline zone lines may follow */

static const struct row {
	struct mailauth_str name;
	unsigned flags;
	bool (*take)(struct reader *r, struct mailauth_str rest);
} rows[] = {
	[CASE_ZONE] = { STR_INIT("zone"), COMMON | GOES_ON, take_zone },
	[CASE_NEWZONE] = { STR_INIT("newzone"), COMMON | GOES_ON,
	    take_newzone },
	[CASE_ZONE_LINE] = { STR_INIT(""), COMMON | GOES_ON, take_zone_line },
	[CASE_IN] = { STR_INIT("in"), COMMON, take_in },
	[CASE_DELETE] = { STR_INIT("delete"), COMMON, take_edit },
	[CASE_ADD] = { STR_INIT("add"), COMMON, take_edit },
	[CASE_ARGS] = { STR_INIT("args"), COMMON, take_args },
	[CASE_NOARGS] = { STR_INIT("noargs"), COMMON, take_args },
	[CASE_LET] = { STR_INIT("let"), COMMON, take_let },
	[CASE_SETTINGS] = { STR_INIT("settings"), COMMON, take_settings },
	[CASE_DOMAIN] = { STR_INIT("domain"), COMMON | ONCE, take_domain },
	[CASE_UNSIGNED] = { STR_INIT("unsigned"), ONCE, take_nothing },
	[CASE_SIGNED] = { STR_INIT("signed"), ONCE, take_nothing },
	[CASE_VERDICT] = { STR_INIT("="), EXPECTS | ONCE, take_verdict },
	[CASE_COME] = { STR_INIT("+"), EXPECTS, take_codes },
	[CASE_GO] = { STR_INIT("-"), EXPECTS, take_codes },
	[CASE_HAS] = { STR_INIT("has"), EXPECTS, take_codes },
	[CASE_HASNOT] = { STR_INIT("hasnot"), EXPECTS, take_codes },
	[CASE_CODES] = { STR_INIT("codes"), EXPECTS, take_codes },
	[CASE_RECORD] = { STR_INIT("record"), EXPECTS, take_record },
	[CASE_SEVERITY] = { STR_INIT("severity"), EXPECTS, take_severity },
	[CASE_REMEDY] = { STR_INIT("remedy"), EXPECTS, take_remedy },
	[CASE_DNSSEC] = { STR_INIT("dnssec"), EXPECTS | ONCE, take_dnssec },
	[CASE_SPF] = { STR_INIT("spf"), EXPECTS, take_spf },
	[CASE_DMARC] = { STR_INIT("dmarc"), EXPECTS, take_dmarc },
};

#define ROWS (sizeof(rows) / sizeof(rows[0]))

const char *
case_word_name(enum case_word word)
{
	return rows[word].name.s;
}

static bool
is_there(const struct case_line *l, enum case_word word)
{
	for (; l != NULL; l = l->next)
		if (l->word == word)
			return true;
	return false;
}

/* The word is allowed here. */
static bool
may_stand(struct reader *r, enum case_word word)
{
	const struct case_line *lines =
	    r->now != NULL ? r->now->lines : r->file->common;

	if (r->now == NULL && (rows[word].flags & COMMON) == 0)
		return refuse(r, rows[word].name,
		    "it belongs to a case, and none has begun");
	if ((rows[word].flags & ONCE) && is_there(lines, word))
		return refuse(r, rows[word].name, "it is here already");
	return true;
}

/* Check a line, and keep it when it has no fault. */
static void
take_line(struct reader *r, enum case_word word, struct mailauth_str rest)
{
	struct case_line *l;

	if (r->now != NULL) {
		r->now->last = r->line;
		/* A faulty expectation counts: it is reported once, and not
		 * as a missing expectation as well. */
		r->expects = r->expects || (rows[word].flags & EXPECTS);
		r->lists = r->lists || word == CASE_CODES;
		r->comes = r->comes || word == CASE_COME || word == CASE_GO;
	}
	if (!may_stand(r, word))
		return;
	if ((rows[word].flags & GOES_ON) == 0)
		r->open = false;
	if (!rows[word].take(r, rest))
		return;
	l = arena_alloc(r->arena, sizeof(*l));
	if (l == NULL)
		return;
	*l = (struct case_line){ NULL, r->line, word, rest };
	*r->end = l;
	r->end = &l->next;
}

/* Read an indented line: of an inline zone, or WORD REST. */
static void
indented(struct reader *r, struct mailauth_str line)
{
	struct mailauth_str word;

	if (line.n > INDENT_ZONE && line.s[2] == ' ' && line.s[3] == ' ') {
		take_line(r, CASE_ZONE_LINE, str_from(line, INDENT_ZONE));
		return;
	}
	line = str_from(line, INDENT);
	word = str_sub(line, 0, str_find(line, ' '));
	for (size_t i = 0; i < ROWS; i++) {
		if (word.n > 0 && str_eq(word, rows[i].name)) {
			take_line(r, (enum case_word)i,
			    str_from(line, word.n + 1));
			return;
		}
	}
	if (r->now != NULL)
		r->now->last = r->line;
	refuse(r, word,
	    word.n > 0 ? "there is no such word" :
	                 "indent by two blanks, or by four within a zone");
}

/* Check that the case before this line can fail, and has no contradiction. */
static void
end_case(struct reader *r)
{
	struct suite_case *c = r->now;

	if (c == NULL)
		return;
	if (!r->expects)
		fault(r, c->line, c->title, "nothing is expected of it");
	if (!r->zone)
		fault(r, c->line, c->title, "it has no zone");
	if (r->lists && r->comes)
		fault(r, c->line, c->title,
		    "+ and - tell nothing beside codes");
	if (is_there(c->lines, CASE_SIGNED) &&
	    is_there(c->lines, CASE_UNSIGNED))
		fault(r, c->line, c->title, "it is signed and unsigned");
}

static void
begin_case(struct reader *r, struct mailauth_str title)
{
	struct suite_case *c = arena_alloc(r->arena, sizeof(*c));

	if (r->now == NULL)
		r->common_zone = r->zone;
	end_case(r);
	if (c == NULL)
		return;
	*c = (struct suite_case){ NULL, r->line, r->line, title, NULL };
	*r->last = c;
	r->last = &c->next;
	r->end = &c->lines;
	r->now = c;
	r->zone = r->common_zone;
	r->open = r->expects = r->lists = r->comes = false;
	r->file->ncases++;
}

static bool
has_control(struct mailauth_str line)
{
	for (size_t i = 0; i < line.n; i++)
		if ((unsigned char)line.s[i] < 0x20 && line.s[i] != '\t')
			return true;
	return false;
}

size_t
casefile_read(struct case_file *out, struct arena *a, struct mailauth_str text,
    case_tell tell, void *arg)
{
	struct reader r = { .file = out,
		.arena = a,
		.tell = tell,
		.arg = arg,
		.end = &out->common,
		.last = &out->cases };
	struct mailauth_str rest = text;

	*out = (struct case_file){ .text = text };
	while (rest.n > 0 && !a->failed) {
		struct mailauth_str line = str_trim_end(str_cut(&rest, '\n'));
		struct mailauth_str words = str_trim(line);

		r.line++;
		if (words.n == 0 || words.s[0] == '#')
			continue;
		if (has_control(line))
			refuse(&r, STR_NONE, "it has a control octet");
		else if (str_starts(line, STR("  ")))
			indented(&r, line);
		else if (is_fws(line.s[0]))
			refuse(&r, STR_NONE, "indent by two blanks");
		else
			begin_case(&r, line);
	}
	end_case(&r);
	if (out->ncases == 0 && r.faults == 0 && !a->failed)
		fault(&r, r.line > 0 ? r.line : 1, STR_NONE,
		    "there is no case in it");
	return r.faults;
}

static const struct case_line *
last_of(const struct case_line *l, enum case_word word)
{
	const struct case_line *found = NULL;

	for (; l != NULL; l = l->next)
		if (l->word == word)
			found = l;
	return found;
}

const struct case_line *
case_find(const struct case_file *f, const struct suite_case *c,
    enum case_word word)
{
	const struct case_line *l = c != NULL ? last_of(c->lines, word) : NULL;

	return l != NULL ? l : last_of(f->common, word);
}

struct mailauth_str
case_domain(const struct case_file *f, const struct suite_case *c)
{
	const struct case_line *l = case_find(f, c, CASE_DOMAIN);
	const struct case_line *lists[] = { f->common,
		c != NULL ? c->lines : NULL };

	if (l != NULL)
		return str_trim(l->rest);
	for (size_t i = 0; i < 2; i++)
		for (l = lists[i]; l != NULL; l = l->next) {
			struct mailauth_str rest = l->rest;

			if (l->word == CASE_ZONE || l->word == CASE_NEWZONE)
				return str_word(&rest);
		}
	return STR_NONE;
}

size_t
case_args(const struct case_file *f, const struct suite_case *c,
    struct mailauth_str *out, size_t max)
{
	const struct case_line *lists[] = { f->common,
		c != NULL ? c->lines : NULL };
	size_t n = 0;

	for (size_t i = 0; i < 2; i++)
		for (const struct case_line *l = lists[i]; l != NULL;
		     l = l->next) {
			struct mailauth_str rest = str_trim(l->rest), word;

			if (l->word != CASE_ARGS && l->word != CASE_NOARGS)
				continue;
			if (l->word == CASE_NOARGS)
				n = 0;
			while (rest.n > 0) {
				word = case_next(&rest);
				rest = str_trim_start(rest);
				if (n < max)
					out[n] = word;
				n++;
			}
		}
	return n;
}

/* The lines above a line: those before the first case, and those of its
 * case. */
struct above {
	const struct case_line *lists[2];
	unsigned line;
	unsigned depth; /* names within names */
};

/* The last `let` line of a name above a line; NULL without one. */
static const struct case_line *
find_let(const struct above *above, struct mailauth_str name)
{
	const struct case_line *found = NULL;

	for (size_t i = 0; i < 2; i++)
		for (const struct case_line *l = above->lists[i];
		     l != NULL && l->line < above->line; l = l->next) {
			struct mailauth_str rest = l->rest;

			if (l->word == CASE_LET &&
			    str_eq(str_word(&rest), name))
				found = l;
		}
	return found;
}

/* The name in "@name@" at the start of a text; STR_NONE without one. */
static struct mailauth_str
name_at(struct mailauth_str text)
{
	size_t n = 1;

	while (n < text.n && is_let_char(text.s[n]))
		n++;
	return n < text.n && text.s[n] == '@' ? str_sub(text, 1, n - 1) :
	                                        STR_NONE;
}

/* Write a text with its names replaced. The text of a `let` may use only names
 * of lines above that `let`, so the recursion ends. An unknown @name@ stays as
 * it is. False: the result is too long, or the nesting too deep. */
static bool
put_let(struct writer *w, const struct above *above, struct mailauth_str text)
{
	while (text.n > 0) {
		size_t plain = str_find(text, '@');
		struct mailauth_str name;
		const struct case_line *l = NULL;

		put_str(w, str_sub(text, 0, plain));
		text = str_from(text, plain);
		name = name_at(text);
		if (name.n > 0)
			l = find_let(above, name);
		if (l != NULL) {
			struct above higher = *above;
			struct mailauth_str rest = l->rest;

			str_word(&rest);
			higher.line = l->line;
			higher.depth++;
			if (higher.depth > LET_DEPTH_MAX ||
			    !put_let(w, &higher, str_trim(rest)))
				return false;
			text = str_from(text, name.n + 2);
		} else if (text.n > 0) {
			put_char(w, '@');
			text = str_from(text, 1);
		}
		if (w->full || w->used > CASE_SETTINGS_MAX)
			return false;
	}
	return true;
}

size_t
case_settings(const struct case_file *f, const struct suite_case *c,
    struct arena *a, struct case_settings *out, size_t max)
{
	struct above above = { { f->common, c != NULL ? c->lines : NULL }, 0,
		0 };
	size_t n = 0;

	for (size_t i = 0; i < 2; i++)
		for (const struct case_line *l = above.lists[i]; l != NULL;
		     l = l->next) {
			struct writer w = arena_writer(a);

			if (l->word != CASE_SETTINGS)
				continue;
			above.line = l->line;
			if (n < max)
				out[n] = (struct case_settings){ l->line,
					put_let(&w, &above, str_trim(l->rest)) ?
					    writer_str(&w) :
					    STR_NONE };
			n++;
		}
	return n;
}

const char *
suite_plain(struct arena *a, struct mailauth_str s)
{
	struct writer w = arena_writer(a);

	put_untrusted(&w, s);
	put_char(&w, '\0');
	return w.full ? NULL : w.buf;
}
