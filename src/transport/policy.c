/*
 * policy.c - the policy file of MTA-STS (RFC 8461 3.2)
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * A policy is lines of KEY, ':', blanks, VALUE. Lines end in LF or CRLF, the
 * last one need not end. Keys and values have case. Of equal keys the first
 * counts, but for mx; unknown keys mean nothing.
 */
#include "transport/policy.h"

#include "base/addr.h"
#include "base/dname.h"
#include "base/writer.h"

/* Octets of a file that the text of a fault quotes. */
#define EXCERPT 60
/* Octets of the longest unknown key. */
#define KEY_MAX 32
/* A policy that is enforced protects for weeks (RFC 8461 3.2): a week, in
 * seconds. */
#define AGE_SHORT 604800u

enum key { KEY_VERSION, KEY_MODE, KEY_MAX_AGE, KEY_MX, KEYS };

static const struct mailauth_str keys[KEYS] = {
	[KEY_VERSION] = STR_INIT("version"),
	[KEY_MODE] = STR_INIT("mode"),
	[KEY_MAX_AGE] = STR_INIT("max_age"),
	[KEY_MX] = STR_INIT("mx"),
};

static const struct mailauth_str modes[] = {
	[POLICY_NO_MODE] = STR_INIT(""),
	[POLICY_NONE] = STR_INIT("none"),
	[POLICY_TESTING] = STR_INIT("testing"),
	[POLICY_ENFORCE] = STR_INIT("enforce"),
};

/* State while a policy is read. */
struct reading {
	struct policy *out;
	unsigned line; /* 0: the file as a whole */
	unsigned seen[KEYS];
};

const char *
policy_mode_name(enum policy_mode mode)
{
	return modes[mode].s;
}

static void
fault(struct reading *r, enum mailauth_finding_id id, const char *what,
    struct mailauth_str octets)
{
	struct policy *p = r->out;
	struct policy_fault *new = &p->fault[p->nfaults];
	struct writer w;

	for (size_t i = 0; i < p->nfaults; i++) {
		if (p->fault[i].id != id)
			continue;
		p->fault[i].more++;
		return;
	}
	if (p->nfaults == POLICY_FAULTS_MAX)
		return;
	p->nfaults++;
	*new = (struct policy_fault){ .id = (uint16_t)id };
	w = writer_of(new->what, sizeof(new->what));
	if (r->line > 0) {
		put_text(&w, "line ");
		put_number(&w, r->line);
		put_text(&w, ": ");
	}
	put_text(&w, what);
	put_untrusted(&w, str_sub(octets, 0, EXCERPT));
	new->used = (uint16_t)w.used;
}

/* Values. */

static void
take_version(struct reading *r, struct mailauth_str value)
{
	if (!str_eq(value, STR("STSv1")))
		fault(r, MAILAUTH_F_MTASTS_POLICY_VERSION, "", value);
}

static void
take_mode(struct reading *r, struct mailauth_str value)
{
	for (unsigned i = POLICY_NONE; i <= POLICY_ENFORCE; i++)
		if (str_eq(value, modes[i]))
			r->out->mode = (enum policy_mode)i;
	if (r->out->mode == POLICY_NO_MODE)
		fault(r, MAILAUTH_F_MTASTS_POLICY_MODE, "", value);
}

static void
take_age(struct reading *r, struct mailauth_str value)
{
	struct policy *p = r->out;

	p->has_age = value.n <= 10 &&
	    str_skip(value, 0, CLASS_DIGIT) == value.n &&
	    str_number(value, POLICY_AGE_MAX, &p->max_age);
	if (!p->has_age)
		fault(r, MAILAUTH_F_MTASTS_POLICY_MAX_AGE, "", value);
}

/* sts-policy-mx-value = ["*."] Domain */
static const char *
mx_fault(struct mailauth_str value)
{
	struct mailauth_str name =
	    str_from(value, str_starts(value, STR("*.")) ? 2 : 0);
	struct addr ignored;
	struct dname wire;

	if (value.n == 0)
		return "there is no name";
	if (addr_parse(value, &ignored))
		return "an address in place of a name: ";
	if (!str_is_ascii(value))
		return "the name must be written in A-labels (xn--): ";
	if (value.s[value.n - 1] == '.')
		return "the name ends in a dot, so it equals no host: ";
	if (str_find(value, ',') < value.n || str_find(value, ' ') < value.n)
		return "several names on one line: ";
	if (str_find(name, '*') < name.n)
		return "'*' is not the whole first label: ";
	if (dname_parse(name, &wire) != DNAME_OK)
		return "no host name: ";
	return NULL;
}

