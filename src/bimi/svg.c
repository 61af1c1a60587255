/*
 * svg.c - check a logo against SVG Tiny Portable/Secure
 * SPDX-License-Identifier: BSD-3-Clause
 */
#include "bimi/svg.h"

#include <libxml/SAX2.h>
#include <libxml/parser.h>
#include <math.h>
#include <threads.h>

#include "base/writer.h"

/* Nesting depth of elements; drawings need less than a tenth. */
#define DEPTH_MAX 256

#define SVG_NAMESPACE   "http://www.w3.org/2000/svg"
#define XHTML_NAMESPACE "http://www.w3.org/1999/xhtml"

/* State while a logo is read. */
struct reading {
	struct bimi_svg *out;
	struct arena *arena; /* for values without their escapes */
	xmlParserCtxtPtr parser;
	unsigned depth; /* open elements */
	unsigned title_at, metadata_at; /* depth of the open element; 0: none */
	unsigned layers; /* groups that an editor marks as layers */
	bool stopped; /* reading ended early; its fault is stored */
	bool wrong; /* an error of the parser is stored */
	bool no_memory; /* libxml2 said so */
	bool title; /* the title of the root has text */
	bool rooted; /* the root is svg */
};

/* One attribute. */
struct attribute {
	struct mailauth_str name, space, value;
};

static struct mailauth_str
text_of(const xmlChar *s)
{
	return str_of((const char *)s);
}

static void
fault(struct reading *r, enum mailauth_finding_id id, const char *what,
    struct mailauth_str octets)
{
	int line = xmlSAX2GetLineNumber(r->parser);

	bimi_fault_at(&r->out->faults, id, what, octets,
	    line > 0 ? (unsigned)line : 0);
}

/* Numbers. */

/* Read a number in SVG syntax; false also for one beyond what a double holds.
 * strtod() would use the locale's decimal point. */
static bool
take_number(struct mailauth_str *s, double *out)
{
	double v = 0, scale = 1;
	bool minus, digits = false;
	size_t i = 0;

	while (i < s->n && (is_fws(s->s[i]) || s->s[i] == ','))
		i++;
	minus = i < s->n && s->s[i] == '-';
	if (i < s->n && (s->s[i] == '-' || s->s[i] == '+'))
		i++;
	for (; i < s->n && is_digit(s->s[i]); i++, digits = true)
		v = v * 10 + (s->s[i] - '0');
	if (i < s->n && s->s[i] == '.')
		for (i++; i < s->n && is_digit(s->s[i]); i++, digits = true)
			v += (s->s[i] - '0') * (scale /= 10);
	*s = str_from(*s, i);
	*out = minus ? -v : v;
	return digits && isfinite(v) &&
	    (s->n == 0 || is_fws(s->s[0]) || s->s[0] == ',');
}

static void
look_at_view_box(struct reading *r, struct mailauth_str value)
{
	struct mailauth_str rest = value;
	double x, y, width, height;

	if (!take_number(&rest, &x) || !take_number(&rest, &y) ||
	    !take_number(&rest, &width) || !take_number(&rest, &height) ||
	    str_trim(rest).n > 0) {
		fault(r, MAILAUTH_F_BIMI_SVG_NOT_SQUARE, "viewBox=", value);
		return;
	}
	r->out->width = width;
	r->out->height = height;
	if (!(width > 0) || width < height || width > height)
		fault(r, MAILAUTH_F_BIMI_SVG_NOT_SQUARE, "viewBox=", value);
}

/* References. */

/* Judge a reference: only "#..." stays within the file. */
static void
look_at_target(struct reading *r, struct mailauth_str target)
{
	while (target.n > 0 && (unsigned char)target.s[0] <= ' ')
		target = str_from(target, 1);
	if (target.n > 0 && target.s[0] == '#')
		return;
	if (str_istarts(target, STR("data:")))
		fault(r, MAILAUTH_F_BIMI_SVG_RASTER, "", target);
	else if (str_istarts(target, STR("javascript:")))
		fault(r, MAILAUTH_F_BIMI_SVG_SCRIPT, "", target);
	else
		fault(r, MAILAUTH_F_BIMI_SVG_EXTERNAL_REF, "", target);
}

