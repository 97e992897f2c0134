import { describe, expect, onTestFinished, test } from 'vitest';
import { systemClock } from '#lib/app/platform/clock.ts';
import { systemRandom } from '#lib/app/platform/random.ts';
import { Cashier, type CashierPorts } from '#lib/app/wallet/cashier.ts';
import { defaultPolicy } from '#lib/app/wallet/initial.ts';
import type { Bytes, ReplyId } from '#lib/core/brand.ts';
import { toHex } from '#lib/core/bytes.ts';
import { sha256 } from '#lib/core/crypto/hash.ts';
import { err, ok } from '#lib/core/result.ts';
import type { RecordWrite } from '#lib/gossip/records.ts';
import type { PaymentRecord, WalletRecord } from '#lib/gossip/settling/records.ts';
import type { TillTerms } from '#lib/gossip/settling/till.ts';
import { msat, sats } from '#lib/wallet/lightning/msat.ts';
import type { AskWebln } from '#lib/wallet/lightning/webln.ts';
import type { Backend } from '../../../network/wallet-service/backend.ts';
import { runningService } from './kit.ts';

const replyId = '1'.repeat(32) as ReplyId;

/** What one browser keeps: records and secrets. */
function browser() {
	const secrets = new Map<string, Bytes>();
	const payments = new Map<string, PaymentRecord>();
	const wallets = new Map<string, WalletRecord>();
	const terms: TillTerms[] = [];
	const said: string[] = [];
	const missing = { type: 'vault', code: 'missing', detail: '' } as const;
	const commit = (writes: readonly RecordWrite[]) => {
		for (const write of writes) {
			if (write.op !== 'put') continue;
			if (write.table === 'payments') payments.set(write.value.hash, write.value);
			if (write.table === 'wallets') wallets.set(write.value.id, write.value);
		}
		return Promise.resolve(ok(null));
	};
	/** Opens the cashier as a tab does when it starts. */
	async function open(change: Partial<CashierPorts> = {}): Promise<Cashier> {
		const cashier = new Cashier(
			{
				clock: systemClock,
				random: systemRandom,
				network: 'bcrt',
				vault: {
					wrap: (name, bytes) => Promise.resolve((secrets.set(name, new Uint8Array(bytes)), ok(null))),
					unwrap: (name) =>
						Promise.resolve(secrets.has(name) ? ok(secrets.get(name) as Bytes) : err(missing)),
					remove: (name) => Promise.resolve((secrets.delete(name), ok(null))),
				},
				commit,
				emit: () => undefined,
				terms: (next) => terms.push(next),
				carriages: () => [],
				say: (_replyId, text) => Promise.resolve((said.push(text), ok(null))),
				changed: () => undefined,
				...change,
			},
			{ payments: [...payments.values()], wallets: [...wallets.values()] },
		);
		onTestFinished(() => cashier.close());
		await cashier.start();
		return cashier;
	}
	return { open, secrets, payments, wallets, terms, said };
}

async function invoiceOf(payee: Backend, amountMsat: number): Promise<string> {
	const made = await payee.makeInvoice({ amountMsat, description: 'a job', expirySeconds: 600 });
	if (!made.ok) throw new Error(made.error.message);
	return made.value.invoice;
}

