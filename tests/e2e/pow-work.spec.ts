import { expect, test } from './fixtures.ts';
import { go } from './gigs.ts';
import { workFact } from './network.ts';

/** A battery that the test discharges and charges. */
function fakeBattery(): void {
	const battery = Object.assign(new EventTarget(), { charging: false, level: 0.1 });
	// How hot the machine of the test runs is not what it is about.
	Object.assign(globalThis, { PressureObserver: undefined });
	Object.assign(navigator, { getBattery: () => Promise.resolve(battery) });
	Object.assign(globalThis, {
		charge: (charging: boolean, level: number) => {
			Object.assign(battery, { charging, level });
			battery.dispatchEvent(new Event('chargingchange'));
		},
	});
}

test('work follows the battery, and the person’s wish before it', async ({ tab }) => {
	const alice = await tab({
		path: '/network',
		prepare: async (context) => {
			await context.addInitScript(fakeBattery);
		},
	});
	const work = alice.page.getByRole('region', { name: 'Work' });
	const charge = (charging: boolean, level: number) =>
		alice.page.evaluate(
			([charging, level]) =>
				(globalThis as unknown as { charge(charging: boolean, level: number): void }).charge(charging, level),
			[charging, level] as const,
		);
	await expect(work).toContainText('The battery is low');
	await expect(workFact(alice, 'Solvers at work at once')).toHaveText('1');
	await charge(false, 0.7);
	await expect(work).toContainText('This device runs on battery');
	await charge(true, 0.7);
	await expect(work).toContainText('This device is on mains power');

	await go(alice, 'Me');
	await alice.page.getByRole('checkbox', { name: 'Save power' }).check();
	await expect(alice.page.getByText('You asked to save power')).toBeVisible();
	await go(alice, 'Network');
	await expect(work).toContainText('You asked to save power');
	await alice.page.reload();
	await expect(work).toContainText('You asked to save power');
});
