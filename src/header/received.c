/*
 * received.c - Received and Received-SPF: which client handed over the message
 * SPDX-License-Identifier: BSD-3-Clause
 */
#include "header/received.h"

#include "header/lexer.h"

/* What the comments behind "from" have said so far. */
struct tcp_info {
	struct received *out;
	struct addr seen; /* the first address of any form */
	bool bracketed; /* an address in brackets was among them */
	bool helo_next; /* the next word is the HELO name */
	bool keyword; /* a word HELO was there */
	bool helo_first; /* HELO is in a comment, before the address */
	bool doubted; /* the server says that the name may be forged */
	struct mailauth_str name; /* the first host name of this comment */
};

static bool
is_port(struct mailauth_str s)
{
	uint32_t port;

	return str_number(s, UINT16_MAX, &port);
}

bool
received_addr(struct mailauth_str s, struct addr *out)
{
	struct mailauth_str head;

	if (s.n > 0 && s.s[0] == '[') {
		s = str_from(s, 1);
		head = str_cut(&s, ']');
		if (s.n > 0 && (s.s[0] != ':' || !is_port(str_from(s, 1))))
			return false;
		s = head;
	} else {
		head = str_sub(s, 0, str_find(s, ':'));
		if (head.n < s.n && is_port(str_from(s, head.n + 1)) &&
		    addr_parse4(head, out))
			return true;
	}
	if (str_istarts(s, STR("IPv6:")))
		s = str_from(s, 5);
	s = str_sub(s, 0, str_find(s, '%'));
	if (!addr_parse(s, out)) {
		out->family = 0;
		return false;
	}
	addr_unmap(out);
	return true;
}

static bool
is_inner_break(char c)
{
	return is_fws(c) || c == '(' || c == ')' || c == ',' || c == ';';
}

/* The word is a host name and no address. */
static bool
is_name(struct mailauth_str s)
{
	struct addr a;

	return str_find(s, '.') < s.n && s.s[0] != '[' && !received_addr(s, &a);
}

/* The word begins with "helo=". */
static bool
is_helo(struct mailauth_str word)
{
	return str_istarts(word, STR("helo=")) ||
	    str_istarts(word, STR("ehlo="));
}

/* Take "HELO name" or "helo=name"; true when the word belongs to such a
 * pair. */
static bool
take_helo(struct tcp_info *info, struct mailauth_str word)
{
	if (info->helo_next) {
		info->helo_next = false;
		info->out->helo = word;
		return true;
	}
	info->helo_next =
	    str_ieq(word, STR("HELO")) || str_ieq(word, STR("EHLO"));
	info->keyword = info->keyword || info->helo_next;
	if (is_helo(word))
		info->out->helo = str_from(word, 5);
	return info->helo_next || str_find(word, '=') < word.n;
}

/* Take an address that the server saw. Of two that differ, and of two in
 * brackets, the client may have written one, in its name or its certificate. */
static void
take_seen(struct tcp_info *info, const struct addr *seen, bool bracketed)
{
	info->helo_first = info->helo_first || info->out->helo.n > 0;
	/* Of two forms, the server wrote one, and the client a name with the
	 * other. */
	info->doubted = info->doubted ||
	    (info->seen.family != 0 && bracketed != info->bracketed);
	if (info->seen.family == 0)
		info->seen = *seen;
	if (!addr_eq(&info->seen, seen) || (bracketed && info->bracketed))
		info->out->unclear = true;
	info->bracketed = info->bracketed || bracketed;
}

/* One word of a comment. */
static void
take_info(struct tcp_info *info, struct mailauth_str word)
{
	struct received *out = info->out;
	struct addr a;
	size_t at;

	if (take_helo(info, word))
		return;
	/* The text before the last '@' is a user name (RFC 1413). */
	while ((at = str_find(word, '@')) < word.n)
		word = str_from(word, at + 1);
	if (received_addr(word, &a)) {
		if (word.s[0] == '[' && !info->bracketed)
			out->rdns = info->name;
		take_seen(info, &a, word.s[0] == '[');
	} else if (info->name.n == 0 && is_name(word)) {
		info->name = word;
	}
}

