/*
 * test_conf.c - the configuration of the module
 * SPDX-License-Identifier: BSD-3-Clause
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/str.h"
#include "log/conf.h"
#include "unit.h"

#define COUNT(table) ((int)(sizeof(table) / sizeof((table)[0])))

#define KIND_BIT(id) (1u << MAILAUTH_KIND_##id)

/* All values in `c` other than the defaults, as "name=value" with a blank
 * behind each. */
static const char *
show(const struct conf *c)
{
	static char room[8192];
	struct conf d;
	size_t n = 0;

	conf_default(&d);
	room[0] = '\0';
#define SHOW(field) \
	if (c->field != d.field) \
	n += (size_t)snprintf(room + n, sizeof(room) - n, #field "=%ld ", \
	    (long)c->field)
#define SHOW_TEXT(field) \
	if (strcmp(c->field, d.field) != 0) \
	n += (size_t)snprintf(room + n, sizeof(room) - n, #field "=%s ", \
	    c->field)
	SHOW(target);
	SHOW(format);
	SHOW(clients);
	SHOW_TEXT(log);
	SHOW_TEXT(metrics);
	SHOW(kinds);
	SHOW(verdicts);
	SHOW(repeat_interval);
	SHOW(metrics_interval);
	SHOW(prefix4);
	SHOW(prefix6);
	SHOW(cache_size);
	SHOW(buffer_size);
	SHOW(facility);
	SHOW(profile);
	SHOW(allow_documentation);
	SHOW(strict);
	return room;
}

/* The messages, as lines "line: why". */
struct told {
	char text[4096];
	size_t n;
	unsigned count;
};

static void
tell(void *arg, unsigned line, const char *why)
{
	struct told *t = arg;

	ck_assert_uint_lt(strlen(why), CONF_WHY_MAX);
	ck_assert_uint_gt(strlen(why), 5);
	for (const char *p = why; *p != '\0'; p++)
		ck_assert(is_print(*p));
	t->count++;
	t->n += (size_t)snprintf(t->text + t->n, sizeof(t->text) - t->n,
	    "%u: %s\n", line, why);
	ck_assert_uint_lt(t->n, sizeof(t->text));
}

/* Read a text from a block of exactly its size. */
static unsigned
read_conf(struct mailauth_str text, struct conf *c, struct told *t)
{
	char *room = malloc(text.n > 0 ? text.n : 1);
	unsigned wrong;

	ck_assert_ptr_nonnull(room);
	if (text.n > 0)
		memcpy(room, text.s, text.n);
	t->n = 0;
	t->count = 0;
	t->text[0] = '\0';
	conf_default(c);
	wrong = conf_read(c, (struct mailauth_str){ room, text.n }, tell, t);
	free(room);
	ck_assert_uint_eq(t->count, wrong);
	return wrong;
}

START_TEST(defaults)
{
	uint32_t all = 0;
	struct conf c;

	for (unsigned i = 0; i < MAILAUTH_KIND_COUNT; i++)
		if (i != MAILAUTH_KIND_ADDRESS)
			all |= 1u << i;
	ck_assert_uint_eq(conf_kinds_all(), all);
	memset(&c, 0xff, sizeof(c));
	conf_default(&c);
	ck_assert_int_eq(c.target, CONF_TO_FILE);
	ck_assert_int_eq(c.format, CONF_JSON);
	ck_assert_int_eq(c.clients, CONF_CLIENTS_NO);
	ck_assert_str_eq(c.log, "/var/lib/unbound/mailauth.log");
	ck_assert_str_eq(c.metrics, "");
	ck_assert_uint_eq(c.kinds, all);
	ck_assert_uint_eq(c.verdicts, 31);
	ck_assert_uint_eq(c.repeat_interval, 300);
	ck_assert_uint_eq(c.metrics_interval, 15);
	ck_assert_uint_eq(c.prefix4, 24);
	ck_assert_uint_eq(c.prefix6, 48);
	ck_assert_uint_eq(c.cache_size, 4096);
	ck_assert_uint_eq(c.buffer_size, 1 << 20);
	ck_assert_uint_eq(c.facility, 3);
	ck_assert_int_eq(c.profile, MAILAUTH_PROFILE_PRACTICE);
	ck_assert(!c.allow_documentation);
	ck_assert(!c.strict);
}
END_TEST

