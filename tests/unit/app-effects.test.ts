import { describe, expect, it } from 'vitest';
import { createEffectRunner, type EffectPorts } from '#lib/app/effects.ts';
import { err, ok } from '#lib/core/result.ts';
import type { Effect } from '#lib/gossip/effect.ts';

const send = (text: string): Effect => ({
	kind: 'send',
	peer: 'p' as never,
	bytes: new TextEncoder().encode(text),
	priority: 1,
});
const write = { op: 'delete', table: 'jobs', key: 'x' } as const;

function shell(commit: EffectPorts['commit'], solvers: EffectPorts['solvers'] = new Map()) {
	const log: string[] = [];
	const never = () => {
		throw new Error('not expected here');
	};
	const runner = createEffectRunner({
		mesh: {
			send: (_peer, bytes) => {
				log.push(`send ${new TextDecoder().decode(bytes)}`);
				return true;
			},
			disconnect: never,
		},
		direct: { listen: never, call: never, send: never, hangUp: never, note: never },
		solvers,
		commit,
		dispatch: never,
		changed: never,
		notify: never,
		onstorefailure: (error) => log.push(`failed ${error.code}`),
	});
	return { runner, log };
}

describe('the effect runner', () => {
	it('sends what depends on a record only after the record is durable', async () => {
		let release = () => {};
		const { runner, log } = shell(async () => {
			await new Promise<void>((resolve) => (release = resolve));
			log.push('durable');
			return ok(null);
		});
		const done = runner.run([send('before'), { kind: 'commit', writes: [write], then: [send('after')] }]);
		await Promise.resolve();
		expect(log).toEqual(['send before']);
		release();
		await done;
		expect(log).toEqual(['send before', 'durable', 'send after']);
	});

	it('keeps the order of commits across runs', async () => {
		const { runner, log } = shell(async (writes) => {
			await Promise.resolve();
			log.push(`durable ${(writes[0] as { key: string }).key}`);
			return ok(null);
		});
		await Promise.all(
			['1', '2', '3'].map((key) =>
				runner.run([{ kind: 'commit', writes: [{ ...write, key }], then: [send(key)] }]),
			),
		);
		expect(log.filter((line) => line.startsWith('durable'))).toEqual(['durable 1', 'durable 2', 'durable 3']);
	});

	it('resolves a run with a nested commit without a deadlock', async () => {
		const { runner, log } = shell(() => Promise.resolve(ok(null)));
		await runner.run([
			{ kind: 'commit', writes: [write], then: [{ kind: 'commit', writes: [write], then: [send('deep')] }] },
		]);
		expect(log).toEqual(['send deep']);
	});

	it('has each scheme of work solved by its own solver, and stopped wherever it is', async () => {
		const asked: string[] = [];
		const solver = (name: string) => ({
			solve: ({ id }: { readonly id: string }) => void asked.push(`${name} solves ${id}`),
			cancel: (id: string) => void asked.push(`${name} stops ${id}`),
		});
		const names = ['sha256', 'other'];
		const { runner } = shell(
			() => Promise.resolve(ok(null)),
			new Map(names.map((name) => [name, solver(name)])),
		);
		const work = { seed: new Uint8Array(32), complexity: 1, deadline: 0, solved: [], restarts: 0 };
		await runner.run([
			{ kind: 'solve', workId: 'w', scheme: 'other', ...work },
			{ kind: 'stop-solving', workId: 'w' },
		]);
		expect(asked).toEqual(['other solves w', 'sha256 stops w', 'other stops w']);
	});

	it('does nothing that depends on a failed write, then or later', async () => {
		const { runner, log } = shell(() => Promise.resolve(err({ type: 'store', code: 'full', detail: '' })));
		await runner.run([{ kind: 'commit', writes: [write], then: [send('never')] }]);
		await runner.run([{ kind: 'commit', writes: [write], then: [send('never either')] }]);
		expect(log).toEqual(['failed full']);
	});
});
