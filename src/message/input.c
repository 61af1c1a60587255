/*
 * input.c - the octets of a message, in the forms in which people have them
 * SPDX-License-Identifier: BSD-3-Clause
 */
#include "message/input.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/base64.h"
#include "base/str.h"
#include "header/header.h"
#include "message/form.h"

/* Octets at the start of a file that are looked at, and read at a time. */
#define HEAD  ((size_t)1 << 20)
#define CHUNK ((size_t)64 << 10)

/* Forms inside of each other that are turned back. */
#define FORMS_MAX 3

struct input {
	struct arena arena; /* for all but what the message keeps */
	mailauth_read read;
	void *arg;
	char *buf; /* the start of the file, or all of it */
	size_t used, cap;
	bool ended, failed; /* nothing more to read; reading failed */
	struct mailauth_str rest; /* to be delivered, before further reading */
	bool whole; /* `rest` is the rest of the message */
	const char *form;
	bool reshaped;
	struct input_part *parts;
	struct mailauth_str *texts; /* of the parts */
	unsigned nparts;
};

/* Reading. */

/* Read until the buffer has `max` octets, or the input ends. */
static bool
fill(struct input *in, size_t max)
{
	while (!in->ended && !in->failed && in->used < max) {
		long n;

		if (in->cap - in->used < CHUNK) {
			size_t cap = in->cap * 2 + CHUNK;
			char *bigger = realloc(in->buf, cap);

			if (bigger == NULL)
				return false;
			in->buf = bigger;
			in->cap = cap;
		}
		n = in->read(in->arg, in->buf + in->used, CHUNK);
		in->failed = n < 0 || (size_t)n > CHUNK;
		in->ended = n == 0;
		if (!in->failed)
			in->used += (size_t)n;
	}
	return true;
}

long
input_read(void *arg, void *buf, size_t n)
{
	struct input *in = arg;

	if (in->rest.n > 0) {
		if (n > in->rest.n)
			n = in->rest.n;
		memcpy(buf, in->rest.s, n);
		in->rest = str_from(in->rest, n);
		return (long)n;
	}
	if (in->failed)
		return -1;
	return in->whole || in->ended ? 0 : in->read(in->arg, buf, n);
}

/* Messages in a file. */

static struct mailauth_str
line_of(struct mailauth_str s)
{
	size_t n = str_find(s, '\n');

	return str_sub(s, 0, n < s.n ? n + 1 : n);
}

/* "From news@example.com Mon Nov 23 10:00:00 2026" */
static bool
is_envelope(struct mailauth_str line)
{
	unsigned colons = 0, words = 0;

	if (!str_starts(line, STR("From ")))
		return false;
	for (size_t i = 0; i < line.n; i++)
		colons += line.s[i] == ':' && i + 1 < line.n &&
		    is_digit(line.s[i + 1]);
	while (str_word(&line).n > 0)
		words++;
	return words >= 6 && colons >= 1;
}

static void
add_part(struct arena *a, struct input *in, struct mailauth_str text,
    bool attached)
{
	struct input_part *p;
	struct mailauth_str rest = text;
	struct header_field f;

	if (in->nparts == INPUT_PARTS_MAX || in->parts == NULL)
		return;
	p = &in->parts[in->nparts];
	p->attached = attached;
	rest = header_skip_envelope(rest);
	while (header_next(&rest, &f) == HEADER_FIELD) {
		struct mailauth_str v = str_sub(str_trim(f.value), 0, 200);

		if (str_ieq(f.name, STR("From")) && p->from.n == 0)
			p->from = arena_copy(a, v);
		if (str_ieq(f.name, STR("Subject")) && p->subject.n == 0)
			p->subject = arena_copy(a, v);
	}
	in->texts[in->nparts++] = text;
}

/* A MIME part. */
struct mime {
	struct mailauth_str boundary; /* "--..." as its line has it */
	bool message, base64, quoted;
};

/* A parameter is the name of a file with a message: "name=a.eml". */
static bool
has_eml_name(struct mailauth_str value)
{
	size_t at = str_ifind(value, STR(".eml"));

	return at < value.n && str_ifind(value, STR("name")) < at &&
	    (at + 4 == value.n || value.s[at + 4] == '"' ||
	        value.s[at + 4] == ';' || is_fws(value.s[at + 4]));
}

