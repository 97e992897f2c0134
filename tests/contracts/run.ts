/**
 * The contract's tests: forge (unit, fuzz, invariants), the committed bytes, and TypeScript against Solidity on anvil.
 *
 *   npm run test:contracts                   one line per part, one line of counts
 *   npm run test:contracts -- --json         the counts as one JSON object on stdout
 *   npm run test:contracts -- --coverage     line, statement, branch and function coverage of src/; less than 100 % fails
 *   npm run test:contracts:long              a million invariant calls and many more random games
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { agree, Disagreement } from './agree.ts';
import { staleDeployments } from './deployments.ts';
import { compile, contracts, forge } from './foundry.ts';
import { vectors } from './vectors.ts';

const flags = new Set(process.argv.slice(2));
const long = flags.has('--long');
const seed = 0x5ee7;

interface Part {
	readonly name: string;
	readonly passed: number;
	readonly failed: number;
	readonly skipped: number;
	/** What a reader wants to know beside the counts. */
	readonly note: string;
	readonly failures: readonly string[];
}

const say = (text: string): void => {
	if (!flags.has('--json')) console.log(text);
};

interface ForgeTest {
	readonly status: 'Success' | 'Failure' | 'Skipped';
	readonly reason: string | null;
	readonly kind: {
		readonly Fuzz?: { readonly runs: number };
		readonly Invariant?: { readonly runs: number; readonly calls: number };
	};
}

function solidity(): Part {
	const extra: Record<string, string> = {
		FOUNDRY_FUZZ_SEED: `0x${seed.toString(16)}`,
		...(long && { FOUNDRY_PROFILE: 'long' }),
	};
	const { stdout, stderr } = forge(['test', '--json'], extra);
	const start = stdout.indexOf('{');
	if (start < 0) throw new Error(`forge gave no result\n${stdout}${stderr}`);
	const suites = JSON.parse(stdout.slice(start)) as Record<string, { test_results: Record<string, ForgeTest> }>;
	const tests = Object.entries(suites).flatMap(([suite, { test_results }]) =>
		Object.entries(test_results).map(([name, test]) => ({ name: `${suite} ${name}`, ...test })),
	);
	const count = (status: ForgeTest['status']) => tests.filter((test) => test.status === status).length;
	const sum = (of: (test: ForgeTest) => number) => tests.reduce((total, test) => total + of(test), 0);
	return {
		name: 'solidity',
		passed: count('Success'),
		failed: count('Failure'),
		skipped: count('Skipped'),
		note: `${String(sum((test) => test.kind.Fuzz?.runs ?? 0))} fuzz runs, ${String(
			sum((test) => test.kind.Invariant?.calls ?? 0),
		)} invariant calls`,
		failures: tests
			.filter((test) => test.status === 'Failure')
			.map((test) => `${test.name}: ${test.reason ?? 'failed'}`),
	};
}

const single = (name: string, note: string, failures: readonly string[]): Part => ({
	name,
	passed: failures.length === 0 ? 1 : 0,
	failed: failures.length === 0 ? 0 : 1,
	skipped: 0,
	note,
	failures,
});

function committedBytes(): Part {
	const stale = staleDeployments();
	return single(
		'committed bytes',
		'address and code are what the sources compile to',
		stale.map((file) => `contracts/${file} is stale: node tests/contracts/deployments.ts`),
	);
}

function committedVectors(): Part {
	const kept = readFileSync(join(contracts, '../tests/vectors/channel.json'), 'utf8');
	const now = `${JSON.stringify(vectors(), null, '\t')}\n`;
	return single(
		'committed vectors',
		'what the app signs today',
		kept === now ? [] : ['tests/vectors/channel.json is stale: node tests/contracts/vectors.ts'],
	);
}

async function typescript(): Promise<Part> {
	try {
		const checks = await agree(seed, long ? 2000 : 200, long ? 300 : 25);
		return single('typescript against solidity', `${String(checks)} comparisons on anvil`, []);
	} catch (error) {
		if (error instanceof Disagreement) return single('typescript against solidity', '', [error.message]);
		throw error;
	}
}

function coverage(): void {
	const run = forge(
		['coverage', '--report', 'summary', '--no-match-coverage', '(test|proof)/'],
		{ FOUNDRY_PROFILE: 'plain', FOUNDRY_INVARIANT_RUNS: '4' },
	);
	const table = run.stdout.split('\n').filter((line) => line.startsWith('|') && !line.startsWith('|-'));
	console.log(table.join('\n'));
	const total = table.find((line) => line.startsWith('| Total'));
	const full = total?.match(/100\.00%/g)?.length === 4;
	if (!full) {
		console.error(`coverage is not complete${run.code === 0 ? '' : `\n${run.stdout}${run.stderr}`}`);
		process.exitCode = 1;
	}
}

async function test(): Promise<void> {
	const begun = performance.now();
	compile();
	const parts: Part[] = [];
	for (const run of [solidity, committedBytes, committedVectors, typescript]) {
		const part = await run();
		parts.push(part);
		say(`${part.failed === 0 ? 'ok  ' : 'FAIL'}  ${part.name}: ${String(part.passed)} passed, ${part.note}`);
		for (const failure of part.failures) console.error(`      ${failure}`);
	}
	const sum = (of: 'passed' | 'failed' | 'skipped') => parts.reduce((total, part) => total + part[of], 0);
	const seconds = Math.round((performance.now() - begun) / 1000);
	const totals = { passed: sum('passed'), failed: sum('failed'), skipped: sum('skipped') };
	if (flags.has('--json')) console.log(JSON.stringify({ suite: 'contracts', ...totals, seed, seconds, parts }));
	say(
		`contracts: ${String(totals.passed)} passed, ${String(totals.failed)} failed, ${String(totals.skipped)} skipped` +
			` (seed 0x${seed.toString(16)}, ${String(seconds)} s)`,
	);
	if (totals.failed > 0) process.exitCode = 1;
}

if (flags.has('--coverage')) coverage();
else await test();
