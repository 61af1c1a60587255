/*
 * dnscode.h - a plan as the programs read it that keep DNS in files
 * SPDX-License-Identifier: BSD-3-Clause
 */
#ifndef TOOLS_DNSCODE_H
#define TOOLS_DNSCODE_H

#include <stdbool.h>

struct mailauth_report;
struct options;

/** Writers of formats (format.h), of reports on plans. */
bool
plan_octodns(const struct options *o, struct mailauth_report *r, bool first);
bool
plan_dnscontrol(const struct options *o, struct mailauth_report *r, bool first);

#endif /* TOOLS_DNSCODE_H */
