/*
 * transport_files.c - a policy of MTA-STS and certificates of mail hosts, in a
 * check
 * SPDX-License-Identifier: BSD-3-Clause
 */
#include "domain/transport_files.h"

#include <errno.h>
#include <stdio.h>

#include "base/str.h"
#include "domain/dane.h"
#include "sys/file.h"
#include "transport/chain.h"
#include "transport/policy.h"

/* A certificate of the request. */
struct cert {
	struct mailauth_str host; /* STR_NONE: each */
	struct mailauth_str pem;
};

struct transport_files {
	bool has_policy;
	bool longer; /* the policy has more octets */
	struct mailauth_str policy; /* octets */
	struct cert *certs;
	size_t ncerts;
};

/* Taking. */

static enum mailauth_status
read_file(struct check *c, const char *file, size_t max,
    struct mailauth_str *out, bool *longer, char *why)
{
	enum file_end end = file_read(file, max, &c->report->arena, out);

	*longer = end == FILE_LONGER;
	if (end == FILE_NO_MEMORY)
		return MAILAUTH_ENOMEM;
	if (end == FILE_WHOLE || end == FILE_LONGER)
		return MAILAUTH_OK;
	snprintf(why, MAILAUTH_WHY_MAX, "%.400s: %s", file, strerror(errno));
	return MAILAUTH_EINPUT;
}

static enum mailauth_status
take_cert(struct check *c, const struct mailauth_tls_cert *from,
    struct cert *out, char *why)
{
	enum mailauth_status status = MAILAUTH_OK;
	struct chain *chain;
	bool longer;

	if (from->file == NULL)
		return refuse(why, "", "a certificate needs a file");
	if (from->host != NULL)
		status = take_name(c, from->host, &out->host, why);
	if (status == MAILAUTH_OK)
		status = read_file(c, from->file, CHAIN_FILE_MAX, &out->pem,
		    &longer, why);
	if (status != MAILAUTH_OK)
		return status;
	chain = chain_read(out->pem);
	if (chain == NULL || longer) {
		snprintf(why, MAILAUTH_WHY_MAX, "%.400s: %s", from->file,
		    longer ? "the file is longer than 1 MiB" :
		             "there is no PEM certificate in it");
		status = MAILAUTH_EINPUT;
	}
	chain_free(chain);
	return status;
}

/* The report would not show that the check skips a file. */
static bool
is_skipped(const struct mailauth_request *q, enum mailauth_kind_id kind)
{
	return q->only != 0 && (q->only >> kind & 1) == 0;
}

static enum mailauth_status
check_wanted(const struct mailauth_request *q, char *why)
{
	const char *what = NULL;

	if (q->mta_sts_policy != NULL && is_skipped(q, MAILAUTH_KIND_MTASTS))
		what = "a policy of MTA-STS, and MTA-STS is not checked";
	if (q->ntls_certs > 0 && is_skipped(q, MAILAUTH_KIND_TLSA))
		what = "certificates of mail hosts, and TLSA is not checked";
	if (what == NULL)
		return MAILAUTH_OK;
	snprintf(why, MAILAUTH_WHY_MAX, "%s", what);
	return MAILAUTH_EUSE;
}

enum mailauth_status
transport_files_take(struct check *c, struct domain_check *dc, char *why)
{
	const struct mailauth_request *q = dc->request;
	struct arena *arena = &c->report->arena;
	enum mailauth_status status = check_wanted(q, why);
	struct transport_files *f;

	if (status != MAILAUTH_OK ||
	    (q->mta_sts_policy == NULL && q->ntls_certs == 0))
		return status;
	f = dc->files = arena_alloc(arena, sizeof(*f));
	if (f == NULL)
		return MAILAUTH_ENOMEM;
	f->certs = arena_alloc(arena, (q->ntls_certs + 1) * sizeof(*f->certs));
	if (f->certs == NULL)
		return MAILAUTH_ENOMEM;
	f->has_policy = q->mta_sts_policy != NULL;
	if (f->has_policy)
		status = read_file(c, q->mta_sts_policy, POLICY_MAX, &f->policy,
		    &f->longer, why);
	for (; status == MAILAUTH_OK && f->ncerts < q->ntls_certs; f->ncerts++)
		status = take_cert(c, &q->tls_certs[f->ncerts],
		    &f->certs[f->ncerts], why);
	return status;
}

