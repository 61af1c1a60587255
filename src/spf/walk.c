/*
 * walk.c - check_host() of RFC 7208
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * A missing answer stops the walk at the term that needs it: no later term can
 * decide before it. So the result does not depend on the order in which answers
 * arrive. Where a term needs several answers (hosts of an mx, names of the
 * client), the walk asks for all at once and examines them in their order, up
 * to the first that is missing.
 *
 * `terms` and `voids` of struct walk count as RFC 7208 4.6.4 limits them, over
 * all records together. A term is a void lookup when its own question (A, AAAA,
 * MX, PTR) finds nothing, and an mx when no host of it has an address of the
 * client's family; single hosts of an mx and names of a ptr count in
 * `void_queries` only, which the report shows.
 *
 * Recursion ends since each level costs a term and the eleventh is an error.
 */
#include "spf/walk.h"

#include "base/str.h"
#include "record/kind.h"
#include "record/mx.h"
#include "record/ptr.h"
#include "record/txt.h"

/* One evaluation. Each call of spf_evaluate() starts with a new one. */
struct walk {
	struct spf_source *source;
	const struct spf_query *query;
	struct spf_outcome *out;
	unsigned terms, voids, void_queries;
	unsigned ptr_voids; /* of void_queries, those for names of the client */
	enum mailauth_dnssec dnssec;
	enum mailauth_spf_result redirected; /* result of the last redirect */
	struct mailauth_str decided_at; /* owner of the record that decided */
	bool trace;
};

/* One record under evaluation. */
struct frame {
	struct mailauth_str domain; /* owner of the record */
	struct spf_step **end; /* where its next step is linked */
};

static const struct spf_step no_step;

const char *
spf_result_name(enum mailauth_spf_result v)
{
	static const char *const names[] = { "none", "neutral", "pass", "fail",
		"softfail", "temperror", "permerror" };

	return (size_t)v < sizeof(names) / sizeof(names[0]) ? names[v] : NULL;
}

/* Answers. */

static uint16_t
address_type(const struct walk *w)
{
	return w->query->values.ip.family == 4 ? RRTYPE_A : RRTYPE_AAAA;
}

/* The answer to a question whose DNSSEC state weakens that of the result; NULL
 * while it is pending. */
static const struct mailauth_answer *
ask(struct walk *w, struct spf_step *step, struct mailauth_str name,
    uint16_t type)
{
	const struct mailauth_answer *a = w->source->ask(w->source, name, type);

	if (a == NULL)
		return NULL;
	if (a->dnssec < w->dnssec)
		w->dnssec = a->dnssec;
	if (a->dnssec < step->dnssec)
		step->dnssec = a->dnssec;
	return a;
}

static void
note_void(struct walk *w, struct spf_step *step)
{
	w->void_queries++;
	step->void_queries++;
}

/* Some address of the answer has the client in its prefix. */
static enum spf_fate
host_has_client(struct walk *w, const struct mailauth_answer *a, unsigned bits)
{
	const struct addr *ip = &w->query->values.ip;
	struct addr addr;

	for (size_t i = 0; i < a->nrr; i++)
		if (addr_of_rdata(a->rr[i].data, a->rr[i].len, &addr) &&
		    addr_in(ip, &addr, bits))
			return SPF_MATCH;
	return SPF_NO_MATCH;
}

static enum spf_fate
temperror(struct walk *w, const struct mailauth_answer *a,
    struct spf_step *step)
{
	w->out->result = MAILAUTH_SPF_TEMPERROR;
	w->out->cause = a;
	w->out->why = a->dnssec == MAILAUTH_DNSSEC_BOGUS ?
	    "an answer is bogus" :
	    "an answer could not be had";
	step->why = w->out->why;
	return SPF_ERROR;
}

static enum spf_fate
permerror(struct walk *w, const char *why, struct spf_step *step)
{
	w->out->result = MAILAUTH_SPF_PERMERROR;
	w->out->why = why;
	step->why = why;
	return SPF_ERROR;
}

/* The client's own names. */

static struct mailauth_str
reverse_name(struct walk *w)
{
	struct writer out = arena_writer(w->source->scratch);

	put_addr_reverse(&out, &w->query->values.ip);
	return writer_str(&out);
}

/* A failed lookup may have hidden names of the client. The standard goes on as
 * if the client had none (RFC 7208 5.5), and the result may depend on that. */
