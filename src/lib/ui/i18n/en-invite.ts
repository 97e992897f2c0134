import type { InvitationState } from '#lib/webrtc/invite/invitations.ts';
import type { InviteRefusal } from '#lib/webrtc/invite/code.ts';

type Words = `state.${Exclude<InvitationState['kind'], 'none'>}` | `refused.${InviteRefusal}`;

const codes = {
	'state.waiting': 'Waiting for the other side, until {until}. Keep this page open.',
	'state.connecting': 'Connecting…',
	'state.connected': 'Connected: you are neighbours now.',
	'state.failed':
		'It did not work: the two browsers found no way to each other in time. Begin again, both of you.',

	'refused.not-a-code': 'This is no code of this app, or a part of it is missing. Copy the whole of it.',
	'refused.wrong-kind':
		'This is the other kind of code: invitations are answered, answers go back to who invited.',
	'refused.other-network': 'This code is of another network. Both must open the app at the same address.',
	'refused.expired': 'This code is too old. Ask for a new one: a code is good for ten minutes.',
	'refused.own': 'This code was made here. It is for the other person.',
	'refused.unknown':
		'This answers no invitation of this tab. Paste it in the tab that invited, which must stay open.',
	'refused.no-connection': 'This browser makes no connection now. Check the network and try again.',
} as const satisfies Readonly<Record<Words, string>>;

export const inviteWords = {
	'invite.title': 'Invite by hand',
	'invite.lead':
		'Two browsers become neighbours without any relay: you send a code to somebody, and get one back. Any messenger will do, or hold the screen in front of a camera.',
	'invite.addresses': 'A code holds the network addresses of its browser. Give it only to whom you mean.',
	'invite.make': 'Make an invitation',
	'invite.again': 'Make a new one',
	'invite.cancel': 'Stop',
	'invite.sendLink': 'Send this link',
	'invite.linkLabel': 'Link of the invitation',
	'invite.answerLabel': 'Code that comes back',
	'invite.connect': 'Connect',
	'invite.invited': 'You were invited',
	'invite.invitedText':
		'Answer, and send the code that appears back to the person who invited you. Your browser tells nobody anything before that.',
	'invite.answer': 'Answer',
	'invite.sendBack': 'Send this code back',
	'invite.codeLabel': 'Code of the answer',
	'invite.have': 'Somebody invited you?',
	'invite.haveLabel': 'Link or code of the invitation',
	'invite.copy': 'Copy',
	'invite.copied': 'Copied',
	'invite.share': 'Share',
	'invite.qr': 'Code to scan',
	'invite.network': 'See your neighbours',
	...codes,
} as const;
