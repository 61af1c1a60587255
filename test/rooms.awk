# rooms.awk - holds sources, or the symbols of objects, to src/rooms.txt
# SPDX-License-Identifier: BSD-3-Clause
#
# The first file is rooms.txt. Behind it come sources, or, with symbols=1,
# what nm -o says of objects. Each trouble is a line; the exit code is 1 when
# there was one, and 2 when rooms.txt is not sound.

# Reading rooms.txt.

function broken(text) {
	print "rooms.txt:" FNR ": " text
	unsound = 1
}

# The words of a list; a set's name becomes its words.
function expand(list,    word, n, i, out) {
	n = split(list, word, " ")
	for (i = 1; i <= n; i++) {
		if (word[i] !~ /^@/)
			out = out " " word[i]
		else if (word[i] in set)
			out = out set[word[i]]
		else
			broken("there is no " word[i])
	}
	return out
}

# A set of names, where '*' is anything, as a regular expression.
function pattern(list,    word, n, i, out) {
	n = split(list, word, " ")
	for (i = 1; i <= n; i++) {
		gsub(/\./, "\\.", word[i])
		gsub(/\*/, "[A-Za-z0-9_/.-]*", word[i])
		out = out "|" word[i]
	}
	return "^(" substr(out, 2) ")$"
}

