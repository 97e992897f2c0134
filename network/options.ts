import { parseArgs } from 'node:util';
import { err, ok, type Result } from '#lib/core/result.ts';

export interface NetworkOptions {
	/** The page's port; 0 takes any free one. */
	readonly port: number;
	readonly relayPort: number;
	/** Headless peers to start. */
	readonly peers: number;
	readonly help: boolean;
}

export interface OptionError {
	readonly type: 'option';
	/** One line for a person. */
	readonly detail: string;
}

const defaults = { port: 4180, relayPort: 4181, peers: 5 } as const;
const mostPeers = 50;

export const usage = `
npm start -- [options]
  --port N         the page's port (PORT, default ${defaults.port}; 0 = any free one)
  --relay-port N   the relay's port (RELAY_PORT, default ${defaults.relayPort}; 0 = any free one)
  --peers N        headless peers, 0 to ${mostPeers} (default ${defaults.peers})
  --help           this text`;

const flags = {
	port: { type: 'string' },
	'relay-port': { type: 'string' },
	peers: { type: 'string' },
	help: { type: 'boolean' },
} as const;

/** Reads the command line, and `PORT` and `RELAY_PORT` where it is silent. */
export function parseOptions(
	args: readonly string[],
	env: Readonly<Record<string, string | undefined>>,
): Result<NetworkOptions, OptionError> {
	const refuse = (detail: string) => err({ type: 'option', detail } as const);
	let given: ReturnType<typeof parseArgs<{ options: typeof flags }>>['values'];
	try {
		given = parseArgs({ args: [...args], options: flags }).values;
	} catch (fault) {
		return refuse(fault instanceof Error ? fault.message : String(fault));
	}
	const port = number('--port', given.port ?? env['PORT'], defaults.port, 65_535);
	const relayPort = number(
		'--relay-port',
		given['relay-port'] ?? env['RELAY_PORT'],
		defaults.relayPort,
		65_535,
	);
	const peers = number('--peers', given.peers, defaults.peers, mostPeers);
	if (!port.ok) return refuse(port.error);
	if (!relayPort.ok) return refuse(relayPort.error);
	if (!peers.ok) return refuse(peers.error);
	if (port.value === relayPort.value && port.value !== 0)
		return refuse('The page and the relay need two different ports.');
	return ok({ port: port.value, relayPort: relayPort.value, peers: peers.value, help: given.help ?? false });
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
