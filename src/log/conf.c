/*
 * conf.c - the configuration of the resolver module
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * The syntax is that of unbound.conf(5): a clause "mailauth:", then lines
 * "option: value", with '#' comments and with quotes around a value that has
 * blanks.
 */
#include "log/conf.h"

#include <stdio.h>

#include "log/verdicts.h"

/* The limits of the options. */
#define INTERVAL_MAX (7u * 24 * 60 * 60)
#define CACHE_MIN    64u
#define CACHE_MAX    (1u << 20)
/* The ring needs twice SIGHTING_MAX, see ring_reserve(). */
#define BUFFER_MIN (512u * 1024)
#define BUFFER_MAX (256u * 1024 * 1024)

/* The line being read. */
struct line {
	struct conf *conf;
	struct mailauth_str option;
	struct mailauth_str value;
	bool targeted; /* an earlier option has set the target */
	char *why; /* CONF_WHY_MAX octets; set by a fault */
};

uint32_t
conf_kinds_all(void)
{
	uint32_t all = 0;

	/* Every service has address records: leave that kind out. */
	for (unsigned i = 0; i < MAILAUTH_KIND_COUNT; i++)
		if (rrtype_is_watched(kind_at(i)->rrtype))
			all |= 1u << i;
	return all;
}

void
conf_default(struct conf *c)
{
	*c = (struct conf){ .target = CONF_TO_FILE,
		.format = CONF_JSON,
		.clients = CONF_CLIENTS_NO,
		.log = "/var/lib/unbound/mailauth.log",
		.kinds = conf_kinds_all(),
		.verdicts = 1u << MAILAUTH_VALID | 1u << MAILAUTH_INVALID |
		    1u << MAILAUTH_NONE | 1u << MAILAUTH_TEMPERROR |
		    1u << VERDICT_LOCAL_ALIAS,
		.repeat_interval = 300,
		.metrics_interval = 15,
		.prefix4 = 24,
		.prefix6 = 48,
		.cache_size = 4096,
		.buffer_size = 1024 * 1024,
		.facility = 3, /* daemon */
		.profile = MAILAUTH_PROFILE_PRACTICE };
}

static bool
refuse(struct line *l, const char *why)
{
	snprintf(l->why, CONF_WHY_MAX, "%s", why);
	return false;
}

/* Like refuse(), with a word of the file in front of the reason. */
static bool
refuse_word(struct line *l, struct mailauth_str word, const char *why)
{
	struct writer w = writer_of(l->why, CONF_WHY_MAX - 1);
	struct mailauth_str head = str_sub(word, 0, 60);

	put_untrusted(&w, head);
	put_text(&w, head.n < word.n ? "...: " : ": ");
	put_text(&w, why);
	l->why[w.used] = '\0';
	return false;
}

static bool
take_bool(struct line *l, bool *out)
{
	*out = str_eq(l->value, STR("yes"));
	return *out || str_eq(l->value, STR("no")) ||
	    refuse(l, "expected is yes or no");
}

static bool
take_number(struct line *l, uint32_t least, uint32_t most, uint32_t *out)
{
	uint32_t v;

	if (!str_number(l->value, most, &v) || v < least) {
		snprintf(l->why, CONF_WHY_MAX,
		    "expected is a number from %u to %u", least, most);
		return false;
	}
	*out = v;
	return true;
}

/* Read a size, a number with an optional k or m as in unbound.conf(5), and
 * round it up to a power of two. */
static bool
take_size(struct line *l, uint32_t least, uint32_t most, uint32_t *out)
{
	struct mailauth_str digits = l->value;
	uint32_t v, unit = 1, size = least;

	if (digits.n > 0) {
		char last = to_lower(digits.s[digits.n - 1]);

		unit = last == 'k' ? 1024 : last == 'm' ? 1024 * 1024 : 1;
		digits.n -= unit > 1;
	}
	if (!str_number(digits, most / unit, &v) || v * unit < least) {
		snprintf(l->why, CONF_WHY_MAX,
		    "expected is a size from %u to %u, k and m are understood",
		    least, most);
		return false;
	}
	while (size < v * unit)
		size *= 2;
	*out = size;
	return true;
}