/* Valid lines behind "mailauth:", and the values they change. */
static const struct {
	const char *lines;
	const char *changed;
} good[] = {
	{ "", "" },
	{ "log-file: /a/b", "log=/a/b " },
	{ "log-file: \"/a b#c'd\"", "log=/a b#c'd " },
	{ "log-file: '/a \"b\"'", "log=/a \"b\" " },
	{ "log-file: /a#b", "log=/a " },
	{ "log-file: /a \t # it's a \"comment", "log=/a " },
	{ "log-file: \"/a\"# comment", "log=/a " },
	{ "log-file: \"/a\" \t", "log=/a " },
	{ "log-file:/a", "log=/a " },
	{ "log-file : /a:b", "log=/a:b " },
	{ "\tlog-file:\t/a\t", "log=/a " },
	{ "log-file: \"\"", "target=4 log= " },
	{ "log-file:", "target=4 log= " },
	{ "log-file: # nowhere", "target=4 log= " },
	{ "log-datagram: /a", "target=2 log=/a " },
	{ "log-datagram: unix:/a", "target=2 log=/a " },
	{ "log-datagram: \"\"", "target=4 log= " },
	{ "log-stream: /a", "target=3 log=/a " },
	{ "log-stream: \"unix:/a b\"", "target=3 log=/a b " },
	{ "log-stream: ''", "target=4 log= " },
	{ "use-syslog: yes", "target=1 log=/dev/log " },
	{ "use-syslog: no", "" },
	{ "use-syslog: no\nlog-file: /a", "log=/a " },
	{ "syslog-socket: /a", "target=1 log=/a " },
	{ "use-syslog: no\nsyslog-socket: /a", "target=1 log=/a " },
	{ "syslog-facility: mail", "facility=2 " },
	{ "syslog-facility: daemon", "" },
	{ "syslog-facility: local0", "facility=16 " },
	{ "syslog-facility: local1", "facility=17 " },
	{ "syslog-facility: local2", "facility=18 " },
	{ "syslog-facility: local3", "facility=19 " },
	{ "syslog-facility: local4", "facility=20 " },
	{ "syslog-facility: local5", "facility=21 " },
	{ "syslog-facility: local6", "facility=22 " },
	{ "syslog-facility: local7", "facility=23 " },
	{ "log-format: text", "format=1 " },
	{ "log-format: json", "" },
	{ "log-clients: no", "" },
	{ "log-clients: prefix", "clients=1 " },
	{ "log-clients: full", "clients=2 " },
	{ "client-prefix-v4: 0", "prefix4=0 " },
	{ "client-prefix-v4: 32", "prefix4=32 " },
	{ "client-prefix-v6: 0", "prefix6=0 " },
	{ "client-prefix-v6: 128", "prefix6=128 " },
	{ "kinds: all", "" },
	{ "verdicts: valid", "verdicts=1 " },
	{ "verdicts: invalid", "verdicts=2 " },
	{ "verdicts: none", "verdicts=4 " },
	{ "verdicts: temperror valid", "verdicts=9 " },
	{ "verdicts: valid  valid\tvalid", "verdicts=1 " },
	{ "verdicts: local-alias", "verdicts=16 " },
	{ "verdicts: temperror none invalid valid", "verdicts=15 " },
	{ "verdicts: local-alias temperror none invalid valid", "" },
	{ "verdicts: \"valid none\" # two", "verdicts=5 " },
	{ "repeat-interval: 1", "repeat_interval=1 " },
	{ "repeat-interval: 604800", "repeat_interval=604800 " },
	{ "repeat-interval: 0060", "repeat_interval=60 " },
	{ "metrics-file: /m", "metrics=/m " },
	{ "metrics-file: \"\"", "" },
	{ "metrics-interval: 1", "metrics_interval=1 " },
	{ "metrics-interval: 3600", "metrics_interval=3600 " },
	{ "cache-size: 64", "cache_size=64 " },
	{ "cache-size: 65", "cache_size=128 " },
	{ "cache-size: 100", "cache_size=128 " },
	{ "cache-size: 4k", "" },
	{ "cache-size: 5K", "cache_size=8192 " },
	{ "cache-size: 1m", "cache_size=1048576 " },
	{ "cache-size: 1048576", "cache_size=1048576 " },
	{ "buffer-size: 512k", "buffer_size=524288 " },
	{ "buffer-size: 524289", "" },
	{ "buffer-size: 1M", "" },
	{ "buffer-size: 3m", "buffer_size=4194304 " },
	{ "buffer-size: 256m", "buffer_size=268435456 " },
	{ "buffer-size: 262144k", "buffer_size=268435456 " },
	{ "profile: practice", "" },
	{ "profile: guide", "profile=1 " },
	{ "profile: rfc", "profile=2 " },
	{ "profile: bulk-sender", "profile=3 " },
	{ "profile: gov", "profile=4 " },
	{ "allow-documentation: yes", "allow_documentation=1 " },
	{ "allow-documentation: no", "" },
	{ "strict: yes", "strict=1 " },
	{ "strict: no", "" },
	{ "strict: 'yes'", "strict=1 " },
	{ "mailauth:\nmailauth: # again\nstrict: yes", "strict=1 " },
	{ "log-format: text\n\n# strict: yes\n\t\nprofile: rfc\n\n",
	    "format=1 profile=2 " },
};

