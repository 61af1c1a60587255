/*
 * dnscode.c - a plan as the programs read it that keep DNS in files
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * octoDNS: a document of YAML for each zone, as its YamlProvider reads it with
 * its default options: names in natural order, semicolons with a backslash.
 * DNSControl: a D_EXTEND() for each zone, which adds to the D() that is there.
 * Records that are published, or must not be, are no part of either: the latter
 * are comments. Made from the report's JSON.
 */
#include "tools/dnscode.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tools/tool.h"

/* How one of the programs writes. */
struct dialect {
	const char *comment; /* what begins one */
	const char *head; /* a comment */
	void (*zone)(const json_t *zone);
};

static const char *
text_of(const json_t *o, const char *member)
{
	const char *text = json_string_value(json_object_get(o, member));

	return text != NULL ? text : "";
}

/* Each line of a text as a comment. */
static void
put_comment(const char *mark, const char *what, const char *text)
{
	do {
		size_t n = strcspn(text, "\n");

		printf("%s %s%.*s\n", mark, what, (int)n, text);
		text += n + (text[n] != '\0');
	} while (*text != '\0');
}

/* A string as JSON has it, which YAML and JavaScript read as well. */
static void
put_quoted(const char *text)
{
	putchar('"');
	for (; *text != '\0'; text++) {
		if (*text == '"' || *text == '\\')
			putchar('\\');
		putchar(*text);
	}
	putchar('"');
}

/* The records of a zone. */

/* The record is to be published, and its text is printable, so that it can be
 * written as it is. */
static bool
is_wanted(const json_t *record)
{
	const char *state = text_of(record, "state");

	return (strcmp(state, "wanted") == 0 || strcmp(state, "missing") == 0 ||
	           strcmp(state, "different") == 0) &&
	    strchr(text_of(record, "text"), '\\') == NULL;
}

/* The name in its zone, in `room`; "" for the zone itself. */
static const char *
name_in(const json_t *zone, const json_t *record, char *room, size_t size)
{
	const char *owner = text_of(record, "owner");
	size_t n = strlen(owner), z = strlen(text_of(zone, "name"));

	snprintf(room, size, "%.*s", n > z + 1 ? (int)(n - z - 2) : 0, owner);
	return room;
}

/* Why the record is there, and what it replaces. */
static void
put_reason(const char *mark, const json_t *record)
{
	const char *state = text_of(record, "state");

	printf("%s %s; from %s\n", mark, text_of(record, "why"),
	    text_of(record, "from"));
	if (strcmp(state, "different") == 0)
		put_comment(mark, "in place of: ", text_of(record, "now"));
	if (text_of(record, "reason")[0] != '\0')
		put_comment(mark, "note: ", text_of(record, "reason"));
}

/* A record that is not to be published, or cannot be written. */
static void
put_left_out(const char *mark, const json_t *record)
{
	const char *state = text_of(record, "state");
	const char *why = strcmp(state, "unknown") == 0 ? "could not be told" :
	    strcmp(state, "refused") == 0 ? "not to be published" :
	                                    "cannot be written here";

	if (is_wanted(record) || strcmp(state, "present") == 0)
		return;
	printf("%s %s: %s %s %s\n", mark, why, text_of(record, "owner"),
	    text_of(record, "type"), text_of(record, "data"));
	put_comment(mark, "  ",
	    text_of(record, strcmp(state, "unknown") == 0 ? "now" : "reason"));
}

static json_int_t
ttl_of(const json_t *record)
{
	return json_integer_value(json_object_get(record, "ttl"));
}

/* The host of an MX record, and its preference. */
static const char *
split_mx(const json_t *record, int *preference)
{
	const char *data = text_of(record, "data");
	const char *blank = strchr(data, ' ');

	*preference = (int)strtol(data, NULL, 10);
	return blank != NULL ? blank + 1 : data;
}

/* octoDNS. */

/* Names are at most 255 octets. */
#define NAME_OCTETS 256

