package network

import (
	"context"
	"errors"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/objects"
)

// limitObjects sets the limits of a network that is new: one without a
// definition. It comes before the definition, so that whoever dies in between
// leaves a network that is still new.
func (r *Rush) limitObjects(ctx context.Context, given *objects.Limits) error {
	limits, err := newLimits(given)
	if err != nil || limits == (objects.Limits{}) {
		return err
	}
	def, err := r.net.Definition(ctx)
	if err != nil && !errors.Is(err, rush.ErrNoNetwork) || def.Version > 0 {
		return err
	}
	if err = r.net.WriteDocuments(ctx, nil); err != nil { // which makes it
		return err
	}
	if err = r.Objects().SetLimits(ctx, limits); errors.Is(err, rush.ErrChanged) {
		return nil // somebody else was first
	}
	return err
}

// newLimits are those of a new network: the ones that are given, else the
// plan's.
func newLimits(given *objects.Limits) (objects.Limits, error) {
	if given != nil {
		return *given, nil
	}
	plan, _, err := ReadPlan()
	if err != nil || plan.LargeObjects == "" {
		return objects.Limits{}, err
	}
	return objects.Limits{Inline: LargeObject, Directory: plan.LargeObjects}, nil
}
