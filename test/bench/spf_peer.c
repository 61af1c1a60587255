/*
 * spf_peer.c - the same evaluation by libspf2
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * This is a file of its own since the headers of libspf2 and ours use the same
 * names.
 */
#include "test/bench/spf_peer.h"

#include <netdb.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Keep this order: these headers do not include what they need. */
#include <spf2/spf.h>
#include <spf2/spf_dns_zone.h>

static SPF_dns_server_t *zone;
static SPF_server_t *server;

void
peer_add(const char *owner, const char *type, const char *data)
{
	if (zone == NULL) {
		zone = SPF_dns_zone_new(NULL, NULL, 0);
		server = SPF_server_new_dns(zone, 0);
		SPF_server_set_rec_dom(server, "mx.example.org");
	}
	SPF_dns_zone_add_str(zone, owner,
	    strcmp(type, "TXT") == 0    ? ns_t_txt :
	        strcmp(type, "MX") == 0 ? ns_t_mx :
	                                  ns_t_a,
	    NETDB_SUCCESS, data);
}

void
peer_evaluate(void)
{
	SPF_request_t *request = SPF_request_new(server);
	SPF_response_t *response = NULL;

	SPF_request_set_ipv4_str(request, "192.0.2.9");
	SPF_request_set_helo_dom(request, "mail.example.com");
	SPF_request_set_env_from(request, "joe@example.com");
	SPF_request_query_mailfrom(request, &response);
	if (SPF_response_result(response) != MAILAUTH_SPF_FAIL) {
		fprintf(stderr, "spf: libspf2 says %s\n",
		    SPF_strresult(SPF_response_result(response)));
		exit(70);
	}
	SPF_response_free(response);
	SPF_request_free(request);
}
