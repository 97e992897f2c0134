import type { Bytes } from '#lib/core/brand.ts';
import { equalBytes } from '#lib/core/bytes.ts';
import { ok } from '#lib/core/result.ts';
import { seedFrom } from './derive.ts';
import { refuse, refuseStorage } from './errors.ts';
import { defaultCost, isPassphrase, passphraseMin, type PassphraseCost } from './passphrase.ts';
import type { Key, Protector, Vault, VaultResult, VaultStorage } from './port.ts';
import { isContext, isSecretName, parseRows, secretMax, type SecretRow } from './rows.ts';
import { Safe, type Secret } from './safe.ts';

export interface VaultDeps {
	readonly storage: VaultStorage;
	now(): number;
	/** The page's origin; a headless peer's own name. */
	readonly origin: string;
	/** Price of a passphrase; the default unless a test lowers it. */
	readonly cost?: PassphraseCost;
	/** See SafeDeps. */
	readonly newDeviceKey?: () => Promise<CryptoKey>;
}

/** Names of the person's own secrets, which `wrap` and `remove` refuse. */
export const ownNames = { root: 'root', seed: 'seed', backupAt: 'backup-at' } as const;
/** 128 bits: twelve words. */
const rootBytes = 16;

/** The vault as the shell holds it: with the person's own secrets beside those of others. */
export interface PersonVault extends Vault {
	/** The 32 bytes from which the keys of jobs, offers, channels and the built-in wallet are derived. */
	seed(): VaultResult<Bytes>;
	/**
	 * The root as twelve words. `whole`: they bring back the seed in use; one that an earlier version made they do not.
	 */
	phrase(): VaultResult<{ readonly words: string; readonly whole: boolean }>;
	/**
	 * Makes root and seed of these words this vault's, in one write; those it had are kept as `replaced/<time>/<name>`.
	 * Whoever holds the seed has to start anew after `changed`.
	 */
	restorePhrase(phrase: string): VaultResult<'same' | 'changed'>;
	/** Keeps a word of the shell's own under one of the names that are not for others. */
	note(name: typeof ownNames.backupAt, bytes: Bytes): VaultResult<null>;
	/** Every secret, opened: for an encrypted backup. One that does not open makes the whole fail. */
	exported(): VaultResult<readonly Secret[]>;
	/** Rows for restored secrets, to be stored with the rest of a backup; the vault is opened anew after that. */
	importing(secrets: readonly Secret[]): VaultResult<readonly SecretRow[]>;
	/** Names of stored rows that do not parse. */
	damaged(): readonly string[];
}

/**
 * Opens what is stored, or makes a new vault where there is none yet. A record that does not open is an error and
 * never a reason to begin anew.
 */
export async function openVault(deps: VaultDeps): VaultResult<PersonVault> {
	const safeDeps = { cost: defaultCost, ...deps };
	for (let made = false; ; made = true) {
		const loaded = await deps.storage.load();
		if (!loaded.ok) return refuseStorage(loaded.error);
		const rows = parseRows(loaded.value.rows);
		const { key } = rows;
		if (rows.newer) return refuse('newer', rows.damaged.join());
		if (key) {
			const safe = await Safe.load(safeDeps, { ...rows, key });
			if (!safe.ok) return safe;
			const vault = new Keys(deps, safe.value);
			const settled = await vault.settleSeed();
			return settled.ok ? ok(vault) : settled;
		}
		if (made || loaded.value.rows.length > 0)
			return refuse('damaged', 'the record of the key does not parse');
		const root: Bytes = crypto.getRandomValues(new Uint8Array(rootBytes));
		const created = await Safe.create(safeDeps, [
			{ name: ownNames.root, context: '', bytes: root },
			{ name: ownNames.seed, context: '', bytes: loaded.value.seed ?? seedFrom(root) },
		]);
		if (!created.ok) return created;
		// Read back once more: only what opens from the disk counts.
	}
}

class Keys implements PersonVault {
	readonly #deps: VaultDeps;
	readonly #safe: Safe;
	#turn: Promise<unknown> = Promise.resolve();

	constructor(deps: VaultDeps, safe: Safe) {
		this.#deps = deps;
		this.#safe = safe;
	}

	state = () => this.#safe.state();
	ways = () => this.#safe.ways();
	damaged = () => this.#safe.damaged();
	names = () => this.#safe.names();

	async wrap(name: string, secret: Uint8Array, { context = '', replace = false } = {}): VaultResult<null> {
		if (!isSecretName(name) || isOwn(name)) return refuse('invalid', `no name for a secret: ${name}`);
		if (!isContext(context)) return refuse('invalid', 'the context is too long');
		if (secret.length < 1 || secret.length > secretMax) return refuse('invalid', 'too short or too long');
		// A copy of its own: the caller may zero its bytes while this waits for its turn.
		const bytes = new Uint8Array(secret);
		return this.#inTurn(() => this.#safe.put({ name, context, bytes }, replace));
	}

