/*
 * mailauthmod.c - the module that Unbound loads
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * The module sees replies through the inplace callbacks of Unbound; queries
 * pass through operate() untouched. Unbound loads and unloads this library with
 * every reload, on its main thread, while none of its other threads runs: so
 * init() and deinit() may block, and the callbacks need no lock.
 *
 * A fault never ends Unbound, with two exceptions: the guard found another
 * Unbound than the module was built for, so that the module must not touch any
 * structure; and the option "strict", at a start. With an unusable
 * configuration the module stays loaded and does nothing.
 */
#include "config.h"

#include "module/ub_version.h"

#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <unistd.h>

#include "dynlibmod/dynlibmod.h"
#include "log/logger.h"
#include "mailauth/mailauth.h"
#include "module/ub_guard.h"
#include "module/ub_view.h"
#include "record/rrtype.h"
#include "sys/file.h"
#include "util/config_file.h"
#include "util/log.h"
#include "util/module.h"

#define EXPORT __attribute__((visibility("default")))

/* Threads of one resolver, at most. */
#define THREADS_MAX 1024
/* Milliseconds that deinit() waits for the writer thread. */
#define STOP_MS 3000
/* An environment variable with the number of the process in which the module
 * was started. It distinguishes a reload from a start: the variables of this
 * library do not survive a reload. */
#define STARTED "UNBOUND_MAILAUTH_STARTED"

/* One instance of the module; Unbound keeps the pointer in dyn_env. */
struct state {
	struct view_how how;
	struct logger *logger;
	struct watch *watches;
	size_t nwatches;
	_Atomic size_t claimed; /* watches that have a thread */
	_Atomic bool query_checked; /* guard_query() has agreed */
	const void *de; /* the dynlibmod_env that Unbound keeps for us */
};

/* The watch of this thread, and the instance that owns the watch. */
static __thread struct watch *my_watch;
static __thread const struct state *my_state;

/* The instance that watches. A second instance stays idle, else each reply
 * would be logged twice. */
static const struct state *watching;

EXPORT int init(struct module_env *env, int id);
EXPORT void deinit(struct module_env *env, int id);
EXPORT void operate(struct module_qstate *qstate, enum module_ev event, int id,
    struct outbound_entry *entry);
EXPORT void
inform_super(struct module_qstate *qstate, int id, struct module_qstate *super);
EXPORT void clear(struct module_qstate *qstate, int id);
EXPORT size_t get_mem(struct module_env *env, int id);

/* Callbacks. */

/* Give this thread a watch of its own, at its first reply. NULL when there are
 * more threads than watches. */
static struct watch *
claim_watch(struct state *s)
{
	size_t i =
	    atomic_fetch_add_explicit(&s->claimed, 1, memory_order_relaxed);

	my_state = s;
	my_watch = i < s->nwatches ? &s->watches[i] : NULL;
	return my_watch;
}

/* The reply goes to a client and its type is one of mail records. Most replies
 * fail this test, so it comes first and is inline. Unbound passes no name for
 * questions in class CHAOS, and no client for its own questions. */
static inline bool
is_wanted(const struct query_info *q, const struct comm_reply *repinfo)
{
	return q != NULL && rrtype_is_watched(q->qtype) &&
	    q->qclass == LDNS_RR_CLASS_IN && q->qname != NULL &&
	    repinfo != NULL;
}

static void
look(const struct reply_view *v, struct state *s)
{
	struct watch *w = my_state == s ? my_watch : claim_watch(s);

	if (w != NULL)
		view_look(v, &s->how, w);
	else
		watch_drop(&s->watches[0]);
}

/* A callback for each of the four lists of Unbound, equal but for `which`. It
 * returns 1: Unbound goes on with the reply. */
