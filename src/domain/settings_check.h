/*
 * settings_check.h - a domain as a platform is set to send from it
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * The settings add to a check what a user would name by hand: nodes, selectors
 * with their keys, MAIL FROM domains. The subjects look at these as at all
 * others; what only settings can tell is told by subject_settings.
 */
#ifndef DOMAIN_SETTINGS_CHECK_H
#define DOMAIN_SETTINGS_CHECK_H

#include "domain/domain.h"
#include "settings/settings.h"
#include "spf/check.h"

/** Take the settings for c->domain; false when memory ran out. The functions
 * below are fine for a check without any. */
bool settings_check_new(struct check *c, struct domain_check *dc,
    const struct mailauth_settings *settings);
/** How many nodes and selectors they add at most. */
size_t settings_nodes(const struct domain_check *dc);
size_t settings_selectors(const struct domain_check *dc);
/** Add them. */
void settings_take(struct check *c, struct domain_check *dc);
/** MAIL FROM domain `i` of the settings; STR_NONE behind the last one. */
struct mailauth_str settings_mail_from(const struct domain_check *dc, size_t i);
/** Evaluations of SPF that they add. */
size_t settings_planned(const struct domain_check *dc);
void settings_add_trials(const struct domain_check *dc, struct spf_check *s);
/** The MAIL FROM domain of such an evaluation; STR_NONE: not known yet. */
struct mailauth_str
settings_identity(struct check *c, const struct spf_trial *t);

#endif /* DOMAIN_SETTINGS_CHECK_H */
