import { expect, test } from 'vitest';
import type { PeerId } from '#lib/core/brand.ts';
import type { Neighbours } from '#lib/gossip/carrying/neighbours.ts';
import type { Route } from '#lib/gossip/carrying/routes.ts';
import { ReplyPrices } from '#lib/gossip/settling/prices.ts';
import { noWallet } from '#lib/gossip/settling/till.ts';
import type { MeshFrameOf } from '#lib/gossip/wire/frames.ts';

const terms = { ...noWallet, pays: true, bills: true, mostMsat: 50_000 };
const prices = new ReplyPrices({ get: () => ({ capabilities: 15 }) } as unknown as Neighbours, () => terms);
const peer = 'peer' as PeerId;

/** The lock asked of the next hop by who owes this one. */
const after = (lockCltv: number) => prices.lock({ owes: { peer, msat: 2_000, lockCltv } } as Route);

test('every lock outlives the one that is paid on it by 144 blocks, and five are the most', () => {
	const locks = [prices.lock({ mine: true } as Route)];
	for (let hop = 0; hop < 5; hop++) locks.push(after(locks.at(-1) ?? 0));
	expect(locks).toEqual([24, 168, 312, 456, 600, 744]);
	const may = locks.map((lockCltv) =>
		prices.mayOwe({ replyPriceMsat: 2_000, lockCltv } as MeshFrameOf<'Broadcast'>),
	);
	expect(may).toEqual([undefined, undefined, undefined, undefined, undefined, 'price-too-high']);
});
