/*
 * fuzz_walk.c - SPF evaluation and SPF budget in a small world of records
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * The input gives the settings of a query, then the record sets of a zone.
 * Owners and targets come from a few names, so that records lead to each other.
 * Wildcards below w.example. make the world infinite. Answers arrive late, in
 * an order that the input chooses.
 */
#include "base/arena.h"
#include "base/cursor.h"
#include "fuzz.h"
#include "record/kind.h"
#include "spf/budget.h"

/* Limits: record sets, records of a set, terms of a record. */
#define SETS_MAX  64
#define RRS_MAX   40
#define TERMS_MAX 40
/* Addresses whose results are compared with the budget. */
#define SAMPLE_MAX 6
/* Buckets of the hash table of questions. */
#define BUCKETS 256
/* Questions of a source: more than any evaluation may ask. */
#define ROOM 4096

/* The world. */

static const struct mailauth_str names[] = {
	STR_INIT("a.example."),
	STR_INIT("b.example."),
	STR_INIT("c.example."),
	STR_INIT("d.example."),
	STR_INIT("e.example."),
	STR_INIT("f.example."),
	STR_INIT("m.a.example."),
	STR_INIT("x.m.a.example."),
	STR_INIT("_spf.example."),
	STR_INIT("o\\032d.example."),
	STR_INIT("w.example."),
	STR_INIT("v.w.example."),
	STR_INIT("v.u.w.example."),
	STR_INIT("unknown."),
};

#define NAMES (sizeof(names) / sizeof(names[0]))

/* Owners beyond these names: the client in reverse, and all below a name. */
#define OWNER_REVERSE NAMES
#define OWNER_BELOW   (NAMES + 1)
#define OWNERS        (NAMES + 2)

/* Domains of terms beyond the names. */
static const struct mailauth_str templates[] = {
	STR_INIT("%{d}"),
	STR_INIT("a.%{d}"),
	STR_INIT("b.%{d}"),
	STR_INIT("c.%{d}"),
	STR_INIT("%{d2}"),
	STR_INIT("%{d3}"),
	STR_INIT("%{p}"),
	STR_INIT("%{p2}"),
	STR_INIT("%{p}.w.example"),
	STR_INIT("%{i}.w.example"),
	STR_INIT("%{ir}.%{v}.w.example"),
	STR_INIT("%{l}.example"),
	STR_INIT("%{l1r-}.w.example."),
	STR_INIT("%{s}.w.example"),
	STR_INIT("%{S}.w.example"),
	STR_INIT("%{o}"),
	STR_INIT("%{h}"),
	STR_INIT("%{o}.%{h}.%{d}.%{d}.%{i}.w.example"),
	STR_INIT("%{d}.%{d}.%{d}.%{d}.%{d}.%{d}"),
	STR_INIT("..example"),
	STR_INIT("example"),
	STR_INIT("%{x}.example"),
};

/* The pieces of explanations and other texts. */
static const struct mailauth_str pieces[] = {
	STR_INIT("%{i} "),
	STR_INIT("%{c}%_"),
	STR_INIT("%{p}"),
	STR_INIT("%{P2r}%-"),
	STR_INIT("%{d1}%%"),
	STR_INIT("%{s} %{l} %{o}"),
	STR_INIT("%{S}%{h}"),
	STR_INIT("%{r}%{t}%{v}"),
	STR_INIT("%{"),
	STR_INIT("\xc3\xa9"),
	STR_INIT("v=spf1 "),
	STR_INIT("spf2.0/pra "),
};

static const struct mailauth_str locals[] = {
	STR_INIT("postmaster"),
	STR_INIT("o d"),
	STR_INIT("a-b-c+d"),
	STR_INIT("a"),
	STR_INIT("%{d}"),
	STR_INIT("\xc3\xa9"),
	STR_INIT(""),
	STR_INIT("0123456789012345678901234567890123456789"
	         "0123456789012345678901234567890123456789"),
};

#define PICK(table, n) ((table)[(n) % (sizeof(table) / sizeof((table)[0]))])

struct set {
	size_t owner; /* index of a name, or OWNER_... */
	uint16_t rrtype;
	enum mailauth_outcome outcome;
	enum mailauth_dnssec dnssec;
	struct mailauth_rdata rr[RRS_MAX];
	size_t nrr;
};

