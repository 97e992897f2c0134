import type { Bytes } from '#lib/core/brand.ts';
import { equalBytes } from '#lib/core/bytes.ts';
import { ok, type Result } from '#lib/core/result.ts';
import { refuse, refuseStorage } from './errors.ts';
import type { PassphraseCost } from './passphrase.ts';
import type {
	Key,
	Protector,
	VaultError,
	VaultResult,
	VaultState,
	VaultStorage,
	VaultWrite,
	Way,
} from './port.ts';
import { keyRowName, rowVersion, type KeyRow, type Rows, type SecretRow } from './rows.ts';
import { importKey, seal, unseal } from './seal.ts';
import { deviceWrap, keptBeside, openByDevice, openByKey, protectorWrap, waysOf } from './wraps.ts';

export interface SafeDeps {
	readonly storage: VaultStorage;
	now(): number;
	/** The page's origin, authenticated with every record: one copied from elsewhere does not open. */
	readonly origin: string;
	readonly cost: PassphraseCost;
	/** The device's own key: one that no script can read out, unless the storage cannot keep such keys. */
	readonly newDeviceKey?: () => Promise<CryptoKey>;
}

/** A secret as it is handed out and taken in. */
export interface Secret {
	readonly name: string;
	readonly context: string;
	readonly bytes: Bytes;
}

const damaged = (name: string) => refuse('damaged', `${name} does not open`);

/**
 * Rows sealed under one random data key, which is wrapped once for each way in. The data key is held as a key that
 * cannot be read out; its bytes exist only while it is wrapped anew, and are zeroed after.
 */
export class Safe {
	readonly #deps: SafeDeps;
	readonly #secrets: Map<string, SecretRow>;
	readonly #damaged: Set<string>;
	#key: KeyRow;
	#open: CryptoKey | undefined;

	private constructor(deps: SafeDeps, key: KeyRow, rows: Pick<Rows, 'secrets' | 'damaged'>) {
		this.#deps = deps;
		this.#key = key;
		this.#secrets = new Map(rows.secrets);
		this.#damaged = new Set(rows.damaged);
	}

