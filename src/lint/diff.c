/*
 * diff.c - what a change of zones does
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * The zones before the change are judged as those after it are. What both have
 * does not count. Then each name is compared: by its addresses that may send,
 * its keys, its policy, and whether it accepts mail.
 */
#include <stdlib.h>

#include "base/cursor.h"
#include "lint/lint.h"
#include "record/kind.h"
#include "record/mx.h"
#include "record/rrtype.h"
#include "record/txt.h"
#include "spf/report.h"

#define BIT_OF(id) (UINT32_C(1) << MAILAUTH_KIND_##id)

/* Why a finding does not count. */
#define WAS_THERE "it was there before the change"

/* A comparison. */
struct change {
	struct mailauth_lint *now, *then;
	struct mailauth_resolver *ask_now, *ask_then; /* NULL: not made yet */
	const struct mailauth_options *options;
	enum mailauth_status status;
	char *why;
};

/* Findings that both have. */

static int
compare_texts(const char *a, const char *b)
{
	return strcmp(a != NULL ? a : "", b != NULL ? b : "");
}

static int
compare_items(const void *a, const void *b)
{
	const struct mailauth_lint_finding *p =
	    &(*(struct item *const *)a)->view;
	const struct mailauth_lint_finding *q =
	    &(*(struct item *const *)b)->view;
	int order = strcmp(p->code, q->code);

	if (order == 0)
		order = compare_texts(p->name, q->name);
	if (order == 0)
		order = compare_texts(p->type, q->type);
	/* The same fault of a record whose line was changed is the same. */
	if (order == 0 && p->name == NULL && q->name == NULL)
		order = compare_texts(p->text, q->text);
	return order != 0 ? order : compare_texts(p->message, q->message);
}

static struct item **
sorted(const struct mailauth_lint *l)
{
	struct item **all = calloc(l->nitems + 1, sizeof(struct item *));

	if (all == NULL)
		return NULL;
	if (l->nitems > 0)
		memcpy(all, l->items, l->nitems * sizeof(struct item *));
	qsort(all, l->nitems, sizeof(struct item *), compare_items);
	return all;
}

/* A finding that was there as often as it is does not count. */
static void
drop_old(struct change *ch)
{
	struct item **now = sorted(ch->now), **then = sorted(ch->then);
	size_t k = 0;

	if (now == NULL || then == NULL)
		ch->status = MAILAUTH_ENOMEM;
	for (size_t i = 0; ch->status == MAILAUTH_OK && i < ch->now->nitems &&
	     k < ch->then->nitems;) {
		int order = compare_items(&now[i], &then[k]);

		/* What could not be told may be anything this time. */
		if (order == 0 && now[i]->view.ignored == NULL && !now[i]->open)
			now[i]->view.ignored = WAS_THERE;
		i += order <= 0;
		k += order >= 0;
	}
	free(now);
	free(then);
}

/* Findings on the change. */

/* Add a finding, at the first that exists: the record, its name, the top of its
 * zone. */
static void
tell(struct change *ch, enum mailauth_finding_id id, struct mailauth_str name,
    uint16_t type, struct mailauth_str detail)
{
	struct mailauth_lint *l = ch->now;
	const struct zone_record *rec = lint_record(l, name, type, NULL);
	struct owner *o = owner_of(l, name);
	struct lint_new n = { .id = id,
		.owner = o,
		.name = name,
		.type = type,
		.detail = detail };
	struct dname wire;
	const struct zone *zone = dname_parse(name, &wire) == DNAME_OK ?
	    zones_of(l->index, &wire) :
	    NULL;

	while (n.zone < l->nzones && l->zones[n.zone].zone != zone)
		n.zone++;
	if (zone == NULL || n.zone == l->nzones)
		return;
	if (rec != NULL)
		n.place = lint_place(l, rec, type, 0, 0);
	else if (o != NULL && o->node != NULL)
		n.place = o->place;
	else if (zone->apex->rrsets != NULL)
		n.place = lint_first(zone->apex);
	n.first_line = n.place.line;
	/* A name that is gone has a line of its own all the same. */
	if (o == NULL || !o->shown) {
		n.owner = o = owner_at(l, name);
		if (o == NULL)
			return;
		o->shown = true;
		o->zone = n.zone;
		o->place = n.place;
	}
	lint_add(l, &n);
}

