import { secretFrom } from '#lib/core/crypto/schnorr.ts';
import type { Address } from '#lib/channel/address.ts';
import { parseEndpoint } from '#lib/channel/endpoint.ts';
import type { Listing } from '#lib/channel/ports.ts';
import { shelves } from '#lib/channel/reputation.ts';
import type { ChannelFrameOf } from '#lib/channel/wire/frames.ts';
import type { Talker } from './calls.ts';
import type { Desk } from './desk.ts';
import type { SuggesterView } from './protocol.ts';

/** Suggesters asked in one look, best first, two at a time: a peer connection each, and a browser has few. */
const asked = { most: 12, atOnce: 2 } as const;
/** An answer is believed for this long, ms. */
const freshMs = 60_000;
/** How long one may take to answer once it is called, ms. */
const answerMs = 30_000;

type Presence = Pick<SuggesterView, 'presence' | 'approvesAt' | 'paused'>;

const unknown: Presence = { presence: 'unknown', paused: false };

/** Who of the listed suggesters has its tab open now: each is called and asked for its terms. */
export class PresenceCheck {
	readonly #desk: Desk;
	readonly #known = new Map<Address, Presence & { readonly at: number }>();
	#queue: Listing[] = [];
	#running = 0;

	constructor(desk: Desk) {
		this.#desk = desk;
	}

	of({ suggester, terms }: Listing): Presence {
		const known = this.#known.get(suggester);
		if (known)
			return {
				presence: known.presence,
				paused: known.paused,
				...(known.approvesAt === undefined ? {} : { approvesAt: known.approvesAt }),
			};
		return parseEndpoint(terms.url) ? unknown : { ...unknown, presence: 'no-endpoint' };
	}

	/** Asks the best of a list, and those that were not asked lately. */
	ask(listings: readonly Listing[]): void {
		const reachable = listings.filter((one) => parseEndpoint(one.terms.url) && one.terms.maxRounds > 0);
		const { rated, fresh } = shelves(
			reachable.map((listing) => ({ reputation: listing, escrow: listing.escrow, listing })),
		);
		const now = this.#desk.clock.now();
		this.#queue = [...rated, ...fresh]
			.map(({ listing }) => listing)
			.filter(({ suggester }) => now - (this.#known.get(suggester)?.at ?? 0) > freshMs)
			.slice(0, asked.most);
		this.#pump();
	}

	#pump(): void {
		while (this.#running < asked.atOnce) {
			const next = this.#queue.shift();
			if (!next) return;
			this.#running += 1;
			void this.#check(next).finally(() => {
				this.#running -= 1;
				this.#pump();
			});
		}
	}

	async #check({ suggester, terms }: Listing): Promise<void> {
		const { clock, calls, random } = this.#desk;
		const endpoint = parseEndpoint(terms.url);
		if (!endpoint) return;
		this.#set(suggester, { presence: 'asking', paused: false });
		const answer = await new Promise<ChannelFrameOf<'Terms'> | undefined>((resolve) => {
			const cancel = clock.after(answerMs, () => settle(undefined));
			const settle = (frame: ChannelFrameOf<'Terms'> | undefined) => {
				cancel();
				resolve(frame);
			};
			const talker: Talker = {
				opened: (call) => void call.send({ kind: 'TermsRequest' }),
				frame(call, frame) {
					if (frame.kind === 'Terms') settle(frame);
					call.hangUp('asked');
				},
				ended: () => settle(undefined),
			};
			calls.dial(secretFrom(random.bytes(48)), endpoint, talker);
		});
		// The listing says whose key it must be: another suggester cannot answer in its place.
		const online = answer?.suggester === suggester && answer.key === terms.key;
		if (!online) {
			this.#set(suggester, { presence: 'offline', paused: false });
			return;
		}
		const paused = answer.approvesInMs === 0xffff_ffff;
		this.#set(suggester, {
			presence: 'online',
			paused,
			...(paused ? {} : { approvesAt: clock.now() + answer.approvesInMs }),
		});
	}

	#set(suggester: Address, presence: Presence): void {
		this.#known.set(suggester, { ...presence, at: this.#desk.clock.now() });
		this.#desk.changed('memes');
	}
}
