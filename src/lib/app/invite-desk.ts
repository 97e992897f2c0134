import type { Result } from '#lib/core/result.ts';
import type { PeerId } from '#lib/core/brand.ts';
import type { InviteRefusal } from '#lib/webrtc/invite/code.ts';
import type { InvitationDeps, Invitations, InvitationState } from '#lib/webrtc/invite/invitations.ts';

/** Commands of a tab about its own links; no other tab can answer them. */
export interface InviteCommands {
	/** Makes an invitation to carry to somebody; the answer is its code. */
	createInvite: { args: Readonly<Record<string, never>>; answer: Result<string, InviteRefusal> };
	/** Answers somebody's invitation; the answer is the code to send back. */
	acceptInvite: { args: { code: string }; answer: Result<string, InviteRefusal> };
	/** Takes what came back for the invitation made last. */
	completeInvite: { args: { code: string }; answer: Result<PeerId, InviteRefusal> };
	cancelInvite: { args: Readonly<Record<string, never>>; answer: null };
}

export type InviteMessage = {
	[K in keyof InviteCommands]: { readonly name: K; readonly args: InviteCommands[K]['args'] };
}[keyof InviteCommands];

const names: ReadonlySet<string> = new Set<keyof InviteCommands>([
	'createInvite',
	'acceptInvite',
	'completeInvite',
	'cancelInvite',
]);

export const isInviteCommand = <M extends { readonly name: string }>(
	message: M,
): message is M & InviteMessage => names.has(message.name);

/** Invitations by hand, loaded when somebody wants one. */
export function createInviteDesk(deps: InvitationDeps): {
	execute(message: InviteMessage): Promise<InviteCommands[keyof InviteCommands]['answer']>;
	state(): InvitationState;
} {
	let loading: Promise<Invitations> | undefined;
	let loaded: Invitations | undefined;
	const load = () =>
		(loading ??= import('#lib/webrtc/invite/invitations.ts').then(
			({ Invitations }) => (loaded = new Invitations(deps)),
		));
	return {
		async execute(message) {
			const invitations = await load();
			switch (message.name) {
				case 'createInvite':
					return invitations.invite();
				case 'acceptInvite':
					return invitations.accept(message.args.code);
				case 'completeInvite':
					return invitations.complete(message.args.code);
				case 'cancelInvite':
					invitations.cancel();
					return null;
			}
		},
		state: () => loaded?.state ?? { kind: 'none' },
	};
}
