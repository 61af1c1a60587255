/*
 * test_base.c - strings, writers, arenas, names, addresses, base64
 * SPDX-License-Identifier: BSD-3-Clause
 */
#include <stdio.h>

#include "base/addr.h"
#include "base/arena.h"
#include "base/base64.h"
#include "base/cursor.h"
#include "base/dname.h"
#include "base/str.h"
#include "unit.h"

#define COUNT(table) ((int)(sizeof(table) / sizeof((table)[0])))

/* Borrowed bytes as a C string, for comparisons. */
static const char *
c_str(struct mailauth_str s)
{
	static char room[2048];

	ck_assert_uint_lt(s.n, sizeof(room));
	if (s.n > 0)
		memcpy(room, s.s, s.n);
	room[s.n] = '\0';
	return room;
}

static const struct {
	const char *text;
	uint32_t max;
	bool good;
	uint32_t value;
} numbers[] = {
	{ "0", 10, true, 0 },
	{ "10", 10, true, 10 },
	{ "11", 10, false, 0 },
	{ "007", 10, true, 7 },
	{ "", 10, false, 0 },
	{ "1x", 10, false, 0 },
	{ "-1", 10, false, 0 },
	{ "+1", 10, false, 0 },
	{ " 1", 10, false, 0 },
	{ "4294967295", UINT32_MAX, true, UINT32_MAX },
	{ "4294967296", UINT32_MAX, false, 0 },
	{ "99999999999999999999", UINT32_MAX, false, 0 },
};

START_TEST(number)
{
	uint32_t v = 77;

	ck_assert_int_eq(str_number(str_of(numbers[_i].text), numbers[_i].max,
	                     &v),
	    numbers[_i].good);
	ck_assert_uint_eq(v, numbers[_i].good ? numbers[_i].value : 77);
}
END_TEST

START_TEST(strings)
{
	struct mailauth_str s = STR(" a=b ; c "), head;

	ck_assert_str_eq(c_str(str_trim(s)), "a=b ; c");
	head = str_cut(&s, ';');
	ck_assert_str_eq(c_str(head), " a=b ");
	ck_assert_str_eq(c_str(s), " c ");
	head = str_cut(&s, ';');
	ck_assert_str_eq(c_str(head), " c ");
	ck_assert_uint_eq(s.n, 0);
	head = str_cut(&s, ';');
	ck_assert_uint_eq(head.n + s.n, 0);
	s = STR("  one two ");
	ck_assert_str_eq(c_str(str_word(&s)), "one");
	ck_assert_str_eq(c_str(str_word(&s)), "two");
	ck_assert_uint_eq(str_word(&s).n, 0);
	ck_assert(str_ieq(STR("AbC"), STR("aBc")));
	ck_assert(!str_ieq(STR("abc"), STR("ab")));
	ck_assert(!str_eq(STR("abc"), STR("abC")));
	ck_assert(str_istarts(STR("V=Spf1 x"), STR("v=spf1")));
	ck_assert(!str_istarts(STR("v=sp"), STR("v=spf1")));
	ck_assert_uint_eq(str_ifind(STR("hello WORLD"), STR("world")), 6);
	ck_assert_uint_eq(str_ifind(STR("hello"), STR("world")), 5);
	ck_assert_uint_eq(str_find(STR_NONE, 'x'), 0);
	ck_assert_uint_eq(str_sub(STR("abc"), 5, 2).n, 0);
	ck_assert_str_eq(c_str(str_sub(STR("abc"), 1, 99)), "bc");
	ck_assert(str_eq(STR_NONE, STR("")));
}
END_TEST

START_TEST(cursor)
{
	static const uint8_t data[] = { 1, 2, 3, 4, 5, 6, 7 };
	struct cursor c = cursor_of(data, sizeof(data));

	ck_assert_uint_eq(cursor_u8(&c), 1);
	ck_assert_uint_eq(cursor_u16(&c), 0x0203);
	ck_assert_uint_eq(cursor_left(&c), 4);
	ck_assert_uint_eq(cursor_u32(&c), 0x04050607);
	ck_assert_uint_eq(cursor_left(&c), 0);
	ck_assert(!c.bad);
	ck_assert_ptr_nonnull(cursor_take(&c, 0));
	/* A read past the end returns zero and sets a sticky error. */
	ck_assert_uint_eq(cursor_u8(&c), 0);
	ck_assert(c.bad);
	c.at = 0;
	ck_assert_uint_eq(cursor_u8(&c), 0);
	ck_assert_ptr_null(cursor_take(&c, 1));
	c = cursor_of(data, sizeof(data));
	ck_assert_ptr_null(cursor_take(&c, SIZE_MAX));
	ck_assert(c.bad);
}
END_TEST

