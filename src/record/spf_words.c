/*
 * spf_words.c - what a piece of a broken SPF record may be
 * SPDX-License-Identifier: BSD-3-Clause
 */
#include "record/spf_repair.h"

bool
spf_reads(struct mailauth_str text, struct spf_term *t)
{
	struct spf_reader r = spf_reader_of(text);

	if (text.n == 0 || str_find(text, ' ') < text.n || !spf_next(&r, t))
		return false;
	return t->fault == MAILAUTH_F_NONE && t->what != SPF_MODIFIER &&
	    (t->facts & (SPF_NO_NAME | SPF_GLUED)) == 0;
}

bool
spf_is_sound(struct mailauth_str record)
{
	struct spf_reader r = spf_terms(record);
	struct spf_term t;

	while (spf_next(&r, &t))
		if (t.fault != MAILAUTH_F_NONE)
			return false;
	return true;
}

bool
spf_is_domain(struct mailauth_str text)
{
	char room[260];
	struct writer w = writer_of(room, sizeof(room));
	struct spf_term t;

	if (text.n == 0 || text.n > 253 || str_find(text, '/') < text.n ||
	    str_find(text, '%') < text.n)
		return false;
	for (size_t i = 0; i < text.n; i++)
		if (!is_class(text.s[i],
		        CLASS_LETTER | CLASS_DIGIT | CLASS_HYPHEN |
		            CLASS_UNDER) &&
		    text.s[i] != '.')
			return false;
	put_text(&w, "include:");
	put_str(&w, text);
	return spf_reads(writer_str(&w), &t) &&
	    (t.facts & SPF_EMPTY_LABEL) == 0;
}

unsigned
spf_network(struct mailauth_str text)
{
	char room[80];
	struct spf_term t;

	for (unsigned family = 4; family <= 6; family += 2) {
		struct writer w = writer_of(room, sizeof(room));

		put_text(&w, family == 4 ? "ip4:" : "ip6:");
		put_str(&w, text);
		if (!w.full && spf_reads(writer_str(&w), &t))
			return family;
	}
	return 0;
}

bool
spf_is_foreign(struct mailauth_str text)
{
	static const struct mailauth_str names[] = {
		STR_INIT("google-site-verification"),
		STR_INIT("google-gws-recovery-domain-verification"),
		STR_INIT("apple-domain-verification"),
		STR_INIT("globalsign-domain-verification"),
		STR_INIT("globalsign-smime"),
		STR_INIT("facebook-domain-verification"),
		STR_INIT("atlassian-domain-verification"),
		STR_INIT("adobe-idp-site-verification"),
		STR_INIT("adobe-sign-verification"),
		STR_INIT("dropbox-domain-verification"),
		STR_INIT("yandex-verification"),
		STR_INIT("mailru-verification"),
		STR_INIT("stripe-verification"),
		STR_INIT("detectify-verification"),
		STR_INIT("onetrust-domain-verification"),
		STR_INIT("status-page-domain-verification"),
		STR_INIT("cisco-ci-domain-verification"),
		STR_INIT("webexdomainverification"),
		STR_INIT("zoho-verification"),
		STR_INIT("zoom_verify"),
		STR_INIT("mandrill_verify"),
		STR_INIT("docusign="),
		STR_INIT("brevo-code"),
		STR_INIT("sendinblue-code"),
		STR_INIT("ms=ms"),
		STR_INIT("em=ms"),
		STR_INIT("v=dmarc1"),
		STR_INIT("v=dkim1"),
		STR_INIT("v=stsv1"),
		STR_INIT("v=tlsrptv1"),
		STR_INIT("v=bimi1"),
	};

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (str_istarts(text, names[i]))
			return true;
	return false;
}

/* `a` and `b` differ in one letter: another one, one more, one less, or two in
 * the wrong order. Case does not matter. */