/* Its labels are letters, digits and inner hyphens. */
static bool
is_host(struct mailauth_str name)
{
	struct dname wire;
	char room[DNAME_TEXT_MAX];
	struct writer w = writer_of(room, sizeof(room));

	if (dname_parse(name, &wire) != DNAME_OK)
		return false;
	put_dname(&w, &wire);
	return dname_is_host(writer_str(&w));
}

static void
take_mx(struct reading *r, struct mailauth_str value)
{
	const char *wrong = mx_fault(value);

	if (wrong == NULL &&
	    !is_host(str_from(value, str_starts(value, STR("*.")) ? 2 : 0)))
		wrong = "no host name: ";
	if (wrong != NULL)
		fault(r, MAILAUTH_F_MTASTS_POLICY_MX, wrong, value);
	else
		r->out->mx[r->out->nmx++] = value;
}

/* Lines. */

static bool
is_key(struct mailauth_str s)
{
	if (s.n == 0 || s.n > KEY_MAX || !is_alnum(s.s[0]))
		return false;
	for (size_t i = 1; i < s.n; i++)
		if (!is_alnum(s.s[i]) && strchr("_-.", s.s[i]) == NULL)
			return false;
	return true;
}

static bool
has_control(struct mailauth_str s)
{
	for (size_t i = 0; i < s.n; i++)
		if (((unsigned char)s.s[i] < 0x20 && s.s[i] != '\t') ||
		    s.s[i] == 0x7f)
			return true;
	return false;
}

static void
take_unknown(struct reading *r, struct mailauth_str key)
{
	for (size_t i = 0; i < KEYS; i++) {
		if (!str_ieq(key, keys[i]))
			continue;
		fault(r, MAILAUTH_F_MTASTS_POLICY_SYNTAX,
		    "a key has lower case: ", key);
		r->seen[i]++;
		return;
	}
	if (is_key(key))
		fault(r, MAILAUTH_F_MTASTS_POLICY_KEY_UNKNOWN, "", key);
	else
		fault(r, MAILAUTH_F_MTASTS_POLICY_SYNTAX, "no key: ", key);
}

static void
take_pair(struct reading *r, struct mailauth_str key, struct mailauth_str value)
{
	static void (*const take[KEYS])(struct reading * r,
	    struct mailauth_str value) = {
		[KEY_VERSION] = take_version,
		[KEY_MODE] = take_mode,
		[KEY_MAX_AGE] = take_age,
		[KEY_MX] = take_mx,
	};

	for (size_t i = 0; i < KEYS; i++) {
		if (!str_eq(key, keys[i]))
			continue;
		if (r->seen[i]++ == 0 || i == KEY_MX)
			take[i](r, value);
		else
			fault(r, MAILAUTH_F_MTASTS_POLICY_KEY_DUPLICATE, "",
			    key);
		return;
	}
	take_unknown(r, key);
}

static void
take_line(struct reading *r, struct mailauth_str line)
{
	size_t colon = str_find(line, ':');
	struct mailauth_str key = str_sub(line, 0, colon);

	r->line++;
	if (str_trim(line).n == 0) {
		fault(r, MAILAUTH_F_MTASTS_POLICY_LOOSE, "an empty line",
		    STR_NONE);
		return;
	}
	if (has_control(line)) {
		fault(r, MAILAUTH_F_MTASTS_POLICY_SYNTAX,
		    "a control character: ", line);
		return;
	}
	if (colon == line.n) {
		fault(r, MAILAUTH_F_MTASTS_POLICY_SYNTAX,
		    "there is no ':': ", line);
		return;
	}
	if (str_trim(key).n < key.n)
		fault(r, MAILAUTH_F_MTASTS_POLICY_LOOSE,
		    "a blank before the key or before ':'", STR_NONE);
	take_pair(r, str_trim(key), str_trim(str_from(line, colon + 1)));
}

