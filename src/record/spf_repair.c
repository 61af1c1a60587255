/*
 * spf_repair.c - the one plausible repair of a broken SPF record
 * SPDX-License-Identifier: BSD-3-Clause
 */
#include "record/spf_repair.h"

#define CLASS_ORDINARY (CLASS_LETTER | CLASS_DIGIT | CLASS_HYPHEN)
/* Octets of a name, TTL, class and type in front of a record, at most. */
#define VERSION_AT_MAX 120

void
spf_piece_add(struct spf_repair *r, struct mailauth_str text, bool seam,
    bool lost)
{
	if (r->n == SPF_PIECES_MAX || text.n == 0 || r->made.full)
		r->why = "the text is too long";
	else
		r->at[r->n++] = (struct spf_piece){ text, seam, lost, false };
}

void
spf_piece_drop(struct spf_repair *r, size_t i)
{
	for (r->n--; i < r->n; i++)
		r->at[i] = r->at[i + 1];
}

struct mailauth_str
spf_glue(struct writer *made, struct mailauth_str a, struct mailauth_str b,
    struct mailauth_str c)
{
	size_t from = made->used;

	put_str(made, a);
	put_str(made, b);
	put_str(made, c);
	return str_from(writer_str(made), from);
}

size_t
spf_version_at(struct mailauth_str text)
{
	size_t at = str_ifind(text, STR("v=spf1")), words = 0;

	if (at == text.n || at == 0 || at > VERSION_AT_MAX)
		return 0;
	for (size_t i = 0; i < at; i++) {
		if (!is_class(text.s[i], CLASS_ORDINARY) &&
		    memchr("_.@:= ", text.s[i], 6) == NULL)
			return 0;
		words += text.s[i] == ' ' && text.s[i + 1] != ' ';
		/* The version of another kind of record. */
		if (text.s[i] == '=' && i + 1 < at && text.s[i + 1] != ' ')
			return 0;
	}
	return words <= 4 && memchr(":= ", text.s[at - 1], 3) != NULL ? at : 0;
}

/* Cut the version off a clean text. `glued`: no space was behind it. */
static bool
take_version(struct mailauth_str *s, bool *glued)
{
	static const struct mailauth_str versions[] = {
		STR_INIT("v=spf1"),
		STR_INIT("v=spf 1"),
		STR_INIT("v=spf=1"),
		STR_INIT("v=spf-1"),
		STR_INIT("v=spfv1"),
		STR_INIT("v=spfl"),
		STR_INIT("v=spfi"),
		STR_INIT("v =spf1"),
		STR_INIT("v= spf1"),
		STR_INIT("v = spf1"),
		STR_INIT("v = spf 1"),
		STR_INIT("v==spf1"),
		STR_INIT("v:spf1"),
		STR_INIT("v: spf1"),
		STR_INIT("v-spf1"),
		STR_INIT("v spf1"),
		STR_INIT("v=sfp1"),
		STR_INIT("vspf1"),
		STR_INIT("=spf1"),
		STR_INIT("spf1"),
		STR_INIT("v=spf"),
	};
	struct mailauth_str t = *s, rest;

	while (t.n > 0 && memchr(" \x01(<[", t.s[0], 5) != NULL)
		t = str_from(t, 1);
	t = str_from(t, spf_version_at(t));
	for (size_t i = 0; i < sizeof(versions) / sizeof(versions[0]); i++) {
		bool letter =
		    i > 0 && !is_digit(versions[i].s[versions[i].n - 1]);

		if (!str_istarts(t, versions[i]))
			continue;
		rest = str_from(t, versions[i].n);
		/* Another version, or a word that only begins so. */
		if (rest.n > 0 &&
		    (is_digit(rest.s[0]) ||
		        memchr("=/", rest.s[0], 2) != NULL ||
		        (rest.s[0] == '.' && rest.n > 1 &&
		            is_digit(rest.s[1])) ||
		        (letter && is_alnum(rest.s[0]))))
			return false;
		while (rest.n > 0 && memchr(";,:.", rest.s[0], 4) != NULL)
			rest = str_from(rest, 1);
		*glued =
		    rest.n > 0 && rest.s[0] != ' ' && rest.s[0] != SPF_SEAM;
		*s = rest;
		return true;
	}
	return false;
}

static bool
is_version(struct mailauth_str s)
{
	return str_ieq(s, STR("v=spf1"));
}

/* What the records have in common that were pasted together. */
struct pasted {
	size_t records; /* that have a term */
	size_t last; /* the place of the last 'all' */
	char policy; /* qualifier of every 'all'; 0 without one */
	bool differ; /* they do not end alike */
};

static struct pasted
look_at_records(const struct spf_repair *r)
{
	struct pasted p = { 0, 0, 0, false };
	bool ended = false, empty = true;
	struct spf_term t;

	for (size_t i = 0; i < r->n; i++) {
		if (is_version(r->at[i].text)) {
			empty = true;
			continue;
		}
		p.records += empty;
		ended = ended && !empty;
		empty = false;
		if (!spf_reads(r->at[i].text, &t))
			continue;
		p.differ = p.differ || t.what == SPF_REDIRECT;
		if (t.what != SPF_ALL)
			continue;
		p.differ = p.differ || t.qualifier == '+' ||
		    (p.policy != 0 && p.policy != t.qualifier);
		p.policy = t.qualifier;
		p.last = i;
		ended = true;
	}
	p.differ = p.differ || !ended;
	return p;
}

/* An earlier term says the same. */
static bool
is_repeated(const struct spf_repair *r, size_t i)
{
	for (size_t j = 0; j < i; j++)
		if (str_ieq(r->at[j].text, r->at[i].text))
			return true;
	return false;
}