/* Write a number with commas between groups of three digits. */
static void
put_grouped(struct writer *w, struct mailauth_str digits)
{
	for (size_t i = 0; i < digits.n; i++) {
		if (i > 0 && (digits.n - i) % 3 == 0)
			put_char(w, ',');
		put_char(w, digits.s[i]);
	}
}

/* The zone of a name is in both. */
static bool
is_in_both(const struct change *ch, struct mailauth_str name)
{
	struct dname wire;
	const struct zone *now, *then;

	if (dname_parse(name, &wire) != DNAME_OK)
		return false;
	now = zones_of(ch->now->index, &wire);
	then = zones_of(ch->then->index, &wire);
	return now != NULL && then != NULL;
}

/* The text of the only record of a kind at a name; empty when it has none, or
 * several. It lives as long as the lint. */
static struct mailauth_str
text_of(struct mailauth_lint *l, struct mailauth_str name,
    enum mailauth_kind_id kind)
{
	const struct zone_record *rec = lint_record(l, name, RRTYPE_TXT, NULL);
	struct mailauth_str found = STR_NONE;
	size_t n = 0;

	for (; rec != NULL; rec = rec->next) {
		const struct mailauth_rdata rr = { rec->rdata, rec->n };
		struct txt txt;

		if (!txt_join(&rr, l->room, UINT16_MAX, &txt) ||
		    kind_at(kind)->pick(txt.text) != PICK_YES)
			continue;
		found = arena_copy(&l->arena, txt.text);
		n++;
	}
	return n == 1 ? found : STR_NONE;
}

/* The value of a tag; empty without the tag. */
static struct mailauth_str
tag_of(struct mailauth_str text, struct mailauth_str tag)
{
	while (text.n > 0) {
		struct mailauth_str value = str_cut(&text, ';');
		struct mailauth_str name = str_cut(&value, '=');

		if (str_ieq(str_trim(name), tag))
			return str_trim(value);
	}
	return STR_NONE;
}

/* A name below a domain, in the arena of the lint. */
static struct mailauth_str
below(struct mailauth_lint *l, const char *label, const char *more,
    struct mailauth_str domain)
{
	struct writer w = arena_writer(&l->arena);

	put_text(&w, label);
	put_text(&w, more);
	put_str(&w, domain);
	return writer_str(&w);
}

/* Mail. */

static bool
accepts_mail(struct mailauth_lint *l, struct mailauth_str name)
{
	const struct zone_record *rec = lint_record(l, name, RRTYPE_MX, NULL);

	for (; rec != NULL; rec = rec->next) {
		const struct mailauth_rdata rr = { rec->rdata, rec->n };
		struct mx mx;

		if (mx_parse(&rr, &mx) && mx.host.len > 1)
			return true;
	}
	return false;
}

/* What is there now and what was: "now to A, no longer to B". */
struct moves {
	struct writer gained, lost;
};

static void
put_move(struct writer *w, struct mailauth_str what)
{
	put_text(w, w->used > 0 ? ", " : "");
	put_untrusted(w, what);
}

/* Tell a finding with them; nothing when nothing moved. */
static void
tell_moves(struct change *ch, enum mailauth_finding_id id,
    struct mailauth_str name, uint16_t type, const struct moves *m)
{
	struct writer w = arena_writer(&ch->now->arena);

	if (m->gained.used == 0 && m->lost.used == 0)
		return;
	if (m->gained.used > 0) {
		put_text(&w, "now ");
		put_str(&w, writer_str(&m->gained));
	}
	if (m->lost.used > 0) {
		put_text(&w,
		    m->gained.used > 0 ? ", no longer " : "no longer ");
		put_str(&w, writer_str(&m->lost));
	}
	tell(ch, id, name, type, writer_str(&w));
}

static struct moves
moves_of(struct change *ch)
{
	return (struct moves){ arena_writer(&ch->now->arena),
		arena_writer(&ch->now->arena) };
}

/* An MX record of the set names the host. */
static bool
has_host(const struct zone_record *rec, const struct dname *host)
{
	for (; rec != NULL; rec = rec->next) {
		const struct mailauth_rdata rr = { rec->rdata, rec->n };
		struct mx mx;

		if (mx_parse(&rr, &mx) && mx.host.len == host->len &&
		    memcmp(mx.host.wire, host->wire, host->len) == 0)
			return true;
	}
	return false;
}

