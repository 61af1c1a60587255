/*
 * test_sig.c - DKIM signatures: parsing, canonical forms, hashes, verification
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * testdata/messages/sig-*.eml are the message of RFC 8463 A and messages signed
 * by another program; sig-keys.txt has their key records.
 */
#include <openssl/err.h>
#include <openssl/evp.h>
#include <stdio.h>
#include <stdlib.h>

#include "dkim/verify.h"
#include "header/dkim_canon.h"
#include "judge/verdict.h"
#include "unit.h"

#define COUNT(table) ((int)(sizeof(table) / sizeof((table)[0])))

#define FROM_ED " d=a.org; s=x; bh=" H32 "; b=eA==; h=from"
#define H32     "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="
#define BASE    "v=1; a=rsa-sha256;" FROM_ED

/* `where` is the text at the place of the fault. */
static const struct {
	const char *value;
	enum mailauth_finding_id id;
	const char *where;
} faults[] = {
	{ BASE, MAILAUTH_F_NONE, "" },
	{ BASE ";", MAILAUTH_F_NONE, "" },
	{ BASE "; ", MAILAUTH_F_NONE, "" },
	{ "v = 1 ;\r\n\ta =\trsa-sha256 ;\r\n" FROM_ED " :\r\n to ;\r\n",
	    MAILAUTH_F_NONE, "" },
	{ "a=ed25519-sha256; v=1;" FROM_ED, MAILAUTH_F_NONE, "" },
	{ BASE "; c=relaxed; q=dns/txt; l=0; t=1; x=1; z=a|b; foo=bar",
	    MAILAUTH_F_NONE, "" },
	{ BASE "; q=x : dns/txt", MAILAUTH_F_NONE, "" },
	{ BASE "; i=@A.ORG", MAILAUTH_F_NONE, "" },
	{ BASE "; i=joe@b@mail.a.org", MAILAUTH_F_NONE, "" },
	/* i= is quoted-printable. */
	{ BASE "; i=joe=40a.org", MAILAUTH_F_NONE, "" },
	{ BASE "; i==40a=2Eorg", MAILAUTH_F_NONE, "" },
	{ BASE "; i=joe=40b.org@mail.a=2eorg", MAILAUTH_F_NONE, "" },
	{ BASE "; i=joe=3Djim=b.org@a.org", MAILAUTH_F_NONE, "" },
	{ BASE "; i=joe@mail.\r\n\ta.org", MAILAUTH_F_NONE, "" },
	{ BASE "; i=joe=40b.org", MAILAUTH_F_SIG_IDENTITY, "joe=40b.org" },
	{ BASE "; i=@a.org=2Eb", MAILAUTH_F_SIG_IDENTITY, "@a.org=2Eb" },
	{ BASE "; i=@a.org=40b.org", MAILAUTH_F_SIG_IDENTITY, "" },
	{ BASE "; i=@a=4.org", MAILAUTH_F_SIG_SYNTAX, "@a=4.org" },
	{ BASE "; i=@a.org=00", MAILAUTH_F_SIG_SYNTAX, "@a.org=00" },
	{ BASE "; i=@a.org=4", MAILAUTH_F_SIG_SYNTAX, "@a.org=4" },
	{ BASE "; i=@a.org=", MAILAUTH_F_SIG_SYNTAX, "@a.org=" },
	{ BASE "; V=2", MAILAUTH_F_NONE, "" }, /* another tag than v= */
	{ BASE "; l=99999999999999999999999999", MAILAUTH_F_NONE, "" },
	{ BASE "; a-b=c; x_1=", MAILAUTH_F_NONE, "" },
	{ BASE "; a-b=c; a-b=d", MAILAUTH_F_SIG_SYNTAX, "a-b" },
	{ BASE "; foo=1; bar=2; foo=1", MAILAUTH_F_SIG_SYNTAX, "foo" },
	{ BASE "; foo=1; Foo=1", MAILAUTH_F_NONE, "" },
	{ BASE "; -a=c", MAILAUTH_F_SIG_SYNTAX, "-a=c" },
	{ BASE "; a!b=c", MAILAUTH_F_SIG_SYNTAX, "a!b=c" },
	{ "", MAILAUTH_F_SIG_SYNTAX, "" },
	{ ";", MAILAUTH_F_SIG_SYNTAX, "" },
	{ BASE ";;", MAILAUTH_F_SIG_SYNTAX, "" },
	{ BASE "; foo", MAILAUTH_F_SIG_SYNTAX, "foo" },
	{ BASE "; =bar", MAILAUTH_F_SIG_SYNTAX, "=bar" },
	{ BASE "; d=b.org", MAILAUTH_F_SIG_SYNTAX, "d" },
	{ "a=rsa-sha256;" FROM_ED, MAILAUTH_F_SIG_SYNTAX, "" },
	{ "v=; a=rsa-sha256;" FROM_ED, MAILAUTH_F_SIG_SYNTAX, "" },
	{ "v=2; a=rsa-sha256;" FROM_ED, MAILAUTH_F_SIG_SYNTAX, "2" },
	{ "v=1.0; a=rsa-sha256;" FROM_ED, MAILAUTH_F_SIG_SYNTAX, "1.0" },
	{ "v=1;" FROM_ED, MAILAUTH_F_SIG_SYNTAX, "" },
	{ "v=1; a=rsa-sha256; d=a.org; s=x; bh=" H32 "; h=from",
	    MAILAUTH_F_SIG_SYNTAX, "" },
	{ "v=1; a=rsa-sha256; d=a.org; s=x; bh=" H32 "; b= ; h=from",
	    MAILAUTH_F_SIG_SYNTAX, "" },
	{ "v=1; a=rsa-sha256; d=a.org; s=x; bh=" H32 "; b=e-==; h=from",
	    MAILAUTH_F_SIG_SYNTAX, "e-==" },
	{ "v=1; a=rsa-sha256; d=a.org; s=x; bh=" H32 "; b==; h=from",
	    MAILAUTH_F_SIG_SYNTAX, "=" },
	{ "v=1; a=rsa-sha256; d=a.org; s=x; bh=eA==; b=eA==; h=from",
	    MAILAUTH_F_SIG_SYNTAX, "eA==" },
	{ "v=1; a=rsa-sha256; d=a.org; s=x; bh=e; b=eA==; h=from",
	    MAILAUTH_F_SIG_SYNTAX, "e" },
	{ "v=1; a=rsa-sha256; d=a.org; bh=" H32 "; b=eA==; h=from",
	    MAILAUTH_F_SIG_SYNTAX, "" },
	{ "v=1; a=rsa-sha256; d=org; s=x; bh=" H32 "; b=eA==; h=from",
	    MAILAUTH_F_SIG_SYNTAX, "org" },
	{ "v=1; a=rsa-sha256; d=a!b.org; s=x; bh=" H32 "; b=eA==; h=from",
	    MAILAUTH_F_SIG_SYNTAX, "a!b.org" },
	{ "v=1; a=rsa-sha256; d=-a.org; s=x; bh=" H32 "; b=eA==; h=from",
	    MAILAUTH_F_SIG_SYNTAX, "-a.org" },
	{ "v=1; a=rsa-sha256; d=a-.org; s=x; bh=" H32 "; b=eA==; h=from",
	    MAILAUTH_F_SIG_SYNTAX, "a-.org" },
	{ "v=1; a=rsa-sha256; d=a b.org; s=x; bh=" H32 "; b=eA==; h=from",
	    MAILAUTH_F_SIG_SYNTAX, "a b.org" },
	{ "v=1; a=rsa-sha256; d=a..org; s=x; bh=" H32 "; b=eA==; h=from",
	    MAILAUTH_F_SIG_SYNTAX, "a..org" },
	{ "v=1; a=rsa-sha256; d=a.org.; s=x; bh=" H32 "; b=eA==; h=from",
	    MAILAUTH_F_SIG_SYNTAX, "a.org." },
	{ "v=1; a=rsa-sha256; d=a.org; s=x y; bh=" H32 "; b=eA==; h=from",
	    MAILAUTH_F_SIG_SYNTAX, "x y" },
	{ "v=1; a=rsa-sha256; d=a.org; s=x; bh=" H32 "; b=eA==; h=from:",
	    MAILAUTH_F_SIG_SYNTAX, "from:" },
	{ "v=1; a=rsa-sha256; d=a.org; s=x; bh=" H32 "; b=eA==; h=from to",
	    MAILAUTH_F_SIG_SYNTAX, "from to" },
	{ BASE "; c=strict", MAILAUTH_F_SIG_SYNTAX, "strict" },
	{ BASE "; c=", MAILAUTH_F_SIG_SYNTAX, "" },
	{ BASE "; c=relaxed/", MAILAUTH_F_SIG_SYNTAX, "relaxed/" },
	{ BASE "; q=dns", MAILAUTH_F_SIG_SYNTAX, "dns" },
	{ BASE "; l=-1", MAILAUTH_F_SIG_SYNTAX, "-1" },
	{ BASE "; l=", MAILAUTH_F_SIG_SYNTAX, "" },
	{ BASE "; t=1x", MAILAUTH_F_SIG_SYNTAX, "1x" },
	{ BASE "; x=+1", MAILAUTH_F_SIG_SYNTAX, "+1" },
	{ BASE "; t=2; x=1", MAILAUTH_F_SIG_SYNTAX, "1" },
	{ BASE "; i=a.org", MAILAUTH_F_SIG_SYNTAX, "a.org" },
	{ BASE "; i=", MAILAUTH_F_SIG_SYNTAX, "" },
	{ "v=1; a=rsa-sha1;" FROM_ED, MAILAUTH_F_SIG_ALGORITHM, "rsa-sha1" },
	{ "v=1; a=rsa-sha512;" FROM_ED, MAILAUTH_F_SIG_ALGORITHM,
	    "rsa-sha512" },
	{ "v=1; a=rsa-sha256; d=a.org; s=x; bh=" H32 "; b=eA==; h=to:date",
	    MAILAUTH_F_SIG_FROM_UNSIGNED, "to:date" },
	{ BASE "; i=@b.org", MAILAUTH_F_SIG_IDENTITY, "@b.org" },
	{ BASE "; i=@ba.org", MAILAUTH_F_SIG_IDENTITY, "@ba.org" },
	{ BASE "; i=@org", MAILAUTH_F_SIG_IDENTITY, "@org" },
};