static void
note_nameless(struct walk *w, const struct mailauth_answer *a)
{
	if (w->out->nameless == NULL)
		w->out->nameless = a;
}

/* How close a name of the client is to the domain. */
enum fit { FIT_ANY, FIT_BELOW, FIT_SAME };

static enum fit
fit_of(struct mailauth_str name, struct mailauth_str domain)
{
	return str_eq(name, domain)   ? FIT_SAME :
	    dname_under(name, domain) ? FIT_BELOW :
	                                FIT_ANY;
}

/*
 * Find the validated name of the client (RFC 7208 5.5): a name from PTR whose
 * addresses include the client's. Names equal to the domain come first, then
 * names below it, then others down to `least`. A failed lookup drops the name
 * and is no error; the outcome keeps the first such.
 *
 * Each round of the outer loop asks for all names of one closeness. A pending
 * name blocks the names behind it, so the outcome does not depend on arrival.
 */
static enum spf_fate
validated_name(struct walk *w, struct spf_step *step,
    struct mailauth_str domain, enum fit least, struct mailauth_str *out)
{
	const struct mailauth_answer *ptr =
	    ask(w, step, reverse_name(w), RRTYPE_PTR);
	struct mailauth_str names[SPF_PTR_MAX];
	bool waiting = false;
	size_t n = 0;

	*out = STR_NONE;
	if (ptr == NULL)
		return SPF_FATE_PENDING;
	if (spf_has_failed(ptr)) {
		note_nameless(w, ptr);
		return SPF_NO_MATCH;
	}
	if (spf_is_void(ptr)) {
		note_void(w, step);
		w->ptr_voids++;
	}
	w->out->ptr_many = w->out->ptr_many || ptr->nrr > SPF_PTR_MAX;
	for (size_t i = 0; i < ptr->nrr && i < SPF_PTR_MAX; i++) {
		struct dname name;

		if (ptr_parse(&ptr->rr[i], &name))
			names[n++] = dname_text(w->source->scratch, &name);
	}
	for (int fit = FIT_SAME; fit >= (int)least; fit--) {
		for (size_t i = 0; i < n; i++) {
			const struct mailauth_answer *a;

			if (fit_of(names[i], domain) != (enum fit)fit ||
			    names[i].n <= 1)
				continue;
			a = ask(w, step, names[i], address_type(w));
			if (a == NULL) {
				waiting = true;
				continue;
			}
			if (spf_has_failed(a))
				note_nameless(w, a);
			if (spf_has_failed(a) || waiting)
				continue;
			if (spf_is_void(a)) {
				note_void(w, step);
				w->ptr_voids++;
			}
			if (host_has_client(w, a,
			        addr_bits(&w->query->values.ip)) == SPF_MATCH) {
				*out = names[i];
				return SPF_MATCH;
			}
		}
		/* Wait for the names of this closeness before asking for worse
		 * ones: a better name would make those questions useless. */
		if (waiting)
			return SPF_FATE_PENDING;
	}
	return SPF_NO_MATCH;
}

/* Targets. */

/* Set the macro values for a record at `domain`. SPF_FATE_PENDING while the
 * text uses %{p} and the name of the client is pending; else SPF_MATCH. */
static enum spf_fate
values_of(struct walk *w, struct spf_step *step, struct mailauth_str domain,
    unsigned facts, struct spf_macro_values *out)
{
	struct mailauth_str name;

	*out = w->query->values;
	out->domain = dname_plain(w->source->scratch, domain);
	out->validated = STR("unknown");
	if ((facts & SPF_MACRO_P) == 0)
		return SPF_MATCH;
	switch (validated_name(w, step, domain, FIT_ANY, &name)) {
	case SPF_FATE_PENDING: return SPF_FATE_PENDING;
	case SPF_MATCH:
		out->validated = dname_plain(w->source->scratch, name);
		break;
	default: break;
	}
	return SPF_MATCH;
}

/* Find the name that a term queries. SPF_MATCH: `out` is set; SPF_ERROR: the
 * text makes no DNS name; SPF_NO_MATCH: the term cannot match;
 * SPF_FATE_PENDING: a macro value is missing. */
