/*
 * test_settings.c - settings of a mail platform: files, references, keys and
 * the ways mail goes out
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * Settings are written with '\'' in place of '"'.
 */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "ask.h"
#include "base/str.h"
#include "settings/settings.h"
#include "text.h"

#define COUNT(table) ((int)(sizeof(table) / sizeof((table)[0])))
#define FILES_MAX    3

/* An Ed25519 key, and the same as SubjectPublicKeyInfo in hexadecimal. */
#define ED      "MCowBQYDK2VwAyEAePKANsYYRhAssVBvY+2g6MdM5pn31KCHOmUqf5/rx/g="
#define ED_SPKI "302a300506032b6570032100" ED_HEX
#define ED_HEX \
	"78f28036c61846102cb1506f63eda0e8c74ce699f7d4a0873a652a7f9febc7f8"
/* An RSA key of 512 bits: SubjectPublicKeyInfo, RSAPublicKey. */
#define RSA \
	"MFwwDQYJKoZIhvcNAQEBBQADSwAwSAJBAMPT5yBGoML4fftwfDRezHdZkusQcfQRl3cu" \
	"+Di1faYSA1e6FGBLMSlFgD629wSUSrT4ddwCql0xelNU1uzLJ5ECAwEAAQ=="
#define RSA_PKCS1 \
	"MEgCQQDD0+cgRqDC+H37cHw0Xsx3WZLrEHH0EZd3Lvg4tX2mEgNXuhRgSzEpRYA+" \
	"tvcElEq0+HXcAqpdMXpTVNbsyyeRAgMBAAE="
#define RSA_SPKI \
	"305c300d06092a864886f70d0101010500034b003048024100c3d3e72046a0c2f87dfb" \
	"707c345ecc775992eb1071f41197772ef838b57da6120357ba14604b312945803eb6f7" \
	"04944ab4f875dc02aa5d317a5354d6eccb27910203010001"

/* What settings hold, in words. */

static void
put_member(struct writer *w, const char *name, struct mailauth_str value)
{
	if (value.n == 0)
		return;
	put_char(w, ' ');
	put_text(w, name);
	put_char(w, '=');
	put_untrusted(w, value);
}

static void
put_entry(struct writer *w, const struct entry *e)
{
	put_str(w, e->path);
	put_char(w, ':');
	for (unsigned i = 0; i < FIELDS; i++)
		put_member(w, field_name((enum field_id)i), e->value[i]);
	for (size_t i = 0; i < e->nnodes; i++)
		put_member(w, "node", e->nodes[i]);
	if (e->addr.family != 0) {
		put_text(w, " at ");
		put_addr(w, &e->addr);
	}
	if (e->spki.n > 0) {
		put_text(w, " key of ");
		put_number(w, e->spki.n);
	}
	put_char(w, '\n');
}

static void
put_signing(struct writer *w, const char *name, const struct signing *s)
{
	if (s->domain.n == 0 && s->key.n == 0 && s->selector.n == 0)
		return;
	put_text(w, name);
	put_member(w, "key", s->key);
	put_member(w, "selector", s->selector);
	put_member(w, "d", s->domain);
	put_text(w, s->entry != NULL ? " known" : "");
}

static void
put_route(struct writer *w, const struct route *r)
{
	static const char *const types[] = { "from_email", "ptr", "custom",
		"aligned", "unknown" };

	put_text(w, "-> ");
	put_str(w, r->path);
	put_char(w, ':');
	put_member(w, "From", r->from);
	put_text(w, r->alternative ? " alternative" : "");
	put_text(w, r->plain ? " plain" : "");
	put_char(w, ' ');
	put_text(w, types[r->type]);
	put_member(w, "type", r->type_text);
	put_member(w, "MAIL-FROM", r->mail_from);
	put_member(w, "SPF", r->spf_domain);
	put_signing(w, " DKIM", &r->dkim);
	put_signing(w, " second", &r->secondary);
	put_text(w, r->secondary_of_pool ? " of the pool" : "");
	put_member(w, "tracking", r->tracking);
	put_text(w, " by");
	for (size_t i = 0; i < r->nnodes; i++) {
		put_char(w, ' ');
		put_str(w, r->nodes[i]->value[FIELD_IP]);
	}
	put_char(w, '\n');
	for (const struct override *o = r->overrides; o != NULL; o = o->next) {
		put_text(w, "   ");
		put_text(w, o->what);
		put_member(w, "is", o->value);
		put_text(w, " of ");
		put_str(w, o->path);
		put_member(w, "not", o->lost);
		put_text(w, " of ");
		put_str(w, o->lost_path);
		put_char(w, '\n');
	}
}

static void
put_settings(struct writer *w, const struct mailauth_settings *s)
{
	const char *text;

	for (unsigned i = 0; i < MAIN_KEYS; i++) {
		if (s->main[i].n == 0)
			continue;
		put_text(w, main_name((enum main_key)i));
		put_text(w, " is");
		if (s->main_addr[i].family != 0)
			put_text(w,
			    s->main_addr[i].family == 4 ? " IPv4" : " IPv6");
		put_char(w, ' ');
		put_untrusted(w, s->main[i]);
		put_char(w, '\n');
	}
	for (unsigned i = 0; i < LISTS; i++)
		for (const struct entry *e = s->list[i]; e != NULL; e = e->next)
			put_entry(w, e);
	for (const struct route *r = s->routes; r != NULL; r = r->next)
		put_route(w, r);
	for (size_t i = 0; (text = mailauth_settings_domain(s, i)) != NULL;
	     i++) {
		put_text(w, "domain ");
		put_text(w, text);
		put_char(w, '\n');
	}
	for (size_t i = 0; (text = mailauth_settings_warning(s, i)) != NULL;
	     i++) {
		put_text(w, "warning ");
		put_text(w, text);
		put_char(w, '\n');
	}
}

/* Read files and close; the outcome in words. */
static void
put_outcome(struct writer *w, struct arena *a, const char *const *files)
{
	static const char *const names[FILES_MAX] = { "a.json", "b.json",
		"c.json" };
	struct mailauth_settings *s = settings_new();
	enum mailauth_status status = MAILAUTH_OK;
	char why[MAILAUTH_WHY_MAX] = "";

	for (size_t i = 0;
	     status == MAILAUTH_OK && i < FILES_MAX && files[i] != NULL; i++) {
		const char *text = quoted(a, files[i]);

		status =
		    settings_add(s, names[i], NULL, text, strlen(text), why);
	}
	if (status == MAILAUTH_OK)
		status = settings_close(s, why);
	if (status == MAILAUTH_OK) {
		put_settings(w, s);
	} else {
		EXPECT(status == MAILAUTH_EINPUT, "%d", status);
		put_text(w, why);
	}
	mailauth_settings_free(s);
}

#define NODE "'nodes': [{'ip': '192.0.2.4', 'host': 'mta.example.com'}]"

/* What is read, and the ways mail goes out by it. */

