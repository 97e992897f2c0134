import type { Hex } from '#lib/core/brand.ts';
import { between, choice, hex, text, u32, u64, u8, varBytes, type Field } from '#lib/core/wire/field.ts';
import { frame, frameTable, type FrameOf } from '#lib/core/wire/frame.ts';
import { optional, record } from '#lib/core/wire/record.ts';
import { pictureLimits, pictureMimes, wireLimits } from './limits.ts';
import { address, channel, signature, uint96, word } from './values.ts';

/** Version byte of `sweet/1`, which these frames travel in. */
const wireVersion = 1;

const printable = (max: number): Field<string> =>
	text(
		max,
		(value) => value === value.normalize('NFC') && !/(?![\t\n])\p{Cc}/u.test(value),
		'NFC text without control characters',
	);

/** Why a suggester, or a user, refuses. */
export const channelRefusals = {
	'rate-limited': 1,
	paused: 2,
	full: 3,
	'bad-terms': 4,
	'terms-changed': 5,
	'no-escrow': 6,
	blocked: 7,
	'unknown-channel': 8,
	'not-open': 9,
	'bad-signature': 10,
	foreign: 11,
	leaving: 12,
	'out-of-date': 13,
	'not-now': 14,
} as const;
export type ChannelRefusal = keyof typeof channelRefusals;

const tally = { rewarded: u32, burned: u32 };
const sha256: Field<Hex> = hex(32);

const types = [
	frame(0x40, 'TermsRequest', record('TermsRequest', 'Are you there, and what do you offer?', {})),
	frame(
		0x41,
		'Terms',
		record(
			'Terms',
			'What the suggester consents to now. `approvesInMs`: when it would give this caller its next approval; all ones while paused.',
			{
				chainId: u64,
				contract: address,
				suggester: address,
				key: address,
				reward: uint96,
				userBurn: uint96,
				suggesterBurn: uint96,
				bond: uint96,
				maxRounds: u32,
				window: u32,
				approvesInMs: u32,
				pictures: u32,
			},
		),
	),
	frame(
		0x42,
		'ApproveRequest',
		record('ApproveRequest', 'Asks for consent to open this channel.', {
			chainId: u64,
			contract: address,
			channel,
		}),
	),
	frame(
		0x43,
		'Approval',
		record('Approval', 'Consent: the `Approval` signature to open with, until `expiry` (Unix seconds).', {
			id: word,
			expiry: u64,
			signature,
		}),
	),
	frame(
		0x44,
		'ChannelRefuse',
		record('ChannelRefuse', 'Politely no, with the reason and when to ask again (0: never).', {
			code: choice(channelRefusals),
			retryAfterMs: u32,
		}),
	),
	frame(
		0x45,
		'Init',
		record(
			'Init',
			'Plays this channel over this link: an `Init` signature over the channel and the link. The suggester answers with its own.',
			{ chainId: u64, contract: address, channel, signature },
		),
	),
	frame(
		0x46,
		'ChannelHello',
		record(
			'ChannelHello',
			'Where the sender stands: its newest state with both `Round` signatures, none for an unplayed channel. Also the receipt of a choice.',
			tally,
			{ user: optional(2, signature), suggester: optional(4, signature) },
		),
	),
	frame(
		0x47,
		'Suggestion',
		record(
			'Suggestion',
			'A picture, and both states it may lead to. `signature` is the `Offer` signature over round, hash, size and type.',
			{
				round: between(u32, 1, 0xffff_ffff),
				sha256,
				size: between(u32, 1, pictureLimits.bytes),
				mime: choice(pictureMimes),
				signature,
				reward: signature,
				burn: signature,
			},
			{
				url: optional(
					1,
					text(wireLimits.url, (url) => /^https:\/\/[^\s]+$/.test(url) && URL.canParse(url), 'an https URL'),
				),
			},
		),
	),
	frame(
		0x48,
		'Choice',
		record(
			'Choice',
			'The answer to a suggestion: the tally it leads to, one reward or one burn further, and the `Round` signature over it.',
			{ ...tally, signature },
			{ reason: optional(1, printable(wireLimits.reason)) },
		),
	),
	frame(
		0x49,
		'ChannelBye',
		record(
			'ChannelBye',
			'Wants to leave with this tally. From a user with its `Close` signature; a suggester only asks, because the user signs last and alone knows the newest state.',
			tally,
			{ signature: optional(2, signature) },
		),
	),
	frame(
		0x4a,
		'Closed',
		record('Closed', 'The suggester agrees: its `Close` signature over the tally of the user.', {
			...tally,
			signature,
		}),
	),
	frame(
		0x4b,
		'ContentRequest',
		record('ContentRequest', 'Asks for a piece of the content of the open suggestion.', {
			sha256,
			offset: between(u32, 0, pictureLimits.bytes),
			length: between(u32, 1, pictureLimits.window),
		}),
	),
	frame(
		0x4c,
		'Content',
		record('Content', 'One piece of it, in order.', {
			sha256,
			offset: between(u32, 0, pictureLimits.bytes),
			bytes: varBytes(pictureLimits.chunk, 1),
		}),
	),
	frame(
		0x4d,
		'Watch',
		record(
			'Watch',
			'A state of a channel with both signatures: whoever has it can answer a wrong claim. Also handed on as text.',
			{
				version: between(u8, 1, 1),
				chainId: u64,
				contract: address,
				channel,
				...tally,
				user: signature,
				suggester: signature,
			},
		),
	),
] as const;

/** Frames of a suggestion channel, on the direct link between user and suggester. */
export const channelFrames = frameTable(wireVersion, wireLimits.frameBytes, types);
export const channelFrameTypes = types;
export type ChannelFrame = FrameOf<(typeof types)[number]>;
export type ChannelFrameOf<K extends ChannelFrame['kind']> = Extract<ChannelFrame, { kind: K }>;
