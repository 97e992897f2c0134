import { parseChains } from '#lib/channel/chain-config.ts';
import { err, ok, type Result } from '#lib/core/result.ts';
import { isRelayUrl as isRelayUrlText } from '#lib/gossip/wire/relay-url.ts';
import type { LightningNetwork } from '#lib/wallet/lightning/port.ts';
import type { NodeConfig, NodeParameters } from './protocol.ts';

export interface ConfigError {
	readonly type: 'config';
	readonly detail: string;
}

/** What each deployment parameter may be; a value outside makes the whole configuration refused. */
const ranges: { readonly [K in keyof NodeParameters]: readonly [min: number, max: number] } = {
	admissionComplexity: [0, 2 ** 34],
	baseComplexity: [1, 2 ** 34],
	thankYouTimeoutMs: [1_000, 24 * 3_600_000],
	replyLockMs: [1_000, 24 * 3_600_000],
	askTimeoutMs: [200, 60_000],
	targetLinks: [1, 16],
	walksPerMinute: [0, 600],
};

const lightningNetworks = ['bc', 'tb', 'tbs', 'bcrt'] as const satisfies readonly LightningNetwork[];
const isLightningNetwork = (value: unknown): value is LightningNetwork =>
	lightningNetworks.some((name) => name === value);
const maxRelays = 8;
export const maxIceServers = 8;
const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
	typeof value === 'object' && value !== null && !Array.isArray(value);
const isText = (value: unknown, max: number): value is string =>
	typeof value === 'string' && value.length > 0 && value.length <= max;

/** A signalling relay, as far as gossip/wire/relay-url.ts lets one be named. */
export const isRelayUrl = (url: unknown): url is string => typeof url === 'string' && isRelayUrlText(url);

export const isIceServer = (value: unknown): value is NodeConfig['iceServers'][number] =>
	isObject(value) &&
	isText(value['urls'], 256) &&
	/^(stun|turns?):[^\s]+$/.test(value['urls']) &&
	['username', 'credential'].every((name) => value[name] === undefined || isText(value[name], 256));

/** Parses /config.json, the deployment's settings. */
export function parseConfig(json: string): Result<NodeConfig, ConfigError> {
	const refuse = (detail: string) => err({ type: 'config', detail } as const);
	if (json.length > 16_384) return refuse('over 16 KiB');
	let value: unknown;
	try {
		value = JSON.parse(json);
	} catch {
		return refuse('not JSON');
	}
	if (!isObject(value)) return refuse('not an object');
	const { network, relays, lightning, iceServers = [], parameters = {}, chains = [] } = value;
	if (typeof network !== 'string' || !/^[a-z0-9-]{1,32}$/.test(network))
		return refuse('network: 1..32 of a-z, 0-9 and -');
	if (!Array.isArray(relays) || relays.length > maxRelays || !relays.every(isRelayUrl))
		return refuse(`relays: up to ${maxRelays} wss:// URLs`);
	if (!Array.isArray(iceServers) || iceServers.length > maxIceServers || !iceServers.every(isIceServer))
		return refuse('iceServers: a short list of stun: or turn: servers');
	if (lightning !== undefined && !isLightningNetwork(lightning))
		return refuse(`lightning: one of ${lightningNetworks.join(', ')}`);
	const parsedChains = parseChains(chains);
	if (!parsedChains.ok) return refuse(`chains: ${parsedChains.error}`);
	if (!isObject(parameters)) return refuse('parameters: an object');
	const known: Partial<Record<keyof NodeParameters, number>> = {};
	for (const [name, given] of Object.entries(parameters)) {
		if (!Object.hasOwn(ranges, name)) return refuse(`parameters.${name}: unknown`);
		const key = name as keyof NodeParameters;
		const [min, max] = ranges[key];
		if (typeof given !== 'number' || !(given >= min && given <= max))
			return refuse(`parameters.${name}: a number from ${min} to ${max}`);
		known[key] = given;
	}
	return ok({
		network,
		relays,
		iceServers,
		parameters: known,
		chains: parsedChains.value,
		...(lightning === undefined ? {} : { lightning }),
	});
}
