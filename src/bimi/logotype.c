/*
 * logotype.c - the logotype extension of a certificate (RFC 3709, RFC 9399)
 * SPDX-License-Identifier: BSD-3-Clause
 */
#include "bimi/logotype.h"

#include "base/cursor.h"

/* DER tags. */
#define OCTETS     0x04
#define OID        0x06
#define IA5STRING  0x16
#define SEQUENCE   0x30
#define CONTEXT(n) (0xa0 | (n))

/* Take the contents of the next value; false when its tag is another or its
 * length is no DER. */
static bool
take(struct cursor *c, uint8_t tag, struct cursor *out)
{
	uint8_t first;
	size_t n;
	const uint8_t *p;

	if (cursor_u8(c) != tag || c->bad)
		return false;
	first = cursor_u8(c);
	n = first;
	if (first >= 0x80) {
		unsigned octets = first & 0x7f;

		/* Three octets of length suffice for any extension. DER forbids
		 * a length in more octets than it needs. */
		if (octets < 1 || octets > 3)
			return false;
		n = 0;
		for (unsigned i = 0; i < octets; i++)
			n = n << 8 | cursor_u8(c);
		if (n < 0x80 || n >> 8 * (octets - 1) == 0)
			return false;
	}
	p = cursor_take(c, n);
	if (p == NULL)
		return false;
	*out = cursor_of(p, n);
	return true;
}

static uint8_t
next_tag(const struct cursor *c)
{
	return cursor_left(c) > 0 ? c->base[c->at] : 0;
}

/* Skip the optional values before `tag`. */
static bool
seek(struct cursor *c, uint8_t tag)
{
	struct cursor ignored;

	while (next_tag(c) != 0 && next_tag(c) < tag)
		if (!take(c, next_tag(c), &ignored))
			return false;
	return next_tag(c) == tag;
}

static struct mailauth_str
contents(const struct cursor *c)
{
	return (struct mailauth_str){ (const char *)c->base, c->len };
}

static enum logotype_hash
algorithm(struct mailauth_str oid)
{
	static const struct {
		struct mailauth_str oid;
		enum logotype_hash hash;
	} known[] = {
		{ STR_INIT("\x2b\x0e\x03\x02\x1a"), LOGOTYPE_SHA1 },
		{ STR_INIT("\x60\x86\x48\x01\x65\x03\x04\x02\x01"),
		    LOGOTYPE_SHA256 },
		{ STR_INIT("\x60\x86\x48\x01\x65\x03\x04\x02\x02"),
		    LOGOTYPE_SHA384 },
		{ STR_INIT("\x60\x86\x48\x01\x65\x03\x04\x02\x03"),
		    LOGOTYPE_SHA512 },
	};

	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++)
		if (str_eq(oid, known[i].oid))
			return known[i].hash;
	return LOGOTYPE_OTHER;
}

/* Read LogotypeDetails: media type, hashes, URIs; the first of each list. */
static bool
details(struct cursor c, struct logotype *out)
{
	struct cursor type, hashes, hash, alg, oid, value, uris, uri;

	if (!take(&c, IA5STRING, &type) || !take(&c, SEQUENCE, &hashes) ||
	    !take(&hashes, SEQUENCE, &hash) || !take(&hash, SEQUENCE, &alg) ||
	    !take(&alg, OID, &oid) || !take(&hash, OCTETS, &value) ||
	    !take(&c, SEQUENCE, &uris) || !take(&uris, IA5STRING, &uri))
		return false;
	out->media_type = contents(&type);
	out->algorithm = algorithm(contents(&oid));
	out->hash = contents(&value);
	out->uri = contents(&uri);
	return true;
}

bool
logotype_read(const uint8_t *der, size_t n, struct logotype *out)
{
	struct cursor c = cursor_of(der, n), extension, logo, data, images,
	              image, first;

	*out = (struct logotype){ .algorithm = LOGOTYPE_OTHER };
	/* LogotypeExtn, subjectLogo, direct, image, LogotypeImage. */
	return take(&c, SEQUENCE, &extension) && seek(&extension, CONTEXT(2)) &&
	    take(&extension, CONTEXT(2), &logo) &&
	    take(&logo, CONTEXT(0), &data) && take(&data, SEQUENCE, &images) &&
	    take(&images, SEQUENCE, &image) && take(&image, SEQUENCE, &first) &&
	    details(first, out);
}
