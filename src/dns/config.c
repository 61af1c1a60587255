/*
 * config.c - make a libunbound configuration from options
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * The text is for ub_ctx_config(). Every value from the user is validated
 * before it is written between quotes: a quote or line break in it would add
 * options.
 */
#include "dns/config.h"

#include <errno.h>
#include <stdio.h>
#include <sys/stat.h>

#include "base/addr.h"
#include "base/base64.h"
#include "base/dname.h"
#include "base/str.h"
#include "dns/special.h"
#include "sys/idn.h"

/* The keys of the root zone: KSK-2017 and KSK-2024 (IANA root-anchors.xml). */
static const char *const root_anchors[] = {
	". IN DS 20326 8 2 "
	"E06D44B80B8F1D39A95C0B0D7C65D08458E880409BBC683457104237C7F8EC8D",
	". IN DS 38696 8 2 "
	"683D2D0ACB8C9B712A1948B27F741219298D0A450D612C483AF444A4C0FB2B16",
};

/* Octets of a line in an anchor file; a DNSKEY of 4096 bits takes 800. */
#define LINE_SIZE 8192

static enum mailauth_status
refuse(enum mailauth_status status, char *why, const char *what,
    const char *reason)
{
	snprintf(why, MAILAUTH_WHY_MAX, "%s: %s", what, reason);
	return status;
}

/* The text can be written between double quotes. */
static bool
quotable(const char *s)
{
	return strpbrk(s, "\"\n\r") == NULL;
}

static void
put_option(struct writer *w, const char *name, const char *value)
{
	put_text(w, "  ");
	put_text(w, name);
	put_text(w, ": \"");
	put_text(w, value);
	put_text(w, "\"\n");
}

/* The name in canonical form, in the arena, with a NUL behind it. */
static struct mailauth_str
canonical(struct config *c, const struct dname *name)
{
	struct writer w = arena_writer(&c->arena);

	put_dname(&w, name);
	put_char(&w, '\0');
	return w.full ? STR_NONE : str_sub(writer_str(&w), 0, w.used - 1);
}

void
config_add_anchor(struct config *c, struct mailauth_str name)
{
	size_t size = (c->nanchors + 1) * sizeof(*c->anchors);
	struct mailauth_str *list = arena_alloc(&c->arena, size);
	struct dname wire;

	if (list == NULL || dname_parse(name, &wire) != DNAME_OK)
		return;
	if (c->nanchors > 0)
		memcpy(list, c->anchors, c->nanchors * sizeof(*list));
	list[c->nanchors] = canonical(c, &wire);
	c->anchors = list;
	c->nanchors++;
}

/* Octets of a DS digest by its type (IANA); 0 for an unknown type. */
static size_t
digest_length(uint32_t type)
{
	return type == 1           ? 20 :
	    type == 2 || type == 3 ? 32 :
	    type == 4              ? 48 :
	                             0;
}

/* The data of a DS record: tag, algorithm, digest type, digest. */
static bool
is_ds(struct mailauth_str rest)
{
	uint32_t number[3];
	size_t digits = 0;

	for (int i = 0; i < 3; i++)
		if (!str_number(str_word(&rest), i == 0 ? 65535 : 255,
		        &number[i]))
			return false;
	for (; rest.n > 0; rest = str_from(rest, 1)) {
		char c = to_lower(rest.s[0]);

		if (is_fws(c))
			continue;
		if (!is_digit(c) && (c < 'a' || c > 'f'))
			return false;
		digits++;
	}
	return digits > 0 && digits % 2 == 0 &&
	    (digest_length(number[2]) == 0 ||
	        digits == 2 * digest_length(number[2]));
}

/* The data of a DNSKEY record: flags, protocol, algorithm, key. */
static bool
is_dnskey(struct mailauth_str rest)
{
	uint8_t octets[LINE_SIZE];
	uint32_t number;
	size_t n;

	for (int i = 0; i < 3; i++)
		if (!str_number(str_word(&rest), i == 0 ? 65535 : 255, &number))
			return false;
	rest = str_trim(rest);
	return rest.n > 0 && rest.n < LINE_SIZE &&
	    (base64_decode(rest, octets, &n, NULL) & BASE64_BAD) == 0;
}

/* The owner of "[OWNER] [TTL] [CLASS] DS|DNSKEY DATA", or STR_NONE; without an
 * owner that of the line before. `broken` is set for a line that is no record,
 * and for a DS or DNSKEY record with bad data. */
