/*
 * test_config.c - options turned into a configuration, and the files in them
 * SPDX-License-Identifier: BSD-3-Clause
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/str.h"
#include "dns/config.h"
#include "dns/inputfile.h"
#include "dns/special.h"
#include "dns/zonefiles.h"
#include "sys/tempfile.h"
#include "unit.h"

#define COUNT(table) ((int)(sizeof(table) / sizeof((table)[0])))

/** As ck_assert_msg(), which writes to a file each time. */
#define EXPECT(so, ...) \
	do { \
		if (!(so)) \
			ck_abort_msg(__VA_ARGS__); \
	} while (0)

#define DIGEST \
	"E06D44B80B8F1D39A95C0B0D7C65D08458E880409BBC683457104237C7F8EC8D"

/* Make a file with this text, in which "%s" is `other`. */
static void
make(char path[TEMPFILE_MAX], const char *text, const char *other)
{
	FILE *f = tempfile_new(path);

	ck_assert_ptr_nonnull(f);
	for (; *text != '\0'; text++) {
		if (strncmp(text, "%s", 2) == 0)
			fputs(other, f), text++;
		else
			putc(*text, f);
	}
	ck_assert_int_eq(fclose(f), 0);
}

/* `why` is what follows the name of the file and ": " or ":"; NULL: none. */
static void
expect_why(const char *why, const char *path, const char *wanted)
{
	size_t n = strlen(path);

	EXPECT(strncmp(why, path, n) == 0 && strcmp(why + n, wanted) == 0,
	    "'%s'", why);
}

/* Anchors, one by one and in files. */
static const struct {
	const char *text, *why; /* NULL: it is taken */
	const char *in, *out; /* a name below it, and one that is not */
} anchors[] = {
	{ "example.com. IN DS 1 8 2 " DIGEST, NULL, "www.example.com.",
	    "example.net." },
	{ "example.com. 300 DS 1 8 2 " DIGEST " ; a comment", NULL,
	    "example.com.", "com." },
	{ "example.com. DNSKEY 257 3 13 cGl6emE=", NULL, "example.com.", "." },
	{ ". DS 1 8 200 00ff", NULL, "example.org.", NULL },
	{ "example.com. DS 1 8 2 00ff", "", NULL, NULL },
	{ "example.com. DS 1 8 1 " DIGEST, "", NULL, NULL },
	{ "example.com. DS 70000 8 2 " DIGEST, "", NULL, NULL },
	{ "example.com. DS 1 8 2 zz", "", NULL, NULL },
	{ "example.com. DNSKEY 257 3 13 *", "", NULL, NULL },
	{ "example.com. DNSKEY 257 3", "", NULL, NULL },
	{ "example.com. A 192.0.2.1", "", NULL, NULL },
	{ "", "", NULL, NULL },
};

static void
expect_anchored(const struct config *c, int i)
{
	EXPECT(config_anchored(c, str_of(anchors[i].in)), "%s", anchors[i].in);
	if (anchors[i].out != NULL)
		EXPECT(!config_anchored(c, str_of(anchors[i].out)), "%s",
		    anchors[i].out);
}

/* Options without the anchors of the root. */
static const struct mailauth_zone no_zones[] = { { "x.example", "/dev/null" } };

START_TEST(anchor)
{
	const char *text = anchors[_i].text;
	const struct mailauth_options o = { .zones = no_zones,
		.nzones = 1,
		.anchors = &text,
		.nanchors = 1 };
	char why[MAILAUTH_WHY_MAX] = "";
	struct config c;

	if (anchors[_i].why != NULL) {
		ck_assert_int_eq(config_make(&o, &c, why), MAILAUTH_EUSE);
		expect_why(why, text, ": it is not a DS or DNSKEY record");
	} else {
		EXPECT(config_make(&o, &c, why) == MAILAUTH_OK, "%s", why);
		ck_assert_ptr_nonnull(strstr(c.text.s, text));
		expect_anchored(&c, _i);
	}
	config_free(&c);
}
END_TEST

