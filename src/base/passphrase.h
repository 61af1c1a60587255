/*
 * passphrase.h - key files with a passphrase are not read
 * SPDX-License-Identifier: BSD-3-Clause
 */
#ifndef BASE_PASSPHRASE_H
#define BASE_PASSPHRASE_H

/** A pem_password_cb of libcrypto that has no passphrase to give: without it
 * libcrypto asks at the terminal, and scripts call us. */
static inline int
no_passphrase(char *buf, int size, int rwflag, void *arg)
{
	(void)buf;
	(void)size;
	(void)rwflag;
	(void)arg;
	return -1;
}

#endif /* BASE_PASSPHRASE_H */
