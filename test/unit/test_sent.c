/*
 * test_sent.c - messages beside the settings of the platform that sent them
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * Settings are written with '\'' in place of '"'.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "letter.h"
#include "text.h"

#define COUNT(table) ((int)(sizeof(table) / sizeof((table)[0])))
#define SIGNED       .sign = { { "rsa-2048", SIGN } }
#define SIGNED_AS(domain, selector) \
	.sign = { { "rsa-2048", SIGN_OF(domain, selector) } }

/* A panel that overrides what a template and a virtual sender set. */
#define PANEL \
	"'domains': [{'name': 'example.com', 'dkim_selector': 's1'}], " \
	"'nodes': [{'name': 'mx1', 'ip': '192.0.2.4', 'host': " \
	"'out.example.com'}, {'name': 'mx2', 'ip': '203.0.113.66', 'host': " \
	"'b.example.com'}], 'pools': [{'id': 7, 'nodes': ['mx1'], " \
	"'sender_domain': 'bounce.example.com'}], "
#define NEWS \
	"{'name': 'news', 'from': 'news@example.com', 'mail_from': " \
	"'bounce@example.com', 'pool_id': 7}"

static const struct {
	struct letter letter; /* the message, and codes of findings */
	const char *settings;
	/** The sender, its pool, and each value: as set, or '!' and why. */
	const char *says;
} rows[] = {
	{ { "all as set", SIGNED, .above = DELIVERED("192.0.2.4"),
	      .codes = "cfg-sent-ok" },
	    "{" PANEL "'senders': [" NEWS "]}",
	    "senders[0] (news), pools[0] (7)\n"
	    "from example.com\ndkim s1 of example.com\nmail_from example.com\n"
	    "node 192.0.2.4\n" },
	{ { "a template's selector, which the panel overrides",
	      SIGNED_AS("example.com", "s9"), .above = DELIVERED("192.0.2.4"),
	      .codes = "cfg-sent-selector" },
	    "{" PANEL "'senders': [" NEWS "], 'templates': [{'name': 'june', "
	    "'sender': 'news', 'dkim_selector': 's9'}]}",
	    "templates[0] (june), pools[0] (7)\n"
	    "from example.com\n"
	    "dkim ! s9 of example.com for s1 of example.com: it is set by "
	    "templates[0] (june), which domains[0] (example.com.) overrides\n"
	    "mail_from example.com\nnode 192.0.2.4\n" },
	{ { "a virtual sender's reverse address, which its sender overrides",
	      SIGNED,
	      .above =
	          "Return-Path: <x@mailer-service.com>\n" RECEIVED("192.0.2.4"),
	      .codes = "cfg-sent-mail-from" },
	    "{" PANEL "'senders': [" NEWS "], 'virtual_senders': [{'name': "
	    "'v', 'sender': 'news', 'mail_from': 'x@mailer-service.com'}]}",
	    "virtual_senders[0] (v), pools[0] (7)\n"
	    "from example.com\ndkim s1 of example.com\n"
	    "mail_from ! mailer-service.com for example.com: it is set by "
	    "virtual_senders[0] (v), which senders[0] (news) overrides\n"
	    "node 192.0.2.4\n" },
	{ { "From of a template, which its sender overrides", SIGNED,
	      .above = DELIVERED("192.0.2.4"),
	      .old = "From: News <news@example.com>",
	      .new = "From: News <news@promo.example.net>",
	      .codes = "cfg-sent-from" },
	    "{" PANEL "'senders': [" NEWS "], 'templates': [{'sender': 'news', "
	    "'from': 'news@promo.example.net'}]}",
	    "templates[0], pools[0] (7)\n"
	    "from ! promo.example.net for example.com: it is set by "
	    "templates[0], which senders[0] (news) overrides\n"
	    "dkim s1 of example.com\nmail_from example.com\nnode 192.0.2.4\n" },
	{ { "From of no setting", SIGNED, .above = DELIVERED("192.0.2.4"),
	      .old = "From: News <news@example.com>",
	      .new = "From: News <news@example.org>",
	      .codes = "cfg-sent-from" },
	    "{" PANEL "'senders': [" NEWS "]}",
	    "senders[0] (news), pools[0] (7)\n"
	    "from ! example.org for example.com: no setting has it\n"
	    "dkim s1 of example.com\nmail_from example.com\nnode 192.0.2.4\n" },
	{ { "the selector of another sender", SIGNED_AS("example.com", "s9"),
	      .above = DELIVERED("192.0.2.4"), .codes = "cfg-sent-selector" },
	    "{" PANEL "'senders': [" NEWS ", {'name': 'shop', 'from': "
	    "'shop@example.com', 'mail_from': 'b@example.org', "
	    "'dkim_selector': 's9'}]}",
	    "senders[0] (news), pools[0] (7)\n"
	    "from example.com\n"
	    "dkim ! s9 of example.com for s1 of example.com: no setting has it\n"
	    "mail_from example.com\nnode 192.0.2.4\n" },
	{ { "the node of another pool", SIGNED,
	      .above = DELIVERED("203.0.113.66"), .codes = "cfg-sent-node" },
	    "{" PANEL "'senders': [" NEWS "]}",
	    "senders[0] (news), pools[0] (7)\n"
	    "from example.com\ndkim s1 of example.com\nmail_from example.com\n"
	    "node ! 203.0.113.66 for 192.0.2.4: it is nodes[1] (mx2), which "
	    "this sender does not use\n" },
	{ { "a system that the settings do not know", SIGNED,
	      .above = DELIVERED("198.51.100.20"), .codes = "cfg-sent-node" },
	    "{" PANEL "'senders': [" NEWS "]}",
	    "senders[0] (news), pools[0] (7)\n"
	    "from example.com\ndkim s1 of example.com\nmail_from example.com\n"
	    "node ! 198.51.100.20 for 192.0.2.4: it is no node of the "
	    "settings: another system sent or forwarded the message\n" },
	{ { "no signature, in a whole header", .above = DELIVERED("192.0.2.4"),
	      .codes = "cfg-sent-selector" },
	    "{" PANEL "'senders': [" NEWS "]}",
	    "senders[0] (news), pools[0] (7)\n"
	    "from example.com\n"
	    "dkim ! no signature for s1 of example.com: nothing signed it, or "
	    "the signature was removed\n"
	    "mail_from example.com\nnode 192.0.2.4\n" },
	{ { "a paste shows a part, and the receiver names the key",
	      .above = RESULTS "dkim=fail header.d=example.com header.s=s9\n",
	      .codes = "cfg-sent-selector" },
	    "{" PANEL "'senders': [" NEWS "]}",
	    "senders[0] (news), pools[0] (7)\n"
	    "from example.com\n"
	    "dkim ! s9 of example.com for s1 of example.com: no setting has it\n" },
	{ { "a selector with its domain, two signatures",
	      .sign = { { "rsa-2048", SIGN },
	          { "ed25519",
	              "v=1; a=ed25519-sha256; c=relaxed/relaxed; "
	              "d=bounce.example.com; s=ed; t=1780308000; "
	              "h=from:to:subject:date:message-id" } },
	      .above =
	          "Return-Path: <x@bounce.example.com>\n" RECEIVED("192.0.2.4"),
	      .codes = "cfg-sent-ok" },
	    "{'pools': [{'id': 7, 'dkim_selector': 'ed', 'sender_domain': "
	    "'bounce.example.com'}], 'senders': [{'from': 'a@example.com', "
	    "'mail_from_type': 'aligned', 'pool_id': 7, 'dkim_selector': "
	    "'s1._domainkey.example.com'}]}",
	    "senders[0], pools[0] (7)\n"
	    "from example.com\ndkim s1 of example.com\n"
	    "mail_from bounce.example.com\n"
	    "secondary_dkim ed of bounce.example.com\n" },
	{ { "MAIL FROM is the name of the node", SIGNED,
	      .above =
	          "Return-Path: <x@out.example.com>\n" RECEIVED("192.0.2.4"),
	      .codes = "cfg-sent-ok" },
	    "{" PANEL "'senders': [{'from': 'a@example.com', "
	    "'mail_from_type': 'ptr'}]}",
	    "senders[0]\n"
	    "from example.com\ndkim s1 of example.com\n"
	    "mail_from the name of its node\nnode 192.0.2.4, 203.0.113.66\n" },
	{ { "a bounce shows no reverse address", SIGNED,
	      .above = "Return-Path: <>\n" RECEIVED("192.0.2.4"),
	      .codes = "cfg-sent-ok" },
	    "{" PANEL "'senders': [" NEWS "]}",
	    "senders[0] (news), pools[0] (7)\n"
	    "from example.com\ndkim s1 of example.com\nnode 192.0.2.4\n" },
};

