import type { ChannelView } from '#lib/app/memes/protocol.ts';
import type { ChannelId } from '#lib/channel/address.ts';
import type { Party } from '#lib/channel/channel.ts';
import type { Millis } from '#lib/core/brand.ts';

/** What a person should know of a channel wherever they are, for it has an end or waits for them alone. */
export interface ChannelNews {
	readonly id: ChannelId;
	readonly role: Party;
	readonly kind:
		/** The other side leaves alone; this device objects by itself while the app is open. */
		| 'claimed'
		/** The window of a contested close is over: somebody must end it. */
		| 'finish'
		/** The other side asks to leave together. */
		| 'asked'
		/** Somebody asks on the chain for a channel. */
		| 'requested';
	/** Until when it can be acted on. */
	readonly until?: Millis;
}

export function newsOf({
	id,
	role,
	state,
	standing,
	waiting,
	leaving,
}: ChannelView): ChannelNews | undefined {
	if (standing?.phase === 'closing') {
		if (waiting?.step === 'finish') return { id, role, kind: 'finish' };
		if (standing.closer === role) return undefined;
		return { id, role, kind: 'claimed', until: standing.deadline * 1_000 };
	}
	if (state === 'requested' && role === 'suggester') return { id, role, kind: 'requested' };
	return leaving && leaving.by !== role && !leaving.mine ? { id, role, kind: 'asked' } : undefined;
}

const far = Number.MAX_SAFE_INTEGER;

/** What has an end first, the nearest first. */
export const newsOfAll = (views: readonly ChannelView[]): readonly ChannelNews[] =>
	views
		.map(newsOf)
		.filter((news) => news !== undefined)
		.sort((a, b) => (a.until ?? far) - (b.until ?? far));
