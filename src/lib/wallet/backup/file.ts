import { base64 } from '@scure/base';
import * as v from 'valibot';
import type { Bytes, Millis } from '#lib/core/brand.ts';
import { fromUtf8, utf8 } from '#lib/core/bytes.ts';
import { err, ok, type Result } from '#lib/core/result.ts';
import {
	costLimits,
	isPassphrase,
	keyOfPassphrase,
	saltBytes,
	type PassphraseCost,
} from '../vault/passphrase.ts';
import { nonceBytes, seal, tagBytes, unseal } from '../vault/seal.ts';

/**
 * A backup file: one JSON object that says how it is encrypted, and the content under AES-256-GCM with a key that
 * Argon2id makes of the passphrase. Everything before the content is authenticated with it.
 */

const format = 'sweet-gossip-backup';
const fileVersion = 1;
/** Largest file read, bytes: jobs, chats and channels of years are a few. */
export const fileMax = 64 * 1024 * 1024;

export interface BackupError {
	readonly type: 'backup';
	/**
	 * `foreign`: not a backup of this app. `newer`: made by a newer version. `too-big`: over 64 MiB. `damaged`: it
	 * does not parse. `wrong-key`: the passphrase is another, or a bit was changed, which nobody can tell apart.
	 */
	readonly code: 'foreign' | 'newer' | 'too-big' | 'damaged' | 'wrong-key';
	readonly detail: string;
}

const refuse = (code: BackupError['code'], detail: string): Result<never, BackupError> =>
	err({ type: 'backup', code, detail });

const within = ({ min, max }: { min: number; max: number }) =>
	v.pipe(v.number(), v.integer(), v.minValue(min), v.maxValue(max));
const bytes = (min: number, max = min) =>
	v.pipe(
		v.string(),
		v.maxLength(4 * Math.ceil(max / 3)),
		v.rawTransform(({ dataset, addIssue, NEVER }) => {
			try {
				const decoded = new Uint8Array(base64.decode(dataset.value));
				if (decoded.length >= min && decoded.length <= max) return decoded;
			} catch {
				// Not base64: said below.
			}
			addIssue({ message: `not ${min} to ${max} bytes in base64` });
			return NEVER;
		}),
	);

const head = v.object({ format: v.literal(format), version: v.pipe(v.number(), v.integer(), v.minValue(1)) });
const fileSchema = v.object({
	format: v.literal(format),
	version: v.literal(fileVersion),
	madeAt: v.pipe(v.number(), v.integer(), v.minValue(0)),
	kdf: v.object({
		name: v.literal('argon2id'),
		memory: within(costLimits.memory),
		iterations: within(costLimits.iterations),
		parallelism: within(costLimits.parallelism),
		salt: bytes(saltBytes),
	}),
	cipher: v.object({ name: v.literal('AES-256-GCM'), nonce: bytes(nonceBytes) }),
	content: bytes(tagBytes, fileMax),
});

/** What is authenticated with the content. */
const aboutFile = (madeAt: Millis, cost: PassphraseCost, salt: Bytes): string =>
	JSON.stringify([
		format,
		fileVersion,
		madeAt,
		cost.memory,
		cost.iterations,
		cost.parallelism,
		base64.encode(salt),
	]);

export async function sealFile(
	content: string,
	passphrase: string,
	{ madeAt, cost }: { readonly madeAt: Millis; readonly cost: PassphraseCost },
): Promise<Blob> {
	const salt = crypto.getRandomValues(new Uint8Array(saltBytes));
	const key = await keyOfPassphrase(passphrase, salt, cost);
	const { nonce, sealed } = await seal(key, utf8(content), aboutFile(madeAt, cost, salt));
	const file = {
		format,
		version: fileVersion,
		madeAt,
		kdf: { name: 'argon2id', ...cost, salt: base64.encode(salt) },
		cipher: { name: 'AES-256-GCM', nonce: base64.encode(nonce) },
		content: base64.encode(sealed),
	};
	return new Blob([JSON.stringify(file)], { type: 'application/json' });
}

/** Opens a file that may be anything: its size is checked before it is read, its head before its content. */
export async function openFile(
	file: Blob,
	passphrase: string,
): Promise<Result<{ readonly content: string; readonly madeAt: Millis }, BackupError>> {
	if (file.size > fileMax) return refuse('too-big', `${file.size} bytes`);
	let json: unknown;
	try {
		json = JSON.parse(fromUtf8(new Uint8Array(await file.arrayBuffer())) ?? '');
	} catch {
		return refuse('foreign', 'not JSON');
	}
	const known = v.safeParse(head, json);
	if (!known.success) return refuse('foreign', 'not a backup of this app');
	if (known.output.version > fileVersion) return refuse('newer', `version ${known.output.version}`);
	const parsed = v.safeParse(fileSchema, json);
	if (!parsed.success) return refuse('damaged', v.getDotPath(parsed.issues[0]) ?? 'file');
	if (!isPassphrase(passphrase)) return refuse('wrong-key', 'no passphrase of a backup');
	const { madeAt, kdf, cipher, content } = parsed.output;
	const { salt, memory, iterations, parallelism } = kdf;
	const cost = { memory, iterations, parallelism };
	const key = await keyOfPassphrase(passphrase, salt, cost);
	const opened = await unseal(key, { nonce: cipher.nonce, sealed: content }, aboutFile(madeAt, cost, salt));
	if (!opened) return refuse('wrong-key', 'it does not open');
	const text = fromUtf8(opened);
	return text === undefined ? refuse('damaged', 'not UTF-8') : ok({ content: text, madeAt });
}