/* The policy of MTA-STS. */

/* A name of the library without its final dot, for people and for names in
 * files. */
static struct mailauth_str
undotted(struct mailauth_str name)
{
	return str_sub(name, 0, name.n > 0 ? name.n - 1 : 0);
}

static bool
tell_faults(struct check *c, const struct policy *p)
{
	bool fail = false;

	for (size_t i = 0; i < p->nfaults; i++) {
		const struct policy_fault *f = &p->fault[i];
		struct writer w = arena_writer(&c->report->arena);
		enum mailauth_finding_id id = (enum mailauth_finding_id)f->id;

		put_bytes(&w, f->what, f->used);
		if (f->more > 0) {
			put_text(&w, ", and ");
			put_number(&w, f->more);
			put_text(&w, " more");
		}
		tell(c, NULL, id, writer_str(&w));
		fail = fail ||
		    finding_row(id)->severity[c->report->scope.profile] ==
		        MAILAUTH_FAIL;
	}
	return fail;
}

/* Put findings on hosts that no pattern covers; true without any. */
static bool
tell_covered(struct check *c, const struct policy *p,
    const struct mail_hosts *hosts)
{
	bool all = true;

	for (size_t i = 0; i < hosts->n; i++) {
		if (policy_covers(p, undotted(hosts->name[i])))
			continue;
		all = false;
		tell(c, NULL,
		    p->mode == POLICY_ENFORCE ?
		        MAILAUTH_F_MTASTS_POLICY_MX_UNCOVERED :
		        MAILAUTH_F_MTASTS_POLICY_MX_UNCOVERED_TESTING,
		    hosts->name[i]);
	}
	return all;
}

static void
tell_unused(struct check *c, const struct policy *p,
    const struct mail_hosts *hosts)
{
	for (size_t i = 0; i < p->nmx && hosts->known && hosts->n > 0; i++) {
		bool used = false;

		for (size_t k = 0; k < hosts->n; k++)
			used = used ||
			    policy_mx_covers(p->mx[i],
			        undotted(hosts->name[k]));
		if (!used)
			tell(c, NULL, MAILAUTH_F_MTASTS_POLICY_MX_UNUSED,
			    shown(c, p->mx[i]));
	}
}

static struct mailauth_str
summary(struct check *c, const struct policy *p)
{
	struct writer w = arena_writer(&c->report->arena);

	put_text(&w, "mode ");
	put_text(&w, policy_mode_name(p->mode));
	put_text(&w, ", max_age ");
	put_number(&w, p->max_age);
	return writer_str(&w);
}

void
sts_policy_tell(struct check *c, const struct transport_files *f,
    const struct record_set *set)
{
	struct mail_hosts hosts;
	struct policy p;
	bool good;

	if (f == NULL || !f->has_policy)
		return;
	if (!policy_read(&c->report->arena, f->policy, f->longer, &p)) {
		c->report->arena.failed = true;
		return;
	}
	good = !tell_faults(c, &p);
	if (is_none(set))
		tell(c, NULL, MAILAUTH_F_MTASTS_POLICY_WITHOUT_RECORD,
		    set->answer->name);
	else if (!has_record(set))
		doubt_answer(c, NULL, set->answer,
		    MAILAUTH_F_MTASTS_POLICY_WITHOUT_RECORD);
	if (p.mode == POLICY_TESTING)
		tell(c, NULL, MAILAUTH_F_MTASTS_POLICY_TESTING, STR_NONE);
	if (p.mode == POLICY_NONE)
		tell(c, NULL, MAILAUTH_F_MTASTS_POLICY_NONE, STR_NONE);
	if (p.mode != POLICY_TESTING && p.mode != POLICY_ENFORCE)
		return;
	mail_hosts(c, &hosts);
	good = tell_covered(c, &p, &hosts) && good;
	tell_unused(c, &p, &hosts);
	if (!hosts.known)
		mail_hosts_doubt(c,
		    p.mode == POLICY_ENFORCE ?
		        MAILAUTH_F_MTASTS_POLICY_MX_UNCOVERED :
		        MAILAUTH_F_MTASTS_POLICY_MX_UNCOVERED_TESTING);
	else if (good)
		tell(c, NULL, MAILAUTH_F_MTASTS_POLICY_OK, summary(c, &p));
}

