/*
 * settings.h - the settings of a mail platform: hosts, nodes, keys, senders
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * settings: reads what a mail platform is set to (read.c), its DKIM keys
 * (keyfile.c), and works out the routes that mail takes (route.c). Asks no DNS
 * and judges nothing but the form of files. May include base, sys, record and
 * report. In: JSON files, the platform's main.json and our format for what its
 * panel holds (mailauth-settings(5)). Out: struct mailauth_settings, which
 * domain and plan read. A fault of form ends the reading; faults of content are
 * for a check to find.
 *
 * One arena owns all that is read. Names are canonical; a value that is not set
 * is empty.
 */
#ifndef SETTINGS_SETTINGS_H
#define SETTINGS_SETTINGS_H

#include "base/addr.h"
#include "base/arena.h"
#include "mailauth/mailauth.h"
#include "record/pubkey.h"

/** Octets of one file; a sender takes some 300. */
#define SETTINGS_FILE_MAX ((size_t)2 * 1024 * 1024)
/** Files in one call. */
#define SETTINGS_FILES_MAX 64
/** Entries of one list. */
#define SETTINGS_ENTRIES_MAX 2000
/** Names in the list "nodes" of one entry. */
#define SETTINGS_NODES_MAX 200
/** Octets of one value, and of a public key in the file. */
#define SETTINGS_TEXT_MAX   1024
#define SETTINGS_PUBLIC_MAX 16384
/** Routes: senders, times virtual senders and templates. */
#define SETTINGS_ROUTES_MAX 5000
/** Warnings kept. */
#define SETTINGS_WARNINGS_MAX 200

/** Keys of main.json. */
enum main_key {
	MAIN_WEBCONTROL_HOSTNAME,
	MAIN_WEBCONTROL_PUBLIC_IP,
	MAIN_TRACKING_HOSTNAME,
	MAIN_TRACKING_PREFIX,
	MAIN_TRACKING_PUBLIC_IP,
	MAIN_COOKIESAVER_PUBLIC_HOSTNAME,
	MAIN_COOKIESAVER_PUBLIC_IP,
	MAIN_KEYS
};

/** The lists of our format. */
enum list_id {
	LIST_DOMAINS,
	LIST_NODES,
	LIST_KEYS,
	LIST_SENDERS,
	LIST_POOLS,
	LIST_VIRTUAL,
	LIST_TEMPLATES,
	LIST_TRACKING, /* more domains of links in messages */
	LIST_WEBSITE, /* more domains of tracking on web sites */
	LISTS
};

/** The members of all entries; each list has some of them. */
enum field_id {
	FIELD_NAME,
	FIELD_ID,
	FIELD_IP,
	FIELD_HOST,
	FIELD_TYPE,
	FIELD_FILE,
	FIELD_PUBLIC,
	FIELD_FROM, /* the domain of an address */
	FIELD_MAIL_FROM_TYPE,
	FIELD_SENDER_DOMAIN,
	FIELD_MAIL_FROM_SUBDOMAIN,
	FIELD_MAIL_FROM, /* the domain of MAIL FROM */
	FIELD_POOL_ID,
	FIELD_SPF_DOMAIN,
	FIELD_SENDER_SUBDOMAIN,
	FIELD_DKIM_KEY,
	FIELD_DKIM_SELECTOR,
	FIELD_SECONDARY_KEY,
	FIELD_SECONDARY_SELECTOR,
	FIELD_SECONDARY_DOMAIN,
	FIELD_SENDER,
	FIELD_TRACKING_DOMAIN,
	FIELDS
};

/** One object of a list. */
struct entry {
	struct entry *next;
	enum list_id list;
	size_t index; /* place in the list, counted over all files */
	struct mailauth_str path; /* "senders[0] (news)" */
	struct mailauth_str value[FIELDS];
	const struct mailauth_str *nodes; /* hosts or addresses */
	size_t nnodes;
	struct addr addr; /* of a node; family 0 without one */
	struct mailauth_str spki; /* DER, of a key; empty when unknown */
};

/** A warning. */
struct warning {
	struct warning *next;
	const char *text;
};

/** How the platform makes the domain of MAIL FROM. */
enum mail_from_type {
	FROM_EMAIL,
	FROM_PTR,
	FROM_CUSTOM,
	FROM_ALIGNED,
	FROM_UNKNOWN, /* any other word */
};