START_TEST(fault)
{
	struct mailauth_str value = str_of(faults[_i].value);
	struct dkim_sig sig;
	struct dkim_sig_fault f;
	bool good = dkim_sig_parse(value, &sig, &f);

	ck_assert_msg(f.id == faults[_i].id, "%s: %s", faults[_i].value,
	    f.what);
	ck_assert_int_eq(good, f.id == MAILAUTH_F_NONE);
	if (faults[_i].where[0] != '\0')
		ck_assert(str_eq(f.where, str_of(faults[_i].where)));
	ck_assert_int_eq(good, f.what[0] == '\0');
}
END_TEST

START_TEST(values)
{
	struct mailauth_str value =
	    STR("v=1; a=rsa-sha256; d=a.org; s=x.y;"
	        " c=simple/relaxed; l=007; t=10; x=20;"
	        " i=joe@b.a.org; foo=b=; bh=" H32 "; h= From :\r\n To;"
	        " b=\r\n eA = =\t; z=b=c");
	struct mailauth_str rest, name;
	struct dkim_sig sig;
	struct dkim_sig_fault f;

	ck_assert(dkim_sig_parse(value, &sig, &f));
	ck_assert(sig.algorithm == DKIM_RSA_SHA256);
	ck_assert(!sig.header_relaxed && sig.body_relaxed);
	ck_assert(str_eq(sig.d, STR("a.org")) && str_eq(sig.s, STR("x.y")));
	ck_assert(str_eq(sig.i_domain, STR("b.a.org")));
	ck_assert(sig.has_l && sig.l == 7 && sig.has_t && sig.t == 10);
	ck_assert(sig.has_x && sig.x == 20);
	ck_assert(str_eq(sig.hole, STR("\r\n eA = =\t")));
	rest = sig.h;
	ck_assert(dkim_sig_name(&rest, &name) && str_eq(name, STR("From")));
	ck_assert(dkim_sig_name(&rest, &name) && str_eq(name, STR("To")));
	ck_assert(!dkim_sig_name(&rest, &name));
}
END_TEST

