import { paddingBit, type Program } from '../program.ts';
import { programText, type Dialect } from './text.ts';

const c: Dialect = {
	shr: '>>',
	suffix: 'u',
	wrapped: (sum) => `(${sum})`,
	declare: (name, value, pace) => `const ${pace === 'varying' ? 'word' : 'uint32_t'} ${name} = ${value};`,
};

/**
 * The kernel in C with GCC's vector extensions: what the machine can do without a browser around it, for the
 * benchmark. It works on `LANES` nonces at once, 4 unless defined otherwise.
 */
export function emitC(program: Program): string {
	const { ahead, loop, result } = programText(program, c);
	return `#include <stdint.h>
#ifndef LANES
#define LANES 4
#endif
typedef uint32_t word __attribute__((vector_size(4 * LANES)));

int64_t search(const uint32_t *given, uint32_t first, uint32_t count, uint32_t limit) {
${ahead}
word nonce;
for (int lane = 0; lane < LANES; lane++) nonce[lane] = ((first + lane) << 8) | ${paddingBit};
for (uint32_t done = 0; done < count; done += LANES, nonce += LANES << 8) {
${loop}
const word top = ${result};
const word swapped = (((top >> 8) | (top << 24)) & 0xff00ff00u) | (((top >> 24) | (top << 8)) & 0x00ff00ffu);
uint32_t hit = 0;
const word hits = (word)(swapped <= limit);
for (int lane = 0; lane < LANES; lane++) hit |= hits[lane];
if (__builtin_expect(hit, 0))
for (int lane = 0; lane < LANES; lane++)
if (hits[lane]) return done + lane;
}
return -1;
}
`;
}
