/*
 * source.c - the resolver that a lint asks: the zones, and what is outside
 * SPDX-License-Identifier: BSD-3-Clause
 */
#include "dns/source.h"
#include "lint/lint.h"

enum mailauth_status
lint_source(struct mailauth_lint *l, const struct mailauth_options *options,
    struct mailauth_resolver **out, char *why)
{
	struct mailauth_options o = *options;
	struct mailauth_zone *zones =
	    arena_alloc(&l->arena, (l->nzones + 1) * sizeof(*zones));

	if (zones == NULL)
		return MAILAUTH_ENOMEM;
	o.zones = zones;
	o.nzones = 0;
	for (size_t i = 0; i < l->nzones; i++)
		if (l->zones[i].zone != NULL)
			zones[o.nzones++] =
			    (struct mailauth_zone){ l->zones[i].name,
				    l->zones[i].file->file.path };
	return source_over(&o, l->index, out, why);
}
