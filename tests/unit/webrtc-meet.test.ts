import { describe, expect, it } from 'vitest';
import { Invitations } from '#lib/webrtc/invite/invitations.ts';
import { createLab, type Lab, type LabNode } from './webrtc-kit/lab.ts';
import { seededRandom } from './webrtc-kit/random.ts';

const invitationsOf = (lab: Lab, node: LabNode) =>
	new Invitations({
		identity: node.identity,
		network: 'lab',
		clock: lab.clock,
		random: seededRandom(node.host.length + lab.nodes.indexOf(node)),
		conns: lab.net.conns(node.host),
		meet: (meeting) => node.mesh.meet(meeting),
		onchange() {},
	});

describe('a mesh without any relay', () => {
	it('grows by invitations that people carry', async () => {
		const lab = createLab();
		const nodes = [lab.add({ rendezvous: [] }), lab.add({ rendezvous: [] }), lab.add({ rendezvous: [] })];
		await lab.clock.advance(5_000);
		expect(nodes.map((node) => node.neighbours())).toEqual([[], [], []]);
		for (const [host, guest] of [
			[nodes[0]!, nodes[1]!],
			[nodes[1]!, nodes[2]!],
		] as const) {
			const [inviting, invited] = [invitationsOf(lab, host), invitationsOf(lab, guest)];
			const made = inviting.invite();
			await lab.clock.advance(100);
			const invite = await made;
			const taken = invited.accept(invite.ok ? invite.value : '');
			// The texts travel at the pace of people.
			await lab.clock.advance(100_000);
			const answer = await taken;
			expect(inviting.complete(answer.ok ? answer.value : '')).toEqual({ ok: true, value: guest.id });
			await lab.clock.advance(3_000);
			expect(host.neighbours()).toContain(guest.id);
			expect(guest.neighbours()).toContain(host.id);
		}
		const [first, middle] = nodes;
		expect(first!.mesh.send(middle!.id, new Uint8Array([1, 0x10, 5]), 1)).toBe(true);
		await lab.clock.advance(100);
		expect(middle!.frames.map(({ from }) => from)).toEqual([first!.id]);
	});
});
