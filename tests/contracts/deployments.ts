/**
 * What gets deployed, and where: the same bytes have the same address on every chain. Written here, committed, and
 * checked by `npm run test:contracts` against what the compiler makes of the sources.
 *
 *   node tests/contracts/deployments.ts        renews the files
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { keccak256, type Hex } from 'viem';
import { create2Address, type Address } from '../../src/lib/channel/address.ts';
import { deployer, salt } from './chain.ts';
import { artifact, compile, contracts, type Build } from './foundry.ts';

const builds: readonly Build[] = ['ScorchedEarthETH', 'ScorchedEarthERC20'];

/** File name below `contracts/` and its text. */
function deploymentFiles(): ReadonlyMap<string, string> {
	const files = new Map<string, string>();
	const json = (value: unknown) => `${JSON.stringify(value, null, '\t')}\n`;
	const hash = (name: Build): Hex => keccak256(artifact(name).bytecode.object);
	const coin = hash('ScorchedEarthETH');
	files.set(
		'deployments.json',
		json({
			deployer,
			salt,
			ScorchedEarthETH: {
				address: create2Address(deployer as Address, salt, coin),
				initCodeHash: coin,
			},
			ScorchedEarthERC20: {
				note: 'one per token: the init code is this code followed by the address of the token, padded to 32 bytes',
				creationCodeHash: hash('ScorchedEarthERC20'),
			},
		}),
	);
	for (const name of builds) {
		const { abi, bytecode } = artifact(name);
		files.set(`artifacts/${name}.json`, json({ abi, bytecode: bytecode.object }));
	}
	return files;
}

/** Names of the committed files that are not what the sources compile to. */
export const staleDeployments = (): string[] =>
	[...deploymentFiles()]
		.filter(([file, text]) => {
			try {
				return readFileSync(join(contracts, file), 'utf8') !== text;
			} catch {
				return true;
			}
		})
		.map(([file]) => file);

if (import.meta.main) {
	compile();
	for (const [file, text] of deploymentFiles()) writeFileSync(join(contracts, file), text);
}
