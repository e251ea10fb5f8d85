package plugins

import (
	"bytes"
	"errors"
	"fmt"
	"regexp"
	"strconv"
	"strings"
)

// A greeting is the line with which a program says that it is a plugin, where it
// listens, and by which certificate it is known there:
//
//	1|1|unix|/tmp/plugin123|grpc|MIIB...
type greeting struct {
	line           string
	core, protocol int    // versions: of go-plugin, of our services
	transport      string // grpc, or netrpc if the line does not say
	hasCertificate bool
	precededBy     string // what the program printed on the same line before
}

// maxGreeting is how long such a line can be; longer ones are prints.
const maxGreeting = 16 << 10

// greetingLine is how the line begins. A program may have printed something before
// without an end of line; go-plugin's version is 1.
var (
	greetingLine       = regexp.MustCompile(`^[0-9]+\|[0-9]+\|(unix|tcp)\||1\|[0-9]+\|(unix|tcp)\|`)
	greetingAfterPrint = regexp.MustCompile(`1\|[0-9]+\|(unix|tcp)\|`)
)

// greetingPart returns where in a line a greeting could begin, and how it would: a
// long line is looked at from its end.
func greetingPart(line []byte) (from int, begins *regexp.Regexp) {
	if len(line) <= maxGreeting {
		return 0, greetingLine
	}
	return len(line) - maxGreeting, greetingAfterPrint
}

// certificateLine is the line before it.
var certificateLine = regexp.MustCompile(regexp.QuoteMeta(certificatePrefix) + `([A-Za-z0-9+/]+)$`)

// readCertificate reads a line of a program's stdout; "" if it is none with a
// certificate. before is what the program printed on the same line.
func readCertificate(line []byte) (certificate, before string) {
	if len(line) > maxGreeting {
		return "", ""
	}
	at := certificateLine.FindSubmatchIndex(line)
	if at == nil {
		return "", ""
	}
	return string(line[at[2]:at[3]]), string(line[:at[0]])
}

// readGreeting reads a line of a program's stdout; false if it is a print.
func readGreeting(line []byte, certificate string) (greeting, bool) {
	from, begins := greetingPart(line)
	at := begins.FindIndex(line[from:])
	if at == nil {
		return greeting{}, false
	}
	from += at[0]
	parts := strings.Split(string(bytes.TrimSpace(line[from:])), "|")
	if certificate != "" && len(parts) > 4 {
		parts = append(parts[:5], certificate)
	}
	g := greeting{line: strings.Join(parts, "|"), precededBy: string(line[:from]), transport: "netrpc"}
	g.core, _ = strconv.Atoi(parts[0]) // they are digits; too many of them are no version of anything
	g.protocol, _ = strconv.Atoi(parts[1])
	if len(parts) > 4 {
		g.transport = parts[4]
	}
	// go-plugin takes shorter ones for something else.
	g.hasCertificate = len(parts) > 5 && len(parts[5]) > 50
	return g, true
}

// check says whether we understand what the plugin speaks, and what to do if not.
func (g *greeting) check() error {
	ours := int(handshake.ProtocolVersion)
	switch {
	case g.core != 1:
		return fmt.Errorf("it says that it speaks version %d of go-plugin's handshake, expected 1: its first line as a plugin is %q", g.core, g.line)
	case g.protocol < ours:
		return fmt.Errorf("it speaks version %d of rush's protocol for plugins, this program version %d: build it anew with the module github.com/rushnet/rush that this program has", g.protocol, ours)
	case g.protocol > ours:
		return fmt.Errorf("it speaks version %d of rush's protocol for plugins, this program version %d: it was built with a newer rush; update this one, or build it anew with the module github.com/rushnet/rush that this program has", g.protocol, ours)
	case g.transport != "grpc":
		return errors.New("it says that it speaks " + g.transport + "; expected grpc")
	}
	return nil
}
