import type { Bytes, PeerId, PublicKey } from '#lib/core/brand.ts';
import { sign, verify } from '#lib/core/crypto/schnorr.ts';
import { preparedConns, type PreparedConns } from './conn/prepared.ts';
import type { LinkDeps } from './deps.ts';
import { Dialler, type DialFailure } from './dialler.ts';
import { survivor } from './duplicate.ts';
import { isCredited, firstEngineType } from './frames.ts';
import { linkLimits } from './limits.ts';
import { describeEnd, type Session, type SessionEnd } from './link/session.ts';
import type { OverlayEffect, OverlayEvent } from './overlay/event.ts';
import { overlayLimits } from './overlay/limits.ts';
import { Overlay } from './overlay/overlay.ts';
import { RouteSignals } from './overlay/route-signals.ts';
import { defaultParameters } from './parameters.ts';
import type { LinkInfo, Mesh, MeshEvents, Priority } from './ports.ts';

/** The mesh of one tab: the overlay decides who is linked to whom, this carries it out. */
export function createMesh(deps: LinkDeps): Mesh {
	return new MeshNode(deps);
}

class MeshNode implements Mesh {
	readonly id: PeerId;
	readonly #deps: LinkDeps;
	readonly #conns: PreparedConns;
	readonly #overlay: Overlay;
	readonly #dialler: Dialler;
	readonly #routeSignals: RouteSignals;
	readonly #links = new Map<PeerId, Session>();
	#events: MeshEvents | undefined;
	#unsubscribe: (() => void)[] = [];
	readonly #effects: OverlayEffect[] = [];
	#carryingOut = false;
	#wakeAt: number | undefined;
	#cancelWake = () => {};
	/** Frozen or offline: nobody is called, nobody answered. */
	#asleep = false;

