package plugins

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/base64"
	"encoding/pem"
	"fmt"
	"math/big"
	"time"
)

// certificateVariable is where a plugin finds, by go-plugin's convention, the
// certificate that it is to ask of whoever connects.
const certificateVariable = "PLUGIN_CLIENT_CERT"

// certificatePrefix begins the line in which a plugin of ours says by which
// certificate it is known, a moment before its greeting. go-plugin's plugins say it
// at the end of the greeting; but those have made a key of the curve P-521, which
// costs every start ten times what the rest of the encryption does.
const certificatePrefix = "rush-certificate|"

// certificateLife is longer than any plugin's.
const certificateLife = 100 * 365 * 24 * time.Hour

// clientTLS makes a key and a certificate that prove to one plugin that we are who
// started it, and returns the certificate as the plugin is to be given it.
func clientTLS() (*tls.Config, string, error) {
	own, err := newCertificate()
	if err != nil {
		return nil, "", err
	}
	cfg := &tls.Config{
		Certificates: []tls.Certificate{own},
		ClientAuth:   tls.RequireAndVerifyClientCert, // of a plugin that calls us back
		MinVersion:   tls.VersionTLS13,
		ServerName:   certificateName,
	}
	return cfg, string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: own.Certificate[0]})), nil
}

// serverTLS makes the plugin's side: it lets in whoever has the certificate that
// it was given, and is known by the one that it returns as text.
func serverTLS(client string) (*tls.Config, string, error) {
	pool := x509.NewCertPool()
	if !pool.AppendCertsFromPEM([]byte(client)) {
		return nil, "", fmt.Errorf("%s has no certificate in it, which is to be that of whoever started this plugin", certificateVariable)
	}
	own, err := newCertificate()
	if err != nil {
		return nil, "", err
	}
	cfg := &tls.Config{
		Certificates: []tls.Certificate{own},
		ClientAuth:   tls.RequireAndVerifyClientCert,
		ClientCAs:    pool,
		RootCAs:      pool, // for what this side connects to
		MinVersion:   tls.VersionTLS13,
		ServerName:   certificateName,
	}
	return cfg, base64.RawStdEncoding.EncodeToString(own.Certificate[0]), nil
}

// certificateName is the name that go-plugin's own certificates have.
const certificateName = "localhost"

// newCertificate makes a key and the certificate for it that it has signed itself.
func newCertificate() (tls.Certificate, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return tls.Certificate{}, fmt.Errorf("make a key: %w", err)
	}
	now := time.Now()
	template := &x509.Certificate{
		SerialNumber:          big.NewInt(1),
		Subject:               pkix.Name{CommonName: certificateName, Organization: []string{"rush"}},
		DNSNames:              []string{certificateName},
		ExtKeyUsage:           []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth, x509.ExtKeyUsageServerAuth},
		KeyUsage:              x509.KeyUsageDigitalSignature | x509.KeyUsageCertSign,
		BasicConstraintsValid: true,
		IsCA:                  true,
		NotBefore:             now.Add(-time.Minute),
		NotAfter:              now.Add(certificateLife),
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		return tls.Certificate{}, fmt.Errorf("make a certificate: %w", err)
	}
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}, nil
}
