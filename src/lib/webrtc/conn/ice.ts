import type { IceSettings, Route } from '../ports.ts';

export const rtcConfiguration = ({ iceServers, relayOnly }: IceSettings): RTCConfiguration => ({
	iceServers: [...iceServers],
	...(relayOnly && { iceTransportPolicy: 'relay' as const }),
});

/** Which way an open connection goes; undefined where the browser does not tell. */
export async function routeOf(pc: RTCPeerConnection): Promise<Route | undefined> {
	const stats = await pc.getStats();
	const reports: Readonly<Record<string, unknown>>[] = [];
	stats.forEach((report: Readonly<Record<string, unknown>>) => reports.push(report));
	const pair = reports.find(
		(report) =>
			report['type'] === 'candidate-pair' && report['state'] === 'succeeded' && report['nominated'] === true,
	);
	if (!pair) return undefined;
	const ends = [pair['localCandidateId'], pair['remoteCandidateId']];
	const relayed = reports.some(
		(report) => ends.includes(report['id']) && report['candidateType'] === 'relay',
	);
	return relayed ? 'relayed' : 'direct';
}
