import { base64 } from '@scure/base';
import { err, ok, type Result } from '#lib/core/result.ts';

/**
 * JSON for records: bytes are `{"$bytes": base64}`, big integers `{"$bigint": decimal}`, and an object with a key of
 * its own that begins with `$` is `{"$object": {...}}`. Anything else that JSON cannot say is refused, never dropped.
 */

/** Levels of arrays and objects: what is kept has at most half as many. */
const deepest = 32;

class Unspeakable extends Error {}

function toPlain(value: unknown, depth: number): unknown {
	if (depth > deepest) throw new Unspeakable('too deep');
	if (value === null || typeof value === 'string' || typeof value === 'boolean') return value;
	if (typeof value === 'number' && Number.isFinite(value)) return value;
	if (typeof value === 'bigint') return { $bigint: value.toString() };
	if (value instanceof Uint8Array) return { $bytes: base64.encode(value) };
	if (Array.isArray(value)) return value.map((item) => toPlain(item, depth + 1));
	if (typeof value === 'object' && Object.getPrototypeOf(value) === Object.prototype) {
		const entries = Object.entries(value).filter(([, item]) => item !== undefined);
		const plain = Object.fromEntries(entries.map(([key, item]) => [key, toPlain(item, depth + 1)]));
		return entries.some(([key]) => key.startsWith('$')) ? { $object: plain } : plain;
	}
	throw new Unspeakable(Object.prototype.toString.call(value));
}

function fromPlain(value: unknown, depth: number): unknown {
	if (depth > 2 * deepest) throw new Unspeakable('too deep');
	if (Array.isArray(value)) return value.map((item) => fromPlain(item, depth + 1));
	if (typeof value !== 'object' || value === null) return value;
	const entries = Object.entries(value);
	const [first] = entries;
	if (first?.[0].startsWith('$')) {
		const [tag, inner] = first as [string, unknown];
		if (entries.length > 1) throw new Unspeakable(tag);
		if (tag === '$bytes' && typeof inner === 'string') return new Uint8Array(base64.decode(inner));
		if (tag === '$bigint' && typeof inner === 'string' && /^-?\d{1,400}$/.test(inner)) return BigInt(inner);
		if (tag === '$object' && typeof inner === 'object' && inner !== null) return fields(inner, depth);
		throw new Unspeakable(tag);
	}
	return fields(value, depth);
}

/** A key such as `__proto__` becomes a field like any other. */
const fields = (value: object, depth: number): unknown =>
	Object.fromEntries(Object.entries(value).map(([key, item]) => [key, fromPlain(item, depth + 1)]));

export function encodeRecords(value: unknown): Result<string, string> {
	try {
		return ok(JSON.stringify(toPlain(value, 0)));
	} catch (error) {
		if (error instanceof Unspeakable) return err(error.message);
		throw error;
	}
}

export function decodeRecords(text: string): Result<unknown, string> {
	try {
		return ok(fromPlain(JSON.parse(text), 0));
	} catch (error) {
		return err(error instanceof Error ? error.message : String(error));
	}
}
