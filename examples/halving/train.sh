# Trains to $RUSH_X_epochs epochs: gradient descent with momentum on Rosenbrock's
# valley. What was trained of it before comes from the file $RUSH_CHECKPOINT_FROM, if
# there is one, and the file $RUSH_CHECKPOINT is for who trains on. Prints the loss.
awk -v rate="$RUSH_X_rate" -v momentum="$RUSH_X_momentum" -v epochs="$RUSH_X_epochs" \
	-v from="$RUSH_CHECKPOINT_FROM" -v to="$RUSH_CHECKPOINT" '
BEGIN {
	x = -1.5; y = 2; vx = 0; vy = 0; done = 0
	if (from != "" && (getline line < from) > 0) {
		split(line, state, " ")
		done = state[1]; x = state[2]; y = state[3]; vx = state[4]; vy = state[5]
	}
	began = done
	for (; done < epochs; done++) {
		for (step = 0; step < 20; step++) {
			vx = momentum * vx - rate * (-2 * (1 - x) - 400 * x * (y - x * x))
			vy = momentum * vy - rate * 200 * (y - x * x)
			x += vx; y += vy
			if (x > 100 || x < -100 || y > 10000 || y < -10000) { # it diverges: back to the start
				x = -1.5; y = 2; vx = 0; vy = 0
			}
		}
	}
	if (to != "") printf "%d %.17g %.17g %.17g %.17g\n", done, x, y, vx, vy > to
	loss = (1 - x) ^ 2 + 100 * (y - x * x) ^ 2
	printf "{\"loss\":%.17g,\"trained\":%d}\n", log(loss + 1e-12) / log(10), done - began
}'
