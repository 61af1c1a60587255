/*
 * remedy.c - remedies made for one finding: records to publish
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * People paste the text between the quotes of a remedy. So that text is a whole
 * record, which was examined, and the name is that of the record.
 */
#include "report/remedy.h"

#include "base/dname.h"
#include "base/str.h"
#include "record/final_dot.h"
#include "record/mx.h"
#include "record/repair.h"
#include "record/txt.h"

/* Octets of the longest character-string (RFC 1035 3.3). */
#define STRING_MAX 255
/* Characters of an id= at most (RFC 8461 3.1). */
#define STS_ID_MAX 32

/* Findings on texts that repair_text() can mend. */
static const enum mailauth_finding_id mended[] = {
	MAILAUTH_F_TAG_BACKSLASH_SEMICOLON,
	MAILAUTH_F_TAG_BLANK_BEHIND_VERSION,
	MAILAUTH_F_TAG_BLANK_AT_END,
	MAILAUTH_F_TAG_SEPARATOR_WRONG,
	MAILAUTH_F_TAG_SYNTAX,
	MAILAUTH_F_TAG_CASE,
	MAILAUTH_F_TXT_QUOTED_LITERAL,
	MAILAUTH_F_TXT_SMART_PUNCTUATION,
	MAILAUTH_F_TXT_NONPRINTABLE,
	MAILAUTH_F_DKIM_V_INVALID,
	MAILAUTH_F_DKIM_V_NOT_FIRST,
	MAILAUTH_F_DKIM_EMPTY_PIECE,
	MAILAUTH_F_DKIM_P_PEM,
	MAILAUTH_F_TXT_JOIN_SPACE_LOST,
	MAILAUTH_F_REPORT_ADDRESS_DOT,
	MAILAUTH_F_DMARC_TAG_TYPO,
	MAILAUTH_F_DMARC_P_INVALID,
	MAILAUTH_F_DMARC_SP_INVALID,
	MAILAUTH_F_DMARC_NP_INVALID,
	MAILAUTH_F_DMARC_URI_SEPARATOR,
	MAILAUTH_F_DMARC_VERSION_NEAR_MISS,
	MAILAUTH_F_DMARC_SYNTAX_IGNORED,
	MAILAUTH_F_DMARC_URI_INVALID,
	MAILAUTH_F_DMARC_P_MISSING,
	MAILAUTH_F_DMARC_P_MISSING_NO_RUA,
	MAILAUTH_F_BIMI_VERSION_INVALID,
	MAILAUTH_F_MTASTS_VERSION,
	MAILAUTH_F_TLSRPT_VERSION,
	MAILAUTH_F_TLSRPT_RUA_INVALID,
	MAILAUTH_F_TLSRPT_RUA_MISSING,
};

/* Octets that the escaped text begins with take so many characters: \\ and \ddd
 * are one octet. */
static size_t
octet_length(struct mailauth_str s)
{
	size_t n = s.s[0] != '\\' ? 1 : s.n > 1 && is_digit(s.s[1]) ? 4 : 2;

	return n < s.n ? n : s.n;
}

size_t
escaped_octets(struct mailauth_str s)
{
	size_t n = 0;

	for (; s.n > 0; n++)
		s = str_from(s, octet_length(s));
	return n;
}

void
put_zone_text(struct writer *w, struct mailauth_str s)
{
	bool split = escaped_octets(s) > STRING_MAX;

	put_text(w, split ? "( \"" : "\"");
	for (size_t n = 0; s.n > 0; n++) {
		size_t length = octet_length(s);

		if (n > 0 && n % STRING_MAX == 0)
			put_text(w, "\" \"");
		put_text(w, s.s[0] == '"' ? "\\" : "");
		put_str(w, str_sub(s, 0, length));
		s = str_from(s, length);
	}
	put_text(w, split ? "\" )" : "\"");
}

