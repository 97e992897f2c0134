import { describe, expect, test } from 'vitest';
import { bugs } from '../simulation/lightning/party.ts';
import { isBad, runSeed } from '../simulation/lightning/run.ts';

/** Ample on a busy machine; the long run is `npm run sim:lightning`. */
const timeout = 120_000;

describe('replies for money over wallets that lose answers, with crashes', () => {
	test(
		'nothing is paid before its lock, twice, or over budget; no lock is given back that was paid on; all of it ends',
		async () => {
			for (let seed = 1; seed <= 2_000; seed++) {
				const result = await runSeed(seed);
				const clean = { seed, violations: [], doublePaid: 0, overBudget: 0, overCredit: 0, stuck: 0 };
				expect({ seed, ...result }).toMatchObject(clean);
			}
		},
		timeout,
	);

	test.each(bugs)(
		'finds the planted mistake %s',
		async (bug) => {
			let found: number | undefined;
			for (let seed = 1; seed <= 1_000 && found === undefined; seed++)
				if (isBad(await runSeed(seed, bug))) found = seed;
			expect(found).toBeDefined();
		},
		timeout,
	);
});
