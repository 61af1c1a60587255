/*
 * text.c - the report on a received message as text
 * SPDX-License-Identifier: BSD-3-Clause
 */
#include <string.h>

#include "dmarc/names.h"
#include "dmarc/report.h"
#include "message/report.h"
#include "report/page.h"

/* Columns of a paragraph, and those in front of its further lines. */
#define WIDTH  79
#define INDENT 6

const char *
source_name(enum identifier_source v)
{
	static const char *const names[] = {
		[SOURCE_NOT_SOUGHT] = "none",
		[SOURCE_NONE] = "none",
		[SOURCE_RECOMPUTED] = "recomputed",
		[SOURCE_REPORTED] = "reported",
	};

	return names[v];
}

const char *
sig_state_name(enum sig_state v)
{
	static const char *const names[] = {
		[SIG_PASS] = "pass",
		[SIG_FAIL] = "fail",
		[SIG_PERMERROR] = "permerror",
		[SIG_TEMPERROR] = "temperror",
		[SIG_NEUTRAL] = "neutral",
	};

	return names[v];
}

static enum mailauth_severity
colour_of_spf(enum mailauth_spf_result result)
{
	switch (result) {
	case MAILAUTH_SPF_PASS: return MAILAUTH_PASS;
	case MAILAUTH_SPF_NONE:
	case MAILAUTH_SPF_NEUTRAL:
	case MAILAUTH_SPF_TEMPERROR: return MAILAUTH_WARN;
	default: return MAILAUTH_FAIL;
	}
}

static enum mailauth_severity
colour_of_sig(enum sig_state state)
{
	switch (state) {
	case SIG_PASS: return MAILAUTH_PASS;
	case SIG_NEUTRAL:
	case SIG_TEMPERROR: return MAILAUTH_WARN;
	default: return MAILAUTH_FAIL;
	}
}

static void
put_label(struct page *p, const char *label)
{
	put_text(&p->w, "  ");
	put_text(&p->w, label);
	page_pad(p, strlen(label), 10);
}

/* Write a paragraph behind its label, with lines broken at blanks. */
static void
put_paragraph(struct page *p, const char *label, const char *text)
{
	struct mailauth_str rest = { text, strlen(text) };
	size_t column = strlen(label) + 2;

	put_text(&p->w, "  ");
	put_text(&p->w, label);
	while (rest.n > 0) {
		const char *blank = memchr(rest.s, ' ', rest.n);
		size_t n = blank != NULL ? (size_t)(blank - rest.s) : rest.n;

		if (column > INDENT && column + 1 + n > WIDTH) {
			put_char(&p->w, '\n');
			page_pad(p, 0, INDENT);
			column = INDENT;
		} else {
			put_char(&p->w, ' ');
			column++;
		}
		put_bytes(&p->w, rest.s, n);
		column += n;
		n += blank != NULL;
		rest.s += n;
		rest.n -= n;
	}
	put_char(&p->w, '\n');
}

static void
put_source(struct page *p, const char *source)
{
	if (source == NULL)
		return;
	put_text(&p->w, " (");
	put_text(&p->w, source);
	put_char(&p->w, ')');
}

/* Which hop was taken, and how sure that is. */
static void
put_hop(struct page *p, const struct explain_report *e)
{
	bool likely;

	if (e->hops == 0 || e->hop_why == NULL)
		return;
	put_label(p, "hop");
	if (e->hop > 0)
		put_number(&p->w, e->hop);
	else
		put_text(&p->w, "none");
	put_text(&p->w, " of ");
	put_number(&p->w, e->hops);
	likely = strcmp(e->hop_sure, "likely") == 0;
	put_text(&p->w, likely ? ", probably: " : ": ");
	put_text(&p->w, e->hop_why);
	if (!likely) {
		put_text(&p->w, " (");
		put_text(&p->w, e->hop_sure);
		put_char(&p->w, ')');
	}
	put_char(&p->w, '\n');
}

/* What the file is, and the messages in it, when it is more than one. */
static void
put_file(struct page *p, const struct explain_report *e)
{
	if (e->form != NULL) {
		put_label(p, "file");
		put_text(&p->w, e->form);
		put_text(&p->w, ": the message was taken out of it\n");
	}
	for (unsigned i = 0; i < e->nparts && e->nparts > 1; i++) {
		const struct file_part *f = &e->parts[i];

		put_label(p, i == 0 ? "messages" : "");
		put_number(&p->w, i + 1);
		put_text(&p->w, f->attached ? " attached: " : ": ");
		put_untrusted(&p->w, f->from);
		if (f->subject.n > 0) {
			put_text(&p->w, ", '");
			put_untrusted(&p->w, f->subject);
			put_char(&p->w, '\'');
		}
		put_text(&p->w, i + 1 == e->part ? " (this one)\n" : "\n");
	}
}