START_TEST(long_value)
{
	struct dkim_sig sig;
	struct dkim_sig_fault f;
	char *text = malloc(65536);
	size_t n = strlen(BASE "; z=");

	ck_assert_ptr_nonnull(text);
	memset(text, 'x', 65536);
	memcpy(text, BASE "; z=", n);
	ck_assert(
	    dkim_sig_parse((struct mailauth_str){ text, 65535 }, &sig, &f));
	ck_assert_uint_eq(sig.z.n, 65535 - n);
	ck_assert(
	    !dkim_sig_parse((struct mailauth_str){ text, 65536 }, &sig, &f));
	ck_assert_uint_eq(f.id, MAILAUTH_F_SIG_SYNTAX);
	free(text);
}
END_TEST

/* A sink that keeps all octets. */
struct kept {
	char text[65536];
	size_t n;
};

static struct kept kept;

static void
keep(void *arg, const void *data, size_t n)
{
	struct kept *k = arg;

	ck_assert(n <= sizeof(k->text) - k->n);
	memcpy(k->text + k->n, data, n);
	k->n += n;
}

static bool
kept_is(const char *text)
{
	return str_eq((struct mailauth_str){ kept.text, kept.n }, str_of(text));
}

/* The first two rows are from RFC 6376 3.4.5. */
static const struct {
	const char *raw, *simple, *relaxed;
} headers[] = {
	{ "A: X\r\n", "A: X\r\n", "a:X\r\n" },
	{ "B : Y\t\r\n\tZ  \r\n", "B : Y\t\r\n\tZ  \r\n", "b:Y Z\r\n" },
	{ "B : Y\t\n\tZ  \n", "B : Y\t\r\n\tZ  \r\n", "b:Y Z\r\n" },
	{ "Sub-Ject\t:a", "Sub-Ject\t:a\r\n", "sub-ject:a\r\n" },
	{ "A:\r\n", "A:\r\n", "a:\r\n" },
	{ "A:  \r\n \r\n", "A:  \r\n \r\n", "a:\r\n" },
	{ "A: B: C\n", "A: B: C\r\n", "a:B: C\r\n" },
	{ "A: x\ry\r\n", "A: x\ry\r\n", "a:x\ry\r\n" },
	{ "A: x\r\r\n", "A: x\r\r\n", "a:x\r\r\n" },
	{ "A: x \v\f\r\n", "A: x \v\f\r\n", "a:x \v\f\r\n" },
	{ "nothing\r\n", "nothing\r\n", "nothing\r\n" },
	{ "", "\r\n", "\r\n" },
};

