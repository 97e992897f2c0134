// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import { Multicall } from "../src/Multicall.sol";
import { IScorchedEarth } from "../src/interfaces/IScorchedEarth.sol";
import { Channel, Signature, Tally } from "../src/types/Channel.sol";
import { Phase } from "../src/types/Status.sol";
import { Base } from "./kit/Base.sol";
import { Signing } from "./kit/Signing.sol";
import { vm } from "./kit/Test.sol";
import {
    BlockingToken,
    BombToken,
    FeeToken,
    HookToken,
    Hooked,
    HungryToken,
    LyingToken,
    OddToken,
    PausingToken,
    PhantomToken,
    RebasingToken,
    SilentToken,
    SurchargeToken
} from "./kit/tokens/Hostile.sol";
import { Token } from "./kit/tokens/Token.sol";

/// @dev What only the token build has.
interface ITokenBuild {
    error TokenShrunk();
    error TooMuch();

    function held() external view returns (uint256);
    function token() external view returns (address);
    function permit(uint256 value, uint256 deadline, uint8 v, bytes32 r, bytes32 s) external;
}

contract TokenTest is Base {
    Token internal token;
    Tally internal played = Tally(6, 2);
    uint256 internal constant DUE = 6 ether;

    function setUp() public override {
        _use(address(new Token()));
    }

    function _use(address newToken) internal {
        token = Token(newToken);
        earth = IScorchedEarth(vm.deployCode("ScorchedEarthERC20.sol", abi.encode(newToken)));
        _give(user, 1000 ether);
        _give(suggester, 1000 ether);
    }

    function _give(address who, uint256 amount) private {
        token.mint(who, amount);
        vm.prank(who);
        (bool ok,) = address(token).call(abi.encodeCall(Token.approve, (address(earth), type(uint256).max)));
        vm.assertTrue(ok, "approve");
    }

    function _stock() private {
        vm.prank(suggester);
        earth.advertise(_terms(), ESCROW);
    }

    function _openInTokens() private returns (Channel memory c) {
        c = _channel();
        Signature memory approval = Signing.approval(earth, SUGGESTER_KEY, c, EXPIRY);
        vm.prank(user);
        earth.open(c, EXPIRY, approval);
    }

    function _played() private returns (Channel memory c) {
        _stock();
        c = _openInTokens();
    }

    function _held() private view returns (uint256) {
        return ITokenBuild(address(earth)).held();
    }

    // ---------------------------------------------------------------- a good token

    function test_a_channel_in_tokens_from_deposit_to_pyre() public {
        Channel memory c = _played();
        vm.assertEq(ITokenBuild(address(earth)).token(), address(token), "the token");
        vm.assertEq(_held(), 115 ether, "both sides");
        _close(STRANGER, c, played);
        vm.assertEq(token.balanceOf(user), 1000 ether - 15 ether + DUE, "user");
        vm.assertEq(_escrow(), ESCROW + 6 ether - 0.06 ether - 6 ether, "escrow");
        earth.flush();
        vm.assertEq(token.balanceOf(DEAD), 9.06 ether, "pyre");
        uint256 escrow = _escrow();
        vm.prank(suggester);
        earth.withdraw(escrow, suggester);
        vm.assertEq(_held(), 0, "nothing left");
        vm.assertEq(token.balanceOf(address(earth)), 0, "to the last unit");
    }

    function test_coins_are_refused() public {
        vm.deal(suggester, 1 ether);
        vm.expectRevert(IScorchedEarth.WrongValue.selector);
        vm.prank(suggester);
        earth.deposit{ value: 1 }(0);
    }

    function test_terms_can_change_without_tokens() public {
        _stock();
        vm.prank(suggester);
        earth.advertise(_terms(), 0);
        vm.assertEq(_escrow(), ESCROW, "no deposit");
    }

    function test_tokens_sent_uninvited_change_no_books() public {
        Channel memory c = _played();
        token.mint(address(earth), 5 ether);
        _close(STRANGER, c, played);
        vm.assertEq(token.balanceOf(user), 1000 ether - 15 ether + DUE, "user gets its due");
        _stock();
    }

    function test_more_than_the_amounts_can_hold_is_refused() public {
        _give(suggester, type(uint128).max);
        vm.prank(suggester);
        earth.advertise(_terms(), type(uint96).max);
        _give(user, 1);
        vm.expectRevert(ITokenBuild.TooMuch.selector);
        vm.prank(user);
        earth.deposit(1);
    }

    function test_a_permit_and_an_opening_are_one_transaction() public {
        _stock();
        vm.prank(user);
        token.approve(address(earth), 0);
        Channel memory c = _channel();
        bytes32 hash = token.permitHash(user, address(earth), 15 ether, 0, EXPIRY);
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(USER, hash);
        bytes[] memory calls = new bytes[](2);
        calls[0] = abi.encodeCall(ITokenBuild.permit, (15 ether, EXPIRY, v, r, s));
        calls[1] = abi.encodeCall(
            IScorchedEarth.open, (c, EXPIRY, Signing.approval(earth, SUGGESTER_KEY, c, EXPIRY))
        );
        // Somebody who saw the permit and spent it first changes nothing.
        token.permit(user, address(earth), 15 ether, EXPIRY, v, r, s);
        vm.prank(user);
        Multicall(address(earth)).multicall(calls);
        _assertPhase(c, Phase.Open);
    }

    function test_a_permit_that_is_good_is_spent() public {
        bytes32 hash = token.permitHash(user, address(earth), 3 ether, 0, EXPIRY);
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(USER, hash);
        vm.prank(user);
        ITokenBuild(address(earth)).permit(3 ether, EXPIRY, v, r, s);
        vm.assertEq(token.allowance(user, address(earth)), 3 ether, "allowed");
    }

    // ---------------------------------------------------------------- hostile tokens

    function test_01_a_token_that_returns_nothing_works() public {
        _use(address(new SilentToken()));
        _close(STRANGER, _played(), played);
        vm.assertEq(token.balanceOf(user), 985 ether + DUE, "paid");
    }

    function test_02_a_token_that_says_false_is_not_believed() public {
        LyingToken lying = new LyingToken();
        _use(address(lying));
        Channel memory c = _played();
        lying.refuse(true);
        _depositFails(IScorchedEarth.TransferFailed.selector);
        _close(STRANGER, c, played);
        vm.assertEq(earth.owed(user), DUE, "kept");
        vm.assertEq(_held(), 115 ether, "still held");
        lying.refuse(false);
        vm.prank(user);
        earth.claim(user);
        vm.assertEq(token.balanceOf(user), 985 ether + DUE, "claimed");
    }

    function test_03_a_token_that_keeps_a_fee_is_refused() public {
        _use(address(new FeeToken()));
        _depositFails(IScorchedEarth.WrongValue.selector);
    }

    function test_04_a_token_that_charges_on_the_way_out_is_shared_fairly_and_refused_from_then_on() public {
        _use(address(new SurchargeToken()));
        _stock();
        vm.prank(suggester);
        earth.withdraw(50 ether, suggester);
        vm.assertEq(token.balanceOf(address(earth)), 49.5 ether, "half a token short");
        _depositFails(ITokenBuild.TokenShrunk.selector);
        vm.prank(suggester);
        earth.withdraw(20 ether, suggester);
        vm.assertEq(token.balanceOf(suggester), 950 ether + 19.8 ether, "its share of what is left");
    }

    function test_05_a_token_that_shrinks_is_shared_in_proportion_whoever_comes_first() public {
        RebasingToken rebasing = new RebasingToken();
        _use(address(rebasing));
        Channel memory c = _played();
        rebasing.rebase(50);
        _depositFails(ITokenBuild.TokenShrunk.selector);
        uint256 before = token.balanceOf(user);
        _close(STRANGER, c, played);
        vm.assertEq(token.balanceOf(user) - before, DUE / 2, "half");
        before = token.balanceOf(suggester);
        vm.prank(suggester);
        earth.withdraw(10 ether, suggester);
        vm.assertEq(token.balanceOf(suggester) - before, 5 ether, "half as well");
    }

    function test_05_a_token_that_has_shrunk_lets_everybody_leave() public {
        RebasingToken rebasing = new RebasingToken();
        _use(address(rebasing));
        Channel memory c = _played();
        rebasing.rebase(50);
        Signature memory sig = Signing.round(earth, SUGGESTER_KEY, c, played);
        vm.prank(user);
        earth.startClose(c, played, sig);
        vm.warp(block.timestamp + 2 days);
        uint256 share = token.balanceOf(address(earth)) * (DUE + c.bond) / _held();
        uint256 before = token.balanceOf(user);
        earth.finish(c);
        vm.assertEq(token.balanceOf(user) - before, share, "its share, the bond's included");
        vm.prank(suggester);
        earth.advertise(_terms(), 0);
        c.salt = 8;
        Signature memory approval = Signing.approval(earth, SUGGESTER_KEY, c, EXPIRY);
        vm.expectRevert(ITokenBuild.TokenShrunk.selector);
        vm.prank(user);
        earth.open(c, EXPIRY, approval);
    }

    function test_06_a_token_that_grows_pays_what_the_books_say() public {
        RebasingToken rebasing = new RebasingToken();
        _use(address(rebasing));
        Channel memory c = _played();
        rebasing.rebase(200);
        uint256 before = token.balanceOf(user);
        _close(STRANGER, c, played);
        vm.assertEq(token.balanceOf(user) - before, DUE, "exactly its due");
    }

    function test_07_a_blocked_user_cannot_block_the_close() public {
        BlockingToken blocking = new BlockingToken();
        _use(address(blocking));
        Channel memory c = _played();
        blocking.block_(user);
        _close(STRANGER, c, played);
        vm.assertEq(earth.owed(user), DUE, "kept");
        vm.prank(user);
        earth.claim(STRANGER);
        vm.assertEq(token.balanceOf(STRANGER), DUE, "claimed to another address");
    }

    function test_07_a_blocked_pyre_blocks_only_the_flush() public {
        BlockingToken blocking = new BlockingToken();
        _use(address(blocking));
        Channel memory c = _played();
        blocking.block_(DEAD);
        _close(STRANGER, c, played);
        vm.expectRevert(IScorchedEarth.TransferFailed.selector);
        earth.flush();
        _assertSettled(c, 6, 2);
    }

    function test_08_a_token_that_calls_its_sender_lets_nobody_count_tokens_twice() public {
        HookToken hook = new HookToken();
        _use(address(hook));
        Attacker attacker = new Attacker();
        _give(address(attacker), 100 ether);
        _stock();
        bytes memory deposit = abi.encodeCall(IScorchedEarth.deposit, (10 ether));
        hook.hook(address(earth), deposit);
        attacker.called(address(earth), deposit);
        vm.assertEq(hook.calls(), 0, "all of it was undone");
        vm.assertEq(earth.account(address(attacker)).escrow, 0, "no credit");
        hook.hook(address(earth), abi.encodeCall(IScorchedEarth.withdraw, (10 ether, address(attacker))));
        attacker.called(address(earth), deposit);
        vm.assertEq(hook.calls(), 0, "a withdrawal before the tokens are there is undone with the deposit");
        vm.assertEq(earth.account(address(attacker)).escrow, 0, "no credit");
        vm.assertEq(token.balanceOf(address(earth)), ESCROW, "books and tokens agree");
        vm.assertEq(_held(), ESCROW, "exactly");
        vm.assertEq(token.balanceOf(address(attacker)), 100 ether, "nothing gained");
    }

    function test_09_a_token_that_eats_gas_cannot_block_the_close() public {
        HungryToken hungry = new HungryToken();
        _use(address(hungry));
        Channel memory c = _played();
        hungry.starve();
        uint256 gas = gasleft();
        _close(STRANGER, c, played);
        vm.assertLe(gas - gasleft(), 500_000, "at a bounded price");
        vm.assertEq(earth.owed(user), DUE, "kept");
    }

    function test_10_a_token_that_answers_with_a_flood_cannot_block_the_close() public {
        BombToken bomb = new BombToken();
        _use(address(bomb));
        Channel memory c = _played();
        bomb.arm();
        _close(STRANGER, c, played);
        vm.assertEq(earth.owed(user), DUE, "kept");
    }

    function test_11_a_token_that_only_pretends_to_move_is_refused() public {
        _use(address(new PhantomToken()));
        _depositFails(IScorchedEarth.WrongValue.selector);
    }

    function test_12_a_paused_token_delays_payment_and_nothing_else() public {
        PausingToken pausing = new PausingToken();
        _use(address(pausing));
        Channel memory c = _played();
        pausing.pause(true);
        _close(STRANGER, c, played);
        _assertSettled(c, 6, 2);
        pausing.pause(false);
        vm.prank(user);
        earth.claim(user);
        vm.assertEq(token.balanceOf(user), 985 ether + DUE, "claimed later");
    }

    function test_13_a_token_whose_yes_is_not_true_is_not_believed() public {
        OddToken odd = new OddToken();
        _use(address(odd));
        Channel memory c = _played();
        odd.become(true);
        _close(STRANGER, c, played);
        vm.assertEq(earth.owed(user), DUE, "kept");
    }

    function test_an_address_without_code_is_no_token() public {
        earth = IScorchedEarth(vm.deployCode("ScorchedEarthERC20.sol", abi.encode(address(0xE0A))));
        vm.expectRevert();
        vm.prank(suggester);
        earth.deposit(1 ether);
    }

    function test_a_token_that_vanishes_under_a_deposit_is_noticed() public {
        Vanishing vanishing = new Vanishing();
        vm.expectRevert(IScorchedEarth.TransferFailed.selector);
        vanishing.deposit(vm.deployCode("ScorchedEarthERC20.sol", abi.encode(address(vanishing))));
    }

    function _depositFails(bytes4 why) private {
        vm.expectRevert(why);
        vm.prank(suggester);
        earth.deposit(10 ether);
    }
}

/// @dev Does what the token's hook asks, in its own name.
contract Attacker is Hooked {
    function called(address target, bytes calldata call_) external returns (bool, bytes memory) {
        return target.call(call_);
    }
}

/// @dev Answers for its balance and returns half a word for a transfer.
contract Vanishing {
    function deposit(address earth) external {
        IScorchedEarth(earth).deposit(1);
    }

    function balanceOf(address) external pure returns (uint256) {
        return 0;
    }

    fallback() external {
        assembly {
            mstore(0, not(0))
            return(0, 0x10)
        }
    }
}
