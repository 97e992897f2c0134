import type { Bytes } from '#lib/core/brand.ts';
import { err, ok, type Result } from '#lib/core/result.ts';
import { between, bytes, choice, list, text, u32 } from '#lib/core/wire/field.ts';
import { decodeRecord, encodeRecord, record, type ValueOf } from '#lib/core/wire/record.ts';
import { candidateField, isUsable } from './candidate.ts';

/** More than any honest peer gathers; each costs the reader connectivity checks. */
export const maxCandidates = 16;

/** Largest packed description, bytes: a typical one takes about 110. */
export const descriptionBytes = 512;

/** Smallest and largest message size that may be agreed: a frame must fit, and nothing much larger may. */
export const messageSize = { least: 16_384, most: 65_536 } as const;

/** RFC 8839 5.4: `ice-char`, at least 4 for the fragment and 22 for the password. */
const iceText = (least: number, most: number) =>
	text(
		most,
		(value) => value.length >= least && /^[A-Za-z0-9+/]+$/.test(value),
		`${least} or more ICE characters`,
	);

/** Everything of a session description that differs between two peers with one data channel. */
export const description = record(
	'Description',
	'A session description as typed fields. The reader builds its own SDP from them, so no SDP of a stranger is ever applied.',
	{
		/** `actpass` makes it an offer, the other two an answer (RFC 8842 5). */
		setup: choice({ actpass: 0, active: 1, passive: 2 }),
		ufrag: iceText(4, 32),
		pwd: iceText(22, 64),
		/** SHA-256 of the DTLS certificate. */
		fingerprint: bytes(32),
		maxMessageSize: between(u32, messageSize.least, messageSize.most),
		candidates: list(candidateField, maxCandidates),
	},
);
export type Description = ValueOf<typeof description>;

export interface DescriptionError {
	readonly type: 'description';
	readonly code: 'malformed' | 'fingerprint' | 'candidate' | 'no-candidates' | 'role';
	readonly detail: string;
}

export const packDescription = (value: Description): Bytes => encodeRecord(description, value);

/** Parses a stranger's packed description and checks that every candidate may be dialled. */
export function unpackDescription(packed: Uint8Array): Result<Description, DescriptionError> {
	const refuse = (code: DescriptionError['code'], detail: string) =>
		err({ type: 'description', code, detail } as const);
	if (packed.length > descriptionBytes) return refuse('malformed', `${packed.length} bytes`);
	const parsed = decodeRecord(description, packed);
	if (!parsed.ok) return refuse('malformed', `${parsed.error.code}: ${parsed.error.detail}`);
	const { candidates } = parsed.value;
	if (candidates.length === 0) return refuse('no-candidates', 'nowhere to reach the peer');
	const unusable = candidates.find((candidate) => !isUsable(candidate));
	if (unusable) return refuse('candidate', `${unusable.kind} candidate that may not be dialled`);
	return ok(parsed.value);
}