	unwrap(name: string, context?: string): VaultResult<Bytes> {
		return this.#inTurn(async () => {
			const secret = await this.#safe.get(name, context);
			return secret.ok ? ok(secret.value.bytes) : secret;
		});
	}

	async remove(name: string): VaultResult<null> {
		if (isOwn(name)) return refuse('invalid', `${name} is the person's own`);
		return this.#inTurn(() => this.#safe.remove(name));
	}

	unlock(key: Key): VaultResult<null> {
		return this.#inTurn(async () => {
			const unlocked = await this.#safe.unlock(key);
			return unlocked.ok ? this.settleSeed() : unlocked;
		});
	}

	lock() {
		return this.#safe.lock();
	}

	verify(key: Key): VaultResult<null> {
		return this.#inTurn(() => this.#safe.verify(key));
	}

	async protect(protector: Protector, current?: Key): VaultResult<null> {
		if (protector.way === 'passphrase' && !isPassphrase(protector.passphrase))
			return refuse('invalid', `a passphrase has at least ${passphraseMin} characters`);
		if (protector.way === 'passkey' && (protector.prf.length !== 32 || protector.salt.length !== 32))
			return refuse('invalid', 'this passkey gives no key');
		return this.#inTurn(() => this.#safe.protect(protector, current));
	}

	unprotect(way: 'passphrase' | { readonly credentialId: Bytes }, current: Key): VaultResult<null> {
		return this.#inTurn(() => this.#safe.unprotect(way, current));
	}

	seed(): VaultResult<Bytes> {
		return this.unwrap(ownNames.seed);
	}

	phrase(): VaultResult<{ readonly words: string; readonly whole: boolean }> {
		return this.#inTurn(async () => {
			const root = await this.#safe.get(ownNames.root);
			if (!root.ok) return root;
			const seed = await this.#safe.get(ownNames.seed);
			if (!seed.ok) return seed;
			const { phraseOf } = await import('./phrase.ts');
			const whole = equalBytes(seed.value.bytes, seedFrom(root.value.bytes));
			return ok({ words: phraseOf(root.value.bytes), whole });
		});
	}

	async restorePhrase(phrase: string): VaultResult<'same' | 'changed'> {
		const { rootOf } = await import('./phrase.ts');
		const root = rootOf(phrase);
		if (!root) return refuse('invalid', 'these are not twelve words of a recovery phrase');
		return this.#inTurn(async () => {
			const own = [
				{ name: ownNames.root, context: '', bytes: root },
				{ name: ownNames.seed, context: '', bytes: seedFrom(root) },
			];
			const aside: Secret[] = [];
			for (const { name, bytes } of own) {
				const kept = await this.#safe.get(name);
				if (!kept.ok) return kept;
				if (!equalBytes(kept.value.bytes, bytes))
					aside.push({ ...kept.value, name: `replaced/${this.#deps.now()}/${name}` });
			}
			if (aside.length === 0) return ok('same');
			const stored = await this.#safe.replace([...aside, ...own]);
			return stored.ok ? ok('changed') : stored;
		});
	}

	note(name: typeof ownNames.backupAt, bytes: Bytes): VaultResult<null> {
		return this.#inTurn(() => this.#safe.put({ name, context: '', bytes }, true));
	}

	exported(): VaultResult<readonly Secret[]> {
		return this.#inTurn(async () => {
			const secrets: Secret[] = [];
			for (const name of this.#safe.names()) {
				const secret = await this.#safe.get(name);
				if (!secret.ok) return secret;
				secrets.push(secret.value);
			}
			return ok(secrets);
		});
	}

	importing(secrets: readonly Secret[]): VaultResult<readonly SecretRow[]> {
		return this.#inTurn(async () =>
			this.#safe.state() === 'locked'
				? refuse('locked', 'unlock it first')
				: ok(await this.#safe.sealed(secrets)),
		);
	}

	/**
	 * Earlier versions kept the seed unsealed. It is deleted only after the sealed copy was read back from the disk
	 * and opened; whatever happens in between, one of the two can be read.
	 */
	async settleSeed(): VaultResult<null> {
		if (this.#safe.state() === 'locked') return ok(null);
		const { storage } = this.#deps;
		const loaded = await storage.load();
		if (!loaded.ok) return refuseStorage(loaded.error);
		const { seed } = loaded.value;
		if (!seed) return ok(null);
		const kept = await this.#safe.get(ownNames.seed);
		if (!kept.ok || !equalBytes(kept.value.bytes, seed))
			return refuse('damaged', 'the sealed seed is not the one that was kept before');
		const forgotten = await storage.commit([{ op: 'forget-seed' }]);
		return forgotten.ok ? ok(null) : refuseStorage(forgotten.error);
	}

	/** One at a time, so that no two writes start from the same state. */
	#inTurn<T>(work: () => VaultResult<T>): VaultResult<T> {
		const done = this.#turn.then(work);
		this.#turn = done.catch(() => undefined);
		return done;
	}
}

const isOwn = (name: string): boolean =>
	Object.values<string>(ownNames).includes(name) || name.startsWith('replaced/');