START_TEST(anchor_file)
{
	char path[TEMPFILE_MAX], why[MAILAUTH_WHY_MAX] = "";
	const char *name = path;
	const struct mailauth_options o = { .zones = no_zones,
		.nzones = 1,
		.anchor_files = &name,
		.nanchor_files = 1 };
	bool other = strstr(anchors[_i].text, " A ") != NULL ||
	    anchors[_i].text[0] == '\0';
	struct config c;

	make(path, "; anchors\n$TTL 300\n%s\n", anchors[_i].text);
	if (anchors[_i].why == NULL) {
		EXPECT(config_make(&o, &c, why) == MAILAUTH_OK, "%s", why);
		ck_assert_ptr_nonnull(strstr(c.text.s, path));
		expect_anchored(&c, _i);
		config_free(&c);
		c = (struct config){ 0 };
		config_add_anchor_file(&c, path);
		expect_anchored(&c, _i);
	} else {
		ck_assert_int_eq(config_make(&o, &c, why), MAILAUTH_EINPUT);
		expect_why(why, path,
		    other ? ": there is no DS or DNSKEY record in it" :
		            ":3: it is not a DS or DNSKEY record");
	}
	config_free(&c);
	unlink(path);
}
END_TEST

/* An owner that is left out is that of the line before. */
START_TEST(owners)
{
	char path[TEMPFILE_MAX];
	struct config c = { 0 };

	make(path,
	    "a.example. DS 1 8 2 " DIGEST "\n"
	    "  DS 2 8 2 " DIGEST "\n"
	    "b.example. DNSKEY 257 3 13 (\n cGl6emE= )\n",
	    "");
	config_add_anchor_file(&c, path);
	config_add_anchor_file(&c, "/nonexistent");
	config_add_anchor(&c, STR("c..example."));
	ck_assert_uint_eq(c.nanchors, 3);
	ck_assert(str_eq(c.anchors[1], STR("a.example.")));
	ck_assert(str_eq(c.anchors[2], STR("b.example.")));
	config_free(&c);
	unlink(path);
}
END_TEST

/* Servers. */
static const struct {
	const char *server;
	bool good;
} servers[] = {
	{ "192.0.2.1", true },
	{ "192.0.2.1@53", true },
	{ "2001:db8::1@5353", true },
	{ "fe80::1%eth0", true },
	{ "fe80::1%eth0.1@53", true },
	{ "fe80::1%", false },
	{ "fe80::1%eth0\"", false },
	{ "192.0.2.1@", false },
	{ "192.0.2.1@0", false },
	{ "192.0.2.1@65536", false },
	{ "192.0.2", false },
	{ "localhost", false },
	{ "", false },
};

START_TEST(server)
{
	const char *name = servers[_i].server;
	const struct mailauth_options o = { .servers = &name, .nservers = 1 };
	char why[MAILAUTH_WHY_MAX] = "", line[128];
	struct config c;

	snprintf(line, sizeof(line), "forward-addr: \"%s\"\n", name);
	for (int i = 0; i < 2; i++) {
		enum mailauth_status status = i == 0 ?
		    config_make(&o, &c, why) :
		    config_make_server(name, &c, why);

		ck_assert_int_eq(status,
		    servers[_i].good ? MAILAUTH_OK : MAILAUTH_EUSE);
		if (servers[_i].good) {
			ck_assert_ptr_nonnull(strstr(c.text.s, line));
			ck_assert(c.forwards && !c.offline);
			/* A server alone validates nothing. */
			ck_assert_int_eq(strstr(c.text.s, "validator") != NULL,
			    i == 0);
		} else {
			expect_why(why, name,
			    ": it is not an ADDRESS or ADDRESS@PORT");
		}
		config_free(&c);
	}
}
END_TEST

