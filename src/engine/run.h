/*
 * run.h - jobs from request to report
 * SPDX-License-Identifier: BSD-3-Clause
 */
#ifndef ENGINE_RUN_H
#define ENGINE_RUN_H

#include "engine/check.h"

/** One kind of request, such as a check or a plan. */
struct job {
	/** Take a request and add the subjects. EUSE or EINPUT set `why`. */
	enum mailauth_status (
	    *prepare)(struct check *c, const void *request, char *why);
	/** Compare a finished check with those of earlier requests of the same
	 * call. The job owns `*memory`, which is NULL at first. May be NULL. */
	void (*compare)(struct check *c, void **memory);
	/** Free `*memory`; NULL with `compare`. */
	void (*forget)(void **memory);
};

/**
 * Run a job for `n` requests of `size` octets each, a few at a time, and
 * deliver their reports in order.
 * @return MAILAUTH_OK when `done` was called for each; ENOMEM
 */
enum mailauth_status run_all(struct mailauth_resolver *resolver,
    const struct job *job, const void *requests, size_t size, size_t n,
    mailauth_done done, void *arg);
/** Run a job for requests as they come, many at a time; compare() of the job is
 * not called. EUSE when a pointer is NULL; else likewise. */
enum mailauth_status run_stream(struct mailauth_resolver *resolver,
    const struct job *job, const struct mailauth_stream *stream);
/** The same for one request. */
enum mailauth_status run_one(struct mailauth_resolver *resolver,
    const struct job *job, const void *request, struct mailauth_report **out,
    char *why);

#endif /* ENGINE_RUN_H */
