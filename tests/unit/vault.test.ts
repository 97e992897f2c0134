import { IDBFactory, IDBKeyRange as FakeKeyRange } from 'fake-indexeddb';
import 'fake-indexeddb/auto';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { Bytes } from '#lib/core/brand.ts';
import { utf8 } from '#lib/core/bytes.ts';
import { createIndexedStore } from '#lib/store/indexed.ts';
import { createMemoryStore } from '#lib/store/memory.ts';
import type { RecordStore } from '#lib/store/port.ts';
import type { Key, Protector, VaultStorage } from '#lib/wallet/vault/port.ts';
import { openVault, type PersonVault } from '#lib/wallet/vault/vault.ts';

/** The least that a stored record may ask: a passphrase takes milliseconds here. */
const cost = { memory: 19_456, iterations: 2, parallelism: 1 };
const filled = (value: number, length = 32): Bytes => new Uint8Array(length).fill(value);
const passphrase: Key & Protector = { way: 'passphrase', passphrase: 'correct horse battery' };
const passkey: Key & Protector = {
	way: 'passkey',
	credentialId: filled(1, 20),
	prf: filled(2),
	salt: filled(3),
	label: 'This phone',
};

async function value<T>(result: Promise<{ ok: true; value: T } | { ok: false; error: unknown }>): Promise<T> {
	const settled = await result;
	if (!settled.ok) throw new Error(JSON.stringify(settled.error));
	return settled.value;
}

async function storageOf(store: RecordStore): Promise<VaultStorage> {
	const { epoch } = await value(store.takeOver());
	return { load: () => store.loadVault(), commit: (writes) => store.commitVault(writes, epoch) };
}

async function open(store: RecordStore, origin = 'https://sweet.test'): Promise<PersonVault> {
	return value(openVault({ storage: await storageOf(store), now: () => 1_000, origin, cost }));
}

// A passphrase takes its time where other tests run beside.
vi.setConfig({ testTimeout: 30_000 });

beforeEach(() => {
	globalThis.indexedDB = new IDBFactory();
	globalThis.IDBKeyRange = FakeKeyRange;
});