static const struct {
	const char *files[FILES_MAX];
	const char *dump;
} reads[] = {
	/* Nothing. */
	{ { "{}" }, "" },
	/* Every key of main.json. */
	{ { "{'WEBCONTROL_HOSTNAME': 'Panel.A.org', "
	    "'WEBCONTROL_PUBLIC_IP': '192.0.2.1', 'TRACKING_HOSTNAME': "
	    "'click.a.org.', 'TRACKING_PREFIX': 'Click.', "
	    "'TRACKING_PUBLIC_IP': '2001:DB8:0::2', "
	    "'COOKIESAVER_PUBLIC_HOSTNAME': 'pxl.a.org', "
	    "'COOKIESAVER_PUBLIC_IP': '::ffff:192.0.2.3'}" },
	    "WEBCONTROL_HOSTNAME is panel.a.org.\n"
	    "WEBCONTROL_PUBLIC_IP is IPv4 192.0.2.1\n"
	    "TRACKING_HOSTNAME is click.a.org.\n"
	    "TRACKING_PREFIX is Click.\n"
	    "TRACKING_PUBLIC_IP is IPv6 2001:db8::2\n"
	    "COOKIESAVER_PUBLIC_HOSTNAME is pxl.a.org.\n"
	    "COOKIESAVER_PUBLIC_IP is IPv4 192.0.2.3\n" },
	/* Values that are not set, and one of an earlier file. */
	{ { "{'WEBCONTROL_HOSTNAME': 'a.org', 'WEBCONTROL_PUBLIC_IP': "
	    "'192.0.2.1', 'TRACKING_HOSTNAME': null, "
	    "'COOKIESAVER_PUBLIC_IP': ' '}",
	      "{'WEBCONTROL_HOSTNAME': 'A.org.', 'WEBCONTROL_PUBLIC_IP': "
	      "'192.0.2.2'}",
	      "{'WEBCONTROL_HOSTNAME': ''}" },
	    "WEBCONTROL_HOSTNAME is a.org.\n"
	    "WEBCONTROL_PUBLIC_IP is IPv4 192.0.2.2\n"
	    "warning b.json: WEBCONTROL_PUBLIC_IP: it replaces the value "
	    "of an earlier file\n" },
	/* Every member of every list. */
	{ { "{'domains': ['B.org', {'name': 'a.org', 'mail_from_type': "
	    "'custom', 'sender_domain': 'x@m.a.org', "
	    "'mail_from_subdomain': 'B.', 'mail_from': '<r@b.a.org>', "
	    "'pool_id': 7, 'dkim_key': 'k', 'dkim_selector': 's', "
	    "'secondary_dkim_key': 'k', 'secondary_dkim_selector': 't', "
	    "'secondary_dkim_domain': 'c.a.org', 'tracking_domain': "
	    "'T.a.org'}], 'nodes': [{'name': 'n1', 'ip': '192.0.2.4', "
	    "'host': 'MTA.a.org.'}, {'ip': '2001:db8::4'}], 'keys': "
	    "[{'name': 'k', 'type': 'DKIM', 'public': '" ED
	    "'}, {'name': 'l', 'type': 'ssl', 'public': 'x'}], 'pools': "
	    "[{'name': 'p', 'id': ' 7 ', 'sender_domain': 'p.org', "
	    "'spf_domain': 'q.org', 'sender_subdomain': 'sub', 'dkim_key': "
	    "'k', 'dkim_selector': 'u', 'nodes': ['n1', '', null]}], "
	    "'tracking_domains': ['t.org', {'name': 'com'}], "
	    "'website_tracking_domains': ['w.org']}" },
	    "domains[0] (b.org.): name=b.org.\n"
	    "domains[1] (a.org.): name=a.org. mail_from_type=custom "
	    "sender_domain=m.a.org. mail_from_subdomain=b "
	    "mail_from=b.a.org. pool_id=7 dkim_key=k dkim_selector=s "
	    "secondary_dkim_key=k secondary_dkim_selector=t "
	    "secondary_dkim_domain=c.a.org. tracking_domain=t.a.org.\n"
	    "nodes[0] (n1): name=n1 ip=192.0.2.4 host=mta.a.org. at "
	    "192.0.2.4\n"
	    "nodes[1]: ip=2001:db8::4 at 2001:db8::4\n"
	    "keys[0] (k): name=k type=DKIM "
	    "public=MCowBQYDK2VwAyEAePKANsYYRhAssVBvY+2g6MdM5pn31KCHOmUqf5/"
	    "rx/g= key of 44\n"
	    "keys[1] (l): name=l type=ssl public=x\n"
	    "pools[0] (p): name=p id=7 sender_domain=p.org. "
	    "spf_domain=q.org. sender_subdomain=sub dkim_key=k "
	    "dkim_selector=u node=n1\n"
	    "tracking_domains[0] (t.org.): name=t.org.\n"
	    "tracking_domains[1] (com.): name=com.\n"
	    "website_tracking_domains[0] (w.org.): name=w.org.\n"
	    "-> domains[0] (b.org.): From=b.org. plain from_email "
	    "MAIL-FROM=b.org. DKIM d=b.org. second d=b.org. by 192.0.2.4 "
	    "2001:db8::4\n"
	    "-> domains[1] (a.org.): From=a.org. plain custom type=custom "
	    "MAIL-FROM=b.a.org. SPF=q.org. DKIM key=k selector=s d=a.org. "
	    "known second key=k selector=t d=c.a.org. known "
	    "tracking=t.a.org. by 192.0.2.4\n"
	    "   mail_from is=b.a.org. of domains[1] (a.org.) not=m.a.org. "
	    "of custom\n"
	    "   spf_domain is=b.a.org. of domains[1] (a.org.) not=q.org. "
	    "of pools[0] (p)\n"
	    "domain b.org\n"
	    "domain a.org\n" },
	/* Names in UTF-8 and with odd characters. */
	{ { "{'senders': [{'name': 'a\\u0007b', 'from': "
	    "'<x@b\xc3\xbc"
	    "cher.example>', 'mail_from': 'a@b@C.example.'}, "
	    "{'from': '_a-1.example'}]}" },
	    "senders[0] (a\\007b): name=a\\007b "
	    "from=xn--bcher-kva.example. mail_from=c.example.\n"
	    "senders[1]: from=_a-1.example.\n"
	    "-> senders[0] (a\\007b): From=xn--bcher-kva.example. "
	    "from_email MAIL-FROM=c.example. DKIM d=xn--bcher-kva.example. "
	    "second d=xn--bcher-kva.example. by\n"
	    "   mail_from is=c.example. of senders[0] (a\\007b) "
	    "not=xn--bcher-kva.example. of from_email\n"
	    "-> senders[1]: From=_a-1.example. from_email "
	    "MAIL-FROM=_a-1.example. DKIM d=_a-1.example. second "
	    "d=_a-1.example. by\n"
	    "domain xn--bcher-kva.example\n"
	    "domain _a-1.example\n" },
	/* From below domains of the panel: the nearest one counts. */
	{ { "{'domains': [{'name': 'a.org', 'dkim_key': 'k', "
	    "'dkim_selector': 'd'}, {'name': 'b.a.org', 'dkim_selector': "
	    "'e'}, 'c.b.a.org', 'x.org'], 'keys': [{'name': 'k'}], "
	    "'senders': [{'from': '<news@n.b.a.org>', 'dkim_key': 'k'}, "
	    "{'from': 'a.org', 'dkim_key': 'k', 'dkim_selector': 'd'}, "
	    "{'from': 'n.a.org'}, {'from': 'aa.org'}]}" },
	    "domains[0] (a.org.): name=a.org. dkim_key=k dkim_selector=d\n"
	    "domains[1] (b.a.org.): name=b.a.org. dkim_selector=e\n"
	    "domains[2] (c.b.a.org.): name=c.b.a.org.\n"
	    "domains[3] (x.org.): name=x.org.\n"
	    "keys[0] (k): name=k\n"
	    "senders[0]: from=n.b.a.org. dkim_key=k\n"
	    "senders[1]: from=a.org. dkim_key=k dkim_selector=d\n"
	    "senders[2]: from=n.a.org.\n"
	    "senders[3]: from=aa.org.\n"
	    "-> senders[0]: From=n.b.a.org. from_email "
	    "MAIL-FROM=n.b.a.org. DKIM key=k selector=e d=b.a.org. known "
	    "second d=n.b.a.org. by\n"
	    "-> senders[1]: From=a.org. from_email MAIL-FROM=a.org. DKIM "
	    "key=k selector=d d=a.org. known second d=a.org. by\n"
	    "-> senders[2]: From=n.a.org. from_email MAIL-FROM=n.a.org. "
	    "DKIM key=k selector=d d=a.org. known second d=n.a.org. by\n"
	    "-> senders[3]: From=aa.org. from_email MAIL-FROM=aa.org. DKIM "
	    "d=aa.org. second d=aa.org. by\n"
	    "domain n.b.a.org\n"
	    "domain a.org\n"
	    "domain n.a.org\n"
	    "domain aa.org\n" },
	/* Domains alone send by themselves, each with its own. */
	{ { "{'domains': ['a.org', {'name': 'b.org', 'mail_from': 'm.org', "
	    "'tracking_domain': 'b.click.org'}], 'nodes': [{'ip': "
	    "'192.0.2.4'}, {'ip': '192.0.2.5'}]}" },
	    "domains[0] (a.org.): name=a.org.\n"
	    "domains[1] (b.org.): name=b.org. mail_from=m.org. "
	    "tracking_domain=b.click.org.\n"
	    "nodes[0]: ip=192.0.2.4 at 192.0.2.4\n"
	    "nodes[1]: ip=192.0.2.5 at 192.0.2.5\n"
	    "-> domains[0] (a.org.): From=a.org. plain from_email "
	    "MAIL-FROM=a.org. DKIM d=a.org. second d=a.org. by 192.0.2.4 "
	    "192.0.2.5\n"
	    "-> domains[1] (b.org.): From=b.org. plain from_email "
	    "MAIL-FROM=m.org. DKIM d=b.org. second d=b.org. "
	    "tracking=b.click.org. by 192.0.2.4 192.0.2.5\n"
	    "   mail_from is=m.org. of domains[1] (b.org.) not=b.org. of "
	    "from_email\n"
	    "domain a.org\n"
	    "domain b.org\n" },
	/* The first that has a value holds: domain, sender, virtual, template. */
	{ { "{'domains': [{'name': 'a.org', 'dkim_selector': 'one'}], "
	    "'senders': [{'name': 's', 'from': 'a.org', 'dkim_selector': "
	    "'two', 'mail_from': 'b.a.org'}], 'virtual_senders': [{'name': "
	    "'v', 'sender': 's', 'dkim_selector': 'three', 'mail_from': "
	    "'B.a.org.'}], 'templates': [{'name': 't', 'sender': 'v', "
	    "'dkim_selector': 'one', 'mail_from': 'c.a.org', "
	    "'tracking_domain': 't.org'}]}" },
	    "domains[0] (a.org.): name=a.org. dkim_selector=one\n"
	    "senders[0] (s): name=s from=a.org. mail_from=b.a.org. "
	    "dkim_selector=two\n"
	    "virtual_senders[0] (v): name=v mail_from=b.a.org. "
	    "dkim_selector=three sender=s\n"
	    "templates[0] (t): name=t mail_from=c.a.org. dkim_selector=one "
	    "sender=v tracking_domain=t.org.\n"
	    "-> senders[0] (s): From=a.org. from_email MAIL-FROM=b.a.org. "
	    "DKIM selector=one d=a.org. second d=a.org. by\n"
	    "   mail_from is=b.a.org. of senders[0] (s) not=a.org. of "
	    "from_email\n"
	    "   dkim_selector is=one of domains[0] (a.org.) not=two of "
	    "senders[0] (s)\n"
	    "-> virtual_senders[0] (v): From=a.org. from_email "
	    "MAIL-FROM=b.a.org. DKIM selector=one d=a.org. second d=a.org. "
	    "by\n"
	    "   mail_from is=b.a.org. of senders[0] (s) not=a.org. of "
	    "from_email\n"
	    "   dkim_selector is=one of domains[0] (a.org.) not=two of "
	    "senders[0] (s)\n"
	    "   dkim_selector is=one of domains[0] (a.org.) not=three of "
	    "virtual_senders[0] (v)\n"
	    "-> templates[0] (t): From=a.org. from_email "
	    "MAIL-FROM=b.a.org. DKIM selector=one d=a.org. second d=a.org. "
	    "tracking=t.org. by\n"
	    "   mail_from is=b.a.org. of senders[0] (s) not=c.a.org. of "
	    "templates[0] (t)\n"
	    "   mail_from is=b.a.org. of senders[0] (s) not=a.org. of "
	    "from_email\n"
	    "   dkim_selector is=one of domains[0] (a.org.) not=two of "
	    "senders[0] (s)\n"
	    "   dkim_selector is=one of domains[0] (a.org.) not=three of "
	    "virtual_senders[0] (v)\n"
	    "domain a.org\n" },
	/* MAIL FROM: From, a domain of its own, none that is known. */
	{ { "{'senders': [{'from': 'a.org', 'mail_from_type': "
	    "'FROM_EMAIL', 'sender_domain': 'c.org'}, {'from': 'a.org', "
	    "'mail_from_type': 'custom', 'sender_domain': 'c.org'}, "
	    "{'from': 'a.org', 'mail_from_type': 'custom'}, {'from': "
	    "'a.org', 'mail_from_type': 'ptr', 'sender_domain': 'c.org'}, "
	    "{'from': 'a.org', 'mail_from_type': 'ptr', 'mail_from': "
	    "'m.org'}, {'from': 'a.org', 'mail_from_type': 'other'}, "
	    "{'from': 'a.org', 'mail_from': 'm.org'}, {'from': 'a.org', "
	    "'mail_from': 'a.org'}]}" },
	    "senders[0]: from=a.org. mail_from_type=FROM_EMAIL "
	    "sender_domain=c.org.\n"
	    "senders[1]: from=a.org. mail_from_type=custom "
	    "sender_domain=c.org.\n"
	    "senders[2]: from=a.org. mail_from_type=custom\n"
	    "senders[3]: from=a.org. mail_from_type=ptr "
	    "sender_domain=c.org.\n"
	    "senders[4]: from=a.org. mail_from_type=ptr mail_from=m.org.\n"
	    "senders[5]: from=a.org. mail_from_type=other\n"
	    "senders[6]: from=a.org. mail_from=m.org.\n"
	    "senders[7]: from=a.org. mail_from=a.org.\n"
	    "-> senders[0]: From=a.org. from_email type=FROM_EMAIL "
	    "MAIL-FROM=a.org. DKIM d=a.org. second d=c.org. by\n"
	    "-> senders[1]: From=a.org. custom type=custom "
	    "MAIL-FROM=c.org. DKIM d=a.org. second d=c.org. by\n"
	    "-> senders[2]: From=a.org. custom type=custom DKIM d=a.org. "
	    "second d=a.org. by\n"
	    "-> senders[3]: From=a.org. ptr type=ptr DKIM d=a.org. second "
	    "d=c.org. by\n"
	    "-> senders[4]: From=a.org. ptr type=ptr MAIL-FROM=m.org. DKIM "
	    "d=a.org. second d=a.org. by\n"
	    "-> senders[5]: From=a.org. unknown type=other DKIM d=a.org. "
	    "second d=a.org. by\n"
	    "-> senders[6]: From=a.org. from_email MAIL-FROM=m.org. DKIM "
	    "d=a.org. second d=a.org. by\n"
	    "   mail_from is=m.org. of senders[6] not=a.org. of from_email\n"
	    "-> senders[7]: From=a.org. from_email MAIL-FROM=a.org. DKIM "
	    "d=a.org. second d=a.org. by\n"
	    "domain a.org\n" },
	/* MAIL FROM of a pool. */
	{ { "{'pools': [{'id': 1, 'sender_domain': 'p.org', 'spf_domain': "
	    "'spf.org'}, {'id': 2, 'spf_domain': 'a.org'}], 'senders': "
	    "[{'from': 'a.org', 'mail_from_type': 'custom', 'pool_id': 1}, "
	    "{'from': 'a.org', 'mail_from_type': 'custom', 'pool_id': '1', "
	    "'sender_domain': 'c.org'}, {'from': 'a.org', "
	    "'mail_from_type': 'custom', 'pool_id': 2}, {'from': 'a.org', "
	    "'pool_id': 2}, {'from': 'a.org', 'mail_from_type': 'ptr', "
	    "'pool_id': 1}]}" },
	    "senders[0]: from=a.org. mail_from_type=custom pool_id=1\n"
	    "senders[1]: from=a.org. mail_from_type=custom "
	    "sender_domain=c.org. pool_id=1\n"
	    "senders[2]: from=a.org. mail_from_type=custom pool_id=2\n"
	    "senders[3]: from=a.org. pool_id=2\n"
	    "senders[4]: from=a.org. mail_from_type=ptr pool_id=1\n"
	    "pools[0] (1): id=1 sender_domain=p.org. spf_domain=spf.org.\n"
	    "pools[1] (2): id=2 spf_domain=a.org.\n"
	    "-> senders[0]: From=a.org. custom type=custom "
	    "MAIL-FROM=p.org. SPF=spf.org. DKIM d=a.org. second d=a.org. "
	    "by\n"
	    "   spf_domain is=p.org. of senders[0] not=spf.org. of "
	    "pools[0] (1)\n"
	    "-> senders[1]: From=a.org. custom type=custom "
	    "MAIL-FROM=c.org. SPF=spf.org. DKIM d=a.org. second d=c.org. "
	    "by\n"
	    "   spf_domain is=c.org. of senders[1] not=spf.org. of "
	    "pools[0] (1)\n"
	    "-> senders[2]: From=a.org. custom type=custom DKIM d=a.org. "
	    "second d=a.org. by\n"
	    "-> senders[3]: From=a.org. from_email MAIL-FROM=a.org. DKIM "
	    "d=a.org. second d=a.org. by\n"
	    "-> senders[4]: From=a.org. ptr type=ptr DKIM d=a.org. second "
	    "d=a.org. by\n"
	    "domain a.org\n" },
	/* Aligned: From or the domain of the pool, with a subdomain. */
	{ { "{'keys': [{'name': 'k', 'public': '" ED
	    "'}], 'pools': [{'id': 1}, {'id': 2, 'sender_domain': 'p.org', "
	    "'dkim_key': 'k', 'dkim_selector': 'x'}, {'id': 3, "
	    "'sender_subdomain': 'sub'}], 'senders': [{'from': 'a.org', "
	    "'mail_from_type': 'aligned', 'secondary_dkim_selector': "
	    "'no'}, {'from': 'a.org', 'mail_from_type': 'aligned', "
	    "'mail_from_subdomain': 'b', 'pool_id': 1}, {'from': 'a.org', "
	    "'mail_from_type': 'aligned', 'mail_from_subdomain': 'B.C.', "
	    "'pool_id': 2}, {'from': 'a.org', 'mail_from_type': 'aligned', "
	    "'pool_id': 3}, {'from': 'a.org', 'mail_from_type': 'aligned', "
	    "'mail_from_subdomain': 'b', 'pool_id': 3}, {'from': 'a.org', "
	    "'mail_from_type': 'aligned', 'mail_from_subdomain': 'SUB', "
	    "'pool_id': 3}]}" },
	    "keys[0] (k): name=k public=MCowBQYDK2VwAyEAePKANsYYRhAssVBvY+2"
	    "g6MdM5pn31KCHOmUqf5/rx/g= key of 44\n"
	    "senders[0]: from=a.org. mail_from_type=aligned "
	    "secondary_dkim_selector=no\n"
	    "senders[1]: from=a.org. mail_from_type=aligned "
	    "mail_from_subdomain=b pool_id=1\n"
	    "senders[2]: from=a.org. mail_from_type=aligned "
	    "mail_from_subdomain=b.c pool_id=2\n"
	    "senders[3]: from=a.org. mail_from_type=aligned pool_id=3\n"
	    "senders[4]: from=a.org. mail_from_type=aligned "
	    "mail_from_subdomain=b pool_id=3\n"
	    "senders[5]: from=a.org. mail_from_type=aligned "
	    "mail_from_subdomain=sub pool_id=3\n"
	    "pools[0] (1): id=1\n"
	    "pools[1] (2): id=2 sender_domain=p.org. dkim_key=k "
	    "dkim_selector=x\n"
	    "pools[2] (3): id=3 sender_subdomain=sub\n"
	    "-> senders[0]: From=a.org. aligned type=aligned "
	    "MAIL-FROM=a.org. DKIM d=a.org. of the pool by\n"
	    "-> senders[1]: From=a.org. aligned type=aligned "
	    "MAIL-FROM=b.a.org. DKIM d=a.org. second d=a.org. of the pool "
	    "by\n"
	    "-> senders[2]: From=a.org. aligned type=aligned "
	    "MAIL-FROM=b.c.p.org. DKIM d=a.org. second key=k selector=x "
	    "d=p.org. known of the pool by\n"
	    "-> senders[3]: From=a.org. aligned type=aligned "
	    "MAIL-FROM=sub.a.org. DKIM d=a.org. second d=a.org. of the "
	    "pool by\n"
	    "-> senders[4]: From=a.org. aligned type=aligned "
	    "MAIL-FROM=b.a.org. DKIM d=a.org. second d=a.org. of the pool "
	    "by\n"
	    "   mail_from_subdomain is=b of senders[4] not=sub of pools[2] "
	    "(3)\n"
	    "-> senders[5]: From=a.org. aligned type=aligned "
	    "MAIL-FROM=sub.a.org. DKIM d=a.org. second d=a.org. of the "
	    "pool by\n"
	    "domain a.org\n" },
	/* A subdomain in front of which there is no room is no MAIL FROM. */
	{ { "{'senders': [{'from': "
	    "'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa."
	    "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb.c"
	    "ccccccccccccccccccccccccccccccccccccccccccccccccccccccccccc.or"
	    "g', 'mail_from_type': 'aligned', 'mail_from_subdomain': "
	    "'dddddddddddddddddddddddddddddddddddddddddddddddddddddddddddd."
	    "eeeeeeeeee'}]}" },
	    "senders[0]: from=aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
	    "aaaaaaaaaaaaaaa.bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb"
	    "bbbbbbbbbbbbbb.ccccccccccccccccccccccccccccccccccccccccccccccc"
	    "ccccccccccccc.org. mail_from_type=aligned "
	    "mail_from_subdomain=dddddddddddddddddddddddddddddddddddddddddd"
	    "dddddddddddddddddd.eeeeeeeeee\n"
	    "-> senders[0]: From=aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
	    "aaaaaaaaaaaaaaaaaa.bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb"
	    "bbbbbbbbbbbbbbbbb.cccccccccccccccccccccccccccccccccccccccccccc"
	    "cccccccccccccccc.org. aligned type=aligned DKIM "
	    "d=aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
	    ".bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb."
	    "cccccccccccccccccccccccccccccccccccccccccccccccccccccccccccc.o"
	    "rg. of the pool by\n"
	    "domain aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
	    "aaaaa.bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb"
	    "bbbb.ccccccccccccccccccccccccccccccccccccccccccccccccccccccccc"
	    "ccc.org\n" },
	/* A second signature: its own domain, sender_domain, or From. */
	{ { "{'keys': [{'name': 'k'}], 'domains': [{'name': 'a.org', "
	    "'sender_domain': 'd.org'}], 'senders': [{'from': 'a.org', "
	    "'secondary_dkim_key': 'k', 'secondary_dkim_selector': 's', "
	    "'secondary_dkim_domain': 'z.org', 'sender_domain': 'c.org'}, "
	    "{'from': 'a.org', 'secondary_dkim_selector': 's', "
	    "'sender_domain': 'c.org'}, {'from': 'b.org', "
	    "'secondary_dkim_key': 'k', 'sender_domain': 'c.org'}, "
	    "{'from': 'b.org'}]}" },
	    "domains[0] (a.org.): name=a.org. sender_domain=d.org.\n"
	    "keys[0] (k): name=k\n"
	    "senders[0]: from=a.org. sender_domain=c.org. "
	    "secondary_dkim_key=k secondary_dkim_selector=s "
	    "secondary_dkim_domain=z.org.\n"
	    "senders[1]: from=a.org. sender_domain=c.org. "
	    "secondary_dkim_selector=s\n"
	    "senders[2]: from=b.org. sender_domain=c.org. "
	    "secondary_dkim_key=k\n"
	    "senders[3]: from=b.org.\n"
	    "-> senders[0]: From=a.org. from_email MAIL-FROM=a.org. DKIM "
	    "d=a.org. second key=k selector=s d=z.org. known by\n"
	    "   sender_domain is=d.org. of domains[0] (a.org.) not=c.org. "
	    "of senders[0]\n"
	    "-> senders[1]: From=a.org. from_email MAIL-FROM=a.org. DKIM "
	    "d=a.org. second selector=s d=d.org. by\n"
	    "   sender_domain is=d.org. of domains[0] (a.org.) not=c.org. "
	    "of senders[1]\n"
	    "-> senders[2]: From=b.org. from_email MAIL-FROM=b.org. DKIM "
	    "d=b.org. second key=k d=c.org. known by\n"
	    "-> senders[3]: From=b.org. from_email MAIL-FROM=b.org. DKIM "
	    "d=b.org. second d=b.org. by\n"
	    "domain a.org\n"
	    "domain b.org\n" },
	/* Nodes by name, host, address; of a sender, of a pool, or all. */
	{ { "{'nodes': [{'name': 'one', 'ip': '192.0.2.1', 'host': "
	    "'h1.a.org'}, {'name': 'two', 'ip': '192.0.2.2', 'host': "
	    "'h2.a.org'}, {'ip': '2001:db8::3'}], 'pools': [{'id': 1, "
	    "'nodes': ['two', '2001:DB8::3']}], 'senders': [{'from': "
	    "'a.org'}, {'from': 'a.org', 'pool_id': 1}, {'from': 'a.org', "
	    "'pool_id': 1, 'nodes': ['H1.A.org']}, {'name': 's', 'from': "
	    "'a.org', 'nodes': ['192.0.2.2']}], 'virtual_senders': "
	    "[{'name': 'v', 'sender': 's', 'nodes': ['one', '192.0.2.1']}, "
	    "{'sender': 's'}], 'templates': [{'sender': 'v'}, {'sender': "
	    "'s'}]}" },
	    "nodes[0] (one): name=one ip=192.0.2.1 host=h1.a.org. at "
	    "192.0.2.1\n"
	    "nodes[1] (two): name=two ip=192.0.2.2 host=h2.a.org. at "
	    "192.0.2.2\n"
	    "nodes[2]: ip=2001:db8::3 at 2001:db8::3\n"
	    "senders[0]: from=a.org.\n"
	    "senders[1]: from=a.org. pool_id=1\n"
	    "senders[2]: from=a.org. pool_id=1 node=H1.A.org\n"
	    "senders[3] (s): name=s from=a.org. node=192.0.2.2\n"
	    "pools[0] (1): id=1 node=two node=2001:DB8::3\n"
	    "virtual_senders[0] (v): name=v sender=s node=one "
	    "node=192.0.2.1\n"
	    "virtual_senders[1]: sender=s\n"
	    "templates[0]: sender=v\n"
	    "templates[1]: sender=s\n"
	    "-> senders[0]: From=a.org. from_email MAIL-FROM=a.org. DKIM "
	    "d=a.org. second d=a.org. by 192.0.2.1 192.0.2.2 2001:db8::3\n"
	    "-> senders[1]: From=a.org. from_email MAIL-FROM=a.org. DKIM "
	    "d=a.org. second d=a.org. by 192.0.2.2 2001:db8::3\n"
	    "-> senders[2]: From=a.org. from_email MAIL-FROM=a.org. DKIM "
	    "d=a.org. second d=a.org. by 192.0.2.1\n"
	    "-> senders[3] (s): From=a.org. from_email MAIL-FROM=a.org. "
	    "DKIM d=a.org. second d=a.org. by 192.0.2.2\n"
	    "-> templates[1]: From=a.org. from_email MAIL-FROM=a.org. DKIM "
	    "d=a.org. second d=a.org. by 192.0.2.2\n"
	    "-> virtual_senders[0] (v): From=a.org. from_email "
	    "MAIL-FROM=a.org. DKIM d=a.org. second d=a.org. by 192.0.2.1\n"
	    "-> templates[0]: From=a.org. from_email MAIL-FROM=a.org. DKIM "
	    "d=a.org. second d=a.org. by 192.0.2.1\n"
	    "-> virtual_senders[1]: From=a.org. from_email "
	    "MAIL-FROM=a.org. DKIM d=a.org. second d=a.org. by 192.0.2.2\n"
	    "domain a.org\n" },
	/* Nodes are named as they are written, whatever that is. */
	{ { "{'nodes': [{'ip': '::ffff:192.0.2.1'}, {'ip': '192.0.2.2', "
	    "'host': 'H2.a.org.'}, {'ip': '192.0.2.3', 'name': 'n'}], "
	    "'senders': [{'from': 'a.org', 'nodes': ['::ffff:192.0.2.1']}, "
	    "{'from': 'a.org', 'nodes': ['H2.a.org.']}]}" },
	    "nodes[0]: ip=192.0.2.1 at 192.0.2.1\n"
	    "nodes[1]: ip=192.0.2.2 host=h2.a.org. at 192.0.2.2\n"
	    "nodes[2] (n): name=n ip=192.0.2.3 at 192.0.2.3\n"
	    "senders[0]: from=a.org. node=::ffff:192.0.2.1\n"
	    "senders[1]: from=a.org. node=H2.a.org.\n"
	    "-> senders[0]: From=a.org. from_email MAIL-FROM=a.org. DKIM "
	    "d=a.org. second d=a.org. by 192.0.2.1\n"
	    "-> senders[1]: From=a.org. from_email MAIL-FROM=a.org. DKIM "
	    "d=a.org. second d=a.org. by 192.0.2.2\n"
	    "domain a.org\n" },
	/* A key of the panel's domain with a selector of a sender. */
	{ { "{'domains': [{'name': 'a.org', 'dkim_key': 'k'}], 'keys': "
	    "[{'name': 'k'}], 'senders': [{'from': 'n.a.org', "
	    "'dkim_selector': 's'}, {'from': 'n.a.org'}]}" },
	    "domains[0] (a.org.): name=a.org. dkim_key=k\n"
	    "keys[0] (k): name=k\n"
	    "senders[0]: from=n.a.org. dkim_selector=s\n"
	    "senders[1]: from=n.a.org.\n"
	    "-> senders[0]: From=n.a.org. from_email MAIL-FROM=n.a.org. "
	    "DKIM key=k selector=s d=n.a.org. known second d=n.a.org. by\n"
	    "-> senders[1]: From=n.a.org. from_email MAIL-FROM=n.a.org. "
	    "DKIM key=k d=a.org. known second d=n.a.org. by\n"
	    "domain n.a.org\n" },
	/* Two From domains on one way: both are ways mail may go out. */
	{ { "{'senders': [{'name': 's', 'from': 'a.org'}], 'templates': "
	    "[{'sender': 's', 'from': 'b.org'}, {'sender': 's', 'from': "
	    "'A.org'}]}" },
	    "senders[0] (s): name=s from=a.org.\n"
	    "templates[0]: from=b.org. sender=s\n"
	    "templates[1]: from=a.org. sender=s\n"
	    "-> senders[0] (s): From=a.org. from_email MAIL-FROM=a.org. "
	    "DKIM d=a.org. second d=a.org. by\n"
	    "-> templates[0]: From=a.org. from_email MAIL-FROM=a.org. DKIM "
	    "d=a.org. second d=a.org. by\n"
	    "   from is=a.org. of senders[0] (s) not=b.org. of "
	    "templates[0]\n"
	    "-> templates[0]: From=b.org. alternative from_email "
	    "MAIL-FROM=b.org. DKIM d=b.org. second d=b.org. by\n"
	    "   from is=a.org. of senders[0] (s) not=b.org. of "
	    "templates[0]\n"
	    "-> templates[1]: From=a.org. from_email MAIL-FROM=a.org. DKIM "
	    "d=a.org. second d=a.org. by\n"
	    "domain a.org\n"
	    "domain b.org\n" },
	/* Templates that name no sender, with and without From. */
	{ { "{'senders': [{'from': 'a.org', 'dkim_selector': 's'}], "
	    "'templates': [{'from': 'b.org'}, {'name': 'x'}]}" },
	    "senders[0]: from=a.org. dkim_selector=s\n"
	    "templates[0]: from=b.org.\n"
	    "templates[1] (x): name=x\n"
	    "-> senders[0]: From=a.org. from_email MAIL-FROM=a.org. DKIM "
	    "selector=s d=a.org. second d=a.org. by\n"
	    "-> templates[0]: From=a.org. from_email MAIL-FROM=a.org. DKIM "
	    "selector=s d=a.org. second d=a.org. by\n"
	    "   from is=a.org. of senders[0] not=b.org. of templates[0]\n"
	    "-> templates[0]: From=b.org. alternative from_email "
	    "MAIL-FROM=b.org. DKIM selector=s d=b.org. second d=b.org. by\n"
	    "   from is=a.org. of senders[0] not=b.org. of templates[0]\n"
	    "domain a.org\n"
	    "domain b.org\n" },
	/* Templates without any sender. */
	{ { "{'templates': [{'from': 'b.org', 'tracking_domain': "
	    "'t.org'}], 'domains': ['b.org']}" },
	    "domains[0] (b.org.): name=b.org.\n"
	    "templates[0]: from=b.org. tracking_domain=t.org.\n"
	    "-> templates[0]: From=b.org. from_email MAIL-FROM=b.org. DKIM "
	    "d=b.org. second d=b.org. tracking=t.org. by\n"
	    "domain b.org\n" },
	/* A sender without From: that of the only domain. */
	{ { "{'senders': [{'name': 'x'}], 'domains': ['a.org']}" },
	    "domains[0] (a.org.): name=a.org.\n"
	    "senders[0] (x): name=x\n"
	    "-> senders[0] (x): From=a.org. from_email MAIL-FROM=a.org. "
	    "DKIM d=a.org. second d=a.org. by\n"
	    "domain a.org\n" },
	/* The same with two domains, and where others use the sender. */
	{ { "{'domains': ['a.org', 'b.org'], 'senders': [{'name': "
	    "'x\\u0001'}, {'name': 'y'}, {'name': 'z'}], "
	    "'virtual_senders': [{'name': 'v', 'sender': 'y', 'from': "
	    "'a.org'}], 'templates': [{'sender': 'z', 'from': 'b.org'}, "
	    "{'sender': 'z'}]}" },
	    "domains[0] (a.org.): name=a.org.\n"
	    "domains[1] (b.org.): name=b.org.\n"
	    "senders[0] (x\\001): name=x\\001\n"
	    "senders[1] (y): name=y\n"
	    "senders[2] (z): name=z\n"
	    "virtual_senders[0] (v): name=v from=a.org. sender=y\n"
	    "templates[0]: from=b.org. sender=z\n"
	    "templates[1]: sender=z\n"
	    "-> virtual_senders[0] (v): From=a.org. from_email "
	    "MAIL-FROM=a.org. DKIM d=a.org. second d=a.org. by\n"
	    "-> templates[0]: From=b.org. from_email MAIL-FROM=b.org. DKIM "
	    "d=b.org. second d=b.org. by\n"
	    "domain a.org\n"
	    "domain b.org\n"
	    "warning senders[0] (x\\001): no From domain is known: it is "
	    "not looked at\n"
	    "warning templates[1]: no From domain is known: it is not "
	    "looked at\n" },
	/* A name that a sender and a virtual sender have. */
	{ { "{'senders': [{'name': 's', 'from': 'a.org'}, {'name': 't', "
	    "'from': 'b.org'}], 'virtual_senders': [{'name': 't', "
	    "'sender': 's'}], 'templates': [{'sender': 't', "
	    "'tracking_domain': 'x.org'}]}" },
	    "senders[0] (s): name=s from=a.org.\n"
	    "senders[1] (t): name=t from=b.org.\n"
	    "virtual_senders[0] (t): name=t sender=s\n"
	    "templates[0]: sender=t tracking_domain=x.org.\n"
	    "-> senders[0] (s): From=a.org. from_email MAIL-FROM=a.org. "
	    "DKIM d=a.org. second d=a.org. by\n"
	    "-> virtual_senders[0] (t): From=a.org. from_email "
	    "MAIL-FROM=a.org. DKIM d=a.org. second d=a.org. by\n"
	    "-> templates[0]: From=a.org. from_email MAIL-FROM=a.org. DKIM "
	    "d=a.org. second d=a.org. tracking=x.org. by\n"
	    "-> senders[1] (t): From=b.org. from_email MAIL-FROM=b.org. "
	    "DKIM d=b.org. second d=b.org. by\n"
	    "-> templates[0]: From=b.org. from_email MAIL-FROM=b.org. DKIM "
	    "d=b.org. second d=b.org. tracking=x.org. by\n"
	    "domain a.org\n"
	    "domain b.org\n" },
};

