import type { Hex, Millis } from '#lib/core/brand.ts';
import { err, ok, type Result } from '#lib/core/result.ts';
import type { Msat } from '../msat.ts';
import type { LightningNetwork } from '../port.ts';
import { decodeInvoice } from './decode.ts';
import type { Invoice, InvoiceErrorCode } from './invoice.ts';

/** What an invoice must say before anything is paid on it. */
export interface InvoiceTerms {
	readonly network: LightningNetwork;
	/** Exactly this; undefined where any amount will do because the person sees it. */
	readonly msat?: Msat;
	/** Exactly this payment hash. */
	readonly hash?: Hex;
	/** 32 bytes that its description must bind it to, see `bindingOf`. */
	readonly binding?: Hex;
	/** Blocks the payee may have the money locked at most. */
	readonly maxCltv: number;
	/** Time that must be left to pay it, ms. */
	readonly leftMs: number;
	/** It may not run on longer than this, ms: what a wallet executes late is then harmless. */
	readonly longestMs?: number;
}

export interface TermsError {
	readonly type: 'terms';
	readonly code:
		| InvoiceErrorCode
		| 'wrong-network'
		| 'no-amount'
		| 'wrong-amount'
		| 'wrong-hash'
		| 'not-bound'
		| 'lock-too-long'
		| 'expired'
		| 'lives-too-long';
	readonly detail: string;
}

/** How a wallet that cannot hash descriptions binds an invoice: a short text that says nothing to others. */
export const memoOf = (binding: Hex): string => `sg1:${binding.slice(0, 32)}`;

/** Decodes an invoice and holds it against what was agreed. Nothing is paid that did not come through here. */
export function checkInvoice(text: string, terms: InvoiceTerms, now: Millis): Result<Invoice, TermsError> {
	const refuse = (code: TermsError['code'], detail: string) => err({ type: 'terms', code, detail } as const);
	const decoded = decodeInvoice(text);
	if (!decoded.ok) return refuse(decoded.error.code, decoded.error.detail);
	const invoice = decoded.value;
	if (invoice.network !== terms.network) return refuse('wrong-network', invoice.network);
	if (invoice.msat === undefined || invoice.msat === 0) return refuse('no-amount', 'the payer would choose');
	if (terms.msat !== undefined && invoice.msat !== terms.msat)
		return refuse('wrong-amount', `${invoice.msat} for ${terms.msat} msat`);
	if (terms.hash !== undefined && invoice.hash !== terms.hash) return refuse('wrong-hash', invoice.hash);
	if (terms.binding !== undefined && !isBound(invoice, terms.binding))
		return refuse('not-bound', invoice.descriptionHash ?? invoice.description ?? '');
	if (invoice.minCltv > terms.maxCltv) return refuse('lock-too-long', `${invoice.minCltv} blocks`);
	if (invoice.expiresAt - now < terms.leftMs) return refuse('expired', `${invoice.expiresAt - now} ms left`);
	if (terms.longestMs !== undefined && invoice.expiresAt - now > terms.longestMs)
		return refuse('lives-too-long', `${invoice.expiresAt - now} ms left`);
	return ok(invoice);
}

const isBound = ({ description, descriptionHash }: Invoice, binding: Hex): boolean =>
	descriptionHash === binding || description === memoOf(binding);