#define CALLBACK(function, which) \
	static int function(struct query_info *qinfo, \
	    struct module_qstate *qstate, struct reply_info *rep, int rcode, \
	    struct edns_data *edns, struct edns_option **options, \
	    struct comm_reply *repinfo, struct regional *region, \
	    struct timeval *now, int id, void *arg) \
	{ \
		struct reply_view v = { which, qinfo, qstate, rep, rcode, \
			repinfo, now }; \
\
		(void)edns; \
		(void)options; \
		(void)region; \
		(void)id; \
		if (is_wanted(qinfo, repinfo)) \
			look(&v, arg); \
		return 1; \
	}

CALLBACK(on_reply, DOOR_REPLY)
CALLBACK(on_cache, DOOR_CACHE)
CALLBACK(on_local, DOOR_LOCAL)
CALLBACK(on_servfail, DOOR_SERVFAIL)

static const struct {
	inplace_cb_reply_func_type *function;
	enum inplace_cb_list_type type;
} callbacks[] = {
	{ on_reply, inplace_cb_reply },
	{ on_cache, inplace_cb_reply_cache },
	{ on_local, inplace_cb_reply_local },
	{ on_servfail, inplace_cb_reply_servfail },
};

#define CALLBACKS (sizeof(callbacks) / sizeof(callbacks[0]))

static void
unregister(struct module_env *env, struct dynlibmod_env *de, int id)
{
	for (size_t i = 0; i < CALLBACKS; i++)
		de->inplace_cb_delete_wrapped(env, callbacks[i].type, id);
}

static bool
register_all(struct module_env *env, struct dynlibmod_env *de, int id,
    struct state *s)
{
	for (size_t i = 0; i < CALLBACKS; i++) {
		void *function;

		/* dynlibmod takes a void *, which ISO C does not convert from
		 * a function pointer. */
		memcpy(&function, &callbacks[i].function, sizeof(function));
		if (!de->inplace_cb_register_wrapped(function,
		        callbacks[i].type, s, env, id)) {
			unregister(env, de, id);
			return false;
		}
	}
	return true;
}

/* Start. */

static void
say(bool trouble, const char *text)
{
	if (trouble)
		log_err("mailauth: %s", text);
	else
		log_info("mailauth: %s", text);
}

static void
say_wrong_line(void *arg, unsigned line, const char *why)
{
	log_err("mailauth: %s:%u: %s", (const char *)arg, line, why);
}

/* The path of our configuration: the first "dynlib-file" that ends in ".conf".
 * Unbound ignores entries of that list beyond the number of its dynlib modules.
 * NULL without such an entry. */
static const char *
configuration_path(const struct module_env *env)
{
	const struct config_strlist *l = env->cfg->dynlib_file;

	for (; l != NULL; l = l->next) {
		size_t n = l->str != NULL ? strlen(l->str) : 0;

		if (n > 5 && strcmp(l->str + n - 5, ".conf") == 0)
			return l->str;
	}
	return NULL;
}

/* Remove the chroot directory from the start of a path: init() runs inside the
 * chroot already, and administrators write paths either way. */
static void
enter_chroot(const struct module_env *env, char path[CONF_PATH_MAX])
{
	const char *root = env->cfg->chrootdir;
	size_t n = root != NULL ? strlen(root) : 0;

	while (n > 0 && root[n - 1] == '/')
		n--;
	if (n > 0 && strncmp(path, root, n) == 0 && path[n] == '/')
		memmove(path, path + n, strlen(path + n) + 1);
}

/* Read the whole file. O_NONBLOCK: a named pipe must not stop Unbound. */
static enum file_end
read_conf(const char *path, struct arena *a, struct mailauth_str *out)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	enum file_end end;

	if (fd < 0)
		return FILE_NOT_OPENED;
	end = file_read_open(fd, CONF_FILE_MAX, a, out);
	close(fd);
	return end;
}

/* Read the configuration; each fault goes to Unbound's log. Return false when
 * there was any. */
