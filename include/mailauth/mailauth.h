/*
 * mailauth.h - the mail authentication records of a domain, looked up,
 * validated by DNSSEC in this process, and judged
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * How to check a domain:
 *
 *	struct mailauth_options options = { 0 };
 *	struct mailauth_request request = { .domain = "example.com" };
 *	struct mailauth_resolver *resolver;
 *	struct mailauth_report *report;
 *	char why[MAILAUTH_WHY_MAX];
 *
 *	if (mailauth_resolver_new(&options, &resolver, why) != MAILAUTH_OK)
 *		errx(1, "%s", why);
 *	if (mailauth_check(resolver, &request, &report, why) != MAILAUTH_OK)
 *		errx(1, "%s", why);
 *	char *json = mailauth_report_json(report, true);
 *	puts(json);
 *	free(json);
 *	mailauth_report_free(report);
 *	mailauth_resolver_free(resolver);
 *
 * How to judge the text of a record, without DNS:
 *
 *	mailauth_parse(NULL, text, length, &report, why);
 *
 * Threads: a resolver and its reports belong to one thread at a time. Make
 * resolvers one after the other: libunbound 1.17 cannot create contexts from
 * several threads at once. libunbound has one log for the whole process, which
 * all resolvers share. A thread that uses a resolver needs 512 KiB of stack,
 * nearly all of it for libunbound; for given zones without trust anchors, and
 * for what takes no resolver, 128 KiB are enough.
 *
 * The library never exits, prints or logs. Trouble in the data looked up is a
 * finding in the report; trouble in arguments, files, memory or the system is
 * an enum mailauth_status with one line of explanation.
 */
#ifndef MAILAUTH_MAILAUTH_H
#define MAILAUTH_MAILAUTH_H

#include "mailauth/types.h"

#define MAILAUTH_VERSION "0.1.0"

/** Octets for an explanation, its NUL included. */
#define MAILAUTH_WHY_MAX 512

