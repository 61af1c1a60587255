/*
 * walk.h - check_host() of RFC 7208 over answers that arrive later
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * spf: evaluates SPF. walk.c runs check_host(), program.c parses records for
 * it, budget.c costs a whole record tree, check.c runs both inside a check,
 * merge.c adds senders to a record. May include base, sys, record, judge, dns,
 * report and engine. In: a query and answers, through struct spf_source. Out:
 * spf_outcome and spf_budget; check.c and merge.c write the report.
 *
 * spf_evaluate() is pure and never waits. The caller calls it again after new
 * answers arrived: each call starts at the first term and counts from zero. A
 * call that lacks an answer returns PENDING, and asks ahead for the questions
 * that it expects to need. One evaluation asks at most SPF_QUESTIONS_MAX
 * questions, whatever the zones contain.
 */
#ifndef SPF_WALK_H
#define SPF_WALK_H

#include "base/arena.h"
#include "base/dname.h"
#include "mailauth/mailauth.h"
#include "record/spf.h"
#include "record/spf_macro.h"

/* Limits of RFC 7208 4.6.4. */
#define SPF_VOIDS_MAX 2u /* terms among these whose answer is void */
#define SPF_MX_MAX    10u /* hosts of one mx term */
#define SPF_PTR_MAX   10u /* names of the client that are examined */

/** Questions of a source after which we stop asking ahead. */
#define SPF_AHEAD_MAX 100u
/** Bound on the questions of one evaluation: the domain's own record; ten
 * terms, each with its hosts; the names of the client with their addresses,
 * asked once for all terms and macros; the explanation; the questions asked
 * ahead. */
#define SPF_QUESTIONS_MAX \
	(1u + SPF_TERMS_MAX * (1u + SPF_MX_MAX) + (1u + SPF_PTR_MAX) + 1u + \
	    SPF_AHEAD_MAX)

/** Which records count: SPF records, or Sender ID records of one scope. */
enum spf_scope {
	SPF_SCOPE_SPF,
	SPF_SCOPE_PRA, /* RFC 4406 */
	SPF_SCOPE_MFROM,
	SPF_SCOPES,
};

/** What the TXT records at a name are. */
enum spf_sort {
	SPF_SORT_NONE, /* no text is an SPF record */
	SPF_SORT_MANY, /* several texts are SPF records */
	SPF_SORT_UNREADABLE, /* none that can be read; some cannot */
	SPF_SORT_FAULTY, /* one record with a syntax error */
	SPF_SORT_GOOD,
};

struct spf_program;

/** One term of a program. */
struct spf_op {
	struct spf_term term; /* borrows from the program's text */
	/** The domain that the term names, canonical. STR_NONE when it depends
	 * on macros, or when the term names the current domain by default. */
	struct mailauth_str target;
	bool counts; /* one of the ten counted terms */
	bool no_target; /* the written domain can be no DNS name */
	/* Caches for a fixed `target`; later evaluations reuse them. */
	const struct mailauth_answer *answer[2]; /* by enum spf_family */
	struct spf_program *program; /* of include and redirect */
};

/** The term is include or redirect: it leads to another record. */
static inline bool
spf_leads(const struct spf_op *op)
{
	return op->term.what == SPF_INCLUDE || op->term.what == SPF_REDIRECT;
}

enum spf_family { SPF_FOUR, SPF_SIX };

/** The parsed record at a name. program.c makes it once per answer. */
struct spf_program {
	struct spf_program *next;
	const struct mailauth_answer *answer; /* answer to the TXT question */
	enum spf_scope scope;
	enum spf_sort sort;
	struct mailauth_str text; /* the record; of several, the first */
	uint16_t fault; /* finding, with SPF_SORT_FAULTY */
	struct mailauth_str where; /* place of the fault in `text` */
	struct spf_op *ops; /* mechanisms, up to the first 'all' */
	size_t nops;
	struct spf_op *redirect, *exp; /* NULL when missing */
	unsigned unreached; /* counted terms behind the last of `ops` */
	bool has_all;
};

/** Where answers come from. The owner keeps answers, programs and `arena` for
 * the life of the source. */
struct spf_source {
	/** Return the answer to a question, or NULL while it is pending. The
	 * first call for a question asks it. A failed lookup is an answer
	 * too. */
	const struct mailauth_answer *(*ask)(struct spf_source *s,
	    struct mailauth_str name, uint16_t rrtype);
	struct arena *arena; /* for programs; lives as long as the source */
	struct arena *scratch; /* for names and steps of one evaluation */
	struct spf_program *programs;
	unsigned questions; /* questions asked so far; `ask` counts them */
	unsigned surveyed; /* of these, the questions of spf_budget() */
};

/** The client and its identity. Texts are borrowed. */
struct spf_query {
	enum spf_scope scope;
	struct mailauth_str domain; /* canonical, two or more labels */
	/** All but `domain` and `validated`, which the walk sets. */
	struct spf_macro_values values;
};

