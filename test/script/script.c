/*
 * script.c - a resolver that answers from a text, for tests
 * SPDX-License-Identifier: BSD-3-Clause
 */
#include "test/script/script.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "base/addr.h"
#include "base/base64.h"
#include "base/dname.h"
#include "base/str.h"
#include "record/rrtype.h"
#include "test/script/fake.h"

/* Records of one question at most. */
#define SET_MAX 512
/* Aliases that libunbound follows. */
#define HOPS_MAX 11
/* Servers with data of their own, and those without. */
#define SERVERS_MAX 16
#define DAY         86400

struct record {
	struct record *next;
	struct mailauth_str owner;
	uint16_t type;
	uint32_t ttl;
	struct mailauth_rdata data;
};

struct zone {
	struct zone *next;
	struct mailauth_str name;
	enum mailauth_dnssec state;
	bool has_state;
	uint8_t algorithm;
	int from, to; /* days from now */
};

/* What is done with a question. */
enum deed { FAIL, LATE, EMPTY, LOCAL };

struct rule {
	struct rule *next;
	enum deed deed;
	struct mailauth_str name;
	bool below; /* of the names below it, not of itself */
	uint16_t type; /* 0: all */
	enum mailauth_cause cause;
	double delay;
};

/* The data of one server, or of all. */
struct world {
	struct record *records, **records_end;
	struct zone *zones;
	struct rule *rules;
};

struct script {
	struct fake base;
	struct arena arena;
	struct world common;
	enum mailauth_dnssec state; /* of zones without one */
	struct {
		struct mailauth_str addr;
		struct world *world;
	} servers[SERVERS_MAX];
	struct question *questions;
	size_t nquestions, room;
	uint32_t turn; /* answers begin with this record of a set */
	/* While it is read. */
	struct world *world;
	struct mailauth_str origin, owner;
	uint32_t ttl;
	const char *line;
};

static void
die(const struct script *s, const char *why)
{
	fprintf(stderr, "script: %.*s: %s\n", (int)strcspn(s->line, "\n"),
	    s->line, why);
	abort();
}

static void *
make(struct script *s, size_t size)
{
	void *p = arena_alloc(&s->arena, size);

	if (p == NULL)
		die(s, "memory ran out");
	return p;
}

/* Reading. */

/* The next word of a line; of one in quotes the inside, escapes undone. */
static struct mailauth_str
next_word(struct script *s, struct mailauth_str *rest, bool *quoted)
{
	struct writer w = arena_writer(&s->arena);
	uint32_t octet;
	char end;

	*rest = str_trim(*rest);
	*quoted = rest->n > 0 && (rest->s[0] == '"' || rest->s[0] == '\'');
	if (!*quoted)
		return str_word(rest);
	end = rest->s[0];
	for (*rest = str_from(*rest, 1); rest->n > 0 && rest->s[0] != end;
	     *rest = str_from(*rest, 1)) {
		char c = rest->s[0];

		if (c == '\\' &&
		    str_number(str_sub(*rest, 1, 3), 255, &octet)) {
			c = (char)octet;
			*rest = str_from(*rest, 3);
		} else if (c == '\\') {
			*rest = str_from(*rest, 1);
			c = rest->n > 0 ? rest->s[0] : c;
		}
		put_char(&w, c);
	}
	if (rest->n == 0)
		die(s, "a quote is missing");
	*rest = str_from(*rest, 1);
	return writer_str(&w);
}

static struct mailauth_str
word(struct script *s, struct mailauth_str *rest)
{
	bool quoted;

	return next_word(s, rest, &quoted);
}

/* A name, relative to the origin, in its canonical form. */
static struct mailauth_str
name_of(struct script *s, struct mailauth_str text)
{
	struct writer w = arena_writer(&s->arena);
	struct dname wire;

	if (str_eq(text, STR("@")))
		return s->origin;
	put_str(&w, text);
	if (text.n > 0 && text.s[text.n - 1] != '.') {
		put_text(&w, str_eq(s->origin, STR(".")) ? "" : ".");
		put_str(&w, s->origin);
	}
	if (dname_parse(writer_str(&w), &wire) != DNAME_OK)
		die(s, "it is no name");
	return dname_text(&s->arena, &wire);
}

static uint32_t
number(struct script *s, struct mailauth_str text, uint32_t max)
{
	uint32_t n;

	if (!str_number(text, max, &n))
		die(s, "it is no number");
	return n;
}

