/*
 * zone.c - times the reading of a zone into its index
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * usage: zone FILE ORIGIN [TIMES]
 *
 * Prints records a second of the first reading, and of the best of TIMES ones,
 * whose memory the system has handed out before; and the octets that the index
 * takes for a record beyond its data.
 */
#include <limits.h>
#include <malloc.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "sys/file.h"
#include "zone/zones.h"

#define FILE_MAX ((size_t)2 << 30)

static double
now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

/* Octets of the data of a zone. */
static size_t
data_of(const struct zone *zone)
{
	const struct zone_node *node = NULL;
	struct dname name;
	size_t sum = 0;

	while ((node = zone_next(zone, node, &name)) != NULL)
		for (const struct zone_rrset *s = node->rrsets; s != NULL;
		     s = s->next)
			for (const struct zone_record *r = s->records;
			     r != NULL; r = r->next)
				sum += r->n;
	return sum;
}

static void
count(void *faults, const struct zone_fault *fault)
{
	(void)fault;
	++*(size_t *)faults;
}

static void
report(const struct zone *zone, double first, double best, size_t faults)
{
	double n = (double)zone->nrecords;

	printf("zone: %zu records, %.2f million a second (the first time "
	       "%.2f), %.0f octets a record beyond its data, %zu faults\n",
	    zone->nrecords, n / best / 1e6, n / first / 1e6,
	    (double)(zone->noctets - data_of(zone)) / n, faults);
}

int
main(int argc, char **argv)
{
	struct arena a = { NULL, false };
	struct zone_file file = { .path = argv[1] };
	struct dname origin;
	double first = 0, best = 0;
	size_t faults = 0;

	if (argc < 3 || dname_parse(str_of(argv[2]), &origin) != DNAME_OK ||
	    file_read(argv[1], FILE_MAX, &a, &file.text) != FILE_WHOLE) {
		fprintf(stderr, "usage: zone FILE ORIGIN [TIMES]\n");
		return 64;
	}
	mallopt(M_MMAP_THRESHOLD, 1 << 30);
	mallopt(M_TRIM_THRESHOLD, INT_MAX);
	for (int i = argc > 3 ? atoi(argv[3]) : 5; i > 0; i--) {
		struct zones *z = zones_new();
		struct zone_reading r = { .file = &file,
			.origin = &origin,
			.fault = count,
			.user = &faults };
		double from = now(), took;
		const char *why = "";
		const struct zone *zone =
		    z == NULL ? NULL : zones_read(z, &r, &why);

		took = now() - from;
		if (zone == NULL) {
			fprintf(stderr, "zone: %s: %s\n", argv[1], why);
			return 65;
		}
		if (first == 0)
			first = took;
		if (best == 0 || took < best)
			best = took;
		if (i == 1)
			report(zone, first, best, faults);
		faults = 0;
		zones_free(z);
	}
	arena_free(&a);
	return 0;
}