struct world {
	struct arena arena;
	struct set set[SETS_MAX];
	size_t nsets;
	enum mailauth_outcome absent; /* of a question without a set */
	struct spf_query query;
	struct mailauth_str reverse; /* reverse name of the client */
	struct addr sample[SAMPLE_MAX]; /* the client first */
	size_t nsample;
	bool raw; /* some address record has an impossible size */
	uint32_t seed; /* chooses the order of answers */
};

/* Reading the input. */

static struct mailauth_str
take_raw(struct cursor *in, size_t most)
{
	size_t n = cursor_u8(in) % (most + 1);

	n = n < cursor_left(in) ? n : cursor_left(in);
	return (struct mailauth_str){ (const char *)cursor_take(in, n), n };
}

static struct addr
take_addr(struct cursor *in, bool four)
{
	static const uint8_t octets[][16] = {
		{ 192, 0, 2, 1 },
		{ 192, 0, 2, 2 },
		{ 0 },
		{ 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255,
		    255, 255, 255, 255 },
		{ 0x20, 0x01, 0x0d, 0xb8, [15] = 1 },
		{ [10] = 0xff, 0xff, 192, 0, 2, 1 },
		{ 127, 255, 255, 255, 255 },
		{ 128 },
	};
	struct addr a = { .family = four ? 4 : 6 };
	size_t n = four ? 4 : 16, which = cursor_u8(in) % 16;

	if (which < 8)
		memcpy(a.octet, octets[which], n);
	else
		for (size_t i = 0; i < n; i++)
			a.octet[i] = cursor_u8(in);
	return a;
}

static void
put_undotted(struct writer *w, struct mailauth_str name)
{
	put_str(w, str_sub(name, 0, name.n - 1));
}

/* Write a domain-spec behind its delimiter. */
static void
put_spec(struct writer *w, struct cursor *in, const char *before)
{
	uint8_t n = cursor_u8(in);

	if (n >= 240)
		return;
	put_text(w, before);
	if (n < 128)
		put_undotted(w, PICK(names, n));
	else if (n < 230)
		put_str(w, PICK(templates, n));
	else
		put_str(w, take_raw(in, 70));
}

static void
put_cidr(struct writer *w, struct cursor *in)
{
	static const uint8_t four[] = { 0, 1, 8, 24, 31, 32, 33 };
	static const uint8_t six[] = { 0, 1, 32, 64, 127, 128, 129 };
	uint8_t n = cursor_u8(in);

	if ((n & 1) != 0) {
		put_char(w, '/');
		put_number(w, PICK(four, n >> 2));
	}
	if ((n & 2) != 0) {
		put_text(w, "//");
		put_number(w, PICK(six, n >> 2));
	}
}

static void
put_network(struct writer *w, struct cursor *in, bool four)
{
	struct addr a = take_addr(in, four);
	uint8_t bits = cursor_u8(in);

	put_text(w, four ? "ip4:" : "ip6:");
	put_addr(w, &a);
	if (bits < 132) {
		put_char(w, '/');
		put_number(w, four ? bits % 33u : bits);
	}
}

static void
put_term(struct writer *w, struct cursor *in)
{
	uint8_t n = cursor_u8(in);

	put_char(w, ' ');
	if (n >= 64)
		put_char(w, "+-~?"[n / 16 % 4]);
	switch (n % 16) {
	case 0: put_text(w, "all"); break;
	case 1:
	case 2:
	case 3:
		put_text(w, "include");
		put_spec(w, in, ":");
		break;
	case 4:
		put_char(w, 'a');
		put_spec(w, in, ":");
		put_cidr(w, in);
		break;
	case 5:
	case 6:
		put_text(w, "mx");
		put_spec(w, in, ":");
		put_cidr(w, in);
		break;
	case 7:
		put_text(w, "ptr");
		put_spec(w, in, ":");
		break;
	case 8:
	case 9: put_network(w, in, true); break;
	case 10: put_network(w, in, false); break;
	case 11:
		put_text(w, "exists");
		put_spec(w, in, ":");
		break;
	case 12:
	case 13:
		w->used -= n >= 64; /* remove the qualifier */
		put_text(w, "redirect");
		put_spec(w, in, "=");
		break;
	case 14:
		w->used -= n >= 64;
		put_text(w, "exp");
		put_spec(w, in, "=");
		break;
	default: put_str(w, take_raw(in, 40)); break;
	}
}

