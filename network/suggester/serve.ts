import { privateKeyToAccount } from 'viem/accounts';
import type { ChainChoice } from '#lib/app/memes/protocol.ts';
import type { NodeConfig } from '#lib/app/protocol.ts';
import type { Address, Word } from '#lib/channel/address.ts';
import type { Wallet } from '#lib/channel/ports.ts';
import { err } from '#lib/core/result.ts';
import type { PowPool } from '#lib/pow/worker/pool.ts';
import type { RecordStore } from '#lib/store/port.ts';
import { createChainReader } from '#lib/wallet/evm/reads.ts';
import { createNodeWallet } from '#lib/wallet/evm/wallet.ts';
import { newDeviceKey } from '#lib/wallet/vault/seal.ts';
import { startHeadlessPeer, type HeadlessPeer } from '../peers/headless.ts';
import { must } from '../peers/must.ts';
import { until } from '../peers/until.ts';
import { openStudio, type Studio } from './studio.ts';

/** A suggester that outlives its process: its account is the built-in wallet of its own store. */
export interface Suggester extends Studio {
	readonly peer: HeadlessPeer;
	readonly account: Address;
}

export async function startSuggester(
	store: RecordStore,
	{
		config,
		pool,
		choice,
	}: { readonly config: NodeConfig; readonly pool: PowPool; readonly choice: ChainChoice },
): Promise<Suggester> {
	/** Known once the peer has opened its keys. */
	const wallet: { key?: Word } = {};
	const peer = await startHeadlessPeer({
		config,
		pool,
		store,
		// A file cannot keep a key without its bytes.
		newDeviceKey: () => newDeviceKey(true),
		chain: {
			openChain: (place) => Promise.resolve(createChainReader(place)),
			wallet: (place) => (wallet.key === undefined ? noWallet : createNodeWallet(place, wallet.key)),
		},
	});
	await until(peer, 'keys', ({ state }) => state !== 'opening');
	const { key } = await must(peer.command('burnerKey', {}));
	wallet.key = key;
	const account = privateKeyToAccount(key).address.toLowerCase() as Address;
	return { peer, account, ...(await openStudio(peer, choice, account)) };
}

const notReady = err({ type: 'chain', code: 'no-wallet', detail: 'its keys are not open yet' } as const);
const noWallet: Wallet = {
	submit: () => Promise.resolve(notReady),
	sign: () => Promise.resolve(notReady),
};