/* Certificates. */

/* A host with its TLSA records, while certificates are compared. */
struct compared_host {
	struct mailauth_str name;
	const struct record_set *set;
	const char *names[3]; /* that a certificate can have; up to NULL */
	bool *explained; /* each record: it needs no further finding */
	size_t matches; /* records that match some certificate */
};

/* What one certificate is to the records of a host. */
struct outcome {
	size_t matches, usable;
	size_t first; /* the first record that matches */
	enum chain_match unfit; /* CHAIN_NAME, CHAIN_BROKEN; else CHAIN_OTHER */
	const char *why; /* of CHAIN_BROKEN */
};

static void
compare(const struct chain *chain, struct compared_host *h, struct outcome *out)
{
	const struct mailauth_answer *a = h->set->answer;

	*out = (struct outcome){ .unfit = CHAIN_OTHER };
	for (size_t i = 0; i < a->nrr; i++) {
		const char *why;
		enum chain_match m =
		    chain_match(chain, &a->rr[i], h->names, &why);

		out->usable += m != CHAIN_UNUSABLE;
		h->explained[i] = h->explained[i] || m != CHAIN_OTHER;
		if (m == CHAIN_MATCH && out->matches++ == 0)
			out->first = i;
		if (m == CHAIN_NAME || m == CHAIN_BROKEN) {
			out->unfit = m;
			out->why = why;
		}
	}
	h->matches += out->matches;
}

/* "mx.example.com.: 3 1 1 0123456789abcdef...": host and record. */
static void
put_record(struct writer *w, const struct compared_host *h, size_t i)
{
	char room[32];
	struct writer data = writer_of(room, sizeof(room));

	h->set->j.kind->show(&h->set->answer->rr[i], &data);
	put_str(w, h->name);
	put_text(w, ": ");
	put_str(w, writer_str(&data));
	if (data.full)
		put_text(w, "...");
}

static void
put_unfit(struct writer *w, const struct outcome *o)
{
	put_text(w,
	    o->unfit == CHAIN_NAME ? "it has no name of the host" :
	                             "its chain: ");
	if (o->why != NULL)
		put_text(w, o->why);
}

/* The record to publish, as the remedy. */
static void
put_remedy_of(struct check *c, struct finding *f, const struct chain *chain,
    struct mailauth_str host)
{
	struct writer w = arena_writer(&c->report->arena);
	char data[CHAIN_TLSA_TEXT];

	if (f == NULL)
		return;
	chain_tlsa(chain, data);
	put_text(&w, "publish '_25._tcp.");
	put_str(&w, dane_base(c, host));
	put_text(&w, " IN TLSA ");
	put_text(&w, data);
	put_text(&w,
	    "' beside the other records, wait for their TTL, and only "
	    "then use the certificate");
	f->remedy = writer_str(&w);
}

static void
tell_one(struct check *c, const struct chain *chain, struct compared_host *h)
{
	struct writer w = arena_writer(&c->report->arena);
	char subject[CHAIN_NAME_MAX];
	struct finding *f;
	struct outcome o;

	compare(chain, h, &o);
	if (o.matches > 0) {
		put_record(&w, h, o.first);
		tell(c, NULL, MAILAUTH_F_DANE_MATCH, writer_str(&w));
		return;
	}
	put_str(&w, h->name);
	if (o.usable == 0) {
		tell(c, NULL, MAILAUTH_F_DANE_MATCH_NOTHING, writer_str(&w));
		return;
	}
	chain_subject(chain, subject);
	put_text(&w, ": ");
	put_text(&w, subject);
	if (o.unfit != CHAIN_OTHER) {
		put_text(&w, ": ");
		put_unfit(&w, &o);
		tell(c, NULL, MAILAUTH_F_DANE_MATCH_UNFIT, writer_str(&w));
		return;
	}
	f = report_add(c->report, NULL, MAILAUTH_F_DANE_MATCH_NONE,
	    writer_str(&w));
	put_remedy_of(c, f, chain, h->name);
}

