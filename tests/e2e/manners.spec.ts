import { hexBytes } from '#lib/core/bytes.ts';
import { askRef } from '#lib/gossip/carrying/favours.ts';
import { expect, test } from './fixtures.ts';
import {
	carrier,
	carriers,
	expectPeers,
	follow,
	goToGigs,
	jobHead,
	lead,
	postAndSend,
	postJob,
} from './gigs.ts';

const job = { text: 'Translate a letter from Polish', topic: '/translate/polish' };
/** A neighbour that does not answer is given up within a second. */
const parameters = { admissionComplexity: 64, baseComplexity: 64, askTimeoutMs: 1_000 };

test('past one neighbour that refuses and one that is silent a job goes through a third, and says why', async ({
	relay,
	tab,
	member,
}) => {
	const relays = [await relay()];
	const refusing = member({
		relays,
		answer: (frame) =>
			frame.kind === 'AskForFavour'
				? { kind: 'Refuse', ref: hexBytes(askRef(frame)), code: 'not-now', retryAfterMs: 60_000 }
				: undefined,
	});
	const silent = member({ relays, answer: () => undefined });
	const worker = await tab({ relays, parameters });
	await follow(worker, '/translate');
	const customer = await tab({ relays, parameters });
	await expectPeers(customer, 3);

	await postAndSend(customer, job);
	await expect(carriers(customer)).toContainText('1 neighbour carries it');
	// It named a time: it is not given up yet.
	await expect(carrier(customer, refusing.id)).toContainText('Busy, asked again later');
	await expect(carrier(customer, refusing.id)).toContainText(
		'The neighbour takes no more favours right now.',
	);
	await expect(carrier(customer, silent.id)).toContainText('Did not answer');
	await expect(carrier(customer, silent.id)).toContainText('No answer came in time.');
	await goToGigs(worker, 'Find work');
	await expect(lead(worker, job.text)).toBeVisible();
});

test('with only a silent neighbour the job waits, and says for whom and until when', async ({
	relay,
	tab,
	member,
}) => {
	const relays = [await relay()];
	member({ relays, answer: () => undefined });
	const customer = await tab({ relays });
	await expectPeers(customer, 1);
	await postJob(customer, job);
	await expect(jobHead(customer)).toContainText('Being sent');
	await expect(jobHead(customer)).toContainText('Your neighbours’ turn: Say what carrying it costs');
	await expect(jobHead(customer)).toContainText(/Until .+\. Otherwise the job is not sent\./);
});
