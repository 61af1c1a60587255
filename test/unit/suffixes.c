/*
 * suffixes.c - the Public Suffix List, read once for all tests
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * The linker wraps the calls (--wrap): a resolver has its own list, and the
 * tests make thousands of resolvers.
 */
#include <libpsl.h>

psl_ctx_t *__real_psl_latest(const char *file);
psl_ctx_t *__wrap_psl_latest(const char *file);
void __wrap_psl_free(psl_ctx_t *list);

psl_ctx_t *
__wrap_psl_latest(const char *file)
{
	static psl_ctx_t *list;

	if (list == NULL)
		list = __real_psl_latest(file);
	return list;
}

void
__wrap_psl_free(psl_ctx_t *list)
{
	(void)list;
}
