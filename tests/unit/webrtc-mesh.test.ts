import { describe, expect, it, vi } from 'vitest';
import type { Bytes, PublicKey } from '#lib/core/brand.ts';
import { linkLimits } from '#lib/webrtc/limits.ts';
import type { ConnFactory } from '#lib/webrtc/ports.ts';
import { signals } from '#lib/webrtc/signals.ts';
import { End } from './webrtc-kit/conn-scenarios.ts';
import { identityOf } from './webrtc-kit/identity.ts';
import { components, createLab, type Lab, type LabNode } from './webrtc-kit/lab.ts';

// Whole meshes of real signatures: seconds of computing, more on a busy machine. Nothing here measures time.
vi.setConfig({ testTimeout: 60_000 });

const engineFrame = (tag: number, length = 50): Bytes => {
	const bytes = new Uint8Array(length);
	bytes.set([1, 0x10, tag]);
	return bytes;
};

async function pair(lab: Lab, options: Parameters<Lab['add']>[0] = {}): Promise<[LabNode, LabNode]> {
	const a = lab.add(options);
	await lab.clock.advance(100);
	const b = lab.add(options);
	await lab.clock.advance(2_000);
	expect([a.neighbours(), b.neighbours()]).toEqual([[b.id], [a.id]]);
	return [a, b];
}

describe('joining', () => {
	it('links two tabs, pays the admission proof, and carries frames both ways', async () => {
		const lab = createLab();
		const [a, b] = await pair(lab);
		expect(a.story).toEqual(['link n1', 'admitted n1']);
		expect(b.story).toEqual(['link n0', 'admitted n0']);
		expect(a.mesh.send(b.id, engineFrame(1), 1)).toBe(true);
		expect(b.mesh.send(a.id, engineFrame(2), 1)).toBe(true);
		await lab.clock.advance(100);
		expect(b.frames).toEqual([{ from: a.id, bytes: engineFrame(1) }]);
		expect(a.frames).toEqual([{ from: b.id, bytes: engineFrame(2) }]);
		const [info] = a.mesh.links();
		expect(info).toMatchObject({ peer: b.id, degree: 1, admission: 'proven', state: 'open', rttMs: 40 });
		expect([info!.initiator, b.mesh.links()[0]!.initiator].toSorted()).toEqual([false, true]);
	});

	it('makes one link when both call each other at the same moment', async () => {
		const lab = createLab();
		const [a, b] = [lab.add(), lab.add()];
		await lab.clock.advance(5_000);
		expect([a.neighbours(), b.neighbours()]).toEqual([[b.id], [a.id]]);
		expect(a.story).toEqual(['link n1', 'admitted n1']);
		expect(b.story).toEqual(['link n0', 'admitted n0']);
	});

	it('makes one mesh of forty tabs that come within a second, each with a few links', async () => {
		const lab = createLab({ seed: 3 });
		for (let i = 0; i < 40; i++) {
			lab.add();
			await lab.clock.advance(25);
		}
		await lab.clock.advance(10_000);
		expect(components(lab.nodes)).toEqual([40]);
		const degrees = lab.nodes.map((node) => node.neighbours().length);
		expect(Math.min(...degrees)).toBeGreaterThanOrEqual(3);
		expect(Math.max(...degrees)).toBeLessThanOrEqual(8);
		for (const node of lab.nodes) expect(new Set(node.neighbours()).size).toBe(node.neighbours().length);
	});

	it('is possible when one third of the pairs cannot reach each other', async () => {
		const lab = createLab({
			seed: 4,
			reachable: (a, b) => (Number(a.slice(1)) * 7 + Number(b.slice(1)) * 7) % 3 !== 0,
		});
		for (let i = 0; i < 20; i++) lab.add();
		await lab.clock.advance(90_000);
		expect(components(lab.nodes)).toEqual([20]);
	});

	it('goes on asking, at growing intervals, while a tab is alone', async () => {
		const lab = createLab();
		const alone = lab.add();
		await lab.clock.advance(60_000);
		const asked = alone.signalling.status()[0]!.sent;
		expect(asked).toBeGreaterThanOrEqual(6);
		expect(asked).toBeLessThanOrEqual(10);
		const late = lab.add();
		await lab.clock.advance(2_000);
		expect(late.neighbours()).toEqual([alone.id]);
	});

	it('never links nodes of different networks', async () => {
		const lab = createLab();
		const a = lab.add({ network: 'one' });
		const b = lab.add({ network: 'two' });
		await lab.clock.advance(30_000);
		expect([a.story, b.story]).toEqual([[], []]);
	});

	it('stops at the cap for links it accepts', async () => {
		const lab = createLab();
		const parameters = { maxLinks: 4, targetLinks: 4, minLinks: 1 };
		for (let i = 0; i < 12; i++) lab.add({ parameters });
		await lab.clock.advance(60_000);
		for (const node of lab.nodes) expect(node.neighbours().length).toBeLessThanOrEqual(4);
	});
});

