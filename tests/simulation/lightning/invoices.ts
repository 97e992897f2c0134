import { err, ok } from '#lib/core/result.ts';
import { memoOf, type checkInvoice } from '#lib/wallet/lightning/bolt11/check.ts';
import type { InvoiceFields } from '#lib/wallet/lightning/bolt11/encode.ts';

/** Invoices without a signature, read only by who shares the book: a hundred thousand plays need none. */
export class PaperInvoices {
	readonly #written = new Map<string, InvoiceFields>();

	write(fields: InvoiceFields): string {
		const bolt11 = `paper ${this.#written.size}`;
		this.#written.set(bolt11, fields);
		return bolt11;
	}

	read(bolt11: string): InvoiceFields | undefined {
		return this.#written.get(bolt11);
	}

	/** The terms of the real check that can differ here. */
	check: typeof checkInvoice = (bolt11, terms, now) => {
		const refuse = (
			code: 'not-bech32' | 'wrong-amount' | 'wrong-hash' | 'not-bound' | 'lock-too-long' | 'expired',
		) => err({ type: 'terms', code, detail: '' } as const);
		const fields = this.#written.get(bolt11);
		if (!fields) return refuse('not-bech32');
		const { network, msat, hash, createdAt, minCltv, memo, descriptionHash, paymentSecret } = fields;
		const expiresAt = Math.floor(createdAt / 1_000) * 1_000 + fields.expirySeconds * 1_000;
		if (msat !== terms.msat) return refuse('wrong-amount');
		if (terms.hash !== undefined && hash !== terms.hash) return refuse('wrong-hash');
		const { binding } = terms;
		if (binding !== undefined && descriptionHash !== binding && memo !== memoOf(binding))
			return refuse('not-bound');
		if (minCltv > terms.maxCltv) return refuse('lock-too-long');
		if (expiresAt - now < terms.leftMs) return refuse('expired');
		const description = memo;
		return ok({
			bolt11,
			network,
			msat,
			hash,
			payee: '',
			createdAt,
			expiresAt,
			minCltv,
			description,
			descriptionHash,
			paymentSecret,
		});
	};
}
