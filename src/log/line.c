/*
 * line.c - the format of the module's log lines
 * SPDX-License-Identifier: BSD-3-Clause
 */
#include "log/line.h"

#include "base/addr.h"
#include "log/verdicts.h"

#define SCHEMA "unbound-mailauth/1"

/* The line being written; each field function appends one field in the format
 * of the configuration. */
struct form {
	struct writer *w;
	bool json;
	bool more; /* the line has a field already */
};

const char *
name_source(enum source v)
{
	static const char *const names[SOURCES] = { "fresh", "cache", "stale",
		"local", "servfail" };

	return (size_t)v < SOURCES ? names[v] : "?";
}

const char *
name_rcode(unsigned rcode, char room[16])
{
	static const char *const names[] = { "NOERROR", "FORMERR", "SERVFAIL",
		"NXDOMAIN", "NOTIMP", "REFUSED", "YXDOMAIN", "YXRRSET",
		"NXRRSET", "NOTAUTH", "NOTZONE" };
	struct writer w = writer_of(room, 15);

	if (rcode < sizeof(names) / sizeof(names[0]))
		return names[rcode];
	put_text(&w, "RCODE");
	put_number(&w, rcode);
	room[w.used] = '\0';
	return room;
}

/* Append printable text in quotes, '"' and '\' escaped. */
static void
put_quoted(struct writer *w, struct mailauth_str s)
{
	size_t from = 0, at = 0;

	if (str_find(s, '"') == s.n && str_find(s, '\\') == s.n)
		at = s.n;
	put_char(w, '"');
	for (; at < s.n; at++) {
		if (s.s[at] != '"' && s.s[at] != '\\')
			continue;
		put_str(w, str_sub(s, from, at - from));
		put_char(w, '\\');
		from = at;
	}
	put_str(w, str_from(s, from));
	put_char(w, '"');
}

/* Append our own word in quotes; it holds no character to escape. */
static void
put_word(struct writer *w, const char *s)
{
	put_char(w, '"');
	put_text(w, s);
	put_char(w, '"');
}

/* Append text from the network in quotes. put_untrusted() writes a backslash as
 * two and the quoting doubles both: a reader undoes JSON, then RFC 1035. */
static void
put_untrusted_quoted(struct writer *w, struct mailauth_str s)
{
	char room[4 * (SIGHTING_WHY_MAX + DNAME_TEXT_MAX)];
	struct writer plain = writer_of(room, sizeof(room));

	put_untrusted(&plain, s);
	put_quoted(w, writer_str(&plain));
}

static void
key(struct form *f, const char *name)
{
	if (f->json) {
		put_text(f->w, f->more ? ",\"" : "\"");
		put_text(f->w, name);
		put_text(f->w, "\":");
	} else {
		put_text(f->w, f->more ? " " : "");
		put_text(f->w, name);
		put_char(f->w, '=');
	}
	f->more = true;
}

/* A field with our own word. */
static void
word(struct form *f, const char *name, const char *value)
{
	key(f, name);
	if (f->json)
		put_word(f->w, value);
	else
		put_text(f->w, value);
}

static void
number(struct form *f, const char *name, uint64_t value)
{
	key(f, name);
	put_number(f->w, value);
}

static void
yes(struct form *f, const char *name)
{
	word(f, name, "yes");
	if (f->json) {
		/* JSON has a type for it: replace the word by true. */
		f->w->used -= sizeof("\"yes\"") - 1;
		put_text(f->w, "true");
	}
}

/* A field with a name in presentation form: printable, without blanks. */
static void
name(struct form *f, const char *what, struct mailauth_str value)
{
	key(f, what);
	if (f->json)
		put_untrusted_quoted(f->w, value);
	else
		put_str(f->w, value);
}

/* A field with text that may have blanks. */
static void
text(struct form *f, const char *what, struct mailauth_str value)
{
	key(f, what);
	put_untrusted_quoted(f->w, value);
}

/* The time as RFC 3339 text in UTC with milliseconds. */
static void
when(struct form *f, int64_t sec, uint32_t usec)
{
	char room[40];
	struct writer w = writer_of(room, sizeof(room) - 1);

	put_utc(&w, sec);
	put_char(&w, '.');
	put_char(&w, (char)('0' + usec / 100000 % 10));
	put_char(&w, (char)('0' + usec / 10000 % 10));
	put_char(&w, (char)('0' + usec / 1000 % 10));
	put_char(&w, 'Z');
	room[w.used] = '\0';
	word(f, "time", room);
}

static struct form
begin(struct writer *w, const struct conf *conf)
{
	struct form f = { w, conf->format == CONF_JSON, false };

	if (f.json) {
		put_char(w, '{');
		word(&f, "schema", SCHEMA);
	}
	return f;
}

static void
end(struct form *f)
{
	if (f->json)
		put_char(f->w, '}');
}