static enum spf_fate
target_of(struct walk *w, const struct spf_op *op, struct mailauth_str domain,
    struct spf_step *step, struct mailauth_str *out)
{
	struct spf_macro_values values;
	char room[SPF_DOMAIN_ROOM];
	struct mailauth_str name;
	struct dname wire;

	*out = op->term.domain.n == 0 ? domain : op->target;
	if (out->n > 0)
		return SPF_MATCH;
	if (op->no_target)
		return SPF_ERROR;
	if (values_of(w, step, domain, op->term.facts, &values) ==
	    SPF_FATE_PENDING)
		return SPF_FATE_PENDING;
	switch (spf_expand_domain(op->term.domain, &values, room, &name)) {
	case SPF_EXPANDED: break;
	case SPF_NEVER_MATCHES: return SPF_NO_MATCH;
	case SPF_NOT_EXPANDED: return SPF_ERROR;
	}
	if (!dname_of_labels(name, &wire))
		return SPF_ERROR;
	*out = dname_text(w->source->scratch, &wire);
	if (out->n == 0)
		return SPF_FATE_PENDING;
	/* RFC 7208 4.3: a domain of one label has no record. */
	return spf_leads(op) && dname_labels(*out) < 2 ? SPF_ERROR : SPF_MATCH;
}

/* The answer to the term's own question. A fixed target keeps it in the term,
 * so that later evaluations need no search. */
static const struct mailauth_answer *
ask_term(struct walk *w, struct spf_op *op, struct spf_step *step,
    struct mailauth_str target, uint16_t type)
{
	const struct mailauth_answer **kept =
	    &op->answer[type == RRTYPE_AAAA ? SPF_SIX : SPF_FOUR];
	bool fixed = op->target.n > 0;
	const struct mailauth_answer *a;

	if (fixed && *kept != NULL) {
		a = *kept;
		if (a->dnssec < w->dnssec)
			w->dnssec = a->dnssec;
		if (a->dnssec < step->dnssec)
			step->dnssec = a->dnssec;
		return a;
	}
	a = ask(w, step, target, type);
	if (fixed)
		*kept = a;
	return a;
}

/* Mechanisms. */

static enum mailauth_spf_result run(struct walk *w, struct mailauth_str domain,
    const struct mailauth_answer *txt, struct spf_program *program,
    struct spf_step *parent, struct spf_step **steps);

/* Count a void term; its void answers were counted in `void_queries` before.
 * The third void term is a permerror (RFC 7208 4.6.4). */
static enum spf_fate
term_is_void(struct walk *w, struct spf_step *step)
{
	step->voids++;
	if (++w->voids > SPF_VOIDS_MAX)
		return permerror(w, "more than two terms find nothing", step);
	return SPF_NO_MATCH;
}

/* Evaluate the record that include or redirect leads to (RFC 7208 5.2, 6.1).
 * `below` counts the terms that the record consumed. */
static enum spf_fate
follow(struct walk *w, struct spf_op *op, struct mailauth_str target,
    struct spf_step *step)
{
	const struct mailauth_answer *a =
	    ask_term(w, op, step, target, RRTYPE_TXT);
	bool redirect = op->term.what == SPF_REDIRECT;
	unsigned before = w->terms;

	if (a == NULL)
		return SPF_FATE_PENDING;
	step->answer = a;
	if (spf_is_void(a))
		note_void(w, step);
	step->result = run(w, target, a, op->program, step, &step->child);
	step->below = w->terms - before;
	if (op->target.n > 0)
		op->program = step->program;
	if (redirect)
		w->redirected = step->result;
	switch (step->result) {
	case MAILAUTH_SPF_UNDECIDED: return SPF_FATE_PENDING;
	case MAILAUTH_SPF_TEMPERROR:
	case MAILAUTH_SPF_PERMERROR:
		w->out->result = step->result;
		return SPF_ERROR;
	case MAILAUTH_SPF_NONE:
		return permerror(w,
		    redirect ? "the target of redirect has no record" :
		               "the included domain has no record",
		    step);
	case MAILAUTH_SPF_PASS: return SPF_MATCH;
	default: return redirect ? SPF_MATCH : SPF_NO_MATCH;
	}
}

static unsigned
bits_of(const struct walk *w, const struct spf_term *t)
{
	return w->query->values.ip.family == 4 ? t->cidr4 : t->cidr6;
}

/* Get the answer to the term's own question. SPF_MATCH: `step->answer` has
 * records to examine. */
