import { chromiumLaunch, softwareGraphics } from '../chromium.ts';
import { expect, test } from './fixtures.ts';
import { go } from './gigs.ts';
import { speed } from './network.ts';

const launch = chromiumLaunch();
test.use({ launchOptions: { ...launch, args: [...launch.args, ...softwareGraphics] } });

test('a person lets the graphics card help, sees what it brings, and takes it back', async ({
	tab,
	relay,
}) => {
	const alice = await tab({ relays: [await relay()] });
	await speed(alice);
	await go(alice, 'Me');
	const box = alice.page.getByRole('checkbox', { name: 'Let the graphics card help' });
	await expect(box).not.toBeChecked();
	await box.check();
	await expect(alice.page.getByText(/Helping: [\d.]+[KMB]? hashes a second\./)).toBeVisible();
	await alice.page.getByRole('checkbox', { name: 'Save power' }).check();
	await expect(alice.page.getByText('Not used at the moment.')).toBeVisible();
	await alice.page.reload();
	await expect(box).toBeChecked();
	await box.uncheck();
	await expect(alice.page.getByText('Not used at the moment.')).toBeHidden();
	expect(alice.errors).toEqual([]);
});
