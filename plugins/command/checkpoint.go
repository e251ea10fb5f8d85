package command

import (
	"fmt"

	"github.com/rushnet/rush/internal/wire"
	"github.com/rushnet/rush/loops"
)

// The files in which checkpoints are handed over. The variables are empty where
// there is none.
const (
	checkpointVariable = "RUSH_CHECKPOINT"      // to be written
	fromVariable       = "RUSH_CHECKPOINT_FROM" // to be read
)

// addCheckpoint tells the process of the files: by variables, or by fields of the
// request if it is kept and there is a use for them.
func (o *Objective) addCheckpoint(c *Call, f *loops.CheckpointFiles) error {
	if o.kept == nil {
		c.Env = append(c.Env, checkpointVariable+"="+f.To, fromVariable+"="+f.From)
		return nil
	}
	if f.To == "" {
		return nil
	}
	var from any
	if f.From != "" {
		from = f.From
	}
	line := c.Stdin[:len(c.Stdin)-1] // without the closing brace
	for _, field := range []struct {
		name string
		path any
	}{{"checkpoint", f.To}, {"checkpoint_from", from}} {
		var err error
		if line, err = wire.AppendJSON(fmt.Appendf(line, `,%q:`, field.name), field.path); err != nil {
			return err
		}
	}
	c.Stdin = append(line, '}')
	return nil
}
