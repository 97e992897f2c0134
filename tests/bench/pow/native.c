/* One search for each line of input, "first count limit"; the answer is million nonces a second, and what was found. */
#include <stdio.h>
#include <time.h>
#include "kernel.c"

static double now(void) {
	struct timespec t;
	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

int main(void) {
	/* As in native.ts. */
	uint32_t given[21], first, count, limit;
	for (uint32_t i = 0; i < 21; i++) given[i] = i * 2654435761u;
	while (scanf("%u %u %u", &first, &count, &limit) == 3) {
		double began = now();
		int64_t found = search(given, first, count, limit);
		double seconds = now() - began;
		printf("%.4f %lld\n", (double)count / seconds * 1e-6, (long long)found);
		fflush(stdout);
	}
	return 0;
}