/** Outcome of one term. */
enum spf_fate {
	SPF_NOT_REACHED,
	SPF_NO_MATCH,
	SPF_MATCH,
	SPF_ERROR,
	SPF_FATE_PENDING,
};

/** A counted term, or the term that matched, in the tree of all records. */
struct spf_step {
	struct spf_step *next; /* next term of the same record */
	struct spf_step *child; /* first term of the record it leads to */
	const struct spf_op *op;
	struct spf_program *program; /* the record it leads to */
	struct mailauth_str domain; /* owner of the term's own record */
	struct mailauth_str target; /* the name it queries; may be empty */
	/** Answer to its own question; may be NULL. */
	const struct mailauth_answer *answer;
	enum spf_fate fate;
	enum mailauth_spf_result result; /* with include and redirect */
	const char *why; /* static text, with SPF_ERROR */
	bool asks; /* one of the ten counted terms */
	unsigned below; /* counted terms in the records below */
	/** Counted terms so far, with this term and those below. */
	unsigned total;
	unsigned voids; /* void terms, this one and those below */
	unsigned void_queries; /* void answers, of this term and those below */
	enum mailauth_dnssec dnssec; /* the weakest state of its own answers */
	/* Only in the tree of spf_budget(): */
	bool void_four, void_six; /* void for IPv4, for IPv6 clients */
	bool varies; /* the answer depends on the sender */
	bool unknown; /* some lookup failed */
	const struct mailauth_answer *failed; /* the first such; or NULL */
	/** The term may be void for IPv4, for IPv6 clients, if `failed` is. */
	bool may_four, may_six;
	bool loop; /* leads back to a record above it */
	/** That of a loop whose names change with each round; or empty. */
	struct mailauth_str wildcard;
	unsigned hosts; /* hosts of an mx */
};

/** Outcome of an evaluation. */
struct spf_outcome {
	enum mailauth_spf_result result;
	unsigned terms, voids, void_queries;
	unsigned ptr_voids; /* of void_queries, those of ptr and %{p} */
	enum mailauth_dnssec dnssec; /* the weakest state of all answers used */
	const struct spf_program *top; /* the domain's record; may be NULL */
	/** The term of `decided` that matched; NULL when none did. */
	const struct spf_op *matched;
	const struct spf_program *decided; /* the record that decided */
	const char *why; /* static text, with an error */
	/** The failed answer of a temperror; may be NULL. */
	const struct mailauth_answer *cause;
	/** A failed answer about the client's names, which decides that a term
	 * with ptr or %{p} does not match (RFC 7208 5.5); or NULL. */
	const struct mailauth_answer *nameless;
	bool exp_bad; /* the exp= of a fail cannot be used */
	bool exp_non_ascii;
	struct mailauth_str explanation; /* untrusted; STR_NONE without one */
	bool ptr_many; /* the client has more names than SPF_PTR_MAX */
	struct spf_step *steps; /* terms of the domain's record */
};

/**
 * Evaluate check_host() (RFC 7208 4) as far as the answers allow.
 * @param trace build the tree of steps, in the source's scratch arena
 * @param out result PENDING: call again when more answers arrived
 */
void spf_evaluate(struct spf_source *source, const struct spf_query *query,
    bool trace, struct spf_outcome *out);

/** Lookups leave the result open: a temporary error, or one that the standard
 * makes of names of the client that could not be looked up. */
static inline bool
spf_is_open(const struct spf_outcome *o)
{
	return o->result == MAILAUTH_SPF_UNDECIDED ||
	    o->result == MAILAUTH_SPF_TEMPERROR || o->nameless != NULL;
}

/** Parse the record among the answer's texts, or return the program made before
 * for the same answer and scope. The answer must not have failed and must
 * outlive the source. NULL when memory ran out. */
struct spf_program *spf_program_of(struct spf_source *source,
    const struct mailauth_answer *answer, enum spf_scope scope);

/** All strings of an explanation record are ASCII (RFC 7208 6.2). */
bool spf_exp_is_ascii(const struct mailauth_rdata *rr);

/** The lookup failed or is bogus: it shows neither presence nor absence. */
static inline bool
spf_has_failed(const struct mailauth_answer *a)
{
	return a->outcome == MAILAUTH_FAILED ||
	    a->dnssec == MAILAUTH_DNSSEC_BOGUS;
}

/** The name or type is absent for certain: a void lookup of RFC 7208 4.6.4. */
static inline bool
spf_is_void(const struct mailauth_answer *a)
{
	return !spf_has_failed(a) && a->outcome != MAILAUTH_FOUND;
}

/** The name of a result: "none", "neutral", "pass", ... */
const char *spf_result_name(enum mailauth_spf_result v);

#endif /* SPF_WALK_H */
