/*
 * use.h - arguments of the installed functions that cannot be used
 * SPDX-License-Identifier: BSD-3-Clause
 */
#ifndef BASE_USE_H
#define BASE_USE_H

#include <string.h>

#include "mailauth/types.h"

/** Put `line`, a constant, into `why` unless that is NULL; MAILAUTH_EUSE. */
static inline enum mailauth_status
use_refused(char *why, const char *line)
{
	if (why != NULL)
		memcpy(why, line, strlen(line) + 1);
	return MAILAUTH_EUSE;
}

/** A pointer that is needed is NULL. */
#define USE_NULL "an argument is NULL that is needed"
/** A count is not 0, and its list is NULL. */
#define USE_LIST "a list is NULL, or one of its elements"
/** A profile is no value of its enum. */
#define USE_PROFILE "there is no such profile"

/** The profile is a value of its enum. */
static inline bool
use_profile_ok(enum mailauth_profile profile)
{
	return (unsigned)profile < MAILAUTH_PROFILE_COUNT;
}

/** A list of `n` texts, none of which is NULL. */
static inline bool
use_texts_ok(const char *const *text, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (text == NULL || text[i] == NULL)
			return false;
	return true;
}

#endif /* BASE_USE_H */
