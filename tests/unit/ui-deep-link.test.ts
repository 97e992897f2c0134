import { expect, test } from 'vitest';
import { deepLink, returnedConnection } from '#lib/ui/wallet-deep-link.ts';

const uri = `nostr+walletconnect://${'ab'.repeat(32)}?relay=wss%3A%2F%2Fr.example&relay=wss%3A%2F%2Fs.example%3A99&secret=${'cd'.repeat(32)}`;
const back = (value: string) => new URL(`https://app.example/wallet?value=${encodeURIComponent(value)}`);

test('a wallet app is told who asks and where to come back to', () => {
	const link = new URL(deepLink('https://app.example'));
	expect(link.href).toMatch(/^nostrnwc:\/\/connect\?/);
	expect(link.href).not.toContain('+');
	expect(Object.fromEntries(link.searchParams)).toEqual({
		appname: 'Sweet Gossip',
		appicon: 'https://app.example/icon-192.png',
		callback: 'https://app.example/wallet',
	});
});

test('what it brings back is shown by its key and relays, never by its secret', () => {
	expect(returnedConnection(back(uri))).toEqual({
		uri,
		fingerprint: 'ab'.repeat(8),
		relays: ['r.example', 's.example:99'],
	});
});

test.each([
	'',
	'nostr+walletconnect://short?relay=wss://r',
	'https://evil.example',
	'x'.repeat(3_000),
	uri + 'x'.repeat(3_000),
])('%.30s is no connection', (value) => expect(returnedConnection(back(value))).toBeUndefined());
