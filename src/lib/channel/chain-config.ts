import { err, ok, type Result } from '#lib/core/result.ts';
import type { Address } from './address.ts';

/** A chain that channels can be opened on, as a deployment configures it. */
export interface ChainConfig {
	/** EIP-155 chain id. */
	readonly id: number;
	/** What people call it. */
	readonly name: string;
	/** JSON-RPC endpoints, in the order they are asked. */
	readonly rpcs: readonly string[];
	/** The contract, or the address it will have once somebody deploys it there. */
	readonly contract: Address;
	/** What its coin is called, and what kind of money it is. */
	readonly coin: string;
	readonly money: 'play' | 'test' | 'real';
}

const limits = { chains: 8, rpcs: 8, name: 32, coin: 8, url: 256 } as const;

const isText = (value: unknown, max: number): value is string =>
	typeof value === 'string' && value.length > 0 && value.length <= max;

/** JSON-RPC may be asked over https, and unencrypted on this machine only. */
export function isRpcUrl(value: unknown): value is string {
	if (!isText(value, limits.url)) return false;
	let url: URL;
	try {
		url = new URL(value);
	} catch {
		return false;
	}
	if (url.username !== '' || url.password !== '' || url.hash !== '') return false;
	if (url.protocol === 'https:') return true;
	return url.protocol === 'http:' && (url.hostname === '127.0.0.1' || url.hostname === 'localhost');
}

/** Parses the `chains` of /config.json; the error is a sentence's half for whoever wrote it. */
export function parseChains(value: unknown): Result<readonly ChainConfig[], string> {
	if (!Array.isArray(value) || value.length > limits.chains) return err(`a list of up to ${limits.chains}`);
	const chains: ChainConfig[] = [];
	for (const item of value as readonly unknown[]) {
		if (typeof item !== 'object' || item === null) return err('each an object');
		const { id, name, rpcs, contract, coin, money } = item as Readonly<Record<string, unknown>>;
		if (typeof id !== 'number' || !Number.isSafeInteger(id) || id < 1) return err('id: an EIP-155 chain id');
		if (chains.some((chain) => chain.id === id)) return err(`${id} is there twice`);
		if (!isText(name, limits.name) || !isText(coin, limits.coin))
			return err(`${id}: name and coin are short`);
		if (!Array.isArray(rpcs) || rpcs.length === 0 || rpcs.length > limits.rpcs || !rpcs.every(isRpcUrl))
			return err(`${id}: rpcs are 1 to ${limits.rpcs} https URLs`);
		if (typeof contract !== 'string' || !/^0x[0-9a-f]{40}$/.test(contract))
			return err(`${id}: contract is an address in lower case`);
		if (money !== 'play' && money !== 'test' && money !== 'real')
			return err(`${id}: money is play, test or real`);
		chains.push({ id, name, rpcs, contract: contract as Address, coin, money });
	}
	return ok(chains);
}