/* A word that an option accepts, and its value. */
struct word {
	struct mailauth_str name;
	int value;
};

static bool
take_word(struct line *l, const struct word *words, size_t n, int *out)
{
	struct writer w = writer_of(l->why, CONF_WHY_MAX - 1);

	for (size_t i = 0; i < n; i++)
		if (str_eq(l->value, words[i].name)) {
			*out = words[i].value;
			return true;
		}
	put_text(&w, "expected is one of");
	for (size_t i = 0; i < n; i++) {
		put_text(&w, i > 0 ? ", " : " ");
		put_str(&w, words[i].name);
	}
	l->why[w.used] = '\0';
	return false;
}

#define TAKE_WORD(l, words, out) \
	take_word((l), (words), sizeof(words) / sizeof((words)[0]), (out))

static bool
take_path(struct line *l, char out[CONF_PATH_MAX])
{
	if (l->value.n >= CONF_PATH_MAX)
		return refuse(l, "the path is too long");
	if (str_find(l->value, '\0') < l->value.n)
		return refuse(l, "the path holds a NUL");
	memcpy(out, l->value.s, l->value.n);
	out[l->value.n] = '\0';
	return true;
}

static bool
take_log(struct line *l, enum conf_target target)
{
	if (l->targeted)
		return refuse(l, "another option says where lines go");
	l->targeted = true;
	if (l->value.n == 0) {
		l->conf->target = CONF_TO_NOTHING;
		l->conf->log[0] = '\0';
		return true;
	}
	l->conf->target = target;
	return take_path(l, l->conf->log);
}

static bool
log_file(struct line *l)
{
	return take_log(l, CONF_TO_FILE);
}

/* Read the path of a socket, with or without the prefix "unix:" that Unbound
 * accepts. 108 is the size of sun_path on Linux, its NUL included. */
static bool
take_socket(struct line *l, enum conf_target target)
{
	if (str_starts(l->value, STR("unix:")))
		l->value = str_from(l->value, 5);
	if (l->value.n >= 108)
		return refuse(l, "the path is too long for a socket");
	return take_log(l, target);
}

static bool
log_datagram(struct line *l)
{
	return take_socket(l, CONF_TO_DATAGRAM);
}

static bool
log_stream(struct line *l)
{
	return take_socket(l, CONF_TO_STREAM);
}

static bool
use_syslog(struct line *l)
{
	bool yes;

	if (!take_bool(l, &yes))
		return false;
	if (yes) {
		l->value = STR("/dev/log");
		return take_socket(l, CONF_TO_SYSLOG);
	}
	return true;
}

static bool
syslog_socket(struct line *l)
{
	return take_socket(l, CONF_TO_SYSLOG);
}

static bool
syslog_facility(struct line *l)
{
	static const struct word words[] = {
		{ STR_INIT("mail"), 2 },
		{ STR_INIT("daemon"), 3 },
		{ STR_INIT("local0"), 16 },
		{ STR_INIT("local1"), 17 },
		{ STR_INIT("local2"), 18 },
		{ STR_INIT("local3"), 19 },
		{ STR_INIT("local4"), 20 },
		{ STR_INIT("local5"), 21 },
		{ STR_INIT("local6"), 22 },
		{ STR_INIT("local7"), 23 },
	};
	int v;

	if (!TAKE_WORD(l, words, &v))
		return false;
	l->conf->facility = (uint32_t)v;
	return true;
}

static bool
log_format(struct line *l)
{
	static const struct word words[] = {
		{ STR_INIT("json"), CONF_JSON },
		{ STR_INIT("text"), CONF_TEXT },
	};
	int v;

	if (!TAKE_WORD(l, words, &v))
		return false;
	l->conf->format = (enum conf_format)v;
	return true;
}

