/*
 * test_plan.c - the records that settings ask for, alone and held against DNS
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * Settings are written with '\'' in place of '"'; scripts are those of
 * test/script/script.h.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ask.h"
#include "base/str.h"
#include "text.h"

#define COUNT(table) ((int)(sizeof(table) / sizeof((table)[0])))

/* Labels of 242 octets. */
#define LABELS \
	"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa." \
	"bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb." \
	"ccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccc." \
	"dddddddddddddddddddddddddddddddddddddddddddddddddd."
/* Public keys: Ed25519, RSA of 512 bits. */
#define ED "MCowBQYDK2VwAyEAePKANsYYRhAssVBvY+2g6MdM5pn31KCHOmUqf5/rx/g="
#define RSA \
	"MFwwDQYJKoZIhvcNAQEBBQADSwAwSAJBAMPT5yBGoML4fftwfDRezHdZkusQcfQRl3cu" \
	"+Di1faYSA1e6FGBLMSlFgD629wSUSrT4ddwCql0xelNU1uzLJ5ECAwEAAQ=="

static struct mailauth_settings *
read_settings(struct arena *a, const char *text)
{
	struct mailauth_settings_text one = { .name = "settings",
		.text = quoted(a, text) };
	struct mailauth_settings *s;
	char why[MAILAUTH_WHY_MAX];

	one.len = strlen(one.text);
	EXPECT(mailauth_settings_parse(&one, 1, &s, why) == MAILAUTH_OK, "%s",
	    why);
	return s;
}

/* The report of a plan; `script` NULL: DNS is not asked. */
static struct mailauth_report *
planned(struct asked *a, struct mailauth_plan_request *request,
    const char *script)
{
	struct mailauth_report *r;
	char why[MAILAUTH_WHY_MAX];

	*a = (struct asked){ .source = NULL };
	request->allow_documentation = true;
	if (script != NULL)
		ask_open(a, script, NULL);
	EXPECT(mailauth_plan(a->source, request, &r, why) == MAILAUTH_OK, "%s",
	    why);
	a->report = r;
	return r;
}

/* The text of a report, without the settings that each record comes from: those
 * are the matter of one test. */
static const char *
plan_text(struct arena *a, struct mailauth_report *r, unsigned flags)
{
	struct mailauth_str rest = str_of(report_text(a, r, flags));
	struct writer w = arena_writer(a);

	while (rest.n > 0) {
		struct mailauth_str line = str_cut(&rest, '\n');
		size_t at = line.n;

		while (
		    at > 0 && !str_starts(str_from(line, at), STR("; from ")))
			at--;
		put_str(&w, at > 0 ? str_sub(line, 0, at) : line);
		put_char(&w, '\n');
	}
	put_char(&w, '\0');
	return w.buf;
}