static void
take_mime_field(struct mime *m, const struct header_field *f)
{
	static const struct mailauth_str types[] = { STR_INIT("message/rfc822"),
		STR_INIT("message/global"), STR_INIT("text/rfc822-headers"),
		STR_INIT("text/rfc822"), STR_INIT("message/rfc822-headers"),
		STR_INIT("message/global-headers") };
	struct mailauth_str v = str_trim(f->value);
	bool type = str_ieq(f->name, STR("Content-Type"));

	/* Mail programs that know no better attach it as octets. */
	if (type || str_ieq(f->name, STR("Content-Disposition")))
		m->message = m->message || has_eml_name(v);
	v = str_trim(str_cut(&v, ';'));
	if (type)
		for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++)
			m->message = m->message || str_ieq(v, types[i]);
	if (str_ieq(f->name, STR("Content-Transfer-Encoding"))) {
		m->base64 = str_ieq(v, STR("base64"));
		m->quoted = str_ieq(v, STR("quoted-printable"));
	}
}

/* The octets up to the line that ends the part: it begins with the boundary. */
static struct mailauth_str
up_to(struct mailauth_str s, struct mailauth_str boundary)
{
	struct mailauth_str rest = s;

	while (rest.n > 0 && !str_starts(rest, boundary))
		rest = str_from(rest, line_of(rest).n);
	return str_sub(s, 0, s.n - rest.n);
}

static struct mailauth_str
decode(struct input *in, const struct mime *m, struct mailauth_str s)
{
	size_t len = s.n, where;
	uint8_t *out;

	if (m->quoted)
		return form_unquote(&in->arena, s);
	if (!m->base64 || (out = arena_alloc(&in->arena, s.n + 4)) == NULL)
		return s;
	if ((base64_decode(s, out, &len, &where) & BASE64_BAD) != 0)
		return s;
	return (struct mailauth_str){ (const char *)out, len };
}

/* The line is one after which a bounce without MIME has the message. */
static bool
is_copy_line(struct mailauth_str line)
{
	static const struct mailauth_str words[] = { STR_INIT(
		                                         "This is a copy of"),
		STR_INIT("Below this line is a copy of the message"),
		STR_INIT("the original message follows"),
		STR_INIT("--- Original message follows") };

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (str_ifind(line, words[i]) < line.n)
			return true;
	return false;
}

/* Find messages that are attached to one, and those attached to these. */
static void
find_attached(struct arena *a, struct input *in, struct mailauth_str s)
{
	struct header_field f;

	s = header_skip_envelope(s);
	while (header_next(&s, &f) == HEADER_FIELD)
		;
	while (s.n > 0) {
		struct mailauth_str line = line_of(s), text;
		struct mime m = { .boundary = str_trim_end(line) };

		if (in->nparts == INPUT_PARTS_MAX)
			return;

		s = str_from(s, line.n);
		if (!str_starts(line, STR("--")) || m.boundary.n < 3)
			continue;
		if (is_copy_line(line)) {
			text = form_start(s);
			if (form_is_header(text))
				add_part(a, in, text, true);
			continue;
		}
		while (header_next(&s, &f) == HEADER_FIELD)
			take_mime_field(&m, &f);
		if (!m.message)
			continue;
		text = form_start(decode(in, &m, up_to(s, m.boundary)));
		if (form_is_header(text))
			add_part(a, in, text, true);
	}
}

/* The message at the start of a mailbox file, up to the next one. */
static struct mailauth_str
first_of(struct mailauth_str s, bool mailbox)
{
	struct mailauth_str rest = str_from(s, line_of(s).n);
	bool blank = false;

	while (mailbox && rest.n > 0) {
		struct mailauth_str line = line_of(rest);

		if (blank && is_envelope(line))
			break;
		blank = str_trim(line).n == 0;
		rest = str_from(rest, line.n);
	}
	return mailbox ? str_sub(s, 0, s.n - rest.n) : s;
}