START_TEST(writer)
{
	char room[8];
	struct writer w = writer_of(room, sizeof(room));

	put_text(&w, "abc");
	put_number(&w, 42);
	ck_assert_str_eq(c_str(writer_str(&w)), "abc42");
	/* Text that does not fit is dropped whole, and so is later text. */
	put_text(&w, "wxyz");
	put_char(&w, '!');
	ck_assert(w.full);
	ck_assert_str_eq(c_str(writer_str(&w)), "abc42");
}
END_TEST

static const struct {
	struct mailauth_str raw;
	const char *shown;
} untrusted[] = {
	{ STR_INIT("plain text; with \"quotes\""),
	    "plain text; with \"quotes\"" },
	{ STR_INIT("back\\slash"), "back\\\\slash" },
	{ STR_INIT("\x1b[31m"), "\\027[31m" },
	{ STR_INIT("\x00\x7f\x80\xff"), "\\000\\127\\128\\255" },
	{ STR_INIT("\xe2\x80\x93"), "\\226\\128\\147" },
	{ STR_INIT("\r\n\t"), "\\013\\010\\009" },
	{ STR_INIT(""), "" },
};

START_TEST(shown)
{
	char room[64];
	struct writer w = writer_of(room, sizeof(room));

	put_untrusted(&w, untrusted[_i].raw);
	ck_assert_str_eq(c_str(writer_str(&w)), untrusted[_i].shown);
}
END_TEST

START_TEST(arenas)
{
	struct arena a = { NULL, false };
	struct writer w = arena_writer(&a);
	uint8_t *p, *q;

	p = arena_alloc(&a, 3);
	q = arena_alloc(&a, 100000);
	ck_assert_ptr_nonnull(p);
	ck_assert_ptr_nonnull(q);
	ck_assert_uint_eq((uintptr_t)p % _Alignof(max_align_t), 0);
	for (size_t i = 0; i < 100000; i++)
		ck_assert_uint_eq(q[i], 0);
	for (int i = 0; i < 5000; i++)
		put_number(&w, (uint64_t)i);
	ck_assert(!w.full);
	ck_assert_uint_eq(w.used, 10 + 90 * 2 + 900 * 3 + 4000 * 4);
	ck_assert(str_starts(writer_str(&w), STR("0123456789101112")));
	ck_assert_str_eq(arena_copy(&a, STR("text")).s, "text");
	ck_assert_ptr_null(arena_alloc(&a, SIZE_MAX));
	ck_assert(a.failed);
	arena_free(&a);
	ck_assert(!a.failed);
}
END_TEST

#define L63 "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"

static const struct {
	const char *text;
	enum dname_fault fault;
	const char *canonical;
} names[] = {
	{ ".", DNAME_OK, "." },
	{ "com", DNAME_OK, "com." },
	{ "Example.COM.", DNAME_OK, "example.com." },
	{ "_dmarc.example.com", DNAME_OK, "_dmarc.example.com." },
	{ "*.example.com", DNAME_OK, "*.example.com." },
	{ "a\\.b.example", DNAME_OK, "a\\.b.example." },
	{ "a\\046b.example", DNAME_OK, "a\\.b.example." },
	{ "\\007\\255.x", DNAME_OK, "\\007\\255.x." },
	{ "a\\\\b.x", DNAME_OK, "a\\\\b.x." },
	{ "a b.x", DNAME_OK, "a\\032b.x." },
	{ "", DNAME_EMPTY_LABEL, NULL },
	{ "..", DNAME_EMPTY_LABEL, NULL },
	{ "a..b", DNAME_EMPTY_LABEL, NULL },
	{ ".a", DNAME_EMPTY_LABEL, NULL },
	{ "a\\", DNAME_BAD_ESCAPE, NULL },
	{ "a\\25", DNAME_BAD_ESCAPE, NULL },
	{ "a\\256", DNAME_BAD_ESCAPE, NULL },
	{ "a\\2x6", DNAME_BAD_ESCAPE, NULL },
	{ L63 ".x", DNAME_OK, L63 ".x." },
	{ L63 "a.x", DNAME_LABEL_TOO_LONG, NULL },
	/* 3 * 64 + 62 + 1: 255 octets on the wire */
	{ L63 "." L63 "." L63 "."
	      "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
	    DNAME_OK,
	    L63 "." L63 "." L63 "."
	        "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
	        "." },
	{ L63 "." L63 "." L63 "."
	      "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
	    DNAME_TOO_LONG, NULL },
	{ L63 "." L63 "." L63 "." L63, DNAME_TOO_LONG, NULL },
	{ L63 "." L63 "." L63 "."
	      "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa.b",
	    DNAME_TOO_LONG, NULL },
};

