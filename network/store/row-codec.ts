import { createSecretKey, KeyObject } from 'node:crypto';
import { deserialize, serialize } from 'node:v8';

/**
 * Rows as bytes: what a structured clone can carry, and keys. A browser stores a key without showing it to anyone;
 * here its bytes are written down, so whoever can read the file has the keys.
 */
const usages = ['encrypt', 'decrypt'] as const;

interface WrittenKey {
	readonly $key: Uint8Array;
}

export const encodeRow = (row: unknown): Uint8Array => serialize(replaceKeys(row));

export const decodeRow = (bytes: Uint8Array): unknown => restoreKeys(deserialize(bytes));

function replaceKeys(value: unknown): unknown {
	if (value instanceof CryptoKey)
		return { $key: new Uint8Array(KeyObject.from(value).export()) } satisfies WrittenKey;
	return throughout(value, replaceKeys);
}

function restoreKeys(value: unknown): unknown {
	if (isWrittenKey(value))
		return createSecretKey(value.$key).toCryptoKey({ name: 'AES-GCM' }, true, [...usages]);
	return throughout(value, restoreKeys);
}

const isWrittenKey = (value: unknown): value is WrittenKey =>
	typeof value === 'object' && value !== null && '$key' in value && value.$key instanceof Uint8Array;

function throughout(value: unknown, each: (part: unknown) => unknown): unknown {
	if (Array.isArray(value)) return value.map(each);
	if (typeof value !== 'object' || value === null || Object.getPrototypeOf(value) !== Object.prototype)
		return value;
	return Object.fromEntries(Object.entries(value).map(([name, part]) => [name, each(part)]));
}
