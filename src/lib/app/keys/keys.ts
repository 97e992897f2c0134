import type { Clock } from '#lib/core/clock.ts';
import type { Bytes, Millis } from '#lib/core/brand.ts';
import { fromUtf8, utf8 } from '#lib/core/bytes.ts';
import { ok, type Result } from '#lib/core/result.ts';
import type { RecordStore, StoreError } from '#lib/store/port.ts';
import { defaultCost, isPassphrase, type PassphraseCost } from '#lib/wallet/vault/passphrase.ts';
import type { Key, Vault, VaultError } from '#lib/wallet/vault/port.ts';
import { openVault, ownNames, type PersonVault } from '#lib/wallet/vault/vault.ts';
import type { BackupFailure } from './backup.ts';
import type { KeysCommandName, KeysCommands, KeysErrorCode, KeysView } from './protocol.ts';

export interface KeysPorts {
	readonly store: Pick<RecordStore, 'loadVault' | 'commitVault' | 'backup'>;
	/** The keeper's. */
	readonly epoch: number;
	readonly clock: Pick<Clock, 'now'>;
	readonly origin: string;
	readonly cost?: PassphraseCost;
	/** See wallet/vault/safe.ts. */
	readonly newDeviceKey?: (() => Promise<CryptoKey>) | undefined;
	/** What is shown changed. */
	onchange(): void;
	/** Open for the first time since this tab became the keeper. */
	onopen(opened: { readonly vault: Vault; readonly seed: Bytes }): void;
	/** Whoever holds keys or records must forget them and start anew. */
	onrestart(why: 'locked' | 'restored'): void;
	/** The store refused a write or a read. */
	onstorefailure(error: StoreError): void;
}

export type KeysOutcome<K extends KeysCommandName = KeysCommandName> = Result<
	KeysCommands[K]['answer'],
	{ readonly code: KeysErrorCode | 'storage'; readonly detail: string }
>;

/** The keeper tab's keys: the vault, what the page is told of it, and the commands about it. */
export interface Keys {
	view(): KeysView;
	/** Whether commands that need the person's keys can be executed. */
	open(): boolean;
	command<K extends KeysCommandName>(name: K, args: KeysCommands[K]['args']): Promise<KeysOutcome<K>>;
}

type Failure = VaultError | BackupFailure;

type Handlers = {
	readonly [K in KeysCommandName]: (args: KeysCommands[K]['args']) => Promise<KeysOutcome<K>>;
};

