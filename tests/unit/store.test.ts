import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { IDBFactory, IDBKeyRange as FakeKeyRange } from 'fake-indexeddb';
import 'fake-indexeddb/auto';
import { beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import type { LedgerRecord, RecordWrite } from '#lib/gossip/records.ts';
import { createIndexedStore } from '#lib/store/indexed.ts';
import { createMemoryStore } from '#lib/store/memory.ts';
import type { RecordStore } from '#lib/store/port.ts';
import { newDeviceKey } from '#lib/wallet/vault/seal.ts';
import { createTableStore } from '#lib/store/table-store.ts';
import { databaseName, migrations, schemaVersion } from '#lib/store/schema.ts';
import { openSqliteTables } from '../../network/store/sqlite-tables.ts';

const id = (n: number, length = 32) => n.toString(16).padStart(2 * length, '0') as never;

const job = (n: number): RecordWrite => ({
	op: 'put',
	table: 'jobs',
	value: {
		msgId: id(n),
		core: new Uint8Array([1, 2]),
		signature: new Uint8Array(64),
		salt: new Uint8Array(16),
		status: 'open',
	},
});
const ledger = (self: number, peer: number): RecordWrite => ({
	op: 'put',
	table: 'ledger',
	value: {
		self: id(self),
		peer: id(peer),
		admitted: true,
		balance: -1.5,
		balanceAt: 1,
		creditLimit: 4,
		factor: 4,
		factorAt: 1,
		thanks: 1,
		misses: 0,
		carriedForMe: 2,
		carriedForThem: 3,
	} satisfies LedgerRecord,
});

async function value<T>(result: Promise<{ ok: true; value: T } | { ok: false; error: unknown }>): Promise<T> {
	const settled = await result;
	if (!settled.ok) throw new Error(JSON.stringify(settled.error));
	return settled.value;
}

beforeEach(() => {
	globalThis.indexedDB = new IDBFactory();
	globalThis.IDBKeyRange = FakeKeyRange;
});

function newFolder(): string {
	const folder = mkdtempSync(join(tmpdir(), 'sweet-store-'));
	onTestFinished(() => {
		rmSync(folder, { recursive: true });
	});
	return folder;
}

function openSqlite(folder = newFolder()): RecordStore {
	const tables = openSqliteTables(folder);
	if (!tables.ok) throw new Error(tables.error.detail);
	return createTableStore(tables.value);
}

const stores: readonly (readonly [string, () => RecordStore])[] = [
	['IndexedDB', createIndexedStore],
	['memory', createMemoryStore],
	['SQLite', openSqlite],
];

describe('records in a SQLite file', () => {
	it('outlive their process, with the key of the device', async () => {
		const folder = newFolder();
		const first = openSqlite(folder);
		const { epoch } = await value(first.takeOver());
		await value(first.commit([ledger(1, 2)], epoch));
		const key = await newDeviceKey(true);
		await value(first.commitVault([{ op: 'put', value: { name: 'device', key } as never }], epoch));
		first.close();

		const second = openSqlite(folder);
		const { records } = await value(second.loadTab(id(1)));
		expect(records.ledger).toMatchObject([{ peer: id(2), balance: -1.5 }]);
		const [row] = (await value(second.loadVault())).rows as readonly { readonly key: CryptoKey }[];
		if (!row) throw new Error('no row');
		expect(await crypto.subtle.exportKey('raw', row.key)).toEqual(await crypto.subtle.exportKey('raw', key));
		second.close();
	});

	it("are one process's at a time", () => {
		const folder = newFolder();
		const first = openSqlite(folder);
		expect(openSqliteTables(folder)).toMatchObject({ ok: false, error: { code: 'unavailable' } });
		first.close();
		openSqlite(folder).close();
	});
});

describe.each(stores)('the store on %s', (_name, open) => {
	it('keeps sealed rows for the keeper only', async () => {
		const store = open();
		const old = (await value(store.takeOver())).epoch;
		const row = { name: 'a', sealed: new Uint8Array([1]) };
		await value(store.commitVault([{ op: 'put', value: row }], old));
		const current = (await value(store.takeOver())).epoch;
		expect(await store.commitVault([{ op: 'delete', name: 'a' }], old)).toMatchObject({
			error: { code: 'fenced' },
		});
		expect((await value(store.loadVault())).rows).toEqual([row]);
		await value(store.commitVault([{ op: 'delete', name: 'a' }], current));
		expect((await value(store.loadVault())).rows).toEqual([]);
	});

	it('restores a backup wholly, beside or instead of what is here, and ends the epoch', async () => {
		const store = open();
		const { epoch } = await value(store.takeOver());
		await value(store.commit([job(1), job(2), ledger(1, 2)], epoch));
		await value(store.saveSettings({ name: 'before' }));
		const backup = await store.backup();
		const dump = await value(backup.dump());
		expect(Object.values(dump.tables).flat()).toHaveLength(2);
		await value(store.commit([{ op: 'delete', table: 'jobs', key: id(1) }, job(3)], epoch));
		await value(store.saveSettings({ name: 'after' }));

		const sealed = { name: 'root', version: 1 };
		const restoring = { ...dump, settings: undefined, vault: [sealed], madeAt: 5, clear: false };
		expect(await backup.restore(restoring, epoch - 1)).toMatchObject({ error: { code: 'fenced' } });
		expect(await value(backup.restore(restoring, epoch))).toEqual({ added: 1, kept: 1 });
		expect(await store.commit([job(4)], epoch)).toMatchObject({ error: { code: 'fenced' } });
		const merged = await value(store.takeOver());
		expect(merged.records.jobs.map(({ msgId }) => msgId).sort()).toEqual([id(1), id(2), id(3)]);
		expect(await value(store.loadSettings())).toEqual({ name: 'after' });
		expect((await value(store.loadVault())).rows).toEqual([sealed]);

		const instead = { ...restoring, settings: dump.settings, clear: true };
		expect(await value(backup.restore(instead, merged.epoch))).toEqual({ added: 2, kept: 0 });
		expect((await value(store.takeOver())).records.jobs.map(({ msgId }) => msgId).sort()).toEqual([
			id(1),
			id(2),
		]);
		expect(await value(store.loadSettings())).toEqual({ name: 'before' });
	});

	it('gives back what it was given, records of a tab to that tab only', async () => {
		const store = open();
		const epoch = (await value(store.takeOver())).epoch;
		await value(store.commit([job(1), job(2), ledger(1, 2), ledger(3, 2)], epoch));
		await value(store.commit([{ op: 'delete', table: 'jobs', key: id(2) }], epoch));
		expect((await value(store.takeOver())).records.jobs.map((entry) => entry.msgId)).toEqual([id(1)]);
		expect(
			(await value(store.loadTab(id(1)))).records.ledger.map((entry) => [entry.self, entry.balance]),
		).toEqual([[id(1), -1.5]]);
	});

	it('refuses a deposed keeper and a follower the shared tables, wholly', async () => {
		const store = open();
		const old = (await value(store.takeOver())).epoch;
		const current = (await value(store.takeOver())).epoch;
		expect(await store.commit([ledger(1, 2), job(1)], old)).toMatchObject({
			ok: false,
			error: { code: 'fenced' },
		});
		expect(await store.commit([job(1)], undefined)).toMatchObject({ ok: false, error: { code: 'fenced' } });
		expect((await value(store.loadTab(id(1)))).records.ledger).toEqual([]);
		await value(store.commit([ledger(1, 2)], undefined));
		await value(store.commit([job(1)], current));
		expect((await value(store.takeOver())).records.jobs).toHaveLength(1);
	});

	it('leaves a damaged record aside and says which', async () => {
		const store = open();
		const epoch = (await value(store.takeOver())).epoch;
		const damaged = { ...(job(3) as { value: object }).value, signature: 'no bytes' } as never;
		await value(store.commit([job(1), { op: 'put', table: 'jobs', value: damaged }], epoch));
		const loaded = await value(store.takeOver());
		expect(loaded.records.jobs).toHaveLength(1);
		expect(loaded.damaged).toEqual([
			expect.objectContaining({ table: 'jobs', key: (id(3) as string).slice(0, 16) }),
		]);
	});

	it('forgets what closed tabs knew, and what tabs still need is kept', async () => {
		const store = open();
		const at = (self: number, balanceAt: number) => {
			const write = ledger(self, 2) as Extract<RecordWrite, { op: 'put'; table: 'ledger' }>;
			return { ...write, value: { ...write.value, balanceAt } };
		};
		await value(store.commit([at(1, 999), at(3, 1_000)], undefined));
		await value(store.sweepTabs(1_000));
		expect((await value(store.loadTab(id(1)))).records.ledger).toEqual([]);
		expect((await value(store.loadTab(id(3)))).records.ledger).toHaveLength(1);
	});

	it('forgets everything when erased', async () => {
		const store = open();
		const epoch = (await value(store.takeOver())).epoch;
		await value(store.commit([job(1)], epoch));
		await value(store.saveSettings({ name: 'x' }));
		await value(store.erase());
		expect((await value(store.takeOver())).records.jobs).toEqual([]);
		expect(await value(store.loadSettings())).toBeUndefined();
		expect(await value(store.loadVault())).toEqual({ rows: [], seed: undefined });
	});
});

describe('the store on IndexedDB', () => {
	it('finds the seed that an earlier version kept, and forgets it when told', async () => {
		const seed = new Uint8Array(32).fill(7);
		await new Promise((resolve) => {
			const request = indexedDB.open(databaseName, 1);
			request.onupgradeneeded = () => {
				migrations[0]?.(request.result as never);
				request.transaction?.objectStore('meta').put(seed, 'seed');
			};
			request.onsuccess = () => {
				request.result.close();
				resolve(undefined);
			};
		});
		const store = createIndexedStore();
		expect((await value(store.loadVault())).seed).toEqual(seed);
		await value(store.commitVault([{ op: 'forget-seed' }], (await value(store.takeOver())).epoch));
		expect((await value(store.loadVault())).seed).toBeUndefined();
	});

	it('restores none of a backup of which one row cannot be stored', async () => {
		const store = createIndexedStore();
		const { epoch } = await value(store.takeOver());
		await value(store.commit([job(1)], epoch));
		const backup = await store.backup();
		const tables = { jobs: [[id(2), { no: 'key' }] as const] };
		const restoring = { tables, settings: {}, vault: [], madeAt: 0, clear: true };
		expect(await backup.restore(restoring, epoch)).toMatchObject({ error: { code: 'failed' } });
		await value(store.commit([job(3)], epoch));
		expect((await value(store.takeOver())).records.jobs).toHaveLength(2);
	});

	it('keeps data over a close', async () => {
		const first = createIndexedStore();
		await value(first.commit([job(1)], (await value(first.takeOver())).epoch));
		first.close();
		expect((await value(createIndexedStore().takeOver())).records.jobs).toHaveLength(1);
	});

	it('writes with strict durability only', async () => {
		const transactions = vi.spyOn(IDBDatabase.prototype, 'transaction');
		onTestFinished(() => transactions.mockRestore());
		const store = createIndexedStore();
		const { epoch } = await value(store.takeOver());
		await value(store.commit([job(1)], epoch));
		await value(store.saveSettings({}));
		await value(store.commitVault([{ op: 'forget-seed' }], epoch));
		const backup = await store.backup();
		const dump = await value(backup.dump());
		await value(backup.restore({ ...dump, vault: [], madeAt: 0, clear: true }, epoch));
		const asked = transactions.mock.calls
			.filter(([, mode]) => mode === 'readwrite')
			.map(([, , options]) => options?.durability);
		expect(asked).toEqual(['strict', 'strict', 'strict', 'strict', 'strict']);
	});

	it('writes none of a batch of which one cannot be stored', async () => {
		const store = createIndexedStore();
		const epoch = (await value(store.takeOver())).epoch;
		const impossible = { op: 'put', table: 'jobs', value: { msgId: id(5), core: () => 1 } as never } as const;
		expect(await store.commit([job(1), impossible], epoch)).toMatchObject({
			ok: false,
			error: { code: 'failed' },
		});
		expect((await value(store.takeOver())).records.jobs).toEqual([]);
	});

	it('says so when a newer version of the app wrote the data', async () => {
		await new Promise((resolve) => {
			const request = indexedDB.open(databaseName, schemaVersion + 1);
			request.onsuccess = () => {
				request.result.close();
				resolve(undefined);
			};
		});
		expect(await createIndexedStore().loadSettings()).toMatchObject({ ok: false, error: { code: 'newer' } });
	});

	it('steps aside for a newer version in another tab', async () => {
		const store = createIndexedStore();
		await value(store.saveSettings({}));
		const upgraded = await new Promise<IDBDatabase>((resolve) => {
			const request = indexedDB.open(databaseName, schemaVersion + 1);
			request.onsuccess = () => resolve(request.result);
		});
		expect(upgraded.version).toBe(schemaVersion + 1);
		expect(await store.loadSettings()).toMatchObject({ ok: false, error: { code: 'newer' } });
	});

	it('opens again when the browser closed the connection', async () => {
		const store = createIndexedStore();
		await value(store.saveSettings({ name: 'x' }));
		const transactions = vi.spyOn(IDBDatabase.prototype, 'transaction');
		onTestFinished(() => transactions.mockRestore());
		transactions.mockImplementationOnce(() => {
			throw new DOMException('The database connection is closing', 'InvalidStateError');
		});
		expect((await value(store.takeOver())).epoch).toBe(1);
	});
});
