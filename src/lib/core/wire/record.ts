import type { Bytes } from '../brand.ts';
import { err, ok, type Result } from '../result.ts';
import { Reader, Writer } from './cursor.ts';
import { WireFault, type WireError } from './error.ts';
import type { Field } from './field.ts';

/** An optional field: `tag` odd = a reader that does not know it skips it, even = such a reader refuses. */
export interface OptionalField<T> {
	readonly tag: number;
	readonly field: Field<T>;
}

export const optional = <T>(tag: number, field: Field<T>): OptionalField<T> => ({ tag, field });

type Mandatory = Readonly<Record<string, Field<never>>>;
type Optional = Readonly<Record<string, OptionalField<never>>>;
type Of<F> = F extends { read(reader: Reader): infer T } ? T : never;
type OfOptional<F> = F extends { readonly field: infer Inner } ? Of<Inner> : never;

/** The value described by a record: mandatory properties, then optional ones. */
export type ValueOf<R> =
	R extends RecordType<infer M, infer O>
		? { readonly [K in keyof M]: Of<M[K]> } & { readonly [K in keyof O]?: OfOptional<O[K]> }
		: never;

/**
 * Layout: mandatory fields in the declared order, then for each optional field present, in ascending tag:
 * tag u8, length u16, value. The encoding of a value is unique, so it can be hashed and signed.
 */
export interface RecordType<M, O> {
	readonly name: string;
	readonly doc: string;
	readonly mandatory: M;
	readonly optional: O;
}

export function record<
	const M extends { readonly [K in keyof M]: Field<unknown> | Field<never> },
	const O extends { readonly [K in keyof O]: OptionalField<never> | OptionalField<unknown> } = Record<
		never,
		never
	>,
>(name: string, doc: string, mandatory: M, optionalFields?: O): RecordType<M, O> {
	return { name, doc, mandatory, optional: optionalFields ?? ({} as O) };
}

/** Writes a value after whatever `writer` already holds. Throws on a value of ours that is not encodable: a bug. */
export function writeRecord<M, O>(
	type: RecordType<M, O>,
	writer: Writer,
	value: ValueOf<RecordType<M, O>>,
): void {
	const values = value as Readonly<Record<string, never>>;
	for (const [name, field] of Object.entries(type.mandatory as Mandatory)) {
		const item = values[name];
		if (item === undefined) throw new WireFault('bad-value', `${type.name}.${name} is missing`);
		field.write(writer, item);
	}
	const present = Object.entries(type.optional as Optional).filter(([name]) => values[name] !== undefined);
	present.sort(([, a], [, b]) => a.tag - b.tag);
	for (const [name, { tag, field }] of present) {
		const inner = new Writer();
		field.write(inner, values[name] as never);
		const body = inner.done();
		writer.u8(tag);
		writer.u16(body.length);
		writer.bytes(body);
	}
}

/** Reads to the end of `reader`; throws WireFault. */
function readRecord<M, O>(type: RecordType<M, O>, reader: Reader): ValueOf<RecordType<M, O>> {
	const value: Record<string, unknown> = {};
	for (const [name, field] of Object.entries(type.mandatory as Mandatory)) {
		value[name] = at(`${type.name}.${name}`, () => field.read(reader));
	}
	let last = -1;
	while (reader.left > 0) {
		const tag = reader.u8();
		if (tag <= last) throw new WireFault('fields-out-of-order', `field ${tag} after ${last}`);
		last = tag;
		const body = new Reader(reader.bytes(reader.u16()));
		const known = Object.entries(type.optional as Optional).find(([, entry]) => entry.tag === tag);
		if (!known) {
			if (tag % 2 === 0) throw new WireFault('unknown-mandatory-field', `field ${tag}`);
			continue;
		}
		value[known[0]] = at(`${type.name}.${known[0]}`, () => known[1].field.read(body));
		if (body.left > 0) throw new WireFault('trailing-bytes', `${body.left} bytes after field ${tag}`);
	}
	return value as ValueOf<RecordType<M, O>>;
}

function at<T>(where: string, read: () => T): T {
	try {
		return read();
	} catch (fault) {
		if (fault instanceof WireFault) throw new WireFault(fault.code, `${where}: ${fault.detail}`);
		throw fault;
	}
}

export function encodeRecord<M, O>(type: RecordType<M, O>, value: ValueOf<RecordType<M, O>>): Bytes {
	const writer = new Writer();
	writeRecord(type, writer, value);
	return writer.done();
}

/** Parses a whole byte string as one record. Never throws on bytes of an outsider. */
export function decodeRecord<M, O>(
	type: RecordType<M, O>,
	bytes: Uint8Array,
): Result<ValueOf<RecordType<M, O>>, WireError> {
	try {
		return ok(readRecord(type, new Reader(bytes)));
	} catch (fault) {
		if (!(fault instanceof WireFault)) throw fault;
		return err({ type: 'wire', code: fault.code, where: type.name, detail: fault.detail });
	}
}
