package process

// killOwnGroup does nothing: the job object ends all when its last handle is gone.
func killOwnGroup() {}
