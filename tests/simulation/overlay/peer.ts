import type { Bytes, PeerId } from '#lib/core/brand.ts';
import { ok } from '#lib/core/result.ts';
import { ConnBudget } from '#lib/webrtc/conn/budget.ts';
import { linkLimits } from '#lib/webrtc/limits.ts';
import type { OverlayEffect, OverlayEvent, RouteId } from '#lib/webrtc/overlay/event.ts';
import { overlayLimits } from '#lib/webrtc/overlay/limits.ts';
import { Overlay } from '#lib/webrtc/overlay/overlay.ts';
import type { World } from './world.ts';

/** What two peers say to set up a connection; its content stays in the simulator, its way does not. */
export interface Signal {
	readonly kind: 'offer' | 'answer' | 'full' | 'busy';
	readonly attempt: number;
}

interface Attempt {
	readonly id: number;
	readonly peer: SimPeer;
	readonly role: 'caller' | 'callee';
	readonly route: RouteId | undefined;
	/** Since when its connection gathers. */
	readonly since: number;
	readonly release: () => void;
	readonly timers: (() => void)[];
	answered: boolean;
	/** This side has said all it has to say: it waits for the other and for the network. */
	described: boolean;
}

/** One tab: the real overlay over a model of everything under it. */
export class SimPeer {
	readonly world: World;
	readonly number: number;
	readonly id: PeerId;
	readonly islands: readonly number[];
	readonly born: number;
	readonly links = new Set<PeerId>();
	/** When it had its first, second, ... link, ms after it was born. */
	readonly reached: number[] = [];
	/** Connections begun, ours and for others. */
	dials = 0;
	alive = true;
	#overlay: Overlay | undefined;
	readonly #budget: ConnBudget;
	readonly #attempts = new Map<number, Attempt>();
	/** Since when connections gather candidates ahead of the first calls. */
	readonly #warm: { readonly since: number; readonly release: () => void }[] = [];
	#wakeAt: number | undefined;
	#cancelWake = () => {};

	constructor(world: World, number: number, id: PeerId, islands: readonly number[]) {
		this.world = world;
		this.number = number;
		this.id = id;
		this.islands = islands;
		this.born = world.now;
		this.#budget = new ConnBudget({ now: () => world.now, after: (ms, run) => world.after(ms, run) });
	}

	start(): void {
		const { world } = this;
		this.#overlay = new Overlay(world.portsOf(this), world.parameters, world.now);
		this.handle({ kind: 'wake-up' });
	}

