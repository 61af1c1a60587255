/*
 * value.c - what a record set says, as a tree of named values
 * SPDX-License-Identifier: BSD-3-Clause
 */
#include "judge/value.h"

#include "base/str.h"
#include "record/sink.h"

/* Lists and objects inside each other at most: terms of SPF are objects of a
 * list of the root. */
#define DEPTH_MAX 8

static struct value *
add(struct arena *a, struct value *in, const char *name, enum value_type type)
{
	struct value *v = in != NULL ? arena_alloc(a, sizeof(*v)) : NULL;

	if (v == NULL)
		return NULL;
	v->name = name;
	v->type = type;
	v->end = &v->first;
	*in->end = v;
	in->end = &v->next;
	return v;
}

struct value *
value_add_text(struct arena *a, struct value *in, const char *name,
    struct mailauth_str s)
{
	struct writer w = arena_writer(a);

	put_untrusted(&w, s);
	return value_add_word(a, in, name, writer_str(&w));
}

struct value *
value_add_word(struct arena *a, struct value *in, const char *name,
    struct mailauth_str s)
{
	struct value *v = add(a, in, name, VALUE_TEXT);

	if (v != NULL)
		v->text = s;
	return v;
}

struct value *
value_add_number(struct arena *a, struct value *in, const char *name,
    uint64_t number)
{
	struct value *v = add(a, in, name, VALUE_NUMBER);

	if (v != NULL)
		v->number = number;
	return v;
}

struct value *
value_add_flag(struct arena *a, struct value *in, const char *name, bool flag)
{
	struct value *v = add(a, in, name, VALUE_FLAG);

	if (v != NULL)
		v->flag = flag;
	return v;
}

struct value *
value_add_list(struct arena *a, struct value *in, const char *name)
{
	return add(a, in, name, VALUE_LIST);
}

struct value *
value_add_object(struct arena *a, struct value *in, const char *name)
{
	return add(a, in, name, VALUE_OBJECT);
}

struct value *
value_get(const struct value *v, const char *name)
{
	struct value *m = v != NULL ? v->first : NULL;

	while (m != NULL && (m->name == NULL || strcmp(m->name, name) != 0))
		m = m->next;
	return m;
}

struct mailauth_str
value_text(const struct value *v, const char *name)
{
	const struct value *m = value_get(v, name);

	return m != NULL ? m->text : STR_NONE;
}

uint64_t
value_number(const struct value *v, const char *name)
{
	const struct value *m = value_get(v, name);

	return m != NULL ? m->number : 0;
}

bool
value_flag(const struct value *v, const char *name)
{
	const struct value *m = value_get(v, name);

	return m != NULL && m->flag;
}

size_t
value_count(const struct value *v)
{
	size_t n = 0;

	for (const struct value *m = v != NULL ? v->first : NULL; m != NULL;
	     m = m->next)
		n++;
	return n;
}

/* A sink that makes a tree. */
struct builder {
	struct value_sink sink; /* first: the functions get its address */
	struct arena *arena;
	struct value *at[DEPTH_MAX]; /* the root, and what has begun below */
	size_t depth; /* of the last one of these */
};

static struct builder *
builder_of(struct value_sink *s)
{
	return (struct builder *)(void *)s;
}

static struct value *
here(const struct builder *b)
{
	return b->depth < DEPTH_MAX ? b->at[b->depth] : NULL;
}

static void
take_text(struct value_sink *s, const char *name, struct mailauth_str v)
{
	value_add_text(builder_of(s)->arena, here(builder_of(s)), name, v);
}

static void
take_word(struct value_sink *s, const char *name, struct mailauth_str v)
{
	struct builder *b = builder_of(s);

	value_add_word(b->arena, here(b), name, arena_copy(b->arena, v));
}

static void
take_number(struct value_sink *s, const char *name, uint64_t v)
{
	value_add_number(builder_of(s)->arena, here(builder_of(s)), name, v);
}

static void
take_flag(struct value_sink *s, const char *name, bool v)
{
	value_add_flag(builder_of(s)->arena, here(builder_of(s)), name, v);
}

static void
begin(struct builder *b, struct value *v)
{
	if (++b->depth < DEPTH_MAX)
		b->at[b->depth] = v;
}

static void
begin_list(struct value_sink *s, const char *name)
{
	struct builder *b = builder_of(s);

	begin(b, value_add_list(b->arena, here(b), name));
}

static void
begin_object(struct value_sink *s, const char *name)
{
	struct builder *b = builder_of(s);

	begin(b, value_add_object(b->arena, here(b), name));
}

static void
end(struct value_sink *s)
{
	builder_of(s)->depth--;
}

struct value *
value_of_set(struct arena *a, const struct mailauth_answer *answer,
    const struct mailauth_judgement *j)
{
	struct builder b = {
		.sink = { take_text, take_word, take_number, take_flag,
		    begin_list, begin_object, end },
		.arena = a,
	};
	bool parsed = j->kind->pick == NULL || j->record.kind != NULL;

	/* Of several texts none was parsed. */
	if (j->kind->values == NULL || j->matches == 0 || !parsed ||
	    (j->kind->pick != NULL && j->matches > 1))
		return NULL;
	b.at[0] = arena_alloc(a, sizeof(*b.at[0]));
	if (b.at[0] == NULL)
		return NULL;
	b.at[0]->type = VALUE_OBJECT;
	b.at[0]->end = &b.at[0]->first;
	j->kind->values(answer, j, &b.sink);
	return b.at[0];
}
