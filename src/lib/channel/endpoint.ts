import type { PublicKey } from '#lib/core/brand.ts';
import { channelLimits } from './channel.ts';

/**
 * Where a suggester is reached, as it stands in its listing: `sweet:<key>?r=<relay>&r=<relay>`. The key is what a
 * caller dials; the relays are where the two meet. It is never an address to fetch.
 */
export interface Endpoint {
	readonly key: PublicKey;
	/** `wss://` relays, at most three; a caller uses only those it also knows. */
	readonly relays: readonly string[];
}

const mostRelays = 3;

export function formatEndpoint({ key, relays }: Endpoint): string {
	const query = relays.map((relay) => `r=${encodeURIComponent(relay)}`);
	return query.length > 0 ? `sweet:${key}?${query.join('&')}` : `sweet:${key}`;
}

/** `undefined` for anything else, for instance a suggester that only has an https page. */
export function parseEndpoint(url: string): Endpoint | undefined {
	if (url.length > channelLimits.urlBytes) return undefined;
	const [, key, query = ''] = /^sweet:([0-9a-f]{64})(?:\?(.*))?$/.exec(url) ?? [];
	if (key === undefined) return undefined;
	const relays: string[] = [];
	for (const part of query.split('&').filter(Boolean)) {
		if (!part.startsWith('r=')) continue;
		let relay: string;
		try {
			relay = decodeURIComponent(part.slice(2));
		} catch {
			return undefined;
		}
		if (!/^wss?:\/\/[^\s]{1,120}$/.test(relay)) return undefined;
		relays.push(relay);
	}
	return relays.length <= mostRelays ? { key: key as PublicKey, relays } : undefined;
}
