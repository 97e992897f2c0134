import { describe, expect, it } from 'vitest';
import type { PeerId } from '#lib/core/brand.ts';
import { createMemoryNetwork } from '#lib/webrtc/conn/memory.ts';
import { readCode, writeCode } from '#lib/webrtc/invite/code.ts';
import { Invitations, inviteLimits, type Meeting } from '#lib/webrtc/invite/invitations.ts';
import type { Fingerprints, PeerConn } from '#lib/webrtc/ports.ts';
import { virtualClock } from '../kit/virtual-clock.ts';
import { identityOf } from './webrtc-kit/identity.ts';
import { seededRandom } from './webrtc-kit/random.ts';

function setUp() {
	const clock = virtualClock();
	const net = createMemoryNetwork({ clock, random: seededRandom(3) });
	const tab = (seed: number, network = 'test') => {
		const identity = identityOf(seed);
		const meetings: (Omit<Meeting, 'conns'> & { opened?: Fingerprints; conn?: PeerConn; heard: string[] })[] =
			[];
		const invitations = new Invitations({
			identity,
			network,
			clock,
			random: seededRandom(seed),
			conns: net.conns(`host ${seed}`),
			meet({ conns, ...meeting }) {
				const met: (typeof meetings)[number] = { ...meeting, heard: [] };
				const made = conns.create(true, {
					onsignal: () => met.heard.push('description'),
					onopen: (fingerprints) => (met.opened = fingerprints),
					onmessage: (message) => met.heard.push(String(message[0])),
					ondrain() {},
					onclose: ({ code }) => met.heard.push(code),
				});
				if (made.ok) met.conn = made.value;
				meetings.push(met);
			},
			onchange() {},
		});
		return { identity, invitations, meetings };
	};
	const settled = async <T>(promise: Promise<T>): Promise<T> => {
		await clock.advance(100);
		return promise;
	};
	return { clock, tab, settled };
}

const value = <T>(result: { ok: true; value: T } | { ok: false; error: unknown }): T => {
	if (!result.ok) throw new Error(String(result.error));
	return result.value;
};

describe('an invitation by hand', () => {
	it('connects two tabs by two short texts and no relay', async () => {
		const { clock, tab, settled } = setUp();
		const [alice, bob] = [tab(1), tab(2)];
		const invite = value(await settled(alice.invitations.invite()));
		const answer = value(
			await settled(bob.invitations.accept(`https://sweet.example/network#invite=${invite}`)),
		);
		expect(Math.max(invite.length, answer.length)).toBeLessThan(260);
		expect(value(alice.invitations.complete(` ${answer}\n`))).toBe(bob.identity.id);
		await clock.advance(100);
		const [[a], [b]] = [alice.meetings, bob.meetings];
		expect(a).toMatchObject({ peer: bob.identity.id, role: 'caller', heard: [] });
		expect(b).toMatchObject({ peer: alice.identity.id, role: 'callee', heard: [] });
		expect(a!.attempt).toBe(b!.attempt);
		expect(a!.opened!.local).toEqual(b!.opened!.remote);
		a!.conn!.send(new Uint8Array([7]));
		await clock.advance(100);
		expect(b!.heard).toEqual(['7']);
		expect(alice.invitations.state).toEqual({ kind: 'connected', peer: bob.identity.id });
		expect(bob.invitations.state).toEqual({ kind: 'connected', peer: alice.identity.id });
	});

	it('keeps what comes before the other side is ready', async () => {
		const { clock, tab, settled } = setUp();
		const [alice, bob] = [tab(1), tab(2)];
		const invite = value(await settled(alice.invitations.invite()));
		const answer = value(await settled(bob.invitations.accept(invite)));
		alice.invitations.complete(answer);
		for (let i = 0; i < 20 && !alice.meetings[0]?.opened; i++) await clock.advance(1);
		alice.meetings[0]!.conn!.send(new Uint8Array([1]));
		alice.meetings[0]!.conn!.send(new Uint8Array([2]));
		await clock.advance(50);
		expect(bob.meetings[0]!.heard).toEqual(['1', '2']);
	});

	it('is refused with a reason when it is not one, of another network, ours, too old, or of the wrong kind', async () => {
		const { clock, tab, settled } = setUp();
		const [alice, bob, stranger] = [tab(1), tab(2), tab(3, 'elsewhere')];
		const invite = value(await settled(alice.invitations.invite()));
		const refusal = async (of: typeof bob, text: string) => {
			const result = await settled(of.invitations.accept(text));
			return result.ok ? 'taken' : result.error;
		};
		for (const junk of [
			'',
			'hello',
			'A',
			invite.slice(0, 80),
			`${invite}AAAA`,
			'A'.repeat(5_000),
			'https://x/#invite=',
		])
			expect(await refusal(bob, junk)).toBe('not-a-code');
		expect(await refusal(stranger, invite)).toBe('other-network');
		expect(await refusal(alice, invite)).toBe('own');
		const answer = value(await settled(bob.invitations.accept(invite)));
		expect(await refusal(bob, answer)).toBe('wrong-kind');
		expect(alice.invitations.complete(invite)).toEqual({ ok: false, error: 'wrong-kind' });
		await clock.advance(inviteLimits.lifeMs + 1_000);
		expect(await refusal(bob, invite)).toBe('expired');
		expect(alice.invitations.complete(answer)).toEqual({ ok: false, error: 'expired' });
		expect(alice.invitations.state).toEqual({ kind: 'failed' });
	});

	it('takes one answer, and only to the invitation made last', async () => {
		const { tab, settled } = setUp();
		const [alice, bob, carol] = [tab(1), tab(2), tab(4)];
		const first = value(await settled(alice.invitations.invite()));
		const toFirst = value(await settled(bob.invitations.accept(first)));
		const second = value(await settled(alice.invitations.invite()));
		expect(alice.invitations.complete(toFirst)).toEqual({ ok: false, error: 'unknown' });
		const toSecond = value(await settled(bob.invitations.accept(second)));
		const late = value(await settled(carol.invitations.accept(second)));
		expect(alice.invitations.complete(toSecond).ok).toBe(true);
		expect(alice.invitations.complete(late)).toEqual({ ok: false, error: 'unknown' });
		expect(alice.meetings).toHaveLength(1);
	});

	it('can be withdrawn', async () => {
		const { tab, settled } = setUp();
		const [alice, bob] = [tab(1), tab(2)];
		const invite = value(await settled(alice.invitations.invite()));
		const answer = value(await settled(bob.invitations.accept(invite)));
		alice.invitations.cancel();
		expect(alice.invitations.state).toEqual({ kind: 'none' });
		expect(alice.invitations.complete(answer)).toEqual({ ok: false, error: 'unknown' });
	});
});

describe('a code', () => {
	it('is read back as it was written, whatever bytes it holds', () => {
		const random = seededRandom(8);
		for (let i = 0; i < 300; i++) {
			const code = {
				kind: i % 2 ? 'invite' : 'answer',
				key: identityOf(i % 5).id as string as PeerId,
				attempt: '0f'.repeat(16) as never,
				expires: 2_000_000_000,
				description: random.bytes(i),
			} as const;
			const read = readCode(writeCode(code, 'n'), { kind: code.kind, network: 'n', now: 0 });
			expect(read).toMatchObject({ ok: true, value: code });
		}
	});
});