/* Write networks that all differ, and the terms repeatedly behind them. */
static void
put_repeated(struct writer *w, struct arena *arena, unsigned networks,
    size_t most)
{
	struct mailauth_str text = arena_copy(arena, writer_str(w));
	size_t head = str_find(text, ' ');

	w->used = head;
	for (unsigned i = 0; i < networks; i++) {
		put_text(w, " -ip4:10.0.");
		put_number(w, i / 100);
		put_char(w, '.');
		put_number(w, i % 100 * 2);
	}
	while (w->used < most && head < text.n)
		put_str(w, str_from(text, head));
}

/* A text as RDATA of character-strings. */
static struct mailauth_rdata
strings_of(struct arena *arena, struct mailauth_str text, size_t most)
{
	struct writer w = arena_writer(arena);

	do {
		struct mailauth_str part = str_sub(text, 0, most);

		put_char(&w, (char)part.n);
		put_str(&w, part);
		text = str_from(text, part.n);
	} while (text.n > 0);
	return (
	    struct mailauth_rdata){ (const uint8_t *)w.buf, (uint16_t)w.used };
}

static struct mailauth_rdata
rdata_of(struct mailauth_str s)
{
	return (struct mailauth_rdata){ (const uint8_t *)s.s, (uint16_t)s.n };
}

static struct mailauth_rdata
take_txt(struct world *world, struct cursor *in)
{
	static const char *const heads[] = { "v=spf1", "v=spf1", "v=spf1",
		"v=spf1", "v=spf1", "spf2.0/pra", "spf2.0/mfrom,pra" };
	struct writer w = arena_writer(&world->arena);
	uint8_t how = cursor_u8(in), n = cursor_u8(in);

	switch (how % 10) {
	case 7:
		for (n %= 9; n > 0; n--)
			put_str(&w, PICK(pieces, cursor_u8(in)));
		break;
	case 8: put_str(&w, take_raw(in, 255)); break;
	case 9: return rdata_of(take_raw(in, 255));
	default:
		put_text(&w, heads[how % 10]);
		for (n %= TERMS_MAX + 1; n > 0 && cursor_left(in) > 0; n--)
			put_term(&w, in);
		if (how == 254)
			put_repeated(&w, &world->arena, 2000, 60000);
		else if (how >= 250)
			put_repeated(&w, &world->arena, 0, 2000);
		break;
	}
	return strings_of(&world->arena, writer_str(&w),
	    how >= 128 && how < 160 ? 1u + how % 32u : 255);
}

/* The name of a host; numbers beyond the names give different hosts. */
static void
put_host(struct writer *w, struct cursor *in, size_t number)
{
	uint8_t n = cursor_u8(in);
	char room[64];
	struct writer name = writer_of(room, sizeof(room));

	if (n >= 240) {
		put_str(w, take_raw(in, 40));
	} else if (n >= 128) {
		put_char(&name, 'h');
		put_number(&name, number);
		put_char(&name, '.');
		put_number(&name, n);
		put_text(&name, ".w.example.");
		put_dname_wire(w, writer_str(&name));
	} else if (n == 127) {
		put_dname_wire(w, STR("."));
	} else {
		put_dname_wire(w, PICK(names, n));
	}
}

static struct mailauth_rdata
take_address(struct world *world, struct cursor *in, bool four)
{
	uint8_t n = cursor_u8(in);
	struct addr *a;

	if (n >= 240) {
		world->raw = true;
		return rdata_of(take_raw(in, 20));
	}
	a = arena_alloc(&world->arena, sizeof(*a));
	MUST(a != NULL);
	*a = n < 96 && (world->query.values.ip.family == 4) == four ?
	    world->query.values.ip :
	    take_addr(in, four);
	if (world->nsample < SAMPLE_MAX)
		world->sample[world->nsample++] = *a;
	return (struct mailauth_rdata){ a->octet, four ? 4 : 16 };
}

static struct mailauth_rdata
take_rr(struct world *world, struct cursor *in, uint16_t rrtype, size_t number)
{
	struct writer w = arena_writer(&world->arena);

	switch (rrtype) {
	case RRTYPE_TXT: return take_txt(world, in);
	case RRTYPE_A: return take_address(world, in, true);
	case RRTYPE_AAAA: return take_address(world, in, false);
	case RRTYPE_MX: put_bytes(&w, "\0\12", 2); break;
	default: break;
	}
	put_host(&w, in, number);
	return rdata_of(writer_str(&w));
}

static enum mailauth_dnssec
dnssec_of(uint8_t n)
{
	/* Few answers are bogus: each one ends an evaluation. */
	return n >= 248 ? MAILAUTH_DNSSEC_BOGUS :
	                  (enum mailauth_dnssec)(1 + n % 4);
}