/* Zones. */
static const struct {
	const char *name, *file; /* NULL: one that is made */
	enum mailauth_status status;
	const char *why;
	bool twice;
} zones[] = {
	{ "Example.com", NULL, MAILAUTH_OK, "", false },
	/* As people write it, of the same name. */
	{ "ex\xef\xbd\x81mple.com", NULL, MAILAUTH_OK, "", false },
	{ "example\xe3\x80\x82"
	  "com",
	    NULL, MAILAUTH_OK, "", false },
	{ "example.com\xff", NULL, MAILAUTH_EUSE,
	    "example.com\xff: string encoding error", false },
	{ "-\xc3\xbc.com", NULL, MAILAUTH_EUSE,
	    "-\xc3\xbc.com: string start/ends with forbidden hyphen", false },
	{ "b\xc3\xbc..com", NULL, MAILAUTH_EUSE,
	    "b\xc3\xbc..com: it has an empty label", false },
	{ "a..b", NULL, MAILAUTH_EUSE, "a..b: it has an empty label", false },
	{ "example\".com", NULL, MAILAUTH_EUSE,
	    "example\".com: libunbound takes no such name", false },
	{ "example.com", NULL, MAILAUTH_EUSE,
	    "example.com: the zone is given twice", true },
	{ "example.com", "/nonexistent", MAILAUTH_EINPUT,
	    "/nonexistent: No such file or directory", false },
	{ "example.com", "/", MAILAUTH_EINPUT,
	    "/: it is a directory, not a zone file", false },
};

START_TEST(zone)
{
	char path[TEMPFILE_MAX], why[MAILAUTH_WHY_MAX] = "";
	struct mailauth_zone list[2];
	const struct mailauth_options o = { .zones = list,
		.nzones = zones[_i].twice ? 2 : 1 };
	enum mailauth_status status;
	struct zonefiles *files = NULL;
	struct config c;

	make(path, "@ SOA ns h 1 1 1 1 1\n", "");
	list[0] = (struct mailauth_zone){ zones[_i].name,
		zones[_i].file != NULL ? zones[_i].file : path };
	list[1] = list[0];
	status = config_make(&o, &c, why);
	if (status == MAILAUTH_OK)
		status = zonefiles_read(&c, &o, &files, why);
	ck_assert_int_eq(status, zones[_i].status);
	if (zones[_i].status != MAILAUTH_OK) {
		ck_assert_str_eq(why, zones[_i].why);
		ck_assert_ptr_null(files);
	} else {
		ck_assert(c.offline && !c.forwards);
		ck_assert(config_in_zones(&c, STR("www.example.com.")));
		ck_assert(!config_in_zones(&c, STR("com.")));
		ck_assert(!config_anchored(&c, STR("example.com.")));
	}
	zonefiles_free(files);
	config_free(&c);
	unlink(path);
}
END_TEST

/* Files that configurations include; "%s" is another file, which
 * has `other`, where "%s" is the first. */
static const struct {
	const char *text, *other;
	const char *why; /* behind the name of a file; NULL: all is well */
	int of; /* the file that is named: 0, 1, or 2 for "/" */
} included[] = {
	{ "server:\n  verbosity: 1 # include: /\n", "", NULL, 0 },
	{ "include: \"%s\"\n", "server: verbosity: 1\n", NULL, 0 },
	{ "include:%s\n", "trust-anchor-file: \"/nonexistent\"\n", NULL, 0 },
	{ "include-toplevel: '/'\n", "",
	    ": it is a directory, not a configuration", 2 },
	{ "server: trust-anchor-file: \"/\"\n", "",
	    ": it is a directory, not a file", 2 },
	{ "include: %s\n", "auth-zone:\n  zonefile: /\n",
	    ": it is a directory, not a file", 2 },
	{ "include: /nonexistent\n", "", ": No such file or directory", 3 },
	{ "include: %s\n", "include: %s\n",
	    ": files include each other too deeply", 1 },
};

