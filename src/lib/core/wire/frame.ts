import type { Bytes } from '../brand.ts';
import { err, type Result } from '../result.ts';
import { Writer } from './cursor.ts';
import type { WireError } from './error.ts';
import { decodeRecord, writeRecord, type RecordType, type ValueOf } from './record.ts';

/** A record that travels alone in one data-channel message, after a version and a type byte. */
export interface FrameType<Name extends string, M, O> {
	readonly type: number;
	readonly name: Name;
	readonly record: RecordType<M, O>;
}

export function frame<const Name extends string, M, O>(
	type: number,
	name: Name,
	body: RecordType<M, O>,
): FrameType<Name, M, O> {
	return { type, name, record: body };
}

type AnyFrameType = {
	readonly type: number;
	readonly name: string;
	readonly record: RecordType<unknown, unknown>;
};

/** `{ kind: 'Ping', seq: 1 }`: the frame's name and its fields. */
export type FrameOf<T> = T extends { readonly name: infer Name; readonly record: infer R }
	? { readonly kind: Name } & ValueOf<R>
	: never;

export interface FrameTable<F> {
	encode(frame: F): Bytes;
	/** Refuses anything over `maxFrame` before looking inside. */
	decode(bytes: Uint8Array): Result<F, WireError>;
	/** Type byte of a frame without decoding it; undefined when it is not of this table. */
	typeOf(bytes: Uint8Array): string | undefined;
}

/** Builds the codec of a set of frames: [version u8][type u8][record]. */
export function frameTable<const Types extends readonly AnyFrameType[]>(
	version: number,
	maxFrame: number,
	types: Types,
): FrameTable<FrameOf<Types[number]>> {
	type F = FrameOf<Types[number]>;
	const byType = new Map(types.map((entry) => [entry.type, entry]));
	const byName = new Map(types.map((entry) => [entry.name, entry]));
	const refuse = (code: WireError['code'], detail: string) =>
		err({ type: 'wire', code, where: 'frame', detail } as const);

	return {
		encode(value) {
			const { kind } = value as { kind: string };
			const type = byName.get(kind);
			if (!type) throw new Error(`no frame named ${kind}`);
			const writer = new Writer();
			writer.u8(version);
			writer.u8(type.type);
			writeRecord(type.record, writer, value as never);
			const bytes = writer.done();
			if (bytes.length > maxFrame) throw new Error(`${kind} of ${bytes.length} bytes is over ${maxFrame}`);
			return bytes;
		},
		decode(bytes) {
			if (bytes.length > maxFrame) return refuse('too-long', `${bytes.length} bytes, at most ${maxFrame}`);
			if (bytes.length < 2) return refuse('truncated', 'no header');
			if (bytes[0] !== version) return refuse('unsupported-version', `version ${bytes[0] ?? 0}`);
			const type = byType.get(bytes[1] ?? 0);
			if (!type) return refuse('unknown-type', `type ${bytes[1] ?? 0}`);
			const body = decodeRecord(type.record, bytes.subarray(2), { kind: type.name });
			return body as Result<F, WireError>;
		},
		typeOf: (bytes) => (bytes[0] === version ? byType.get(bytes[1] ?? 0)?.name : undefined),
	};
}
