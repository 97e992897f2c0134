import { expect, onTestFinished, test } from 'vitest';
import * as sdk from '@getalby/sdk/nwc';
import type { PeerId } from '#lib/core/brand.ts';
import { ok } from '#lib/core/result.ts';
import type { TillEvent } from '#lib/gossip/settling/till.ts';
import { NwcWallet, type NwcClient } from '#lib/wallet/lightning/nwc/wallet.ts';
import { encodeInvoice } from '#lib/wallet/lightning/bolt11/encode.ts';
import { defaultLimits } from '#lib/wallet/lightning/policy.ts';
import { Till } from '#lib/wallet/lightning/till.ts';
import { virtualClock } from '../../kit/virtual-clock.ts';
import { badInvoices, binding, good, hash, node, now } from './bad-invoices.ts';

/** A till before a wallet that pays whatever it is told to and counts the requests. */
function desk() {
	const sent: string[] = [];
	const events: TillEvent[] = [];
	const client = {
		subscribeNotifications: () => Promise.resolve(() => undefined),
		payInvoice({ invoice }: { invoice: string }) {
			sent.push(invoice);
			return Promise.resolve({ preimage: '01'.repeat(32) });
		},
		close: () => undefined,
	} as Partial<NwcClient> as NwcClient;
	const clock = virtualClock(now);
	const till = new Till(
		{
			clock,
			commit: () => Promise.resolve(ok(null)),
			emit: (event) => events.push(event),
			changed: () => undefined,
			heard: () => undefined,
		},
		defaultLimits,
		[],
	);
	onTestFinished(() => till.close());
	till.use(new NwcWallet(client, sdk, clock), 'bcrt');
	const pay = (bolt11: string) =>
		till.perform({
			do: 'pay',
			id: 'pay:reply',
			bolt11,
			msat: 2_000,
			purpose: 'reply',
			peer: 'peer' as PeerId,
			hash,
			binding,
			maxCltv: 144,
		});
	return { sent, events, till, pay };
}

test('the good invoice the bad ones are made of is paid', async () => {
	const { sent, events, pay } = desk();
	const bolt11 = encodeInvoice(good, node);
	await pay(bolt11);
	expect(sent).toEqual([bolt11]);
	expect(events).toMatchObject([{ what: 'paid', id: 'pay:reply' }]);
});

test.each(badInvoices)('the wallet never hears of a bad invoice: $name', async ({ bolt11, code }) => {
	const { sent, events, till, pay } = desk();
	await pay(bolt11);
	expect(events).toEqual([{ what: 'unpaid', id: 'pay:reply', code }]);
	expect(sent).toEqual([]);
	expect([...till.payments(), ...till.confirmations()]).toEqual([]);
});