START_TEST(reading)
{
	struct arena a = { NULL, false };
	struct writer w = arena_writer(&a);

	put_outcome(&w, &a, reads[_i].files);
	expect_written(&w, reads[_i].dump);
	arena_free(&a);
}
END_TEST

/* What is wrong with a file, or between files: the line that says so. */
static const struct {
	const char *file, *why;
} refusals[] = {
	{ "[]", "a.json: an object is wanted here, and it is a list" },
	{ "",
	    "a.json: line 1, column 0: '[' or '{' expected near end of file" },
	{ "5", "a.json: line 1, column 1: '[' or '{' expected near '5'" },
	{ "{'a': 1}\n{",
	    "a.json: line 2, column 1: end of file expected near '{'" },
	{ "{'a': 1, 'a': 1}",
	    "a.json: line 1, column 12: duplicate object key near '\"a\"'" },
	{ "{'a': '\xff'}",
	    "a.json: line 1, column 7: unable to decode byte 0xff near '\"'" },
	{ "{'x': [[[[[[[[[[[[[[[]]]]]]]]]]]]]]]}", NULL },
	{ "{'x': [[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]}",
	    "a.json: it is nested too deeply" },
	{ "{'x': {'a': {'b': {'c': {'d': {'e': {'f': {'g': [[[[[[[[[]]]]]]]]]"
	  "}}}}}}}}",
	    "a.json: it is nested too deeply" },
	/* Forms of values. */
	{ "{'senders': {}}",
	    "a.json: senders: a list is wanted here, and it is an object" },
	{ "{'senders': null}", NULL },
	{ "{'senders': 'news'}",
	    "a.json: senders: a list is wanted here, and it is a text" },
	{ "{'senders': ['news']}",
	    "a.json: senders[0]: an object is wanted here, and it is a text" },
	{ "{'domains': [5]}",
	    "a.json: domains[0]: an object is wanted here, and it is a number" },
	{ "{'domains': [null]}",
	    "a.json: domains[0]: an object is wanted here, and it is null" },
	{ "{'domains': [true]}",
	    "a.json: domains[0]: an object is wanted here, and it is true or false" },
	{ "{'domains': [2.5]}",
	    "a.json: domains[0]: an object is wanted here, and it is a number" },
	{ "{'senders': [{'from': 1}]}",
	    "a.json: senders[0].from: a text is wanted here, and it is a number" },
	{ "{'senders': [{'from': false}]}",
	    "a.json: senders[0].from: a text is wanted here, and it is true or false" },
	{ "{'senders': [{'pool_id': 1.5}]}",
	    "a.json: senders[0].pool_id: a text or whole number is wanted here, and it "
	    "is a number" },
	{ "{'senders': [{}, {'pool_id': []}]}",
	    "a.json: senders[1].pool_id: a text or whole number is wanted here, and it "
	    "is a list" },
	{ "{'senders': [{'dkim_key': ['k', 'l']}]}",
	    "a.json: senders[0].dkim_key: one text and no more is wanted here, and it "
	    "is a list" },
	{ "{'senders': [{'nodes': 'mta'}]}",
	    "a.json: senders[0].nodes: a list of texts is wanted here, and it is a "
	    "text" },
	{ "{'senders': [{'nodes': ['', null, 1]}]}",
	    "a.json: senders[0].nodes: a text is wanted here, and it is a number" },
	{ "{'WEBCONTROL_PUBLIC_IP': 1}",
	    "a.json: WEBCONTROL_PUBLIC_IP: a text is wanted here, and it is a "
	    "number" },
	/* Names and addresses. */
	{ "{'senders': [{'from': 'a b'}]}",
	    "a.json: senders[0].from: it is not a domain name" },
	{ "{'senders': [{'from': 'news@'}]}",
	    "a.json: senders[0].from: it is not a domain name" },
	{ "{'senders': [{'from': 'a..b'}]}",
	    "a.json: senders[0].from: it is not a domain name" },
	{ "{'senders': [{'from': '.'}]}",
	    "a.json: senders[0].from: it is not a domain name" },
	{ "{'senders': [{'from': 'a/b.org'}]}",
	    "a.json: senders[0].from: it is not a domain name" },
	{ "{'senders': [{'from': 'news@com'}]}",
	    "a.json: senders[0].from: it is not a mail domain" },
	{ "{'senders': [{'sender_domain': 'localhost'}]}",
	    "a.json: senders[0].sender_domain: it is not a mail domain" },
	{ "{'senders': [{'mail_from_subdomain': 'a..b'}]}",
	    "a.json: senders[0].mail_from_subdomain: it cannot be put in front of "
	    "a domain" },
	{ "{'TRACKING_PREFIX': '..'}",
	    "a.json: TRACKING_PREFIX: it cannot be put in front of a domain" },
	{ "{'WEBCONTROL_HOSTNAME': 'a b'}",
	    "a.json: WEBCONTROL_HOSTNAME: it is not a domain name" },
	/* Labels in UTF-8 that are none. */
	{ "{'senders': [{'from': '-\xc3\xbc.example'}]}",
	    "a.json: senders[0].from: string start/ends with forbidden hyphen" },
	{ "{'domains': ['-\xc3\xbc.example']}",
	    "a.json: domains[0].name: string start/ends with forbidden hyphen" },
	{ "{'TRACKING_PREFIX': '-\xc3\xbc.'}",
	    "a.json: TRACKING_PREFIX: string start/ends with forbidden hyphen" },
	{ "{'nodes': [{'ip': '192.0.2.1', 'host': 'b\xc3\xbc"
	  "cher.example'}, {'ip': '192.0.2.2', 'host': 'c.example'}], "
	  "'senders': [{'from': 'a.org', 'nodes': ['B\xc3\x9c"
	  "CHER.example', 'c.example.', 'xn--bcher-kva.example.']}]}",
	    NULL },
	{ "{'nodes': [{'ip': '192.0.2.1', 'host': 'b\xc3\xbc"
	  "cher.example'}], "
	  "'senders': [{'from': 'a.org', 'nodes': ['b\xc3\xb6"
	  "cher.example']}]}",
	    "settings: senders[0].nodes: it names no node" },
	{ "{'TRACKING_PUBLIC_IP': 'here'}",
	    "a.json: TRACKING_PUBLIC_IP: it is not an IP address" },
	{ "{'domains': ['com']}",
	    "a.json: domains[0].name: it is not a mail domain" },
	{ "{'domains': [{'name': 'not a name'}]}",
	    "a.json: domains[0].name: it is not a domain name" },
	{ "{'tracking_domains': ['a b']}",
	    "a.json: tracking_domains[0].name: it is not a domain name" },
	{ "{'tracking_domains': ['com']}", NULL },
	{ "{'nodes': [{'ip': '192.0.2'}]}",
	    "a.json: nodes[0].ip: it is not an IP address" },
	{ "{'nodes': [{'ip': '192.0.2.1', 'host': 'x y'}]}",
	    "a.json: nodes[0].host: it is not a domain name" },
	/* What has to be there. */
	{ "{'nodes': [{'host': 'a.example.com'}]}",
	    "a.json: nodes[0].ip: it is missing" },
	{ "{'keys': [{'type': 'dkim'}]}",
	    "a.json: keys[0].name: it is missing" },
	{ "{'pools': [{'name': 'p'}]}", "a.json: pools[0].id: it is missing" },
	{ "{'pools': [{'id': ''}]}", "a.json: pools[0].id: it is missing" },
	{ "{'domains': [{'dkim_key': 'k'}]}",
	    "a.json: domains[0].name: it is missing" },
	{ "{'website_tracking_domains': [{}]}",
	    "a.json: website_tracking_domains[0].name: it is missing" },
	{ "{'virtual_senders': [{'name': 'v'}]}",
	    "a.json: virtual_senders[0].sender: it is missing" },
	/* Keys. */
	{ "{'keys': [{'name': 'k', 'public': 'aGVsbG8='}]}",
	    "a.json: keys[0].public: it is not an RSA or Ed25519 key" },
	{ "{'keys': [{'name': 'k', 'public': '" ED "', 'file': 'x'}]}",
	    "a.json: keys[0].file: a key is either a file or public" },
	{ "{'keys': [{'name': 'k', 'file': 'x.pem'}]}",
	    "a.json: keys[0].file: files are not read here" },
	{ "{'keys': [{'name': 'k', 'type': 'ssl', 'file': 'x.pem'}]}", NULL },
	/* References. */
	{ "{'senders': [{'dkim_key': 'x'}]}",
	    "settings: senders[0].dkim_key: there is no key with this name" },
	{ "{'senders': [{}, {'secondary_dkim_key': 'x'}]}",
	    "settings: senders[1].secondary_dkim_key: there is no key with this name" },
	{ "{'senders': [{'pool_id': 7}]}",
	    "settings: senders[0].pool_id: there is no pool with this id" },
	{ "{'senders': [{'nodes': ['x']}]}",
	    "settings: senders[0].nodes: it names no node" },
	{ "{'senders': [{'nodes': ['192.0.2.5']}], " NODE "}",
	    "settings: senders[0].nodes: it names no node" },
	{ "{'virtual_senders': [{'sender': 'x'}]}",
	    "settings: virtual_senders[0].sender: there is no such sender" },
	{ "{'virtual_senders': [{'name': 'v', 'sender': 'v'}]}",
	    "settings: virtual_senders[0].sender: there is no such sender" },
	{ "{'templates': [{'sender': 'x'}]}",
	    "settings: templates[0].sender: there is no such sender" },
	/* Two of a name. */
	{ "{'keys': [{'name': 'k'}, {'name': 'l'}, {'name': 'k'}]}",
	    "settings: keys: two have the name 'k'" },
	{ "{'keys': [{'name': 'k'}, {'name': 'kk'}, {'name': 'K'}]}", NULL },
	{ "{'pools': [{'id': 1}, {'id': '1'}]}",
	    "settings: pools: two have the id '1'" },
	{ "{'senders': [{'name': 'a'}, {'name': 'a'}]}",
	    "settings: senders: two have the name 'a'" },
	{ "{'senders': [{}, {}]}", NULL },
	{ "{'senders': [{'name': 'a'}], 'virtual_senders': [{'name': 'v', "
	  "'sender': 'a'}, {'name': 'v', 'sender': 'a'}]}",
	    "settings: virtual_senders: two have the name 'v'" },
	{ "{'nodes': [{'ip': '2001:DB8::1'}, {'ip': '2001:db8:0::1'}]}",
	    "settings: nodes: two have the ip '2001:db8::1'" },
	{ "{'nodes': [{'ip': '192.0.2.4'}, {'ip': '::ffff:192.0.2.4'}]}",
	    "settings: nodes: two have the ip '192.0.2.4'" },
	{ "{'domains': ['example.com', 'EXAMPLE.com.']}",
	    "settings: domains: two have the name 'example.com.'" },
	{ "{'keys': [{'name': 'a-name-that-is-long\\n'}, "
	  "{'name': 'a-name-that-is-long'}]}",
	    "settings: keys: two have the name 'a-name-that-is-'" },
};