/** The settings of one signature. */
struct signing {
	struct mailauth_str key, selector; /* empty: not set */
	struct mailauth_str domain; /* d= */
	const struct entry *entry; /* in the list "keys"; NULL: not found */
};

/** A value that another setting overrides. Mail may still go out with it, where
 * the platform decides otherwise. */
struct override {
	struct override *next;
	const char *what;
	/** The value in effect, and its entry. */
	struct mailauth_str value, path;
	struct mailauth_str lost, lost_path;
};

/** One route: one combination of settings that mail goes out with. */
struct route {
	struct route *next;
	struct mailauth_str path; /* of the entry that the route is made for */
	struct mailauth_str from; /* domain of the From address */
	bool alternative; /* another From domain overrides this one */
	bool plain; /* of a domain alone, without sender and template */
	enum mail_from_type type;
	struct mailauth_str type_text; /* as written */
	/** Domain of MAIL FROM; STR_NONE: made from PTR records, or unknown. */
	struct mailauth_str mail_from;
	/** Of the pool; empty: not set, or the same. */
	struct mailauth_str spf_domain;
	struct signing dkim, secondary;
	bool secondary_of_pool;
	const struct entry *pool; /* NULL: none */
	struct mailauth_str tracking; /* domain of links; may be empty */
	const struct entry **nodes;
	size_t nnodes;
	struct override *overrides;
};

/** Everything that was read, and the routes. */
struct mailauth_settings {
	struct arena arena;
	struct mailauth_str main[MAIN_KEYS];
	/** Of the keys whose value is an address. */
	struct addr main_addr[MAIN_KEYS];
	struct entry *list[LISTS], **list_end[LISTS];
	size_t count[LISTS];
	struct warning *warnings, **warnings_end;
	size_t nwarnings;
	struct route *routes, **routes_end;
	size_t nroutes;
	/** From domains without the final dot, each once. */
	const struct mailauth_str *domains;
	size_t ndomains;
};

/** Make empty settings; NULL when memory ran out. mailauth_settings_free() ends
 * them. */
struct mailauth_settings *settings_new(void);
/**
 * Add the text of a file.
 * @param name names the file in messages
 * @param dir folder of key files, with a final slash or empty; NULL: read no
 *     key files
 * @return MAILAUTH_OK; EINPUT or ENOMEM with one line in `why`
 */
enum mailauth_status settings_add(struct mailauth_settings *s, const char *name,
    const char *dir, const char *text, size_t len, char why[MAILAUTH_WHY_MAX]);
/** Call it after the last file: resolve references and make the routes. */
enum mailauth_status
settings_close(struct mailauth_settings *s, char why[MAILAUTH_WHY_MAX]);

/** Static names of a member, of a list, and of a key of main.json. */
const char *field_name(enum field_id id);
const char *list_name(enum list_id id);
const char *main_name(enum main_key id);
/** Add a warning; `text` lives in the arena. */
void settings_warn(struct mailauth_settings *s, const char *text);
/** Make the routes; see route.c. */
enum mailauth_status
routes_make(struct mailauth_settings *s, char why[MAILAUTH_WHY_MAX]);

/** The node is the one that is meant by a name of "nodes": its address, name or
 * host, in any way to write it. */
bool node_is_named(const struct entry *node, struct mailauth_str name);

/** Put the prefix of tracking hosts in front of the panel's host, in both
 * readings: `with` a dot between them, and `without`, which is STR_NONE when
 * the prefix ends with a dot. The names live in `a`. */
void tracking_names(struct arena *a, const struct mailauth_settings *s,
    struct mailauth_str *with, struct mailauth_str *without);

/**
 * Read the public half of a key: PEM of a private or public key in any usual
 * form, an OpenSSH public key, or base64 of a public key.
 * @param out SubjectPublicKeyInfo in DER, in `a`
 * @return NULL, or a static text that says why not
 */
const char *
key_public(struct arena *a, struct mailauth_str text, struct mailauth_str *out);
/** Read a file of at most `max` octets into `a`. NULL, or why not: static, or
 * from strerror(). */
const char *read_whole(struct arena *a, const char *file, size_t max,
    struct mailauth_str *out);

#endif /* SETTINGS_SETTINGS_H */
