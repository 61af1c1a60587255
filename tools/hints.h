/*
 * hints.h - options that answer what a report asks for
 * SPDX-License-Identifier: BSD-3-Clause
 */
#ifndef TOOLS_HINTS_H
#define TOOLS_HINTS_H

#include "tools/option.h"

/** Print the options of the command that findings and causes of a report, of
 * those its text shows, could be settled with: a line for each of them. */
void hints_print(const struct options *o, struct mailauth_report *r);

#endif /* TOOLS_HINTS_H */