/* The comment is about TLS or the user, not about the host. */
static bool
is_aside(struct mailauth_str s)
{
	static const struct mailauth_str starts[] = { STR_INIT("using "),
		STR_INIT("Client "), STR_INIT("No client "),
		STR_INIT("version="), STR_INIT("Authenticated ") };

	/* A client may have a name that begins so. */
	if (str_istarts(s, STR("TLS")) && str_find(s, '[') == s.n)
		return true;
	for (size_t i = 0; i < sizeof(starts) / sizeof(starts[0]); i++)
		if (str_istarts(s, starts[i]))
			return true;
	return false;
}

static bool
has(struct mailauth_str s, const char *words)
{
	struct mailauth_str w = str_of(words);

	for (size_t at = 0; at + w.n <= s.n; at++)
		if (str_ieq(str_sub(s, at, w.n), w))
			return true;
	return false;
}

static void
take_comment(struct tcp_info *info, struct mailauth_str s)
{
	struct received *out = info->out;

	out->submitted = out->submitted ||
	    str_istarts(s, STR("authenticated ")) ||
	    str_istarts(s, STR("account "));
	out->local = out->local || str_istarts(s, STR("uid "));
	if (is_aside(s))
		return;
	info->doubted = info->doubted || has(s, "may be forged");
	info->name = STR_NONE;
	info->helo_next = false;
	for (size_t at = 0; at < s.n; at++) {
		size_t start = at;

		while (at < s.n && !is_inner_break(s.s[at]))
			at++;
		/* HELO goes up to a blank, whatever the client put into it. */
		if (at > start &&
		    (info->helo_next || is_helo(str_sub(s, start, at - start))))
			while (at < s.n && !is_fws(s.s[at]))
				at++;
		if (at > start)
			take_info(info, str_sub(s, start, at - start));
	}
}

/* The next word, up to a blank. Parentheses do not end it: the client chooses
 * its HELO name, and must not be able to begin a comment with it. */
static struct mailauth_str
take_word(struct lexer *x)
{
	size_t start;

	lex_cfws(x, NULL);
	start = x->at;
	while (x->at < x->text.n && !is_fws(x->text.s[x->at]))
		x->at++;
	return str_sub(x->text, start, x->at - start);
}

/* Read "[192.0.2.1]" outside of comments. */
static bool
take_loose(struct lexer *x, struct addr *out)
{
	struct lexer ahead = *x;

	if (lex_peek(x) != '[' || !received_addr(take_word(&ahead), out))
		return false;
	*x = ahead;
	return true;
}

/* Read what follows "from" up to the next word that is neither a comment nor an
 * address. A word alone is the client's: without brackets it counts as address
 * only where the server writes HELO elsewhere. */
static void
take_from(struct lexer *x, struct received *out)
{
	struct mailauth_str word = take_word(x), comment;
	struct tcp_info info = { .out = out };
	struct addr a;
	bool is_addr = word.n > 0 && received_addr(word, &a);

	for (;;) {
		struct addr loose;

		x->at = str_skip(x->text, x->at, CLASS_BLANK);
		if (lex_comment(x, &comment))
			take_comment(&info, comment);
		else if (take_loose(x, &loose))
			take_seen(&info, &loose, true);
		else
			break;
	}
	if (is_addr && out->helo.n > 0) {
		/* "helo" may be the client's name, with the address behind. */
		out->helo_odd = word.s[0] == '[' && out->helo.s[0] == '[' &&
		    info.keyword && info.seen.family == 0;
		take_seen(&info, &a, false);
	} else if (is_addr && info.seen.family == 0 && word.s[0] == '[') {
		info.seen = a;
		out->lone = true;
	}
	out->ip = info.seen;
	/* When a comment has the HELO name, the word is the name that the
	 * server found. */
	out->helo_aside = out->helo.n > 0;
	if (out->helo.n == 0) {
		out->helo = word;
	} else if (out->rdns.n == 0 && is_name(word)) {
		out->rdns = word;
	}
	/* qmail, which has HELO first, does not look the name up. */
	out->verified = out->rdns.n > 0 && out->ip.family != 0 &&
	    !info.doubted && !info.helo_first;
}

/* Servers that write the name of the reverse lookup without the other way
 * round, or write one that the client chose, by the comment behind "by": that of
 * maddy has MAIL FROM, that of mox an address alone. */
static bool
is_credulous(struct mailauth_str comment)
{
	static const char *const words[] = { "OpenSMTPD", "Haraka",
		"hMailServer", "Kerio", "MDaemon", "CommuniGate",
		"envelope-sender ", "Stalwart" };

	if (comment.n > 0 && comment.s[0] == '[')
		return true;
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (has(comment, words[i]))
			return true;
	return false;
}

