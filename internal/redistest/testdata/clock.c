// A clock that is off by CLOCK_OFFSET seconds, to be preloaded.
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdlib.h>
#include <sys/time.h>
#include <time.h>

static long offset(void) {
	const char *v = getenv("CLOCK_OFFSET");
	return v ? atol(v) : 0;
}

int gettimeofday(struct timeval *restrict tv, void *restrict tz) {
	int (*real)(struct timeval *, void *) = dlsym(RTLD_NEXT, "gettimeofday");
	int err = real(tv, tz);
	if (err == 0) tv->tv_sec += offset();
	return err;
}

int clock_gettime(clockid_t id, struct timespec *ts) {
	int (*real)(clockid_t, struct timespec *) = dlsym(RTLD_NEXT, "clock_gettime");
	int err = real(id, ts);
	if (err == 0 && (id == CLOCK_REALTIME || id == CLOCK_REALTIME_COARSE)) ts->tv_sec += offset();
	return err;
}

time_t time(time_t *t) {
	struct timespec ts;
	clock_gettime(CLOCK_REALTIME, &ts);
	if (t) *t = ts.tv_sec;
	return ts.tv_sec;
}
