import { describe, expect, it, vi } from 'vitest';
import type { Bytes } from '#lib/core/brand.ts';
import { toHex, utf8 } from '#lib/core/bytes.ts';
import { openKeys, type Keys } from '#lib/app/keys/keys.ts';
import type { KeysCommandName, KeysCommands } from '#lib/app/keys/protocol.ts';
import { createMemoryStore } from '#lib/store/memory.ts';
import type { RecordStore } from '#lib/store/port.ts';
import { decodeContent } from '#lib/wallet/backup/content.ts';
import { fileMax, openFile, sealFile } from '#lib/wallet/backup/file.ts';
import { decodeRecords, encodeRecords } from '#lib/wallet/backup/json.ts';
import type { Vault } from '#lib/wallet/vault/port.ts';

const cost = { memory: 19_456, iterations: 2, parallelism: 1 };
const passphrase = 'five plain words are enough';

/** One browser: its keeper's keys, opened anew each time. */
async function browser(store: RecordStore = createMemoryStore(), now = 1_000) {
	const taken = await store.takeOver();
	if (!taken.ok) throw new Error(taken.error.detail);
	const { epoch, records } = taken.value;
	const opened: { vault: Vault; seed: Bytes }[] = [];
	const said: string[] = [];
	const keys = await openKeys({
		store,
		epoch,
		clock: { now: () => now },
		origin: 'https://sweet.test',
		cost,
		onchange: () => undefined,
		onopen: (open) => opened.push(open),
		onrestart: (why) => said.push(why),
		onstorefailure: ({ code }) => said.push(code),
	});
	return { store, keys, epoch, records, opened, said, vault: opened[0]?.vault };
}

const job = (n: number) => ({
	op: 'put' as const,
	table: 'jobs' as const,
	value: {
		msgId: n.toString(16).padStart(64, '0') as never,
		core: new Uint8Array([1, 2, n]),
		signature: new Uint8Array(64),
		salt: new Uint8Array(16),
		status: 'open' as const,
	},
});

async function done<K extends KeysCommandName>(
	keys: Keys,
	name: K,
	args: KeysCommands[K]['args'],
): Promise<KeysCommands[K]['answer']> {
	const outcome = await keys.command(name, args);
	if (!outcome.ok) throw new Error(`${outcome.error.code}: ${outcome.error.detail}`);
	return outcome.value;
}

// A passphrase takes its time where other tests run beside.
vi.setConfig({ testTimeout: 30_000 });

describe('a backup', () => {
	it('brings records, settings and secrets to an empty browser', async () => {
		const old = await browser();
		await old.store.commit([job(1), job(2)], old.epoch);
		await old.store.saveSettings({ name: 'Ann' });
		await old.vault!.wrap('nwc/1', utf8('nostr+walletconnect://secret'), { context: 'wallet' });
		const { file } = await done(old.keys, 'makeBackup', { passphrase });
		expect(old.keys.view().backupAt).toBe(1_000);
		expect(await file.text()).not.toContain('walletconnect');

		const fresh = await browser(createMemoryStore(), 2_000);
		const preview = await done(fresh.keys, 'inspectBackup', { file, passphrase });
		expect(preview).toEqual({ madeAt: 1_000, inside: { jobs: 2 }, here: {}, secrets: 1, way: 'fill' });
		expect(await done(fresh.keys, 'restoreBackup', { file, passphrase, way: 'fill' })).toEqual({
			added: 2,
			kept: 0,
		});
		expect(fresh.said).toEqual(['restored']);
		// Whoever held the records before writes nothing more.
		expect(await fresh.store.commit([job(3)], fresh.epoch)).toMatchObject({ error: { code: 'fenced' } });

		const later = await browser(fresh.store);
		expect(later.records.jobs).toEqual(expect.arrayContaining([job(1).value, job(2).value]));
		expect(toHex(later.opened[0]!.seed)).toBe(toHex(old.opened[0]!.seed));
		expect(await later.vault!.unwrap('nwc/1', 'wallet')).toEqual({
			ok: true,
			value: utf8('nostr+walletconnect://secret'),
		});
		expect(await later.store.loadSettings()).toEqual({ ok: true, value: { name: 'Ann' } });
	});

	it('of the same person adds what is missing and changes nothing that is here', async () => {
		const old = await browser();
		await old.store.commit([job(1)], old.epoch);
		await old.vault!.wrap('nwc/1', utf8('old'));
		const { file } = await done(old.keys, 'makeBackup', { passphrase });
		const newer = { ...job(1), value: { ...job(1).value, status: 'done' as const } };
		await old.store.commit([newer, job(2)], old.epoch);
		await old.vault!.wrap('nwc/1', utf8('new'), { replace: true });
		await old.vault!.remove('nwc/2');
		expect(await done(old.keys, 'inspectBackup', { file, passphrase })).toMatchObject({ way: 'merge' });
		expect(await done(old.keys, 'restoreBackup', { file, passphrase, way: 'merge' })).toEqual({
			added: 0,
			kept: 1,
		});
		const later = await browser(old.store);
		expect(later.records.jobs.map(({ status }) => status).sort()).toEqual(['done', 'open']);
		expect(await later.vault!.unwrap('nwc/1')).toEqual({ ok: true, value: utf8('new') });
	});

	it('of another person replaces records only when that was agreed, and keeps the keys aside', async () => {
		const other = await browser();
		await other.store.commit([job(7)], other.epoch);
		const { file } = await done(other.keys, 'makeBackup', { passphrase });
		const mine = await browser();
		await mine.store.commit([job(1)], mine.epoch);
		expect(await mine.keys.command('restoreBackup', { file, passphrase, way: 'fill' })).toMatchObject({
			error: { code: 'backup-changed' },
		});
		expect((await done(mine.keys, 'inspectBackup', { file, passphrase })).way).toBe('replace');
		await done(mine.keys, 'restoreBackup', { file, passphrase, way: 'replace' });
		const later = await browser(mine.store);
		expect(later.records.jobs.map(({ core }) => core[2])).toEqual([7]);
		expect(later.opened[0]!.seed).toEqual(other.opened[0]!.seed);
		expect(await later.vault!.unwrap('replaced/1000/seed')).toEqual({
			ok: true,
			value: mine.opened[0]!.seed,
		});
	});

	it('keeps the protection of the browser it is restored in', async () => {
		const old = await browser();
		await done(old.keys, 'protectKeys', { protector: { way: 'passphrase', passphrase: 'the old phrase' } });
		const { file } = await done(old.keys, 'makeBackup', { passphrase });
		const fresh = await browser();
		const here = { way: 'passphrase', passphrase: 'the new phrase' } as const;
		await done(fresh.keys, 'protectKeys', { protector: here });
		await done(fresh.keys, 'restoreBackup', { file, passphrase, way: 'fill' });
		const later = await browser(fresh.store);
		expect(later.keys.view().state).toBe('locked');
		expect(later.keys.open()).toBe(false);
		await done(later.keys, 'unlockKeys', { key: here });
		expect(later.opened[0]!.seed).toEqual(old.opened[0]!.seed);
	});
});