/* A comment that the client began and ended around what the server wrote. */
static bool
has_field(struct mailauth_str comment)
{
	bool by = false, inner = str_find(comment, '(') < comment.n;
	struct mailauth_str word;

	while (inner && !by && (word = str_word(&comment)).n > 0)
		by = str_ieq(word, STR("by"));
	return by;
}

/* Look for a second "by" in the rest: then the client wrote the first, or the
 * second, in its name or an address. */
static void
seek_by(struct lexer *x, struct received *out)
{
	struct mailauth_str comment, word;

	for (;;) {
		x->at = str_skip(x->text, x->at, CLASS_BLANK);
		if (lex_comment(x, &comment)) {
			out->unclear = out->unclear || has_field(comment);
			continue;
		}
		word = take_word(x);
		if (word.n == 0)
			return;
		if (str_ieq(word, STR("by"))) {
			out->unclear = true;
			out->by = STR_NONE;
		}
	}
}

/* Read "by" and "with". */
static void
take_by(struct lexer *x, struct received *out)
{
	struct mailauth_str comment = STR_NONE, word;
	struct lexer rest;

	lex_cfws(x, NULL);
	out->by = lex_run(x);
	rest = *x;
	lex_cfws(x, &comment);
	out->program = comment;
	out->unclear =
	    out->unclear || (out->helo_odd && !has(comment, "CommuniGate"));
	if (is_credulous(comment)) {
		out->verified = false;
		/* These have HELO in front: "helo" is the client's name. */
		out->unclear = out->unclear ||
		    (out->helo_aside && !has(comment, "CommuniGate"));
	}
	while ((word = take_word(x)).n > 0 && str_find(word, ';') == word.n)
		if (str_ieq(word, STR("with"))) {
			lex_cfws(x, NULL);
			out->with = str_sub(x->text, x->at,
			    str_find(str_from(x->text, x->at), ';'));
			break;
		}
	/* Exim, whose protocols are in lower case, writes the address like that
	 * when the client gave it as its name. */
	out->lone = out->lone &&
	    (out->with.n == 0 || out->with.s[0] != to_lower(out->with.s[0]));
	out->submitted = out->submitted ||
	    received_with(out,
	        "ESMTPA ESMTPSA ASMTP SMTPA SMTPSA UTF8SMTPA "
	        "UTF8SMTPSA HTTP*");
	out->local = out->local || received_with(out, "local*");
	*x = rest;
	seek_by(x, out);
}

/* Parentheses are in pairs: else the client opened or closed one. Those within
 * its first word do not count, since a comment begins with a blank there. */
static bool
is_balanced(struct mailauth_str s)
{
	size_t depth = 0;

	for (size_t i = 0; i < s.n; i++) {
		if (s.s[i] == '\\')
			i++;
		else if (s.s[i] == '(')
			depth++;
		else if (s.s[i] == ')' && depth-- == 0)
			return false;
	}
	return depth == 0;
}

bool
received_with(const struct received *r, const char *words)
{
	struct mailauth_str with = r->with, rest = str_of(words), word, row;

	word = str_word(&with);
	word = str_sub(word, 0, str_find(word, '('));
	while ((row = str_word(&rest)).n > 0) {
		bool more = row.s[row.n - 1] == '*';

		if (more && str_istarts(word, str_sub(row, 0, row.n - 1)))
			return true;
		if (!more && str_ieq(word, row))
			return true;
	}
	return false;
}

/* Nothing of a field counts of which the client may have written a part. */
static void
drop_unclear(struct received *out)
{
	if (!out->unclear)
		return;
	out->ip.family = 0;
	out->rdns = out->with = out->program = STR_NONE;
	out->lone = out->verified = out->submitted = out->local = false;
}

bool
received_parse(struct mailauth_str value, struct received *out)
{
	struct lexer x = lexer_of(value);
	struct mailauth_str word;

	*out = (struct received){ .ip = { 0, { 0 } } };
	while ((word = take_word(&x)).n > 0) {
		if (!out->from && str_ieq(word, STR("from"))) {
			out->from = true;
			take_from(&x, out);
			out->unclear = out->unclear ||
			    !is_balanced(str_from(x.text, x.at)) || x.broken;
			word = take_word(&x);
			if (!str_ieq(word, STR("by"))) {
				seek_by(&x, out);
				break;
			}
		}
		if (str_ieq(word, STR("by"))) {
			take_by(&x, out);
			drop_unclear(out);
			return true;
		}
		if (str_find(word, ';') < word.n)
			break; /* the date */
	}
	drop_unclear(out);
	return out->from;
}

