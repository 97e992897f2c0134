import type { PublicKey } from '#lib/core/brand.ts';
import { unreachable } from '#lib/core/result.ts';
import type { Effect } from '#lib/gossip/effect.ts';
import type { GossipEvent } from '#lib/gossip/event.ts';
import type { RecordWrite } from '#lib/gossip/records.ts';
import type { TillRequest } from '#lib/gossip/settling/till.ts';
import type { ActivityView } from '#lib/gossip/view.ts';
import type { PowPool } from '#lib/pow/worker/pool.ts';
import type { StoreError } from '#lib/store/port.ts';
import type { Result } from '#lib/core/result.ts';
import type { DirectLinks, Mesh } from '#lib/webrtc/ports.ts';
import type { Slices } from './protocol.ts';

export interface EffectPorts {
	readonly mesh: Pick<Mesh, 'send' | 'disconnect'>;
	readonly direct: Pick<DirectLinks, 'listen' | 'call' | 'send' | 'hangUp' | 'note'>;
	/** For each scheme of work of the engine, who solves it. */
	readonly solvers: ReadonlyMap<string, Pick<PowPool, 'solve' | 'cancel'>>;
	commit(writes: readonly RecordWrite[]): Promise<Result<null, StoreError>>;
	/** Reports what came of an effect back to the engine. */
	dispatch(event: GossipEvent): void;
	/** The owner's wallet; absent where none can be connected. */
	till?(request: TillRequest): void;
	changed(slices: readonly (keyof Slices)[]): void;
	notify(activity: ActivityView): void;
	/** A write failed: nothing that depends on it was done, and nothing more may be. */
	onstorefailure(error: StoreError): void;
}

/**
 * Executes the engine's effects in order. A commit's `then` runs only once its writes are on disk, and commits
 * run one after another, so that no later write overtakes an earlier one.
 */
export function createEffectRunner(ports: EffectPorts): {
	run(effects: readonly Effect[]): Promise<void>;
	stop(): void;
} {
	const listening = new Map<PublicKey, () => void>();
	let lastCommit: Promise<unknown> = Promise.resolve();
	let failed = false;

	/** Resolves when every commit among the effects, nested ones too, is durable. */
	async function run(effects: readonly Effect[]): Promise<void> {
		const commits: Promise<void>[] = [];
		for (const effect of effects) {
			if (effect.kind === 'commit') commits.push(commit(effect));
			else perform(effect);
		}
		await Promise.all(commits);
	}

	function commit(effect: Extract<Effect, { kind: 'commit' }>): Promise<void> {
		const done = lastCommit.then(async () => {
			if (failed) return;
			const result = await ports.commit(effect.writes);
			if (!result.ok) {
				failed = true;
				ports.onstorefailure(result.error);
				return;
			}
			// Not awaited: a nested commit queues behind this one.
			return () => run(effect.then);
		});
		lastCommit = done;
		return done.then((next) => next?.());
	}

	function perform(effect: Exclude<Effect, { kind: 'commit' }>): void {
		switch (effect.kind) {
			case 'send':
				ports.mesh.send(effect.peer, effect.bytes, effect.priority);
				return;
			case 'disconnect':
				ports.mesh.disconnect(effect.peer, effect.reason);
				return;
			case 'solve':
				solve(effect);
				return;
			case 'stop-solving':
				for (const solver of ports.solvers.values()) solver.cancel(effect.workId);
				return;
			case 'listen': {
				const before = listening.get(effect.key);
				listening.set(
					effect.key,
					ports.direct.listen({ id: effect.key, secret: effect.secretKey }, effect.secrets),
				);
				// Only now, so that the key is heard without a gap and the relays are not told twice.
				before?.();
				return;
			}
			case 'unlisten':
				listening.get(effect.key)?.();
				listening.delete(effect.key);
				return;
			case 'call':
				ports.direct.call(
					{ id: effect.self, secret: effect.secretKey },
					effect.peer,
					effect.relays,
					effect.secret,
				);
				return;
			case 'call-send':
				ports.direct.send(effect.callId, effect.bytes);
				return;
			case 'hang-up':
				ports.direct.hangUp(effect.callId, effect.reason);
				return;
			case 'note':
				ports.direct.note(
					{ id: effect.self, secret: effect.secretKey },
					effect.peer,
					effect.relays,
					effect.body,
				);
				return;
			case 'till':
				ports.till?.(effect.request);
				return;
			case 'changed':
				ports.changed(effect.slices);
				return;
			case 'notify':
				ports.notify(effect.activity);
				return;
			default:
				unreachable(effect);
		}
	}

	function solve({ workId, scheme, ...job }: Extract<Effect, { kind: 'solve' }>): void {
		const solver = ports.solvers.get(scheme);
		if (!solver) throw new Error(`nobody solves ${scheme}, though the engine was told so`);
		solver.solve(
			{ id: workId, ...job },
			{
				progress: ({ solutions, hashes }) =>
					ports.dispatch({ kind: 'work-progress', workId, solutions, hashes }),
				done: ({ proof, hashes }) => ports.dispatch({ kind: 'work-done', workId, proof, hashes }),
				failed: (detail) => ports.dispatch({ kind: 'work-failed', workId, detail }),
			},
		);
	}

	return {
		run,
		stop() {
			failed = true;
			for (const unlisten of listening.values()) unlisten();
			listening.clear();
		},
	};
}
