import { expect, test } from 'vitest';
import { Energy } from '#lib/app/energy.ts';
import { onMains, unknownPower, type Power } from '#lib/pow/energy.ts';

/** A device of four solvers, each as fast as the others. */
function device(power: Power) {
	const employed: number[] = [];
	const told: { hashRate: number; saving: boolean }[] = [];
	const changes = { count: 0 };
	const pool = {
		most: 4,
		employ: ({ solvers }: { solvers: number }) => void employed.push(solvers),
		calibrate: () => Promise.resolve((employed.at(-1) ?? 4) * 1_000),
	};
	const energy = new Energy(pool, power, {
		ondevice: (device) => told.push(device),
		onchange: () => (changes.count += 1),
	});
	return { energy, employed, told, changes };
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
	expect(changes.count).toBe(1);
});

test('a measurement that power has overtaken is not told', async () => {
	const { energy, told } = device(onMains);
	energy.update({});
	energy.update({ sparing: true });
	await Promise.resolve();
	expect(told).toEqual([{ hashRate: 1_000, saving: true }]);
});
