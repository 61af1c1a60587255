/*
 * rdata.c - the data of a record, from the fields of a master file to the wire
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * Types that mail has to do with, and those that most zones have, are read
 * here, each by a row of forms[]. Others are read in the form of RFC 3597, or
 * by ldns (rdata_other.c).
 */
#include "zone/rdata.h"

#include "base/addr.h"
#include "base/base64.h"
#include "zone/rdata_other.h"

/* One letter for each piece of the data:
 *   1 2 4  a number of so many octets
 *   t      seconds, perhaps with units       D  a date of a signature
 *   n N    a name; N: upper case stays       T  a type
 *   A 6    an address                        g  an algorithm
 *   s      strings up to the end             q  one string
 *   r      one text, without its length
 *   b h    base64, hexadecimal digits up to the end
 *   S      hexadecimal digits or "-", with their length
 *   3      base32hex, with its length        B  types up to the end
 */
static const struct form {
	const char *name;
	uint16_t type;
	const char *pieces; /* NULL: ldns reads it */
} forms[] = {
	/* By name. */
	{ "A", 1, "A" },
	{ "A6", 38, NULL },
	{ "AAAA", 28, "6" },
	{ "AFSDB", 18, "2n" },
	{ "APL", 42, NULL },
	{ "AVC", 258, "s" },
	{ "CAA", 257, "1qr" },
	{ "CDNSKEY", 60, "21gb" },
	{ "CDS", 59, "2g1h" },
	{ "CERT", 37, NULL },
	{ "CNAME", 5, "n" },
	{ "CSYNC", 62, "42B" },
	{ "DHCID", 49, "b" },
	{ "DLV", 32769, "2g1h" },
	{ "DNAME", 39, "n" },
	{ "DNSKEY", 48, "21gb" },
	{ "DS", 43, "2g1h" },
	{ "EUI48", 108, NULL },
	{ "EUI64", 109, NULL },
	{ "GPOS", 27, NULL },
	{ "HINFO", 13, "qq" },
	{ "HIP", 55, NULL },
	{ "HTTPS", 65, NULL },
	{ "IPSECKEY", 45, NULL },
	{ "ISDN", 20, "s" },
	{ "KEY", 25, "21gb" },
	{ "KX", 36, "2n" },
	{ "L32", 105, NULL },
	{ "L64", 106, NULL },
	{ "LOC", 29, NULL },
	{ "LP", 107, "2n" },
	{ "MB", 7, "n" },
	{ "MD", 3, "n" },
	{ "MF", 4, "n" },
	{ "MG", 8, "n" },
	{ "MINFO", 14, "nn" },
	{ "MR", 9, "n" },
	{ "MX", 15, "2n" },
	{ "NAPTR", 35, "22qqqn" },
	{ "NID", 104, NULL },
	{ "NS", 2, "n" },
	{ "NSAP", 22, NULL },
	{ "NSEC", 47, "NB" },
	{ "NSEC3", 50, "112S3B" },
	{ "NSEC3PARAM", 51, "112S" },
	{ "NXT", 30, NULL },
	{ "OPENPGPKEY", 61, "b" },
	{ "PTR", 12, "n" },
	{ "PX", 26, "2nn" },
	{ "RP", 17, "nn" },
	{ "RRSIG", 46, "Tg14DD2nb" },
	{ "RT", 21, "2n" },
	{ "SIG", 24, "Tg14DD2nb" },
	{ "SMIMEA", 53, "111h" },
	{ "SOA", 6, "nn4tttt" },
	{ "SPF", 99, "s" },
	{ "SRV", 33, "222n" },
	{ "SSHFP", 44, "11h" },
	{ "SVCB", 64, NULL },
	{ "TA", 32768, "2g1h" },
	{ "TALINK", 58, "nn" },
	{ "TLSA", 52, "111h" },
	{ "TXT", 16, "s" },
	{ "URI", 256, "22r" },
	{ "WKS", 11, NULL },
	{ "X25", 19, "q" },
	{ "ZONEMD", 63, "411h" },
};

enum { FORMS = sizeof(forms) / sizeof(forms[0]) };

