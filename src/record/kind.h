/*
 * kind.h - the table that describes a kind of record
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * record: parses and judges the records of one kind in one DNS answer. Pure: no
 * file, no clock, no DNS, no allocation but that of libcrypto in pubkey.c.
 * Faults in data are findings, never errors. May include base and
 * mailauth/types.h. In: a struct mailauth_answer. Out: the values and findings
 * in the struct mailauth_judgement of examine(), which borrows from the answer
 * and from the caller's scratch.
 *
 * A kind is a table in a file of its own: owner name, how to recognize its
 * text, its tags, the findings for what can happen to any set of records, and
 * hooks for the rest. No other code asks which kind a record is.
 */
#ifndef RECORD_KIND_H
#define RECORD_KIND_H

#include "base/writer.h"
#include "record/findings.h"
#include "record/rrtype.h"
#include "record/sink.h"
#include "record/taglist.h"

/** Whether a text is a record of a kind. */
enum pick {
	PICK_NO,
	PICK_NEAR, /* its author meant it so, but receivers discard it */
	PICK_YES,
};

/** One part of a record: a tag, a mechanism, a modifier. */
struct part {
	struct mailauth_str text; /* the whole part */
	struct mailauth_str name;
	struct mailauth_str value;
	char qualifier; /* of a mechanism; else 0 */
};

/** Called for each part of a record, in order; the part is borrowed. */
typedef void (*part_fn)(void *arg, const struct part *part);

/** The examination of one record set, passed to the hooks of its kind. */
struct exam {
	const struct mailauth_kind *kind;
	const struct mailauth_answer *answer;
	const struct mailauth_scope *scope;
	struct mailauth_scratch *scratch;
	size_t used; /* octets of scratch->text that `out` borrows from */
	struct mailauth_judgement *out;
	bool plain; /* the text is printable ASCII without markup */
};

/** The description of one kind of record. */
struct mailauth_kind {
	uint8_t id; /* enum mailauth_kind_id */
	const char *name; /* "spf" */
	const char *title; /* a few words for people */
	const char *reference; /* the standard */
	uint16_t rrtype; /* of the records; A (1) includes AAAA */
	/** Owner name below a domain: "@" is the domain itself, "_dmarc" a
	 * name below it, "*._domainkey" one with one or more labels in front
	 * (a selector); NULL when the owner name does not show the kind. */
	const char *owner;
	/** The key in the log for the labels that "*" matches; NULL when the
	 * log does not show them. */
	const char *star;
	/** The value of v= that the text begins with, "DMARC1"; NULL for kinds
	 * without one: their texts are not repaired. */
	const char *version;
	/** Owner name at which people publish it by mistake; NULL without. */
	const char *misplaced;
	/** Say whether this text is a record of the kind. NULL for kinds that
	 * are not TXT. */
	enum pick (*pick)(struct mailauth_str text);
	/** Control characters that the standard allows in a text, as a C
	 * string. */
	const char *blanks;
	/** The tags of a tag-list kind; else NULL. */
	const struct taglist *tags;
	/** Judge one text beyond its tags; findings go to out->findings, with
	 * offsets into `text`. May be NULL. */
	void (*lint)(struct exam *e, struct mailauth_str text);
	/** Judge the whole set: the only judge of kinds that are not texts; for
	 * texts it runs after the one record was judged. May be NULL. */
	void (*lint_set)(struct exam *e);
	/** Write RDATA in presentation form; NULL for texts, which are their
	 * own presentation. */
	void (*show)(const struct mailauth_rdata *rr, struct writer *w);
	/** Write RDATA in wire format from presentation form; false when the
	 * text is not of this form. NULL for texts. */
	bool (*read)(struct mailauth_str text, struct writer *w);
	/** Call `each` for each part of a text that is no tag list. */
	void (*parts)(struct mailauth_str text, part_fn each, void *arg);
	/** Name the values of a judged set that has records of this kind: of a
	 * text, one record, which was parsed. May be NULL. */
	void (*values)(const struct mailauth_answer *a,
	    const struct mailauth_judgement *j, struct value_sink *s);
	/** Write what was measured in this text, "1024 bits", to follow the
	 * sentence of a finding; false when there is nothing to say. May be
	 * NULL. */
	bool (*detail)(enum mailauth_finding_id id, struct mailauth_str text,
	    struct writer *w);
	/** Write the record that its author must have meant; false: it is not
	 * known. */
	bool (*repair)(enum mailauth_finding_id id, struct mailauth_str text,
	    struct writer *w);
	/** Write a remedy better than the one in findings.def, made for this
	 * text; false when there is no better one. */
	bool (*remedy)(enum mailauth_finding_id id, struct mailauth_str text,
	    struct writer *w);

