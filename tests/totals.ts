/** Tests that passed and tests that did not. */
export interface Totals {
	readonly passed: number;
	readonly failed: number;
}

interface VitestReport {
	readonly numPassedTests: number;
	readonly numFailedTests: number;
	readonly numPendingTests: number;
	readonly numTodoTests: number;
}

interface PlaywrightReport {
	readonly stats: {
		readonly expected: number;
		readonly unexpected: number;
		readonly flaky: number;
		readonly skipped: number;
	};
}

/** A test that was left out, or passed only sometimes, did not pass. */
export const vitestTotals = (report: VitestReport): Totals => ({
	passed: report.numPassedTests,
	failed: report.numFailedTests + report.numPendingTests + report.numTodoTests,
});

export const playwrightTotals = ({ stats }: PlaywrightReport): Totals => ({
	passed: stats.expected,
	failed: stats.unexpected + stats.flaky + stats.skipped,
});

/** From the one line of JSON that the contracts' runner prints; nothing passed when there is none. */
export function contractTotals(output: string): Totals {
	const line = output.split('\n').find((text) => text.startsWith('{"suite":"contracts"'));
	if (line === undefined) return { passed: 0, failed: 0 };
	const { passed, failed, skipped } = JSON.parse(line) as { passed: number; failed: number; skipped: number };
	return { passed, failed: failed + skipped };
}

/** A step's totals, corrected by its exit code: a runner that failed outside any test failed once. */
export function stepTotals(exitCode: number, reported: Totals | undefined): Totals {
	const totals = reported ?? { passed: exitCode === 0 ? 1 : 0, failed: 0 };
	const ran = totals.passed + totals.failed > 0;
	return exitCode === 0 && ran ? totals : { ...totals, failed: Math.max(1, totals.failed) };
}

export const sum = (all: readonly Totals[]): Totals => ({
	passed: all.reduce((total, each) => total + each.passed, 0),
	failed: all.reduce((total, each) => total + each.failed, 0),
});
