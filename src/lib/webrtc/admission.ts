import type { Bytes } from '#lib/core/brand.ts';
import { taggedHash } from '#lib/core/crypto/hash.ts';
import { verifyProof } from '#lib/pow/verify.ts';
import type { HelloHashes, Role } from './handshake.ts';
import { linkLimits } from './limits.ts';

/**
 * The side that asked for a link pays a proof of work for it, so that a thousand identities cost a thousand
 * proofs. The link works at once; the proof earns it its start credit.
 */
export type AdmissionDuty =
	| { readonly kind: 'pay' | 'expect'; readonly seed: Bytes; readonly complexity: number }
	/** Nothing is asked, or more than is worth paying: the link stays without start credit. */
	| { readonly kind: 'none' };

export function admissionDuty(
	role: Role,
	hashes: HelloHashes,
	asked: { readonly own: number; readonly peer: number },
): AdmissionDuty {
	const complexity = role === 'caller' ? asked.peer : asked.own;
	if (complexity === 0 || complexity > linkLimits.mostAdmission) return { kind: 'none' };
	const [caller, callee] = role === 'caller' ? [hashes.own, hashes.peer] : [hashes.peer, hashes.own];
	const seed = taggedHash('sweetgossip/admission/v1', caller, callee);
	return { kind: role === 'caller' ? 'pay' : 'expect', seed, complexity };
}

/** Checks a proof with at most 16 hashes. */
export const isAdmitted = (
	{ seed, complexity }: Exclude<AdmissionDuty, { kind: 'none' }>,
	proof: Bytes,
): boolean => verifyProof(seed, complexity, proof).ok;
