/*
 * dkim_sig.c - the value of a DKIM-Signature field (RFC 6376 3.5)
 * SPDX-License-Identifier: BSD-3-Clause
 */
#include "header/dkim_sig.h"

#include "base/base64.h"
#include "base/dname.h"
#include "record/taglist.h"

/* struct mailauth_record holds lengths of values in 16 bits. */
#define VALUE_MAX 65535
/* Digits of l= (RFC 6376 3.5: 1*76DIGIT). */
#define DIGITS_MAX 76
/* Unknown tags of a signature: far more than any signer writes. */
#define UNKNOWN_MAX 100

enum {
	T_V,
	T_A,
	T_B,
	T_BH,
	T_C,
	T_D,
	T_H,
	T_I,
	T_L,
	T_Q,
	T_S,
	T_T,
	T_X,
	T_Z,
	TAGS
};

/* The tag list engine only splits the list: no tag has a check of its own
 * here. */
#define TAG(name) \
	{ \
		STR_INIT(name), TAG_NOTE, false, NULL, 0, 0 \
	}

static const struct tag tags[TAGS] = {
	[T_V] = TAG("v"),
	[T_A] = TAG("a"),
	[T_B] = TAG("b"),
	[T_BH] = TAG("bh"),
	[T_C] = TAG("c"),
	[T_D] = TAG("d"),
	[T_H] = TAG("h"),
	[T_I] = TAG("i"),
	[T_L] = TAG("l"),
	[T_Q] = TAG("q"),
	[T_S] = TAG("s"),
	[T_T] = TAG("t"),
	[T_X] = TAG("x"),
	[T_Z] = TAG("z"),
};

static const struct taglist list = {
	.tag = tags,
	.n = TAGS,
	.syntax = MAILAUTH_F_TAG_SYNTAX,
	.duplicate = MAILAUTH_F_TAG_DUPLICATE,
	.unknown = MAILAUTH_F_NONE,
};

/* A signature while it is parsed. */
struct reading {
	struct mailauth_record rec;
	struct dkim_sig *out;
	struct dkim_sig_fault *fault;
};

/* Store a fault; only the first counts. */
static void
refuse(struct reading *r, enum mailauth_finding_id id,
    struct mailauth_str where, const char *what)
{
	if (r->fault->id == MAILAUTH_F_NONE)
		*r->fault = (struct dkim_sig_fault){ id, where, what };
}

static void
bad(struct reading *r, size_t slot, const char *what)
{
	refuse(r, MAILAUTH_F_SIG_SYNTAX, tag_value(&r->rec, slot), what);
}

static bool
is_there(const struct reading *r, size_t slot)
{
	return r->rec.value[slot].seen > 0;
}

/* The text is the name of a tag: a letter, then letters, digits and '_' (RFC
 * 6376 3.2). A hyphen is allowed in names that no standard defines: all
 * verifiers in use read such a list. */
static bool
is_tag_name(struct mailauth_str s)
{
	return s.n > 0 && is_alpha(s.s[0]) &&
	    str_skip(s, 0,
	        CLASS_LETTER | CLASS_DIGIT | CLASS_UNDER | CLASS_HYPHEN) == s.n;
}

/* The number of a tag; TAGS for an unknown one. */
static size_t
tag_of(struct mailauth_str name)
{
	size_t i = 0;

	while (i < TAGS && !str_eq(name, tags[i].name))
		i++;
	return i;
}

/* The tags read so far, known and unknown ones. */
struct names {
	bool known[TAGS];
	struct mailauth_str other[UNKNOWN_MAX];
	size_t others;
};

/* Note a tag, which must not be there before. */
static void
take_tag(struct reading *r, struct names *seen, struct mailauth_str name)
{
	size_t tag = tag_of(name);
	bool twice = tag < TAGS && seen->known[tag];

	for (size_t i = 0; tag == TAGS && i < seen->others; i++)
		twice = twice || str_eq(seen->other[i], name);
	if (twice)
		refuse(r, MAILAUTH_F_SIG_SYNTAX, name, "a tag is there twice");
	else if (tag < TAGS)
		seen->known[tag] = true;
	else if (seen->others == UNKNOWN_MAX)
		refuse(r, MAILAUTH_F_SIG_SYNTAX, name, "it has too many tags");
	else
		seen->other[seen->others++] = name;
}

