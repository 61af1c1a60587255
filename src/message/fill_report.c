/*
 * fill_report.c - fills in the report on a message
 * SPDX-License-Identifier: BSD-3-Clause
 */
#include "base/str.h"
#include "message/explain.h"
#include "record/dkim.h"

static struct sig_report *
report_sig(struct check *c, const struct explain *x, const struct sig_trial *t)
{
	const struct dkim_sig *sig = &t->from->sig;
	const struct body_hash *body =
	    body_hash_get(x->m->bodies, t->from->body);
	struct sig_report *r = arena_alloc(&c->report->arena, sizeof(*r));

	if (r == NULL)
		return NULL;
	r->domain = explain_keep(c, sig->d);
	r->selector = explain_keep(c, sig->s);
	r->looked_up = t->owner.n > 0 ? dkim_selector(t->owner) : STR_NONE;
	r->identity = explain_keep(c, sig->i);
	r->algorithm = explain_keep(c, sig->a);
	r->result = t->state;
	r->why = t->why;
	r->has_l = sig->has_l;
	if (t->key != NULL) {
		r->has_key = true;
		r->key = set_verdict(c->report, t->key);
		r->dnssec = t->key->answer->dnssec;
	}
	if (body != NULL && !x->m->cut) {
		r->has_body = true;
		r->body_changed = body->too_short ||
		    memcmp(body->hash, sig->body_hash, DKIM_HASH) != 0;
		r->unsigned_octets = body->beyond;
	}
	return r;
}

static void
report_spf(const struct explain *x)
{
	const struct spf_trial *t = explain_spf(x);
	struct explain_report *r = x->report;

	if (t == NULL) {
		r->spf_result = MAILAUTH_SPF_UNDECIDED;
		if (explain_submitted(x)) {
			r->spf_why = "the client had logged in to send, so "
			             "that SPF does not apply";
			return;
		}
		r->lacks_ip = x->ip.family == 0;
		r->lacks_mail_from = !r->lacks_ip && !r->has_mail_from;
		r->lacks_helo = !r->lacks_ip && r->null_mail_from &&
		    r->helo.n == 0 && !x->helo_literal;
		r->spf_why = x->ip.family == 0 ?
		    "no sending address is known" :
		    r->has_mail_from ?
		    "the MAIL FROM address has no domain that SPF can check" :
		    "no MAIL FROM address is known";
		return;
	}
	if (explain_spf_veiled(x)) {
		r->spf_result = MAILAUTH_SPF_UNDECIDED;
		r->spf_why =
		    "it passes for a host that only a header names which the "
		    "sender may have written";
		return;
	}
	r->spf_result = t->outcome.result == MAILAUTH_SPF_UNDECIDED ?
	    MAILAUTH_SPF_TEMPERROR :
	    t->outcome.result;
	r->spf_domain = str_sub(t->query.domain, 0, t->query.domain.n - 1);
	r->spf_why = t->outcome.why;
	r->spf_dnssec = t->outcome.dnssec;
}

/* Which hop was taken. It is certain where the receiver itself says that it had
 * this client. */
static void
report_hop(const struct explain *x)
{
	const struct border *b = &x->border;
	struct explain_report *r = x->report;

	r->hop = b->found ? b->number : 0;
	r->hops = b->total;
	r->hop_why = b->why;
	r->hop_sure = b->sure;
	if (b->found && x->confirmed)
		r->hop_sure = "certain";
	if (b->whole && r->ip_source != NULL && x->request->ip == NULL &&
	    strcmp(r->ip_source, "Received") != 0) {
		r->hop_why = "the receiver names the client";
		r->hop_sure = "certain";
	}
}

/* The messages outlive the report or not: it has their names itself. */
static void
report_file(struct check *c, const struct explain *x)
{
	struct explain_report *r = x->report;
	struct file_part *p =
	    arena_alloc(&c->report->arena, (x->m->nparts + 1) * sizeof(*p));

	r->form = x->m->form;
	r->part = x->m->part;
	if (p == NULL)
		return;
	r->parts = p;
	r->nparts = x->m->nparts;
	for (unsigned i = 0; i < x->m->nparts; i++)
		p[i] = (struct file_part){
			explain_keep(c, x->m->parts[i].from),
			explain_keep(c, x->m->parts[i].subject),
			x->m->parts[i].attached,
		};
}

void
explain_report(struct check *c, struct explain *x)
{
	struct explain_report *r = x->report;
	struct sig_report **end = &r->sigs;

	if (x->ip.family != 0)
		r->ip = addr_text(c, &x->ip);
	r->nsigs = x->m->nsigs + x->m->more_sigs;
	r->fields = x->m->nfields;
	r->body_octets = x->m->body_octets;
	for (size_t i = 0; i < x->nsigs; i++) {
		*end = report_sig(c, x, &x->sigs[i]);
		if (*end == NULL)
			return;
		end = &(*end)->next;
	}
	report_spf(x);
	report_hop(x);
	report_file(c, x);
}
