/*
 * mailbox.h - the addresses in From, Return-Path and their kin
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * RFC 5322 3.4 and its obsolete forms 4.4: display names, groups, source
 * routes, comments and blanks anywhere, quoted local parts, domain literals,
 * and octets beyond ASCII (RFC 6532). A bare addr-spec and a ';' between
 * addresses are taken too, and a comma in a word of RFC 2047 separates
 * nothing. Whether a domain is a name is not looked at here.
 */
#ifndef HEADER_MAILBOX_H
#define HEADER_MAILBOX_H

#include "base/str.h"
#include "base/writer.h"

/** One mailbox; everything but `domain` is borrowed from the list. */
struct mailbox {
	struct mailauth_str whole; /* as it stands, name and comments too */
	struct mailauth_str name; /* what stands before '<', as it stands */
	struct mailauth_str addr; /* the addr-spec, as it stands */
	struct mailauth_str local; /* its local part, quotes included */
	/** Its domain without blanks and comments; a domain literal has its
	 * brackets. Borrowed from the list, or written when that has blanks
	 * or comments inside of it. */
	struct mailauth_str domain;
	bool null; /* "<>", the return path of reports; not `good` */
	bool literal; /* the domain is a literal, [192.0.2.1] */
	/** There is an address. When false only `whole`, `name` and perhaps
	 * `addr` tell something. */
	bool good;
	/** Good, but with something that RFC 5322 forbids even as obsolete:
	 * an '@' before "<", words behind ">", dots out of place. */
	bool sloppy;
};

/**
 * The next mailbox of an address list; `rest` starts as the whole value and
 * moves on. Names of groups and empty elements are passed over.
 * @param w where a domain with blanks or comments in it is written without
 *     them; when it does not fit, or `w` is NULL, the mailbox is not good.
 * @return false when nothing is left.
 */
bool
mailbox_next(struct mailauth_str *rest, struct writer *w, struct mailbox *out);

#endif /* HEADER_MAILBOX_H */
