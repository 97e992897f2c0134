import type { Hex } from '#lib/core/brand.ts';
import { err, ok, type Result } from '#lib/core/result.ts';
import { walletError, type WalletError } from '../port.ts';

/** What a `nostr+walletconnect://` string says (NIP-47). Whoever holds it can spend: it never leaves the Worker. */
export interface Connection {
	readonly uri: string;
	readonly walletKey: Hex;
	readonly relays: readonly string[];
}

const longest = 2_048;
const mostRelays = 4;

/** Relays are spoken to encrypted; plain ws only on this machine. */
function isRelay(text: string): boolean {
	if (text.length > 256 || !URL.canParse(text)) return false;
	const { protocol, hostname, username, password } = new URL(text);
	if (username !== '' || password !== '') return false;
	return (
		protocol === 'wss:' || (protocol === 'ws:' && (hostname === 'localhost' || hostname === '127.0.0.1'))
	);
}

/** Reads a pasted connection string strictly; nothing of it is repeated in an error. */
export function parseConnection(text: string): Result<Connection, WalletError> {
	const refuse = (detail: string) => err(walletError('malformed', detail));
	const pasted = text.trim();
	if (pasted.length > longest) return refuse('longer than any connection string');
	const split = /^nostr\+?walletconnect:(?:\/\/)?([0-9a-f]{64})\/?\?(.*)$/.exec(pasted);
	if (!split) return refuse('not a nostr+walletconnect:// string');
	const [, walletKey = '', query] = split;
	const parameters = new URLSearchParams(query);
	const secrets = parameters.getAll('secret');
	if (secrets.length !== 1 || !/^[0-9a-f]{64}$/.test(secrets[0] ?? ''))
		return refuse('its secret is not 32 bytes of hex');
	const relays = [...new Set(parameters.getAll('relay'))];
	if (relays.length === 0 || relays.length > mostRelays) return refuse('it names no relay, or too many');
	if (!relays.every(isRelay)) return refuse('its relay is no wss:// address');
	const clean = new URLSearchParams([
		...relays.map((relay) => ['relay', relay]),
		['secret', secrets[0] ?? ''],
	]);
	return ok({ uri: `nostr+walletconnect://${walletKey}?${clean}`, walletKey, relays });
}

/** Characters of a wallet's key that a person compares. */
const fingerprintChars = 16;

/** What the eye may know of a connection: hosts of its relays, and the first bytes of the wallet's key. */
export const shownOf = ({
	walletKey,
	relays,
}: Connection): { readonly relays: readonly string[]; readonly fingerprint: string } => ({
	relays: relays.map((relay) => new URL(relay).host),
	fingerprint: walletKey.slice(0, fingerprintChars),
});
