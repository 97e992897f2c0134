import type { Bytes } from '#lib/core/brand.ts';
import { concat, utf8 } from '#lib/core/bytes.ts';
import { hex0x, keccak, type Word } from '../address.ts';

/**
 * Names one direct link by the DTLS fingerprints of its two ends, the caller's first. An `Init` signed for it is
 * worth nothing on any other link: somebody in the middle has other certificates.
 */
export const transportOf = (callerFingerprint: Bytes, calleeFingerprint: Bytes): Word =>
	hex0x(keccak(concat(utf8('sweet/1 channel link'), callerFingerprint, calleeFingerprint)));
