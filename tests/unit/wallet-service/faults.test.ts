import { describe, expect, test } from 'vitest';
import { toHex } from '#lib/core/bytes.ts';
import { sha256 } from '#lib/core/crypto/hash.ts';
import { clientOf, notified, refusalOf, runningService } from './kit.ts';

const hash = toHex(sha256(new Uint8Array(32).fill(7)));

/** A payer and a payee whose connection misbehaves as told. */
async function pair() {
	const { service, wallet } = await runningService();
	const connection = service.connect(wallet('payer', 100_000));
	const other = service.connect(wallet('payee', 0));
	return { connection, payer: clientOf(connection.uri), other, payee: clientOf(other.uri) };
}

describe('fault knobs of a wallet connection', () => {
	test('refuse: nothing is done', async () => {
		const { connection, payer, payee } = await pair();
		connection.setFaults({ refuse: { pay_invoice: { code: 'RATE_LIMITED', message: 'slow down' } } });
		const { invoice } = await payee.makeInvoice({ amount: 1_000 });
		expect(await refusalOf(payer.payInvoice({ invoice }))).toBe('RATE_LIMITED');
		expect(await payer.getBalance()).toEqual({ balance: 100_000 });
	});

	test('lying preimage: claims a payment that did not happen', async () => {
		const { connection, payer, payee } = await pair();
		connection.setFaults({ lyingPreimage: true });
		const { invoice, payment_hash } = await payee.makeInvoice({ amount: 1_000 });
		const { preimage } = await payer.payInvoice({ invoice });
		expect(toHex(sha256(Buffer.from(preimage, 'hex')))).not.toBe(payment_hash);
		expect(await payee.getBalance()).toEqual({ balance: 0 });
	});

	test('silent: the payment happens and nobody says so', async () => {
		const { connection, payer, payee } = await pair();
		connection.setFaults({ silent: ['pay_invoice'] });
		const received = await notified(payee, 'payment_received');
		const { invoice } = await payee.makeInvoice({ amount: 1_000 });
		const paying = payer.payInvoice({ invoice });
		expect(await received.next()).toMatchObject({ amount: 1_000 });
		expect(await payer.lookupInvoice({ invoice })).toMatchObject({ state: 'settled', type: 'outgoing' });
		payer.close();
		await expect(Promise.race([paying, Promise.resolve('unanswered')])).resolves.toBe('unanswered');
	});

	test('duplicate hash: a wallet that cannot pay on under the hash of its own invoice says so first', async () => {
		const { connection, payer, payee } = await pair();
		connection.setFaults({ duplicateHash: true });
		expect(await payer.getInfo()).toMatchObject({ same_hash_forward: false });
		await payer.makeHoldInvoice({ amount: 2_000, payment_hash: hash });
		const { invoice } = await payee.makeHoldInvoice({ amount: 1_000, payment_hash: hash });
		expect(await refusalOf(payer.payInvoice({ invoice }))).toBe('OTHER');
		expect(await payer.getBalance()).toEqual({ balance: 100_000 });
	});

	test('dropped notifications: a look-up still tells', async () => {
		const { payer, other, payee } = await pair();
		other.setFaults({ dropNotifications: ['hold_invoice_accepted'] });
		let heard = 0;
		await payee.subscribeNotifications(() => heard++);
		const { invoice } = await payee.makeHoldInvoice({ amount: 1_000, payment_hash: hash });
		const paying = refusalOf(payer.payInvoice({ invoice }));
		await expect.poll(async () => (await payee.lookupInvoice({ invoice })).state).toBe('accepted');
		expect(heard).toBe(0);
		await payee.cancelHoldInvoice({ payment_hash: hash });
		expect(await paying).toBe('PAYMENT_FAILED');
	});

	test('delay and absence: a later answer, and one again after coming back', async () => {
		const { connection, payer } = await pair();
		connection.setFaults({ delayMs: 30 });
		expect(await payer.getBalance()).toEqual({ balance: 100_000 });
		connection.setFaults({ delayMs: 0, offline: true });
		expect(connection.online).toBe(false);
		connection.setFaults({ offline: false });
		await expect.poll(() => connection.online).toBe(true);
		expect(await payer.getBalance()).toEqual({ balance: 100_000 });
	});
});