static bool
log_clients(struct line *l)
{
	static const struct word words[] = {
		{ STR_INIT("no"), CONF_CLIENTS_NO },
		{ STR_INIT("prefix"), CONF_CLIENTS_PREFIX },
		{ STR_INIT("full"), CONF_CLIENTS_FULL },
	};
	int v;

	if (!TAKE_WORD(l, words, &v))
		return false;
	l->conf->clients = (enum conf_clients)v;
	return true;
}

static bool
client_prefix_v4(struct line *l)
{
	return take_number(l, 0, 32, &l->conf->prefix4);
}

static bool
client_prefix_v6(struct line *l)
{
	return take_number(l, 0, 128, &l->conf->prefix6);
}

static bool
kinds(struct line *l)
{
	struct mailauth_str rest = l->value, word;
	uint32_t set = 0;

	while ((word = str_word(&rest)).n > 0) {
		const struct mailauth_kind *k = kind_named(word);

		if (str_eq(word, STR("all")))
			set |= conf_kinds_all();
		else if (k != NULL && (conf_kinds_all() & 1u << k->id))
			set |= 1u << k->id;
		else
			return refuse_word(l, word,
			    "no kind of record that the module knows");
	}
	if (set == 0)
		return refuse(l, "expected are kinds of records, or all");
	l->conf->kinds = set;
	return true;
}

static bool
verdicts(struct line *l)
{
	struct mailauth_str rest = l->value, word;
	uint32_t set = 0;

	while ((word = str_word(&rest)).n > 0) {
		uint32_t bit = 0;

		for (unsigned v = 0; v < VERDICTS; v++)
			if (str_eq(word, str_of(verdict_word(v))))
				bit = 1u << v;
		if (bit == 0)
			return refuse_word(l, word,
			    "no verdict: valid, invalid, none, temperror, "
			    "local-alias");
		set |= bit;
	}
	if (set == 0)
		return refuse(l,
		    "expected are some of valid, invalid, none, temperror, "
		    "local-alias");
	l->conf->verdicts = set;
	return true;
}

static bool
repeat_interval(struct line *l)
{
	return take_number(l, 1, INTERVAL_MAX, &l->conf->repeat_interval);
}

static bool
metrics_file(struct line *l)
{
	return take_path(l, l->conf->metrics);
}

static bool
metrics_interval(struct line *l)
{
	return take_number(l, 1, 3600, &l->conf->metrics_interval);
}

static bool
cache_size(struct line *l)
{
	return take_size(l, CACHE_MIN, CACHE_MAX, &l->conf->cache_size);
}

static bool
buffer_size(struct line *l)
{
	return take_size(l, BUFFER_MIN, BUFFER_MAX, &l->conf->buffer_size);
}

static bool
profile(struct line *l)
{
	static const struct word words[] = {
		{ STR_INIT("practice"), MAILAUTH_PROFILE_PRACTICE },
		{ STR_INIT("guide"), MAILAUTH_PROFILE_GUIDE },
		{ STR_INIT("rfc"), MAILAUTH_PROFILE_RFC },
		{ STR_INIT("bulk-sender"), MAILAUTH_PROFILE_BULK_SENDER },
		{ STR_INIT("gov"), MAILAUTH_PROFILE_GOV },
	};
	int v;

	if (!TAKE_WORD(l, words, &v))
		return false;
	l->conf->profile = (enum mailauth_profile)v;
	return true;
}

static bool
allow_documentation(struct line *l)
{
	return take_bool(l, &l->conf->allow_documentation);
}

static bool
strict(struct line *l)
{
	return take_bool(l, &l->conf->strict);
}

