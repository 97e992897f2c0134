import fc from 'fast-check';
import { beforeEach, describe, expect, test } from 'vitest';
import { toHex } from '#lib/core/bytes.ts';
import { sha256 } from '#lib/core/crypto/hash.ts';
import { decodeInvoice } from '#lib/wallet/lightning/bolt11/decode.ts';
import { nodeKey } from '#lib/wallet/lightning/bolt11/signature.ts';
import type { Account } from '#lib/wallet/lightning/ledger/account.ts';
import { Ledger } from '#lib/wallet/lightning/ledger/ledger.ts';
import { sats } from '#lib/wallet/lightning/msat.ts';
import { createDice } from '../../kit/dice.ts';

const preimage = toHex(new Uint8Array(32).fill(5));
const hash = toHex(sha256(new Uint8Array(32).fill(5)));
const hold = { hash, msat: sats(10), expirySeconds: 90, memo: '', minCltv: 24 };

let now = 1_000_000;
let ledger: Ledger;
let alice: Account;
let bob: Account;
let carol: Account;

beforeEach(() => {
	now = 1_000_000;
	ledger = new Ledger({ now: () => now, random: createDice(1), feeMsat: 1_000 });
	alice = ledger.open('alice', 100_000);
	bob = ledger.open('bob', 100_000);
	carol = ledger.open('carol', 100_000);
});

function holdInvoice(account: Account): string {
	const made = ledger.makeHold(account, hold);
	if (!made.ok) throw new Error(made.error.detail);
	return made.value.bolt11;
}

test('a plain invoice is real, paid once, and its preimage is the receipt', () => {
	const made = ledger.makeInvoice(bob, { msat: sats(2), expirySeconds: 90, memo: 'hello' });
	if (!made.ok) throw new Error('refused');
	expect(decodeInvoice(made.value.bolt11)).toMatchObject({
		ok: true,
		value: { msat: 2_000, description: 'hello', payee: nodeKey(bob.node), hash: made.value.hash },
	});
	const paid = ledger.pay(alice, made.value.bolt11);
	expect(paid).toMatchObject({ ok: true, value: { state: 'settled', preimage: made.value.preimage } });
	expect([alice.balance, bob.balance]).toEqual([97_000, 102_000]);
	expect(ledger.pay(alice, made.value.bolt11)).toMatchObject({
		ok: false,
		error: { code: 'duplicate-payment' },
	});
	expect(ledger.pay(carol, made.value.bolt11)).toMatchObject({
		ok: false,
		error: { code: 'payment-failed' },
	});
});

describe('a hold invoice', () => {
	test('locks until the secret is shown', () => {
		const bolt11 = holdInvoice(bob);
		expect(ledger.settle(bob, preimage)).toMatchObject({ ok: false });
		expect(ledger.pay(alice, bolt11)).toMatchObject({ ok: true, value: { state: 'pending' } });
		expect([alice.balance, bob.balance]).toEqual([89_000, 100_000]);
		expect(ledger.settle(bob, toHex(new Uint8Array(32)))).toMatchObject({
			ok: false,
			error: { code: 'not-found' },
		});
		expect(ledger.settle(bob, preimage)).toEqual({ ok: true, value: null });
		expect(ledger.settle(bob, preimage)).toEqual({ ok: true, value: null });
		expect(bob.balance).toBe(110_000);
		expect(alice.payments.get(bolt11)).toMatchObject({ state: 'settled', preimage });
		expect(ledger.cancel(bob, hash)).toMatchObject({ ok: false });
	});
	test('gives everything back when cancelled, fee too', () => {
		const bolt11 = holdInvoice(bob);
		ledger.pay(alice, bolt11);
		expect(ledger.cancel(bob, hash)).toEqual({ ok: true, value: null });
		expect([alice.balance, bob.balance]).toEqual([100_000, 100_000]);
		expect(ledger.settle(bob, preimage)).toMatchObject({ ok: false });
	});
	test('gives back by itself at its block height', () => {
		ledger.pay(alice, holdInvoice(bob));
		ledger.mine(23);
		expect(alice.balance).toBe(89_000);
		ledger.mine(1);
		expect(alice.balance).toBe(100_000);
		expect(ledger.settle(bob, preimage)).toMatchObject({ ok: false });
	});
	test('cannot be paid after its expiry, nor made twice with one hash', () => {
		const bolt11 = holdInvoice(bob);
		expect(ledger.makeHold(bob, hold)).toMatchObject({ ok: false, error: { code: 'duplicate-payment' } });
		now += 91_000;
		expect(ledger.pay(alice, bolt11)).toMatchObject({ ok: false, error: { code: 'payment-failed' } });
	});
	test('is wrapped with the same hash, where the wallet can', () => {
		const inner = holdInvoice(carol);
		holdInvoice(bob);
		expect(ledger.pay(bob, inner)).toMatchObject({ ok: true, value: { state: 'pending' } });
		ledger.cancel(carol, hash);
		bob.sameHashOut = 'duplicate';
		const other = ledger.open('dave', 0);
		expect(ledger.pay(bob, holdInvoice(other))).toMatchObject({
			ok: false,
			error: { code: 'duplicate-payment' },
		});
	});
});

test('no order of calls makes or loses a single msat, or drives a balance below zero', () => {
	const secrets = [1, 2, 3].map((byte) => new Uint8Array(32).fill(byte));
	const step = fc.record({
		do: fc.constantFrom('invoice', 'hold', 'pay', 'settle', 'cancel', 'mine', 'wait'),
		who: fc.nat(2),
		which: fc.nat(20),
		secret: fc.nat(2),
	});
	fc.assert(
		fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
			const book = new Ledger({ now: () => now, random: createDice(3), feeMsat: 7 });
			const accounts = [book.open('a', 50_000), book.open('b', 20_000), book.open('c', 0)] as const;
			const invoices: string[] = [];
			for (const { do: act, who, which, secret } of steps) {
				const account = accounts[who] ?? accounts[0];
				const bytes = secrets[secret] ?? new Uint8Array(32);
				const request = { msat: sats(9), expirySeconds: 60, memo: '' };
				if (act === 'invoice' || act === 'hold') {
					const made =
						act === 'invoice'
							? book.makeInvoice(account, request)
							: book.makeHold(account, { ...request, hash: toHex(sha256(bytes)), minCltv: 20 });
					if (made.ok) invoices.push(made.value.bolt11);
				}
				if (act === 'pay') book.pay(account, invoices[which % Math.max(1, invoices.length)] ?? '');
				if (act === 'settle') book.settle(account, toHex(bytes));
				if (act === 'cancel') book.cancel(account, toHex(sha256(bytes)));
				if (act === 'mine') book.mine(which);
				if (act === 'wait') now += which * 5_000;
				expect(book.total).toBe(70_000);
				for (const { balance } of accounts) expect(balance).toBeGreaterThanOrEqual(0);
			}
		}),
		{ numRuns: 60 },
	);
});
