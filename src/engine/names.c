/*
 * names.c - names and texts of a check, and names from users
 * SPDX-License-Identifier: BSD-3-Clause
 */
#include <idn2.h>
#include <stdio.h>
#include <sys/random.h>

#include "base/dname.h"
#include "base/str.h"
#include "engine/check.h"

struct mailauth_str
name_of_wire(struct check *c, const struct dname *wire)
{
	return dname_text(&c->report->arena, wire);
}

struct mailauth_str
name_of(struct check *c, struct mailauth_str text)
{
	struct dname wire;

	if (dname_parse(text, &wire) != DNAME_OK)
		return STR_NONE;
	return name_of_wire(c, &wire);
}

struct mailauth_str
name_below(struct check *c, struct mailauth_str prefix,
    struct mailauth_str name)
{
	struct writer w = arena_writer(&c->report->arena);

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
	room[w.used] = '\0';
	snprintf(why, MAILAUTH_WHY_MAX, "'%s': %s", room, reason);
	return MAILAUTH_EUSE;
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
	char *alabels = NULL;
	struct dname wire;
	enum dname_fault fault;
	struct addr addr;

	if (text == NULL || text[0] == '\0')
		return refuse(why, "", "a domain name cannot be empty");
	if (addr_parse(str_of(text), &addr))
		return refuse(why, text, "it is an address, not a domain");
	if (!str_is_ascii(str_of(text))) {
		int rc = idn2_to_ascii_8z(text, &alabels,
		    IDN2_NFC_INPUT | IDN2_NONTRANSITIONAL);

		if (rc == IDN2_MALLOC)
			return MAILAUTH_ENOMEM;
		if (rc != IDN2_OK)
			return refuse(why, text, idn2_strerror(rc));
		text = alabels;
	}
	fault = dname_parse(str_of(text), &wire);
	if (fault == DNAME_OK && !is_plain(str_of(text))) {
		refuse(why, text, "it has a character that no mail domain has");
		idn2_free(alabels);
		return MAILAUTH_EUSE;
	}
	if (fault != DNAME_OK) {
		refuse(why, text, dname_fault_text(fault));
		idn2_free(alabels);
		return MAILAUTH_EUSE;
	}
	idn2_free(alabels);
	*out = name_of_wire(c, &wire);
	return out->n > 0 ? MAILAUTH_OK : MAILAUTH_ENOMEM;
}

bool
take_spf_domain(struct check *c, struct mailauth_str text,
    struct mailauth_str *out)
{
	struct writer w = arena_writer(&c->report->arena);
	struct mailauth_str copy = arena_copy(&c->report->arena, text);
	char *alabels = NULL;
	struct dname wire;
	bool good;

	if (text.n > 0 && text.s[0] == '[') /* an address literal */
		return false;
	if (copy.s != NULL && !str_is_ascii(copy)) {
		int rc = idn2_to_ascii_8z(copy.s, &alabels,
		    IDN2_NFC_INPUT | IDN2_NONTRANSITIONAL);

		if (rc == IDN2_OK)
			text = str_of(alabels);
		else if (rc == IDN2_MALLOC)
			c->report->arena.failed = true;
	}
	good = dname_of_labels(text, &wire);
	idn2_free(alabels);
	if (!good)
		return false;
	put_dname(&w, &wire);
	*out = writer_str(&w);
	return !w.full && dname_labels(*out) >= 2;
}
