import type { Key, Protector, Way } from '#lib/wallet/vault/port.ts';

type Passkey = Extract<Way, { way: 'passkey' }>;
export type PasskeyProblem = 'no-prf' | 'stopped';

/** Passkeys belong to a domain name, so that a bare IP address has none. */
export const hasPasskeys = (): boolean =>
	'PublicKeyCredential' in globalThis && isSecureContext && !/^[\d.]+$|:/.test(location.hostname);

const random = (length: number) => crypto.getRandomValues(new Uint8Array(length));

/** What the PRF extension (WebAuthn level 3) gave for the salt: 32 bytes that only this passkey can make. */
function prfOf(credential: PublicKeyCredential): Uint8Array<ArrayBuffer> | undefined {
	const first = credential.getClientExtensionResults().prf?.results?.first;
	if (!first) return undefined;
	const bytes = ArrayBuffer.isView(first)
		? new Uint8Array(first.buffer, first.byteOffset, first.byteLength)
		: new Uint8Array(first);
	return bytes.length === 32 ? new Uint8Array(bytes) : undefined;
}

/** Makes a passkey for this purpose. The browser asks the person; some tell the secret only when asked once more. */
export async function createPasskey(label: string): Promise<Protector | PasskeyProblem> {
	const salt = random(32);
	try {
		const made = await navigator.credentials.create({
			publicKey: {
				rp: { name: 'Sweet Gossip' },
				user: { id: random(16), name: label, displayName: label },
				challenge: random(32),
				// ES256 and RS256: what authenticators have. Nothing is ever verified with it.
				pubKeyCredParams: [
					{ type: 'public-key', alg: -7 },
					{ type: 'public-key', alg: -257 },
				],
				authenticatorSelection: { residentKey: 'preferred', userVerification: 'required' },
				extensions: { prf: { eval: { first: salt } } },
			},
		});
		if (!(made instanceof PublicKeyCredential)) return 'stopped';
		const credentialId = new Uint8Array(made.rawId);
		const prf = prfOf(made) ?? (await ask({ credentialId, salt }));
		return typeof prf === 'string' ? prf : { way: 'passkey', credentialId, salt, label, prf };
	} catch {
		// NotAllowedError and the like: refused by the person, or by the browser for them.
		return 'stopped';
	}
}

/** Asks a passkey for its secret. */
export async function askPasskey(way: Passkey): Promise<Extract<Key, { way: 'passkey' }> | PasskeyProblem> {
	try {
		const prf = await ask(way);
		return typeof prf === 'string' ? prf : { way: 'passkey', credentialId: way.credentialId, prf };
	} catch {
		return 'stopped';
	}
}

async function ask({ credentialId, salt }: Pick<Passkey, 'credentialId' | 'salt'>) {
	const got = await navigator.credentials.get({
		publicKey: {
			challenge: random(32),
			allowCredentials: [{ type: 'public-key', id: credentialId }],
			userVerification: 'required',
			extensions: { prf: { eval: { first: salt } } },
		},
	});
	if (!(got instanceof PublicKeyCredential)) return 'stopped';
	return prfOf(got) ?? 'no-prf';
}

/** Forgets a secret that was handed to the node. */
export function wipe(key: Key | Protector | undefined): void {
	if (key?.way === 'passkey') key.prf.fill(0);
}
