import type { Bytes } from '#lib/core/brand.ts';
import type { Result } from '#lib/core/result.ts';

/**
 * `unlocked-device`: no protection was chosen; whoever has this browser's profile has the keys.
 * `locked`: protected, and nothing can be read until `unlock`. `unlocked`: protected and open until `lock`.
 */
export type VaultState = 'unlocked-device' | 'locked' | 'unlocked';

export interface VaultError {
	readonly type: 'vault';
	/**
	 * `locked`: unlock first. `wrong-key`: the passphrase or passkey is not the one (nothing changed).
	 * `missing`: no secret of that name. `exists`: one is there already and was not to be replaced.
	 * `damaged`: a stored record does not open or parse; it is left where it is. `newer`: written by a newer
	 * version of the app. `invalid`: what was asked cannot be. `storage`: the store refused; `storage` says why.
	 */
	readonly code: 'locked' | 'wrong-key' | 'missing' | 'exists' | 'damaged' | 'newer' | 'invalid' | 'storage';
	readonly detail: string;
	/** The store's own code, of `storage`. */
	readonly storage?: string;
}

export type VaultResult<T> = Promise<Result<T, VaultError>>;

/** What a person unlocks with. */
export type Key =
	| { readonly way: 'passphrase'; readonly passphrase: string }
	/** `prf`: the 32 bytes that the passkey's PRF extension gave on the page (WebAuthn level 3). */
	| { readonly way: 'passkey'; readonly credentialId: Bytes; readonly prf: Bytes };

/** What a person protects the vault with: a passphrase, or a passkey made for this purpose. */
export type Protector =
	| Extract<Key, { way: 'passphrase' }>
	| (Extract<Key, { way: 'passkey' }> & { readonly salt: Bytes; readonly label: string });

/** How the vault can be opened, as shown. A page needs `credentialId` and `salt` to ask the passkey. */
export type Way =
	| { readonly way: 'passphrase'; readonly since: number }
	| {
			readonly way: 'passkey';
			readonly since: number;
			readonly label: string;
			readonly credentialId: Bytes;
			readonly salt: Bytes;
	  };

/**
 * Keeps secrets sealed on disk and hands them out in this Worker only. One tab (the keeper) holds it; every write is
 * durable when its promise resolves and is refused once another tab keeps the records.
 */
export interface Vault {
	state(): VaultState;
	/** How it is protected; empty in `unlocked-device`. */
	ways(): readonly Way[];
	/** Names of the secrets kept. */
	names(): readonly string[];
	/**
	 * Seals a secret and stores it. A secret of that name stays as it is (`exists`) unless `replace` is set; storing
	 * the same bytes again is no error. `context` says what it belongs to and is authenticated with it.
	 * @param name 1 to 120 of `a-z`, `0-9`, `-`, `/`, `.`, `:`, such as `channel/0xab..` or `nwc/1`.
	 * @param secret 1 to 16,384 bytes.
	 */
	wrap(
		name: string,
		secret: Uint8Array,
		options?: { context?: string; replace?: boolean },
	): VaultResult<null>;
	/** Opens a secret. With `context` given, one sealed under another is refused as `damaged`. */
	unwrap(name: string, context?: string): VaultResult<Bytes>;
	/** Forgets a secret; one that is not there is no error. */
	remove(name: string): VaultResult<null>;
	unlock(key: Key): VaultResult<null>;
	/** Forgets the open key; `unlocked-device` cannot be locked (`invalid`). */
	lock(): Result<null, VaultError>;
	/** Whether a key opens the vault, whatever its state. */
	verify(key: Key): VaultResult<null>;
	/**
	 * Adds a way in, or replaces the passphrase. The first one removes the device's own key.
	 * @param current opens the vault; needed once it is protected.
	 */
	protect(protector: Protector, current?: Key): VaultResult<null>;
	/** Removes a way in; with the last one gone the device's own key opens the vault again. */
	unprotect(way: 'passphrase' | { readonly credentialId: Bytes }, current: Key): VaultResult<null>;
}

/** Where the vault's rows live, opaque to the store. */
export interface VaultStorage {
	/** All rows, and the seed that earlier versions kept unsealed. */
	load(): Promise<
		Result<{ readonly rows: readonly unknown[]; readonly seed: Bytes | undefined }, StorageError>
	>;
	/** Applies all writes or none, durably; refused when the caller is no longer the keeper. */
	commit(writes: readonly VaultWrite[]): Promise<Result<null, StorageError>>;
}

export type VaultWrite =
	| { readonly op: 'put'; readonly value: { readonly name: string } }
	| { readonly op: 'delete'; readonly name: string }
	/** Deletes the unsealed seed of earlier versions. */
	| { readonly op: 'forget-seed' };

export interface StorageError {
	readonly code: string;
	readonly detail: string;
}