static void
put16(struct writer *w, uint32_t n)
{
	put_char(w, (char)(n >> 8));
	put_char(w, (char)n);
}

static void
put_name(struct script *s, struct writer *w, struct mailauth_str *rest)
{
	if (!put_dname_wire(w, name_of(s, word(s, rest))))
		die(s, "it is no name");
}

static void
put_hexadecimal(struct script *s, struct writer *w, struct mailauth_str *rest)
{
	while (str_trim(*rest).n > 0) {
		struct mailauth_str digits = word(s, rest);

		for (size_t i = 0; i < digits.n; i += 2) {
			int high = hex_value(digits.s[i]);
			int low =
			    i + 1 < digits.n ? hex_value(digits.s[i + 1]) : -1;

			if (high < 0 || low < 0)
				die(s, "these are no octets");
			put_char(w, (char)(high << 4 | low));
		}
	}
}

static void
put_strings(struct script *s, struct writer *w, struct mailauth_str *rest)
{
	do {
		struct mailauth_str one = word(s, rest);

		if (one.n > 255)
			die(s, "a string is too long");
		put_char(w, (char)one.n);
		put_str(w, one);
	} while (str_trim(*rest).n > 0);
}

static void
put_address(struct script *s, struct writer *w, struct mailauth_str text)
{
	struct addr addr;

	if (!addr_parse(text, &addr))
		die(s, "it is no address");
	put_bytes(w, (const char *)addr.octet, addr_bits(&addr) / 8);
}

static void
put_soa(struct script *s, struct writer *w, struct mailauth_str *rest)
{
	put_name(s, w, rest);
	put_name(s, w, rest);
	for (int i = 0; i < 5; i++) {
		uint32_t n = number(s, word(s, rest), UINT32_MAX);

		put16(w, n >> 16);
		put16(w, n & 0xffff);
	}
}

/* Three numbers and base64. */
static void
put_cert(struct script *s, struct writer *w, struct mailauth_str *rest)
{
	struct mailauth_str text;
	uint8_t *octets;
	size_t n;

	put16(w, number(s, word(s, rest), 65535));
	put16(w, number(s, word(s, rest), 65535));
	put_char(w, (char)number(s, word(s, rest), 255));
	text = word(s, rest);
	octets = make(s, text.n + 1);
	if ((base64_decode(text, octets, &n, NULL) & BASE64_BAD) != 0)
		die(s, "it is no base64");
	put_bytes(w, (const char *)octets, n);
}

static void
put_data(struct script *s, struct writer *w, uint16_t type,
    struct mailauth_str rest)
{
	if (str_istarts(rest, STR("\\# "))) {
		word(s, &rest);
		word(s, &rest);
		put_hexadecimal(s, w, &rest);
		return;
	}
	switch (type) {
	case RRTYPE_A:
	case RRTYPE_AAAA: put_address(s, w, word(s, &rest)); break;
	case RRTYPE_MX:
		put16(w, number(s, word(s, &rest), 65535));
		put_name(s, w, &rest);
		break;
	case RRTYPE_NS:
	case RRTYPE_CNAME:
	case RRTYPE_DNAME:
	case RRTYPE_PTR: put_name(s, w, &rest); break;
	case RRTYPE_SOA: put_soa(s, w, &rest); break;
	case RRTYPE_TXT:
	case RRTYPE_SPF: put_strings(s, w, &rest); break;
	case RRTYPE_TLSA:
		for (int i = 0; i < 3; i++)
			put_char(w, (char)number(s, word(s, &rest), 255));
		put_hexadecimal(s, w, &rest);
		break;
	case RRTYPE_DS:
		put16(w, number(s, word(s, &rest), 65535));
		for (int i = 0; i < 2; i++)
			put_char(w, (char)number(s, word(s, &rest), 255));
		put_hexadecimal(s, w, &rest);
		break;
	case RRTYPE_CERT: put_cert(s, w, &rest); break;
	default: die(s, "data of this type begin with \\#");
	}
	if (str_trim(rest).n > 0)
		die(s, "there is more than its data");
}

/* A mnemonic, or "TYPE99". */
static uint16_t
type_of(struct script *s, struct mailauth_str text)
{
	uint32_t type = rrtype_named(text);

	if (type == 0 &&
	    (!str_istarts(text, STR("TYPE")) ||
	        !str_number(str_from(text, 4), UINT16_MAX, &type)))
		die(s, "there is no such type");
	return (uint16_t)type;
}