describe('admission', () => {
	it('is not paid when nothing is asked, or an absurd amount', async () => {
		for (const admissionComplexity of [0, linkLimits.mostAdmission + 1]) {
			const lab = createLab();
			const [a, b] = await pair(lab, { parameters: { admissionComplexity } });
			expect(a.story).toEqual(['link n1']);
			expect(b.mesh.links()[0]).toMatchObject({
				admission: admissionComplexity === 0 || b.mesh.links()[0]!.initiator ? 'none' : 'working',
			});
		}
	});

	it('leaves a link without credit when the solver gives up', async () => {
		const lab = createLab();
		const [a, b] = await pair(lab, { solver: { solve: () => Promise.resolve(undefined) } });
		expect([...a.story, ...b.story].filter((line) => line.startsWith('admitted'))).toEqual([]);
	});

	it('that is wrong ends the link', async () => {
		const lab = createLab();
		const cheat = { solve: () => Promise.resolve(new Uint8Array(112)) };
		const a = lab.add({ solver: cheat, parameters: { admissionComplexity: 1_000_000 } });
		await lab.clock.advance(100);
		const b = lab.add({ solver: cheat, parameters: { admissionComplexity: 1_000_000 } });
		await lab.clock.advance(1_000);
		expect([a.neighbours(), b.neighbours()]).toEqual([[], []]);
		expect([...a.story, ...b.story].join()).toContain('bad-admission');
	});
});

describe('losing neighbours', () => {
	it('forgets one that says goodbye at once', async () => {
		const lab = createLab();
		const [a, b] = await pair(lab);
		b.mesh.stop('closing');
		await lab.clock.advance(100);
		expect(a.story.at(-1)).toBe('unlink n1: the peer left: leaving closing');
	});

	it('notices one that vanished without a word within 15 s', async () => {
		const lab = createLab();
		const [a, b] = await pair(lab);
		b.freeze();
		await lab.clock.advance(15_000);
		expect(a.story.at(-1)).toBe('unlink n1: dead: the peer stopped answering');
	});

	it('heals when half of all tabs vanish at once', async () => {
		const lab = createLab({ seed: 6 });
		for (let i = 0; i < 30; i++) lab.add();
		await lab.clock.advance(15_000);
		for (const node of lab.nodes.slice(0, 15)) {
			node.signalling.stop();
			node.freeze();
		}
		await lab.clock.advance(75_000);
		const alive = lab.nodes.slice(15);
		expect(components(alive)).toEqual([15]);
		for (const node of alive) expect(node.neighbours().length).toBeGreaterThanOrEqual(5);
	});

	it('does not come back at once to a neighbour that the engine sent away', async () => {
		const lab = createLab();
		const [a, b] = await pair(lab);
		a.mesh.disconnect(b.id, 'price');
		await lab.clock.advance(500);
		expect(b.story.at(-1)).toBe('unlink n0: the peer left: refused price');
		await lab.clock.advance(10_000);
		expect(a.neighbours()).toEqual([]);
	});
});

