/*
 * rdata_other.c - the data of rare types, read by ldns
 * SPDX-License-Identifier: BSD-3-Clause
 */
#include "zone/rdata_other.h"

#include <ldns/ldns.h>

static bool
bad(struct zone_rdata *out, const char *why)
{
	out->why = why;
	return false;
}

static bool
put_rdfs(struct zone_rdata *out, const ldns_rr *rr)
{
	for (size_t i = 0; i < ldns_rr_rd_count(rr); i++) {
		const ldns_rdf *rdf = ldns_rr_rdf(rr, i);
		size_t n = ldns_rdf_size(rdf);

		if (n > ZONE_RDATA_MAX - out->n)
			return bad(out, "the data have over 65,535 octets");
		memcpy(out->wire + out->n, ldns_rdf_data(rdf), n);
		out->n += n;
	}
	return true;
}

bool
zone_rdata_other(const char *type, const struct zone_field *fields, size_t n,
    const struct dname *origin, struct zone_rdata *out)
{
	struct arena a = { NULL, false };
	struct writer w = arena_writer(&a);
	ldns_rdf *base = origin == NULL ?
	    NULL :
	    ldns_dname_new_frm_data(origin->len, origin->wire);
	ldns_rr *rr = NULL;
	bool good;

	put_text(&w, ". 0 IN ");
	put_text(&w, type);
	for (size_t i = 0; i < n; i++) {
		put_text(&w, fields[i].quoted ? " \"" : " ");
		put_str(&w, fields[i].text);
		put_text(&w, fields[i].quoted ? "\"" : "");
	}
	put_char(&w, '\0');
	if (w.full || (origin != NULL && base == NULL))
		good = bad(out, "there is not enough memory");
	else if (ldns_rr_new_frm_str(&rr, writer_str(&w).s, 0, base, NULL) !=
	    LDNS_STATUS_OK)
		good = bad(out, "not data of this type");
	else
		good = put_rdfs(out, rr);
	ldns_rr_free(rr);
	ldns_rdf_deep_free(base);
	arena_free(&a);
	return good;
}
