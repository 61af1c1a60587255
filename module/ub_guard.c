/*
 * ub_guard.c - checks that this Unbound is the one the module was built for
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * A module shares structures with Unbound, and their layout differs between
 * versions, between sets of configure options, and with Debian's security
 * patches, which do not change the version. A module with wrong offsets crashes
 * the resolver. So the guard checks four things before any other access:
 * 1. the version string is in the read-only memory of the program;
 * 2. ub_rrset_sizefunc() and msgreply_sizefunc() of the host, which have kept
 *    their declaration since 1.14, compute the sizes that we compiled;
 * 3. module_env and dynlibmod_env hold our init() where we look for it;
 * 4. config_file holds the path of this module where we look for it.
 * Checks 3 and 4 read memory through a pipe, so that a wrong offset gives an
 * error and no fault. The guard proves much and not everything: a change in a
 * structure that none of the four touches goes unnoticed.
 */
#include "config.h"

#include "module/ub_guard.h"

#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <link.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "dynlibmod/dynlibmod.h"
#include "util/config_file.h"
#include "util/data/msgreply.h"
#include "util/data/packed_rrset.h"
#include "util/module.h"

/* Entries of a list to read, at most: a wrong pointer may lead to a loop. */
#define LIST_MAX 64

/* A pipe through which the kernel copies memory: write() from a wrong pointer
 * fails with EFAULT where a load would fault. */
struct probe {
	int fd[2];
};

/* Copy `n` octets at `from`, at most the capacity of a pipe. Return 0 when they
 * cannot be read. */
static int
peek(const struct probe *p, const void *from, void *to, size_t n)
{
	ssize_t in = write(p->fd[1], from, n);

	if (in == (ssize_t)n)
		return read(p->fd[0], to, n) == (ssize_t)n;
	/* The first octets may have been readable: empty the pipe. */
	while (in > 0) {
		char room[64];
		ssize_t out = read(p->fd[0], room, sizeof(room));

		if (out <= 0)
			break;
		in -= out;
	}
	return 0;
}

static int
probe_open(struct probe *p)
{
	return pipe2(p->fd, O_CLOEXEC | O_NONBLOCK) == 0;
}

static void
probe_close(struct probe *p)
{
	close(p->fd[0]);
	close(p->fd[1]);
}

/* The host's memory at `from` holds the string `s`, its NUL included. */
static int
peek_is(const struct probe *p, const char *from, const char *s)
{
	for (;; from++, s++) {
		char c;

		if (!peek(p, from, &c, 1) || c != *s)
			return 0;
		if (c == '\0')
			return 1;
	}
}

/* A string to look for in the read-only memory of the program. */
struct literal {
	const char *text;
	size_t n;
	int found;
};

/* `at` is a mapped segment, so each octet can be read. AddressSanitizer would
 * report the gaps that it places between the objects. */
__attribute__((no_sanitize("address"))) static int
holds(const char *at, size_t size, const char *text, size_t n)
{
	for (size_t i = 0; i + n <= size; i++) {
		size_t same = 0;

		while (same < n && at[i + same] == text[same])
			same++;
		if (same == n)
			return 1;
	}
	return 0;
}

static int
search_object(struct dl_phdr_info *info, size_t size, void *arg)
{
	struct literal *l = arg;

	(void)size;
	for (int i = 0; i < info->dlpi_phnum && !l->found; i++) {
		const ElfW(Phdr) *ph = &info->dlpi_phdr[i];

		if (ph->p_type == PT_LOAD && (ph->p_flags & PF_R) &&
		    !(ph->p_flags & PF_W))
			l->found =
			    holds((const char *)(info->dlpi_addr + ph->p_vaddr),
			        ph->p_filesz, l->text, l->n);
	}
	return 1; /* the first object is the program: stop there */
}

static int
program_has(const char *text)
{
	struct literal l = { text, strlen(text) + 1, 0 };

	dl_iterate_phdr(search_object, &l);
	return l.found;
}

typedef size_t (*size_function)(void *key, void *data);

static size_function
size_named(const char *name)
{
	void *symbol = dlsym(RTLD_DEFAULT, name);
	size_function f;

	/* ISO C has no cast from an object pointer to a function pointer. */
	memcpy(&f, &symbol, sizeof(f));
	return f;
}

/* Memory larger than any structure that the host may take it for. */
union dummy {
	max_align_t align;
	unsigned char octets[4096];
};

/* The host computes the size of a record set with one record, and with a name
 * of 7 octets, as we do: so count, rr_len and dname_len are where we think. */
