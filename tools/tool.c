/*
 * tool.c - what the commands share: complaints, exit codes, reports
 * SPDX-License-Identifier: BSD-3-Clause
 */
#include "tools/tool.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* What a user typed may hold anything; a terminal must not see it raw. */
static void
put_plain(const char *s)
{
	for (; *s != '\0'; s++) {
		unsigned char c = (unsigned char)*s;

		if (c >= 0x20 && c <= 0x7e)
			fputc(c, stderr);
		else
			fprintf(stderr, "\\%03u", c);
	}
}

const char *complain_at;

static char *kept;
static size_t kept_size;

void
complain_keep(char *room, size_t size)
{
	kept = room;
	kept_size = size;
}

void
complain(const char *what, const char *why)
{
	bool has_what = what != NULL && what[0] != '\0';

	if (kept != NULL) {
		if (kept[0] == '\0')
			snprintf(kept, kept_size, "%s%s%s",
			    has_what ? what : "", has_what ? ": " : "", why);
		return;
	}
	fputs(PROGRAM ": ", stderr);
	if (complain_at != NULL)
		fprintf(stderr, "%s: ", complain_at);
	if (has_what) {
		put_plain(what);
		fputs(": ", stderr);
	}
	put_plain(why);
	fputc('\n', stderr);
}

int
refuse_word(const char *word, const char *why)
{
	char cut[64];

	snprintf(cut, sizeof(cut), "%.56s%s", word,
	    strlen(word) > 56 ? "..." : "");
	/* An empty word would not be seen. */
	complain(cut[0] != '\0' ? cut : "''", why);
	return EXIT_USE;
}

int
refuse_unknown(const struct near *n, const char *what, const char *known)
{
	char why[256];

	snprintf(why, sizeof(why), "there is no such %s%s%s%s%s%s", what,
	    known != NULL ? ": " : "", known != NULL ? known : "",
	    n->best != NULL ? "; did you mean " : "",
	    n->best != NULL ? n->best : "", n->best != NULL ? "?" : "");
	return refuse_word(n->word, why);
}

int
exit_of_status(enum mailauth_status status)
{
	switch (status) {
	case MAILAUTH_OK: return 0;
	case MAILAUTH_EUSE: return EXIT_USE;
	case MAILAUTH_EINPUT: return EXIT_INPUT;
	case MAILAUTH_ENOMEM:
	case MAILAUTH_ESYSTEM: break;
	}
	return EXIT_SYSTEM;
}

int
worse_exit(int a, int b)
{
	static const int order[] = { 0, MAILAUTH_RESULT_WARN,
		MAILAUTH_RESULT_TEMPERROR, MAILAUTH_RESULT_FAIL };

	if (a >= EXIT_USE || b >= EXIT_USE)
		return a > b ? a : b;
	for (int i = 3; i > 0; i--)
		if (a == order[i] || b == order[i])
			return order[i];
	return 0;
}

int
exit_of_result(const struct options *o, enum mailauth_result result)
{
	if (result == MAILAUTH_RESULT_WARN &&
	    o->verdict_on == MAILAUTH_RESULT_FAIL)
		return 0;
	return (int)result;
}

int
settings_load(const struct options *o, struct mailauth_settings **out)
{
	char why[MAILAUTH_WHY_MAX];
	enum mailauth_status status;

	*out = NULL;
	if (o->nsettings == 0)
		return -1;
	status = mailauth_settings_read(o->settings, o->nsettings, out, why);
	if (status == MAILAUTH_OK)
		return -1;
	complain(NULL, why);
	return exit_of_status(status);
}

int
print_report(const struct options *o, struct mailauth_report *r, bool first)
{
	if (o->quiet)
		return -1;
	if (!(o->format->plan != NULL ? o->format->plan : o->format->report)(o,
	        r, first)) {
		complain("report", "memory ran out");
		return EXIT_SYSTEM;
	}
	/* Whoever reads along wants each report when it is done. */
	return finish_output();
}

int
print_refusal(const struct options *o, const struct refusal *r, bool first)
{
	if (o->quiet || o->format->refused == NULL)
		return -1;
	if (!o->format->refused(o, r, first)) {
		complain("report", "memory ran out");
		return EXIT_SYSTEM;
	}
	return finish_output();
}

int
end_reports(const struct options *o, bool first)
{
	if (o->quiet || o->format->end == NULL)
		return -1;
	o->format->end(o, first);
	return finish_output();
}

int
conclude(const struct options *o, enum mailauth_status status,
    struct mailauth_report *report, const char *why, bool first)
{
	int code, printed;

	if (status != MAILAUTH_OK) {
		complain(o->command->name, why);
		return exit_of_status(status);
	}
	code = exit_of_result(o, mailauth_report_result(report));
	printed = print_report(o, report, first);
	mailauth_report_free(report);
	return printed >= 0 ? worse_exit(code, printed) : code;
}

int
open_resolver(const struct options *o, struct mailauth_resolver **out)
{
	char why[MAILAUTH_WHY_MAX];
	enum mailauth_status status =
	    mailauth_resolver_new(&o->source, out, why);

	if (status == MAILAUTH_OK)
		return -1;
	complain(NULL, why);
	return exit_of_status(status);
}

bool
has_source(const struct mailauth_options *s)
{
	return s->nservers > 0 || s->resolv_conf != NULL || s->nzones > 0 ||
	    s->online || s->nanchor_files > 0 || s->nanchors > 0 ||
	    s->config != NULL;
}

/* jansson makes documents without what it had no memory for: each allocation
 * that fails is noted. */
static bool memory_out, lost;

static void *
noting_malloc(size_t n)
{
	void *p = malloc(n);

	memory_out = memory_out || (p == NULL && n > 0);
	return p;
}

void
json_note_memory(void)
{
	json_set_alloc_funcs(noting_malloc, free);
}

void
json_lacks(void)
{
	memory_out = true;
}

bool
json_is_whole(void)
{
	lost = lost || memory_out;
	return !lost;
}

json_t *
json_plain(const char *text)
{
	char *plain = malloc(4 * strlen(text) + 1), *end = plain;
	json_t *value;

	for (; plain != NULL && *text != '\0'; text++)
		if (*text == '\\')
			end += sprintf(end, "\\\\");
		else if (*text >= 0x20 && *text <= 0x7e)
			*end++ = *text;
		else
			end += sprintf(end, "\\%03u", (unsigned char)*text);
	if (plain == NULL) {
		json_lacks();
		return NULL;
	}
	value = json_stringn(plain, (size_t)(end - plain));
	free(plain);
	return value;
}

void
put_json(const json_t *document, size_t flags)
{
	char *text = json_dumps(document, flags);

	if (json_is_whole() && text != NULL)
		puts(text);
	free(text);
}

int
finish_output(void)
{
	if (lost) {
		complain("standard output", "memory ran out");
		return EXIT_SYSTEM;
	}
	if (fflush(stdout) == 0 && !ferror(stdout))
		return -1;
	complain("standard output", "cannot be written");
	return EXIT_SYSTEM;
}
