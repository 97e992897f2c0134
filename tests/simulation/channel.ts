import { parseArgs } from 'node:util';
import { choiceOption, numberOption } from './command-line.ts';
import { checkModel } from './channel/model/check.ts';
import { modelBounds } from './channel/model/moves.ts';
import { bugs } from './channel/party.ts';
import { runSeed } from './channel/run.ts';

/**
 * Both sides of a suggestion channel over a bad link, with crashes, power loss and old backups put back:
 * `npm run sim:channel -- --seeds 20000 --json`. With `--bug NAME` a planted mistake must be
 * found. The last line is the result. With `--model` not chance but all of it: every state that a channel of a few
 * rounds can come to (channel/model/).
 */
const { values } = parseArgs({
	options: {
		seeds: { type: 'string', default: '20000' },
		from: { type: 'string', default: '1' },
		bug: { type: 'string' },
		model: { type: 'boolean', default: false },
		rounds: { type: 'string', default: '3' },
		json: { type: 'boolean', default: false },
	},
});

const number = (name: 'seeds' | 'from' | 'rounds', min: number, max: number) =>
	numberOption(name, values[name], [min, max], true);

function simulate(): { readonly ok: boolean; readonly result: object } {
	const seeds = number('seeds', 1, 10_000_000);
	const from = number('from', 0, 2 ** 31);
	const bug = choiceOption('bug', values.bug, bugs);
	const sum = { seeds: 0, lost: 0, doubleSigned: 0, stuck: 0, rounds: 0, restores: 0, contests: 0 };
	let firstBad: number | undefined;
	for (let seed = from; seed < from + seeds; seed++) {
		const { lost, doubleSigned, stuck, rounds, restored, contested } = runSeed(seed, bug);
		sum.seeds += 1;
		sum.lost += lost;
		sum.doubleSigned += doubleSigned;
		sum.stuck += stuck;
		sum.rounds += rounds;
		sum.restores += restored ? 1 : 0;
		sum.contests += contested ? 1 : 0;
		if (lost + doubleSigned + stuck > 0) firstBad ??= seed;
		if (bug && firstBad !== undefined) break;
	}
	const clean = firstBad === undefined;
	const result = { ...sum, ...(bug ? { bug, found: !clean } : {}), ...(clean ? {} : { firstBad }) };
	return { ok: bug ? !clean : clean, result };
}

function checkAll(): { readonly ok: boolean; readonly result: object } {
	const rounds = number('rounds', 1, 10);
	const bug = choiceOption('bug', values.bug, bugs);
	const result = checkModel(rounds, { ...modelBounds, bug }, (states, depth) => {
		if (!values.json && depth % 10 === 0) console.log(`depth ${depth}: ${states} states`);
	});
	const clean = result.unsafe + result.stuck === 0;
	return { ok: bug ? !clean : clean, result: { ...result, ...modelBounds, ...(bug ? { bug } : {}) } };
}

const started = process.hrtime.bigint();
const outcome = values.model ? checkAll() : simulate();
if (!values.json) {
	const seconds = Number(process.hrtime.bigint() - started) / 1e9;
	console.log(
		`${outcome.ok ? 'as it must be' : 'NOT as it must be'}, after ${seconds.toFixed(1)} s of this machine`,
	);
}
console.log(JSON.stringify(outcome.result));
process.exitCode = outcome.ok ? 0 : 1;