/* Faults of the list itself; RFC 6376 3.2 makes the list invalid for each. A
 * tag that is there twice is such a fault, known or not. */
static void
read_list(struct reading *r)
{
	struct mailauth_str rest = r->rec.text;
	struct mailauth_findings ignored;
	struct names seen = { .others = 0 };
	struct tag_item it;

	while (tag_next(&rest, &it)) {
		if (it.whole.n == 0 && !it.last)
			refuse(r, MAILAUTH_F_SIG_SYNTAX, it.whole,
			    "a part is empty");
		else if (it.whole.n > 0 && it.equals && is_tag_name(it.name))
			take_tag(r, &seen, it.name);
		else if (it.whole.n > 0)
			refuse(r, MAILAUTH_F_SIG_SYNTAX, it.whole,
			    "a part is not tag=value");
	}
	findings_clear(&ignored);
	taglist_parse(&list, r->rec.text, &r->rec, &ignored);
}

static void
read_required(struct reading *r)
{
	static const struct {
		uint8_t slot;
		const char *what;
	} required[] = {
		{ T_V, "v= is missing or empty" },
		{ T_A, "a= is missing or empty" },
		{ T_B, "b= is missing or empty" },
		{ T_BH, "bh= is missing or empty" },
		{ T_D, "d= is missing or empty" },
		{ T_H, "h= is missing or empty" },
		{ T_S, "s= is missing or empty" },
	};

	for (size_t i = 0; i < sizeof(required) / sizeof(required[0]); i++)
		if (tag_value(&r->rec, required[i].slot).n == 0)
			bad(r, required[i].slot, required[i].what);
	if (!str_eq(tag_value(&r->rec, T_V), STR("1")))
		bad(r, T_V, "v= is not 1");
}

/* The octet may be in a label of d=, i= and s=: those of host names (RFC 6376
 * 3.5), '_', which senders use, and octets of UTF-8 (RFC 8616). */
static bool
is_label_octet(char c)
{
	return is_alnum(c) || c == '-' || c == '_' || (unsigned char)c > 0x7f;
}

/* The text is a domain name of at least `least` labels. */
static bool
is_domain(struct mailauth_str s, size_t least)
{
	struct dname name;
	size_t labels = 1;

	for (size_t i = 0; i < s.n; i++) {
		bool first = i == 0 || s.s[i - 1] == '.';
		bool last = i + 1 == s.n || s.s[i + 1] == '.';

		labels += s.s[i] == '.';
		if (s.s[i] != '.' &&
		    (!is_label_octet(s.s[i]) ||
		        (s.s[i] == '-' && (first || last))))
			return false;
	}
	return s.n > 0 && s.s[s.n - 1] != '.' && labels >= least &&
	    dname_of_labels(s, &name);
}

/* Read the domain of i=, which is quoted-printable: an octet may be written as
 * "=40", and blanks mean nothing (RFC 6376 2.11). The local part, which nobody
 * reads, may have a '=' of its own.
 * @return the text has an '@', and a domain name behind the last one
 */
static bool
read_identity(struct dkim_sig *out)
{
	bool at = false, fits = true;
	size_t n = 0;

	for (size_t i = 0; i < out->i.n; i++) {
		struct mailauth_str code = str_sub(out->i, i + 1, 2);
		char c = out->i.s[i];

		if (is_wsp(c) || c == '\r' || c == '\n')
			continue;
		if (c == '=' && code.n == 2 && hex_value(code.s[0]) >= 0 &&
		    hex_value(code.s[1]) >= 0) {
			c = (char)(hex_value(code.s[0]) << 4 |
			    hex_value(code.s[1]));
			i += 2;
		}
		if (c == '@') {
			at = fits = true;
			n = 0;
		} else if (n < sizeof(out->i_room)) {
			out->i_room[n++] = c;
		} else {
			fits = false;
		}
	}
	out->i_domain = (struct mailauth_str){ out->i_room, n };
	return at && fits && is_domain(out->i_domain, 1);
}

