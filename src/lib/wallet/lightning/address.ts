import { toHex, utf8 } from '#lib/core/bytes.ts';
import { sha256 } from '#lib/core/crypto/hash.ts';
import { err, ok, type Result } from '#lib/core/result.ts';
import { decodeInvoice } from './bolt11/decode.ts';
import type { Invoice } from './bolt11/invoice.ts';
import { parseMsat, type Msat } from './msat.ts';

/**
 * Lightning addresses (LUD-16): `name@host` stands for an HTTPS page that makes invoices (LUD-06). The host learns that
 * it is asked, and from where, so nothing is asked before the person says so.
 */
export interface LightningAddress {
	readonly name: string;
	readonly host: string;
}

export interface AddressError {
	readonly type: 'address';
	readonly code: AddressErrorCode;
	readonly detail: string;
}

export type AddressErrorCode =
	/** No page, or not in time. */
	| 'unreachable'
	/** The page is not what LUD-06 says. */
	| 'malformed'
	/** It says no; its words are hostile text. */
	| 'refused'
	/** It takes less or more only. */
	| 'amount'
	/** Its invoice is for another amount, or not for what was shown. */
	| 'lying';

/** Reads a page; undefined when it cannot be had. The caller limits time and length. */
export type ReadPage = (url: string) => Promise<string | undefined>;

/** Longest page that is read, characters. */
export const mostPage = 16_384;

const refuse = (code: AddressErrorCode, detail: string) => err({ type: 'address', code, detail } as const);
const isLocal = (host: string): boolean => /^(localhost|127\.0\.0\.1)(:\d{1,5})?$/.test(host);

/**
 * Undefined when the text is no address. Hosts are domains; this very machine only for an app that is served from it,
 * so that no stranger's word has a browser ask what else listens here.
 *
 * @param servedFrom host of the app, with its port.
 */
export function parseLightningAddress(text: string, servedFrom: string): LightningAddress | undefined {
	const [, name, host] = /^([a-z0-9._+-]{1,64})@([a-z0-9.:-]{1,128})$/.exec(text.trim().toLowerCase()) ?? [];
	if (name === undefined || host === undefined) return undefined;
	const isDomain = /^([a-z0-9]([a-z0-9-]*[a-z0-9])?\.)+[a-z]{2,}$/.test(host);
	return isDomain || (isLocal(host) && isLocal(servedFrom)) ? { name, host } : undefined;
}

/**
 * Asks an address for an invoice over exactly this amount. What comes back is checked: amount, and by its hash that it
 * is for what the page showed.
 */
export async function invoiceFrom(
	{ name, host }: LightningAddress,
	msat: Msat,
	read: ReadPage,
): Promise<Result<Invoice, AddressError>> {
	const scheme = isLocal(host) ? 'http' : 'https';
	const page = parsePage(await read(`${scheme}://${host}/.well-known/lnurlp/${name}`));
	if (!page.ok) return page;
	const { tag, callback, metadata, minSendable, maxSendable } = page.value;
	const [least, most] = [parseMsat(minSendable), parseMsat(maxSendable)];
	if (tag !== 'payRequest' || typeof metadata !== 'string' || least === undefined || most === undefined)
		return refuse('malformed', 'no payRequest');
	const asked = callbackFor(callback, msat, scheme);
	if (asked === undefined) return refuse('malformed', 'no callback that may be asked');
	if (msat < least || msat > most) return refuse('amount', `from ${least / 1_000} to ${most / 1_000} sats`);
	const answer = parsePage(await read(asked));
	if (!answer.ok) return answer;
	const { pr } = answer.value;
	const invoice = typeof pr === 'string' ? decodeInvoice(pr) : undefined;
	if (!invoice?.ok) return refuse('malformed', 'no invoice');
	if (invoice.value.msat !== msat) return refuse('lying', 'another amount');
	if (invoice.value.descriptionHash !== toHex(sha256(utf8(metadata))))
		return refuse('lying', 'not for what it showed');
	return invoice;
}

function callbackFor(callback: unknown, msat: Msat, scheme: 'http' | 'https'): string | undefined {
	if (typeof callback !== 'string' || callback.length > 2_048 || !URL.canParse(callback)) return undefined;
	const url = new URL(callback);
	if (url.protocol !== `${scheme}:` || (scheme === 'http' && !isLocal(url.host))) return undefined;
	url.searchParams.set('amount', String(msat));
	return url.href;
}

function parsePage(text: string | undefined): Result<Readonly<Record<string, unknown>>, AddressError> {
	if (text === undefined) return refuse('unreachable', 'no answer');
	if (text.length > mostPage) return refuse('malformed', 'too long');
	let value: unknown;
	try {
		value = JSON.parse(text);
	} catch {
		return refuse('malformed', 'not JSON');
	}
	if (typeof value !== 'object' || value === null) return refuse('malformed', 'not an object');
	const page = value as Readonly<Record<string, unknown>>;
	if (page['status'] !== 'ERROR') return ok(page);
	const reason = page['reason'];
	return refuse('refused', typeof reason === 'string' ? reason.slice(0, 200) : '');
}
