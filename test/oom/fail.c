/*
 * fail.c - allocations that fail when they are told to
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * glibc lets a program bring its own allocator. Under AddressSanitizer, which
 * does that itself, the linker wraps the calls of this program's own objects
 * (--wrap), and libjansson gets these functions; libcrypto has its own always.
 */
#include "test/oom/fail.h"

#include <errno.h>
#include <stdlib.h>

#if defined(__SANITIZE_ADDRESS__)
#define SANITIZED 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define SANITIZED 1
#endif
#endif

#include <openssl/crypto.h>

#ifdef SANITIZED
#include <jansson.h>

#define REAL(name) __real_##name
#define OURS(name) __wrap_##name
#else
#define REAL(name) __libc_##name
#define OURS(name) name
#endif

/* The libraries must see these functions. */
#pragma GCC visibility push(default)
extern void *REAL(malloc)(size_t n);
extern void *REAL(calloc)(size_t n, size_t size);
extern void *REAL(realloc)(void *p, size_t n);
extern void REAL(free)(void *p);
void *OURS(malloc)(size_t n);
void *OURS(calloc)(size_t n, size_t size);
void *OURS(realloc)(void *p, size_t n);
void OURS(free)(void *p);
#pragma GCC visibility pop

static unsigned long at, count;
static bool on, counting;
static bool (*asked)(unsigned long n);
static long live, crypto_live;

static bool
fails(void)
{
	if (!counting)
		return false;
	count++;
	if (asked != NULL) {
		bool fail;

		counting = false;
		fail = asked(count);
		counting = true;
		if (fail) {
			errno = ENOMEM;
			return true;
		}
	}
	if (at == 0 || (on ? count < at : count != at))
		return false;
	errno = ENOMEM;
	return true;
}

void *
OURS(malloc)(size_t n)
{
	void *p = fails() ? NULL : REAL(malloc)(n);

	live += p != NULL;
	return p;
}

void *
OURS(calloc)(size_t n, size_t size)
{
	void *p = fails() ? NULL : REAL(calloc)(n, size);

	live += p != NULL;
	return p;
}

void *
OURS(realloc)(void *old, size_t n)
{
	void *p = fails() ? NULL : REAL(realloc)(old, n);

	live += old == NULL && p != NULL;
	live -= old != NULL && n == 0;
	return p;
}

void
OURS(free)(void *p)
{
	live -= p != NULL;
	REAL(free)(p);
}

/* libcrypto loses blocks of its own on some of its error paths, so its blocks
 * are counted apart. */

static void *
crypto_malloc(size_t n, const char *file, int line)
{
	void *p = fails() ? NULL : REAL(malloc)(n);

	(void)file;
	(void)line;
	crypto_live += p != NULL;
	return p;
}

static void
crypto_free(void *p, const char *file, int line)
{
	(void)file;
	(void)line;
	crypto_live -= p != NULL;
	REAL(free)(p);
}

static void *
crypto_realloc(void *old, size_t n, const char *file, int line)
{
	void *p;

	if (n == 0) {
		crypto_free(old, file, line);
		return NULL;
	}
	p = fails() ? NULL : REAL(realloc)(old, n);
	crypto_live += old == NULL && p != NULL;
	return p;
}

__attribute__((constructor)) static void
tell_libraries(void)
{
#ifdef SANITIZED
	json_set_alloc_funcs(OURS(malloc), OURS(free));
#endif
	if (CRYPTO_set_mem_functions(crypto_malloc, crypto_realloc,
	        crypto_free) != 1)
		abort();
}

void
fail_set(unsigned long n, bool from_there)
{
	at = n;
	on = from_there;
}

void
fail_ask(bool (*fails_here)(unsigned long n))
{
	asked = fails_here;
}

void
fail_begin(void)
{
	count = 0;
	counting = true;
}

void
fail_stop(void)
{
	counting = false;
}

unsigned long
fail_count(void)
{
	return count;
}

long
fail_live(bool crypto)
{
#ifdef SANITIZED
	(void)crypto;
	return 0;
#else
	return crypto ? live + crypto_live : live;
#endif
}