void
put_publish(struct writer *w, struct mailauth_str text,
    struct mailauth_str name)
{
	put_text(w, "publish '");
	put_untrusted(w, text);
	put_text(w, "'");
	if (name.n > 0) {
		put_text(w, " at ");
		put_untrusted(w, name);
	}
	if (text.n > STRING_MAX)
		put_text(w,
		    " (in a zone file: several quoted strings of at most 255 "
		    "characters, in one record)");
}

/* The name at which a record is written: where an alias leads, but for that of a
 * wildcard, which a record at the exact name replaces. */
static struct mailauth_str
written_at(const struct mailauth_answer *a)
{
	bool alias = a->nchain > 0 && a->outcome == MAILAUTH_FOUND &&
	    (a->flags & MAILAUTH_ANSWER_WILDCARD) == 0;

	return alias ? a->chain[a->nchain - 1] : a->name;
}

/* A host may have other records than this one, so its alias stays. */
static bool
is_host_name(struct mailauth_str name)
{
	return str_find(name, '_') == name.n;
}

void
put_publish_of(struct writer *w, struct mailauth_str text,
    const struct mailauth_answer *a)
{
	struct mailauth_str name = written_at(a);

	put_publish(w, text, name);
	if (str_eq(name, a->name))
		return;
	put_text(w,
	    is_host_name(a->name) ?
	        ", where the alias leads; if that is not your zone, ask its "
	        "operator" :
	        ", where the alias leads; if that is not your zone, ask its "
	        "operator, or publish it in place of the alias (CNAME)");
}

/* The record from several. */
static bool
put_joined(struct writer *w, const struct record_set *set)
{
	char room[REPAIR_MAX], joined[REPAIR_MAX];
	struct writer j = writer_of(joined, sizeof(joined));
	struct pieces_found found;

	if (repair_pieces(set->j.kind, set->answer, room, &found, &j) !=
	    PIECES_ONE)
		return false;
	put_text(w,
	    found.n < set->answer->nrr ? "in place of these " :
	                                 "in place of all ");
	put_number(w, found.n);
	put_text(w, " records ");
	put_publish_of(w, writer_str(&j), set->answer);
	return true;
}

void
put_pieces(struct writer *w, const struct record_set *set)
{
	char room[REPAIR_MAX], joined[REPAIR_MAX];
	struct writer j = writer_of(joined, sizeof(joined));
	struct pieces_found found = { 0, set->answer->nrr };

	repair_pieces(set->j.kind, set->answer, room, &found, &j);
	put_number(w, found.n);
	if (found.n < set->answer->nrr) {
		put_text(w, " of ");
		put_number(w, set->answer->nrr);
	}
	put_text(w, " records");
}

static bool
put_alias(struct writer *w, struct mailauth_str text, struct mailauth_str owner)
{
	struct mailauth_str host;

	if (owner.n == 0 || !repair_is_host(text, &host))
		return false;
	put_text(w, "delete the TXT record and publish '");
	put_untrusted(w, owner);
	put_text(w, " CNAME ");
	put_untrusted(w, host);
	put_text(w, ".'");
	return true;
}

static bool
put_dotted(struct writer *w, const struct mailauth_answer *a)
{
	struct mailauth_str owner, meant;

	if (!judge_lost_dot(a, &owner, &meant))
		return false;
	put_text(w, "publish '");
	put_untrusted(w, owner);
	put_text(w, " CNAME ");
	put_untrusted(w, meant);
	put_text(w, ".', with the final dot");
	return true;
}

static bool
put_named(struct writer *w, struct mailauth_str text,
    const struct mailauth_answer *a)
{
	char room[REPAIR_MAX];
	struct writer r = writer_of(room, sizeof(room));
	struct mailauth_str owner, record;
	const struct mailauth_kind *kind = repair_named(text, &owner, &record);

	if (kind == NULL ||
	    !(repair_text(kind, record, &r) || repair_is_sound(kind, record)))
		return false;
	if (r.used > 0)
		record = writer_str(&r);
	if (a->name.n > 0)
		put_publish_of(w, record, a);
	else
		put_publish(w, record, owner);
	return true;
}