/* "[OWNER] [TTL] [IN] TYPE DATA" */
static void
take_record(struct script *s, struct mailauth_str line)
{
	struct record *r = make(s, sizeof(*r));
	struct writer w = arena_writer(&s->arena);
	struct mailauth_str text;

	if (!is_fws(line.s[0]))
		s->owner = name_of(s, word(s, &line));
	r->owner = s->owner;
	r->ttl = s->ttl;
	text = word(s, &line);
	for (int i = 0; i < 2; i++)
		if (str_number(text, INT32_MAX, &r->ttl) ||
		    str_ieq(text, STR("IN")))
			text = word(s, &line);
	r->type = type_of(s, text);
	put_data(s, &w, r->type, str_trim(line));
	r->data =
	    (struct mailauth_rdata){ (const uint8_t *)w.buf, (uint16_t)w.used };
	*s->world->records_end = r;
	s->world->records_end = &r->next;
}

static const struct {
	struct mailauth_str name;
	enum mailauth_cause cause;
	struct mailauth_str why;
} causes[] = {
	{ STR_INIT("servfail"), MAILAUTH_CAUSE_SERVFAIL,
	    STR_INIT("all servers for this domain failed, got SERVFAIL") },
	{ STR_INIT("timeout"), MAILAUTH_CAUSE_TIMEOUT,
	    STR_INIT("upstream server timeout") },
	{ STR_INIT("refused"), MAILAUTH_CAUSE_REFUSED,
	    STR_INIT("all servers for this domain failed, got REFUSED") },
	{ STR_INIT("lame"), MAILAUTH_CAUSE_LAME,
	    STR_INIT("no server to query no addresses for nameservers") },
	{ STR_INIT("loop"), MAILAUTH_CAUSE_LOOP,
	    STR_INIT("request has exceeded the maximum number restarts") },
	{ STR_INIT("truncated"), MAILAUTH_CAUSE_TRUNCATED,
	    STR_INIT("upstream server timeout") },
	{ STR_INIT("offline"), MAILAUTH_CAUSE_OFFLINE,
	    STR_INIT("an alias or delegation leads out of the zones") },
	{ STR_INIT("builtin"), MAILAUTH_CAUSE_BUILTIN,
	    STR_INIT("test is reserved for tests (RFC 6761)") },
	{ STR_INIT("bogus"), MAILAUTH_CAUSE_BOGUS,
	    STR_INIT("signature crypto failed") },
	{ STR_INIT("no-dnskey"), MAILAUTH_CAUSE_NO_DNSKEY,
	    STR_INIT("no keys have a DS") },
	{ STR_INIT("unreachable"), MAILAUTH_CAUSE_UNREACHABLE,
	    STR_INIT("root servers, then 192.0.2.53") },
	{ STR_INIT("no-proof"), MAILAUTH_CAUSE_NO_PROOF,
	    STR_INIT("no DNSKEY rrset for trust anchor .") },
	{ STR_INIT("no-soa"), MAILAUTH_CAUSE_NO_SOA,
	    STR_INIT("an empty answer without an SOA record") },
};

#define CAUSES (sizeof(causes) / sizeof(causes[0]))

static bool
take_cause(struct mailauth_str text, enum mailauth_cause *out)
{
	for (size_t i = 0; i < CAUSES; i++)
		if (str_eq(text, causes[i].name)) {
			*out = causes[i].cause;
			return true;
		}
	return false;
}

/* NAME [TYPE] [CAUSE or MS] */
static void
take_rule(struct script *s, enum deed deed, enum mailauth_cause cause,
    struct mailauth_str rest)
{
	struct rule *r = make(s, sizeof(*r));
	struct mailauth_str text;

	r->deed = deed;
	text = word(s, &rest);
	r->below = str_starts(text, STR("*"));
	if (str_eq(text, STR("*")))
		r->name = STR_NONE;
	else
		r->name = name_of(s, str_from(text, r->below ? 2 : 0));
	r->cause = cause;
	r->delay = FAKE_NEVER;
	while ((text = word(s, &rest)).n > 0) {
		if (rrtype_named(text) != 0)
			r->type = rrtype_named(text);
		else if (deed == LATE)
			r->delay = number(s, text, INT32_MAX) / 1000.0;
		else if (deed != FAIL || !take_cause(text, &r->cause))
			die(s, "there is no such type or cause");
	}
	r->next = s->world->rules;
	s->world->rules = r;
}

