import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { PeerId } from '#lib/core/brand.ts';
import { overlayLimits } from '#lib/webrtc/overlay/limits.ts';
import { Routes } from '#lib/webrtc/overlay/routes.ts';
import { defaultParameters } from '#lib/webrtc/parameters.ts';
import { Bench, peerOf, routeOf, start, ticketOf } from '../unit/overlay/kit.ts';

const settings = { seed: 20_261_125, numRuns: 300 };
const names = Array.from({ length: 30 }, (_, i) => `p${i}`);
const name = fc.constantFrom(...names);

type Action =
	| { readonly do: 'contact' | 'asks' | 'lose' | 'fail' | 'open' | 'admit' | 'around'; readonly who: string }
	| { readonly do: 'walk' | 'splice'; readonly who: string; readonly joiner: string; readonly ttl: number }
	| { readonly do: 'spliced'; readonly who: string; readonly joiner: string; readonly open: boolean }
	| { readonly do: 'pass'; readonly ms: number }
	| { readonly do: 'hide' | 'show' | 'freeze' | 'thaw' };

const of = <const Do extends string>(...doing: readonly Do[]) => fc.constantFrom(...doing);
const action: fc.Arbitrary<Action> = fc.oneof(
	{
		weight: 8,
		arbitrary: fc.record({
			do: of('contact', 'asks', 'lose', 'fail', 'open', 'open', 'admit', 'around'),
			who: name,
		}),
	},
	{
		weight: 5,
		arbitrary: fc.record({ do: of('walk', 'walk', 'splice'), who: name, joiner: name, ttl: fc.nat(8) }),
	},
	{
		weight: 3,
		arbitrary: fc.record({ do: of('spliced'), who: name, joiner: name, open: fc.boolean() }),
	},
	{ weight: 2, arbitrary: fc.record({ do: of('pass'), ms: fc.integer({ min: 1, max: 20_000 }) }) },
	{ weight: 1, arbitrary: fc.record({ do: of('hide', 'show', 'freeze', 'thaw') }) },
);

/** A world that honours what the overlay wants and otherwise does anything. */
class World {
	readonly me = new Bench();
	readonly links = new Set<PeerId>();
	/** Called, or an offer of theirs accepted: may open or fail. */
	readonly under = new Set<PeerId>();
	/** Who was asked to splice with whom, and what they said; and which joiners this node reached. */
	readonly asked = new Map<string, { readonly partner: PeerId; readonly joiner: PeerId; open: boolean }>();
	#seen = 0;

	act(action: Action): void {
		const { me } = this;
		const peer = 'who' in action ? peerOf(action.who) : me.self;
		switch (action.do) {
			case 'contact':
			case 'asks':
				me.tell({
					kind: 'contact',
					id: peer,
					asks: action.do === 'asks',
					degree: 3,
					attempt: 0,
					via: 'wss://one',
				});
				break;
			case 'lose':
				if (this.links.delete(peer)) me.tell({ kind: 'link-down', peer, unwelcome: false });
				break;
			case 'fail':
				if (this.under.delete(peer)) me.tell({ kind: 'attempt-failed', peer, reason: 'unreachable' });
				break;
			case 'open':
				if (!this.under.delete(peer)) break;
				this.links.add(peer);
				me.tell({ kind: 'link-up', peer, degree: 5 });
				break;
			case 'admit': {
				const route = me.frames('Walk').at(-1)?.route;
				if (!this.links.has(peer) && me.overlay.admits(peer, route, me.now) === 'yes') this.under.add(peer);
				break;
			}
			case 'around':
				if (this.links.has(peer))
					me.frame(action.who, { kind: 'Around', neighbours: [me.self], greeters: [peer], ages: [3] });
				break;
			case 'walk':
				if (this.links.has(peer)) me.walk(action.who, action.joiner, action.ttl);
				break;
			case 'splice':
				if (this.links.has(peer))
					me.frame(action.who, {
						kind: 'Splice',
						route: routeOf(action.joiner),
						...ticketOf(peerOf(action.joiner), me.now),
					});
				break;
			case 'spliced': {
				if (!this.links.has(peer)) break;
				const route = routeOf(action.joiner);
				const splice = this.asked.get(route);
				if (splice?.partner === peer && action.open) splice.open = true;
				me.frame(action.who, { kind: 'Spliced', route, result: action.open ? 'open' : 'failed' });
				break;
			}
			case 'pass':
				me.pass(action.ms);
				break;
			case 'hide':
			case 'show':
				me.tell({ kind: 'hidden', hidden: action.do === 'hide' });
				break;
			case 'freeze':
				me.tell({ kind: 'sleep' });
				for (const each of [...this.links]) {
					this.links.delete(each);
					me.tell({ kind: 'link-down', peer: each, unwelcome: false });
				}
				this.under.clear();
				break;
			case 'thaw':
				me.tell({ kind: 'wake-up' });
		}
		this.#look();
	}

