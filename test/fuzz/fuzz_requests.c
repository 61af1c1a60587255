/*
 * fuzz_requests.c - whole requests over a resolver that gets hostile packets
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * The input chooses a request and its options, and writes each DNS message
 * that answers it: records that make sense, cut, with pointers anywhere, with
 * counts and lengths that are wrong.
 */
#include <string.h>

#include "base/dname.h"
#include "dns/packet.h"
#include "dns/source.h"
#include "record/rrtype.h"
#include "report.h"
#include "test/script/fake.h"

/* Lookups of one request: LOOKUPS_MAX and what settings allow beyond. */
#define ASKED_MAX 900

static const char *const names[] = { "d.example.", "a.d.example.", "b.example.",
	"mx.d.example.", "_dmarc.d.example.", "s1._domainkey.d.example.", "x.",
	"d.example._report._dmarc.b.example.", "4.2.0.192.in-addr.arpa." };

static const char *const texts[] = {
	"v=spf1 include:a.d.example mx a:mx.d.example -all",
	"v=spf1 exists:%{i}._spf.%{d2} redirect=a.d.example",
	"v=spf1 ip4:192.0.2.4 ~all exp=a.d.example",
	"v=DMARC1; p=reject; rua=mailto:r@b.example!1m,mailto:q@d.example",
	"v=DMARC1; p=none; sp=quarantine; psd=y; t=y",
	"v=DKIM1; k=ed25519; p=11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=",
	"v=DKIM1; p=",
	"v=BIMI1; l=https://d.example/a.svg; a=",
	"spf2.0/pra,mfrom include:b.example -all",
	"o=-; t=y",
	"dkim=discardable",
	"v=spf1 include:d.example ptr:d.example ?all",
	"v=DMARC1",
};

static const char mail[] =
    "Authentication-Results: mx; dkim=pass header.d=d.example header.s=s1; "
    "spf=pass smtp.mailfrom=x@a.d.example\r\n"
    "Received: from mx.d.example (mx.d.example [192.0.2.4]) by r; "
    "Mon, 01 Jun 2026 10:00:00 +0000\r\n"
    "Return-Path: <b@a.d.example>\r\n"
    "DKIM-Signature: v=1; a=ed25519-sha256; d=d.example; s=s1; h=from; "
    "bh=47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=; b=AAAA\r\n"
    "From: <j@d.example>\r\n"
    "\r\n"
    "x\r\n";

static const char platform[] =
    "{\"domains\": [\"d.example\"],"
    " \"nodes\": [{\"ip\": \"192.0.2.4\", \"host\": \"mx.d.example\"}],"
    " \"senders\": [{\"name\": \"n\", \"from\": \"j@d.example\","
    "  \"mail_from_type\": \"aligned\", \"mail_from_subdomain\": \"a\"}]}";

/* The input, and the message that it writes. */
static struct {
	const uint8_t *data;
	size_t n, at;
	uint8_t packet[65536];
	struct writer w;
} in;

static unsigned
take(void)
{
	return in.at < in.n ? in.data[in.at++] : 0;
}

static void
put8(unsigned v)
{
	put_char(&in.w, (char)v);
}

static void
put16(unsigned v)
{
	put8(v >> 8);
	put8(v);
}

/* A name, or a pointer to one. */
static void
put_some_name(unsigned which)
{
	if (which >= 200)
		put16(0xc00c);
	else if (which >= 190)
		put16(0xc000 | take() << 2 | 3);
	else
		put_dname_wire(&in.w, str_of(names[which % 9]));
}

/* A text in strings of any length, some octets of it changed. */
static void
put_some_text(void)
{
	struct mailauth_str text = str_of(texts[take() % 13]);
	char room[512];
	unsigned how = take();

	memcpy(room, text.s, text.n);
	text.s = room;
	for (unsigned i = 0; how > 128 && i <= (how & 3); i++)
		room[take() % text.n] = (char)take();
	if (how > 220)
		text.n = take() % text.n;
	if (how == 130)
		put8(255);
	while (text.n > 0) {
		struct mailauth_str part =
		    str_sub(text, 0, how > 200 ? 1 + take() % 40 : 255);

		put8((unsigned)part.n);
		put_str(&in.w, part);
		text = str_from(text, part.n);
	}
}

static void
put_some(unsigned n)
{
	while (n-- > 0)
		put8(take());
}

