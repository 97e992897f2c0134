import { measureInChromium } from './pow/chromium.ts';
import { contestants } from './pow/contestants.ts';
import { checkers, firstHashMs, p95OverMean } from './pow/checks.ts';
import { figuresOf } from './pow/figures.ts';
import { readModules } from './pow/modules.ts';
import { nativeRace } from './pow/native.ts';
import { SliceRace } from './pow/slices.ts';
import { kernels } from '../kit/kernels.ts';
import { scanWith } from '#lib/pow/block-search.ts';
import { instantiate } from '#lib/pow/worker/load-scan.ts';

/**
 * `npm run bench:pow -- [--browser] [--json]`: the proof-of-work kernel against other miners, in Node or in a Worker of
 * Chromium. Nothing here fails on a slow machine: it only prints.
 */
const inBrowser = process.argv.includes('--browser');
const asJson = process.argv.includes('--json');

/** Turns of everyone, and how many pieces they are cut into, with native slices between the pieces. */
const rounds = 100;
const pieces = 20;

const modules = readModules();
const native = await nativeRace(await instantiate(modules.simd));

async function measureInNode() {
	const scan = scanWith(await instantiate(modules.simd));
	const javascript = await kernels['JavaScript']?.();
	if (!javascript) throw new Error('no kernel in JavaScript');
	const race = new SliceRace([...(await contestants(modules, () => javascript)), ...checkers(scan)]);
	for (let piece = 0; piece < pieces; piece++) {
		race.run(rounds / pieces);
		await native?.run(rounds / pieces);
	}
	return {
		rates: race.rates(),
		firstHashMs: await firstHashMs(modules.simd),
		p95OverMean: p95OverMean(scan),
	};
}

const measured = inBrowser
	? await measureInChromium(modules, pieces, rounds / pieces, async () => native?.run(rounds / pieces))
	: await measureInNode();
const figures = {
	...figuresOf(measured, native?.rates() ?? {}, modules.simd),
	...('page' in measured ? measured.page : {}),
};
native?.stop();

if (asJson) console.log(JSON.stringify(figures));
else {
	const { rates, ...scalars } = figures;
	console.table(scalars);
	console.table(rates);
}