	/* Findings for what can happen to any set; 0 for no finding. */
	uint16_t missing; /* no record of this kind */
	uint16_t multiple; /* more than one record of this kind */
	uint16_t identical; /* more than one, two of them with equal texts */
	uint16_t near; /* no record, but a text with PICK_NEAR */
	uint16_t stray; /* other texts beside the record */
	uint16_t not_one; /* texts, but no record of this kind */
	uint16_t cname; /* an alias led to the record */
	uint16_t dangling; /* an alias leads to a missing name */
	uint16_t wildcard; /* a wildcard made the record */
	uint16_t lookup; /* the lookup failed */
	uint16_t bogus; /* it is bogus; 0: `lookup` says so too */
	uint16_t doubled; /* published at "owner.zone.zone" */
	uint16_t long_string; /* a string over 255 octets in a zone file */
	/** This kind reports the findings on the size of a TXT set. */
	bool sizes;
	/** A low TTL, or a high one, is a finding. */
	bool low_ttl;
	bool high_ttl;
	/** Receivers discard the parts they cannot read and use the rest, so
	 * that EFFECT_SPOILS does not make the record invalid. */
	bool forgiving;
	/** A text without a version can be a record of this kind. */
	bool loose;
	/** The absence of a record is normal: no finding, no log line. */
	bool optional;
	/** Mail works as well without a record: a report for people has no line
	 * for its absence, and a wildcard beside it means nothing. */
	bool extra;
	/** The owner has a label that starts with '_': a wildcard answer of
	 * another kind there is an accident. */
	bool service;
	/** Providers hold records of this kind, to be reached by an alias. */
	bool hosted;
};

/** The kind with this number; NULL when no kind has it. */
const struct mailauth_kind *kind_at(unsigned id);
/** The kind with this name; NULL when no kind has it. */
const struct mailauth_kind *kind_named(struct mailauth_str name);
/** The kind whose records are at this owner name (canonical presentation form)
 * with this type; NULL when the owner name belongs to no kind. */
const struct mailauth_kind *
kind_of_owner(struct mailauth_str owner, uint16_t rrtype);
/** All kinds that share this owner name and type, such as SPF and Sender ID:
 * first the result of kind_of_owner().
 * @return the number of kinds in `out`. */
size_t kinds_of_owner(struct mailauth_str owner, uint16_t rrtype,
    const struct mailauth_kind *out[MAILAUTH_KIND_COUNT]);
/** The labels of `owner` that the "*" of the kind's owner matches; empty when
 * the kind has no "*". */
struct mailauth_str
kind_star(const struct mailauth_kind *kind, struct mailauth_str owner);
/** The kind whose pick() accepts a text, or nearly does; NULL when none. */
const struct mailauth_kind *kind_of_text(struct mailauth_str text);

/** Call `seam` with the offset of each boundary between two character-strings
 * of the record under examination. No calls when the boundaries are not known
 * (MAILAUTH_ANSWER_UNSPLIT) or there is one string. */
void exam_seams(const struct exam *e, void (*seam)(void *arg, size_t offset),
    void *arg);

/**
 * Examine the records of a FOUND answer: pick those of the kind, parse the
 * only one, collect findings. Sets matches, rr, record and findings of
 * `e->out`, which the caller has cleared; judge/verdict.c decides the verdict.
 */
void examine(struct exam *e);

#endif /* RECORD_KIND_H */