static void
find_parts(struct arena *a, struct input *in, struct mailauth_str s)
{
	bool mailbox = is_envelope(line_of(s));

	in->parts = arena_alloc(a, INPUT_PARTS_MAX * sizeof(*in->parts));
	in->texts =
	    arena_alloc(&in->arena, INPUT_PARTS_MAX * sizeof(*in->texts));
	if (in->parts == NULL || in->texts == NULL)
		in->parts = NULL;
	while (s.n > 0 && in->parts != NULL) {
		struct mailauth_str text = first_of(s, mailbox);

		add_part(a, in, text, false);
		find_attached(a, in, text);
		s = str_from(s, text.n);
	}
}

/* Opening. */

/* Turn the forms back, of which each may be inside of another. */
static enum mailauth_status
undo_forms(struct input *in, struct mailauth_str *text, char *why)
{
	enum form form;

	for (int i = 0; i < FORMS_MAX; i++) {
		form = form_of(*text);
		if (form == FORM_PLAIN)
			break;
		if (form == FORM_FOREIGN) {
			snprintf(why, MAILAUTH_WHY_MAX, "%s",
			    form_foreign(*text));
			return MAILAUTH_EINPUT;
		}
		if (!in->whole) {
			if (!fill(in, INPUT_MAX))
				return MAILAUTH_ENOMEM;
			if (in->used >= INPUT_MAX) {
				snprintf(why, MAILAUTH_WHY_MAX,
				    "it is %s of more than 32 MiB",
				    form_name(form));
				return MAILAUTH_EINPUT;
			}
			in->whole = true;
			*text = (struct mailauth_str){ in->buf, in->used };
			form = form_of(*text);
		}
		if (in->form == NULL)
			in->form = form_name(form);
		in->reshaped = in->reshaped || !form_keeps_body(form);
		*text = form_undo(&in->arena, form, *text);
		if (in->arena.failed)
			return MAILAUTH_ENOMEM;
		if (text->n == 0 && form == FORM_HTML) {
			snprintf(why, MAILAUTH_WHY_MAX,
			    "it is a web page that shows no header of a "
			    "message: save the message itself ('download "
			    "original', 'save as .eml')");
			return MAILAUTH_EINPUT;
		}
	}
	*text = form_start(*text);
	return MAILAUTH_OK;
}

static enum mailauth_status
choose(struct input *in, struct mailauth_str text, unsigned part, char *why)
{
	bool several = in->nparts > 1 && !in->parts[1].attached;

	for (unsigned i = 1; i < in->nparts; i++)
		several = several || !in->parts[i].attached;
	in->rest = text;
	if (part > in->nparts && part > 1) {
		snprintf(why, MAILAUTH_WHY_MAX,
		    "it has %u message%s, and no message %u", in->nparts,
		    in->nparts == 1 ? "" : "s", part);
		return MAILAUTH_EINPUT;
	}
	if (part > 1 || several) {
		in->rest = in->texts[part > 1 ? part - 1 : 0];
		in->whole = true;
	}
	return MAILAUTH_OK;
}

static enum mailauth_status
open_it(struct arena *a, struct input *in, unsigned part, char *why)
{
	struct mailauth_str text;
	enum mailauth_status status;

	if (!fill(in, part > 1 ? INPUT_MAX : HEAD))
		return MAILAUTH_ENOMEM;
	in->whole = part > 1;
	text = (struct mailauth_str){ in->buf, in->used };
	status = undo_forms(in, &text, why);
	if (status != MAILAUTH_OK)
		return status;
	find_parts(a, in, text);
	if (a->failed || in->arena.failed)
		return MAILAUTH_ENOMEM;
	return choose(in, text, part, why);
}

enum mailauth_status
input_open(struct arena *a, mailauth_read read, void *arg, unsigned part,
    struct input **out, char *why)
{
	struct input *in = calloc(1, sizeof(*in));
	enum mailauth_status status;

	*out = in;
	if (in == NULL)
		return MAILAUTH_ENOMEM;
	in->read = read;
	in->arg = arg;
	status = open_it(a, in, part, why);
	return status;
}

const char *
input_form(const struct input *in)
{
	return in->form;
}

bool
input_reshaped(const struct input *in)
{
	return in->reshaped;
}

unsigned
input_parts(const struct input *in)
{
	return in->nparts;
}

const struct input_part *
input_part_list(const struct input *in)
{
	return in->parts;
}

void
input_close(struct input *in)
{
	if (in == NULL)
		return;
	arena_free(&in->arena);
	free(in->buf);
	free(in);
}