static enum spf_fate
answer_of(struct walk *w, struct spf_op *op, struct mailauth_str target,
    struct spf_step *step, uint16_t type)
{
	const struct mailauth_answer *a = ask_term(w, op, step, target, type);

	step->answer = a;
	if (a == NULL)
		return SPF_FATE_PENDING;
	if (spf_has_failed(a))
		return temperror(w, a, step);
	if (!spf_is_void(a))
		return SPF_MATCH;
	note_void(w, step);
	return term_is_void(w, step);
}

static enum spf_fate
match_address(struct walk *w, struct spf_op *op, struct mailauth_str target,
    struct spf_step *step, uint16_t type)
{
	enum spf_fate fate = answer_of(w, op, target, step, type);

	if (fate != SPF_MATCH || op->term.what == SPF_EXISTS)
		return fate;
	return host_has_client(w, step->answer, bits_of(w, &op->term));
}

static enum spf_fate
match_mx(struct walk *w, struct spf_op *op, struct mailauth_str target,
    struct spf_step *step)
{
	enum spf_fate fate = answer_of(w, op, target, step, RRTYPE_MX);
	const struct mailauth_answer *a = step->answer;
	bool waiting = false;
	size_t hosts = 0, voids = 0;

	if (fate != SPF_MATCH)
		return fate;
	step->hosts = (unsigned)a->nrr;
	if (a->nrr > SPF_MX_MAX)
		return permerror(w, "an mx term has more than ten hosts", step);
	for (size_t i = 0; i < a->nrr; i++) {
		const struct mailauth_answer *host;
		struct mx m;

		if (!mx_parse(&a->rr[i], &m) || mx_is_null(&m) ||
		    m.host.len <= 1)
			continue;
		host = ask(w, step, dname_text(w->source->scratch, &m.host),
		    address_type(w));
		if (host == NULL)
			waiting = true;
		/* Ask for all hosts at once, but examine them in order: no host
		 * behind a pending one may decide. */
		if (waiting)
			continue;
		if (spf_has_failed(host))
			return temperror(w, host, step);
		hosts++;
		voids += spf_is_void(host);
		if (spf_is_void(host))
			note_void(w, step);
		else if (host_has_client(w, host, bits_of(w, &op->term)) ==
		    SPF_MATCH)
			return SPF_MATCH;
	}
	if (waiting)
		return SPF_FATE_PENDING;
	return hosts > 0 && voids == hosts ? term_is_void(w, step) :
	                                     SPF_NO_MATCH;
}

static enum spf_fate
match_ptr(struct walk *w, struct mailauth_str target, struct spf_step *step)
{
	unsigned before = step->void_queries;
	struct mailauth_str name;
	enum spf_fate fate = validated_name(w, step, target, FIT_BELOW, &name);
	/* A ptr term whose PTR answer is void counts as a void term;
	 * validated_name() has counted that answer as a query only. */
	const struct mailauth_answer *ptr;

	if (fate == SPF_FATE_PENDING || before == step->void_queries)
		return fate;
	ptr = w->source->ask(w->source, reverse_name(w), RRTYPE_PTR);
	return ptr != NULL && spf_is_void(ptr) ? term_is_void(w, step) : fate;
}

/* Evaluate a counted term; match() has counted it. */
static enum spf_fate
match_asking(struct walk *w, struct spf_op *op, const struct frame *f,
    struct spf_step *step)
{
	struct mailauth_str target;
	enum spf_fate fate = target_of(w, op, f->domain, step, &target);

	step->target = target;
	if (fate == SPF_FATE_PENDING)
		return fate;
	if (fate != SPF_MATCH) {
		bool leads = op->term.what == SPF_REDIRECT ||
		    (op->term.what == SPF_INCLUDE && fate == SPF_ERROR);

		/* RFC 7208 4.3: an invalid domain has no record. */
		step->target = STR_NONE;
		step->why = "what it names is not a domain";
		return leads ? permerror(w, step->why, step) : SPF_NO_MATCH;
	}
	switch (op->term.what) {
	case SPF_INCLUDE:
	case SPF_REDIRECT: return follow(w, op, target, step);
	case SPF_A: return match_address(w, op, target, step, address_type(w));
	case SPF_EXISTS: return match_address(w, op, target, step, RRTYPE_A);
	case SPF_MX: return match_mx(w, op, target, step);
	default: return match_ptr(w, target, step);
	}
}