/* NAME [TYPE] */
static void
drop(struct script *s, struct mailauth_str rest)
{
	struct mailauth_str name = name_of(s, word(s, &rest));
	struct mailauth_str type = word(s, &rest);
	struct record **at = &s->world->records;
	bool any = false;

	while (*at != NULL) {
		if (!str_eq((*at)->owner, name) ||
		    (type.n > 0 && (*at)->type != type_of(s, type))) {
			at = &(*at)->next;
			continue;
		}
		*at = (*at)->next;
		any = true;
	}
	s->world->records_end = at;
	if (!any)
		die(s, "there is no such record");
}

static struct zone *
find_zone(const struct world *w, struct mailauth_str name)
{
	struct zone *best = NULL;

	for (struct zone *z = w->zones; z != NULL; z = z->next)
		if (dname_under(name, z->name) &&
		    (best == NULL || z->name.n > best->name.n))
			best = z;
	return best;
}

static enum mailauth_dnssec
take_state(struct script *s, struct mailauth_str name)
{
	static const struct {
		struct mailauth_str name;
		enum mailauth_dnssec state;
	} states[] = {
		{ STR_INIT("secure"), MAILAUTH_DNSSEC_SECURE },
		{ STR_INIT("insecure"), MAILAUTH_DNSSEC_INSECURE },
		{ STR_INIT("indeterminate"), MAILAUTH_DNSSEC_INDETERMINATE },
	};

	s->base.base.validation_off = NULL;
	for (size_t i = 0; i < sizeof(states) / sizeof(states[0]); i++)
		if (str_eq(name, states[i].name))
			return states[i].state;
	die(s, "there is no such state");
	return MAILAUTH_DNSSEC_UNCHECKED;
}

static void
take_zone(struct script *s, struct mailauth_str rest)
{
	struct mailauth_str name = word(s, &rest), state = word(s, &rest);
	struct zone *z = make(s, sizeof(*z));

	s->origin = STR(".");
	s->origin = s->owner = z->name = name_of(s, name);
	z->algorithm = 13;
	z->from = -1;
	z->to = 20;
	z->has_state = state.n > 0;
	if (z->has_state)
		z->state = take_state(s, state);
	z->next = s->world->zones;
	s->world->zones = z;
}

static int
days(struct script *s, struct mailauth_str *rest)
{
	struct mailauth_str text = word(s, rest);
	bool back = text.n > 0 && text.s[0] == '-';
	int n = (int)number(s, str_from(text, back), 100000);

	return back ? -n : n;
}

static void
take_signed(struct script *s, struct mailauth_str rest)
{
	struct mailauth_str name = name_of(s, word(s, &rest));
	struct zone *z = find_zone(s->world, name);

	if (z == NULL || !str_eq(z->name, name))
		die(s, "there is no such zone");
	z->algorithm = (uint8_t)number(s, word(s, &rest), 255);
	z->from = days(s, &rest);
	z->to = days(s, &rest);
}

static struct world *
world_new(struct script *s)
{
	struct world *w = make(s, sizeof(*w));

	w->records_end = &w->records;
	return w;
}

/* Of "192.0.2.1" and "192.0.2.1@53" there are two. */
static int
server_number(struct script *s, struct mailauth_str addr, struct world *world)
{
	size_t i = 0;

	while (s->servers[i].addr.n > 0 && !str_eq(s->servers[i].addr, addr))
		if (++i == SERVERS_MAX)
			return -1;
	if (s->servers[i].addr.n == 0) {
		s->servers[i].addr = arena_copy(&s->arena, addr);
		s->servers[i].world = world;
	}
	return (int)i;
}

static void
take_at(struct script *s, struct mailauth_str rest)
{
	struct mailauth_str addr = word(s, &rest);
	int i;

	s->world = &s->common;
	if (addr.n == 0)
		return;
	i = server_number(s, addr, world_new(s));
	if (i < 0)
		die(s, "there are too many servers");
	s->world = s->servers[i].world;
}