START_TEST(name)
{
	char room[DNAME_TEXT_MAX];
	struct writer w = writer_of(room, sizeof(room));
	struct dname d, again;
	struct cursor c;

	const char *text = names[_i].text;

	ck_assert_int_eq(dname_parse(str_of(text), &d), names[_i].fault);
	ck_assert_int_eq(dname_is_canonical(str_of(text)),
	    names[_i].fault == DNAME_OK &&
	        strcmp(text, names[_i].canonical) == 0 && text[1] != '\0' &&
	        strspn(text, "abcdefghijklmnopqrstuvwxyz0123456789-_.") ==
	            strlen(text));
	ck_assert_ptr_nonnull(dname_fault_text(names[_i].fault));
	if (names[_i].fault != DNAME_OK)
		return;
	put_dname(&w, &d);
	ck_assert_str_eq(c_str(writer_str(&w)), names[_i].canonical);
	/* The written text parses to the same name. */
	ck_assert_int_eq(dname_parse(writer_str(&w), &again), DNAME_OK);
	ck_assert_uint_eq(again.len, d.len);
	ck_assert_mem_eq(again.wire, d.wire, d.len);
	c = cursor_of(d.wire, d.len);
	ck_assert(dname_read(&c, false, &again));
	ck_assert_uint_eq(cursor_left(&c), 0);
	ck_assert_mem_eq(again.wire, d.wire, d.len);
}
END_TEST

static const struct {
	struct mailauth_str wire;
	size_t from; /* offset of the name */
	size_t behind; /* offset behind it; 0: it is not a name */
	const char *text;
} wires[] = {
	{ STR_INIT("\3com\0"), 0, 5, "com." },
	{ STR_INIT("\3COM\0"), 0, 5, "com." },
	{ STR_INIT("\0"), 0, 1, "." },
	{ STR_INIT("\3com\0\2ab\xc0\0"), 5, 10, "ab.com." },
	{ STR_INIT("\3com\0\2ab\xc0\0\1x\xc0\5"), 10, 14, "x.ab.com." },
	/* pointers to themselves, forwards, past the end, cut off */
	{ STR_INIT("\xc0\0"), 0, 0, NULL },
	{ STR_INIT("\1a\xc0\0"), 0, 0, NULL },
	{ STR_INIT("\xc0\2\1a\0"), 0, 0, NULL },
	{ STR_INIT("\3com\0\xc0\x40"), 5, 0, NULL },
	{ STR_INIT("\3com\0\xc0"), 5, 0, NULL },
	/* two pointers at each other */
	{ STR_INIT("\xc0\2\xc0\0"), 2, 0, NULL },
	/* cut off, reserved label types */
	{ STR_INIT("\3co"), 0, 0, NULL },
	{ STR_INIT("\3com"), 0, 0, NULL },
	{ STR_INIT("\x40"
	           "a\0"),
	    0, 0, NULL },
	{ STR_INIT("\x80"
	           "a\0"),
	    0, 0, NULL },
	{ STR_INIT(""), 0, 0, NULL },
};

START_TEST(wire)
{
	char room[DNAME_TEXT_MAX];
	struct writer w = writer_of(room, sizeof(room));
	struct cursor c = cursor_of(wires[_i].wire.s, wires[_i].wire.n);
	struct dname d;

	c.at = wires[_i].from;
	ck_assert_int_eq(dname_read(&c, true, &d), wires[_i].behind > 0);
	ck_assert_int_eq(c.bad, wires[_i].behind == 0);
	if (wires[_i].behind == 0)
		return;
	ck_assert_uint_eq(c.at, wires[_i].behind);
	put_dname(&w, &d);
	ck_assert_str_eq(c_str(writer_str(&w)), wires[_i].text);
}
END_TEST