/* What makes lines of any kind impossible. */
static const char *
file_fault(struct mailauth_str octets, bool longer)
{
	if (longer)
		return "the file is longer than 64 KiB";
	if (str_trim(octets).n == 0)
		return "the file is empty";
	if (str_starts(octets, STR("\xff\xfe")) ||
	    str_starts(octets, STR("\xfe\xff")))
		return "the file is in UTF-16";
	if (str_find(octets, '\0') < octets.n)
		return "there is an octet 0 in the file";
	if (str_starts(str_trim(octets), STR("<")))
		return "the file is a web page";
	if (str_find(octets, '\n') == octets.n &&
	    str_find(str_trim(octets), '\r') < str_trim(octets).n)
		return "lines end in CR alone";
	return NULL;
}

static void
read_lines(struct reading *r, struct mailauth_str rest)
{
	while (rest.n > 0) {
		size_t end = str_find(rest, '\n');
		struct mailauth_str line = str_sub(rest, 0, end);

		if (end < rest.n && line.n > 0 && line.s[line.n - 1] == '\r')
			line.n--;
		take_line(r, line);
		if (end == rest.n)
			fault(r, MAILAUTH_F_MTASTS_POLICY_LINE_END, "",
			    STR_NONE);
		rest = str_from(rest, end + 1);
	}
	r->line = 0;
}

static void
tell_short(struct reading *r)
{
	char seconds[24];
	struct writer w = writer_of(seconds, sizeof(seconds));

	put_number(&w, r->out->max_age);
	fault(r, MAILAUTH_F_MTASTS_POLICY_MAX_AGE_SHORT, "max_age ",
	    writer_str(&w));
}

static void
look_at_missing(struct reading *r)
{
	const struct policy *p = r->out;
	bool any = false;

	for (size_t i = 0; i < KEYS; i++)
		any = any || r->seen[i] > 0;
	if (!any) {
		fault(r, MAILAUTH_F_MTASTS_POLICY_SYNTAX,
		    "no line is one of a policy", STR_NONE);
		return;
	}
	if (r->seen[KEY_VERSION] == 0)
		fault(r, MAILAUTH_F_MTASTS_POLICY_VERSION, "it is missing",
		    STR_NONE);
	if (r->seen[KEY_MODE] == 0)
		fault(r, MAILAUTH_F_MTASTS_POLICY_MODE, "it is missing",
		    STR_NONE);
	if (r->seen[KEY_MAX_AGE] == 0)
		fault(r, MAILAUTH_F_MTASTS_POLICY_MAX_AGE, "it is missing",
		    STR_NONE);
	if (r->seen[KEY_MX] == 0 && p->mode != POLICY_NONE)
		fault(r, MAILAUTH_F_MTASTS_POLICY_MX, "it is missing",
		    STR_NONE);
	if (p->mode == POLICY_ENFORCE && p->has_age && p->max_age < AGE_SHORT)
		tell_short(r);
}

bool
policy_read(struct arena *arena, struct mailauth_str octets, bool longer,
    struct policy *out)
{
	struct reading r = { .out = out };
	const char *wrong = file_fault(octets, longer);
	size_t lines = 1;

	*out = (struct policy){ .mode = POLICY_NO_MODE };
	if (wrong != NULL) {
		fault(&r, MAILAUTH_F_MTASTS_POLICY_SYNTAX, wrong, STR_NONE);
		return true;
	}
	for (size_t i = 0; i < octets.n; i++)
		lines += octets.s[i] == '\n';
	out->mx = arena_alloc(arena, lines * sizeof(*out->mx));
	if (out->mx == NULL)
		return false;
	if (str_starts(octets, STR("\xef\xbb\xbf"))) {
		fault(&r, MAILAUTH_F_MTASTS_POLICY_SYNTAX,
		    "the file begins with a byte order mark", STR_NONE);
		octets = str_from(octets, 3);
	}
	read_lines(&r, octets);
	look_at_missing(&r);
	return true;
}

bool
policy_mx_covers(struct mailauth_str mx, struct mailauth_str host)
{
	size_t dot = str_find(host, '.');

	if (!str_starts(mx, STR("*.")))
		return str_ieq(mx, host);
	return dot > 0 && dot < host.n &&
	    str_ieq(str_from(mx, 2), str_from(host, dot + 1));
}

bool
policy_covers(const struct policy *p, struct mailauth_str host)
{
	for (size_t i = 0; i < p->nmx; i++)
		if (policy_mx_covers(p->mx[i], host))
			return true;
	return false;
}
