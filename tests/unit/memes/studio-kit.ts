import { MemeCalls } from '#lib/app/memes/calls.ts';
import type { Desk } from '#lib/app/memes/desk.ts';
import { Studio } from '#lib/app/memes/studio.ts';
import { emptyStudio } from '#lib/app/memes/studio-state.ts';
import { Transactions } from '#lib/app/memes/transactions.ts';
import type { Word } from '#lib/channel/address.ts';
import type { Channel } from '#lib/channel/channel.ts';
import { suggesterKeys } from '#lib/channel/keys.ts';
import type { ChainReader, ChainResult, Standing } from '#lib/channel/ports.ts';
import { initOf } from '#lib/channel/rounds/play.ts';
import { addressOf, signDigest } from '#lib/channel/signature.ts';
import { digest } from '#lib/channel/typed-data.ts';
import { channelFrames, type ChannelFrame } from '#lib/channel/wire/frames.ts';
import { transportOf } from '#lib/channel/wire/transport.ts';
import { publicKey } from '#lib/core/crypto/schnorr.ts';
import { ok } from '#lib/core/result.ts';
import { virtualClock, type VirtualClock } from '../../kit/virtual-clock.ts';
import { openStanding } from '../../simulation/channel/chain.ts';
import { channel as channelWith, domain, secret } from '../channel/fixture.ts';

const seed = new Uint8Array(32).fill(0x51);
const local = new Uint8Array(32).fill(1);

/** A call somebody made to the studio. */
export interface Caller {
	/** Frames the studio sent on it, by their kinds. */
	readonly heard: string[];
	/** Why the studio hung up. */
	hungUp: string | undefined;
	say(frame: ChannelFrame): void;
	/** Its `Init` for the channel, good for its own link. */
	saidInit(): ChannelFrame;
	init(): void;
	leave(): void;
}

/** A studio with one picture, whose chain answers when the test says so. */
export interface StudioBench {
	readonly clock: VirtualClock;
	readonly studio: Studio;
	readonly channel: Channel;
	call(): Caller;
	/** The chain answers all that it was asked. */
	answer(): Promise<void>;
}

export function studioBench(): StudioBench {
	const clock = virtualClock();
	const keys = suggesterKeys(seed);
	const channel = channelWith({ suggesterKey: addressOf(keys.sign) });
	const asked: (() => void)[] = [];
	const callers = new Map<string, Caller>();
	const calls = new MemeCalls(
		{
			listen: () => () => undefined,
			call: () => undefined,
			send(id, bytes) {
				const frame = channelFrames.decode(bytes);
				callers.get(id)?.heard.push(frame.ok ? frame.value.kind : frame.error.code);
				return true;
			},
			hangUp(id, reason) {
				const caller = callers.get(id);
				if (caller) caller.hungUp ??= reason;
			},
		},
		clock,
	);
	const standings = (): ChainResult<readonly Standing[]> =>
		new Promise((resolve) => asked.push(() => resolve(ok([openStanding]))));
	const reader: Pick<ChainReader, 'domain' | 'head' | 'standings'> = {
		domain,
		head: () => Promise.resolve(ok({ number: 1n, time: 0 })),
		standings,
	};
	const desk: Desk = {
		clock,
		random: { bytes: (length) => new Uint8Array(length) },
		log: () => undefined,
		seed,
		store: {
			load: () => Promise.reject(new Error('not expected')),
			commit: () => Promise.reject(new Error('not expected')),
			content: () => Promise.resolve(ok(undefined)),
		},
		calls,
		transactions: new Transactions({
			clock,
			reader: () => undefined,
			wallet: () => undefined,
			onsettled: () => undefined,
			changed: () => undefined,
		}),
		relays: [],
		reader: () => reader as ChainReader,
		wallet: () => undefined,
		commit: () => Promise.resolve('done'),
		look: () => undefined,
		changed: () => undefined,
	};
	const sha256: Word = `0x${'ab'.repeat(32)}`;
	const picture = { sha256, mime: 'image/png', size: 10, name: 'one.png', addedAt: clock.now() };
	const studio = new Studio(desk, { ...emptyStudio, account: channel.suggester }, [picture], []);
	return {
		clock,
		studio,
		channel,
		call() {
			const id = `call ${callers.size}`;
			const remote = new Uint8Array(32).fill(0x10 + callers.size);
			const say = (frame: ChannelFrame) => void calls.frame(id, channelFrames.encode(frame));
			const caller: Caller = {
				heard: [],
				hungUp: undefined,
				say,
				saidInit() {
					const message = initOf(channel, transportOf(remote, local));
					const signature = signDigest(digest(domain, message), secret(0x12));
					return { kind: 'Init', ...domain, channel, signature };
				},
				init: () => say(caller.saidInit()),
				leave: () => void calls.closed(id),
			};
			callers.set(id, caller);
			calls.opened({
				id,
				self: publicKey(keys.call),
				peer: publicKey(secret(0x31)),
				incoming: true,
				secret: '',
				fingerprints: { local, remote },
			});
			return caller;
		},
		async answer() {
			await clock.advance(0);
			for (const resolve of asked.splice(0)) resolve();
			await clock.advance(0);
			await clock.advance(0);
		},
	};
}
