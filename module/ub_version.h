/*
 * ub_version.h - the version of the Unbound that the module is built for
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * Include config.h of that Unbound first.
 */
#ifndef MODULE_UB_VERSION_H
#define MODULE_UB_VERSION_H

/* RSRC_PACKAGE_VERSION is "1,17,1", perhaps with a fourth number. It is meant
 * for Windows resource files and is the only numeric version in config.h. */
#define UNBOUND_NUMBER_OF(a, b, c, ...) ((a)*10000 + (b)*100 + (c))
#define UNBOUND_NUMBER_EXPAND(list)     UNBOUND_NUMBER_OF(list, 0)
/** 11701 for 1.17.1. */
#define UNBOUND_NUMBER UNBOUND_NUMBER_EXPAND(RSRC_PACKAGE_VERSION)

#if UNBOUND_NUMBER < 11700
#error "Unbound 1.17.0 or newer is needed"
#endif
#ifndef HAVE_PTHREAD
#error \
    "Unbound without threads starts processes after the modules: not supported"
#endif

#endif /* MODULE_UB_VERSION_H */
