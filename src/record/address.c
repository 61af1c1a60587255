/*
 * address.c - A and AAAA records of mail hosts
 * SPDX-License-Identifier: BSD-3-Clause
 */
#include "base/addr.h"
#include "record/kind.h"

/* Report each address that is not globally reachable. */
static void
lint_set(struct exam *e)
{
	const struct mailauth_answer *a = e->answer;
	struct mailauth_findings *log = &e->out->findings;
	bool usable = false;
	struct addr addr;

	for (size_t i = 0; i < a->nrr; i++) {
		size_t from = log->count;
		enum addr_scope scope;

		if (!addr_of_rdata(a->rr[i].data, a->rr[i].len, &addr))
			continue;
		e->out->matches++;
		scope = addr_scope_of(&addr);
		if (scope == ADDR_DOCUMENTATION &&
		    e->scope->allow_documentation)
			scope = ADDR_GLOBAL;
		usable = usable || scope == ADDR_GLOBAL;
		if (scope == ADDR_GLOBAL)
			continue;
		findings_add(log,
		    scope == ADDR_DOCUMENTATION ?
		        MAILAUTH_F_DNS_SPECIAL_USE_ADDRESS :
		        MAILAUTH_F_DNS_NONPUBLIC_ADDRESS);
		findings_mark(log, from, i);
	}
	if (usable)
		findings_add(log, MAILAUTH_F_ADDR_OK);
}

static void
show(const struct mailauth_rdata *rr, struct writer *w)
{
	struct addr addr;

	if (addr_of_rdata(rr->data, rr->len, &addr))
		put_addr(w, &addr);
}

static bool
read(struct mailauth_str text, struct writer *w)
{
	struct addr addr;

	if (!addr_parse(str_trim(text), &addr))
		return false;
	put_bytes(w, (const char *)addr.octet, addr_bits(&addr) / 8);
	return true;
}

static void
values(const struct mailauth_answer *a, const struct mailauth_judgement *j,
    struct value_sink *s)
{
	(void)j;
	sink_shown(s, "addresses", a, show);
}

const struct mailauth_kind kind_address = {
	.id = MAILAUTH_KIND_ADDRESS,
	.name = "address",
	.title = "host address",
	.reference = "RFC 1034",
	.rrtype = RRTYPE_A,
	.lint_set = lint_set,
	.show = show,
	.read = read,
	.values = values,
	.cname = MAILAUTH_F_ADDR_CNAME,
	.optional = true,
};
