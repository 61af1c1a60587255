/*
 * walk.h - check_host() of RFC 7208, over answers that come as they come
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * Evaluation is a pure function of what is known: it is called again whenever
 * answers have come, says PENDING as long as one is missing that the result
 * hangs on, and asks meanwhile for all that it can see to be needed. Records
 * are read once and kept as programs.
 *
 * Nothing here knows where answers come from. One evaluation asks at most
 * SPF_QUESTIONS_MAX questions, whatever the zones hold.
 */
#ifndef SPF_WALK_H
#define SPF_WALK_H

#include "base/arena.h"
#include "base/dname.h"
#include "mailauth/mailauth.h"
#include "record/spf.h"
#include "record/spf_macro.h"

/* Limits (RFC 7208 4.6.4). */
#define SPF_TERMS_MAX 10u /* terms that ask */
#define SPF_VOIDS_MAX 2u /* of these, terms that find nothing */
#define SPF_MX_MAX    10u /* hosts of one mx term */
#define SPF_PTR_MAX   10u /* names of the client that are looked at */

/** Questions asked for before it is certain that they are needed. */
#define SPF_AHEAD_MAX 100u
/**
 * Questions of one evaluation: the domain's own record; ten terms, each with
 * a set of hosts; the names of the client with their addresses, asked once
 * for all terms and macros; the explanation; and those asked ahead.
 */
#define SPF_QUESTIONS_MAX \
	(1u + SPF_TERMS_MAX * (1u + SPF_MX_MAX) + (1u + SPF_PTR_MAX) + 1u + \
	    SPF_AHEAD_MAX)

/** Which records count: those of SPF, or of Sender ID with one scope. */
enum spf_scope {
	SPF_SCOPE_SPF,
	SPF_SCOPE_PRA, /* RFC 4406 */
	SPF_SCOPE_MFROM,
	SPF_SCOPES,
};

/** What the texts of a name are. */
enum spf_sort {
	SPF_SORT_NONE, /* none is a record */
	SPF_SORT_MANY, /* more than one is */
	SPF_SORT_FAULTY, /* it breaks the grammar */
	SPF_SORT_GOOD,
};

struct spf_program;

/** A term that is looked at. */
struct spf_op {
	struct spf_term term; /* borrows from the program's text */
	/** The name it leads to; STR_NONE when it depends on macros, or on the
	 * domain that is checked. */
	struct mailauth_str target;
	bool counts; /* it is one of the ten */
	bool no_target; /* what is written can be no name */
	/* What was found for `target`, kept for the next time. */
	const struct mailauth_answer *answer[2]; /* by enum spf_family */
	struct spf_program *program; /* of include and redirect */
};

/** It leads to another record. */
static inline bool
spf_leads(const struct spf_op *op)
{
	return op->term.what == SPF_INCLUDE || op->term.what == SPF_REDIRECT;
}

enum spf_family { SPF_FOUR, SPF_SIX };

/** The record at a name, read. */
struct spf_program {
	struct spf_program *next;
	const struct mailauth_answer *answer; /* of the TXT question */
	enum spf_scope scope;
	enum spf_sort sort;
	struct mailauth_str text; /* of the record; of several, the first */
	uint16_t fault; /* finding, of SPF_SORT_FAULTY */
	struct mailauth_str where; /* of the fault, in `text` */
	struct spf_op *ops; /* mechanisms, up to the first 'all' */
	size_t nops;
	struct spf_op *redirect, *exp; /* NULL: none */
	unsigned unreached; /* terms that ask and are not in `ops` */
	bool has_all;
};

/** Where answers come from. */
struct spf_source {
	/** The answer to a question; NULL as long as there is none. A question
	 * that was never asked is asked now. */
	const struct mailauth_answer *(*ask)(struct spf_source *s,
	    struct mailauth_str name, uint16_t rrtype);
	struct arena *arena; /* for programs */
	struct arena *scratch; /* for what belongs to one evaluation */
	struct spf_program *programs;
	unsigned questions; /* counted by `ask` */
	unsigned surveyed; /* of these, those of spf_budget() */
};

/** Who sends. Texts are borrowed. */
struct spf_query {
	enum spf_scope scope;
	struct mailauth_str domain; /* canonical, at least two labels */
	struct spf_macro_values values; /* but for domain and validated */
};

/** What became of a term. */
enum spf_fate {
	SPF_NOT_REACHED,
	SPF_NO_MATCH,
	SPF_MATCH,
	SPF_ERROR,
	SPF_FATE_PENDING,
};

/** A term in a tree of terms: one that asks, or that matches. */
struct spf_step {
	struct spf_step *next; /* of the same record */
	struct spf_step *child; /* first of the record it leads to */
	const struct spf_op *op;
	struct spf_program *program; /* of the record it leads to */
	struct mailauth_str domain; /* where its own record stands */
	struct mailauth_str target; /* the name it asks for; may be empty */
	const struct mailauth_answer *answer; /* of the term; may be NULL */
	enum spf_fate fate;
	enum mailauth_spf_result result; /* of include and redirect */
	const char *why; /* of an error; a constant */
	bool asks; /* it is one of the ten */
	unsigned below; /* terms that ask, in the records below */
	unsigned total; /* terms counted so far, this and those below too */
	unsigned voids; /* terms without an answer, here and below */
	unsigned void_queries; /* questions without one */
	enum mailauth_dnssec dnssec; /* the weakest of its own answers */
	/* Of a tree for all addresses: */
	bool void_four, void_six; /* it finds nothing for one family */
	bool varies; /* what it finds depends on the sender */
	bool unknown; /* what it finds could not be told */
	bool loop; /* it leads back to where it came from */
	unsigned hosts; /* of an 'mx' */
};

/** The outcome of an evaluation. */
struct spf_outcome {
	enum mailauth_spf_result result;
	unsigned terms, voids, void_queries;
	enum mailauth_dnssec dnssec; /* the weakest on the way */
	const struct spf_program *top; /* of the domain; NULL without one */
	const struct spf_op *matched; /* of the record that decided */
	const struct spf_program *decided; /* that record */
	const char *why; /* of an error; a constant */
	const struct mailauth_answer *cause; /* of a temperror, or NULL */
	bool exp_bad; /* the exp= of a fail could not be used */
	bool exp_non_ascii;
	struct mailauth_str explanation; /* untrusted; STR_NONE: none */
	bool ptr_many; /* the client has more names than are looked at */
	struct spf_step *steps; /* of the domain's record */
};

/**
 * Evaluate.
 * @param trace make a tree of steps
 */
void spf_evaluate(struct spf_source *source, const struct spf_query *query,
    bool trace, struct spf_outcome *out);

/** The record among the answer's texts, read; NULL when memory ran out, or
 * the answer is none that can be read. */
struct spf_program *spf_program_of(struct spf_source *source,
    const struct mailauth_answer *answer, enum spf_scope scope);

/** The strings of an explanation's record are in ASCII. */
bool spf_exp_is_ascii(const struct mailauth_rdata *rr);

/** The answer could not be had, or is not to be used. */
static inline bool
spf_has_failed(const struct mailauth_answer *a)
{
	return a->outcome == MAILAUTH_FAILED ||
	    a->dnssec == MAILAUTH_DNSSEC_BOGUS;
}

/** There is no such record, for certain. */
static inline bool
spf_is_void(const struct mailauth_answer *a)
{
	return !spf_has_failed(a) && a->outcome != MAILAUTH_FOUND;
}

/** Name of a result: "none", "neutral", "pass", ...; NULL for UNDECIDED. */
const char *spf_result_name(enum mailauth_spf_result v);

#endif /* SPF_WALK_H */
