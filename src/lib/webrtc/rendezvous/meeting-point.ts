import type { Hex, Millis } from '#lib/core/brand.ts';
import { toHex } from '#lib/core/bytes.ts';
import { taggedHash } from '#lib/core/crypto/hash.ts';
import { text, u16, u32 } from '#lib/core/wire/field.ts';
import { encodeRecord, record } from '#lib/core/wire/record.ts';

const dayMs = 86_400_000;

/** How far two members' clocks may differ, ms. Events outside it are not taken. */
export const clockSkewMs = 600_000;

/** The only shard so far; a mesh of many thousands would spread its joins over more. */
export const shard = 0;

const point = record('MeetingPoint', 'Where members of a network meet on a day (UTC, since the epoch).', {
	network: text(32),
	day: u32,
	shard: u16,
});

export const dayOf = (now: Millis): number => Math.floor(now / dayMs);

/** Days on which some member's clock may now be: two of them around midnight. */
export function daysHeard(now: Millis): readonly number[] {
	const first = dayOf(now - clockSkewMs);
	const last = dayOf(now + clockSkewMs);
	return first === last ? [first] : [first, last];
}

/** When `daysHeard` will next answer differently. */
export function nextChange(now: Millis): Millis {
	const midnight = (dayOf(now - clockSkewMs) + 1) * dayMs;
	return now < midnight - clockSkewMs ? midnight - clockSkewMs : midnight + clockSkewMs;
}

/** The `x` tag of a join: it changes daily and tells a relay nothing but that the same network met. */
export const meetingPoint = (network: string, day: number): Hex =>
	toHex(taggedHash('sweet/rdv/1', encodeRecord(point, { network, day, shard })));