static int
rrset_agrees(void)
{
	static size_t length[1];
	static uint8_t *data[1];
	size_function f = size_named("ub_rrset_sizefunc");
	size_t size = sizeof(struct ub_packed_rrset_key) +
	    sizeof(struct packed_rrset_data);
	union dummy key = { .octets = { 0 } }, rrset = { .octets = { 0 } };
	struct packed_rrset_data *d = (struct packed_rrset_data *)&rrset;

	if (f == NULL)
		return 0;
	d->count = 1;
	d->rr_len = length;
	d->rr_data = data;
	data[0] = (uint8_t *)d + sizeof(*d);
	if (f(&key, &rrset) != size)
		return 0;
	/* The host must see the length of the name where we write it. */
	((struct ub_packed_rrset_key *)&key)->rk.dname_len = 7;
	return f(&key, &rrset) == size + 7;
}

/* The host computes the size of a reply without and with a record set as we
 * do: so rrset_count is where we think. */
static int
reply_agrees(void)
{
	size_function f = size_named("msgreply_sizefunc");
	size_t one = sizeof(struct rrset_ref);
	size_t size =
	    sizeof(struct msgreply_entry) + sizeof(struct reply_info) - one;
	union dummy key = { .octets = { 0 } }, reply = { .octets = { 0 } };

	if (f == NULL || f(&key, &reply) != size)
		return 0;
	((struct reply_info *)&reply)->rrset_count = 1;
	return f(&key, &reply) ==
	    size + one + sizeof(struct ub_packed_rrset_key *);
}

/* The host has stored our init() where we look for it. */
static int
env_agrees(const struct probe *p, struct module_env *env, int id, void *init)
{
	struct dynlibmod_env *de;
	void *stored;

	return peek(p, &env->modinfo[id], &de, sizeof(de)) && de != NULL &&
	    peek(p, &de->func_init, &stored, sizeof(stored)) && stored == init;
}

/* The list "dynlib-file" of the host's configuration, read with our offsets,
 * holds the path of this module. */
static int
config_agrees(const struct probe *p, struct module_env *env, void *init)
{
	struct config_strlist *list, one;
	struct config_file *cfg;
	Dl_info self;

	if (!dladdr(init, &self) || self.dli_fname == NULL ||
	    !peek(p, &env->cfg, &cfg, sizeof(cfg)) || cfg == NULL ||
	    !peek(p, &cfg->dynlib_file, &list, sizeof(list)))
		return 0;
	for (int i = 0; list != NULL && i < LIST_MAX; i++) {
		if (!peek(p, list, &one, sizeof(one)))
			return 0;
		if (one.str != NULL && peek_is(p, one.str, self.dli_fname))
			return 1;
		list = one.next;
	}
	return 0;
}

static int
refuse(char *why, const char *what)
{
	snprintf(why, GUARD_WHY_MAX,
	    "built for %s: this Unbound differs in %s; build the module with "
	    "the sources and options of this one",
	    PACKAGE_STRING, what);
	return 0;
}

int
guard_host(struct module_env *env, int id, void *init, char *why)
{
	struct probe p;
	int env_ok, config_ok;

	why[0] = '\0';
	if (!program_has(PACKAGE_STRING))
		return refuse(why, "its version");
	if (!rrset_agrees())
		return refuse(why, "the layout of record sets");
	if (!reply_agrees())
		return refuse(why, "the layout of replies");
	if (!probe_open(&p)) {
		snprintf(why, GUARD_WHY_MAX, "pipe: %s", strerror(errno));
		return 0;
	}
	env_ok = env_agrees(&p, env, id, init);
	config_ok = env_ok && config_agrees(&p, env, init);
	probe_close(&p);
	if (!env_ok)
		return refuse(why, "the layout of its environment");
	if (!config_ok)
		return refuse(why, "the layout of its configuration");
	if (!program_has(CONFCMDLINE))
		snprintf(why, GUARD_WHY_MAX,
		    "built with another configure line than this Unbound; "
		    "what was compared agrees");
	return 1;
}

int
guard_query(struct module_qstate *qstate, int id, const void *de)
{
	struct module_env *env;
	struct probe p;
	void *stored;
	int ok;

	if (!probe_open(&p))
		return 1; /* no descriptors: no reason to refuse the query */
	ok = peek(&p, &qstate->env, &env, sizeof(env)) && env != NULL &&
	    peek(&p, &env->modinfo[id], &stored, sizeof(stored)) &&
	    stored == de;
	probe_close(&p);
	return ok;
}