static struct mailauth_str
anchor_owner(struct mailauth_str line, struct mailauth_str before, bool *broken)
{
	struct mailauth_str owner = before, w;
	uint32_t ttl;
	bool ds;

	*broken = false;
	line = str_sub(line, 0, str_find(line, ';'));
	if (str_trim(line).n == 0 || line.s[0] == '$')
		return STR_NONE;
	if (!is_fws(line.s[0]))
		owner = str_word(&line);
	w = str_word(&line);
	for (int i = 0; i < 2; i++)
		if (str_ieq(w, STR("IN")) || str_number(w, INT32_MAX, &ttl))
			w = str_word(&line);
	ds = str_ieq(w, STR("DS"));
	if (!ds && !str_ieq(w, STR("DNSKEY"))) {
		/* Records of other types are skipped. */
		*broken = owner.n > 0 && w.n == 0;
		return STR_NONE;
	}
	/* A record over several lines is left to libunbound. */
	*broken = str_find(line, '(') == line.n &&
	    !(ds ? is_ds(line) : is_dnskey(line));
	return *broken ? STR_NONE : owner;
}

/* Add the owner names of an anchor file. Returns the number of anchors, -1 on
 * an I/O error; `broken` is the number of the first bad line, or 0. */
static int
read_anchors(struct config *c, const char *file, unsigned *broken)
{
	struct mailauth_str before = STR_NONE, owner;
	FILE *f = fopen(file, "r");
	char line[LINE_SIZE];
	unsigned number = 0;
	bool bad;
	int n = 0;

	*broken = 0;
	if (f == NULL)
		return -1;
	while (fgets(line, sizeof(line), f) != NULL) {
		number++;
		owner = anchor_owner(str_of(line), before, &bad);
		if (bad && *broken == 0)
			*broken = number;
		if (owner.n == 0)
			continue;
		before = arena_copy(&c->arena, owner);
		config_add_anchor(c, owner);
		n++;
	}
	if (ferror(f))
		n = -1;
	fclose(f);
	return n;
}

void
config_add_anchor_file(struct config *c, const char *file)
{
	unsigned broken;

	read_anchors(c, file, &broken);
}

static enum mailauth_status
put_anchor_file(struct config *c, struct writer *w, const char *file, char *why)
{
	const char *path = input_file(&c->inputs, &c->arena, file,
	    "a file of trust anchors", why);
	unsigned broken;
	int n;

	if (path == NULL)
		return c->inputs.status;
	n = read_anchors(c, path, &broken);
	if (n < 0)
		return refuse(MAILAUTH_EINPUT, why, file, strerror(errno));
	if (broken > 0) {
		snprintf(why, MAILAUTH_WHY_MAX,
		    "%s:%u: it is not a DS or DNSKEY record", file, broken);
		return MAILAUTH_EINPUT;
	}
	if (n == 0 || !quotable(path))
		return refuse(MAILAUTH_EINPUT, why, file,
		    n == 0 ? "there is no DS or DNSKEY record in it" :
		             "libunbound takes no such file name");
	put_option(w, "trust-anchor-file", path);
	return MAILAUTH_OK;
}

static enum mailauth_status
put_anchors(struct config *c, struct writer *w,
    const struct mailauth_options *o, char *why)
{
	if (o->no_dnssec && (o->nanchors > 0 || o->nanchor_files > 0))
		return refuse(MAILAUTH_EUSE, why, "trust anchors",
		    "nothing is to be validated with them");
	for (size_t i = 0; !c->offline && !o->no_dnssec && i < 2; i++) {
		put_option(w, "trust-anchor", root_anchors[i]);
		config_add_anchor(c, STR("."));
	}
	for (size_t i = 0; i < o->nanchors; i++) {
		bool broken;
		struct mailauth_str owner =
		    anchor_owner(str_of(o->anchors[i]), STR_NONE, &broken);

		if (owner.n == 0 || !quotable(o->anchors[i]))
			return refuse(MAILAUTH_EUSE, why, o->anchors[i],
			    "it is not a DS or DNSKEY record");
		put_option(w, "trust-anchor", o->anchors[i]);
		config_add_anchor(c, owner);
	}
	for (size_t i = 0; i < o->nanchor_files; i++) {
		enum mailauth_status status =
		    put_anchor_file(c, w, o->anchor_files[i], why);

		if (status != MAILAUTH_OK)
			return status;
	}
	return MAILAUTH_OK;
}

