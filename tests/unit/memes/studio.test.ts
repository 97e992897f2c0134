import { describe, expect, it } from 'vitest';
import { studioBench } from './studio-kit.ts';

const unplayed = { kind: 'ChannelHello', rewarded: 0, burned: 0 } as const;

describe('a studio that asks the chain about a caller', () => {
	it('loses nothing of what the caller says meanwhile, and keeps its order', async () => {
		const bench = studioBench();
		const caller = bench.call();
		caller.init();
		caller.say(unplayed);
		await bench.answer();
		expect(caller.heard).toEqual(['Init', 'ChannelHello', 'Suggestion']);
		expect([...bench.studio.seats.values()].map(({ peer }) => peer)).toEqual(['online']);
	});

	it('does not begin again because an init came twice', async () => {
		const bench = studioBench();
		const caller = bench.call();
		caller.init();
		caller.init();
		caller.say(unplayed);
		await bench.answer();
		await bench.answer();
		expect(bench.studio.seats.size).toBe(1);
		expect(caller.heard.at(-1)).toBe('Suggestion');
		expect(caller.heard.filter((kind) => kind === 'Suggestion')).toHaveLength(1);
	});

	it('gives a caller that hung up no seat at the channel', async () => {
		const bench = studioBench();
		const caller = bench.call();
		caller.init();
		caller.leave();
		await bench.answer();
		expect([...bench.studio.seats.values()].map(({ peer }) => peer)).toEqual(['offline']);
		expect(caller.heard).toEqual([]);
	});

	it('hangs up on a caller that says more than anybody has to say meanwhile', async () => {
		const bench = studioBench();
		const caller = bench.call();
		caller.init();
		for (let said = 0; said < 100; said++) caller.say({ kind: 'TermsRequest' });
		expect(caller.hungUp).toBeDefined();
		await bench.answer();
		expect(caller.heard).toEqual([]);
	});

	it('plays over the call of the last init, and over another one once that says its init again', async () => {
		const bench = studioBench();
		const [first, second] = [bench.call(), bench.call()];
		for (const caller of [first, second]) {
			caller.init();
			await bench.answer();
		}
		first.say(unplayed);
		await bench.answer();
		expect([...first.heard, ...second.heard]).toEqual(['Init', 'Init']);
		second.leave();
		first.init();
		first.say(unplayed);
		await bench.answer();
		expect(first.heard).toEqual(['Init', 'Init', 'ChannelHello', 'Suggestion']);
	});

	it('refuses an init that was made for the link of another call, and leaves the seat as it is', async () => {
		const bench = studioBench();
		const [caller, thief] = [bench.call(), bench.call()];
		caller.init();
		await bench.answer();
		thief.say(caller.saidInit());
		await bench.answer();
		expect(thief.heard).toEqual(['ChannelRefuse']);
		expect(thief.hungUp).toBeUndefined();
		await bench.clock.advance(1_000);
		expect(thief.hungUp).toBeDefined();
		caller.say(unplayed);
		await bench.answer();
		expect(caller.heard).toEqual(['Init', 'ChannelHello', 'Suggestion']);
	});
});
