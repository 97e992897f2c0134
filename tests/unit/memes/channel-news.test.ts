import { expect, it } from 'vitest';
import type { ChannelView } from '#lib/app/memes/protocol.ts';
import type { ChannelId } from '#lib/channel/address.ts';
import type { Standing } from '#lib/channel/ports.ts';
import { newsOf, newsOfAll } from '#lib/ui/channel-news.ts';
import { openStanding } from '../../simulation/channel/chain.ts';
import { channelOf } from '../../simulation/channel/seals.ts';

const id = (digit: string) => `0x${digit.repeat(64)}` as ChannelId;
const tally = { rewarded: 0, burned: 0 };
const view: ChannelView = {
	...{ id: id('1'), role: 'user', channel: channelOf(3), createdAt: 0, state: 'open', peer: 'online' },
	...{ tally, roundsLeft: 3, history: [], recovering: false, equivocated: false, standing: openStanding },
};
const closing = (standing: Partial<Standing>): Standing => ({
	...openStanding,
	phase: 'closing',
	...standing,
});
const finish = { actor: 'you', step: 'finish', otherwise: 'nothing' } as const;
const leaving = { by: 'suggester', tally, mine: false, theirs: true } as const;

it.each([
	['plays on', {}, undefined],
	['is claimed by the other', { standing: closing({ closer: 'suggester', deadline: 9 }) }, 'claimed'],
	['is claimed by this side', { standing: closing({ closer: 'user', deadline: 9 }) }, undefined],
	['can be ended', { standing: closing({ closer: 'user', deadline: 9 }), waiting: finish }, 'finish'],
	['shall be left, says the other', { state: 'leaving', leaving }, 'asked'],
	['is being left by both', { state: 'leaving', leaving: { ...leaving, mine: true } }, undefined],
	['is asked for by this side', { state: 'requested' }, undefined],
	['is asked for on the chain', { state: 'requested', role: 'suggester' }, 'requested'],
] as const)('a channel that %s', (_, change, kind) => {
	expect(newsOf({ ...view, ...change })?.kind).toBe(kind);
});

it('what has an end comes first, the nearest first, and its end is told in ms', () => {
	const views = [
		{ ...view, id: id('1'), state: 'leaving', leaving },
		{ ...view, id: id('2'), standing: closing({ closer: 'suggester', deadline: 20 }) },
		{ ...view, id: id('3'), standing: closing({ closer: 'suggester', deadline: 10 }) },
	] as const;
	expect(newsOfAll(views).map((news) => [news.id, news.until])).toEqual([
		[id('3'), 10_000],
		[id('2'), 20_000],
		[id('1'), undefined],
	]);
});
