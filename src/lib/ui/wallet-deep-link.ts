import { isConnectionString } from './demo-wallet.ts';

/**
 * Wallet apps on the same device hand out a connection when they are asked by a link (NIP-47, deep links): they open the
 * callback with the connection as its `value`. Anybody can write such a callback link, so what comes back is
 * only connected when the person says so.
 */

/** Where the wallet app brings the person back to. */
const callbackPath = '/wallet';

export function deepLink(origin: string): string {
	const asked = new URLSearchParams({
		appname: 'Sweet Gossip',
		appicon: new URL('/icon-192.png', origin).href,
		callback: new URL(callbackPath, origin).href,
	});
	// Spaces as %20: not every wallet reads a plus as one.
	return `nostrnwc://connect?${asked.toString().replaceAll('+', '%20')}`;
}

export interface ReturnedConnection {
	readonly uri: string;
	/** First bytes of the wallet's key, to compare with the wallet's own screen. */
	readonly fingerprint: string;
	readonly relays: readonly string[];
}

/** The connection that a wallet app brought to this address; undefined when there is none. */
export function returnedConnection(address: URL): ReturnedConnection | undefined {
	const uri = address.searchParams.get('value') ?? '';
	if (uri.length > 2_048 || !isConnectionString(uri)) return undefined;
	const [, key = '', query = ''] = /([0-9a-f]{64})\?(.*)$/.exec(uri) ?? [];
	const relays = new URLSearchParams(query)
		.getAll('relay')
		.flatMap((relay) => (URL.canParse(relay) ? [new URL(relay).host] : []));
	return { uri, fingerprint: key.slice(0, 16), relays };
}
