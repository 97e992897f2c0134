import { expect, test } from 'vitest';
import type { MsgId, PeerId, ReplyId } from '#lib/core/brand.ts';
import type { Carriage, Incoming } from '#lib/gossip/settling/carriage.ts';
import { mostCredit, startCredit, TollCredit } from '#lib/gossip/settling/credit.ts';

const peer = 'peer' as PeerId;
const carriage = (at: number, state: Incoming['state'], kind: Incoming['kind'] = 'iou'): Carriage => ({
	replyId: `reply ${at}` as ReplyId,
	msgId: 'job' as MsgId,
	hash: 'hash',
	at,
	incoming: { peer, kind, msat: 5_000, state, dueAt: 0 },
});

function restored(...carriages: readonly Carriage[]): number {
	const credit = new TollCredit();
	credit.restore(carriages);
	return credit.limit(peer);
}

test('credit grows with bills paid and ends with one that is not, over a reload as before it', () => {
	expect(restored()).toBe(startCredit);
	expect(restored(carriage(1, 'paid'))).toBe(2 * startCredit);
	expect(restored(carriage(1, 'paid'), carriage(2, 'defaulted'))).toBe(0);
	expect(restored(carriage(2, 'paid'), carriage(1, 'defaulted'))).toBe(0);
	expect(restored(carriage(1, 'settled', 'hold'), carriage(2, 'void'), carriage(3, 'promised'))).toBe(
		startCredit,
	);
	expect(restored(...Array.from({ length: 30 }, (_, at) => carriage(at, 'paid')))).toBe(mostCredit);
});