/* List the hosts that the first has and the second lacks. */
static void
put_hosts(struct writer *w, struct arena *a, const struct zone_record *rec,
    const struct zone_record *other)
{
	for (; rec != NULL; rec = rec->next) {
		const struct mailauth_rdata rr = { rec->rdata, rec->n };
		struct mx mx;

		if (mx_parse(&rr, &mx) && mx.host.len > 1 &&
		    !has_host(other, &mx.host))
			put_move(w, dname_text(a, &mx.host));
	}
}

static void
compare_hosts(struct change *ch, const struct owner *was)
{
	const struct zone_record *then =
	    lint_record(ch->then, was->name, RRTYPE_MX, NULL);
	const struct zone_record *now =
	    lint_record(ch->now, was->name, RRTYPE_MX, NULL);
	struct moves m = moves_of(ch);

	if (!accepts_mail(ch->then, was->name))
		return;
	put_hosts(&m.gained, &ch->now->arena, now, then);
	put_hosts(&m.lost, &ch->now->arena, then, now);
	tell_moves(ch, MAILAUTH_F_DIFF_MX_CHANGED, was->name, RRTYPE_MX, &m);
}

/* Aliases of names that have records of mail. */

/* The name that an alias leads to; empty: it is no alias. */
static struct mailauth_str
alias_of(struct change *ch, const struct mailauth_lint *l,
    struct mailauth_str name)
{
	const struct zone_record *rec =
	    lint_record(l, name, RRTYPE_CNAME, NULL);
	struct cursor c = cursor_of(rec != NULL ? rec->rdata : NULL,
	    rec != NULL ? rec->n : 0);
	struct dname target;

	return rec != NULL && dname_read(&c, false, &target) ?
	    dname_text(&ch->now->arena, &target) :
	    STR_NONE;
}

static void
compare_alias(struct change *ch, struct mailauth_str name)
{
	struct mailauth_str then = alias_of(ch, ch->then, name);
	struct mailauth_str now = alias_of(ch, ch->now, name);
	const struct mailauth_kind *kind = kind_of_owner(name, RRTYPE_TXT);
	bool had = lint_record(ch->then, name, RRTYPE_TXT, NULL) != NULL;
	bool has = lint_record(ch->now, name, RRTYPE_TXT, NULL) != NULL;
	struct moves m = moves_of(ch);

	/* A key that is gone has a finding of its own. */
	if (str_ieq(then, now) || (then.n == 0 && !had) ||
	    (now.n == 0 && !has && kind != NULL &&
	        kind->id == MAILAUTH_KIND_DKIM))
		return;
	if (now.n > 0 || has)
		put_move(&m.gained, now.n > 0 ? now : STR("its own record"));
	put_move(&m.lost, then.n > 0 ? then : STR("its own record"));
	tell_moves(ch, MAILAUTH_F_DIFF_ALIAS_CHANGED, name, RRTYPE_CNAME, &m);
}

static bool
compare_mail(struct change *ch, const struct owner *was)
{
	if (!accepts_mail(ch->then, was->name) ||
	    accepts_mail(ch->now, was->name)) {
		compare_hosts(ch, was);
		return false;
	}
	tell(ch, MAILAUTH_F_DIFF_MAIL_LOST, was->name, RRTYPE_MX, STR_NONE);
	return true;
}

static void
compare_roles(struct change *ch, const struct owner *was)
{
	const struct owner *is = owner_of(ch->now, was->name);
	struct writer w = arena_writer(&ch->now->arena);

	if (is == NULL || is->role == NULL || was->role == NULL ||
	    strcmp(is->role, was->role) == 0)
		return;
	put_text(&w, was->role);
	put_text(&w, " became ");
	put_text(&w, is->role);
	tell(ch, MAILAUTH_F_DIFF_ROLE, was->name, 0, writer_str(&w));
}

/* DKIM. */

static void
compare_keys(struct change *ch, const struct owner *was)
{
	for (const struct lint_word *s = was->selectors; s != NULL;
	     s = s->next) {
		struct mailauth_str name =
		    below(ch->now, s->text, "._domainkey.", was->name);
		struct mailauth_str selector = str_of(s->text);
		struct mailauth_str then =
		    text_of(ch->then, name, MAILAUTH_KIND_DKIM);
		struct mailauth_str now =
		    text_of(ch->now, name, MAILAUTH_KIND_DKIM);
		struct mailauth_str key = tag_of(then, STR("p"));
		bool gone =
		    lint_record(ch->now, name, RRTYPE_TXT, NULL) == NULL &&
		    lint_record(ch->now, name, RRTYPE_CNAME, NULL) == NULL;

		/* A key that was revoked signs nothing. */
		if (then.n > 0 && key.n == 0)
			continue;
		if (gone || (now.n > 0 && tag_of(now, STR("p")).n == 0))
			tell(ch, MAILAUTH_F_DIFF_DKIM_KEY_GONE, name,
			    RRTYPE_TXT, selector);
		else if (then.n > 0 && now.n > 0 &&
		    !str_eq(key, tag_of(now, STR("p"))))
			tell(ch, MAILAUTH_F_DIFF_DKIM_KEY_CHANGED, name,
			    RRTYPE_TXT, selector);
	}
}

