/*
 * ask.c - answers from zone files, for comparison with a server
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * usage: ask ORIGIN=FILE... < QUESTIONS
 *
 * A question is a line "NAME TYPE DNSSEC UDP": the type a number, DNSSEC 0 or
 * 1, UDP the octets of an answer or 0. Each answer is a line, the message in
 * hexadecimal digits. A zone that cannot be read ends the program.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sys/file.h"
#include "zone/zones.h"

#define FILE_MAX ((size_t)1 << 30)

static struct zone_file *
open_included(void *memory, struct mailauth_str path,
    const struct zone_file *from, const char **why)
{
	struct zone_file *file = arena_alloc(memory, sizeof(*file));

	(void)from;
	*why = "it cannot be read";
	if (file == NULL)
		return NULL;
	file->path = arena_copy(memory, path).s;
	return file_read(file->path, FILE_MAX, memory, &file->text) ==
	        FILE_WHOLE ?
	    file :
	    NULL;
}

/* Read "ORIGIN=FILE"; without an origin the file has it. */
static bool
read_zone(struct zones *z, struct arena *a, const char *arg)
{
	struct mailauth_str rest = str_of(arg), name = str_cut(&rest, '=');
	struct zone_file *file = arena_alloc(a, sizeof(*file));
	struct dname origin;
	struct zone_reading r = { .file = file,
		.include = open_included,
		.user = a };
	const char *why = "it cannot be read";

	file->path = rest.s;
	if (name.n > 0 && dname_parse(name, &origin) == DNAME_OK)
		r.origin = &origin;
	if (file_read(file->path, FILE_MAX, a, &file->text) == FILE_WHOLE &&
	    zones_read(z, &r, &why) != NULL)
		return true;
	fprintf(stderr, "ask: %s: %s\n", arg, why);
	return false;
}

int
main(int argc, char **argv)
{
	static uint8_t out[ZONE_ANSWER_MAX];
	struct arena a = { NULL, false };
	struct zones *z = zones_new();
	char text[DNAME_TEXT_MAX + 1];
	unsigned type, dnssec, udp;

	for (int i = 1; i < argc; i++)
		if (z == NULL || !read_zone(z, &a, argv[i]))
			return 65;
	while (scanf("%1024s %u %u %u", text, &type, &dnssec, &udp) == 4) {
		struct dname name;
		size_t n;

		if (dname_parse(str_of(text), &name) != DNAME_OK) {
			fprintf(stderr, "ask: %s: not a name\n", text);
			return 64;
		}
		n = zones_answer(z, &name, (uint16_t)type, dnssec != 0, udp,
		    out);
		for (size_t k = 0; k < n; k++)
			printf("%02x", out[k]);
		printf("\n");
	}
	zones_free(z);
	arena_free(&a);
	return 0;
}
