/*
 * filter.c - what spam filters say of SPF, DKIM, DMARC and ARC
 * SPDX-License-Identifier: BSD-3-Clause
 */
#include "header/filter.h"

/* The result that a symbol or a test means. */
struct meaning {
	struct mailauth_str name, method, result;
};

#define SPF(name, result) \
	{ \
		STR_INIT(name), STR_INIT("spf"), STR_INIT(result) \
	}
#define DKIM(name, result) \
	{ \
		STR_INIT(name), STR_INIT("dkim"), STR_INIT(result) \
	}
#define DMARC(name, result) \
	{ \
		STR_INIT(name), STR_INIT("dmarc"), STR_INIT(result) \
	}
#define ARC(name, result) \
	{ \
		STR_INIT(name), STR_INIT("arc"), STR_INIT(result) \
	}

static const struct meaning symbols[] = {
	SPF("R_SPF_ALLOW", "pass"),
	SPF("R_SPF_PLUSALL", "pass"),
	SPF("R_SPF_FAIL", "fail"),
	SPF("R_SPF_SOFTFAIL", "softfail"),
	SPF("R_SPF_NEUTRAL", "neutral"),
	SPF("R_SPF_NA", "none"),
	SPF("R_SPF_DNSFAIL", "temperror"),
	SPF("R_SPF_PERMFAIL", "permerror"),
	DKIM("R_DKIM_ALLOW", "pass"),
	DKIM("R_DKIM_REJECT", "fail"),
	DKIM("R_DKIM_TEMPFAIL", "temperror"),
	DKIM("R_DKIM_PERMFAIL", "permerror"),
	DKIM("R_DKIM_NA", "none"),
	DMARC("DMARC_POLICY_ALLOW", "pass"),
	DMARC("DMARC_POLICY_ALLOW_WITH_FAILURES", "pass"),
	DMARC("DMARC_POLICY_REJECT", "fail"),
	DMARC("DMARC_POLICY_QUARANTINE", "fail"),
	DMARC("DMARC_POLICY_SOFTFAIL", "fail"),
	DMARC("DMARC_NA", "none"),
	DMARC("DMARC_POLICY_NA", "none"),
	DMARC("DMARC_DNSFAIL", "temperror"),
	DMARC("DMARC_POLICY_DNSFAIL", "temperror"),
	DMARC("DMARC_BAD_POLICY", "permerror"),
	DMARC("DMARC_POLICY_BAD_POLICY", "permerror"),
	ARC("ARC_ALLOW", "pass"),
	ARC("ARC_REJECT", "fail"),
	ARC("ARC_INVALID", "fail"),
	ARC("ARC_DNSFAIL", "temperror"),
	ARC("ARC_NA", "none"),
};

static const struct meaning tests[] = {
	SPF("SPF_PASS", "pass"),
	SPF("SPF_FAIL", "fail"),
	SPF("SPF_SOFTFAIL", "softfail"),
	SPF("SPF_NEUTRAL", "neutral"),
	SPF("SPF_NONE", "none"),
	SPF("SPF_TEMPERROR", "temperror"),
	SPF("SPF_PERMERROR", "permerror"),
	DKIM("DKIM_VALID", "pass"),
	DKIM("DKIM_VALID_AU", "pass"),
	DKIM("DKIM_INVALID", "fail"),
	DMARC("DMARC_PASS", "pass"),
	DMARC("DMARC_REJECT", "fail"),
	DMARC("DMARC_QUAR", "fail"),
	DMARC("DMARC_NONE", "fail"),
	DMARC("DMARC_MISSING", "none"),
	ARC("ARC_VALID", "pass"),
	ARC("ARC_INVALID", "fail"),
};

static const struct meaning *
meaning_of(const struct meaning *list, size_t n, struct mailauth_str name)
{
	for (size_t i = 0; i < n; i++)
		if (str_eq(list[i].name, name))
			return &list[i];
	return NULL;
}

/* "example.com:s=s1" */
static void
take_signature(struct mailauth_str option, struct filter_result *out)
{
	size_t colon = str_find(option, ':');
	struct mailauth_str rest = str_from(option, colon + 1);

	out->domain = str_trim(str_sub(option, 0, colon));
	if (str_starts(rest, STR("s=")))
		out->selector = str_sub(rest, 2, str_find(rest, ':') - 2);
}