START_TEST(header)
{
	struct mailauth_str raw = str_of(headers[_i].raw);

	kept.n = 0;
	dkim_canon_field(raw, false, keep, &kept);
	ck_assert(kept_is(headers[_i].simple));
	kept.n = 0;
	dkim_canon_field(raw, true, keep, &kept);
	ck_assert(kept_is(headers[_i].relaxed));
}
END_TEST

static const struct {
	const char *raw, *simple, *relaxed;
} own[] = {
	{ "DKIM-Signature: bb=b=1; b= eA \r\n = = ; x=b=c\r\n",
	    "DKIM-Signature: bb=b=1; b=; x=b=c",
	    "dkim-signature:bb=b=1; b=; x=b=c" },
	{ "DKIM-Signature: b=eA==\r\n",
	    "DKIM-Signature: b=", "dkim-signature:b=" },
	{ "DKIM-Signature: x;\n b=eA\n ==\n \n",
	    "DKIM-Signature: x;\r\n b=", "dkim-signature:x; b=" },
	{ "DKIM-Signature:\r\n b\t=eA==;\r\n c=d \r\n",
	    "DKIM-Signature:\r\n b\t=;\r\n c=d ", "dkim-signature:b =; c=d" },
	{ "DKIM-Signature: c=d \r\n", "DKIM-Signature: c=d ",
	    "dkim-signature:c=d" },
};

START_TEST(own_field)
{
	struct mailauth_str raw = str_of(own[_i].raw);
	struct dkim_sig sig;
	struct dkim_sig_fault f;

	dkim_sig_parse(str_from(raw, str_find(raw, ':') + 1), &sig, &f);
	kept.n = 0;
	dkim_canon_signature(raw, sig.hole, false, keep, &kept);
	ck_assert(kept_is(own[_i].simple));
	kept.n = 0;
	dkim_canon_signature(raw, sig.hole, true, keep, &kept);
	ck_assert(kept_is(own[_i].relaxed));
}
END_TEST

