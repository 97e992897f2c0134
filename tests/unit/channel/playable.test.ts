import { describe, expect, it } from 'vitest';
import type { Standing } from '#lib/channel/ports.ts';
import type { OfferRecord } from '#lib/channel/rounds/records.ts';
import { loadSuggester, stepSuggester } from '#lib/channel/rounds/suggester.ts';
import {
	loadUser,
	stepUser,
	undoMs,
	userWake,
	type UserEvent,
	type UserPlay,
} from '#lib/channel/rounds/user.ts';
import { userWaiting } from '#lib/channel/rounds/waiting.ts';
import { openStanding } from '../../simulation/channel/chain.ts';
import { freshDisk, kept } from '../../simulation/channel/disk.ts';
import { channelOf, domain, fakeSeals, idOf, signFake } from '../../simulation/channel/seals.ts';

const channel = channelOf(3);
const windowMs = channel.window * 1_000;
const started = 1_800_000_000_000;
const base = { id: idOf(channel), domain, channel, createdAt: 0, stage: 'open', recovering: false } as const;
const picture = { round: 1, sha256: `0x${'1'.repeat(64)}`, size: 10, mime: 'image/png' } as const;

/** A user's side as its disk gives it after a crash: a signed offer waits for its answer. */
function restarted(): UserPlay {
	const sign = (rewarded: number, burned: number) =>
		signFake(channel.suggesterKey, { primaryType: 'Round', channel, tally: { rewarded, burned } });
	const offer: OfferRecord = {
		role: 'user',
		id: base.id,
		round: 1,
		offer: picture,
		at: 0,
		mismatch: false,
		signed: { offer: sign(1, 0), reward: sign(1, 0), burn: sign(0, 1) },
	};
	return loadUser({ ...kept(freshDisk({ ...base, role: 'user' })), offers: [offer] });
}

/** Plays events at their times, ms after the start; the kinds of effects, the state, and what is written. */
function play(from: UserPlay, ...events: readonly (readonly [number, UserEvent])[]) {
	let at = from;
	const effects: string[] = [];
	for (const [ms, event] of events) {
		const [next, more] = stepUser(at, event, started + ms, fakeSeals);
		at = next;
		effects.push(...more.map(({ kind }) => kind));
	}
	return { at, effects };
}

const look = (standing: Partial<Standing> = {}): UserEvent => ({
	kind: 'chain',
	standing: { ...openStanding, ...standing },
	time: 0,
});
const choose: UserEvent = { kind: 'choose', round: 1, reaction: 'reward' };
const wake: UserEvent = { kind: 'wake' };

describe('an answer after a restart', () => {
	it('is not written before the chain was read, and is written by the first look that shows it open', () => {
		const waiting = play(restarted(), [0, choose], [undoMs, wake]);
		expect(waiting.effects).toEqual([]);
		expect(userWake(waiting.at)).toBeUndefined();
		expect(userWaiting(waiting.at, true)).toMatchObject({ actor: 'chain', step: 'read-chain' });
		const read = play(waiting.at, [undoMs + 300, look()]);
		expect(read.effects).toEqual(['commit', 'sign']);
		expect(read.at.answered).toMatchObject({ round: 1, kind: 'reward' });
	});

	it.each(['closing', 'closed'] as const)('is dropped when the chain turns out to be %s', (phase) => {
		const { at, effects } = play(restarted(), [0, choose], [undoMs, wake], [undoMs + 300, look({ phase })]);
		expect(effects).not.toContain('sign');
		expect(at).toMatchObject({ choosing: undefined, answered: undefined });
	});

	it('waits no longer than its time to undo where the chain was read meanwhile', () => {
		const { effects } = play(restarted(), [0, choose], [300, look()], [undoMs, wake]);
		expect(effects).toEqual(['commit', 'sign']);
	});

	it('can be taken back while it waits for the chain', () => {
		const { at, effects } = play(restarted(), [0, choose], [undoMs, wake], [undoMs + 1, { kind: 'undo' }]);
		expect(at.choosing).toBeUndefined();
		expect(play(at, [undoMs + 300, look()]).effects).toEqual(effects);
	});
});

describe('a device that slept', () => {
	it('does not go by a look at the chain from before a contest could have begun and ended', () => {
		const awake = play(restarted(), [0, look()]).at;
		expect(play(awake, [windowMs - undoMs - 1, choose], [windowMs - 1, wake]).effects).toEqual([
			'commit',
			'sign',
		]);
		expect(play(awake, [windowMs - undoMs, choose], [windowMs, wake]).effects).toEqual([]);
	});
});

describe('a suggester', () => {
	it('offers nothing before the chain was read, and then at once to whoever waits', () => {
		const record = { ...base, role: 'suggester' } as const;
		const seen = loadSuggester(kept(freshDisk(record)));
		const met = { ...seen, link: { transport: picture.sha256, mine: undefined, proved: true, met: true } };
		const [asked, nothing] = stepSuggester(met, { kind: 'pictures' }, started, fakeSeals);
		expect(nothing).toEqual([]);
		const chain = { kind: 'chain', standing: openStanding, time: 0 } as const;
		expect(stepSuggester(asked, chain, started, fakeSeals)[1]).toEqual([{ kind: 'next-picture' }]);
	});
});
