/*
 * named.c - records at a wrong name, and such with their name in the text
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * Panels ask for a name and a text; who finds one field only writes both into
 * it: "_dmarc= v=DMARC1; p=none" at the domain.
 */
#include "base/str.h"
#include "domain/domain.h"
#include "record/repair.h"
#include "record/spf_repair.h"
#include "record/txt.h"
#include "report/remedy.h"

/* The name that was written in front of a record is that of its owner: in full,
 * or without the domain. */
static bool
is_name_of(struct mailauth_str written, struct mailauth_str owner)
{
	if (written.n > 0 && written.s[written.n - 1] == '.')
		written.n--;
	return str_istarts(owner, written) && owner.n > written.n &&
	    owner.s[written.n] == '.';
}

/* What to publish, and where: the record as it is, or repaired. */
static struct mailauth_str
remedy(struct check *c, const struct mailauth_kind *kind,
    struct mailauth_str record, struct mailauth_str owner)
{
	struct writer w = arena_writer(&c->report->arena), r = w;
	char room[REPAIR_MAX];

	r = writer_of(room, sizeof(room));
	if (repair_text(kind, record, &r))
		record = writer_str(&r);
	else if (!repair_is_sound(kind, record))
		return STR_NONE;
	put_publish(&w, record, owner);
	put_text(&w, " and delete the text at ");
	put_str(&w, c->domain);
	return writer_str(&w);
}

void
tell_named(struct check *c, const struct record_set *set,
    enum mailauth_kind_id id, struct mailauth_str owner)
{
	const struct lookup *l = got(c, c->domain, RRTYPE_TXT);

	for (size_t i = 0; is_found(l) && i < l->answer.nrr; i++) {
		const struct mailauth_rdata *rr = &l->answer.rr[i];
		char *room = arena_alloc(&c->report->arena, rr->len + 1u);
		struct mailauth_str written, record, at = owner;
		const struct mailauth_kind *kind;
		struct txt txt;

		if (room == NULL || !txt_join(rr, room, rr->len, &txt) ||
		    str_find(txt.text, '_') == txt.text.n)
			continue;
		kind = repair_named(txt.text, &written, &record);
		if (kind == NULL || kind->id != id ||
		    (at.n > 0 && !is_name_of(written, at)))
			continue;
		if (at.n == 0) {
			at = name_of(c, written);
			if (!dname_under(at, c->domain))
				at = name_below(c, written, c->domain);
		}
		tell_remedy(c, set, MAILAUTH_F_TXT_NAME_IN_TEXT,
		    shown(c, str_sub(txt.text, 0, 60)),
		    remedy(c, kind, record, at));
	}
}

/* The record can be published as it is. */
static bool
is_sound(const struct mailauth_record *record)
{
	return record->kind->id == MAILAUTH_KIND_SPF ?
	    spf_faults(record->text) == NULL :
	    repair_is_sound(record->kind, record->text);
}

void
tell_misplaced(struct check *c, const struct record_set *set,
    const struct record_set *there, enum mailauth_finding_id id)
{
	struct mailauth_str name = there->answer->name;
	struct writer w = arena_writer(&c->report->arena);

	if (is_sound(&there->j.record)) {
		put_publish(&w, there->j.record.text, set->answer->name);
		put_text(&w, " and delete it at ");
		put_str(&w, name);
	}
	tell_remedy(c, set, id, name, writer_str(&w));
}
