/**
 * What every operation costs on a real chain (anvil receipts), in the steady state: accounts, scores and the burned
 * counter already used, as they are for all but the first channel.
 *
 *   npm run gas               a table beside the goals
 *   npm run gas -- --json     one object on stdout
 *   npm run gas -- --check    fails when a figure is above its goal or differs from contracts/snapshots/gas.json
 *   npm run gas -- --write    renews that file
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Channel, Tally } from '../../src/lib/channel/channel.ts';
import { suggesterDeposit, userDeposit } from '../../src/lib/channel/settlement.ts';
import { noSignature } from '../../src/lib/channel/signature.ts';
import type { Domain } from '../../src/lib/channel/typed-data.ts';
import { addressOf, both, cast, channelOf, sign } from './cast.ts';
import { startChain } from './chain.ts';
import { artifact, compile, contracts } from './foundry.ts';

/** Most gas each may cost; `runtimeBytes` in bytes. */
const goals = {
	open: 68_000,
	request: 54_000,
	approve: 42_000,
	approveBatch10: 19_000,
	closeAny: 67_000,
	closeUser: 61_000,
	startClose: 40_000,
	challenge: 68_000,
	finish: 53_000,
	deploy: 3_400_000,
	runtimeBytes: 16_000,
} as const;

/** Beside the goals, for the table: no limit is set on them. */
type Extra = 'advertise' | 'deposit' | 'withdraw' | 'cancel' | 'correct' | 'affirm' | 'closeSuggester';

type Figures = Record<keyof typeof goals | Extra, number>;

const played: Tally = { rewarded: 9, burned: 3 };
const newer: Tally = { rewarded: 10, burned: 4 };
const expiry = 2_000_000_000;

async function measure(): Promise<Figures> {
	compile();
	const { abi, bytecode, deployedBytecode } = artifact('ScorchedEarthETH');
	const chain = await startChain();
	try {
		for (const account of Object.values(cast)) await chain.fund(account.address);
		const { address, gasUsed } = await chain.deploy(bytecode.object, cast.stranger);
		const domain: Domain = { chainId: 31_337, contract: address.toLowerCase() as Domain['contract'] };

		type Who = keyof typeof cast;
		const call = async (functionName: string, args: readonly unknown[], from: Who, value = 0n) => {
			const receipt = await chain.send({ abi, address, functionName, args, from: cast[from], value });
			return Number(receipt.gasUsed);
		};
		let salt = 0x9e37_79b9_7f4a_7c15n;
		const fresh = (): Channel => channelOf(++salt);
		const open = (channel: Channel) =>
			call(
				'open',
				[channel, expiry, sign(domain, { primaryType: 'Approval', channel, expiry }, 'suggesterKey')],
				'user',
				userDeposit(channel),
			);
		const opened = async () => {
			const channel = fresh();
			await open(channel);
			return channel;
		};
		const requested = async () => {
			const channel = fresh();
			await call('request', [channel], 'user', userDeposit(channel));
			return channel;
		};
		const closing = async () => {
			const channel = await opened();
			const round = both(domain, 'Round', channel, played);
			const gas = await call('startClose', [channel, played, round.user], 'suggester', channel.bond);
			return { channel, gas };
		};
		const close = async (from: Who) => {
			const channel = await opened();
			const ends = both(domain, 'Close', channel, played);
			const user = from === 'user' ? noSignature : ends.user;
			const suggester = from === 'suggester' ? noSignature : ends.suggester;
			return call('close', [channel, played, user, suggester], from);
		};
		const challenge = async (from: Who) => {
			const { channel } = await closing();
			const ends = both(domain, 'Round', channel, newer);
			return call('challenge', [channel, newer, from === 'user' ? noSignature : ends.user, ends.suggester], from);
		};

		const terms = {
			reward: 10n ** 14n,
			userBurn: 12n * 10n ** 13n,
			maxRounds: 100,
			window: 86_400,
			suggesterBurn: 24n * 10n ** 13n,
			key: addressOf('suggesterKey'),
			bond: 5n * 10n ** 14n,
			url: 'sweet:9f2c?r=relay.example.org',
		};
		const advertise = await call('advertise', [terms, 10n ** 18n], 'suggester', 10n ** 18n);
		await close('stranger');
		await challenge('user');

		const channel = fresh();
		const openGas = await open(channel);
		const first = await requested();
		const approve = await call('approve', [[first]], 'suggesterKey');
		const ten: Channel[] = [];
		for (let i = 0; i < 10; i++) ten.push(await requested());
		const batch = await call('approve', [ten], 'suggesterKey');
		const withdrawn = await requested();
		const { channel: waiting, gas: startClose } = await closing();
		const { channel: agreed } = await closing();
		await chain.client.increaseTime({ seconds: 86_401 });
		await chain.client.mine({ blocks: 1 });
		const figures = {
			open: openGas,
			request: await call('request', [fresh()], 'user', userDeposit(channel)),
			approve,
			approveBatch10: Math.ceil(batch / 10),
			closeAny: await close('stranger'),
			closeUser: await close('user'),
			startClose,
			challenge: await challenge('user'),
			finish: await call('finish', [waiting], 'stranger'),
			deploy: Number(gasUsed),
			runtimeBytes: (deployedBytecode.object.length - 2) / 2,
			advertise,
			deposit: await call('deposit', [suggesterDeposit(channel)], 'suggester', suggesterDeposit(channel)),
			withdraw: await call('withdraw', [10n ** 15n, addressOf('suggester')], 'suggester'),
			cancel: await call('cancel', [withdrawn], 'user'),
			correct: await challenge('stranger'),
			affirm: await call('affirm', [agreed], 'user'),
			closeSuggester: await close('suggester'),
		};
		return figures;
	} finally {
		chain.stop();
	}
}

const snapshot = join(contracts, 'snapshots/gas.json');
const flags = new Set(process.argv.slice(2));
const figures = await measure();
const asked = Object.keys(goals) as (keyof typeof goals)[];
const missed = asked.filter((name) => figures[name] > goals[name]);

if (flags.has('--write')) writeFileSync(snapshot, `${JSON.stringify(figures, null, '\t')}\n`);
if (flags.has('--json')) {
	console.log(JSON.stringify(figures));
} else {
	for (const [name, gas] of Object.entries(figures)) {
		const goal = name in goals ? goals[name as keyof typeof goals] : undefined;
		const verdict = goal === undefined ? '' : `  goal ${String(goal)}${gas > goal ? '  MISSED' : ''}`;
		console.log(`${name.padEnd(16)}${String(gas).padStart(9)}${verdict}`);
	}
}
if (flags.has('--check')) {
	const kept = JSON.parse(readFileSync(snapshot, 'utf8')) as Figures;
	const changed = (Object.keys(figures) as (keyof Figures)[]).filter((name) => kept[name] !== figures[name]);
	for (const name of changed)
		console.error(`${name}: ${String(figures[name])}, snapshot ${String(kept[name])}`);
	for (const name of missed) console.error(`${name}: ${String(figures[name])} is above the goal ${String(goals[name])}`);
	if (changed.length + missed.length > 0) process.exitCode = 1;
}
