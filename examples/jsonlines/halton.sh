# Points that fill the space evenly: those of Halton's sequence, by awk.
. ./rush_loop.sh

halton() {
	awk -v i="$1" -v base="$2" -v lower="$3" -v upper="$4" 'BEGIN {
		for (f = 1 / base; i > 0; f /= base) { u += f * (i % base); i = int(i / base) }
		printf "%.12g", lower + u * (upper - lower)
	}'
}

while rush_take; do
	if [ -z "$task" ]; then
		x1=$(halton $((key + 1)) 2 -5 10)
		x2=$(halton $((key + 1)) 3 0 15)
		rush "{\"verb\":\"start\",\"key\":$key,\"xs\":{\"x1\":$x1,\"x2\":$x2}}" || exit 1
	fi
	rush "{\"verb\":\"evaluate\",\"key\":$key,\"finish\":true}" || exit 1
	echo "task $key gave y = $(rush_get y)"
done