START_TEST(refusal)
{
	const char *files[FILES_MAX] = { refusals[_i].file };
	struct arena a = { NULL, false };
	struct writer w = arena_writer(&a);

	put_outcome(&w, &a, files);
	if (refusals[_i].why != NULL)
		expect_written(&w, refusals[_i].why);
	else
		EXPECT(w.used == 0 ||
		        !str_starts(writer_str(&w), STR("a.json")),
		    "%s", refusals[_i].file);
	arena_free(&a);
}
END_TEST

/* Members that nobody knows: the warning, or "" without one. */
static const struct {
	const char *file, *warning;
} unknowns[] = {
	{ "{'sendres': []}",
	    "sendres: there is no such setting; did you mean senders?" },
	{ "{'senders': [{'from': 'a.org', 'poolid': 1}]}",
	    "senders[0].poolid: there is no such setting; did you mean "
	    "pool_id?" },
	{ "{'senders': [{'from': 'a.org', 'node': []}]}",
	    "senders[0].node: there is no such setting; did you mean nodes?" },
	{ "{'templates': [{'from': 'a.org', 'nodes': []}]}",
	    "templates[0].nodes: there is no such setting; the nearest is "
	    "name" },
	{ "{'nodes': [{'ip': '192.0.2.1', 'hots': 'x'}]}",
	    "nodes[0].hots: there is no such setting; did you mean host?" },
	{ "{'pools': [{'id': 1, 'spf': 'x'}]}",
	    "pools[0].spf: there is no such setting; the nearest is id" },
	{ "{'pools': [{'id': 1, 'something': 'x'}]}",
	    "pools[0].something: there is no such setting; the nearest is "
	    "name" },
	{ "{'whatever it may be': 1}",
	    "whatever it may be: there is no such setting; the nearest is "
	    "templates" },
	{ "{'an-other name, one that is longer than any of those known': 1}",
	    "an-other name, one that is longer than any of those known: there "
	    "is no such setting; the nearest is WEBCONTROL_HOSTNAME" },
	{ "{'a\\u001bb': 1}",
	    "a\\027b: there is no such setting; the nearest is keys" },
	{ "{'$schema': 'x'}", "" },
	/* Names of the platform. */
	{ "{'TRACKING_HOSTNME': 'x'}",
	    "TRACKING_HOSTNME: there is no such setting; did you mean "
	    "TRACKING_HOSTNAME?" },
	{ "{'TRACKING_HOST': 'x'}",
	    "TRACKING_HOST: there is no such setting; did you mean "
	    "TRACKING_HOSTNAME?" },
	{ "{'tracking_hostname': 'x'}",
	    "tracking_hostname: there is no such setting; did you mean "
	    "TRACKING_HOSTNAME?" },
	{ "{'MYSQL_HOST': 'localhost', 'DEBUG': true, 'SMTP_PORT': 25, "
	  "'WEBCONTROL_PORT': 443, 'CLUSTER': {'NODES': [1, 2]}}",
	    "" },
};