describe('the cashier and a wallet over a relay', () => {
	test('connects, says what the wallet has and may, and remembers it sealed', async () => {
		const { service, wallet } = await runningService();
		const { uri } = service.connect(wallet('Mia', 50_000));
		const here = browser();
		const cashier = await here.open();
		expect(cashier.view().state).toBe('none');
		expect(await cashier.command('connectWallet', { kind: 'nwc', uri })).toEqual(ok(null));
		expect(cashier.view()).toMatchObject({
			state: 'ready',
			connection: { kind: 'nwc', name: 'Mia', availableMsat: 50_000, capabilities: { hold: true } },
		});
		expect(here.terms.at(-1)).toMatchObject({ pays: true, bills: true, holds: true, wraps: true });
		expect(JSON.stringify([...here.wallets.values()])).not.toContain('secret');
		cashier.close();

		const again = await here.open();
		expect(again.view()).toMatchObject({ state: 'ready', connection: { name: 'Mia' } });
		await again.command('disconnectWallet', {});
		expect(again.view().state).toBe('none');
		expect(here.secrets.size).toBe(0);
		expect(here.terms.at(-1)).toMatchObject({ pays: false });
	});

	test('pays for a job only after the person said so, exactly once, and keeps the proof', async () => {
		const { service, wallet } = await runningService();
		const payee = wallet('payee', 0);
		const here = browser();
		const cashier = await here.open();
		await cashier.command('connectWallet', {
			kind: 'nwc',
			uri: service.connect(wallet('payer', 50_000)).uri,
		});
		const bolt11 = await invoiceOf(payee, 21_000);
		const asked = await cashier.command('payInvoice', { replyId, bolt11 });
		if (!asked.ok) throw new Error(asked.error.detail);
		const { paymentId } = asked.value as { paymentId: string };
		expect(await payee.balance()).toBe(0);
		expect(cashier.view().confirmations).toMatchObject([{ paymentId, msat: 21_000, level: 'full', replyId }]);
		await cashier.command('confirmPayment', { paymentId, yes: true });
		expect(await payee.balance()).toBe(21_000);
		const [receipt] = cashier.view().receipts;
		expect(receipt).toMatchObject({ direction: 'out', outcome: 'paid', purpose: 'gig', msat: 21_000 });
		expect(toHex(sha256(Buffer.from(receipt?.preimage ?? '', 'hex')))).toBe(receipt?.hash);
		expect(cashier.view().sums.spentMsat).toBe(21_000);
		expect(await cashier.command('payInvoice', { replyId, bolt11 })).toMatchObject({
			error: { code: 'duplicate-payment' },
		});
		expect(await cashier.command('confirmPayment', { paymentId, yes: true })).toMatchObject({
			error: { code: 'wrong-state' },
		});
	});

	test('a wallet that never answers leaves a payment pending; after a reload its end is found', async () => {
		const { service, wallet } = await runningService();
		const payee = wallet('payee', 0);
		const connection = service.connect(wallet('payer', 50_000));
		const here = browser();
		const cashier = await here.open();
		await cashier.command('connectWallet', { kind: 'nwc', uri: connection.uri });
		connection.setFaults({ silent: ['pay_invoice'] });
		const asked = await cashier.command('payInvoice', { replyId, bolt11: await invoiceOf(payee, 2_000) });
		if (!asked.ok) throw new Error(asked.error.detail);
		const { paymentId } = asked.value as { paymentId: string };
		void cashier.command('confirmPayment', { paymentId, yes: true });
		await expect.poll(() => payee.balance()).toBe(2_000);
		expect(cashier.view().locks).toMatchObject([{ direction: 'out', state: 'pending', msat: 2_000 }]);
		expect(cashier.view().sums).toMatchObject({ pendingMsat: 2_000, spentMsat: 0 });
		cashier.close();

		const again = await here.open();
		await expect.poll(() => again.view().receipts).toMatchObject([{ outcome: 'paid', msat: 2_000 }]);
		expect(again.view().locks).toEqual([]);
		expect(await payee.balance()).toBe(2_000);
	});

	test('stopped: nothing leaves, also after a reload', async () => {
		const { service, wallet } = await runningService();
		const payee = wallet('payee', 0);
		const here = browser();
		const cashier = await here.open();
		await cashier.command('connectWallet', {
			kind: 'nwc',
			uri: service.connect(wallet('payer', 50_000)).uri,
		});
		await cashier.command('stopPayments', { stopped: true });
		const bolt11 = await invoiceOf(payee, 2_000);
		expect(await cashier.command('payInvoice', { replyId, bolt11 })).toMatchObject({
			error: { code: 'stopped' },
		});
		cashier.close();
		const again = await here.open();
		expect(again.view().stopped).toBe(true);
		expect(await again.command('payInvoice', { replyId, bolt11 })).toMatchObject({
			error: { code: 'stopped' },
		});
		expect(here.terms.at(-1)).toMatchObject({ pays: false, wraps: false });
	});

	test('limits are kept, and what is no sound limit is not taken', async () => {
		const here = browser();
		const cashier = await here.open();
		await cashier.command('setSpending', { ...defaultPolicy, autoMsat: sats(3), prefer: 'sats' });
		await cashier.command('setSpending', {
			...cashier.view().policy,
			dayMsat: -1 as never,
			locks: 1e9,
		});
		cashier.close();
		expect((await here.open()).view().policy).toEqual({
			...defaultPolicy,
			autoMsat: sats(3),
			prefer: 'sats',
			locks: 50,
		});
	});

	test('a worker asks for payment: its own wallet makes the invoice, the chat carries it', async () => {
		const { service, wallet } = await runningService();
		const here = browser();
		const cashier = await here.open();
		expect(await cashier.command('requestPayment', { replyId, msat: sats(5), memo: 'x' })).toMatchObject({
			error: { code: 'no-wallet' },
		});
		await cashier.command('connectWallet', { kind: 'nwc', uri: service.connect(wallet('worker', 0)).uri });
		const made = await cashier.command('requestPayment', { replyId, msat: sats(5), memo: 'two sketches' });
		expect(made).toEqual(ok({ bolt11: here.said[0] }));
	});

	test('a refused connection says why, and no wallet is kept', async () => {
		const here = browser();
		const cashier = await here.open();
		expect(
			await cashier.command('connectWallet', { kind: 'nwc', uri: 'nostr+walletconnect://x' }),
		).toMatchObject({
			error: { code: 'malformed' },
		});
		expect(await cashier.command('connectWallet', { kind: 'webln' })).toMatchObject({
			error: { code: 'not-implemented' },
		});
		expect([cashier.view().state, here.wallets.size]).toEqual(['none', 0]);
	});
});