static enum mailauth_outcome
outcome_of(uint8_t n)
{
	return n < 208 ? MAILAUTH_FOUND :
	    n < 224    ? MAILAUTH_NODATA :
	    n < 240    ? MAILAUTH_NXDOMAIN :
	                 MAILAUTH_FAILED;
}

static void
take_set(struct world *world, struct cursor *in)
{
	static const uint16_t types[] = { RRTYPE_TXT, RRTYPE_TXT, RRTYPE_A,
		RRTYPE_AAAA, RRTYPE_MX, RRTYPE_PTR };
	struct set *set = &world->set[world->nsets++];
	uint8_t owner = cursor_u8(in), outcome;
	size_t n;

	set->owner = owner % OWNERS;
	set->rrtype = set->owner == OWNER_REVERSE ? RRTYPE_PTR :
	                                            PICK(types, owner / OWNERS);
	outcome = cursor_u8(in);
	set->outcome = outcome_of(outcome);
	set->dnssec = dnssec_of(cursor_u8(in));
	/* Most sets have one record. */
	n = set->outcome == MAILAUTH_FOUND ? cursor_u8(in) : 0;
	n = n < 128 ? n > 0 || outcome < 208 : n % RRS_MAX;
	for (set->nrr = 0; set->nrr < n && cursor_left(in) > 0; set->nrr++)
		set->rr[set->nrr] = take_rr(world, in, set->rrtype, set->nrr);
	if (set->outcome == MAILAUTH_FOUND && set->nrr == 0)
		set->outcome = MAILAUTH_NODATA;
	if (set->outcome != MAILAUTH_FOUND)
		set->nrr = 0;
}

static void
take_query(struct world *world, struct cursor *in)
{
	struct spf_query *q = &world->query;
	struct spf_macro_values *v = &q->values;
	struct writer reverse = arena_writer(&world->arena);
	uint8_t how = cursor_u8(in), n;

	q->scope = (enum spf_scope)((how >> 1) % SPF_SCOPES);
	world->absent = PICK(((enum mailauth_outcome[]){ MAILAUTH_NXDOMAIN,
	                         MAILAUTH_NODATA, MAILAUTH_FAILED }),
	    how >> 4);
	v->ip = take_addr(in, (how & 1) == 0);
	addr_unmap(&v->ip);
	q->domain = PICK(names, cursor_u8(in) % (NAMES - 1));
	n = cursor_u8(in);
	v->local = n < 200 ? PICK(locals, n) : take_raw(in, 70);
	n = cursor_u8(in);
	v->sender_domain = PICK(names, n);
	v->sender_domain.n--;
	v->helo = (n & 128) == 0 ? v->sender_domain : take_raw(in, 70);
	v->receiver = STR("unknown");
	v->now = 1700000000;
	put_addr_reverse(&reverse, &v->ip);
	world->reverse = writer_str(&reverse);
	world->sample[world->nsample++] = v->ip;
	world->seed = cursor_u32(in);
}

/* A source of answers. */

struct question {
	struct question *next; /* in the same bucket */
	struct mailauth_answer answer;
	bool known;
};

struct source {
	struct spf_source base;
	struct arena kept; /* owns questions, answers, programs */
	const struct world *world;
	bool late; /* a question is pending until deliver() */
	uint32_t random;
	struct question *bucket[BUCKETS];
	struct question *pending[ROOM]; /* in the order of asking */
	size_t npending;
	bool failed; /* some delivered answer FAILED */
};

static bool
is_owner(const struct world *world, const struct set *set,
    struct mailauth_str name)
{
	if (set->owner == OWNER_REVERSE)
		return str_eq(name, world->reverse);
	if (set->owner == OWNER_BELOW)
		return dname_under(name, STR("w.example."));
	return str_eq(name, names[set->owner]);
}

static void
look_up(const struct world *world, struct mailauth_answer *a)
{
	a->outcome = world->absent;
	a->dnssec = MAILAUTH_DNSSEC_INSECURE;
	for (size_t i = 0; i < world->nsets; i++) {
		const struct set *set = &world->set[i];

		if (set->rrtype != a->rrtype || !is_owner(world, set, a->name))
			continue;
		a->outcome = set->outcome;
		a->dnssec = set->dnssec;
		a->rr = set->rr;
		a->nrr = set->nrr;
		return;
	}
}

