/*
 * idn.c - domain names as people write them
 * SPDX-License-Identifier: BSD-3-Clause
 */
#include "sys/idn.h"

#include <idn2.h>

#include "base/str.h"

const char *
idn_to_ascii(struct arena *a, struct mailauth_str name,
    struct mailauth_str *out)
{
	char *alabels = NULL;
	int rc;

	*out = arena_copy(a, name);
	if (out->s == NULL)
		return "memory ran out";
	if (str_is_ascii(*out))
		return NULL;
	/* libidn2 would end at a NUL. */
	if (str_find(*out, '\0') < out->n)
		return "it has a NUL";
	rc = idn2_to_ascii_8z(out->s, &alabels,
	    IDN2_NFC_INPUT | IDN2_NONTRANSITIONAL);
	if (rc == IDN2_MALLOC) {
		a->failed = true;
		*out = STR_NONE;
		return "memory ran out";
	}
	if (rc != IDN2_OK)
		return idn2_strerror(rc);
	*out = arena_copy(a, str_of(alabels));
	idn2_free(alabels);
	return out->s != NULL ? NULL : "memory ran out";
}