/* A line that begins with a word of ours; false when it is another one. */
static bool
take_order(struct script *s, struct mailauth_str line)
{
	struct mailauth_str rest = line, first = str_word(&rest);

	if (str_ieq(first, STR("$ORIGIN")))
		s->origin = name_of(s, word(s, &rest));
	else if (str_ieq(first, STR("$TTL")))
		s->ttl = number(s, word(s, &rest), INT32_MAX);
	else if (str_eq(first, STR("zone")))
		take_zone(s, rest);
	else if (str_eq(first, STR("fail")))
		take_rule(s, FAIL, MAILAUTH_CAUSE_SERVFAIL, rest);
	else if (str_eq(first, STR("bogus")))
		take_rule(s, FAIL, MAILAUTH_CAUSE_BOGUS, rest);
	else if (str_eq(first, STR("late")))
		take_rule(s, LATE, MAILAUTH_CAUSE_NONE, rest);
	else if (str_eq(first, STR("empty")))
		take_rule(s, EMPTY, MAILAUTH_CAUSE_NONE, rest);
	else if (str_eq(first, STR("drop")))
		drop(s, rest);
	else if (str_eq(first, STR("local")))
		take_rule(s, LOCAL, MAILAUTH_CAUSE_NONE, rest);
	else if (str_eq(first, STR("at")))
		take_at(s, rest);
	else if (str_eq(first, STR("signed")))
		take_signed(s, rest);
	else if (str_eq(first, STR("all")))
		s->state = take_state(s, word(s, &rest));
	else if (str_eq(first, STR("online"))) {
		s->base.base.offline = false;
		s->base.base.off = OFF_BY_FAULT;
	} else if (str_eq(first, STR("turn"))) {
		if (!str_number(word(s, &rest), 1000, &s->turn))
			die(s, "turn wants a number");
	} else if (str_eq(first, STR("forwards")))
		s->base.base.forwards = true;
	else if (str_eq(first, STR("denies-root")))
		s->base.base.denies_root = true;
	else if (str_eq(first, STR("no-root")))
		s->base.base.denies_root = s->base.base.no_root = true;
	else if (str_eq(first, STR("through")))
		s->base.base.through = arena_copy(&s->arena, str_trim(rest)).s;
	else if (str_eq(first, STR("validation-off"))) {
		s->base.base.validation_off =
		    arena_copy(&s->arena, str_trim(rest)).s;
		s->base.base.off = OFF_BY_FAULT;
	} else if (str_eq(first, STR("no-dnssec"))) {
		s->base.base.validation_off = "no proof was asked for";
		s->base.base.off = OFF_BY_WISH;
	} else
		return false;
	return true;
}

/* A line without its comment. */
static struct mailauth_str
bare(struct mailauth_str line)
{
	char quote = '\0';

	for (size_t i = 0; i < line.n; i++) {
		char c = line.s[i];

		if (c == '\\')
			i++;
		else if (quote == '\0' && (c == '"' || c == '\''))
			quote = c;
		else if (c == quote)
			quote = '\0';
		else if (c == ';' && quote == '\0')
			return str_sub(line, 0, i);
	}
	return line;
}

static const struct record *
find_record(const struct world *w, struct mailauth_str name, uint16_t type)
{
	for (const struct record *r = w->records; r != NULL; r = r->next)
		if (r->type == type && str_eq(r->owner, name))
			return r;
	return NULL;
}

/* What every zone has. */
static void
complete(struct script *s, struct world *w)
{
	s->world = w;
	s->line = "(an apex)";
	for (struct zone *z = w->zones; z != NULL; z = z->next) {
		if (find_record(w, z->name, RRTYPE_SOA) != NULL)
			continue;
		s->origin = z->name;
		s->ttl = 300;
		take_record(s,
		    STR("@ SOA ns hostmaster 1 3600 900 1209600 300"));
		take_record(s, STR("@ NS ns"));
		take_record(s, STR("ns A 192.0.2.53"));
	}
}

void
script_add(struct resolver *r, const char *text)
{
	struct script *s = (struct script *)r;
	struct mailauth_str rest = arena_copy(&s->arena, str_of(text)), line;

	s->world = &s->common;
	s->origin = s->owner = STR(".");
	s->ttl = 300;
	while (rest.n > 0) {
		s->line = rest.s;
		line = bare(str_cut(&rest, '\n'));
		if (str_trim(line).n > 0 && !take_order(s, line))
			take_record(s, line);
	}
	complete(s, &s->common);
	for (size_t i = 0; i < SERVERS_MAX; i++)
		if (s->servers[i].world != NULL)
			complete(s, s->servers[i].world);
}

/* Answering. */

static bool
meets(const struct rule *r, struct mailauth_str name)
{
	if (r->below && r->name.n == 0)
		return true;
	return r->below ? dname_under(name, r->name) && name.n > r->name.n :
	                  str_eq(name, r->name);
}

