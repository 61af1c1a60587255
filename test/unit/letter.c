/*
 * letter.c - messages to explain, and what is expected to be said of them
 * SPDX-License-Identifier: BSD-3-Clause
 */
#include "letter.h"

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/base64.h"
#include "base/str.h"
#include "dkim/hash.h"
#include "header/header.h"
#include "sys/file.h"

#define MESSAGE_MAX ((size_t)1 << 20)

const char letter_zones[] =
    "zone com\nzone org\nzone net\nzone receiver.example\n"
    "zone example.com\n"
    "example.com. TXT 'v=spf1 ip4:192.0.2.4 -all'\n"
    "_dmarc.example.com. TXT 'v=DMARC1; p=reject; "
    "rua=mailto:report@example.com'\n"
    "example.com. MX 10 mx.example.com.\n"
    "mx.example.com. A 192.0.2.4\n"
    "sub.example.com. A 192.0.2.9\n"
    "sub.example.com. TXT 'v=spf1 ip4:192.0.2.4 -all'\n"
    "_domainkey.example.com. TXT 'o=-'\n" /**/
    KEY("s1._domainkey.example.com", "k=rsa; ",
        RSA_2048) KEY("ed._domainkey.example.com", "k=ed25519; ",
        ED25519) KEY("short._domainkey.example.com", "k=rsa; ",
        RSA_1024) "zone mailer-service.com\n"
                  "mailer-service.com. TXT 'v=spf1 ip4:198.51.100.7 -all'\n" KEY(
                      "k1._domainkey.mailer-service.com", "k=rsa; ",
                      RSA_OTHER) "zone example.net\n"
                                 "example.net. TXT 'v=spf1 -all'\n"
                                 "_dmarc.example.net. TXT 'v=DMARC1; p=quarantine; "
                                 "rua=mailto:report@example.net'\n"
                                 "example.net. MX 10 mx.example.net.\n"
                                 "mx.example.net. A 192.0.2.8\n"
                                 "promo.example.net. A 192.0.2.8\n" KEY(
                                     "n1._domainkey.example.net", "k=rsa; ",
                                     RSA_2048) "zone example.org\n"
                                               "example.org. TXT 'v=spf1 ip4:203.0.113.9 -all'\n" KEY(
                                                   "list._domainkey.example.org",
                                                   "k=rsa; ",
                                                   RSA_OTHER) "all secure\n";

/* Files. */

static struct mailauth_str
read_data(struct arena *a, const char *folder, const char *name,
    const char *end)
{
	struct mailauth_str out;
	char path[4096];

	snprintf(path, sizeof(path), "%s/testdata/%s/%s%s", source_dir(),
	    folder, name, end);
	EXPECT(file_read(path, MESSAGE_MAX, a, &out) == FILE_WHOLE, "%s", path);
	return out;
}

struct mailauth_str
letter_file(struct arena *a, const char *name)
{
	return read_data(a, "messages", name, "");
}

/* A message in memory, on its way into the library. */
struct source {
	struct mailauth_str rest;
	size_t step;
};

static long
read_piece(void *arg, void *buf, size_t size)
{
	struct source *s = arg;
	struct mailauth_str piece =
	    str_sub(s->rest, 0, size < s->step ? size : s->step);

	if (piece.n > 0)
		memcpy(buf, piece.s, piece.n);
	s->rest = str_from(s->rest, piece.n);
	return (long)piece.n;
}

struct mailauth_message *
letter_read(struct mailauth_str octets, size_t step)
{
	return letter_read_part(octets, step, 1);
}

struct mailauth_message *
letter_read_part(struct mailauth_str octets, size_t step, unsigned part)
{
	struct source source = { octets, step };
	struct mailauth_message *m;
	char why[MAILAUTH_WHY_MAX];
	enum mailauth_status status =
	    mailauth_message_new_part(read_piece, &source, part, &m, why);

	EXPECT(status == MAILAUTH_OK, "%s", why);
	return m;
}

/* Signing. How the header and the body are hashed is the library's; what
 * others have signed is in testdata/messages. */

static EVP_PKEY *
private_key(const char *name)
{
	static struct {
		char name[32];
		EVP_PKEY *key;
	} keys[8];
	struct arena a = { NULL, false };
	struct mailauth_str text;
	size_t i = 0;
	BIO *bio;

	while (keys[i].key != NULL && strcmp(keys[i].name, name) != 0)
		i++;
	if (keys[i].key != NULL)
		return keys[i].key;
	text = read_data(&a, "keys", name, ".pem");
	bio = BIO_new_mem_buf(text.s, (int)text.n);
	keys[i].key = PEM_read_bio_PrivateKey(bio, NULL, NULL, NULL);
	snprintf(keys[i].name, sizeof(keys[i].name), "%s", name);
	BIO_free(bio);
	arena_free(&a);
	EXPECT(keys[i].key != NULL, "%s", name);
	return keys[i].key;
}

