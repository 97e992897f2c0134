import { chmodSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { err, ok, type Result } from '#lib/core/result.ts';
import type { StoreError } from '#lib/store/port.ts';
import type { Tables } from '#lib/store/tables.ts';
import { decodeRow, encodeRow } from './row-codec.ts';

/** Codes of https://www.sqlite.org/rescode.html that a person can do something about. */
const sqliteBusy = 5;
const sqliteFull = 13;

/**
 * Tables in one SQLite file of a folder, for a peer that outlives its process. Every commit is on the disk when it
 * returns (`synchronous = FULL`), and one process at a time has the file.
 */
export function openSqliteTables(folder: string): Result<Tables, StoreError> {
	try {
		mkdirSync(folder, { recursive: true, mode: 0o700 });
		const file = join(folder, 'records.sqlite');
		const database = new DatabaseSync(file);
		// The keys of this peer are in it.
		chmodSync(file, 0o600);
		database.exec(`
			PRAGMA locking_mode = EXCLUSIVE;
			PRAGMA journal_mode = WAL;
			PRAGMA synchronous = FULL;
			CREATE TABLE IF NOT EXISTS rows (
				place INTEGER PRIMARY KEY,
				name TEXT NOT NULL,
				key TEXT NOT NULL,
				row BLOB NOT NULL,
				UNIQUE (name, key)
			) STRICT;
			BEGIN EXCLUSIVE; COMMIT;`);
		return ok(tablesOf(database));
	} catch (fault) {
		return err(storeError(fault, folder));
	}
}

function tablesOf(database: DatabaseSync): Tables {
	const select = database.prepare('SELECT row FROM rows WHERE name = ? AND key = ?');
	const selectAll = database.prepare('SELECT key, row FROM rows WHERE name = ? ORDER BY place');
	const upsert = database.prepare(
		'INSERT INTO rows (name, key, row) VALUES (?, ?, ?) ON CONFLICT (name, key) DO UPDATE SET row = excluded.row',
	);
	const remove = database.prepare('DELETE FROM rows WHERE name = ? AND key = ?');
	const removeAll = database.prepare('DELETE FROM rows WHERE name = ?');

	return {
		get(name, key) {
			const found = select.get(name, key);
			return found && decodeRow(found['row'] as Uint8Array);
		},
		has: (name, key) => select.get(name, key) !== undefined,
		entries: (name) =>
			selectAll.all(name).map(({ key, row }) => [String(key), decodeRow(row as Uint8Array)] as const),
		put: (name, key, row) => void upsert.run(name, key, encodeRow(row)),
		delete: (name, key) => void remove.run(name, key),
		clear: (name) => void removeAll.run(name),
		atomically(work) {
			try {
				database.exec('BEGIN IMMEDIATE');
			} catch (fault) {
				return err(storeError(fault));
			}
			try {
				const done = work();
				database.exec(done.ok ? 'COMMIT' : 'ROLLBACK');
				return done;
			} catch (fault) {
				if (database.isTransaction) database.exec('ROLLBACK');
				return err(storeError(fault));
			}
		},
		close: () => {
			database.close();
		},
	};
}

function storeError(fault: unknown, folder?: string): StoreError {
	const detail = fault instanceof Error ? fault.message : String(fault);
	const code = (fault as { errcode?: unknown }).errcode;
	if (code === sqliteFull) return { type: 'store', code: 'full', detail };
	if (code === sqliteBusy && folder !== undefined)
		return { type: 'store', code: 'unavailable', detail: `another process is using ${folder}` };
	return { type: 'store', code: 'failed', detail };
}
