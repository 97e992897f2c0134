import type { Engine, EngineDeps } from './engine.ts';
import type { Bytes, Hex, Millis, PeerId, ReplyId, Topic } from '#lib/core/brand.ts';
import { toHex } from '#lib/core/bytes.ts';
import { unreachable } from '#lib/core/result.ts';
import { Agenda } from './agenda.ts';
import { Askings } from './carrying/asking.ts';
import type { EngineCommandName, EngineCommands } from './command.ts';
import { refuse, send, type Context } from './context.ts';
import type { Effect } from './effect.ts';
import { estimateCost } from './carrying/estimate.ts';
import type { GossipEvent } from './event.ts';
import { Favours } from './carrying/favours.ts';
import { meshFrames, type MeshFrame, type MeshFrameOf } from './wire/frames.ts';
import { refuseCommand } from './person/input.ts';
import { Ledger } from './carrying/ledger.ts';
import { wireLimits } from './limits.ts';
import { Neighbours, type Neighbour } from './carrying/neighbours.ts';
import { Outbox } from './outbox.ts';
import type { OpenPersona, Persona } from './person/persona.ts';
import type { PersonaRecords } from './records.ts';
import { Replies } from './carrying/replies.ts';
import { Router } from './carrying/router.ts';
import { Routes } from './carrying/routes.ts';
import { replyIdOf } from './wire/thank-you.ts';
import type { Carriage } from './settling/carriage.ts';
import { capabilitiesOf, noWallet } from './settling/till.ts';
import { Thanks } from './carrying/thanks.ts';
import { parseTopic } from './topic.ts';
import { Traffic } from './traffic.ts';
import type {
	ActivityView,
	EstimateView,
	JobView,
	LeadView,
	LedgerView,
	MyOfferView,
	TrafficView,
} from './view.ts';
import { WorkBudget } from './carrying/work-budget.ts';
import { Works } from './carrying/works.ts';

/** Passes each event to the part it concerns. */
export class GossipNode implements Engine {
	readonly #context: Context;
	#now: Millis = 0;
	#started = false;
	#topics: readonly Topic[] = [];
	#persona: Persona | undefined;
	readonly #neighbours: Neighbours;
	readonly #ledger: Ledger;
	readonly #routes: Routes;
	readonly #favours: Favours;
	readonly #budget: WorkBudget;
	readonly #works: Works;
	readonly #askings: Askings;
	readonly #thanks: Thanks;
	readonly #replies: Replies;
	readonly #router: Router;

