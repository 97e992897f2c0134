import type { Bytes, PeerId, PublicKey } from '#lib/core/brand.ts';
import type { LinkDeps } from './deps.ts';
import { Dialler, type DialFailure, type Target } from './dialler.ts';
import { survivor } from './duplicate.ts';
import { linkLimits } from './limits.ts';
import { describeEnd, type Session, type SessionEnd } from './link/session.ts';
import { TokenBucket } from '#lib/core/token-bucket.ts';
import { ContactBook } from './neighbours/contact-book.ts';
import { Joiner } from './neighbours/joiner.ts';
import { randomNeighbours, type Neighbourhood, type NeighbourPolicy } from './neighbours/policy.ts';
import { defaultParameters } from './parameters.ts';
import type { LinkInfo, Mesh, MeshEvents, Priority } from './ports.ts';
import type { Contact } from './signalling.ts';

const meshLimits = {
	/** Contacts that answer one JOIN come within this; choosing among them beats taking the fastest, ms. */
	settleMs: 250,
	/** Calls at once: leaves one of the browser's four (conn/budget.ts) for who calls us. */
	dialsAtOnce: 3,
	/** Wait after the browser's budget for connections was used up, ms. */
	budgetMs: 1_000,
	welcomesPerMinute: 60,
} as const;

/** The mesh of one tab. `policy` decides who is linked to whom. */
export function createMesh(deps: LinkDeps, policy?: NeighbourPolicy): Mesh {
	return new MeshNode(deps, policy);
}

class MeshNode implements Mesh {
	readonly id: PeerId;
	readonly #deps: LinkDeps;
	readonly #policy: NeighbourPolicy;
	readonly #dialler: Dialler;
	readonly #joiner: Joiner;
	readonly #welcomes: TokenBucket;
	readonly #book = new ContactBook();
	readonly #links = new Map<PeerId, Session>();
	#events: MeshEvents | undefined;
	#unsubscribe: (() => void)[] = [];
	#cancelReview: (() => void) | undefined;
	#hidden = false;
	/** Frozen or offline: nobody is called, nobody answered. */
	#asleep = false;

