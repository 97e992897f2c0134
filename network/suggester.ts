import { readFileSync } from 'node:fs';
import { formatEther } from 'viem';
import type { ChainChoice } from '#lib/app/memes/protocol.ts';
import { parseConfig } from '#lib/app/config.ts';
import { systemClock } from '#lib/app/platform/clock.ts';
import type { NodeConfig } from '#lib/app/protocol.ts';
import type { Address } from '#lib/channel/address.ts';
import { createNodePool } from '#lib/pow/worker/node-pool.ts';
import { createTableStore } from '#lib/store/table-store.ts';
import { fundOnDevChain } from '#lib/wallet/evm/faucet.ts';
import { createChainReader } from '#lib/wallet/evm/reads.ts';
import { openSqliteTables } from './store/sqlite-tables.ts';
import { readFolder, watchFolder } from './suggester/folder.ts';
import { parseSuggesterOptions, usage, type SuggesterOptions } from './suggester/options.ts';
import { startSuggester } from './suggester/serve.ts';
import { isListed } from './suggester/studio.ts';

/** A suggester without a browser: `npm run suggester -- --pictures DIR`. Its records survive it. */

/** Gas of advertising and of some closes, wei. */
const gasMoney = 10n ** 16n;
const balancePollMs = 5_000;

function giveUp(line: string): never {
	console.error(line);
	process.exit(1);
}

const options = readOptions();
const { pictures, data, terms, escrow } = options;

const config = await readConfig(options.config);
const choice = chooseChain(config, options.chain);
const tables = openSqliteTables(data);
if (!tables.ok) giveUp(`The records in ${data} do not open: ${tables.error.detail}.`);

const pool = createNodePool(systemClock);
const suggester = await startSuggester(createTableStore(tables.value), { config, pool, choice });
const { peer, account } = suggester;
console.log(`\n  Account ${account}, its keys and records in ${data}`);

let stocked = stock();
await stocked;
const unwatchFolder = watchFolder(pictures, () => {
	stocked = stocked.then(stock);
});
await awaitMoney(account);
const listed = await suggester.advertise(terms, escrow);
if (!listed.ok) giveUp(`Advertising failed: ${listed.error.detail}.`);
console.log(
	listed.value === 'new' ? '  Advertised.' : '  The terms on the chain are these already.',
	'Serving; Ctrl-C ends it, and nothing is lost.\n',
);

let told = '';
peer.watch((name) => {
	if (name !== 'studio') return;
	const { sessions, earned, burned, log } = peer.slice('studio');
	const online = sessions.filter((session) => session.peer === 'online').length;
	const line = `  ${online} of ${sessions.length} channels online, earned ${formatEther(earned)}, burned ${formatEther(burned)}, last ask ${log[0]?.outcome ?? 'none'}`;
	if (line !== told) console.log(line);
	told = line;
});

function end(): void {
	unwatchFolder();
	peer.stop();
	pool.stop();
	process.exit(0);
}
process.on('SIGINT', end);
process.on('SIGTERM', end);

function readOptions(): SuggesterOptions {
	const parsed = parseSuggesterOptions(process.argv.slice(2));
	if (!parsed.ok) giveUp(`${parsed.error.detail}\n${usage}`);
	if (parsed.value !== 'help') return parsed.value;
	console.log(usage);
	process.exit(0);
}

async function stock(): Promise<void> {
	const folder = readFolder(pictures, options);
	if (!folder.ok) giveUp(`The pictures cannot be read: ${folder.error.detail}.`);
	for (const { name, why } of folder.value.leftOut) console.error(`  Left out: ${name}: ${why}.`);
	const queued = await suggester.queue(folder.value.pictures);
	if (!queued.ok) giveUp(`A picture cannot be kept: ${queued.error.detail}.`);
	if (queued.value > 0) console.log(`  ${queued.value} new pictures queued.`);
}

/** The escrow comes out of the account: on the development chain it is given, elsewhere the person sends it. */
async function awaitMoney(to: Address): Promise<void> {
	const reader = createChainReader(choice);
	const listing = await reader.listing(to);
	const lacking = listing.ok && isListed(listing.value) ? 0n : escrow;
	const needed = lacking + gasMoney;
	const before = await reader.balance(to);
	if (before.ok && before.value < needed) await fundOnDevChain(choice, to);
	for (let asked = false; ; asked = true) {
		const balance = await reader.balance(to);
		if (balance.ok && balance.value >= needed) return;
		if (balance.ok && !asked)
			console.log(`  Waiting for ${formatEther(needed - balance.value)} coins sent to ${to} …`);
		if (!balance.ok && !asked)
			console.error(`  The chain does not answer: ${balance.error.detail}. Trying again …`);
		await new Promise((resolve) => setTimeout(resolve, balancePollMs));
	}
}

async function readConfig(from: string): Promise<NodeConfig> {
	let text: string;
	try {
		text = /^https?:\/\//.test(from) ? await (await fetch(from)).text() : readFileSync(from, 'utf8');
	} catch (fault) {
		const why = fault instanceof Error ? fault.message : String(fault);
		giveUp(`No configuration from ${from}: ${why}. Is "npm start" running? Another goes by --config.`);
	}
	const parsed = parseConfig(text);
	if (!parsed.ok) giveUp(`${from} is no configuration: ${parsed.error.detail}.`);
	return parsed.value;
}

function chooseChain({ chains = [] }: NodeConfig, id: number | undefined): ChainChoice {
	const fitting = chains.filter((one) => id === undefined || one.id === id);
	const [chain, another] = fitting;
	if (!chain) giveUp('This configuration has no such chain.');
	if (another) giveUp(`Which chain? --chain ${fitting.map((one) => one.id).join(' or ')}.`);
	return { chainId: chain.id, contract: chain.contract, rpcs: chain.rpcs };
}
