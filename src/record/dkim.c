/*
 * dkim.c - DKIM key records (RFC 6376 3.6, RFC 8301, RFC 8463)
 * SPDX-License-Identifier: BSD-3-Clause
 */
#include "record/dkim.h"

#include "base/base64.h"
#include "base/dname.h"
#include "record/kind.h"

/* Octets of n= above which it wastes space in every answer. */
#define NOTE_MAX 100

/* Octets of a key, at least, that count as the first part of one. */
#define CUT_MIN 64

enum { T_V, T_K, T_P, T_H, T_S, T_T, T_N, T_G, TAGS };
enum { K_RSA, K_ED25519 };
enum { H_SHA1 = 1, H_SHA256 = 2 };
enum { S_ANY = 1, S_EMAIL = 2 };
enum { F_TESTING = 1, F_STRICT = 2 };

static const struct mailauth_str types[] = { STR_INIT("rsa"),
	STR_INIT("ed25519"), { NULL, 0 } };
static const struct mailauth_str hashes[] = { STR_INIT("sha1"),
	STR_INIT("sha256"), { NULL, 0 } };
static const struct mailauth_str services[] = { STR_INIT("*"),
	STR_INIT("email"), { NULL, 0 } };
static const struct mailauth_str flags[] = { STR_INIT("y"), STR_INIT("s"),
	{ NULL, 0 } };

static const struct tag tags[TAGS] = {
	[T_V] = { STR_INIT("v"), TAG_TEXT, false, NULL, 0, 0 },
	[T_K] = { STR_INIT("k"), TAG_WORD, true, types, 0,
	    MAILAUTH_F_DKIM_K_UNKNOWN },
	[T_P] = { STR_INIT("p"), TAG_TEXT, false, NULL, 0, 0 },
	[T_H] = { STR_INIT("h"), TAG_WORDS, false, hashes, 0, 0 },
	[T_S] = { STR_INIT("s"), TAG_WORDS, false, services, 0, 0 },
	[T_T] = { STR_INIT("t"), TAG_WORDS, false, flags, 0,
	    MAILAUTH_F_DKIM_T_UNKNOWN },
	[T_N] = { STR_INIT("n"), TAG_NOTE, false, NULL, 0, 0 },
	[T_G] = { STR_INIT("g"), TAG_TEXT, false, NULL, 0, 0 },
};

static const struct taglist list = {
	.tag = tags,
	.n = TAGS,
	.loose_names = true,
	.unique = true,
	.syntax = MAILAUTH_F_TAG_SYNTAX,
	.empty = MAILAUTH_F_DKIM_EMPTY_PIECE,
	.duplicate = MAILAUTH_F_TAG_DUPLICATE,
	.unknown = MAILAUTH_F_TAG_UNKNOWN,
};

bool
dkim_is_key(struct mailauth_str t)
{
	struct tag_item it;
	bool first = true;

	while (tag_next(&t, &it)) {
		if (it.equals && it.name.n == 1 && it.name.s[0] == 'p')
			return true;
		if (first && it.equals && str_ieq(it.name, STR("v")) &&
		    str_istarts(it.value, STR("DKIM")))
			return true;
		if (it.whole.n > 0)
			first = false;
	}
	return false;
}

static enum pick
pick(struct mailauth_str t)
{
	return dkim_is_key(t) ? PICK_YES : PICK_NO;
}

struct mailauth_str
dkim_selector(struct mailauth_str owner)
{
	struct mailauth_str rest = owner;

	for (; rest.n > 1; rest = dname_parent(rest))
		if (str_eq(dname_first(rest), STR("_domainkey")))
			return rest.s == owner.s ?
			    STR_NONE :
			    str_sub(owner, 0, (size_t)(rest.s - owner.s) - 1);
	return STR_NONE;
}

struct mailauth_str
dkim_key_domain(struct mailauth_str owner)
{
	size_t n = dkim_selector(owner).n + sizeof("._domainkey.") - 1;

	return n < owner.n ? str_from(owner, n) : STR_NONE;
}

