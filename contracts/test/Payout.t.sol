// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import { Multicall } from "../src/Multicall.sol";
import { IScorchedEarth } from "../src/interfaces/IScorchedEarth.sol";
import { Channel, Signature, Tally } from "../src/types/Channel.sol";
import { Base } from "./kit/Base.sol";
import { Wallet } from "./kit/Receivers.sol";
import { Signing } from "./kit/Signing.sol";
import { vm } from "./kit/Test.sol";

contract PayoutTest is Base {
    Wallet internal wallet;
    Tally internal played = Tally(6, 2);
    uint256 internal constant DUE = 6 ether;

    function setUp() public override {
        super.setUp();
        wallet = new Wallet();
        user = address(wallet);
        vm.deal(user, 100 ether);
    }

    function _openByWallet() private returns (Channel memory c) {
        c = _channel();
        Signature memory approval = Signing.approval(earth, SUGGESTER_KEY, c, EXPIRY);
        wallet.act(address(earth), 15 ether, abi.encodeCall(IScorchedEarth.open, (c, EXPIRY, approval)));
        vm.deal(user, 0);
    }

    function test_a_smart_wallet_is_paid_like_anybody() public {
        _close(STRANGER, _openByWallet(), played);
        vm.assertEq(user.balance, DUE, "paid");
        vm.assertEq(earth.owed(user), 0, "nothing owed");
    }

    function test_no_receiver_can_block_a_close() public {
        Wallet.Mood[3] memory moods = [Wallet.Mood.Refuses, Wallet.Mood.EatsGas, Wallet.Mood.Bombs];
        for (uint256 i; i < 3; ++i) {
            setUp();
            Channel memory c = _openByWallet();
            wallet.become(moods[i]);
            vm.expectEmit(true, true, true, true, address(earth));
            emit IScorchedEarth.Owed(user, DUE);
            uint256 gas = gasleft();
            _close(STRANGER, c, played);
            vm.assertLe(gas - gasleft(), 300_000, "a bounded price for whoever closes");
            _assertSettled(c, 6, 2);
            vm.assertEq(earth.owed(user), DUE, "kept for it");
        }
    }

    function test_a_kept_payment_can_be_claimed_to_anywhere_once() public {
        Channel memory c = _openByWallet();
        wallet.become(Wallet.Mood.Refuses);
        _close(STRANGER, c, played);
        vm.expectEmit(true, true, true, true, address(earth));
        emit IScorchedEarth.Claimed(user, address(0xF00D), DUE);
        wallet.act(address(earth), 0, abi.encodeCall(IScorchedEarth.claim, (address(0xF00D))));
        vm.assertEq(address(0xF00D).balance, DUE, "claimed");
        vm.expectRevert(IScorchedEarth.NothingOwed.selector);
        wallet.act(address(earth), 0, abi.encodeCall(IScorchedEarth.claim, (address(0xF00D))));
    }

    function test_a_claim_to_a_receiver_that_refuses_keeps_the_claim() public {
        Channel memory c = _openByWallet();
        wallet.become(Wallet.Mood.Refuses);
        _close(STRANGER, c, played);
        vm.expectRevert(IScorchedEarth.TransferFailed.selector);
        wallet.act(address(earth), 0, abi.encodeCall(IScorchedEarth.claim, (user)));
        vm.assertEq(earth.owed(user), DUE, "still there");
    }

    function test_payments_that_are_kept_add_up() public {
        wallet.become(Wallet.Mood.Refuses);
        for (uint64 i; i < 2; ++i) {
            vm.deal(user, 15 ether);
            Channel memory c = _channel();
            c.salt = 100 + i;
            wallet.act(address(earth), 15 ether, abi.encodeCall(IScorchedEarth.request, (c)));
            vm.prank(suggester);
            earth.cancel(c);
        }
        vm.assertEq(earth.owed(user), 30 ether, "both");
    }

    function test_whoever_settles_cannot_starve_the_payment_of_gas() public {
        Channel memory c = _openByWallet();
        Signature memory first = Signing.close(earth, USER_KEY, c, played);
        Signature memory second = Signing.close(earth, SUGGESTER_KEY, c, played);
        bytes memory call_ = abi.encodeCall(IScorchedEarth.close, (c, played, first, second));
        bool settled;
        bool refused;
        for (uint256 gas = 60_000; gas < 260_000 && !settled; gas += 500) {
            bytes memory why;
            (settled, why) = address(earth).call{ gas: gas }(call_);
            refused = refused
                || (!settled && why.length == 4 && bytes4(why) == IScorchedEarth.InsufficientGas.selector);
        }
        vm.assertTrue(settled && refused, "too little gas is refused by name, enough settles");
        vm.assertEq(user.balance, DUE, "the first gas that settles also pays");
    }

    function test_reentering_while_being_paid_gains_nothing() public {
        bytes4[4] memory answers = [
            IScorchedEarth.WrongPhase.selector,
            IScorchedEarth.WrongPhase.selector,
            IScorchedEarth.NothingOwed.selector,
            IScorchedEarth.InsufficientEscrow.selector
        ];
        for (uint256 i; i < 4; ++i) {
            setUp();
            Channel memory c = _openByWallet();
            wallet.reenter(address(earth), _attack(i, c));
            uint256 books = address(earth).balance;
            _close(STRANGER, c, played);
            vm.assertEq(address(earth).balance, books - DUE, "paid once");
            vm.assertEq(wallet.reentered(), 0, "the attack was refused");
            vm.assertEq(bytes32(wallet.refusedWith()), bytes32(answers[i]), "for this reason");
        }
    }

    function _attack(uint256 which, Channel memory c) private view returns (bytes memory) {
        if (which == 0) {
            Signature memory first = Signing.close(earth, USER_KEY, c, played);
            Signature memory second = Signing.close(earth, SUGGESTER_KEY, c, played);
            return abi.encodeCall(IScorchedEarth.close, (c, played, first, second));
        }
        if (which == 1) return abi.encodeCall(IScorchedEarth.finish, (c));
        if (which == 2) return abi.encodeCall(IScorchedEarth.claim, (user));
        return abi.encodeCall(IScorchedEarth.withdraw, (1, user));
    }

    function test_reentering_a_claim_gains_nothing() public {
        Channel memory c = _openByWallet();
        wallet.become(Wallet.Mood.Refuses);
        _close(STRANGER, c, played);
        wallet.reenter(address(earth), abi.encodeCall(IScorchedEarth.claim, (user)));
        wallet.act(address(earth), 0, abi.encodeCall(IScorchedEarth.claim, (user)));
        vm.assertEq(user.balance, DUE, "paid once");
        vm.assertEq(bytes32(wallet.refusedWith()), bytes32(IScorchedEarth.NothingOwed.selector), "refused");
    }

    function test_reentering_a_withdrawal_gains_nothing() public {
        vm.deal(user, 3 ether);
        wallet.act(address(earth), 3 ether, abi.encodeCall(IScorchedEarth.deposit, (3 ether)));
        wallet.reenter(address(earth), abi.encodeCall(IScorchedEarth.withdraw, (3 ether, user)));
        wallet.act(address(earth), 0, abi.encodeCall(IScorchedEarth.withdraw, (3 ether, user)));
        vm.assertEq(user.balance, 3 ether, "paid once");
    }

    function test_anybody_flushes_the_burned_money_to_the_pyre() public {
        Channel memory c = _openByWallet();
        _close(STRANGER, c, played);
        uint256 before = DEAD.balance;
        vm.expectEmit(true, true, true, true, address(earth));
        emit IScorchedEarth.Flushed(9.06 ether);
        vm.prank(STRANGER);
        earth.flush();
        vm.assertEq(DEAD.balance - before, 9.06 ether, "gone");
        (uint256 total, uint256 held) = earth.burned();
        vm.assertEq(total, 9.06 ether, "still counted");
        vm.assertEq(held, 0, "nothing held");
        earth.flush();
        vm.assertEq(DEAD.balance - before, 9.06 ether, "once");
    }

    function test_coins_sent_by_force_change_no_books() public {
        Channel memory c = _openByWallet();
        vm.deal(address(earth), address(earth).balance + 77 ether);
        _close(STRANGER, c, played);
        vm.assertEq(user.balance, DUE, "user");
        vm.assertEq(_escrow(), ESCROW + 6 ether - 0.06 ether - 6 ether, "escrow");
    }

    function test_several_calls_in_one_transaction() public {
        bytes[] memory calls = new bytes[](2);
        calls[0] = abi.encodeCall(IScorchedEarth.withdraw, (1 ether, STRANGER));
        calls[1] = abi.encodeCall(IScorchedEarth.suggesterCount, ());
        vm.prank(suggester);
        bytes[] memory results = Multicall(address(earth)).multicall(calls);
        vm.assertEq(abi.decode(results[1], (uint256)), 1, "results come back");
        vm.assertEq(_escrow(), ESCROW - 1 ether, "as the sender");
    }

    function test_one_failing_call_undoes_all_and_tells_why() public {
        bytes[] memory calls = new bytes[](2);
        calls[0] = abi.encodeCall(IScorchedEarth.withdraw, (1 ether, STRANGER));
        calls[1] = abi.encodeCall(IScorchedEarth.withdraw, (1000 ether, STRANGER));
        vm.expectRevert(IScorchedEarth.InsufficientEscrow.selector);
        vm.prank(suggester);
        Multicall(address(earth)).multicall(calls);
        vm.assertEq(_escrow(), ESCROW, "undone");
    }

    function test_a_multicall_takes_no_money_so_that_none_is_spent_twice() public {
        bytes[] memory calls = new bytes[](2);
        calls[0] = abi.encodeCall(IScorchedEarth.deposit, (1 ether));
        calls[1] = calls[0];
        vm.prank(suggester);
        (bool sent,) = address(earth).call{ value: 1 ether }(abi.encodeCall(Multicall.multicall, (calls)));
        vm.assertTrue(!sent, "not payable");
        vm.expectRevert(IScorchedEarth.WrongValue.selector);
        vm.prank(suggester);
        Multicall(address(earth)).multicall(calls);
    }
}