static uint32_t
random_below(struct source *s, size_t n)
{
	s->random = s->random * 1664525u + 1013904223u;
	return (uint32_t)((s->random >> 8) % n);
}

static const struct mailauth_answer *
ask(struct spf_source *base, struct mailauth_str name, uint16_t rrtype)
{
	struct source *s = (struct source *)base;
	struct question *q, **at;
	uint32_t hash = rrtype;

	MUST(name.n > 1 && name.s[name.n - 1] == '.');
	for (size_t i = 0; i < name.n; i++)
		hash = hash * 31 + (unsigned char)name.s[i];
	for (at = &s->bucket[hash % BUCKETS]; (q = *at) != NULL; at = &q->next)
		if (q->answer.rrtype == rrtype && str_eq(q->answer.name, name))
			break;
	if (q == NULL) {
		q = *at = arena_alloc(&s->kept, sizeof(*q));
		MUST(q != NULL);
		q->answer.name = arena_copy(&s->kept, name);
		q->answer.rrtype = rrtype;
		look_up(s->world, &q->answer);
		/* Some answers are known, as if others had asked. */
		q->known = !s->late ||
		    ((s->world->seed & 3) == 3 && random_below(s, 4) == 0);
		base->questions++;
		if (!q->known) {
			MUST(s->npending < ROOM);
			s->pending[s->npending++] = q;
		}
	}
	if (!q->known)
		return NULL;
	s->failed = s->failed || q->answer.outcome == MAILAUTH_FAILED ||
	    q->answer.dnssec == MAILAUTH_DNSSEC_BOGUS;
	return &q->answer;
}

static void
open_source(struct source *s, const struct world *world, bool late)
{
	memset(s, 0, offsetof(struct source, pending));
	s->npending = 0;
	s->failed = false;
	s->base.ask = ask;
	s->base.arena = &s->kept;
	s->world = world;
	s->late = late;
	s->random = world->seed;
}

/* This input delivers the answers of a large tree one by one; most inputs
 * deliver several at once, to save time. */
static bool
is_patient(const struct source *s)
{
	return (s->world->seed & 192) == 192;
}

/* Deliver `least` answers or more: to the oldest questions, the newest, or in
 * random order. */
static void
deliver(struct source *s, size_t least)
{
	size_t n = least;

	MUST(s->npending > 0);
	if ((s->world->seed & 12) == 12)
		n += random_below(s, s->npending);
	for (; n > 0 && s->npending > 0; n--) {
		size_t i = (s->world->seed & 48) == 0 ? 0 :
		    (s->world->seed & 48) == 16       ? s->npending - 1 :
		                                  random_below(s, s->npending);

		s->pending[i]->known = true;
		s->npending--;
		memmove(&s->pending[i], &s->pending[i + 1],
		    (s->npending - i) * sizeof(s->pending[0]));
	}
}

/* Properties of trees. */

static bool
is_same_tree(const struct spf_step *a, const struct spf_step *b)
{
	for (; a != NULL && b != NULL; a = a->next, b = b->next)
		if (!str_eq(a->op->term.text, b->op->term.text) ||
		    !str_eq(a->domain, b->domain) ||
		    !str_eq(a->target, b->target) || a->fate != b->fate ||
		    a->result != b->result || a->why != b->why ||
		    a->asks != b->asks || a->below != b->below ||
		    a->total != b->total || a->voids != b->voids ||
		    a->void_queries != b->void_queries ||
		    a->dnssec != b->dnssec || a->void_four != b->void_four ||
		    a->void_six != b->void_six || a->varies != b->varies ||
		    a->unknown != b->unknown || a->loop != b->loop ||
		    a->hosts != b->hosts || !is_same_tree(a->child, b->child))
			return false;
	return a == b;
}

/* Evaluation. */

static const struct mailauth_str *
text_of(const struct spf_program *p)
{
	static const struct mailauth_str none = { NULL, 0 };

	return p != NULL ? &p->text : &none;
}

static bool
is_same_outcome(const struct spf_outcome *a, const struct spf_outcome *b)
{
	return a->result == b->result && a->terms == b->terms &&
	    a->voids == b->voids && a->void_queries == b->void_queries &&
	    a->dnssec == b->dnssec && a->why == b->why &&
	    (a->cause == NULL) == (b->cause == NULL) &&
	    (a->cause == NULL || str_eq(a->cause->name, b->cause->name)) &&
	    str_eq(*text_of(a->top), *text_of(b->top)) &&
	    str_eq(*text_of(a->decided), *text_of(b->decided)) &&
	    (a->matched == NULL) == (b->matched == NULL) &&
	    (a->matched == NULL ||
	        str_eq(a->matched->term.text, b->matched->term.text)) &&
	    a->exp_bad == b->exp_bad && a->exp_non_ascii == b->exp_non_ascii &&
	    a->ptr_many == b->ptr_many &&
	    str_eq(a->explanation, b->explanation);
}