START_TEST(name_parts)
{
	struct arena arena = { NULL, false };

	ck_assert_uint_eq(dname_labels(STR(".")), 0);
	ck_assert_uint_eq(dname_labels(STR("com.")), 1);
	ck_assert_uint_eq(dname_labels(STR("a\\.b.example.com.")), 3);
	ck_assert_str_eq(c_str(dname_parent(STR("a\\.b.example."))),
	    "example.");
	ck_assert_str_eq(c_str(dname_parent(STR("com."))), ".");
	ck_assert_str_eq(c_str(dname_parent(STR("."))), ".");
	ck_assert_str_eq(c_str(dname_first(STR("a\\.b.example."))), "a\\.b");
	ck_assert(dname_under(STR("example.com."), STR("example.com.")));
	ck_assert(dname_under(STR("a.example.com."), STR("example.com.")));
	ck_assert(dname_under(STR("a.example.com."), STR(".")));
	ck_assert(!dname_under(STR("badexample.com."), STR("example.com.")));
	ck_assert(!dname_under(STR("a\\.example.com."), STR("example.com.")));
	ck_assert(!dname_under(STR("com."), STR("example.com.")));
	ck_assert(str_eq(dname_plain(&arena, STR("a.example.com.")),
	    STR("a.example.com")));
	ck_assert(str_eq(dname_plain(&arena, STR("a\\@b\\032c.\\.com.")),
	    STR("a@b c..com")));
	ck_assert(str_eq(dname_plain(&arena, STR(".")), STR("")));
	arena_free(&arena);
}
END_TEST

static const struct {
	const char *name;
	bool host;
} hosts[] = {
	{ "mail.example.com.", true },
	{ "mail-1.example.com.", true },
	{ "1.example.com.", true },
	{ "localhost.", true },
	{ "mail_1.example.com.", false },
	{ "-mail.example.com.", false },
	{ "mail-.example.com.", false },
	{ "192.0.2.4.", false },
	{ "*.example.com.", false },
	{ "a\\.b.example.com.", false },
	{ ".", false },
};

START_TEST(host)
{
	ck_assert_int_eq(dname_is_host(str_of(hosts[_i].name)), hosts[_i].host);
}
END_TEST

