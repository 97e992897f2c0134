import { describe, expect, test } from 'vitest';
import type { Topic } from '#lib/core/brand.ts';
import { directFrames, type DirectFrame } from '#lib/gossip/wire/frames.ts';
import { kindOf, Network } from '../simulation/network.ts';

const drive = '/drive/australia' as Topic;
const hour = 3_600_000;

type Node = ReturnType<Network['add']>;

function offered(prepare: (scene: { network: Network; a: Node; m: Node; b: Node }) => void) {
	const network = new Network();
	const [a, m, b] = [network.add('A').open('/'), network.add('M'), network.add('B').open('/')];
	network.line(a, m, b);
	const { msgId } = a.do('post', { topic: drive, message: 'Job', expiresInMs: hour });
	network.run(3_000);
	prepare({ network, a, m, b });
	const { replyId } = b.do('offer', { msgId, text: 'Me' });
	return { network, a, m, b, msgId, replyId };
}

describe('a worker that cannot be called', () => {
	test('is tried three times, then unreachable, and a person may try again', () => {
		const { network, a, b, replyId } = offered(({ network, b }) => network.uncallable.add(b));
		network.run(120_000);
		expect(a.received()).toMatchObject({
			state: 'unreachable',
			cause: { code: 'worker-unreachable' },
			waiting: { actor: 'you', step: 'retry-call' },
		});
		expect(network.dialled.filter((effect) => effect.kind === 'call')).toHaveLength(3);
		expect(b.offered().state).toBe('sent');

		network.uncallable.delete(b);
		a.do('retryCall', { replyId });
		network.until(() => a.received().state === 'thanked' && b.offered().state === 'thanked');
		expect(a.received().cause).toBeUndefined();
	});

	test('is not thanked, so nobody pays for an offer that was not answered for', () => {
		const { network, m, a } = offered(({ network, b }) => network.uncallable.add(b));
		network.run(200_000);
		expect(network.frames('ThankYou')).toEqual([]);
		expect(m.account(a)).toMatchObject({ thanks: 0, misses: 1 });
	});
});

describe('the answer to a call', () => {
	/** Lets `change` alter what the worker says on the direct link. */
	function answering(change: (frame: DirectFrame) => DirectFrame | undefined) {
		const scene = offered(({ network }) => {
			const execute = network.execute.bind(network);
			network.execute = (node, effect) => {
				if (effect.kind !== 'call-send' || node.name !== 'B') {
					execute(node, effect);
					return;
				}
				const frame = directFrames.decode(effect.bytes);
				const changed = frame.ok ? change(frame.value) : undefined;
				if (changed) execute(node, { ...effect, bytes: directFrames.encode(changed) });
			};
		});
		scene.network.run(120_000);
		return scene;
	}

	test('that is signed by somebody else rejects the offer', () => {
		const { a, m } = answering((frame) =>
			frame.kind === 'Ack' ? { ...frame, signature: frame.signature.map((byte) => byte ^ 1) } : frame,
		);
		expect(a.received()).toMatchObject({ state: 'rejected', cause: { code: 'bad-ack' }, online: false });
		expect(a.kinds()).toContain('offer-rejected');
		expect(m.account(a).thanks).toBe(0);
	});

	test('whose verdict was changed on the way is no answer', () => {
		const { a } = answering((frame) => (frame.kind === 'Ack' ? { ...frame, verdict: 'withdrawn' } : frame));
		expect(a.received()).toMatchObject({ state: 'rejected', cause: { code: 'bad-ack' } });
	});

	test('that never comes is asked for three times', () => {
		const { a, network } = answering((frame) => (frame.kind === 'Ack' ? undefined : frame));
		expect(a.received()).toMatchObject({ state: 'unreachable' });
		expect(network.dialled.filter((effect) => effect.kind === 'call')).toHaveLength(3);
	});

	test('about another offer ends the call', () => {
		const { a } = answering((frame) =>
			frame.kind === 'Ack' ? { ...frame, replyId: '00'.repeat(16) as typeof frame.replyId } : frame,
		);
		expect(a.received().state).toBe('unreachable');
	});
});

