import { readFileSync } from 'node:fs';
import * as ldk from 'lightningdevkit';

// LDK's types are usable only once its WebAssembly is loaded, and it can be loaded only once a process: whoever
// imports this file has it.
await ldk.initializeWasmFromBinary(
	readFileSync(new URL(import.meta.resolve('lightningdevkit/liblightningjs.wasm'))),
);

/** A class of LDK's bindings: enough to recognise its instances and to know their type. */
interface Kind<T> {
	readonly prototype: T;
}

const isKind = <T extends object>(value: object, kind: Kind<T>): value is T =>
	Object.prototype.isPrototypeOf.call(kind.prototype, value);

/** The value inside one of LDK's results, given the class of its good case; throws what went wrong otherwise. */
export function unwrap<T>(result: object, okay: Kind<{ res: T }>, what: string): T {
	if (isKind(result, okay)) return result.res;
	throw failure(result, what);
}

/** Throws what went wrong. */
export function must(result: { is_ok(): boolean }, what: string): void {
	if (!result.is_ok()) throw failure(result, what);
}

function failure(result: object, what: string): Error {
	const { err } = result as { err?: object };
	return new Error(`${what}: ${err?.constructor.name ?? 'failed'}`);
}

/** The value inside one of LDK's options, given the class of its full case. */
export const some = <T>(option: object, full: Kind<{ some: T }>): T | undefined =>
	isKind(option, full) ? option.some : undefined;
