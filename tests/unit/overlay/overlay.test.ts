import { describe, expect, it } from 'vitest';
import { overlayLimits } from '#lib/webrtc/overlay/limits.ts';
import { Bench, peerOf, routeOf, start, ticketOf } from './kit.ts';

const contact = (name: string, asks: boolean, via = 'wss://one', attempt = 0) =>
	({ kind: 'contact', id: peerOf(name), asks, degree: 3, attempt, via }) as const;

describe('a newcomer', () => {
	it('asks at once, calls two who answered, and leaves the rest to walks', () => {
		const me = new Bench();
		expect(me.tell({ kind: 'wake-up' })).toEqual([{ kind: 'attend', on: true }]);
		expect(me.effects('join', [...me.pass(0)])).toEqual([{ kind: 'join', degree: 0, attempt: 0 }]);
		for (const name of ['a', 'b', 'c', 'd']) me.tell(contact(name, false));
		me.pass(500);
		expect(me.effects('dial')).toHaveLength(2);
		me.link('a');
		expect(me.frames('Walk').length).toBeGreaterThan(0);
		expect(me.frames('Walk').every(({ to, joiner }) => to === peerOf('a') && joiner === me.self)).toBe(true);
	});

	it('takes its second contact from another relay than the first, where it can', () => {
		const me = new Bench();
		me.tell({ kind: 'wake-up' });
		me.tell(contact('a', false, 'wss://one'));
		for (const name of ['b', 'c', 'd']) me.tell(contact(name, false, 'wss://one'));
		me.tell(contact('e', false, 'wss://two'));
		me.pass(500);
		expect(me.effects('dial').map(({ peer }) => peer)).toEqual([peerOf('a'), peerOf('e')]);
	});

	it('answers only offers along ways of its own walks, two for each', () => {
		const me = new Bench();
		me.tell({ kind: 'wake-up' });
		me.link('a');
		const [walk] = me.frames('Walk');
		expect(me.overlay.admits(peerOf('x'), routeOf('forged'), me.now)).toBe('busy');
		expect(me.overlay.admits(peerOf('x'), walk!.route, me.now)).toBe('yes');
		expect(me.overlay.admits(peerOf('y'), walk!.route, me.now)).toBe('yes');
		expect(me.overlay.admits(peerOf('z'), walk!.route, me.now)).toBe('busy');
	});

	it('pauses ever longer when its walks bring nothing, and asks the rendezvous beside them', () => {
		const me = new Bench();
		me.tell({ kind: 'wake-up' });
		me.link('a');
		me.pass(120_000);
		expect(me.frames('Walk').length).toBeLessThan(120);
		const joins = me.effects('join').length;
		expect(joins).toBeGreaterThan(3);
		expect(joins).toBeLessThan(14);
	});
});

describe('a walk', () => {
	it('is passed on while it is young, not back and not to the joiner', () => {
		const me = new Bench('me', { targetLinks: 2 });
		me.link('a', 'b', 'c');
		const [sent] = me.frames('Walk', [...me.walk('a', 'joiner', 8)]);
		expect(sent?.ttl).toBe(7);
		expect([peerOf('b'), peerOf('c')]).toContain(sent?.to);
	});

	it('is taken early by a node that wants links itself', () => {
		const me = new Bench();
		me.link('a', 'b');
		expect(me.effects('dial', [...me.walk('a', 'joiner', 8)])).toEqual([
			{ kind: 'dial', peer: peerOf('joiner'), route: routeOf('joiner') },
		]);
	});

	it('with a forged or stale ticket makes nobody call', () => {
		const me = new Bench();
		me.link('a', 'b');
		const forged = { ...ticketOf(peerOf('joiner')), joiner: peerOf('victim') };
		const stale = ticketOf(peerOf('joiner'), start - 3_600_000);
		for (const ticket of [forged, stale])
			me.frame('a', { kind: 'Walk', route: routeOf('x'), ...ticket, ttl: 3 });
		expect(me.effects('dial')).toEqual([]);
	});

	it('of somebody found twice, by a relay and by a walk, makes no second call', () => {
		const me = new Bench();
		me.tell({ kind: 'wake-up' });
		me.link('a', 'b');
		me.overlay.admits(peerOf('joiner'), undefined, me.now);
		me.walk('a', 'joiner', 3);
		expect(me.effects('dial')).toEqual([]);
		me.open('joiner');
		me.walk('b', 'joiner', 3, routeOf('again'));
		me.tell(contact('joiner', false));
		me.pass(1_000);
		expect(me.effects('dial')).toEqual([]);
	});

	it('that comes back to a node goes on from there, with the loop cut out of its way', () => {
		const me = new Bench('me', { targetLinks: 2 });
		me.link('a', 'b', 'c', 'd');
		me.walk('a', 'joiner', 8);
		const [, again] = [me.frames('Walk')[0], me.frames('Walk', [...me.walk('b', 'joiner', 6)])[0]];
		expect(again?.ttl).toBe(5);
		const body = new Uint8Array([1, 2, 3]);
		const signal = { kind: 'Signal', route: routeOf('joiner'), toward: 'joiner', body } as const;
		const name = ['a', 'b', 'c', 'd'].find((each) => peerOf(each) === again!.to)!;
		const sent = me.frame(name, { ...signal, from: peerOf('end'), to: peerOf('joiner') });
		expect(me.frames('Signal', [...sent]).map(({ to }) => to)).toHaveLength(1);
		expect(me.effects('send', [...sent])[0]?.peer).toBe(peerOf('a'));
	});

	it('is forgotten: no signal passes a way unused for 30 s', () => {
		const me = new Bench('me', { targetLinks: 2 });
		me.link('a', 'b', 'c');
		const [sent] = me.frames('Walk', [...me.walk('a', 'joiner', 8)]);
		me.pass(overlayLimits.routeMs + 1);
		const name = ['b', 'c'].find((each) => peerOf(each) === sent!.to)!;
		const late = me.frame(name, {
			kind: 'Signal',
			route: routeOf('joiner'),
			toward: 'joiner',
			from: peerOf('end'),
			to: peerOf('joiner'),
			body: new Uint8Array(3),
		});
		expect(me.frames('Signal', [...late])).toEqual([]);
	});
});