/* Plans that DNS is not asked for. */
static const struct {
	const char *settings;
	struct mailauth_plan_request request;
	const char *text;
} plans[] = {
	/* Nothing is set. */
	{ "{}", { 0 },
	    "; nodes: there are none: SPF, MX, A and PTR records of "
	    "senders cannot be told\n"
	    "; senders: there are none: SPF, DKIM and DMARC records "
	    "cannot be told\n"
	    "\n" },
	/* Hosts of main.json, and settings that nobody knows. */
	{ "{'WEBCONTROL_HOSTNAME': 'panel.a.org', "
	  "'WEBCONTROL_PUBLIC_IP': '192.0.2.1', 'TRACKING_HOSTNAME': "
	  "'click.a.org', 'TRACKING_PUBLIC_IP': '2001:db8::2', "
	  "'COOKIESAVER_PUBLIC_HOSTNAME': 'pxl.b.org', "
	  "'COOKIESAVER_PUBLIC_IP': '192.0.2.3', 'tracking_domains': "
	  "['t.a.org', 'click.a.org', 'a.b.c.uk'], "
	  "'website_tracking_domains': ['w.a.org'], "
	  "'TRACKING_HOSTNME': 1}",
	    { .ttl = 60 },
	    "; settings: TRACKING_HOSTNME: there is no such setting; "
	    "did you mean TRACKING_HOSTNAME?\n"
	    "; nodes: there are none: SPF, MX, A and PTR records of "
	    "senders cannot be told\n"
	    "; senders: there are none: SPF, DKIM and DMARC records "
	    "cannot be told\n"
	    "\n"
	    "; zone a.org\n"
	    "panel.a.org. 60 IN A 192.0.2.1 ; admin panel\n"
	    "click.a.org. 60 IN AAAA 2001:db8::2 ; links in messages\n"
	    "t.a.org. 60 IN AAAA 2001:db8::2 ; links in messages\n"
	    "w.a.org. 60 IN A 192.0.2.3 ; tracking on web sites\n"
	    "\n"
	    "; zone b.org\n"
	    "pxl.b.org. 60 IN A 192.0.2.3 ; tracking on web sites\n"
	    "\n"
	    "; zone c.uk\n"
	    "a.b.c.uk. 60 IN AAAA 2001:db8::2 ; links in messages\n"
	    "\n" },
	/* Hosts without their addresses; a prefix, without its dot. */
	{ "{'WEBCONTROL_HOSTNAME': 'panel.a.org', 'TRACKING_PREFIX': "
	  "'click', 'TRACKING_PUBLIC_IP': '192.0.2.2', "
	  "'website_tracking_domains': ['w.a.org']}",
	    { 0 },
	    "; nodes: there are none: SPF, MX, A and PTR records of "
	    "senders cannot be told\n"
	    "; senders: there are none: SPF, DKIM and DMARC records "
	    "cannot be told\n"
	    "; panel.a.org. has no address in the settings\n"
	    "; TRACKING_PREFIX has no final dot: a dot is put behind it\n"
	    "; w.a.org. has no address in the settings\n"
	    "\n"
	    "; zone a.org\n"
	    "click.panel.a.org. 3600 IN A 192.0.2.2 ; links in messages\n"
	    "\n" },
	/* A prefix with its dot, and what is tracked for a template. */
	{ "{'WEBCONTROL_HOSTNAME': 'panel.a.org', "
	  "'WEBCONTROL_PUBLIC_IP': '192.0.2.1', 'TRACKING_PREFIX': "
	  "'click.', 'TRACKING_PUBLIC_IP': '192.0.2.2', 'templates': "
	  "[{'from': 'a.org', 'tracking_domain': 'T.a.org'}]}",
	    { .dmarc = "reject" },
	    "; nodes: there are none: SPF, MX, A and PTR records of "
	    "senders cannot be told\n"
	    "\n"
	    "; zone a.org\n"
	    "panel.a.org. 3600 IN A 192.0.2.1 ; admin panel\n"
	    "click.panel.a.org. 3600 IN A 192.0.2.2 ; links in messages\n"
	    "t.a.org. 3600 IN A 192.0.2.2 ; links in messages\n"
	    "_dmarc.a.org. 3600 IN TXT \"v=DMARC1; p=reject; "
	    "rua=mailto:report@a.org\" ; DMARC; the mailbox for reports "
	    "has to be there\n"
	    "\n" },
	/* Below a public suffix of three labels nobody knows the zone. */
	{ "{'TRACKING_PUBLIC_IP': '192.0.2.2', 'tracking_domains': "
	  "['x.kobe.jp', 'y.x.kobe.jp', 'a.y.x.kobe.jp']}",
	    { 0 },
	    "; nodes: there are none: SPF, MX, A and PTR records of senders "
	    "cannot be told\n"
	    "; senders: there are none: SPF, DKIM and DMARC records cannot be "
	    "told\n\n"
	    "; zone kobe.jp\n"
	    "x.kobe.jp. 3600 IN A 192.0.2.2 ; links in messages\n\n"
	    "; zone y.x.kobe.jp\n"
	    "y.x.kobe.jp. 3600 IN A 192.0.2.2 ; links in messages\n"
	    "a.y.x.kobe.jp. 3600 IN A 192.0.2.2 ; links in messages\n\n" },
	/* One sender with all it takes. */
	{ "{'nodes': [{'name': 'one', 'ip': '192.0.2.4', 'host': "
	  "'mta.a.org'}], 'keys': [{'name': 'k', 'public': '" RSA
	  "'}, {'name': 'l', 'public': '" ED
	  "'}], 'senders': [{'from': 'a.org', 'dkim_key': 'k', "
	  "'dkim_selector': 's', 'secondary_dkim_key': 'l', "
	  "'secondary_dkim_selector': 't'}]}",
	    { 0 },
	    "; s._domainkey.a.org. TXT: dkim-rsa-lt-1024: verifiers "
	    "accept no signature by an RSA key below 1024 bits: this one "
	    "has 512 bits: \"MFwwDQYJKoZIhvcNAQEBBQADSwAwSAJBAMPT5yBGoML4fftwfD"
	    "RezHdZkusQ...\"\n"
	    "\n"
	    "; zone a.org\n"
	    "mta.a.org. 3600 IN A 192.0.2.4 ; nodes[0] (one)\n"
	    "a.org. 3600 IN A 192.0.2.4 ; From domain; that of its web "
	    "site does as well\n"
	    "a.org. 3600 IN MX 10 mta.a.org. ; From domain; any other "
	    "MX does as well\n"
	    "a.org. 3600 IN TXT \"v=spf1 ip4:192.0.2.4 ~all\" ; SPF of "
	    "the From domain\n"
	    "mta.a.org. 3600 IN TXT \"v=spf1 ip4:192.0.2.4 ~all\" ; SPF "
	    "of the name that a node greets with\n"
	    "s._domainkey.a.org. 3600 IN TXT \"v=DKIM1; k=rsa; "
	    "p=MFwwDQYJKoZIhvcNAQEBBQADSwAwSAJBAMPT5yBGoML4fftwfDRezHdZ"
	    "kusQcfQRl3cu+Di1faYSA1e6FGBLMSlFgD629wSUSrT4ddwCql0xelNU1u"
	    "zLJ5ECAwEAAQ==\" ; keys[0] (k)\n"
	    "t._domainkey.a.org. 3600 IN TXT \"v=DKIM1; k=ed25519; "
	    "p=ePKANsYYRhAssVBvY+2g6MdM5pn31KCHOmUqf5/rx/g=\" ; keys[1] "
	    "(l)\n"
	    "_dmarc.a.org. 3600 IN TXT \"v=DMARC1; p=quarantine; "
	    "rua=mailto:report@a.org\" ; DMARC; the mailbox for reports "
	    "has to be there\n"
	    "\n"
	    "; zone 2.0.192.in-addr.arpa: set by the provider of the "
	    "addresses, not in your own zone\n"
	    "4.2.0.192.in-addr.arpa. 3600 IN PTR mta.a.org. ; nodes[0] "
	    "(one)\n"
	    "\n" },
	/* Nodes: no host, IPv6, two addresses of a host, odd names. */
	{ "{'nodes': [{'ip': '2001:db8::4', 'host': 'mta.a.org', "
	  "'name': 'a\\u0007'}, {'ip': '192.0.2.4', 'host': "
	  "'mta.a.org'}, {'ip': '192.0.2.5'}], 'senders': [{'from': "
	  "'a.org', 'nodes': ['2001:db8::4']}]}",
	    { 0 },
	    "; nodes[2] has no host: its A and PTR records, and MX, "
	    "cannot be told\n"
	    "\n"
	    "; zone a.org\n"
	    "mta.a.org. 3600 IN AAAA 2001:db8::4 ; nodes[0] (a\\007)\n"
	    "mta.a.org. 3600 IN A 192.0.2.4 ; nodes[1]\n"
	    "a.org. 3600 IN AAAA 2001:db8::4 ; From domain; that of "
	    "its web site does as well\n"
	    "a.org. 3600 IN MX 10 mta.a.org. ; From domain; any other "
	    "MX does as well\n"
	    "a.org. 3600 IN TXT \"v=spf1 ip6:2001:db8::4 ip4:192.0.2.4 "
	    "~all\" ; SPF of the From domain\n"
	    "mta.a.org. 3600 IN TXT \"v=spf1 ip6:2001:db8::4 "
	    "ip4:192.0.2.4 ~all\" ; SPF of the name that a node greets "
	    "with\n"
	    "_dmarc.a.org. 3600 IN TXT \"v=DMARC1; p=quarantine; "
	    "rua=mailto:report@a.org\" ; DMARC; the mailbox for reports "
	    "has to be there\n"
	    "\n"
	    "; zone 0.0.0.0.0.0.0.0.8.b.d.0.1.0.0.2.ip6.arpa: set by "
	    "the provider of the addresses, not in your own zone\n"
	    "4.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.b.d.0.1."
	    "0.0.2.ip6.arpa. 3600 IN PTR mta.a.org. ; nodes[0] (a\\007)\n"
	    "\n"
	    "; zone 2.0.192.in-addr.arpa: set by the provider of the "
	    "addresses, not in your own zone\n"
	    "4.2.0.192.in-addr.arpa. 3600 IN PTR mta.a.org. ; nodes[1]\n"
	    "\n" },
	/* A sender of IPv6 alone. */
	{ "{'nodes': [{'ip': '2001:db8::4'}], 'senders': [{'from': "
	  "'a.org'}]}",
	    { 0 },
	    "; nodes[0] has no host: its A and PTR records, and MX, "
	    "cannot be told\n"
	    "\n"
	    "; zone a.org\n"
	    "a.org. 3600 IN AAAA 2001:db8::4 ; From domain; that of "
	    "its web site does as well\n"
	    "a.org. 3600 IN TXT \"v=spf1 ip6:2001:db8::4 ~all\" ; SPF of "
	    "the From domain\n"
	    "_dmarc.a.org. 3600 IN TXT \"v=DMARC1; p=quarantine; "
	    "rua=mailto:report@a.org\" ; DMARC; the mailbox for reports "
	    "has to be there\n"
	    "\n" },
	/* MAIL FROM of a pool with an SPF domain, by PTR, of a host. */
	{ "{'nodes': [{'ip': '192.0.2.4', 'host': 'mta.a.org'}, "
	  "{'ip': '192.0.2.5', 'host': 'mtb.b.org'}], 'pools': "
	  "[{'id': 1, 'sender_domain': 'p.org', 'spf_domain': "
	  "'q.org'}], 'senders': [{'from': 'a.org', "
	  "'mail_from_type': 'custom', 'pool_id': 1, 'nodes': "
	  "['mtb.b.org']}, {'from': 'a.org', 'mail_from_type': "
	  "'ptr'}, {'from': 'n.a.org', 'mail_from': 'x.mta.a.org'}]}",
	    { 0 },
	    "; zone a.org\n"
	    "mta.a.org. 3600 IN A 192.0.2.4 ; nodes[0]\n"
	    "a.org. 3600 IN A 192.0.2.5 ; From domain; that of its web "
	    "site does as well\n"
	    "a.org. 3600 IN MX 10 mtb.b.org. ; From domain; any other "
	    "MX does as well\n"
	    "n.a.org. 3600 IN A 192.0.2.4 ; From domain; that of its "
	    "web site does as well\n"
	    "n.a.org. 3600 IN MX 10 mta.a.org. ; From domain; any "
	    "other MX does as well\n"
	    "x.mta.a.org. 3600 IN MX 10 mta.a.org. ; bounces\n"
	    "a.org. 3600 IN TXT \"v=spf1 ip4:192.0.2.5 ip4:192.0.2.4 "
	    "~all\" ; SPF of the From domain\n"
	    "mta.a.org. 3600 IN TXT \"v=spf1 ip4:192.0.2.4 ~all\" ; SPF "
	    "of MAIL FROM\n"
	    "n.a.org. 3600 IN TXT \"v=spf1 ip4:192.0.2.4 ip4:192.0.2.5 "
	    "~all\" ; SPF of the From domain\n"
	    "x.mta.a.org. 3600 IN TXT \"v=spf1 ip4:192.0.2.4 "
	    "ip4:192.0.2.5 ~all\" ; SPF of MAIL FROM\n"
	    "_dmarc.a.org. 3600 IN TXT \"v=DMARC1; p=quarantine; "
	    "rua=mailto:report@a.org\" ; DMARC; the mailbox for reports "
	    "has to be there\n"
	    "\n"
	    "; zone 2.0.192.in-addr.arpa: set by the provider of the "
	    "addresses, not in your own zone\n"
	    "4.2.0.192.in-addr.arpa. 3600 IN PTR mta.a.org. ; nodes[0]\n"
	    "5.2.0.192.in-addr.arpa. 3600 IN PTR mtb.b.org. ; nodes[1]\n"
	    "\n"
	    "; zone b.org\n"
	    "mtb.b.org. 3600 IN A 192.0.2.5 ; nodes[1]\n"
	    "mtb.b.org. 3600 IN TXT \"v=spf1 ip4:192.0.2.5 ~all\" ; SPF "
	    "of MAIL FROM\n"
	    "\n"
	    "; zone p.org\n"
	    "p.org. 3600 IN MX 10 mtb.b.org. ; bounces\n"
	    "p.org. 3600 IN TXT \"v=spf1 ip4:192.0.2.5 ~all\" ; SPF of "
	    "MAIL FROM\n"
	    "\n"
	    "; zone q.org\n"
	    "q.org. 3600 IN MX 10 mtb.b.org. ; bounces\n"
	    "q.org. 3600 IN TXT \"v=spf1 ip4:192.0.2.5 ~all\" ; SPF "
	    "domain of a pool\n"
	    "\n" },
	/* Selectors with a domain or that are none, keys that lack, two. */
	{ "{'keys': [{'name': 'k', 'public': '" ED
	  "'}, {'name': 'l', 'public': '" RSA
	  "'}, {'name': 'm'}], 'senders': [{'from': 'a.org', "
	  "'dkim_key': 'k', 'dkim_selector': 's._domainkey.a.org'}, "
	  "{'from': 'a.org', 'dkim_key': 'l', 'dkim_selector': 's'}, "
	  "{'from': 'a.org', 'dkim_key': 'k', 'dkim_selector': 'S'}, "
	  "{'from': 'a.org', 'dkim_key': 'k', 'dkim_selector': 'a "
	  "b'}, {'from': 'a.org', 'dkim_selector': 'x'}, {'from': "
	  "'a.org', 'dkim_key': 'm', 'dkim_selector': 'y'}, {'from': "
	  "'a.org', 'dkim_key': 'm'}]}",
	    { 0 },
	    "; nodes: there are none: SPF, MX, A and PTR records of "
	    "senders cannot be told\n"
	    "; s._domainkey.a.org. TXT: two keys are set for one "
	    "selector: the first one is planned\n"
	    "; senders[3] has a selector that is not usable\n"
	    "; x._domainkey.a.org. TXT: its key is not in the settings\n"
	    "; y._domainkey.a.org. TXT: its key is not in the settings\n"
	    "\n"
	    "; zone a.org\n"
	    "s._domainkey.a.org. 3600 IN TXT \"v=DKIM1; k=ed25519; "
	    "p=ePKANsYYRhAssVBvY+2g6MdM5pn31KCHOmUqf5/rx/g=\" ; keys[0] "
	    "(k)\n"
	    "_dmarc.a.org. 3600 IN TXT \"v=DMARC1; p=quarantine; "
	    "rua=mailto:report@a.org\" ; DMARC; the mailbox for reports "
	    "has to be there\n"
	    "\n" },
	/* Ed25519 alone, for one of two domains. */
	{ "{'keys': [{'name': 'k', 'public': '" ED
	  "'}, {'name': 'l', 'public': '" RSA
	  "'}], 'senders': [{'from': 'a.org', 'dkim_key': 'k', "
	  "'dkim_selector': 's'}, {'from': 'b.org', 'dkim_key': 'k', "
	  "'dkim_selector': 's', 'secondary_dkim_key': 'l', "
	  "'secondary_dkim_selector': 't'}]}",
	    { 0 },
	    "; nodes: there are none: SPF, MX, A and PTR records of "
	    "senders cannot be told\n"
	    "; a.org. signs with Ed25519 alone: many receivers cannot "
	    "verify that; sign with RSA as well\n"
	    "; t._domainkey.b.org. TXT: dkim-rsa-lt-1024: verifiers "
	    "accept no signature by an RSA key below 1024 bits: this one "
	    "has 512 bits: \"MFwwDQYJKoZIhvcNAQEBBQADSwAwSAJBAMPT5yBGoML4fftwfD"
	    "RezHdZkusQ...\"\n"
	    "\n"
	    "; zone a.org\n"
	    "s._domainkey.a.org. 3600 IN TXT \"v=DKIM1; k=ed25519; "
	    "p=ePKANsYYRhAssVBvY+2g6MdM5pn31KCHOmUqf5/rx/g=\" ; keys[0] "
	    "(k)\n"
	    "_dmarc.a.org. 3600 IN TXT \"v=DMARC1; p=quarantine; "
	    "rua=mailto:report@a.org\" ; DMARC; the mailbox for reports "
	    "has to be there\n"
	    "\n"
	    "; zone b.org\n"
	    "s._domainkey.b.org. 3600 IN TXT \"v=DKIM1; k=ed25519; "
	    "p=ePKANsYYRhAssVBvY+2g6MdM5pn31KCHOmUqf5/rx/g=\" ; keys[0] "
	    "(k)\n"
	    "t._domainkey.b.org. 3600 IN TXT \"v=DKIM1; k=rsa; "
	    "p=MFwwDQYJKoZIhvcNAQEBBQADSwAwSAJBAMPT5yBGoML4fftwfDRezHdZ"
	    "kusQcfQRl3cu+Di1faYSA1e6FGBLMSlFgD629wSUSrT4ddwCql0xelNU1u"
	    "zLJ5ECAwEAAQ==\" ; keys[1] (l)\n"
	    "_dmarc.b.org. 3600 IN TXT \"v=DMARC1; p=quarantine; "
	    "rua=mailto:report@b.org\" ; DMARC; the mailbox for reports "
	    "has to be there\n"
	    "\n" },
	/* DMARC at the organization, and at a public suffix. */
	{ "{'senders': [{'from': 'x.a.org'}, {'from': 'a.org'}, "
	  "{'from': 'b.co.uk'}, {'from': 'y.b.co.uk'}, {'from': "
	  "'co.uk'}]}",
	    { .dmarc = "none", .rua = "r@a.org" },
	    "; nodes: there are none: SPF, MX, A and PTR records of "
	    "senders cannot be told\n"
	    "\n"
	    "; zone a.org\n"
	    "_dmarc.a.org. 3600 IN TXT \"v=DMARC1; p=none; "
	    "rua=mailto:r@a.org\" ; DMARC; the mailbox for reports has "
	    "to be there\n"
	    "b.co.uk._report._dmarc.a.org. 3600 IN TXT \"v=DMARC1\" ; "
	    "consent to reports for another domain\n"
	    "co.uk._report._dmarc.a.org. 3600 IN TXT \"v=DMARC1\" ; "
	    "consent to reports for another domain\n"
	    "\n"
	    "; zone b.co.uk\n"
	    "_dmarc.b.co.uk. 3600 IN TXT \"v=DMARC1; p=none; "
	    "rua=mailto:r@a.org\" ; DMARC; the mailbox for reports has "
	    "to be there\n"
	    "\n"
	    "; zone co.uk\n"
	    "_dmarc.co.uk. 3600 IN TXT \"v=DMARC1; p=none; "
	    "rua=mailto:r@a.org\" ; DMARC; the mailbox for reports has "
	    "to be there\n"
	    "\n" },
	/* Reports to another organization need its consent. */
	{ "{'senders': [{'from': 'x.a.org'}, {'from': 'b.org'}]}",
	    { .rua = "mailto:r@N.b.org" },
	    "; nodes: there are none: SPF, MX, A and PTR records of "
	    "senders cannot be told\n"
	    "\n"
	    "; zone a.org\n"
	    "_dmarc.a.org. 3600 IN TXT \"v=DMARC1; p=quarantine; "
	    "rua=mailto:r@N.b.org\" ; DMARC; the mailbox for reports "
	    "has to be there\n"
	    "\n"
	    "; zone b.org\n"
	    "a.org._report._dmarc.n.b.org. 3600 IN TXT \"v=DMARC1\" ; "
	    "consent to reports for another domain\n"
	    "_dmarc.b.org. 3600 IN TXT \"v=DMARC1; p=quarantine; "
	    "rua=mailto:r@N.b.org\" ; DMARC; the mailbox for reports "
	    "has to be there\n"
	    "\n" },
	/* A name that is too long for its records. */
	{ "{'senders': [{'from': "
	  "'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
	  "aaaaaa.bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb"
	  "bbbbbbbbbbbb.ccccccccccccccccccccccccccccccccccccccccccccc"
	  "cccccccccccccccccc.ddddddddddddddddddddddddddddddddddddddd"
	  "ddddddddddddd.org', 'dkim_selector': 's'}]}",
	    { 0 },
	    "; nodes: there are none: SPF, MX, A and PTR records of "
	    "senders cannot be told\n"
	    "; senders[0] has a selector that is not usable\n"
	    "\n"
	    "; zone ddddddddddddddddddddddddddddddddddddddddddddddddddd"
	    "d.org\n"
	    "_dmarc.ddddddddddddddddddddddddddddddddddddddddddddddddddd"
	    "d.org. 3600 IN TXT \"v=DMARC1; p=quarantine; "
	    "rua=mailto:report@aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
	    "aaaaaaaaaaaaaaaaaaaaaaa.bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb"
	    "bbbbbbbbbbbbbbbbbbbbbbbbbbbbb.cccccccccccccccccccccccccccc"
	    "ccccccccccccccccccccccccccccccccccc.ddddddddddddddddddddd\""
	    " \"ddddddddddddddddddddddddddddddd.org\" ; DMARC; the "
	    "mailbox for reports has to be there\n"
	    "\n" },
	/* A name that has no room for consent to reports. */
	{ "{'senders': [{'from': 'a.org'}]}", { .rua = "r@" LABELS "org" },
	    "; nodes: there are none: SPF, MX, A and PTR records of "
	    "senders cannot be told\n"
	    "\n"
	    "; zone a.org\n"
	    "_dmarc.a.org. 3600 IN TXT \"v=DMARC1; p=quarantine; "
	    "rua=mailto:r@aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
	    "aaaaaaaaaaaaaaaaaa.bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb"
	    "bbbbbbbbbbbbbbbbbbbbbbbb.ccccccccccccccccccccccccccccccccc"
	    "cccccccccccccccccccccccccccccc.dddddddddddddddddddddddddd\""
	    " \"dddddddddddddddddddddddd.org\" ; DMARC; the mailbox for "
	    "reports has to be there\n"
	    "\n" },
};

