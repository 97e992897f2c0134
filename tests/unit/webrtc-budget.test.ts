import { describe, expect, it } from 'vitest';
import { budgetLimits, ConnBudget } from '#lib/webrtc/conn/budget.ts';
import { virtualClock } from '../kit/virtual-clock.ts';

describe('the connection budget of a page', () => {
	it('lets four open at a time; one that is settled twice frees one place', () => {
		const budget = new ConnBudget(virtualClock());
		const taken = Array.from({ length: budgetLimits.inFlight }, () => budget.request());
		expect(taken.every(({ ok }) => ok)).toBe(true);
		expect(budget.request()).toMatchObject({ ok: false, error: { type: 'conn', code: 'budget' } });
		const [first] = taken;
		if (first?.ok) {
			first.value();
			first.value();
		}
		expect(budget.request().ok).toBe(true);
		expect(budget.request().ok).toBe(false);
	});

	it('lets no more than sixty a minute in the long run', async () => {
		const clock = virtualClock();
		const budget = new ConnBudget(clock);
		let made = 0;
		for (let second = 0; second < 600; second++) {
			for (let i = 0; i < 20; i++) {
				const permission = budget.request();
				if (!permission.ok) break;
				permission.value();
				made += 1;
			}
			await clock.advance(1_000);
		}
		expect(made).toBeLessThanOrEqual(600 + budgetLimits.burst);
		expect(made).toBeGreaterThanOrEqual(600);
	});

	it('waits longer after each refusal of the browser, and is forgiven by a success', async () => {
		const clock = virtualClock();
		const budget = new ConnBudget(clock);
		const closedFor = async (): Promise<number> => {
			for (let seconds = 0; ; seconds++) {
				const permission = budget.request();
				if (permission.ok) {
					permission.value();
					return seconds;
				}
				await clock.advance(1_000);
			}
		};
		const waits: number[] = [];
		for (let i = 0; i < 7; i++) {
			budget.refused();
			waits.push(await closedFor());
		}
		expect(waits).toEqual([5, 10, 20, 40, 80, 120, 120]);
		budget.constructed();
		budget.refused();
		expect(await closedFor()).toBe(5);
	});
});
