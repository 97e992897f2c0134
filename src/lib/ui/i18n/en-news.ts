/** News of channels, above every screen and as notifications. */
export const newsWords = {
	'news.claimed-user': 'A suggester leaves a channel alone. What it claims counts from {until} on.',
	'news.claimed-suggester': 'A user leaves a channel alone. What it claims counts from {until} on.',
	'news.finish-user': 'The time to object is over. End the channel to get your money out.',
	'news.finish-suggester': 'The time to object is over. End the channel to get your escrow back.',
	'news.asked-user': 'A suggester asks you to leave a channel together.',
	'news.asked-suggester': 'A user asks you to leave a channel together.',
	'news.requested-suggester': 'Somebody asks on the chain for a channel with you.',
	'news.look': 'Look at it',
	'news.more': { one: 'And {count} more channel waits.', other: 'And {count} more channels wait.' },
	'news.title': 'Sweet Gossip: a channel',
} as const;