	/** Stores a new safe with its first secrets, in one transaction, to be opened by the device's own key. */
	static async create(deps: SafeDeps, first: readonly Secret[]): VaultResult<null> {
		const raw = crypto.getRandomValues(new Uint8Array(32));
		const about = (way: string) => aboutRow(deps.origin, keyRowName, way);
		const wraps = [await deviceWrap(raw, about, deps.newDeviceKey)];
		const safe = new Safe(
			deps,
			{ name: keyRowName, version: rowVersion, wraps },
			{ secrets: new Map(), damaged: [] },
		);
		await safe.#hold(raw);
		return safe.#write([
			{ op: 'put', value: safe.#key },
			...(await safe.sealed(first)).map((value) => ({ op: 'put', value }) as const),
		]);
	}

	/** The safe that was stored, open if the device's own key opens it. */
	static async load(deps: SafeDeps, rows: Rows & { readonly key: KeyRow }): VaultResult<Safe> {
		const safe = new Safe(deps, rows.key, rows);
		if (safe.ways().length > 0) return ok(safe);
		const raw = await openByDevice(rows.key.wraps, safe.#about);
		if (!raw) return damaged('the key of this device');
		await safe.#hold(raw);
		return ok(safe);
	}

	state(): VaultState {
		if (!this.#open) return 'locked';
		return this.ways().length > 0 ? 'unlocked' : 'unlocked-device';
	}

	ways(): readonly Way[] {
		return waysOf(this.#key.wraps);
	}

	names(): readonly string[] {
		return [...this.#secrets.keys()].sort();
	}

	/** Names of rows that were left aside because they do not parse. */
	damaged(): readonly string[] {
		return [...this.#damaged];
	}

	async get(name: string, context?: string): VaultResult<Secret> {
		if (!this.#open) return refuse('locked', name);
		if (this.#damaged.has(name)) return damaged(name);
		const row = this.#secrets.get(name);
		if (!row) return refuse('missing', name);
		if (context !== undefined && context !== row.context) return damaged(name);
		const bytes = await unseal(this.#open, row, this.#aboutSecret(row));
		return bytes ? ok({ name, context: row.context, bytes }) : damaged(name);
	}

	async put(secret: Secret, replace: boolean): VaultResult<null> {
		if (!this.#open) return refuse('locked', secret.name);
		if (!replace && (this.#secrets.has(secret.name) || this.#damaged.has(secret.name))) {
			const kept = await this.get(secret.name, secret.context);
			if (kept.ok && equalBytes(kept.value.bytes, secret.bytes)) return ok(null);
			return kept.ok ? refuse('exists', secret.name) : kept;
		}
		return this.replace([secret]);
	}

	/** Stores all or none, over what has their names. */
	async replace(secrets: readonly Secret[]): VaultResult<null> {
		if (!this.#open) return refuse('locked', 'unlock it first');
		return this.#write((await this.sealed(secrets)).map((value) => ({ op: 'put', value })));
	}

	/** Rows for secrets, sealed under this safe's data key and not yet stored. Only while it is open. */
	async sealed(secrets: readonly Secret[]): Promise<SecretRow[]> {
		const key = this.#open;
		if (!key) throw new Error('the safe is locked');
		return Promise.all(
			secrets.map(async ({ name, context, bytes }) => ({
				name,
				version: rowVersion,
				context,
				...(await seal(key, bytes, this.#aboutSecret({ name, context }))),
			})),
		);
	}

	remove(name: string): VaultResult<null> {
		if (!this.#open) return Promise.resolve(refuse('locked', name));
		return this.#write([{ op: 'delete', name }]);
	}

	async unlock(key: Key): VaultResult<null> {
		const raw = await openByKey(this.#key.wraps, key, this.#about);
		if (!raw) return refuse('wrong-key', key.way);
		await this.#hold(raw);
		return ok(null);
	}

	lock(): Result<null, VaultError> {
		if (this.ways().length === 0) return refuse('invalid', 'nothing protects it yet');
		this.#open = undefined;
		return ok(null);
	}

	async verify(key: Key): VaultResult<null> {
		const raw = await openByKey(this.#key.wraps, key, this.#about);
		raw?.fill(0);
		return raw ? ok(null) : refuse('wrong-key', key.way);
	}

	protect(protector: Protector, current: Key | undefined): VaultResult<null> {
		return this.#rewrap(current, async (raw) => [
			...keptBeside(this.#key.wraps, protector),
			await protectorWrap(protector, raw, this.#about, {
				since: this.#deps.now(),
				cost: this.#deps.cost,
			}),
		]);
	}

	async unprotect(way: 'passphrase' | { readonly credentialId: Bytes }, current: Key): VaultResult<null> {
		const left = this.#key.wraps.filter((wrap) =>
			way === 'passphrase'
				? wrap.way !== 'passphrase'
				: wrap.way !== 'passkey' || !equalBytes(wrap.credentialId, way.credentialId),
		);
		if (left.length === this.#key.wraps.length) return refuse('missing', 'no such protection');
		return this.#rewrap(current, async (raw) =>
			left.length > 0 ? left : [await deviceWrap(raw, this.#about, this.#deps.newDeviceKey)],
		);
	}

	/** Replaces the wraps in one write; until that is durable the old ones hold. */
	async #rewrap(current: Key | undefined, next: (raw: Bytes) => Promise<KeyRow['wraps']>): VaultResult<null> {
		if (!this.#open) return refuse('locked', 'unlock it first');
		const raw = await (this.ways().length === 0
			? openByDevice(this.#key.wraps, this.#about)
			: current && openByKey(this.#key.wraps, current, this.#about));
		if (!raw) return refuse('wrong-key', current?.way ?? 'none given');
		const wraps = await next(raw);
		raw.fill(0);
		return this.#write([{ op: 'put', value: { name: keyRowName, version: rowVersion, wraps } }]);
	}

	async #hold(raw: Bytes): Promise<void> {
		this.#open = await importKey(raw);
		raw.fill(0);
	}

	/** Stores rows, and takes them over once they are durable. */
	async #write(
		writes: readonly (
			{ readonly op: 'put'; readonly value: KeyRow | SecretRow } | Extract<VaultWrite, { op: 'delete' }>
		)[],
	): VaultResult<null> {
		const outcome = await this.#deps.storage.commit(writes);
		if (!outcome.ok) return refuseStorage(outcome.error);
		for (const write of writes) {
			if (write.op === 'delete') {
				this.#secrets.delete(write.name);
				this.#damaged.delete(write.name);
			} else if ('wraps' in write.value) this.#key = write.value;
			else {
				this.#secrets.set(write.value.name, write.value);
				this.#damaged.delete(write.value.name);
			}
		}
		return ok(null);
	}

	readonly #about = (way: string): string => aboutRow(this.#deps.origin, keyRowName, way);

	#aboutSecret({ name, context }: Pick<SecretRow, 'name' | 'context'>): string {
		return aboutRow(this.#deps.origin, name, context);
	}
}

const aboutRow = (origin: string, name: string, context: string): string =>
	JSON.stringify(['sweet-gossip/vault', rowVersion, origin, name, context]);