/* The first row is from RFC 6376 3.4.5. */
static const struct {
	const char *raw, *simple, *relaxed;
} bodies[] = {
	{ " C \r\nD \t E\r\n\r\n\r\n", " C \r\nD \t E\r\n", " C\r\nD E\r\n" },
	{ " C \nD \t E\n\n\n", " C \r\nD \t E\r\n", " C\r\nD E\r\n" },
	{ "", "\r\n", "" },
	{ "\r\n", "\r\n", "" },
	{ "\r\n\n\r\n", "\r\n", "" },
	{ " ", " \r\n", "" },
	{ " \r\n\t\r\n", " \r\n\t\r\n", "" },
	{ "a", "a\r\n", "a\r\n" },
	{ "a\r\nb \t", "a\r\nb \t\r\n", "a\r\nb\r\n" },
	{ "\r\n\r\na", "\r\n\r\na\r\n", "\r\n\r\na\r\n" },
	{ "a\r\n \r\n\r\n  b\r\n \r\n", "a\r\n \r\n\r\n  b\r\n \r\n",
	    "a\r\n\r\n\r\n b\r\n" },
	{ "a\rb\r\n", "a\rb\r\n", "a\rb\r\n" },
	{ "a\r", "a\r\r\n", "a\r\r\n" },
	{ "a \r b\r\r\n", "a \r b\r\r\n", "a \r b\r\r\n" },
	{ "\r\r", "\r\r\r\n", "\r\r\r\n" },
	{ "a\v\r\n", "a\v\r\n", "a\v\r\n" },
	{ "a b  c \td\te f", "a b  c \td\te f\r\n", "a b c d e f\r\n" },
	{ "a\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n"
	  "\nb",
	    "a\r\n\r\n\r\n\r\n\r\n\r\n\r\n\r\n\r\n\r\n\r\n\r\n\r\n\r\n\r\n\r\n"
	    "\r\n\r\n\r\n\r\n\r\n\r\n\r\n\r\n\r\n\r\n\r\n\r\n\r\n\r\n\r\n\r\n"
	    "\r\n\r\n\r\nb\r\n",
	    "a\r\n\r\n\r\n\r\n\r\n\r\n\r\n\r\n\r\n\r\n\r\n\r\n\r\n\r\n\r\n\r\n"
	    "\r\n\r\n\r\n\r\n\r\n\r\n\r\n\r\n\r\n\r\n\r\n\r\n\r\n\r\n\r\n\r\n"
	    "\r\n\r\n\r\nb\r\n" },
};

/* Feed a body in one piece, in two split at every place, and octet by octet. */
START_TEST(body)
{
	struct mailauth_str raw = str_of(bodies[_i].raw);

	for (int relaxed = 0; relaxed < 2; relaxed++) {
		const char *want =
		    relaxed ? bodies[_i].relaxed : bodies[_i].simple;
		struct dkim_body b;

		for (size_t i = 0; i <= raw.n; i++) {
			kept.n = 0;
			dkim_body_start(&b, relaxed, keep, &kept);
			dkim_body_put(&b, raw.s, i);
			dkim_body_put(&b, raw.s + i, raw.n - i);
			dkim_body_end(&b);
			ck_assert(kept_is(want));
		}
		kept.n = 0;
		dkim_body_start(&b, relaxed, keep, &kept);
		for (size_t i = 0; i < raw.n; i++)
			dkim_body_put(&b, raw.s + i, 1);
		dkim_body_end(&b);
		ck_assert(kept_is(want));
	}
}
END_TEST

static void
sha256(const void *data, size_t n, uint8_t out[DKIM_HASH])
{
	ck_assert_int_eq(EVP_Digest(data, n, out, NULL, EVP_sha256(), NULL), 1);
}