/* Append the UTF-8 of a character; any other number gives U+FFFD. */
static void
put_utf8(struct writer *w, uint32_t c)
{
	if (c == 0 || c > 0x10ffff || (c >= 0xd800 && c <= 0xdfff))
		c = 0xfffd;
	if (c < 0x80) {
		put_char(w, (char)c);
		return;
	}
	if (c >= 0x10000) {
		put_char(w, (char)(0xf0 | c >> 18));
		put_char(w, (char)(0x80 | (c >> 12 & 0x3f)));
	} else if (c >= 0x800) {
		put_char(w, (char)(0xe0 | c >> 12));
	}
	if (c >= 0x800)
		put_char(w, (char)(0x80 | (c >> 6 & 0x3f)));
	else
		put_char(w, (char)(0xc0 | c >> 6));
	put_char(w, (char)(0x80 | (c & 0x3f)));
}

/* Read what follows a backslash of CSS: one to six hexadecimal digits and one
 * blank are a character, a line break is nothing, and any other octet is
 * itself (CSS 2.1, 4.1.3). */
static struct mailauth_str
unescape(struct writer *w, struct mailauth_str s)
{
	uint32_t c = 0;
	size_t i = 0;

	for (; i < 6 && i < s.n && hex_value(s.s[i]) >= 0; i++)
		c = c << 4 | (uint32_t)hex_value(s.s[i]);
	if (i > 0) {
		put_utf8(w, c);
		return str_from(s, i + (i < s.n && is_fws(s.s[i])));
	}
	if (s.n > 0 && s.s[0] != '\n')
		put_char(w, s.s[0]);
	return str_from(s, 1);
}

/* A value as a reader of CSS sees it. */
static struct mailauth_str
without_escapes(struct reading *r, struct mailauth_str value)
{
	struct writer w = arena_writer(r->arena);
	size_t at;

	if (str_find(value, '\\') == value.n)
		return value;
	while ((at = str_find(value, '\\')) < value.n) {
		put_str(&w, str_sub(value, 0, at));
		value = unescape(&w, str_from(value, at + 1));
	}
	put_str(&w, value);
	return writer_str(&w);
}

/* Judge each url(...) of a value. */
static void
look_at_urls(struct reading *r, struct mailauth_str value)
{
	for (size_t at; (at = str_find(value, '(')) < value.n;) {
		bool url =
		    at >= 3 && str_ieq(str_sub(value, at - 3, 3), STR("url"));

		value = str_from(value, at + 1);
		if (!url)
			continue;
		while (value.n > 0 &&
		    (is_fws(value.s[0]) || value.s[0] == '"' ||
		        value.s[0] == '\''))
			value = str_from(value, 1);
		look_at_target(r, str_sub(value, 0, str_find(value, ')')));
	}
}

static void
look_at_attribute(struct reading *r, const struct attribute *a, bool root)
{
	if (a->space.n == 0 && a->name.n > 2 && str_istarts(a->name, STR("on")))
		fault(r, MAILAUTH_F_BIMI_SVG_SCRIPT, "attribute ", a->name);
	if (str_ieq(a->name, STR("href")))
		look_at_target(r, a->value);
	else
		look_at_urls(r, a->value);
	if (str_eq(a->name, STR("base")) &&
	    str_eq(a->space, STR("http://www.w3.org/XML/1998/namespace")))
		fault(r, MAILAUTH_F_BIMI_SVG_EXTERNAL_REF,
		    "xml:base=", a->value);
	if (root && a->space.n == 0 &&
	    (str_eq(a->name, STR("x")) || str_eq(a->name, STR("y"))))
		fault(r, MAILAUTH_F_BIMI_SVG_ROOT_XY, "", a->name);
}