START_TEST(unknown)
{
	struct arena a = { NULL, false };
	struct mailauth_settings *s = settings_new();
	const char *text = quoted(&a, unknowns[_i].file), *is;
	const char *want = unknowns[_i].warning;
	char why[MAILAUTH_WHY_MAX];

	EXPECT(settings_add(s, "a.json", NULL, text, strlen(text), why) ==
	        MAILAUTH_OK,
	    "%s", why);
	is = mailauth_settings_warning(s, 0);
	if (is != NULL && strncmp(is, "a.json: ", 8) == 0)
		is += 8;
	expect_text(is != NULL ? is : "", want);
	EXPECT(mailauth_settings_warning(s, 1) == NULL, "%s", text);
	mailauth_settings_free(s);
	arena_free(&a);
}
END_TEST

/* Limits. */

/* "HEAD" and COUNT times "ONE" with commas between them and "TAIL". */
static const char *
many(struct arena *a, const char *head, const char *one, unsigned count,
    const char *tail)
{
	struct writer w = arena_writer(a);

	put_text(&w, head);
	for (unsigned i = 0; i < count; i++) {
		/* '#' is replaced by the number. */
		for (const char *p = one; *p != '\0'; p++) {
			if (*p == '#')
				put_number(&w, i);
			else
				put_char(&w, *p);
		}
		put_text(&w, i + 1 < count ? "," : "");
	}
	put_text(&w, tail);
	put_char(&w, '\0');
	return w.buf;
}

