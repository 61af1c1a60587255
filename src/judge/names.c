/*
 * names.c - the names of enum values, and places, in text, JSON and log
 * SPDX-License-Identifier: BSD-3-Clause
 */
#include "judge/names.h"

#include "record/rrtype.h"

#define NAME(table, v) \
	((size_t)(v) < sizeof(table) / sizeof((table)[0]) ? (table)[v] : "?")

const char *
name_outcome(enum mailauth_outcome v)
{
	static const char *const names[] = { "found", "nodata", "nxdomain",
		"failed" };

	return NAME(names, v);
}

const char *
name_dnssec(enum mailauth_dnssec v)
{
	static const char *const names[] = { "bogus", "unchecked",
		"indeterminate", "insecure", "secure" };

	return NAME(names, v);
}

const char *
name_verdict(enum mailauth_verdict v)
{
	static const char *const names[] = { "valid", "invalid", "none",
		"temperror" };

	return NAME(names, v);
}

const char *
name_severity(enum mailauth_severity v)
{
	static const char *const names[] = { "pass", "info", "notice", "warn",
		"fail" };

	return NAME(names, v);
}

const char *
name_profile(enum mailauth_profile v)
{
	static const char *const names[] = {
		[MAILAUTH_PROFILE_PRACTICE] = "practice",
		[MAILAUTH_PROFILE_GUIDE] = "guide",
		[MAILAUTH_PROFILE_RFC] = "rfc",
		[MAILAUTH_PROFILE_BULK_SENDER] = "bulk-sender",
		[MAILAUTH_PROFILE_GOV] = "gov",
	};

	return NAME(names, v);
}

const char *
name_role(enum mailauth_role v)
{
	static const char *const names[] = { "auto", "mail", "receive-only",
		"send-only", "no-mail", "absent", "alias", "unknown" };

	return NAME(names, v);
}

const char *
name_result(enum mailauth_result v)
{
	static const char *const names[] = { "pass", "warn", "fail",
		"temperror" };

	return NAME(names, v);
}

const char *
name_rrtype(uint16_t type, char room[16])
{
	const char *name = rrtype_name(type);
	struct writer w;

	if (name != NULL)
		return name;
	w = writer_of(room, 15);
	put_text(&w, "TYPE");
	put_number(&w, type);
	room[w.used] = '\0';
	return room;
}

void
put_place(struct writer *w, const struct mailauth_place *place)
{
	put_untrusted(w, str_of(place->file));
	put_char(w, ':');
	put_number(w, place->line);
	if (place->column > 0) {
		put_char(w, ':');
		put_number(w, place->column);
	}
}
