/*
 * batch.c - a command for each domain of a list
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * The library takes a request when it has room for one, so that memory has a
 * few lines of the list at a time. Lines that cannot be used go the same way,
 * as requests that are refused: with --in-order each has its place.
 */
#include "tools/batch/batch.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "sys/clock.h"
#include "sys/tempfile.h"
#include "tools/batch/item.h"
#include "tools/batch/progress.h"

/* The largest number of --retry. */
#define RETRY_MOST 100
/* The longest pause before lines are asked again (seconds). */
#define PAUSE_MOST 32u

/* Lines that are kept in a temporary file. */
struct spool {
	FILE *f; /* NULL: none is kept */
	char path[TEMPFILE_MAX];
};

struct batch {
	struct options *o;
	const struct batch_kind *kind;
	void *arg;
	struct roster roster;
	struct spool again; /* lines that are asked again now */
	struct spool later; /* lines that could not be told, for next time */
	unsigned retries; /* that are left */
	struct item *items; /* under way */
	struct tally tally;
	struct progress progress;
	int code;
	bool printed; /* some report */
	bool stopped; /* nothing more is to be asked */
};

/* Lines that are kept. */

static bool
spool_add(struct spool *s, const struct row *r)
{
	if (s->f == NULL)
		s->f = tempfile_hidden(s->path);
	if (s->f == NULL)
		return false;
	fprintf(s->f, "%lu\n", r->line);
	for (size_t i = 0; i < r->nwords; i++)
		fprintf(s->f, "%s\n", r->words[i]);
	fputc('\n', s->f);
	return !ferror(s->f);
}

static void
spool_close(struct spool *s)
{
	if (s->f == NULL)
		return;
	tempfile_forget(s->path);
	fclose(s->f);
	s->f = NULL;
}

/* Read the next line that was kept. */
static enum roster_got
spool_next(struct spool *s, struct row *out)
{
	char *text = NULL;
	size_t size = 0;
	ssize_t n;
	bool good = true;

	*out = (struct row){ 0 };
	if (getline(&text, &size, s->f) > 0)
		out->line = strtoul(text, NULL, 10);
	while (good && (n = getline(&text, &size, s->f)) > 1)
		good = row_add(out, text, (size_t)n - 1);
	free(text);
	if (good)
		return out->nwords > 0 ? ROSTER_ROW : ROSTER_END;
	return ROSTER_FAILED;
}

/* Requests. */

/* Nothing more is asked; what is under way is printed. */
static void
stop(struct batch *b, int code)
{
	b->code = worse_exit(b->code, code);
	b->stopped = true;
}

static const void *
next(void *arg, size_t index, bool wait, bool *end)
{
	struct batch *b = arg;
	enum roster_got got = ROSTER_END;
	struct item *item = NULL;
	struct row row = { 0 };

	if (!b->stopped)
		got = b->again.f != NULL ? spool_next(&b->again, &row) :
		                           roster_next(&b->roster, wait, &row);
	if (got == ROSTER_ROW)
		item = item_new(b->o, b->kind, b->arg, &row);
	else
		row_free(&row);
	if (got == ROSTER_ROW && item == NULL) {
		row_free(&row);
		complain("list", "memory ran out");
		stop(b, EXIT_SYSTEM);
	}
	if (got == ROSTER_FAILED)
		stop(b, b->again.f != NULL ? EXIT_SYSTEM : b->roster.code);
	*end = item == NULL && got != ROSTER_LATER;
	if (item == NULL)
		return NULL;
	item->index = index;
	item->next = b->items;
	b->items = item;
	return item->request;
}

/* Take the item of a request out of those under way. */
static struct item *
take_item(struct batch *b, size_t index)
{
	struct item **at = &b->items, *item;

	while ((*at)->index != index)
		at = &(*at)->next;
	item = *at;
	*at = item->next;
	return item;
}

/* Reports. */

static void
count_printed(struct batch *b, int code)
{
	b->printed = true;
	/* Nobody reads any more: nothing is to be asked either. */
	if (code >= 0)
		stop(b, code);
}

static void
refuse(struct batch *b, struct item *item, enum mailauth_status status,
    const char *why)
{
	struct refusal r = { item->row.nwords > 0 ? item->row.words[0] : "",
		item->why, item->code, item->row.line };
	char place[240];

	if (item->why[0] == '\0') {
		r.code = exit_of_status(status);
		if (b->kind->advise != NULL)
			b->kind->advise(why, item->why);
		else
			snprintf(item->why, sizeof(item->why), "%s", why);
	}
	snprintf(place, sizeof(place), "%.200s:%lu", b->roster.name,
	    item->row.line);
	complain_at = place;
	complain(NULL, item->why);
	complain_at = NULL;
	b->code = worse_exit(b->code, r.code);
	tally_take(&b->tally, r.domain, NULL);
	count_printed(b, print_refusal(b->o, &r, !b->printed));
}

static void
print(struct batch *b, const struct item *item, struct mailauth_report *report)
{
	b->code = worse_exit(b->code,
	    exit_of_result(b->o, mailauth_report_result(report)));
	tally_take(&b->tally, item->row.words[0], report);
	count_printed(b, print_report(b->o, report, !b->printed));
	if (b->kind->look != NULL && !b->kind->look(b->arg, report))
		b->code = worse_exit(b->code, EXIT_SYSTEM);
}

