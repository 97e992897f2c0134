import { parseArgs } from 'node:util';
import { startAnvil } from '../../network/chain/anvil.ts';
import { servePage } from '../mesh/build-page.ts';
import { numberOption } from '../simulation/command-line.ts';
import { figuresOf } from './channel/figures.ts';
import type { Contestant } from './channel/page/protocol.ts';
import { openRace, type HeatResult } from './channel/race.ts';

/**
 * `npm run bench:channel -- [--json] [--rounds 100] [--heats 5]`: rounds of a suggestion channel between two tabs,
 * beside the same rounds as states of a Nitro channel and as transactions on a chain, in turn, in the same tabs, over
 * the same data channel. Nothing here fails on a slow machine: it only prints.
 */
const { values } = parseArgs({
	options: {
		rounds: { type: 'string', default: '100' },
		heats: { type: 'string', default: '5' },
		slots: { type: 'string', default: '3' },
		json: { type: 'boolean', default: false },
	},
});
const rounds = numberOption('rounds', values.rounds, [1, 10_000], true);
const heats = numberOption('heats', values.heats, [1, 100], true);
/** Rounds on a chain with Ethereum's time between blocks; 0 leaves it out. */
const slots = numberOption('slots', values.slots, [0, 100], true);
const slotSeconds = 12;

async function chain(blockTime: number) {
	const anvil = await startAnvil({ port: 0, blockTime });
	if (!anvil.ok) throw new Error(anvil.error.detail);
	return anvil.value;
}

const contestants: readonly Contestant[] = ['sweet', 'nitro', 'nitroTurns', 'onChain'];
const served = await servePage(new URL('./channel/page/', import.meta.url));
const atOnce = await chain(0);
const race = await openRace(served.url);
const results: HeatResult[] = [];
let number = 0;
const run = (contestant: Contestant, rounds: number, rpc: string) =>
	race.run({ contestant, rounds, rpc, number: ++number });

for (const contestant of contestants) await run(contestant, Math.min(rounds, 20), atOnce.url);
for (let heat = 0; heat < heats; heat++)
	for (const contestant of contestants) results.push(await run(contestant, rounds, atOnce.url));
atOnce.stop();
let slow: HeatResult | undefined;
if (slots > 0) {
	const ethereum = await chain(slotSeconds);
	slow = await run('onChain', slots, ethereum.url);
	ethereum.stop();
}
await race.close();
await served.close();

const figures = figuresOf(results, slow && { slotSeconds, ...slow });
if (!values.json)
	for (const [name, value] of Object.entries(figures)) console.log(`${name.padEnd(32)} ${String(value)}`);
console.log(JSON.stringify(figures));
