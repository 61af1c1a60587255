/*
 * fuzz_sts.c - the policy file of MTA-STS
 * SPDX-License-Identifier: BSD-3-Clause
 */
#include "fuzz.h"
#include "record/findings.h"
#include "transport/policy.h"

static bool
has_fault(const struct policy *p, enum mailauth_finding_id id)
{
	for (size_t i = 0; i < p->nfaults; i++)
		if (p->fault[i].id == id)
			return true;
	return false;
}

static void
look_at_faults(const struct policy *p)
{
	MUST(p->nfaults <= POLICY_FAULTS_MAX);
	for (size_t i = 0; i < p->nfaults; i++) {
		const struct policy_fault *f = &p->fault[i];

		MUST(f->used <= sizeof(f->what));
		for (size_t k = 0; k < f->used; k++)
			MUST(is_print(f->what[k]));
		for (size_t k = 0; k < i; k++)
			MUST(p->fault[k].id != f->id);
	}
}

/* Each pattern covers the host that it is made of, and not the one above. */
static void
look_at_patterns(struct mailauth_str octets, const struct policy *p)
{
	for (size_t i = 0; i < p->nmx; i++) {
		struct mailauth_str mx = p->mx[i];
		bool wild = str_starts(mx, STR("*."));
		char room[POLICY_MAX];

		MUST(is_inside(octets, mx) && mx.n > 0 && mx.n <= 255);
		memcpy(room, mx.s, mx.n);
		if (wild)
			room[0] = 'a';
		MUST(policy_covers(p, (struct mailauth_str){ room, mx.n }));
		if (wild)
			MUST(!policy_mx_covers(mx, str_from(mx, 2)));
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct mailauth_str octets = { (const char *)data, size };
	struct arena arena = { NULL, false };
	struct policy p, longer;

	if (size > POLICY_MAX)
		return 0;
	MUST(policy_read(&arena, octets, false, &p));
	look_at_faults(&p);
	look_at_patterns(octets, &p);
	MUST(p.max_age <= POLICY_AGE_MAX || !p.has_age);
	/* A policy without faults is whole. */
	if (p.nfaults == 0) {
		MUST(p.mode != POLICY_NO_MODE && p.has_age);
		MUST(p.nmx > 0 || p.mode == POLICY_NONE);
	}
	MUST(policy_read(&arena, octets, true, &longer));
	MUST(has_fault(&longer, MAILAUTH_F_MTASTS_POLICY_SYNTAX));
	MUST(longer.mode == POLICY_NO_MODE && longer.nmx == 0);
	arena_free(&arena);
	return 0;
}