static const struct rule *
find_rule(const struct world *w, enum deed deed, struct mailauth_str name,
    uint16_t type)
{
	for (const struct rule *r = w->rules; r != NULL; r = r->next)
		if (r->deed == deed && (r->type == 0 || r->type == type) &&
		    meets(r, name))
			return r;
	return NULL;
}

/* Some record of the zone is at the name or below it. */
static bool
exists(const struct world *w, struct mailauth_str name)
{
	for (const struct record *r = w->records; r != NULL; r = r->next)
		if (dname_under(r->owner, name))
			return true;
	return false;
}

/* Where the records of a name are: at the name itself or at the wildcard that
 * covers it (RFC 4592 3.3.1); STR_NONE: the name does not exist. */
static struct mailauth_str
node_of(struct script *s, const struct world *w, const struct zone *z,
    struct mailauth_str name)
{
	struct mailauth_str encloser = name, star;
	struct writer out = arena_writer(&s->arena);

	if (exists(w, name))
		return name;
	while (!exists(w, encloser) && !str_eq(encloser, z->name))
		encloser = dname_parent(encloser);
	put_text(&out, "*.");
	if (!str_eq(encloser, STR(".")))
		put_str(&out, encloser);
	star = writer_str(&out);
	return exists(w, star) ? star : STR_NONE;
}

/* A record of this type at a name above, but in the zone. */
static const struct record *
above(const struct world *w, const struct zone *z, struct mailauth_str name,
    uint16_t type)
{
	while (!str_eq(name, z->name)) {
		const struct record *r;

		name = dname_parent(name);
		if ((type != RRTYPE_NS || !str_eq(name, z->name)) &&
		    (r = find_record(w, name, type)) != NULL)
			return r;
		if (str_eq(name, STR(".")))
			break;
	}
	return NULL;
}

/* The name in the data of an alias. */
static struct mailauth_str
target_of(struct script *s, const struct record *r)
{
	struct cursor c = cursor_of(r->data.data, r->data.len);
	struct dname wire;

	if (!dname_read(&c, false, &wire))
		return STR_NONE;
	return dname_text(&s->arena, &wire);
}

/* The name with the end that DNAME has in place of its own. */
static struct mailauth_str
redirected(struct script *s, const struct record *dname,
    struct mailauth_str name)
{
	struct mailauth_str end = target_of(s, dname);
	struct writer w = arena_writer(&s->arena);

	put_str(&w, str_sub(name, 0, name.n - dname->owner.n));
	put_str(&w, str_eq(end, STR(".")) ? STR_NONE : end);
	return writer_str(&w);
}

/* An answer under way. */
struct answering {
	struct script *s;
	const struct world *world;
	const struct zone *zone; /* of the last name */
	struct lookup *l;
	struct mailauth_str name; /* at the end of the chain so far */
	enum mailauth_dnssec state; /* of the chain so far */
};

static bool
fail(struct answering *a, enum mailauth_cause cause)
{
	struct mailauth_str why = STR_NONE;

	for (size_t i = 0; i < CAUSES; i++)
		if (causes[i].cause == cause)
			why = causes[i].why;
	a->l->answer.nchain = 0;
	fake_fail(a->l, cause, why);
	return true;
}

static enum mailauth_dnssec
state_of(const struct answering *a)
{
	return a->zone->has_state ? a->zone->state : a->s->state;
}

static void
sign(struct answering *a)
{
	struct sig *sig = &a->l->sigs[a->l->nsigs++];
	const struct zone *z = a->zone;
	int64_t now = (int64_t)time(NULL);

	sig->algorithm = z->algorithm;
	sig->inception = (uint32_t)(now + z->from * DAY);
	sig->expiration = (uint32_t)(now + z->to * DAY);
	sig->signer = a->l->answer.zone = z->name;
}

/* Let the records begin with the one at `from`. */
static void
turn(struct mailauth_rdata *rr, size_t n, size_t from)
{
	for (; from > 0; from--) {
		struct mailauth_rdata first = rr[0];

		memmove(rr, rr + 1, (n - 1) * sizeof(*rr));
		rr[n - 1] = first;
	}
}

