package sqlitestore

import (
	"bufio"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"

	"golang.org/x/sys/unix"
)

// networkMagic names the network file systems by the f_type of statfs(2).
var networkMagic = map[uint32]string{
	unix.NFS_SUPER_MAGIC:  "NFS",
	unix.SMB_SUPER_MAGIC:  "SMB",
	unix.SMB2_SUPER_MAGIC: "SMB",
	unix.CIFS_SUPER_MAGIC: "CIFS",
	unix.V9FS_MAGIC:       "9p",
	unix.AFS_FS_MAGIC:     "AFS",
	unix.AFS_SUPER_MAGIC:  "AFS",
	unix.CODA_SUPER_MAGIC: "Coda",
	unix.CEPH_SUPER_MAGIC: "Ceph",
	0x0bd00bd0:            "Lustre",
	0x19830326:            "BeeGFS",
	0x47504653:            "GPFS",
}

// networkFuse are the FUSE file systems that reach other machines; many
// others are local.
var networkFuse = []string{"sshfs", "s3fs", "gcsfuse", "rclone", "glusterfs", "ceph", "davfs", "davfs2", "juicefs", "mfs", "gvfsd-fuse", "curlftpfs"}

// networkKind returns the name of the network file system that a directory is
// on, or "" for a local one.
func networkKind(dir string) (string, error) {
	var fs unix.Statfs_t
	if err := unix.Statfs(dir, &fs); err != nil {
		return "", err
	}
	if uint32(fs.Type) != unix.FUSE_SUPER_MAGIC {
		return networkMagic[uint32(fs.Type)], nil
	}
	var stat unix.Stat_t
	if err := unix.Stat(dir, &stat); err != nil {
		return "", err
	}
	mounts, err := os.Open("/proc/self/mountinfo")
	if err != nil {
		return "", nil // nothing more is known: FUSE is local as a rule
	}
	defer mounts.Close()
	return fuseKind(mounts, fmt.Sprintf("%d:%d", unix.Major(stat.Dev), unix.Minor(stat.Dev))), nil
}

// fuseKind finds a device in a mountinfo file (see proc_pid_mountinfo(5)) and
// returns its type if that is a network file system.
func fuseKind(mountinfo io.Reader, device string) string {
	lines := bufio.NewScanner(mountinfo)
	for lines.Scan() {
		// 36 35 0:42 / /mnt rw,noatime shared:1 - fuse.sshfs host:/dir rw
		mount, fs, _ := strings.Cut(lines.Text(), " - ")
		fields := strings.Fields(mount)
		if len(fields) < 3 || fields[2] != device {
			continue
		}
		kind, _, _ := strings.Cut(fs, " ")
		if slices.Contains(networkFuse, strings.TrimPrefix(kind, "fuse.")) {
			return kind
		}
	}
	return ""
}
