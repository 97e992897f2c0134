import { afterEach, describe, expect, onTestFinished, test, vi } from 'vitest';
import * as sdk from '@getalby/sdk/nwc';
import { systemClock } from '#lib/app/platform/clock.ts';
import type { PeerId } from '#lib/core/brand.ts';
import { hexBytes, toHex } from '#lib/core/bytes.ts';
import { sha256 } from '#lib/core/crypto/hash.ts';
import { ok } from '#lib/core/result.ts';
import type { TillEvent } from '#lib/gossip/settling/till.ts';
import { encodeInvoice } from '#lib/wallet/lightning/bolt11/encode.ts';
import { sats } from '#lib/wallet/lightning/msat.ts';
import { parseConnection } from '#lib/wallet/lightning/nwc/connection.ts';
import { openNwc } from '#lib/wallet/lightning/nwc/open.ts';
import { NwcWallet, type NwcClient } from '#lib/wallet/lightning/nwc/wallet.ts';
import { defaultLimits } from '#lib/wallet/lightning/policy.ts';
import { Till } from '#lib/wallet/lightning/till.ts';
import { binding, good, node } from './bad-invoices.ts';
import { hostileAnswers, madeBadly, notAmounts, preimage } from './hostile-answers.ts';
import { answerTo, hostileWallet, seal, type Heard } from './hostile-wallet.ts';

afterEach(() => void vi.restoreAllMocks());

const hash = toHex(sha256(hexBytes(preimage)));
const name = () => ({ hash, bolt11: encodeInvoice({ ...good, createdAt: Date.now() }, node) });

async function opened(answer: (request: Heard) => readonly unknown[]) {
	vi.spyOn(console, 'error').mockImplementation(() => undefined);
	vi.spyOn(console, 'warn').mockImplementation(() => undefined);
	const { uri, heard } = await hostileWallet(answer);
	const connection = parseConnection(uri);
	if (!connection.ok) throw new Error(connection.error.detail);
	const wallet = await openNwc(connection.value, systemClock);
	onTestFinished(() => wallet.close());
	return { wallet, heard };
}

test('at least fifty different hostile answers are in the table', () => {
	expect(new Set(hostileAnswers.map((row) => row.name)).size).toBe(hostileAnswers.length);
	expect(hostileAnswers.length).toBeGreaterThanOrEqual(50);
});

test('the honest answer the hostile ones are made of is believed', async () => {
	const { wallet } = await opened(({ id }) => [
		answerTo(id, seal({ result_type: 'pay_invoice', error: null, result: { preimage } })),
	]);
	expect(await wallet.pay({ ...name(), msat: sats(2) })).toMatchObject({ state: 'settled', preimage });
});

test.each(hostileAnswers)('nothing counts as paid: $name', async ({ answer, outcome }) => {
	const { wallet, heard } = await opened(answer);
	const events: TillEvent[] = [];
	const troubles: (string | undefined)[] = [];
	const till = new Till(
		{
			clock: systemClock,
			commit: () => Promise.resolve(ok(null)),
			emit: (event) => events.push(event),
			changed: () => undefined,
			heard: (trouble) => troubles.push(trouble),
		},
		defaultLimits,
		[],
	);
	onTestFinished(() => till.close());
	till.use(wallet, 'bcrt');
	const pay = vi.spyOn(wallet, 'pay');
	const { bolt11 } = name();
	const peer = 'peer' as PeerId;
	const request = { do: 'pay', id: 'pay', bolt11, msat: 2_000, purpose: 'reply', peer, binding } as const;
	await till.perform({ ...request, maxCltv: 144 });
	const said: unknown = await pay.mock.results[0]?.value;
	expect(heard.map(({ method }) => method)).toEqual(['pay_invoice']);
	const { code } = outcome;
	if (outcome.state === 'failed') {
		expect(said).toMatchObject({ state: 'failed', code });
		expect(events).toEqual([{ what: 'unpaid', id: 'pay', code }]);
		expect([...till.payments()]).toMatchObject([{ state: 'failed', cause: code }]);
	} else {
		expect(said).toMatchObject({ state: 'pending', cause: code });
		expect(events).toEqual([]);
		expect([...till.payments()]).toMatchObject([{ state: 'started' }]);
		if (code === 'malformed' || code === 'lying') expect(troubles.at(-1)).toBe(code);
	}
});

