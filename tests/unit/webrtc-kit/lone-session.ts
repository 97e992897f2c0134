import type { Bytes } from '#lib/core/brand.ts';
import type { Clock } from '#lib/core/clock.ts';
import type { Random } from '#lib/core/random.ts';
import { bindingOf, type Role } from '#lib/webrtc/handshake.ts';
import { Session, type SessionEnd } from '#lib/webrtc/link/session.ts';
import type { ConnFactory, Identity } from '#lib/webrtc/ports.ts';
import { instantSolver } from './solver.ts';

/** One side of a link without a mesh around it, with what happened to it. */
export class LoneSession {
	readonly session: Session;
	readonly descriptions: Bytes[] = [];
	readonly ends: SessionEnd[] = [];
	ups = 0;

	constructor(
		deps: { readonly clock: Clock; readonly random: Random; readonly conns: ConnFactory },
		role: Role,
		self: Identity,
		peer: Identity,
		attempt: string,
	) {
		this.session = new Session(
			{ clock: deps.clock, solver: instantSolver, degree: () => 0 },
			{
				network: 'lone',
				purpose: 'mesh',
				role,
				self,
				peer: peer.id as never,
				binding: bindingOf(attempt),
				nonce: deps.random.bytes(32),
				degree: 0,
				maxDegree: 16,
				admissionComplexity: 0,
			},
			{
				ondescription: (_, description) => this.descriptions.push(description),
				onup: () => (this.ups += 1),
				onframe() {},
				onadmission() {},
				onend: (_, end) => this.ends.push(end),
			},
		);
		const conn = deps.conns.create(role === 'caller', this.session.connEvents);
		if (!conn.ok) throw new Error(conn.error.detail);
		this.session.attach(conn.value);
	}

	/** How its handshake failed; empty when it did not. */
	get refusal(): string {
		const [end] = this.ends;
		return end?.kind === 'handshake' ? end.error.code : '';
	}
}
