import type { FatalError, NetworkView } from '#lib/app/protocol.ts';
import type { JobView, LeadView, MyOfferView, OfferView, Waiting } from '#lib/gossip/view.ts';

type Words =
	| `mesh.${NetworkView['state']}`
	| `jobStatus.${JobView['status']}`
	| `leadStatus.${LeadView['status']}`
	| `offerState.${OfferView['state']}`
	| `myOfferState.${MyOfferView['state']}`
	| `actor.${Waiting['actor']}`
	| `step.${Waiting['step']}`
	| `fatal.${FatalError['code']}`;

export const stateWords = {
	'mesh.starting': 'Starting',
	'mesh.joining': 'Joining',
	'mesh.joined': 'Connected',
	'mesh.alone': 'No peers yet',
	'mesh.offline': 'Offline',
	'mesh.stopped': 'Stopped',

	'jobStatus.posting': 'Being sent',
	'jobStatus.open': 'Open',
	'jobStatus.filled': 'Worker chosen',
	'jobStatus.done': 'Done',
	'jobStatus.cancelled': 'Cancelled',
	'jobStatus.expired': 'Expired',
	'jobStatus.failed': 'Not sent',

	'leadStatus.open': 'Open',
	'leadStatus.offered': 'You offered',
	'leadStatus.cancelled': 'Cancelled',
	'leadStatus.expired': 'Expired',
	'leadStatus.hidden': 'Hidden',

	'offerState.opened': 'Opened',
	'offerState.calling': 'Calling the worker',
	'offerState.unreachable': 'Worker not reached',
	'offerState.rejected': 'Discarded',
	'offerState.validated': 'Checked by a direct call',
	'offerState.thanked': 'Checked and thanked',
	'offerState.chosen': 'Chosen',
	'offerState.declined': 'Declined',
	'offerState.done': 'Done',
	'offerState.withdrawn': 'Withdrawn',

	'myOfferState.sent': 'On its way',
	'myOfferState.refused': 'Not carried',
	'myOfferState.validated': 'Checked by the customer',
	'myOfferState.thanked': 'Received and thanked',
	'myOfferState.chosen': 'You were chosen',
	'myOfferState.declined': 'Declined',
	'myOfferState.done': 'Done',
	'myOfferState.cancelled': 'Job cancelled',
	'myOfferState.expired': 'Expired',
	'myOfferState.withdrawn': 'Withdrawn',

	'actor.you': 'Your turn',
	'actor.customer': 'The customer’s turn',
	'actor.worker': 'The worker’s turn',
	'actor.neighbours': 'Your neighbours’ turn',
	'actor.this-device': 'This device is at it',

	'step.find-neighbours': 'Find neighbours who can carry it',
	'step.agree-terms': 'Say what carrying it costs',
	'step.do-work': 'Do the work that carrying it costs',
	'step.collect-offers': 'Spread the job and bring back offers',
	'step.open-offer': 'Open the sealed offer',
	'step.call-worker': 'Call the worker to check the offer',
	'step.retry-call': 'Call the worker again',
	'step.send-thanks': 'Send the thank-you',
	'step.choose-worker': 'Choose a worker',
	'step.carry-reply': 'Carry the offer back to the customer',
	'step.validate-offer': 'Check the offer by a direct call',
	'step.thank-worker': 'Send the thank-you',
	'step.choose-offer': 'Choose one of the offers',
	'step.do-job': 'Do the job; details go in the chat',
	'step.confirm-done': 'Confirm that the job is done',

	'fatal.full':
		'This device has no space left, so the node stopped before anything could get lost. Free some space and reload.',
	'fatal.fenced': 'Another tab took over your jobs and offers. Reload to use this one again.',
	'fatal.newer': 'Your data was written by a newer version of this page. Reload to get it.',
	'fatal.unavailable':
		'This browser lets the page store nothing (a private window, perhaps), so jobs cannot be kept.',
	'fatal.failed': 'This browser could not read or write your data. Reload; nothing acknowledged is lost.',
	'fatal.crash': 'The node in this tab crashed. Reload to start it again; nothing is lost.',
	'fatal.config': 'The settings of this site could not be loaded. Check the connection and reload.',
} as const satisfies Record<Words, string>;
