import type { Clock } from '#lib/core/clock.ts';
import { randomInt, type Random } from '#lib/core/random.ts';
import type { LeadView, Money, MyOfferView } from '#lib/gossip/view.ts';
import { sats } from '#lib/wallet/lightning/msat.ts';
import type { HeadlessPeer } from './headless.ts';
import type { Persona } from './personas.ts';

/** How long a demo worker thinks before it acts, ms: long enough to watch, short enough not to wait. */
const thinks = { least: 600, spread: 2_400 } as const;

/**
 * Plays a worker: offers on jobs that match its topics, answers in the chat, and when it is done says so and asks for its
 * sats. It acts only through the commands a person has. The returned function ends the play.
 */
export function playWorker(
	peer: Pick<HeadlessPeer, 'command' | 'slice' | 'watch'>,
	persona: Persona,
	clock: Clock,
	random: Random,
): () => void {
	const considered = new Set<string>();
	const answered = new Set<string>();

	/** Once per id, after a moment. */
	function soon(seen: Set<string>, id: string, act: () => Promise<{ ok: boolean }>): void {
		if (seen.has(id)) return;
		seen.add(id);
		clock.after(thinks.least + randomInt(random, thinks.spread), () => {
			// What was refused may be tried at the next change.
			void act().then(({ ok }) => ok || seen.delete(id));
		});
	}

	function pick(lines: readonly string[]): string {
		return lines[randomInt(random, lines.length)] ?? '';
	}

	function priceFor(budget: Money | undefined): Money {
		if (!budget) return persona.usualPrice;
		return { amount: Math.max(1, Math.round(budget.amount * persona.ask)), unit: budget.unit };
	}

	function consider(lead: LeadView): void {
		if (lead.status !== 'open') return;
		soon(considered, lead.msgId, () =>
			peer.command('offer', {
				msgId: lead.msgId,
				text: `${pick(persona.offers)} ${persona.name}`,
				price: priceFor(lead.budget),
			}),
		);
	}

	function answer(text: string): string {
		if (/\b(when|how long|time|late|soon)\b/i.test(text)) return persona.answers.when;
		if (/\b(price|cost|pay|sats?|money|cheaper)\b/i.test(text)) return persona.answers.price;
		if (/\b(thanks?|thank you|great|perfect)\b/i.test(text)) return persona.answers.thanks;
		return pick(persona.answers.otherwise);
	}

	function converse(offer: MyOfferView): void {
		const { replyId } = offer;
		if (offer.state === 'chosen')
			soon(answered, `${replyId} chosen`, () => peer.command('chat', { replyId, text: persona.onChosen }));
		const last = offer.chat.at(-1);
		if (last && !last.mine)
			soon(answered, last.id, () => peer.command('chat', { replyId, text: answer(last.text) }));
		if (offer.state !== 'done') return;
		if (offer.price?.unit === 'sats') {
			const msat = sats(offer.price.amount);
			soon(answered, `${replyId} bill`, () =>
				peer.command('requestPayment', { replyId, msat, memo: offer.message }),
			);
		}
		soon(answered, `${replyId} done`, () => peer.command('chat', { replyId, text: persona.onDone }));
	}

	return peer.watch((name) => {
		if (name === 'leads') for (const lead of peer.slice('leads')) consider(lead);
		if (name === 'offers') for (const offer of peer.slice('offers')) converse(offer);
	});
}