/* Elements. */

static bool
is_allowed(struct mailauth_str name)
{
	static const struct mailauth_str names[] = { STR_INIT("svg"),
		STR_INIT("title"), STR_INIT("desc"), STR_INIT("metadata"),
		STR_INIT("defs"), STR_INIT("g"), STR_INIT("use"),
		STR_INIT("path"), STR_INIT("rect"), STR_INIT("circle"),
		STR_INIT("ellipse"), STR_INIT("line"), STR_INIT("polyline"),
		STR_INIT("polygon"), STR_INIT("linearGradient"),
		STR_INIT("radialGradient"), STR_INIT("stop"),
		STR_INIT("solidColor"), STR_INIT("text"), STR_INIT("textArea"),
		STR_INIT("font"), STR_INIT("font-face"), STR_INIT("glyph"),
		STR_INIT("missing-glyph"), STR_INIT("hkern") };

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (str_eq(name, names[i]))
			return true;
	return false;
}

static void
look_at_element(struct reading *r, struct mailauth_str name,
    struct mailauth_str space)
{
	bool svg = str_eq(space, STR(SVG_NAMESPACE));
	/* Metadata uses other vocabularies, which nobody draws or runs. XHTML
	 * is refused even there. */
	bool other =
	    !svg && r->metadata_at > 0 && !str_eq(space, STR(XHTML_NAMESPACE));

	if (!other && (!svg || !is_allowed(name)))
		fault(r, MAILAUTH_F_BIMI_SVG_ELEMENT, "", name);
	if (str_ieq(name, STR("script")) || str_ieq(name, STR("handler")) ||
	    str_ieq(name, STR("listener")))
		fault(r, MAILAUTH_F_BIMI_SVG_SCRIPT, "element ", name);
	if (!other &&
	    (str_ieq(name, STR("image")) || str_ieq(name, STR("feImage"))))
		fault(r, MAILAUTH_F_BIMI_SVG_RASTER, "element ", name);
}

/* Judge an attribute of a group: an editor's layer, or a group that nobody
 * sees. */
static void
look_at_group(struct reading *r, const struct attribute *a)
{
	bool layer = (str_eq(a->name, STR("groupmode")) && a->space.n > 0 &&
	                 str_eq(a->value, STR("layer"))) ||
	    (str_eq(a->name, STR("layer")) && a->space.n > 0 &&
	        !str_eq(a->value, STR("no")));
	bool hidden = a->space.n == 0 &&
	    ((str_eq(a->name, STR("display")) &&
	         str_eq(str_trim(a->value), STR("none"))) ||
	        (str_eq(a->name, STR("visibility")) &&
	            (str_eq(str_trim(a->value), STR("hidden")) ||
	                str_eq(str_trim(a->value), STR("collapse")))) ||
	        (str_eq(a->name, STR("style")) &&
	            (str_ifind(a->value, STR("display:none")) < a->value.n ||
	                str_ifind(a->value, STR("visibility:hidden")) <
	                    a->value.n)));

	if (hidden)
		fault(r, MAILAUTH_F_BIMI_SVG_LAYERS, "a hidden group",
		    STR_NONE);
	if (layer && ++r->layers > 1)
		fault(r, MAILAUTH_F_BIMI_SVG_LAYERS, "a second layer",
		    STR_NONE);
}

/* Attribute number `i`; libxml2 passes five pointers for each: name, prefix,
 * namespace, value, end of value. */
static struct attribute
attribute_at(const xmlChar **list, int i)
{
	const xmlChar **a = list + 5 * (size_t)i;

	return (struct attribute){ text_of(a[0]), text_of(a[2]),
		{ (const char *)a[3], (size_t)(a[4] - a[3]) } };
}