static void
done(void *arg, size_t index, enum mailauth_status status,
    struct mailauth_report *report, const char *why)
{
	struct batch *b = arg;
	struct item *item = take_item(b, index);

	if (status != MAILAUTH_OK) {
		progress_hide(&b->progress);
		refuse(b, item, status, why);
	} else if (mailauth_report_result(report) !=
	        MAILAUTH_RESULT_TEMPERROR ||
	    b->retries == 0 || !spool_add(&b->later, &item->row)) {
		if (b->progress.beside)
			progress_hide(&b->progress);
		print(b, item, report);
	}
	mailauth_report_free(report);
	item_free(item);
	progress_draw(&b->progress, &b->tally);
}

/* Runs. */

static int
run_once(struct batch *b)
{
	const struct mailauth_stream stream = { next, done, b, b->o->in_order };
	struct mailauth_resolver *resolver = NULL;
	int code = open_resolver(b->o, &resolver);
	enum mailauth_status status;

	if (code >= 0)
		return code;
	status = b->kind->stream(resolver, &stream);
	mailauth_resolver_free(resolver);
	if (status == MAILAUTH_OK)
		return -1;
	complain(b->o->command->name, "memory ran out");
	return exit_of_status(status);
}

/* Ask again what could not be told, with a resolver that remembers nothing of
 * it, and a longer pause each time. */
static int
run_again(struct batch *b)
{
	unsigned pause = 1;
	int code = -1;

	while (code < 0 && !b->stopped && b->later.f != NULL) {
		b->retries--;
		spool_close(&b->again);
		b->again = b->later;
		b->later.f = NULL;
		rewind(b->again.f);
		sleep(pause);
		pause = pause < PAUSE_MOST ? 2 * pause : pause;
		code = run_once(b);
	}
	return code;
}

/* How many lines there are, where that can be known without reading what is
 * read only once. */
static size_t
count_rows(const struct batch *b)
{
	struct roster in = { .option = b->roster.option, .arg = b->roster.arg };
	struct row row;
	size_t n = 0;

	if (strcmp(b->o->list, "-") == 0 || roster_open(&in, b->o->list) >= 0)
		return 0;
	while (roster_next(&in, true, &row) == ROSTER_ROW) {
		row_free(&row);
		n++;
	}
	row_free(&row);
	roster_close(&in);
	return n;
}

static void
summarize(struct batch *b, double seconds)
{
	bool text = b->o->format == formats;

	progress_hide(&b->progress);
	if (b->o->quiet || tally_count(&b->tally) == 0)
		return;
	if (text)
		putchar('\n');
	tally_print(&b->tally, seconds, text ? stdout : stderr);
}

static const struct option *
column(const void *arg, const char *name, const char **near)
{
	return item_option(arg, name, near);
}

static int
run(struct batch *b)
{
	double started = clock_monotonic();
	int code;

	if (!b->o->quiet && progress_wanted())
		progress_begin(&b->progress, count_rows(b));
	code = run_once(b);
	if (code < 0)
		code = run_again(b);
	if (code >= 0)
		return worse_exit(b->code, code);
	if (tally_count(&b->tally) == 0 && b->code == 0) {
		complain(b->roster.name, "there is no domain in it");
		b->code = MAILAUTH_RESULT_TEMPERROR;
	}
	summarize(b, clock_monotonic() - started);
	code = end_reports(b->o, !b->printed);
	return code >= 0 ? worse_exit(b->code, code) : b->code;
}

int
batch_run(struct options *o, const struct batch_kind *kind, void *arg)
{
	struct batch b = { .o = o,
		.kind = kind,
		.arg = arg,
		.retries = o->retry,
		.roster = { .option = column, .arg = kind } };
	int code = roster_open(&b.roster, o->list);

	o->several = true;
	if (code < 0)
		code = run(&b);
	spool_close(&b.again);
	spool_close(&b.later);
	roster_close(&b.roster);
	tally_free(&b.tally);
	return code;
}

/* Options. */

int
batch_judge(const struct options *o)
{
	if (o->list != NULL && o->noperands > 0)
		return refuse_word(o->operands[0],
		    "give domains as arguments or with --list, not both");
	if (o->list != NULL || (!o->in_order && o->retry == 0))
		return -1;
	complain(o->in_order ? "--in-order" : "--retry",
	    "it is for a list: --list FILE");
	return EXIT_USE;
}

static int
take_retry(const struct option *row, void *to, char *value)
{
	struct options *o = to;
	size_t n = strspn(value, "0123456789");

	if (n == 0 || n > 3 || value[n] != '\0' ||
	    strtoul(value, NULL, 10) > RETRY_MOST)
		return option_refuse(row, "give it as a number up to 100");
	o->retry = (unsigned)strtoul(value, NULL, 10);
	return -1;
}

const struct option options_list[] = {
	{ "list", 0, "FILE", take_text, AT(list),
	    .help = "domains, one a line, each with options of its\n"
	            "own: example.com selector=s1; - is standard input" },
	{ "in-order", 0, NULL, take_flag, AT(in_order),
	    .help = "print in the order of the list, not as they come" },
	{ "retry", 0, "N", take_retry,
	    .help = "ask again at the end what could not be told",
	    .otherwise = "0" },
	{ 0 },
};
