/*
 * dmarc.c - DMARC records (RFC 9989, and as receivers of RFC 7489 see them)
 * SPDX-License-Identifier: BSD-3-Clause
 */
#include "record/dmarc.h"

#include "record/kind.h"
#include "record/txt.h"

/* Report addresses to compare for duplicates, at most. */
#define URIS_MAX 16

/* The order in which most records have their tags: find_tag() of taglist.c
 * searches in this order. */
enum {
	T_V,
	T_P,
	T_SP,
	T_RUA,
	T_RUF,
	T_FO,
	T_ADKIM,
	T_ASPF,
	T_PCT,
	T_NP,
	T_PSD,
	T_T,
	T_RF,
	T_RI,
	TAGS
};

static const struct mailauth_str policies[] = { STR_INIT("none"),
	STR_INIT("quarantine"), STR_INIT("reject"), { NULL, 0 } };
static const struct mailauth_str modes[] = { STR_INIT("r"), STR_INIT("s"),
	{ NULL, 0 } };
static const struct mailauth_str options[] = { STR_INIT("0"), STR_INIT("1"),
	STR_INIT("d"), STR_INIT("s"), { NULL, 0 } };
static const struct mailauth_str psds[] = { STR_INIT("y"), STR_INIT("n"),
	STR_INIT("u"), { NULL, 0 } };
static const struct mailauth_str yes_no[] = { STR_INIT("n"), STR_INIT("y"),
	{ NULL, 0 } };

static const struct tag tags[TAGS] = {
	[T_V] = { STR_INIT("v"), TAG_TEXT, true, NULL, 0, 0 },
	[T_P] = { STR_INIT("p"), TAG_WORD, true, policies, 0,
	    MAILAUTH_F_DMARC_P_INVALID },
	[T_SP] = { STR_INIT("sp"), TAG_WORD, true, policies, 0,
	    MAILAUTH_F_DMARC_SP_INVALID },
	[T_NP] = { STR_INIT("np"), TAG_WORD, true, policies, 0,
	    MAILAUTH_F_DMARC_NP_INVALID },
	[T_ADKIM] = { STR_INIT("adkim"), TAG_WORD, true, modes, 0,
	    MAILAUTH_F_DMARC_ADKIM_INVALID },
	[T_ASPF] = { STR_INIT("aspf"), TAG_WORD, true, modes, 0,
	    MAILAUTH_F_DMARC_ASPF_INVALID },
	[T_FO] = { STR_INIT("fo"), TAG_WORDS, true, options, 0, 0 },
	[T_PSD] = { STR_INIT("psd"), TAG_WORD, true, psds, 0,
	    MAILAUTH_F_DMARC_PSD_INVALID },
	[T_T] = { STR_INIT("t"), TAG_WORD, true, yes_no, 0,
	    MAILAUTH_F_DMARC_T_INVALID },
	[T_RUA] = { STR_INIT("rua"), TAG_TEXT, true, NULL, 0, 0 },
	[T_RUF] = { STR_INIT("ruf"), TAG_TEXT, true, NULL, 0, 0 },
	[T_PCT] = { STR_INIT("pct"), TAG_NUMBER, true, NULL, 100,
	    MAILAUTH_F_DMARC_PCT_INVALID },
	[T_RF] = { STR_INIT("rf"), TAG_TEXT, true, NULL, 0, 0 },
	[T_RI] = { STR_INIT("ri"), TAG_TEXT, true, NULL, 0, 0 },
};

static const struct taglist list = {
	.tag = tags,
	.n = TAGS,
	.fold_names = true,
	.syntax = MAILAUTH_F_DMARC_SYNTAX_IGNORED,
	.duplicate = MAILAUTH_F_DMARC_DUPLICATE_TAG,
	.unknown = MAILAUTH_F_DMARC_UNKNOWN_TAG,
	.typo = MAILAUTH_F_DMARC_TAG_TYPO,
};

