import { walletError, type WalletError, type WalletErrorCode } from '../port.ts';
import { noAnswer } from './answer-text.ts';

/** NIP-47's codes, and what they mean here. */
const codes: Readonly<Record<string, WalletErrorCode>> = {
	RATE_LIMITED: 'rate-limited',
	NOT_IMPLEMENTED: 'not-implemented',
	INSUFFICIENT_BALANCE: 'insufficient-balance',
	QUOTA_EXCEEDED: 'quota-exceeded',
	RESTRICTED: 'restricted',
	UNAUTHORIZED: 'unauthorized',
	UNSUPPORTED_ENCRYPTION: 'unsupported-encryption',
	PAYMENT_FAILED: 'payment-failed',
	NOT_FOUND: 'not-found',
	INTERNAL: 'internal',
	OTHER: 'internal',
	[noAnswer]: 'malformed',
};

/** After these a payment certainly did not leave: the wallet refused before it tried. */
export const refusedBeforeTrying: ReadonlySet<WalletErrorCode> = new Set([
	'rate-limited',
	'not-implemented',
	'insufficient-balance',
	'quota-exceeded',
	'restricted',
	'unauthorized',
	'unsupported-encryption',
]);

/** The SDK's error classes; its errors' names say nothing. */
export interface SdkErrors {
	readonly Nip47WalletError: new (...args: never[]) => Error & { code: string };
	readonly Nip47ResponseDecodingError: new (...args: never[]) => Error;
	readonly Nip47ResponseValidationError: new (...args: never[]) => Error;
	readonly Nip47UnexpectedResponseError: new (...args: never[]) => Error;
	readonly Nip47UnsupportedEncryptionError: new (...args: never[]) => Error;
}

/**
 * What an error of the SDK means. Only a `Nip47WalletError` is the wallet's own word; all else is no answer.
 *
 * @param method what was asked: a refusal of something else, `other_method:CODE`, says nothing about it.
 */
export function walletErrorOf(error: unknown, method: string, sdk: SdkErrors): WalletError {
	const detail = (error instanceof Error ? error.message : String(error)).slice(0, 200);
	if (error instanceof sdk.Nip47WalletError) {
		const [, type, code = ''] = /^(?:([^:]*):)?(.*)$/s.exec(error.code) ?? [];
		if (type !== undefined && type !== method)
			return walletError('malformed', `an answer to ${type}`.slice(0, 200));
		return walletError(Object.hasOwn(codes, code) ? (codes[code] ?? 'internal') : 'internal', detail);
	}
	if (error instanceof sdk.Nip47UnsupportedEncryptionError)
		return walletError('unsupported-encryption', detail);
	if (
		error instanceof sdk.Nip47ResponseDecodingError ||
		error instanceof sdk.Nip47ResponseValidationError ||
		error instanceof sdk.Nip47UnexpectedResponseError
	)
		return walletError('malformed', detail);
	return walletError('unreachable', detail);
}
