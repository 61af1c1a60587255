/*
 * test_screen.c - whole pages of text, as people see them
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * The pages are in testdata/screens; see README there.
 */
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ask.h"
#include "base/str.h"
#include "report/report.h"
#include "sys/file.h"
#include "text.h"

#define FILE_MAX (1u << 20)

static const char *const screens[] = { "absent", "alias-unanchored", "bare",
	"bogus", "bogus-dmarc", "bogus-partly", "bogus-spf", "carets", "equal",
	"good-signed", "good-unsigned", "helo", "inside", "inside-partly",
	"inherited", "levels", "long-spf", "mixed", "no-mail", "octets",
	"paste", "senderid", "special-use", "temperror", "two-records" };

#define SCREENS (sizeof(screens) / sizeof(screens[0]))

/* Cut off the lines up to one that begins with four hyphens; the rest of that
 * line is `behind`, and `text` goes on below it. */
static struct mailauth_str
section(struct mailauth_str *text, struct mailauth_str *behind)
{
	struct mailauth_str rest = *text, line;

	*behind = STR_NONE;
	while (rest.n > 0) {
		const char *start = rest.s;

		line = str_cut(&rest, '\n');
		if (!str_starts(line, STR("----")))
			continue;
		*behind = str_from(line, 4);
		line = str_sub(*text, 0, (size_t)(start - text->s));
		*text = rest;
		return line;
	}
	line = *text;
	*text = STR_NONE;
	return line;
}

static struct mailauth_page_options
options_of(struct mailauth_str words)
{
	struct mailauth_page_options how = { .flags = 0 };
	struct mailauth_str w;
	uint32_t n;

	while ((w = str_word(&words)).n > 0) {
		if (str_starts(w, STR("width="))) {
			EXPECT(str_number(str_from(w, 6), 1000, &n), "width");
			how.width = n;
		} else if (str_eq(w, STR("verbose"))) {
			how.flags |= MAILAUTH_TEXT_VERBOSE;
		} else if (str_eq(w, STR("colour"))) {
			how.flags |= MAILAUTH_TEXT_COLOUR;
		} else {
			EXPECT(str_starts(w, STR("level=")), "%.*s", (int)w.n,
			    w.s);
			how.level = MAILAUTH_INFO;
			while (how.level < MAILAUTH_FAIL &&
			    !str_eq(str_from(w, 6),
			        str_of(mailauth_severity_name(how.level))))
				how.level++;
		}
	}
	return how;
}

/* No octet of the page is a control character, but for those that the page has
 * by itself. */
static void
expect_printable(char *page, bool colour)
{
	for (char *p = page; *p != '\0'; p++) {
		if (*p == '\033' && colour)
			*p = '^';
		EXPECT(*p == '\n' || is_print(*p), "octet %d at %ld of\n%s", *p,
		    (long)(p - page), page);
	}
}

/* A file of pages, and the report that it asks for. */
struct pages {
	struct arena arena;
	struct asked asked;
	char path[512];
	struct mailauth_str head; /* up to the first page */
	struct mailauth_str rest, options; /* of the next page */
};

static void
pages_open(struct pages *p, const char *name)
{
	struct mailauth_str text, script, request;

	*p = (struct pages){ .path = "" };
	snprintf(p->path, sizeof(p->path), "%s/testdata/screens/%s",
	    source_dir(), name);
	EXPECT(file_read(p->path, FILE_MAX, &p->arena, &text) == FILE_WHOLE,
	    "%s", p->path);
	p->rest = text;
	p->head = script = section(&p->rest, &p->options);
	request = str_cut(&script, '\n');
	ask_open(&p->asked, arena_copy(&p->arena, script).s, NULL);
	ask(&p->asked, arena_copy(&p->arena, request).s);
	p->asked.report->seconds = 0.02;
}

/* The next page as it is, to be freed; `want` is how the file has it, and
 * `options` what it was asked with. NULL behind the last. */
static char *
pages_next(struct pages *p, struct mailauth_str *want,
    struct mailauth_str *options)
{
	struct mailauth_page_options how = options_of(p->options);
	char *page;

	if (p->rest.n == 0)
		return NULL;
	*options = p->options;
	*want = section(&p->rest, &p->options);
	page = mailauth_report_page(p->asked.report, &how);
	EXPECT(page != NULL, "memory ran out");
	expect_printable(page, how.flags & MAILAUTH_TEXT_COLOUR);
	return page;
}

static void
pages_close(struct pages *p)
{
	ask_close(&p->asked);
	arena_free(&p->arena);
}

START_TEST(screen)
{
	struct mailauth_str want, options;
	struct pages p;
	char *page;

	pages_open(&p, screens[_i]);
	while ((page = pages_next(&p, &want, &options)) != NULL) {
		EXPECT(str_eq(str_of(page), want),
		    "%s: it is\n%.5000s\nand not\n%.2000s", screens[_i], page,
		    arena_copy(&p.arena, want).s);
		free(page);
	}
	pages_close(&p);
}
END_TEST

static void
write_pages(const char *name)
{
	struct mailauth_str want, options;
	struct pages p;
	char *page;
	FILE *f;

	pages_open(&p, name);
	f = fopen(p.path, "w");
	EXPECT(f != NULL, "%s", p.path);
	fwrite(p.head.s, 1, p.head.n, f);
	while ((page = pages_next(&p, &want, &options)) != NULL) {
		fprintf(f, "----%.*s\n%s", (int)options.n, options.s, page);
		free(page);
	}
	fclose(f);
	pages_close(&p);
}

int
write_screens(void)
{
	for (size_t i = 0; i < SCREENS; i++)
		write_pages(screens[i]);
	return EXIT_SUCCESS;
}

/* Every file of the folder is compared. */
START_TEST(all_files)
{
	char path[512];
	size_t n = 0;
	DIR *d;

	snprintf(path, sizeof(path), "%s/testdata/screens", source_dir());
	d = opendir(path);
	ck_assert_ptr_nonnull(d);
	for (const struct dirent *e; (e = readdir(d)) != NULL;)
		n += e->d_name[0] != '.' && strcmp(e->d_name, "README") != 0;
	closedir(d);
	ck_assert_uint_eq(n, SCREENS);
}
END_TEST

Suite *
suite_screen(void)
{
	Suite *s = suite_create("screen");
	TCase *tc = tcase_create("screen");

	tcase_set_timeout(tc, 60);
	tcase_add_loop_test(tc, screen, 0, (int)SCREENS);
	tcase_add_test(tc, all_files);
	suite_add_tcase(s, tc);
	return s;
}
