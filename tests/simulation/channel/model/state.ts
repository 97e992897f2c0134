import { createHash } from 'node:crypto';
import type { Channel } from '#lib/channel/channel.ts';
import type { PlayEffect } from '#lib/channel/rounds/play.ts';
import type { ChannelRecord } from '#lib/channel/rounds/records.ts';
import { loadSuggester, type SuggesterPlay } from '#lib/channel/rounds/suggester.ts';
import { loadUser, type UserPlay } from '#lib/channel/rounds/user.ts';
import type { ChannelFrame } from '#lib/channel/wire/frames.ts';
import { freshDisk, kept, type Disk } from '../disk.ts';
import { domain, idOf } from '../seals.ts';

export interface SideState<P> {
	readonly disk: Disk;
	readonly play: P;
	readonly queue: readonly PlayEffect[];
}

/** One moment of a channel: both sides and what is on its way. What was signed is on disk, or it is unsafe. */
export interface ModelState {
	readonly user: SideState<UserPlay>;
	readonly suggester: SideState<SuggesterPlay>;
	/** In no order: any of them may come next, twice, or never. */
	readonly toUser: readonly ChannelFrame[];
	readonly toSuggester: readonly ChannelFrame[];
	readonly up: boolean;
	/** The suggester gave a mutually signed end to the chain. */
	readonly closed: boolean;
}

export function firstState(channel: Channel): ModelState {
	const record = (role: 'user' | 'suggester'): ChannelRecord => ({
		role,
		id: idOf(channel),
		domain,
		channel,
		createdAt: 0,
		stage: 'open',
		recovering: false,
	});
	const [user, suggester] = [freshDisk(record('user')), freshDisk(record('suggester'))];
	return {
		user: { disk: user, play: loadUser(kept(user)), queue: [] },
		suggester: { disk: suggester, play: loadSuggester(kept(suggester)), queue: [] },
		toUser: [],
		toSuggester: [],
		up: false,
		closed: false,
	};
}

/** Names of moments in time: which one it was changes nothing of what may happen next. */
const moments: ReadonlySet<string> = new Set(['again', 'until', 'at', 'since']);
/** The same in every state. */
const constants: ReadonlySet<string> = new Set(['channel', 'domain', 'id']);

/**
 * Names states: by what is not the same in all of them, without times, and with what has no order sorted. Most of a
 * state is also most of the next one, so that texts of its parts are kept.
 */
export class StateNames {
	readonly #texts = new WeakMap<object, string>();

	/** 128 bits of a hash: that two of some million states share them is not to be expected (1e-25). */
	digest({ user, suggester, toUser, toSuggester, up, closed }: ModelState): string {
		const bag = (frames: readonly ChannelFrame[]) => frames.map((frame) => this.text(frame)).sort();
		const parts = [this.text(user), this.text(suggester), ...bag(toUser), '', ...bag(toSuggester)];
		const text = [...parts, String(up), String(closed)].join('\n');
		return createHash('sha256').update(text).digest().toString('latin1', 0, 16);
	}

	text(part: object): string {
		const known = this.#texts.get(part);
		if (known !== undefined) return known;
		const text = encode(part);
		this.#texts.set(part, text);
		return text;
	}
}

const encode = (value: unknown): string =>
	JSON.stringify(value, (key, part: unknown) => {
		if (constants.has(key)) return undefined;
		if (moments.has(key) && typeof part === 'number') return 0;
		return part instanceof Map ? [...(part as Map<number, unknown>)].sort(([a], [b]) => a - b) : part;
	});
