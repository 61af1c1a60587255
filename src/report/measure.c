/*
 * measure.c - the measured value that a finding of a judgement is about
 * SPDX-License-Identifier: BSD-3-Clause
 */
#include "report/measure.h"

#include "record/kind.h"
#include "record/txt.h"

static void
put_count(struct writer *w, size_t n, const char *unit)
{
	put_number(w, n);
	put_text(w, unit);
}

void
put_measure(struct writer *w, const struct record_set *set, unsigned id)
{
	const struct mailauth_answer *a = set->answer;

	switch (id) {
	case MAILAUTH_F_TXT_RRSET_OVER_450:
		put_count(w, txt_name_octets(a), " octets");
		return;
	case MAILAUTH_F_TXT_RRSET_OVER_512:
	case MAILAUTH_F_TXT_RRSET_OVER_1232:
		put_count(w, txt_message_octets(a), " octets");
		return;
	case MAILAUTH_F_SPF_RECORD_OVER_450:
	case MAILAUTH_F_SPF_RECORD_OVER_512:
		put_count(w, set->j.record.text.n, " octets");
		return;
	case MAILAUTH_F_DNS_TTL_VERY_LOW:
	case MAILAUTH_F_DNS_TTL_VERY_HIGH:
		put_count(w, a->ttl, a->ttl == 1 ? " second" : " seconds");
		return;
	default: return;
	}
}
