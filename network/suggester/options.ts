import { parseEther } from 'viem';
import type { Terms } from '#lib/channel/ports.ts';
import { err, ok, type Result } from '#lib/core/result.ts';
import { readFlags, type OptionError } from '../command-line.ts';

export interface SuggesterOptions {
	readonly pictures: string;
	readonly data: string;
	/** Address or file of a deployment's /config.json. */
	readonly config: string;
	/** Which of its chains; the only one unless given. */
	readonly chain: number | undefined;
	readonly terms: Omit<Terms, 'key' | 'url'>;
	/** Put in with the first terms, to back the channels; wei. */
	readonly escrow: bigint;
	/** Serves pictures that tell more than they show. */
	readonly keepMetadata: boolean;
}

const hour = 3_600;
const coins = {
	reward: '0.002',
	'user-burn': '0.003',
	'suggester-burn': '0.009',
	bond: '0.01',
	escrow: '0.5',
} as const;
const counts = { rounds: [50, 1, 10_000], 'window-hours': [24, 1, 720] } as const;

export const usage = `
npm run suggester -- --pictures DIR [options]
  --pictures DIR       JPEG, PNG, WebP, GIF or AVIF files of at most 1 MiB; new ones are taken up while it runs
  --data DIR           its keys and records (default ./suggester-data): whoever can read them has the money
  --config URL|FILE    the /config.json of the app's page (default http://127.0.0.1:4180/config.json, "npm start")
  --chain ID           which chain of it, where there are several
  --keep-metadata      serve pictures with EXIF or XMP data too; otherwise they are left out
Terms, in coins of the chain, advertised when they differ from what the chain has; the escrow goes in with the first:
  --reward ${coins.reward}  --user-burn ${coins['user-burn']}  --suggester-burn ${coins['suggester-burn']}  --bond ${coins.bond}  --escrow ${coins.escrow}
  --rounds ${counts.rounds[0]} (1 to ${counts.rounds[2]} a channel)  --window-hours ${counts['window-hours'][0]} (1 to ${counts['window-hours'][2]}, to answer a contested close)`;

const text = { type: 'string' } as const;
const flag = { type: 'boolean' } as const;
const flags = {
	pictures: text,
	data: text,
	config: text,
	chain: text,
	'keep-metadata': flag,
	help: flag,
	reward: text,
	'user-burn': text,
	'suggester-burn': text,
	bond: text,
	escrow: text,
	rounds: text,
	'window-hours': text,
} as const;

/** Reads the command line; `'help'` when that is all it asks. */
export function parseSuggesterOptions(
	args: readonly string[],
): Result<SuggesterOptions | 'help', OptionError> {
	const refuse = (detail: string) => err({ type: 'option', detail } as const);
	const read = readFlags(args, flags);
	if (!read.ok) return read;
	const given = read.value;
	if (given.help) return ok('help');
	if (!given.pictures) return refuse('--pictures: which folder?');
	const wrong: string[] = [];
	const money = (name: keyof typeof coins): bigint => {
		const typed = given[name] ?? coins[name];
		if (/^\d{1,9}(\.\d{1,18})?$/.test(typed)) return parseEther(typed);
		wrong.push(`--${name}: "${typed}" is no amount such as ${coins[name]}.`);
		return 0n;
	};
	const count = (name: keyof typeof counts): number => {
		const [otherwise, least, most] = counts[name];
		const typed = given[name] ?? String(otherwise);
		const value = /^\d{1,6}$/.test(typed) ? Number(typed) : NaN;
		if (value >= least && value <= most) return value;
		wrong.push(`--${name}: "${typed}" is not a number from ${least} to ${most}.`);
		return otherwise;
	};
	const terms = {
		reward: money('reward'),
		userBurn: money('user-burn'),
		suggesterBurn: money('suggester-burn'),
		bond: money('bond'),
		maxRounds: count('rounds'),
		window: count('window-hours') * hour,
	};
	const escrow = money('escrow');
	const { chain } = given;
	if (chain !== undefined && !/^\d{1,15}$/.test(chain)) wrong.push(`--chain: "${chain}" is no chain id.`);
	if (terms.reward > terms.userBurn) wrong.push('--reward is above --user-burn: burning would be cheaper.');
	if (wrong[0] !== undefined) return refuse(wrong[0]);
	return ok({
		pictures: given.pictures,
		data: given.data ?? 'suggester-data',
		config: given.config ?? 'http://127.0.0.1:4180/config.json',
		chain: chain === undefined ? undefined : Number(chain),
		terms,
		escrow,
		keepMetadata: given['keep-metadata'] ?? false,
	});
}
