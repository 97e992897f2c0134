import { parseAddress } from '#lib/channel/address.ts';
import type { ChainChoice } from './protocol.ts';

/** Reads a chain choice that was stored or sent; undefined when it is none. */
export function parseChoice(value: unknown): ChainChoice | undefined {
	if (typeof value !== 'object' || value === null) return undefined;
	const { chainId, contract, rpcs } = value as Readonly<Record<string, unknown>>;
	const address = typeof contract === 'string' ? parseAddress(contract) : undefined;
	const sound =
		typeof chainId === 'number' &&
		Number.isSafeInteger(chainId) &&
		Array.isArray(rpcs) &&
		rpcs.length <= 16 &&
		rpcs.every((rpc): rpc is string => typeof rpc === 'string' && rpc.length <= 512);
	return sound && address ? { chainId, contract: address, rpcs } : undefined;
}
