# coverage.awk - the lines of each room that the unit tests reached
# SPDX-License-Identifier: BSD-3-Clause
#
# usage: awk -v held=ROOMS -v least=PERCENT -v shown=ROOMS -f coverage.awk
#	ROOMS.TXT LINES
#
# LINES is what gcov --stdout prints: "   COUNT:  NUMBER:TEXT", where COUNT is
# "-" of a line without code and "#####" of one that was not reached. A header
# is there once for each object with code from it; a line of it is reached when
# one of them has reached it.

# The rooms, in the order in which they lie above each other.
FILENAME ~ /rooms\.txt$/ {
	if ($0 ~ /^[a-z]+ *\|/)
		order[++rooms] = $1
	next
}

/^ *-: *0:Source:/ {
	file = room = ""
	path = substr($0, index($0, "Source:") + 7)
	if (match(path, /src\/[a-z]+\/[^\/]+$/)) {
		file = substr(path, RSTART)
		split(file, part, "/")
		room = part[2]
	}
	next
}

room == "" || !match($0, /^ *[0-9#=]+\*?: *[1-9][0-9]*:/) { next }

{
	count = $0
	sub(/:.*/, "", count)
	number = $0
	sub(/^[^:]*: */, "", number)
	sub(/:.*/, "", number)
	line = file ":" number
	if (!(line in room_of)) {
		room_of[line] = room
		text[line] = substr($0, RLENGTH + 1)
		in_order[++total] = line
		lines[room]++
	}
	if (count ~ /[0-9]/ && !(line in reached)) {
		reached[line] = 1
		covered[room]++
	}
}

function has(list, word) { return index(" " list " ", " " word " ") > 0 }

function row(name, n, hit, more) {
	printf "%-10s %7d %8d %8.1f%s\n", name, n, hit, n ? 100 * hit / n : 0,
	    more
}

END {
	for (i = 1; i <= total; i++)
		if (has(shown, room_of[in_order[i]]) && !(in_order[i] in reached))
			print in_order[i] ":" text[in_order[i]]
	print "room         lines  covered  percent"
	for (i = 1; i <= rooms; i++) {
		name = order[i]
		all += lines[name]
		hit += covered[name]
		# A room that is gone must not be held to nothing.
		low = has(held, name) && 100 * covered[name] < least * lines[name]
		if (has(held, name))
			seen++
		low = low || (has(held, name) && !lines[name])
		if (lines[name] || low)
			row(name, lines[name], covered[name],
			    low ? "  less than " least : "")
		if (low)
			failed = 1
	}
	row("all", all, hit, "")
	if (seen != split(held, part, " ")) {
		print "a room is held to a share, and is not in rooms.txt"
		failed = 1
	}
	exit failed
}