static const struct {
	struct mailauth_str word;
	enum received_spf_result result;
} results[] = {
	{ STR_INIT("none"), RECEIVED_SPF_NONE },
	{ STR_INIT("neutral"), RECEIVED_SPF_NEUTRAL },
	{ STR_INIT("pass"), RECEIVED_SPF_PASS },
	{ STR_INIT("fail"), RECEIVED_SPF_FAIL },
	{ STR_INIT("softfail"), RECEIVED_SPF_SOFTFAIL },
	{ STR_INIT("temperror"), RECEIVED_SPF_TEMPERROR },
	{ STR_INIT("error"), RECEIVED_SPF_TEMPERROR },
	{ STR_INIT("permerror"), RECEIVED_SPF_PERMERROR },
	{ STR_INIT("unknown"), RECEIVED_SPF_PERMERROR },
};

static struct mailauth_str
without_angles(struct mailauth_str s)
{
	if (s.n >= 2 && s.s[0] == '<' && s.s[s.n - 1] == '>')
		return str_sub(s, 1, s.n - 2);
	return s;
}

/* One key=value; the first of a key counts, unless the address differs: then HELO
 * or MAIL FROM, which the client chose, has one of them. */
static void
take_pair(struct received_spf *out, struct mailauth_str key,
    struct mailauth_str value)
{
	const struct {
		struct mailauth_str key;
		struct mailauth_str *slot;
	} keys[] = {
		{ STR("client-ip"), &out->client_ip },
		{ STR("envelope-from"), &out->envelope_from },
		{ STR("envelope-sender"), &out->envelope_from },
		{ STR("helo"), &out->helo },
		{ STR("receiver"), &out->receiver },
		{ STR("identity"), &out->identity },
		{ STR("mechanism"), &out->mechanism },
	};

	for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
		if (!str_ieq(key, keys[i].key))
			continue;
		if (keys[i].slot->n == 0)
			*keys[i].slot = without_angles(value);
		else if (i == 0 && !str_ieq(*keys[i].slot, value))
			out->unclear = true;
	}
}

/* "domain of a@example.com designates 192.0.2.1 as permitted sender", or
 * "does not designate". The address in front is MAIL FROM: with quotes in it, or
 * with such words, nothing is certain. */
static bool
find_designated(struct mailauth_str comment, struct addr *out)
{
	bool found = false, clear = str_find(comment, '"') == comment.n;
	struct mailauth_str word;

	while ((word = str_word(&comment)).n > 0)
		if (str_ieq(word, STR("designates")) ||
		    str_ieq(word, STR("designate"))) {
			clear = clear && !found;
			found = received_addr(str_word(&comment), out);
		}
	return found && clear;
}

bool
received_spf_parse(struct mailauth_str value, struct received_spf *out)
{
	struct lexer x = lexer_of(value);

	*out = (struct received_spf){ .ip = { 0, { 0 } } };
	lex_cfws(&x, NULL);
	out->word = lex_token(&x);
	if (out->word.n == 0)
		return false;
	for (size_t i = 0; i < sizeof(results) / sizeof(results[0]); i++)
		if (str_ieq(out->word, results[i].word))
			out->result = results[i].result;
	for (;;) {
		struct mailauth_str key, inside;
		bool quoted;

		lex_cfws(&x, &out->comment);
		if (lex_peek(&x) < 0)
			break;
		key = lex_token(&x);
		lex_cfws(&x, NULL);
		if (lex_char(&x, '=')) {
			lex_cfws(&x, NULL);
			take_pair(out, key, lex_value(&x, &quoted));
		} else if (key.n == 0 && !lex_quoted(&x, &inside)) {
			x.at++;
		}
	}
	if (out->client_ip.n > 0)
		received_addr(out->client_ip, &out->ip);
	else if (!find_designated(out->comment, &out->ip))
		out->unclear = true;
	if (out->unclear || x.broken)
		out->ip.family = 0;
	return true;
}