static void
check_steps(const struct spf_outcome *o)
{
	unsigned terms = 0, voids = 0, queries = 0;

	for (const struct spf_step *s = o->steps; s != NULL; s = s->next) {
		if (s->fate == SPF_NOT_REACHED) {
			MUST(s->asks && s->child == NULL && s->total == 0);
			continue;
		}
		MUST(s->asks || s->fate == SPF_MATCH);
		terms += s->asks + s->below;
		voids += s->voids;
		queries += s->void_queries;
		MUST(s->total == terms && s->dnssec >= o->dnssec);
		MUST(s->fate != SPF_FATE_PENDING);
	}
	MUST(terms == o->terms && voids == o->voids &&
	    queries == o->void_queries);
}

static void
check_outcome(const struct world *world, const struct spf_query *q,
    const struct spf_outcome *o)
{
	struct mailauth_answer own = { .name = q->domain,
		.rrtype = RRTYPE_TXT };

	look_up(world, &own);
	if (own.outcome == MAILAUTH_FAILED ||
	    own.dnssec == MAILAUTH_DNSSEC_BOGUS)
		MUST(o->result == MAILAUTH_SPF_TEMPERROR && o->terms == 0);
	else if (own.outcome != MAILAUTH_FOUND)
		MUST(o->result == MAILAUTH_SPF_NONE && o->terms == 0);
	MUST(o->terms <= SPF_TERMS_MAX + 1 && o->voids <= SPF_VOIDS_MAX + 1);
	MUST(o->terms <= SPF_TERMS_MAX || o->result == MAILAUTH_SPF_PERMERROR ||
	    o->result == MAILAUTH_SPF_TEMPERROR);
	MUST(o->voids <= SPF_VOIDS_MAX || o->result == MAILAUTH_SPF_PERMERROR);
	if (o->result != MAILAUTH_SPF_FAIL)
		MUST(o->explanation.s == NULL && !o->exp_bad);
	MUST((o->result == MAILAUTH_SPF_TEMPERROR) == (o->cause != NULL));
	MUST((o->why != NULL) ==
	    (o->result == MAILAUTH_SPF_TEMPERROR ||
	        o->result == MAILAUTH_SPF_PERMERROR));
}

/* Evaluate with all answers known, with and without the tree. */
static void
evaluate(struct source *s, const struct spf_query *q, struct arena *scratch,
    struct spf_outcome *out)
{
	struct arena other = { NULL, false };
	struct spf_outcome bare;

	s->base.scratch = &other;
	spf_evaluate(&s->base, q, false, &bare);
	s->base.scratch = scratch;
	spf_evaluate(&s->base, q, true, out);
	MUST(out->result != MAILAUTH_SPF_UNDECIDED);
	MUST(bare.steps == NULL && is_same_outcome(out, &bare));
	check_outcome(s->world, q, out);
	check_steps(out);
	MUST(s->base.questions <= SPF_QUESTIONS_MAX - SPF_AHEAD_MAX);
	MUST(!s->kept.failed && !scratch->failed);
	arena_free(&other);
}

/* Evaluate with late answers. With `budget` the same source computes the budget
 * of the record meanwhile. */
static void
evaluate_late(struct source *s, const struct spf_query *q,
    struct arena *scratch, bool budget, struct spf_outcome *out)
{
	unsigned most = SPF_QUESTIONS_MAX + (budget ? SPF_NARROW_MAX : 0);
	struct spf_budget cost;

	for (unsigned round = 0;; round++) {
		arena_free(scratch);
		s->base.scratch = scratch;
		spf_evaluate(&s->base, q, true, out);
		if (budget)
			spf_budget(&s->base, q->domain, q->scope, false, &cost);
		MUST(s->base.questions <= most && round <= most);
		if (out->result != MAILAUTH_SPF_UNDECIDED)
			break;
		/* The budget asks about the whole tree: deliver several. */
		deliver(s, budget && !is_patient(s) ? 1 + s->npending / 8 : 1);
	}
	check_steps(out);
}

