import { privateKeyToAccount } from 'viem/accounts';
import type { Address } from '#lib/channel/address.ts';
import type { Terms } from '#lib/channel/ports.ts';
import type { NodeConfig } from '#lib/app/protocol.ts';
import type { PowPool } from '#lib/pow/worker/pool.ts';
import { createChainReader } from '#lib/wallet/evm/reads.ts';
import { createNodeWallet } from '#lib/wallet/evm/wallet.ts';
import { startHeadlessPeer, type HeadlessPeer } from '../peers/headless.ts';
import { must } from '../peers/must.ts';
import { openStudio } from '../suggester/studio.ts';
import { bobsPictures, pamsPictures, type Meme } from '../pictures/memes.ts';
import type { Anvil } from './anvil.ts';
import { placeOf, playKey } from './contract.ts';

const milli = 10n ** 15n;
const coin = 10n ** 18n;

interface Seeded {
	readonly name: string;
	readonly pictures: () => readonly Meme[];
	readonly terms: Omit<Terms, 'key' | 'url'>;
}

/** Two suggesters of play money: one worth its price, one cheap for a reason. */
const seeded: readonly Seeded[] = [
	{
		name: 'Pixel Pam',
		pictures: pamsPictures,
		terms: {
			reward: 2n * milli,
			userBurn: 3n * milli,
			suggesterBurn: 9n * milli,
			bond: 10n * milli,
			maxRounds: 50,
			window: 3_600,
		},
	},
	{
		name: 'Beige Bob',
		pictures: bobsPictures,
		terms: {
			reward: milli,
			userBurn: milli,
			suggesterBurn: milli,
			bond: 5n * milli,
			maxRounds: 50,
			window: 3_600,
		},
	},
];

/** Starts the two as headless peers with money, escrow and pictures. */
export async function startSeededSuggesters(
	anvil: Anvil,
	config: NodeConfig,
	pool: PowPool,
): Promise<readonly HeadlessPeer[]> {
	const choice = placeOf(anvil);
	return Promise.all(
		seeded.map(async ({ name, pictures, terms }) => {
			const key = playKey(name);
			const account = privateKeyToAccount(key).address.toLowerCase() as Address;
			await anvil.client.setBalance({ address: account, value: 100n * coin });
			const peer = await startHeadlessPeer({
				config,
				pool,
				chain: {
					openChain: (place) => Promise.resolve(createChainReader(place)),
					wallet: (place) => createNodeWallet(place, key),
				},
			});
			const studio = await openStudio(peer, choice, account);
			await must(studio.queue(pictures()));
			await must(studio.advertise(terms, 5n * coin));
			return peer;
		}),
	);
}
