import { fromHex, toHex } from '#lib/core/bytes.ts';
import { err, ok, type Result } from '#lib/core/result.ts';
import { formatCandidate, parseCandidate, type Candidate } from './candidate.ts';
import { maxCandidates, messageSize, type Description, type DescriptionError } from './description.ts';

/** Longest SDP of our own browser that is read, characters. */
const maxSdp = 16_384;

/**
 * Reads the description this browser made of itself. It must have one data-channel section, exactly one
 * SHA-256 fingerprint and at least one usable candidate; everything that is the same for all peers is left out.
 */
export function parseSdp(sdp: string): Result<Description, DescriptionError> {
	const refuse = (code: DescriptionError['code'], detail: string) =>
		err({ type: 'description', code, detail } as const);
	if (sdp.length > maxSdp) return refuse('malformed', `${sdp.length} characters of SDP`);
	const lines = sdp.split(/\r?\n/);
	const values = (name: string) =>
		lines.filter((line) => line.startsWith(name)).map((line) => line.slice(name.length).trim());

	if (values('m=').length !== 1 || !values('m=')[0]?.startsWith('application '))
		return refuse('malformed', 'not exactly one data-channel section');
	const fingerprints = new Set(values('a=fingerprint:').map((value) => value.toLowerCase()));
	const [fingerprint = ''] = fingerprints;
	const digest = /^sha-256 ((?:[0-9a-f]{2}:){31}[0-9a-f]{2})$/.exec(fingerprint)?.[1];
	const certificate = digest === undefined ? undefined : fromHex(digest.replaceAll(':', ''), 32);
	if (fingerprints.size !== 1 || !certificate)
		return refuse('fingerprint', 'not exactly one SHA-256 fingerprint');
	const setup = values('a=setup:')[0];
	if (setup !== 'actpass' && setup !== 'active' && setup !== 'passive')
		return refuse('role', `setup ${setup ?? 'missing'}`);
	const ufrag = values('a=ice-ufrag:')[0];
	const pwd = values('a=ice-pwd:')[0];
	if (ufrag === undefined || pwd === undefined) return refuse('malformed', 'no ICE credentials');
	const candidates = values('a=candidate:')
		.map(parseCandidate)
		.filter((candidate): candidate is Candidate => candidate !== undefined);
	if (candidates.length === 0) return refuse('no-candidates', 'gathering found no usable address');
	return ok({
		setup,
		ufrag,
		pwd,
		fingerprint: certificate,
		maxMessageSize: messageSize.most,
		candidates: spread(candidates),
	});
}

/** Keeps every type when there are too many: hosts of a machine with many interfaces must not crowd out a relay. */
function spread(candidates: readonly Candidate[]): readonly Candidate[] {
	if (candidates.length <= maxCandidates) return candidates;
	const rest = candidates.filter((candidate) => candidate.kind !== 'host').slice(0, maxCandidates / 2);
	const hosts = candidates.filter((candidate) => candidate.kind === 'host');
	return [...hosts.slice(0, maxCandidates - rest.length), ...rest];
}

/**
 * Builds the SDP to apply for the other side, line by line, from typed fields only (RFC 8866, 8841, 8839).
 * An offer is applied as if its side had chosen to be the DTLS client: the answerer, whose ICE is up first, then
 * waits for the ClientHello instead of sending one that libdatachannel loses and repeats a second later.
 * `offererIs` says otherwise for an answerer whose ICE comes up last. Without candidates the list stays open: they
 * are added afterwards.
 */
export function buildSdp(
	from: Description,
	offererIs: 'active' | 'passive' = 'active',
): { readonly type: 'offer' | 'answer'; readonly sdp: string } {
	const fingerprint = (toHex(from.fingerprint).toUpperCase().match(/../g) ?? []).join(':');
	const isOffer = from.setup === 'actpass';
	const lines = [
		'v=0',
		'o=- 1 1 IN IP4 127.0.0.1',
		's=-',
		't=0 0',
		'a=group:BUNDLE 0',
		'm=application 9 UDP/DTLS/SCTP webrtc-datachannel',
		'c=IN IP4 0.0.0.0',
		...from.candidates.map((candidate, index) => `a=candidate:${formatCandidate(candidate, index)}`),
		...(from.candidates.length > 0 ? ['a=end-of-candidates'] : []),
		`a=ice-ufrag:${from.ufrag}`,
		`a=ice-pwd:${from.pwd}`,
		`a=fingerprint:sha-256 ${fingerprint}`,
		`a=setup:${isOffer ? offererIs : from.setup}`,
		'a=mid:0',
		'a=sctp-port:5000',
		`a=max-message-size:${from.maxMessageSize}`,
	];
	return { type: isOffer ? 'offer' : 'answer', sdp: `${lines.join('\r\n')}\r\n` };
}