static void
look_at_root(struct reading *r, struct mailauth_str name,
    struct mailauth_str space, const xmlChar **list, int n)
{
	struct mailauth_str version = STR_NONE, profile = STR_NONE;
	bool view_box = false;

	if (!str_eq(name, STR("svg")) || !str_eq(space, STR(SVG_NAMESPACE))) {
		fault(r, MAILAUTH_F_BIMI_SVG_ROOT, "the root is ", name);
		return;
	}
	r->rooted = true;
	for (int i = 0; i < n; i++) {
		struct attribute a = attribute_at(list, i);

		if (a.space.n > 0)
			continue;
		if (str_eq(a.name, STR("version")))
			version = a.value;
		else if (str_eq(a.name, STR("baseProfile")))
			profile = a.value;
		else if (str_eq(a.name, STR("viewBox"))) {
			look_at_view_box(r, a.value);
			view_box = true;
		}
	}
	if (!str_eq(version, STR("1.2")))
		fault(r, MAILAUTH_F_BIMI_SVG_VERSION, "version=", version);
	if (!str_eq(profile, STR("tiny-ps")))
		fault(r, MAILAUTH_F_BIMI_SVG_BASEPROFILE,
		    "baseProfile=", profile);
	if (!view_box)
		fault(r, MAILAUTH_F_BIMI_SVG_NOT_SQUARE, "there is no viewBox",
		    STR_NONE);
}

/* Store why reading ends, and end it. libxml2 may deliver a few more events. */
static void
stop(struct reading *r, const char *why)
{
	if (!r->stopped)
		fault(r, MAILAUTH_F_BIMI_SVG_NOT_XML, why, STR_NONE);
	r->stopped = true;
	xmlStopParser(r->parser);
}

static void
start_element(void *arg, const xmlChar *local, const xmlChar *prefix,
    const xmlChar *uri, int nspaces, const xmlChar **spaces, int n,
    int ndefaulted, const xmlChar **list)
{
	struct reading *r = arg;
	struct mailauth_str name = text_of(local), space = text_of(uri);
	bool svg = str_eq(space, STR(SVG_NAMESPACE));
	bool root = r->depth++ == 0;

	(void)prefix;
	(void)nspaces;
	(void)spaces;
	(void)ndefaulted;
	if (r->depth > DEPTH_MAX) {
		stop(r, "its elements are more than 256 levels deep");
		return;
	}
	if (root)
		look_at_root(r, name, space, list, n);
	else
		look_at_element(r, name, space);
	for (int i = 0; i < n; i++) {
		struct attribute a = attribute_at(list, i);

		if (!str_ieq(a.name, STR("href")))
			a.value = without_escapes(r, a.value);
		look_at_attribute(r, &a, root);
		if (svg && str_eq(name, STR("g")))
			look_at_group(r, &a);
	}
	if (svg && r->depth == 2 && str_eq(name, STR("title")))
		r->title_at = r->depth;
	if (svg && r->metadata_at == 0 && str_eq(name, STR("metadata")))
		r->metadata_at = r->depth;
}

static void
end_element(void *arg, const xmlChar *local, const xmlChar *prefix,
    const xmlChar *uri)
{
	struct reading *r = arg;

	(void)local;
	(void)prefix;
	(void)uri;
	if (r->title_at == r->depth)
		r->title_at = 0;
	if (r->metadata_at == r->depth)
		r->metadata_at = 0;
	if (r->depth > 0)
		r->depth--;
}

static void
characters(void *arg, const xmlChar *s, int n)
{
	struct reading *r = arg;
	struct bimi_svg *out = r->out;

	if (r->title_at == 0 || r->title_at != r->depth)
		return;
	for (int i = 0; i < n; i++) {
		char c = (char)s[i];

		r->title = r->title || !is_fws(c);
		if ((out->ntitle > 0 || !is_fws(c)) &&
		    out->ntitle < BIMI_TITLE_MAX)
			out->title[out->ntitle++] = is_fws(c) ? ' ' : c;
	}
}