/* The member "settings" of the report as in the table. */
static void
put_settings(struct writer *w, const json_t *s)
{
	const json_t *v;
	size_t i;

	put_text(w, text_at(s, "sender"));
	put_text(w, json_is_null(at(s, "pool")) ? "" : ", ");
	put_text(w, text_at(s, "pool"));
	put_char(w, '\n');
	json_array_foreach(json_object_get(s, "values"), i, v)
	{
		bool differs = json_is_true(at(v, "differs"));

		put_text(w, text_at(v, "name"));
		put_char(w, ' ');
		if (differs) {
			put_text(w, "! ");
			put_text(w, text_at(v, "message"));
			put_text(w, " for ");
		}
		put_text(w, text_at(v, "set"));
		put_text(w, differs ? ": " : "");
		put_text(w, text_at(v, "why"));
		put_char(w, '\n');
	}
}

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

/* Of the findings about this, the message has that one. The cause has it when
 * something differs. */
static void
expect_finding(const struct asked *a, const char *code, const char *title)
{
	static const char *const all[] = { "cfg-sent-ok", "cfg-sent-from",
		"cfg-sent-mail-from", "cfg-sent-selector", "cfg-sent-node" };
	char causes[512];

	for (int i = 0; i < COUNT(all); i++)
		EXPECT(has_code(a, all[i]) == (strcmp(all[i], code) == 0),
		    "%s: %s", title, all[i]);
	letter_causes(a, causes, sizeof(causes));
	EXPECT((strstr(causes, "sent-otherwise") != NULL) ==
	        (strcmp(code, "cfg-sent-ok") != 0),
	    "%s: %s", title, causes);
}