static struct spf_step *
new_step(struct walk *w, struct frame *f, const struct spf_op *op)
{
	struct spf_step *step =
	    w->trace ? arena_alloc(w->source->scratch, sizeof(*step)) : NULL;

	if (step == NULL)
		return NULL;
	step->op = op;
	step->domain = f->domain;
	step->asks = op->counts;
	step->dnssec = MAILAUTH_DNSSEC_SECURE;
	*f->end = step;
	f->end = &step->next;
	return step;
}

/* An uncounted term (all, ip4, ip6) matches the client. */
static bool
has_client(const struct walk *w, const struct spf_term *t)
{
	return t->what == SPF_ALL ||
	    addr_in(&w->query->values.ip, &t->addr,
	        t->what == SPF_IP4 ? t->cidr4 : t->cidr6);
}

/* Evaluate one term: count it, and record a step for it. */
static enum spf_fate
match(struct walk *w, struct spf_op *op, struct frame *f)
{
	struct spf_step room, *step = new_step(w, f, op);
	unsigned voids = w->voids, queries = w->void_queries;
	enum spf_fate fate;

	if (step == NULL) {
		room = no_step;
		step = &room;
	}
	step->dnssec = MAILAUTH_DNSSEC_SECURE;
	if (!op->counts)
		fate = SPF_MATCH;
	else if (++w->terms > SPF_TERMS_MAX)
		fate = permerror(w, "more than ten DNS lookups", step);
	else
		fate = match_asking(w, op, f, step);
	step->fate = fate;
	step->total = w->terms;
	step->voids = w->voids - voids;
	step->void_queries = w->void_queries - queries;
	return fate;
}

static enum mailauth_spf_result
result_of(char qualifier)
{
	switch (qualifier) {
	case '-': return MAILAUTH_SPF_FAIL;
	case '~': return MAILAUTH_SPF_SOFTFAIL;
	case '?': return MAILAUTH_SPF_NEUTRAL;
	default: return MAILAUTH_SPF_PASS;
	}
}

/* Add steps for the counted terms behind the term that decided, so that the
 * tree shows them as not reached. */
static void
rest_of(struct walk *w, const struct spf_program *p, size_t from,
    struct frame *f)
{
	if (!w->trace)
		return;
	for (size_t i = from; i < p->nops; i++)
		if (p->ops[i].counts)
			new_step(w, f, &p->ops[i]);
	if (p->redirect != NULL && !p->has_all)
		new_step(w, f, p->redirect);
}

/*
 * Evaluate the record of a domain, whose TXT answer has arrived.
 * @param program the program of an earlier evaluation, or NULL
 * @param parent the step that led here; its `program` is set
 * @param steps where the steps of this record are linked
 */
static enum mailauth_spf_result
run(struct walk *w, struct mailauth_str domain,
    const struct mailauth_answer *txt, struct spf_program *program,
    struct spf_step *parent, struct spf_step **steps)
{
	struct frame f = { domain, steps };
	struct spf_program *p = program;

	if (spf_has_failed(txt)) {
		temperror(w, txt, parent);
		return MAILAUTH_SPF_TEMPERROR;
	}
	if (p == NULL || p->scope != w->query->scope)
		p = spf_program_of(w->source, txt, w->query->scope);
	if (p == NULL)
		return MAILAUTH_SPF_UNDECIDED; /* memory ran out */
	parent->program = p;
	switch (p->sort) {
	case SPF_SORT_NONE: return MAILAUTH_SPF_NONE;
	case SPF_SORT_UNREADABLE:
		temperror(w, txt, parent);
		return MAILAUTH_SPF_TEMPERROR;
	case SPF_SORT_MANY:
		permerror(w, "there is more than one record", parent);
		return MAILAUTH_SPF_PERMERROR;
	case SPF_SORT_FAULTY:
		permerror(w, "the record breaks the grammar", parent);
		return MAILAUTH_SPF_PERMERROR;
	case SPF_SORT_GOOD: break;
	}
	for (size_t i = 0; i < p->nops; i++) {
		struct spf_op *op = &p->ops[i];
		enum spf_fate fate;

		/* A record can have thousands of ip4 and ip6 terms: only the
		 * one that matches gets a step. */
		if (!op->counts && !has_client(w, &op->term))
			continue;
		fate = match(w, op, &f);
		if (fate == SPF_NO_MATCH)
			continue;
		rest_of(w, p, i + 1, &f);
		if (fate == SPF_FATE_PENDING)
			return MAILAUTH_SPF_UNDECIDED;
		if (fate == SPF_ERROR)
			return w->out->result;
		w->out->matched = op;
		w->out->decided = p;
		w->decided_at = domain;
		return result_of(op->term.qualifier);
	}
	w->out->matched = NULL;
	w->out->decided = p;
	w->decided_at = domain;
	if (p->redirect == NULL || p->has_all)
		return MAILAUTH_SPF_NEUTRAL;
	switch (match(w, p->redirect, &f)) {
	case SPF_FATE_PENDING: return MAILAUTH_SPF_UNDECIDED;
	case SPF_ERROR: return w->out->result;
	default: break;
	}
	/* RFC 7208 6.1: the result of the other record is the result here. */
	return w->redirected;
}

