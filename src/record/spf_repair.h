/*
 * spf_repair.h - the one plausible repair of a broken SPF record
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * A repair is printed for people to publish, so that two rules outrank every
 * other: it admits no address that the author did not write, and a text with
 * two plausible readings gets none. Four steps, a file each or a part of one:
 * spf_clean.c replaces each character that is not plain by its plain one,
 * spf_split.c finds the pieces, where spaces are missing or one too many,
 * spf_mend.c makes a term of each piece, and spf_repair.c puts the terms
 * together, and holds the record that comes out to the rules once more.
 */
#ifndef RECORD_SPF_REPAIR_H
#define RECORD_SPF_REPAIR_H

#include "record/spf.h"

/** Octets of a text that can be repaired, and of its repair. */
#define SPF_REPAIR_MAX 4096
/** Pieces of a text at most, and terms of its repair. */
#define SPF_PIECES_MAX 256

/** In a text from spf_clean(): an octet without a reading. */
#define SPF_ALIEN '\x7f'
/** In a text from spf_clean(): two quotes, which end one string and start the
 * next. */
#define SPF_SEAM '\x01'

/**
 * Write the record that the author of this text must have meant.
 * @param text an SPF record, or a text that looks like one
 * @return NULL when the record was written, else why it was not: a few
 *     words, static. What was written then is to be thrown away.
 */
const char *put_spf_repair(struct mailauth_str text, struct writer *w);

/** Why nobody is to be told to publish this record, though its author may have
 * written it: a faulty term, more than ten lookups, or one that lets every host
 * pass. NULL: there is no reason. */
const char *spf_faults(struct mailauth_str record);

/** Every term of the record is well-formed. */
bool spf_is_sound(struct mailauth_str record);

/** The offset of "v=spf1" behind a name, or what else belongs in front of the
 * text and not into it: "example.com. TXT v=spf1 -all"; 0 when nothing does. */
size_t spf_version_at(struct mailauth_str text);

/** A part of a text: a term, or what should have been one. */
struct spf_piece {
	struct mailauth_str text; /* never empty */
	bool seam; /* the start of a string: no space in front may be meant */
	bool lost; /* a space was missing in front of it */
	bool put; /* its '=' was missing */
};

/** A repair under way. */
struct spf_repair {
	size_t n; /* pieces or terms */
	struct spf_piece at[SPF_PIECES_MAX];
	const char *why; /* there is no repair; NULL until then */
	struct writer made; /* texts that are not in the original */
};

/** Write `text` without typographic characters, quotes and escapes; false when
 * it does not fit. */
bool spf_clean(struct mailauth_str text, struct writer *out);

/** Read the pieces of a clean text behind its version. `glued`: no space was
 * behind the version. */
void spf_split(struct spf_repair *r, struct mailauth_str text, bool glued);

/** Join the pieces that a space has torn apart, and take those away that say
 * nothing. */
void spf_join(struct spf_repair *r);

/** Make terms of the pieces. */
void spf_mend(const struct spf_repair *pieces, struct spf_repair *terms);

/** Add a piece or term; too many, or an empty one, are a reason for no
 * repair. */
void spf_piece_add(struct spf_repair *r, struct mailauth_str text, bool seam,
    bool lost);
/** Take piece `i` away. */
void spf_piece_drop(struct spf_repair *r, size_t i);
/** Two, three or more texts as one, in the room of `r->made`. */
struct mailauth_str spf_glue(struct writer *made, struct mailauth_str a,
    struct mailauth_str b, struct mailauth_str c);

/** The text is one well-formed term; unknown modifiers are none here. Sets
 * `t`. */
bool spf_reads(struct mailauth_str text, struct spf_term *t);
/** The text is a plain domain name of two labels or more. */
bool spf_is_domain(struct mailauth_str text);
/** The text is an address, with a prefix length or without.
 * @return 4, 6, or 0 */
unsigned spf_network(struct mailauth_str text);
/** The text begins as what other services publish: "google-site-verification",
 * "v=DMARC1". */
bool spf_is_foreign(struct mailauth_str text);
/** The text begins with a qualifier. */
static inline bool
spf_qualified(struct mailauth_str text)
{
	return text.n > 0 && memchr("+-~?", text.s[0], 4) != NULL;
}
/** The text is an 'all' with its qualifier behind it: "all-", "all~". */
static inline bool
spf_is_turned_all(struct mailauth_str text)
{
	return text.n == 4 && str_istarts(text, STR("all")) &&
	    (text.s[3] == '-' || text.s[3] == '~');
}
/** The canonical name, with its delimiter, of a mechanism or modifier that
 * takes an argument, which `name` is or is a misspelling of; STR_NONE when it
 * is neither. "ip" is for both "ip4" and "ip6" and has no delimiter. */
struct mailauth_str spf_name_of(struct mailauth_str name);
/** The text begins with one of the names that an argument has to follow and
 * its delimiter. */
bool spf_starts_term(struct mailauth_str text);

#endif /* RECORD_SPF_REPAIR_H */