static bool
configure(const struct module_env *env, struct conf *conf)
{
	const char *given = configuration_path(env);
	char path[CONF_PATH_MAX];
	unsigned wrong = 0;
	struct arena a = { NULL, false };
	struct mailauth_str text;
	enum file_end end;

	conf_default(conf);
	if (given != NULL) {
		snprintf(path, sizeof(path), "%s", given);
		enter_chroot(env, path);
		end = read_conf(path, &a, &text);
		if (end != FILE_WHOLE) {
			log_err("mailauth: %s: %s", path,
			    end == FILE_LONGER ? "the file is too long" :
			                         strerror(errno));
			wrong = 1;
		} else {
			wrong = conf_read(conf, text, say_wrong_line, path);
		}
		arena_free(&a);
	}
	enter_chroot(env, conf->log);
	enter_chroot(env, conf->metrics);
	return wrong == 0;
}

static void
state_free(struct state *s)
{
	if (s == NULL)
		return;
	for (size_t i = 0; s->watches != NULL && i < s->nwatches; i++)
		watch_free(&s->watches[i]);
	free(s->watches);
	free(s);
}

static bool
make_watches(struct state *s, const struct module_env *env,
    const struct conf *conf)
{
	int threads = env->cfg->num_threads;

	s->nwatches = threads < 1 ? 1 :
	    threads > THREADS_MAX ? THREADS_MAX :
	                            (size_t)threads;
	if (posix_memalign((void **)&s->watches, 64,
	        s->nwatches * sizeof(*s->watches)) != 0) {
		s->watches = NULL;
		return false;
	}
	memset(s->watches, 0, s->nwatches * sizeof(*s->watches));
	for (size_t i = 0; i < s->nwatches; i++)
		if (!watch_init(&s->watches[i], conf->cache_size,
		        conf->buffer_size, conf->repeat_interval))
			return false;
	return true;
}

/* Start an instance: watches, writer thread, callbacks. `why` receives the
 * reason of a failure (NULL is returned and nothing runs) or a warning. */
static struct state *
start(struct module_env *env, struct dynlibmod_env *de, int id,
    const struct conf *conf, char *why)
{
	struct state *s = calloc(1, sizeof(*s));
	struct logger_setup setup = { .conf = *conf,
		.say = say,
		.note =
		    "unbound-mailauth " MAILAUTH_VERSION ", " PACKAGE_STRING };

	snprintf(why, CONF_WHY_MAX, "memory ran out");
	if (s == NULL || !make_watches(s, env, conf)) {
		state_free(s);
		return NULL;
	}
	if (getrandom(&s->how.key, sizeof(s->how.key), GRND_NONBLOCK) !=
	    sizeof(s->how.key)) {
		snprintf(why, CONF_WHY_MAX, "there are no random numbers yet");
		state_free(s);
		return NULL;
	}
	s->how.clients = conf->clients != CONF_CLIENTS_NO;
	s->how.prefix4 =
	    conf->clients == CONF_CLIENTS_FULL ? 32 : (uint8_t)conf->prefix4;
	s->how.prefix6 =
	    conf->clients == CONF_CLIENTS_FULL ? 128 : (uint8_t)conf->prefix6;
	s->de = de;
	setup.watches = s->watches;
	setup.nwatches = s->nwatches;
	s->logger = logger_start(&setup, why);
	if (s->logger == NULL) {
		state_free(s);
		return NULL;
	}
	if (!register_all(env, de, id, s)) {
		snprintf(why, CONF_WHY_MAX, "Unbound takes no callbacks");
		if (logger_stop(s->logger, STOP_MS))
			state_free(s);
		return NULL;
	}
	return s;
}

/* This process has started the module before, so this is a reload. */
static bool
is_reload(void)
{
	const char *before = getenv(STARTED);
	char self[32];

	snprintf(self, sizeof(self), "%ld", (long)getpid());
	if (before != NULL && strcmp(before, self) == 0)
		return true;
	setenv(STARTED, self, 1);
	return false;
}

/* The entry points that Unbound calls (util/module.h). */

