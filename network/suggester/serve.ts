import { privateKeyToAccount } from 'viem/accounts';
import type { ChainChoice } from '#lib/app/memes/protocol.ts';
import type { NodeConfig } from '#lib/app/protocol.ts';
import type { Address, Word } from '#lib/channel/address.ts';
import type { ChainError, Terms, Wallet } from '#lib/channel/ports.ts';
import { err, type Result } from '#lib/core/result.ts';
import type { PowPool } from '#lib/pow/worker/pool.ts';
import type { RecordStore } from '#lib/store/port.ts';
import { createChainReader } from '#lib/wallet/evm/reads.ts';
import { createNodeWallet } from '#lib/wallet/evm/wallet.ts';
import { newDeviceKey } from '../store/row-codec.ts';
import { startHeadlessPeer, type HeadlessPeer } from '../peers/headless.ts';
import { until } from '../peers/until.ts';
import type { FolderPicture } from './folder.ts';

/** A suggester that outlives its process: its account is the built-in wallet of its own store. */
export interface Suggester {
	readonly peer: HeadlessPeer;
	readonly account: Address;
	/** Queues what is not queued yet; gives how many were. */
	queue(pictures: readonly FolderPicture[]): Promise<number>;
	/** Advertises the terms, and adds to the escrow what lacks, unless the chain has all of it already. */
	advertise(
		terms: Omit<Terms, 'key' | 'url'>,
		escrow: bigint,
	): Promise<Result<'new' | 'as-before', ChainError>>;
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
		newDeviceKey,
		chain: {
			openChain: (place) => Promise.resolve(createChainReader(place)),
			wallet: (place) => (wallet.key === undefined ? noWallet : createNodeWallet(place, wallet.key)),
		},
	});
	await until(peer, 'keys', ({ state }) => state !== 'opening');
	const { key } = await must(peer.command('burnerKey', {}));
	wallet.key = key;
	const account = privateKeyToAccount(key).address.toLowerCase() as Address;
	await must(peer.command('useChain', choice));
	await must(peer.command('setUpStudio', { account }));
	const reader = createChainReader(choice);

	return {
		peer,
		account,
		async queue(pictures) {
			let queued = 0;
			const known = () => new Set(peer.slice('studio').pictures.map(({ sha256 }) => sha256));
			for (const { name, bytes } of pictures) {
				const before = known().size;
				await must(peer.command('addPicture', { name, bytes }));
				if (known().size > before) queued++;
			}
			return queued;
		},
		async advertise(terms, escrow) {
			const listed = await reader.listing(account);
			if (!listed.ok) return listed;
			const { key: served, url } = await until(peer, 'studio', (studio) => studio.key !== undefined);
			const wanted: Terms = { ...terms, key: served ?? account, url: url ?? '' };
			const amount = escrow > listed.value.escrow ? escrow - listed.value.escrow : 0n;
			if (sameTerms(listed.value.terms, wanted) && amount === 0n) return { ok: true, value: 'as-before' };
			await must(peer.command('advertise', { terms, amount }));
			const { transaction } = await until(
				peer,
				'studio',
				(studio) => studio.transaction?.error !== undefined || sameTerms(studio.listing?.terms, wanted),
			);
			return transaction?.error ? err(transaction.error) : { ok: true, value: 'new' };
		},
	};
}

const sameTerms = (listed: Terms | undefined, wanted: Terms): boolean =>
	(Object.keys(wanted) as (keyof Terms)[]).every((name) => wanted[name] === listed?.[name]);

const notReady = err({ type: 'chain', code: 'no-wallet', detail: 'its keys are not open yet' } as const);
const noWallet: Wallet = {
	submit: () => Promise.resolve(notReady),
	sign: () => Promise.resolve(notReady),
};

async function must<T>(
	answer: Promise<{ ok: true; value: T } | { ok: false; error: { detail: string } }>,
): Promise<T> {
	const given = await answer;
	if (!given.ok) throw new Error(given.error.detail);
	return given.value;
}
