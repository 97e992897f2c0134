import { staleWhenRestored } from './schema.ts';

/** The row as it is restored: money that may have moved on since the backup is marked. */
export const restoredRow = (table: string, row: unknown, madeAt: number): unknown =>
	staleWhenRestored.includes(table) && typeof row === 'object' && row !== null
		? { ...row, restored: madeAt }
		: row;
