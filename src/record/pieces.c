/*
 * pieces.c - one record that was published as several
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * Panels with one field a string, and people who read "several strings", make
 * TXT records of their own of the strings or the tags of one record.
 */
#include "record/repair.h"
#include "record/txt.h"

/* The texts of a set. */
struct set {
	const struct mailauth_kind *kind;
	struct mailauth_str text[PIECES_MAX];
	size_t n;
	size_t first; /* the one with the version */
};

/* Read the texts; false unless they are few, and one begins the record. */
static bool
read_texts(struct set *s, const struct mailauth_answer *a, char *room)
{
	size_t used = 0, starts = 0;

	s->n = a->nrr;
	if (s->kind->version == NULL || a->nrr < 2 || a->nrr > PIECES_MAX)
		return false;
	for (size_t i = 0; i < a->nrr; i++) {
		struct txt txt;
		struct mailauth_str v;
		struct tag_item it;

		if (!txt_join(&a->rr[i], room + used, REPAIR_MAX - used, &txt))
			return false;
		if (txt.text.s == room + used)
			used += txt.text.n;
		s->text[i] = v = str_trim(txt.text);
		if (v.n == 0)
			return false;
		if (!tag_next(&v, &it) || !str_ieq(it.name, STR("v")) ||
		    s->kind->pick(s->text[i]) != PICK_YES)
			continue;
		s->first = i;
		starts++;
	}
	/* A key needs no version. */
	for (size_t i = 0; starts == 0 && i < s->n; i++)
		if (s->kind->loose && s->kind->pick(s->text[i]) == PICK_YES) {
			s->first = i;
			starts = 1;
		}
	return starts == 1;
}

/* The slot of a tag; `n` of the list when it is not known. */
static size_t
slot_of(const struct taglist *list, struct mailauth_str name)
{
	size_t i = 0;

	while (i < list->n && !str_ieq(name, list->tag[i].name))
		i++;
	return i;
}

/* Each text is a list of known tags, and no tag is in two of them. */
static bool
are_tags(const struct set *s)
{
	bool seen[MAILAUTH_VALUES_MAX] = { false };

	for (size_t i = 0; i < s->n; i++) {
		struct mailauth_str rest = s->text[i];
		struct tag_item it;

		while (tag_next(&rest, &it)) {
			size_t slot = slot_of(s->kind->tags, it.name);

			if (it.whole.n == 0)
				continue;
			if (!it.named || slot == s->kind->tags->n || seen[slot])
				return false;
			seen[slot] = true;
		}
	}
	return true;
}

/* Write tags: a text, and what separates it from the one before. */
static void
put_tags(struct writer *w, struct mailauth_str t)
{
	while (t.n > 0 && (t.s[t.n - 1] == ';' || is_fws(t.s[t.n - 1])))
		t.n--;
	put_text(w, w->used > 0 ? "; " : "");
	put_str(w, t);
}

/* Join texts of tags: the version first, then a policy, then the rest in the
 * order in which they came. */
static void
join_tags(const struct set *s, struct writer *w)
{
	for (int pass = 0; pass < 3; pass++)
		for (size_t i = 0; i < s->n; i++) {
			int place = i == s->first              ? 0 :
			    str_istarts(s->text[i], STR("p=")) ? 1 :
			                                         2;

			if (place == pass)
				put_tags(w, s->text[i]);
		}
}

/* The orders of the pieces behind the first one. */
struct orders {
	const struct set *s;
	size_t order[PIECES_MAX];
	size_t sound;
	struct writer *w; /* the first sound record */
};

static void
try_order(void *self)
{
	struct orders *o = self;
	char room[REPAIR_MAX];
	struct writer w = writer_of(room, sizeof(room));

	for (size_t i = 0; i < o->s->n; i++)
		put_str(&w, o->s->text[o->order[i]]);
	if (w.full || !repair_is_sound(o->s->kind, writer_str(&w)))
		return;
	if (o->sound++ == 0)
		put_str(o->w, writer_str(&w));
}

void
each_order(size_t *order, size_t n, size_t at, void (*try)(void *self),
    void *self)
{
	if (at >= n || at >= PIECES_MAX) {
		try(self);
		return;
	}
	for (size_t i = at; i < n && i < PIECES_MAX; i++) {
		size_t kept = order[at];

		order[at] = order[i];
		order[i] = kept;
		each_order(order, n, at + 1, try, self);
		kept = order[at];
		order[at] = order[i];
		order[i] = kept;
	}
}

enum pieces
repair_pieces(const struct mailauth_kind *kind,
    const struct mailauth_answer *answer, char room[REPAIR_MAX],
    struct pieces_found *found, struct writer *w)
{
	struct set s = { .kind = kind };
	struct orders o = { .s = &s, .w = w };
	char joined[REPAIR_MAX];
	struct writer j = writer_of(joined, sizeof(joined));

	if (kind->id == MAILAUTH_KIND_SPF)
		return spf_pieces(answer, room, found, w);
	if (!read_texts(&s, answer, room))
		return PIECES_NONE;
	*found = (struct pieces_found){ (uint16_t)s.first, s.n };
	if (are_tags(&s)) {
		join_tags(&s, &j);
		if (!j.full && repair_is_sound(kind, writer_str(&j))) {
			put_str(w, writer_str(&j));
			return PIECES_ONE;
		}
	}
	/* A text that is sound alone was not cut. */
	if (repair_is_sound(kind, s.text[s.first]))
		return PIECES_NONE;
	for (size_t i = 0; i < s.n; i++)
		o.order[i] = i;
	o.order[0] = s.first;
	o.order[s.first] = 0;
	each_order(o.order, s.n, 1, try_order, &o);
	return o.sound == 0 ? PIECES_NONE :
	    o.sound == 1    ? PIECES_ONE :
	                      PIECES_MANY;
}