bool
dkim_selector_ok(struct mailauth_str selector, bool *underscore)
{
	size_t label = 0;

	*underscore = false;
	for (size_t i = 0; i <= selector.n; i++) {
		char c = i < selector.n ? selector.s[i] : '.';

		if (c == '.') {
			if (i == label || i - label > DNAME_LABEL_MAX ||
			    selector.s[label] == '-' ||
			    selector.s[i - 1] == '-')
				return false;
			label = i + 1;
		} else if (c == '_') {
			*underscore = true;
		} else if (!is_alnum(c) && c != '-') {
			return false;
		}
	}
	return true;
}

bool
dkim_is_ed25519(const struct mailauth_record *rec)
{
	return rec->value[T_K].good && rec->value[T_K].number == K_ED25519;
}

struct dkim_terms
dkim_terms(const struct mailauth_record *rec)
{
	const struct mailauth_value *v = rec->value;

	return (struct dkim_terms){
		.sha256 = v[T_H].seen == 0 || (v[T_H].number & H_SHA256) != 0,
		.email = v[T_S].seen == 0 || v[T_S].number != 0,
		.testing = (v[T_T].number & F_TESTING) != 0,
		.strict = (v[T_T].number & F_STRICT) != 0,
	};
}

/* The key in a line of an OpenSSH public key file, which has the type, the key
 * and a comment; STR_NONE for any other text. */
static struct mailauth_str
openssh_line(struct mailauth_str p)
{
	struct mailauth_str type = str_word(&p);

	return str_eq(type, STR("ssh-rsa")) ||
	        str_eq(type, STR("ssh-ed25519")) ?
	    str_word(&p) :
	    STR_NONE;
}

bool
dkim_key(const struct mailauth_record *rec, uint8_t *room, struct key *out)
{
	struct mailauth_str p = tag_value(rec, T_P), line = openssh_line(p);
	size_t len;

	if (line.n > 0)
		p = line;
	if (p.n == 0 || (base64_decode(p, room, &len, NULL) & BASE64_BAD) != 0)
		return false;
	/* A raw Ed25519 key (RFC 8463 4) is 32 arbitrary octets, which
	 * key_decode() might take for the start of a structure. */
	if (len == 32 && dkim_is_ed25519(rec))
		*out = (struct key){ .form = KEY_RAW,
			.type = KEY_ED25519,
			.point = room };
	else
		key_decode(room, len, out);
	return true;
}

/* v= is optional, must come first, and must be "DKIM1" (RFC 6376 3.6.1). */
static void
lint_version(const struct exam *e, struct mailauth_str text,
    struct mailauth_findings *log)
{
	const struct mailauth_value *v = &e->out->record.value[T_V];
	struct mailauth_str version = tag_value(&e->out->record, T_V);

	if (v->seen == 0) {
		findings_add(log, MAILAUTH_F_DKIM_V_MISSING);
		return;
	}
	if (v->order != 1)
		findings_at(log, MAILAUTH_F_DKIM_V_NOT_FIRST, text, version);
	if (!str_eq(version, STR("DKIM1")))
		findings_at(log, MAILAUTH_F_DKIM_V_INVALID, text, version);
}

/* Findings on k=, h=, s=, t=, n=, and g=, which only RFC 4871 has: verifiers of
 * that time apply a g= that is not "*". */
static void
lint_tags(const struct exam *e, struct mailauth_str text,
    struct mailauth_findings *log)
{
	const struct mailauth_record *rec = &e->out->record;
	const struct mailauth_value *v = rec->value;
	struct mailauth_str value;