/** A wallet whose client answers every question with this. */
const answering = (answer: unknown) => {
	const say = () => Promise.resolve(answer);
	const client = {
		getBalance: say,
		lookupInvoice: say,
		makeInvoice: say,
		makeHoldInvoice: say,
		getInfo: say,
	};
	return new NwcWallet(client as Partial<NwcClient> as NwcClient, sdk, systemClock);
};

describe('answers to other questions', () => {
	const transaction = { type: 'outgoing', state: 'settled', payment_hash: hash, amount: 2_000, preimage };

	test.each(notAmounts)('a balance that is %s', async (_name, value) => {
		expect(await answering({ balance: value }).balance()).toMatchObject({ error: { code: 'malformed' } });
	});
	test.each(notAmounts)('a payment over an amount that is %s', async (_name, amount) => {
		const found = await answering({ ...transaction, amount }).lookupPayment(name());
		expect(found).toMatchObject({ error: { code: 'malformed' } });
	});
	test.each([
		['another payment', { payment_hash: 'ab'.repeat(32) }, 'lying'],
		['the incoming one', { type: 'incoming' }, 'lying'],
		['settled without its secret', { preimage: null }, 'lying'],
		['settled with another secret', { preimage: '02'.repeat(32) }, 'lying'],
		['an unknown state', { state: 'paid' }, 'malformed'],
		['a state of a prototype', { state: 'constructor' }, 'malformed'],
		['an unknown type', { type: 'both' }, 'malformed'],
		['a height of minus one', { settle_deadline: -1 }, 'malformed'],
		['a height beyond counting', { settle_deadline: 2 ** 53 }, 'malformed'],
		['a time as text', { settled_at: '2026' }, 'malformed'],
		['an answer to something else', { result_type: 'get_info' }, 'malformed'],
	])('a payment looked up: %s', async (_name, change, code) => {
		const found = await answering({ ...transaction, ...change }).lookupPayment(name());
		expect(found).toMatchObject({ ok: false, error: { type: 'wallet', code } });
	});
	test.each(madeBadly)('an invoice of its own that is $name', async ({ bolt11 }) => {
		const asked = { msat: sats(2), memo: '', expirySeconds: 90 };
		expect(await answering({ invoice: bolt11 }).makeInvoice(asked)).toMatchObject({
			ok: false,
			error: { code: 'malformed' },
		});
	});
	test('an invoice over another amount, or another hash', async () => {
		const asked = { msat: sats(3), memo: '', expirySeconds: 90 };
		const made = answering({ invoice: name().bolt11 });
		expect(await made.makeInvoice(asked)).toMatchObject({ error: { code: 'lying' } });
		const hold = { ...asked, msat: sats(2), hash: 'ab'.repeat(32), minCltv: 18 };
		expect(await made.hold.make(hold)).toMatchObject({ error: { code: 'lying' } });
	});
	test.each([
		[18, 18, undefined],
		[17, 18, 'lock-too-short'],
		[18, 24, 'lock-too-short'],
		[24 + 143, 24 + 144, 'lock-too-short'],
		[24 + 144, 24 + 144, undefined],
		[24 + 200, 24 + 144, undefined],
	])('a lock of %i blocks where %i were asked for', async (minCltv, asked, code) => {
		const invoice = encodeInvoice({ ...good, minCltv, createdAt: Date.now() }, node);
		const request = { msat: sats(2), memo: good.memo, expirySeconds: 90, hash, minCltv: asked };
		const made = await answering({ invoice }).hold.make(request);
		expect(made.ok ? undefined : made.error.code).toBe(code);
	});
});
