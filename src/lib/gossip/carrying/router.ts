import type { Bytes, PeerId } from '#lib/core/brand.ts';
import { err, ok, type Result } from '#lib/core/result.ts';
import type { Askings } from './asking.ts';
import { refuse, send, type Context } from '../context.ts';
import { askRef, type Favours } from './favours.ts';
import type { JobCore, MeshFrameOf, RefusalCode } from '../wire/frames.ts';
import { cancelSigned, checkJobTimes, jobSigned, msgIdOf, readJob, shortIdOf } from '../wire/job.ts';
import type { Ledger } from './ledger.ts';
import type { Neighbour, Neighbours } from './neighbours.ts';
import type { Route, Routes } from './routes.ts';

/** Who wants to know of strangers' jobs. */
export interface JobListener {
	heard(route: Route): void;
	/** One more neighbour can take a reply. */
	wayFound(route: Route): void;
	cancelled(route: Route, reason: string): void;
}

/** Receives jobs, once each, and has them carried on. */
export class Router {
	readonly #context: Context;
	readonly #neighbours: Neighbours;
	readonly #routes: Routes;
	readonly #favours: Favours;
	readonly #ledger: Ledger;
	readonly #askings: Askings;
	readonly #listener: JobListener;

	constructor(
		context: Context,
		parts: {
			readonly neighbours: Neighbours;
			readonly routes: Routes;
			readonly favours: Favours;
			readonly ledger: Ledger;
			readonly askings: Askings;
			readonly listener: JobListener;
		},
	) {
		this.#context = context;
		this.#neighbours = parts.neighbours;
		this.#routes = parts.routes;
		this.#favours = parts.favours;
		this.#ledger = parts.ledger;
		this.#askings = parts.askings;
		this.#listener = parts.listener;
	}

