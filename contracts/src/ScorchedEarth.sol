// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import { Domain } from "./Domain.sol";
import { Multicall } from "./Multicall.sol";
import { IScorchedEarth } from "./interfaces/IScorchedEarth.sol";
import { Settlement } from "./libraries/Settlement.sol";
import { Signatures } from "./libraries/Signatures.sol";
import { TypedData } from "./libraries/TypedData.sol";
import { Channel, Party, Signature, Tally } from "./types/Channel.sol";
import { Ledger } from "./types/Ledger.sol";
import { Pyre } from "./types/Pyre.sol";
import { Phase, Status, StatusLibrary } from "./types/Status.sol";

/// @notice The protocol without the asset: a build says only how money is taken and given. Every function does
/// its checks, then its bookkeeping, and talks to the outside last.
abstract contract ScorchedEarth is IScorchedEarth, Domain, Multicall {
    using Signatures for bytes32;
    using TypedData for Channel;
    using TypedData for bytes32;

    struct Account {
        Ledger ledger;
        Terms terms;
    }

    /// @dev Long enough to notice, short enough that no money is a hostage.
    uint256 internal constant MIN_WINDOW = 10 minutes;
    uint256 internal constant MAX_WINDOW = 30 days;
    /// @dev A listing must stay cheap to read.
    uint256 internal constant MAX_URL_BYTES = 256;
    /// @dev Where burned money goes: an address without a key on every chain.
    address internal constant PYRE = 0x000000000000000000000000000000000000dEaD;
    /// @dev What a push can need beside the receiver's share: 36,600 for the call itself (cold, with value, to a
    /// fresh account) and 24,100 to write down a payment that was refused.
    uint256 internal constant GAS_AROUND_PUSH = 65_000;

    mapping(address suggester => Account) private _accounts;
    mapping(bytes32 id => Status) private _channels;
    mapping(address user => uint256) public owed;
    address[] private _suggesters;
    Pyre private _pyre;

    // ---------------------------------------------------------------- suggester

    function advertise(Terms calldata terms, uint256 amount) external payable {
        if (
            terms.reward == 0 || terms.suggesterBurn == 0 || terms.userBurn < terms.reward
                || !_isWindow(terms.window) || bytes(terms.url).length > MAX_URL_BYTES
        ) revert BadTerms();
        if (terms.key == address(0)) revert WrongKey();
        Account storage own = _accounts[msg.sender];
        if (own.terms.key == address(0)) _suggesters.push(msg.sender);
        own.terms = terms;
        emit Advertised(msg.sender, terms);
        deposit(amount);
    }

    function deposit(uint256 amount) public payable {
        if (amount != 0) {
            _requireWhole();
            _accounts[msg.sender].ledger = _accounts[msg.sender].ledger.credit(amount);
            emit Deposited(msg.sender, amount);
        }
        _take(amount);
    }

    function withdraw(uint256 amount, address to) external {
        _accounts[msg.sender].ledger = _accounts[msg.sender].ledger.debit(amount);
        emit Withdrawn(msg.sender, to, amount);
        _give(to, amount);
    }

    // ---------------------------------------------------------------- opening

    function open(Channel calldata terms, uint256 expiry, Signature calldata approval)
        external
        payable
        returns (bytes32 id)
    {
        if (block.timestamp > expiry) revert Expired();
        uint256 deposited;
        (id, deposited) = _begin(terms, Phase.Open);
        Account storage backer = _accounts[terms.suggester];
        if (backer.terms.key != terms.suggesterKey) revert WrongKey();
        _digest(id.approval(expiry)).requireSigned(approval, terms.suggesterKey);
        backer.ledger = backer.ledger.debit(_suggesterDeposit(terms));
        emit Opened(id, terms.user, terms.suggester, terms);
        _take(deposited);
    }

    function request(Channel calldata terms) external payable returns (bytes32 id) {
        uint256 deposited;
        (id, deposited) = _begin(terms, Phase.Requested);
        emit Requested(id, terms.user, terms.suggester, terms);
        _take(deposited);
    }

    function approve(Channel[] calldata requests) external {
        address suggester = requests[0].suggester;
        Account storage backer = _accounts[suggester];
        address key = backer.terms.key;
        if (msg.sender != suggester && msg.sender != key) revert NotParty();
        uint256 locked;
        for (uint256 i; i < requests.length; ++i) {
            Channel calldata terms = requests[i];
            if (terms.suggester != suggester) revert NotParty();
            if (terms.suggesterKey != key) revert WrongKey();
            bytes32 id = terms.id();
            if (!_channels[id].isIn(Phase.Requested)) continue;
            _channels[id] = StatusLibrary.bare(Phase.Open);
            locked += _suggesterDeposit(terms);
            emit Approved(id, terms.user, suggester);
        }
        backer.ledger = backer.ledger.debit(locked);
    }

    function cancel(Channel calldata terms) external {
        if (!_isUser(terms, msg.sender) && !_isSuggester(terms, msg.sender)) revert NotParty();
        bytes32 id = terms.id();
        if (!_channels[id].isIn(Phase.Requested)) revert WrongPhase();
        _channels[id] = StatusLibrary.bare(Phase.Cancelled);
        emit Cancelled(id, terms.user, terms.suggester);
        _push(terms.user, _userDeposit(terms));
    }

    // ---------------------------------------------------------------- leaving

    function close(
        Channel calldata terms,
        Tally calldata tally,
        Signature calldata user,
        Signature calldata suggester
    ) external {
        bytes32 id = terms.id();
        Status status = _channels[id];
        if (!status.isIn(Phase.Open) && !status.isIn(Phase.Closing)) revert WrongPhase();
        _requireCovered(terms, tally);
        bytes32 digest = _digest(id.close(tally.rewarded, tally.burned));
        if (!_isUser(terms, msg.sender)) digest.requireSigned(user, terms.userKey);
        if (!_isSuggester(terms, msg.sender)) digest.requireSigned(suggester, terms.suggesterKey);
        _settle(terms, id, status, tally.rewarded, tally.burned, false);
    }

    function startClose(Channel calldata terms, Tally calldata tally, Signature calldata counterparty)
        external
        payable
    {
        bytes32 id = terms.id();
        if (!_channels[id].isIn(Phase.Open)) revert WrongPhase();
        Party by = _partyOf(terms, msg.sender);
        _requireCovered(terms, tally);
        if (tally.rewarded | tally.burned != 0) {
            _digest(id.round(tally.rewarded, tally.burned))
                .requireSigned(counterparty, by == Party.User ? terms.suggesterKey : terms.userKey);
        }
        uint256 deadline = block.timestamp + terms.window;
        _channels[id] = StatusLibrary.closing(by, deadline, tally.rewarded, tally.burned);
        emit Closing(id, by, tally.rewarded, tally.burned, deadline);
        _take(terms.bond);
    }

    function challenge(
        Channel calldata terms,
        Tally calldata tally,
        Signature calldata user,
        Signature calldata suggester
    ) external {
        bytes32 id = terms.id();
        Status status = _channels[id];
        if (!status.isIn(Phase.Closing)) revert WrongPhase();
        if (block.timestamp > status.deadline()) revert TooLate();
        _requireCovered(terms, tally);

        bool byUser = status.byUser();
        bool conclusive = byUser ? _isSuggester(terms, msg.sender) : _isUser(terms, msg.sender);
        bytes32 digest = _digest(id.round(tally.rewarded, tally.burned));
        if (byUser || !conclusive) digest.requireSigned(user, terms.userKey);
        if (!byUser || !conclusive) digest.requireSigned(suggester, terms.suggesterKey);

        bool faulty = _judge(status, tally, conclusive);
        if (conclusive) {
            _settle(terms, id, status, tally.rewarded, tally.burned, faulty);
        } else {
            _channels[id] = status.corrected(tally.rewarded, tally.burned, faulty);
            emit Corrected(id, tally.rewarded, tally.burned, faulty);
        }
    }

    function affirm(Channel calldata terms) external {
        bytes32 id = terms.id();
        Status status = _channels[id];
        if (!status.isIn(Phase.Closing)) revert WrongPhase();
        if (_partyOf(terms, msg.sender) == status.closer()) revert NotParty();
        _settle(terms, id, status, status.rewarded(), status.burned(), status.faulty());
    }

    function finish(Channel calldata terms) external {
        bytes32 id = terms.id();
        Status status = _channels[id];
        if (!status.isIn(Phase.Closing)) revert WrongPhase();
        if (block.timestamp <= status.deadline()) revert TooEarly();
        _settle(terms, id, status, status.rewarded(), status.burned(), status.faulty());
    }

    // ---------------------------------------------------------------- money that waits

    function claim(address to) external {
        uint256 amount = owed[msg.sender];
        if (amount == 0) revert NothingOwed();
        owed[msg.sender] = 0;
        emit Claimed(msg.sender, to, amount);
        _give(to, amount);
    }

    function flush() external {
        Pyre pyre = _pyre;
        uint256 amount = pyre.held();
        _pyre = pyre.flushed();
        emit Flushed(amount);
        _give(PYRE, amount);
    }

    // ---------------------------------------------------------------- views

    function account(address suggester) public view returns (Listing memory) {
        Account storage own = _accounts[suggester];
        Ledger ledger = own.ledger;
        return Listing(suggester, ledger.escrow(), ledger.positive(), ledger.negative(), own.terms);
    }

    function suggesterCount() external view returns (uint256) {
        return _suggesters.length;
    }

    function suggesters(uint256 from, uint256 count) external view returns (Listing[] memory page) {
        uint256 length = _suggesters.length;
        uint256 left = from < length ? length - from : 0;
        page = new Listing[](count < left ? count : left);
        for (uint256 i; i < page.length; ++i) {
            page[i] = account(_suggesters[from + i]);
        }
    }

    function channel(bytes32 id) external view returns (Standing memory) {
        Status status = _channels[id];
        return Standing(
            status.phase(),
            status.closer(),
            status.faulty(),
            uint40(status.deadline()),
            uint32(status.claimed()),
            status.tally()
        );
    }

    function channelId(Channel calldata terms) external pure returns (bytes32) {
        return terms.id();
    }

    function payout(Channel calldata terms, Tally calldata tally)
        external
        pure
        returns (Settlement.Split memory)
    {
        _requireCovered(terms, tally);
        return _split(terms, tally.rewarded, tally.burned);
    }

    function burned() external view returns (uint256 total, uint256 held) {
        return (_pyre.total(), _pyre.held());
    }

    // ---------------------------------------------------------------- asset

    /// @dev Reverts when the asset has lost what this contract holds for others: no new money then. Bonds are
    /// taken all the same, or nobody could leave.
    function _requireWhole() internal view virtual;

    /// @dev Takes exactly `amount` from the sender or reverts.
    function _take(uint256 amount) internal virtual;

    /// @dev Pays, with at most `gasLimit` for the receiver; never reverts because of what the receiver does.
    function _tryGive(address to, uint256 amount, uint256 gasLimit) internal virtual returns (bool);

    /// @dev How much gas a user's payment may cost whoever settles.
    function _pushGas() internal pure virtual returns (uint256);

    function _give(address to, uint256 amount) private {
        if (!_tryGive(to, amount, gasleft())) revert TransferFailed();
    }

    /// @dev Pays the user now if it can be paid, else keeps the money for `claim`. The gas is checked first, so
    /// that whoever settles cannot make the payment fail by starving it.
    function _push(address user, uint256 amount) private {
        if (amount == 0) return;
        uint256 limit = _pushGas();
        if (gasleft() < limit + limit / 63 + GAS_AROUND_PUSH) revert InsufficientGas();
        if (_tryGive(user, amount, limit)) return;
        owed[user] += amount;
        emit Owed(user, amount);
    }

    // ---------------------------------------------------------------- parts

    /// @dev What `open` and `request` have in common. Both sides must be different people to the contract:
    /// a key on both sides would sign for both.
    function _begin(Channel calldata terms, Phase phase) private returns (bytes32 id, uint256 deposited) {
        if (msg.sender != terms.user) revert NotParty();
        _requireWhole();
        deposited = _userDeposit(terms);
        if (
            terms.rounds == 0 || terms.reward > terms.userBurn || terms.bond > deposited
                || !_isWindow(terms.window)
        ) revert BadTerms();
        if (
            terms.userKey == address(0) || terms.suggesterKey == address(0) || _isSuggester(terms, terms.user)
                || _isSuggester(terms, terms.userKey)
        ) revert WrongKey();
        id = terms.id();
        if (!_channels[id].isIn(Phase.None)) revert WrongPhase();
        _channels[id] = StatusLibrary.bare(phase);
    }

    /// @dev Reverts unless the shown state beats the claim; tells whether that proves the closer wrong. A fault
    /// proved before is proved again by every newer state.
    function _judge(Status status, Tally calldata shown, bool byCounterparty)
        private
        pure
        returns (bool faulty)
    {
        bool byUser = status.byUser();
        uint256 round = uint256(shown.rewarded) + shown.burned;
        uint256 standing = status.rewarded() + status.burned();
        bool contradicts =
            byUser && byCounterparty && round == standing && shown.rewarded != status.rewarded();
        if (round <= standing && !contradicts) revert NotNewer();
        return byUser || round > status.claimed() + 1;
    }

    /// @dev The only way out of a channel, and so the only place where money is split and reputation moves.
    function _settle(
        Channel calldata terms,
        bytes32 id,
        Status status,
        uint256 rewarded,
        uint256 burns,
        bool faulty
    ) private {
        _channels[id] = StatusLibrary.closed(rewarded, burns);
        Settlement.Split memory split = _split(terms, rewarded, burns);
        if (status.isIn(Phase.Closing)) _returnBond(terms, id, split, status.byUser(), faulty);
        Account storage backer = _accounts[terms.suggester];
        backer.ledger = backer.ledger.settle(split.escrow, split.fee, split.slashed);
        if (split.burned != 0) _pyre = _pyre.add(split.burned);
        emit Closed(id, terms.suggester, rewarded, burns);
        _push(terms.user, split.user);
    }

    /// @dev The bond goes back to the side that staked it, or burns when that side was shown wrong.
    function _returnBond(
        Channel calldata terms,
        bytes32 id,
        Settlement.Split memory split,
        bool byUser,
        bool faulty
    ) private {
        uint256 bond = terms.bond;
        unchecked {
            if (faulty) {
                split.burned += bond;
                emit BondBurned(id, byUser ? terms.user : terms.suggester, bond);
            } else if (byUser) {
                split.user += bond;
            } else {
                split.escrow += bond;
            }
        }
    }

    function _split(Channel calldata terms, uint256 rewarded, uint256 burns)
        private
        pure
        returns (Settlement.Split memory)
    {
        return Settlement.split(
            terms.rounds, terms.reward, terms.userBurn, terms.suggesterBurn, rewarded, burns
        );
    }

    function _requireCovered(Channel calldata terms, Tally calldata tally) private pure {
        if (uint256(tally.rewarded) + tally.burned > terms.rounds) revert BadTally();
    }

    function _userDeposit(Channel calldata terms) private pure returns (uint256) {
        return uint256(terms.rounds) * terms.userBurn;
    }

    function _suggesterDeposit(Channel calldata terms) private pure returns (uint256) {
        return uint256(terms.rounds) * terms.suggesterBurn;
    }

    function _isWindow(uint256 window) private pure returns (bool) {
        return window >= MIN_WINDOW && window <= MAX_WINDOW;
    }

    function _isUser(Channel calldata terms, address who) private pure returns (bool) {
        return who == terms.user || who == terms.userKey;
    }

    function _isSuggester(Channel calldata terms, address who) private pure returns (bool) {
        return who == terms.suggester || who == terms.suggesterKey;
    }

    function _partyOf(Channel calldata terms, address who) private pure returns (Party) {
        if (_isUser(terms, who)) return Party.User;
        if (_isSuggester(terms, who)) return Party.Suggester;
        revert NotParty();
    }
}
