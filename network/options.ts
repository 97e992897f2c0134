import { err, ok, type Result } from '#lib/core/result.ts';
import { readFlags, type OptionError } from './command-line.ts';

export interface NetworkOptions {
	/** The page's port; 0 takes any free one. */
	readonly port: number;
	readonly relayPort: number;
	/** Headless peers to start. */
	readonly peers: number;
	/** The chain's port; `undefined` runs without one. */
	readonly chainPort: number | undefined;
	/** Seconds between the chain's blocks; 0 makes one for each transaction at once. */
	readonly blockTime: number;
	readonly help: boolean;
}

const defaults = { port: 4180, relayPort: 4181, peers: 5, chainPort: 4182, blockTime: 2 } as const;
const mostPeers = 50;
const mostBlockTime = 60;

export const usage = `
npm start -- [options]
  --port N         the page's port (PORT, default ${defaults.port}; 0 = any free one)
  --relay-port N   the relay's port (RELAY_PORT, default ${defaults.relayPort}; 0 = any free one)
  --peers N        headless peers, 0 to ${mostPeers} (default ${defaults.peers})
  --chain-port N   the EVM chain's port (CHAIN_PORT, default ${defaults.chainPort}; 0 = any free one, "none" = no memes)
  --block-time N   seconds between its blocks, 0 to ${mostBlockTime} (default ${defaults.blockTime}; 0 = one for each transaction)
  --help           this text`;

const flags = {
	port: { type: 'string' },
	'relay-port': { type: 'string' },
	peers: { type: 'string' },
	'chain-port': { type: 'string' },
	'block-time': { type: 'string' },
	help: { type: 'boolean' },
} as const;

/** Reads the command line, and `PORT` and `RELAY_PORT` where it is silent. */
export function parseOptions(
	args: readonly string[],
	env: Readonly<Record<string, string | undefined>>,
): Result<NetworkOptions, OptionError> {
	const refuse = (detail: string) => err({ type: 'option', detail } as const);
	const read = readFlags(args, flags);
	if (!read.ok) return read;
	const given = read.value;
	const port = number('--port', given.port ?? env['PORT'], defaults.port, 65_535);
	const relayPort = number(
		'--relay-port',
		given['relay-port'] ?? env['RELAY_PORT'],
		defaults.relayPort,
		65_535,
	);
	const peers = number('--peers', given.peers, defaults.peers, mostPeers);
	const chainText = given['chain-port'] ?? env['CHAIN_PORT'];
	const chainPort =
		chainText === 'none' ? ok(undefined) : number('--chain-port', chainText, defaults.chainPort, 65_535);
	const blockTime = number('--block-time', given['block-time'], defaults.blockTime, mostBlockTime);
	if (!port.ok) return refuse(port.error);
	if (!relayPort.ok) return refuse(relayPort.error);
	if (!peers.ok) return refuse(peers.error);
	if (!chainPort.ok) return refuse(chainPort.error);
	if (!blockTime.ok) return refuse(blockTime.error);
	const ports = [port.value, relayPort.value, chainPort.value ?? 0].filter((one) => one !== 0);
	if (new Set(ports).size < ports.length)
		return refuse('The page, the relay and the chain need different ports.');
	return ok({
		port: port.value,
		relayPort: relayPort.value,
		peers: peers.value,
		chainPort: chainPort.value,
		blockTime: blockTime.value,
		help: given.help ?? false,
	});
}

function number(
	name: string,
	text: string | undefined,
	otherwise: number,
	most: number,
): Result<number, string> {
	if (text === undefined || text === '') return ok(otherwise);
	const sound = /^\d{1,5}$/.test(text) && Number(text) <= most;
	return sound ? ok(Number(text)) : err(`${name}: "${text}" is not a number from 0 to ${most}.`);
}
