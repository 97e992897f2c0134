// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import { ScorchedEarth } from "./ScorchedEarth.sol";

/// @title Scorched earth channels in the chain's own coin
contract ScorchedEarthETH is ScorchedEarth {
    /// @dev Enough for a smart wallet to note a payment, too little to make a settlement expensive.
    uint256 private constant PUSH_GAS = 50_000;

    /// @dev Coins do not vanish.
    function _requireWhole() internal view override { }

    function _take(uint256 amount) internal override {
        if (msg.value != amount) revert WrongValue();
    }

    /// @dev Copies no return data: a receiver cannot make the caller pay for it.
    function _tryGive(address to, uint256 amount, uint256 gasLimit) internal override returns (bool success) {
        assembly ("memory-safe") {
            success := call(gasLimit, to, amount, 0, 0, 0, 0)
        }
    }

    function _pushGas() internal pure override returns (uint256) {
        return PUSH_GAS;
    }
}
