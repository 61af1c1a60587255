/*
 * fuzz_taglist.c - a tag list, by the table of each kind that has one
 * SPDX-License-Identifier: BSD-3-Clause
 */
#include "base/arena.h"
#include "fuzz.h"
#include "record/findings.h"
#include "record/kind.h"
#include "record/taglist.h"

static const struct mailauth_kind *
pick_kind(unsigned number)
{
	const struct mailauth_kind *k;
	unsigned lists = 0;

	for (unsigned i = 0; (k = kind_at(i)) != NULL; i++)
		lists += k->tags != NULL;
	number %= lists;
	for (unsigned i = 0; (k = kind_at(i)) != NULL; i++)
		if (k->tags != NULL && number-- == 0)
			return k;
	return NULL;
}

static void
parse(const struct mailauth_kind *k, struct mailauth_str text,
    struct mailauth_record *rec, struct mailauth_findings *log)
{
	*rec = (struct mailauth_record){ .kind = k, .text = text };
	findings_clear(log);
	taglist_parse(k->tags, text, rec, log);
	MUST(are_placed(log, text.n));
}

/* Write the list in plain form, name=value and a semicolon, and parse that.
 * Only for lists without a fault. */
static void
rewrite(const struct mailauth_kind *k, struct mailauth_str text,
    const struct mailauth_record *first)
{
	struct arena arena = { NULL, false };
	struct writer w = arena_writer(&arena);
	struct mailauth_str rest = text;
	struct mailauth_findings log;
	struct mailauth_record again;
	struct tag_item item;

	while (tag_next(&rest, &item)) {
		if (item.whole.n == 0)
			continue;
		put_bytes(&w, item.name.s, item.name.n);
		put_char(&w, '=');
		put_bytes(&w, item.value.s, item.value.n);
		put_char(&w, ';');
	}
	parse(k, writer_str(&w), &again, &log);
	for (size_t i = 0; i < k->tags->n; i++) {
		MUST(again.value[i].seen == first->value[i].seen);
		/* The plain form lost blanks, which an exact list forbids. */
		MUST(again.value[i].good == first->value[i].good ||
		    k->tags->exact);
		MUST(again.value[i].number == first->value[i].number);
		MUST(str_eq(tag_value(&again, i), tag_value(first, i)));
	}
	arena_free(&arena);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct mailauth_findings log;
	struct mailauth_record rec;
	const struct mailauth_kind *k;
	struct mailauth_str text, rest;
	struct tag_item item;
	bool sound = true;
	size_t items = 0;

	if (size < 1 || size > 65536)
		return 0;
	k = pick_kind(data[0]);
	text = (struct mailauth_str){ (const char *)data + 1, size - 1 };
	rest = text;
	while (tag_next(&rest, &item)) {
		MUST(is_inside(text, item.whole));
		MUST(is_inside(item.whole, item.name));
		MUST(is_inside(item.whole, item.value));
		MUST(str_find(item.name, '=') == item.name.n);
		MUST(str_find(item.whole, ';') == item.whole.n);
		MUST(item.equals || item.value.n == 0);
		sound = sound && (item.equals || item.whole.n == 0);
		items++;
	}
	parse(k, text, &rec, &log);
	for (size_t i = 0; i < k->tags->n; i++) {
		const struct mailauth_value *v = &rec.value[i];

		MUST((size_t)v->offset + v->length <= text.n);
		MUST(v->seen <= items && (v->seen > 0) == (v->order > 0));
		MUST(v->order <= items);
		MUST(tag_value(&rec, i).n == v->length);
	}
	if (sound)
		rewrite(k, text, &rec);
	return 0;
}
