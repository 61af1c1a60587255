/*
 * mailbox.h - the addresses in From, Return-Path and similar fields
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * RFC 5322 3.4 and its obsolete forms 4.4: display names, groups, source
 * routes, comments and blanks anywhere, quoted local parts, domain literals,
 * and octets beyond ASCII (RFC 6532). The parser also takes a bare addr-spec
 * and ';' between addresses, and a comma in an encoded word (RFC 2047) is no
 * separator. It does not check that a domain is a DNS name.
 */
#ifndef HEADER_MAILBOX_H
#define HEADER_MAILBOX_H

#include "base/str.h"
#include "base/writer.h"

/** One mailbox. All texts but `domain` borrow from the list. */
struct mailbox {
	struct mailauth_str whole; /* as written, with name and comments */
	struct mailauth_str name; /* the text before '<', as written */
	struct mailauth_str addr; /* the addr-spec, as written */
	struct mailauth_str local; /* the local part with its quotes */
	/** The domain without blanks and comments; a domain literal keeps its
	 * brackets. It borrows from the list, or is written to the caller's
	 * writer when blanks or comments were inside. */
	struct mailauth_str domain;
	bool null; /* "<>", the return path of bounces; not `good` */
	bool literal; /* the domain is a literal, [192.0.2.1] */
	/** An address was found. When false, only `whole`, `name` and `addr`
	 * can have a text. */
	bool good;
	/** A good mailbox with something that RFC 5322 forbids even in its
	 * obsolete forms: '@' before "<", words behind ">", misplaced dots. */
	bool sloppy;
};

/**
 * Read the next mailbox of an address list; `rest` starts as the whole value
 * and moves on. The function skips group names and empty elements.
 * @param w receives a domain without the blanks and comments in it. A mailbox
 *     whose domain does not fit, or needs `w` when it is NULL, is not good.
 * @return false when no mailbox is left
 */
bool
mailbox_next(struct mailauth_str *rest, struct writer *w, struct mailbox *out);

#endif /* HEADER_MAILBOX_H */
