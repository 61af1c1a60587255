/*
 * final_dot.c - names that a zone file has made longer
 * SPDX-License-Identifier: BSD-3-Clause
 */
#include "record/final_dot.h"

#include "base/dname.h"

/* Top-level names that people rarely use as labels of their own: those of most
 * providers. */
static const struct mailauth_str tops[] = { STR_INIT("com"), STR_INIT("net"),
	STR_INIT("org"), STR_INIT("edu"), STR_INIT("gov"), STR_INIT("info"),
	STR_INIT("biz"), STR_INIT("io"), STR_INIT("co"), STR_INIT("us"),
	STR_INIT("uk"), STR_INIT("de"), STR_INIT("fr"), STR_INIT("nl"),
	STR_INIT("it"), STR_INIT("es"), STR_INIT("eu"), STR_INIT("ru"),
	STR_INIT("ch"), STR_INIT("at"), STR_INIT("be"), STR_INIT("dk"),
	STR_INIT("se"), STR_INIT("no"), STR_INIT("fi"), STR_INIT("pl"),
	STR_INIT("cz"), STR_INIT("br"), STR_INIT("in"), STR_INIT("jp"),
	STR_INIT("cn"), STR_INIT("au"), STR_INIT("ca"), STR_INIT("app"),
	STR_INIT("dev"), STR_INIT("cloud"), STR_INIT("email"),
	STR_INIT("microsoft"), STR_INIT("goog"), STR_INIT("example"),
	STR_INIT("test") };

/* The front of a name, without its final dot, is a full name by itself. */
static bool
is_full(struct mailauth_str front, struct mailauth_str zone)
{
	size_t dot = front.n;
	struct mailauth_str bare = str_sub(zone, 0, zone.n - 1), last;

	if (str_eq(front, bare))
		return true;
	if (front.n > bare.n + 1 && front.s[front.n - bare.n - 1] == '.' &&
	    str_eq(str_from(front, front.n - bare.n), bare))
		return true;
	while (dot > 0 && front.s[dot - 1] != '.')
		dot--;
	last = str_from(front, dot);
	for (size_t i = 0; dot > 1 && i < sizeof(tops) / sizeof(tops[0]); i++)
		if (str_eq(last, tops[i]))
			return true;
	return false;
}

bool
final_dot_lost(struct mailauth_str name, struct mailauth_str owner,
    struct mailauth_str *meant)
{
	for (; dname_labels(owner) > 1; owner = dname_parent(owner)) {
		struct mailauth_str front;

		if (!dname_under(name, owner) || name.n <= owner.n + 1)
			continue;
		front = str_sub(name, 0, name.n - owner.n - 1);
		if (!is_full(front, owner))
			continue;
		*meant = front;
		return true;
	}
	return false;
}