static void
read_names(struct reading *r)
{
	struct dkim_sig *out = r->out;

	out->d = tag_value(&r->rec, T_D);
	out->s = tag_value(&r->rec, T_S);
	out->i = tag_value(&r->rec, T_I);
	out->i_domain = out->d;
	out->d_good = is_domain(out->d, 2);
	if (!out->d_good)
		bad(r, T_D, "d= is not a domain name");
	if (!is_domain(out->s, 1))
		bad(r, T_S, "s= is not a selector");
	if (is_there(r, T_I) && !read_identity(out))
		bad(r, T_I, "i= has no @ and domain");
}

static const struct {
	struct mailauth_str name;
	bool header, body;
} canons[] = {
	{ STR_INIT("simple"), false, false },
	{ STR_INIT("simple/simple"), false, false },
	{ STR_INIT("simple/relaxed"), false, true },
	{ STR_INIT("relaxed"), true, false },
	{ STR_INIT("relaxed/simple"), true, false },
	{ STR_INIT("relaxed/relaxed"), true, true },
};

static void
read_canon(struct reading *r)
{
	struct mailauth_str c = tag_value(&r->rec, T_C);

	if (!is_there(r, T_C))
		return;
	for (size_t i = 0; i < sizeof(canons) / sizeof(canons[0]); i++) {
		if (!str_eq(c, canons[i].name))
			continue;
		r->out->header_relaxed = canons[i].header;
		r->out->body_relaxed = canons[i].body;
		return;
	}
	bad(r, T_C, "c= is neither simple nor relaxed");
}

