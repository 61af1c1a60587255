/*
 * authority.c - a server in the process that has the given zones
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * libunbound asks it as it asks any server, and proves its answers: so no state
 * of DNSSEC is this program's own word. Only loopback reaches it; whoever else
 * asks there gets what the zones say, and cannot delay others: a connection is
 * closed when a newer one needs its place.
 */
#include "dns/authority.h"

#include <errno.h>
#include <event2/event.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "dns/reply.h"

/* Connections at a time. */
#define LINKS_MAX 16
/* Messages that are answered before other events have their turn. */
#define BURST 64
/* Ports that are tried, until one is free for both UDP and TCP. */
#define TRIES 16
/* Octets of a question: with EDNS and its options. */
#define QUESTION_MAX 4096

/* A TCP connection (RFC 1035 4.2.2): it takes a question, or gives a reply. */
struct link {
	struct authority *a;
	struct event *event;
	int fd; /* -1: not in use */
	uint64_t since; /* order of beginning */
	size_t have; /* octets of the question, its length included */
	size_t size, sent; /* octets of the reply; size 0: no reply yet */
	uint8_t in[2 + QUESTION_MAX];
	uint8_t *out;
};

struct authority {
	struct event_base *events;
	const struct zones *zones;
	bool alone;
	unsigned port;
	int udp, tcp;
	struct event *on_udp, *on_tcp;
	uint64_t links; /* so far */
	struct link link[LINKS_MAX];
	uint8_t out[REPLY_MAX];
};

static size_t
make_reply(struct authority *a, bool tcp, const uint8_t *question, size_t n,
    uint8_t *out)
{
	const struct reply r = { a->zones, a->alone, tcp, question, n };

	return reply_make(&r, out);
}

/* Answer what has come over UDP. */
static void
udp_ready(evutil_socket_t fd, short what, void *arg)
{
	struct authority *a = arg;
	uint8_t question[QUESTION_MAX];
	struct sockaddr_in from;

	(void)what;
	for (int i = 0; i < BURST; i++) {
		socklen_t size = sizeof(from);
		ssize_t n = recvfrom(fd, question, sizeof(question), 0,
		    (struct sockaddr *)&from, &size);
		size_t reply;

		if (n < 0)
			return;
		reply = make_reply(a, false, question, (size_t)n, a->out);
		/* What cannot be sent is lost, as on any network: it is asked
		 * again. */
		if (reply > 0)
			(void)!sendto(fd, a->out, reply, 0,
			    (struct sockaddr *)&from, size);
	}
}

static void
link_close(struct link *l)
{
	if (l->fd < 0)
		return;
	event_free(l->event);
	close(l->fd);
	free(l->out);
	l->event = NULL;
	l->out = NULL;
	l->fd = -1;
}

static void link_ready(evutil_socket_t fd, short what, void *arg);

/* Wait for what is next: more of a question, or room for a reply. */
static bool
link_wait(struct link *l, short what)
{
	if (l->event != NULL)
		event_free(l->event);
	l->event = event_new(l->a->events, l->fd, (short)(what | EV_PERSIST),
	    link_ready, l);
	return l->event != NULL && event_add(l->event, NULL) == 0;
}

/* Octets of the question with its length; 0: not known yet. */
static size_t
link_wants(const struct link *l)
{
	return l->have < 2 ? 0 : 2 + ((size_t)l->in[0] << 8 | l->in[1]);
}

/* A whole question is there: make its reply. */
static bool
link_reply(struct link *l)
{
	size_t n;

	if (l->out == NULL)
		l->out = malloc(2 + REPLY_MAX);
	if (l->out == NULL)
		return false;
	n = make_reply(l->a, true, l->in + 2, l->have - 2, l->out + 2);
	l->out[0] = (uint8_t)(n >> 8);
	l->out[1] = (uint8_t)n;
	l->size = n + 2;
	l->sent = l->have = 0;
	return n > 0;
}

/* Read no more than one question. False ends the connection. */
static bool
link_read(struct link *l)
{
	size_t want = link_wants(l);
	ssize_t n;

	n = read(l->fd, l->in + l->have, (want > 0 ? want : 2) - l->have);
	if (n < 0)
		return errno == EAGAIN || errno == EINTR;
	if (n == 0)
		return false;
	l->have += (size_t)n;
	want = link_wants(l);
	if (want > sizeof(l->in))
		return false;
	if (want == 0 || l->have < want)
		return true;
	return link_reply(l) && link_wait(l, EV_WRITE);
}

/* Send a part of the reply; behind it the next question may come. */
static bool
link_write(struct link *l)
{
	ssize_t n =
	    send(l->fd, l->out + l->sent, l->size - l->sent, MSG_NOSIGNAL);

	if (n < 0)
		return errno == EAGAIN || errno == EINTR;
	l->sent += (size_t)n;
	if (l->sent < l->size)
		return true;
	l->size = 0;
	return link_wait(l, EV_READ);
}