static size_t
sign_hash(EVP_PKEY *key, const uint8_t hash[DKIM_HASH], uint8_t out[512])
{
	EVP_PKEY_CTX *ctx = NULL;
	EVP_MD_CTX *md = NULL;
	size_t n = 512;
	bool done;

	if (EVP_PKEY_get_base_id(key) == EVP_PKEY_ED25519) {
		md = EVP_MD_CTX_new();
		done = EVP_DigestSignInit(md, NULL, NULL, NULL, key) == 1 &&
		    EVP_DigestSign(md, out, &n, hash, DKIM_HASH) == 1;
	} else {
		ctx = EVP_PKEY_CTX_new(key, NULL);
		done = EVP_PKEY_sign_init(ctx) == 1 &&
		    EVP_PKEY_CTX_set_rsa_padding(ctx, RSA_PKCS1_PADDING) == 1 &&
		    EVP_PKEY_CTX_set_signature_md(ctx, EVP_sha256()) == 1 &&
		    EVP_PKEY_sign(ctx, out, &n, hash, DKIM_HASH) == 1;
	}
	EVP_MD_CTX_free(md);
	EVP_PKEY_CTX_free(ctx);
	EXPECT(done, "libcrypto does not sign");
	return n;
}

/* "DKIM-Signature: TAGS; bh=HASH; b=SIGNATURE" */
static struct mailauth_str
field_text(struct arena *a, const char *tags, const uint8_t *hash,
    const uint8_t *b, size_t n)
{
	struct writer w = arena_writer(a);

	put_text(&w, "DKIM-Signature: ");
	put_text(&w, tags);
	put_text(&w, "; bh=");
	put_base64(&w, hash, DKIM_HASH);
	put_text(&w, "; b=");
	put_base64(&w, b, n);
	put_char(&w, '\n');
	return writer_str(&w);
}

/* Parse a field that was made here. */
static struct dkim_field
parse_field(struct mailauth_str text, struct dkim_sig *sig)
{
	struct dkim_sig_fault fault;
	size_t colon = str_find(text, ':');

	EXPECT(dkim_sig_parse(str_from(text, colon + 1), sig, &fault), "%.*s",
	    (int)text.n, text.s);
	return (struct dkim_field){ text, str_sub(text, 0, colon) };
}

static size_t
split(struct mailauth_str octets, struct dkim_field *out, size_t max,
    struct mailauth_str *body)
{
	struct header_field f;
	size_t n = 0;

	while (header_next(&octets, &f) == HEADER_FIELD) {
		EXPECT(n < max, "many fields");
		out[n++] = (struct dkim_field){ f.raw, f.name };
	}
	*body = octets;
	return n;
}

static void
hash_body(struct arena *a, const struct dkim_sig *sig, struct mailauth_str body,
    uint8_t out[DKIM_HASH])
{
	struct body_hashes *h = body_hash_new(a, 1);
	int number = body_hash_want(h, sig->body_relaxed, sig->has_l, sig->l);

	body_hash_put(h, body.s, body.n);
	EXPECT(body_hash_end(h), "memory ran out");
	EXPECT(!body_hash_get(h, number)->too_short, "l= is too large");
	memcpy(out, body_hash_get(h, number)->hash, DKIM_HASH);
	body_hash_free(h);
}

/* The message with a signature on top. */
static struct mailauth_str
sign(struct arena *a, struct mailauth_str octets, const struct signing *s)
{
	struct dkim_field fields[64];
	struct mailauth_str body, text;
	struct writer w = arena_writer(a);
	uint8_t hash[DKIM_HASH] = { 0 }, header[DKIM_HASH], b[512] = { 0 };
	struct dkim_sig sig;
	size_t n = split(octets, fields + 1, 63, &body);

	text = field_text(a, s->tags, hash, b, 3);
	fields[0] = parse_field(text, &sig);
	hash_body(a, &sig, body, hash);
	text = field_text(a, s->tags, hash, b, 3);
	fields[0] = parse_field(text, &sig);
	EXPECT(dkim_hash_header(dkim_fields_new(a, fields, n + 1), 0, &sig,
	           header),
	    "memory ran out");
	put_str(&w,
	    field_text(a, s->tags, hash, b,
	        sign_hash(private_key(s->key), header, b)));
	put_str(&w, octets);
	return writer_str(&w);
}

/* The script. */

