import { gzipSync } from 'node:zlib';
import type { Rates } from './slices.ts';

/** What a side of the benchmark measured. */
export interface Measured {
	readonly rates: Readonly<Record<string, Rates>>;
	readonly firstHashMs: number;
	readonly p95OverMean: number;
}

export interface Figures {
	readonly MHs: number;
	readonly ratioNoble: number;
	readonly ratioHashWasm: number;
	readonly ratioCap: number;
	readonly ratioMCaptcha: number;
	readonly ratioFriendlyCaptcha: number;
	/** Against the better of the two native builds with vectors of the same width; null without gcc. */
	readonly ratioNative128: number | null;
	readonly proofsPerSecVerify: number;
	readonly rejectsPerSec: number;
	readonly kernelRawBytes: number;
	readonly kernelGzBytes: number;
	readonly firstHashMs: number;
	readonly p95OverMean: number;
	/** Best and median of each contestant, million hashes (or proofs) a second. */
	readonly rates: Readonly<Record<string, Rates>>;
}

export function figuresOf(
	{ rates, firstHashMs, p95OverMean }: Measured,
	native: Readonly<Record<string, Rates>>,
	kernel: Uint8Array,
): Figures {
	const best = (name: string) => rates[name]?.best ?? NaN;
	const simd = best('simd');
	const native128 = Math.max(
		...Object.entries(native).flatMap(([name, rate]) => (name.startsWith('native 128') ? [rate.best] : [])),
	);
	return {
		MHs: round(simd),
		ratioNoble: round(simd / best('noble')),
		ratioHashWasm: round(simd / best('hash-wasm')),
		ratioCap: round(simd / best('cap')),
		ratioMCaptcha: round(simd / best('mcaptcha')),
		ratioFriendlyCaptcha: round(simd / best('friendly-captcha')),
		ratioNative128: native128 > 0 ? round(simd / native128) : null,
		proofsPerSecVerify: Math.round(best('verify') * 1e6),
		rejectsPerSec: Math.round(best('reject') * 1e6),
		kernelRawBytes: kernel.length,
		kernelGzBytes: gzipSync(kernel, { level: 9 }).length,
		firstHashMs: round(firstHashMs),
		p95OverMean: round(p95OverMean),
		rates: Object.fromEntries(
			Object.entries({ ...rates, ...native }).map(([name, { best, median }]) => [
				name,
				{ best: round(best, 4), median: round(median, 4) },
			]),
		),
	};
}

const round = (value: number, digits = 3): number => Number(value.toPrecision(digits));
