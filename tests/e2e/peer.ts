import type { Topic } from '#lib/core/brand.ts';
import type { NodeConfig, Slices } from '#lib/app/protocol.ts';
import type { PowPool } from '#lib/pow/worker/pool.ts';
import { startHeadlessPeer, type HeadlessPeer } from '../../network/peers/headless.ts';
import type { TabOptions } from './fixtures.ts';

export interface PeerOptions extends Pick<TabOptions, 'relays' | 'parameters'> {
	readonly topics?: readonly string[];
	/** Offers this on every open job it hears of. */
	readonly offers?: string;
}

/** A whole peer without a page. */
export interface Peer extends HeadlessPeer {
	/** Resolves once `holds` is true of a slice, now or after one of its changes. */
	until<K extends keyof Slices>(name: K, holds: (value: Slices[K]) => boolean): Promise<void>;
}

export async function startPeer(config: NodeConfig, pool: PowPool, options: PeerOptions): Promise<Peer> {
	const headless = await startHeadlessPeer({ config, pool });
	const { topics = [], offers } = options;
	if (offers !== undefined) answerJobs(headless, offers);
	await headless.command('saveSettings', {
		...headless.slice('settings'),
		topics: topics as readonly Topic[],
	});
	return {
		...headless,
		until: (name, holds) =>
			new Promise((resolve) => {
				const look = () => {
					if (!holds(headless.slice(name))) return;
					unwatch();
					resolve();
				};
				const unwatch = headless.watch(look);
				look();
			}),
	};
}

function answerJobs(peer: HeadlessPeer, text: string): void {
	const answered = new Set<string>();
	peer.watch(() => {
		for (const { msgId, status } of peer.slice('leads')) {
			if (status !== 'open' || answered.has(msgId)) continue;
			answered.add(msgId);
			void peer.command('offer', { msgId, text });
		}
	});
}