START_TEST(good_lines)
{
	static const char *const ends[] = { "\n", "\r\n", " \t\n" };
	struct told t;
	struct conf c;

	for (int e = 0; e < COUNT(ends); e++) {
		char room[512] = "mailauth:";
		const char *p = good[_i].lines;

		strcat(room, ends[e]);
		for (; *p != '\0'; p += *p == '\n') {
			size_t n = strcspn(p, "\n");

			strncat(room, p, n);
			p += n;
			/* The last line needs no line break. */
			strcat(room, *p == '\n' || e > 0 ? ends[e] : "");
		}
		ck_assert_msg(read_conf(str_of(room), &c, &t) == 0, "%s%s",
		    room, t.text);
		ck_assert_str_eq(show(&c), good[_i].changed);
	}
}
END_TEST

/* Wrong texts, their messages, and the values they change all the same. */
static const struct {
	struct mailauth_str text;
	const char *told;
	const char *changed;
} bad[] = {
#define BAD(text, told, changed) \
	{ \
		STR_INIT(text), told, changed \
	}
#define M "mailauth:\n"
	BAD("strict: yes\n",
	    "1: strict: it has no 'mailauth:' in front of it\n", ""),
	BAD("strict: yes\nmailauth:\nstrict: yes",
	    "1: strict: it has no 'mailauth:' in front of it\n", "strict=1 "),
	BAD("mailauth: yes\nstrict: yes\n",
	    "1: there is nothing after 'mailauth:' in its line\n", "strict=1 "),
	BAD("mailauth\nstrict: yes\n",
	    "1: mailauth: a ':' is missing behind it\n"
	    "2: strict: it has no 'mailauth:' in front of it\n",
	    ""),
	BAD("\xef\xbb\xbfmailauth:\n",
	    "1: \\239\\187\\191mailauth: it has no 'mailauth:' in front "
	    "of it\n",
	    ""),
	BAD("server:\n", "1: server: it has no 'mailauth:' in front of it\n",
	    ""),
	BAD(M "server:\n", "2: server: there is no such option\n", ""),
	BAD(M "Strict: yes\n", "2: Strict: there is no such option\n", ""),
	BAD(M "stric: yes\n", "2: stric: there is no such option\n", ""),
	BAD(M "strict: yes\n\n\nfoo: yes # x\nlog-format: text\n",
	    "5: foo: there is no such option\n", "format=1 strict=1 "),
	BAD(M "strict yes\n", "2: strict yes: a ':' is missing behind it\n",
	    ""),
	BAD(M "strict:: yes\n", "2: expected is yes or no\n", ""),
	BAD(M "strict: yes\nstrict: yes\n", "3: strict: it is given twice\n",
	    "strict=1 "),
	BAD(M "strict: yes\nstrict: no\nstrict: no\n",
	    "3: strict: it is given twice\n4: strict: it is given twice\n",
	    "strict=1 "),
	BAD(M "strict: maybe\nstrict: yes\n",
	    "2: expected is yes or no\n3: strict: it is given twice\n", ""),
	BAD(M "strict: Yes\n", "2: expected is yes or no\n", ""),
	BAD(M "strict:\n", "2: expected is yes or no\n", ""),
	BAD(M "strict: \"yes\n", "2: the quote does not end\n", ""),
	BAD(M "strict: \"\n", "2: the quote does not end\n", ""),
	BAD(M "strict: 'yes\"\n", "2: the quote does not end\n", ""),
	BAD(M "strict: \"yes\" no\n",
	    "2: there is something after the quoted value\n", ""),
	BAD(M "log-file: \"a\"\"b\"\n",
	    "2: there is something after the quoted value\n", ""),
	BAD(M "log-file: /a\nlog-stream: /b\n",
	    "3: another option says where lines go\n", "log=/a "),
	BAD(M "log-file: /a\nlog-datagram:\n",
	    "3: another option says where lines go\n", "log=/a "),
	BAD(M "log-file: \"\"\nuse-syslog: yes\n",
	    "3: another option says where lines go\n", "target=4 log= "),
	BAD(M "syslog-socket: /a\nuse-syslog: yes\n",
	    "3: another option says where lines go\n", "target=1 log=/a "),
	BAD(M "use-syslog: 1\n", "2: expected is yes or no\n", ""),
	BAD(M "metrics-file: \"/a\0b\"\n", "2: the path holds a NUL\n", ""),
	BAD(M "str\0ict: yes\n", "2: str\\000ict: there is no such option\n",
	    ""),
	BAD(M "strict: yes\0\n", "2: expected is yes or no\n", ""),
	BAD(M "\0\n", "2: \\000: a ':' is missing behind it\n", ""),
	BAD(M "\x1b[2J\xff: 1\n", "2: \\027[2J\\255: there is no such option\n",
	    ""),
	BAD(M "repeat-interval: 0\n",
	    "2: expected is a number from 1 to 604800\n", ""),
	BAD(M "repeat-interval: 604801\n",
	    "2: expected is a number from 1 to 604800\n", ""),
	BAD(M "repeat-interval: 4294967297\n",
	    "2: expected is a number from 1 to 604800\n", ""),
	BAD(M "repeat-interval: -1\n",
	    "2: expected is a number from 1 to 604800\n", ""),
	BAD(M "repeat-interval: 1 2\n",
	    "2: expected is a number from 1 to 604800\n", ""),
	BAD(M "repeat-interval: 1m\n",
	    "2: expected is a number from 1 to 604800\n", ""),
	BAD(M "repeat-interval:\n",
	    "2: expected is a number from 1 to 604800\n", ""),
	BAD(M "metrics-interval: 0\n",
	    "2: expected is a number from 1 to 3600\n", ""),
	BAD(M "metrics-interval: 3601\n",
	    "2: expected is a number from 1 to 3600\n", ""),
	BAD(M "client-prefix-v4: 33\n",
	    "2: expected is a number from 0 to 32\n", ""),
	BAD(M "client-prefix-v4: /24\n",
	    "2: expected is a number from 0 to 32\n", ""),
	BAD(M "client-prefix-v6: 129\n",
	    "2: expected is a number from 0 to 128\n", ""),
#define CACHE \
	"2: expected is a size from 64 to 1048576, k and m are understood\n"
	BAD(M "cache-size: 63\n", CACHE, ""),
	BAD(M "cache-size: 0\n", CACHE, ""),
	BAD(M "cache-size: 1048577\n", CACHE, ""),
	BAD(M "cache-size: 1025k\n", CACHE, ""),
	BAD(M "cache-size: 2m\n", CACHE, ""),
	BAD(M "cache-size: 4194304k\n", CACHE, ""),
	BAD(M "cache-size: 4097m\n", CACHE, ""),
	BAD(M "cache-size: k\n", CACHE, ""),
	BAD(M "cache-size: 4kk\n", CACHE, ""),
	BAD(M "cache-size: 4 k\n", CACHE, ""),
	BAD(M "cache-size: 4g\n", CACHE, ""),
	BAD(M "cache-size: 0x40\n", CACHE, ""),
	BAD(M "cache-size:\n", CACHE, ""),
#define BUFFER \
	"2: expected is a size from 524288 to 268435456, k and m are " \
	"understood\n"
	BAD(M "buffer-size: 511k\n", BUFFER, ""),
	BAD(M "buffer-size: 524287\n", BUFFER, ""),
	BAD(M "buffer-size: 257m\n", BUFFER, ""),
	BAD(M "buffer-size: 268435457\n", BUFFER, ""),
	BAD(M "log-format: xml\n", "2: expected is one of json, text\n", ""),
	BAD(M "log-format: JSON\n", "2: expected is one of json, text\n", ""),
	BAD(M "log-format:\n", "2: expected is one of json, text\n", ""),
	BAD(M "log-clients: yes\n", "2: expected is one of no, prefix, full\n",
	    ""),
	BAD(M "profile: strict\n",
	    "2: expected is one of practice, guide, rfc, bulk-sender, gov\n",
	    ""),
	BAD(M "syslog-facility: local8\n",
	    "2: expected is one of mail, daemon, local0, local1, local2, "
	    "local3, local4, local5, local6, local7\n",
	    ""),
	BAD(M "syslog-facility: local\n",
	    "2: expected is one of mail, daemon, local0, local1, local2, "
	    "local3, local4, local5, local6, local7\n",
	    ""),
	BAD(M "kinds: spf foo dkim\n",
	    "2: foo: no kind of record that the module knows\n", ""),
	BAD(M "kinds: address\n",
	    "2: address: no kind of record that the module knows\n", ""),
	BAD(M "kinds: SPF\n",
	    "2: SPF: no kind of record that the module knows\n", ""),
	BAD(M "kinds:\n", "2: expected are kinds of records, or all\n", ""),
	BAD(M "verdicts: good\n",
	    "2: good: no verdict: valid, invalid, none, temperror, local-alias\n",
	    ""),
	BAD(M "verdicts: valid,none\n",
	    "2: valid,none: no verdict: valid, invalid, none, temperror, local-alias\n",
	    ""),
	BAD(M "verdicts: \"\"\n",
	    "2: expected are some of valid, invalid, none, temperror, "
	    "local-alias\n",
	    ""),
	BAD(M "allow-documentation: true\n", "2: expected is yes or no\n", ""),
};

