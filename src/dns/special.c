/*
 * special.c - zones that Unbound answers by itself
 * SPDX-License-Identifier: BSD-3-Clause
 */
#include "dns/special.h"

#include "base/dname.h"
#include "base/str.h"

#define PRIVATE       "these addresses are private or local (RFC 6303)"
#define DOCUMENTATION "these addresses are for examples in manuals (RFC 6303)"

/* A zone, and what it is for. */
static const struct {
	struct mailauth_str zone;
	const char *is;
} zones[] = {
	/* RFC 6761, RFC 7686, RFC 8375 */
	{ STR_INIT("localhost."),
	    "localhost is the computer itself (RFC 6761)" },
	{ STR_INIT("test."), "test is reserved for tests (RFC 6761)" },
	{ STR_INIT("invalid."),
	    "invalid is reserved for names that are wrong (RFC 6761)" },
	{ STR_INIT("onion."), "onion has the names of Tor (RFC 7686)" },
	{ STR_INIT("home.arpa."),
	    "home.arpa is for networks at home (RFC 8375)" },
	{ STR_INIT("resolver.arpa."),
	    "resolver.arpa is for resolvers (RFC 9462)" },
	{ STR_INIT("service.arpa."),
	    "service.arpa is for services in one network (RFC 9665)" },
	/* RFC 6303: this network, loopback, private, link-local, broadcast */
	{ STR_INIT("0.in-addr.arpa."), PRIVATE },
	{ STR_INIT("127.in-addr.arpa."), PRIVATE },
	{ STR_INIT("10.in-addr.arpa."), PRIVATE },
	{ STR_INIT("168.192.in-addr.arpa."), PRIVATE },
	{ STR_INIT("254.169.in-addr.arpa."), PRIVATE },
	{ STR_INIT("255.255.255.255.in-addr.arpa."), PRIVATE },
	/* documentation */
	{ STR_INIT("2.0.192.in-addr.arpa."), DOCUMENTATION },
	{ STR_INIT("100.51.198.in-addr.arpa."), DOCUMENTATION },
	{ STR_INIT("113.0.203.in-addr.arpa."), DOCUMENTATION },
	{ STR_INIT("8.b.d.0.1.0.0.2.ip6.arpa."), DOCUMENTATION },
	/* unspecified and loopback */
	{ STR_INIT(
	      "0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0."
	      "0.0.ip6.arpa."),
	    PRIVATE },
	{ STR_INIT(
	      "1.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0."
	      "0.0.ip6.arpa."),
	    PRIVATE },
	/* unique local and link-local */
	{ STR_INIT("d.f.ip6.arpa."), PRIVATE },
	{ STR_INIT("8.e.f.ip6.arpa."), PRIVATE },
	{ STR_INIT("9.e.f.ip6.arpa."), PRIVATE },
	{ STR_INIT("a.e.f.ip6.arpa."), PRIVATE },
	{ STR_INIT("b.e.f.ip6.arpa."), PRIVATE },
	/* 172.16/12 */
	{ STR_INIT("16.172.in-addr.arpa."), PRIVATE },
	{ STR_INIT("17.172.in-addr.arpa."), PRIVATE },
	{ STR_INIT("18.172.in-addr.arpa."), PRIVATE },
	{ STR_INIT("19.172.in-addr.arpa."), PRIVATE },
	{ STR_INIT("20.172.in-addr.arpa."), PRIVATE },
	{ STR_INIT("21.172.in-addr.arpa."), PRIVATE },
	{ STR_INIT("22.172.in-addr.arpa."), PRIVATE },
	{ STR_INIT("23.172.in-addr.arpa."), PRIVATE },
	{ STR_INIT("24.172.in-addr.arpa."), PRIVATE },
	{ STR_INIT("25.172.in-addr.arpa."), PRIVATE },
	{ STR_INIT("26.172.in-addr.arpa."), PRIVATE },
	{ STR_INIT("27.172.in-addr.arpa."), PRIVATE },
	{ STR_INIT("28.172.in-addr.arpa."), PRIVATE },
	{ STR_INIT("29.172.in-addr.arpa."), PRIVATE },
	{ STR_INIT("30.172.in-addr.arpa."), PRIVATE },
	{ STR_INIT("31.172.in-addr.arpa."), PRIVATE },
};

/* 100.64.0.0/10 (RFC 7793): one zone for each second octet, 64 to 127. */
static struct mailauth_str
carrier_zone(struct mailauth_str name)
{
	struct mailauth_str zone = name;
	uint32_t octet;

	while (dname_labels(zone) > 4)
		zone = dname_parent(zone);
	if (dname_under(zone, STR("100.in-addr.arpa.")) &&
	    str_number(dname_first(zone), 127, &octet) && octet >= 64)
		return zone;
	return STR_NONE;
}

struct mailauth_str
special_zone_at(size_t i)
{
	return i < sizeof(zones) / sizeof(zones[0]) ? zones[i].zone : STR_NONE;
}

struct mailauth_str
special_zone_of(struct mailauth_str name)
{
	for (size_t i = 0; i < sizeof(zones) / sizeof(zones[0]); i++)
		if (dname_under(name, zones[i].zone))
			return zones[i].zone;
	return carrier_zone(name);
}

struct mailauth_str
special_note(struct mailauth_str name)
{
	for (size_t i = 0; i < sizeof(zones) / sizeof(zones[0]); i++)
		if (dname_under(name, zones[i].zone))
			return str_of(zones[i].is);
	return STR(PRIVATE);
}