	constructor(deps: EngineDeps) {
		const { tab, ...shared } = deps;
		const context: Context = {
			...shared,
			now: () => this.#now,
			out: new Outbox(),
			agenda: new Agenda(),
			traffic: new Traffic(),
			money: { terms: noWallet, tolls: undefined },
		};
		this.#context = context;
		this.#neighbours = new Neighbours(deps.parameters);
		this.#ledger = new Ledger(context, this.#neighbours, tab.ledger);
		this.#routes = new Routes(context, tab.routes);
		this.#favours = new Favours(context, this.#ledger);
		this.#budget = new WorkBudget(context);
		this.#works = new Works(context, tab.works);
		this.#askings = new Askings(context, {
			neighbours: this.#neighbours,
			ledger: this.#ledger,
			budget: this.#budget,
			works: this.#works,
		});
		this.#thanks = new Thanks(context, this.#routes, this.#ledger, this.#neighbours, (reply) =>
			this.#persona?.thanked(reply),
		);
		this.#replies = new Replies(context, this.#routes, this.#neighbours, this.#thanks, {
			receive: (_route, _replyId, frame, from) =>
				this.#persona ? this.#persona.receive(frame, from) : 'unknown-job',
			handedOn: (replyId) => this.#persona?.handedOn(replyId),
			refused: (replyId, code, by) => this.#persona?.refused(replyId, code, by),
		});
		this.#router = new Router(context, {
			neighbours: this.#neighbours,
			routes: this.#routes,
			favours: this.#favours,
			ledger: this.#ledger,
			askings: this.#askings,
			listener: {
				heard: (route) => this.#persona?.leads.heard(route),
				wayFound: (route) => this.#persona?.wayFound(route),
				cancelled: (route, reason) => this.#persona?.cancelled(route, reason),
			},
		});
	}

	handle(event: GossipEvent, at: Millis): Effect[] {
		this.#advance(at);
		this.#dispatch(event);
		return this.#context.out.drain();
	}

	openPersona(open: OpenPersona, seed: Bytes, records: PersonaRecords, at: Millis): Effect[] {
		this.#advance(at);
		this.#persona ??= open(
			{ ...this.#context, seed },
			{
				routes: this.#routes,
				router: this.#router,
				askings: this.#askings,
				neighbours: this.#neighbours,
				replies: this.#replies,
				thanks: this.#thanks,
				ledger: this.#ledger,
				budget: this.#budget,
			},
			records,
		);
		this.#persona.follow(this.#topics);
		this.#works.sweep();
		return this.#context.out.drain();
	}

	command<K extends EngineCommandName>(name: K, args: EngineCommands[K]['args'], at: Millis) {
		this.#advance(at);
		const result = this.#persona
			? this.#persona.command(name, args)
			: refuseCommand('not-ready', 'this tab does not keep the jobs');
		return { result, effects: this.#context.out.drain() };
	}

	nextWake(): Millis | undefined {
		return this.#context.agenda.next();
	}

	estimate(topic: Topic, messageBytes: number, at: Millis): EstimateView {
		this.#now = at;
		return estimateCost(topic, messageBytes, {
			context: this.#context,
			neighbours: this.#neighbours,
			ledger: this.#ledger,
			budget: this.#budget,
		});
	}

	jobs(): JobView[] {
		return this.#persona?.jobs() ?? [];
	}

	leads(): LeadView[] {
		return this.#persona?.leadViews() ?? [];
	}

	offers(): MyOfferView[] {
		return this.#persona?.offers() ?? [];
	}

	activity(): ActivityView[] {
		return this.#persona?.activity() ?? [];
	}

	carriages(): Carriage[] {
		return this.#persona?.settling.carriages() ?? [];
	}

	ledger(at: Millis): LedgerView[] {
		this.#now = at;
		return this.#ledger.view();
	}

	traffic(): TrafficView {
		return this.#context.traffic.view();
	}

	/** Time has come: what was due before is done before. */
	#advance(at: Millis): void {
		this.#now = at;
		if (!this.#started) {
			this.#started = true;
			this.#thanks.resume();
		}
		this.#context.agenda.runDue(at);
	}

	#dispatch(event: GossipEvent): void {
		switch (event.kind) {
			case 'link-up':
				this.#linkUp(event.peer);
				return;
			case 'link-admitted':
				this.#ledger.admit(event.peer);
				return;
			case 'link-down':
				this.#linkDown(event.peer);
				return;
			case 'frame':
				this.#frame(event.peer, event.bytes);
				return;
			case 'work-progress':
				this.#works.progress(event.workId, event.solutions);
				return;
			case 'work-done':
				this.#askings.onProof(event.workId, event.proof, event.hashes);
				return;
			case 'work-failed':
				this.#askings.onWorkFailed(event.workId);
				return;
			case 'call-open':
				if (this.#persona) this.#persona.conversations.calls.onOpen(event);
				else this.#context.out.push({ kind: 'hang-up', callId: event.callId, reason: 'nobody here' });
				return;
			case 'call-frame':
				this.#persona?.conversations.calls.onFrame(event.callId, event.bytes);
				return;
			case 'call-closed':
				this.#persona?.conversations.calls.onClosed(event.callId);
				return;
			case 'call-failed':
				this.#persona?.conversations.calls.onFailed(event.self, event.peer);
				return;
			case 'note':
				this.#persona?.onNote(event.to, event.body);
				return;
			case 'wake':
				return;
			case 'device':
				this.#budget.update(event.hashRate, event.saving);
				return;
			case 'topics':
				this.#follow(event.topics);
				return;
			case 'till':
				this.#persona?.settling.onTill(event.event);
				return;
			case 'till-terms': {
				const { money } = this.#context;
				const before = capabilitiesOf(money.terms);
				money.terms = event.terms;
				if (capabilitiesOf(event.terms) === before) return;
				for (const { peer } of this.#neighbours.all()) this.#introduce(peer);
				return;
			}
			default:
				unreachable(event);
		}
	}

	#follow(topics: readonly string[]): void {
		const known = this.#topics.join();
		this.#topics = topics.flatMap((text) => {
			const topic = parseTopic(text);
			return topic.ok ? [topic.value] : [];
		});
		if (this.#topics.join() === known) return;
		for (const { peer } of this.#neighbours.all()) this.#introduce(peer);
		this.#persona?.follow(this.#topics);
	}

	#introduce(peer: PeerId): void {
		send(this.#context, peer, {
			kind: 'Hello',
			capabilities: capabilitiesOf(this.#context.money.terms),
			interests: this.#topics.slice(0, wireLimits.interests),
		});
	}

	#linkUp(peer: PeerId): void {
		if (this.#neighbours.has(peer)) return;
		this.#neighbours.add(peer, this.#now);
		this.#introduce(peer);
		this.#thanks.linkUp(peer);
		this.#persona?.linkUp(peer);
		this.#askings.linkUp(peer);
		this.#context.out.changed('network');
	}

	#linkDown(peer: PeerId): void {
		if (!this.#neighbours.has(peer)) return;
		this.#neighbours.remove(peer);
		this.#favours.linkDown(peer);
		this.#askings.linkDown(peer);
		this.#replies.linkDown(peer);
		this.#context.out.changed('network');
	}

	#frame(peer: PeerId, bytes: Bytes): void {
		const neighbour = this.#neighbours.get(peer);
		if (!neighbour) return;
		const frame = meshFrames.decode(bytes);
		if (frame.ok) this.#context.traffic.received(frame.value.kind);
		else this.#context.traffic.refused('bad-frame');
		if (frame.ok && this.#receive(neighbour, frame.value, bytes)) return;
		if (neighbour.patience.take(this.#now)) return;
		this.#context.out.push({
			kind: 'disconnect',
			peer,
			reason: frame.ok ? `bad ${frame.value.kind}` : frame.error.code,
		});
	}

	/** @returns false for what no honest node sends; too much of it costs the link. */
	#receive(neighbour: Neighbour, frame: MeshFrame, bytes: Bytes): boolean {
		const { peer } = neighbour;
		switch (frame.kind) {
			case 'Hello':
				if (!neighbour.hellos.take(this.#now)) return false;
				neighbour.interests = frame.interests;
				neighbour.capabilities = frame.capabilities;
				this.#router.catchUp(neighbour);
				this.#context.out.changed('network');
				return true;
			case 'AskForFavour':
				this.#router.onAsk(neighbour, frame);
				return true;
			case 'AskForFavourReply':
				this.#askings.onTerms(peer, frame);
				return true;
			case 'Refuse':
				this.#refused(peer, toHex(frame.ref), frame);
				return true;
			case 'Broadcast':
				return this.#router.onBroadcast(peer, frame, bytes);
			case 'Have':
				this.#askings.onHave(peer, frame.shortId);
				return true;
			case 'ReplyRequest':
				if (neighbour.replies.take(this.#now)) this.#replies.onReplyRequest(peer, frame);
				else refuse(this.#context, peer, replyIdOf(frame.ephemeralKey), 'too-fast', 1_000);
				return true;
			case 'ReplyInvoice':
				if (this.#context.money.tolls) this.#context.money.tolls.onInvoice(peer, frame);
				else refuse(this.#context, peer, frame.replyId, 'no-wallet');
				return true;
			case 'ThankYou':
				return this.#thanks.onThankYou(peer, frame);
			case 'CancelJob':
				return this.#router.onCancel(peer, frame, bytes);
		}
	}

	#refused(peer: PeerId, ref: Hex, { code, retryAfterMs }: MeshFrameOf<'Refuse'>): void {
		if (ref.length === 32) this.#replies.onRefuse(peer, ref as ReplyId, code);
		else this.#askings.onRefuse(peer, ref, code, retryAfterMs);
	}
}
