import { describe, expect, test } from 'vitest';
import type { Topic } from '#lib/core/brand.ts';
import { Turns } from '#lib/gossip/person/turns.ts';
import { Network } from '../simulation/network.ts';

describe('turns', () => {
	const queue = (atOnce: number) => {
		const turns = new Turns(atOnce);
		const gone: string[] = [];
		const ask = (id: string, from: string, rank = 0) => turns.ask(id, { from, rank }, () => gone.push(id));
		return { turns, gone, ask };
	};

	test('are few at once, and half of them at most one bringer’s', () => {
		const { turns, gone, ask } = queue(4);
		for (let i = 0; i < 9; i++) ask(`x${i}`, 'X');
		expect(gone).toEqual(['x0', 'x1']);
		for (const from of ['A', 'B', 'C']) ask(from, from);
		expect(gone).toEqual(['x0', 'x1', 'A', 'B']);
		turns.done('x0');
		expect(gone.slice(4)).toEqual(['C']);
		turns.done('x1');
		expect(gone.slice(5)).toEqual(['x2']);
	});

	test('go to the likeliest of one bringer first', () => {
		const { turns, gone, ask } = queue(2);
		ask('running', 'X');
		ask('far', 'X', 9);
		ask('near', 'X', 1);
		turns.done('running');
		expect(gone).toEqual(['running', 'near']);
	});

	test('that are not wanted any more are passed over', () => {
		const { turns, gone, ask } = queue(1);
		for (const id of ['a', 'b', 'c']) ask(id, id);
		turns.done('b');
		turns.done('b');
		turns.done('a');
		expect(gone).toEqual(['a', 'c']);
	});

	test('may end before they have begun to run', () => {
		const turns = new Turns(1);
		const gone: string[] = [];
		for (const id of ['a', 'b', 'c'])
			turns.ask(id, { from: id, rank: 0 }, () => {
				gone.push(id);
				turns.done(id);
			});
		expect(gone).toEqual(['a', 'b', 'c']);
	});
});

const drive = '/drive/australia' as Topic;

test('junk offers of one neighbour do not keep an honest one of another waiting', () => {
	const network = new Network({ parameters: { startCredit: 1_000, repliesAtOnce: 1_000 } });
	const a = network.add('A').open();
	const crowd = Array.from({ length: 2 }, (_, i) => network.add(`Relay ${i}`));
	for (const relay of crowd) network.link(a, relay);
	const junk = Array.from({ length: 20 }, (_, i) => network.add(`Junk ${i}`).open('/'));
	for (const node of junk) {
		network.link(crowd[0]!, node);
		network.uncallable.add(node);
	}
	const honest = network.add('Honest').open('/');
	network.link(crowd[1]!, honest);
	const { msgId } = a.do('post', { topic: drive, message: 'Job', expiresInMs: 3_600_000 });
	network.run(5_000);
	const heard = junk.filter((node) => node.engine.leads().length > 0);
	for (const node of heard) node.do('offer', { msgId, text: 'Junk' });
	network.run(1_000);
	expect(a.job().offers.length).toBeGreaterThan(5);
	expect(network.dialled.filter(({ kind }) => kind === 'call')).toHaveLength(3);
	honest.do('offer', { msgId, text: 'Me' });
	network.until(() => honest.offered().state === 'thanked', 5_000);
	network.run(600_000);
	expect(a.job().offers.filter(({ state }) => state === 'unreachable')).toHaveLength(heard.length);
});

test('a customer hears callers that name the secret of an offer to it, and nobody who only heard the job', () => {
	const network = new Network();
	const [a, b] = [network.add('A').open(), network.add('B').open('/')];
	network.link(a, b);
	const heard: (readonly string[])[] = [];
	const execute = network.execute.bind(network);
	network.execute = (node, effect) => {
		if (effect.kind === 'listen' && node === a) heard.push(effect.secrets);
		execute(node, effect);
	};
	const { msgId } = a.do('post', { topic: drive, message: 'Job', expiresInMs: 3_600_000 });
	network.run(3_000);
	expect(heard).toEqual([[expect.stringMatching(/^[0-9a-f]{32}$/)]]);
	const { replyId } = b.do('offer', { msgId, text: 'Me' });
	network.until(() => b.offered().state === 'thanked');
	const [named] = network.dialled.flatMap((effect) => (effect.kind === 'call' ? [effect.secret] : []));
	expect(heard.at(-1)).toEqual([named]);
	expect(heard[0]).not.toEqual([named]);

	// The worker's own call names it too.
	network.reload(a, '/');
	network.run(1_000);
	b.do('chat', { replyId, text: 'Hello' });
	network.until(() => a.received().chat.length === 1);
});

test('replies of all jobs together have a limit, of which one neighbour gets half', () => {
	const network = new Network({ parameters: { carriedReplies: 4, startCredit: 1_000 } });
	const [a, m] = [network.add('A').open(), network.add('M')];
	network.link(a, m);
	const workers = Array.from({ length: 4 }, (_, i) => network.add(`B${i}`).open('/'));
	for (const worker of workers) network.link(m, worker);
	const [first] = workers;
	const jobs = Array.from({ length: 3 }, (_, i) =>
		a.do('post', { topic: drive, message: `Job ${i}`, expiresInMs: 3_600_000 }),
	);
	network.run(5_000);
	for (const { msgId } of jobs) first!.do('offer', { msgId, text: 'Me' });
	network.run(2_000);
	const refused = () =>
		network.frames('Refuse').filter(({ from, frame }) => from === m && frame.code === 'not-now');
	expect(refused().map(({ to }) => to)).toEqual([first]);
	workers[1]!.do('offer', { msgId: jobs[0]!.msgId, text: 'Me too' });
	network.run(2_000);
	expect(refused()).toHaveLength(1);
});