/* "example.com,reject", "example.com : No valid SPF, No valid DKIM,none" */
static void
take_policy(struct mailauth_str options, struct filter_result *out)
{
	size_t n = 0;

	while (n < options.n && options.s[n] != ':' && options.s[n] != ',')
		n++;
	out->domain = str_trim(str_sub(options, 0, n));
	out->why = str_trim(str_from(options, n + 1));
	out->of_author = true;
}

/* Make a result of the symbol. Each option of DKIM is a signature, and a result
 * of its own; the one of SPF is the term that decided. */
static void
take_options(struct filter *f, struct filter_result *out)
{
	struct mailauth_str all = f->options, first = str_cut(&f->options, ',');

	*out =
	    (struct filter_result){ .method = f->method, .result = f->result };
	if (str_eq(f->method, STR("dkim"))) {
		take_signature(str_trim(first), out);
		return;
	}
	f->options = STR_NONE;
	if (str_eq(f->method, STR("spf")))
		out->why = str_trim(first);
	else if (str_eq(f->method, STR("dmarc")))
		take_policy(all, out);
	else
		take_signature(str_trim(first), out);
}

/* "R_DKIM_REJECT(1.00)[example.com:s=s1]" */
static bool
next_symbol(struct filter *f, struct filter_result *out)
{
	while (f->options.n == 0 && f->rest.n > 0) {
		struct mailauth_str piece = str_trim(str_cut(&f->rest, ';'));
		size_t open = str_find(piece, '(');
		const struct meaning *m =
		    meaning_of(symbols, sizeof(symbols) / sizeof(symbols[0]),
		        str_sub(piece, 0, open));

		if (m == NULL || open == piece.n)
			continue;
		f->method = m->method;
		f->result = m->result;
		piece = str_from(piece, str_find(piece, '[') + 1);
		f->options = str_sub(piece, 0, str_find(piece, ']'));
		take_options(f, out);
		return true;
	}
	if (f->options.n == 0)
		return false;
	take_options(f, out);
	return true;
}

/* The name of a test, of "A,B", "A, B" and "[A=-0.1, B=2]". */
static struct mailauth_str
take_test(struct mailauth_str *rest)
{
	struct mailauth_str name;
	size_t n = 0;

	while (rest->n > 0 && !is_alnum(rest->s[0]))
		*rest = str_from(*rest, 1);
	while (n < rest->n && (is_alnum(rest->s[n]) || rest->s[n] == '_'))
		n++;
	name = str_sub(*rest, 0, n);
	*rest = str_from(*rest, n);
	if (rest->n > 0 && rest->s[0] == '=')
		while (rest->n > 0 && !is_fws(rest->s[0]) && rest->s[0] != ',')
			*rest = str_from(*rest, 1);
	/* On trial. */
	return str_starts(name, STR("T_")) ? str_from(name, 2) : name;
}

static bool
has_test(struct mailauth_str rest, struct mailauth_str name)
{
	while (rest.n > 0)
		if (str_eq(take_test(&rest), name))
			return true;
	return false;
}

/* DKIM_VALID_AU says more than the DKIM_VALID beside it. */
static bool
next_test(struct filter *f, struct filter_result *out)
{
	while (f->rest.n > 0) {
		struct mailauth_str name = take_test(&f->rest);
		const struct meaning *m =
		    meaning_of(tests, sizeof(tests) / sizeof(tests[0]), name);

		if (m == NULL || (f->author && str_eq(name, STR("DKIM_VALID"))))
			continue;
		*out = (struct filter_result){ .method = m->method,
			.result = m->result,
			.of_author = str_eq(name, STR("DKIM_VALID_AU")) ||
			    str_eq(m->method, STR("dmarc")) };
		return true;
	}
	return false;
}

bool
filter_open(struct mailauth_str name, struct mailauth_str value,
    struct filter *out)
{
	size_t at = str_ifind(value, STR("tests="));

	*out = (struct filter){ .rest = value };
	out->rspamd = str_ieq(name, STR("X-Spamd-Result"));
	if (out->rspamd)
		return true;
	out->rest = str_from(value, at + STR("tests=").n);
	out->author = has_test(out->rest, STR("DKIM_VALID_AU"));
	return str_ieq(name, STR("X-Spam-Status")) && at < value.n;
}

bool
filter_next(struct filter *f, struct filter_result *out)
{
	return f->rspamd ? next_symbol(f, out) : next_test(f, out);
}
