// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import { IScorchedEarth } from "../../src/interfaces/IScorchedEarth.sol";
import { Settlement } from "../../src/libraries/Settlement.sol";
import { Channel, Party, Signature, Tally } from "../../src/types/Channel.sol";
import { Phase } from "../../src/types/Status.sol";
import { Wallet } from "./Receivers.sol";
import { Signing } from "./Signing.sol";
import { bound, vm } from "./Test.sol";
import { Token } from "./tokens/Token.sol";

/// @dev Plays the protocol at random with three users (a plain account, a wallet that refuses money, one that eats
/// gas) and two suggesters, and keeps its own books beside the contract's.
contract Handler {
    uint256 private constant KEYS = 0x5EED;
    uint256 private constant MONEY = 1e30;

    IScorchedEarth public immutable earth;
    /// Zero when the asset is the chain's coin.
    Token public immutable token;

    address[3] public users;
    address[2] public suggesters;
    Channel[] private _channels;
    mapping(bytes32 id => uint256) public settled;

    // The books.
    uint256 public moneyIn;
    uint256 public moneyOut;
    uint256 public userBurns;
    uint256 public bondsBurned;
    uint256 public flushed;
    uint256 private _now = 1_800_000_000;
    uint64 private _salt;

    constructor(IScorchedEarth earth_, Token token_) {
        (earth, token) = (earth_, token_);
        users[0] = vm.addr(KEYS);
        users[1] = address(new Wallet());
        users[2] = address(new Wallet());
        Wallet(payable(users[1])).become(Wallet.Mood.Refuses);
        Wallet(payable(users[2])).become(Wallet.Mood.EatsGas);
        suggesters = [vm.addr(KEYS + 10), vm.addr(KEYS + 11)];
        for (uint256 i; i < 5; ++i) {
            _enrich(i < 3 ? users[i] : suggesters[i - 3]);
        }
        for (uint256 i; i < 2; ++i) {
            _advertise(i, 50 ether);
        }
    }

    function channelCount() external view returns (uint256) {
        return _channels.length;
    }

    function channelAt(uint256 i) external view returns (Channel memory) {
        return _channels[i];
    }

    // ---------------------------------------------------------------- moves

    function advertise(uint256 who, uint256 amount) external {
        _advertise(who % 2, bound(amount, 0, 5 ether));
    }

    function deposit(uint256 who, uint256 amount) external {
        amount = bound(amount, 0, 20 ether);
        _pay(suggesters[who % 2], amount, abi.encodeCall(IScorchedEarth.deposit, (amount)));
    }

    function withdraw(uint256 who, uint256 amount) external {
        address suggester = suggesters[who % 2];
        amount = bound(amount, 0, earth.account(suggester).escrow / 2);
        vm.prank(suggester);
        earth.withdraw(amount, suggester);
        moneyOut += amount;
    }

    function open(uint256 seed) external {
        Channel memory c = _draw(seed);
        if (earth.account(c.suggester).escrow < uint256(c.rounds) * c.suggesterBurn) return;
        Signature memory approval = Signing.approval(earth, _suggesterKey(c), c, type(uint40).max);
        _channels.push(c);
        _pay(c.user, _deposit(c), abi.encodeCall(IScorchedEarth.open, (c, type(uint40).max, approval)));
    }

    function request(uint256 seed) external {
        Channel memory c = _draw(seed);
        _channels.push(c);
        _pay(c.user, _deposit(c), abi.encodeCall(IScorchedEarth.request, (c)));
    }

    function approve(uint256 pick) external {
        (Channel memory c, bool found) = _pick(pick, Phase.Requested);
        if (!found || earth.account(c.suggester).escrow < uint256(c.rounds) * c.suggesterBurn) return;
        Channel[] memory batch = new Channel[](1);
        batch[0] = c;
        vm.prank(c.suggesterKey);
        earth.approve(batch);
    }

    function cancel(uint256 pick) external {
        (Channel memory c, bool found) = _pick(pick, Phase.Requested);
        if (!found) return;
        uint256 before = _balance(c.user);
        vm.prank(pick % 2 == 0 ? c.user : c.suggester);
        earth.cancel(c);
        moneyOut += _balance(c.user) - before;
    }

    function close(uint256 pick, uint256 seed) external {
        (Channel memory c, bool found) = _pick(pick, seed % 4 == 0 ? Phase.Closing : Phase.Open);
        if (!found) return;
        Tally memory t = _tally(c, seed);
        Signature memory first = Signing.close(earth, _userKey(c), c, t);
        Signature memory second = Signing.close(earth, _suggesterKey(c), c, t);
        _settling(c, abi.encodeCall(IScorchedEarth.close, (c, t, first, second)), address(this));
    }

    function startClose(uint256 pick, uint256 seed) external {
        (Channel memory c, bool found) = _pick(pick, Phase.Open);
        if (!found) return;
        Tally memory t = _tally(c, seed);
        bool byUser = seed % 2 == 0;
        Signature memory sig = Signing.round(earth, byUser ? _suggesterKey(c) : _userKey(c), c, t);
        _pay(byUser ? c.user : c.suggester, c.bond, abi.encodeCall(IScorchedEarth.startClose, (c, t, sig)));
    }

    function challenge(uint256 pick, uint256 seed) external {
        (Channel memory c, bool found) = _pick(pick, Phase.Closing);
        if (!found) return;
        IScorchedEarth.Standing memory now_ = earth.channel(Signing.id(c));
        Tally memory t = _tally(c, seed);
        if (_now > now_.deadline || _round(t) <= _round(now_.tally)) return;
        Signature memory first = Signing.round(earth, _userKey(c), c, t);
        Signature memory second = Signing.round(earth, _suggesterKey(c), c, t);
        address[3] memory senders = [c.user, c.suggester, address(this)];
        _settling(c, abi.encodeCall(IScorchedEarth.challenge, (c, t, first, second)), senders[seed % 3]);
    }

    function affirm(uint256 pick) external {
        (Channel memory c, bool found) = _pick(pick, Phase.Closing);
        if (!found) return;
        bool byUser = earth.channel(Signing.id(c)).closer == Party.User;
        _settling(c, abi.encodeCall(IScorchedEarth.affirm, (c)), byUser ? c.suggester : c.user);
    }

    function finish(uint256 pick) external {
        (Channel memory c, bool found) = _pick(pick, Phase.Closing);
        if (!found) return;
        uint256 deadline = earth.channel(Signing.id(c)).deadline;
        if (_now <= deadline) {
            _now = deadline + 1;
            vm.warp(_now);
        }
        _settling(c, abi.encodeCall(IScorchedEarth.finish, (c)), address(this));
    }

    function claim(uint256 who) external {
        address user = users[who % 3];
        uint256 owed = earth.owed(user);
        if (owed == 0) return;
        vm.prank(user);
        earth.claim(address(0xCAFE));
        moneyOut += owed;
    }

    function flush() external {
        (, uint256 held) = earth.burned();
        earth.flush();
        moneyOut += held;
        flushed += held;
    }

    function wait_(uint256 seconds_) external {
        _now += bound(seconds_, 0, 20 minutes);
        vm.warp(_now);
    }

    // ---------------------------------------------------------------- parts

    struct Before {
        Phase phase;
        uint256 balance;
        uint256 owed;
        uint256 escrow;
        uint256 positive;
        uint256 negative;
        uint256 burned;
    }

    function _look(Channel memory c) private view returns (Before memory b) {
        IScorchedEarth.Listing memory account = earth.account(c.suggester);
        (uint256 burned,) = earth.burned();
        b = Before({
            phase: earth.channel(Signing.id(c)).phase,
            balance: _balance(c.user),
            owed: earth.owed(c.user),
            escrow: account.escrow,
            positive: account.positive,
            negative: account.negative,
            burned: burned
        });
    }

    /// @dev Sends a call that may settle the channel, and holds what happened against the rules.
    function _settling(Channel memory c, bytes memory call_, address by) private {
        Before memory was = _look(c);
        vm.prank(by);
        (bool ok, bytes memory result) = address(earth).call(call_);
        vm.assertTrue(ok, string(result));
        Before memory is_ = _look(c);
        if (is_.phase == Phase.Closing) return;
        settled[Signing.id(c)]++;
        moneyOut += is_.balance - was.balance;

        Tally memory tally = earth.channel(Signing.id(c)).tally;
        Settlement.Split memory split = earth.payout(c, tally);
        uint256 toUser = is_.balance + is_.owed - was.balance - was.owed - split.user;
        uint256 toEscrow = is_.escrow - was.escrow - split.escrow;
        uint256 gone = is_.burned - was.burned - split.burned;
        vm.assertEq(toUser + toEscrow + gone, was.phase == Phase.Closing ? c.bond : 0, "where the bond went");
        vm.assertEq(is_.positive - was.positive, split.fee, "the same positive score on every path");
        vm.assertEq(is_.negative - was.negative, split.slashed, "the same negative score on every path");
        bondsBurned += gone;
        userBurns += uint256(tally.burned) * c.userBurn;
    }

    function _draw(uint256 seed) private returns (Channel memory c) {
        uint256 who = seed % 3;
        c.user = users[who];
        c.userKey = vm.addr(KEYS + 20 + who);
        c.suggester = suggesters[seed / 3 % 2];
        c.suggesterKey = vm.addr(KEYS + 30 + seed / 3 % 2);
        c.rounds = uint32(1 + seed / 7 % 8);
        c.userBurn = uint96(1 + seed / 11 % 1 ether);
        c.reward = uint96(seed / 13 % (c.userBurn + 1));
        c.suggesterBurn = uint96(seed / 17 % 2 ether);
        c.bond = uint96(seed / 19 % (uint256(c.userBurn) * c.rounds + 1));
        c.window = uint32(10 minutes + seed / 23 % 1 hours);
        c.salt = _salt++;
    }

    function _tally(Channel memory c, uint256 seed) private pure returns (Tally memory t) {
        seed = uint256(keccak256(abi.encode(seed)));
        t.rewarded = uint32(seed % (c.rounds + 1));
        t.burned = uint32(seed / 100 % (c.rounds + 1 - t.rewarded));
    }

    /// @dev The first channel in this phase, searched from a random place.
    function _pick(uint256 from, Phase phase) private view returns (Channel memory c, bool found) {
        uint256 n = _channels.length;
        for (uint256 i; i < n && i < 24; ++i) {
            c = _channels[(from % n + i) % n];
            if (earth.channel(Signing.id(c)).phase == phase) return (c, true);
        }
    }

    function _advertise(uint256 who, uint256 amount) private {
        IScorchedEarth.Terms memory terms = IScorchedEarth.Terms({
            reward: 1,
            userBurn: 1,
            maxRounds: 8,
            window: 1 hours,
            suggesterBurn: 1,
            key: vm.addr(KEYS + 30 + who),
            bond: 0,
            url: ""
        });
        _pay(suggesters[who], amount, abi.encodeCall(IScorchedEarth.advertise, (terms, amount)));
    }

    function _pay(address from, uint256 amount, bytes memory call_) private {
        vm.prank(from);
        (bool ok, bytes memory result) =
            address(earth).call{ value: address(token) == address(0) ? amount : 0 }(call_);
        vm.assertTrue(ok, string(result));
        moneyIn += amount;
    }

    function _enrich(address who) private {
        if (address(token) == address(0)) {
            vm.deal(who, MONEY);
        } else {
            token.mint(who, 1e27);
            vm.prank(who);
            token.approve(address(earth), type(uint256).max);
        }
    }

    function _balance(address who) private view returns (uint256) {
        return address(token) == address(0) ? who.balance : token.balanceOf(who);
    }

    function _userKey(Channel memory c) private view returns (uint256) {
        for (uint256 i; i < 2; ++i) {
            if (c.user == users[i]) return KEYS + 20 + i;
        }
        return KEYS + 22;
    }

    function _suggesterKey(Channel memory c) private view returns (uint256) {
        return c.suggester == suggesters[0] ? KEYS + 30 : KEYS + 31;
    }

    function _deposit(Channel memory c) private pure returns (uint256) {
        return uint256(c.rounds) * c.userBurn;
    }

    function _round(Tally memory t) private pure returns (uint256) {
        return uint256(t.rewarded) + t.burned;
    }
}