static bool
take_set(struct answering *a, struct mailauth_str node)
{
	struct mailauth_answer *out = &a->l->answer;
	struct mailauth_rdata *rr =
	    arena_alloc(a->l->arena, SET_MAX * sizeof(*rr));

	out->nrr = 0;
	for (const struct record *r = a->world->records;
	     rr != NULL && r != NULL && out->nrr < SET_MAX; r = r->next) {
		if (r->type != out->rrtype || !str_eq(r->owner, node))
			continue;
		rr[out->nrr] = r->data;
		if (out->nrr++ == 0 || r->ttl < out->ttl)
			out->ttl = r->ttl;
	}
	out->rr = rr;
	if (out->nrr == 0)
		return false;
	turn(rr, out->nrr, a->s->turn % out->nrr);
	out->outcome = MAILAUTH_FOUND;
	if (state_of(a) != MAILAUTH_DNSSEC_SECURE ||
	    a->s->base.base.validation_off != NULL)
		return true;
	sign(a);
	if (!str_eq(node, a->name) && a->state == MAILAUTH_DNSSEC_SECURE)
		out->flags |= MAILAUTH_ANSWER_WILDCARD;
	return true;
}

static bool
deny(struct answering *a, enum mailauth_outcome outcome)
{
	const struct record *soa =
	    find_record(a->world, a->zone->name, RRTYPE_SOA);
	struct mailauth_answer *out = &a->l->answer;

	out->outcome = outcome;
	if (find_rule(a->world, EMPTY, a->name, out->rrtype) != NULL) {
		out->outcome = MAILAUTH_NODATA;
		out->flags |= MAILAUTH_ANSWER_NO_SOA;
		return true;
	}
	out->zone = a->zone->name;
	out->ttl = soa != NULL ? soa->ttl : 0;
	return true;
}

/* The chain goes on at `name`. */
static bool
follow(struct answering *a, struct mailauth_str name)
{
	struct mailauth_answer *out = &a->l->answer;

	if (out->nchain == HOPS_MAX)
		return fail(a, MAILAUTH_CAUSE_LOOP);
	((struct mailauth_str *)(uintptr_t)out->chain)[out->nchain++] = name;
	a->l->has_cname = true;
	a->name = name;
	return false;
}

/* What is in the way of an answer: nobody to ask, or the script. */
static bool
hinder(struct answering *a)
{
	uint16_t type = a->l->answer.rrtype;
	const struct rule *rule = find_rule(a->world, FAIL, a->name, type);
	const struct record *cut;

	if (rule != NULL)
		return fail(a, rule->cause);
	cut = a->zone != NULL ? above(a->world, a->zone, a->name, RRTYPE_NS) :
	                        NULL;
	if (cut == NULL && a->zone != NULL && type != RRTYPE_DS &&
	    !str_eq(a->name, a->zone->name))
		cut = find_record(a->world, a->name, RRTYPE_NS);
	if (a->zone == NULL || cut != NULL)
		return fail(a,
		    a->s->base.base.offline ? MAILAUTH_CAUSE_OFFLINE :
		                              MAILAUTH_CAUSE_LAME);
	return false;
}

/* One name of the chain; false when it goes on. */
static bool
step(struct answering *a)
{
	uint16_t type = a->l->answer.rrtype;
	struct mailauth_str node, name = a->name;
	const struct record *r;

	/* The parent has the DS of a zone. */
	if (type == RRTYPE_DS && !str_eq(name, STR(".")))
		name = dname_parent(name);
	a->zone = find_zone(a->world, name);
	if (hinder(a))
		return true;
	if (state_of(a) < a->state)
		a->state = state_of(a);
	if (find_rule(a->world, EMPTY, a->name, type) != NULL)
		return deny(a, MAILAUTH_NODATA);
	node = node_of(a->s, a->world, a->zone, a->name);
	r = above(a->world, a->zone, a->name, RRTYPE_DNAME);
	if (r != NULL && type != RRTYPE_CNAME) {
		a->l->answer.flags |= MAILAUTH_ANSWER_DNAME;
		return follow(a, redirected(a->s, r, a->name));
	}
	if (node.n == 0)
		return deny(a, MAILAUTH_NXDOMAIN);
	/* An alias counts where there is nothing else that is asked for. */
	if (take_set(a, node))
		return true;
	r = find_record(a->world, node, RRTYPE_CNAME);
	return r != NULL ? follow(a, target_of(a->s, r)) :
	                   deny(a, MAILAUTH_NODATA);
}

static const struct world *
world_of(const struct script *s, const struct lookup *l)
{
	return l->server >= 0 ? s->servers[l->server].world : &s->common;
}

