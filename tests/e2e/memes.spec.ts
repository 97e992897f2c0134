import { afterClose } from '#lib/channel/reputation.ts';
import { split } from '#lib/channel/settlement.ts';
import { expect } from './fixtures.ts';
import {
	advertise,
	answer,
	burnedOn,
	channelHead,
	channelOf,
	connectBuiltIn,
	expectState,
	giveToWatcher,
	goToMemes,
	leave,
	must,
	openChannel,
	openSuggester,
	test,
	usualTerms,
} from './memes.ts';

const answers = [
	'Reward',
	'Burn',
	'Reward',
	'Reward',
	'Reward',
	'Burn',
	'Reward',
	'Reward',
	'Reward',
] as const;

test('seven rewards and two burns, leaving together, and the money is right to the wei', async ({
	scene,
	tab,
	chain,
}) => {
	const { reader } = chain;
	const { options, suggester, account } = await scene();
	const user = await tab(options);
	const listed = await must(reader.listing(account));
	expect(listed.escrow).toBe(3n * 10n ** 17n);

	await openChannel(user, account, 10);
	const channel = await channelOf(user, chain);
	for (const kind of answers) await answer(user, kind, kind === 'Burn' ? 'Seen it in 2009' : undefined);
	await expect(user.page.getByText('7 rewarded · 2 burned')).toBeVisible();
	await expect(suggester.page.getByText('Seen it in 2009').first()).toBeVisible();
	const watched = await giveToWatcher(user, suggester);
	await expect(watched).toContainText('7 rewarded · 2 burned');

	const paidBefore = await must(reader.balance(channel.user));
	const burnedBefore = await burnedOn(chain);
	await leave(user);
	await expectState(user, 'Closed');
	await expect(watched).toContainText('Closed');
	const parts = split(channel, { rewarded: 7, burned: 2 });
	expect((await must(reader.balance(channel.user))) - paidBefore).toBe(parts.user);
	const after = await must(reader.listing(account));
	expect(after.escrow).toBe(listed.escrow - 10n * listed.terms.suggesterBurn + parts.escrow);
	expect({ positive: after.positive, negative: after.negative }).toEqual(
		afterClose({ positive: 0n, negative: 0n }, parts),
	);
	expect((await burnedOn(chain)) - burnedBefore).toBe(parts.burned);
	expect(parts.burned).toBe(parts.fee + 2n * channel.suggesterBurn + 2n * channel.userBurn);
});

test('a suggester at its limit says so and when to ask again; changed terms are not opened', async ({
	scene,
	tab,
	chain,
}) => {
	const { options, suggester, account } = await scene(usualTerms, 2);
	const first = await tab(options);
	const second = await tab(options);
	const limits = suggester.page.getByRole('region', { name: 'Who gets a channel' });
	await limits.getByLabel('New channels an hour, at most').fill('1');
	await limits.getByRole('button', { name: 'Save' }).click();
	await expect(suggester.page.getByText('Saved.')).toBeVisible();

	await openSuggester(second, account);
	await openChannel(first, account, 3);
	// What the second one looks at is old by now.
	await advertise(suggester, { ...usualTerms, reward: '0.0025', escrow: '0' });
	await expect
		.poll(async () => (await must(chain.reader.listing(account))).terms.reward)
		.toBe(25n * 10n ** 14n);
	await connectBuiltIn(second);
	await second.page.getByRole('button', { name: /^Open for/ }).click();
	await expectState(second, 'Not now');
	await expect(channelHead(second)).toContainText('terms changed');
	await second.page.getByRole('button', { name: 'Forget it' }).click();

	await goToMemes(second, 'Suggesters');
	await second.page.getByRole('button', { name: 'Read it again' }).click();
	await openSuggester(second, account);
	await second.page.getByRole('button', { name: /^Open for/ }).click();
	await expectState(second, 'Not now');
	await expect(channelHead(second)).toContainText('lets only so many channels in an hour');
});