/* Mnemonics of DNSSEC algorithms (IANA). */
static const struct {
	const char *name;
	uint8_t number;
} algorithms[] = {
	{ "RSAMD5", 1 },
	{ "DH", 2 },
	{ "DSA", 3 },
	{ "RSASHA1", 5 },
	{ "DSA-NSEC3-SHA1", 6 },
	{ "RSASHA1-NSEC3-SHA1", 7 },
	{ "NSEC3RSASHA1", 7 },
	{ "RSASHA256", 8 },
	{ "RSASHA512", 10 },
	{ "ECC-GOST", 12 },
	{ "ECDSAP256SHA256", 13 },
	{ "ECDSAP384SHA384", 14 },
	{ "ED25519", 15 },
	{ "ED448", 16 },
	{ "PRIVATEDNS", 253 },
	{ "PRIVATEOID", 254 },
};

/* Compare a word with a mnemonic in upper case. */
static int
compare(struct mailauth_str s, const char *name)
{
	for (size_t i = 0; i < s.n; i++) {
		char c = s.s[i];

		c = c >= 'a' && c <= 'z' ? (char)(c - ('a' - 'A')) : c;
		/* A NUL may be in the word. */
		if (c != name[i] || c == '\0')
			return (unsigned char)c < (unsigned char)name[i] ? -1 :
			                                                   1;
	}
	return name[s.n] == '\0' ? 0 : -1;
}

static const struct form *
form_named(struct mailauth_str s)
{
	size_t low = 0, high = FORMS;

	while (low < high) {
		size_t middle = low + (high - low) / 2;
		int order = compare(s, forms[middle].name);

		if (order == 0)
			return &forms[middle];
		if (order < 0)
			high = middle;
		else
			low = middle + 1;
	}
	return NULL;
}

static const struct form *
form_of(uint16_t type)
{
	for (size_t i = 0; i < FORMS; i++)
		if (forms[i].type == type)
			return &forms[i];
	return NULL;
}

/* "TYPE257" with `word` "TYPE"; 0: not of this form. */
static uint16_t
numbered(struct mailauth_str s, struct mailauth_str word)
{
	uint32_t n;

	return str_istarts(s, word) &&
	        str_number(str_from(s, word.n), 65535, &n) ?
	    (uint16_t)n :
	    0;
}

uint16_t
zone_type(struct mailauth_str s)
{
	const struct form *f = form_named(s);

	return f != NULL ? f->type : numbered(s, STR("TYPE"));
}

uint16_t
zone_class(struct mailauth_str s)
{
	return str_ieq(s, STR("IN")) ? 1 :
	    str_ieq(s, STR("CH"))    ? 3 :
	    str_ieq(s, STR("HS"))    ? 4 :
	                               numbered(s, STR("CLASS"));
}

static uint32_t
unit(char c)
{
	switch (to_lower(c)) {
	case 's': return 1;
	case 'm': return 60;
	case 'h': return 3600;
	case 'd': return 86400;
	case 'w': return 604800;
	default: return 0;
	}
}

bool
zone_period(struct mailauth_str s, uint32_t *out)
{
	uint64_t sum = 0, n = 0;
	bool open = false;

	if (s.n == 0 || !is_digit(s.s[0]))
		return false;
	for (size_t i = 0; i < s.n; i++) {
		if (is_digit(s.s[i])) {
			n = n * 10 + (uint64_t)(s.s[i] - '0');
			open = true;
		} else {
			if (!open || unit(s.s[i]) == 0)
				return false;
			sum += n * unit(s.s[i]);
			n = 0;
			open = false;
		}
		if (n > UINT32_MAX || sum > UINT32_MAX)
			return false;
	}
	sum += n;
	*out = (uint32_t)sum;
	return sum <= UINT32_MAX;
}

/* The octet of an escape behind its backslash, and how long that is; 0: wrong. */
static size_t
escaped(struct mailauth_str s, size_t at, uint8_t *octet)
{
	uint32_t n;

	if (at >= s.n)
		return 0;
	if (!is_digit(s.s[at])) {
		*octet = (uint8_t)s.s[at];
		return 1;
	}
	if (s.n - at < 3 || !is_digit(s.s[at + 1]) || !is_digit(s.s[at + 2]))
		return 0;
	n = (uint32_t)(s.s[at] - '0') * 100 +
	    (uint32_t)(s.s[at + 1] - '0') * 10 + (uint32_t)(s.s[at + 2] - '0');
	*octet = (uint8_t)n;
	return n <= 255 ? 3 : 0;
}

