/*
 * repair.c - the record that the author of a broken text meant
 * SPDX-License-Identifier: BSD-3-Clause
 */
#include "record/repair.h"

#include "base/dname.h"
#include "record/txt.h"

/* Findings that say that receivers ignore a part of the text. */
static const enum mailauth_finding_id ignored[] = {
	MAILAUTH_F_DMARC_SYNTAX_IGNORED,
	MAILAUTH_F_DMARC_TAG_TYPO,
	MAILAUTH_F_DMARC_P_MISSING,
	MAILAUTH_F_DMARC_P_INVALID,
	MAILAUTH_F_DMARC_SP_INVALID,
	MAILAUTH_F_DMARC_NP_INVALID,
	MAILAUTH_F_DMARC_URI_INVALID,
	MAILAUTH_F_DMARC_URI_SEPARATOR,
	MAILAUTH_F_DMARC_URI_UNENCODED,
	MAILAUTH_F_DMARC_ADKIM_INVALID,
	MAILAUTH_F_DMARC_ASPF_INVALID,
	MAILAUTH_F_TAG_SEPARATOR_WRONG,
	MAILAUTH_F_TAG_BACKSLASH_SEMICOLON,
	MAILAUTH_F_TAG_CASE,
	MAILAUTH_F_DKIM_KEY_TRAILING_BYTES,
	MAILAUTH_F_TXT_VERBATIM_HTML,
	MAILAUTH_F_REPORT_ADDRESS_DOT,
};

/* What is said of tags that receivers ignore for their value: without the tag the
 * record means the same. */
static const enum mailauth_finding_id needless[] = {
	MAILAUTH_F_DMARC_PCT_INVALID,
	MAILAUTH_F_DMARC_PSD_INVALID,
	MAILAUTH_F_DMARC_T_INVALID,
};

bool
repair_is_sound(const struct mailauth_kind *kind, struct mailauth_str text)
{
	static const struct mailauth_scope scope = {
		.profile = MAILAUTH_PROFILE_RFC,
		.allow_documentation = true,
		.absence_is_fine = true,
		.plain = true,
	};
	const struct mailauth_rdata rr = { (const uint8_t *)"", 1 };
	const struct mailauth_answer answer = { .rrtype = RRTYPE_TXT,
		.outcome = MAILAUTH_FOUND,
		.flags = MAILAUTH_ANSWER_UNSPLIT,
		.rr = &rr,
		.nrr = 1 };
	struct mailauth_judgement j = { .kind = kind, .matches = 1 };
	struct exam e = { kind, &answer, &scope, NULL, 0, &j, false };
	const struct txt txt = { text, 1 };
	struct findings_sum sum;

	if (kind->version == NULL || text.n == 0 || text.n > REPAIR_MAX ||
	    kind->pick(text) != PICK_YES)
		return false;
	j.record.kind = kind;
	j.record.text = text;
	e.plain = txt_lint(&txt, kind->blanks, false, &j.findings);
	taglist_parse(kind->tags, text, &j.record, &j.findings);
	kind->lint(&e, text);
	sum = findings_sum(&j.findings, scope.profile);
	for (size_t i = 0; i < sizeof(ignored) / sizeof(ignored[0]); i++)
		if (findings_has(&j.findings, ignored[i]))
			return false;
	return !sum.breaks && sum.worst < MAILAUTH_FAIL;
}

/* A backslash before this character comes from a zone file. */
static bool
is_escaped(char c)
{
	return c == ';' || c == '"' || c == ' ' || c == '\\' || c == '=' ||
	    c == ':' || c == ',' || c == '@';
}

/* Write the text without what its way into the zone has added: backslashes,
 * quotes, typographic characters. Two quoted strings join without a blank, as
 * DNS joins them. */
static void
put_clean(struct writer *w, struct mailauth_str t)
{
	for (size_t i = 0; i < t.n;) {
		char ascii;
		size_t n = txt_smart(str_from(t, i), &ascii);

		if (n > 0) {
			if (ascii != '\0' && ascii != '"' && ascii != '\'')
				put_char(w, ascii);
			i += n;
		} else if (t.s[i] == '\\' && i + 1 < t.n &&
		    is_escaped(t.s[i + 1])) {
			i++;
			while (i < t.n && t.s[i] == '\\')
				i++;
		} else if (t.s[i] == '"') {
			size_t next = i + 1;

			while (next < t.n && is_fws(t.s[next]))
				next++;
			i = next < t.n && t.s[next] == '"' ? next + 1 : i + 1;
		} else {
			put_char(w, is_fws(t.s[i]) ? ' ' : t.s[i]);
			i++;
		}
	}
}