	onAsk(neighbour: Neighbour, frame: MeshFrameOf<'AskForFavour'>): void {
		const { peer } = neighbour;
		const now = this.#context.now();
		if (!neighbour.asks.take(now)) {
			refuse(this.#context, peer, askRef(frame), 'too-fast', 1_000);
			return;
		}
		const route = this.#routes.byShortId(frame.shortId);
		if (!route && !this.#routes.knowsShortId(frame.shortId)) {
			this.#favours.onAsk(peer, frame);
			return;
		}
		if (route?.cancel) {
			refuse(this.#context, peer, askRef(frame), 'job-cancelled');
			return;
		}
		send(this.#context, peer, { kind: 'Have', shortId: frame.shortId });
		if (route) this.#alternate(route, peer);
	}

	/** @returns false for what no honest node sends. */
	onBroadcast(peer: PeerId, frame: MeshFrameOf<'Broadcast'>, bytes: Bytes): boolean {
		const accepted = this.#check(peer, frame, bytes);
		if (accepted.ok) {
			if (accepted.value) this.#accept(peer, frame, accepted.value);
			return true;
		}
		refuse(this.#context, peer, shortIdOf(msgIdOf(frame.core)), accepted.error);
		return (
			accepted.error !== 'bad-proof' && accepted.error !== 'bad-signature' && accepted.error !== 'bad-frame'
		);
	}

	/** @returns false for what no honest node sends. */
	onCancel(peer: PeerId, frame: MeshFrameOf<'CancelJob'>, bytes: Bytes): boolean {
		const route = this.#routes.get(frame.msgId);
		if (!route || route.cancel || route.mine) return true;
		if (!cancelSigned(frame, route.core.replyKey, this.#context.verify)) return false;
		route.cancel = bytes;
		this.#askings.stop(route.msgId);
		for (const neighbour of this.#neighbours.all())
			if (neighbour.peer !== peer) send(this.#context, neighbour.peer, frame);
		this.#listener.cancelled(route, frame.reason);
		return true;
	}

	/** Neighbours worth asking, best first. */
	choose(topic: JobCore['topic'], without: readonly PeerId[]): PeerId[] {
		const { topicChoice, peerSelector } = this.#context.strategies;
		const candidates = [...this.#neighbours.all()]
			.filter(({ peer }) => !without.includes(peer))
			.map(({ peer, interests }) => ({
				peer,
				affinity: topicChoice(interests, topic),
				...this.#ledger.standing(peer),
			}));
		return peerSelector(candidates, this.#context.parameters.fanOut, this.#context.random);
	}

	/** Offers a neighbour the newest live jobs it cares for; it carries them on credit or not at all. */
	catchUp(neighbour: Neighbour): void {
		const { topicChoice } = this.#context.strategies;
		this.#routes
			.live()
			.filter(({ msgId, mine, ttl }) => !mine && ttl > 0 && !neighbour.offered.has(msgId))
			.filter(({ job }) => job && topicChoice(neighbour.interests, job.topic) > 0)
			.slice(0, this.#context.parameters.catchUp)
			.forEach((route) => {
				const terms = { own: false, purse: 0, spent: 0, gift: 'none', changed: undefined } as const;
				this.#offer(route, terms, [neighbour.peer]);
			});
	}

	/** The checks in the order of their cost; before the proof nothing is kept. @returns undefined for a known job. */
	#check(
		peer: PeerId,
		frame: MeshFrameOf<'Broadcast'>,
		bytes: Bytes,
	): Result<{ core: JobCore; paid: number } | undefined, RefusalCode> {
		const job = readJob(frame.core);
		if (!job.ok) return err('bad-frame');
		const core = job.value;
		const paid = this.#favours.check(peer, frame, bytes, core.topic);
		if (!paid.ok) return paid;
		this.#favours.use(frame.favourNumber);
		const msgId = msgIdOf(frame.core);
		if (this.#routes.knows(msgId)) {
			this.#known(peer, msgId);
			return ok(undefined);
		}
		const times = checkJobTimes(core, this.#context.now());
		if (!times.ok) return err(times.error.code === 'expired' ? 'job-expired' : 'bad-frame');
		if ((frame.replyPriceMsat ?? 0) > 0) {
			const { tolls } = this.#context.money;
			const refused = tolls ? tolls.mayOwe(frame) : 'no-wallet';
			if (refused) return err(refused);
		}
		// Last, for it costs most: a favour that brings no job is not charged, and must not buy signature checks.
		if (!jobSigned(frame.core, frame.signature, core, this.#context.verify)) return err('bad-signature');
		return ok({ core, paid: paid.value });
	}

	#known(peer: PeerId, msgId: Route['msgId']): void {
		this.#context.traffic.duplicates += 1;
		send(this.#context, peer, { kind: 'Have', shortId: shortIdOf(msgId) });
		const route = this.#routes.get(msgId);
		if (route) this.#alternate(route, peer);
	}

	#accept(
		peer: PeerId,
		frame: MeshFrameOf<'Broadcast'>,
		{ core, paid }: { core: JobCore; paid: number },
	): void {
		const { forwarding } = this.#context.strategies;
		this.#context.traffic.broadcastsSeen += 1;
		this.#ledger.carriedForThem(peer, paid);
		const msgId = msgIdOf(frame.core);
		const route = this.#routes.add({
			msgId,
			shortId: shortIdOf(msgId),
			core,
			job: { bytes: frame.core, signature: frame.signature, topic: core.topic },
			mine: false,
			ttl: forwarding.nextTtl(frame.ttl),
			upstreams: [peer],
			...((frame.replyPriceMsat ?? 0) > 0
				? { owes: { peer, msat: frame.replyPriceMsat ?? 0, lockCltv: frame.lockCltv ?? 24 } }
				: {}),
			missed: false,
			thanked: false,
			replies: new Map(),
		});
		const others = this.#favours.arrived(route.shortId, peer);
		for (const other of others) this.#routes.addUpstream(route, other);
		for (const bringer of [peer, ...others]) this.#neighbours.get(bringer)?.offered.set(msgId, true);
		this.#listener.heard(route);
		if (route.ttl === 0) return;
		const terms = {
			own: false,
			purse: forwarding.passOn(paid),
			spent: 0,
			gift: this.#ledger.standing(peer).thanks > 0 ? 'whole' : 'shared',
			changed: undefined,
		} as const;
		this.#offer(route, terms, this.choose(core.topic, [peer, ...others]));
	}

	#offer(route: Route, terms: Parameters<Askings['start']>[1], peers: readonly PeerId[]): void {
		for (const peer of peers) this.#neighbours.get(peer)?.offered.set(route.msgId, true);
		this.#askings.start(route, terms, peers);
	}

	#alternate(route: Route, peer: PeerId): void {
		this.#neighbours.get(peer)?.offered.set(route.msgId, true);
		if (this.#routes.addUpstream(route, peer)) this.#listener.wayFound(route);
	}
}