	value = tag_value(rec, T_K);
	if (v[T_K].seen == 0)
		findings_add(log, MAILAUTH_F_DKIM_K_RSA_DEFAULT);
	else if (v[T_K].good && !str_eq(value, types[v[T_K].number]))
		findings_at(log, MAILAUTH_F_DKIM_K_CASE, text, value);
	if (v[T_H].seen > 0) {
		uint32_t h = v[T_H].number;

		findings_at(log,
		    (h & H_SHA256) == 0 ?
		        (h == H_SHA1 ? MAILAUTH_F_DKIM_H_SHA1_ONLY :
		                       MAILAUTH_F_DKIM_H_NO_SHA256) :
		        (h & H_SHA1) != 0 ? MAILAUTH_F_DKIM_H_INCLUDES_SHA1 :
		                            MAILAUTH_F_DKIM_H_OK,
		    text, tag_value(rec, T_H));
	}
	if (v[T_S].seen > 0)
		findings_at(log,
		    v[T_S].number != 0 ? MAILAUTH_F_DKIM_S_OK :
		                         MAILAUTH_F_DKIM_S_NOT_EMAIL,
		    text, tag_value(rec, T_S));
	if (v[T_T].number & F_TESTING)
		findings_at(log, MAILAUTH_F_DKIM_T_TESTING, text,
		    tag_value(rec, T_T));
	if (v[T_T].number & F_STRICT)
		findings_at(log, MAILAUTH_F_DKIM_T_STRICT, text,
		    tag_value(rec, T_T));
	value = tag_value(rec, T_G);
	if (v[T_G].seen > 0) {
		findings_at(log, MAILAUTH_F_DKIM_G_OBSOLETE, text, value);
		if (!str_eq(value, STR("*")))
			findings_raise(log, MAILAUTH_WARN);
	}
	value = tag_value(rec, T_N);
	if (v[T_N].seen > 0)
		findings_at(log, MAILAUTH_F_DKIM_N_PRESENT, text, value);
	if (value.n > NOTE_MAX)
		findings_at(log, MAILAUTH_F_DKIM_N_SPACE, text, value);
}

/* Report the first tag that belongs into a signature (RFC 6376 3.5). */
static void
lint_signature_tags(struct mailauth_str text, struct mailauth_findings *log)
{
	static const struct mailauth_str names[] = {
		STR_INIT("a"),
		STR_INIT("d"),
		STR_INIT("b"),
		STR_INIT("bh"),
		STR_INIT("c"),
	};
	struct mailauth_str rest = text;
	struct tag_item it;

	while (tag_next(&rest, &it)) {
		for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
			if (!it.equals || !str_eq(it.name, names[i]))
				continue;
			findings_at(log, MAILAUTH_F_DKIM_A_TAG_IN_KEY, text,
			    it.whole);
			return;
		}
	}
}

/* Findings on the numbers of an RSA key. Signers must use at least 1024 bits
 * and should use 2048; verifiers must support 1024 to 4096 (RFC 8301 3.2). */
static void
lint_rsa(const struct key *k, struct mailauth_str text, struct mailauth_str p,
    struct mailauth_findings *log)
{
	unsigned bits = key_bits(k);

	if (bits < 1024)
		findings_at(log, MAILAUTH_F_DKIM_RSA_LT_1024, text, p);
	else if (bits < 2048)
		findings_at(log, MAILAUTH_F_DKIM_RSA_1024, text, p);
	else if (bits <= 4096)
		findings_at(log, MAILAUTH_F_DKIM_RSA_2048, text, p);
	else
		findings_at(log, MAILAUTH_F_DKIM_RSA_GT_4096, text, p);
	if (bits >= 4096)
		findings_at(log, MAILAUTH_F_DKIM_RECORD_SIZE_4096, text, p);
	if (bits % 256 != 0)
		findings_at(log, MAILAUTH_F_DKIM_RSA_ODD_SIZE, text, p);
	if (key_weakness(k) != KEY_SOUND)
		findings_at(log, MAILAUTH_F_DKIM_RSA_INVALID, text, p);
	else if (!key_exponent_usual(k))
		findings_at(log, MAILAUTH_F_DKIM_RSA_EXPONENT, text, p);
	if (key_is_example(k->modulus, k->modulus_len))
		findings_at(log, MAILAUTH_F_DKIM_RSA_KNOWN_WEAK, text, p);
}

/* Findings on the key of k=ed25519, which must be the raw 32 octets (RFC 8463
 * 4); `len` is the number of octets in p=. */
static void
lint_ed25519(const struct key *k, size_t len, struct mailauth_str text,
    struct mailauth_str p, struct mailauth_findings *log)
{
	if (k->form == KEY_SPKI && k->type == KEY_ED25519) {
		findings_at(log, MAILAUTH_F_DKIM_ED25519_SPKI, text, p);
	} else if (k->form == KEY_SPKI || k->form == KEY_PKCS1) {
		findings_at(log, MAILAUTH_F_DKIM_KEY_TYPE_MISMATCH, text, p);
	} else if (len != 32) {
		findings_at(log, MAILAUTH_F_DKIM_ED25519_LENGTH, text, p);
	} else if (key_ed25519_weak(k->point)) {
		findings_at(log, MAILAUTH_F_DKIM_ED25519_WEAK, text, p);
	} else {
		findings_at(log, MAILAUTH_F_DKIM_ED25519_OK, text, p);
		if (key_is_example(k->point, 32))
			findings_at(log, MAILAUTH_F_DKIM_RSA_KNOWN_WEAK, text,
			    p);
	}
}