static const struct {
	const char *head, *one;
	unsigned count;
	const char *tail, *why; /* NULL: that many may be */
} limits[] = {
	{ "{'senders': [", "{}", 2000, "]}", NULL },
	{ "{'senders': [", "{}", 2001, "]}",
	    "a.json: senders: there are too many" },
	{ "{" NODE ", 'senders': [{'nodes': [", "'192.0.2.4'", 200, "]}]}",
	    NULL },
	{ "{" NODE ", 'senders': [{'nodes': [", "'192.0.2.4'", 201, "]}]}",
	    "a.json: senders[0].nodes: there are too many" },
	{ "{'senders': [{'name': '", "0123456", 128, "'}]}", NULL },
	{ "{'senders': [{'name': '", "0123456", 129, "'}]}",
	    "a.json: senders[0].name: it is too long" },
	/* Senders, virtual senders and templates multiply. */
	{ "{'senders': [{'name': 's', 'from': 'a.org'}], 'virtual_senders': "
	  "[",
	    "{'sender': 's', 'name': 'v#', 'from': 'b.org'}", 2000,
	    "], 'templates': []}", NULL },
	{ "{'senders': [{'name': 's', 'from': 'a.org'}], 'virtual_senders': "
	  "[{'sender': 's', 'name': 'v', 'from': 'b.org'}], 'templates': [",
	    "{'sender': 'v', 'from': 'c.org'}", 2000, "]}", NULL },
	{ "{'senders': [{'name': 's', 'from': 'a.org'}, {'name': 't', 'from': "
	  "'a.org'}], 'virtual_senders': [{'sender': 's', 'name': 't', "
	  "'from': 'b.org'}], 'templates': [",
	    "{'sender': 't', 'from': 'c.org'}", 2000, "]}",
	    "settings: there are too many senders with virtual senders and "
	    "templates" },
};

START_TEST(limit)
{
	struct arena a = { NULL, false };
	struct writer w = arena_writer(&a);
	const char *files[FILES_MAX] = { many(&a, limits[_i].head,
	    limits[_i].one, limits[_i].count, limits[_i].tail) };

	put_outcome(&w, &a, files);
	if (limits[_i].why != NULL)
		expect_written(&w, limits[_i].why);
	else
		EXPECT(!str_starts(writer_str(&w), STR("a.json: ")) &&
		        !str_starts(writer_str(&w), STR("settings: ")),
		    "%s", limits[_i].head);
	arena_free(&a);
}
END_TEST

/* A list may go on in another file, and the limit is one of all. */
START_TEST(limit_of_files)
{
	struct arena a = { NULL, false };
	struct writer w = arena_writer(&a);
	const char *files[FILES_MAX] = { many(&a, "{'senders': [", "{}", 1999,
		                             "]}"),
		"{'senders': [{}]}", "{'senders': [{}]}" };

	put_outcome(&w, &a, files);
	expect_written(&w, "c.json: senders: there are too many");
	arena_free(&a);
}
END_TEST

/* 5000 ways are made, and no more: two senders, 2000 virtual ones, and two From
 * domains for each template of the last one. */
START_TEST(limit_of_routes)
{
	for (unsigned n = 1499; n <= 1500; n++) {
		struct arena a = { NULL, false };
		struct writer w = arena_writer(&a);
		const char *list[FILES_MAX] = {
			"{'senders': [{'name': 't', 'from': 'a.org'}, {'name': "
			"'s', 'from': 'a.org'}]}",
			many(&a, "{'virtual_senders': [",
			    "{'name': 'v#', 'sender': 's'}", 2000, "]}"),
			many(&a, "{'templates': [",
			    "{'sender': 'v1999', 'from': 'b.org'}", n, "]}")
		};

		put_outcome(&w, &a, list);
		EXPECT(str_starts(writer_str(&w),
		           STR("settings: there are too many senders")) ==
		        (n == 1500),
		    "%u", n);
		arena_free(&a);
	}
}
END_TEST

START_TEST(limit_of_warnings)
{
	struct arena a = { NULL, false };
	struct mailauth_settings *s = settings_new();
	const char *text =
	    quoted(&a, many(&a, "{", "'nonsense #': 1", 300, "}"));
	char why[MAILAUTH_WHY_MAX];

	EXPECT(settings_add(s, "a.json", NULL, text, strlen(text), why) ==
	        MAILAUTH_OK,
	    "%s", why);
	EXPECT(strstr(mailauth_settings_warning(s, SETTINGS_WARNINGS_MAX - 2),
	           "a.json: nonsense ") != NULL,
	    "the last but one");
	expect_text(mailauth_settings_warning(s, SETTINGS_WARNINGS_MAX - 1),
	    "there are more warnings");
	EXPECT(mailauth_settings_warning(s, SETTINGS_WARNINGS_MAX) == NULL,
	    "there are too many");
	mailauth_settings_free(s);
	arena_free(&a);
}
END_TEST

START_TEST(limit_of_octets)
{
	struct arena a = { NULL, false };
	char *text = arena_alloc(&a, SETTINGS_FILE_MAX + 1);
	struct mailauth_settings *s = settings_new();
	char why[MAILAUTH_WHY_MAX];

	memset(text, ' ', SETTINGS_FILE_MAX + 1);
	text[0] = '{';
	text[SETTINGS_FILE_MAX - 1] = '}';
	EXPECT(settings_add(s, "a.json", NULL, text, SETTINGS_FILE_MAX, why) ==
	        MAILAUTH_OK,
	    "%s", why);
	EXPECT(settings_add(s, "a.json", NULL, text, SETTINGS_FILE_MAX + 1,
	           why) == MAILAUTH_EINPUT,
	    "it is read");
	expect_text(why, "a.json: it is too large");
	mailauth_settings_free(s);
	arena_free(&a);
}
END_TEST