describe('a tab that is frozen', () => {
	it('without notice drops what waited for it, and is linked again after it wakes up', async () => {
		const lab = createLab();
		const [a, b] = await pair(lab);
		b.freeze();
		for (let i = 0; i < 5; i++) a.mesh.send(b.id, engineFrame(i), 1);
		await lab.clock.advance(60_000);
		expect(a.neighbours()).toEqual([]);
		b.thaw();
		await lab.clock.advance(40_000);
		expect(b.frames).toEqual([]);
		expect([a.neighbours(), b.neighbours()]).toEqual([[b.id], [a.id]]);
		a.mesh.send(b.id, engineFrame(9), 1);
		await lab.clock.advance(100);
		expect(b.frames).toEqual([{ from: a.id, bytes: engineFrame(9) }]);
	});

	it('with notice says goodbye, answers nobody, and calls its old neighbours when it resumes', async () => {
		const lab = createLab();
		const [a, b] = await pair(lab);
		b.mesh.lifecycle('freeze');
		await lab.clock.advance(100);
		expect(a.story.at(-1)).toBe('unlink n1: the peer left: sleeping');
		await lab.clock.advance(60_000);
		expect(a.neighbours()).toEqual([]);
		b.mesh.lifecycle('resume');
		await lab.clock.advance(500);
		expect([a.neighbours(), b.neighbours()]).toEqual([[b.id], [a.id]]);
	});

	it('finds out within 2 s of resuming that a neighbour is gone', async () => {
		const lab = createLab();
		const [a, b] = await pair(lab);
		b.freeze();
		a.mesh.lifecycle('resume');
		await lab.clock.advance(2_100);
		expect(a.story.at(-1)).toContain('dead');
	});
});

/** Connections that a change of networks cuts: this side is told, the other hears nothing any more. */
function cuttable(inner: ConnFactory): { readonly conns: ConnFactory; readonly cut: () => void } {
	let cuts: (() => void)[] = [];
	const conns: ConnFactory = {
		...inner,
		create(initiator, events) {
			let isCut = false;
			const made = inner.create(initiator, {
				...events,
				onmessage: (message) => {
					if (!isCut) events.onmessage(message);
				},
				onclose: (closed) => {
					if (!isCut) events.onclose(closed);
				},
			});
			if (!made.ok) return made;
			const conn = made.value;
			cuts.push(() => {
				isCut = true;
				events.onclose({ type: 'conn-closed', code: 'failed', detail: 'the network changed' });
			});
			return {
				ok: true,
				value: {
					signal: (description) => conn.signal(description),
					send: (message) => !isCut && conn.send(message),
					get buffered() {
						return conn.buffered;
					},
					close: (reason) => {
						if (!isCut) conn.close(reason);
					},
				},
			};
		},
	};
	return {
		conns,
		cut: () => {
			const now = cuts;
			cuts = [];
			for (const each of now) each();
		},
	};
}

describe('a tab whose network changes', () => {
	it('is linked again before its old neighbours have noticed, and they then are whole as well', async () => {
		const lab = createLab({ seed: 9 });
		for (let i = 0; i < 12; i++) lab.add();
		const { conns, cut } = cuttable(lab.net.conns('n12'));
		const moving = lab.add({ conns });
		await lab.clock.advance(20_000);
		expect(moving.neighbours().length).toBeGreaterThanOrEqual(5);
		cut();
		expect(moving.neighbours()).toEqual([]);
		await lab.clock.advance(8_000);
		expect(moving.neighbours().length).toBeGreaterThanOrEqual(1);
		await lab.clock.advance(60_000);
		expect(components(lab.nodes)).toEqual([13]);
		for (const node of lab.nodes) expect(node.neighbours().length).toBeGreaterThanOrEqual(4);
	});
});

describe('a hidden tab', () => {
	it('gives back links over its cap, and dials again when it is looked at', async () => {
		const lab = createLab({ seed: 8 });
		for (let i = 0; i < 20; i++) lab.add({ parameters: { hiddenMaxLinks: 4 } });
		await lab.clock.advance(10_000);
		const [node] = lab.nodes;
		expect(node!.neighbours().length).toBeGreaterThan(4);
		node!.mesh.lifecycle('hidden');
		await lab.clock.advance(1_000);
		expect(node!.neighbours().length).toBeLessThanOrEqual(4);
		node!.mesh.lifecycle('visible');
		await lab.clock.advance(60_000);
		expect(node!.neighbours().length).toBeGreaterThanOrEqual(5);
	});
});

describe('a slow neighbour', () => {
	it('stalls nobody else', async () => {
		const lab = createLab();
		const a = lab.add();
		await lab.clock.advance(100);
		const [b, slow] = [lab.add(), lab.add()];
		await lab.clock.advance(5_000);
		expect(a.neighbours().toSorted()).toEqual([b.id, slow.id].toSorted());
		slow.freeze();
		for (let i = 0; i < 300; i++) {
			a.mesh.send(slow.id, engineFrame(1), 1);
			expect(a.mesh.send(b.id, engineFrame(2), 1)).toBe(true);
		}
		await lab.clock.advance(5_000);
		expect(b.frames.filter(({ from }) => from === a.id)).toHaveLength(300);
		expect(a.mesh.links().find(({ peer }) => peer === slow.id)?.state).toBe('stalled');
	});
});

