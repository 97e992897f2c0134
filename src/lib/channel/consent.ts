import type { Millis } from '#lib/core/brand.ts';
import type { Address } from './address.ts';
import type { Channel } from './channel.ts';
import type { Listing } from './ports.ts';
import { suggesterDeposit } from './settlement.ts';
import type { ChannelRefusal } from './wire/frames.ts';

/** When a suggester lets a channel open by itself. */
export interface ConsentLimits {
	/** Channels approved an hour, over all users. */
	readonly approvalsPerHour: number;
	/** Least time between two approvals for one account, ms. */
	readonly approvalGapMs: number;
	/** Channels served at once. */
	readonly sessions: number;
	/** Accounts never approved. */
	readonly blocked: readonly Address[];
}

/** A consent that was given: it counts against the limits, and against the escrow until it is used or too old. */
export interface Given {
	readonly user: Address;
	readonly at: Millis;
	/** Unix seconds. */
	readonly expiry: number;
	/** What the channel would take of the escrow. */
	readonly portion: bigint;
	readonly opened: boolean;
}

export interface ConsentState {
	readonly listing: Listing;
	readonly paused: boolean;
	readonly openSessions: number;
	readonly given: readonly Given[];
}

export type Consent =
	| { readonly ok: true }
	| { readonly ok: false; readonly code: ChannelRefusal; readonly retryAfterMs: number };

/** How long a consent can be used, seconds: a slow wallet, not a free option on old terms. */
export const approvalSeconds = 600;

const hour = 3_600_000;

const refuse = (code: ChannelRefusal, retryAfterMs = 0): Consent => ({ ok: false, code, retryAfterMs });

/** When the next consent for this account is due; `now` or earlier means at once. */
export function nextApproval(
	{ approvalsPerHour, approvalGapMs }: ConsentLimits,
	given: readonly Given[],
	user: Address | undefined,
	now: Millis,
): Millis {
	const lately = given.filter(({ at }) => at > now - hour).sort((a, b) => a.at - b.at);
	const full = lately.length >= approvalsPerHour ? lately[lately.length - approvalsPerHour] : undefined;
	const same = given.filter((one) => one.user === user).map(({ at }) => at + approvalGapMs);
	const free = approvalsPerHour === 0 ? Infinity : full ? full.at + hour : 0;
	return Math.max(free, 0, ...same);
}

/** Whether this channel may open now. A refusal says when to ask again; 0 means never on these terms. */
export function consent(
	channel: Channel,
	{ listing, paused, openSessions, given }: ConsentState,
	limits: ConsentLimits,
	now: Millis,
): Consent {
	const { terms } = listing;
	if (paused) return refuse('paused', 60_000);
	if (limits.blocked.includes(channel.user)) return refuse('blocked');
	const agreed =
		channel.suggester === listing.suggester &&
		channel.suggesterKey === terms.key &&
		channel.reward === terms.reward &&
		channel.userBurn === terms.userBurn &&
		channel.suggesterBurn === terms.suggesterBurn &&
		channel.bond === terms.bond &&
		channel.window === terms.window;
	if (!agreed) return refuse('terms-changed');
	if (channel.rounds > terms.maxRounds) return refuse('bad-terms');
	if (openSessions >= limits.sessions) return refuse('full', 60_000);
	const due = nextApproval(limits, given, channel.user, now);
	if (due > now) return refuse('rate-limited', Math.min(due - now, hour));
	const promised = given
		.filter(({ expiry, opened }) => !opened && expiry * 1_000 > now)
		.reduce((sum, { portion }) => sum + portion, 0n);
	if (promised + suggesterDeposit(channel) > listing.escrow) return refuse('no-escrow', 60_000);
	return { ok: true };
}
