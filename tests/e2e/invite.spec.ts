import { expect, test, type Tab } from './fixtures.ts';
import { expectPeers, go } from './gigs.ts';

async function openInvite(tab: Tab): Promise<void> {
	await go(tab, 'Network');
	await tab.page.getByRole('link', { name: 'Invite somebody by hand' }).click();
	await expect(tab.page.getByRole('heading', { name: 'Invite by hand' })).toBeVisible();
}

test('two browsers become neighbours by two texts and no relay; a code that is none is refused in words', async ({
	tab,
}) => {
	const [inviter, invited] = [await tab({ relays: [] }), await tab({ relays: [] })];
	await openInvite(inviter);
	await inviter.page.getByRole('button', { name: 'Make an invitation' }).click();
	const link = await inviter.page.getByLabel('Link of the invitation').inputValue();
	await expect(inviter.page.getByText('Waiting for the other side')).toBeVisible();

	await invited.page.goto(link);
	await expect(invited.page.getByRole('heading', { name: 'You were invited' })).toBeVisible();
	await invited.page.getByRole('button', { name: 'Answer' }).click();
	const answer = await invited.page.getByLabel('Code of the answer').inputValue();

	const back = inviter.page.getByLabel('Code that comes back');
	const connect = inviter.page.getByRole('button', { name: 'Connect' });
	await back.fill(answer.slice(0, -9));
	await connect.click();
	await expect(inviter.page.getByText('a part of it is missing')).toBeVisible();
	await back.fill(link);
	await connect.click();
	await expect(inviter.page.getByText('This is the other kind of code')).toBeVisible();
	await back.fill(answer);
	await connect.click();
	for (const { page } of [inviter, invited])
		await expect(page.getByText('Connected: you are neighbours now.')).toBeVisible();
	for (const each of [inviter, invited]) await expectPeers(each, 1);
});
