import { err, ok, type Result } from '#lib/core/result.ts';
import { parseAddress, type Address } from './address.ts';

/**
 * What two parties agreed on when they opened; the contract's `Channel`. Amounts are in the smallest unit of the
 * asset. It never changes, and its hash is the channel's id.
 */
export interface Channel {
	readonly user: Address;
	/** Session key of the user's tab, or `user` itself. */
	readonly userKey: Address;
	readonly suggester: Address;
	/** The key the suggester advertised when the channel opened. */
	readonly suggesterKey: Address;
	readonly reward: bigint;
	readonly userBurn: bigint;
	readonly suggesterBurn: bigint;
	/** Stake of whoever starts a contested close. */
	readonly bond: bigint;
	/** How many suggestions the deposits cover. */
	readonly rounds: number;
	/** Seconds to challenge a contested close. */
	readonly window: number;
	readonly salt: bigint;
}

/** The whole state of a channel; `rewarded + burned` is the number of the round. */
export interface Tally {
	readonly rewarded: number;
	readonly burned: number;
}

export type Party = 'user' | 'suggester';

/** Limits the contract enforces; a channel outside them cannot be opened. */
export const channelLimits = {
	/** Amounts are uint96: 79 billion whole coins of 18 decimals. */
	amount: 2n ** 96n - 1n,
	rounds: 2 ** 32 - 1,
	/** Ten minutes: long enough to notice. */
	minWindow: 600,
	/** Thirty days: no money is a hostage. */
	maxWindow: 2_592_000,
	salt: 2n ** 64n - 1n,
	/** A listing must stay cheap to read. */
	urlBytes: 256,
} as const;

export interface ChannelError {
	readonly type: 'channel';
	readonly code: 'malformed' | 'bad-terms' | 'bad-key' | 'bad-tally';
	readonly detail: string;
}

const refuse = (code: ChannelError['code'], detail: string) =>
	err({ type: 'channel', code, detail } as const);

export const round = (tally: Tally): number => tally.rewarded + tally.burned;

const zeroAddress = `0x${'0'.repeat(40)}`;
const addressFields = ['user', 'userKey', 'suggester', 'suggesterKey'] as const;
const amountFields = ['reward', 'userBurn', 'suggesterBurn', 'bond', 'salt'] as const;
const numberFields = ['rounds', 'window'] as const;

/**
 * Parses a channel that a peer, a backup or a log tells, with amounts and salt as decimal strings, and holds it
 * to the rules the contract opens channels by.
 */
export function parseChannel(value: unknown): Result<Channel, ChannelError> {
	if (typeof value !== 'object' || value === null) return refuse('malformed', 'not an object');
	const from = value as Record<string, unknown>;
	const parsed: Record<string, Address | bigint | number> = {};
	for (const field of addressFields) {
		const text = from[field];
		const address = typeof text === 'string' ? parseAddress(text) : undefined;
		if (!address) return refuse('malformed', `${field} is no address`);
		parsed[field] = address;
	}
	for (const field of amountFields) {
		const text = from[field];
		if (typeof text !== 'string' || !/^(0|[1-9]\d{0,28})$/.test(text))
			return refuse('malformed', `${field} is no decimal number`);
		const limit = field === 'salt' ? channelLimits.salt : channelLimits.amount;
		if (BigInt(text) > limit) return refuse('malformed', `${field} is too large`);
		parsed[field] = BigInt(text);
	}
	for (const field of numberFields) {
		const number = from[field];
		if (
			typeof number !== 'number' ||
			!Number.isInteger(number) ||
			number < 0 ||
			number > channelLimits.rounds
		)
			return refuse('malformed', `${field} is no 32-bit number`);
		parsed[field] = number;
	}
	return checkChannel(parsed as unknown as Channel);
}

/** The form `parseChannel` reads, ready for JSON. */
export const channelToJson = (channel: Channel): Record<keyof Channel, string | number> => ({
	...channel,
	reward: String(channel.reward),
	userBurn: String(channel.userBurn),
	suggesterBurn: String(channel.suggesterBurn),
	bond: String(channel.bond),
	salt: String(channel.salt),
});

/** The rules of opening that both sides can check alone; the same ones the contract checks. */
export function checkChannel(channel: Channel): Result<Channel, ChannelError> {
	const { user, userKey, suggester, suggesterKey, reward, userBurn, bond, rounds, window } = channel;
	if (rounds === 0) return refuse('bad-terms', 'no rounds');
	if (reward > userBurn) return refuse('bad-terms', 'burning would be cheaper than rewarding');
	if (bond > BigInt(rounds) * userBurn) return refuse('bad-terms', 'the bond is above the deposit');
	if (window < channelLimits.minWindow || window > channelLimits.maxWindow)
		return refuse('bad-terms', 'the window is outside ten minutes to thirty days');
	if ([userKey, suggesterKey].some((key) => key === zeroAddress))
		return refuse('bad-key', 'a key is missing');
	if ([user, userKey].some((key) => key === suggester || key === suggesterKey))
		return refuse('bad-key', 'a key stands on both sides');
	return ok(channel);
}

/** Counts of whole rounds within what the deposits cover. */
export function checkTally(channel: Channel, tally: Tally): Result<Tally, ChannelError> {
	const counts = [tally.rewarded, tally.burned];
	if (!counts.every((count) => Number.isInteger(count) && count >= 0))
		return refuse('bad-tally', 'not two counts');
	if (round(tally) > channel.rounds) return refuse('bad-tally', 'more rounds than the deposits cover');
	return ok(tally);
}

/** Which side an account or key stands on. */
export function partyOf(channel: Channel, who: Address): Party | undefined {
	if (who === channel.user || who === channel.userKey) return 'user';
	if (who === channel.suggester || who === channel.suggesterKey) return 'suggester';
	return undefined;
}
