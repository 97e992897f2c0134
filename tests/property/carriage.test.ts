import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { MsgId, PeerId, ReplyId } from '#lib/core/brand.ts';
import { defaultParameters } from '#lib/gossip/parameters.ts';
import {
	carriageTimes,
	stepCarriage,
	type Carriage,
	type CarriageEffect,
	type CarriageEvent,
} from '#lib/gossip/settling/carriage.ts';

const times = { ...carriageTimes, thanksMs: defaultParameters.replyLockMs };
const up = 'up' as PeerId;
const down = 'down' as PeerId;
const base = { replyId: 'reply' as ReplyId, msgId: 'job' as MsgId, hash: 'hash', at: 0 };
const incoming = { peer: down, msat: 7_000, dueAt: 90_000 } as const;

/** Originator or middleman on a lock, on credit, and a replier. */
const begun: readonly Carriage[] = [
	{ ...base, incoming: { ...incoming, kind: 'hold', state: 'making' } },
	{ ...base, incoming: { ...incoming, kind: 'iou', state: 'promised' } },
	base,
];

const event: fc.Arbitrary<CarriageEvent> = fc.oneof(
	fc.constantFrom<CarriageEvent>(
		{ kind: 'made', bolt11: 'in' },
		{ kind: 'not-made' },
		{ kind: 'locked' },
		{ kind: 'received' },
		{ kind: 'given-back' },
		{ kind: 'handed-on', peer: up, leg: 'hold', msat: 2_000 },
		{ kind: 'handed-on', peer: up, leg: 'iou', msat: 2_000 },
		{ kind: 'stuck' },
		{ kind: 'invoice', peer: up, bolt11: 'out' },
		{ kind: 'invoice', peer: down, bolt11: 'not asked for' },
		{ kind: 'paid', preimage: 'secret' },
		{ kind: 'unpaid' },
		{ kind: 'thanked', secret: 'secret' },
		{ kind: 'due' },
		{ kind: 'restart' },
	),
);

type Step = typeof stepCarriage;

/** Plays events in order against the rules of the money; @returns the first rule broken. */
function broken(step: Step, start: Carriage, events: readonly (readonly [CarriageEvent, number])[]) {
	let carriage = start;
	let now = 0;
	let paid = 0;
	let mayLeave = false;
	for (const [happens, wait] of events) {
		now += wait;
		if (happens.kind === 'unpaid' && carriage.outgoing?.state === 'paying') mayLeave = false;
		const before = carriage;
		let effects: readonly CarriageEffect[];
		[carriage, effects] = step(before, happens, now, times);
		for (const effect of effects) {
			if (effect.kind === 'pay') {
				paid += 1;
				mayLeave = true;
				const safe = !before.incoming || ['locked', 'promised'].includes(before.incoming.state);
				if (effect.locked && !safe) return 'paid on before its own lock';
				if (effect.locked && before.secret !== undefined) return 'locked to a known secret';
				if (!effect.locked && before.secret === undefined) return 'paid a bill before the thank-you';
			}
			const givesUp = effect.kind === 'cancel' || effect.kind === 'give-up';
			const leaves = mayLeave || carriage.outgoing?.state === 'paid';
			const isHold = carriage.outgoing?.kind === 'hold';
			const again = before.incoming?.state === 'cancelling' || happens.kind === 'given-back';
			if (givesUp && leaves && isHold && !again) return 'gave back what it may have paid on';
			if (effect.kind === 'settle' && effect.secret !== 'secret') return 'settled without the secret';
		}
		if (paid > 1) return 'paid twice';
	}
	return undefined;
}

const play = fc.record({
	start: fc.constantFrom(...begun),
	events: fc.array(fc.tuple(event, fc.constantFrom(0, 1_000, 30_000, 200_000)), { maxLength: 16 }),
});

test('in no order of events is money paid on before the lock, twice, or given back while it may have left', () => {
	fc.assert(
		fc.property(play, ({ start, events }) => {
			expect(broken(stepCarriage, start, events)).toBeUndefined();
		}),
		{ numRuns: 4_000 },
	);
}, 60_000);

test.each([
	['pays before the lock', ['handed-on', 'invoice'], (c: Carriage) => ({ ...c, incoming: undefined })],
	['forgets that it is paying', ['stuck'], (c: Carriage) => ({ ...c, outgoing: undefined })],
] as const)('a machine that %s is found', (_name, kinds, blind) => {
	const planted: Step = (carriage, happens, now, times) => {
		if (!(kinds as readonly string[]).includes(happens.kind))
			return stepCarriage(carriage, happens, now, times);
		const { incoming: own, outgoing: onward, ...rest } = carriage;
		const seen = blind(carriage);
		const hidden = {
			...rest,
			...(seen.incoming ? { incoming: seen.incoming } : {}),
			...(seen.outgoing ? { outgoing: seen.outgoing } : {}),
		};
		const [next, effects] = stepCarriage(hidden, happens, now, times);
		return [{ ...(own ? { incoming: own } : {}), ...(onward ? { outgoing: onward } : {}), ...next }, effects];
	};
	// The paths the mistakes lie on.
	const scripts: readonly (readonly CarriageEvent[])[] = [
		[
			{ kind: 'made', bolt11: 'in' },
			{ kind: 'handed-on', peer: up, leg: 'hold', msat: 2_000 },
			{ kind: 'invoice', peer: up, bolt11: 'out' },
		],
		[
			{ kind: 'made', bolt11: 'in' },
			{ kind: 'locked' },
			{ kind: 'handed-on', peer: up, leg: 'hold', msat: 2_000 },
			{ kind: 'invoice', peer: up, bolt11: 'out' },
			{ kind: 'stuck' },
		],
	];
	const found = scripts.map((script) =>
		broken(
			planted,
			begun[0] ?? base,
			script.map((happens) => [happens, 0] as const),
		),
	);
	expect(found.some((rule) => rule !== undefined)).toBe(true);
	const right = scripts.map((script) =>
		broken(
			stepCarriage,
			begun[0] ?? base,
			script.map((happens) => [happens, 0] as const),
		),
	);
	expect(right).toEqual([undefined, undefined]);
});