/* Lengths in any order, around the boundaries of the pieces. */
START_TEST(snapshots)
{
	static const uint64_t lengths[] = { 9000, 0, 1, 7, 20000, 8191, 8192,
		8193, 19999, 20001, UINT64_MAX, 7 };
	struct arena arena = { NULL, false };
	struct body_hashes *h = body_hash_new(&arena, 11);
	char *text = arena_alloc(&arena, 20000);
	int whole, number[COUNT(lengths)];
	uint8_t want[DKIM_HASH];

	ck_assert(h != NULL && text != NULL);
	for (size_t i = 0; i < 20000; i++)
		text[i] = (char)('a' + i % 25);
	memcpy(text + 19998, "\r\n", 2);
	for (int i = 0; i < COUNT(lengths); i++)
		number[i] = body_hash_want(h, true, true, lengths[i]);
	ck_assert_int_eq(number[3], number[11]);
	ck_assert_int_eq(body_hash_want(h, false, true, 3), -1);
	for (size_t i = 0; i < 20000; i += 1000)
		body_hash_put(h, text + i, 1000);
	ck_assert(body_hash_end(h));
	for (int i = 0; i < COUNT(lengths); i++) {
		const struct body_hash *r = body_hash_get(h, number[i]);

		ck_assert_int_eq(r->too_short, lengths[i] > 20000);
		if (r->too_short)
			continue;
		ck_assert_uint_eq(r->beyond, 20000 - lengths[i]);
		sha256(text, lengths[i], want);
		ck_assert_mem_eq(r->hash, want, DKIM_HASH);
	}
	ck_assert_ptr_null(body_hash_get(h, -1));
	h = body_hash_new(&arena, 2);
	whole = body_hash_want(h, false, false, 5);
	ck_assert_int_eq(body_hash_want(h, false, false, 6), whole);
	ck_assert(body_hash_end(h));
	sha256("\r\n", 2, want);
	ck_assert_mem_eq(body_hash_get(h, whole)->hash, want, DKIM_HASH);
	body_hash_free(h);
	h = body_hash_new(&arena, 2);
	body_hash_want(h, true, false, 0);
	body_hash_put(h, "a", 1);
	body_hash_free(h);
	arena_free(&arena);
}
END_TEST

/* A parsed message. */
struct message {
	struct dkim_field field[64];
	size_t n;
	struct mailauth_str body;
};

static void
split(struct mailauth_str text, struct message *m)
{
	m->n = 0;
	while (text.n > 0) {
		size_t end = str_find(text, '\n') + 1;

		if (text.s[0] == '\n' || str_starts(text, STR("\r\n"))) {
			text = str_from(text, end);
			break;
		}
		while (end < text.n && is_wsp(text.s[end]))
			end += str_find(str_from(text, end), '\n') + 1;
		ck_assert(m->n < 64);
		m->field[m->n].raw = str_sub(text, 0, end);
		m->field[m->n++].name =
		    str_trim_end(str_sub(text, 0, str_find(text, ':')));
		text = str_from(text, end);
	}
	m->body = text;
}

static struct mailauth_str
read_file(struct arena *a, const char *name)
{
	char path[4096];
	struct mailauth_str out = { NULL, 0 };
	FILE *f;

	snprintf(path, sizeof(path), "%s/testdata/messages/%s", source_dir(),
	    name);
	f = fopen(path, "rb");
	ck_assert_msg(f != NULL, "%s", path);
	ck_assert_int_eq(fseek(f, 0, SEEK_END), 0);
	out.n = (size_t)ftell(f);
	rewind(f);
	out.s = arena_alloc(a, out.n + 1);
	ck_assert(out.s != NULL &&
	    fread((char *)(uintptr_t)out.s, 1, out.n, f) == out.n);
	fclose(f);
	return out;
}

/* The judged record of a line "OWNER TEXT". */
static const struct mailauth_record *
judge_line(struct arena *a, struct mailauth_str owner, struct mailauth_str text)
{
	struct mailauth_scope scope = { .profile = MAILAUTH_PROFILE_RFC };
	struct mailauth_scratch *scratch = arena_alloc(a, sizeof(*scratch));
	struct mailauth_judgement *j = arena_alloc(a, sizeof(*j));
	struct mailauth_rdata *rr = arena_alloc(a, sizeof(*rr));
	struct mailauth_answer answer = { .name = owner,
		.rrtype = RRTYPE_TXT,
		.outcome = MAILAUTH_FOUND,
		.dnssec = MAILAUTH_DNSSEC_SECURE,
		.ttl = 3600,
		.rr = rr,
		.nrr = 1 };
	struct writer w = arena_writer(a);

	while (text.n > 0) {
		struct mailauth_str part = str_sub(text, 0, 255);

		put_char(&w, (char)part.n);
		put_str(&w, part);
		text = str_from(text, part.n);
	}
	ck_assert(scratch != NULL && j != NULL && rr != NULL && !w.full);
	rr->data = (const uint8_t *)w.buf;
	rr->len = (uint16_t)w.used;
	judge(kind_named(STR("dkim")), &answer, &scope, scratch, j);
	ck_assert_int_eq(j->verdict, MAILAUTH_VALID);
	return &j->record;
}