/* dmarc-version = "v" equals %s"DMARC1", then a separator or the end (RFC 9989
 * 4.8). The value has case, the name has not. */
bool
dmarc_is_record(struct mailauth_str t)
{
	size_t at = 1;

	if (t.n < 8 || to_lower(t.s[0]) != 'v')
		return false;
	while (at < t.n && is_wsp(t.s[at]))
		at++;
	if (at >= t.n || t.s[at++] != '=')
		return false;
	while (at < t.n && is_wsp(t.s[at]))
		at++;
	if (!str_starts(str_from(t, at), STR("DMARC1")))
		return false;
	at += 6;
	while (at < t.n && is_wsp(t.s[at]))
		at++;
	return at == t.n || t.s[at] == ';';
}

/* A misspelled version, or a p= with one of the policies before any v=. */
bool
dmarc_is_near(struct mailauth_str t)
{
	struct mailauth_str rest;
	struct tag_item it;
	uint32_t word = 0;

	t = txt_bare(t);
	if (str_istarts(t, STR("DMARC1")) || str_istarts(t, STR("v:DMARC")) ||
	    str_istarts(t, STR("v DMARC")))
		return true;
	rest = t;
	while (tag_next(&rest, &it)) {
		if (str_ieq(it.name, STR("v")))
			return str_istarts(it.value, STR("DMARC"));
		if (!str_ieq(it.name, STR("p")))
			continue;
		for (word = 0; policies[word].n > 0; word++)
			if (str_ieq(it.value, policies[word]))
				return true;
	}
	return false;
}

enum pick
dmarc_pick(struct mailauth_str t)
{
	return dmarc_is_record(t) ? PICK_YES :
	    dmarc_is_near(t)      ? PICK_NEAR :
	                            PICK_NO;
}

bool
dmarc_uri_next(struct mailauth_str *rest, struct mailauth_str *uri,
    struct mailauth_str *domain)
{
	*domain = STR_NONE;
	if (rest->n == 0)
		return false;
	*uri = str_trim(str_cut(rest, ','));
	if (str_istarts(*uri, STR("mailto:"))) {
		struct mailauth_str address = str_from(*uri, 7);
		size_t at = str_find(address, '@');

		address = str_from(address, at + (at < address.n));
		*domain = str_sub(address, 0, str_find(address, '!'));
		*domain = str_sub(*domain, 0, str_find(*domain, '?'));
	}
	return true;
}

/* The text begins with a scheme and ':', ALPHA *( ALPHA / DIGIT / "+" / "-" /
 * "." ) (RFC 3986 3.1). */
static bool
has_scheme(struct mailauth_str uri)
{
	size_t colon = str_find(uri, ':');

	if (colon == 0 || colon == uri.n || !is_alpha(uri.s[0]))
		return false;
	for (size_t i = 0; i < colon; i++)
		if (!is_alnum(uri.s[i]) && memchr("+-.", uri.s[i], 3) == NULL)
			return false;
	return true;
}

/* The finding on the size limit behind the '!' of an address, "!10m" (RFC 7489
 * 6.2), which RFC 9989 dropped. */
static uint16_t
check_size(struct mailauth_str uri)
{
	size_t mark = str_find(uri, '!');
	struct mailauth_str size = str_from(uri, mark + 1);
	uint32_t ignored;

	if (mark == uri.n)
		return MAILAUTH_F_NONE;
	if (str_find(size, '@') < size.n)
		return MAILAUTH_F_DMARC_URI_UNENCODED;
	if (size.n > 1 && strchr("kmgtKMGT", size.s[size.n - 1]) != NULL)
		size.n--;
	return str_number(size, UINT32_MAX, &ignored) ?
	    MAILAUTH_F_DMARC_URI_SIZE_LIMIT :
	    MAILAUTH_F_DMARC_URI_SIZE_INVALID;
}

static bool
has_blank(struct mailauth_str s)
{
	for (size_t i = 0; i < s.n; i++)
		if (is_fws(s.s[i]))
			return true;
	return false;
}

