// Package sweep tests the program that the example sweeps.
package sweep

import (
	"errors"
	"math"
	"os/exec"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

// simulate runs the program and returns the means that it prints.
func simulate(t *testing.T, args ...string) map[string]float64 {
	t.Helper()
	out, err := exec.Command("sh", append([]string{"ising.sh"}, args...)...).Output()
	if err != nil {
		t.Fatalf("run ising.sh %v: %v", args, err)
	}
	means := map[string]float64{}
	for _, name := range []string{"energy", "magnetization", "heat capacity"} {
		found := regexp.MustCompile(name+` = (\S+)`).FindAllSubmatch(out, -1)
		if len(found) != 1 {
			t.Fatalf("found %q %d times in the log, expected it once:\n%s", name, len(found), out)
		}
		if means[name], err = strconv.ParseFloat(string(found[0][1]), 64); err != nil {
			t.Fatal(err)
		}
	}
	return means
}

// Nine spins have 512 states: few enough to add them all up.
func TestASmallMagnetHasTheMeansOfItsBoltzmannDistribution(t *testing.T) {
	t.Parallel()
	got := simulate(t, "--size", "3", "--temperature", "2.5", "--field", "0.2", "--sweeps", "40000")
	for name, want := range exactMeans(3, 2.5, 0.2) {
		if math.Abs(got[name]-want) > 0.02 {
			t.Errorf("%s: got %.4f, expected %.4f", name, got[name], want)
		}
	}
}

// exactMeans sums over all states of size x size spins.
func exactMeans(size int, temperature, field float64) map[string]float64 {
	spins := size * size
	var weights, e, ee, m float64
	for state := range 1 << spins {
		up := func(x, y int) float64 {
			return float64(state>>(y%size*size+x%size)&1*2 - 1)
		}
		energy, magnet := 0.0, 0.0
		for i := range spins {
			x, y := i%size, i/size
			energy -= up(x, y) * (up(x+1, y) + up(x, y+1) + field)
			magnet += up(x, y)
		}
		weight := math.Exp(-energy / temperature)
		weights += weight
		e += weight * energy
		ee += weight * energy * energy
		m += weight * math.Abs(magnet)
	}
	e, ee, m = e/weights, ee/weights, m/weights
	return map[string]float64{
		"energy":        e / float64(spins),
		"magnetization": m / float64(spins),
		"heat capacity": (ee - e*e) / float64(spins) / (temperature * temperature),
	}
}

// Onsager (1944) and Yang (1952) solved the endless square without a field.
func TestALargeMagnetComesCloseToOnsager(t *testing.T) {
	t.Parallel()
	got := simulate(t, "--size", "32", "--temperature", "2", "--seed", "3")
	const energy = -1.745565
	magnetization := math.Pow(1-math.Pow(math.Sinh(2/2.0), -4), 1.0/8)
	if math.Abs(got["energy"]-energy) > 0.02 {
		t.Errorf("energy: got %.4f, expected %.4f", got["energy"], energy)
	}
	if math.Abs(got["magnetization"]-magnetization) > 0.02 {
		t.Errorf("magnetization: got %.4f, expected %.4f", got["magnetization"], magnetization)
	}
}

func TestTheSameSeedGivesTheSameLog(t *testing.T) {
	t.Parallel()
	first := simulate(t, "--size", "8", "--seed", "1")
	if again := simulate(t, "--size", "8", "--seed", "1"); again["energy"] != first["energy"] {
		t.Errorf("got the energy %g, then %g with the same seed", first["energy"], again["energy"])
	}
	if other := simulate(t, "--size", "8", "--seed", "2"); other["energy"] == first["energy"] {
		t.Errorf("got the energy %g with two seeds", first["energy"])
	}
}

func TestWrongArgumentsEndWithAMessage(t *testing.T) {
	t.Parallel()
	for args, want := range map[string]string{
		"--temperature 0":    "ising.sh: --temperature: expected a number above 0, found 0\n",
		"--temperature cold": "ising.sh: --temperature: expected a number above 0, found cold\n",
		"--size 2.5":         "ising.sh: --size: expected an integer from 2 on, found 2.5\n",
		"--field up":         "ising.sh: --field: expected a number, found up\n",
		"--sweeps 1":         "ising.sh: --sweeps: expected an integer from 5 on, found 1\n",
		"--seed -1":          "ising.sh: --seed: expected an integer from 0 on, found -1\n",
		"--seed":             "usage: ",
		"--color red":        "usage: ",
	} {
		t.Run(args, func(t *testing.T) {
			t.Parallel()
			_, err := exec.Command("sh", append([]string{"ising.sh"}, strings.Fields(args)...)...).Output()
			var exit *exec.ExitError
			if !errors.As(err, &exit) {
				t.Fatalf("got the error %v, expected an exit code", err)
			}
			if !strings.HasPrefix(string(exit.Stderr), want) {
				t.Errorf("got the message %q, expected %q", exit.Stderr, want)
			}
		})
	}
}
