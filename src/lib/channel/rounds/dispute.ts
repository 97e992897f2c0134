import type { Millis } from '#lib/core/brand.ts';
import { judge } from '../contest.ts';
import type { ChainCall } from '../ports.ts';
import { noSignature } from '../signature.ts';
import { sameTally, saveChannel, tallyOf, type ChainFact, type Play, type PlayEffect } from './play.ts';

/** The contract's `challenge` with the newest state, when it would beat the claim on chain. */
export function challengeOf(play: Play): ChainCall | undefined {
	const { chain, newest, record } = play;
	if (!newest || chain?.standing.phase !== 'closing') return undefined;
	const { closer, deadline, claimed, tally: standing } = chain.standing;
	if (closer === record.role || chain.time > deadline) return undefined;
	const verdict = judge({ closer, deadline, standing, claimed }, newest.tally, 'counterparty');
	if (verdict.effect === 'none') return undefined;
	const { tally, user, suggester } = newest;
	return { call: 'challenge', channel: record.channel, tally, user, suggester };
}

/** The contract's `startClose`. Whoever lost data must not: an honest old state costs the bond like a lie. */
export function contestOf(play: Play): ChainCall | undefined {
	const { record, newest, chain } = play;
	const { role, stage, recovering, channel } = record;
	if (recovering || stage !== 'open' || (chain && chain.standing.phase !== 'open')) return undefined;
	const counterparty = newest?.[role === 'user' ? 'suggester' : 'user'] ?? noSignature;
	return { call: 'startClose', channel, tally: tallyOf(play), counterparty };
}

/** Claims the newest state on chain. That nothing newer will be signed is kept before it is claimed. */
export function contest<P extends Play>(play: P, now: Millis): [P, PlayEffect[]] {
	const call = contestOf(play);
	if (!call) return [play, []];
	const record = { ...play.record, contesting: play.record.contesting ?? now };
	return [{ ...play, record }, [saveChannel(record), { kind: 'submit', call }]];
}

/** The contract's `close`, once both signed. */
export function closeOf({ record, chain }: Play): ChainCall | undefined {
	const { tally, user, suggester } = record.leaving ?? {};
	const phase = chain?.standing.phase;
	if (!tally || !user || !suggester || phase === 'closed' || record.stage === 'closed') return undefined;
	return { call: 'close', channel: record.channel, tally, user, suggester };
}

/** The contract's `finish`: the window of a contested close is over. */
export function finishOf({ record, chain }: Play): ChainCall | undefined {
	const over = chain?.standing.phase === 'closing' && chain.time > chain.standing.deadline;
	return over ? { call: 'finish', channel: record.channel } : undefined;
}

/** The contract's `affirm`: what the other side claims is what this side knows. */
export function affirmOf(play: Play): ChainCall | undefined {
	const { chain, record } = play;
	if (chain?.standing.phase !== 'closing' || chain.standing.closer === record.role) return undefined;
	if (!sameTally(chain.standing.tally, tallyOf(play)) || record.recovering) return undefined;
	return { call: 'affirm', channel: record.channel };
}

/** Takes in what the chain says and answers a wrong claim, or ends one whose window is over, by itself. */
export function lookAtChain<P extends Play>(play: P, fact: ChainFact): [P, PlayEffect[]] {
	const { phase, tally } = fact.standing;
	const next = { ...play, chain: fact };
	const { record } = play;
	if (phase === 'closed' || phase === 'cancelled') {
		if (record.stage === phase) return [next, []];
		const settled = { ...record, stage: phase, ...(phase === 'closed' ? { settled: tally } : {}) };
		return [{ ...next, record: settled, again: undefined }, [saveChannel(settled)]];
	}
	const stage = phase === 'requested' ? 'requested' : phase === 'open' ? 'open' : record.stage;
	// A request that is gone from the chain after a reorganisation is not unlearnt: it is looked at again.
	const moved = stage !== record.stage && phase !== 'none' ? { ...record, stage } : record;
	const effects: PlayEffect[] = moved === record ? [] : [saveChannel(moved)];
	const call = challengeOf(next) ?? finishOf(next);
	if (call) effects.push({ kind: 'submit', call });
	return [{ ...next, record: moved }, effects];
}
