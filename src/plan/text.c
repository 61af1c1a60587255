/*
 * text.c - records to publish, as lines of a zone file
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * All lines but records are comments, so that the whole output can go into a
 * zone file.
 */
#include "plan/report.h"
#include "report/page.h"

/* Octets of one string of a TXT record. */
#define STRING_MAX 255

const char *
plan_state_name(enum plan_state s)
{
	static const char *const names[PLAN_STATES] = {
		[PLAN_WANTED] = "wanted",
		[PLAN_PRESENT] = "present",
		[PLAN_MISSING] = "missing",
		[PLAN_DIFFERENT] = "different",
		[PLAN_UNKNOWN] = "unknown",
		[PLAN_REFUSED] = "refused",
	};

	return names[s];
}

static void
put_string(struct writer *w, struct mailauth_str s)
{
	put_char(w, '"');
	for (size_t i = 0; i < s.n; i++) {
		if (s.s[i] == '"')
			put_char(w, '\\');
		put_untrusted(w, str_sub(s, i, 1));
	}
	put_char(w, '"');
}

void
put_plan_data(struct writer *w, const struct plan_record *p)
{
	if (p->rrtype != RRTYPE_TXT) {
		put_str(w, p->data);
		return;
	}
	for (size_t at = 0; at == 0 || at < p->data.n; at += STRING_MAX) {
		if (at > 0)
			put_char(w, ' ');
		put_string(w, str_sub(p->data, at, STRING_MAX));
	}
}

/* Write a comment, of printable text; each further line of `more` is a comment
 * with `next` in front. */
static void
put_comment(struct page *p, const char *text, struct mailauth_str more,
    const char *next)
{
	do {
		put_text(&p->w, "; ");
		put_text(&p->w, text);
		put_str(&p->w, str_cut(&more, '\n'));
		put_char(&p->w, '\n');
		text = next;
	} while (more.n > 0);
}

static void
put_record(struct page *p, const struct plan_record *r, uint32_t ttl)
{
	bool stays = r->state == PLAN_REFUSED && str_eq(r->now, r->data);
	char room[16];

	if (r->state == PLAN_UNKNOWN)
		put_text(&p->w, "; could not be told: ");
	else if (stays)
		put_text(&p->w, "; in DNS, and cannot stay as it is: ");
	else if (r->state == PLAN_REFUSED)
		put_text(&p->w, "; not to be published: ");
	put_str(&p->w, r->owner);
	put_char(&p->w, ' ');
	put_number(&p->w, ttl);
	put_text(&p->w, " IN ");
	put_text(&p->w, name_rrtype(r->rrtype, room));
	put_char(&p->w, ' ');
	put_plan_data(&p->w, r);
	put_text(&p->w, " ; ");
	put_str(&p->w, r->why);
	put_text(&p->w, "; from ");
	put_str(&p->w, r->from);
	put_char(&p->w, '\n');
	if (r->state == PLAN_DIFFERENT)
		put_comment(p, "  in place of: ", r->now, "  and of: ");
	else if (r->state == PLAN_REFUSED && !stays)
		put_comment(p, "  there is: ", r->now, "  there is: ");
	else if (r->state == PLAN_UNKNOWN)
		put_comment(p, "  ", r->now, "  ");
	if (r->reason.n > 0 && r->state != PLAN_PRESENT)
		put_comment(p,
		    r->state == PLAN_REFUSED ? "  refused: " : "  note: ",
		    r->reason, "  ");
}

static bool
is_shown(const struct page *p, const struct plan_record *r)
{
	return r->state != PLAN_PRESENT || p->verbose;
}

static void
put_zone(struct page *p, const struct plan_report *plan,
    const struct plan_zone *z)
{
	bool any = false;

	for (const struct plan_record *r = z->records; r != NULL; r = r->next)
		any = any || is_shown(p, r);
	if (!any)
		return;
	put_text(&p->w, "; zone ");
	put_str(&p->w, z->name);
	put_text(&p->w,
	    z->reverse ? ": set by the provider of the addresses, not in your "
	                 "own zone\n" :
	                 "\n");
	for (const struct plan_record *r = z->records; r != NULL; r = r->next) {
		if (!is_shown(p, r))
			continue;
		if (r->state == PLAN_PRESENT)
			put_text(&p->w, "; is there: ");
		put_record(p, r, plan->ttl);
	}
	put_char(&p->w, '\n');
}

static void
put_sum(struct page *p, const struct plan_report *plan)
{
	size_t count[PLAN_STATES] = { 0 };

	for (const struct plan_zone *z = plan->zones; z != NULL; z = z->next)
		for (const struct plan_record *r = z->records; r != NULL;
		     r = r->next)
			count[r->state]++;
	put_text(&p->w, "; ");
	for (int i = PLAN_PRESENT; i < PLAN_STATES; i++) {
		if (i == PLAN_REFUSED && count[i] == 0)
			continue;
		put_text(&p->w, i > PLAN_PRESENT ? ", " : "");
		put_number(&p->w, count[i]);
		put_char(&p->w, ' ');
		put_text(&p->w, plan_state_name((enum plan_state)i));
	}
	put_char(&p->w, '\n');
}

static void
put_plan(struct page *p, const void *data)
{
	const struct plan_report *plan = data;

	for (const struct plan_note *n = plan->notes; n != NULL; n = n->next)
		put_comment(p, "", n->text, "");
	if (plan->notes != NULL)
		put_char(&p->w, '\n');
	for (const struct plan_zone *z = plan->zones; z != NULL; z = z->next)
		put_zone(p, plan, z);
	if (plan->compared &&
	    (plan->zones != NULL || plan->result != MAILAUTH_RESULT_TEMPERROR))
		put_sum(p, plan);
}

static enum mailauth_result
result_of(const void *data)
{
	const struct plan_report *plan = data;

	return plan->result;
}

const struct part_type plan_part = {
	.name = "plan",
	.head = put_plan,
	.json = plan_json,
	.result = result_of,
	.no_incomplete = true, /* the text is a zone file */
};

/* Write origin, SOA and NS records: a name server loads no zone without
 * them. */
static void
put_apex(struct writer *w, const struct plan_zone *z, uint32_t ttl)
{
	put_text(w,
	    "; a draft, to be checked: your own zone has its SOA and "
	    "NS records\n$ORIGIN ");
	put_str(w, z->name);
	put_text(w, ".\n@ ");
	put_number(w, ttl);
	put_text(w,
	    " IN SOA ns.invalid. hostmaster.invalid. 1 3600 900 "
	    "1209600 300\n@ ");
	put_number(w, ttl);
	put_text(w, " IN NS ns.invalid.\n");
}

bool
mailauth_report_plan_zone(struct mailauth_report *r, size_t i,
    struct mailauth_plan_zone *out)
{
	struct page p = { .r = r };
	const struct plan_report *plan = report_data(r, &plan_part);
	const struct plan_zone *z = plan != NULL ? plan->zones : NULL;
	struct mailauth_str name;

	while (z != NULL && i-- > 0)
		z = z->next;
	if (z == NULL || out == NULL)
		return false;
	p.w = arena_writer(&r->arena);
	name = arena_copy(&r->arena, z->name);
	put_apex(&p.w, z, plan->ttl);
	for (const struct plan_record *x = z->records; x != NULL; x = x->next)
		put_record(&p, x, plan->ttl);
	put_char(&p.w, '\0');
	if (p.w.full || name.s == NULL)
		return false;
	*out = (struct mailauth_plan_zone){ name.s, p.w.buf };
	return true;
}
