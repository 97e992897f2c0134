import { spawn, spawnSync } from 'node:child_process';
import { copyFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { BlockSearch } from '#lib/pow/block-search.ts';
import { emitC } from '#lib/pow/generator/emit/c.ts';
import { searchProgram } from '#lib/pow/generator/program.ts';
import { summary, type Rates } from './slices.ts';

/** The same program compiled by gcc: what vectors of WebAssembly's width could do, and what wider ones could. */
const builds = {
	// SSE4.1 and AVX2 are what V8 uses; which of their encodings is faster depends on the processor.
	'native 128, SSE4.1': ['-msse4.1', '-DLANES=4'],
	'native 128, AVX2': ['-mavx2', '-DLANES=4'],
	'native 256, AVX2': ['-mavx2', '-DLANES=8'],
};

const hashesInSlice = 150_000;
/** About one in 2^16 digests is as small. */
const findable = 2 ** 16;

export interface NativeRace {
	run(rounds: number): Promise<void>;
	rates(): Record<string, Rates>;
	stop(): void;
}

/**
 * Undefined where there is no gcc for x86-64.
 *
 * @param kernel that the native builds must agree with.
 */
export async function nativeRace({ given, search }: BlockSearch): Promise<NativeRace | undefined> {
	if (process.arch !== 'x64' || spawnSync('gcc', ['--version']).status !== 0) return undefined;
	const folder = mkdtempSync(join(tmpdir(), 'pow-native-'));
	writeFileSync(join(folder, 'kernel.c'), emitC(searchProgram()));
	copyFileSync(new URL('./native.c', import.meta.url), join(folder, 'native.c'));
	const entrants = Object.entries(builds).map(([name, flags], i) => {
		const binary = join(folder, `native-${i}`);
		const compiled = spawnSync('gcc', ['-O2', ...flags, '-o', binary, join(folder, 'native.c')]);
		if (compiled.status !== 0) throw new Error(`gcc: ${String(compiled.stderr)}`);
		const process = spawn(binary, { stdio: ['pipe', 'pipe', 'inherit'] });
		const answers = createInterface({ input: process.stdout })[Symbol.asyncIterator]();
		const ask = async (limit: number) => {
			process.stdin.write(`0 ${hashesInSlice} ${limit}\n`);
			const [rate = NaN, found = NaN] = String((await answers.next()).value)
				.split(' ')
				.map(Number);
			return { rate, found };
		};
		return { name, process, ask, rates: [] as number[] };
	});

	for (let i = 0; i < given.length; i++) given[i] = Math.imul(i, 2_654_435_761);
	const expected = search(0, hashesInSlice, findable);
	for (const { name, ask } of entrants) {
		const { found } = await ask(findable);
		if (found !== expected) throw new Error(`${name} found ${found}, not ${expected}`);
	}

	return {
		async run(rounds) {
			for (let round = 0; round < rounds; round++) {
				for (const { name, ask, rates } of entrants) {
					const { rate, found } = await ask(0);
					if (!(rate > 0) || found !== -1) throw new Error(`${name} failed`);
					rates.push(rate);
				}
			}
		},
		rates: () => Object.fromEntries(entrants.map(({ name, rates }) => [name, summary(rates)])),
		stop() {
			for (const { process } of entrants) process.stdin.end();
			rmSync(folder, { recursive: true });
		},
	};
}