static enum mailauth_status
take_zones(struct config *c, const struct mailauth_options *o, char *why)
{
	struct mailauth_str name;
	const char *wrong;
	struct dname wire;

	if (o->nzones == 0)
		return MAILAUTH_OK;
	c->zones = arena_alloc(&c->arena, o->nzones * sizeof(*c->zones));
	if (c->zones == NULL)
		return refuse(MAILAUTH_ENOMEM, why, "zones", "memory ran out");
	for (size_t i = 0; i < o->nzones; i++) {
		const struct mailauth_zone *z = &o->zones[i];
		enum dname_fault fault;

		wrong = idn_to_ascii(&c->arena, str_of(z->name), &name);
		if (name.s == NULL)
			return refuse(MAILAUTH_ENOMEM, why, "zones",
			    "memory ran out");
		fault = dname_parse(name, &wire);
		if (wrong == NULL && fault != DNAME_OK)
			wrong = dname_fault_text(fault);
		if (wrong == NULL && !quotable(name.s))
			wrong = "libunbound takes no such name";
		if (wrong != NULL)
			return refuse(MAILAUTH_EUSE, why, z->name, wrong);
		c->zones[i] = canonical(c, &wire);
		for (size_t j = 0; j < i; j++)
			if (str_eq(c->zones[i], c->zones[j]))
				return refuse(MAILAUTH_EUSE, why, z->name,
				    "the zone is given twice");
		c->nzones = i + 1;
	}
	return MAILAUTH_OK;
}

static void
put_nodefault(struct writer *w, struct mailauth_str zone)
{
	put_text(w, "  local-zone: \"");
	put_str(w, zone);
	put_text(w, "\" nodefault\n");
}

/* Switch off the zones that Unbound answers by itself: all when the user named
 * servers or offline, else those above or below a given zone. */
static void
open_special(const struct config *c, struct writer *w)
{
	bool all = c->forwards || c->offline;
	struct mailauth_str s;

	for (size_t i = 0; (s = special_zone_at(i)).n > 0; i++) {
		bool touched = all;

		for (size_t j = 0; j < c->nzones; j++)
			touched = touched || dname_under(s, c->zones[j]) ||
			    dname_under(c->zones[j], s);
		if (touched)
			put_nodefault(w, s);
	}
	/* 100.64.0.0/10 (RFC 7793) has one zone for each second octet. */
	for (unsigned octet = 64; all && octet < 128; octet++) {
		char name[32];

		snprintf(name, sizeof(name), "%u.100.in-addr.arpa.", octet);
		put_nodefault(w, str_of(name));
	}
}

/* An empty forward-zone exempts its zone from a forwarder of the root. */
static void
put_exempt(const struct config *c, struct writer *w)
{
	for (size_t i = 0; i < c->nzones; i++) {
		put_text(w, "forward-zone:\n  name: \"");
		put_str(w, c->zones[i]);
		put_text(w, "\"\n");
	}
}

/* Send the questions for each given zone to the authority that has it. A stub
 * is told nothing of recursion, so that delegations out of the zone are
 * followed. */
static void
put_stubs(const struct config *c, struct writer *w, unsigned port)
{
	char server[64];

	snprintf(server, sizeof(server), "127.0.0.1@%u", port);
	for (size_t i = 0; i < c->nzones; i++) {
		put_text(w, "stub-zone:\n  name: \"");
		put_str(w, c->zones[i]);
		put_text(w, "\"\n");
		put_option(w, "stub-addr", server);
		put_text(w, "  stub-prime: no\n");
	}
}

/* Let no question go anywhere but to 127.0.0.1: forbid the 32 networks that
 * share some first bits with it and not the next one. */
static void
put_loopback_only(struct writer *w)
{
	const uint32_t loopback = 0x7f000001;

	put_text(w,
	    "  do-not-query-localhost: no\n"
	    "  do-not-query-address: ::/0\n");
	for (unsigned i = 0; i < 32; i++) {
		uint32_t bit = UINT32_C(1) << (31 - i);
		uint32_t net = (loopback ^ bit) & ~(bit - 1);
		char line[64];

		snprintf(line, sizeof(line),
		    "  do-not-query-address: %u.%u.%u.%u/%u\n",
		    (unsigned)(net >> 24), (unsigned)(net >> 16 & 255),
		    (unsigned)(net >> 8 & 255), (unsigned)(net & 255), i + 1);
		put_text(w, line);
	}
}