/* DMARC. */

/* Policies from the weakest on; 0: no policy. */
static unsigned
strength(struct mailauth_str policy)
{
	static const struct mailauth_str names[] = { STR_INIT("none"),
		STR_INIT("quarantine"), STR_INIT("reject") };

	for (unsigned i = 0; i < 3; i++)
		if (str_ieq(policy, names[i]))
			return i + 1;
	return 0;
}

static bool
has_policy(const struct mailauth_lint *l, struct mailauth_str name)
{
	const struct owner *o = owner_of(l, name);

	return o != NULL && (o->kinds & BIT_OF(DMARC)) != 0;
}

/* Names that have a part in mail and the policy of this domain. */
static size_t
count_governed(struct mailauth_lint *l, struct mailauth_str domain)
{
	size_t n = 0;

	for (const struct owner *o = l->owners; o != NULL; o = o->next) {
		struct mailauth_str name = o->name;

		if (!o->shown || o->kind != NULL || name.s[0] == '_' ||
		    (o->kinds == 0 && !o->is_apex))
			continue;
		while (name.n > domain.n && !has_policy(l, name))
			name = dname_parent(name);
		n += str_eq(name, domain);
	}
	return n;
}

static void
put_policies(struct writer *w, const char *tag, struct mailauth_str was,
    struct mailauth_str is)
{
	put_text(w, w->used > 0 ? ", " : "");
	put_text(w, tag);
	put_untrusted(w, was);
	put_text(w, " became ");
	put_text(w, is.n > 0 ? tag : "nothing");
	put_untrusted(w, is);
}

static void
compare_policies(struct change *ch, const struct owner *was)
{
	struct mailauth_lint *l = ch->now;
	struct mailauth_str name = below(l, "_dmarc.", "", was->name);
	struct mailauth_str then = text_of(ch->then, name, MAILAUTH_KIND_DMARC);
	struct mailauth_str now = text_of(l, name, MAILAUTH_KIND_DMARC);
	struct writer w = arena_writer(&l->arena);
	size_t n = count_governed(l, was->name);
	struct mailauth_str p, q;

	/* What an alias leads to is not known. */
	if (then.n == 0 || lint_record(l, name, RRTYPE_CNAME, NULL) != NULL)
		return;
	p = tag_of(then, STR("p"));
	q = tag_of(now, STR("p"));
	if (strength(q) < strength(p))
		put_policies(&w, "p=", p, q);
	p = tag_of(then, STR("sp")).n > 0 ? tag_of(then, STR("sp")) : p;
	q = tag_of(now, STR("sp")).n > 0 ? tag_of(now, STR("sp")) : q;
	if (w.used == 0 && strength(q) < strength(p))
		put_policies(&w, "sp=", p, q);
	if (w.used == 0)
		return;
	if (n > 1) {
		put_text(&w, ", for ");
		put_number(&w, n);
		put_text(&w, " names");
	}
	tell(ch, MAILAUTH_F_DIFF_DMARC_WEAKER, name, RRTYPE_TXT,
	    writer_str(&w));
}

/* Reports. */

/* List the addresses of the first list that the second lacks. */
static void
put_addresses(struct writer *w, struct mailauth_str list,
    struct mailauth_str other)
{
	while (list.n > 0) {
		struct mailauth_str one = str_trim(str_cut(&list, ','));
		struct mailauth_str rest = other;
		bool there = one.n == 0;

		while (rest.n > 0 && !there)
			there = str_ieq(str_trim(str_cut(&rest, ',')), one);
		if (!there)
			put_move(w, one);
	}
}

/* Compare where reports go by the only record of a kind at a name. */
static void
compare_reports(struct change *ch, struct mailauth_str name,
    enum mailauth_kind_id kind)
{
	static const struct mailauth_str tags[] = { STR_INIT("rua"),
		STR_INIT("ruf") };
	struct mailauth_str then = text_of(ch->then, name, kind);
	struct mailauth_str now = text_of(ch->now, name, kind);
	struct moves m = moves_of(ch);

