import { describe, expect, test } from 'vitest';
import type { Topic } from '#lib/core/brand.ts';
import { hexBytes } from '#lib/core/bytes.ts';
import { meshFrames, type MeshFrame } from '#lib/gossip/wire/frames.ts';
import { defaultStrategies } from '#lib/gossip/strategies.ts';
import { Network } from '../simulation/network.ts';

const drive = '/drive/australia/sydney' as Topic;
const post = { topic: drive, message: 'Job', expiresInMs: 3_600_000 };
const parameters = { baseComplexity: 64 };

/** A without credit at its neighbours. */
function strangers(count: number, options: ConstructorParameters<typeof Network>[0] = {}) {
	const network = new Network({ ...options, parameters: { ...parameters, ...options.parameters } });
	const a = network.add('A').open();
	const others = Array.from({ length: count }, (_, i) => network.add(`N${i}`).open('/'));
	for (const other of others) network.link(a, other, false);
	return { network, a, others };
}

/** Replaces the terms that neighbours offer. */
const terms = (
	network: Network,
	change: (frame: Extract<MeshFrame, { kind: 'AskForFavourReply' }>, from: string) => MeshFrame,
) => {
	network.fate = (sent) => {
		const frame = meshFrames.decode(sent.bytes);
		if (!frame.ok || frame.value.kind !== 'AskForFavourReply') return sent.bytes;
		return meshFrames.encode(change(frame.value, sent.from.name));
	};
};

describe('work for a favour', () => {
	test('is shown as it goes on, and pays for the job', () => {
		const { network, a, others } = strangers(1, { hashRate: 500 });
		a.do('post', post);
		network.until(() => a.job().carriers[0]?.state === 'working', 5_000);
		expect(a.job().waiting).toMatchObject({ actor: 'this-device', step: 'do-work' });
		a.dispatch({ kind: 'work-progress', workId: 'none', solutions: [], hashes: 1 });
		expect(a.job().carriers[0]?.progress).toBe(0);
		network.until(() => others[0]!.engine.leads().length === 1, 10_000);
		expect(a.job().carriers[0]).toMatchObject({ state: 'sent', progress: 1 });
		expect(others[0]!.account(a)).toMatchObject({ balance: 0, carriedForThem: 1 });
		expect(others[0]!.account(a).creditLimit).toBeGreaterThan(1);
	});

	test('reports progress by sub-puzzles', () => {
		const { network, a } = strangers(1, { hashRate: 1 });
		const effects: string[] = [];
		const execute = network.execute.bind(network);
		network.execute = (node, effect) => {
			if (effect.kind === 'solve') effects.push(effect.workId);
			execute(node, effect);
		};
		a.dispatch({ kind: 'device', hashRate: 1_000_000, saving: false });
		a.do('post', post);
		network.until(() => effects.length === 1, 5_000);
		const solutions = [0, 1, 2, 3].map((index) => ({ index, nonce: 7 }));
		a.dispatch({ kind: 'work-progress', workId: effects[0]!, solutions, hashes: 100 });
		expect(a.job().carriers[0]?.progress).toBe(0.25);
	});

	test('is done for the cheapest, and for no more than are wanted', () => {
		const { network, a } = strangers(6);
		terms(network, (frame, from) => ({
			...frame,
			powComplexity: 100 + Number(from.slice(1)),
		}));
		// Changed terms are not the issuer's: only who is worked for matters here.
		a.do('post', post);
		network.until(() => a.job().carriers.some((carrier) => carrier.state === 'working'), 5_000);
		const working = a.job().carriers.filter((carrier) => carrier.state === 'working');
		expect(working.map((carrier) => carrier.complexity).sort()).toEqual([100, 101]);
	});

	test('is spared where the job is carried on credit', () => {
		const { network, a, others } = strangers(5);
		for (const other of others.slice(0, 3)) {
			a.dispatch({ kind: 'link-admitted', peer: other.peer });
			other.dispatch({ kind: 'link-admitted', peer: a.peer });
		}
		a.do('post', post);
		network.run(5_000);
		expect(network.frames('Broadcast').filter(({ from }) => from === a)).toHaveLength(3);
		expect(a.engine.traffic().hashesDone).toBe(0);
	});

	test('stops when the neighbour has the job from elsewhere', () => {
		const network = new Network({ parameters, hashRate: 50 });
		const [a, m, n] = [network.add('A').open(), network.add('M'), network.add('N').open('/')];
		network.link(a, n, false);
		network.line(a, m, n);
		a.dispatch({ kind: 'device', hashRate: 1_000_000, saving: false });
		const stopped: string[] = [];
		const execute = network.execute.bind(network);
		network.execute = (node, effect) => {
			if (effect.kind === 'stop-solving') stopped.push(node.name);
			execute(node, effect);
		};
		// M answers slowly, so that A works for N first.
		network.fate = (sent) => sent.bytes;
		network.unlink(a, m);
		a.do('post', post);
		network.until(() => a.job().carriers[0]?.state === 'working', 5_000);
		network.link(a, m);
		network.run(5_000);
		expect(n.engine.leads()).toHaveLength(1);
		expect(a.job().carriers.find((carrier) => carrier.peer === n.peer)?.state).toBe('had-it');
		expect(stopped).toEqual(['A']);
		expect(a.engine.traffic().hashesDone).toBe(0);
	});

	test('that outlives the terms is asked for once more, then given up', () => {
		const { network, a } = strangers(1, { hashRate: 1, parameters: { postTimeoutMs: 200_000 } });
		a.dispatch({ kind: 'device', hashRate: 1_000_000, saving: false });
		a.do('post', post);
		network.run(130_000);
		expect(network.frames('AskForFavour')).toHaveLength(2);
		expect(a.job().carriers[0]).toMatchObject({ state: 'declined', cause: { code: 'work-too-dear' } });
	});

	test('ends with the job', () => {
		const { network, a } = strangers(1, { hashRate: 1 });
		a.dispatch({ kind: 'device', hashRate: 1_000_000, saving: false });
		const { msgId } = a.do('post', post);
		network.until(() => a.job().carriers[0]?.state === 'working', 5_000);
		const { effects } = a.engine.command('cancelJob', { msgId, reason: '' }, network.now());
		expect(effects.map((effect) => effect.kind)).toContain('stop-solving');
		expect(a.job().status).toBe('cancelled');
	});
});