/* Make one record of those that were pasted together, when they say the same of
 * other hosts. */
static void
merge_records(struct spf_repair *r)
{
	struct pasted p = look_at_records(r);
	bool versions = false;
	struct spf_term t;

	for (size_t i = 0; i < r->n; i++)
		versions = versions || is_version(r->at[i].text);
	if (!versions)
		return;
	if (p.records > 1 && p.differ) {
		r->why = "the records that were pasted together differ in "
		         "their ends";
		return;
	}
	for (size_t i = r->n; i-- > 0;) {
		struct mailauth_str s = r->at[i].text;

		if (is_version(s) ||
		    (p.records > 1 && i != p.last &&
		        ((spf_reads(s, &t) && t.what == SPF_ALL) ||
		            is_repeated(r, i)))) {
			spf_piece_drop(r, i);
			p.last -= i < p.last;
		}
	}
}

/* The name that a term asks for depends on who sends. */
static bool
depends_on_sender(struct mailauth_str domain)
{
	size_t at;

	while ((at = str_find(domain, '%')) + 2 < domain.n) {
		domain = str_from(domain, at + 1);
		if (domain.s[0] == '{' &&
		    strchr("ipcslh", to_lower(domain.s[1])) != NULL)
			return true;
		/* "%%" is a percent sign. */
		domain = str_from(domain, 1);
	}
	return false;
}

/* The term lets every host pass: 'exists' does when the name has an address. */
static bool
passes_all(const struct spf_term *t)
{
	return t->qualifier == '+' &&
	    (t->what == SPF_ALL || t->cidr4 == 0 || t->cidr6 == 0 ||
	        (t->what == SPF_EXISTS && !depends_on_sender(t->domain)));
}

const char *
spf_faults(struct mailauth_str record)
{
	struct spf_reader r = spf_terms(record);
	unsigned asking = 0, redirects = 0, exps = 0;
	bool ended = false;
	struct spf_term t;

	while (spf_next(&r, &t)) {
		if (t.fault != MAILAUTH_F_NONE)
			return "a term stays faulty";
		/* Nobody is told to publish this, whoever wrote it. */
		if (passes_all(&t))
			return "it would let every host pass";
		ended = ended || t.what == SPF_ALL;
		redirects += t.what == SPF_REDIRECT;
		exps += t.what == SPF_EXP;
		asking += !ended && spf_asks(t.what);
	}
	if (redirects > 1 || exps > 1)
		return "a modifier appears more than once";
	return asking > SPF_TERMS_MAX ? "more than ten DNS lookups" : NULL;
}

/* The author wrote this argument; the digits behind a prefix length were not
 * cut off. `squeezed` is the text without its spaces. */
static bool
is_argument_of(struct mailauth_str squeezed, struct mailauth_str argument)
{
	bool prefix = str_find(argument, '/') < argument.n;

	for (size_t i = 0; i + argument.n <= squeezed.n; i++) {
		struct mailauth_str behind = str_from(squeezed, i + argument.n);

		if (str_starts(str_from(squeezed, i), argument) &&
		    (!prefix || behind.n == 0 || !is_digit(behind.s[0])))
			return true;
	}
	return false;
}

/* The last look, which knows nothing of how the terms were found: each argument
 * of the record is in the text of the author. */
static const char *
inventions_of(struct mailauth_str record, struct mailauth_str clean)
{
	char room[SPF_REPAIR_MAX];
	struct writer w = writer_of(room, sizeof(room));
	struct spf_reader r = spf_terms(record);
	struct spf_term t;

	for (size_t i = 0; i < clean.n; i++)
		if (clean.s[i] != ' ' && clean.s[i] != SPF_SEAM)
			put_char(&w, clean.s[i]);
	while (spf_next(&r, &t)) {
		size_t from = (size_t)(t.name.s - t.text.s) + t.name.n;
		struct mailauth_str argument = str_from(t.text, from);

		if (argument.n > 0 && memchr(":=", argument.s[0], 2) != NULL)
			argument = str_from(argument, 1);
		if (!is_argument_of(clean, argument) &&
		    !is_argument_of(writer_str(&w), argument))
			return "an argument is not the author's";
	}
	return NULL;
}

const char *
put_spf_repair(struct mailauth_str text, struct writer *w)
{
	char room[3][2 * SPF_REPAIR_MAX];
	struct writer clean = writer_of(room[0], SPF_REPAIR_MAX);
	struct spf_repair pieces = { .made =
		                         writer_of(room[1], sizeof(room[1])) };
	struct spf_repair terms = { .made =
		                        writer_of(room[2], sizeof(room[2])) };
	size_t from = w->used;
	struct mailauth_str rest, record;
	const char *why;
	bool glued;

	if (!spf_clean(text, &clean))
		return "the text is too long";
	rest = writer_str(&clean);
	if (!take_version(&rest, &glued))
		return "no version is in front";
	spf_split(&pieces, rest, glued);
	spf_join(&pieces);
	if (pieces.why == NULL)
		spf_mend(&pieces, &terms);
	if (pieces.why == NULL && terms.why == NULL)
		merge_records(&terms);
	if (pieces.why != NULL || terms.why != NULL)
		return pieces.why != NULL ? pieces.why : terms.why;
	put_text(w, "v=spf1");
	for (size_t i = 0; i < terms.n; i++) {
		put_char(w, ' ');
		put_str(w, terms.at[i].text);
	}
	record = str_from(writer_str(w), from);
	if (w->full || pieces.made.full || terms.made.full)
		return "the text is too long";
	if (str_eq(record, text))
		return "there is nothing to repair";
	why = spf_faults(record);
	return why != NULL ? why : inventions_of(record, writer_str(&clean));
}