/* Asking ahead. */

/* Ask for likely questions before the walk needs them: visit the terms in their
 * order, with what has arrived, past terms that are pending. Stop at a term
 * that is sure to match and at the eleventh counted term: the walk gets no
 * further. The result is unused; only the questions matter. */
struct ahead {
	struct walk *w; /* scratch walk; its counters are discarded */
	unsigned terms;
};

/* Ask ahead unless the source has SPF_AHEAD_MAX questions already. */
static const struct mailauth_answer *
ask_ahead(struct ahead *h, struct mailauth_str name, uint16_t type)
{
	struct spf_source *s = h->w->source;

	return name.n > 0 && s->questions < SPF_AHEAD_MAX ?
	    s->ask(s, name, type) :
	    NULL;
}

static void
ask_hosts_ahead(struct ahead *h, const struct mailauth_answer *a)
{
	for (size_t i = 0; i < a->nrr && a->nrr <= SPF_MX_MAX; i++) {
		struct mx m;

		if (mx_parse(&a->rr[i], &m) && m.host.len > 1)
			ask_ahead(h, dname_text(h->w->source->scratch, &m.host),
			    address_type(h->w));
	}
}

static enum mailauth_spf_result look_ahead(struct ahead *h,
    struct mailauth_str domain, const struct mailauth_answer *txt);

/* Ask ahead for one term; true when the term is sure to match. */
static bool
look_at_term(struct ahead *h, struct spf_op *op, struct mailauth_str domain)
{
	struct spf_step step = no_step;
	const struct mailauth_answer *a;
	struct mailauth_str target;

	if (target_of(h->w, op, domain, &step, &target) != SPF_MATCH)
		return false;
	switch (op->term.what) {
	case SPF_INCLUDE:
	case SPF_REDIRECT:
		a = ask_ahead(h, target, RRTYPE_TXT);
		return look_ahead(h, target, a) == MAILAUTH_SPF_PASS;
	case SPF_A:
		a = ask_ahead(h, target, address_type(h->w));
		return a != NULL && !spf_has_failed(a) &&
		    host_has_client(h->w, a, bits_of(h->w, &op->term)) ==
		    SPF_MATCH;
	case SPF_MX:
		a = ask_ahead(h, target, RRTYPE_MX);
		if (a != NULL && !spf_has_failed(a))
			ask_hosts_ahead(h, a);
		return false;
	case SPF_EXISTS: ask_ahead(h, target, RRTYPE_A); return false;
	default: ask_ahead(h, reverse_name(h->w), RRTYPE_PTR); return false;
	}
}

/* Ask ahead for a record. Returns its result when that is sure, else
 * PENDING. */
static enum mailauth_spf_result
look_ahead(struct ahead *h, struct mailauth_str domain,
    const struct mailauth_answer *txt)
{
	const struct spf_program *p;

	if (txt == NULL || spf_has_failed(txt))
		return MAILAUTH_SPF_UNDECIDED;
	p = spf_program_of(h->w->source, txt, h->w->query->scope);
	if (p == NULL || p->sort != SPF_SORT_GOOD)
		return MAILAUTH_SPF_UNDECIDED;
	for (size_t i = 0; i < p->nops; i++) {
		struct spf_op *op = &p->ops[i];

		if (op->counts && ++h->terms > SPF_TERMS_MAX)
			return MAILAUTH_SPF_UNDECIDED;
		if (op->counts ? look_at_term(h, op, domain) :
		                 has_client(h->w, &op->term))
			return result_of(op->term.qualifier);
	}
	if (p->redirect != NULL && !p->has_all && ++h->terms <= SPF_TERMS_MAX &&
	    look_at_term(h, p->redirect, domain))
		return MAILAUTH_SPF_PASS;
	return MAILAUTH_SPF_UNDECIDED;
}