START_TEST(includes)
{
	char path[2][TEMPFILE_MAX], why[MAILAUTH_WHY_MAX] = "";
	const char *names[] = { path[0], path[1], "/", "/nonexistent" };
	bool good;
	FILE *f;

	/* The name of the first has to be known before it is written. */
	make(path[0], "", "");
	make(path[1], included[_i].other, path[0]);
	f = fopen(path[0], "w");
	ck_assert_ptr_nonnull(f);
	for (const char *p = included[_i].text; *p != '\0'; p++) {
		if (strncmp(p, "%s", 2) == 0)
			fputs(path[1], f), p++;
		else
			putc(*p, f);
	}
	ck_assert_int_eq(fclose(f), 0);
	good = input_config_ok(path[0], why);
	EXPECT(good == (included[_i].why == NULL), "'%s'", why);
	if (!good)
		expect_why(why, names[included[_i].of], included[_i].why);
	unlink(path[0]);
	unlink(path[1]);
}
END_TEST

/* What can be read only once is copied. */
START_TEST(pipe_copied)
{
	struct arena arena = { NULL, false };
	struct inputs in = { .copies = NULL };
	char why[MAILAUTH_WHY_MAX] = "", name[64], text[16] = "";
	const char *path;
	int fd[2];
	FILE *f;

	ck_assert_int_eq(pipe(fd), 0);
	ck_assert_int_eq((int)write(fd[1], "hello", 5), 5);
	close(fd[1]);
	snprintf(name, sizeof(name), "/dev/fd/%d", fd[0]);
	path = input_file(&in, &arena, name, "a zone file", why);
	EXPECT(path != NULL, "%s", why);
	ck_assert_str_ne(path, name);
	f = fopen(path, "r");
	ck_assert_ptr_nonnull(f);
	ck_assert_ptr_nonnull(fgets(text, sizeof(text), f));
	ck_assert_str_eq(text, "hello");
	fclose(f);
	inputs_free(&in);
	ck_assert_int_ne(access(path, F_OK), 0);
	close(fd[0]);
	arena_free(&arena);
}
END_TEST

/* Names that Unbound answers by itself. */
START_TEST(special)
{
	static const struct {
		const char *name, *zone;
	} rows[] = {
		{ "www.test.", "test." },
		{ "test.", "test." },
		{ "mytest.", "" },
		{ "1.2.0.192.in-addr.arpa.", "2.0.192.in-addr.arpa." },
		{ "1.2.3.10.in-addr.arpa.", "10.in-addr.arpa." },
		{ "1.1.64.100.in-addr.arpa.", "64.100.in-addr.arpa." },
		{ "1.1.127.100.in-addr.arpa.", "127.100.in-addr.arpa." },
		{ "1.1.63.100.in-addr.arpa.", "" },
		{ "1.1.128.100.in-addr.arpa.", "" },
		{ "1.1.16.172.in-addr.arpa.", "16.172.in-addr.arpa." },
		{ "1.1.32.172.in-addr.arpa.", "" },
		{ "example.com.", "" },
		{ ".", "" },
	};
	struct mailauth_str found = special_zone_of(str_of(rows[_i].name));

	EXPECT(str_eq(found, str_of(rows[_i].zone)), "'%.*s'", (int)found.n,
	    found.s);
	ck_assert(str_eq(special_zone_at(0), STR("localhost.")));
	ck_assert_uint_eq(special_zone_at(1000).n, 0);
}
END_TEST

Suite *
suite_config(void)
{
	Suite *s = suite_create("config");
	TCase *t = tcase_create("options");

	tcase_add_loop_test(t, anchor, 0, COUNT(anchors));
	tcase_add_loop_test(t, anchor_file, 0, COUNT(anchors));
	tcase_add_test(t, owners);
	tcase_add_loop_test(t, server, 0, COUNT(servers));
	tcase_add_loop_test(t, zone, 0, COUNT(zones));
	suite_add_tcase(s, t);
	t = tcase_create("files");
	tcase_add_loop_test(t, includes, 0, COUNT(included));
	tcase_add_test(t, pipe_copied);
	tcase_add_loop_test(t, special, 0, 13);
	suite_add_tcase(s, t);
	return s;
}
