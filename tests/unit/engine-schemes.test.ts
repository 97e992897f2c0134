import { describe, expect, test } from 'vitest';
import type { Topic } from '#lib/core/brand.ts';
import type { Effect } from '#lib/gossip/effect.ts';
import { meshFrames, type MeshFrameOf } from '#lib/gossip/wire/frames.ts';
import { powSchemes, sha256Scheme, type PowScheme } from '#lib/pow/schemes.ts';
import { sha512Scheme } from '../kit/sha512-scheme.ts';
import { Network } from '../simulation/network.ts';

const post = { topic: '/drive/australia/sydney' as Topic, message: 'Job', expiresInMs: 3_600_000 };

/** A asks a stranger N for a favour that costs work; each knows its own schemes. */
function pair(ofAsker: readonly PowScheme[], ofGiver: readonly PowScheme[], hashRate = 1_000_000) {
	const network = new Network({ parameters: { baseComplexity: 64 }, hashRate });
	const a = network.add('A', { schemes: ofAsker }).open();
	const n = network.add('N', { schemes: ofGiver }).open('/');
	const solves: Extract<Effect, { kind: 'solve' }>[] = [];
	const execute = network.execute.bind(network);
	network.execute = (node, effect) => {
		if (effect.kind === 'solve') solves.push(effect);
		execute(node, effect);
	};
	a.dispatch({ kind: 'device', hashRate: 1_000_000, saving: false });
	network.link(a, n, false);
	return { network, a, n, solves };
}

const both = [sha512Scheme, sha256Scheme];

describe('two neighbours agree on a scheme of work by its name', () => {
	test.each([
		['the giver’s favourite, when the asker knows it', both, both, 'sha512'],
		['what both know, when the asker knows no other', [sha256Scheme], both, 'sha256'],
		['what both know, when the giver knows no other', both, [sha256Scheme], 'sha256'],
		['another than sha256, when that is all they share', [sha512Scheme], both, 'sha512'],
	])('%s', (_, ofAsker, ofGiver, expected) => {
		const { network, a, n, solves } = pair(ofAsker, ofGiver);
		a.do('post', post);
		network.until(() => n.engine.leads().length === 1, 10_000);
		expect(network.frames('AskForFavourReply').map(({ frame }) => frame.powScheme)).toEqual([expected]);
		expect(solves.map(({ scheme }) => scheme)).toEqual([expected]);
		const [broadcast] = network.frames('Broadcast');
		expect(broadcast!.frame.powScheme).toBe(expected === 'sha256' ? undefined : expected);
		expect(broadcast!.frame.proof).toHaveLength(expected === 'sha256' ? 112 : 8);
		expect(a.job().carriers).toMatchObject([{ state: 'sent', progress: 1 }]);
	});

	test('and with none in common the giver says so', () => {
		const { network, a, n, solves } = pair([sha256Scheme], [sha512Scheme]);
		a.do('post', post);
		network.run(5_000);
		expect(a.job().carriers).toMatchObject([{ state: 'refused', cause: { code: 'no-scheme' } }]);
		expect(solves).toEqual([]);
		expect(n.engine.leads()).toEqual([]);
	});

	test('though a favour that costs nothing needs none', () => {
		const { network, a, n } = pair([sha256Scheme], [sha512Scheme]);
		n.dispatch({ kind: 'link-admitted', peer: a.peer });
		a.do('post', post);
		network.run(5_000);
		expect(a.job().carriers).toMatchObject([{ state: 'sent', complexity: 0 }]);
		expect(n.engine.leads()).toHaveLength(1);
	});
});

describe('a proof in one scheme', () => {
	/** What N makes of A's broadcast after `change`. */
	function changed(change: (frame: MeshFrameOf<'Broadcast'>) => MeshFrameOf<'Broadcast'>) {
		const scene = pair(both, both);
		scene.network.fate = (sent) => {
			const frame = meshFrames.decode(sent.bytes);
			return frame.ok && frame.value.kind === 'Broadcast'
				? meshFrames.encode(change(frame.value))
				: sent.bytes;
		};
		scene.a.do('post', post);
		scene.network.run(5_000);
		return scene;
	}

	test('is not taken for one in another: the favour is good for the scheme it named', () => {
		const { a, n } = changed(({ powScheme, ...frame }) => {
			expect(powScheme).toBe('sha512');
			return frame;
		});
		expect(n.engine.leads()).toEqual([]);
		expect(a.job().carriers).toMatchObject([{ state: 'refused', cause: { code: 'favour-unknown' } }]);
	});

	test('is checked by that scheme', () => {
		const { a, n } = changed((frame) => ({ ...frame, proof: new Uint8Array(8).fill(255) }));
		expect(n.engine.leads()).toEqual([]);
		expect(a.job().carriers).toMatchObject([{ state: 'refused', cause: { code: 'bad-proof' } }]);
	});
});

describe('a proof under way when the tab is loaded again', () => {
	test('goes on in its scheme', () => {
		const { network, a, n, solves } = pair(both, both, 13);
		a.do('post', post);
		network.until(() => solves.length === 1, 5_000);
		network.reload(a, '/');
		expect(solves).toMatchObject([{ scheme: 'sha512' }, { scheme: 'sha512', restarts: 1 }]);
		network.until(() => n.engine.leads().length === 1, 60_000);
	});

	test('is forgotten by a version that no longer knows its scheme', () => {
		const { network, a, solves } = pair(both, both, 13);
		a.do('post', post);
		network.until(() => solves.length === 1, 5_000);
		const [work] = a.tables.all('works');
		const frame = meshFrames.decode(work!.frame);
		if (!frame.ok || frame.value.kind !== 'Broadcast') throw new Error('no broadcast was kept');
		const unknown = meshFrames.encode({ ...frame.value, powScheme: 'equix' });
		a.tables.commit([{ op: 'put', table: 'works', value: { ...work!, frame: unknown } }]);
		network.reload(a, '/');
		expect(a.tables.all('works')).not.toMatchObject([{ workId: work!.workId }]);
		expect(solves.slice(1).map(({ restarts }) => restarts)).not.toContain(1);
	});
});

describe('schemes that cannot be offered', () => {
	const like = (change: Partial<PowScheme>) => ({ ...sha512Scheme, ...change });
	test.each([
		['a name the wire does not carry', [like({ name: 'SHA-512' })]],
		['a proof as long as a preimage', [like({ proofBytes: 32 })]],
		['a proof longer than the wire allows', [like({ proofBytes: 113 })]],
		['more parts than a record holds', [like({ puzzles: 17 })]],
		['one twice', [sha512Scheme, sha512Scheme]],
		['more than fit into an ask', ['a', 'b', 'c', 'd', 'e'].map((name) => ({ ...sha512Scheme, name }))],
		['none', []],
	])('%s', (_, schemes) => {
		expect(() => powSchemes(schemes)).toThrow();
	});
});