static bool
put_mended(struct writer *w, const struct record_set *set,
    const struct mailauth_finding *f, struct mailauth_str text)
{
	char room[REPAIR_MAX];
	struct writer r = writer_of(room, sizeof(room));

	for (size_t i = 0; i < sizeof(mended) / sizeof(mended[0]); i++) {
		if (f->id != mended[i])
			continue;
		if (!repair_text(set->j.kind, text, &r))
			return false;
		put_publish_of(w, writer_str(&r), set->answer);
		return true;
	}
	return false;
}

/* Write an address for reports at the domain that has its record at `owner`,
 * behind `prefix`, without the final dot. */
static void
put_rua(struct writer *w, const char *mailbox, struct mailauth_str prefix,
    struct mailauth_str owner)
{
	struct mailauth_str domain = str_starts(owner, prefix) ?
	    str_sub(owner, prefix.n, owner.n - prefix.n - 1) :
	    STR_NONE;

	put_text(w, "rua=mailto:");
	put_text(w, mailbox);
	put_char(w, '@');
	if (domain.n > 0)
		put_untrusted(w, domain);
	else
		put_text(w, "example.com");
}

/* A first policy: it changes nothing for anybody, and gives reports. */
static bool
put_policy(struct writer *w, const struct mailauth_answer *a)
{
	struct mailauth_str owner = a->name;

	put_text(w, "publish 'v=DMARC1; p=none; ");
	put_rua(w, "dmarc-reports", STR("_dmarc."), owner);
	put_text(w, "' at ");
	if (owner.n > 0)
		put_untrusted(w, owner);
	else
		put_text(w,
		    "_dmarc of the domain, with its name for "
		    "example.com");
	if (a->nchain > 0 && (a->flags & MAILAUTH_ANSWER_WILDCARD) == 0)
		put_text(w, ", in place of an alias (CNAME) of this very name");
	put_text(w,
	    " (that mailbox has to exist); p=none only watches: move on to "
	    "p=quarantine and p=reject when the reports are clean");
	return true;
}

/* The same record with an address for reports. */
static bool
put_reports(struct writer *w, const struct record_set *set,
    struct mailauth_str text)
{
	char room[REPAIR_MAX];
	struct writer r = writer_of(room, sizeof(room));

	text = str_trim(text);
	while (text.n > 0 &&
	    (text.s[text.n - 1] == ';' || is_fws(text.s[text.n - 1])))
		text.n--;
	put_str(&r, text);
	put_text(&r, "; ");
	put_rua(&r, "dmarc-reports", STR("_dmarc."), set->answer->name);
	if (set->answer->name.n == 0 || r.full ||
	    !repair_is_sound(set->j.kind, writer_str(&r)))
		return false;
	put_publish_of(w, writer_str(&r), set->answer);
	put_text(w, "; that mailbox has to exist, here or in another domain");
	return true;
}

/* A record of TLS reporting in place of one without any address. */
static bool
put_tls_reports(struct writer *w, const struct record_set *set,
    struct mailauth_str text)
{
	struct mailauth_str owner = set->answer->name;
	char room[REPAIR_MAX];
	struct writer r = writer_of(room, sizeof(room));

	if (str_find(text, '@') < text.n || str_find(text, '/') < text.n)
		return false;
	put_text(&r, "v=TLSRPTv1; ");
	put_rua(&r, "tls-reports", STR("_smtp._tls."), owner);
	if (!repair_is_sound(set->j.kind, writer_str(&r)))
		return false;
	put_publish_of(w, writer_str(&r), set->answer);
	put_text(w,
	    owner.n > 0 ?
	        "; that mailbox has to exist" :
	        ", with the domain for example.com; that mailbox has to exist");
	return true;
}

/* A record of MTA-STS in place of one without a usable id=: with the letters and
 * digits of the one that it has, since senders look only whether it is new. */
static bool
put_sts(struct writer *w, const struct record_set *set,
    struct mailauth_str text)
{
	char room[REPAIR_MAX];
	struct writer r = writer_of(room, sizeof(room));
	struct tag_item it;
	size_t n = 0;

