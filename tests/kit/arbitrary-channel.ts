import fc, { type Arbitrary } from 'fast-check';
import { hex0x, type Address, type Word } from '#lib/channel/address.ts';
import { channelLimits, checkChannel, type Channel } from '#lib/channel/channel.ts';
import { channelRefusals, type ChannelFrame, type ChannelRefusal } from '#lib/channel/wire/frames.ts';
import { pictureLimits, pictureMimes, wireLimits, type PictureMime } from '#lib/channel/wire/limits.ts';
import { toHex } from '#lib/core/bytes.ts';

const bytes = (length: number) =>
	fc.uint8Array({ minLength: length, maxLength: length }).map((value) => new Uint8Array(value));
const u32 = fc.nat(0xffff_ffff);
const u64 = fc.maxSafeNat();
const amount = fc.bigInt({ min: 0n, max: channelLimits.amount });
const address: Arbitrary<Address> = bytes(20).map((value) => hex0x(value) as Address);
const word: Arbitrary<Word> = bytes(32).map((value) => hex0x(value));
const signature = fc.record({ r: word, vs: word });
const sha256 = bytes(32).map(toHex);
const tally = { rewarded: u32, burned: u32 };
const optional = <T>(value: Arbitrary<T>) => fc.option(value, { nil: undefined });

const reason = fc
	.string({ unit: 'binary', maxLength: wireLimits.reason / 8 })
	.map((text) => text.normalize('NFC').replace(/(?![\t\n])\p{Cc}/gu, ''))
	.filter((text) => text === text.normalize('NFC'));

/** Channels the contract would open. */
export const channels: Arbitrary<Channel> = fc
	.record({
		...{ user: address, userKey: address, suggester: address, suggesterKey: address },
		...{ reward: amount, userBurn: amount, suggesterBurn: amount, bond: amount },
		rounds: fc.integer({ min: 1, max: channelLimits.rounds }),
		window: fc.integer({ min: channelLimits.minWindow, max: channelLimits.maxWindow }),
		salt: fc.bigInt({ min: 0n, max: channelLimits.salt }),
	})
	.map((channel) => {
		const userBurn = channel.userBurn < channel.reward ? channel.reward : channel.userBurn;
		const deposit = userBurn * BigInt(channel.rounds);
		return { ...channel, userBurn, bond: channel.bond > deposit ? deposit : channel.bond };
	})
	.filter((channel) => checkChannel(channel).ok);

const place = { chainId: u64, contract: address };

/** A field that is not there is left out, as the reader leaves it out. */
const frame = (
	kind: ChannelFrame['kind'],
	fields: Readonly<Record<string, Arbitrary<unknown>>>,
): Arbitrary<ChannelFrame> =>
	fc.record(fields).map((value) => {
		const given = Object.entries(value).filter(([, field]) => field !== undefined);
		return { kind, ...Object.fromEntries(given) } as ChannelFrame;
	});

export const channelFrameArbitraries = {
	TermsRequest: frame('TermsRequest', {}),
	Terms: frame('Terms', {
		...place,
		...{ suggester: address, key: address, reward: amount, userBurn: amount, suggesterBurn: amount },
		...{ bond: amount, maxRounds: u32, window: u32, approvesInMs: u32, pictures: u32 },
	}),
	ApproveRequest: frame('ApproveRequest', { ...place, channel: channels }),
	Approval: frame('Approval', { id: word, expiry: u64, signature }),
	ChannelRefuse: frame('ChannelRefuse', {
		code: fc.constantFrom(...(Object.keys(channelRefusals) as ChannelRefusal[])),
		retryAfterMs: u32,
	}),
	Init: frame('Init', { ...place, channel: channels, signature }),
	ChannelHello: frame('ChannelHello', {
		...tally,
		user: optional(signature),
		suggester: optional(signature),
	}),
	Suggestion: frame('Suggestion', {
		round: fc.integer({ min: 1, max: 0xffff_ffff }),
		sha256,
		size: fc.integer({ min: 1, max: pictureLimits.bytes }),
		mime: fc.constantFrom(...(Object.keys(pictureMimes) as PictureMime[])),
		...{ signature, reward: signature, burn: signature },
		url: optional(fc.webUrl({ validSchemes: ['https'], size: 'small' })),
	}),
	Choice: frame('Choice', { ...tally, signature, reason: optional(reason) }),
	ChannelBye: frame('ChannelBye', { ...tally, signature: optional(signature) }),
	Closed: frame('Closed', { ...tally, signature }),
	ContentRequest: frame('ContentRequest', {
		sha256,
		offset: fc.nat(pictureLimits.bytes),
		length: fc.integer({ min: 1, max: pictureLimits.window }),
	}),
	Content: frame('Content', {
		sha256,
		offset: fc.nat(pictureLimits.bytes),
		bytes: fc.uint8Array({ minLength: 1, maxLength: 64 }).map((value) => new Uint8Array(value)),
	}),
	Watch: frame('Watch', {
		version: fc.constant(1),
		...place,
		channel: channels,
		...tally,
		user: signature,
		suggester: signature,
	}),
} as const satisfies Record<ChannelFrame['kind'], Arbitrary<ChannelFrame>>;

/** Any frame between a user and a suggester, each kind as likely as another. */
export const anyChannelFrame: Arbitrary<ChannelFrame> = fc.oneof(...Object.values(channelFrameArbitraries));