/* The text is several addresses separated by blanks. */
static bool
is_list(struct mailauth_str uri)
{
	struct mailauth_str first = str_word(&uri);

	return str_find(first, '@') < first.n && uri.n > 0;
}

/* The mailto: URI has one '@', and a '/' only in its query (RFC 6068 2). */
static bool
is_address(struct mailauth_str uri, struct mailauth_str domain)
{
	size_t slash = str_find(uri, '/');

	return str_find(domain, '@') == domain.n &&
	    (slash == uri.n || str_find(uri, '?') < slash);
}

/* The finding on one report address; F_NONE when it is valid. `text_plain`: the
 * whole text is str_is_plain(text, ' '), so that only blanks are to be looked
 * for. */
static uint16_t
check_uri(struct mailauth_str uri, struct mailauth_str domain, bool text_plain)
{
	bool plain =
	    text_plain ? str_find(uri, ' ') == uri.n : str_is_plain(uri, '!');
	bool mail = str_istarts(uri, STR("mailto:"));

	if (!plain && !str_is_ascii(uri))
		return MAILAUTH_F_DMARC_URI_NON_ASCII;
	if (!plain && has_blank(uri))
		return has_scheme(uri) && is_list(uri) ?
		    MAILAUTH_F_DMARC_URI_SEPARATOR :
		    MAILAUTH_F_DMARC_URI_INVALID;
	if (!plain &&
	    (str_find(uri, '<') < uri.n || str_find(uri, '>') < uri.n))
		return MAILAUTH_F_DMARC_URI_INVALID;
	if (uri.n == 0 || (!mail && !has_scheme(uri)))
		return MAILAUTH_F_DMARC_URI_INVALID;
	if (!mail)
		return MAILAUTH_F_DMARC_URI_SCHEME;
	if (domain.n == 0 || uri.s[7] == '@' || !is_address(uri, domain))
		return MAILAUTH_F_DMARC_URI_INVALID;
	return check_size(uri);
}

/* Receivers can use an address with this result of check_uri(). */
static bool
is_usable(uint16_t id)
{
	return id == MAILAUTH_F_NONE || id == MAILAUTH_F_DMARC_URI_SCHEME ||
	    id == MAILAUTH_F_DMARC_URI_SIZE_LIMIT;
}

/* Add the findings on a list of report addresses. Return the number of usable
 * ones. */
static size_t
lint_uris(struct mailauth_str text, struct mailauth_str rest, bool plain,
    struct mailauth_findings *log)
{
	struct mailauth_str seen[URIS_MAX], uri, domain, before = STR_NONE;
	size_t n = 0, usable = 0;

	if (rest.n == 0)
		findings_at(log, MAILAUTH_F_DMARC_URI_INVALID, text, rest);
	while (dmarc_uri_next(&rest, &uri, &domain)) {
		uint16_t id = check_uri(uri, domain, plain);

		/* "mailto:a,b@example.com" splits into an address without '@'
		 * and one without scheme: the comma belongs to the address and
		 * must be encoded. */
		if (id == MAILAUTH_F_DMARC_URI_INVALID && before.n > 0 &&
		    str_istarts(before, STR("mailto:")) &&
		    str_find(before, '@') == before.n &&
		    str_find(uri, '@') < uri.n)
			id = MAILAUTH_F_DMARC_URI_UNENCODED;
		before = uri;
		if (id != MAILAUTH_F_NONE)
			findings_at(log, id, text, uri);
		else if (domain.n > 0 && domain.s[domain.n - 1] == '.')
			findings_at(log, MAILAUTH_F_REPORT_ADDRESS_DOT, text,
			    uri);
		usable += is_usable(id);
		for (size_t i = 0; i < n; i++) {
			if (!str_ieq(seen[i], uri))
				continue;
			findings_at(log, MAILAUTH_F_DMARC_URI_DUPLICATE, text,
			    uri);
			break;
		}
		if (n < URIS_MAX)
			seen[n++] = uri;
	}
	if (n > 2)
		findings_add(log, MAILAUTH_F_DMARC_URI_MANY);
	return usable;
}

