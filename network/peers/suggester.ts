import type { ChainChoice } from '#lib/app/memes/protocol.ts';
import type { Address } from '#lib/channel/address.ts';
import type { Terms } from '#lib/channel/ports.ts';
import type { Bytes } from '#lib/core/brand.ts';
import type { HeadlessPeer } from './headless.ts';

export interface SuggesterPlay {
	readonly choice: ChainChoice;
	/** Its escrow backs the channels; the peer's wallet must be able to send from it. */
	readonly account: Address;
	readonly terms: Omit<Terms, 'key' | 'url'>;
	/** Put into the escrow with the terms, in wei. */
	readonly escrow: bigint;
	readonly pictures: readonly { readonly name: string; readonly bytes: Bytes }[];
}

/**
 * Makes a headless peer a suggester: reads the chain, queues the pictures, advertises. From then on it serves by
 * itself, as a tab with the studio does. It acts only through the commands a person has; resolves once it is listed.
 */
export async function playSuggester(
	peer: Pick<HeadlessPeer, 'command' | 'slice' | 'watch'>,
	{ choice, account, terms, escrow, pictures }: SuggesterPlay,
): Promise<void> {
	await must(peer.command('useChain', choice));
	await must(peer.command('setUpStudio', { account }));
	for (const picture of pictures) await must(peer.command('addPicture', picture));
	await must(peer.command('advertise', { terms, amount: escrow }));
	await new Promise<void>((resolve, reject) => {
		const look = () => {
			const { listing, transaction } = peer.slice('studio');
			if (transaction?.error) {
				unwatch();
				reject(new Error(`advertising failed: ${transaction.error.detail}`));
			}
			if (!listing || listing.terms.maxRounds === 0) return;
			unwatch();
			resolve();
		};
		const unwatch = peer.watch(look);
		look();
	});
}

async function must(answer: ReturnType<HeadlessPeer['command']>): Promise<void> {
	const given = await answer;
	if (!given.ok) throw new Error(given.error.detail);
}