#ifdef __cplusplus
extern "C" {
#endif
/* What follows is all that the shared library exports. */
#pragma GCC visibility push(default)

/** The result of a report; also the exit code of the command line. */
enum mailauth_result {
	MAILAUTH_RESULT_PASS = 0,
	MAILAUTH_RESULT_WARN = 1,
	MAILAUTH_RESULT_FAIL = 2,
	MAILAUTH_RESULT_TEMPERROR = 3, /* not known: a lookup failed */
};

/** A zone served from a file, without any network. */
struct mailauth_zone {
	const char *name;
	const char *file;
};

/** Where answers come from. All zeros: full recursion from the root with the
 * built-in root trust anchor. Every string is borrowed for the duration of
 * mailauth_resolver_new(); a list may be NULL when its count is 0. */
struct mailauth_options {
	const char *const *servers; /* "ADDR" or "ADDR@PORT": forward there */
	size_t nservers;
	const char *resolv_conf; /* forward to the servers of this file */
	const struct mailauth_zone *zones;
	size_t nzones;
	bool online; /* look names outside of `zones` up as well */
	const char *const *anchor_files; /* DS or DNSKEY records */
	size_t nanchor_files;
	const char *const *anchors; /* one DS or DNSKEY record each */
	size_t nanchors;
	const char *config; /* a libunbound configuration file */
	bool no_dnssec; /* validate nothing: every answer is UNCHECKED */
	double timeout; /* seconds for one domain; 0: the default, 15 */
};

struct mailauth_resolver;

/**
 * Make a resolver.
 * @param out the resolver, to be given to mailauth_resolver_free(); NULL on
 *     trouble
 * @param why set to one line on trouble
 * @return MAILAUTH_OK; EUSE for options that cannot be used; EINPUT for a file
 *     that cannot be read or is broken (with file, line and reason); ENOMEM or
 *     ESYSTEM.
 */
enum mailauth_status
mailauth_resolver_new(const struct mailauth_options *options,
    struct mailauth_resolver **out, char why[MAILAUTH_WHY_MAX]);
/** Give a resolver back; NULL is fine. Reports made with it stay. */
void mailauth_resolver_free(struct mailauth_resolver *resolver);

/** A sending host. */
struct mailauth_sender {
	const char *host; /* NULL: the name of its PTR record */
	const char *ip;
};

/** A certificate that a mail host shows to senders. */
struct mailauth_tls_cert {
	const char *host; /* NULL: each mail host of the domain */
	const char *file; /* PEM: the host's own, then those of authorities */
};

/** When a DKIM key was first seen, for dkim-key-old. */
struct mailauth_key_history {
	const char *name; /* owner name with a final dot, lower case */
	const char *sha256; /* 64 hexadecimal digits: the key's fingerprint */
	int64_t first_seen; /* seconds since 1970 */
};

/** The settings of a mail platform; see mailauth-settings(5). */
struct mailauth_settings;

/**
 * Read settings from files, and merge them: lists are joined, and of a value
 * that two files set the later one wins. Reads key files too, and keeps only
 * the public half of a private key. @param n number of files, 64 at most of 2
 * MiB at most @param out the settings, to be given to mailauth_settings_free();
 * NULL on     trouble. The settings never change, so several threads may use
 * them. @return MAILAUTH_OK; EINPUT for a file that cannot be read or is
 * broken, with     its name, the place in it and the reason; EUSE; ENOMEM.
 */
enum mailauth_status mailauth_settings_read(const char *const *files, size_t n,
    struct mailauth_settings **out, char why[MAILAUTH_WHY_MAX]);
/** Settings as text. */
struct mailauth_settings_text {
	const char *name; /* for messages, in place of a file name */
	const char *text; /* JSON, as in a file */
	size_t len;
	const char *folder; /* of key files, with a final slash; "": the
	                       current folder; NULL: key files are refused */
};
/** Read settings from texts instead of files, and merge them likewise. */
enum mailauth_status
mailauth_settings_parse(const struct mailauth_settings_text *texts, size_t n,
    struct mailauth_settings **out, char why[MAILAUTH_WHY_MAX]);
/** Give settings back; NULL is fine. Reports made with them stay. */
void mailauth_settings_free(struct mailauth_settings *settings);
/** From domain `i` of the settings, counted from 0; A-labels, lower case; NULL
 * behind the last one. Borrowed from the settings. */
const char *
mailauth_settings_domain(const struct mailauth_settings *settings, size_t i);
/** Warning `i`, counted from 0: an unknown setting, and the known one that was
 * probably meant; NULL behind the last one. Borrowed from the settings. */
const char *
mailauth_settings_warning(const struct mailauth_settings *settings, size_t i);

/**
 * Read the public half of a key from a file: PEM with a private or public key,
 * an OpenSSH public key, or base64 as in DKIM records.
 * @param der SubjectPublicKeyInfo, to be given to free(); NULL on trouble
 * @return MAILAUTH_OK; EINPUT for a file that cannot be read, or without a
 *     readable RSA or Ed25519 key (a passphrase is never asked for); ENOMEM.
 */
enum mailauth_status mailauth_key_read(const char *file, uint8_t **der,
    size_t *len, char why[MAILAUTH_WHY_MAX]);
/**
 * Make a private key for DKIM in a new file, PEM (PKCS #8), readable by its
 * owner alone. Never touches a file that exists. @param type "rsa" (2048 bits)
 * or "ed25519" @return MAILAUTH_OK; EUSE for another type; ESYSTEM.
 */
enum mailauth_status mailauth_key_make(const char *type, const char *file,
    char why[MAILAUTH_WHY_MAX]);

/** What to check. Everything but `domain` may be left zero; strings are
 * borrowed for the duration of the call. */
struct mailauth_request {
	const char *domain; /* A-labels or UTF-8 */
	const char *const *selectors; /* of DKIM */
	size_t nselectors;
	const struct mailauth_sender *senders;
	size_t nsenders;
	const char *mail_from; /* domain, address, or "<>" */
	const char *helo;
	const char *bimi_selector; /* NULL: "default" */
	const char
	    *bimi_svg; /* file with the logo; NULL: the logo is not checked */
	const char *bimi_cert; /* file with its certificate, PEM; NULL: the
	                        * certificate is not checked */
	const char *bimi_root; /* file with root certificates; NULL: none, and
	                        * a finding says so */
	const uint8_t *dkim_key; /* SubjectPublicKeyInfo, DER: the signing */
	size_t dkim_key_len; /* key's public half; 0: none */
	const struct mailauth_settings *settings; /* of the platform that sends
	                                           * for it; NULL: none */
	const struct mailauth_key_history *history;
	size_t nhistory;
	bool compare_servers; /* compare the answers of the zone's servers */
	uint32_t only; /* a bit (1 << MAILAUTH_KIND_...) each; 0: all that
	                * a check looks up */
	enum mailauth_profile profile;
	bool allow_documentation; /* RFC 5737 and 3849 addresses are fine */
	/** What the domain is for: MAIL, RECEIVE_ONLY, SEND_ONLY or NO_MAIL,
	 * which its records then must not contradict; AUTO: they show it. */
	enum mailauth_role role;
	const char *mta_sts_policy; /* file with the policy of MTA-STS; NULL: it
	                             * is not checked */
	const struct mailauth_tls_cert *tls_certs; /* compared with TLSA */
	size_t ntls_certs;
};

struct mailauth_report;

/**
 * Check one domain.
 *
 * Takes no longer than the timeout of the resolver's options. A record without
 * an answer by then is temperror in the report; the others stay. @param out the
 * report, to be given to mailauth_report_free() @return MAILAUTH_OK when there
 * is a report, with any result; EUSE for a domain     or address that is not
 * valid, and for options that do not fit; EINPUT for     a file that cannot be
 * read; ENOMEM, ESYSTEM.
 */
enum mailauth_status mailauth_check(struct mailauth_resolver *resolver,
    const struct mailauth_request *request, struct mailauth_report **out,
    char why[MAILAUTH_WHY_MAX]);

/** The library calls this function for each domain, in the order of the
 * requests. The function owns `report`, which is NULL unless `status` is
 * MAILAUTH_OK. */
typedef void (*mailauth_done)(void *arg, size_t index,
    enum mailauth_status status, struct mailauth_report *report,
    const char *why);

/**
 * Check several domains, a few at a time. A DKIM key that an earlier domain of
 * the same call has too gives a finding.
 * @return MAILAUTH_OK when `done` was called for each; ENOMEM, ESYSTEM.
 */
enum mailauth_status mailauth_check_all(struct mailauth_resolver *resolver,
    const struct mailauth_request *requests, size_t n, mailauth_done done,
    void *arg);

/** Requests that come one by one, and what is done with their reports. */
struct mailauth_stream {
	/**
	 * Return the request number `index`, counted from 0, of the type that
	 * the call is for. It and its strings are borrowed until `done` is
	 * called for it.
	 * @param wait no check is under way: the function may take its time,
	 *     and has to return a request, or to set `*end`
	 * @param end set to true when there is no request behind this one
	 * @return NULL: no request any more, or with `*end` false not yet
	 */
	const void *(*next)(void *arg, size_t index, bool wait, bool *end);
	mailauth_done done; /* not in order, unless `in_order` says so */
	void *arg; /* of both */
	bool in_order; /* a report waits for those in front of it. When 256
	                * wait, no further check begins */
};

/**
 * Check any number of domains, many at a time, in bounded memory. A slow domain
 * takes the place of no other one, as long as there are fewer than 256 of them.
 * A report is what mailauth_check() would return.
 * @param stream `next` returns a struct mailauth_request
 * @return MAILAUTH_OK when `done` was called for each; ENOMEM, ESYSTEM.
 */
enum mailauth_status mailauth_check_stream(struct mailauth_resolver *resolver,
    const struct mailauth_stream *stream);

/** Who sends, and from where. Strings are borrowed for the duration of the
 * call; any may be NULL, but one of domain, mail_from and helo is needed. */
struct mailauth_spf_request {
	const char *ip; /* of the client; NULL: no evaluation, but the cost of
	                 * the record and the addresses that pass */
	const char *domain; /* NULL: that of mail_from, or else helo */
	const char *mail_from; /* address or domain; "" or "<>": empty */
	const char *helo;
	const char *receiver; /* for the macro r of explanations */
	const char *scope; /* "spf"; or "pra" or "mfrom", of Sender ID; NULL:
	                    * "spf" */
	enum mailauth_profile profile;
	bool allow_documentation; /* RFC 5737 and 3849 addresses are fine */
};

/**
 * Evaluate SPF: check_host() of RFC 7208.
 *
 * An identity that is no domain gives "none", as the standard requires. For any
 * records, a call asks at most 223 questions for the result, and 301 more for
 * the cost of the record, which extend the call by a second at most; the
 * resolver may send several for each. Takes no longer than the timeout of the
 * resolver's options. @param out the report, to be given to
 * mailauth_report_free();     mailauth_report_spf() has the result @return
 * MAILAUTH_OK when there is a report; EUSE for an address or scope that     is
 * not valid, and without any identity; ENOMEM, ESYSTEM.
 */
enum mailauth_status mailauth_spf(struct mailauth_resolver *resolver,
    const struct mailauth_spf_request *request, struct mailauth_report **out,
    char why[MAILAUTH_WHY_MAX]);

/** The same for many; `next` of the stream returns a struct
 * mailauth_spf_request. @return as mailauth_check_stream() */
enum mailauth_status mailauth_spf_stream(struct mailauth_resolver *resolver,
    const struct mailauth_stream *stream);

/** What to merge. Strings are borrowed for the duration of the call; all but
 * `record` may be left zero. */
struct mailauth_merge_request {
	const char *record; /* as mailauth_parse() reads it */
	const char *const *add; /* mechanisms, such as "ip4:192.0.2.4"; */
	size_t nadd; /* 64 at most */
	char all; /* qualifier wanted: '+', '-', '~', '?'; 0: as it is */
	const char *owner; /* of the record; NULL: not known */
	enum mailauth_profile profile;
	bool allow_documentation; /* RFC 5737 and 3849 addresses are fine */
};

/**
 * Merge mechanisms into an SPF record: all of its terms in their order, then
 * the new ones, then one "all", then the modifiers. The merge leaves out a
 * mechanism that the record covers already, and turns redirect= into include:,
 * since no receiver follows a redirect beside an "all". The merge is refused,
 * with findings on the reasons, when the record before or after is a permanent
 * error, when the text has several records, and when the merged record needs
 * more than ten lookups. @param resolver to count lookups through DNS; NULL: in
 * the text alone @param out the report, to be given to mailauth_report_free();
 * mailauth_report_merged() has the record @return MAILAUTH_OK when there is a
 * report; EUSE for a mechanism, qualifier or     owner that is not valid;
 * ENOMEM, ESYSTEM.
 */
enum mailauth_status mailauth_spf_merge(struct mailauth_resolver *resolver,
    const struct mailauth_merge_request *request, struct mailauth_report **out,
    char why[MAILAUTH_WHY_MAX]);

/** The author domain, and the identifiers that passed. Strings are borrowed for
 * the duration of the call. */
struct mailauth_dmarc_request {
	const char *from; /* domain or address of the author */
	const char *const *dkim; /* domains (d=) of signatures that pass */
	size_t ndkim;
	const char *spf; /* domain or address of MAIL FROM, when SPF passes;
	                  * NULL: it does not */
	enum mailauth_profile profile;
	bool allow_documentation; /* RFC 5737 and 3849 addresses are fine */
};

/**
 * Find the DMARC policy for an author domain as receivers of RFC 9989 do, and
 * as those of RFC 7489 do. With an identifier, decide alignment, result and
 * disposition by both. @param out the report, to be given to
 * mailauth_report_free();     mailauth_report_dmarc() has the result @return
 * MAILAUTH_OK when there is a report; EUSE for an author domain that is     not
 * valid; ENOMEM, ESYSTEM. An identifier that is no domain never aligns.
 */
enum mailauth_status mailauth_dmarc(struct mailauth_resolver *resolver,
    const struct mailauth_dmarc_request *request, struct mailauth_report **out,
    char why[MAILAUTH_WHY_MAX]);

/** The same for many; `next` of the stream returns a struct
 * mailauth_dmarc_request. @return as mailauth_check_stream() */
enum mailauth_status mailauth_dmarc_stream(struct mailauth_resolver *resolver,
    const struct mailauth_stream *stream);

/**
 * The library calls this function to read the octets of a message.
 * @param n room at `buf`
 * @return number of octets read; 0 at the end; below 0 on trouble
 */
typedef long (*mailauth_read)(void *arg, void *buf, size_t n);

struct mailauth_message;

/**
 * Read a received message for mailauth_explain(). Keeps the header, 8 MiB and
 * 20,000 fields of it at most; hashes the body for the signatures, 50 of them
 * at most, and keeps nothing of it. Lines end in LF or CRLF. Takes no more than
 * 32 MiB of memory for any message. Other forms are turned back: UTF-16, an
 * indented paste, quoted-printable, a web page that shows a message, .emlx; of
 * these 32 MiB are read at most, and three times as much memory is taken.
 * @param out the message, to be given to mailauth_message_free(); NULL on
 *     trouble
 * @return MAILAUTH_OK; EINPUT when `read` fails, or what it reads is no
 *     message; ENOMEM.
 */
enum mailauth_status mailauth_message_new(mailauth_read read, void *arg,
    struct mailauth_message **out, char why[MAILAUTH_WHY_MAX]);
/**
 * The same of message `part` of a file with several: those of a mailbox file,
 * and those attached to one, counted from 1 in their order. EINPUT too when
 * no message has that number.
 */
enum mailauth_status mailauth_message_new_part(mailauth_read read, void *arg,
    unsigned part, struct mailauth_message **out, char why[MAILAUTH_WHY_MAX]);
/** Give a message back; NULL is fine. Reports made of it stay. */
void mailauth_message_free(struct mailauth_message *message);

/** What to explain. Strings are borrowed for the duration of the call; all but
 * `message` may be left zero. */
struct mailauth_explain_request {
	const struct mailauth_message *message;
	const char *const *authserv_ids; /* of receivers that are believed; */
	size_t nauthserv_ids; /* without any, the one of the message */
	const char *ip; /* of the sending host; NULL: as the message says */
	const char *mail_from; /* likewise */
	const char *ip_source; /* what the report calls the origin of `ip`, */
	const char *mail_from_source; /* and of `mail_from`; NULL: "given" */
	const char *helo; /* likewise */
	const uint8_t
	    *dkim_key; /* SubjectPublicKeyInfo, DER: the public half */
	size_t dkim_key_len; /* of the key that signs; 0: not known */
	enum mailauth_profile profile;
	bool allow_documentation; /* RFC 5737 and 3849 addresses are fine */
	/** Number of the Received header, from 1 at the top, where the message
	 * came into the receiver's system; 0: as the message says. */
	unsigned hop;
	/** How the platform that sent it is set; the report says what differs
	 * in the message. NULL: not known. */
	const struct mailauth_settings *settings;
};

/**
 * Explain why a message passes or fails: the claims of its headers, the results
 * of SPF, its signatures and DMARC now, the differences, and the causes.
 * @param out the report, to be given to mailauth_report_free()
 * @return MAILAUTH_OK when there is a report; EUSE for an address that is not
 *     valid; ENOMEM, ESYSTEM.
 */
enum mailauth_status mailauth_explain(struct mailauth_resolver *resolver,
    const struct mailauth_explain_request *request,
    struct mailauth_report **out, char why[MAILAUTH_WHY_MAX]);

/** What to plan records for. Strings are borrowed for the duration of the call;
 * all but `settings` may be left zero. */
struct mailauth_plan_request {
	const struct mailauth_settings *settings;
	const char *dmarc; /* policy: "quarantine" or "reject", or "none"; NULL:
	                    * "quarantine" */
	const char *rua; /* address for DMARC reports; NULL: report@ the From
	                  * domain */
	uint32_t ttl; /* seconds; 0: 3600 */
	bool allow_documentation; /* plan RFC 5737 and 3849 addresses too */
};

/**
 * Plan the records to publish for these settings. With a resolver, compare them
 * with DNS, in no more time than the timeout of the resolver's options:
 * mailauth_report_result() is then PASS when all records are published, FAIL
 * when some record is missing or different, and else TEMPERROR when a lookup
 * failed. mailauth_report_text() gives zone file lines for the records that are
 * not published yet; with MAILAUTH_TEXT_VERBOSE the others as comments. @param
 * resolver NULL: DNS is not asked @param out the report, to be given to
 * mailauth_report_free() @return MAILAUTH_OK when there is a report; EUSE for a
 * policy or address that     is not valid; ENOMEM, ESYSTEM.
 */
enum mailauth_status mailauth_plan(struct mailauth_resolver *resolver,
    const struct mailauth_plan_request *request, struct mailauth_report **out,
    char why[MAILAUTH_WHY_MAX]);

/** What mailauth_lint() judges; zeros for the usual. */
struct mailauth_lint_request {
	enum mailauth_profile profile;
	/** The zones before a change, for findings about what the change does;
	 * NULL: there is no comparison. */
	const struct mailauth_zone *old;
	size_t nold;
	bool allow_documentation; /* RFC 5737 and 3849 addresses are fine */
	uint32_t only; /* kinds of records that are judged: a bit (1 <<
	                * MAILAUTH_KIND_...) each; 0: all. Faults of the text
	                * are reported of all */
};

/** A finding of a zone file, with its place. Borrowed from the lint. */
struct mailauth_lint_finding {
	const char *code; /* "zone-syntax" */
	enum mailauth_severity severity;
	const char *zone; /* its name, with a final dot; NULL: not known */
	const char *name; /* owner name with a final dot; NULL: of the file */
	const char *kind; /* "spf"; NULL: of no kind of record */
	const char *type; /* of the record, "TXT"; NULL: of no record */
	const char *file; /* as given; NULL: of nothing that is in a file */
	unsigned line; /* from 1; 0: not known */
	unsigned column; /* octets, from 1; 0: the whole line */
	unsigned length; /* octets; 0: not known */
	const char *text; /* that line, without its end; NULL: no line */
	const char *message;
	const char *remedy; /* NULL: there is nothing to do */
	const char *reference;
	const char *follows; /* code of the finding that it is a consequence of;
	                      * NULL: none */
	const char *ignored; /* why it does not count: "a comment in line 12";
	                      * NULL: it counts */
	/** The record to write in place of the one here, as text of a zone
	 * file, one line or several, without the end of the last one; NULL:
	 * no repair is known. */
	const char *fix;
	unsigned fix_first, fix_last; /* the lines that it replaces */
};

/** A name of the zones that has a part in mail. Borrowed from the lint. */
struct mailauth_lint_name {
	const char *name, *zone; /* with final dots */
	const char *role; /* as in a report: "mail", "no-mail"; NULL: not a
	                   * domain of its own, but a record of one */
	enum mailauth_result result;
	size_t first, n; /* of its findings */
};

/** What is in zones. */
struct mailauth_lint;

/**
 * Judge zone files: their text, each name that has a part in mail, and with
 * `old` what the change does. Reads everything before it returns.
 * @param options where the zones are; a zone without name has that of its SOA
 *     record. Other members are as for mailauth_resolver_new().
 * @param out the lint, to be given to mailauth_lint_free()
 * @return MAILAUTH_OK when the files could be read, whatever is in them; EINPUT
 *     for a file that cannot be read; EUSE, ENOMEM or ESYSTEM.
 */
enum mailauth_status mailauth_lint(const struct mailauth_options *options,
    const struct mailauth_lint_request *request, struct mailauth_lint **out,
    char why[MAILAUTH_WHY_MAX]);
void mailauth_lint_free(struct mailauth_lint *lint);
/** Zone `i`, counted from 0: its name, with a final dot, NULL when it is not
 * known, and its file. False behind the last one. */
bool mailauth_lint_zone(const struct mailauth_lint *lint, size_t i,
    struct mailauth_zone *out);
/** Let finding `i` not count. @param why as in `ignored`; it must live as long
 * as the lint */
void
mailauth_lint_ignore(struct mailauth_lint *lint, size_t i, const char *why);
/** The result of all that counts. */
enum mailauth_result mailauth_lint_result(const struct mailauth_lint *lint);
/** Findings: those of a file as a whole first, then name by name in the order
 * of the files. */
size_t mailauth_lint_findings(const struct mailauth_lint *lint);
/** Finding `i`, counted from 0; false behind the last one. */
bool mailauth_lint_finding(const struct mailauth_lint *lint, size_t i,
    struct mailauth_lint_finding *out);
/** Names that have a part in mail. */
size_t mailauth_lint_names(const struct mailauth_lint *lint);
bool mailauth_lint_name(const struct mailauth_lint *lint, size_t i,
    struct mailauth_lint_name *out);

/** Options of mailauth_parse(). */
struct mailauth_parse_options {
	const char *kind; /* name from kinds.def; NULL: by owner and text */
	const char *owner; /* owner name; NULL: not known */
	enum mailauth_profile profile;
	bool allow_documentation;
	/** Other records of this kind that the name has too, in the form of
	 * the text. */
	const char *const *others;
	size_t nothers;
};

/**
 * Judge one record given as text: the text as in DNS; or one or more quoted
 * strings as in a zone file; or a whole zone line with owner and type.
 * @return MAILAUTH_OK when there is a report; EUSE when the kind is not known,
 *     neither owner nor text shows it, or the text is no data of its type;
 *     ENOMEM.
 */
enum mailauth_status mailauth_parse(const struct mailauth_parse_options *how,
    const char *text, size_t len, struct mailauth_report **out,
    char why[MAILAUTH_WHY_MAX]);

/** Give a report back; NULL is fine. */
void mailauth_report_free(struct mailauth_report *report);
enum mailauth_result
mailauth_report_result(const struct mailauth_report *report);
/** The weakest DNSSEC state of the answers used. */
enum mailauth_dnssec
mailauth_report_dnssec(const struct mailauth_report *report);

/** One record set of a report; everything is borrowed from it. */
struct mailauth_record_view {
	const char *kind; /* "spf" */
	const char *name; /* "example.com." */
	const char *type; /* "TXT" */
	enum mailauth_outcome outcome;
	enum mailauth_verdict verdict;
	enum mailauth_severity severity;
	enum mailauth_dnssec dnssec;
	const char *why; /* reason of bogus or failed; else NULL */
	uint32_t ttl; /* seconds */
	const char *text; /* escaped as in JSON; NULL: no text */
	struct mailauth_place place; /* in a zone file, of the first record */
};

/** One finding of a report; everything is borrowed from it. */
struct mailauth_finding_view {
	const char *code; /* "spf-missing" */
	enum mailauth_severity severity;
	const char *kind; /* NULL: of the domain as a whole */
	const char *name; /* owner name */
	long offset; /* octets into the record's text; -1: no place */
	long length;
	const char *message;
	const char *remedy; /* NULL when there is nothing to do */
	const char *reference;
	const char *follows; /* code of the finding that it is a consequence of;
	                      * text shows that one in its place; NULL: none */
	struct mailauth_place place; /* in a zone file; borrowed as the rest */
};

size_t mailauth_report_records(const struct mailauth_report *report);
/** Record set `i`, counted from 0; NULL behind the last one and when memory ran
 * out. */
const struct mailauth_record_view *
mailauth_report_record(struct mailauth_report *report, size_t i);
size_t mailauth_report_findings(const struct mailauth_report *report);
/** Finding `i`, counted from 0; NULL behind the last one and when memory ran
 * out. */
const struct mailauth_finding_view *
mailauth_report_finding(struct mailauth_report *report, size_t i);

/** Something that the report does not tell of, since it was not looked at. */
struct mailauth_incomplete_view {
	const char *what; /* "DKIM", or the name "_spf.example.net" */
	const char *why; /* "name a selector"; "outside": the name is outside of
	                  * the given zones */
};

/** Entry `i` of what was not looked at, counted from 0; false behind the last
 * one. Borrowed from the report. It never changes the result. */
bool mailauth_report_incomplete(const struct mailauth_report *report, size_t i,
    struct mailauth_incomplete_view *out);

/** Where the answers came from, when that is not what was asked for: "through
 * 192.0.2.53 of resolv.conf, since no root server could be reached"; else NULL.
 * Borrowed from the report. */
const char *mailauth_report_source(const struct mailauth_report *report);

/** The result of SPF and its cost; everything is borrowed from the report. */
struct mailauth_spf_view {
	enum mailauth_spf_result result; /* UNDECIDED: no address given */
	const char *explanation; /* of a fail, escaped as in JSON; NULL: none */
	const char *mechanism; /* that matched; NULL: no match */
	const char *why; /* of temperror and permerror; else NULL */
	enum mailauth_dnssec dnssec; /* the weakest on the way to the result */
	unsigned lookups; /* terms that asked; without an address, at worst */
	unsigned void_lookups; /* of these, terms that found nothing */
	unsigned worst_lookups; /* when no term matches */
	bool worst_is_least; /* there may be more: some answer is missing */
};

/** The evaluation of a report of mailauth_spf(); false for other reports. */
bool mailauth_report_spf(const struct mailauth_report *report,
    struct mailauth_spf_view *out);

/** The merged record of mailauth_spf_merge(), escaped as in JSON; NULL for a
 * refused merge and for other reports. Borrowed from the report. */
const char *mailauth_report_merged(const struct mailauth_report *report);

/** The policy and result of DMARC by one standard; everything is borrowed from
 * the report. */
struct mailauth_dmarc_view {
	enum mailauth_dmarc_state state;
	const char *record_name; /* owner of the record; NULL: none */
	const char *tag; /* that decides: "p", "sp", "np"; NULL: none or
	                 * not known */
	enum mailauth_dmarc_policy policy; /* ABSENT: no policy, or it depends
	                                    * on a failed lookup */
	enum mailauth_dmarc_policy applied; /* the same after t=y (RFC 9989) */
	const char *org_domain; /* NULL: not known */
	enum mailauth_dmarc_result result; /* UNDECIDED: no identifier given */
};

/** The DMARC part of a report of mailauth_dmarc() or mailauth_explain().
 * @param rfc 9989 or 7489
 * @return false for other reports, and when memory ran out */
bool mailauth_report_dmarc(struct mailauth_report *report, int rfc,
    struct mailauth_dmarc_view *out);

/** A zone of a plan, whole. */
struct mailauth_plan_zone {
	const char *name; /* "example.com" */
	const char *text; /* a zone file */
};

/** Zone `i` of a report of mailauth_plan(), counted from 0, as a zone file
 * for a zone checker: with an SOA and an NS record in place of the zone's own.
 * Borrowed from the report. False behind the last one, for other reports, and
 * when memory ran out. */
bool mailauth_report_plan_zone(struct mailauth_report *report, size_t i,
    struct mailauth_plan_zone *out);

/** One cause for which a message passes or fails. */
struct mailauth_cause_view {
	const char *cause; /* "domains-not-aligned"; see unbound-mailauth(1) */
	const char *text; /* the same in sentences */
	const char *remedy; /* what to do; NULL: nothing */
};

/** Cause `i` of a report of mailauth_explain(), counted from 0, the most
 * telling first; false behind the last one and for other reports. Borrowed from
 * the report. */
bool mailauth_report_cause(const struct mailauth_report *report, size_t i,
    struct mailauth_cause_view *out);

/** Missing input `i` of mailauth_explain(), counted from 0: the name of a
 * member, "ip", "mail_from" or "helo", that the request leaves out and the
 * message does not show, so that the report says less. NULL behind the last one and for
 * other reports. */
const char *
mailauth_report_missing(const struct mailauth_report *report, size_t i);

/** DKIM key `i` of the report, counted from 0: name and fingerprint, for the
 * caller's history file; false behind the last one. `first_seen` is 0 for a key
 * that is not in the history. */
bool mailauth_report_key(const struct mailauth_report *report, size_t i,
    struct mailauth_key_history *out);

/** As JSON, UTF-8; to be given to free(); NULL when memory ran out. */
char *mailauth_report_json(const struct mailauth_report *report, bool indent);

/** How mailauth_report_text() writes. */
#define MAILAUTH_TEXT_COLOUR  1u
#define MAILAUTH_TEXT_VERBOSE 2u /* also what is fine, and mere facts */

/** As text for people, in lines of 80 columns; to be given to free(); NULL when
 * memory ran out. */
char *
mailauth_report_text(const struct mailauth_report *report, unsigned flags);

/** How mailauth_report_page() writes; zeros for the usual. */
struct mailauth_page_options {
	unsigned flags; /* MAILAUTH_TEXT_... */
	unsigned width; /* columns of a line; 0: 80 */
	enum mailauth_severity level; /* findings below it are not shown, except
	                               * that a lookup failed; MAILAUTH_PASS:
	                               * MAILAUTH_NOTICE */
};

/** mailauth_report_text() with more choices; `how` may be NULL. */
char *mailauth_report_page(const struct mailauth_report *report,
    const struct mailauth_page_options *how);

/** A row of the table of findings. */
struct mailauth_finding_info {
	const char *code;
	enum mailauth_severity severity[MAILAUTH_PROFILE_COUNT]; /* by enum
	                                                          * profile */
	const char *effect; /* "keeps", "breaks" or "defers" the verdict */
	const char *reference;
	const char *sentence;
	const char *remedy; /* "": nothing to do */
};

/** Row `i`, counted from 0; false at the end of the table. */
bool mailauth_finding_at(size_t i, struct mailauth_finding_info *out);

/** A row of the table of kinds of record. */
struct mailauth_kind_info {
	const char *name;
	const char *title;
	const char *reference;
	const char *type;
	const char *owner; /* name that has it; NULL: any name */
	const char *tags[MAILAUTH_VALUES_MAX + 1]; /* ended by NULL */
};

/** Kind `i`, counted from 0; false at the end of the table. */
bool mailauth_kind_at(size_t i, struct mailauth_kind_info *out);

/** Names of enum values, as in JSON, text and manuals. */
const char *mailauth_outcome_name(enum mailauth_outcome v);
const char *mailauth_dnssec_name(enum mailauth_dnssec v);
const char *mailauth_verdict_name(enum mailauth_verdict v);
const char *mailauth_severity_name(enum mailauth_severity v);
const char *mailauth_profile_name(enum mailauth_profile v);
const char *mailauth_role_name(enum mailauth_role v);
const char *mailauth_result_name(enum mailauth_result v);
/** NULL for MAILAUTH_SPF_UNDECIDED. */
const char *mailauth_spf_result_name(enum mailauth_spf_result v);
/** "policy", "none" or "unknown". */
const char *mailauth_dmarc_state_name(enum mailauth_dmarc_state v);
/** NULL for MAILAUTH_DMARC_ABSENT. */
const char *mailauth_dmarc_policy_name(enum mailauth_dmarc_policy v);
/** NULL for MAILAUTH_DMARC_RESULT_UNDECIDED. */
const char *mailauth_dmarc_result_name(enum mailauth_dmarc_result v);
/** The version of the library in use. */
const char *mailauth_version(void);

/** A library that this one uses, as it is at run time. */
struct mailauth_library {
	const char *name; /* "libunbound", "OpenSSL" */
	const char *version;
};

/** Library `i`, counted from 0: the one that resolves and validates, then the
 * one for keys and signatures; false behind the last. */
bool mailauth_library_at(size_t i, struct mailauth_library *out);

/** Octets for a domain name as text, its NUL included. */
#define MAILAUTH_NAME_MAX 1024

/**
 * Write a domain as reports do: A-labels, lower case, no final dot. Two texts
 * name the same domain when they give the same.
 * @return MAILAUTH_OK; EUSE for a text that is no domain name; ENOMEM.
 */
enum mailauth_status
mailauth_domain_name(const char *text, char out[MAILAUTH_NAME_MAX]);

#pragma GCC visibility pop
#ifdef __cplusplus
}
#endif

#endif /* MAILAUTH_MAILAUTH_H */
