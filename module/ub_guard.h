/*
 * ub_guard.h - is this the Unbound that the module was built for?
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * config.h of that Unbound must be included in front.
 */
#ifndef MODULE_UB_GUARD_H
#define MODULE_UB_GUARD_H

#include <stddef.h>

struct module_env;
struct module_qstate;

/** Octets of the reason, its NUL included. */
#define GUARD_WHY_MAX 256

/**
 * Compare version and layout of what runs with what was compiled. Reads the
 * structures of the host in a way that survives wrong pointers.
 * @param init the module's entry point, which the host has stored
 * @param why GUARD_WHY_MAX octets: why not; or, when it is, a remark or ""
 * @return 0 when the module must not touch anything
 */
int guard_host(struct module_env *env, int id, void *init, char *why);

/** Does a query state have the layout that was compiled? `de` is what its
 * environment holds for this module. */
int guard_query(struct module_qstate *qstate, int id, const void *de);

#endif /* MODULE_UB_GUARD_H */
