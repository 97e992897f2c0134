// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import { IScorchedEarth } from "../interfaces/IScorchedEarth.sol";

/// @notice A suggester's money and reputation in one slot, so that settling a channel is one write:
/// escrow 96 | positive 80 | negative 80, lowest bits first. Scores stop at 2^80-1 (over a million whole
/// tokens of 18 decimals) instead of reverting: a full score must never hold a payout back.
type Ledger is uint256;

using LedgerLibrary for Ledger global;

library LedgerLibrary {
    uint256 internal constant MAX_ESCROW = type(uint96).max;
    uint256 internal constant MAX_SCORE = type(uint80).max;

    function escrow(Ledger self) internal pure returns (uint256) {
        return uint96(Ledger.unwrap(self));
    }

    function positive(Ledger self) internal pure returns (uint256) {
        return uint80(Ledger.unwrap(self) >> 96);
    }

    function negative(Ledger self) internal pure returns (uint256) {
        return Ledger.unwrap(self) >> 176;
    }

    function credit(Ledger self, uint256 amount) internal pure returns (Ledger) {
        if (amount > MAX_ESCROW - self.escrow()) revert IScorchedEarth.EscrowOverflow();
        unchecked {
            return Ledger.wrap(Ledger.unwrap(self) + amount);
        }
    }

    function debit(Ledger self, uint256 amount) internal pure returns (Ledger) {
        if (amount > self.escrow()) revert IScorchedEarth.InsufficientEscrow();
        unchecked {
            return Ledger.wrap(Ledger.unwrap(self) - amount);
        }
    }

    /// @dev A closed channel: escrow comes back, scores grow. The scores' amounts are parts of deposits, far below
    /// what could overflow 256 bits.
    function settle(Ledger self, uint256 amount, uint256 rewards, uint256 burns)
        internal
        pure
        returns (Ledger)
    {
        unchecked {
            uint256 up = _capped(self.positive() + rewards);
            uint256 down = _capped(self.negative() + burns);
            return Ledger.wrap(self.escrow() | (up << 96) | (down << 176)).credit(amount);
        }
    }

    function _capped(uint256 value) private pure returns (uint256) {
        return value > MAX_SCORE ? MAX_SCORE : value;
    }
}
