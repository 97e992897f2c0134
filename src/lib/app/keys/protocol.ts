import type { Bytes, Millis } from '#lib/core/brand.ts';
import type { Key, Protector, VaultState, Way } from '#lib/wallet/vault/port.ts';

/** What the page and the node say to each other about keys and backups. */

export interface KeysView {
	/** `opening` until the keeper tab has read them; `damaged`: what is stored does not open. */
	readonly state: 'opening' | 'damaged' | VaultState;
	readonly ways: readonly Way[];
	/** When the last backup file was made; undefined for never, and while locked. */
	readonly backupAt?: Millis;
}

/** What a backup file holds, told before anything is changed. */
export interface BackupPreview {
	readonly madeAt: Millis;
	/** Records in the file, and records here, by table; tables without any are left out. */
	readonly inside: Readonly<Record<string, number>>;
	readonly here: Readonly<Record<string, number>>;
	/** Keys in the file besides the person's own. */
	readonly secrets: number;
	/**
	 * `fill`: nothing is here yet. `merge`: made by this same person, so what is missing is added and what is here
	 * stays. `replace`: another person's keys are here; their records give way, their keys are kept aside.
	 */
	readonly way: 'fill' | 'merge' | 'replace';
}

export interface KeysCommands {
	unlockKeys: { args: { key: Key }; answer: null };
	/** Forgets the open keys in every tab; the node starts anew. */
	lockKeys: { args: Readonly<Record<string, never>>; answer: null };
	/** Adds a way in or changes the passphrase; `current` once there is a protection. */
	protectKeys: { args: { protector: Protector; current?: Key }; answer: null };
	unprotectKeys: {
		args: { way: 'passphrase' | { readonly credentialId: Bytes }; current: Key };
		answer: null;
	};
	/**
	 * The twelve words; `current` once there is a protection. `whole`: they bring back every key in use here, which they
	 * do unless an earlier version made the keys.
	 */
	showPhrase: { args: { current?: Key }; answer: { phrase: string; whole: boolean } };
	/** Only where no keys are in use yet; the node starts anew after it. */
	restorePhrase: { args: { phrase: string }; answer: null };
	/** Everything this browser keeps, pictures apart, encrypted under a passphrase. */
	makeBackup: { args: { passphrase: string }; answer: { file: Blob } };
	inspectBackup: { args: { file: Blob; passphrase: string }; answer: BackupPreview };
	/** Done only if `way` is still what the preview said. The node starts anew after it. */
	restoreBackup: {
		args: { file: Blob; passphrase: string; way: BackupPreview['way'] };
		answer: { added: number; kept: number };
	};
}

export type KeysCommandName = keyof KeysCommands;

/** Why one was refused; `storage` and the engine's codes apart. */
export type KeysErrorCode =
	| 'locked'
	| 'wrong-key'
	| 'keys-damaged'
	| 'keys-invalid'
	| 'keys-in-use'
	| 'not-a-backup'
	| 'backup-newer'
	| 'backup-damaged'
	| 'backup-too-big'
	| 'backup-changed';

export const isKeysCommand = (name: string): name is KeysCommandName =>
	name === 'restorePhrase' || /^(?:(?:un)?lock|(?:un)?protect)Keys$|^showPhrase$|Backup$/.test(name);
