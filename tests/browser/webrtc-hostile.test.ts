import { describe, expect, it, vi } from 'vitest';
import { budgetLimits } from '#lib/webrtc/conn/budget.ts';
import { channelOptions } from '#lib/webrtc/conn/channel.ts';
import { createNativeConns } from '#lib/webrtc/conn/native.ts';
import type { PeerConn } from '#lib/webrtc/ports.ts';
import { packDescription, unpackDescription } from '#lib/webrtc/sdp/description.ts';
import { buildSdp, parseSdp } from '#lib/webrtc/sdp/sdp.ts';
import { connect, End } from '../unit/webrtc-kit/conn-scenarios.ts';
import { identityOf } from '../unit/webrtc-kit/identity.ts';
import { LoneSession } from '../unit/webrtc-kit/lone-session.ts';
import { seededRandom } from '../unit/webrtc-kit/random.ts';
import { realClock } from '../unit/webrtc-kit/real-clock.ts';
import { RelayInTheMiddle } from '../unit/webrtc-kit/relay-in-the-middle.ts';

const until = (check: () => boolean): Promise<void> =>
	vi.waitUntil(check, { timeout: 20_000, interval: 5 }).then(() => undefined);
const native = (options = {}) => createNativeConns({ clock: realClock, iceServers: [], ...options });

/** A peer that keeps to no rule, connected to a well-behaved one. */
async function attack(): Promise<{ pc: RTCPeerConnection; channel: RTCDataChannel; victim: End }> {
	const pc = new RTCPeerConnection();
	const channel = pc.createDataChannel('sweet', channelOptions);
	await pc.setLocalDescription();
	await until(() => pc.iceGatheringState === 'complete');
	const own = parseSdp(pc.localDescription!.sdp);
	if (!own.ok) throw new Error(own.error.detail);
	const victim = new End(native(), false);
	victim.conn.signal(packDescription(own.value));
	await until(() => victim.descriptions.length > 0);
	const answer = unpackDescription(victim.descriptions[0]!);
	if (!answer.ok) throw new Error(answer.error.detail);
	await pc.setRemoteDescription(buildSdp(answer.value));
	await until(() => channel.readyState === 'open' && victim.fingerprints !== undefined);
	return { pc, channel, victim };
}

describe('a hostile peer in a real browser', () => {
	it('that opens channels of its own is cut off', async () => {
		const { pc, victim } = await attack();
		for (let i = 0; i < 50; i++) pc.createDataChannel(`evil ${i}`);
		await until(() => victim.closed.length > 0);
		expect(victim.closed).toMatchObject([{ code: 'extra-channel' }]);
		pc.close();
	});

	it('that sends text is cut off', async () => {
		const { pc, channel, victim } = await attack();
		channel.send('hello');
		await until(() => victim.closed.length > 0);
		expect(victim.closed).toMatchObject([{ code: 'bad-message' }]);
		expect(victim.messages).toEqual([]);
		pc.close();
	});

	it('cannot send a message over the agreed size', async () => {
		const { pc, channel, victim } = await attack();
		expect(() => channel.send(new Uint8Array(65_537))).toThrow();
		victim.conn.close('done');
		pc.close();
	});

	it('in the middle, piping two real connections, establishes nothing', async () => {
		const random = seededRandom(21);
		const [alice, bob] = [identityOf(81), identityOf(82)];
		const attempt = 'aa'.repeat(16);
		const deps = { clock: realClock, random };
		const a = new LoneSession({ ...deps, conns: native() }, 'caller', alice, bob, attempt);
		const b = new LoneSession({ ...deps, conns: native() }, 'callee', bob, alice, attempt);
		await until(() => a.descriptions.length > 0);
		const relay = new RelayInTheMiddle(native(), a.descriptions[0]!);
		await until(
			() => relay.towardsCaller.descriptions.length > 0 && relay.towardsCallee.descriptions.length > 0,
		);
		a.session.signal(relay.towardsCaller.descriptions[0]!);
		b.session.signal(relay.towardsCallee.descriptions[0]!);
		await until(() => b.descriptions.length > 0);
		relay.towardsCallee.conn.signal(b.descriptions[0]!);
		await until(() => {
			relay.pipe();
			return a.ends.length > 0 && b.ends.length > 0;
		});
		expect([a.ups, b.ups]).toEqual([0, 0]);
		expect([a.refusal, b.refusal]).toContain('bad-signature');
		relay.close();
	});

	it('absent, the same two sides link', async () => {
		const random = seededRandom(22);
		const [alice, bob] = [identityOf(83), identityOf(84)];
		const deps = { clock: realClock, random };
		const a = new LoneSession({ ...deps, conns: native() }, 'caller', alice, bob, 'bb'.repeat(16));
		const b = new LoneSession({ ...deps, conns: native() }, 'callee', bob, alice, 'bb'.repeat(16));
		await until(() => a.descriptions.length > 0);
		b.session.signal(a.descriptions[0]!);
		await until(() => b.descriptions.length > 0);
		a.session.signal(b.descriptions[0]!);
		await until(() => a.ups + b.ups === 2);
		expect(a.session.up && b.session.up).toBe(true);
		a.session.close('leaving', '');
		b.session.close('leaving', '');
	});
});

describe('a browser that shows no address', () => {
	it('is told apart from one that cannot connect', async () => {
		const end = new End(native({ relayOnly: true }), true);
		await until(() => end.closed.length > 0);
		expect(end.closed).toMatchObject([{ code: 'no-candidates' }]);
		expect(end.descriptions).toEqual([]);
	});
});

describe('the budget of a page', () => {
	const ignore = { onsignal() {}, onopen() {}, onmessage() {}, ondrain() {}, onclose() {} };

	it('lets only a few connections open at once, and more when those are open or given up', async () => {
		const conns = native();
		const [a, b] = await connect({ caller: conns, callee: conns, until });
		const opening: PeerConn[] = [];
		// The two that are open count no more, so all slots become free.
		await until(() => {
			const made = conns.create(true, ignore);
			if (made.ok) opening.push(made.value);
			return opening.length === budgetLimits.inFlight;
		});
		expect(conns.create(true, ignore)).toMatchObject({ ok: false, error: { code: 'budget' } });
		opening[0]!.close('given up');
		const next = conns.create(true, ignore);
		expect(next).toMatchObject({ ok: true });
		if (next.ok) opening.push(next.value);
		for (const conn of [a.conn, b.conn, ...opening]) conn.close('done');
	});
});