	/* A record that is new, or gone, is another matter. */
	if (then.n == 0 || now.n == 0)
		return;
	for (size_t i = 0; i < sizeof(tags) / sizeof(tags[0]); i++) {
		put_addresses(&m.gained, tag_of(now, tags[i]),
		    tag_of(then, tags[i]));
		put_addresses(&m.lost, tag_of(then, tags[i]),
		    tag_of(now, tags[i]));
	}
	tell_moves(ch, MAILAUTH_F_DIFF_REPORTS_CHANGED, name, RRTYPE_TXT, &m);
}

/* SPF. */

/* The evaluation of a domain's record; NULL when no record counts. */
static const struct spf_report *
evaluate(struct change *ch, struct mailauth_lint *l,
    struct mailauth_resolver **ask, const struct owner *o,
    struct mailauth_report **report)
{
	const struct mailauth_spf_request request = { .domain = o->name.s,
		.profile = l->profile };

	if (*ask == NULL && ch->status == MAILAUTH_OK)
		ch->status = lint_source(l, ch->options, ask, ch->why);
	if (ch->status != MAILAUTH_OK ||
	    mailauth_spf(*ask, &request, report, ch->why) != MAILAUTH_OK)
		return NULL;
	for (const struct report_part *p = (*report)->parts; p != NULL;
	     p = p->next) {
		const struct spf_report *spf = p->data;

		if (p->type == &spf_part && spf->has_ranges)
			return spf;
	}
	return NULL;
}

/* A term of the tree leads to this name. */
static bool
leads_to(const struct spf_node *n, struct mailauth_str name)
{
	for (; n != NULL; n = n->next)
		if (str_ieq(n->target, name) || leads_to(n->child, name))
			return true;
	return false;
}

/* List the names that the first leads to and the second does not, and that
 * were not looked up. */
static void
put_unknown(struct writer *w, const struct spf_node *n,
    const struct spf_node *other)
{
	for (; n != NULL; n = n->next) {
		if (n->asks && n->unknown && n->target.n > 0 &&
		    !leads_to(other, n->target))
			put_move(w, n->target);
		put_unknown(w, n->child, other);
	}
}

/* Say which addresses the first has and the second lacks. */
static void
tell_reach(struct change *ch, enum mailauth_finding_id id,
    const struct owner *o, const struct spf_report *more,
    const struct spf_report *less)
{
	char ipv6[SPF_COUNT_ROOM], digits[24];
	uint64_t ipv4 = spf_reach_more(&more->reach, &less->reach, ipv6);
	struct writer w = arena_writer(&ch->now->arena);
	struct writer d = writer_of(digits, sizeof(digits));
	struct writer names = arena_writer(&ch->now->arena);
	bool six = strcmp(ipv6, "0") != 0, any = ipv4 > 0 || six;

	put_unknown(&names, more->tree, less->tree);
	if (!any && names.used == 0)
		return;
	put_number(&d, ipv4);
	put_text(&w, any && more->ranges_are_least ? "at least " : "");
	if (ipv4 > 0)
		put_grouped(&w, writer_str(&d));
	put_text(&w, ipv4 > 0 ? " of IPv4" : "");
	put_text(&w, ipv4 > 0 && six ? " and " : "");
	if (six)
		put_grouped(&w, str_of(ipv6));
	put_text(&w, six ? " of IPv6" : "");
	if (names.used > 0) {
		put_text(&w, any ? ", and what " : "what ");
		put_str(&w, writer_str(&names));
		put_text(&w, " lists, which was not looked up");
	}
	tell(ch, id, o->name, RRTYPE_TXT, writer_str(&w));
}

static void
compare_senders(struct change *ch, const struct owner *was)
{
	const struct owner *is = owner_of(ch->now, was->name);
	struct mailauth_report *now = NULL, *then = NULL;
	const struct spf_report *after, *before;

	/* A part of other records shows in those. */
	if (is == NULL || (was->kinds & is->kinds & BIT_OF(SPF)) == 0 ||
	    (is->is_part && is->kinds == BIT_OF(SPF)))
		return;
	before = evaluate(ch, ch->then, &ch->ask_then, was, &then);
	after = evaluate(ch, ch->now, &ch->ask_now, is, &now);
	if (before != NULL && after != NULL) {
		tell_reach(ch, MAILAUTH_F_DIFF_SPF_OPENS, is, after, before);
		tell_reach(ch, MAILAUTH_F_DIFF_SPF_CLOSES, is, before, after);
	}
	mailauth_report_free(now);
	mailauth_report_free(then);
}

