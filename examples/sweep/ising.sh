#!/bin/sh
# ising.sh: the Ising model of a magnet, by the Metropolis algorithm.
#
# A square of SIZE x SIZE spins, each up or down and joined to its four
# neighbors, the edges to the opposite ones. In units where the coupling and
# Boltzmann's constant are 1, it is heated to TEMPERATURE in a magnetic FIELD.
# Each sweep offers every spin one flip; the first fifth of the sweeps is left
# out of the means. Prints a log for people to read.
#
# N. Metropolis, A. W. Rosenbluth, M. N. Rosenbluth, A. H. Teller, E. Teller
# (1953), Equation of state calculations by fast computing machines.

set -eu
LC_ALL=C
export LC_ALL

usage() {
    echo "usage: ising.sh [--size N] [--temperature T] [--field H] [--sweeps N] [--seed N]" >&2
    exit 2
}

size=16 temperature=2.0 field=0 sweeps=500 seed=1
while [ $# -gt 0 ]; do
    [ $# -ge 2 ] || usage
    case $1 in
    --size) size=$2 ;;
    --temperature) temperature=$2 ;;
    --field) field=$2 ;;
    --sweeps) sweeps=$2 ;;
    --seed) seed=$2 ;;
    *) usage ;;
    esac
    shift 2
done

exec awk -v size="$size" -v temperature="$temperature" -v field="$field" \
    -v sweeps="$sweeps" -v seed="$seed" '

# Lehmer numbers, after Park and Miller (1988): awk has a rand() too, but each awk
# another one.
function uniform() {
    state = (16807 * state) % 2147483647
    return state / 2147483647
}

# check ends the program unless the value of an option is a number that is good.
function check(option, value, good, expected) {
    if (value + 0 != value || !good)
        fail("--" option ": expected " expected ", found " value)
}

function fail(message) {
    print "ising.sh: " message > "/dev/stderr"
    exit 1
}

# offer_flip turns one spin, with the probability that Metropolis gives it.
function offer_flip(i,    s, pull, cost) {
    s = spin[i]
    pull = spin[right[i]] + spin[left[i]] + spin[below[i]] + spin[above[i]]
    cost = 2 * s * (pull + field)
    if (cost <= 0 || uniform() < exp(-cost / temperature)) {
        spin[i] = -s
        energy += cost
        magnet -= 2 * s
    }
}

BEGIN {
    check("size", size, size >= 2 && size == int(size), "an integer from 2 on")
    check("temperature", temperature, temperature > 0, "a number above 0")
    check("field", field, 1, "a number")
    check("sweeps", sweeps, sweeps >= 5 && sweeps == int(sweeps), "an integer from 5 on")
    check("seed", seed, seed >= 0 && seed == int(seed), "an integer from 0 on")

    spins = size * size
    state = seed % 2147483646 + 1
    for (i = 0; i < spins; i++) {
        x = i % size
        y = int(i / size)
        right[i] = (x + 1) % size + y * size
        left[i] = (x + size - 1) % size + y * size
        below[i] = x + (y + 1) % size * size
        above[i] = x + (y + size - 1) % size * size
        spin[i] = 1
    }
    magnet = spins
    energy = -(2 + field) * spins

    printf "Ising model, %d x %d spins, temperature %g, field %g, seed %d\n", size, size, temperature, field, seed
    skip = int(sweeps / 5)
    for (sweep = 1; sweep <= sweeps; sweep++) {
        for (i = 0; i < spins; i++) offer_flip(i)
        if (sweep % skip == 0)
            printf "sweep %6d of %d: e = %+.4f, m = %+.4f\n", sweep, sweeps, energy / spins, magnet / spins
        if (sweep <= skip) continue
        e = energy / spins
        m = magnet / spins
        if (m < 0) m = -m
        n++
        sum_e += e
        sum_ee += e * e
        sum_m += m
    }
    e = sum_e / n
    printf "means over %d sweeps, per spin:\n", n
    printf "energy = %.6e\n", e
    printf "magnetization = %.6e\n", sum_m / n
    printf "heat capacity = %.6e\n", (sum_ee / n - e * e) * spins / (temperature * temperature)
}
'
