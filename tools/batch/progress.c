/*
 * progress.c - how far a list is, on a terminal
 * SPDX-License-Identifier: BSD-3-Clause
 */
#include "tools/batch/progress.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "sys/clock.h"

/* Seconds between two lines: often enough for eyes, and no load. */
#define EVERY 0.2
/* The line without its end, which a terminal of 80 columns shows whole. */
#define COLUMNS 79

bool
progress_wanted(void)
{
	const char *term = getenv("TERM");

	return isatty(STDERR_FILENO) && term != NULL &&
	    strcmp(term, "dumb") != 0;
}

void
progress_begin(struct progress *p, size_t total)
{
	p->shown = true;
	p->beside = isatty(STDOUT_FILENO);
	p->total = total;
	p->started = clock_monotonic();
}

void
progress_hide(struct progress *p)
{
	if (p->visible)
		fputs("\r\033[K", stderr);
	p->visible = false;
}

/* The time until the end, as far as the rate so far says. */
static size_t
put_time(char *room, size_t size, double seconds)
{
	unsigned long s = seconds < 360000 ? (unsigned long)seconds : 359999;
	int n;

	if (s < 100)
		n = snprintf(room, size, "   ETA %lu s", s);
	else if (s < 6000)
		n = snprintf(room, size, "   ETA %lu min", (s + 30) / 60);
	else
		n = snprintf(room, size, "   ETA %lu h", (s + 1800) / 3600);
	return n > 0 ? (size_t)n : 0;
}

void
progress_draw(struct progress *p, const struct tally *t)
{
	char line[256], done[TALLY_COUNT_MAX], all[TALLY_COUNT_MAX];
	size_t n = tally_count(t), used;
	double now = clock_monotonic(), rate;

	if (!p->shown || n == 0 || (p->visible && now < p->drawn + EVERY))
		return;
	rate = now > p->started ? (double)n / (now - p->started) : 0;
	used = (size_t)snprintf(line, sizeof(line), "%s%s%s   %.*f/s",
	    tally_number(n, done), p->total > 0 ? " of " : "",
	    p->total > 0 ? tally_number(p->total, all) : "", rate < 10 ? 1 : 0,
	    rate);
	if (p->total > n && rate > 0)
		used += put_time(line + used, sizeof(line) - used,
		    (double)(p->total - n) / rate);
	for (int i = 0; i < TALLY_RESULTS && used < sizeof(line); i++)
		used += (size_t)snprintf(line + used, sizeof(line) - used,
		    "%s%s %s", i == 0 ? "   " : "  ", tally_words[i],
		    tally_number(t->names[i].n, done));
	fprintf(stderr, "\r%.*s\033[K", COLUMNS, line);
	fflush(stderr);
	p->drawn = now;
	p->visible = true;
}
