/**
 * Proves the settlement arithmetic with the model checker inside solc (bounded model checking, Z3), then plants
 * mistakes and demands that the proof fails on each of them: a prover that accepts everything proves nothing.
 *
 *   npm run prove
 */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { contracts } from './foundry.ts';

const solc = createRequire(import.meta.url)('solc') as { compile(input: string): string };

const library = 'src/libraries/Settlement.sol';
const proof = 'proof/SettlementProof.sol';
const read = (path: string): string => readFileSync(join(contracts, path), 'utf8');

/** The five assertions and every operation of the library; fewer means that something was not looked at. */
const minProved = 28;

interface Message {
	readonly severity: string;
	readonly message: string;
	readonly errorCode: string;
}

/** A wrong line in place of a right one. */
interface Plant {
	readonly name: string;
	readonly path: string;
	readonly from: string;
	readonly to: string;
}

const plants: readonly Plant[] = [
	{
		name: 'the fee is not taken from the suggester',
		path: library,
		from: 'paid - out.fee - out.slashed',
		to: 'paid - out.slashed',
	},
	{
		name: 'the user gets back what it burned',
		path: library,
		from: 'rounds * userBurn - paid - scorched',
		to: 'rounds * userBurn - paid',
	},
	{
		name: 'a reward may cost more than a burn',
		path: proof,
		from: 'require(reward <= userBurn);',
		to: '',
	},
	{
		name: 'more rounds than the deposits cover',
		path: proof,
		from: 'require(uint256(rewarded) + burned <= rounds);',
		to: '',
	},
];

function check(plant?: Plant): { proved: Message[]; failed: Message[] } {
	const source = (path: string) => {
		let text = read(path);
		if (plant?.path === path) {
			if (!text.includes(plant.from)) throw new Error(`nothing to plant "${plant.name}" in`);
			text = text.replace(plant.from, plant.to);
		}
		if (path === library) {
			if (!text.includes('unchecked {')) throw new Error('the library has no unchecked block to prove');
			text = text.replaceAll('unchecked {', '{');
		}
		return { content: text };
	};
	const input = {
		language: 'Solidity',
		sources: { [library]: source(library), [proof]: source(proof) },
		settings: {
			modelChecker: {
				contracts: { [proof]: ['SettlementProof'] },
				engine: 'bmc',
				solvers: ['z3'],
				targets: ['assert', 'underflow', 'overflow'],
				showProvedSafe: true,
				showUnproved: true,
				showUnsupported: true,
			},
			outputSelection: { '*': { '*': [] } },
		},
	};
	const { errors = [] } = JSON.parse(solc.compile(JSON.stringify(input))) as { errors?: Message[] };
	const broken = errors.find((error) => error.severity === 'error');
	if (broken) throw new Error(broken.message);
	const findings = errors.filter((error) => error.message.startsWith('BMC:') || error.message.startsWith('CHC:'));
	const proved = findings.filter((finding) => finding.message.endsWith('check is safe!'));
	return { proved, failed: findings.filter((finding) => !proved.includes(finding)) };
}

const kinds = (findings: readonly Message[]): string => {
	const count = (kind: string) => findings.filter((finding) => finding.message.startsWith(`BMC: ${kind}`)).length;
	return ['Overflow', 'Underflow', 'Assertion']
		.map((kind) => `${String(count(kind))} ${kind.toLowerCase()}`)
		.join(', ');
};

const honest = check();
console.log(`proved for all inputs: ${kinds(honest.proved)}; not proved: ${String(honest.failed.length)}`);
let wrong = honest.failed.length > 0 || honest.proved.length < minProved;
for (const plant of plants) {
	const { failed } = check(plant);
	console.log(`planted "${plant.name}": ${failed.length > 0 ? `refuted (${kinds(failed)})` : 'NOT NOTICED'}`);
	wrong ||= failed.length === 0;
}
if (wrong) process.exitCode = 1;