/* One row for each option; `take` reads the value into the configuration. */
static const struct {
	struct mailauth_str name;
	bool (*take)(struct line *l);
} options[] = {
	{ STR_INIT("log-file"), log_file },
	{ STR_INIT("log-datagram"), log_datagram },
	{ STR_INIT("log-stream"), log_stream },
	{ STR_INIT("use-syslog"), use_syslog },
	{ STR_INIT("syslog-socket"), syslog_socket },
	{ STR_INIT("syslog-facility"), syslog_facility },
	{ STR_INIT("log-format"), log_format },
	{ STR_INIT("log-clients"), log_clients },
	{ STR_INIT("client-prefix-v4"), client_prefix_v4 },
	{ STR_INIT("client-prefix-v6"), client_prefix_v6 },
	{ STR_INIT("kinds"), kinds },
	{ STR_INIT("verdicts"), verdicts },
	{ STR_INIT("repeat-interval"), repeat_interval },
	{ STR_INIT("metrics-file"), metrics_file },
	{ STR_INIT("metrics-interval"), metrics_interval },
	{ STR_INIT("cache-size"), cache_size },
	{ STR_INIT("buffer-size"), buffer_size },
	{ STR_INIT("profile"), profile },
	{ STR_INIT("allow-documentation"), allow_documentation },
	{ STR_INIT("strict"), strict },
};

#define OPTIONS (sizeof(options) / sizeof(options[0]))

/* Strip the comment behind the value, and its quotes. */
static bool
cut_value(struct line *l)
{
	struct mailauth_str v = str_trim(l->value);
	struct mailauth_str rest;
	size_t end;

	if (v.n == 0 || (v.s[0] != '"' && v.s[0] != '\'')) {
		l->value = str_trim(str_sub(v, 0, str_find(v, '#')));
		return true;
	}
	rest = str_from(v, 1);
	end = str_find(rest, v.s[0]);
	if (end == rest.n)
		return refuse(l, "the quote does not end");
	l->value = str_sub(rest, 0, end);
	rest = str_trim(str_from(rest, end + 1));
	return rest.n == 0 || rest.s[0] == '#' ||
	    refuse(l, "there is something after the quoted value");
}

/* Read one line that is not empty and carry out its option. `open` says that
 * the clause "mailauth:" was read, `given` has a bit for each option read. */
static bool
read_line(struct line *l, struct mailauth_str text, bool *open, uint32_t *given)
{
	size_t colon = str_find(text, ':');

	l->option = str_trim(str_sub(text, 0, colon));
	l->value = str_from(text, colon + 1);
	if (colon == text.n)
		return refuse_word(l, l->option, "a ':' is missing behind it");
	if (!cut_value(l))
		return false;
	if (str_eq(l->option, STR("mailauth"))) {
		*open = true;
		return l->value.n == 0 ||
		    refuse(l, "there is nothing after 'mailauth:' in its line");
	}
	if (!*open)
		return refuse_word(l, l->option,
		    "it has no 'mailauth:' in front of it");
	for (size_t i = 0; i < OPTIONS; i++) {
		bool twice = (*given & 1u << i) != 0;

		if (!str_eq(l->option, options[i].name))
			continue;
		*given |= 1u << i;
		if (twice)
			return refuse_word(l, l->option, "it is given twice");
		return options[i].take(l);
	}
	return refuse_word(l, l->option, "there is no such option");
}

unsigned
conf_read(struct conf *c, struct mailauth_str text, conf_wrong wrong, void *arg)
{
	char why[CONF_WHY_MAX];
	struct line l = { .conf = c, .why = why };
	unsigned count = 0, number = 0;
	uint32_t given = 0;
	bool open = false;

	_Static_assert(OPTIONS <= 32, "a bit for each option");
	while (text.n > 0) {
		struct mailauth_str one = str_trim(str_cut(&text, '\n'));

		number++;
		if (one.n == 0 || one.s[0] == '#' ||
		    read_line(&l, one, &open, &given))
			continue;
		count++;
		wrong(arg, number, why);
	}
	return count;
}
