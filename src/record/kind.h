/*
 * kind.h - how a kind of record describes itself
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * A kind is a table: where it lives, how its text is told from others, its
 * tags, and the findings for what can happen to any set of records. What no
 * table can say is in three hooks. Nothing outside a kind's own file asks
 * which kind it is.
 */
#ifndef RECORD_KIND_H
#define RECORD_KIND_H

#include "base/writer.h"
#include "record/findings.h"
#include "record/rrtype.h"
#include "record/taglist.h"

/** Is a text a record of this kind? */
enum pick {
	PICK_NO,
	PICK_NEAR, /* meant to be, but receivers discard it */
	PICK_YES,
};

/** One part of a record: a tag, a mechanism, a modifier. */
struct part {
	struct mailauth_str text; /* the whole part */
	struct mailauth_str name;
	struct mailauth_str value;
	char qualifier; /* of a mechanism; else 0 */
};

typedef void (*part_fn)(void *arg, const struct part *part);

/** What the hooks of a kind work with. */
struct exam {
	const struct mailauth_kind *kind;
	const struct mailauth_answer *answer;
	const struct mailauth_scope *scope;
	struct mailauth_scratch *scratch;
	size_t used; /* octets of the scratch that `out` borrows from */
	struct mailauth_judgement *out;
	bool plain; /* the text is printable ASCII without markup */
};

/** Everything the house knows about one kind of record. */
struct mailauth_kind {
	uint8_t id; /* enum mailauth_kind_id */
	const char *name; /* "spf" */
	const char *title; /* a few words for people */
	const char *reference; /* the standard */
	uint16_t rrtype; /* of the records; 1 stands for AAAA too */
	/** Where it lives below a domain: "@" at the domain itself, "_dmarc",
	 * "*._domainkey" with a selector; NULL when it is no such place. */
	const char *owner;
	/** What the "*" of the owner stands for, as a key of the log; NULL for
	 * none. */
	const char *star;
	/** Where it is put by mistake, and nobody looks; NULL for nowhere. */
	const char *misplaced;
	/** Is this text one? NULL for kinds that are not texts. */
	enum pick (*pick)(struct mailauth_str text);
	/** Blanks other than the space that the standard allows in a text. */
	const char *blanks;
	/** The tags of a tag-list kind; else NULL. */
	const struct taglist *tags;
	/** Judge one text beyond its tags; what it finds goes to
	 * out->findings, with offsets into `text`. */
	void (*lint)(struct exam *e, struct mailauth_str text);
	/** Judge the whole set, for kinds that are not texts, or after the
	 * one record was judged. */
	void (*lint_set)(struct exam *e);
	/** Write the data of one record in presentation form; NULL for texts,
	 * which are their own. */
	void (*show)(const struct mailauth_rdata *rr, struct writer *w);
	/** The reverse: data as on the wire from presentation form; false when
	 * it is none. NULL for texts. */
	bool (*read)(struct mailauth_str text, struct writer *w);
	/** Name the parts of a text that is no tag list, one by one. */
	void (*parts)(struct mailauth_str text, part_fn each, void *arg);
	/** Write the remedy of a finding when the table's is too general;
	 * false when it has nothing better. */
	bool (*remedy)(enum mailauth_finding_id id, struct mailauth_str text,
	    struct writer *w);

	/* Findings for what can happen to any set; 0 for none. */
	uint16_t missing; /* there is none */
	uint16_t multiple; /* more than one */
	uint16_t identical; /* more than one, with the same text */
	uint16_t near; /* there is none, but a text that was meant to be */
	uint16_t stray; /* other texts stand beside it */
	uint16_t not_one; /* there are texts, and none is one */
	uint16_t cname; /* reached through an alias */
	uint16_t dangling; /* an alias of a missing name */
	uint16_t wildcard; /* made from a wildcard */
	uint16_t lookup; /* the lookup failed */
	uint16_t doubled; /* found at its owner name with the zone behind it */
	uint16_t long_string; /* a string of more than 255 octets, in source */
	/** The findings on the size of a TXT set belong to this kind. */
	bool sizes;
	/** TTLs that are too low or too high are worth telling. */
	bool low_ttl;
	bool high_ttl;
	/** Receivers discard the parts they cannot read and use the rest. */
	bool forgiving;
	/** A text can be one without showing its version. */
	bool loose;
	/** Its absence is nothing to talk about. */
	bool optional;
	/** Labels that start with '_': a wildcard answer there is an accident
	 * unless it is of this kind. */
	bool service;
};

/** The kind with this number; NULL when there is none. */
const struct mailauth_kind *kind_at(unsigned id);
/** The kind with this name; NULL when there is none. */
const struct mailauth_kind *kind_named(struct mailauth_str name);
/** The kind that lives at this owner name (canonical presentation form) with
 * this type; NULL when none is told by its owner alone. */
const struct mailauth_kind *
kind_of_owner(struct mailauth_str owner, uint16_t rrtype);
/** All kinds whose records may stand in one set at this owner name, of this
 * type: the one that kind_of_owner() says first.
 * @return how many of them went to `out` */
size_t kinds_of_owner(struct mailauth_str owner, uint16_t rrtype,
    const struct mailauth_kind *out[MAILAUTH_KIND_COUNT]);
/** What the "*" of a kind's owner stands for in `owner`; empty when the kind
 * has no "*". */
struct mailauth_str
kind_star(const struct mailauth_kind *kind, struct mailauth_str owner);
/** The kind that a text is one of, or is nearly; NULL when it is of none. */
const struct mailauth_kind *kind_of_text(struct mailauth_str text);

/** Where the strings of the record under examination met, when that is known:
 * calls `seam` for each place. */
void exam_seams(const struct exam *e, void (*seam)(void *arg, size_t offset),
    void *arg);

/**
 * Examine the records of a FOUND answer: pick those of the kind, parse the
 * one there should be, collect findings. Sets matches, rr, record and
 * findings of `e->out`; the verdict is made in report/verdict.c.
 */
void examine(struct exam *e);

#endif /* RECORD_KIND_H */