static void
check_evaluation(const struct world *world)
{
	static struct source now, late;
	struct arena first = { NULL, false }, second = { NULL, false };
	struct spf_outcome out, again;

	open_source(&now, world, false);
	evaluate(&now, &world->query, &first, &out);
	for (int budget = 0; budget < 2; budget++) {
		open_source(&late, world, true);
		evaluate_late(&late, &world->query, &second, budget > 0,
		    &again);
		MUST(is_same_outcome(&out, &again));
		MUST(is_same_tree(out.steps, again.steps));
		arena_free(&late.kept);
	}
	arena_free(&now.kept);
	arena_free(&first);
	arena_free(&second);
}

/* The budget. */

static bool
is_same_budget(const struct spf_budget *a, const struct spf_budget *b)
{
	return a->lookups == b->lookups && a->more == b->more &&
	    a->varies == b->varies && a->unknown == b->unknown &&
	    a->voids == b->voids && a->voids4 == b->voids4 &&
	    a->voids6 == b->voids6 && a->void_queries == b->void_queries &&
	    a->depth == b->depth && a->dnssec == b->dnssec &&
	    (a->loop == NULL) == (b->loop == NULL) &&
	    (a->mx_many == NULL) == (b->mx_many == NULL) &&
	    (a->a_many == NULL) == (b->a_many == NULL) &&
	    (a->one_family == NULL) == (b->one_family == NULL) &&
	    str_eq(*text_of(a->top), *text_of(b->top)) && a->ipv4 == b->ipv4 &&
	    strcmp(a->ipv6, b->ipv6) == 0 && a->open_ended == b->open_ended &&
	    is_same_tree(a->steps, b->steps);
}

/* Number of terms of a record that need lookups when no term matches. */
static unsigned
asking(const struct spf_program *p)
{
	static const unsigned those = 1u << SPF_INCLUDE | 1u << SPF_A |
	    1u << SPF_MX | 1u << SPF_PTR | 1u << SPF_EXISTS;
	struct spf_reader r =
	    spf_reader_of(str_from(p->text, str_find(p->text, ' ')));
	bool redirect = false;
	struct spf_term t;
	unsigned n = 0;

	if (p->sort != SPF_SORT_GOOD)
		return 0;
	while (spf_next(&r, &t)) {
		redirect = redirect || t.what == SPF_REDIRECT;
		n += those >> t.what & 1;
		if (t.what == SPF_ALL)
			return n;
	}
	return n + redirect;
}

/* Count the steps of a record and of the records below it. `whole` becomes
 * false when some are missing. */
static unsigned
count_steps(const struct spf_program *p, const struct spf_step *steps,
    bool *whole)
{
	unsigned n = 0, own = 0, asks = asking(p);

	for (; steps != NULL; steps = steps->next) {
		bool leads = steps->op->term.what == SPF_INCLUDE ||
		    steps->op->term.what == SPF_REDIRECT;

		own++;
		if (leads && steps->program != NULL && !steps->loop)
			n += count_steps(steps->program, steps->child, whole);
		else
			MUST(steps->child == NULL);
		/* A record that was not followed has a reason. */
		if (leads && steps->program == NULL && !steps->varies &&
		    !steps->unknown)
			MUST(steps->target.n == 0);
	}
	if (own < asks)
		*whole = false;
	MUST(own <= asks);
	return own + n;
}

/* Some answer has a text that cannot be read, which may be the record. */
static bool
is_unreadable(const struct source *s)
{
	for (const struct spf_program *p = s->base.programs; p != NULL;
	     p = p->next)
		if (p->sort == SPF_SORT_UNREADABLE)
			return true;
	return false;
}

static void
check_budget(const struct source *s, const struct spf_budget *b)
{
	bool whole = true;

	MUST(!b->pending && b->unknown == (s->failed || is_unreadable(s)));
	if (b->top == NULL)
		return;
	MUST(b->depth <= SPF_DEPTH_MAX);
	MUST(count_steps(b->top, b->steps, &whole) <= SPF_TREE_MAX);
	MUST(whole || b->more);
	MUST(b->more || b->lookups <= SPF_TREE_MAX);
	MUST(b->lookups >= asking(b->top) || b->more);
	MUST(b->voids <= b->voids4 && b->voids <= b->voids6);
}

static void
budget_of(struct source *s, bool wide, struct arena *scratch,
    struct spf_budget *out)
{
	const struct spf_query *q = &s->world->query;