/* Findings on a decoded key: first its form, then whether its type is that of
 * k=, then its numbers. RFC 6376 3.6.1 names RSAPublicKey (PKCS #1) as the form
 * of an RSA key, its examples use SubjectPublicKeyInfo: verifiers take both. */
static void
lint_key(const struct exam *e, const struct key *k, size_t len,
    struct mailauth_str text, struct mailauth_str p)
{
	struct mailauth_findings *log = &e->out->findings;
	uint16_t id = MAILAUTH_F_NONE;

	switch (k->form) {
	case KEY_OPENSSH: id = MAILAUTH_F_DKIM_KEY_OPENSSH_FORMAT; break;
	case KEY_PRIVATE: id = MAILAUTH_F_DKIM_KEY_PRIVATE_PUBLISHED; break;
	case KEY_CERTIFICATE: id = MAILAUTH_F_DKIM_KEY_X509_CERT; break;
	case KEY_TRUNCATED: id = MAILAUTH_F_DKIM_P_TRUNCATED; break;
	default: break;
	}
	if (k->form != KEY_RAW && k->form != KEY_TRUNCATED && k->trailing > 0)
		findings_at(log, MAILAUTH_F_DKIM_KEY_TRAILING_BYTES, text, p);
	if (id != MAILAUTH_F_NONE) {
		findings_at(log, id, text, p);
		return;
	}
	if (dkim_is_ed25519(&e->out->record)) {
		lint_ed25519(k, len, text, p, log);
		return;
	}
	if (k->form == KEY_RAW || k->type != KEY_RSA) {
		findings_at(log,
		    k->type == KEY_OTHER || k->type == KEY_ED25519 ||
		            len == 32 ?
		        MAILAUTH_F_DKIM_KEY_TYPE_MISMATCH :
		        MAILAUTH_F_DKIM_RSA_INVALID,
		    text, p);
		return;
	}
	findings_at(log,
	    k->form == KEY_SPKI ? MAILAUTH_F_DKIM_KEY_SPKI :
	                          MAILAUTH_F_DKIM_KEY_PKCS1,
	    text, p);
	if (k->form == KEY_SPKI && !k->null_params)
		findings_at(log, MAILAUTH_F_DKIM_KEY_SPKI_PARAMS, text, p);
	lint_rsa(k, text, p, log);
}

/* The text is base64 that ends with a single digit behind its last group, as
 * when it was cut: no base64 does. The octets before it are the start of a
 * key. */
static bool
is_cut(struct mailauth_str p, uint8_t *room, struct key *key)
{
	size_t digits = 0, len;

	for (size_t i = 0; i < p.n; i++)
		digits += !is_fws(p.s[i]);
	p = str_trim_end(p);
	if (digits % 4 != 1 ||
	    (base64_decode(str_sub(p, 0, p.n - 1), room, &len, NULL) &
	        BASE64_BAD) != 0)
		return false;
	if (p.s[p.n - 1] == '=' || is_fws(p.s[p.n - 1]))
		return false;
	key_decode(room, len, key);
	return key->form == KEY_TRUNCATED && len >= CUT_MIN;
}

/* Findings on p=: missing, empty (a revoked key), PEM, OpenSSH, broken base64;
 * else those of its key. */