START_TEST(bad_lines)
{
	struct told t;
	struct conf c;
	unsigned lines = 0;

	for (const char *p = bad[_i].told; *p != '\0'; p++)
		lines += *p == '\n';
	ck_assert_uint_eq(read_conf(bad[_i].text, &c, &t), lines);
	ck_assert_str_eq(t.text, bad[_i].told);
	ck_assert_str_eq(show(&c), bad[_i].changed);
}
END_TEST

/* Every kind can be named, alone and with others. */
START_TEST(kinds_named)
{
	struct told t;
	struct conf c;
	char room[256];

	for (unsigned i = 0; i < MAILAUTH_KIND_COUNT; i++) {
		snprintf(room, sizeof(room), M "kinds: %s", kind_at(i)->name);
		if (i == MAILAUTH_KIND_ADDRESS) {
			ck_assert_uint_eq(read_conf(str_of(room), &c, &t), 1);
			continue;
		}
		ck_assert_uint_eq(read_conf(str_of(room), &c, &t), 0);
		ck_assert_uint_eq(c.kinds, 1u << i);
	}
	ck_assert_uint_eq(read_conf(STR(M "kinds: mx \t ptr mx"), &c, &t), 0);
	ck_assert_uint_eq(c.kinds, KIND_BIT(MX) | KIND_BIT(PTR));
	ck_assert_uint_eq(read_conf(STR(M "kinds: mx all"), &c, &t), 0);
	ck_assert_uint_eq(c.kinds, conf_kinds_all());
}
END_TEST