	s->base.scratch = scratch;
	spf_budget(&s->base, q->domain, q->scope, wide, out);
	MUST(s->base.questions <=
	    (wide ? SPF_WIDE_MAX : SPF_NARROW_MAX) - SPF_SURVEY_MAX);
	check_budget(s, out);
}

static void
budget_late(struct source *s, bool wide, struct arena *scratch,
    struct spf_budget *out)
{
	const struct spf_query *q = &s->world->query;

	for (unsigned round = 0;; round++) {
		arena_free(scratch);
		s->base.scratch = scratch;
		spf_budget(&s->base, q->domain, q->scope, wide, out);
		MUST(s->base.questions <=
		    (wide ? SPF_WIDE_MAX : SPF_NARROW_MAX));
		if (!out->pending)
			break;
		s->late = round < 30 || is_patient(s);
		deliver(s, s->late ? 1 + s->npending / 8 : s->npending);
	}
}

/* The tree of one sender is a part of the budget's tree, and the sender passes
 * only within the addresses that the budget counted. */
static void
check_sender(const struct world *world, struct source *now,
    const struct addr *ip, const struct spf_budget *b)
{
	static const char all6[] = "340282366920938463463374607431768211456";
	static struct source fresh;
	struct arena scratch = { NULL, false };
	struct spf_query q = world->query;
	struct spf_outcome o, alone;
	bool none, all;

	q.values.ip = *ip;
	addr_unmap(&q.values.ip);
	now->base.questions = 0;
	evaluate(now, &q, &scratch, &o);
	/* Earlier questions in the source do not change the outcome. */
	open_source(&fresh, world, false);
	evaluate(&fresh, &q, &scratch, &alone);
	MUST(is_same_outcome(&o, &alone));
	MUST(is_same_tree(o.steps, alone.steps));
	arena_free(&fresh.kept);
	if (b->top != NULL && !b->more && !b->varies && !b->unknown &&
	    b->loop == NULL) {
		bool four = q.values.ip.family == 4;

		MUST(o.terms <= b->lookups && o.dnssec >= b->dnssec);
		MUST(o.voids <= (four ? b->voids4 : b->voids6));
	}
	if (q.values.ip.family == 4) {
		none = b->ipv4 == 0;
		all = b->ipv4 == UINT64_C(1) << 32;
	} else {
		none = strcmp(b->ipv6, "0") == 0;
		all = strcmp(b->ipv6, all6) == 0;
	}
	if (b->open_ended || b->top == NULL)
		all = none = false;
	MUST(!none || o.result != MAILAUTH_SPF_PASS);
	/* What a failed lookup hides may stop a sender in front of +all. */
	MUST(!all || world->raw || o.result == MAILAUTH_SPF_PASS ||
	    o.result == MAILAUTH_SPF_PERMERROR ||
	    (b->unknown && o.result == MAILAUTH_SPF_TEMPERROR));
	arena_free(&scratch);
}

static void
check_costs(const struct world *world)
{
	static struct source now, late;
	struct arena first = { NULL, false }, second = { NULL, false };
	struct spf_budget narrow, wide, again;

	open_source(&now, world, false);
	budget_of(&now, false, &first, &narrow);
	open_source(&late, world, true);
	budget_late(&late, false, &second, &again);
	MUST(is_same_budget(&narrow, &again));
	arena_free(&late.kept);
	arena_free(&now.kept);

	open_source(&now, world, false);
	budget_of(&now, true, &first, &wide);
	open_source(&late, world, true);
	budget_late(&late, true, &second, &again);
	MUST(is_same_budget(&wide, &again));
	MUST(wide.lookups == narrow.lookups && wide.more == narrow.more &&
	    wide.varies == narrow.varies && wide.depth == narrow.depth);
	for (size_t i = 0; i < world->nsample; i++)
		check_sender(world, &now, &world->sample[i], &wide);
	arena_free(&late.kept);
	arena_free(&now.kept);
	arena_free(&first);
	arena_free(&second);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct world world;
	struct cursor in = cursor_of(data, size);

	if (size > 8192)
		return 0;
	memset(&world, 0, sizeof(world));
	take_query(&world, &in);
	while (cursor_left(&in) > 0 && world.nsets < SETS_MAX)
		take_set(&world, &in);
	MUST(!world.arena.failed);
	check_evaluation(&world);
	check_costs(&world);
	arena_free(&world.arena);
	return 0;
}
