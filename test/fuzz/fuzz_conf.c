/*
 * fuzz_conf.c - the configuration of the resolver module
 * SPDX-License-Identifier: BSD-3-Clause
 */
#include "fuzz.h"
#include "log/conf.h"

/* The messages about a text. */
struct told {
	unsigned count;
	unsigned last; /* line of the last message */
	unsigned lines; /* of the text */
	uint64_t sum; /* hash of all messages */
};

static void
tell(void *arg, unsigned line, const char *why)
{
	struct told *t = arg;
	size_t n = strlen(why);

	/* At most one message a line, in order, printable. */
	MUST(line > t->last && line <= t->lines);
	MUST(n > 5 && n < CONF_WHY_MAX);
	for (size_t i = 0; i < n; i++) {
		MUST(is_print(why[i]));
		t->sum = t->sum * 31 + (unsigned char)why[i];
	}
	t->sum = t->sum * 31 + line;
	t->last = line;
	t->count++;
}

static bool
is_power(uint32_t v)
{
	return v != 0 && (v & (v - 1)) == 0;
}

/* Any configuration that was read is within the limits of the module. */
static void
check_conf(const struct conf *c)
{
	MUST(c->target <= CONF_TO_NOTHING);
	MUST((c->target == CONF_TO_NOTHING) == (c->log[0] == '\0'));
	MUST(memchr(c->log, '\0', sizeof(c->log)) != NULL);
	MUST(memchr(c->metrics, '\0', sizeof(c->metrics)) != NULL);
	MUST(c->format <= CONF_TEXT && c->clients <= CONF_CLIENTS_FULL);
	MUST(c->kinds != 0 && (c->kinds & ~conf_kinds_all()) == 0);
	MUST(c->verdicts != 0 && c->verdicts < 32);
	MUST(c->repeat_interval >= 1 && c->repeat_interval <= 604800);
	MUST(c->metrics_interval >= 1 && c->metrics_interval <= 3600);
	MUST(c->prefix4 <= 32 && c->prefix6 <= 128);
	MUST(is_power(c->cache_size) && c->cache_size >= 64 &&
	    c->cache_size <= 1u << 20);
	MUST(is_power(c->buffer_size) && c->buffer_size >= 1u << 19 &&
	    c->buffer_size <= 1u << 28);
	MUST(c->facility < 24 && c->profile < MAILAUTH_PROFILE_COUNT);
}

static bool
are_equal(const struct conf *a, const struct conf *b)
{
	return a->target == b->target && a->format == b->format &&
	    a->clients == b->clients && strcmp(a->log, b->log) == 0 &&
	    strcmp(a->metrics, b->metrics) == 0 && a->kinds == b->kinds &&
	    a->verdicts == b->verdicts &&
	    a->repeat_interval == b->repeat_interval &&
	    a->metrics_interval == b->metrics_interval &&
	    a->prefix4 == b->prefix4 && a->prefix6 == b->prefix6 &&
	    a->cache_size == b->cache_size &&
	    a->buffer_size == b->buffer_size && a->facility == b->facility &&
	    a->profile == b->profile &&
	    a->allow_documentation == b->allow_documentation &&
	    a->strict == b->strict;
}

static struct told
read_conf(struct mailauth_str text, struct conf *c)
{
	struct told t = { .lines = 1 };

	for (size_t i = 0; i < text.n; i++)
		t.lines += text.s[i] == '\n';
	conf_default(c);
	MUST(conf_read(c, text, tell, &t) == t.count);
	return t;
}

/* An empty line and a comment in front, or CR LF, do not change the result. */
static void
check_dressed(struct mailauth_str text, const struct conf *as,
    const struct told *told)
{
	static char room[1 << 17];
	struct writer w = writer_of(room, sizeof(room));
	struct told t;
	struct conf c;

	put_text(&w, "\n \t# comment: \"\n");
	for (size_t i = 0; i < text.n; i++) {
		if (text.s[i] == '\n')
			put_char(&w, '\r');
		put_char(&w, text.s[i]);
	}
	if (w.full)
		return;
	t = read_conf(writer_str(&w), &c);
	MUST(t.count == told->count && are_equal(&c, as));
	MUST(told->last == 0 || t.last == told->last + 2);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct mailauth_str text = { (const char *)data, size };
	struct conf c, d;
	struct told t, u;

	if (size > 65535)
		return 0;
	t = read_conf(text, &c);
	check_conf(&c);
	u = read_conf(text, &d);
	MUST(t.count == u.count && t.sum == u.sum && are_equal(&c, &d));
	check_dressed(text, &c, &t);
	/* No option takes effect without the clause. */
	conf_default(&d);
	if (str_ifind(text, STR("mailauth")) == text.n)
		MUST(are_equal(&c, &d));
	return 0;
}