	put_text(&r, "v=STSv1; id=");
	while (n == 0 && tag_next(&text, &it))
		for (size_t i = 0; str_ieq(it.name, STR("id")) &&
		     i < it.value.n && n < STS_ID_MAX;
		     i++)
			if (is_alnum(it.value.s[i])) {
				put_char(&r, it.value.s[i]);
				n++;
			}
	if (n == 0)
		put_char(&r, '1');
	if (!repair_is_sound(set->j.kind, writer_str(&r)))
		return false;
	put_publish_of(w, writer_str(&r), set->answer);
	put_text(w, "; give it a new id= with each change of the policy");
	return true;
}

/* Consent to reports, at the host that gets them. */
static bool
put_consent(struct writer *w, struct mailauth_str owner)
{
	const struct mailauth_str node = STR("_report._dmarc.");
	struct mailauth_str host = owner;

	while (host.n > 1 && !str_starts(host, node))
		host = dname_parent(host);
	if (host.n <= node.n)
		return false;
	host = str_from(host, node.n);
	put_untrusted(w, str_sub(host, 0, host.n - 1));
	put_text(w, " has to ");
	put_publish(w, STR("v=DMARC1"), owner);
	put_text(w,
	    ": ask its operator, or use an address in the domain "
	    "itself");
	return true;
}

static void
put_mx(struct writer *w, struct mailauth_str owner, uint16_t preference,
    struct mailauth_str front, struct mailauth_str zone)
{
	put_char(w, '\'');
	put_untrusted(w, owner);
	put_text(w, " MX ");
	put_number(w, preference);
	put_char(w, ' ');
	put_untrusted(w, front);
	put_char(w, '.');
	put_untrusted(w, zone);
	put_char(w, '\'');
}

/* The MX record whose host shows a mistake: `host`, or that of the finding. */
static bool
find_mx(const struct record_set *set, const struct mailauth_finding *f,
    struct mailauth_str host, struct mx *m, struct writer *name)
{
	const struct mailauth_answer *a = set->answer;

	for (size_t i = 0; i < a->nrr; i++) {
		name->used = 0;
		if ((f->rr != MAILAUTH_RR_ALL && f->rr != i) ||
		    !mx_parse(&a->rr[i], m))
			continue;
		put_dname(name, &m->host);
		if (f->rr == i || str_eq(writer_str(name), host))
			return true;
	}
	return false;
}

static bool
put_exchange(struct writer *w, const struct record_set *set,
    const struct mailauth_finding *f, struct mailauth_str given)
{
	struct mailauth_str owner = set->answer->name, host, meant;
	char room[DNAME_TEXT_MAX];
	struct writer name = writer_of(room, sizeof(room));
	struct mx m;

	if (owner.n <= 1 || !find_mx(set, f, given, &m, &name))
		return false;
	host = writer_str(&name);
	switch (f->id) {
	case MAILAUTH_F_MX_NULL_MISWRITTEN:
		put_text(w, "for a domain that accepts no mail publish ");
		put_mx(w, owner, 0, STR_NONE, STR_NONE);
		put_text(w, "; for another, the whole name of its host");
		return true;
	case MAILAUTH_F_MX_SINGLE_LABEL:
		put_text(w, "write the whole name of the host: publish ");
		put_mx(w, owner, m.preference, str_sub(host, 0, host.n - 1),
		    owner);
		put_text(w,
		    ", and an A record at that name; or name the host "
		    "that takes mail");
		return true;
	case MAILAUTH_F_MX_ADDRESS_AS_NAME:
		put_text(w, "give the address a name: publish 'mail.");
		put_untrusted(w, owner);
		put_text(w, " A ");
		put_untrusted(w, str_sub(host, 0, host.n - owner.n - 1));
		put_text(w, "' and ");
		put_mx(w, owner, m.preference, STR("mail"), owner);
		return true;
	default:
		if (!final_dot_lost(host, owner, &meant))
			return false;
		put_text(w, "publish ");
		put_mx(w, owner, m.preference, meant, STR_NONE);
		put_text(w, ", with the final dot");
		return true;
	}
}

