import { describe, expect, it } from 'vitest';
import { connLimits } from '#lib/webrtc/conn/limits.ts';
import { watchGathering } from '#lib/webrtc/conn/gathering.ts';
import { virtualClock } from '../kit/virtual-clock.ts';

/** Gathering on a virtual clock. */
function setup() {
	const clock = virtualClock();
	const state = { candidates: 0, done: 0 };
	const gathering = watchGathering(
		clock,
		() => state.candidates > 0,
		() => (state.done += 1),
	);
	const found = () => {
		state.candidates += 1;
		gathering.news(false);
	};
	return { clock, state, gathering, found };
}

describe('a description without trickle', () => {
	it('leaves as soon as all addresses are known', () => {
		const { state, gathering, found } = setup();
		found();
		expect(state.done).toBe(0);
		gathering.news(true);
		gathering.news(true);
		expect(state.done).toBe(1);
	});

	it('leaves after a while with those there are: a dead STUN server holds nobody up', async () => {
		const { clock, state, found } = setup();
		found();
		await clock.advance(connLimits.gatherMs - 1);
		expect(state.done).toBe(0);
		await clock.advance(1);
		expect(state.done).toBe(1);
	});

	it('waits for the first address where a busy machine has none yet', async () => {
		const { clock, state, found } = setup();
		await clock.advance(connLimits.gatherMs + 1_000);
		expect(state.done).toBe(0);
		found();
		found();
		expect(state.done).toBe(1);
		await clock.advance(connLimits.firstCandidateMs);
		expect(state.done).toBe(1);
	});

	it('leaves without any in the end, so that its maker can say that there is none', async () => {
		const { clock, state } = setup();
		await clock.advance(connLimits.firstCandidateMs);
		expect(state.done).toBe(1);
	});

	it('never leaves once it is not wanted any more', async () => {
		const { clock, state, gathering, found } = setup();
		gathering.cancel();
		found();
		gathering.news(true);
		await clock.advance(connLimits.firstCandidateMs);
		expect(state.done).toBe(0);
	});
});
