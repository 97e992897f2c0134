import { NWAClient } from '@getalby/sdk/nwc';
import { describe, expect, onTestFinished, test } from 'vitest';
import { toHex } from '#lib/core/bytes.ts';
import { sha256 } from '#lib/core/crypto/hash.ts';
import { holdMethods, withoutHold } from '../../../network/wallet-service/grant.ts';
import { clientOf, notified, refusalOf, runningService } from './kit.ts';

const secret = new Uint8Array(32).fill(7);
const preimage = toHex(secret);
const hash = toHex(sha256(secret));

describe('a client of the Alby SDK and the wallet service over a relay', () => {
	test('learns what the wallet is and may do', async () => {
		const { service, wallet } = await runningService();
		const client = clientOf(service.connect(wallet('Mia', 5_000_000)).uri);
		const about = await client.getWalletServiceInfo();
		expect(about.encryptions).toEqual(['nip44_v2']);
		expect(about.capabilities).toEqual(expect.arrayContaining([...holdMethods, 'notifications']));
		expect(await client.getInfo()).toMatchObject({
			alias: 'Mia',
			network: 'regtest',
			same_hash_forward: true,
		});
		expect(await client.getBalance()).toEqual({ balance: 5_000_000 });
	});

	test('pays an invoice exactly once, and the payee is told', async () => {
		const { service, wallet } = await runningService();
		const payer = clientOf(service.connect(wallet('payer', 10_000)).uri);
		const payee = clientOf(service.connect(wallet('payee', 0)).uri);
		const received = await notified(payee, 'payment_received');
		const { invoice, payment_hash } = await payee.makeInvoice({ amount: 2_000, description: 'two sats' });
		const paid = await payer.payInvoice({ invoice });
		expect(toHex(sha256(Buffer.from(paid.preimage, 'hex')))).toBe(payment_hash);
		expect(await received.next()).toMatchObject({ amount: 2_000, state: 'settled', payment_hash });
		expect(await refusalOf(payer.payInvoice({ invoice }))).toBe('OTHER');
		expect(await payer.getBalance()).toEqual({ balance: 8_000 });
		expect(await payee.getBalance()).toEqual({ balance: 2_000 });
	});

	test('holds a payment until its secret is shown', async () => {
		const { service, wallet, ledger } = await runningService();
		const payer = clientOf(service.connect(wallet('payer', 10_000)).uri);
		const payee = clientOf(service.connect(wallet('payee', 0)).uri);
		const accepted = await notified(payee, 'hold_invoice_accepted');
		const terms = { amount: 3_000, payment_hash: hash, min_cltv_expiry_delta: 40 };
		const { invoice } = await payee.makeHoldInvoice(terms);
		const paying = payer.payInvoice({ invoice });
		expect(await accepted.next()).toMatchObject({ state: 'accepted', settle_deadline: ledger.height + 40 });
		expect(await payer.getBalance()).toEqual({ balance: 7_000 });
		expect(await payee.getBalance()).toEqual({ balance: 0 });
		await payee.settleHoldInvoice({ preimage });
		expect(await paying).toEqual({ preimage, fees_paid: 0 });
		expect(await payee.getBalance()).toEqual({ balance: 3_000 });
		expect(await payee.lookupInvoice({ invoice })).toMatchObject({ state: 'settled', type: 'incoming' });
	});

	test('gives a held payment back on cancel, and by itself at its deadline', async () => {
		const { service, wallet, ledger } = await runningService();
		const payer = clientOf(service.connect(wallet('payer', 10_000)).uri);
		const payee = clientOf(service.connect(wallet('payee', 0)).uri);
		const first = await payee.makeHoldInvoice({ amount: 3_000, payment_hash: hash });
		let accepted = await notified(payee, 'hold_invoice_accepted');
		const cancelled = refusalOf(payer.payInvoice({ invoice: first.invoice }));
		await accepted.next();
		await payee.cancelHoldInvoice({ payment_hash: hash });
		expect(await cancelled).toBe('PAYMENT_FAILED');

		const other = toHex(sha256(secret.map((byte) => byte + 1)));
		const second = await payee.makeHoldInvoice({ amount: 3_000, payment_hash: other });
		accepted = await notified(payee, 'hold_invoice_accepted');
		const expired = refusalOf(payer.payInvoice({ invoice: second.invoice }));
		await accepted.next();
		ledger.mine(24);
		expect(await expired).toBe('PAYMENT_FAILED');
		expect(await payer.getBalance()).toEqual({ balance: 10_000 });
	});

	test('may do only what was granted, within its budget, until it expires', async () => {
		const { service, wallet } = await runningService();
		const payee = clientOf(service.connect(wallet('payee', 0)).uri);
		const rich = wallet('payer', 1_000_000);
		const plain = clientOf(service.connect(rich, withoutHold).uri);
		expect(await refusalOf(plain.makeHoldInvoice({ amount: 1_000, payment_hash: hash }))).toBe('RESTRICTED');

		const budget = { totalMsat: 15_000, renewal: 'daily' } as const;
		const small = clientOf(service.connect(rich, { ...withoutHold, budget }).uri);
		const one = await payee.makeInvoice({ amount: 4_000 });
		const two = await payee.makeInvoice({ amount: 4_000 });
		await small.payInvoice({ invoice: one.invoice });
		expect(await small.getBudget()).toMatchObject({ used_budget: 4_000, total_budget: 15_000 });
		// 4 sats spent, and 4 with the reserve for routing fees do not fit any more.
		expect(await refusalOf(small.payInvoice({ invoice: two.invoice }))).toBe('QUOTA_EXCEEDED');

		const late = clientOf(service.connect(rich, { ...withoutHold, expiresAt: 1 }).uri);
		expect(await refusalOf(late.getBalance())).toBe('UNAUTHORIZED');
	});

	test('is refused when it asks for what it cannot have', async () => {
		const { service, wallet } = await runningService();
		const client = clientOf(service.connect(wallet('payer', 1_000)).uri);
		expect(await refusalOf(client.payKeysend({ amount: 1, pubkey: '02' }))).toBe('NOT_IMPLEMENTED');
		expect(await refusalOf(client.payInvoice({ invoice: 'lnbc1nonsense' }))).toBe('OTHER');
		expect(await refusalOf(client.makeInvoice({ amount: -5 }))).toBe('OTHER');
		expect(await refusalOf(client.lookupInvoice({ payment_hash: hash }))).toBe('NOT_FOUND');
		expect(await refusalOf(client.settleHoldInvoice({ preimage }))).toBe('NOT_FOUND');
	});

	test('is let in by an authorisation URI, with the key it made itself', async () => {
		const { service, wallet, relay } = await runningService();
		const app = new NWAClient({
			relayUrls: [relay.url],
			requestMethods: ['get_info', 'get_balance', 'get_budget', 'pay_invoice'],
			name: 'Sweet Gossip',
			maxAmount: 20_000,
			budgetRenewal: 'daily',
		});
		onTestFinished(() => app.close());
		const connected = Promise.withResolvers<ReturnType<typeof clientOf>>();
		await app.subscribe({ onSuccess: (client) => connected.resolve(client) });
		const granted = service.authorise(wallet('Tomek', 9_000), app.connectionUri);
		expect(granted.ok).toBe(true);
		const client = await connected.promise;
		onTestFinished(() => client.close());
		expect(await client.getBalance()).toEqual({ balance: 9_000 });
		expect(await client.getBudget()).toMatchObject({ total_budget: 20_000, renewal_period: 'daily' });
		expect(await refusalOf(client.makeInvoice({ amount: 1_000 }))).toBe('RESTRICTED');
		expect(service.authorise(wallet('x', 0), 'nostr+walletauth://abc?relay=x').ok).toBe(false);
	});

	test('lists what was paid, newest first, in short lists', async () => {
		const { service, wallet } = await runningService();
		const payer = clientOf(service.connect(wallet('payer', 1_000_000)).uri);
		const payee = clientOf(service.connect(wallet('payee', 0)).uri);
		for (let i = 1; i <= 3; i++) {
			const { invoice } = await payee.makeInvoice({ amount: i * 1_000 });
			if (i > 1) await payer.payInvoice({ invoice });
		}
		const paid = await payee.listTransactions({ type: 'incoming' });
		expect(paid.transactions.map(({ amount }) => amount).sort()).toEqual([2_000, 3_000]);
		expect(paid.total_count).toBe(2);
		const all = await payee.listTransactions({ unpaid: true, limit: 1 });
		expect([all.transactions.length, all.total_count]).toEqual([1, 3]);
	});
});
