/*
 * counters.c - counters of replies and log lines, for Prometheus
 * SPDX-License-Identifier: BSD-3-Clause
 */
#include "log/counters.h"

#include "judge/names.h"
#include "record/kind.h"

uint64_t
counters_replies(const struct counters *c)
{
	uint64_t sum = 0;

	for (size_t i = 0; i < COUNTERS_SERIES; i++)
		sum += c->replies[i];
	return sum;
}

static void
put_head(struct writer *w, const char *name, const char *type, const char *help)
{
	put_text(w, "# HELP ");
	put_text(w, name);
	put_char(w, ' ');
	put_text(w, help);
	put_text(w, "\n# TYPE ");
	put_text(w, name);
	put_char(w, ' ');
	put_text(w, type);
	put_char(w, '\n');
}

static void
put_label(struct writer *w, const char *name, const char *value)
{
	put_text(w, name);
	put_text(w, "=\"");
	put_text(w, value);
	put_char(w, '"');
}

static void
put_replies(struct writer *w, const struct counters *c)
{
	put_head(w, "mailauth_replies_total", "counter",
	    "Replies to clients, once for each kind of mail record in them.");
	for (unsigned i = 0; i < COUNTERS_SERIES; i++) {
		unsigned verdict = i / COUNTERS_STATES % COUNTERS_VERDICTS;
		unsigned kind = i / COUNTERS_STATES / COUNTERS_VERDICTS;

		if (c->replies[i] == 0)
			continue;
		put_text(w, "mailauth_replies_total{");
		put_label(w, "kind", kind_at(kind)->name);
		put_char(w, ',');
		put_label(w, "verdict", verdict_word(verdict));
		put_char(w, ',');
		put_label(w, "dnssec",
		    name_dnssec((enum mailauth_dnssec)(i % COUNTERS_STATES)));
		put_text(w, "} ");
		put_number(w, c->replies[i]);
		put_char(w, '\n');
	}
}

void
put_counters(struct writer *w, const struct counters *c)
{
	const struct {
		const char *name, *type, *help;
		uint64_t value;
	} single[] = {
		{ "mailauth_unrelated_replies_total", "counter",
		    "Replies of the types looked at that hold no mail record.",
		    c->unrelated },
		{ "mailauth_dropped_replies_total", "counter",
		    "Replies not looked at because the buffer was full.",
		    c->dropped_replies },
		{ "mailauth_log_lines_total", "counter",
		    "Lines written to the log.", c->lines },
		{ "mailauth_dropped_log_lines_total", "counter",
		    "Lines that could not be written to the log.",
		    c->dropped_lines },
		{ "mailauth_cache_contents", "gauge",
		    "Contents whose verdict is remembered.", c->contents },
		{ "mailauth_threads", "gauge", "Threads that are watched.",
		    c->threads },
		{ "mailauth_memory_bytes", "gauge",
		    "Memory of the module, at most.", c->memory },
		{ "mailauth_start_time_seconds", "gauge",
		    "When the module was started, since 1970.",
		    (uint64_t)c->started },
	};

	put_replies(w, c);
	for (size_t i = 0; i < sizeof(single) / sizeof(single[0]); i++) {
		put_head(w, single[i].name, single[i].type, single[i].help);
		put_text(w, single[i].name);
		put_char(w, ' ');
		put_number(w, single[i].value);
		put_char(w, '\n');
	}
}
