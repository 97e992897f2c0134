import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { systemClock } from '#lib/app/platform/clock.ts';
import type { NodeConfig } from '#lib/app/protocol.ts';
import type { Reaction } from '#lib/channel/rounds/records.ts';
import { createNodePool } from '#lib/pow/worker/node-pool.ts';
import { createTableStore } from '#lib/store/table-store.ts';
import { placeOf } from '../../network/chain/contract.ts';
import { startPlayChain } from '../../network/chain/play-chain.ts';
import { must } from '../../network/peers/must.ts';
import { until } from '../../network/peers/until.ts';
import { pamsPictures } from '../../network/pictures/memes.ts';
import { startRelay } from '../../network/relay/relay.ts';
import { startStaticServer } from '../../network/static-server.ts';
import { openSqliteTables } from '../../network/store/sqlite-tables.ts';
import { startSuggester, type Suggester } from '../../network/suggester/serve.ts';
import { startBrowser } from './browser.ts';
import { expectAcknowledged, expectSigned, keptAnswer, openChannel, sign, tap } from './channel-person.ts';

/**
 * Kills a whole Chromium (`kill -9`) at each step of a round of a suggestion channel, and looks after each restart
 * whether the same answer is sent again, and never the other: `npm run test:crash:rounds -- --json` on a built app.
 * The suggester is a peer without a page whose records are in a file. Exits with 1 when anything is wrong.
 */
const { values } = parseArgs({ options: { json: { type: 'boolean', default: false } } });

/** When the browser dies; for `signing` so many ms after the person said "sign". */
const steps = [
	{ name: 'shown' },
	{ name: 'chosen' },
	...[0, 10, 30, 60, 120, 250].map((afterMs) => ({ name: 'signing', afterMs }) as const),
	{ name: 'unheard' },
	{ name: 'acknowledged' },
] as const;

const milli = 10n ** 15n;
const coin = 10n ** 18n;
const terms = {
	reward: 2n * milli,
	userBurn: 3n * milli,
	suggesterBurn: 9n * milli,
	bond: 10n * milli,
	maxRounds: 50,
	window: 3_600,
};

const chain = await must(startPlayChain({ chainPort: 0, blockTime: 0 }));
const relay = await must(startRelay({ port: 0 }));
const config: NodeConfig = {
	network: 'crash',
	relays: [relay.url],
	iceServers: [],
	parameters: { admissionComplexity: 64, baseComplexity: 64 },
	chains: [chain.config],
};
const server = await must(startStaticServer({ root: 'build', port: 0, config }));
const pool = createNodePool(systemClock);
const folder = mkdtempSync(join(tmpdir(), 'sweet-crash-'));
const choice = placeOf(chain.anvil);

/** The suggester on its file of records; ends with all of it closed, as a process that ends. */
async function suggest(): Promise<Suggester & { readonly end: () => void }> {
	const tables = await must(Promise.resolve(openSqliteTables(join(folder, 'suggester'))));
	const started = await startSuggester(createTableStore(tables), { config, pool, choice });
	return {
		...started,
		end() {
			started.peer.stop();
			tables.close();
		},
	};
}

let suggester = await suggest();
await chain.anvil.client.setBalance({ address: suggester.account, value: 10n * coin });
await must(suggester.queue(pamsPictures()));
await must(suggester.advertise(terms, coin));

const profile = join(folder, 'profile');
let browser = await startBrowser(profile);
const page = () => browser.page;
const address = await openChannel(page(), server.url, suggester.account, steps.length);
const totals = { kills: 0, rounds: 0, keptAfterKill: 0, lost: 0, changed: 0, equivocated: 0 };
const log: object[] = [];

for (const [index, step] of steps.entries()) {
	const round = index + 1;
	const kind: Reaction = index % 2 === 0 ? 'reward' : 'burn';
	const other: Reaction = kind === 'reward' ? 'burn' : 'reward';
	await keptAnswer(page(), round);
	if (step.name === 'unheard') suggester.end();
	if (step.name !== 'shown') await tap(page(), kind);
	if (step.name !== 'shown' && step.name !== 'chosen') await sign(page());
	if (step.name === 'signing') await new Promise((resolve) => setTimeout(resolve, step.afterMs));
	if (step.name === 'unheard') await expectSigned(page(), round);
	if (step.name === 'acknowledged') await expectAcknowledged(page(), round);
	await browser.kill();
	totals.kills += 1;

	if (step.name === 'unheard') suggester = await suggest();
	browser = await startBrowser(profile);
	await page().goto(address);
	const kept = await keptAnswer(page(), round);
	const told = step.name === 'unheard' || step.name === 'acknowledged';
	if (kept === undefined) {
		if (told) totals.lost += 1;
		// What was not kept was never signed: now the other answer may be given.
		await tap(page(), other);
		await sign(page());
	} else totals.keptAfterKill += 1;
	const wanted = kept === undefined ? other : kind;
	await expectAcknowledged(page(), round);
	const { sessions } = await until(suggester.peer, 'studio', ({ sessions: [session] }) =>
		Boolean(session?.history.some((one) => one.round === round)),
	);
	const [session] = sessions;
	const answers = session?.history.filter((one) => one.round === round).map((one) => one.kind) ?? [];
	const mine = await keptAnswer(page(), round);
	if (answers.length !== 1 || answers[0] !== wanted || mine !== wanted) totals.changed += 1;
	if (session?.equivocated) totals.equivocated += 1;
	totals.rounds += 1;
	log.push({ step: step.name, ...('afterMs' in step ? { afterMs: step.afterMs } : {}), kind, kept });
	if (!values.json) console.log(JSON.stringify(log.at(-1)));
}

await browser.kill();
suggester.end();
pool.stop();
await server.close();
await relay.close();
chain.stop();
rmSync(folder, { recursive: true, force: true });
console.log(JSON.stringify(totals));
process.exit(totals.lost + totals.changed + totals.equivocated === 0 ? 0 : 1);
