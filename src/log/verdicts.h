/*
 * verdicts.h - the verdicts of the log
 * SPDX-License-Identifier: BSD-3-Clause
 */
#ifndef LOG_VERDICTS_H
#define LOG_VERDICTS_H

#include "judge/names.h"

/** The verdicts on records, and behind them one more: the resolver's own data
 * has an alias and not its target, so a client that follows the alias may find
 * a record. That is no fault of the record, and nobody needs to look. */
#define VERDICT_LOCAL_ALIAS (MAILAUTH_TEMPERROR + 1u)
#define VERDICTS            (VERDICT_LOCAL_ALIAS + 1u)

/** The word for it; static. */
static inline const char *
verdict_word(unsigned v)
{
	return v == VERDICT_LOCAL_ALIAS ?
	    "local-alias" :
	    name_verdict((enum mailauth_verdict)v);
}

#endif /* LOG_VERDICTS_H */
