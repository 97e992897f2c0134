// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @notice Burned money in one slot: total ever 128 | of it still held here 128, lowest bits first.
/// The total is never cleared, so no settlement after the first pays for a fresh slot.
type Pyre is uint256;

using PyreLibrary for Pyre global;

library PyreLibrary {
    function total(Pyre self) internal pure returns (uint256) {
        return uint128(Pyre.unwrap(self));
    }

    function held(Pyre self) internal pure returns (uint256) {
        return Pyre.unwrap(self) >> 128;
    }

    /// @dev One settlement adds less than 2^98, so the halves meet after 2^30 settlements that each burn more than
    /// the whole supply of any coin.
    function add(Pyre self, uint256 amount) internal pure returns (Pyre) {
        unchecked {
            return Pyre.wrap(Pyre.unwrap(self) + (amount | (amount << 128)));
        }
    }

    function flushed(Pyre self) internal pure returns (Pyre) {
        return Pyre.wrap(self.total());
    }
}