static void
instruction(void *arg, const xmlChar *target, const xmlChar *data)
{
	struct reading *r = arg;

	if (str_ieq(text_of(target), STR("xml-stylesheet")))
		fault(r, MAILAUTH_F_BIMI_SVG_EXTERNAL_REF, "xml-stylesheet ",
		    text_of(data));
}

/* End reading at a document type, before any of its declarations. */
static void
doctype(void *arg, const xmlChar *name, const xmlChar *external,
    const xmlChar *system)
{
	(void)name;
	(void)external;
	(void)system;
	stop(arg, "it has a document type, which is not read");
}

/* Store the first error. Errors of namespaces, which do not end the reading,
 * count too. */
static void
take_error(struct reading *r, const xmlError *error)
{
	if (error != NULL && error->code == XML_ERR_NO_MEMORY)
		r->no_memory = true;
	if (r->stopped || r->wrong || r->no_memory || error == NULL ||
	    error->level < XML_ERR_ERROR)
		return;
	r->wrong = true;
	bimi_fault_at(&r->out->faults, MAILAUTH_F_BIMI_SVG_NOT_XML, "",
	    error->message != NULL ? str_trim(str_of(error->message)) :
	                             STR_NONE,
	    error->line > 0 ? (unsigned)error->line : 0);
}

#if LIBXML_VERSION >= 21200
static void
error_seen(void *arg, const xmlError *error)
#else
static void
error_seen(void *arg, xmlErrorPtr error)
#endif
{
	take_error(arg, error);
}

static void
quiet(void *arg, const char *format, ...)
{
	(void)arg;
	(void)format;
}

/* A default title of an editor or converter. */
static bool
is_generic(struct mailauth_str title)
{
	static const struct mailauth_str names[] = { STR_INIT("untitled"),
		STR_INIT("title"), STR_INIT("logo"), STR_INIT("svg"),
		STR_INIT("image"), STR_INIT("layer 1"),
		STR_INIT("bimi-svg-tiny-12-ps"), STR_INIT("bimi") };

	title = str_trim(title);
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (str_ieq(title, names[i]))
			return true;
	return str_istarts(title, STR("untitled-")) ||
	    str_istarts(title, STR("bimi-svg-tiny"));
}

static void
conclude(struct reading *r, int rc)
{
	struct bimi_svg *out = r->out;
	struct mailauth_str title = { out->title, out->ntitle };

	if (r->stopped || r->wrong || r->no_memory)
		return;
	if (rc != XML_ERR_OK)
		bimi_fault(&out->faults, MAILAUTH_F_BIMI_SVG_NOT_XML,
		    "it is not well-formed", STR_NONE);
	else if (r->rooted && !r->title)
		bimi_fault(&out->faults, MAILAUTH_F_BIMI_SVG_TITLE, "",
		    STR_NONE);
	if (r->title && is_generic(title))
		bimi_fault(&out->faults, MAILAUTH_F_BIMI_SVG_TITLE_GENERIC, "",
		    title);
}

static once_flag libxml = ONCE_FLAG_INIT;