	handle(event: OverlayEvent): void {
		if (!this.alive || !this.#overlay) return;
		const effects = this.#overlay.handle(event, this.world.now);
		for (const effect of effects) this.#execute(effect);
		this.#schedule();
	}

	/** A link is gone. */
	lose(peer: PeerId, unwelcome: boolean): void {
		if (!this.alive || !this.links.delete(peer)) return;
		this.world.note('down', this, peer);
		this.handle({ kind: 'link-down', peer, unwelcome });
	}

	#schedule(): void {
		const next = this.#overlay?.nextWake();
		if (next === undefined || next === this.#wakeAt) return;
		this.#cancelWake();
		this.#wakeAt = next;
		this.#cancelWake = this.world.agenda.at(next, () => {
			this.#wakeAt = undefined;
			this.handle({ kind: 'wake' });
		});
	}

	#execute(effect: OverlayEffect): void {
		const { world } = this;
		switch (effect.kind) {
			case 'dial':
				this.#dial(effect.peer, effect.route);
				return;
			case 'send': {
				const to = world.peers.get(effect.peer);
				if (!to || !this.links.has(effect.peer)) return;
				const { frame } = effect;
				world.note(frame.kind, this, to.id);
				world.after(world.latency(this, to), () => {
					if (to.links.has(this.id)) to.handle({ kind: 'frame', peer: this.id, frame });
				});
				return;
			}
			case 'signal': {
				const from = world.peers.get(effect.from);
				if (from) this.#receive(from, decode(effect.body), effect.route);
				return;
			}
			case 'close': {
				if (!this.links.delete(effect.peer)) return;
				world.note('close', this, effect.peer);
				const other = world.peers.get(effect.peer);
				const unwelcome = effect.code !== 'spliced';
				if (other) world.after(world.latency(this, other), () => other.lose(this.id, unwelcome));
				return;
			}
			case 'join':
				world.note('join', this, '');
				if (effect.attempt === 0 && this.links.size === 0) this.#prepare();
				world.announce(this, (reader, via) =>
					reader.handle({
						kind: 'contact',
						id: this.id,
						asks: true,
						degree: effect.degree,
						attempt: effect.attempt,
						via,
					}),
				);
				return;
			case 'welcome':
				world.note('welcome', this, effect.to);
				world.publish(this, effect.to, 'welcome', (reader, via) =>
					reader.handle({
						kind: 'contact',
						id: this.id,
						asks: false,
						degree: effect.degree,
						attempt: 0,
						via,
					}),
				);
				return;
			case 'attend':
				world.attend(this, effect.on);
		}
	}

	#prepare(): void {
		while (this.#warm.length < overlayLimits.contacts) {
			const granted = this.#budget.request();
			if (!granted.ok) return;
			this.#warm.push({ since: this.world.now, release: granted.value });
		}
	}

	#between(peer: SimPeer): Attempt | undefined {
		return [...this.#attempts.values()].find((attempt) => attempt.peer === peer);
	}

	#dial(id: PeerId, route: RouteId | undefined): void {
		const peer = this.world.peers.get(id) ?? ghost(this.world, id);
		// One attempt serves both wishes.
		if (this.#between(peer)) return;
		const attempt = this.#open(this.world.dice.below(2 ** 30), peer, 'caller', route);
		if (!attempt) {
			this.world.after(0, () => this.handle({ kind: 'attempt-failed', peer: id, reason: 'budget' }));
			return;
		}
		this.#gather(attempt, () => {
			this.#say(attempt, 'offer');
			if (route !== undefined) return;
			for (const wait of linkLimits.offerAgainMs)
				attempt.timers.push(
					this.world.after(wait, () => {
						if (!attempt.answered) this.#say(attempt, 'offer');
					}),
				);
		});
	}

	#open(id: number, peer: SimPeer, role: Attempt['role'], route: RouteId | undefined): Attempt | undefined {
		const ofRole = [...this.#attempts.values()].filter((attempt) => attempt.role === role);
		if (ofRole.length >= linkLimits.halfOpen) return undefined;
		const warm = role === 'caller' ? this.#warm.shift() : undefined;
		const granted = warm ? ok(warm.release) : this.#budget.request();
		if (!granted.ok) return undefined;
		this.dials += 1;
		const attempt: Attempt = {
			id,
			peer,
			role,
			route,
			since: warm?.since ?? this.world.now,
			release: granted.value,
			timers: [],
			answered: false,
			described: false,
		};
		const ms = route === undefined ? linkLimits.attemptMs : linkLimits.routedAttemptMs;
		attempt.timers.push(this.world.after(ms, () => this.#timeOut(attempt)));
		if (role === 'caller')
			attempt.timers.push(
				this.world.after(linkLimits.meshAnswerMs, () => {
					if (!attempt.answered) this.#timeOut(attempt);
				}),
			);
		this.#attempts.set(id, attempt);
		return attempt;
	}

	#timeOut(attempt: Attempt): void {
		this.#forget(attempt);
		const reason = attempt.role === 'caller' && !attempt.answered ? 'no-answer' : 'unreachable';
		this.handle({ kind: 'attempt-failed', peer: attempt.peer.id, reason });
	}

	#forget(attempt: Attempt): void {
		this.#attempts.delete(attempt.id);
		attempt.release();
		for (const cancel of attempt.timers) cancel();
	}

	#gather(attempt: Attempt, then: () => void): void {
		const [min, max] = this.world.model.gatherMs;
		const ready = attempt.since + min + this.world.dice.below(max - min) + this.world.model.computeMs;
		this.world.after(Math.max(0, ready - this.world.now), () => {
			if (!this.alive || this.#attempts.get(attempt.id) !== attempt) return;
			attempt.described = true;
			then();
		});
	}

	#say({ id, peer, route }: Pick<Attempt, 'id' | 'peer' | 'route'>, kind: Signal['kind']): void {
		if (!this.alive) return;
		const signal = { kind, attempt: id } as const;
		if (route === undefined) {
			this.world.note(kind, this, peer.id);
			this.world.publish(this, peer.id, kind, (reader) => reader.#receive(this, signal, undefined));
			return;
		}
		const effects = this.#overlay?.signal(route, peer.id, encode(signal), this.world.now) ?? [];
		for (const effect of effects) this.#execute(effect);
		this.#schedule();
	}

	#receive(from: SimPeer, { kind, attempt: id }: Signal, route: RouteId | undefined): void {
		const known = this.#attempts.get(id);
		if (kind === 'offer') {
			if (!known) this.#answer(from, id, route);
			else if (known.role === 'callee' && known.described) this.#say(known, 'answer');
			return;
		}
		if (known?.role !== 'caller' || known.peer !== from || known.answered) return;
		if (kind === 'answer') {
			known.answered = true;
			known.timers.push(this.world.after(linkLimits.meshConnectMs, () => this.#timeOut(known)));
			this.#connect(known);
			return;
		}
		this.#forget(known);
		this.handle({ kind: 'attempt-failed', peer: from.id, reason: kind === 'busy' ? 'busy' : 'refused' });
	}

	#answer(from: SimPeer, id: number, route: RouteId | undefined): void {
		const reply = { id, peer: from, route };
		const crossing = this.#between(from);
		// Both called at once: the call of the lower key stands.
		if (crossing?.role === 'caller' && this.id < from.id) return;
		if (crossing) this.#forget(crossing);
		const verdict = this.links.has(from.id)
			? 'busy'
			: (this.#overlay?.admits(from.id, route, this.world.now) ?? 'busy');
		if (verdict !== 'yes') {
			if (crossing) this.handle({ kind: 'attempt-failed', peer: from.id, reason: 'refused' });
			this.#say(reply, verdict);
			return;
		}
		const attempt = this.#open(id, from, 'callee', route);
		if (!attempt) {
			this.handle({ kind: 'attempt-failed', peer: from.id, reason: 'budget' });
			this.#say(reply, 'busy');
			return;
		}
		this.#gather(attempt, () => this.#say(attempt, 'answer'));
	}

	/** The answer was applied: the network decides. */
	#connect(attempt: Attempt): void {
		const { world } = this;
		const { peer, id } = attempt;
		if (!world.reachable(this, peer)) return;
		const { callerRoundTrips, calleeRoundTrips, computeMs } = world.model;
		const roundTrip = 2 * world.latency(this, peer);
		const other = peer.#attempts.get(id);
		const opens = (end: SimPeer, own: Attempt, from: SimPeer, trips: number) =>
			world.after(Math.round(trips * roundTrip) + computeMs, () => {
				if (!end.alive || !from.alive || end.#attempts.get(id) !== own) return;
				end.#forget(own);
				end.#up(from);
			});
		opens(this, attempt, peer, callerRoundTrips);
		if (other) opens(peer, other, this, calleeRoundTrips);
	}

	#up(peer: SimPeer): void {
		this.links.add(peer.id);
		this.world.note('up', this, peer.id);
		if (this.reached.length < this.links.size) this.reached.push(this.world.now - this.born);
		this.handle({ kind: 'link-up', peer: peer.id, degree: peer.links.size });
	}
}

/** Somebody who has gone: offers to it reach nobody. */
function ghost(world: World, id: PeerId): SimPeer {
	const peer = new SimPeer(world, -2, id, []);
	peer.alive = false;
	return peer;
}

const kinds = ['offer', 'answer', 'full', 'busy'] as const;

function encode({ kind, attempt }: Signal): Bytes {
	const bytes = new Uint8Array(5);
	bytes[0] = kinds.indexOf(kind);
	new DataView(bytes.buffer).setUint32(1, attempt);
	return bytes;
}

function decode(bytes: Bytes): Signal {
	const kind = kinds[bytes[0] ?? 0] ?? 'busy';
	return { kind, attempt: new DataView(bytes.buffer).getUint32(1) };
}