/* The texts differ in blanks and a last semicolon at most. */
static bool
is_same_text(struct mailauth_str a, struct mailauth_str b)
{
	for (;;) {
		while (a.n > 0 && is_fws(a.s[0]))
			a = str_from(a, 1);
		while (b.n > 0 && is_fws(b.s[0]))
			b = str_from(b, 1);
		if (a.n == 0 || b.n == 0)
			break;
		if (a.s[0] != b.s[0])
			return false;
		a = str_from(a, 1);
		b = str_from(b, 1);
	}
	return (a.n == 0 && b.n == 0) || str_eq(str_trim(a), STR(";")) ||
	    str_eq(str_trim(b), STR(";"));
}

/* The record that all records of the set are, but for blanks. */
static bool
put_one_of(struct writer *w, const struct record_set *set)
{
	char room[2][REPAIR_MAX];
	struct txt first = { STR_NONE, 0 }, other;

	for (size_t i = 0; i < set->answer->nrr; i++) {
		struct txt *t = first.text.n == 0 ? &first : &other;

		if (!txt_join(&set->answer->rr[i], room[t == &other],
		        REPAIR_MAX, t))
			return false;
		if (set->j.kind->pick(t->text) != PICK_YES)
			t->text = STR_NONE;
		else if (t == &other && !is_same_text(first.text, t->text))
			return false;
	}
	if (!repair_is_sound(set->j.kind, first.text))
		return false;
	put_text(w, "they say the same: in place of all ");
	put_number(w, set->j.matches);
	put_text(w, " records ");
	put_publish_of(w, first.text, set->answer);
	return true;
}

bool
put_repair(struct writer *w, const struct record_set *set,
    const struct mailauth_finding *f, struct mailauth_str text)
{
	switch (f->id) {
	case MAILAUTH_F_TXT_PIECES:
	case MAILAUTH_F_TXT_PIECE_BESIDE: return put_joined(w, set);
	case MAILAUTH_F_SPF_MULTIPLE_RECORDS: return put_spf_joined(w, set);
	case MAILAUTH_F_SPF_ALL_NOT_LAST: return put_spf_ordered(w, set, text);
	case MAILAUTH_F_DMARC_MULTIPLE_RECORDS: return put_one_of(w, set);
	case MAILAUTH_F_DMARC_MISSING: return put_policy(w, set->answer);
	case MAILAUTH_F_DMARC_RUA_MISSING:
		return put_reports(w, set, set->j.record.text);
	case MAILAUTH_F_DMARC_EXT_UNAUTHORISED:
		return put_consent(w, set->answer->name);
	case MAILAUTH_F_TXT_HOST_NAME:
		return put_alias(w, text, written_at(set->answer));
	case MAILAUTH_F_MX_NULL_MISWRITTEN:
	case MAILAUTH_F_MX_SINGLE_LABEL:
	case MAILAUTH_F_MX_ADDRESS_AS_NAME:
	case MAILAUTH_F_MX_TRAILING_DOT_MISSING:
		return put_exchange(w, set, f, text);
	case MAILAUTH_F_DNS_FINAL_DOT_MISSING:
		return put_dotted(w, set->answer);
	case MAILAUTH_F_TXT_NAME_IN_TEXT:
		return put_named(w, text, set->answer);
	case MAILAUTH_F_TLSRPT_VERSION:
	case MAILAUTH_F_TLSRPT_RUA_INVALID:
	case MAILAUTH_F_TLSRPT_RUA_MISSING:
		return put_mended(w, set, f, text) ||
		    put_tls_reports(w, set,
		        text.n > 0 ? text : set->j.record.text);
	case MAILAUTH_F_MTASTS_VERSION:
	case MAILAUTH_F_MTASTS_ID_MISSING:
	case MAILAUTH_F_MTASTS_ID_INVALID:
		return put_mended(w, set, f, text) ||
		    put_sts(w, set, text.n > 0 ? text : set->j.record.text);
	default: return put_mended(w, set, f, text);
	}
}
