//go:build unix && !linux

package plugins_test

// noDeathSignal does nothing: there is no such signal.
const noDeathSignal = "RUSH_PLUGINS_TEST_NO_DEATH_SIGNAL"
