// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import { IScorchedEarth } from "../src/interfaces/IScorchedEarth.sol";
import { Channel, Party, Signature, Tally } from "../src/types/Channel.sol";
import { Phase } from "../src/types/Status.sol";
import { Base } from "./kit/Base.sol";
import { Signing } from "./kit/Signing.sol";
import { vm } from "./kit/Test.sol";

contract ContestTest is Base {
    Tally internal claimed = Tally(3, 2);

    // ---------------------------------------------------------------- starting

    function test_a_claim_waits_for_the_window() public {
        Channel memory c = _open();
        uint256 deadline = block.timestamp + 1 days;
        Signature memory sig = Signing.round(earth, SUGGESTER_KEY, c, claimed);
        vm.expectEmit(true, true, true, true, address(earth));
        emit IScorchedEarth.Closing(Signing.id(c), Party.User, 3, 2, deadline);
        vm.prank(user);
        earth.startClose{ value: 2 ether }(c, claimed, sig);
        IScorchedEarth.Standing memory now_ = _standing(c);
        vm.assertEq(uint256(now_.phase), uint256(Phase.Closing), "closing");
        vm.assertEq(now_.deadline, deadline, "deadline");
        vm.assertEq(now_.claimed, 5, "claimed round");
        vm.assertEq(now_.tally.rewarded, 3, "rewarded");
        vm.assertEq(now_.tally.burned, 2, "burned");
        vm.assertTrue(!now_.faulty, "not at fault");
    }

    function test_all_four_of_the_parties_may_start_and_the_side_is_noted() public {
        address[4] memory senders = [user, userKey, suggester, suggesterKey];
        for (uint64 i; i < 4; ++i) {
            Channel memory c = _channel();
            c.salt = i;
            c.rounds = 5;
            _open(c);
            Signature memory theirs = Signing.round(earth, i < 2 ? SUGGESTER_KEY : USER_KEY, c, claimed);
            vm.prank(senders[i]);
            earth.startClose{ value: 2 ether }(c, claimed, theirs);
            vm.assertEq(uint256(_standing(c).closer), uint256(i < 2 ? Party.User : Party.Suggester), "side");
        }
    }

    function test_strangers_cannot_start() public {
        Channel memory c = _open();
        Signature memory sig = Signing.round(earth, SUGGESTER_KEY, c, claimed);
        vm.expectRevert(IScorchedEarth.NotParty.selector);
        vm.prank(STRANGER);
        earth.startClose{ value: 2 ether }(c, claimed, sig);
    }

    function test_an_unplayed_channel_needs_no_signature() public {
        Channel memory c = _open();
        vm.prank(user);
        earth.startClose{ value: 2 ether }(c, zero, none);
        _assertPhase(c, Phase.Closing);
    }

    function test_a_played_channel_needs_the_other_sides_signature() public {
        Channel memory c = _open();
        _startFails(user, c, claimed, none, IScorchedEarth.BadSignature.selector);
        Signature memory own = Signing.round(earth, USER_KEY, c, claimed);
        _startFails(user, c, claimed, own, IScorchedEarth.BadSignature.selector);
        _startFails(user, c, Tally(1, 0), none, IScorchedEarth.BadSignature.selector);
        _startFails(user, c, Tally(0, 1), none, IScorchedEarth.BadSignature.selector);
        Signature memory consent = Signing.close(earth, SUGGESTER_KEY, c, claimed);
        _startFails(user, c, claimed, consent, IScorchedEarth.BadSignature.selector);
    }

    function test_a_claim_beyond_the_deposits_is_refused() public {
        Channel memory c = _open();
        Tally memory over = Tally(6, 5);
        Signature memory sig = Signing.round(earth, SUGGESTER_KEY, c, over);
        _startFails(user, c, over, sig, IScorchedEarth.BadTally.selector);
    }

    function test_the_bond_must_be_exact() public {
        Channel memory c = _open();
        Signature memory sig = Signing.round(earth, SUGGESTER_KEY, c, claimed);
        vm.expectRevert(IScorchedEarth.WrongValue.selector);
        vm.prank(user);
        earth.startClose{ value: 2 ether - 1 }(c, claimed, sig);
    }

    function test_only_an_open_channel_can_be_contested() public {
        Channel memory c = _request();
        _startFails(user, c, zero, none, IScorchedEarth.WrongPhase.selector);
        _approve(c);
        _startByUser(c, claimed);
        _startFails(suggester, c, zero, none, IScorchedEarth.WrongPhase.selector);
    }

    // ---------------------------------------------------------------- ending without a challenge

    function test_finishing_after_the_window_pays_and_returns_the_bond() public {
        Channel memory c = _open();
        _startByUser(c, claimed);
        vm.warp(block.timestamp + 1 days + 1);
        vm.prank(STRANGER);
        earth.finish(c);
        _assertSettled(c, 3, 2);
        vm.assertEq(user.balance, 1000 ether - 3 ether - 3 ether, "with the bond");
        _assertReputation(0.03 ether, 6 ether);
    }

    function test_a_suggesters_bond_returns_into_its_escrow() public {
        Channel memory c = _open();
        _startBySuggester(c, claimed);
        vm.warp(block.timestamp + 1 days + 1);
        earth.finish(c);
        vm.assertEq(_escrow(), ESCROW + 3 ether - 0.03 ether - 6 ether + 2 ether, "with the bond");
        _assertReputation(0.03 ether, 6 ether);
    }

    function test_nobody_finishes_before_the_window_is_over() public {
        Channel memory c = _open();
        _startByUser(c, claimed);
        vm.warp(block.timestamp + 1 days);
        vm.expectRevert(IScorchedEarth.TooEarly.selector);
        earth.finish(c);
    }

    function test_only_a_contest_can_be_finished_affirmed_or_challenged() public {
        Channel memory c = _open();
        vm.expectRevert(IScorchedEarth.WrongPhase.selector);
        earth.finish(c);
        vm.expectRevert(IScorchedEarth.WrongPhase.selector);
        vm.prank(suggester);
        earth.affirm(c);
        _challengeFails(IScorchedEarth.WrongPhase.selector, suggester, c, claimed);
    }

    function test_the_other_side_may_affirm_at_once() public {
        Channel memory c = _open();
        _startByUser(c, claimed);
        vm.prank(suggesterKey);
        earth.affirm(c);
        _assertSettled(c, 3, 2);
        vm.assertEq(user.balance, 994 ether, "with the bond");
        _assertReputation(0.03 ether, 6 ether);
        c.salt = 2;
        _open(c);
        _startBySuggester(c, claimed);
        vm.prank(userKey);
        earth.affirm(c);
        _assertSettled(c, 3, 2);
    }

    function test_nobody_affirms_his_own_claim() public {
        Channel memory c = _open();
        _startByUser(c, claimed);
        address[3] memory others = [user, userKey, STRANGER];
        for (uint256 i; i < 3; ++i) {
            vm.expectRevert(IScorchedEarth.NotParty.selector);
            vm.prank(others[i]);
            earth.affirm(c);
        }
    }

    // ---------------------------------------------------------------- the challenge table

    function test_a_user_shown_a_newer_round_settles_there_and_loses_the_bond() public {
        for (uint32 ahead = 1; ahead <= 3; ++ahead) {
            Channel memory c = _channel();
            c.salt = ahead;
            _open(c);
            _startByUser(c, claimed);
            (uint256 burnedBefore,) = earth.burned();
            uint256 balance = user.balance;
            vm.expectEmit(true, true, true, true, address(earth));
            emit IScorchedEarth.BondBurned(Signing.id(c), user, 2 ether);
            _challenge(suggester, c, Tally(3 + ahead, 2));
            _assertSettled(c, 3 + ahead, 2);
            vm.assertEq(
                user.balance - balance, 15 ether - 3 ether - ahead * 1 ether - 3 ether, "without the bond"
            );
            (uint256 burned,) = earth.burned();
            uint256 fee = (3 + ahead) * 0.01 ether;
            vm.assertEq(burned - burnedBefore, fee + 6 ether + 3 ether + 2 ether, "the bond burns");
        }
    }

    function test_a_user_who_signed_the_round_twice_loses_the_bond() public {
        Channel memory c = _open();
        _startByUser(c, Tally(2, 3));
        _challenge(suggester, c, Tally(3, 2));
        _assertSettled(c, 3, 2);
        vm.assertEq(user.balance, 1000 ether - 2 ether - 3 ether - 3 ether, "bond gone");
    }

    function test_a_user_is_not_beaten_by_the_same_or_an_older_state() public {
        Channel memory c = _open();
        _startByUser(c, claimed);
        _challengeFails(IScorchedEarth.NotNewer.selector, suggester, c, claimed);
        _challengeFails(IScorchedEarth.NotNewer.selector, suggester, c, Tally(2, 2));
        _challengeFails(IScorchedEarth.NotNewer.selector, suggester, c, Tally(4, 0));
    }

    function test_a_suggester_one_round_behind_is_corrected_and_keeps_the_bond() public {
        Channel memory c = _open();
        _startBySuggester(c, claimed);
        _challenge(user, c, Tally(3, 3));
        _assertSettled(c, 3, 3);
        vm.assertEq(_escrow(), ESCROW + 3 ether - 0.03 ether - 9 ether + 2 ether, "bond is back");
        _assertReputation(0.03 ether, 9 ether);
    }

    function test_a_suggester_two_rounds_behind_loses_the_bond() public {
        Channel memory c = _open();
        _startBySuggester(c, claimed);
        vm.expectEmit(true, true, true, true, address(earth));
        emit IScorchedEarth.BondBurned(Signing.id(c), suggester, 2 ether);
        _challenge(user, c, Tally(3, 4));
        _assertSettled(c, 3, 4);
        vm.assertEq(_escrow(), ESCROW + 3 ether - 0.03 ether - 12 ether, "bond gone");
    }

    function test_a_suggester_is_not_beaten_by_a_state_of_the_same_round_or_older() public {
        Channel memory c = _open();
        _startBySuggester(c, claimed);
        _challengeFails(IScorchedEarth.NotNewer.selector, user, c, Tally(2, 3));
        _challengeFails(IScorchedEarth.NotNewer.selector, user, c, claimed);
        _challengeFails(IScorchedEarth.NotNewer.selector, user, c, Tally(3, 1));
    }

    function test_a_challenge_counts_up_to_the_deadline_and_not_after() public {
        Channel memory c = _open();
        _startByUser(c, claimed);
        vm.warp(block.timestamp + 1 days + 1);
        _challengeFails(IScorchedEarth.TooLate.selector, suggester, c, Tally(4, 2));
        vm.warp(block.timestamp - 1);
        _challenge(suggester, c, Tally(4, 2));
        _assertSettled(c, 4, 2);
    }

    function test_a_challenge_within_the_deposits_only() public {
        Channel memory c = _open();
        _startByUser(c, claimed);
        _challengeFails(IScorchedEarth.BadTally.selector, suggester, c, Tally(9, 2));
    }

    function test_the_counterparty_needs_only_the_closers_signature() public {
        Channel memory c = _open();
        _startByUser(c, claimed);
        Tally memory newer = Tally(4, 2);
        Signature memory theirs = Signing.round(earth, USER_KEY, c, newer);
        Signature memory own = Signing.round(earth, SUGGESTER_KEY, c, newer);
        vm.expectRevert(IScorchedEarth.BadSignature.selector);
        vm.prank(suggester);
        earth.challenge(c, newer, none, own);
        vm.prank(suggesterKey);
        earth.challenge(c, newer, theirs, none);
        _assertSettled(c, 4, 2);

        c.salt = 2;
        _open(c);
        _startBySuggester(c, claimed);
        theirs = Signing.round(earth, SUGGESTER_KEY, c, newer);
        own = Signing.round(earth, USER_KEY, c, newer);
        vm.expectRevert(IScorchedEarth.BadSignature.selector);
        vm.prank(user);
        earth.challenge(c, newer, own, none);
        vm.prank(userKey);
        earth.challenge(c, newer, none, theirs);
        _assertSettled(c, 4, 2);
    }

    function test_consent_to_close_is_no_round() public {
        Channel memory c = _open();
        _startByUser(c, claimed);
        Signature memory consent = Signing.close(earth, USER_KEY, c, Tally(4, 2));
        vm.expectRevert(IScorchedEarth.BadSignature.selector);
        vm.prank(suggester);
        earth.challenge(c, Tally(4, 2), consent, none);
    }

    // ---------------------------------------------------------------- watchtowers and sock puppets

    function test_a_watchtower_corrects_the_claim_and_the_window_runs_on() public {
        Channel memory c = _open();
        _startBySuggester(c, claimed);
        uint256 deadline = _standing(c).deadline;
        vm.expectEmit(true, true, true, true, address(earth));
        emit IScorchedEarth.Corrected(Signing.id(c), 3, 4, true);
        _challenge(STRANGER, c, Tally(3, 4));
        IScorchedEarth.Standing memory now_ = _standing(c);
        vm.assertEq(uint256(now_.phase), uint256(Phase.Closing), "still closing");
        vm.assertEq(now_.deadline, deadline, "same deadline");
        vm.assertEq(now_.claimed, 5, "same claim");
        vm.assertTrue(now_.faulty, "at fault");
        vm.warp(deadline + 1);
        earth.finish(c);
        _assertSettled(c, 3, 4);
        vm.assertEq(_escrow(), ESCROW + 3 ether - 0.03 ether - 12 ether, "bond gone");
    }

    function test_a_watchtower_needs_both_signatures() public {
        for (uint64 i; i < 2; ++i) {
            Channel memory c = _channel();
            c.salt = i;
            _open(c);
            if (i == 0) _startByUser(c, claimed);
            else _startBySuggester(c, claimed);
            Tally memory newer = Tally(4, 2);
            Signature memory first = Signing.round(earth, USER_KEY, c, newer);
            Signature memory second = Signing.round(earth, SUGGESTER_KEY, c, newer);
            vm.expectRevert(IScorchedEarth.BadSignature.selector);
            vm.prank(STRANGER);
            earth.challenge(c, newer, first, none);
            vm.expectRevert(IScorchedEarth.BadSignature.selector);
            vm.prank(STRANGER);
            earth.challenge(c, newer, none, second);
        }
    }

    function test_a_suggester_cannot_end_the_window_by_challenging_itself() public {
        Channel memory c = _open();
        _startBySuggester(c, Tally(3, 0));
        _challenge(suggester, c, Tally(4, 0));
        _assertPhase(c, Phase.Closing);
        _challenge(STRANGER, c, Tally(4, 1));
        _assertPhase(c, Phase.Closing);
        Signature memory theirs = Signing.round(earth, SUGGESTER_KEY, c, Tally(4, 5));
        vm.prank(user);
        earth.challenge(c, Tally(4, 5), none, theirs);
        _assertSettled(c, 4, 5);
        vm.assertEq(_escrow(), ESCROW + 4 ether - 0.04 ether - 15 ether, "bond gone");
    }

    function test_a_user_cannot_end_the_window_by_challenging_itself() public {
        Channel memory c = _open();
        _startByUser(c, zero);
        _challenge(userKey, c, Tally(1, 0));
        _assertPhase(c, Phase.Closing);
        vm.assertTrue(_standing(c).faulty, "but it is at fault from then on");
        _challenge(suggester, c, Tally(8, 0));
        _assertSettled(c, 8, 0);
        vm.assertEq(user.balance, 1000 ether - 8 ether - 2 ether, "bond gone");
    }

    function test_a_correction_does_not_move_the_line_of_fault() public {
        Channel memory c = _open();
        _startBySuggester(c, claimed);
        _challenge(STRANGER, c, Tally(4, 2));
        vm.assertTrue(!_standing(c).faulty, "one behind is no fault");
        _challenge(user, c, Tally(4, 3));
        vm.assertEq(
            _escrow(), ESCROW + 4 ether - 0.04 ether - 9 ether, "two behind is, whatever came between"
        );
    }

    function test_a_fault_once_shown_stays() public {
        Channel memory c = _open();
        _startBySuggester(c, claimed);
        _challenge(STRANGER, c, Tally(5, 2));
        _challengeFails(IScorchedEarth.NotNewer.selector, STRANGER, c, Tally(4, 2));
        vm.prank(user);
        earth.affirm(c);
        _assertSettled(c, 5, 2);
        vm.assertEq(_escrow(), ESCROW + 5 ether - 0.05 ether - 6 ether, "bond gone");
    }

    function test_only_the_suggester_itself_shows_another_state_of_the_same_round() public {
        Channel memory c = _open();
        _startByUser(c, Tally(3, 2));
        _challengeFails(IScorchedEarth.NotNewer.selector, STRANGER, c, Tally(2, 3));
        _challengeFails(IScorchedEarth.NotNewer.selector, user, c, Tally(2, 3));
    }

    // ---------------------------------------------------------------- helpers

    function _startFails(address by, Channel memory c, Tally memory t, Signature memory sig, bytes4 why)
        private
    {
        vm.expectRevert(why);
        vm.prank(by);
        earth.startClose{ value: c.bond }(c, t, sig);
    }

    function _assertReputation(uint256 positive, uint256 negative) private view {
        IScorchedEarth.Listing memory account = earth.account(suggester);
        vm.assertEq(account.positive, positive, "positive");
        vm.assertEq(account.negative, negative, "negative");
    }
}