static bool
is_near(struct mailauth_str a, struct mailauth_str b)
{
	size_t head = 0, tail = 0;

	if (a.n > b.n + 1 || b.n > a.n + 1)
		return false;
	while (head < a.n && head < b.n &&
	    to_lower(a.s[head]) == to_lower(b.s[head]))
		head++;
	while (tail + head < a.n && tail + head < b.n &&
	    to_lower(a.s[a.n - 1 - tail]) == to_lower(b.s[b.n - 1 - tail]))
		tail++;
	a = str_sub(a, head, a.n - head - tail);
	b = str_sub(b, head, b.n - head - tail);
	if (a.n == 2 && b.n == 2)
		return to_lower(a.s[0]) == to_lower(b.s[1]) &&
		    to_lower(a.s[1]) == to_lower(b.s[0]);
	return a.n <= 1 && b.n <= 1;
}

struct mailauth_str
spf_name_of(struct mailauth_str name)
{
	/* Names of three letters are near to too much: their misspellings are
	 * listed. */
	static const struct mailauth_str ip[] = {
		STR_INIT("ip"),
		STR_INIT("ip4"),
		STR_INIT("ip6"),
		STR_INIT("ipv4"),
		STR_INIT("ipv6"),
		STR_INIT("ipv"),
		STR_INIT("pi4"),
		STR_INIT("pi6"),
		STR_INIT("i4"),
		STR_INIT("i6"),
		STR_INIT("p4"),
		STR_INIT("p6"),
		STR_INIT("i4p"),
		STR_INIT("i6p"),
		STR_INIT("iip4"),
		STR_INIT("iip6"),
		STR_INIT("ipp4"),
		STR_INIT("ipp6"),
		STR_INIT("ip44"),
		STR_INIT("ip66"),
		STR_INIT("lp4"),
		STR_INIT("lp6"),
		STR_INIT("1p4"),
		STR_INIT("op4"),
		STR_INIT("up4"),
		STR_INIT("ipv44"),
		STR_INIT("ipv66"),
		STR_INIT("ip4v"),
		STR_INIT("ip6v"),
		STR_INIT("ivp4"),
		STR_INIT("ivp6"),
		STR_INIT("vip4"),
		STR_INIT("ip-4"),
		STR_INIT("ip-6"),
		STR_INIT("ip_4"),
		STR_INIT("ip_6"),
		STR_INIT("ip-v4"),
		STR_INIT("ip-v6"),
		STR_INIT("ip_v4"),
		STR_INIT("ip_v6"),
		STR_INIT("ip3"),
		STR_INIT("ip5"),
		STR_INIT("ip.4"),
		STR_INIT("ip.6"),
	};
	static const struct mailauth_str exact[] = {
		STR_INIT("a:"),
		STR_INIT("mx:"),
		STR_INIT("ptr:"),
		STR_INIT("exp="),
	};
	static const struct mailauth_str nearly[] = {
		STR_INIT("include:"),
		STR_INIT("exists:"),
		STR_INIT("redirect="),
	};

	for (size_t i = 0; i < sizeof(ip) / sizeof(ip[0]); i++)
		if (str_ieq(name, ip[i]))
			return STR("ip");
	for (size_t i = 0; i < sizeof(exact) / sizeof(exact[0]); i++)
		if (str_ieq(name, str_sub(exact[i], 0, exact[i].n - 1)))
			return exact[i];
	for (size_t i = 0; i < sizeof(nearly) / sizeof(nearly[0]); i++) {
		size_t n = nearly[i].n - 1;

		/* "ainclude" may be two terms without a space. */
		if (is_near(name, str_sub(nearly[i], 0, n)) &&
		    (name.n <= n || to_lower(name.s[0]) != 'a'))
			return nearly[i];
	}
	return STR_NONE;
}

bool
spf_starts_term(struct mailauth_str text)
{
	static const struct mailauth_str names[] = {
		STR_INIT("include:"),
		STR_INIT("ip4:"),
		STR_INIT("ip6:"),
		STR_INIT("ipv4:"),
		STR_INIT("ipv6:"),
		STR_INIT("exists:"),
		STR_INIT("redirect="),
	};

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (str_istarts(text, names[i]))
			return true;
	return false;
}
