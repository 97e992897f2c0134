import { deleteDB, openDB } from 'idb';
import { err, ok, type Result } from '#lib/core/result.ts';
import type { StoreError } from './port.ts';
import { databaseName, migrations, schemaVersion, type Database } from './schema.ts';

const refuse = (code: StoreError['code'], detail: string) => err({ type: 'store', code, detail } as const);

/** Names what a DOMException of IndexedDB means to the person. */
export function storeError(error: unknown): StoreError {
	const name = error instanceof DOMException ? error.name : '';
	const detail = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
	if (name === 'QuotaExceededError') return { type: 'store', code: 'full', detail };
	if (name === 'VersionError') return { type: 'store', code: 'newer', detail };
	if (name === 'SecurityError' || name === 'UnknownError')
		return { type: 'store', code: 'unavailable', detail };
	return { type: 'store', code: 'failed', detail };
}

/**
 * Holds the one connection to the database and opens it again when the browser closed it (storage pressure, a
 * newer version in another tab, WebKit's lost connections).
 */
export class DatabaseHandle {
	#open: Promise<Database> | undefined;

	#connect(): Promise<Database> {
		const forget = () => (this.#open = undefined);
		this.#open ??= openDB(databaseName, schemaVersion, {
			upgrade(database, from) {
				for (const migrate of migrations.slice(from)) migrate(database as unknown as Database);
			},
			// Another tab wants a newer version: step aside, the next access reopens or says "newer".
			blocking(_current, _blocked, event) {
				forget();
				(event.target as IDBDatabase).close();
			},
			terminated: forget,
		}) as unknown as Promise<Database>;
		this.#open.catch(forget);
		return this.#open;
	}

	/** Runs `work` on an open database, once more after a reopen when the connection turned out to be closed. */
	async use<T>(work: (database: Database) => Promise<T>): Promise<Result<T, StoreError>> {
		for (let attempt = 0; ; attempt++) {
			try {
				return ok(await work(await this.#connect()));
			} catch (error) {
				const closed = error instanceof DOMException && error.name === 'InvalidStateError';
				if (!closed || attempt > 0) return err(storeError(error));
				this.#open = undefined;
			}
		}
	}

	async close(): Promise<void> {
		const open = this.#open;
		this.#open = undefined;
		if (open) (await open).close();
	}

	async erase(): Promise<Result<null, StoreError>> {
		try {
			await this.close();
			// Resolves only after every other tab let go of the database.
			await deleteDB(databaseName);
			return ok(null);
		} catch (error) {
			return refuse('failed', String(error));
		}
	}
}