static bool
read_xml(struct arena *arena, struct bimi_svg *out)
{
	static const xmlSAXHandler handler = {
		.initialized = XML_SAX2_MAGIC,
		.startElementNs = start_element,
		.endElementNs = end_element,
		.characters = characters,
		.cdataBlock = characters,
		.processingInstruction = instruction,
		.internalSubset = doctype,
		.serror = error_seen,
	};
	xmlSAXHandler sax = handler;
	struct reading r = { .out = out, .arena = arena };
	/* Errors of an encoding bypass the handler and are printed. Catch them
	 * with the error functions of the thread, and restore its owner's
	 * functions afterwards. */
	xmlStructuredErrorFunc structured = xmlStructuredError;
	void *structured_arg = xmlStructuredErrorContext;
	xmlGenericErrorFunc generic = xmlGenericError;
	void *generic_arg = xmlGenericErrorContext;
	int rc = XML_ERR_OK;

	/* libxml2 would do it by itself, but not for two threads at once. */
	call_once(&libxml, xmlInitParser);
	xmlSetStructuredErrorFunc(&r, error_seen);
	xmlSetGenericErrorFunc(NULL, quiet);
	r.parser = xmlCreatePushParserCtxt(&sax, &r, NULL, 0, NULL);
	if (r.parser != NULL) {
		/* Without XML_PARSE_NOENT, _HUGE and _DTD...: no entities,
		 * libxml2's own limits, no DTD. */
		xmlCtxtUseOptions(r.parser, XML_PARSE_NONET);
		rc = xmlParseChunk(r.parser, out->text.s, (int)out->text.n, 0);
		if (rc == XML_ERR_OK)
			rc = xmlParseChunk(r.parser, NULL, 0, 1);
		conclude(&r, rc);
	}
	xmlSetStructuredErrorFunc(structured_arg, structured);
	xmlSetGenericErrorFunc(generic_arg, generic);
	if (r.parser == NULL)
		return false;
	xmlFreeParserCtxt(r.parser);
	return rc != XML_ERR_NO_MEMORY && !r.no_memory && !arena->failed;
}

/* Put a fault on a logo that is too large, with its size when that is known. */
static void
tell_size(struct bimi_svg *out, bool known)
{
	char size[32];
	struct writer w = writer_of(size, sizeof(size));

	if (known) {
		put_number(&w, out->text.n);
		put_text(&w, " octets");
	}
	bimi_fault(&out->faults, MAILAUTH_F_BIMI_SVG_TOO_BIG, "",
	    writer_str(&w));
}

bool
bimi_svg_read(struct arena *arena, const struct bimi_file *file,
    struct bimi_svg *out)
{
	static const char *const why[] = {
		[BIMI_UNZIPPED] = "",
		[BIMI_ZIP_BROKEN] = "it is compressed, and broken",
		[BIMI_ZIP_LONG] =
		    "decompressed it is longer than 262144 octets",
		[BIMI_ZIP_NO_MEMORY] = "",
	};
	enum bimi_unzip state = BIMI_UNZIPPED;

	*out = (struct bimi_svg){ .zipped = bimi_is_zipped(file->octets) };
	out->text = file->octets;
	if (out->zipped && !file->longer)
		state = bimi_unzip(arena, file->octets, &out->text);
	if (state == BIMI_ZIP_NO_MEMORY)
		return false;
	if (out->text.n > BIMI_SVG_BIG || file->longer ||
	    state == BIMI_ZIP_LONG)
		tell_size(out, state == BIMI_UNZIPPED && !file->longer);
	if (file->longer || state != BIMI_UNZIPPED) {
		bimi_fault(&out->faults, MAILAUTH_F_BIMI_SVG_NOT_XML,
		    file->longer ? "it is longer than 262144 octets, which "
		                   "are not read" :
		                   why[state],
		    STR_NONE);
		out->text = STR_NONE;
		return true;
	}
	return read_xml(arena, out);
}

/* The next octet, with CR and CRLF as LF; -1 at the end. */
static int
next_octet(struct mailauth_str *s)
{
	int c;

	if (s->n == 0)
		return -1;
	c = (unsigned char)s->s[0];
	*s = str_from(*s, 1);
	if (c != '\r')
		return c;
	if (s->n > 0 && s->s[0] == '\n')
		*s = str_from(*s, 1);
	return '\n';
}

bool
bimi_svg_same(struct mailauth_str a, struct mailauth_str b)
{
	int x, y;

	do {
		x = next_octet(&a);
		y = next_octet(&b);
	} while (x == y && x >= 0);
	return x == y;
}