describe('terms that are not worth it', () => {
	test.each([
		['absurd work', { powScheme: 'sha256', powComplexity: 2 ** 50 }, 'work-too-dear'],
		['an unknown scheme', { powScheme: 'equix', powComplexity: 64 }, 'unknown-scheme'],
		['sats alone', { priceMsat: 1_000, invoice: 'lnbc1' }, 'no-wallet'],
	])('%s are declined before a hash is spent', (_, asked, code) => {
		const { network, a, others } = strangers(1);
		terms(network, ({ kind, askId, favourNumber, favourTimestamp, validForMs }) => ({
			kind,
			askId,
			favourNumber,
			favourTimestamp,
			validForMs,
			...asked,
		}));
		a.do('post', post);
		network.run(5_000);
		expect(a.job().carriers[0]).toMatchObject({ state: 'declined', cause: { code, peer: others[0]!.peer } });
		expect(network.frames('Broadcast')).toEqual([]);
		network.run(60_000);
		expect(a.job()).toMatchObject({ status: 'failed', cause: { code } });
	});
});

describe('a neighbour that is busy', () => {
	/** N refuses the first asks, and says when to come again. */
	function refusing(times: number, retryAfterMs: number) {
		const scene = strangers(1);
		let left = times;
		scene.network.fate = (sent) => {
			const frame = meshFrames.decode(sent.bytes);
			if (!frame.ok || frame.value.kind !== 'AskForFavourReply' || left-- <= 0) return sent.bytes;
			const ref = new Uint8Array(4);
			new DataView(ref.buffer).setUint32(0, frame.value.askId);
			return meshFrames.encode({ kind: 'Refuse', ref, code: 'too-fast', retryAfterMs });
		};
		scene.a.do('post', post);
		return scene;
	}
	const asked = (network: Network) => network.frames('AskForFavour').map(({ at }) => at);

	test('is asked once more when it said, and not before', () => {
		const { network, a } = refusing(1, 5_000);
		network.run(4_000);
		expect(a.job().carriers[0]).toMatchObject({ state: 'busy', cause: { code: 'too-fast' } });
		network.run(8_000);
		const [first = 0, second = 0, ...more] = asked(network);
		expect(second - first).toBeGreaterThanOrEqual(5_000);
		expect(more).toEqual([]);
		expect(a.job().carriers[0]?.state).toBe('sent');
	});

	test.each([
		['says it again', 2, 1_000, 2],
		['wants a longer wait than that is worth', 1, 3_600_000, 1],
		['names no time', 1, 0, 1],
	])('and %s has refused', (_, times, retryAfterMs, asks) => {
		const { network, a } = refusing(times, retryAfterMs);
		network.run(20_000);
		expect(asked(network)).toHaveLength(asks);
		expect(a.job().carriers[0]).toMatchObject({ state: 'refused', cause: { code: 'too-fast' } });
	});

	test('and goes away is not waited for', () => {
		const { network, a, others } = refusing(1, 5_000);
		network.run(1_000);
		network.unlink(a, others[0]!);
		network.run(10_000);
		expect(asked(network)).toHaveLength(1);
		expect(a.job().carriers[0]?.state).toBe('lost');
	});
});