	#look(): void {
		for (const effect of this.me.done.slice(this.#seen)) {
			if (effect.kind === 'dial') {
				expect(this.links.has(effect.peer)).toBe(false);
				expect(effect.peer).not.toBe(this.me.self);
				this.under.add(effect.peer);
			}
			if (effect.kind === 'send') {
				const { frame } = effect;
				if (frame.kind === 'Splice')
					this.asked.set(frame.route, { partner: effect.peer, joiner: frame.joiner, open: false });
			}
			if (effect.kind === 'close') {
				if (effect.code === 'spliced') {
					const splices = [...this.asked.values()].filter(({ partner }) => partner === effect.peer);
					// Make before break: the partner reached the joiner, and so did this node.
					expect(splices.some(({ open, joiner }) => open && this.links.has(joiner))).toBe(true);
				}
				this.links.delete(effect.peer);
			}
		}
		this.#seen = this.me.done.length;
	}
}

describe('the overlay under any order of events', () => {
	it('never has more links than its most, and ends a spliced link only after both new ones opened', () => {
		fc.assert(
			fc.property(fc.array(action, { maxLength: 120 }), (actions) => {
				const world = new World();
				world.me.tell({ kind: 'wake-up' });
				for (const each of actions) {
					world.act(each);
					expect(world.links.size).toBeLessThanOrEqual(defaultParameters.maxLinks);
				}
			}),
			settings,
		);
	});

	it('sends for each walk it is handed at most one on, or one splice and one call', () => {
		fc.assert(
			fc.property(
				fc.array(fc.record({ from: fc.nat(5), joiner: name, ttl: fc.nat(255), repeat: fc.boolean() }), {
					maxLength: 200,
				}),
				(walks) => {
					const me = new Bench('me', { targetLinks: 2 });
					me.link('a', 'b', 'c', 'd', 'e', 'f');
					const own = me.done.length;
					for (const [index, { from, joiner, ttl, repeat }] of walks.entries())
						me.walk('abcdef'[from]!, joiner, ttl, routeOf(repeat ? joiner : `${joiner} ${index}`));
					const after = me.done.slice(own);
					expect(me.frames('Walk', after).length + me.effects('dial', [...after]).length).toBeLessThanOrEqual(
						walks.length,
					);
					// Calls and signature checks have a bound of their own, whatever comes.
					expect(me.effects('dial', [...after]).length).toBeLessThanOrEqual(overlayLimits.takeBurst);
				},
			),
			settings,
		);
	});

	it('passes on only so many walks and signals of one neighbour, however fast they come', () => {
		const me = new Bench('me', { targetLinks: 2 });
		me.link('a', 'b', 'c');
		for (let i = 0; i < 5_000; i++) me.walk('a', `j${i % 7}`, 8, routeOf(`flood ${i}`));
		expect(me.frames('Walk').filter(({ joiner }) => joiner !== me.self).length).toBeLessThanOrEqual(
			overlayLimits.walkBurst,
		);
		const [walk] = me.frames('Walk').slice(-1);
		for (let i = 0; i < 5_000; i++)
			me.frame(walk!.to === peerOf('b') ? 'b' : 'c', {
				kind: 'Signal',
				route: walk!.route,
				toward: 'joiner',
				from: peerOf('x'),
				to: walk!.joiner,
				body: new Uint8Array(10),
			});
		expect(me.frames('Signal').length).toBeLessThanOrEqual(overlayLimits.signalBurst);
	});
});

describe('routes', () => {
	it('are bounded, expire, and let signals pass only from the sides they may come from', () => {
		fc.assert(
			fc.property(
				fc.array(fc.record({ id: fc.nat(2_000), wait: fc.nat(5_000) }), { maxLength: 300 }),
				fc.nat(),
				(uses, pick) => {
					const routes = new Routes();
					let now = start;
					const last = new Map<string, number>();
					for (const { id, wait } of uses) {
						now += wait;
						const route = routes.add(`r${id}`, peerOf('joiner'), peerOf('back'), now);
						route.ahead = peerOf('ahead');
						last.set(`r${id}`, now);
						expect(routes.size).toBeLessThanOrEqual(overlayLimits.routes);
					}
					const ids = [...last.keys()];
					const id = ids[pick % Math.max(1, ids.length)];
					if (id === undefined) return;
					const alive = now - last.get(id)! < overlayLimits.routeMs;
					const next = (from: PeerId) => routes.next(id, from, 'joiner', peerOf('joiner'), now);
					expect(next(peerOf('stranger'))).toBeUndefined();
					expect(next(peerOf('ahead'))).toBe(alive ? peerOf('back') : undefined);
				},
			),
			settings,
		);
	});
});