/* The text is "ADDR" or "ADDR@PORT". */
static bool
is_server(const char *text)
{
	struct mailauth_str s = str_of(text), host = s;
	struct addr addr;
	uint32_t port = 53;
	size_t at = str_find(s, '@'), scope;

	host = str_sub(s, 0, at);
	if (at < s.n && !str_number(str_from(s, at + 1), 65535, &port))
		return false;
	/* An IPv6 scope (RFC 4007 11) names an interface: letters, digits and
	 * "_.-". */
	scope = str_find(host, '%');
	if (scope < host.n) {
		for (size_t i = scope + 1; i < host.n; i++)
			if (!is_alnum(host.s[i]) &&
			    memchr("_.-", host.s[i], 3) == NULL)
				return false;
		if (scope + 1 == host.n)
			return false;
		host = str_sub(host, 0, scope);
	}
	return port > 0 && addr_parse(host, &addr);
}

/* Forward the root. */
static enum mailauth_status
put_forwards(const struct mailauth_options *o, struct writer *w, char *why)
{
	if (o->nservers > 0)
		put_text(w, "forward-zone:\n  name: \".\"\n");
	for (size_t i = 0; i < o->nservers; i++) {
		if (!is_server(o->servers[i]))
			return refuse(MAILAUTH_EUSE, why, o->servers[i],
			    "it is not an ADDRESS or ADDRESS@PORT");
		put_option(w, "forward-addr", o->servers[i]);
	}
	return MAILAUTH_OK;
}

static enum mailauth_status
finish(struct config *c, struct writer *w, char *why)
{
	put_char(w, '\0');
	if (w->full || c->arena.failed)
		return refuse(MAILAUTH_ENOMEM, why, "configuration",
		    "memory ran out");
	c->text = str_sub(writer_str(w), 0, w->used - 1);
	return MAILAUTH_OK;
}

/* Options of every configuration. A context allocates sockets and buffers in
 * advance: small numbers save most of the memory of an offline check. */
static void
put_common(struct writer *w, bool offline)
{
	/* reason.c reads the log for the causes of failures. */
	put_text(w,
	    "  use-syslog: no\n"
	    "  log-servfail: yes\n"
	    "  val-log-level: 2\n"
	    "  trust-anchor-signaling: no\n"
	    "  local-zone: \"" CONFIG_READY_NAME "\" static\n"
	    "  local-data: \"" CONFIG_READY_NAME " A 127.0.0.1\"\n"
	    "  num-queries-per-thread: 1024\n"
	    "  msg-cache-size: 8m\n"
	    "  rrset-cache-size: 16m\n"
	    "  key-cache-size: 4m\n");
	/* The authority in the process sends large messages whole: on loopback
	 * nothing cuts them. */
	put_text(w,
	    offline ? "  outgoing-range: 16\n"
	              "  outgoing-num-tcp: 1\n"
	              "  edns-buffer-size: 65000\n" :
	              "  outgoing-range: 512\n"
	              "  outgoing-num-tcp: 16\n");
}

enum mailauth_status
config_make(const struct mailauth_options *o, struct config *out,
    char why[MAILAUTH_WHY_MAX])
{
	enum mailauth_status status;
	struct writer w;

	*out = (struct config){ 0 };
	w = arena_writer(&out->arena);
	out->forwards = o->nservers > 0 || o->resolv_conf != NULL;
	out->offline = o->nzones > 0 && !o->online && !out->forwards;
	put_text(&w, "server:\n");
	put_common(&w, out->offline);
	/* A user's configuration chooses the modules itself. */
	if (o->no_dnssec)
		put_text(&w, "  module-config: \"iterator\"\n");
	else if (o->config == NULL)
		put_text(&w, "  module-config: \"validator iterator\"\n");
	/* Offline no question leaves, also with a user's configuration. */
	if (out->offline)
		put_loopback_only(&w);
	else
		put_text(&w, "  do-not-query-localhost: no\n");
	if ((status = take_zones(out, o, why)) != MAILAUTH_OK ||
	    (status = put_anchors(out, &w, o, why)) != MAILAUTH_OK)
		return status;
	open_special(out, &w);
	if (out->forwards)
		put_exempt(out, &w);
	status = put_forwards(o, &w, why);
	return status == MAILAUTH_OK ? finish(out, &w, why) : status;
}

