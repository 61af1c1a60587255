/*
 * authres.c - Authentication-Results and ARC-Authentication-Results
 * SPDX-License-Identifier: BSD-3-Clause
 */
#include "header/authres.h"

/* name=value, with the parts of the name. */
struct pair {
	struct mailauth_str ptype; /* empty without a '.' */
	struct mailauth_str name;
	struct mailauth_str version; /* behind '/' */
	struct mailauth_str value;
	bool quoted;
	bool sloppy; /* no value follows the '=' */
};

static const struct {
	struct mailauth_str name;
	enum authres_word word;
} words[] = {
	{ STR_INIT("none"), AUTHRES_NONE },
	{ STR_INIT("pass"), AUTHRES_PASS },
	{ STR_INIT("fail"), AUTHRES_FAIL },
	{ STR_INIT("softfail"), AUTHRES_SOFTFAIL },
	{ STR_INIT("hardfail"), AUTHRES_HARDFAIL },
	{ STR_INIT("neutral"), AUTHRES_NEUTRAL },
	{ STR_INIT("policy"), AUTHRES_POLICY },
	{ STR_INIT("permerror"), AUTHRES_PERMERROR },
	{ STR_INIT("temperror"), AUTHRES_TEMPERROR },
	{ STR_INIT("softpass"), AUTHRES_SOFTPASS },
	{ STR_INIT("bestguesspass"), AUTHRES_BESTGUESSPASS },
	/* Words of no standard, as servers write them. */
	{ STR_INIT("success"), AUTHRES_PASS },
	{ STR_INIT("failed"), AUTHRES_FAIL },
	{ STR_INIT("reject"), AUTHRES_FAIL },
	{ STR_INIT("invalid"), AUTHRES_PERMERROR },
	{ STR_INIT("perm_error"), AUTHRES_PERMERROR },
	{ STR_INIT("perm_fail"), AUTHRES_PERMERROR },
	{ STR_INIT("permfail"), AUTHRES_PERMERROR },
	{ STR_INIT("temp_error"), AUTHRES_TEMPERROR },
	{ STR_INIT("temp_fail"), AUTHRES_TEMPERROR },
	{ STR_INIT("tempfail"), AUTHRES_TEMPERROR },
	{ STR_INIT("timeout"), AUTHRES_TEMPERROR },
	{ STR_INIT("error"), AUTHRES_TEMPERROR },
	{ STR_INIT("unsigned"), AUTHRES_NONE },
	{ STR_INIT("nosig"), AUTHRES_NONE },
};

/* Properties without a type whose value may be a result word: "reason=fail" is
 * no result. */
static const struct mailauth_str bare[] = { STR_INIT("reason"),
	STR_INIT("action"), STR_INIT("policy"), STR_INIT("dis"), STR_INIT("p"),
	STR_INIT("sp") };

/* The properties that hold the domain of each method, the best first. */
static const struct {
	struct mailauth_str method, ptype, name;
	enum authres_source source;
} places[] = {
	{ STR_INIT("dkim"), STR_INIT("header"), STR_INIT("d"),
	    AUTHRES_HEADER_D },
	{ STR_INIT("dkim"), STR_INIT("header"), STR_INIT("i"),
	    AUTHRES_HEADER_I },
	{ STR_INIT("spf"), STR_INIT("smtp"), STR_INIT("mailfrom"),
	    AUTHRES_MAILFROM },
	/* The name of smtp.mailfrom in RFC 5451. */
	{ STR_INIT("spf"), STR_INIT("smtp"), STR_INIT("mail"),
	    AUTHRES_MAILFROM },
	{ STR_INIT("spf"), STR_INIT("smtp"), STR_INIT("helo"), AUTHRES_HELO },
	{ STR_INIT("dmarc"), STR_INIT("header"), STR_INIT("from"),
	    AUTHRES_HEADER_FROM },
	{ STR_INIT("sender-id"), STR_INIT("header"), STR_INIT("from"),
	    AUTHRES_HEADER_FROM },
	{ STR_INIT("arc"), STR_INIT("header"), STR_INIT("d"),
	    AUTHRES_HEADER_D },
	{ STR_INIT("bimi"), STR_INIT("header"), STR_INIT("d"),
	    AUTHRES_HEADER_D },
};

#define COUNT(table) (sizeof(table) / sizeof((table)[0]))

enum authres_word
authres_word_of(struct mailauth_str s)
{
	for (size_t i = 0; i < COUNT(words); i++)
		if (str_ieq(s, words[i].name))
			return words[i].word;
	return AUTHRES_OTHER;
}

/* Read method [ "/" version ] or ptype "." property, and the '='. Blanks and
 * comments may be between all parts (RFC 8601 2.2). is_token() includes the
 * dot, so one token can hold type and property. */