/* Names of tracking hosts, from a prefix and the host of the panel. */
static const struct {
	const char *prefix, *host, *with, *without;
} prefixes[] = {
	{ "click.", "a.org", "click.a.org.", "" },
	{ "click", "a.org", "click.a.org.", "clicka.org." },
	{ "Click-", "b.a.org", "click-.b.a.org.", "click-b.a.org." },
	{ "x.y.", "a.org", "x.y.a.org.", "" },
	{ "", "a.org", "", "" },
	{ "click.", "", "", "" },
	{ "aaaaaaaaaabbbbbbbbbbccccccccccddddddddddeeeeeeeeeeffffffffff",
	    "abcd.org",
	    "aaaaaaaaaabbbbbbbbbbccccccccccddddddddddeeeeeeeeeeffffffffff."
	    "abcd.org.",
	    "" },
	/* In UTF-8: what it makes with the host is turned into A-labels. */
	{ "b\xc3\xbc.", "c.org", "xn--b-eha.c.org.", "" },
	{ "b\xc3\xbc", "cher.org", "xn--b-eha.cher.org.",
	    "xn--bcher-kva.org." },
};

START_TEST(prefix)
{
	struct arena a = { NULL, false };
	struct mailauth_settings *s = settings_new();
	struct writer w = arena_writer(&a);
	struct mailauth_str with, without;
	char why[MAILAUTH_WHY_MAX];

	put_text(&w, "{\"TRACKING_PREFIX\": \"");
	put_text(&w, prefixes[_i].prefix);
	put_text(&w, "\", \"WEBCONTROL_HOSTNAME\": \"");
	put_text(&w, prefixes[_i].host);
	put_text(&w, "\"}");
	EXPECT(settings_add(s, "a", NULL, w.buf, w.used, why) == MAILAUTH_OK,
	    "%s", why);
	tracking_names(&a, s, &with, &without);
	EXPECT(str_eq(with, str_of(prefixes[_i].with)), "%.*s", (int)with.n,
	    with.s);
	EXPECT(str_eq(without, str_of(prefixes[_i].without)), "%.*s",
	    (int)without.n, without.s);
	mailauth_settings_free(s);
	arena_free(&a);
}
END_TEST

/* Keys: SubjectPublicKeyInfo in hexadecimal, or what is wrong. */
static const struct {
	const char *label; /* of PEM; NULL: only the text */
	const char *text, *key;
} keys[] = {
	{ NULL, ED, ED_SPKI },
	{ NULL, " " ED "\n", ED_SPKI },
	/* The 32 octets alone. */
	{ NULL, "ePKANsYYRhAssVBvY+2g6MdM5pn31KCHOmUqf5/rx/g=", ED_SPKI },
	{ NULL, RSA, RSA_SPKI },
	{ NULL, RSA_PKCS1, RSA_SPKI },
	{ NULL,
	    "ssh-ed25519 "
	    "AAAAC3NzaC1lZDI1NTE5AAAAIHjygDbGGEYQLLFQb2PtoOjHTOaZ99SghzplKn+f68f4"
	    " me@here",
	    ED_SPKI },
	{ NULL,
	    "ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAAAQQDD0+cgRqDC+H37cHw0Xsx3WZLrEHH0"
	    "EZd3Lvg4tX2mEgNXuhRgSzEpRYA+tvcElEq0+HXcAqpdMXpTVNbsyyeR",
	    RSA_SPKI },
	/* PEM. */
	{ "PUBLIC KEY", ED, ED_SPKI },
	{ "PRIVATE KEY",
	    "MC4CAQAwBQYDK2VwBCIEICgZTdiqD8eS9WWf2mtAwh2TAK64bwlIQ6QUwVqExJPg",
	    ED_SPKI },
	{ "RSA PRIVATE KEY",
	    "MIIBOgIBAAJBAMPT5yBGoML4fftwfDRezHdZkusQcfQRl3cu+Di1faYSA1e6FGBL\n"
	    "MSlFgD629wSUSrT4ddwCql0xelNU1uzLJ5ECAwEAAQJAXHNB/n7ZjrJ556bnPGI0\n"
	    "7XOgZNFSuwNDGsVV8o/cTfYGVDavCq+KeuNevrGhwLgU/MmF47FbUfahsRp8JItY\n"
	    "AQIhAPqhzPDaxxFN3HHkNzMDaRdIcjXPwc2jkaZPzWqAw1jhAiEAyAWdJq/9i5DD\n"
	    "S9RS0TDHd7HGNAYai3qxLGqObfxNNLECIE9DGEMbjVUloI/MMsDJVVTtrmDiQVI9\n"
	    "ZnSITFhgPGdBAiAzai4BGc/kpittPIClQRKk08+M49zC6aDNN/6wiuAVoQIhAMnt\n"
	    "yGFtoaoTz6PyvPML29O6rzJTodS/1YmugdUtmKbV",
	    RSA_SPKI },
	{ "RSA PUBLIC KEY", RSA_PKCS1, RSA_SPKI },
	/* What is no key for DKIM, or none that can be read. */
	{ "PUBLIC KEY",
	    "MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEAhswVJ6Dz2m6ES1tljnXMvIcyxts\n"
	    "ev4Ni+utq/SiVGRbBNnKuuhbvLMtYglLFrzqmCapHtBQ+mxLwDGa3I5ZWg==",
	    "it is not an RSA or Ed25519 key" },
	{ "ENCRYPTED PRIVATE KEY",
	    "MIGbMFcGCSqGSIb3DQEFDTBKMCkGCSqGSIb3DQEFDDAcBAhuhzYmqn8n+wICCAAw\n"
	    "DAYIKoZIhvcNAgkFADAdBglghkgBZQMEAQIEEK55s0DwZewpm7WCnktZyksEQDP4\n"
	    "JPqs20xwKT0o/HZhn8CEVTA0TxBh5lqoEhr0v8/xdDr15EzeIlLHeBM0uvJgrUPP\n"
	    "dRzbXfyWB76TJ6BPUKE=",
	    "the key is locked with a passphrase" },
	{ "PUBLIC KEY", "MCow", "there is no PEM key in it that can be read" },
	{ "CERTIFICATE", ED, "there is no PEM key in it that can be read" },
	{ "RSA PUBLIC KEY", "!", "there is no key in it that can be read" },
	{ NULL,
	    "MIIBOgIBAAJBAMPT5yBGoML4fftwfDRezHdZkusQcfQRl3cu+Di1faYSA1e6FGBLMSlF"
	    "gD629wSUSrT4ddwCql0xelNU1uzLJ5ECAwEAAQJAXHNB/n7ZjrJ556bnPGI07XOgZNFS"
	    "uwNDGsVV8o/cTfYGVDavCq+KeuNevrGhwLgU/MmF47FbUfahsRp8JItYAQIhAPqhzPDa"
	    "xxFN3HHkNzMDaRdIcjXPwc2jkaZPzWqAw1jhAiEAyAWdJq/9i5DDS9RS0TDHd7HGNAYa"
	    "i3qxLGqObfxNNLECIE9DGEMbjVUloI/MMsDJVVTtrmDiQVI9ZnSITFhgPGdBAiAzai4B"
	    "Gc/kpittPIClQRKk08+M49zC6aDNN/6wiuAVoQIhAMntyGFtoaoTz6PyvPML29O6rzJT"
	    "odS/1YmugdUtmKbV",
	    "it is a private key, and not in PEM" },
	{ NULL,
	    "MC4CAQAwBQYDK2VwBCIEICgZTdiqD8eS9WWf2mtAwh2TAK64bwlIQ6QUwVqExJPg",
	    "it is a private key, and not in PEM" },
	{ NULL,
	    "MFwwDQYJKoZIhvcNAQEBBQADSwAwSAJBAMPT5yBGoML4fftwfDRezHdZkusQcfQRl3cu",
	    "the key is cut off" },
	{ NULL,
	    "MIIBLDCB36ADAgECAhRSIlbvSNpsw3u1NkoZjvU61nVq3DAFBgMrZXAwDDEKMAgGA1UE"
	    "AwwBYTAeFw0yNjExMjgwMTQ4MzFaFw0zNTAyMTQwMTQ4MzFaMAwxCjAIBgNVBAMMAWEw"
	    "KjAFBgMrZXADIQB48oA2xhhGECyxUG9j7aDox0zmmffUoIc6ZSp/n+vH+KNTMFEwHQYD"
	    "VR0OBBYEFIXt1ovogC726EsiV13M7XOTJQ/JMB8GA1UdIwQYMBaAFIXt1ovogC726Esi"
	    "V13M7XOTJQ/JMA8GA1UdEwEB/wQFMAMBAf8wBQYDK2VwA0EAkS0TwFE31bq2yMRPIr3Z"
	    "kHwzP5hR3UvX2TKm25Vtz1Z9JpIhlHB4se7CEdr28AZrrs1y4iU5nIclttHY7jwLBA==",
	    "it is a certificate and no key" },
	{ NULL, "aGVsbG8=", "it is not an RSA or Ed25519 key" },
	{ NULL, "?", "there is no key in it that can be read" },
	{ NULL, "", "there is no key in it that can be read" },
	{ NULL, "ssh-rsa", "there is no key in it that can be read" },
};

static void
put_pem(struct writer *w, const char *front, const char *label)
{
	put_text(w, front);
	put_text(w, label);
	put_text(w, "-----\n");
}

START_TEST(key)
{
	struct arena a = { NULL, false };
	struct writer w = arena_writer(&a);
	struct writer text = arena_writer(&a);
	struct mailauth_str der;
	const char *fault, *label = keys[_i].label;

	if (label != NULL)
		put_pem(&text, "text\n-----BEGIN ", label);
	put_text(&text, keys[_i].text);
	if (label != NULL)
		put_pem(&text, "\n-----END ", label);
	fault = key_public(&a, writer_str(&text), &der);
	if (fault != NULL)
		put_text(&w, fault);
	for (size_t i = 0; fault == NULL && i < der.n; i++)
		put_hex(&w, (uint8_t)der.s[i]);
	expect_written(&w, keys[_i].key);
	arena_free(&a);
}
END_TEST

/* The public half is the same, whichever file of testdata/keys it is of. */
START_TEST(key_file)
{
	static const struct {
		const char *name;
		size_t len;
		uint8_t octets[4]; /* the first of SubjectPublicKeyInfo */
	} files[] = {
		{ "ed25519.pem", 44, { 0x30, 0x2a, 0x30, 0x05 } },
		{ "rsa-1024.pem", 162, { 0x30, 0x81, 0x9f, 0x30 } },
		{ "rsa-2048.pem", 294, { 0x30, 0x82, 0x01, 0x22 } },
	};
	char path[256], why[MAILAUTH_WHY_MAX];
	uint8_t *der;
	size_t len;

	for (int i = 0; i < COUNT(files); i++) {
		snprintf(path, sizeof(path), "%s/testdata/keys/%s",
		    source_dir(), files[i].name);
		EXPECT(mailauth_key_read(path, &der, &len, why) == MAILAUTH_OK,
		    "%s", why);
		EXPECT(len == files[i].len, "%s: %zu", path, len);
		EXPECT(memcmp(der, files[i].octets, 4) == 0, "%s", path);
		free(der);
	}
}
END_TEST

/* The key of a file that cannot be had: "NAME: reason". */
static void
expect_no_key(const char *path, const char *reason)
{
	char why[MAILAUTH_WHY_MAX], want[MAILAUTH_WHY_MAX];
	uint8_t *der = (uint8_t *)why;
	size_t len = 1;

	EXPECT(mailauth_key_read(path, &der, &len, why) == MAILAUTH_EINPUT,
	    "%s", path);
	EXPECT(der == NULL && len == 0, "%s", path);
	snprintf(want, sizeof(want), "%s: %s", path, reason);
	expect_text(why, want);
}

