import type { Bytes, PublicKey } from '#lib/core/brand.ts';
import { concat, equalBytes, hexBytes, utf8 } from '#lib/core/bytes.ts';
import { sha256, taggedHash } from '#lib/core/crypto/hash.ts';
import { sign, verify } from '#lib/core/crypto/schnorr.ts';
import { wireLimits } from '#lib/gossip/limits.ts';
import { linkFrames, type LinkFrameOf } from './frames.ts';
import type { Fingerprints, Identity } from './ports.ts';

/**
 * Proves to each side of a connection that the other holds the key it was called by, and that nobody stands
 * between: what is signed contains both DTLS certificates as each side sees them. Pure; time is an event.
 */

export type Purpose = 'mesh' | 'direct';
export type Role = 'caller' | 'callee';

/** What both sides agreed on before there was a connection. */
export interface HandshakeTerms {
	readonly network: string;
	readonly purpose: Purpose;
	readonly role: Role;
	readonly self: Identity;
	/** The key that was called, or that sent the offer. */
	readonly peer: PublicKey;
	/** What the offer fixed before there was a connection: see bindingOf. */
	readonly binding: Bytes;
	/** Fresh 32 random bytes. */
	readonly nonce: Bytes;
	readonly degree: number;
	readonly maxDegree: number;
	readonly admissionComplexity: number;
}

export interface HandshakeError {
	readonly type: 'handshake';
	readonly code:
		| 'timeout'
		| 'bad-frame'
		| 'unexpected-frame'
		| 'reflection'
		| 'self-connect'
		| 'wrong-network'
		| 'wrong-purpose'
		| 'wrong-role'
		| 'wrong-peer'
		| 'frame-limit'
		/** Wrong key, wrong fingerprints (somebody in the middle), a replay, or another offer. */
		| 'bad-signature';
	readonly detail: string;
}

export type HandshakeState =
	| { readonly phase: 'connecting'; readonly terms: HandshakeTerms }
	| {
			readonly phase: 'hello-sent';
			readonly terms: HandshakeTerms;
			readonly fingerprints: Fingerprints;
			readonly ownHello: Bytes;
	  }
	| {
			readonly phase: 'auth-sent';
			readonly terms: HandshakeTerms;
			readonly fingerprints: Fingerprints;
			readonly proofs: HelloHashes;
			readonly peerHello: LinkFrameOf<'LinkHello'>;
	  }
	| { readonly phase: 'done' }
	| { readonly phase: 'failed' };

export interface HelloHashes {
	readonly own: Bytes;
	readonly peer: Bytes;
}

export type HandshakeEvent =
	| { readonly kind: 'open'; readonly fingerprints: Fingerprints }
	| { readonly kind: 'message'; readonly bytes: Bytes }
	| { readonly kind: 'timeout' };

export type HandshakeEffect =
	| { readonly kind: 'send'; readonly bytes: Bytes }
	| {
			readonly kind: 'established';
			readonly fingerprints: Fingerprints;
			readonly peerHello: LinkFrameOf<'LinkHello'>;
			readonly hashes: HelloHashes;
	  }
	| { readonly kind: 'failed'; readonly error: HandshakeError };

type Step = readonly [HandshakeState, readonly HandshakeEffect[]];

export const startHandshake = (terms: HandshakeTerms): HandshakeState => ({ phase: 'connecting', terms });

/** First 16 bytes of SHA-256 of the network's name. */
export const networkId = (name: string): Bytes => sha256(utf8(name)).slice(0, 16);

export function stepHandshake(state: HandshakeState, event: HandshakeEvent): Step {
	if (state.phase === 'done' || state.phase === 'failed') return [state, []];
	if (event.kind === 'timeout') return fail('timeout', `while ${state.phase}`);
	if (event.kind === 'open') {
		if (state.phase !== 'connecting') return [state, []];
		const ownHello = linkFrames.encode(helloOf(state.terms));
		return [
			{ phase: 'hello-sent', terms: state.terms, fingerprints: event.fingerprints, ownHello },
			[{ kind: 'send', bytes: ownHello }],
		];
	}
	const frame = linkFrames.decode(event.bytes);
	if (!frame.ok) return fail('bad-frame', `${frame.error.code}: ${frame.error.detail}`);
	if (state.phase === 'hello-sent' && frame.value.kind === 'LinkHello')
		return onHello(state, frame.value, event.bytes);
	if (state.phase === 'auth-sent' && frame.value.kind === 'Auth') return onAuth(state, frame.value.signature);
	return fail('unexpected-frame', `${frame.value.kind} while ${state.phase}`);
}

