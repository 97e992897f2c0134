import { expect, test } from './fixtures.ts';

test('the page opens without an error and asks nobody but its own server', async ({ tab, baseURL }) => {
	const { page, errors, requests } = await tab();
	await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
	await page.waitForLoadState('load');
	expect(requests.length).toBeGreaterThan(0);
	expect(requests.filter((url) => !url.startsWith(`${baseURL ?? ''}/`))).toEqual([]);
	expect(errors).toEqual([]);
});

test('a link into the app opens there', async ({ tab }) => {
	const { page, errors } = await tab({ path: '/network' });
	await expect(page).toHaveURL(/\/network$/);
	await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
	expect(errors).toEqual([]);
});
