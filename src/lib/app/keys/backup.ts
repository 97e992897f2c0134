import type { Bytes, Millis } from '#lib/core/brand.ts';
import { equalBytes } from '#lib/core/bytes.ts';
import { err, ok, type Result } from '#lib/core/result.ts';
import type { BackupStore, Dump, Restored, StoreError } from '#lib/store/port.ts';
import { decodeContent, encodeContent, type BackupContent } from '#lib/wallet/backup/content.ts';
import { openFile, sealFile, type BackupError } from '#lib/wallet/backup/file.ts';
import type { PassphraseCost } from '#lib/wallet/vault/passphrase.ts';
import type { VaultError } from '#lib/wallet/vault/port.ts';
import type { Secret } from '#lib/wallet/vault/safe.ts';
import { ownNames, type PersonVault } from '#lib/wallet/vault/vault.ts';
import type { BackupPreview } from './protocol.ts';

export interface BackupPorts {
	readonly vault: PersonVault;
	readonly store: BackupStore;
	readonly epoch: number;
	readonly cost: PassphraseCost;
	now(): Millis;
}

/** `way`: what is here is not what the person was shown when they agreed. `in-use`: there are records or keys here. */
export type BackupFailure =
	| StoreError
	| VaultError
	| BackupError
	| { readonly type: 'changed'; readonly code: 'way' | 'in-use'; readonly detail: string };

/** Everything kept here as one encrypted file. */
export async function makeBackup(
	ports: BackupPorts,
	passphrase: string,
): Promise<Result<Blob, BackupFailure>> {
	const dump = await ports.store.dump();
	if (!dump.ok) return dump;
	// After the records: a key is stored before the record that needs it.
	const secrets = await ports.vault.exported();
	if (!secrets.ok) return secrets;
	const text = encodeContent({ ...dump.value, secrets: secrets.value });
	if (!text.ok) return err({ type: 'backup', code: 'damaged', detail: text.error });
	return ok(await sealFile(text.value, passphrase, { madeAt: ports.now(), cost: ports.cost }));
}

interface Opened {
	readonly madeAt: Millis;
	readonly content: BackupContent;
	readonly here: Dump;
	readonly mine: readonly Secret[];
	readonly way: BackupPreview['way'];
}

async function open(
	ports: BackupPorts,
	file: Blob,
	passphrase: string,
): Promise<Result<Opened, BackupFailure>> {
	const opened = await openFile(file, passphrase);
	if (!opened.ok) return opened;
	const { madeAt } = opened.value;
	const [here, mine] = await Promise.all([ports.store.dump(), ports.vault.exported()]);
	if (!here.ok) return here;
	if (!mine.ok) return mine;
	const content = decodeContent(opened.value.content, here.value.schema);
	if (!content.ok) return content;
	const theirSeed = secretOf(content.value.secrets, ownNames.seed);
	if (theirSeed?.length !== 32 || secretOf(content.value.secrets, ownNames.root)?.length !== 16)
		return err({ type: 'backup', code: 'damaged', detail: 'it lacks the keys of a person' });
	const mySeed = secretOf(mine.value, ownNames.seed);
	const same = mySeed !== undefined && equalBytes(mySeed, theirSeed);
	const way = same ? 'merge' : isEmpty(here.value, mine.value) ? 'fill' : 'replace';
	return ok({ madeAt, content: content.value, here: here.value, mine: mine.value, way });
}

const secretOf = (secrets: readonly Secret[], name: string): Bytes | undefined =>
	secrets.find((secret) => secret.name === name)?.bytes;

const others = (secrets: readonly Secret[]): Secret[] =>
	secrets.filter(({ name }) => !Object.values<string>(ownNames).includes(name));

/** Nothing hangs on the keys here. Those set aside before count as nothing: they were replaced unused, or with consent. */
const isEmpty = (here: Dump, mine: readonly Secret[]): boolean =>
	Object.values(here.tables).every((table) => table.length === 0) &&
	others(mine).every(({ name }) => name.startsWith('replaced/'));

/** Whether other keys may take the place of those here without a record losing its own. */
export async function isUnused({
	vault,
	store,
}: Pick<BackupPorts, 'vault' | 'store'>): Promise<Result<null, BackupFailure>> {
	const [here, mine] = await Promise.all([store.dump(), vault.exported()]);
	if (!here.ok) return here;
	if (!mine.ok) return mine;
	return isEmpty(here.value, mine.value)
		? ok(null)
		: err({ type: 'changed', code: 'in-use', detail: 'records or keys are here' });
}

export async function inspectBackup(
	ports: BackupPorts,
	file: Blob,
	passphrase: string,
): Promise<Result<BackupPreview, BackupFailure>> {
	const opened = await open(ports, file, passphrase);
	if (!opened.ok) return opened;
	const { madeAt, content, here, way } = opened.value;
	return ok({
		madeAt,
		inside: counts(content.tables),
		here: counts(here.tables),
		secrets: others(content.secrets).length,
		way,
	});
}

const counts = (tables: Dump['tables']): Record<string, number> =>
	Object.fromEntries(
		Object.entries(tables)
			.map(([name, rows]) => [name, rows.length] as const)
			.filter(([, count]) => count > 0),
	);

/**
 * Takes a backup over in one transaction. Nothing that is here and newer is lost: of the same person, rows and keys
 * that are here stay; of another, the keys that were here are kept as `replaced/<time>/<name>`.
 */
export async function restoreBackup(
	ports: BackupPorts,
	file: Blob,
	passphrase: string,
	agreed: BackupPreview['way'],
): Promise<Result<Restored, BackupFailure>> {
	const opened = await open(ports, file, passphrase);
	if (!opened.ok) return opened;
	const { madeAt, content, here, mine, way } = opened.value;
	if (way !== agreed) return err({ type: 'changed', code: 'way', detail: `it would ${way} now` });
	const unknown = Object.keys(content.tables).find((name) => !(name in here.tables));
	if (unknown !== undefined) return err({ type: 'backup', code: 'newer', detail: unknown });

	const importing = await ports.vault.importing(secretsAfter(way, content.secrets, mine, ports.now()));
	if (!importing.ok) return importing;
	return ports.store.restore(
		{
			tables: content.tables,
			settings: way === 'merge' ? undefined : content.settings,
			vault: importing.value,
			madeAt,
			clear: way === 'replace',
		},
		ports.epoch,
	);
}

/** Secrets to store: those of the backup, and under `replaced/` what they would overwrite. */
function secretsAfter(
	way: BackupPreview['way'],
	theirs: readonly Secret[],
	mine: readonly Secret[],
	now: Millis,
): readonly Secret[] {
	const taken = new Map(mine.map((secret) => [secret.name, secret]));
	if (way === 'merge') return theirs.filter(({ name }) => !taken.has(name));
	const overwritten = theirs.flatMap(({ name, bytes }) => {
		const here = taken.get(name);
		return here && !equalBytes(here.bytes, bytes) && name !== ownNames.backupAt ? [here] : [];
	});
	return [...theirs, ...overwritten.map((secret) => ({ ...secret, name: `replaced/${now}/${secret.name}` }))];
}