static void
tell_others(struct check *c, const struct compared_host *h)
{
	for (size_t i = 0; h->matches > 0 && i < h->set->answer->nrr; i++) {
		struct writer w = arena_writer(&c->report->arena);

		if (h->explained[i])
			continue;
		put_record(&w, h, i);
		tell(c, NULL, MAILAUTH_F_DANE_MATCH_OTHER, writer_str(&w));
	}
}

static bool
is_for(const struct cert *cert, struct mailauth_str host)
{
	return cert->host.n == 0 || str_eq(cert->host, host);
}

/* Compare the certificates of a host with its records, which were found. */
static void
compare_all(struct check *c, const struct transport_files *f,
    struct compared_host *h)
{
	for (size_t i = 0; i < f->ncerts; i++) {
		struct chain *chain;

		if (!is_for(&f->certs[i], h->name))
			continue;
		chain = chain_read(f->certs[i].pem);
		if (chain == NULL)
			c->report->arena.failed = true;
		else
			tell_one(c, chain, h);
		chain_free(chain);
	}
	tell_others(c, h);
}

static const char *
c_name(struct check *c, struct mailauth_str name)
{
	return arena_copy(&c->report->arena, undotted(name)).s;
}

static void
tell_host(struct check *c, const struct transport_files *f,
    struct mailauth_str host)
{
	struct compared_host h = { .name = host, .set = dane_set(c, host) };
	size_t n = 0;

	for (size_t i = 0; i < f->ncerts; i++)
		n += is_for(&f->certs[i], host);
	if (n == 0 || h.set == NULL)
		return;
	if (h.set->answer->outcome == MAILAUTH_FAILED ||
	    h.set->answer->dnssec == MAILAUTH_DNSSEC_BOGUS) {
		doubt_answer(c, NULL, h.set->answer,
		    MAILAUTH_F_DANE_MATCH_NONE);
		return;
	}
	if (is_none(h.set)) {
		tell(c, NULL, MAILAUTH_F_DANE_MATCH_NOTHING, host);
		return;
	}
	h.names[0] = c_name(c, dane_base(c, host));
	h.names[1] = c_name(c, c->domain);
	h.explained = arena_alloc(&c->report->arena,
	    h.set->answer->nrr * sizeof(*h.explained));
	if (h.names[0] != NULL && h.names[1] != NULL && h.explained != NULL)
		compare_all(c, f, &h);
}

static void
tell_unknown(struct check *c, const struct cert *cert,
    const struct mail_hosts *hosts)
{
	bool known = hosts->n > 0 && cert->host.n == 0;

	for (size_t i = 0; i < hosts->n; i++)
		known = known || str_eq(cert->host, hosts->name[i]);
	if (known)
		return;
	if (!hosts->known)
		mail_hosts_doubt(c, MAILAUTH_F_DANE_MATCH_NONE);
	else
		tell(c, NULL, MAILAUTH_F_TLS_CERT_HOST_UNKNOWN,
		    cert->host.n > 0 ? cert->host :
		                       STR("the domain has no mail host"));
}

void
tls_certs_tell(struct check *c, const struct transport_files *f,
    const struct mail_hosts *hosts)
{
	for (size_t i = 0; f != NULL && i < hosts->n; i++)
		tell_host(c, f, hosts->name[i]);
	for (size_t i = 0; f != NULL && i < f->ncerts; i++)
		tell_unknown(c, &f->certs[i], hosts);
}