static bool
is_dropped(struct mailauth_str line, const char *drop)
{
	struct mailauth_str rest = str_of(drop);

	while (rest.n > 0)
		if (str_starts(line, str_cut(&rest, ',')))
			return true;
	return false;
}

const char *
letter_script(struct arena *a, const struct letter *l)
{
	struct mailauth_str rest = STR(letter_zones);
	struct writer w = arena_writer(a);

	while (rest.n > 0) {
		struct mailauth_str line = str_cut(&rest, '\n');

		if (is_dropped(line, l->drop))
			continue;
		put_str(&w, line);
		put_char(&w, '\n');
	}
	put_text(&w, l->zones != NULL ? l->zones : "");
	put_char(&w, '\0');
	return w.buf;
}

/* Explaining. */

static struct mailauth_str
replace(struct arena *a, struct mailauth_str s, const char *old,
    const char *new)
{
	struct writer w = arena_writer(a);
	size_t n = strlen(old), at = 0;

	while (at < s.n && !str_starts(str_from(s, at), str_of(old)))
		at++;
	EXPECT(at < s.n, "there is no '%s'", old);
	put_str(&w, str_sub(s, 0, at));
	put_text(&w, new);
	put_str(&w, str_from(s, at + n));
	return writer_str(&w);
}

static struct mailauth_str
write_octets(struct arena *a, const struct letter *l)
{
	struct mailauth_str s;
	struct writer w = arena_writer(a);

	if (l->file != NULL)
		s = read_data(a, "messages", l->file, ".eml");
	else
		s = str_of(l->text != NULL ? l->text : LETTER);
	for (size_t i = 0; i < SIGNINGS_MAX && l->sign[i].key != NULL; i++)
		s = sign(a, s, &l->sign[i]);
	put_text(&w, l->above != NULL ? l->above : "");
	put_str(&w, s);
	s = writer_str(&w);
	return l->old != NULL ? replace(a, s, l->old, l->new) : s;
}

void
letter_open(struct explained *e, const struct letter *l, const char *more)
{
	*e = (struct explained){ .arena = { NULL, false } };
	e->octets = write_octets(&e->arena, l);
	e->message = letter_read_part(e->octets, SIZE_MAX, l->part);
	ask_open(&e->asked, letter_script(&e->arena, l), more);
}

static size_t
public_half(const char *name, uint8_t out[1024])
{
	int n = i2d_PUBKEY(private_key(name), NULL);

	EXPECT(n > 0 && n <= 1024, "%s", name);
	return (size_t)i2d_PUBKEY(private_key(name), &out);
}

void
letter_ask(struct explained *e, const struct letter *l)
{
	char words[512];
	uint8_t key[1024];

	if (l->key != NULL) {
		e->asked.key_len = public_half(l->key, key);
		e->asked.key = key;
	}
	snprintf(words, sizeof(words), "%s %s",
	    l->words != NULL ? l->words : "", "--allow-documentation");
	ask_explain(&e->asked, e->message, words);
	e->asked.key = NULL;
	e->asked.key_len = 0;
}

void
letter_close(struct explained *e)
{
	ask_close(&e->asked);
	mailauth_message_free(e->message);
	arena_free(&e->arena);
}

/* What is expected. */

static const char *
word_at(const json_t *json, const char *path)
{
	const char *s = text_at(json, path);

	return s[0] != '\0' ? s : "-";
}

void
letter_results(const struct asked *a, char *out, size_t size)
{
	const json_t *sigs = at(a->json, "results.dkim");
	size_t used = 0;

	out[0] = '\0';
	for (size_t i = 0; i < json_array_size(sigs) && used < size; i++)
		used += (size_t)snprintf(out + used, size - used, "%s%s",
		    i > 0 ? " " : "",
		    text_at(json_array_get(sigs, i), "result"));
	EXPECT(used < size, "many signatures");
	snprintf(out + used, size - used, "%s, %s, %s", used > 0 ? "" : "-",
	    word_at(a->json, "results.spf.result"),
	    word_at(a->json, "results.dmarc.result"));
}

void
letter_causes(const struct asked *a, char *out, size_t size)
{
	struct mailauth_cause_view v;
	size_t used = 0, n = 0;

	out[0] = '\0';
	for (; mailauth_report_cause(a->report, n, &v); n++) {
		const json_t *c = json_array_get(at(a->json, "causes"), n);

		used += (size_t)snprintf(out + used, size - used, "%s%s",
		    n > 0 ? " " : "", v.cause);
		EXPECT(used < size, "many causes");
		ck_assert_str_eq(text_at(c, "cause"), v.cause);
		ck_assert_str_eq(text_at(c, "text"), v.text);
		if (v.remedy != NULL)
			ck_assert_str_eq(text_at(c, "remedy"), v.remedy);
	}
	ck_assert_uint_eq(json_array_size(at(a->json, "causes")), n);
}

