import { parseConnection, shownOf } from '#lib/wallet/lightning/nwc/connection.ts';

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

export type ReturnedConnection = ReturnType<typeof shownOf> & { readonly uri: string };

/** The connection that a wallet app brought to this address; undefined when there is none. */
export function returnedConnection(address: URL): ReturnedConnection | undefined {
	const connection = parseConnection(address.searchParams.get('value') ?? '');
	return connection.ok ? { uri: connection.value.uri, ...shownOf(connection.value) } : undefined;
}
