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

type Of<F> = F extends { read(reader: Reader): infer T } ? T : never;
type OfOptional<F> = F extends { readonly field: infer Inner } ? Of<Inner> : never;

/** The value described by a record: mandatory properties, then optional ones. */
export type ValueOf<R> =
	R extends RecordType<infer M, infer O>
		? { readonly [K in keyof M]: Of<M[K]> } & { readonly [K in keyof O]?: OfOptional<O[K]> }
		: never;

/** One field with its name; `where` is how errors call it. */
interface Entry {
	readonly name: string;
	readonly where: string;
	readonly tag: number;
	readonly field: Field<unknown>;
}

/**
 * Layout: mandatory fields in the declared order, then for each optional field present, in ascending tag:
 * tag u8, length u16, value. The encoding of a value is unique, so it can be hashed and signed.
 */
export interface RecordType<M, O> {
	readonly name: string;
	readonly doc: string;
	readonly mandatory: M;
	readonly optional: O;
	/** The same fields as lists in wire order, computed once: encoding and decoding are the hot path. */
	readonly layout: { readonly mandatory: readonly Entry[]; readonly optional: readonly Entry[] };
}

type MandatoryFields = Readonly<Record<string, Field<unknown>>>;
type OptionalFields = Readonly<Record<string, OptionalField<unknown>>>;

export function record<const M extends MandatoryFields>(
	name: string,
	doc: string,
	mandatory: M,
): RecordType<M, object>;
export function record<const M extends MandatoryFields, const O extends OptionalFields>(
	name: string,
	doc: string,
	mandatory: M,
	optionalFields: O,
): RecordType<M, O>;
export function record(
	name: string,
	doc: string,
	mandatory: MandatoryFields,
	optionalFields: OptionalFields = {},
): RecordType<unknown, unknown> {
	const entry = (field: string, tag: number, codec: Field<unknown>): Entry => ({
		name: field,
		where: `${name}.${field}`,
		tag,
		field: codec,
	});
	const layout = {
		mandatory: Object.entries(mandatory).map(([field, codec]) => entry(field, -1, codec)),
		optional: Object.entries(optionalFields)
			.map(([field, { tag, field: codec }]) => entry(field, tag, codec))
			.sort((a, b) => a.tag - b.tag),
	};
	return { name, doc, mandatory, optional: optionalFields, layout };
}

/** Writes a value after whatever `writer` already holds. Throws on a value of ours that is not encodable: a bug. */
export function writeRecord<M, O>(
	type: RecordType<M, O>,
	writer: Writer,
	value: ValueOf<RecordType<M, O>>,
): void {
	const values: Readonly<Record<string, unknown>> = value;
	for (const { name, where, field } of type.layout.mandatory) {
		const item = values[name];
		if (item === undefined) throw new WireFault('bad-value', `${where} is missing`);
		field.write(writer, item);
	}
	for (const { name, tag, field } of type.layout.optional) {
		const item = values[name];
		if (item === undefined) continue;
		writer.u8(tag);
		writer.sized(() => field.write(writer, item));
	}
}

/** Reads to the end of `reader` into `value`; throws WireFault. */
function readRecord<M, O>(type: RecordType<M, O>, reader: Reader, value: Record<string, unknown>): void {
	let where = type.name;
	try {
		for (const entry of type.layout.mandatory) {
			where = entry.where;
			value[entry.name] = entry.field.read(reader);
		}
		let last = -1;
		while (reader.left > 0) {
			where = type.name;
			const tag = reader.u8();
			if (tag <= last) throw new WireFault('fields-out-of-order', `field ${tag} after ${last}`);
			last = tag;
			const body = new Reader(reader.bytes(reader.u16()));
			const entry = type.layout.optional.find((known) => known.tag === tag);
			if (entry) {
				where = entry.where;
				value[entry.name] = entry.field.read(body);
				if (body.left > 0) throw new WireFault('trailing-bytes', `${body.left} bytes after field ${tag}`);
			} else if (tag % 2 === 0) throw new WireFault('unknown-mandatory-field', `field ${tag}`);
		}
	} catch (fault) {
		if (fault instanceof WireFault) fault.where = where;
		throw fault;
	}
}

export function encodeRecord<M, O>(type: RecordType<M, O>, value: ValueOf<RecordType<M, O>>): Bytes {
	const writer = new Writer();
	writeRecord(type, writer, value);
	return writer.done();
}

/**
 * Parses a whole byte string as one record. Never throws on bytes of an outsider.
 *
 * @param extra properties the value gets besides its fields.
 */
export function decodeRecord<M, O, E extends object = object>(
	type: RecordType<M, O>,
	bytes: Uint8Array,
	extra?: E,
): Result<ValueOf<RecordType<M, O>> & E, WireError> {
	const value: Record<string, unknown> = { ...extra };
	try {
		readRecord(type, new Reader(bytes), value);
		return ok(value as ValueOf<RecordType<M, O>> & E);
	} catch (fault) {
		if (!(fault instanceof WireFault)) throw fault;
		return err({ type: 'wire', code: fault.code, where: fault.where, detail: fault.detail });
	}
}
