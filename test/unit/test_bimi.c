/*
 * test_bimi.c - a logo and its certificate
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * Certificates are made here, with keys of fixed octets and times that are
 * never over.
 */
#include <openssl/pem.h>
#include <openssl/x509v3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#include "ask.h"
#include "base/base64.h"
#include "bimi/cert.h"
#include "bimi/logotype.h"
#include "bimi/svg.h"
#include "record/findings.h"
#include "text.h"

#define COUNT(table) ((int)(sizeof(table) / sizeof((table)[0])))

#define XMLNS "xmlns='http://www.w3.org/2000/svg' "
#define TINY  XMLNS "version='1.2' baseProfile='tiny-ps' "
#define BOX   "viewBox='0 0 100 100'"
#define TITLE "<title>Example</title>"
#define RECT  "<rect width='100' height='100' fill='#123456'/>"
/* A logo with another root, or another body. */
#define ROOTED(root) "<svg " root ">" TITLE RECT "</svg>"
#define SVG(body)    "<svg " TINY BOX ">" body "</svg>"
#define GOOD         SVG(TITLE RECT)
/* More digits than a double has room for. */
#define NINES    "99999999999999999999999999999999999999999999999999"
#define INFINITE NINES NINES NINES NINES NINES NINES NINES
/* What is said of a logo with this title and box. */
#define READ "read, [Example], 10000 by 10000\n"

static void
put_faults(struct writer *w, const struct bimi_faults *f)
{
	for (size_t i = 0; i < f->n; i++) {
		enum mailauth_finding_id id =
		    (enum mailauth_finding_id)f->at[i].id;
		struct mailauth_str what = { f->at[i].what, f->at[i].used };

		put_text(w, finding_row(id)->code);
		/* The words of libxml2 are its own. */
		if (id != MAILAUTH_F_BIMI_SVG_NOT_XML ||
		    str_starts(what, STR("it")) ||
		    str_starts(what, STR("decomp"))) {
			put_text(w, what.n > 0 ? ": " : "");
			put_str(w, what);
		}
		if (f->at[i].more > 0) {
			put_text(w, ", more ");
			put_number(w, f->at[i].more);
		}
		put_char(w, '\n');
	}
}

/* A number with two decimals. */
static void
put_hundredths(struct writer *w, double v)
{
	put_number(w, (uint64_t)(v * 100 + 0.5));
}

static struct bimi_file
file_of(struct mailauth_str octets)
{
	return (struct bimi_file){ .name = "logo.svg", .octets = octets };
}

static void
put_svg(struct writer *w, struct arena *a, const struct bimi_file *file)
{
	struct bimi_svg svg;

	ck_assert(bimi_svg_read(a, file, &svg));
	if (svg.text.n > 0)
		put_text(w, svg.zipped ? "read, zipped" : "read");
	else
		put_text(w, "unread");
	if (svg.ntitle > 0) {
		put_text(w, ", [");
		put_untrusted(w,
		    (struct mailauth_str){ svg.title, svg.ntitle });
		put_char(w, ']');
	}
	if (svg.width > 0 || svg.height > 0) {
		put_text(w, ", ");
		put_hundredths(w, svg.width);
		put_text(w, " by ");
		put_hundredths(w, svg.height);
	}
	put_char(w, '\n');
	put_faults(w, &svg.faults);
}

