import { parseArgs } from 'node:util';
import { choiceOption, numberOption } from './command-line.ts';
import { bugs, type Bug } from './lightning/party.ts';
import { isBad, runSeed } from './lightning/run.ts';

/**
 * Replies for money through none to two middlemen: the real machines, tills and limits over wallets that lose
 * requests and answers, with crashes, lost and doubled messages: `npm run sim:lightning -- --seeds 100000 --json`.
 * With `--bug NAME` a planted mistake must be found, with `--planted` each of them. The last line is the result.
 */
const { values } = parseArgs({
	options: {
		seeds: { type: 'string', default: '20000' },
		from: { type: 'string', default: '1' },
		bug: { type: 'string' },
		planted: { type: 'boolean', default: false },
		json: { type: 'boolean', default: false },
	},
});

const number = (name: 'seeds' | 'from', min: number, max: number) =>
	numberOption(name, values[name], [min, max], true);

async function simulate(seeds: number, bug: Bug | undefined) {
	const from = number('from', 0, 2 ** 31);
	const sum = {
		seeds: 0,
		violations: 0,
		doublePaid: 0,
		overBudget: 0,
		maxLossMsat: 0,
		overCredit: 0,
		stuck: 0,
	};
	let firstBad: { seed: number; broken: readonly string[] } | undefined;
	for (let seed = from; seed < from + seeds; seed++) {
		const result = await runSeed(seed, bug);
		sum.seeds += 1;
		sum.violations += result.violations.length;
		sum.doublePaid += result.doublePaid;
		sum.overBudget += result.overBudget;
		sum.overCredit += result.overCredit;
		sum.stuck += result.stuck;
		sum.maxLossMsat = Math.max(sum.maxLossMsat, result.lossMsat);
		if (isBad(result)) firstBad ??= { seed, broken: result.violations };
		if (bug && firstBad) break;
	}
	const clean = firstBad === undefined;
	const result = { ...sum, ...(bug ? { bug, found: !clean } : {}), ...(clean ? {} : { firstBad }) };
	return { ok: bug ? !clean : clean, result };
}

const started = process.hrtime.bigint();
let allOk = true;
for (const bug of values.planted ? bugs : [choiceOption('bug', values.bug, bugs)]) {
	const { ok, result } = await simulate(values.planted ? 1_000 : number('seeds', 1, 10_000_000), bug);
	allOk &&= ok;
	if (!values.json) {
		const seconds = Number(process.hrtime.bigint() - started) / 1e9;
		console.log(
			`${ok ? 'as it must be' : 'NOT as it must be'}, after ${seconds.toFixed(1)} s of this machine`,
		);
	}
	console.log(JSON.stringify(result));
}
process.exitCode = allOk ? 0 : 1;
