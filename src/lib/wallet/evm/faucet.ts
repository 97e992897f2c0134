import { createTestClient, http } from 'viem';
import type { Address } from '#lib/channel/address.ts';
import type { ChainError } from '#lib/channel/ports.ts';
import { ok, type Result } from '#lib/core/result.ts';
import { devChainId, viemChain, type ChainPlace } from './chains.ts';
import { chainError, refuse } from './error.ts';

/** What a newcomer gets: play money for a few hundred suggestions, in wei. */
const gift = 10n ** 18n;

/** Sets the balance of an account of the development chain; no other chain knows how. */
export async function fundOnDevChain(place: ChainPlace, address: Address): Promise<Result<null, ChainError>> {
	if (place.chainId !== devChainId)
		return refuse('wrong-chain', 'only the development chain gives money away');
	const client = createTestClient({ mode: 'anvil', chain: viemChain(place), transport: http(place.rpcs[0]) });
	try {
		await client.setBalance({ address, value: gift });
		return ok(null);
	} catch (fault) {
		return { ok: false, error: chainError(fault) };
	}
}
