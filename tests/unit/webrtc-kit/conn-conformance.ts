import { describe, expect, it } from 'vitest';
import type { Bytes } from '#lib/core/brand.ts';
import type { ConnClosed, ConnFactory, Fingerprints, PeerConn } from '#lib/webrtc/ports.ts';
import { packDescription, unpackDescription } from '#lib/webrtc/sdp/description.ts';

/** Two factories whose connections can reach each other, and how to wait for something between them. */
export interface ConformanceRig {
	readonly caller: ConnFactory;
	readonly callee: ConnFactory;
	/** Resolves when `check` holds; time passes meanwhile. Fails after a generous bound. */
	until(check: () => boolean): Promise<void>;
	stop?(): void;
}

/** One end of a connection with everything that happened to it. */
export class End {
	readonly descriptions: Bytes[] = [];
	readonly messages: Bytes[] = [];
	readonly closed: ConnClosed[] = [];
	drained = 0;
	fingerprints: Fingerprints | undefined;
	readonly conn: PeerConn;

	constructor(factory: ConnFactory, initiator: boolean) {
		const made = factory.create(initiator, {
			onsignal: (description) => this.descriptions.push(description),
			onopen: (fingerprints) => {
				this.fingerprints = fingerprints;
			},
			onmessage: (message) => this.messages.push(message),
			ondrain: () => (this.drained += 1),
			onclose: (closed) => this.closed.push(closed),
		});
		if (!made.ok) throw new Error(made.error.detail);
		this.conn = made.value;
	}
}

/** What every PeerConn does, whatever carries it. */
export function describePeerConn(name: string, setUp: () => Promise<ConformanceRig> | ConformanceRig): void {
	describe(`a ${name} connection`, () => {
		async function connected(rig: ConformanceRig): Promise<[End, End]> {
			const [a, b] = [new End(rig.caller, true), new End(rig.callee, false)];
			await rig.until(() => a.descriptions.length > 0);
			b.conn.signal(a.descriptions[0]!);
			await rig.until(() => b.descriptions.length > 0);
			a.conn.signal(b.descriptions[0]!);
			await rig.until(() => a.fingerprints !== undefined && b.fingerprints !== undefined);
			return [a, b];
		}

		async function withRig(run: (rig: ConformanceRig) => Promise<void>): Promise<void> {
			const rig = await setUp();
			try {
				await run(rig);
			} finally {
				rig.stop?.();
			}
		}

		it('opens from two small descriptions and sees the same two certificates from both ends', () =>
			withRig(async (rig) => {
				const [a, b] = await connected(rig);
				expect(a.descriptions).toHaveLength(1);
				expect(a.descriptions[0]!.length).toBeLessThan(512);
				expect(a.fingerprints!.local).toEqual(b.fingerprints!.remote);
				expect(a.fingerprints!.remote).toEqual(b.fingerprints!.local);
				expect(a.fingerprints!.local).not.toEqual(a.fingerprints!.remote);
				a.conn.close('done');
				b.conn.close('done');
			}));

		it('carries messages both ways, whole and in order', () =>
			withRig(async (rig) => {
				const [a, b] = await connected(rig);
				for (let i = 0; i < 50; i++) expect(a.conn.send(new Uint8Array([i]))).toBe(true);
				const large = new Uint8Array(16_384).fill(7);
				expect(b.conn.send(large)).toBe(true);
				await rig.until(() => b.messages.length === 50 && a.messages.length === 1);
				expect(b.messages.map((message) => message[0])).toEqual(Array.from({ length: 50 }, (_, i) => i));
				expect(a.messages).toEqual([large]);
				a.conn.close('done');
				b.conn.close('done');
			}));

		it('lets a goodbye arrive before it closes, and tells each end once who closed', () =>
			withRig(async (rig) => {
				const [a, b] = await connected(rig);
				a.conn.send(new Uint8Array([1, 2, 3]));
				a.conn.close('enough');
				await rig.until(() => b.closed.length > 0);
				expect(b.messages).toEqual([new Uint8Array([1, 2, 3])]);
				expect(a.closed).toMatchObject([{ type: 'conn-closed', code: 'closed' }]);
				expect(b.closed).toMatchObject([{ code: 'closed-by-peer' }]);
				expect(a.conn.send(new Uint8Array([4]))).toBe(false);
				b.conn.close('as well');
				expect(b.closed).toHaveLength(1);
			}));

		it('refuses to queue without bound, and says when there is room again', () =>
			withRig(async (rig) => {
				const [a, b] = await connected(rig);
				const chunk = new Uint8Array(16_384);
				let queued = 0;
				while (queued < 4_096 && a.conn.send(chunk)) queued += 1;
				expect(queued).toBeLessThan(4_096);
				expect(queued).toBeGreaterThanOrEqual(16);
				await rig.until(() => a.drained > 0);
				expect(a.conn.send(chunk)).toBe(true);
				await rig.until(() => b.messages.length === queued + 1);
				a.conn.close('done');
				b.conn.close('done');
			}));

		it.each<[string, (own: Bytes) => Bytes]>([
			['junk', () => new Uint8Array([1, 2, 3])],
			['a caller’s own offer', (own) => own],
		])('closes on %s instead of a description', (_, forge) =>
			withRig(async (rig) => {
				const a = new End(rig.caller, true);
				await rig.until(() => a.descriptions.length > 0);
				a.conn.signal(forge(a.descriptions[0]!));
				await rig.until(() => a.closed.length > 0);
				expect(a.closed).toMatchObject([{ code: 'bad-description' }]);
			}),
		);

		it('never opens to a certificate other than the one described', () =>
			withRig(async (rig) => {
				const [a, b] = [new End(rig.caller, true), new End(rig.callee, false)];
				await rig.until(() => a.descriptions.length > 0);
				b.conn.signal(a.descriptions[0]!);
				await rig.until(() => b.descriptions.length > 0);
				const honest = unpackDescription(b.descriptions[0]!);
				if (!honest.ok) throw new Error(honest.error.detail);
				a.conn.signal(packDescription({ ...honest.value, fingerprint: new Uint8Array(32).fill(5) }));
				await rig.until(() => a.closed.length > 0);
				expect(a.closed[0]!.code).toBe('failed');
				expect([a.fingerprints, b.fingerprints]).toEqual([undefined, undefined]);
				b.conn.close('done');
			}));
	});
}
