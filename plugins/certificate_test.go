//go:build unix

package plugins_test

import (
	"bufio"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials"
	"google.golang.org/grpc/credentials/insecure"

	"github.com/rushnet/rush/plugins"
	"github.com/rushnet/rush/plugins/proto"
)

// between makes the test binary a program that starts a plugin and hands on what it
// says; what a stranger finds at the plugin it writes into the file that between names.
const between = "RUSH_PLUGINS_TEST_BETWEEN"

func beBetween(report string) error {
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), between+"=")
	cmd.Stdin, cmd.Stderr = os.Stdin, os.Stderr
	out, err := cmd.StdoutPipe()
	if err != nil {
		return err
	}
	if err := cmd.Start(); err != nil {
		return err
	}
	lines := bufio.NewReader(out)
	for {
		line, err := lines.ReadString('\n')
		if err != nil {
			return errors.Join(err, cmd.Wait())
		}
		if parts := strings.Split(line, "|"); len(parts) > 4 {
			if err := os.WriteFile(report, []byte(strangers(parts[2], parts[3])), 0o600); err != nil {
				return err
			}
		}
		fmt.Print(line)
	}
}

// strangers says what becomes of those who connect without being asked to, and who
// may enter the directory of the socket.
func strangers(network, addr string) string {
	dir, err := os.Stat(filepath.Dir(addr))
	if err != nil {
		return err.Error()
	}
	plain := tryToDescribe(network, addr, insecure.NewCredentials())
	unknown := tryToDescribe(network, addr, credentials.NewTLS(&tls.Config{InsecureSkipVerify: true}))
	return fmt.Sprintf("mode %v\nplain: %v\nwithout a certificate: %v", dir.Mode().Perm(), plain, unknown)
}

func tryToDescribe(network, addr string, with credentials.TransportCredentials) error {
	conn, err := grpc.NewClient(network+":"+addr, grpc.WithTransportCredentials(with))
	if err != nil {
		return err
	}
	defer conn.Close()
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	_, err = proto.NewCatalogClient(conn).Describe(ctx, &proto.DescribeRequest{})
	return err
}

// A plugin in Go lets in nobody but its host, and its socket is in a directory that
// only this user may enter; so is that of a plugin that has no TLS.
func TestStrangersAreRefused(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct{ how, plain, unknown string }{
		{"nothing", "Unavailable", "Unavailable"},
		{"no TLS", "<nil>", "Unavailable"},
	} {
		t.Run(tc.how, func(t *testing.T) {
			t.Parallel()
			report := filepath.Join(t.TempDir(), "report")
			spec, gone := misbehaving(t, tc.how)
			spec.Env[between] = report
			ctx, cancel := context.WithTimeout(t.Context(), patience)
			defer cancel()
			if _, err := plugins.Describe(ctx, spec); err != nil {
				t.Error(err)
			}
			gone()
			b, err := os.ReadFile(report)
			if err != nil {
				t.Fatal(err)
			}
			mode, plain, unknown := "", "", ""
			for part, prefix := range map[*string]string{&mode: "mode ", &plain: "plain: ", &unknown: "without a certificate: "} {
				_, *part, _ = strings.Cut(string(b), prefix)
				*part, _, _ = strings.Cut(*part, "\n")
			}
			if mode != "-rwx------" || !strings.Contains(plain, tc.plain) || !strings.Contains(unknown, tc.unknown) {
				t.Errorf("found\n%s\nexpected a private directory, %q and %q", b, tc.plain, tc.unknown)
			}
		})
	}
}
