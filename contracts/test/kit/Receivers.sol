// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import { IScorchedEarth } from "../../src/interfaces/IScorchedEarth.sol";

/// @dev A wallet contract whose owner can change how it takes money.
contract Wallet {
    enum Mood {
        Takes,
        Refuses,
        EatsGas,
        Bombs,
        Reenters
    }

    Mood public mood;
    address private _target;
    bytes private _call;
    uint256 public reentered;
    bytes4 public refusedWith;

    function become(Mood next) external {
        mood = next;
    }

    function reenter(address target, bytes calldata call_) external {
        mood = Mood.Reenters;
        _target = target;
        _call = call_;
    }

    function act(address target, uint256 value, bytes calldata call_) external payable {
        (bool ok, bytes memory result) = target.call{ value: value }(call_);
        if (!ok) {
            assembly ("memory-safe") {
                revert(add(result, 0x20), mload(result))
            }
        }
    }

    receive() external payable {
        if (mood == Mood.Refuses) revert("no");
        if (mood == Mood.EatsGas) {
            while (true) { }
        }
        if (mood == Mood.Bombs) {
            assembly {
                revert(0, 0x100000)
            }
        }
        if (mood == Mood.Reenters) {
            mood = Mood.Takes;
            (bool ok, bytes memory result) = _target.call(_call);
            if (ok) reentered++;
            else if (result.length >= 4) refusedWith = bytes4(result);
        }
    }
}
