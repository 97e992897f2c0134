import type { Bytes, Hex } from '../brand.ts';
import { fromHex, fromUtf8, toHex, utf8 } from '../bytes.ts';
import type { Reader, Writer } from './cursor.ts';
import { WireFault } from './error.ts';

/** How one value stands on the wire; `doc` is what the protocol table prints. */
export interface Field<T> {
	readonly doc: string;
	/** Throws WireFault when the value may not stand here. */
	read(reader: Reader): T;
	/** Throws WireFault on a value that a reader would refuse: what is sent is always acceptable. */
	write(writer: Writer, value: T): void;
}

function checked(
	doc: string,
	max: number,
	read: (r: Reader) => number,
	write: (w: Writer, v: number) => void,
): Field<number> {
	return {
		doc,
		read,
		write(writer, value) {
			if (!Number.isInteger(value) || value < 0 || value > max)
				throw new WireFault('bad-value', `${value} is not ${doc}`);
			write(writer, value);
		},
	};
}

export const u8 = checked(
	'u8',
	0xff,
	(r) => r.u8(),
	(w, v) => w.u8(v),
);
export const u16 = checked(
	'u16',
	0xffff,
	(r) => r.u16(),
	(w, v) => w.u16(v),
);
export const u32 = checked(
	'u32',
	0xffff_ffff,
	(r) => r.u32(),
	(w, v) => w.u32(v),
);
export const u64 = checked(
	'u64, at most 2^53-1',
	Number.MAX_SAFE_INTEGER,
	(r) => r.u64(),
	(w, v) => w.u64(v),
);

/** A narrower integer: refuses values outside [min, max]. */
export function between(field: Field<number>, min: number, max: number): Field<number> {
	const check = (value: number): number => {
		if (value < min || value > max) throw new WireFault('bad-value', `${value} is outside ${min}..${max}`);
		return value;
	};
	return {
		doc: `${field.doc}, ${min}..${max}`,
		read: (reader) => check(field.read(reader)),
		write: (writer, value) => field.write(writer, check(value)),
	};
}

/** Exactly `length` bytes, held as hex: ids and keys, which serve as Map keys. */
export function hex<T extends Hex = Hex>(length: number): Field<T> {
	return {
		doc: `${length} B`,
		read: (reader) => toHex(reader.bytes(length)) as T,
		write(writer, value) {
			const bytes = fromHex(value, length);
			if (!bytes) throw new WireFault('bad-value', `not ${length} bytes of hex`);
			writer.bytes(bytes);
		},
	};
}

/** Exactly `length` raw bytes. */
export function bytes(length: number): Field<Bytes> {
	return {
		doc: `${length} B`,
		read: (reader) => reader.bytes(length),
		write(writer, value) {
			if (value.length !== length) throw new WireFault('bad-value', `${value.length} bytes, not ${length}`);
			writer.bytes(value);
		},
	};
}

/** u16 length, then at most `max` bytes. The limit is checked before anything is copied. */
export function varBytes(max: number, min = 0): Field<Bytes> {
	const check = (length: number): number => {
		if (length < min || length > max)
			throw new WireFault('bad-value', `length ${length} is outside ${min}..${max}`);
		return length;
	};
	return {
		doc: `u16 length ${min}..${max}, bytes`,
		read: (reader) => reader.bytes(check(reader.u16())),
		write(writer, value) {
			writer.u16(check(value.length));
			writer.bytes(value);
		},
	};
}

/** Well-formed UTF-8 of at most `max` bytes, checked by `accept`. */
export function text<T extends string = string>(
	max: number,
	accept: (text: string) => boolean = () => true,
	name = 'UTF-8',
): Field<T> {
	const raw = varBytes(max);
	return {
		doc: `u16 length 0..${max}, ${name}`,
		read(reader) {
			const value = fromUtf8(raw.read(reader));
			if (value === undefined || !accept(value)) throw new WireFault('bad-value', `not ${name}`);
			return value as T;
		},
		write(writer, value) {
			if (!value.isWellFormed() || !accept(value)) throw new WireFault('bad-value', `not ${name}`);
			raw.write(writer, utf8(value));
		},
	};
}

/** u8 count, then at most `max` items. */
export function list<T>(item: Field<T>, max: number): Field<readonly T[]> {
	return {
		doc: `u8 count 0..${max}, each: ${item.doc}`,
		read(reader) {
			const count = reader.u8();
			if (count > max) throw new WireFault('bad-value', `${count} items, at most ${max}`);
			return Array.from({ length: count }, () => item.read(reader));
		},
		write(writer, value) {
			if (value.length > max) throw new WireFault('bad-value', `${value.length} items, at most ${max}`);
			writer.u8(value.length);
			for (const entry of value) item.write(writer, entry);
		},
	};
}

/** One of a few numbered choices, held as its name. */
export function choice<const Names extends Record<string, number>>(
	names: Names,
): Field<keyof Names & string> {
	const entries = Object.entries(names);
	const toNumber = new Map(entries);
	const toName = new Map(entries.map(([name, number]) => [number, name]));
	return {
		doc: `u8: ${entries.map(([name, number]) => `${number} ${name}`).join(', ')}`,
		read(reader) {
			const name = toName.get(reader.u8());
			if (name === undefined) throw new WireFault('bad-value', 'unknown choice');
			return name;
		},
		write(writer, value) {
			const number = toNumber.get(value);
			if (number === undefined) throw new WireFault('bad-value', `unknown choice ${value}`);
			writer.u8(number);
		},
	};
}
