import type { PeerId, PublicKey } from '#lib/core/brand.ts';
import { hex, text, u16, u8, varBytes } from '#lib/core/wire/field.ts';
import { frame, frameTable, type FrameOf } from '#lib/core/wire/frame.ts';
import { record } from '#lib/core/wire/record.ts';

/** Version byte of what members say to each other through relays. */
export const rendezvousVersion = 1;

/** Two ephemeral kinds (NIP-01), so that a relay can hold public joins and sealed messages to different rules. */
export const eventKinds = { join: 21_517, sealed: 21_518 } as const;

export const rendezvousLimits = {
	joinBytes: 128,
	/** A signal of the largest size (webrtc/signals.ts) fits. */
	bodyBytes: 13_824,
	/** Plaintext is padded to one of these, bytes: a relay cannot tell a welcome from an offer. */
	sealedSizes: [512, 2_048, 8_192, 14_336],
} as const;

const nonce = hex(16);

const joinTypes = [
	frame(
		0x01,
		'Join',
		record(
			'Join',
			'I want neighbours. Public: it names no address, no description and no persona, only a key as old as the tab (the author of the event).',
			{
				network: text(32, (value) => /^[a-z0-9-]{1,32}$/.test(value), 'a network name'),
				shard: u16,
				nonce,
				degree: u8,
				/** How often it asked before for the same need. */
				attempt: u8,
			},
		),
	),
] as const;

const to = hex<PublicKey | PeerId>(32);
const padding = varBytes(14_336);

const sealedTypes = [
	frame(
		0x02,
		'Welcome',
		record(
			'Welcome',
			'I have room. `nonce` is that of the Join it answers: a welcome cannot be kept and used again.',
			{
				to,
				nonce,
				degree: u8,
				padding,
			},
		),
	),
	frame(
		0x03,
		'Envelope',
		record('Envelope', 'A signal (webrtc/signals.ts) for the key `to`.', {
			to,
			body: varBytes(rendezvousLimits.bodyBytes),
			padding,
		}),
	),
] as const;

/** Content of a public event, in hex. */
export const joinFrames = frameTable(rendezvousVersion, rendezvousLimits.joinBytes, joinTypes);
/** Plaintext of a sealed event; recipient and purpose stand inside, so neither can be changed from outside. */
export const sealedFrames = frameTable(rendezvousVersion, rendezvousLimits.sealedSizes[3], sealedTypes);
export const rendezvousFrameTypes = [...joinTypes, ...sealedTypes] as const;

export type SealedFrame = FrameOf<(typeof sealedTypes)[number]>;
type Unpadded<T> = T extends unknown ? Omit<T, 'padding'> : never;
export type SealedMessage = Unpadded<SealedFrame>;
