/*
 * lines.c - changes a text by lines and words, for targets whose inputs are
 * master files
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * libFuzzer's own mutations mostly break a line. These move, copy and drop
 * lines, and put words of other lines, or of the tables below, where a word was.
 * Each is one replacement of a part of the text.
 */
#include <string.h>

#include "fuzz.h"

size_t LLVMFuzzerMutate(uint8_t *data, size_t size, size_t max);
size_t
LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max, unsigned seed);

static const char *const new_lines[] = {
	"@ 60 SOA ns hm 1 2 3 4 5\n",
	"@ 60 IN SOA ns hm (\n 1 ; serial\n 2h 3m 4w 5 )\n",
	"@ 60 NS ns\n",
	"ns 60 A 192.0.2.1\n",
	"a 60 CNAME b.a\n",
	"b.a 60 A 192.0.2.2\n",
	"*.a 60 TXT \"v=spf1\" \" -all\"\n",
	"x.*.a 60 MX 10 mail.example.com\n",
	"sub 60 NS ns.sub\n",
	"ns.sub 60 AAAA 2001:db8::1\n",
	"x.sub 60 DS 1 13 2 00\n",
	"d 60 DNAME a\n",
	"\t60 TXT a;b=c\n",
	"@ 60 DNSKEY 257 3 13 AA==\n",
	"@ 60 RRSIG A 13 2 60 9 1 1 @ AA==\n",
	"@ 60 NSEC b A NS\n",
	"@ 0 NSEC3PARAM 1 0 2 ab\n",
	"0p9mhaveqvm6t7vbl5lop2u3t2rp3tom 60 NSEC3 1 1 2 ab "
	"0p9mhaveqvm6t7vbl5lop2u3t2rp3tom A\n",
	"$ORIGIN sub\n",
	"$ORIGIN example.com.\n",
	"$TTL 1h\n",
	"$GENERATE 1-9 g$ A 192.0.2.$\n",
	"$GENERATE 8-1/2 ${1,3,x}.h CNAME ${0,2,n}a\n",
	"$INCLUDE x sub\n",
	"; mailauth-ignore: spf-lookup-limit\n",
	"\n",
};

static const char *const new_words[] = {
	"@",
	"example.com",
	"example.com.",
	"A 192.0.2.2",
	"AAAA ::ffff:192.0.2.1",
	"CNAME a",
	"CNAME x.sub",
	"DNAME sub",
	"NS ns.sub",
	"MX 10 mail",
	"TXT \"v=spf1\" ",
	"TXT a;b=c",
	"SRV 1 2 3 a",
	"CAA 0 issue \"a\"",
	"NAPTR 1 2 \"u\" \"\" \"\" .",
	"TLSA 3 1 1 00",
	"RRSIG DNSKEY RSASHA256 2 60 20380119031408 1 1 @ AA==",
	"CDS 0 0 0 00",
	"SVCB 1 . alpn=\"a,b\" port=1",
	"APL 1:192.0.2.0/24",
	"LOC 0 0 0 N 0 0 0 E 0m",
	"CERT PKIX 1 1 AA==",
	"HIP 1 AA AA== a",
	"EUI48 00-00-00-00-00-00",
	"URI 1 1 \"a\"",
	"TYPE65400 \\# 3 aabbcc",
	"TYPE1",
	"\\# 4 c0000201",
	"(",
	")",
	"\"",
	"\"\"",
	"\\",
	";",
	"IN",
	"CH",
	"CLASS1",
	"1w2d3h4m5s",
	"2147483648",
	"4294967296",
	".example.com.",
	"\r",
	"\\000",
	"\\255",
	"\\.",
	"\xef\xbb\xbf",
};

#define COUNT(table) (sizeof(table) / sizeof((table)[0]))

/* The text that is changed, and the source of chance. */
struct text {
	uint8_t *s;
	size_t n, max;
	uint32_t state;
};

static size_t
below(struct text *t, size_t n)
{
	t->state = t->state * 1664525 + 1013904223;
	return (t->state >> 8) % n;
}

/* A part of the text, from `at` on. */
struct part {
	size_t at, n;
};

/* A line, with what ends it. */
static struct part
some_line(struct text *t)
{
	size_t at = below(t, t->n), end = at;

	while (at > 0 && t->s[at - 1] != '\n')
		at--;
	while (end < t->n && t->s[end] != '\n')
		end++;
	return (struct part){ at, end - at + (end < t->n) };
}

static bool
is_space(uint8_t c)
{
	return c == ' ' || c == '\t' || c == '\n';
}

/* A word, or the blanks between two. */
static struct part
some_word(struct text *t)
{
	size_t at = below(t, t->n), end = at;
	bool blank = is_space(t->s[at]);

	while (at > 0 && is_space(t->s[at - 1]) == blank)
		at--;
	while (end < t->n && is_space(t->s[end]) == blank)
		end++;
	return (struct part){ at, end - at };
}

/* Put octets, which may be of the text itself, in place of a part. */
static void
replace(struct text *t, struct part old, const void *octets, size_t n)
{
	static uint8_t room[1 << 20];

	if (n > sizeof(room) || t->n - old.n + n > t->max)
		return;
	if (n > 0)
		memcpy(room, octets, n);
	memmove(t->s + old.at + n, t->s + old.at + old.n,
	    t->n - old.at - old.n);
	memcpy(t->s + old.at, room, n);
	t->n = t->n - old.n + n;
}

static void
replace_text(struct text *t, struct part old, const char *new)
{
	replace(t, old, new, strlen(new));
}

static void
change(struct text *t)
{
	struct part line = some_line(t), word = some_word(t), from;
	struct part front = { line.at, 0 };

	switch (below(t, 7)) {
	case 0: replace(t, line, NULL, 0); break;
	case 1:
		replace_text(t, front, new_lines[below(t, COUNT(new_lines))]);
		break;
	case 2:
		from = some_line(t);
		replace(t, front, t->s + from.at, from.n);
		break;
	case 3:
		from = some_line(t);
		replace(t, line, t->s + from.at, from.n);
		break;
	case 4:
		replace_text(t, word, new_words[below(t, COUNT(new_words))]);
		break;
	case 5:
		from = some_word(t);
		replace(t, word, t->s + from.at, from.n);
		break;
	default: t->n = LLVMFuzzerMutate(t->s, t->n, t->max);
	}
}

size_t
LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max, unsigned seed)
{
	struct text t = { data, size, max, seed };
	size_t times = 1 + below(&t, 3);

	for (size_t i = 0; i < times; i++)
		if (t.n > 0)
			change(&t);
		else
			replace_text(&t, (struct part){ 0, 0 }, new_lines[0]);
	return t.n;
}
