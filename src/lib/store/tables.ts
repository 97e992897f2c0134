import { err, type Result } from '#lib/core/result.ts';
import type { StoreError } from './port.ts';

/**
 * Rows by table and key, kept by whatever can do so at once: memory, or a file of one process (network/store/). Rows
 * are copied on their way in; what comes out is only for reading.
 */
export interface Tables {
	get(table: string, key: string): unknown;
	has(table: string, key: string): boolean;
	/** In the order in which the keys were first put. */
	entries(table: string): readonly (readonly [key: string, row: unknown])[];
	put(table: string, key: string, row: unknown): void;
	delete(table: string, key: string): void;
	clear(table: string): void;
	/** Everything that `work` changes is durable when this returns, or, where it throws or gives an error, nothing is. */
	atomically<T, E>(work: () => Result<T, E>): Result<T, E | StoreError>;
	close(): void;
}

/** A write of a keeper that is none any more. */
export const fenced = err({ type: 'store', code: 'fenced', detail: 'another keeper took over' } as const);

/** A key of several parts as one text. */
export const keyText = (key: string | readonly (string | number)[]): string =>
	typeof key === 'string' ? key : key.join('\n');
