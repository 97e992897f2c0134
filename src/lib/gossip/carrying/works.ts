import type { Bytes, Hex, Topic } from '#lib/core/brand.ts';
import { toHex } from '#lib/core/bytes.ts';
import { powScheme, type Solution } from '#lib/pow/scheme.ts';
import type { Context } from '../context.ts';
import { favourSeed } from '../wire/favour-cookie.ts';
import { meshFrames, type MeshFrameOf } from '../wire/frames.ts';
import { msgIdOf } from '../wire/job.ts';
import { newAsking, type Asking, type Errand } from './errand.ts';
import { KeptWorks } from './kept-works.ts';
import type { WorkRecord } from '../records.ts';

/** A proof under way, and whom it is for. */
export interface Work {
	readonly errand: Errand;
	readonly asking: Asking;
	/** Parts of the proof. */
	readonly puzzles: number;
}

/** The proofs this node is making so that neighbours carry jobs. */
export class Works {
	readonly #context: Context;
	readonly #kept: KeptWorks;
	readonly #works = new Map<string, Work>();

	constructor(context: Context, records: readonly WorkRecord[]) {
		this.#context = context;
		this.#kept = new KeptWorks(context, records);
	}

	get(workId: string): Work | undefined {
		return this.#works.get(workId);
	}

	/** Begins to work for the asking's favour. */
	begin(errand: Errand, asking: Asking, broadcast: MeshFrameOf<'Broadcast'>): void {
		const work = this.#solve(errand, asking, broadcast, { solved: [], restarts: 0 });
		if (work && errand.own) this.#kept.begin(work);
	}

	/** Goes on with what an earlier life of this tab was working for. */
	resume(errand: Errand): void {
		for (const work of this.#kept.takeUp(errand.route.msgId)) {
			const frame = meshFrames.decode(work.frame);
			if (!frame.ok || frame.value.kind !== 'Broadcast' || msgIdOf(frame.value.core) !== work.msgId) {
				this.#kept.end(work.workId);
				continue;
			}
			const { favourNumber: number, favourTimestamp: timestamp, complexity } = frame.value;
			const { peer, validForMs, until } = work;
			const asking = newAsking(peer);
			asking.complexity = complexity;
			asking.scheme = frame.value.powScheme ?? powScheme;
			asking.favour = { number, timestamp, validForMs, until };
			if (this.#solve(errand, asking, frame.value, work)) errand.askings.set(peer, asking);
			else this.#kept.end(work.workId);
		}
	}

	progress(workId: string, solutions: readonly Solution[]): void {
		const work = this.#works.get(workId);
		if (!work) return;
		work.asking.progress = solutions.length / work.puzzles;
		this.#kept.progress(workId, solutions);
		work.errand.changed?.();
	}

	/** Nothing more is done for this favour: it is paid, or will not be. */
	end(asking: Asking): void {
		const { workId } = asking;
		if (workId === undefined) return;
		this.#works.delete(workId);
		this.#kept.end(workId);
		if (asking.proof === undefined) this.#context.out.push({ kind: 'stop-solving', workId });
		delete asking.workId;
	}

	/** Forgets what an earlier life was working for and nobody took up. */
	sweep(): void {
		this.#kept.sweep();
	}

	#solve(
		errand: Errand,
		asking: Asking,
		broadcast: MeshFrameOf<'Broadcast'>,
		{ solved, restarts }: Pick<WorkRecord, 'solved' | 'restarts'>,
	): WorkRecord | undefined {
		const { favour, peer, complexity, scheme } = asking;
		const { msgId, job } = errand.route;
		const puzzles = this.#context.schemes.get(scheme)?.puzzles;
		if (!favour || !job || puzzles === undefined) return undefined;
		const { self } = this.#context;
		const { validForMs, until } = favour;
		const frame = meshFrames.encode(broadcast);
		const seed = this.#seedOf(asking, favour, job.topic, frame);
		const workId = toHex(seed);
		Object.assign(asking, {
			state: 'working',
			progress: solved.length / puzzles,
			broadcast,
			workId,
		} satisfies Partial<Asking>);
		this.#works.set(workId, { errand, asking, puzzles });
		this.#context.out.push({
			kind: 'solve',
			workId,
			scheme,
			seed,
			complexity,
			deadline: until,
			solved,
			restarts,
		});
		return { self, workId, msgId, peer, frame, validForMs, until, solved, restarts };
	}

	#seedOf(
		{ peer, complexity, scheme }: Asking,
		{ number, timestamp, validForMs }: { number: Hex; timestamp: number; validForMs: number },
		topic: Topic,
		frame: Bytes,
	): Bytes {
		const asker = this.#context.self;
		const terms = { asker, topic, scheme, complexity, timestamp, validForMs };
		return favourSeed(number, terms, peer, frame);
	}
}
