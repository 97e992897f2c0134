import type { Bytes } from '#lib/core/brand.ts';
import { equalBytes } from '#lib/core/bytes.ts';
import type { Key, Protector, Way } from './port.ts';
import { isPassphrase, keyOfPassphrase, saltBytes, type PassphraseCost } from './passphrase.ts';
import { importKey, newDeviceKey, seal, unseal } from './seal.ts';
import type { Wrap } from './rows.ts';

/** The data key (32 bytes), sealed under one key of the person or of the device: a wrap. */

/** What a wrap is sealed with, so that one way's record cannot stand in for another's. */
export type AboutWay = (way: Wrap['way']) => string;

export async function deviceWrap(
	raw: Bytes,
	about: AboutWay,
	newKey: () => Promise<CryptoKey> = newDeviceKey,
): Promise<Wrap> {
	const key = await newKey();
	return { way: 'device', key, ...(await seal(key, raw, about('device'))) };
}

export async function protectorWrap(
	protector: Protector,
	raw: Bytes,
	about: AboutWay,
	{ since, cost }: { readonly since: number; readonly cost: PassphraseCost },
): Promise<Wrap> {
	if (protector.way === 'passphrase') {
		const salt = crypto.getRandomValues(new Uint8Array(saltBytes));
		const key = await keyOfPassphrase(protector.passphrase, salt, cost);
		return { way: 'passphrase', since, salt, cost, ...(await seal(key, raw, about('passphrase'))) };
	}
	const { credentialId, salt, label } = protector;
	const key = await importKey(protector.prf);
	return { way: 'passkey', since, label, credentialId, salt, ...(await seal(key, raw, about('passkey'))) };
}

/** The data key by the device's own key; `undefined` when there is none or it does not open. */
export async function openByDevice(wraps: readonly Wrap[], about: AboutWay): Promise<Bytes | undefined> {
	for (const wrap of wraps) if (wrap.way === 'device') return unseal(wrap.key, wrap, about('device'));
	return undefined;
}

/** The data key by what the person gave; `undefined` when it opens no wrap. */
export async function openByKey(
	wraps: readonly Wrap[],
	key: Key,
	about: AboutWay,
): Promise<Bytes | undefined> {
	// None that was ever set, and none that keeps the device busy.
	if (key.way === 'passphrase' && !isPassphrase(key.passphrase)) return undefined;
	for (const wrap of wraps) {
		if (wrap.way === 'passphrase' && key.way === 'passphrase')
			return unseal(await keyOfPassphrase(key.passphrase, wrap.salt, wrap.cost), wrap, about('passphrase'));
		if (wrap.way === 'passkey' && key.way === 'passkey' && equalBytes(wrap.credentialId, key.credentialId))
			return unseal(await importKey(key.prf), wrap, about('passkey'));
	}
	return undefined;
}

/** The wraps without the one that `protector` replaces, and without the device's own. */
export const keptBeside = (wraps: readonly Wrap[], protector: Protector): Wrap[] =>
	wraps.filter(
		(wrap) =>
			wrap.way !== 'device' &&
			(wrap.way !== protector.way ||
				(wrap.way === 'passkey' &&
					protector.way === 'passkey' &&
					!equalBytes(wrap.credentialId, protector.credentialId))),
	);

export const waysOf = (wraps: readonly Wrap[]): Way[] =>
	wraps.flatMap((wrap): Way[] => {
		if (wrap.way === 'device') return [];
		if (wrap.way === 'passphrase') return [{ way: 'passphrase', since: wrap.since }];
		const { way, since, label, credentialId, salt } = wrap;
		return [{ way, since, label, credentialId, salt }];
	});