static void
link_ready(evutil_socket_t fd, short what, void *arg)
{
	struct link *l = arg;

	(void)fd;
	(void)what;
	if (!(l->size > 0 ? link_write(l) : link_read(l)))
		link_close(l);
}

/* A place for a connection: a free one, or that of the oldest. */
static struct link *
link_place(struct authority *a)
{
	struct link *oldest = &a->link[0];

	for (size_t i = 0; i < LINKS_MAX; i++) {
		if (a->link[i].fd < 0)
			return &a->link[i];
		if (a->link[i].since < oldest->since)
			oldest = &a->link[i];
	}
	link_close(oldest);
	return oldest;
}

/* Let the descriptor never block, and end with the program. */
static bool
set_up(int fd)
{
	return fd >= 0 && fcntl(fd, F_SETFL, O_NONBLOCK) == 0 &&
	    fcntl(fd, F_SETFD, FD_CLOEXEC) == 0;
}

static void
tcp_ready(evutil_socket_t fd, short what, void *arg)
{
	struct authority *a = arg;
	int got = accept(fd, NULL, NULL);
	struct link *l;

	(void)what;
	if (got < 0)
		return;
	l = link_place(a);
	*l = (struct link){ .a = a, .fd = got, .since = ++a->links };
	if (!set_up(got) || !link_wait(l, EV_READ)) {
		if (l->event != NULL)
			event_free(l->event);
		close(got);
		l->event = NULL;
		l->fd = -1;
	}
}

/* Bind a socket to a port of loopback; 0: any. Returns the port, 0 on
 * failure. */
static unsigned
open_at(int *fd, int type, unsigned port)
{
	struct sockaddr_in at = {
		.sin_family = AF_INET,
		.sin_port = htons((uint16_t)port),
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK),
	};
	socklen_t size = sizeof(at);

	*fd = socket(AF_INET, type, 0);
	if (set_up(*fd) && bind(*fd, (struct sockaddr *)&at, size) == 0 &&
	    (type == SOCK_DGRAM || listen(*fd, LINKS_MAX) == 0) &&
	    getsockname(*fd, (struct sockaddr *)&at, &size) == 0)
		return ntohs(at.sin_port);
	if (*fd >= 0) {
		int error = errno;

		close(*fd);
		errno = error;
	}
	*fd = -1;
	return 0;
}

/* Find a port that is free for both. */
static bool
open_both(struct authority *a)
{
	for (int i = 0; i < TRIES; i++) {
		a->port = open_at(&a->udp, SOCK_DGRAM, 0);
		if (a->port == 0)
			return false;
		if (open_at(&a->tcp, SOCK_STREAM, a->port) != 0)
			return true;
		close(a->udp);
		a->udp = -1;
		if (errno != EADDRINUSE)
			return false;
	}
	return false;
}

static struct event *
listen_to(struct authority *a, int fd, event_callback_fn ready)
{
	struct event *e =
	    event_new(a->events, fd, EV_READ | EV_PERSIST, ready, a);

	if (e != NULL && event_add(e, NULL) == 0)
		return e;
	if (e != NULL)
		event_free(e);
	return NULL;
}

struct authority *
authority_new(struct event_base *events, const struct zones *zones, bool alone,
    char why[MAILAUTH_WHY_MAX])
{
	struct authority *a = calloc(1, sizeof(*a));

	snprintf(why, MAILAUTH_WHY_MAX, "memory ran out");
	if (a == NULL)
		return NULL;
	a->events = events;
	a->zones = zones;
	a->alone = alone;
	a->udp = a->tcp = -1;
	for (size_t i = 0; i < LINKS_MAX; i++)
		a->link[i].fd = -1;
	if (!open_both(a)) {
		snprintf(why, MAILAUTH_WHY_MAX,
		    "a socket on 127.0.0.1, to have the zones validated: %s",
		    strerror(errno));
		authority_free(a);
		return NULL;
	}
	a->on_udp = listen_to(a, a->udp, udp_ready);
	a->on_tcp = listen_to(a, a->tcp, tcp_ready);
	if (a->on_udp != NULL && a->on_tcp != NULL)
		return a;
	authority_free(a);
	return NULL;
}

unsigned
authority_port(const struct authority *a)
{
	return a->port;
}

void
authority_free(struct authority *a)
{
	if (a == NULL)
		return;
	for (size_t i = 0; i < LINKS_MAX; i++)
		link_close(&a->link[i]);
	if (a->on_udp != NULL)
		event_free(a->on_udp);
	if (a->on_tcp != NULL)
		event_free(a->on_tcp);
	if (a->udp >= 0)
		close(a->udp);
	if (a->tcp >= 0)
		close(a->tcp);
	free(a);
}
