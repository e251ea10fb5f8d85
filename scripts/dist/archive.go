package main

import (
	"archive/tar"
	"archive/zip"
	"bytes"
	"cmp"
	"compress/gzip"
	"io/fs"
	"os"
	"path"
	"time"
)

// An entry is one file of an archive.
type entry struct {
	source string // the file to read
	name   string // its path in the archive; as in source when empty
	mode   fs.FileMode
	data   []byte
}

// read loads an entry and puts it below the directory top.
func (e *entry) read(top string) (err error) {
	e.name = path.Join(top, cmp.Or(e.name, e.source))
	e.data, err = os.ReadFile(e.source)
	return err
}

func tarred(entries []entry, mtime time.Time) ([]byte, error) {
	var buf bytes.Buffer
	compressed := gzip.NewWriter(&buf)
	w := tar.NewWriter(compressed)
	for _, e := range entries {
		header := &tar.Header{Name: e.name, Size: int64(len(e.data)), Mode: int64(e.mode), ModTime: mtime, Format: tar.FormatUSTAR}
		if err := w.WriteHeader(header); err != nil {
			return nil, err
		}
		if _, err := w.Write(e.data); err != nil {
			return nil, err
		}
	}
	if err := w.Close(); err != nil {
		return nil, err
	}
	if err := compressed.Close(); err != nil {
		return nil, err
	}
	return buf.Bytes(), nil
}

func zipped(entries []entry, mtime time.Time) ([]byte, error) {
	var buf bytes.Buffer
	w := zip.NewWriter(&buf)
	for _, e := range entries {
		header := &zip.FileHeader{Name: e.name, Method: zip.Deflate, Modified: mtime}
		header.SetMode(e.mode)
		file, err := w.CreateHeader(header)
		if err != nil {
			return nil, err
		}
		if _, err := file.Write(e.data); err != nil {
			return nil, err
		}
	}
	if err := w.Close(); err != nil {
		return nil, err
	}
	return buf.Bytes(), nil
}
