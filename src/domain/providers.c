/*
 * providers.c - mail providers that a domain uses
 * SPDX-License-Identifier: BSD-3-Clause
 */
#include "domain/providers.h"

#include "base/dname.h"
#include "base/str.h"
#include "record/mx.h"
#include "record/spf.h"

static const struct provider providers[] = {
#define PROVIDER(name, mx, spf, selectors, keys, bounces, people) \
	{ name, mx, spf, selectors, keys, bounces, people },
#include "domain/providers.def"
#undef PROVIDER
};

#define PROVIDERS (sizeof(providers) / sizeof(providers[0]))

_Static_assert(PROVIDERS <= 64, "a bit each");

/* Some domain of the list is `name` or above it. */
static bool
lists(const char *list, struct mailauth_str name)
{
	struct mailauth_str rest = str_of(list);

	if (name.n > 0 && name.s[name.n - 1] == '.')
		name.n--;
	while (rest.n > 0) {
		struct mailauth_str word = str_word(&rest);

		if (str_starts(word, STR("?")))
			word = str_from(word, 1);
		if (word.n > 0 && name.n >= word.n &&
		    str_ieq(str_from(name, name.n - word.n), word) &&
		    (name.n == word.n || name.s[name.n - word.n - 1] == '.'))
			return true;
	}
	return false;
}

/* A bit for each provider that has an MX host of the domain. */
static uint64_t
shown_by_mx(struct check *c)
{
	const struct lookup *l = got(c, c->domain, RRTYPE_MX);
	uint64_t shown = 0;
	struct mx m;

	for (size_t i = 0; is_found(l) && i < l->answer.nrr && i < HOSTS_MAX;
	     i++) {
		struct mailauth_str host;

		if (!mx_parse(&l->answer.rr[i], &m))
			continue;
		host = name_of_wire(c, &m.host);
		for (size_t k = 0; k < PROVIDERS; k++)
			if (lists(providers[k].mx, host))
				shown |= UINT64_C(1) << k;
	}
	return shown;
}

/* The same for what the SPF record includes. */
static uint64_t
shown_by_spf(struct check *c)
{
	const struct record_set *set =
	    view_as(c, MAILAUTH_KIND_SPF, got(c, c->domain, RRTYPE_TXT));
	uint64_t shown = 0;
	struct spf_reader r;
	struct spf_term t;

	if (!has_record(set))
		return 0;
	r = spf_terms(set->j.record.text);
	while (spf_next(&r, &t)) {
		if (t.what != SPF_INCLUDE && t.what != SPF_REDIRECT)
			continue;
		for (size_t k = 0; k < PROVIDERS; k++)
			if (lists(providers[k].spf, t.domain))
				shown |= UINT64_C(1) << k;
	}
	return shown;
}

uint64_t
providers_shown(struct check *c)
{
	return shown_by_mx(c) | shown_by_spf(c);
}

const struct provider *
provider_next(uint64_t *shown)
{
	for (size_t k = 0; k < PROVIDERS; k++) {
		uint64_t bit = UINT64_C(1) << k;

		if ((*shown & bit) == 0)
			continue;
		*shown &= ~bit;
		return &providers[k];
	}
	return NULL;
}

bool
provider_takes_bounces(struct mailauth_str host)
{
	for (size_t k = 0; k < PROVIDERS; k++)
		if (lists(providers[k].bounces, host))
			return true;
	return false;
}

bool
provider_has_people(struct mailauth_str host)
{
	for (size_t k = 0; k < PROVIDERS; k++)
		if (lists(providers[k].people, host))
			return true;
	return false;
}

const struct provider *
provider_rotates(struct mailauth_str target)
{
	for (size_t k = 0; k < PROVIDERS; k++)
		if (strchr(providers[k].keys, '?') != NULL &&
		    lists(providers[k].keys, target))
			return &providers[k];
	return NULL;
}
