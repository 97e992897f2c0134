import { expect, test } from 'vitest';
import { Energy } from '#lib/app/energy.ts';
import { onMains, unknownPower, type Power } from '#lib/pow/energy.ts';
import type { PowEvents, PowJob } from '#lib/pow/worker/pool.ts';

/** A device of four solvers, each as fast as the others. */
function device(power: Power) {
	const employed: number[] = [];
	const told: { hashRate: number; saving: boolean }[] = [];
	const changes = { count: 0 };
	const speed = { each: 1_000 };
	const rate = () => (employed.at(-1) ?? 4) * speed.each;
	const working: PowEvents[] = [];
	const pool = {
		most: 4,
		rate,
		solve: (_: PowJob, events: PowEvents) => void working.push(events),
		cancel: () => undefined,
		graphics: () => ({ state: 'off' }) as const,
		employ: ({ solvers }: { solvers: number }) => void employed.push(solvers),
		calibrate: () => Promise.resolve(rate()),
	};
	const energy = new Energy(pool, power, {
		ondevice: (device) => told.push(device),
		onchange: () => (changes.count += 1),
	});
	return { energy, employed, told, changes, speed, working };
}

test('the engine learns what the device can do as power, page and person have it', async () => {
	const { energy, employed, told } = device(unknownPower);
	expect(energy.mode.because).toBe('unknown');
	energy.update({});
	await Promise.resolve();
	energy.update({ battery: { charging: true, level: 1 } });
	await Promise.resolve();
	energy.update({ battery: { charging: false, level: 0.1 } });
	await Promise.resolve();
	expect(employed).toEqual([2, 4, 1]);
	expect(told).toEqual([
		{ hashRate: 2_000, saving: false },
		{ hashRate: 4_000, saving: false },
		{ hashRate: 1_000, saving: true },
	]);
});

test('news that changes nothing disturbs nobody', async () => {
	const { energy, employed, changes } = device(onMains);
	energy.update({});
	energy.update({ battery: { charging: true, level: 0.9 } });
	energy.update({ visible: false });
	await Promise.resolve();
	expect(employed).toEqual([4]);
	expect(changes.count).toBe(2); // how much is done, and how fast
});

test('a measurement that power has overtaken is not told', async () => {
	const { energy, told } = device(onMains);
	energy.update({});
	energy.update({ sparing: true });
	await Promise.resolve();
	expect(told).toEqual([{ hashRate: 1_000, saving: true }]);
});

test('work that goes faster than the first measurement corrects it; a small difference does not', async () => {
	const { energy, told, speed, working } = device(onMains);
	energy.update({});
	await Promise.resolve();
	const seen: number[] = [];
	energy.solve(
		{ id: 'job', seed: new Uint8Array(32), complexity: 64 },
		{ progress: ({ hashes }) => seen.push(hashes), done: () => undefined, failed: () => undefined },
	);
	const report = (hashes: number) => working[0]?.progress({ solved: 0, hashes, solutions: [] });
	speed.each = 1_050;
	report(1);
	expect(energy.hashRate).toBe(4_000);
	speed.each = 3_000;
	report(2);
	report(3);
	expect(energy.hashRate).toBe(12_000);
	expect(told.map(({ hashRate }) => hashRate)).toEqual([4_000, 12_000]);
	expect(seen).toEqual([1, 2, 3]);
});