const char *
zone_name(struct mailauth_str s, const struct dname *origin, bool keep,
    struct dname *out)
{
	size_t used = 1, label = 0; /* label: offset of its length */
	bool dot = false;

	if (s.n == 1 && s.s[0] == '@') {
		if (origin == NULL)
			return "'@' is the origin, which is not known";
		*out = *origin;
		return NULL;
	}
	if (s.n == 1 && s.s[0] == '.') {
		*out = (struct dname){ .len = 1 };
		return NULL;
	}
	if (s.n == 0)
		return "a name is missing";
	for (size_t i = 0; i < s.n; i++) {
		uint8_t c = (uint8_t)s.s[i];

		dot = c == '.';
		if (dot) {
			if (used - label == 1)
				return "a name has an empty label";
			out->wire[label] = (uint8_t)(used - label - 1);
			label = used++;
			if (used > DNAME_WIRE_MAX)
				return "a name has over 255 octets";
			continue;
		}
		if (c == '\\') {
			size_t n = escaped(s, i + 1, &c);

			if (n == 0)
				return "a name has a wrong escape";
			i += n;
		}
		if (used - label > DNAME_LABEL_MAX)
			return "a label of a name has over 63 octets";
		if (used >= DNAME_WIRE_MAX)
			return "a name has over 255 octets";
		out->wire[used++] = keep ? c : (uint8_t)to_lower((char)c);
	}
	if (dot) {
		out->wire[label] = 0;
		out->len = (uint8_t)used;
		return NULL;
	}
	out->wire[label] = (uint8_t)(used - label - 1);
	if (origin == NULL)
		return "a name without a final dot has no origin";
	if (used + origin->len > DNAME_WIRE_MAX)
		return "a name has over 255 octets";
	memcpy(out->wire + used, origin->wire, origin->len);
	out->len = (uint8_t)(used + origin->len);
	return NULL;
}

/* Data on their way to the wire. */
struct data {
	const struct zone_field *f, *end;
	const struct dname *origin;
	struct zone_rdata *out;
};

static bool
bad(struct data *d, const char *why)
{
	d->out->why = why;
	d->out->at = d->f < d->end ? d->f : d->end - 1;
	return false;
}

static bool
put(struct data *d, const void *octets, size_t n)
{
	if (n > ZONE_RDATA_MAX - d->out->n)
		return bad(d, "the data have over 65,535 octets");
	memcpy(d->out->wire + d->out->n, octets, n);
	d->out->n += n;
	return true;
}

static bool
put_big_endian(struct data *d, uint32_t value, size_t octets)
{
	uint8_t room[4];

	for (size_t i = 0; i < octets; i++)
		room[i] = (uint8_t)(value >> (8 * (octets - 1 - i)));
	return put(d, room, octets);
}

static bool
read_number(struct data *d, size_t octets)
{
	static const char *const wrong[] = {
		[1] = "not a number of 0 to 255",
		[2] = "not a number of 0 to 65535",
		[4] = "not a number of 0 to 4294967295",
	};
	uint32_t most =
	    octets == 4 ? UINT32_MAX : (UINT32_C(1) << (8 * octets)) - 1;
	uint32_t n;

	if (!str_number(d->f->text, most, &n))
		return bad(d, wrong[octets]);
	return put_big_endian(d, n, octets);
}

static bool
read_period(struct data *d)
{
	uint32_t n;

	if (!zone_period(d->f->text, &n))
		return bad(d, "not a number of seconds");
	return put_big_endian(d, n, 4);
}

static bool
read_algorithm(struct data *d)
{
	for (size_t i = 0; i < sizeof(algorithms) / sizeof(algorithms[0]); i++)
		if (str_ieq(d->f->text, str_of(algorithms[i].name)))
			return put(d, &algorithms[i].number, 1);
	return read_number(d, 1);
}

static bool
read_type(struct data *d)
{
	uint16_t type = zone_type(d->f->text);

	if (type == 0)
		return bad(d, "not a type of records");
	return put_big_endian(d, type, 2);
}

