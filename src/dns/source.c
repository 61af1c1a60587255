/*
 * source.c - mailauth_resolver: a resolver and what its checks share
 * SPDX-License-Identifier: BSD-3-Clause
 */
#include "dns/source.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/use.h"
#include "dns/resolver_unbound.h"

void
mailauth_resolver_free(struct mailauth_resolver *r)
{
	if (r == NULL)
		return;
	if (r->resolver != NULL)
		r->resolver->free(r->resolver);
	orgdomains_free(r->orgs);
	for (size_t i = 0; r->servers != NULL && i < r->nservers; i++)
		free(r->servers[i]);
	free(r->servers);
	free(r);
}

static bool
copy_servers(struct mailauth_resolver *r, const struct mailauth_options *o)
{
	r->servers = calloc(o->nservers + 1, sizeof(*r->servers));
	if (r->servers == NULL)
		return false;
	r->nservers = o->nservers;
	for (size_t i = 0; i < o->nservers; i++)
		if ((r->servers[i] = strdup(o->servers[i])) == NULL)
			return false;
	return true;
}

/* Seconds for one domain, at most. */
#define TIMEOUT_MAX 1e6

struct mailauth_resolver *
source_new(struct resolver *resolver, const struct mailauth_options *options)
{
	struct mailauth_resolver *r = calloc(1, sizeof(*r));

	if (r == NULL) {
		resolver->free(resolver);
		return NULL;
	}
	r->resolver = resolver;
	r->timeout = options->timeout > 0 ? options->timeout : SOURCE_TIMEOUT;
	if (!copy_servers(r, options)) {
		mailauth_resolver_free(r);
		return NULL;
	}
	resolver->listed = (const char *const *)r->servers;
	resolver->nlisted = r->nservers;
	r->orgs = orgdomains_new();
	return r;
}

enum mailauth_status
source_over(const struct mailauth_options *options, const struct zones *zones,
    struct mailauth_resolver **out, char *why)
{
	const struct unbound_places places = { .zones = zones };
	enum mailauth_status status;
	struct resolver *resolver;

	if (out != NULL)
		*out = NULL;
	if (options == NULL || out == NULL || why == NULL)
		return use_refused(why, USE_NULL);
	why[0] = '\0';
	if (!use_texts_ok(options->servers, options->nservers) ||
	    !use_texts_ok(options->anchor_files, options->nanchor_files) ||
	    !use_texts_ok(options->anchors, options->nanchors) ||
	    (options->zones == NULL && options->nzones > 0))
		return use_refused(why, USE_LIST);
	for (size_t i = 0; i < options->nzones; i++)
		if (options->zones[i].name == NULL ||
		    options->zones[i].file == NULL)
			return use_refused(why, USE_LIST);
	/* Also false for what is no number. */
	if (!(options->timeout >= 0 && options->timeout <= TIMEOUT_MAX))
		return use_refused(why,
		    "the timeout is not a number of seconds from 0 to 1000000");
	status = unbound_new(options, &places, &resolver, why);
	if (status != MAILAUTH_OK)
		return status;
	*out = source_new(resolver, options);
	if (*out != NULL)
		return MAILAUTH_OK;
	snprintf(why, MAILAUTH_WHY_MAX, "memory ran out");
	return MAILAUTH_ENOMEM;
}

enum mailauth_status
mailauth_resolver_new(const struct mailauth_options *options,
    struct mailauth_resolver **out, char why[MAILAUTH_WHY_MAX])
{
	return source_over(options, NULL, out, why);
}