enum mailauth_status
config_make_server(const char *server, struct config *out,
    char why[MAILAUTH_WHY_MAX])
{
	struct mailauth_options o = { .servers = &server, .nservers = 1 };
	enum mailauth_status status;
	struct writer w;

	*out = (struct config){ .forwards = true };
	w = arena_writer(&out->arena);
	put_text(&w, "server:\n");
	put_common(&w, false);
	put_text(&w,
	    "  module-config: \"iterator\"\n"
	    "  do-not-query-localhost: no\n");
	open_special(out, &w);
	status = put_forwards(&o, &w, why);
	return status == MAILAUTH_OK ? finish(out, &w, why) : status;
}

/* Append to a configuration. */
static struct mailauth_str
more_text(struct config *c, struct mailauth_str text, const struct writer *more)
{
	struct writer w = arena_writer(&c->arena);

	put_str(&w, text);
	put_str(&w, writer_str(more));
	return w.full ? STR_NONE : writer_str(&w);
}

bool
config_serve(struct config *c, unsigned port)
{
	struct writer w = arena_writer(&c->arena);
	char server[64];

	if (c->offline) {
		/* It refuses what lies outside of the zones. */
		snprintf(server, sizeof(server), "127.0.0.1@%u", port);
		put_text(&w, "forward-zone:\n  name: \".\"\n");
		put_option(&w, "forward-addr", server);
	} else {
		put_stubs(c, &w, port);
	}
	c->text = more_text(c, c->text, &w);
	return c->text.n > 0;
}

/* The address in a line "nameserver ADDRESS"; STR_NONE for other lines. */
static struct mailauth_str
nameserver(struct config *c, const char *line)
{
	struct mailauth_str rest = str_of(line), word;

	rest = str_sub(rest, 0, str_find(rest, '\n'));
	if (!str_eq(str_word(&rest), STR("nameserver")))
		return STR_NONE;
	word = arena_copy(&c->arena, str_word(&rest));
	return word.n > 0 && is_server(word.s) ? word : STR_NONE;
}

struct mailauth_str
config_system(struct config *c, const char *resolv_conf,
    struct mailauth_str *servers)
{
	struct writer w = arena_writer(&c->arena),
	              names = arena_writer(&c->arena);
	FILE *f = fopen(resolv_conf, "r");
	char line[1024];
	struct stat st;

	*servers = STR_NONE;
	put_text(&w, "forward-zone:\n  name: \".\"\n");
	while (f != NULL && fstat(fileno(f), &st) == 0 && S_ISREG(st.st_mode) &&
	    fgets(line, sizeof(line), f) != NULL) {
		struct mailauth_str server = nameserver(c, line);

		if (server.n == 0)
			continue;
		put_option(&w, "forward-addr", server.s);
		put_text(&names, names.used > 0 ? ", " : "");
		put_str(&names, server);
	}
	if (f != NULL)
		fclose(f);
	put_exempt(c, &w);
	if (names.used == 0)
		return STR_NONE;
	*servers = writer_str(&names);
	return more_text(c, c->text, &w);
}

struct mailauth_str
config_plain(struct config *c, struct mailauth_str text)
{
	struct writer w = arena_writer(&c->arena);

	put_text(&w, "server:\n  module-config: \"iterator\"\n");
	return more_text(c, text, &w);
}

struct mailauth_str
config_hints(struct config *c, const char *hints)
{
	struct writer w = arena_writer(&c->arena);

	put_text(&w, "server:\n");
	put_option(&w, "root-hints", hints);
	return more_text(c, c->text, &w);
}

bool
config_is_anchor(const struct config *c, struct mailauth_str name)
{
	for (size_t i = 0; i < c->nanchors; i++)
		if (str_ieq(name, c->anchors[i]))
			return true;
	return false;
}

bool
config_anchored(const struct config *c, struct mailauth_str name)
{
	for (size_t i = 0; i < c->nanchors; i++)
		if (dname_under(name, c->anchors[i]))
			return true;
	return false;
}

bool
config_in_zones(const struct config *c, struct mailauth_str name)
{
	for (size_t i = 0; i < c->nzones; i++)
		if (dname_under(name, c->zones[i]))
			return true;
	return false;
}

void
config_free(struct config *c)
{
	inputs_free(&c->inputs);
	arena_free(&c->arena);
	*c = (struct config){ 0 };
}
