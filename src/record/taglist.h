/*
 * taglist.h - the parser of tag lists, "name=value; name=value"
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * The grammar is RFC 6376 3.2, with the latitude of RFC 9989 4.8 where a table
 * asks for it. A kind describes its tags in a table. The parser finds the tags,
 * decodes words, lists of words and numbers, and reports the faults of the list
 * itself.
 */
#ifndef RECORD_TAGLIST_H
#define RECORD_TAGLIST_H

#include "record/findings.h"
#include "record/sink.h"

/** The form of a tag's value. */
enum tag_form {
	TAG_TEXT, /* any text; the kind's lint() judges it */
	TAG_NOTE, /* free text for people, not searched for other tags */
	TAG_WORD, /* one of `words`: value.number is its index */
	TAG_WORDS, /* `words` separated by ':': value.number has bits */
	TAG_NUMBER, /* decimal, 0..max: value.number is the number */
};

/** One tag of a kind. */
struct tag {
	struct mailauth_str name;
	enum tag_form form;
	bool fold; /* words compare without case */
	const struct mailauth_str *words; /* an empty word ends the list */
	uint32_t max; /* of TAG_NUMBER */
	uint16_t bad; /* finding for a value of another form; 0: none */
};

/** The tags of a kind, and the findings about pieces that are none of them. */
struct taglist {
	const struct tag *tag; /* at most MAILAUTH_VALUES_MAX */
	size_t n;
	bool fold_names; /* tag names compare without case */
	/** Use the stricter grammar of RFC 8461 3.1 and RFC 8460 3: no blanks
	 * around '=', no empty pieces, and a form for names and values of
	 * unknown tags (extensions). A known tag with blanks is not good. */
	bool exact;
	/** An unknown tag may have any name of printable octets that starts
	 * with a letter: verifiers of DKIM read keys so. */
	bool loose_names;
	/** Unknown tags must not occur twice either (RFC 6376 3.2). */
	bool unique;
	uint16_t syntax; /* a piece that is not name=value */
	uint16_t duplicate;
	uint16_t unknown;
	uint16_t empty; /* no piece; 0: tag-double-semicolon, a warning */
	uint16_t typo; /* unknown, but nearly a known one; 0: use `unknown` */
};

/** One piece between semicolons. The texts have no blanks around them. */
struct tag_item {
	struct mailauth_str whole;
	struct mailauth_str name; /* `whole` up to the first '=' */
	struct mailauth_str value; /* `whole` behind the first '=' */
	bool equals; /* the piece has a '=' */
	bool named; /* it has one, and `name` is a valid tag name */
	bool last; /* no semicolon follows */
};

/**
 * Read the next piece of a list.
 * @param rest the whole text at first; advances past the piece
 * @return false at the end of the text.
 */
bool tag_next(struct mailauth_str *rest, struct tag_item *out);

/** The text begins with `version`, "v=STSv1", and a semicolon behind it or
 * behind blanks: the grammar of RFC 8461 3.1 and RFC 8460 3 allows blanks there,
 * and the words beside it do not. */
bool tag_begins(struct mailauth_str text, const char *version);

/** Report blanks between the version and the first semicolon of such a text. */
void tag_lint_version(struct mailauth_str text, const char *version,
    struct mailauth_findings *log);

/** Some piece of the list, or its value, begins with `word`, case ignored. */
bool tag_means(struct mailauth_str text, struct mailauth_str word);

/** The unknown name is nearly that of a known tag. A tag of one letter is one
 * step from too many names, so only longer names are compared; but people write
 * "policy" for "p".
 * @param meant the name that was meant; empty when two are that near */
bool taglist_is_typo(const struct taglist *list, struct mailauth_str name,
    struct mailauth_str *meant);

/** Parse `rec->text`, which is `text`, into `rec->value`: slot i belongs to row
 * i of the table. The first of several equal tags counts. */
void taglist_parse(const struct taglist *list, struct mailauth_str text,
    struct mailauth_record *rec, struct mailauth_findings *log);

/** The value of a slot as text; STR_NONE when the record has no such tag. */
struct mailauth_str tag_value(const struct mailauth_record *rec, size_t slot);

/** The record has this tag, and its value counts: where a tag must not be there
 * twice, no receiver is sure of the value. */
bool tag_counts(const struct taglist *list, const struct mailauth_record *rec,
    size_t slot);
/** Name the value of a slot: a word as the table has it, a number, a list of
 * words, or the text. Nothing unless tag_counts(). */
void taglist_value(const struct taglist *list,
    const struct mailauth_record *rec, size_t slot, struct value_sink *s);
/** The same for all slots. */
void taglist_values(const struct taglist *list,
    const struct mailauth_record *rec, struct value_sink *s);
/** Name the trimmed pieces of a value, separated by `sep`, as a list. */
void values_split(struct value_sink *s, const char *name,
    struct mailauth_str list, char sep);

#endif /* RECORD_TAGLIST_H */