describe('a splice', () => {
	const full = ['a', 'b', 'c', 'd', 'e', 'f'];
	function begun() {
		const me = new Bench();
		me.link(...full);
		me.walk('a', 'joiner', 0);
		const [ask] = me.frames('Splice');
		expect(me.effects('dial')).toHaveLength(1);
		const partner = full.find((name) => peerOf(name) === ask!.to)!;
		return { me, partner, route: routeOf('joiner') };
	}

	it('lets go of the partner only once both new links are open', () => {
		for (const ownFirst of [true, false]) {
			const { me, partner, route } = begun();
			const open = () => me.open('joiner');
			const told = () => me.frame(partner, { kind: 'Spliced', route, result: 'open' });
			if (ownFirst) open();
			else told();
			expect(me.effects('close')).toEqual([]);
			if (ownFirst) told();
			else open();
			expect(me.effects('close')).toEqual([
				{ kind: 'close', peer: peerOf(partner), code: 'spliced', detail: '' },
			]);
		}
	});

	it('whose partner fails to reach the joiner leaves the old link (E-F) as it was', () => {
		const { me, partner, route } = begun();
		me.open('joiner');
		me.frame(partner, { kind: 'Spliced', route, result: 'failed' });
		me.frame(partner, { kind: 'Spliced', route, result: 'open' });
		me.pass(60_000);
		expect(me.effects('close')).toEqual([]);
	});

	it('that this node cannot finish leaves the old link as it was', () => {
		const { me, partner, route } = begun();
		me.tell({ kind: 'attempt-failed', peer: peerOf('joiner'), reason: 'unreachable' });
		me.frame(partner, { kind: 'Spliced', route, result: 'open' });
		me.open('joiner');
		expect(me.effects('close')).toEqual([]);
	});

	it('is ended only by the partner that was asked', () => {
		const { me, partner, route } = begun();
		me.open('joiner');
		const other = full.find((name) => name !== partner)!;
		me.frame(other, { kind: 'Spliced', route, result: 'open' });
		expect(me.effects('close')).toEqual([]);
	});

	it('is carried out by the partner, which reports how it went', () => {
		for (const open of [true, false]) {
			const partner = new Bench('partner');
			partner.link(...full);
			partner.frame('a', { kind: 'Splice', route: routeOf('joiner'), ...ticketOf(peerOf('joiner')) });
			expect(partner.effects('dial')).toEqual([
				{ kind: 'dial', peer: peerOf('joiner'), route: routeOf('joiner') },
			]);
			if (open) partner.open('joiner');
			else partner.tell({ kind: 'attempt-failed', peer: peerOf('joiner'), reason: 'no-answer' });
			expect(partner.frames('Spliced')).toMatchObject([
				{ to: peerOf('a'), route: routeOf('joiner'), result: open ? 'open' : 'failed' },
			]);
		}
	});
});