START_TEST(beside_settings)
{
	const struct letter *l = &rows[_i].letter;
	struct arena a = { NULL, false };
	struct writer w = arena_writer(&a);
	struct mailauth_settings *s = read_settings(&a, rows[_i].settings);
	struct explained e;

	letter_open(&e, l, NULL);
	e.asked.settings = s;
	letter_ask(&e, l);
	put_settings(&w, at(e.asked.json, "settings"));
	expect_written(&w, rows[_i].says);
	expect_finding(&e.asked, l->codes, l->title);
	letter_close(&e);
	mailauth_settings_free(s);
	arena_free(&a);
}
END_TEST

/* Without settings the report has none, and the key of the settings is held
 * against the one in DNS. */
START_TEST(none_and_key)
{
	static const struct letter l = { "a key", SIGNED,
		.above = DELIVERED("192.0.2.4") };
	struct arena a = { NULL, false };
	struct mailauth_settings *s = read_settings(&a,
	    "{'keys': [{'name': 'k', 'public': "
	    "'MCowBQYDK2VwAyEAePKANsYYRhAssVBvY+2g6MdM5pn31KCHOmUqf5/rx/g='}],"
	    " 'senders': [{'from': 'example.com', 'dkim_key': 'k', "
	    "'dkim_selector': 's1'}]}");
	struct explained e;

	letter_open(&e, &l, NULL);
	letter_ask(&e, &l);
	EXPECT(json_is_null(at(e.asked.json, "settings")), "settings");
	EXPECT(!has_code(&e.asked, "dkim-key-mismatch-private"), "a key");
	letter_close(&e);
	letter_open(&e, &l, NULL);
	e.asked.settings = s;
	letter_ask(&e, &l);
	EXPECT(has_code(&e.asked, "dkim-key-mismatch-private"), "no key");
	letter_close(&e);
	mailauth_settings_free(s);
	arena_free(&a);
}
END_TEST

Suite *
suite_sent(void)
{
	Suite *s = suite_create("sent");
	TCase *t = tcase_create("settings");

	tcase_add_loop_test(t, beside_settings, 0, COUNT(rows));
	tcase_add_test(t, none_and_key);
	suite_add_tcase(s, t);
	return s;
}