describe('commands about keys', () => {
	it('ask for the key again before they show or change anything', async () => {
		const mine = await browser();
		const key = { way: 'passphrase', passphrase: 'the one phrase' } as const;
		const before = await done(mine.keys, 'showPhrase', {});
		await done(mine.keys, 'protectKeys', { protector: key });
		for (const current of [undefined, { ...key, passphrase: 'another phrase' }]) {
			const given = current ? { current } : {};
			expect(await mine.keys.command('showPhrase', given)).toMatchObject({ error: { code: 'wrong-key' } });
			const protector = { way: 'passphrase', passphrase: 'mine from now on' } as const;
			expect(await mine.keys.command('protectKeys', { protector, ...given })).toMatchObject({
				error: { code: 'wrong-key' },
			});
		}
		expect(await done(mine.keys, 'showPhrase', { current: key })).toEqual(before);
		await done(mine.keys, 'lockKeys', {});
		expect(mine.said).toEqual(['locked']);
		expect(await mine.keys.command('makeBackup', { passphrase })).toMatchObject({
			error: { code: 'locked' },
		});
	});

	it('take twelve words only where nothing hangs on the keys that are here', async () => {
		const mine = await browser();
		const { phrase, whole } = await done(mine.keys, 'showPhrase', {});
		expect(whole).toBe(true);
		const other = await browser();
		await other.store.commit([job(1)], other.epoch);
		expect(await other.keys.command('restorePhrase', { phrase })).toMatchObject({
			error: { code: 'keys-in-use' },
		});
		const connected = await browser();
		const wrapped = await connected.vault!.wrap('nwc/1', utf8('a connection'));
		expect(wrapped.ok).toBe(true);
		expect(await connected.keys.command('restorePhrase', { phrase })).toMatchObject({
			error: { code: 'keys-in-use' },
		});

		const fresh = await browser();
		await done(fresh.keys, 'restorePhrase', { phrase });
		expect(fresh.said).toEqual(['restored']);
		const later = await browser(fresh.store);
		expect(later.opened[0]!.seed).toEqual(mine.opened[0]!.seed);
		expect(await done(later.keys, 'showPhrase', {})).toEqual({ phrase, whole: true });
	});

	it('say that another tab took over, and that what is stored does not open', async () => {
		const store = createMemoryStore();
		const mine = await browser(store);
		await browser(store);
		const protector = { way: 'passphrase', passphrase } as const;
		expect(await mine.keys.command('protectKeys', { protector })).toMatchObject({
			error: { code: 'storage' },
		});
		expect(mine.said).toEqual(['fenced']);

		const last = await browser(store);
		await store.commitVault([{ op: 'put', value: { name: '#key', version: 1 } as never }], last.epoch);
		const damaged = await browser(store);
		expect(damaged.keys.view().state).toBe('damaged');
		expect(damaged.opened).toEqual([]);
		expect(await damaged.keys.command('showPhrase', {})).toMatchObject({ error: { code: 'keys-damaged' } });
	});
});