START_TEST(alone)
{
	struct arena a = { NULL, false };
	struct mailauth_plan_request request = plans[_i].request;
	struct mailauth_settings *s = read_settings(&a, plans[_i].settings);
	struct mailauth_report *r;
	struct asked asked;

	request.settings = s;
	r = planned(&asked, &request, NULL);
	expect_text(plan_text(&a, r, 0), plans[_i].text);
	ck_assert_int_eq(mailauth_report_result(r), MAILAUTH_RESULT_PASS);
	ask_close(&asked);
	mailauth_settings_free(s);
	arena_free(&a);
}
END_TEST

/* Settings with so many nodes, each of IPv6. */
static struct mailauth_settings *
with_nodes(struct arena *a, unsigned first, unsigned count)
{
	struct writer w = arena_writer(a);

	put_text(&w, "{'senders': [{'from': 'a.org'}], 'nodes': [");
	for (unsigned i = first; i < first + count; i++) {
		put_text(&w,
		    i > first ? ",{'ip': '2001:db8::" : "{'ip': '2001:db8::");
		put_number(&w, i);
		put_text(&w, "'}");
	}
	put_text(&w, "]}");
	put_char(&w, '\0');
	return read_settings(a, w.buf);
}

/* The texts of SPF records in a plan, by owner; what is equal in all is left
 * out. */
static void
put_spf(struct writer *w, const char *text)
{
	static const char dots[] = "...";

	for (const char *line = text, *end; (end = strchr(line, '\n')) != NULL;
	     line = end + 1) {
		const char *spf = strstr(line, " 3600 IN TXT \"v=spf1");
		struct mailauth_str s;

		if (spf == NULL || spf > end)
			continue;
		put_str(w, (struct mailauth_str){ line, (size_t)(spf - line) });
		s = (struct mailauth_str){ spf + 20, (size_t)(end - spf) - 20 };
		s = str_sub(s, 0, str_ifind(s, STR(" ; ")));
		put_str(w, str_sub(s, 0, 20));
		put_text(w, s.n > 50 ? dots : "");
		put_str(w, s.n > 50 ? str_from(s, s.n - 30) : str_from(s, 20));
		put_char(w, '\n');
	}
}

/* Addresses that are too many for one record are in records of their own; the
 * number of them is bounded. */
static const struct {
	unsigned first, count; /* of the nodes */
	const char *spf, *note;
} parts[] = {
	/* As many as one record takes. */
	{ 1, 21,
	    "a.org. ip6:2001:db8::1 ip6...db8::20 ip6:2001:db8::21 ~all\"\n",
	    NULL },
	/* One more. */
	{ 1, 22,
	    "_spf1.a.org. ip6:2001:db8::1 ip6...db8::17 "
	    "ip6:2001:db8::18 ~all\"\n"
	    "_spf2.a.org. ip6:2001:db8::19 ip...db8::21 "
	    "ip6:2001:db8::22 ~all\"\n"
	    "a.org. include:_spf1.a.org include:_spf2.a.org ~all\"\n",
	    NULL },
	/* Records of their own. */
	{ 1, 40,
	    "_spf1.a.org. ip6:2001:db8::1 ip6...db8::17 "
	    "ip6:2001:db8::18 ~all\"\n"
	    "_spf2.a.org. ip6:2001:db8::19 ip...db8::35 "
	    "ip6:2001:db8::36 ~all\"\n"
	    "_spf3.a.org. ip6:2001:db8::37 ip...db8::39 "
	    "ip6:2001:db8::40 ~all\"\n"
	    "a.org. include:_spf1.a.org....org include:_spf3.a.org ~all\"\n",
	    NULL },
	/* As many as there may be. */
	{ 1, 175,
	    "_spf1.a.org. ip6:2001:db8::1 ip6...db8::17 "
	    "ip6:2001:db8::18 ~all\"\n"
	    "_spf2.a.org. ip6:2001:db8::19 ip...db8::35 "
	    "ip6:2001:db8::36 ~all\"\n"
	    "_spf3.a.org. ip6:2001:db8::37 ip...db8::53 "
	    "ip6:2001:db8::54 ~all\"\n"
	    "_spf4.a.org. ip6:2001:db8::55 ip...db8::71 "
	    "ip6:2001:db8::72 ~all\"\n"
	    "_spf5.a.org. ip6:2001:db8::73 ip...db8::89 "
	    "ip6:2001:db8::90 ~all\"\n"
	    "_spf6.a.org. ip6:2001:db8::91 ip...8::106 "
	    "ip6:2001:db8::107 ~all\"\n"
	    "_spf7.a.org. ip6:2001:db8::108 i...8::123 "
	    "ip6:2001:db8::124 ~all\"\n"
	    "_spf8.a.org. ip6:2001:db8::125 i...8::140 "
	    "ip6:2001:db8::141 ~all\"\n"
	    "_spf9.a.org. ip6:2001:db8::142 i...8::157 "
	    "ip6:2001:db8::158 ~all\"\n"
	    "_spf10.a.org. ip6:2001:db8::159 i...8::174 "
	    "ip6:2001:db8::175 ~all\"\n"
	    "a.org. include:_spf1.a.org...org include:_spf10.a.org ~all\"\n",
	    NULL },
	/* One more. */
	{ 1, 176,
	    "_spf1.a.org. ip6:2001:db8::1 ip6...db8::17 "
	    "ip6:2001:db8::18 ~all\"\n"
	    "_spf2.a.org. ip6:2001:db8::19 ip...db8::35 "
	    "ip6:2001:db8::36 ~all\"\n"
	    "_spf3.a.org. ip6:2001:db8::37 ip...db8::53 "
	    "ip6:2001:db8::54 ~all\"\n"
	    "_spf4.a.org. ip6:2001:db8::55 ip...db8::71 "
	    "ip6:2001:db8::72 ~all\"\n"
	    "_spf5.a.org. ip6:2001:db8::73 ip...db8::89 "
	    "ip6:2001:db8::90 ~all\"\n"
	    "_spf6.a.org. ip6:2001:db8::91 ip...8::106 "
	    "ip6:2001:db8::107 ~all\"\n"
	    "_spf7.a.org. ip6:2001:db8::108 i...8::123 "
	    "ip6:2001:db8::124 ~all\"\n"
	    "_spf8.a.org. ip6:2001:db8::125 i...8::140 "
	    "ip6:2001:db8::141 ~all\"\n"
	    "_spf9.a.org. ip6:2001:db8::142 i...8::157 "
	    "ip6:2001:db8::158 ~all\"\n"
	    "_spf10.a.org. ip6:2001:db8::159 i...8::174 "
	    "ip6:2001:db8::175 ~all\"\n"
	    "a.org. include:_spf1.a.org...org include:_spf10.a.org ~all\"\n",
	    "" },
	/* 360 octets, and 361. */
	{ 89, 20,
	    "a.org. ip6:2001:db8::89 ip...8::107 ip6:2001:db8::108 ~all\"\n",
	    NULL },
	{ 90, 20,
	    "_spf1.a.org. ip6:2001:db8::90 ip...8::105 ip6:2001:db8::106 "
	    "~all\"\n"
	    "_spf2.a.org. ip6:2001:db8::107 i...8::108 ip6:2001:db8::109 "
	    "~all\"\n"
	    "a.org. include:_spf1.a.org include:_spf2.a.org ~all\"\n",
	    NULL },
};

START_TEST(spf_parts)
{
	struct arena a = { NULL, false };
	struct writer w = arena_writer(&a);
	struct mailauth_settings *s =
	    with_nodes(&a, parts[_i].first, parts[_i].count);
	struct mailauth_plan_request request = { .settings = s };
	struct asked asked;
	const char *text = plan_text(&a, planned(&asked, &request, NULL), 0);

	put_spf(&w, text);
	EXPECT((strstr(text, "has more addresses than SPF has lookups for") !=
	           NULL) == (parts[_i].note != NULL),
	    "%s", text);
	expect_written(&w, parts[_i].spf);
	ask_close(&asked);
	mailauth_settings_free(s);
	arena_free(&a);
}
END_TEST

/* Plans held against DNS, for these settings. */

#define SETTINGS \
	"{'nodes': [{'ip': '192.0.2.4', 'host': 'mta.a.org'}], 'keys': " \
	"[{'name': 'k', 'public': '" ED "'}], 'senders': [{'from': 'a.org', " \
	"'dkim_key': 'k', 'dkim_selector': 's'}]}"
/* Zones that have what is planned. */
#define REVERSE "zone 2.0.192.in-addr.arpa\n4 PTR mta.a.org.\n"
#define MTA     "mta A 192.0.2.4\nmta TXT 'v=spf1 ip4:192.0.2.4 ~all'\n"
#define APEX    "@ A 192.0.2.4\n@ MX 10 mta\n"
#define SPF     "@ TXT 'v=spf1 ip4:192.0.2.4 ~all'\n"
#define KEY \
	"s._domainkey TXT 'v=DKIM1; k=ed25519; " \
	"p=ePKANsYYRhAssVBvY+2g6MdM5pn31KCHOmUqf5/rx/g='\n"
#define DMARC "_dmarc TXT 'v=DMARC1; p=quarantine; rua=mailto:r@a.org'\n"
#define REST  REVERSE "zone a.org\n" MTA