static const struct {
	const char *svg, *outcome;
} logos[] = {
	/* A good one, with a declaration and a comment. */
	{ "<?xml version='1.0' encoding='UTF-8'?>\n<!-- x -->\n" GOOD, READ },
	/* Elements of the profile; metadata is others'. */
	{ SVG(TITLE "<desc/><defs/><g/><use/><path/><circle/><ellipse/><lin"
	            "e/><polyline/><polygon/><linearGradient/><radialGradie"
	            "nt/><stop/><solidColor/><text/><textArea/><font/><font"
	            "-face/><glyph/><missing-glyph/><hkern/><metadata><r:RD"
	            "F xmlns:r='urn:x'><r:image/></r:RDF></metadata><use h"
	            "ref='#a'/><rect fill='url(#a)'/><rect fill='url( \"#a"
	            "\")'/><g display='inline'/>"),
	    READ },
	/* Metadata runs nothing, and is no page of its own. */
	{ SVG(TITLE "<metadata><r:script xmlns:r='urn:x'/></metadata>"),
	    READ "bimi-svg-script: element script, line 1\n" },
	{ SVG(TITLE "<metadata><h:a xmlns:h='http://www.w3.org/1999/xhtml'><"
	            "h:SCRIPT/></h:a></metadata>"),
	    READ "bimi-svg-element: a, line 1, more 1\n"
	         "bimi-svg-script: element SCRIPT, line 1\n" },
	{ SVG(TITLE "<metadata><r:x xmlns:r='urn:x' onload='f()'/></metadata>"),
	    READ "bimi-svg-script: attribute onload, line 1\n" },
	/* CSS may write any character as an escape. */
	{ SVG(TITLE "<path style='fill:u\\72l(http://a.example/x)'/>"),
	    READ "bimi-svg-external-ref: http://a.example/x, line 1\n" },
	{ SVG(TITLE
	      "<path style='fill:\\000055\\52 \\l(\"http://a.example/\")'/>"),
	    READ "bimi-svg-external-ref: http://a.example/\", line 1\n" },
	{ SVG(TITLE "<path fill='ur\\4C\\28 data:image/png,x)'/>"),
	    READ "bimi-svg-raster: data:image/png,x, line 1\n" },
	{ SVG(TITLE "<path fill='url(\\23 a)'/><g style='\\64 isplay:none'/>"),
	    READ "bimi-svg-layers: a hidden group, line 1\n" },
	{ SVG(TITLE "<path style='fill:\\110000\\d800\\e9\\20ac\\1f600;\\'/>"),
	    READ },
	/* After metadata, elements of others count again. */
	{ SVG(TITLE "<metadata><metadata/><script/></metadata><x xmlns='urn"
	            ":x'/>"),
	    READ "bimi-svg-element: script, line 1, more 1\n"
	         "bimi-svg-script: element script, line 1\n" },
	{ ROOTED(TINY "viewBox='0 0 200 100'"),
	    "read, [Example], 20000 by 10000\n"
	    "bimi-svg-not-square: viewBox=0 0 200 100, line 1\n" },
	{ ROOTED(TINY "viewBox='0 0 100 200'"),
	    "read, [Example], 10000 by 20000\n"
	    "bimi-svg-not-square: viewBox=0 0 100 200, line 1\n" },
	{ ROOTED(TINY "viewBox='0 0 0 0'"),
	    "read, [Example]\n"
	    "bimi-svg-not-square: viewBox=0 0 0 0, line 1\n" },
	{ ROOTED(TINY "viewBox='0 0 -1 -1'"),
	    "read, [Example]\n"
	    "bimi-svg-not-square: viewBox=0 0 -1 -1, line 1\n" },
	{ ROOTED(TINY "viewBox='0 0 100'"),
	    "read, [Example]\n"
	    "bimi-svg-not-square: viewBox=0 0 100, line 1\n" },
	{ ROOTED(TINY "viewBox=''"),
	    "read, [Example]\n"
	    "bimi-svg-not-square: viewBox=, line 1\n" },
	{ ROOTED(TINY "viewBox='0 0 100 100 7'"),
	    "read, [Example]\n"
	    "bimi-svg-not-square: viewBox=0 0 100 100 7, line 1\n" },
	{ ROOTED(TINY "viewBox='a b c d'"),
	    "read, [Example]\n"
	    "bimi-svg-not-square: viewBox=a b c d, line 1\n" },
	{ ROOTED(TINY "viewBox='0 0 1e2 1e2'"),
	    "read, [Example]\n"
	    "bimi-svg-not-square: viewBox=0 0 1e2 1e2, line 1\n" },
	{ ROOTED(TINY "viewBox='0 0 " INFINITE " " INFINITE "'"),
	    "read, [Example]\n"
	    "bimi-svg-not-square: viewBox=0 0 "
	    "99999999999999999999999999999999999999999999999999999999"
	    ", line 1\n" },
	{ ROOTED(TINY "viewBox='-" INFINITE " 0 100 100'"),
	    "read, [Example]\n"
	    "bimi-svg-not-square: viewBox=-"
	    "99999999999999999999999999999999999999999999999999999999999"
	    ", line 1\n" },
	{ ROOTED(TINY "viewBox='0,0,100,100'"), READ },
	{ ROOTED(TINY "viewBox=' -5.5 +2 64.0 64 '"),
	    "read, [Example], 6400 by 6400\n" },
	{ ROOTED(TINY "viewBox='0 0 .5 .50'"), "read, [Example], 50 by 50\n" },
	{ ROOTED(TINY "viewBox='0 0 5. 5.'"), "read, [Example], 500 by 500\n" },
	{ ROOTED(TINY "viewBox='0 0 . .'"),
	    "read, [Example]\n"
	    "bimi-svg-not-square: viewBox=0 0 . ., line 1\n" },
	/* No view box, no profile, no version. */
	{ ROOTED(XMLNS),
	    "read, [Example]\n"
	    "bimi-svg-version: version=, line 1\n"
	    "bimi-svg-baseprofile: baseProfile=, line 1\n"
	    "bimi-svg-not-square: there is no viewBox, line 1\n" },
	{ ROOTED(XMLNS "version='1.1' baseProfile='tiny' " BOX),
	    READ "bimi-svg-version: version=1.1, line 1\n"
	         "bimi-svg-baseprofile: baseProfile=tiny, line 1\n" },
	/* Attributes of the root. */
	{ ROOTED(TINY BOX " x='0' y='1'"),
	    READ "bimi-svg-root-xy: x, line 1, more 1\n" },
	{ ROOTED(
	      TINY BOX " xmlns:i='urn:i' i:x='0' i:version='1.1' i:viewBox=''"),
	    READ },
	/* Roots of others. */
	{ "<html xmlns='http://www.w3.org/1999/xhtml'/>",
	    "read\n"
	    "bimi-svg-root: the root is html, line 1\n" },
	{ "<svg version='1.2'/>",
	    "read\n"
	    "bimi-svg-root: the root is svg, line 1\n" },
	{ "<g " XMLNS "/>",
	    "read\n"
	    "bimi-svg-root: the root is g, line 1\n" },
	/* Titles. */
	{ SVG(RECT),
	    "read, 10000 by 10000\n"
	    "bimi-svg-title\n" },
	{ SVG("<title> \n </title>"),
	    "read, 10000 by 10000\n"
	    "bimi-svg-title\n" },
	{ SVG("<g>" TITLE "</g>"),
	    "read, 10000 by 10000\n"
	    "bimi-svg-title\n" },
	{ SVG("<title xmlns='urn:x'>Example</title>"),
	    "read, 10000 by 10000\n"
	    "bimi-svg-element: title, line 1\n"
	    "bimi-svg-title\n" },
	{ SVG("<title> a\tb <desc>no</desc>c</title>"),
	    "read, [a b c], 10000 by 10000\n" },
	{ SVG("<title><![CDATA[<x>]]></title>"),
	    "read, [<x>], 10000 by 10000\n" },
	{ SVG("<title>01234567890123456789012345678901234567890123456"
	      "78901234567890123456789</title>"),
	    "read, [012345678901234567890123456789012345678901234567890"
	    "1234567890123], 10000 by 10000\n" },
	{ SVG("<title> Untitled </title>"),
	    "read, [Untitled ], 10000 by 10000\n"
	    "bimi-svg-title-generic: Untitled \n" },
	{ SVG("<title>layer 1</title>"),
	    "read, [layer 1], 10000 by 10000\n"
	    "bimi-svg-title-generic: layer 1\n" },
	{ SVG("<title>untitled-7</title>"),
	    "read, [untitled-7], 10000 by 10000\n"
	    "bimi-svg-title-generic: untitled-7\n" },
	{ SVG("<title>BIMI-SVG-tiny 3</title>"),
	    "read, [BIMI-SVG-tiny 3], 10000 by 10000\n"
	    "bimi-svg-title-generic: BIMI-SVG-tiny 3\n" },
	{ SVG("<title>Logos</title>"), "read, [Logos], 10000 by 10000\n" },
	/* Layers, and groups that nobody sees. */
	{ SVG(TITLE "<g xmlns:i='urn:i' i:groupmode='layer'/>"), READ },
	{ SVG(TITLE "<g xmlns:i='urn:i' i:groupmode='layer'/><g xmlns:i='ur"
	            "n:i' i:groupmode='layer'/>"),
	    READ "bimi-svg-layers: a second layer, line 1\n" },
	{ SVG(TITLE "<g xmlns:i='urn:i' i:layer='yes'><g i:layer='no'/></g>"),
	    READ },
	{ SVG(TITLE "<g xmlns:i='urn:i' i:layer='yes'><g i:layer='yes'/></g"
	            ">"),
	    READ "bimi-svg-layers: a second layer, line 1\n" },
	{ SVG(TITLE "<g layer='yes' groupmode='layer'/><g layer='yes'/>"),
	    READ },
	{ SVG(TITLE "<g display=' none '/>"),
	    READ "bimi-svg-layers: a hidden group, line 1\n" },
	{ SVG(TITLE "<g visibility='hidden'/>"),
	    READ "bimi-svg-layers: a hidden group, line 1\n" },
	{ SVG(TITLE "<g visibility='collapse'/>"),
	    READ "bimi-svg-layers: a hidden group, line 1\n" },
	{ SVG(TITLE "<g style='a:b;display:none'/><g style='visibility:hidd"
	            "en'/>"),
	    READ "bimi-svg-layers: a hidden group, line 1, more 1\n" },
	{ SVG(TITLE "<rect display='none'/>"), READ },
	/* What is no part of the profile. */
	{ SVG(TITLE "<animate/>\n<style>x</style>\n<a href='#x'/>"),
	    READ "bimi-svg-element: animate, line 1, more 2\n" },
	/* Scripts. */
	{ SVG(TITLE "\n<script>x()</script>"),
	    READ "bimi-svg-element: script, line 2\n"
	         "bimi-svg-script: element script, line 2\n" },
	{ SVG(TITLE "<g onclick='x()'/>"),
	    READ "bimi-svg-script: attribute onclick, line 1\n" },
	{ SVG(TITLE "<g on='x' xmlns:i='urn:i' i:onclick='x()'/>"), READ },
	{ SVG(TITLE "<use href=' javascript:x()'/>"),
	    READ "bimi-svg-script: javascript:x(), line 1\n" },
	{ SVG(TITLE "<handler/><listener/>"),
	    READ "bimi-svg-element: handler, line 1, more 1\n"
	         "bimi-svg-script: element handler, line 1, more 1\n" },
	/* Pictures. */
	{ SVG(TITLE "<image href='#x'/><feImage/>"),
	    READ "bimi-svg-element: image, line 1, more 1\n"
	         "bimi-svg-raster: element image, line 1, more 1\n" },
	{ SVG(TITLE "<use href='data:image/png;base64,AA=='/>"),
	    READ "bimi-svg-raster: data:image/png;base64,AA==, line 1\n" },
	{ SVG(TITLE "<rect fill='url(data:image/png;base64,AA==)'/>"),
	    READ "bimi-svg-raster: data:image/png;base64,AA==, line 1\n" },
	/* References to other files. */
	{ SVG(TITLE "<use href='x.svg#a'/>"),
	    READ "bimi-svg-external-ref: x.svg#a, line 1\n" },
	{ SVG(TITLE "<use xmlns:l='http://www.w3.org/1999/xlink' l:href='ht"
	            "tps://x.org/'/>"),
	    READ "bimi-svg-external-ref: https://x.org/, line 1\n" },
	{ SVG(TITLE "<rect fill='#fff URL( &quot;https://x.org/a&quot; )'/>"),
	    READ "bimi-svg-external-ref: https://x.org/a\" , line 1\n" },
	{ SVG(TITLE "<rect a='rgb(1) url(#a) url(x)'/>"),
	    READ "bimi-svg-external-ref: x, line 1\n" },
	{ SVG(TITLE "<rect a='rl(x) (y)'/>"), READ },
	{ SVG(TITLE "<g xml:base='https://x.org/' base='x'/>"),
	    READ "bimi-svg-external-ref: xml:base=https://x.org/, line 1\n" },
	{ "<?xml-stylesheet href='x.css'?><?other x?>" GOOD,
	    READ
	    "bimi-svg-external-ref: xml-stylesheet href='x.css', line 1\n" },
	/* No XML. */
	{ "",
	    "unread\n"
	    "bimi-svg-not-xml\n" },
	{ "hello",
	    "read\n"
	    "bimi-svg-not-xml\n" },
	{ "<svg " TINY BOX ">" TITLE, READ "bimi-svg-not-xml\n" },
	{ SVG(TITLE "<g a='1' a='2'/>"), READ "bimi-svg-not-xml\n" },
	{ SVG(TITLE "<x:g/>"),
	    READ "bimi-svg-not-xml\n"
	         "bimi-svg-element: g, line 1\n" },
	{ SVG(TITLE "\xff"), READ "bimi-svg-not-xml\n" },
	/* A document type is not read. */
	{ "<!DOCTYPE svg [<!ENTITY a 'b'>]>\n" GOOD,
	    "read\n"
	    "bimi-svg-not-xml: it has a document type, which is not "
	    "read, line 1\n" },
	/* Nothing of it is shown raw. */
	{ SVG("<title>\xc2\x9b"
	      "31m</title><use href='\xc2\x9b'/>"),
	    "read, [\\194\\15531m], 10000 by 10000\n"
	    "bimi-svg-external-ref: \\194\\155, line 1\n" },
};