const helloOf = (terms: HandshakeTerms): LinkFrameOf<'LinkHello'> => ({
	kind: 'LinkHello',
	network: networkId(terms.network),
	purpose: terms.purpose,
	role: terms.role,
	key: terms.self.id,
	nonce: terms.nonce,
	maxFrame: wireLimits.frameBytes,
	degree: terms.degree,
	maxDegree: terms.maxDegree,
	admissionComplexity: terms.admissionComplexity,
});

function onHello(
	state: Extract<HandshakeState, { phase: 'hello-sent' }>,
	hello: LinkFrameOf<'LinkHello'>,
	bytes: Bytes,
): Step {
	const { terms, fingerprints, ownHello } = state;
	if (equalBytes(bytes, ownHello)) return fail('reflection', 'our own hello came back');
	if (hello.key === terms.self.id) return fail('self-connect', 'the peer claims our own key');
	if (!equalBytes(hello.network, networkId(terms.network)))
		return fail('wrong-network', 'the peer is of another network');
	if (hello.purpose !== terms.purpose) return fail('wrong-purpose', hello.purpose);
	if (hello.role === terms.role) return fail('wrong-role', `both sides say ${hello.role}`);
	if (hello.key !== terms.peer) return fail('wrong-peer', `${hello.key} answered instead of ${terms.peer}`);
	if (hello.maxFrame < wireLimits.frameBytes) return fail('frame-limit', `${hello.maxFrame} bytes`);
	const proofs = { own: sha256(ownHello), peer: sha256(bytes) };
	const signature = sign(ownTranscript(terms, fingerprints, proofs), terms.self.secret);
	return [
		{ phase: 'auth-sent', terms, fingerprints, proofs, peerHello: hello },
		[{ kind: 'send', bytes: linkFrames.encode({ kind: 'Auth', signature }) }],
	];
}

function onAuth(state: Extract<HandshakeState, { phase: 'auth-sent' }>, signature: Bytes): Step {
	const { terms, fingerprints, proofs, peerHello } = state;
	if (!verify(signature, peerTranscript(terms, fingerprints, proofs), terms.peer))
		return fail('bad-signature', 'somebody stands between, or the peer is not who it says');
	return [{ phase: 'done' }, [{ kind: 'established', fingerprints, peerHello, hashes: proofs }]];
}

function fail(code: HandshakeError['code'], detail: string): Step {
	return [{ phase: 'failed' }, [{ kind: 'failed', error: { type: 'handshake', code, detail } }]];
}

interface Signer {
	readonly role: Role;
	readonly key: string;
	readonly fingerprint: Bytes;
	readonly helloHash: Bytes;
}

/** Every part but the last has a fixed length, so no two transcripts share their bytes. */
function transcript(terms: HandshakeTerms, signer: Signer, other: Signer): Bytes {
	return taggedHash(
		'sweetgossip/link-auth/v1',
		networkId(terms.network),
		new Uint8Array([terms.purpose === 'mesh' ? 1 : 2, signer.role === 'caller' ? 1 : 2]),
		hexBytes(signer.key),
		hexBytes(other.key),
		signer.fingerprint,
		other.fingerprint,
		signer.helloHash,
		other.helloHash,
		terms.binding,
	);
}

function sides(terms: HandshakeTerms, fingerprints: Fingerprints, proofs: HelloHashes): [Signer, Signer] {
	return [
		{ role: terms.role, key: terms.self.id, fingerprint: fingerprints.local, helloHash: proofs.own },
		{
			role: terms.role === 'caller' ? 'callee' : 'caller',
			key: terms.peer,
			fingerprint: fingerprints.remote,
			helloHash: proofs.peer,
		},
	];
}

function ownTranscript(terms: HandshakeTerms, fingerprints: Fingerprints, proofs: HelloHashes): Bytes {
	const [own, peer] = sides(terms, fingerprints, proofs);
	return transcript(terms, own, peer);
}

function peerTranscript(terms: HandshakeTerms, fingerprints: Fingerprints, proofs: HelloHashes): Bytes {
	const [own, peer] = sides(terms, fingerprints, proofs);
	return transcript(terms, peer, own);
}

/** Shows the callee that the caller holds the one-time `secret` (hex), for one attempt of one caller (16 bytes). */
export const secretProof = (secret: string, attempt: string, caller: string): Bytes =>
	taggedHash('sweetgossip/call/v1', utf8(secret), hexBytes(attempt), hexBytes(caller)).slice(0, 16);

/** Ties a link to the offer it came from: 16 bytes of attempt, and the secret proof of a direct call. */
export const bindingOf = (attempt: string, proof: Bytes = new Uint8Array()): Bytes =>
	concat(hexBytes(attempt), proof);
