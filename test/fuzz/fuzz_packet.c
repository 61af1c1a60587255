/*
 * fuzz_packet.c - a DNS message, and the judgement of what is in it
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * The first octet selects the type of the question. This target covers sets of
 * address, MX, PTR and TLSA records.
 */
#include "dns/packet.h"
#include "fuzz.h"
#include "judge/verdict.h"
#include "record/kind.h"

static const uint16_t types[] = { RRTYPE_TXT, RRTYPE_MX, RRTYPE_A, RRTYPE_AAAA,
	RRTYPE_PTR, RRTYPE_CNAME, RRTYPE_NS, RRTYPE_SOA, RRTYPE_TLSA };

#define TYPES (sizeof(types) / sizeof(types[0]))

static bool
is_canonical(struct mailauth_str name)
{
	for (size_t i = 0; i < name.n; i++)
		if (!is_print(name.s[i]) ||
		    (name.s[i] >= 'A' && name.s[i] <= 'Z'))
			return false;
	return name.n > 0 && name.s[name.n - 1] == '.';
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct mailauth_scratch scratch;
	struct mailauth_scope scope = { .profile = MAILAUTH_PROFILE_GUIDE };
	struct arena arena = { NULL, false };
	struct lookup l = { .arena = &arena };
	const struct mailauth_kind *k;
	struct mailauth_judgement j = { 0 };
	struct packet_head head;

	if (size < 1 || size > 65536)
		return 0;
	l.answer.name = STR("example.com.");
	l.answer.rrtype = types[data[0] % TYPES];
	if (packet_read(&l, data + 1, size - 1, &head)) {
		const struct mailauth_answer *a = &l.answer;

		MUST((a->outcome == MAILAUTH_FOUND) == (a->nrr > 0));
		for (size_t i = 0; i < a->nchain; i++)
			MUST(is_canonical(a->chain[i]));
		l.answer.dnssec = MAILAUTH_DNSSEC_SECURE;
		for (unsigned i = 0; (k = kind_at(i)) != NULL; i++) {
			if (k->rrtype != a->rrtype &&
			    !(k->rrtype == RRTYPE_A &&
			        a->rrtype == RRTYPE_AAAA))
				continue;
			judge(k, a, &scope, &scratch, &j);
			/* A text that cannot be read may be the record. */
			MUST(j.verdict != MAILAUTH_TEMPERROR ||
			    a->outcome == MAILAUTH_FAILED ||
			    findings_has(&j.findings,
			        MAILAUTH_F_TXT_STRING_OVERRUN));
		}
		judge_lookup(a, &j.findings);
	}
	arena_free(&arena);
	return 0;
}