/* Days from 1970-01-01 to a date of the Gregorian calendar. */
static uint64_t
days(uint32_t year, uint32_t month, uint32_t day)
{
	uint64_t y = month <= 2 ? year - 1 : year;
	uint64_t m = month <= 2 ? month + 9 : month - 3; /* March is 0 */

	return y * 365 + y / 4 - y / 100 + y / 400 + (153 * m + 2) / 5 + day -
	    1 - 719468;
}

/* Two digits at an offset. */
static uint32_t
two(struct mailauth_str s, size_t at)
{
	return (uint32_t)(s.s[at] - '0') * 10 + (uint32_t)(s.s[at + 1] - '0');
}

/* YYYYMMDDHHmmSS, or seconds since 1970 (RFC 4034 3.2). */
static bool
read_date(struct data *d)
{
	struct mailauth_str s = d->f->text;
	uint32_t n, year;

	for (size_t i = 0; i < s.n; i++)
		if (!is_digit(s.s[i]))
			return bad(d, "not a date like 20260131235959");
	if (s.n != 14) {
		if (!str_number(s, UINT32_MAX, &n))
			return bad(d, "not a date like 20260131235959");
		return put_big_endian(d, n, 4);
	}
	year = two(s, 0) * 100 + two(s, 2);
	if (year < 1970 || two(s, 4) < 1 || two(s, 4) > 12 || two(s, 6) < 1 ||
	    two(s, 6) > 31 || two(s, 8) > 23 || two(s, 10) > 59 ||
	    two(s, 12) > 60)
		return bad(d, "not a date like 20260131235959");
	return put_big_endian(d,
	    (uint32_t)(days(year, two(s, 4), two(s, 6)) * 86400 +
	        two(s, 8) * 3600 + two(s, 10) * 60 + two(s, 12)),
	    4);
}

static bool
read_name(struct data *d, bool keep)
{
	struct dname name;
	const char *why = zone_name(d->f->text, d->origin, keep, &name);

	if (why != NULL)
		return bad(d, why);
	return put(d, name.wire, name.len);
}

static bool
read_address(struct data *d, uint8_t family)
{
	struct addr a;

	if (family == 4 && !addr_parse4(d->f->text, &a))
		return bad(d, "not an IPv4 address");
	if (family == 6 && !addr_parse6(d->f->text, &a))
		return bad(d, "not an IPv6 address");
	return put(d, a.octet, family == 4 ? 4 : 16);
}

/* Append the octets of a text, with a length in front of each `piece` of them;
 * 0: without a length. */
static bool
put_text_octets(struct data *d, size_t piece)
{
	struct mailauth_str s = d->f->text;
	size_t length_at = d->out->n, n = 0, whole = 0;
	uint8_t c = 0;

	if (piece > 0 && !put(d, &c, 1))
		return false;
	for (size_t i = 0; i < s.n; i++) {
		c = (uint8_t)s.s[i];
		if (c == '\\') {
			size_t more = escaped(s, i + 1, &c);

			if (more == 0)
				return bad(d, "a wrong escape");
			i += more;
		}
		if (piece > 0 && n == piece) {
			uint8_t zero = 0;

			d->out->wire[length_at] = (uint8_t)n;
			length_at = d->out->n;
			n = 0;
			if (!put(d, &zero, 1))
				return false;
		}
		if (!put(d, &c, 1))
			return false;
		n++;
		whole++;
	}
	if (piece > 0)
		d->out->wire[length_at] = (uint8_t)n;
	if (piece > 0 && whole > piece && d->out->too_long == NULL)
		d->out->too_long = d->f;
	return true;
}

static bool
read_strings(struct data *d)
{
	for (; d->f < d->end; d->f++)
		if (!put_text_octets(d, 255))
			return false;
	return true;
}

/* Hexadecimal digits of one field; the number of a half octet goes on in the
 * next one. */
static bool
put_digits(struct data *d, unsigned *half, bool *odd)
{
	struct mailauth_str s = d->f->text;

	for (size_t i = 0; i < s.n; i++) {
		int v = hex_value(s.s[i]);
		uint8_t octet;

		if (v < 0)
			return bad(d, "not hexadecimal digits");
		*odd = !*odd;
		octet = (uint8_t)(*half << 4 | (unsigned)v);
		*half = (unsigned)v;
		if (!*odd && !put(d, &octet, 1))
			return false;
	}
	return true;
}

