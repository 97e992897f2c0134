import type { ConfirmationView, ConnectionView, LightningView } from '#lib/app/wallet/protocol.ts';
import { initialSlices } from '#lib/app/initial-slices.ts';
import { sats } from '#lib/wallet/lightning/msat.ts';
import { msg, reply } from './ui-sample.ts';
import type { PeerId } from '#lib/core/brand.ts';

const minute = 60_000;
const peer = (letter: string): PeerId => letter.repeat(64) as PeerId;

export const sampleConnection = (now: number, changes: Partial<ConnectionView> = {}): ConnectionView => ({
	kind: 'nwc',
	name: 'Alby Hub',
	capabilities: {
		pay: true,
		makeInvoice: true,
		descriptionHash: true,
		expiry: true,
		hold: true,
		holdSameHashMiddleman: 'yes',
		lookup: true,
		notifications: true,
		budget: true,
		balance: true,
		alias: 'Alby Hub',
		network: 'bc',
	},
	relays: ['relay.getalby.com'],
	fingerprint: '69effe7b49a6dd5c',
	connectedAt: now - 3 * 24 * 60 * minute,
	heardAt: now - 20_000,
	availableMsat: sats(4_120),
	budget: { usedMsat: sats(880), totalMsat: sats(5_000), renewsAt: now + 9 * 60 * minute },
	...changes,
});

export const sampleConfirmation = (
	now: number,
	changes: Partial<ConfirmationView> = {},
): ConfirmationView => ({
	paymentId: 'p1',
	purpose: 'gig',
	msat: sats(21_000),
	payee: `02${'4f'.repeat(32)}`,
	memo: 'Two rough sketches, as agreed',
	replyId: reply('1'),
	level: 'full',
	hold: false,
	expiresAt: now + 10 * minute,
	...changes,
});

/** A wallet in the middle of things: one of everything. */
export const sampleLightning = (now: number, changes: Partial<LightningView> = {}): LightningView => ({
	...initialSlices.lightning,
	state: 'ready',
	connection: sampleConnection(now),
	sums: {
		lockedMsat: sats(25),
		pendingMsat: sats(2),
		promisedMsat: sats(16),
		earnedMsat: sats(143),
		spentMsat: sats(880),
		refundedMsat: sats(50),
		leftTodayMsat: sats(973),
	},
	confirmations: [sampleConfirmation(now)],
	locks: [
		{
			id: 'l1',
			direction: 'out',
			state: 'locked',
			kind: 'hold',
			purpose: 'reply',
			msat: sats(25),
			peer: peer('b'),
			msgId: msg('8'),
			replyId: reply('9'),
			since: now - 2 * minute,
			dueAt: now + 3 * minute,
			settleBy: 871_204,
		},
		{
			id: 'l2',
			direction: 'out',
			state: 'pending',
			kind: 'plain',
			purpose: 'favour',
			msat: sats(2),
			peer: peer('c'),
			since: now - 70_000,
		},
		{
			id: 'l3',
			direction: 'in',
			state: 'locked',
			kind: 'hold',
			purpose: 'reply',
			msat: sats(16),
			peer: peer('d'),
			since: now - minute,
			dueAt: now + 4 * minute,
		},
	],
	receipts: [
		{
			id: 'r1',
			direction: 'in',
			outcome: 'paid',
			purpose: 'reply',
			msat: sats(12),
			feeMsat: sats(0),
			at: now - 9 * minute,
			hash: 'ab'.repeat(32),
			preimage: 'cd'.repeat(32),
			peer: peer('b'),
		},
		{
			id: 'r2',
			direction: 'out',
			outcome: 'refunded',
			purpose: 'reply',
			msat: sats(50),
			feeMsat: sats(0),
			at: now - 80 * minute,
			hash: 'ef'.repeat(32),
			peer: peer('e'),
			cause: 'payment-failed',
		},
		{
			id: 'r3',
			direction: 'out',
			outcome: 'paid',
			purpose: 'favour',
			msat: sats(2),
			feeMsat: sats(1),
			at: now - 26 * 60 * minute,
			hash: '12'.repeat(32),
			preimage: '34'.repeat(32),
			peer: peer('c'),
		},
	],
	earned: { msat: sats(143), replies: 9, favours: 17 },
	...changes,
});