describe('a job of mine', () => {
	test('costs no more work in all than its limit, which it shows', () => {
		const { network, a } = strangers(6, { parameters: { wantedCarriers: 6, jobWorkMs: 0.5 } });
		a.do('post', post);
		network.run(20_000);
		const { work, carriers } = a.job();
		expect(work!.limit).toBe(500);
		expect(work!.spent).toBeGreaterThan(0);
		expect(work!.spent).toBeLessThanOrEqual(500);
		const sent = carriers.filter(({ state }) => state === 'sent');
		expect(sent.reduce((sum, { complexity }) => sum + complexity, 0)).toBe(work!.spent);
		expect(carriers.filter(({ cause }) => cause?.code === 'work-too-dear').length).toBeGreaterThan(0);
	});

	test('does not cost it again after a reload', () => {
		const { network, a } = strangers(6, { parameters: { wantedCarriers: 6, jobWorkMs: 0.5 } });
		a.do('post', post);
		network.run(20_000);
		const spent = a.job().work!.spent;
		network.drop(a);
		a.reload();
		a.dispatch({ kind: 'device', hashRate: 1_000_000, saving: false });
		a.open('/');
		for (let i = 0; i < 3; i++) network.link(a, network.add(`Late ${i}`).open('/'), false);
		network.run(20_000);
		expect(a.job().work!.spent).toBeLessThanOrEqual(500);
		expect(a.job().work!.spent).toBeGreaterThanOrEqual(spent);
	});
});

describe('work for others', () => {
	/** A pays M; M meets a stranger N behind it. */
	function chain(options: ConstructorParameters<typeof Network>[0] = {}, paid = true) {
		const network = new Network({ ...options, parameters: { ...parameters, ...options.parameters } });
		const [a, m, n] = [network.add('A').open(), network.add('M'), network.add('N').open('/')];
		network.link(a, m, !paid);
		network.link(m, n, false);
		return { network, a, m, n };
	}

	test('is paid out of half of what the bringer paid, and the owner’s gift', () => {
		const { network, a, m, n } = chain();
		a.do('post', post);
		network.run(10_000);
		expect(n.engine.leads()).toHaveLength(1);
		expect(m.engine.traffic().hashesDone).toBeGreaterThan(0);
	});

	test('is not done for nothing once the minute’s gift is spent', () => {
		const { network, a, m, n } = chain({ parameters: { charityMsPerMinute: 0, ...parameters } }, false);
		a.do('post', post);
		network.run(10_000);
		expect(n.engine.leads()).toEqual([]);
		expect(m.engine.traffic()).toMatchObject({ broadcastsSeen: 1, hashesDone: 0 });
	});

	test('is not done on battery saver', () => {
		const { network, a, m, n } = chain({}, false);
		m.dispatch({ kind: 'device', hashRate: 1_000_000, saving: true });
		a.do('post', post);
		network.run(10_000);
		expect(n.engine.leads()).toEqual([]);
	});

	test('never costs a path more than its first payer spent, when nobody gives', () => {
		const strategies = defaultStrategies;
		const network = new Network({ parameters: { ...parameters, charityMsPerMinute: 0 } });
		const line = ['A', 'B', 'C', 'D', 'E'].map((name) => network.add(name, { strategies }).open('/'));
		line.slice(1).forEach((node, i) => network.link(line[i]!, node, false));
		line[0]!.do('post', post);
		network.run(30_000);
		const spent = line.map((node) => node.engine.traffic().hashesDone);
		const expected = line[0]!.job().carriers[0]!.complexity;
		const asked = network
			.frames('Broadcast')
			.slice(1)
			.reduce((sum, { frame }) => sum + frame.complexity, 0);
		expect(spent[0]).toBeGreaterThan(0);
		expect(asked).toBeLessThanOrEqual(expected);
	});
});

test('a second ask for the same favour is answered again, so that a lost answer costs nothing', () => {
	const { network, a, others } = strangers(1);
	const ask = {
		kind: 'AskForFavour',
		askId: 7,
		topic: drive,
		size: 300,
		shortId: '0011223344556677',
	} as const;
	for (const askId of [7, 8]) network.inject(a, others[0]!, meshFrames.encode({ ...ask, askId }));
	const terms = network.frames('AskForFavourReply');
	expect(terms.map(({ frame }) => frame.askId)).toEqual([7, 8]);
	expect(hexBytes(terms[0]!.frame.favourNumber)).toHaveLength(8);
});