static const struct {
	const char *script;
	struct mailauth_plan_request request;
	const char *text;
} diffs[] = {
	/* All is there. */
	{ REST APEX SPF KEY DMARC, { 0 },
	    "; a.org. signs with Ed25519 alone: many receivers cannot "
	    "verify that; sign with RSA as well\n"
	    "\n"
	    "; 8 present, 0 missing, 0 different, 0 unknown\n"
	    "pass" },
	/* Nothing is there. */
	{ REVERSE "zone a.org\n", { 0 },
	    "; a.org. signs with Ed25519 alone: many receivers cannot "
	    "verify that; sign with RSA as well\n"
	    "\n"
	    "; zone a.org\n"
	    "mta.a.org. 3600 IN A 192.0.2.4 ; nodes[0]\n"
	    "a.org. 3600 IN A 192.0.2.4 ; From domain; that of its web "
	    "site does as well\n"
	    "a.org. 3600 IN MX 10 mta.a.org. ; From domain; any other "
	    "MX does as well\n"
	    "a.org. 3600 IN TXT \"v=spf1 ip4:192.0.2.4 ~all\" ; SPF of "
	    "the From domain\n"
	    "mta.a.org. 3600 IN TXT \"v=spf1 ip4:192.0.2.4 ~all\" ; SPF "
	    "of the name that a node greets with\n"
	    "s._domainkey.a.org. 3600 IN TXT \"v=DKIM1; k=ed25519; "
	    "p=ePKANsYYRhAssVBvY+2g6MdM5pn31KCHOmUqf5/rx/g=\" ; keys[0] "
	    "(k)\n"
	    "_dmarc.a.org. 3600 IN TXT \"v=DMARC1; p=quarantine; "
	    "rua=mailto:report@a.org\" ; DMARC; the mailbox for reports "
	    "has to be there\n"
	    "\n"
	    "; 1 present, 7 missing, 0 different, 0 unknown\n"
	    "fail" },
	/* What does as well: another MX, a network, a stricter policy. */
	{ REST
	    "@ A 192.0.2.99\n@ MX 5 mx.b.net.\n@ TXT 'v=spf1 ip4:192.0.2.0/24 -all'\n"
	    "_dmarc TXT 'v=DMARC1; p=reject; rua=mailto:x@b.net'\n" KEY,
	    { 0 },
	    "; a.org. signs with Ed25519 alone: many receivers cannot "
	    "verify that; sign with RSA as well\n"
	    "\n"
	    "; 8 present, 0 missing, 0 different, 0 unknown\n"
	    "pass" },
	/* A policy that was asked for has to be it, and so has the address. */
	{ REST APEX SPF KEY DMARC, { .dmarc = "reject" },
	    "; a.org. signs with Ed25519 alone: many receivers cannot "
	    "verify that; sign with RSA as well\n"
	    "\n"
	    "; zone a.org\n"
	    "_dmarc.a.org. 3600 IN TXT \"v=DMARC1; p=reject; "
	    "rua=mailto:r@a.org\" ; DMARC; the mailbox for reports "
	    "has to be there\n"
	    ";   in place of: v=DMARC1; p=quarantine; rua=mailto:r@a.org\n"
	    ";   note: p=quarantine becomes p=reject; "
	    "all other tags stay\n"
	    "\n"
	    "; 7 present, 0 missing, 1 different, 0 unknown\n"
	    "fail" },
	/* The address for reports is another one. */
	{ REST APEX SPF KEY DMARC "zone b.net\n",
	    { .dmarc = "quarantine", .rua = "x@b.net" },
	    "; a.org. signs with Ed25519 alone: many receivers cannot "
	    "verify that; sign with RSA as well\n"
	    "\n"
	    "; zone a.org\n"
	    "_dmarc.a.org. 3600 IN TXT \"v=DMARC1; p=quarantine; "
	    "rua=mailto:r@a.org,mailto:x@b.net\" ; DMARC; the mailbox for reports has "
	    "to be there\n"
	    ";   in place of: v=DMARC1; p=quarantine; rua=mailto:r@a.org\n"
	    ";   note: rua=mailto:r@a.org becomes "
	    "rua=mailto:r@a.org,mailto:x@b.net; all other tags stay\n"
	    "\n"
	    "; zone b.net\n"
	    "a.org._report._dmarc.b.net. 3600 IN TXT \"v=DMARC1\" ; "
	    "consent to reports for another domain\n"
	    "\n"
	    "; 7 present, 1 missing, 1 different, 0 unknown\n"
	    "fail" },
	/* Consent to reports is there. */
	{ REST APEX SPF KEY
	    "_dmarc TXT 'v=DMARC1; p=none; rua=mailto:x@b.net'\nzone b.net\n"
	    "a.org._report._dmarc TXT 'v=DMARC1'\n",
	    { .dmarc = "none", .rua = "mailto:x@B.net" },
	    "; a.org. signs with Ed25519 alone: many receivers cannot "
	    "verify that; sign with RSA as well\n"
	    "\n"
	    "; 9 present, 0 missing, 0 different, 0 unknown\n"
	    "pass" },
	/* Other addresses, names and hosts. */
	{ "zone 2.0.192.in-addr.arpa\n4 PTR x.b.net.\n4 PTR y.b.net.\n"
	  "zone a.org\n@ A 192.0.2.4\n@ MX 0 .\n"
	  "mta A 192.0.2.5\nmta A 192.0.2.6\nmta TXT 'v=spf1 a:mta.a.org -all'\n" KEY
	        DMARC SPF,
	    { 0 },
	    "; a.org. signs with Ed25519 alone: many receivers cannot "
	    "verify that; sign with RSA as well\n"
	    "\n"
	    "; zone a.org\n"
	    "mta.a.org. 3600 IN A 192.0.2.4 ; nodes[0]\n"
	    ";   note: the name has other addresses, and they stay, as SPF "
	    "may let them send: 192.0.2.5, 192.0.2.6. Clients use any of "
	    "them: take out what no longer sends or serves\n"
	    "a.org. 3600 IN MX 10 mta.a.org. ; From domain; any other "
	    "MX does as well\n"
	    ";   in place of: .\n"
	    "mta.a.org. 3600 IN TXT \"v=spf1 a:mta.a.org ip4:192.0.2.4 "
	    "-all\" ; SPF of the name that a node greets with\n"
	    ";   in place of: v=spf1 a:mta.a.org -all\n"
	    "\n"
	    "; zone 2.0.192.in-addr.arpa: set by the provider of the "
	    "addresses, not in your own zone\n"
	    "4.2.0.192.in-addr.arpa. 3600 IN PTR mta.a.org. ; nodes[0]\n"
	    ";   in place of: x.b.net., y.b.net.\n"
	    "\n"
	    "; 4 present, 1 missing, 3 different, 0 unknown\n"
	    "fail" },
	/* A name that is replaced is no reason to pass. */
	{ "zone 2.0.192.in-addr.arpa\n4 PTR x.a.org.\nzone a.org\n" MTA APEX
	  "x A 192.0.2.4\n@ TXT 'v=spf1 ptr -all'\n" KEY DMARC,
	    { 0 },
	    "; a.org. signs with Ed25519 alone: many receivers cannot "
	    "verify that; sign with RSA as well\n"
	    "\n"
	    "; zone a.org\n"
	    "a.org. 3600 IN TXT \"v=spf1 ptr ip4:192.0.2.4 -all\" ; SPF of "
	    "the From domain\n"
	    ";   in place of: v=spf1 ptr -all\n"
	    "\n"
	    "; zone 2.0.192.in-addr.arpa: set by the provider of the "
	    "addresses, not in your own zone\n"
	    "4.2.0.192.in-addr.arpa. 3600 IN PTR mta.a.org. ; nodes[0]\n"
	    ";   in place of: x.a.org.\n"
	    "\n"
	    "; 6 present, 0 missing, 2 different, 0 unknown\n"
	    "fail" },
	{ REST APEX "@ TXT 'v=spf1 ptr -all'\n" KEY DMARC, { 0 },
	    "; a.org. signs with Ed25519 alone: many receivers cannot "
	    "verify that; sign with RSA as well\n"
	    "\n"
	    "; 8 present, 0 missing, 0 different, 0 unknown\n"
	    "pass" },
	/* Policies that protect nothing, or are none. */
	{ REST APEX SPF KEY
	    "_dmarc TXT 'v=DMARC1; p=none; rua=mailto:r@a.org'\n",
	    { 0 },
	    "; a.org. signs with Ed25519 alone: many receivers cannot "
	    "verify that; sign with RSA as well\n"
	    "\n"
	    "; zone a.org\n"
	    "_dmarc.a.org. 3600 IN TXT \"v=DMARC1; p=quarantine; "
	    "rua=mailto:r@a.org\" ; DMARC; the mailbox for reports "
	    "has to be there\n"
	    ";   in place of: v=DMARC1; p=none; rua=mailto:r@a.org\n"
	    ";   note: p=none becomes p=quarantine; "
	    "all other tags stay\n"
	    "\n"
	    "; 7 present, 0 missing, 1 different, 0 unknown\n"
	    "fail" },
	/* A policy without an address for reports. */
	{ REST APEX SPF KEY "_dmarc TXT 'v=DMARC1; p=reject'\n", { 0 },
	    "; a.org. signs with Ed25519 alone: many receivers cannot "
	    "verify that; sign with RSA as well\n"
	    "\n"
	    "; zone a.org\n"
	    "_dmarc.a.org. 3600 IN TXT \"v=DMARC1; p=reject; "
	    "rua=mailto:report@a.org\" ; DMARC; the mailbox for reports "
	    "has to be there\n"
	    ";   in place of: v=DMARC1; p=reject\n"
	    ";   note: rua= is new; "
	    "all other tags stay\n"
	    "\n"
	    "; 7 present, 0 missing, 1 different, 0 unknown\n"
	    "fail" },
	/* A policy that cannot be read, and a key that cannot. */
	{ REST APEX SPF "_dmarc TXT 'v=DMARC1; p=maybe'\n"
	                "s._domainkey TXT 'v=DKIM1; k=ed25519; p=AAAA'\n",
	    { 0 },
	    "; a.org. signs with Ed25519 alone: many receivers cannot "
	    "verify that; sign with RSA as well\n"
	    "\n"
	    "; zone a.org\n"
	    "s._domainkey.a.org. 3600 IN TXT \"v=DKIM1; k=ed25519; "
	    "p=ePKANsYYRhAssVBvY+2g6MdM5pn31KCHOmUqf5/rx/g=\" ; keys[0] "
	    "(k)\n"
	    ";   in place of: v=DKIM1; k=ed25519; p=AAAA\n"
	    "_dmarc.a.org. 3600 IN TXT \"v=DMARC1; p=quarantine; "
	    "rua=mailto:report@a.org\" ; DMARC; the mailbox for reports "
	    "has to be there\n"
	    ";   in place of: v=DMARC1; p=maybe\n"
	    ";   note: p=maybe becomes p=quarantine, rua= is new; "
	    "all other tags stay\n"
	    "\n"
	    "; 6 present, 0 missing, 2 different, 0 unknown\n"
	    "fail" },
	/* Two policies, and two keys. */
	{ REST APEX SPF DMARC "_dmarc TXT 'v=DMARC1; p=reject'\n" KEY
	                      "s._domainkey TXT 'v=DKIM1; p='\n",
	    { 0 },
	    "; a.org. signs with Ed25519 alone: many receivers cannot "
	    "verify that; sign with RSA as well\n"
	    "\n"
	    "; zone a.org\n"
	    "s._domainkey.a.org. 3600 IN TXT \"v=DKIM1; k=ed25519; "
	    "p=ePKANsYYRhAssVBvY+2g6MdM5pn31KCHOmUqf5/rx/g=\" ; keys[0] "
	    "(k)\n"
	    ";   in place of: v=DKIM1; k=ed25519; "
	    "p=ePKANsYYRhAssVBvY+2g6MdM5pn31KCHOmUqf5/rx/g=\n"
	    ";   and of: v=DKIM1; p=\n"
	    "_dmarc.a.org. 3600 IN TXT \"v=DMARC1; p=reject; "
	    "rua=mailto:r@a.org\" ; DMARC; the mailbox for reports "
	    "has to be there\n"
	    ";   in place of: v=DMARC1; p=quarantine; rua=mailto:r@a.org\n"
	    ";   and of: v=DMARC1; p=reject\n"
	    ";   note: DNS has several DMARC records, so receivers use none "
	    "of them: delete all of them, and publish this one\n"
	    "\n"
	    "; 6 present, 0 missing, 2 different, 0 unknown\n"
	    "fail" },
	/* Another key, and texts that are no policy. */
	{ REST APEX SPF "_dmarc TXT 'hello'\n"
	                "s._domainkey TXT 'v=DKIM1; k=ed25519; "
	                "p=C8CrWd0pYvwVcL5DP2BMqGrScDk2D1m6bG3V1ydqN1g='\n",
	    { 0 },
	    "; a.org. signs with Ed25519 alone: many receivers cannot "
	    "verify that; sign with RSA as well\n"
	    "\n"
	    "; zone a.org\n"
	    "; not to be published: s._domainkey.a.org. 3600 IN TXT \"v=DKIM1; k=ed25519; "
	    "p=ePKANsYYRhAssVBvY+2g6MdM5pn31KCHOmUqf5/rx/g=\" ; keys[0] "
	    "(k)\n"
	    ";   there is: v=DKIM1; k=ed25519; "
	    "p=C8CrWd0pYvwVcL5DP2BMqGrScDk2D1m6bG3V1ydqN1g=\n"
	    ";   refused: another key is there, and mail that it signs "
	    "would fail without it: sign with another selector, or replace "
	    "it when nothing is signed with it any more\n"
	    "_dmarc.a.org. 3600 IN TXT \"v=DMARC1; p=quarantine; "
	    "rua=mailto:report@a.org\" ; DMARC; the mailbox for reports "
	    "has to be there\n"
	    "\n"
	    "; 6 present, 1 missing, 0 different, 0 unknown, 1 refused\n"
	    "fail" },
	/* A text that is no key. */
	{ REST APEX SPF DMARC "s._domainkey TXT 'hello'\n", { 0 },
	    "; a.org. signs with Ed25519 alone: many receivers cannot "
	    "verify that; sign with RSA as well\n"
	    "\n"
	    "; zone a.org\n"
	    "s._domainkey.a.org. 3600 IN TXT \"v=DKIM1; k=ed25519; "
	    "p=ePKANsYYRhAssVBvY+2g6MdM5pn31KCHOmUqf5/rx/g=\" ; keys[0] "
	    "(k)\n"
	    "\n"
	    "; 7 present, 1 missing, 0 different, 0 unknown\n"
	    "fail" },
	/* SPF that does not let the address in gets it. */
	{ REST APEX KEY DMARC
	    "@ TXT 'v=spf1 ip4:192.0.2.99 -all exp=why.a.org'\n",
	    { 0 },
	    "; a.org. signs with Ed25519 alone: many receivers cannot "
	    "verify that; sign with RSA as well\n"
	    "\n"
	    "; zone a.org\n"
	    "a.org. 3600 IN TXT \"v=spf1 ip4:192.0.2.99 ip4:192.0.2.4 "
	    "-all exp=why.a.org\" ; SPF of the From domain\n"
	    ";   in place of: v=spf1 ip4:192.0.2.99 -all exp=why.a.org\n"
	    "\n"
	    "; 7 present, 0 missing, 1 different, 0 unknown\n"
	    "fail" },
	/* SPF that redirects. */
	{ REST APEX KEY DMARC
	    "@ TXT 'v=spf1 redirect=s.a.org'\ns TXT 'v=spf1 -all'\n",
	    { 0 },
	    "; a.org. signs with Ed25519 alone: many receivers cannot "
	    "verify that; sign with RSA as well\n"
	    "\n"
	    "; zone a.org\n"
	    "a.org. 3600 IN TXT \"v=spf1 ip4:192.0.2.4 "
	    "redirect=s.a.org\" ; SPF of the From domain\n"
	    ";   in place of: v=spf1 redirect=s.a.org\n"
	    "\n"
	    "; 7 present, 0 missing, 1 different, 0 unknown\n"
	    "fail" },
	/* SPF without an all. */
	{ REST APEX KEY DMARC "@ TXT 'v=spf1 ip4:192.0.2.99'\n", { 0 },
	    "; a.org. signs with Ed25519 alone: many receivers cannot "
	    "verify that; sign with RSA as well\n"
	    "\n"
	    "; zone a.org\n"
	    "a.org. 3600 IN TXT \"v=spf1 ip4:192.0.2.99 ip4:192.0.2.4 "
	    "~all\" ; SPF of the From domain\n"
	    ";   in place of: v=spf1 ip4:192.0.2.99\n"
	    "\n"
	    "; 7 present, 0 missing, 1 different, 0 unknown\n"
	    "fail" },
	/* SPF that cannot be read, and two records. */
	{ REVERSE
	    "zone a.org\n" APEX KEY DMARC "@ TXT 'v=spf1 nonsense -all'\n"
	    "mta A 192.0.2.4\nmta TXT 'v=spf1 -all'\nmta TXT 'v=spf1 ~all'\n",
	    { 0 },
	    "; a.org. signs with Ed25519 alone: many receivers cannot "
	    "verify that; sign with RSA as well\n"
	    "\n"
	    "; zone a.org\n"
	    "; not to be published: a.org. 3600 IN TXT \"v=spf1 nonsense "
	    "ip4:192.0.2.4 -all\" ; SPF of the From domain\n"
	    ";   there is: v=spf1 nonsense -all\n"
	    ";   refused: correct the record that is there first: SPF has "
	    "no mechanism of this name (permerror for all mail): \"nonsense\"\n"
	    "mta.a.org. 3600 IN TXT \"v=spf1 ip4:192.0.2.4 -all\" ; SPF "
	    "of the name that a node greets with\n"
	    ";   in place of: v=spf1 -all\n"
	    ";   and of: v=spf1 ~all\n"
	    ";   note: DNS has 2 SPF records, so receivers use none of them "
	    "(permerror): delete all of them, and publish this one\n"
	    "\n"
	    "; 6 present, 0 missing, 1 different, 0 unknown, 1 refused\n"
	    "fail" },
	/* The author excludes the address by the name of its host. */
	{ REVERSE "zone a.org\n" APEX KEY DMARC
	          "@ TXT 'v=spf1 -a:mta.a.org mx -all'\n"
	          "mta A 192.0.2.4\nmta TXT 'v=spf1 ~a:mta.a.org ?all'\n",
	    { 0 },
	    "; a.org. signs with Ed25519 alone: many receivers cannot "
	    "verify that; sign with RSA as well\n"
	    "\n"
	    "; zone a.org\n"
	    "; in DNS, and cannot stay as it is: a.org. 3600 IN TXT \"v=spf1 -a:mta.a.org "
	    "mx -all\" ; SPF of the From domain\n"
	    ";   refused: a term of the record excludes an address of the "
	    "plan: -a:mta.a.org\n"
	    "; in DNS, and cannot stay as it is: mta.a.org. 3600 IN TXT \"v=spf1 "
	    "~a:mta.a.org ?all\" ; SPF of the name that a node greets with\n"
	    ";   refused: a term of the record excludes an address of the "
	    "plan: ~a:mta.a.org\n"
	    "\n"
	    "; 6 present, 0 missing, 0 different, 0 unknown, 2 refused\n"
	    "fail" },
	/* More lookups than ten are refused; a policy keeps its tags; the name
	 * of a host is an alias; an include leads nowhere. */
	{ REVERSE
	    "zone a.org\nmta A 192.0.2.4\nmta TXT 'v=spf1 include:x.a.org "
	    "-all'\nx TXT none\n" APEX KEY
	    "_dmarc TXT 'v=DMARC1;p=none; sp=none;adkim=s; "
	    "rua=mailto:r@a.org,mailto:x@b.net;fo=1; x-y=z'\n"
	    "@ TXT 'v=spf1 a:b1.a.org a:b1.a.org a:b1.a.org a:b1.a.org "
	    "a:b1.a.org a:b1.a.org a:b1.a.org a:b1.a.org a:b1.a.org mx "
	    "include:t.a.org ?all'\nt TXT 'v=spf1 -all'\nb1 A 192.0.2.77\n",
	    { 0 },
	    "; a.org. signs with Ed25519 alone: many receivers cannot "
	    "verify that; sign with RSA as well\n"
	    "\n"
	    "; zone a.org\n"
	    "; not to be published: a.org. 3600 IN TXT \"v=spf1 a:b1.a.org "
	    "a:b1.a.org a:b1.a.org a:b1.a.org a:b1.a.org a:b1.a.org a:b1.a.org "
	    "a:b1.a.org a:b1.a.org mx include:t.a.org ip4:192.0.2.4 ?all\" ; "
	    "SPF of the From domain\n"
	    ";   there is: v=spf1 a:b1.a.org a:b1.a.org a:b1.a.org a:b1.a.org "
	    "a:b1.a.org a:b1.a.org a:b1.a.org a:b1.a.org a:b1.a.org mx "
	    "include:t.a.org ?all\n"
	    ";   refused: it needs more lookups than the ten that SPF allows (receivers "
	    "give permerror): "
	    "11, spent by a:b1.a.org 1, a:b1.a.org 1, a:b1.a.org 1, a:b1.a.org "
	    "1, a:b1.a.org 1, a:b1.a.org 1, a:b1.a.org 1, a:b1.a.org 1, "
	    "a:b1.a.org 1, mx 1, include:t.a.org 1. Take out what no longer "
	    "sends, or list the addresses of a and mx terms with ip4: and ip6:, "
	    "and plan again\n"
	    "mta.a.org. 3600 IN TXT \"v=spf1 ip4:192.0.2.4 include:x.a.org "
	    "-all\" ; SPF of the name that a node greets with\n"
	    ";   in place of: v=spf1 include:x.a.org -all\n"
	    "_dmarc.a.org. 3600 IN TXT \"v=DMARC1; p=quarantine; "
	    "sp=quarantine; adkim=s; rua=mailto:r@a.org,mailto:x@b.net; "
	    "fo=1; x-y=z\" ; DMARC; the mailbox for reports has to be "
	    "there\n"
	    ";   in place of: v=DMARC1;p=none; sp=none;adkim=s; "
	    "rua=mailto:r@a.org,mailto:x@b.net;fo=1; x-y=z\n"
	    ";   note: p=none becomes p=quarantine, sp=none becomes "
	    "sp=quarantine; all other tags stay\n"
	    "\n"
	    "; 5 present, 0 missing, 2 different, 0 unknown, 1 refused\n"
	    "fail" },
	/* A policy with a typo may have been meant to protect. */
	{ REST APEX SPF KEY "_dmarc TXT 'v=DMARC1; p=rejekt; sp=none'\n",
	    { .dmarc = "none" },
	    "; a.org. signs with Ed25519 alone: many receivers cannot "
	    "verify that; sign with RSA as well\n"
	    "\n"
	    "; zone a.org\n"
	    "; in DNS, and cannot stay as it is: _dmarc.a.org. 3600 IN TXT "
	    "\"v=DMARC1; p=rejekt; sp=none\" ; DMARC; the mailbox for "
	    "reports has to be there\n"
	    ";   refused: correct the record that is there first: there is no "
	    "policy p=rejekt\n"
	    "\n"
	    "; 7 present, 0 missing, 0 different, 0 unknown, 1 refused\n"
	    "fail" },
	/* SPF includes what cannot be told. */
	{ REST APEX KEY DMARC "@ TXT 'v=spf1 include:s.b.net ~all'\n", { 0 },
	    "; a.org. signs with Ed25519 alone: many receivers cannot "
	    "verify that; sign with RSA as well\n"
	    "\n"
	    "; zone a.org\n"
	    "; could not be told: a.org. 3600 IN TXT \"v=spf1 "
	    "include:s.b.net ~all\" ; SPF of the From domain\n"
	    ";   what it includes could not be told: the lookup of "
	    "s.b.net. failed\n"
	    "\n"
	    "; 7 present, 0 missing, 0 different, 1 unknown\n"
	    "temperror" },
	/* A name without an MX takes mail at its address, and keeps it there with
	 * an MX of its own, unless the address is that of the planned host. */
	{ REST "@ A 192.0.2.9\n" SPF KEY DMARC, { 0 },
	    "; a.org. signs with Ed25519 alone: many receivers cannot "
	    "verify that; sign with RSA as well\n"
	    "\n"
	    "; zone a.org\n"
	    "a.org. 3600 IN MX 10 a.org. ; From domain; any other MX "
	    "does as well\n"
	    ";   note: mail for a.org. goes to its address now, 192.0.2.9, "
	    "since it has no MX: this MX keeps it there. With mta.a.org. in "
	    "its place all mail would go to that host\n"
	    "\n"
	    "; 7 present, 1 missing, 0 different, 0 unknown\n"
	    "fail" },
	{ REST "@ A 192.0.2.4\n@ AAAA 2001:db8::9\nfail @ AAAA\n" SPF KEY DMARC,
	    { 0 },
	    "; a.org. signs with Ed25519 alone: many receivers cannot "
	    "verify that; sign with RSA as well\n"
	    "\n"
	    "; zone a.org\n"
	    "; could not be told: a.org. 3600 IN MX 10 mta.a.org. ; "
	    "From domain; any other MX does as well\n"
	    ";   the name servers answered with a failure: all servers "
	    "for this domain failed, got SERVFAIL\n"
	    "\n"
	    "; 7 present, 0 missing, 0 different, 1 unknown\n"
	    "temperror" },
	{ REST "@ A 192.0.2.4\n" SPF KEY DMARC, { 0 },
	    "; a.org. signs with Ed25519 alone: many receivers cannot "
	    "verify that; sign with RSA as well\n"
	    "\n"
	    "; zone a.org\n"
	    "a.org. 3600 IN MX 10 mta.a.org. ; From domain; any other MX "
	    "does as well\n"
	    "\n"
	    "; 7 present, 1 missing, 0 different, 0 unknown\n"
	    "fail" },
	/* A record of its own ends what a wildcard gives to a name: it is copied. */
	{ REVERSE "zone a.org\n* A 192.0.2.9\n* MX 10 x\n" APEX SPF KEY DMARC,
	    { 0 },
	    "; a.org. signs with Ed25519 alone: many receivers cannot "
	    "verify that; sign with RSA as well\n"
	    "\n"
	    "; zone a.org\n"
	    "mta.a.org. 3600 IN A 192.0.2.4 ; nodes[0]\n"
	    ";   note: a wildcard gives this name the address 192.0.2.9 "
	    "now: it loses that with a record of its own\n"
	    "mta.a.org. 3600 IN TXT \"v=spf1 ip4:192.0.2.4 ~all\" ; SPF "
	    "of the name that a node greets with\n"
	    "mta.a.org. 3600 IN MX 10 x.a.org. ; what a wildcard gives to "
	    "this name; the records of its own would end that\n"
	    "\n"
	    "; 6 present, 3 missing, 0 different, 0 unknown\n"
	    "fail" },
	{ REVERSE "zone a.org\n* TXT 'x=1'\n* TXT 'v=spf1 ip4:192.0.2.8 ?all'\n"
	          "* AAAA 2001:db8::7\n" APEX SPF KEY DMARC,
	    { 0 },
	    "; a.org. signs with Ed25519 alone: many receivers cannot "
	    "verify that; sign with RSA as well\n"
	    "\n"
	    "; zone a.org\n"
	    "mta.a.org. 3600 IN A 192.0.2.4 ; nodes[0]\n"
	    "mta.a.org. 3600 IN TXT \"v=spf1 ip4:192.0.2.8 ip4:192.0.2.4 "
	    "?all\" ; SPF of the name that a node greets with\n"
	    ";   in place of: v=spf1 ip4:192.0.2.8 ?all\n"
	    "mta.a.org. 3600 IN AAAA 2001:db8::7 ; what a wildcard gives to "
	    "this name; the records of its own would end that\n"
	    "mta.a.org. 3600 IN TXT \"x=1\" ; what a wildcard gives to this "
	    "name; the records of its own would end that\n"
	    "\n"
	    "; 6 present, 3 missing, 1 different, 0 unknown\n"
	    "fail" },
	{ REVERSE "zone a.org\n* A 192.0.2.9\n" APEX SPF KEY DMARC, { 0 },
	    "; a.org. signs with Ed25519 alone: many receivers cannot "
	    "verify that; sign with RSA as well\n"
	    "\n"
	    "; zone a.org\n"
	    "mta.a.org. 3600 IN A 192.0.2.4 ; nodes[0]\n"
	    ";   note: a wildcard gives this name the address 192.0.2.9 now, "
	    "also for mail, as it has no MX: it loses that with a record of "
	    "its own\n"
	    "mta.a.org. 3600 IN TXT \"v=spf1 ip4:192.0.2.4 ~all\" ; SPF of "
	    "the name that a node greets with\n"
	    "\n"
	    "; 6 present, 2 missing, 0 different, 0 unknown\n"
	    "fail" },
	/* What the wildcard gives is not known. */
	{ REVERSE "zone a.org\n* A 192.0.2.9\nfail mta MX\n" APEX SPF KEY DMARC,
	    { 0 },
	    "; a.org. signs with Ed25519 alone: many receivers cannot "
	    "verify that; sign with RSA as well\n"
	    "\n"
	    "; zone a.org\n"
	    "; could not be told: mta.a.org. 3600 IN A 192.0.2.4 ; nodes[0]\n"
	    ";   a wildcard may give this name more: mta.a.org. MX: the name "
	    "servers answered with a failure: all servers for this domain "
	    "failed, got SERVFAIL\n"
	    "; could not be told: mta.a.org. 3600 IN TXT \"v=spf1 "
	    "ip4:192.0.2.4 ~all\" ; SPF of the name that a node greets with\n"
	    ";   a wildcard may give this name more: mta.a.org. MX: the name "
	    "servers answered with a failure: all servers for this domain "
	    "failed, got SERVFAIL\n"
	    "\n"
	    "; 6 present, 0 missing, 0 different, 2 unknown\n"
	    "temperror" },
	/* A name with records of its own gets nothing of a wildcard. */
	{ REVERSE
	    "zone a.org\n* A 192.0.2.4\n* MX 10 x\nmta A 192.0.2.4\n" APEX SPF
	        KEY DMARC,
	    { 0 },
	    "; a.org. signs with Ed25519 alone: many receivers cannot "
	    "verify that; sign with RSA as well\n"
	    "\n"
	    "; zone a.org\n"
	    "mta.a.org. 3600 IN TXT \"v=spf1 ip4:192.0.2.4 ~all\" ; SPF "
	    "of the name that a node greets with\n"
	    "\n"
	    "; 7 present, 1 missing, 0 different, 0 unknown\n"
	    "fail" },
	/* The joined record is not to be weaker than what redirect= leads to. */
	{ REST APEX KEY DMARC "@ TXT 'v=spf1 redirect=r.a.org'\n"
	                      "@ TXT 'v=spf1 ip4:192.0.2.9 ?all'\n"
	                      "r TXT 'v=spf1 ip4:192.0.2.11 -all'\n",
	    { 0 },
	    "; a.org. signs with Ed25519 alone: many receivers cannot "
	    "verify that; sign with RSA as well\n"
	    "\n"
	    "; zone a.org\n"
	    "; not to be published: a.org. 3600 IN TXT \"v=spf1 "
	    "ip4:192.0.2.9 include:r.a.org ip4:192.0.2.4 ?all\" ; SPF of "
	    "the From domain\n"
	    ";   there is: v=spf1 ip4:192.0.2.9 ?all\n"
	    ";   there is: v=spf1 redirect=r.a.org\n"
	    ";   refused: one of the records that are there leaves other "
	    "senders to redirect=, which may refuse more than the joined "
	    "record: put an 'all' in place of redirect=, with an include: "
	    "in front\n"
	    "\n"
	    "; 7 present, 0 missing, 0 different, 0 unknown, 1 refused\n"
	    "fail" },
	/* It is as strict as can be, and includes once. */
	{ REST APEX KEY DMARC
	    "@ TXT 'v=spf1 include:r.a.org redirect=r.a.org'\n"
	    "@ TXT 'v=spf1 ip4:192.0.2.9 -all'\n"
	    "r TXT 'v=spf1 ip4:192.0.2.11 ?all'\n",
	    { 0 },
	    "; a.org. signs with Ed25519 alone: many receivers cannot "
	    "verify that; sign with RSA as well\n"
	    "\n"
	    "; zone a.org\n"
	    "a.org. 3600 IN TXT \"v=spf1 ip4:192.0.2.9 include:r.a.org "
	    "ip4:192.0.2.4 -all\" ; SPF of the From domain\n"
	    ";   in place of: v=spf1 include:r.a.org redirect=r.a.org\n"
	    ";   and of: v=spf1 ip4:192.0.2.9 -all\n"
	    ";   note: DNS has 2 SPF records, so receivers use none of them "
	    "(permerror): delete all of them, and publish this one\n"
	    "\n"
	    "; 7 present, 0 missing, 1 different, 0 unknown\n"
	    "fail" },
	/* Lookups that fail are not records that are missing. */
	{ "zone a.org\n" MTA APEX SPF KEY DMARC
	  "fail @ MX servfail\nfail _dmarc timeout\nbogus s._domainkey\nfail @ TXT\n",
	    { 0 },
	    "; a.org. signs with Ed25519 alone: many receivers cannot "
	    "verify that; sign with RSA as well\n"
	    "\n"
	    "; zone a.org\n"
	    "; could not be told: a.org. 3600 IN MX 10 mta.a.org. ; "
	    "From domain; any other MX does as well\n"
	    ";   the name servers answered with a failure: all servers "
	    "for this domain failed, got SERVFAIL\n"
	    "; could not be told: a.org. 3600 IN TXT \"v=spf1 "
	    "ip4:192.0.2.4 ~all\" ; SPF of the From domain\n"
	    ";   the name servers answered with a failure: all servers "
	    "for this domain failed, got SERVFAIL\n"
	    "; could not be told: s._domainkey.a.org. 3600 IN TXT "
	    "\"v=DKIM1; k=ed25519; "
	    "p=ePKANsYYRhAssVBvY+2g6MdM5pn31KCHOmUqf5/rx/g=\" ; keys[0] "
	    "(k)\n"
	    ";   the DNSSEC signatures do not verify: the answer was "
	    "not used, and nothing is known about the record: signature crypto failed\n"
	    "; could not be told: _dmarc.a.org. 3600 IN TXT \"v=DMARC1; "
	    "p=quarantine; rua=mailto:report@a.org\" ; DMARC; the "
	    "mailbox for reports has to be there\n"
	    ";   no answer came in time: upstream server timeout\n"
	    "\n"
	    "; zone 2.0.192.in-addr.arpa: set by the provider of the "
	    "addresses, not in your own zone\n"
	    "; could not be told: 4.2.0.192.in-addr.arpa. 3600 IN PTR "
	    "mta.a.org. ; nodes[0]\n"
	    ";   the name is outside the given zones, and the "
	    "network is not used\n"
	    "\n"
	    "; 3 present, 0 missing, 0 different, 5 unknown\n"
	    "temperror" },
};