static void
put_some_data(const struct lookup *l, unsigned type)
{
	switch (type) {
	case RRTYPE_TXT:
	case RRTYPE_SPF: put_some_text(); break;
	case RRTYPE_A:
		put16(192 << 8);
		put8(2);
		put8(take());
		break;
	case RRTYPE_AAAA:
		put8(0x20);
		put_some(15);
		break;
	case RRTYPE_MX:
		put16(take());
		put_some_name(take());
		break;
	case RRTYPE_CNAME:
	case RRTYPE_NS:
	case RRTYPE_PTR:
	case RRTYPE_DNAME: put_some_name(take()); break;
	case RRTYPE_SOA:
		put_some_name(take());
		put_some_name(take());
		put_some(20);
		break;
	case RRTYPE_RRSIG:
		put16(l->answer.rrtype);
		put8(13);
		put8(take() & 7);
		put_some(14);
		put_some_name(take());
		put_some(8);
		break;
	default: put_some(take() & 31); break;
	}
}

/* Mostly of the type that was asked for. */
static unsigned
some_type(const struct lookup *l)
{
	unsigned t = take();

	return t < 170 ? l->answer.rrtype :
	    t < 190    ? RRTYPE_CNAME :
	    t < 200    ? RRTYPE_DNAME :
	    t < 215    ? RRTYPE_RRSIG :
	                 t;
}

static void
put_some_record(const struct lookup *l, bool authority)
{
	unsigned type, wrong;
	size_t at, n;

	put_some_name(take());
	type = some_type(l);
	if (authority)
		type = RRTYPE_SOA;
	put16(type);
	put16(1);
	put16(0);
	put16(take() * 4);
	at = in.w.used;
	put16(0);
	put_some_data(l, type);
	if (in.w.full)
		return;
	n = in.w.used - at - 2;
	wrong = take();
	n += wrong > 245 ? wrong - 245 : 0;
	n -= wrong > 240 && wrong <= 245 && n > 0;
	in.packet[at] = (uint8_t)(n >> 8);
	in.packet[at + 1] = (uint8_t)n;
}

static void
put_packet(const struct lookup *l)
{
	unsigned how = take(), answers = take() % 6, others = take() % 3;
	unsigned rcode = how > 240 ? how & 15 : (how & 7) == 7 ? 3 : 0;

	in.w = writer_of((char *)in.packet, sizeof(in.packet));
	put16(0x1234);
	put16(0x8180 | rcode | (how & 0x20 ? 0x400 : 0) |
	    (how == 0x55 ? 0x200 : 0));
	put16(how != 0x33);
	put16(how == 0x34 ? 0xffff : answers);
	put16(others);
	put16(0);
	put_dname_wire(&in.w, l->answer.name);
	put16(l->answer.rrtype);
	put16(1);
	for (unsigned i = 0; i < answers + others; i++)
		put_some_record(l, i >= answers);
	if (how == 0xaa)
		in.w.used -= take() % in.w.used;
}

static void
answer(struct fake *f, struct lookup *l)
{
	static const enum mailauth_dnssec states[] = { MAILAUTH_DNSSEC_SECURE,
		MAILAUTH_DNSSEC_INSECURE, MAILAUTH_DNSSEC_INDETERMINATE,
		MAILAUTH_DNSSEC_UNCHECKED };
	unsigned how = take();
	struct packet_head head;
	uint8_t *copy;

	(void)f;
	if (l->probe || in.at >= in.n || how > 235) {
		fake_fail(l, (enum mailauth_cause)(1 + how % 10), STR_NONE);
		return;
	}
	put_packet(l);
	/* A sanitizer sees what is read beyond it. */
	MUST((copy = malloc(in.w.used + 1)) != NULL);
	memcpy(copy, in.packet, in.w.used);
	if (packet_read(l, copy, in.w.used, &head))
		l->answer.dnssec = states[how & 3];
	else
		fake_fail(l, MAILAUTH_CAUSE_SERVFAIL, STR_NONE);
	free(copy);
}

/* Some answers take longer than others. */
static double
delay(struct fake *f, const struct lookup *l)
{
	(void)f;
	(void)l;
	return (take() & 7) == 1 ? 1.2 : FAKE_DELAY;
}