START_TEST(one_logo)
{
	struct arena a = { NULL, false };
	struct bimi_file file = file_of(str_of(logos[_i].svg));
	struct writer w = arena_writer(&a);

	put_svg(&w, &a, &file);
	expect_written(&w, logos[_i].outcome);
	arena_free(&a);
}
END_TEST

/* Octets that gzip has compressed. */
static struct mailauth_str
zipped(struct arena *a, struct mailauth_str octets)
{
	size_t room = octets.n + 1024;
	uint8_t *out = arena_alloc(a, room);
	z_stream z = { .next_in = (z_const Bytef *)(uintptr_t)octets.s,
		.avail_in = (uInt)octets.n,
		.next_out = out,
		.avail_out = (uInt)room };

	ck_assert_int_eq(deflateInit2(&z, Z_BEST_SPEED, Z_DEFLATED,
	                     16 + MAX_WBITS, 8, Z_DEFAULT_STRATEGY),
	    Z_OK);
	ck_assert_int_eq(deflate(&z, Z_FINISH), Z_STREAM_END);
	deflateEnd(&z);
	return (struct mailauth_str){ (const char *)out, room - z.avail_out };
}

/* `n` octets: a logo with blanks behind it. */
static struct mailauth_str
long_logo(struct arena *a, size_t n)
{
	char *out = arena_alloc(a, n);

	memset(out, ' ', n);
	memcpy(out, GOOD, strlen(GOOD));
	return (struct mailauth_str){ out, n };
}

START_TEST(compressed)
{
	struct arena a = { NULL, false };
	struct writer w = arena_writer(&a);
	struct mailauth_str zip = zipped(&a, STR(GOOD)), bad;
	struct bimi_file file = file_of(zip);

	put_svg(&w, &a, &file);
	file.octets.n--; /* broken off */
	put_svg(&w, &a, &file);
	bad = arena_copy(&a, zip); /* with its NUL behind it */
	file.octets = (struct mailauth_str){ bad.s, bad.n + 1 };
	put_svg(&w, &a, &file);
	file.octets = zipped(&a, long_logo(&a, BIMI_SVG_MAX));
	put_svg(&w, &a, &file);
	file.octets = zipped(&a, long_logo(&a, BIMI_SVG_MAX + 1));
	put_svg(&w, &a, &file);
	expect_written(&w,
	    "read, zipped, [Example], 10000 by 10000\n"
	    "unread\nbimi-svg-not-xml: it is compressed, and broken\n"
	    "unread\nbimi-svg-not-xml: it is compressed, and broken\n"
	    "read, zipped, [Example], 10000 by 10000\nbimi-svg-too-big: "
	    "262144 octets\n"
	    "unread\nbimi-svg-too-big\n"
	    "bimi-svg-not-xml: decompressed it is longer than 262144 octets\n");
	arena_free(&a);
}
END_TEST

START_TEST(sizes)
{
	struct arena a = { NULL, false };
	struct writer w = arena_writer(&a);
	struct bimi_file file = file_of(long_logo(&a, BIMI_SVG_BIG));

	put_svg(&w, &a, &file);
	file.octets = long_logo(&a, BIMI_SVG_BIG + 1);
	put_svg(&w, &a, &file);
	file.longer = true;
	put_svg(&w, &a, &file);
	expect_written(&w,
	    "read, [Example], 10000 by 10000\n"
	    "read, [Example], 10000 by 10000\nbimi-svg-too-big: "
	    "32769 octets\n"
	    "unread\nbimi-svg-too-big\nbimi-svg-not-xml: it is longer than "
	    "262144 octets, which are not read\n");
	arena_free(&a);
}
END_TEST