describe('a reply that finds no way back', () => {
	test('takes an alternate when the first way is gone', () => {
		const network = new Network();
		const [a, m, n, b] = [
			network.add('A').open(),
			network.add('M'),
			network.add('N'),
			network.add('B').open('/'),
		];
		network.line(a, m, b);
		network.line(a, n, b);
		const { msgId } = a.do('post', { topic: drive, message: 'Job', expiresInMs: hour });
		network.run(5_000);
		const first = [m, n].find((node) =>
			network.frames('Broadcast').some(({ from, to }) => from === node && to === b),
		)!;
		network.drop(first);
		b.do('offer', { msgId, text: 'Me' });
		network.run(5_000);
		expect(a.received()).toMatchObject({ state: 'thanked', hops: 1 });
		expect(network.dialled.filter((effect) => effect.kind === 'note')).toEqual([]);
	});

	test('is left at the rendezvous when no neighbour leads back, and is validated and thanked all the same', () => {
		const { network, a, b } = offered(({ network, m, b }) => network.unlink(m, b));
		network.run(5_000);
		expect(network.dialled.map((effect) => effect.kind)).toContain('note');
		network.until(() => a.received().state === 'thanked' && b.offered().state === 'thanked');
		expect(a.received().hops).toBe(0);
	});

	test('is left there after a while when the mesh swallowed it, and once received no more', () => {
		const { network, a, b } = offered(({ network }) => {
			network.fate = (sent) => (kindOf(sent.bytes) === 'ReplyRequest' ? undefined : sent.bytes);
		});
		network.run(15_000);
		expect(a.job().offers).toEqual([]);
		network.until(() => b.offered().state === 'thanked', 30_000);
		network.run(600_000);
		expect(network.dialled.filter((effect) => effect.kind === 'note')).toHaveLength(1);
	});

	test('that comes twice is one offer', () => {
		const { network, a, m } = offered(() => undefined);
		network.run(5_000);
		const request = network.frames('ReplyRequest').find(({ from }) => from === m);
		network.inject(m, a, request!.bytes);
		network.run(5_000);
		expect(a.job().offers).toHaveLength(1);
	});

	test('a follower’s note for an unknown key, or with other bytes, is nothing', () => {
		const { network, a, b } = offered(() => undefined);
		network.run(5_000);
		const bytes = network.frames('ReplyRequest')[0]!.bytes;
		const [note] = [{ to: '00'.repeat(32), from: '11'.repeat(32) }];
		a.dispatch({ kind: 'note', to: note.to as never, from: note.from as never, body: bytes });
		a.dispatch({ kind: 'note', to: note.to as never, from: note.from as never, body: bytes.slice(0, 40) });
		expect(a.job().offers).toHaveLength(1);
		expect(b.offered().state).toBe('thanked');
	});
});

describe('calls from strangers', () => {
	test('are hung up', () => {
		const { network, a } = offered(() => undefined);
		network.run(5_000);
		const effects = a.engine.handle(
			{
				kind: 'call-open',
				callId: 'x',
				self: '00'.repeat(32) as never,
				peer: '11'.repeat(32) as never,
				incoming: true,
				secret: '',
				fingerprints: { local: new Uint8Array(32), remote: new Uint8Array(32) },
			},
			network.now(),
		);
		expect(effects).toEqual([{ kind: 'hang-up', callId: 'x', reason: 'unknown caller' }]);
	});

	test('a link on which nothing is said is given back', () => {
		const { network, a } = offered(() => undefined);
		network.run(5_000);
		expect(a.received().online).toBe(true);
		network.run(11 * 60_000);
		expect(a.received().online).toBe(false);
	});
});
