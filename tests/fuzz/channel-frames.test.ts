import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseAddress } from '#lib/channel/address.ts';
import { initOf, type PlayEffect } from '#lib/channel/rounds/play.ts';
import type { ChannelRecord } from '#lib/channel/rounds/records.ts';
import { loadSuggester, stepSuggester } from '#lib/channel/rounds/suggester.ts';
import { loadUser, stepUser } from '#lib/channel/rounds/user.ts';
import { channelFrames, channelFrameTypes, type ChannelFrame } from '#lib/channel/wire/frames.ts';
import { parseWatch } from '#lib/app/memes/watchtower.ts';
import { toHex } from '#lib/core/bytes.ts';
import { anyChannelFrame, channelFrameArbitraries } from '../kit/arbitrary-channel.ts';
import { damaged, runs, seed, timeout, wireCodes } from '../kit/damage.ts';
import { createDice } from '../kit/dice.ts';
import { openStanding } from '../simulation/channel/chain.ts';
import { freshDisk, kept } from '../simulation/channel/disk.ts';
import { channelOf, domain, fakeSeals, idOf, signFake } from '../simulation/channel/seals.ts';

const types = channelFrameTypes.map(({ type }) => type);
const sample = (count: number): readonly ChannelFrame[] =>
	fc.sample(anyChannelFrame, { seed, numRuns: count });

it('every frame of a channel has an arbitrary, and is read as it was written', () => {
	expect(Object.keys(channelFrameArbitraries)).toEqual(channelFrameTypes.map(({ name }) => name));
	fc.assert(
		fc.property(anyChannelFrame, (frame) => {
			expect(channelFrames.decode(channelFrames.encode(frame))).toEqual({ ok: true, value: frame });
		}),
		{ seed, numRuns: 1_000 },
	);
});

describe(`frames of a channel, damaged, with seed ${seed}`, () => {
	const corpus = sample(200).map((frame) => channelFrames.encode(frame));

	it(
		'are read without one untyped error, and mean the same to the next reader',
		() => {
			const dice = createDice(seed);
			let accepted = 0;
			for (let run = 0; run < runs / 4; run++) {
				const bytes = damaged(dice, corpus, types);
				const decoded = channelFrames.decode(bytes);
				if (!decoded.ok) {
					if (!wireCodes.has(decoded.error.code)) expect.fail(`run ${run}: ${JSON.stringify(decoded.error)}`);
					continue;
				}
				accepted++;
				const again = channelFrames.decode(channelFrames.encode(decoded.value));
				if (!again.ok) expect.fail(`run ${run}: ${decoded.value.kind} cannot be passed on`);
			}
			expect(accepted).toBeGreaterThan(runs / 200);
		},
		timeout,
	);

	it('given as a text to watch over are refused in words', () => {
		const dice = createDice(seed);
		const from = parseAddress(`0x${'1'.repeat(40)}`)!;
		for (let run = 0; run < runs / 100; run++) {
			const text = dice.below(4) === 0 ? String(run) : toHex(damaged(dice, corpus, types));
			const parsed = parseWatch(text, from, 0);
			if (parsed.ok) expect.fail(`run ${run}: an unsigned state is watched over`);
			expect(parsed.error).not.toBe('');
		}
	});
});

describe('a stranger who proved its key and says anything', () => {
	const channel = channelOf(5);
	const transport = `0x${'7'.repeat(64)}` as const;
	const chain = { kind: 'chain', standing: openStanding, time: 0 } as const;
	const record = (role: 'user' | 'suggester'): ChannelRecord => ({
		...{ role, id: idOf(channel), domain, channel, createdAt: 0, stage: 'open', recovering: false },
	});
	/** Kinds of messages a side was made to sign. */
	const signed = (effects: readonly PlayEffect[]) =>
		effects.flatMap((effect) =>
			effect.kind === 'sign' ? effect.messages.map((one) => one.primaryType) : [],
		);

	/** Frames of chance, and those of a partner who knows this channel but not what was played. */
	const talk = fc.array(
		fc.oneof(
			anyChannelFrame,
			fc
				.record({ rewarded: fc.nat(6), burned: fc.nat(6), reply: fc.boolean() })
				.map(({ rewarded, burned, reply }): ChannelFrame => {
					const tally = { rewarded, burned };
					const signature = signFake(channel.suggesterKey, { primaryType: 'Close', channel, tally });
					return reply
						? { kind: 'Closed', ...tally, signature }
						: { kind: 'ChannelBye', ...tally, signature };
				}),
			fc.constant<ChannelFrame>({ kind: 'ChannelHello', rewarded: 0, burned: 0 }),
		),
		{ maxLength: 30 },
	);

	it('makes a user sign nothing but its own init', () => {
		fc.assert(
			fc.property(talk, (frames) => {
				let user = loadUser(kept(freshDisk(record('user'))));
				const effects: PlayEffect[] = [];
				const step = (event: Parameters<typeof stepUser>[1]) => {
					const [next, more] = stepUser(user, event, 1_000, fakeSeals);
					user = next;
					effects.push(...more);
				};
				step(chain);
				step({ kind: 'link-up', transport });
				const init = initOf(channel, transport);
				step({
					kind: 'frame',
					frame: { kind: 'Init', ...domain, channel, signature: signFake(channel.suggesterKey, init) },
				});
				for (const frame of frames) step({ kind: 'frame', frame });
				expect(signed(effects)).toEqual(['Init']);
				expect(user.newest).toBeUndefined();
			}),
			{ seed, numRuns: 1_000 },
		);
	});

	it('makes a suggester sign nothing but its init and one offer', () => {
		let offered = 0;
		fc.assert(
			fc.property(talk, (frames) => {
				let suggester = loadSuggester(kept(freshDisk(record('suggester'))));
				const effects: PlayEffect[] = [];
				const step = (event: Parameters<typeof stepSuggester>[1]) => {
					const [next, more] = stepSuggester(suggester, event, 1_000, fakeSeals);
					suggester = next;
					effects.push(...more);
					for (const { kind } of more)
						if (kind === 'next-picture')
							step({ kind: 'picture', offer: { sha256: transport, size: 1, mime: 'image/png' } });
				};
				step(chain);
				step({ kind: 'link-up', transport });
				const init = initOf(channel, transport);
				step({
					kind: 'frame',
					frame: { kind: 'Init', ...domain, channel, signature: signFake(channel.userKey, init) },
				});
				for (const frame of frames) step({ kind: 'frame', frame });
				const offers = signed(effects).filter((kind) => kind === 'Offer').length;
				expect(offers).toBeLessThanOrEqual(1);
				offered += offers;
				expect(signed(effects)).not.toContain('Close');
				expect(suggester.newest).toBeUndefined();
			}),
			{ seed, numRuns: 1_000 },
		);
		expect(offered).toBeGreaterThan(0);
	});
});

it.each(['https://[', 'https://a b', 'http://a', 'javascript:alert(1)'])(
	'%s is no place of a picture',
	(url) => {
		const [offered] = fc.sample(channelFrameArbitraries.Suggestion, { seed, numRuns: 1 });
		expect(() => channelFrames.encode({ ...offered, url } as ChannelFrame)).toThrow('an https URL');
	},
);