static bool
read_hex(struct data *d)
{
	unsigned half = 0;
	bool odd = false;

	for (; d->f < d->end; d->f++)
		if (!put_digits(d, &half, &odd))
			return false;
	if (odd)
		return bad(d, "an odd number of hexadecimal digits");
	return true;
}

static bool
read_salt(struct data *d)
{
	size_t at = d->out->n;
	unsigned half = 0;
	bool odd = false;

	if (!put_big_endian(d, 0, 1))
		return false;
	if (str_eq(d->f->text, STR("-")))
		return true;
	if (!put_digits(d, &half, &odd))
		return false;
	if (odd || d->out->n - at - 1 > 255)
		return bad(d, "not a salt of 255 octets at most");
	d->out->wire[at] = (uint8_t)(d->out->n - at - 1);
	return true;
}

/* RFC 4648 7, without padding (RFC 5155 3.3). */
static bool
read_base32(struct data *d)
{
	struct mailauth_str s = d->f->text;
	size_t at = d->out->n;
	uint32_t bits = 0;
	unsigned n = 0;

	if (!put_big_endian(d, 0, 1))
		return false;
	for (size_t i = 0; i < s.n; i++) {
		char c = to_lower(s.s[i]);
		int v = is_digit(c)      ? c - '0' :
		    c >= 'a' && c <= 'v' ? c - 'a' + 10 :
		                           -1;
		uint8_t octet;

		if (v < 0)
			return bad(d, "not base32hex");
		bits = bits << 5 | (uint32_t)v;
		n += 5;
		if (n < 8)
			continue;
		n -= 8;
		octet = (uint8_t)(bits >> n);
		if (!put(d, &octet, 1))
			return false;
	}
	if (d->out->n - at - 1 > 255)
		return bad(d, "a hash of over 255 octets");
	d->out->wire[at] = (uint8_t)(d->out->n - at - 1);
	return true;
}

/* Base64 of all fields. Padding is at the end of the last one. */
static bool
read_base64(struct data *d)
{
	uint32_t bits = 0;
	unsigned n = 0, pad = 0;
	static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklm"
	                               "nopqrstuvwxyz0123456789+/";

	for (; d->f < d->end; d->f++) {
		struct mailauth_str s = d->f->text;

		for (size_t i = 0; i < s.n; i++) {
			const char *at = s.s[i] != '\0' ?
			    memchr(alphabet, s.s[i], 64) :
			    NULL;
			uint8_t octet;

			if (s.s[i] == '=' && ++pad <= 2)
				continue;
			if (at == NULL || pad > 0)
				return bad(d, "not base64");
			bits = bits << 6 | (uint32_t)(at - alphabet);
			n += 6;
			if (n < 8)
				continue;
			n -= 8;
			octet = (uint8_t)(bits >> n);
			if (!put(d, &octet, 1))
				return false;
		}
	}
	if (n == 6 || pad > 2)
		return bad(d, "not base64: its end is missing");
	return true;
}

/* A bitmap of types (RFC 4034 4.1.2). */
static bool
read_bitmap(struct data *d)
{
	uint8_t map[8192] = { 0 };

	for (; d->f < d->end; d->f++) {
		uint16_t type = zone_type(d->f->text);

		if (type == 0)
			return bad(d, "not a type of records");
		map[type / 8] |= (uint8_t)(0x80u >> (type % 8));
	}
	for (unsigned window = 0; window < 256; window++) {
		const uint8_t *w = map + 32 * window;
		size_t n = 32;

		while (n > 0 && w[n - 1] == 0)
			n--;
		if (n > 0 &&
		    (!put_big_endian(d, window, 1) ||
		        !put_big_endian(d, (uint32_t)n, 1) || !put(d, w, n)))
			return false;
	}
	return true;
}