/* One record, and its name, to be sorted. */
struct row {
	const json_t *record;
	char name[NAME_OCTETS];
};

/* Compare numbers of any length, and step over them. */
static int
compare_numbers(const char **a, const char **b)
{
	size_t n, m;
	int order;

	*a += strspn(*a, "0");
	*b += strspn(*b, "0");
	n = strspn(*a, "0123456789");
	m = strspn(*b, "0123456789");
	order = n != m ? (n < m ? -1 : 1) : strncmp(*a, *b, n);
	*a += n;
	*b += m;
	return order;
}

/* Natural order: digits are numbers, all else is compared octet by octet. */
static int
compare_names(const char *a, const char *b)
{
	static const char digits[] = "0123456789";
	int order = 0;

	while (order == 0 && *a != '\0' && *b != '\0') {
		size_t n = strcspn(a, digits), m = strcspn(b, digits);

		order = strncmp(a, b, n < m ? n : m);
		if (order == 0 && n != m)
			return n < m ? -1 : 1;
		a += n;
		b += m;
		if (order == 0 && *a != '\0' && *b != '\0')
			order = compare_numbers(&a, &b);
	}
	return order != 0 ? order : (*a != '\0') - (*b != '\0');
}

static int
compare_rows(const void *a, const void *b)
{
	const struct row *one = a, *other = b;
	int order = compare_names(one->name, other->name);

	return order != 0 ? order :
	                    strcmp(text_of(one->record, "type"),
	                        text_of(other->record, "type"));
}

/* A text as octoDNS wants it. */
static void
put_octodns_text(const char *text)
{
	putchar('"');
	for (; *text != '\0'; text++) {
		if (*text == ';')
			fputs("\\\\", stdout);
		else if (*text == '"')
			putchar('\\');
		putchar(*text);
	}
	putchar('"');
}

static void
put_octodns_value(const json_t *record, const char *indent)
{
	const char *type = text_of(record, "type");
	int preference;

	if (strcmp(type, "TXT") == 0) {
		put_octodns_text(text_of(record, "text"));
	} else if (strcmp(type, "MX") == 0) {
		fputs("exchange: ", stdout);
		put_quoted(split_mx(record, &preference));
		printf("\n%s  preference: %d", indent, preference);
	} else {
		put_quoted(text_of(record, "data"));
	}
	putchar('\n');
}

/* The records of one name and type, `n` of them. */
static void
put_octodns_set(const struct row *rows, size_t n, bool listed)
{
	const char *indent = listed ? "    " : "  ";

	printf("  %sttl: %" JSON_INTEGER_FORMAT "\n", listed ? "- " : "",
	    ttl_of(rows[0].record));
	printf("%stype: %s\n%svalues:\n", indent,
	    text_of(rows[0].record, "type"), indent);
	for (size_t i = 0; i < n; i++) {
		printf("%s- ", indent);
		put_octodns_value(rows[i].record, indent);
	}
}

/* How many rows from this one on have its name; with `type`, also its type. */
static size_t
same_rows(const struct row *rows, size_t n, bool type)
{
	size_t same = 1;

	while (same < n && strcmp(rows[same].name, rows[0].name) == 0 &&
	    (!type ||
	        strcmp(text_of(rows[same].record, "type"),
	            text_of(rows[0].record, "type")) == 0))
		same++;
	return same;
}

static void
put_octodns_name(const struct row *rows, size_t n)
{
	bool listed = same_rows(rows, n, true) < n;

	for (size_t i = 0; i < n; i++)
		put_reason("#", rows[i].record);
	put_quoted(rows[0].name);
	puts(":");
	for (size_t i = 0, same; i < n; i += same) {
		same = same_rows(rows + i, n - i, true);
		put_octodns_set(rows + i, same, listed);
	}
}