describe.each([
	['IndexedDB', createIndexedStore],
	['memory', createMemoryStore],
] as const)('the vault on %s', (_name, create) => {
	it('gives back secrets after a reload, each under its context only', async () => {
		const store = create();
		const vault = await open(store);
		expect(vault.state()).toBe('unlocked-device');
		await value(vault.wrap('nwc/1', utf8('nostr+walletconnect://x'), { context: 'wallet' }));
		const later = await open(store);
		expect(await value(later.unwrap('nwc/1'))).toEqual(utf8('nostr+walletconnect://x'));
		expect(await later.unwrap('nwc/1', 'another')).toMatchObject({ error: { code: 'damaged' } });
		expect(await later.unwrap('nwc/2')).toMatchObject({ error: { code: 'missing' } });
		await value(later.remove('nwc/1'));
		expect(await (await open(store)).unwrap('nwc/1')).toMatchObject({ error: { code: 'missing' } });
	});

	it('never replaces a secret unasked', async () => {
		const vault = await open(create());
		await value(vault.wrap('channel/1', filled(5)));
		await value(vault.wrap('channel/1', filled(5)));
		expect(await vault.wrap('channel/1', filled(6))).toMatchObject({ error: { code: 'exists' } });
		expect(await value(vault.unwrap('channel/1'))).toEqual(filled(5));
		await value(vault.wrap('channel/1', filled(6), { replace: true }));
		expect(await value(vault.unwrap('channel/1'))).toEqual(filled(6));
		for (const own of ['root', 'seed', '#key', 'Nwc', ''])
			expect(await vault.wrap(own, filled(1))).toMatchObject({ error: { code: 'invalid' } });
		expect(await vault.remove('root')).toMatchObject({ error: { code: 'invalid' } });
	});

	it.each([
		['a passphrase', passphrase, { way: 'passphrase', passphrase: 'correct horse batterz' }],
		['a passkey', passkey, { ...passkey, prf: filled(9) }],
	] as const)('is opened by %s and by nothing else', async (_way, right, wrong) => {
		const store = create();
		const vault = await open(store);
		await value(vault.wrap('channel/1', filled(5)));
		const seed = await value(vault.seed());
		await value(vault.protect(right));
		expect(vault.state()).toBe('unlocked');

		const later = await open(store);
		expect(later.state()).toBe('locked');
		for (const refused of [later.unwrap('channel/1'), later.seed(), later.wrap('a', filled(1))])
			expect(await refused).toMatchObject({ error: { code: 'locked' } });
		expect(await later.phrase()).toMatchObject({ error: { code: 'locked' } });
		expect(await later.unlock(wrong)).toMatchObject({ error: { code: 'wrong-key' } });
		expect(later.state()).toBe('locked');
		await value(later.unlock(right));
		expect(await value(later.unwrap('channel/1'))).toEqual(filled(5));
		expect(await value(later.seed())).toEqual(seed);
		expect(later.lock().ok).toBe(true);
		expect(await later.unwrap('channel/1')).toMatchObject({ error: { code: 'locked' } });
	});

	it('opens either way with both, and by the device again after the last is removed', async () => {
		const store = create();
		const vault = await open(store);
		await value(vault.protect(passphrase));
		expect(await vault.protect(passkey)).toMatchObject({ error: { code: 'wrong-key' } });
		await value(vault.protect(passkey, passphrase));
		for (const key of [passphrase, passkey]) await value((await open(store)).unlock(key));
		const later = await open(store);
		await value(later.unlock(passkey));
		expect(later.ways().map(({ way }) => way)).toEqual(['passphrase', 'passkey']);
		await value(later.unprotect('passphrase', passkey));
		expect(await later.verify(passphrase)).toMatchObject({ error: { code: 'wrong-key' } });
		await value(later.unprotect({ credentialId: passkey.credentialId }, passkey));
		expect((await open(store)).state()).toBe('unlocked-device');
	});

	it('changes a passphrase without touching what is sealed', async () => {
		const store = create();
		const vault = await open(store);
		await value(vault.wrap('channel/1', filled(5)));
		await value(vault.protect(passphrase));
		const next: Protector = { way: 'passphrase', passphrase: 'another one entirely' };
		expect(await vault.protect(next, { way: 'passphrase', passphrase: 'wrong wrong' })).toMatchObject({
			error: { code: 'wrong-key' },
		});
		await value(vault.protect(next, passphrase));
		const later = await open(store);
		expect(await later.unlock(passphrase)).toMatchObject({ error: { code: 'wrong-key' } });
		await value(later.unlock(next));
		expect(await value(later.unwrap('channel/1'))).toEqual(filled(5));
	});

	it('refuses a passphrase that is too short, and to lock what nothing opens again', async () => {
		const vault = await open(create());
		expect(await vault.protect({ way: 'passphrase', passphrase: 'seven77' })).toMatchObject({
			error: { code: 'invalid' },
		});
		expect(vault.lock()).toMatchObject({ error: { code: 'invalid' } });
		expect(vault.state()).toBe('unlocked-device');
	});

	it('does not open rows that another origin wrote', async () => {
		const store = create();
		await open(store);
		const storage = await storageOf(store);
		expect(await openVault({ storage, now: () => 0, origin: 'https://evil.test', cost })).toMatchObject({
			error: { code: 'damaged' },
		});
	});

	it('writes nothing once another tab keeps the records', async () => {
		const store = create();
		const vault = await open(store);
		await open(store);
		for (const late of [vault.wrap('channel/1', filled(5)), vault.protect(passphrase)])
			expect(await late).toMatchObject({ error: { code: 'storage', storage: 'fenced' } });
		expect((await open(store)).state()).toBe('unlocked-device');
	});

	it('never takes a damaged record for an empty place', async () => {
		const store = create();
		const vault = await open(store);
		await value(vault.wrap('channel/1', filled(5)));
		const storage = await storageOf(store);
		await value(
			storage.commit([{ op: 'put', value: { name: 'channel/1', version: 1, sealed: 'x' } as never }]),
		);
		const later = await open(store);
		expect(later.damaged()).toEqual(['channel/1']);
		expect(await later.unwrap('channel/1')).toMatchObject({ error: { code: 'damaged' } });
		expect(await later.wrap('channel/1', filled(6))).toMatchObject({ error: { code: 'damaged' } });

		const between = await storageOf(store);
		await value(between.commit([{ op: 'put', value: { name: '#key', version: 1 } as never }]));
		const again = await storageOf(store);
		expect(await openVault({ storage: again, now: () => 0, origin: 'x', cost })).toMatchObject({
			error: { code: 'damaged' },
		});
		await value(again.commit([{ op: 'put', value: { name: '#key', version: 2 } as never }]));
		expect(await openVault({ storage: again, now: () => 0, origin: 'x', cost })).toMatchObject({
			error: { code: 'newer' },
		});
	});
});