static const struct {
	const char *text;
	int family; /* 0: the text is not an address */
	const char *shown;
	enum addr_scope scope;
} addresses[] = {
	{ "198.41.0.4", 4, "198.41.0.4", ADDR_GLOBAL },
	{ "0.0.0.0", 4, "0.0.0.0", ADDR_NONPUBLIC },
	{ "255.255.255.255", 4, "255.255.255.255", ADDR_NONPUBLIC },
	{ "10.0.0.1", 4, "10.0.0.1", ADDR_NONPUBLIC },
	{ "11.0.0.1", 4, "11.0.0.1", ADDR_GLOBAL },
	{ "100.63.255.255", 4, "100.63.255.255", ADDR_GLOBAL },
	{ "100.64.0.0", 4, "100.64.0.0", ADDR_NONPUBLIC },
	{ "100.127.255.255", 4, "100.127.255.255", ADDR_NONPUBLIC },
	{ "100.128.0.0", 4, "100.128.0.0", ADDR_GLOBAL },
	{ "127.0.0.1", 4, "127.0.0.1", ADDR_NONPUBLIC },
	{ "169.254.1.1", 4, "169.254.1.1", ADDR_NONPUBLIC },
	{ "172.15.0.1", 4, "172.15.0.1", ADDR_GLOBAL },
	{ "172.31.0.1", 4, "172.31.0.1", ADDR_NONPUBLIC },
	{ "192.0.2.4", 4, "192.0.2.4", ADDR_DOCUMENTATION },
	{ "198.18.0.1", 4, "198.18.0.1", ADDR_NONPUBLIC },
	{ "198.51.100.1", 4, "198.51.100.1", ADDR_DOCUMENTATION },
	{ "203.0.113.1", 4, "203.0.113.1", ADDR_DOCUMENTATION },
	{ "224.0.0.1", 4, "224.0.0.1", ADDR_NONPUBLIC },
	{ "240.0.0.1", 4, "240.0.0.1", ADDR_NONPUBLIC },
	{ "1.2.3", 0, NULL, 0 },
	{ "1.2.3.4.5", 0, NULL, 0 },
	{ "1.2.3.256", 0, NULL, 0 },
	{ "1.2.3.04", 0, NULL, 0 },
	{ "1.2.3.", 0, NULL, 0 },
	{ "1..3.4", 0, NULL, 0 },
	{ "1.2.3.4 ", 0, NULL, 0 },
	{ "0x1.2.3.4", 0, NULL, 0 },
	{ "", 0, NULL, 0 },
	{ "::", 6, "::", ADDR_NONPUBLIC },
	{ "::1", 6, "::1", ADDR_NONPUBLIC },
	{ "2001:500:2::c", 6, "2001:500:2::c", ADDR_GLOBAL },
	{ "2001:0500:0002:0:0:0:0:000C", 6, "2001:500:2::c", ADDR_GLOBAL },
	{ "2001:db8::1", 6, "2001:db8::1", ADDR_DOCUMENTATION },
	{ "3fff:fff::1", 6, "3fff:fff::1", ADDR_DOCUMENTATION },
	{ "2002:c629:4::1", 6, "2002:c629:4::1", ADDR_NONPUBLIC },
	{ "fe80::1", 6, "fe80::1", ADDR_NONPUBLIC },
	{ "fd00::1", 6, "fd00::1", ADDR_NONPUBLIC },
	{ "ff02::1", 6, "ff02::1", ADDR_NONPUBLIC },
	{ "::ffff:198.41.0.4", 6, "::ffff:198.41.0.4", ADDR_NONPUBLIC },
	{ "64:ff9b::198.41.0.4", 6, "64:ff9b::c629:4", ADDR_GLOBAL },
	{ "64:ff9b::10.0.0.1", 6, "64:ff9b::a00:1", ADDR_NONPUBLIC },
	{ "64:ff9b::192.0.2.4", 6, "64:ff9b::c000:204", ADDR_DOCUMENTATION },
	{ "1:2:3:4:5:6:7:8", 6, "1:2:3:4:5:6:7:8", ADDR_GLOBAL },
	{ "1:0:0:4:5:0:0:8", 6, "1::4:5:0:0:8", ADDR_GLOBAL },
	{ "1:0:3:4:5:6:7:8", 6, "1:0:3:4:5:6:7:8", ADDR_GLOBAL },
	{ "1:2:3:4:5:6:7::", 6, "1:2:3:4:5:6:7:0", ADDR_GLOBAL },
	{ "::2:3:4:5:6:7:8", 6, "0:2:3:4:5:6:7:8", ADDR_GLOBAL },
	{ "1:2:3:4:5:6:7:8::", 0, NULL, 0 },
	{ "1:2:3:4:5:6:7:8:9", 0, NULL, 0 },
	{ "1:2:3:4:5:6:7", 0, NULL, 0 },
	{ "1::2::3", 0, NULL, 0 },
	{ "1:::2", 0, NULL, 0 },
	{ ":1::2", 0, NULL, 0 },
	{ "1::2:", 0, NULL, 0 },
	{ ":", 0, NULL, 0 },
	{ "12345::", 0, NULL, 0 },
	{ "g::", 0, NULL, 0 },
	{ "1:2:3:4:5:6:7:1.2.3.4", 0, NULL, 0 },
	{ "::1.2.3", 0, NULL, 0 },
	{ "fe80::1%eth0", 0, NULL, 0 },
};

START_TEST(address)
{
	char room[64];
	struct writer w = writer_of(room, sizeof(room));
	struct addr a;

	ck_assert_int_eq(addr_parse(str_of(addresses[_i].text), &a),
	    addresses[_i].family != 0);
	if (addresses[_i].family == 0)
		return;
	ck_assert_int_eq(a.family, addresses[_i].family);
	put_addr(&w, &a);
	ck_assert_str_eq(c_str(writer_str(&w)), addresses[_i].shown);
	ck_assert_int_eq(addr_scope_of(&a), addresses[_i].scope);
}
END_TEST

static struct addr
addr(const char *text)
{
	struct addr a;

	ck_assert(addr_parse(str_of(text), &a));
	return a;
}

