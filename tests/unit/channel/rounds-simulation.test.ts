import { describe, expect, it } from 'vitest';
import { channelFrames } from '#lib/channel/wire/frames.ts';
import { createDice } from '../../kit/dice.ts';
import { bugs } from '../../simulation/channel/party.ts';
import { runSeed } from '../../simulation/channel/run.ts';
import { channelOf, domain } from '../../simulation/channel/seals.ts';

/** Ample on a busy machine; the long run is `npm run sim:channel`. */
const timeout = 60_000;

describe('a channel over a bad link, with crashes and old backups', () => {
	it(
		'loses no kept answer, signs no round twice and always ends',
		() => {
			for (let seed = 1; seed <= 300; seed++)
				expect({ seed, ...runSeed(seed) }).toMatchObject({ lost: 0, doubleSigned: 0, stuck: 0 });
		},
		timeout,
	);

	it.each(bugs)(
		'finds the planted mistake %s',
		(bug) => {
			let found = false;
			for (let seed = 1; seed <= 1_000 && !found; seed++) {
				const { lost, doubleSigned, stuck } = runSeed(seed, bug);
				found = lost + doubleSigned + stuck > 0;
			}
			expect(found).toBe(true);
		},
		timeout,
	);
});

describe('frames of a channel', () => {
	const word = `0x${'ab'.repeat(32)}` as const;
	const signature = { r: word, vs: word };
	const init = channelFrames.encode({ kind: 'Init', ...domain, channel: channelOf(3), signature });

	it('are read as they were written', () => {
		expect(channelFrames.decode(init)).toEqual({
			ok: true,
			value: { kind: 'Init', ...domain, channel: channelOf(3), signature },
		});
	});

	it('refuse damage with a typed error and never throw', () => {
		const dice = createDice(7);
		for (let run = 0; run < 5_000; run++) {
			const at = dice.below(init.length);
			const bytes = dice.below(2) === 0 ? init.slice(0, at) : init.with(at, dice.below(256));
			const decoded = channelFrames.decode(bytes);
			if (!decoded.ok) expect(decoded.error.type).toBe('wire');
		}
	});
});
