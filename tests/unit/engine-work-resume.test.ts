import { describe, expect, test } from 'vitest';
import type { Topic } from '#lib/core/brand.ts';
import type { Effect } from '#lib/gossip/effect.ts';
import { Network } from '../simulation/network.ts';
import type { SimNode } from '../simulation/node.ts';

type Solve = Extract<Effect, { kind: 'solve' }>;

const post = {
	topic: '/drive/australia/sydney' as Topic,
	message: 'Job',
	expiresInMs: 3_600_000,
};
const solutions = [0, 3, 9].map((index) => ({ index, nonce: 7 + index }));

/** A works for a stranger's favour; its solver takes `seconds`. */
function working(seconds = 20) {
	const complexity = 64 * 4;
	const network = new Network({ parameters: { baseComplexity: 64 }, hashRate: complexity / seconds });
	const [a, n] = [network.add('A').open(), network.add('N').open('/')];
	const solves: Solve[] = [];
	const stops: string[] = [];
	const execute = network.execute.bind(network);
	network.execute = (node, effect) => {
		if (effect.kind === 'solve' && node === a) solves.push(effect);
		if (effect.kind === 'stop-solving' && node === a) stops.push(effect.workId);
		execute(node, effect);
	};
	a.dispatch({ kind: 'device', hashRate: 1_000_000, saving: false });
	network.link(a, n, false);
	const { msgId } = a.do('post', post);
	network.until(() => solves.length === 1, 5_000);
	return { network, a, n, msgId, solves, stops };
}

/** The tab is loaded again; its links are not back yet. */
function reloadAlone(network: Network, a: SimNode): void {
	network.drop(a);
	a.reload();
	a.dispatch({ kind: 'device', hashRate: 1_000_000, saving: false });
	a.open('/');
}

const asked = (network: Network) => network.frames('AskForFavour').length;

describe('a proof under way when the tab is loaded again', () => {
	test('goes on for the same favour, with what was solved and on other nonces', () => {
		const { network, a, n, solves } = working();
		a.dispatch({ kind: 'work-progress', workId: solves[0]!.workId, solutions, hashes: 50 });
		network.run(1_000);
		network.reload(a, '/');
		expect(solves[1]).toEqual({ ...solves[0], solved: solutions, restarts: 1 });
		expect(a.job().carriers).toMatchObject([{ state: 'working', progress: 3 / 16 }]);
		network.until(() => n.engine.leads().length === 1, 40_000);
		expect(a.job()).toMatchObject({ status: 'open', carriers: [{ state: 'sent' }] });
		expect(asked(network)).toBe(1);
		expect(a.tables.all('works')).toEqual([]);
	});

	test('goes on when the link was closed first, as a page does that goes away', () => {
		const { network, a, n, solves, stops } = working();
		a.dispatch({ kind: 'work-progress', workId: solves[0]!.workId, solutions, hashes: 50 });
		network.unlink(a, n);
		network.run(1_000);
		expect(stops).toEqual([]);
		reloadAlone(network, a);
		expect(solves[1]).toEqual({ ...solves[0], solved: solutions, restarts: 1 });
		network.link(a, n, false);
		network.until(() => n.engine.leads().length === 1, 40_000);
		expect(asked(network)).toBe(1);
	});

	test('counts each restart', () => {
		const { network, a, solves } = working();
		for (let life = 0; life < 3; life++) reloadAlone(network, a);
		expect(solves.map(({ restarts }) => restarts)).toEqual([0, 1, 2, 3]);
	});

	test('and done before the neighbour is back waits for it', () => {
		const { network, a, n } = working();
		reloadAlone(network, a);
		network.run(25_000);
		expect(a.job().carriers).toMatchObject([{ state: 'working', progress: 1 }]);
		network.link(a, n, false);
		network.until(() => n.engine.leads().length === 1, 5_000);
		expect(asked(network)).toBe(1);
		expect(a.tables.all('works')).toEqual([]);
	});

	test('is given up when the neighbour does not come back in time', () => {
		const { network, a } = working();
		reloadAlone(network, a);
		network.run(60_000);
		expect(a.job().carriers).toMatchObject([{ state: 'lost', cause: { code: 'link-lost' } }]);
		expect(a.tables.all('works')).toEqual([]);
	});

	test('is forgotten when its favour has lapsed, and the neighbour is asked anew', () => {
		const { network, a, n, solves } = working(500);
		network.drop(a);
		network.run(61_000);
		a.reload();
		a.open('/');
		expect(a.tables.all('works')).toEqual([]);
		expect(solves).toHaveLength(1);
		network.link(a, n, false);
		network.run(2_000);
		expect(asked(network)).toBe(2);
	});

	test('is forgotten with its job', () => {
		const { network, a, msgId, solves, stops } = working();
		reloadAlone(network, a);
		a.do('cancelJob', { msgId, reason: '' });
		expect(stops).toEqual([solves[1]!.workId]);
		expect(a.tables.all('works')).toEqual([]);
		reloadAlone(network, a);
		expect(solves).toHaveLength(2);
	});

	test.each([
		['is no frame', new Uint8Array([1, 2, 3])],
		['is cut short', undefined],
	])('is left aside when what was written %s', (_, frame) => {
		const { network, a, solves } = working();
		const [work] = a.tables.all('works');
		const damaged = { ...work!, frame: frame ?? work!.frame.slice(0, 40) };
		a.tables.commit([{ op: 'put', table: 'works', value: damaged }]);
		reloadAlone(network, a);
		expect(solves).toHaveLength(1);
		expect(a.tables.all('works')).toEqual([]);
	});

	test('is not another tab’s to go on with', () => {
		const { network, a, solves } = working();
		const [work] = a.tables.all('works');
		a.tables.commit([{ op: 'put', table: 'works', value: { ...work!, self: 'cd'.repeat(32) as never } }]);
		reloadAlone(network, a);
		expect(solves).toHaveLength(2);
	});
});

test('progress is written together, not for every sub-puzzle', () => {
	const { network, a, solves } = working();
	const commits: number[] = [];
	const commit = a.tables.commit.bind(a.tables);
	a.tables.commit = (writes) => {
		commits.push(writes.filter((write) => write.table === 'works').length);
		commit(writes);
	};
	for (let count = 1; count <= 3; count++)
		a.dispatch({
			kind: 'work-progress',
			workId: solves[0]!.workId,
			solutions: solutions.slice(0, count),
			hashes: count,
		});
	network.run(2_000);
	expect(commits.filter((count) => count > 0)).toEqual([1]);
	expect(a.tables.all('works')).toMatchObject([{ solved: solutions }]);
});
