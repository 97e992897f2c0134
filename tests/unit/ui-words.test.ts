import { describe, expect, test } from 'vitest';
import { bytes, duration, money, relative } from '#lib/ui/format.ts';
import { causeWords } from '#lib/ui/i18n/en-causes.ts';
import { homeWords } from '#lib/ui/i18n/en-home.ts';
import { jobWords } from '#lib/ui/i18n/en-job.ts';
import { meWords } from '#lib/ui/i18n/en-me.ts';
import { networkWords } from '#lib/ui/i18n/en-network.ts';
import { refusalWords } from '#lib/ui/i18n/en-refusals.ts';
import { topicWords } from '#lib/ui/i18n/en-topic.ts';
import { en } from '#lib/ui/i18n/en.ts';
import { t } from '#lib/ui/i18n/t.ts';
import { createTranslate } from '#lib/ui/i18n/translate.ts';
import { askedNow, costDetail, costSentence } from '#lib/ui/cost.ts';
import type { EstimateView, LedgerView } from '#lib/gossip/view.ts';

const estimate: EstimateView = { neighbours: 5, onCredit: 3, hashes: 4e6, expectedMs: 2000, p95Ms: 2900 };

describe('dictionary', () => {
	test('picks the plural form and writes numbers the language’s way', () => {
		expect(t('pill.peers', { count: 1 })).toBe('1 peer');
		expect(t('pill.peers', { count: 0 })).toBe('0 peers');
		expect(t('pill.peers', { count: 1200 })).toBe('1,200 peers');
	});

	test('uses each language’s own plural rule', () => {
		const fr = createTranslate('fr', { jobs: { one: '{count} tâche', other: '{count} tâches' } });
		expect(fr('jobs', { count: 0 })).toBe('0 tâche');
	});

	test('fills values as they are, also where they look like a place to fill', () => {
		expect(t('topics.unfollow', { topic: '/{count}/$&' })).toBe('Stop following /{count}/$&');
	});

	test('says something for every key and leaves no place unclosed', () => {
		const texts = Object.values({
			...en,
			...homeWords,
			...causeWords,
			...jobWords,
			...meWords,
			...networkWords,
			...refusalWords,
			...topicWords,
		}).flatMap((message) => (typeof message === 'string' ? [message] : [message.one, message.other]));
		expect(texts.length).toBeGreaterThan(200);
		expect(texts.filter((text) => text.trim() === '' || /[{}]/.test(text.replace(/\{\w+\}/g, '')))).toEqual(
			[],
		);
	});
});

describe('cost of posting', () => {
	test.each<[string, Partial<EstimateView>, string]>([
		[
			'nobody connected',
			{ neighbours: 0, onCredit: 0 },
			'No neighbour is connected yet. The job goes out as soon as one is.',
		],
		['all on credit', { onCredit: 5, hashes: 0 }, 'Free: your neighbours carry it on credit.'],
		['speed unknown', { expectedMs: 0 }, 'A little work by this device; its speed is not measured yet.'],
		['work', {}, 'About 2 seconds of work by this device, usually 3 seconds at most.'],
		[
			'work or sats',
			{ msat: 2_000 },
			'About 2 seconds of work by this device, or 2 sats; your wallet’s rules choose.',
		],
	])('%s', (_, change, sentence) => {
		expect(costSentence({ ...estimate, ...change })).toBe(sentence);
	});

	test('tells who is asked', () => {
		expect(costDetail(estimate)).toBe('5 neighbours are asked; 3 of them carry on credit.');
		expect(costDetail({ ...estimate, onCredit: 0, neighbours: 1 })).toBe('1 neighbour is asked.');
		expect(costDetail({ ...estimate, neighbours: 0 })).toBe('');
	});
});

test('a neighbour’s price is told in time once the speed is known', () => {
	const entry = { complexity: 4_800_000 } as LedgerView;
	expect(askedNow(entry, 2_400_000)).toBe('4.8M hashes, about 2 seconds on this device');
	expect(askedNow(entry, 0)).toBe('4.8M hashes');
	expect(askedNow({ complexity: 0 } as LedgerView, 0)).toBe('nothing, on credit');
});

describe('formats', () => {
	const now = Date.UTC(2026, 10, 20, 12);
	test.each([
		[0, 'now'],
		[-30_000, '30 seconds ago'],
		[12 * 60_000, 'in 12 minutes'],
		[80 * 60_000, 'in 80 minutes'],
		[100 * 60_000, 'in 2 hours'],
		[23 * 3_600_000, 'in 23 hours'],
		[-48 * 3_600_000, '2 days ago'],
	])('%i ms from now', (span, text) => {
		expect(relative(now + span, now)).toBe(text);
	});

	test('spans, sizes and money', () => {
		expect([duration(0), duration(1440), duration(2000), duration(150_000)]).toEqual([
			'0.1 seconds',
			'1.4 seconds',
			'2 seconds',
			'3 minutes',
		]);
		expect([bytes(999), bytes(52_000), bytes(2_400_000)]).toEqual(['999 byte', '52 kB', '2.4 MB']);
		expect(money({ amount: 1234, unit: 'EUR' })).toBe('1,234 EUR');
	});
});
