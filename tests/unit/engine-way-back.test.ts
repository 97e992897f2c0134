import { describe, expect, test } from 'vitest';
import type { Topic } from '#lib/core/brand.ts';
import { Network } from '../simulation/network.ts';

const drive = '/drive/australia' as Topic;
const hour = 3_600_000;

/** A - M - B where B answers a job of A after its only link is gone, and A hears no note. */
function cutOff() {
	const network = new Network();
	const [a, m, b] = [network.add('A').open(), network.add('M'), network.add('B').open('/')];
	network.line(a, m, b);
	const { msgId } = a.do('post', { topic: drive, message: 'Job', expiresInMs: hour });
	network.run(3_000);
	network.unlink(m, b);
	network.uncallable.add(a);
	b.do('offer', { msgId, text: 'Me' });
	network.run(3_000);
	expect(b.offered()).toMatchObject({ state: 'sent', waiting: { actor: 'neighbours', step: 'carry-reply' } });
	expect(a.job().offers).toEqual([]);
	return { network, a, m, b };
}

describe('an offer that found no way back', () => {
	test('goes when the neighbour that brought the job is linked again', () => {
		const { network, a, m, b } = cutOff();
		network.link(m, b);
		network.run(3_000);
		expect(a.received()).toMatchObject({ state: 'thanked', hops: 1 });
		expect(b.offered().state).toBe('thanked');
	});

	test('goes when another neighbour turns out to know the job', () => {
		const { network, a, b } = cutOff();
		network.link(a, b);
		network.run(3_000);
		expect(a.received()).toMatchObject({ state: 'thanked', hops: 0 });
	});

	test('is left at the rendezvous again and again until it is heard', () => {
		const { network, a } = cutOff();
		network.run(60_000);
		expect(a.job().offers).toEqual([]);
		network.uncallable.delete(a);
		network.until(() => a.job().offers.length === 1, 600_000, 'note');
		network.run(3_000);
		expect(a.received().state).toBe('thanked');
	});

	test('goes after its worker reloaded, once a link is up', () => {
		const { network, a, m, b } = cutOff();
		network.reload(b, '/');
		network.link(m, b);
		network.run(3_000);
		expect(a.received().state).toBe('thanked');
	});

	test('arrives once, by however many ways it is sent again', () => {
		const { network, a, m, b } = cutOff();
		for (let i = 0; i < 3; i++) {
			network.link(m, b);
			network.run(1_000);
			network.unlink(m, b);
		}
		network.uncallable.delete(a);
		network.run(120_000);
		expect(a.job().offers).toHaveLength(1);
		expect(a.engine.activity().filter(({ kind }) => kind === 'offer-received')).toHaveLength(1);
	});
});