/* Elements within each other. */
START_TEST(deep)
{
	struct arena a = { NULL, false };
	struct writer w = arena_writer(&a);

	for (unsigned n = 255; n <= 256; n++) {
		struct writer text = arena_writer(&a);
		struct bimi_file file;

		put_text(&text, "<svg " TINY BOX ">" TITLE);
		for (unsigned i = 0; i < n; i++)
			put_text(&text, "<g>");
		for (unsigned i = 0; i < n; i++)
			put_text(&text, "</g>");
		put_text(&text, "</svg>");
		file = file_of(writer_str(&text));
		put_svg(&w, &a, &file);
	}
	expect_written(&w,
	    "read, [Example], 10000 by 10000\n"
	    "read, [Example], 10000 by 10000\n"
	    "bimi-svg-not-xml: its elements are more than 256 levels deep, "
	    "line 1\n");
	arena_free(&a);
}
END_TEST

/* More faults than are kept, and more of one than need be told. */
START_TEST(many_faults)
{
	struct arena a = { NULL, false };
	struct writer w = arena_writer(&a);
	struct bimi_faults f = { .n = 0 };
	char octets[100];

	memset(octets, 'x', sizeof(octets));
	bimi_fault_at(&f, MAILAUTH_F_SPF_OK, "a ",
	    (struct mailauth_str){ octets, sizeof(octets) }, 7);
	bimi_fault(&f, MAILAUTH_F_SPF_OK, "b", STR_NONE);
	bimi_fault_at(&f, MAILAUTH_F_DMARC_OK, "", STR_NONE, 8);
	for (unsigned i = 0; i < BIMI_FAULTS_MAX; i++)
		bimi_fault(&f,
		    (enum mailauth_finding_id)(MAILAUTH_FINDING_COUNT - 1 - i),
		    "", STR_NONE);
	ck_assert_uint_eq(f.n, BIMI_FAULTS_MAX);
	f.n = 2;
	put_faults(&w, &f);
	expect_written(&w,
	    "spf-ok: a xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"
	    "xxx, line 7, more 1\ndmarc-ok: line 8\n");
	arena_free(&a);
}
END_TEST

static const struct {
	const char *a, *b;
	bool same;
} pairs[] = {
	{ "a\nb", "a\nb", true },
	{ "a\nb", "a\r\nb", true },
	{ "a\nb\n", "a\rb\r", true },
	{ "a\n\nb", "a\r\rb", true },
	{ "a\n\nb", "a\r\nb", false },
	{ "a", "a\n", false },
	{ "ab", "a", false },
	{ "a", "A", false },
	{ "", "", true },
};

START_TEST(same)
{
	ck_assert(bimi_svg_same(str_of(pairs[_i].a), str_of(pairs[_i].b)) ==
	    pairs[_i].same);
	ck_assert(bimi_svg_same(str_of(pairs[_i].b), str_of(pairs[_i].a)) ==
	    pairs[_i].same);
}
END_TEST

/* Certificates. */

static EVP_PKEY *
key_of(const char *name)
{
	unsigned char octets[32] = { (unsigned char)name[0] };

	return EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, NULL, octets,
	    sizeof(octets));
}

static void
put_der(struct writer *w, uint8_t tag, struct mailauth_str value)
{
	put_char(w, (char)tag);
	if (value.n >= 0x10000) {
		put_bytes(w, "\x83", 1);
		put_char(w, (char)(value.n >> 16));
	} else if (value.n >= 0x80) {
		put_bytes(w, value.n >= 0x100 ? "\x82" : "\x81", 1);
	}
	if (value.n >= 0x100)
		put_char(w, (char)(value.n >> 8));
	put_char(w, (char)value.n);
	put_str(w, value);
}

/* A value around others. */
static struct mailauth_str
wrapped(struct arena *a, uint8_t tag, struct mailauth_str value)
{
	struct writer w = arena_writer(a);

	put_der(&w, tag, value);
	return writer_str(&w);
}

/* How a certificate is made: zeros are the good one. */
struct mark {
	const char *subject; /* NULL: "Example" */
	const char *kind; /* of the mark; NULL: "Registered Mark"; "": none */
	const char *purpose; /* NULL: that of BIMI; "": none */
	const char *names; /* NULL: "DNS:a.org"; "": none */
	const char *constraints; /* NULL: none */
	const char *before, *after; /* NULL: 2000, 9999 */
	const char *issuer; /* NULL: "Middle" */
	/* Of the logo. */
	bool none;
	struct mailauth_str logo; /* STR_NONE: GOOD, compressed */
	const char *media; /* NULL: image/svg+xml */
	const char *head; /* of its URI; NULL: of base64 */
	const char *body; /* of its URI; NULL: the logo */
	int md; /* of OpenSSL; 0: SHA-256; -1: none that is known */
	bool other_hash;
	struct mailauth_str raw; /* in place of all of the extension */
};

/* The logotype extension (RFC 3709 4.1) with one image of the subject. */
static struct mailauth_str
logotype_of(struct arena *a, const struct mark *m)
{
	struct mailauth_str logo =
	    m->logo.n > 0 ? m->logo : zipped(a, STR(GOOD));
	ASN1_OBJECT *oid = OBJ_nid2obj(m->md > 0 ? m->md : NID_sha256);
	const EVP_MD *md = EVP_get_digestbynid(m->md > 0 ? m->md : NID_sha256);
	unsigned char hash[EVP_MAX_MD_SIZE];
	unsigned n = 0;
	struct writer details = arena_writer(a), uri = arena_writer(a),
	              pair = arena_writer(a);
	struct mailauth_str s;

	if (m->raw.n > 0)
		return m->raw;
	EVP_Digest(logo.s, logo.n, hash, &n, md, NULL);
	if (m->other_hash)
		hash[0] ^= 1;
	put_text(&uri,
	    m->head != NULL ? m->head : "data:image/svg+xml;base64,");
	if (m->body != NULL) {
		put_text(&uri, m->body);
	} else {
		unsigned char *text = arena_alloc(a, logo.n * 2 + 4);

		put_bytes(&uri, (const char *)text,
		    (size_t)EVP_EncodeBlock(text, (const unsigned char *)logo.s,
		        (int)logo.n));
	}
	s = m->md < 0 ? STR("\x2a\x03") :
	                (struct mailauth_str){ (const char *)OBJ_get0_data(oid),
		                OBJ_length(oid) };
	put_der(&pair, 0x30, wrapped(a, 0x06, s));
	put_der(&pair, 0x04, (struct mailauth_str){ (char *)hash, n });
	put_der(&details, 0x16,
	    str_of(m->media != NULL ? m->media : "image/svg+xml"));
	put_der(&details, 0x30, wrapped(a, 0x30, writer_str(&pair)));
	put_der(&details, 0x30, wrapped(a, 0x16, writer_str(&uri)));
	s = writer_str(&details);
	/* LogotypeDetails, LogotypeImage, images, direct, subjectLogo,
	 * LogotypeExtn. */
	for (const char *tag = "\x30\x30\x30\xa0\xa2\x30"; *tag != '\0'; tag++)
		s = wrapped(a, (uint8_t)*tag, s);
	return s;
}

