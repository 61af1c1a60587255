/*
 * sent.h - how a message went out, beside what the settings say
 * SPDX-License-Identifier: BSD-3-Clause
 */
#ifndef MESSAGE_SENT_H
#define MESSAGE_SENT_H

#include "message/causes.h"
#include "message/explain.h"
#include "settings/settings.h"

/** The route of the settings that the message fits best: with it, the fewest
 * and least weighty values differ. NULL without settings, or without a route. */
const struct route *sent_route(struct check *c, const struct explain *x);
/** Put findings on what differs from that route, and the part of the report. */
void sent_tell(struct check *c, struct explain *x);
/** Put the cause, where something differs. */
void sent_cause(struct check *c, const struct explain *x);

#endif /* MESSAGE_SENT_H */