export async function openKeys(ports: KeysPorts): Promise<Keys> {
	const { store, epoch, clock, cost = defaultCost } = ports;
	const opened = await openVault({
		storage: { load: () => store.loadVault(), commit: (writes) => store.commitVault(writes, epoch) },
		now: () => clock.now(),
		origin: ports.origin,
		cost,
		...(ports.newDeviceKey ? { newDeviceKey: ports.newDeviceKey } : {}),
	});
	if (!opened.ok) {
		if (opened.error.code === 'storage') ports.onstorefailure(storeErrorOf(opened.error));
		return damagedKeys(opened.error);
	}
	const vault = opened.value;
	let backupAt: Millis | undefined;
	let shown = false;

	/** Hands the open vault on, once. */
	async function begin(): Promise<Result<null, VaultError>> {
		if (vault.state() === 'locked' || shown) return ok(null);
		const seed = await vault.seed();
		if (!seed.ok) return seed;
		backupAt = await readBackupAt(vault);
		shown = true;
		ports.onopen({ vault, seed: seed.value });
		return ok(null);
	}

	function refuse(error: Failure) {
		const code = codes[`${error.type}/${error.code}`] ?? 'storage';
		if (error.type === 'store') ports.onstorefailure(error);
		if (error.type === 'vault' && error.code === 'storage') ports.onstorefailure(storeErrorOf(error));
		return { ok: false, error: { code, detail: error.detail } } as const;
	}

	/** What a command came to; the view may have changed with it. */
	function settle<T>(result: Result<T, Failure>) {
		if (!result.ok) return refuse(result.error);
		ports.onchange();
		return result;
	}

	/** Whether `current` may see or change what is protected; without a protection everybody may. */
	const allowed = (current: Key | undefined): Promise<Result<null, VaultError>> =>
		vault.ways().length === 0
			? Promise.resolve(ok(null))
			: vault.verify(current ?? { way: 'passphrase', passphrase: '' });

	async function backups() {
		const [module, backup] = await Promise.all([import('./backup.ts'), store.backup()]);
		return { module, ports: { vault, store: backup, epoch, cost, now: () => clock.now() } };
	}

	const handlers: Handlers = {
		async unlockKeys({ key }) {
			const unlocked = await vault.unlock(key);
			return settle(unlocked.ok ? await begin() : unlocked);
		},
		lockKeys() {
			const locked = vault.lock();
			if (locked.ok) ports.onrestart('locked');
			return Promise.resolve(settle(locked));
		},
		protectKeys: async ({ protector, current }) => settle(await vault.protect(protector, current)),
		unprotectKeys: async ({ way, current }) => settle(await vault.unprotect(way, current)),
		async showPhrase({ current }) {
			const may = await allowed(current);
			const phrase = may.ok ? await vault.phrase() : may;
			return settle(phrase.ok ? ok({ phrase: phrase.value.words, whole: phrase.value.whole }) : phrase);
		},
		async restorePhrase({ phrase }) {
			const { module, ports: own } = await backups();
			const unused = await module.isUnused(own);
			if (!unused.ok) return refuse(unused.error);
			const restored = await vault.restorePhrase(phrase);
			if (restored.ok && restored.value === 'changed') ports.onrestart('restored');
			return settle(restored.ok ? ok(null) : restored);
		},
		async makeBackup({ passphrase }) {
			if (!isPassphrase(passphrase))
				return refuse({ type: 'vault', code: 'invalid', detail: 'the passphrase is too short' });
			const { module, ports: own } = await backups();
			const at = clock.now();
			const file = await module.makeBackup(own, passphrase);
			if (!file.ok) return refuse(file.error);
			// Noted before the file is handed out; should that fail, the person sees no file and makes another.
			const noted = await vault.note(ownNames.backupAt, utf8(String(at)));
			if (!noted.ok) return refuse(noted.error);
			backupAt = at;
			return settle(ok({ file: file.value }));
		},
		async inspectBackup({ file, passphrase }) {
			const { module, ports: own } = await backups();
			return settle(await module.inspectBackup(own, file, passphrase));
		},
		async restoreBackup({ file, passphrase, way }) {
			const { module, ports: own } = await backups();
			const restored = await module.restoreBackup(own, file, passphrase, way);
			if (restored.ok) ports.onrestart('restored');
			return settle(restored);
		},
	};

	const begun = await begin();
	if (!begun.ok) return damagedKeys(begun.error);
	return {
		view: () => ({
			state: vault.state(),
			ways: vault.ways(),
			...(backupAt === undefined ? {} : { backupAt }),
		}),
		open: () => shown && vault.state() !== 'locked',
		command: (name, args) => handlers[name](args),
	};
}

async function readBackupAt(vault: PersonVault): Promise<Millis | undefined> {
	const kept = await vault.unwrap(ownNames.backupAt);
	const at = kept.ok ? Number(fromUtf8(kept.value)) : NaN;
	return Number.isFinite(at) ? at : undefined;
}

const storeErrorOf = ({ storage, detail }: VaultError): StoreError => ({
	type: 'store',
	code: (storage ?? 'failed') as StoreError['code'],
	detail,
});

/** What the person is told, by the kind of refusal underneath. */
const codes: Readonly<Record<string, KeysErrorCode>> = {
	'vault/locked': 'locked',
	'vault/wrong-key': 'wrong-key',
	'vault/damaged': 'keys-damaged',
	'vault/missing': 'keys-damaged',
	'vault/newer': 'keys-damaged',
	'vault/exists': 'keys-invalid',
	'vault/invalid': 'keys-invalid',
	'backup/foreign': 'not-a-backup',
	'backup/newer': 'backup-newer',
	'backup/damaged': 'backup-damaged',
	'backup/too-big': 'backup-too-big',
	'backup/wrong-key': 'wrong-key',
	'changed/way': 'backup-changed',
	'changed/in-use': 'keys-in-use',
};

/** Nothing opens and nothing is touched: what is stored stays for a repair, and the person can erase it. */
const damagedKeys = ({ code, detail }: VaultError): Keys => ({
	view: () => ({ state: 'damaged', ways: [] }),
	open: () => false,
	command: () =>
		Promise.resolve({ ok: false, error: { code: 'keys-damaged', detail: `${code}: ${detail}` } } as const),
});