static void
add_extension(X509 *cert, int nid, const char *value)
{
	X509_EXTENSION *e;

	if (value == NULL || value[0] == '\0')
		return;
	e = X509V3_EXT_conf_nid(NULL, NULL, nid, value);
	ck_assert_ptr_nonnull(e);
	X509_add_ext(cert, e, -1);
	X509_EXTENSION_free(e);
}

static void
add_logotype(X509 *cert, struct mailauth_str der)
{
	ASN1_OBJECT *oid = OBJ_txt2obj("1.3.6.1.5.5.7.1.12", 1);
	ASN1_OCTET_STRING *value = ASN1_OCTET_STRING_new();
	X509_EXTENSION *e;

	ASN1_OCTET_STRING_set(value, (const unsigned char *)der.s, (int)der.n);
	e = X509_EXTENSION_create_by_OBJ(NULL, oid, 0, value);
	X509_add_ext(cert, e, -1);
	X509_EXTENSION_free(e);
	ASN1_OCTET_STRING_free(value);
	ASN1_OBJECT_free(oid);
}

static void
set_name(X509_NAME *name, const char *organization, const char *kind)
{
	X509_NAME_add_entry_by_NID(name, NID_organizationName, MBSTRING_UTF8,
	    (const unsigned char *)organization, -1, -1, 0);
	if (kind != NULL && kind[0] != '\0')
		X509_NAME_add_entry_by_txt(name, "1.3.6.1.4.1.53087.1.13",
		    MBSTRING_UTF8, (const unsigned char *)kind, -1, -1, 0);
}

/* Write a certificate as PEM; of an authority when `m` has constraints. */
static void
put_cert(struct writer *w, struct arena *a, const struct mark *m)
{
	const char *subject = m->subject != NULL ? m->subject : "Example";
	const char *issuer = m->issuer != NULL ? m->issuer : "Middle";
	EVP_PKEY *key = key_of(subject), *by = key_of(issuer);
	X509 *cert = X509_new();
	BIO *bio = BIO_new(BIO_s_mem());
	char *text;
	long n;

	X509_set_version(cert, 2);
	ASN1_INTEGER_set(X509_get_serialNumber(cert), 1);
	ASN1_TIME_set_string(X509_getm_notBefore(cert),
	    m->before != NULL ? m->before : "20000101000000Z");
	ASN1_TIME_set_string(X509_getm_notAfter(cert),
	    m->after != NULL ? m->after : "99991231235959Z");
	X509_set_pubkey(cert, key);
	set_name(X509_get_subject_name(cert), subject,
	    m->subject != NULL  ? NULL :
	        m->kind != NULL ? m->kind :
	                          "Registered Mark");
	set_name(X509_get_issuer_name(cert), issuer, NULL);
	add_extension(cert, NID_basic_constraints, m->constraints);
	if (m->subject == NULL) {
		add_extension(cert, NID_ext_key_usage,
		    m->purpose != NULL ? m->purpose : "1.3.6.1.5.5.7.3.31");
		add_extension(cert, NID_subject_alt_name,
		    m->names != NULL ? m->names : "DNS:a.org");
		if (!m->none)
			add_logotype(cert, logotype_of(a, m));
	}
	ck_assert_int_gt(X509_sign(cert, by, NULL), 0);
	PEM_write_bio_X509(bio, cert);
	n = BIO_get_mem_data(bio, &text);
	put_bytes(w, text, (size_t)n);
	BIO_free(bio);
	X509_free(cert);
	EVP_PKEY_free(key);
	EVP_PKEY_free(by);
}

static const struct mark root = { .subject = "Root",
	.issuer = "Root",
	.constraints = "CA:TRUE" };
static const struct mark other = { .subject = "Other",
	.issuer = "Other",
	.constraints = "CA:TRUE" };
static const struct mark middle = { .subject = "Middle",
	.issuer = "Root",
	.constraints = "CA:TRUE" };

/* The file of a mark certificate: itself, and that of its issuer. */
static struct mailauth_str
chain_of(struct arena *a, const struct mark *m, bool alone)
{
	struct writer w = arena_writer(a);

	put_cert(&w, a, m);
	if (!alone)
		put_cert(&w, a, &middle);
	return writer_str(&w);
}

static struct bimi_file
roots_of(struct arena *a, const struct mark *m)
{
	struct writer w = arena_writer(a);

	if (m == NULL)
		return (struct bimi_file){ .name = NULL };
	put_cert(&w, a, m);
	return (
	    struct bimi_file){ .name = "roots.pem", .octets = writer_str(&w) };
}

static void
put_bimi_cert(struct writer *w, const struct bimi_cert *c)
{
	static const char *const chains[] = { "broken", "open", "rooted" };

	put_text(w, chains[c->chain]);
	put_text(w, ", ");
	put_number(w, c->ncerts);
	if (c->there) {
		put_text(w, ", ");
		put_text(w, c->subject);
		put_text(w, " by ");
		put_text(w, c->issuer);
		put_text(w, c->mark_type[0] != '\0' ? ", a " : "");
		put_text(w, c->mark_type);
		put_text(w, c->logo.n > 0 ? ", logo" : ", no logo");
	}
	put_char(w, '\n');
	put_faults(w, &c->faults);
}

static const struct bimi_subject us = { STR_INIT("news.a.org."),
	STR_INIT("a.org."), STR_INIT("default._bimi.news.a.org."),
	STR_INIT("default._bimi.a.org.") };

/* What is said of a certificate that is made as it is by default. */
#define MARK \
	", O = Example, 1.3.6.1.4.1.53087.1.13 = Registered Mark by " \
	"O = Middle, a Registered Mark, "

