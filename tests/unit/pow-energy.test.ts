import { describe, expect, test } from 'vitest';
import { onMains, unknownPower, workMode, type Power } from '#lib/pow/energy.ts';

const discharging = (level: number) => ({ battery: { charging: false, level } });
const silent = (power: Partial<Power> = {}): Power => ({ ...unknownPower, ...power });

describe('how much of a device work may take', () => {
	test.each<[string, Power, Partial<ReturnType<typeof workMode>>]>([
		['on mains: all it has processors for', onMains, { solvers: 4, saving: false, because: 'mains' }],
		['a phone at the charger: two', { ...onMains, mobile: true }, { solvers: 2, because: 'mains' }],
		[
			'on battery: half',
			{ ...onMains, ...discharging(0.8) },
			{ solvers: 2, saving: false, because: 'battery' },
		],
		['a phone on battery: one', { ...onMains, ...discharging(0.8), mobile: true }, { solvers: 1 }],
		['a battery nobody tells of: as on battery', silent(), { solvers: 2, saving: false, because: 'unknown' }],
		[
			'a low battery: one, and nothing for others',
			{ ...onMains, ...discharging(0.2) },
			{ solvers: 1, saving: true, because: 'low' },
		],
		[
			'a low battery that is being charged: all',
			{ ...onMains, battery: { charging: true, level: 0.05 } },
			{ solvers: 4, saving: false },
		],
		['a hot processor: half', { ...onMains, hot: true }, { solvers: 2, saving: false, because: 'hot' }],
		['a wish, whatever else', { ...onMains, sparing: true }, { solvers: 1, saving: true, because: 'wished' }],
	])('%s', (_, power, expected) => {
		expect(workMode(power, 4)).toMatchObject(expected);
	});

	test.each<[string, Power, boolean]>([
		['on mains', onMains, true],
		['on a desktop that does not tell', silent(), true],
		['on a phone that does not tell', silent({ mobile: true }), false],
		['on battery', { ...onMains, ...discharging(0.9) }, false],
		['when hot', { ...onMains, hot: true }, false],
		['while power is saved', { ...onMains, sparing: true }, false],
	])('the graphics card works %s only where it may, and never unasked', (_, power, expected) => {
		expect(workMode({ ...power, graphics: true }, 4).graphics).toBe(expected);
		expect(workMode(power, 4).graphics).toBe(false);
	});

	test.each([1, 2, 3, 4])('is between one solver and the %i there are', (most) => {
		for (const power of [onMains, silent(), { ...onMains, ...discharging(0.1) }, silent({ mobile: true })])
			for (const sparing of [false, true]) {
				const { solvers } = workMode({ ...power, sparing }, most);
				expect(solvers).toBeGreaterThanOrEqual(1);
				expect(solvers).toBeLessThanOrEqual(most);
			}
	});

	test.each<[string, Power, boolean]>([
		['seen, on battery', { ...onMains, ...discharging(0.5) }, false],
		['unseen, on mains', { ...onMains, visible: false }, false],
		['unseen, on battery', { ...onMains, ...discharging(0.5), visible: false }, true],
		['unseen, a phone that does not tell', silent({ mobile: true, visible: false }), true],
		['unseen, a desktop that does not tell', silent({ visible: false }), false],
	])('%s', (_, power, held) => {
		expect(workMode(power, 4).held).toBe(held);
	});
});
