import type { PublicKey } from '#lib/core/brand.ts';
import { fromHex } from '#lib/core/bytes.ts';
import { err, ok, type Result } from '#lib/core/result.ts';
import type { BudgetRenewal } from './budget.ts';
import { isMethod, notificationTypes, type Grant } from './grant.ts';

/** What an app asks for with a `nostr+walletauth://` URI: it made its own key, so no secret is ever copied. */
export interface Authorisation {
	readonly client: PublicKey;
	readonly relays: readonly string[];
	readonly name: string;
	readonly grant: Grant;
}

export interface AuthorisationError {
	readonly type: 'authorisation';
	readonly detail: string;
}

const renewals: readonly BudgetRenewal[] = ['daily', 'weekly', 'monthly', 'yearly', 'never'];

const words = (text: string | null): readonly string[] =>
	(text ?? '').split(' ').filter((word) => word !== '');

function whole(text: string | null): number | undefined {
	return text !== null && /^\d{1,15}$/.test(text) ? Number(text) : undefined;
}

/** Parses the URI a person pastes into the wallet, or scans. */
export function parseAuthorisation(text: string): Result<Authorisation, AuthorisationError> {
	const refuse = (detail: string) => err({ type: 'authorisation', detail } as const);
	const match = /^nostr\+walletauth(?:\+[a-z]{1,32})?:\/\/([0-9a-f]{64})\/?\?(.{1,2000})$/.exec(text);
	const [, client = '', query = ''] = match ?? [];
	if (!match || !fromHex(client, 32)) return refuse('not a nostr+walletauth:// URI');
	const asked = new URLSearchParams(query);
	const relays = asked.getAll('relay');
	if (relays.length === 0) return refuse('no relay');
	const methods = words(asked.get('request_methods')).filter(isMethod);
	if (methods.length === 0) return refuse('no method this wallet knows');
	const wishes = words(asked.get('notification_types'));
	const total = whole(asked.get('max_amount'));
	const renewal = renewals.find((name) => name === asked.get('budget_renewal')) ?? 'never';
	const expiresAt = whole(asked.get('expires_at'));
	return ok({
		client: client as PublicKey,
		relays,
		name: (asked.get('name') ?? '').slice(0, 80),
		grant: {
			methods,
			notifications: notificationTypes.filter((type) => wishes.includes(type)),
			...(total === undefined ? {} : { budget: { totalMsat: total, renewal } }),
			...(expiresAt === undefined ? {} : { expiresAt }),
		},
	});
}
