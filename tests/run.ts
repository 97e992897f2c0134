import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ensureChromium } from './ensure-chromium.ts';
import { contractTotals, playwrightTotals, stepTotals, sum, vitestTotals, type Totals } from './totals.ts';

/**
 * Everything that must hold: `npm test`. One line a step; the whole output of a step only if it fails, and then no
 * later stage runs. Steps of a stage run side by side: lint and the unit tests use one core each.
 */

type Runner = 'vitest' | 'playwright' | 'contracts';

interface Step {
	readonly name: string;
	/** A script of package.json, so that each step can be run alone in the same way. */
	readonly script: string;
	/** Which runner's JSON report tells how many tests there were. */
	readonly runner?: Runner;
}

const stages: readonly (readonly Step[])[] = [
	[{ name: 'types', script: 'check' }],
	[
		{ name: 'lint', script: 'lint' },
		{ name: 'unit, property, fuzz', script: 'test:unit', runner: 'vitest' },
	],
	[{ name: 'browser', script: 'test:browser', runner: 'vitest' }],
	[{ name: 'contracts', script: 'test:contracts', runner: 'contracts' }],
	[{ name: 'gas', script: 'gas:check' }],
	[{ name: 'build', script: 'build' }],
	[{ name: 'size', script: 'size' }],
	[{ name: 'end to end', script: 'test:e2e', runner: 'playwright' }],
];

const say = (line: string) => console.log(line);

interface Outcome {
	readonly exitCode: number;
	readonly output: string;
	readonly totals: Totals;
}

const runnerArgs = (report: string) => ({
	vitest: ['--', '--reporter=default', '--reporter=json', `--outputFile.json=${report}`],
	playwright: ['--', '--reporter=line,json'],
	contracts: ['--', '--json'],
});

function run(step: Step, report: string): Promise<Outcome> {
	const args = ['run', '--silent', step.script, ...(step.runner ? runnerArgs(report)[step.runner] : [])];
	const child = spawn('npm', args, {
		stdio: ['ignore', 'pipe', 'pipe'],
		shell: process.platform === 'win32',
		env: { ...process.env, NO_COLOR: '1', PLAYWRIGHT_JSON_OUTPUT_FILE: report },
	});
	const parts: Buffer[] = [];
	child.stdout.on('data', (part: Buffer) => parts.push(part));
	child.stderr.on('data', (part: Buffer) => parts.push(part));
	return new Promise((resolve) => {
		const finish = (exitCode: number) => {
			const output = Buffer.concat(parts).toString('utf8');
			const totals = stepTotals(exitCode, step.runner && readTotals(step.runner, report, output));
			resolve({ exitCode, output, totals });
		};
		child.on('error', (fault) => {
			parts.push(Buffer.from(`${fault.message}\n`));
			finish(1);
		});
		child.on('close', (code) => finish(code ?? 1));
	});
}

/** Nothing passed when there is no report: the runner did not come that far. */
function readTotals(runner: Runner, report: string, output: string): Totals {
	if (runner === 'contracts') return contractTotals(output);
	let text: string;
	try {
		text = readFileSync(report, 'utf8');
	} catch {
		return { passed: 0, failed: 0 };
	}
	const parsed: unknown = JSON.parse(text);
	return runner === 'vitest'
		? vitestTotals(parsed as Parameters<typeof vitestTotals>[0])
		: playwrightTotals(parsed as Parameters<typeof playwrightTotals>[0]);
}

/** Runs a step and says how it went. */
async function carryOut(
	step: Step,
	file: string,
): Promise<{ readonly failed: boolean; readonly totals: Totals }> {
	const started = performance.now();
	const { exitCode, output, totals } = await run(step, file);
	const failed = exitCode !== 0 || totals.failed > 0;
	const seconds = `${((performance.now() - started) / 1_000).toFixed(1)} s`;
	const count = step.runner ? `${totals.passed} passed, ${totals.failed} failed` : '';
	if (failed) say(output);
	say(`${failed ? '✗' : '✓'} ${step.name.padEnd(22)}${seconds.padStart(8)}  ${count}`.trimEnd());
	return { failed, totals };
}

async function runAll(reports: string): Promise<Totals> {
	const all: Totals[] = [];
	for (const stage of stages) {
		const ended = await Promise.all(
			stage.map((step) => carryOut(step, join(reports, `${step.script.replace(':', '-')}.json`))),
		);
		all.push(...ended.map(({ totals }) => totals));
		if (ended.some(({ failed }) => failed)) break;
	}
	return sum(all);
}

if (!ensureChromium(say)) process.exit(1);
const reports = mkdtempSync(join(tmpdir(), 'sweet-test-'));
const totals = await runAll(reports);
rmSync(reports, { recursive: true });
say(`${totals.passed} passed, ${totals.failed} failed`);
process.exitCode = totals.failed === 0 ? 0 : 1;