static const struct {
	struct mark mark;
	const char *outcome;
	const struct mark *roots; /* NULL: none */
	bool alone; /* without its issuer */
} marks[] = {
	/* A good one, and who made it. */
	{ { 0 }, "rooted, 2" MARK "logo\n", &root, false },
	/* Without a root the chain is not called good. */
	{ { 0 },
	    "open, 2" MARK "logo\n"
	    "bimi-cert-unanchored\n",
	    NULL, false },
	/* Another root. */
	{ { 0 },
	    "broken, 2" MARK "logo\n"
	    "bimi-cert-invalid: its chain: unable to get local issuer "
	    "certificate\n",
	    &other, false },
	/* Without its issuer. */
	{ { 0 },
	    "broken, 1" MARK "logo\n"
	    "bimi-cert-invalid: its chain: unable to get local issuer "
	    "certificate\n",
	    &root, true },
	/* Its own issuer is all there is, and no root. */
	{ { 0 },
	    "open, 1" MARK "logo\n"
	    "bimi-cert-unanchored\n",
	    NULL, true },
	/* Kinds of marks. */
	{ { .kind = "" }, "rooted, 2, O = Example by O = Middle, logo\n", &root,
	    false },
	{ { .kind = "Prior Use Mark" },
	    "rooted, 2, O = Example, 1.3.6.1.4.1.53087.1.13 = Prior "
	    "Use Mark by O = Middle, a Prior Use Mark, logo\n"
	    "bimi-cert-cmc: Prior Use Mark\n",
	    &root, false },
	{ { .kind = "modified registered mark" },
	    "rooted, 2, O = Example, 1.3.6.1.4.1.53087.1.13 = modified "
	    "registered mark by O = Middle, a modified registered "
	    "mark, logo\n"
	    "bimi-cert-cmc: modified registered mark\n",
	    &root, false },
	{ { .kind = "Provisional Mark" },
	    "rooted, 2, O = Example, 1.3.6.1.4.1.53087.1.13 = "
	    "Provisional Mark by O = Middle, a Provisional Mark, logo\n"
	    "bimi-cert-cmc: Provisional Mark\n",
	    &root, false },
	{ { .kind = "Government Mark" },
	    "rooted, 2, O = Example, 1.3.6.1.4.1.53087.1.13 = "
	    "Government Mark by O = Middle, a Government Mark, logo\n",
	    &root, false },
	{ { .kind = "\x1b[31m" },
	    "rooted, 2, O = Example, 1.3.6.1.4.1.53087.1.13 = \\\\1B[31m "
	    "by O = Middle, a \\027[31m, logo\n",
	    &root, false },
	/* Who it is for. */
	{ { .names = "DNS:x.org,DNS:A.ORG" }, "rooted, 2" MARK "logo\n", &root,
	    false },
	{ { .names = "DNS:news.a.org" }, "rooted, 2" MARK "logo\n", &root,
	    false },
	{ { .names = "DNS:default._bimi.a.org" }, "rooted, 2" MARK "logo\n",
	    &root, false },
	{ { .names = "DNS:default._bimi.news.a.org" },
	    "rooted, 2" MARK "logo\n", &root, false },
	{ { .names = "email:a@a.org,DNS:x.org,DNS:y.org" },
	    "rooted, 2" MARK "logo\n"
	    "bimi-cert-domain: it is for x.org\n",
	    &root, false },
	{ { .names = "DNS:*.a.org" },
	    "rooted, 2" MARK "logo\n"
	    "bimi-cert-domain: it is for *.a.org\n",
	    &root, false },
	{ { .names = "DNS:other._bimi.a.org" },
	    "rooted, 2" MARK "logo\n"
	    "bimi-cert-domain: it is for other._bimi.a.org\n",
	    &root, false },
	{ { .names = "DNS:org" },
	    "rooted, 2" MARK "logo\n"
	    "bimi-cert-domain: it is for org\n",
	    &root, false },
	{ { .names = "" },
	    "rooted, 2" MARK "logo\n"
	    "bimi-cert-domain: it is for no domain\n",
	    &root, false },
	/* Its purpose. */
	{ { .purpose = "" },
	    "rooted, 2" MARK "logo\n"
	    "bimi-cert-invalid: its purpose is not BIMI (extended key "
	    "usage 1.3.6.1.5.5.7.3.31)\n",
	    &root, false },
	{ { .purpose = "serverAuth" },
	    "rooted, 2" MARK "logo\n"
	    "bimi-cert-invalid: its purpose is not BIMI (extended key "
	    "usage 1.3.6.1.5.5.7.3.31)\n",
	    &root, false },
	{ { .purpose = "serverAuth,1.3.6.1.5.5.7.3.31" },
	    "rooted, 2" MARK "logo\n", &root, false },
	{ { .constraints = "CA:TRUE" },
	    "rooted, 2" MARK "logo\n"
	    "bimi-cert-invalid: it is the certificate of an authority\n",
	    &root, false },
	/* Its times. */
	{ { .after = "20010101000000Z" },
	    "broken, 2" MARK "logo\n"
	    "bimi-cert-invalid: its chain: certificate has expired\n",
	    &root, false },
	{ { .before = "99990101000000Z" },
	    "broken, 2" MARK "logo\n"
	    "bimi-cert-invalid: its chain: certificate is not yet valid\n",
	    &root, false },
	/* Its logo. */
	{ { .none = true },
	    "rooted, 2" MARK "no logo\n"
	    "bimi-cert-invalid: it has no logo (extension "
	    "1.3.6.1.5.5.7.1.12)\n",
	    &root, false },
	{ { .raw = STR_INIT("\x30") },
	    "rooted, 2" MARK "no logo\n"
	    "bimi-cert-invalid: its logo cannot be read\n",
	    &root, false },
	{ { .logo = STR_INIT(GOOD) }, "rooted, 2" MARK "logo\n", &root, false },
	{ { .media = "IMAGE/svg+XML" }, "rooted, 2" MARK "logo\n", &root,
	    false },
	{ { .media = "image/png" },
	    "rooted, 2" MARK "no logo\n"
	    "bimi-cert-invalid: its logo is not SVG but image/png\n",
	    &root, false },
	{ { .head = "https://a.org/x.svg", .body = "" },
	    "rooted, 2" MARK "no logo\n"
	    "bimi-cert-invalid: its logo is not in it: "
	    "https://a.org/x.svg\n",
	    &root, false },
	{ { .head = "data:image/svg+xml,", .body = "AA==" },
	    "rooted, 2" MARK "no logo\n"
	    "bimi-cert-invalid: its logo is not in it: "
	    "data:image/svg+xml,AA==\n",
	    &root, false },
	{ { .head = "data:image/svg+xml;base64", .body = "" },
	    "rooted, 2" MARK "no logo\n"
	    "bimi-cert-invalid: its logo is not in it: "
	    "data:image/svg+xml;base64\n",
	    &root, false },
	{ { .head = "data:image/png;base64,", .body = "AA==" },
	    "rooted, 2" MARK "no logo\n"
	    "bimi-cert-invalid: its logo is not in it: "
	    "data:image/png;base64,AA==\n",
	    &root, false },
	{ { .head = "DATA:image/SVG+xml;charset=x;BASE64," },
	    "rooted, 2" MARK "logo\n", &root, false },
	{ { .body = "!!" },
	    "rooted, 2" MARK "no logo\n"
	    "bimi-cert-invalid: its logo is not in it: "
	    "data:image/svg+xml;base64,!!\n",
	    &root, false },
	{ { .other_hash = true },
	    "rooted, 2" MARK "logo\n"
	    "bimi-cert-invalid: its logo has another hash than it says\n",
	    &root, false },
	{ { .md = -1 },
	    "rooted, 2" MARK "logo\n"
	    "bimi-cert-invalid: its logo has another hash than it says\n",
	    &root, false },
	{ { .md = NID_sha1 }, "rooted, 2" MARK "logo\n", &root, false },
	{ { .md = NID_sha384 }, "rooted, 2" MARK "logo\n", &root, false },
	{ { .md = NID_sha512 }, "rooted, 2" MARK "logo\n", &root, false },
	{ { .logo = STR_INIT("\x1f\x8b") },
	    "rooted, 2" MARK "no logo\n"
	    "bimi-cert-invalid: its logo cannot be decompressed\n",
	    &root, false },
};

