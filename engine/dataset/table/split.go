package table

import "strings"

// separator finds what parts the cells of the first line: tab, semicolon or
// comma outside quotes, in this order; else blanks.
func separator(line string) byte {
	var seen [256]bool
	quoted := false
	for i := range len(line) {
		if line[i] == '"' {
			quoted = !quoted
		}
		if !quoted {
			seen[line[i]] = true
		}
	}
	for _, sep := range []byte("\t;,") {
		if seen[sep] {
			return sep
		}
	}
	return ' '
}

// split appends the cells of a line to dst. Runs of blanks part cells once.
func split(dst []string, line string, sep byte) []string {
	line = strings.TrimSuffix(line, "\r")
	if sep == ' ' {
		line = strings.TrimSpace(line)
	}
	for {
		var cell string
		if rest := strings.TrimLeft(line, " "); strings.HasPrefix(rest, `"`) {
			cell, line = unquote(rest[1:])
		}
		end := strings.IndexByte(line, sep)
		if end < 0 {
			return append(dst, cell+line)
		}
		dst = append(dst, cell+line[:end])
		line = line[end+1:]
		if sep == ' ' {
			line = strings.TrimLeft(line, " ")
		}
	}
}

// unquote returns the text up to the closing quote, and what follows it; two
// quotes stand for one.
func unquote(s string) (cell, rest string) {
	for {
		end := strings.IndexByte(s, '"')
		if end < 0 {
			return cell + s, ""
		}
		cell += s[:end]
		if s = s[end+1:]; !strings.HasPrefix(s, `"`) {
			return cell, s
		}
		cell, s = cell+`"`, s[1:]
	}
}
