import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Abi, Hex } from 'viem';

export const root = join(import.meta.dirname, '../..');
export const contracts = join(root, 'contracts');

export interface Artifact {
	readonly abi: Abi;
	readonly bytecode: { readonly object: Hex };
	readonly deployedBytecode: { readonly object: Hex };
}

export type Build = 'ScorchedEarthETH' | 'ScorchedEarthERC20';

/** What forge compiled last. */
export function artifact(name: string, file = `${name}.sol`): Artifact {
	return JSON.parse(readFileSync(join(contracts, 'out', file, `${name}.json`), 'utf8')) as Artifact;
}

export interface Run {
	readonly code: number;
	readonly stdout: string;
	readonly stderr: string;
}

/** The environment for forge: npm's binaries first, no colours, no telemetry. */
export const environment = (extra: Record<string, string> = {}): NodeJS.ProcessEnv => ({
	...process.env,
	PATH: `${join(root, 'node_modules/.bin')}:${process.env['PATH'] ?? ''}`,
	NO_COLOR: '1',
	FOUNDRY_DISABLE_NIGHTLY_WARNING: '1',
	...extra,
});

/** Runs forge in `contracts/` and gathers what it prints. */
export function forge(args: readonly string[], extra: Record<string, string> = {}, cwd = contracts): Run {
	const run = spawnSync('forge', args, {
		cwd,
		env: environment(extra),
		encoding: 'utf8',
		maxBuffer: 1 << 28,
	});
	if (run.error) throw run.error;
	return { code: run.status ?? 1, stdout: run.stdout, stderr: run.stderr };
}

/** Compiles, or stops the program with the compiler's words. */
export function compile(args: readonly string[] = []): void {
	const run = forge(['build', '--quiet', ...args]);
	if (run.code !== 0) throw new Error(`forge build failed\n${run.stdout}${run.stderr}`);
}