static void
read_algorithm(struct reading *r)
{
	static const struct mailauth_str names[] = {
		[DKIM_RSA_SHA256] = STR_INIT("rsa-sha256"),
		[DKIM_ED25519_SHA256] = STR_INIT("ed25519-sha256"),
		[DKIM_RSA_SHA1] = STR_INIT("rsa-sha1"),
	};

	r->out->a = tag_value(&r->rec, T_A);
	r->out->algorithm = DKIM_OTHER;
	for (unsigned i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (str_eq(r->out->a, names[i]))
			r->out->algorithm = (enum dkim_algorithm)i;
}

/* Decode base64. The signature must use the standard alphabet, not the URL
 * alphabet. */
static bool
decode(struct mailauth_str s, uint8_t *room, size_t *n)
{
	return (base64_decode(s, room, n, NULL) & (BASE64_BAD | BASE64_URL)) ==
	    0;
}

static void
read_hashes(struct reading *r)
{
	uint8_t room[VALUE_MAX * 3 / 4 + 1];
	struct mailauth_str text = r->rec.text;
	struct dkim_sig *out = r->out;
	size_t n, from, to;

	out->b = tag_value(&r->rec, T_B);
	out->bh = tag_value(&r->rec, T_BH);
	if (!decode(out->b, room, &n) || n == 0)
		bad(r, T_B, "b= is not base64");
	if (!decode(out->bh, room, &n))
		bad(r, T_BH, "bh= is not base64");
	else if (n == DKIM_HASH)
		memcpy(out->body_hash, room, DKIM_HASH);
	else if (out->algorithm == DKIM_RSA_SHA256 ||
	    out->algorithm == DKIM_ED25519_SHA256)
		bad(r, T_BH, "bh= is not of the size of a SHA-256 hash");
	if (!is_there(r, T_B))
		return;
	from = to = r->rec.value[T_B].offset;
	while (from > 0 && text.s[from - 1] != '=')
		from--;
	to += str_find(str_from(text, to), ';');
	out->hole = str_sub(text, from, to - from);
}

/* Read a number of digits alone; above 64 bits it becomes UINT64_MAX. */
static bool
read_number(struct reading *r, size_t slot, uint64_t *out, const char *what)
{
	struct mailauth_str s = tag_value(&r->rec, slot);
	uint64_t v = 0;
	bool good = s.n > 0 && s.n <= DIGITS_MAX;

	for (size_t i = 0; good && i < s.n; i++) {
		unsigned digit = (unsigned char)s.s[i] - (unsigned)'0';

		good = digit <= 9;
		v = v > (UINT64_MAX - digit) / 10 ? UINT64_MAX : v * 10 + digit;
	}
	if (!is_there(r, slot))
		return false;
	if (!good)
		bad(r, slot, what);
	else
		*out = v;
	return good;
}

static void
read_numbers(struct reading *r)
{
	struct dkim_sig *out = r->out;

	out->has_l = read_number(r, T_L, &out->l, "l= is not a number");
	out->has_t = read_number(r, T_T, &out->t, "t= is not a number");
	out->has_x = read_number(r, T_X, &out->x, "x= is not a number");
	if (out->has_t && out->has_x && out->x < out->t)
		bad(r, T_X, "it ends (x=) before it begins (t=)");
}

static void
read_query(struct reading *r)
{
	struct mailauth_str rest = tag_value(&r->rec, T_Q), method;
	bool found = !is_there(r, T_Q);

	r->out->q = rest;
	while (dkim_sig_name(&rest, &method))
		found = found || str_eq(method, STR("dns/txt"));
	if (!found)
		bad(r, T_Q, "q= lacks dns/txt");
}

/* The text can be the name of a header field: printable, without blanks. */
static bool
is_field_name(struct mailauth_str s)
{
	for (size_t i = 0; i < s.n; i++)
		if (!is_print(s.s[i]) || s.s[i] == ' ')
			return false;
	return s.n > 0;
}

/*
 * @return h= names From
 */
static bool
read_headers(struct reading *r)
{
	struct mailauth_str rest = tag_value(&r->rec, T_H), name;
	bool from = false;

	r->out->h = rest;
	if (rest.n > 0 && rest.s[rest.n - 1] == ':')
		bad(r, T_H, "h= ends with a colon");
	while (dkim_sig_name(&rest, &name)) {
		if (!is_field_name(name))
			bad(r, T_H, "h= has a part that is not a header name");
		from = from || str_ieq(name, STR("from"));
	}
	return from;
}

bool
dkim_sig_name(struct mailauth_str *rest, struct mailauth_str *name)
{
	if (rest->n == 0)
		return false;
	*name = str_trim(str_cut(rest, ':'));
	return true;
}

/* `name` is `domain` or below it, without case. */
static bool
is_under(struct mailauth_str name, struct mailauth_str domain)
{
	size_t more = name.n - domain.n;

	return name.n >= domain.n && str_ieq(str_from(name, more), domain) &&
	    (more == 0 || name.s[more - 1] == '.');
}

bool
dkim_sig_parse(struct mailauth_str value, struct dkim_sig *out,
    struct dkim_sig_fault *fault)
{
	struct reading r = { .rec = { .text = value },
		.out = out,
		.fault = fault };
	bool from;

	memset(out, 0, sizeof(*out));
	*fault = (struct dkim_sig_fault){ MAILAUTH_F_NONE, STR_NONE, "" };
	out->algorithm = DKIM_OTHER;
	if (value.n > VALUE_MAX) {
		refuse(&r, MAILAUTH_F_SIG_SYNTAX, STR_NONE, "it is too long");
		return false;
	}
	read_list(&r);
	read_required(&r);
	read_names(&r);
	read_canon(&r);
	read_algorithm(&r);
	read_hashes(&r);
	read_numbers(&r);
	read_query(&r);
	out->z = tag_value(&r.rec, T_Z);
	from = read_headers(&r);
	if (out->algorithm == DKIM_RSA_SHA1)
		refuse(&r, MAILAUTH_F_SIG_ALGORITHM, out->a,
		    "SHA-1 is not to be used");
	else if (out->algorithm == DKIM_OTHER)
		refuse(&r, MAILAUTH_F_SIG_ALGORITHM, out->a,
		    "the algorithm is unknown");
	if (!from)
		refuse(&r, MAILAUTH_F_SIG_FROM_UNSIGNED, out->h,
		    "From is not in h=");
	if (!is_under(out->i_domain, out->d))
		refuse(&r, MAILAUTH_F_SIG_IDENTITY, out->i,
		    "the domain of i= is not d= or below it");
	return fault->id == MAILAUTH_F_NONE;
}
