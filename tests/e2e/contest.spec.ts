import type { Channel } from '#lib/channel/channel.ts';
import {
	comeBack,
	expectSettled,
	lookAway,
	newsOf,
	sendAs,
	signedStates,
	stateOf,
	travel,
	wantNews,
	type SignedStates,
} from './contest.ts';
import { expect } from './fixtures.ts';
import { answer, channelOf, expectState, openChannel, test, type TestChain, usualTerms } from './memes.ts';

/** An hour to object, so that its end is reached in two steps of the chain's clock. */
const terms = { ...usualTerms, hours: '1' };

/** The suggester claims what stood after `number` rounds, with the signature the user gave for it then. */
async function claimOf(chain: TestChain, channel: Channel, kept: SignedStates, number: number) {
	const { tally, user } = stateOf(kept, number);
	const call = { call: 'startClose', channel, tally, counterparty: user } as const;
	await sendAs(chain, channel.suggester, call);
}

test('a suggester that closes two rounds back loses its bond, one round back it is corrected', async ({
	scene,
	tab,
	chain,
}) => {
	const { options, account } = await scene(terms);
	const first = await tab(options);
	await wantNews(first);
	const users = [
		{ user: first, answers: ['Reward', 'Burn', 'Burn'], claims: 1, faulty: true },
		{ user: await tab(options), answers: ['Reward', 'Burn'], claims: 1, faulty: false },
	] as const;
	for (const { user, answers, claims, faulty } of users) {
		await openChannel(user, account, 5);
		for (const kind of answers) await answer(user, kind);
		const channel = await channelOf(user, chain);
		await claimOf(chain, channel, await signedStates(user), claims);
		await (user === first ? lookAway(user) : comeBack(user));
		await expectState(user, 'Closed');
		const burned = answers.filter((kind) => kind === 'Burn').length;
		await expectSettled(chain, channel, { rewarded: 1, burned }, { closer: 'suggester', faulty });
	}
	expect(await newsOf(first)).toEqual({
		texts: [expect.stringContaining('leaves a channel alone')],
		counts: expect.arrayContaining([1]) as number[],
	});
});

test('a user that rewards and claims a burn loses its bond; where nobody answers the claim stands', async ({
	scene,
	tab,
	chain,
}) => {
	const { options, suggester, account } = await scene(terms);
	const liar = await tab(options);
	await openChannel(liar, account, 5);
	for (const kind of ['Burn', 'Reward'] as const) await answer(liar, kind);
	const lied = await channelOf(liar, chain);
	const { offers } = await signedStates(liar);
	const offered = offers.find((one) => one.round === 2)?.signed;
	expect(offered).toBeDefined();
	await sendAs(chain, lied.user, {
		call: 'startClose',
		channel: lied,
		tally: { rewarded: 0, burned: 2 },
		counterparty: offered!.burn,
	});
	await comeBack(suggester);
	await expectSettled(chain, lied, { rewarded: 1, burned: 1 }, { closer: 'user', faulty: true });
	await comeBack(liar);
	await expectState(liar, 'Closed');

	const user = await tab(options);
	await openChannel(user, account, 5);
	for (const kind of ['Reward', 'Burn', 'Reward'] as const) await answer(user, kind);
	const channel = await channelOf(user, chain);
	await suggester.page.close();
	await user.page.getByRole('button', { name: 'Leave alone' }).click();
	await user.page.getByRole('dialog').getByRole('button', { name: 'Leave alone' }).click();
	await expectState(user, 'Closing alone');
	await travel(chain, channel.window - 60);
	await comeBack(user);
	await expectState(user, 'Closing alone');
	await travel(chain, 120);
	await comeBack(user);
	await expectState(user, 'Closed');
	await expectSettled(chain, channel, { rewarded: 2, burned: 1 }, { closer: 'user', faulty: false });
});