static long
read_mail(void *arg, void *buf, size_t n)
{
	size_t *at = arg, left = sizeof(mail) - 1 - *at;

	n = n < left ? n : left;
	memcpy(buf, mail + *at, n);
	*at += n;
	return (long)n;
}

/* Made once. */
static struct {
	struct fake fake;
	struct mailauth_resolver *resolver;
	struct mailauth_settings *settings;
	struct mailauth_message *message;
} all;

static void
start(void)
{
	static const struct mailauth_options options = { .timeout = 15 };
	char path[] = "/tmp/fuzz-requests.XXXXXX", why[MAILAUTH_WHY_MAX];
	const char *file = path;
	size_t at = 0;
	int fd = mkstemp(path);
	FILE *f = fd >= 0 ? fdopen(fd, "w") : NULL;

	MUST(f != NULL && fputs(platform, f) >= 0 && fclose(f) == 0);
	MUST(mailauth_settings_read(&file, 1, &all.settings, why) ==
	    MAILAUTH_OK);
	remove(path);
	MUST(mailauth_message_new(read_mail, &at, &all.message, why) ==
	    MAILAUTH_OK);
	fake_start(&all.fake, answer);
	all.fake.delay = delay;
	all.resolver = source_new(&all.fake.base, &options);
	MUST(all.resolver != NULL);
}

static enum mailauth_status
check(unsigned o, struct mailauth_report **out, char *why)
{
	static const char *const selectors[] = { "s1", "x" };
	static const struct mailauth_sender senders[] = {
		{ "mx.d.example", "192.0.2.4" }, { NULL, "192.0.2.4" }
	};
	const struct mailauth_request q = { .domain = "d.example",
		.selectors = selectors,
		.nselectors = o & 1,
		.senders = senders,
		.nsenders = (o >> 1 & 3) % 3,
		.mail_from = o & 8 ? "x@a.d.example" : NULL,
		.helo = o & 16 ? "mx.d.example" : NULL,
		.settings = o & 32 ? all.settings : NULL,
		.compare_servers = o & 64,
		.profile =
		    o & 128 ? MAILAUTH_PROFILE_RFC : MAILAUTH_PROFILE_GUIDE,
		.allow_documentation = true };

	return mailauth_check(all.resolver, &q, out, why);
}

static enum mailauth_status
request(unsigned which, unsigned o, struct mailauth_report **out, char *why)
{
	static const char *const dkim[] = { "a.d.example" };
	static const char *const add[] = { "ip4:192.0.2.9" };
	const struct mailauth_spf_request spf = { .ip = o & 1 ? "192.0.2.4" :
		                                                NULL,
		.mail_from = "joe@d.example",
		.helo = "mx.d.example",
		.scope = o & 2 ? "pra" : NULL,
		.allow_documentation = true };
	const struct mailauth_dmarc_request dmarc = { .from = o & 1 ?
		    "a.d.example" :
		    "d.example",
		.dkim = dkim,
		.ndkim = o >> 1 & 1,
		.spf = o & 4 ? "b.example" : NULL,
		.allow_documentation = true };
	const struct mailauth_explain_request explain = { .message =
		                                              all.message,
		.allow_documentation = true };
	const struct mailauth_merge_request merge = {
		.record = "v=spf1 include:a.d.example redirect=d.example",
		.add = add,
		.nadd = 1,
		.allow_documentation = true
	};
	const struct mailauth_plan_request plan = { .settings = all.settings };

	switch (which) {
	case 1: return mailauth_spf(all.resolver, &spf, out, why);
	case 2: return mailauth_dmarc(all.resolver, &dmarc, out, why);
	case 3: return mailauth_explain(all.resolver, &explain, out, why);
	case 4: return mailauth_spf_merge(all.resolver, &merge, out, why);
	case 5: return mailauth_plan(all.resolver, &plan, out, why);
	default: return check(o, out, why);
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct mailauth_report *r = NULL;
	char why[MAILAUTH_WHY_MAX] = "";
	unsigned which, options;

	if (all.resolver == NULL)
		start();
	if (size < 4)
		return 0;
	in.data = data;
	in.n = size;
	in.at = 0;
	all.fake.asked = 0;
	fake_clear(&all.fake);
	which = take() % 7;
	options = take();
	MUST(request(which, options, &r, why) == MAILAUTH_OK);
	check_report(r);
	MUST(all.fake.asked <= ASKED_MAX);
	mailauth_report_free(r);
	return 0;
}