/* The number of usable addresses of a list. */
static size_t
usable_uris(struct mailauth_str rest)
{
	struct mailauth_str uri, domain;
	size_t n = 0;

	while (dmarc_uri_next(&rest, &uri, &domain))
		n += is_usable(check_uri(uri, domain, false));
	return n;
}

/* The policy of a tag; ABSENT when the tag is missing, invalid, or there more
 * than once. */
static enum mailauth_dmarc_policy
policy(const struct mailauth_record *rec, size_t slot)
{
	const struct mailauth_value *v = &rec->value[slot];

	return v->seen == 1 && v->good ? (enum mailauth_dmarc_policy)v->number :
	                                 MAILAUTH_DMARC_ABSENT;
}

static bool
is_bad(const struct mailauth_value *v)
{
	return v->seen > 0 && !v->good;
}

/* Some tag appears more than once. */
static bool
has_duplicate(const struct mailauth_record *rec)
{
	for (size_t i = 0; i < TAGS; i++)
		if (rec->value[i].seen > 1)
			return true;
	return false;
}

/* The meaning for receivers of RFC 9989, or with `old` of RFC 7489. */
static struct dmarc
meaning(const struct mailauth_record *rec, bool old)
{
	const struct mailauth_value *v = rec->value;
	struct dmarc d = {
		.p = policy(rec, T_P),
		.sp = policy(rec, T_SP),
		.np = policy(rec, T_NP),
		.psd = v[T_PSD].seen > 0 && v[T_PSD].good ?
		    (enum dmarc_psd)v[T_PSD].number :
		    DMARC_PSD_U,
		.strict_dkim = v[T_ADKIM].good && v[T_ADKIM].number == 1,
		.strict_spf = v[T_ASPF].good && v[T_ASPF].number == 1,
		.testing = !old && v[T_T].good && v[T_T].number == 1,
		.pct =
		    v[T_PCT].seen > 0 && v[T_PCT].good ? v[T_PCT].number : 100,
		.rua = tag_value(rec, T_RUA),
		.ruf_value = tag_value(rec, T_RUF),
	};
	bool bad;

	if (has_duplicate(rec)) {
		d.p = d.sp = d.np = MAILAUTH_DMARC_ABSENT;
		d.applies = d.uncertain = true;
		return d;
	}
	bad = d.p == MAILAUTH_DMARC_ABSENT || is_bad(&v[T_SP]) ||
	    (!old && is_bad(&v[T_NP]));

	/* A record with a missing p=, or an invalid p=, sp= or np=, counts as
	 * p=none when it has a usable rua= address, and as absent when it has
	 * none (RFC 9989 4.10.1, RFC 7489 6.6.3). */
	d.applies = !bad || usable_uris(d.rua) > 0;
	if (old)
		d.np = MAILAUTH_DMARC_ABSENT;
	if (bad) {
		d.p = MAILAUTH_DMARC_NONE;
		d.sp = d.np = MAILAUTH_DMARC_ABSENT;
	}
	return d;
}

struct dmarc
dmarc_of(const struct mailauth_record *rec)
{
	return meaning(rec, false);
}

struct dmarc
dmarc_of_7489(const struct mailauth_record *rec)
{
	return meaning(rec, true);
}

const char *
dmarc_policy_name(enum mailauth_dmarc_policy p)
{
	return p != MAILAUTH_DMARC_ABSENT &&
	        (size_t)p < sizeof(policies) / sizeof(policies[0]) ?
	    policies[p].s :
	    NULL;
}

enum mailauth_dmarc_policy
dmarc_policy_of(struct mailauth_str name)
{
	enum mailauth_dmarc_policy p = MAILAUTH_DMARC_NONE;

	while (p < MAILAUTH_DMARC_ABSENT && !str_ieq(name, policies[p]))
		p++;
	return p;
}

