import { err, ok, type Result } from '#lib/core/result.ts';
import { fromHex, toHex } from '#lib/core/bytes.ts';
import type { Hex } from '#lib/core/brand.ts';
import type { Address } from '#lib/channel/address.ts';
import { round } from '#lib/channel/channel.ts';
import type { ChainCall, Standing } from '#lib/channel/ports.ts';
import { readCoSigned, tallyOf, type Play } from '#lib/channel/rounds/play.ts';
import { channelId } from '#lib/channel/typed-data.ts';
import { channelFrames } from '#lib/channel/wire/frames.ts';
import type { WatchRecord } from '#lib/store/channel-port.ts';
import { sealsOf } from './desk.ts';

/** The newest state with both signatures, as text for whoever shall watch over the channel. */
export function watchBlob(play: Play): Hex | undefined {
	const { record, newest } = play;
	if (!newest) return undefined;
	const { user, suggester } = newest;
	return toHex(
		channelFrames.encode({
			kind: 'Watch',
			version: 1,
			...record.domain,
			channel: record.channel,
			...tallyOf(play),
			user,
			suggester,
		}),
	);
}

/** Reads such a text. Signatures are checked at once: what could not be used later is refused now. */
export function parseWatch(blob: string, from: Address, now: number): Result<WatchRecord, string> {
	const bytes = fromHex(blob.trim().toLowerCase());
	const frame = bytes && channelFrames.decode(bytes);
	if (!frame) return err('not hexadecimal');
	if (!frame.ok) return err(`${frame.error.where}: ${frame.error.detail}`);
	if (frame.value.kind !== 'Watch') return err('not a state to watch over');
	const { chainId, contract, channel, rewarded, burned, user, suggester } = frame.value;
	const domain = { chainId, contract };
	const tally = { rewarded, burned };
	if (!readCoSigned(sealsOf(domain), channel, { tally, user, suggester })) return err('a signature is wrong');
	return ok({ id: channelId(channel), domain, channel, tally, user, suggester, since: now, from });
}

/** What a stranger can do for a channel: correct a claim that is older than the state it was given. */
export function correction(watch: WatchRecord, standing: Standing, time: number): ChainCall | undefined {
	if (standing.phase !== 'closing' || time > standing.deadline) return undefined;
	if (round(watch.tally) <= round(standing.tally)) return undefined;
	const { channel, tally, user, suggester } = watch;
	return { call: 'challenge', channel, tally, user, suggester };
}
