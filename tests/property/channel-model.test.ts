import { expect, test } from 'vitest';
import { checkModel } from '../simulation/channel/model/check.ts';
import { modelBounds } from '../simulation/channel/model/moves.ts';

/** All of a small channel; `npm run sim:channel -- --model` has the whole one. */
const small = { ...modelBounds, leaving: false, bug: undefined };

test('every state of a channel of one round is safe, and has a way on', () => {
	expect(checkModel(1, small)).toMatchObject({ unsafe: 0, stuck: 0, states: 14_224 });
});

test('so it is when more comes while a side is still at work', () => {
	expect(checkModel(1, { ...small, waiting: 2 })).toMatchObject({ unsafe: 0, stuck: 0 });
});

test.each(['send-before-commit', 'answer-overwritten'] as const)('%s is found, with the way there', (bug) => {
	const { unsafe, trace } = checkModel(1, { ...small, bug });
	expect(unsafe).toBe(1);
	expect(trace?.at(-1)).toMatch(/not on disk/);
});

test('a place for one frame only, and no way on: that is found as well', () => {
	expect(checkModel(1, { ...small, inFlight: 1 }).stuck).toBeGreaterThan(0);
});