START_TEST(against_dns)
{
	struct arena a = { NULL, false };
	struct writer w = arena_writer(&a);
	struct mailauth_plan_request request = diffs[_i].request;
	struct mailauth_settings *s = read_settings(&a, SETTINGS);
	struct mailauth_report *r;
	struct asked asked;

	request.settings = s;
	r = planned(&asked, &request, diffs[_i].script);
	put_text(&w, plan_text(&a, r, 0));
	put_text(&w, mailauth_result_name(mailauth_report_result(r)));
	expect_written(&w, diffs[_i].text);
	ask_close(&asked);
	mailauth_settings_free(s);
	arena_free(&a);
}
END_TEST

/* Many addresses held against DNS: parts are needed where the whole is. */
START_TEST(parts_against_dns)
{
	struct arena a = { NULL, false };
	struct mailauth_settings *s = with_nodes(&a, 1, 30);
	struct mailauth_plan_request request = { .settings = s };
	struct asked asked;
	const char *text;

	text = plan_text(&a,
	    planned(&asked, &request,
	        "zone a.org\n@ TXT 'v=spf1 ip6:2001:db8::/32 -all'\n"
	        "_spf2 TXT 'v=spf1 -all'\n"),
	    0);
	EXPECT(strstr(text, "_spf") == NULL, "%s", text);
	ask_close(&asked);
	text = plan_text(&a,
	    planned(&asked, &request,
	        "zone a.org\n@ TXT 'v=spf1 -all'\n"
	        "_spf2 TXT 'v=spf1 -all'\n"),
	    0);
	EXPECT(strstr(text, "\n_spf1.a.org. 3600 IN TXT") != NULL, "%s", text);
	EXPECT(strstr(text, ";   in place of: v=spf1 -all\n_spf1") == NULL &&
	        strstr(text, ";   in place of: v=spf1 -all\n") != NULL,
	    "%s", text);
	ask_close(&asked);
	mailauth_settings_free(s);
	arena_free(&a);
}
END_TEST

