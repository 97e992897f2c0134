import {
	BaseError,
	ChainMismatchError,
	ContractFunctionRevertedError,
	ContractFunctionZeroDataError,
	HttpRequestError,
	InsufficientFundsError,
	ResourceUnavailableRpcError,
	RpcRequestError,
	SwitchChainError,
	TimeoutError,
	UserRejectedRequestError,
	WaitForTransactionReceiptTimeoutError,
} from 'viem';
import type { ChainError } from '#lib/channel/ports.ts';
import { err } from '#lib/core/result.ts';

type ChainErrorCode = ChainError['code'];

export const refuse = (code: ChainErrorCode, detail: string) => err({ type: 'chain', code, detail } as const);

const kinds: readonly (readonly [abstract new (...args: never[]) => Error, ChainErrorCode])[] = [
	[UserRejectedRequestError, 'rejected'],
	[ResourceUnavailableRpcError, 'busy'],
	[InsufficientFundsError, 'no-funds'],
	[ChainMismatchError, 'wrong-chain'],
	[SwitchChainError, 'wrong-chain'],
	[ContractFunctionZeroDataError, 'no-contract'],
	[WaitForTransactionReceiptTimeoutError, 'dropped'],
	[TimeoutError, 'unreachable'],
	[HttpRequestError, 'unreachable'],
];

/** Nodes and wallets word a lack of coins in their own ways, some without a class viem knows. */
const poor = /insufficient funds|exceeds the balance|gas required exceeds allowance \(0\)/i;

/** Puts whatever a wallet, a node or viem threw into one of the kinds the app has a next step for. */
export function chainError(fault: unknown): ChainError {
	const detail = fault instanceof BaseError ? fault.shortMessage : String(fault);
	const error = (code: ChainErrorCode, reason?: string): ChainError => ({
		type: 'chain',
		code,
		detail: detail.slice(0, 500),
		...(reason === undefined ? {} : { reason }),
	});
	if (!(fault instanceof BaseError)) return error(codeOf(fault) ?? 'failed');
	const reverted = fault.walk((cause) => cause instanceof ContractFunctionRevertedError);
	if (reverted instanceof ContractFunctionRevertedError)
		return error('reverted', reverted.data?.errorName ?? reverted.reason);
	for (const [kind, code] of kinds) if (fault.walk((cause) => cause instanceof kind)) return error(code);
	if (poor.test(fault.message)) return error('no-funds');
	const answered = fault.walk((cause) => cause instanceof RpcRequestError);
	return error(codeOf(answered) ?? 'failed');
}

/** EIP-1193 codes, where a provider threw a plain object. */
function codeOf(fault: unknown): ChainErrorCode | undefined {
	if (typeof fault !== 'object' || fault === null || !('code' in fault)) return undefined;
	switch (fault.code) {
		case 4001:
			return 'rejected';
		case -32002:
			return 'busy';
		case 4100:
			return 'no-wallet';
		case 4900:
		case 4901:
		case 4902:
			return 'wrong-chain';
		default:
			return undefined;
	}
}