/* The letters that a version begins with: "DMARC", "TLSRPT" of "TLSRPTv1". */
static struct mailauth_str
version_word(const struct mailauth_kind *kind)
{
	struct mailauth_str v = str_of(kind->version);
	size_t n = 0;

	while (n < v.n && v.s[n] >= 'A' && v.s[n] <= 'Z')
		n++;
	return str_sub(v, 0, n);
}

/* Cut a version, however it is written, from the front of a text: "v=DMARC1;",
 * "DMARC1", "v:dmarc 1.", "v=DMARC1 ". False when none is there. */
static bool
cut_version(const struct mailauth_kind *kind, struct mailauth_str *t)
{
	struct mailauth_str s = str_trim(*t), word = version_word(kind);
	size_t i = 0;

	if (s.n > 1 && to_lower(s.s[0]) == 'v' &&
	    (s.s[1] == '=' || s.s[1] == ':' || s.s[1] == ' '))
		for (i = 1; i < s.n &&
		     (s.s[i] == '=' || s.s[i] == ':' || s.s[i] == ' ');)
			i++;
	s = str_from(s, i);
	if (!str_istarts(s, word))
		return false;
	i = word.n;
	if (i < s.n && to_lower(s.s[i]) == 'v')
		i++;
	while (i < s.n && (s.s[i] == ' ' || s.s[i] == '-' || s.s[i] == '_'))
		i++;
	if (i < s.n && s.s[i] == '1')
		i++;
	while (i < s.n && strchr(" ;,.:", s.s[i]) != NULL)
		i++;
	*t = str_from(s, i);
	return true;
}

static bool
is_known(const struct mailauth_kind *kind, struct mailauth_str name)
{
	for (size_t i = 0; i < kind->tags->n; i++)
		if (str_ieq(name, kind->tags->tag[i].name))
			return true;
	return false;
}

/* The octets at `at` begin another tag: its name, '='. */
static bool
is_tag_at(const struct mailauth_kind *kind, struct mailauth_str t, size_t at)
{
	struct mailauth_str rest = str_from(t, at);
	size_t n = 0;

	while (n < rest.n && is_alpha(rest.s[n]))
		n++;
	return n > 0 && n < rest.n && rest.s[n] == '=' &&
	    is_known(kind, str_sub(rest, 0, n));
}

/* Cut the next piece from the front: it ends at a semicolon, or where blanks or
 * a comma separate it from the name of another tag. */
static struct mailauth_str
cut_piece(const struct mailauth_kind *kind, struct mailauth_str *rest)
{
	struct mailauth_str t = *rest, piece;
	size_t i = 0, next;

	for (; i < t.n && t.s[i] != ';'; i++) {
		if (t.s[i] != ' ' && t.s[i] != ',')
			continue;
		for (next = i;
		     next < t.n && (t.s[next] == ' ' || t.s[next] == ',');)
			next++;
		if (is_tag_at(kind, t, next))
			break;
	}
	piece = str_sub(t, 0, i);
	*rest = str_from(t, i + 1);
	while (piece.n > 0 && piece.s[piece.n - 1] == ',')
		piece.n--;
	return str_trim(piece);
}

/* An address without the brackets around it. */
static struct mailauth_str
without_brackets(struct mailauth_str uri)
{
	return uri.n > 1 && uri.s[0] == '<' && uri.s[uri.n - 1] == '>' ?
	    str_trim(str_sub(uri, 1, uri.n - 2)) :
	    uri;
}

/* Write report addresses, each with its scheme, without brackets around it and
 * without a dot behind it. */
static void
put_addresses(struct writer *w, struct mailauth_str value, bool first)
{
	while (value.n > 0) {
		struct mailauth_str uri =
		    without_brackets(str_trim(str_cut(&value, ',')));

		if (uri.n == 0)
			continue;
		put_text(w, first ? "" : ",");
		first = false;
		if (str_istarts(uri, STR("mailto:"))) {
			uri = str_trim(str_from(uri, 7));
			while (str_starts(uri, STR("/")))
				uri = str_from(uri, 1);
			uri = without_brackets(uri);
			put_text(w, "mailto:");
		} else if (str_find(uri, ':') == uri.n &&
		    str_find(uri, '@') < uri.n) {
			put_text(w, "mailto:");
		}
		if (uri.n > 1 && uri.s[uri.n - 1] == '.' &&
		    str_find(uri, '@') < uri.n && str_find(uri, '?') == uri.n)
			uri.n--;
		put_str(w, uri);
	}
}

/* The policy that a misspelled one means: each letter that is wrong needs three
 * that are right. The value itself when none or two are that near. */
static struct mailauth_str
policy_meant(struct mailauth_str value)
{
	static const struct mailauth_str words[] = {
		STR_INIT("none"),
		STR_INIT("quarantine"),
		STR_INIT("reject"),
	};
	struct mailauth_str meant = value;
	unsigned found = 0;

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		if (str_ieq(value, words[i]))
			return value;
		if (str_distance(value, words[i]) > words[i].n / 3 &&
		    (value.n < 4 || !str_istarts(words[i], value)))
			continue;
		meant = words[i];
		found++;
	}
	return found == 1 ? meant : value;
}

