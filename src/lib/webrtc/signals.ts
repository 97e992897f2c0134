import { bytes, choice, hex, varBytes } from '#lib/core/wire/field.ts';
import { frame, frameTable, type FrameOf } from '#lib/core/wire/frame.ts';
import { optional, record } from '#lib/core/wire/record.ts';
import { descriptionBytes } from './sdp/description.ts';

/** Version byte of the messages that peers without a link send each other, sealed, through a rendezvous. */
export const signalVersion = 1;

export const signalLimits = {
	/** A whole ReplyRequest with the largest padded seal fits. */
	noteBytes: 13_312,
	signalBytes: 13_400,
} as const;

const attempt = hex(16);

const types = [
	frame(
		0x01,
		'Offer',
		record(
			'Offer',
			'Asks for a connection. On a direct call `secretProof` shows that the caller holds the one-time secret of the InetAddr, without telling it.',
			{
				attempt,
				purpose: choice({ mesh: 1, direct: 2 }),
				description: varBytes(descriptionBytes),
			},
			{ secretProof: optional(2, bytes(16)) },
		),
	),
	frame(
		0x02,
		'Answer',
		record('Answer', 'Accepts an offer; taken only for an attempt of the reader to the sender.', {
			attempt,
			description: varBytes(descriptionBytes),
		}),
	),
	frame(
		0x03,
		'Decline',
		record('Decline', 'Refuses an offer at once, so that nobody waits for a time-out.', {
			attempt,
			code: choice({ full: 1, busy: 2, 'not-listening': 3 }),
		}),
	),
	frame(
		0x04,
		'Note',
		record('Note', 'A sealed body for who cannot be reached by any link: the last resort of a reply.', {
			body: varBytes(signalLimits.noteBytes),
		}),
	),
] as const;

export const signals = frameTable(signalVersion, signalLimits.signalBytes, types);
export const signalTypes = types;
export type Signal = FrameOf<(typeof types)[number]>;
export type SignalOf<K extends Signal['kind']> = Extract<Signal, { kind: K }>;
