import type { Bytes } from '#lib/core/brand.ts';
import { concat, utf8 } from '#lib/core/bytes.ts';
import { hkdf } from '#lib/core/crypto/hash.ts';
import { secretFrom, type SecretKey } from '#lib/core/crypto/schnorr.ts';
import { knownBytes } from './address.ts';
import type { Domain } from './typed-data.ts';

/**
 * Every key of a channel is derived from the person's 32-byte seed, so that it is sealed at rest with it, survives in
 * its backup, and signs the same bytes again after a crash.
 */
const derive = (seed: Bytes, salt: Bytes, info: string): SecretKey => secretFrom(hkdf(seed, salt, info, 48));

const place = ({ chainId, contract }: Domain, salt: bigint): Bytes =>
	concat(utf8(`${chainId}`), knownBytes(contract), utf8(`${salt}`));

/** Signs the rounds of one channel for its user (`userKey`). */
export const sessionKey = (seed: Bytes, domain: Domain, salt: bigint): SecretKey =>
	derive(seed, place(domain, salt), 'sweet/1/channel/session');

/** Calls the suggester about one channel: no two channels of a user look alike on the wire. */
export const callKey = (seed: Bytes, domain: Domain, salt: bigint): SecretKey =>
	derive(seed, place(domain, salt), 'sweet/1/channel/call');

export interface SuggesterKeys {
	/** Signs approvals, offers, rounds and closes (`suggesterKey`). */
	readonly sign: SecretKey;
	/** Answers calls; stands in the listing's endpoint. */
	readonly call: SecretKey;
}

export const suggesterKeys = (seed: Bytes): SuggesterKeys => ({
	sign: derive(seed, new Uint8Array(0), 'sweet/1/suggester/sign'),
	call: derive(seed, new Uint8Array(0), 'sweet/1/suggester/call'),
});

/** Of the built-in wallet: an account for play and test money. */
export const burnerKey = (seed: Bytes): SecretKey => derive(seed, new Uint8Array(0), 'sweet/1/burner');