/* What is at the name of a part, what becomes of the part, and of the whole. */
static const struct {
	const char *script, *part, *whole;
} part_cases[] = {
	{ "_spf1 TXT 'v=spf1 ip4:192.0.2.9 -all'\n",
	    "\n_spf1.a.org. 3600 IN TXT \"v=spf1 ip4:192.0.2.9 ip6:",
	    "\na.org. 3600 IN TXT \"v=spf1 include:_spf1.a.org include:" },
	{ "_spf1 TXT 'v=spf1 ip4:192.0.2.9 -all'\n"
	  "_spf1 TXT 'v=spf1 ip4:192.0.2.8 ?all'\n",
	    "\n_spf1.a.org. 3600 IN TXT \"v=spf1 ip4:192.0.2.8 ip4:192.0.2.9 ",
	    "\na.org. 3600 IN TXT \"v=spf1 include:_spf1.a.org include:" },
	/* Not weaker, no terms that disagree, none in front that excludes. */
	{ "_spf1 TXT 'v=spf1 redirect=r.a.org'\nr TXT 'v=spf1 -all'\n"
	  "_spf1 TXT 'v=spf1 ip4:192.0.2.8 ?all'\n",
	    "; not to be published: _spf1.a.org. ",
	    "; not to be published: a.org. " },
	{ "_spf1 TXT 'v=spf1 -ip4:192.0.2.8 -all'\n"
	  "_spf1 TXT 'v=spf1 ip4:192.0.2.8 -all'\n",
	    "; not to be published: _spf1.a.org. ",
	    "; not to be published: a.org. " },
	{ "_spf1 TXT 'v=spf1 -a:old.a.org -all'\nold AAAA 2001:db8::1\n",
	    "; not to be published: _spf1.a.org. ",
	    "; not to be published: a.org. " },
	{ "_spf1 TXT 'v=spf1ip4:192.0.2.8 -all'\n",
	    "; not to be published: _spf1.a.org. ",
	    "; not to be published: a.org. " },
	/* What is there counts in the lookups of the whole. */
	{ "_spf1 TXT 'v=spf1 a:h1.a.org a:h2.a.org a:h3.a.org a:h4.a.org "
	  "a:h5.a.org a:h6.a.org a:h7.a.org a:h8.a.org a:h9.a.org -all'\n"
	  "h1 A 192.0.2.1\nh1 AAAA 2001:db8:1::\nh2 CNAME h1\nh3 CNAME h1\n"
	  "h4 CNAME h1\nh5 CNAME h1\nh6 CNAME h1\nh7 CNAME h1\n"
	  "h8 CNAME h1\nh9 CNAME h1\n",
	    "\n_spf1.a.org. 3600 IN TXT \"v=spf1 a:h1",
	    "; not to be published: a.org. " },
	{ "fail _spf1\n", "; could not be told: _spf1.a.org. ",
	    "; could not be told: a.org. " },
};

