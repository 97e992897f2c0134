import { err } from '#lib/core/result.ts';
import type { StorageError, VaultError } from './port.ts';

type Refusal = { readonly ok: false; readonly error: VaultError };

export const refuse = (code: VaultError['code'], detail: string): Refusal =>
	err({ type: 'vault', code, detail });

export const refuseStorage = ({ code, detail }: StorageError): Refusal =>
	err({ type: 'vault', code: 'storage', detail, storage: code });
