import * as v from 'valibot';
import type { Bytes } from '#lib/core/brand.ts';
import { err, ok, type Result } from '#lib/core/result.ts';
import { isContext, secretMax } from '../vault/rows.ts';
import type { Secret } from '../vault/safe.ts';
import type { BackupError } from './file.ts';
import { decodeRecords, encodeRecords } from './json.ts';

/** What a backup holds once it is open. */
export interface BackupContent {
	/** Version of the database's schema that the tables were of. */
	readonly schema: number;
	readonly tables: Readonly<Record<string, readonly (readonly [key: unknown, row: unknown])[]>>;
	readonly settings: unknown;
	readonly secrets: readonly Secret[];
}

/** Bounds of a file that opened: its maker knew the passphrase, but may be an older or a mistaken program. */
const most = { tables: 64, rows: 1_000_000, secrets: 10_000 };

const present = v.custom<unknown>((value) => value !== undefined);

const schema = v.object({
	schema: v.pipe(v.number(), v.integer(), v.minValue(1)),
	tables: v.pipe(
		v.record(v.string(), v.pipe(v.array(v.tuple([present, present])), v.maxLength(most.rows))),
		v.check((tables) => Object.keys(tables).length <= most.tables),
	),
	settings: v.optional(v.unknown()),
	secrets: v.pipe(
		v.array(
			v.object({
				name: v.pipe(v.string(), v.regex(/^[a-z0-9][a-z0-9\-/.:]{0,160}$/)),
				context: v.pipe(v.string(), v.check(isContext)),
				bytes: v.pipe(
					v.custom<Bytes>((value) => value instanceof Uint8Array),
					v.check((value) => value.length >= 1 && value.length <= secretMax),
				),
			}),
		),
		v.maxLength(most.secrets),
	),
});

export const encodeContent = (content: BackupContent): Result<string, string> => encodeRecords(content);

/** @param newest version of the database's schema that this app knows. */
export function decodeContent(text: string, newest: number): Result<BackupContent, BackupError> {
	const decoded = decodeRecords(text);
	if (!decoded.ok) return err({ type: 'backup', code: 'damaged', detail: decoded.error });
	const parsed = v.safeParse(schema, decoded.value);
	if (!parsed.success)
		return err({ type: 'backup', code: 'damaged', detail: v.getDotPath(parsed.issues[0]) ?? 'content' });
	if (parsed.output.schema > newest)
		return err({ type: 'backup', code: 'newer', detail: `schema ${parsed.output.schema}` });
	return ok({ ...parsed.output, settings: parsed.output.settings });
}
