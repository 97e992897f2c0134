// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import { IScorchedEarth } from "../src/interfaces/IScorchedEarth.sol";
import { Channel, Signature } from "../src/types/Channel.sol";
import { Phase } from "../src/types/Status.sol";
import { Base } from "./kit/Base.sol";
import { Signing } from "./kit/Signing.sol";
import { vm } from "./kit/Test.sol";

contract OpenTest is Base {
    function test_one_transaction_opens_with_both_deposits() public {
        Channel memory c = _channel();
        bytes32 id = Signing.id(c);
        vm.expectEmit(true, true, true, true, address(earth));
        emit IScorchedEarth.Opened(id, user, suggester, c);
        vm.assertEq(_open(c), id, "id");
        _assertPhase(c, Phase.Open);
        vm.assertEq(_escrow(), ESCROW - 30 ether, "the suggester's portion");
        vm.assertEq(address(earth).balance, ESCROW + 15 ether, "the user's deposit");
        vm.assertEq(earth.channelId(c), id, "the id is the struct hash");
    }

    function test_only_the_user_opens() public {
        Channel memory c = _channel();
        Signature memory approval = Signing.approval(earth, SUGGESTER_KEY, c, EXPIRY);
        vm.expectRevert(IScorchedEarth.NotParty.selector);
        vm.prank(STRANGER);
        earth.open{ value: 15 ether }(c, EXPIRY, approval);
        vm.expectRevert(IScorchedEarth.NotParty.selector);
        vm.prank(STRANGER);
        earth.request{ value: 15 ether }(c);
    }

    function test_an_approval_ends_with_its_expiry() public {
        Channel memory c = _channel();
        vm.warp(EXPIRY + 1);
        Signature memory approval = Signing.approval(earth, SUGGESTER_KEY, c, EXPIRY);
        vm.expectRevert(IScorchedEarth.Expired.selector);
        vm.prank(user);
        earth.open{ value: 15 ether }(c, EXPIRY, approval);
        vm.warp(EXPIRY);
        _open(c);
        _assertPhase(c, Phase.Open);
    }

    function test_an_approval_of_another_key_or_channel_or_expiry_is_refused() public {
        Channel memory c = _channel();
        _openFails(c, Signing.approval(earth, SUGGESTER, c, EXPIRY), IScorchedEarth.BadSignature.selector);
        _openFails(
            c, Signing.approval(earth, SUGGESTER_KEY, c, EXPIRY - 1), IScorchedEarth.BadSignature.selector
        );
        Channel memory other = _channel();
        other.salt = 8;
        _openFails(
            c, Signing.approval(earth, SUGGESTER_KEY, other, EXPIRY), IScorchedEarth.BadSignature.selector
        );
    }

    function test_a_key_the_suggester_does_not_advertise_cannot_approve() public {
        Channel memory c = _channel();
        c.suggesterKey = vm.addr(0xBAD);
        _openFails(c, Signing.approval(earth, 0xBAD, c, EXPIRY), IScorchedEarth.WrongKey.selector);
    }

    function test_a_new_key_revokes_what_the_old_one_approved() public {
        Channel memory c = _channel();
        IScorchedEarth.Terms memory terms = _terms();
        terms.key = vm.addr(0xBEEF);
        vm.prank(suggester);
        earth.advertise(terms, 0);
        _openFails(c, Signing.approval(earth, SUGGESTER_KEY, c, EXPIRY), IScorchedEarth.WrongKey.selector);
    }

    function test_an_approval_opens_once() public {
        Channel memory c = _open();
        _openFails(c, Signing.approval(earth, SUGGESTER_KEY, c, EXPIRY), IScorchedEarth.WrongPhase.selector);
        _close(STRANGER, c, zero);
        _openFails(c, Signing.approval(earth, SUGGESTER_KEY, c, EXPIRY), IScorchedEarth.WrongPhase.selector);
    }

    function test_the_deposit_must_be_exact() public {
        Channel memory c = _channel();
        Signature memory approval = Signing.approval(earth, SUGGESTER_KEY, c, EXPIRY);
        vm.expectRevert(IScorchedEarth.WrongValue.selector);
        vm.prank(user);
        earth.open{ value: 15 ether - 1 }(c, EXPIRY, approval);
        vm.expectRevert(IScorchedEarth.WrongValue.selector);
        vm.prank(user);
        earth.request{ value: 15 ether + 1 }(c);
    }

    function test_a_suggester_without_enough_free_escrow_cannot_open() public {
        vm.prank(suggester);
        earth.withdraw(ESCROW - 30 ether + 1, suggester);
        Channel memory c = _channel();
        _openFails(
            c, Signing.approval(earth, SUGGESTER_KEY, c, EXPIRY), IScorchedEarth.InsufficientEscrow.selector
        );
    }

    function test_channels_that_could_not_be_settled_fairly_are_refused() public {
        Channel memory c = _channel();
        c.rounds = 0;
        _badTerms(c);
        c = _channel();
        c.reward = c.userBurn + 1;
        _badTerms(c);
        c = _channel();
        c.bond = uint96(_deposit(c)) + 1;
        _badTerms(c);
        c = _channel();
        c.window = 10 minutes - 1;
        _badTerms(c);
        c.window = 30 days + 1;
        _badTerms(c);
    }

    function test_the_limits_themselves_are_inside() public {
        Channel memory c = _channel();
        c.rounds = 1;
        c.reward = c.userBurn;
        c.bond = uint96(_deposit(c));
        c.window = 10 minutes;
        _open(c);
        _assertPhase(c, Phase.Open);
        c.window = 30 days;
        _open(c);
        _assertPhase(c, Phase.Open);
    }

    function test_missing_keys_and_keys_on_both_sides_are_refused() public {
        Channel memory c = _channel();
        c.userKey = address(0);
        _wrongKey(c);
        c = _channel();
        c.suggesterKey = address(0);
        _wrongKey(c);
        c = _channel();
        c.userKey = suggesterKey;
        _wrongKey(c);
        c.userKey = suggester;
        _wrongKey(c);
        c = _channel();
        c.suggester = user;
        _wrongKey(c);
        c = _channel();
        c.suggesterKey = user;
        _wrongKey(c);
    }

    function test_the_wallet_may_be_its_own_session_key() public {
        Channel memory c = _channel();
        c.userKey = user;
        _open(c);
        _assertPhase(c, Phase.Open);
    }

    function test_a_request_locks_nothing_of_the_suggester() public {
        Channel memory c = _channel();
        vm.expectEmit(true, true, true, true, address(earth));
        emit IScorchedEarth.Requested(Signing.id(c), user, suggester, c);
        _request();
        _assertPhase(c, Phase.Requested);
        vm.assertEq(_escrow(), ESCROW, "escrow is free");
    }

    function test_an_approved_request_is_open() public {
        Channel memory c = _request();
        vm.expectEmit(true, true, true, true, address(earth));
        emit IScorchedEarth.Approved(Signing.id(c), user, suggester);
        _approve(c);
        _assertPhase(c, Phase.Open);
        vm.assertEq(_escrow(), ESCROW - 30 ether, "locked now");
    }

    function test_the_wallet_approves_as_well_as_the_key_and_nobody_else() public {
        Channel[] memory batch = new Channel[](1);
        batch[0] = _request();
        vm.expectRevert(IScorchedEarth.NotParty.selector);
        vm.prank(STRANGER);
        earth.approve(batch);
        vm.prank(suggester);
        earth.approve(batch);
        _assertPhase(batch[0], Phase.Open);
    }

    function test_a_batch_passes_over_requests_that_are_gone() public {
        Channel[] memory batch = new Channel[](3);
        for (uint64 i; i < 3; ++i) {
            batch[i] = _channel();
            batch[i].salt = i;
            vm.prank(user);
            earth.request{ value: 15 ether }(batch[i]);
        }
        vm.prank(user);
        earth.cancel(batch[1]);
        vm.prank(suggesterKey);
        earth.approve(batch);
        _assertPhase(batch[0], Phase.Open);
        _assertPhase(batch[1], Phase.Cancelled);
        _assertPhase(batch[2], Phase.Open);
        vm.assertEq(_escrow(), ESCROW - 60 ether, "two portions");
    }

    function test_a_batch_is_of_one_suggester_and_its_advertised_key() public {
        Channel[] memory batch = new Channel[](2);
        batch[0] = _request();
        batch[1] = _channel();
        batch[1].suggester = STRANGER;
        vm.expectRevert(IScorchedEarth.NotParty.selector);
        vm.prank(suggester);
        earth.approve(batch);
        batch[1] = _channel();
        batch[1].suggesterKey = vm.addr(0xBAD);
        vm.expectRevert(IScorchedEarth.WrongKey.selector);
        vm.prank(suggester);
        earth.approve(batch);
    }

    function test_an_empty_batch_reverts() public {
        vm.expectRevert();
        earth.approve(new Channel[](0));
    }

    function test_requests_beyond_the_escrow_cannot_be_approved() public {
        Channel memory c = _request();
        vm.prank(suggester);
        earth.withdraw(ESCROW - 1, suggester);
        Channel[] memory batch = new Channel[](1);
        batch[0] = c;
        vm.expectRevert(IScorchedEarth.InsufficientEscrow.selector);
        vm.prank(suggester);
        earth.approve(batch);
    }

    function test_every_party_may_take_a_request_back_and_the_user_is_repaid() public {
        address[4] memory parties = [user, userKey, suggester, suggesterKey];
        for (uint64 i; i < 4; ++i) {
            Channel memory c = _channel();
            c.salt = i;
            vm.prank(user);
            earth.request{ value: 15 ether }(c);
            vm.expectEmit(true, true, true, true, address(earth));
            emit IScorchedEarth.Cancelled(Signing.id(c), user, suggester);
            vm.prank(parties[i]);
            earth.cancel(c);
            _assertPhase(c, Phase.Cancelled);
            vm.assertEq(user.balance, 1000 ether, "repaid");
        }
        IScorchedEarth.Listing memory account = earth.account(suggester);
        vm.assertEq(account.positive + account.negative, 0, "no reputation without a channel");
    }

    function test_strangers_cannot_cancel_and_open_channels_cannot_be_cancelled() public {
        Channel memory c = _request();
        vm.expectRevert(IScorchedEarth.NotParty.selector);
        vm.prank(STRANGER);
        earth.cancel(c);
        _approve(c);
        vm.expectRevert(IScorchedEarth.WrongPhase.selector);
        vm.prank(user);
        earth.cancel(c);
    }

    function test_a_cancelled_id_is_never_used_again() public {
        Channel memory c = _request();
        vm.prank(user);
        earth.cancel(c);
        vm.expectRevert(IScorchedEarth.WrongPhase.selector);
        vm.prank(user);
        earth.request{ value: 15 ether }(c);
    }

    function _openFails(Channel memory c, Signature memory approval, bytes4 why) private {
        vm.expectRevert(why);
        vm.prank(user);
        earth.open{ value: 15 ether }(c, EXPIRY, approval);
    }

    function _badTerms(Channel memory c) private {
        vm.expectRevert(IScorchedEarth.BadTerms.selector);
        vm.prank(user);
        earth.request{ value: _deposit(c) }(c);
    }

    function _wrongKey(Channel memory c) private {
        vm.expectRevert(IScorchedEarth.WrongKey.selector);
        vm.prank(user);
        earth.request{ value: _deposit(c) }(c);
    }
}
