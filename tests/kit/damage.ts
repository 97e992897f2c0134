import type { Bytes } from '#lib/core/brand.ts';
import { concat } from '#lib/core/bytes.ts';
import type { WireErrorCode } from '#lib/core/wire/error.ts';
import type { Dice } from './dice.ts';

/** `FUZZ_SEED=7 FUZZ_RUNS=1000000` repeats or prolongs a run. */
export const seed = Number(process.env['FUZZ_SEED'] ?? 1);
export const runs = Number(process.env['FUZZ_RUNS'] ?? 200_000);

/** Ample on a busy machine: 1 ms a run. */
export const timeout = 10_000 + runs;

/** Every way a reader may refuse bytes. */
export const wireCodes = new Set<string>([
	'too-long',
	'truncated',
	'trailing-bytes',
	'unsupported-version',
	'unknown-type',
	'unknown-mandatory-field',
	'fields-out-of-order',
	'bad-value',
] satisfies WireErrorCode[]);

const interesting = [0, 1, 2, 0x7f, 0x80, 0xff];

/** One small damage, of the kinds that break parsers. */
function damage(dice: Dice, bytes: Bytes, others: readonly Bytes[], types: readonly number[]): Bytes {
	const at = dice.below(Math.max(1, bytes.length));
	switch (dice.below(10)) {
		case 0:
			return bytes.with(at, (bytes[at] ?? 0) ^ (1 << dice.below(8)));
		case 1:
			return bytes.with(at, dice.pick(interesting));
		case 2:
			return bytes.with(at, dice.below(256));
		case 3:
			return bytes.slice(0, at);
		case 4:
			return concat(bytes, dice.bytes(1 + dice.below(16)));
		case 5:
			return concat(bytes.subarray(0, at), dice.bytes(1 + dice.below(8)), bytes.subarray(at));
		case 6:
			return concat(bytes.subarray(0, at), bytes.subarray(Math.min(bytes.length, at + 1 + dice.below(8))));
		case 7:
			return concat(bytes.subarray(0, at), dice.pick(others).subarray(at));
		case 8:
			return bytes.with(Math.min(1, bytes.length - 1), dice.pick(types));
		default: {
			const length = bytes.slice();
			new DataView(length.buffer).setUint16(
				Math.min(at, Math.max(0, bytes.length - 2)),
				dice.below(0x1_0000),
			);
			return length;
		}
	}
}

/** One of the corpus, damaged once to three times. `types` are the type bytes that frames may carry. */
export function damaged(dice: Dice, corpus: readonly Bytes[], types: readonly number[]): Bytes {
	let bytes = dice.pick(corpus);
	for (let times = 1 + dice.below(3); times > 0 && bytes.length > 1; times--)
		bytes = damage(dice, bytes, corpus, types);
	return bytes;
}
