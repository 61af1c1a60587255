/*
 * fuzz_header.c - a message header: fields, addresses, Received, scores
 * SPDX-License-Identifier: BSD-3-Clause
 */
#include "base/arena.h"
#include "fuzz.h"
#include "header/arc.h"
#include "header/filter.h"
#include "header/header.h"
#include "header/lexer.h"
#include "header/mailbox.h"
#include "header/received.h"
#include "header/scores.h"

/* The fields cover `text` without a gap. Return their number. */
static size_t
split(struct mailauth_str text)
{
	struct mailauth_str rest = text, raw;
	struct header_field f, again;
	enum header_step step;
	size_t n = 0;

	for (;; n++) {
		const char *at = rest.s;
		size_t left = rest.n;

		step = header_next(&rest, &f);
		MUST(rest.s + rest.n == text.s + text.n);
		if (step != HEADER_FIELD)
			break;
		MUST(f.raw.s == at && f.raw.n > 0);
		MUST(f.raw.n + rest.n == left);
		MUST(f.name.s == at && f.name.n > 0);
		MUST(is_inside(f.raw, f.value));
		MUST(f.value.s > f.name.s + f.name.n - 1);
		MUST(f.value.s + f.value.n + 2 >= f.raw.s + f.raw.n);
		raw = f.raw;
		MUST(header_next(&raw, &again) == HEADER_FIELD && raw.n == 0);
		MUST(str_eq(again.value, f.value));
		MUST(again.unfolded == f.unfolded);
	}
	if (step == HEADER_JUNK)
		MUST(rest.n > 0 && header_next(&rest, &f) == HEADER_JUNK);
	return n;
}

/* CRLF at the end of each line must not change the result. */
static void
split_crlf(struct mailauth_str text, size_t fields)
{
	struct arena arena = { NULL, false };
	struct writer w = arena_writer(&arena);

	for (size_t i = 0; i < text.n; i++) {
		if (text.s[i] == '\n' && (i == 0 || text.s[i - 1] != '\r'))
			put_char(&w, '\r');
		put_char(&w, text.s[i]);
	}
	MUST(split(writer_str(&w)) == fields);
	arena_free(&arena);
}

/* An address found in a list is found alone too. */
static void
rewrite(const struct mailbox *m)
{
	struct arena arena = { NULL, false };
	struct writer w = arena_writer(&arena);
	struct mailauth_str list;
	struct mailbox again;

	put_char(&w, '<');
	put_str(&w, m->local);
	put_char(&w, '@');
	put_str(&w, m->domain);
	put_char(&w, '>');
	list = writer_str(&w);
	MUST(mailbox_next(&list, NULL, &again) && again.good);
	MUST(str_eq(again.local, m->local));
	MUST(str_eq(again.domain, m->domain));
	MUST(again.literal == m->literal);
	MUST(!mailbox_next(&list, NULL, &again));
	arena_free(&arena);
}

static void
mailboxes(struct mailauth_str text)
{
	struct mailauth_str rest = text;
	char room[1024];
	struct mailbox m;
	size_t left = rest.n;

	for (;;) {
		struct writer w = writer_of(room, sizeof(room));
		bool found = mailbox_next(&rest, &w, &m);

		MUST(rest.s + rest.n == text.s + text.n);
		if (!found)
			break;
		MUST(rest.n < left);
		left = rest.n;
		MUST(is_inside(text, m.whole) && m.whole.n > 0);
		MUST(is_inside(m.whole, m.name));
		MUST(is_inside(m.whole, m.addr));
		MUST(is_inside(m.addr, m.local));
		MUST(is_inside(m.addr, m.domain) ||
		    is_inside(writer_str(&w), m.domain));
		MUST(m.good == (m.domain.n > 0) && m.good == (m.local.n > 0));
		MUST(!(m.good && m.null));
		if (m.good)
			rewrite(&m);
	}
	MUST(rest.n == 0);
}

static bool
is_ip(const struct addr *a)
{
	return a->family == 0 || a->family == 4 || a->family == 6;
}

static void
trace(struct mailauth_str text)
{
	struct received_spf spf;
	struct arc_seal seal;
	struct received r;

	MUST(received_parse(text, &r) || (r.helo.n == 0 && r.by.n == 0));
	MUST(is_inside(text, r.helo) && is_inside(text, r.rdns));
	MUST(is_inside(text, r.by) && is_ip(&r.ip));
	MUST(received_spf_parse(text, &spf) == (spf.word.n > 0));
	MUST(is_inside(text, spf.word) && is_inside(text, spf.comment));
	MUST(is_inside(text, spf.client_ip) && is_inside(text, spf.helo));
	MUST(is_inside(text, spf.envelope_from));
	MUST(is_inside(text, spf.receiver) && is_inside(text, spf.identity));
	MUST(is_inside(text, spf.mechanism) && is_ip(&spf.ip));
	if (arc_seal_parse(text, &seal))
		MUST(seal.instance >= 1 && seal.instance <= 50);
	MUST(is_inside(text, seal.a) && is_inside(text, seal.d));
	MUST(is_inside(text, seal.s));
}

static void
check_scores(const struct scores *s)
{
	MUST(s->spam.value == 0 || s->spam.value == 1);
	MUST(s->flag.value == 0 || s->flag.value == 1);
	MUST(s->scl.value >= -1 && s->scl.value <= 9);
	MUST(s->bcl.value >= 0 && s->bcl.value <= 9);
	MUST(s->score.value >= -1000000999 && s->score.value <= 1000000999);
	MUST(s->spam.known || s->spam.value == 0);
	MUST(s->score.known || s->score.value == 0);
	MUST(s->scl.known || s->scl.value == 0);
}

static void
count(struct mailauth_str text)
{
	static const struct mailauth_str names[] = { STR_INIT("X-Spam-Status"),
		STR_INIT("X-Spam-Score"), STR_INIT("X-Spam-Flag"),
		STR_INIT("X-Forefront-Antispam-Report"),
		STR_INIT("X-MS-Exchange-Organization-SCL") };
	struct scores s = { .spam = { false, 0 } };
	struct mailauth_str rest = text;
	struct header_field f;

	while (header_next(&rest, &f) == HEADER_FIELD)
		scores_take(&s, f.name, f.value);
	check_scores(&s);
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		s = (struct scores){ .spam = { false, 0 } };
		scores_take(&s, names[i], text);
		check_scores(&s);
	}
}

/* What a filter says is of the field. */
static void
filter(struct mailauth_str name, struct mailauth_str value)
{
	struct filter_result r;
	struct filter f;
	size_t n = 0;

	if (!filter_open(name, value, &f))
		return;
	for (; filter_next(&f, &r); n++) {
		MUST(r.method.n > 0 && r.result.n > 0);
		MUST(
		    is_inside(value, r.domain) && is_inside(value, r.selector));
		MUST(is_inside(value, r.why));
	}
	MUST(n <= value.n);
	MUST(!filter_next(&f, &r));
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct mailauth_str text = { (const char *)data, size }, bare;
	struct header_field f;

	if (size < 1 || size > 65536)
		return 0;
	bare = header_skip_envelope(text);
	MUST(bare.s + bare.n == text.s + text.n);
	if (bare.n > 0)
		split_crlf(bare, split(bare));
	mailboxes(text);
	trace(text);
	count(text);
	filter(STR("X-Spamd-Result"), text);
	filter(STR("X-Spam-Status"), text);
	while (header_next(&bare, &f) == HEADER_FIELD) {
		mailboxes(f.value);
		trace(f.value);
	}
	return 0;
}
