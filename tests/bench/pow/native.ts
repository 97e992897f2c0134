import { spawn, spawnSync } from 'node:child_process';
import { copyFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
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

export interface NativeRace {
	run(rounds: number): Promise<void>;
	rates(): Record<string, Rates>;
	stop(): void;
}

/** Undefined where there is no gcc for x86-64. */
export function nativeRace(): NativeRace | undefined {
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
		return { name, process, answers, rates: [] as number[] };
	});
	return {
		async run(rounds) {
			for (let round = 0; round < rounds; round++) {
				for (const { name, process, answers, rates } of entrants) {
					process.stdin.write(`${hashesInSlice}\n`);
					const [rate, found] = String((await answers.next()).value)
						.split(' ')
						.map(Number);
					if (rate === undefined || !(rate > 0) || found !== -1) throw new Error(`${name} failed`);
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
