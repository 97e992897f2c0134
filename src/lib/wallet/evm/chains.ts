import { defineChain, type Chain } from 'viem';
import type { Address } from '#lib/channel/address.ts';

/** A contract on a chain, and where it is read: endpoints in the order they are asked. */
export interface ChainPlace {
	readonly chainId: number;
	readonly contract: Address;
	readonly rpcs: readonly string[];
}

/** A chain that lives in one process on somebody's own machine: no block of it is ever reorganised away. */
export const devChainId = 31_337;

/** A chain in the form viem and wallets take. `name` is what a wallet shows when it is asked to add it. */
export const viemChain = (
	{ chainId, rpcs }: Pick<ChainPlace, 'chainId' | 'rpcs'>,
	name = `Chain ${chainId}`,
	coin = 'ETH',
): Chain =>
	defineChain({
		id: chainId,
		name,
		nativeCurrency: { name: coin, symbol: coin, decimals: 18 },
		rpcUrls: { default: { http: [...rpcs] } },
	});
