/*
 * nsec3.c - hashed names (RFC 5155)
 * SPDX-License-Identifier: BSD-3-Clause
 */
#include "zone/nsec3.h"

#include <openssl/evp.h>
#include <stdlib.h>

/* Octets of a hash with SHA-1, the only one there is, and of it in base32hex. */
#define HASH      20
#define HASH_TEXT 32

#define ALGORITHM_SHA1 1

/* The parameters of a chain, which begin NSEC3PARAM and NSEC3 data: algorithm,
 * flags, iterations, salt with its length. */
struct param {
	const uint8_t *data;
	size_t n; /* octets */
};

/* Flags aside, so many octets are the parameters; 0: the data are wrong. */
static struct param
param_of(const struct zone_record *r)
{
	size_t n = r->n >= 5 ? (size_t)r->rdata[4] + 5 : 0;

	return (struct param){ r->rdata, n <= r->n ? n : 0 };
}

static bool
is_of(const struct zone_record *r, struct param p)
{
	struct param q = param_of(r);

	return q.n == p.n && q.n > 0 && q.data[0] == p.data[0] &&
	    memcmp(q.data + 2, p.data + 2, p.n - 2) == 0;
}

/* RFC 5155 5. False: OpenSSL cannot. */
static bool
hash_name(struct param p, const struct dname *name, uint8_t out[HASH])
{
	unsigned more = (unsigned)p.data[2] << 8 | p.data[3];
	EVP_MD_CTX *ctx = EVP_MD_CTX_new();
	const uint8_t *data = name->wire;
	size_t n = name->len;
	bool good = ctx != NULL;

	for (unsigned i = 0; i <= more && good; i++) {
		good = EVP_DigestInit_ex(ctx, EVP_sha1(), NULL) == 1 &&
		    EVP_DigestUpdate(ctx, data, n) == 1 &&
		    EVP_DigestUpdate(ctx, p.data + 5, p.data[4]) == 1 &&
		    EVP_DigestFinal_ex(ctx, out, NULL) == 1;
		data = out;
		n = HASH;
	}
	EVP_MD_CTX_free(ctx);
	return good;
}

/* The label of a hash: base32hex (RFC 4648 7) in lower case, whose order is that
 * of the hashes. */
static bool
hash_label(struct param p, const struct dname *name,
    uint8_t label[HASH_TEXT + 1])
{
	static const char digits[] = "0123456789abcdefghijklmnopqrstuv";
	uint8_t octets[HASH];
	uint32_t bits = 0;
	unsigned n = 0, to = 0;

	if (!hash_name(p, name, octets))
		return false;
	label[to++] = HASH_TEXT;
	for (size_t i = 0; i < HASH; i++) {
		bits = bits << 8 | octets[i];
		for (n += 8; n >= 5; n -= 5)
			label[to++] = (uint8_t)digits[bits >> (n - 5) & 31];
	}
	return true;
}

/* The NSEC3 record of a chain at a node. */
static bool
has_link(const struct zone_node *node, struct param p)
{
	const struct zone_rrset *set = zone_rrset(node, ZONE_TYPE_NSEC3);

	if (set == NULL || node->depth != 1 || node->label[0] != HASH_TEXT)
		return false;
	for (const struct zone_record *r = set->records; r != NULL; r = r->next)
		if (is_of(r, p))
			return true;
	return false;
}

static const struct zone_node *
match(const struct zone_index *ix, struct param p, const struct dname *name)
{
	uint8_t label[HASH_TEXT + 1];
	const struct zone_node *node;

	if (!hash_label(p, name, label))
		return NULL;
	node = zone_index_below(ix, ix->zone.apex, label);
	return node != NULL && has_link(node, p) ? node : NULL;
}

/* Find the parameters of a chain that begins at the apex: a zone that changes
 * them has several. */
static bool
find_chain(struct zone_index *ix)
{
	const struct zone_rrset *set =
	    zone_rrset(ix->zone.apex, ZONE_TYPE_NSEC3PARAM);
	const struct zone_record *r = set != NULL ? set->records : NULL;

	for (; r != NULL; r = r->next) {
		struct param p = param_of(r);

		if (p.n > 0 && p.data[0] == ALGORITHM_SHA1 &&
		    match(ix, p, &ix->origin) != NULL)
			break;
	}
	ix->chain = r;
	return r != NULL;
}

bool
zone_nsec3_start(struct zone_index *ix)
{
	struct param p;
	size_t n = 0;

	if (!find_chain(ix))
		return true;
	p = param_of(ix->chain);
	for (size_t i = 0; i < ix->n; i++)
		n += has_link(ix->nodes[i], p);
	ix->links = malloc(n * sizeof(*ix->links));
	if (ix->links == NULL)
		return false;
	for (size_t i = 0; i < ix->n; i++)
		if (has_link(zone_index_at(ix, i), p))
			ix->links[ix->nlinks++] = (uint32_t)i;
	return true;
}

const struct zone_node *
zone_nsec3_match(const struct zone_index *ix, const struct dname *name)
{
	return match(ix, param_of(ix->chain), name);
}

const struct zone_node *
zone_nsec3_cover(const struct zone_index *ix, const struct dname *name)
{
	uint8_t label[HASH_TEXT + 1];
	size_t low = 0, high = ix->nlinks;

	if (high == 0 || !hash_label(param_of(ix->chain), name, label))
		return NULL;
	/* links[low - 1] is in front of the hash, links[high] is not. */
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		const struct zone_node *node =
		    zone_index_at(ix, ix->links[middle]);

		if (memcmp(node->label + 1, label + 1, HASH_TEXT) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	/* What is in front of the first is behind the last. */
	return zone_index_at(ix, ix->links[(low > 0 ? low : ix->nlinks) - 1]);
}
