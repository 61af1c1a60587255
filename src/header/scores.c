/*
 * scores.c - what spam filters say about a message
 * SPDX-License-Identifier: BSD-3-Clause
 */
#include "header/scores.h"

/* Largest whole part of a score: in thousandths it fits 32 bits. */
#define WHOLE_MAX 1000000

bool
score_parse(struct mailauth_str s, int32_t *out)
{
	bool minus = s.n > 0 && s.s[0] == '-', point;
	struct mailauth_str whole, fraction = s;
	int32_t value, unit = 1000;
	uint32_t n;

	if (minus || (s.n > 0 && s.s[0] == '+'))
		fraction = str_from(s, 1);
	point = str_find(fraction, '.') < fraction.n;
	whole = str_cut(&fraction, '.');
	if (!str_number(whole, WHOLE_MAX, &n) || (point && fraction.n == 0))
		return false;
	value = (int32_t)n * unit;
	for (size_t i = 0; i < fraction.n; i++) {
		if (!is_digit(fraction.s[i]))
			return false;
		unit /= 10;
		value += unit * (fraction.s[i] - '0');
	}
	*out = minus ? -value : value;
	return true;
}

static void
set(struct score *s, bool good, int32_t value)
{
	if (good && !s->known)
		*s = (struct score){ true, value };
}

static void
take_score(struct score *s, struct mailauth_str text)
{
	int32_t v = 0;
	bool good = score_parse(text, &v);

	set(s, good, v);
}

/* Store a level of Microsoft: a whole number in its range. */
static void
take_level(struct score *s, struct mailauth_str text, int32_t least)
{
	int32_t v = 0;
	bool good = str_find(text, '.') == text.n && score_parse(text, &v);

	set(s, good && v >= least * 1000 && v <= 9000, v / 1000);
}

static void
take_yes_no(struct score *s, struct mailauth_str word)
{
	bool yes = str_ieq(word, STR("yes")) || str_ieq(word, STR("true"));

	set(s, yes || str_ieq(word, STR("no")) || str_ieq(word, STR("false")),
	    yes);
}

/* "No, score=-0.1 required=5.0 tests=..." */
static void
take_status(struct scores *s, struct mailauth_str value)
{
	struct mailauth_str word = str_word(&value);

	take_yes_no(&s->spam, str_cut(&word, ','));
	while ((word = str_word(&value)).n > 0) {
		struct mailauth_str name = str_cut(&word, '=');

		word = str_cut(&word, ',');
		if (str_ieq(name, STR("score")) || str_ieq(name, STR("hits")))
			take_score(&s->score, word);
		else if (str_ieq(name, STR("required")))
			take_score(&s->required, word);
	}
}

/* "default: False [-3.51 / 15.00];\n\tR_SPF_ALLOW(-0.20)[+ip4:192.0.2.4];" as
 * rspamd writes it: whether it is spam, the score, and the one from which mail is
 * refused. */
static void
take_rspamd(struct scores *s, struct mailauth_str value)
{
	struct mailauth_str head = str_cut(&value, ';'), required, score;

	head = str_from(head, str_find(head, ':') + 1);
	take_yes_no(&s->spam, str_word(&head));
	required = str_from(head, str_find(head, '[') + 1);
	required = str_sub(required, 0, str_find(required, ']'));
	score = str_cut(&required, '/');
	take_score(&s->score, str_trim(score));
	take_score(&s->required, str_trim(required));
}

/* "CIP:192.0.2.1;SCL:1;SRV:;" */
static void
take_report(struct scores *s, struct mailauth_str value)
{
	while (value.n > 0) {
		struct mailauth_str piece = str_trim(str_cut(&value, ';'));
		struct mailauth_str name;
		size_t at = str_find(piece, ':');

		if (at == piece.n)
			at = str_find(piece, '=');
		name = str_trim(str_sub(piece, 0, at));
		piece = str_trim(str_from(piece, at + 1));
		if (str_ieq(name, STR("SCL")))
			take_level(&s->scl, piece, -1);
		else if (str_ieq(name, STR("BCL")))
			take_level(&s->bcl, piece, 0);
	}
}

void
scores_take(struct scores *s, struct mailauth_str name,
    struct mailauth_str value)
{
	if (str_ieq(name, STR("X-Spam-Status"))) {
		take_status(s, value);
	} else if (str_ieq(name, STR("X-Spam-Flag"))) {
		take_yes_no(&s->flag, str_trim(value));
	} else if (str_ieq(name, STR("X-Spam-Score"))) {
		/* "7.2 (+++++++)" */
		take_score(&s->score, str_word(&value));
	} else if (str_ieq(name, STR("X-Spamd-Result"))) {
		take_rspamd(s, value);
	} else if (str_ieq(name, STR("X-MS-Exchange-Organization-SCL"))) {
		take_level(&s->scl, str_trim(value), -1);
	} else if (str_ieq(name, STR("X-Forefront-Antispam-Report")) ||
	    str_ieq(name, STR("X-Microsoft-Antispam"))) {
		take_report(s, value);
	}
}
