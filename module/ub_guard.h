/*
 * ub_guard.h - checks that this Unbound is the one the module was built for
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * Include config.h of that Unbound first.
 */
#ifndef MODULE_UB_GUARD_H
#define MODULE_UB_GUARD_H

#include <stddef.h>

struct module_env;
struct module_qstate;

/** Octets of the reason, its NUL included. */
#define GUARD_WHY_MAX 256

/**
 * Compare the version and the layout of the running Unbound with those that the
 * module was compiled for. Wrong pointers in its structures do no harm.
 * @param init the address of the module's init(), which the host has stored
 * @param why GUARD_WHY_MAX octets of room: the reason of a refusal; after an
 *     agreement a warning, or ""
 * @return 0 when they differ: the module must not touch any structure.
 */
int guard_host(struct module_env *env, int id, void *init, char *why);

/**
 * Compare the layout of a query state with the compiled one.
 * @param de the dynlibmod_env of this module, which the query must lead to
 * @return 0 when it differs.
 */
int guard_query(struct module_qstate *qstate, int id, const void *de);

#endif /* MODULE_UB_GUARD_H */