/* The explanation. */

/* Make the explanation of a fail; false while an answer is pending. On any
 * fault there is no explanation, and the result stays (RFC 7208 6.2). */
static bool
explain(struct walk *w, struct mailauth_str domain)
{
	struct spf_outcome *out = w->out;
	const struct spf_op *exp = out->decided->exp;
	char *room = arena_alloc(w->source->scratch, SPF_DOMAIN_ROOM);
	struct writer text = writer_of(room, SPF_DOMAIN_ROOM);
	struct spf_macro_values values;
	const struct mailauth_answer *a;
	struct spf_step step = no_step;
	struct mailauth_str target;
	struct txt txt;
	enum spf_fate fate;

	out->exp_bad = true;
	fate = target_of(w, exp, domain, &step, &target);
	if (fate != SPF_MATCH || room == NULL)
		return fate != SPF_FATE_PENDING;
	a = w->source->ask(w->source, target, RRTYPE_TXT);
	if (a == NULL)
		return false;
	if (spf_has_failed(a) || a->nrr != 1)
		return true;
	/* Join the strings first; the macros of the joined text follow. */
	room = arena_alloc(w->source->scratch, a->rr[0].len);
	if (room == NULL || !txt_join(&a->rr[0], room, a->rr[0].len, &txt))
		return true;
	out->exp_non_ascii = !spf_exp_is_ascii(&a->rr[0]);
	if (out->exp_non_ascii)
		return true;
	if (values_of(w, &step, domain,
	        spf_has_macro(txt.text, 'p') ? SPF_MACRO_P : 0,
	        &values) == SPF_FATE_PENDING)
		return false;
	if (put_spf_macros(&text, txt.text, &values, true) != SPF_EXPANDED ||
	    text.full)
		return true;
	out->exp_bad = false;
	out->explanation = writer_str(&text);
	return true;
}

bool
spf_exp_is_ascii(const struct mailauth_rdata *rr)
{
	struct cursor c = cursor_of(rr->data, rr->len);

	while (!c.bad && cursor_left(&c) > 0) {
		uint8_t n = cursor_u8(&c);
		const uint8_t *s = cursor_take(&c, n);

		if (s != NULL &&
		    !str_is_ascii((struct mailauth_str){ (const char *)s, n }))
			return false;
	}
	return true;
}

void
spf_evaluate(struct spf_source *source, const struct spf_query *query,
    bool trace, struct spf_outcome *out)
{
	struct walk w = { .source = source,
		.query = query,
		.out = out,
		.dnssec = MAILAUTH_DNSSEC_SECURE,
		.trace = trace };
	struct spf_step top = no_step;
	const struct mailauth_answer *txt;

	*out = (struct spf_outcome){ .result = MAILAUTH_SPF_UNDECIDED };
	txt = ask(&w, &top, query->domain, RRTYPE_TXT);
	if (txt != NULL)
		out->result =
		    run(&w, query->domain, txt, NULL, &top, &out->steps);
	out->dnssec = w.dnssec;
	out->terms = w.terms;
	out->voids = w.voids;
	out->void_queries = w.void_queries;
	out->ptr_voids = w.ptr_voids;
	out->top = top.program;
	if (out->result == MAILAUTH_SPF_FAIL && out->decided->exp != NULL &&
	    !explain(&w, w.decided_at))
		out->result = MAILAUTH_SPF_UNDECIDED;
	/* The walk stopped at a missing answer: ask ahead. The scratch outcome
	 * and walk protect the counters and texts in `out`. */
	if (out->result == MAILAUTH_SPF_UNDECIDED && txt != NULL) {
		struct spf_outcome lost = *out;
		struct walk nobody = { .source = source,
			.query = query,
			.out = &lost };
		struct ahead h = { &nobody, 0 };

		look_ahead(&h, query->domain, txt);
	}
}