enum mailauth_dmarc_policy
dmarc_effective(const struct dmarc *d)
{
	return d->applies ? d->p : MAILAUTH_DMARC_ABSENT;
}

/* Findings on p=, sp=, np= and t=. `usable` is the number of usable rua=
 * addresses. `below` is the policy for existing subdomains; np= (RFC 9989 4.7)
 * is that for names that do not exist, and falls back to it. */
static void
lint_policy(const struct exam *e, struct mailauth_str text, size_t usable)
{
	struct mailauth_findings *log = &e->out->findings;
	const struct mailauth_record *rec = &e->out->record;
	const struct mailauth_value *v = rec->value;
	enum mailauth_dmarc_policy p = policy(rec, T_P), sp = policy(rec, T_SP);
	enum mailauth_dmarc_policy np = policy(rec, T_NP);
	enum mailauth_dmarc_policy below = sp != MAILAUTH_DMARC_ABSENT ? sp : p;
	struct mailauth_str p_text = tag_value(rec, T_P);

	/* The policy is not certain; dmarc-duplicate-tag says so. */
	if (has_duplicate(rec))
		return;
	if (v[T_P].seen == 0)
		findings_add(log,
		    usable > 0 ? MAILAUTH_F_DMARC_P_MISSING :
		                 MAILAUTH_F_DMARC_P_MISSING_NO_RUA);
	else if (v[T_P].order != 2)
		findings_at(log, MAILAUTH_F_DMARC_TAG_ORDER, text, p_text);
	if (p == MAILAUTH_DMARC_NONE)
		findings_at(log, MAILAUTH_F_DMARC_P_NONE, text, p_text);
	else if (p == MAILAUTH_DMARC_QUARANTINE)
		findings_at(log, MAILAUTH_F_DMARC_P_QUARANTINE, text, p_text);
	else if (p == MAILAUTH_DMARC_REJECT)
		findings_at(log, MAILAUTH_F_DMARC_P_REJECT, text, p_text);
	if (p == MAILAUTH_DMARC_REJECT)
		findings_add(log, MAILAUTH_F_DMARC_DIRECT_TO_REJECT);
	if (p != MAILAUTH_DMARC_ABSENT && sp != MAILAUTH_DMARC_ABSENT)
		findings_at(log,
		    sp == p    ? MAILAUTH_F_DMARC_SP_REDUNDANT :
		        sp > p ? MAILAUTH_F_NONE :
		        sp == MAILAUTH_DMARC_NONE ? MAILAUTH_F_DMARC_SP_NONE :
		                                    MAILAUTH_F_DMARC_SP_WEAKER,
		    text, tag_value(rec, T_SP));
	if (np != MAILAUTH_DMARC_ABSENT && below != MAILAUTH_DMARC_ABSENT &&
	    np < below)
		findings_at(log, MAILAUTH_F_DMARC_NP_WEAKER, text,
		    tag_value(rec, T_NP));
	if (v[T_NP].seen == 0 && below != MAILAUTH_DMARC_ABSENT &&
	    below > MAILAUTH_DMARC_NONE)
		findings_add(log, MAILAUTH_F_DMARC_NP_SUGGEST);
	if (v[T_T].good && v[T_T].number == 1 &&
	    ((p != MAILAUTH_DMARC_NONE && p != MAILAUTH_DMARC_ABSENT) ||
	        (sp != MAILAUTH_DMARC_NONE && sp != MAILAUTH_DMARC_ABSENT) ||
	        (np != MAILAUTH_DMARC_NONE && np != MAILAUTH_DMARC_ABSENT)))
		findings_at(log, MAILAUTH_F_DMARC_T_Y, text,
		    tag_value(rec, T_T));
}

/* fo= is a set without duplicates, and not with both 0 and 1 (RFC 9989 4.7):
 * the number of its words equals the number of its bits, and bits 0 and 1,
 * which are "0" and "1", are not both set. */
