import type { Trouble } from '#lib/app/conn-health.ts';
import type { NetworkView } from '#lib/app/protocol.ts';
import type { LedgerView } from '#lib/gossip/view.ts';
import type { LinkInfo, RendezvousStatus } from '#lib/webrtc/ports.ts';

type Words =
	| `meshHelp.${NetworkView['state']}`
	| `role.${NetworkView['role']}`
	| `relay.${RendezvousStatus['state']}`
	| `trouble.${Trouble}`
	| `admission.${LinkInfo['admission']}`
	| `work.${NetworkView['work']['because']}`
	| `price.${LedgerView['priceBecause']}`;

const codes = {
	'meshHelp.starting': 'Your node is starting in this tab.',
	'meshHelp.joining': 'Looking for peers through the relays below. This usually takes a few seconds.',
	'meshHelp.joined': 'Your node is part of the mesh and carries jobs for its neighbours.',
	'meshHelp.alone':
		'The relays answer, but no other peer is around yet. Leave the tab open or open this page on another device.',
	'meshHelp.offline':
		'There is no way to any peer: check the internet connection. Everything you wrote is kept and goes out later.',
	'meshHelp.stopped': 'The node in this tab stopped. Reload the page to start it again; nothing is lost.',

	'role.keeper': 'This tab keeps your jobs and offers and talks to customers and workers.',
	'role.follower':
		'Another tab of this browser keeps your jobs and offers. This one shows the same and takes over when that tab closes.',
	'role.undecided': 'This tab is finding out whether another one is already open.',

	'relay.connecting': 'Connecting',
	'relay.open': 'Connected',
	'relay.waiting': 'Waiting before the next try',
	'relay.refused': 'Refused',
	'relay.resting': 'Not needed now',
	'relay.stopped': 'Stopped',

	'trouble.relay-only-without-turn':
		'You chose to connect through TURN servers only, and none is set. Add one under Me, or allow direct connections there.',
	'trouble.no-candidates':
		'The browser found no address that a peer could reach. A privacy setting or extension that blocks WebRTC does this, and so does a TURN server that does not answer.',
	'trouble.no-path':
		'Peers answer, but no connection comes through: this network seems to block UDP, or its router changes ports for each peer. A TURN server under Me helps, and so does another network.',
	'trouble.exhausted':
		'The browser allows no more connections for the moment. It frees closed ones within a minute; reloading the page helps at once.',

	'admission.none': 'No admission proof',
	'admission.working': 'Admission proof being worked on',
	'admission.proven': 'Admission proven',

	'work.mains': 'This device is on mains power: work may use what is spare of it.',
	'work.battery': 'This device runs on battery: work uses half of what it could.',
	'work.unknown':
		'This browser does not tell whether the device runs on battery, so work uses half of what it could.',
	'work.hot': 'The processor is close to its limit: work uses half of what it could.',
	'work.low': 'The battery is low: as little work as possible, and none for others.',
	'work.wished': 'You asked to save power: as little work as possible, and none for others.',

	'price.credit': 'Free right now: what they carried for you covers what you carry for them.',
	'price.newcomer': 'Pays like a newcomer: no thank-you has come through them yet.',
	'price.missing-thanks': 'Pays more: replies went through them and no thank-you came back.',
	'price.thanked': 'Pays the base price: thank-yous came through them.',
	'price.busy': 'Pays more right now: this node has much to do.',
} as const satisfies Record<Words, string>;

export const networkWords = {
	...codes,
	'network.invite': 'Invite somebody by hand, without a relay',
	'network.title': 'Network',
	'network.lead': 'What your node does right now, seen from the inside.',
	'network.self': 'This node',
	'network.selfHelp': 'A fresh key for this tab, tied to no wallet and no name.',
	'network.links': 'Neighbours',
	'network.noLinks': 'No neighbour is connected right now.',
	'network.rtt': 'Round trip',
	'network.since': 'Connected',
	'network.degree': 'Its neighbours',
	'network.frames': 'Frames in / out',
	'network.bytes': 'Data in / out',
	'network.admission': 'Admission',
	'network.stalled': 'Stalled: it does not read what is sent',
	'network.startedByUs': 'called by us',
	'network.startedByThem': 'called us',
	'network.relaysTitle': 'Relays',
	'network.relaysHelp': 'Public meeting points used to find peers. They see sealed messages only.',
	'network.noRelays': 'No relay is configured. Add one under Me.',
	'network.messages': 'Messages sent / received',
	'network.traffic': 'Frames by type',
	'network.noTraffic': 'Nothing has been sent or received yet.',
	'network.frameType': 'Frame',
	'network.in': 'In',
	'network.out': 'Out',
	'network.refused': 'Refused by this node',
	'network.count': 'Count',
	'network.work': 'Work',
	'network.hashes': 'Hashes computed',
	'network.rate': 'Measured speed',
	'network.rateUnknown': 'not measured yet',
	'network.rateValue': '{rate} hashes a second',
	'network.solvers': 'Solvers at work at once',
	'network.workHeld': 'Nobody is looking at this page, so nothing new is begun until you come back.',
	'network.seen': 'Jobs that passed through',
	'network.duplicates': 'Copies recognised',
	'network.carried': 'Replies carried',
	'network.thanks': 'Thank-yous seen',
	'network.ledger': 'Thank-you ledger',
	'network.ledgerHelp':
		'What this node remembers of each neighbour, and what it would ask of it for a favour now. A missing thank-you is the only thing that makes anyone dearer.',
	'network.noLedger': 'Nothing is written down yet.',
	'network.asksNow': 'Asks now',
	'network.free': 'nothing, on credit',
	'network.work-of': '{hashes} hashes, about {time} on this device',
	'network.workOnly': '{hashes} hashes',
	'network.balance': 'Favour balance',
	'network.balanceValue': '{balance} (credit up to {limit})',
	'network.factor': 'Price factor',
	'network.carriedFor': 'Carried for you / for them',
	'network.thanksMisses': 'Thank-yous / missing',
	'network.follows': 'Follows',
	'network.unlinked': 'not connected now',
	'network.log': 'Log',
	'network.logHelp': 'The latest lines of this node’s log. It holds no secrets.',
	'network.copyLog': 'Copy the log',
	'network.copied': 'Copied.',
	'network.copyFailed': 'The browser did not allow copying. Select the text instead.',
	'network.ms': '{ms} ms',
	'network.unknown': 'not measured',
} as const;
