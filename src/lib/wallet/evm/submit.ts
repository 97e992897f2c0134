import type { Word } from '#lib/channel/address.ts';
import type { ChainCall, ChainError } from '#lib/channel/ports.ts';
import { userDeposit } from '#lib/channel/settlement.ts';
import { ok, type Result } from '#lib/core/result.ts';
import { encodeFunctionData } from 'viem';
import { abi } from './abi.ts';
import type { ChainPlace } from './chains.ts';
import { createEndpoints } from './endpoints.ts';
import { chainError } from './error.ts';
import type { Sender } from './sender.ts';

/** The contract's function with its arguments. */
function functionOf(call: ChainCall) {
	switch (call.call) {
		case 'advertise':
			return { functionName: call.call, args: [call.terms, call.amount] } as const;
		case 'deposit':
			return { functionName: call.call, args: [call.amount] } as const;
		case 'withdraw':
			return { functionName: call.call, args: [call.amount, call.to] } as const;
		case 'open':
			return { functionName: call.call, args: [call.channel, BigInt(call.expiry), call.approval] } as const;
		case 'request':
		case 'cancel':
		case 'affirm':
		case 'finish':
			return { functionName: call.call, args: [call.channel] } as const;
		case 'approve':
			return { functionName: call.call, args: [call.channels] } as const;
		case 'close':
		case 'challenge':
			return {
				functionName: call.call,
				args: [call.channel, call.tally, call.user, call.suggester],
			} as const;
		case 'startClose':
			return { functionName: call.call, args: [call.channel, call.tally, call.counterparty] } as const;
		case 'claim':
			return { functionName: call.call, args: [call.to] } as const;
	}
}

/** The coins a call carries: exactly what the contract asks for, in the smallest unit. */
export function valueOf(call: ChainCall): bigint {
	switch (call.call) {
		case 'advertise':
		case 'deposit':
			return call.amount;
		case 'open':
		case 'request':
			return userDeposit(call.channel);
		case 'startClose':
			return call.channel.bond;
		default:
			return 0n;
	}
}

/** Gas asked for, in tenths of the estimate: the state may change before it is mined, and what is left comes back. */
const gasTenths = 13n;

/**
 * Tries a call at a node first, so that what the contract refuses is told by its name and costs nothing, then has
 * the wallet sign and send it.
 */
export async function submitCall(
	place: ChainPlace,
	sender: Sender,
	call: ChainCall,
): Promise<Result<Word, ChainError>> {
	const named = functionOf(call);
	const value = valueOf(call);
	const estimate = await createEndpoints(place, 'contract').ask((client) =>
		client.estimateContractGas({
			abi,
			address: place.contract,
			account: sender.address,
			value,
			...named,
		} as never),
	);
	if (!estimate.ok) return estimate;
	try {
		const data = encodeFunctionData({ abi, ...named });
		return ok(
			await sender.send({ to: place.contract, data, value, gas: (estimate.value * gasTenths) / 10n }),
		);
	} catch (fault) {
		return { ok: false, error: chainError(fault) };
	}
}
