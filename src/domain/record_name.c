/*
 * record_name.c - names of records that are given in place of a domain
 * SPDX-License-Identifier: BSD-3-Clause
 */
#include <stdio.h>

#include "base/dname.h"
#include "base/str.h"
#include "domain/domain.h"

/* The last label of each name below a domain or host that has a record. */
static const struct mailauth_str nodes[] = { STR_INIT("_dmarc"),
	STR_INIT("_domainkey"), STR_INIT("_bimi"), STR_INIT("_mta-sts"),
	STR_INIT("_tls"), STR_INIT("_tlsrpt"), STR_INIT("_smtp-tlsrpt"),
	STR_INIT("_tcp"), STR_INIT("_udp") };

static bool
is_node(struct mailauth_str label)
{
	for (size_t i = 0; i < sizeof(nodes) / sizeof(nodes[0]); i++)
		if (str_eq(label, nodes[i]))
			return true;
	return false;
}

/* Without its final dot; the root is empty. */
static struct mailauth_str
undotted(struct mailauth_str name)
{
	return str_sub(name, 0, name.n > 0 ? name.n - 1 : 0);
}

/* Write "; check example.com", and more that the name says. */
static void
put_advice(struct writer *w, struct mailauth_str before,
    struct mailauth_str node, struct mailauth_str domain)
{
	if (domain.n <= 1)
		return;
	if (str_eq(node, STR("_tcp")) || str_eq(node, STR("_udp"))) {
		put_text(w, ": check the domain that has ");
		put_str(w, undotted(domain));
		put_text(w, " as its mail host");
		return;
	}
	put_text(w, ": check ");
	put_str(w, undotted(domain));
	if (before.n > 0 && before.s[0] != '_' &&
	    str_eq(node, STR("_domainkey"))) {
		put_text(w, NAME_WITH_SELECTOR);
		put_str(w, before);
	}
}

enum mailauth_status
refuse_record_name(struct mailauth_str name, char *why)
{
	struct writer w = writer_of(why, MAILAUTH_WHY_MAX - 1);
	struct mailauth_str rest = name, node = STR_NONE, domain = STR_NONE;
	struct mailauth_str before;

	for (; rest.n > 1; rest = dname_parent(rest))
		if (is_node(dname_first(rest))) {
			node = dname_first(rest);
			domain = dname_parent(rest);
		}
	if (node.n == 0)
		return MAILAUTH_OK;
	before = str_sub(name, 0,
	    name.n - node.n - 1 - (domain.n > 1 ? domain.n : 0));
	put_str(&w, undotted(name));
	put_text(&w, " is the name of a record, not a domain");
	put_advice(&w, undotted(before), node, domain);
	why[w.used] = '\0';
	return MAILAUTH_EUSE;
}