static void
answer(struct fake *f, struct lookup *l)
{
	struct script *s = (struct script *)f;
	struct answering a = { .s = s,
		.world = world_of(s, l),
		.l = l,
		.name = l->answer.name,
		.state = MAILAUTH_DNSSEC_SECURE };
	const struct rule *rule;

	if (l->probe) {
		rule = find_rule(a.world, FAIL, a.name, l->answer.rrtype);
		fake_fail(l,
		    rule != NULL && rule->cause == MAILAUTH_CAUSE_TRUNCATED ?
		        MAILAUTH_CAUSE_TRUNCATED :
		        MAILAUTH_CAUSE_TIMEOUT,
		    STR_NONE);
		return;
	}
	l->answer.chain =
	    arena_alloc(l->arena, HOPS_MAX * sizeof(*l->answer.chain));
	while (l->answer.chain != NULL && !step(&a))
		;
	if (l->answer.outcome == MAILAUTH_FAILED) {
		/* Of a name in no zone libunbound is not even asked. */
		if (l->answer.cause == MAILAUTH_CAUSE_OFFLINE &&
		    str_eq(a.name, l->answer.name) && a.zone == NULL)
			l->answer.why = STR_NONE;
		/* Truncation is what a probe sees. */
		if (l->answer.cause == MAILAUTH_CAUSE_TRUNCATED)
			l->answer.cause = MAILAUTH_CAUSE_TIMEOUT;
		return;
	}
	if (find_rule(a.world, LOCAL, l->answer.name, l->answer.rrtype) != NULL)
		l->answer.flags |= MAILAUTH_ANSWER_LOCAL;
	l->answer.dnssec = f->base.validation_off != NULL || l->server >= 0 ||
	        (l->answer.flags & MAILAUTH_ANSWER_LOCAL) != 0 ?
	    MAILAUTH_DNSSEC_UNCHECKED :
	    a.state;
}

static double
delay(struct fake *f, const struct lookup *l)
{
	struct script *s = (struct script *)f;
	const struct rule *rule =
	    find_rule(world_of(s, l), LATE, l->answer.name, l->answer.rrtype);

	return rule != NULL ? rule->delay : FAKE_DELAY;
}

/* Questions that are remembered without more memory. */
#define QUESTIONS 256

static void
remember(struct script *s, const struct lookup *l)
{
	for (size_t i = 0; i < s->nquestions; i++)
		if (s->questions[i].rrtype == l->answer.rrtype &&
		    str_eq(s->questions[i].name, l->answer.name))
			return;
	if (s->nquestions == s->room) {
		s->room *= 2;
		s->questions =
		    realloc(s->questions, s->room * sizeof(*s->questions));
		if (s->questions == NULL)
			abort();
	}
	s->questions[s->nquestions++] =
	    (struct question){ arena_copy(&s->arena, l->answer.name),
		    l->answer.rrtype };
}

static double
delay_and_remember(struct fake *f, const struct lookup *l)
{
	remember((struct script *)f, l);
	return delay(f, l);
}

static bool
serves(struct resolver *r, struct mailauth_str name)
{
	struct script *s = (struct script *)r;

	return !r->offline || find_zone(&s->common, name) != NULL;
}

static int
add_server(struct resolver *r, const char *addr)
{
	struct script *s = (struct script *)r;
	int i = server_number(s, str_of(addr), &s->common);

	if (i >= 0 && (size_t)i >= r->nservers)
		r->nservers = (size_t)i + 1;
	return i;
}

static void
release(struct fake *f)
{
	struct script *s = (struct script *)f;

	arena_free(&s->arena);
	free(s->questions);
	free(s);
}

const struct question *
script_question(const struct resolver *r, size_t i)
{
	const struct script *s = (const struct script *)r;

	return i < s->nquestions ? &s->questions[i] : NULL;
}

struct resolver *
script_new(const char *text)
{
	struct script *s = calloc(1, sizeof(*s));

	if (s == NULL)
		abort();
	fake_start(&s->base, answer);
	s->base.delay = delay_and_remember;
	s->base.release = release;
	s->state = MAILAUTH_DNSSEC_INDETERMINATE;
	s->base.base.offline = true;
	s->base.base.serves = serves;
	s->base.base.add_server = add_server;
	s->base.base.validation_off = "no trust anchor is loaded";
	s->base.base.off = OFF_FOR_DRAFT;
	s->common.records_end = &s->common.records;
	/* Room from the start: questions are asked while memory is short. */
	s->room = QUESTIONS;
	s->questions = calloc(s->room, sizeof(*s->questions));
	if (s->questions == NULL)
		abort();
	script_add(&s->base.base, text);
	return &s->base.base;
}