static void
lint_p(const struct exam *e, struct mailauth_str text)
{
	struct mailauth_findings *log = &e->out->findings;
	const struct mailauth_value *v = e->out->record.value;
	struct mailauth_str p = tag_value(&e->out->record, T_P);
	uint8_t room[DKIM_KEY_MAX];
	struct key key;
	unsigned seen;
	size_t len, where = 0;

	if (v[T_P].seen == 0) {
		findings_add(log, MAILAUTH_F_DKIM_P_MISSING);
		return;
	}
	if (p.n == 0) {
		findings_at(log, MAILAUTH_F_DKIM_REVOKED, text,
		    str_sub(text, v[T_P].offset, 0));
		return;
	}
	if (str_ifind(p, STR("-----")) < p.n || str_ifind(p, STR("\\n")) < p.n)
		goto pem;
	if (openssh_line(p).n > 0 && dkim_key(&e->out->record, room, &key) &&
	    key.form == KEY_OPENSSH) {
		findings_at(log, MAILAUTH_F_DKIM_KEY_OPENSSH_FORMAT, text, p);
		return;
	}
	seen = base64_decode(p, room, &len, &where);
	if (seen & BASE64_BLANKS)
		findings_at(log, MAILAUTH_F_DKIM_P_WHITESPACE, text, p);
	if (seen & BASE64_BAD) {
		if (is_cut(p, room, &key)) {
			findings_at(log, MAILAUTH_F_DKIM_P_TRUNCATED, text, p);
			return;
		}
		findings_at(log, MAILAUTH_F_DKIM_P_BASE64_INVALID, text,
		    str_from(p, where));
		return;
	}
	if (seen & BASE64_URL)
		findings_at(log, MAILAUTH_F_DKIM_P_BASE64_URL, text, p);
	else if (seen & BASE64_UNPADDED)
		findings_at(log, MAILAUTH_F_DKIM_P_BASE64_PADDING, text, p);
	/* For an unknown k= there are no rules to check the key by. */
	if (v[T_K].seen > 0 && !v[T_K].good)
		return;
	dkim_key(&e->out->record, room, &key);
	lint_key(e, &key, len, text, p);
	return;
pem:
	findings_at(log, MAILAUTH_F_DKIM_P_PEM, text, p);
}

/* The state of lint_seam(). */
struct seams {
	struct mailauth_str text, p;
	struct mailauth_findings *log;
};

/* Report a blank at a boundary between strings inside the key: somebody added
 * it where the strings are joined. */
static void
lint_seam(void *arg, size_t at)
{
	struct seams *s = arg;
	size_t from = (size_t)(s->p.s - s->text.s);

	if (at > from && at < from + s->p.n &&
	    (is_wsp(s->text.s[at]) || is_wsp(s->text.s[at - 1])))
		findings_at(s->log, MAILAUTH_F_TXT_JOIN_SPACE_LOST, s->text,
		    str_sub(s->text, at, 1));
}

static void
lint(struct exam *e, struct mailauth_str text)
{
	struct mailauth_findings *log = &e->out->findings;
	struct seams seams = { text, tag_value(&e->out->record, T_P), log };
	bool underscore;

	dkim_selector_ok(dkim_selector(e->answer->name), &underscore);
	if (underscore)
		findings_add(log, MAILAUTH_F_DKIM_SELECTOR_UNDERSCORE);
	lint_version(e, text, log);
	lint_tags(e, text, log);
	lint_signature_tags(text, log);
	lint_p(e, text);
	if (text.n > 255)
		findings_add(log, MAILAUTH_F_DKIM_RECORD_OVER_255);
	exam_seams(e, lint_seam, &seams);
	if (findings_sum(log, e->scope->profile).breaks)
		return;
	findings_add(log, MAILAUTH_F_DKIM_KEY_OK);
	if (!str_starts(text, STR("v=DKIM1; k=rsa; p=")))
		findings_add(log, MAILAUTH_F_DKIM_GUIDE_PREFIX);
}

/* Write which key is in p= where k= names another. */
static void
put_types(struct writer *w, const struct mailauth_record *rec,
    const struct key *k)
{
	put_text(w, dkim_is_ed25519(rec) ? "k=ed25519" : "k=rsa");
	put_text(w, ", but p= holds ");
	put_text(w,
	    k->type == KEY_RSA         ? "an RSA key" :
	        k->type == KEY_ED25519 ? "an Ed25519 key" :
	        k->type == KEY_OTHER   ? "a key of another type" :
	                                 "32 octets, as an Ed25519 key has");
}

/* Write why an RSA key is not sound. */
static void
put_weakness(struct writer *w, const struct key *k)
{
	static const char *const why[] = {
		[KEY_UNUSABLE] = "its modulus or exponent is out of range",
		[KEY_SMALL_FACTOR] = "a small prime divides its modulus",
		[KEY_ROCA] = "a faulty generator made it (CVE-2017-15361)",
	};
	enum key_weakness weakness = key_weakness(k);

	if (k->modulus_len == 0)
		put_text(w, "p= does not hold an RSA key");
	else if (weakness != KEY_SOUND)
		put_text(w, why[weakness]);
}

