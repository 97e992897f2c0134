import { databaseName } from '#lib/store/schema.ts';
import { expect, test, type Tab } from './fixtures.ts';
import { carrier, confirm, expectJob, expectPeers, writeJob } from './gigs.ts';
import { speed } from './network.ts';

const job = { text: 'Proof-read a thesis', topic: '/write/academic/english' };
/** No admission proof is asked, so nothing is carried on credit. */
const dear = (baseComplexity: number) => ({
	admissionComplexity: 0,
	baseComplexity,
});

interface Kept {
	readonly workId: string;
	readonly solved: number;
	readonly restarts: number;
}

/** The proofs under way as the tab has written them down. */
const kept = ({ page }: Tab): Promise<Kept[]> =>
	page.evaluate(
		(name) =>
			new Promise<Kept[]>((resolve, reject) => {
				const opened = indexedDB.open(name);
				opened.onerror = () => reject(new Error('no database'));
				opened.onsuccess = () => {
					const all = opened.result.transaction('works').objectStore('works').getAll();
					all.onsuccess = () => {
						opened.result.close();
						const rows = all.result as (Omit<Kept, 'solved'> & {
							solved: unknown[];
						})[];
						resolve(
							rows.map(({ workId, solved, restarts }) => ({
								workId,
								restarts,
								solved: solved.length,
							})),
						);
					};
				};
			}),
		databaseName,
	);

const progress = (tab: Tab, peer: string) =>
	carrier(tab, peer)
		.getByRole('progressbar')
		.evaluate((bar: HTMLProgressElement) => bar.value);

/** Notes every task of the page that the browser calls long: 50 ms and more. */
function watchLongTasks(): void {
	const longTasks: number[] = [];
	Object.assign(globalThis, { longTasks });
	new PerformanceObserver((list) => {
		for (const { duration } of list.getEntries()) longTasks.push(duration);
	}).observe({ type: 'longtask' });
}

test('a proof goes on after a reload with what was solved, and without the page ever being blocked by it', async ({
	relay,
	tab,
	peer,
}) => {
	const relays = [await relay()];
	const customer = await tab({
		relays,
		parameters: dear(2 ** 22),
		async prepare(context) {
			await context.addInitScript(watchLongTasks);
		},
	});
	// Nearly as much work as this device would do: a busy start makes the measure pessimistic.
	const neighbour = await peer({
		relays,
		parameters: dear(Math.round((await speed(customer)) * 11)),
	});
	await expectPeers(customer, 1);
	await writeJob(customer, job);
	await customer.page.getByRole('button', { name: 'Post the job' }).click();
	await expect(carrier(customer, neighbour.id)).toContainText('Working for it');

	// Three seconds of solving in a row without a single one: the page's own start, and other programs that hold it up,
	// come before. A page that hashed itself would never get there.
	const longTasks = () =>
		customer.page.evaluate(() => (globalThis as unknown as { longTasks: number[] }).longTasks.length);
	let before = -1;
	let quietSeconds = 0;
	const quiet = async () => {
		const now = await longTasks();
		quietSeconds = now === before ? quietSeconds + 1 : 0;
		before = now;
		return quietSeconds;
	};
	await expect.poll(quiet, { intervals: [1_000] }).toBeGreaterThanOrEqual(3);
	await expect(carrier(customer, neighbour.id)).toContainText('Working for it');
	await expect.poll(async () => (await kept(customer))[0]?.solved).toBeGreaterThan(0);

	const [work] = await kept(customer);
	await customer.page.reload();
	await expect(carrier(customer, neighbour.id)).toContainText('Working for it');
	expect(await progress(customer, neighbour.id)).toBeGreaterThanOrEqual((work?.solved ?? 16) / 16);
	await expect.poll(() => kept(customer)).toMatchObject([{ workId: work?.workId, restarts: 1 }]);

	await expectJob(customer, 'Open');
	await neighbour.until('network', ({ traffic }) => traffic.broadcastsSeen === 1);
	// The favour asked for before the reload paid: no other was asked for.
	expect(neighbour.slice('network').traffic.framesIn['AskForFavour']).toBe(1);
	await expect.poll(() => kept(customer)).toEqual([]);
});

test('a proof that was taken up again can be cancelled', async ({ relay, tab, peer }) => {
	const relays = [await relay()];
	const customer = await tab({ relays, parameters: dear(2 ** 22) });
	const neighbour = await peer({
		relays,
		parameters: dear(Math.round((await speed(customer)) * 11)),
	});
	await expectPeers(customer, 1);
	await writeJob(customer, job);
	await customer.page.getByRole('button', { name: 'Post the job' }).click();
	await expect(carrier(customer, neighbour.id)).toContainText('Working for it');
	await expect.poll(async () => (await kept(customer)).length).toBe(1);
	await customer.page.reload();
	await expect(carrier(customer, neighbour.id)).toContainText('Working for it');
	await confirm(customer, 'Cancel the job');
	await expectJob(customer, 'Cancelled');
	await expect.poll(() => kept(customer)).toEqual([]);
	expect(neighbour.slice('network').traffic.broadcastsSeen).toBe(0);
});
