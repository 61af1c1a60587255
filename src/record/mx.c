/*
 * mx.c - MX records (RFC 5321 5.1, RFC 7505)
 * SPDX-License-Identifier: BSD-3-Clause
 */
#include "record/mx.h"

#include "base/addr.h"
#include "record/final_dot.h"
#include "record/kind.h"

/* An SPF mechanism "mx" is a permerror with more hosts (RFC 7208 4.6.4). */
#define HOSTS_MANY 10

bool
mx_parse(const struct mailauth_rdata *rr, struct mx *out)
{
	struct cursor c = cursor_of(rr->data, rr->len);

	out->preference = cursor_u16(&c);
	return dname_read(&c, false, &out->host) && cursor_left(&c) == 0;
}

/* The name has an octet outside ASCII. */
static bool
is_ulabel(const struct dname *name)
{
	for (size_t i = 0; i < name->len; i++)
		if (name->wire[i] > 0x7f)
			return true;
	return false;
}

/* The host ends in the owner twice, "mx.example.com.example.com.": a final dot
 * is missing in the zone file. */
static bool
is_doubled(struct mailauth_str host, struct mailauth_str owner)
{
	char twice[2 * DNAME_TEXT_MAX];
	struct writer w = writer_of(twice, sizeof(twice));

	put_str(&w, owner);
	put_str(&w, owner);
	return !w.full && owner.n > 1 && dname_under(host, writer_str(&w));
}

bool
mx_is_label(const struct mx *m)
{
	return m->host.wire[0] != 0 && m->host.wire[1 + m->host.wire[0]] == 0;
}

/* What people write for the '.' of a null MX. */
static bool
is_null_word(struct mailauth_str s)
{
	static const struct mailauth_str words[] = {
		STR_INIT("0"),
		STR_INIT("null"),
		STR_INIT("nullmx"),
		STR_INIT("null-mx"),
		STR_INIT("none"),
		STR_INIT("nomail"),
		STR_INIT("no-mail"),
		STR_INIT("nomx"),
		STR_INIT("invalid"),
	};

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (str_ieq(s, words[i]))
			return true;
	return false;
}

enum mailauth_finding_id
mx_mistake(struct mailauth_str host, struct mailauth_str owner)
{
	struct mailauth_str front, meant;
	struct addr a;

	if (is_null_word(str_sub(host, 0, host.n - 1)))
		return MAILAUTH_F_MX_NULL_MISWRITTEN;
	if (dname_labels(host) == 1)
		return MAILAUTH_F_MX_SINGLE_LABEL;
	if (final_dot_lost(host, owner, &meant))
		return MAILAUTH_F_MX_TRAILING_DOT_MISSING;
	if (owner.n <= 1 || !dname_under(host, owner) || host.n <= owner.n + 1)
		return MAILAUTH_F_NONE;
	front = str_sub(host, 0, host.n - owner.n - 1);
	if (str_eq(front, STR("0")))
		return MAILAUTH_F_MX_NULL_MISWRITTEN;
	return addr_parse(front, &a) ? MAILAUTH_F_MX_ADDRESS_AS_NAME :
	                               MAILAUTH_F_NONE;
}

/* Findings on one host. */
static void
lint_host(struct exam *e, const struct mx *m, uint16_t rr)
{
	struct mailauth_findings *log = &e->out->findings;
	char text[DNAME_TEXT_MAX];
	struct writer w = writer_of(text, sizeof(text));
	struct mailauth_str host, bare;
	size_t from = log->count;
	bool literal, loopback;
	struct addr a;

	put_dname(&w, &m->host);
	host = writer_str(&w);
	bare = str_sub(host, 0, host.n - 1);
	literal = addr_parse(bare, &a);
	loopback = literal && a.family == 4 &&
	    (a.octet[0] == 127 || str_eq(bare, STR("0.0.0.0")));
	if (literal || host.s[0] == '[')
		findings_add(log, MAILAUTH_F_MX_IP_LITERAL);
	if (is_ulabel(&m->host))
		findings_add(log, MAILAUTH_F_DNS_IDN_ULABEL);
	if (is_doubled(host, e->answer->name))
		findings_add(log, MAILAUTH_F_MX_TRAILING_DOT_MISSING);
	else if (!literal && !str_eq(bare, STR("localhost")) &&
	    mx_is_label(m) != e->scope->plain)
		findings_add(log, mx_mistake(host, e->answer->name));
	else if (e->scope->plain && is_null_word(bare))
		findings_add(log, MAILAUTH_F_MX_NULL_MISWRITTEN);
	if (str_eq(bare, STR("localhost")) ||
	    dname_under(host, STR("localhost.")) || loopback)
		findings_add(log, MAILAUTH_F_MX_LOOPBACK_TRICK);
	findings_mark(log, from, rr);
}

