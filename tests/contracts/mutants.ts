/**
 * Plants every mistake of `mutations.ts` into a copy of the contracts, one at a time, and runs the tests on it. A
 * mistake that no test notices fails the run.
 *
 *   npm run mutants
 *   npm run mutants -- bond     only those whose words contain "bond"
 */
import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { contracts, forge, root } from './foundry.ts';
import { mutations, type Mutation } from './mutations.ts';

/** Inside `cache/`, which is not committed and from which the compiler of npm is still found. */
const copy = join(contracts, 'cache/mutants');

/** Fewer samples than in the tests proper: most mistakes fall to the first, and there are many to try. */
const settings = {
	FOUNDRY_PROFILE: 'plain',
	FOUNDRY_FUZZ_RUNS: '128',
	FOUNDRY_INVARIANT_RUNS: '6',
	FOUNDRY_INVARIANT_DEPTH: '48',
};

function prepare(): void {
	rmSync(copy, { recursive: true, force: true });
	mkdirSync(copy, { recursive: true });
	for (const part of ['src', 'test', 'bin', 'foundry.toml'])
		cpSync(join(contracts, part), join(copy, part), { recursive: true });
	cpSync(join(root, 'tests/vectors'), join(contracts, 'cache/tests/vectors'), { recursive: true });
}

type Outcome = { readonly killer: string } | { readonly survived: string };

function attempt({ file, from, to, name }: Mutation): Outcome {
	const path = join(copy, 'src', file);
	const original = readFileSync(path, 'utf8');
	if (original.split(from).length !== 2) return { survived: `"${from}" does not stand in ${file} exactly once` };
	writeFileSync(path, original.replace(from, () => to));
	try {
		const build = forge(['build', '--quiet'], settings, copy);
		if (build.code !== 0) return { survived: `${name} does not compile: ${build.stdout}${build.stderr}` };
		const { code, stdout } = forge(['test', '--fail-fast', '--no-match-contract', 'Deployment'], settings, copy);
		if (code === 0) return { survived: 'every test passes' };
		// A broken invariant prints the calls that led to it before its name.
		const killer = /\[FAIL[^]*?((?:test_|testFuzz_|invariant_)\w+)\(/.exec(stdout)?.[1];
		return killer ? { killer } : { survived: `the tests ended without a verdict: ${stdout.slice(-500)}` };
	} finally {
		writeFileSync(path, original);
	}
}

prepare();
const clean = forge(['test', '--no-match-contract', 'Deployment'], settings, copy);
if (clean.code !== 0) throw new Error(`the tests fail without a mistake\n${clean.stdout}${clean.stderr}`);

const wanted = process.argv[2];
const chosen = mutations.filter(({ name }) => wanted === undefined || name.includes(wanted));
let survivors = 0;
for (const mutation of chosen) {
	const outcome = attempt(mutation);
	if ('survived' in outcome) survivors++;
	console.log(
		'killer' in outcome
			? `killed    ${mutation.name}  (${outcome.killer})`
			: `SURVIVED  ${mutation.name}: ${outcome.survived}`,
	);
}
console.log(`${String(chosen.length - survivors)} of ${String(chosen.length)} mutants killed`);
if (survivors > 0) process.exitCode = 1;