START_TEST(certificate)
{
	struct arena a = { NULL, false };
	struct writer w = arena_writer(&a);
	struct bimi_file roots = roots_of(&a, marks[_i].roots), file = { 0 };
	struct bimi_cert cert;

	file.name = "mark.pem";
	file.octets = chain_of(&a, &marks[_i].mark, marks[_i].alone);
	ck_assert(bimi_cert_read(&a, &file, &roots, &us, &cert));
	put_bimi_cert(&w, &cert);
	expect_written(&w, marks[_i].outcome);
	arena_free(&a);
}
END_TEST

/* What is no certificate, and files with more than one. */
START_TEST(no_certificate)
{
	struct arena a = { NULL, false };
	struct writer w = arena_writer(&a), many = arena_writer(&a);
	struct bimi_file roots = roots_of(&a, &root);
	struct bimi_file file = { .name = "a", .octets = STR("hello\n") };
	struct mark good = { 0 };
	struct bimi_cert cert;

	ck_assert(!bimi_has_cert(&file) && bimi_has_cert(&roots));
	ck_assert(bimi_cert_read(&a, &file, &roots, &us, &cert));
	put_bimi_cert(&w, &cert);
	file.octets = chain_of(&a, &good, true);
	file.octets.n /= 2;
	ck_assert(bimi_cert_read(&a, &file, &roots, &us, &cert));
	put_bimi_cert(&w, &cert);
	for (unsigned i = 0; i < 6; i++)
		put_str(&many, chain_of(&a, &good, false));
	file.octets = writer_str(&many);
	ck_assert(bimi_cert_read(&a, &file, &roots, &us, &cert));
	put_bimi_cert(&w, &cert);
	file.longer = true;
	ck_assert(bimi_cert_read(&a, &file, &roots, &us, &cert));
	put_bimi_cert(&w, &cert);
	expect_written(&w,
	    "broken, 0\nbimi-cert-invalid: there is no PEM certificate in the "
	    "file\n"
	    "broken, 0\nbimi-cert-invalid: there is no PEM certificate in the "
	    "file\n"
	    "rooted, 10, O = Example, 1.3.6.1.4.1.53087.1.13 = Registered Mark "
	    "by O = Middle, a Registered Mark, logo\n"
	    "broken, 0\nbimi-cert-invalid: the file is longer than 1 MiB, and "
	    "is not read\n");
	arena_free(&a);
}
END_TEST

/* Octets of the extension: every beginning is refused, and lengths that are
 * longer than they need be. */
START_TEST(logotypes)
{
	struct arena a = { NULL, false };
	struct mark m = { .head = "x:", .body = "" };
	struct mailauth_str der = logotype_of(&a, &m);
	struct writer w = arena_writer(&a);
	struct logotype out;

	ck_assert(logotype_read((const uint8_t *)der.s, der.n, &out));
	ck_assert(str_eq(out.media_type, STR("image/svg+xml")));
	ck_assert(str_eq(out.uri, STR("x:")));
	ck_assert_int_eq(out.algorithm, LOGOTYPE_SHA256);
	ck_assert_uint_eq(out.hash.n, 32);
	for (size_t n = 0; n < der.n; n++) {
		uint8_t *copy = malloc(n > 0 ? n : 1);

		memcpy(copy, der.s, n);
		ck_assert(!logotype_read(copy, n, &out));
		free(copy);
	}
	/* The first length, which is short, in two and in three octets. */
	ck_assert_uint_lt((uint8_t)der.s[1], 0x80);
	put_bytes(&w, "\x30\x81", 2);
	put_str(&w, str_from(der, 1));
	ck_assert(!logotype_read((uint8_t *)w.buf, w.used, &out));
	w.used = 0;
	put_bytes(&w, "\x30\x82\0", 3);
	put_str(&w, str_from(der, 1));
	ck_assert(!logotype_read((uint8_t *)w.buf, w.used, &out));
	w.used = 0;
	put_bytes(&w, "\x30\x80", 2);
	put_str(&w, str_from(der, 2));
	ck_assert(!logotype_read((uint8_t *)w.buf, w.used, &out));
	/* What comes before the logo of the subject is skipped. */
	w.used = 0;
	put_der(&w, 0xa0, STR("x"));
	put_der(&w, 0xa1, STR(""));
	put_str(&w, str_from(der, 2));
	der = wrapped(&a, 0x30, writer_str(&w));
	ck_assert(logotype_read((const uint8_t *)der.s, der.n, &out));
	w.used = 0;
	put_der(&w, 0xa3, STR(""));
	put_str(&w, str_from(der, 7));
	der = wrapped(&a, 0x30, writer_str(&w));
	ck_assert(!logotype_read((const uint8_t *)der.s, der.n, &out));
	arena_free(&a);
}
END_TEST

/* Files. */

START_TEST(files)
{
	struct arena a = { NULL, false };
	struct bimi_file file;
	char why[MAILAUTH_WHY_MAX], want[MAILAUTH_WHY_MAX];
	const char *path = folder_put("f", "12345", 5);

	ck_assert_int_eq(bimi_file_read(&a, path, 5, &file, why), MAILAUTH_OK);
	ck_assert(str_eq(file.octets, STR("12345")) && !file.longer);
	ck_assert_int_eq(bimi_file_read(&a, path, 4, &file, why), MAILAUTH_OK);
	ck_assert(str_eq(file.octets, STR("1234")) && file.longer);
	ck_assert_int_eq(bimi_file_read(&a, "/", 4, &file, why),
	    MAILAUTH_EINPUT);
	expect_text(why, "/: Is a directory");
	path = folder_path("none");
	ck_assert_int_eq(bimi_file_read(&a, path, 4, &file, why),
	    MAILAUTH_EINPUT);
	snprintf(want, sizeof(want), "%s: No such file or directory", path);
	expect_text(why, want);
	arena_free(&a);
}
END_TEST

