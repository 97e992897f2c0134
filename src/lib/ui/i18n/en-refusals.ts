import type { PlainCommandCode } from '#lib/app/protocol.ts';

/** Why a command was not carried out; loaded at the first refusal. */
export const refusalWords = {
	'refusal.not-ready': 'The node is still starting. Try again in a moment.',
	'refusal.bad-topic': 'That topic cannot be used. Write it like /drive/australia.',
	'refusal.empty': 'Write a few words first.',
	'refusal.too-long': 'That text is too long to travel. Shorten it.',
	'refusal.bad-expiry': 'A job may stay open for 7 days at most.',
	'refusal.bad-money': 'Write the amount as a whole number and the unit in 1 to 8 letters.',
	'refusal.not-found': 'It is no longer on this device.',
	'refusal.wrong-state': 'That is not possible any more; something happened in the meantime.',
	'refusal.storage': 'This browser could not save it, so nothing was sent. Free some space and try again.',
	'refusal.locked': 'Your keys are locked. Unlock them first.',
	'refusal.bad-terms': 'No channel can be opened on these terms.',
	'refusal.bad-picture': 'That is no picture this app shows.',
	'refusal.no-chain': 'Choose a chain first.',
	'refusal.recovering': 'Data of this channel was lost, so only leaving by agreement is safe.',
	'refusal.bad-blob': 'That text is not a state to watch over.',
	'refusal.no-keeper': 'The tab that keeps your jobs does not answer. Close other tabs and try again.',
} as const satisfies Record<`refusal.${PlainCommandCode}`, string>;
