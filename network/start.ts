import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { systemClock } from '#lib/app/platform/clock.ts';
import { systemRandom } from '#lib/app/platform/random.ts';
import type { NodeConfig } from '#lib/app/protocol.ts';
import { createNodePool } from '#lib/pow/worker/node-pool.ts';
import { sats } from '#lib/wallet/lightning/msat.ts';
import { startPlayChain } from './chain/play-chain.ts';
import { startSeededSuggesters } from './chain/suggesters.ts';
import { parseOptions, usage } from './options.ts';
import { playWorker } from './peers/demo-worker.ts';
import { startHeadlessPeer, type HeadlessPeer } from './peers/headless.ts';
import { must } from './peers/must.ts';
import { personas } from './peers/personas.ts';
import { startPlayMoney } from './play-money.ts';
import { startRelay } from './relay/relay.ts';
import { startStaticServer } from './static-server.ts';

/**
 * A whole network on this machine: a signalling relay, the app, and headless peers that follow topics and answer
 * jobs. Everything listens on the loopback address only and ends with Ctrl-C.
 */
const root = fileURLToPath(new URL('../build', import.meta.url));

function giveUp(line: string): never {
	console.error(line);
	process.exit(1);
}

const parsed = parseOptions(process.argv.slice(2), process.env);
if (!parsed.ok) giveUp(`${parsed.error.detail}\n${usage}`);
const options = parsed.value;
if (options.help) {
	console.log(usage);
	process.exit(0);
}
if (!existsSync(`${root}/200.html`))
	giveUp('There is no built app yet: run "npm run build" first, or "npm start", which does both.');

const relay = await startRelay({ port: options.relayPort });
if (!relay.ok) giveUp(`${relay.error.detail} Choose another with --relay-port.`);

const chain = await startPlayChain(options);
if (!chain.ok) console.error(`  Running without memes: ${chain.error.detail}.`);

const config: NodeConfig = {
	network: 'sweet-local',
	relays: [relay.value.url],
	lightning: 'bcrt',
	iceServers: [],
	// One machine pays for all peers here, so that work is cheaper than between strangers' devices.
	parameters: { admissionComplexity: 2 ** 16, baseComplexity: 2 ** 20 },
	chains: chain.ok ? [chain.value.config] : [],
};
const money = startPlayMoney(relay.value.url);
/** Where a page gets a wallet with play money, and how much is in it, sats. */
const demoWallet = { path: '/demo-wallet', sats: 100_000 } as const;
/** What each demo worker begins with, sats. */
const workerSats = 10_000;
const server = await startStaticServer({
	root,
	port: options.port,
	config: { ...config, demoWallet: demoWallet.path },
	post: { [demoWallet.path]: () => ({ uri: money.open('visitor', demoWallet.sats).uri }) },
});
if (!server.ok) giveUp(`${server.error.detail} Choose another with --port.`);

const pool = createNodePool(systemClock);
const peers: HeadlessPeer[] = [];
for (let i = 0; i < options.peers; i++) {
	const persona = personas[i % personas.length];
	if (persona) peers.push(await startWorker(persona, config));
}
if (chain.ok) peers.push(...(await startSeededSuggesters(chain.value.anvil, config, pool)));

console.log(
	`\n  Sweet Gossip is running with ${peers.length} headless peers.\n\n  Open  ${server.value.url}\n\n  Ctrl-C ends everything.\n`,
);

async function startWorker(
	persona: (typeof personas)[number],
	peerConfig: NodeConfig,
): Promise<HeadlessPeer> {
	const peer = await startHeadlessPeer({ config: peerConfig, pool });
	playWorker(peer, persona, systemClock, systemRandom);
	const { topics, name, prices } = persona;
	await peer.command('saveSettings', { ...peer.slice('settings'), topics, name });
	await must(peer.command('connectWallet', { kind: 'nwc', uri: money.open(name, workerSats).uri }));
	const asked = { favourMsat: sats(prices.favour), replyMsat: sats(prices.reply) };
	await must(peer.command('setSpending', { ...peer.slice('lightning').policy, ...asked }));
	return peer;
}

let ending = false;
async function end(): Promise<void> {
	if (ending) return;
	ending = true;
	for (const peer of peers) peer.stop();
	pool.stop();
	if (chain.ok) chain.value.stop();
	money.stop();
	if (server.ok) await server.value.close();
	if (relay.ok) await relay.value.close();
	process.exit(0);
}
process.on('SIGINT', () => void end());
process.on('SIGTERM', () => void end());
