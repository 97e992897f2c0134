/** One deliberate mistake in the contract. The tests must notice it. */
export interface Mutation {
	/** The mistake, in words. */
	readonly name: string;
	/** Below `contracts/src`. */
	readonly file: string;
	readonly from: string;
	readonly to: string;
}

const core = (name: string, from: string, to: string): Mutation => ({ name, file: 'ScorchedEarth.sol', from, to });
const coin = (name: string, from: string, to: string): Mutation => ({
	name,
	file: 'ScorchedEarthETH.sol',
	from,
	to,
});
const token = (name: string, from: string, to: string): Mutation => ({
	name,
	file: 'ScorchedEarthERC20.sol',
	from,
	to,
});
const other = (file: string, name: string, from: string, to: string): Mutation => ({ name, file, from, to });

export const mutations: readonly Mutation[] = [
	// The game.
	core('anyone ends the window by a challenge', 'if (conclusive) {', 'if (true) {'),
	core(
		'a suggester one round behind cannot be corrected (the two-step rule, literally)',
		'if (round <= standing && !contradicts)',
		'if (round <= standing + (byUser ? 0 : 1) && !contradicts)',
	),
	core('a user may sign a round twice', 'if (round <= standing && !contradicts)', 'if (round <= standing)'),
	core('anyone may contradict a user', 'byUser && byCounterparty && round', 'byUser && round'),
	core('a user may contradict a suggester', 'byUser && byCounterparty && round', 'byCounterparty && round'),
	core('a correction moves the line of fault', 'round > status.claimed() + 1', 'round > standing + 1'),
other('types/Status.sol', 'a fault is forgotten', '(fault ? uint256(1) << 16 : 0) | ', ''),
	core('one round behind is a fault', 'round > status.claimed() + 1', 'round > status.claimed()'),
	core('two rounds behind is no fault', 'round > status.claimed() + 1', 'round > status.claimed() + 2'),
	core('a lying user keeps the bond', 'return byUser || round', 'return round'),
	core('a challenge counts after the deadline', 'if (block.timestamp > status.deadline()) revert TooLate();', ''),
	core('a challenge at the deadline is late', 'block.timestamp > status.deadline()', 'block.timestamp >= status.deadline()'),
	core('finishing at the deadline', 'block.timestamp <= status.deadline()', 'block.timestamp < status.deadline()'),
	core('a closer affirms itself', 'if (_partyOf(terms, msg.sender) == status.closer()) revert NotParty();', ''),
	core('the bond burns never', 'if (faulty) {', 'if (false) {'),
	core('the bond returns to the other side', '} else if (byUser) {', '} else if (!byUser) {'),
	core('a played channel closes on one side\'s word', 'if (tally.rewarded | tally.burned != 0) {', 'if (false) {'),
	core('the closer\'s own signature starts a close', 'by == Party.User ? terms.suggesterKey : terms.userKey', 'by == Party.User ? terms.userKey : terms.suggesterKey'),
	core('a round is consent to close', '_digest(id.close(tally.rewarded, tally.burned))', '_digest(id.round(tally.rewarded, tally.burned))'),
	core(
		'a third party needs no signature of the user',
		'if (byUser || !conclusive) digest',
		'if (byUser) digest',
	),
	core(
		'a third party needs no signature of the suggester',
		'if (!byUser || !conclusive) digest',
		'if (!byUser) digest',
	),
	// Opening.
	core('approvals never expire', 'if (block.timestamp > expiry) revert Expired();', ''),
	core('any key approves', 'if (backer.terms.key != terms.suggesterKey) revert WrongKey();', ''),
	core('nobody approves', '_digest(id.approval(expiry)).requireSigned(approval, terms.suggesterKey);', ''),
	core('a closed channel opens again', '_channels[id] = StatusLibrary.closed(rewarded, burns);', '_channels[id] = Status.wrap(0);'),
	core('an approved request locks no escrow', 'locked += _suggesterDeposit(terms);', ''),
	core('a key on both sides', '|| _isSuggester(terms, terms.userKey)', ''),
	core('burning cheaper than rewarding', '|| terms.reward > terms.userBurn', ''),
	core('a bond beyond the deposit', '|| terms.bond > deposited', ''),
	core('a stranger cancels', 'if (!_isUser(terms, msg.sender) && !_isSuggester(terms, msg.sender)) revert NotParty();', ''),
	core('whoever cancels is repaid', '_push(terms.user, _userDeposit(terms));', '_push(msg.sender, _userDeposit(terms));'),
	core('any stranger approves', 'if (msg.sender != suggester && msg.sender != key) revert NotParty();', ''),
	// Money.
	core('a withdrawal without a debit', '_accounts[msg.sender].ledger = _accounts[msg.sender].ledger.debit(amount);', ''),
	core('a claim that can be repeated', 'owed[msg.sender] = 0;', ''),
	core('a kept payment replaces the last', 'owed[user] += amount;', 'owed[user] = amount;'),
	core('a flush that can be repeated', '_pyre = pyre.flushed();', ''),
	core('the payment may be starved of gas', 'if (gasleft() < limit', 'if (false && gasleft() < limit'),
	core('listed at every change of terms', 'if (own.terms.key == address(0)) _suggesters', '_suggesters'),
	coin('the money is not counted', 'if (msg.value != amount) revert WrongValue();', ''),
	coin('the receiver gets all the gas', 'call(gasLimit, to', 'call(gas(), to'),
	token('what arrived is not counted', 'if (token.balanceOf(address(this)) != before + amount) revert WrongValue();', ''),
	token('deposits into a token that has shrunk', 'if (token.balanceOf(address(this)) < held) revert TokenShrunk();', ''),
	token('first come, first served', 'uint256 share = balance < books ? amount * balance / books : amount;', 'uint256 share = amount;'),
	token('a failed payment leaves the books', 'held += amount;\n        return false;', 'return false;'),
	token('no cap', 'if (amount > type(uint96).max - held) revert TooMuch();', ''),
	token('coins are swallowed', 'if (msg.value != 0) revert WrongValue();', ''),
	// Parts.
	other('libraries/Settlement.sol', 'a fee of 2 %', 'FEE_DIVISOR = 100', 'FEE_DIVISOR = 50'),
	other('libraries/Settlement.sol', 'the fee is not burned', 'out.burned = out.fee + out.slashed', 'out.burned = out.slashed'),
	other('libraries/Signatures.sol', 'mirrored signatures', 's > MAX_S || ', ''),
	other('libraries/Signatures.sol', 'nobody signs for the missing key', 'recovered == address(0) || ', ''),
	other('libraries/SafeToken.sol', 'any answer is a yes', 'eq(mload(0x00), 1)', '1'),
	other('types/Ledger.sol', 'escrow overflows into the score', 'if (amount > MAX_ESCROW - self.escrow()) revert IScorchedEarth.EscrowOverflow();', ''),
	other('types/Ledger.sol', 'escrow below zero', 'if (amount > self.escrow()) revert IScorchedEarth.InsufficientEscrow();', ''),
	other('types/Ledger.sol', 'scores overflow', 'value > MAX_SCORE ? MAX_SCORE : value', 'value'),
	other('types/Status.sol', 'a correction clears the deadline', '& ~(uint256(type(uint64).max) << 64', '& ~(uint256(type(uint128).max)'),
	other('Domain.sol', 'signatures survive a fork', 'block.chainid == CHAIN_ID ? SEPARATOR : _separator()', 'SEPARATOR'),
	other('Multicall.sol', 'a multicall with money', 'external returns', 'external payable returns'),
];
