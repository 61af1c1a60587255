/*
 * special.c - zones that Unbound answers by itself
 * SPDX-License-Identifier: BSD-3-Clause
 */
#include "dns/special.h"

#include "base/dname.h"
#include "base/str.h"

static const struct mailauth_str zones[] = {
	/* RFC 6761, RFC 7686, RFC 8375 */
	STR_INIT("localhost."),
	STR_INIT("test."),
	STR_INIT("invalid."),
	STR_INIT("onion."),
	STR_INIT("home.arpa."),
	STR_INIT("resolver.arpa."),
	STR_INIT("service.arpa."),
	/* RFC 6303: this network, loopback, private, link-local, broadcast */
	STR_INIT("0.in-addr.arpa."),
	STR_INIT("127.in-addr.arpa."),
	STR_INIT("10.in-addr.arpa."),
	STR_INIT("168.192.in-addr.arpa."),
	STR_INIT("254.169.in-addr.arpa."),
	STR_INIT("255.255.255.255.in-addr.arpa."),
	/* documentation */
	STR_INIT("2.0.192.in-addr.arpa."),
	STR_INIT("100.51.198.in-addr.arpa."),
	STR_INIT("113.0.203.in-addr.arpa."),
	STR_INIT("8.b.d.0.1.0.0.2.ip6.arpa."),
	/* unspecified and loopback */
	STR_INIT("0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0."
	         "0.0.ip6.arpa."),
	STR_INIT("1.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0."
	         "0.0.ip6.arpa."),
	/* unique local and link-local */
	STR_INIT("d.f.ip6.arpa."),
	STR_INIT("8.e.f.ip6.arpa."),
	STR_INIT("9.e.f.ip6.arpa."),
	STR_INIT("a.e.f.ip6.arpa."),
	STR_INIT("b.e.f.ip6.arpa."),
	/* 172.16/12 */
	STR_INIT("16.172.in-addr.arpa."),
	STR_INIT("17.172.in-addr.arpa."),
	STR_INIT("18.172.in-addr.arpa."),
	STR_INIT("19.172.in-addr.arpa."),
	STR_INIT("20.172.in-addr.arpa."),
	STR_INIT("21.172.in-addr.arpa."),
	STR_INIT("22.172.in-addr.arpa."),
	STR_INIT("23.172.in-addr.arpa."),
	STR_INIT("24.172.in-addr.arpa."),
	STR_INIT("25.172.in-addr.arpa."),
	STR_INIT("26.172.in-addr.arpa."),
	STR_INIT("27.172.in-addr.arpa."),
	STR_INIT("28.172.in-addr.arpa."),
	STR_INIT("29.172.in-addr.arpa."),
	STR_INIT("30.172.in-addr.arpa."),
	STR_INIT("31.172.in-addr.arpa."),
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
	return i < sizeof(zones) / sizeof(zones[0]) ? zones[i] : STR_NONE;
}

struct mailauth_str
special_zone_of(struct mailauth_str name)
{
	for (size_t i = 0; i < sizeof(zones) / sizeof(zones[0]); i++)
		if (dname_under(name, zones[i]))
			return zones[i];
	return carrier_zone(name);
}