static bool
options_ok(const struct mailauth_value *fo, struct mailauth_str value)
{
	size_t words = 0;
	unsigned bits = 0;

	for (uint32_t n = fo->number; n > 0; n >>= 1)
		bits += n & 1;
	do {
		str_cut(&value, ':');
		words++;
	} while (value.n > 0);
	return fo->good && words == bits && (fo->number & 3) != 3;
}

static void
lint_options(const struct exam *e, struct mailauth_str text)
{
	struct mailauth_findings *log = &e->out->findings;
	const struct mailauth_record *rec = &e->out->record;
	const struct mailauth_value *v = rec->value;

	for (size_t t = T_ADKIM; t <= T_ASPF; t++)
		if (v[t].good && v[t].number == 1)
			findings_at(log, MAILAUTH_F_DMARC_ALIGNMENT_STRICT,
			    text, tag_value(rec, t));
	if (v[T_FO].seen > 0 && !options_ok(&v[T_FO], tag_value(rec, T_FO)))
		findings_at(log, MAILAUTH_F_DMARC_FO_INVALID, text,
		    tag_value(rec, T_FO));
	if (v[T_FO].seen > 0 && v[T_RUF].seen == 0)
		findings_at(log, MAILAUTH_F_DMARC_FO_WITHOUT_RUF, text,
		    tag_value(rec, T_FO));
	if (v[T_PSD].good && v[T_PSD].number == DMARC_PSD_N)
		findings_at(log, MAILAUTH_F_DMARC_PSD_N, text,
		    tag_value(rec, T_PSD));
	if (v[T_PSD].good && v[T_PSD].number == DMARC_PSD_Y &&
	    v[T_RUF].seen > 0)
		findings_at(log, MAILAUTH_F_DMARC_PSD_Y_RUF, text,
		    tag_value(rec, T_RUF));
	if (v[T_PCT].good)
		findings_at(log,
		    v[T_PCT].number == 100 ? MAILAUTH_F_DMARC_PCT_HISTORIC :
		                             MAILAUTH_F_DMARC_PCT_PARTIAL,
		    text, tag_value(rec, T_PCT));
	if (v[T_RF].seen > 0 || v[T_RI].seen > 0)
		findings_at(log, MAILAUTH_F_DMARC_RF_RI_HISTORIC, text,
		    tag_value(rec, v[T_RF].seen > 0 ? T_RF : T_RI));
}

/* Report addresses that a semicolon has cut off from their list. */
static void
lint_lost_uris(struct mailauth_str text, struct mailauth_findings *log)
{
	struct mailauth_str rest = text;
	struct tag_item it;

	while (tag_next(&rest, &it))
		if (str_istarts(it.whole, STR("mailto:")) ||
		    (!it.equals && !has_blank(it.whole) &&
		        str_find(it.whole, '@') < it.whole.n))
			findings_at(log, MAILAUTH_F_DMARC_URI_SEPARATOR, text,
			    it.whole);
}

static void
lint(struct exam *e, struct mailauth_str text)
{
	struct mailauth_findings *log = &e->out->findings;
	const struct mailauth_record *rec = &e->out->record;
	const struct mailauth_value *v = rec->value;
	enum mailauth_dmarc_policy p = policy(rec, T_P);
	size_t usable = 0;

	if (text.s[1] != '=' || text.s[2] != 'D')
		findings_at(log, MAILAUTH_F_DMARC_VERSION_WSP, text,
		    str_sub(text, 0, v[T_V].offset + (size_t)v[T_V].length));
	if (v[T_RUA].seen > 0)
		usable = lint_uris(text, tag_value(rec, T_RUA), e->plain, log);
	else
		findings_add(log, MAILAUTH_F_DMARC_RUA_MISSING);
	if (v[T_RUF].seen > 0) {
		findings_at(log, MAILAUTH_F_DMARC_RUF_PRESENT, text,
		    tag_value(rec, T_RUF));
		lint_uris(text, tag_value(rec, T_RUF), e->plain, log);
	}
	if (findings_has(log, list.syntax))
		lint_lost_uris(text, log);
	lint_policy(e, text, usable);
	lint_options(e, text);
	if (text.n > 255)
		findings_add(log, MAILAUTH_F_DMARC_RECORD_OVER_255);
	if (text.n > 512)
		findings_add(log, MAILAUTH_F_DMARC_RECORD_OVER_512);
	if ((p == MAILAUTH_DMARC_QUARANTINE || p == MAILAUTH_DMARC_REJECT) &&
	    !findings_sum(log, e->scope->profile).breaks)
		findings_add(log, MAILAUTH_F_DMARC_OK);
}

