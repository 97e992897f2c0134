/**
 * A network for trying things out may hand out wallets with play money: /config.json then names a path on this
 * very server. Nothing else is ever asked for a wallet.
 */

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
	typeof value === 'object' && value !== null;

async function json(
	path: string,
	method: 'GET' | 'POST',
): Promise<Readonly<Record<string, unknown>> | undefined> {
	try {
		const response = await fetch(path, { method, cache: 'no-store', redirect: 'error' });
		const value: unknown = response.ok ? await response.json() : undefined;
		return isObject(value) ? value : undefined;
	} catch {
		// Offline, or no such file: then there is no such offer.
		return undefined;
	}
}

/** The path that hands out play-money wallets; undefined where the deployment has none. */
export async function demoWalletPath(): Promise<string | undefined> {
	const path = (await json('/config.json', 'GET'))?.['demoWallet'];
	return typeof path === 'string' && /^\/[a-z-]{1,40}$/.test(path) ? path : undefined;
}

/** A fresh connection string; undefined when none is handed out. */
export async function newDemoWallet(path: string): Promise<string | undefined> {
	const uri = (await json(path, 'POST'))?.['uri'];
	return typeof uri === 'string' && isConnectionString(uri) ? uri : undefined;
}

/** Has the form of a Nostr Wallet Connect string; whether it works, only the wallet can say. */
export const isConnectionString = (text: string): boolean =>
	/^nostr(\+walletconnect|walletconnect):\/{0,2}[0-9a-f]{64}\?/.test(text) && text.includes('relay=');
