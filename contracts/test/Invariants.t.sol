// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import { IScorchedEarth } from "../src/interfaces/IScorchedEarth.sol";
import { Channel } from "../src/types/Channel.sol";
import { Phase } from "../src/types/Status.sol";
import { Handler } from "./kit/Handler.sol";
import { Signing } from "./kit/Signing.sol";
import { InvariantTargets, vm } from "./kit/Test.sol";
import { Token } from "./kit/tokens/Token.sol";

abstract contract Invariants is InvariantTargets {
    IScorchedEarth internal earth;
    Handler internal handler;
    uint256[2] private _positive;
    uint256[2] private _negative;

    function _watch(IScorchedEarth earth_, Token token) internal {
        earth = earth_;
        handler = new Handler(earth_, token);
        bytes4[] memory moves = new bytes4[](15);
        moves[0] = Handler.advertise.selector;
        moves[1] = Handler.deposit.selector;
        moves[2] = Handler.withdraw.selector;
        moves[3] = Handler.open.selector;
        moves[4] = Handler.request.selector;
        moves[5] = Handler.approve.selector;
        moves[6] = Handler.cancel.selector;
        moves[7] = Handler.close.selector;
        moves[8] = Handler.startClose.selector;
        moves[9] = Handler.challenge.selector;
        moves[10] = Handler.affirm.selector;
        moves[11] = Handler.finish.selector;
        moves[12] = Handler.claim.selector;
        moves[13] = Handler.flush.selector;
        moves[14] = Handler.wait_.selector;
        _target(address(handler), moves);
    }

    function _holdings() internal view virtual returns (uint256);

    /// @dev All of it in one function, so that a campaign is run once.
    function invariant_the_books_are_right() public {
        uint256 liabilities;
        uint256 scores;
        for (uint256 i; i < 2; ++i) {
            IScorchedEarth.Listing memory account = earth.account(handler.suggesters(i));
            liabilities += account.escrow;
            scores += account.positive + account.negative;
            vm.assertGe(account.positive, _positive[i], "positive never decreases");
            vm.assertGe(account.negative, _negative[i], "negative never decreases");
            (_positive[i], _negative[i]) = (account.positive, account.negative);
        }
        for (uint256 i; i < 3; ++i) {
            liabilities += earth.owed(handler.users(i));
        }
        uint256 n = handler.channelCount();
        for (uint256 i; i < n; ++i) {
            Channel memory c = handler.channelAt(i);
            bytes32 id = Signing.id(c);
            Phase phase = earth.channel(id).phase;
            bool live = phase == Phase.Open || phase == Phase.Closing;
            if (live || phase == Phase.Requested) liabilities += uint256(c.rounds) * c.userBurn;
            if (live) liabilities += uint256(c.rounds) * c.suggesterBurn;
            if (phase == Phase.Closing) liabilities += c.bond;
            vm.assertEq(handler.settled(id), phase == Phase.Closed ? 1 : 0, "a channel settles once");
        }
        (uint256 burned, uint256 held) = earth.burned();
        liabilities += held;
        vm.assertEq(_holdings(), liabilities, "solvent to the last unit");
        vm.assertEq(handler.moneyIn(), handler.moneyOut() + liabilities, "conservation");
        vm.assertEq(
            burned, scores + handler.userBurns() + handler.bondsBurned(), "every burned unit has its reason"
        );
        vm.assertEq(burned, held + handler.flushed(), "burned is held or gone");
    }
}

contract CoinInvariants is Invariants {
    function setUp() public {
        _watch(IScorchedEarth(vm.deployCode("ScorchedEarthETH.sol")), Token(address(0)));
    }

    function _holdings() internal view override returns (uint256) {
        return address(earth).balance;
    }
}

contract TokenInvariants is Invariants {
    Token private _token;

    function setUp() public {
        _token = new Token();
        _watch(IScorchedEarth(vm.deployCode("ScorchedEarthERC20.sol", abi.encode(address(_token)))), _token);
    }

    function _holdings() internal view override returns (uint256) {
        return _token.balanceOf(address(earth));
    }
}