	constructor(deps: LinkDeps, policy: NeighbourPolicy | undefined) {
		const parameters = { ...defaultParameters, ...deps.parameters };
		this.id = deps.identity.id as PeerId;
		this.#deps = deps;
		this.#policy = policy ?? randomNeighbours(parameters);
		this.#welcomes = new TokenBucket(
			meshLimits.welcomesPerMinute / 60,
			meshLimits.welcomesPerMinute / 2,
			deps.clock.now(),
		);
		this.#joiner = new Joiner(deps.clock, deps.random, () => {
			deps.signalling.join(this.#links.size);
			this.#review();
		});
		this.#dialler = new Dialler(deps, {
			purpose: 'mesh',
			maxDegree: Math.min(255, parameters.maxLinks),
			admissionComplexity: parameters.admissionComplexity,
			degree: () => this.#links.size,
			admit: (_, from) => this.#admit(from as string as PeerId),
			onup: (session) => this.#onUp(session),
			onframe: (session, frame) => {
				if (this.#isLink(session)) this.#events?.onframe(peerOf(session), frame);
			},
			onadmission: (session) => {
				if (!this.#isLink(session)) return;
				this.#events?.onadmission(peerOf(session));
				this.#events?.onchange();
			},
			ondown: (session, end) => this.#onDown(session, end),
			onfailed: (target, reason) => this.#onFailed(target, reason),
		});
	}

	start(events: MeshEvents): void {
		const { signalling, identity } = this.#deps;
		this.#events = events;
		this.#unsubscribe = [
			signalling.contacts((contact) => this.#onContact(contact)),
			signalling.listen(identity, (from, signal) => {
				if (!this.#asleep) this.#dialler.receive(identity, from, signal);
			}),
		];
		this.#review();
	}

	links(): readonly LinkInfo[] {
		const now = this.#deps.clock.now();
		return [...this.#links.values()].flatMap((session) => {
			const { link } = session;
			if (!link) return [];
			const { framesIn, framesOut, bytesIn, bytesOut } = link.counters;
			return {
				peer: peerOf(session),
				initiator: session.terms.role === 'caller',
				since: session.since,
				...(link.rttMs === undefined ? {} : { rttMs: link.rttMs }),
				degree: link.peerDegree,
				framesIn,
				framesOut,
				bytesIn,
				bytesOut,
				admission: session.admission,
				state: link.stalled(now) ? ('stalled' as const) : ('open' as const),
			};
		});
	}

	send(peer: PeerId, frame: Bytes, priority: Priority): boolean {
		return this.#links.get(peer)?.send(frame, priority) ?? false;
	}

	disconnect(peer: PeerId, reason: string): void {
		this.#book.avoid(peer, this.#deps.clock.now());
		this.#links.get(peer)?.close('refused', reason);
	}

	lifecycle(change: Parameters<Mesh['lifecycle']>[0]): void {
		switch (change) {
			case 'visible':
			case 'hidden':
				this.#hidden = change === 'hidden';
				this.#review();
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
				this.#wakeUp();
		}
	}

	stop(reason: string): void {
		for (const unsubscribe of this.#unsubscribe) unsubscribe();
		this.#unsubscribe = [];
		this.#sleep();
		for (const session of [...this.#links.values()]) session.close('leaving', reason);
		this.#events = undefined;
	}

	#sleep(): void {
		this.#asleep = true;
		this.#cancelReview?.();
		this.#cancelReview = undefined;
		this.#joiner.reset();
		this.#dialler.stop();
	}

	/** Whoever is still there answers within 2 s; former neighbours are called while the rendezvous is asked. */
	#wakeUp(): void {
		this.#asleep = false;
		for (const session of [...this.#links.values()]) session.check();
		this.#book.recall(this.#deps.clock.now());
		this.#joiner.reset();
		this.#review();
	}

	#neighbourhood(): Neighbourhood {
		const now = this.#deps.clock.now();
		return {
			neighbours: [...this.#links.values()].map((session) => ({
				peer: peerOf(session),
				dialled: session.terms.role === 'caller',
				degree: session.link?.peerDegree ?? 0,
			})),
			dialling: this.#dialler.pending('caller'),
			answering: this.#dialler.pending('callee'),
			candidates: this.#book
				.candidates(now)
				.filter(({ peer }) => !this.#links.has(peer) && !this.#dialler.isDialling(this.id, keyOf(peer))),
			hidden: this.#hidden,
		};
	}

	/** Brings the links in line with the policy. Called whenever anything it looks at has changed. */
	#review(): void {
		this.#cancelReview?.();
		this.#cancelReview = undefined;
		if (this.#asleep || !this.#events) return;
		for (const peer of this.#policy.release(this.#neighbourhood())) {
			this.#book.avoid(peer, this.#deps.clock.now());
			this.#links.get(peer)?.close('full', 'fewer links while hidden');
		}
		const before = this.#neighbourhood();
		this.#joiner.update(this.#policy.need(before));
		const free = Math.max(0, meshLimits.dialsAtOnce - before.dialling);
		for (const peer of this.#policy.dial(before, this.#deps.random).slice(0, free)) {
			this.#book.remove(peer);
			this.#dialler.dial({ self: this.#deps.identity, peer: keyOf(peer), secret: '' });
		}
	}

	#onContact({ id, asks, degree }: Contact): void {
		if (this.#asleep || id === this.id) return;
		const { clock } = this.#deps;
		if (asks) {
			if (this.#links.has(id) || !this.#policy.welcomes(this.#neighbourhood())) return;
			if (this.#welcomes.take(clock.now())) this.#deps.signalling.welcome(id, this.#links.size);
			return;
		}
		this.#book.add(id, degree, clock.now());
		const alone = this.#links.size === 0 && this.#dialler.pending('caller') === 0;
		if (alone) this.#review();
		else this.#reviewWithin(meshLimits.settleMs);
	}

	#admit(from: PeerId): { readonly secret: string } | { readonly decline: 'full' | 'busy' } {
		const existing = this.#links.get(from);
		const { clock } = this.#deps;
		// A call that crossed with the one which made this link: the link stands.
		if (existing?.terms.role === 'caller' && clock.now() - existing.since < linkLimits.attemptMs)
			return { decline: 'busy' };
		if (existing || this.#policy.accepts(this.#neighbourhood())) return { secret: '' };
		return { decline: 'full' };
	}

	#onUp(session: Session): void {
		const peer = peerOf(session);
		const existing = this.#links.get(peer);
		if (existing && survivor(existing, session) === existing) {
			session.close('duplicate', '');
			return;
		}
		this.#links.set(peer, session);
		this.#book.remove(peer);
		this.#book.remember(peer);
		if (existing) {
			this.#events?.onunlink(peer, 'replaced by a newer connection');
			existing.close('duplicate', '');
		}
		this.#deps.log('info', 'webrtc/mesh', `linked to ${peer.slice(0, 8)}`);
		this.#events?.onlink(peer);
		this.#events?.onchange();
		this.#review();
	}

	#onDown(session: Session, end: SessionEnd): void {
		if (!this.#isLink(session)) return;
		const peer = peerOf(session);
		this.#links.delete(peer);
		const unwelcome = end.kind === 'bye' && end.code !== 'leaving' && end.code !== 'sleeping';
		if (unwelcome) this.#book.avoid(peer, this.#deps.clock.now());
		this.#events?.onunlink(peer, describeEnd(end));
		this.#events?.onchange();
		this.#review();
	}

	#onFailed({ peer }: Target, reason: DialFailure): void {
		const id = peer as string as PeerId;
		const now = this.#deps.clock.now();
		if (reason === 'budget' || reason === 'busy') {
			this.#book.add(id, 0, now);
			this.#reviewWithin(meshLimits.budgetMs);
			return;
		}
		// Who has no other link tries even an unlikely peer again.
		if (reason === 'refused' || this.#links.size > 0) this.#book.avoid(id, now);
		if (reason === 'no-answer') this.#book.forget(id);
		this.#review();
	}

	#reviewWithin(ms: number): void {
		this.#cancelReview ??= this.#deps.clock.after(ms, () => this.#review());
	}

	/** Whether this session is the pair's link, not a duplicate on its way out. */
	#isLink(session: Session): boolean {
		return this.#links.get(peerOf(session)) === session;
	}
}

/** On the mesh a peer's key is its PeerId. */
const peerOf = (session: Session): PeerId => session.peer as string as PeerId;
const keyOf = (peer: PeerId): PublicKey => peer as string as PublicKey;
