/*
 * taglist.h - the one engine for name=value; lists
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * RFC 6376 3.2 with the latitude of RFC 9989 4.8 where a table asks for it.
 * A kind of record describes its tags in a table; the engine finds them,
 * decodes what is a word, a list of words or a number, and reports everything
 * that is wrong with the list as such.
 */
#ifndef RECORD_TAGLIST_H
#define RECORD_TAGLIST_H

#include "record/findings.h"

enum tag_form {
	TAG_TEXT, /* anything; the kind looks at it */
	TAG_NOTE, /* free text for people: not even hints are wanted */
	TAG_WORD, /* one of `words`: value.number is its index */
	TAG_WORDS, /* `words` separated by ':': a bit for each */
	TAG_NUMBER, /* 0..max */
};

/** One tag of a kind. */
struct tag {
	struct mailauth_str name;
	enum tag_form form;
	bool fold; /* words compare without case */
	const struct mailauth_str *words; /* ended by one of length 0 */
	uint32_t max;
	uint16_t bad; /* finding for a value of another form; 0: none */
};

/** The tags of a kind and what to say about the rest. */
struct taglist {
	const struct tag *tag; /* at most MAILAUTH_VALUES_MAX */
	size_t n;
	bool fold_names; /* tag names compare without case */
	/** The stricter grammar of RFC 8461 3.1 and RFC 8460 3: no blanks
	 * around '=', nothing empty; names and values that are not in the
	 * table have a form too. A known tag with blanks is not good. */
	bool exact;
	uint16_t syntax; /* a piece that is not name=value */
	uint16_t duplicate;
	uint16_t unknown;
	uint16_t typo; /* unknown, but nearly a known one; 0: as unknown */
};

/** One piece between semicolons. */
struct tag_item {
	struct mailauth_str whole; /* without blanks around */
	struct mailauth_str name; /* likewise */
	struct mailauth_str value; /* likewise */
	bool equals; /* there is a '=' */
	bool named; /* and what stands before it can be the name of a tag */
	bool last; /* no semicolon follows */
};

/**
 * The next piece of a list; `rest` starts as the whole text and moves on.
 * @return false when nothing is left.
 */
bool tag_next(struct mailauth_str *rest, struct tag_item *out);

/** No blanks around the '=' of a piece, nor behind it when no semicolon ends
 * it. */
bool tag_is_tight(struct mailauth_str text, const struct tag_item *it);

/** A piece of the list, or its value, begins with `word` but for case. */
bool tag_means(struct mailauth_str text, struct mailauth_str word);

/** Parse `text` into `rec->value`, the slots in the order of the table. */
void taglist_parse(const struct taglist *list, struct mailauth_str text,
    struct mailauth_record *rec, struct mailauth_findings *log);

/** The value of a slot as text; STR_NONE when the tag is not there. */
struct mailauth_str tag_value(const struct mailauth_record *rec, size_t slot);

#endif /* RECORD_TAGLIST_H */
