package sqlitestore

import (
	"strings"
	"testing"
)

func TestFuseFileSystemsAreTold(t *testing.T) {
	t.Parallel()
	const mountinfo = `22 29 0:21 / /proc rw,nosuid shared:5 - proc proc rw
29 1 254:0 / / rw,relatime shared:1 - ext4 /dev/vda rw
40 29 0:42 / /mnt/cluster rw,nosuid,relatime shared:20 master:3 - fuse.sshfs ann@host:/data rw,user_id=0
41 29 0:43 / /mnt/bucket rw shared:21 - fuse.s3fs s3fs rw
42 29 0:44 / /mnt/disk rw shared:22 - fuseblk /dev/sdb1 rw
43 29 0:45 / /mnt/crypt rw - fuse.gocryptfs crypt rw
44 29 0:46 / /host rw - virtiofs host rw
`
	for device, want := range map[string]string{
		"0:42": "fuse.sshfs", "0:43": "fuse.s3fs", "0:44": "", "0:45": "", "0:46": "", "254:0": "", "9:9": "",
	} {
		if got := fuseKind(strings.NewReader(mountinfo), device); got != want {
			t.Errorf("device %s: got %q, want %q", device, got, want)
		}
	}
}