START_TEST(parts_beside_others)
{
	struct arena a = { NULL, false };
	struct mailauth_settings *s = with_nodes(&a, 1, 30);
	struct mailauth_plan_request request = { .settings = s };
	struct asked asked;
	char script[1024];
	const char *text;

	snprintf(script, sizeof(script), "zone a.org\n@ TXT 'v=spf1 -all'\n%s",
	    part_cases[_i].script);
	text = plan_text(&a, planned(&asked, &request, script), 0);
	EXPECT(strstr(text, part_cases[_i].part) != NULL, "%s", text);
	EXPECT(strstr(text, part_cases[_i].whole) != NULL, "%s", text);
	ask_close(&asked);
	mailauth_settings_free(s);
	arena_free(&a);
}
END_TEST

/* What is there is listed when all is to be shown. */
START_TEST(verbose)
{
	struct arena a = { NULL, false };
	struct mailauth_settings *s = read_settings(&a, SETTINGS);
	struct mailauth_plan_request request = { .settings = s };
	struct asked asked;
	struct mailauth_report *r =
	    planned(&asked, &request, REST APEX SPF KEY);

	expect_text(plan_text(&a, r, MAILAUTH_TEXT_VERBOSE),
	    "; a.org. signs with Ed25519 alone: many receivers cannot "
	    "verify that; sign with RSA as well\n"
	    "\n"
	    "; zone a.org\n"
	    "; is there: mta.a.org. 3600 IN A 192.0.2.4 ; nodes[0]\n"
	    "; is there: a.org. 3600 IN A 192.0.2.4 ; From domain; "
	    "that of its web site does as well\n"
	    "; is there: a.org. 3600 IN MX 10 mta.a.org. ; From "
	    "domain; any other MX does as well\n"
	    "; is there: a.org. 3600 IN TXT \"v=spf1 ip4:192.0.2.4 "
	    "~all\" ; SPF of the From domain\n"
	    "; is there: mta.a.org. 3600 IN TXT \"v=spf1 ip4:192.0.2.4 "
	    "~all\" ; SPF of the name that a node greets with\n"
	    "; is there: s._domainkey.a.org. 3600 IN TXT \"v=DKIM1; "
	    "k=ed25519; p=ePKANsYYRhAssVBvY+2g6MdM5pn31KCHOmUqf5/rx/g=\""
	    " ; keys[0] (k)\n"
	    "_dmarc.a.org. 3600 IN TXT \"v=DMARC1; p=quarantine; "
	    "rua=mailto:report@a.org\" ; DMARC; the mailbox for reports "
	    "has to be there\n"
	    "\n"
	    "; zone 2.0.192.in-addr.arpa: set by the provider of the "
	    "addresses, not in your own zone\n"
	    "; is there: 4.2.0.192.in-addr.arpa. 3600 IN PTR "
	    "mta.a.org. ; nodes[0]\n"
	    "\n"
	    "; 7 present, 1 missing, 0 different, 0 unknown\n");
	ask_close(&asked);
	mailauth_settings_free(s);
	arena_free(&a);
}
END_TEST

/* Each line says which settings its record comes from; of many senders the
 * first ones. */
static const struct {
	const char *settings;
	const char *rua;
	const char *says; /* how lines end, each with its begin */
} origins[] = {
	{ "{'WEBCONTROL_HOSTNAME': 'panel.a.org', 'WEBCONTROL_PUBLIC_IP': "
	  "'192.0.2.1', 'TRACKING_HOSTNAME': 'click.a.org', "
	  "'TRACKING_PUBLIC_IP': '192.0.2.2', 'COOKIESAVER_PUBLIC_HOSTNAME': "
	  "'pxl.a.org', 'COOKIESAVER_PUBLIC_IP': '192.0.2.3', "
	  "'tracking_domains': ['t.a.org'], 'website_tracking_domains': "
	  "['w.a.org']}",
	    NULL,
	    "panel.a.org. A|WEBCONTROL_HOSTNAME and WEBCONTROL_PUBLIC_IP\n"
	    "click.a.org. A|TRACKING_HOSTNAME and TRACKING_PUBLIC_IP\n"
	    "pxl.a.org. A|COOKIESAVER_PUBLIC_HOSTNAME and "
	    "COOKIESAVER_PUBLIC_IP\n"
	    "t.a.org. A|tracking_domains[0] (t.a.org.) and TRACKING_PUBLIC_IP\n"
	    "w.a.org. A|website_tracking_domains[0] (w.a.org.) and "
	    "COOKIESAVER_PUBLIC_IP\n" },
	{ "{'WEBCONTROL_HOSTNAME': 'panel.a.org', 'TRACKING_PREFIX': 'c.', "
	  "'TRACKING_PUBLIC_IP': '192.0.2.2', 'nodes': [{'name': 'mx1', 'ip': "
	  "'192.0.2.4', 'host': 'mta.a.org'}, {'ip': '192.0.2.5', 'host': "
	  "'mtb.a.org'}], 'keys': [{'name': 'k', 'public': '" ED
	  "'}], 'pools': [{'id': 1, 'spf_domain': 'p.a.org'}], 'senders': "
	  "[{'name': 'news', 'from': 'a.org', 'mail_from': 'b.a.org', "
	  "'pool_id': 1, 'dkim_key': 'k', 'dkim_selector': 's', "
	  "'nodes': ['mx1']}]}",
	    "r@b.net",
	    "c.panel.a.org. A|TRACKING_PREFIX and WEBCONTROL_HOSTNAME and "
	    "TRACKING_PUBLIC_IP\n"
	    "mta.a.org. A|its host and ip\n"
	    "a.org. A|senders[0] (news) and nodes[0] (mx1)\n"
	    "a.org. MX|senders[0] (news) and nodes[0] (mx1)\n"
	    "b.a.org. MX|senders[0] (news) and nodes[0] (mx1)\n"
	    "p.a.org. MX|senders[0] (news) and nodes[0] (mx1)\n"
	    "a.org. TXT|senders[0] (news), nodes[0] (mx1)\n"
	    "b.a.org. TXT|senders[0] (news), nodes[0] (mx1)\n"
	    "p.a.org. TXT|senders[0] (news), nodes[0] (mx1)\n"
	    "mta.a.org. TXT|nodes[0] (mx1)\n"
	    "mtb.a.org. TXT|nodes[1]\n"
	    "s._domainkey.a.org. TXT|its selector and senders[0] (news)\n"
	    "_dmarc.a.org. TXT|senders[0] (news)\n"
	    "4.2.0.192.in-addr.arpa. PTR|its ip and host\n"
	    "a.org._report._dmarc.b.net. TXT|the address for reports\n" },
	{ "{'nodes': [{'ip': '192.0.2.4'}, {'ip': '192.0.2.5'}], 'senders': "
	  "[{'from': 'a.org'}, {'from': 'a.org'}, {'from': 'a.org'}, {'from': "
	  "'a.org'}, {'from': 'a.org'}, {'from': 'a.org'}]}",
	    NULL,
	    "a.org. TXT|senders[0], nodes[0], nodes[1], senders[1], others\n" },
};

START_TEST(origin)
{
	struct arena a = { NULL, false };
	struct mailauth_settings *s = read_settings(&a, origins[_i].settings);
	struct mailauth_plan_request request = { .settings = s,
		.rua = origins[_i].rua };
	struct mailauth_str rest = str_of(origins[_i].says);
	struct asked asked;
	struct mailauth_report *r = planned(&asked, &request, NULL);
	const char *text = report_text(&a, r, 0);

	while (rest.n > 0) {
		struct mailauth_str line = str_cut(&rest, '\n'), owner, type;
		struct writer begin = arena_writer(&a), end = arena_writer(&a);
		const char *at;

		owner = str_cut(&line, ' ');
		type = str_cut(&line, '|');
		put_char(&begin, '\n');
		put_str(&begin, owner);
		put_text(&begin, " 3600 IN ");
		put_str(&begin, type);
		put_text(&begin, " ");
		put_char(&begin, '\0');
		put_text(&end, "; from ");
		put_str(&end, line);
		put_char(&end, '\n');
		put_char(&end, '\0');
		at = strstr(text, begin.buf);
		EXPECT(at != NULL, "no %s in %s", begin.buf, text);
		at = strstr(at, "; from ");
		EXPECT(at != NULL && strncmp(at, end.buf, strlen(end.buf)) == 0,
		    "%s: %s", begin.buf, at != NULL ? at : "");
	}
	ask_close(&asked);
	mailauth_settings_free(s);
	arena_free(&a);
}
END_TEST

