/*
 * names.c - names and texts of a check, and names from users
 * SPDX-License-Identifier: BSD-3-Clause
 */
#include <stdio.h>
#include <sys/random.h>

#include "base/dname.h"
#include "base/str.h"
#include "engine/check.h"
#include "sys/idn.h"

struct mailauth_str
name_of_wire(struct check *c, const struct dname *wire)
{
	return dname_text(&c->report->arena, wire);
}

struct mailauth_str
name_of(struct check *c, struct mailauth_str text)
{
	struct dname wire;

	if (dname_is_canonical(text))
		return arena_copy(&c->report->arena, text);
	if (dname_parse(text, &wire) != DNAME_OK)
		return STR_NONE;
	return name_of_wire(c, &wire);
}

struct mailauth_str
name_below(struct check *c, struct mailauth_str prefix,
    struct mailauth_str name)
{
	char room[2 * DNAME_TEXT_MAX];
	struct writer w = writer_of(room, sizeof(room));

	if (prefix.n == 0 || name.n == 0)
		return STR_NONE;
	put_str(&w, prefix);
	if (name.n > 1 && prefix.s[prefix.n - 1] != '.')
		put_char(&w, '.');
	put_str(&w, name);
	return w.full ? STR_NONE : name_of(c, writer_str(&w));
}

struct mailauth_str
name_beside(struct check *c, struct mailauth_str name)
{
	return name_below(c, c->stranger, dname_parent(name));
}

struct mailauth_str
shown(struct check *c, struct mailauth_str text)
{
	struct writer w = arena_writer(&c->report->arena);

	put_untrusted(&w, text);
	return writer_str(&w);
}

struct mailauth_str
addr_text(struct check *c, const struct addr *addr)
{
	struct writer w = arena_writer(&c->report->arena);

	put_addr(&w, addr);
	return writer_str(&w);
}

struct mailauth_str
make_stranger(struct check *c)
{
	static const char letters[] = "abcdefghijklmnopqrstuvwxyz234567";
	char *label = arena_alloc(&c->report->arena, 16);
	uint8_t random[16] = { 0 };

	if (label == NULL)
		return STR_NONE;
	if (getrandom(random, sizeof(random), 0) != (ssize_t)sizeof(random))
		return STR_NONE;
	for (size_t i = 0; i < sizeof(random); i++)
		label[i] = letters[random[i] & 31];
	return (struct mailauth_str){ label, sizeof(random) };
}

enum mailauth_status
refuse(char *why, const char *what, const char *reason)
{
	char room[128];
	struct writer w = writer_of(room, sizeof(room) - 1);

	put_untrusted(&w, str_sub(str_of(what), 0, 30));
	put_text(&w, strlen(what) > 30 ? "..." : "");
	room[w.used] = '\0';
	snprintf(why, MAILAUTH_WHY_MAX, "'%s': %s", room, reason);
	return MAILAUTH_EUSE;
}

/* Octets of the longest label of a text. */
static size_t
longest_label(struct mailauth_str s)
{
	size_t most = 0, n = 0;

	for (size_t i = 0; i < s.n; i++) {
		n = s.s[i] == '.' ? 0 : n + 1;
		most = n > most ? n : most;
	}
	return most;
}

/* Say why a text is not a name; what is too long with its length. */
static enum mailauth_status
refuse_fault(char *why, struct mailauth_str name, enum dname_fault fault)
{
	bool label = fault == DNAME_LABEL_TOO_LONG;
	char reason[96];

	if (!label && fault != DNAME_TOO_LONG)
		return refuse(why, name.s, dname_fault_text(fault));
	/* On the wire each label has its length in front, and the root is the
	 * last one. */
	snprintf(reason, sizeof(reason), "%s: %zu", dname_fault_text(fault),
	    label ? longest_label(name) :
	            name.n + (name.s[name.n - 1] == '.' ? 1 : 2));
	return refuse(why, name.s, reason);
}

/* The name has only characters that names in mail have; others are typing
 * errors. */
static bool
is_plain(struct mailauth_str s)
{
	for (size_t i = 0; i < s.n; i++)
		if (!is_alnum(s.s[i]) && strchr("-_.", s.s[i]) == NULL)
			return false;
	return true;
}

enum mailauth_status
take_name(struct check *c, const char *text, struct mailauth_str *out,
    char *why)
{
	struct mailauth_str name;
	struct dname wire;
	enum dname_fault fault;
	struct addr addr;
	const char *wrong;

	if (text == NULL || text[0] == '\0')
		return refuse(why, "", "a domain name cannot be empty");
	if (addr_parse(str_of(text), &addr))
		return refuse(why, text, "it is an IP address, not a domain");
	wrong = idn_to_ascii(&c->report->arena, str_of(text), &name);
	if (name.s == NULL)
		return MAILAUTH_ENOMEM;
	if (wrong != NULL)
		return refuse(why, text, wrong);
	fault = dname_parse(name, &wire);
	if (fault != DNAME_OK)
		return refuse_fault(why, name, fault);
	if (!is_plain(name))
		return refuse(why, name.s,
		    "it has a character that no mail domain has");
	*out = name_of_wire(c, &wire);
	return out->n > 0 ? MAILAUTH_OK : MAILAUTH_ENOMEM;
}

bool
take_spf_domain(struct check *c, struct mailauth_str text,
    struct mailauth_str *out)
{
	struct writer w = arena_writer(&c->report->arena);
	struct mailauth_str name;
	struct dname wire;
	bool good;

	if (text.n > 0 && text.s[0] == '[') /* an address literal */
		return false;
	good = dname_of_labels(idn_to_ascii(&c->report->arena, text, &name) ==
	            NULL ?
	        name :
	        text,
	    &wire);
	if (!good)
		return false;
	put_dname(&w, &wire);
	*out = writer_str(&w);
	return !w.full && dname_labels(*out) >= 2;
}

enum mailauth_status
mailauth_domain_name(const char *text, char out[MAILAUTH_NAME_MAX])
{
	struct arena a = { NULL, false };
	struct writer w = writer_of(out, MAILAUTH_NAME_MAX);
	struct mailauth_str name = STR_NONE;
	enum mailauth_status status;
	struct dname wire;
	bool good;

	if (text == NULL || out == NULL)
		return MAILAUTH_EUSE;
	out[0] = '\0';
	good = idn_to_ascii(&a, str_of(text), &name) == NULL &&
	    dname_parse(name, &wire) == DNAME_OK;
	if (good)
		put_dname(&w, &wire);
	good = good && !w.full && w.used > 1;
	if (good)
		out[w.used - 1] = '\0'; /* in place of the final dot */
	else
		out[0] = '\0';
	status = a.failed ? MAILAUTH_ENOMEM :
	    good          ? MAILAUTH_OK :
	                    MAILAUTH_EUSE;
	arena_free(&a);
	return status;
}