static bool
read_name(struct lexer *x, struct pair *p)
{
	struct mailauth_str word = lex_token(x);
	size_t dot = str_find(word, '.');

	*p = (struct pair){ .name = word };
	lex_cfws(x, NULL);
	if (dot == word.n && lex_char(x, '.')) {
		lex_cfws(x, NULL);
		p->ptype = word;
		p->name = lex_token(x);
	} else if (dot < word.n) {
		p->ptype = str_sub(word, 0, dot);
		p->name = str_from(word, dot + 1);
		if (p->name.n == 0)
			p->name = lex_token(x);
		if (p->ptype.n == 0)
			return false;
	} else if (lex_char(x, '/')) {
		lex_cfws(x, NULL);
		p->version = lex_token(x);
	}
	lex_cfws(x, NULL);
	return p->name.n > 0 && lex_char(x, '=');
}

static bool
is_bare(struct mailauth_str name)
{
	for (size_t i = 0; i < COUNT(bare); i++)
		if (str_ieq(name, bare[i]))
			return true;
	return false;
}

/* The token at the start of a value. */
static struct mailauth_str
head_of(struct mailauth_str value)
{
	struct lexer x = lexer_of(value);

	return lex_token(&x);
}

/* The pair is a result and no property: it has no type, and its value is a
 * result word. */
static bool
is_result(const struct pair *p)
{
	return p->ptype.n == 0 && !is_bare(p->name) &&
	    authres_word_of(head_of(p->value)) != AUTHRES_OTHER;
}

/* A pair begins here. read_pair() calls this behind '=' and a blank: in "dkim=
 * spf=pass" the first pair has no value. */
static bool
is_pair_ahead(struct lexer x)
{
	struct pair p;
	bool quoted;

	if (!read_name(&x, &p))
		return false;
	if (p.ptype.n > 0)
		return true;
	lex_cfws(&x, NULL);
	p.value = lex_value(&x, &quoted);
	return is_result(&p);
}

/*
 * @return false when no pair is here. The lexer may have moved; the caller
 *     resets it.
 */
static bool
read_pair(struct lexer *x, struct pair *p)
{
	size_t end;

	if (!read_name(x, p))
		return false;
	end = x->at;
	lex_cfws(x, NULL);
	if (x->at == end || !is_pair_ahead(*x))
		p->value = lex_value(x, &p->quoted);
	p->sloppy = p->value.n == 0 && !p->quoted;
	return true;
}

/* Skip a word that is no pair, or a quoted string. */
static void
skip_junk(struct lexer *x)
{
	struct mailauth_str inside;

	if (!lex_quoted(x, &inside))
		lex_run(x);
}

/* Behind this ';' another property of the same result follows: some servers
 * write "spf=pass; smtp.mailfrom=a@example.com". */
static bool
is_property_ahead(struct lexer x)
{
	struct pair p;

	while (lex_char(&x, ';'))
		lex_cfws(&x, NULL);
	return read_name(&x, &p) && (p.ptype.n > 0 || is_bare(p.name));
}

static unsigned
count_comments(struct mailauth_str s)
{
	struct lexer x = lexer_of(s);
	struct mailauth_str inside;
	unsigned n = 0;

	while (lex_peek(&x) >= 0) {
		if (lex_comment(&x, &inside))
			n++;
		else if (!lex_quoted(&x, &inside))
			x.at++;
	}
	return n;
}

/* Read the properties of a result up to the ';' in front of the next result, or
 * up to that, and store their text for authres_property(). */
static void
take_props(struct authres *a, struct authres_result *r)
{
	struct lexer *x = &a->lexer;
	size_t from = x->at, start;

	for (;;) {
		struct pair p;

		lex_cfws(x, &r->comment);
		start = x->at;
		if (lex_peek(x) < 0 ||
		    (lex_peek(x) == ';' && !is_property_ahead(*x)))
			break;
		if (lex_char(x, ';')) {
			a->sloppy = true;
			continue;
		}
		if (!read_pair(x, &p)) {
			a->sloppy = true;
			x->at = start;
			skip_junk(x);
			continue;
		}
		if (is_result(&p)) {
			a->sloppy = true;
			x->at = start;
			break;
		}
		a->sloppy |= p.sloppy;
		if (p.ptype.n == 0 && str_ieq(p.name, STR("reason"))) {
			if (r->reason.n == 0)
				r->reason = p.value;
		} else {
			a->sloppy |= p.ptype.n == 0;
		}
	}
	r->props = str_sub(x->text, from, x->at - from);
	r->comments = count_comments(r->props);
}

/* Read method [ "/" version ] "=" result. */
static bool
take_method(struct authres *a, struct authres_result *r)
{
	struct lexer *x = &a->lexer;
	struct mailauth_str inside;
	struct pair p;

	*r = (struct authres_result){ .word = AUTHRES_OTHER };
	if (!read_name(x, &p) || p.ptype.n > 0)
		return false;
	r->method = p.name;
	r->version = p.version;
	lex_cfws(x, NULL);
	if (lex_quoted(x, &inside)) {
		a->sloppy = true;
		r->raw = inside;
	} else {
		r->raw = lex_token(x);
	}
	r->word = authres_word_of(r->raw);
	return r->raw.n > 0;
}