static bool
is_in(struct mailauth_str list, struct mailauth_str word)
{
	while (list.n > 0)
		if (str_eq(str_cut(&list, ' '), word))
			return true;
	return false;
}

/* Each code once, with a blank behind it. */
static void
put_codes(struct writer *w, const struct asked *a)
{
	for (size_t i = 0; i < mailauth_report_findings(a->report); i++) {
		const char *code = mailauth_report_finding(a->report, i)->code;

		if (is_in(writer_str(w), str_of(code)))
			continue;
		put_text(w, code);
		put_char(w, ' ');
	}
}

/* Every word of one list is in the other. */
static bool
is_within(struct mailauth_str list, struct mailauth_str other)
{
	while (list.n > 0) {
		struct mailauth_str word = str_cut(&list, ' ');

		if (word.n > 0 && !is_in(other, word))
			return false;
	}
	return true;
}

static bool
is_same_set(struct mailauth_str a, struct mailauth_str b)
{
	return is_within(a, b) && is_within(b, a);
}

/* Texts of a name: of causes, and of findings. */
static bool
says(const struct asked *a, struct mailauth_str name, const char *words)
{
	struct mailauth_cause_view v;
	bool any = false;

	for (size_t i = 0; mailauth_report_cause(a->report, i, &v); i++)
		any = any ||
		    (str_eq(name, str_of(v.cause)) &&
		        (strstr(v.text, words) != NULL ||
		            (v.remedy != NULL &&
		                strstr(v.remedy, words) != NULL)));
	for (size_t i = 0; i < mailauth_report_findings(a->report); i++) {
		const struct mailauth_finding_view *f =
		    mailauth_report_finding(a->report, i);

		any = any ||
		    (str_eq(name, str_of(f->code)) &&
		        strstr(f->message, words) != NULL);
	}
	return any;
}

static void
expect_says(const struct asked *a, const char *line)
{
	size_t n = strcspn(line, ":=~");
	char path[80], *value;

	EXPECT(line[n] != '\0' && line[n + 1] == ' ' && n < sizeof(path), "%s",
	    line);
	if (line[n] == ':') {
		EXPECT(says(a, (struct mailauth_str){ line, n }, line + n + 2),
		    "not so: %s", line);
		return;
	}
	snprintf(path, sizeof(path), "%.*s", (int)n, line);
	if (line[n] == '~') {
		EXPECT(strstr(text_at(a->json, path), line + n + 2) != NULL,
		    "'%s', and not %s", text_at(a->json, path), line);
		return;
	}
	value = json_dumps(at(a->json, path),
	    JSON_ENCODE_ANY | JSON_COMPACT | JSON_REAL_PRECISION(6));
	EXPECT(value != NULL && strcmp(value, line + n + 2) == 0,
	    "%s, and not %s", value != NULL ? value : "nothing", line);
	free(value);
}

static const char *
verdict_name(const struct asked *a)
{
	static const char *const names[] = { "pass", "warn", "fail",
		"temperror" };
	enum mailauth_result result = mailauth_report_result(a->report);

	ck_assert_str_eq(text_at(a->json, "verdict"), names[result]);
	return names[result];
}

static void
expect(const struct letter *l, const struct asked *a)
{
	char results[512], causes[512], codes[2048];
	struct writer w = writer_of(codes, sizeof(codes));
	const char *verdict = verdict_name(a);

	letter_results(a, results, sizeof(results));
	letter_causes(a, causes, sizeof(causes));
	put_codes(&w, a);
	EXPECT(!w.full, "many codes");
	EXPECT(strcmp(verdict, l->verdict) == 0 &&
	        strcmp(results, l->results) == 0 &&
	        strcmp(causes, l->causes) == 0 &&
	        is_same_set(writer_str(&w), str_of(l->codes)),
	    "%s: \"%s\", \"%s\", \"%s\",\n\"%.*s\"", l->title, verdict, results,
	    causes, (int)w.used, codes);
	for (size_t i = 0; i < SAYS_MAX && l->says[i] != NULL; i++)
		expect_says(a, l->says[i]);
}

static void
run(const struct letter *l)
{
	struct explained e;

	letter_open(&e, l, NULL);
	letter_ask(&e, l);
	expect(l, &e.asked);
	letter_close(&e);
}

void
letters_run(const struct letter *table, size_t n, int i)
{
	for (size_t k = (size_t)i * LETTERS_AT_ONCE;
	     k < ((size_t)i + 1) * LETTERS_AT_ONCE && k < n; k++)
		run(&table[k]);
}