/* The limit of a path, and the lower limit of the path of a socket. */
static const struct {
	const char *option;
	size_t most;
	const char *why;
} paths[] = {
	{ "log-file", CONF_PATH_MAX - 1, "the path is too long" },
	{ "metrics-file", CONF_PATH_MAX - 1, "the path is too long" },
	{ "log-datagram", 107, "the path is too long for a socket" },
	{ "log-stream", 107, "the path is too long for a socket" },
	{ "syslog-socket", 107, "the path is too long for a socket" },
};

START_TEST(long_paths)
{
	for (size_t n = paths[_i].most - 1; n <= paths[_i].most + 2; n++) {
		char room[2048], told[128];
		struct told t;
		struct conf c;
		size_t at = (size_t)snprintf(room, sizeof(room), M "%s: \"",
		    paths[_i].option);

		memset(room + at, 'x', n);
		memcpy(room + at + n, "\"\n", 3);
		if (n <= paths[_i].most) {
			ck_assert_uint_eq(read_conf(str_of(room), &c, &t), 0);
			ck_assert_uint_eq(strlen(_i == 1 ? c.metrics : c.log),
			    n);
		} else {
			ck_assert_uint_eq(read_conf(str_of(room), &c, &t), 1);
			snprintf(told, sizeof(told), "2: %s\n", paths[_i].why);
			ck_assert_str_eq(t.text, told);
		}
	}
}
END_TEST

