/*
 * causes.h - what the files of causes share
 * SPDX-License-Identifier: BSD-3-Clause
 */
#ifndef MESSAGE_CAUSES_H
#define MESSAGE_CAUSES_H

#include "message/explain.h"

/** Add a cause at the end; `w` has its text, `remedy` what to do, if not
 * NULL. */
void cause_add(struct check *c, const struct explain *x, const char *name,
    struct writer *w, struct writer *remedy);
/** The same with a fixed remedy, which may be NULL. */
void cause_add_with(struct check *c, const struct explain *x, const char *name,
    struct writer *w, const char *remedy);
void cause_add_text(struct check *c, const struct explain *x, const char *name,
    const char *text, const char *remedy);
/** The first failure found in a record set; NULL without one. */
const struct finding *
cause_fault(const struct check *c, const struct record_set *set);
/** Write what is wrong: "'ipv4:192.0.2.1': SPF has no mechanism of this name".
 */
void cause_put_fault(struct writer *w, const struct finding *fault);
/** What to do about it; "" if nothing, or memory ran out. */
const char *cause_fault_remedy(struct check *c, const struct finding *fault);
/** Write a domain without its final dot. */
void cause_put_name(struct writer *w, struct mailauth_str name);

/** Put the causes of signatures that do not pass, or, without any signature, of
 * what the receiver says of DKIM. */
void causes_of_dkim(struct check *c, const struct explain *x);
/** What to do about a reason of a receiver, as the table of findings has it;
 * NULL without one. */
const char *causes_reason_remedy(enum dkim_reason reason);
/** Put the cause of SPF. */
void causes_of_spf(struct check *c, const struct explain *x);
/** The cause of SPF tells more than that of DKIM: the message was forwarded, or
 * has no signature at all. */
bool causes_spf_first(const struct explain *x);
/** A signature of the author's organization, or of a claim, has a cause. */
bool causes_own_dkim(struct check *c, const struct explain *x);

#endif /* MESSAGE_CAUSES_H */
