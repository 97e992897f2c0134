import { expectSettled, signedStates, type SignedStates } from './contest.ts';
import { expect, type Tab } from './fixtures.ts';
import { backUp, erase, lookInside } from './keys.ts';
import {
	answer,
	channelHead,
	channelOf,
	expectState,
	goToMemes,
	leave,
	openChannel,
	short,
	test,
} from './memes.ts';

const passphrase = 'five plain words are enough';

const history = ({ page }: Tab) => page.getByRole('region', { name: 'What you signed' });
const choiceButton = ({ page }: Tab, kind: 'Reward' | 'Burn') =>
	page.getByRole('button', { name: new RegExp(`^${kind}`) });

test('a backup older than the last round is corrected by the other side, and leaving pays the newest state', async ({
	scene,
	tab,
	chain,
}) => {
	const { options, account } = await scene();
	const user = await tab(options);
	await openChannel(user, account, 5);
	const channel = await channelOf(user, chain);
	await answer(user, 'Reward');
	const path = await backUp(user, passphrase);
	await goToMemes(user, 'My channels');
	await user.page.getByRole('link', { name: short(account) }).click();
	await answer(user, 'Burn');

	await erase(user);

	const inside = await lookInside(user, path, passphrase);
	await inside.getByRole('button', { name: 'Restore', exact: true }).click();
	await expect(inside).toBeHidden();
	await goToMemes(user, 'My channels');
	await user.page.getByRole('link', { name: short(account) }).click();
	await expect(channelHead(user).getByText('This browser lost records')).toBeVisible();
	await expect(user.page.getByText('1 rewarded · 1 burned')).toBeVisible();
	await expect(user.page.getByRole('button', { name: 'Leave alone' })).toBeHidden();
	await leave(user);
	await expectState(user, 'Closed');
	await expectSettled(chain, channel, { rewarded: 1, burned: 1 });
});

test('an answer that the other side has not got is sent again after a reload and by another tab, and never changed', async ({
	scene,
	tab,
	chain,
}) => {
	const { options, suggester, account } = await scene();
	const user = await tab(options);
	await openChannel(user, account, 5);
	const channel = await channelOf(user, chain);
	await expect(choiceButton(user, 'Reward')).toBeVisible();

	// A choice that may still be taken back is nowhere but in the tab.
	await choiceButton(user, 'Burn').click();
	await expect(user.page.getByRole('button', { name: 'Take it back' })).toBeVisible();
	await user.page.reload();
	await expect(choiceButton(user, 'Reward')).toBeVisible();
	await expect(history(user).getByText('Nothing signed yet.')).toBeVisible();

	await suggester.page.close();
	const other = await tab({ ...options, context: user.context, path: new URL(user.page.url()).pathname });
	await answer(user, 'Reward');
	const same = async (each: Tab): Promise<SignedStates> => {
		await expect(history(each).getByText('not confirmed by the other side yet')).toBeVisible();
		await expect(history(each).getByText('Rewarded')).toHaveCount(1);
		await expect(choiceButton(each, 'Burn')).toBeHidden();
		return signedStates(each);
	};
	const signed = await same(user);
	expect(await same(other)).toEqual(signed);
	await user.page.reload();
	expect((await same(user)).states).toEqual(signed.states);
	await user.page.close();

	const back = await tab({ ...options, context: suggester.context, path: '/memes/studio' });
	await back.page.getByRole('link', { name: short(channel.user) }).click();
	await expect(choiceButton(other, 'Burn')).toBeVisible();

	// Two tabs answer one round with both answers at once: one of them is signed.
	const third = await tab({ ...options, context: user.context, path: new URL(other.page.url()).pathname });
	await expect(choiceButton(third, 'Reward')).toBeVisible();
	await Promise.all([choiceButton(other, 'Burn').click(), choiceButton(third, 'Reward').click()]);
	const sign = other.page.getByRole('button', { name: 'Sign it now' });
	await sign.click();
	await expect(history(third).getByText('#2', { exact: true })).toBeVisible();
	await expect(choiceButton(third, 'Burn')).toBeVisible();
	const [mine, theirs] = [await signedStates(third), await signedStates(back)];
	expect(mine.states.map(({ round }) => round)).toEqual([1, 2]);
	expect(mine.states[0]).toEqual(signed.states[0]);
	expect(theirs.states.map(({ tally, user: hand }) => ({ tally, hand }))).toEqual(
		mine.states.map(({ tally, user: hand }) => ({ tally, hand })),
	);
	expect(theirs.conflict).toBeUndefined();
	await leave(third);
	await expectState(third, 'Closed');
	await expectSettled(chain, channel, mine.states[1]!.tally);
});