static void
put_octodns(const json_t *zone)
{
	const json_t *records = json_object_get(zone, "records"), *record;
	struct row *rows = calloc(json_array_size(records) + 1, sizeof(*rows));
	size_t n = 0, i;

	if (rows == NULL) {
		json_lacks();
		return;
	}
	json_array_foreach(records, i, record)
	{
		if (!is_wanted(record))
			continue;
		rows[n].record = record;
		name_in(zone, record, rows[n++].name, NAME_OCTETS);
	}
	qsort(rows, n, sizeof(*rows), compare_rows);
	if (n > 0)
		printf("---\n# %s.yaml\n", text_of(zone, "name"));
	for (size_t at = 0, same; at < n; at += same) {
		same = same_rows(rows + at, n - at, false);
		put_octodns_name(rows + at, same);
	}
	free(rows);
}

/* DNSControl. */

static void
put_dnscontrol_record(const json_t *zone, const json_t *record, bool last)
{
	const char *type = text_of(record, "type"), *host = NULL;
	char name[NAME_OCTETS];
	int preference = 0;

	put_reason("  //", record);
	printf("  %s(", type);
	name_in(zone, record, name, sizeof(name));
	put_quoted(name[0] != '\0' ? name : "@");
	if (strcmp(type, "MX") == 0) {
		host = split_mx(record, &preference);
		printf(", %d", preference);
	}
	fputs(", ", stdout);
	put_quoted(host != NULL          ? host :
	        strcmp(type, "TXT") == 0 ? text_of(record, "text") :
	                                   text_of(record, "data"));
	printf(", TTL(%" JSON_INTEGER_FORMAT "))%s\n", ttl_of(record),
	    last ? "" : ",");
}

static void
put_dnscontrol(const json_t *zone)
{
	const json_t *records = json_object_get(zone, "records"), *record;
	size_t left = 0, i;

	json_array_foreach(records, i, record)
	{
		left += is_wanted(record);
	}
	if (left == 0)
		return;
	fputs("D_EXTEND(", stdout);
	put_quoted(text_of(zone, "name"));
	puts(",");
	json_array_foreach(records, i, record)
	{
		if (is_wanted(record))
			put_dnscontrol_record(zone, record, --left == 0);
	}
	puts(");");
}

/* Both. */

static void
put_zone(const struct dialect *d, const json_t *zone)
{
	const json_t *record;
	size_t i;

	printf("\n%s zone %s%s\n", d->comment, text_of(zone, "name"),
	    json_is_true(json_object_get(zone, "reverse")) ?
	        ": set by the provider of the addresses, not in your own zone" :
	        "");
	json_array_foreach(json_object_get(zone, "records"), i, record)
	{
		put_left_out(d->comment, record);
	}
	d->zone(zone);
}

static bool
put_plan(const struct dialect *d, struct mailauth_report *r)
{
	char *text = mailauth_report_json(r, false);
	json_t *plan = text != NULL ? json_loads(text, 0, NULL) : NULL;
	const json_t *part;
	size_t i;

	free(text);
	if (plan == NULL)
		return false;
	printf("%s %s\n", d->comment, d->head);
	json_array_foreach(json_object_get(plan, "notes"), i, part)
	{
		put_comment(d->comment, "", json_string_value(part));
	}
	json_array_foreach(json_object_get(plan, "zones"), i, part)
	{
		put_zone(d, part);
	}
	json_decref(plan);
	return json_is_whole();
}

bool
plan_octodns(const struct options *o, struct mailauth_report *r, bool first)
{
	static const struct dialect d = { "#",
		"For octoDNS: a document for the YAML file of each zone.",
		put_octodns };

	(void)o;
	(void)first;
	return put_plan(&d, r);
}

bool
plan_dnscontrol(const struct options *o, struct mailauth_report *r, bool first)
{
	static const struct dialect d = { "//",
		"For DNSControl: in dnsconfig.js, below the D() of each zone.",
		put_dnscontrol };

	(void)o;
	(void)first;
	return put_plan(&d, r);
}
