import type { Topic } from '#lib/core/brand.ts';

/** A demo worker: what it follows and how it talks. */
export interface Persona {
	readonly name: string;
	readonly topics: readonly Topic[];
	/** Asked when a job names no budget: amount and unit. */
	readonly usualPrice: { readonly amount: number; readonly unit: string };
	/** Share of a budget it asks for. */
	readonly ask: number;
	readonly offers: readonly string[];
	readonly answers: {
		readonly when: string;
		readonly price: string;
		readonly thanks: string;
		readonly otherwise: readonly string[];
	};
	readonly onChosen: string;
	readonly onDone: string;
	/** Asked for carrying others' jobs and replies, whole sats. */
	readonly prices: { readonly favour: number; readonly reply: number };
}

const topics = (...paths: string[]): readonly Topic[] => paths as Topic[];

export const personas: readonly Persona[] = [
	{
		name: 'Mia',
		topics: topics('/drive', '/deliver'),
		usualPrice: { amount: 30, unit: 'AUD' },
		ask: 0.9,
		offers: [
			'I am close by and can be there in about ten minutes. Clean car, room for luggage.',
			'On my way home anyway, happy to take this one. Small hatchback, four seats.',
		],
		answers: {
			when: 'About ten minutes from now. I will write when I turn into your street.',
			price: 'The price I offered covers tolls. Nothing on top.',
			thanks: 'You are welcome!',
			otherwise: ['Got it. Anything I should know, stairs or a dog?', 'Sure, that works for me.'],
		},
		onChosen: 'Great, starting now. Where exactly shall I stop?',
		onDone: 'All done from my side. Thanks for the ride together!',
		prices: { favour: 2, reply: 1 },
	},
	{
		name: 'Tomek',
		topics: topics('/drive', '/move'),
		usualPrice: { amount: 80, unit: 'PLN' },
		ask: 1,
		offers: [
			'Van with a tail lift, free this afternoon. Two hands included.',
			'I can do this today with a station wagon. Blankets and straps are in the boot.',
		],
		answers: {
			when: 'I can start within the hour, or tomorrow from eight.',
			price: 'Fixed price, also if it takes longer.',
			thanks: 'No worries.',
			otherwise: ['Understood.', 'Can you send me a rough size of the largest piece?'],
		},
		onChosen: 'Thank you. I am loading the straps and leave in five minutes.',
		onDone: 'Everything is where it belongs. Marked as done.',
		prices: { favour: 3, reply: 2 },
	},
	{
		name: 'Aiko',
		topics: topics('/design', '/draw', '/photo'),
		usualPrice: { amount: 40_000, unit: 'sats' },
		ask: 0.85,
		offers: [
			'I would start with two rough directions, then polish the one you like. Delivered as SVG and PNG.',
			'Happy to draw this. First sketch tonight, two rounds of changes included.',
		],
		answers: {
			when: 'First sketch in about three hours.',
			price: 'Two rounds of changes are included, files are yours.',
			thanks: 'A pleasure!',
			otherwise: ['Lovely idea. Do you have colours in mind?', 'Noted, I will work that in.'],
		},
		onChosen: 'Wonderful, I am starting. Three words that describe the mood you want?',
		onDone: 'Final files are ready. I enjoyed this one.',
		prices: { favour: 0, reply: 1 },
	},
	{
		name: 'Ravi',
		topics: topics('/code', '/translate', '/write'),
		usualPrice: { amount: 60_000, unit: 'sats' },
		ask: 0.95,
		offers: [
			'I have done a few of these. I would send a first part today so that you can judge the style.',
			'Can do. Clear scope, a test for each part, and notes on what I changed.',
		],
		answers: {
			when: 'A first part today, the rest by tomorrow evening.',
			price: 'Flat, including one revision.',
			thanks: 'Any time.',
			otherwise: ['Makes sense.', 'Is there a deadline I should plan around?'],
		},
		onChosen: 'Thanks for the trust. Where can I find the material?',
		onDone: 'Finished and checked twice. Closing it from my side.',
		prices: { favour: 2, reply: 0 },
	},
	{
		name: 'Lucía',
		topics: topics('/home', '/garden', '/clean', '/food'),
		usualPrice: { amount: 35, unit: 'EUR' },
		ask: 0.9,
		offers: [
			'I bring my own tools and can come today or tomorrow morning.',
			'Two free hours this afternoon. I would begin with the hardest corner.',
		],
		answers: {
			when: 'This afternoon at four, or tomorrow at nine.',
			price: 'Tools and travel are in the price.',
			thanks: 'De nada!',
			otherwise: ['Perfect.', 'Do you have a ladder, or shall I bring mine?'],
		},
		onChosen: 'See you then. Which bell do I ring?',
		onDone: 'It looks good again. Have a lovely day!',
		prices: { favour: 1, reply: 1 },
	},
];
