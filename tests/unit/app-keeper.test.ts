import { describe, expect, it } from 'vitest';
import { joinElection } from '#lib/app/keeper.ts';
import { followKeeper, serveFollowers } from '#lib/app/follow.ts';
import { browser } from '../kit/browser-tabs.ts';
import { virtualClock } from '../kit/virtual-clock.ts';

describe('keeper election', () => {
	it('makes the first tab the keeper and the next one when it closes', () => {
		const clock = virtualClock();
		const tabs = browser();
		const log: string[] = [];
		const join = (name: string) =>
			joinElection(tabs.tab(), clock, {
				onelected: () => log.push(`${name} keeps`),
				ondeposed: () => log.push(`${name} deposed`),
			});
		const leaveA = join('a');
		join('b');
		expect(log).toEqual(['a keeps']);
		leaveA();
		expect(log).toEqual(['a keeps', 'b keeps']);
	});

	it('leaves a living keeper alone', async () => {
		const clock = virtualClock();
		const tabs = browser();
		const log: string[] = [];
		for (const name of ['a', 'b'])
			joinElection(tabs.tab(), clock, {
				onelected: () => log.push(name),
				ondeposed: () => log.push(`${name} deposed`),
			});
		await clock.advance(60_000);
		expect(log).toEqual(['a']);
	});

	it('takes over from a frozen keeper, which learns that it was deposed', async () => {
		const clock = virtualClock();
		const tabs = browser();
		const log: string[] = [];
		const a = tabs.tab();
		joinElection(a, clock, { onelected: () => log.push('a keeps'), ondeposed: () => log.push('a deposed') });
		joinElection(tabs.tab(), clock, {
			onelected: () => log.push('b keeps'),
			ondeposed: () => log.push('b deposed'),
		});
		a.freeze();
		await clock.advance(10_000);
		expect(log).toEqual(['a keeps', 'a deposed', 'b keeps']);
	});
});

describe('a follower', () => {
	const message = { type: 'command', id: 7, name: 'markRead', args: {} } as const;

	it('passes commands to the keeper and mirrors its slices', async () => {
		const clock = virtualClock();
		const tabs = browser();
		const keeper = tabs.tab();
		const seen: unknown[] = [];
		serveFollowers(
			keeper,
			(command) => Promise.resolve({ type: 'answer', id: command.id, ok: true, value: command.name }),
			() => keeper.post({ type: 'slice', name: 'jobs', value: [] }),
		);
		const follower = followKeeper(tabs.tab(), clock, 'me', (name, value) => seen.push([name, value]));
		expect(seen).toEqual([['jobs', []]]);
		await expect(follower.command(message)).resolves.toEqual({
			type: 'answer',
			id: 7,
			ok: true,
			value: 'markRead',
		});
	});

	it('hears of it when the keeper cannot make sense of a command', async () => {
		const tabs = browser();
		serveFollowers(
			tabs.tab(),
			() => Promise.reject(new Error('no such command')),
			() => undefined,
		);
		const follower = followKeeper(tabs.tab(), virtualClock(), 'me', () => undefined);
		await expect(follower.command(message)).resolves.toMatchObject({
			ok: false,
			error: { code: 'not-ready', detail: 'Error: no such command' },
		});
	});

	it('says so when no keeper answers', async () => {
		const clock = virtualClock();
		const follower = followKeeper(browser().tab(), clock, 'me', () => undefined);
		const answer = follower.command(message);
		await clock.advance(10_000);
		await expect(answer).resolves.toMatchObject({ ok: false, error: { code: 'no-keeper' } });
	});
});
