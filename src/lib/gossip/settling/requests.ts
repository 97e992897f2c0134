import type { Hex } from '#lib/core/brand.ts';
import { hexBytes, toHex } from '#lib/core/bytes.ts';
import { taggedHash } from '#lib/core/crypto/hash.ts';
import { carriageTimes, type Carriage, type CarriageEffect, type CarriageEvent } from './carriage.ts';
import type { TillEvent, TillRequest } from './till.ts';

/** What the machine of a reply has the owner's wallet do. */
export type WalletEffect = Extract<
	CarriageEffect,
	{ kind: 'bill' | 'watch' | 'settle' | 'cancel' | 'pay' | 'recall' }
>;

/** Blocks a plain bill may be kept locked. */
const billCltv = 144;

const lockId = ({ replyId }: Carriage) => `carriage:${replyId}`;
const billId = ({ replyId }: Carriage) => `bill:${replyId}`;
const payId = ({ replyId }: Carriage) => `pay:${replyId}`;

/** What a bill for a thanked reply is bound to: reply and secret, which only they know who carried it. */
const billBinding = ({ replyId, secret = '' }: Carriage): Hex =>
	toHex(taggedHash('sweet/1/reply-bill', hexBytes(replyId), hexBytes(secret)));

/** The lock that a reply for money begins with. */
export const lockRequest = (carriage: Carriage, msat: number, minCltv: number): TillRequest => ({
	do: 'hold',
	id: lockId(carriage),
	hash: carriage.hash,
	msat,
	expirySeconds: carriageTimes.lockMs / 1_000,
	minCltv,
});

/**
 * An effect as the till is asked for it; `undefined` where the leg it is about is not there.
 *
 * @param lockCltv blocks for which what is paid on may be locked.
 */
export function requestOf(
	carriage: Carriage,
	effect: WalletEffect,
	lockCltv: number,
): TillRequest | undefined {
	const { replyId, hash, incoming, outgoing } = carriage;
	switch (effect.kind) {
		case 'bill':
			return (
				incoming && {
					do: 'bill',
					id: billId(carriage),
					msat: incoming.msat,
					binding: billBinding(carriage),
					expirySeconds: carriageTimes.billMs / 1_000,
				}
			);
		case 'watch':
			return {
				do: 'watch',
				id: incoming?.kind === 'iou' ? billId(carriage) : lockId(carriage),
				hash,
				bolt11: effect.bolt11,
			};
		case 'settle':
			return { do: 'settle', id: lockId(carriage), secret: effect.secret };
		case 'cancel':
			return { do: 'cancel', id: lockId(carriage), hash };
		case 'pay':
			return (
				outgoing && {
					do: 'pay',
					id: payId(carriage),
					bolt11: effect.bolt11,
					msat: outgoing.msat,
					purpose: 'reply',
					peer: outgoing.peer,
					replyId,
					...(effect.locked ? { hash } : { binding: billBinding(carriage) }),
					maxCltv: effect.locked ? lockCltv : billCltv,
				}
			);
		case 'recall':
			return { do: 'recall', id: payId(carriage) };
	}
}

/** What the till's news means to the machine of a reply. */
export function toStep(event: TillEvent): CarriageEvent | undefined {
	switch (event.what) {
		case 'made':
			return { kind: 'made', bolt11: event.bolt11 };
		case 'not-made':
			return { kind: 'not-made' };
		case 'locked':
			return { kind: 'locked', ...(event.settleBy === undefined ? {} : { settleBy: event.settleBy }) };
		case 'received':
			return { kind: 'received' };
		case 'given-back':
			return { kind: 'given-back' };
		case 'paid':
			return { kind: 'paid', preimage: event.preimage };
		case 'unpaid':
			return { kind: 'unpaid' };
	}
}