/* Write how much of a key is there that was cut. */
static void
put_cut(struct writer *w, struct mailauth_str p, const struct key *k)
{
	size_t digits = 0;

	for (size_t i = 0; i < p.n; i++)
		digits += !is_fws(p.s[i]) && p.s[i] != '=';
	/* A longer one was damaged as well. */
	if (k->whole == 0 || k->whole > KEY_SPKI_MAX)
		return;
	put_number(w, digits);
	put_text(w, " of ");
	put_number(w, (k->whole + 2) / 3 * 4);
	put_text(w, " characters of p= are there");
}

/* Write the exponent of an RSA key. */
static void
put_exponent(struct writer *w, const struct key *k)
{
	uint64_t e = 0;

	if (k->exponent_len > sizeof(e)) {
		put_text(w, "more than 64 bits");
		return;
	}
	for (size_t i = 0; i < k->exponent_len; i++)
		e = e << 8 | k->exponent[i];
	put_number(w, e);
}

/* Write a number and its unit. */
static void
put_count(struct writer *w, size_t n, const char *unit)
{
	put_number(w, n);
	put_text(w, unit);
}

/* Parse a text again, and decode its key into `room` and `key`. Return the
 * number of octets in p=. */
static size_t
read_again(struct mailauth_str text, struct mailauth_record *rec, uint8_t *room,
    struct key *key)
{
	struct mailauth_findings ignored;
	struct mailauth_str p;
	size_t len = 0;

	*rec = (struct mailauth_record){ .kind = NULL, .text = text };
	*key = (struct key){ .form = KEY_RAW, .type = KEY_UNKNOWN };
	findings_clear(&ignored);
	taglist_parse(&list, text, rec, &ignored);
	p = tag_value(rec, T_P);
	if (!dkim_key(rec, room, key))
		is_cut(p, room, key);
	else if (openssh_line(p).n == 0)
		base64_decode(p, room, &len, NULL);
	return len;
}

/* Write what was measured in a key. False when the finding is about no key. */
static bool
put_measured(enum mailauth_finding_id id, struct writer *w,
    const struct mailauth_record *rec, const struct key *k, size_t len)
{
	switch (id) {
	case MAILAUTH_F_DKIM_RSA_LT_1024:
	case MAILAUTH_F_DKIM_RSA_1024:
	case MAILAUTH_F_DKIM_RSA_GT_4096:
	case MAILAUTH_F_DKIM_RSA_ODD_SIZE:
		put_text(w, "this one has ");
		put_count(w, key_bits(k), " bits");
		return true;
	case MAILAUTH_F_DKIM_RSA_2048:
		put_count(w, key_bits(k), " bits");
		return true;
	case MAILAUTH_F_DKIM_RSA_EXPONENT: put_exponent(w, k); return true;
	case MAILAUTH_F_DKIM_RSA_INVALID: put_weakness(w, k); return true;
	case MAILAUTH_F_DKIM_KEY_TYPE_MISMATCH:
		put_types(w, rec, k);
		return true;
	case MAILAUTH_F_DKIM_P_TRUNCATED:
		put_cut(w, tag_value(rec, T_P), k);
		return true;
	case MAILAUTH_F_DKIM_ED25519_LENGTH:
		put_count(w, len, " octets");
		return true;
	default: return false;
	}
}

static bool
detail(enum mailauth_finding_id id, struct mailauth_str text, struct writer *w)
{
	struct mailauth_record rec = { .kind = NULL };
	struct key key = { .form = KEY_RAW, .type = KEY_UNKNOWN };
	uint8_t room[DKIM_KEY_MAX];
	size_t len;

	if (id == MAILAUTH_F_DKIM_RECORD_OVER_255) {
		put_count(w, text.n, " octets");
		return true;
	}
	len = read_again(text, &rec, room, &key);
	return put_measured(id, w, &rec, &key, len);
}

