export const meWords = {
	'me.title': 'Me',
	'me.lead': 'Everything here stays on this device.',
	'me.name': 'Name',
	'me.nameHelp': 'Only shown to you, never sent.',
	'me.save': 'Save',
	'me.hello': 'Hello, {name}',
	'me.relays': 'Relays',
	'me.relaysHelp':
		'Public meeting points, one address a line. Leave it empty to use the ones this site comes with.',
	'me.relaysBad': 'Write “{relay}” as wss://host or, on this machine only, ws://localhost:port.',
	'me.relaysMany': 'At most {limit} relays.',
	'me.servers': 'Connection servers',
	'me.serversHelp':
		'STUN and TURN servers, one a line. STUN shows peers the way through your router; TURN carries what no other way reaches. Leave it empty to use the ones this site comes with.',
	'me.serversBad':
		'Write “{server}” as stun:host:port, or as turn:host:port (or turns:) with a user name and a password after it.',
	'me.serversMany': 'At most {limit} servers.',
	'me.relayOnly': 'Hide my address: connect through TURN servers only',
	'me.relayOnlyHelp':
		'No peer learns where you are, but the TURN server does, and links are slower. Needs a TURN server above.',
	'me.notifications': 'Notifications',
	'me.notificationsHelp':
		'Shown while this page is open in the background. Nothing is sent to a push service.',
	'me.notificationsOn': 'Tell me about offers, messages, ended jobs, and channels that wait for me',
	'me.notificationsBlocked':
		'This browser blocks notifications for this site. Allow them in its settings first.',
	'me.power': 'Work by this device',
	'me.powerSparing': 'Save power',
	'me.powerHelp':
		'Favours of strangers cost a little computing. On battery this device does less of it by itself. With this on it does as little as possible: none for other people’s jobs, and no long work for yours.',
	'me.graphics': 'Let the graphics card help',
	'me.graphicsHelp':
		'It can be much faster than the processor, and draws more power. Never used on battery, when hot, or while saving power.',
	'me.graphicsMissing': 'This browser gives pages no access to the graphics card (WebGPU).',
	'me.graphics-off': 'Not used at the moment.',
	'me.graphics-starting': 'Starting, and measuring its speed…',
	'me.graphics-working': 'Helping: {rate} hashes a second.',
	'me.graphics-failed': 'It cannot be used: {detail}. The processor goes on alone.',
	'me.appearance': 'Appearance',
	'me.appearance-system': 'As the device',
	'me.appearance-light': 'Light',
	'me.appearance-dark': 'Dark',
	'me.storage': 'Storage',
	'me.storage-kept': 'Kept: this browser does not delete your data by itself.',
	'me.storage-best-effort':
		'May be erased: when space gets short, this browser may delete your jobs and chats.',
	'me.storage-unknown': 'This browser does not say whether it keeps the data.',
	'me.storageAsk': 'Ask the browser to keep it',
	'me.storageRefused': 'The browser did not agree yet. Installing the app or using it more often helps.',
	'me.storageUsed': '{used} used',
	'me.data': 'Your data',
	'me.eraseHelp': 'Make a backup first if you may want any of it back.',
	'me.erase': 'Erase everything',
	'me.eraseTitle': 'Erase everything?',
	'me.eraseText':
		'All jobs, offers, chats, keys and settings of this browser are deleted. Nobody can bring them back.',
	'me.eraseType': 'Type {word} to confirm',
	'me.eraseWord': 'erase',
	'me.about': 'About',
	'me.version': 'Version {version}',
	'me.noOffline': 'This browser does not keep the page for offline use.',
	'me.licence': 'Free software under the MIT licence.',
} as const;