/* The record of a selector; `keys` has a line for each. */
static const struct mailauth_record *
find_key(struct arena *a, struct mailauth_str keys, const struct dkim_sig *sig)
{
	char owner[256];
	size_t n =
	    (size_t)snprintf(owner, sizeof(owner), "%.*s._domainkey.%.*s.",
	        (int)sig->s.n, sig->s.s, (int)sig->d.n, sig->d.s);

	while (keys.n > 0) {
		struct mailauth_str line = str_cut(&keys, '\n');
		struct mailauth_str name = str_cut(&line, ' ');

		if (str_eq(name, (struct mailauth_str){ owner, n - 1 }))
			return judge_line(a,
			    arena_copy(a, (struct mailauth_str){ owner, n }),
			    line);
	}
	ck_abort_msg("%s has no key", owner);
	return NULL;
}

/* The verdict of the signature in field `at`. */
static struct dkim_verdict
verify_field(struct arena *a, const struct message *m, size_t at,
    struct mailauth_str keys)
{
	struct mailauth_str raw = m->field[at].raw;
	struct dkim_fields *fields = dkim_fields_new(a, m->field, m->n);
	struct body_hashes *bodies_of = body_hash_new(a, 1);
	uint8_t hash[DKIM_HASH];
	struct dkim_sig_fault f;
	struct dkim_sig sig;
	int number;

	ck_assert(fields != NULL && bodies_of != NULL);
	ck_assert_msg(dkim_sig_parse(str_from(raw, str_find(raw, ':') + 1),
	                  &sig, &f),
	    "%s", f.what);
	number = body_hash_want(bodies_of, sig.body_relaxed, sig.has_l, sig.l);
	body_hash_put(bodies_of, m->body.s, m->body.n);
	ck_assert(body_hash_end(bodies_of));
	ck_assert(dkim_hash_header(fields, at, &sig, hash));
	return dkim_verify(&sig, hash, body_hash_get(bodies_of, number),
	    find_key(a, keys, &sig));
}

static const struct {
	const char *file;
	enum dkim_result result; /* of all its signatures */
	bool body_differs, testing;
	int signatures;
} messages[] = {
	{ "sig-rfc8463.eml", DKIM_VERIFIED, false, false, 2 },
	{ "sig-simple-simple.eml", DKIM_VERIFIED, false, false, 1 },
	{ "sig-simple-relaxed.eml", DKIM_VERIFIED, false, false, 1 },
	{ "sig-relaxed-simple.eml", DKIM_VERIFIED, false, false, 1 },
	{ "sig-relaxed-relaxed.eml", DKIM_VERIFIED, false, false, 1 },
	{ "sig-lf.eml", DKIM_VERIFIED, false, false, 1 },
	{ "sig-lf-simple.eml", DKIM_VERIFIED, false, false, 1 },
	{ "sig-ed25519.eml", DKIM_VERIFIED, false, false, 2 },
	{ "sig-length.eml", DKIM_VERIFIED, false, false, 1 },
	{ "sig-length-simple.eml", DKIM_VERIFIED, false, true, 1 },
	{ "sig-length-cut.eml", DKIM_TOO_SHORT, true, false, 1 },
	{ "sig-duplicates.eml", DKIM_VERIFIED, false, true, 1 },
	{ "sig-oversigned.eml", DKIM_VERIFIED, false, true, 1 },
	{ "sig-empty-body-simple.eml", DKIM_VERIFIED, false, true, 1 },
	{ "sig-empty-body-relaxed.eml", DKIM_VERIFIED, false, true, 1 },
	{ "sig-no-final-newline.eml", DKIM_VERIFIED, false, true, 1 },
	{ "sig-body-changed.eml", DKIM_BODY, true, false, 1 },
	{ "sig-header-changed.eml", DKIM_MISMATCH, false, false, 1 },
	{ "sig-other-key.eml", DKIM_MISMATCH, false, false, 1 },
	{ "sig-wrong-type.eml", DKIM_KEY_UNFIT, false, false, 1 },
	{ "sig-strict.eml", DKIM_IDENTITY, false, false, 1 },
	{ "sig-strict-good.eml", DKIM_VERIFIED, false, false, 1 },
};