describe('strangers', () => {
	/** Counts the connections made and not closed. */
	function counted(factory: ConnFactory): ConnFactory & { open: number; made: number } {
		const counting = {
			open: 0,
			made: 0,
			create(...[initiator, events]: Parameters<ConnFactory['create']>) {
				counting.open += 1;
				counting.made += 1;
				return factory.create(initiator, {
					...events,
					onclose(closed) {
						counting.open -= 1;
						events.onclose(closed);
					},
				});
			},
		};
		return counting;
	}

	it('who flood a node with offers make it open a handful of connections, and those are given up', async () => {
		const lab = createLab();
		const conns = counted(lab.net.conns('victim'));
		const victim = lab.add({ conns });
		await lab.clock.advance(1_000);
		const attacker = lab.relays.rendezvous();
		attacker.start(identityOf(666), { oncontact() {}, onsignal() {}, onstatus() {} });
		const offering = new End(lab.net.conns('attacker'), true);
		await lab.clock.advance(100);
		const description = offering.descriptions[0]!;
		let most = 0;
		for (let i = 0; i < 2_000; i++) {
			const attempt = i.toString(16).padStart(32, '0');
			const offer = signals.encode({ kind: 'Offer', attempt, purpose: 'mesh', description });
			attacker.send(identityOf(1_000 + (i % 50)), victim.id, offer);
			if (i % 20 === 0) await lab.clock.advance(200);
			most = Math.max(most, conns.open);
		}
		expect(most).toBeLessThanOrEqual(linkLimits.halfOpen);
		expect(conns.made).toBeLessThan(60);
		await lab.clock.advance(linkLimits.attemptMs + 10_000);
		expect(conns.open).toBe(0);
		expect(victim.story).toEqual([]);
	});

	it('who connect and then say nothing are cut off after 5 s', async () => {
		const lab = createLab();
		const victim = lab.add();
		const mute = identityOf(777);
		const answers: Bytes[] = [];
		const rendezvous = lab.relays.rendezvous();
		rendezvous.start(mute, { oncontact() {}, onsignal: ({ body }) => answers.push(body), onstatus() {} });
		const end = new End(lab.net.conns('mute'), true);
		await lab.clock.advance(100);
		const attempt = '00'.repeat(16);
		rendezvous.send(
			mute,
			victim.id,
			signals.encode({ kind: 'Offer', attempt, purpose: 'mesh', description: end.descriptions[0]! }),
		);
		await lab.clock.advance(300);
		const answer = signals.decode(answers[0]!);
		if (!answer.ok || answer.value.kind !== 'Answer') throw new Error('no answer');
		end.conn.signal(answer.value.description);
		await lab.clock.advance(linkLimits.handshakeMs - 100);
		expect(end.fingerprints).toBeDefined();
		expect(end.closed).toEqual([]);
		await lab.clock.advance(300);
		expect(end.closed).toMatchObject([{ code: 'closed-by-peer' }]);
		expect(victim.story).toEqual([]);
	});

	it('who answer offers never made, or send junk, change nothing', async () => {
		const lab = createLab();
		const conns = counted(lab.net.conns('victim'));
		const victim = lab.add({ conns });
		await lab.clock.advance(30_000);
		// What it had prepared for its own first calls is closed by now.
		const prepared = conns.made;
		const stranger = lab.relays.rendezvous();
		stranger.start(identityOf(888), { oncontact() {}, onsignal() {}, onstatus() {} });
		await lab.clock.advance(1_000);
		const description = new Uint8Array(100);
		const attempt = '11'.repeat(16);
		for (const body of [
			signals.encode({ kind: 'Answer', attempt, description }),
			signals.encode({ kind: 'Decline', attempt, code: 'full' }),
			signals.encode({ kind: 'Note', body: description }),
			signals.encode({ kind: 'Offer', attempt, purpose: 'direct', description }),
			new Uint8Array([1, 0x7f]),
			new Uint8Array(),
		])
			stranger.send(identityOf(888), victim.id as string as PublicKey, body);
		await lab.clock.advance(1_000);
		expect(conns.made).toBe(prepared);
		expect(victim.story).toEqual([]);
	});
});
