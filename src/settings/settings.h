/*
 * settings.h - what a mail platform is set to: hosts, nodes, keys, senders
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * Files are JSON: the platform's own main.json, and our format for what its
 * panel holds (mailauth-settings(5)). Everything read lives in one arena.
 * Names are in canonical presentation form, values that were not set are
 * empty. What is wrong with the form of a file ends the reading; what is wrong
 * with what it says is for a check to tell.
 */
#ifndef SETTINGS_SETTINGS_H
#define SETTINGS_SETTINGS_H

#include "base/addr.h"
#include "base/arena.h"
#include "mailauth/mailauth.h"
#include "record/pubkey.h"

/** Octets of one file: a sender takes some 300. */
#define SETTINGS_FILE_MAX ((size_t)2 * 1024 * 1024)
/** Files of one call. */
#define SETTINGS_FILES_MAX 64
/** Entries of one list. */
#define SETTINGS_ENTRIES_MAX 2000
/** Names in the list "nodes" of one entry. */
#define SETTINGS_NODES_MAX 200
/** Octets of one value, and of a key that stands in the file. */
#define SETTINGS_TEXT_MAX   1024
#define SETTINGS_PUBLIC_MAX 16384
/** Ways mail goes out: senders, with virtual senders and templates. */
#define SETTINGS_ROUTES_MAX 5000
/** Lines of warning that are kept. */
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

/** Lists of our format. */
enum list_id {
	LIST_DOMAINS,
	LIST_NODES,
	LIST_KEYS,
	LIST_SENDERS,
	LIST_POOLS,
	LIST_VIRTUAL,
	LIST_TEMPLATES,
	LIST_TRACKING, /* further domains of links in messages */
	LIST_WEBSITE, /* further domains of tracking on web sites */
	LISTS
};

/** Members of the entries of all lists. */
enum field_id {
	FIELD_NAME,
	FIELD_ID,
	FIELD_IP,
	FIELD_HOST,
	FIELD_TYPE,
	FIELD_FILE,
	FIELD_PUBLIC,
	FIELD_FROM, /* domain, of an address */
	FIELD_MAIL_FROM_TYPE,
	FIELD_SENDER_DOMAIN,
	FIELD_MAIL_FROM_SUBDOMAIN,
	FIELD_MAIL_FROM, /* domain of the reverse address */
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
	size_t index; /* in the list, over all files */
	struct mailauth_str path; /* "senders[0] (news)" */
	struct mailauth_str value[FIELDS];
	const struct mailauth_str *nodes; /* hosts or addresses */
	size_t nnodes;
	struct addr addr; /* of a node; family 0: none */
	struct mailauth_str spki; /* of a key, in DER; empty: not known */
};

/** A line of warning. */
struct warning {
	struct warning *next;
	const char *text;
};

/** How MAIL FROM is made. */
enum mail_from_type {
	FROM_EMAIL,
	FROM_PTR,
	FROM_CUSTOM,
	FROM_ALIGNED,
	FROM_UNKNOWN, /* none of these */
};

/** A signature: what was set for it. */
struct signing {
	struct mailauth_str key, selector; /* empty: not set */
	struct mailauth_str domain; /* d= */
	const struct entry *entry; /* the key; NULL: not set */
};

/** A value that loses against another one. */
struct override {
	struct override *next;
	const char *what;
	struct mailauth_str value, path; /* that holds, and where it stands */
	struct mailauth_str lost, lost_path;
};

/** One way mail goes out. */
struct route {
	struct route *next;
	struct mailauth_str path; /* of the entry it is about */
	struct mailauth_str from; /* From domain */
	bool alternative; /* that From domain loses against another one */
	bool plain; /* of a domain alone: there are no senders */
	enum mail_from_type type;
	struct mailauth_str type_text; /* as set */
	/** MAIL FROM; STR_NONE: made from PTR records, or not known. */
	struct mailauth_str mail_from;
	struct mailauth_str spf_domain; /* of the pool; empty: not set */
	struct signing dkim, secondary;
	bool secondary_of_pool;
	struct mailauth_str tracking; /* domain of its own; may be empty */
	const struct entry **nodes;
	size_t nnodes;
	struct override *overrides;
};

struct mailauth_settings {
	struct arena arena;
	struct mailauth_str main[MAIN_KEYS];
	struct addr main_addr[MAIN_KEYS]; /* of those that are addresses */
	struct entry *list[LISTS], **list_end[LISTS];
	size_t count[LISTS];
	struct warning *warnings, **warnings_end;
	size_t nwarnings;
	struct route *routes, **routes_end;
	size_t nroutes;
	const struct mailauth_str *domains; /* From domains, each once */
	size_t ndomains;
};

/** Empty settings; NULL when memory ran out. */
struct mailauth_settings *settings_new(void);
/** Add the text of a file. `dir` is where key files are, with a final slash or
 * empty; NULL: none is read. `name` is for messages. */
enum mailauth_status settings_add(struct mailauth_settings *s, const char *name,
    const char *dir, const char *text, size_t len, char why[MAILAUTH_WHY_MAX]);
/** All files were added: references are followed, routes are made. */
enum mailauth_status
settings_close(struct mailauth_settings *s, char why[MAILAUTH_WHY_MAX]);

/** The name of a member, of a list, or of a key of main.json. */
const char *field_name(enum field_id id);
const char *list_name(enum list_id id);
const char *main_name(enum main_key id);
/** A warning, `text` in the arena. */
void settings_warn(struct mailauth_settings *s, const char *text);
/** Make the routes. */
enum mailauth_status
routes_make(struct mailauth_settings *s, char why[MAILAUTH_WHY_MAX]);

/** The node is the one that is meant by a name of "nodes": its address, name or
 * host, in any way to write it. */
bool node_is_named(const struct entry *node, struct mailauth_str name);

/** The prefix in front of the host of the panel, in both readings: `with` a dot
 * between them, and `without`, which is STR_NONE when the prefix has its own. */
void tracking_names(struct arena *a, const struct mailauth_settings *s,
    struct mailauth_str *with, struct mailauth_str *without);

/**
 * The public half of a key given as text: PEM of a private or public key in
 * any usual form, an OpenSSH public key, or base64 of a public key.
 * @param out SubjectPublicKeyInfo in DER
 * @return NULL, or why it cannot be had
 */
const char *
key_public(struct arena *a, struct mailauth_str text, struct mailauth_str *out);
/** A whole file, no more than `max` octets of it; NULL, or why not. */
const char *read_whole(struct arena *a, const char *file, size_t max,
    struct mailauth_str *out);

#endif /* SETTINGS_SETTINGS_H */
