import * as v from 'valibot';
import type { Bytes } from '#lib/core/brand.ts';
import { costLimits, saltBytes } from './passphrase.ts';
import { nonceBytes, tagBytes } from './seal.ts';

/** The row that says how the data key is wrapped; names of secrets cannot begin with `#`. */
export const keyRowName = '#key';

/** Version of every row; a row of a higher one was written by a newer app. */
export const rowVersion = 1;

export const secretMax = 16_384;

const bytes = (min: number, max = min) =>
	v.pipe(
		v.custom<Bytes>((value) => value instanceof Uint8Array && value.buffer instanceof ArrayBuffer),
		v.check((value) => value.length >= min && value.length <= max),
	);
const within = ({ min, max }: { min: number; max: number }) =>
	v.pipe(v.number(), v.integer(), v.minValue(min), v.maxValue(max));
const since = v.pipe(v.number(), v.finite(), v.minValue(0));
const name = v.pipe(v.string(), v.regex(/^[a-z0-9][a-z0-9\-/.:]{0,159}$/));
const context = v.pipe(v.string(), v.maxLength(400));
/** The wrapped data key: 32 bytes and the tag. */
const wrapped = { nonce: bytes(nonceBytes), sealed: bytes(32 + tagBytes) };

const passphrase = v.object({
	way: v.literal('passphrase'),
	since,
	salt: bytes(saltBytes),
	cost: v.object({
		memory: within(costLimits.memory),
		iterations: within(costLimits.iterations),
		parallelism: within(costLimits.parallelism),
	}),
	...wrapped,
});
const passkey = v.object({
	way: v.literal('passkey'),
	since,
	label: v.pipe(v.string(), v.maxLength(80)),
	credentialId: bytes(1, 1_023),
	salt: bytes(32),
	...wrapped,
});
const device = v.object({
	way: v.literal('device'),
	key: v.custom<CryptoKey>((value) => value instanceof CryptoKey),
	...wrapped,
});

const keyRow = v.object({
	name: v.literal(keyRowName),
	version: v.literal(rowVersion),
	wraps: v.pipe(v.array(v.variant('way', [passphrase, passkey, device])), v.minLength(1), v.maxLength(8)),
});
const secretRow = v.object({
	name,
	version: v.literal(rowVersion),
	context,
	nonce: bytes(nonceBytes),
	sealed: bytes(1 + tagBytes, secretMax + tagBytes),
});

export type KeyRow = v.InferOutput<typeof keyRow>;
export type Wrap = KeyRow['wraps'][number];
export type SecretRow = v.InferOutput<typeof secretRow>;

/** Longest name that others may give, so that there is room to keep a replaced one under a longer name. */
const nameMax = 120;
export const isSecretName = (given: string): boolean => given.length <= nameMax && v.is(name, given);
export const isContext = (given: string): boolean => v.is(context, given);

export interface Rows {
	readonly key: KeyRow | undefined;
	readonly secrets: ReadonlyMap<string, SecretRow>;
	/** Names of rows that do not parse, and whether a newer app wrote one. They are left where they are. */
	readonly damaged: readonly string[];
	readonly newer: boolean;
}

/** Reads what was stored: a disk, another version of the app or an extension may have changed it. */
export function parseRows(rows: readonly unknown[]): Rows {
	let key: KeyRow | undefined;
	let newer = false;
	const secrets = new Map<string, SecretRow>();
	const damaged: string[] = [];
	for (const row of rows) {
		const head = v.safeParse(keyRow, row);
		if (head.success) {
			key = head.output;
			continue;
		}
		const secret = v.safeParse(secretRow, row);
		if (secret.success) {
			secrets.set(secret.output.name, secret.output);
			continue;
		}
		const fields = (typeof row === 'object' && row !== null ? row : {}) as Record<string, unknown>;
		if (typeof fields['version'] === 'number' && fields['version'] > rowVersion) newer = true;
		damaged.push(typeof fields['name'] === 'string' ? fields['name'].slice(0, 120) : '?');
	}
	return { key, secrets, damaged, newer };
}
