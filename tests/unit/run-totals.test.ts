import { expect, test } from 'vitest';
import { contractTotals, playwrightTotals, stepTotals, sum, vitestTotals } from '../totals.ts';

test('skipped, planned and flaky tests count as failed', () => {
	expect(vitestTotals({ numPassedTests: 5, numFailedTests: 1, numPendingTests: 2, numTodoTests: 3 })).toEqual(
		{ passed: 5, failed: 6 },
	);
	expect(playwrightTotals({ stats: { expected: 4, unexpected: 1, flaky: 2, skipped: 3 } })).toEqual({
		passed: 4,
		failed: 6,
	});
});

test.each([
	['a clean check is one passed', 0, undefined, { passed: 1, failed: 0 }],
	['a failing check is one failed', 2, undefined, { passed: 0, failed: 1 }],
	['reported tests count each', 0, { passed: 7, failed: 0 }, { passed: 7, failed: 0 }],
	['failed tests count each', 1, { passed: 7, failed: 2 }, { passed: 7, failed: 2 }],
	['a crash after the last test fails', 1, { passed: 7, failed: 0 }, { passed: 7, failed: 1 }],
	['a run without a single test fails', 0, { passed: 0, failed: 0 }, { passed: 0, failed: 1 }],
])('%s', (_, exitCode, reported, expected) => {
	expect(stepTotals(exitCode, reported)).toEqual(expected);
});

test('totals add up', () => {
	expect(
		sum([
			{ passed: 1, failed: 0 },
			{ passed: 2, failed: 3 },
		]),
	).toEqual({ passed: 3, failed: 3 });
});

test('the contracts runner counts by its line of JSON', () => {
	const line = '{"suite":"contracts","passed":5,"failed":1,"skipped":2,"parts":[]}';
	expect(contractTotals(`compiling\n${line}\n`)).toEqual({ passed: 5, failed: 3 });
	expect(contractTotals('forge broke')).toEqual({ passed: 0, failed: 0 });
});
