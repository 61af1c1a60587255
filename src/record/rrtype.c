/*
 * rrtype.c - what the house knows of DNS types
 * SPDX-License-Identifier: BSD-3-Clause
 */
#include "record/rrtype.h"

#define NOWHERE RRTYPE_NOWHERE

static const struct {
	const char *name;
	uint16_t type;
	int8_t name_at;
} rows[] = {
#define RRTYPE(name, number, name_at, module) { #name, number, name_at },
#include "record/rrtypes.def"
#undef RRTYPE
};

#define ROWS (sizeof(rows) / sizeof(rows[0]))

const char *
rrtype_name(uint16_t type)
{
	for (size_t i = 0; i < ROWS; i++)
		if (rows[i].type == type)
			return rows[i].name;
	return NULL;
}

uint16_t
rrtype_named(struct mailauth_str name)
{
	for (size_t i = 0; i < ROWS; i++)
		if (str_ieq(name, str_of(rows[i].name)))
			return rows[i].type;
	return 0;
}

int
rrtype_name_at(uint16_t type)
{
	for (size_t i = 0; i < ROWS; i++)
		if (rows[i].type == type)
			return rows[i].name_at;
	return RRTYPE_NOWHERE;
}