describe('a full node', () => {
	const eight = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'];

	it('admits who comes by the rendezvous and sends away the neighbour with most links', () => {
		const me = new Bench();
		for (const [index, name] of eight.entries())
			me.tell({ kind: 'link-up', peer: peerOf(name), degree: 4 + (index % 4) });
		expect(me.overlay.admits(peerOf('new'), undefined, me.now)).toBe('yes');
		me.open('new');
		const closed = me.effects('close');
		expect(closed).toHaveLength(1);
		expect(closed[0]).toMatchObject({ code: 'evicted' });
		expect([peerOf('d'), peerOf('h')]).toContain(closed[0]!.peer);
	});

	it('sends nobody away who has few links, and then takes nobody', () => {
		const me = new Bench();
		for (const name of eight) me.tell({ kind: 'link-up', peer: peerOf(name), degree: 2 });
		expect(me.overlay.admits(peerOf('new'), undefined, me.now)).toBe('full');
	});
});

describe('eclipse: neighbours all introduced by one peer', () => {
	it('never take the last two places, however many friends one neighbour brings', () => {
		const me = new Bench('me', { targetLinks: 8 });
		me.tell({ kind: 'wake-up' });
		me.tell(contact('evil', false));
		me.open('evil');
		let linked = 1;
		for (let i = 0; i < 40; i++) {
			me.pass(3_000);
			for (const { route } of me.frames('Walk').slice(-3))
				if (me.overlay.admits(peerOf(`friend ${i}`), route, me.now) === 'yes') {
					me.open(`friend ${i}`);
					linked += 1;
				}
			for (const dial of me.effects('dial', [...me.walk('evil', `walker ${i}`, 3)])) {
				me.tell({ kind: 'link-up', peer: dial.peer, degree: 5 });
				linked += 1;
			}
		}
		expect(linked - me.effects('close').length).toBe(8 - overlayLimits.keptForOthers);
	});

	it('nor do friends of friends', () => {
		const me = new Bench('me', { targetLinks: 8 });
		me.tell({ kind: 'wake-up' });
		me.tell(contact('evil', false));
		me.open('evil');
		const chain = ['evil'];
		for (let i = 0; i < 20; i++) {
			me.pass(3_000);
			const from = chain.at(-1)!;
			for (const dial of me.effects('dial', [...me.walk(from, `friend ${i}`, 3)])) {
				me.tell({ kind: 'link-up', peer: dial.peer, degree: 5 });
				chain.push(`friend ${i}`);
			}
		}
		expect(chain.length).toBe(8 - overlayLimits.keptForOthers);
	});

	it('make a node look for an independent contact, and call it', () => {
		const me = new Bench();
		me.tell({ kind: 'wake-up' });
		me.tell(contact('evil', false));
		me.open('evil');
		for (let i = 0; i < 4; i++) {
			const dials = me.effects('dial', [...me.walk('evil', `friend ${i}`, 3)]);
			for (const { peer } of dials) me.tell({ kind: 'link-up', peer, degree: 5 });
		}
		me.pass(0);
		const before = me.effects('join').length;
		me.pass(1.4 * overlayLimits.diversityMs);
		expect(me.effects('join').length).toBeGreaterThan(before);
		me.tell(contact('honest', false));
		me.pass(1_000);
		expect(me.effects('dial').at(-1)).toEqual({ kind: 'dial', peer: peerOf('honest') });
	});
});

describe('a hidden tab', () => {
	it('gives back links over four, splices nobody and greets nobody', () => {
		const me = new Bench();
		me.link('a', 'b', 'c', 'd', 'e', 'f');
		me.tell({ kind: 'hidden', hidden: true });
		expect(me.effects('close')).toHaveLength(2);
		me.walk('a', 'joiner', 0);
		expect(me.frames('Splice')).toEqual([]);
		me.tell(contact('asker', true));
		me.pass(5_000);
		expect(me.effects('welcome')).toEqual([]);
	});
});

describe('with walks switched off', () => {
	it('sends none, passes none on, and asks the rendezvous for every link', () => {
		const me = new Bench('me', { walksPerMinute: 0 });
		me.tell({ kind: 'wake-up' });
		me.link('a', 'b');
		me.walk('a', 'joiner', 8);
		me.pass(120_000);
		expect(me.frames('Walk')).toEqual([]);
		expect(me.effects('dial')).toEqual([]);
		expect(me.effects('join').length).toBeGreaterThan(2);
	});
});