/* Write the value of a key without blanks and without the frame of a PEM file,
 * whose lines may have been joined by "\\n". */
static void
put_key_value(struct writer *w, struct mailauth_str v)
{
	const struct mailauth_str end = STR("-----");

	if (str_istarts(v, STR("-----BEGIN"))) {
		v = str_from(v, 10);
		v = str_from(v, str_ifind(v, end) + end.n);
		v = str_sub(v, 0, str_ifind(v, STR("-----END")));
	}
	for (size_t i = 0; i < v.n; i++) {
		if (v.s[i] == '\\' && i + 1 < v.n &&
		    (v.s[i + 1] == 'n' || v.s[i + 1] == 'r'))
			i++;
		else if (!is_fws(v.s[i]))
			put_char(w, v.s[i]);
	}
}

/* A piece, read as its author meant it. */
struct tag_read {
	struct mailauth_str name, value; /* name: empty unless it is known */
};

/* Read a piece: name, '=' or ':', value. A misspelled name counts when the
 * record has no other tag of the name that was meant. */
static struct tag_read
read_piece(const struct mailauth_kind *kind, struct mailauth_str whole,
    struct mailauth_str piece)
{
	size_t equals = str_find(piece, '='), colon = str_find(piece, ':');
	size_t at = equals < colon ? equals : colon;
	struct tag_read p = { str_trim(str_sub(piece, 0, at)),
		str_trim(str_from(piece, at + 1)) };
	struct mailauth_str meant;
	struct tag_item it;

	if (at == piece.n)
		p.name = STR_NONE;
	if (p.name.n == 0 || is_known(kind, p.name))
		return p;
	if (equals != at || !taglist_is_typo(kind->tags, p.name, &meant))
		meant = STR_NONE;
	while (meant.n > 0 && tag_next(&whole, &it))
		if (str_ieq(it.name, meant))
			meant = STR_NONE;
	p.name = meant;
	return p;
}

static bool
is_rua(struct mailauth_str name)
{
	return str_ieq(name, STR("rua")) || str_ieq(name, STR("ruf"));
}

/* An address that a semicolon has cut off from its list. */
static bool
is_lost_address(struct mailauth_str piece)
{
	return str_istarts(piece, STR("mailto:")) ||
	    (str_find(piece, '@') < piece.n &&
	        str_find(piece, '=') == piece.n &&
	        str_find(piece, ':') == piece.n);
}

/* Receivers ignore the tag for its value. */
static bool
is_needless(const struct mailauth_kind *kind, struct mailauth_str piece)
{
	struct mailauth_judgement j = { .kind = kind };

	taglist_parse(kind->tags, piece, &j.record, &j.findings);
	for (size_t i = 0; i < sizeof(needless) / sizeof(needless[0]); i++)
		if (findings_has(&j.findings, needless[i]))
			return true;
	return false;
}

static void
put_piece(struct writer *w, const struct mailauth_kind *kind,
    struct mailauth_str piece, const struct tag_read *p)
{
	put_text(w, "; ");
	if (p->name.n == 0) {
		put_str(w, piece);
		return;
	}
	for (size_t i = 0; i < p->name.n; i++)
		put_char(w, to_lower(p->name.s[i]));
	put_char(w, '=');
	if (is_rua(p->name))
		put_addresses(w, p->value, true);
	else if (kind->id == MAILAUTH_KIND_DMARC &&
	    (str_ieq(p->name, STR("p")) || str_ieq(p->name, STR("sp")) ||
	        str_ieq(p->name, STR("np"))))
		put_str(w, policy_meant(p->value));
	else if (kind->id == MAILAUTH_KIND_DKIM && str_eq(p->name, STR("p")))
		put_key_value(w, p->value);
	else
		put_str(w, p->value);
}

/* Write the record: its version first, then the tag `p` of a policy, then the
 * others in their order. False when a piece has another version. */
static bool
put_record(struct writer *w, const struct mailauth_kind *kind,
    struct mailauth_str t)
{
	bool policy = str_eq(kind->tags->tag[1].name, STR("p"));

	put_text(w, "v=");
	put_text(w, kind->version);
	for (int pass = policy ? 0 : 1; pass < 2; pass++) {
		struct mailauth_str rest = t;
		bool addresses = false;

		while (rest.n > 0) {
			struct mailauth_str piece = cut_piece(kind, &rest);
			struct mailauth_str none = piece;
			struct tag_read p = read_piece(kind, t, piece);
			bool is_p = policy && str_ieq(p.name, STR("p"));

			if (piece.n == 0 || is_p != (pass == 0) ||
			    is_needless(kind, piece))
				continue;
			if (str_istarts(piece, STR("v="))) {
				if (!cut_version(kind, &none) || none.n > 0)
					return false;
				continue;
			}
			if (addresses && is_lost_address(piece)) {
				put_addresses(w, piece, false);
				continue;
			}
			addresses = is_rua(p.name);
			put_piece(w, kind, piece, &p);
		}
	}
	return true;
}