/* One line as long as the largest file, of any octet. */
START_TEST(long_lines)
{
	static char room[65536];
	static const char octets[] = { 'a', '"', '\\', '\0', '\xff', '\r', ':',
		'#', ' ' };
	struct told t;
	struct conf c;

	for (size_t i = 0; i < sizeof(octets); i++) {
		bool blank =
		    strchr("# \r", octets[i]) != NULL && octets[i] != '\0';

		memset(room, octets[i], sizeof(room));
		ck_assert_uint_eq(read_conf((struct mailauth_str){ room,
		                                sizeof(room) },
		                      &c, &t),
		    !blank);
		ck_assert_str_eq(show(&c), "");
		/* The line is a value. */
		memcpy(room, M "log-file: ", 20);
		ck_assert_uint_eq(read_conf((struct mailauth_str){ room,
		                                sizeof(room) },
		                      &c, &t),
		    !blank);
		/* Many lines of a few octets. */
		memset(room, '\n', sizeof(room));
		ck_assert_uint_eq(read_conf((struct mailauth_str){ room,
		                                sizeof(room) },
		                      &c, &t),
		    0);
	}
}
END_TEST

/* A text cut at any octet gives one message for each wrong line, and the lines
 * in front of the cut have the same effect. */
START_TEST(cut_text)
{
	static const struct mailauth_str text =
	    STR_INIT("# x\nmailauth:\n\tlog-file: \"/a b\" # c\n\tfoo: 1\n"
	             "\tstrict: yes\n\tkinds: spf mx\n");
	size_t log = str_ifind(text, STR("b\"")) + 2;
	size_t yes = str_ifind(text, STR("yes")) + 3;
	struct told t;
	struct conf c;

	for (size_t n = 0; n <= text.n; n++) {
		unsigned wrong = read_conf(str_sub(text, 0, n), &c, &t);

		ck_assert_uint_le(wrong, 2);
		ck_assert_int_eq(strcmp(c.log, "/a b") == 0, n >= log);
		ck_assert_int_eq(c.strict, n >= yes);
	}
	ck_assert_str_eq(t.text, "4: foo: there is no such option\n");
}
END_TEST

Suite *
suite_conf(void)
{
	Suite *s = suite_create("conf");
	TCase *tc = tcase_create("conf");

	tcase_set_timeout(tc, 60);
	tcase_add_test(tc, defaults);
	tcase_add_loop_test(tc, good_lines, 0, COUNT(good));
	tcase_add_loop_test(tc, bad_lines, 0, COUNT(bad));
	tcase_add_test(tc, kinds_named);
	tcase_add_loop_test(tc, long_paths, 0, COUNT(paths));
	tcase_add_test(tc, long_lines);
	tcase_add_test(tc, cut_text);
	suite_add_tcase(s, tc);
	return s;
}
