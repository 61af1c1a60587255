/*
 * known.c - violations that are known
 * SPDX-License-Identifier: BSD-3-Clause
 */
#include "test/meta/known.h"

#include <string.h>

/*
 * Each row is a fault: a verdict that gets better when one lookup fails, as
 * its finding goes and nothing says that the answer is not known. A row goes
 * when its fault is mended. NULL means any request.
 */
static const struct known {
	const char *request, *rule, *what;
} list[] = {
	/* Lookups behind the term that matches: their failure is told of in the
	 * costs ("at least"), and not in the verdict. */
	{ NULL, "result", "spf-too-many-lookups" },
	{ NULL, "result", "spf-void-lookups-exceeded" },
	{ "spf", "result", "spf-include-loop" },
	{ "spf", "result", "spf-include-target-invalid" },
	{ "spf", "result", "spf-include-target-none" },
	{ "spf", "result", "spf-redirect-target-none" },
	/* A host of which one address record is known, and the other not. */
	{ "check", "result", "spf-a-bare-host-missing" },
	/* Records at names where they do not belong: whether there are some is
	 * asked, and a failure is passed over. */
	{ NULL, "result", "dmarc-wrong-location" },
	{ NULL, "result", "bimi-wrong-location" },
	{ NULL, "result", "txt-owner-doubled" },
	/* A walk that cannot be finished. */
	{ NULL, "result", "dmarc-org-differs" },
	{ NULL, "result", "dmarc-parent-suffix-without-psd" },
	{ NULL, "result", "dmarc-psd-y-non-suffix" },
	/* Who gets reports: whether they consent, and have mail. */
	{ NULL, "result", "dmarc-ext-override-bad" },
	{ NULL, "result", "dmarc-ext-unauthorised" },
	{ NULL, "result", "dmarc-rua-no-mail" },
	/* Keys at common selectors. */
	{ "check", "result", "dkim-revoked" },
	{ "check", "result", "dkim-rsa-invalid" },
};

bool
violation_is_known(const char *request, const char *rule, const char *what)
{
	for (size_t i = 0; i < sizeof(list) / sizeof(list[0]); i++)
		if ((list[i].request == NULL ||
		        strcmp(list[i].request, request) == 0) &&
		    strcmp(list[i].rule, rule) == 0 &&
		    (list[i].what == NULL || strcmp(list[i].what, what) == 0))
			return true;
	return false;
}