/* The host of record `i` equals that of an earlier record. */
static bool
is_repeated(const struct mailauth_answer *a, size_t i, const struct mx *m)
{
	struct mx other;

	for (size_t j = 0; j < i; j++)
		if (mx_parse(&a->rr[j], &other) &&
		    other.host.len == m->host.len &&
		    memcmp(other.host.wire, m->host.wire, m->host.len) == 0)
			return true;
	return false;
}

static void
lint_set(struct exam *e)
{
	const struct mailauth_answer *a = e->answer;
	struct mailauth_findings *log = &e->out->findings;
	size_t nulls = 0, hosts = 0;
	bool nonzero = false, repeated = false;
	struct mx m;

	for (size_t i = 0; i < a->nrr; i++) {
		if (!mx_parse(&a->rr[i], &m))
			continue;
		e->out->matches++;
		if (mx_is_null(&m)) {
			nulls++;
			nonzero = nonzero || m.preference != 0;
			continue;
		}
		hosts++;
		lint_host(e, &m, (uint16_t)i);
		/* The comparison is quadratic: limit it. */
		if (i <= 64)
			repeated = repeated || is_repeated(a, i, &m);
	}
	if (nulls > 0 && hosts > 0)
		findings_add(log, MAILAUTH_F_MX_NULL_MIXED);
	else if (nulls > 0)
		findings_add(log, MAILAUTH_F_MX_NULL);
	if (nonzero)
		findings_add(log, MAILAUTH_F_MX_NULL_NONZERO);
	if (hosts == 1 && nulls == 0 && !e->scope->plain)
		findings_add(log, MAILAUTH_F_MX_SINGLE);
	if (hosts > HOSTS_MANY)
		findings_add(log, MAILAUTH_F_MX_MANY);
	if (repeated)
		findings_add(log, MAILAUTH_F_MX_DUPLICATE);
}

static void
show(const struct mailauth_rdata *rr, struct writer *w)
{
	struct mx m;

	if (!mx_parse(rr, &m))
		return;
	put_number(w, m.preference);
	put_char(w, ' ');
	put_dname(w, &m.host);
}

/* Presentation form (RFC 1035 3.3.9): preference, host. */
static bool
read(struct mailauth_str text, struct writer *w)
{
	uint32_t preference;

	if (!str_number(str_word(&text), UINT16_MAX, &preference))
		return false;
	put_char(w, (char)(preference >> 8));
	put_char(w, (char)preference);
	return put_dname_wire(w, str_word(&text)) && str_trim(text).n == 0;
}

static void
values(const struct mailauth_answer *a, const struct mailauth_judgement *j,
    struct value_sink *s)
{
	char room[DNAME_TEXT_MAX];
	bool null = false;
	struct mx m;

	(void)j;
	s->begin_list(s, "hosts");
	for (size_t i = 0; i < a->nrr; i++) {
		struct writer w = writer_of(room, sizeof(room));

		if (!mx_parse(&a->rr[i], &m))
			continue;
		put_dname(&w, &m.host);
		null = null || mx_is_null(&m);
		s->begin_object(s, NULL);
		s->number(s, "preference", m.preference);
		s->word(s, "host", writer_str(&w));
		s->end(s);
	}
	s->end(s);
	s->flag(s, "null", null);
}

const struct mailauth_kind kind_mx = {
	.id = MAILAUTH_KIND_MX,
	.name = "mx",
	.title = "MX",
	.reference = "RFC 5321",
	.rrtype = RRTYPE_MX,
	.owner = "@",
	.lint_set = lint_set,
	.show = show,
	.read = read,
	.values = values,
	.wildcard = MAILAUTH_F_MX_WILDCARD,
	.low_ttl = true,
};
