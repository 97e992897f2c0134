import type { Bytes, PeerId } from '#lib/core/brand.ts';
import { concat, equalBytes, hexBytes, toHex, utf8 } from '#lib/core/bytes.ts';
import { sha256 } from '#lib/core/crypto/hash.ts';
import type { OverlayFrame } from '#lib/webrtc/frames.ts';
import type { OverlayEffect, OverlayEvent } from '#lib/webrtc/overlay/event.ts';
import { Overlay } from '#lib/webrtc/overlay/overlay.ts';
import { signTicket, type Ticket } from '#lib/webrtc/overlay/ticket.ts';
import { defaultParameters, type LinkParameters } from '#lib/webrtc/parameters.ts';
import { seededRandom } from '../webrtc-kit/random.ts';

export const start = 1_800_000_000_000;

export const peerOf = (name: string): PeerId => toHex(sha256(utf8(name))) as PeerId;

/** Signatures anybody can check and only `sign` makes; real ones have their own tests. */
const signed = (id: string, message: Bytes) =>
	concat(sha256(concat(hexBytes(id), message)), new Uint8Array(32));
export const verify = (signature: Bytes, message: Bytes, key: string): boolean =>
	equalBytes(signature, signed(key, message));

export const ticketOf = (joiner: PeerId, now = start): Ticket =>
	signTicket('lab', joiner, now, (message) => signed(joiner, message));

type EffectOf<K extends OverlayEffect['kind']> = Extract<OverlayEffect, { kind: K }>;
type FrameOf<K extends OverlayFrame['kind']> = Extract<OverlayFrame, { kind: K }>;

/** One overlay, its clock, and everything it ever wanted done. */
export class Bench {
	readonly self: PeerId;
	readonly overlay: Overlay;
	readonly done: OverlayEffect[] = [];
	now = start;

	constructor(name = 'me', parameters: Partial<LinkParameters> = {}, seed = 1) {
		this.self = peerOf(name);
		this.overlay = new Overlay(
			{
				self: this.self,
				network: 'lab',
				random: seededRandom(seed),
				sign: (message) => signed(this.self, message),
				verify,
			},
			{ ...defaultParameters, ...parameters },
			this.now,
		);
	}

	/** Handles an event and returns what it brought about. */
	tell(event: OverlayEvent): readonly OverlayEffect[] {
		const effects = this.overlay.handle(event, this.now);
		this.done.push(...effects);
		return effects;
	}

	/** Lets time pass. */
	pass(ms: number): readonly OverlayEffect[] {
		const end = this.now + ms;
		const before = this.done.length;
		for (
			let next = this.overlay.nextWake();
			next !== undefined && next <= end;
			next = this.overlay.nextWake()
		) {
			this.now = Math.max(this.now, next);
			this.tell({ kind: 'wake' });
		}
		this.now = end;
		return this.done.slice(before);
	}

	/** Time passes of which the device, busy or asleep, hears only the end. */
	oversleep(ms: number): readonly OverlayEffect[] {
		this.now += ms;
		return this.tell({ kind: 'wake' });
	}

	/** Links to peers of these names, each met independently. */
	link(...names: readonly string[]): void {
		for (const name of names) {
			this.tell({ kind: 'invited', peer: peerOf(name) });
			this.open(name);
		}
	}

	/** The link that an attempt was made for opens. */
	open(...names: readonly string[]): void {
		for (const name of names) this.tell({ kind: 'link-up', peer: peerOf(name), degree: 5 });
	}

	frame(from: string, frame: OverlayFrame): readonly OverlayEffect[] {
		return this.tell({ kind: 'frame', peer: peerOf(from), frame });
	}

	/** A walk of `joiner` handed over by a neighbour. */
	walk(from: string, joiner: string, ttl: number, route = routeOf(joiner)): readonly OverlayEffect[] {
		return this.frame(from, { kind: 'Walk', route, ...ticketOf(peerOf(joiner), this.now), ttl });
	}

	effects<K extends OverlayEffect['kind']>(kind: K, of = this.done): EffectOf<K>[] {
		return of.filter((effect) => effect.kind === kind) as EffectOf<K>[];
	}

	frames<K extends OverlayFrame['kind']>(kind: K, of = this.done): (FrameOf<K> & { to: PeerId })[] {
		return this.effects('send', [...of]).flatMap(({ peer, frame }) =>
			frame.kind === kind ? [{ ...(frame as FrameOf<K>), to: peer }] : [],
		);
	}
}

export const routeOf = (name: string): string => toHex(sha256(utf8(`route ${name}`)).slice(0, 8));