START_TEST(message)
{
	struct arena arena = { NULL, false };
	struct mailauth_str text = read_file(&arena, messages[_i].file);
	struct mailauth_str keys = read_file(&arena, "sig-keys.txt");
	struct message m;
	int seen = 0;

	split(text, &m);
	for (size_t i = 0; i < m.n; i++) {
		struct dkim_verdict v;

		if (!str_ieq(m.field[i].name, STR("DKIM-Signature")))
			continue;
		v = verify_field(&arena, &m, i, keys);
		ck_assert_int_eq(v.result, messages[_i].result);
		ck_assert_int_eq(v.body_differs, messages[_i].body_differs);
		ck_assert_int_eq(v.testing, messages[_i].testing);
		seen++;
	}
	ck_assert_int_eq(seen, messages[_i].signatures);
	ck_assert_uint_eq(ERR_peek_error(), 0);
	arena_free(&arena);
}
END_TEST

/* A field named once more in h= than it occurs cannot be added later. */
START_TEST(oversigned)
{
	struct arena arena = { NULL, false };
	struct mailauth_str text = read_file(&arena, "sig-oversigned.eml");
	struct mailauth_str keys = read_file(&arena, "sig-keys.txt");
	struct message m;

	split(text, &m);
	ck_assert_int_eq(verify_field(&arena, &m, 0, keys).result,
	    DKIM_VERIFIED);
	ck_assert(m.n < 64);
	m.field[m.n].raw = STR("From: eve@example.net\r\n");
	m.field[m.n++].name = STR("From");
	ck_assert_int_eq(verify_field(&arena, &m, 0, keys).result,
	    DKIM_MISMATCH);
	m.field[m.n - 1].raw = STR("X-Other: eve@example.net\r\n");
	m.field[m.n - 1].name = STR("X-Other");
	ck_assert_int_eq(verify_field(&arena, &m, 0, keys).result,
	    DKIM_VERIFIED);
	arena_free(&arena);
}
END_TEST

/* h= selects fields from the bottom up, case ignored. A name without a field
 * selects nothing. The signature itself cannot be selected. */
START_TEST(selection)
{
	static const struct dkim_field field[] = {
		{ STR_INIT("DKIM-Signature: b=\r\n"),
		    STR_INIT("DKIM-Signature") },
		{ STR_INIT("A: 1\r\n"), STR_INIT("A") },
		{ STR_INIT("DKIM-Signature: old\r\n"),
		    STR_INIT("DKIM-Signature") },
		{ STR_INIT("a: 2\r\n"), STR_INIT("a") },
		{ STR_INIT("From: x\r\n"), STR_INIT("From") },
	};
	static const struct {
		const char *h;
		const char *hashed;
	} rows[] = {
		{ "from:A", "From: x\r\na: 2\r\nDKIM-Signature: b=" },
		{ "a : From:a:A:x:from",
		    "a: 2\r\nFrom: x\r\nA: 1\r\nDKIM-Signature: b=" },
		{ "dkim-signature:dkim-signature:dkim-signature",
		    "DKIM-Signature: old\r\nDKIM-Signature: b=" },
	};
	struct arena arena = { NULL, false };
	struct dkim_fields *f = dkim_fields_new(&arena, field, COUNT(field));
	uint8_t got[DKIM_HASH], want[DKIM_HASH];

	for (int i = 0; i < COUNT(rows); i++) {
		struct dkim_sig sig = { .h = str_of(rows[i].h) };

		ck_assert(dkim_hash_header(f, 0, &sig, got));
		sha256(rows[i].hashed, strlen(rows[i].hashed), want);
		ck_assert_mem_eq(got, want, DKIM_HASH);
	}
	arena_free(&arena);
}
END_TEST

Suite *
suite_sig(void)
{
	Suite *s = suite_create("sig");
	TCase *tc = tcase_create("sig");

	tcase_add_loop_test(tc, fault, 0, COUNT(faults));
	tcase_add_test(tc, values);
	tcase_add_test(tc, long_value);
	tcase_add_loop_test(tc, header, 0, COUNT(headers));
	tcase_add_loop_test(tc, own_field, 0, COUNT(own));
	tcase_add_loop_test(tc, body, 0, COUNT(bodies));
	tcase_add_test(tc, snapshots);
	tcase_add_loop_test(tc, message, 0, COUNT(messages));
	tcase_add_test(tc, oversigned);
	tcase_add_test(tc, selection);
	suite_add_tcase(s, tc);
	return s;
}
