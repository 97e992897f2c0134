import type { Millis } from '#lib/core/brand.ts';
import type { Address } from '#lib/channel/address.ts';
import { parseAddress } from '#lib/channel/address.ts';
import type { Given } from '#lib/channel/consent.ts';
import { defaultLimits } from './initial.ts';
import type { StudioLimits } from './protocol.ts';

/** What the studio remembers besides its channels and pictures. */
export interface StudioState {
	readonly account?: Address;
	readonly paused: boolean;
	readonly limits: StudioLimits;
	/** Consents of the last hour, so that a restart forgets none. */
	readonly given: readonly Given[];
}

export const emptyStudio: StudioState = { paused: false, limits: defaultLimits, given: [] };

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
	typeof value === 'object' && value !== null;
const count = (value: unknown, max: number, otherwise: number): number =>
	typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= max ? value : otherwise;
const addressOf = (value: unknown): Address | undefined =>
	typeof value === 'string' ? parseAddress(value) : undefined;

/** Limits as stored or sent, field by field: what is damaged falls back to its default. */
export function parseLimits(value: unknown): StudioLimits {
	const given = isObject(value) ? value : {};
	const blocked = Array.isArray(given['blocked']) ? given['blocked'].map(addressOf) : [];
	return {
		approvalsPerHour: count(given['approvalsPerHour'], 10_000, defaultLimits.approvalsPerHour),
		approvalGapMs: count(given['approvalGapMs'], 7 * 86_400_000, defaultLimits.approvalGapMs),
		sessions: count(given['sessions'], 1_000, defaultLimits.sessions),
		closesPerHour: count(given['closesPerHour'], 10_000, defaultLimits.closesPerHour),
		blocked: blocked.filter((one) => one !== undefined).slice(0, 1_000),
		whenOut: given['whenOut'] === 'leave' ? 'leave' : 'wait',
	};
}

function parseGiven(value: unknown): Given[] {
	if (!isObject(value)) return [];
	const { user, at, expiry, portion, opened } = value;
	const who = addressOf(user);
	const sound =
		who !== undefined &&
		typeof at === 'number' &&
		typeof expiry === 'number' &&
		typeof portion === 'string' &&
		/^\d{1,40}$/.test(portion);
	return sound ? [{ user: who, at, expiry, portion: BigInt(portion), opened: opened === true }] : [];
}

export function parseStudio(value: unknown): StudioState {
	if (!isObject(value)) return emptyStudio;
	const account = addressOf(value['account']);
	return {
		...(account === undefined ? {} : { account }),
		paused: value['paused'] === true,
		limits: parseLimits(value['limits']),
		given: Array.isArray(value['given']) ? value['given'].flatMap(parseGiven) : [],
	};
}

/** The form `parseStudio` reads. */
export const studioToStore = (state: StudioState): unknown => ({
	...state,
	given: state.given.map((one) => ({ ...one, portion: String(one.portion) })),
});

const keepGivenMs = 3_600_000;

/** Consents that still count. */
export const recent = (given: readonly Given[], gapMs: Millis, now: Millis): readonly Given[] =>
	given.filter(({ at, expiry }) => at > now - Math.max(keepGivenMs, gapMs) || expiry * 1_000 > now);
