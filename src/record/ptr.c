/*
 * ptr.c - PTR records of sending addresses (RFC 1912 2.1, RFC 8601 2.7.3)
 * SPDX-License-Identifier: BSD-3-Clause
 */
#include "record/ptr.h"

#include "record/kind.h"

bool
ptr_parse(const struct mailauth_rdata *rr, struct dname *out)
{
	struct cursor c = cursor_of(rr->data, rr->len);

	return dname_read(&c, false, out) && cursor_left(&c) == 0;
}

bool
ptr_address(struct mailauth_str owner, struct addr *out)
{
	struct addr a = { .family = 4 };
	struct mailauth_str label;
	uint32_t v = 0;

	if (dname_under(owner, STR("in-addr.arpa.")) &&
	    dname_labels(owner) == 6) {
		for (int i = 3; i >= 0; i--) {
			if (!str_number(dname_first(owner), 255, &v))
				return false;
			a.octet[i] = (uint8_t)v;
			owner = dname_parent(owner);
		}
	} else if (dname_under(owner, STR("ip6.arpa.")) &&
	    dname_labels(owner) == 34) {
		a.family = 6;
		for (int i = 31; i >= 0; i--) {
			static const char digits[] = "0123456789abcdef";
			const char *d;

			label = dname_first(owner);
			d = memchr(digits, label.s[0], 16);
			if (label.n != 1 || d == NULL)
				return false;
			a.octet[i / 2] |=
			    (uint8_t)((d - digits) << (i % 2 == 0 ? 4 : 0));
			owner = dname_parent(owner);
		}
	} else {
		return false;
	}
	*out = a;
	return true;
}

/* Words that access providers use in the names of customers' lines. */
static const struct mailauth_str words[] = {
	STR_INIT("dyn"),
	STR_INIT("dynamic"),
	STR_INIT("dhcp"),
	STR_INIT("pool"),
	STR_INIT("dsl"),
	STR_INIT("adsl"),
	STR_INIT("vdsl"),
	STR_INIT("cable"),
	STR_INIT("ppp"),
	STR_INIT("pppoe"),
	STR_INIT("client"),
	STR_INIT("in-addr"),
	STR_INIT("static-ip"),
	STR_INIT("broadband"),
	STR_INIT("dialup"),
	STR_INIT("dial"),
};

/* `name` contains `word`, with no letter next to it. */
static bool
has_word(struct mailauth_str name, struct mailauth_str word)
{
	for (size_t i = 0; i + word.n <= name.n; i++)
		if (str_starts(str_from(name, i), word) &&
		    (i == 0 || !is_alpha(name.s[i - 1])) &&
		    (i + word.n == name.n || !is_alpha(name.s[i + word.n])))
			return true;
	return false;
}

/* `name` contains an IPv4 address: its four decimal numbers, forwards or
 * backwards, with any one character between them, or its eight hexadecimal
 * digits. */
static bool
has_address(struct mailauth_str name, const struct addr *a)
{
	char text[3][32];
	struct writer w[3];
	bool backwards;

	if (a->family != 4)
		return false;
	for (int i = 0; i < 3; i++)
		w[i] = writer_of(text[i], sizeof(text[i]));
	for (int i = 0; i < 4; i++) {
		if (i > 0) {
			put_char(&w[0], '.');
			put_char(&w[1], '.');
		}
		put_number(&w[0], a->octet[i]);
		put_number(&w[1], a->octet[3 - i]);
		put_hex(&w[2], a->octet[i]);
	}
	if (str_ifind(name, writer_str(&w[2])) < name.n)
		return true;
	for (size_t at = 0; at < name.n; at++) {
		for (backwards = false;; backwards = true) {
			struct mailauth_str want = writer_str(&w[backwards]);
			struct mailauth_str have = str_sub(name, at, want.n);
			size_t i = 0;

			while (i < have.n && have.n == want.n &&
			    (have.s[i] == want.s[i] ||
			        (want.s[i] == '.' && !is_alnum(have.s[i]))))
				i++;
			if (i == want.n &&
			    (at == 0 || !is_digit(name.s[at - 1])) &&
			    (at + i == name.n || !is_digit(name.s[at + i])))
				return true;
			if (backwards)
				break;
		}
	}
	return false;
}

/* The name looks like one that a provider generated for the address. */
static bool
is_generic(struct mailauth_str name, const struct addr *a)
{
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (has_word(name, words[i]))
			return true;
	return a->family != 0 && has_address(name, a);
}

static void
lint_set(struct exam *e)
{
	const struct mailauth_answer *a = e->answer;
	struct mailauth_findings *log = &e->out->findings;
	struct addr addr = { .family = 0 };
	struct dname name;

	ptr_address(a->name, &addr);
	for (size_t i = 0; i < a->nrr; i++) {
		char text[DNAME_TEXT_MAX];
		struct writer w = writer_of(text, sizeof(text));
		size_t from = log->count;
		struct mailauth_str host;

		if (!ptr_parse(&a->rr[i], &name))
			continue;
		e->out->matches++;
		put_dname(&w, &name);
		host = writer_str(&w);
		if (!dname_is_host(host) || dname_labels(host) < 2)
			findings_add(log, MAILAUTH_F_PTR_TARGET_INVALID);
		else if (is_generic(host, &addr))
			findings_add(log, MAILAUTH_F_PTR_GENERIC);
		findings_mark(log, from, i);
	}
	if (e->out->matches > 1)
		findings_add(log, MAILAUTH_F_PTR_MULTIPLE);
}

static void
show(const struct mailauth_rdata *rr, struct writer *w)
{
	struct dname name;

	if (ptr_parse(rr, &name))
		put_dname(w, &name);
}

static bool
read(struct mailauth_str text, struct writer *w)
{
	return put_dname_wire(w, str_word(&text)) && str_trim(text).n == 0;
}

static void
values(const struct mailauth_answer *a, const struct mailauth_judgement *j,
    struct value_sink *s)
{
	(void)j;
	sink_shown(s, "names", a, show);
}

const struct mailauth_kind kind_ptr = {
	.id = MAILAUTH_KIND_PTR,
	.name = "ptr",
	.title = "PTR",
	.reference = "RFC 1035",
	.rrtype = RRTYPE_PTR,
	.owner = "@",
	.lint_set = lint_set,
	.show = show,
	.read = read,
	.values = values,
	.missing = MAILAUTH_F_PTR_MISSING,
	.cname = MAILAUTH_F_PTR_CNAME_2317,
	.lookup = MAILAUTH_F_PTR_TEMPERROR,
};