START_TEST(networks)
{
	struct addr a = addr("198.41.0.4"), b = addr("198.41.0.7");
	struct addr six = addr("::"), c = addr("2001:db8:8000::");
	struct addr d = addr("2001:db8:ffff::");
	char room[128];
	struct writer w = writer_of(room, sizeof(room));

	ck_assert(addr_in(&a, &b, 30));
	ck_assert(!addr_in(&a, &b, 31));
	ck_assert(addr_in(&a, &b, 0));
	ck_assert(!addr_in(&a, &six, 0));
	ck_assert(!addr_in(&a, &a, 33));
	ck_assert(addr_in(&c, &d, 33));
	ck_assert(!addr_in(&c, &d, 34));
	ck_assert(addr_eq(&a, &a) && !addr_eq(&a, &b));
	ck_assert(addr_has_host_bits(&a, 24));
	ck_assert(!addr_has_host_bits(&a, 30));
	ck_assert(!addr_has_host_bits(&a, 32));
	for (unsigned bits = 0; bits <= 128; bits++) {
		/* Bit 33 is the last bit set. */
		ck_assert_int_eq(addr_has_host_bits(&c, bits), bits < 33);
		ck_assert(!addr_has_host_bits(&six, bits));
	}
	put_addr_reverse(&w, &a);
	ck_assert_str_eq(c_str(writer_str(&w)), "4.0.41.198.in-addr.arpa.");
	w.used = 0;
	put_addr_reverse(&w, &c);
	ck_assert_str_eq(c_str(writer_str(&w)),
	    "0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.8.b.d.0.1.0.0.2."
	    "ip6.arpa.");
}
END_TEST

/* Blocks of the IANA special-purpose registries, and their neighbours. */
static const struct {
	const char *before, *first, *last, *after;
	enum addr_scope scope;
} blocks[] = {
	{ NULL, "0.0.0.0", "0.255.255.255", "1.0.0.0", ADDR_NONPUBLIC },
	{ "9.255.255.255", "10.0.0.0", "10.255.255.255", "11.0.0.0",
	    ADDR_NONPUBLIC },
	{ "100.63.255.255", "100.64.0.0", "100.127.255.255", "100.128.0.0",
	    ADDR_NONPUBLIC },
	{ "126.255.255.255", "127.0.0.0", "127.255.255.255", "128.0.0.0",
	    ADDR_NONPUBLIC },
	{ "169.253.255.255", "169.254.0.0", "169.254.255.255", "169.255.0.0",
	    ADDR_NONPUBLIC },
	{ "172.15.255.255", "172.16.0.0", "172.31.255.255", "172.32.0.0",
	    ADDR_NONPUBLIC },
	{ "191.255.255.255", "192.0.0.0", "192.0.0.255", "192.0.1.0",
	    ADDR_NONPUBLIC },
	{ "192.0.1.0", "192.0.0.8", "192.0.0.8", "192.0.0.9", ADDR_NONPUBLIC },
	{ "192.0.0.10", "192.0.0.11", "192.0.0.11", NULL, ADDR_NONPUBLIC },
	{ "192.0.1.255", "192.0.2.0", "192.0.2.255", "192.0.3.0",
	    ADDR_DOCUMENTATION },
	{ "192.88.98.255", "192.88.99.0", "192.88.99.255", "192.88.100.0",
	    ADDR_NONPUBLIC },
	{ "192.167.255.255", "192.168.0.0", "192.168.255.255", "192.169.0.0",
	    ADDR_NONPUBLIC },
	{ "198.17.255.255", "198.18.0.0", "198.19.255.255", "198.20.0.0",
	    ADDR_NONPUBLIC },
	{ "198.51.99.255", "198.51.100.0", "198.51.100.255", "198.51.101.0",
	    ADDR_DOCUMENTATION },
	{ "203.0.112.255", "203.0.113.0", "203.0.113.255", "203.0.114.0",
	    ADDR_DOCUMENTATION },
	{ "223.255.255.255", "224.0.0.0", "255.255.255.255", NULL,
	    ADDR_NONPUBLIC },
	{ NULL, "::", "::1", "::2", ADDR_NONPUBLIC },
	{ "::fffe:ffff:ffff", "::ffff:0.0.0.0", "::ffff:255.255.255.255",
	    "::1:0:0:0", ADDR_NONPUBLIC },
	{ "64:ff9b:0:ffff:ffff:ffff:ffff:ffff",
	    "64:ff9b:1::", "64:ff9b:1:ffff:ffff:ffff:ffff:ffff",
	    "64:ff9b:2::", ADDR_NONPUBLIC },
	{ "ff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "100::",
	    "100::ffff:ffff:ffff:ffff", "100:0:0:1::", ADDR_NONPUBLIC },
	{ "2000:ffff:ffff:ffff:ffff:ffff:ffff:ffff",
	    "2001::", "2001:1ff:ffff:ffff:ffff:ffff:ffff:ffff",
	    "2001:200::", ADDR_NONPUBLIC },
	{ "2001:1::1", "2001:1::4",
	    "2001:2:ffff:ffff::", "2001:3::", ADDR_NONPUBLIC },
	{ "2001:4:112::", "2001:4::", "2001:4:113::", "2001:20::",
	    ADDR_NONPUBLIC },
	{ "2001:3f::", "2001:1f::", "2001:40::", "2001:30::", ADDR_NONPUBLIC },
	{ "2001:db7:ffff:ffff:ffff:ffff:ffff:ffff",
	    "2001:db8::", "2001:db8:ffff:ffff:ffff:ffff:ffff:ffff",
	    "2001:db9::", ADDR_DOCUMENTATION },
	{ "2001:ffff:ffff:ffff:ffff:ffff:ffff:ffff",
	    "2002::", "2002:ffff:ffff:ffff:ffff:ffff:ffff:ffff",
	    "2003::", ADDR_NONPUBLIC },
	{ "3ffe:ffff:ffff:ffff:ffff:ffff:ffff:ffff",
	    "3fff::", "3fff:fff:ffff:ffff:ffff:ffff:ffff:ffff",
	    "3fff:1000::", ADDR_DOCUMENTATION },
	{ "5eff:ffff:ffff:ffff:ffff:ffff:ffff:ffff",
	    "5f00::", "5f00:ffff:ffff:ffff:ffff:ffff:ffff:ffff",
	    "5f01::", ADDR_NONPUBLIC },
	{ "fbff:ffff:ffff:ffff:ffff:ffff:ffff:ffff",
	    "fc00::", "fdff:ffff:ffff:ffff:ffff:ffff:ffff:ffff",
	    "fe00::", ADDR_NONPUBLIC },
	{ "fe7f:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "fe80::",
	    "feff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", NULL, ADDR_NONPUBLIC },
	{ NULL, "ff00::", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", NULL,
	    ADDR_NONPUBLIC },
};