bool
authres_next(struct authres *a, struct authres_result *out)
{
	struct lexer *x = &a->lexer;

	for (;;) {
		lex_cfws(x, NULL);
		if (lex_peek(x) < 0)
			break;
		if (lex_char(x, ';'))
			continue;
		if (take_method(a, out)) {
			take_props(a, out);
			a->results++;
			return true;
		}
		a->sloppy = true;
		lex_seek(x, ';');
	}
	a->sloppy |= x->broken || (a->results == 0) != a->none;
	return false;
}

bool
authres_property(struct mailauth_str *rest, struct authres_property *out)
{
	struct lexer x = lexer_of(*rest);
	struct pair p;

	for (;;) {
		size_t start;

		lex_cfws(&x, NULL);
		start = x.at;
		if (lex_peek(&x) < 0)
			break;
		if (!read_pair(&x, &p)) {
			x.at = start;
			skip_junk(&x);
			continue;
		}
		if (p.ptype.n == 0 && str_ieq(p.name, STR("reason")))
			continue;
		*out = (struct authres_property){ p.ptype, p.name, p.value,
			p.quoted };
		*rest = str_from(x.text, x.at);
		return true;
	}
	*rest = str_from(x.text, x.text.n);
	return false;
}

bool
authres_find(const struct authres_result *r, struct mailauth_str ptype,
    struct mailauth_str name, struct authres_property *out)
{
	struct mailauth_str rest = r->props;

	while (authres_property(&rest, out))
		if (str_ieq(out->ptype, ptype) && str_ieq(out->name, name))
			return true;
	return false;
}

/* The part behind the last '@', or the whole value without '@'; without
 * "<>". */
static struct mailauth_str
domain_of(struct mailauth_str value)
{
	size_t at = value.n;

	while (at > 0 && value.s[at - 1] != '@')
		at--;
	if (at == 0 && value.n > 0 && value.s[0] == '<')
		at = 1;
	value = str_from(value, at);
	if (value.n > 0 && value.s[value.n - 1] == '>')
		value.n--;
	return str_ieq(value, STR("none")) ? STR_NONE : value;
}

enum authres_source
authres_domain(const struct authres_result *r, struct mailauth_str *domain)
{
	struct authres_property p;

	for (size_t i = 0; i < COUNT(places); i++) {
		if (!str_ieq(r->method, places[i].method) ||
		    !authres_find(r, places[i].ptype, places[i].name, &p))
			continue;
		*domain = domain_of(p.value);
		if (domain->n > 0)
			return places[i].source;
	}
	*domain = STR_NONE;
	return AUTHRES_NOWHERE;
}

/* Read i=N; at the start of an ARC field (RFC 8617 4.2.1: 1 to 50). Without it
 * the lexer stays at the start. */
static void
take_instance(struct authres *a)
{
	struct lexer x = a->lexer;

	lex_cfws(&x, NULL);
	a->sloppy = true;
	if (!str_ieq(lex_token(&x), STR("i")))
		return;
	lex_cfws(&x, NULL);
	if (!lex_char(&x, '='))
		return;
	lex_cfws(&x, NULL);
	a->sloppy =
	    !str_number(lex_token(&x), 50, &a->instance) || a->instance == 0;
	lex_cfws(&x, NULL);
	a->sloppy |= !lex_char(&x, ';');
	a->lexer.at = x.at;
}

/* Take "none" when nothing follows it. */
static void
take_none(struct authres *a)
{
	struct lexer x = a->lexer;

	lex_cfws(&x, NULL);
	if (!str_ieq(lex_token(&x), STR("none")))
		return;
	lex_cfws(&x, NULL);
	lex_char(&x, ';');
	lex_cfws(&x, NULL);
	a->none = lex_peek(&x) < 0;
	if (a->none)
		a->lexer = x;
}

/* Take authserv-id [ CFWS version ] ";". Microsoft omits the authserv-id: a
 * field that begins with a pair has none. */
static void
take_id(struct authres *a)
{
	struct lexer *x = &a->lexer;
	struct lexer ahead;
	struct pair p;

	lex_cfws(x, NULL);
	ahead = *x;
	if (read_name(&ahead, &p) || lex_peek(x) == ';') {
		a->sloppy = true;
		return;
	}
	if (!lex_quoted(x, &a->id)) {
		size_t start = x->at;

		lex_run(x);
		a->id = str_sub(x->text, start, x->at - start);
		a->sloppy |= head_of(a->id).n < a->id.n;
	}
	lex_cfws(x, NULL);
	ahead = *x;
	p.version = lex_token(&ahead);
	if (p.version.n > 0 &&
	    str_skip(p.version, 0, CLASS_DIGIT) == p.version.n) {
		a->version = p.version;
		*x = ahead;
		lex_cfws(x, NULL);
	}
	/* Without ';' the results begin here too. */
	a->sloppy |= !lex_char(x, ';');
}

bool
authres_open(const struct header_field *f, struct authres *out)
{
	bool arc = str_ieq(f->name, STR("ARC-Authentication-Results"));

	if (!arc && !str_ieq(f->name, STR("Authentication-Results")))
		return false;
	*out = (struct authres){ .lexer = lexer_of(f->value), .arc = arc };
	if (arc)
		take_instance(out);
	take_id(out);
	take_none(out);
	out->sloppy |= f->unfolded || out->lexer.broken;
	return true;
}
