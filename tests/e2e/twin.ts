import { secretFrom } from '#lib/core/crypto/schnorr.ts';
import { MemeCalls, type MemeCall } from '#lib/app/memes/calls.ts';
import { systemClock } from '#lib/app/platform/clock.ts';
import { systemRandom } from '#lib/app/platform/random.ts';
import type { NodeConfig } from '#lib/app/protocol.ts';
import type { Word } from '#lib/channel/address.ts';
import type { Endpoint } from '#lib/channel/endpoint.ts';
import type { ChannelFrame, ChannelFrameOf } from '#lib/channel/wire/frames.ts';
import type { PowPool } from '#lib/pow/worker/pool.ts';
import { createDirectLinks } from '#lib/webrtc/direct.ts';
import { expect } from './fixtures.ts';
import { linksOfStranger } from './stranger.ts';

/** A call of a twin to a suggester. */
export interface TwinCall {
	/** Names the link for `Init`. */
	readonly transport: Word;
	/** All that the suggester sent on it. */
	readonly heard: readonly ChannelFrame[];
	say(frame: ChannelFrame): void;
	/** The first frame of this kind, now or later. */
	hears<K extends ChannelFrame['kind']>(kind: K): Promise<ChannelFrameOf<K>>;
	/** The suggester hung up. */
	over(): Promise<void>;
}

/** Speaks to suggesters over real links, with no rules of a channel behind it: what a modified client can say. */
export interface Twin {
	/** Calls by a key of its own: a new connection each time. */
	call(endpoint: Endpoint): Promise<TwinCall>;
	stop(): void;
}

export function startTwin(config: NodeConfig, pool: PowPool): Twin {
	const links = linksOfStranger(config, pool);
	const { signalling } = links;
	const direct = createDirectLinks(links);
	const calls = new MemeCalls(direct, systemClock);
	signalling.start();
	direct.start({
		onopen: (call) => void calls.opened(call),
		onframe: (id, bytes) => void calls.frame(id, bytes),
		onclose: (id) => void calls.closed(id),
		onfailed: ({ self }) => void calls.failed(self),
		onnote: () => undefined,
	});
	return {
		async call(endpoint) {
			const heard: ChannelFrame[] = [];
			const state: { call: MemeCall | undefined; ended: boolean } = { call: undefined, ended: false };
			calls.dial(secretFrom(systemRandom.bytes(48)), endpoint, {
				opened: (call) => void (state.call = call),
				frame: (_call, frame) => void heard.push(frame),
				ended: () => void (state.ended = true),
			});
			await expect.poll(() => state.call !== undefined || state.ended).toBe(true);
			if (!state.call) throw new Error('the suggester did not answer the call');
			const { call } = state;
			return {
				transport: call.transport,
				heard,
				say: (frame) => void call.send(frame),
				async hears(kind) {
					const found = () =>
						heard.find((frame): frame is ChannelFrameOf<typeof kind> => frame.kind === kind);
					// Says what was heard instead.
					await expect.poll(() => (found() ? kind : { heard: [...heard], ended: state.ended })).toBe(kind);
					return found()!;
				},
				over: () => expect.poll(() => state.ended).toBe(true),
			};
		},
		stop() {
			direct.stop('the test is over');
			signalling.stop();
		},
	};
}
