// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import { IScorchedEarth } from "../src/interfaces/IScorchedEarth.sol";
import { Settlement } from "../src/libraries/Settlement.sol";
import { Channel, Signature, Tally } from "../src/types/Channel.sol";
import { Base } from "./kit/Base.sol";
import { Signing } from "./kit/Signing.sol";
import { vm } from "./kit/Test.sol";

contract CloseTest is Base {
    Tally internal played = Tally(6, 2);

    function test_a_mutual_close_pays_both_burns_and_scores() public {
        Channel memory c = _open();
        vm.expectEmit(true, true, true, true, address(earth));
        emit IScorchedEarth.Closed(Signing.id(c), suggester, 6, 2);
        _close(STRANGER, c, played);
        _assertSettled(c, 6, 2);
        vm.assertEq(user.balance, 1000 ether - 6 ether - 3 ether, "user pays rewards and its burns");
        IScorchedEarth.Listing memory account = earth.account(suggester);
        vm.assertEq(account.escrow, ESCROW + 6 ether - 0.06 ether - 6 ether, "escrow");
        vm.assertEq(account.positive, 0.06 ether, "1 % of the rewards");
        vm.assertEq(account.negative, 6 ether, "the burned suggester funds");
        (uint256 total, uint256 held) = earth.burned();
        vm.assertEq(total, 0.06 ether + 6 ether + 3 ether, "burned");
        vm.assertEq(held, total, "not flushed yet");
    }

    function test_payout_tells_what_a_close_would_pay() public {
        Channel memory c = _open();
        Settlement.Split memory split = earth.payout(c, played);
        vm.assertEq(split.user, 6 ether, "user");
        vm.assertEq(split.escrow, 30 ether + 6 ether - 0.06 ether - 6 ether, "escrow");
        vm.assertEq(split.fee, 0.06 ether, "fee");
        vm.assertEq(split.slashed, 6 ether, "slashed");
        vm.assertEq(split.burned, 9.06 ether, "burned");
        vm.expectRevert(IScorchedEarth.BadTally.selector);
        earth.payout(c, Tally(10, 1));
    }

    function test_an_unplayed_channel_gives_everything_back() public {
        Channel memory c = _open();
        _close(STRANGER, c, zero);
        vm.assertEq(user.balance, 1000 ether, "user");
        vm.assertEq(_escrow(), ESCROW, "escrow");
        (uint256 total,) = earth.burned();
        vm.assertEq(total, 0, "nothing burned");
    }

    function test_a_channel_burned_to_the_ground_pays_the_user_nothing() public {
        Channel memory c = _open();
        _close(STRANGER, c, Tally(0, 10));
        vm.assertEq(user.balance, 985 ether, "user");
        vm.assertEq(_escrow(), ESCROW - 30 ether, "escrow");
        (uint256 total,) = earth.burned();
        vm.assertEq(total, 45 ether, "both deposits");
    }

    function test_a_party_that_sends_the_close_need_not_sign_it() public {
        address[4] memory senders = [user, userKey, suggester, suggesterKey];
        for (uint64 i; i < 4; ++i) {
            Channel memory c = _channel();
            c.salt = i;
            _open(c);
            Signature memory theirs = Signing.close(earth, i < 2 ? SUGGESTER_KEY : USER_KEY, c, played);
            vm.prank(senders[i]);
            if (i < 2) earth.close(c, played, none, theirs);
            else earth.close(c, played, theirs, none);
            _assertSettled(c, 6, 2);
        }
    }

    function test_everybody_else_needs_both_signatures() public {
        Channel memory c = _open();
        Signature memory first = Signing.close(earth, USER_KEY, c, played);
        Signature memory second = Signing.close(earth, SUGGESTER_KEY, c, played);
        _closeFails(STRANGER, c, none, second);
        _closeFails(STRANGER, c, first, none);
        _closeFails(user, c, none, none);
        _closeFails(suggester, c, none, none);
        _closeFails(STRANGER, c, second, first);
    }

    function test_a_round_is_no_consent_to_close() public {
        Channel memory c = _open();
        Signature memory first = Signing.round(earth, USER_KEY, c, played);
        Signature memory second = Signing.round(earth, SUGGESTER_KEY, c, played);
        _closeFails(STRANGER, c, first, second);
    }

    function test_consent_is_for_one_tally() public {
        Channel memory c = _open();
        Signature memory other = Signing.close(earth, USER_KEY, c, Tally(5, 2));
        _closeFails(suggester, c, other, none);
    }

    function test_a_tally_beyond_the_deposits_is_refused() public {
        Channel memory c = _open();
        Tally memory over = Tally(9, 2);
        Signature memory sig = Signing.close(earth, USER_KEY, c, over);
        vm.expectRevert(IScorchedEarth.BadTally.selector);
        vm.prank(suggester);
        earth.close(c, over, sig, none);
        Tally memory wrapping = Tally(type(uint32).max, 1);
        vm.expectRevert(IScorchedEarth.BadTally.selector);
        vm.prank(suggester);
        earth.close(c, wrapping, sig, none);
    }

    function test_a_channel_closes_once() public {
        Channel memory c = _open();
        _close(STRANGER, c, played);
        Signature memory sig = Signing.close(earth, USER_KEY, c, played);
        vm.expectRevert(IScorchedEarth.WrongPhase.selector);
        vm.prank(suggester);
        earth.close(c, played, sig, none);
    }

    function test_channels_nobody_opened_cannot_close() public {
        Channel memory c = _request();
        Signature memory sig = Signing.close(earth, USER_KEY, c, played);
        vm.expectRevert(IScorchedEarth.WrongPhase.selector);
        vm.prank(suggester);
        earth.close(c, played, sig, none);
    }

    function test_agreement_ends_a_contest_and_returns_the_bond() public {
        Channel memory c = _open();
        _startByUser(c, Tally(1, 0));
        _close(STRANGER, c, played);
        vm.assertEq(user.balance, 991 ether, "bond is back");
        c.salt = 9;
        _open(c);
        _startBySuggester(c, Tally(1, 0));
        uint256 before = _escrow();
        _close(STRANGER, c, played);
        vm.assertEq(_escrow() - before, 29.94 ether + 2 ether, "bond is in the escrow");
    }

    function test_scores_stop_at_their_top_and_never_hold_a_payout_back() public {
        Channel memory c = _channel();
        c.suggesterBurn = uint96(2 ** 80);
        c.rounds = 1;
        c.bond = 0;
        vm.deal(suggester, type(uint96).max);
        vm.prank(suggester);
        earth.deposit{ value: 2 ** 81 }(2 ** 81);
        for (uint64 i; i < 2; ++i) {
            c.salt = i;
            _open(c);
            _close(STRANGER, c, Tally(0, 1));
        }
        vm.assertEq(earth.account(suggester).negative, type(uint80).max, "at the top");
        _assertSettled(c, 0, 1);
    }

    function _closeFails(address by, Channel memory c, Signature memory first, Signature memory second)
        private
    {
        vm.expectRevert(IScorchedEarth.BadSignature.selector);
        vm.prank(by);
        earth.close(c, played, first, second);
    }
}