/* JSON: all of a record, and what is there in place of it. */
START_TEST(as_json)
{
	struct arena a = { NULL, false };
	struct mailauth_settings *s = read_settings(&a,
	    "{'sendres': 1, 'nodes': [{'ip': '192.0.2.4', 'host': "
	    "'mta.a.org'}]}");
	struct mailauth_plan_request request = { .settings = s, .ttl = 60 };
	struct asked asked;
	struct mailauth_report *r = planned(&asked, &request, NULL);

	expect_text(report_json(&a, r),
	    "{\"schema\":\"unbound-mailauth/1\",\"verdict\":\"pass\",\"compared\""
	    ":false,\"zones\":[{\"name\":\"a.org\",\"reverse\":false,\"records\":"
	    "[{\"owner\":\"mta.a.org.\",\"ttl\":60,\"type\":\"A\",\"data\":\"192.0.2"
	    ".4\",\"text\":null,\"why\":\"nodes[0]\",\"from\":\"its host and ip\",\"state\":\"wanted\",\"now\":null,\"reason\":null},{\"owner\""
	    ":\"mta.a.org.\",\"ttl\":60,\"type\":\"TXT\",\"data\":\"\\\"v=spf1 "
	    "ip4:192.0.2.4 ~all\\\"\",\"text\":\"v=spf1 ip4:192.0.2.4 ~all\",\"why\":\"SPF of the name that a node "
	    "greets with\",\"from\":\"nodes[0]\",\"state\":\"wanted\",\"now\":null,\"reason\":null}]},{\"name\":\"2.0.1"
	    "92.in-addr.arpa\",\"reverse\":true,\"records\":[{\"owner\":\"4.2.0"
	    ".192.in-addr.arpa.\",\"ttl\":60,\"type\":\"PTR\",\"data\":\"mta.a.or"
	    "g.\",\"text\":null,\"why\":\"nodes[0]\",\"from\":\"its ip and host\",\"state\":\"wanted\",\"now\":null,\"reason\":null}]}],\"note"
	    "s\":[\"settings: sendres: there is no such setting; did you "
	    "mean senders?\",\"senders: there are none: SPF, DKIM and "
	    "DMARC records cannot be told\"],\"queries\":0,\"seconds\":0.0,"
	    "\"incomplete\":[]}");
	ask_close(&asked);
	r = planned(&asked, &request,
	    REVERSE "zone a.org\nmta A 192.0.2.9\nfail mta TXT timeout\n");
	ask_take(&asked, MAILAUTH_OK, "");
	expect_text(text_at(asked.json, "verdict"), "fail");
	expect_text(text_at(asked.json, "zones.0.records.0.state"), "missing");
	expect_text(text_at(asked.json, "zones.0.records.0.now"), "192.0.2.9");
	expect_text(text_at(asked.json, "zones.0.records.1.state"), "unknown");
	expect_text(text_at(asked.json, "zones.1.records.0.state"), "present");
	EXPECT(json_is_true(at(asked.json, "compared")), "compared");
	EXPECT(json_integer_value(at(asked.json, "queries")) > 2, "queries");
	ask_close(&asked);
	mailauth_settings_free(s);
	arena_free(&a);
}
END_TEST

/* Addresses of one host: those of the plan are not called others. */
START_TEST(addresses)
{
	struct arena a = { NULL, false };
	struct mailauth_settings *s = read_settings(&a,
	    "{'nodes': [{'ip': '192.0.2.4', 'host': 'mta.a.org'}, {'ip': "
	    "'192.0.2.5', 'host': 'mta.a.org'}]}");
	struct mailauth_plan_request request = { .settings = s };
	struct asked asked;

	planned(&asked, &request, REVERSE "zone a.org\n" MTA);
	ask_take(&asked, MAILAUTH_OK, "");
	expect_text(text_at(asked.json, "zones.0.records.0.state"), "present");
	expect_text(text_at(asked.json, "zones.0.records.1.state"), "missing");
	EXPECT(json_is_null(at(asked.json, "zones.0.records.1.now")) &&
	        json_is_null(at(asked.json, "zones.0.records.1.reason")),
	    "another address");
	ask_close(&asked);
	planned(&asked, &request,
	    REVERSE "zone a.org\n" MTA "mta A 192.0.2.9\n");
	ask_take(&asked, MAILAUTH_OK, "");
	expect_text(text_at(asked.json, "zones.0.records.0.state"), "present");
	expect_text(text_at(asked.json, "zones.0.records.1.state"), "missing");
	expect_text(text_at(asked.json, "zones.0.records.1.now"), "192.0.2.9");
	ask_close(&asked);
	mailauth_settings_free(s);
	arena_free(&a);
}
END_TEST

/* A zone of a plan as a file. */
START_TEST(zone_file)
{
	struct arena a = { NULL, false };
	struct mailauth_settings *s = read_settings(&a,
	    "{'nodes': [{'ip': '192.0.2.4', 'host': 'mta.a.org'}]}");
	struct mailauth_plan_request request = { .settings = s, .ttl = 60 };
	struct mailauth_plan_zone z;
	struct asked asked;
	struct mailauth_report *r = planned(&asked, &request, NULL);

	ck_assert(mailauth_report_plan_zone(r, 0, &z));
	expect_text(z.name, "a.org");
	ck_assert(mailauth_report_plan_zone(r, 1, &z));
	expect_text(z.name, "2.0.192.in-addr.arpa");
	expect_text(z.text,
	    "; a draft, to be checked: your own zone has its SOA and NS "
	    "records\n"
	    "$ORIGIN 2.0.192.in-addr.arpa.\n"
	    "@ 60 IN SOA ns.invalid. hostmaster.invalid. 1 3600 900 1209600 "
	    "300\n"
	    "@ 60 IN NS ns.invalid.\n"
	    "4.2.0.192.in-addr.arpa. 60 IN PTR mta.a.org. ; nodes[0]; from its "
	    "ip and host\n");
	ck_assert(!mailauth_report_plan_zone(r, 2, &z));
	ask_close(&asked);
	mailauth_settings_free(s);
	arena_free(&a);
}
END_TEST

/* Wishes that cannot be. */
static const struct {
	struct mailauth_plan_request request;
	const char *why; /* NULL: it can be */
} wishes[] = {
	{ { .dmarc = "none" }, NULL },
	{ { .dmarc = "strict" },
	    "'strict': a policy is quarantine or reject, or none" },
	{ { .dmarc = "" }, "'': a policy is quarantine or reject, or none" },
	{ { .rua = "mailto:a@b.org" }, NULL },
	{ { .rua = "MAILTO:a.b-c_d+e@b.org" }, NULL },
	{ { .rua = "nobody" }, "'nobody': it is not a mail address" },
	{ { .rua = "@b.org" }, "'@b.org': it is not a mail address" },
	{ { .rua = "a@" }, "'a@': it is not a mail address" },
	{ { .rua = "a@b@c.org" }, "'a@b@c.org': it is not a mail address" },
	{ { .rua = "a@org" }, "'a@org': it is not a mail address" },
	{ { .rua = "a@_b.org" }, "'a@_b.org': it is not a mail address" },
	{ { .rua = "a@b..org" }, "'a@b..org': it is not a mail address" },
	{ { .rua = "a b@c.org" }, "'a b@c.org': it is not a mail address" },
	{ { .rua = "a@b.org,c@b.org" },
	    "'a@b.org,c@b.org': it is not a mail address" },
	{ { .rua = "a!10m@b.org" }, "'a!10m@b.org': it is not a mail address" },
	{ { .ttl = 1 }, NULL },
	{ { .ttl = INT32_MAX }, NULL },
	{ { .ttl = (uint32_t)INT32_MAX + 1 }, "'ttl': it is too large" },
};

START_TEST(wish)
{
	struct arena a = { NULL, false };
	struct mailauth_plan_request request = wishes[_i].request;
	struct mailauth_settings *s = read_settings(&a, "{}");
	struct mailauth_report *r = (void *)&a;
	char why[MAILAUTH_WHY_MAX];
	enum mailauth_status status;

	request.settings = s;
	status = mailauth_plan(NULL, &request, &r, why);
	if (wishes[_i].why == NULL) {
		EXPECT(status == MAILAUTH_OK, "%s", why);
	} else {
		EXPECT(status == MAILAUTH_EUSE && r == NULL, "%d", status);
		expect_text(why, wishes[_i].why);
	}
	mailauth_report_free(r);
	mailauth_settings_free(s);
	arena_free(&a);
}
END_TEST

/* The source gives no answer, for any name or for some. */
static const struct {
	const char *fault, *code;
	bool nothing; /* nothing is said of the zones */
} sourceless[] = {
	{ "fail * unreachable\n", "source-unreachable", true },
	{ "forwards\nall secure\nfail * no-proof\n", "source-strips-dnssec",
	    true },
	{ "fail _dmarc.a.org. unreachable\n", "source-unreachable", false },
};

START_TEST(without_source)
{
	struct arena arena = { NULL, false };
	struct mailauth_settings *s = read_settings(&arena,
	    "{'nodes': [{'ip': '192.0.2.4', 'host': 'mta.a.org'}], "
	    "'senders': [{'from': 'a.org'}]}");
	struct mailauth_plan_request request = { .settings = s };
	struct mailauth_plan_zone zone;
	char script[512];
	struct asked a;
	char *text;

	snprintf(script, sizeof(script),
	    "zone a.org\nmta A 192.0.2.4\n@ A 192.0.2.4\n@ MX 10 mta\n"
	    "@ TXT 'v=spf1 ip4:192.0.2.4 ~all'\n"
	    "mta TXT 'v=spf1 ip4:192.0.2.4 ~all'\n"
	    "zone 2.0.192.in-addr.arpa\n4 PTR mta.a.org.\nonline\n%s",
	    sourceless[_i].fault);
	planned(&a, &request, script);
	ask_take(&a, MAILAUTH_OK, "");
	ck_assert_int_eq(mailauth_report_result(a.report),
	    MAILAUTH_RESULT_TEMPERROR);
	ck_assert_str_eq(text_at(a.json, "findings.0.code"),
	    sourceless[_i].code);
	ck_assert_uint_eq(json_array_size(json_object_get(a.json, "findings")),
	    1);
	ck_assert_int_eq(!mailauth_report_plan_zone(a.report, 0, &zone),
	    sourceless[_i].nothing);
	text = mailauth_report_text(a.report, 0);
	ck_assert_ptr_nonnull(strstr(text, sourceless[_i].code));
	ck_assert_int_eq(strstr(text, "a.org") == NULL &&
	        strstr(text, "unknown") == NULL,
	    sourceless[_i].nothing);
	free(text);
	ask_close(&a);
	mailauth_settings_free(s);
	arena_free(&arena);
}
END_TEST

Suite *
suite_plan(void)
{
	Suite *s = suite_create("plan");
	TCase *tc = tcase_create("plan");

	tcase_set_timeout(tc, 60);
	tcase_add_loop_test(tc, alone, 0, COUNT(plans));
	tcase_add_loop_test(tc, spf_parts, 0, COUNT(parts));
	tcase_add_loop_test(tc, against_dns, 0, COUNT(diffs));
	tcase_add_test(tc, parts_against_dns);
	tcase_add_loop_test(tc, parts_beside_others, 0, COUNT(part_cases));
	tcase_add_loop_test(tc, without_source, 0, COUNT(sourceless));
	tcase_add_test(tc, verbose);
	tcase_add_loop_test(tc, origin, 0, COUNT(origins));
	tcase_add_test(tc, as_json);
	tcase_add_test(tc, addresses);
	tcase_add_test(tc, zone_file);
	tcase_add_loop_test(tc, wish, 0, COUNT(wishes));
	suite_add_tcase(s, tc);
	return s;
}
