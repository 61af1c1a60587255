/*
 * fuzz_casefile.c - case files: read, edited, compared and written anew
 * SPDX-License-Identifier: BSD-3-Clause
 */
#include "fuzz.h"
#include "record/kind.h"
#include "suite/expect.h"
#include "suite/zones.h"

/* The messages about a text. */
struct told {
	size_t count;
	unsigned lines; /* of the text */
	uint64_t sum; /* hash of all messages */
};

static void
tell(void *arg, unsigned line, const char *why)
{
	struct told *t = arg;
	size_t n = strlen(why);

	MUST(line >= 1 && line <= t->lines);
	MUST(n > 5 && n < CASE_WHY_MAX);
	for (size_t i = 0; i < n; i++) {
		MUST(is_print(why[i]));
		t->sum = t->sum * 31 + (unsigned char)why[i];
	}
	t->sum = t->sum * 31 + line;
	t->count++;
}

static struct told
read_file(struct mailauth_str text, struct arena *a, struct case_file *out)
{
	struct told t = { .lines = 1 };

	for (size_t i = 0; i < text.n; i++)
		t.lines += text.s[i] == '\n';
	MUST(casefile_read(out, a, text, tell, &t) == t.count);
	return t;
}

/* A reader that gives the same text for every file name. */
static bool
load(void *arg, struct mailauth_str file, struct mailauth_str *text,
    char why[CASE_WHY_MAX])
{
	(void)arg;
	(void)why;
	MUST(file.n > 0);
	*text = STR("$ORIGIN example.com.\n@ SOA a b 1 2 3 4 5\n@ NS a\n"
	            "@ TXT \"v=spf1 -all\"\r\n a TXT x");
	return true;
}

static void
check_zones(struct case_file *f, const struct suite_case *c)
{
	struct arena a = { NULL, false };
	struct zone_source from = { .arena = &a, .load = load };
	struct case_zone *zones;

	if (case_zones(f, c, &from, &zones)) {
		MUST(zones != NULL);
		case_zones_signed(zones, &from);
		for (struct case_zone *z = zones; z != NULL; z = z->next) {
			struct mailauth_str text = case_zone_text(&a, z);

			MUST(z->name.n > 0);
			MUST(z->edited || z->file.n > 0);
			MUST(text.n == 0 || text.s[text.n - 1] == '\n');
		}
	} else {
		MUST(from.line > 0 && from.why[0] != '\0');
	}
	arena_free(&a);
}

/* Settings have the texts that `let` names, and are of bounded length. */
static void
check_settings(const struct case_file *f, const struct suite_case *c)
{
	struct arena a = { NULL, false };
	struct case_settings said[3];
	size_t n = case_settings(f, c, &a, said, 3);

	for (size_t i = 0; i < n && i < 3; i++) {
		MUST(said[i].line > 0);
		MUST(said[i].text.n <= CASE_SETTINGS_MAX);
		MUST(said[i].text.n == 0 || said[i].text.s[0] == '{');
	}
	arena_free(&a);
}

/* A report to compare with. */
static struct mailauth_report *
some_report(void)
{
	static struct mailauth_report *report;
	static const char text[] = "v=spf1 ip4:192.0.2.1 ptr -all";
	const struct mailauth_parse_options how = { .kind = "spf" };
	char why[MAILAUTH_WHY_MAX];

	if (report == NULL)
		MUST(mailauth_parse(&how, text, sizeof(text) - 1, &report,
		         why) == MAILAUTH_OK);
	return report;
}

static void
compare(struct comparison *out, struct arena *a, const struct case_file *f,
    const struct code_set *base)
{
	const struct case_found found = { .report = some_report(),
		.base = base };

	comparison_start(out, a);
	for (const struct suite_case *c = f->cases; c != NULL; c = c->next)
		compare_case(out, c, &found);
}

/* After the results are written into the file, a comparison finds no
 * difference. */
static void
check_update(struct mailauth_str text, const struct case_file *f,
    const struct code_set *base)
{
	struct arena a = { NULL, false };
	struct comparison first, second;
	struct mailauth_str new;
	struct case_file g;
	unsigned last = 0;

	compare(&first, &a, f, base);
	for (const struct case_edit *e = first.edits; e != NULL; e = e->next) {
		MUST(e->line >= last);
		last = e->line;
	}
	MUST((first.differences == NULL) == (first.edits == NULL));
	new = case_rewrite(&a, text, first.edits);
	if (first.edits == NULL)
		MUST(str_eq(new, text));
	MUST(read_file(new, &a, &g).count == 0);
	MUST(g.ncases == f->ncases);
	compare(&second, &a, &g, base);
	MUST(second.differences == NULL && second.edits == NULL);
	arena_free(&a);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct mailauth_str text = { (const char *)data, size };
	struct arena a = { NULL, false };
	struct code_set base = { { 0 } };
	struct case_file f, g;
	struct told t, u;
	size_t n = 0;

	t = read_file(text, &a, &f);
	u = read_file(text, &a, &g);
	MUST(t.count == u.count && t.sum == u.sum && f.ncases == g.ncases);
	for (const struct suite_case *c = f.cases; c != NULL; c = c->next) {
		n++;
		MUST(c->line >= 1 && c->line <= c->last && c->last <= t.lines);
		MUST(is_inside(text, c->title) && c->title.n > 0);
		for (const struct case_line *l = c->lines; l != NULL;
		     l = l->next) {
			MUST(l->line > c->line && l->line <= c->last);
			MUST(is_inside(text, l->rest));
		}
	}
	MUST(n == f.ncases);
	if (t.count == 0) {
		MUST(n > 0);
		for (const struct suite_case *c = f.cases; c != NULL;
		     c = c->next) {
			check_zones(&f, c);
			check_settings(&f, c);
		}
		check_update(text, &f, NULL);
		codes_add(&base, code_find(STR("spf-missing")));
		codes_add(&base, code_find(STR("spf-ok")));
		check_update(text, &f, &base);
	}
	arena_free(&a);
	return 0;
}
