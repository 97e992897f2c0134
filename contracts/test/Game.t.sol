// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import { IScorchedEarth } from "../src/interfaces/IScorchedEarth.sol";
import { Settlement } from "../src/libraries/Settlement.sol";
import { Channel, Party, Signature, Tally } from "../src/types/Channel.sol";
import { Phase } from "../src/types/Status.sol";
import { Base } from "./kit/Base.sol";
import { Signing } from "./kit/Signing.sol";
import { bound, vm } from "./kit/Test.sol";

/// @dev One honest party, looking at the chain once a window, against an adversary that is the other party, all the
/// strangers, and may use every signature the honest party ever gave. Histories and moves are random.
contract GameTest is Base {
    Channel internal c;
    /// The true history: `path[i]` is the state after round i.
    Tally[] internal path;
    uint256 internal dice;

    function _roll(uint256 sides) private returns (uint256) {
        dice = uint256(keccak256(abi.encode(dice)));
        return dice % sides;
    }

    function _play(uint256 seed) private {
        dice = seed;
        delete path;
        c = _channel();
        c.rounds = uint32(1 + _roll(6));
        c.userBurn = uint96(1 ether + _roll(2 ether));
        c.reward = uint96(_roll(c.userBurn + 1));
        c.suggesterBurn = uint96(_roll(4 ether));
        c.bond = uint96(_roll(_deposit(c) + 1));
        _open(c);
        path.push(zero);
        uint256 played = _roll(c.rounds + 1);
        for (uint256 i; i < played; ++i) {
            Tally memory last = path[i];
            if (_roll(2) == 0) last.rewarded++;
            else last.burned++;
            path.push(last);
        }
    }

    function _last() private view returns (Tally memory) {
        return path[path.length - 1];
    }

    function _same(Tally memory a, Tally memory b) private pure returns (bool) {
        return a.rewarded == b.rewarded && a.burned == b.burned;
    }

    // ---------------------------------------------------------------- an honest user

    /// @dev The user signed exactly one state of every round it answered. The suggester can sign anything.
    function testFuzz_an_honest_user_pays_what_it_signed_and_all_its_burns_count(uint256 seed) public {
        _play(seed);
        uint256 due = earth.payout(c, _last()).user;
        uint256 before = user.balance;
        bool userCloses = _roll(2) == 0;
        if (userCloses) {
            Signature memory sig = Signing.round(earth, SUGGESTER_KEY, c, _last());
            vm.prank(user);
            earth.startClose{ value: c.bond }(c, _last(), sig);
        } else {
            _adversaryStarts(USER_KEY, suggester, path[_roll(path.length)]);
        }
        uint256 answersAfter = _roll(4);
        for (uint256 i; i < 6; ++i) {
            if (i == answersAfter) _honestUserAnswers();
            _adversaryMoves(USER_KEY, path[_roll(path.length)], _roll(2) == 0 ? suggester : STRANGER);
        }
        _end();
        vm.assertGe(user.balance, before + due, "the user has what it signed for, its bond included");
        vm.assertTrue(_same(_standing(c).tally, _last()), "every reward and every burn counts");
    }

    function _honestUserAnswers() private {
        IScorchedEarth.Standing memory now_ = _standing(c);
        if (now_.phase != Phase.Closing || _round(now_.tally) >= _round(_last())) return;
        Signature memory theirs = Signing.round(earth, SUGGESTER_KEY, c, _last());
        vm.prank(userKey);
        earth.challenge(c, _last(), none, theirs);
    }

    // ---------------------------------------------------------------- an honest suggester

    /// @dev The suggester signed both outcomes of every round it offered, the last unanswered one included. The
    /// user can sign anything, both outcomes of a round too.
    function testFuzz_an_honest_suggester_never_loses_more_than_it_signed(uint256 seed) public {
        _play(seed);
        uint256 due = _worstSigned();
        uint256 before = _escrow();
        bool suggesterCloses = _roll(2) == 0;
        if (suggesterCloses) {
            Signature memory sig = Signing.round(earth, USER_KEY, c, _last());
            vm.prank(suggester);
            earth.startClose{ value: c.bond }(c, _last(), sig);
            due += c.bond;
        } else {
            _adversaryStarts(SUGGESTER_KEY, user, _offered());
        }
        uint256 answersAfter = _roll(4);
        for (uint256 i; i < 6; ++i) {
            if (i == answersAfter) _honestSuggesterAnswers();
            _adversaryMoves(SUGGESTER_KEY, _offered(), _roll(2) == 0 ? user : STRANGER);
        }
        _end();
        vm.assertGe(_escrow(), before + due, "the suggester has what it signed for, its bond included");
        Tally memory settled = _standing(c).tally;
        bool unanswered = _round(settled) == _round(_last()) + 1;
        vm.assertTrue(unanswered || _same(settled, _last()), "the last state, or the offer still unanswered");
    }

    /// @dev Any state the suggester ever signed.
    function _offered() private returns (Tally memory state) {
        state = path[_roll(path.length)];
        if (_round(state) == c.rounds) return state;
        if (_roll(2) == 0) state.rewarded++;
        else state.burned++;
    }

    function _worstSigned() private view returns (uint256 worst) {
        Tally memory last = _last();
        worst = earth.payout(c, last).escrow;
        if (_round(last) == c.rounds) return worst;
        uint256 burned = earth.payout(c, Tally(last.rewarded, last.burned + 1)).escrow;
        return burned < worst ? burned : worst;
    }

    function _honestSuggesterAnswers() private {
        IScorchedEarth.Standing memory now_ = _standing(c);
        if (now_.phase != Phase.Closing || now_.closer == Party.Suggester) return;
        if (_round(now_.tally) > _round(_last()) || _same(now_.tally, _last())) return;
        Signature memory theirs = Signing.round(earth, USER_KEY, c, _last());
        vm.prank(suggesterKey);
        earth.challenge(c, _last(), theirs, none);
    }

    // ---------------------------------------------------------------- the adversary

    function _adversaryStarts(uint256 honestKey, address as_, Tally memory state) private {
        Signature memory sig = Signing.round(earth, honestKey, c, state);
        vm.prank(as_);
        earth.startClose{ value: c.bond }(c, state, sig);
    }

    /// @dev One thing an adversary might try; most of it reverts, and nothing of it may help.
    function _adversaryMoves(uint256 honestKey, Tally memory state, address as_) private {
        bool honestUser = honestKey == USER_KEY;
        uint256 ownKey = honestUser ? SUGGESTER_KEY : USER_KEY;
        Signature memory honest = Signing.round(earth, honestKey, c, state);
        Signature memory own = Signing.round(earth, ownKey, c, state);
        (Signature memory first, Signature memory second) = honestUser ? (honest, own) : (own, honest);
        uint256 move = _roll(4);
        bytes memory call_;
        if (move < 2) call_ = abi.encodeCall(IScorchedEarth.challenge, (c, state, first, second));
        else if (move == 2) call_ = abi.encodeCall(IScorchedEarth.close, (c, state, first, second));
        else call_ = abi.encodeCall(IScorchedEarth.finish, (c));
        vm.prank(as_);
        (bool ok,) = address(earth).call(call_);
        ok;
    }

    function _end() private {
        if (_standing(c).phase == Phase.Closed) return;
        vm.warp(block.timestamp + c.window + 1);
        vm.prank(STRANGER);
        earth.finish(c);
    }

    function _round(Tally memory t) private pure returns (uint256) {
        return uint256(t.rewarded) + t.burned;
    }
}