/* What a check of a domain says of the files. */
static const struct {
	struct mailauth_str logo, in_mark; /* STR_NONE: not given */
	const char *codes; /* those about the files */
	const char *text, *json;
} checks[] = {
	{ STR_INIT(GOOD), STR_INIT(GOOD), "bimi-cert-unanchored",
	    "  logo    ?logo.svg: 173 octets, \"Example\"\n"
	    "  mark    ?mark.pem: O = Example, 1.3.6.1.4.1.53087.1.13 "
	    "= Registered Mark\n"
	    "          until 9999-12-31T23:59:59Z, chain open, "
	    "Registered Mark, logo same",
	    "'bimi':{'svg':{'file':'?logo.svg','octets':173,"
	    "'compressed':false,'title':'Example','width':100.0,"
	    "'height':100.0},'certificate':{'file':'?mark.pem',"
	    "'certificates':2,'subject':'O = Example,"
	    " 1.3.6.1.4.1.53087.1.13 = Registered Mark',"
	    "'issuer':'O = Middle','not_before':'2000-01-01T00:00:00Z',"
	    "'not_after':'9999-12-31T23:59:59Z',"
	    "'mark_type':'Registered Mark','chain':'open',"
	    "'logo_octets':173,'logo':'same'}},"
	    "'incomplete':[]}" },
	{ STR_INIT(GOOD), STR_INIT(SVG(TITLE)),
	    "bimi-svg-evidence-mismatch bimi-cert-unanchored",
	    "  logo    ?logo.svg: 173 octets, \"Example\"\n"
	    "  mark    ?mark.pem: O = Example, 1.3.6.1.4.1.53087.1.13 "
	    "= Registered Mark\n"
	    "          until 9999-12-31T23:59:59Z, chain open, "
	    "Registered Mark, logo different",
	    "'bimi':{'svg':{'file':'?logo.svg','octets':173,"
	    "'compressed':false,'title':'Example','width':100.0,"
	    "'height':100.0},'certificate':{'file':'?mark.pem',"
	    "'certificates':2,'subject':'O = Example,"
	    " 1.3.6.1.4.1.53087.1.13 = Registered Mark',"
	    "'issuer':'O = Middle','not_before':'2000-01-01T00:00:00Z',"
	    "'not_after':'9999-12-31T23:59:59Z',"
	    "'mark_type':'Registered Mark','chain':'open',"
	    "'logo_octets':126,'logo':'different'}},"
	    "'incomplete':[]}" },
	{ STR_INIT(GOOD), STR_INIT(""), "",
	    "  logo    ?logo.svg: 173 octets, \"Example\"",
	    "'bimi':{'svg':{'file':'?logo.svg','octets':173,"
	    "'compressed':false,'title':'Example','width':100.0,"
	    "'height':100.0},'certificate':null},"
	    "'incomplete':[]}" },
	{ STR_INIT("\x1f\x8b"), STR_INIT(""), "bimi-svg-not-xml",
	    "  logo    ?logo.svg: could not be read",
	    "'bimi':{'svg':{'file':'?logo.svg','octets':0,"
	    "'compressed':true,'title':null,'width':0.0,'height':0.0},"
	    "'certificate':null},"
	    "'incomplete':[]}" },
	{ STR_INIT(""), STR_INIT(SVG(RECT)),
	    "bimi-svg-title bimi-cert-unanchored",
	    "  mark    ?mark.pem: O = Example, 1.3.6.1.4.1.53087.1.13 "
	    "= Registered Mark\n"
	    "          until 9999-12-31T23:59:59Z, chain open, "
	    "Registered Mark",
	    "'bimi':{'svg':null,'certificate':{'file':'?mark.pem',"
	    "'certificates':2,'subject':'O = Example,"
	    " 1.3.6.1.4.1.53087.1.13 = Registered Mark',"
	    "'issuer':'O = Middle','not_before':'2000-01-01T00:00:00Z',"
	    "'not_after':'9999-12-31T23:59:59Z',"
	    "'mark_type':'Registered Mark','chain':'open',"
	    "'logo_octets':151,'logo':null}},"
	    "'incomplete':[]}" },
};

/* Codes of a report that begin with "bimi-svg" or "bimi-cert". */
static const char *
codes_of_files(struct arena *a, const struct asked *asked)
{
	struct writer w = arena_writer(a);

	for (size_t i = 0; i < mailauth_report_findings(asked->report); i++) {
		const char *code =
		    mailauth_report_finding(asked->report, i)->code;

		if (strncmp(code, "bimi-svg", 8) != 0 &&
		    strncmp(code, "bimi-cert", 9) != 0)
			continue;
		put_text(&w, w.used > 0 ? " " : "");
		put_text(&w, code);
	}
	put_char(&w, '\0');
	return w.buf;
}

/* A text with '?' for the paths of files, from one word to another; NULL: to
 * its end. */
static const char *
without_paths(struct arena *a, const char *text, const char *from,
    const char *to)
{
	const char *p = strstr(text, from), *end, *path = folder_path("");
	struct writer w = arena_writer(a);

	EXPECT(p != NULL, "%s", text);
	end = to != NULL ? strstr(p, to) : p + strlen(p);
	EXPECT(end != NULL, "%s", text);
	while (p < end) {
		if (strncmp(p, path, strlen(path)) == 0) {
			put_char(&w, '?');
			p += strlen(path);
		} else {
			put_char(&w, *p++);
		}
	}
	put_char(&w, '\0');
	return w.buf;
}

START_TEST(checked)
{
	struct arena a = { NULL, false };
	struct mark mark = { .logo = checks[_i].in_mark };
	struct mailauth_str logo = checks[_i].logo;
	struct mailauth_str pem = chain_of(&a, &mark, false);
	struct asked asked;
	char line[512];

	snprintf(line, sizeof(line), "check --only bimi%s%s%s%s a.org",
	    logo.n > 0 ? " --bimi-svg " : "",
	    logo.n > 0 ? folder_put("logo.svg", logo.s, logo.n) : "",
	    mark.logo.n > 0 ? " --bimi-cert " : "",
	    mark.logo.n > 0 ? folder_put("mark.pem", pem.s, pem.n) : "");
	ask_open(&asked,
	    "zone a.org\ndefault._bimi TXT 'v=BIMI1; "
	    "l=https://a.org/l.svg; a=https://a.org/m.pem'\n",
	    NULL);
	ask(&asked, line);
	expect_text(codes_of_files(&a, &asked), checks[_i].codes);
	expect_text(without_paths(&a, report_text(&a, asked.report, 0),
	                logo.n > 0 ? "  logo    " : "  mark    ",
	                "\n\n  FAIL  bimi"),
	    checks[_i].text);
	expect_text(without_paths(&a, report_json(&a, asked.report),
	                "\"bimi\":{\"svg", NULL),
	    quoted(&a, checks[_i].json));
	ask_close(&asked);
	arena_free(&a);
}
END_TEST

Suite *
suite_bimi(void)
{
	Suite *s = suite_create("bimi");
	TCase *tc = tcase_create("bimi");
	TCase *in_folder = tcase_create("files");

	tcase_set_timeout(tc, 60);
	tcase_add_loop_test(tc, one_logo, 0, COUNT(logos));
	tcase_add_test(tc, compressed);
	tcase_add_test(tc, sizes);
	tcase_add_test(tc, deep);
	tcase_add_test(tc, many_faults);
	tcase_add_loop_test(tc, same, 0, COUNT(pairs));
	tcase_add_loop_test(tc, certificate, 0, COUNT(marks));
	tcase_add_test(tc, no_certificate);
	tcase_add_test(tc, logotypes);
	suite_add_tcase(s, tc);
	tcase_set_timeout(in_folder, 60);
	tcase_add_checked_fixture(in_folder, folder_open, folder_close);
	tcase_add_test(in_folder, files);
	tcase_add_loop_test(in_folder, checked, 0, COUNT(checks));
	suite_add_tcase(s, in_folder);
	return s;
}