/* For a key in a wrong form, write the same key in the form that DKIM wants. */
static bool
remedy(enum mailauth_finding_id id, struct mailauth_str text, struct writer *w)
{
	struct mailauth_record rec;
	uint8_t room[DKIM_KEY_MAX];
	struct key key;

	/* A string of DNS ends at 255 octets; a panel may count its quotes. */
	if (id == MAILAUTH_F_DKIM_P_TRUNCATED && text.n >= 253 &&
	    text.n <= 256) {
		put_text(w, "the record has ");
		put_number(w, text.n);
		put_text(w,
		    " characters: it was cut near 255, the limit of one string. "
		    "Publish the whole key again; where the panel or the zone "
		    "file takes no longer text, as several quoted strings in "
		    "one record");
		return true;
	}
	if (id != MAILAUTH_F_DKIM_KEY_OPENSSH_FORMAT &&
	    id != MAILAUTH_F_DKIM_P_BASE64_URL &&
	    id != MAILAUTH_F_DKIM_KEY_PKCS1 &&
	    id != MAILAUTH_F_DKIM_ED25519_SPKI)
		return false;
	read_again(text, &rec, room, &key);
	if ((key.point == NULL && key.modulus_len == 0))
		return false;
	put_text(w,
	    key.point != NULL ? "publish the same key as k=ed25519; p=" :
	                        "publish the same key as p=");
	return put_key_p(w, &key);
}

/* The value of p=: the kind of key, and how large it is. */
static void
key_values(const struct mailauth_record *rec, struct value_sink *s)
{
	static const char *const forms[] = {
		[KEY_SPKI] = "spki",
		[KEY_PKCS1] = "pkcs1",
		[KEY_OPENSSH] = "openssh",
		[KEY_PRIVATE] = "private",
		[KEY_CERTIFICATE] = "certificate",
		[KEY_TRUNCATED] = "truncated",
		[KEY_RAW] = "raw",
	};
	uint8_t room[DKIM_KEY_MAX];
	bool ed25519 = dkim_is_ed25519(rec);
	struct key key;

	if (!dkim_key(rec, room, &key))
		return;
	s->word(s, "form", str_of(forms[key.form]));
	if (ed25519 ? key.type == KEY_ED25519 : key_bits(&key) > 0)
		s->number(s, "bits", ed25519 ? 256 : key_bits(&key));
}

static void
values(const struct mailauth_answer *a, const struct mailauth_judgement *j,
    struct value_sink *s)
{
	const struct mailauth_record *rec = &j->record;
	struct dkim_terms terms = dkim_terms(rec);
	bool revoked = rec->value[T_P].seen == 1 && tag_value(rec, T_P).n == 0;
	bool known = rec->value[T_K].seen == 0 || rec->value[T_K].good;
	bool ed25519 = dkim_is_ed25519(rec);

	s->text(s, "selector", dkim_selector(a->name));
	if (known)
		s->word(s, "type", types[ed25519 ? K_ED25519 : K_RSA]);
	else
		s->text(s, "type", tag_value(rec, T_K));
	if (rec->value[T_P].seen == 1 && known)
		key_values(rec, s);
	if (known && terms.sha256)
		s->word(s, "algorithm",
		    ed25519 ? STR("ed25519-sha256") : STR("rsa-sha256"));
	s->flag(s, "revoked", revoked);
	s->flag(s, "testing", terms.testing);
	s->flag(s, "strict", terms.strict);
	s->flag(s, "email", terms.email);
	s->begin_object(s, "tags");
	taglist_values(&list, rec, s);
	s->end(s);
}

const struct mailauth_kind kind_dkim = {
	.id = MAILAUTH_KIND_DKIM,
	.name = "dkim",
	.title = "DKIM key",
	.reference = "RFC 6376",
	.rrtype = RRTYPE_TXT,
	.owner = "*._domainkey",
	.star = "selector",
	.version = "DKIM1",
	.pick = pick,
	.blanks = "\t\r\n",
	.tags = &list,
	.lint = lint,
	.values = values,
	.detail = detail,
	.remedy = remedy,
	.missing = MAILAUTH_F_DKIM_KEY_MISSING,
	.multiple = MAILAUTH_F_DKIM_MULTIPLE_RECORDS,
	.stray = MAILAUTH_F_DKIM_EXTRA_TXT,
	.not_one = MAILAUTH_F_DKIM_NOT_A_KEY,
	.cname = MAILAUTH_F_DKIM_CNAME,
	.dangling = MAILAUTH_F_DKIM_CNAME_DANGLING,
	.wildcard = MAILAUTH_F_DKIM_WILDCARD,
	.low_ttl = true,
	.high_ttl = true,
	.loose = true,
	.service = true,
	.hosted = true,
};
