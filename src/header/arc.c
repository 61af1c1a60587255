/*
 * arc.c - the tags of an ARC-Seal field
 * SPDX-License-Identifier: BSD-3-Clause
 */
#include "header/arc.h"

#include "record/taglist.h"

/* Largest instance of a seal (RFC 8617 4.2.1). */
#define INSTANCES_MAX 50

static enum arc_cv
cv_of(struct mailauth_str s)
{
	return str_ieq(s, STR("none")) ? ARC_CV_NONE :
	    str_ieq(s, STR("pass"))    ? ARC_CV_PASS :
	    str_ieq(s, STR("fail"))    ? ARC_CV_FAIL :
	                                 ARC_CV_OTHER;
}

bool
arc_seal_parse(struct mailauth_str value, struct arc_seal *out)
{
	struct mailauth_str i = STR_NONE, cv = STR_NONE;
	const struct {
		struct mailauth_str name;
		struct mailauth_str *slot;
	} tags[] = { { STR("i"), &i }, { STR("cv"), &cv },
		{ STR("a"), &out->a }, { STR("d"), &out->d },
		{ STR("s"), &out->s } };
	struct tag_item it;

	*out = (struct arc_seal){ .instance = 0 };
	while (tag_next(&value, &it))
		for (size_t t = 0; t < sizeof(tags) / sizeof(tags[0]); t++)
			if (it.equals && tags[t].slot->n == 0 &&
			    str_eq(it.name, tags[t].name))
				*tags[t].slot = it.value;
	str_number(i, INSTANCES_MAX, &out->instance);
	out->cv = cv_of(cv);
	return out->instance > 0 && out->cv != ARC_CV_OTHER && out->a.n > 0 &&
	    out->d.n > 0 && out->s.n > 0;
}
