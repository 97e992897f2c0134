import type { ChainChoice } from '#lib/app/memes/protocol.ts';
import type { Address } from '#lib/channel/address.ts';
import type { ChainError, Listing, Terms } from '#lib/channel/ports.ts';
import type { Bytes } from '#lib/core/brand.ts';
import { err, ok, type Result } from '#lib/core/result.ts';
import { createChainReader } from '#lib/wallet/evm/reads.ts';
import type { HeadlessPeer } from '../peers/headless.ts';
import { must } from '../peers/must.ts';
import { until } from '../peers/until.ts';

export interface Picture {
	readonly name: string;
	readonly bytes: Bytes;
}

/** The studio of a headless peer. It acts only through the commands a person has. */
export interface Studio {
	/** Queues what is not queued yet; gives how many were, or why one could not be. */
	queue(pictures: readonly Picture[]): Promise<Result<number, { readonly detail: string }>>;
	/** Advertises the terms unless the chain has them already. The escrow, wei, goes in with the first ones only. */
	advertise(
		terms: Omit<Terms, 'key' | 'url'>,
		escrow: bigint,
	): Promise<Result<'new' | 'as-before', ChainError>>;
}

/**
 * Makes a headless peer a suggester, which from then on serves by itself, as a tab with the studio does.
 *
 * @param account its escrow backs the channels; the peer's wallet must be able to send from it.
 */
export async function openStudio(
	peer: Pick<HeadlessPeer, 'command' | 'slice' | 'watch'>,
	choice: ChainChoice,
	account: Address,
): Promise<Studio> {
	await must(peer.command('useChain', choice));
	await must(peer.command('setUpStudio', { account }));
	const reader = createChainReader(choice);
	const {
		key = account,
		url = '',
		pictures,
	} = await until(peer, 'studio', (studio) => studio.key !== undefined);
	const queued = new Set(pictures.map(({ sha256 }) => sha256));

	return {
		async queue(offered) {
			const before = queued.size;
			for (const { name, bytes } of offered) {
				const added = await peer.command('addPicture', { name, bytes });
				if (!added.ok) return added;
				queued.add(added.value.sha256);
			}
			return ok(queued.size - before);
		},
		async advertise(terms, escrow) {
			const listed = await reader.listing(account);
			if (!listed.ok) return listed;
			const wanted: Terms = { ...terms, key, url };
			if (sameTerms(listed.value.terms, wanted)) return ok('as-before');
			await must(peer.command('advertise', { terms, amount: isListed(listed.value) ? 0n : escrow }));
			const { transaction } = await until(
				peer,
				'studio',
				(studio) => studio.transaction?.error !== undefined || sameTerms(studio.listing?.terms, wanted),
			);
			return transaction?.error ? err(transaction.error) : ok('new');
		},
	};
}

/** It has advertised before: what is not in its escrow now may be in channels. */
export const isListed = ({ terms }: Listing): boolean => terms.maxRounds > 0;

const sameTerms = (listed: Terms | undefined, wanted: Terms): boolean =>
	(Object.keys(wanted) as (keyof Terms)[]).every((name) => wanted[name] === listed?.[name]);