describe('wallets that cannot be asked', () => {
	test('by hand: a payment waits for its proof, and another one’s is refused', async () => {
		const { wallet } = await runningService();
		const payee = wallet('payee', 0);
		const payer = wallet('payer', 50_000);
		const cashier = await browser().open();
		await cashier.command('connectWallet', { kind: 'manual' });
		const bolt11 = await invoiceOf(payee, 2_000);
		const asked = await cashier.command('payInvoice', { replyId, bolt11 });
		if (!asked.ok) throw new Error(asked.error.detail);
		const { paymentId } = asked.value as { paymentId: string };
		await cashier.command('confirmPayment', { paymentId, yes: true });
		expect(cashier.view().confirmations).toMatchObject([{ paymentId, bolt11, msat: 2_000 }]);
		expect(await cashier.command('enterPreimage', { paymentId, preimage: '0'.repeat(64) })).toMatchObject({
			error: { code: 'lying' },
		});
		const paid = await payer.pay(bolt11);
		if (!paid.ok) throw new Error(paid.error.message);
		await cashier.command('enterPreimage', { paymentId, preimage: paid.value.preimage });
		expect(cashier.view().receipts).toMatchObject([{ outcome: 'paid', msat: 2_000 }]);
		expect(cashier.view().confirmations).toEqual([]);
	});

	test('WebLN: its word is believed only with the preimage; a lost answer stays pending', async () => {
		const { wallet } = await runningService();
		const payee = wallet('payee', 0);
		const payer = wallet('payer', 50_000);
		let answers = true;
		const webln: AskWebln = async (call) => {
			if (call.method !== 'sendPayment') return ok(null);
			const paid = await payer.pay(call.invoice);
			return answers && paid.ok ? ok({ preimage: paid.value.preimage }) : err('the extension was closed');
		};
		const cashier = await browser().open({ webln });
		await cashier.command('connectWallet', { kind: 'webln' });
		for (const outcome of ['paid', 'pending'] as const) {
			answers = outcome === 'paid';
			const asked = await cashier.command('payInvoice', { replyId, bolt11: await invoiceOf(payee, 2_000) });
			if (!asked.ok) throw new Error(asked.error.detail);
			const { paymentId } = asked.value as { paymentId: string };
			await cashier.command('confirmPayment', { paymentId, yes: true });
		}
		expect(await payee.balance()).toBe(4_000);
		expect(cashier.view().receipts).toMatchObject([{ outcome: 'paid' }]);
		expect(cashier.view().locks).toMatchObject([{ state: 'pending', msat: msat(2_000) }]);
	});
});
