/*
 * fuzz_parse.c - one record given as text, of every kind and owner
 * SPDX-License-Identifier: BSD-3-Clause
 */
#include <string.h>

#include "report.h"

static const char *const owners[] = { NULL, "d.example", "_dmarc.d.example",
	"s._domainkey.d.example.", "_25._tcp.mx.d.example",
	"_mta-sts.d.example", "_smtp._tls.d.example", "default._bimi.d.example",
	"4.2.0.192.in-addr.arpa", "*.d.example" };

/* The name of kind `i`, or NULL for the number behind the last. */
static const char *
kind_name(unsigned i)
{
	struct mailauth_kind_info kind;
	unsigned n = 0;

	while (mailauth_kind_at(n, &kind))
		n++;
	return mailauth_kind_at(i % (n + 1), &kind) ? kind.name : NULL;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct mailauth_parse_options how = { .kind = NULL };
	char why[MAILAUTH_WHY_MAX] = "";
	struct mailauth_report *r;
	enum mailauth_status status;

	if (size < 2)
		return 0;
	how.kind = kind_name(data[0]);
	how.owner = owners[data[1] % 10];
	how.profile =
	    data[1] >> 6 & 1 ? MAILAUTH_PROFILE_RFC : MAILAUTH_PROFILE_GUIDE;
	how.allow_documentation = data[1] >> 7;
	status =
	    mailauth_parse(&how, (const char *)data + 2, size - 2, &r, why);
	if (status == MAILAUTH_OK)
		check_report(r);
	else
		MUST(r == NULL && why[0] != '\0' &&
		    (status == MAILAUTH_EUSE || status == MAILAUTH_EINPUT));
	mailauth_report_free(r);
	return 0;
}
