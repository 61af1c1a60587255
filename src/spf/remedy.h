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

#endif /* SPF_REMEDY_H */
