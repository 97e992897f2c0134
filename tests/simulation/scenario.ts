import type { Millis, MsgId, PeerId, Topic } from '#lib/core/brand.ts';
import { concat, hexBytes, toHex, utf8 } from '#lib/core/bytes.ts';
import { sha256 } from '#lib/core/crypto/hash.ts';
import { topicsMatch } from '#lib/gossip/topic.ts';
import { createDice, type Dice } from '../kit/dice.ts';
import { latencies, randomGraph } from './graph.ts';
import { kindOf, Network, type Sent } from './network.ts';
import type { SimNode } from './node.ts';

export interface ScenarioOptions {
	readonly nodes: number;
	readonly seed: number;
	readonly jobs: number;
	/** Shares of nodes that receive and never pass on, that take favours and never deliver, that vanish. */
	readonly mute: number;
	readonly stall: number;
	readonly gone: number;
}

export interface ScenarioResult {
	readonly nodes: number;
	/** Share of the nodes that follow a job's topic and got it. */
	readonly delivery: number;
	readonly p50Ms: number;
	readonly p99Ms: number;
	/** Broadcasts received for each node that got the job. */
	readonly copies: number;
	/** Mesh frames sent, for each node and job. */
	readonly framesPerNode: number;
	/** Offers thanked, of those made. */
	readonly thanked: number;
	readonly traceHash: string;
}

const meanDegree = 6;
const mostLinks = 8;
/** One node in so many is a person with a topic; the first of them post, the last answer. */
const personEvery = 4;
const workers = 3;
const topics = ['/drive/australia/sydney', '/drive/poland', '/cook/france', '/clean/us/boston', '/'].map(
	(text) => text as Topic,
);
const hour = 3_600_000;
/** Between two jobs, so that each is measured alone. */
const spacing = 20_000;

/** Follows jobs through a random network of real engines on virtual time. */
export function runScenario(options: ScenarioOptions): ScenarioResult {
	const { nodes: count, seed } = options;
	const delay = latencies(count, seed + 1);
	const numbers = new Map<PeerId, number>();
	const network = new Network({
		seed,
		parameters: { baseComplexity: 256 },
		// A proof of the usual price takes this long, as on a phone: 256 hashes stand for 2^22.
		hashRate: 256,
		latency: (from, to) => delay(numbers.get(from.peer) ?? 0, numbers.get(to.peer) ?? 0),
	});
	network.recording = false;

	const nodes = Array.from({ length: count }, (_, index) => network.add(`node ${index}`));
	nodes.forEach((node, index) => numbers.set(node.peer, index));
	const people = nodes.filter((_, index) => index % personEvery === 0);
	const followed = new Map<SimNode, Topic>();
	people.forEach((node, index) => {
		const topic = topics[index % topics.length] ?? topics[0];
		if (!topic) return;
		followed.set(node, topic);
		node.open(topic);
	});

	const dice = createDice(seed + 2);
	const isBad = new Map<SimNode, 'mute' | 'stall'>();
	for (const node of nodes.slice(workers * personEvery)) {
		const draw = dice.below(1_000) / 1_000;
		if (followed.has(node) || draw >= options.mute + options.stall) continue;
		isBad.set(node, draw < options.mute ? 'mute' : 'stall');
	}

	const trace = createTrace();
	const meter = { broadcasts: 0, frames: 0 };
	network.fate = (sent) => {
		const kind = kindOf(sent.bytes);
		const bad = isBad.get(sent.from);
		if (bad === 'mute' && kind === 'AskForFavour') return undefined;
		if (bad === 'stall' && kind === 'Broadcast') return undefined;
		meter.frames += 1;
		if (kind === 'Broadcast') meter.broadcasts += 1;
		trace.add(sent);
		return sent.bytes;
	};

	for (const [a, b] of randomGraph(count, meanDegree, mostLinks, seed)) {
		const [left, right] = [nodes[a], nodes[b]];
		if (left && right) network.link(left, right);
	}
	network.run(5_000);
	meter.frames = 0;

	const times: Millis[] = [];
	let wanted = 0;
	let offers = 0;
	const offering: SimNode[] = [];
	for (let index = 0; index < options.jobs; index++) {
		const customer = people[index % people.length];
		const topic = topics[index % topics.length];
		if (!customer || !topic) continue;
		const postedAt = network.now();
		const { msgId } = customer.do('post', { topic, message: `Job ${index}`, expiresInMs: hour });
		network.run(spacing / 2);
		const listeners = people.filter(
			(node) => node !== customer && topicsMatch(followed.get(node) ?? topic, topic),
		);
		wanted += listeners.length;
		const heard = listeners.flatMap((node) => leadOf(node, msgId) ?? []);
		for (const { lead } of heard) times.push(lead.heardAt - postedAt);
		vanish(network, nodes, followed, options.gone, dice);
		for (const { node } of heard.slice(-workers)) {
			node.do('offer', { msgId, text: `by ${node.name}` });
			offers += 1;
			offering.push(node);
		}
		network.run(spacing / 2);
	}
	network.run(120_000);
	const thanked = offering.reduce(
		(sum, node) =>
			sum +
			node.engine.offers().filter((offer) => offer.state === 'thanked').length / occurrences(offering, node),
		0,
	);

	times.sort((a, b) => a - b);
	const seen = nodes.reduce((sum, node) => sum + node.engine.traffic().broadcastsSeen, 0);
	return {
		nodes: count,
		delivery: round(wanted === 0 ? 0 : times.length / wanted),
		p50Ms: quantile(times, 50),
		p99Ms: quantile(times, 99),
		copies: round(seen === 0 ? 0 : meter.broadcasts / seen),
		framesPerNode: round(meter.frames / count / options.jobs),
		thanked: round(offers === 0 ? 0 : thanked / offers),
		traceHash: trace.digest(),
	};
}

function leadOf(node: SimNode, msgId: MsgId) {
	const lead = node.engine.leads().find((entry) => entry.msgId === msgId);
	return lead && { node, lead };
}

const occurrences = (items: readonly SimNode[], node: SimNode): number =>
	items.filter((item) => item === node).length;

/** Some carriers leave before the replies come. */
function vanish(
	network: Network,
	nodes: readonly SimNode[],
	people: ReadonlyMap<SimNode, Topic>,
	share: number,
	dice: Dice,
): void {
	if (share === 0) return;
	for (const node of nodes) if (!people.has(node) && dice.below(1_000) < share * 1_000) network.drop(node);
}

/** Hash over every frame that travelled: when, between whom, and its bytes. */
function createTrace() {
	let digest = new Uint8Array(32);
	let pending: Uint8Array[] = [];
	const fold = () => {
		digest = sha256(concat(digest, ...pending));
		pending = [];
	};
	return {
		add({ at, from, to, bytes }: Sent): void {
			pending.push(utf8(`${at}`), hexBytes(from.peer), hexBytes(to.peer), bytes);
			if (pending.length >= 4_000) fold();
		},
		digest(): string {
			fold();
			return toHex(digest);
		},
	};
}

const quantile = (sorted: readonly number[], percent: number): number =>
	sorted[Math.min(sorted.length - 1, Math.floor((sorted.length * percent) / 100))] ?? 0;

const round = (value: number): number => Math.round(value * 10_000) / 10_000;
