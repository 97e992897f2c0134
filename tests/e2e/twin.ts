import { publicKey, secretFrom, verify } from '#lib/core/crypto/schnorr.ts';
import { admissionSolver } from '#lib/app/admission-solver.ts';
import { MemeCalls, type MemeCall } from '#lib/app/memes/calls.ts';
import { linkParameters } from '#lib/app/parameters.ts';
import { systemClock } from '#lib/app/platform/clock.ts';
import { systemRandom } from '#lib/app/platform/random.ts';
import type { NodeConfig } from '#lib/app/protocol.ts';
import type { Word } from '#lib/channel/address.ts';
import type { Endpoint } from '#lib/channel/endpoint.ts';
import type { ChannelFrame, ChannelFrameOf } from '#lib/channel/wire/frames.ts';
import type { PowPool } from '#lib/pow/worker/pool.ts';
import { createNodeConns } from '#lib/webrtc/conn/node.ts';
import { createDirectLinks } from '#lib/webrtc/direct.ts';
import { createNostrRendezvous } from '#lib/webrtc/rendezvous/nostr.ts';
import { platformSocket } from '#lib/webrtc/rendezvous/nostr/socket.ts';
import { createSignalling } from '#lib/webrtc/signalling.ts';
import { expect } from './fixtures.ts';

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

export function startTwin({ network, relays, iceServers, parameters }: NodeConfig, pool: PowPool): Twin {
	const secret = secretFrom(systemRandom.bytes(48));
	const identity = { id: publicKey(secret), secret };
	const shared = { clock: systemClock, random: systemRandom, log: () => undefined };
	const signalling = createSignalling({
		...shared,
		identity,
		rendezvous: [createNostrRendezvous({ ...shared, relays, network, openSocket: platformSocket, verify })],
	});
	const direct = createDirectLinks({
		...shared,
		identity,
		network,
		conns: createNodeConns({ clock: systemClock, iceServers }),
		signalling,
		solver: admissionSolver(pool, systemClock),
		parameters: linkParameters(parameters),
	});
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