bool
repair_text(const struct mailauth_kind *kind, struct mailauth_str text,
    struct writer *w)
{
	char clean[REPAIR_MAX], made[REPAIR_MAX];
	struct writer c = writer_of(clean, sizeof(clean));
	struct writer m = writer_of(made, sizeof(made));
	struct mailauth_str t;

	if (kind->version == NULL || text.n > REPAIR_MAX)
		return false;
	put_clean(&c, txt_bare(text));
	if (c.full)
		return false;
	t = str_trim(writer_str(&c));
	cut_version(kind, &t);
	if (!put_record(&m, kind, t) || m.full ||
	    str_eq(writer_str(&m), text) ||
	    !repair_is_sound(kind, writer_str(&m)))
		return false;
	put_str(w, writer_str(&m));
	return true;
}

/* Skip the octets between a name and a text. */
static struct mailauth_str
skip_marks(struct mailauth_str t)
{
	while (t.n > 0 && strchr(" \t\r\n=:;,\"'(", t.s[0]) != NULL)
		t = str_from(t, 1);
	return t;
}

/* Cut a word from the front, and the marks behind it. */
static struct mailauth_str
cut_word(struct mailauth_str *t)
{
	struct mailauth_str word;
	size_t n = 0;

	while (n < t->n && strchr(" \t\r\n=:;,\"'(", t->s[n]) == NULL)
		n++;
	word = str_sub(*t, 0, n);
	*t = skip_marks(str_from(*t, n));
	return word;
}

/* A word of a line of a zone file, or of the form of a panel. */
static bool
is_filler(struct mailauth_str word)
{
	static const struct mailauth_str words[] = { STR_INIT("TXT"),
		STR_INIT("IN"), STR_INIT("TTL"), STR_INIT("name"),
		STR_INIT("host"), STR_INIT("hostname"), STR_INIT("value"),
		STR_INIT("data"), STR_INIT("type"), STR_INIT("record") };
	uint32_t ttl;

	if (word.n > 0 && str_number(word, INT32_MAX, &ttl))
		return true;
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (str_ieq(word, words[i]))
			return true;
	return false;
}

static struct mailauth_str
skip_fillers(struct mailauth_str t)
{
	for (;;) {
		struct mailauth_str rest = t;

		if (!is_filler(cut_word(&rest)))
			return t;
		t = rest;
	}
}

const struct mailauth_kind *
repair_named(struct mailauth_str text, struct mailauth_str *owner,
    struct mailauth_str *record)
{
	struct mailauth_str t = skip_fillers(skip_marks(txt_bare(text)));
	const struct mailauth_kind *kind;
	char room[DNAME_TEXT_MAX];
	struct writer w = writer_of(room, sizeof(room));
	struct dname name;

	*owner = cut_word(&t);
	if (owner->n == 0 || str_find(*owner, '_') == owner->n ||
	    dname_parse(*owner, &name) != DNAME_OK)
		return NULL;
	put_dname(&w, &name);
	/* A name without its domain is one all the same. */
	put_text(&w, "x.");
	kind = kind_of_owner(writer_str(&w), RRTYPE_TXT);
	*record = txt_bare(skip_fillers(t));
	if (kind == NULL || kind->version == NULL || kind->owner[0] == '@' ||
	    kind->pick(*record) == PICK_NO)
		return NULL;
	return kind;
}

bool
repair_is_host(struct mailauth_str text, struct mailauth_str *host)
{
	struct mailauth_str t = txt_bare(text), last;
	size_t label = 0, labels = 0;

	if (t.n > 0 && t.s[t.n - 1] == '.')
		t.n--;
	if (t.n == 0 || t.n > DNAME_TEXT_MAX)
		return false;
	for (size_t i = 0; i <= t.n; i++) {
		if (i < t.n && t.s[i] != '.') {
			if (!is_alnum(t.s[i]) && t.s[i] != '-' && t.s[i] != '_')
				return false;
			continue;
		}
		if (i == label || i - label > DNAME_LABEL_MAX)
			return false;
		last = str_sub(t, label, i - label);
		label = i + 1;
		labels++;
	}
	for (size_t i = 0; i < last.n; i++)
		if (!is_alpha(last.s[i]) && !str_istarts(last, STR("xn--")))
			return false;
	*host = t;
	return labels >= 2 && last.n >= 2;
}