# Words of code as a regular expression with something in front.
function code_pattern(list,    word, n, i, out) {
	n = split(list, word, " ")
	for (i = 1; i <= n; i++) {
		if (word[i] == "switch(kind)")
			word[i] = "switch[ \t]*\\([^)]*kind"
		else if (!sub(/\($/, "[ \t]*\\(", word[i]))
			word[i] = word[i] "([^A-Za-z0-9_]|$)"
		out = out "|" word[i]
	}
	return n > 0 ? "(^|[^A-Za-z0-9_])(" substr(out, 2) ")" : ""
}

# Only rooms of earlier lines: no room is below itself.
function check_direction(list,    word, n, i) {
	n = split(list, word, " ")
	for (i = 1; i <= n; i++)
		if (word[i] !~ /[\/.]|^mailauth_/ && !(word[i] in floor))
			broken(word[i] " is no room above this line")
}

# A single header of a room that has its line further down: only when all lines
# are read is it known that it is one.
function check_headers(    key, word, n, i) {
	for (key in allowed) {
		n = split(allowed[key], word, " ")
		for (i = 1; i <= n; i++)
			if (word[i] ~ /\// && room_of(word[i]) in floor &&
			    floor[room_of(word[i])] > floor[room_of(key)])
				broken(word[i] " is of a room below " key)
	}
}

function take_row(row,    field, key) {
	sub(/#.*/, "", row)
	if (row !~ /[^ \t]/)
		return
	if (row ~ /^@/) {
		key = row
		sub(/[ \t].*/, "", key)
		sub(/^@[^ \t]*/, "", row)
		set[key] = expand(row)
		return
	}
	if (split(row, field, "|") != 4) {
		broken("a row has four fields")
		return
	}
	key = field[1]
	gsub(/[ \t]/, "", key)
	allowed[key] = expand(field[2])
	headers[key] = expand(field[3])
	check_direction(allowed[key])
	words[key] = code_pattern(expand(field[4]))
	if (key !~ /\//)
		floor[key] = ++floors
	else if (!(room_of(key) in floor))
		broken(key " is in no room")
}

# What the rows say of a file.

function source_of(path) {
	sub(/^src\//, "", path)
	sub(/\.o$/, ".c", path)
	return path
}

function room_of(source) {
	sub(/\/.*/, "", source)
	return source
}

# Its own room, and the rooms and single headers of its rows, as a pattern.
# What begins with "mailauth_" is a function, and the rest headers.
function may_of(source,    word, n, i, list) {
	n = split(all_of(allowed, source), word, " ")
	list = room_of(source) "/*"
	for (i = 1; i <= n; i++)
		list = list " " word[i] (word[i] in floor ? "/*" : "")
	return pattern(list)
}

# The fields of a room's row, those of its folders and of the file itself.
function all_of(field, source,    part, n, i, key, out) {
	n = split(source, part, "/")
	for (i = 1; i <= n; i++) {
		key = key (i > 1 ? "/" : "") part[i]
		if (key in field)
			out = out " " field[key]
	}
	return out
}

# The sources.

function found(text) {
	print FILENAME ":" FNR ": " text
	bad = 1
}

# What applies to the file that begins here.
function enter(    source) {
	source = source_of(FILENAME)
	room = room_of(source)
	comment = 0
	if (!(room in floor) || source !~ /\//) {
		found("there is no such room")
		room = ""
		return
	}
	may = may_of(source)
	may_system = pattern(all_of(headers, source))
	never = source in words && words[source] != "" ? words[source] : \
	    words[room]
}

# A line without comments. `code` is that without what is in quotes, too.
function strip(line,    kept, quote, part) {
	code = ""
	if (!comment && line !~ /["'\/]/)
		return code = line
	while (line != "") {
		if (comment) {
			if (!match(line, /\*\//))
				break
			line = substr(line, RSTART + 2)
			comment = 0
			kept = kept " "
			code = code " "
		} else if (!match(line, /\/\*|\/\/|["']/)) {
			kept = kept line
			code = code line
			break
		} else {
			part = substr(line, 1, RSTART - 1)
			quote = substr(line, RSTART, 1)
			kept = kept part
			code = code part
			line = substr(line, RSTART + 1)
			if (quote == "/") {
				if (line ~ /^\//)
					break
				comment = 1
				line = substr(line, 2)
				continue
			}
			match(line, quote == "'" ? "^([^'\\\\]|\\\\.)*'?" : \
			    "^([^\"\\\\]|\\\\.)*\"?")
			kept = kept quote substr(line, 1, RLENGTH)
			code = code quote quote
			line = substr(line, RLENGTH > 0 ? RLENGTH + 1 : 2)
		}
	}
	return kept
}

function check_include(line,    name) {
	sub(/^[ \t]*#[ \t]*include[a-z_]*[ \t]*/, "", line)
	if (line ~ /^<[^>]*>/) {
		name = substr(line, 2, index(line, ">") - 2)
		if (name !~ may_system)
			found("<" name "> is not for this room")
	} else if (line ~ /^"[^"]*"/) {
		name = substr(line, 2, index(substr(line, 2), "\"") - 1)
		if (name !~ may || name !~ /^[a-z0-9_\/]+\.(h|def)$/)
			found("\"" name "\" is not for this room")
	} else {
		found("an include without a name is not for this room")
	}
}

function check_words(line,    word) {
	while (match(line, never)) {
		word = substr(line, RSTART, RLENGTH)
		line = substr(line, RSTART + RLENGTH)
		if (word ~ /[^A-Za-z0-9_(]$/)
			line = substr(word, length(word)) line
		sub(/^[^A-Za-z0-9_]/, "", word)
		sub(/[^A-Za-z0-9_(]$/, "", word)
		found(word " is not for this room")
	}
}

function check_line(    line) {
	line = strip($0)
	if (line ~ /^[ \t]*(%:|\?\?=|#[ \t]*\\$)/)
		found("a directive is written with # in one line here")
	else if (line ~ /^[ \t]*#[ \t]*include/)
		check_include(line)
	else if (never != "" && code ~ never)
		check_words(code)
}

# The symbols: what each object defines and what it wants.

function take_symbol(    at, object) {
	at = index($0, ":")
	object = substr($0, 1, at - 1)
	split(substr($0, at + 1), part, " ")
	if (part[1] == "U" || part[1] == "w" || part[1] == "v")
		wanted[object " " part[2]] = 1
	else if (part[2] ~ /^[A-Z]$/)
		defines[part[3]] = object
}

# By its header, "room/file.h": what rows name.
function header_of(object) {
	object = source_of(object)
	sub(/\.c$/, ".h", object)
	return object
}

function check_symbols(    key, part, from, to, other, may) {
	for (key in wanted) {
		split(key, part, " ")
		if (!(part[2] in defines))
			continue
		edges++
		other = defines[part[2]]
		from = room_of(source_of(part[1]))
		to = room_of(source_of(other))
		if (!(part[1] in may))
			may[part[1]] = may_of(source_of(part[1]))
		if (header_of(other) ~ may[part[1]] || \
		    (part[2] ~ may[part[1]] && floor[to] < floor[from]))
			continue
		print part[1] ": " part[2] " of " other \
		    " is not for this room"
		bad = 1
	}
	if (edges == 0) {
		print "rooms.awk: there are no symbols here"
		unsound = 1
	}
}

FNR == 1 {
	files++
	if (files == 2) {
		if (row != "")
			take_row(row)
		check_headers()
	}
}

files == 1 {
	if ($0 ~ /^[ \t]/)
		row = row " " $0
	else {
		if (row != "")
			take_row(row)
		row = $0
	}
	next
}

symbols {
	take_symbol()
	next
}

FNR == 1 {
	enter()
}

room != "" {
	check_line()
}

END {
	if (files == 1) {
		take_row(row)
		check_headers()
	}
	if (symbols)
		check_symbols()
	exit unsound ? 2 : bad
}
