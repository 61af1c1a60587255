/*
 * remedy.h - what to do about the tree of an SPF record
 * SPDX-License-Identifier: BSD-3-Clause
 */
#ifndef SPF_REMEDY_H
#define SPF_REMEDY_H

#include "engine/check.h"
#include "spf/budget.h"

/** Write which records lead in a circle: "a.example. -> b.example. ->
 * a.example.", or the wildcard that leads to itself. */
void put_spf_circle(struct writer *w, const struct spf_budget *b);

/** Write how to open the circle. */
void put_spf_circle_opened(struct check *c, struct writer *w,
    const struct spf_budget *b);

/** The term that ends in an error, in the record where it is; NULL without
 * one. */
const struct spf_step *spf_faulty(const struct spf_step *step);

/** The term on the way to an error that leads back to a record above it; NULL
 * without one. */
const struct spf_step *spf_back(const struct spf_step *step);

/** Write what to do about such a term of `steps`, as the table of findings has
 * it. */
void put_spf_mend(struct writer *w, const struct spf_step *steps,
    const struct spf_step *step);

#endif /* SPF_REMEDY_H */