/* Octets of one piece in the data; SIZE_MAX: they do not have it. */
static size_t
piece_size(char piece, struct cursor c)
{
	struct dname name;
	size_t at = c.at;

	switch (piece) {
	case '1':
	case 'g': return 1;
	case '2':
	case 'T': return 2;
	case '4':
	case 't':
	case 'D':
	case 'A': return 4;
	case '6': return 16;
	case 'q':
	case 'S':
	case '3': return (size_t)cursor_u8(&c) + 1;
	case 'n':
	case 'N': return dname_read(&c, false, &name) ? c.at - at : SIZE_MAX;
	case 's':
		do
			cursor_take(&c, cursor_u8(&c));
		while (!c.bad && cursor_left(&c) > 0);
		return c.bad ? SIZE_MAX : c.at - at;
	default: return cursor_left(&c);
	}
}

/* Octets that were given as such are data of a type (RFC 3597 5). */
static bool
is_sound(const char *pieces, const uint8_t *wire, size_t n)
{
	struct cursor c = cursor_of(wire, n);

	for (; *pieces != '\0'; pieces++) {
		size_t size = piece_size(*pieces, c);

		if (size > cursor_left(&c))
			return false;
		cursor_take(&c, size);
	}
	return cursor_left(&c) == 0;
}

/* "\# LENGTH DIGITS" (RFC 3597 5). `pieces` is NULL when the form of the
 * data is not known. */
static bool
read_generic(struct data *d, const char *pieces)
{
	uint32_t n;

	d->f++;
	if (d->f == d->end)
		return bad(d, "the number of octets is missing behind \\#");
	if (!str_number(d->f->text, 65535, &n))
		return bad(d, "not a number of octets");
	d->f++;
	if (!read_hex(d))
		return false;
	if (d->out->n != n)
		return bad(d,
		    "the number behind \\# is not that of the octets");
	if (pieces != NULL && !is_sound(pieces, d->out->wire, d->out->n))
		return bad(d, "the octets are not data of this type");
	return true;
}

/* One piece. Those that go to the end leave `f` there. */
static bool
read_piece(struct data *d, char piece)
{
	switch (piece) {
	case '1': return read_number(d, 1);
	case '2': return read_number(d, 2);
	case '4': return read_number(d, 4);
	case 't': return read_period(d);
	case 'D': return read_date(d);
	case 'n': return read_name(d, false);
	case 'N': return read_name(d, true);
	case 'T': return read_type(d);
	case 'A': return read_address(d, 4);
	case '6': return read_address(d, 6);
	case 'g': return read_algorithm(d);
	case 'q': return put_text_octets(d, 255);
	case 'r': return put_text_octets(d, 0);
	case 'S': return read_salt(d);
	case '3': return read_base32(d);
	case 's': return read_strings(d);
	case 'b': return read_base64(d);
	case 'h': return read_hex(d);
	default: return read_bitmap(d);
	}
}

static bool
goes_to_end(char piece)
{
	return memchr("sbhB", piece, 4) != NULL;
}

static bool
is_text(char piece)
{
	return memchr("sqr", piece, 3) != NULL;
}

static bool
read_pieces(struct data *d, const char *pieces)
{
	for (; *pieces != '\0'; pieces++) {
		/* The types of a bitmap may be none. */
		if (d->f == d->end && *pieces != 'B')
			return bad(d, "the data end too early");
		if (d->f < d->end && d->f->quoted && !is_text(*pieces) &&
		    d->out->quoted == NULL)
			d->out->quoted = d->f;
		if (!read_piece(d, *pieces))
			return false;
		if (!goes_to_end(*pieces))
			d->f++;
	}
	if (d->f < d->end)
		return bad(d, "there is more behind the data");
	return true;
}

bool
zone_rdata(uint16_t type, const struct zone_field *fields, size_t n,
    const struct dname *origin, struct zone_rdata *out)
{
	struct data d = { fields, fields + n, origin, out };
	const struct form *f = form_of(type);

	out->n = 0;
	out->why = NULL;
	out->at = fields;
	out->too_long = NULL;
	out->quoted = NULL;
	if (!fields->quoted && str_eq(fields->text, STR("\\#")))
		return read_generic(&d, f != NULL ? f->pieces : NULL);
	if (f == NULL)
		return bad(&d, "data of an unknown type begin with \\#");
	if (f->pieces != NULL)
		return read_pieces(&d, f->pieces);
	return zone_rdata_other(f->name, fields, n, origin, out);
}