/* All files are as they were. */
static bool
is_same(const struct change *ch)
{
	const struct lint_file *a = ch->now->files, *b = ch->then->files;

	while (a != NULL && b != NULL && str_eq(a->file.text, b->file.text)) {
		a = a->next;
		b = b->next;
	}
	return a == NULL && b == NULL;
}

static void
compare_names(struct change *ch)
{
	for (const struct owner *was = ch->then->owners;
	     was != NULL && ch->status == MAILAUTH_OK; was = was->next) {
		if (!was->shown || !is_in_both(ch, was->name))
			continue;
		compare_alias(ch, was->name);
		if (was->kind != NULL)
			continue;
		if (!compare_mail(ch, was))
			compare_roles(ch, was);
		compare_keys(ch, was);
		if ((was->kinds & BIT_OF(DMARC)) != 0) {
			compare_policies(ch, was);
			compare_reports(ch,
			    below(ch->now, "_dmarc.", "", was->name),
			    MAILAUTH_KIND_DMARC);
		}
		if ((was->kinds & BIT_OF(TLSRPT)) != 0)
			compare_reports(ch,
			    below(ch->now, "_smtp._tls.", "", was->name),
			    MAILAUTH_KIND_TLSRPT);
		if ((was->kinds & BIT_OF(MTASTS)) != 0)
			compare_alias(ch,
			    below(ch->now, "mta-sts.", "", was->name));
		compare_senders(ch, was);
	}
}

/* A zone has the name, or one that could not be read may have it. */
static bool
may_have(const struct mailauth_lint *l, const char *name)
{
	struct dname wire;

	for (size_t i = 0; i < l->nzones; i++)
		if (l->zones[i].name == NULL ||
		    strcmp(l->zones[i].name, name) == 0)
			return true;
	return dname_parse(str_of(name), &wire) != DNAME_OK ||
	    zones_of(l->index, &wire) != NULL;
}

/* Names of a zone that have a part in mail. */
static size_t
count_names(const struct mailauth_lint *l, size_t zone)
{
	size_t n = 0;

	for (const struct owner *o = l->owners; o != NULL; o = o->next)
		n += o->shown && o->zone == zone;
	return n;
}

/* Zones that are gone: nothing of them is left that could be judged, so that
 * each is told at the first file. */
static void
compare_zones(struct change *ch)
{
	struct mailauth_lint *l = ch->now;

	for (size_t i = 0; i < ch->then->nzones; i++) {
		const struct lint_zone *was = &ch->then->zones[i];
		size_t n = count_names(ch->then, i);
		struct writer w = arena_writer(&l->arena);

		if (was->zone == NULL || may_have(l, was->name) || n == 0)
			continue;
		put_str(&w, str_of(was->name));
		put_text(&w, ": ");
		put_number(&w, n);
		put_text(&w, n == 1 ? " mail name loses" : " mail names lose");
		put_text(&w, n == 1 ? " its records" : " their records");
		lint_add(l,
		    &(struct lint_new){ .id = MAILAUTH_F_DIFF_ZONE_GONE,
		        .name = str_of(was->name),
		        .place = { .file = &l->zones[0].file->file },
		        .detail = writer_str(&w) });
	}
}

enum mailauth_status
lint_diff(struct mailauth_lint *l, const struct mailauth_options *options,
    const struct mailauth_lint_request *request, char *why)
{
	struct mailauth_options old = *options;
	const struct mailauth_lint_request plain = { .profile =
		                                         request->profile };
	struct change ch = { .now = l, .options = options, .why = why };

	old.zones = request->old;
	old.nzones = request->nold;
	ch.status = mailauth_lint(&old, &plain, &ch.then, why);
	if (ch.status == MAILAUTH_OK)
		ch.status = lint_refuse_unread(ch.then, false, why);
	if (ch.status != MAILAUTH_OK) {
		mailauth_lint_free(ch.then);
		return ch.status;
	}
	drop_old(&ch);
	if (!is_same(&ch)) {
		compare_zones(&ch);
		compare_names(&ch);
	}
	mailauth_resolver_free(ch.ask_now);
	mailauth_resolver_free(ch.ask_then);
	mailauth_lint_free(ch.then);
	return ch.status;
}
