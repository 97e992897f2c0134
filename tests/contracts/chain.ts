import { spawn } from 'node:child_process';
import { createServer } from 'node:net';
import {
	createTestClient,
	http,
	publicActions,
	walletActions,
	concatHex,
	getCreate2Address,
	type Abi,
	type Address,
	type Hex,
} from 'viem';
import { privateKeyToAccount, type PrivateKeyAccount } from 'viem/accounts';
import { foundry } from 'viem/chains';
import { environment } from './foundry.ts';

/** The standard CREATE2 deployer: anvil and nearly every chain have it at this address. */
export const deployer = '0x4e59b44847b379578588920ca78fbf26c0b4956c';
export const salt: Hex = `0x${'0'.repeat(64)}`;

const freePort = (): Promise<number> =>
	new Promise((resolve, reject) => {
		const server = createServer();
		server.once('error', reject);
		server.listen(0, '127.0.0.1', () => {
			const address = server.address();
			server.close(() => resolve(typeof address === 'object' && address ? address.port : 0));
		});
	});

/** One account of the test, with a key derived from a small number. */
export const actor = (number: number): PrivateKeyAccount =>
	privateKeyToAccount(`0x${number.toString(16).padStart(2, '0').repeat(32)}`);

/** An anvil of its own on a free port; `stop` ends exactly that process. */
export async function startChain(genesis = 1_800_000_000) {
	const port = await freePort();
	const anvil = spawn(
		'anvil',
		['--silent', '--port', String(port), '--hardfork', 'cancun', '--timestamp', String(genesis)],
		{ env: environment(), stdio: 'ignore' },
	);
	const client = createTestClient({
		mode: 'anvil',
		chain: foundry,
		transport: http(`http://127.0.0.1:${port}`),
		pollingInterval: 5,
		cacheTime: 0,
	})
		.extend(publicActions)
		.extend(walletActions);
	await untilReady(() => client.getBlockNumber(), () => anvil.exitCode);

	return {
		client,
		stop: () => anvil.kill(),
		fund: (address: Address, value = 10n ** 24n) => client.setBalance({ address, value }),

		/** Deploys through the CREATE2 deployer and tells the address and the gas of it. */
		async deploy(initCode: Hex, from: PrivateKeyAccount) {
			const address = getCreate2Address({ from: deployer, salt, bytecode: initCode });
			const hash = await client.sendTransaction({
				account: from,
				to: deployer,
				data: concatHex([salt, initCode]),
			});
			const receipt = await client.waitForTransactionReceipt({ hash });
			return { address, gasUsed: receipt.gasUsed };
		},

		/** Sends a call from an account, waits for it, and throws unless it succeeded. */
		async send(call: {
			readonly abi: Abi;
			readonly address: Address;
			readonly functionName: string;
			readonly args: readonly unknown[];
			readonly from: PrivateKeyAccount;
			readonly value?: bigint;
		}) {
			const { from, ...rest } = call;
			const hash = await client.writeContract({ ...rest, account: from, gas: 3_000_000n } as never);
			const receipt = await client.waitForTransactionReceipt({ hash });
			if (receipt.status !== 'success') throw new Error(`${call.functionName} reverted`);
			return receipt;
		},
	};
}

async function untilReady(ask: () => Promise<unknown>, exited: () => number | null): Promise<void> {
	for (;;) {
		try {
			await ask();
			return;
		} catch (error) {
			if (exited() !== null) throw new Error('anvil ended early', { cause: error });
		}
	}
}