describe('a backup file from anywhere', () => {
	const sealed = sealFile('{}', passphrase, { madeAt: 5, cost });
	const changed = async (change: (file: Record<string, unknown>) => unknown): Promise<Blob> => {
		const file = JSON.parse(await (await sealed).text()) as Record<string, unknown>;
		return new Blob([JSON.stringify(change(file) ?? file)]);
	};

	it.each<[string, string, (file: Record<string, unknown>) => unknown]>([
		['another format', 'foreign', (file) => ({ ...file, format: 'other' })],
		['a list', 'foreign', () => []],
		['no version', 'foreign', (file) => ({ ...file, version: 'x' })],
		['a newer version', 'newer', (file) => ({ ...file, version: 2 })],
		['no time', 'damaged', (file) => ({ ...file, madeAt: -1 })],
		['another kdf', 'damaged', (file) => ({ ...file, kdf: { ...(file['kdf'] as object), name: 'scrypt' } })],
		[
			'4 GiB to open',
			'damaged',
			(file) => ({ ...file, kdf: { ...(file['kdf'] as object), memory: 4_194_304 } }),
		],
		[
			'days to open',
			'damaged',
			(file) => ({ ...file, kdf: { ...(file['kdf'] as object), iterations: 1e6 } }),
		],
		['a weak kdf', 'damaged', (file) => ({ ...file, kdf: { ...(file['kdf'] as object), memory: 8 } })],
		['a short salt', 'damaged', (file) => ({ ...file, kdf: { ...(file['kdf'] as object), salt: 'AAAA' } })],
		['no base64', 'damaged', (file) => ({ ...file, content: '***' })],
		['no content', 'damaged', (file) => ({ ...file, content: '' })],
		['another time', 'wrong-key', (file) => ({ ...file, madeAt: 6 })],
		[
			'another cost',
			'wrong-key',
			(file) => ({ ...file, kdf: { ...(file['kdf'] as object), iterations: 3 } }),
		],
	])('with %s is refused as %s', async (_what, code, change) => {
		expect(await openFile(await changed(change), passphrase)).toMatchObject({ error: { code } });
	});

	it('is refused when it is no JSON, or too big to be read at all', async () => {
		expect(await openFile(new Blob(['PK\u0003\u0004']), passphrase)).toMatchObject({
			error: { code: 'foreign' },
		});
		const huge = {
			size: fileMax + 1,
			arrayBuffer: () => Promise.reject(new Error('read')),
		} as unknown as Blob;
		expect(await openFile(huge, passphrase)).toMatchObject({ error: { code: 'too-big' } });
	});

	it('does not open once a bit of the content was changed', async () => {
		const file = await changed((json) => {
			const content = json['content'] as string;
			const other = content.startsWith('A') ? 'B' : 'A';
			return { ...json, content: other + content.slice(1) };
		});
		expect(await openFile(file, passphrase)).toMatchObject({ error: { code: 'wrong-key' } });
		expect(await openFile(await sealed, 'another passphrase')).toMatchObject({
			error: { code: 'wrong-key' },
		});
		expect(await openFile(await sealed, passphrase)).toEqual({
			ok: true,
			value: { content: '{}', madeAt: 5 },
		});
	});

	it.each([
		['no JSON', '{', 'damaged'],
		['no tables', '{"schema":1,"secrets":[]}', 'damaged'],
		['a table that is none', '{"schema":1,"tables":{"jobs":[[1]]},"secrets":[]}', 'damaged'],
		[
			'a secret without bytes',
			'{"schema":1,"tables":{},"secrets":[{"name":"a","context":"","bytes":1}]}',
			'damaged',
		],
		['a newer schema', '{"schema":9,"tables":{},"secrets":[]}', 'newer'],
	])('that opens but holds %s is refused', (_what, text, code) => {
		expect(decodeContent(text, 3)).toMatchObject({ error: { code } });
	});
});

describe('records as JSON', () => {
	it('come back as they were', () => {
		const value = {
			bytes: new Uint8Array([0, 255]),
			big: -5n,
			list: [1.5, null, true, 'x'],
			$bytes: 'not bytes',
			inner: { $object: { $bigint: '1' } },
		};
		const text = encodeRecords(value);
		expect(text.ok && decodeRecords(text.value)).toEqual({ ok: true, value });
	});

	it.each([[NaN], [new Date(0)], [new Map()], [() => 1], [Symbol('x')]])(
		'refuse what JSON cannot say: %s',
		(value) => {
			expect(encodeRecords({ value }).ok).toBe(false);
		},
	);

	it('refuse nesting without end and tags that are none, and keep prototypes clean', () => {
		expect(decodeRecords('['.repeat(500) + ']'.repeat(500)).ok).toBe(false);
		expect(decodeRecords('{"$bytes":"!"}').ok).toBe(false);
		expect(decodeRecords('{"$other":1}').ok).toBe(false);
		const polluted = decodeRecords('{"__proto__":{"polluted":1}}');
		expect(polluted.ok && Object.getPrototypeOf(polluted.value)).toBe(Object.prototype);
		expect(({} as { polluted?: number }).polluted).toBeUndefined();
	});
});
