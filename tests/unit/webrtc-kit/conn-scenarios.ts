import type { Bytes } from '#lib/core/brand.ts';
import { equalBytes } from '#lib/core/bytes.ts';
import type { ConnClosed, ConnFactory, Fingerprints, PeerConn } from '#lib/webrtc/ports.ts';
import { packDescription, unpackDescription } from '#lib/webrtc/sdp/description.ts';

/** Two factories whose connections can reach each other, and how to wait for something between them. */
export interface ConformanceRig {
	readonly caller: ConnFactory;
	readonly callee: ConnFactory;
	/** Resolves when `check` holds; time passes meanwhile. Rejects after a generous bound. */
	until(check: () => boolean): Promise<void>;
	/** The same description with another certificate, where it is not a packed session description. */
	forge?(description: Bytes): Bytes;
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

function must(condition: boolean, what: string): asserts condition {
	if (!condition) throw new Error(`expected: ${what}`);
}

export async function connect(rig: ConformanceRig): Promise<[End, End]> {
	const [a, b] = [new End(rig.caller, true), new End(rig.callee, false)];
	await rig.until(() => a.descriptions.length > 0);
	b.conn.signal(a.descriptions[0]!);
	await rig.until(() => b.descriptions.length > 0);
	a.conn.signal(b.descriptions[0]!);
	await rig.until(() => a.fingerprints !== undefined && b.fingerprints !== undefined);
	return [a, b];
}

function hangUp(...ends: readonly End[]): void {
	for (const end of ends) end.conn.close('done');
}

async function refusesDescription(rig: ConformanceRig, forge: (own: Bytes) => Bytes): Promise<void> {
	const a = new End(rig.caller, true);
	await rig.until(() => a.descriptions.length > 0);
	a.conn.signal(forge(a.descriptions[0]!));
	await rig.until(() => a.closed.length > 0);
	must(a.closed[0]?.code === 'bad-description', `bad-description, not ${a.closed[0]?.code ?? ''}`);
}

function otherCertificate(packed: Bytes): Bytes {
	const honest = unpackDescription(packed);
	must(honest.ok, 'a readable description');
	return packDescription({ ...honest.value, fingerprint: new Uint8Array(32).fill(5) });
}

/**
 * What every PeerConn does, whatever carries it. Free of any test runner, so that it also runs inside a Worker;
 * a scenario rejects with what was expected.
 */
export const connScenarios: Readonly<Record<string, (rig: ConformanceRig) => Promise<void>>> = {
	async 'opens from two small descriptions and sees the same two certificates from both ends'(rig) {
		const [a, b] = await connect(rig);
		must(a.descriptions.length === 1 && b.descriptions.length === 1, 'one description each');
		must(a.descriptions[0]!.length < 512, 'a small description');
		const [own, other] = [a.fingerprints!, b.fingerprints!];
		must(equalBytes(own.local, other.remote) && equalBytes(own.remote, other.local), 'the same certificates');
		must(!equalBytes(own.local, own.remote), 'two different certificates');
		hangUp(a, b);
	},

	async 'carries messages both ways, whole and in order'(rig) {
		const [a, b] = await connect(rig);
		for (let i = 0; i < 50; i++) must(a.conn.send(new Uint8Array([i])), 'a message is taken');
		const large = new Uint8Array(16_384).fill(7);
		must(b.conn.send(large), 'a large message is taken');
		await rig.until(() => b.messages.length === 50 && a.messages.length === 1);
		must(
			b.messages.every((message, i) => equalBytes(message, new Uint8Array([i]))),
			'all fifty in order',
		);
		must(equalBytes(a.messages[0]!, large), 'the large message whole');
		hangUp(a, b);
	},

	async 'lets a goodbye arrive before it closes, and tells each end once who closed'(rig) {
		const [a, b] = await connect(rig);
		a.conn.send(new Uint8Array([1, 2, 3]));
		a.conn.close('enough');
		await rig.until(() => b.closed.length > 0);
		must(b.messages.length === 1 && equalBytes(b.messages[0]!, new Uint8Array([1, 2, 3])), 'the goodbye');
		must(a.closed.length === 1 && a.closed[0]!.code === 'closed', 'closed on this side');
		must(b.closed[0]!.code === 'closed-by-peer', 'closed by the peer on the other');
		must(!a.conn.send(new Uint8Array([4])), 'nothing is sent afterwards');
		b.conn.close('as well');
		must(b.closed.length === 1, 'told once');
	},

	async 'refuses to queue without bound, and says when there is room again'(rig) {
		const [a, b] = await connect(rig);
		const chunk = new Uint8Array(16_384);
		let queued = 0;
		while (queued < 4_096 && a.conn.send(chunk)) queued += 1;
		must(queued >= 16 && queued < 4_096, `a bounded queue, not ${queued} chunks`);
		await rig.until(() => a.drained > 0);
		must(a.conn.send(chunk), 'room again');
		await rig.until(() => b.messages.length === queued + 1);
		hangUp(a, b);
	},

	'closes on junk instead of a description': (rig) =>
		refusesDescription(rig, () => new Uint8Array([1, 2, 3])),

	'closes on an offer in answer to its own offer': (rig) => refusesDescription(rig, (own) => own),

	async 'never opens to a certificate other than the one described'(rig) {
		const [a, b] = [new End(rig.caller, true), new End(rig.callee, false)];
		await rig.until(() => a.descriptions.length > 0);
		b.conn.signal(a.descriptions[0]!);
		await rig.until(() => b.descriptions.length > 0);
		a.conn.signal((rig.forge ?? otherCertificate)(b.descriptions[0]!));
		await rig.until(() => a.closed.length > 0);
		must(!a.fingerprints && !b.fingerprints, 'neither end open');
		hangUp(a, b);
	},
};