START_TEST(block)
{
	struct addr first = addr(blocks[_i].first),
	            last = addr(blocks[_i].last);
	struct addr a;

	ck_assert_int_eq(addr_scope_of(&first), blocks[_i].scope);
	ck_assert_int_eq(addr_scope_of(&last), blocks[_i].scope);
	if (blocks[_i].before != NULL) {
		a = addr(blocks[_i].before);
		ck_assert_int_eq(addr_scope_of(&a), ADDR_GLOBAL);
	}
	if (blocks[_i].after != NULL) {
		a = addr(blocks[_i].after);
		ck_assert_int_eq(addr_scope_of(&a), ADDR_GLOBAL);
	}
}
END_TEST

/* addr_scope_of() for every value of the first octet, in both families. */
START_TEST(scopes)
{
	static const uint8_t odd4[] = { 0, 10, 127 };

	for (unsigned first = 0; first < 256; first++) {
		struct addr a = { .family = 4,
			.octet = { (uint8_t)first, 1, 1, 1 } };
		bool odd = first >= 224 ||
		    memchr(odd4, (int)first, sizeof(odd4)) != NULL;

		ck_assert_int_eq(addr_scope_of(&a),
		    odd ? ADDR_NONPUBLIC : ADDR_GLOBAL);
		a.family = 6;
		a.octet[1] = 0x7f;
		odd = first >= 0xfc && first != 0xfe;
		ck_assert_int_eq(addr_scope_of(&a),
		    odd ? ADDR_NONPUBLIC : ADDR_GLOBAL);
	}
}
END_TEST

