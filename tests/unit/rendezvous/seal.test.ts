import { describe, expect, test } from 'vitest';
import { conversationKey, encrypt } from '#lib/core/crypto/nip44.ts';
import type { PublicKey } from '#lib/core/brand.ts';
import { concat } from '#lib/core/bytes.ts';
import { fromBase64, toBase64 } from '#lib/webrtc/rendezvous/base64.ts';
import { rendezvousLimits, sealedFrames, type SealedMessage } from '#lib/webrtc/rendezvous/records.ts';
import { createSealer } from '#lib/webrtc/rendezvous/seal.ts';
import { identity, seededRandom } from './kit.ts';

const [alice, bob, eve] = [identity('alice'), identity('bob'), identity('eve')];
const sealer = createSealer(seededRandom('seal'));
const nonce = '0f'.repeat(16);
const welcome: SealedMessage = { kind: 'Welcome', to: bob.id, nonce, degree: 3 };

function sealed(message: SealedMessage, from = alice): string {
	const content = sealer.seal(message, from);
	if (!content.ok) throw new Error(content.error.detail);
	return content.value;
}

/** Seals any bytes at all, as a hostile sender could. */
function sealedBytes(plaintext: Uint8Array, from = alice, to = bob): string {
	const key = conversationKey(from.secret, to.id);
	if (!key) throw new Error('no key');
	return toBase64(encrypt(plaintext, key, new Uint8Array(32).fill(7)));
}

describe('a sealed message', () => {
	test.each<[string, SealedMessage]>([
		['a welcome', welcome],
		['an empty envelope', { kind: 'Envelope', to: bob.id, body: new Uint8Array() }],
		[
			'a full envelope',
			{ kind: 'Envelope', to: bob.id, body: new Uint8Array(rendezvousLimits.bodyBytes).fill(9) },
		],
	])('opens for its recipient: %s', (_, message) => {
		expect(sealer.open(sealed(message), bob, alice.id)).toMatchObject({ ok: true, value: message });
	});

	test('has one of few lengths, whatever it says', () => {
		const lengths = [0, 10, 200, 400, 1_500, 5_000, 13_824].map(
			(length) => sealed({ kind: 'Envelope', to: bob.id, body: new Uint8Array(length) }).length,
		);
		expect(sealed(welcome).length).toBe(lengths[0]);
		expect(lengths.slice(0, 4)).toEqual(Array(4).fill(lengths[0]));
		expect(new Set(lengths).size).toBe(4);
	});

	test('never looks the same twice', () => {
		expect(sealed(welcome)).not.toBe(sealed(welcome));
	});

	test('is refused by anyone else, and under any other sender', () => {
		const content = sealed(welcome);
		expect(sealer.open(content, eve, alice.id)).toMatchObject({ ok: false, error: { code: 'bad-mac' } });
		expect(sealer.open(content, bob, eve.id)).toMatchObject({ ok: false, error: { code: 'bad-mac' } });
	});

	test('sent back to its author is refused, though both know the key', () => {
		expect(sealer.open(sealed(welcome), alice, bob.id)).toMatchObject({
			ok: false,
			error: { code: 'wrong-recipient' },
		});
	});

	test('with one changed byte is refused, wherever it is', () => {
		const content = fromBase64(sealed(welcome));
		if (!content) throw new Error('not base64');
		const codes = new Set<string>();
		for (let at = 0; at < content.length; at++) {
			const changed = content.slice();
			changed[at] = (changed[at] ?? 0) ^ 1;
			const opened = sealer.open(toBase64(changed), bob, alice.id);
			codes.add(opened.ok ? 'opened' : opened.error.code);
		}
		expect([...codes].sort()).toEqual(['bad-mac', 'unknown-version']);
	});

	test.each<[string, string, string]>([
		['nothing', '', 'too-short'],
		['text', 'hello world!', 'not-base64'],
		[
			'base64 with a line break',
			`${sealed(welcome).slice(0, 64)}\n${sealed(welcome).slice(65)}`,
			'not-base64',
		],
		['unpadded base64', 'AAA', 'not-base64'],
		['an odd size inside', sealedBytes(new Uint8Array(100)), 'bad-size'],
		['zeros inside', sealedBytes(new Uint8Array(512)), 'unsupported-version'],
		[
			'more than one frame inside',
			sealedBytes(
				concat(sealedFrames.encode({ ...welcome, padding: new Uint8Array() }), new Uint8Array(512 - 53)),
			),
			'unknown-mandatory-field',
		],
	])('that is %s is refused', (_, content, code) => {
		expect(sealer.open(content, bob, alice.id)).toMatchObject({ ok: false, error: { code } });
	});

	test.each<[string, string]>([
		['no curve point', 'f'.repeat(64)],
		['zero', '0'.repeat(64)],
	])('cannot be made for a key that is %s, nor opened from it', (_, key) => {
		const peer = key as PublicKey;
		expect(sealer.seal({ ...welcome, to: peer }, alice)).toMatchObject({
			ok: false,
			error: { code: 'bad-key' },
		});
		expect(sealer.open(sealed(welcome), bob, peer)).toMatchObject({ ok: false, error: { code: 'bad-key' } });
	});
});
