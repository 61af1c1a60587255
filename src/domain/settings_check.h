/*
 * settings_check.h - what the settings of a platform add to a check
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * The settings add to a check what a user would name by hand: nodes, selectors
 * with their keys, MAIL FROM domains. The other subjects check these like those
 * of the user; subject_settings adds the findings that need the settings.
 */
#ifndef DOMAIN_SETTINGS_CHECK_H
#define DOMAIN_SETTINGS_CHECK_H

#include "domain/domain.h"
#include "settings/settings.h"
#include "spf/check.h"

/** Take the settings for c->domain; false when memory ran out. A check without
 * settings may call all functions below. */
bool settings_check_new(struct check *c, struct domain_check *dc,
    const struct mailauth_settings *settings);
/** Nodes and selectors that the settings add at most. */
size_t settings_nodes(const struct domain_check *dc);
size_t settings_selectors(const struct domain_check *dc);
/** Add nodes, selectors, MAIL FROM domains and hosts. dc->senders and
 * dc->selectors must have room for them. */
void settings_take(struct check *c, struct domain_check *dc);
/** MAIL FROM domain `i` of the settings; STR_NONE behind the last one. */
struct mailauth_str settings_mail_from(const struct domain_check *dc, size_t i);
/** Count, and add, the evaluations of SPF that the settings plan. */
size_t settings_planned(const struct domain_check *dc);
void settings_add_trials(const struct domain_check *dc, struct spf_check *s);
/** The MAIL FROM domain of a planned evaluation; STR_NONE while that is not
 * known, and when SPF cannot check it. */
struct mailauth_str
settings_identity(struct check *c, const struct spf_trial *t);

#endif /* DOMAIN_SETTINGS_CHECK_H */