static void
put_envelope(struct page *p, const struct explain_report *e)
{
	put_label(p, "from");
	if (report_data(p->r, &dmarc_part) == NULL)
		put_text(&p->w, "no single author");
	if (report_data(p->r, &dmarc_part) == NULL && e->from.n > 0)
		put_text(&p->w, "; first ");
	put_untrusted(&p->w, e->from);
	put_char(&p->w, '\n');
	put_label(p, "mail from");
	if (e->has_mail_from && e->mail_from.n == 0)
		put_text(&p->w, "<>");
	else if (e->has_mail_from)
		put_untrusted(&p->w, e->mail_from);
	else
		put_text(&p->w, "not known");
	put_source(p, e->mail_from_source);
	put_char(&p->w, '\n');
	put_label(p, "sent by");
	if (e->ip.n > 0)
		put_str(&p->w, e->ip);
	else
		put_text(&p->w, "not known");
	if (e->helo.n > 0) {
		put_text(&p->w, ", ");
		put_untrusted(&p->w, e->helo);
	}
	put_source(p, e->ip_source);
	put_char(&p->w, '\n');
	put_hop(p, e);
}

static void
put_claims(struct page *p, const struct claims *h, const char *label)
{
	for (; h != NULL; h = h->next) {
		put_label(p, label);
		if (h->filter != NULL)
			put_text(&p->w, h->filter);
		else if (h->id.n > 0)
			put_untrusted(&p->w, h->id);
		else
			put_text(&p->w, "somebody");
		put_text(&p->w,
		    h->instance > 0 ? " said:" :
		        h->counts   ? " says:" :
		        h->trusted  ? " (may be forged) says:" :
		                      " (not trusted) says:");
		for (const struct claim *r = h->results; r != NULL;
		     r = r->next) {
			put_char(&p->w, ' ');
			put_untrusted(&p->w, r->method);
			put_char(&p->w, '=');
			put_untrusted(&p->w, r->result);
			if (r->domain.n > 0) {
				put_text(&p->w, " for ");
				put_untrusted(&p->w, r->domain);
			}
			if (r->next != NULL)
				put_char(&p->w, ',');
		}
		put_text(&p->w, h->none ? " nothing was checked\n" : "\n");
	}
}

/* Say that a result is a claim of the receiver, not recomputed; in a header
 * without Received, of anybody. */
static void
put_hearsay(struct page *p, const struct explain_report *e,
    enum identifier_source source)
{
	if (source == SOURCE_REPORTED)
		put_text(&p->w,
		    e->hops > 0 ? "; what the receiver says counts" :
		                  "; known from a header that may be forged");
}

static void
put_spf(struct page *p, const struct explain_report *e)
{
	put_label(p, "spf");
	if (e->spf_result != MAILAUTH_SPF_UNDECIDED) {
		page_word(p, colour_of_spf(e->spf_result),
		    spf_result_name(e->spf_result));
		put_text(&p->w, " for ");
		put_untrusted(&p->w, e->spf_domain);
	} else {
		put_text(&p->w, "not tried");
	}
	if (e->spf_why != NULL) {
		put_text(&p->w, ": ");
		put_text(&p->w, e->spf_why);
	}
	put_hearsay(p, e, e->spf_source);
	if (e->spf_result != MAILAUTH_SPF_UNDECIDED) {
		put_text(&p->w, ", ");
		put_text(&p->w, name_dnssec(e->spf_dnssec));
	}
	put_char(&p->w, '\n');
}

static void
put_signature(struct page *p, const struct sig_report *s)
{
	put_label(p, "dkim");
	page_word(p, colour_of_sig(s->result), sig_state_name(s->result));
	put_text(&p->w, " for ");
	put_untrusted(&p->w, s->domain);
	put_text(&p->w, ", selector ");
	put_untrusted(&p->w, s->selector);
	if (s->looked_up.n > 0 && !str_ieq(s->looked_up, s->selector)) {
		put_text(&p->w, ", in DNS ");
		put_str(&p->w, s->looked_up);
	}
	if (s->why != NULL) {
		put_text(&p->w, ": ");
		put_text(&p->w, s->why);
	}
	if (s->has_key) {
		put_text(&p->w, ", ");
		put_text(&p->w, name_dnssec(s->dnssec));
	}
	put_char(&p->w, '\n');
}

