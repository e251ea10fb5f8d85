package webui

import (
	"fmt"
	"net/url"
	"path"
	"strings"
)

// checkBasePath reads the path below which the handler is mounted.
func checkBasePath(base string) (string, error) {
	trimmed := strings.TrimRight(base, "/")
	wrong := func(r rune) bool {
		return !(r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || strings.ContainsRune("/-._~", r))
	}
	if trimmed == "" && base != "//" || strings.HasPrefix(trimmed, "/") && path.Clean(trimmed) == trimmed && !strings.ContainsFunc(trimmed, wrong) {
		return trimmed, nil
	}
	return "", fmt.Errorf("webui: the base path is %s; expected a path such as /rush, of letters, digits and -._~", quoted(base))
}

// checkHost reports why something is no name by which the page can be asked for.
func checkHost(host string) error {
	name, _, ok := parseHost(host)
	if !ok || name == "" || strings.ContainsAny(name, "/?#@*% \t\\\",;") {
		return fmt.Errorf("webui: the host is %s; expected a name such as lab.example.org or lab.example.org:8443, without https:// and without a path", quoted(host))
	}
	return nil
}

// checkOrigin returns an origin as browsers write it.
func checkOrigin(origin string) (string, error) {
	u, err := url.Parse(origin)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" || u.User != nil || strings.Trim(u.Path, "/") != "" || u.RawQuery != "" || u.Fragment != "" {
		return "", fmt.Errorf("webui: the origin is %s; expected a scheme and a host, such as https://example.org", quoted(origin))
	}
	return strings.ToLower(u.Scheme + "://" + u.Host), nil
}