/* Return 0 to make Unbound refuse to start. */
int
init(struct module_env *env, int id)
{
	char why[GUARD_WHY_MAX + CONF_WHY_MAX];
	struct dynlibmod_env *de;
	bool usable, reload;
	struct state *s;
	struct conf conf;
	void *self;

	/* ISO C has no cast from a function pointer to an object pointer. */
	memcpy(&self, &(int (*)(struct module_env *, int)){ init },
	    sizeof(self));
	if (!guard_host(env, id, self, why)) {
		log_err("mailauth: %s", why);
		return 0;
	}
	if (why[0] != '\0')
		log_warn("mailauth: %s", why);
	reload = is_reload();
	de = env->modinfo[id];
	de->dyn_env = NULL;
	if (watching != NULL) {
		log_warn("mailauth: loaded twice: the first one watches");
		return 1;
	}
	usable = configure(env, &conf);
	s = usable ? start(env, de, id, &conf, why) : NULL;
	if (usable && s == NULL)
		log_err("mailauth: %s", why);
	de->dyn_env = s;
	watching = s;
	if ((s == NULL || why[0] != '\0') && conf.strict && !reload) {
		log_err("mailauth: Unbound is not started: strict: yes");
		deinit(env, id);
		return 0;
	}
	if (s == NULL) {
		log_err("mailauth: disabled, nothing is watched");
		return 1;
	}
	log_info("mailauth: watching %u threads, with at most %u KiB",
	    (unsigned)s->nwatches,
	    (unsigned)(logger_memory(&conf, s->nwatches) / 1024));
	return 1;
}

/* Keep this library mapped after Unbound's dlclose(), since the writer thread
 * still runs its code. */
static void
stay(void)
{
	Dl_info self;

	if (dladdr(&watching, &self) && self.dli_fname != NULL)
		dlopen(self.dli_fname, RTLD_NOW | RTLD_NOLOAD | RTLD_NODELETE);
}

/* Unbound calls this late: of its structures only `de` and the lists of
 * callbacks are still valid. When the writer thread does not end, its memory
 * and this library must stay. */
void
deinit(struct module_env *env, int id)
{
	struct dynlibmod_env *de = env->modinfo[id];
	struct state *s = de->dyn_env;

	unregister(env, de, id);
	de->dyn_env = NULL;
	my_state = NULL;
	my_watch = NULL;
	if (s == NULL)
		return;
	watching = NULL;
	if (logger_stop(s->logger, STOP_MS)) {
		state_free(s);
		return;
	}
	log_warn("mailauth: the log does not take what is written to it: its "
	         "last lines are left behind");
	stay();
}

/* Pass every query on to the next module and every result back. The first query
 * is compared with the layout this module was compiled with. */
void
operate(struct module_qstate *qstate, enum module_ev event, int id,
    struct outbound_entry *entry)
{
	struct dynlibmod_env *de = qstate->env->modinfo[id];
	struct state *s = de->dyn_env;

	(void)entry;
	if (s != NULL &&
	    !atomic_load_explicit(&s->query_checked, memory_order_relaxed)) {
		if (!guard_query(qstate, id, s->de)) {
			log_err("mailauth: this Unbound differs in the layout "
			        "of queries");
			return;
		}
		atomic_store_explicit(&s->query_checked, true,
		    memory_order_relaxed);
	}
	if (event == module_event_new || event == module_event_pass)
		qstate->ext_state[id] = module_wait_module;
	else if (event == module_event_moddone)
		qstate->ext_state[id] = module_finished;
	else
		qstate->ext_state[id] = module_error;
}

void
inform_super(struct module_qstate *qstate, int id, struct module_qstate *super)
{
	(void)qstate;
	(void)id;
	(void)super;
}

void
clear(struct module_qstate *qstate, int id)
{
	(void)qstate;
	(void)id;
}

/* Octets of memory, for Unbound's statistics. */
size_t
get_mem(struct module_env *env, int id)
{
	struct dynlibmod_env *de = env->modinfo[id];
	struct state *s = de->dyn_env;
	size_t size = 0;

	if (s == NULL)
		return 0;
	for (size_t i = 0; i < s->nwatches; i++)
		size +=
		    watch_memory(s->watches[i].nseen, s->watches[i].ring.size);
	return size + sizeof(*s);
}