START_TEST(key_file_refused)
{
	static char big[65537];

	expect_no_key(folder_path("none"), "No such file or directory");
	expect_no_key(folder_put("text", "hello!", 6),
	    "there is no key in it that can be read");
	expect_no_key("/", "it is a directory");
	memset(big, 'A', sizeof(big));
	expect_no_key(folder_put("big", big, sizeof(big)), "it is too large");
	expect_no_key(folder_put("less", big, sizeof(big) - 1),
	    "it is not an RSA or Ed25519 key");
}
END_TEST

/* A key is made, for its owner alone, and never over another file. */
START_TEST(key_made)
{
	static const struct {
		const char *type;
		size_t len;
	} types[] = { { "rsa", 294 }, { "ed25519", 44 } };
	char why[MAILAUTH_WHY_MAX], want[MAILAUTH_WHY_MAX];
	mode_t mask = umask(0777);
	const char *path = NULL;
	struct stat st;
	uint8_t *der;
	size_t len;

	for (int i = 0; i < COUNT(types); i++) {
		path = folder_path(types[i].type);
		EXPECT(mailauth_key_make(types[i].type, path, why) ==
		        MAILAUTH_OK,
		    "%s", why);
		EXPECT(stat(path, &st) == 0 && (st.st_mode & 0777) == 0600,
		    "%o", (unsigned)st.st_mode);
		EXPECT(mailauth_key_read(path, &der, &len, why) == MAILAUTH_OK,
		    "%s", why);
		EXPECT(len == types[i].len, "%zu", len);
		free(der);
	}
	EXPECT(mailauth_key_make("ed25519", path, why) == MAILAUTH_ESYSTEM,
	    "it is written again");
	snprintf(want, sizeof(want), "%s: it is there already", path);
	expect_text(why, want);
	umask(mask);
	EXPECT(mailauth_key_make("ed25519", folder_path("no/where"), why) ==
	        MAILAUTH_ESYSTEM,
	    "there is no such folder");
	EXPECT(strstr(why, "/no/where: No such file or directory") != NULL,
	    "%s", why);
	EXPECT(mailauth_key_make("dsa", path, why) == MAILAUTH_EUSE, "%s", why);
	expect_text(why, "dsa: there is no such key type: rsa, ed25519");
}
END_TEST

/* Where nothing can be written the file of the key goes again. */
START_TEST(key_not_written)
{
	const char *path = folder_path("key.pem");
	char why[MAILAUTH_WHY_MAX], want[MAILAUTH_WHY_MAX];
	void (*before)(int) = signal(SIGXFSZ, SIG_IGN);
	struct rlimit now, none;
	enum mailauth_status status;

	getrlimit(RLIMIT_FSIZE, &now);
	none = (struct rlimit){ 0, now.rlim_max };
	setrlimit(RLIMIT_FSIZE, &none);
	status = mailauth_key_make("ed25519", path, why);
	setrlimit(RLIMIT_FSIZE, &now);
	signal(SIGXFSZ, before);
	EXPECT(status == MAILAUTH_ESYSTEM, "%d", status);
	snprintf(want, sizeof(want), "%s: it cannot be written", path);
	expect_text(why, want);
	EXPECT(access(path, F_OK) != 0, "the file is there");
}
END_TEST

/* Settings of files, with a key beside them. */
START_TEST(files)
{
	static const char first[] =
	    "{'nodes': [{'ip': '192.0.2.4'}], 'keys': [{'name': 'k', 'file': "
	    "'k.pem'}, {'name': 'l', 'file': '@'}]}";
	static const char second[] =
	    "{'senders': [{'from': 'a.org', 'dkim_key': 'k', 'dkim_selector': "
	    "'s'}]}";
	struct arena a = { NULL, false };
	struct writer w = arena_writer(&a), text = arena_writer(&a);
	struct mailauth_settings *s;
	char why[MAILAUTH_WHY_MAX];
	const char *list[2], *json = quoted(&a, first);

	for (const char *p = json; *p != '\0'; p++)
		if (*p == '@')
			/* A path from the root is one of its own. */
			put_text(&text,
			    folder_put("sub/l.pem", "ssh-ed25519 " ED,
			        12 + 60));
		else
			put_char(&text, *p);
	folder_put("sub/k.pem", ED, strlen(ED));
	list[0] = folder_put("sub/a.json", text.buf, text.used);
	list[1] = folder_put("b.json", quoted(&a, second), sizeof(second) - 1);
	EXPECT(mailauth_settings_read(list, 2, &s, why) == MAILAUTH_OK, "%s",
	    why);
	put_route(&w, s->routes);
	put_number(&w, s->list[LIST_KEYS]->spki.n);
	put_char(&w, ' ');
	put_number(&w, s->list[LIST_KEYS]->next->spki.n);
	expect_written(&w,
	    "-> senders[0]: From=a.org. from_email MAIL-FROM=a.org. DKIM key=k "
	    "selector=s d=a.org. known second d=a.org. by 192.0.2.4\n44 44");
	expect_text(mailauth_settings_domain(s, 0), "a.org");
	EXPECT(mailauth_settings_domain(s, 1) == NULL, "one domain");
	EXPECT(mailauth_settings_warning(s, 0) == NULL, "no warning");
	mailauth_settings_free(s);
	arena_free(&a);
}
END_TEST

START_TEST(files_refused)
{
	struct mailauth_settings *s = (void *)&s;
	char why[MAILAUTH_WHY_MAX], want[MAILAUTH_WHY_MAX];
	const char *list[SETTINGS_FILES_MAX + 1];

	list[0] = folder_path("none.json");
	EXPECT(mailauth_settings_read(list, 1, &s, why) == MAILAUTH_EINPUT &&
	        s == NULL,
	    "there is no file");
	snprintf(want, sizeof(want), "%s: No such file or directory", list[0]);
	expect_text(why, want);
	list[0] = "/";
	EXPECT(mailauth_settings_read(list, 1, &s, why) == MAILAUTH_EINPUT,
	    "it is a folder");
	expect_text(why, "/: it is a directory");
	list[0] = folder_put("a.json",
	    "{\"keys\": [{\"name\": \"k\", \"file\": \"k.pem\"}]}", 42);
	EXPECT(mailauth_settings_read(list, 1, &s, why) == MAILAUTH_EINPUT,
	    "there is no key");
	snprintf(want, sizeof(want),
	    "%s: keys[0].file: No such file or directory", list[0]);
	expect_text(why, want);
	for (size_t i = 0; i <= SETTINGS_FILES_MAX; i++)
		list[i] = folder_put("e.json", "{}", 2);
	EXPECT(mailauth_settings_read(list, SETTINGS_FILES_MAX, &s, why) ==
	        MAILAUTH_OK,
	    "%s", why);
	mailauth_settings_free(s);
	EXPECT(mailauth_settings_read(list, SETTINGS_FILES_MAX + 1, &s, why) ==
	            MAILAUTH_EUSE &&
	        s == NULL,
	    "too many are read");
	expect_text(why, "too many settings files");
	mailauth_settings_free(NULL);
}
END_TEST

START_TEST(of_texts)
{
	static const struct mailauth_settings_text texts[] = {
		{ .name = "one",
		    .text = "{\"domains\": [\"a.org\"]}",
		    .len = 22 },
		{ .name = "two",
		    .text = "{\"domains\": [\"b.org\"]}",
		    .len = 22 },
		{ .name = "bad", .text = "[]", .len = 2 },
	};
	struct mailauth_settings *s;
	char why[MAILAUTH_WHY_MAX];

	EXPECT(mailauth_settings_parse(texts, 2, &s, why) == MAILAUTH_OK, "%s",
	    why);
	expect_text(mailauth_settings_domain(s, 1), "b.org");
	mailauth_settings_free(s);
	EXPECT(mailauth_settings_parse(texts, 3, &s, why) == MAILAUTH_EINPUT,
	    "it is read");
	expect_text(why, "bad: an object is wanted here, and it is a list");
}
END_TEST

/* A route names four of its nodes, and how many more it has. */
START_TEST(route_of_nodes)
{
	struct arena room = { 0 };
	const char *json = quoted(&room,
	    "{'senders': [{'from': 'a@example.com'}], 'nodes': ["
	    "{'ip': '192.0.2.1'}, {'ip': '192.0.2.2'}, {'ip': '192.0.2.3'}, "
	    "{'ip': '192.0.2.4'}, {'ip': '192.0.2.5'}, {'ip': '192.0.2.6'}]}");
	const struct mailauth_settings_text text = { "main.json", json,
		strlen(json), NULL };
	struct mailauth_settings *settings;
	struct asked a;
	char why[MAILAUTH_WHY_MAX], *report;

	EXPECT(mailauth_settings_parse(&text, 1, &settings, why) == MAILAUTH_OK,
	    "%s", why);
	ask_open(&a, "zone example.com\n", NULL);
	a.settings = settings;
	ask(&a, "check --allow-documentation example.com");
	report = json_dumps(a.json, 0);
	EXPECT(strstr(report,
	           ", from 192.0.2.1 and 192.0.2.2 and 192.0.2.3 "
	           "and 192.0.2.4 and 2 more\"") != NULL,
	    "%s", report);
	free(report);
	ask_close(&a);
	mailauth_settings_free(settings);
	arena_free(&room);
}
END_TEST

Suite *
suite_settings(void)
{
	Suite *s = suite_create("settings");
	TCase *tc = tcase_create("settings");
	TCase *in_folder = tcase_create("files");

	tcase_set_timeout(tc, 60);
	tcase_add_loop_test(tc, reading, 0, COUNT(reads));
	tcase_add_loop_test(tc, refusal, 0, COUNT(refusals));
	tcase_add_loop_test(tc, unknown, 0, COUNT(unknowns));
	tcase_add_loop_test(tc, limit, 0, COUNT(limits));
	tcase_add_test(tc, limit_of_files);
	tcase_add_test(tc, limit_of_routes);
	tcase_add_test(tc, limit_of_warnings);
	tcase_add_test(tc, limit_of_octets);
	tcase_add_loop_test(tc, prefix, 0, COUNT(prefixes));
	tcase_add_loop_test(tc, key, 0, COUNT(keys));
	tcase_add_test(tc, key_file);
	tcase_add_test(tc, of_texts);
	tcase_add_test(tc, route_of_nodes);
	suite_add_tcase(s, tc);
	tcase_set_timeout(in_folder, 60);
	tcase_add_checked_fixture(in_folder, folder_open, folder_close);
	tcase_add_test(in_folder, key_file_refused);
	tcase_add_test(in_folder, key_made);
	tcase_add_test(in_folder, key_not_written);
	tcase_add_test(in_folder, files);
	tcase_add_test(in_folder, files_refused);
	suite_add_tcase(s, in_folder);
	return s;
}