/* Write the size of a long record. */
static bool
detail(enum mailauth_finding_id id, struct mailauth_str text, struct writer *w)
{
	if (id != MAILAUTH_F_DMARC_RECORD_OVER_255 &&
	    id != MAILAUTH_F_DMARC_RECORD_OVER_512)
		return false;
	put_number(w, text.n);
	put_text(w, " octets");
	return true;
}

/* For a fo= with both 0 and 1, write it with 1, which asks for more. */
static bool
remedy(enum mailauth_finding_id id, struct mailauth_str text, struct writer *w)
{
	struct mailauth_record rec = { .kind = NULL, .text = text };
	struct mailauth_findings ignored;
	uint32_t bits;

	if (id != MAILAUTH_F_DMARC_FO_INVALID)
		return false;
	findings_clear(&ignored);
	taglist_parse(&list, text, &rec, &ignored);
	bits = rec.value[T_FO].number;
	if ((bits & 3u) != 3u)
		return false;
	put_text(w,
	    "0 and 1 exclude each other: 0 asks for a report when all of SPF "
	    "and DKIM fail, 1 when one of them fails. Write fo=1");
	for (uint32_t i = 2; options[i].n > 0; i++)
		if (bits & 1u << i) {
			put_char(w, ':');
			put_str(w, options[i]);
		}
	return true;
}

static void
values(const struct mailauth_answer *a, const struct mailauth_judgement *j,
    struct value_sink *s)
{
	const struct mailauth_record *rec = &j->record;
	struct dmarc d = dmarc_of(rec);
	const char *policy_name = dmarc_policy_name(dmarc_effective(&d));

	(void)a;
	for (size_t i = 0; i < TAGS; i++)
		if (i != T_RUA && i != T_RUF)
			taglist_value(&list, rec, i, s);
		else if (tag_counts(&list, rec, i))
			values_split(s, tags[i].name.s, tag_value(rec, i), ',');
	s->flag(s, "applies", d.applies);
	if (policy_name != NULL)
		s->word(s, "policy", str_of(policy_name));
	s->flag(s, "testing", d.testing);
}

const struct mailauth_kind kind_dmarc = {
	.id = MAILAUTH_KIND_DMARC,
	.name = "dmarc",
	.title = "DMARC policy",
	.reference = "RFC 9989",
	.rrtype = RRTYPE_TXT,
	.owner = "_dmarc",
	.version = "DMARC1",
	.pick = dmarc_pick,
	.blanks = "\t",
	.tags = &list,
	.lint = lint,
	.values = values,
	.detail = detail,
	.remedy = remedy,
	.missing = MAILAUTH_F_DMARC_MISSING,
	.multiple = MAILAUTH_F_DMARC_MULTIPLE_RECORDS,
	.near = MAILAUTH_F_DMARC_VERSION_NEAR_MISS,
	.stray = MAILAUTH_F_DMARC_UNRELATED_TXT,
	.cname = MAILAUTH_F_DMARC_CNAME,
	.wildcard = MAILAUTH_F_DMARC_WILDCARD,
	.lookup = MAILAUTH_F_DMARC_TEMPERROR,
	.low_ttl = true,
	.forgiving = true,
	.service = true,
	.hosted = true,
};
