/* One slice for each line of input: its number of hashes in, million hashes a second out. */
#include <stdio.h>
#include <time.h>
#include "kernel.c"

static double now(void) {
	struct timespec t;
	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

int main(void) {
	uint32_t given[21], hashes, first = 0;
	/* What the first argument of a check is searched for; -1 is what a slice should find. */
	for (int i = 0; i < 21; i++) given[i] = (uint32_t)i * 2654435761u;
	while (scanf("%u", &hashes) == 1) {
		double began = now();
		int64_t found = search(given, first++, hashes, 0);
		double seconds = now() - began;
		printf("%.4f %lld\n", (double)hashes / seconds * 1e-6, (long long)found);
		fflush(stdout);
	}
	return 0;
}