describe('the recovery phrase', () => {
	const words = 'legal winner thank year wave sausage worth useful legal winner thank yellow';

	it('brings back the seed of all keys in another browser', async () => {
		const vault = await open(createMemoryStore());
		const { words: mine, whole } = await value(vault.phrase());
		expect(whole).toBe(true);
		const other = await open(createMemoryStore());
		expect(await value(other.seed())).not.toEqual(await value(vault.seed()));
		expect(await value(other.restorePhrase(`  ${mine.toUpperCase()}\n`))).toBe('changed');
		expect(await value(other.seed())).toEqual(await value(vault.seed()));
		expect(await value(other.phrase())).toEqual({ words: mine, whole: true });
	});

	it('gives the same seed in every version', async () => {
		const vault = await open(createMemoryStore());
		await value(vault.restorePhrase(words));
		// HKDF-SHA256 of 7f7f…7f (16 bytes), salt "sweet-gossip/keys/1", info "seed", by Node's own crypto.
		const { hkdfSync } = await import('node:crypto');
		const expected = hkdfSync('sha256', new Uint8Array(16).fill(0x7f), 'sweet-gossip/keys/1', 'seed', 32);
		expect(await value(vault.seed())).toEqual(new Uint8Array(expected));
	});

	it('does not pretend to bring back a seed that was made before', async () => {
		const vault = await open(createMemoryStore(filled(7)));
		expect(await value(vault.phrase())).toMatchObject({ whole: false });
		const { words: mine } = await value(vault.phrase());
		expect(await value(vault.restorePhrase(mine))).toBe('changed');
		expect(await value(vault.unwrap('replaced/1000/seed'))).toEqual(filled(7));
	});

	it('keeps what it replaces, and refuses words that are none', async () => {
		const vault = await open(createMemoryStore());
		const before = await value(vault.phrase());
		for (const wrong of ['', words.replace('yellow', 'winner'), words.split(' ').slice(1).join(' '), 'a b c'])
			expect(await vault.restorePhrase(wrong)).toMatchObject({ error: { code: 'invalid' } });
		expect(await value(vault.phrase())).toEqual(before);
		expect(await value(vault.restorePhrase(words))).toBe('changed');
		expect(await value(vault.restorePhrase(words))).toBe('same');
		expect(vault.names()).toEqual(['replaced/1000/root', 'replaced/1000/seed', 'root', 'seed']);
	});

	it('is twelve words, different in every vault', async () => {
		const phrases = await Promise.all(
			[1, 2].map(async () => value((await open(createMemoryStore())).phrase())),
		);
		expect(new Set(phrases.map((phrase) => phrase.words)).size).toBe(2);
		for (const phrase of phrases) expect(phrase.words.split(' ')).toHaveLength(12);
	});
});

describe('the seed that earlier versions kept unsealed', () => {
	const seed = filled(7);

	/** An old database, and a storage that fails at one of its calls, as if the browser died there. */
	async function old(dieAt: number) {
		const store = createMemoryStore(seed);
		const storage = await storageOf(store);
		let calls = 0;
		const alive = <T>(work: () => Promise<T>): Promise<T> =>
			calls++ < dieAt ? work() : Promise.reject(new Error('killed'));
		const dying: VaultStorage = {
			load: () => alive(() => storage.load()),
			commit: (writes) => alive(() => storage.commit(writes)),
		};
		return { store, dying };
	}

	it('is the same after the move, wherever a crash comes', async () => {
		for (let dieAt = 0; ; dieAt++) {
			const { store, dying } = await old(dieAt);
			const first = await openVault({
				storage: dying,
				now: () => 0,
				origin: 'https://sweet.test',
				cost,
			}).then(
				() => 'opened',
				() => 'died',
			);
			const vault = await open(store);
			expect(await value(vault.seed())).toEqual(seed);
			expect((await value(store.loadVault())).seed).toBeUndefined();
			if (first === 'died') continue;
			expect(dieAt).toBe(5);
			return;
		}
	});

	it('is not deleted while the sealed one differs', async () => {
		const store = createMemoryStore();
		await open(store);
		const kept = await storageOf(store);
		let forgotten = false;
		// As if an older app had made a seed of its own in the meantime.
		const storage: VaultStorage = {
			load: async () => ({ ok: true, value: { ...(await value(kept.load())), seed } }),
			commit: (writes) => {
				forgotten ||= writes.some(({ op }) => op === 'forget-seed');
				return kept.commit(writes);
			},
		};
		const opened = await openVault({ storage, now: () => 0, origin: 'https://sweet.test', cost });
		expect(opened).toMatchObject({ error: { code: 'damaged' } });
		expect(forgotten).toBe(false);
	});
});
