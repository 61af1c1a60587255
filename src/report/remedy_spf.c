/*
 * remedy_spf.c - one SPF record in place of several
 * SPDX-License-Identifier: BSD-3-Clause
 */
#include "report/remedy.h"

#include "base/str.h"
#include "record/repair.h"
#include "record/spf.h"
#include "record/spf_merge.h"
#include "record/spf_repair.h"
#include "record/txt.h"

/* Records that are joined, at most: more are no accident. */
#define RECORDS_MAX 8

/* The SPF records of an answer; false when there is no room for them. */
static bool
take_records(const struct mailauth_answer *a, char room[REPAIR_MAX],
    struct mailauth_str out[RECORDS_MAX], size_t *n)
{
	size_t used = 0;

	*n = 0;
	for (size_t i = 0; i < a->nrr; i++) {
		struct txt txt;

		if (!txt_join(&a->rr[i], room + used, REPAIR_MAX - used,
		        &txt) ||
		    !spf_is_record(txt.text))
			continue;
		if (*n == RECORDS_MAX)
			return false;
		out[(*n)++] = txt.text;
		used += txt.text.n;
	}
	return *n > 1;
}

/* Why these records cannot be joined as they are; false when they can. */
static bool
put_hindrance(struct writer *w, const struct mailauth_str *record, size_t n)
{
	struct mailauth_str one, other;

	for (size_t i = 0; i < n; i++) {
		if (spf_faults(record[i]) != NULL) {
			put_text(w, "correct the record '");
			put_untrusted(w, record[i]);
			put_text(w, "' first, then merge them into one");
			return true;
		}
		for (size_t k = 0; k < i; k++) {
			if (!spf_contradict(record[k], record[i], &one, &other))
				continue;
			put_text(w, "decide who may send, since '");
			put_untrusted(w, one);
			put_text(w, "' is in one record and '");
			put_untrusted(w, other);
			put_text(w, "' in another; then merge them into one");
			return true;
		}
	}
	return false;
}

static bool
has_include(struct mailauth_str record)
{
	struct spf_reader r = spf_terms(record);
	struct spf_term t;

	while (spf_next(&r, &t))
		if (t.what == SPF_INCLUDE || t.what == SPF_REDIRECT)
			return true;
	return false;
}

bool
put_spf_joined(struct writer *w, const struct record_set *set)
{
	char room[REPAIR_MAX], joined[REPAIR_MAX];
	struct writer j = writer_of(joined, sizeof(joined));
	struct mailauth_str record[RECORDS_MAX], left;
	size_t n;

	if (!take_records(set->answer, room, record, &n))
		return false;
	if (put_hindrance(w, record, n))
		return true;
	put_spf_join(&j, record, n, &(struct spf_joint){ .nadd = 0 }, &left);
	if (j.full)
		return false;
	if (spf_join_weakens(record, n, writer_str(&j))) {
		put_text(w,
		    "one record leaves other senders to redirect=: put an "
		    "'all' in its place, with an include: in front, then merge "
		    "them into one");
		return true;
	}
	if (spf_faults(writer_str(&j)) != NULL) {
		put_text(w,
		    "merge them into one record; together they need more than "
		    "ten lookups, so first take out what no longer sends");
		return true;
	}
	put_text(w, "in place of all ");
	put_number(w, n);
	put_text(w, " SPF records ");
	put_publish_of(w, writer_str(&j), set->answer);
	if (left.n > 0) {
		put_text(w, "; one record has no room for '");
		put_untrusted(w, left);
		put_char(w, '\'');
	}
	if (has_include(writer_str(&j)))
		put_text(w, "; then check again that ten lookups are enough");
	return true;
}

bool
put_spf_ordered(struct writer *w, const struct record_set *set,
    struct mailauth_str text)
{
	struct spf_reader r = spf_terms(text);
	char room[REPAIR_MAX];
	struct writer o = writer_of(room, sizeof(room));
	struct mailauth_str all = STR_NONE;
	struct spf_term t;

	put_text(&o, "v=spf1");
	while (spf_next(&r, &t)) {
		bool behind = all.n > 0;

		if (t.fault != MAILAUTH_F_NONE || t.what == SPF_REDIRECT ||
		    (behind && t.qualifier != '+'))
			return false;
		if (t.what == SPF_ALL) {
			if (behind || t.qualifier == '+')
				return false;
			all = t.text;
			continue;
		}
		put_char(&o, ' ');
		put_str(&o, t.text);
	}
	put_char(&o, ' ');
	put_str(&o, all);
	if (all.n == 0 || o.full || spf_faults(writer_str(&o)) != NULL)
		return false;
	put_publish_of(w, writer_str(&o), set->answer);
	if (has_include(writer_str(&o)))
		put_text(w, "; then check again that ten lookups are enough");
	return true;
}
