// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @notice Where every coin of a channel goes. Pure arithmetic on two counters, unchecked because `proof/` proves
/// for all inputs that nothing overflows or underflows and that what goes out is exactly what came in.
library Settlement {
    struct Split {
        /// Back to the user.
        uint256 user;
        /// Back to the suggester's escrow, the rewards included.
        uint256 escrow;
        /// 1 % of the rewards: burned, and added to the positive score.
        uint256 fee;
        /// The suggester's burned money: added to the negative score.
        uint256 slashed;
        /// Everything burned: fee, slashed, and what the user burned of its own.
        uint256 burned;
    }

    /// @dev 1 % of the rewards buys the positive score.
    uint256 internal constant FEE_DIVISOR = 100;

    /// @param rounds what the deposits cover; requires `rewarded + burned <= rounds` and `reward <= userBurn`.
    function split(
        uint256 rounds,
        uint256 reward,
        uint256 userBurn,
        uint256 suggesterBurn,
        uint256 rewarded,
        uint256 burned
    ) internal pure returns (Split memory out) {
        unchecked {
            uint256 paid = rewarded * reward;
            uint256 scorched = burned * userBurn;
            out.fee = paid / FEE_DIVISOR;
            out.slashed = burned * suggesterBurn;
            out.user = rounds * userBurn - paid - scorched;
            out.escrow = rounds * suggesterBurn + paid - out.fee - out.slashed;
            out.burned = out.fee + out.slashed + scorched;
        }
    }
}
