/*
 * spf_peer.h - the same evaluation by libspf2
 * SPDX-License-Identifier: BSD-3-Clause
 */
#ifndef TEST_BENCH_SPF_PEER_H
#define TEST_BENCH_SPF_PEER_H

/** Add a record: TXT, MX or A. */
void peer_add(const char *owner, const char *type, const char *data);
/** Evaluate for joe@example.com from 192.0.2.9; the result must be fail. */
void peer_evaluate(void);

#endif /* TEST_BENCH_SPF_PEER_H */
