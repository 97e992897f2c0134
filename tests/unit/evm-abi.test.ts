import { readFileSync } from 'node:fs';
import { toEventSelector, toFunctionSelector, type Abi } from 'viem';
import { expect, it } from 'vitest';
import { abi } from '#lib/wallet/evm/abi.ts';

const artifact = JSON.parse(readFileSync('contracts/artifacts/ScorchedEarthETH.json', 'utf8')) as {
	abi: Abi;
};

interface Parameter {
	readonly name?: string | undefined;
	readonly type: string;
	readonly components?: readonly Parameter[] | undefined;
}

/** Type of a parameter with the names of a struct's fields: what decides how it is read. */
const shape = ({ type, components }: Parameter): string =>
	components
		? `(${components.map((part) => `${part.name ?? ''}:${shape(part)}`).join()})${type.replace('tuple', '')}`
		: type;

const shapes = (list: readonly unknown[]): string => (list as readonly Parameter[]).map(shape).join();

function entries(of: Abi): Map<string, string> {
	const found = new Map<string, string>();
	for (const item of of) {
		if (item.type === 'function')
			found.set(
				`function ${item.name}`,
				[toFunctionSelector(item), shapes(item.inputs), shapes(item.outputs), item.stateMutability].join(' '),
			);
		if (item.type === 'event')
			found.set(`event ${item.name}`, `${toEventSelector(item)} ${shapes(item.inputs)}`);
		if (item.type === 'error') found.set(`error ${item.name}`, shapes(item.inputs));
	}
	return found;
}

it('is what the compiler made of the contract, as far as the app calls it', () => {
	const compiled = entries(artifact.abi);
	const own = entries(abi);
	expect(own.size).toBeGreaterThan(35);
	for (const [name, entry] of own) expect([name, compiled.get(name)]).toEqual([name, entry]);
});

it('names every error the contract has', () => {
	const errors = (of: Abi) => of.filter((item) => item.type === 'error').map((item) => item.name);
	expect(errors(abi).sort()).toEqual(errors(artifact.abi).sort());
});
