import { expect, test } from 'vitest';
import {
	clockSkewMs,
	dayOf,
	daysHeard,
	meetingPoint,
	nextChange,
} from '#lib/webrtc/rendezvous/meeting-point.ts';

const day = 86_400_000;
const midnight = 20_000 * day;

test.each([
	['at noon', midnight + day / 2, [20_000]],
	['ten minutes before midnight', midnight - clockSkewMs, [19_999, 20_000]],
	['just before that', midnight - clockSkewMs - 1, [19_999]],
	['at midnight', midnight, [19_999, 20_000]],
	['just before ten past', midnight + clockSkewMs - 1, [19_999, 20_000]],
	['at ten past', midnight + clockSkewMs, [20_000]],
])('%s joins of the right days are heard', (_, now, days) => {
	expect(daysHeard(now)).toEqual(days);
});

test('two members whose clocks differ within the skew always hear each other', () => {
	for (let at = midnight - day; at < midnight + day; at += 60_000) {
		for (const skew of [-clockSkewMs + 1, -1, 0, 1, clockSkewMs - 1])
			expect(daysHeard(at + skew)).toContain(dayOf(at));
	}
});

test('the next change is exactly when the answer changes', () => {
	let now = midnight + day / 2;
	for (let i = 0; i < 6; i++) {
		const change = nextChange(now);
		expect(change).toBeGreaterThan(now);
		expect(daysHeard(change - 1)).toEqual(daysHeard(now));
		expect(daysHeard(change)).not.toEqual(daysHeard(now));
		now = change;
	}
});

test('networks and days meet in different places', () => {
	const points = [
		meetingPoint('sweet', 20_000),
		meetingPoint('sweet', 20_001),
		meetingPoint('sweet2', 20_000),
		meetingPoint('s', 20_000),
	];
	expect(new Set(points).size).toBe(4);
	expect(points[0]).toMatch(/^[0-9a-f]{64}$/);
});
