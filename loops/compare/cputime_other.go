//go:build !unix

package compare

import "time"

// processorTime is nil: what the process takes is not known here.
func processorTime() func() time.Duration { return nil }