/* The finding codes of both lists, each code once. */
static void
codes(struct form *f, const struct appraisal *a)
{
	const struct mailauth_findings *lists[] = { &a->judgement.findings,
		&a->lookup };
	uint8_t told[(MAILAUTH_FINDING_COUNT + 7) / 8] = { 0 };
	bool first = true;

	key(f, "codes");
	if (f->json)
		put_char(f->w, '[');
	for (size_t l = 0; l < 2; l++)
		for (size_t i = 0; i < lists[l]->count; i++) {
			unsigned id = lists[l]->at[i].id;
			const char *code = finding_row(id)->code;

			if (told[id / 8] & 1u << id % 8)
				continue;
			told[id / 8] |= (uint8_t)(1u << id % 8);
			if (!first)
				put_char(f->w, ',');
			first = false;
			if (f->json)
				put_word(f->w, code);
			else
				put_text(f->w, code);
		}
	if (f->json)
		put_char(f->w, ']');
}

static void
aliases(struct form *f, const struct mailauth_answer *answer)
{
	key(f, "chain");
	if (f->json)
		put_char(f->w, '[');
	for (size_t i = 0; i < answer->nchain; i++) {
		if (i > 0)
			put_char(f->w, ',');
		if (f->json)
			put_untrusted_quoted(f->w, answer->chain[i]);
		else
			put_str(f->w, answer->chain[i]);
	}
	if (f->json)
		put_char(f->w, ']');
}

static void
client(struct form *f, const struct sighting *s)
{
	struct addr a = { .family = s->family };
	char room[64]; /* an address has 39 octets, a prefix length 4 */
	struct writer w = writer_of(room, sizeof(room) - 1);
	unsigned bits = s->family == 4 ? 32 : 128;

	memcpy(a.octet, s->client, sizeof(a.octet));
	put_addr(&w, &a);
	if (s->prefix < bits) {
		put_char(&w, '/');
		put_number(&w, s->prefix);
	}
	room[w.used] = '\0';
	word(f, "client", room);
}

/* The EDE code and the reason of a lookup that failed or was bogus. */
static void
reason(struct form *f, const struct appraisal *a)
{
	const struct sighting *s = a->sighting;
	bool bogus = a->answer.dnssec == MAILAUTH_DNSSEC_BOGUS;

	if (bogus || a->answer.outcome == MAILAUTH_FAILED) {
		if (s->ede != EDE_NONE)
			number(f, "ede", (uint64_t)s->ede);
		if (a->answer.why.n > 0)
			text(f, bogus ? "why_bogus" : "why", a->answer.why);
	}
}

/* The worst severity of the findings of both lists. */
static enum mailauth_severity
severity(const struct conf *conf, const struct appraisal *a)
{
	struct findings_sum sum = findings_sum(&a->lookup, conf->profile);

	return a->judgement.severity > sum.worst ? a->judgement.severity :
	                                           sum.worst;
}

void
put_line(struct writer *w, const struct conf *conf, const struct appraisal *a,
    uint64_t repeats)
{
	const struct sighting *s = a->sighting;
	const struct mailauth_judgement *j = &a->judgement;
	const struct mailauth_kind *kind = j->kind;
	struct mailauth_str star = kind_star(kind, a->answer.name);
	struct form f = begin(w, conf);
	char room[16];

	when(&f, s->sec, s->usec);
	word(&f, "source", name_source((enum source)s->source));
	name(&f, "name", a->answer.name);
	word(&f, "type", name_rrtype(s->rrtype, room));
	word(&f, "kind", kind->name);
	if (kind->star != NULL && star.n > 0)
		name(&f, kind->star, star);
	word(&f, "verdict", verdict_word(a->verdict));
	word(&f, "severity", name_severity(severity(conf, a)));
	word(&f, "outcome", name_outcome(a->answer.outcome));
	word(&f, "dnssec", name_dnssec(a->answer.dnssec));
	word(&f, "rcode", name_rcode(s->rcode, room));
	number(&f, "ttl", s->ttl);
	number(&f, "repeats", repeats);
	codes(&f, a);
	if (a->answer.nchain > 0)
		aliases(&f, &a->answer);
	reason(&f, a);
	if (s->flags & SIGHTING_CD)
		yes(&f, "cd");
	if (s->flags & SIGHTING_PERMISSIVE)
		yes(&f, "permissive");
	if (s->flags & SIGHTING_CUT)
		yes(&f, "cut");
	if (s->family != 0)
		client(&f, s);
	end(&f);
}

void
put_event(struct writer *w, const struct conf *conf, int64_t sec, uint32_t usec,
    const char *event, const char *note, const struct line_number *numbers)
{
	struct form f = begin(w, conf);

	when(&f, sec, usec);
	word(&f, "event", event);
	for (; numbers->name != NULL; numbers++)
		number(&f, numbers->name, numbers->value);
	if (note[0] != '\0')
		text(&f, "note", str_of(note));
	end(&f);
}
