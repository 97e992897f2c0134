import * as ldk from 'lightningdevkit';
import type { Hex } from '#lib/core/brand.ts';
import { hexBytes, toHex, utf8 } from '#lib/core/bytes.ts';
import { sha256 } from '#lib/core/crypto/hash.ts';
import { err, ok, type Result } from '#lib/core/result.ts';
import type {
	Backend,
	BackendEvent,
	InvoiceOrder,
	Paid,
	Transaction,
	WalletError,
} from '../../../network/wallet-service/backend.ts';
import { some, unwrap } from './library.ts';
import type { LdkNetwork } from './network.ts';
import type { LdkNode } from './node.ts';

const fail = (code: WalletError['code'], message: string) => err({ code, message } as const);

/** A wallet on a Lightning node: every invoice is a real BOLT11 one, every hold a real HTLC. */
export function createLdkBackend(network: LdkNetwork, node: LdkNode, now: () => number): Backend {
	const incoming = new Map<Hex, Transaction>();
	const outgoing = new Map<Hex, Transaction>();
	const holds = new Set<Hex>();
	const waiting = new Map<Hex, (outcome: Result<Paid, WalletError>) => void>();
	const listeners = new Set<(event: BackendEvent) => void>();

	function change(
		book: Map<Hex, Transaction>,
		hash: Hex,
		update: Partial<Transaction>,
	): Transaction | undefined {
		const before = book.get(hash);
		if (!before) return undefined;
		const after = { ...before, ...update };
		book.set(hash, after);
		return after;
	}

	function tell(type: BackendEvent['type'], transaction: Transaction | undefined): void {
		if (transaction) for (const listener of listeners) listener({ type, transaction });
	}

	network.onEvent(node, (event) => {
		if (event instanceof ldk.Event_PaymentClaimable) claimable(event);
		else if (event instanceof ldk.Event_PaymentClaimed)
			tell('received', change(incoming, toHex(event.payment_hash), { state: 'settled', settled_at: now() }));
		else if (event instanceof ldk.Event_PaymentSent) sent(event);
		else if (event instanceof ldk.Event_PaymentFailed) failed(event);
		else if (event instanceof ldk.Event_HTLCHandlingFailed) refunded(event.failed_next_destination);
	});

	function claimable(event: ldk.Event_PaymentClaimable): void {
		const hash = toHex(event.payment_hash);
		if (!holds.has(hash)) {
			const preimage = some(event.purpose.preimage(), ldk.Option_ThirtyTwoBytesZ_Some);
			if (preimage) node.manager.claim_funds(preimage);
			else node.manager.fail_htlc_backwards(event.payment_hash);
			network.kick();
			return;
		}
		const deadline = some(event.claim_deadline, ldk.Option_u32Z_Some);
		const update = deadline === undefined ? {} : { settle_deadline: deadline };
		tell('accepted', change(incoming, hash, { state: 'accepted', ...update }));
	}

	function sent(event: ldk.Event_PaymentSent): void {
		const hash = toHex(event.payment_hash);
		const preimage = toHex(event.payment_preimage);
		const feesPaidMsat = Number(some(event.fee_paid_msat, ldk.Option_u64Z_Some) ?? 0n);
		const update = { state: 'settled', preimage, fees_paid: feesPaidMsat, settled_at: now() } as const;
		tell('sent', change(outgoing, hash, update));
		finish(hash, ok({ preimage, feesPaidMsat }));
	}

	function failed(event: ldk.Event_PaymentFailed): void {
		const hash = toHex(some(event.payment_hash, ldk.Option_ThirtyTwoBytesZ_Some) ?? new Uint8Array());
		tell('failed', change(outgoing, hash, { state: 'failed' }));
		const reason = some(event.reason, ldk.Option_PaymentFailureReasonZ_Some);
		const name = reason === undefined ? 'unknown' : ldk.PaymentFailureReason[reason];
		finish(hash, fail('PAYMENT_FAILED', `the payment came back: ${name.replace(/^.*_/, '')}`));
	}

	/** A hold payment went back because its deadline passed, or because its owner cancelled it. */
	function refunded(destination: ldk.HTLCDestination): void {
		if (!(destination instanceof ldk.HTLCDestination_FailedPayment)) return;
		const hash = toHex(destination.payment_hash);
		if (incoming.get(hash)?.state === 'accepted') change(incoming, hash, { state: 'failed' });
	}

	function finish(hash: Hex, outcome: Result<Paid, WalletError>): void {
		waiting.get(hash)?.(outcome);
		waiting.delete(hash);
	}

	function describe(order: InvoiceOrder): ldk.Bolt11InvoiceDescription {
		if (order.descriptionHash !== undefined)
			return ldk.Bolt11InvoiceDescription.constructor_hash(
				ldk.Sha256.constructor_from_bytes(hexBytes(order.descriptionHash)),
			);
		const text = ldk.Description.constructor_new(order.description ?? '');
		return ldk.Bolt11InvoiceDescription.constructor_direct(
			unwrap(text, ldk.Result_DescriptionCreationErrorZ_OK, 'description'),
		);
	}

	function makeInvoice(order: InvoiceOrder): Result<Transaction, WalletError> {
		if (order.paymentHash !== undefined && incoming.has(order.paymentHash))
			return fail('OTHER', 'there is an invoice with this payment hash already');
		const made = node.manager.create_bolt11_invoice(
			ldk.Option_u64Z.constructor_some(BigInt(order.amountMsat)),
			describe(order),
			ldk.Option_u32Z.constructor_some(order.expirySeconds),
			order.minFinalCltvExpiryDelta === undefined
				? ldk.Option_u16Z.constructor_none()
				: ldk.Option_u16Z.constructor_some(order.minFinalCltvExpiryDelta),
			order.paymentHash === undefined
				? ldk.Option_ThirtyTwoBytesZ.constructor_none()
				: ldk.Option_ThirtyTwoBytesZ.constructor_some(hexBytes(order.paymentHash)),
		);
		if (!made.is_ok()) return fail('OTHER', 'the node cannot make this invoice');
		const invoice = unwrap(made, ldk.Result_Bolt11InvoiceSignOrCreationErrorZ_OK, 'invoice');
		const hash = toHex(invoice.payment_hash());
		if (order.paymentHash !== undefined) holds.add(hash);
		const transaction: Transaction = {
			type: 'incoming',
			state: 'pending',
			invoice: invoice.to_str(),
			payment_hash: hash,
			amount: order.amountMsat,
			fees_paid: 0,
			created_at: now(),
			expires_at: now() + order.expirySeconds,
			...(order.description === undefined ? {} : { description: order.description }),
			...(order.descriptionHash === undefined ? {} : { description_hash: order.descriptionHash }),
		};
		incoming.set(hash, transaction);
		return ok(transaction);
	}

	async function pay(text: string): Promise<Result<Paid, WalletError>> {
		const parsed = ldk.Bolt11Invoice.constructor_from_str(text);
		if (!parsed.is_ok()) return fail('OTHER', 'not a BOLT11 invoice');
		const invoice = unwrap(parsed, ldk.Result_Bolt11InvoiceParseOrSemanticErrorZ_OK, 'invoice');
		const amount = some(invoice.amount_milli_satoshis(), ldk.Option_u64Z_Some);
		if (amount === undefined) return fail('OTHER', 'an invoice without an amount');
		if (invoice.would_expire(BigInt(now()))) return fail('PAYMENT_FAILED', 'the invoice has expired');
		const hash = toHex(invoice.payment_hash());
		const before = outgoing.get(hash);
		if (before?.state === 'settled') return fail('OTHER', 'this invoice is already paid');
		if (before?.state === 'pending') return fail('OTHER', 'this invoice is being paid');
		if (Number(amount) > node.balanceMsat())
			return fail('INSUFFICIENT_BALANCE', 'the channels hold less than that');

		const parts = unwrap(
			ldk.UtilMethods.constructor_payment_parameters_from_invoice(invoice),
			ldk.Result_C3Tuple_ThirtyTwoBytesRecipientOnionFieldsRouteParametersZNoneZ_OK,
			'payment parameters',
		);
		outgoing.set(hash, {
			type: 'outgoing',
			state: 'pending',
			invoice: text,
			payment_hash: hash,
			amount: Number(amount),
			fees_paid: 0,
			created_at: now(),
		});
		const outcome = new Promise<Result<Paid, WalletError>>((resolve) => waiting.set(hash, resolve));
		const started = node.manager.send_payment(
			parts.get_a(),
			parts.get_b(),
			// Of this invoice, once: LDK refuses a second payment under the same id.
			sha256(utf8(text)),
			parts.get_c(),
			ldk.Retry.constructor_attempts(2),
		);
		network.kick();
		if (!started.is_ok()) {
			change(outgoing, hash, { state: 'failed' });
			finish(hash, fail('PAYMENT_FAILED', 'no route'));
		}
		return outcome;
	}

	function settle(preimage: Hex): Result<void, WalletError> {
		const hash = toHex(sha256(hexBytes(preimage)));
		const held = incoming.get(hash);
		if (!held || !holds.has(hash)) return fail('NOT_FOUND', 'no hold invoice with this hash');
		if (held.state !== 'accepted') return fail('OTHER', `this hold invoice is ${held.state}`);
		change(incoming, hash, { preimage });
		node.manager.claim_funds(hexBytes(preimage));
		network.kick();
		return ok(undefined);
	}

	function cancel(hash: Hex): Result<void, WalletError> {
		const held = incoming.get(hash);
		if (!held || !holds.has(hash)) return fail('NOT_FOUND', 'no hold invoice with this hash');
		if (held.state === 'settled') return fail('OTHER', 'this hold invoice is settled');
		change(incoming, hash, { state: 'failed' });
		node.manager.fail_htlc_backwards(hexBytes(hash));
		network.kick();
		return ok(undefined);
	}

	return {
		info: () =>
			Promise.resolve({
				alias: node.name,
				pubkey: toHex(node.id),
				network: 'regtest',
				block_height: network.chain.height,
				block_hash: toHex(new Uint8Array([...network.chain.tip].reverse())),
			}),
		balance: () => Promise.resolve(node.balanceMsat()),
		makeInvoice: (order) => Promise.resolve(makeInvoice(order)),
		pay,
		settle: (preimage) => Promise.resolve(settle(preimage)),
		cancel: (hash) => Promise.resolve(cancel(hash)),
		lookup(wanted) {
			const all = [...incoming.values(), ...outgoing.values()];
			const found = all.find((transaction) =>
				'invoice' in wanted
					? transaction.invoice === wanted.invoice
					: transaction.payment_hash === wanted.paymentHash,
			);
			return Promise.resolve(found ? ok(found) : fail('NOT_FOUND', 'no such invoice or payment'));
		},
		transactions: () =>
			Promise.resolve(
				[...incoming.values(), ...outgoing.values()].sort((a, b) => b.created_at - a.created_at),
			),
		watch(listener) {
			listeners.add(listener);
			return () => listeners.delete(listener);
		},
	};
}
