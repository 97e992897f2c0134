import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { secretFrom } from '#lib/core/crypto/schnorr.ts';
import { formatAmount, parseAmount } from '#lib/wallet/lightning/bolt11/amount.ts';
import { checkInvoice } from '#lib/wallet/lightning/bolt11/check.ts';
import { decodeInvoice } from '#lib/wallet/lightning/bolt11/decode.ts';
import { encodeInvoice } from '#lib/wallet/lightning/bolt11/encode.ts';
import { nodeKey } from '#lib/wallet/lightning/bolt11/signature.ts';
import { msat } from '#lib/wallet/lightning/msat.ts';
import vectors from '../../vectors/bolt11.json' with { type: 'json' };
import { badInvoices, binding, good, node, now, terms } from './bad-invoices.ts';

describe('the vectors of BOLT 11', () => {
	test.each(vectors.valid)('$name', (vector) => {
		const decoded = decodeInvoice(vector.invoice);
		expect(decoded).toMatchObject({
			ok: true,
			value: {
				network: vector.network,
				hash: vectors.hash,
				payee: vectors.payee,
				createdAt: 1_496_314_658_000,
			},
		});
		if (!decoded.ok) return;
		expect(decoded.value.msat).toBe(vector.msat);
		expect(decoded.value.description).toBe(vector.description);
		expect(decoded.value.descriptionHash).toBe(vector.descriptionHash);
		expect(decoded.value.expiresAt - decoded.value.createdAt).toBe(vector.expirySeconds * 1_000);
	});
	test.each(vectors.invalid)('refused: $name', ({ invoice, code }) => {
		expect(decodeInvoice(invoice)).toMatchObject({ ok: false, error: { type: 'invoice', code } });
	});
});

test('an invoice under the agreed terms passes, bound by memo or by hash', () => {
	expect(checkInvoice(encodeInvoice(good, node), terms, now)).toMatchObject({
		ok: true,
		value: { payee: nodeKey(node), msat: 2_000 },
	});
	const hashed = encodeInvoice({ ...good, descriptionHash: binding }, node);
	expect(checkInvoice(hashed, terms, now)).toMatchObject({ ok: true });
});

test('at least a hundred different bad invoices are in the table', () => {
	expect(new Set(badInvoices.map(({ bolt11 }) => bolt11)).size).toBe(badInvoices.length);
	expect(badInvoices.length).toBeGreaterThanOrEqual(100);
});

test.each(badInvoices)('bad invoice: $name', ({ bolt11, code }) => {
	expect(checkInvoice(bolt11, terms, now)).toMatchObject({ ok: false, error: { type: 'terms', code } });
});

describe('amounts', () => {
	test('every amount survives writing and reading', () => {
		fc.assert(
			fc.property(fc.integer({ min: 1, max: 2 ** 50 }), (value) => {
				const [, digits = '', multiplier = ''] = /^(\d+)([a-z]?)$/.exec(formatAmount(msat(value))) ?? [];
				expect(parseAmount(digits, multiplier)).toBe(value);
			}),
		);
	});
	test('the shortest form is written', () => {
		expect(formatAmount(msat(1))).toBe('10p');
		expect(formatAmount(msat(250_000_000))).toBe('2500u');
		expect(formatAmount(msat(100_000_000_000))).toBe('1');
	});
});

test('what is written is read back, from any node', () => {
	fc.assert(
		fc.property(
			fc.record({
				msat: fc.integer({ min: 1, max: 2 ** 40 }),
				memo: fc.string({ unit: 'grapheme', maxLength: 60 }),
				minCltv: fc.integer({ min: 0, max: 2_016 }),
				expirySeconds: fc.integer({ min: 0, max: 86_400 }),
				key: fc.uint8Array({ minLength: 48, maxLength: 48 }),
			}),
			({ msat: amount, memo, minCltv, expirySeconds, key }) => {
				const secret = secretFrom(new Uint8Array(key));
				const fields = { ...good, msat: msat(amount), memo, minCltv, expirySeconds };
				expect(decodeInvoice(encodeInvoice(fields, secret))).toMatchObject({
					ok: true,
					value: {
						msat: amount,
						description: memo,
						minCltv,
						payee: nodeKey(secret),
						expiresAt: now + expirySeconds * 1_000,
					},
				});
			},
		),
		{ numRuns: 50 },
	);
});

test('no text makes the decoder throw', () => {
	const valid = encodeInvoice(good, node);
	fc.assert(
		fc.property(
			fc.oneof(
				fc.string(),
				fc.string().map((tail) => valid.slice(0, 60) + tail),
			),
			(text) => {
				expect(decodeInvoice(text).ok).toBe(false);
			},
		),
	);
});
