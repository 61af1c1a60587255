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
#define PROVIDER(name, mx, spf, selectors, keys, bounces) \
	{ name, mx, spf, selectors, keys, bounces },
#include "domain/providers.def"
#undef PROVIDER
};

#define PROVIDERS (sizeof(providers) / sizeof(providers[0]))

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

static bool
has_mx(struct check *c, const struct provider *p)
{
	const struct lookup *l = got(c, c->domain, RRTYPE_MX);
	struct mx m;

	for (size_t i = 0; is_found(l) && i < l->answer.nrr && i < HOSTS_MAX;
	     i++)
		if (mx_parse(&l->answer.rr[i], &m) &&
		    lists(p->mx, name_of_wire(c, &m.host)))
			return true;
	return false;
}

static bool
is_in_spf(struct check *c, const struct provider *p)
{
	const struct record_set *set =
	    view_as(c, MAILAUTH_KIND_SPF, got(c, c->domain, RRTYPE_TXT));
	struct spf_reader r;
	struct spf_term t;

	if (!has_record(set))
		return false;
	r = spf_terms(set->j.record.text);
	while (spf_next(&r, &t))
		if ((t.what == SPF_INCLUDE || t.what == SPF_REDIRECT) &&
		    lists(p->spf, t.domain))
			return true;
	return false;
}

const struct provider *
provider_of(struct check *c, size_t i)
{
	for (size_t k = 0; k < PROVIDERS; k++)
		if ((has_mx(c, &providers[k]) || is_in_spf(c, &providers[k])) &&
		    i-- == 0)
			return &providers[k];
	return NULL;
}

size_t
provider_selectors(struct check *c,
    struct mailauth_str out[PROVIDER_SELECTORS_MAX])
{
	size_t n = 0;

	for (size_t k = 0; k < PROVIDERS; k++) {
		struct mailauth_str rest = str_of(providers[k].selectors);

		if (rest.n == 0 ||
		    (!has_mx(c, &providers[k]) && !is_in_spf(c, &providers[k])))
			continue;
		while (rest.n > 0 && n < PROVIDER_SELECTORS_MAX) {
			struct mailauth_str word = str_word(&rest);

			if (word.n > 0)
				out[n++] = word;
		}
	}
	return n;
}

bool
provider_takes_bounces(struct mailauth_str host)
{
	for (size_t k = 0; k < PROVIDERS; k++)
		if (lists(providers[k].bounces, host))
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
