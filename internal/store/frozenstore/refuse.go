package frozenstore

import (
	"context"
	"fmt"
	"time"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/internal/store"
)

// What follows would change something, and refuses.

// readOnly is the error of every verb that would change something.
func (n *network) readOnly() error { return fmt.Errorf("network %s: %w", n.id, n.store.readOnly()) }

// Define refuses.
func (n *network) Define(context.Context, store.Definition) (int64, error) { return 0, n.readOnly() }

// BeginRun refuses.
func (n *network) BeginRun(context.Context) (rush.Run, error) { return rush.Run{}, n.readOnly() }

// RequestStop refuses.
func (n *network) RequestStop(context.Context, rush.RunStatus, string) error { return n.readOnly() }

// EndRun refuses.
func (n *network) EndRun(context.Context, rush.RunStatus, string) (rush.Run, error) {
	return rush.Run{}, n.readOnly()
}

// Reset refuses.
func (n *network) Reset(context.Context, bool) error { return n.readOnly() }

// Repair refuses.
func (n *network) Repair(context.Context) ([]string, error) { return nil, n.readOnly() }

// Create refuses.
func (n *network) Create(context.Context, []store.NewTask, string) ([]rush.TaskKey, error) {
	return nil, n.readOnly()
}

// Next refuses.
func (n *network) Next(context.Context, store.Step) (store.Turn, error) {
	return store.Turn{}, n.readOnly()
}

// End refuses.
func (n *network) End(context.Context, []store.Done) ([]store.Outcome, error) {
	return nil, n.readOnly()
}

// Retry refuses.
func (n *network) Retry(context.Context, []rush.TaskKey, store.RetryOptions) error {
	return n.readOnly()
}

// Cancel refuses.
func (n *network) Cancel(context.Context, []rush.TaskKey, []byte) ([]store.Cancelled, error) {
	return nil, n.readOnly()
}

// Delete refuses.
func (n *network) Delete(context.Context, []rush.TaskKey) (int, error) { return 0, n.readOnly() }

// Remove refuses.
func (n *network) Remove(context.Context, []rush.TaskKey, [][]byte) ([]bool, error) {
	return nil, n.readOnly()
}

// Register refuses.
func (n *network) Register(context.Context, rush.Worker) error { return n.readOnly() }

// Rejoin refuses.
func (n *network) Rejoin(context.Context, rush.WorkerID) error { return n.readOnly() }

// Beat refuses.
func (n *network) Beat(context.Context, rush.WorkerID) (rush.Signal, error) { return "", n.readOnly() }

// SignalWorkers refuses.
func (n *network) SignalWorkers(context.Context, []rush.WorkerID, rush.Signal) ([]rush.WorkerID, error) {
	return nil, n.readOnly()
}

// EndWorker refuses.
func (n *network) EndWorker(context.Context, store.WorkerEnd) ([]rush.TaskKey, error) {
	return nil, n.readOnly()
}

// Sweep refuses.
func (n *network) Sweep(context.Context, rush.WorkerID, []byte) ([]store.LostWorker, error) {
	return nil, n.readOnly()
}

// SetPaused refuses.
func (n *network) SetPaused(context.Context, rush.WorkerID, bool) error { return n.readOnly() }

// DeleteWorkers refuses.
func (n *network) DeleteWorkers(context.Context, []rush.WorkerID) ([]rush.WorkerID, error) {
	return nil, n.readOnly()
}

// PutDocument refuses.
func (n *network) PutDocument(context.Context, string, []byte, bool) error { return n.readOnly() }

// DeleteDocument refuses.
func (n *network) DeleteDocument(context.Context, string) (bool, error) { return false, n.readOnly() }

// WriteDocuments refuses.
func (n *network) WriteDocuments(context.Context, map[string][]byte) error { return n.readOnly() }

// WriteHashes refuses.
func (n *network) WriteHashes(context.Context, []string, []map[string][]byte) error {
	return n.readOnly()
}

// DeleteHashes refuses.
func (n *network) DeleteHashes(context.Context, []string) (int, error) { return 0, n.readOnly() }

// ClaimPoint refuses.
func (n *network) ClaimPoint(context.Context, string, rush.TaskKey) (rush.TaskKey, error) {
	return rush.NoTask, n.readOnly()
}

// SetProgress refuses.
func (n *network) SetProgress(context.Context, rush.TaskKey, int, []byte) error { return n.readOnly() }

// Report refuses.
func (n *network) Report(context.Context, rush.TaskKey, int, int64, []byte) error {
	return n.readOnly()
}

// LimitObjects refuses.
func (n *network) LimitObjects(context.Context, store.ObjectLimits) (store.ObjectLimits, error) {
	return store.ObjectLimits{}, n.readOnly()
}

// PutObjects refuses.
func (n *network) PutObjects(context.Context, string, []store.Object) ([]store.Object, error) {
	return nil, n.readOnly()
}

// DropObjectTags refuses.
func (n *network) DropObjectTags(context.Context, []string) ([]string, error) {
	return nil, n.readOnly()
}

// CollectObjects refuses.
func (n *network) CollectObjects(context.Context, time.Duration) ([]string, error) {
	return nil, n.readOnly()
}

// DestroyObjects refuses.
func (n *network) DestroyObjects(context.Context) error { return n.readOnly() }

// EmptyObjectTrash refuses.
func (n *network) EmptyObjectTrash(context.Context, []string) error { return n.readOnly() }

// AppendLog refuses.
func (n *network) AppendLog(context.Context, []rush.LogEntry, string) error { return n.readOnly() }

// KeepLog refuses.
func (n *network) KeepLog(context.Context, int64) error { return n.readOnly() }

// Send refuses.
func (n *network) Send(context.Context, store.NewMessage, string) (store.Sent, error) {
	return store.Sent{}, n.readOnly()
}

// Respond refuses.
func (n *network) Respond(context.Context, rush.WorkerID, store.Answer) error { return n.readOnly() }

// DeleteResponses refuses.
func (n *network) DeleteResponses(context.Context, rush.MessageID, []rush.WorkerID) error {
	return n.readOnly()
}
