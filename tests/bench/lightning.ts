import { parseArgs } from 'node:util';
import { numberOption } from '../simulation/command-line.ts';
import { favours } from './lightning/favours.ts';
import { replies } from './lightning/replies.ts';
import { Scene } from './lightning/scene.ts';
import { walletLooks } from './lightning/wallet.ts';

/**
 * `npm run bench:lightning -- [--json] [--samples 15]`: what paying adds. Jobs and replies for sats beside the same ones
 * for nothing, between headless peers in one process; and a look at a wallet over its relay: two questions, one after the other. Medians; nothing here fails on a slow machine.
 */
const { values } = parseArgs({
	options: { json: { type: 'boolean', default: false }, samples: { type: 'string', default: '15' } },
});
const samples = numberOption('samples', values.samples, [1, 1_000], true);

const median = (all: readonly number[]): number =>
	all.toSorted((a, b) => a - b)[all.length >> 1] ?? Number.NaN;
const tenths = (value: number): number => Math.round(10 * value) / 10;

const scene = new Scene();
const favour = await favours(scene, samples);
const reply = await replies(scene, samples);
const looks = await walletLooks(scene, samples);
await scene.close();

const look = median(looks);
/** What is paid for over what is free, and how many looks at a wallet the difference is. */
const compare = (paid: readonly number[], free: readonly number[]) => ({
	freeMs: tenths(median(free)),
	paidMs: tenths(median(paid)),
	addedMs: tenths(median(paid) - median(free)),
	ratio: tenths(median(paid) / median(free)),
	addedWalletLooks: tenths((median(paid) - median(free)) / look),
});
const figures = {
	samples,
	walletLookMs: tenths(look),
	favour: compare(favour.paid, favour.free),
	twoHopReplyRead: compare(reply.paid.read, reply.free.read),
	twoHopReplyThanked: compare(reply.paid.thanked, reply.free.thanked),
};
if (!values.json) {
	console.log(`a look at a wallet over its relay: ${figures.walletLookMs} ms`);
	const { favour, twoHopReplyRead, twoHopReplyThanked } = figures;
	console.table({ favour, twoHopReplyRead, twoHopReplyThanked });
}
console.log(JSON.stringify(figures));
process.exit(0);
