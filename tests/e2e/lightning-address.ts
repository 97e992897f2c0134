import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { toHex, utf8 } from '#lib/core/bytes.ts';
import { sha256 } from '#lib/core/crypto/hash.ts';
import type { Account } from '#lib/wallet/lightning/ledger/account.ts';
import type { Ledger } from '#lib/wallet/lightning/ledger/ledger.ts';
import { msat } from '#lib/wallet/lightning/msat.ts';

/** A host of one lightning address (LUD-06, LUD-16), whose invoices are an account's. */
export async function startAddressHost(
	ledger: Ledger,
	payee: Account,
): Promise<{ readonly address: string; stop(): void }> {
	const metadata = '[["text/plain","Pay the worker"]]';
	const server = createServer((request, response) => {
		const url = new URL(request.url ?? '/', `http://${request.headers.host}`);
		response.setHeader('access-control-allow-origin', '*');
		if (url.pathname === '/.well-known/lnurlp/worker') {
			const callback = new URL('/invoice', url).href;
			const bounds = { minSendable: 1_000, maxSendable: 1_000_000 };
			response.end(JSON.stringify({ tag: 'payRequest', callback, metadata, ...bounds }));
			return;
		}
		const made = ledger.makeInvoice(payee, {
			msat: msat(Number(url.searchParams.get('amount'))),
			memo: '',
			expirySeconds: 600,
			descriptionHash: toHex(sha256(utf8(metadata))),
		});
		response.end(JSON.stringify(made.ok ? { pr: made.value.bolt11 } : { status: 'ERROR' }));
	});
	await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
	const { port } = server.address() as AddressInfo;
	return { address: `worker@127.0.0.1:${port}`, stop: () => server.close() };
}
