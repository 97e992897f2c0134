import { err, ok, type Result } from '#lib/core/result.ts';
import type { WeblnCall } from '#lib/wallet/lightning/webln.ts';

/** What this app uses of a WebLN provider; it is an extension's, so nothing about it is sure. */
interface Provider {
	enable?(): Promise<unknown>;
	sendPayment?(invoice: string): Promise<unknown>;
	makeInvoice?(request: { amount: number; defaultMemo: string }): Promise<unknown>;
}

/** Asks this page's WebLN provider what the Worker cannot. Its answer goes back as plain data. */
export async function askProvider(
	provider: Provider | undefined,
	call: WeblnCall,
): Promise<Result<unknown, string>> {
	if (!provider) return err('this browser has no WebLN wallet any more');
	try {
		return ok(plain(await act(provider, call)));
	} catch (fault) {
		return err(fault instanceof Error ? fault.message : String(fault));
	}
}

async function act(provider: Provider, call: WeblnCall): Promise<unknown> {
	switch (call.method) {
		case 'enable':
			await provider.enable?.();
			return null;
		case 'sendPayment':
			await provider.enable?.();
			return provider.sendPayment?.(call.invoice);
		case 'makeInvoice':
			await provider.enable?.();
			return provider.makeInvoice?.({ amount: call.sats, defaultMemo: call.memo });
	}
}

/** Only what can be sent to the Worker, and is asked for. */
const plain = (answer: unknown): unknown => {
	const { preimage, paymentRequest } = (answer ?? {}) as Record<string, unknown>;
	return {
		...(typeof preimage === 'string' ? { preimage } : {}),
		...(typeof paymentRequest === 'string' ? { paymentRequest } : {}),
	};
};