/* The scanners with vectors and tables agree with simple loops. */
START_TEST(scans)
{
	char room[40];

	for (unsigned c = 0; c < 256; c++) {
		char o = (char)c;
		unsigned classes = 0;
		bool plain = c >= 0x20 && c <= 0x7e && c != '"' && c != '&' &&
		    c != '<' && c != '>';

		if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'))
			classes |= CLASS_LETTER;
		if (c >= '0' && c <= '9')
			classes |= CLASS_DIGIT;
		if (c == '-')
			classes |= CLASS_HYPHEN;
		if (c == '_')
			classes |= CLASS_UNDER;
		if (c == ' ' || c == '\t' || c == '\r' || c == '\n')
			classes |= CLASS_BLANK;
		if (c == ' ' || c == ':' || c == '/' || c == '=')
			classes |= CLASS_STOP;
		ck_assert_uint_eq(char_class[c], classes);
		ck_assert_int_eq(is_print(o), c >= 0x20 && c <= 0x7e);
		for (size_t n = 1; n <= sizeof(room); n++) {
			for (size_t at = 0; at < n; at++) {
				struct mailauth_str s = { room, n };

				memset(room, 'x', n);
				room[at] = o;
				ck_assert_int_eq(str_is_plain(s, ' '), plain);
				ck_assert_int_eq(str_is_plain(s, '!'),
				    plain && c != ' ');
			}
		}
	}
	ck_assert(str_is_plain(STR_NONE, ' '));
	ck_assert_uint_eq(str_skip(STR("abc-1.d"), 0, CLASS_LETTER), 3);
	ck_assert_uint_eq(str_skip(STR("abc"), 0, CLASS_LETTER), 3);
	ck_assert_uint_eq(str_skip(STR("abc"), 3, CLASS_LETTER), 3);
	ck_assert(str_ieq(STR("MaIl@1"), STR("mAiL@1")));
	/* These differ in the case bit but are no letters. */
	ck_assert(!str_ieq(STR("@"), STR("`")));
	ck_assert(!str_ieq(STR("4"), STR("\x14")));
	ck_assert(!str_ieq(STR("["), STR("{")));
}
END_TEST

static const struct {
	const char *text;
	unsigned seen;
	const char *octets;
	size_t where; /* offset of the fault */
} encoded[] = {
	{ "", 0, "", 0 },
	{ "Zg==", 0, "f", 0 },
	{ "Zm8=", 0, "fo", 0 },
	{ "Zm9v", 0, "foo", 0 },
	{ "Zm9vYmFy", 0, "foobar", 0 },
	{ "Zm9v\r\n YmFy", BASE64_BLANKS, "foobar", 0 },
	{ "Z m 8 =", BASE64_BLANKS, "fo", 0 },
	{ "Zm8", BASE64_UNPADDED, "fo", 0 },
	{ "Zg", BASE64_UNPADDED, "f", 0 },
	{ "Pz8_", BASE64_URL, "???", 0 },
	{ "Zm9vY", BASE64_BAD, NULL, 5 },
	{ "Zm9=v", BASE64_BAD, NULL, 4 },
	{ "Zm9v=", BASE64_BAD, NULL, 5 },
	{ "Zg=", BASE64_BAD, NULL, 3 },
	{ "Z===", BASE64_BAD, NULL, 4 },
	{ "Zm9v...", BASE64_BAD, NULL, 4 },
	{ "Zm!v", BASE64_BAD, NULL, 2 },
};

START_TEST(base64)
{
	uint8_t out[64];
	char room[64];
	struct writer w = writer_of(room, sizeof(room));
	size_t len = 99, where = 0;

	ck_assert_uint_eq(base64_decode(str_of(encoded[_i].text), out, &len,
	                      &where),
	    encoded[_i].seen);
	if (encoded[_i].seen & BASE64_BAD) {
		ck_assert_uint_eq(where, encoded[_i].where);
		return;
	}
	ck_assert_uint_eq(len, strlen(encoded[_i].octets));
	ck_assert_mem_eq(out, encoded[_i].octets, len);
	if (encoded[_i].seen == 0) {
		put_base64(&w, out, len);
		ck_assert_str_eq(c_str(writer_str(&w)), encoded[_i].text);
	}
}
END_TEST

Suite *
suite_base(void)
{
	Suite *s = suite_create("base");
	TCase *tc = tcase_create("base");

	tcase_set_timeout(tc, 60);
	tcase_add_loop_test(tc, number, 0, COUNT(numbers));
	tcase_add_test(tc, strings);
	tcase_add_test(tc, cursor);
	tcase_add_test(tc, writer);
	tcase_add_loop_test(tc, shown, 0, COUNT(untrusted));
	tcase_add_test(tc, arenas);
	tcase_add_loop_test(tc, name, 0, COUNT(names));
	tcase_add_loop_test(tc, wire, 0, COUNT(wires));
	tcase_add_test(tc, name_parts);
	tcase_add_loop_test(tc, host, 0, COUNT(hosts));
	tcase_add_loop_test(tc, address, 0, COUNT(addresses));
	tcase_add_test(tc, networks);
	tcase_add_test(tc, scopes);
	tcase_add_loop_test(tc, block, 0, COUNT(blocks));
	tcase_add_test(tc, scans);
	tcase_add_loop_test(tc, base64, 0, COUNT(encoded));
	suite_add_tcase(s, tc);
	return s;
}