	constructor(deps: LinkDeps) {
		const parameters = { ...defaultParameters, ...deps.parameters };
		const { identity, network, random, clock } = deps;
		this.id = identity.id as PeerId;
		this.#deps = deps;
		this.#conns = preparedConns(deps.conns, clock);
		this.#overlay = new Overlay(
			{ self: this.id, network, random, verify, sign: (message) => sign(message, identity.secret) },
			parameters,
			clock.now(),
		);
		this.#routeSignals = new RouteSignals(identity, random, (route, to, body) => {
			const effects = this.#overlay.signal(route, to, body, clock.now());
			this.#carryOut(effects);
			return effects.length > 0;
		});
		this.#dialler = new Dialler(
			{ ...deps, conns: this.#conns },
			{
				purpose: 'mesh',
				maxDegree: Math.min(255, parameters.maxLinks),
				admissionComplexity: parameters.admissionComplexity,
				degree: () => this.#links.size,
				admit: (_, from, __, route) => this.#admit(peerOf(from), route),
				onup: (session) => this.#onUp(session),
				onframe: (session, frame) => this.#onFrame(session, frame),
				onoverlay: (session, frame) => {
					if (this.#isLink(session)) this.#tell({ kind: 'frame', peer: peerOf(session.peer), frame });
				},
				onadmission: (session) => {
					if (!this.#isLink(session)) return;
					this.#events?.onadmission(peerOf(session.peer));
					this.#events?.onchange();
				},
				ondown: (session, end) => this.#onDown(session, end),
				onfailed: ({ peer }, reason) => this.#onFailed(peerOf(peer), reason),
				onabandoned: (peer) => this.#onFailed(peerOf(peer), 'unreachable'),
			},
		);
	}

	start(events: MeshEvents): void {
		const { signalling, identity } = this.#deps;
		this.#events = events;
		this.#unsubscribe = [
			signalling.contacts((contact) => this.#tell({ kind: 'contact', ...contact })),
			signalling.listen(identity, (from, signal) => {
				if (!this.#asleep) this.#dialler.receive(identity, from, signal);
			}),
		];
		this.#tell({ kind: 'wake-up' });
	}

	links(): readonly LinkInfo[] {
		const now = this.#deps.clock.now();
		return [...this.#links.values()].flatMap((session) => {
			const { link } = session;
			if (!link) return [];
			const peer = peerOf(session.peer);
			const { framesIn, framesOut, bytesIn, bytesOut } = link.counters;
			return {
				peer,
				initiator: session.terms.role === 'caller',
				since: session.since,
				...(link.rttMs === undefined ? {} : { rttMs: link.rttMs }),
				degree: link.peerDegree,
				framesIn,
				framesOut,
				bytesIn,
				bytesOut,
				admission: session.admission,
				route: session.route,
				state: link.stalled(now) ? ('stalled' as const) : ('open' as const),
				neighbours: this.#overlay.around(peer),
			};
		});
	}

	send(peer: PeerId, frame: Bytes, priority: Priority): boolean {
		return this.#links.get(peer)?.send(frame, priority) ?? false;
	}

	disconnect(peer: PeerId, reason: string): void {
		this.#tell({ kind: 'avoid', peer });
		this.#links.get(peer)?.close('refused', reason);
	}

	meet({ peer, ...how }: Parameters<Mesh['meet']>[0]): void {
		this.#tell({ kind: 'invited', peer });
		this.#dialler.dial({ self: this.#deps.identity, peer: keyOf(peer), secret: '', ...how });
	}

	lifecycle(change: Parameters<Mesh['lifecycle']>[0]): void {
		switch (change) {
			case 'visible':
			case 'hidden':
				this.#tell({ kind: 'hidden', hidden: change === 'hidden' });
				return;
			case 'freeze':
				this.#sleep();
				for (const session of [...this.#links.values()]) session.close('sleeping', '');
				return;
			case 'offline':
				this.#sleep();
				return;
			case 'resume':
			case 'online':
				this.#asleep = false;
				// Whoever is still there answers within 2 s; former neighbours are called meanwhile.
				for (const session of [...this.#links.values()]) session.check();
				this.#tell({ kind: 'wake-up' });
		}
	}

	stop(reason: string): void {
		for (const unsubscribe of this.#unsubscribe) unsubscribe();
		this.#unsubscribe = [];
		this.#sleep();
		for (const session of [...this.#links.values()]) session.close('leaving', reason);
		this.#events = undefined;
		this.#cancelWake();
	}

	#sleep(): void {
		this.#asleep = true;
		this.#tell({ kind: 'sleep' });
		this.#dialler.stop();
		this.#conns.discard();
	}

	#tell(event: OverlayEvent): void {
		if (this.#events) this.#carryOut(this.#overlay.handle(event, this.#deps.clock.now()));
	}

	/** Effects may bring about events whose effects come after them. */
	#carryOut(effects: readonly OverlayEffect[]): void {
		this.#effects.push(...effects);
		if (this.#carryingOut) return;
		this.#carryingOut = true;
		for (let effect = this.#effects.shift(); effect; effect = this.#effects.shift()) this.#apply(effect);
		this.#carryingOut = false;
		this.#scheduleWake();
	}

	#apply(effect: OverlayEffect): void {
		const { signalling, identity } = this.#deps;
		switch (effect.kind) {
			case 'dial': {
				const { peer, route } = effect;
				const way = route === undefined ? undefined : this.#routeSignals.way(route, peer);
				this.#dialler.dial({ self: identity, peer: keyOf(peer), secret: '', ...(way && { way }) });
				return;
			}
			case 'send':
				this.#links.get(effect.peer)?.link?.sendControl(effect.frame);
				return;
			case 'signal': {
				const { from, route, body } = effect;
				const signal = this.#routeSignals.open(body, from);
				if (signal && !this.#asleep)
					this.#dialler.receive(identity, keyOf(from), signal, this.#routeSignals.way(route, from));
				return;
			}
			case 'close':
				this.#links.get(effect.peer)?.close(effect.code, effect.detail);
				return;
			case 'join':
				// Only once: who stays alone would make connections for nobody.
				if (effect.attempt === 0 && this.#links.size === 0) this.#conns.prepare(overlayLimits.contacts);
				signalling.join(effect.degree, effect.attempt);
				return;
			case 'welcome':
				signalling.welcome(effect.to, effect.degree);
				return;
			case 'attend':
				signalling.setGreeter(effect.on);
		}
	}

	#scheduleWake(): void {
		const { clock } = this.#deps;
		const next = this.#events && this.#overlay.nextWake();
		if (next === this.#wakeAt) return;
		this.#cancelWake();
		this.#wakeAt = next;
		if (next === undefined) return;
		this.#cancelWake = clock.after(Math.max(0, next - clock.now()), () => {
			this.#wakeAt = undefined;
			this.#tell({ kind: 'wake' });
		});
	}

	#admit(
		from: PeerId,
		route: string | undefined,
	): { readonly secret: string } | { readonly decline: 'full' | 'busy' } {
		const existing = this.#links.get(from);
		const now = this.#deps.clock.now();
		// A call that crossed with the one which made this link: the link stands.
		if (existing?.terms.role === 'caller' && now - existing.since < linkLimits.attemptMs)
			return { decline: 'busy' };
		if (existing) return { secret: '' };
		const verdict = this.#overlay.admits(from, route, now);
		return verdict === 'yes' ? { secret: '' } : { decline: verdict };
	}

	#onUp(session: Session): void {
		const peer = peerOf(session.peer);
		const existing = this.#links.get(peer);
		if (existing && survivor(existing, session) === existing) {
			session.close('duplicate', '');
			return;
		}
		this.#links.set(peer, session);
		if (existing) {
			this.#events?.onunlink(peer, 'replaced by a newer connection');
			existing.close('duplicate', '');
		}
		this.#deps.log('info', 'webrtc/mesh', `linked to ${peer.slice(0, 8)}`);
		this.#events?.onlink(peer);
		this.#tell({ kind: 'link-up', peer, degree: session.link?.peerDegree ?? 0 });
		this.#events?.onchange();
	}

	#onFrame(session: Session, frame: Bytes): void {
		if (!this.#isLink(session)) return;
		const type = frame[1] ?? 0;
		if (type >= firstEngineType) this.#events?.onframe(peerOf(session.peer), frame);
		else if (isCredited(type)) this.#events?.oncircuit?.(peerOf(session.peer), frame);
	}

	#onDown(session: Session, end: SessionEnd): void {
		if (!this.#isLink(session)) return;
		const peer = peerOf(session.peer);
		this.#links.delete(peer);
		const mayReturn = ['leaving', 'sleeping', 'spliced'];
		const unwelcome = end.kind === 'bye' && !mayReturn.includes(end.code);
		this.#events?.onunlink(peer, describeEnd(end));
		this.#tell({ kind: 'link-down', peer, unwelcome });
		this.#events?.onchange();
	}

	#onFailed(peer: PeerId, reason: DialFailure): void {
		this.#tell({ kind: 'attempt-failed', peer, reason });
	}

	/** Whether this session is the pair's link, not a duplicate on its way out. */
	#isLink(session: Session): boolean {
		return this.#links.get(peerOf(session.peer)) === session;
	}
}

/** On the mesh a peer's key is its PeerId. */
const peerOf = (key: PublicKey): PeerId => key as string as PeerId;
const keyOf = (peer: PeerId): PublicKey => peer as string as PublicKey;
