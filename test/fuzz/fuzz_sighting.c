/*
 * fuzz_sighting.c - the log lines of a sighting
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * The first octets are the head of the sighting, brought into its ranges; the
 * others are the octets behind the head.
 */
#include <jansson.h>

#include "fuzz.h"
#include "judge/names.h"
#include "log/line.h"
#include "log/verdicts.h"

/* Octets of the input for the head. */
#define HEAD 40u

static struct appraisal appraisal;

/* Assert that a line is printable text without a line break. */
static struct mailauth_str
checked(struct writer *w)
{
	MUST(!w->full && w->used > 0);
	for (size_t i = 0; i < w->used; i++)
		MUST(is_print(w->buf[i]));
	return writer_str(w);
}

/* Assert that a text line has fields with one blank between them. */
static void
check_text(struct mailauth_str line)
{
	const char *p = line.s, *end = line.s + line.n;

	while (p < end) {
		const char *name = p;

		for (; p < end && *p != '='; p++)
			MUST((*p >= 'a' && *p <= 'z') || *p == '_');
		MUST(p > name && p < end);
		p++;
		if (p < end && *p == '"') {
			for (p++; p < end && *p != '"'; p++)
				p += *p == '\\';
			MUST(p < end);
			p++;
		} else {
			while (p < end && *p != ' ')
				p++;
		}
		MUST(p == end || (*p == ' ' && p + 1 < end));
		p++;
	}
}

static void
expect_word(const json_t *root, const char *name, const char *value)
{
	const char *is = json_string_value(json_object_get(root, name));

	MUST(is != NULL && strcmp(is, value) == 0);
}

/* The number of times a word is in a list. */
static size_t
times_in(const json_t *list, const char *word)
{
	size_t n = 0;

	for (size_t i = 0; i < json_array_size(list); i++)
		n += strcmp(json_string_value(json_array_get(list, i)), word) ==
		    0;
	return n;
}

/* Assert that a JSON line is one object that agrees with the appraisal. */
static void
check_json(struct mailauth_str line, const struct appraisal *a)
{
	json_error_t error;
	json_t *root =
	    json_loadb(line.s, line.n, JSON_REJECT_DUPLICATES, &error);
	const struct mailauth_judgement *j = &a->judgement;
	const json_t *codes;
	char room[16];

	MUST(json_is_object(root));
	expect_word(root, "kind", j->kind->name);
	/* The module has one verdict more than a report: of its own data. */
	MUST(a->verdict == j->verdict ||
	    (a->verdict == VERDICT_LOCAL_ALIAS &&
	        j->verdict == MAILAUTH_TEMPERROR));
	expect_word(root, "verdict", verdict_word(a->verdict));
	expect_word(root, "dnssec", name_dnssec(a->answer.dnssec));
	expect_word(root, "outcome", name_outcome(a->answer.outcome));
	expect_word(root, "type", name_rrtype(a->sighting->rrtype, room));
	/* A code with several places is listed once. */
	codes = json_object_get(root, "codes");
	MUST(json_array_size(codes) <=
	    (size_t)j->findings.count + a->lookup.count);
	for (uint16_t i = 0; i < j->findings.count; i++)
		MUST(times_in(codes, finding_row(j->findings.at[i].id)->code) ==
		    1);
	for (uint16_t i = 0; i < a->lookup.count; i++)
		MUST(times_in(codes, finding_row(a->lookup.at[i].id)->code) ==
		    1);
	MUST(json_array_size(json_object_get(root, "chain")) ==
	    a->answer.nchain);
	json_decref(root);
}

static void
check_judgement(const struct appraisal *a)
{
	const struct mailauth_judgement *j = &a->judgement;

	MUST((j->verdict == MAILAUTH_TEMPERROR) >=
	    (a->answer.outcome == MAILAUTH_FAILED ||
	        a->answer.dnssec == MAILAUTH_DNSSEC_BOGUS));
	/* A failed lookup finds a record neither present nor absent. */
	if (a->answer.outcome == MAILAUTH_FAILED)
		MUST(j->matches == 0);
	MUST(j->matches <= a->answer.nrr);
	MUST(a->lookup.count > 0);
}

static void
put_lines(const struct appraisal *a)
{
	static char room[LINE_MAX_OCTETS];
	struct writer w = writer_of(room, sizeof(room));
	struct conf conf = { .format = CONF_JSON,
		.profile = a->sighting->key & 1 ? MAILAUTH_PROFILE_RFC :
		                                  MAILAUTH_PROFILE_GUIDE };

	put_line(&w, &conf, a, a->sighting->key >> 1);
	check_json(checked(&w), a);
	conf.format = CONF_TEXT;
	w = writer_of(room, sizeof(room));
	put_line(&w, &conf, a, UINT64_MAX);
	check_text(checked(&w));
}

/* Bring the numbers into the ranges that ub_view.c writes. */
static void
set_head(struct sighting *s, const uint8_t *data, size_t tail)
{
	static const uint16_t types[] = { RRTYPE_TXT, RRTYPE_TXT, RRTYPE_TXT,
		RRTYPE_MX, RRTYPE_PTR, RRTYPE_TLSA, RRTYPE_A };
	struct cursor c = cursor_of(data, HEAD);

	memset(s, 0, sizeof(*s));
	s->size = (uint32_t)(sizeof(*s) + tail);
	s->ttl = cursor_u32(&c);
	s->first_ttl = cursor_u32(&c);
	s->usec = cursor_u32(&c) % 1000000;
	s->sec = cursor_u32(&c);
	s->key = cursor_u32(&c);
	s->source = cursor_u8(&c) % SOURCES;
	s->outcome = cursor_u8(&c) % (MAILAUTH_FAILED + 1);
	s->dnssec = cursor_u8(&c) % (MAILAUTH_DNSSEC_SECURE + 1);
	s->rcode = cursor_u8(&c);
	s->flags = cursor_u8(&c) % 64;
	s->rrtype = types[cursor_u8(&c) % (sizeof(types) / sizeof(types[0]))];
	s->ede = (int16_t)(cursor_u8(&c) - 1);
	s->nrr = cursor_u16(&c) % (SIGHTING_RECORDS_MAX + 1);
	s->why_len = cursor_u16(&c) % (SIGHTING_WHY_MAX + 1);
	s->nchain = cursor_u8(&c) % (SIGHTING_CHAIN_MAX + 1);
	s->family = (uint8_t[]){ 0, 4, 6 }[cursor_u8(&c) % 3];
	s->prefix = cursor_u8(&c) % 129;
	for (size_t i = 0; i < 4; i++)
		s->client[i] = cursor_u8(&c);
	MUST(!c.bad);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct mailauth_scope scope = { .profile = MAILAUTH_PROFILE_GUIDE };
	struct sighting *s;

	if (size < HEAD || size - HEAD > SIGHTING_MAX - sizeof(*s))
		return 0;
	s = malloc(sizeof(*s) + size - HEAD);
	MUST(s != NULL);
	set_head(s, data, size - HEAD);
	if (size > HEAD)
		memcpy(s + 1, data + HEAD, size - HEAD);
	scope.allow_documentation = (s->key & 2) != 0;
	appraise(&appraisal, s, conf_kinds_all());
	MUST(appraisal.nkinds <= 4);
	for (size_t i = 0; i < appraisal.nkinds; i++)
		if (appraise_kind(&appraisal, i, &scope)) {
			check_judgement(&appraisal);
			put_lines(&appraisal);
		}
	/* Without wanted kinds there are none. */
	appraise(&appraisal, s, 0);
	MUST(appraisal.nkinds == 0);
	free(s);
	return 0;
}