static void
put_signatures(struct page *p, const struct explain_report *e)
{
	for (const struct sig_report *s = e->sigs; s != NULL; s = s->next)
		put_signature(p, s);
	if (e->nsigs == 0) {
		put_label(p, "dkim");
		put_text(&p->w, "the message has no signature");
		put_hearsay(p, e, e->dkim_source);
		put_char(&p->w, '\n');
	}
}

/* The sender of the settings, and each value that the message shows. */
static void
put_sent(struct page *p, const struct sent_report *s)
{
	if (s == NULL)
		return;
	put_label(p, "settings");
	put_str(&p->w, s->path);
	if (s->pool.n > 0) {
		put_text(&p->w, ", ");
		put_str(&p->w, s->pool);
	}
	put_text(&p->w,
	    s->values == NULL ? ": the message shows none of its values\n" :
	                        "\n");
	for (const struct sent_value *v = s->values; v != NULL; v = v->next) {
		put_label(p, "");
		put_text(&p->w, v->label);
		put_text(&p->w, ": ");
		put_str(&p->w, v->set);
		if (v->differs) {
			put_text(&p->w, "; ");
			page_word(p, MAILAUTH_WARN, "not so in the message");
			put_text(&p->w, ": ");
			put_str(&p->w, v->has);
		}
		put_char(&p->w, '\n');
	}
}

/* "dmarc=fail for news@example.com, policy reject" */
static void
put_result(struct page *p, const struct explain_report *e)
{
	const struct dmarc_report *d = report_data(p->r, &dmarc_part);
	const char *result = d != NULL ? dmarc_shown_result(d) : NULL;
	const char *policy =
	    d != NULL ? dmarc_policy_name(d->side[0].policy) : NULL;

	if (result == NULL)
		return;
	put_text(&p->w, "  dmarc=");
	page_word(p,
	    d->side[0].result == MAILAUTH_DMARC_RESULT_PASS ? MAILAUTH_PASS :
	        d->side[0].result == MAILAUTH_DMARC_RESULT_FAIL ?
	                                                      MAILAUTH_FAIL :
	                                                      MAILAUTH_WARN,
	    result);
	put_text(&p->w, " for ");
	put_untrusted(&p->w, e->from);
	if (policy != NULL) {
		put_text(&p->w, ", policy ");
		put_text(&p->w, policy);
	}
	if (e->dmarc_source == SOURCE_REPORTED)
		put_text(&p->w, " (the receiver says so)");
	put_char(&p->w, '\n');
}

/* The first cause explains the result; others are beside it. */
static void
put_causes(struct page *p, const struct explain_report *e)
{
	for (const struct cause *c = e->causes; c != NULL; c = c->next) {
		put_paragraph(p, c == e->causes ? "Why:" : "Also:", c->text);
		if (c->remedy != NULL)
			put_paragraph(p, "What to do:", c->remedy);
	}
}

static void
put_explain(struct page *p, const void *data)
{
	const struct explain_report *e = data;

	put_result(p, e);
	put_causes(p, e);
	put_text(&p->w, "  How we know:\n");
	put_file(p, e);
	put_envelope(p, e);
	put_claims(p, e->claims, "claimed");
	if (p->verbose)
		put_claims(p, e->arc, "arc");
	put_spf(p, e);
	put_signatures(p, e);
	put_sent(p, e->sent);
}

static void
put_head(struct page *p, const void *data)
{
	(void)data;
	page_head(p,
	    report_data(p->r, &dmarc_part) == NULL ?
	        "message without a usable From" :
	        NULL,
	    mailauth_report_dnssec(p->r));
}

const struct part_type explain_part = {
	.name = "explain",
	.head = put_head,
	.text = put_explain,
	.json = explain_json,
};

bool
mailauth_report_cause(const struct mailauth_report *r, size_t i,
    struct mailauth_cause_view *out)
{
	const struct explain_report *e = report_data(r, &explain_part);
	const struct cause *c = e != NULL ? e->causes : NULL;

	while (c != NULL && i-- > 0)
		c = c->next;
	if (c == NULL || out == NULL)
		return false;
	*out = (struct mailauth_cause_view){ c->name, c->text, c->remedy };
	return true;
}

const char *
mailauth_report_missing(const struct mailauth_report *r, size_t i)
{
	const struct explain_report *e = report_data(r, &explain_part);
	const char *missing[3];
	size_t n = 0;

	if (e != NULL && e->lacks_ip)
		missing[n++] = "ip";
	if (e != NULL && e->lacks_mail_from)
		missing[n++] = "mail_from";
	if (e != NULL && e->lacks_helo)
		missing[n++] = "helo";
	return i < n ? missing[i] : NULL;
}
