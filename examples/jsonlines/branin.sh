# Branin's function; its minimum is 0.397887.
. ./rush_objective.sh

objective() {
	rush_progress '"almost there"'
	y=$(awk -v x1="$(rush_x x1)" -v x2="$(rush_x x2)" 'BEGIN {
		pi = atan2(0, -1)
		printf "%.17g", (x2 - 5.1 / (4 * pi^2) * x1^2 + 5 / pi * x1 - 6)^2 + 10 * (1 - 1 / (8 * pi)) * cos(x1) + 10
	}')
	echo "a print is shown, and disturbs nothing"
	rush_answer "y=$y" "luck=$rush_seed"
}

rush_serve
